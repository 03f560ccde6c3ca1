#include "base/secret.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"

void *secret_new(size_t size) {
    ASSERT(sodium_init() >= 0);
    void *at = sodium_malloc(size);
    ASSERT(at && "memory is left");
    memset(at, 0, size);
    return at;
}

void secret_free(void *secret) { sodium_free(secret); }

void secret_wipe(void *at, size_t size) { sodium_memzero(at, size); }

bool secret_locked(void) {
    uint8_t page[64];
    bool locked = sodium_mlock(page, sizeof page) == 0;
    if (locked) sodium_munlock(page, sizeof page);
    return locked;
}

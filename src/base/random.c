#include "base/random.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static void fill_system(struct random *r, uint8_t *out, size_t size) {
    (void)r;
    ASSERT(sodium_init() >= 0);
    randombytes_buf(out, size);
}

static void fill_seeded(struct random *r, uint8_t *out, size_t size) {
    while (size) {
        uint8_t counter[8];
        for (size_t i = 0; i < 8; i++) counter[i] = (uint8_t)(r->next >> (56 - 8 * i));
        r->next++;
        struct sha256 block = hmac_sha256(sha256_bytes(&r->seed), bytes_of(counter, sizeof counter));
        size_t now = size < SHA256_SIZE ? size : SHA256_SIZE;
        memcpy(out, block.at, now);
        out += now;
        size -= now;
    }
}

struct random random_system(void) {
    return (struct random){.fill = fill_system};
}

struct random random_seeded(struct text seed) {
    return (struct random){.fill = fill_seeded, .seed = sha256_of(bytes_from_text(seed))};
}

void random_uuid(struct random *r, char out[static 37]) {
    uint8_t b[16];
    random_fill(r, b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
             b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

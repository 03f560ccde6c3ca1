/* What a page may send: any bytes are a command line or are refused, and no option of the desk's own gets through. */
#include "web/call.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct call c;
    struct diag d = {0};
    if (!call_read(bytes_of(at, size), &a, &c, &d)) {
        for (size_t i = 0; strcmp(c.words[i], "--"); i++) ASSERT(strcmp(c.words[i], "--home") != 0 || i);
        ASSERT(!c.words[c.count]);
    } else {
        ASSERT(d.code == ERR_INPUT || d.code == ERR_USAGE || d.code == ERR_LIMIT);
    }
    call_close(&c);
    arena_free(&a);
    return 0;
}

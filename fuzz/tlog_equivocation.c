/* Any bytes as an equivocation proof: refused, or read, written back and verified. */
#include "tlog_keys.h"

#include "tlog/equivocation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = {0};
    struct buf out = {.max = size};
    struct equivocation e;
    struct equivocated found;
    struct diag d;
    if (equivocation_read(bytes_of(data, size), &e, &d) == OK) {
        equivocation_write(&e, &out);
        ASSERT(text_equal(buf_as_text(&out), text_from_bytes(bytes_of(data, size))));
        if (equivocation_verify(&e, FUZZ_ORIGIN, signer_vkey(fuzz_keys()->log), 1, &a, &found, &d) == OK)
            ASSERT(found.smaller.size <= found.larger.size && !sha256_equal(found.smaller.root, found.larger.root));
    }
    buf_free(&out);
    arena_free(&a);
    return 0;
}

/* Any bytes as a proof file: refused, or read, written back and verified. */
#include "tlog_keys.h"

#include "tlog/proof_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = {0};
    struct buf out = {.max = size};
    struct proof_file f;
    struct proven proven;
    struct diag d;
    if (proof_file_read(bytes_of(data, size), &a, &f, &d) == OK) {
        struct sha256 leaf = tree_leaf_hash(bytes_of("leaf", 4));
        proof_file_write(&f, &out);
        ASSERT(text_equal(buf_as_text(&out), text_from_bytes(bytes_of(data, size))));
        if (proof_file_verify(&f, leaf, &fuzz_keys()->policy, &a, &proven, &d) == OK)
            ASSERT(proven.entry.index < proven.at.checkpoint.at.size && proven.at.stamps[0] != INSTANT_NONE);
    }
    buf_free(&out);
    arena_free(&a);
    return 0;
}

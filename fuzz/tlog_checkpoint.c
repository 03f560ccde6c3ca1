/* Any bytes as a signed checkpoint: opened or refused; one without extension lines writes back to its text. */
#include <string.h>

#include "tlog_keys.h"

static void same_text(const struct signed_checkpoint *c) {
    struct buf out = {.max = CHECKPOINT_MAX_BYTES};
    checkpoint_write(&c->at, &out);
    buf_text(&out, checkpoint_extensions(c->note.text));
    ASSERT(text_equal(buf_as_text(&out), c->note.text));
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct fuzz_keys *keys = fuzz_keys();
    struct arena a = {0};
    struct signed_checkpoint c;
    struct checkpoint at;
    struct diag d;
    if (checkpoint_read(text_from_bytes(bytes_of(data, size)), &at, &d) == OK) {
        struct buf out = {.max = size};
        checkpoint_write(&at, &out);
        ASSERT(text_starts(text_from_bytes(bytes_of(data, size)), buf_as_text(&out)));
        buf_free(&out);
    }
    if (checkpoint_open(bytes_of(data, size), FUZZ_ORIGIN, signer_vkey(keys->log), 1, &a, &c, &d) == OK) {
        same_text(&c);
        for (size_t i = 0; i < c.note.signature_count; i++) {
            instant stamp = INSTANT_NONE;
            if (cosignature_verify(&c.note.signatures[i], signer_vkey(keys->witness), c.note.text, &stamp, &d) == OK)
                ASSERT(stamp >= 0);
        }
    }
    arena_free(&a);
    return 0;
}

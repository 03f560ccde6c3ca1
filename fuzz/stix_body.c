/* Any bytes as a message's body: read or refused; what is read is written again to the same kind, title and text. */
#include "stix/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct body read;
    struct diag d;
    if (body_read(bytes_of(data, size), &read, &d)) return 0;
    struct body copy = read, again;
    copy.extension = json_incref(read.extension);
    copy.objects = json_incref(read.objects);
    struct buf out = {.max = 2 * BODY_MAX_BYTES};
    if (body_write(&copy, &out, &d) == OK && body_read(buf_as_bytes(&out), &again, &d) == OK) {
        ASSERT(text_equal(again.title, read.title) && text_equal(again.text, read.text));
        body_free(&again);
    }
    buf_free(&out);
    body_free(&read);
    return 0;
}

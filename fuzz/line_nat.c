/* Lines of translators, of both forms. */
#include "line_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    record_fuzz("nat", (struct columns){0}, text_from_bytes(bytes_of(at, size)));
    return 0;
}

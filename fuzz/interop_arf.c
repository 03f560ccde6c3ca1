/* Mails and mailboxes. */
#include "interop_reads_again.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    reads_again("arf", bytes_of(at, size));
    return 0;
}

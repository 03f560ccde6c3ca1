/* Any bytes as a public key of ML-DSA-44, a signature and a message, as much of each as there is: verified or not; and
 * what verifies does so for no other signature that differs in one bit. */
#include "base/error.h"
#include "note/mldsa.h"

#include <string.h>

static struct bytes take(const uint8_t **data, size_t *size, size_t wanted) {
    size_t taken = *size < wanted ? *size : wanted;
    struct bytes out = {*data, taken};
    *data += taken;
    *size -= taken;
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes public = take(&data, &size, MLDSA_PUBLIC_SIZE), signature = take(&data, &size, MLDSA_SIGNATURE_SIZE);
    struct bytes message = {data, size}, none = {NULL, 0};
    if (!mldsa_verify(public, message, none, signature)) return 0;
    uint8_t other[MLDSA_SIGNATURE_SIZE];
    memcpy(other, signature.at, sizeof other);
    size_t at = public.at[0] * (size_t)256 + (size ? data[0] : 0);
    other[at % sizeof other] ^= (uint8_t)(1U << at % 8);
    ASSERT(!mldsa_verify(public, message, none, bytes_of(other, sizeof other)));
    return 0;
}

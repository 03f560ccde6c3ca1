/* IntelMQ's events, as JSON lines. */
#include "interop_round_trip.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    round_trips("intelmq", bytes_of(at, size));
    return 0;
}

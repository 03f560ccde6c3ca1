/* Raw records: a byte for whose entry it is, two for its size, then the entry.  Whatever they hold, they are verified
 * and judged. */
#include "record/judge.h"
#include "record/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static enum error front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *out, uint64_t *size,
                        struct diag *d) {
    struct bytes *input = state;
    (void)name, (void)a, (void)d;
    *out = bytes_of(input->at, input->size < max ? input->size : max);
    *size = input->size;
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    static const char *const names[2] = {"a.example", "b.example"};
    static const char *const channels[2] = {"a.example/to/b.example/1", "b.example/to/a.example/1"};
    enum { ENTRIES_MAX = 256 };
    struct bytes leaves[2][ENTRIES_MAX], input = bytes_of(at, size), rest = input, entry, owner;
    size_t counts[2] = {0};
    uint16_t length;
    while (bytes_take(&rest, 1, &owner) && bytes_be16(&rest, &length)) {
        unsigned party = owner.at[0] & 1;
        if (!bytes_take(&rest, length < rest.size ? length : rest.size, &entry) || counts[party] == ENTRIES_MAX) break;
        leaves[party][counts[party]++] = entry;
    }
    struct arena a = {0};
    struct raw_record records[2];
    struct raw_channel raw = {.blobs = {front, &input}};
    for (unsigned p = 0; p < 2; p++) {
        records[p] = (struct raw_record){text_of(channels[p]), text_of(channels[p]), {0}, leaves[p], counts[p]};
        raw.parties[p] = (struct raw_party){text_of(names[p]), &records[p], 1};
    }
    struct verified_channel v;
    struct channel_verdict verdict;
    ASSERT(channel_verify(&raw, &a, &v, NULL) == OK);
    ASSERT(channel_judge(&v.view, NULL, &a, &verdict, NULL) == OK);
    arena_free(&a);
    return 0;
}

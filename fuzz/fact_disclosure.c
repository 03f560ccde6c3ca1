/* Disclosures against the root and the size that their first bytes name: refused, or each thing shown is in its place.
 */
#include <string.h>

#include "fact/disclosure.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct arena a = {0};
    struct disclosure shown;
    struct sha256 root;
    if (size < sizeof root.at + 1) return 0;
    memcpy(root.at, at, sizeof root.at);
    struct bytes b = bytes_of(at + sizeof root.at + 1, size - sizeof root.at - 1);
    uint64_t rows = at[sizeof root.at];
    if (disclosure_open(b, root, rows, &a, &shown, NULL) == OK)
        for (size_t i = 0; i < shown.count; i++) {
            const struct disclosed *fact = &shown.at[i];
            ASSERT(fact->row < rows && fact->fact.evidence == fact->count && !fact_fault(&fact->fact));
            for (size_t j = 0; j < fact->line_count; j++) ASSERT(fact->lines[j].number < fact->count);
        }
    arena_free(&a);
    return 0;
}

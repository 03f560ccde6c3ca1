/* What is asked of the TAXII server: arguments of a query, a line each, and media types. */
#include "web/taxii.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct text rest = text_from_bytes(bytes_of(at, size)), line, name;
    struct taxii_filter f = taxii_filter_all();
    while (text_line(&rest, &line)) {
        (void)taxii_accepts(line);
        if (text_cut(&line, '=', &name) && taxii_query_take(&f, name, line, NULL)) break;
    }
    ASSERT(f.limit >= 1 && f.limit <= TAXII_LIMIT_MAX && f.after <= INT64_MAX);
    ASSERT(f.id_count <= TAXII_MATCH_MAX && f.type_count <= TAXII_MATCH_MAX && f.at_count <= TAXII_MATCH_MAX);
    /* A comma in a parameter begins another type where types are listed. */
    if (taxii_is_content(rest) && text_find(rest, ',') == rest.size) ASSERT(taxii_accepts(rest));
    return 0;
}

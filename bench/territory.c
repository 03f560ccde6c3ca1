/* Address to country, 5,000,000 look-ups of random IPv4 addresses in 300,000 ranges, against a bare binary search over
 * sorted starts. */
#include <stdlib.h>

#include "base/random.h"
#include "bench.h"
#include "territory/compile.h"

enum { RANGES = 300000, LOOKUPS = 5000000 };

struct state {
    struct territory table;
    uint32_t *starts, *addresses;
    uint16_t *values;
};

static void binary_search(void *of) {
    const struct state *s = of;
    uint64_t sum = 0;
    for (size_t i = 0; i < LOOKUPS; i++) {
        size_t low = 0, high = RANGES;
        while (high - low > 1) {
            size_t middle = (low + high) / 2;
            if (s->starts[middle] <= s->addresses[i])
                low = middle;
            else
                high = middle;
        }
        sum += s->values[low];
    }
    bench_keep(sum);
}

static void lookup(void *of) {
    const struct state *s = of;
    uint64_t sum = 0;
    for (size_t i = 0; i < LOOKUPS; i++)
        sum += (uint8_t)territory_lookup(&s->table, ip_from_v4(s->addresses[i])).country.at[0];
    bench_keep(sum);
}

/* Ranges of equal size over all of IPv4, each of another country than its neighbours. */
static void fill(struct state *s, struct buf *file) {
    static const char *const codes[] = {"FR", "RU", "JP", "BR", "KE"};
    struct rows rows = {0};
    uint32_t width = UINT32_MAX / RANGES;
    for (uint32_t i = 0; i < RANGES; i++) {
        struct row_says says = {0};
        rows_country(&rows, text_of(codes[i % COUNT(codes)]), &says);
        s->starts[i] = i * width;
        s->values[i] = (uint16_t)(i % COUNT(codes));
        enum error added = rows_add(&rows, ip_from_v4(i * width), ip_from_v4(i * width + width - 1), &says, NULL);
        bench_need(added == OK, "adding a range");
    }
    struct territory_meta meta = {.name = TEXT("bench"), .basis = TEXT("unstated"), .date = 0, .source_count = 1};
    meta.sources[0] = (struct territory_source){.rows = RANGES, .name = TEXT("made-here")};
    struct diag d;
    bench_need(territory_compile(&rows, &meta, file, &d) == OK, d.text);
    bench_need(territory_open(buf_as_bytes(file), &s->table, NULL) == OK, "opening a table");
    rows_free(&rows);
}

int main(void) {
    struct state s = {.starts = calloc(RANGES, sizeof *s.starts),
                      .addresses = calloc(LOOKUPS, sizeof *s.addresses),
                      .values = calloc(RANGES, sizeof *s.values)};
    bench_need(s.starts && s.addresses && s.values, "taking memory");
    struct buf file = {.max = 1 << 28};
    struct random r = random_system();
    fill(&s, &file);
    random_fill(&r, (uint8_t *)s.addresses, LOOKUPS * sizeof *s.addresses);
    const struct way ways[] = {{"binary search over sorted starts", binary_search}, {"parley", lookup}};
    bench_compare("5,000,000 random look-ups in 300,000 ranges", LOOKUPS, "look-ups", ways, COUNT(ways), &s);
    buf_free(&file);
    free(s.starts);
    free(s.addresses);
    free(s.values);
    return 0;
}

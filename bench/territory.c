/* Addresses to countries and networks: libmaxminddb's look-up and get_value, parley's, and a plain DIR-24-8 array, on
 * the same ranges.
 *
 *     bench-territory [TABLE]
 *
 * TABLE is build/territory/asn-country.table of script/territory where it is there, else 300,000 ranges made here.  The
 * MMDB files are made of the table's ranges, and before anything is measured every way must give the same answer for
 * every address.  Random addresses are drawn over all ranges that have a country; zipf ones are 200,000 of these, the
 * n-th as often as n^-1.05.  Seeds are fixed. */
#include <arpa/inet.h>
#include <math.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "bench.h"
#include "mmdb_made.h"
#include "territory/compile.h"
#include "territory/layout.h"

enum { RANGES = 300000, LOOKUPS = 1000000, ZIPF = 200000, BLOCKS = 1 << 24 };

struct state {
    struct arena arena;
    struct territory table;
    bool v4;
    struct ip *addresses;
    uint32_t *numbers; /* the same, of IPv4 */
    union {
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } * sockets;
    MMDB_s mmdb;
    uint16_t *blocks, *inner; /* DIR-24-8: a /24's country, or 0x8000 and which 256 of `inner` */
    size_t inner_count;
};

static uint16_t number_of(struct country c) { return (uint16_t)((uint8_t)c.at[0] << 8 | (uint8_t)c.at[1]); }

/* ---- addresses */

static uint64_t next(uint64_t *seed) { /* xorshift64 (Marsaglia 2003) */
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

/* IPv4: any of all that have a country.  Of IPv6 nearly none has, so there a range is drawn, and one of its addresses.
 */
static struct ip draw(const struct state *s, uint64_t *seed) {
    for (;;) {
        if (s->v4) {
            struct ip a = ip_from_v4((uint32_t)(next(seed) >> 16));
            if (!country_is_none(territory_lookup(&s->table, a).country)) return a;
            continue;
        }
        struct territory_range r = territory_range_at(&s->table, false, (size_t)(next(seed) % s->table.count6));
        if (country_is_none(r.place.country)) continue;
        struct ip a = r.start;
        for (size_t i = 0; i < sizeof a.at; i++) {
            uint8_t noise = (uint8_t)(next(seed) >> 24), span = (uint8_t)(r.end.at[i] - r.start.at[i]);
            if (!memcmp(a.at, r.start.at, i + 1) && !memcmp(r.start.at, r.end.at, i + 1)) continue;
            a.at[i] = (uint8_t)(r.start.at[i] + (span ? noise % span : 0));
            for (i++; i < sizeof a.at; i++) a.at[i] |= (uint8_t)(next(seed) >> 24);
        }
        return a;
    }
}

static void draw_random(struct state *s) {
    uint64_t seed = 88172645463325252;
    for (size_t i = 0; i < LOOKUPS; i++) s->addresses[i] = draw(s, &seed);
}

static void draw_zipf(struct state *s) {
    uint64_t seed = 88172645463325252;
    struct ip *among = calloc(ZIPF, sizeof *among);
    double *sums = calloc(ZIPF, sizeof *sums), sum = 0;
    bench_need(among && sums, "taking memory");
    for (size_t i = 0; i < ZIPF; i++) among[i] = draw(s, &seed), sums[i] = sum += pow((double)i + 1, -1.05);
    for (size_t i = 0; i < LOOKUPS; i++) {
        double at = (double)(next(&seed) >> 11) * 0x1p-53 * sum;
        size_t low = 0, high = ZIPF - 1;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (sums[middle] < at)
                low = middle + 1;
            else
                high = middle;
        }
        s->addresses[i] = among[low];
    }
    free(among);
    free(sums);
}

static void spread(struct state *s) {
    for (size_t i = 0; i < LOOKUPS; i++) {
        memset(&s->sockets[i], 0, sizeof s->sockets[i]);
        if (s->v4) {
            s->numbers[i] = ip_v4(s->addresses[i]);
            s->sockets[i].v4.sin_family = AF_INET;
            s->sockets[i].v4.sin_addr.s_addr = htonl(s->numbers[i]);
        } else {
            s->sockets[i].v6.sin6_family = AF_INET6;
            memcpy(&s->sockets[i].v6.sin6_addr, s->addresses[i].at, sizeof s->addresses[i].at);
        }
    }
}

/* ---- the ways */

static MMDB_lookup_result_s mmdb_find(const struct state *s, size_t i) {
    int status = 0;
    MMDB_lookup_result_s found =
        MMDB_lookup_sockaddr(&s->mmdb, (const struct sockaddr *)(const void *)&s->sockets[i], &status);
    bench_need(!status, "a look-up in an MMDB");
    return found;
}

static uint16_t mmdb_country_at(const struct state *s, size_t i) {
    MMDB_lookup_result_s found = mmdb_find(s, i);
    MMDB_entry_data_s data;
    if (!found.found_entry || MMDB_get_value(&found.entry, &data, "country_code", NULL) || !data.has_data) return 0;
    return (uint16_t)((uint8_t)data.utf8_string[0] << 8 | (uint8_t)data.utf8_string[1]);
}

static uint32_t mmdb_as_at(const struct state *s, size_t i) {
    MMDB_lookup_result_s found = mmdb_find(s, i);
    MMDB_entry_data_s data;
    return !found.found_entry || MMDB_get_value(&found.entry, &data, "asn", NULL) || !data.has_data ? 0 : data.uint32;
}

static uint16_t array_country_at(const struct state *s, size_t i) {
    uint16_t found = s->blocks[s->numbers[i] >> 8];
    return found & 0x8000 ? s->inner[(size_t)(found & 0x7fff) * 256 + (s->numbers[i] & 255)] : found;
}

static void mmdb_country(void *of) {
    uint64_t sum = 0;
    for (size_t i = 0; i < LOOKUPS; i++) sum += mmdb_country_at(of, i);
    bench_keep(sum);
}

static void country(void *of) {
    const struct state *s = of;
    uint64_t sum = 0;
    for (size_t i = 0; i < LOOKUPS; i++) sum += number_of(territory_lookup(&s->table, s->addresses[i]).country);
    bench_keep(sum);
}

static void country_and_as(void *of) {
    const struct state *s = of;
    uint64_t sum = 0;
    for (size_t i = 0; i < LOOKUPS; i++) {
        struct place p = territory_lookup(&s->table, s->addresses[i]);
        sum += number_of(p.country) + p.as;
    }
    bench_keep(sum);
}

static void array(void *of) {
    uint64_t sum = 0;
    for (size_t i = 0; i < LOOKUPS; i++) sum += array_country_at(of, i);
    bench_keep(sum);
}

static void all_agree(const struct state *s) {
    for (size_t i = 0; i < LOOKUPS; i++) {
        struct place p = territory_lookup(&s->table, s->addresses[i]);
        bench_need(mmdb_country_at(s, i) == number_of(p.country), "agreeing on a country with libmaxminddb");
        bench_need(mmdb_as_at(s, i) == p.as, "agreeing on an AS with libmaxminddb");
        bench_need(!s->v4 || array_country_at(s, i) == number_of(p.country), "agreeing with DIR-24-8");
    }
}

/* ---- tables */

static void make_array(struct state *s) {
    size_t room = 0;
    s->blocks = calloc(BLOCKS, sizeof *s->blocks);
    bench_need(s->blocks != NULL, "taking memory");
    for (size_t i = 0; i < s->table.count4; i++) {
        struct territory_range r = territory_range_at(&s->table, true, i);
        uint32_t first = ip_v4(r.start), last = ip_v4(r.end);
        uint16_t value = number_of(r.place.country);
        for (uint64_t block = first >> 8; block <= last >> 8; block++) {
            uint32_t from = block == first >> 8 ? first & 255 : 0, to = block == last >> 8 ? last & 255 : 255;
            if (!from && to == 255) {
                s->blocks[block] = value;
                continue;
            }
            if (!(s->blocks[block] & 0x8000)) {
                if (s->inner_count == room) {
                    room = room ? 2 * room : 1024;
                    s->inner = realloc(s->inner, room * 256 * sizeof *s->inner);
                    bench_need(s->inner != NULL && s->inner_count < 0x8000, "taking memory");
                }
                s->blocks[block] = (uint16_t)(0x8000 | s->inner_count++);
            }
            for (uint32_t a = from; a <= to; a++) s->inner[(size_t)(s->blocks[block] & 0x7fff) * 256 + a] = value;
        }
    }
}

/* Ranges of equal size over all of IPv4 and of 2000::/3, each of another country than its neighbours. */
static void fill(struct buf *file) {
    static const char *const codes[] = {"FR", "RU", "JP", "BR", "KE"};
    struct rows rows = {0};
    uint32_t width = UINT32_MAX / RANGES;
    for (uint32_t i = 0; i < 2 * RANGES; i++) {
        struct row_says says = {.as_is_said = true, .as = 1 + i % 70000};
        struct ip first = ip_from_v4(i / 2 * width), last = ip_from_v4(i / 2 * width + width - 1);
        rows_country(&rows, text_of(codes[i % COUNT(codes)]), &says);
        if (i & 1) {
            first = last = (struct ip){{0x20 | (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
            memset(last.at + 3, 0xff, sizeof last.at - 3);
        }
        bench_need(rows_add(&rows, first, last, &says, NULL) == OK, "adding a range");
    }
    struct territory_meta meta = {.name = TEXT("bench"), .basis = TEXT("unstated"), .date = 0, .source_count = 1};
    meta.sources[0] = (struct territory_source){.rows = RANGES, .name = TEXT("made-here")};
    struct diag d;
    bench_need(territory_compile(&rows, &meta, file, &d) == OK, d.text);
    rows_free(&rows);
}

static void take_table(struct state *s, const char *path, struct buf *file) {
    if (os_is_file(path))
        bench_need(os_read(path, file->max, file, NULL) == OK, "reading the table");
    else
        fill(file);
    bench_need(territory_open(buf_as_bytes(file), &s->table, NULL) == OK, "opening a table");
    territory_prepare(&s->table, &s->arena);
}

/* ---- one family */

static void compare(struct state *s, const char *how) {
    char work[160];
    const struct way ways[] = {{"libmaxminddb, get_value of the country", mmdb_country},
                               {"parley, country", country},
                               {"parley, country and AS", country_and_as},
                               {"DIR-24-8, country", array}};
    spread(s);
    all_agree(s);
    snprintf(work, sizeof work, "1,000,000 %s look-ups of %s", how, s->v4 ? "IPv4" : "IPv6");
    bench_compare(work, LOOKUPS, "look-ups", ways, COUNT(ways) - !s->v4, s);
}

static void family(struct state *s, bool v4, const char *path) {
    s->v4 = v4;
    mmdb_make(&s->table, v4, path);
    bench_need(MMDB_open(path, MMDB_MODE_MMAP, &s->mmdb) == MMDB_SUCCESS, "opening an MMDB");
    fprintf(stderr, "%s: %zu ranges in %.1f MB; as MMDB %.1f MB", v4 ? "IPv4" : "IPv6",
            v4 ? s->table.count4 : s->table.count6,
            (double)(v4 ? s->table.count4 * LAYOUT_RANGE4 : s->table.count6 * LAYOUT_RANGE6) / 1e6,
            (double)s->mmdb.file_size / 1e6);
    if (v4) {
        make_array(s);
        fprintf(stderr, "; as DIR-24-8 %.1f MB", (double)(BLOCKS * 2 + s->inner_count * 512) / 1e6);
    }
    fputc('\n', stderr);
    draw_random(s);
    compare(s, "random");
    draw_zipf(s);
    compare(s, "zipf");
    MMDB_close(&s->mmdb);
    unlink(path);
}

int main(int argc, char **argv) {
    struct state s = {.addresses = calloc(LOOKUPS, sizeof *s.addresses),
                      .numbers = calloc(LOOKUPS, sizeof *s.numbers),
                      .sockets = calloc(LOOKUPS, sizeof *s.sockets)};
    bench_need(s.addresses && s.numbers && s.sockets, "taking memory");
    struct buf file = {.max = 1 << 28};
    char path[64];
    take_table(&s, argc > 1 ? argv[1] : "build/territory/asn-country.table", &file);
    fprintf(stderr, "the table: %.1f MB\n", (double)file.size / 1e6);
    snprintf(path, sizeof path, "/tmp/bench-territory-%d.mmdb", (int)getpid());
    family(&s, true, path);
    family(&s, false, path);
    arena_free(&s.arena);
    buf_free(&file);
    free(s.addresses);
    free(s.numbers);
    free(s.sockets);
    free(s.blocks);
    free(s.inner);
    return 0;
}

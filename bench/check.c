/* Checking facts against log lines that were already read: what the join costs beside one keyed hash and one look into
 * a table of that size a line, which no join by address does without.  An hour a fact, one source in two among the
 * facts. */
#include "bench.h"

#include <sodium.h>
#include <stdlib.h>

#include "finding/check.h"

enum { FACTS = 1000000, LINES = 5000000, FACT_SOURCES = FACTS / 2, LINE_SOURCES = FACTS };
#define START (1772366400 * INSTANT_SECOND)

struct work {
    struct check_fact *facts;
};

static uint64_t next(uint64_t *state) { /* SplitMix64 (Steele, Lea, Flood 2014) */
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static struct sighting line_at(uint64_t *state, uint64_t number) {
    return (struct sighting){
        .trace = {.known = TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT | TRACE_PROTOCOL,
                  .src = ip_from_v4((uint32_t)(next(state) % LINE_SOURCES)),
                  .dst_port = 22,
                  .protocol = TEXT("tcp")},
        .at = START + (instant)(number * 864000 / LINES) * INSTANT_SECOND,
        .count = 1};
}

static void look_up_lines(void *of) {
    struct work *work = of;
    uint64_t state = 1, sum = 0;
    static const uint8_t key[crypto_shorthash_KEYBYTES] = {1};
    for (uint64_t i = 0; i < LINES; i++) {
        struct sighting s = line_at(&state, i);
        uint64_t hash;
        crypto_shorthash((uint8_t *)&hash, s.trace.src.at, sizeof s.trace.src.at, key);
        sum += work->facts[hash % FACTS].trace.dst_port + (uint64_t)s.at;
    }
    bench_keep(sum);
}

static void check_lines(void *of) {
    struct work *work = of;
    struct random r = random_seeded(TEXT("bench"));
    struct check_options o = {.skew = CHECK_SKEW, .gap = CHECK_GAP};
    struct check *c = check_new(work->facts, FACTS, &o, &r);
    struct arena a = {0};
    uint64_t state = 1;
    size_t source;
    bench_need(check_source(c, TEXT("flow"), true, &source, NULL) == OK, "a source");
    for (uint64_t i = 0; i < LINES; i++) {
        struct sighting s = line_at(&state, i);
        bench_need(check_stamp(c, source, s.at, NULL) == OK, "a stamp");
        check_see(c, source, &s);
    }
    struct checked checked = check_end(c, &a);
    struct finding_totals totals = findings_total(checked.findings);
    bench_need(totals.of[FINDING_CONFIRMED] && totals.of[FINDING_NOT_SEEN], "the check");
    arena_free(&a);
    check_free(c);
}

int main(void) {
    static const struct way ways[] = {{"one look-up a line", look_up_lines}, {"check", check_lines}};
    struct work work = {.facts = calloc(FACTS, sizeof *work.facts)};
    uint64_t state = 7;
    bench_need(work.facts != NULL, "memory");
    for (size_t i = 0; i < FACTS; i++) {
        instant first = START + (instant)(next(&state) % 860000) * INSTANT_SECOND;
        work.facts[i] = (struct check_fact){.trace = {.known = TRACE_SRC | TRACE_DST_PORT | TRACE_PROTOCOL,
                                                      .src = ip_from_v4((uint32_t)(next(&state) % FACT_SOURCES)),
                                                      .dst_port = 22,
                                                      .protocol = TEXT("tcp")},
                                            .first = first,
                                            .last = first + INSTANT_HOUR};
    }
    bench_compare("check: a million facts", LINES, "lines", ways, COUNT(ways), &work);
    free(work.facts);
    return 0;
}

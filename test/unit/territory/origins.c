/* Origins by a table made by hand. */
#include "unit.h"

#include <stdio.h>

#include "base/random.h"
#include "territory/compile.h"
#include "territory/origins_document.h"

static struct arena arena;
static struct buf table_file;
static struct territory table;

#define DAY_S (1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */

static int make_table(void **state) {
    (void)state;
    static const char source[] = "11.0.0.0,11.0.255.255,AQ\n11.1.0.0,11.1.255.255,BV\n2a00::,2a00::ffff,AQ\n"
                                 "12.0.0.0,12.255.255.255,GS\n";
    static const char networks[] =
        "11.0.0.0,11.0.127.255,64500,\"A, network\"\n11.0.128.0,11.1.255.255,64501,Another\n";
    struct rows rows = {0};
    uint64_t added;
    struct territory_meta meta = {.name = TEXT("hand-made"),
                                  .date = DAY_S,
                                  .basis = TEXT("registry"),
                                  .sources = {{.name = TEXT("rows.csv")}},
                                  .source_count = 1,
                                  .credits = {TEXT("Nobody, CC0 1.0")},
                                  .credit_count = 1};
    table_file = (struct buf){.max = 1 << 24};
    if (rows_read(&rows, text_of(source), &added, NULL) || rows_read(&rows, text_of(networks), &added, NULL) ||
        territory_compile(&rows, &meta, &table_file, NULL))
        return 1;
    rows_free(&rows);
    return (int)territory_open(buf_as_bytes(&table_file), &table, NULL);
}

static int drop_all(void **state) {
    (void)state;
    buf_free(&table_file);
    arena_free(&arena);
    return 0;
}

/* "src dst protocol count"; `-` is unknown. */
static struct fact fact_of(const char *src, const char *dst, const char *protocol, uint64_t count) {
    struct fact f = {.first = DAY_S, .last = DAY_S + INSTANT_HOUR, .count = count, .evidence = SHEET_NO_COUNT};
    if (*src != '-' && ip_read(text_of(src), &f.src)) f.known |= KNOWN_SRC;
    if (*dst != '-' && ip_read(text_of(dst), &f.dst)) f.known |= KNOWN_DST;
    if (*protocol != '-') f.protocol = text_of(protocol);
    return f;
}

static const struct origins_options by_sources = {.by = ORIGINS_BY_COUNTRY, .unit = ORIGINS_SOURCES};

static struct origins count(const struct fact *facts, size_t n, const struct origins_options *o) {
    struct origins out = {0};
    struct diag d = {0};
    const struct sha256 hash = sha256_of(bytes_from_text(TEXT("a sheet")));
    assert_int_equal(origins_count((struct sheet){facts, n}, hash, &table, o, &arena, &out, &d), OK);
    return out;
}

/* "AQ#1 sources/events/targets" */
static void row_is(const struct origins *o, size_t i, const char *expected) {
    char name[ORIGIN_NAME_MAX], found[128];
    assert_true(i < o->count);
    const struct origin *row = &o->at[i];
    snprintf(found, sizeof found, "%.*s#%llu %llu/%llu/%llu", TEXT_ARG(origin_name(row, name)),
             (unsigned long long)row->rank, (unsigned long long)row->counts[ORIGINS_SOURCES],
             (unsigned long long)row->counts[ORIGINS_EVENTS], (unsigned long long)row->counts[ORIGINS_TARGETS]);
    assert_string_equal(found, expected);
}

static bool has(const struct origins *o, enum origins_caveat caveat) { return o->caveats & 1u << caveat; }

static void sources_events_and_targets_are_counted_apart(void **state) {
    (void)state;
    const struct fact facts[] = {
        fact_of("11.0.0.1", "12.0.0.1", "tcp", 100), fact_of("11.0.0.1", "12.0.0.2", "tcp", 1),
        fact_of("11.0.0.1", "12.0.0.2", "tcp", 1),   fact_of("11.1.0.1", "12.0.0.1", "tcp", 2),
        fact_of("11.1.0.2", "12.0.0.1", "tcp", 2),   fact_of("2a00::1", "12.0.0.3", "tcp", 1),
        fact_of("13.0.0.1", "12.0.0.1", "tcp", 5),   fact_of("192.0.2.1", "12.0.0.1", "tcp", 7),
        fact_of("-", "12.0.0.9", "tcp", 9),          fact_of("11.1.0.3", "-", "tcp", 1),
    };
    struct origins o = count(facts, COUNT(facts), &by_sources);
    assert_int_equal(o.count, 5);
    row_is(&o, 0, "BV#1 3/5/1");
    row_is(&o, 1, "AQ#2 2/103/3");
    row_is(&o, 2, "none#0 1/5/1");
    row_is(&o, 3, "special-purpose#0 1/7/1");
    row_is(&o, 4, "no-source#0 0/9/1");
    assert_int_equal(o.ranked, 2);
    assert_int_equal(o.total.counts[ORIGINS_SOURCES], 7);
    assert_int_equal(o.total.counts[ORIGINS_EVENTS], 129);
    assert_int_equal(o.total.counts[ORIGINS_TARGETS], 4);
    assert_int_equal(o.total.facts, COUNT(facts));
    assert_int_equal(o.at[0].share_ppm, 428571); /* 3 of 7, cut off */

    struct origins_options by_events = {.unit = ORIGINS_EVENTS};
    o = count(facts, COUNT(facts), &by_events);
    row_is(&o, 0, "AQ#1 2/103/3");
    row_is(&o, 1, "BV#2 3/5/1");
}

static void networks_are_counted_too(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("11.0.0.1", "-", "tcp", 1), fact_of("11.0.200.1", "-", "tcp", 1),
                                 fact_of("11.1.0.1", "-", "tcp", 1), fact_of("12.0.0.1", "-", "tcp", 1)};
    const struct origins_options by_as = {.by = ORIGINS_BY_AS};
    struct origins o = count(facts, COUNT(facts), &by_as);
    assert_int_equal(o.count, 3);
    row_is(&o, 0, "AS64501#1 2/2/0");
    row_is(&o, 1, "AS64500#2 1/1/0");
    row_is(&o, 2, "none#0 1/1/0");
}

static void equals_share_a_rank(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("12.0.0.1", "-", "tcp", 1), fact_of("11.0.0.1", "-", "tcp", 1),
                                 fact_of("11.1.0.1", "-", "tcp", 1), fact_of("11.1.0.2", "-", "tcp", 1)};
    struct origins o = count(facts, COUNT(facts), &by_sources);
    row_is(&o, 0, "BV#1 2/2/0");
    row_is(&o, 1, "AQ#2 1/1/0");
    row_is(&o, 2, "GS#2 1/1/0");
    assert_true(has(&o, CAVEAT_TIED));
    o = count(facts + 1, 3, &by_sources);
    assert_false(has(&o, CAVEAT_TIED));
}

static void no_count_comes_without_its_caveats(void **state) {
    (void)state;
    struct fact one = fact_of("11.0.0.1", "12.0.0.1", "tcp", 3), other = fact_of("11.1.0.1", "12.0.0.1", "tcp", 3);
    struct fact facts[] = {one, other};
    struct origins o = count(facts, 2, &by_sources);
    assert_int_equal(o.caveats, 1u << CAVEAT_AUTHOR | 1u << CAVEAT_SHEET | 1u << CAVEAT_REGISTRY | 1u << CAVEAT_SMALL |
                                    1u << CAVEAT_TIED);

    const struct {
        struct fact fact;
        enum origins_caveat caveat;
    } each[] = {
        {fact_of("11.0.0.1", "12.0.0.1", "udp", 1), CAVEAT_FORGED},
        {fact_of("11.0.0.1", "12.0.0.1", "-", 1), CAVEAT_PROTOCOL},
        {fact_of("11.0.0.1", "12.0.0.1", "carp", 1), CAVEAT_PROTOCOL},
        {fact_of("11.0.0.2", "12.0.0.1", "tcp", 7), CAVEAT_ONE_SOURCE},
        {fact_of("13.0.0.1", "12.0.0.1", "tcp", 1), CAVEAT_UNKNOWN},
        {fact_of("10.0.0.1", "12.0.0.1", "tcp", 1), CAVEAT_SPECIAL},
        {fact_of("11.0.0.1", "-", "tcp", 1), CAVEAT_TARGETS},
        {fact_of("11.0.0.1", "12.0.0.1", "tcp", SHEET_NO_COUNT), CAVEAT_COUNTS},
    };
    struct fact flood = one;
    flood.event = TEXT("ddos");
    o = count(&flood, 1, &by_sources);
    assert_true(has(&o, CAVEAT_FORGED));
    struct fact login = fact_of("11.0.0.1", "12.0.0.1", "ssh", 3);
    login.event = TEXT("brute-force");
    o = count(&login, 1, &by_sources);
    assert_false(has(&o, CAVEAT_FORGED) || has(&o, CAVEAT_PROTOCOL));
    o = count(facts, 2, &by_sources);
    for (size_t i = 0; i < COUNT(each); i++) {
        const struct fact with[] = {one, other, each[i].fact};
        assert_false(has(&o, each[i].caveat));
        struct origins more = count(with, 3, &by_sources);
        assert_true(has(&more, each[i].caveat));
    }
}

static void old_and_new_tables_are_told(void **state) {
    (void)state;
    const struct {
        instant first, last;
        bool older, newer, unknown;
    } each[] = {
        {DAY_S - 30 * INSTANT_DAY, DAY_S + 30 * INSTANT_DAY, false, false, false},
        {DAY_S, DAY_S + 31 * INSTANT_DAY, true, false, false},
        {DAY_S - 31 * INSTANT_DAY, DAY_S, false, true, false},
        {INSTANT_NONE, INSTANT_NONE, false, false, true},
    };
    for (size_t i = 0; i < COUNT(each); i++) {
        struct fact f = fact_of("11.0.0.1", "12.0.0.1", "tcp", 1);
        f.first = each[i].first;
        f.last = each[i].last;
        struct origins o = count(&f, 1, &by_sources);
        assert_int_equal(has(&o, CAVEAT_OLDER), each[i].older);
        assert_int_equal(has(&o, CAVEAT_NEWER), each[i].newer);
        assert_int_equal(has(&o, CAVEAT_TIMES), each[i].unknown);
    }
}

static void json_of(const struct origins *o, struct buf *out) {
    json_t *whole = origins_json(o);
    buf_clear(out);
    json_canonical(whole, out);
    json_decref(whole);
    assert_int_equal(buf_check(out, NULL), OK);
}

/* The bytes are fixed: two parties compare them. */
static void the_object_says_all_that_counts_need(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("11.0.0.1", "12.0.0.1", "tcp", 3), fact_of("13.0.0.1", "12.0.0.1", "udp", 1)};
    const enum finding_word words[] = {FINDING_RELAYED, (enum finding_word)ORIGINS_NO_FINDING};
    const struct origins_options with = {
        .words = words, .word_count = COUNT(words), .findings = sha256_of(bytes_from_text(TEXT("findings")))};
    struct origins o = count(facts, COUNT(facts), &with);
    struct buf out = {.max = 1 << 16};
    json_of(&o, &out);
    buf_char(&out, 0);
    char hash[SHA256_HEX], sheet[SHA256_HEX], findings[SHA256_HEX], expected[4096];
    snprintf(
        expected, sizeof expected,
        "{\"$kind\":\"parley origins v1\",\"by\":\"country\","
        "\"caveats\":[\"origin-is-not-author\",\"records-of-one-sheet\",\"basis-registry\",\"source-can-be-forged\","
        "\"small-numbers\",\"one-source-dominates\",\"unknown-share\"],\"findings_sheet\":\"%s\",\"ranked\":1,\"rows\":"
        "["
        "{\"caveats\":[\"small-numbers\"],"
        "\"events\":3,\"facts\":1,\"findings\":{\"relayed\":3},\"first\":\"2026-03-01T12:00:00Z\","
        "\"last\":\"2026-03-01T13:00:00Z\",\"origin\":\"AQ\",\"rank\":1,\"share_ppm\":500000,\"sources\":1,\"targets\":"
        "1},"
        "{\"caveats\":[\"source-can-be-forged\"],"
        "\"events\":1,\"facts\":1,\"findings\":{\"unanswered\":1},\"first\":\"2026-03-01T12:00:00Z\","
        "\"last\":\"2026-03-01T13:00:00Z\",\"origin\":\"none\",\"share_ppm\":500000,\"sources\":1,\"targets\":1}],"
        "\"sheet\":\"%s\",\"table\":{\"basis\":\"registry\",\"credits\":[\"Nobody, CC0 1.0\"],"
        "\"date\":\"2026-03-01T12:00:00Z\",\"hash\":\"%s\",\"name\":\"hand-made\"},"
        "\"total\":{\"events\":4,\"facts\":2,\"findings\":{\"relayed\":3,\"unanswered\":1},"
        "\"first\":\"2026-03-01T12:00:00Z\",\"last\":\"2026-03-01T13:00:00Z\",\"share_ppm\":1000000,\"sources\":2,"
        "\"targets\":1},\"unit\":\"sources\"}",
        sha256_hex(&o.options.findings, findings).at, sha256_hex(&o.sheet, sheet).at,
        sha256_hex(&table.meta.hash, hash).at);
    assert_string_equal((const char *)out.at, expected);
    buf_free(&out);
}

static bool marked(const struct origins *o, const char *name, enum origin_mark mark) {
    return origins_find(o, text_of(name))->marks & 1u << mark;
}

static struct address_list list_of(const char *lines) {
    struct address_list l = {0};
    assert_int_equal(address_list_read(bytes_from_text(text_of(lines)), &arena, &l, NULL), OK);
    return l;
}

static void rows_are_marked(void **state) {
    (void)state;
    struct fact facts[24];
    for (unsigned i = 0; i < COUNT(facts); i++) {
        facts[i] = fact_of("11.0.0.1", "12.0.0.1", "tcp", 1);
        facts[i].src = ip_from_v4((i < 14 ? UINT32_C(0x0b000000) : UINT32_C(0x0b010000)) + i); /* 14 AQ, 10 BV */
    }
    facts[0].protocol = TEXT("udp");
    facts[15].last = DAY_S + 31 * INSTANT_DAY;
    const struct address_list relays = list_of("11.0.0.5 an exit\n"), shared = list_of("11.1.0.0/16 a carrier\n");
    struct origins_options with = by_sources;
    with.relays = &relays;
    with.shared = &shared;
    struct origins o = count(facts, COUNT(facts), &with);
    assert_int_equal(origins_find(&o, TEXT("AQ"))->marks, 1u << MARK_FORGED | 1u << MARK_RELAY);
    assert_int_equal(origins_find(&o, TEXT("BV"))->marks, 1u << MARK_SHARED | 1u << MARK_OLDER);
    assert_true(has(&o, CAVEAT_RELAYS) && has(&o, CAVEAT_SHARED));
    for (unsigned i = 14; i < COUNT(facts); i++) facts[i].known |= KNOWN_SRC_PORT;
    o = count(facts, COUNT(facts), &with);
    assert_false(marked(&o, "BV", MARK_SHARED) || has(&o, CAVEAT_SHARED));
    o = count(facts, COUNT(facts) - 1, &by_sources);
    assert_true(marked(&o, "BV", MARK_SMALL) && !marked(&o, "AQ", MARK_SMALL));
    assert_false(has(&o, CAVEAT_RELAYS));
}

/* Four sources lie between AQ and BV: what is not placed decides over the rank once it is as much. */
static void what_is_not_placed_may_decide_a_rank(void **state) {
    (void)state;
    for (unsigned open = 3; open <= 4; open++) {
        struct fact facts[28];
        for (unsigned i = 0; i < 24; i++) {
            facts[i] = fact_of("11.0.0.1", "12.0.0.1", "tcp", 1);
            facts[i].src = ip_from_v4((i < 14 ? UINT32_C(0x0b000000) : UINT32_C(0x0b010000)) + i);
        }
        for (unsigned i = 24; i < 24 + open; i++) {
            facts[i] = facts[0];
            facts[i].src = ip_from_v4(UINT32_C(0x0d000000) + i);
        }
        struct origins o = count(facts, 24 + open, &by_sources);
        assert_int_equal(marked(&o, "AQ", MARK_UNKNOWN), open == 4);
        assert_int_equal(marked(&o, "BV", MARK_UNKNOWN), open == 4);
    }
}

static void few_sources_are_put_together(void **state) {
    (void)state;
    /* AQ has three sources, BV two, GS one. */
    const struct fact facts[] = {
        fact_of("11.0.0.1", "12.0.0.1", "tcp", 1),  fact_of("11.0.0.2", "12.0.0.1", "tcp", 1),
        fact_of("11.0.0.3", "12.0.0.1", "tcp", 1),  fact_of("11.1.0.1", "12.0.0.1", "tcp", 1),
        fact_of("11.1.0.2", "12.0.0.2", "tcp", 1),  fact_of("12.0.0.1", "12.0.0.1", "tcp", 5),
        fact_of("192.0.2.1", "12.0.0.1", "tcp", 5),
    };
    struct origins_options o = by_sources;
    o.below = 2; /* GS alone would show by the difference to the total: BV goes with it */
    struct origins of = count(facts, COUNT(facts), &o);
    assert_int_equal(of.count, 3);
    row_is(&of, 0, "AQ#1 3/3/1");
    row_is(&of, 1, "special-purpose#0 1/5/1");
    row_is(&of, 2, "few-sources#0 3/7/2");
    assert_int_equal(of.few, 2);
    assert_int_equal(of.ranked, 1);
    assert_true(has(&of, CAVEAT_FEW));
    assert_int_equal(of.total.counts[ORIGINS_TARGETS], 2);
    o.below = 1;
    of = count(facts, COUNT(facts), &o);
    assert_int_equal(of.few, 0);
    assert_int_equal(of.ranked, 3);
    assert_false(has(&of, CAVEAT_FEW));
    o.below = 100;
    of = count(facts, COUNT(facts), &o);
    assert_int_equal(of.few, 3);
    assert_int_equal(of.ranked, 0);
}

static void ranks_hang_on_the_measure(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("11.0.0.1", "12.0.0.1", "tcp", 9), fact_of("11.1.0.1", "12.0.0.1", "tcp", 2),
                                 fact_of("11.1.0.2", "-", "tcp", 2), fact_of("192.0.2.1", "-", "tcp", 2)};
    struct origins o = count(facts, COUNT(facts), &by_sources);
    const struct origin *aq = origins_find(&o, TEXT("AQ")), *special = origins_find(&o, TEXT("special-purpose"));
    assert_int_equal(origins_rank_by(&o, aq, ORIGINS_SOURCES), 2);
    assert_int_equal(origins_rank_by(&o, aq, ORIGINS_EVENTS), 1);
    assert_int_equal(origins_rank_by(&o, aq, ORIGINS_TARGETS), 1);
    assert_int_equal(origins_rank_by(&o, special, ORIGINS_SOURCES), 0);
}

/* The same facts in any order give the same bytes, and the sums agree with a plain count. */
static void order_does_not_matter(void **state) {
    (void)state;
    enum { FACTS = 3000 };
    struct random r = random_seeded(TEXT("origins"));
    struct fact *facts = ARENA_ARRAY(&arena, struct fact, FACTS);
    uint64_t events = 0;
    for (size_t i = 0; i < FACTS; i++) {
        uint8_t bytes[4];
        random_fill(&r, bytes, sizeof bytes);
        facts[i] = (struct fact){.first = DAY_S, .last = DAY_S, .known = KNOWN_SRC | KNOWN_DST, .count = bytes[3] + 1u};
        facts[i].src = ip_from_v4((11u + bytes[0] % 3) << 24 | (uint32_t)(bytes[1] % 2) << 16 | bytes[2]);
        facts[i].dst = ip_from_v4(12u << 24 | bytes[3] % 16);
        events += facts[i].count;
    }
    struct buf once = {.max = 1 << 20}, again = {.max = 1 << 20};
    struct origins o = count(facts, FACTS, &by_sources);
    json_of(&o, &once);
    assert_int_equal(o.total.counts[ORIGINS_EVENTS], events);
    uint64_t of_rows[ORIGINS_UNITS] = {0};
    for (size_t i = 0; i < o.count; i++)
        for (size_t u = 0; u < ORIGINS_UNITS; u++) of_rows[u] += o.at[i].counts[u];
    assert_int_equal(of_rows[ORIGINS_EVENTS], events);
    assert_int_equal(of_rows[ORIGINS_SOURCES], o.total.counts[ORIGINS_SOURCES]);
    assert_int_equal(o.total.counts[ORIGINS_TARGETS], 16);
    for (size_t i = FACTS; i-- > 1;) {
        uint8_t at[2];
        random_fill(&r, at, sizeof at);
        size_t j = (size_t)(at[0] << 8 | at[1]) % (i + 1);
        struct fact other = facts[i];
        facts[i] = facts[j];
        facts[j] = other;
    }
    o = count(facts, FACTS, &by_sources);
    json_of(&o, &again);
    assert_true(text_equal(buf_as_text(&once), buf_as_text(&again)));
    buf_free(&once);
    buf_free(&again);
}

static void sums_stay_numbers(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("11.0.0.1", "-", "tcp", SHEET_COUNT_MAX), fact_of("11.0.0.1", "-", "tcp", 1)};
    struct origins out;
    struct diag d = {0};
    assert_int_equal(
        origins_count((struct sheet){facts, 2}, (struct sha256){{0}}, &table, &by_sources, &arena, &out, &d),
        ERR_LIMIT);
    struct origins o = count(facts, 1, &by_sources);
    assert_int_equal(o.total.counts[ORIGINS_EVENTS], SHEET_COUNT_MAX);
}

static void a_sheet_without_facts_has_no_origins(void **state) {
    (void)state;
    struct origins o = count(NULL, 0, &by_sources);
    assert_int_equal(o.count, 0);
    assert_int_equal(o.ranked, 0);
    assert_true(has(&o, CAVEAT_AUTHOR));
}

static void one_rank_is_asked_for(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("11.0.0.1", "12.0.0.1", "tcp", 3)};
    struct origins o = count(facts, 1, &by_sources);
    assert_int_equal(origins_find(&o, TEXT("AQ"))->rank, 1);
    assert_null(origins_find(&o, TEXT("BV")));
    json_t *there = origins_rank_json(&o, TEXT("AQ")), *absent = origins_rank_json(&o, TEXT("BV"));
    assert_non_null(json_child(there, "row"));
    assert_null(json_child(absent, "row"));
    assert_int_equal(json_array_size(json_list(absent, "caveats")), json_array_size(json_list(there, "caveats")));
    assert_true(text_is(json_text(absent, "$kind"), "parley origins rank v1"));
    json_decref(there);
    json_decref(absent);
}

static void what_is_written_is_read(void **state) {
    (void)state;
    const struct fact facts[] = {fact_of("11.0.0.1", "12.0.0.1", "tcp", 3), fact_of("13.0.0.1", "12.0.0.1", "tcp", 5)};
    const struct origins_cut cut = {.matter = TEXT("cert.north.example/1"),
                                    .parties = {TEXT("cert.north.example"), TEXT("cert.south.example")},
                                    .sizes = {9, 8}};
    struct origins_options of_case = by_sources;
    of_case.cut = &cut;
    struct origins o = count(facts, COUNT(facts), &of_case);
    struct origins_document read = {0};
    struct buf out = {.max = 1 << 16};
    origins_write(&o, &out);
    assert_int_equal(origins_read(buf_as_bytes(&out), &arena, &read, NULL), OK);
    assert_int_equal(read.row_count, o.count);
    assert_true(text_equal(read.cut.matter, cut.matter) && read.cut.sizes[1] == 8);
    assert_true(read.rows[0].rank == 1 && read.rows[0].counts[ORIGINS_EVENTS] == 3 && !read.rows[1].rank);
    buf_free(&out);
}

static void units_have_names(void **state) {
    (void)state;
    enum origins_unit unit;
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++) {
        assert_true(origins_unit_read(text_of(origins_unit_name(u)), &unit));
        assert_int_equal(unit, u);
    }
    assert_false(origins_unit_read(TEXT("attacks"), &unit));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_events_and_targets_are_counted_apart),
        cmocka_unit_test(networks_are_counted_too),
        cmocka_unit_test(equals_share_a_rank),
        cmocka_unit_test(no_count_comes_without_its_caveats),
        cmocka_unit_test(rows_are_marked),
        cmocka_unit_test(what_is_not_placed_may_decide_a_rank),
        cmocka_unit_test(few_sources_are_put_together),
        cmocka_unit_test(ranks_hang_on_the_measure),
        cmocka_unit_test(old_and_new_tables_are_told),
        cmocka_unit_test(the_object_says_all_that_counts_need),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(sums_stay_numbers),
        cmocka_unit_test(a_sheet_without_facts_has_no_origins),
        cmocka_unit_test(one_rank_is_asked_for),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(units_have_names),
    };
    return cmocka_run_group_tests(tests, make_table, drop_all);
}

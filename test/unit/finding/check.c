/* Checking facts: each suggestion by its rule, against a slow and simple check, and whatever the order. */
#include "unit.h"

#include "finding/check.h"
#include "territory/compile.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define DAY (1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */

static struct ip address(unsigned last) { return ip_from_v4(0xc0000200u + last); } /* 192.0.2.0/24 */

static struct check_fact fact_of(unsigned src, uint16_t dst_port, instant first, instant last) {
    return (struct check_fact){.trace = {.known = TRACE_SRC | TRACE_DST_PORT | TRACE_PROTOCOL,
                                         .src = address(src),
                                         .dst_port = dst_port,
                                         .protocol = TEXT("tcp"),
                                         .event = TEXT("brute-force")},
                               .first = DAY + first * INSTANT_SECOND,
                               .last = DAY + last * INSTANT_SECOND};
}

static struct sighting seen(unsigned src, uint16_t dst_port, instant at) {
    return (struct sighting){
        .trace = {.known = TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT | TRACE_PROTOCOL,
                  .src = address(src),
                  .dst = ip_from_v4(0xcb007101u),
                  .src_port = 40000,
                  .dst_port = dst_port,
                  .protocol = TEXT("tcp")},
        .at = DAY + at * INSTANT_SECOND,
        .count = 1};
}

struct bench { /* one check under test */
    struct check *check;
    size_t flow, ssh;
};

static struct bench begin(const struct check_fact *facts, size_t count) {
    struct random r = random_seeded(TEXT("check"));
    struct check_options o = {.skew = CHECK_SKEW, .gap = CHECK_GAP};
    struct bench b = {.check = check_new(facts, count, &o, &r)};
    assert_int_equal(check_source(b.check, TEXT("flow"), true, &b.flow, NULL), OK);
    assert_int_equal(check_source(b.check, TEXT("ssh"), false, &b.ssh, NULL), OK);
    return b;
}

static void stamps(struct bench *b, size_t source, instant from, instant to, instant step) {
    for (instant at = from; at <= to; at += step)
        assert_int_equal(check_stamp(b->check, source, DAY + at * INSTANT_SECOND, NULL), OK);
}

static enum finding_word only_word(struct bench *b) {
    struct checked checked = check_end(b->check, &arena);
    enum finding_word word = checked.findings.at[0].word;
    check_free(b->check);
    return word;
}

static void what_is_seen_is_confirmed(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct bench b = begin(&f, 1);
    struct sighting inside[] = {seen(1, 22, -5), seen(1, 22, 15), seen(1, 22, 3)};
    struct sighting outside[] = {seen(1, 22, -6), seen(1, 22, 16), seen(2, 22, 3), seen(1, 23, 3)};
    for (size_t i = 0; i < COUNT(inside); i++) check_see(b.check, b.flow, &inside[i]);
    for (size_t i = 0; i < COUNT(outside); i++) check_see(b.check, b.flow, &outside[i]);
    struct checked checked = check_end(b.check, &arena);
    const struct finding *found = &checked.findings.at[0];
    assert_int_equal(found->word, FINDING_CONFIRMED);
    assert_int_equal(found->count, 3);
    assert_true(found->first_seen == DAY - 5 * INSTANT_SECOND && found->last_seen == DAY + 15 * INSTANT_SECOND);
    assert_false(found->has_upstream);
    check_free(b.check);
}

/* Newest first, as many exports are: with a silence between any two lines each is a stretch of its own. */
static void no_order_of_stamps_makes_it_slow(void **state) {
    (void)state;
    enum { STAMPS = 200000 };
    struct random r = random_seeded(TEXT("order"));
    struct check_options o = {.gap = INSTANT_SECOND};
    struct check_fact covered = fact_of(1, 22, 300, 300), silent = fact_of(1, 22, 301, 302);
    const struct check_fact facts[] = {covered, silent};
    for (int turn = 0; turn < 3; turn++) {
        struct check *c = check_new(facts, 2, &o, &r);
        size_t source;
        assert_int_equal(check_source(c, TEXT("flow"), true, &source, NULL), OK);
        for (int64_t i = 0; i < STAMPS; i++) {
            int64_t at = turn == 0 ? i : turn == 1 ? STAMPS - 1 - i : i * 7919 % STAMPS;
            assert_int_equal(check_stamp(c, source, DAY + 3 * at * INSTANT_SECOND, NULL), OK);
        }
        assert_int_equal(check_settle(c, NULL), OK);
        struct checked checked = check_end(c, &arena);
        assert_int_equal(checked.findings.at[0].word, FINDING_NOT_SEEN);
        assert_int_equal(checked.findings.at[1].word, FINDING_NO_RECORDS);
        assert_true(checked.coverage->until == DAY + 3 * (STAMPS - 1) * INSTANT_SECOND);
        assert_true(text_search(checked.coverage->note, TEXT("less 199999 silences")) != SIZE_MAX);
        check_free(c);
    }
}

/* 2048 times 2^53 is 2^64: nothing, in 64 bits. */
static void counts_never_come_round_to_nothing(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct bench b = begin(&f, 1);
    struct sighting much = seen(1, 22, 3);
    much.count = UINT64_C(1) << 53;
    for (size_t i = 0; i < 2048; i++) check_see(b.check, b.flow, &much);
    struct checked checked = check_end(b.check, &arena);
    assert_int_equal(checked.findings.at[0].word, FINDING_CONFIRMED);
    assert_true(checked.findings.at[0].count == UINT64_C(1) << 53);
    check_free(b.check);
}

static void near_misses_confirm_nothing(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct sighting misses[] = {seen(1, 22, -6), seen(1, 22, 16), seen(2, 22, 3), seen(1, 23, 3), seen(1, 22, 3)};
    misses[4].trace.protocol = TEXT("udp");
    for (size_t i = 0; i < COUNT(misses); i++) {
        struct bench b = begin(&f, 1);
        check_see(b.check, b.flow, &misses[i]);
        assert_int_equal(only_word(&b), FINDING_NO_RECORDS);
    }
}

/* A log that does not know a thing does not contradict it; ports alone make nobody the same. */
static void only_what_both_know_is_compared(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct sighting bare = seen(1, 22, 3), nobody = seen(1, 22, 3);
    bare.trace.known = TRACE_SRC;
    nobody.trace.known = TRACE_DST_PORT | TRACE_PROTOCOL;
    struct bench b = begin(&f, 1);
    check_see(b.check, b.ssh, &bare);
    assert_int_equal(only_word(&b), FINDING_CONFIRMED);
    b = begin(&f, 1);
    check_see(b.check, b.ssh, &nobody);
    assert_int_equal(only_word(&b), FINDING_NO_RECORDS);
}

static void an_upstream_makes_it_relayed(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct bench b = begin(&f, 1);
    struct sighting s[] = {seen(1, 22, 4), seen(1, 22, 5), seen(1, 22, 4)};
    s[1].has_upstream = s[2].has_upstream = true;
    s[1].upstream = ip_from_v4(0xc6336407u);
    s[2].upstream = ip_from_v4(0xc6336408u);
    for (size_t i = 0; i < COUNT(s); i++) check_see(b.check, b.flow, &s[i]);
    struct checked checked = check_end(b.check, &arena);
    assert_int_equal(checked.findings.at[0].word, FINDING_RELAYED);
    assert_false(checked.findings.at[0].has_upstream); /* two: nobody is picked */
    assert_int_equal(checked.trails[0].kind, TRAIL_SEVERAL);
    assert_int_equal(ip_v4(checked.trails[0].of), 0xc6336407u);
    assert_int_equal(ip_v4(checked.trails[0].other), 0xc6336408u);
    check_free(b.check);
    b = begin(&f, 1);
    for (size_t i = 0; i < 2; i++) check_see(b.check, b.flow, &s[i]);
    checked = check_end(b.check, &arena);
    assert_int_equal(checked.findings.at[0].word, FINDING_RELAYED);
    assert_int_equal(ip_v4(checked.findings.at[0].upstream), 0xc6336407u);
    check_free(b.check);
}

static void objects_are_sought_as_well(void **state) {
    (void)state;
    struct check_fact f = {
        .trace = {.known = TRACE_OBJECT, .object = TEXT("url:https://north.example/x")}, .first = DAY, .last = DAY};
    struct sighting s = {
        .trace = {.known = TRACE_OBJECT | TRACE_SRC, .src = address(9), .object = TEXT("url:https://north.example/x")},
        .at = DAY,
        .count = 4};
    struct bench b = begin(&f, 1);
    check_see(b.check, b.ssh, &s);
    assert_int_equal(only_word(&b), FINDING_CONFIRMED);
    s.trace.object = TEXT("url:https://north.example/y");
    b = begin(&f, 1);
    check_see(b.check, b.ssh, &s);
    assert_int_equal(only_word(&b), FINDING_NO_RECORDS);
}

static void nothing_seen_is_said_by_what_is_covered(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 1000, 2000);
    const struct {
        instant from, to, step, more_from, more_to;
        enum finding_word word;
    } table[] = {
        {0, 3000, 100, 0, 0, FINDING_NOT_SEEN},         {995, 2005, 10, 0, 0, FINDING_NOT_SEEN},
        {996, 3000, 100, 0, 0, FINDING_NO_RECORDS},     {0, 2004, 1, 0, 0, FINDING_NO_RECORDS},
        {0, 1200, 100, 4000, 5000, FINDING_NOT_SEEN}, /* 2,800 seconds of silence are no gap */
        {0, 1200, 100, 4801, 5000, FINDING_NO_RECORDS}, {5000, 6000, 100, 0, 0, FINDING_NO_RECORDS},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        struct bench b = begin(&f, 1);
        stamps(&b, b.flow, table[i].from, table[i].to, table[i].step);
        if (table[i].more_to) stamps(&b, b.flow, table[i].more_from, table[i].more_to, 100);
        assert_int_equal(only_word(&b), table[i].word);
    }
}

/* A service's log covers only the kind of thing that it has shown. */
static void a_log_covers_what_it_shows(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 1000, 2000);
    struct sighting ssh = seen(7, 22, 500), web = seen(7, 443, 500), attempt = seen(7, 2222, 500);
    struct bench b = begin(&f, 1);
    stamps(&b, b.ssh, 0, 3000, 100);
    check_see(b.check, b.ssh, &ssh);
    assert_int_equal(only_word(&b), FINDING_NOT_SEEN);
    b = begin(&f, 1);
    stamps(&b, b.ssh, 0, 3000, 100);
    check_see(b.check, b.ssh, &web);
    assert_int_equal(only_word(&b), FINDING_NO_RECORDS);
    attempt.trace.event = TEXT("brute-force");
    b = begin(&f, 1);
    stamps(&b, b.ssh, 0, 3000, 100);
    check_see(b.check, b.ssh, &attempt);
    assert_int_equal(only_word(&b), FINDING_NOT_SEEN);
}

static void what_lacks_time_or_address_is_insufficient(void **state) {
    (void)state;
    struct check_fact f[] = {fact_of(1, 22, 0, 10), fact_of(1, 22, 0, 10), fact_of(1, 22, 0, 10),
                             fact_of(1, 22, 10, 0)};
    f[0].first = INSTANT_NONE;
    f[1].last = INSTANT_NONE;
    f[2].trace.known = TRACE_DST_PORT;
    struct bench b = begin(f, COUNT(f));
    struct sighting s = seen(1, 22, 3);
    check_see(b.check, b.flow, &s);
    struct checked checked = check_end(b.check, &arena);
    for (size_t i = 0; i < COUNT(f); i++) assert_int_equal(checked.findings.at[i].word, FINDING_INSUFFICIENT);
    check_free(b.check);
}

/* 11.0.0.0/8 is ours here and 12.0.0.0/8 is another's: addresses for examples belong to no territory. */
static void a_table_tells_what_is_elsewhere(void **state) {
    (void)state;
    struct rows rows = {0};
    struct territory_meta meta = {.name = TEXT("test"),
                                  .date = DAY,
                                  .basis = TEXT("registry"),
                                  .sources = {{.name = TEXT("x")}},
                                  .source_count = 1};
    struct territory table;
    struct buf file = {.max = 1 << 26};
    uint64_t added;
    struct country own;
    assert_true(iso3166_read(TEXT("AQ"), &own));
    assert_int_equal(rows_read(&rows, TEXT("11.0.0.0,11.255.255.255,AQ\n12.0.0.0,12.255.255.255,BV\n"), &added, NULL),
                     OK);
    assert_int_equal(territory_compile(&rows, &meta, &file, NULL), OK);
    assert_int_equal(territory_open(buf_as_bytes(&file), &table, NULL), OK);
    struct ip ours = ip_from_v4(0x0b000001), elsewhere = ip_from_v4(0x0c000001), nowhere = address(1);
    const struct {
        struct ip src, dst;
        unsigned known;
        enum finding_word word;
    } cases[] = {
        {elsewhere, ours, TRACE_SRC, FINDING_NOT_OURS},
        {ours, elsewhere, TRACE_SRC, FINDING_NO_RECORDS}, /* what leaves the house is not in the logs of its services */
        {elsewhere, ours, TRACE_SRC | TRACE_DST, FINDING_NOT_SEEN},
        {elsewhere, elsewhere, TRACE_SRC | TRACE_DST, FINDING_NOT_OURS},
        {nowhere, elsewhere, TRACE_SRC | TRACE_DST,
         FINDING_NOT_SEEN}, /* what the table does not know decides nothing */
        {nowhere, ours, TRACE_SRC, FINDING_NOT_SEEN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct check_fact f = fact_of(1, 22, 0, 10);
        f.trace.known = cases[i].known | TRACE_DST_PORT;
        f.trace.src = cases[i].src;
        f.trace.dst = cases[i].dst;
        struct random r = random_seeded(TEXT("table"));
        struct check_options o = {.skew = CHECK_SKEW, .gap = CHECK_GAP, .table = &table, .own = own};
        struct bench b = {.check = check_new(&f, 1, &o, &r)};
        struct sighting other = seen(7, 22, 500), same = seen(1, 22, 3);
        assert_int_equal(check_source(b.check, TEXT("ssh"), false, &b.ssh, NULL), OK);
        stamps(&b, b.ssh, -100, 100, 10);
        check_see(b.check, b.ssh, &other);
        struct checked checked = check_end(b.check, &arena);
        assert_int_equal(checked.findings.at[0].word, cases[i].word);
        check_free(b.check);
        /* What the records show, no table talks away. */
        b.check = check_new(&f, 1, &o, &r);
        same.trace.known = f.trace.known;
        same.trace.src = f.trace.src;
        same.trace.dst = f.trace.dst;
        assert_int_equal(check_source(b.check, TEXT("ssh"), false, &b.ssh, NULL), OK);
        check_see(b.check, b.ssh, &same);
        assert_int_equal(only_word(&b), FINDING_CONFIRMED);
    }
    rows_free(&rows);
    buf_free(&file);
}

static void coverage_says_how_it_was_computed(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct bench b = begin(&f, 1);
    stamps(&b, b.flow, 0, 1000, 100);
    stamps(&b, b.flow, 10000, 11000, 100);
    struct checked checked = check_end(b.check, &arena);
    assert_int_equal(checked.source_count, 2);
    assert_true(checked.coverage[0].from == DAY && checked.coverage[0].until == DAY + 11000 * INSTANT_SECOND);
    assert_int_equal(checked.coverage[0].clock_bound_seconds, 5);
    assert_true(text_is(checked.coverage[0].note,
                        "from its first to its last stamp, less 1 silences longer than 3600 seconds: "
                        "2026-03-01T12:16:40Z/2026-03-01T14:46:40Z"));
    assert_true(checked.coverage[1].from == INSTANT_NONE);
    check_free(b.check);
}

/* ---- against a check that asks every sighting about every fact */

static instant until_of(const struct sighting *s) { return s->until > s->at ? s->until : s->at; }

static bool matches(const struct check_fact *f, const struct sighting *s) {
    unsigned both = f->trace.known & s->trace.known;
    const struct trace *a = &f->trace, *b = &s->trace;
    if (!(both & (TRACE_SRC | TRACE_DST | TRACE_OBJECT))) return false;
    if (until_of(s) < f->first - CHECK_SKEW || s->at > f->last + CHECK_SKEW) return false;
    if ((both & TRACE_SRC) && ip_compare(a->src, b->src)) return false;
    if ((both & TRACE_DST) && ip_compare(a->dst, b->dst)) return false;
    if ((both & TRACE_SRC_PORT) && a->src_port != b->src_port) return false;
    if ((both & TRACE_DST_PORT) && a->dst_port != b->dst_port) return false;
    if ((both & TRACE_PROTOCOL) && !text_equal(a->protocol, b->protocol)) return false;
    return !(both & TRACE_OBJECT) || text_equal(a->object, b->object);
}

static uint64_t draw(struct random *r, uint64_t sides) {
    uint64_t n;
    random_fill(r, (uint8_t *)&n, sizeof n);
    return n % sides;
}

static struct trace any_trace(struct random *r) {
    static const char *const words[] = {"tcp", "udp"};
    return (struct trace){.known = (unsigned)draw(r, 64),
                          .src = address((unsigned)draw(r, 5)),
                          .dst = address((unsigned)draw(r, 3)),
                          .src_port = (uint16_t)draw(r, 3),
                          .dst_port = (uint16_t)draw(r, 2),
                          .protocol = text_of(words[draw(r, 2)]),
                          .object = text_of(words[draw(r, 2)])};
}

enum { FACTS = 60, SIGHTINGS = 400, ROUNDS = 30 };

static void any_world(struct random *r, struct check_fact *facts, struct sighting *sightings) {
    for (size_t i = 0; i < FACTS; i++) {
        instant first = DAY + (instant)draw(r, 200) * INSTANT_SECOND;
        facts[i] = (struct check_fact){any_trace(r), first, first + (instant)draw(r, 60) * INSTANT_SECOND};
    }
    for (size_t i = 0; i < SIGHTINGS; i++)
        sightings[i] = (struct sighting){.trace = any_trace(r),
                                         .at = DAY + (instant)draw(r, 300) * INSTANT_SECOND,
                                         .count = 1 + draw(r, 3),
                                         .has_upstream = draw(r, 10) == 0,
                                         .upstream = address((unsigned)draw(r, 9))};
    for (size_t i = 0; i < SIGHTINGS; i++) sightings[i].place = SIGHTINGS - i;
    for (size_t i = 0; i < SIGHTINGS; i++) {
        sightings[i].is_session = draw(r, 6) == 0;
        if (sightings[i].is_session)
            sightings[i].trace.known |= TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT;
    }
    for (size_t i = 0; i < SIGHTINGS; i++) /* half of them last: some longer than any fact */
        if (draw(r, 2)) sightings[i].until = sightings[i].at + (instant)draw(r, 150) * INSTANT_SECOND;
}

/* Whether a sighting is a session that explains a fact. */
static bool explains(const struct check_fact *f, const struct sighting *s) {
    const unsigned needed = TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT, ends = TRACE_SRC | TRACE_DST;
    if (!s->is_session || (s->trace.known & needed) != needed || (f->trace.known & ends) != ends) return false;
    if (s->trace.dst_port >= s->trace.src_port || ip_compare(s->trace.dst, f->trace.src)) return false;
    if (!ip_compare(s->trace.src, f->trace.src) || !ip_compare(s->trace.src, f->trace.dst)) return false;
    return s->at - CHECK_SKEW <= f->first && f->first <= s->until + CHECK_SKEW;
}

/* Who explains a fact: the lowest address, and at how many there are. */
static const struct sighting *slow_caller(const struct check_fact *f, const struct sighting *all, bool *several) {
    const struct sighting *lowest = NULL;
    *several = false;
    for (size_t i = 0; i < SIGHTINGS; i++) {
        int order = !explains(f, &all[i]) ? 1 : !lowest ? -1 : ip_compare(all[i].trace.src, lowest->trace.src);
        if (explains(f, &all[i]) && lowest && order) *several = true;
        if (order < 0 || (!order && all[i].place < lowest->place)) lowest = &all[i];
    }
    return lowest;
}

static void the_slow_and_simple_check_says_the_same(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("worlds"));
    struct check_fact facts[FACTS];
    struct sighting sightings[SIGHTINGS];
    unsigned kinds[TRAIL_SESSIONS + 1] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        any_world(&r, facts, sightings);
        struct bench b = begin(facts, FACTS);
        for (size_t i = 0; i < SIGHTINGS; i++) check_see(b.check, b.flow, &sightings[i]);
        struct checked checked = check_end(b.check, &arena);
        for (size_t i = 0; i < FACTS; i++) {
            const struct finding *f = &checked.findings.at[i];
            uint64_t count = 0;
            const struct sighting *upstream = NULL, *highest = NULL;
            instant first = INSTANT_NONE, last = INSTANT_NONE;
            for (size_t k = 0; k < SIGHTINGS; k++) {
                if (!matches(&facts[i], &sightings[k])) continue;
                count += sightings[k].count;
                int order =
                    sightings[k].has_upstream && upstream ? ip_compare(sightings[k].upstream, upstream->upstream) : 0;
                bool earlier = upstream && sightings[k].place < upstream->place;
                if (sightings[k].has_upstream && (!upstream || order < 0 || (!order && earlier)))
                    upstream = &sightings[k];
                if (sightings[k].has_upstream && (!highest || ip_compare(sightings[k].upstream, highest->upstream) > 0))
                    highest = &sightings[k];
                if (first == INSTANT_NONE || sightings[k].at < first) first = sightings[k].at;
                if (last == INSTANT_NONE || until_of(&sightings[k]) > last) last = until_of(&sightings[k]);
            }
            if (!count) {
                assert_true(f->word == FINDING_NO_RECORDS || f->word == FINDING_INSUFFICIENT);
                continue;
            }
            bool several;
            const struct sighting *caller = slow_caller(&facts[i], sightings, &several);
            const struct trail *trail = &checked.trails[i];
            bool relayed = upstream || (caller && !several),
                 many = upstream && ip_compare(upstream->upstream, highest->upstream);
            kinds[trail->kind]++;
            assert_int_equal(f->word, relayed ? FINDING_RELAYED : FINDING_CONFIRMED);
            assert_int_equal(trail->kind, many                ? TRAIL_SEVERAL
                                          : upstream          ? TRAIL_TRANSLATED
                                          : caller && several ? TRAIL_SESSIONS
                                          : caller            ? TRAIL_SESSION
                                                              : TRAIL_NONE);
            if (upstream || caller) assert_int_equal(trail->place, (upstream ? upstream : caller)->place);
            if (relayed && !upstream) assert_int_equal(ip_compare(f->upstream, caller->trace.src), 0);
            assert_int_equal(f->count, count);
            assert_true(f->first_seen == first && f->last_seen == last);
            assert_true(f->has_upstream == (relayed && !many));
            if (upstream) assert_int_equal(ip_compare(trail->of, upstream->upstream), 0);
            if (many) assert_int_equal(ip_compare(trail->other, highest->upstream), 0);
            if (upstream && !many) assert_int_equal(ip_compare(f->upstream, upstream->upstream), 0);
        }
        check_free(b.check);
    }
    for (size_t i = 0; i < COUNT(kinds); i++) assert_true(i == TRAIL_HELD || kinds[i] > 3); /* by blocks alone */
}

/* Who was in the house as it went out: only a session that was open then, from one who is neither end of the fact. */
static void a_session_to_the_source_explains_it(void **state) {
    (void)state;
    const struct {
        unsigned src, dst;
        uint16_t src_port, dst_port;
        instant at, until;
        bool is_session;
        enum finding_word word;
    } table[] = {
        {7, 1, 40000, 22, 0, 5000, true, FINDING_RELAYED},      {7, 1, 40000, 22, 995, 1005, true, FINDING_RELAYED},
        {7, 1, 40000, 22, 1006, 5000, true, FINDING_CONFIRMED}, /* came later */
        {7, 1, 40000, 22, 0, 994, true, FINDING_CONFIRMED},     /* had gone */
        {7, 1, 40000, 22, 0, 5000, false, FINDING_CONFIRMED},   /* no session */
        {7, 1, 443, 40000, 0, 5000, true, FINDING_CONFIRMED},   /* an answer to what went out */
        {2, 1, 40000, 22, 0, 5000, true, FINDING_CONFIRMED},    /* the victim's own */
        {7, 3, 40000, 22, 0, 5000, true, FINDING_CONFIRMED},    /* to another host */
    };
    struct check_fact f = fact_of(1, 22, 1000, 2000);
    f.trace.dst = address(2);
    f.trace.known |= TRACE_DST;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct bench b = begin(&f, 1);
        struct sighting out = seen(1, 22, 1500), in = seen(table[i].src, table[i].dst_port, table[i].at);
        out.trace.dst = address(2);
        in.trace.dst = address(table[i].dst);
        in.trace.src_port = table[i].src_port;
        in.until = DAY + table[i].until * INSTANT_SECOND;
        in.is_session = table[i].is_session;
        check_see(b.check, b.flow, &in);
        check_see(b.check, b.flow, &out);
        assert_int_equal(only_word(&b), table[i].word);
    }
}

/* A long flow shows what came in the midst of it; one that ended before, or began after, does not. */
static void a_flow_is_a_stretch_of_time(void **state) {
    (void)state;
    const struct {
        instant at, until;
        enum finding_word word;
    } table[] = {
        {0, 5000, FINDING_RELAYED},    {0, 1000, FINDING_RELAYED},       {2000, 9000, FINDING_RELAYED},
        {1200, 1300, FINDING_RELAYED}, {0, 994, FINDING_NO_RECORDS},     {0, 995, FINDING_RELAYED},
        {2005, 3000, FINDING_RELAYED}, {2006, 3000, FINDING_NO_RECORDS},
    };
    struct check_fact f = fact_of(1, 22, 1000, 2000);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct bench b = begin(&f, 1);
        struct sighting s = seen(1, 22, table[i].at);
        s.until = DAY + table[i].until * INSTANT_SECOND;
        s.has_upstream = true;
        s.upstream = address(7);
        check_see(b.check, b.flow, &s);
        assert_int_equal(only_word(&b), table[i].word);
    }
}

/* Each thread has a check of its own; what they saw is put together in any way, and is what one would have seen. */
static void checks_of_parts_make_the_check_of_all(void **state) {
    (void)state;
    enum { PARTS = 3 };
    struct random r = random_seeded(TEXT("parts"));
    struct check_fact facts[FACTS];
    struct sighting sightings[SIGHTINGS];
    for (int round = 0; round < 10; round++) {
        struct buf written[2] = {{.max = 1 << 20}, {.max = 1 << 20}};
        any_world(&r, facts, sightings);
        for (size_t parts = 1; parts <= PARTS; parts += PARTS - 1) {
            struct buf *out = &written[parts > 1];
            struct check *c[PARTS];
            size_t source;
            for (size_t p = 0; p < parts; p++) {
                struct random key = random_seeded(TEXT("one"));
                struct check_options o = {.skew = CHECK_SKEW, .gap = 10 * INSTANT_SECOND};
                c[p] = p ? check_beside(c[0]) : check_new(facts, FACTS, &o, &key);
                assert_int_equal(check_source(c[p], TEXT("log"), false, &source, NULL), OK);
            }
            for (size_t i = 0; i < SIGHTINGS; i++) {
                struct check *one = c[i * i % parts];
                assert_int_equal(check_stamp(one, source, until_of(&sightings[i]), NULL), OK);
                if (i % 7 == 3) check_sees_traffic(one, source);
                check_see(one, source, &sightings[i]);
            }
            for (size_t p = 1; p < parts; p++) {
                assert_int_equal(check_merge(c[0], c[p], NULL), OK);
                check_free(c[p]);
            }
            struct checked checked = check_end(c[0], &arena);
            assert_int_equal(findings_write(checked.findings, out, NULL), OK);
            buf_text(out, checked.coverage[0].note);
            check_free(c[0]);
        }
        assert_true(text_equal(buf_as_text(&written[0]), buf_as_text(&written[1])));
        buf_free(&written[0]);
        buf_free(&written[1]);
    }
}

/* The same lines in another order, and a hash under another key: the same bytes. */
static void order_and_chance_do_not_matter(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("orders"));
    struct check_fact facts[FACTS];
    struct sighting sightings[SIGHTINGS];
    struct buf written[2] = {{.max = 1 << 20}, {.max = 1 << 20}};
    any_world(&r, facts, sightings);
    for (int turn = 0; turn < 2; turn++) {
        struct random key = random_seeded(turn ? TEXT("one") : TEXT("two"));
        struct check_options o = {.skew = CHECK_SKEW, .gap = 10 * INSTANT_SECOND};
        struct check *c = check_new(facts, FACTS, &o, &key);
        size_t source;
        assert_int_equal(check_source(c, TEXT("flow"), true, &source, NULL), OK);
        for (size_t i = 0; i < SIGHTINGS; i++) {
            size_t at = turn ? SIGHTINGS - 1 - i : i;
            assert_int_equal(check_stamp(c, source, sightings[at].at, NULL), OK);
            check_see(c, source, &sightings[at]);
        }
        struct checked checked = check_end(c, &arena);
        assert_int_equal(findings_write(checked.findings, &written[turn], NULL), OK);
        buf_text(&written[turn], checked.coverage[0].note);
        check_free(c);
    }
    assert_true(text_equal(buf_as_text(&written[0]), buf_as_text(&written[1])));
    buf_free(&written[0]);
    buf_free(&written[1]);
}

/* Stretches do not depend on the order of stamps, either. */
static void stretches_grow_from_any_side(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("stretches"));
    for (int round = 0; round < 20; round++) {
        struct check_fact f = fact_of(1, 22, 0, 0);
        struct text notes[2];
        instant at[300];
        for (size_t i = 0; i < COUNT(at); i++) at[i] = DAY + (instant)draw(&r, 100000) * INSTANT_SECOND;
        for (int turn = 0; turn < 2; turn++) {
            struct random key = random_seeded(TEXT("x"));
            struct check_options o = {.skew = CHECK_SKEW, .gap = 600 * INSTANT_SECOND};
            struct check *c = check_new(&f, 1, &o, &key);
            size_t source;
            assert_int_equal(check_source(c, TEXT("flow"), true, &source, NULL), OK);
            for (size_t i = 0; i < COUNT(at); i++)
                assert_int_equal(check_stamp(c, source, at[turn ? COUNT(at) - 1 - i : i], NULL), OK);
            notes[turn] = check_end(c, &arena).coverage[0].note;
            check_free(c);
        }
        assert_true(text_equal(notes[0], notes[1]));
    }
}

static void many_facts_of_one_address_are_no_trouble(void **state) {
    (void)state;
    enum { MANY = 20000 };
    struct check_fact *facts = ARENA_ARRAY(&arena, struct check_fact, MANY);
    for (size_t i = 0; i < MANY; i++) facts[i] = fact_of(1, 22, -(instant)i, (instant)i);
    struct bench b = begin(facts, MANY);
    for (int i = 0; i < 50000; i++) {
        struct sighting s = seen(1, 22, i % 1000 - 500);
        check_see(b.check, b.flow, &s);
    }
    struct checked checked = check_end(b.check, &arena);
    assert_int_equal(checked.findings.at[MANY - 1].count, 50000);
    assert_int_equal(checked.findings.at[0].count, 50 * 11);
    check_free(b.check);
}

/* Against a look at every block for every fact: whose a port was, whatever the blocks' sizes and places. */
static void blocks_of_ports_tell_whose_a_port_was(void **state) {
    (void)state;
    enum { BLOCKS = 60 };
    struct random r = random_seeded(TEXT("blocks"));
    unsigned kinds[TRAIL_SESSIONS + 1] = {0};
    for (int round = 0; round < 20; round++) {
        struct check_fact facts[FACTS];
        struct sighting blocks[BLOCKS] = {0};
        for (size_t i = 0; i < FACTS; i++) {
            facts[i] = fact_of(1 + (unsigned)draw(&r, 2), 22, (instant)draw(&r, 1000), 1000);
            facts[i].trace.known |= i % 9 ? TRACE_SRC_PORT : 0;
            facts[i].trace.src_port = (uint16_t)(i % 5 ? draw(&r, 300) : UINT16_MAX - draw(&r, 3));
        }
        for (size_t i = 0; i < BLOCKS; i++) {
            uint16_t first = (uint16_t)(i % 5 ? 1 + draw(&r, 300) : UINT16_MAX - draw(&r, 3));
            uint64_t last = first + draw(&r, i % 2 ? 4 : 70);
            blocks[i] = (struct sighting){.trace = {.src = address(1 + (unsigned)draw(&r, 2)), .src_port = first},
                                          .at = DAY + (instant)draw(&r, 900) * INSTANT_SECOND,
                                          .block_last = (uint16_t)(last < UINT16_MAX ? last : UINT16_MAX),
                                          .has_upstream = true,
                                          .upstream = address(100 + (unsigned)draw(&r, 50)),
                                          .place = i};
            blocks[i].until = blocks[i].at + (instant)draw(&r, 100) * INSTANT_SECOND;
        }
        struct bench b = begin(facts, FACTS);
        for (size_t i = 0; i < BLOCKS; i++) check_see(b.check, b.flow, &blocks[i]);
        struct checked checked = check_end(b.check, &arena);
        for (size_t i = 0; i < FACTS; i++) {
            const struct check_fact *f = &facts[i];
            const struct trail *trail = &checked.trails[i];
            const struct sighting *low = NULL, *high = NULL;
            for (size_t k = 0; k < BLOCKS; k++) {
                const struct sighting *s = &blocks[k];
                if (!(f->trace.known & TRACE_SRC_PORT) || ip_compare(f->trace.src, s->trace.src)) continue;
                if (f->trace.src_port < s->trace.src_port || f->trace.src_port > s->block_last) continue;
                if (s->until < f->first - CHECK_SKEW || s->at > f->last + CHECK_SKEW) continue;
                if (!low || ip_compare(s->upstream, low->upstream) < 0) low = s;
                if (!high || ip_compare(s->upstream, high->upstream) > 0) high = s;
            }
            assert_int_equal(checked.findings.at[i].word, FINDING_NO_RECORDS);
            assert_false(checked.findings.at[i].has_upstream);
            kinds[trail->kind]++;
            assert_int_equal(trail->kind, !low                                        ? TRAIL_NONE
                                          : ip_compare(low->upstream, high->upstream) ? TRAIL_SEVERAL
                                                                                      : TRAIL_HELD);
            if (low) assert_int_equal(trail->place, low->place);
        }
        check_free(b.check);
    }
    assert_true(kinds[TRAIL_NONE] > 9 && kinds[TRAIL_HELD] > 9 && kinds[TRAIL_SEVERAL] > 9);
}

/* Whoever writes the sheet, and whoever fills the log, picks the worst for the other: each sighting is worth some twice
 * the logarithm of the facts, and each fact at the end as much, whatever they picked. */
static void no_sheet_and_no_log_makes_it_slow(void **state) {
    (void)state;
    enum { MANY = 20000, SEEN = 20000, LOG = 16 };
    struct check_fact *facts = ARENA_ARRAY(&arena, struct check_fact, MANY);
    for (int kind = 0; kind < 5; kind++) {
        for (size_t i = 0; i < MANY; i++) {
            instant at = (instant)i;
            facts[i] = kind == 0   ? fact_of(1, 22, -at, at)                     /* each inside the next */
                       : kind == 1 ? fact_of(1, 22, 5, 5)                        /* all the same */
                       : kind == 2 ? fact_of(1, (uint16_t)i, 0, 10)              /* all ports */
                       : kind == 3 ? fact_of(1, 22, at, at)                      /* a second each */
                                   : fact_of(1, 22, at * 1000000, at * 1000000); /* over 600 years */
            facts[i].trace.known |= TRACE_DST;
            facts[i].trace.dst = ip_from_v4(0xcb007101u);
        }
        struct bench b = begin(facts, MANY);
        for (size_t i = 0; i < SEEN; i++) {
            struct sighting s = seen(1, kind == 2 ? (uint16_t)i : 22, kind == 2 ? 5 : (instant)i - SEEN / 2), in = s;
            if (i % 2) s.until = s.at + (instant)(i % 7) * 100000 * INSTANT_SECOND;
            if (i % 3) s.has_upstream = true, s.upstream = address((unsigned)i % 200);
            check_see(b.check, b.flow, &s);
            in.trace.dst = address(1); /* and a session to the source, as long */
            in.trace.src = ip_from_v4(0x0b000000u + (uint32_t)i);
            in.is_session = true;
            in.until = s.until;
            check_see(b.check, b.flow, &in);
        }
        struct checked checked = check_end(b.check, &arena);
        assert_int_not_equal(checked.findings.at[0].word, FINDING_NO_RECORDS);
        assert_true(check_steps(b.check) < (uint64_t)(SEEN * 10 + MANY * 2) * LOG);
        check_free(b.check);
    }
}

/* Ten million lines of one address are one place in memory and a few steps each. */
static void what_no_fact_names_costs_one_look(void **state) {
    (void)state;
    enum { SEEN = 100000 };
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct bench b = begin(&f, 1);
    for (size_t i = 0; i < SEEN; i++) {
        struct sighting s = seen(2, 22, (instant)i);
        check_see(b.check, b.flow, &s);
    }
    assert_true(check_steps(b.check) <= SEEN);
    assert_int_equal(only_word(&b), FINDING_NO_RECORDS);
}

/* A hole of which the caller knows is no coverage, however short. */
static void a_hole_is_not_covered(void **state) {
    (void)state;
    struct check_fact f[] = {fact_of(1, 22, 100, 110), fact_of(1, 22, 520, 530), fact_of(1, 22, 590, 610)};
    struct bench b = begin(f, COUNT(f));
    stamps(&b, b.flow, 0, 1000, 10);
    check_unread(b.check, b.flow);
    assert_int_equal(check_settle(b.check, NULL), OK);
    check_hole(b.check, b.flow, DAY + 500 * INSTANT_SECOND, DAY + 600 * INSTANT_SECOND);
    check_hole(b.check, b.flow, DAY + 700 * INSTANT_SECOND, DAY + 700 * INSTANT_SECOND);  /* none */
    check_hole(b.check, b.flow, DAY + 990 * INSTANT_SECOND, DAY + 2000 * INSTANT_SECOND); /* behind all stamps */
    struct checked checked = check_end(b.check, &arena);
    assert_int_equal(checked.findings.at[0].word, FINDING_NOT_SEEN);
    assert_int_equal(checked.findings.at[1].word, FINDING_NO_RECORDS);
    assert_int_equal(checked.findings.at[2].word, FINDING_NO_RECORDS);
    assert_true(
        text_is(checked.coverage[0].note,
                "from its first to its last stamp, less 0 silences longer than 3600 seconds and 1 where a file "
                "is missing or cut short: 2026-03-01T12:08:20Z/2026-03-01T12:10:00Z; 1 lines could not be read"));
    check_free(b.check);
}

/* Of many silences the longest are told, in order of time. */
static void the_longest_silences_are_told(void **state) {
    (void)state;
    struct check_fact f = fact_of(1, 22, 0, 10);
    struct bench b = begin(&f, 1);
    static const instant hours[] = {0, 2, 10, 13, 17, 26, 40, 42}; /* of 2, 8, 3, 4, 9, 14 and 2 hours */
    for (size_t i = 0; i < COUNT(hours); i++) stamps(&b, b.flow, 3600 * hours[i], 3600 * hours[i], 1);
    struct checked checked = check_end(b.check, &arena);
    struct text note = checked.coverage[0].note;
    assert_true(text_search(note, TEXT("less 7 silences longer than 3600 seconds; the longest: ")) != SIZE_MAX);
    assert_true(
        text_ends(note, TEXT("2026-03-01T14:00:00Z/2026-03-01T22:00:00Z, 2026-03-01T22:00:00Z/2026-03-02T01:00:00Z, "
                             "2026-03-02T01:00:00Z/2026-03-02T05:00:00Z, 2026-03-02T05:00:00Z/2026-03-02T14:00:00Z, "
                             "2026-03-02T14:00:00Z/2026-03-03T04:00:00Z")));
    check_free(b.check);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_seen_is_confirmed),
        cmocka_unit_test(no_order_of_stamps_makes_it_slow),
        cmocka_unit_test(counts_never_come_round_to_nothing),
        cmocka_unit_test(near_misses_confirm_nothing),
        cmocka_unit_test(only_what_both_know_is_compared),
        cmocka_unit_test(an_upstream_makes_it_relayed),
        cmocka_unit_test(objects_are_sought_as_well),
        cmocka_unit_test(nothing_seen_is_said_by_what_is_covered),
        cmocka_unit_test(a_log_covers_what_it_shows),
        cmocka_unit_test(what_lacks_time_or_address_is_insufficient),
        cmocka_unit_test(a_table_tells_what_is_elsewhere),
        cmocka_unit_test(coverage_says_how_it_was_computed),
        cmocka_unit_test(the_slow_and_simple_check_says_the_same),
        cmocka_unit_test(a_session_to_the_source_explains_it),
        cmocka_unit_test(a_flow_is_a_stretch_of_time),
        cmocka_unit_test(checks_of_parts_make_the_check_of_all),
        cmocka_unit_test(order_and_chance_do_not_matter),
        cmocka_unit_test(stretches_grow_from_any_side),
        cmocka_unit_test(many_facts_of_one_address_are_no_trouble),
        cmocka_unit_test(blocks_of_ports_tell_whose_a_port_was),
        cmocka_unit_test(no_sheet_and_no_log_makes_it_slow),
        cmocka_unit_test(what_no_fact_names_costs_one_look),
        cmocka_unit_test(a_hole_is_not_covered),
        cmocka_unit_test(the_longest_silences_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

/* Observations to facts: the windows, the ports, and that neither order nor division shows. */
#include "unit.h"

#include <stdio.h>

#include "gathered.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static void add(struct gather *g, struct observation o) {
    assert_int_equal(gather_add(g, &o, false, (struct text){0}, (struct place_in_input){0}, NULL), OK);
}

static void check_rows(struct gather *g, const char *expected) {
    struct gathered of;
    struct buf out = {.max = SHEET_BYTES_MAX};
    struct diag d = {0};
    assert_int_equal(gather_end(g, &arena, &of, &d), OK);
    assert_int_equal(sheet_write((struct sheet){of.facts, of.count}, &out, &d), OK);
    struct text all = buf_as_text(&out), line;
    assert_true(text_line(&all, &line) && text_line(&all, &line));
    assert_string_equal(arena_string(&arena, all), expected);
    buf_free(&out);
    gather_free(g);
}

static void the_example_of_the_design(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, true);
    struct observation first = seen(24946 * INSTANT_SECOND + 250000, 17), second = seen(24948 * INSTANT_SECOND, 17);
    assert_int_equal(gather_add(g, &first, false, TEXT("one"), (struct place_in_input){0, 0}, NULL), OK);
    assert_int_equal(gather_add(g, &second, false, TEXT("two"), (struct place_in_input){0, 1}, NULL), OK);
    check_rows(g, "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2\n");
}

static void a_silence_longer_than_the_window_ends_a_fact(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    add(g, seen(0, 1));
    add(g, seen(3600 * INSTANT_SECOND + 999999, 1)); /* whole seconds count */
    add(g, seen(7201 * INSTANT_SECOND, 1));
    add(g, seen(7201 * INSTANT_SECOND, 2));
    check_rows(g, "2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,192.0.2.1,,,22,,tcp,brute-force,2,\n"
                  "2026-03-01T02:00:01Z,2026-03-01T02:00:01Z,192.0.2.1,,,22,,tcp,brute-force,1,\n"
                  "2026-03-01T02:00:01Z,2026-03-01T02:00:01Z,192.0.2.2,,,22,,tcp,brute-force,1,\n");
}

static void what_comes_late_joins_what_was_apart(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    add(g, seen(0, 1));
    add(g, seen(7200 * INSTANT_SECOND, 1));
    add(g, seen(20000 * INSTANT_SECOND, 1));
    struct observation between = seen(3600 * INSTANT_SECOND, 1);
    between.last += 60 * INSTANT_SECOND;
    between.count = 5;
    add(g, between);
    check_rows(g, "2026-03-01T00:00:00Z,2026-03-01T02:00:00Z,192.0.2.1,,,22,,tcp,brute-force,7,\n"
                  "2026-03-01T05:33:20Z,2026-03-01T05:33:20Z,192.0.2.1,,,22,,tcp,brute-force,1,\n");
}

static void ports_of_one_connection_stay(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    for (uint32_t i = 0; i < 6; i++) {
        struct observation o = seen(i * INSTANT_SECOND, i / 2);
        o.known |= i == 5 ? 0 : KNOWN_SRC_PORT;
        o.src_port = (uint16_t)(i / 2 == 1 ? 4000 + i : 5000);
        add(g, o);
    }
    check_rows(g, "2026-03-01T00:00:00Z,2026-03-01T00:00:01Z,192.0.2.0,5000,,22,,tcp,brute-force,2,\n"
                  "2026-03-01T00:00:02Z,2026-03-01T00:00:03Z,192.0.2.1,,,22,,tcp,brute-force,2,\n"
                  "2026-03-01T00:00:04Z,2026-03-01T00:00:05Z,192.0.2.2,,,22,,tcp,brute-force,2,\n");
}

static void ports_that_are_alleged_keep_facts_apart(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    for (uint16_t i = 0; i < 4; i++) {
        struct observation o = seen(i * INSTANT_SECOND, 1);
        o.known |= KNOWN_SRC_PORT;
        o.src_port = 5000 + i % 2;
        assert_int_equal(gather_add(g, &o, true, (struct text){0}, (struct place_in_input){0}, NULL), OK);
    }
    check_rows(g, "2026-03-01T00:00:00Z,2026-03-01T00:00:02Z,192.0.2.1,5000,,22,,tcp,brute-force,2,\n"
                  "2026-03-01T00:00:01Z,2026-03-01T00:00:03Z,192.0.2.1,5001,,22,,tcp,brute-force,2,\n");
}

/* One log alleges the port, another has it by the way: no two rows may be the same. */
static void facts_that_come_out_the_same_are_one(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, true);
    struct observation o = seen(0, 1);
    o.known |= KNOWN_SRC_PORT;
    o.src_port = 5000;
    assert_int_equal(gather_add(g, &o, true, TEXT("b"), (struct place_in_input){1, 0}, NULL), OK);
    assert_int_equal(gather_add(g, &o, false, TEXT("a"), (struct place_in_input){0, 9}, NULL), OK);
    struct gathered of;
    assert_int_equal(gather_end(g, &arena, &of, NULL), OK);
    assert_int_equal(of.count, 1);
    assert_true(of.facts[0].count == 2 && of.facts[0].evidence == 2 && of.lines[0].count == 2);
    assert_true(text_is(of.lines[0].at[0], "a") && text_is(of.lines[0].at[1], "b"));
    gather_free(g);
}

static void without_a_window_each_event_has_its_row(void **state) {
    (void)state;
    struct gather *g = gather_of(0, false);
    for (uint16_t i = 0; i < 4; i++) {
        struct observation o = seen((i / 3) * INSTANT_SECOND, 1);
        o.known |= KNOWN_SRC_PORT;
        o.src_port = 5000 + i % 2;
        add(g, o);
    }
    struct observation stretch = seen(0, 1);
    stretch.last += INSTANT_SECOND;
    add(g, stretch);
    check_rows(g, "2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,192.0.2.1,5000,,22,,tcp,brute-force,2,\n"
                  "2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,192.0.2.1,5001,,22,,tcp,brute-force,1,\n"
                  "2026-03-01T00:00:00Z,2026-03-01T00:00:01Z,192.0.2.1,,,22,,tcp,brute-force,1,\n"
                  "2026-03-01T00:00:01Z,2026-03-01T00:00:01Z,192.0.2.1,5001,,22,,tcp,brute-force,1,\n");
}

static void every_column_keeps_facts_apart(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    struct observation o[7];
    for (size_t i = 0; i < COUNT(o); i++) o[i] = seen(0, 1);
    o[1].known |= KNOWN_DST;
    o[1].dst = ip_from_v4(0xc6336401);
    o[2].dst_port = 23;
    o[3].known = KNOWN_SRC;
    o[4].object = TEXT("account:root");
    o[5].protocol = TEXT("udp");
    o[6].event = TEXT("scanner");
    for (size_t i = 0; i < COUNT(o); i++) add(g, o[i]);
    struct gathered of;
    assert_int_equal(gather_end(g, &arena, &of, NULL), OK);
    assert_int_equal(of.count, COUNT(o));
    assert_true(of.events == COUNT(o) && of.sources == 1 && of.first == START && of.last == START);
    gather_free(g);
}

static void nothing_gives_nothing(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, true);
    struct gathered of;
    assert_int_equal(gather_end(g, &arena, &of, NULL), OK);
    assert_true(of.count == 0 && of.events == 0 && of.sources == 0);
    assert_true(of.first == INSTANT_NONE && of.last == INSTANT_NONE);
    gather_free(g);
    gather_free(NULL);
}

static void memory_has_a_bound(void **state) {
    (void)state;
    const struct gather_options o = {.window = INSTANT_HOUR, .max_bytes = 1 << 20};
    struct gather *g = gather_new(&o);
    enum error result = OK;
    struct diag d = {0};
    for (uint32_t i = 0; !result && i < 1000000; i++) {
        struct observation s = seen(0, i);
        result = gather_add(g, &s, false, (struct text){0}, (struct place_in_input){0}, &d);
    }
    assert_int_equal(result, ERR_LIMIT);
    assert_non_null(strstr(d.text, "1 MiB"));
    gather_free(g);
}

/* What can't be counted is told, and does not wrap. */
static void counts_do_not_wrap(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    struct observation o = seen(0, 1);
    o.count = UINT64_MAX / 2 + 10;
    for (int i = 0; i < 3; i++) add(g, o);
    struct gathered of;
    struct diag d = {0};
    assert_int_equal(gather_end(g, &arena, &of, &d), ERR_INPUT);
    assert_non_null(strstr(d.text, "fact 0"));
    gather_free(g);
}

/* ---- any order, any division */

enum { OBSERVATIONS = 600, PARTS_MAX = 4 };

struct scattered {
    struct observation at[OBSERVATIONS];
    bool keeps_port[OBSERVATIONS];
    char lines[OBSERVATIONS][8];
    size_t order[OBSERVATIONS];
};

static uint64_t draw(struct random *r, uint64_t below) {
    uint64_t n;
    random_fill(r, (uint8_t *)&n, sizeof n);
    return n % below;
}

static void scatter(struct scattered *s, struct random *r) {
    static const char *const objects[] = {"", "", "url:http://a.example/", "account:root"};
    for (size_t i = 0; i < OBSERVATIONS; i++) {
        struct observation *o = &s->at[i];
        *o = seen((instant)draw(r, 60000) * INSTANT_SECOND + (instant)draw(r, 1000000), (uint32_t)draw(r, 6));
        if (!draw(r, 6)) o->last += (instant)draw(r, 9000) * INSTANT_SECOND;
        if (draw(r, 3)) o->known |= KNOWN_SRC_PORT;
        o->src_port = (uint16_t)draw(r, 3);
        o->object = text_of(objects[draw(r, COUNT(objects))]);
        o->protocol = draw(r, 8) ? TEXT("tcp") : TEXT("udp");
        o->count = 1 + draw(r, 3);
        s->keeps_port[i] = !draw(r, 5);
        snprintf(s->lines[i], sizeof s->lines[i], "%zu", i);
        s->order[i] = i;
    }
}

static void shuffle(struct scattered *s, struct random *r) {
    for (size_t i = OBSERVATIONS; i > 1; i--) {
        size_t with = draw(r, i), kept = s->order[i - 1];
        s->order[i - 1] = s->order[with];
        s->order[with] = kept;
    }
}

/* The sheet, and all lines in the order of the facts. */
static struct text outcome(struct gather *g) {
    struct gathered of;
    struct buf out = {.max = SHEET_BYTES_MAX};
    assert_int_equal(gather_end(g, &arena, &of, NULL), OK);
    assert_int_equal(sheet_write((struct sheet){of.facts, of.count}, &out, NULL), OK);
    for (size_t i = 0; i < of.count; i++)
        for (size_t j = 0; j < of.lines[i].count; j++) {
            buf_text(&out, of.lines[i].at[j]);
            buf_char(&out, j + 1 < of.lines[i].count ? ' ' : '\n');
        }
    buf_format(&out, "%llu %llu %lld %lld\n", (unsigned long long)of.events, (unsigned long long)of.sources,
               (long long)of.first, (long long)of.last);
    struct text kept = arena_text(&arena, buf_as_text(&out));
    buf_free(&out);
    return kept;
}

static struct text gathered_in(const struct scattered *s, instant window, size_t parts, struct random *r) {
    struct gather *g[PARTS_MAX];
    for (size_t i = 0; i < parts; i++) {
        const struct gather_options o = {
            .window = window, .keep_lines = true, .seed = draw(r, UINT64_MAX), .max_bytes = (size_t)64 << 20};
        g[i] = gather_new(&o);
    }
    for (size_t i = 0; i < OBSERVATIONS; i++) {
        size_t at = s->order[i];
        struct place_in_input place = {at / 50, at % 50};
        struct gather *into = g[draw(r, parts)];
        assert_int_equal(gather_add(into, &s->at[at], s->keeps_port[at], text_of(s->lines[at]), place, NULL), OK);
    }
    for (size_t i = 1; i < parts; i++) assert_int_equal(gather_join(g[0], g[i], NULL), OK);
    struct text out = outcome(g[0]);
    for (size_t i = 0; i < parts; i++) gather_free(g[i]);
    return out;
}

static void neither_order_nor_division_shows(void **state) {
    (void)state;
    static struct scattered s;
    static const instant windows[] = {0, 60 * INSTANT_SECOND, 600 * INSTANT_SECOND, INSTANT_HOUR};
    struct random r = random_seeded(TEXT("division"));
    for (size_t w = 0; w < COUNT(windows); w++) {
        scatter(&s, &r);
        struct text first = gathered_in(&s, windows[w], 1, &r);
        for (int round = 0; round < 12; round++) {
            shuffle(&s, &r);
            struct text again = gathered_in(&s, windows[w], 1 + (size_t)round % PARTS_MAX, &r);
            assert_true(text_equal(first, again));
        }
    }
}

/* Facts by the definition, from all pairs: two observations of one key are of one fact where no silence between them is
 * longer than the window, directly or over others. */
static void the_definition_gives_the_same_number(void **state) {
    (void)state;
    static struct scattered s;
    static size_t part[OBSERVATIONS];
    struct random r = random_seeded(TEXT("definition"));
    const instant window = 300 * INSTANT_SECOND;
    scatter(&s, &r);
    for (size_t i = 0; i < OBSERVATIONS; i++) {
        s.keeps_port[i] = false;
        s.at[i].first -= s.at[i].first % INSTANT_SECOND;
        s.at[i].last -= s.at[i].last % INSTANT_SECOND;
        part[i] = i;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < OBSERVATIONS; i++)
            for (size_t j = 0; j < OBSERVATIONS; j++) {
                const struct observation *a = &s.at[i], *b = &s.at[j];
                if (part[j] <= part[i] || ip_compare(a->src, b->src) || !text_equal(a->object, b->object)) continue;
                if (!text_equal(a->protocol, b->protocol)) continue;
                if (b->first - a->last > window || a->first - b->last > window) continue;
                part[j] = part[i];
                changed = true;
            }
    }
    size_t expected = 0;
    for (size_t i = 0; i < OBSERVATIONS; i++) expected += part[i] == i;
    struct gather *g = gather_of(window, false);
    for (size_t i = 0; i < OBSERVATIONS; i++) add(g, s.at[i]);
    struct gathered of;
    assert_int_equal(gather_end(g, &arena, &of, NULL), OK);
    assert_int_equal(of.count, expected);
    gather_free(g);
}

/* One source, whose hours come in an order that never touches the hour before. */
static void scattered_hours_of_one_source_stay_cheap(void **state) {
    (void)state;
    enum { HOURS = 50000, STEP = 20011 };
    struct gather *g = gather_of(600 * INSTANT_SECOND, false);
    for (int64_t i = 0, hour = 0; i < 4 * HOURS; i++, hour = (hour + STEP) % HOURS)
        add(g, seen(hour * INSTANT_HOUR, 1));
    struct gathered of;
    assert_int_equal(gather_end(g, &arena, &of, NULL), OK);
    assert_int_equal(of.count, HOURS);
    assert_int_equal(of.events, 4 * HOURS);
    gather_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_design),
        cmocka_unit_test(a_silence_longer_than_the_window_ends_a_fact),
        cmocka_unit_test(what_comes_late_joins_what_was_apart),
        cmocka_unit_test(ports_of_one_connection_stay),
        cmocka_unit_test(ports_that_are_alleged_keep_facts_apart),
        cmocka_unit_test(facts_that_come_out_the_same_are_one),
        cmocka_unit_test(without_a_window_each_event_has_its_row),
        cmocka_unit_test(every_column_keeps_facts_apart),
        cmocka_unit_test(nothing_gives_nothing),
        cmocka_unit_test(memory_has_a_bound),
        cmocka_unit_test(counts_do_not_wrap),
        cmocka_unit_test(neither_order_nor_division_shows),
        cmocka_unit_test(the_definition_gives_the_same_number),
        cmocka_unit_test(scattered_hours_of_one_source_stay_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

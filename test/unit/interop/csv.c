/* A CSV of facts: its own header or a map; what comes back is what was written, or the writer has told otherwise. */
#include "unit.h"

#include "random_sheet.h"
#include "trial.h"

static enum error read_csv(struct trial *t, const char *map, const char *event, struct text file) {
    const struct case_reading how = {bytes_from_text(text_of(map)), text_of(event), &t->arena, &t->losses};
    return case_format_named(TEXT("csv"))->read(bytes_from_text(file), &how, &t->got, &t->diag);
}

/* What a CSV can hold of a fact. */
static bool fits(const struct fact *f) {
    return f->first != INSTANT_NONE && f->last != INSTANT_NONE && f->count != SHEET_NO_COUNT &&
           f->evidence == SHEET_NO_COUNT;
}

static void facts_come_back_or_are_told(void **state) {
    size_t tried = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct trial t = {0};
        struct report r = REPORT_EMPTY;
        struct buf file = {.max = 1 << 20};
        bool all = true;
        t.losses = losses_in(&t.arena);
        r.facts = random_sheet(seed, 3, &t.arena);
        const struct case_writing how = {&t.arena, &t.losses, 0};
        for (size_t i = 0; i < r.facts.count; i++) all = all && fits(&r.facts.at[i]);
        assert_int_equal(case_format_named(TEXT("csv"))->write(&r, &how, &file, NULL), OK);
        assert_true(all == (t.losses.count == 0));
        assert_int_equal(read_csv(&t, NULL, NULL, buf_as_text(&file)), OK);
        if (all) assert_true(same_sheet(r.facts, t.got.at[0].facts) && !t.losses.count);
        tried += all && r.facts.count;
        buf_free(&file);
        arena_free(&t.arena);
    }
    assert_true(tried > 10);
}

static void columns_are_named_by_a_map(void **state) {
    static const char file[] = "when;who;tries;shoe\n"
                               "2026-03-01T06:55:46;192.0.2.17;3;42\n"
                               "never;192.0.2.18;1;43\n"
                               "2026-03-01T06:55:47Z;192.0.2.17;0;44\n";
    struct trial t = {0};
    (void)state;
    t.losses = losses_in(&t.arena);
    assert_int_equal(read_csv(&t, "separator=semicolon,time=when,src=who,count=tries", "brute-force", TEXT(file)), OK);
    assert_int_equal(t.got.at[0].facts.count, 1);
    assert_int_equal(t.got.at[0].facts.at[0].count, 3);
    assert_true(text_is(t.got.at[0].facts.at[0].event, "brute-force"));
    assert_true(trial_lost(&t, LOSS_DROPPED, "shoe") && trial_lost(&t, LOSS_DROPPED, "row"));
    assert_true(trial_lost(&t, LOSS_GUESSED, "event") && trial_lost(&t, LOSS_GUESSED, "time"));
    arena_free(&t.arena);
}

static void members_of_json_are_named_by_a_map(void **state) {
    static const char file[] =
        "{\"ts\":1772348146,\"client\":{\"ip\":\"192.0.2.17\"},\"kind\":\"scanner\",\"x\":\"y\"}\n";
    struct trial t = {0};
    (void)state;
    t.losses = losses_in(&t.arena);
    assert_int_equal(read_csv(&t, "time=ts,src=client.ip,event=kind", NULL, TEXT(file)), OK);
    assert_int_equal(t.got.at[0].facts.count, 1);
    assert_true(text_is(t.got.at[0].facts.at[0].event, "scanner"));
    assert_int_equal(t.losses.count, 1);
    assert_true(trial_lost(&t, LOSS_DROPPED, "x"));
    arena_free(&t.arena);
}

static void what_is_no_table_is_refused(void **state) {
    static const struct {
        const char *map, *file;
    } rows[] = {
        {NULL, ""}, {NULL, "a,b\n1,2\n"}, {"time=ts", "ts,ip\n"}, {"time=ts,src=ip", "ts,ap\n"}, {"x", "ts,ip\n"}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial t = {0};
        t.losses = losses_in(&t.arena);
        assert_int_equal(read_csv(&t, rows[i].map, NULL, text_of(rows[i].file)), ERR_INPUT);
        arena_free(&t.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back_or_are_told),
        cmocka_unit_test(columns_are_named_by_a_map),
        cmocka_unit_test(members_of_json_are_named_by_a_map),
        cmocka_unit_test(what_is_no_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

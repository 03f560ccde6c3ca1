/* What must hold of the state of any two records, whoever lies: it depends on the cut and the time alone. */
#include "unit.h"

#include "world.h"

enum { WORLDS = 60, STEPS = 120, CUTS = 4 };

static struct matter_state fold(const struct world *w, const struct channel_view *v, const struct cut *cut,
                                const struct statement *statements) {
    struct matter_state s;
    instant as_of = (instant)w->step * INSTANT_HOUR;
    assert_int_equal(matter_fold(v, cut, statements, w->statement_count, as_of, w->arena, &s, NULL), OK);
    return s;
}

static void assert_same(const struct matter_state *a, const struct matter_state *b) {
    struct buf left = {.max = 16 << 20}, right = {.max = 16 << 20};
    matter_write_json(a, &left);
    matter_write_json(b, &right);
    assert_false(left.failed || right.failed);
    assert_true(text_equal(buf_as_text(&left), buf_as_text(&right)));
    buf_free(&left);
    buf_free(&right);
}

static struct world *any_world(struct arena *a, uint64_t seed) {
    struct world *w = world_new(a, (struct die){.seed = seed});
    for (size_t i = 0; i < STEPS; i++) world_step(w);
    return w;
}

static struct cut any_cut(struct world *w) {
    struct cut cut;
    for (unsigned p = 0; p < 2; p++) cut.of[p] = throw(&w->die, w->records[p].count + 1);
    return cut_reduce(&w->view, 0, cut);
}

/* Statements in another order. */
static const struct statement *shuffled(struct world *w) {
    struct statement *copy = ARENA_ARRAY(w->arena, struct statement, w->statement_count);
    for (size_t i = 0; i < w->statement_count; i++) {
        size_t at = throw(&w->die, i + 1);
        copy[i] = copy[at];
        copy[at] = w->statements[i];
    }
    return copy;
}

/* Entries arrive one by one, each after all that it has truly seen, until just the cut is held. */
static struct channel_view arrive(struct world *w, struct cut cut, struct record_view records[2]) {
    for (unsigned p = 0; p < 2; p++) {
        records[p] = w->records[p];
        records[p].count = 0;
    }
    while (records[0].count < cut.of[0] || records[1].count < cut.of[1]) {
        unsigned p = (unsigned) throw(&w->die, 2);
        uint64_t next = records[p].count;
        if (next == cut.of[p]) continue;
        bool ahead = view_seen_true(&w->view, p, 0, next) && w->leaves[p][next].seen.size > records[1 - p].count;
        if (!ahead) records[p].count++;
    }
    struct channel_view v = w->view;
    for (unsigned p = 0; p < 2; p++) v.parties[p].records = &records[p];
    return v;
}

static void the_order_of_arrival_does_not_matter(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct world *w = any_world(&a, seed);
        for (size_t i = 0; i < CUTS; i++) {
            struct cut cut = any_cut(w);
            struct record_view records[2];
            struct channel_view held = arrive(w, cut, records);
            struct matter_state asked = fold(w, &w->view, &cut, w->statements);
            struct matter_state arrived = fold(w, &held, NULL, shuffled(w));
            assert_same(&asked, &arrived);
        }
        arena_free(&a);
    }
}

static void a_verdict_on_a_message_does_not_change_as_the_cut_grows(void **state) {
    (void)state;
    size_t messages = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct world *w = any_world(&a, seed);
        struct matter_state whole = fold(w, &w->view, NULL, w->statements);
        struct cut cut = any_cut(w);
        struct matter_state part = fold(w, &w->view, &cut, w->statements);
        for (size_t i = 0, j = 0; i < part.message_count; i++, j++, messages++) {
            while (whole.messages[j].statement != part.messages[i].statement) j++;
            assert_int_equal(whole.messages[j].why, part.messages[i].why);
        }
        arena_free(&a);
    }
    assert_true(messages > WORLDS);
}

static void the_order_of_the_parties_does_not_matter(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct world *w = any_world(&a, seed);
        struct matter_state straight = fold(w, &w->view, NULL, w->statements);
        struct channel_view v = {{w->view.parties[1], w->view.parties[0]}};
        struct statement *turned = ARENA_ARRAY(&a, struct statement, w->statement_count);
        for (size_t i = 0; i < w->statement_count; i++) {
            turned[i] = w->statements[i];
            turned[i].party = 1 - turned[i].party;
        }
        struct matter_state reversed = fold(w, &v, NULL, turned);
        assert_int_equal(straight.matter_count, reversed.matter_count);
        for (size_t i = 0; i < straight.matter_count; i++) {
            json_t *left = matter_json_case(&straight, &straight.matters[i]);
            json_t *right = matter_json_case(&reversed, matter_find(&reversed, straight.matters[i].name));
            assert_true(json_equal(left, right));
            json_decref(left);
            json_decref(right);
        }
        arena_free(&a);
    }
}

/* What is closed is counted, and judged as if it were not there. */
static void closed_messages_are_counted(void **state) {
    (void)state;
    struct arena a = {0};
    struct world *w = any_world(&a, 7);
    size_t all = w->statement_count;
    w->statement_count = 0;
    struct matter_state s = fold(w, &w->view, NULL, NULL);
    assert_int_equal(s.closed, all);
    assert_int_equal(s.message_count, 0);
    assert_int_equal(s.matter_count, 0);
    assert_null(matter_find(&s, TEXT("cert.north.example/case/0")));
    arena_free(&a);
}

static void names_of_another_pair_are_refused(void **state) {
    (void)state;
    struct arena a = {0};
    struct world *w = any_world(&a, 7);
    struct diag d = {0};
    struct matter_state s;
    w->records[1].channel = TEXT("cert.south.example/to/cert.east.example/1");
    assert_int_equal(matter_fold(&w->view, NULL, NULL, 0, 0, &a, &s, &d), ERR_INPUT);
    w->records[1].channel = TEXT("cert.south.example/to/cert.north.example/drill/1");
    assert_int_equal(matter_fold(&w->view, NULL, NULL, 0, 0, &a, &s, &d), ERR_INPUT);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
        cmocka_unit_test(a_verdict_on_a_message_does_not_change_as_the_cut_grows),
        cmocka_unit_test(the_order_of_the_parties_does_not_matter),
        cmocka_unit_test(closed_messages_are_counted),
        cmocka_unit_test(names_of_another_pair_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

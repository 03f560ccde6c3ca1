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

/* ---- a case folded by itself, from what it rests on */

static bool rests_on(const struct message_verdict *m, struct text matter) {
    struct text own = m->statement->head->matter;
    return text_equal(own, matter) || m->kind == KIND_UNREADABLE || m->kind == KIND_PROPOSAL || m->kind == KIND_REPLY;
}

static void add_to_part(struct arena *a, struct matter_part *part, const struct matter_state *whole,
                        struct text matter) {
    for (unsigned p = 0; p < 2; p++) {
        const struct entry_chain *from = &whole->channel.chains[p];
        struct entry_verdict *entries = ARENA_ARRAY(a, struct entry_verdict, from->count);
        const struct statement **statements = ARENA_ARRAY(a, const struct statement *, from->count);
        instant *delivered = ARENA_ARRAY(a, instant, from->count);
        struct text *erased = ARENA_ARRAY(a, struct text, from->count);
        uint64_t count = 0;
        for (size_t i = 0; i < whole->message_count; i++) {
            const struct message_verdict *m = &whole->messages[i];
            if (m->entry->party != p || m->entry->position == POSITION_NONE || !rests_on(m, matter)) continue;
            entries[count] = *m->entry;
            statements[count] = m->statement;
            delivered[count++] = m->delivered;
        }
        for (uint64_t i = 0; i < from->count; i++)
            for (size_t n = 0; n < from->entries[i].erased_count; n++)
                erased[part->erased[p].count++] = from->entries[i].erased[n];
        part->chains[p] = (struct entry_chain){entries, count, from->places};
        part->statements[p] = statements;
        part->delivered[p] = delivered;
        part->erased[p].at = erased;
    }
}

static void a_case_folded_by_itself_is_the_same(void **state) {
    (void)state;
    size_t cases = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct world *w = any_world(&a, seed);
        struct matter_state whole = fold(w, &w->view, NULL, w->statements), alone;
        for (size_t i = 0; i < whole.matter_count; i++, cases++) {
            struct matter_part part = {.view = &w->view};
            add_to_part(&a, &part, &whole, whole.matters[i].name);
            matter_fold_part(&part, whole.as_of, &a, &alone);
            const struct matter *m = matter_find(&alone, whole.matters[i].name);
            assert_non_null(m);
            json_t *left = matter_json_case(&whole, &whole.matters[i]), *right = matter_json_case(&alone, m);
            assert_true(json_equal(left, right));
            json_decref(left);
            json_decref(right);
        }
        arena_free(&a);
    }
    assert_true(cases > WORLDS);
}

/* What of a state depends on the as-of time follows from the state at any other. */
static void another_time_follows_from_any(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct world *w = any_world(&a, seed);
        struct matter_state now = fold(w, &w->view, NULL, w->statements), then;
        instant as_of = (instant) throw(&w->die, STEPS) * INSTANT_HOUR;
        assert_int_equal(matter_fold(&w->view, NULL, w->statements, w->statement_count, as_of, &a, &then, NULL), OK);
        for (size_t i = 0; i < now.matter_count; i++) {
            const struct matter *m = &now.matters[i], *other = &then.matters[i];
            bool lapsed = deadline_lapsed(&m->acknowledge, as_of);
            if (m->opening->kind == KIND_PROPOSAL) {
                assert_int_equal(proposal_word_at(&m->proposal, as_of), other->proposal.word);
                continue;
            }
            for (size_t s = 0; s < m->sheet_count; s++) lapsed |= deadline_lapsed(&m->sheets[s].deadline, as_of);
            assert_int_equal(lapsed, other->lapsed);
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
        cmocka_unit_test(a_case_folded_by_itself_is_the_same),
        cmocka_unit_test(another_time_follows_from_any),
        cmocka_unit_test(a_verdict_on_a_message_does_not_change_as_the_cut_grows),
        cmocka_unit_test(the_order_of_the_parties_does_not_matter),
        cmocka_unit_test(closed_messages_are_counted),
        cmocka_unit_test(names_of_another_pair_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

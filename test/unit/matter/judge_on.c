/* Whoever goes on with the verdicts on a channel, in parts of any size, has those on the whole. */
#include "unit.h"

#include "record/judge_on.h"
#include "world.h"

enum { WORLDS = 80, STEPS = 200 };

struct going {
    struct world *world;
    struct judging judging;
    struct judged_card cards[2][WORLD_ENTRIES_MAX];
    struct entry_verdict entries[2][WORLD_ENTRIES_MAX];
};

static bool attached(void *state, unsigned party, struct text name) {
    const struct going *g = state;
    for (uint64_t i = 0; i < g->judging.before[party].done; i++) {
        const struct entry_verdict *e = &g->entries[party][i];
        if (!e->void_for && names_have(e->leaf->attachments, name)) return true;
    }
    return false;
}

static void drop(struct going *g, const struct dropped_key *k) {
    for (uint64_t i = 0; i < g->judging.before[1 - k->party].done; i++) {
        struct entry_verdict *e = &g->entries[1 - k->party][i];
        size_t kept = 0;
        for (size_t r = 0; r < e->receipt_count; r++)
            if (e->receipts[r].size <= k->seen || !text_equal(e->receipts[r].key, k->key))
                e->receipts[kept++] = e->receipts[r];
        e->receipt_count = kept;
    }
}

static void go_on(struct going *g) {
    struct judged_more more;
    struct world *w = g->world;
    for (unsigned p = 0; p < 2; p++) {
        uint64_t done = g->judging.before[p].done, left = w->records[p].count - done;
        g->judging.before[p].cards = g->cards[p];
        g->judging.leaves[p] = (struct more_leaves){.at = w->leaves[p] + done,
                                                    .count = throw(&w->die, left + 1),
                                                    .held = w->records[p].count,
                                                    .end = UINT64_MAX};
    }
    judge_on(&g->judging, w->arena, &more);
    for (size_t i = 0; i < more.dropped_count; i++) drop(g, &more.dropped[i]);
    for (unsigned p = 0; p < 2; p++) {
        struct judged_side *side = &g->judging.before[p];
        for (uint64_t i = 0; i < more.chains[p].count; i++) {
            const struct entry_verdict *e = &more.chains[p].entries[i];
            g->entries[p][side->done++] = *e;
            side->seen = e->seen;
            if (e->card_takes_effect)
                g->cards[p][side->card_count++] = (struct judged_card){e->position, e->seen, e->card_after};
        }
    }
}

static void assert_same(const struct entry_verdict *a, const struct entry_verdict *b) {
    assert_int_equal(a->position, b->position);
    assert_int_equal(a->void_for, b->void_for);
    assert_int_equal(a->seen, b->seen);
    assert_ptr_equal(a->card, b->card);
    assert_ptr_equal(a->card_after, b->card_after);
    assert_int_equal(a->erased_count, b->erased_count);
    assert_int_equal(a->receipt_count, b->receipt_count);
    for (size_t i = 0; i < a->receipt_count; i++) {
        assert_int_equal(a->receipts[i].size, b->receipts[i].size);
        assert_int_equal(a->receipts[i].stamp, b->receipts[i].stamp);
    }
}

static void verdicts_in_parts_are_those_on_the_whole(void **state) {
    (void)state;
    size_t compared = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct world *w = world_new(&a, (struct die){.seed = seed});
        struct channel_verdict whole;
        struct going *g = ARENA_NEW(&a, struct going);
        *g = (struct going){.world = w, .judging = {.attached = attached, .state = g}};
        for (size_t i = 0; i < STEPS; i++) world_step(w);
        assert_int_equal(channel_judge(&w->view, NULL, &a, &whole, NULL), OK);
        for (size_t i = 0; i < STEPS; i++) go_on(g);
        for (unsigned p = 0; p < 2; p++) {
            assert_int_equal(g->judging.before[p].done, whole.chains[p].count);
            for (uint64_t i = 0; i < whole.chains[p].count; i++, compared++)
                assert_same(&g->entries[p][i], &whole.chains[p].entries[i]);
        }
        arena_free(&a);
    }
    assert_true(compared > WORLDS * STEPS / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(verdicts_in_parts_are_those_on_the_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

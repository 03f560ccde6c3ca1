/* What could be said next, by the rules, is what the fold then counts: every kind, either side, in any case. */
#include "unit.h"

#include "matter/possible.h"
#include "world.h"

enum { WORLDS = 12, STEPS = 60, CANDIDATES_MAX = 4 * STEPS };

/* A message of that kind and meaning at the end of the party's record, which has seen and read all. */
static enum void_reason say_it(struct world *w, unsigned party, struct text matter, enum kind kind,
                               const struct meaning *meaning) {
    struct matter_state s;
    struct arena a = {0};
    uint64_t mine = w->records[party].count, theirs = w->records[1 - party].count;
    const struct head head = {.record = w->records[party].origin,
                              .id = TEXT("last"),
                              .own = mine,
                              .read = theirs,
                              .kind = text_of(kind_rules[kind].name),
                              .matter = matter,
                              .from = arena_format(&a, "%s/incident", world_parties[party]),
                              .by = TEXT("officer"),
                              .to = text_of(world_parties[1 - party]),
                              .tlp = TEXT("RED")};
    struct text keys[] = {world_key(w, party, "officer", 0), world_key(w, party, "officer", 1)};
    w->leaves[party][mine] = (struct leaf){
        .time = (instant)(w->step + 1) * INSTANT_HOUR, .seen = {theirs, true}, .has_message = true, .blob_ok = true};
    w->statements[w->statement_count] = (struct statement){.party = party,
                                                           .index = mine,
                                                           .head = &head,
                                                           .identity = sha256_of(bytes_from_text(head.id)),
                                                           .signatures = {keys, COUNT(keys)},
                                                           .meaning = *meaning};
    w->records[party].count++;
    assert_int_equal(matter_fold(&w->view, NULL, w->statements, w->statement_count + 1, 0, &a, &s, NULL), OK);
    w->records[party].count--;
    enum void_reason why = VOID_COUNT;
    for (size_t i = 0; i < s.message_count; i++)
        if (text_is(s.messages[i].statement->head->id, "last")) why = s.messages[i].why;
    assert_int_not_equal(why, VOID_COUNT);
    arena_free(&a);
    return why;
}

/* All that a message may name: every sheet, every text, every message. */
static size_t candidates(const struct world *w, struct text matter, struct meaning *out) {
    size_t count = 0;
    const struct text sheets[] = {TEXT("sheet-0"), TEXT("sheet-1")}, texts[] = {TEXT("text-0"), TEXT("text-1")};
    for (size_t i = 0; i < 2; i++) {
        out[count] = (struct meaning)MEANING_EMPTY;
        out[count].sheet = sheets[i];
        out[count++].text = texts[i];
    }
    for (size_t i = 0; i < w->statement_count; i++) {
        if (!text_equal(w->statements[i].head->matter, matter)) continue;
        out[count] = (struct meaning)MEANING_EMPTY;
        out[count].reply = REPLY_ACCEPT;
        out[count++].to = w->statements[i].head->id;
    }
    return count;
}

static bool lies_in_the_case(enum void_reason why) {
    return why == VOID_NONE || why == VOID_NOT_TO_SAY || why == VOID_SECOND_OPENING || why == VOID_NOTHING_BEFORE ||
           why == VOID_CASE;
}

/* Of all that a message of the kind may name the best: whether it counts, and else why not. */
static enum void_reason best_of(struct world *w, unsigned party, struct text matter, enum kind kind) {
    struct meaning all[CANDIDATES_MAX];
    enum void_reason why = VOID_NONE;
    size_t count = candidates(w, matter, all);
    for (size_t i = 0; i < count; i++) {
        why = say_it(w, party, matter, kind, &all[i]);
        if (why == VOID_NONE) return why;
    }
    return why;
}

static void what_could_be_said_is_what_would_count(void **state) {
    (void)state;
    size_t counted[KIND_COUNT] = {0}, refused[KIND_COUNT] = {0};
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct arena a = {0};
        struct matter_state s;
        struct world *w = world_new(&a, (struct die){.seed = seed});
        for (size_t i = 0; i < STEPS; i++) world_step(w);
        assert_int_equal(matter_fold(&w->view, NULL, w->statements, w->statement_count, 0, &a, &s, NULL), OK);
        for (size_t i = 0; i < 2 * s.matter_count; i++) {
            const struct matter *m = &s.matters[i / 2];
            unsigned party = i % 2;
            enum void_reason why[KIND_COUNT];
            matter_ask(&s, m, party, &a, why);
            for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
                enum void_reason then = best_of(w, party, m->name, kind);
                if (!lies_in_the_case(then)) continue;
                if (then != why[kind])
                    print_error("seed %llu, %.*s, party %u, %s: %d, then %d\n", (unsigned long long)seed,
                                TEXT_ARG(m->name), party, kind_rules[kind].name, why[kind], then);
                assert_int_equal(then, why[kind]);
                ++*(then ? &refused[kind] : &counted[kind]);
            }
        }
        arena_free(&a);
    }
    /* Each kind came up both ways, but for those that a case can't hold. */
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        bool in_case = kind_rules[kind].belongs && !kind_rules[kind].opens;
        bool by_all = kind_rules[kind].sender == EITHER;
        assert_true(!in_case || counted[kind] > 0);
        assert_true(refused[kind] > 0 || (in_case && by_all));
    }
}

static void the_set_says_the_same(void **state) {
    (void)state;
    struct arena a = {0};
    struct matter_state s;
    struct world *w = world_new(&a, (struct die){.seed = 7});
    for (size_t i = 0; i < STEPS; i++) world_step(w);
    assert_int_equal(matter_fold(&w->view, NULL, w->statements, w->statement_count, 0, &a, &s, NULL), OK);
    assert_true(s.matter_count > 0);
    enum void_reason why[KIND_COUNT];
    matter_ask(&s, &s.matters[0], 0, &a, why);
    uint64_t set = matter_possible(&s, &s.matters[0], 0, &a);
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        assert_int_equal(!!(set & KIND_BIT(kind)), why[kind] == VOID_NONE);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_be_said_is_what_would_count),
        cmocka_unit_test(the_set_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

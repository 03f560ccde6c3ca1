/* A review of any two records, whoever lies: its numbers add up, and neither side's name or order moves them. */
#include "desk/review.h"
#include "unit.h"

#include "../matter/world.h"

enum { WORLDS = 200, STEPS = 120 };

static struct review review_world(const struct world *w, const struct channel_view *v,
                                  const struct statement *statements, struct matter_state *s) {
    struct review r;
    instant as_of = (instant)w->step * INSTANT_HOUR;
    assert_int_equal(matter_fold(v, NULL, statements, w->statement_count, as_of, w->arena, s, NULL), OK);
    review_of(s, w->arena, &r);
    return r;
}

static struct world *any_world(struct arena *a, uint64_t seed) {
    struct world *w = world_new(a, (struct die){.seed = seed});
    for (size_t i = 0; i < STEPS; i++) world_step(w);
    return w;
}

static void deadlines_add_up(const struct review_due *d) {
    uint64_t met_late = d->count - d->met - d->open;
    assert_int_equal(met_late, d->lapsed);
    for (size_t i = 1; i < d->taken.count; i++) assert_true(d->taken.at[i - 1] <= d->taken.at[i]);
}

static void numbers_add_up(void **state) {
    (void)state;
    uint64_t answered = 0, unreceipted = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct matter_state s;
        struct world *w = any_world(&a, seed);
        struct review r = review_world(w, &w->view, w->statements, &s);
        uint64_t counted = 0;
        for (size_t i = 0; i < s.message_count; i++) counted += !s.messages[i].why;
        assert_int_equal(r.by[0].messages + r.by[1].messages, counted);
        for (unsigned p = 0; p < 2; p++) {
            const struct review_party *by = &r.by[p];
            uint64_t words = 0;
            for (size_t f = 0; f < FINDING_COUNT; f++) words += by->findings[f];
            assert_int_equal(words, by->answered);
            assert_true(by->answered <= by->facts && by->covered <= by->answered);
            assert_int_equal(by->receipts.count + by->unreceipted, r.by[1 - p].messages);
            assert_int_equal(by->unreceipted > 0, by->unreceipted_since != INSTANT_NONE);
            deadlines_add_up(&by->acknowledge);
            deadlines_add_up(&by->answer);
            answered += by->answered;
            unreceipted += by->unreceipted;
        }
        arena_free(&a);
    }
    assert_true(answered && unreceipted); /* the worlds hold what is to be counted */
}

static void the_order_of_the_parties_does_not_matter(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct arena a = {0};
        struct matter_state straight, turned;
        struct world *w = any_world(&a, seed);
        struct channel_view v = {{w->view.parties[1], w->view.parties[0]}};
        struct statement *statements = ARENA_ARRAY(&a, struct statement, w->statement_count);
        for (size_t i = 0; i < w->statement_count; i++) {
            statements[i] = w->statements[i];
            statements[i].party = 1 - statements[i].party;
        }
        struct review one = review_world(w, &w->view, w->statements, &straight);
        struct review other = review_world(w, &v, statements, &turned);
        json_t *left = review_json(&one), *right = review_json(&other);
        assert_true(json_equal(left, right));
        json_decref(left);
        json_decref(right);
        arena_free(&a);
    }
}

/* Three answers to one fact: refuted, confirmed, confirmed again: one word was taken back.  The first word came late,
 * and the whole answer in time. */
static void late_words_and_other_words_are_counted(void **state) {
    (void)state;
    struct row_finding rows[3] = {{0, FINDING_REFUTED}, {0, FINDING_CONFIRMED}, {0, FINDING_CONFIRMED}};
    struct statement answers[3];
    struct message_verdict said[3], claim = {.kind = KIND_CLAIM, .delivered = 0};
    const struct message_verdict *list[3];
    struct leaf leaf = {.time = 0};
    struct entry_verdict entry = {.leaf = &leaf};
    for (int i = 0; i < 3; i++) {
        answers[i] = (struct statement){.party = 1, .meaning = MEANING_EMPTY};
        answers[i].meaning.sheet = TEXT("sheet");
        answers[i].meaning.findings = &rows[i];
        answers[i].meaning.finding_count = 1;
        said[i] = (struct message_verdict){
            .statement = &answers[i], .entry = &entry, .kind = KIND_ANSWER, .delivered = INSTANT_NONE};
        list[i] = &said[i];
    }
    struct statement opening = {.party = 0, .meaning = MEANING_EMPTY};
    opening.meaning.sheet = TEXT("sheet");
    opening.meaning.rows = 1;
    claim.statement = &opening;
    struct deadline late = {.due = INSTANT_HOUR, .met = 2 * INSTANT_HOUR, .lapsed = true};
    struct deadline in_time = {.due = 9 * INSTANT_HOUR, .met = 3 * INSTANT_HOUR};
    struct sheet_state sheet = {&claim, {STANDING_CORROBORATED, &rows[2], 1, 0}, in_time};
    struct matter m = {
        .opening = &claim, .acknowledge = late, .sheets = &sheet, .sheet_count = 1, .said = {{NULL, 0}, {list, 3}}};
    struct matter_state s = {.matters = &m, .matter_count = 1};
    struct arena a = {0};
    struct review r;
    review_of(&s, &a, &r);
    assert_int_equal(r.by[1].reversals, 1);
    assert_int_equal(r.by[1].findings[FINDING_CONFIRMED], 1);
    assert_int_equal(r.by[1].covered, 1);
    assert_int_equal(r.by[1].acknowledge.lapsed, 1);
    assert_int_equal(r.by[1].acknowledge.met, 0);
    assert_int_equal(r.by[1].answer.met, 1);
    assert_int_equal(r.by[1].answer.lapsed, 0);
    assert_int_equal(spread_percentile(&r.by[1].answer.taken, 50), 3 * INSTANT_HOUR);
    assert_int_equal(r.by[0].facts, 0);
    arena_free(&a);
}

static void percentiles_are_of_the_nearest_rank(void **state) {
    (void)state;
    int64_t lengths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct spread s = {lengths, 10, 10};
    assert_int_equal(spread_percentile(&s, 50), 5);
    assert_int_equal(spread_percentile(&s, 90), 9);
    assert_int_equal(spread_percentile(&s, 100), 10);
    s.count = 1;
    assert_int_equal(spread_percentile(&s, 50), 1);
    s.count = 0;
    assert_int_equal(spread_percentile(&s, 50), 0);
}

/* Each element that a page opens it closes, whatever stands in the records; and nothing is fetched from anywhere. */
static void the_page_is_whole(void **state) {
    (void)state;
    static const char *const elements[] = {"table", "tr",   "td", "svg", "figure", "g",
                                           "title", "text", "h1", "h2",  "p",      "html"};
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct arena a = {0};
        struct matter_state s;
        struct world *w = any_world(&a, seed);
        struct review r = review_world(w, &w->view, w->statements, &s);
        struct buf page = {.max = 16 << 20};
        review_html(&r, &page);
        assert_int_equal(buf_check(&page, NULL), OK);
        for (size_t i = 0; i < COUNT(elements); i++) {
            size_t opened = 0, closed = 0;
            struct text opening = arena_format(&a, "<%s", elements[i]), end = arena_format(&a, "</%s>", elements[i]);
            for (struct text rest = buf_as_text(&page); rest.size; rest = text_sub(rest, 1, rest.size)) {
                bool whole = rest.size > opening.size && (rest.at[opening.size] == '>' || rest.at[opening.size] == ' ');
                opened += whole && text_starts(rest, opening);
                closed += text_starts(rest, end);
            }
            assert_int_equal(opened, closed);
        }
        assert_true(text_search(buf_as_text(&page), TEXT("http://")) == SIZE_MAX);
        assert_true(text_search(buf_as_text(&page), TEXT("\"nan")) == SIZE_MAX);
        buf_free(&page);
        arena_free(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_add_up),
        cmocka_unit_test(the_order_of_the_parties_does_not_matter),
        cmocka_unit_test(late_words_and_other_words_are_counted),
        cmocka_unit_test(percentiles_are_of_the_nearest_rank),
        cmocka_unit_test(the_page_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

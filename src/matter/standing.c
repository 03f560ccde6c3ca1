/* Standing: what one party's findings on a sheet add up to. */
#include "matter/fold.h"

#include <stdlib.h>

struct given { /* one finding, as it came */
    struct row_finding finding;
    size_t order;
    const struct entry_verdict *answer;
};

struct sum { /* of the rows up to and including one */
    bool support, against;
    const struct entry_verdict *last; /* the answer with which all of them had a finding */
};

struct findings {
    struct given *given; /* by answer, later by row and order */
    size_t given_count, room;
    struct row_finding *rows; /* by row: the last word to each */
    struct sum *sums;
    size_t count;
};

static void collect_answer(struct map *sheets, const struct message_verdict *answer) {
    const struct meaning *m = &answer->statement->meaning;
    struct findings **place = (struct findings **)map_put(sheets, m->sheet);
    if (!*place) *place = ARENA_NEW(sheets->arena, struct findings);
    struct findings *all = *place;
    for (size_t i = 0; i < m->finding_count; i++) {
        all->given = arena_grow(sheets->arena, all->given, all->given_count, &all->room, sizeof *all->given);
        all->given[all->given_count] =
            (struct given){.finding = m->findings[i], .order = all->given_count, .answer = answer->entry};
        all->given_count++;
    }
}

static int by_row_and_order(const void *left, const void *right) {
    const struct given *a = left, *b = right;
    if (a->finding.row != b->finding.row) return a->finding.row < b->finding.row ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static struct sum sum_with(struct sum s, const struct given *first, enum finding_word last_word) {
    enum finding_class class = finding_class_of(last_word);
    s.support |= class == FINDING_SUPPORTS;
    s.against |= class == FINDING_AGAINST;
    if (!s.last || first->answer->position > s.last->position) s.last = first->answer;
    return s;
}

/* "The last answer to a row wins"; the first says from when the row had a finding. */
static void sum_up(struct findings *all, struct arena *a) {
    qsort(all->given, all->given_count, sizeof *all->given, by_row_and_order);
    all->rows = ARENA_ARRAY(a, struct row_finding, all->given_count);
    all->sums = ARENA_ARRAY(a, struct sum, all->given_count);
    struct sum sum = {0};
    for (size_t first = 0, next; first < all->given_count; first = next) {
        uint64_t row = all->given[first].finding.row;
        for (next = first + 1; next < all->given_count && all->given[next].finding.row == row;) next++;
        all->rows[all->count] = all->given[next - 1].finding;
        sum = sum_with(sum, &all->given[first], all->rows[all->count].word);
        all->sums[all->count++] = sum;
    }
}

struct map findings_collect(const struct side *answerer, struct arena *a) {
    struct map sheets = {.arena = a};
    for (size_t i = 0; i < answerer->count; i++)
        if (answerer->said[i]->kind == KIND_ANSWER) collect_answer(&sheets, answerer->said[i]);
    void **all = ARENA_ARRAY(a, void *, sheets.count);
    map_list(&sheets, NULL, all);
    for (size_t i = 0; i < sheets.count; i++)
        if (((struct findings *)all[i])->given_count) sum_up(all[i], a);
    return sheets;
}

/* Rows that the sheet lacks are passed over. */
static size_t count_within(const struct findings *all, uint64_t rows) {
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->rows[middle].row < rows)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* "None answered → unanswered; some → partial; else support only → corroborated; against only → disputed; both → mixed;
 * silent only → open": silent findings beside support or against change nothing. */
struct standing findings_standing(const struct findings *all, uint64_t rows) {
    static const enum standing_word whole[2][2] = {{STANDING_OPEN, STANDING_DISPUTED},
                                                   {STANDING_CORROBORATED, STANDING_MIXED}};
    struct standing s = {.word = STANDING_UNANSWERED, .complete = INSTANT_NONE};
    s.answered = all ? count_within(all, rows) : 0;
    if (!s.answered) return s;
    s.findings = all->rows;
    s.word = STANDING_PARTIAL;
    if (s.answered < rows) return s;
    const struct sum *sum = &all->sums[s.answered - 1];
    s.word = whole[sum->support][sum->against];
    s.complete = sum->last->leaf->time; /* "an answer is dated by its entry's `time`" */
    return s;
}

/* From a state to what each party did. */
#include "desk/review.h"

#include <stdlib.h>

static void spread_add(struct spread *s, instant from, instant to, struct arena *a) {
    if (from == INSTANT_NONE || to == INSTANT_NONE) return;
    s->at = arena_grow(a, s->at, s->count, &s->room, sizeof *s->at);
    s->at[s->count++] = to > from ? to - from : 0; /* clocks differ: what was done before it came took no time */
}

static int compare_lengths(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void spread_sort(struct spread *s) {
    if (s->count) qsort(s->at, s->count, sizeof *s->at, compare_lengths);
}

int64_t spread_percentile(const struct spread *s, unsigned percent) {
    if (!s->count) return 0;
    size_t rank = (s->count * percent + 99) / 100;
    return s->at[rank ? rank - 1 : 0];
}

static void count_deadline(struct review_due *due, const struct deadline *d, instant delivered, struct arena *a) {
    spread_add(&due->taken, delivered, d->met, a);
    if (d->due == INSTANT_NONE) return;
    due->count++;
    due->lapsed += d->lapsed;
    if (d->met != INSTANT_NONE)
        due->met += !d->lapsed;
    else
        due->open += !d->lapsed;
}

/* ---- findings */

struct word_given { /* one word of one answer */
    uint64_t row;
    size_t order;
    enum finding_word word;
};

static int by_row_and_order(const void *left, const void *right) {
    const struct word_given *a = left, *b = right;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* "The last answer to a row wins": each word that is not the one before it is a reversal. */
static uint64_t reversals(const struct matter *m, const struct meaning *sheet, struct arena *a) {
    const struct said_by *said = &m->said[1 - m->opener];
    struct word_given *given = NULL;
    size_t count = 0, room = 0;
    uint64_t reversed = 0;
    for (size_t i = 0; i < said->count; i++) {
        const struct meaning *w = &said->at[i]->statement->meaning;
        if (said->at[i]->kind != KIND_ANSWER || !text_equal(w->sheet, sheet->sheet)) continue;
        for (size_t k = 0; k < w->finding_count; k++) {
            if (w->findings[k].row >= sheet->rows) continue;
            given = arena_grow(a, given, count, &room, sizeof *given);
            given[count] = (struct word_given){w->findings[k].row, count, w->findings[k].word};
            count++;
        }
    }
    if (count) qsort(given, count, sizeof *given, by_row_and_order);
    for (size_t i = 1; i < count; i++)
        reversed += given[i].row == given[i - 1].row && given[i].word != given[i - 1].word;
    return reversed;
}

/* ---- cases */

static void review_sheet(struct review_party *p, const struct matter *m, const struct sheet_state *s, struct arena *a) {
    const struct meaning *sheet = &s->message->statement->meaning;
    p->sheets = arena_grow(a, p->sheets, p->sheet_count, &p->sheet_room, sizeof *p->sheets);
    p->sheets[p->sheet_count++] = (struct review_sheet){m, s};
    count_deadline(&p->answer, &s->deadline, s->message->delivered, a);
    if (s->message->kind == KIND_INQUIRY) return;
    p->facts += sheet->rows;
    p->answered += s->standing.answered;
    for (size_t i = 0; i < s->standing.answered; i++) {
        enum finding_word w = s->standing.findings[i].word;
        p->findings[w]++;
        p->covered += w != FINDING_NO_RECORDS && w != FINDING_NOT_OURS && w != FINDING_INSUFFICIENT;
    }
    p->reversals += reversals(m, sheet, a);
}

static void review_offer(struct review_party *opener, const struct matter *m) {
    opener->offers++;
    opener->offers_accepted += m->proposal.word == PROPOSAL_ACCEPTED;
    opener->offers_declined += m->proposal.word == PROPOSAL_DECLINED;
    opener->offers_open += m->proposal.word == PROPOSAL_OFFERED || m->proposal.word == PROPOSAL_COUNTERED;
}

static void review_matter(struct review *r, const struct matter *m, struct arena *a) {
    struct review_party *opener = &r->by[m->opener], *answerer = &r->by[1 - m->opener];
    opener->consulted += m->state.joint != STATE_NONE;
    opener->settled += m->settled_count > 0;
    if (m->opening->kind == KIND_PROPOSAL) {
        review_offer(opener, m);
        return;
    }
    answerer->inquiries += m->opening->kind == KIND_INQUIRY;
    answerer->claims += m->opening->kind == KIND_CLAIM;
    answerer->inadmissible += m->inadmissible;
    answerer->declined += m->state.answerer == STATE_DECLINED;
    answerer->transferred += m->state.answerer == STATE_TRANSFERRED;
    count_deadline(&answerer->acknowledge, &m->acknowledge, m->opening->delivered, a);
    for (size_t i = 0; i < m->sheet_count; i++) review_sheet(answerer, m, &m->sheets[i], a);
}

/* ---- messages */

static void review_message(struct review *r, const struct message_verdict *m, struct arena *a) {
    struct review_party *by = &r->by[m->statement->party], *to = &r->by[1 - m->statement->party];
    if (m->why) return;
    by->messages++;
    by->corrected += m->kind == KIND_CORRECT;
    by->withdrawn += m->kind == KIND_WITHDRAW;
    by->reopened += m->kind == KIND_REOPEN;
    by->unreadable += m->kind == KIND_UNREADABLE;
    spread_add(&to->receipts, m->entry->leaf->time, m->delivered, a);
    if (m->delivered != INSTANT_NONE) return;
    to->unreceipted++;
    if (to->unreceipted_since == INSTANT_NONE || m->entry->leaf->time < to->unreceipted_since)
        to->unreceipted_since = m->entry->leaf->time;
}

static int by_delivery(const void *left, const void *right) {
    const struct review_sheet *a = left, *b = right;
    instant x = a->state->message->delivered, y = b->state->message->delivered;
    if (x != y) return x < y ? -1 : 1;
    int names = text_compare(a->matter->name, b->matter->name);
    return names ? names : (a->state > b->state) - (a->state < b->state);
}

void review_of(const struct matter_state *s, struct arena *a, struct review *out) {
    *out = (struct review){.state = s};
    for (unsigned p = 0; p < 2; p++) out->by[p].unreceipted_since = INSTANT_NONE;
    for (size_t i = 0; i < s->message_count; i++) review_message(out, &s->messages[i], a);
    for (size_t i = 0; i < s->matter_count; i++) review_matter(out, &s->matters[i], a);
    for (size_t i = 0; i < s->channel.contradiction_count; i++)
        out->by[s->channel.contradictions[i]->party].contradictions++;
    for (unsigned p = 0; p < 2; p++) {
        struct review_party *by = &out->by[p];
        spread_sort(&by->receipts);
        spread_sort(&by->acknowledge.taken);
        spread_sort(&by->answer.taken);
        if (by->sheet_count) qsort(by->sheets, by->sheet_count, sizeof *by->sheets, by_delivery);
    }
}

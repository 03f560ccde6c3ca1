/* A review: how two parties have dealt with each other, in numbers that both compute alike.
 *
 * A pure function of a state: at the same cut and time both sides get the same numbers.  It weighs
 * nothing: to have no records is not to hide, and to be quick is not to be right.  What a party owes is measured from
 * delivery, never from the sender's word; only how long a receipt took begins at the sender's `time`. */
#ifndef PARLEY_DESK_REVIEW_H
#define PARLEY_DESK_REVIEW_H

#include "desk/talk.h"

struct spread { /* lengths of time, in microseconds, sorted */
    int64_t *at;
    size_t count, room;
};
/* The smallest length that at least `percent` of a hundred do not exceed (nearest rank); of an empty one 0. */
int64_t spread_percentile(const struct spread *s, unsigned percent);

struct review_due { /* deadlines of one kind */
    uint64_t count, met, lapsed, open;
    struct spread taken; /* from delivery, where it was done, with or without a deadline */
};

struct review_sheet { /* one thing that was to be answered: a sheet of a claim, or an inquiry */
    const struct matter *matter;
    const struct sheet_state *state;
};

struct review_party { /* what one party did, towards the other */
    /* what it was asked */
    uint64_t inquiries, claims, inadmissible;
    struct review_due acknowledge, answer;
    uint64_t declined, transferred;
    uint64_t facts, answered; /* rows of all sheets, and those with a finding */
    uint64_t findings[FINDING_COUNT];
    uint64_t covered;   /* findings that rest on records which cover the fact: all but the last three words */
    uint64_t reversals; /* a later answer gave a row another word */
    /* what it held */
    struct spread receipts; /* from the other side's `time` to delivery, one a message */
    uint64_t unreceipted;   /* messages of the other side without a receipt at this cut */
    instant unreceipted_since;
    uint64_t unreadable; /* messages of the other side that it declared unreadable */
    /* what it said */
    uint64_t messages, corrected, withdrawn, reopened;
    uint64_t offers, offers_accepted, offers_declined, offers_open; /* proposals that it made */
    uint64_t consulted, settled;                                    /* cases that it opened and that came so far */
    uint64_t contradictions;                                        /* false words about the other side's record */
    struct review_sheet *sheets;                                    /* that it was to answer, by delivery */
    size_t sheet_count, sheet_room;
};

struct review {
    const struct matter_state *state;
    struct review_party by[2]; /* by party */
};

void review_of(const struct matter_state *s, struct arena *a, struct review *out);

/* One table of what is measured, by which all three forms are written. */
enum measure_form { MEASURE_COUNT, MEASURE_SPREAD, MEASURE_TIME };
struct measure {
    const char *name;  /* of the member in JSON */
    const char *label; /* untranslated; a row with the label alone begins a group */
    enum measure_form form;
    size_t offset; /* in struct review_party */
};
extern const struct measure review_measures[];
extern const size_t review_measure_count;
/* In the reader's language. */
const char *measure_label(const struct measure *m);
uint64_t measure_count(const struct measure *m, const struct review_party *p);
const struct spread *measure_spread(const struct measure *m, const struct review_party *p);
/* What the cell of a table says; nothing for an empty spread or an unknown time. */
void measure_cell(const struct measure *m, const struct review_party *p, struct buf *out);

json_t *review_json(const struct review *r); /* the caller frees it */
void review_page(const struct review *r, struct buf *out);
/* A page for browsers, whole in one file: the same numbers in tables, and plots of them. */
void review_html(const struct review *r, struct buf *out);

#endif

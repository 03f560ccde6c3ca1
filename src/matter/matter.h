/* Cases: what two records say at a cut and an as-of time.
 *
 * A pure fold: equal leaves, statements, cut and time give an equal state, whoever computes it and in whatever order
 * entries arrived.  Nothing here does I/O, asks a clock or keeps anything.  Source: the design, sections 5 and 5.1.
 * Ownership: the state lives in the arena and points into view and statements.  Limits: O(n log n) in the entries,
 * messages, findings and lines of both records, whatever they say. */
#ifndef PARLEY_MATTER_MATTER_H
#define PARLEY_MATTER_MATTER_H

#include "matter/statement.h"
#include "record/judge.h"
#include "json/json.h"

/* The words of a case's sides.  A list of cases is sorted by the first, in this order, that holds of one of the three;
 * `sorts`: the word by which those sort that stand behind "raised". */
#define STATE_WORDS(X)                                                                                                 \
    X(STATE_SETTLED, N_("settled"), STATE_SETTLED)                                                                     \
    X(STATE_WITHDRAWN, N_("withdrawn"), STATE_WITHDRAWN)                                                               \
    X(STATE_CLOSED, N_("closed"), STATE_CLOSED)                                                                        \
    X(STATE_DECLINED, N_("declined"), STATE_DECLINED)                                                                  \
    X(STATE_ANSWERED, N_("answered"), STATE_ANSWERED)                                                                  \
    X(STATE_TRANSFERRED, N_("transferred"), STATE_TRANSFERRED)                                                         \
    X(STATE_IN_CONSULTATION, N_("in consultation"), STATE_IN_CONSULTATION)                                             \
    X(STATE_ACKNOWLEDGED, N_("acknowledged"), STATE_ACKNOWLEDGED)                                                      \
    X(STATE_RAISED, N_("raised"), STATE_RAISED)                                                                        \
    X(STATE_PARTIAL, N_("partial"), STATE_ACKNOWLEDGED)                                                                \
    X(STATE_CORRECTED, N_("corrected"), STATE_RAISED)                                                                  \
    X(STATE_SENT, N_("sent"), STATE_RAISED)                                                                            \
    X(STATE_DELIVERED, N_("delivered"), STATE_RAISED)                                                                  \
    X(STATE_NONE, N_("none"), STATE_RAISED)

#define STANDING_WORDS(X)                                                                                              \
    X(STANDING_UNANSWERED, N_("unanswered"))                                                                           \
    X(STANDING_PARTIAL, N_("partial"))                                                                                 \
    X(STANDING_CORROBORATED, N_("corroborated"))                                                                       \
    X(STANDING_DISPUTED, N_("disputed"))                                                                               \
    X(STANDING_MIXED, N_("mixed"))                                                                                     \
    X(STANDING_OPEN, N_("open"))

#define PROPOSAL_WORDS(X)                                                                                              \
    X(PROPOSAL_OFFERED, N_("offered"))                                                                                 \
    X(PROPOSAL_COUNTERED, N_("countered"))                                                                             \
    X(PROPOSAL_ACCEPTED, N_("accepted"))                                                                               \
    X(PROPOSAL_DECLINED, N_("declined"))                                                                               \
    X(PROPOSAL_LAPSED, N_("lapsed"))

#define X(code, ...) code,
enum state_word { STATE_WORDS(X) STATE_COUNT };
enum standing_word { STANDING_WORDS(X) STANDING_COUNT };
enum proposal_word { PROPOSAL_WORDS(X) PROPOSAL_COUNT };
#undef X

/* The words, untranslated: what `--json` prints. */
const char *state_word_text(enum state_word w);
const char *standing_word_text(enum standing_word w);
const char *proposal_word_text(enum proposal_word w);

struct message_verdict {
    const struct statement *statement;
    const struct entry_verdict *entry;
    enum void_reason why;                /* why it does not count */
    enum kind kind;                      /* KIND_COUNT: of no kind that this version knows */
    enum tlp tlp;                        /* of a message that counts: stated or inherited */
    uint64_t read;                       /* the first position of theirs that its author had not opened */
    instant delivered;                   /* of a message that counts and of a resend; INSTANT_NONE: not delivered */
    bool unopened;                       /* its last copy was declared unreadable */
    const struct entry_verdict **copies; /* later entries that resend it */
    size_t copy_count, copy_room;
};

struct deadline {
    instant due; /* INSTANT_NONE: none, or paused */
    instant met; /* INSTANT_NONE: not met */
    bool lapsed; /* a mark, never an agreement: met late, or not met by the as-of time */
    bool paused; /* by an `unreadable`, until a copy is delivered */
};
/* What alone of a deadline depends on the as-of time: it was met late, or is not met and past. */
static inline bool deadline_lapsed(const struct deadline *d, instant as_of) {
    return d->due != INSTANT_NONE && (d->met == INSTANT_NONE ? as_of : d->met) > d->due;
}

/* What one party's findings on a sheet add up to; to be shown as "by the findings of" that party. */
struct standing {
    enum standing_word word;
    const struct row_finding *findings; /* the last to each row, by row */
    size_t answered;                    /* rows with a finding */
    instant complete;                   /* `time` of the entry with which each row had one; INSTANT_NONE */
};

struct sheet_state {                       /* one sheet of a claim, or the question of an inquiry */
    const struct message_verdict *message; /* claim, correct or inquiry */
    struct standing standing;              /* of a sheet: by the answerer's findings */
    struct deadline deadline;
};

struct proposal_state {
    enum proposal_word word;
    struct text *accepted; /* ids of offers, in order */
    size_t accepted_count;
    instant no_reply_since; /* INSTANT_NONE: there was a reply */
    /* Of the offers that nobody answered: the first one, and those that counter it; and until when they hold, the
     * longest of the latter.  INSTANT_NONE: for ever. */
    bool first_open, counter_open;
    instant first_until, counter_until;
};
/* What alone of a proposal depends on the as-of time: its word. */
enum proposal_word proposal_word_at(const struct proposal_state *p, instant as_of);

struct said_by { /* what one party has said in a case and counts, in the order of its record */
    const struct message_verdict *const *at;
    size_t count;
};

struct matter {
    struct text name;
    unsigned opener; /* which of the parties; the other is the answerer */
    const struct message_verdict *opening;
    const struct message_verdict *terms; /* the offer whose terms are in force; NULL: no terms */
    enum tlp tlp;                        /* the most restricted level that a party last stated */
    struct {
        enum state_word opener, answerer, joint;
    } state;
    enum state_word sort;
    bool lapsed;                 /* a mark beside the state */
    bool inadmissible;           /* a claim without a fact */
    struct deadline acknowledge; /* inquiry, claim */
    struct sheet_state *sheets;  /* inquiry, claim */
    size_t sheet_count;
    struct proposal_state proposal; /* proposal */
    struct text *settled;           /* texts that both agreed to, in order */
    struct text *superseded;        /* those of them that minutes of another settled text replace */
    size_t settled_count, superseded_count;
    const struct message_verdict **links; /* the opener's, then the answerer's */
    size_t link_count;
    struct said_by said[2]; /* by party */
};

struct matter_state {
    struct channel_verdict channel; /* cuts, entries, contradictions */
    instant as_of;
    struct message_verdict *messages; /* by record and entry: first those judged, then those outside */
    size_t message_count;
    struct matter *matters; /* by name */
    size_t matter_count;
    uint64_t closed;                     /* entries that carry a message and were given no statement */
    const struct message_verdict *terms; /* the offer whose terms hold for what is opened next; NULL: no terms */
};

/* `cuts`: one a generation, or NULL for all that is held.  Statements in any order; those outside of the cut are passed
 * over.  ERR_INPUT as channel_judge, and where two entries have seen each other, which no two true roots can. */
enum error matter_fold(const struct channel_view *v, const struct cut *cuts, const struct statement *statements,
                       size_t count, instant as_of, struct arena *a, struct matter_state *out, struct diag *d) MUST_USE;

/* A part of a channel, with all that its cases rest on: for an index that folds in what is new.
 *
 * A message is judged by its own entry and by what was said before in its own case; beside that a case rests on the
 * `unreadable`s that name its entries, on the terms accepted before it was opened, on when its entries were delivered,
 * and on what was erased.  Whoever hands in a case with all of these gets the case that matter_fold gives for the whole
 * channel; of cases that are handed in in part, nothing is to be read.
 *
 * Chains hold the entries of the part alone, in order; their positions and what they have seen are those of the whole
 * channel, and so are the offsets of their places. */
struct matter_part {
    const struct channel_view *view; /* parties, channels and origins: its leaves are not looked at */
    struct entry_chain chains[2];
    const struct statement *const *statements[2]; /* one an entry; NULL: none */
    const instant *delivered[2];                  /* one an entry */
    struct names erased[2];                       /* attachments, by the party that erased them */
};
void matter_fold_part(const struct matter_part *p, instant as_of, struct arena *a, struct matter_state *out);

/* The case of that name, or NULL. */
const struct matter *matter_find(const struct matter_state *s, struct text name);

/* The whole state: cut, as_of, drill, entries, messages, cases, contradictions.  The caller frees it. */
json_t *matter_json(const struct matter_state *s);
/* One case, as it stands in `cases`. */
json_t *matter_json_case(const struct matter_state *s, const struct matter *m);
/* The whole state as a text, in the canonical form of RFC 8785. */
void matter_write_json(const struct matter_state *s, struct buf *out);

#endif

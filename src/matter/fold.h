/* Within matter/: what the fold knows while it goes through the messages, and what its parts ask of each other.
 *
 * Messages are judged in an order in which each comes after all that its entry has seen, so what a message can rest on
 * is known when it is judged.  What a party has said in a case is kept in the order of its record; "the first `read` of
 * theirs" is then the front of a list, found by halving. */
#ifndef PARLEY_MATTER_FOLD_H
#define PARLEY_MATTER_FOLD_H

#include "base/map.h"
#include "matter/matter.h"

/* What a party's messages in a case come to, up to and including one of them. */
struct progress {
    const struct message_verdict *end; /* its `withdraw` or `close` in force; NULL: none */
    enum tlp level;                    /* that it last stated, or consented to; TLP_NONE: never */
    bool asked, committed;             /* it has said `ask`, `commit` */
};

/* One party's counted messages in a case, and the first of them by what others may name: all to message_verdict. */
struct side {
    const struct message_verdict **said;
    struct progress *after; /* each of them */
    size_t count, said_room, after_room;
    struct map ids, offers, sheets, minutes;
};

struct thread { /* a case, while it is told */
    struct text name;
    const struct message_verdict *opening;
    struct side sides[2];
};

/* The acceptances of terms that stand in one party's record, in its order. */
struct acceptances {
    const struct message_verdict **at; /* `reply` */
    size_t count, room;
};

struct fold {
    struct arena *arena;
    const struct channel_verdict *channel;
    instant as_of;
    struct message_verdict **at[2];               /* by place in the chain; NULL: no message, or a closed one */
    struct map by_identity[2];                    /* SHA-256 of the text to the message_verdict that counts */
    struct map threads;                           /* name of a case to its thread */
    const struct message_verdict **complaints[2]; /* by place: the first `unreadable` that names that entry */
    const instant *delivered[2];                  /* by place */
    struct acceptances acceptances[2];
    struct map erased[2]; /* names of attachments that the party erased */
};

/* The place of an entry in its chain; of a whole channel's entries it is their position. */
static inline uint64_t fold_place(const struct fold *f, const struct entry_verdict *e) {
    return (uint64_t)(e - f->channel->chains[e->party].entries);
}
/* The first `unreadable` that counts and names the entry; NULL: none. */
static inline const struct message_verdict *fold_complaint(const struct fold *f, const struct entry_verdict *e) {
    return f->complaints[e->party][fold_place(f, e)];
}

/* ---- judge.c, thread.c: which messages count */

/* Why the message does not count, or VOID_NONE; fills kind, tlp and read, and notes a resend with its original. */
enum void_reason message_judge(struct fold *f, struct message_verdict *m);
/* Of these reasons those that lie in its kind and its case: who may say it, after what.  Fills kind. */
enum void_reason judge_in_case(const struct fold *f, struct message_verdict *m);
/* Makes a message that counts known to all that come after it. */
void fold_add(struct fold *f, struct message_verdict *m);
/* The position of the entry that an `unreadable` names; POSITION_NONE: beyond all numbers. */
uint64_t unreadable_position(const struct fold *f, const struct message_verdict *m);

/* What stands in a case before a message: all that its party said, and the first `read` of the other's. */
struct before {
    const struct message_verdict *opening; /* NULL: not before it */
    const struct side *mine, *theirs;
    uint64_t read;
    struct progress my, their;
};
struct before fold_before(const struct fold *f, const struct message_verdict *m);
/* How a party's side of a case stands up to a position that is not included. */
struct progress side_progress(const struct side *s, uint64_t end);
/* Whether what a kind must come after is there: "(… after what?)" of the table of kinds. */
bool before_holds(const struct before *b, const struct message_verdict *m);

/* ---- clock.c: delivery and deadlines */

/* Of two times the earlier; INSTANT_NONE is none. */
static inline instant earlier(instant a, instant b) {
    if (a == INSTANT_NONE || b == INSTANT_NONE) return a == INSTANT_NONE ? b : a;
    return a < b ? a : b;
}

void clock_deliver(struct fold *f);
instant fold_delivered(const struct fold *f, const struct entry_verdict *e);

struct clock {                              /* what bears on all deadlines of one case */
    bool running;                           /* the opener's side is neither withdrawn nor closed */
    const struct message_verdict *reopened; /* the opener's last `reopen`; NULL: none */
    uint64_t replied; /* position of the answerer's first reply of any kind that shows it could read; POSITION_NONE */
};
struct deadline clock_deadline(const struct fold *f, const struct clock *c, const struct message_verdict *m,
                               uint64_t hours, instant met);

/* ---- terms.c */

/* The first message with the id that a reply names. */
const struct message_verdict *reply_offer(const struct fold *f, const struct message_verdict *reply);
/* Past the `until` of the offer, by the `time` of the reply's entry. */
bool reply_too_late(const struct message_verdict *reply, const struct message_verdict *offer);
void terms_collect(struct fold *f);
/* The offer whose terms hold when all is said; NULL: none. */
const struct message_verdict *terms_now(const struct fold *f);
/* The offer whose terms hold for a case that this message opens; NULL: none. */
const struct message_verdict *terms_at(const struct fold *f, const struct message_verdict *opening);

/* ---- standing.c */

struct findings; /* all that the answers of a case say of one sheet */
/* By name of the sheet to struct findings. */
struct map findings_collect(const struct side *answerer, struct arena *a);
/* `all` may be NULL: no answer names the sheet. */
struct standing findings_standing(const struct findings *all, uint64_t rows);

/* ---- side.c: what moves the three words of a case */

enum state_side { SIDE_OPENER, SIDE_ANSWERER, SIDE_JOINT, SIDE_COUNT };
enum move_when { MOVE_ALWAYS, MOVE_NEVER, MOVE_IN_PART, MOVE_WHOLLY, MOVE_ACCEPTING, MOVE_DECLINING, MOVE_BOTH };
enum { STATE_MOVES = 16 };

struct state_move {
    enum state_side side;
    enum kind kind; /* KIND_COUNT: no message moves it, but delivery */
    enum move_when when;
    unsigned from;      /* a set of words: 1 << STATE_… */
    enum state_word to; /* STATE_NONE: the word that stood before the end */
};
/* One table, by which the fold goes and the manual's diagram is written. */
extern const struct state_move state_moves[STATE_MOVES];

/* ---- proposal.c, side.c, case.c: a case when all is said */

struct proposal_state proposal_judge(const struct fold *f, const struct thread *t);
void case_state(const struct fold *f, const struct thread *t, struct matter *m);
void case_fill(const struct fold *f, const struct thread *t, struct matter *m);

#endif

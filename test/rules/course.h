/* Courses: what two parties want to say, and every order in which it may come about.
 *
 * Each party has a list of steps.  An honest desk takes a step once it holds what the step replies to, says with it all
 * that it has seen, and records the last receipt that it holds.  Between the steps the records travel: all of one
 * record arrives at the other party, whose receipt comes back or is lost.  Times count entries, so that equal worlds
 * are met once, by whatever way.  A trick is one way in which one of the two parties does not keep to the rules. */
#ifndef PARLEY_TEST_RULES_COURSE_H
#define PARLEY_TEST_RULES_COURSE_H

#include "base/arena.h"
#include "matter/matter.h"

enum { COURSE_STEPS_MAX = 10, COURSE_ENTRIES_MAX = 24, COURSE_HOURS = 16 /* as of then all is judged */ };

enum trick {
    TRICK_NONE,
    /* of one step */
    TRICK_FALSE_SEEN,   /* a root that was never theirs */
    TRICK_OLD_SEEN,     /* as if it had seen nothing */
    TRICK_MALFORMED,    /* an entry that does not parse */
    TRICK_CLOCK_BEHIND, /* a time before everything */
    TRICK_CLOCK_AHEAD,  /* a time after everything */
    TRICK_FOREIGN,      /* a message for another record */
    TRICK_FORGED,       /* in the name of the other party */
    /* before one step */
    TRICK_REPLAY,    /* the message before it once more */
    TRICK_SECOND,    /* the case that it opened is opened again */
    TRICK_VOID_CARD, /* a card that is not the next */
    TRICK_DROP_KEY,  /* a card that drops the mirror key */
    TRICK_UNREADABLE,
    /* in all that it does */
    TRICK_STAMP_BEHIND,   /* receipts stamped before everything */
    TRICK_STAMP_AHEAD,    /* … after everything */
    TRICK_TWO_RECEIPTS,   /* two receipts for one size, with other stamps */
    TRICK_FALSE_RECEIPTS, /* records receipts that were never given */
    TRICK_COUNT
};
extern const char *const trick_names[TRICK_COUNT];

struct step {
    enum kind kind;
    const char *matter; /* "n1": North's case of that name */
    const char *needs;  /* the id of their step that it replies to; NULL: none */
    const char *sheet;
    unsigned rows;
    const char *words; /* a letter a row: c confirmed, r refuted, l relayed, s not seen, - none */
    const char *text;
    enum reply_word reply;
    unsigned hours; /* to answer, of terms offered; 0: none are */
};

struct course {
    const char *name;
    struct step steps[2][COURSE_STEPS_MAX]; /* North's, South's; ends with a step of no case */
};
extern const struct course courses[];
extern const size_t course_count;

struct play { /* a course with at most one trick */
    const struct course *course;
    enum trick trick;
    unsigned party; /* whose trick */
    size_t at;      /* at which of its steps */
    size_t steps;   /* so many of each party's are taken */
    struct arena *arena;
};

struct post { /* receipts that are on their way to who said it */
    struct leaf_receipt at[2];
    size_t count;
};

/* What both parties have made so far.  A copy is another world. */
struct course_world {
    const struct play *play;
    struct leaf leaves[2][COURSE_ENTRIES_MAX];
    struct statement statements[2 * COURSE_ENTRIES_MAX];
    size_t statement_count;
    uint64_t size[2], held[2]; /* entries: of one's own record, and of theirs as one holds it */
    struct post post[2];
    size_t done[2];
    bool tricked;
};

void course_begin(const struct play *p, struct course_world *out);

/* What may happen next; false: it can't be, or changes nothing. */
bool course_say(const struct course_world *w, unsigned party, struct course_world *out) MUST_USE;
/* So many entries of the other's record are held from then on; the receipt for them comes back, or is lost. */
bool course_arrive(const struct course_world *w, unsigned party, uint64_t size, bool lost,
                   struct course_world *out) MUST_USE;
/* An entry without a message: the node itself records a receipt that came, and what it has seen, where these cover
 * anything that was said; entries like this one it answers with silence, or two nodes would never have done. */
bool course_note(const struct course_world *w, unsigned party, struct course_world *out) MUST_USE;
/* Two worlds of one play with equal keys are equal. */
struct sha256 course_key(const struct course_world *w);

/* The state of those of the entries that somebody holds, at a cut or (NULL) at all of them; in the arena.  The
 * statements are given in their order or, `reversed`, the last first. */
struct matter_state course_state(const struct course_world *w, struct cut held, const struct cut *asked, bool reversed,
                                 struct arena *a);
/* As a vector of the rules with what it must give: one line of JSON. */
void course_write(const struct course_world *w, struct buf *out);

#endif

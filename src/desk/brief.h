/* Briefs: what lists show of a case, and nothing else of it.
 *
 * A brief is of all that is held, at any time: what depends on the as-of time is told when it is asked for.  Lists are
 * made of briefs whether these come from a talk or from an index, so both look the same. */
#ifndef PARLEY_DESK_BRIEF_H
#define PARLEY_DESK_BRIEF_H

#include "desk/case_view.h"
#include "desk/inbox.h"

struct case_brief {
    struct text name, title;
    struct text action;     /* that an inquiry asks for; empty: none */
    struct text numbers[2]; /* of the case in the files of each party; empty: not told */
    enum kind kind;         /* of its opening */
    unsigned opener;
    enum state_word words[3]; /* the opener's, the answerer's, the joint one */
    enum state_word sort;
    bool inadmissible;
    bool late;                   /* a deadline was met late */
    instant due;                 /* the first of those that are not met; INSTANT_NONE: none */
    instant opened;              /* the time of its opening */
    enum tlp tlp;                /* TLP_NONE: none was stated */
    uint64_t facts, answered;    /* of the last sheet, and those of them with a finding */
    enum standing_word standing; /* by these */
    bool accepted;
    struct proposal_state proposal; /* of a proposal: what proposal_word_at asks, no texts */
    struct wait_for waits[WAITS_MAX];
    size_t wait_count;
    uint64_t number; /* in an index */
};

/* Without title, action and numbers. */
struct case_brief brief_of(const struct matter *m);
/* Of all cases of a talk, with their titles, actions and numbers; in its arena. */
struct case_brief *brief_list(struct talk *t);
bool brief_lapsed(const struct case_brief *b, instant as_of);
/* "raised · partial · in consultation (a deadline lapsed)" */
void brief_state_line(const struct case_brief *b, instant as_of, struct buf *out);
/* The same from what is known of that time. */
void brief_state_words(const struct case_brief *b, enum proposal_word word, bool lapsed, struct buf *out);
/* The lines of a list of cases: kind, name, state, title. */
void brief_rows(struct case_brief *const *list, size_t count, instant as_of, struct buf *out);
/* As lists sort: by the word of the state, then by name. */
void brief_sort(struct case_brief **list, size_t count);

struct brief_wait {
    const struct case_brief *brief;
    const struct wait_for *wait;
};
/* What waits at a time: by deadline, those without one last, then by age.  `out` takes WAITS_MAX for each brief. */
size_t brief_waits(const struct case_brief *list, size_t count, instant as_of, struct brief_wait *out);
/* The command that does it, as typed; empty where the case's name is none for a shell. */
struct text brief_wait_command(const struct brief_wait *w, struct arena *a);

/* What is waited for, of whom, since when and until when; the caller frees it. */
json_t *wait_json(const struct wait_for *w, const struct text parties[2], instant as_of);
/* What it has, for programs, and what waits at a time; the caller frees it. */
json_t *brief_json(const struct case_brief *b, const struct text parties[2], unsigned own, instant as_of);

#endif

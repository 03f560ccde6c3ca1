/* What was undertaken in texts that both have agreed to, and what became of it.
 *
 * Of a text that another settled text replaces nothing is owed any more.  The owner says that a thing is done (a
 * `remark` with the text, the number and the word); the other side may then accept or dispute that; after a dispute it
 * may be said to be done again.  What anybody else says of it does not count.  `lapsed` is a mark, as with deadlines:
 * not done by its date, or done after it. */
#ifndef PARLEY_DESK_UNDERTAKINGS_H
#define PARLEY_DESK_UNDERTAKINGS_H

#include "desk/settle.h"

enum undertaking_word { UNDERTAKING_OPEN, UNDERTAKING_DONE, UNDERTAKING_ACCEPTED, UNDERTAKING_DISPUTED };
const char *undertaking_word_text(enum undertaking_word w); /* untranslated */

struct undertaken {
    const struct matter *matter;
    struct text settlement; /* hex */
    uint64_t number;
    struct undertaking what;
    unsigned party; /* whose it is */
    enum undertaking_word word;
    instant since; /* when that was said; INSTANT_NONE while it is open */
    instant done;  /* when it was last said to be done; INSTANT_NONE */
    bool lapsed;
};

/* Whose turn it is: the owner's while it is open or disputed, the other's once it is done; 2: nobody's. */
unsigned undertaken_waits_for(const struct undertaken *u);

/* Those of one case, by text and number; in the talk's arena.  A text that can't be opened is passed over. */
enum error case_undertakings(struct talk *t, const struct matter *m, struct undertaken **out, size_t *count,
                             struct diag *d) MUST_USE;
/* Those of all cases with a party that wait for somebody, by date. */
enum error talk_undertakings(struct talk *t, struct undertaken **out, size_t *count, struct diag *d) MUST_USE;

/* "2 cert.south.example/abuse, due 2026-04-01T23:59:59Z: Block the range (done …, lapsed)" */
void undertaken_line(const struct undertaken *u, struct text lang, struct buf *out);
json_t *undertaken_json(struct talk *t, const struct undertaken *u);

#endif

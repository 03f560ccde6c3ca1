/* Observations to facts.
 *
 * In: observations, in any order, from any number of readers.  Out: the facts of a sheet, in its order.  Refused: what
 * does not fit in memory (ERR_LIMIT).  Proved after it: the facts are the same for any order of the observations and
 * any number of gathers that are joined.
 *
 * Observations that agree in source, destination, destination port, object, protocol and event belong together; a
 * silence longer than the window ends a fact.  A source port is that of one connection: a fact has it where all its
 * observations do, unless `keeps_port` makes it part of what must agree.  With a window of 0 each observation is a fact
 * of its own, with its port; those equal in all columns share one, and their counts add.  Times are cut to whole
 * seconds. */
#ifndef PARLEY_FACT_FROM_LINE_H
#define PARLEY_FACT_FROM_LINE_H

#include "base/random.h"
#include "fact/sheet.h"

enum { GATHER_LINES_MAX = 1 << 27 }; /* lines kept in all: the views of them must fit into an arena */

struct place_in_input { /* where a line stands: orders the lines behind a fact */
    uint64_t part, line;
};

struct gather_options {
    instant window;
    bool keep_lines; /* the bytes of each line are kept, for evidence */
    uint64_t seed;   /* of the hash table; no outcome depends on it */
    size_t max_bytes;
};

struct gather;
struct gather *gather_new(const struct gather_options *o);
void gather_free(struct gather *g); /* NULL is fine */
/* `line` is copied where lines are kept. */
enum error gather_add(struct gather *g, const struct observation *o, bool keeps_port, struct text line,
                      struct place_in_input at, struct diag *d) MUST_USE;
/* Moves all that `from` has, whose options must be the same but for the seed; `from` must live as long as `into`, and
 * is good for nothing else. */
enum error gather_join(struct gather *into, struct gather *from, struct diag *d) MUST_USE;

struct fact_lines { /* the lines behind one fact, in input order */
    const struct text *at;
    size_t count;
};
struct gathered {
    struct fact *facts;       /* in a sheet's order; `evidence` is SHEET_NO_COUNT, or the number of lines kept */
    struct fact_lines *lines; /* one a fact; NULL where none are kept */
    size_t count;
    uint64_t events, sources; /* the sum of counts; different source addresses */
    instant first, last;      /* INSTANT_NONE without facts */
};
/* What is returned lives in the arena, and its texts in the gathers. */
enum error gather_end(struct gather *g, struct arena *a, struct gathered *out, struct diag *d) MUST_USE;

#endif

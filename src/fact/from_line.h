/* Observations to facts.
 *
 * In: observations, in any order, from any number of readers.  Out: the facts of a sheet, in its order.  Refused: what
 * does not fit in memory (ERR_LIMIT), where there is nowhere else to put it (spill.h).  Proved after it: the facts are
 * the same for any order of the observations and any number of gathers that are joined.
 *
 * Observations that agree in source, destination, destination port, object, protocol and event belong together; a
 * silence longer than the window ends a fact.  A source port is that of one connection: a fact has it where all its
 * observations do, unless `keeps_port` makes it part of what must agree.  With a window of 0 each observation is a fact
 * of its own, with its port; those equal in all columns share one, and their counts add.  Times are cut to whole
 * seconds. */
#ifndef PARLEY_FACT_FROM_LINE_H
#define PARLEY_FACT_FROM_LINE_H

#include "base/random.h"
#include "base/scratch.h"
#include "fact/sheet.h"

enum { GATHER_SHARDS = 16 /* a power of two */ };
enum { GATHER_LINES_MAX = 1 << 27 }; /* lines kept in all: the views of them must fit into an arena */

struct place_in_input { /* where a line stands: orders the lines behind a fact */
    uint64_t part, line;
};

struct gather_options {
    instant window;
    bool keep_lines; /* the bytes of each line are kept, for evidence */
    uint64_t seed;   /* of the hash table; no outcome depends on it */
    size_t max_bytes;
    struct scratch *runs;  /* where facts go that don't fit into max_bytes (spill.h); NULL: that is ERR_LIMIT */
    struct scratch *lines; /* where lines go, whose places must rise then; NULL: memory */
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
    struct text *at;
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

/* ---- the same in steps, for who has threads
 *
 * Steps for different shards, and steps for different ranges, may run at once; no outcome depends on it:
 *   gather_join_begin for each gather that is joined, and then gather_join_shard for each of them and each shard;
 *   gather_settle; gather_settle_shard for each shard; gather_rows; gather_list_shard for each shard;
 *   gather_write_range for each range.
 *
 * Facts that follow one another in time lie anywhere in memory, and each would be waited for.  So the rows are written,
 * but for their times and counts, where a shard's facts lie one after the other, and each into its range of time. */

enum error gather_join_begin(struct gather *into, struct gather *from, struct diag *d) MUST_USE;
enum error gather_join_shard(struct gather *into, struct gather *from, size_t number, struct diag *d) MUST_USE;
/* Puts all that waits into its groups; a join begins with it. */
enum error gather_settle(struct gather *g, struct diag *d) MUST_USE;
enum error gather_settle_shard(struct gather *g, size_t number, struct diag *d) MUST_USE;

struct gather_fact;            /* a fact, within the gather */
struct gather_range {          /* some facts that follow one another in the sheet */
    struct buf text;           /* their rows */
    size_t count;              /* of these */
    struct gather_fact *facts; /* the same; with `keep_facts` */
    uint64_t events;
    instant first, last;
};
struct gather_listed { /* facts of a shard that are in a range */
    struct buf rows;   /* in no order, without times and counts */
    size_t count;
};
struct gather_rows {
    struct gather_range *ranges;
    struct gather_listed *listed[GATHER_SHARDS]; /* for each range */
    instant *cuts;                               /* the first time that each may have */
    size_t range_count;
    uint64_t sources;
    bool keep_facts; /* for gather_facts; the caller's to set */
};
/* Cuts all facts of a gather into ranges of some thousand.  Whatever it returns, the caller calls gather_rows_free. */
enum error gather_rows(const struct gather *g, struct gather_rows *out, struct diag *d) MUST_USE;
void gather_rows_free(struct gather_rows *r);
/* Puts the facts of a shard into the ranges from one to another, in no order: in as many turns as memory asks for. */
enum { GATHER_RANGE_BYTES = 1 << 19 }; /* what a range takes until it is written, or about */
enum error gather_list_shard(const struct gather *g, struct gather_rows *r, size_t number, size_t from, size_t end,
                             struct diag *d) MUST_USE;
/* Puts a range in its order and writes its rows.  ERR_INPUT names a fact that can't stand in a sheet. */
enum error gather_write_range(const struct gather *g, const struct gather_rows *r, struct gather_range *range,
                              struct diag *d) MUST_USE;
/* What comes out of all ranges, in the arena, its texts in the gathers; but for the lines, which the next puts in. */
enum error gather_facts(const struct gather *g, const struct gather_rows *r, struct arena *a, struct gathered *out,
                        struct diag *d) MUST_USE;
/* Puts the lines of a range into their places; for different ranges at once, if one likes. */
enum error gather_put_lines(const struct gather_rows *r, size_t range, const struct gathered *into,
                            struct diag *d) MUST_USE;
/* The counts of that alone. */
struct gathered gather_sums(const struct gather_rows *r);

#endif

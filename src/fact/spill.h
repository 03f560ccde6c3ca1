/* Facts that don't fit in memory: put aside in order, merged, and put into the order of a sheet.
 *
 * A gather whose memory is full puts its groups aside as a run, in the order of their keys, and starts empty.  At the
 * end each shard of all runs is merged: what belongs together meets, whatever run it is in, and each fact becomes a row
 * without its counts.  Rows are put in order by the sorter, in as many pieces as memory asks for, and merged once
 * more into the sheet; those that are the same are made one there.
 *
 * Lines are put aside as they come, by each gather for itself, with the group that they went into.  What is known of
 * them when the sheet is written is only that; so a run keeps for each fragment which fact it became, and the sheet for
 * each fact which row.  lines_sort finds the row of each line and divides the lines over buckets, each of some rows
 * that follow one another, which fit into memory one by one.
 *
 * In the steps of this header, different shards, gathers and buckets may be worked on at once; no outcome depends on
 * it, nor on what memory there is. */
#ifndef PARLEY_FACT_SPILL_H
#define PARLEY_FACT_SPILL_H

#include "base/hash.h"
#include "base/scratch.h"
#include "fact/from_line.h"

enum { RUNS_MAX = 1 << 14 };

struct spilled {                    /* groups that were put aside together */
    uint64_t at[GATHER_SHARDS + 1]; /* where each shard starts */
    size_t fragments;
    uint32_t groups;    /* counted from 0 in line_head */
    uint64_t lines_end; /* of the lines that go with them, which start where those of the run before end */
};

struct line_head { /* before each line that is put aside, which is filled up to whole words */
    uint32_t group, size;
    instant first, last;
    uint64_t place;
};
static inline size_t whole_words(size_t size) { return (size + 7) & ~(size_t)7; }
static inline size_t line_bytes(const struct line_head *h) { return sizeof *h + whole_words(h->size); }

/* ---- rows */

struct row_head { /* before the row without its times and counts, which is filled up to whole words */
    instant first, last;
    uint64_t count, line_bytes;
    uint32_t kept, fact; /* lines; the fact's number in its shard */
    uint32_t size, pad;
};

struct row_mark { /* a row of a run that begins later than all rows before it */
    instant first;
    uint64_t at; /* where it stands */
};

/* What is given to it in any order it gives out in that of a sheet. */
struct row_sorter {
    struct scratch *into;
    struct buf held;
    struct timed *at; /* of each row in `held` */
    size_t count, room, max_bytes;
    struct row_run {
        uint64_t at;  /* where it starts in `into` */
        size_t marks; /* its first mark: some in the order of their times, a few KiB apart */
    } * runs;
    size_t run_count, run_room;
    struct row_mark *marks;
    size_t mark_count, mark_room;
};
void row_sorter_shrink(struct row_sorter *s); /* keeps only where its pieces stand */
void row_sorter_free(struct row_sorter *s);

struct shard_merge { /* of one shard */
    struct gather *const *gathers;
    size_t gather_count, number;
    size_t buffer_bytes; /* for all runs together */
    struct row_sorter rows;
    uint64_t facts, sources;
};
/* The gathers have put everything aside.  `rows.into` and `rows.max_bytes` are the caller's to set, and whatever is
 * returned, row_sorter_free. */
enum error shard_merge(struct shard_merge *m, struct diag *d) MUST_USE;

/* Puts aside all that a gather still holds. */
enum error gather_put_aside(struct gather *g, struct diag *d) MUST_USE;
/* Whether something was. */
bool gather_spilled(const struct gather *g);
uint64_t gather_lines(const struct gather *g); /* that were kept */
/* Gives its memory back; what it put aside stays good, but nothing can be added any more. */
void gather_shrink(struct gather *g);

struct bucket {             /* rows that follow one another: from here to the next */
    uint64_t row, sheet_at; /* the first, and where it stands in the sheet */
    uint64_t bytes;         /* of the lines in it, with their heads */
};

struct sheet_stretch { /* the rows that begin from here to where the next one does */
    instant from;
    /* Once it is merged: */
    struct buf text;
    struct gathered sums;
    struct bucket *buckets; /* counted from its own first row */
    size_t bucket_count, bucket_room;
    struct fact_row { /* of each of its facts, with buckets */
        uint64_t fact;
        uint32_t row; /* of its own */
    } * rows;
    size_t row_count, row_room;
    const char *fault; /* of the row that comes after those that were counted; NULL: none */
};

struct sheet_merge {
    const struct shard_merge *shards;
    size_t buffer_bytes; /* of those who merge at once, together */
    unsigned threads;
    /* Gets the sheet in pieces, its header first. */
    enum error (*write)(void *to, struct bytes piece, struct diag *d);
    void *to;
    bool keep_lines;
    uint64_t bucket_bytes; /* that a bucket should have at most; one with more has one row */
    /* What comes out, the caller's to free. */
    struct gathered sums;
    uint64_t bytes;
    struct bucket *buckets; /* with keep_lines; one more at the end */
    size_t bucket_count, bucket_room;
    uint32_t *row_of;              /* of facts */
    uint64_t first[GATHER_SHARDS]; /* fact of each shard in row_of */
    size_t run_count;              /* of rows, of all shards */
    struct sheet_stretch *stretches;
    size_t stretch_count;
};
/* Finds stretches of time, which can be merged by different threads at once, and put one by one, in their order. */
enum error sheet_merge_begin(struct sheet_merge *m, struct diag *d) MUST_USE;
enum error sheet_merge_stretch(const struct sheet_merge *m, size_t number, struct diag *d) MUST_USE;
enum error sheet_merge_put(struct sheet_merge *m, size_t number, struct diag *d) MUST_USE;
/* All of that. */
enum error sheet_merge(struct sheet_merge *m, struct diag *d) MUST_USE;
void sheet_merge_free(struct sheet_merge *m);

enum error fail_large_sheet(struct diag *d); /* one of more than SHEET_BYTES_MAX */

/* ---- lines */

struct sorted_line { /* before each line whose row is known, which is filled up to whole words */
    uint32_t row, size;
    uint64_t place;
};
static inline size_t sorted_bytes(const struct sorted_line *h) { return sizeof *h + whole_words(h->size); }

struct lines_sorted { /* of one gather */
    const struct scratch *in;
    uint64_t size; /* of all pieces */
    struct bucket_piece {
        uint64_t at;
        uint32_t bucket, size;
    } * pieces; /* those of one bucket in the order of their lines */
    size_t count, room;
};
/* Divides the lines of a gather over the buckets, where they were put aside: what was read is written over, which a
 * system does in half the time of new pages.  Whatever it returns, the caller frees `pieces`. */
enum error lines_sort(const struct gather *g, const struct sheet_merge *m, size_t buffer_bytes,
                      struct lines_sorted *out, struct diag *d) MUST_USE;

#endif

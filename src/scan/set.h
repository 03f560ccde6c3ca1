/* Log files that are one source of records: a log and what was rotated away from it.
 *
 * Files are of one source where they differ only in the number or the day of their rotation, and in being compressed:
 * auth.log, auth.log.1, auth.log.2.gz, auth.log-20260301.xz.  Names alone decide: higher numbers are older, days go by
 * the calendar, days come before numbers, and the log that is still written to is the newest. */
#ifndef PARLEY_SCAN_SET_H
#define PARLEY_SCAN_SET_H

#include "base/arena.h"

struct log_name {
    struct text source;         /* the path without rotation and compression */
    int rank;                   /* 0: a day, 1: a number, 2: the log itself */
    uint64_t day, part, number; /* 20260301, and what follows it */
};
struct log_name log_name_read(struct text path);
/* Of two files of one source: negative where the first is older, 0 where they have the same place. */
int log_name_order(const struct log_name *a, const struct log_name *b);
/* The name that files of one source share, without folders. */
struct text log_stem(struct text path);
/* Whether the second file goes on where the first ended: of one source, and newer. */
bool log_follows(const char *older, const char *newer);
/* Of two such files: whether their numbers say that another one stood between them. */
bool log_lacks(const char *older, const char *newer);

struct logs { /* in the arena */
    const char **names;
    size_t count;
    size_t repeated; /* names of files that were there already: each file is read once */
};
/* What was typed, as files in the order in which they are read: a folder stands for its files, but for hidden ones and
 * folders in it; a pattern (`*`, `?`, `[`) that is no file's name for all that fit it; `-` for standard input.  Files
 * of one source stand together, oldest first, at the place of the first of them.  ERR_MISSING where nothing fits a
 * pattern or a folder has no files. */
enum error logs_find(const char *const *typed, size_t count, struct arena *a, struct logs *out,
                     struct diag *d) MUST_USE;

#endif

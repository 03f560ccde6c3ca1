/* Within scan/: files, one after the other, as parts that end where a line does.
 *
 * What comes next is a function of the files' bytes alone: a part is filled until it is full or the file ends, whatever
 * a single read gives. */
#ifndef PARLEY_SCAN_SOURCE_H
#define PARLEY_SCAN_SOURCE_H

#include "scan/input.h"
#include "scan/scan.h"

struct part {
    struct text bytes; /* lines with their LF, but for the last one of a file that lacks it */
    size_t file;
    uint64_t number; /* through all files */
    const struct format *format;
    struct columns columns;
    struct chain chain;
};

struct source {
    const char *const *names;
    size_t count;
    const struct scan_options *options;
    struct scan_file *files;

    size_t file; /* the one that is read, or comes next */
    struct input input;
    bool open;             /* `input` is */
    struct hasher *hasher; /* of the open file; NULL: none */
    bool begun;            /* a part of it was given out */
    uint64_t taken;        /* bytes of the files before, as they are on the disk */
    char *carry;           /* the start of a line whose end was not in the part before */
    size_t carry_size;
    struct columns columns;
    struct chain chain;
    uint64_t parts; /* given out */
};

/* `files` takes what becomes known of each. */
void source_start(struct source *s, const char *const *names, size_t count, const struct scan_options *o,
                  struct scan_file *files);
void source_end(struct source *s);
/* The next part, in `buffer` of SCAN_PART_SIZE bytes; empty after the last one. */
enum error source_next(struct source *s, char *buffer, struct part *out, struct diag *d) MUST_USE;

#endif

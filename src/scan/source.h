/* Within scan/: files, one after the other, as parts that end where a line does.
 *
 * What comes next is a function of the files' bytes alone: a part is filled until it is full or the file ends, whatever
 * a single read gives. */
#ifndef PARLEY_SCAN_SOURCE_H
#define PARLEY_SCAN_SOURCE_H

#include "base/sift.h"
#include "scan/hashing.h"
#include "scan/input.h"
#include "scan/scan.h"

struct part {
    struct text bytes;    /* lines with their LF, but for the last one of a file that lacks it */
    const uint64_t *ends; /* a bit for each byte of them: whether it is an LF */
    bool nul;             /* some byte is NUL */
    size_t file;
    uint64_t number; /* through all files */
    const struct format *format;
    struct columns columns;
    struct chain chain;
    uint64_t hashing; /* of its bytes among those to be hashed; 0: they are not */
};

struct source {
    const char *const *names;
    size_t count;
    const struct scan_options *options;
    const struct sift *sift;
    struct scan_file *files;

    size_t file; /* the one that is read, or comes next */
    struct input input;
    bool open;             /* `input` is */
    struct hasher *hasher; /* of the open file; NULL: none */
    struct hashings hashings;
    bool hashed;    /* what is given out next was hashed already */
    bool begun;     /* a part of it was given out */
    uint64_t taken; /* bytes of the files before, as they are on the disk */
    char *carry;    /* the start of a line whose end was not in the part before */
    size_t carry_size;
    struct columns columns;
    struct chain chain;
    uint64_t parts; /* given out */
};

/* `files` takes what becomes known of each. */
void source_start(struct source *s, const char *const *names, size_t count, const struct scan_options *o,
                  struct scan_file *files);
void source_end(struct source *s);
/* The next part, in `buffer` of SCAN_PART_SIZE bytes, and its line ends in `ends` of PART_ENDS words; empty after the
 * last one. */
enum { PART_ENDS = SCAN_PART_SIZE / SIFT_BLOCK };
enum error source_next(struct source *s, char *buffer, uint64_t *ends, struct part *out, struct diag *d) MUST_USE;

struct part_lines {
    struct text part;
    const uint64_t *ends;
    size_t block, from; /* the block of which `left` are the ends that are left; the start of the next line */
    uint64_t left;
};
static inline struct part_lines part_lines(const struct part *p) {
    return (struct part_lines){.part = p->bytes, .ends = p->ends, .left = p->ends[0]};
}
/* The next line without its LF, which the last one of a file may lack. */
static inline bool next_line(struct part_lines *l, struct text *line) {
    if (l->from >= l->part.size) return false;
    size_t blocks = (l->part.size + SIFT_BLOCK - 1) / SIFT_BLOCK, end = l->part.size;
    while (!l->left && ++l->block < blocks) l->left = l->ends[l->block];
    if (l->left) end = l->block * SIFT_BLOCK + (size_t)__builtin_ctzll(l->left);
    l->left &= l->left - 1;
    *line = text_sub(l->part, l->from, end);
    l->from = end + 1;
    return true;
}

#endif

/* Within scan/: one log that is followed: where it is read, and what became of its file. */
#ifndef PARLEY_SCAN_FOLLOW_LOG_H
#define PARLEY_SCAN_FOLLOW_LOG_H

#include "scan/follow.h"

enum { FOLLOW_HEAD_MAX = 512, FOLLOW_PIECE = 1 << 20 };

struct file_number {
    uint64_t device, number; /* both 0: not known yet */
};
struct followed {
    const char *name;
    int file; /* -1: none is open */
    struct file_number number;
    uint64_t offset, lines; /* `offset`: where the first line begins that was not read */
    bool skipping;          /* within a line that is too long */
    bool leaving;           /* its name is another file's by now */
    struct chain chain;     /* before the reader is there */
    const struct format *format;
    size_t head_size;
    struct sha256 head; /* of its first bytes */
    struct reader *reader;
};
struct following { /* what the logs of one follow share */
    const struct follow_options *options;
    struct follow_told told;
    const struct rules *rules;
    char *piece; /* FOLLOW_PIECE bytes */
    enum error (*line)(void *state, const struct followed *l, struct text line, struct diag *d);
    void *state;
};
/* Reads what is new.  A log that was never there is ERR_MISSING; one that is gone for now is waited for. */
enum error followed_step(struct followed *l, struct following *w, struct diag *d) MUST_USE;
void followed_end(struct followed *l);
struct chain followed_chain(const struct followed *l);

#endif

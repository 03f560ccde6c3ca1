/* Within scan/: where a follow stands, as it is kept. */
#ifndef PARLEY_SCAN_FOLLOW_STATE_H
#define PARLEY_SCAN_FOLLOW_STATE_H

#include "scan/follow_log.h"

struct follow_open { /* a fact whose window has not closed */
    struct fact fact;
    bool keeps_port;
};
struct follow_state {
    struct sha256 asked;
    uint64_t out_size, kept_size, rejects_size; /* bytes of the files that belong to it */
    instant newest;                             /* INSTANT_NONE: no line yet */
    struct followed *logs;
    size_t log_count;
    struct follow_open *open;
    size_t open_count;
};
void follow_state_write(const struct follow_state *s, struct buf *out);
/* In the arena.  ERR_INPUT with the line. */
enum error follow_state_read(struct text t, struct arena *a, struct follow_state *out, struct diag *d) MUST_USE;

#endif

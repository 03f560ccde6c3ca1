/* Within scan/: jobs that threads take one after the other. */
#ifndef PARLEY_SCAN_JOBS_H
#define PARLEY_SCAN_JOBS_H

#include "base/error.h"
#include "base/text.h"

struct jobs {
    size_t count;
    enum error (*job)(void *state, size_t number, struct diag *d);
    void *state;
    /* Called for each job that is done, in their order, by one thread at a time; NULL: not at all.  So that what jobs
     * leave for it stays little, none is begun that is far ahead of what it was called for. */
    enum error (*done)(void *state, size_t number, struct diag *d);
};
/* Does all of them, on at most SCAN_THREADS_MAX threads.  Of several failures the one of the first job is told. */
enum error jobs_run(const struct jobs *j, unsigned threads, struct diag *d) MUST_USE;

#endif

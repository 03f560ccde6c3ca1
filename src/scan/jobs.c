#include "scan/jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "scan/scan.h"

enum { AHEAD = 3 }; /* jobs a thread */

struct work {
    const struct jobs *jobs;
    unsigned threads;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t moved; /* `told` has, or something failed */
    size_t next, told;    /* the first that was not taken, and that `done` was not told of */
    bool *finished, telling;
    enum error result;
    size_t failed; /* the first that failed, where `result` says so */
    struct diag diag;
};

static void note(struct work *w, size_t number, enum error result, const struct diag *d) {
    if (!result || (w->result && number >= w->failed)) return;
    w->result = result;
    w->failed = number;
    w->diag = *d;
}

/* With the lock held, but while `done` is called. */
static void tell(struct work *w) {
    struct diag diag = {0};
    if (w->telling || !w->jobs->done) return;
    w->telling = true;
    for (; w->told < w->jobs->count && w->finished[w->told] && !w->result; w->told++) {
        size_t number = w->told;
        pthread_mutex_unlock(&w->lock);
        enum error result = w->jobs->done(w->jobs->state, number, &diag);
        pthread_mutex_lock(&w->lock);
        note(w, number, result, &diag);
        pthread_cond_broadcast(&w->moved);
    }
    w->telling = false;
}

/* What failed early is told: jobs before it are done all the same, those after it need not be. */
static bool take(struct work *w, size_t *number) {
    while (w->jobs->done && !w->result && w->next < w->jobs->count && w->next >= w->told + (size_t)AHEAD * w->threads)
        pthread_cond_wait(&w->moved, &w->lock);
    if (w->next >= w->jobs->count || (w->jobs->done && w->result)) return false;
    *number = w->next++;
    return true;
}

static void *work(void *state) {
    struct work *w = state;
    struct diag diag = {0};
    size_t number;
    pthread_mutex_lock(&w->lock);
    while (take(w, &number)) {
        pthread_mutex_unlock(&w->lock);
        enum error result = w->jobs->job(w->jobs->state, number, &diag);
        pthread_mutex_lock(&w->lock);
        w->finished[number] = true;
        note(w, number, result, &diag);
        if (result) pthread_cond_broadcast(&w->moved);
        tell(w);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum error jobs_run(const struct jobs *j, unsigned threads, struct diag *d) {
    struct work w = {.jobs = j,
                     .threads = threads,
                     .lock = PTHREAD_MUTEX_INITIALIZER,
                     .moved = PTHREAD_COND_INITIALIZER,
                     .finished = calloc(j->count + 1, sizeof(bool))};
    pthread_t started[SCAN_THREADS_MAX];
    unsigned count = 0;
    if (!w.finished) return fail(d, ERR_MEMORY, _("out of memory"));
    while (count + 1 < threads && !pthread_create(&started[count], NULL, work, &w)) count++;
    work(&w); /* so one is always there */
    while (count) pthread_join(started[--count], NULL);
    free(w.finished);
    if (w.result && d) *d = w.diag;
    return w.result;
}

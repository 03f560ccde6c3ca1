#include "scan/jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "scan/scan.h"

struct work {
    const struct jobs *jobs;
    pthread_mutex_t lock; /* of all below */
    size_t next, told;    /* the first that was not taken, and that `done` was not told of */
    bool *finished, telling;
    enum error result;
    size_t failed; /* the first that failed, where `result` says so */
    struct diag diag;
};

/* With the lock held, but while `done` is called. */
static void tell(struct work *w) {
    if (w->telling || !w->jobs->done) return;
    w->telling = true;
    for (; w->told < w->jobs->count && w->finished[w->told] && !w->result; w->told++) {
        pthread_mutex_unlock(&w->lock);
        w->jobs->done(w->jobs->state, w->told);
        pthread_mutex_lock(&w->lock);
    }
    w->telling = false;
}

static void *work(void *state) {
    struct work *w = state;
    struct diag diag;
    pthread_mutex_lock(&w->lock);
    while (w->next < w->jobs->count) {
        size_t number = w->next++;
        pthread_mutex_unlock(&w->lock);
        enum error result = w->jobs->job(w->jobs->state, number, &diag);
        pthread_mutex_lock(&w->lock);
        w->finished[number] = true;
        if (result && (!w->result || number < w->failed)) {
            w->result = result;
            w->failed = number;
            w->diag = diag;
        }
        tell(w);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum error jobs_run(const struct jobs *j, unsigned threads, struct diag *d) {
    struct work w = {.jobs = j, .lock = PTHREAD_MUTEX_INITIALIZER, .finished = calloc(j->count + 1, sizeof(bool))};
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

#include "node/exchanges.h"

#include <stdlib.h>

#include "base/os.h"

struct waiting { /* a channel, queued or being exchanged */
    struct waiting *next;
    int64_t channel;
    bool running, again; /* asked for once more while it runs */
};

struct exchanges {
    struct exchanges_options options;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct waiting *first, **last;
    struct exchange_counts counts;
    bool ending;
    size_t started;
    pthread_t threads[EXCHANGES_THREADS_MAX];
};

/* ---- the queue, under the lock */

static struct waiting *find(const struct exchanges *x, int64_t channel) {
    for (struct waiting *w = x->first; w; w = w->next)
        if (w->channel == channel) return w;
    return NULL;
}

static void add(struct exchanges *x, int64_t channel) {
    struct waiting *w = calloc(1, sizeof *w);
    if (!w) return; /* with the next round */
    w->channel = channel;
    *x->last = w;
    x->last = &w->next;
}

/* What was said while an exchange was under way may have come too late for it. */
static void ask_for(struct exchanges *x, int64_t channel) {
    struct waiting *w = find(x, channel);
    if (w)
        w->again = w->running;
    else
        add(x, channel);
}

static struct waiting *take(struct exchanges *x) {
    for (struct waiting *w = x->first; w; w = w->next)
        if (!w->running) {
            w->running = true;
            return w;
        }
    return NULL;
}

static void drop(struct exchanges *x, struct waiting *w) {
    struct waiting **at = &x->first;
    while (*at != w) at = &(*at)->next;
    *at = w->next;
    if (x->last == &w->next) x->last = at;
    free(w);
}

static void count(struct exchanges *x, const struct link_sync_row *row) {
    if (row->waits)
        x->counts.waited++;
    else if (row->error)
        x->counts.failed++;
    else
        x->counts.done++;
    x->counts.sent_entries += row->sent_entries;
    x->counts.sent_blobs += row->sent_blobs;
    x->counts.got_entries += row->got_entries;
    x->counts.got_blobs += row->got_blobs;
}

/* ---- the threads */

/* The channel is read now: it may have been frozen since it was queued. */
static void exchange(struct exchanges *x, int64_t id) {
    struct arena a = {0};
    struct channel channel;
    struct link_sync_row row = {.error = OK};
    struct diag d = {0};
    struct engine *e = x->options.engine;
    enum error result = store_channel(e->store, id, &a, &channel, &d);
    if (!result && engine_exchanges(&channel))
        result = engine_sync_channel(e, &channel, true, os_now(), &a, &row, &d);
    else if (!result)
        result = ERR_BUSY; /* it is none any more that is exchanged */
    if (result && result != ERR_BUSY) row = (struct link_sync_row){.error = result, .words = text_of(d.text)};
    if (result != ERR_BUSY) {
        pthread_mutex_lock(&x->lock);
        count(x, &row);
        pthread_mutex_unlock(&x->lock);
        x->options.done(x->options.state, &row);
    }
    arena_free(&a);
}

static void *work(void *state) {
    struct exchanges *x = state;
    pthread_mutex_lock(&x->lock);
    while (!x->ending) {
        struct waiting *w = take(x);
        if (!w) {
            pthread_cond_wait(&x->more, &x->lock);
            continue;
        }
        pthread_mutex_unlock(&x->lock);
        exchange(x, w->channel);
        pthread_mutex_lock(&x->lock);
        if (w->again) add(x, w->channel); /* behind the others */
        drop(x, w);
    }
    pthread_mutex_unlock(&x->lock);
    return NULL;
}

/* ---- from outside */

enum error exchanges_start(const struct exchanges_options *o, struct exchanges **out, struct diag *d) {
    struct exchanges *x = calloc(1, sizeof *x);
    if (!x) return fail(d, ERR_MEMORY, _("out of memory"));
    x->options = *o;
    x->last = &x->first;
    pthread_mutex_init(&x->lock, NULL);
    pthread_cond_init(&x->more, NULL);
    while (x->started < o->threads && x->started < EXCHANGES_THREADS_MAX &&
           !pthread_create(&x->threads[x->started], NULL, work, x))
        x->started++;
    if (!x->started) {
        exchanges_stop(x);
        return fail(d, ERR_MEMORY, _("could not start a thread"));
    }
    *out = x;
    return OK;
}

enum error exchanges_round(struct exchanges *x, struct diag *d) {
    struct arena a = {0};
    struct channel *list;
    size_t channels;
    enum error result = store_channels(x->options.engine->store, &a, &list, &channels, d);
    pthread_mutex_lock(&x->lock);
    for (size_t i = 0; !result && i < channels; i++)
        if (engine_exchanges(&list[i])) ask_for(x, list[i].id);
    pthread_cond_broadcast(&x->more);
    pthread_mutex_unlock(&x->lock);
    arena_free(&a);
    return result;
}

void exchanges_count(struct exchanges *x, struct exchange_counts *out) {
    pthread_mutex_lock(&x->lock);
    *out = x->counts;
    for (const struct waiting *w = x->first; w; w = w->next) *(w->running ? &out->running : &out->queued) += 1;
    pthread_mutex_unlock(&x->lock);
}

void exchanges_stop(struct exchanges *x) {
    if (!x) return;
    pthread_mutex_lock(&x->lock);
    x->ending = true;
    pthread_cond_broadcast(&x->more);
    pthread_mutex_unlock(&x->lock);
    for (size_t i = 0; i < x->started; i++) pthread_join(x->threads[i], NULL);
    while (x->first) drop(x, x->first);
    pthread_mutex_destroy(&x->lock);
    pthread_cond_destroy(&x->more);
    free(x);
}

#include "node/meter.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

enum { MINUTE_MS = 60000 };

struct bucket {
    char pin[SHA256_HEX];
    double requests, bytes; /* what is left */
    uint64_t at_ms;
};

struct meter {
    pthread_mutex_t lock;
    struct bucket *buckets;
    size_t count;
};

struct meter *meter_new(void) {
    struct meter *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->buckets = calloc(METER_PINS_MAX, sizeof *m->buckets);
    pthread_mutex_init(&m->lock, NULL);
    if (m->buckets) return m;
    meter_free(m);
    return NULL;
}

void meter_free(struct meter *m) {
    if (!m) return;
    free(m->buckets);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static double refilled(double left, uint64_t share, double minutes) {
    double full = (double)share, now = left + full * minutes;
    return now < full ? now : full;
}

/* A thousand pins are looked through in microseconds, beside a request that took a signature to come. */
static struct bucket *find(struct meter *m, const struct node_settings *s, struct text pin, uint64_t now_ms) {
    struct bucket *found = NULL, *oldest = m->buckets;
    for (size_t i = 0; i < m->count && !found; i++) {
        if (text_equal(text_of(m->buckets[i].pin), pin)) found = &m->buckets[i];
        if (m->buckets[i].at_ms < oldest->at_ms) oldest = &m->buckets[i];
    }
    if (!found) {
        found = m->count < METER_PINS_MAX ? &m->buckets[m->count++] : oldest;
        *found = (struct bucket){.requests = (double)s->requests_minute, .bytes = (double)s->bytes_minute};
        memcpy(found->pin, pin.at, pin.size < SHA256_HEX ? pin.size : SHA256_HEX - 1);
    } else if (now_ms > found->at_ms) {
        double minutes = (double)(now_ms - found->at_ms) / MINUTE_MS;
        found->requests = refilled(found->requests, s->requests_minute, minutes);
        found->bytes = refilled(found->bytes, s->bytes_minute, minutes);
    }
    found->at_ms = now_ms;
    return found;
}

bool meter_ask(struct meter *m, const struct node_settings *s, struct text pin, uint64_t now_ms) {
    pthread_mutex_lock(&m->lock);
    struct bucket *b = find(m, s, pin, now_ms);
    bool may = (!s->requests_minute || b->requests >= 1) && (!s->bytes_minute || b->bytes > 0);
    if (may) b->requests -= 1;
    pthread_mutex_unlock(&m->lock);
    return may;
}

void meter_bytes(struct meter *m, const struct node_settings *s, struct text pin, uint64_t bytes, uint64_t now_ms) {
    pthread_mutex_lock(&m->lock);
    find(m, s, pin, now_ms)->bytes -= (double)bytes;
    pthread_mutex_unlock(&m->lock);
}

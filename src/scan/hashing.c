#include "scan/hashing.h"

void hashings_start(struct hashings *h) {
    pthread_mutex_init(&h->turn, NULL);
    pthread_mutex_init(&h->lock, NULL);
    h->put = h->taken = 0;
}

static bool take(struct hashings *h, uint64_t number, struct hashing *out) {
    pthread_mutex_lock(&h->lock);
    bool any = h->taken < number && h->taken < h->put;
    if (any) *out = h->waiting[h->taken++ % HASHINGS_MAX];
    pthread_mutex_unlock(&h->lock);
    return any;
}

/* While it is one's turn. */
static void hash_up_to(struct hashings *h, uint64_t number) {
    for (struct hashing next; take(h, number, &next);) {
        hasher_add(next.hasher, bytes_from_text(next.bytes));
        if (!next.ended) continue;
        next.ended->hash = hasher_end(next.hasher);
        next.ended->hashed = true;
    }
}

void hashings_try(struct hashings *h, uint64_t number) {
    if (pthread_mutex_trylock(&h->turn)) return;
    hash_up_to(h, number);
    pthread_mutex_unlock(&h->turn);
}

void hashings_finish(struct hashings *h, uint64_t number) {
    pthread_mutex_lock(&h->turn);
    hash_up_to(h, number);
    pthread_mutex_unlock(&h->turn);
}

void hashings_flush(struct hashings *h) { hashings_finish(h, UINT64_MAX); }

uint64_t hashings_put(struct hashings *h, const struct hashing *next) {
    pthread_mutex_lock(&h->lock);
    bool full = h->put - h->taken == HASHINGS_MAX; /* of files without bytes */
    pthread_mutex_unlock(&h->lock);
    if (full) hashings_flush(h);
    pthread_mutex_lock(&h->lock);
    h->waiting[h->put++ % HASHINGS_MAX] = *next;
    uint64_t number = h->put;
    pthread_mutex_unlock(&h->lock);
    return number;
}

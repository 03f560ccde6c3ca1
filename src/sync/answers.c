#include "sync/answers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"

enum { WAYS = 4, SETS = ANSWERS_MAX / WAYS };

/* Copied from without the lock, so that whoever lets go of it last frees it. */
struct kept {
    atomic_uint holders;
    struct sha256 name; /* of the request */
    struct response response;
};

struct answers {
    pthread_mutex_t lock;
    uint64_t generation;
    size_t bytes;
    unsigned next; /* place of its set that gives way */
    struct kept *at[SETS][WAYS];
};

struct answers *answers_new(void) {
    struct answers *a = calloc(1, sizeof *a);
    if (a) pthread_mutex_init(&a->lock, NULL);
    return a;
}

static void let_go(struct kept *k) {
    if (!k || atomic_fetch_sub(&k->holders, 1) > 1) return;
    response_free(&k->response);
    free(k);
}

static void clear(struct answers *a) {
    for (size_t i = 0; i < SETS; i++)
        for (size_t j = 0; j < WAYS; j++) {
            let_go(a->at[i][j]);
            a->at[i][j] = NULL;
        }
    a->bytes = 0;
}

void answers_free(struct answers *a) {
    if (!a) return;
    clear(a);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

/* All that an answer depends on besides the store; no part of it can hold a NUL. */
static struct sha256 name_of(const struct request *q) {
    const struct bytes end = bytes_of("", 1);
    const struct bytes parts[] = {bytes_of(q->pin.at, q->pin.size),     end, bytes_of(q->path.at, q->path.size),    end,
                                  bytes_of(q->range.at, q->range.size), end, bytes_of(q->takes_gzip ? "z" : "-", 1)};
    return sha256_of_parts(parts, COUNT(parts));
}

static struct kept **set_of(struct answers *a, const struct sha256 *name) {
    return a->at[(name->at[0] << 8 | name->at[1]) % SETS];
}

static struct kept *hold(struct answers *a, uint64_t generation, const struct sha256 *name) {
    struct kept *found = NULL;
    pthread_mutex_lock(&a->lock);
    struct kept **set = set_of(a, name);
    for (size_t i = 0; i < WAYS && a->generation == generation && !found; i++)
        if (set[i] && sha256_equal(set[i]->name, *name)) found = set[i];
    if (found) atomic_fetch_add(&found->holders, 1);
    pthread_mutex_unlock(&a->lock);
    return found;
}

static void copy(const struct response *from, struct response *to) {
    response_start(to, from->status, from->content_type);
    strcpy(to->content_range, from->content_range);
    to->gzip = from->gzip;
    buf_bytes(&to->body, buf_as_bytes(&from->body));
}

bool answers_find(struct answers *a, uint64_t generation, const struct request *q, struct response *r) {
    if (!text_is(q->method, "GET")) return false;
    struct sha256 name = name_of(q);
    struct kept *k = hold(a, generation, &name);
    if (!k) return false;
    copy(&k->response, r);
    let_go(k);
    return !r->body.failed;
}

static void put(struct answers *a, struct kept *k) {
    struct kept **set = set_of(a, &k->name), **at = NULL;
    if (a->bytes + k->response.body.size > ANSWERS_BYTES_MAX) clear(a);
    for (size_t i = 0; i < WAYS && !at; i++)
        if (!set[i] || sha256_equal(set[i]->name, k->name)) at = &set[i];
    if (!at) at = &set[a->next++ % WAYS];
    if (*at) a->bytes -= (*at)->response.body.size;
    let_go(*at);
    *at = k;
    a->bytes += k->response.body.size;
}

void answers_keep(struct answers *a, uint64_t generation, const struct request *q, const struct response *r) {
    if (!text_is(q->method, "GET") || r->status / 100 != 2 || r->body.failed || r->body.size > ANSWER_BYTES_MAX) return;
    struct kept *k = calloc(1, sizeof *k);
    if (!k) return;
    atomic_init(&k->holders, 1);
    k->name = name_of(q);
    k->response.body.max = ANSWER_BYTES_MAX;
    copy(r, &k->response);
    pthread_mutex_lock(&a->lock);
    if (generation > a->generation) {
        clear(a);
        a->generation = generation;
    }
    if (generation == a->generation && !k->response.body.failed) {
        put(a, k);
        k = NULL;
    }
    pthread_mutex_unlock(&a->lock);
    let_go(k);
}

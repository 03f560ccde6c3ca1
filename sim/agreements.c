/* Key agreements of seals are asked about over and over: each side opens what each side sealed, and tries each of its
 * keys.  What came out when it was sealed is what comes out when it is opened, and a share that was made here for one
 * recipient gives no other one a key that fits, so that need not be computed.  The linker puts these in the place of
 * the real ones (--wrap); a share that nobody made here, or that was changed on its way, is computed by the real one.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agreements.h"
#include "base/error.h"

enum { SIZE = 32 };

struct known { /* kept by `name`, which a secret or a point of the curve is; all zero: free */
    uint8_t name[SIZE], value[2][SIZE];
    bool taken;
};
struct table {
    struct known *at;
    size_t count, room;
};

static struct {
    pthread_mutex_t lock;
    struct table points; /* of secrets */
    struct table made;   /* those points, by themselves */
    struct table shares; /* for whom, and what came out */
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

int __real_crypto_scalarmult_base(uint8_t *out, const uint8_t *secret);
int __wrap_crypto_scalarmult_base(uint8_t *out, const uint8_t *secret);
int __real_crypto_scalarmult(uint8_t *out, const uint8_t *secret, const uint8_t *point);
int __wrap_crypto_scalarmult(uint8_t *out, const uint8_t *secret, const uint8_t *point);

static void forget(struct table *t) {
    free(t->at);
    *t = (struct table){0};
}

void agreements_forget(void) {
    forget(&all.points);
    forget(&all.made);
    forget(&all.shares);
}

static struct known *place_of(const struct table *t, const uint8_t *name) {
    uint64_t hash;
    memcpy(&hash, name, sizeof hash);
    size_t at = (size_t)hash & (t->room - 1);
    while (t->at[at].taken && memcmp(t->at[at].name, name, SIZE) != 0) at = (at + 1) & (t->room - 1);
    return &t->at[at];
}

static void grow(struct table *t) {
    struct table old = *t;
    if (2 * t->count < t->room) return;
    t->room = old.room ? 2 * old.room : 1024;
    t->at = calloc(t->room, sizeof *t->at);
    ASSERT(t->at);
    for (size_t i = 0; i < old.room; i++)
        if (old.at[i].taken) *place_of(t, old.at[i].name) = old.at[i];
    free(old.at);
}

static void keep(struct table *t, const uint8_t *name, const uint8_t *first, const uint8_t *second) {
    grow(t);
    struct known *k = place_of(t, name);
    t->count += !k->taken;
    k->taken = true;
    memcpy(k->name, name, SIZE);
    memcpy(k->value[0], first, SIZE);
    if (second) memcpy(k->value[1], second, SIZE);
}

static const struct known *look_up(const struct table *t, const uint8_t *name) {
    const struct known *k = t->room ? place_of(t, name) : NULL;
    return k && k->taken ? k : NULL;
}

int __wrap_crypto_scalarmult_base(uint8_t *out, const uint8_t *secret) {
    int result = __real_crypto_scalarmult_base(out, secret);
    pthread_mutex_lock(&all.lock);
    keep(&all.points, secret, out, NULL);
    keep(&all.made, out, secret, NULL);
    pthread_mutex_unlock(&all.lock);
    return result;
}

/* Of a share and the secret of a recipient; false where the share was not made here. */
static bool recall(uint8_t *out, const uint8_t *secret, const uint8_t *point) {
    const struct known *mine = look_up(&all.points, secret), *share = look_up(&all.shares, point);
    if (!mine || !share) return false;
    memcpy(out, share->value[1], SIZE);
    if (memcmp(mine->value[0], share->value[0], SIZE) != 0) out[0] ^= 1; /* it was made for somebody else */
    return true;
}

int __wrap_crypto_scalarmult(uint8_t *out, const uint8_t *secret, const uint8_t *point) {
    pthread_mutex_lock(&all.lock);
    bool known = recall(out, secret, point);
    pthread_mutex_unlock(&all.lock);
    if (known) return 0;
    int result = __real_crypto_scalarmult(out, secret, point);
    pthread_mutex_lock(&all.lock);
    const struct known *mine = look_up(&all.points, secret);
    /* A share of somebody else's is no recipient. */
    if (!result && mine && look_up(&all.made, point)) keep(&all.shares, mine->value[0], point, out);
    pthread_mutex_unlock(&all.lock);
    return result;
}

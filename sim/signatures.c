/* Signatures are asked about over and over: by both sides, at each request, by each book.  What was signed here is
 * known to verify, and an answer that was once computed is the answer.  The linker puts these in the place of the real
 * ones (--wrap); what nobody signed, or what was changed on its way, is verified by the real one. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "signatures.h"

struct known { /* all zero: free */
    uint8_t public[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    struct sha256 message;
    bool holds, taken;
};

static struct {
    struct known *at;
    size_t count, room;
    pthread_mutex_t lock;
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

void __real_key_sign(const struct signer *s, struct bytes message, uint8_t out[static KEY_SIGNATURE_SIZE]);
void __wrap_key_sign(const struct signer *s, struct bytes message, uint8_t out[static KEY_SIGNATURE_SIZE]);
bool __real_key_verify(const struct vkey *k, struct bytes message, const uint8_t signature[static KEY_SIGNATURE_SIZE]);
bool __wrap_key_verify(const struct vkey *k, struct bytes message, const uint8_t signature[static KEY_SIGNATURE_SIZE]);

void signatures_forget(void) {
    free(table.at);
    table.at = NULL;
    table.count = table.room = 0;
}

static bool is_same(const struct known *a, const struct known *b) {
    return !memcmp(a->public, b->public, sizeof a->public) &&
           !memcmp(a->signature, b->signature, sizeof a->signature) && sha256_equal(a->message, b->message);
}

static struct known *place_of(const struct known *k) {
    uint64_t hash;
    memcpy(&hash, k->signature, sizeof hash);
    size_t at = (size_t)hash & (table.room - 1);
    while (table.at[at].taken && !is_same(&table.at[at], k)) at = (at + 1) & (table.room - 1);
    return &table.at[at];
}

static void grow(void) {
    struct known *old = table.at;
    size_t room = table.room;
    if (2 * table.count < room) return;
    table.room = room ? 2 * room : 1024;
    table.at = calloc(table.room, sizeof *table.at);
    ASSERT(table.at);
    for (size_t i = 0; i < room; i++)
        if (old[i].taken) *place_of(&old[i]) = old[i];
    free(old);
}

static struct known key_of(const struct vkey *k, struct bytes message, const uint8_t *signature) {
    struct known known = {.message = sha256_of(message), .taken = true};
    memcpy(known.public, k->public, sizeof known.public);
    memcpy(known.signature, signature, sizeof known.signature);
    return known;
}

static void keep(const struct known *k) {
    pthread_mutex_lock(&table.lock);
    grow();
    struct known *place = place_of(k);
    table.count += !place->taken;
    *place = *k;
    pthread_mutex_unlock(&table.lock);
}

static bool look_up(struct known *k) {
    pthread_mutex_lock(&table.lock);
    const struct known *place = table.room ? place_of(k) : NULL;
    bool found = place && place->taken;
    if (found) k->holds = place->holds;
    pthread_mutex_unlock(&table.lock);
    return found;
}

void __wrap_key_sign(const struct signer *s, struct bytes message, uint8_t out[static KEY_SIGNATURE_SIZE]) {
    __real_key_sign(s, message, out);
    struct known known = key_of(signer_vkey(s), message, out);
    known.holds = true;
    keep(&known);
}

bool __wrap_key_verify(const struct vkey *k, struct bytes message, const uint8_t signature[static KEY_SIGNATURE_SIZE]) {
    struct known known = key_of(k, message, signature);
    if (look_up(&known)) return known.holds;
    known.holds = __real_key_verify(k, message, signature);
    keep(&known);
    return known.holds;
}

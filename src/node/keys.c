#include "node/keys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "node/tls.h"

enum { KEY_FILE_NAME_MAX = 64 };

struct log_key {
    struct log_key *next;
    struct sha256 origin; /* its hash */
    const struct signer *signers[2];
    size_t count;
};

struct node_keys {
    struct keyring *keyring;
    pthread_mutex_t lock;
    struct signer *mirror;
    struct log_key *logs;
    struct buf tls;
};

struct node_keys *node_keys_new(struct keyring *k) {
    struct node_keys *keys = calloc(1, sizeof *keys);
    ASSERT(keys);
    keys->keyring = k;
    keys->tls.max = TLS_PEM_MAX;
    pthread_mutex_init(&keys->lock, NULL);
    return keys;
}

void node_keys_free(struct node_keys *keys) {
    if (!keys) return;
    signer_free(keys->mirror);
    for (struct log_key *log = keys->logs, *next; log; log = next) {
        next = log->next;
        for (size_t i = 0; i < log->count; i++) signer_free((struct signer *)(uintptr_t)log->signers[i]);
        free(log);
    }
    buf_wipe(&keys->tls);
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}

static const char *log_name(struct sha256 origin, const char *end, char out[static KEY_FILE_NAME_MAX]) {
    char hex[SHA256_HEX];
    sha256_hex(&origin, hex);
    snprintf(out, KEY_FILE_NAME_MAX, "log-%.16s%s", hex, end);
    return out;
}

/* ---- reading, under the lock */

static enum error read_mirror(struct node_keys *keys, struct diag *d) {
    return keys->mirror ? OK : keyring_get_signer(keys->keyring, "mirror.key", &keys->mirror, d);
}

static enum error read_log(struct node_keys *keys, struct text origin, struct log_key **out, struct diag *d) {
    static const char *const ends[] = {".key", ".next.key"};
    char name[KEY_FILE_NAME_MAX];
    struct sha256 hash = sha256_of(bytes_from_text(origin));
    for (struct log_key *log = keys->logs; log; log = log->next)
        if (sha256_equal(log->origin, hash)) {
            *out = log;
            return OK;
        }
    struct log_key *log = calloc(1, sizeof *log);
    if (!log) return fail(d, ERR_MEMORY, _("out of memory"));
    log->origin = hash;
    enum error result = OK;
    for (size_t i = 0; i < COUNT(ends) && !result; i++) {
        struct signer *signer;
        if (i && !keyring_has(keys->keyring, log_name(hash, ends[i], name))) break;
        result = keyring_get_signer(keys->keyring, log_name(hash, ends[i], name), &signer, d);
        if (!result) log->signers[log->count++] = signer;
    }
    log->next = keys->logs;
    if (result && log->count) signer_free((struct signer *)(uintptr_t)log->signers[0]);
    if (result) {
        free(log);
        return result;
    }
    *out = keys->logs = log;
    return OK;
}

static enum error mirror(void *state, const struct signer **out, struct diag *d) {
    struct node_keys *keys = state;
    pthread_mutex_lock(&keys->lock);
    enum error result = read_mirror(keys, d);
    if (!result) *out = keys->mirror;
    pthread_mutex_unlock(&keys->lock);
    return result;
}

static enum error logs(void *state, struct text origin, const struct signer *out[static 2], size_t *count,
                       struct diag *d) {
    struct node_keys *keys = state;
    struct log_key *log;
    pthread_mutex_lock(&keys->lock);
    enum error result = read_log(keys, origin, &log, d);
    for (size_t i = 0; !result && i < log->count; i++) out[i] = log->signers[i];
    if (!result) *count = log->count;
    pthread_mutex_unlock(&keys->lock);
    return result;
}

struct sync_keys node_keys_sync(struct node_keys *keys) {
    return (struct sync_keys){logs, mirror, keys};
}

static enum error make_log(struct node_keys *keys, struct text origin, struct random *r, struct diag *d) {
    char name[KEY_FILE_NAME_MAX];
    log_name(sha256_of(bytes_from_text(origin)), ".key", name);
    if (keyring_has(keys->keyring, name)) return OK;
    struct signer *made = signer_new(origin, KEY_ED25519, r);
    enum error result = keyring_put_signer(keys->keyring, name, made, r, d);
    signer_free(made);
    return result;
}

enum error node_keys_make_log(struct node_keys *keys, struct text origin, struct random *r, const struct signer **out,
                              struct diag *d) {
    struct log_key *log;
    pthread_mutex_lock(&keys->lock);
    enum error result = make_log(keys, origin, r, d);
    if (!result) result = read_log(keys, origin, &log, d);
    if (!result) *out = log->signers[0];
    pthread_mutex_unlock(&keys->lock);
    return result;
}

static enum error read_tls(struct node_keys *keys, struct diag *d) {
    if (keys->tls.size) return OK;
    enum error result = keyring_get(keys->keyring, "tls.key", &keys->tls, d);
    if (!result) buf_char(&keys->tls, 0);
    return result ? result : buf_check(&keys->tls, d);
}

enum error node_keys_tls(struct node_keys *keys, struct bytes *pem, struct diag *d) {
    pthread_mutex_lock(&keys->lock);
    enum error result = read_tls(keys, d);
    if (!result) *pem = bytes_of(keys->tls.at, keys->tls.size - 1);
    pthread_mutex_unlock(&keys->lock);
    return result;
}

enum error node_keys_warm(struct node_keys *keys, struct diag *d) {
    pthread_mutex_lock(&keys->lock);
    enum error result = read_mirror(keys, d);
    if (!result) result = read_tls(keys, d);
    pthread_mutex_unlock(&keys->lock);
    return result;
}

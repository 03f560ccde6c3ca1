#include "node/keys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/os.h"
#include "node/tls.h"

enum { KEY_FILE_NAME_MAX = 64 };

struct log_key {
    struct log_key *next;
    struct sha256 origin; /* its hash */
    const struct signer *signers[2];
    size_t count;
};

struct old_signer { /* that another thread may be signing with: freed at the end */
    struct old_signer *next;
    struct signer *signer;
};

struct node_keys {
    struct keyring *keyring;
    pthread_mutex_t lock;
    struct signer *mirror;
    struct log_key *logs;
    struct old_signer *old;
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
    for (struct old_signer *old = keys->old, *next; old; old = next) {
        next = old->next;
        signer_free(old->signer);
        free(old);
    }
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
        if (result == ERR_MISSING)
            result =
                fail(d, ERR_NO_KEY,
                     _("the log key of this record, %s, is lost: the channel goes on in a successor, which `parley "
                       "invite --to PARTY --successor` begins"),
                     name);
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

enum error node_keys_tls(struct node_keys *keys, struct buf *pem, struct diag *d) {
    pthread_mutex_lock(&keys->lock);
    enum error result = read_tls(keys, d);
    if (!result) buf_bytes(pem, buf_as_bytes(&keys->tls));
    pthread_mutex_unlock(&keys->lock);
    return result ? result : buf_check(pem, d);
}

enum error node_keys_read_tls(struct node_keys *keys, struct diag *d) {
    pthread_mutex_lock(&keys->lock);
    struct buf before = keys->tls;
    keys->tls = (struct buf){.max = TLS_PEM_MAX};
    enum error result = read_tls(keys, d);
    buf_wipe(result ? &keys->tls : &before);
    if (result) keys->tls = before;
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

/* ---- changing */

static enum error vkey_in(struct node_keys *keys, const char *file, struct arena *a, struct text *out, struct diag *d) {
    struct signer *s = NULL;
    if (!keyring_has(keys->keyring, file)) return OK;
    enum error result = keyring_get_signer(keys->keyring, file, &s, d);
    if (!result) *out = signer_vkey_text(s, a);
    signer_free(s);
    return result;
}

static enum error no_next(struct diag *d) {
    return fail(d, ERR_NO, _("no change of this key was begun: `parley keys rotate` begins one"));
}

static enum error make_next(struct node_keys *keys, const char *file, struct text name, enum key_type type,
                            struct random *r, struct diag *d) {
    if (keyring_has(keys->keyring, file)) return OK;
    struct signer *made = signer_new(name, type, r);
    enum error result = keyring_put_signer(keys->keyring, file, made, r, d);
    signer_free(made);
    return result;
}

static enum error take_mirror(struct node_keys *keys, struct diag *d) {
    struct signer *next;
    if (!keyring_has(keys->keyring, "mirror.next.key")) return no_next(d);
    struct old_signer *old = calloc(1, sizeof *old);
    if (!old) return fail(d, ERR_MEMORY, _("out of memory"));
    enum error result = keyring_get_signer(keys->keyring, "mirror.next.key", &next, d);
    if (!result) result = keyring_move(keys->keyring, "mirror.next.key", "mirror.key", d);
    if (result) {
        free(old);
        return result;
    }
    *old = (struct old_signer){keys->old, keys->mirror};
    keys->old = old;
    keys->mirror = next;
    return OK;
}

static enum error change_mirror(struct node_keys *keys, enum key_step step, struct text party, struct random *r,
                                struct arena *a, struct key_pair *out, struct diag *d) {
    struct text name = arena_format(a, "%.*s/mirror", TEXT_ARG(party));
    enum error result = OK;
    if (step == KEY_BEGIN) result = make_next(keys, "mirror.next.key", name, KEY_COSIGNATURE, r, d);
    if (!result) result = vkey_in(keys, "mirror.key", a, &out->current, d);
    if (!result) result = vkey_in(keys, "mirror.next.key", a, &out->next, d);
    return result || step != KEY_END ? result : take_mirror(keys, d);
}

/* What was read stays where it is, for who signs with it; the next who asks finds what is in the keyring now. */
static void forget_log(struct node_keys *keys, struct sha256 origin) {
    for (struct log_key *log = keys->logs; log; log = log->next)
        if (sha256_equal(log->origin, origin)) log->origin = (struct sha256){{0}};
}

static enum error change_log(struct node_keys *keys, enum key_step step, struct text origin, struct random *r,
                             struct arena *a, struct key_pair *out, struct diag *d) {
    char file[KEY_FILE_NAME_MAX], next[KEY_FILE_NAME_MAX];
    struct sha256 hash = sha256_of(bytes_from_text(origin));
    enum error result = OK;
    log_name(hash, ".key", file);
    log_name(hash, ".next.key", next);
    if (step == KEY_BEGIN) result = make_next(keys, next, origin, KEY_ED25519, r, d);
    if (!result) result = vkey_in(keys, file, a, &out->current, d);
    if (!result) result = vkey_in(keys, next, a, &out->next, d);
    if (!result && step == KEY_END) result = out->next.size ? keyring_move(keys->keyring, next, file, d) : no_next(d);
    if (!result && step != KEY_LOOK) forget_log(keys, hash);
    return result;
}

/* ---- TLS: a key and a certificate, in that order */

struct tls_files {
    char current[OS_PATH_MAX], next[OS_PATH_MAX]; /* certificates */
};

static void name_certificates(const char *folder, struct tls_files *f) {
    os_path(f->current, folder, "tls.crt");
    os_path(f->next, folder, "tls.next.crt");
}

static enum error take_tls(struct keyring *k, const struct tls_files *f, struct diag *d) {
    enum error result = keyring_has(k, "tls.next.key") ? keyring_move(k, "tls.next.key", "tls.key", d) : OK;
    return result ? result : os_publish(f->next, f->current, d);
}

/* A key without its certificate was never announced; a certificate without its key has one in place already. */
enum error node_keys_mend_tls(struct keyring *k, const char *folder, struct diag *d) {
    struct tls_files f;
    name_certificates(folder, &f);
    bool key = keyring_has(k, "tls.next.key"), certificate = os_exists(f.next);
    if (key && !certificate) return keyring_remove(k, "tls.next.key", d);
    return certificate && !key ? take_tls(k, &f, d) : OK;
}

static enum error make_tls_next(struct node_keys *keys, const struct tls_files *f, struct text party, struct random *r,
                                instant now, struct diag *d) {
    if (keyring_has(keys->keyring, "tls.next.key")) return OK;
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    enum error result = tls_make(party, now, &key, &certificate, d);
    if (!result) result = keyring_put(keys->keyring, "tls.next.key", buf_as_bytes(&key), r, d);
    if (!result) result = os_write_new(f->next, buf_as_bytes(&certificate), 0600, d);
    buf_wipe(&key);
    buf_free(&certificate);
    return result;
}

static enum error pin_of(const char *path, struct arena *a, struct text *out, struct diag *d) {
    struct buf certificate = {.max = TLS_PEM_MAX};
    struct sha256 spki;
    char hex[SHA256_HEX];
    if (!os_exists(path)) return OK;
    enum error result = os_read(path, TLS_PEM_MAX, &certificate, d);
    if (!result) result = tls_spki(buf_as_bytes(&certificate), &spki, d);
    if (!result) *out = arena_text(a, sha256_hex(&spki, hex));
    buf_free(&certificate);
    return result;
}

static enum error change_tls(struct node_keys *keys, enum key_step step, struct text party, struct random *r,
                             instant now, struct arena *a, struct key_pair *out, struct diag *d) {
    struct tls_files f;
    name_certificates(keyring_folder(keys->keyring), &f);
    enum error result = node_keys_mend_tls(keys->keyring, keyring_folder(keys->keyring), d);
    if (!result && step == KEY_BEGIN) result = make_tls_next(keys, &f, party, r, now, d);
    if (!result) result = pin_of(f.current, a, &out->current, d);
    if (!result) result = pin_of(f.next, a, &out->next, d);
    if (result || step != KEY_END) return result;
    return out->next.size ? take_tls(keys->keyring, &f, d) : no_next(d);
}

enum error node_keys_change(struct node_keys *keys, enum node_key which, enum key_step step, struct text origin,
                            struct text party, struct random *r, instant now, struct arena *a, struct key_pair *out,
                            struct diag *d) {
    struct key_pair pair = {0};
    pthread_mutex_lock(&keys->lock);
    enum error result = which == NODE_MIRROR ? change_mirror(keys, step, party, r, a, &pair, d)
                        : which == NODE_LOG  ? change_log(keys, step, origin, r, a, &pair, d)
                                             : change_tls(keys, step, party, r, now, a, &pair, d);
    pthread_mutex_unlock(&keys->lock);
    if (!result) *out = pair;
    return result;
}

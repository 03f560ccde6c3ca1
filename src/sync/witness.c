#include "sync/witness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "sync/wire.h"
#include "tlog/cosignature.h"
#include "tlog/equivocation.h"

enum { LOCKS = 16, KEYS_FILE_MAX = WITNESS_LOG_KEYS_MAX * (VKEY_TEXT_MAX + 1) };

struct witness {
    char *folder;
    const struct signer *key;
    int lock; /* of <folder>/lock */
    /* What is seen of one log, and what is kept of it, is one step: requests of a log wait for each other. */
    pthread_mutex_t locks[LOCKS];
};

static const char *const folders[] = {"logs", "seen", "forks"};

/* ---- files */

static const char *file_of(char out[static OS_PATH_MAX], const char *folder, const char *kind, const char *hash) {
    char beside[OS_PATH_MAX];
    return os_path(out, os_path(beside, folder, kind), hash);
}

static void hash_of(struct text origin, char out[static SHA256_HEX]) {
    struct sha256 sha = sha256_of(bytes_from_text(origin));
    sha256_hex(&sha, out);
}

/* ERR_MISSING where there is no such file. */
static enum error read_file(const char *folder, const char *kind, const char *hash, size_t max, struct arena *a,
                            struct bytes *out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf content = {.max = max};
    if (!os_exists(file_of(path, folder, kind, hash))) return fail(d, ERR_MISSING, _("no such log"));
    enum error result = os_read(path, max, &content, d);
    if (!result) *out = arena_bytes(a, buf_as_bytes(&content));
    buf_free(&content);
    return result;
}

static enum error read_keys(const char *folder, const char *hash, struct arena *a,
                            struct vkey out[static WITNESS_LOG_KEYS_MAX], size_t *count, struct diag *d) {
    struct bytes content;
    struct text line;
    enum error result = read_file(folder, "logs", hash, KEYS_FILE_MAX, a, &content, d);
    struct text rest = result ? TEXT("") : text_from_bytes(content);
    *count = 0;
    while (!result && *count < WITNESS_LOG_KEYS_MAX && text_line(&rest, &line))
        result = vkey_read(line, &out[(*count)++], d);
    return result;
}

/* ---- what was seen last */

struct seen {
    struct checkpoint at;
    struct bytes note;
    instant stamp;
};

/* Its own cosignature must hold: where the file was changed, nothing is signed any more. */
static enum error read_seen(const struct witness *w, const char *hash, struct arena *a, struct seen *out,
                            struct diag *d) {
    const struct vkey *key = signer_vkey(w->key);
    struct note note;
    enum error result = read_file(w->folder, "seen", hash, 2 * CHECKPOINT_MAX_BYTES, a, &out->note, d);
    if (result == ERR_MISSING) {
        *out = (struct seen){.at.root = tree_empty_root(), .stamp = INSTANT_NONE};
        return OK;
    }
    if (!result) result = note_read(out->note, a, &note, d);
    if (!result) result = checkpoint_read(note.text, &out->at, d);
    const struct note_signature *own = result ? NULL : note_find(&note, key->name, key->id);
    if (!result && (!own || cosignature_verify(own, key, note.text, &out->stamp, NULL))) result = ERR_SIGNATURE;
    return result ? fail(d, ERR_INTERNAL, _("what was cosigned last can't be read: nothing is signed")) : OK;
}

struct submitted {
    struct witness *witness;
    const char *hash;
    struct add_checkpoint asked;
    struct note note;
    struct checkpoint at;
    struct vkey keys[WITNESS_LOG_KEYS_MAX];
    bool signed_by[WITNESS_LOG_KEYS_MAX];
    size_t key_count;
    instant now;
    struct arena arena;
    struct seen seen;
};

/* At sizes that differ the consistency proof that came may rebuild the root at the larger one and another root at the
 * smaller one than was seen: then it proves as much. */
static enum error prove_fork(struct submitted *s, struct equivocation *out) {
    const struct signed_checkpoint seen = {.at = s->seen.at, .whole = s->seen.note},
                                   shown = {.at = s->at, .note = s->note, .whole = s->asked.note};
    if (s->seen.at.size == s->at.size && !sha256_equal(s->seen.at.root, s->at.root)) {
        *out = (struct equivocation){.smaller = s->seen.note, .larger = s->asked.note};
        return OK;
    }
    if (!s->seen.at.size || s->asked.old != s->seen.at.size || s->at.size <= s->seen.at.size) return ERR_PROOF;
    return equivocation_from_proof(&s->asked.proof, &seen, &shown, out, NULL);
}

/* Two histories, both by a key of the log: kept for whoever asks.  The first proof is enough. */
static void keep_fork(struct submitted *s) {
    char path[OS_PATH_MAX];
    struct buf text = {.max = EQUIVOCATION_MAX_BYTES};
    struct equivocation e;
    struct equivocated proved;
    if (prove_fork(s, &e)) return;
    if (os_exists(file_of(path, s->witness->folder, "forks", s->hash))) return;
    if (equivocation_verify(&e, s->at.origin, s->keys, s->key_count, &s->arena, &proved, NULL)) return;
    equivocation_write(&e, &text);
    /* What can't be kept now is seen again when the log comes again: the answer is a refusal either way. */
    if (!text.failed) (void)(os_write_new(path, buf_as_bytes(&text), 0600, NULL) == OK);
    buf_free(&text);
}

/* As tlog-witness asks for it, in its order. */
static enum error judge(const struct submitted *s, struct diag *d) {
    const struct checkpoint *at = &s->at, *seen = &s->seen.at;
    if (s->asked.old != seen->size)
        return fail(d, ERR_CONFLICT, _("the size seen last is %llu"), (unsigned long long)seen->size);
    if (!at->size && !sha256_equal(at->root, tree_empty_root()))
        return fail(d, ERR_PROOF, _("an empty tree with another root"));
    if (!s->asked.old)
        return s->asked.proof.count ? fail(d, ERR_PROOF, _("the proof from the empty tree is empty")) : OK;
    return consistency_verify(&s->asked.proof, seen->size, seen->root, at->size, at->root, d);
}

/* The checkpoint with what of its signatures was verified, and the cosignature. */
static enum error keep(struct submitted *s, struct text line, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf note = {.max = 2 * CHECKPOINT_MAX_BYTES};
    buf_text(&note, s->note.text);
    buf_char(&note, '\n');
    for (size_t i = 0; i < s->key_count; i++)
        if (s->signed_by[i])
            buf_format(&note, "%.*s\n", TEXT_ARG(note_find(&s->note, s->keys[i].name, s->keys[i].id)->line));
    buf_text(&note, line);
    enum error result = buf_check(&note, d);
    if (!result) result = os_write(file_of(path, s->witness->folder, "seen", s->hash), buf_as_bytes(&note), 0600, d);
    buf_free(&note);
    return result;
}

/* A clock that was set back does not turn the witness's own times around. */
static enum error cosign(struct submitted *s, struct buf *line, struct diag *d) {
    instant stamp = s->seen.stamp != INSTANT_NONE && s->seen.stamp > s->now ? s->seen.stamp : s->now;
    if (stamp < INSTANT_SECOND) return fail(d, ERR_INTERNAL, _("this machine has no time"));
    cosignature_make(s->witness->key, s->note.text, stamp, line);
    enum error result = buf_check(line, d);
    return result ? result : keep(s, buf_as_text(line), d);
}

static void answer_size(uint64_t size, struct response *r) {
    response_start(r, 409, TYPE_SIZE);
    buf_u64(&r->body, size);
    buf_char(&r->body, '\n');
}

static enum error take(struct submitted *s, struct response *r, struct diag *d) {
    struct buf line = {.max = 4096};
    enum error result = read_seen(s->witness, s->hash, &s->arena, &s->seen, d);
    if (!result) keep_fork(s);
    if (!result) result = judge(s, d);
    if (!result) result = cosign(s, &line, d);
    if (!result) {
        response_start(r, 200, TYPE_TEXT);
        buf_text(&r->body, buf_as_text(&line));
    }
    buf_free(&line);
    return result;
}

static enum error read_asked(struct submitted *s, struct bytes body, struct diag *d) {
    enum error result = add_checkpoint_read(body, &s->asked, d);
    if (!result && s->asked.note.size > CHECKPOINT_MAX_BYTES)
        result = fail(d, ERR_INPUT, _("a checkpoint of more than %d bytes"), CHECKPOINT_MAX_BYTES);
    if (!result) result = note_read(s->asked.note, &s->arena, &s->note, d);
    if (!result) result = checkpoint_read(s->note.text, &s->at, d);
    return result == ERR_LIMIT ? ERR_INPUT : result;
}

static enum error add_checkpoint(struct witness *w, const struct request *q, instant now, struct response *r,
                                 struct diag *d) {
    char hash[SHA256_HEX];
    struct submitted s = {.witness = w, .hash = hash, .now = now};
    enum error result = read_asked(&s, q->body, d);
    if (!result) {
        hash_of(s.at.origin, hash);
        result = read_keys(w->folder, hash, &s.arena, s.keys, &s.key_count, d);
    }
    if (!result) result = note_verify(&s.note, s.keys, s.key_count, s.signed_by, d);
    if (!result && s.asked.old > s.at.size) result = fail(d, ERR_INPUT, _("the old size is the larger one"));
    if (!result) {
        pthread_mutex_t *lock = &w->locks[(unsigned char)hash[0] % LOCKS];
        pthread_mutex_lock(lock);
        result = take(&s, r, d);
        pthread_mutex_unlock(lock);
    }
    if (result == ERR_CONFLICT) {
        answer_size(s.seen.at.size, r);
        result = OK;
    }
    arena_free(&s.arena);
    return result;
}

/* ---- reading */

static enum error send_file(const struct witness *w, struct text hash, const char *kind, struct response *r,
                            struct diag *d) {
    char name[SHA256_HEX];
    struct arena a = {0};
    struct bytes content;
    snprintf(name, sizeof name, "%.*s", TEXT_ARG(hash));
    enum error result = read_file(w->folder, kind, name, EQUIVOCATION_MAX_BYTES, &a, &content, d);
    if (!result) {
        response_start(r, 200, TYPE_TEXT);
        buf_bytes(&r->body, content);
    }
    arena_free(&a);
    return result;
}

static enum error dispatch(struct witness *w, const struct request *q, instant now, struct response *r,
                           struct diag *d) {
    struct text rest = q->path, hash;
    if (text_is(q->method, "POST") && text_is(rest, "/add-checkpoint")) return add_checkpoint(w, q, now, r, d);
    if (text_is(q->method, "GET") && text_skip(&rest, TEXT("/")) && text_cut(&rest, '/', &hash) &&
        sha256_is_hex(hash)) {
        if (text_is(rest, "checkpoint")) return send_file(w, hash, "seen", r, d);
        if (text_is(rest, "equivocation")) return send_file(w, hash, "forks", r, d);
    }
    return fail(d, ERR_MISSING, _("nothing is here"));
}

void witness_answer(struct witness *w, const struct request *q, instant now, struct response *r) {
    struct diag d = {0};
    enum error result = dispatch(w, q, now, r, &d);
    if (!result && r->body.failed) result = fail(&d, ERR_MEMORY, _("out of memory"));
    if (result) response_refuse(r, (unsigned)error_http_status(result), &d);
}

/* ---- opening */

static enum error make_folders(const char *folder, struct diag *d) {
    char path[OS_PATH_MAX];
    enum error result = OK;
    for (size_t i = 0; i < COUNT(folders) && !result; i++)
        result = os_make_folders(os_path(path, folder, folders[i]), 0700, d);
    return result;
}

enum error witness_open(const char *folder, const struct signer *key, struct witness **out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct witness *w = calloc(1, sizeof *w);
    if (!w || !(w->folder = strdup(folder))) {
        free(w);
        return fail(d, ERR_MEMORY, _("out of memory"));
    }
    w->key = key;
    w->lock = -1;
    for (size_t i = 0; i < LOCKS; i++) pthread_mutex_init(&w->locks[i], NULL);
    enum error result = signer_vkey(key)->type == KEY_COSIGNATURE
                            ? make_folders(folder, d)
                            : fail(d, ERR_INPUT, _("this key signs notes and does not cosign checkpoints"));
    if (!result) result = os_lock(os_path(path, folder, "lock"), &w->lock, d);
    if (result)
        witness_close(w);
    else
        *out = w;
    return result;
}

void witness_close(struct witness *w) {
    if (!w) return;
    if (w->lock >= 0) os_unlock(w->lock);
    for (size_t i = 0; i < LOCKS; i++) pthread_mutex_destroy(&w->locks[i]);
    free(w->folder);
    free(w);
}

/* ---- its logs */

enum error witness_add_log(const char *folder, const struct vkey *key, bool *added, struct diag *d) {
    char path[OS_PATH_MAX], hash[SHA256_HEX];
    struct arena a = {0};
    struct vkey keys[WITNESS_LOG_KEYS_MAX];
    struct buf text = {.max = KEYS_FILE_MAX};
    size_t count = 0;
    bool known = false;
    if (key->type != KEY_ED25519)
        return fail(d, ERR_INPUT, _("expected the key of a log, found one that cosigns: %.*s"), TEXT_ARG(key->name));
    hash_of(key->name, hash);
    enum error result = make_folders(folder, d);
    if (!result) result = read_keys(folder, hash, &a, keys, &count, d);
    if (result == ERR_MISSING) result = OK;
    for (size_t i = 0; i < count && !result; i++) {
        known = known || vkey_equal(&keys[i], key);
        vkey_write(&keys[i], &text);
        buf_char(&text, '\n');
    }
    if (!result && !known && count == WITNESS_LOG_KEYS_MAX)
        result = fail(d, ERR_LIMIT, _("more than %d keys of one log"), WITNESS_LOG_KEYS_MAX);
    if (!result && !known) {
        vkey_write(key, &text);
        buf_char(&text, '\n');
        result = buf_check(&text, d);
        if (!result) result = os_write(file_of(path, folder, "logs", hash), buf_as_bytes(&text), 0600, d);
    }
    if (!result) *added = !known;
    buf_free(&text);
    arena_free(&a);
    return result;
}

enum error witness_drop_log(const char *folder, struct text origin, struct diag *d) {
    char path[OS_PATH_MAX], hash[SHA256_HEX];
    hash_of(origin, hash);
    if (!os_exists(file_of(path, folder, "logs", hash)))
        return fail(d, ERR_MISSING, _("no log of that origin: %.*s"), TEXT_ARG(origin));
    return os_remove(path, d); /* what was seen of it stays: were it added again, it goes on from there */
}

static enum error look_at(const char *folder, struct text hash, struct arena *a, struct witness_log *out,
                          struct diag *d) {
    char name[SHA256_HEX], path[OS_PATH_MAX];
    struct vkey keys[WITNESS_LOG_KEYS_MAX];
    struct bytes content;
    struct note note;
    struct checkpoint at = {.size = 0};
    snprintf(name, sizeof name, "%.*s", TEXT_ARG(hash));
    *out = (struct witness_log){.hash = arena_text(a, hash)};
    enum error result = read_keys(folder, name, a, keys, &out->keys, d);
    if (!result && !out->keys) result = fail(d, ERR_INPUT, _("a log without a key: %s"), name);
    if (!result) out->origin = keys[0].name;
    if (!result && read_file(folder, "seen", name, 2 * CHECKPOINT_MAX_BYTES, a, &content, NULL) == OK) {
        result = note_read(content, a, &note, d);
        if (!result) result = checkpoint_read(note.text, &at, d);
    }
    out->size = at.size;
    out->forked = os_exists(file_of(path, folder, "forks", name));
    return result;
}

enum error witness_logs(const char *folder, struct arena *a, struct witness_log **out, size_t *count, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf names = {.max = 1 << 26};
    struct witness_log *list = NULL;
    size_t room = 0, found = 0;
    if (!os_is_folder(os_path(path, folder, "logs"))) {
        *out = NULL;
        *count = 0;
        return OK;
    }
    enum error result = os_list(path, &names, d);
    struct text rest = buf_as_text(&names), name;
    while (!result && text_cut(&rest, 0, &name)) {
        if (!sha256_is_hex(name)) continue;
        list = arena_grow(a, list, found, &room, sizeof *list);
        result = look_at(folder, name, a, &list[found++], d);
    }
    buf_free(&names);
    if (result) return result;
    *out = list;
    *count = found;
    return OK;
}

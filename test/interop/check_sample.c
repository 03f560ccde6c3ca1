/* Verifies a record that another program wrote, and proofs about it, as parley verifies what comes from outside:
 *
 *     check-sample DIR             what test/interop/record makes
 *     check-sample --flip N DIR    the same with each Nth bit of each file turned round, one at a time: each must be
 *                                  refused, with the file, line or entry named
 *
 * Exit status: 0 all holds; 1 something does not, and standard error says what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "sync/folder.h"
#include "tlog/cosignature.h"
#include "tlog/proof_file.h"
#include "tlog/tile.h"

enum { FILE_MAX = 16 << 20, KEYS_MAX = 8 };

struct sample {
    struct folder folder;
    struct vkey logs[KEYS_MAX], mirrors[KEYS_MAX];
    size_t log_count, mirror_count;
    struct signed_checkpoint at;
    struct tree tree;
    struct arena arena;
};

static enum error read_file(struct sample *s, const char *name, struct text *out, struct diag *d) {
    struct buf file = {.max = FILE_MAX};
    enum error result = folder_file(&s->folder, name, FILE_MAX, &file, d);
    if (!result) *out = arena_text(&s->arena, buf_as_text(&file));
    buf_free(&file);
    return result;
}

/* Says in which file it is. */
static enum error of_file(enum error result, const char *name, struct diag *d) {
    if (result && !d->where[0]) diag_where(d, name);
    return result;
}

/* ---- keys, checkpoint, cosignatures */

static enum error read_keys(struct sample *s, struct diag *d) {
    struct text t, line;
    enum error result = read_file(s, "vkeys", &t, d);
    while (!result && text_line(&t, &line)) {
        struct vkey key;
        if (s->log_count == KEYS_MAX || s->mirror_count == KEYS_MAX) return fail(d, ERR_LIMIT, "too many keys");
        result = vkey_read(line, &key, d);
        if (!result && key.type == KEY_ED25519) s->logs[s->log_count++] = key;
        if (!result && key.type == KEY_COSIGNATURE) s->mirrors[s->mirror_count++] = key;
    }
    if (!result && t.size) result = fail(d, ERR_INPUT, "the last line has no end");
    return of_file(result, "vkeys", d);
}

static enum error check_cosignature(const struct sample *s, const struct vkey *mirror, struct diag *d) {
    instant stamp;
    const struct note_signature *signature = note_find(&s->at.note, mirror->name, mirror->id);
    if (!signature) return fail(d, ERR_SIGNATURE, "the cosignature of %.*s is missing", TEXT_ARG(mirror->name));
    return cosignature_verify(signature, mirror, s->at.note.text, &stamp, d);
}

static enum error check_checkpoint(struct sample *s, struct diag *d) {
    enum error result = checkpoint_open(s->folder.note, s->folder.origin, s->logs, s->log_count, &s->arena, &s->at, d);
    for (size_t i = 0; i < s->mirror_count && !result; i++) result = check_cosignature(s, &s->mirrors[i], d);
    if (!result && s->at.note.signature_count != s->mirror_count + 1)
        result = fail(d, ERR_SIGNATURE, "a signature by nobody's key");
    return of_file(result, "checkpoint", d);
}

/* ---- the tree, of the entries that were checked */

static enum error add_bundle(void *state, const struct tile *t, struct diag *d) {
    struct sample *s = state;
    char name[TILE_PATH_MAX];
    struct buf file = {.max = BUNDLE_MAX_BYTES};
    if (!t->entries) return OK;
    tile_path_write(t, name);
    enum error result = folder_file(&s->folder, name, BUNDLE_MAX_BYTES, &file, d);
    struct bytes rest = buf_as_bytes(&file), entry;
    while (!result && bundle_next(&rest, &entry)) tree_add(&s->tree, tree_leaf_hash(entry));
    buf_free(&file);
    return result;
}

static enum error check_tree(struct sample *s, struct diag *d) {
    enum error result = folder_check(&s->folder, d);
    return result ? result : tile_each(s->at.at.size, add_bundle, s, d);
}

/* ---- proofs */

static enum error check_proof(struct sample *s, struct text line, struct diag *d) {
    struct tree_reader r = tree_reader(&s->tree);
    struct proof p = {.count = 0};
    struct text word;
    uint64_t bounds[3];
    struct sha256 subtree;
    for (size_t i = 0; i < COUNT(bounds); i++) {
        if (!text_cut(&line, ' ', &word)) word = line, line = TEXT("");
        if (!text_u64(word, &bounds[i])) return fail(d, ERR_INPUT, "expected a number");
    }
    if (!subtree_valid(bounds[0], bounds[1]) || bounds[1] > bounds[2] || bounds[2] > s->tree.size)
        return fail(d, ERR_PROOF, "no such subtree");
    while (line.size) {
        if (!text_cut(&line, ' ', &word)) word = line, line = TEXT("");
        if (p.count == PROOF_MAX || !base64_read_exact(word, p.at[p.count++].at, SHA256_SIZE, BASE64_PADDED))
            return fail(d, ERR_INPUT, "expected a hash");
    }
    enum error result = tree_range(&r, bounds[0], bounds[1], &subtree, d);
    return result ? result
                  : proof_verify(&p, bounds[0], bounds[1], subtree, bounds[2], tree_root_at(&s->tree, bounds[2]), d);
}

static enum error check_proofs(struct sample *s, struct diag *d) {
    struct text t, line;
    uint64_t number = 0;
    enum error result = read_file(s, "proofs", &t, d);
    while (!result && text_line(&t, &line)) {
        number++;
        result = check_proof(s, line, d);
        if (result) d->line = number;
    }
    if (!result && t.size) result = fail(d, ERR_INPUT, "the last line has no end");
    return of_file(result, "proofs", d);
}

static enum error check_proof_file(struct sample *s, struct diag *d) {
    struct text whole;
    struct proof_file f;
    struct proven proven;
    struct policy_log logs[KEYS_MAX];
    struct policy policy = {.logs = logs, .log_count = s->log_count, .quorum = POLICY_NONE};
    for (size_t i = 0; i < s->log_count; i++) logs[i] = (struct policy_log){.key = s->logs[i]};
    enum error result = read_file(s, "entry.tlog-proof", &whole, d);
    if (!result) result = proof_file_read(bytes_from_text(whole), &s->arena, &f, d);
    if (!result) result = proof_file_verify(&f, tree_leaf_hash(f.extra), &policy, &s->arena, &proven, d);
    if (!result && !text_equal(text_from_bytes(f.checkpoint), text_from_bytes(s->folder.note)))
        result = fail(d, ERR_PROOF, "it ends with another checkpoint");
    return of_file(result, "entry.tlog-proof", d);
}

/* ---- all of it */

static enum error check(const char *path, struct diag *d) {
    static enum error (*const steps[])(struct sample *, struct diag *) = {read_keys, check_checkpoint, check_tree,
                                                                          check_proofs, check_proof_file};
    struct sample s = {.folder = {.path = path}};
    *d = (struct diag){0};
    enum error result = of_file(folder_open(path, &s.folder, d), "checkpoint", d);
    if (result) return result;
    for (size_t i = 0; i < COUNT(steps) && !result; i++) result = steps[i](&s, d);
    tree_free(&s.tree);
    folder_close(&s.folder);
    arena_free(&s.arena);
    return result;
}

/* ---- bits */

struct flipping {
    const char *folder;
    uint64_t every, bit, turned; /* `bit`: how many are left before the next */
};

static bool names_place(const struct diag *d) {
    return d->where[0] || strstr(d->text, "entry ") || strstr(d->text, "tile/");
}

static int flip_file(struct flipping *f, const char *path) {
    struct buf content = {.max = FILE_MAX};
    struct diag d;
    int failed = os_read(path, FILE_MAX, &content, NULL) != OK;
    for (; !failed && f->bit < content.size * 8; f->bit += f->every) {
        uint8_t *at = content.at + f->bit / 8, mask = (uint8_t)(1u << f->bit % 8);
        *at ^= mask;
        failed = os_write_part(path, 0, buf_as_bytes(&content), 0644, NULL) != OK;
        if (!check(f->folder, &d)) {
            fprintf(stderr, "check-sample: bit %llu of %s was turned, and nobody noticed\n", (unsigned long long)f->bit,
                    path);
            failed = 1;
        } else if (!names_place(&d)) {
            fprintf(stderr, "check-sample: bit %llu of %s: no place is named: %s\n", (unsigned long long)f->bit, path,
                    d.text);
            failed = 1;
        }
        *at ^= mask;
        f->turned++;
    }
    f->bit -= failed ? 0 : content.size * 8;
    if (os_write_part(path, 0, buf_as_bytes(&content), 0644, NULL)) failed = 1;
    buf_free(&content);
    return failed;
}

static int flip_all(struct flipping *f, const char *folder) {
    struct buf names = {.max = 1 << 20};
    int failed = os_list(folder, &names, NULL) != OK;
    for (size_t at = 0; !failed && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        char path[OS_PATH_MAX];
        os_path(path, folder, (const char *)names.at + at);
        failed = os_is_folder(path) ? flip_all(f, path) : flip_file(f, path);
    }
    buf_free(&names);
    return failed;
}

int main(int count, char **words) {
    struct diag d;
    struct flipping f = {.folder = count == 4 ? words[3] : ""};
    if (count == 4 && !strcmp(words[1], "--flip") && text_u64(text_of(words[2]), &f.every) && f.every) {
        int failed = flip_all(&f, f.folder);
        if (!failed) printf("turned %llu bits, one at a time: each was noticed\n", (unsigned long long)f.turned);
        return failed;
    }
    if (count != 2) {
        fputs("usage: check-sample [--flip N] DIR\n", stderr);
        return 2;
    }
    enum error result = check(words[1], &d);
    if (result) fprintf(stderr, "check-sample: %s: %s\n", d.where, d.text);
    return result ? 1 : 0;
}

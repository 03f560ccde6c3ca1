/* Writes a record as `parley record export` lays it out, of SIZE made-up entries and with keys of a fixed seed, for the
 * program in test/interop/record:
 *
 *     export-sample SIZE DIR
 *
 * Beside the record stand what else that program checks: `proofs` (a line each: start, end, size, hashes),
 * `entry.tlog-proof` and `equivocation`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/os.h"
#include "base/random.h"
#include "tlog/equivocation.h"
#include "tlog/proof_file.h"
#include "tlog/tile.h"

enum { ENTRY_MAX = 1024, PROOFS = 400, BLOB_EVERY = 37 };

struct sample {
    const char *folder;
    struct arena arena;
    struct random random;
    uint64_t size;
    struct bytes *entries;
    struct tree tree;
    struct signer *log, *mirror;
    struct buf checkpoint;
};

static void need(enum error result, const struct diag *d) {
    if (!result) return;
    fprintf(stderr, "export-sample: %s: %s\n", error_sentence(result), d->text);
    exit(1);
}

static void put(const struct sample *s, const char *name, struct bytes content) {
    char path[OS_PATH_MAX], folder[OS_PATH_MAX];
    struct diag d = {0};
    os_path(path, s->folder, name);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    need(os_make_folders(folder, 0755, &d), &d);
    need(os_write_part(path, 0, content, 0644, &d), &d); /* a million entries are quicker without a sync a file */
}

/* ---- entries and blobs */

static void add_blob(struct sample *s, uint64_t index, struct buf *entry) {
    char name[8 + SHA256_HEX] = "blobs/";
    uint8_t content[600];
    size_t size = (size_t)(index * 7 % sizeof content);
    random_fill(&s->random, content, sizeof content);
    struct sha256 sha = sha256_of(bytes_of(content, size));
    sha256_hex(&sha, name + 6);
    buf_format(entry, "blob %s %zu\n", name + 6, size);
    if (index % 2 == 0) put(s, name, bytes_of(content, size)); /* the others were erased */
}

static void add_entry(struct sample *s, uint64_t index) {
    struct buf entry = {.max = ENTRY_MAX};
    char time[INSTANT_TEXT_MAX];
    instant_write((instant)(1772366400 + index) * INSTANT_SECOND, time);
    buf_format(&entry, "parley entry v1\ntime %s\n", time);
    if (!index) buf_string(&entry, "channel a.example/to/b.example/1\n");
    buf_string(&entry, "seen 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"); /* the root of no leaves */
    if (index % BLOB_EVERY == 0) add_blob(s, index, &entry);
    s->entries[index] = arena_bytes(&s->arena, buf_as_bytes(&entry));
    tree_add(&s->tree, tree_leaf_hash(s->entries[index]));
    buf_free(&entry);
}

/* ---- tiles, keys, checkpoint */

static enum error write_tile(void *state, const struct tile *t, struct diag *d) {
    struct sample *s = state;
    struct buf content = {.max = BUNDLE_MAX_BYTES};
    struct tree_reader r = tree_reader(&s->tree);
    char path[TILE_PATH_MAX];
    enum error result = t->entries ? OK : tile_write(&r, t, &content, d);
    for (unsigned i = 0; t->entries && i < t->width && !result; i++)
        result = bundle_add(&content, s->entries[t->index * TILE_WIDTH + i], d);
    tile_path_write(t, path);
    if (!result) put(s, path, buf_as_bytes(&content));
    buf_free(&content);
    return result;
}

static void sign(const struct sample *s, uint64_t size, struct sha256 root, struct buf *out) {
    struct checkpoint c = {signer_vkey(s->log)->name, size, root};
    const struct signer *signers[] = {s->log};
    struct diag d = {0};
    need(checkpoint_sign(&c, signers, 1, out, &d), &d);
}

static void write_checkpoint(struct sample *s) {
    struct checkpoint c = {signer_vkey(s->log)->name, s->size, tree_root_at(&s->tree, s->size)};
    struct buf text = {.max = CHECKPOINT_MAX_BYTES}, vkeys = {.max = 4096};
    sign(s, c.size, c.root, &s->checkpoint);
    checkpoint_write(&c, &text);
    cosignature_make(s->mirror, buf_as_text(&text), 1772370000 * INSTANT_SECOND, &s->checkpoint);
    put(s, "checkpoint", buf_as_bytes(&s->checkpoint));
    vkey_write(signer_vkey(s->log), &vkeys);
    buf_char(&vkeys, '\n');
    vkey_write(signer_vkey(s->mirror), &vkeys);
    buf_char(&vkeys, '\n');
    put(s, "vkeys", buf_as_bytes(&vkeys));
    buf_free(&text);
    buf_free(&vkeys);
}

/* ---- proofs */

static uint64_t any_below(struct sample *s, uint64_t bound) {
    uint64_t value;
    random_fill(&s->random, (uint8_t *)&value, sizeof value);
    return value % bound;
}

/* A subtree of the tree of some size: a leaf, a front of the tree, or one in its middle. */
static void choose(struct sample *s, uint64_t *start, uint64_t *end, uint64_t *size) {
    *size = 1 + any_below(s, s->size);
    do {
        unsigned level = (unsigned)any_below(s, 18);
        *start = any_below(s, 2) ? any_below(s, *size) >> level << level : 0;
        *end = *start + 1 + any_below(s, *size - *start);
        if (*start && *end > *start + ((uint64_t)1 << level)) *end = *start + ((uint64_t)1 << level);
    } while (!subtree_valid(*start, *end));
}

static void write_proofs(struct sample *s) {
    struct buf out = {.max = 4 << 20};
    struct tree_reader r = tree_reader(&s->tree);
    struct diag d = {0};
    for (unsigned i = 0; i < PROOFS; i++) {
        uint64_t start, end, size;
        struct proof p;
        choose(s, &start, &end, &size);
        need(proof_make(&r, start, end, size, &p, &d), &d);
        buf_format(&out, "%llu %llu %llu", (unsigned long long)start, (unsigned long long)end,
                   (unsigned long long)size);
        for (size_t h = 0; h < p.count; h++) {
            buf_char(&out, ' ');
            buf_base64(&out, sha256_bytes(&p.at[h]), BASE64_PADDED);
        }
        buf_char(&out, '\n');
    }
    put(s, "proofs", buf_as_bytes(&out));
    buf_free(&out);
}

static void write_proof_file(struct sample *s) {
    struct proof_file f = {.index = any_below(s, s->size), .checkpoint = buf_as_bytes(&s->checkpoint)};
    struct buf out = {.max = 1 << 17};
    struct tree_reader r = tree_reader(&s->tree);
    struct diag d = {0};
    f.extra = s->entries[f.index];
    need(inclusion_make(&r, f.index, s->size, &f.proof, &d), &d);
    proof_file_write(&f, &out);
    put(s, "entry.tlog-proof", buf_as_bytes(&out));
    buf_free(&out);
}

/* The log, as if it had also signed another root at some smaller size. */
static void write_equivocation(struct sample *s) {
    uint64_t smaller = any_below(s, s->size);
    struct buf note = {.max = CHECKPOINT_MAX_BYTES}, out = {.max = EQUIVOCATION_MAX_BYTES};
    struct tree_reader r = tree_reader(&s->tree);
    struct signed_checkpoint a, b;
    struct equivocation e;
    struct diag d = {0};
    const struct vkey *key = signer_vkey(s->log);
    sign(s, smaller, tree_leaf_hash(bytes_of("another", 7)), &note);
    need(checkpoint_open(buf_as_bytes(&note), key->name, key, 1, &s->arena, &a, &d), &d);
    need(checkpoint_open(buf_as_bytes(&s->checkpoint), key->name, key, 1, &s->arena, &b, &d), &d);
    need(equivocation_make(&r, &a, &b, &e, &d), &d);
    equivocation_write(&e, &out);
    put(s, "equivocation", buf_as_bytes(&out));
    buf_free(&note);
    buf_free(&out);
}

int main(int count, char **words) {
    struct sample s = {.random = random_seeded(TEXT("sample")), .checkpoint = {.max = CHECKPOINT_MAX_BYTES}};
    struct diag d = {0};
    if (count != 3 || !text_u64(text_of(words[1]), &s.size)) {
        fputs("usage: export-sample SIZE DIR\n", stderr);
        return 2;
    }
    s.folder = words[2];
    s.log = signer_new(TEXT("parley/00ff"), KEY_ED25519, &s.random);
    s.mirror = signer_new(TEXT("b.example/mirror"), KEY_COSIGNATURE, &s.random);
    s.entries = ARENA_ARRAY(&s.arena, struct bytes, s.size);
    for (uint64_t i = 0; i < s.size; i++) add_entry(&s, i);
    need(tile_each(s.size, write_tile, &s, &d), &d);
    write_checkpoint(&s);
    if (s.size) {
        write_proofs(&s);
        write_proof_file(&s);
        write_equivocation(&s);
    }
    signer_free(s.log);
    signer_free(s.mirror);
    buf_free(&s.checkpoint);
    tree_free(&s.tree);
    arena_free(&s.arena);
    return 0;
}

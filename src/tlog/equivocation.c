#include "tlog/equivocation.h"

#include <string.h>

#include "tlog/hash_lines.h"

#define KIND "parley equivocation v1"

/* ---- the subtrees that the hashes are of */

/* The pieces of [0, m), then those of [m, n). */
static size_t pieces_of(uint64_t m, uint64_t n, struct subtree out[static EQUIVOCATION_HASHES_MAX], size_t *below) {
    *below = tree_cut(0, m, out);
    return *below + tree_cut(m, n, out + *below);
}

/* What a log sends as a consistency proof says the same, where it can be rebuilt by itself. */
static bool rebuild_short(const struct equivocation *e, uint64_t m, uint64_t n, struct sha256 *at_m,
                          struct sha256 *at_n) {
    struct proof p = {.count = e->hash_count};
    if (e->hash_count > PROOF_MAX) return false;
    memcpy(p.at, e->hashes, e->hash_count * sizeof *p.at);
    return consistency_rebuild(&p, m, n, at_m, at_n);
}

/* Both roots from the same hashes; false where their number is not the one that m and n need. */
static bool rebuild(const struct equivocation *e, uint64_t m, uint64_t n, struct sha256 *at_m, struct sha256 *at_n) {
    struct subtree pieces[EQUIVOCATION_HASHES_MAX];
    struct frontier f = {0};
    size_t below, count = pieces_of(m, n, pieces, &below);
    if (count != e->hash_count) return false;
    for (size_t i = 0; i < below; i++) frontier_add(&f, pieces[i].level, e->hashes[i]);
    *at_m = frontier_root(&f);
    for (size_t i = below; i < count; i++) frontier_add(&f, pieces[i].level, e->hashes[i]);
    *at_n = frontier_root(&f);
    return true;
}

static enum error judge(const struct equivocation *e, const struct checkpoint *smaller, const struct checkpoint *larger,
                        struct diag *d) {
    struct sha256 at_m = larger->root, at_n = larger->root;
    if (smaller->size > larger->size) return fail(d, ERR_PROOF, _("the larger checkpoint comes first"));
    bool equal = smaller->size == larger->size;
    bool shaped = equal ? !e->hash_count : rebuild(e, smaller->size, larger->size, &at_m, &at_n);
    if (!equal && (!shaped || !sha256_equal(at_n, larger->root)))
        shaped = rebuild_short(e, smaller->size, larger->size, &at_m, &at_n) || shaped;
    if (!shaped)
        return fail(d, ERR_PROOF, _("not the number of hashes that sizes %llu and %llu need"),
                    (unsigned long long)smaller->size, (unsigned long long)larger->size);
    if (!sha256_equal(at_n, larger->root))
        return fail(d, ERR_PROOF, _("the hashes don't rebuild the root signed at size %llu"),
                    (unsigned long long)larger->size);
    if (sha256_equal(at_m, smaller->root))
        return fail(d, ERR_PROOF, _("the checkpoints at sizes %llu and %llu don't contradict each other"),
                    (unsigned long long)smaller->size, (unsigned long long)larger->size);
    return OK;
}

/* ---- making */

enum error equivocation_make(const struct tree_reader *r, const struct signed_checkpoint *a,
                             const struct signed_checkpoint *b, struct equivocation *out, struct diag *d) {
    struct equivocation e = {.smaller = a->whole, .larger = b->whole};
    struct subtree pieces[EQUIVOCATION_HASHES_MAX];
    size_t below;
    enum error result = OK;
    if (a->at.size < b->at.size) e.hash_count = pieces_of(a->at.size, b->at.size, pieces, &below);
    for (size_t i = 0; i < e.hash_count && !result; i++)
        result = r->hash(r->state, pieces[i].level, pieces[i].index, &e.hashes[i], d);
    if (!result) result = judge(&e, &a->at, &b->at, d);
    if (!result) *out = e;
    return result;
}

enum error equivocation_from_proof(const struct proof *p, const struct signed_checkpoint *a,
                                   const struct signed_checkpoint *b, struct equivocation *out, struct diag *d) {
    struct equivocation e = {.smaller = a->whole, .larger = b->whole, .hash_count = p->count};
    struct sha256 at_m, at_n;
    if (!consistency_rebuild(p, a->at.size, b->at.size, &at_m, &at_n))
        return fail(d, ERR_PROOF, _("a consistency proof from which no root at the smaller size follows"));
    memcpy(e.hashes, p->at, p->count * sizeof *p->at);
    enum error result = judge(&e, &a->at, &b->at, d);
    if (!result) *out = e;
    return result;
}

/* ---- text */

void equivocation_write(const struct equivocation *e, struct buf *out) {
    buf_string(out, KIND "\n");
    hash_lines_write(e->hashes, e->hash_count, out);
    buf_bytes(out, e->smaller);
    buf_char(out, '\n');
    buf_bytes(out, e->larger);
}

/* Takes a checkpoint and the empty line after it: lines, an empty line, lines. */
static bool take_checkpoint(struct text *rest, struct bytes *note) {
    struct text left = *rest, line;
    for (unsigned empty = 0; empty < 2;) {
        if (!text_line(&left, &line)) return false;
        if (!line.size) empty++;
    }
    *note = bytes_of(rest->at, rest->size - left.size - 1);
    *rest = left;
    return true;
}

enum error equivocation_read(struct bytes whole, struct equivocation *out, struct diag *d) {
    struct text rest = text_from_bytes(whole);
    struct equivocation e;
    uint64_t line = 2;
    if (whole.size > EQUIVOCATION_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("an equivocation proof of more than %d bytes"), EQUIVOCATION_MAX_BYTES);
    if (!text_skip(&rest, TEXT(KIND "\n"))) return fail_at(d, 1, ERR_INPUT, _("expected “%s”"), KIND);
    enum error result = hash_lines_read(&rest, &line, e.hashes, EQUIVOCATION_HASHES_MAX, &e.hash_count, d);
    if (result) return result;
    if (!take_checkpoint(&rest, &e.smaller) || !rest.size)
        return fail_at(d, line, ERR_INPUT, _("expected two checkpoints with an empty line between them"));
    e.larger = bytes_from_text(rest);
    *out = e;
    return OK;
}

/* ---- verifying */

enum error equivocation_verify(const struct equivocation *e, struct text origin, const struct vkey *logs, size_t count,
                               struct arena *a, struct equivocated *out, struct diag *d) {
    struct signed_checkpoint smaller, larger;
    enum error result = ERR_SIGNATURE;
    size_t i = 0;
    for (; i < count && result == ERR_SIGNATURE; i++) {
        result = checkpoint_open(e->smaller, origin, &logs[i], 1, a, &smaller, d);
        if (!result) result = checkpoint_open(e->larger, origin, &logs[i], 1, a, &larger, d);
    }
    if (result == ERR_SIGNATURE) return fail(d, ERR_SIGNATURE, _("no one log key has signed both checkpoints"));
    if (!result) result = judge(e, &smaller.at, &larger.at, d);
    if (!result) *out = (struct equivocated){smaller.at, larger.at, logs[i - 1]};
    return result;
}

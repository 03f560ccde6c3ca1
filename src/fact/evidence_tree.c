/* The hashes of evidence: salts, leaves and trees, many at once. */
#include <string.h>

#include "base/codec.h"
#include "base/hash_many.h"
#include "base/secret.h"
#include "fact/evidence.h"

enum { NUMBERS_SIZE = 16 };

static void put_u64(uint8_t out[static 8], uint64_t value) {
    for (size_t i = 0; i < 8; i++) out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static void put_numbers(uint8_t out[static NUMBERS_SIZE], uint64_t row, uint64_t line) {
    put_u64(out, row);
    put_u64(out + 8, line);
}

/* ---- one line */

static struct sha256_input salt_input(const uint8_t numbers[static NUMBERS_SIZE], struct text line) {
    return (struct sha256_input){
        {bytes_from_text(TEXT("parley evidence line v1\n")), bytes_of(numbers, NUMBERS_SIZE), bytes_from_text(line)}};
}

/* RFC 6962, 2.1. */
static struct sha256_input leaf_input(const uint8_t salt[static EVIDENCE_SALT_SIZE], struct text line) {
    return (struct sha256_input){{bytes_of("\0", 1), bytes_of(salt, EVIDENCE_SALT_SIZE), bytes_from_text(line)}};
}

struct salt evidence_salt(const uint8_t key[static EVIDENCE_KEY_SIZE], uint64_t row, uint64_t line, struct text bytes) {
    struct hmac_key made;
    struct salt out;
    uint8_t numbers[NUMBERS_SIZE];
    put_numbers(numbers, row, line);
    hmac_key_make(&made, bytes_of(key, EVIDENCE_KEY_SIZE));
    const struct sha256_input in = salt_input(numbers, bytes);
    struct sha256 whole = hmac_with_key(&made, in.parts, SHA256_PARTS);
    memcpy(out.at, whole.at, sizeof out.at);
    secret_wipe(&made, sizeof made);
    secret_wipe(&whole, sizeof whole);
    return out;
}

struct sha256 evidence_line_leaf(struct salt salt, struct text line) {
    const struct sha256_input in = leaf_input(salt.at, line);
    return sha256_of_parts(in.parts, SHA256_PARTS);
}

/* ---- lines, many at once */

enum { SOME = 128 };

struct some { /* lines that are worked on at once */
    size_t count;
    struct text lines[SOME];
    uint8_t numbers[SOME][NUMBERS_SIZE];
    struct sha256_input inputs[SOME];
    struct sha256 salts[SOME], leaves[SOME];
};

static void some_add(struct some *s, uint64_t row, uint64_t line, struct text bytes) {
    put_numbers(s->numbers[s->count], row, line);
    s->lines[s->count++] = bytes;
}

static void some_hash(const struct hmac_key *key, struct some *s) {
    for (size_t i = 0; i < s->count; i++) s->inputs[i] = salt_input(s->numbers[i], s->lines[i]);
    hmac_many(key, s->inputs, s->count, s->salts);
    for (size_t i = 0; i < s->count; i++) s->inputs[i] = leaf_input(s->salts[i].at, s->lines[i]);
    sha256_many(s->inputs, s->count, s->leaves);
    secret_wipe(s->salts, s->count * sizeof *s->salts);
}

/* Some more lines of a row, at most `most`: how many. */
static size_t some_fill(struct some *s, uint64_t row, struct row_lines *at, uint64_t most) {
    size_t added = 0;
    for (; added < most && s->count < SOME; added++) {
        const uint64_t number = at->next;
        some_add(s, row, number, row_next(at));
    }
    return added;
}

void row_next_leaves(const struct hmac_key *key, uint64_t row, struct row_lines *at, size_t count, struct sha256 *out) {
    struct some s;
    for (size_t done = 0; done < count; done += s.count) {
        s.count = 0;
        some_fill(&s, row, at, count - done);
        some_hash(key, &s);
        memcpy(out + done, s.leaves, s.count * sizeof *out);
    }
}

void evidence_leaves(const struct hmac_key *key, uint64_t row, uint64_t first, const struct text *lines, size_t count,
                     struct sha256 *out) {
    struct some s;
    for (size_t done = 0; done < count; done += s.count) {
        s.count = 0;
        while (s.count < SOME && done + s.count < count)
            some_add(&s, row, first + done + s.count, lines[done + s.count]);
        some_hash(key, &s);
        memcpy(out + done, s.leaves, s.count * sizeof *out);
    }
}

/* ---- the trees of lines */

static struct sha256 root_of_many(const struct hmac_key *key, uint64_t number, const struct evidence_row *row) {
    struct row_lines at = row_lines(row);
    struct frontier tree = {0};
    struct sha256 leaves[TREE_SOME];
    while (at.next < row->count) {
        const size_t some = row->count - at.next < TREE_SOME ? (size_t)(row->count - at.next) : TREE_SOME;
        row_next_leaves(key, number, &at, some, leaves);
        frontier_add_many(&tree, leaves, some);
    }
    return frontier_root(&tree);
}

/* As many of the rows as fit, at least one: how many. */
static size_t roots_of_some(const struct hmac_key *key, uint64_t first_row, struct evidence_row *rows, size_t count) {
    struct some s = {.count = 0};
    struct sha256 roots[SOME];
    size_t sizes[SOME], taken = 0;
    for (; taken < count && taken < SOME && rows[taken].count <= SOME - s.count; taken++) {
        struct row_lines at = row_lines(&rows[taken]);
        sizes[taken] = some_fill(&s, first_row + taken, &at, rows[taken].count);
    }
    if (!taken) {
        rows->root = root_of_many(key, first_row, rows);
        return 1;
    }
    some_hash(key, &s);
    tree_roots(s.leaves, sizes, taken, roots);
    for (size_t i = 0; i < taken; i++) rows[i].root = roots[i];
    return taken;
}

void evidence_roots(const struct hmac_key *key, uint64_t first_row, struct evidence_row *rows, size_t count) {
    for (size_t done = 0; done < count;) done += roots_of_some(key, first_row + done, rows + done, count - done);
}

/* ---- the tree of rows */

enum { ROW_END_MAX = 80 /* LF, a number, a root, LF */ };

static struct sha256_input row_input(const struct evidence_row *row, char end[static ROW_END_MAX]) {
    char *at = end;
    *at++ = '\n';
    at = u64_write(row->count, at);
    *at++ = ' ';
    at = base64_write(sha256_bytes(&row->root), at);
    *at++ = '\n';
    return (struct sha256_input){
        {bytes_of("\0parley evidence fact v1\n", 25), bytes_from_text(row->row), bytes_of(end, (size_t)(at - end))}};
}

void evidence_row_leaves(const struct evidence_row *rows, size_t count, struct sha256 *out) {
    struct sha256_input inputs[SOME];
    char ends[SOME][ROW_END_MAX];
    for (size_t done = 0; done < count; done += SOME) {
        const size_t some = count - done < SOME ? count - done : SOME;
        for (size_t i = 0; i < some; i++) inputs[i] = row_input(&rows[done + i], ends[i]);
        sha256_many(inputs, some, out + done);
    }
}

struct sha256 evidence_row_leaf(struct text row, uint64_t count, struct sha256 root) {
    struct sha256 leaf;
    evidence_row_leaves(&(struct evidence_row){.row = row, .count = count, .root = root}, 1, &leaf);
    return leaf;
}

static void each_leaves(const struct evidence *e, struct frontier *f, struct tree *t) {
    struct sha256 leaves[TREE_SOME];
    for (uint64_t done = 0; done < e->count; done += TREE_SOME) {
        const size_t some = e->count - done < TREE_SOME ? (size_t)(e->count - done) : TREE_SOME;
        evidence_row_leaves(e->rows + done, some, leaves);
        if (f) frontier_add_many(f, leaves, some);
        if (t) tree_add_many(t, leaves, some);
    }
}

struct sha256 evidence_root(const struct evidence *e) {
    struct frontier tree = {0};
    each_leaves(e, &tree, NULL);
    return frontier_root(&tree);
}

void evidence_tree(const struct evidence *e, struct tree *out) { each_leaves(e, NULL, out); }

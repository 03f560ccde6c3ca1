/* Evidence: salts, leaves, trees, and what they were built from. */
#include "fact/evidence.h"

#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "fact/form.h"

/* ---- leaves */

static void put_u64(uint8_t out[static 8], uint64_t value) {
    for (size_t i = 0; i < 8; i++) out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static struct salt salt_of(const struct hmac_key *key, uint64_t row, uint64_t line, struct text bytes) {
    struct salt out;
    uint8_t numbers[16];
    put_u64(numbers, row);
    put_u64(numbers + 8, line);
    const struct bytes parts[] = {bytes_from_text(TEXT("parley evidence line v1\n")), bytes_of(numbers, sizeof numbers),
                                  bytes_from_text(bytes)};
    struct sha256 whole = hmac_with_key(key, parts, COUNT(parts));
    memcpy(out.at, whole.at, sizeof out.at);
    return out;
}

struct salt evidence_salt(const uint8_t key[static EVIDENCE_KEY_SIZE], uint64_t row, uint64_t line, struct text bytes) {
    struct hmac_key made;
    hmac_key_make(&made, bytes_of(key, EVIDENCE_KEY_SIZE));
    struct salt out = salt_of(&made, row, line, bytes);
    secret_wipe(&made, sizeof made);
    return out;
}

struct sha256 evidence_line_leaf(struct salt salt, struct text line) {
    static const uint8_t leaf[1] = {0}; /* RFC 6962, 2.1 */
    const struct bytes parts[] = {bytes_of(leaf, 1), bytes_of(salt.at, sizeof salt.at), bytes_from_text(line)};
    return sha256_of_parts(parts, COUNT(parts));
}

struct sha256 evidence_row_leaf(struct text row, uint64_t count, struct sha256 root) {
    struct buf leaf = {.max = SHEET_ROW_MAX + 256};
    buf_text(&leaf, TEXT("parley evidence fact v1\n"));
    buf_text(&leaf, row);
    buf_char(&leaf, '\n');
    buf_u64(&leaf, count);
    buf_char(&leaf, ' ');
    buf_base64(&leaf, sha256_bytes(&root), BASE64_PADDED);
    buf_char(&leaf, '\n');
    ASSERT(!leaf.failed && "a row is no longer than SHEET_ROW_MAX");
    struct sha256 hash = tree_leaf_hash(buf_as_bytes(&leaf));
    buf_free(&leaf);
    return hash;
}

/* ---- trees */

struct sha256 evidence_lines_root(const struct hmac_key *key, uint64_t row, const struct text *lines, uint64_t count) {
    struct frontier tree = {0};
    for (uint64_t i = 0; i < count; i++)
        frontier_add(&tree, 0, evidence_line_leaf(salt_of(key, row, i, lines[i]), lines[i]));
    return frontier_root(&tree);
}

struct sha256 evidence_root(const struct evidence *e) {
    struct frontier tree = {0};
    for (uint64_t i = 0; i < e->count; i++)
        frontier_add(&tree, 0, evidence_row_leaf(e->rows[i].row, e->rows[i].count, e->rows[i].root));
    return frontier_root(&tree);
}

/* ---- building and checking */

static enum error build_row(const struct gathered *g, uint64_t i, const struct hmac_key *key, struct arena *a,
                            struct buf *row, struct evidence_row *out, struct diag *d) {
    const struct fact_lines *lines = &g->lines[i];
    const char *fault = fact_fault(&g->facts[i]);
    if (fault) return fail(d, ERR_INPUT, _("fact %llu: %s"), (unsigned long long)i, gettext(fault));
    buf_clear(row);
    fact_write(&g->facts[i], row);
    if (row->failed) return fail(d, ERR_MEMORY, _("out of memory"));
    *out = (struct evidence_row){.row = arena_text(a, buf_as_text(row)),
                                 .lines = lines->at,
                                 .count = lines->count,
                                 .root = evidence_lines_root(key, i, lines->at, lines->count)};
    return OK;
}

enum error evidence_build(const struct gathered *g, struct sha256 sheet, const uint8_t key[static EVIDENCE_KEY_SIZE],
                          struct arena *a, struct evidence *out, struct diag *d) {
    if (g->count && !g->lines) return fail(d, ERR_USAGE, _("the lines behind the facts were not kept"));
    struct evidence_row *rows = ARENA_ARRAY(a, struct evidence_row, g->count);
    struct buf row = {.max = 2 * SHEET_ROW_MAX};
    struct hmac_key made;
    enum error result = OK;
    hmac_key_make(&made, bytes_of(key, EVIDENCE_KEY_SIZE));
    for (uint64_t i = 0; !result && i < g->count; i++) result = build_row(g, i, &made, a, &row, &rows[i], d);
    secret_wipe(&made, sizeof made);
    buf_free(&row);
    if (result) return result;
    *out = (struct evidence){.sheet = sheet, .rows = rows, .count = g->count};
    memcpy(out->key, key, sizeof out->key);
    return OK;
}

static struct sha256 hash_of_sheet(const struct evidence *e) {
    struct hasher *h = hasher_new();
    hasher_add(h, bytes_from_text(SHEET_HEADER));
    for (uint64_t i = 0; i < e->count; i++) {
        hasher_add(h, bytes_from_text(e->rows[i].row));
        hasher_add(h, bytes_of("\n", 1));
    }
    return hasher_end(h);
}

enum error evidence_check(const struct evidence *e, struct diag *d) {
    if (!sha256_equal(hash_of_sheet(e), e->sheet)) return fail(d, ERR_PROOF, _("the facts are not those of the sheet"));
    struct hmac_key key;
    enum error result = OK;
    hmac_key_make(&key, bytes_of(e->key, sizeof e->key));
    for (uint64_t i = 0; !result && i < e->count; i++)
        if (!sha256_equal(evidence_lines_root(&key, i, e->rows[i].lines, e->rows[i].count), e->rows[i].root))
            result = fail(d, ERR_PROOF, _("fact %llu: the lines don't give the root that was committed to"),
                          (unsigned long long)i);
    secret_wipe(&key, sizeof key);
    return result;
}

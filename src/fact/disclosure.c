/* What a disclosure shows, and how a line is spelled in it. */
#include "fact/disclosure.h"

#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "fact/shown.h"
#include "tlog/proof.h"

/* UTF-8 without control characters but tabs. */
bool shown_as_text(struct text line) {
    for (size_t i = 0; i < line.size; i++)
        if (((uint8_t)line.at[i] < ' ' && line.at[i] != '\t') || line.at[i] == 0x7f) return false;
    return text_is_utf8(line);
}

/* ---- writing */

static void write_proof(const struct proof *p, struct buf *out) {
    for (size_t i = 0; i < p->count; i++) {
        buf_text(out, TEXT("hash "));
        buf_base64(out, sha256_bytes(&p->at[i]), BASE64_PADDED);
        buf_char(out, '\n');
    }
}

static enum error write_proof_of(struct tree *t, uint64_t index, struct buf *out, struct diag *d) {
    struct proof p;
    struct tree_reader r = tree_reader(t);
    enum error result = inclusion_make(&r, index, t->size, &p, d);
    if (!result) write_proof(&p, out);
    return result;
}

static void write_line(uint64_t number, struct salt salt, struct text line, struct buf *out) {
    buf_text(out, TEXT("line "));
    buf_u64(out, number);
    buf_char(out, ' ');
    buf_hex(out, bytes_of(salt.at, sizeof salt.at));
    if (shown_as_text(line)) {
        buf_text(out, TEXT(" text "));
        buf_text(out, line);
    } else {
        buf_text(out, TEXT(" base64 "));
        buf_base64(out, bytes_from_text(line), BASE64_PADDED);
    }
    buf_char(out, '\n');
}

static void grow_lines(const struct evidence *e, uint64_t number, struct tree *lines) {
    const struct evidence_row *row = &e->rows[number];
    struct row_lines at = row_lines(row);
    struct sha256 leaves[TREE_SOME];
    struct hmac_key key;
    hmac_key_make(&key, bytes_of(e->key, sizeof e->key));
    while (at.next < row->count) {
        const size_t some = row->count - at.next < TREE_SOME ? (size_t)(row->count - at.next) : TREE_SOME;
        row_next_leaves(&key, number, &at, some, leaves);
        tree_add_many(lines, leaves, some);
    }
    secret_wipe(&key, sizeof key);
}

static enum error write_lines(const struct evidence *e, const struct chosen *c, struct tree *lines, struct buf *out,
                              struct diag *d) {
    const struct evidence_row *row = &e->rows[c->row];
    struct row_lines at = row_lines(row);
    enum error result = OK;
    grow_lines(e, c->row, lines);
    if (!sha256_equal(tree_root_at(lines, row->count), row->root))
        return fail(d, ERR_PROOF, _("fact %llu: the lines don't give the root that was committed to"),
                    (unsigned long long)c->row);
    for (size_t i = 0; !result && i < c->count; i++) {
        const uint64_t number = c->lines[i];
        struct text line = {0};
        if (number >= row->count || (i && number <= c->lines[i - 1]))
            return fail(d, ERR_USAGE, _("fact %llu: expected numbers of lines that ascend, below %llu"),
                        (unsigned long long)c->row, (unsigned long long)row->count);
        while (at.next <= number) line = row_next(&at);
        write_line(number, evidence_salt(e->key, c->row, number, line), line, out);
        result = write_proof_of(lines, number, out, d);
    }
    return result;
}

static enum error write_fact(const struct evidence *e, const struct chosen *c, struct tree *rows, struct buf *out,
                             struct diag *d) {
    const struct evidence_row *row = &e->rows[c->row];
    struct tree lines = {0};
    buf_text(out, TEXT("fact "));
    buf_u64(out, c->row);
    buf_char(out, ' ');
    buf_u64(out, row->count);
    buf_char(out, ' ');
    buf_base64(out, sha256_bytes(&row->root), BASE64_PADDED);
    buf_char(out, ' ');
    buf_text(out, row->row);
    buf_char(out, '\n');
    enum error result = write_proof_of(rows, c->row, out, d);
    if (!result && c->count) result = write_lines(e, c, &lines, out, d);
    tree_free(&lines);
    return result;
}

enum error disclosure_write(const struct evidence *e, const struct chosen *chosen, size_t count, struct buf *out,
                            struct diag *d) {
    const size_t start = out->size;
    struct tree rows = {0};
    for (size_t i = 0; i < count; i++)
        if (chosen[i].row >= e->count || (i && chosen[i].row <= chosen[i - 1].row))
            return fail(d, ERR_USAGE, _("expected numbers of facts that ascend, below %llu"),
                        (unsigned long long)e->count);
    evidence_tree(e, &rows);
    buf_text(out, TEXT("parley disclosure v1\nsize "));
    buf_u64(out, e->count);
    buf_char(out, '\n');
    enum error result = OK;
    for (size_t i = 0; !result && i < count; i++) result = write_fact(e, &chosen[i], &rows, out, d);
    tree_free(&rows);
    if (!result && out->size - start > DISCLOSURE_BYTES_MAX)
        result = fail(d, ERR_LIMIT, _("a disclosure of more than %d bytes: show fewer lines"), DISCLOSURE_BYTES_MAX);
    return result ? result : buf_check(out, d);
}

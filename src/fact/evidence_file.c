/* The file of an evidence tree. */
#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "fact/evidence.h"

/* ---- writing */

struct pieces {
    struct buf held;
    enum error (*write)(void *to, struct bytes piece, struct diag *d);
    void *to;
};
enum { PIECE_BYTES = 1 << 16, HELD_BYTES_MAX = 1 << 25 }; /* a line has less */

static enum error pass_on(struct pieces *p, size_t from, struct diag *d) {
    if (p->held.failed) return fail(d, ERR_LIMIT, _("a line of evidence of more than %d bytes"), HELD_BYTES_MAX);
    if (p->held.size < from) return OK;
    enum error result = p->write(p->to, buf_as_bytes(&p->held), d);
    buf_clear(&p->held);
    return result;
}

void evidence_put_head(const struct evidence *e, struct buf *out) {
    buf_text(out, TEXT("parley evidence v1\nsheet "));
    buf_hex(out, sha256_bytes(&e->sheet));
    buf_text(out, TEXT("\nkey "));
    buf_hex(out, bytes_of(e->key, sizeof e->key));
    buf_text(out, TEXT("\nrows "));
    buf_u64(out, e->count);
    buf_char(out, '\n');
}

void evidence_put_line(struct text line, struct buf *out) {
    const size_t before = out->size;
    char *at = (char *)buf_extend(out, U64_DIGITS + 2 + line.size);
    if (!at) return;
    at = u64_write(line.size, at);
    *at++ = ' ';
    if (line.size) memcpy(at, line.at, line.size);
    at += line.size;
    *at++ = '\n';
    out->size = (size_t)((uint8_t *)at - out->at);
    ASSERT(out->size > before);
}

void evidence_put_row(const struct evidence_row *row, struct buf *out) {
    buf_text(out, TEXT("row "));
    buf_u64(out, row->count);
    buf_char(out, ' ');
    buf_base64(out, sha256_bytes(&row->root), BASE64_PADDED);
    buf_char(out, ' ');
    buf_text(out, row->row);
    buf_char(out, '\n');
}

static enum error write_row(const struct evidence_row *row, struct pieces *p, struct diag *d) {
    enum error result = OK;
    evidence_put_row(row, &p->held);
    for (struct row_lines at = row_lines(row); !result && at.next < row->count;) {
        evidence_put_line(row_next(&at), &p->held);
        result = pass_on(p, PIECE_BYTES, d);
    }
    return result;
}

enum error evidence_stream(const struct evidence *e, enum error (*write)(void *to, struct bytes piece, struct diag *d),
                           void *to, struct diag *d) {
    struct pieces p = {.held = {.max = HELD_BYTES_MAX}, .write = write, .to = to};
    enum error result = OK;
    evidence_put_head(e, &p.held);
    for (uint64_t i = 0; !result && i < e->count; i++) result = write_row(&e->rows[i], &p, d);
    if (!result) result = pass_on(&p, 0, d);
    buf_wipe(&p.held);
    return result;
}

static enum error append(void *to, struct bytes piece, struct diag *d) {
    buf_bytes(to, piece);
    return buf_check(to, d);
}

enum error evidence_write(const struct evidence *e, struct buf *out, struct diag *d) {
    return evidence_stream(e, append, out, d);
}

/* ---- reading */

struct at { /* where the reader stands */
    struct text rest;
    uint64_t line;
    uint64_t kept; /* lines of evidence so far */
};

static bool take_line(struct at *at, struct text *line) {
    at->line++;
    return text_line(&at->rest, line);
}

/* A line `<prefix><value>`. */
static enum error take_value(struct at *at, struct text prefix, struct text *value, struct diag *d) {
    if (take_line(at, value) && text_skip(value, prefix)) return OK;
    return fail_at(d, at->line, ERR_INPUT, _("expected a line that starts with “%.*s”"), TEXT_ARG(prefix));
}

static enum error read_head(struct at *at, struct evidence *out, struct diag *d) {
    struct text line, sheet, key, rows;
    if (!take_line(at, &line) || !text_is(line, "parley evidence v1"))
        return fail_at(d, at->line, ERR_INPUT, _("expected “parley evidence v1”"));
    enum error result = take_value(at, TEXT("sheet "), &sheet, d);
    if (!result && !sha256_read_hex(sheet, &out->sheet))
        result = fail_at(d, at->line, ERR_INPUT, _("expected a SHA-256 in lower-case hexadecimal"));
    if (!result) result = take_value(at, TEXT("key "), &key, d);
    if (!result && !hex_read(key, out->key, sizeof out->key))
        result = fail_at(d, at->line, ERR_INPUT, _("expected a key of %d lower-case hexadecimal digits"),
                         2 * EVIDENCE_KEY_SIZE);
    if (!result) result = take_value(at, TEXT("rows "), &rows, d);
    if (!result && (!text_u64(rows, &out->count) || out->count > SHEET_ROWS_MAX))
        result = fail_at(d, at->line, ERR_INPUT, _("expected a number of facts, at most %d"), SHEET_ROWS_MAX);
    return result;
}

/* `<bytes> <the line>`, whose bytes may be any but LF. */
static enum error read_evidence_line(struct at *at, struct diag *d) {
    struct text size_text, line;
    uint64_t size;
    if (!take_line(at, &line)) return fail_at(d, at->line, ERR_INPUT, _("expected a line of evidence: cut off?"));
    if (!text_cut(&line, ' ', &size_text) || !text_u64(size_text, &size))
        return fail_at(d, at->line, ERR_INPUT, _("expected a number of bytes and a line of evidence"));
    if (size != line.size)
        return fail_at(d, at->line, ERR_INPUT,
                       _n("expected a line of evidence of %llu byte, found %zu",
                          "expected a line of evidence of %llu bytes, found %zu", size),
                       (unsigned long long)size, line.size);
    return OK;
}

struct text row_next(struct row_lines *at) {
    const uint64_t number = at->next++;
    struct text digits, line;
    uint64_t size = 0;
    ASSERT(number < at->of->count);
    if (at->of->lines) return at->of->lines[number];
    ASSERT(text_cut(&at->rest, ' ', &digits) && text_u64(digits, &size) && size < at->rest.size);
    line = text_sub(at->rest, 0, (size_t)size);
    at->rest = text_sub(at->rest, (size_t)size + 1, at->rest.size);
    return line;
}

static enum error read_row_line(struct at *at, struct evidence_row *row, struct diag *d) {
    struct text rest, count, root;
    struct arena a = {0};
    struct fact fact;
    enum error result = take_value(at, TEXT("row "), &rest, d);
    if (result) return result;
    if (!text_cut(&rest, ' ', &count) || !text_cut(&rest, ' ', &root) || !text_u64(count, &row->count) ||
        !base64_read_exact(root, row->root.at, SHA256_SIZE, BASE64_PADDED))
        return fail_at(d, at->line, ERR_INPUT, _("expected “row”, a number of lines, a root in Base 64 and a fact"));
    row->row = rest;
    result = fact_read(rest, &a, &fact, d);
    if (result && d) d->line = at->line;
    arena_free(&a);
    if (!result && fact.evidence != row->count)
        result = fail_at(d, at->line, ERR_INPUT, _("the fact names another number of lines than stand behind it"));
    return result;
}

/* The smallest line is `0 ` and LF: what can't be in the rest of the file takes no memory. */
static enum error read_row(struct at *at, struct evidence_row *row, struct diag *d) {
    enum { LINE_BYTES_MIN = 3 };
    enum error result = read_row_line(at, row, d);
    if (result) return result;
    if (row->count > at->rest.size / LINE_BYTES_MIN)
        return fail_at(
            d, at->line, ERR_INPUT,
            _n("expected %llu line of evidence: cut off?", "expected %llu lines of evidence: cut off?", row->count),
            (unsigned long long)row->count);
    at->kept += row->count;
    if (at->kept > EVIDENCE_LINES_MAX)
        return fail_at(d, at->line, ERR_LIMIT, _("more than %llu lines of evidence in one tree"),
                       (unsigned long long)EVIDENCE_LINES_MAX);
    const struct text before = at->rest;
    for (uint64_t i = 0; !result && i < row->count; i++) result = read_evidence_line(at, d);
    row->lines = NULL;
    row->file = text_sub(before, 0, before.size - at->rest.size);
    return result;
}

static enum error read_rows(struct at *at, struct arena *a, struct evidence *e, struct diag *d) {
    enum { ROW_BYTES_MIN = 64 };
    if (e->count > at->rest.size / ROW_BYTES_MIN)
        return fail_at(d, at->line, ERR_INPUT,
                       _n("expected %llu fact: cut off?", "expected %llu facts: cut off?", e->count),
                       (unsigned long long)e->count);
    struct evidence_row *rows = ARENA_ARRAY(a, struct evidence_row, e->count);
    for (uint64_t i = 0; i < e->count; i++) {
        enum error result = read_row(at, &rows[i], d);
        if (result) return result;
        if (i && text_compare(rows[i - 1].row, rows[i].row) >= 0)
            return fail_at(d, at->line, ERR_INPUT, _("expected facts in bytewise order, each once"));
    }
    e->rows = rows;
    if (!at->rest.size) return OK;
    return fail_at(d, at->line + 1, ERR_INPUT, _("expected the end after the last fact"));
}

enum error evidence_read(struct bytes b, struct arena *a, struct evidence *out, struct diag *d) {
    struct at at = {.rest = text_from_bytes(b)};
    struct evidence e = {0};
    if (b.size > EVIDENCE_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("evidence of more than %zu bytes"), EVIDENCE_BYTES_MAX);
    enum error result = read_head(&at, &e, d);
    if (!result) result = read_rows(&at, a, &e, d);
    if (!result) *out = e;
    secret_wipe(e.key, sizeof e.key);
    return result;
}

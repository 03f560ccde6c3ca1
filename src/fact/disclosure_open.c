/* A disclosure against the root that was claimed: only what follows from it comes out. */
#include <string.h>

#include "base/codec.h"
#include "fact/disclosure.h"
#include "fact/shown.h"
#include "tlog/proof.h"

struct at { /* where the reader stands */
    struct text rest;
    uint64_t line; /* read so far */
    struct arena *arena;
};

/* Whether the next line starts with that; takes the line, and leaves in `value` what follows. */
static bool take(struct at *at, struct text prefix, struct text *value) {
    struct text rest = at->rest, line;
    if (!text_starts(rest, prefix) || !text_line(&rest, &line)) return false;
    *value = text_sub(line, prefix.size, line.size);
    at->rest = rest;
    at->line++;
    return true;
}

static enum error read_proof(struct at *at, struct proof *p, struct diag *d) {
    struct text value;
    for (p->count = 0; take(at, TEXT("hash "), &value);) {
        if (p->count == PROOF_MAX) return fail_at(d, at->line, ERR_INPUT, _("more than %d hashes"), PROOF_MAX);
        if (!base64_read_exact(value, p->at[p->count++].at, SHA256_SIZE, BASE64_PADDED))
            return fail_at(d, at->line, ERR_INPUT, _("expected a hash in Base 64"));
    }
    return OK;
}

/* Reads the hashes that follow, by which the leaf is in the tree. */
static enum error read_and_verify(struct at *at, uint64_t index, struct sha256 leaf, uint64_t size, struct sha256 root,
                                  struct diag *d) {
    const uint64_t line = at->line;
    struct proof p;
    enum error result = read_proof(at, &p, d);
    if (result) return result;
    result = inclusion_verify(&p, index, leaf, size, root, d);
    if (result && d) d->line = line;
    return result;
}

/* ---- lines */

static enum error read_bytes(struct at *at, struct text coded, struct text *out, struct diag *d) {
    struct buf bytes = {.max = coded.size};
    bool good = base64_read(coded, &bytes, BASE64_PADDED);
    struct text line = buf_as_text(&bytes);
    if (good) good = !shown_as_text(line) && text_find(line, '\n') == line.size;
    if (good) *out = arena_text(at->arena, line);
    buf_free(&bytes);
    return good ? OK : fail_at(d, at->line, ERR_INPUT, _("expected a line that is no plain text, in Base 64"));
}

/* `<number> <salt> text|base64 <the line>` */
static enum error read_line(struct at *at, struct text value, struct salt *salt, struct disclosed_line *out,
                            struct diag *d) {
    struct text number, digits, form;
    if (!text_cut(&value, ' ', &number) || !text_cut(&value, ' ', &digits) || !text_cut(&value, ' ', &form) ||
        !text_u64(number, &out->number) || !hex_read(digits, salt->at, sizeof salt->at))
        return fail_at(d, at->line, ERR_INPUT, _("expected the number of a line, its salt, its form and itself"));
    if (text_is(form, "base64")) return read_bytes(at, value, &out->line, d);
    if (!text_is(form, "text") || !shown_as_text(value))
        return fail_at(d, at->line, ERR_INPUT, _("expected “text” and a line that is plain text, or “base64”"));
    out->line = value;
    return OK;
}

static enum error read_lines(struct at *at, struct sha256 root, struct disclosed *fact, struct diag *d) {
    struct text value;
    struct disclosed_line *lines = NULL;
    size_t count = 0, room = 0;
    while (take(at, TEXT("line "), &value)) {
        struct salt salt;
        lines = arena_grow(at->arena, lines, count, &room, sizeof *lines);
        enum error result = read_line(at, value, &salt, &lines[count], d);
        if (result) return result;
        uint64_t number = lines[count].number;
        if (number >= fact->count || (count && number <= lines[count - 1].number))
            return fail_at(d, at->line, ERR_INPUT, _("expected numbers of lines that ascend, below %llu"),
                           (unsigned long long)fact->count);
        result = read_and_verify(at, number, evidence_line_leaf(salt, lines[count].line), fact->count, root, d);
        if (result) return result;
        count++;
    }
    fact->lines = lines;
    fact->line_count = count;
    return OK;
}

/* ---- facts */

/* `<row> <number of lines> <root> <the row>` */
static enum error read_fact_line(struct at *at, struct text *value, struct sha256 *root, struct disclosed *out,
                                 struct diag *d) {
    struct text row, count, coded;
    if (!text_cut(value, ' ', &row) || !text_cut(value, ' ', &count) || !text_cut(value, ' ', &coded) ||
        !text_u64(row, &out->row) || !text_u64(count, &out->count) ||
        !base64_read_exact(coded, root->at, SHA256_SIZE, BASE64_PADDED))
        return fail_at(d, at->line, ERR_INPUT,
                       _("expected the number of a fact, of its lines, their root and the row"));
    enum error result = fact_read(*value, at->arena, &out->fact, d);
    if (result && d) d->line = at->line;
    return result;
}

static enum error read_fact(struct at *at, struct text value, struct sha256 root, uint64_t size, struct disclosed *out,
                            struct diag *d) {
    struct sha256 lines_root;
    enum error result = read_fact_line(at, &value, &lines_root, out, d);
    if (result) return result;
    if (out->row >= size)
        return fail_at(d, at->line, ERR_INPUT, _("expected the number of a fact below %llu"), (unsigned long long)size);
    const uint64_t line = at->line;
    result = read_and_verify(at, out->row, evidence_row_leaf(value, out->count, lines_root), size, root, d);
    if (result) return result;
    if (out->fact.evidence != out->count)
        return fail_at(d, line, ERR_PROOF, _("the fact names another number of lines than were committed to"));
    return read_lines(at, lines_root, out, d);
}

static enum error read_head(struct at *at, uint64_t size, struct diag *d) {
    struct text value;
    uint64_t own;
    if (!take(at, TEXT("parley disclosure v1"), &value) || value.size)
        return fail_at(d, 1, ERR_INPUT, _("expected “parley disclosure v1”"));
    if (!take(at, TEXT("size "), &value) || !text_u64(value, &own))
        return fail_at(d, 2, ERR_INPUT, _("expected “size” and the number of facts of the sheet"));
    if (own == size) return OK;
    return fail_at(d, 2, ERR_PROOF,
                   _n("it is of a sheet of %llu fact, and %llu were claimed",
                      "it is of a sheet of %llu facts, and %llu were claimed", own),
                   (unsigned long long)own, (unsigned long long)size);
}

enum error disclosure_open(struct bytes b, struct sha256 root, uint64_t size, struct arena *a, struct disclosure *out,
                           struct diag *d) {
    struct at at = {.rest = text_from_bytes(b), .arena = a};
    struct disclosed *facts = NULL;
    struct text value;
    size_t count = 0, room = 0;
    if (b.size > DISCLOSURE_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("a disclosure of more than %d bytes"), DISCLOSURE_BYTES_MAX);
    enum error result = read_head(&at, size, d);
    while (!result && take(&at, TEXT("fact "), &value)) {
        const uint64_t line = at.line;
        facts = arena_grow(a, facts, count, &room, sizeof *facts);
        result = read_fact(&at, value, root, size, &facts[count], d);
        if (!result && count && facts[count].row <= facts[count - 1].row)
            result = fail_at(d, line, ERR_INPUT, _("expected numbers of facts that ascend"));
        count++;
    }
    if (!result && at.rest.size)
        result = fail_at(d, at.line + 1, ERR_INPUT, _("expected “fact”, “line”, “hash” or the end: cut off?"));
    if (!result) *out = (struct disclosure){facts, count};
    return result;
}

#include "fact/prove.h"

#include <stdlib.h>
#include <string.h>

void proved_free(struct proved *p) {
    buf_wipe(&p->text);
    free(p->leaves);
    p->leaves = NULL;
}

static int by_bucket(const void *a, const void *b) {
    const struct bucket_piece *x = a, *y = b;
    if (x->bucket != y->bucket) return x->bucket < y->bucket ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void prove_begin(struct lines_sorted *lines) {
    if (lines->count) qsort(lines->pieces, lines->count, sizeof *lines->pieces, by_bucket);
}

/* The first piece of a bucket, and how many there are. */
static size_t pieces_of(const struct lines_sorted *l, size_t bucket, const struct bucket_piece **first) {
    size_t from = 0, to = l->count, count = 0;
    *first = NULL;
    if (!to) return 0;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (l->pieces[middle].bucket < bucket)
            from = middle + 1;
        else
            to = middle;
    }
    *first = l->pieces + from;
    while (from + count < l->count && l->pieces[from + count].bucket == bucket) count++;
    return count;
}

/* ---- a bucket in memory */

struct placed {
    uint64_t place;
    struct text line;
};

struct bucket_in_memory {
    uint64_t first_row;
    size_t rows, line_count;
    struct buf lines, sheet;
    struct placed *placed;
    struct text *at;
    size_t *starts; /* of each row in these; one more */
};

static void forget(struct bucket_in_memory *b) {
    buf_wipe(&b->lines);
    buf_free(&b->sheet);
    free(b->placed);
    free(b->at);
    free(b->starts);
}

static enum error read_into(const struct scratch *s, uint64_t at, size_t size, struct buf *out, struct diag *d) {
    uint8_t *to = buf_extend(out, size);
    if (!to) return fail(d, ERR_MEMORY, _("out of memory"));
    return size ? s->read(s->state, at, to, size, d) : OK;
}

static enum error read_bucket(const struct proving *p, size_t number, struct bucket_in_memory *b, struct diag *d) {
    const struct bucket *bucket = &p->merge->buckets[number];
    b->first_row = bucket->row;
    b->rows = (size_t)(bucket[1].row - bucket->row);
    b->lines.max = b->sheet.max = SIZE_MAX / 2;
    enum error result =
        read_into(p->sheet, bucket->sheet_at, (size_t)(bucket[1].sheet_at - bucket->sheet_at), &b->sheet, d);
    size_t all = 0;
    for (size_t i = 0; i < p->gather_count; i++) {
        const struct bucket_piece *piece;
        for (size_t left = pieces_of(&p->lines[i], number, &piece); left; left--, piece++) all += piece->size;
    }
    if (buf_extend(&b->lines, all)) b->lines.size = 0; /* memory at once */
    for (size_t i = 0; i < p->gather_count; i++) {
        const struct bucket_piece *piece;
        for (size_t left = pieces_of(&p->lines[i], number, &piece); !result && left; left--, piece++)
            result = read_into(p->lines[i].in, piece->at, piece->size, &b->lines, d);
    }
    return result;
}

static const struct sorted_line *next_head(const struct bucket_in_memory *b, size_t *at) {
    if (*at == b->lines.size) return NULL;
    const struct sorted_line *h = (const void *)(b->lines.at + *at);
    *at += sorted_bytes(h);
    return h;
}

static int by_place(const void *a, const void *b) {
    const struct placed *x = a, *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

/* Rows by counting; within a row the lines of each gather are in order. */
static enum error order_lines(struct bucket_in_memory *b, struct diag *d) {
    const struct sorted_line *h;
    b->starts = calloc(b->rows + 2, sizeof *b->starts);
    if (!b->starts) return fail(d, ERR_MEMORY, _("out of memory"));
    size_t *ends = b->starts + 1;
    for (size_t at = 0; (h = next_head(b, &at)); b->line_count++) ends[h->row - b->first_row + 1]++;
    for (size_t i = 0; i < b->rows; i++) ends[i + 1] += ends[i];
    b->placed = calloc(b->line_count + 1, sizeof *b->placed);
    b->at = calloc(b->line_count + 1, sizeof *b->at);
    if (!b->placed || !b->at) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t at = 0; (h = next_head(b, &at));)
        b->placed[ends[h->row - b->first_row]++] = (struct placed){h->place, {(const char *)(h + 1), h->size}};
    for (size_t row = 0; row < b->rows; row++) {
        size_t from = b->starts[row], count = b->starts[row + 1] - from;
        bool sorted = true;
        for (size_t i = 1; sorted && i < count; i++) sorted = b->placed[from + i - 1].place < b->placed[from + i].place;
        if (!sorted) qsort(b->placed + from, count, sizeof *b->placed, by_place);
    }
    for (size_t i = 0; i < b->line_count; i++) b->at[i] = b->placed[i].line;
    return OK;
}

static enum error prove_rows(const struct proving *p, const struct bucket_in_memory *b, struct proved *out,
                             struct diag *d) {
    struct evidence_row *rows = calloc(b->rows + 1, sizeof *rows);
    struct text rest = buf_as_text(&b->sheet), row;
    if (!rows) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < b->rows && text_line(&rest, &row); i++)
        rows[i] =
            (struct evidence_row){.row = row, .lines = b->at + b->starts[i], .count = b->starts[i + 1] - b->starts[i]};
    evidence_roots(p->key, b->first_row, rows, b->rows);
    evidence_row_leaves(rows, b->rows, out->leaves);
    if (buf_extend(&out->text, b->lines.size + b->sheet.size + b->rows * 64)) out->text.size = 0; /* memory at once */
    for (size_t i = 0; i < b->rows; i++) {
        evidence_put_row(&rows[i], &out->text);
        for (size_t k = 0; k < rows[i].count; k++) evidence_put_line(rows[i].lines[k], &out->text);
    }
    free(rows);
    return buf_check(&out->text, d);
}

/* ---- one row whose lines are read one by one */

struct stream { /* of one gather */
    const struct scratch *of;
    const struct bucket_piece *piece;
    size_t left;
    struct scratch_reader in;
    struct sorted_line head;
    const uint8_t *at; /* NULL: at its end */
};

static enum error next_line(struct stream *s, struct diag *d) {
    enum error result = OK;
    uint8_t *at = NULL;
    if (s->in.at) result = scratch_next(&s->in, sizeof s->head, &at, d);
    while (!result && !at && s->left) {
        if (s->in.at) result = scratch_reader_close(&s->in, OK, d);
        if (!result)
            result = scratch_reader_open(s->of, s->piece->at, s->piece->at + s->piece->size, s->piece->size, false,
                                         &s->in, d);
        s->piece++;
        s->left--;
        if (!result) result = scratch_next(&s->in, sizeof s->head, &at, d);
    }
    s->at = at;
    if (result || !at) return result;
    memcpy(&s->head, at, sizeof s->head);
    s->in.from -= sizeof s->head;
    result = scratch_next(&s->in, sorted_bytes(&s->head), &at, d);
    s->at = at;
    return result;
}

/* Calls `line` for each, in the order of the input. */
static enum error each_line(const struct proving *p, size_t number,
                            enum error (*line)(void *state, uint64_t i, struct text line, struct diag *d), void *state,
                            struct diag *d) {
    struct stream *all = calloc(p->gather_count + 1, sizeof *all);
    enum error result = all ? OK : fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; !result && i < p->gather_count; i++) {
        all[i].of = p->lines[i].in;
        all[i].left = pieces_of(&p->lines[i], number, &all[i].piece);
        result = next_line(&all[i], d);
    }
    for (uint64_t count = 0; !result; count++) {
        struct stream *least = NULL;
        for (size_t i = 0; i < p->gather_count; i++)
            if (all[i].at && (!least || all[i].head.place < least->head.place)) least = &all[i];
        if (!least) break;
        const struct text bytes = {(const char *)least->at + sizeof least->head, least->head.size};
        result = line(state, count, bytes, d);
        if (!result) result = next_line(least, d);
    }
    for (size_t i = 0; all && i < p->gather_count; i++)
        if (all[i].in.at) result = scratch_reader_close(&all[i].in, result, d);
    free(all);
    return result;
}

enum { LINES_AT_ONCE = 256 };

struct leaves { /* of lines that are hashed side by side, and so held for a while */
    const struct hmac_key *key;
    uint64_t row, count;
    size_t held;
    struct buf bytes;
    size_t ends[LINES_AT_ONCE];
    struct frontier tree;
};

static void hash_held(struct leaves *l) {
    struct text lines[LINES_AT_ONCE];
    struct sha256 leaves[LINES_AT_ONCE];
    for (size_t i = 0; i < l->held; i++)
        lines[i] = text_sub(buf_as_text(&l->bytes), i ? l->ends[i - 1] : 0, l->ends[i]);
    evidence_leaves(l->key, l->row, l->count, lines, l->held, leaves);
    for (size_t i = 0; i < l->held; i++) frontier_add(&l->tree, 0, leaves[i]);
    l->count += l->held;
    l->held = 0;
    buf_clear(&l->bytes);
}

static enum error add_leaf(void *state, uint64_t i, struct text line, struct diag *d) {
    struct leaves *l = state;
    (void)i;
    buf_text(&l->bytes, line);
    l->ends[l->held++] = l->bytes.size;
    if (l->held < LINES_AT_ONCE) return OK;
    enum error result = buf_check(&l->bytes, d);
    if (!result) hash_held(l);
    return result;
}

static enum error read_row(const struct proving *p, size_t number, struct buf *out, struct diag *d) {
    const struct bucket *b = &p->merge->buckets[number];
    out->max = SIZE_MAX / 2;
    return read_into(p->sheet, b->sheet_at, (size_t)(b[1].sheet_at - b->sheet_at) - 1, out, d);
}

static enum error prove_stream(const struct proving *p, size_t number, struct proved *out, struct diag *d) {
    struct leaves l = {
        .key = p->key, .row = p->merge->buckets[number].row, .bytes.max = (size_t)LINES_AT_ONCE * UINT32_MAX};
    struct buf text = {0};
    enum error result = each_line(p, number, add_leaf, &l, d);
    if (!result) result = buf_check(&l.bytes, d);
    if (!result) result = read_row(p, number, &text, d);
    if (!result) {
        hash_held(&l);
        const struct evidence_row row = {.row = buf_as_text(&text), .count = l.count, .root = frontier_root(&l.tree)};
        evidence_put_row(&row, &out->text);
        evidence_row_leaves(&row, 1, out->leaves);
    }
    buf_free(&text);
    buf_wipe(&l.bytes);
    return result;
}

struct passing {
    struct buf held;
    enum error (*write)(void *to, struct bytes piece, struct diag *d);
    void *to;
};

static enum error pass_line(void *state, uint64_t i, struct text line, struct diag *d) {
    struct passing *p = state;
    (void)i;
    evidence_put_line(line, &p->held);
    if (p->held.size < 1 << 17) return OK;
    enum error result = buf_check(&p->held, d);
    if (!result) result = p->write(p->to, buf_as_bytes(&p->held), d);
    buf_clear(&p->held);
    return result;
}

/* ---- either */

enum error prove_bucket(const struct proving *p, size_t number, struct proved *out, struct diag *d) {
    const struct bucket *bucket = &p->merge->buckets[number];
    struct bucket_in_memory b = {0};
    *out = (struct proved){.text.max = SIZE_MAX / 2, .rows = (size_t)(bucket[1].row - bucket->row)};
    out->streams = bucket->bytes > p->merge->bucket_bytes;
    out->leaves = calloc(out->rows + 1, sizeof *out->leaves);
    if (!out->leaves) return fail(d, ERR_MEMORY, _("out of memory"));
    if (out->streams) return prove_stream(p, number, out, d);
    enum error result = read_bucket(p, number, &b, d);
    if (!result) result = order_lines(&b, d);
    if (!result) result = prove_rows(p, &b, out, d);
    forget(&b);
    return result;
}

enum error prove_write(const struct proving *p, size_t number, const struct proved *b,
                       enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to, struct diag *d) {
    struct passing passing = {.held.max = SIZE_MAX / 2, .write = write, .to = to};
    enum error result = write(to, buf_as_bytes(&b->text), d);
    if (!result && b->streams) result = each_line(p, number, pass_line, &passing, d);
    if (!result && passing.held.size) result = write(to, buf_as_bytes(&passing.held), d);
    buf_wipe(&passing.held);
    return result;
}

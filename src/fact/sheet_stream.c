/* A sheet from front to back: a window over the file, which always holds the row before whole. */
#include <string.h>

#include "fact/form.h"

enum { WINDOW = 1 << 18 };

struct streaming {
    const struct sheet_stream *of;
    struct hasher *hasher;
    struct buf window, again;
    struct arena arena; /* of one row */
    struct text before;
    uint64_t bytes, rows;
    bool ended;
};

/* Drops all but what stands from `keep` on, and fills the window. */
static enum error fill(struct streaming *s, size_t keep, struct diag *d) {
    struct buf *w = &s->window;
    memmove(w->at, w->at + keep, w->size - keep);
    w->size -= keep;
    while (w->size < WINDOW && !s->ended) {
        size_t got, at = w->size;
        enum error result = s->of->read(s->of->from, w->at + at, WINDOW - at, &got, d);
        if (result) return result;
        hasher_add(s->hasher, bytes_of(w->at + at, got));
        w->size += got;
        s->bytes += got;
        s->ended = !got;
    }
    if (s->bytes <= SHEET_BYTES_MAX) return OK;
    return fail(d, ERR_LIMIT, _("a sheet of more than %d bytes"), SHEET_BYTES_MAX);
}

static enum error take_row(struct streaming *s, struct text row, struct diag *d) {
    struct fact f;
    if (s->rows == SHEET_ROWS_MAX) return fail(d, ERR_LIMIT, _("more than %d facts"), SHEET_ROWS_MAX);
    enum error result = sheet_read_row(row, &s->arena, &s->again, &f, d);
    if (!result) result = sheet_check_order(s->before, row, d);
    if (!result) result = s->of->each(s->of->of, &f, d);
    if (s->arena.used_bytes) arena_free(&s->arena);
    s->before = row;
    s->rows++;
    return result;
}

/* All whole rows of the window; `rest` is what follows them. */
static enum error take_rows(struct streaming *s, struct text *rest, struct diag *d) {
    struct text row;
    while (text_line(rest, &row)) {
        enum error result = take_row(s, row, d);
        if (result && d) d->line = s->rows - 1 + SHEET_HEADER_LINES + 1;
        if (result) return result;
    }
    if (s->ended ? !rest->size : rest->size <= SHEET_ROW_MAX) return OK;
    const uint64_t line = s->rows + SHEET_HEADER_LINES + 1;
    if (rest->size > SHEET_ROW_MAX) return fail_at(d, line, ERR_INPUT, _("a row of more than %d bytes"), SHEET_ROW_MAX);
    return fail_at(d, line, ERR_INPUT, _("expected the line to end: is the sheet cut off?"));
}

static enum error stream(struct streaming *s, struct diag *d) {
    enum error result = fill(s, 0, d);
    struct text rest = buf_as_text(&s->window);
    if (!result && !text_skip(&rest, SHEET_HEADER))
        return fail_at(d, 1, ERR_INPUT, _("expected “# parley facts v1” and the names of the columns"));
    while (!result) {
        result = take_rows(s, &rest, d);
        if (result || s->ended) return result;
        const char *start = buf_as_text(&s->window).at, *keep = s->before.size ? s->before.at : rest.at;
        size_t size = s->before.size, skipped = (size_t)(rest.at - keep);
        result = fill(s, (size_t)(keep - start), d);
        s->before = text_sub(buf_as_text(&s->window), 0, size);
        rest = text_sub(buf_as_text(&s->window), skipped, s->window.size);
    }
    return result;
}

enum error sheet_stream(const struct sheet_stream *of, struct sha256 *hash, struct diag *d) {
    struct streaming s = {.of = of, .window = {.max = WINDOW}, .again = {.max = SIZE_MAX / 2}};
    if (!buf_extend(&s.window, WINDOW)) return fail(d, ERR_MEMORY, _("out of memory"));
    s.window.size = 0;
    s.hasher = hasher_new();
    enum error result = stream(&s, d);
    if (result)
        hasher_free(s.hasher);
    else
        *hash = hasher_end(s.hasher);
    arena_free(&s.arena);
    buf_free(&s.window);
    buf_free(&s.again);
    return result;
}

/* Texts in one or more languages, under one name. */
#include "settlement/spell.h"

static enum error expected(const struct texts_reading *r, const char *what) {
    return fail_at(r->diag, r->line + 1, ERR_INPUT, _("a text to be agreed on: expected %s"), what);
}

static bool take_language(struct texts_reading *r, struct text *lang) {
    struct text rest = r->rest, line;
    if (!text_line(&rest, &line) || !text_skip(&line, TEXT("text ")) || !text_lang_valid(line)) return false;
    *lang = line;
    r->rest = rest;
    r->line++;
    return true;
}

/* The lines of a text, put together without their bars. */
static enum error read_lines(struct texts_reading *r, struct text *out) {
    struct text line, rest = r->rest;
    struct buf lines = {.max = MINUTES_MAX_BYTES};
    size_t count = 0;
    for (; text_line(&rest, &line) && (text_is(line, "|") || text_starts(line, TEXT("| "))); count++) {
        if (count) buf_char(&lines, '\n');
        if (line.size > 1) buf_text(&lines, text_sub(line, 2, line.size));
        r->rest = rest;
        r->line++;
    }
    *out = arena_text(r->arena, buf_as_text(&lines));
    buf_free(&lines);
    return out->size ? OK : expected(r, _("lines of the text, each after “| ”"));
}

enum error texts_read(struct texts_reading *r, struct minutes_text **out, size_t *count) {
    struct minutes_text *all = NULL, t;
    size_t found = 0, room = 0;
    while (take_language(r, &t.lang)) {
        enum error result = read_lines(r, &t.lines);
        if (result) return result;
        for (size_t i = 0; i < found; i++)
            if (text_equal(all[i].lang, t.lang)) return expected(r, _("each language once"));
        if (found == TEXTS_MAX) return expected(r, _("fewer languages"));
        all = arena_grow(r->arena, all, found, &room, sizeof t);
        all[found++] = t;
    }
    if (!found) return expected(r, _("“text” and a language"));
    if (r->rest.size) return expected(r, _("the end"));
    *out = all;
    *count = found;
    return OK;
}

bool text_lang_valid(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (!((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
    }
    return t.size >= 2 && t.size <= 35;
}

static void spell_one(const struct minutes_text *t, struct buf *out) {
    struct text rest = t->lines, line;
    buf_format(out, "text %.*s\n", TEXT_ARG(t->lang));
    for (bool more = true; more;) {
        more = text_cut(&rest, '\n', &line);
        if (!more) line = rest;
        buf_string(out, line.size ? "| " : "|");
        buf_text(out, line);
        buf_char(out, '\n');
    }
}

void texts_spell(const struct minutes_text *texts, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++) spell_one(&texts[i], out);
}

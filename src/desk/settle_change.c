/* What an amended text changes. */
#include "desk/settle.h"

enum { AROUND = 2 }; /* lines of a text shown before and after what differs */

static enum error read_text(struct talk *t, const struct matter *m, const struct offered_text *of, struct minutes *out,
                            struct diag *d) {
    struct text plain;
    enum error result = settle_open_text(t, m, of, &plain, d);
    return result ? result : minutes_read(bytes_from_text(plain), &t->arena, out, d);
}

enum error settle_amended(struct talk *t, const struct matter *m, const struct offered_text *of,
                          struct settle_change *out, struct diag *d) {
    struct offered_text old;
    struct minutes before, after;
    struct settle_change change = {.before = of->offer.supersedes};
    if (!change.before.size) return fail(d, ERR_MISSING, _("the text supersedes none, so nothing differs"));
    enum error result = settle_find_text(t, m, change.before, &old, d);
    if (!result) result = read_text(t, m, &old, &before, d);
    if (!result) result = read_text(t, m, of, &after, d);
    if (result) return result;
    minutes_amended(&before, &after, &t->arena, &change.at, &change.count);
    *out = change;
    return OK;
}

static bool is_near(const struct diff *lines, size_t at) {
    size_t from = at > AROUND ? at - AROUND : 0;
    for (size_t i = from; i <= at + AROUND && i < lines->count; i++)
        if (lines->at[i].sign != DIFF_SAME) return true;
    return false;
}

static void put_lines(const struct diff *lines, struct buf *out) {
    bool skipped = false;
    for (size_t i = 0; i < lines->count; i++) {
        bool near = is_near(lines, i);
        if (near) {
            buf_format(out, "%c ", (char)lines->at[i].sign);
            buf_line(out, lines->at[i].line);
            buf_char(out, '\n');
        } else if (!skipped) {
            buf_string(out, "  …\n");
        }
        skipped = !near;
    }
}

void settle_change_page(const struct settle_change *change, struct buf *out) {
    buf_format(out, _("What differs from the text %.12s, which it supersedes:\n"), change->before.at);
    if (!change->count) buf_format(out, "  %s\n", _("nothing that is said"));
    for (size_t i = 0; i < change->count; i++) {
        const struct amendment *a = &change->at[i];
        buf_format(out, "@ %s", gettext(amended_section_name(a->section)));
        if (a->lang.size) buf_char(out, ' ');
        buf_line(out, a->lang);
        buf_char(out, '\n');
        put_lines(&a->lines, out);
    }
}

json_t *settle_change_json(const struct settle_change *change) {
    json_t *whole = json_object(), *sections = json_array();
    json_put_text(whole, "supersedes", change->before);
    for (size_t i = 0; i < change->count; i++) {
        const struct amendment *a = &change->at[i];
        json_t *section = json_object(), *lines = json_array();
        json_put_text(section, "section", text_of(amended_section_name(a->section)));
        json_put_text_if(section, "lang", a->lang);
        for (size_t k = 0; k < a->lines.count; k++) {
            json_t *line = json_object();
            const char sign[] = {(char)a->lines.at[k].sign, 0};
            if (a->lines.at[k].sign == DIFF_SAME) {
                json_decref(line);
                continue;
            }
            json_put_text(line, "sign", text_of(sign));
            json_put_text(line, "line", a->lines.at[k].line);
            json_add(lines, line);
        }
        json_put(section, "lines", lines);
        json_add(sections, section);
    }
    json_put(whole, "changes", sections);
    return whole;
}

#include "base/csv.h"

#include <string.h>

/* The field that starts with a quote at the front of `*t`, up to and without what follows its closing quote. */
static enum error quoted(struct text *t, struct arena *a, struct text *field, uint64_t *line, uint64_t first,
                         struct diag *d) {
    struct text rest = text_sub(*t, 1, t->size);
    size_t at = 0, doubled = 0;
    for (;; at++) {
        if (at >= rest.size)
            return fail_at(d, first, ERR_INPUT, _("expected a closing quote, found the end of the file"));
        if (rest.at[at] == '\n') ++*line;
        if (rest.at[at] != '"') continue;
        if (at + 1 >= rest.size || rest.at[at + 1] != '"') break;
        doubled++;
        at++;
    }
    *field = text_sub(rest, 0, at);
    *t = text_sub(rest, at + 1, rest.size);
    if (doubled) {
        char *copy = arena_take(a, at, 1);
        size_t size = 0;
        for (size_t i = 0; i < at; i++) {
            copy[size++] = field->at[i];
            if (field->at[i] == '"') i++;
        }
        *field = (struct text){copy, size};
    }
    return OK;
}

enum error csv_row(struct text *t, struct arena *a, struct text *fields, size_t max_fields, size_t *count,
                   uint64_t *line, struct diag *d) {
    if (!t->size) return ERR_MISSING;
    uint64_t first = ++*line;
    struct text rest = *t;
    for (size_t n = 0;;) {
        if (n == max_fields)
            return fail_at(d, first, ERR_INPUT, _("expected at most %zu fields, found more"), max_fields);
        if (rest.size && rest.at[0] == '"') {
            enum error result = quoted(&rest, a, &fields[n], line, first, d);
            if (result) return result;
        } else {
            size_t end = 0;
            while (end < rest.size && rest.at[end] != ',' && rest.at[end] != '\n' && rest.at[end] != '"' &&
                   rest.at[end] != '\r')
                end++;
            fields[n] = text_sub(rest, 0, end);
            rest = text_sub(rest, end, rest.size);
        }
        n++;
        if (rest.size && rest.at[0] == ',') {
            rest = text_sub(rest, 1, rest.size);
            continue;
        }
        if (rest.size && rest.at[0] != '\n')
            return fail_at(d, first, ERR_INPUT,
                           _("expected a comma or the end of the line after field %zu, found byte 0x%02x"), n,
                           (unsigned char)rest.at[0]);
        *t = rest.size ? text_sub(rest, 1, rest.size) : rest;
        *count = n;
        return OK;
    }
}

void csv_field(struct buf *out, struct text field) {
    bool plain = true;
    for (size_t i = 0; i < field.size; i++) plain = plain && !strchr(",\"\r\n", field.at[i] ? field.at[i] : 'x');
    if (plain) {
        buf_text(out, field);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < field.size; i++) {
        if (field.at[i] == '"') buf_char(out, '"');
        buf_char(out, field.at[i]);
    }
    buf_char(out, '"');
}

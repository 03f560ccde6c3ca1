#include "line/export.h"

#include <stdlib.h>
#include <string.h>

#include "line/formats.h"

enum { SIZE_BYTES = 8, HELD_MAX = LINE_BYTES_MAX + 1 };

struct journal_export *export_new(void) {
    struct journal_export *e = calloc(1, sizeof *e);
    ASSERT(e && "memory is left");
    e->field.max = HELD_MAX + 1;
    e->json.max = (size_t)8 * HELD_MAX;
    return e;
}

void export_free(struct journal_export *e) {
    if (!e) return;
    buf_free(&e->field);
    buf_free(&e->json);
    free(e);
}

void export_restart(struct journal_export *e) {
    buf_clear(&e->field);
    buf_clear(&e->json);
    e->place = EXPORT_LINE;
    e->too_long = false;
    e->given = e->count = e->names_size = 0;
}

/* ---- JSON */

static void put_text(struct buf *out, struct text t) {
    static const char digits[] = "0123456789abcdef";
    buf_char(out, '"');
    for (size_t from = 0, at = 0; at <= t.size; at++) {
        char c = at < t.size ? t.at[at] : '"';
        if ((uint8_t)c >= ' ' && c != '"' && c != '\\') continue;
        buf_text(out, text_sub(t, from, at));
        from = at + 1;
        if (at == t.size) break;
        if (c == '"' || c == '\\') {
            buf_char(out, '\\');
            buf_char(out, c);
        } else {
            buf_string(out, "\\u00");
            buf_char(out, digits[(uint8_t)c >> 4]);
            buf_char(out, digits[(uint8_t)c & 15]);
        }
    }
    buf_char(out, '"');
}

static void put_bytes(struct buf *out, struct text t) {
    for (size_t i = 0; i < t.size; i++) buf_format(out, "%c%u", i ? ',' : '[', (unsigned)(uint8_t)t.at[i]);
    buf_string(out, t.size ? "]" : "[]");
}

static bool is_known(const struct journal_export *e, struct text name) {
    for (size_t i = 0; i < e->count; i++)
        if (text_equal(e->names[i], name)) return true;
    return false;
}

static void keep_name(struct journal_export *e, struct text name) {
    if (e->count == EXPORT_FIELDS_MAX || e->names_size + name.size > sizeof e->room) {
        e->too_long = true;
        return;
    }
    memcpy(e->room + e->names_size, name.at, name.size);
    e->names[e->count++] = (struct text){e->room + e->names_size, name.size};
    e->names_size += name.size;
}

static void put_field(struct journal_export *e, struct text name, struct text value) {
    e->too_long = e->too_long || e->json.size > HELD_MAX;
    if (e->too_long || is_known(e, name)) return;
    buf_char(&e->json, e->count ? ',' : '{');
    keep_name(e, name);
    put_text(&e->json, name);
    buf_char(&e->json, ':');
    if (text_is_utf8(value) && text_find(value, 0) == value.size)
        put_text(&e->json, value);
    else
        put_bytes(&e->json, value);
}

static void end_record(struct journal_export *e) {
    e->place = EXPORT_OUT;
    buf_string(&e->json, e->count ? "}" : "{}");
    if (e->too_long)
        while (e->json.size <= LINE_BYTES_MAX) buf_char(&e->json, ' ');
    buf_char(&e->json, '\n');
}

/* ---- fields */

static bool is_name(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
    }
    return t.size && t.size <= EXPORT_NAME_MAX;
}

/* Up to HELD_MAX bytes: of more it is enough to know that they are too many. */
static void hold(struct journal_export *e, struct text t) {
    size_t room = HELD_MAX - e->field.size;
    e->too_long = e->too_long || t.size > room;
    buf_text(&e->field, text_sub(t, 0, t.size < room ? t.size : room));
}

static bool end_line(struct journal_export *e) {
    struct text value = buf_as_text(&e->field), name;
    if (!value.size) return end_record(e), true;
    bool whole = text_cut(&value, '=', &name);
    if (!whole) name = value;
    if (!is_name(name)) return false;
    if (whole) {
        put_field(e, name, value);
    } else {
        memcpy(e->name, name.at, name.size);
        e->name_size = name.size;
        e->place = EXPORT_SIZE;
        e->size = e->left = 0;
    }
    buf_clear(&e->field);
    return true;
}

static void take_line(struct journal_export *e, struct text *in, bool *ended) {
    size_t end = text_find(*in, '\n');
    hold(e, text_sub(*in, 0, end));
    *ended = end < in->size;
    *in = text_sub(*in, end + *ended, in->size);
}

static void take_size(struct journal_export *e, struct text *in) {
    for (; in->size && e->left < SIZE_BYTES; e->left++) {
        e->size |= (uint64_t)(uint8_t)in->at[0] << 8 * e->left;
        *in = text_sub(*in, 1, in->size);
    }
    if (e->left < SIZE_BYTES) return;
    e->left = e->size;
    e->place = EXPORT_VALUE;
}

static void take_value(struct journal_export *e, struct text *in) {
    size_t more = in->size < e->left ? in->size : (size_t)e->left;
    hold(e, text_sub(*in, 0, more));
    *in = text_sub(*in, more, in->size);
    e->left -= more;
    if (!e->left) e->place = EXPORT_VALUE_END;
}

static bool take_value_end(struct journal_export *e, struct text *in) {
    if (!text_skip(in, TEXT("\n"))) return false;
    put_field(e, (struct text){e->name, e->name_size}, buf_as_text(&e->field));
    buf_clear(&e->field);
    e->place = EXPORT_LINE;
    return true;
}

static bool give_out(struct journal_export *e, char **out, size_t *out_size) {
    struct text rest = text_sub(buf_as_text(&e->json), e->given, e->json.size);
    size_t size = rest.size < *out_size ? rest.size : *out_size;
    if (size) memcpy(*out, rest.at, size);
    *out += size;
    *out_size -= size;
    e->given += size;
    return e->given == e->json.size;
}

enum export_step export_step(struct journal_export *e, struct text *in, char **out, size_t *out_size,
                             const char **why) {
    while (e->place != EXPORT_OUT && in->size) {
        bool ended = false;
        if (e->place == EXPORT_LINE) take_line(e, in, &ended);
        if (ended && !end_line(e)) return *why = N_("expected the name of a field"), EXPORT_WRONG;
        if (ended) continue;
        if (e->place == EXPORT_SIZE) take_size(e, in);
        if (e->place == EXPORT_VALUE) take_value(e, in);
        if (e->place == EXPORT_VALUE_END && in->size && !take_value_end(e, in))
            return *why = N_("expected a line end behind a value"), EXPORT_WRONG;
    }
    return e->place == EXPORT_OUT && give_out(e, out, out_size) ? EXPORT_RECORD : EXPORT_MORE;
}

#include "json/fields.h"

#include <string.h>

enum { DEPTH = 12, NAMES = 96, DIGITS = 15 /* of which any number fits a double's integers */ };

struct fields_scan {
    struct text rest;
    const struct json_wanted *wanted;
    size_t count;
    struct json_field *out;
    struct text names[NAMES]; /* of all objects that are open */
    size_t name_count;
    struct text parent; /* in an object of the top level: its name */
    bool escaped;       /* the string that was taken last holds a short escape, which is not resolved */
};

static bool take(struct fields_scan *s, char c) {
    if (!s->rest.size || s->rest.at[0] != c) return false;
    s->rest = text_sub(s->rest, 1, s->rest.size);
    return true;
}

static void skip_space(struct fields_scan *s) {
    while (s->rest.size && (s->rest.at[0] == ' ' || s->rest.at[0] == '\t'))
        s->rest = text_sub(s->rest, 1, s->rest.size);
}

/* Printable ASCII. */
static bool take_string(struct fields_scan *s, struct text *out) {
    size_t at = 0;
    s->escaped = false;
    if (!take(s, '"')) return false;
    for (; at < s->rest.size && s->rest.at[at] != '"'; at++) {
        char c = s->rest.at[at];
        if (c < ' ' || c > '~') return false; /* where char is signed, bytes beyond ASCII are below */
        if (c != '\\') continue;
        s->escaped = true;
        if (++at == s->rest.size || !s->rest.at[at] || !strchr("\"\\/bfnrt", s->rest.at[at])) return false;
    }
    if (at == s->rest.size) return false;
    *out = text_sub(s->rest, 0, at);
    s->rest = text_sub(s->rest, at + 1, s->rest.size);
    return true;
}

static size_t digits_at(struct text t, size_t from) {
    size_t to = from;
    while (to < t.size && t.at[to] >= '0' && t.at[to] <= '9') to++;
    return to - from;
}

/* -12, 0, 3.25: no exponent. */
static bool take_number(struct fields_scan *s, struct json_field *out) {
    bool minus = take(s, '-');
    size_t size = digits_at(s->rest, 0), fraction = 0;
    struct text number = text_sub(s->rest, 0, size);
    if (!size || size > DIGITS || (size > 1 && number.at[0] == '0')) return false;
    s->rest = text_sub(s->rest, size, s->rest.size);
    bool real = take(s, '.');
    if (real) {
        fraction = digits_at(s->rest, 0);
        if (!fraction || fraction > DIGITS) return false;
        s->rest = text_sub(s->rest, fraction, s->rest.size);
    }
    if (s->rest.size && (s->rest.at[0] | 32) == 'e') return false;
    out->is_number = !real && text_u64(number, &out->number) && (!minus || !out->number);
    if (!out->is_number) out->number = 0;
    return true;
}

static bool take_value(struct fields_scan *s, unsigned depth, struct json_field *out);

/* Notes a name of an object whose first is at `from`; false where it is there already. */
static bool note_name(struct fields_scan *s, size_t from, struct text name) {
    for (size_t i = from; i < s->name_count; i++)
        if (text_equal(s->names[i], name)) return false;
    if (s->name_count == NAMES) return false;
    s->names[s->name_count++] = name;
    return true;
}

/* False for a string whose escapes would have to be resolved. */
static bool keep_wanted(struct fields_scan *s, unsigned depth, struct text name, const struct json_field *value) {
    if (depth > 1) return true;
    for (size_t i = 0; i < s->count; i++) {
        const struct json_wanted *w = &s->wanted[i];
        if (w->name[0] != name.at[0] || !text_is(name, w->name)) continue;
        if (depth ? !w->parent || !text_is(s->parent, w->parent) : w->parent != NULL) continue;
        if (value->text.size && s->escaped) return false;
        s->out[i] = *value;
    }
    return true;
}

static bool take_member(struct fields_scan *s, unsigned depth, size_t from) {
    struct text name;
    struct json_field value = {.there = true};
    skip_space(s);
    if (!take_string(s, &name) || s->escaped || !name.size || !note_name(s, from, name)) return false;
    if (!depth) s->parent = name;
    skip_space(s);
    if (!take(s, ':')) return false;
    return take_value(s, depth, &value) && keep_wanted(s, depth, name, &value);
}

static bool take_members(struct fields_scan *s, unsigned depth) {
    const size_t from = s->name_count;
    skip_space(s);
    if (take(s, '}')) return true;
    do {
        if (!take_member(s, depth, from)) return false;
        skip_space(s);
    } while (take(s, ','));
    s->name_count = from;
    return take(s, '}');
}

/* What stands in an array has no parent that could be asked for. */
static bool take_items(struct fields_scan *s, unsigned depth) {
    struct json_field ignored = {0};
    skip_space(s);
    if (take(s, ']')) return true;
    do {
        if (!take_value(s, depth + 1, &ignored)) return false;
        skip_space(s);
    } while (take(s, ','));
    return take(s, ']');
}

static bool take_value(struct fields_scan *s, unsigned depth, struct json_field *out) {
    skip_space(s);
    if (!s->rest.size || depth > DEPTH) return false;
    switch (s->rest.at[0]) {
    case '"': return take_string(s, &out->text);
    case '{': return take(s, '{') && take_members(s, depth + 1);
    case '[': return take(s, '[') && take_items(s, depth + 1);
    case 't': return text_skip(&s->rest, TEXT("true"));
    case 'f': return text_skip(&s->rest, TEXT("false"));
    case 'n': return text_skip(&s->rest, TEXT("null"));
    default: return take_number(s, out);
    }
}

bool json_fields_scan(struct text t, const struct json_wanted *wanted, size_t count, struct json_field *out) {
    struct fields_scan s = {.rest = t, .wanted = wanted, .count = count, .out = out};
    memset(out, 0, count * sizeof *out);
    return take(&s, '{') && take_members(&s, 0) && !s.rest.size;
}

void json_fields_of(const json_t *object, const struct json_wanted *wanted, size_t count, struct json_field *out) {
    for (size_t i = 0; i < count; i++) {
        const json_t *of = wanted[i].parent ? json_child(object, wanted[i].parent) : object;
        out[i] = (struct json_field){.there = json_object_get(of, wanted[i].name) != NULL,
                                     .text = json_text(of, wanted[i].name)};
        out[i].is_number = json_u64(of, wanted[i].name, &out[i].number);
        if (!out[i].is_number) out[i].number = 0;
    }
}

#include "line/fields.h"

#include <string.h>

struct scratch {
    char *at;
    size_t room;
};

/* Moves a quoted field with its doubled quotes made single to the scratch. */
static bool unquote(struct text raw, struct scratch *s, struct text *out) {
    if (raw.size > s->room) return false;
    size_t size = 0;
    for (size_t i = 0; i < raw.size; i++) {
        s->at[size++] = raw.at[i];
        if (raw.at[i] == '"') i++;
    }
    *out = (struct text){s->at, size};
    s->at += size;
    s->room -= size;
    return true;
}

/* A field that begins with a quote; takes it, up to the separator behind it, which stays. */
static enum reason take_quoted(struct text *t, char separator, struct scratch *s, struct text *field) {
    size_t at = 1;
    bool doubled = false;
    for (;; at += 2, doubled = true) {
        at += text_find(text_sub(*t, at, t->size), '"');
        if (at >= t->size) return REASON_QUOTE;
        if (at + 1 == t->size || t->at[at + 1] != '"') break;
    }
    *field = text_sub(*t, 1, at);
    *t = text_sub(*t, at + 1, t->size);
    while (t->size && t->at[0] == ' ') *t = text_sub(*t, 1, t->size);
    if (t->size && t->at[0] != separator) return REASON_QUOTE;
    return !doubled || unquote(*field, s, field) ? REASON_FACT : REASON_VALUE;
}

enum reason fields_split(struct text line, char separator, char *scratch, size_t room,
                         struct text fields[static COLUMNS_MAX], size_t *count) {
    struct scratch s = {scratch, room};
    struct text t = line;
    for (size_t n = 0; n < COLUMNS_MAX; n++) {
        while (t.size && t.at[0] == ' ') t = text_sub(t, 1, t.size);
        if (t.size && t.at[0] == '"') {
            enum reason reason = take_quoted(&t, separator, &s, &fields[n]);
            if (reason) return reason;
        } else {
            size_t end = text_find(t, separator);
            fields[n] = text_trim(text_sub(t, 0, end));
            t = text_sub(t, end, t.size);
        }
        if (!t.size) {
            *count = n + 1;
            return REASON_FACT;
        }
        t = text_sub(t, 1, t.size);
    }
    return REASON_COLUMNS;
}

static bool same_name(struct text t, const char *name) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c | 32);
        if (c == ' ' || c == '.' || c == '-') c = '_';
        if (!c || c != name[i]) return false; /* which ends a shorter name, too */
    }
    return !name[t.size];
}

static const struct column *find_column(struct text name, const struct column *table, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (same_name(name, table[i].name)) return &table[i];
    return NULL;
}

enum field fields_find(struct text name, const struct column *table, size_t table_count) {
    const struct column *column = find_column(name, table, table_count);
    return column ? (enum field)column->field : FIELD_IGNORED;
}

bool columns_have(const struct columns *c, unsigned field) { return memchr(c->field, (int)field, c->count) != NULL; }

enum error fields_check(const struct columns *c, struct diag *d) {
    static const enum field subjects[] = {FIELD_SRC,    FIELD_DST,    FIELD_OUTSIDE, FIELD_OBJECT, FIELD_URL,
                                          FIELD_DOMAIN, FIELD_SHA256, FIELD_ACCOUNT, FIELD_MAIL};
    bool subject = false;
    if (!columns_have(c, FIELD_FIRST) && !columns_have(c, FIELD_LAST))
        return fail(d, ERR_INPUT, _("expected a column with the time, found none"));
    for (size_t i = 0; i < COUNT(subjects); i++) subject = subject || columns_have(c, subjects[i]);
    if (!subject)
        return fail(d, ERR_INPUT, _("expected a column with the source, the destination or an object, found none"));
    return OK;
}

enum error fields_head(struct text line, const struct column *table, size_t table_count, bool open, struct columns *out,
                       struct diag *d) {
    struct text fields[COLUMNS_MAX];
    char scratch[1024];
    struct columns c = {.separator = ','};
    size_t count;
    if (text_find(line, 0) < line.size || fields_split(line, ',', scratch, sizeof scratch, fields, &count))
        return fail(d, ERR_INPUT, _("expected a header of at most %d columns, found something else"), (int)COLUMNS_MAX);
    for (; c.count < count; c.count++) {
        const struct text *name = &fields[c.count];
        const struct column *column = find_column(*name, table, table_count);
        int shown = name->size > 80 ? 80 : (int)name->size;
        if (!column && !open)
            return fail(d, ERR_INPUT, _("expected names of columns, found \"%.*s\""), shown, name->at);
        c.field[c.count] = (uint8_t)(column ? column->field : FIELD_IGNORED);
        if (c.field[c.count] && c.field[c.count] != FIELD_USER && memchr(c.field, c.field[c.count], c.count))
            return fail(d, ERR_INPUT, _("expected each column once, found \"%.*s\" again"), shown, name->at);
    }
    enum error result = fields_check(&c, d);
    if (!result) *out = c;
    return result;
}

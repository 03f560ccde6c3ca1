#include "line/map.h"

static const struct column keys[] = {
    {"time", FIELD_FIRST},
    {"first", FIELD_FIRST},
    {"start", FIELD_FIRST},
    {"last", FIELD_LAST},
    {"end", FIELD_LAST},
    {"duration", FIELD_DURATION},
    {"src", FIELD_SRC},
    {"src_port", FIELD_SRC_PORT},
    {"dst", FIELD_DST},
    {"dst_port", FIELD_DST_PORT},
    {"upstream", FIELD_UPSTREAM},
    {"inside", FIELD_SRC},
    {"outside", FIELD_OUTSIDE},
    {"outside_port", FIELD_OUTSIDE_PORT},
    {"port_block", FIELD_PORT_BLOCK},
    {"port_block_end", FIELD_PORT_BLOCK_LAST},
    {"port_block_size", FIELD_PORT_BLOCK_SIZE},
    {"object", FIELD_OBJECT},
    {"url", FIELD_URL},
    {"domain", FIELD_DOMAIN},
    {"sha256", FIELD_SHA256},
    {"account", FIELD_ACCOUNT},
    {"mail", FIELD_MAIL},
    {"protocol", FIELD_PROTOCOL},
    {"event", FIELD_EVENT},
    {"count", FIELD_COUNT},
    {"user", FIELD_USER},
};

static bool read_separator(struct text t, char *out) {
    static const struct {
        const char *name;
        char is;
    } rows[] = {{"comma", ','}, {"tab", '\t'}, {"semicolon", ';'}, {"pipe", '|'}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (text_is(t, rows[i].name)) {
            *out = rows[i].is;
            return true;
        }
    return false;
}

static enum error read_setting(struct text key, struct text value, bool *is, struct field_map *m, struct diag *d) {
    *is = true;
    if (text_is(key, "separator"))
        return read_separator(value, &m->separator)
                   ? OK
                   : fail(d, ERR_INPUT, _("separator: expected comma, tab, semicolon or pipe, found “%.*s”"),
                          TEXT_ARG(text_first(value, 80)));
    if (text_is(key, "records")) {
        m->traffic = text_is(value, "traffic");
        return m->traffic || text_is(value, "events")
                   ? OK
                   : fail(d, ERR_INPUT, _("records: expected events or traffic, found “%.*s”"),
                          TEXT_ARG(text_first(value, 80)));
    }
    *is = false;
    return OK;
}

static bool is_object(enum field field) { return field >= FIELD_OBJECT && field <= FIELD_MAIL; }

static bool has(const struct field_map *m, enum field field) {
    for (size_t i = 0; i < m->count; i++)
        if (m->rows[i].field == field || (is_object(field) && is_object(m->rows[i].field))) return true;
    return false;
}

static size_t dots(struct text t) {
    size_t count = 0;
    for (size_t i = 0; i < t.size; i++) count += t.at[i] == '.';
    return count;
}

static enum error read_row(struct text t, struct field_map *m, struct diag *d) {
    struct text key, value = t;
    bool setting;
    uint64_t number = 0;
    if (!text_cut(&value, '=', &key) || !text_trim(value).size)
        return fail(d, ERR_INPUT, _("expected what=column, as time=ts, found “%.*s”"), TEXT_ARG(text_first(t, 80)));
    key = text_trim(key);
    value = text_trim(value);
    enum error result = read_setting(key, value, &setting, m, d);
    if (result || setting) return result;
    const enum field field = fields_find(key, keys, COUNT(keys));
    if (field == FIELD_IGNORED)
        return fail(d, ERR_INPUT, _("expected time, end, src, dst, src-port, dst-port and the like, found “%.*s”"),
                    TEXT_ARG(text_first(key, 80)));
    if (has(m, field) || m->count == MAP_ROWS_MAX)
        return fail(d, ERR_INPUT, _("“%.*s” is said already"), TEXT_ARG(text_first(key, 80)));
    if (dots(value) > MAP_DOTS_MAX) return fail(d, ERR_LIMIT, _("a name of more than %d parts"), MAP_DOTS_MAX + 1);
    if (text_u64(value, &number) && (!number || number > COLUMNS_MAX))
        return fail(d, ERR_INPUT, _("expected the number of a column from 1 to %d"), (int)COLUMNS_MAX);
    m->rows[m->count++] = (struct map_row){value, field, (size_t)number};
    return OK;
}

/* Numbers or names, not both; and what a header must have. */
static enum error check(struct field_map *m, struct diag *d) {
    struct columns c = {0};
    size_t numbers = 0;
    for (size_t i = 0; i < m->count; i++) {
        c.field[c.count++] = (uint8_t)m->rows[i].field;
        numbers += m->rows[i].number != 0;
    }
    if (numbers && numbers < m->count)
        return fail(d, ERR_INPUT, _("expected names of columns or their numbers, found both"));
    m->numbered = numbers > 0;
    return fields_check(&c, d);
}

enum error map_read(struct text t, struct field_map *out, struct diag *d) {
    struct field_map m = {.separator = ','};
    if (t.size > MAP_BYTES_MAX) return fail(d, ERR_LIMIT, _("more than %d bytes"), MAP_BYTES_MAX);
    while (t.size) {
        struct text line;
        if (!text_line(&t, &line)) {
            line = t;
            t = (struct text){0};
        }
        if (line.size && line.at[line.size - 1] == '\r') line.size--;
        line = text_trim(line);
        if (text_starts(line, TEXT("#"))) continue;
        while (line.size) {
            struct text row;
            if (!text_cut(&line, ',', &row)) {
                row = line;
                line = (struct text){0};
            }
            enum error result = read_row(row, &m, d);
            if (result) return result;
        }
    }
    enum error result = check(&m, d);
    if (!result) *out = m;
    return result;
}

#include "line/record.h"

#include <stdio.h>

#include "line/map.h"
#include "json/json.h"

enum { NUMBER_MAX = 32, NAME_SIZE = 96, DEPTH_MAX = 3 };

static enum reason finish(struct reader *r, const struct record_form *form, struct observation *out) {
    enum reason reason = fields_settle(r, out);
    if (reason || !form || !form->finish) return reason;
    return form->finish(r, out);
}

bool record_is_read(enum reason reason) {
    return reasons[reason].verdict != VERDICT_REJECT && reason != REASON_COMMENT && reason != REASON_PORTS;
}

/* ---- JSON */

/* A string, or a number or a truth value as a column would print it; the empty text for anything else. */
static struct text value_text(const json_t *value, char out[static NUMBER_MAX]) {
    int size = 0;
    if (json_is_string(value)) return json_as_text(value);
    if (json_is_boolean(value)) return json_is_true(value) ? TEXT("true") : TEXT("false");
    if (json_is_integer(value)) size = snprintf(out, NUMBER_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) size = snprintf(out, NUMBER_MAX, "%.6f", json_real_value(value));
    return (struct text){out, size > 0 && size < NUMBER_MAX ? (size_t)size : 0};
}

struct members {
    struct reader *reader;
    const struct record_form *form;
    struct observation *out;
    uint64_t seen; /* a set of fields */
    char numbers[COLUMNS_MAX][NUMBER_MAX];
    size_t number_count;
};

static void start(struct members *m, struct reader *r, const struct record_form *form, struct observation *out) {
    r->beside = (struct beside){.duration = INSTANT_NONE};
    m->reader = r;
    m->form = form;
    m->out = out;
    m->seen = 0;
    m->number_count = 0;
}

static enum reason take_value(struct members *m, enum field field, const json_t *value) {
    if (field == FIELD_IGNORED || m->number_count == COLUMNS_MAX) return REASON_FACT;
    struct text t = value_text(value, m->numbers[m->number_count]);
    if (!t.size) return REASON_FACT;
    if (m->seen & UINT64_C(1) << field) return REASON_FORM;
    m->seen |= UINT64_C(1) << field;
    m->number_count++; /* kept values may be views of it */
    return fields_value(m->reader, field, t, m->out);
}

/* `name` holds the names of the objects around, each with a dot behind it. */
static enum reason take_members(struct members *m, json_t *object, char *name, size_t size, unsigned depth) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        size_t more = strlen(key);
        if (size + more + 1 > NAME_SIZE) continue;
        memcpy(name + size, key, more);
        struct text whole = {name, size + more};
        enum reason reason = REASON_FACT;
        if (!json_is_object(value)) {
            reason = take_value(m, fields_find(whole, m->form->columns, m->form->count), value);
        } else if (m->form->nested && depth < DEPTH_MAX) {
            name[size + more] = '.';
            reason = take_members(m, value, name, size + more + 1, depth + 1);
        }
        if (reason) return reason;
    }
    return REASON_FACT;
}

bool record_is_json(struct text line) {
    while (line.size && (line.at[0] == ' ' || line.at[0] == ',')) line = text_sub(line, 1, line.size);
    return line.size &&
           (line.at[0] == '{' || text_is(line, "[") || text_is(line, "]") || text_starts(line, TEXT("[{")));
}

/* The object of a line; REASON_COMMENT where it is a bracket. */
static enum reason read_object(struct text line, json_t **out) {
    line = text_trim(line);
    if (text_is(line, "[") || text_is(line, "]") || text_is(line, ",")) return REASON_COMMENT;
    if (line.size && line.at[line.size - 1] == ',') line.size--;
    if (line.size && line.at[0] == ',') line = text_trim(text_sub(line, 1, line.size));
    if (!line.size || line.at[0] != '{' || json_read(bytes_from_text(line), out, NULL)) return REASON_FORM;
    return REASON_FACT;
}

enum reason record_json(struct reader *r, struct text line, const struct record_form *form, struct observation *out) {
    json_t *record;
    char name[NAME_SIZE];
    struct members m;
    enum reason reason = read_object(line, &record);
    if (reason) return reason;
    start(&m, r, form, out);
    reason = take_members(&m, record, name, 0, 0);
    if (!reason) reason = finish(r, form, out);
    json_decref(record);
    r->beside = (struct beside){0};
    return reason;
}

/* By its whole name, or else through objects and lists at its dots. */
static const json_t *find_member(const json_t *value, struct text path) {
    const json_t *found = json_is_object(value) ? json_object_getn(value, path.at, path.size) : NULL;
    for (size_t dot = text_find(path, '.'); !found && dot < path.size;) {
        struct text first = text_sub(path, 0, dot), rest = text_sub(path, dot + 1, path.size);
        uint64_t number;
        const json_t *child = json_is_object(value) ? json_object_getn(value, first.at, first.size) : NULL;
        if (json_is_array(value) && text_u64(first, &number)) child = json_array_get(value, number);
        if (child) found = find_member(child, rest);
        dot += 1 + text_find(rest, '.');
    }
    return found;
}

enum reason record_mapped(struct reader *r, struct text line, const struct field_map *map, struct observation *out) {
    json_t *record;
    struct members m;
    enum reason reason = read_object(line, &record);
    if (reason) return reason;
    start(&m, r, NULL, out);
    for (size_t i = 0; i < map->count && !reason; i++)
        reason = take_value(&m, map->rows[i].field, find_member(record, map->rows[i].name));
    if (!reason) reason = finish(r, NULL, out);
    json_decref(record);
    r->beside = (struct beside){0};
    return reason;
}

/* ---- CSV */

static bool is_header(const struct reader *r, struct text line) {
    struct columns again = {.map = r->columns.map};
    bool numbered = again.map && again.map->numbered;
    return r->format->head && !numbered && r->format->head(line, &again, NULL) == OK;
}

enum reason record_csv(struct reader *r, struct text line, const struct record_form *form, struct observation *out) {
    r->beside = (struct beside){.duration = INSTANT_NONE};
    if (!r->columns.count) return REASON_FORM;
    enum reason reason = fields_read(r, line, out);
    if (reason) return is_header(r, line) ? REASON_COMMENT : reason;
    return finish(r, form, out);
}

enum reason record_parse(struct reader *r, struct text line, const struct record_form *form, struct observation *out) {
    return record_is_json(line) ? record_json(r, line, form, out) : record_csv(r, line, form, out);
}

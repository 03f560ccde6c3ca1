#include "line/record.h"

#include "line/map.h"

enum { NAME_SIZE = 96, DEPTH_MAX = 3, ITEMS_MAX = 64 };

static enum reason finish(struct reader *r, const struct record_form *form, struct observation *out) {
    enum reason reason = fields_settle(r, out);
    if (reason || !form || !form->finish) return reason;
    return form->finish(r, out);
}

bool record_is_read(enum reason reason) {
    return reasons[reason].verdict != VERDICT_REJECT && reason != REASON_COMMENT && reason != REASON_PORTS;
}

/* ---- JSON */

bool record_is_json(struct text line) {
    while (line.size && (line.at[0] == ' ' || line.at[0] == ',')) line = text_sub(line, 1, line.size);
    return line.size &&
           (line.at[0] == '{' || text_is(line, "[") || text_is(line, "]") || text_starts(line, TEXT("[{")));
}

enum reason record_members(struct reader *r, struct text object, const struct json_asked *asked,
                           struct json_members *out, json_t **held) {
    char *room = r->scratch + RECORD_ROOM_AT;
    const size_t size = sizeof r->scratch - RECORD_ROOM_AT;
    *held = NULL;
    if (json_members_scan(object, asked, &r->json_names, room, size, out)) return REASON_FACT;
    if (json_read(bytes_from_text(object), held, NULL)) return REASON_FORM;
    if (json_is_object(*held) && json_members_of(*held, asked, room, size, out)) return REASON_FACT;
    json_decref(*held);
    return REASON_FORM;
}

/* The object of a line; REASON_COMMENT where it is a bracket. */
static enum reason find_object(struct text line, struct text *out) {
    line = text_trim(line);
    if (text_is(line, "[") || text_is(line, "]") || text_is(line, ",")) return REASON_COMMENT;
    if (line.size && line.at[line.size - 1] == ',') line.size--;
    if (line.size && line.at[0] == ',') line = text_trim(text_sub(line, 1, line.size));
    *out = line;
    return line.size && line.at[0] == '{' ? REASON_FACT : REASON_FORM;
}

struct text record_value(const struct json_member *m) {
    if (m->kind == JSON_KIND_TRUE) return TEXT("true");
    return m->kind == JSON_KIND_FALSE ? TEXT("false") : m->text;
}

enum reason record_take(struct reader *r, unsigned field, struct text t, uint64_t *seen, struct observation *out) {
    if (!t.size) return REASON_FACT;
    if (field == FIELD_USER) return fields_value(r, FIELD_USER, t, out);
    if (*seen & UINT64_C(1) << field) return REASON_FORM;
    *seen |= UINT64_C(1) << field;
    return fields_value(r, (enum field)field, t, out);
}

/* `list`, its items, and the member `user` of each; of more items than are read, the first says that there are some. */
static bool find_in_list(const struct record_form *form, const struct json_path *path, struct json_answer *out) {
    const struct text list = text_of(form->list);
    const bool in_list = path->depth && text_starts(path->name, list) && path->name.at[list.size] == '.';
    *out = (struct json_answer){JSON_NOT_ASKED, false, false};
    if (!form->list || (!in_list && !text_equal(path->name, list))) return false;
    struct text rest = text_sub(path->name, list.size, path->name.size), item;
    uint64_t number;
    out->into_list = !path->depth;
    if (path->item && path->depth == 1 && text_u64(text_sub(rest, 1, rest.size), &number)) {
        out->into_object = number < ITEMS_MAX;
        if (number == ITEMS_MAX) out->which = FIELD_USER;
    }
    if (path->depth == 2 && text_skip(&rest, TEXT(".")) && text_cut(&rest, '.', &item) && text_is(rest, form->user))
        out->which = FIELD_USER;
    return true;
}

static struct json_answer find_field(const void *of, const struct json_path *path) {
    const struct record_form *form = of;
    struct json_answer answer = {JSON_NOT_ASKED, false, false};
    if (path->name.size + 1 > NAME_SIZE || find_in_list(form, path, &answer)) return answer;
    const unsigned field = fields_find(path->name, form->columns, form->count);
    return (struct json_answer){field == FIELD_IGNORED ? JSON_NOT_ASKED : (uint16_t)field,
                                form->nested && path->depth < DEPTH_MAX, false};
}

static enum reason take_field(struct reader *r, const struct json_member *m, uint64_t *seen, struct observation *out) {
    if (m->which == FIELD_USER && m->kind == JSON_KIND_OBJECT) r->logins.more = r->logins.asked;
    return record_take(r, m->which, record_value(m), seen, out);
}

static enum reason take_fields(struct reader *r, const struct json_members *m, struct observation *out) {
    uint64_t seen = 0;
    enum reason reason = REASON_FACT;
    for (size_t i = 0; i < m->count && !reason; i++) reason = take_field(r, &m->at[i], &seen, out);
    return reason;
}

enum reason record_json(struct reader *r, struct text line, const struct record_form *form, struct observation *out) {
    const struct json_asked asked = {find_field, form};
    struct json_members members;
    json_t *held;
    enum reason reason = find_object(line, &line);
    if (!reason) reason = record_members(r, line, &asked, &members, &held);
    if (reason) return reason;
    r->beside = (struct beside){.duration = INSTANT_NONE};
    reason = take_fields(r, &members, out);
    if (!reason) reason = finish(r, form, out);
    json_decref(held);
    r->beside = (struct beside){0};
    return reason;
}

/* ---- JSON whose members the user named */

/* Where a map names a column twice, its first row stands for both. */
static uint16_t row_named(const struct field_map *map, struct text name) {
    size_t i = 0;
    while (i < map->count && !text_equal(map->rows[i].name, name)) i++;
    return (uint16_t)i;
}

/* A name is sought by its bytes; in what way its dots are those of objects around it, is a part of the answer. */
enum { ROWS = 32, WAYS = 1 << MAP_DOTS_MAX };
_Static_assert((int)MAP_ROWS_MAX <= (int)ROWS && ROWS * WAYS < (int)JSON_NOT_ASKED, "an answer holds both");

static struct json_answer find_row(const void *of, const struct json_path *path) {
    const struct field_map *map = of;
    struct json_answer answer = {JSON_NOT_ASKED, false, false};
    for (size_t i = 0; i < map->count; i++) {
        const struct text name = map->rows[i].name;
        if (text_equal(name, path->name) && !path->item)
            answer.which = (uint16_t)(row_named(map, name) + ROWS * path->ends);
        if (name.size > path->name.size && name.at[path->name.size] == '.' && text_starts(name, path->name))
            answer.into_object = answer.into_list = true;
    }
    return answer;
}

/* By its whole name, or else through objects and lists at its dots, the first ones first. */
static bool is_better(unsigned way, unsigned than) {
    unsigned differ = way ^ than, dot = 0;
    if (!differ) return false;
    while (!(differ >> dot & 1)) dot++;
    unsigned on = way >> dot & 1 ? than : way; /* whose name goes on over the dot */
    return (on >> dot == 0) == (on == way);
}

static const struct json_member *find_member(const struct json_members *m, size_t row) {
    const struct json_member *best = NULL;
    for (size_t i = 0; i < m->count; i++)
        if (m->at[i].which % ROWS == row && (!best || is_better(m->at[i].which / ROWS, best->which / ROWS)))
            best = &m->at[i];
    return best;
}

static enum reason take_rows(struct reader *r, const struct field_map *map, const struct json_members *m,
                             struct observation *out) {
    uint64_t seen = 0;
    enum reason reason = REASON_FACT;
    for (size_t i = 0; i < map->count && !reason; i++) {
        const struct json_member *member = find_member(m, row_named(map, map->rows[i].name));
        if (member) reason = record_take(r, map->rows[i].field, record_value(member), &seen, out);
    }
    return reason;
}

enum reason record_mapped(struct reader *r, struct text line, const struct field_map *map, struct observation *out) {
    const struct json_asked asked = {find_row, map};
    struct json_members members;
    json_t *held;
    enum reason reason = find_object(line, &line);
    if (!reason) reason = record_members(r, line, &asked, &members, &held);
    if (reason) return reason;
    r->beside = (struct beside){.duration = INSTANT_NONE};
    reason = take_rows(r, map, &members, out);
    if (!reason) reason = finish(r, NULL, out);
    json_decref(held);
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

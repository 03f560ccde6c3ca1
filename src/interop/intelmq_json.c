/* IntelMQ's events as JSON: an object a line, flat (`source.ip`) or nested; or one list of them. */
#include <stdio.h>

#include "interop/foreign.h"
#include "interop/intelmq.h"

enum { NAME_MAX_BYTES = 200 };

struct lines { /* of a file */
    struct intelmq_reading reading;
    struct intelmq_event event;
    char name[NAME_MAX_BYTES + 1]; /* of the member under way */
};

bool intelmq_case_seen(struct bytes start) {
    static const char *const signs[] = {
        "\"classification.t", "\"time.observation\"", "\"time.source\"", "\"source.ip\"", "\"feed.", "\"__type\""};
    struct text t = text_from_bytes(start);
    if (!t.size || (t.at[0] != '{' && t.at[0] != '[')) return false;
    for (size_t i = 0; i < COUNT(signs); i++)
        if (text_search(t, text_of(signs[i])) != SIZE_MAX) return true;
    return false;
}

static void take_value(struct lines *l, struct text name, const json_t *value) {
    struct arena *a = l->reading.how->arena;
    enum intelmq_field field = intelmq_field_of(name);
    struct text v = foreign_text(value, a);
    if (text_is(name, "__type") || json_is_null(value) || (json_is_string(value) && !v.size)) return;
    if (field == INTELMQ_IGNORED || json_is_array(value) || l->event.value[field].size)
        lost_fields_add(&l->reading.lost, name, v);
    else
        l->event.value[field] = arena_text(a, v);
}

/* `source.ip`, or `ip` in `source`: the levels are bounded by those of JSON. */
static void take_members(struct lines *l, size_t size, json_t *object) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        size_t more = strlen(key), dot = size ? 1 : 0;
        if (size + dot + more > NAME_MAX_BYTES) {
            lost_fields_add(&l->reading.lost, text_of(key), (struct text){0});
            continue;
        }
        if (dot) l->name[size] = '.';
        memcpy(l->name + size + dot, key, more);
        if (json_is_object(value))
            take_members(l, size + dot + more, value);
        else
            take_value(l, (struct text){l->name, size + dot + more}, value);
    }
}

static void take_event(struct lines *l, json_t *object) {
    l->event = (struct intelmq_event){{{0}}};
    take_members(l, 0, object);
    intelmq_take(&l->reading, &l->event);
}

static enum error take_list(struct lines *l, struct bytes file, struct diag *d) {
    json_t *list = NULL;
    enum error result = foreign_check_values(file, d);
    if (!result) result = json_read(file, &list, d);
    for (size_t i = 0; i < json_array_size(list) && !result; i++) {
        json_t *one = json_array_get(list, i);
        if (json_is_object(one))
            take_event(l, one);
        else
            result = fail(d, ERR_INPUT, _("item %zu of the list: expected an object"), i);
    }
    json_decref(list);
    return result;
}

static enum error take_line(struct lines *l, struct text line, uint64_t number, struct diag *d) {
    json_t *object = NULL;
    if (!line.size) return OK;
    enum error result = foreign_check_values(bytes_from_text(line), d);
    if (!result) result = json_read(bytes_from_text(line), &object, d);
    if (!result && !json_is_object(object)) result = fail(d, ERR_INPUT, _("expected an object, an event a line"));
    if (!result) take_event(l, object);
    json_decref(object);
    if (result && d) d->line = number;
    return result;
}

enum error intelmq_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct lines *l = ARENA_NEW(how->arena, struct lines);
    struct text rest = text_from_bytes(file), line;
    enum error result = OK;
    intelmq_reading_start(&l->reading, how);
    if (rest.size && rest.at[0] == '[') {
        result = take_list(l, file, d);
        rest.size = 0;
    }
    for (uint64_t number = 1; rest.size && !result; number++) {
        if (!text_line(&rest, &line)) {
            line = rest;
            rest.size = 0;
        }
        if (line.size && line.at[line.size - 1] == '\r') line.size--;
        result = take_line(l, line, number, d);
    }
    return result ? result : intelmq_reading_end(&l->reading, out, d);
}

/* ---- writing */

/* Ports and counts are numbers, all else is text. */
static bool is_number(enum intelmq_field f) {
    return f == INTELMQ_SRC_PORT || f == INTELMQ_DST_PORT || f == INTELMQ_COUNT || f == INTELMQ_EVIDENCE;
}

static void put_line(void *to, const struct intelmq_event *e) {
    struct buf *out = to;
    json_t *object = json_object();
    uint64_t number;
    json_put_text(object, "__type", TEXT("Event")); /* by which IntelMQ knows it from a report */
    for (int i = 0; i < INTELMQ_COUNT_OF; i++) {
        struct text v = e->value[i];
        if (is_number((enum intelmq_field)i) && text_u64(v, &number))
            json_put_u64(object, intelmq_names[i], number);
        else if (json_is_text(v))
            json_put_text_if(object, intelmq_names[i], v);
    }
    json_canonical(object, out);
    buf_char(out, '\n');
    json_decref(object);
}

enum error intelmq_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    intelmq_give(r, how, put_line, out);
    return buf_check(out, d);
}

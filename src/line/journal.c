#include "line/journal.h"

#include <string.h>

#include "json/json.h"

struct room {
    char *at;
    size_t left;
};

/* A list of the bytes of a value. */
static bool copy_numbers(const json_t *list, struct room *r, struct text *out) {
    size_t size = json_array_size(list);
    if (size > r->left) return false;
    for (size_t i = 0; i < size; i++) {
        const json_t *number = json_array_get(list, i);
        json_int_t byte = json_is_integer(number) ? json_integer_value(number) : 0;
        if (byte < 1 || byte > 255) return false;
        r->at[i] = (char)byte;
    }
    *out = (struct text){r->at, size};
    return true;
}

/* Of a value that came several times, the first: programs say it once. */
static bool copy_value(const json_t *value, struct room *r, struct text *out) {
    const json_t *first = json_is_array(value) ? json_array_get(value, 0) : NULL;
    if (first && !json_is_integer(first)) value = first;
    if (json_is_array(value)) {
        if (!copy_numbers(value, r, out)) return false;
    } else {
        struct text t = json_is_string(value) ? json_as_text(value) : (struct text){0};
        if (!t.size || t.size > r->left || text_find(t, 0) < t.size) return false;
        memcpy(r->at, t.at, t.size);
        *out = (struct text){r->at, t.size};
    }
    r->at += out->size;
    r->left -= out->size;
    return true;
}

static bool read_micros(const json_t *record, const char *name, instant *out) {
    uint64_t value;
    const json_t *member = json_object_get(record, name);
    if (!json_is_string(member) || !text_u64(json_as_text(member), &value) || value > (uint64_t)INT64_MAX / 2)
        return false;
    *out = (instant)value;
    return true;
}

static bool copy_program(const json_t *record, struct room *r, struct text *out) {
    static const char *const names[] = {"SYSLOG_IDENTIFIER", "_COMM"};
    bool kernel = text_is(json_text(record, "_TRANSPORT"), "kernel");
    for (size_t i = 0; i < COUNT(names); i++)
        if (copy_value(json_object_get(record, names[i]), r, out)) return true;
    *out = kernel ? TEXT("kernel") : (struct text){0};
    return kernel;
}

/* The first line of a message: the rest, if there is any, is of no rule. */
static enum reason read_record(const json_t *record, struct room r, struct journal *out) {
    if (!json_is_object(record)) return REASON_FORM;
    if (!read_micros(record, "_SOURCE_REALTIME_TIMESTAMP", &out->at) &&
        !read_micros(record, "__REALTIME_TIMESTAMP", &out->at))
        return REASON_STAMP;
    if (!copy_program(record, &r, &out->program)) return REASON_PROGRAM;
    const json_t *message = json_object_get(record, "MESSAGE");
    if (json_is_null(message)) return REASON_LONG;
    if (!copy_value(message, &r, &out->message)) return REASON_VALUE;
    out->message.size = text_find(out->message, '\n');
    return REASON_FACT;
}

enum reason journal_read(struct text line, char *room, size_t size, struct journal *out) {
    json_t *record;
    *out = (struct journal){.at = INSTANT_NONE};
    if (json_read(bytes_from_text(line), &record, NULL)) return REASON_FORM;
    enum reason reason = read_record(record, (struct room){room, size}, out);
    json_decref(record);
    return reason;
}

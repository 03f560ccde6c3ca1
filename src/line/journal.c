#include "line/journal.h"

#include <string.h>

enum asked { OF_SENT, OF_TAKEN, OF_IDENTIFIER, OF_COMMAND, OF_TRANSPORT, OF_MESSAGE, ASKED };
static const char *const names_of[ASKED] = {[OF_SENT] = "_SOURCE_REALTIME_TIMESTAMP",
                                            [OF_TAKEN] = "__REALTIME_TIMESTAMP",
                                            [OF_IDENTIFIER] = "SYSLOG_IDENTIFIER",
                                            [OF_COMMAND] = "_COMM",
                                            [OF_TRANSPORT] = "_TRANSPORT",
                                            [OF_MESSAGE] = "MESSAGE"};

static struct json_answer find(const void *of, const struct json_path *path) {
    (void)of;
    struct json_answer answer = {JSON_NOT_ASKED, false, false};
    for (size_t i = 0; i < ASKED; i++)
        if (text_is(path->name, names_of[i])) answer.which = (uint16_t)i;
    return answer;
}

struct record { /* what is asked of one: a string, or none */
    struct text values[ASKED];
    bool left_out; /* the message */
};

/* ---- values that are lists */

/* A list of the bytes of a value. */
static bool copy_numbers(const json_t *list, char *at, size_t max, struct text *out) {
    size_t size = json_array_size(list);
    if (size > max) return false;
    for (size_t i = 0; i < size; i++) {
        const json_t *number = json_array_get(list, i);
        json_int_t byte = json_is_integer(number) ? json_integer_value(number) : 0;
        if (byte < 1 || byte > 255) return false;
        at[i] = (char)byte;
    }
    *out = (struct text){at, size};
    return true;
}

/* Of a value that came several times, the first: programs say it once. */
static void copy_value(const json_t *value, char *at, size_t max, struct text *out) {
    const json_t *first = json_is_array(value) ? json_array_get(value, 0) : NULL;
    if (first && !json_is_integer(first)) value = first;
    struct text t = json_as_text(value);
    if (json_is_array(value) && !copy_numbers(value, at, max, &t)) return;
    if (!t.size || t.size > max) return;
    memmove(at, t.at, t.size);
    *out = (struct text){at, t.size};
}

static size_t size_max(size_t which) { return which == OF_MESSAGE ? JOURNAL_MESSAGE_MAX : JOURNAL_VALUE_MAX; }

/* All of them: the value goes when it has been read. */
static bool copy_record(const json_t *value, char *at, struct record *out) {
    if (!json_is_object(value)) return false;
    for (size_t i = 0; i < ASKED; at += size_max(i), i++) {
        const json_t *member = json_object_get(value, names_of[i]);
        copy_value(member, at, size_max(i), &out->values[i]);
        out->left_out = out->left_out || (i == OF_MESSAGE && json_is_null(member));
    }
    return true;
}

static bool read_slowly(struct text line, char *room, struct record *out) {
    json_t *value;
    if (json_read(bytes_from_text(line), &value, NULL)) return false;
    bool good = copy_record(value, room, out);
    json_decref(value);
    return good;
}

/* ---- records */

static bool read_record(struct text line, struct json_names *names, char *room, struct record *out) {
    static const struct json_asked asked = {find, NULL};
    struct json_members m;
    *out = (struct record){0};
    if (!json_members_scan(line, &asked, names, room, JOURNAL_ROOM, &m)) return read_slowly(line, room, out);
    for (size_t i = 0; i < m.count; i++) {
        const struct json_member *member = &m.at[i];
        if (member->kind == JSON_KIND_LIST) {
            *out = (struct record){0};
            return read_slowly(line, room, out);
        }
        if (member->kind == JSON_KIND_TEXT && member->text.size <= size_max(member->which))
            out->values[member->which] = member->text;
        if (member->which == OF_MESSAGE) out->left_out = member->kind == JSON_KIND_NULL;
    }
    return true;
}

static bool read_micros(struct text t, instant *out) {
    uint64_t value;
    if (!text_u64(t, &value) || value > (uint64_t)INT64_MAX / 2) return false;
    *out = (instant)value;
    return true;
}

static bool find_program(const struct record *r, struct text *out) {
    *out = r->values[OF_IDENTIFIER].size ? r->values[OF_IDENTIFIER] : r->values[OF_COMMAND];
    if (!out->size && text_is(r->values[OF_TRANSPORT], "kernel")) *out = TEXT("kernel");
    return out->size;
}

/* The first line of a message: the rest, if there is any, is of no rule. */
enum reason journal_read(struct text line, struct json_names *names, char *room, struct journal *out) {
    struct record r;
    *out = (struct journal){.at = INSTANT_NONE};
    if (!read_record(line, names, room, &r)) return REASON_FORM;
    if (!read_micros(r.values[OF_SENT], &out->at) && !read_micros(r.values[OF_TAKEN], &out->at)) return REASON_STAMP;
    if (!find_program(&r, &out->program)) return REASON_PROGRAM;
    if (r.left_out) return REASON_LONG;
    out->message = r.values[OF_MESSAGE];
    if (!out->message.size) return REASON_VALUE;
    out->message.size = text_find(out->message, '\n');
    return REASON_FACT;
}

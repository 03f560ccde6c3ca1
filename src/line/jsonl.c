/* Flow and session records as JSON, one object a line, as Zeek and many sensors write them: the members are named as
 * the columns of flow.c, others are passed over, and so are objects and lists.  No record is an event by itself. */
#include <stdio.h>

#include "line/fields.h"
#include "line/readers.h"
#include "json/json.h"

enum { NUMBER_MAX = 32 };

/* A string, or a number as a column would print it; the empty text for anything else. */
static struct text value_text(const json_t *value, char out[static NUMBER_MAX]) {
    int size = 0;
    if (json_is_string(value)) return json_as_text(value);
    if (json_is_integer(value)) size = snprintf(out, NUMBER_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) size = snprintf(out, NUMBER_MAX, "%.6f", json_real_value(value));
    return (struct text){out, size > 0 && size < NUMBER_MAX ? (size_t)size : 0};
}

static enum reason read_members(struct reader *r, json_t *record, struct observation *out) {
    const char *key;
    json_t *value;
    unsigned seen = 0; /* a set of fields */
    json_object_foreach(record, key, value) {
        char number[NUMBER_MAX];
        struct text t = value_text(value, number);
        enum field field = fields_find(text_of(key), flow_columns, flow_column_count);
        if (field == FIELD_IGNORED || !t.size) continue;
        if (seen & 1U << field) return REASON_FORM;
        seen |= 1U << field;
        enum reason reason = fields_value(r, field, t, out);
        if (reason) return reason;
    }
    return fields_times(out);
}

enum reason jsonl_parse(struct reader *r, struct text line, struct observation *out) {
    json_t *record;
    if (line.at[0] != '{' || json_read(bytes_from_text(line), &record, NULL)) return REASON_FORM;
    enum reason reason = read_members(r, record, out);
    json_decref(record);
    return reason;
}

/* Less sure than a format that knows its members. */
unsigned jsonl_detect(struct text line) {
    static const struct stamp_options any = {.until = INSTANT_NONE};
    struct reader r = {.stamper.options = &any};
    struct observation o = {.first = INSTANT_NONE, .last = INSTANT_NONE};
    return !jsonl_parse(&r, line, &o) && (o.known & (KNOWN_SRC | KNOWN_DST)) ? 5 : 0;
}

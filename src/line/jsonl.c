/* Flow and session records as JSON, one object a line, as Zeek and many sensors write them: the members are named as
 * the columns of flow.c, others are passed over, and so are objects and lists.  No record is an event by itself. */
#include "line/readers.h"
#include "line/record.h"

static struct json_answer find_field(const void *of, const struct json_path *path) {
    (void)of;
    const enum field field = fields_find(path->name, flow_columns, flow_column_count);
    return (struct json_answer){field == FIELD_IGNORED ? JSON_NOT_ASKED : (uint16_t)field, false, false};
}

static enum reason take_members(struct reader *r, const struct json_members *m, struct observation *out) {
    uint64_t seen = 0;
    enum reason reason = REASON_FACT;
    for (size_t i = 0; i < m->count && !reason; i++) reason = record_take(r, m->at[i].which, m->at[i].text, &seen, out);
    return reason ? reason : fields_times(out);
}

enum reason jsonl_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct json_asked asked = {find_field, NULL};
    struct json_members members;
    json_t *held;
    enum reason reason = line.at[0] == '{' ? record_members(r, line, &asked, &members, &held) : REASON_FORM;
    if (reason) return reason;
    reason = take_members(r, &members, out);
    json_decref(held);
    return reason;
}

/* Less sure than a format that knows its members. */
unsigned jsonl_detect(struct text line) {
    static const struct stamp_options any = {.until = INSTANT_NONE};
    struct reader r = {.stamper.options = &any};
    struct observation o = {.first = INSTANT_NONE, .last = INSTANT_NONE};
    return !jsonl_parse(&r, line, &o) && (o.known & (KNOWN_SRC | KNOWN_DST)) ? 5 : 0;
}

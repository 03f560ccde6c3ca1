/* A CSV of facts, made by hand or by a program: the first line names its columns, among those of a fact sheet and in
 * any order.  A fact sheet is one.  A source port that is given is part of what is alleged. */
#include "line/fields.h"
#include "line/readers.h"

static const struct column columns[] = {
    {"first_seen", FIELD_FIRST},  {"last_seen", FIELD_LAST},    {"src_ip", FIELD_SRC},
    {"src_port", FIELD_SRC_PORT}, {"dst_ip", FIELD_DST},        {"dst_port", FIELD_DST_PORT},
    {"object", FIELD_OBJECT},     {"protocol", FIELD_PROTOCOL}, {"event", FIELD_EVENT},
    {"count", FIELD_COUNT},       {"evidence", FIELD_IGNORED},  {"user", FIELD_USER},
};

enum error csv_head(struct text line, struct columns *out, struct diag *d) {
    return fields_head(line, columns, COUNT(columns), false, out, d);
}

/* A table of flows may have the same names; it has neither events nor objects. */
unsigned csv_detect(struct text line) {
    struct columns c;
    if (csv_head(line, &c, NULL)) return 0;
    return columns_have(&c, FIELD_EVENT) || columns_have(&c, FIELD_OBJECT) ? 1002 : 1000;
}

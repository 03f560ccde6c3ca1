/* Records whose parts have names: one JSON object a line, or a line of CSV whose columns a header named. */
#ifndef PARLEY_LINE_RECORD_H
#define PARLEY_LINE_RECORD_H

#include "line/fields.h"

struct record_form {
    const struct column *columns; /* names, as fields_head takes them; members of objects in objects have dots */
    size_t count;
    bool nested; /* looks into objects in the record, two deep */
    /* What the record tells, when its values are read: an event, or why none.  REASON_FACT without an event is
     * REASON_EVENT. NULL: always that. */
    enum reason (*finish)(struct reader *r, struct observation *out);
};

/* A line of JSON.  A list that is printed with an object a line is one, too: its brackets are comments, and a comma at
 * the end of a line is none of it.  A field that comes twice is refused. */
enum reason record_json(struct reader *r, struct text line, const struct record_form *form, struct observation *out);
/* The same for objects whose members the user named. */
enum reason record_mapped(struct reader *r, struct text line, const struct field_map *map, struct observation *out);
/* A line of CSV, by the reader's columns.  A header that comes again is a comment. */
enum reason record_csv(struct reader *r, struct text line, const struct record_form *form, struct observation *out);
/* Whichever it is, by how it begins. */
enum reason record_parse(struct reader *r, struct text line, const struct record_form *form, struct observation *out);
/* Whether a record was read as one, and says who it is of. */
bool record_is_read(enum reason reason);
/* Whether a line is JSON, which has no header. */
bool record_is_json(struct text line);

#endif

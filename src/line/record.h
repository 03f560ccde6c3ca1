/* Records whose parts have names: one JSON object a line, or a line of CSV whose columns a header named. */
#ifndef PARLEY_LINE_RECORD_H
#define PARLEY_LINE_RECORD_H

#include "line/fields.h"
#include "json/fields.h"

struct record_form {
    const struct column *columns; /* names, as fields_head takes them; members of objects in objects have dots */
    size_t count;
    bool nested;             /* looks into objects in the record, two deep */
    const char *list, *user; /* a list of objects, in each of which a member is a user; NULL: none */
    /* What the record tells, when its values are read: an event, or why none.  REASON_FACT without an event is
     * REASON_EVENT. NULL: always that. */
    enum reason (*finish)(struct reader *r, struct observation *out);
};

/* The members of an object that are asked for.  REASON_FORM: it is none.  Texts live until the reader's next line and
 * until the caller gives *held back with json_decref; it may be NULL. */
enum reason record_members(struct reader *r, struct text object, const struct json_asked *asked,
                           struct json_members *out, json_t **held);
enum { RECORD_ROOM_AT = PROTOCOL_MAX + 1 + 2 * 2048 }; /* of the reader's scratch: before it, formats have room */
/* A string, or a number or a truth value as a column would print it; the empty text for anything else. */
struct text record_value(const struct json_member *m);
/* Reads a value that is not empty; REASON_FORM where `seen`, a set of fields, has one of its field. */
enum reason record_take(struct reader *r, unsigned field, struct text t, uint64_t *seen, struct observation *out);

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

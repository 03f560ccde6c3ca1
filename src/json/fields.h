/* A few members of an object in JSON, without making values of all of it: log lines have hundreds of bytes, of which
 * some are asked for.
 *
 * What json_fields_scan says is what json_read and json_fields_of would: it goes over the whole text, strictly, and
 * leaves whatever is not everyday JSON (escaped names, bytes beyond ASCII, long numbers, many members) to them. */
#ifndef PARLEY_JSON_FIELDS_H
#define PARLEY_JSON_FIELDS_H

#include "json/json.h"

struct json_wanted {
    const char *parent, *name; /* the parent: the name of an object in the top level; NULL: the top level itself */
};
struct json_field {
    bool there, is_number; /* a number: an integer from 0 to 2^53 */
    struct text text;      /* of a string; a view of the text or of the value */
    uint64_t number;
};

/* False: json_read is to be asked, be it for a text that it refuses. */
bool json_fields_scan(struct text t, const struct json_wanted *wanted, size_t count, struct json_field *out);
void json_fields_of(const json_t *object, const struct json_wanted *wanted, size_t count, struct json_field *out);

#endif

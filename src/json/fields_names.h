/* Within json/: the names that came before. */
#ifndef PARLEY_JSON_FIELDS_NAMES_H
#define PARLEY_JSON_FIELDS_NAMES_H

#include "json/fields.h"

enum {
    NAME_NONE = UINT16_MAX,       /* around the members of the outermost object */
    NAME_OUTSIDE = UINT16_MAX - 1 /* around those of objects in which nothing is asked for */
};
struct named { /* a name where it stands */
    struct text text;
    uint16_t around;
    uint8_t depth;
    bool item;
};
/* The name's number; NAME_NONE where there is no room for it. */
uint16_t json_names_find(struct json_names *n, const struct named *name, const struct json_asked *asked);
/* Asks of an item of a list, whether there is a name for it or not. */
bool json_names_ask(const struct json_names *n, const struct named *name, const struct json_asked *asked,
                    struct json_answer *out);

#endif

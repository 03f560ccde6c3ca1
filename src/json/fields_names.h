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

/* As memcmp has it; names are short. */
static inline bool same_bytes(const char *a, const char *b, size_t size) {
    uint64_t x, y;
    if (size < sizeof x) {
        for (size_t i = 0; i < size; i++)
            if (a[i] != b[i]) return false;
        return true;
    }
    for (size_t i = 0;; i += sizeof x) {
        if (i + sizeof x > size) i = size - sizeof x;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        if (x != y) return false;
        if (i + sizeof x == size) return true;
    }
}

#endif

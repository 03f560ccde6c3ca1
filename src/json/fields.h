/* A few members of an object in JSON, without making values of all of it: log lines have hundreds of bytes, of which
 * some are asked for.
 *
 * What json_members_scan says is what json_read and json_members_of would: it goes over the whole text, strictly, and
 * leaves what is not everyday JSON (names with escapes, numbers of many digits, more levels or names than the enums
 * below) to them.  Names that came before are known by their bytes, and one name mostly follows another as it did in
 * the line before: struct json_names keeps that, and no outcome depends on it. Limits: the enums.  Ownership: texts are
 * views of the text, of the room or of the value. */
#ifndef PARLEY_JSON_FIELDS_H
#define PARLEY_JSON_FIELDS_H

#include "json/json.h"

enum {
    JSON_MEMBERS_MAX = 128, /* that are asked for, of one object */
    JSON_PATH_MAX = 4096,   /* bytes of a path; who is in a longer one can't be asked for, nor deeper than this: */
    JSON_PATH_DEPTH_MAX = 16,
    JSON_NAMES_MAX = 256,
    JSON_NAME_MAX = 95,
    JSON_NAMES_BYTES = 8192,
    JSON_NAMES_SLOTS = 512
};

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_TEXT,
    JSON_KIND_INTEGER,
    JSON_KIND_REAL,
    JSON_KIND_TRUE,
    JSON_KIND_FALSE,
    JSON_KIND_OBJECT,
    JSON_KIND_LIST
};

struct json_path {    /* where a member stands */
    struct text name; /* its own, behind those of the objects and lists around it, with dots; of an item its number */
    unsigned depth;   /* how many are around it, but for the outermost object */
    uint32_t ends;    /* bit i: at dot i of `name` a name ends, and the dot is no part of one */
    bool item;        /* of a list */
};
enum { JSON_NOT_ASKED = UINT16_MAX };
struct json_answer {
    uint16_t which;              /* what is asked for there, as `find` numbers it; JSON_NOT_ASKED */
    bool into_object, into_list; /* whether something may be asked of what is in it, if it is one */
};
struct json_asked {
    struct json_answer (*find)(const void *of, const struct json_path *path); /* of its arguments alone */
    const void *of;
};

struct json_member {
    unsigned which;
    enum json_kind kind;
    struct text text; /* a string; a number, as printf has it (%lld, %.6f; nothing where that is 32 bytes or more) */
};
struct json_members { /* in the order in which they stand */
    struct json_member at[JSON_MEMBERS_MAX];
    size_t count;
};

struct json_name { /* of a member, or an item on the way to one */
    uint16_t text; /* where it begins */
    uint8_t size, depth;
    uint16_t around, next;
    uint32_t object; /* the one it was in last */
    struct json_answer answer;
    bool item;
};
struct json_names { /* {0} at its start; for one struct json_asked */
    uint16_t count, bytes;
    uint32_t objects;
    uint16_t slots[JSON_NAMES_SLOTS]; /* 0: none */
    struct json_name at[JSON_NAMES_MAX];
    char text[JSON_NAMES_BYTES];
};
void json_names_start(struct json_names *n);

/* `room` is for strings with escapes, and for reals.  False: json_read is to be asked, be it for a text that it
 * refuses. */
bool json_members_scan(struct text t, const struct json_asked *asked, struct json_names *names, char *room, size_t size,
                       struct json_members *out);
/* The same of a value; false: more than JSON_MEMBERS_MAX are there, or the room is too small. */
bool json_members_of(json_t *object, const struct json_asked *asked, char *room, size_t size, struct json_members *out);

#endif

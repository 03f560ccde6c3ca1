/* Members of an extension by a table: one line a member says what it is called, what it holds, where in a struct it
 * stands and what is asked of it.  Writing and reading go by the same table, so what is written is read.
 *
 * Absent is what says nothing: the empty text, MEMBER_NO_NUMBER, INSTANT_NONE, false, TLP_NONE, a list without items.
 * Reading is strict about every member of the table and passes over others, so that a later version may add some.
 * Ownership: what is read lives in the arena.  Limits: `max` a member, in bytes or items; numbers up to 2^53. */
#ifndef PARLEY_STIX_MEMBERS_H
#define PARLEY_STIX_MEMBERS_H

#include "base/arena.h"
#include "base/instant.h"
#include "vocab/tlp.h"
#include "vocab/words.h"
#include "json/json.h"

#define MEMBER_NO_NUMBER UINT64_MAX
enum { MEMBER_LINE_MAX = 4096 };

enum member_type {
    MEMBER_TEXT,   /* struct text: UTF-8 with LF line ends */
    MEMBER_LINE,   /* struct text: without control characters; at most MEMBER_LINE_MAX bytes where max is 0 */
    MEMBER_SHA256, /* struct text: 64 lower-case hexadecimal digits */
    MEMBER_WORD,   /* struct text: a word of `words`; reading takes any word, as later versions have more */
    MEMBER_NUMBER, /* uint64_t */
    MEMBER_TRUTH,  /* bool */
    MEMBER_TIME,   /* instant, of whole seconds or with a fraction, as instant_write prints it */
    MEMBER_TLP,    /* enum tlp */
    MEMBER_LINES,  /* struct member_list of struct text: lines */
    MEMBER_LIST,   /* struct member_list of structs by `items` */
};

struct member_list {
    void *at;
    size_t count;
};

struct member {
    const char *name;
    enum member_type type;
    bool needed;
    size_t offset; /* in the struct */
    size_t max;    /* bytes of a text, items of a list; 0: the type's own */
    const struct word_list *words;
    const struct member_table *items;
};

struct member_table {
    const struct member *at;
    size_t count;
    size_t size; /* of the struct */
};
#define MEMBER_TABLE(members, type) ((struct member_table){(members), COUNT(members), sizeof(type)})

/* Puts the members that say something into `object`.  ERR_INPUT where one does not have its shape or is missing, as
 * people may have typed it. */
enum error members_write(const struct member_table *table, const void *from, json_t *object, struct diag *d) MUST_USE;
/* Fills the struct at `into`, whose members outside of the table stay as they are.  ERR_INPUT with the member's name.
 */
enum error members_read(const struct member_table *table, const json_t *object, struct arena *a, void *into,
                        struct diag *d) MUST_USE;

#endif

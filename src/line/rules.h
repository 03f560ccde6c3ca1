/* Rules: which messages of which programs are events, in files that people write.
 *
 *     # comment
 *     program  NAME…            what follows is about messages of these programs; `*` stands for any part of a name
 *     format   NAME…            what follows is about lines of a web server's log: combined, common or error
 *     protocol NAME             of all events that follow in this section, unless a pattern says it
 *     port     NUMBER           the destination's, in the same way
 *     log                       the program has a log of its own, of times and messages (own.h): for format `log`
 *     event    TYPE "PATTERN"   such a message is an event of this RSIT type
 *     record   "PATTERN"        says who and when, and is no event by itself: --event may assert one
 *     ignore   "PATTERN"        is none
 *
 * The first rule that fits counts; sections in the order of the files, those of the user before those of parley.  For
 * patterns see pattern.h; in a program's section an event has <ADDR>, in a format's the source is known.
 *
 * Limits: the enums below.  Errors: ERR_INPUT and ERR_LIMIT, with file and line.  Ownership: all lives in the arena. */
#ifndef PARLEY_LINE_RULES_H
#define PARLEY_LINE_RULES_H

#include "line/observation.h"
#include "line/pattern.h"
#include "line/reason.h"

enum { RULES_BYTES_MAX = 1 << 20, RULES_MAX = 4096, SECTIONS_MAX = 64, SECTION_NAMES_MAX = 32 };
enum { OWN_RULES_MAX = 1024, OWN_SECTIONS_MAX = 40 }; /* room that is kept for parley's */

enum rule_kind { RULE_EVENT, RULE_RECORD, RULE_IGNORE };
struct rule {
    enum rule_kind kind;
    struct text event; /* of RULE_EVENT */
    struct pattern pattern;
};

struct section {
    const char *service; /* the format whose own rules these are; NULL: a user's */
    bool is_format;      /* `names` are formats, not programs */
    struct text names[SECTION_NAMES_MAX];
    size_t name_count;
    struct text protocol;
    uint16_t port; /* 0: none */
    bool own_log;
    const struct rule *rules;
    size_t count;
    const uint32_t *by_byte;  /* for each first byte: where in `in_order` those begin that may fit; 257 of them */
    const uint16_t *in_order; /* of `rules` */
};
struct rules {
    struct section sections[SECTIONS_MAX];
    size_t count, rule_count;
    uint64_t of_users, of_formats; /* sets of bits: the sections that users wrote, and those about formats */
};

/* Adds the rules of one file, behind those that are there.  `service`: see struct section. */
enum error rules_read(struct rules *r, struct text file, const char *service, struct arena *a, struct diag *d) MUST_USE;
/* Adds parley's own, behind the users'. */
void rules_add_own(struct rules *r, struct arena *a);
/* Parley's own files: the format's name, and the text. */
struct rules_file {
    const char *service, *names, *text; /* names: of programs, as in sections, with a space behind each */
};
extern const struct rules_file rules_own[];
extern const size_t rules_own_count;
/* Whether a program is one of those that parley's own rules for a service name; false for `*` alone. */
bool rules_own_name(const char *service, struct text program);

/* Whether the name of a section, which may have a `*` that stands for any part, once, means a program. */
bool rules_name_fits(struct text pattern, struct text program);
/* The sections that are about a program, in a set of bits: the user's, and those of a service (NULL: of all). */
uint64_t rules_for_program(const struct rules *r, const char *service, struct text program);
/* Those of users that say that the program has a log of its own. */
uint64_t rules_for_logs(const struct rules *r);
uint64_t rules_for_format(const struct rules *r, const char *format);
/* Whether one of these sections names the program, not just any. */
bool rules_are_about(const struct rules *r, uint64_t sections, struct text program);

/* What the first rule that fits says of a message.  REASON_FACT: *out has an event.  REASON_RULE: none fits.  `scratch`
 * has room for PROTOCOL_MAX bytes, which *out may point to. */
enum reason rules_apply(const struct rules *r, uint64_t sections, struct text message, char *scratch,
                        struct observation *out);
/* The user that the first rule that fits names. */
bool rules_user(const struct rules *r, uint64_t sections, struct text message, struct text *out);

#endif

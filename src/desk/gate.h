/* The gate: asked by every door by which something leaves the house that others, or one's own people, have said.
 *
 * TLP 2.0 says who may get to see what: RED the named recipients alone, AMBER+STRICT their organisation, AMBER also its
 * clients, GREEN the community, CLEAR everybody.  Who asks says how wide its door is; the table says whether a level
 * passes, passes once a person has agreed, or does not pass.  Source: first.org/tlp, version 2.0. */
#ifndef PARLEY_DESK_GATE_H
#define PARLEY_DESK_GATE_H

#include "desk/talk.h"

enum gate_audience {                  /* whom a door lets see it, the fewest first */
                     GATE_DEPARTMENT, /* sealed to one department of the other side and to one's own: named recipients
                                       */
                     GATE_PARTY,      /* sealed to all departments of the other side */
                     GATE_HOUSE,      /* other programs of one's own house, as a calendar */
                     GATE_BEARER,     /* a file that opens to whoever holds it, as a dossier or an export */
                     GATE_PUBLIC,     /* published */
                     GATE_AUDIENCE_COUNT,
};

struct gate {
    enum tlp level; /* the most restricted of what leaves; TLP_NONE counts as CLEAR */
    enum gate_audience to;
    bool agreed; /* a person has said yes to this level at this door */
};

enum gate_answer { GATE_PASSES, GATE_ASKS, GATE_REFUSES };
enum gate_answer gate_answer(enum tlp level, enum gate_audience to);
/* OK; ERR_USAGE where a person has yet to agree; ERR_NO where nobody can. */
enum error gate_pass(const struct gate *g, struct diag *d) MUST_USE;
/* "AMBER"; where none is stated, "CLEAR". */
const char *gate_level_name(enum tlp level);
/* The level of a message that was said: its own, and where it states none, the most restricted of its case. */
enum tlp gate_level(const struct talk *t, const struct said *said);

#endif

/* A report: one case as it leaves for a neighbour's tool, or as it comes from one.
 *
 * It is what all formats of this room have in common: who reports what to whom, the facts, what was found of each, and,
 * where a format carries a conversation, what was said.  A writer takes from it what its format can hold, a reader puts
 * into it what parley can; both tell the rest (losses.h).
 * Ownership: all is views that live as long as the arena of who made it. */
#ifndef PARLEY_INTEROP_REPORT_H
#define PARLEY_INTEROP_REPORT_H

#include "fact/sheet.h"
#include "finding/answer.h"
#include "interop/losses.h"
#include "vocab/tlp.h"

struct report_said {          /* a message of the case */
    struct text id, kind;     /* its id (64 hex digits), and "claim", "answer", … */
    struct text author;       /* cert.north.example/incident */
    struct text title, text;  /* may be empty */
    struct text lang;         /* RFC 5646; empty: none */
    enum tlp tlp;             /* TLP_NONE: not stated */
    instant time;             /* of its entry */
    struct bytes body;        /* the STIX bundle as it was signed */
    struct text request, why; /* of an answer or a decline: the words of its done and its reason; empty: none */
};

struct report {
    struct text id;                  /* the name of the case; of a foreign report, its id there; empty: none */
    struct text title, text;         /* may be empty */
    struct text lang;                /* RFC 5646; empty: none */
    enum tlp tlp;                    /* TLP_NONE: not stated */
    struct text from, to;            /* PARTY/DEPARTMENT, or a name or mail address; empty: unknown */
    struct text from_mail;           /* where an answer goes, by the card; empty: unknown */
    instant created, changed;        /* INSTANT_NONE: unknown */
    struct text severity;            /* a word of words_severity; empty: not said */
    struct text action;              /* of an inquiry: a word of words_action (RFC 7970, 3.15); empty: none */
    struct text own_number;          /* in the files of who reports; empty: none */
    struct names states;             /* affected, ISO 3166-1 alpha-2 */
    struct names sectors;            /* words of words_sector */
    struct sheet facts;              /* in the order of a sheet */
    const struct finding *findings;  /* one a fact, `word` FINDING_COUNT: none; NULL: nothing was answered */
    struct text findings_author;     /* of whose answer; empty where there is none */
    const struct coverage *coverage; /* what the answer rests on */
    size_t coverage_count;
    const struct report_said *said; /* by time; none in a foreign report */
    size_t said_count;
};

#define REPORT_EMPTY ((struct report){.tlp = TLP_NONE, .created = INSTANT_NONE, .changed = INSTANT_NONE})

/* Tells all that a report has around its facts as lost: for formats that hold facts alone. */
void report_lose_around(const struct report *r, struct losses *l, const char *why);

struct reports { /* what one file holds */
    struct report *at;
    size_t count;
};

/* ---- collecting facts in whatever order they come */

enum { COLLECT_FACTS_MAX = 1 << 22 }; /* in memory at once */

struct collect {
    struct arena *arena;
    struct losses *losses;
    /* The source's names of times, for fractions of seconds that are lost; NULL: who hands in a fact tells them. */
    const char *first, *last;
    struct fact *at;
    size_t count, room;
    bool over; /* there were more */
};
static inline struct collect collect_in(struct arena *a, struct losses *l) {
    return (struct collect){.arena = a, .losses = l, .first = "first_seen", .last = "last_seen"};
}
/* An empty fact to fill in: nothing is known of it, one event. */
struct fact fact_unknown(void);
/* Takes a fact whose texts live as long as the arena.  What can't stand in a sheet is dropped and told as a loss of
 * `field`, a fraction of a second as one of its time; one that has neither times nor anything else but a name may
 * stand. */
void collect_fact(struct collect *c, const struct fact *f, const char *field);
/* The sheet: ordered, what is equal before `count` joined to one fact with the sum.  ERR_LIMIT for more than
 * COLLECT_FACTS_MAX. */
enum error collect_end(struct collect *c, struct sheet *out, struct diag *d) MUST_USE;

/* "url:https://…" of a kind and a value, in the arena; empty where object_holds refuses it. */
struct text object_of(struct arena *a, const char *kind, struct text value);
/* The value where the object is of that kind: false otherwise. */
bool object_is(struct text object, const char *kind, struct text *value);

#endif

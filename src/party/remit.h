/* Remits: what a department takes care of, and which department a fact belongs to.
 *
 *     class:intrusion-attempts, class:intrusion-attempts:brute-force      (RSIT: a class, or one type of it)
 *     sector:energy
 *     network:192.0.2.0/24, network:2001:db8::/32, network:192.0.2.7
 *     domain:example.org                                                  (and all names below it)
 *
 * The most specific remit decides: a network before a domain, a domain before a sector, a sector before a class; among
 * networks what holds the source before what holds the destination, then the longer prefix; among domains the longer
 * name; a type before its class.  Views into the card. */
#ifndef PARLEY_PARTY_REMIT_H
#define PARLEY_PARTY_REMIT_H

#include "base/ip.h"
#include "party/card.h"
#include "vocab/rsit.h"

enum remit_kind { REMIT_NETWORK, REMIT_DOMAIN, REMIT_SECTOR, REMIT_CLASS }; /* the more specific first */

struct remit {
    enum remit_kind kind;
    struct text department;
    struct text whole, value; /* as written; what stands after the colon */
    struct ip network;
    unsigned bits;                /* of the prefix, from 0 to 128 in the form of struct ip */
    const struct rsit_type *type; /* NULL: the whole class */
};

struct remit_list {
    const struct remit *at;
    size_t count;
};

/* False where nothing can be matched by it: what a later version may write. */
bool remit_read(struct text t, struct remit *out);
/* All remits of a card that can be matched, in its order; in the arena. */
struct remit_list remits_of(const struct card *c, struct arena *a);

struct concern { /* what is to be dealt with; empty and false: not known */
    bool has_src, has_dst;
    struct ip src, dst;
    struct text object; /* url:…, domain:…, mail:…, as in a fact sheet */
    struct text event;  /* a type of the RSIT */
    struct names sectors;
};

enum remit_by { BY_SOURCE, BY_DESTINATION, BY_OBJECT, BY_SECTOR, BY_EVENT };

struct remit_match {
    const struct remit *remit; /* the first of those that are equally specific */
    enum remit_by by;
    const struct remit *also; /* that another department states just as specifically; NULL: none */
};

/* False where no remit fits. */
bool remit_find(struct remit_list remits, const struct concern *what, struct remit_match *out);
/* "source", "destination", "object", "sector", "event"; untranslated. */
const char *remit_by_word(enum remit_by by);

#endif

/* Sanity: addresses of a claim or of findings that a person should look at once more before they are sent.
 *
 * Of a claim: sources that are special-purpose addresses, public resolvers, in a content delivery network, of a
 * scanner of the whole internet, in a list of known ones or in one's own networks; and targets that are special-purpose
 * addresses, which the other side can't look for.  Of findings: sources as before of facts that they support, but for
 * one's own, and upstreams as these; and sources in one's own networks of facts that are said to be not ours. Addresses
 * for documentation are told, and harm nobody: all others must be waived in words.
 *
 * The resolvers, networks and scanners are a few whose operators document their addresses; files say more.  Ownership:
 * doubts live in the arena. */
#ifndef PARLEY_FINDING_SANITY_H
#define PARLEY_FINDING_SANITY_H

#include "fact/sheet.h"
#include "finding/finding.h"
#include "territory/address_list.h"
#include "json/json.h"

enum { DOUBTS_TOLD = 20 }; /* of more, the rest is counted */

/* code, name, what is said */
#define DOUBT_LIST(X)                                                                                                  \
    X(SPECIAL, "special-purpose", N_("a special-purpose address"))                                                     \
    X(RESOLVER, "resolver", N_("a public resolver"))                                                                   \
    X(CDN, "cdn", N_("in a content delivery network"))                                                                 \
    X(SCANNER, "scanner", N_("of a scanner of the whole internet"))                                                    \
    X(KNOWN, "known", N_("in a list of known ones"))                                                                   \
    X(OWN, "own", N_("in one's own networks"))                                                                         \
    X(EXAMPLE, "documentation", N_("an address for documentation"))

enum doubt_why {
#define X(code, name, sentence) DOUBT_##code,
    DOUBT_LIST(X)
#undef X
        DOUBT_COUNT
};
enum doubt_end { DOUBT_SOURCE, DOUBT_TARGET, DOUBT_UPSTREAM };

struct doubt { /* one address at one end of facts */
    enum doubt_end end;
    enum doubt_why why;
    struct ip ip;
    struct text words; /* of the list, or the name of the block */
    uint64_t facts;
    size_t row; /* the first of them */
};

struct doubts {
    const struct doubt *at; /* by first row */
    size_t count;
    bool to_waive; /* some are more than examples */
};

struct sanity_lists {
    const struct address_list *known, *own; /* NULL: none */
};

struct doubts sanity_claim(struct sheet sheet, const struct sanity_lists *l, struct arena *a);
/* `f`: of that sheet. */
struct doubts sanity_findings(struct sheet sheet, struct findings f, const struct sanity_lists *l, struct arena *a);

/* For people, a line each. */
void doubts_put(struct doubts d, struct buf *out);
/* For the message: the words of who waives, and what they concern. */
void doubts_put_waived(struct doubts d, struct text why, struct buf *out);
json_t *doubts_json(struct doubts d);

#endif

/* Special-purpose addresses: what IANA keeps out of the territories of this world.
 *
 * Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what updates it), and multicast (RFC
 * 5771, RFC 4291). */
#ifndef PARLEY_TERRITORY_SPECIAL_H
#define PARLEY_TERRITORY_SPECIAL_H

#include "base/error.h"
#include "base/ip.h"

struct special {
    const char *address; /* "192.0.2.0" */
    unsigned bits;       /* of the prefix; IPv4: of 32 */
    const char *name;    /* untranslated */
};

extern const struct special special_blocks[];
extern const size_t special_block_count;

/* The most specific block that holds the address; NULL where it is an ordinary one. */
const struct special *special_find(struct ip a);
/* First and last address of a block. */
void special_range(const struct special *s, struct ip *first, struct ip *last);

#endif

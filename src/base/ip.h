/* IP addresses: one type for both families, read strictly, written as RFC 5952 says.
 *
 * An IPv4 address is held as its IPv4-mapped IPv6 address (::ffff:a.b.c.d), so that order and equality are one rule,
 * and a mapped address in a log means the IPv4 address. */
#ifndef PARLEY_BASE_IP_H
#define PARLEY_BASE_IP_H

#include "base/text.h"

struct ip {
    uint8_t at[16];
};

enum { IP_TEXT_MAX = 46 }; /* with the NUL */

bool ip_is_v4(struct ip a);
uint32_t ip_v4(struct ip a); /* of an IPv4 address, host order */
struct ip ip_from_v4(uint32_t v4);
int ip_compare(struct ip a, struct ip b);
/* Whole text.  IPv4: four decimals 0 to 255, no leading zero (RFC 6943, 3.1.1).  IPv6: RFC 4291, 2.2; no zone, no
 * brackets. */
bool ip_read(struct text t, struct ip *out);
/* The same, without what only some processors have. */
bool ip_read_plain(struct text t, struct ip *out);
struct text ip_write(struct ip a, char out[static IP_TEXT_MAX]);

#endif

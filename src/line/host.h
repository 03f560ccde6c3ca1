/* A field that should hold an address: why it does not, where it does not. */
#ifndef PARLEY_LINE_HOST_H
#define PARLEY_LINE_HOST_H

#include "line/observation.h"
#include "line/reason.h"

/* An address, perhaps in brackets, perhaps with a zone of RFC 4007 (`fe80::1%eth0`), which is left out.  Else
 * REASON_NAME for what can be a host name, or REASON_ADDRESS. */
enum reason host_read(struct text t, struct ip *out);
/* 0 to 65535. */
bool port_read(struct text t, uint16_t *out);
/* Copies `t` in lower case to `out`, which has room for PROTOCOL_MAX bytes; false where that is no protocol. */
bool protocol_read(struct text t, char *out, struct text *protocol);
/* IP protocols that facts have by name (IANA's protocol numbers): the name of a number, and back; the empty text and -1
 * for those that are not listed. */
struct text protocol_by_number(struct text number);
int protocol_number(struct text name);

#endif

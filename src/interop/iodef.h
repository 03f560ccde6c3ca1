/* Within interop/: what reading and writing IODEF 2.0 (RFC 7970) have in common: names, and tables of words. */
#ifndef PARLEY_INTEROP_IODEF_H
#define PARLEY_INTEROP_IODEF_H

#include "interop/case_format.h"

#define IODEF_NAMESPACE "urn:ietf:params:xml:ns:iodef-2.0"
#define RID_NAMESPACE "urn:ietf:params:xml:ns:iodef-rid-2.0"
#define DSIG_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"
#define DSIG_SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"

/* AdditionalData of parley's: what IODEF has no place for, and a reader of parley's takes back. */
#define IODEF_OURS "parley"
#define IODEF_OBJECT "object"
#define IODEF_PROTOCOL "protocol"
#define IODEF_SRC_PORT "src_port"
#define IODEF_DST_PORT "dst_port"
#define IODEF_COUNT "count"
#define IODEF_EVIDENCE "evidence"
#define IODEF_FINDING "finding"

/* The number of an IP protocol (IANA) by its name in a fact, and back; -1 and the empty text for those not listed. */
int iodef_protocol_number(struct text protocol);
struct text iodef_protocol_name(struct text number);
/* The `restriction` of a level: `ext-value` for AMBER+STRICT, whose words are in `*ext`, else NULL. */
const char *iodef_restriction(enum tlp level, const char **ext);
/* The level of a restriction; TLP_NONE for none, `default` and what is not known. */
enum tlp iodef_level(struct text restriction, struct text ext);
/* RFC 6545: Approved, Denied or Pending, by what was said last to what was asked; NULL: nothing was asked. */
const char *iodef_request_status(const struct report *r, const char **justification);

#endif

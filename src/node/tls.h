/* The node's TLS identity: a P-256 key and a self-signed certificate.  Nobody checks names or chains: the hash of the
 * certificate's SubjectPublicKeyInfo stands in the card, and that is compared.
 * Shapes: both in PEM (RFC 7468).  The key's buffer is wiped by its owner. */
#ifndef PARLEY_NODE_TLS_H
#define PARLEY_NODE_TLS_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/instant.h"

enum { TLS_PEM_MAX = 16384 };

/* Appends a new key, and a certificate for `name` that counts from a day before `now` for a hundred years. */
enum error tls_make(struct text name, instant now, struct buf *key, struct buf *certificate, struct diag *d) MUST_USE;
/* The same for a server that clients know by the address of its machine: `host` is one as 192.0.2.1 or 2001:db8::1. */
enum error tls_make_for(const char *host, struct text name, instant now, struct buf *key, struct buf *certificate,
                        struct diag *d) MUST_USE;
/* The hash of the SubjectPublicKeyInfo of a certificate. */
enum error tls_spki(struct bytes certificate, struct sha256 *out, struct diag *d) MUST_USE;

#endif

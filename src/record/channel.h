/* Names of channels, and the origins under which witnesses see them.
 *
 * A channel name is `<from>/to/<to>/<n>`, for drills `<from>/to/<to>/drill/<n>`.  The origin in checkpoints is
 * `parley/` and the hex SHA-256 of (channel name, LF, the 32-byte secret in its owner's invitation).  Source: the
 * design, section 5. */
#ifndef PARLEY_RECORD_CHANNEL_H
#define PARLEY_RECORD_CHANNEL_H

#include "base/arena.h"
#include "base/hash.h"

enum { CHANNEL_SECRET_SIZE = 32, ORIGIN_SIZE = 7 + 64 };

struct channel_name {
    struct text from, to;
    uint64_t number; /* from 1 */
    bool drill;
};

/* A party's name: a host name in lower case, letters, digits, `-` and dots, at most 253 characters, no path. */
bool party_name_valid(struct text name);
enum error channel_name_read(struct text t, struct channel_name *out, struct diag *d) MUST_USE;
struct text channel_name_write(const struct channel_name *c, struct arena *a);
/* "parley/" and 64 hexadecimal digits. */
struct text channel_origin(struct text channel, const uint8_t secret[static CHANNEL_SECRET_SIZE], struct arena *a);
/* The hex SHA-256 of an origin: the first part of every path under which it is served (tlog-mirror: origin hash). */
struct text origin_hash(struct text origin, struct arena *a);

#endif

/* Policies: which logs, and whose cosignatures make a checkpoint good enough.
 *
 *     log <vkey> [<url>]
 *     witness <name> <vkey> [<url>]
 *     group <name> all|any|<k> <name>…
 *     quorum <name>|none
 *
 * Source: c2sp.org/tlog-policy.  Log keys are of type 0x01, witness keys of type 0x04 or 0x06; a policy with other keys
 * is refused as a whole, as leaving a witness out would change what it says.  k is a decimal without leading zeros.
 * Limits: POLICY_MAX_BYTES, POLICY_LOGS_MAX, POLICY_VOTERS_MAX.  Names, keys and urls are views into the file. */
#ifndef PARLEY_TLOG_POLICY_H
#define PARLEY_TLOG_POLICY_H

#include "tlog/cosignature.h"

enum { POLICY_MAX_BYTES = 1 << 19, POLICY_LOGS_MAX = 64, POLICY_VOTERS_MAX = 128 /* witnesses and groups */ };
#define POLICY_NONE SIZE_MAX

struct policy_log {
    struct vkey key; /* its name is the log's origin */
    struct text url; /* empty: none */
};

/* A witness, or a group of them. */
struct policy_voter {
    struct text name;
    struct vkey key; /* of a witness */
    struct text url;
    size_t need;  /* of a group: how many of its members; 0: a witness */
    size_t group; /* whose member it is; POLICY_NONE */
};

struct policy {
    const struct policy_log *logs;
    size_t log_count;
    const struct policy_voter *voters; /* as the file defines them: members before their group */
    size_t voter_count;
    size_t quorum; /* a voter, or POLICY_NONE: no cosignature is asked for */
};

enum error policy_read(struct text t, struct arena *a, struct policy *out, struct diag *d) MUST_USE;
/* One spelling of what was read, without comments; k always as a number. */
void policy_write(const struct policy *p, struct buf *out);

/* Whether the quorum is met by these cosignatures: one truth for each voter, those of groups are not looked at. */
bool policy_met(const struct policy *p, const bool *cosigned);

/* A checkpoint that a log of the policy has signed and the quorum has cosigned.  Only policy_open makes one. */
struct witnessed {
    struct signed_checkpoint checkpoint;
    const instant *stamps; /* for each voter the earliest time it cosigned; INSTANT_NONE */
};
/* ERR_SIGNATURE where no log of the policy signed, or a signature of a known key does not verify; ERR_NO where the
 * quorum is not met. */
enum error policy_open(const struct policy *p, struct bytes note, struct arena *a, struct witnessed *out,
                       struct diag *d) MUST_USE;

#endif

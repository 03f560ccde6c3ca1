/* The log and the witness that the seeds of the tlog targets are signed by; made once. */
#ifndef PARLEY_FUZZ_TLOG_KEYS_H
#define PARLEY_FUZZ_TLOG_KEYS_H

#include "tlog/policy.h"

#define FUZZ_ORIGIN TEXT("log.example/a")

struct fuzz_keys {
    struct signer *log, *witness;
    struct policy_log logs[1];
    struct policy_voter voters[1];
    struct policy policy; /* the log, and the cosignature of the witness */
};

static inline const struct fuzz_keys *fuzz_keys(void) {
    static struct fuzz_keys keys;
    if (keys.log) return &keys;
    struct random r = random_seeded(TEXT("fuzz"));
    keys.log = signer_new(FUZZ_ORIGIN, KEY_ED25519, &r);
    keys.witness = signer_new(TEXT("witness.example/w"), KEY_COSIGNATURE, &r);
    keys.logs[0] = (struct policy_log){.key = *signer_vkey(keys.log)};
    keys.voters[0] = (struct policy_voter){.name = TEXT("w"), .key = *signer_vkey(keys.witness), .group = POLICY_NONE};
    keys.policy = (struct policy){keys.logs, 1, keys.voters, 1, 0};
    return &keys;
}

#endif

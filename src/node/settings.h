/* What an administrator may set of a node, in words of the config of its home: times and limits, all as numbers.
 * One list gives each its word, its default, what it may be, and what it means; `node_settings_rows` is the same at run
 * time, for who reads, writes and explains the config. */
#ifndef PARLEY_NODE_SETTINGS_H
#define PARLEY_NODE_SETTINGS_H

#include "base/error.h"
#include "base/text.h"

#define MIB ((uint64_t)1 << 20)

/*       member word default min max meaning */
#define NODE_SETTINGS(X)                                                                                               \
    X(interval_s, "interval", 180, 1, 86400, N_("seconds between exchanges with all counterparties"))                  \
    X(exchanges, "exchanges", 4, 1, 32, N_("counterparties with whom it exchanges at one time"))                       \
    X(connections, "connections", 512, 8, 2048, N_("connections that are open at one time, from all"))                 \
    X(peer_connections, "peer-connections", 8, 1, 64, N_("connections of one counterparty at one time"))               \
    X(handshakes, "handshakes", 64, 4, 512, N_("connections that have not yet proved whose they are"))                 \
    X(handshake_s, "handshake-seconds", 20, 1, 600, N_("seconds that a handshake may take"))                           \
    X(idle_s, "idle-seconds", 60, 1, 3600, N_("seconds that a connection may wait for its next request"))              \
    X(grace_s, "grace-seconds", 30, 1, 3600, N_("seconds of a request before the slowest rate counts"))                \
    X(rate, "slowest-bytes", 16384, 1, 1 << 30, N_("bytes a second below which a connection is shut"))                 \
    X(requests_minute, "requests-per-minute", 6000, 0, 1000000, N_("requests of one counterparty a minute; 0: any"))   \
    X(bytes_minute, "bytes-per-minute", 512 * MIB, 0, (uint64_t)1 << 40,                                               \
      N_("bytes from and to one counterparty a minute; 0: any"))                                                       \
    X(peer_bytes, "peer-memory", 64 * MIB, 20 * MIB, (uint64_t)1 << 34,                                                \
      N_("bytes of requests and answers under way of one counterparty"))                                               \
    X(quota_blob, "quota-file-bytes", (uint64_t)1 << 40, MIB, (uint64_t)1 << 50,                                       \
      N_("bytes of one file from a counterparty, whatever its terms say"))                                             \
    X(quota_total, "quota-bytes", (uint64_t)1 << 50, MIB, (uint64_t)1 << 60,                                           \
      N_("bytes of all files of one channel from a counterparty, whatever its terms say"))                             \
    X(receipt_age_s, "receipt-age", 0, 0, 31536000,                                                                    \
      N_("seconds without a receipt for what was said after which /health tells of it; 0: never"))

struct node_settings {
#define X(member, word, standard, min, max, meaning) uint64_t member;
    NODE_SETTINGS(X)
#undef X
};

struct node_setting_row {
    const char *word, *meaning; /* untranslated */
    size_t at;                  /* of the member */
    uint64_t standard, min, max;
};
enum {
#define X(member, word, standard, min, max, meaning) NODE_SETTING_##member,
    NODE_SETTINGS(X)
#undef X
        NODE_SETTING_COUNT
};
extern const struct node_setting_row node_settings_rows[NODE_SETTING_COUNT];

struct node_settings node_settings_default(void);
uint64_t *node_setting(struct node_settings *s, size_t row);
/* ERR_INPUT where the value is no number or not within what the row allows. */
enum error node_setting_read(struct node_settings *s, size_t row, struct text value, struct diag *d) MUST_USE;

#endif

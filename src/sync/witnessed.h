/* The witnesses of a channel, seen by a party: it has them cosign its record, and looks at what they were shown of
 * both.
 *
 * The terms name them, as lines "<vkey>" or "<vkey> <url>", the url being the witness's submission and monitoring
 * prefix; and a quorum.  They are sealed, so the desk hands them to the node.  A witness is not trusted with more than
 * its word: what it serves counts where a log key has signed it, a cosignature where its key has. Source:
 * c2sp.org/tlog-witness, tlog-cosignature; the design, sections 4 and 5. */
#ifndef PARLEY_SYNC_WITNESSED_H
#define PARLEY_SYNC_WITNESSED_H

#include "sync/node.h"
#include "sync/request.h"

enum { CHANNEL_WITNESSES_MAX = 64, WITNESS_LINES_MAX = 1 << 18 };

struct channel_witness {
    struct vkey key; /* that cosigns */
    struct text url; /* empty: none is told, and nobody asks it */
};
struct channel_witnesses {
    const struct channel_witness *at;
    size_t count;
    uint64_t quorum; /* how many must have cosigned; where the terms say nothing, all */
};
/* "<vkey>" or "<vkey> <url>", an http or https URL without a query.  Views into the line. */
enum error witness_line_read(struct text line, struct channel_witness *out, struct diag *d) MUST_USE;

/* Keeps the witnesses of a channel: a line each.  `quorum` UINT64_MAX: the terms say nothing. */
enum error witnesses_set(struct store *s, int64_t channel, struct names lines, uint64_t quorum,
                         struct diag *d) MUST_USE;
enum error witnesses_of(struct store *s, int64_t channel, struct arena *a, struct channel_witnesses *out,
                        struct diag *d) MUST_USE;

/* Has a witness cosign the newest checkpoint that is signed here, unless it did, and keeps the cosignature.
 * ERR_NETWORK where it does not, with what it said. */
enum error witnessed_submit(const struct sync_node *n, const struct channel *c, const struct channel_witness *w,
                            struct remote *r, instant now, struct diag *d) MUST_USE;
/* Looks at what a witness was shown of a record: keeps the cosignature where it is a front of what is held here, and
 * freezes the channel where it can't be (ERR_FROZEN), with the proof where both are signed by one key. */
enum error witnessed_look(const struct sync_node *n, const struct channel *c, enum side side,
                          const struct channel_witness *w, struct remote *r, instant now, struct diag *d) MUST_USE;

struct witnessed_standing {
    uint64_t size;    /* the largest that the quorum has cosigned; 0: none */
    instant at;       /* when the quorum was met there: the stamp of the last one needed */
    size_t cosigners; /* of the newest checkpoint that any has cosigned */
    uint64_t newest;  /* its size */
};
enum error witnessed_standing(struct store *s, int64_t record, const struct channel_witnesses *w,
                              struct witnessed_standing *out, struct diag *d) MUST_USE;

#endif

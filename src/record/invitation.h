/* Invitations: what one party hands to the other outside parley, so that a channel can open.
 *
 *     parley invitation v1
 *     party cert.north.example
 *     secret <32 bytes, hex>                 (of the inviter's own record: see channel.h)
 *     channel <name>                         (a one-sided start, a successor or a drill: which record that is)
 *     follows <channel> <size> <root base64> (a successor only, twice: as its entry 0 will say)
 *     card <base64 of the signed card>
 *     proposal <base64 of the signed proposal>   (one-sided start only)
 *
 * Not signed as a whole: the card is, by the root that people compare, and a changed secret opens no channel.
 * Source: the design, section 5. */
#ifndef PARLEY_RECORD_INVITATION_H
#define PARLEY_RECORD_INVITATION_H

#include "party/card.h"
#include "record/channel.h"
#include "record/entry.h"

struct invitation {
    struct text party;
    uint8_t secret[CHANNEL_SECRET_SIZE];
    struct text channel;      /* empty: none yet */
    struct channel_name name; /* of it */
    struct entry_follows follows[2];
    size_t follows_count; /* 0, or 2 where the number of the channel is not 1 */
    struct bytes card_note;
    struct card card;      /* verified by the root that it names */
    struct bytes proposal; /* a signed message note; size 0: none */
};

enum error invitation_read(struct bytes b, struct arena *a, struct invitation *out, struct diag *d) MUST_USE;
void invitation_write(const struct invitation *i, struct buf *out);

#endif

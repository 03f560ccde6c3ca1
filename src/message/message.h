/* Messages: a head and a body, signed as one note, sealed to the departments that they concern.
 *
 * The sealed plaintext is the note (or an attachment), then NUL bytes up to the Padmé length; any other trailing byte
 * is refused.  Only opening makes a `struct message`: its note is well-formed and its head is read; whose signature it
 * bears is asked of a card by message_signers.  Source: the design, section 5. */
#ifndef PARLEY_MESSAGE_MESSAGE_H
#define PARLEY_MESSAGE_MESSAGE_H

#include "base/random.h"
#include "message/head.h"
#include "note/key.h"
#include "note/note.h"
#include "party/card.h"
#include "seal/seal.h"

struct message {
    struct bytes whole;     /* the note, without padding */
    struct note note;       /* its text and signatures */
    struct sha256 identity; /* SHA-256 of the note's text: a message counts once */
    struct head head;
    struct text body; /* canonical JSON, not yet read */
};

/* Head and body to a signed note. */
enum error message_sign(const struct head *h, struct text body, const struct signer *const *signers, size_t count,
                        struct buf *out, struct diag *d) MUST_USE;
/* A signed, unsealed note (a first proposal, or what was opened) to a message; views into `whole` and `a`. */
enum error message_read(struct bytes whole, struct arena *a, struct message *out, struct diag *d) MUST_USE;

/* Pads and seals a note or an attachment to age recipients; `out` grows by the age file. */
enum error message_seal(struct bytes plain, struct names recipients, struct random *r, struct buf *out,
                        struct diag *d) MUST_USE;
/* Opens and unpads what message_seal made.  `known_size`: the plain size by an `attach` line, or UINT64_MAX for a note,
 * which holds no NUL.  ERR_NO_KEY where no identity fits. */
enum error message_unseal(struct bytes sealed, const struct opener *with, uint64_t known_size, struct buf *plain,
                          uint8_t file_key[static SEAL_FILE_KEY_SIZE], struct diag *d) MUST_USE;

/* The keys (vkeys, as the card spells them) of those officers of the card whose signatures the message bears. */
struct names message_signers(const struct message *m, const struct card *c, struct arena *a);

#endif

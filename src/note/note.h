/* Signed notes: a text and the signatures under it.
 *
 * Source: c2sp.org/signed-note.  Limits: NOTE_SIGNATURES_MAX signatures; the size is the caller's to bound.
 * Everything read is a view into the note's bytes or lives in the arena. */
#ifndef PARLEY_NOTE_NOTE_H
#define PARLEY_NOTE_NOTE_H

#include "note/key.h"

enum { NOTE_SIGNATURES_MAX = 64 };

struct note_signature {
    struct text name;
    uint32_t id;
    struct bytes raw; /* what follows the key id: 64 bytes of Ed25519; 8 of time and 64 (or 2,420) in a cosignature */
    struct text line; /* from its em dash, without LF */
};

struct note {
    struct text text; /* with its last LF, without the empty line */
    struct note_signature *signatures;
    size_t signature_count;
};

/* Strict and total: UTF-8 without control characters, an empty line, one or more signature lines. */
enum error note_read(struct bytes whole, struct arena *a, struct note *out, struct diag *d) MUST_USE;
/* One signature line by itself ("— <name> <base64>", without LF): as receipts carry it. */
enum error note_read_signature(struct text line, struct arena *a, struct note_signature *out, struct diag *d) MUST_USE;

/* Verifies the signatures of the known keys of type 0x01.  A signature whose name and id are those of a known key must
 * verify (ERR_SIGNATURE); unknown ones are passed over; at least one known key must have signed (ERR_SIGNATURE).
 * `verified`, one for each known key, may be NULL. */
enum error note_verify(const struct note *n, const struct vkey *known, size_t count, bool *verified,
                       struct diag *d) MUST_USE;
/* The signature by that name and id, or NULL. */
const struct note_signature *note_find(const struct note *n, struct text name, uint32_t id);

/* Text and signatures.  The text must be note text that ends with LF: ERR_INPUT. */
enum error note_sign(struct text text, const struct signer *const *signers, size_t count, struct buf *out,
                     struct diag *d) MUST_USE;
/* Appends another signature line over the text of a note. */
void note_add_signature(struct text text, const struct signer *s, struct buf *out);
/* "— <name> <base64 of id and raw>\n" */
void note_signature_line(struct text name, uint32_t id, struct bytes raw, struct buf *out);

#endif

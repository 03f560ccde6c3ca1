/* Stanzas of recipients: wrapping a file key and unwrapping it. */
#ifndef PARLEY_SEAL_RECIPIENT_H
#define PARLEY_SEAL_RECIPIENT_H

#include "seal/header.h"

/* Appends one X25519 stanza; ERR_INPUT for a recipient of low order. */
enum error wrap_x25519(const struct seal_recipient *to, const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                       struct buf *out, struct diag *d) MUST_USE;
enum error wrap_scrypt(struct text passphrase, unsigned log_n, const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                       struct random *r, struct buf *out, struct diag *d) MUST_USE;
/* The file key by the first stanza that fits: ERR_NO_KEY where none does, ERR_INPUT where a stanza is malformed. */
enum error unwrap(const struct header *h, const struct opener *with, uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                  struct diag *d) MUST_USE;

#endif

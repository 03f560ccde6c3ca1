/* Hexadecimal and Base 64 (RFC 4648, sections 8 and 4), strict: one spelling for one value. */
#ifndef PARLEY_BASE_CODEC_H
#define PARLEY_BASE_CODEC_H

#include "base/buf.h"

/* Lower-case hexadecimal; `out` takes 2 * size + 1 bytes (a NUL at the end). */
void hex_write(struct bytes b, char *out);
void buf_hex(struct buf *out, struct bytes b);
/* Exactly `count` bytes from 2 * count lower-case digits. */
bool hex_read(struct text t, uint8_t *out, size_t count);

enum base64_form { BASE64_PADDED, BASE64_RAW }; /* RAW: without `=`, as age headers use it */
/* Padded, without a NUL: `out` takes 4 characters for each 3 bytes begun.  Gives back their end. */
char *base64_write(struct bytes b, char *out);
void buf_base64(struct buf *out, struct bytes b, enum base64_form form);
/* Appends the decoded bytes.  Refuses line ends, spaces, missing or superfluous padding and non-zero trailing bits. */
bool base64_read(struct text t, struct buf *out, enum base64_form form);
/* Exactly `count` bytes. */
bool base64_read_exact(struct text t, uint8_t *out, size_t count, enum base64_form form);

#endif

/* The header of an age file: stanzas and a MAC, above the payload. */
#ifndef PARLEY_SEAL_HEADER_H
#define PARLEY_SEAL_HEADER_H

#include "base/arena.h"
#include "base/hash.h"
#include "seal/seal.h"

enum { STANZA_ARGUMENTS_MAX = 8, STANZA_BODY_MAX = 65536 };

struct stanza {
    struct text arguments[STANZA_ARGUMENTS_MAX]; /* the first is the type */
    size_t argument_count;                       /* as written, perhaps more than are kept */
    struct bytes body;
};

struct header {
    struct stanza *stanzas;
    size_t count;
    struct text maced; /* what the MAC covers: from the first byte to `---` */
    struct sha256 mac;
};

/* A whole header: `t` ends with the LF of its last line. */
enum error header_read(struct text t, struct arena *a, struct header *out, struct diag *d) MUST_USE;
/* The size of the header at the front of `t`, with its last LF; 0 where its end is not there. */
size_t header_size(struct text t);
bool header_mac_holds(const struct header *h, const uint8_t file_key[static SEAL_FILE_KEY_SIZE]);

/* Writing: the version line, then stanzas, then the MAC over all that is in `out` from `from` on. */
void header_begin(struct buf *out);
void header_stanza(struct buf *out, const struct text *arguments, size_t count, struct bytes body);
void header_end(struct buf *out, size_t from, const uint8_t file_key[static SEAL_FILE_KEY_SIZE]);

#endif

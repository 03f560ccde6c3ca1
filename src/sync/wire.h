/* The bodies and headers of the exchange.  Pure: bytes in, fields out.
 *
 * Source: c2sp.org/tlog-witness (add-checkpoint), c2sp.org/tlog-mirror (add-entries, mirror-info), RFC 9110, sections
 * 14.2 and 14.4 (ranges).  What is read are views into the body.  Errors: ERR_INPUT with what was expected; ERR_LIMIT
 * past PROOF_MAX hashes or WIRE_TICKET_MAX bytes. */
#ifndef PARLEY_SYNC_WIRE_H
#define PARLEY_SYNC_WIRE_H

#include "base/arena.h"
#include "base/buf.h"
#include "tlog/proof.h"

enum {
    WIRE_TICKET_MAX = 1024,
    WIRE_ORIGIN_MAX = 256,
    WIRE_PACKAGES_MAX = 32,      /* in one request, by advice of the specification */
    WIRE_UPLOAD_BYTES = 4 << 20, /* an upload ends with the package that passes it */
    WIRE_PART_BYTES = 4 << 20,   /* of a blob in one request */
};
#define TYPE_SIZE "text/x.tlog.size"
#define TYPE_MIRROR_INFO "text/x.tlog.mirror-info"
#define TYPE_BYTES "application/octet-stream"
#define TYPE_TEXT "text/plain; charset=utf-8"
/* How many bytes of a blob are held: a decimal and LF. */
#define TYPE_HAVE "text/x.parley.have"

/* "old <size>\n", hashes in base64, an empty line, the checkpoint. */
struct add_checkpoint {
    uint64_t old;
    struct proof proof;
    struct bytes note;
};
enum error add_checkpoint_read(struct bytes body, struct add_checkpoint *out, struct diag *d) MUST_USE;
void add_checkpoint_write(const struct add_checkpoint *c, struct buf *out);

struct add_entries { /* the head of the body */
    struct text origin;
    uint64_t start, end;
    struct bytes ticket;
};
/* Takes the head off the front of the body. */
enum error add_entries_read(struct bytes *body, struct add_entries *out, struct diag *d) MUST_USE;
void add_entries_write(const struct add_entries *e, struct buf *out);

struct package {
    uint64_t start, end; /* of its entries */
    uint64_t aligned;    /* where its subtree begins: start rounded down to 256 */
    struct bytes entries[256];
    struct proof proof; /* that [aligned, end) is a subtree of the tree of upload_end */
};
/* The bounds of the package that begins at `start` of an upload to `end`. */
void package_bounds(uint64_t start, uint64_t end, struct package *out);
/* Takes the next package off the front of what follows the head: `start`, `end` of the package are set by
 * package_bounds.  False, and `*body` as it was, where it is cut off or has more than PROOF_MAX hashes. */
bool package_read(struct bytes *body, struct package *p);
/* ERR_LIMIT for an entry past 65,535 bytes. */
enum error package_write(const struct package *p, struct buf *out, struct diag *d) MUST_USE;

struct mirror_info {
    uint64_t size, next;
    struct bytes ticket; /* decoded, in the arena */
};
enum error mirror_info_read(struct bytes body, struct arena *a, struct mirror_info *out, struct diag *d) MUST_USE;
void mirror_info_write(const struct mirror_info *i, struct buf *out);

/* A decimal and LF. */
bool number_line_read(struct bytes body, uint64_t *out);

/* "bytes=<first>-<last>", "bytes=<first>-" or "bytes=-<count>", one range, of a thing of `size` bytes: false where it
 * is of another form or starts beyond the end.  `last` is included. */
bool range_read(struct text t, uint64_t size, uint64_t *first, uint64_t *last);
/* "bytes <first>-<last>/<size>", or "bytes * /<size>" (without the space) to ask: then `asks` is set. */
struct content_range {
    bool asks;
    uint64_t first, last, size;
};
bool content_range_read(struct text t, struct content_range *out);
void content_range_write(const struct content_range *r, char *out, size_t room);

#endif

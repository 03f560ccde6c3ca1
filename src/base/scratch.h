/* Bytes put aside: what does not fit in memory is appended here, and read or written over later, at any place.
 *
 * Who puts aside need not know where: os_scratch_open (base/os.h) puts into a file without a name.  Appending is for
 * one thread at a time; reading, and writing over different places, for any number. */
#ifndef PARLEY_BASE_SCRATCH_H
#define PARLEY_BASE_SCRATCH_H

#include "base/error.h"
#include "base/text.h"

struct scratch {
    enum error (*append)(void *state, struct bytes b, struct diag *d);
    enum error (*read)(void *state, uint64_t at, uint8_t *out, size_t size, struct diag *d);
    enum error (*write)(void *state, uint64_t at, struct bytes b, struct diag *d); /* over what is there */
    void *state;
    uint64_t size; /* appended so far */
};
enum error scratch_append(struct scratch *s, struct bytes b, struct diag *d) MUST_USE;

/* Reads a stretch from front to back. */
struct scratch_reader {
    const struct scratch *of;
    uint64_t next, end; /* what was not taken into the buffer yet */
    uint8_t *at;
    size_t from, size, room; /* what was not given out yet; in the buffer; of the buffer */
    bool changes;            /* what was given out may be written to, and is kept */
};
enum error scratch_reader_open(const struct scratch *s, uint64_t from, uint64_t end, size_t room, bool changes,
                               struct scratch_reader *out, struct diag *d) MUST_USE;
/* The next `size` bytes, at most `room`, until the next call; NULL, and OK, where the stretch has ended. */
enum error scratch_next(struct scratch_reader *r, size_t size, uint8_t **out, struct diag *d) MUST_USE;
/* What the next calls give out without reading, if anything. */
static inline struct bytes scratch_ahead(const struct scratch_reader *r) {
    return bytes_of(r->at + r->from, r->size - r->from);
}
/* Keeps changes, too, where `result` is OK; returns `result`, or why that failed. */
enum error scratch_reader_close(struct scratch_reader *r, enum error result, struct diag *d) MUST_USE;

#endif

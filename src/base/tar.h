/* tar archives whose bytes repeat: plain files, in the order given, without times, owners and modes of their own.
 *
 * Source: POSIX.1-1988 ustar, by libarchive.  Reading is strict: an archive is taken only if writing what was read
 * gives the same bytes, so there is nothing in it that a reader does not see.
 * Shapes: names of a-z, A-Z, 0-9, `.`, `_`, `-` and `/`, at most TAR_NAME_MAX bytes, no empty part, no `.` or `..`;
 * each once.  Limits: TAR_FILES_MAX files. */
#ifndef PARLEY_BASE_TAR_H
#define PARLEY_BASE_TAR_H

#include "base/arena.h"
#include "base/buf.h"

enum { TAR_NAME_MAX = 100, TAR_FILES_MAX = 1 << 20 };

struct tar_sink {
    enum error (*write)(void *state, struct bytes b, struct diag *d);
    void *state;
};
struct tar_sink tar_sink_buf(struct buf *out); /* ERR_LIMIT past its maximum */

struct tar_writer;
struct tar_writer *tar_writer_new(struct tar_sink into);
/* ERR_INTERNAL for a name that is none or too large a file. */
enum error tar_add(struct tar_writer *w, struct text name, struct bytes content, struct diag *d) MUST_USE;
/* Writes the end. */
enum error tar_end(struct tar_writer *w, struct diag *d) MUST_USE;
void tar_writer_free(struct tar_writer *w); /* NULL is fine */

struct tar_file {
    struct text name;
    struct bytes content; /* a view into the archive, or a copy */
    size_t offset;        /* where it begins in the archive */
};
/* One file after the other, in constant memory: what `with` is given lasts until it returns, and what of the archive
 * comes before it is as it must be.  A name may come again.  Returns the error of `with`; ERR_INPUT as tar_read. */
typedef enum error tar_file_run(void *state, const struct tar_file *f, struct diag *d);
enum error tar_each(struct bytes whole, tar_file_run *with, void *state, struct diag *d) MUST_USE;
/* All files in their order.  ERR_INPUT with the offset of the first byte that is not as it must be. */
enum error tar_read(struct bytes whole, struct arena *a, struct tar_file **files, size_t *count,
                    struct diag *d) MUST_USE;

#endif

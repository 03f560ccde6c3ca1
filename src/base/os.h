/* The one door to the operating system: files, folders, the clock, locks.  FLOOR and WALK don't come here. */
#ifndef PARLEY_BASE_OS_H
#define PARLEY_BASE_OS_H

#include "base/buf.h"
#include "base/instant.h"
#include "base/scratch.h"

enum { OS_PATH_MAX = 4096 };

instant os_now(void); /* whole seconds are enough for parley's stamps: truncated to a second */
instant os_now_precise(void);

/* A whole file, at most max bytes (ERR_LIMIT), appended to `out`, whose max must allow it.  "-" is standard input. */
enum error os_read(const char *path, size_t max, struct buf *out, struct diag *d) MUST_USE;
/* Writes beside `path`, syncs, renames, syncs the folder: after OK the new content is durable, before it the old
 * stands.
 * "-" is standard output; a device or a pipe is written to.  `mode` is that of a new file, as 0600. */
enum error os_write(const char *path, struct bytes content, unsigned mode, struct diag *d) MUST_USE;
/* As os_write, but refuses (ERR_CONFLICT) where `path` exists. */
enum error os_write_new(const char *path, struct bytes content, unsigned mode, struct diag *d) MUST_USE;
enum error os_sync_folder(const char *path, struct diag *d) MUST_USE;
enum error os_make_folders(const char *path, unsigned mode, struct diag *d) MUST_USE; /* like mkdir -p; durable */
/* The same for the folder in which a file is to stand. */
enum error os_make_folder_of(const char *path, unsigned mode, struct diag *d) MUST_USE;
enum error os_remove(const char *path, struct diag *d) MUST_USE;        /* one file; durable */
enum error os_remove_folder(const char *path, struct diag *d) MUST_USE; /* an empty one */
/* A folder and all that is in it, of its file system; links are not followed.  OK where there is none. */
enum error os_remove_tree(const char *path, struct diag *d) MUST_USE;
/* Makes durable all that was written to the file system that holds the path. */
enum error os_sync_all(const char *path, struct diag *d) MUST_USE;
/* The path from the root of the file system; the file need not exist. */
enum error os_absolute(const char *path, struct buf *out, struct diag *d) MUST_USE;
bool os_exists(const char *path);
bool os_is_folder(const char *path);
bool os_is_file(const char *path); /* a regular one */
enum error os_size(const char *path, uint64_t *size, struct diag *d) MUST_USE;
/* Names in a folder but `.` and `..`, sorted bytewise, each ended by a NUL, appended to `out`. */
enum error os_list(const char *path, struct buf *out, struct diag *d) MUST_USE;

/* Parts of a file that grows: makes the file where there is none, cuts off what stands beyond `offset`, and writes
 * there. ERR_CONFLICT where the file is shorter than `offset`.  Not synced: os_publish is what makes it durable. */
enum error os_write_part(const char *path, uint64_t offset, struct bytes part, unsigned mode, struct diag *d) MUST_USE;
/* Up to `max` bytes from `offset`, fewer at the end of the file, appended to `out`. */
enum error os_read_part(const char *path, uint64_t offset, size_t max, struct buf *out, struct diag *d) MUST_USE;
/* Makes the bytes of a file durable. */
enum error os_sync(const char *path, struct diag *d) MUST_USE;
/* Syncs a file, renames it, syncs the folder of its new name. */
enum error os_publish(const char *from, const char *to, struct diag *d) MUST_USE;

/* A file read from front to back in constant memory; "-" is standard input.  The path must live as long. */
struct os_reader {
    const char *path;
    int file;
};
enum error os_reader_open(const char *path, struct os_reader *out, struct diag *d) MUST_USE;
/* `reader`: a struct os_reader.  *got 0 at the end. */
enum error os_reader_read(void *reader, uint8_t *out, size_t room, size_t *got, struct diag *d) MUST_USE;
void os_reader_close(struct os_reader *r);

/* A file written from front to back in constant memory; "-" is standard output.  Under its name stands what was there
 * before until os_writer_end: written beside it, where the file system allows it without any name, so that not even a
 * killed process leaves something half-written.  What is no regular file, as /dev/null, is written to directly. */
struct os_writer {
    const char *path; /* must live as long */
    char beside[OS_PATH_MAX];
    struct buf held;
    int file;
    bool direct, named;   /* standard output or a device; `beside` is there */
    uint64_t size, begun; /* bytes written; and on their way to the disk */
};
enum error os_writer_open(const char *path, unsigned mode, struct os_writer *out, struct diag *d) MUST_USE;
/* `writer`: a struct os_writer. */
enum error os_writer_write(void *writer, struct bytes b, struct diag *d) MUST_USE;
/* Where `result` is OK, makes what was written durable under its name, else drops it.  Returns `result`, or why that
 * failed. */
enum error os_writer_end(struct os_writer *w, enum error result, struct diag *d) MUST_USE;

/* Puts aside into memory, and from `held_max` bytes on into a file in `folder`, which has no name as soon as it is
 * there, so that nothing stays behind whatever happens to the process.  The folder's name must live as long. */
struct os_scratch;
enum error os_scratch_open(const char *folder, size_t held_max, struct scratch *out, struct diag *d) MUST_USE;
void os_scratch_close(struct scratch *s); /* one of zeroes is fine */
/* The same for what may become the file `path`, of that mode: os_scratch_keep then makes it so, as os_writer_end does,
 * where that takes no copy.  *kept says whether it did. */
enum error os_scratch_open_for(const char *path, unsigned mode, const char *folder, size_t held_max,
                               struct scratch *out, struct diag *d) MUST_USE;
enum error os_scratch_keep(const struct scratch *s, bool *kept, struct diag *d) MUST_USE;
/* Where that goes: $TMPDIR, else beside the file `path`, else (for "-" and devices) where large files may be. */
const char *os_scratch_folder(const char *path, char out[static OS_PATH_MAX]);

/* Makes a file without a name (O_TMPFILE) durable under one, in the place of what stands there. */
enum error os_give_name(int file, const char *path, struct diag *d) MUST_USE;
/* Has what was written to a file so far, up to `size`, on its way to the disk, so that syncing it is short; `*begun` is
 * up to where it was before.  A matter of speed alone. */
void os_write_behind(int file, uint64_t size, uint64_t *begun);
/* What is written to where it stands, and never replaced: neither a regular file nor a folder, but there; and the names
 * below /dev and /proc, as /dev/stdout, whatever file they lead to; but files in /dev/shm are files. */
bool os_is_special(const char *path);

/* A file mapped read-only; an empty file maps to an empty view.  The owner calls os_unmap. */
enum error os_map(const char *path, struct bytes *out, struct diag *d) MUST_USE;
void os_unmap(struct bytes mapped);
/* Gives the memory of a part of a mapped file back; whoever reads it again reads it from the file. */
void os_map_forget(struct bytes part);

/* A file of which nothing stands on the disk, holding `content`, at whose start it is read; the caller closes it.
 * Unlike a pipe it takes all at once, and it has a path, /proc/self/fd/N. */
enum error os_memory_file(struct bytes content, int *file, struct diag *d) MUST_USE;

/* An exclusive lock on a file (flock), held until closed or the process ends: ERR_BUSY where another holds it. */
enum error os_lock(const char *path, int *lock, struct diag *d) MUST_USE;
void os_unlock(int lock);

/* "a/b" in `out`; aborts where it does not fit. */
const char *os_path(char out[static OS_PATH_MAX], const char *folder, const char *name);

#endif

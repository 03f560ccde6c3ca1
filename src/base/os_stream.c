/* Files read and written from front to back. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"

enum { HELD_MAX = 1 << 17 };

/* ---- reading */

enum error os_reader_open(const char *path, struct os_reader *out, struct diag *d) {
    bool standard = !strcmp(path, "-");
    int file = standard ? 0 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    *out = (struct os_reader){standard ? _("standard input") : path, file};
    return OK;
}

enum error os_reader_read(void *reader, uint8_t *out, size_t room, size_t *got, struct diag *d) {
    struct os_reader *r = reader;
    ssize_t count;
    do count = read(r->file, out, room);
    while (count < 0 && errno == EINTR);
    if (count < 0) return fail_errno(d, r->path, _("reading"));
    *got = (size_t)count;
    return OK;
}

void os_reader_close(struct os_reader *r) {
    if (r->file > 0) close(r->file);
    r->file = -1;
}

/* ---- writing */

bool os_is_special(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0) return false;
    const bool leads = !strncmp(path, "/dev/", 5) && strncmp(path, "/dev/shm/", 9) != 0;
    if (leads || !strncmp(path, "/proc/", 6)) return !S_ISDIR(about.st_mode);
    return !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

void os_write_behind(int file, uint64_t size, uint64_t *begun) {
    enum { AT_ONCE = 1 << 22 };
    if (size - *begun < AT_ONCE) return;
    (void)sync_file_range(file, (off_t)*begun, (off_t)(size - *begun), SYNC_FILE_RANGE_WRITE);
    *begun = size;
}

static enum error name_beside(struct os_writer *w, struct diag *d) {
    int size = snprintf(w->beside, sizeof w->beside, "%s.new-%ld", w->path, (long)getpid());
    if (size < 0 || size >= OS_PATH_MAX) return fail(d, ERR_USAGE, _("path too long: %s"), w->path);
    return OK;
}

static enum error open_beside(struct os_writer *w, unsigned mode, struct diag *d) {
    char copy[OS_PATH_MAX];
    enum error result = name_beside(w, d);
    if (result) return result;
    snprintf(copy, sizeof copy, "%s", w->path);
    w->file = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    if (w->file >= 0) return OK;
    (void)unlink(w->beside);
    w->file = open(w->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    w->named = w->file >= 0;
    return w->named ? OK : fail_errno(d, w->path, _("creating"));
}

enum error os_writer_open(const char *path, unsigned mode, struct os_writer *out, struct diag *d) {
    bool standard = !strcmp(path, "-");
    *out = (struct os_writer){.path = path, .held = {.max = HELD_MAX}, .file = 1};
    out->direct = standard || os_is_special(path);
    if (!out->direct) return open_beside(out, mode, d);
    if (standard) {
        out->path = _("standard output");
        return OK;
    }
    out->file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return out->file >= 0 ? OK : fail_errno(d, path, _("opening"));
}

static enum error write_out(struct os_writer *w, struct bytes b, struct diag *d) {
    while (b.size) {
        ssize_t written = write(w->file, b.at, b.size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail_errno(d, w->path, _("writing"));
        b = bytes_of(b.at + written, b.size - (size_t)written);
        w->size += (uint64_t)written;
    }
    if (!w->direct) os_write_behind(w->file, w->size, &w->begun);
    return OK;
}

static enum error flush(struct os_writer *w, struct diag *d) {
    enum error result = write_out(w, buf_as_bytes(&w->held), d);
    buf_clear(&w->held);
    return result;
}

/* Small parts are gathered, as armor comes in lines. */
enum error os_writer_write(void *writer, struct bytes b, struct diag *d) {
    struct os_writer *w = writer;
    enum error result = w->held.size + b.size > HELD_MAX ? flush(w, d) : OK;
    if (result) return result;
    if (b.size > HELD_MAX / 2) {
        result = flush(w, d);
        return result ? result : write_out(w, b, d);
    }
    buf_bytes(&w->held, b);
    return buf_check(&w->held, d);
}

static enum error give_name(struct os_writer *w, struct diag *d) {
    char self[64], copy[OS_PATH_MAX];
    if (fsync(w->file)) return fail_errno(d, w->path, _("syncing"));
    snprintf(self, sizeof self, "/proc/self/fd/%d", w->file);
    if (!w->named && linkat(AT_FDCWD, self, AT_FDCWD, w->beside, AT_SYMLINK_FOLLOW))
        return fail_errno(d, w->path, _("linking"));
    w->named = true;
    if (rename(w->beside, w->path)) return fail_errno(d, w->path, _("renaming"));
    w->named = false;
    snprintf(copy, sizeof copy, "%s", w->path);
    return os_sync_folder(dirname(copy), d);
}

enum error os_give_name(int file, const char *path, struct diag *d) {
    struct os_writer w = {.path = path, .file = file};
    enum error result = name_beside(&w, d);
    if (!result) result = give_name(&w, d);
    if (w.named) unlink(w.beside);
    return result;
}

enum error os_writer_end(struct os_writer *w, enum error result, struct diag *d) {
    /* To standard output goes what came before a failure, too: it was given out already, or would have been. */
    if (!result || w->direct) {
        enum error flushed = flush(w, result ? NULL : d);
        if (!result) result = flushed;
    }
    if (!result && !w->direct) result = give_name(w, d);
    if (w->named) unlink(w->beside);
    if (w->file > 1 && close(w->file) && !result) result = fail_errno(d, w->path, _("closing"));
    buf_wipe(&w->held);
    return result;
}

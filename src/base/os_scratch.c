/* Bytes put aside into files without a name. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"

struct os_scratch {
    const char *folder;
    const char *path; /* what it may become; NULL: nothing */
    unsigned mode;
    struct buf held; /* while there is no file */
    int file;        /* -1: none */
    uint64_t size;   /* of the file */
    uint64_t begun;  /* to become another: see os_write_behind */
};

static enum error open_file(struct os_scratch *s, struct diag *d) {
    char path[OS_PATH_MAX];
    s->file = open(s->folder, O_TMPFILE | O_RDWR | O_CLOEXEC | (s->path ? 0 : O_EXCL), s->path ? s->mode : 0600);
    if (s->file >= 0) return OK;
    s->path = NULL;
    s->file = mkostemp((char *)(uintptr_t)os_path(path, s->folder, ".parley-XXXXXX"), O_CLOEXEC);
    if (s->file < 0) return fail_errno(d, s->folder, _("putting aside what does not fit in memory"));
    (void)unlink(path);
    return OK;
}

static enum error write_at(const struct os_scratch *s, uint64_t at, struct bytes b, struct diag *d) {
    while (b.size) {
        ssize_t written = pwrite(s->file, b.at, b.size, (off_t)at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail_errno(d, s->folder, _("putting aside what does not fit in memory"));
        at += (uint64_t)written;
        b = bytes_of(b.at + written, b.size - (size_t)written);
    }
    return OK;
}

static enum error move_out(struct os_scratch *s, struct diag *d) {
    enum error result = open_file(s, d);
    if (!result) result = write_at(s, 0, buf_as_bytes(&s->held), d);
    s->size = s->held.size;
    buf_wipe(&s->held);
    return result;
}

static enum error append(void *state, struct bytes b, struct diag *d) {
    struct os_scratch *s = state;
    enum error result = OK;
    if (s->file < 0) {
        buf_bytes(&s->held, b);
        if (!s->held.failed) return OK;
        s->held.failed = false;
        result = move_out(s, d);
    }
    if (!result) result = write_at(s, s->size, b, d);
    if (!result) s->size += b.size;
    if (!result && s->path) os_write_behind(s->file, s->size, &s->begun);
    return result;
}

static enum error read_at(void *state, uint64_t at, uint8_t *out, size_t size, struct diag *d) {
    const struct os_scratch *s = state;
    if (s->file < 0) return memcpy(out, s->held.at + at, size), OK;
    while (size) {
        ssize_t got = pread(s->file, out, size, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(d, s->folder, _("reading what did not fit in memory"));
        ASSERT(got && "nobody else has the file");
        at += (uint64_t)got;
        out += got;
        size -= (size_t)got;
    }
    return OK;
}

static enum error write_over(void *state, uint64_t at, struct bytes b, struct diag *d) {
    struct os_scratch *s = state;
    if (s->file < 0) return memcpy(s->held.at + at, b.at, b.size), OK;
    return write_at(s, at, b, d);
}

enum error os_scratch_open(const char *folder, size_t held_max, struct scratch *out, struct diag *d) {
    struct os_scratch *s = calloc(1, sizeof *s);
    if (!s) return fail(d, ERR_MEMORY, _("out of memory"));
    *s = (struct os_scratch){.folder = folder, .held.max = held_max, .file = -1};
    *out = (struct scratch){.append = append, .read = read_at, .write = write_over, .state = s};
    return OK;
}

static bool is_folder_of(const char *folder, const char *path) {
    char copy[OS_PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    return !strcmp(dirname(copy), folder);
}

enum error os_scratch_open_for(const char *path, unsigned mode, const char *folder, size_t held_max,
                               struct scratch *out, struct diag *d) {
    enum error result = os_scratch_open(folder, held_max, out, d);
    struct os_scratch *s = out->state;
    if (result || !strcmp(path, "-") || os_is_special(path) || !is_folder_of(folder, path)) return result;
    s->path = path;
    s->mode = mode;
    return OK;
}

enum error os_scratch_keep(const struct scratch *of, bool *kept, struct diag *d) {
    const struct os_scratch *s = of->state;
    *kept = s->path && s->file >= 0;
    return *kept ? os_give_name(s->file, s->path, d) : OK;
}

void os_scratch_close(struct scratch *out) {
    struct os_scratch *s = out->state;
    if (!s) return;
    if (s->file >= 0) close(s->file);
    buf_wipe(&s->held);
    free(s);
    *out = (struct scratch){0};
}

const char *os_scratch_folder(const char *path, char out[static OS_PATH_MAX]) {
    const char *asked = getenv("TMPDIR");
    if (asked && *asked) return asked;
    if (!strcmp(path, "-") || (os_exists(path) && !os_is_file(path))) return "/var/tmp";
    snprintf(out, OS_PATH_MAX, "%s", path);
    return dirname(out);
}

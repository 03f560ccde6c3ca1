/* The system calls that base/os.h makes, on the simulated disks where the path is on one; the linker puts them in the
 * place of the real ones (--wrap), so that the program's own code for files runs as it is. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "disk.h"

enum { FIRST = 1 << 20, OPEN_MAX = 64 };

static struct {
    struct disk *disk;
    struct disk_file *file;
    size_t at;
    char path[DISK_PATH_MAX];
} opened[OPEN_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of which of them are free */

#define REAL(type, name, ...)                                                                                          \
    type __real_##name(__VA_ARGS__);                                                                                   \
    type __wrap_##name(__VA_ARGS__);                                                                                   \
    type __wrap_##name(__VA_ARGS__)

static bool is_ours(int file) { return file >= FIRST && file < FIRST + OPEN_MAX; }

static int refuse(int code) {
    errno = code;
    return -1;
}

/* A change of the disk, or why it fails. */
static bool may(struct disk *d, bool needs_space) {
    int failed = disk_step(d, needs_space);
    if (failed) errno = failed;
    return !failed;
}

static int take_place(struct disk_file *f) {
    int at = 0;
    pthread_mutex_lock(&lock);
    while (at < OPEN_MAX && opened[at].file) at++;
    if (at < OPEN_MAX) opened[at].file = f;
    pthread_mutex_unlock(&lock);
    return at;
}

static void give_back_place(int at) {
    pthread_mutex_lock(&lock);
    opened[at].file = NULL;
    pthread_mutex_unlock(&lock);
}

static int open_file(struct disk *d, const char *path, int flags) {
    if (d->dead) return refuse(EIO);
    struct disk_file *f = disk_find(d, path);
    if (f && flags & O_CREAT && flags & O_EXCL) return refuse(EEXIST);
    if (!f && !(flags & O_CREAT)) return refuse(ENOENT);
    if (!f && !may(d, true)) return -1;
    if (!f) f = disk_make(d, path, false);
    int at = take_place(f);
    if (at == OPEN_MAX) return refuse(EMFILE);
    opened[at].disk = d;
    opened[at].at = 0;
    ASSERT(strlen(path) < DISK_PATH_MAX);
    strcpy(opened[at].path, path);
    disk_open(f);
    return FIRST + at;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    struct disk *d = disk_of_path(path);
    return d ? open_file(d, path, flags) : __real_open64(path, flags, mode);
}

REAL(int, close, int file) {
    if (!is_ours(file)) return __real_close(file);
    disk_close(opened[file - FIRST].file);
    give_back_place(file - FIRST);
    return 0;
}

REAL(ssize_t, read, int file, void *to, size_t size) {
    if (!is_ours(file)) return __real_read(file, to, size);
    if (opened[file - FIRST].disk->dead) return refuse(EIO);
    size_t got = disk_read(opened[file - FIRST].file, to, size, opened[file - FIRST].at);
    opened[file - FIRST].at += got;
    return (ssize_t)got;
}

REAL(ssize_t, pread64, int file, void *to, size_t size, off64_t at) {
    if (!is_ours(file)) return __real_pread64(file, to, size, at);
    if (opened[file - FIRST].disk->dead) return refuse(EIO);
    return (ssize_t)disk_read(opened[file - FIRST].file, to, size, (size_t)at);
}

/* A write may be short: the caller is to go on with the rest. */
REAL(ssize_t, write, int file, const void *from, size_t size) {
    if (!is_ours(file)) return __real_write(file, from, size);
    if (!may(opened[file - FIRST].disk, true)) return -1;
    size_t count = size > 4096 ? size - size / 3 : size;
    disk_write(opened[file - FIRST].file, from, count, opened[file - FIRST].at);
    opened[file - FIRST].at += count;
    return (ssize_t)count;
}

REAL(off64_t, lseek64, int file, off64_t at, int whence) {
    if (!is_ours(file)) return __real_lseek64(file, at, whence);
    ASSERT(whence == SEEK_SET);
    opened[file - FIRST].at = (size_t)at;
    return at;
}

REAL(int, ftruncate64, int file, off64_t size) {
    if (!is_ours(file)) return __real_ftruncate64(file, size);
    if (!may(opened[file - FIRST].disk, false)) return -1;
    disk_truncate(opened[file - FIRST].file, (size_t)size);
    return 0;
}

REAL(int, fsync, int file) {
    if (!is_ours(file)) return __real_fsync(file);
    struct disk *d = opened[file - FIRST].disk;
    struct disk_file *f = opened[file - FIRST].file;
    if (!may(d, false)) return -1;
    if (!f->folder && disk_sync_step(d, f)) return refuse(EIO);
    if (f->folder)
        disk_sync_names(d, opened[file - FIRST].path);
    else
        disk_sync(d, f);
    return 0;
}

static void describe(const struct disk_file *f, struct stat64 *out) {
    *out = (struct stat64){.st_mode = f->folder ? S_IFDIR | 0700 : S_IFREG | 0600, .st_size = (off64_t)f->size};
}

REAL(int, fstat64, int file, struct stat64 *out) {
    if (!is_ours(file)) return __real_fstat64(file, out);
    describe(opened[file - FIRST].file, out);
    return 0;
}

REAL(int, stat64, const char *path, struct stat64 *out) {
    struct disk *d = disk_of_path(path);
    if (!d) return __real_stat64(path, out);
    struct disk_file *f = d->dead ? NULL : disk_find(d, path);
    if (!f) return refuse(d->dead ? EIO : ENOENT);
    describe(f, out);
    return 0;
}

REAL(int, access, const char *path, int mode) {
    struct disk *d = disk_of_path(path);
    if (!d) return __real_access(path, mode);
    return !d->dead && disk_find(d, path) ? 0 : refuse(d->dead ? EIO : ENOENT);
}

/* A mount is there already, and what is above it. */
static bool is_mount(const char *path) { return !strchr(path + sizeof DISK_ROOT - 1, '/'); }

REAL(int, mkdir, const char *path, mode_t mode) {
    struct disk *d = disk_of_path(path);
    if (!strcmp(path, "/sim")) return refuse(EEXIST);
    if (!d) return __real_mkdir(path, mode);
    if (is_mount(path) || disk_find(d, path)) return refuse(EEXIST);
    if (!may(d, true)) return -1;
    disk_make(d, path, true);
    return 0;
}

REAL(int, unlink, const char *path) {
    struct disk *d = disk_of_path(path);
    if (!d) return __real_unlink(path);
    if (!disk_find(d, path)) return refuse(ENOENT);
    if (!may(d, false)) return -1;
    disk_unlink(d, path);
    return 0;
}

REAL(int, rename, const char *from, const char *to) {
    struct disk *d = disk_of_path(from);
    if (!d) return __real_rename(from, to);
    struct disk_file *f = disk_find(d, from);
    if (!f) return refuse(ENOENT);
    if (!may(d, false)) return -1;
    disk_link(d, f, to);
    disk_unlink(d, from);
    return 0;
}

REAL(int, link, const char *from, const char *to) {
    struct disk *d = disk_of_path(from);
    if (!d) return __real_link(from, to);
    if (disk_find(d, to)) return refuse(EEXIST);
    if (!may(d, true)) return -1;
    disk_link(d, disk_find(d, from), to);
    return 0;
}

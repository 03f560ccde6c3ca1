#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

instant os_now_precise(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (instant)now.tv_sec * INSTANT_SECOND + now.tv_nsec / 1000;
}

instant os_now(void) {
    instant now = os_now_precise();
    return now - now % INSTANT_SECOND;
}

const char *os_path(char out[static OS_PATH_MAX], const char *folder, const char *name) {
    int size = snprintf(out, OS_PATH_MAX, "%s/%s", folder, name);
    ASSERT(size > 0 && size < OS_PATH_MAX);
    return out;
}

static enum error read_all(int file, const char *path, size_t max, struct buf *out, struct diag *d) {
    size_t start = out->size;
    for (;;) {
        uint8_t *room = buf_extend(out, 65536);
        if (!room) { /* close to the buffer's own maximum: go on in small steps */
            out->failed = false;
            size_t left = out->max - out->size;
            if (!left) {
                char more;
                if (read(file, &more, 1) == 0) return OK;
                enum error code = fail(d, ERR_LIMIT, _("larger than %zu bytes"), max);
                diag_where(d, path);
                return code;
            }
            room = buf_extend(out, left);
            if (!room) return fail(d, ERR_MEMORY, _("out of memory"));
            out->size -= left;
            ssize_t got = read(file, room, left);
            if (got < 0 && errno != EINTR) return fail_errno(d, path, _("reading"));
            if (got == 0) return OK;
            if (got > 0) out->size += (size_t)got;
        } else {
            out->size -= 65536;
            ssize_t got = read(file, room, 65536);
            if (got < 0 && errno != EINTR) return fail_errno(d, path, _("reading"));
            if (got == 0) return OK;
            if (got > 0) out->size += (size_t)got;
        }
        if (out->size - start > max) {
            enum error code = fail(d, ERR_LIMIT, _("larger than %zu bytes"), max);
            diag_where(d, path);
            return code;
        }
    }
}

/* Memory for a whole file at once, so that nothing of it is copied as it grows. */
static void make_room(int file, size_t max, struct buf *out) {
    struct stat about;
    if (fstat(file, &about) || !S_ISREG(about.st_mode) || about.st_size <= 0 || (uint64_t)about.st_size > max) return;
    size_t size = (size_t)about.st_size + 65536;
    if (size <= out->max - out->size && buf_extend(out, size)) out->size -= size;
}

enum error os_read(const char *path, size_t max, struct buf *out, struct diag *d) {
    if (!strcmp(path, "-")) return read_all(0, _("standard input"), max, out, d);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    make_room(file, max, out);
    enum error result = read_all(file, path, max, out, d);
    close(file);
    return result;
}

static bool write_all(int file, struct bytes content) {
    for (size_t done = 0; done < content.size;) {
        ssize_t written = write(file, content.at + done, content.size - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        done += (size_t)written;
    }
    return true;
}

enum error os_sync_folder(const char *path, struct diag *d) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return fail_errno(d, path, _("opening the folder"));
    int result = fsync(folder);
    close(folder);
    return result ? fail_errno(d, path, _("syncing the folder")) : OK;
}

static enum error sync_parent(const char *path, struct diag *d) {
    char copy[OS_PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    return os_sync_folder(dirname(copy), d);
}

/* A device or a pipe is written to, and not replaced by a file. */
static enum error write_into(const char *path, struct bytes content, struct diag *d) {
    int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    enum error result = write_all(file, content) ? OK : fail_errno(d, path, _("writing"));
    if (close(file) && !result) result = fail_errno(d, path, _("closing"));
    return result;
}

static enum error write_beside(const char *path, struct bytes content, unsigned mode, bool replace, struct diag *d) {
    char beside[OS_PATH_MAX];
    int size = snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid());
    if (size < 0 || size >= OS_PATH_MAX) return fail(d, ERR_USAGE, _("path too long: %s"), path);
    (void)unlink(beside); /* of a process of this number that was killed; or a link that someone laid there */
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0) return fail_errno(d, path, _("creating"));
    enum error result = OK;
    if (!write_all(file, content) || fsync(file)) result = fail_errno(d, path, _("writing"));
    if (close(file) && !result) result = fail_errno(d, path, _("closing"));
    if (!result && replace && rename(beside, path)) result = fail_errno(d, path, _("renaming"));
    if (!result && !replace && link(beside, path)) {
        result = errno == EEXIST ? fail(d, ERR_CONFLICT, _("exists already")) : fail_errno(d, path, _("linking"));
        diag_where(d, path);
    }
    if (result || !replace) unlink(beside);
    return result ? result : sync_parent(path, d);
}

enum error os_write(const char *path, struct bytes content, unsigned mode, struct diag *d) {
    if (strcmp(path, "-") && os_is_special(path)) return write_into(path, content, d);
    if (strcmp(path, "-")) return write_beside(path, content, mode, true, d);
    return write_all(1, content) ? OK : fail_errno(d, _("standard output"), _("writing"));
}

enum error os_memory_file(struct bytes content, int *file, struct diag *d) {
    int made = memfd_create("parley", MFD_CLOEXEC);
    if (made < 0) return fail_errno(d, _("a file in memory"), _("opening"));
    if (!write_all(made, content) || lseek(made, 0, SEEK_SET) < 0) {
        enum error result = fail_errno(d, _("a file in memory"), _("writing"));
        close(made);
        return result;
    }
    *file = made;
    return OK;
}

enum error os_write_new(const char *path, struct bytes content, unsigned mode, struct diag *d) {
    return write_beside(path, content, mode, false, d);
}

enum error os_write_part(const char *path, uint64_t offset, struct bytes part, unsigned mode, struct diag *d) {
    int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode);
    if (file < 0) return fail_errno(d, path, _("creating"));
    struct stat about;
    enum error result = fstat(file, &about) ? fail_errno(d, path, _("looking at")) : OK;
    if (!result && (uint64_t)about.st_size < offset) {
        result = fail(d, ERR_CONFLICT, _("shorter than the place of its next part"));
        diag_where(d, path);
    }
    if (!result &&
        (ftruncate(file, (off_t)offset) || lseek(file, (off_t)offset, SEEK_SET) < 0 || !write_all(file, part))) {
        result = fail_errno(d, path, _("writing"));
        (void)!ftruncate(file, (off_t)offset); /* what did not fit leaves its space to others */
    }
    if (close(file) && !result) result = fail_errno(d, path, _("closing"));
    return result;
}

enum error os_read_part(const char *path, uint64_t offset, size_t max, struct buf *out, struct diag *d) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    size_t start = out->size;
    uint8_t *room = buf_extend(out, max);
    size_t done = 0;
    ssize_t got = room ? 1 : 0;
    while (got > 0 && done < max) {
        got = pread(file, room + done, max - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            done += (size_t)got;
    }
    if (room) out->size = start + done;
    enum error result = got < 0 ? fail_errno(d, path, _("reading")) : buf_check(out, d);
    close(file);
    return result;
}

enum error os_sync(const char *path, struct diag *d) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    enum error result = fsync(file) ? fail_errno(d, path, _("syncing")) : OK;
    close(file);
    return result;
}

enum error os_publish(const char *from, const char *to, struct diag *d) {
    enum error result = os_sync(from, d);
    if (!result && rename(from, to)) result = fail_errno(d, to, _("renaming"));
    return result ? result : sync_parent(to, d);
}

enum error os_make_folders(const char *path, unsigned mode, struct diag *d) {
    char copy[OS_PATH_MAX];
    int size = snprintf(copy, sizeof copy, "%s", path);
    if (size < 0 || size >= OS_PATH_MAX) return fail(d, ERR_USAGE, _("path too long: %s"), path);
    for (char *slash = copy + 1;; slash++) {
        if (*slash && *slash != '/') continue;
        char kept = *slash;
        *slash = 0;
        const bool made = !mkdir(copy, mode);
        if (!made && errno != EEXIST) return fail_errno(d, copy, _("making the folder"));
        enum error result = made ? sync_parent(copy, d) : OK;
        if (result) return result;
        if (!kept) return OK;
        *slash = kept;
    }
}

enum error os_make_folder_of(const char *path, unsigned mode, struct diag *d) {
    char folder[OS_PATH_MAX];
    const char *name = strrchr(path, '/');
    if (!name || name == path || (size_t)(name - path) >= sizeof folder) return OK;
    memcpy(folder, path, (size_t)(name - path));
    folder[name - path] = 0;
    return os_is_folder(folder) ? OK : os_make_folders(folder, mode, d);
}

enum error os_remove(const char *path, struct diag *d) {
    return unlink(path) ? fail_errno(d, path, _("removing")) : sync_parent(path, d);
}

enum error os_remove_folder(const char *path, struct diag *d) {
    return rmdir(path) ? fail_errno(d, path, _("removing the folder")) : OK;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about, (void)kind, (void)place;
    return remove(path);
}

enum error os_remove_tree(const char *path, struct diag *d) {
    enum { FILES_AT_ONCE = 16 };
    if (!os_exists(path) || !nftw(path, remove_one, FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS | FTW_MOUNT)) return OK;
    return fail_errno(d, path, _("removing the folder"));
}

enum error os_sync_all(const char *path, struct diag *d) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    int result = syncfs(file);
    close(file);
    return result ? fail_errno(d, path, _("syncing")) : OK;
}

enum error os_absolute(const char *path, struct buf *out, struct diag *d) {
    char here[OS_PATH_MAX];
    if (path[0] != '/') {
        if (!getcwd(here, sizeof here)) return fail_errno(d, path, _("finding the current folder"));
        buf_format(out, "%s/", here);
    }
    buf_string(out, path);
    return buf_check(out, d);
}

bool os_exists(const char *path) { return access(path, F_OK) == 0; }

bool os_is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool os_is_file(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

enum error os_size(const char *path, uint64_t *size, struct diag *d) {
    struct stat about;
    if (stat(path, &about)) return fail_errno(d, path, _("looking at"));
    *size = (uint64_t)about.st_size;
    return OK;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

enum error os_list(const char *path, struct buf *out, struct diag *d) {
    DIR *folder = opendir(path);
    if (!folder) return fail_errno(d, path, _("opening the folder"));
    char **names = NULL;
    size_t count = 0, room = 0;
    bool memory = true;
    for (struct dirent *entry; memory && (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (count == room) {
            room = room ? room * 2 : 64;
            char **more = realloc(names, room * sizeof *names);
            memory = more != NULL;
            if (more) names = more;
        }
        if (memory) memory = (names[count] = strdup(entry->d_name)) != NULL;
        if (memory) count++;
    }
    closedir(folder);
    if (count) qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        buf_bytes(out, bytes_of(names[i], strlen(names[i]) + 1));
        free(names[i]);
    }
    free(names);
    return memory ? buf_check(out, d) : fail(d, ERR_MEMORY, _("out of memory"));
}

enum error os_map(const char *path, struct bytes *out, struct diag *d) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(d, path, _("opening"));
    struct stat about;
    enum error result = OK;
    if (fstat(file, &about))
        result = fail_errno(d, path, _("looking at"));
    else if (!S_ISREG(about.st_mode)) {
        result = fail(d, ERR_INPUT, _("not a regular file"));
        diag_where(d, path);
    } else if (about.st_size == 0)
        *out = (struct bytes){NULL, 0};
    else {
        void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (at == MAP_FAILED)
            result = fail_errno(d, path, _("mapping"));
        else
            *out = bytes_of(at, (size_t)about.st_size);
    }
    close(file);
    return result;
}

void os_map_forget(struct bytes part) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = (uintptr_t)part.at, to = from + part.size;
    from = (from + page - 1) & ~(page - 1); /* what shares a page with others stays */
    to &= ~(page - 1);
    if (part.size && from < to) (void)madvise((void *)from, to - from, MADV_DONTNEED);
}

void os_unmap(struct bytes mapped) {
    if (mapped.size) munmap((void *)(uintptr_t)mapped.at, mapped.size);
}

enum error os_lock(const char *path, int *lock, struct diag *d) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return fail_errno(d, path, _("opening"));
    if (flock(file, LOCK_EX | LOCK_NB)) {
        enum error result = errno == EWOULDBLOCK ? fail(d, ERR_BUSY, _("another process holds the lock"))
                                                 : fail_errno(d, path, _("locking"));
        diag_where(d, path);
        close(file);
        return result;
    }
    *lock = file;
    return OK;
}

void os_unlock(int lock) { close(lock); }

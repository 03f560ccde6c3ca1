/* Preloaded into a command, this counts the system calls that change what lies under $PARLEY_FAULT_UNDER, and does
 * something bad at one of them.  $PARLEY_FAULT says what:
 *
 *     count       nothing
 *     kill N      before call N, or halfway through it where it writes, the process is killed; all it wrote stays
 *     lost N      the same, and the power fails: bytes, sizes and names that were not synced are as they were before
 *     torn N S    the same, but of each sector that was not synced chance (seed S) keeps the old or the new, and of
 *                 the names that were not synced some of the first stay
 *     eio N       call N fails with EIO, once
 *     full N      from call N on the disk is full: what needs space fails, a write after its first half
 *     short 0     each write takes half of what it is given
 *
 * Names are durable when their folder is synced, bytes when their file is; $PARLEY_FAULT_AWAY is another disk, whose
 * power does not fail.  $PARLEY_FAULT_COUNT is a file that holds the count, $PARLEY_FAULT_TRACE one that is told each
 * call.  Where $PARLEY_FAULT_DEAF is set, no sync makes anything durable: what looks must notice.  SQLite's shared
 * memory (-shm) is no part of what it keeps, and left alone.  $PARLEY_LATER sets the clock ahead by so many days. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SECTOR = 512, FILES_MAX = 4096, NAMES_MAX = 65536 };
enum bad { COUNT, KILL, LOST, TORN, EIO_ONCE, FULL, SHORT };
enum change { MADE, GONE, MOVED };

struct sector {
    uint64_t at;
    uint8_t bytes[SECTOR];
};

struct file { /* what of it is not synced */
    dev_t device;
    ino_t number;
    int handle; /* never closed: with a close of any descriptor, the process's locks on the file would go */
    bool dirty;
    uint64_t size; /* at the last sync */
    struct sector *sectors;
    size_t count, room;
};

struct name { /* a change of a folder that is not synced */
    enum change change;
    char path[PATH_SIZE], other[PATH_SIZE]; /* `other`: where it came from, or where what was replaced is kept */
    char kept[PATH_SIZE];
};

static struct {
    pthread_mutex_t lock;
    bool on, deaf, folder_made;
    enum bad bad;
    uint64_t at, seed;
    volatile uint64_t *count;
    int trace;
    char under[PATH_SIZE], away[PATH_SIZE], stash[PATH_SIZE];
    struct file files[FILES_MAX];
    size_t file_count, stashed;
    struct name *names;
    size_t name_count;
} layer = {.lock = PTHREAD_MUTEX_INITIALIZER, .trace = -1};

/* ---- the real calls */

static int real_open(const char *path, int flags, mode_t mode) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
static ssize_t real_pwrite(int file, const void *from, size_t size, uint64_t at) {
    return syscall(SYS_pwrite64, file, from, size, at);
}
static int real_rename(const char *from, const char *to) { return (int)syscall(SYS_rename, from, to); }
static int real_unlink(const char *path) { return (int)syscall(SYS_unlink, path); }
static int real_link(const char *from, const char *to) { return (int)syscall(SYS_link, from, to); }

static _Noreturn void give_up(const char *why) {
    fprintf(stderr, "layer: %s\n", why);
    abort();
}

/* ---- starting */

__attribute__((constructor)) static void begin(void) {
    static const char *const words[] = {"count", "kill", "lost", "torn", "eio", "full", "short"};
    const char *said = getenv("PARLEY_FAULT"), *under = getenv("PARLEY_FAULT_UNDER"), *away;
    const char *counted = getenv("PARLEY_FAULT_COUNT"), *trace = getenv("PARLEY_FAULT_TRACE");
    char word[16] = "";
    unsigned long long at = 0, seed = 0;
    if (!said || !under || !counted) return;
    if (sscanf(said, "%15s %llu %llu", word, &at, &seed) < 1) give_up("PARLEY_FAULT says nothing");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(word, words[i])) layer.bad = (enum bad)i, layer.on = true;
    if (!layer.on) give_up("no such fault");
    layer.deaf = getenv("PARLEY_FAULT_DEAF") != NULL;
    layer.at = at;
    layer.seed = seed * 2 + 1;
    snprintf(layer.under, sizeof layer.under, "%s/", under);
    away = getenv("PARLEY_FAULT_AWAY");
    if (away) snprintf(layer.away, sizeof layer.away, "%s/", away);
    snprintf(layer.stash, sizeof layer.stash, "%.4000s.stash-%ld", under, (long)getpid());
    int file = real_open(counted, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void *map = MAP_FAILED;
    if (file >= 0 && !syscall(SYS_ftruncate, file, sizeof *layer.count))
        map = mmap(NULL, sizeof *layer.count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) give_up("the count can't be kept");
    layer.count = map;
    if (trace) layer.trace = real_open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    layer.names = mmap(NULL, NAMES_MAX * sizeof *layer.names, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (layer.names == MAP_FAILED) give_up("no memory");
}

/* ---- which paths */

static bool starts(const char *path, const char *with) { return *with && !strncmp(path, with, strlen(with)); }

static bool counts(const char *path) {
    size_t size = strlen(path);
    return layer.on && starts(path, layer.under) && !(size > 4 && !strcmp(path + size - 4, "-shm"));
}

static bool is_under_itself(const char *path) {
    size_t size = strlen(path);
    return size + 1 == strlen(layer.under) && !strncmp(path, layer.under, size);
}

/* The path from the root, without `.`; links are not looked at. */
static const char *whole(const char *path, char out[static PATH_SIZE]) {
    char here[PATH_SIZE] = "";
    if (*path != '/' && !getcwd(here, sizeof here)) return path;
    while (!strncmp(path, "./", 2)) path += 2;
    int size = snprintf(out, PATH_SIZE, "%s%s%s", here, *path == '/' ? "" : "/", path);
    return size > 0 && size < PATH_SIZE ? out : path;
}

static const char *path_of(int file, char out[static PATH_SIZE]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, out, PATH_SIZE - 1);
    out[size > 0 ? size : 0] = 0;
    return out;
}

static const char *parent(const char *path, char out[static PATH_SIZE]) {
    snprintf(out, PATH_SIZE, "%s", path);
    return dirname(out);
}

/* ---- bytes that are not synced */

static bool keeps(const char *path) {
    return (layer.bad == COUNT || layer.bad == LOST || layer.bad == TORN) && !starts(path, layer.away);
}

static struct file *find_file(int file, bool make) {
    struct stat about;
    if (fstat(file, &about) || !S_ISREG(about.st_mode)) return NULL;
    for (size_t i = 0; i < layer.file_count; i++)
        if (layer.files[i].device == about.st_dev && layer.files[i].number == about.st_ino) return &layer.files[i];
    if (!make) return NULL;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int handle = real_open(link, O_RDWR | O_CLOEXEC, 0);
    if (handle < 0 || layer.file_count == FILES_MAX) give_up("a file can't be followed");
    struct file *f = &layer.files[layer.file_count++];
    *f = (struct file){.device = about.st_dev, .number = about.st_ino, .handle = handle};
    return f;
}

static void soil(struct file *f) {
    struct stat about;
    if (f->dirty || fstat(f->handle, &about)) return;
    f->dirty = true;
    f->size = (uint64_t)about.st_size;
}

static void keep_sector(struct file *f, uint64_t at) {
    for (size_t i = 0; i < f->count; i++)
        if (f->sectors[i].at == at) return;
    if (f->count == f->room) {
        f->room = f->room ? f->room * 2 : 64;
        f->sectors = realloc(f->sectors, f->room * sizeof *f->sectors);
        if (!f->sectors) give_up("no memory");
    }
    struct sector *s = &f->sectors[f->count++];
    *s = (struct sector){.at = at};
    if (pread(f->handle, s->bytes, SECTOR, (off_t)(at * SECTOR)) < 0) give_up("a file can't be read");
}

/* Before bytes change: what stands there now, where that is what a sync left. */
static void keep_bytes(int file, uint64_t from, uint64_t size) {
    char path[PATH_SIZE];
    if (!keeps(path_of(file, path))) return;
    struct file *f = find_file(file, true);
    if (!f) return;
    soil(f);
    for (uint64_t at = from / SECTOR; size && at <= (from + size - 1) / SECTOR; at++) keep_sector(f, at);
}

static void keep_cut(int file, uint64_t size) {
    struct stat about;
    if (fstat(file, &about)) return;
    uint64_t now = (uint64_t)about.st_size;
    keep_bytes(file, size, now > size ? now - size : 0);
}

static void forget_bytes(struct file *f) {
    f->dirty = false;
    f->count = 0;
}

/* ---- names that are not synced */

static void keep_name(enum change change, const char *path, const char *other, const char *kept) {
    if (!keeps(path)) return;
    if (layer.name_count == NAMES_MAX) give_up("more changes than expected");
    struct name *n = &layer.names[layer.name_count++];
    n->change = change;
    snprintf(n->path, sizeof n->path, "%s", path);
    snprintf(n->other, sizeof n->other, "%s", other);
    snprintf(n->kept, sizeof n->kept, "%s", kept);
}

/* A second name for what is about to lose its own. */
static const char *stash(const char *path, char out[static PATH_SIZE]) {
    *out = 0;
    if (!keeps(path) || access(path, F_OK)) return out;
    if (!layer.folder_made) layer.folder_made = !syscall(SYS_mkdir, layer.stash, 0700);
    snprintf(out, PATH_SIZE, "%.4000s/%zu", layer.stash, layer.stashed++);
    if (real_link(path, out)) give_up("a name can't be kept");
    return out;
}

static void forget_names(const char *folder) {
    char above[PATH_SIZE];
    size_t left = 0;
    for (size_t i = 0; i < layer.name_count; i++)
        if (folder && strcmp(parent(layer.names[i].path, above), folder) != 0) layer.names[left++] = layer.names[i];
    layer.name_count = left;
}

/* ---- the power fails */

static uint64_t draw(void) {
    layer.seed ^= layer.seed << 13;
    layer.seed ^= layer.seed >> 7;
    layer.seed ^= layer.seed << 17;
    return layer.seed * 0x2545f4914f6cdd1du >> 33;
}

static bool loses(void) { return layer.bad == LOST || draw() % 2; }

static void lose_bytes(const struct file *f) {
    struct stat about;
    if (!f->dirty || fstat(f->handle, &about)) return;
    uint64_t size = loses() ? f->size : (uint64_t)about.st_size;
    for (size_t i = 0; i < f->count; i++)
        if (loses()) (void)!real_pwrite(f->handle, f->sectors[i].bytes, SECTOR, f->sectors[i].at * SECTOR);
    (void)!syscall(SYS_ftruncate, f->handle, size);
}

static void lose_name(const struct name *n) {
    char out[PATH_SIZE];
    if (n->change == MOVED) (void)!real_rename(n->path, n->other);
    if (n->change == MADE && real_unlink(n->path) && errno == EISDIR) {
        if (!layer.folder_made) layer.folder_made = !syscall(SYS_mkdir, layer.stash, 0700);
        snprintf(out, sizeof out, "%.4000s/%zu", layer.stash, layer.stashed++);
        (void)!real_rename(n->path, out); /* a folder, and what is in it */
    }
    if (n->change == GONE && !*n->kept) (void)!syscall(SYS_mkdir, n->path, 0700);
    if (n->change != MADE && *n->kept) (void)!real_link(n->kept, n->path);
}

static _Noreturn void die(void) {
    if (layer.bad == LOST || layer.bad == TORN) {
        size_t stays = layer.bad == TORN && layer.name_count ? draw() % (layer.name_count + 1) : 0;
        for (size_t i = 0; i < layer.file_count; i++) lose_bytes(&layer.files[i]);
        for (size_t i = layer.name_count; i > stays; i--) lose_name(&layer.names[i - 1]);
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* At the end of a command that did all it was asked: what a power failure would still take. */
__attribute__((destructor)) static void end(void) {
    char path[PATH_SIZE];
    if (!layer.on || layer.bad != COUNT || layer.trace < 0) return;
    for (size_t i = 0; i < layer.file_count; i++) {
        path_of(layer.files[i].handle, path);
        if (layer.files[i].dirty && counts(path) && !strstr(path, " (deleted)"))
            dprintf(layer.trace, "not synced: bytes of %s\n", path);
    }
    for (size_t i = 0; i < layer.name_count; i++)
        dprintf(layer.trace, "not synced: %s %s\n", layer.names[i].change == GONE ? "removal of" : "name of",
                layer.names[i].path);
}

/* ---- a call that changes something */

enum verdict { GO, HALF, HALF_AND_DIE, FAIL };

/* `writes`: it can be done by half; `grows`: it needs space. */
static enum verdict judge(const char *call, const char *path, bool writes, bool grows) {
    uint64_t now = __atomic_add_fetch(layer.count, 1, __ATOMIC_SEQ_CST);
    if (layer.trace >= 0) dprintf(layer.trace, "%llu %s %s\n", (unsigned long long)now, call, path);
    if (layer.bad == SHORT) return writes ? HALF : GO;
    if (layer.bad == FULL && now >= layer.at && grows) {
        errno = ENOSPC;
        return writes && now == layer.at ? HALF : FAIL;
    }
    if (now != layer.at || layer.bad == COUNT || layer.bad == FULL) return GO;
    errno = EIO;
    if (layer.bad == EIO_ONCE) return FAIL;
    if (writes) return HALF_AND_DIE;
    die();
}

#define PUBLIC __attribute__((visibility("default")))
#define LOCKED(result, expression)                                                                                     \
    do {                                                                                                               \
        pthread_mutex_lock(&layer.lock);                                                                               \
        result = (expression);                                                                                         \
        pthread_mutex_unlock(&layer.lock);                                                                             \
    } while (0)

static ssize_t write_at(const char *call, int file, const void *from, size_t size, int64_t at) {
    char path[PATH_SIZE];
    bool ours = layer.on && counts(path_of(file, path));
    enum verdict v = ours && size ? judge(call, path, true, true) : GO;
    if (v == FAIL) return -1;
    size_t count = v == GO || size == 1 ? size : size / 2;
    if (ours) keep_bytes(file, (uint64_t)(at < 0 ? lseek(file, 0, SEEK_CUR) : at), count);
    ssize_t got = at < 0 ? syscall(SYS_write, file, from, count) : real_pwrite(file, from, count, (uint64_t)at);
    if (v == HALF_AND_DIE) die();
    return got;
}

PUBLIC ssize_t write(int file, const void *from, size_t size) {
    ssize_t got;
    LOCKED(got, write_at("write", file, from, size, -1));
    return got;
}

PUBLIC ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) {
    ssize_t got;
    LOCKED(got, write_at("pwrite", file, from, size, at));
    return got;
}

static int cut(int file, off64_t size) {
    char path[PATH_SIZE];
    if (layer.on && counts(path_of(file, path))) {
        if (judge("ftruncate", path, false, false) == FAIL) return -1;
        keep_cut(file, (uint64_t)size);
    }
    return (int)syscall(SYS_ftruncate, file, size);
}

PUBLIC int ftruncate64(int file, off64_t size) {
    int got;
    LOCKED(got, cut(file, size));
    return got;
}

static int sync_one(const char *call, int file, int number) {
    char path[PATH_SIZE];
    struct stat about;
    if (layer.on && (counts(path_of(file, path)) || is_under_itself(path))) {
        if (judge(call, path, false, false) == FAIL) return -1;
        struct file *f = find_file(file, false);
        if (f && !layer.deaf) forget_bytes(f);
        if (!layer.deaf && !fstat(file, &about) && S_ISDIR(about.st_mode)) forget_names(path);
    }
    return (int)syscall(number, file);
}

PUBLIC int fsync(int file) {
    int got;
    LOCKED(got, sync_one("fsync", file, SYS_fsync));
    return got;
}

PUBLIC int fdatasync(int file) {
    int got;
    LOCKED(got, sync_one("fdatasync", file, SYS_fdatasync));
    return got;
}

static int sync_all(int file) {
    char path[PATH_SIZE];
    if (!layer.on || !counts(path_of(file, path))) return (int)syscall(SYS_syncfs, file);
    if (judge("syncfs", path, false, false) == FAIL) return -1;
    if (!keeps(path) || layer.deaf) return 0;
    for (size_t i = 0; i < layer.file_count; i++) forget_bytes(&layer.files[i]);
    forget_names(NULL);
    return 0; /* the machine's other files are nobody's business here */
}

PUBLIC int syncfs(int file) {
    int got;
    LOCKED(got, sync_all(file));
    return got;
}

static int open_any(const char *given, int flags, mode_t mode) {
    char path[PATH_SIZE];
    whole(given, path);
    bool nameless = (flags & O_TMPFILE) == O_TMPFILE, there = !nameless && !access(path, F_OK);
    bool makes = nameless || (flags & O_CREAT && !there), cuts = there && flags & O_TRUNC;
    if (!counts(path) || !(makes || cuts)) return real_open(given, flags, mode);
    if (judge(makes ? "open, new" : "open, cut", path, false, makes) == FAIL) return -1;
    if (cuts) {
        int file = real_open(given, O_RDWR | O_CLOEXEC, 0);
        if (file >= 0) keep_cut(file, 0), syscall(SYS_close, file);
    }
    int got = real_open(given, flags, mode);
    if (got >= 0 && makes && !nameless) keep_name(MADE, path, "", "");
    return got;
}

PUBLIC int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int got;
    LOCKED(got, open_any(path, flags, mode));
    return got;
}

static int move(const char *from, const char *to) {
    char a[PATH_SIZE], b[PATH_SIZE], kept[PATH_SIZE] = "";
    if (!counts(whole(to, b)) || access(from, F_OK)) return real_rename(from, to);
    if (judge("rename", b, false, true) == FAIL) return -1;
    whole(from, a);
    bool same = !strcmp(a, b);
    if (!same) stash(b, kept);
    int got = real_rename(from, to);
    if (!got && !same) keep_name(MOVED, b, a, kept);
    return got;
}

PUBLIC int rename(const char *from, const char *to) {
    int got;
    LOCKED(got, move(from, to));
    return got;
}

static int take_away(const char *given, bool folder) {
    char path[PATH_SIZE], kept[PATH_SIZE] = "";
    int number = folder ? SYS_rmdir : SYS_unlink;
    if (!counts(whole(given, path)) || access(path, F_OK)) return (int)syscall(number, given);
    if (judge(folder ? "rmdir" : "unlink", path, false, false) == FAIL) return -1;
    if (!folder) stash(path, kept);
    int got = (int)syscall(number, given);
    if (!got) keep_name(GONE, path, "", kept);
    return got;
}

PUBLIC int unlink(const char *path) {
    int got;
    LOCKED(got, take_away(path, false));
    return got;
}

PUBLIC int rmdir(const char *path) {
    int got;
    LOCKED(got, take_away(path, true));
    return got;
}

PUBLIC int remove(const char *path) {
    struct stat about;
    bool folder = !lstat(path, &about) && S_ISDIR(about.st_mode);
    return folder ? rmdir(path) : unlink(path);
}

static int name_again(int from_folder, const char *from, const char *to, int flags) {
    char path[PATH_SIZE];
    bool ours = counts(whole(to, path)) && access(path, F_OK);
    if (ours && judge("link", path, false, true) == FAIL) return -1;
    int got = (int)syscall(SYS_linkat, from_folder, from, AT_FDCWD, to, flags);
    if (ours && !got) keep_name(MADE, path, "", "");
    return got;
}

PUBLIC int link(const char *from, const char *to) {
    int got;
    LOCKED(got, name_again(AT_FDCWD, from, to, 0));
    return got;
}

PUBLIC int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    int got;
    if (to_folder != AT_FDCWD) give_up("linkat from a folder");
    LOCKED(got, name_again(from_folder, from, to, flags));
    return got;
}

static int make_folder(const char *given, mode_t mode) {
    char path[PATH_SIZE];
    bool ours = counts(whole(given, path)) && access(path, F_OK);
    if (ours && judge("mkdir", path, false, true) == FAIL) return -1;
    int got = (int)syscall(SYS_mkdir, given, mode);
    if (ours && !got) keep_name(MADE, path, "", "");
    return got;
}

PUBLIC int mkdir(const char *path, mode_t mode) {
    int got;
    LOCKED(got, make_folder(path, mode));
    return got;
}

/* ---- the clock */

PUBLIC int clock_gettime(clockid_t clock, struct timespec *out) {
    const char *days = getenv("PARLEY_LATER");
    int result = (int)syscall(SYS_clock_gettime, clock, out);
    if (!result && clock == CLOCK_REALTIME && days) out->tv_sec += strtol(days, NULL, 10) * 86400;
    return result;
}

/* SQLite on the simulated disks: a VFS, registered as the default one. */
#include "vfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/error.h"
#include "disk.h"

enum { SHARED_MAX = 64 };

struct sim_file {
    sqlite3_file base;
    struct disk *disk;
    struct disk_file *file;
    bool fresh; /* its name is synced with it at the first sync, as SQLite's own VFS does */
    char folder[DISK_PATH_MAX];
};

static struct sim_file *of(sqlite3_file *f) { return (struct sim_file *)f; }

static int code_of(int failed, int otherwise) {
    return !failed ? SQLITE_OK : failed == ENOSPC ? SQLITE_FULL : otherwise;
}

static int sim_close(sqlite3_file *f) {
    disk_close(of(f)->file);
    return SQLITE_OK;
}

static int sim_read(sqlite3_file *f, void *to, int size, sqlite3_int64 at) {
    if (of(f)->disk->dead) return SQLITE_IOERR_READ;
    size_t got = disk_read(of(f)->file, to, (size_t)size, (size_t)at);
    if (got == (size_t)size) return SQLITE_OK;
    memset((char *)to + got, 0, (size_t)size - got);
    return SQLITE_IOERR_SHORT_READ;
}

/* Where the disk fails, some of it may have been written. */
static int sim_write(sqlite3_file *f, const void *from, int size, sqlite3_int64 at) {
    bool was_dead = of(f)->disk->dead;
    int failed = disk_step(of(f)->disk, true);
    size_t count = failed ? (size_t)size / 2 : (size_t)size;
    if (!was_dead) disk_write(of(f)->file, from, count, (size_t)at);
    return code_of(failed, SQLITE_IOERR_WRITE);
}

static int sim_truncate(sqlite3_file *f, sqlite3_int64 size) {
    int failed = disk_step(of(f)->disk, false);
    if (!failed) disk_truncate(of(f)->file, (size_t)size);
    return code_of(failed, SQLITE_IOERR_TRUNCATE);
}

static int sim_sync(sqlite3_file *f, int flags) {
    (void)flags;
    int failed = disk_step(of(f)->disk, false);
    if (!failed) failed = disk_sync_step(of(f)->disk, of(f)->file);
    if (failed) return SQLITE_IOERR_FSYNC;
    disk_sync(of(f)->disk, of(f)->file);
    if (of(f)->fresh) disk_sync_names(of(f)->disk, of(f)->folder);
    of(f)->fresh = false;
    return SQLITE_OK;
}

static int sim_size(sqlite3_file *f, sqlite3_int64 *size) {
    *size = (sqlite3_int64)of(f)->file->size;
    return SQLITE_OK;
}

/* One connection a database: nobody to lock out. */
static int sim_lock(sqlite3_file *f, int kind) { return (void)f, (void)kind, SQLITE_OK; }
static int sim_reserved(sqlite3_file *f, int *out) { return (void)f, *out = 0, SQLITE_OK; }
static int sim_control(sqlite3_file *f, int op, void *arg) { return (void)f, (void)op, (void)arg, SQLITE_NOTFOUND; }
static int sim_sector(sqlite3_file *f) { return (void)f, DISK_SECTOR; }
/* As SQLite takes it of any disk: a sector is written whole or not, and those beside it stay as they are. */
static int sim_traits(sqlite3_file *f) { return (void)f, SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
static int sim_shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return (void)f, (void)at, (void)n, (void)flags, SQLITE_OK;
}
static void sim_shm_barrier(sqlite3_file *f) { (void)f; }

static int sim_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out) {
    struct disk_file *file = of(f)->file;
    *out = NULL;
    if (region >= SHARED_MAX) return SQLITE_NOMEM;
    if (!file->shared) file->shared = calloc(SHARED_MAX, sizeof *file->shared);
    ASSERT(file->shared);
    while (extend && file->shared_count <= (size_t)region)
        if (!(file->shared[file->shared_count++] = calloc(1, (size_t)size))) return SQLITE_NOMEM;
    if ((size_t)region < file->shared_count) *out = file->shared[region];
    return SQLITE_OK;
}

static int sim_shm_unmap(sqlite3_file *f, int removes) {
    (void)removes; /* the only connection is gone: whoever comes next makes it anew */
    disk_forget_shared(of(f)->file);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = sim_close,
    .xRead = sim_read,
    .xWrite = sim_write,
    .xTruncate = sim_truncate,
    .xSync = sim_sync,
    .xFileSize = sim_size,
    .xLock = sim_lock,
    .xUnlock = sim_lock,
    .xCheckReservedLock = sim_reserved,
    .xFileControl = sim_control,
    .xSectorSize = sim_sector,
    .xDeviceCharacteristics = sim_traits,
    .xShmMap = sim_shm_map,
    .xShmLock = sim_shm_lock,
    .xShmBarrier = sim_shm_barrier,
    .xShmUnmap = sim_shm_unmap,
};

static void folder_of(const char *path, char out[static DISK_PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    size_t size = slash ? (size_t)(slash - path) : 0;
    ASSERT(size < DISK_PATH_MAX);
    memcpy(out, path, size);
    out[size] = 0;
}

static int sim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags) {
    struct sim_file *file = of(f);
    (void)vfs;
    file->base.pMethods = NULL;
    file->disk = name ? disk_of_path(name) : NULL; /* a temporary file has no name: there are none, for want of need */
    if (!file->disk || file->disk->dead) return SQLITE_CANTOPEN;
    file->file = disk_find(file->disk, name);
    file->fresh = flags & SQLITE_OPEN_CREATE && flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL);
    folder_of(name, file->folder);
    if (!file->file) {
        if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
        int failed = disk_step(file->disk, true);
        if (failed) return code_of(failed, SQLITE_CANTOPEN);
        file->file = disk_make(file->disk, name, false);
    }
    disk_open(file->file);
    file->base.pMethods = &methods;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

static int sim_delete(sqlite3_vfs *vfs, const char *name, int sync_folder) {
    char folder[DISK_PATH_MAX];
    struct disk *d = disk_of_path(name);
    (void)vfs;
    if (!d || disk_step(d, false)) return SQLITE_IOERR_DELETE;
    if (!disk_find(d, name)) return SQLITE_IOERR_DELETE_NOENT;
    disk_unlink(d, name);
    folder_of(name, folder);
    if (sync_folder) disk_sync_names(d, folder);
    return SQLITE_OK;
}

static int sim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    struct disk *d = disk_of_path(name);
    (void)vfs, (void)flags;
    if (!d || d->dead) return SQLITE_IOERR_ACCESS;
    *out = disk_find(d, name) != NULL;
    return SQLITE_OK;
}

static int sim_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out) {
    (void)vfs;
    sqlite3_snprintf(room, out, "%s", name);
    return SQLITE_OK;
}

static struct rng chance;

static int sim_randomness(sqlite3_vfs *vfs, int size, char *out) {
    (void)vfs;
    for (int i = 0; i < size; i++) out[i] = (char)rng_next(&chance);
    return size;
}

static int sim_sleep(sqlite3_vfs *vfs, int us) { return (void)vfs, us; }

static int sim_now(sqlite3_vfs *vfs, sqlite3_int64 *now) {
    (void)vfs;
    *now = 2461000LL * 86400000; /* some day: the store asks SQLite for no time */
    return SQLITE_OK;
}

static int sim_now_days(sqlite3_vfs *vfs, double *now) { return (void)vfs, *now = 2461000, SQLITE_OK; }
static int sim_last_error(sqlite3_vfs *vfs, int size, char *out) { return (void)vfs, (void)size, (void)out, 0; }

void vfs_begin(uint64_t seed) {
    static sqlite3_vfs vfs = {
        .iVersion = 2,
        .szOsFile = sizeof(struct sim_file),
        .mxPathname = DISK_PATH_MAX,
        .zName = "sim",
        .xOpen = sim_open,
        .xDelete = sim_delete,
        .xAccess = sim_access,
        .xFullPathname = sim_full_path,
        .xRandomness = sim_randomness,
        .xSleep = sim_sleep,
        .xCurrentTime = sim_now_days,
        .xGetLastError = sim_last_error,
        .xCurrentTimeInt64 = sim_now,
    };
    if (!sqlite3_vfs_find("sim")) {
        sqlite3_shutdown(); /* a store is used by one thread at a time, and nobody asks how much memory is in use */
        ASSERT(sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK);
        ASSERT(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
    }
    if (!sqlite3_vfs_find("sim")) ASSERT(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
    chance.state = seed;
    sqlite3_randomness(0, NULL); /* SQLite seeds its own generator anew, from here */
}

/* A disk that fails: every write, sync or growth of the database in turn fails once, or from then on.  What was
 * acknowledged before is there afterwards, whole, and the store goes on. */
#include "unit.h"

#include <sqlite3.h>
#include <stdio.h>

#include "store/store.h"

/* ---- a VFS around the default one */

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real;
    bool wal;
};

static struct {
    uint64_t count, fail_at; /* operations so far, and the one that fails; 0: none */
    bool for_ever;           /* and all after it, as on a full disk */
    unsigned wal_syncs;
} fault;

static int now_fails(int code) {
    fault.count++;
    if (!fault.fail_at || fault.count < fault.fail_at) return SQLITE_OK;
    return fault.count == fault.fail_at || fault.for_ever ? code : SQLITE_OK;
}

static sqlite3_file *real(sqlite3_file *f) { return ((struct faulty_file *)f)->real; }

static int faulty_close(sqlite3_file *f) {
    int code = real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;
    sqlite3_free(real(f));
    return code;
}
static int faulty_read(sqlite3_file *f, void *to, int size, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), to, size, at);
}
static int faulty_write(sqlite3_file *f, const void *from, int size, sqlite3_int64 at) {
    int code = now_fails(SQLITE_FULL);
    return code ? code : real(f)->pMethods->xWrite(real(f), from, size, at);
}
static int faulty_truncate(sqlite3_file *f, sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); }
static int faulty_sync(sqlite3_file *f, int flags) {
    int code = now_fails(SQLITE_IOERR_FSYNC);
    if (!code) fault.wal_syncs += ((struct faulty_file *)f)->wal;
    return code ? code : real(f)->pMethods->xSync(real(f), flags);
}
static int faulty_size(sqlite3_file *f, sqlite3_int64 *size) { return real(f)->pMethods->xFileSize(real(f), size); }
static int faulty_lock(sqlite3_file *f, int kind) { return real(f)->pMethods->xLock(real(f), kind); }
static int faulty_unlock(sqlite3_file *f, int kind) { return real(f)->pMethods->xUnlock(real(f), kind); }
static int faulty_reserved(sqlite3_file *f, int *out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
static int faulty_control(sqlite3_file *f, int op, void *arg) {
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}
static int faulty_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int faulty_traits(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
static int faulty_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
static int faulty_shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}
static void faulty_shm_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int faulty_shm_unmap(sqlite3_file *f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_reserved,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector,
    .xDeviceCharacteristics = faulty_traits,
    .xShmMap = faulty_shm_map,
    .xShmLock = faulty_shm_lock,
    .xShmBarrier = faulty_shm_barrier,
    .xShmUnmap = faulty_shm_unmap,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags) {
    sqlite3_vfs *under = vfs->pAppData;
    struct faulty_file *file = (struct faulty_file *)f;
    file->base.pMethods = NULL;
    file->real = sqlite3_malloc(under->szOsFile);
    file->wal = flags & SQLITE_OPEN_WAL;
    if (!file->real) return SQLITE_NOMEM;
    int code = under->xOpen(under, name, file->real, flags, out_flags);
    if (code)
        sqlite3_free(file->real);
    else
        file->base.pMethods = &methods;
    return code;
}

static int register_vfs(void **state) {
    (void)state;
    static sqlite3_vfs vfs;
    sqlite3_vfs *under = sqlite3_vfs_find(NULL);
    vfs = *under;
    vfs.zName = "faulty";
    vfs.szOsFile = sizeof(struct faulty_file);
    vfs.pAppData = under;
    vfs.xOpen = faulty_open;
    return sqlite3_vfs_register(&vfs, 0);
}

/* ---- the test */

enum { ENTRIES = 12, FAULTS = 120 };

struct kit {
    struct store *store;
    int64_t channel, record;
};

static void open_kit(struct kit *k, const char *folder, const char *vfs) {
    struct store_options o = {.folder = folder, .vfs = vfs};
    struct arena a = {0};
    struct channel c, *list;
    size_t count;
    assert_int_equal(store_open(&o, &k->store, NULL), OK);
    assert_int_equal(store_channels(k->store, &a, &list, &count, NULL), OK);
    if (!count) {
        c = (struct channel){.own_party = TEXT("north"), .party = TEXT("south"), .number = 1};
        c.of[SIDE_OWN].name = TEXT("north/to/south/1");
        c.of[SIDE_OWN].origin = TEXT("parley/x");
        assert_int_equal(store_add_channel(k->store, &c, &k->channel, NULL), OK);
        assert_int_equal(store_channels(k->store, &a, &list, &count, NULL), OK);
    }
    k->channel = list[0].id;
    k->record = list[0].of[SIDE_OWN].id;
    arena_free(&a);
}

static enum error append(struct kit *k, uint64_t index) {
    static uint8_t content[5000];
    struct sha256 sha;
    memcpy(content, &index, sizeof index);
    enum error result = store_begin(k->store, NULL);
    if (result) return result;
    result = store_put_blob(k->store, k->channel, SIDE_OWN, bytes_of(content, sizeof content), &sha, NULL);
    if (!result) result = store_add_leaf(k->store, k->record, index, sha256_bytes(&sha), NULL);
    return store_end(k->store, result, NULL);
}

/* All leaves up to the size, their blobs, and the root over them. */
static uint64_t check_whole(struct kit *k) {
    struct arena a = {0};
    struct tree tree = {0};
    struct bytes *leaves;
    size_t got;
    uint64_t size;
    struct sha256 root;
    assert_int_equal(store_size(k->store, k->record, &size, NULL), OK);
    assert_int_equal(store_leaves(k->store, k->record, 0, UINT64_MAX, UINT64_MAX, &a, &leaves, &got, NULL), OK);
    assert_int_equal(got, size);
    for (size_t i = 0; i < got; i++) {
        struct blob_about about;
        struct sha256 sha;
        memcpy(sha.at, leaves[i].at, SHA256_SIZE);
        assert_int_equal(store_blob_about(k->store, k->channel, sha, &about, NULL), OK);
        assert_int_equal(about.state, BLOB_HELD);
        tree_add(&tree, tree_leaf_hash(leaves[i]));
    }
    assert_int_equal(store_root(k->store, k->record, size, &root, NULL), OK);
    assert_true(sha256_equal(root, tree_root_at(&tree, size)));
    tree_free(&tree);
    arena_free(&a);
    return size;
}

static void run_with_fault(uint64_t fail_at, bool for_ever) {
    char folder[] = "parley-fault-XXXXXX", command[64];
    struct kit k;
    uint64_t acknowledged = 0;
    assert_non_null(mkdtemp(folder));
    fault.fail_at = 0;
    open_kit(&k, folder, "faulty");
    fault.count = 0;
    fault.fail_at = fail_at;
    fault.for_ever = for_ever;
    for (unsigned i = 0; i < ENTRIES; i++) {
        uint64_t index;
        assert_int_equal(store_size(k.store, k.record, &index, NULL), OK);
        enum error result = append(&k, index);
        assert_true(result == OK || result == ERR_FULL || result == ERR_IO);
        if (!result) acknowledged = index + 1;
    }
    assert_true(for_ever || acknowledged >= ENTRIES - 1);
    store_close(k.store);
    fault.fail_at = 0;
    open_kit(&k, folder, NULL);
    assert_true(check_whole(&k) >= acknowledged);
    assert_int_equal(append(&k, check_whole(&k)), OK);
    store_close(k.store);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static void one_failure_loses_nothing(void **state) {
    (void)state;
    for (uint64_t at = 1; at <= FAULTS; at++) run_with_fault(at, false);
}

static void a_full_disk_loses_nothing(void **state) {
    (void)state;
    for (uint64_t at = 1; at <= FAULTS; at += 3) run_with_fault(at, true);
}

/* A process that is killed leaves commits in the memory of the system, perhaps of a sync that failed: whoever opens the
 * store reads them, so they are synced before anything rests on them. */
static void what_a_killed_process_left_is_synced_first(void **state) {
    (void)state;
    char folder[] = "parley-fault-XXXXXX", left[] = "parley-fault-XXXXXX", command[128];
    struct kit k;
    assert_non_null(mkdtemp(folder));
    assert_non_null(mkdtemp(left));
    open_kit(&k, folder, NULL);
    assert_int_equal(append(&k, 0), OK);
    snprintf(command, sizeof command, "cp %s/parley.db %s/parley.db-wal %s", folder, folder, left);
    assert_int_equal(system(command), 0);
    store_close(k.store);
    fault.wal_syncs = 0;
    open_kit(&k, left, "faulty");
    assert_true(fault.wal_syncs > 0);
    store_close(k.store);
    snprintf(command, sizeof command, "rm -rf %s %s", folder, left);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_failure_loses_nothing),
                                       cmocka_unit_test(a_full_disk_loses_nothing),
                                       cmocka_unit_test(what_a_killed_process_left_is_synced_first)};
    return cmocka_run_group_tests(tests, register_vfs, NULL);
}

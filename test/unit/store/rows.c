/* Long records: entries and hashes that lie in bundles and tiles, wherever runs begin and end. */
#include "unit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "store/mend.h"
#include "store/store.h"
#include "tlog/tile.h"

enum { LONG = 66000, RUN_MAX = 4096 };

struct kit {
    struct store *store;
    struct tree tree; /* what the store should say */
    char folder[64];  /* empty: in memory */
    int64_t record;
    size_t leaf_bytes;
    struct arena arena;
    struct diag diag;
};

static void must(struct kit *k, enum error result) {
    if (result) fprintf(stderr, "%s: %s\n", error_name(result), k->diag.text);
    assert_int_equal(result, OK);
}

static void open_store(struct kit *k) {
    struct store_options o = {.folder = k->folder[0] ? k->folder : NULL};
    must(k, store_open(&o, &k->store, &k->diag));
}

static void start(struct kit *k, bool on_disk) {
    struct channel c = {.own_party = TEXT("cert.north.example"),
                        .party = TEXT("cert.south.example"),
                        .number = 1,
                        .limits = CHANNEL_LIMITS_DEFAULT};
    int64_t id;
    *k = (struct kit){.leaf_bytes = 20};
    if (on_disk) {
        strcpy(k->folder, "parley-rows-XXXXXX");
        assert_non_null(mkdtemp(k->folder));
    }
    open_store(k);
    c.of[SIDE_OWN] = (struct channel_record){.name = TEXT("north/to/south/1"), .root = TEXT("a root")};
    c.of[SIDE_OWN].origin = channel_origin(c.of[SIDE_OWN].name, c.of[SIDE_OWN].secret, &k->arena);
    must(k, store_add_channel(k->store, &c, &id, &k->diag));
    must(k, store_channel(k->store, id, &k->arena, &c, &k->diag));
    k->record = c.of[SIDE_OWN].id;
}

static void end(struct kit *k) {
    char command[128];
    store_close(k->store);
    tree_free(&k->tree);
    arena_free(&k->arena);
    snprintf(command, sizeof command, "rm -rf %s", k->folder);
    if (k->folder[0]) assert_int_equal(system(command), 0);
}

/* No entry, so malformed: it is held all the same. */
static struct bytes leaf(const struct kit *k, uint64_t index, struct arena *a) {
    uint8_t *at = arena_take(a, k->leaf_bytes, 1);
    snprintf((char *)at, k->leaf_bytes, "leaf %llu", (unsigned long long)index);
    return bytes_of(at, k->leaf_bytes);
}

static void add(struct kit *k, size_t count) {
    struct arena a = {0};
    struct bytes *leaves = ARENA_ARRAY(&a, struct bytes, count);
    const uint64_t size = k->tree.size;
    for (size_t i = 0; i < count; i++) leaves[i] = leaf(k, size + i, &a);
    must(k, store_add_leaves(k->store, k->record, size, leaves, count, &k->diag));
    tree_add_leaves(&k->tree, leaves, count);
    arena_free(&a);
}

static void grow_to(struct kit *k, uint64_t size) {
    while (k->tree.size < size) add(k, size - k->tree.size < RUN_MAX ? (size_t)(size - k->tree.size) : (size_t)RUN_MAX);
}

static void compare_root(struct kit *k, uint64_t size) {
    struct sha256 root;
    must(k, store_root(k->store, k->record, size, &root, &k->diag));
    assert_true(sha256_equal(root, tree_root_at(&k->tree, size)));
}

static void compare_leaves(struct kit *k, uint64_t from, uint64_t count) {
    struct arena a = {0};
    struct bytes *leaves;
    size_t got;
    const uint64_t size = k->tree.size, due = from >= size ? 0 : size - from < count ? size - from : count;
    must(k, store_leaves(k->store, k->record, from, count, UINT64_MAX, &a, &leaves, &got, &k->diag));
    assert_int_equal(got, due);
    for (size_t i = 0; i < got; i++) {
        struct bytes right = leaf(k, from + i, &a);
        assert_true(leaves[i].size == right.size && !memcmp(leaves[i].at, right.at, right.size));
    }
    arena_free(&a);
}

/* The last hashes of a level, and all of those that are served. */
static void compare_hashes(struct kit *k, unsigned level) {
    struct buf out = {.max = 16 << 20};
    const uint64_t count = k->tree.size >> level;
    const uint64_t from = level % TILE_HEIGHT == 0 || count < 300 ? 0 : count - 300;
    must(k, store_hashes(k->store, k->record, level, from, count - from, &out, &k->diag));
    assert_int_equal(out.size, (count - from) * SHA256_SIZE);
    if (count > from) assert_memory_equal(out.at, k->tree.levels[level] + from, out.size);
    if (count) must(k, store_hashes(k->store, k->record, level, count / 2, 1, &out, &k->diag));
    if (count) assert_memory_equal(out.at + out.size - SHA256_SIZE, &k->tree.levels[level][count / 2], SHA256_SIZE);
    assert_int_equal(store_hashes(k->store, k->record, level, count, 1, &out, NULL), ERR_MISSING);
    buf_free(&out);
}

/* As it is served: of the block that `from` lies in, as far as that is there, and half of it. */
static void compare_bundle(struct kit *k, uint64_t from) {
    const uint64_t block = from / TILE_WIDTH, first = block * TILE_WIDTH;
    const uint64_t left = k->tree.size > first ? k->tree.size - first : 0;
    const unsigned width = left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH, widths[] = {width, (width + 1) / 2};
    for (size_t w = 0; w < COUNT(widths) && width; w++) {
        struct arena a = {0};
        struct buf out = {.max = BUNDLE_MAX_BYTES}, right = {.max = BUNDLE_MAX_BYTES};
        must(k, store_bundle(k->store, k->record, block, widths[w], &out, &k->diag));
        for (uint64_t i = 0; i < widths[w]; i++) must(k, bundle_add(&right, leaf(k, first + i, &a), &k->diag));
        assert_int_equal(out.size, right.size);
        assert_memory_equal(out.at, right.at, right.size);
        buf_free(&out);
        buf_free(&right);
        arena_free(&a);
    }
    struct buf none = {.max = BUNDLE_MAX_BYTES};
    if (width < TILE_WIDTH)
        assert_int_equal(store_bundle(k->store, k->record, block, width + 1, &none, NULL), ERR_MISSING);
    buf_free(&none);
}

static void compare_all(struct kit *k) {
    const uint64_t size = k->tree.size;
    const uint64_t places[] = {0, 1, 255, 256, 257, 300, 511, 512, 65535, 65536, 65537, size};
    uint64_t held;
    must(k, store_size(k->store, k->record, &held, &k->diag));
    assert_int_equal(held, size);
    for (size_t i = 0; i < COUNT(places); i++) {
        if (places[i] <= size) compare_root(k, places[i]);
        compare_leaves(k, places[i], i % 2 ? 1 : 600);
        compare_bundle(k, places[i]);
    }
    for (unsigned level = 0; level < 20; level++) compare_hashes(k, level);
}

static uint64_t count_rows(struct kit *k, const char *sql) {
    sqlite3 *db;
    sqlite3_stmt *statement;
    char path[OS_PATH_MAX];
    assert_int_equal(sqlite3_open(os_path(path, k->folder, "parley.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    uint64_t count = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

static void change(struct kit *k, const char *sql) {
    sqlite3 *db;
    char path[OS_PATH_MAX], *why = NULL;
    assert_int_equal(sqlite3_open(os_path(path, k->folder, "parley.db"), &db), SQLITE_OK);
    int result = sqlite3_exec(db, sql, NULL, NULL, &why);
    if (result) fprintf(stderr, "%s: %s\n", sql, why);
    assert_int_equal(result, SQLITE_OK);
    sqlite3_close(db);
}

/* ---- tests */

static void runs_of_any_length_make_the_same_tree(void **state) {
    (void)state;
    struct kit k;
    static const size_t runs[] = {1, 1, 253, 1, 1, 255, 256, 257, 300, 1000, 3, 2, 1};
    start(&k, false);
    for (size_t i = 0; i < COUNT(runs); i++) {
        add(&k, runs[i]);
        for (uint64_t size = 0; size <= k.tree.size; size += size % 256 < 3 ? 1 : 29) compare_root(&k, size);
    }
    compare_all(&k);
    grow_to(&k, 65535);
    compare_all(&k);
    add(&k, 1);
    compare_all(&k);
    grow_to(&k, LONG);
    compare_all(&k);
    end(&k);
}

static void a_tail_is_taken_off_wherever_it_begins(void **state) {
    (void)state;
    struct kit k;
    static const uint64_t sizes[] = {65900, 65792, 65791, 65536, 65535, 700, 513, 512, 511, 257, 256, 255, 1, 0};
    start(&k, true);
    grow_to(&k, LONG);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct tree tree = k.tree;
        must(&k, store_cut_leaves(k.store, k.record, sizes[i], &k.diag));
        k.tree.size = sizes[i];
        compare_all(&k);
        uint64_t bytes = count_rows(&k, "SELECT bytes FROM record");
        assert_int_equal(bytes, sizes[i] * k.leaf_bytes);
        k.tree = tree; /* and it grows again over the place */
        k.tree.size = sizes[i];
        add(&k, 300);
        compare_all(&k);
    }
    end(&k);
}

static void what_is_there_already_must_be_equal(void **state) {
    (void)state;
    struct kit k;
    struct bytes leaves[3];
    start(&k, false);
    grow_to(&k, 600);
    for (size_t i = 0; i < 3; i++) leaves[i] = leaf(&k, 254 + i, &k.arena);
    must(&k, store_add_leaves(k.store, k.record, 254, leaves, 3, &k.diag));
    assert_int_equal(store_add_leaves(k.store, k.record, 255, leaves, 3, NULL), ERR_CONFLICT);
    leaves[0] = leaf(&k, 599, &k.arena);
    leaves[1] = leaf(&k, 600, &k.arena);
    leaves[2] = leaf(&k, 601, &k.arena);
    must(&k, store_add_leaves(k.store, k.record, 599, leaves, 3, &k.diag));
    tree_add_leaves(&k.tree, leaves + 1, 2);
    compare_all(&k);
    assert_int_equal(store_add_leaves(k.store, k.record, 603, leaves, 1, NULL), ERR_MISSING);
    end(&k);
}

static void large_entries_stay_in_rows_of_their_own(void **state) {
    (void)state;
    struct kit k;
    start(&k, true);
    k.leaf_bytes = 2000;
    grow_to(&k, 300);
    add(&k, 256);
    compare_all(&k);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM leaf"), 556);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM bundle"), 0);
    must(&k, store_cut_leaves(k.store, k.record, 500, &k.diag));
    k.tree.size = 500;
    compare_all(&k);
    end(&k);
}

static void a_long_record_has_few_rows(void **state) {
    (void)state;
    struct kit k;
    start(&k, true);
    for (int i = 0; i < 300; i++) add(&k, 1);
    grow_to(&k, LONG);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM bundle"), LONG / 256);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM leaf"), LONG % 256);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM tile"), LONG / 256 + 1);
    assert_true(count_rows(&k, "SELECT count(*) FROM node") < 2 * 512);
    end(&k);
}

/* As version 1 kept them: each entry and each hash in a row. */
static void write_first_version(struct kit *k) {
    sqlite3 *db;
    sqlite3_stmt *statement;
    char path[OS_PATH_MAX];
    change(k, "DROP TABLE bundle; DROP TABLE tile; DROP INDEX named_attached; DELETE FROM leaf; DELETE FROM node; "
              "PRAGMA user_version = 1");
    assert_int_equal(sqlite3_open(os_path(path, k->folder, "parley.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO leaf VALUES(1, ?, ?)", -1, &statement, NULL), SQLITE_OK);
    for (uint64_t i = 0; i < k->tree.size; i++) {
        struct bytes at = leaf(k, i, &k->arena);
        sqlite3_bind_int64(statement, 1, (int64_t)i);
        sqlite3_bind_blob64(statement, 2, at.at, at.size, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO node VALUES(1, ?, ?, ?)", -1, &statement, NULL), SQLITE_OK);
    for (unsigned level = 0; level < 20; level++) {
        for (uint64_t i = 0; i < k->tree.size >> level; i++) {
            sqlite3_bind_int64(statement, 1, level);
            sqlite3_bind_int64(statement, 2, (int64_t)i);
            sqlite3_bind_blob(statement, 3, k->tree.levels[level][i].at, SHA256_SIZE, SQLITE_STATIC);
            assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
            sqlite3_reset(statement);
        }
    }
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_store_of_the_first_version_is_settled(void **state) {
    (void)state;
    struct kit k;
    start(&k, true);
    grow_to(&k, LONG);
    store_close(k.store);
    write_first_version(&k);
    open_store(&k);
    compare_all(&k);
    assert_int_equal(count_rows(&k, "PRAGMA user_version"), STORE_VERSION);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM bundle"), LONG / 256);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM leaf"), LONG % 256);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM tile"), LONG / 256 + 1);
    assert_true(count_rows(&k, "SELECT count(*) FROM node") < 2 * 512);
    add(&k, 700);
    compare_all(&k);
    end(&k);
}

/* What such a store lacks stays as it is, for fsck to tell, and is made anew where the entries allow it. */
static void a_damaged_store_of_the_first_version_opens(void **state) {
    (void)state;
    struct kit k;
    start(&k, true);
    grow_to(&k, 1000);
    store_close(k.store);
    write_first_version(&k);
    change(&k, "DELETE FROM node WHERE level = 0 AND place = 300; DELETE FROM leaf WHERE place = 700");
    open_store(&k);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM bundle"), 2);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM tile"), 2);
    compare_root(&k, 256);
    must(&k, store_mend_leaf(k.store, k.record, 700, leaf(&k, 700, &k.arena), &k.diag));
    must(&k, store_mend_leaf(k.store, k.record, 20, leaf(&k, 20, &k.arena), &k.diag)); /* of a bundle */
    compare_leaves(&k, 0, 1000);
    must(&k, store_mend_beside(k.store, k.record, &k.diag));
    compare_all(&k);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM bundle"), 3);
    assert_int_equal(count_rows(&k, "SELECT count(*) FROM tile"), 3);
    end(&k);
}

/* A damaged key: the bundle is taken for none, whatever it holds, and its entries for missing ones. */
static void a_bundle_that_begins_elsewhere_is_dropped(void **state) {
    (void)state;
    for (int cut = 0; cut < 2; cut++) {
        struct kit k;
        start(&k, true);
        grow_to(&k, 1000);
        change(&k, cut ? "UPDATE bundle SET place = 300, bytes = x'00' WHERE place = 256"
                       : "UPDATE bundle SET place = 300 WHERE place = 256");
        assert_int_equal(store_mend_beside(k.store, k.record, &k.diag), ERR_MISSING);
        for (uint64_t i = 256; i < 512; i++)
            must(&k, store_mend_leaf(k.store, k.record, i, leaf(&k, i, &k.arena), &k.diag));
        must(&k, store_mend_beside(k.store, k.record, &k.diag));
        compare_all(&k);
        assert_int_equal(count_rows(&k, "SELECT count(*) FROM bundle"), 3);
        end(&k);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_any_length_make_the_same_tree),
        cmocka_unit_test(a_tail_is_taken_off_wherever_it_begins),
        cmocka_unit_test(what_is_there_already_must_be_equal),
        cmocka_unit_test(large_entries_stay_in_rows_of_their_own),
        cmocka_unit_test(a_long_record_has_few_rows),
        cmocka_unit_test(a_store_of_the_first_version_is_settled),
        cmocka_unit_test(a_damaged_store_of_the_first_version_opens),
        cmocka_unit_test(a_bundle_that_begins_elsewhere_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

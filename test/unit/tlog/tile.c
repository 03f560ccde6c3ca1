/* Hashes read from tiles are those of the tree; a frontier has the roots of the tree that it is the edge of. */
#include "unit.h"

#include "tlog/proof.h"
#include "tlog/tile.h"

enum { LEAVES = 66000 }; /* more than 256 * 256: three levels of tiles */

static struct sha256 leaf(uint64_t i) { return tree_leaf_hash(bytes_of(&i, sizeof i)); }

/* Tiles of a tree in memory, as a server has them. */
struct shelf {
    struct tree_reader tree;
    struct buf last;
    size_t short_by; /* bytes that each tile lacks */
};

static enum error get(void *state, const struct tile *t, struct bytes *content, struct diag *d) {
    struct shelf *s = state;
    buf_clear(&s->last);
    enum error result = tile_write(&s->tree, t, &s->last, d);
    if (!result) *content = bytes_of(s->last.at, s->last.size - s->short_by);
    return result;
}

static struct tree *grown(void) {
    static struct tree t;
    while (t.size < LEAVES) tree_add(&t, leaf(t.size));
    return &t;
}

static void hashes_from_tiles_are_those_of_the_tree(void **state) {
    (void)state;
    struct shelf shelf = {.tree = tree_reader(grown()), .last = {.max = TILE_WIDTH * SHA256_SIZE}};
    static const uint64_t sizes[] = {1, 2, 255, 256, 257, 511, 65535, 65536, 65537, LEAVES};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        struct tile_source source = {.get = get, .state = &shelf, .size = sizes[s]};
        struct tree_reader r = tile_reader(&source);
        struct sha256 got, want;
        for (unsigned level = 0; sizes[s] >> level; level++) {
            uint64_t count = sizes[s] >> level, last = count - 1;
            const uint64_t some[] = {0, last / 3, last / 2, last};
            for (size_t i = 0; i < COUNT(some); i++) {
                assert_int_equal(r.hash(r.state, level, some[i], &got, NULL), OK);
                assert_int_equal(shelf.tree.hash(shelf.tree.state, level, some[i], &want, NULL), OK);
                assert_true(sha256_equal(got, want));
            }
            assert_int_equal(r.hash(r.state, level, count, &got, NULL), ERR_MISSING);
        }
        assert_int_equal(r.hash(r.state, 63, 0, &got, NULL), ERR_MISSING);
        assert_int_equal(r.hash(r.state, 64, 0, &got, NULL), ERR_MISSING);
        assert_int_equal(tree_root(&r, sizes[s], &got, NULL), OK);
        assert_true(sha256_equal(got, tree_root_at(grown(), sizes[s])));
    }
    buf_free(&shelf.last);
}

static void proofs_from_tiles_verify(void **state) {
    (void)state;
    struct shelf shelf = {.tree = tree_reader(grown()), .last = {.max = TILE_WIDTH * SHA256_SIZE}};
    struct tile_source source = {.get = get, .state = &shelf, .size = LEAVES};
    struct tree_reader r = tile_reader(&source);
    struct sha256 root = tree_root_at(grown(), LEAVES);
    struct proof p;
    for (uint64_t i = 0; i < LEAVES; i += 4999) {
        assert_int_equal(inclusion_make(&r, i, LEAVES, &p, NULL), OK);
        assert_int_equal(inclusion_verify(&p, i, leaf(i), LEAVES, root, NULL), OK);
        assert_int_equal(consistency_make(&r, i, LEAVES, &p, NULL), OK);
        assert_int_equal(consistency_verify(&p, i, tree_root_at(grown(), i), LEAVES, root, NULL), OK);
    }
    buf_free(&shelf.last);
}

static void a_tile_of_another_size_is_refused(void **state) {
    (void)state;
    struct shelf shelf = {.tree = tree_reader(grown()), .last = {.max = TILE_WIDTH * SHA256_SIZE}, .short_by = 1};
    struct tile_source source = {.get = get, .state = &shelf, .size = 300};
    struct tree_reader r = tile_reader(&source);
    struct sha256 got;
    assert_int_equal(r.hash(r.state, 0, 299, &got, NULL), ERR_INPUT);
    assert_int_equal(r.hash(r.state, 8, 0, &got, NULL), ERR_INPUT);
    buf_free(&shelf.last);
}

/* By leaves, and by one complete subtree as large as fits and leaves after it. */
static void a_frontier_has_the_roots_of_its_tree(void **state) {
    (void)state;
    struct frontier by_leaves = {0};
    assert_true(sha256_equal(frontier_root(&by_leaves), tree_empty_root()));
    struct tree_reader r = tree_reader(grown());
    for (uint64_t size = 1; size <= 600; size++) {
        frontier_add(&by_leaves, 0, leaf(size - 1));
        assert_int_equal(by_leaves.size, size);
        assert_true(sha256_equal(frontier_root(&by_leaves), tree_root_at(grown(), size)));
        unsigned level = 63 - (unsigned)__builtin_clzll(size);
        struct frontier mixed = {0};
        struct sha256 subtree;
        assert_int_equal(r.hash(r.state, level, 0, &subtree, NULL), OK);
        frontier_add(&mixed, level, subtree);
        while (mixed.size < size) frontier_add(&mixed, 0, leaf(mixed.size));
        assert_true(sha256_equal(frontier_root(&mixed), frontier_root(&by_leaves)));
    }
}

static void every_path_that_is_written_reads_back(void **state) {
    (void)state;
    static const uint64_t indexes[] = {0, 1, 999, 1000, 1234067, 999999999, UINT64_C(281474976710655)};
    static const unsigned widths[] = {1, 255, 256};
    for (size_t i = 0; i < COUNT(indexes); i++)
        for (size_t w = 0; w < COUNT(widths); w++)
            for (unsigned level = 0; level <= TILE_LEVELS_MAX; level++) {
                bool entries = level == TILE_LEVELS_MAX;
                struct tile t = {entries, entries ? 0 : level, indexes[i], widths[w]}, again;
                char path[TILE_PATH_MAX];
                tile_path_write(&t, path);
                assert_true(tile_path_read(text_of(path), &again));
                assert_true(again.entries == t.entries && again.level == t.level && again.index == t.index &&
                            again.width == t.width);
            }
}

static int free_tree(void **state) {
    (void)state;
    tree_free(grown());
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_from_tiles_are_those_of_the_tree),
        cmocka_unit_test(proofs_from_tiles_verify),
        cmocka_unit_test(a_tile_of_another_size_is_refused),
        cmocka_unit_test(a_frontier_has_the_roots_of_its_tree),
        cmocka_unit_test(every_path_that_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, free_tree);
}

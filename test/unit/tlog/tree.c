/* The tree of RFC 6962 and every proof about it, by brute force over small trees; tiles and bundles. */
#include "unit.h"

#include "base/codec.h"
#include "tlog/proof.h"
#include "tlog/tile.h"

enum { LARGEST = 70 };

static struct sha256 leaf(uint64_t i) { return tree_leaf_hash(bytes_of(&i, sizeof i)); }

static void grow(struct tree *t, uint64_t size) {
    while (t->size < size) tree_add(t, leaf(t->size));
}

/* The tree by the definition of the RFC, without any of our code but the two hashes. */
static struct sha256 by_definition(uint64_t from, uint64_t to) {
    if (to - from == 1) return leaf(from);
    uint64_t k = 1;
    while (k * 2 < to - from) k *= 2;
    return tree_node_hash(by_definition(from, from + k), by_definition(from + k, to));
}

/* Roots of the eight leaves that the Certificate Transparency code bases test with. */
static void the_reference_tree_has_the_reference_roots(void **state) {
    (void)state;
    static const char *const leaves[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct tree t = {0};
    struct sha256 want;
    for (size_t i = 0; i < 8; i++) {
        uint8_t raw[16];
        size_t size = strlen(leaves[i]) / 2;
        assert_true(hex_read(text_of(leaves[i]), raw, size));
        tree_add(&t, tree_leaf_hash(bytes_of(raw, size)));
        assert_true(sha256_read_hex(text_of(roots[i]), &want));
        assert_true(sha256_equal(tree_root_at(&t, i + 1), want));
    }
    assert_true(sha256_read_hex(TEXT("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), &want));
    assert_true(sha256_equal(tree_root_at(&t, 0), want));
    tree_free(&t);
}

static void every_proof_verifies_and_no_other_does(void **state) {
    (void)state;
    struct tree t = {0};
    grow(&t, LARGEST);
    struct tree_reader r = tree_reader(&t);
    for (uint64_t size = 1; size <= LARGEST; size++) {
        struct sha256 root = tree_root_at(&t, size);
        assert_true(sha256_equal(root, by_definition(0, size)));
        for (uint64_t start = 0; start < size; start++)
            for (uint64_t end = start + 1; end <= size; end++) {
                struct proof p;
                if (!subtree_valid(start, end)) {
                    assert_int_equal(proof_make(&r, start, end, size, &p, NULL), ERR_INPUT);
                    continue;
                }
                struct sha256 subtree = by_definition(start, end);
                assert_int_equal(proof_make(&r, start, end, size, &p, NULL), OK);
                assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), OK);
                for (size_t i = 0; i < p.count; i++) {
                    p.at[i].at[i % 32] ^= 1;
                    assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), ERR_PROOF);
                    p.at[i].at[i % 32] ^= 1;
                }
                subtree.at[0] ^= 1;
                assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), ERR_PROOF);
                subtree.at[0] ^= 1;
                root.at[0] ^= 1;
                assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), ERR_PROOF);
                root.at[0] ^= 1;
                if (p.count < PROOF_MAX) {
                    p.count++;
                    assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), ERR_PROOF);
                    p.count--;
                }
                if (p.count) {
                    p.count--;
                    assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), ERR_PROOF);
                }
            }
    }
    tree_free(&t);
}

/* Many at once, in pieces of any sizes, is as one by one. */
static void many_at_once_are_the_same(void **state) {
    (void)state;
    enum { LEAVES = 1500 };
    static uint64_t numbers[LEAVES];
    static struct bytes entries[LEAVES];
    static struct sha256 hashes[LEAVES];
    struct tree one = {0}, many = {0};
    struct frontier f = {0};
    for (uint64_t i = 0; i < LEAVES; i++) {
        numbers[i] = i;
        entries[i] = bytes_of(&numbers[i], sizeof numbers[i]);
    }
    tree_leaf_hashes(entries, LEAVES, hashes);
    for (uint64_t i = 0; i < LEAVES; i++) assert_true(sha256_equal(hashes[i], leaf(i)));
    grow(&one, LEAVES);
    for (size_t done = 0, step = 0, some; done < LEAVES; done += some, step++) {
        some = step * step % 401;
        if (some > LEAVES - done) some = LEAVES - done;
        tree_add_many(&many, hashes + done, some);
        frontier_add_many(&f, hashes + done, some);
        assert_true(many.size == done + some && f.size == done + some);
        assert_true(sha256_equal(frontier_root(&f), tree_root_at(&one, f.size)));
    }
    for (unsigned level = 0; LEAVES >> level; level++)
        assert_memory_equal(many.levels[level], one.levels[level], (LEAVES >> level) * sizeof(struct sha256));
    tree_add(&many, leaf(LEAVES));
    tree_add(&one, leaf(LEAVES));
    assert_true(sha256_equal(tree_root_at(&many, LEAVES + 1), tree_root_at(&one, LEAVES + 1)));
    tree_node_hashes(hashes, LEAVES / 2, hashes);
    assert_memory_equal(hashes, one.levels[1], LEAVES / 2 * sizeof *hashes);
    tree_free(&one);
    tree_free(&many);
}

static void several_small_trees_have_their_roots(void **state) {
    (void)state;
    struct sha256 hashes[TREE_SOME], roots[TREE_SOME];
    size_t sizes[TREE_SOME], used[TREE_SOME];
    for (size_t step = 0; step < 60; step++) {
        size_t trees = 0, all = 0;
        for (; trees < TREE_SOME; trees++) {
            sizes[trees] = used[trees] = step == 59 ? TREE_SOME : (trees * 7 + step) * step % (2 * step + 1);
            if (all + sizes[trees] > TREE_SOME) break;
            for (size_t i = 0; i < sizes[trees]; i++) hashes[all + i] = leaf(all + i);
            all += sizes[trees];
        }
        tree_roots(hashes, sizes, trees, roots);
        for (size_t t = 0, from = 0; t < trees; from += used[t++])
            assert_true(sha256_equal(roots[t], used[t] ? by_definition(from, from + used[t]) : tree_empty_root()));
    }
}

static void consistency_from_nothing_is_empty(void **state) {
    (void)state;
    struct tree t = {0};
    grow(&t, 5);
    struct tree_reader r = tree_reader(&t);
    struct proof p;
    assert_int_equal(consistency_make(&r, 0, 5, &p, NULL), OK);
    assert_int_equal(p.count, 0);
    assert_int_equal(consistency_verify(&p, 0, tree_empty_root(), 5, tree_root_at(&t, 5), NULL), OK);
    assert_int_equal(consistency_verify(&p, 0, leaf(1), 5, tree_root_at(&t, 5), NULL), ERR_PROOF);
    assert_int_equal(consistency_make(&r, 5, 5, &p, NULL), OK);
    assert_int_equal(consistency_verify(&p, 5, tree_root_at(&t, 5), 5, tree_root_at(&t, 5), NULL), OK);
    assert_int_equal(inclusion_make(&r, 5, 5, &p, NULL), ERR_INPUT);
    tree_free(&t);
}

static void paths_of_tiles_have_one_spelling(void **state) {
    (void)state;
    static const char *const good[] = {"tile/0/000", "tile/0/x001/x234/067", "tile/entries/000.p/1", "tile/7/999.p/255",
                                       "tile/0/x001/000"};
    for (size_t i = 0; i < COUNT(good); i++) {
        struct tile t;
        char out[TILE_PATH_MAX];
        assert_true(tile_path_read(text_of(good[i]), &t));
        tile_path_write(&t, out);
        assert_string_equal(out, good[i]);
    }
    static const char *const bad[] = {"tile/0/0",
                                      "tile/00/000",
                                      "tile/8/000",
                                      "tile/0/x000/001",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000/",
                                      "tile/0/001/002",
                                      "tile/0/000.p/01",
                                      "tile/entries/",
                                      "tile/-1/000",
                                      "tile/0/x00",
                                      "tile/0/x999/x999/x999/x999/x999/x999/x999",
                                      "checkpoint",
                                      ""};
    struct tile t;
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(tile_path_read(text_of(bad[i]), &t));
}

struct counted {
    unsigned tiles, widths;
};

static enum error count_tile(void *state, const struct tile *t, struct diag *d) {
    struct counted *c = state;
    (void)d;
    c->tiles++;
    c->widths += t->width;
    return OK;
}

/* "A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112, one full
 * level 1 tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1." */
static void a_tree_has_the_tiles_of_the_specification(void **state) {
    (void)state;
    struct counted c = {0};
    assert_int_equal(tile_each(70000, count_tile, &c, NULL), OK);
    assert_int_equal(c.tiles, 274 + 274 + 2 + 1); /* bundles, then hashes */
    assert_int_equal(tile_width(70000, 0, 273), 112);
    assert_int_equal(tile_width(70000, 1, 1), 17);
    assert_int_equal(tile_width(70000, 2, 0), 1);
    assert_int_equal(tile_width(256, 1, 0), 1);
    assert_int_equal(tile_width(256, 0, 1), 0);
}

static void bundles_come_apart_as_they_were_put_together(void **state) {
    (void)state;
    struct buf b = {.max = 100};
    assert_int_equal(bundle_add(&b, bytes_from_text(TEXT("one")), NULL), OK);
    assert_int_equal(bundle_add(&b, bytes_from_text(TEXT("")), NULL), OK);
    struct bytes rest = buf_as_bytes(&b), entry;
    assert_true(bundle_next(&rest, &entry) && text_is(text_from_bytes(entry), "one"));
    assert_true(bundle_next(&rest, &entry) && entry.size == 0);
    assert_false(bundle_next(&rest, &entry));
    rest = bytes_of(b.at, 4);
    assert_false(bundle_next(&rest, &entry));
    buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_tree_has_the_reference_roots),
        cmocka_unit_test(every_proof_verifies_and_no_other_does),
        cmocka_unit_test(many_at_once_are_the_same),
        cmocka_unit_test(several_small_trees_have_their_roots),
        cmocka_unit_test(consistency_from_nothing_is_empty),
        cmocka_unit_test(paths_of_tiles_have_one_spelling),
        cmocka_unit_test(a_tree_has_the_tiles_of_the_specification),
        cmocka_unit_test(bundles_come_apart_as_they_were_put_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

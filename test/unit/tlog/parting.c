/* Where two histories part: every leaf of every pair of sizes, by few hashes. */
#include "unit.h"

#include "tlog/parting.h"

enum { LARGEST = 40, MANY = 100000, READ_MAX = 4 * 17 };

struct counted { /* a reader that counts what is asked */
    struct tree tree;
    struct tree_reader inner;
    uint64_t asked;
    bool lies; /* below its root */
};

static struct sha256 leaf(uint64_t i) { return tree_leaf_hash(bytes_of(&i, sizeof i)); }

static enum error hash(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    struct counted *c = state;
    c->asked++;
    enum error result = c->inner.hash(c->inner.state, level, index, out, d);
    if (c->lies && level == 1) out->at[0] ^= 1;
    return result;
}

static struct tree_reader grow(struct counted *c, uint64_t size, uint64_t forked) {
    *c = (struct counted){.asked = 0};
    for (uint64_t i = 0; i < size; i++) tree_add(&c->tree, leaf(i >= forked ? i + 1000000 : i));
    c->inner = tree_reader(&c->tree);
    return (struct tree_reader){hash, c};
}

static void every_leaf_is_found(void **state) {
    (void)state;
    for (uint64_t forked = 0; forked < LARGEST; forked++) {
        struct counted one, other;
        struct tree_reader a = grow(&one, LARGEST, UINT64_MAX), b = grow(&other, LARGEST, forked);
        for (uint64_t m = 0; m <= LARGEST; m++)
            for (uint64_t n = 0; n <= LARGEST; n++) {
                struct parting p;
                uint64_t front = m < n ? m : n;
                assert_int_equal(tree_parting(&a, m, &b, n, &p, NULL), OK);
                assert_int_equal(p.parts, front > forked);
                assert_int_equal(p.index, front > forked ? forked : front);
                if (!p.parts) continue;
                assert_true(sha256_equal(p.leaves[0], leaf(forked)));
                assert_true(sha256_equal(p.leaves[1], leaf(forked + 1000000)));
            }
        tree_free(&one.tree);
        tree_free(&other.tree);
    }
}

static void few_hashes_are_read(void **state) {
    (void)state;
    struct counted one, other;
    struct parting p;
    struct tree_reader a = grow(&one, MANY, UINT64_MAX), b = grow(&other, MANY + 77, 65537);
    assert_int_equal(tree_parting(&a, MANY, &b, MANY + 77, &p, NULL), OK);
    assert_int_equal(p.index, 65537);
    assert_true(one.asked <= READ_MAX && other.asked <= READ_MAX);
    tree_free(&one.tree);
    tree_free(&other.tree);
}

static void hashes_that_are_of_no_tree_are_refused(void **state) {
    (void)state;
    struct counted one, other;
    struct parting p;
    struct tree_reader a = grow(&one, 8, UINT64_MAX), b = grow(&other, 8, 5);
    other.lies = true;
    assert_int_equal(tree_parting(&a, 8, &b, 8, &p, NULL), ERR_PROOF);
    for (uint64_t size = 0; size <= 8; size++)
        for (uint64_t front = 0; front <= size; front++) {
            struct sha256 root = tree_root_at(&one.tree, size);
            assert_int_equal(tree_stands(&a, front, size, root, NULL), OK);
            root.at[31] ^= 1;
            assert_int_equal(tree_stands(&a, front, size, root, NULL), ERR_PROOF);
        }
    tree_free(&one.tree);
    tree_free(&other.tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_leaf_is_found),
        cmocka_unit_test(few_hashes_are_read),
        cmocka_unit_test(hashes_that_are_of_no_tree_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

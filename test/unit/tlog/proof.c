/* Proofs against vectors of others, and what they must not be taken for: other places, other trees, other bits. */
#include "unit.h"

#include "base/codec.h"
#include "tlog/proof.h"

enum { LARGEST = 70 };

static struct sha256 leaf(uint64_t i) { return tree_leaf_hash(bytes_of(&i, sizeof i)); }

static void grow(struct tree *t, uint64_t size) {
    while (t->size < size) tree_add(t, leaf(t->size));
}

/* ---- vectors */

#define LEAF_0 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define LEAF_1 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define LEAF_4 "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define FROM_0_TO_2 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define FROM_2_TO_4 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define FROM_4_TO_6 "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define FROM_6_TO_8 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define FROM_0_TO_4 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define FROM_4_TO_8 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

/* Audit paths and consistency proofs that the Certificate Transparency code bases test with, over their eight leaves.
 */
static void the_reference_tree_has_the_reference_proofs(void **state) {
    (void)state;
    static const char *const leaves[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    static const struct {
        uint64_t start, end, size;
        const char *hashes[4];
    } proofs[] = {
        {0, 1, 1, {NULL}},
        {0, 1, 8, {LEAF_1, FROM_2_TO_4, FROM_4_TO_8, NULL}},
        {5, 6, 8, {LEAF_4, FROM_6_TO_8, FROM_0_TO_4, NULL}},
        {2, 3, 3, {FROM_0_TO_2, NULL}},
        {1, 2, 5, {LEAF_0, FROM_2_TO_4, LEAF_4, NULL}},
        {0, 8, 8, {NULL}},
        {0, 6, 8, {FROM_4_TO_6, FROM_6_TO_8, FROM_0_TO_4, NULL}},
        {0, 2, 5, {FROM_2_TO_4, LEAF_4, NULL}},
    };
    struct tree t = {0};
    for (size_t i = 0; i < COUNT(leaves); i++) {
        uint8_t raw[16];
        size_t size = strlen(leaves[i]) / 2;
        assert_true(hex_read(text_of(leaves[i]), raw, size));
        tree_add(&t, tree_leaf_hash(bytes_of(raw, size)));
    }
    struct tree_reader r = tree_reader(&t);
    for (size_t i = 0; i < COUNT(proofs); i++) {
        struct proof p;
        struct sha256 want;
        assert_int_equal(proof_make(&r, proofs[i].start, proofs[i].end, proofs[i].size, &p, NULL), OK);
        size_t count = 0;
        for (; proofs[i].hashes[count]; count++) {
            assert_true(count < p.count && sha256_read_hex(text_of(proofs[i].hashes[count]), &want));
            assert_true(sha256_equal(p.at[count], want));
        }
        assert_int_equal(p.count, count);
    }
    tree_free(&t);
}

/* ---- what a proof is not good for */

static void an_inclusion_proof_is_of_one_place_and_one_tree(void **state) {
    (void)state;
    struct tree t = {0};
    grow(&t, LARGEST);
    struct tree_reader r = tree_reader(&t);
    for (uint64_t size = 1; size <= LARGEST; size++) {
        struct sha256 root = tree_root_at(&t, size);
        for (uint64_t i = 0; i < size; i++) {
            struct proof p;
            struct included in = {.size = 0};
            assert_int_equal(inclusion_make(&r, i, size, &p, NULL), OK);
            assert_int_equal(inclusion_open(&p, i, leaf(i), size, root, &in, NULL), OK);
            assert_true(in.index == i && in.size == size && sha256_equal(in.root, root) &&
                        sha256_equal(in.leaf_hash, leaf(i)));
            for (uint64_t j = 0; j <= size; j++)
                if (j != i) {
                    assert_int_equal(inclusion_verify(&p, j, leaf(i), size, root, NULL), ERR_PROOF);
                    assert_int_equal(inclusion_verify(&p, i, leaf(j), size, root, NULL), ERR_PROOF);
                }
            for (uint64_t other = 0; other <= LARGEST; other++)
                if (other != size)
                    assert_int_equal(inclusion_verify(&p, i, leaf(i), other, tree_root_at(&t, other), NULL), ERR_PROOF);
        }
    }
    tree_free(&t);
}

static bool same_proof(const struct proof *a, const struct proof *b) {
    return a->count == b->count && !memcmp(a->at, b->at, a->count * sizeof a->at[0]);
}

static void a_consistency_proof_is_of_two_sizes(void **state) {
    (void)state;
    struct tree t = {0};
    grow(&t, LARGEST);
    struct tree_reader r = tree_reader(&t);
    for (uint64_t size = 1; size <= LARGEST; size++)
        for (uint64_t old = 1; old <= size; old++) {
            struct proof p, other;
            struct sha256 root = tree_root_at(&t, size);
            assert_int_equal(consistency_make(&r, old, size, &p, NULL), OK);
            assert_int_equal(consistency_verify(&p, old, tree_root_at(&t, old), size, root, NULL), OK);
            for (uint64_t wrong = 0; wrong <= size; wrong++) {
                assert_int_equal(consistency_make(&r, wrong, size, &other, NULL), OK);
                if (wrong == old || same_proof(&p, &other)) continue;
                assert_int_equal(consistency_verify(&p, wrong, tree_root_at(&t, wrong), size, root, NULL), ERR_PROOF);
            }
            for (uint64_t wrong = old; wrong <= LARGEST; wrong++)
                if (wrong != size)
                    assert_int_equal(
                        consistency_verify(&p, old, tree_root_at(&t, old), wrong, tree_root_at(&t, wrong), NULL),
                        ERR_PROOF);
            assert_int_equal(consistency_verify(&p, size + 1, root, size, root, NULL), ERR_PROOF);
        }
    tree_free(&t);
}

/* Every bit of a proof, of what it is about and of the root. */
static void no_bit_may_differ(void **state) {
    (void)state;
    static const uint64_t places[][3] = {{0, 1, 13}, {12, 13, 13}, {0, 7, 13}, {8, 11, 13}, {8, 12, 13}, {0, 8, 13}};
    struct tree t = {0};
    grow(&t, 13);
    struct tree_reader r = tree_reader(&t);
    for (size_t i = 0; i < COUNT(places); i++) {
        uint64_t start = places[i][0], end = places[i][1], size = places[i][2];
        struct proof p;
        struct sha256 subtree, root = tree_root_at(&t, size);
        assert_int_equal(tree_range(&r, start, end, &subtree, NULL), OK);
        assert_int_equal(proof_make(&r, start, end, size, &p, NULL), OK);
        struct sha256 *const all[] = {&subtree, &root};
        for (size_t h = 0; h < p.count + COUNT(all); h++) {
            struct sha256 *hash = h < p.count ? &p.at[h] : all[h - p.count];
            for (unsigned bit = 0; bit < 256; bit++) {
                hash->at[bit / 8] ^= (uint8_t)(1 << bit % 8);
                assert_int_equal(proof_verify(&p, start, end, subtree, size, root, NULL), ERR_PROOF);
                hash->at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
        }
    }
    tree_free(&t);
}

/* A tree of equal leaves, as large as one likes. */
static enum error endless(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    (void)index, (void)d;
    *out = ((struct sha256 *)state)[level];
    return OK;
}

static void the_longest_proofs_fit(void **state) {
    (void)state;
    struct sha256 levels[TREE_LEVELS_MAX] = {leaf(0)}, root, old;
    for (unsigned i = 1; i < TREE_LEVELS_MAX; i++) levels[i] = tree_node_hash(levels[i - 1], levels[i - 1]);
    struct tree_reader r = {endless, levels};
    uint64_t largest = (uint64_t)1 << 62;
    struct proof p;
    assert_int_equal(tree_root(&r, largest, &root, NULL), OK);
    assert_int_equal(inclusion_make(&r, 5, largest, &p, NULL), OK);
    assert_int_equal(p.count, 62);
    assert_int_equal(inclusion_verify(&p, 5, leaf(0), largest, root, NULL), OK);
    assert_int_equal(consistency_make(&r, largest - 1, largest, &p, NULL), OK);
    assert_int_equal(p.count, PROOF_MAX);
    assert_int_equal(tree_root(&r, largest - 1, &old, NULL), OK);
    assert_int_equal(consistency_verify(&p, largest - 1, old, largest, root, NULL), OK);
    assert_int_equal(inclusion_make(&r, 5, largest + 1, &p, NULL), ERR_INPUT);
    assert_int_equal(consistency_make(&r, 5, UINT64_MAX, &p, NULL), ERR_INPUT);
}

/* Sizes that nobody can have hashed are bounded, too. */
static void the_largest_sizes_are_judged(void **state) {
    (void)state;
    struct proof p = {.count = PROOF_MAX};
    struct sha256 hash = leaf(0);
    uint64_t largest = (uint64_t)1 << 62;
    assert_int_equal(inclusion_verify(&p, largest - 1, hash, largest, hash, NULL), ERR_PROOF);
    assert_int_equal(inclusion_verify(&p, 0, hash, UINT64_MAX, hash, NULL), ERR_PROOF);
    assert_int_equal(inclusion_verify(&p, UINT64_MAX - 1, hash, UINT64_MAX, hash, NULL), ERR_PROOF);
    assert_int_equal(consistency_verify(&p, 1, hash, largest, hash, NULL), ERR_PROOF);
    assert_int_equal(consistency_verify(&p, largest - 1, hash, largest, hash, NULL), ERR_PROOF);
    assert_int_equal(proof_verify(&p, 0, UINT64_MAX, hash, UINT64_MAX, hash, NULL), ERR_PROOF);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_tree_has_the_reference_proofs),
        cmocka_unit_test(an_inclusion_proof_is_of_one_place_and_one_tree),
        cmocka_unit_test(a_consistency_proof_is_of_two_sizes),
        cmocka_unit_test(no_bit_may_differ),
        cmocka_unit_test(the_longest_proofs_fit),
        cmocka_unit_test(the_largest_sizes_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Equivocation proofs: every pair of sizes of a log that says two things, and no honest log accused. */
#include "unit.h"

#include "tlog/equivocation.h"

enum { LARGEST = 40, FORK = 0 };

#define ORIGIN TEXT("log.example/a")

/* Two histories of one log: the other differs in one leaf. */
struct log {
    struct arena arena;
    struct signer *key, *successor;
    struct tree one, other;
};

static struct sha256 leaf(uint64_t i) { return tree_leaf_hash(bytes_of(&i, sizeof i)); }

static void begin(struct log *l, uint64_t forked) {
    struct random r = random_seeded(TEXT("equivocation"));
    *l = (struct log){.key = signer_new(ORIGIN, KEY_ED25519, &r), .successor = signer_new(ORIGIN, KEY_ED25519, &r)};
    for (uint64_t i = 0; i < LARGEST; i++) {
        tree_add(&l->one, leaf(i));
        tree_add(&l->other, leaf(i == forked ? 1000 : i));
    }
}

static void end(struct log *l) {
    signer_free(l->key);
    signer_free(l->successor);
    tree_free(&l->one);
    tree_free(&l->other);
    arena_free(&l->arena);
}

static struct signed_checkpoint sign(struct log *l, const struct signer *key, uint64_t size, struct sha256 root) {
    struct checkpoint c = {ORIGIN, size, root};
    struct signed_checkpoint out;
    struct buf note = {.max = 4096};
    const struct signer *signers[] = {key};
    assert_int_equal(checkpoint_sign(&c, signers, 1, &note, NULL), OK);
    struct bytes kept = arena_bytes(&l->arena, buf_as_bytes(&note));
    buf_free(&note);
    assert_int_equal(checkpoint_open(kept, ORIGIN, signer_vkey(key), 1, &l->arena, &out, NULL), OK);
    return out;
}

static struct signed_checkpoint sign_tree(struct log *l, struct tree *t, uint64_t size) {
    return sign(l, l->key, size, tree_root_at(t, size));
}

static enum error verify(struct log *l, const struct equivocation *e, struct equivocated *out) {
    const struct vkey keys[] = {*signer_vkey(l->successor), *signer_vkey(l->key)};
    return equivocation_verify(e, ORIGIN, keys, COUNT(keys), &l->arena, out, NULL);
}

/* Writes, reads back and verifies. */
static void proves(struct log *l, const struct equivocation *made) {
    struct buf first = {.max = EQUIVOCATION_MAX_BYTES}, second = {.max = EQUIVOCATION_MAX_BYTES};
    struct equivocation e;
    struct equivocated found;
    equivocation_write(made, &first);
    assert_int_equal(equivocation_read(buf_as_bytes(&first), &e, NULL), OK);
    equivocation_write(&e, &second);
    assert_true(text_equal(buf_as_text(&first), buf_as_text(&second)));
    assert_int_equal(verify(l, &e, &found), OK);
    assert_true(vkey_equal(&found.key, signer_vkey(l->key)));
    for (size_t i = 0; i < e.hash_count; i++) {
        e.hashes[i].at[i % SHA256_SIZE] ^= 0x10;
        assert_int_equal(verify(l, &e, &found), ERR_PROOF);
        e.hashes[i].at[i % SHA256_SIZE] ^= 0x10;
    }
    buf_free(&first);
    buf_free(&second);
}

/* For all m <= n: the roots of one history at n and of the other at m contradict each other once m covers the leaf in
 * which they differ, and else agree. */
static void all_sizes(struct log *l, uint64_t forked) {
    struct tree_reader r = tree_reader(&l->one);
    for (uint64_t n = 1; n <= LARGEST; n++) {
        struct signed_checkpoint larger = sign_tree(l, &l->one, n);
        for (uint64_t m = 0; m <= n; m++) {
            struct equivocation e;
            struct signed_checkpoint smaller = sign_tree(l, &l->other, m), honest = sign_tree(l, &l->one, m);
            assert_int_equal(equivocation_make(&r, &honest, &larger, &e, NULL), ERR_PROOF);
            assert_int_equal(equivocation_make(&r, &smaller, &larger, &e, NULL), m > forked ? OK : ERR_PROOF);
            if (m > forked) proves(l, &e);
        }
    }
}

/* What such a log sends with its larger checkpoint is a consistency proof of its other history: that is proof enough,
 * unless the smaller size is a power of two.  An honest log's own proofs accuse nobody. */
static void what_the_log_itself_has_sent_proves_it(void **state) {
    (void)state;
    struct log l;
    enum { FORKED = 2 };
    begin(&l, FORKED);
    struct tree_reader r = tree_reader(&l.one);
    for (uint64_t n = 1; n <= LARGEST; n++)
        for (uint64_t m = 1; m <= n; m++) {
            struct equivocation e;
            struct proof p;
            struct signed_checkpoint larger = sign_tree(&l, &l.one, n), smaller = sign_tree(&l, &l.other, m),
                                     honest = sign_tree(&l, &l.one, m);
            bool tells = m < n && (m & (m - 1)) && m > FORKED;
            assert_int_equal(consistency_make(&r, m, n, &p, NULL), OK);
            assert_int_equal(equivocation_from_proof(&p, &honest, &larger, &e, NULL), ERR_PROOF);
            assert_int_equal(equivocation_from_proof(&p, &smaller, &larger, &e, NULL), tells ? OK : ERR_PROOF);
            if (tells) proves(&l, &e);
        }
    end(&l);
}

static void a_log_that_says_two_things_is_proved_at_all_sizes(void **state) {
    (void)state;
    for (uint64_t forked = 0; forked < LARGEST; forked += 13) {
        struct log l;
        begin(&l, forked);
        all_sizes(&l, forked);
        end(&l);
    }
}

/* "RFC 6962: the hash of an empty list is the hash of an empty string." */
static void another_root_of_nothing_contradicts_every_tree(void **state) {
    (void)state;
    struct log l;
    begin(&l, FORK);
    struct equivocation e;
    struct tree_reader r = tree_reader(&l.one);
    struct signed_checkpoint nothing = sign(&l, l.key, 0, leaf(5)), larger = sign_tree(&l, &l.one, 11);
    assert_int_equal(equivocation_make(&r, &nothing, &larger, &e, NULL), OK);
    proves(&l, &e);
    struct signed_checkpoint empty = sign(&l, l.key, 0, tree_empty_root());
    assert_int_equal(equivocation_make(&r, &empty, &larger, &e, NULL), ERR_PROOF);
    assert_int_equal(equivocation_make(&r, &empty, &nothing, &e, NULL), OK);
    proves(&l, &e);
    end(&l);
}

/* A made-up root that no leaves have, and hashes that give it: an honest log never signed it. */
static void nobody_is_accused_by_what_he_did_not_sign(void **state) {
    (void)state;
    struct log l;
    begin(&l, 3);
    struct equivocation e, changed;
    struct equivocated found;
    struct tree_reader r = tree_reader(&l.one), other = tree_reader(&l.other);
    struct signed_checkpoint smaller = sign_tree(&l, &l.other, 9), larger = sign_tree(&l, &l.one, 22);
    assert_int_equal(equivocation_make(&r, &smaller, &larger, &e, NULL), OK);
    assert_int_equal(equivocation_make(&other, &smaller, &larger, &changed, NULL), ERR_PROOF);
    assert_int_equal(equivocation_make(&r, &larger, &smaller, &changed, NULL), ERR_PROOF);

    changed = e; /* each by another key */
    changed.smaller = sign(&l, l.successor, 9, smaller.at.root).whole;
    assert_int_equal(verify(&l, &changed, &found), ERR_SIGNATURE);

    changed = e; /* keys of another log */
    assert_int_equal(equivocation_verify(&e, ORIGIN, signer_vkey(l.successor), 1, &l.arena, &found, NULL),
                     ERR_SIGNATURE);
    assert_int_equal(equivocation_verify(&e, ORIGIN, NULL, 0, &l.arena, &found, NULL), ERR_SIGNATURE);
    assert_int_equal(equivocation_verify(&e, TEXT("log.example/b"), signer_vkey(l.key), 1, &l.arena, &found, NULL),
                     ERR_INPUT);

    changed = e; /* the wrong way round */
    changed.smaller = e.larger;
    changed.larger = e.smaller;
    assert_int_equal(verify(&l, &changed, &found), ERR_PROOF);

    changed = e; /* a hash too many, a hash too few */
    changed.hash_count++;
    assert_int_equal(verify(&l, &changed, &found), ERR_PROOF);
    changed.hash_count -= 2;
    assert_int_equal(verify(&l, &changed, &found), ERR_PROOF);

    changed = e; /* the same thing twice */
    changed.smaller = changed.larger;
    changed.hash_count = 0;
    assert_int_equal(verify(&l, &changed, &found), ERR_PROOF);
    end(&l);
}

/* Both notes are signed by the old key and the new while the key changes: one of them suffices. */
static void a_key_that_both_have_is_found_among_several(void **state) {
    (void)state;
    struct log l;
    begin(&l, FORK);
    struct checkpoint a = {ORIGIN, 4, tree_root_at(&l.one, 4)}, b = {ORIGIN, 4, tree_root_at(&l.other, 4)};
    struct buf first = {.max = 4096}, second = {.max = 4096};
    const struct signer *both[] = {l.key, l.successor}, *late[] = {l.successor};
    assert_int_equal(checkpoint_sign(&a, both, 2, &first, NULL), OK);
    assert_int_equal(checkpoint_sign(&b, late, 1, &second, NULL), OK);
    struct equivocation e = {.smaller = buf_as_bytes(&first), .larger = buf_as_bytes(&second)};
    const struct vkey keys[] = {*signer_vkey(l.key), *signer_vkey(l.successor)};
    struct equivocated found;
    assert_int_equal(equivocation_verify(&e, ORIGIN, keys, 2, &l.arena, &found, NULL), OK);
    assert_true(vkey_equal(&found.key, signer_vkey(l.successor)));
    buf_free(&first);
    buf_free(&second);
    end(&l);
}

/* The widest decomposition fits. */
static void the_largest_sizes_are_judged(void **state) {
    (void)state;
    static const uint64_t sizes[][2] = {{((uint64_t)1 << 61) + 1, ((uint64_t)1 << 62) - 1},
                                        {((uint64_t)1 << 61) - 1, ((uint64_t)1 << 62)},
                                        {1, (uint64_t)1 << 62},
                                        {0x1555555555555555, 0x3fffffffffffffff}};
    struct log l;
    begin(&l, FORK);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct signed_checkpoint a = sign(&l, l.key, sizes[i][0], leaf(0)), b = sign(&l, l.key, sizes[i][1], leaf(1));
        struct equivocation e = {.smaller = a.whole, .larger = b.whole};
        struct equivocated found;
        for (e.hash_count = 0; e.hash_count <= EQUIVOCATION_HASHES_MAX; e.hash_count += 16)
            assert_int_equal(verify(&l, &e, &found), ERR_PROOF);
    }
    end(&l);
}

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void malformed_proofs_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "parley equivocation v1",
        "parley equivocation v1\n",
        "parley equivocation v2\n\na\n\nb\n\nc\n\nd\n",
        "parley equivocation v1\n\n",
        "parley equivocation v1\n\na\n\nb\n",
        "parley equivocation v1\n\na\n\nb\n\n",
        "parley equivocation v1\nAAAA\n\na\n\nb\n\nc\n\nd\n",
        "parley equivocation v1\n" HASH "\na\n\nb\n\nc\n\nd\n",
    };
    struct equivocation e;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(equivocation_read(bytes_from_text(text_of(bad[i])), &e, NULL), ERR_INPUT);
    struct buf many = {.max = 1 << 16};
    buf_string(&many, "parley equivocation v1\n");
    for (unsigned i = 0; i <= EQUIVOCATION_HASHES_MAX; i++) buf_string(&many, HASH "\n");
    buf_string(&many, "\na\n\nb\n\nc\n\nd\n");
    assert_int_equal(equivocation_read(buf_as_bytes(&many), &e, NULL), ERR_LIMIT);
    buf_free(&many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_log_itself_has_sent_proves_it),
        cmocka_unit_test(a_log_that_says_two_things_is_proved_at_all_sizes),
        cmocka_unit_test(another_root_of_nothing_contradicts_every_tree),
        cmocka_unit_test(nobody_is_accused_by_what_he_did_not_sign),
        cmocka_unit_test(a_key_that_both_have_is_found_among_several),
        cmocka_unit_test(the_largest_sizes_are_judged),
        cmocka_unit_test(malformed_proofs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

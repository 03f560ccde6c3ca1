/* Proof files: round trips, each thing that must be refused, and what a file proves to whom. */
#include "unit.h"

#include "tlog/proof_file.h"

enum { SIZE = 13, INDEX = 7 };

struct log {
    struct arena arena;
    struct signer *key, *witness;
    struct tree tree;
    struct buf note;
    struct policy_log listed;
    struct policy_voter voter;
    struct policy trusts; /* the log, and the cosignature of the witness */
};

static struct sha256 leaf(uint64_t i) { return tree_leaf_hash(bytes_of(&i, sizeof i)); }

static void begin(struct log *l) {
    struct random r = random_seeded(TEXT("proof file"));
    *l = (struct log){.note = {.max = 4096}};
    l->key = signer_new(TEXT("log.example/a"), KEY_ED25519, &r);
    l->witness = signer_new(TEXT("witness.example/w"), KEY_COSIGNATURE, &r);
    for (uint64_t i = 0; i < SIZE; i++) tree_add(&l->tree, leaf(i));
    struct checkpoint c = {TEXT("log.example/a"), SIZE, tree_root_at(&l->tree, SIZE)};
    struct buf text = {.max = 4096};
    const struct signer *signers[] = {l->key};
    checkpoint_write(&c, &text);
    assert_int_equal(checkpoint_sign(&c, signers, 1, &l->note, NULL), OK);
    cosignature_make(l->witness, buf_as_text(&text), 1000 * INSTANT_SECOND, &l->note);
    buf_free(&text);
    l->listed = (struct policy_log){.key = *signer_vkey(l->key)};
    l->voter = (struct policy_voter){.name = TEXT("w"), .key = *signer_vkey(l->witness), .group = POLICY_NONE};
    l->trusts = (struct policy){&l->listed, 1, &l->voter, 1, 0};
}

static void end(struct log *l) {
    signer_free(l->key);
    signer_free(l->witness);
    tree_free(&l->tree);
    buf_free(&l->note);
    arena_free(&l->arena);
}

static struct proof_file make(struct log *l, uint64_t index) {
    struct proof_file f = {.index = index, .checkpoint = buf_as_bytes(&l->note)};
    struct tree_reader r = tree_reader(&l->tree);
    assert_int_equal(inclusion_make(&r, index, SIZE, &f.proof, NULL), OK);
    return f;
}

static void what_is_written_reads_back_and_proves(void **state) {
    (void)state;
    struct log l;
    begin(&l);
    for (uint64_t i = 0; i < 2 * SIZE; i++) {
        struct buf first = {.max = 1 << 16}, second = {.max = 1 << 16};
        struct proof_file f = make(&l, i % SIZE), again;
        struct proven proven;
        if (i >= SIZE) f.extra = bytes_of("some more", (size_t)(i - SIZE) % 9 + 1);
        proof_file_write(&f, &first);
        assert_int_equal(proof_file_read(buf_as_bytes(&first), &l.arena, &again, NULL), OK);
        proof_file_write(&again, &second);
        assert_true(text_equal(buf_as_text(&first), buf_as_text(&second)));
        assert_int_equal(proof_file_verify(&again, leaf(i % SIZE), &l.trusts, &l.arena, &proven, NULL), OK);
        assert_int_equal(proven.entry.index, i % SIZE);
        assert_int_equal(proven.at.checkpoint.at.size, SIZE);
        assert_int_equal(proven.at.stamps[0], 1000 * INSTANT_SECOND);
        buf_free(&first);
        buf_free(&second);
    }
    end(&l);
}

static void a_file_proves_one_entry_in_a_checkpoint_that_meets_the_policy(void **state) {
    (void)state;
    struct log l;
    struct proven proven;
    begin(&l);
    struct proof_file f = make(&l, INDEX);
    assert_int_equal(proof_file_verify(&f, leaf(INDEX + 1), &l.trusts, &l.arena, &proven, NULL), ERR_PROOF);
    f.index++;
    assert_int_equal(proof_file_verify(&f, leaf(INDEX), &l.trusts, &l.arena, &proven, NULL), ERR_PROOF);
    f.index = SIZE;
    assert_int_equal(proof_file_verify(&f, leaf(INDEX), &l.trusts, &l.arena, &proven, NULL), ERR_PROOF);
    f.index = INDEX;
    struct policy logs_alone = {&l.listed, 1, NULL, 0, POLICY_NONE}, no_log = {NULL, 0, &l.voter, 1, 0};
    assert_int_equal(proof_file_verify(&f, leaf(INDEX), &logs_alone, &l.arena, &proven, NULL), OK);
    assert_int_equal(proof_file_verify(&f, leaf(INDEX), &no_log, &l.arena, &proven, NULL), ERR_SIGNATURE);
    l.voter.key.id ^= 1; /* a witness that has not cosigned */
    assert_int_equal(proof_file_verify(&f, leaf(INDEX), &l.trusts, &l.arena, &proven, NULL), ERR_NO);
    end(&l);
}

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void malformed_files_are_refused_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
    } bad[] = {
        {"", 1},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\nx", 1},
        {"c2sp.org/tlog-proof@v1", 1},
        {"c2sp.org/tlog-proof@v1\n", 2},
        {"c2sp.org/tlog-proof@v1\nindex 0", 2},
        {"c2sp.org/tlog-proof@v1\nindex 00\n\nx", 2},
        {"c2sp.org/tlog-proof@v1\nindex -1\n\nx", 2},
        {"c2sp.org/tlog-proof@v1\nindex 18446744073709551616\n\nx", 2},
        {"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx", 2},
        {"c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\nx", 2},
        {"c2sp.org/tlog-proof@v1\nextra AA==\n", 3},
        {"c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nx", 3},
        {"c2sp.org/tlog-proof@v1\nindex 0\n" HASH "\n", 4},
        {"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx", 3},
        {"c2sp.org/tlog-proof@v1\nindex 0\n" HASH " \n\nx", 3},
        {"c2sp.org/tlog-proof@v1\nindex 0\n" HASH "\n\n", 5},
    };
    struct arena a = {0};
    struct proof_file f;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct diag d = {0};
        assert_int_equal(proof_file_read(bytes_from_text(text_of(bad[i].text)), &a, &f, &d), ERR_INPUT);
        assert_int_equal(d.line, bad[i].line);
    }
    arena_free(&a);
}

static void a_proof_of_sixty_four_hashes_is_too_long(void **state) {
    (void)state;
    struct arena a = {0};
    struct proof_file f;
    struct buf text = {.max = 1 << 16};
    buf_string(&text, "c2sp.org/tlog-proof@v1\nindex 0\n");
    for (unsigned i = 0; i < PROOF_MAX; i++) buf_string(&text, HASH "\n");
    size_t head = text.size;
    buf_string(&text, "\nx");
    assert_int_equal(proof_file_read(buf_as_bytes(&text), &a, &f, NULL), OK);
    assert_int_equal(f.proof.count, PROOF_MAX);
    text.size = head;
    buf_string(&text, HASH "\n\nx");
    assert_int_equal(proof_file_read(buf_as_bytes(&text), &a, &f, NULL), ERR_LIMIT);
    buf_free(&text);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back_and_proves),
        cmocka_unit_test(a_file_proves_one_entry_in_a_checkpoint_that_meets_the_policy),
        cmocka_unit_test(malformed_files_are_refused_with_their_line),
        cmocka_unit_test(a_proof_of_sixty_four_hashes_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

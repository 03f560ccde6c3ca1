/* Tails: they give the hash of the whole, and tell sealed files from signed notes. */
#include "unit.h"

#include "base/random.h"
#include "dossier/tail.h"

static void tails_of_all_sizes_give_the_hash(void **state) {
    (void)state;
    uint8_t whole[700];
    struct random r = random_seeded(TEXT("tails"));
    random_fill(&r, whole, sizeof whole);
    for (size_t size = 0; size <= sizeof whole; size++) {
        struct tail t = tail_of(bytes_of(whole, size));
        assert_true(sha256_equal(tail_hash(&t), sha256_of(bytes_of(whole, size))));
        assert_int_equal(t.before + t.bytes.size, size);
        assert_true(t.bytes.size <= TAIL_MAX && (size < TAIL_BLOCK || t.bytes.size >= TAIL_BLOCK));
    }
}

static void any_other_tail_gives_another_hash(void **state) {
    (void)state;
    uint8_t whole[300] = {0};
    struct sha256 hash = sha256_of(bytes_of(whole, sizeof whole));
    struct tail t = tail_of(bytes_of(whole, sizeof whole)), other = t;
    other.before += TAIL_BLOCK; /* the length is hashed as well */
    assert_false(sha256_equal(tail_hash(&other), hash));
    other = t;
    other.state.at[0] ^= 1;
    assert_false(sha256_equal(tail_hash(&other), hash));
    other = t;
    other.bytes.size--;
    assert_false(sha256_equal(tail_hash(&other), hash));
}

static void text_and_noise_are_told_apart(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("noise"));
    static const char *const notes[] = {
        "parley card v1\nparty x\n\n— cert.north.example/root AAAA\n", "\n",
        "a line that is long enough to fill a whole block of sixty-four bytes and then some more of them é\n"};
    for (size_t i = 0; i < COUNT(notes); i++) {
        struct tail t = tail_of(bytes_from_text(text_of(notes[i])));
        assert_false(tail_is_no_note(&t));
    }
    for (size_t i = 0; i < 1000; i++) {
        uint8_t noise[200];
        random_fill(&r, noise, sizeof noise);
        noise[199] = '\n';
        struct tail t = tail_of(bytes_of(noise, sizeof noise));
        assert_true(tail_is_no_note(&t));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_of_all_sizes_give_the_hash),
        cmocka_unit_test(any_other_tail_gives_another_hash),
        cmocka_unit_test(text_and_noise_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Signed notes and keys: the specification's example, several signatures, and what must be refused. */
#include "unit.h"

#include "note/fingerprint.h"
#include "note/note.h"

static const char spec_key[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char spec_note[] =
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

static void the_example_of_the_specification_verifies(void **state) {
    (void)state;
    struct arena a = {0};
    struct vkey k;
    struct note n;
    bool verified = false;
    assert_int_equal(vkey_read(text_of(spec_key), &k, NULL), OK);
    assert_int_equal(note_read(bytes_from_text(text_of(spec_note)), &a, &n, NULL), OK);
    assert_int_equal(note_verify(&n, &k, 1, &verified, NULL), OK);
    assert_true(verified && text_is(n.text, "This is an example message.\n"));
    struct buf again = {.max = 1000};
    vkey_write(&k, &again);
    assert_true(text_is(buf_as_text(&again), spec_key));
    buf_free(&again);
    arena_free(&a);
}

static void any_flipped_byte_is_refused(void **state) {
    (void)state;
    struct vkey k;
    assert_int_equal(vkey_read(text_of(spec_key), &k, NULL), OK);
    for (size_t i = 0; i < sizeof spec_note - 1; i++) {
        struct arena a = {0};
        struct note n;
        struct text copy = arena_text(&a, text_of(spec_note));
        ((char *)(uintptr_t)copy.at)[i] ^= 1;
        bool good = note_read(bytes_from_text(copy), &a, &n, NULL) == OK && note_verify(&n, &k, 1, NULL, NULL) == OK;
        assert_false(good);
        arena_free(&a);
    }
}

static void unknown_keys_are_passed_over_and_known_ones_must_hold(void **state) {
    (void)state;
    struct arena a = {0};
    struct random r = random_seeded(TEXT("note"));
    struct signer *one = signer_new(TEXT("a.example/one"), KEY_ED25519, &r),
                  *two = signer_new(TEXT("a.example/two"), KEY_ED25519, &r);
    const struct signer *both[] = {one, two};
    struct buf out = {.max = 4096};
    assert_int_equal(note_sign(TEXT("words\n\nmore\n"), both, 2, &out, NULL), OK);
    struct note n;
    assert_int_equal(note_read(buf_as_bytes(&out), &a, &n, NULL), OK);
    assert_int_equal(n.signature_count, 2);
    assert_int_equal(note_verify(&n, signer_vkey(two), 1, NULL, NULL), OK);
    struct signer *three = signer_new(TEXT("a.example/two"), KEY_ED25519, &r);
    assert_int_equal(note_verify(&n, signer_vkey(three), 1, NULL, NULL), ERR_SIGNATURE);
    struct vkey forged = *signer_vkey(two);
    forged.public[0] ^= 1;
    assert_int_equal(note_verify(&n, &forged, 1, NULL, NULL), ERR_SIGNATURE);
    signer_free(one);
    signer_free(two);
    signer_free(three);
    buf_free(&out);
    arena_free(&a);
}

static void malformed_notes_and_keys_are_refused(void **state) {
    (void)state;
    static const char *const notes[] = {"",
                                        "\n",
                                        "text\n",
                                        "text\n\n",
                                        "text\n\n— a b",
                                        "text\n— a AAAAAAA=\n",
                                        "text\n\n- a AAAAAAAA\n",
                                        "text\n\n— a+b AAAAAAAA\n",
                                        "text\n\n— a AAAA\n",
                                        "te\txt\n\n— a AAAAAAAA\n"};
    struct arena a = {0};
    struct note n;
    for (size_t i = 0; i < COUNT(notes); i++)
        assert_int_equal(note_read(bytes_from_text(text_of(notes[i])), &a, &n, NULL), ERR_INPUT);
    static const char *const keys[] = {"",
                                       "a",
                                       "a+b+c",
                                       "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                                       "example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                                       "exa mple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                                       "example.com/foo+530D903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"};
    struct vkey k;
    for (size_t i = 0; i < COUNT(keys); i++) assert_int_equal(vkey_read(text_of(keys[i]), &k, NULL), ERR_INPUT);
    arena_free(&a);
}

static void a_private_key_comes_back(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("key"));
    struct signer *s = signer_new(TEXT("a.example/mirror"), KEY_COSIGNATURE, &r), *again;
    struct buf out = {.max = 1000};
    signer_write(s, &out);
    assert_int_equal(signer_read(buf_as_text(&out), &again, NULL), OK);
    assert_true(vkey_equal(signer_vkey(s), signer_vkey(again)));
    signer_free(s);
    signer_free(again);
    buf_wipe(&out);
}

static void a_safety_number_is_the_same_on_both_sides(void **state) {
    (void)state;
    char one[SAFETY_NUMBER_SIZE], two[SAFETY_NUMBER_SIZE], print[FINGERPRINT_SIZE];
    safety_number_write(TEXT("a.example"), TEXT("x"), TEXT("b.example"), TEXT("y"), one);
    safety_number_write(TEXT("b.example"), TEXT("y"), TEXT("a.example"), TEXT("x"), two);
    assert_string_equal(one, two);
    assert_int_equal(fingerprint_write(text_of(spec_key), print).size, 35);
    assert_string_equal(print, "63261 06543 74613 17643 24847 67869");
    assert_true(digits_equal(TEXT("12345 6"), TEXT("123 456")) && !digits_equal(TEXT("12"), TEXT("123")) &&
                !digits_equal(TEXT(""), TEXT("")));
    assert_true(fingerprint_shaped(text_of(print)));
    assert_true(fingerprint_shaped(TEXT("632610654374613-176432484767869")));
    assert_false(fingerprint_shaped(TEXT("63261 06543 74613 17643 24847 6786")));
    assert_false(fingerprint_shaped(TEXT("63261 06543 74613 17643 24847 67869 1")));
    assert_false(fingerprint_shaped(TEXT("63261 06543 74613 17643 24847 6786x")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_verifies),
        cmocka_unit_test(any_flipped_byte_is_refused),
        cmocka_unit_test(unknown_keys_are_passed_over_and_known_ones_must_hold),
        cmocka_unit_test(malformed_notes_and_keys_are_refused),
        cmocka_unit_test(a_private_key_comes_back),
        cmocka_unit_test(a_safety_number_is_the_same_on_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Checkpoints and cosignatures: round trips, and each thing that must be refused. */
#include "unit.h"

#include "tlog/cosignature.h"

static struct checkpoint example(void) {
    return (struct checkpoint){
        .origin = TEXT("parley/00ff"), .size = 7, .root = sha256_of(bytes_from_text(TEXT("root")))};
}

static void a_signed_checkpoint_opens_with_its_log_key_only(void **state) {
    (void)state;
    struct arena a = {0};
    struct random r = random_seeded(TEXT("checkpoint"));
    struct signer *log = signer_new(TEXT("parley/00ff"), KEY_ED25519, &r),
                  *other = signer_new(TEXT("parley/00ff"), KEY_ED25519, &r);
    struct checkpoint c = example();
    struct signed_checkpoint opened;
    struct buf note = {.max = 4096};
    assert_int_equal(checkpoint_sign(&c, (const struct signer *const[]){log}, 1, &note, NULL), OK);
    struct text whole = buf_as_text(&note);
    assert_int_equal(checkpoint_open(buf_as_bytes(&note), c.origin, signer_vkey(log), 1, &a, &opened, NULL), OK);
    assert_int_equal(opened.at.size, 7);
    assert_true(sha256_equal(opened.at.root, c.root) && whole.size == opened.whole.size);
    assert_int_equal(checkpoint_open(buf_as_bytes(&note), c.origin, signer_vkey(other), 1, &a, &opened, NULL),
                     ERR_SIGNATURE);
    assert_int_equal(checkpoint_open(buf_as_bytes(&note), TEXT("parley/00fe"), signer_vkey(log), 1, &a, &opened, NULL),
                     ERR_INPUT);
    buf_free(&note);
    signer_free(log);
    signer_free(other);
    arena_free(&a);
}

static void a_cosignature_states_a_time_and_holds_for_one_text(void **state) {
    (void)state;
    struct arena a = {0};
    struct random r = random_seeded(TEXT("cosignature"));
    struct signer *mirror = signer_new(TEXT("b.example/mirror"), KEY_COSIGNATURE, &r);
    struct buf text = {.max = 4096}, line = {.max = 4096};
    struct checkpoint c = example();
    struct note_signature s;
    instant stamp = 0;
    checkpoint_write(&c, &text);
    cosignature_make(mirror, buf_as_text(&text), 1679315147 * INSTANT_SECOND + 5, &line);
    assert_int_equal(note_read_signature(text_sub(buf_as_text(&line), 0, line.size - 1), &a, &s, NULL), OK);
    assert_int_equal(cosignature_verify(&s, signer_vkey(mirror), buf_as_text(&text), &stamp, NULL), OK);
    assert_int_equal(stamp, 1679315147 * INSTANT_SECOND);
    for (size_t i = 0; i < text.size; i++) {
        text.at[i] ^= 1;
        assert_int_equal(cosignature_verify(&s, signer_vkey(mirror), buf_as_text(&text), &stamp, NULL), ERR_SIGNATURE);
        text.at[i] ^= 1;
    }
    ((uint8_t *)(uintptr_t)s.raw.at)[7] ^= 1; /* the time is signed, too */
    assert_int_equal(cosignature_verify(&s, signer_vkey(mirror), buf_as_text(&text), &stamp, NULL), ERR_SIGNATURE);
    buf_free(&text);
    buf_free(&line);
    signer_free(mirror);
    arena_free(&a);
}

static void malformed_checkpoints_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "o\n",
                                      "o\n1\n",
                                      "o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                                      "o\n1\nAAAA\n",
                                      "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                                      "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                      "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
                                      "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nx"};
    struct checkpoint c;
    for (size_t i = 0; i < COUNT(bad); i++) assert_int_equal(checkpoint_read(text_of(bad[i]), &c, NULL), ERR_INPUT);
    assert_int_equal(checkpoint_read(TEXT("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n"), &c, NULL),
                     OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signed_checkpoint_opens_with_its_log_key_only),
        cmocka_unit_test(a_cosignature_states_a_time_and_holds_for_one_text),
        cmocka_unit_test(malformed_checkpoints_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

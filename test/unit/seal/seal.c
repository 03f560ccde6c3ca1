/* Sealing and opening: round trips at every interesting size, damage at every byte, padding, and what a file key shows.
 */
#include "unit.h"

#include "seal/padme.h"
#include "seal/seal.h"

static void what_is_sealed_opens(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200000};
    struct random r = random_seeded(TEXT("seal"));
    struct seal_identity *i = seal_identity_new(&r), *other = seal_identity_new(&r);
    struct seal_recipient to[] = {seal_identity_recipient(other), seal_identity_recipient(i)};
    for (size_t n = 0; n < COUNT(sizes) * 2; n++) {
        struct buf plain = {.max = 1 << 20}, sealed = {.max = 1 << 20}, again = {.max = 1 << 20};
        uint8_t *room = buf_extend(&plain, sizes[n / 2] + 1);
        plain.size--;
        random_fill(&r, room, plain.size);
        struct sealer sealer = {.recipients = to, .count = 2, .armor = n & 1};
        struct opener with = {.identities = &i, .count = 1};
        assert_int_equal(seal_bytes(&sealer, buf_as_bytes(&plain), &r, &sealed, NULL), OK);
        assert_int_equal(seal_open_bytes(&with, buf_as_bytes(&sealed), &again, NULL, NULL), OK);
        assert_true(text_equal(buf_as_text(&plain), buf_as_text(&again)));
        buf_free(&plain);
        buf_free(&sealed);
        buf_free(&again);
    }
    seal_identity_free(i);
    seal_identity_free(other);
}

static void one_changed_byte_anywhere_is_refused(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("flip"));
    struct seal_identity *i = seal_identity_new(&r);
    struct seal_recipient to = seal_identity_recipient(i);
    struct sealer sealer = {.recipients = &to, .count = 1};
    struct opener with = {.identities = &i, .count = 1};
    struct buf sealed = {.max = 4096}, again = {.max = 4096};
    assert_int_equal(seal_bytes(&sealer, bytes_from_text(TEXT("concrete facts")), &r, &sealed, NULL), OK);
    for (size_t at = 0; at < sealed.size; at++) {
        sealed.at[at] ^= 1;
        struct diag d = {0};
        assert_int_not_equal(seal_open_bytes(&with, buf_as_bytes(&sealed), &again, NULL, &d), OK);
        assert_true(d.text[0] != 0 && again.size == 0);
        sealed.at[at] ^= 1;
    }
    for (size_t size = 0; size < sealed.size; size++)
        assert_int_not_equal(seal_open_bytes(&with, bytes_of(sealed.at, size), &again, NULL, NULL), OK);
    buf_free(&sealed);
    buf_free(&again);
    seal_identity_free(i);
}

static void a_file_key_opens_one_file_and_shows_to_whom_it_was_sealed(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("file key"));
    struct seal_identity *i = seal_identity_new(&r), *other = seal_identity_new(&r);
    struct seal_recipient to[] = {seal_identity_recipient(i), seal_identity_recipient(other)};
    struct sealer sealer = {.recipients = to, .count = 2};
    struct opener with = {.identities = &i, .count = 1};
    struct buf one = {.max = 4096}, two = {.max = 4096}, plain = {.max = 4096};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    assert_int_equal(seal_bytes(&sealer, bytes_from_text(TEXT("one")), &r, &one, NULL), OK);
    assert_int_equal(seal_bytes(&sealer, bytes_from_text(TEXT("two")), &r, &two, NULL), OK);
    assert_int_equal(seal_open_bytes(&with, buf_as_bytes(&one), &plain, key, NULL), OK);
    struct opener by_key = {.file_key = key};
    buf_clear(&plain);
    assert_int_equal(seal_open_bytes(&by_key, buf_as_bytes(&one), &plain, NULL, NULL), OK);
    assert_true(text_is(buf_as_text(&plain), "one"));
    assert_int_equal(seal_open_bytes(&by_key, buf_as_bytes(&two), &plain, NULL, NULL), ERR_SIGNATURE);
    assert_true(seal_header_is(buf_as_bytes(&one), key, to, 2));
    assert_false(seal_header_is(buf_as_bytes(&one), key, to, 1));
    assert_false(seal_header_is(buf_as_bytes(&two), key, to, 2));
    struct seal_recipient swapped[] = {to[1], to[0]};
    assert_false(seal_header_is(buf_as_bytes(&one), key, swapped, 2));
    buf_free(&one);
    buf_free(&two);
    buf_free(&plain);
    seal_identity_free(i);
    seal_identity_free(other);
}

static void a_passphrase_opens(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("passphrase"));
    struct sealer sealer = {.passphrase = TEXT("horse"), .log_n = 10};
    struct opener with = {.passphrase = TEXT("horse")}, wrong = {.passphrase = TEXT("hors")};
    struct buf sealed = {.max = 4096}, again = {.max = 4096};
    assert_int_equal(seal_bytes(&sealer, bytes_from_text(TEXT("key")), &r, &sealed, NULL), OK);
    assert_int_equal(seal_open_bytes(&with, buf_as_bytes(&sealed), &again, NULL, NULL), OK);
    assert_int_equal(seal_open_bytes(&wrong, buf_as_bytes(&sealed), &again, NULL, NULL), ERR_NO_KEY);
    buf_free(&sealed);
    buf_free(&again);
}

static void keys_come_back_as_text(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("keys"));
    struct seal_identity *i = seal_identity_new(&r), *list[2];
    struct buf secret = {.max = 200}, public = {.max = 200};
    buf_string(&secret, "# made for a test\n");
    seal_identity_write(i, &secret);
    buf_string(&secret, "\r\n\n");
    size_t count = 0;
    assert_int_equal(seal_identities_read(buf_as_text(&secret), list, 2, &count, NULL), OK);
    assert_int_equal(count, 1);
    struct seal_recipient one = seal_identity_recipient(i), two;
    seal_recipient_write(&one, &public);
    assert_int_equal(seal_recipient_read(buf_as_text(&public), &two, NULL), OK);
    assert_memory_equal(&one, &two, sizeof one);
    public.at[7] ^= 1;
    assert_int_equal(seal_recipient_read(buf_as_text(&public), &two, NULL), ERR_INPUT);
    /* The pair of the specification. */
    struct seal_identity *spec;
    assert_int_equal(
        seal_identity_read(TEXT("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"), &spec,
                           NULL),
        OK);
    buf_clear(&public);
    one = seal_identity_recipient(spec);
    seal_recipient_write(&one, &public);
    assert_true(text_is(buf_as_text(&public), "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"));
    seal_identity_free(spec);
    seal_identity_free(list[0]);
    seal_identity_free(i);
    buf_wipe(&secret);
    buf_free(&public);
}

/* Values by the formula of the paper, computed by hand: 9 -> 10, 1000 -> 1024 - … */
static void lengths_are_padded_as_the_paper_says(void **state) {
    (void)state;
    static const uint64_t pairs[][2] = {{0, 0},       {1, 1},         {8, 8},         {9, 10},           {100, 104},
                                        {1000, 1024}, {65536, 65536}, {65537, 67584}, {1000000, 1015808}};
    for (size_t i = 0; i < COUNT(pairs); i++) assert_int_equal(padme_size(pairs[i][0]), pairs[i][1]);
    for (uint64_t size = 1; size < 100000; size += 7) {
        uint64_t padded = padme_size(size);
        assert_true(padded >= size && padded - size <= size * 12 / 100 + 1 && padme_size(padded) == padded);
    }
    struct buf b = {.max = 100};
    buf_string(&b, "123456789");
    padme_pad(&b, 0);
    assert_int_equal(b.size, 10);
    assert_true(padme_is(buf_as_bytes(&b), 9) && padme_content(buf_as_bytes(&b)) == 9);
    b.at[9] = 1;
    assert_false(padme_is(buf_as_bytes(&b), 9));
    buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(one_changed_byte_anywhere_is_refused),
        cmocka_unit_test(a_file_key_opens_one_file_and_shows_to_whom_it_was_sealed),
        cmocka_unit_test(a_passphrase_opens),
        cmocka_unit_test(keys_come_back_as_text),
        cmocka_unit_test(lengths_are_padded_as_the_paper_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

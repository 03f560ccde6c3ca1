#include "unit.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/os.h"
#include "node/fields.h"
#include "node/keyring.h"
#include "node/tls.h"

static unsigned asked;

static enum error ask(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)folder;
    asked++;
    buf_string(out, state);
    return buf_check(out, d);
}

static struct passphrase_source source(const char *passphrase) {
    return (struct passphrase_source){ask, (void *)(uintptr_t)passphrase};
}

static void make_folder(char *folder) {
    strcpy(folder, "parley-keys-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static void remove_folder(const char *folder) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static void one_passphrase_opens_all(void **state) {
    (void)state;
    char folder[32], path[64];
    struct random r = random_seeded(TEXT("keys"));
    struct keyring *k;
    struct buf out = {.max = 1000};
    struct stat about;
    make_folder(folder);
    assert_int_equal(keyring_create(folder, TEXT("four words of one"), &r, NULL), OK);
    assert_int_equal(keyring_create(folder, TEXT("another"), &r, NULL), ERR_CONFLICT);
    assert_int_equal(keyring_open(folder, source("four words of one"), &k, NULL), OK);
    assert_int_equal(asked, 0);
    assert_int_equal(keyring_put(k, "a.key", bytes_of("first", 5), &r, NULL), OK);
    assert_int_equal(keyring_put(k, "a.key", bytes_of("again", 5), &r, NULL), ERR_CONFLICT);
    assert_int_equal(keyring_put(k, "b.key", bytes_of("second", 6), &r, NULL), OK);
    keyring_close(k);
    asked = 0;
    assert_int_equal(keyring_open(folder, source("four words of one"), &k, NULL), OK);
    assert_int_equal(keyring_get(k, "a.key", &out, NULL), OK);
    assert_int_equal(keyring_get(k, "b.key", &out, NULL), OK);
    assert_true(text_is(buf_as_text(&out), "firstsecond"));
    assert_int_equal(asked, 1);
    assert_int_equal(keyring_get(k, "c.key", &out, NULL), ERR_MISSING);
    keyring_close(k);
    snprintf(path, sizeof path, "%s/a.key", folder);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(keyring_open(folder, source("wrong"), &k, NULL), OK);
    assert_int_equal(keyring_get(k, "a.key", &out, NULL), ERR_NO_KEY);
    keyring_close(k);
    assert_int_equal(keyring_open(folder, (struct passphrase_source){0}, &k, NULL), OK);
    assert_int_equal(keyring_get(k, "a.key", &out, NULL), ERR_NO_KEY);
    keyring_close(k);
    buf_free(&out);
    remove_folder(folder);
}

static void signers_come_back(void **state) {
    (void)state;
    char folder[32];
    struct random r = random_seeded(TEXT("keys"));
    struct keyring *k;
    struct signer *made = signer_new(TEXT("cert.north.example/mirror"), KEY_COSIGNATURE, &r), *read;
    make_folder(folder);
    assert_int_equal(keyring_create(folder, TEXT(""), &r, NULL), OK);
    assert_int_equal(keyring_open(folder, (struct passphrase_source){0}, &k, NULL), OK);
    assert_int_equal(keyring_put_signer(k, "mirror.key", made, &r, NULL), OK);
    assert_int_equal(keyring_get_signer(k, "mirror.key", &read, NULL), OK);
    assert_true(vkey_equal(signer_vkey(made), signer_vkey(read)));
    signer_free(made);
    signer_free(read);
    keyring_close(k);
    remove_folder(folder);
}

static void a_passphrase_file_gives_its_first_line(void **state) {
    (void)state;
    struct buf out = {.max = 100};
    assert_int_equal(os_write("parley-passphrase", bytes_of("one line\nand more\n", 18), 0600, NULL), OK);
    struct passphrase_source from = passphrase_file("parley-passphrase");
    assert_int_equal(from.ask(from.state, "", &out, NULL), OK);
    assert_true(text_is(buf_as_text(&out), "one line"));
    assert_int_equal(os_remove("parley-passphrase", NULL), OK);
    buf_free(&out);
}

static void certificates_have_the_hash_that_others_compute(void **state) {
    (void)state;
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    struct sha256 spki;
    char hex[SHA256_HEX], command[256];
    assert_int_equal(tls_make(TEXT("cert.north.example"), 20000 * INSTANT_DAY, &key, &certificate, NULL), OK);
    assert_int_equal(tls_spki(buf_as_bytes(&certificate), &spki, NULL), OK);
    assert_int_equal(tls_spki(bytes_of("x", 1), &spki, NULL), ERR_INPUT);
    sha256_hex(&spki, hex);
    assert_int_equal(os_write("parley-tls.crt", buf_as_bytes(&certificate), 0600, NULL), OK);
    snprintf(
        command, sizeof command,
        "openssl x509 -in parley-tls.crt -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | grep -q %s",
        hex);
    assert_int_equal(system(command), 0);
    assert_int_equal(os_remove("parley-tls.crt", NULL), OK);
    buf_free(&key);
    buf_free(&certificate);
}

static void fields_come_back(void **state) {
    (void)state;
    struct arena a = {0};
    struct buf out = {.max = 1000};
    struct bytes bytes;
    for (int i = 0; i < 2; i++) {
        field_text(&out, "words", TEXT("two\nlines"));
        field_text(&out, "empty", TEXT(""));
        field_u64(&out, "number", UINT64_MAX);
        field_bytes(&out, "bytes", bytes_of("\0\n", 2));
        field_instant(&out, "never", INSTANT_NONE);
        field_instant(&out, "at", INSTANT_DAY);
        buf_char(&out, '\n');
    }
    struct text rest = buf_as_text(&out), block;
    unsigned blocks = 0;
    for (; fields_next(&rest, &block); blocks++) {
        assert_true(text_is(fields_text(block, "words"), "two lines"));
        assert_true(fields_u64(block, "number") == UINT64_MAX);
        assert_true(fields_bytes(block, "bytes", &a, &bytes) && bytes.size == 2);
        assert_true(fields_instant(block, "never") == INSTANT_NONE && fields_instant(block, "at") == INSTANT_DAY);
    }
    assert_int_equal(blocks, 2);
    buf_free(&out);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_passphrase_opens_all),
        cmocka_unit_test(signers_come_back),
        cmocka_unit_test(a_passphrase_file_gives_its_first_line),
        cmocka_unit_test(certificates_have_the_hash_that_others_compute),
        cmocka_unit_test(fields_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

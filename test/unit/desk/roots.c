/* A node that shows other roots than it did: a desk that joined believes the first. */
#include "homes.h"

#include "desk/roots.h"

static struct text root_of(struct kit *k, const char *name) {
    struct signer *signer = signer_new(text_of(name), KEY_ED25519, &k->random);
    struct buf out = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(signer), &out);
    struct text copy = arena_text(&k->arena, buf_as_text(&out));
    signer_free(signer);
    buf_free(&out);
    return copy;
}

static void a_root_is_believed_once(void **state) {
    (void)state;
    struct kit k = begin("roots");
    struct desk *d = open_home(&k, "n", "cert.north.example");
    struct text own = root_of(&k, "cert.north.example/root"), old = root_of(&k, "cert.north.example/root"),
                theirs = root_of(&k, "cert.south.example/root"), other = root_of(&k, "cert.south.example/root");
    struct link_channel c[2] = {{.party = TEXT("cert.south.example"), .own_root = old, .their_root = theirs},
                                {.party = TEXT("cert.west.example"), .own_root = own}};
    must(&k, roots_check(d, own, c, 2, &k.diag)); /* what is not known yet is none */
    must(&k, roots_check(d, own, c, 2, &k.diag));
    c[1].their_root = root_of(&k, "cert.west.example/root");
    must(&k, roots_check(d, own, c, 2, &k.diag));
    /* Another root of theirs, alone or in a further channel, and another of one's own. */
    c[0].their_root = other;
    assert_int_equal(roots_check(d, own, c, 2, &k.diag), ERR_SIGNATURE);
    assert_true(text_search(text_of(k.diag.text), TEXT("cert.south.example")) != SIZE_MAX);
    c[1] = c[0];
    c[0].their_root = theirs;
    assert_int_equal(roots_check(d, own, c, 2, NULL), ERR_SIGNATURE);
    c[1].their_root = theirs;
    c[1].own_root = root_of(&k, "cert.north.example/root");
    assert_int_equal(roots_check(d, own, c, 2, NULL), ERR_SIGNATURE);
    c[1].own_root = own;
    c[1].their_root = TEXT("no key");
    assert_int_equal(roots_check(d, own, c, 2, NULL), ERR_INPUT);
    /* Until people have compared, and say so. */
    c[1].their_root = other;
    must(&k, roots_forget(d, &k.diag));
    must(&k, roots_forget(d, &k.diag));
    must(&k, roots_check(d, own, c, 2, &k.diag));
    end(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_root_is_believed_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

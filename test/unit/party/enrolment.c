/* Enrolments: signed by the officer's own key, one spelling, whole or refused. */
#include "unit.h"

#include "note/note.h"
#include "party/enrolment.h"
#include "seal/seal.h"

#define PIN "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

struct fixture {
    struct arena arena;
    struct random random;
    struct signer *officer, *other;
    struct text recipient, identity;
};

static struct fixture begin(void) {
    struct fixture f = {.random = random_seeded(TEXT("enrolment"))};
    f.officer = signer_new(TEXT("cert.north.example/officer/b.lead"), KEY_ED25519, &f.random);
    f.other = signer_new(TEXT("cert.north.example/officer/a.officer"), KEY_ED25519, &f.random);
    struct seal_identity *identity = seal_identity_new(&f.random);
    struct seal_recipient to = seal_identity_recipient(identity);
    struct buf out = {.max = 256}, secret = {.max = 256};
    seal_recipient_write(&to, &out);
    seal_identity_write(identity, &secret);
    f.recipient = arena_text(&f.arena, buf_as_text(&out));
    f.identity = text_trim(arena_text(&f.arena, buf_as_text(&secret)));
    buf_free(&out);
    buf_wipe(&secret);
    seal_identity_free(identity);
    return f;
}

static void end(struct fixture *f) {
    signer_free(f->officer);
    signer_free(f->other);
    arena_free(&f->arena);
}

static struct text vkey(struct fixture *f, const struct signer *s) {
    struct buf out = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(s), &out);
    struct text copy = arena_text(&f->arena, buf_as_text(&out));
    buf_free(&out);
    return copy;
}

static struct bytes sign(struct fixture *f, struct text text, const struct signer *by) {
    struct buf note = {.max = 1 << 16};
    assert_int_equal(note_sign(text, (const struct signer *const[]){by}, 1, &note, NULL), OK);
    struct bytes copy = arena_bytes(&f->arena, buf_as_bytes(&note));
    buf_free(&note);
    return copy;
}

static struct text written(struct fixture *f, const struct enrolment *e) {
    struct buf out = {.max = 1 << 16};
    enrolment_write(e, &out);
    struct text copy = arena_text(&f->arena, buf_as_text(&out));
    buf_free(&out);
    return copy;
}

static struct enrolment good(struct fixture *f) {
    return (struct enrolment){.party = TEXT("cert.north.example"),
                              .department = TEXT("incident"),
                              .key = vkey(f, f->officer),
                              .tls = TEXT(PIN),
                              .recipient = f->recipient};
}

static void the_officer_signs_for_the_desk(void **state) {
    (void)state;
    struct fixture f = begin();
    struct enrolment e = good(&f), back;
    assert_int_equal(enrolment_read(sign(&f, written(&f, &e), f.officer), &f.arena, &back, NULL), OK);
    assert_true(text_is(back.name, "b.lead") && text_is(back.tls, PIN) && text_is(back.department, "incident"));
    assert_int_equal(enrolment_read(sign(&f, written(&f, &e), f.other), &f.arena, &back, NULL), ERR_SIGNATURE);
    end(&f);
}

static void what_says_something_else_is_refused(void **state) {
    (void)state;
    struct fixture f = begin();
    struct enrolment back, wrong[6];
    for (size_t i = 0; i < COUNT(wrong); i++) wrong[i] = good(&f);
    wrong[0].party = TEXT("cert.south.example"); /* whose officer's key this is not */
    wrong[1].tls = TEXT("AA");
    wrong[2].recipient = TEXT("age1x");
    wrong[3].department = TEXT("In cident");
    wrong[4].key = TEXT("cert.north.example/officer/b.lead");
    wrong[5].recipient = arena_format(&f.arena, "%.*s\nmore", TEXT_ARG(f.recipient));
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(enrolment_read(sign(&f, written(&f, &wrong[i]), f.officer), &f.arena, &back, NULL), ERR_INPUT);
    end(&f);
}

static void an_answer_is_whole_or_refused(void **state) {
    (void)state;
    struct fixture f = begin();
    struct enrolment_answer back;
    struct signer *root = signer_new(TEXT("cert.north.example/root"), KEY_ED25519, &f.random);
    struct signer *mirror = signer_new(TEXT("cert.north.example/mirror"), KEY_COSIGNATURE, &f.random);
    struct text key = vkey(&f, mirror);
    struct card card = {.party = TEXT("cert.north.example"), .root = vkey(&f, root), .mirrors = {&key, 1}};
    struct buf text = {.max = 1 << 16}, out = {.max = 1 << 20};
    card_write(&card, &text);
    struct enrolment_answer w = {.node = TEXT("https://127.0.0.1:7444"),
                                 .card_note = sign(&f, buf_as_text(&text), root),
                                 .identities = {&f.identity, 1}};
    enrolment_answer_write(&w, &out);
    assert_int_equal(enrolment_answer_read(buf_as_bytes(&out), &f.arena, &back, NULL), OK);
    /* A NUL or another control character in the address, of which a reader and a writer would see different parts. */
    uint8_t *address = out.at + text_search(buf_as_text(&out), TEXT("127"));
    for (unsigned c = 0; c < 0x20; c += 3) {
        *address = (uint8_t)c;
        assert_int_equal(enrolment_answer_read(buf_as_bytes(&out), &f.arena, &back, NULL), ERR_INPUT);
    }
    *address = '1';
    assert_true(text_equal(back.node, w.node) && back.identities.count == 1);
    assert_int_equal(enrolment_answer_read(bytes_of(out.at, out.size - 1), &f.arena, &back, NULL), ERR_INPUT);
    buf_string(&out, "more\n");
    assert_int_equal(enrolment_answer_read(buf_as_bytes(&out), &f.arena, &back, NULL), ERR_INPUT);
    w.identities.count = 0;
    buf_clear(&out);
    enrolment_answer_write(&w, &out);
    assert_int_equal(enrolment_answer_read(buf_as_bytes(&out), &f.arena, &back, NULL), ERR_INPUT);
    buf_free(&text);
    buf_free(&out);
    signer_free(root);
    signer_free(mirror);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_officer_signs_for_the_desk),
        cmocka_unit_test(what_says_something_else_is_refused),
        cmocka_unit_test(an_answer_is_whole_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

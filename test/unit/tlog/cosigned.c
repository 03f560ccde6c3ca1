/* Cosignatures by ML-DSA-44 that a program in JavaScript made (test/interop/mldsa_cosign.mjs) over a checkpoint with an
 * extension line: read, verified, refused where anything that they sign is another; counted by a policy. */
#include "unit.h"

#include <stdio.h>

#include "base/os.h"
#include "tlog/policy.h"

enum { VKEYS = 3, LOG = 0 }; /* test/vector/mldsa/vkeys: a log, two witnesses */

struct sample {
    struct arena arena;
    struct text spelled[VKEYS];
    struct vkey keys[VKEYS];
    struct bytes whole;
    struct note note;
};

static struct text read_file(struct arena *a, const char *name) {
    char path[4096];
    struct buf in = {.max = 1 << 20};
    snprintf(path, sizeof path, "%s/%s", PARLEY_MLDSA_FOLDER, name);
    assert_int_equal(os_read(path, in.max, &in, NULL), OK);
    struct text t = arena_text(a, buf_as_text(&in));
    buf_free(&in);
    return t;
}

static void begin(struct sample *s) {
    *s = (struct sample){0};
    struct text lines = read_file(&s->arena, "vkeys");
    for (size_t i = 0; i < VKEYS; i++) {
        assert_true(text_line(&lines, &s->spelled[i]));
        assert_int_equal(vkey_read(s->spelled[i], &s->keys[i], NULL), OK);
    }
    s->whole = bytes_from_text(read_file(&s->arena, "cosigned"));
    assert_int_equal(note_read(s->whole, &s->arena, &s->note, NULL), OK);
    assert_int_equal(s->note.signature_count, VKEYS);
}

static enum error check(const struct sample *s, size_t witness, struct text text, instant *stamp) {
    const struct vkey *k = &s->keys[witness];
    return cosignature_verify(note_find(&s->note, k->name, k->id), k, text, stamp, NULL);
}

static void the_cosignatures_of_a_program_in_javascript_verify(void **state) {
    (void)state;
    struct sample s;
    instant stamp = INSTANT_NONE;
    begin(&s);
    assert_int_equal(check(&s, 1, s.note.text, &stamp), OK);
    assert_int_equal(stamp, 1679315147 * INSTANT_SECOND);
    assert_int_equal(check(&s, 2, s.note.text, &stamp), OK);
    assert_int_equal(stamp, 1679315150 * INSTANT_SECOND);
    arena_free(&s.arena);
}

static void they_hold_for_origin_size_root_name_and_time(void **state) {
    (void)state;
    struct sample s;
    instant stamp;
    begin(&s);
    struct text text = arena_text(&s.arena, s.note.text);
    size_t extension = text.size - checkpoint_extensions(text).size;
    for (size_t i = 0; i < text.size; i++) {
        char *at = (char *)(uintptr_t)text.at + i;
        *at ^= 1;
        bool good = i >= extension && i + 1 < text.size; /* "no statement is made about them" */
        assert_int_equal(check(&s, 1, text, &stamp), good ? OK : ERR_SIGNATURE);
        *at ^= 1;
    }
    struct note_signature *line = (struct note_signature *)(uintptr_t)note_find(&s.note, s.keys[1].name, s.keys[1].id);
    struct vkey other = s.keys[2]; /* the key of one under the name and id of another */
    other.name = s.keys[1].name;
    other.id = s.keys[1].id;
    assert_int_equal(cosignature_verify(line, &other, text, &stamp, NULL), ERR_SIGNATURE);
    for (size_t i = 0; i < line->raw.size; i += 1 + i / 16) {
        ((uint8_t *)(uintptr_t)line->raw.at)[i] ^= 1;
        assert_int_equal(check(&s, 1, text, &stamp), ERR_SIGNATURE);
        ((uint8_t *)(uintptr_t)line->raw.at)[i] ^= 1;
    }
    assert_int_equal(check(&s, 1, text, &stamp), OK);
    line->raw.size--;
    assert_int_equal(check(&s, 1, text, &stamp), ERR_SIGNATURE);
    line->raw.size = 8;
    assert_int_equal(check(&s, 1, text, &stamp), ERR_SIGNATURE);
    arena_free(&s.arena);
}

static void keys_read_write_and_are_told_apart(void **state) {
    (void)state;
    struct sample s;
    struct vkey k;
    begin(&s);
    for (size_t i = 1; i < VKEYS; i++) {
        struct buf out = {.max = VKEY_TEXT_MAX};
        assert_int_equal(s.keys[i].type, KEY_COSIGNATURE_MLDSA);
        vkey_write(&s.keys[i], &out);
        assert_true(text_equal(buf_as_text(&out), s.spelled[i]));
        for (size_t at = 0; at < out.size; at++) { /* name, id and key hang together */
            out.at[at] ^= 1;
            assert_int_equal(vkey_read(buf_as_text(&out), &k, NULL), ERR_INPUT);
            out.at[at] ^= 1;
        }
        assert_int_equal(vkey_read(text_sub(s.spelled[i], 0, s.spelled[i].size - 4), &k, NULL), ERR_INPUT);
        buf_free(&out);
    }
    assert_false(vkey_equal(&s.keys[1], &s.keys[2]));
    assert_true(vkey_equal(&s.keys[1], &s.keys[1]));
    /* It is no key of notes, and none of Ed25519. */
    assert_int_equal(note_verify(&s.note, &s.keys[1], 1, NULL, NULL), ERR_SIGNATURE);
    assert_false(key_verify(&s.keys[1], bytes_from_text(s.note.text), s.note.signatures[0].raw.at));
    assert_false(key_verify_mldsa(&s.keys[LOG], bytes_from_text(s.note.text), s.note.signatures[1].raw));
    arena_free(&s.arena);
}

static enum error open_with(struct sample *s, size_t log, size_t witness, struct bytes whole, struct witnessed *w) {
    struct policy p, again;
    struct buf out = {.max = POLICY_MAX_BYTES};
    struct text t = arena_format(&s->arena, "log %.*s\nwitness a %.*s\nquorum a\n", TEXT_ARG(s->spelled[log]),
                                 TEXT_ARG(s->spelled[witness]));
    enum error result = policy_read(t, &s->arena, &p, NULL);
    if (!result) {
        policy_write(&p, &out);
        assert_true(text_equal(buf_as_text(&out), t));
        assert_int_equal(policy_read(t, &s->arena, &again, NULL), OK);
        result = policy_open(&p, whole, &s->arena, w, NULL);
    }
    buf_free(&out);
    return result;
}

static void a_policy_counts_them(void **state) {
    (void)state;
    struct sample s;
    struct witnessed w;
    begin(&s);
    assert_int_equal(open_with(&s, LOG, 1, s.whole, &w), OK);
    assert_int_equal(w.stamps[0], 1679315147 * INSTANT_SECOND);
    assert_int_equal(open_with(&s, LOG, 2, s.whole, &w), OK);
    assert_int_equal(open_with(&s, 1, 2, s.whole, &w), ERR_INPUT); /* a log signs notes */
    assert_int_equal(open_with(&s, LOG, LOG, s.whole, &w), ERR_INPUT);
    const struct note_signature *line = note_find(&s.note, s.keys[1].name, s.keys[1].id);
    size_t before = (size_t)((const uint8_t *)line->line.at - s.whole.at);
    assert_int_equal(open_with(&s, LOG, 1, bytes_of(s.whole.at, before), &w), ERR_NO);
    arena_free(&s.arena);
}

/* c2sp.org/signed-note: 16 signatures at least, each up to nearly 5 kB. */
static void sixteen_long_signatures_fit(void **state) {
    (void)state;
    struct sample s;
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    struct signed_checkpoint at;
    uint8_t raw[4990] = {1};
    begin(&s);
    buf_bytes(&note, s.whole);
    for (uint32_t i = 0; i < 16; i++) note_signature_line(TEXT("w.example/long"), i, bytes_of(raw, sizeof raw), &note);
    assert_false(note.failed);
    assert_int_equal(checkpoint_open(buf_as_bytes(&note), s.keys[LOG].name, &s.keys[LOG], 1, &s.arena, &at, NULL), OK);
    assert_int_equal(at.note.signature_count, VKEYS + 16);
    buf_free(&note);
    arena_free(&s.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cosignatures_of_a_program_in_javascript_verify),
        cmocka_unit_test(they_hold_for_origin_size_root_name_and_time),
        cmocka_unit_test(keys_read_write_and_are_told_apart),
        cmocka_unit_test(a_policy_counts_them),
        cmocka_unit_test(sixteen_long_signatures_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

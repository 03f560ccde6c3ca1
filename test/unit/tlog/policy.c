/* Policies: what is read, what is refused and where, and who decides what. */
#include "unit.h"

#include "tlog/policy.h"

enum { WITNESSES = 6, LOGS = 2 };

/* Keys that repeat: logs "log.example/0" and so on, witnesses "w.example/0" and so on. */
struct keys {
    struct arena arena;
    struct signer *logs[LOGS], *witnesses[WITNESSES];
    struct text log_vkeys[LOGS], witness_vkeys[WITNESSES];
};

static struct text vkey_text(struct arena *a, const struct signer *s) {
    struct buf out = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(s), &out);
    struct text t = arena_text(a, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static void begin(struct keys *k) {
    struct random r = random_seeded(TEXT("policy"));
    *k = (struct keys){0};
    for (unsigned i = 0; i < LOGS; i++) {
        k->logs[i] = signer_new(arena_format(&k->arena, "log.example/%u", i), KEY_ED25519, &r);
        k->log_vkeys[i] = vkey_text(&k->arena, k->logs[i]);
    }
    for (unsigned i = 0; i < WITNESSES; i++) {
        k->witnesses[i] = signer_new(arena_format(&k->arena, "w.example/%u", i), KEY_COSIGNATURE, &r);
        k->witness_vkeys[i] = vkey_text(&k->arena, k->witnesses[i]);
    }
}

static void end(struct keys *k) {
    for (unsigned i = 0; i < LOGS; i++) signer_free(k->logs[i]);
    for (unsigned i = 0; i < WITNESSES; i++) signer_free(k->witnesses[i]);
    arena_free(&k->arena);
}

/* Replaces each "$l0" and "$w0" by the vkey of that log or witness. */
static struct text spell(struct keys *k, const char *form) {
    struct buf out = {.max = 1 << 20};
    for (const char *c = form; *c; c++) {
        if (*c != '$') {
            buf_char(&out, *c);
            continue;
        }
        buf_text(&out, (c[1] == 'l' ? k->log_vkeys : k->witness_vkeys)[c[2] - '0']);
        c += 2;
    }
    struct text t = arena_text(&k->arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static const char example[] = "# a comment\n"
                              "log $l0 https://log.example/\n"
                              "\n"
                              " \twitness X1 $w0\n"
                              "witness X2 $w1 https://w.example/\n"
                              "witness X3 $w2 \n"
                              "group X-witnesses 2 X1 X2 X3\n"
                              "witness Y1 $w3\n"
                              "witness Y2\t$w4\n"
                              "  # another\n"
                              "group Y-witnesses any Y1 Y2\n"
                              "group X-and-Y all X-witnesses Y-witnesses\n"
                              "quorum X-and-Y\n"
                              "log $l1\n";

static void the_example_of_the_specification_counts_as_it_says(void **state) {
    (void)state;
    struct keys k;
    struct policy p;
    begin(&k);
    assert_int_equal(policy_read(spell(&k, example), &k.arena, &p, NULL), OK);
    assert_int_equal(p.log_count, 2);
    assert_int_equal(p.voter_count, 8);
    assert_true(text_is(p.logs[0].url, "https://log.example/") && !p.logs[1].url.size);
    static const size_t of_witness[5] = {0, 1, 2, 4, 5}; /* their voters: X1 X2 X3 (X) Y1 Y2 (Y) (X-and-Y) */
    for (unsigned set = 0; set < 32; set++) {
        bool cosigned[8] = {[3] = true, [6] = true, [7] = true}; /* what is said of groups does not count */
        for (unsigned i = 0; i < 5; i++) cosigned[of_witness[i]] = set >> i & 1;
        bool x = __builtin_popcount(set & 7) >= 2, y = (set & 24) != 0;
        assert_int_equal(policy_met(&p, cosigned), x && y);
    }
    end(&k);
}

static void a_policy_writes_back_to_one_spelling(void **state) {
    (void)state;
    struct keys k;
    struct policy p, again;
    struct buf first = {.max = 1 << 16}, second = {.max = 1 << 16};
    begin(&k);
    assert_int_equal(policy_read(spell(&k, example), &k.arena, &p, NULL), OK);
    policy_write(&p, &first);
    assert_int_equal(policy_read(buf_as_text(&first), &k.arena, &again, NULL), OK);
    policy_write(&again, &second);
    assert_true(text_equal(buf_as_text(&first), buf_as_text(&second)));
    assert_int_equal(again.voter_count, p.voter_count);
    assert_int_equal(again.quorum, p.quorum);
    buf_free(&first);
    buf_free(&second);
    end(&k);
}

static void what_is_wrong_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *form;
        uint64_t line; /* 0: of the whole */
    } bad[] = {
        {"", 0},
        {"log $l0\n", 0},
        {"quorum none", 1},
        {"quorum none\nquorum none\n", 2},
        {"quorum nobody\n", 1},
        {"quorum A\nwitness A $w0\n", 1},
        {"quorum\n", 1},
        {"quorum none none\n", 1},
        {"Quorum none\n", 1},
        {"log $w0\nquorum none\n", 1},
        {"log $l0\nlog $l0\nquorum none\n", 2},
        {"log $l0 u v\nquorum none\n", 1},
        {"log no+key\nquorum none\n", 1},
        {"witness A $l0\nquorum A\n", 1},
        {"witness A $w0\nwitness B $w0\nquorum A\n", 2},
        {"witness A $w0\nwitness A $w1\nquorum A\n", 2},
        {"witness none $w0\nquorum none\n", 1},
        {"witness A\nquorum none\n", 1},
        {"witness A $w0\ngroup none any A\nquorum none\n", 2},
        {"witness A $w0\ngroup A any A\nquorum A\n", 2},
        {"witness A $w0\ngroup G any\nquorum A\n", 2},
        {"witness A $w0\ngroup G 0 A\nquorum A\n", 2},
        {"witness A $w0\ngroup G 2 A\nquorum A\n", 2},
        {"witness A $w0\ngroup G 01 A\nquorum A\n", 2},
        {"witness A $w0\ngroup G most A\nquorum A\n", 2},
        {"witness A $w0\ngroup G 2 A A\nquorum A\n", 2},
        {"witness A $w0\ngroup G any A none\nquorum A\n", 2},
        {"witness A $w0\ngroup G any G\nquorum A\n", 2},
        {"witness A $w0\ngroup G any A H\ngroup H any A\nquorum A\n", 2},
        {"witness A $w0\ngroup G any A\ngroup H any A\nquorum A\n", 3},
        {"quorum none\r\n", 1},
        {"# \x7f\nquorum none\n", 1},
        {"quorum none\n#", 2},
    };
    struct keys k;
    struct policy p;
    struct diag d;
    begin(&k);
    for (size_t i = 0; i < COUNT(bad); i++) {
        d = (struct diag){0};
        assert_int_equal(policy_read(spell(&k, bad[i].form), &k.arena, &p, &d), ERR_INPUT);
        assert_int_equal(d.line, bad[i].line);
    }
    end(&k);
}

static void octets_above_ascii_are_opaque_in_names(void **state) {
    (void)state;
    struct keys k;
    struct policy p;
    begin(&k);
    assert_int_equal(policy_read(spell(&k, "witness K $w0\nwitness \xe2\x84\xaa $w1\nwitness \xff $w2\nquorum \xff\n"),
                                 &k.arena, &p, NULL),
                     OK);
    assert_int_equal(p.quorum, 2);
    end(&k);
}

/* As many logs, witnesses and groups as the specification asks an implementation to take, and where ours ends. */
static void thirty_two_of_each_are_taken(void **state) {
    (void)state;
    struct arena a = {0};
    struct buf t = {.max = POLICY_MAX_BYTES + 1};
    struct random r = random_seeded(TEXT("many"));
    struct policy p;
    for (unsigned i = 0; i < 32; i++) {
        struct signer *log = signer_new(arena_format(&a, "log.example/%u", i), KEY_ED25519, &r),
                      *witness = signer_new(arena_format(&a, "w.example/%u", i), KEY_COSIGNATURE, &r);
        buf_format(&t, "log %.*s\n", TEXT_ARG(vkey_text(&a, log)));
        buf_format(&t, "witness w%u %.*s\ngroup g%u any w%u\n", i, TEXT_ARG(vkey_text(&a, witness)), i, i);
        signer_free(log);
        signer_free(witness);
    }
    buf_string(&t, "quorum g31\n");
    assert_int_equal(policy_read(buf_as_text(&t), &a, &p, NULL), OK);
    bool cosigned[64] = {false};
    assert_false(policy_met(&p, cosigned));
    cosigned[62] = true;
    assert_true(policy_met(&p, cosigned));
    for (unsigned i = 0; i < 64; i++) buf_format(&t, "group more%u any %s%u\n", i, i ? "more" : "g", i ? i - 1 : 0);
    assert_int_equal(policy_read(buf_as_text(&t), &a, &p, NULL), OK);
    buf_string(&t, "group last any more63\n");
    assert_int_equal(policy_read(buf_as_text(&t), &a, &p, NULL), ERR_LIMIT);
    buf_clear(&t);
    memset(buf_extend(&t, POLICY_MAX_BYTES + 1), '\n', POLICY_MAX_BYTES + 1);
    assert_int_equal(policy_read(buf_as_text(&t), &a, &p, NULL), ERR_LIMIT);
    buf_free(&t);
    arena_free(&a);
}

/* A checkpoint of log 0, cosigned by witnesses 0 and 1; by witness 0 twice. */
static void make_note(struct keys *k, struct buf *note) {
    struct checkpoint c = {signer_vkey(k->logs[0])->name, 5, sha256_of(bytes_of("root", 4))};
    struct buf text = {.max = 4096};
    checkpoint_write(&c, &text);
    const struct signer *signers[] = {k->logs[0]};
    assert_int_equal(checkpoint_sign(&c, signers, 1, note, NULL), OK);
    cosignature_make(k->witnesses[0], buf_as_text(&text), 2000 * INSTANT_SECOND, note);
    cosignature_make(k->witnesses[1], buf_as_text(&text), 3000 * INSTANT_SECOND, note);
    cosignature_make(k->witnesses[0], buf_as_text(&text), 1000 * INSTANT_SECOND, note);
    buf_free(&text);
}

static enum error open_with(struct keys *k, const char *form, const struct buf *note, struct witnessed *w) {
    struct policy p;
    assert_int_equal(policy_read(spell(k, form), &k->arena, &p, NULL), OK);
    return policy_open(&p, buf_as_bytes(note), &k->arena, w, NULL);
}

static void a_checkpoint_needs_a_log_and_the_quorum(void **state) {
    (void)state;
    struct keys k;
    struct buf note = {.max = 8192};
    struct witnessed w;
    begin(&k);
    make_note(&k, &note);
    assert_int_equal(open_with(&k, "log $l1\nlog $l0\nquorum none\n", &note, &w), OK);
    assert_int_equal(w.checkpoint.at.size, 5);
    assert_int_equal(
        open_with(&k, "log $l0\nwitness a $w0\nwitness b $w1\nwitness c $w2\ngroup g 2 a b c\nquorum g\n", &note, &w),
        OK);
    assert_int_equal(w.stamps[0], 1000 * INSTANT_SECOND); /* the earlier of two */
    assert_int_equal(w.stamps[1], 3000 * INSTANT_SECOND);
    assert_int_equal(w.stamps[2], INSTANT_NONE);
    assert_int_equal(open_with(&k, "log $l0\nwitness c $w2\nquorum c\n", &note, &w), ERR_NO);
    assert_int_equal(open_with(&k, "log $l0\nwitness a $w0\nwitness c $w2\ngroup g all a c\nquorum g\n", &note, &w),
                     ERR_NO);
    assert_int_equal(open_with(&k, "log $l1\nquorum none\n", &note, &w), ERR_SIGNATURE);
    assert_int_equal(open_with(&k, "quorum none\n", &note, &w), ERR_SIGNATURE);
    buf_free(&note);
    end(&k);
}

/* "If the key name and ID match a known key, verifiers MUST verify the signature", be it asked for or not. */
static void a_known_witness_whose_cosignature_fails_spoils_the_note(void **state) {
    (void)state;
    struct keys k;
    struct buf note = {.max = 8192};
    struct witnessed w;
    begin(&k);
    make_note(&k, &note);
    cosignature_make(k.witnesses[2], TEXT("another text\n"), 5 * INSTANT_SECOND, &note);
    assert_int_equal(open_with(&k, "log $l0\nwitness a $w0\nquorum a\n", &note, &w), OK);
    assert_int_equal(open_with(&k, "log $l0\nwitness a $w0\nwitness c $w2\nquorum a\n", &note, &w), ERR_SIGNATURE);
    buf_free(&note);
    end(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_counts_as_it_says),
        cmocka_unit_test(a_policy_writes_back_to_one_spelling),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_line),
        cmocka_unit_test(octets_above_ascii_are_opaque_in_names),
        cmocka_unit_test(thirty_two_of_each_are_taken),
        cmocka_unit_test(a_checkpoint_needs_a_log_and_the_quorum),
        cmocka_unit_test(a_known_witness_whose_cosignature_fails_spoils_the_note),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

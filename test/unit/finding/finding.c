/* Findings sheets, answers and commitments. */
#include "unit.h"

#include "finding/answer.h"
#include "spoken.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static const char header[] = "# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n";
static const char rows[] = "0,confirmed,12,2026-03-01T06:55:46Z,2026-03-01T06:58:02Z,,\n"
                           "1,relayed,3,2026-03-01T07:00:00Z,2026-03-01T07:00:09Z,198.51.100.7,\n"
                           "2,not-seen,,,,,\n"
                           "7,no-records,,,,,\"kept for a week, not longer\"\n";

static struct bytes sheet_of(const char *content) {
    return bytes_from_text(arena_format(&arena, "%s%s", header, content));
}

static void a_sheet_comes_back_byte_for_byte(void **state) {
    (void)state;
    struct bytes sheet = sheet_of(rows);
    struct findings f;
    struct buf again = {.max = FINDINGS_MAX_BYTES};
    struct diag d = {0};
    assert_int_equal(findings_read(sheet, &arena, &f, &d), OK);
    assert_int_equal(f.count, 4);
    assert_int_equal(f.at[0].count, 12);
    assert_true(f.at[1].has_upstream);
    assert_int_equal(f.at[2].word, FINDING_NOT_SEEN);
    assert_int_equal(f.at[3].row, 7);
    assert_true(text_is(f.at[3].note, "kept for a week, not longer"));
    assert_int_equal(findings_write(f, &again, &d), OK);
    assert_true(text_equal(buf_as_text(&again), text_from_bytes(sheet)));
    assert_int_equal(findings_total(f).of[FINDING_NOT_SEEN], 1);
    buf_free(&again);
}

static void other_spellings_are_refused_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *content;
        uint64_t line;
    } bad[] = {
        {"0,confirmed,12,,,,\n0,confirmed,12,,,,\n", 4}, /* twice */
        {"1,confirmed,,,,,\n0,confirmed,,,,,\n", 4},     /* not ascending */
        {"0,seen,,,,,\n", 3},
        {"00,confirmed,,,,,\n", 3},
        {"0,confirmed,-1,,,,\n", 3},
        {"0,confirmed,,2026-03-01,,,\n", 3},
        {"0,confirmed,,2026-03-01T07:00:00Z,2026-03-01T06:00:00Z,,\n", 3},
        {"0,relayed,,,,198.51.100.007,\n", 3},
        {"0,confirmed,,,,\n", 3},
        {"0,confirmed,,,,,,\n", 3},
        {"0,confirmed,,,,,\"plain\"\n", 0}, /* a quote that is not needed */
        {"0,confirmed,,,,,", 0},            /* no line end */
        {"0,confirmed,,,,,\"a\nb\"\n", 4},  /* a note of two lines */
        {"\n", 3},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct findings f;
        struct diag d = {0};
        assert_int_equal(findings_read(sheet_of(bad[i].content), &arena, &f, &d), ERR_INPUT);
        assert_int_equal(d.line, bad[i].line);
    }
    struct findings f;
    assert_int_equal(findings_read(bytes_from_text(TEXT("")), &arena, &f, NULL), ERR_INPUT);
    assert_int_equal(findings_read(sheet_of(""), &arena, &f, NULL), OK);
    assert_int_equal(f.count, 0);
}

static void what_would_not_read_back_is_not_written(void **state) {
    (void)state;
    struct finding f = {.word = FINDING_CONFIRMED,
                        .count = 1,
                        .first_seen = INSTANT_NONE,
                        .last_seen = INSTANT_NONE,
                        .note = TEXT("two\nlines")};
    struct buf out = {.max = FINDINGS_MAX_BYTES};
    assert_int_equal(findings_write((struct findings){&f, 1}, &out, NULL), ERR_INPUT);
    struct finding twice[] = {f, f};
    twice[0].note = twice[1].note = (struct text){0};
    assert_int_equal(findings_write((struct findings){twice, 2}, &out, NULL), ERR_INPUT);
    buf_free(&out);
}

static struct answer full_answer(struct findings f) {
    struct coverage *coverage = ARENA_ARRAY(&arena, struct coverage, 2);
    coverage[0] = (struct coverage){.source = TEXT("ssh logs of mail hosts"),
                                    .from = SPOKEN_AT - INSTANT_DAY,
                                    .until = SPOKEN_AT,
                                    .clock_bound_seconds = 2};
    coverage[1] = (struct coverage){.source = TEXT("border flow"),
                                    .from = INSTANT_NONE,
                                    .until = INSTANT_NONE,
                                    .sampled = true,
                                    .clock_bound_seconds = MEMBER_NO_NUMBER,
                                    .note = TEXT("1 in 1000")};
    return (struct answer){.sheet = SHA_A,
                           .text = TEXT("We looked at all of them."),
                           .findings = f,
                           .findings_sheet = SHA_B,
                           .coverage = {coverage, 2},
                           .territory_table = SHA_C};
}

static struct findings words_of(size_t count, const uint64_t *at, const enum finding_word *words) {
    struct finding *f = ARENA_ARRAY(&arena, struct finding, count);
    for (size_t i = 0; i < count; i++)
        f[i] = (struct finding){.row = at[i],
                                .word = words[i],
                                .count = FINDING_NO_COUNT,
                                .first_seen = INSTANT_NONE,
                                .last_seen = INSTANT_NONE};
    return (struct findings){f, count};
}

static void an_answer_is_understood(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head_with("answer", &attach, ROLE_FINDINGS, SHA_B);
    struct findings f;
    struct diag d = {0};
    assert_int_equal(findings_read(sheet_of(rows), &arena, &f, &d), OK);
    struct answer w = full_answer(f), read;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(answer_write(&w, &h, SPOKEN_AT, &body, &d), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(answer_from_message(&m, &arena, &read, &d), OK);
    assert_true(text_equal(read.sheet, w.sheet) && text_equal(read.text, w.text));
    assert_true(text_equal(read.findings_sheet, w.findings_sheet));
    assert_true(text_equal(read.territory_table, w.territory_table));
    assert_int_equal(read.coverage.count, 2);
    const struct coverage *coverage = read.coverage.at;
    assert_true(coverage[0].until == SPOKEN_AT && !coverage[0].sampled && coverage[0].clock_bound_seconds == 2);
    assert_true(coverage[1].from == INSTANT_NONE && coverage[1].sampled);
    assert_int_equal(answer_fits(&read, f, &d), OK);
    assert_true(text_search(m.body, TEXT("\"opinion\":\"agree\"")) != SIZE_MAX);
    assert_true(text_search(m.body, TEXT("1 confirmed, 1 relayed, 1 not-seen, 1 no-records")) != SIZE_MAX);
    assert_true(text_search(m.body, TEXT("{\"first_row\":0,\"words\":\"cyn\"},{\"first_row\":7,\"words\":\"r\"}")) !=
                SIZE_MAX);
    buf_free(&body);
}

static void an_answer_and_its_sheet_must_fit(void **state) {
    (void)state;
    const uint64_t at[] = {0, 1, 2}, elsewhere[] = {0, 1, 3};
    const enum finding_word words[] = {FINDING_CONFIRMED, FINDING_NOT_SEEN, FINDING_REFUTED};
    const enum finding_word other[] = {FINDING_CONFIRMED, FINDING_REFUTED, FINDING_REFUTED};
    struct answer w = {.findings = words_of(3, at, words)};
    struct diag d = {0};
    assert_int_equal(answer_fits(&w, words_of(3, at, words), &d), OK);
    assert_int_equal(answer_fits(&w, words_of(3, at, other), &d), ERR_INPUT);
    assert_int_equal(answer_fits(&w, words_of(3, elsewhere, words), &d), ERR_INPUT);
    assert_int_equal(answer_fits(&w, words_of(2, at, words), &d), ERR_INPUT);
    w.findings.count = 1;
    assert_int_equal(answer_fits(&w, words_of(3, at, words), &d), ERR_INPUT);
}

/* "Findings that support give agree, against give disagree, and silent ones neutral, never disagree." */
static void opinions_follow_the_findings(void **state) {
    (void)state;
    static const struct {
        enum finding_word words[2];
        enum body_opinion opinion;
    } table[] = {
        {{FINDING_CONFIRMED, FINDING_REMEDIATED}, BODY_AGREE},
        {{FINDING_RELAYED, FINDING_NOT_SEEN}, BODY_AGREE},
        {{FINDING_REFUTED, FINDING_REFUTED}, BODY_DISAGREE},
        {{FINDING_REFUTED, FINDING_NO_RECORDS}, BODY_DISAGREE},
        {{FINDING_REFUTED, FINDING_CONFIRMED}, BODY_NEUTRAL},
        {{FINDING_NOT_SEEN, FINDING_NOT_SEEN}, BODY_NEUTRAL},
        {{FINDING_NOT_OURS, FINDING_INSUFFICIENT}, BODY_NEUTRAL},
    };
    const uint64_t at[] = {0, 1};
    for (size_t i = 0; i < COUNT(table); i++)
        assert_int_equal(findings_opinion(words_of(2, at, table[i].words)), table[i].opinion);
    assert_int_equal(findings_opinion((struct findings){NULL, 0}), BODY_NEUTRAL);
}

static void answers_that_say_nothing_cant_be_said(void **state) {
    (void)state;
    struct head h = spoken_head("answer");
    const uint64_t at[] = {0};
    const enum finding_word words[] = {FINDING_CONFIRMED};
    struct answer no_findings = {.sheet = SHA_A}, no_sheet = {.findings = words_of(1, at, words), .text = TEXT("x")},
                  no_words = {0},
                  not_attached = {.sheet = SHA_A, .findings = no_sheet.findings, .findings_sheet = SHA_B};
    const struct answer *bad[] = {&no_findings, &no_sheet, &no_words, &not_attached};
    struct buf body = {.max = BODY_MAX_BYTES};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(answer_write(bad[i], &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    struct answer to_an_inquiry = {.text = TEXT("It is ours.")}, read;
    assert_int_equal(answer_write(&to_an_inquiry, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(answer_from_message(&m, &arena, &read, NULL), OK);
    assert_int_equal(read.findings.count, 0);
    assert_true(text_is(read.text, "It is ours."));
    assert_true(text_search(m.body, TEXT("\"opinion\"")) == SIZE_MAX);
    buf_free(&body);
}

/* An extension by hand, as another program may write it. */
static enum error read_by_hand(const char *findings, struct answer *out) {
    struct head h = spoken_head("answer");
    json_error_t error;
    struct body b = {.kind = h.kind,
                     .author = h.from,
                     .matter = h.matter,
                     .lang = h.lang,
                     .tlp = TLP_AMBER,
                     .created = SPOKEN_AT,
                     .extension = json_object()};
    json_put_text(b.extension, "sheet", SHA_A);
    json_t *list = json_loads(findings, JSON_DECODE_ANY, &error);
    assert_non_null(list);
    json_put(b.extension, "findings", list);
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(body_write(&b, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    enum error result = answer_from_message(&m, &arena, out, NULL);
    buf_free(&body);
    return result;
}

static void runs_of_findings_are_read_strictly(void **state) {
    (void)state;
    struct answer w;
    assert_int_equal(read_by_hand("[{\"first_row\":3,\"words\":\"cz!n\"}]", &w), OK); /* two of a later version */
    assert_int_equal(w.findings.count, 2);
    assert_int_equal(w.findings.at[1].row, 6);
    static const char *const bad[] = {
        "[{\"first_row\":3,\"words\":\"cc\"},{\"first_row\":5,\"words\":\"c\"}]", /* they touch */
        "[{\"first_row\":3,\"words\":\"cc\"},{\"first_row\":4,\"words\":\"c\"}]",
        "[{\"first_row\":3,\"words\":\"cc\"},{\"first_row\":0,\"words\":\"c\"}]",
        "[{\"first_row\":3,\"words\":\"\"}]",
        "[{\"first_row\":-1,\"words\":\"c\"}]",
        "[{\"first_row\":\"1\",\"words\":\"c\"}]",
        "[{\"words\":\"c\"}]",
        "[\"c\"]",
        "{\"words\":\"c\"}",
        "\"c\"",
    };
    for (size_t i = 0; i < COUNT(bad); i++) assert_int_equal(read_by_hand(bad[i], &w), ERR_INPUT);
}

static void many_findings_fit_into_one_answer(void **state) {
    (void)state;
    enum { MANY = 1000000 };
    struct finding *f = ARENA_ARRAY(&arena, struct finding, MANY);
    for (size_t i = 0; i < MANY; i++)
        f[i] =
            (struct finding){.row = i, .word = (enum finding_word)(i * 7 % FINDING_COUNT), .count = FINDING_NO_COUNT};
    struct head h = spoken_head("answer");
    struct answer w = {.sheet = SHA_A, .findings = {f, MANY}}, read;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(answer_write(&w, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(answer_from_message(&m, &arena, &read, NULL), OK);
    assert_int_equal(read.findings.count, MANY);
    assert_int_equal(answer_fits(&read, w.findings, NULL), OK);
    buf_free(&body);
}

static void what_was_committed_to_is_revealed(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head("commit"), shown = spoken_head_with("reveal", &attach, ROLE_FINDINGS, SHA_B);
    uint8_t salt[COMMIT_SALT_SIZE] = {1, 2, 3};
    char hex[SHA256_HEX], salt_hex[SHA256_HEX];
    struct bytes sheet = sheet_of(rows);
    struct sha256 promised = commitment_of(salt, sheet), as_hash;
    memcpy(as_hash.at, salt, sizeof salt);
    struct commit c = {.sheet = SHA_A, .commitment = sha256_hex(&promised, hex)}, read, revealed;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(commit_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(commit_from_message(&m, &arena, &read, NULL), OK);
    assert_int_equal(read.salt.size, 0);
    buf_clear(&body);
    c.salt = sha256_hex(&as_hash, salt_hex);
    assert_int_equal(commit_write(&c, &h, SPOKEN_AT, &body, NULL), ERR_INPUT); /* the salt is not shown before */
    assert_int_equal(commit_write(&c, &shown, SPOKEN_AT, &body, NULL), OK);
    m = spoken(&shown, &body);
    assert_int_equal(commit_from_message(&m, &arena, &revealed, NULL), OK);
    assert_int_equal(commit_check(&read, revealed.salt, sheet, NULL), OK);
    assert_int_equal(commit_check(&read, revealed.salt, sheet_of(""), NULL), ERR_PROOF);
    assert_int_equal(commit_check(&read, SHA_C, sheet, NULL), ERR_PROOF);
    assert_int_equal(commit_check(&read, TEXT("x"), sheet, NULL), ERR_INPUT);
    buf_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_comes_back_byte_for_byte),
        cmocka_unit_test(other_spellings_are_refused_with_their_line),
        cmocka_unit_test(what_would_not_read_back_is_not_written),
        cmocka_unit_test(an_answer_is_understood),
        cmocka_unit_test(an_answer_and_its_sheet_must_fit),
        cmocka_unit_test(opinions_follow_the_findings),
        cmocka_unit_test(answers_that_say_nothing_cant_be_said),
        cmocka_unit_test(runs_of_findings_are_read_strictly),
        cmocka_unit_test(many_findings_fit_into_one_answer),
        cmocka_unit_test(what_was_committed_to_is_revealed),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

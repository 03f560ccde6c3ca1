/* Sheets to claims: what follows from a sheet, and what makes none.  The rule: "a claim without a checkable
 * fact can't be composed". */
#include "unit.h"

#include "claim/from_fact.h"

#define HEAD                                                                                                           \
    "# parley facts v1\n"                                                                                              \
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n"
#define FIRST "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2\n"
#define SECOND "2026-03-01T06:57:00Z,2026-03-01T06:57:00Z,192.0.2.18,,,22,,tcp,scanner,1,1\n"
#define THIRD "2026-03-01T06:58:00Z,2026-03-01T06:58:00Z,192.0.2.18,,,22,,tcp,brute-force,1,1\n"
#define TIMELESS ",,192.0.2.17,,,22,,tcp,brute-force,2,\n"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static enum error claim_of(const char *sheet, struct claim *out, struct diag *d) {
    return claim_from_fact(bytes_from_text(text_of(sheet)), NULL, &arena, out, d);
}

static void what_follows_from_a_sheet(void **state) {
    (void)state;
    struct claim c;
    struct diag d = {0};
    char hex[SHA256_HEX];
    struct sha256 name = sha256_of(bytes_from_text(TEXT(HEAD FIRST SECOND THIRD)));
    assert_int_equal(claim_of(HEAD FIRST SECOND THIRD, &c, &d), OK);
    assert_true(text_equal(c.sheet, sha256_hex(&name, hex)));
    assert_int_equal(c.rows, 3);
    assert_true(text_is(c.events, "brute-force,scanner"));
    assert_true(!c.title.size && !c.summary.size && !c.corrects.size);
    assert_true(!c.evidence_root.size && c.evidence_size == MEMBER_NO_NUMBER);
}

static void one_checkable_fact_is_enough(void **state) {
    (void)state;
    struct claim c;
    assert_int_equal(claim_of(HEAD TIMELESS FIRST, &c, NULL), OK);
    assert_int_equal(c.rows, 2);
}

static void without_a_checkable_fact_there_is_no_claim(void **state) {
    (void)state;
    static const char *const none[] = {HEAD, HEAD TIMELESS,
                                       HEAD "2026-03-01T06:57:00Z,,192.0.2.18,,,22,,tcp,scanner,1,\n"};
    for (size_t i = 0; i < COUNT(none); i++) {
        struct claim c = {.rows = 7};
        struct diag d = {0};
        assert_int_equal(claim_of(none[i], &c, &d), ERR_INPUT);
        assert_true(d.text[0]);
        assert_int_equal(c.rows, 7); /* written only on OK */
    }
}

static void what_is_no_sheet_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *sheet;
        uint64_t line;
    } bad[] = {
        {"", 0},
        {HEAD SECOND FIRST, 4}, /* out of order */
        {HEAD FIRST FIRST, 4},  /* twice the same */
        {HEAD FIRST "2026-03-01", 4},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct claim c;
        struct diag d = {0};
        assert_int_equal(claim_of(bad[i].sheet, &c, &d), ERR_INPUT);
        assert_true(d.text[0]);
        if (bad[i].line) assert_int_equal(d.line, bad[i].line);
    }
}

/* ---- evidence */

static const struct text three_lines[] = {{"first", 5}, {"again", 5}, {"another", 7}};
static const struct evidence_row committed[] = {
    {.row = {FIRST, sizeof FIRST - 2}, .lines = three_lines, .count = 2},
    {.row = {SECOND, sizeof SECOND - 2}, .lines = three_lines + 2, .count = 1},
};

/* Evidence of the first two facts, each root that of its lines. */
static struct evidence evidence_of(struct text sheet) {
    struct evidence_row *rows = ARENA_ARRAY(&arena, struct evidence_row, COUNT(committed));
    struct evidence e = {.sheet = sha256_of(bytes_from_text(sheet)), .rows = rows, .count = COUNT(committed)};
    for (uint64_t r = 0; r < e.count; r++) {
        struct frontier f = {0};
        rows[r] = committed[r];
        for (uint64_t i = 0; i < rows[r].count; i++) {
            struct salt salt = evidence_salt(e.key, r, i, rows[r].lines[i]);
            frontier_add(&f, 0, evidence_line_leaf(salt, rows[r].lines[i]));
        }
        rows[r].root = frontier_root(&f);
    }
    return e;
}

static void a_claim_commits_to_its_evidence(void **state) {
    (void)state;
    struct bytes sheet = bytes_from_text(TEXT(HEAD FIRST SECOND));
    struct evidence e = evidence_of(TEXT(HEAD FIRST SECOND));
    struct claim c;
    struct diag d = {0};
    char hex[SHA256_HEX];
    struct sha256 root = evidence_root(&e);
    assert_int_equal(claim_from_fact(sheet, &e, &arena, &c, &d), OK);
    assert_true(text_equal(c.evidence_root, sha256_hex(&root, hex)));
    assert_int_equal(c.evidence_size, 2);
}

static void evidence_that_cant_be_shown_is_refused(void **state) {
    (void)state;
    struct bytes sheet = bytes_from_text(TEXT(HEAD FIRST SECOND));
    struct evidence of_another = evidence_of(TEXT(HEAD FIRST)), damaged = evidence_of(TEXT(HEAD FIRST SECOND));
    struct claim c;
    struct diag d = {0};
    assert_int_equal(claim_from_fact(sheet, &of_another, &arena, &c, &d), ERR_PROOF);
    assert_true(text_search(text_of(d.text), TEXT("evidence")) != SIZE_MAX);
    ((struct evidence_row *)(uintptr_t)damaged.rows)->root.at[5] ^= 1;
    assert_int_equal(claim_from_fact(sheet, &damaged, &arena, &c, NULL), ERR_PROOF);
}

/* ---- what comes in */

static void a_claim_and_its_sheet_must_fit(void **state) {
    (void)state;
    struct bytes sheet = bytes_from_text(TEXT(HEAD FIRST SECOND)), other = bytes_from_text(TEXT(HEAD FIRST));
    struct claim honest, says;
    struct diag d = {0};
    assert_int_equal(claim_from_fact(sheet, NULL, &arena, &honest, NULL), OK);
    assert_int_equal(claim_fits(&honest, sheet, &arena, &d), OK);
    assert_int_equal(claim_fits(&honest, other, &arena, &d), ERR_INPUT);
    assert_true(text_search(text_of(d.text), honest.sheet) != SIZE_MAX);
    says = honest;
    says.rows = 3;
    assert_int_equal(claim_fits(&says, sheet, &arena, &d), ERR_INPUT);
    says = honest;
    says.events = TEXT("ddos");
    assert_int_equal(claim_fits(&says, sheet, &arena, &d), ERR_INPUT);
    assert_true(text_search(text_of(d.text), TEXT("ddos")) != SIZE_MAX);
    says.events = (struct text){0}; /* not said */
    assert_int_equal(claim_fits(&says, sheet, &arena, &d), OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_follows_from_a_sheet, end),
        cmocka_unit_test_teardown(one_checkable_fact_is_enough, end),
        cmocka_unit_test_teardown(without_a_checkable_fact_there_is_no_claim, end),
        cmocka_unit_test_teardown(what_is_no_sheet_is_refused_with_its_line, end),
        cmocka_unit_test_teardown(a_claim_commits_to_its_evidence, end),
        cmocka_unit_test_teardown(evidence_that_cant_be_shown_is_refused, end),
        cmocka_unit_test_teardown(a_claim_and_its_sheet_must_fit, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

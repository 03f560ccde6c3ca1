/* Claims, inquiries, asks and disclosures: said and understood; what can't be said; what comes in. */
#include "unit.h"

#include "claim/claim.h"
#include "spoken.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct claim full_claim(void) {
    return (struct claim){.title = TEXT("Login attempts against mail servers"),
                          .summary = TEXT("Twelve rows,\nall from one network."),
                          .sheet = SHA_A,
                          .rows = 12,
                          .events = TEXT("brute-force"),
                          .evidence_root = SHA_B,
                          .evidence_size = 12};
}

static void same_claim(const struct claim *a, const struct claim *b) {
    assert_true(text_equal(a->title, b->title));
    assert_true(text_equal(a->summary, b->summary));
    assert_true(text_equal(a->sheet, b->sheet));
    assert_true(a->rows == b->rows);
    assert_true(text_equal(a->events, b->events));
    assert_true(text_equal(a->evidence_root, b->evidence_root));
    assert_true(a->evidence_size == b->evidence_size);
    assert_true(text_equal(a->corrects, b->corrects));
}

static void a_claim_is_understood(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head_with("claim", &attach, ROLE_FACTS, SHA_A);
    struct claim c = full_claim(), read;
    struct buf body = {.max = BODY_MAX_BYTES};
    struct diag d = {0};
    assert_int_equal(claim_write(&c, &h, SPOKEN_AT, &body, &d), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(claim_from_message(&m, &arena, &read, &d), OK);
    same_claim(&c, &read);
    buf_free(&body);
}

static void a_correction_names_what_it_corrects(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head_with("correct", &attach, ROLE_FACTS, SHA_A);
    struct claim c = full_claim(), read;
    struct buf body = {.max = BODY_MAX_BYTES};
    struct diag d = {0};
    c.corrects = SHA_C;
    assert_int_equal(claim_write(&c, &h, SPOKEN_AT, &body, &d), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(claim_from_message(&m, &arena, &read, &d), OK);
    same_claim(&c, &read);
    buf_free(&body);
}

static void a_claim_without_facts_cant_be_said(void **state) {
    (void)state;
    struct attach attach;
    struct head attached = spoken_head_with("claim", &attach, ROLE_FACTS, SHA_A), bare = spoken_head("claim");
    struct buf body = {.max = BODY_MAX_BYTES};
    struct diag d = {0};
    struct claim c = full_claim();
    assert_int_equal(claim_write(&c, &bare, SPOKEN_AT, &body, &d), ERR_INPUT);
    c.sheet = SHA_B;
    assert_int_equal(claim_write(&c, &attached, SPOKEN_AT, &body, &d), ERR_INPUT);
    c = full_claim();
    c.rows = 0;
    assert_int_equal(claim_write(&c, &attached, SPOKEN_AT, &body, &d), ERR_INPUT);
    c = full_claim();
    c.title = (struct text){0};
    assert_int_equal(claim_write(&c, &attached, SPOKEN_AT, &body, &d), ERR_INPUT);
    c = full_claim();
    c.evidence_size = MEMBER_NO_NUMBER;
    assert_int_equal(claim_write(&c, &attached, SPOKEN_AT, &body, &d), ERR_INPUT);
    c = full_claim();
    c.sheet = TEXT("AAAA");
    assert_int_equal(claim_write(&c, &attached, SPOKEN_AT, &body, &d), ERR_INPUT);
    assert_int_equal(body.size, 0);
    buf_free(&body);
}

/* What comes in without a sheet, or without the sheet that it names, opens its case and has no facts. */
static void a_claim_whose_sheet_is_not_attached_has_no_rows(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head_with("claim", &attach, ROLE_FACTS, SHA_A);
    struct claim c = full_claim(), read;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(claim_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    h.attach_count = 0;
    struct message m = spoken(&h, &body);
    assert_int_equal(claim_from_message(&m, &arena, &read, NULL), OK);
    assert_int_equal(read.rows, 0);
    buf_clear(&body);
    struct wording bare = {.title = TEXT("They did it")};
    assert_int_equal(frame_write(&h, SPOKEN_AT, &bare, &body, NULL), OK);
    m = spoken(&h, &body);
    assert_int_equal(claim_from_message(&m, &arena, &read, NULL), OK);
    assert_int_equal(read.rows, 0);
    assert_int_equal(read.sheet.size, 0);
    buf_free(&body);
}

/* Each line that head and body share, changed in the head: the body no longer fits. */
static void a_body_is_held_to_its_head(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head_with("claim", &attach, ROLE_FACTS, SHA_A);
    struct claim c = full_claim(), read;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(claim_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    struct head others[6];
    for (size_t i = 0; i < COUNT(others); i++) others[i] = h;
    others[0].matter = TEXT("cert.north.example/another");
    others[1].from = TEXT("cert.north.example/abuse");
    others[2].tlp = TEXT("GREEN");
    others[3].lang = TEXT("fr");
    others[4].kind = TEXT("correct");
    others[5].tlp = (struct text){0};
    for (size_t i = 0; i < COUNT(others); i++) {
        struct message m = spoken(&others[i], &body);
        assert_int_equal(claim_from_message(&m, &arena, &read, NULL), ERR_INPUT);
    }
    struct message m = spoken(&h, &body);
    struct ask ask;
    assert_int_equal(ask_from_message(&m, &arena, &ask, NULL), ERR_INPUT);
    buf_free(&body);
}

static void an_inquiry_is_understood(void **state) {
    (void)state;
    struct head h = spoken_head("inquiry");
    struct inquiry i = {TEXT("A question"), TEXT("Does 192.0.2.7 belong to you?"), TEXT("investigate"),
                        SPOKEN_AT + INSTANT_DAY, TEXT("N-2026/1")};
    struct inquiry read, empty = INQUIRY_EMPTY;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(inquiry_write(&empty, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    assert_int_equal(inquiry_write(&i, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(inquiry_from_message(&m, &arena, &read, NULL), OK);
    assert_true(text_is(read.own_number, "N-2026/1"));
    assert_true(text_equal(i.title, read.title));
    assert_true(text_equal(i.question, read.question));
    assert_true(text_equal(i.action, read.action));
    assert_true(i.by == read.by);
    i.action = TEXT("retaliate");
    assert_int_equal(inquiry_write(&i, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    buf_free(&body);
}

static void rows_are_asked_for_and_disclosed(void **state) {
    (void)state;
    struct row_range ranges[] = {{0, 3}, {7, 7}, {9, 100}};
    struct head h = spoken_head("ask"), shown = spoken_head("disclose");
    struct ask s = {SHA_A, TEXT("Please show these."), {ranges, COUNT(ranges)}}, read;
    struct disclose disclosed = {SHA_A, TEXT("Here."), {ranges, 2}, TEXT("000102030405060708090a0b0c0d0e0f")}, back;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(ask_write(&s, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(ask_from_message(&m, &arena, &read, NULL), OK);
    assert_true(text_equal(read.sheet, s.sheet));
    assert_true(text_equal(read.text, s.text));
    assert_int_equal(read.rows.count, 3);
    assert_memory_equal(read.rows.at, ranges, sizeof ranges);
    buf_clear(&body);
    assert_int_equal(disclose_write(&disclosed, &shown, SPOKEN_AT, &body, NULL), OK);
    m = spoken(&shown, &body);
    assert_int_equal(disclose_from_message(&m, &arena, &back, NULL), OK);
    assert_int_equal(back.rows.count, 2);
    assert_true(text_equal(back.ask, disclosed.ask));
    s.rows.count = 0;
    assert_int_equal(ask_write(&s, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    buf_free(&body);
}

static void rows_have_one_spelling(void **state) {
    (void)state;
    static const char *const good[] = {"", "0", "0-1", "0-3,7", "5,7,9-12", "9007199254740992"};
    static const char *const bad[] = {"0-",   "-1", "1-1", "3-1", "0,1",   "0-3,4", "7,3", ",",
                                      "0,,2", "00", " 1",  "1 ",  "1-2-3", "x",     "1,",  "9007199254740993"};
    struct row_set rows;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct buf again = {.max = 100};
        assert_int_equal(row_set_read(text_of(good[i]), &arena, &rows, NULL), OK);
        row_set_write(rows, &again);
        assert_true(text_is(buf_as_text(&again), good[i]));
        buf_free(&again);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(row_set_read(text_of(bad[i]), &arena, &rows, NULL), ERR_INPUT);
    assert_int_equal(row_set_read(TEXT("0-3,7"), &arena, &rows, NULL), OK);
    assert_int_equal(row_set_count(rows), 5);
    assert_true(row_set_has(rows, 0) && row_set_has(rows, 3) && row_set_has(rows, 7));
    assert_false(row_set_has(rows, 4) || row_set_has(rows, 8));
}

/* Any byte of a body changed: it is refused, or it is another body that reads; never a crash. */
static void every_changed_byte_is_survived(void **state) {
    (void)state;
    struct attach attach;
    struct head h = spoken_head_with("claim", &attach, ROLE_FACTS, SHA_A);
    struct claim c = full_claim(), read;
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(claim_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    size_t refused = 0;
    for (size_t i = 0; i < body.size; i++) {
        body.at[i] ^= 0x08;
        struct message m = spoken(&h, &body);
        if (claim_from_message(&m, &arena, &read, NULL)) refused++;
        body.at[i] ^= 0x08;
        struct message cut = spoken(&h, &body);
        cut.body.size = i;
        assert_int_equal(claim_from_message(&cut, &arena, &read, NULL), ERR_INPUT);
    }
    assert_true(refused > body.size / 3);
    buf_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_is_understood),
        cmocka_unit_test(a_correction_names_what_it_corrects),
        cmocka_unit_test(a_claim_without_facts_cant_be_said),
        cmocka_unit_test(a_claim_whose_sheet_is_not_attached_has_no_rows),
        cmocka_unit_test(a_body_is_held_to_its_head),
        cmocka_unit_test(an_inquiry_is_understood),
        cmocka_unit_test(rows_are_asked_for_and_disclosed),
        cmocka_unit_test(rows_have_one_spelling),
        cmocka_unit_test(every_changed_byte_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

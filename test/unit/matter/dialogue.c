/* Dialogue, and what the rules are told of every kind. */
#include "unit.h"

#include "claim/claim.h"
#include "finding/answer.h"
#include "matter/dialogue.h"
#include "matter/from_message.h"
#include "settlement/settlement.h"
#include "spoken.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define ID TEXT("0f0e0d0c0b0a09080706050403020100")

static struct offered_terms all_terms(void) {
    static struct text witnesses[] = {{"witness.example+a+b", 19}, {"other.example+a+b", 17}};
    return (struct offered_terms){.acknowledge_within_hours = 24,
                                  .answer_within_hours = 240,
                                  .check_in_every_hours = 168,
                                  .blob_bytes_max = 1 << 20,
                                  .total_bytes_max = (uint64_t)1 << 40,
                                  .window_entries = 1000,
                                  .retain_days = 3650,
                                  .witnesses = {witnesses, 2},
                                  .quorum = 1,
                                  .no_press = true};
}

/* Says it and reads it back. */
static struct dialogue said(const struct dialogue *s, const struct head *h, struct meaning *meaning) {
    struct buf body = {.max = BODY_MAX_BYTES};
    struct dialogue read;
    struct diag d = {0};
    if (dialogue_write(s, h, SPOKEN_AT, &body, &d)) print_error("%.*s: %s\n", TEXT_ARG(h->kind), d.text);
    assert_int_equal(d.code, OK);
    struct message m = spoken(h, &body);
    assert_int_equal(dialogue_from_message(&m, &arena, &read, &d), OK);
    assert_int_equal(meaning_from_message(&m, &arena, meaning, &d), OK);
    assert_true(text_equal(read.title, s->title));
    assert_true(text_equal(read.text, s->text));
    buf_free(&body);
    return read;
}

/* Three million letters are three megabytes of a message: they must not stay as so many whole findings. */
static void little_is_kept_of_a_long_answer(void **state) {
    (void)state;
    enum { ROWS = 3000000 };
    struct finding *all = calloc(ROWS, sizeof *all);
    struct head h = spoken_head("answer");
    struct buf body = {.max = 1 << 23};
    struct meaning meaning;
    assert_non_null(all);
    for (size_t i = 0; i < ROWS; i++)
        all[i] = (struct finding){.row = i,
                                  .word = FINDING_CONFIRMED,
                                  .count = FINDING_NO_COUNT,
                                  .first_seen = INSTANT_NONE,
                                  .last_seen = INSTANT_NONE};
    const struct answer w = {.sheet = SHA_A, .findings = {all, ROWS}};
    assert_int_equal(answer_write(&w, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    size_t before = arena.used_bytes;
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), OK);
    assert_int_equal(meaning.finding_count, ROWS);
    assert_true(text_equal(meaning.sheet, SHA_A));
    assert_true(arena.used_bytes - before <= ROWS * sizeof *meaning.findings + 1000);
    free(all);
    buf_free(&body);
}

static void an_offer_of_terms_is_understood(void **state) {
    (void)state;
    struct head h = spoken_head("proposal");
    struct dialogue s = DIALOGUE_EMPTY;
    struct meaning meaning;
    s.title = TEXT("Terms");
    s.text = TEXT("As talked about.");
    s.about = TEXT("terms");
    s.terms = all_terms();
    s.until = SPOKEN_AT + INSTANT_DAY;
    struct dialogue read = said(&s, &h, &meaning);
    assert_true(read.terms.acknowledge_within_hours == 24 && read.terms.answer_within_hours == 240);
    assert_true(read.terms.check_in_every_hours == 168 && read.terms.blob_bytes_max == 1 << 20);
    assert_true(read.terms.total_bytes_max == (uint64_t)1 << 40 && read.terms.window_entries == 1000);
    assert_true(read.terms.retain_days == 3650 && read.terms.quorum == 1 && read.terms.no_press);
    assert_int_equal(read.terms.witnesses.count, 2);
    assert_true(meaning.terms.given && meaning.terms.answer_within_hours == 240);
    assert_true(meaning.terms.acknowledge_within_hours == 24);
    assert_true(text_is(meaning.about, "terms"));
    assert_true(meaning.until == s.until);
}

static void a_proposal_without_terms_gives_none(void **state) {
    (void)state;
    struct head h = spoken_head("proposal");
    struct dialogue s = DIALOGUE_EMPTY;
    struct meaning meaning;
    s.about = TEXT("dialogue");
    s.text = TEXT("Let us talk.");
    struct dialogue read = said(&s, &h, &meaning);
    assert_true(offered_terms_empty(&read.terms));
    assert_false(meaning.terms.given);
    assert_true(meaning.terms.answer_within_hours == HOURS_NONE && meaning.until == INSTANT_NONE);
}

static void replies_are_understood(void **state) {
    (void)state;
    struct head h = spoken_head("reply");
    struct dialogue s = DIALOGUE_EMPTY;
    struct meaning meaning;
    s.offer = ID;
    s.reply = TEXT("accept");
    said(&s, &h, &meaning);
    assert_int_equal(meaning.reply, REPLY_ACCEPT);
    assert_true(text_equal(meaning.to, ID));
    s.reply = TEXT("decline");
    s.reason = TEXT("no-legal-basis");
    struct dialogue read = said(&s, &h, &meaning);
    assert_int_equal(meaning.reply, REPLY_DECLINE);
    assert_true(text_is(read.reason, "no-legal-basis"));
    s.reason = (struct text){0};
    s.reply = TEXT("counter");
    s.terms.answer_within_hours = 48;
    said(&s, &h, &meaning);
    assert_int_equal(meaning.reply, REPLY_COUNTER);
    assert_true(meaning.terms.given && meaning.terms.answer_within_hours == 48);
}

static void short_kinds_are_understood(void **state) {
    (void)state;
    struct meaning meaning;
    struct dialogue s = DIALOGUE_EMPTY;
    struct head h = spoken_head("acknowledge");
    s.own_number = TEXT("2026/117");
    assert_true(text_is(said(&s, &h, &meaning).own_number, "2026/117"));
    s = DIALOGUE_EMPTY;
    h = spoken_head("decline");
    s.reason = TEXT("not-competent");
    s.text = TEXT("Please ask the bank.");
    assert_true(text_is(said(&s, &h, &meaning).reason, "not-competent"));
    s = DIALOGUE_EMPTY;
    h = spoken_head("transfer");
    s.department = TEXT("cert.south.example/abuse");
    assert_true(text_equal(said(&s, &h, &meaning).department, s.department));
    s = DIALOGUE_EMPTY;
    h = spoken_head("remark");
    s.consent = TLP_GREEN;
    s.remarks_on = ID;
    assert_true(text_equal(said(&s, &h, &meaning).remarks_on, ID));
    assert_int_equal(meaning.consent, TLP_GREEN);
    s = DIALOGUE_EMPTY;
    h = spoken_head("link");
    s.relation = TEXT("same-campaign");
    s.other = TEXT("cert.south.example/7");
    said(&s, &h, &meaning);
    assert_true(text_is(meaning.relation, "same-campaign") && text_is(meaning.matter, "cert.south.example/7"));
    s = DIALOGUE_EMPTY;
    h = spoken_head("unreadable");
    s.entry = 7;
    s.reason = TEXT("no-identity");
    said(&s, &h, &meaning);
    assert_true(meaning.entry == 7);
    s = DIALOGUE_EMPTY;
    h = spoken_head("close");
    s.reason = TEXT("answered");
    assert_true(text_is(said(&s, &h, &meaning).reason, "answered"));
    static const char *const words_alone[] = {"withdraw", "reopen", "check-in"};
    for (size_t i = 0; i < COUNT(words_alone); i++) {
        s = DIALOGUE_EMPTY;
        s.text = TEXT("For a reason.");
        h = spoken_head(words_alone[i]);
        said(&s, &h, &meaning);
        assert_true(meaning.entry == ENTRY_NONE && meaning.consent == TLP_NONE && !meaning.terms.given);
    }
}

static void contacts_origins_and_erasures_are_understood(void **state) {
    (void)state;
    struct meaning meaning;
    struct contact contacts[] = {CONTACT_EMPTY, CONTACT_EMPTY};
    contacts[0].name = TEXT("A. Officer");
    contacts[0].phone = TEXT("+1 555 0100");
    contacts[0].note = TEXT("call twice");
    contacts[0].point = TEXT("duty");
    contacts[0].from = 0;
    contacts[0].until = INSTANT_DAY;
    contacts[0].step = 2;
    contacts[0].after_hours = 24;
    contacts[1].name = TEXT("B");
    struct text blobs[] = {SHA_A, SHA_B};
    struct dialogue s = DIALOGUE_EMPTY;
    struct head h = spoken_head("contacts");
    s.contacts = (struct member_list){contacts, 2};
    struct dialogue read = said(&s, &h, &meaning);
    const struct contact *back = read.contacts.at;
    assert_int_equal(read.contacts.count, 2);
    assert_true(text_is(back[0].note, "call twice") && text_is(back[0].phone, "+1 555 0100"));
    assert_true(text_is(back[0].point, "duty") && back[0].from == 0 && back[0].until == INSTANT_DAY);
    assert_true(back[0].step == 2 && back[0].after_hours == 24);
    assert_true(text_is(back[1].name, "B") && !back[1].phone.size && back[1].step == MEMBER_NO_NUMBER);
    assert_true(back[1].from == INSTANT_NONE);
    s = DIALOGUE_EMPTY;
    h = spoken_head("check-in");
    s.answers = TEXT("00112233445566778899aabbccddeeff");
    assert_true(text_equal(said(&s, &h, &meaning).answers, s.answers));
    s = DIALOGUE_EMPTY;
    h = spoken_head("erase");
    s.blobs = (struct member_list){blobs, 2};
    read = said(&s, &h, &meaning);
    assert_true(text_equal(((struct text *)read.blobs.at)[1], SHA_B));
    s = DIALOGUE_EMPTY;
    h = spoken_head("origins");
    s.document = SHA_A;
    s.basis = TEXT("sources by geolocation");
    assert_true(text_equal(said(&s, &h, &meaning).document, SHA_A));
}

/* What does not belong to a kind, or lacks what the kind needs, can't be said. */
static void what_does_not_belong_cant_be_said(void **state) {
    (void)state;
    struct buf body = {.max = BODY_MAX_BYTES};
    struct dialogue empty = DIALOGUE_EMPTY, s;
    static const char *const needy[] = {"proposal", "reply",      "decline",  "transfer",
                                        "link",     "unreadable", "contacts", "erase"};
    for (size_t i = 0; i < COUNT(needy); i++) {
        struct head h = spoken_head(needy[i]);
        assert_int_equal(dialogue_write(&empty, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    }
    struct head h = spoken_head("remark");
    s = empty;
    s.department = TEXT("incident");
    assert_int_equal(dialogue_write(&s, &h, SPOKEN_AT, &body, NULL), ERR_INTERNAL);
    s = empty;
    s.terms.answer_within_hours = 7;
    assert_int_equal(dialogue_write(&s, &h, SPOKEN_AT, &body, NULL), ERR_INTERNAL);
    h = spoken_head("reply");
    s.reply = TEXT("accept");
    s.offer = ID;
    assert_int_equal(dialogue_write(&s, &h, SPOKEN_AT, &body, NULL), ERR_INPUT); /* accepting offers nothing */
    h = spoken_head("proposal");
    s = empty;
    s.about = TEXT("statement");
    s.statement = SHA_A;
    assert_int_equal(dialogue_write(&s, &h, SPOKEN_AT, &body, NULL), ERR_INPUT); /* not attached */
    s.statement = (struct text){0};
    s.about = TEXT("weather");
    assert_int_equal(dialogue_write(&s, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    h = spoken_head("claim");
    assert_int_equal(dialogue_write(&empty, &h, SPOKEN_AT, &body, NULL), ERR_INTERNAL);
    assert_int_equal(body.size, 0);
    buf_free(&body);
}

/* Every kind that does not need a member of its own has a form in words. */
static void a_kind_that_is_not_known_means_nothing(void **state) {
    (void)state;
    struct head h = spoken_head("parley");
    struct message m = {.head = h, .body = TEXT("{}")};
    struct meaning meaning;
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), OK);
    assert_true(!meaning.terms.given && meaning.entry == ENTRY_NONE);
    m.head.kind = TEXT("remark");
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), ERR_INPUT);
}

static void a_word_of_a_later_version_is_read(void **state) {
    (void)state;
    struct head h = spoken_head("reply");
    struct body b = {.kind = h.kind,
                     .author = h.from,
                     .matter = h.matter,
                     .lang = h.lang,
                     .tlp = TLP_AMBER,
                     .created = SPOKEN_AT,
                     .extension = json_object()};
    struct buf body = {.max = BODY_MAX_BYTES};
    struct meaning meaning;
    json_put_text(b.extension, "reply", TEXT("postpone"));
    json_put_text(b.extension, "offer", ID);
    json_put_text(b.extension, "something_new", TEXT("x"));
    assert_int_equal(body_write(&b, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), OK);
    assert_int_equal(meaning.reply, REPLY_OTHER);
    buf_free(&body);
}

static void the_rules_are_told_of_claims_answers_and_texts(void **state) {
    (void)state;
    struct attach attach;
    struct buf body = {.max = BODY_MAX_BYTES};
    struct meaning meaning;
    struct head h = spoken_head_with("claim", &attach, ROLE_FACTS, SHA_A);
    struct claim c = {.title = TEXT("x"), .sheet = SHA_A, .rows = 3, .evidence_size = MEMBER_NO_NUMBER};
    assert_int_equal(claim_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), OK);
    assert_true(text_equal(meaning.sheet, SHA_A) && meaning.rows == 3);
    buf_clear(&body);
    struct finding f[] = {{.row = 1, .word = FINDING_REFUTED}, {.row = 2, .word = FINDING_NOT_OURS}};
    struct answer w = {.sheet = SHA_A, .findings = {f, 2}};
    h = spoken_head("answer");
    assert_int_equal(answer_write(&w, &h, SPOKEN_AT, &body, NULL), OK);
    m = spoken(&h, &body);
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), OK);
    assert_int_equal(meaning.finding_count, 2);
    assert_true(meaning.findings[1].row == 2 && meaning.findings[1].word == FINDING_NOT_OURS);
    buf_clear(&body);
    struct agree g = {.settlement = SHA_C};
    h = spoken_head("agree");
    assert_int_equal(agree_write(&g, &h, SPOKEN_AT, &body, NULL), OK);
    m = spoken(&h, &body);
    assert_int_equal(meaning_from_message(&m, &arena, &meaning, NULL), OK);
    assert_true(text_equal(meaning.text, SHA_C));
    buf_free(&body);
}

/* No kind is without a form. */
static void every_kind_has_a_form(void **state) {
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct head h = spoken_head(kind_rules[kind].name);
        struct buf body = {.max = BODY_MAX_BYTES};
        struct wording bare = {.title = TEXT("x"), .text = TEXT("y")};
        struct meaning meaning;
        struct diag d = {0};
        assert_int_equal(frame_write(&h, SPOKEN_AT, &bare, &body, NULL), OK);
        struct message m = spoken(&h, &body);
        enum error result = meaning_from_message(&m, &arena, &meaning, &d);
        assert_true(result == OK || text_search(text_of(d.text), TEXT("expected the member")) != SIZE_MAX);
        buf_free(&body);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_is_kept_of_a_long_answer),
        cmocka_unit_test(an_offer_of_terms_is_understood),
        cmocka_unit_test(a_proposal_without_terms_gives_none),
        cmocka_unit_test(replies_are_understood),
        cmocka_unit_test(short_kinds_are_understood),
        cmocka_unit_test(contacts_origins_and_erasures_are_understood),
        cmocka_unit_test(what_does_not_belong_cant_be_said),
        cmocka_unit_test(a_kind_that_is_not_known_means_nothing),
        cmocka_unit_test(a_word_of_a_later_version_is_read),
        cmocka_unit_test(the_rules_are_told_of_claims_answers_and_texts),
        cmocka_unit_test(every_kind_has_a_form),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

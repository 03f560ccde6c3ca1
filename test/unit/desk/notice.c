/* What is told, when, and that it is told once; and the mail that says no more than that there is something. */
#include "both.h"

#include "claim/claim.h"
#include "desk/notice.h"
#include "desk/nudge.h"
#include "desk/say.h"
#include "matter/dialogue.h"

static void say_dialogue_of(struct both *b, struct desk *desk, const char *party, enum kind kind, struct text matter,
                            const struct dialogue *what, struct said_at *at) {
    struct talk *t = look(b, desk, party);
    struct say s = {
        .kind = kind, .matter = matter, .tlp = matter.size ? TLP_NONE : TLP_AMBER, .body = say_dialogue, .what = what};
    must(&b->k, say(t, &s, at, &b->k.diag));
    at->matter = arena_text(&b->k.arena, at->matter);
    at->id = arena_text(&b->k.arena, at->id);
    talk_close(t);
    rest(b);
}

/* North offers terms, 24 hours to acknowledge, and South accepts; then North asks something. */
static struct text ask_under_terms(struct both *b) {
    struct said_at offer, reply, inquiry;
    struct dialogue terms = DIALOGUE_EMPTY, accept = DIALOGUE_EMPTY;
    terms.about = TEXT("terms");
    terms.text = TEXT("A day to acknowledge.");
    terms.terms.acknowledge_within_hours = 24;
    say_dialogue_of(b, b->north, "cert.south.example", KIND_PROPOSAL, (struct text){0}, &terms, &offer);
    accept.reply = TEXT("accept");
    accept.offer = offer.id;
    say_dialogue_of(b, b->south, "cert.north.example", KIND_REPLY, offer.matter, &accept, &reply);
    struct talk *t = look(b, b->north, "cert.south.example");
    struct inquiry question = INQUIRY_EMPTY;
    question.title = TEXT("A question");
    question.question = TEXT("Do you know this host?");
    must(
        &b->k,
        say(t,
            &(struct say){
                .kind = KIND_INQUIRY, .to = TEXT("incident"), .tlp = TLP_AMBER, .body = say_inquiry, .what = &question},
            &inquiry, &b->k.diag));
    struct text matter = arena_text(&b->k.arena, inquiry.matter);
    talk_close(t);
    return matter;
}

/* What South is told at a moment, after what it remembers; told, and kept in mind. */
static void tell(struct both *b, struct desk *desk, const char *party, instant now, bool mark, struct buf *told) {
    struct talk *t;
    struct notice_memory memory;
    struct notice *list;
    size_t count;
    buf_clear(told);
    must(&b->k, notice_recall(desk, &memory, &b->k.diag));
    must(&b->k, talk_open(desk, text_of(party), false, &(struct talk_at){.as_of = now}, &t, &b->k.diag));
    must(&b->k, notice_list(t, &memory, INSTANT_DAY, &list, &count, &b->k.diag));
    for (size_t i = 0; i < count; i++) {
        buf_format(told, "%s%s", told->size ? " " : "", notice_word(list[i].what));
        if (list[i].duty)
            buf_format(told, ":%s:%s", duty_word(list[i].duty), list[i].duty->party == t->own ? "ours" : "theirs");
        if (list[i].kind.size) buf_format(told, ":%.*s", TEXT_ARG(list[i].kind));
        json_t *json = notice_json(t, &list[i]);
        assert_string_equal(json_string_value(json_object_get(json, "notice")), notice_word(list[i].what));
        json_decref(json);
        if (mark) notice_mark(&memory, &list[i]);
    }
    must(&b->k, notice_remember(desk, &memory, true, &b->k.diag));
    notice_forget(&memory);
    talk_close(t);
}

#define ASSERT_TOLD(b, desk, party, now, expected)                                                                     \
    do {                                                                                                               \
        struct buf told_ = {.max = 4096};                                                                              \
        tell((b), (desk), (party), (now), true, &told_);                                                               \
        buf_char(&told_, '\0');                                                                                        \
        assert_string_equal((const char *)told_.at, (expected));                                                       \
        buf_free(&told_);                                                                                              \
    } while (0)

static void deadlines_are_told_at_half_nine_tenths_and_when_they_lapse(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "deadlines");
    struct desk *south = b.south, *north = b.north;
    const char *with_north = "cert.north.example", *with_south = "cert.south.example";
    ASSERT_TOLD(&b, south, with_north, NOON, ""); /* the first look: nothing is new */
    (void)ask_under_terms(&b);
    ASSERT_TOLD(&b, south, with_north, NOON, "arrived:proposal");
    rest(&b);
    ASSERT_TOLD(&b, south, with_north, NOON, "arrived:inquiry");
    ASSERT_TOLD(&b, south, with_north, NOON + 11 * INSTANT_HOUR, "");
    ASSERT_TOLD(&b, south, with_north, NOON + 12 * INSTANT_HOUR, "half:acknowledge:ours");
    ASSERT_TOLD(&b, south, with_north, NOON + 13 * INSTANT_HOUR, "");
    ASSERT_TOLD(&b, south, with_north, NOON + 22 * INSTANT_HOUR, "nine-tenths:acknowledge:ours");
    ASSERT_TOLD(&b, south, with_north, NOON + 24 * INSTANT_HOUR, "");
    ASSERT_TOLD(&b, south, with_north, NOON + 25 * INSTANT_HOUR, "lapsed:acknowledge:ours");
    ASSERT_TOLD(&b, south, with_north, NOON + 99 * INSTANT_HOUR, "");
    /* Who begins to watch late is told how it stands, once. */
    ASSERT_TOLD(&b, north, with_south, NOON + 30 * INSTANT_HOUR, "lapsed:acknowledge:theirs");
    ASSERT_TOLD(&b, north, with_south, NOON + 31 * INSTANT_HOUR, "");
    end(&b.k);
}

static void a_message_without_a_receipt_is_told_after_the_time_set(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "receipts");
    (void)ask_under_terms(&b); /* the question itself does not leave the house */
    ASSERT_TOLD(&b, b.north, "cert.south.example", NOON + 23 * INSTANT_HOUR, "");
    ASSERT_TOLD(&b, b.north, "cert.south.example", NOON + 24 * INSTANT_HOUR, "unreceipted:inquiry");
    ASSERT_TOLD(&b, b.north, "cert.south.example", NOON + 25 * INSTANT_HOUR, "");
    end(&b.k);
}

/* What was not marked, because a hook failed or the program died, is told again. */
static void what_was_not_told_is_told_again(void **state) {
    (void)state;
    struct both b;
    struct buf first = {.max = 4096}, second = {.max = 4096};
    open_both(&b, "again");
    ASSERT_TOLD(&b, b.south, "cert.north.example", NOON, "");
    (void)ask_under_terms(&b);
    rest(&b);
    tell(&b, b.south, "cert.north.example", NOON + 12 * INSTANT_HOUR, false, &first);
    tell(&b, b.south, "cert.north.example", NOON + 12 * INSTANT_HOUR, false, &second);
    assert_true(text_equal(buf_as_text(&first), buf_as_text(&second)));
    assert_true(text_equal(buf_as_text(&first), TEXT("half:acknowledge:ours arrived:proposal arrived:inquiry")));
    buf_free(&first);
    buf_free(&second);
    end(&b.k);
}

static void a_damaged_memory_is_named_and_left_alone(void **state) {
    (void)state;
    static const char *const damaged[] = {"", "{}", "{\"seen\":{\"x\":-1},\"told\":[]}", "{\"seen\":{},\"told\":[1]}",
                                          "{\"seen\":"};
    struct both b;
    open_both(&b, "memory");
    const char *path = home_path(&b.south->home, &b.k.arena, "desk/notices");
    for (size_t i = 0; i < COUNT(damaged); i++) {
        struct notice_memory memory;
        struct diag d = {0};
        must(&b.k, os_write(path, bytes_from_text(text_of(damaged[i])), 0600, &b.k.diag));
        assert_int_equal(notice_recall(b.south, &memory, &d), ERR_INPUT);
        assert_non_null(strstr(d.where, "notices"));
    }
    end(&b.k);
}

static void a_mail_names_nobody_and_nothing(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("mail"));
    struct buf mail = {.max = 4096};
    nudge_write(TEXT("parley@north.example"), TEXT("duty@north.example"), NOON, &r, &mail);
    struct text t = buf_as_text(&mail), line;
    assert_true(text_search(t, TEXT("Date: Sun, 01 Mar 2026 12:00:00 +0000\n")) == SIZE_MAX);
    assert_true(text_search(t, TEXT("Date: Sun, 1 Mar 2026 12:00:00 +0000\n")) != SIZE_MAX);
    assert_true(text_search(t, TEXT("Subject: There is something for you\n")) != SIZE_MAX);
    assert_true(text_search(t, TEXT("south")) == SIZE_MAX);
    while (text_line(&t, &line)) assert_true(line.size <= 78);
    buf_free(&mail);
}

static void addresses_of_mail_are_plain(void **state) {
    (void)state;
    static const char *const good[] = {"duty@north.example", "a.b+c@x"};
    static const char *const bad[] = {"",      "@x",    "x@",    "x",       "-f@x",      "a b@x",
                                      "a@b@c", "a@x\n", "<a@x>", "a@x,b@y", "\xc3\xa9@x"};
    for (size_t i = 0; i < COUNT(good); i++) assert_int_equal(nudge_check_address(text_of(good[i]), NULL), OK);
    for (size_t i = 0; i < COUNT(bad); i++) assert_int_equal(nudge_check_address(text_of(bad[i]), NULL), ERR_USAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines_are_told_at_half_nine_tenths_and_when_they_lapse),
        cmocka_unit_test(a_message_without_a_receipt_is_told_after_the_time_set),
        cmocka_unit_test(what_was_not_told_is_told_again),
        cmocka_unit_test(a_damaged_memory_is_named_and_left_alone),
        cmocka_unit_test(a_mail_names_nobody_and_nothing),
        cmocka_unit_test(addresses_of_mail_are_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

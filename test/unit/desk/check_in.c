/* Check-ins between two homes: what node and person took, what is due and stale by the terms, and drawn moments. */
#include "both.h"

#include "desk/check_in.h"
#include "desk/notice.h"
#include "desk/say.h"

#define HOURS(n) (NOON + (n)*INSTANT_HOUR)

static void say_it(struct both *b, struct desk *from, const char *to, enum kind kind, struct text matter,
                   struct dialogue *d, struct said_at *out) {
    struct talk *t = look(b, from, to);
    struct said_at at;
    must(&b->k, say(t,
                    &(struct say){.kind = kind,
                                  .matter = matter,
                                  .tlp = kind == KIND_PROPOSAL ? TLP_AMBER : TLP_NONE,
                                  .body = say_dialogue,
                                  .what = d},
                    &at, &b->k.diag));
    at.id = arena_text(&b->k.arena, at.id);
    at.matter = arena_text(&b->k.arena, at.matter);
    *out = at;
    talk_close(t);
}

static struct check_in state_of(struct both *b, struct desk *desk, const char *party, struct talk **t) {
    struct check_in s;
    *t = look(b, desk, party);
    must(&b->k, check_in_state(*t, &s, &b->k.diag));
    return s;
}

/* Both check in once a day, from NOON + 1 h on. */
static void agree_on_a_day(struct both *b) {
    struct dialogue offer = DIALOGUE_EMPTY, reply = DIALOGUE_EMPTY;
    struct said_at at;
    offer.about = TEXT("terms");
    offer.text = TEXT("Once a day.");
    offer.terms.check_in_every_hours = 24;
    say_it(b, b->north, "cert.south.example", KIND_PROPOSAL, TEXT(""), &offer, &at);
    rest(b);
    tell_time(b, HOURS(1));
    reply.reply = TEXT("accept");
    reply.offer = at.id;
    say_it(b, b->south, "cert.north.example", KIND_REPLY, at.matter, &reply, &at);
    rest(b);
}

static void check(struct both *b, struct desk *from, const char *to, struct text answers, struct said_at *at) {
    struct dialogue d = DIALOGUE_EMPTY;
    d.answers = answers;
    say_it(b, from, to, KIND_CHECK_IN, TEXT(""), &d, at);
}

static void without_terms_nothing_is_due_nor_stale(void **state) {
    (void)state;
    struct both b;
    struct talk *t;
    struct said_at at;
    open_both(&b, "no terms");
    check(&b, b.north, "cert.south.example", TEXT(""), &at);
    rest(&b);
    tell_time(&b, HOURS(10000));
    struct check_in s = state_of(&b, b.south, "cert.north.example", &t);
    assert_true(s.every_hours == HOURS_NONE && s.due == INSTANT_NONE && !s.stale);
    assert_int_equal(s.age, 10000 * INSTANT_HOUR);
    assert_non_null(s.waiting);
    talk_close(t);
    end(&b.k);
}

static void the_terms_say_what_is_due_and_stale(void **state) {
    (void)state;
    struct both b;
    struct talk *t;
    open_both(&b, "terms");
    agree_on_a_day(&b);
    tell_time(&b, HOURS(2));
    struct check_in s = state_of(&b, b.north, "cert.south.example", &t);
    assert_int_equal(s.every_hours, 24);
    assert_int_equal(s.due, HOURS(25)); /* a day after the terms were accepted */
    assert_int_equal(s.age, INSTANT_HOUR);
    assert_true(!s.stale && !s.theirs && !s.asked && !s.waiting);
    talk_close(t);
    tell_time(&b, HOURS(25));
    s = state_of(&b, b.north, "cert.south.example", &t);
    assert_false(s.stale);
    talk_close(t);
    tell_time(&b, HOURS(25) + INSTANT_SECOND);
    s = state_of(&b, b.north, "cert.south.example", &t);
    assert_true(s.stale);
    talk_close(t);
    end(&b.k);
}

static void node_and_person_answer_apart(void **state) {
    (void)state;
    struct both b;
    struct talk *t;
    struct said_at asked, answer;
    struct buf page = {.max = 1 << 16};
    const struct said *said;
    open_both(&b, "answers");
    agree_on_a_day(&b);
    tell_time(&b, HOURS(26));
    check(&b, b.north, "cert.south.example", TEXT(""), &asked);
    struct check_in s = state_of(&b, b.north, "cert.south.example", &t);
    assert_true(s.asked && s.node_latency == INSTANT_NONE && s.person_latency == INSTANT_NONE);
    assert_int_equal(s.due, HOURS(50));
    talk_close(t);
    tell_time(&b, HOURS(26) + 10 * INSTANT_SECOND);
    rest(&b);
    s = state_of(&b, b.north, "cert.south.example", &t);
    assert_int_equal(s.node_latency, 10 * INSTANT_SECOND);
    assert_true(s.person_latency == INSTANT_NONE);
    talk_close(t);
    tell_time(&b, HOURS(28));
    s = state_of(&b, b.south, "cert.north.example", &t);
    assert_true(s.waiting && text_equal(s.waiting->message.head.id, asked.id));
    check_in_waiting_line(t, &page);
    assert_true(text_search(buf_as_text(&page), TEXT("--answer")) != SIZE_MAX);
    talk_close(t);
    check(&b, b.south, "cert.north.example", asked.id, &answer);
    s = state_of(&b, b.south, "cert.north.example", &t);
    assert_null(s.waiting);
    assert_int_equal(check_in_find(t, TEXT("last"), &said, NULL), ERR_MISSING);
    assert_int_equal(check_in_find(t, answer.id, &said, NULL), ERR_USAGE); /* one's own */
    assert_int_equal(check_in_find(t, asked.id, &said, NULL), OK);
    talk_close(t);
    rest(&b);
    s = state_of(&b, b.north, "cert.south.example", &t);
    assert_int_equal(s.person_latency, 2 * INSTANT_HOUR);
    assert_true(s.answered && text_equal(s.answered->message.head.id, answer.id));
    assert_true(!s.stale && !s.waiting); /* an answer asks for none */
    assert_int_equal(check_in_find(t, answer.id, &said, NULL), ERR_USAGE);
    talk_close(t);
    buf_free(&page);
    end(&b.k);
}

/* South's clock is ten hours fast: what it says of its time is not believed beyond when its message came. */
static void a_time_to_come_does_not_keep_one_fresh(void **state) {
    (void)state;
    struct both b;
    struct talk *t;
    struct said_at at;
    open_both(&b, "fast");
    agree_on_a_day(&b);
    tell_time(&b, HOURS(2));
    b.south->now = HOURS(12);
    check(&b, b.south, "cert.north.example", TEXT(""), &at);
    rest(&b);
    tell_time(&b, HOURS(27));
    struct check_in s = state_of(&b, b.north, "cert.south.example", &t);
    assert_int_equal(s.age, 25 * INSTANT_HOUR);
    assert_true(s.stale);
    talk_close(t);
    end(&b.k);
}

static void a_moment_is_drawn_in_each_period(void **state) {
    (void)state;
    struct kit k = begin("lots");
    struct desk *desk = open_home(&k, "n", "cert.north.example");
    struct text south = TEXT("cert.south.example");
    bool come = true;
    unsigned sent[8] = {0};
    must(&k, check_in_lot(desk, south, INSTANT_DAY, &come, &k.diag));
    assert_false(come);
    for (unsigned hour = 1; hour <= 8 * 24; hour++) { /* the first period begins now, the next where it ends */
        desk->now = NOON + hour * INSTANT_HOUR;
        must(&k, check_in_lot(desk, south, INSTANT_DAY, &come, &k.diag));
        if (come) sent[(hour - 1) / 24]++;
    }
    for (unsigned day = 0; day < 8; day++) assert_true(sent[day] == 1 || day == 7);
    desk->now += 100 * INSTANT_DAY; /* long without a timer: once, and no more */
    must(&k, check_in_lot(desk, south, INSTANT_DAY, &come, &k.diag));
    assert_true(come);
    must(&k, check_in_lot(desk, south, INSTANT_DAY, &come, &k.diag));
    assert_false(come);
    const char *path = home_path(&desk->home, &k.arena, "desk/check-in/cert.south.example");
    must(&k, os_write(path, bytes_of("nonsense", 8), 0600, &k.diag));
    must(&k, check_in_lot(desk, south, INSTANT_DAY, &come, &k.diag));
    assert_false(come); /* drawn anew */
    end(&k);
}

static unsigned told(struct both *b, enum notice_what what) {
    struct notice_memory memory;
    struct notice *list;
    size_t count;
    unsigned found = 0;
    struct talk *t = look(b, b->north, "cert.south.example");
    must(&b->k, notice_recall(b->north, &memory, &b->k.diag));
    must(&b->k, notice_list(t, &memory, 1000 * INSTANT_DAY, &list, &count, &b->k.diag));
    for (size_t i = 0; i < count; i++) {
        found += list[i].what == what;
        notice_mark(&memory, &list[i]);
    }
    must(&b->k, notice_remember(b->north, &memory, true, &b->k.diag));
    notice_forget(&memory);
    talk_close(t);
    return found;
}

static void what_is_due_and_stale_is_told_once(void **state) {
    (void)state;
    struct both b;
    struct said_at at;
    open_both(&b, "told");
    agree_on_a_day(&b);
    tell_time(&b, HOURS(24));
    assert_int_equal(told(&b, NOTICE_CHECK_IN), 0);
    tell_time(&b, HOURS(25));
    assert_int_equal(told(&b, NOTICE_CHECK_IN), 1);
    assert_int_equal(told(&b, NOTICE_CHECK_IN), 0);
    assert_int_equal(told(&b, NOTICE_STALE), 0);
    tell_time(&b, HOURS(26));
    assert_int_equal(told(&b, NOTICE_STALE), 1);
    assert_int_equal(told(&b, NOTICE_STALE), 0);
    check(&b, b.north, "cert.south.example", TEXT(""), &at);
    check(&b, b.south, "cert.north.example", TEXT(""), &at);
    rest(&b);
    tell_time(&b, HOURS(49));
    assert_int_equal(told(&b, NOTICE_CHECK_IN), 0);
    tell_time(&b, HOURS(51));
    assert_int_equal(told(&b, NOTICE_STALE), 1); /* silent anew, and so told anew */
    end(&b.k);
}

static void spans_are_written_in_two_units(void **state) {
    (void)state;
    static const struct {
        instant length;
        const char *words;
    } rows[] = {{0, "0 s"},
                {59 * INSTANT_SECOND, "59 s"},
                {60 * INSTANT_SECOND, "1 min"},
                {3661 * INSTANT_SECOND, "1 h 1 min"},
                {INSTANT_DAY + 5 * INSTANT_SECOND, "1 d"},
                {2 * INSTANT_DAY + 3 * INSTANT_HOUR, "2 d 3 h"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = {.max = 64};
        span_write(rows[i].length, &out);
        assert_true(text_is(buf_as_text(&out), rows[i].words));
        buf_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_terms_nothing_is_due_nor_stale),
        cmocka_unit_test(the_terms_say_what_is_due_and_stale),
        cmocka_unit_test(node_and_person_answer_apart),
        cmocka_unit_test(a_time_to_come_does_not_keep_one_fresh),
        cmocka_unit_test(a_moment_is_drawn_in_each_period),
        cmocka_unit_test(what_is_due_and_stale_is_told_once),
        cmocka_unit_test(spans_are_written_in_two_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

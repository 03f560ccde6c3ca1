/* Meetings: both sides read the same from what both said, in whatever order it came; clocks and zones. */
#include "both.h"

#include "claim/claim.h"
#include "desk/meeting.h"
#include "desk/say.h"
#include "scan/timezone.h"

#define TIMES 3

static struct text ask(struct both *b) {
    struct inquiry question = INQUIRY_EMPTY;
    struct said_at at;
    question.title = TEXT("A question");
    question.question = TEXT("Do you know this host?");
    struct talk *t = look(b, b->north, "cert.south.example");
    struct say s = {
        .kind = KIND_INQUIRY, .to = TEXT("incident"), .tlp = TLP_AMBER, .body = say_inquiry, .what = &question};
    must(&b->k, say(t, &s, &at, &b->k.diag));
    struct text matter = arena_text(&b->k.arena, at.matter);
    talk_close(t);
    rest(b);
    return matter;
}

static struct talk *look_of(struct both *b, unsigned party) {
    return look(b, party ? b->south : b->north, party ? "cert.north.example" : "cert.south.example");
}

/* `set`: which of the times suit; none: the author comes at no time named before. */
static void consult_of(struct both *b, unsigned party, struct text matter, unsigned set) {
    struct meeting_time times[TIMES];
    struct consult c = {.title = TEXT("A meeting"), .cancelled = !set};
    struct said_at at;
    struct talk *t = look_of(b, party);
    for (unsigned i = 0; i < TIMES; i++)
        if (set & 1u << i)
            times[c.times.count++] =
                (struct meeting_time){NOON + (i + 1) * INSTANT_HOUR, NOON + (i + 2) * INSTANT_HOUR};
    c.times.at = times;
    must(&b->k, say(t, &(struct say){.kind = KIND_CONSULT, .matter = matter, .body = say_consult, .what = &c}, &at,
                    &b->k.diag));
    talk_close(t);
}

static struct text read_of(struct both *b, unsigned party, struct text matter, struct meeting *last, size_t *count) {
    static const struct meeting_zone none[2];
    struct talk *t = look_of(b, party);
    struct meeting *all;
    struct buf out = {.max = 1 << 20};
    const struct matter *m = matter_find(&t->state, matter);
    must(&b->k, case_meetings(t, m, &all, count, &b->k.diag));
    if (*count) *last = all[*count - 1];
    last->offers = NULL; /* of the talk */
    json_t *json = meetings_json(t, m, none);
    json_canonical(json, &out);
    json_decref(json);
    struct text text = arena_text(&b->k.arena, buf_as_text(&out));
    buf_free(&out);
    talk_close(t);
    return text;
}

static unsigned bits(unsigned set) { return (set & 1) + (set >> 1 & 1) + (set >> 2 & 1); }

static void both_sides_read_the_same(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "meetings");
    struct text matter = ask(&b);
    unsigned stands[2] = {0, 0};
    uint32_t seed = 7;
    for (size_t round = 0; round < 24; round++) {
        seed = seed * 1664525 + 1013904223;
        unsigned first = seed >> 31, both = seed >> 30 & 1;
        for (unsigned i = 0; i <= both; i++) { /* both at once, without having heard each other */
            unsigned party = i ? 1 - first : first, set = seed >> (16 + 4 * i) & 7;
            consult_of(&b, party, matter, set);
            stands[party] = set;
        }
        rest(&b);
        struct meeting last[2];
        memset(last, 0, sizeof last);
        size_t count[2] = {0};
        struct text north = read_of(&b, 0, matter, &last[0], &count[0]);
        struct text south = read_of(&b, 1, matter, &last[1], &count[1]);
        assert_true(text_equal(north, south));
        assert_int_equal(count[0], 1);
        assert_int_equal(last[0].confirmed, bits(stands[0] & stands[1]) == 1);
        assert_int_equal(last[0].sequence, last[1].sequence);
    }
    end(&b.k);
}

static void after_a_meeting_comes_another(void **state) {
    (void)state;
    struct both b;
    struct meeting last;
    memset(&last, 0, sizeof last);
    struct buf calendar = {.max = 1 << 16};
    size_t count = 0;
    open_both(&b, "another");
    struct text matter = ask(&b);
    consult_of(&b, 0, matter, 1);
    rest(&b);
    consult_of(&b, 1, matter, 1);
    rest(&b);
    read_of(&b, 0, matter, &last, &count);
    assert_true(count == 1 && last.confirmed && last.at.from == NOON + INSTANT_HOUR);
    tell_time(&b, NOON + 5 * INSTANT_HOUR);
    consult_of(&b, 0, matter, 2);
    rest(&b);
    read_of(&b, 1, matter, &last, &count);
    assert_true(count == 2 && !last.confirmed && last.number == 2 && !last.sequence);
    struct talk *t = look_of(&b, 0);
    must(&b.k, meetings_ical(t, matter_find(&t->state, matter), false, &calendar, &b.k.diag));
    size_t first = text_search(buf_as_text(&calendar), TEXT("BEGIN:VEVENT"));
    assert_int_equal(text_search(text_sub(buf_as_text(&calendar), first + 1, calendar.size), TEXT("BEGIN:VEVENT")),
                     SIZE_MAX); /* the second is not confirmed */
    talk_close(t);
    buf_free(&calendar);
    end(&b.k);
}

static void times_are_shown_on_the_clock_of_a_zone(void **state) {
    (void)state;
    static const struct {
        const char *zone, *from, *until, *shown;
    } rows[] = {
        {"Europe/Paris", "2030-03-05T10:00:00Z", "2030-03-05T11:30:00Z", "2030-03-05 11:00–12:30 +01:00"},
        {"Europe/Paris", "2030-07-05T10:00:00Z", "2030-07-05T11:30:00Z", "2030-07-05 12:00–13:30 +02:00"},
        {"America/St_Johns", "2030-01-01T03:00:00Z", "2030-01-01T04:00:00Z",
         "2029-12-31 23:30–2030-01-01 00:30 -03:30"},
        {"Z", "2030-01-01T23:00:00Z", "2030-01-02T00:00:00Z", "2030-01-01 23:00–2030-01-02 00:00 +00:00"},
        {"+05:45", "2030-01-01T00:00:00Z", NULL, "2030-01-01 05:45 +05:45"},
        {"-01:00", "1969-12-31T23:30:00Z", NULL, "1969-12-31 22:30 -01:00"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone z;
        struct meeting_time at = {INSTANT_NONE, INSTANT_NONE};
        struct buf out = {.max = 200};
        assert_int_equal(timezone_load(text_of(rows[i].zone), &a, &z, NULL), OK);
        assert_true(instant_read(text_of(rows[i].from), &at.from));
        if (rows[i].until) assert_true(instant_read(text_of(rows[i].until), &at.until));
        meeting_local(at, &z, &out);
        if (!text_is(buf_as_text(&out), rows[i].shown)) print_error("%.*s\n", TEXT_ARG(buf_as_text(&out)));
        assert_true(text_is(buf_as_text(&out), rows[i].shown));
        buf_free(&out);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_read_the_same),
        cmocka_unit_test(after_a_meeting_comes_another),
        cmocka_unit_test(times_are_shown_on_the_clock_of_a_zone),
    };
    return cmocka_run_group_tests_name("desk/meeting", tests, NULL, NULL);
}

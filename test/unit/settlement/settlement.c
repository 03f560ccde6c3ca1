/* Settlement texts, meetings and agreement. */
#include "unit.h"

#include "settlement/settlement.h"
#include "spoken.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define TOP "parley minutes v1\ncase " SPOKEN_MATTER "\nbetween cert.north.example cert.south.example\n"
#define SHEET_A "sheet aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
#define SHEET_B "sheet bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
#define WORDS "text en\n| Both say so.\n|\n| Signed.\ntext fr\n| Les deux le disent.\n"

#define UNDERTAKEN                                                                                                     \
    "undertaking 1 cert.south.example/abuse 2026-04-01T23:59:59Z\nwhat en Block it.\nwhat fr Bloquer.\n"               \
    "undertaking 2 cert.north.example 2026-05-01T00:00:00Z\nwhat en Keep the logs.\n"

static const char full[] =
    TOP "held 2026-03-05T10:00:00Z\n"
        "supersedes cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\n" SHEET_A "outcome 0-3,9 agreed\n"
        "outcome 4 disputed\n"
        "says cert.north.example The host was ours to complain of.\n"
        "says cert.south.example The host was switched off.\n"
        "outcome 5-8 unverifiable\n"
        "why The logs are no longer kept.\n" SHEET_B "outcome 0 agreed\n" UNDERTAKEN
        "origins aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
        "origins bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n" WORDS;

static void minutes_come_back_byte_for_byte(void **state) {
    (void)state;
    struct minutes m;
    struct diag d = {0};
    struct buf again = {.max = MINUTES_MAX_BYTES};
    assert_int_equal(minutes_read(bytes_from_text(TEXT(full)), &arena, &m, &d), OK);
    assert_int_equal(m.outcome_count, 4);
    assert_int_equal(m.text_count, 2);
    assert_true(text_is(m.texts[0].lines, "Both say so.\n\nSigned."));
    assert_true(text_is(m.outcomes[1].says[1], "The host was switched off."));
    assert_true(text_equal(m.outcomes[3].sheet, SHA_B));
    assert_true(m.held != INSTANT_NONE);
    assert_int_equal(m.undertaking_count, 2);
    assert_int_equal(undertaking_party(&m, &m.undertakings[0]), 1);
    assert_int_equal(undertaking_party(&m, &m.undertakings[1]), 0);
    assert_true(text_is(undertaking_what(&m.undertakings[0], TEXT("fr")), "Bloquer."));
    assert_true(text_is(undertaking_what(&m.undertakings[1], TEXT("fr")), "Keep the logs."));
    assert_int_equal(m.origins_count, 2);
    assert_int_equal(minutes_write(&m, &again, &d), OK);
    assert_true(text_is(buf_as_text(&again), full));
    buf_free(&again);
}

static void the_least_that_minutes_can_be(void **state) {
    (void)state;
    struct minutes m;
    assert_int_equal(minutes_read(bytes_from_text(TEXT(TOP "text en\n| Yes.\n")), &arena, &m, NULL), OK);
    assert_true(m.held == INSTANT_NONE && !m.supersedes.size && !m.outcome_count);
}

static void every_cut_is_refused(void **state) {
    (void)state;
    struct minutes m;
    for (size_t size = 0; size < sizeof full - 1; size++) {
        bool whole = size && full[size - 1] == '\n' && size > text_search(TEXT(full), TEXT("| Both"));
        struct text kept = text_sub(TEXT(full), 0, size);
        if (whole && (text_ends(kept, TEXT("text fr\n")))) whole = false;
        assert_int_equal(minutes_read(bytes_from_text(kept), &arena, &m, NULL) == OK, whole);
    }
}

static void what_is_not_canonical_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "parley minutes v2\n",
        "parley minutes v1\ncase x\nbetween cert.south.example cert.north.example\n" WORDS, /* their order */
        "parley minutes v1\ncase x\nbetween a a\n" WORDS,
        TOP,                                            /* no text */
        TOP "outcome 0 agreed\n" WORDS,                 /* of no sheet */
        TOP SHEET_A WORDS,                              /* a sheet and nothing of it */
        TOP SHEET_A SHEET_A "outcome 0 agreed\n" WORDS, /* twice the same */
        TOP SHEET_A "outcome 0 agreed\n" SHEET_A "outcome 1 agreed\n" WORDS,
        TOP SHEET_A "outcome 0-3 agreed\noutcome 3 agreed\n" WORDS, /* one row, two outcomes */
        TOP SHEET_A "outcome 0 agreed\n" SHEET_B "outcome 0 agreed\n" SHEET_A "outcome 0 agreed\n" WORDS,
        TOP SHEET_A "outcome 0 disputed\nsays cert.north.example x\n" WORDS,
        TOP SHEET_A "outcome 0 disputed\nsays cert.south.example x\nsays cert.north.example y\n" WORDS,
        TOP SHEET_A "outcome 0 unverifiable\n" WORDS,
        TOP SHEET_A "outcome 0 agreed\nwhy because\n" WORDS,
        TOP SHEET_A "outcome 0 perhaps\n" WORDS,
        TOP SHEET_A "outcome agreed\n" WORDS,
        TOP "text en\n| a\ntext en\n| b\n", /* one language twice */
        TOP "text en\n|\n",                 /* a text of nothing */
        TOP "text en\n| \n| a\n",           /* a space at the end of an empty line */
        TOP "text en\n|a\n",
        TOP "text en\n| a\r\n",
        TOP "text en\n| a\nand more\n",
        TOP "held yesterday\n" WORDS,
        TOP "supersedes 12\n" WORDS,
        TOP "undertaking 2 cert.north.example 2026-05-01T00:00:00Z\nwhat en x\n" WORDS, /* not the first */
        TOP "undertaking 1 cert.west.example 2026-05-01T00:00:00Z\nwhat en x\n" WORDS,
        TOP "undertaking 1 cert.north.example/ 2026-05-01T00:00:00Z\nwhat en x\n" WORDS,
        TOP "undertaking 1 cert.north.example tomorrow\nwhat en x\n" WORDS,
        TOP "undertaking 1 cert.north.example 2026-05-01T00:00:00Z\n" WORDS,
        TOP "undertaking 1 cert.north.example 2026-05-01T00:00:00Z\nwhat en\n" WORDS,
        TOP "undertaking 1 cert.north.example 2026-05-01T00:00:00Z\nwhat en x\nwhat en y\n" WORDS,
        TOP UNDERTAKEN SHEET_A "outcome 0 agreed\n" WORDS,
        TOP "what en x\n" WORDS,
        TOP "origins 12\n" WORDS,
        TOP "origins bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
            "origins aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" WORDS,
    };
    struct minutes m;
    struct diag d = {0};
    for (size_t i = 0; i < COUNT(bad); i++) {
        enum error result = minutes_read(bytes_from_text(text_of(bad[i])), &arena, &m, &d);
        assert_int_equal(result, ERR_INPUT);
    }
}

/* A line of a text that looks like the form stays a line of the text. */
static void no_text_can_play_the_form(void **state) {
    (void)state;
    struct minutes_text texts[] = {{TEXT("en"), TEXT("text fr\n| x\noutcome 0 agreed")}};
    struct minutes m = {.matter = TEXT(SPOKEN_MATTER),
                        .between = {TEXT("cert.north.example"), TEXT("cert.south.example")},
                        .held = INSTANT_NONE,
                        .texts = texts,
                        .text_count = 1},
                   read;
    struct buf out = {.max = MINUTES_MAX_BYTES};
    assert_int_equal(minutes_write(&m, &out, NULL), OK);
    assert_int_equal(minutes_read(buf_as_bytes(&out), &arena, &read, NULL), OK);
    assert_int_equal(read.text_count, 1);
    assert_true(text_equal(read.texts[0].lines, texts[0].lines));
    struct row_range row = {0, 0};
    struct outcome outcome = {
        .sheet = SHA_A, .rows = {&row, 1}, .word = OUTCOME_UNVERIFIABLE, .why = TEXT("x\noutcome 1 agreed")};
    m.outcomes = &outcome;
    m.outcome_count = 1;
    buf_clear(&out);
    assert_int_equal(minutes_write(&m, &out, NULL), ERR_INPUT);
    assert_int_equal(out.size, 0);
    buf_free(&out);
}

static void a_text_is_offered_and_agreed_to(void **state) {
    (void)state;
    struct bytes text = bytes_from_text(TEXT(full));
    struct minutes m;
    assert_int_equal(minutes_read(text, &arena, &m, NULL), OK);
    struct offered_minutes o = offered_minutes_of(&m, text, &arena), read;
    assert_int_equal(o.outcomes[OUTCOME_AGREED], 6);
    assert_int_equal(o.outcomes[OUTCOME_DISPUTED], 1);
    assert_int_equal(o.outcomes[OUTCOME_UNVERIFIABLE], 4);
    o.title = TEXT("Minutes of 5 March");
    struct attach attach;
    struct head h = spoken_head_with("minutes", &attach, ROLE_TEXT, o.settlement), bare = spoken_head("minutes");
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(minutes_offer_write(&o, &bare, SPOKEN_AT, &body, NULL), ERR_INPUT);
    assert_int_equal(minutes_offer_write(&o, &h, SPOKEN_AT, &body, NULL), OK);
    struct message said = spoken(&h, &body);
    assert_int_equal(minutes_from_message(&said, &arena, &read, NULL), OK);
    assert_true(text_equal(read.settlement, o.settlement) && text_equal(read.supersedes, SHA_C));
    assert_true(text_equal(read.title, o.title));
    assert_memory_equal(read.outcomes, o.outcomes, sizeof o.outcomes);
    assert_int_equal(minutes_fit(&read, TEXT(SPOKEN_MATTER), text, &arena, NULL), OK);
    assert_int_equal(minutes_fit(&read, TEXT("another/case"), text, &arena, NULL), ERR_INPUT);
    assert_int_equal(minutes_fit(&read, TEXT(SPOKEN_MATTER), bytes_of(text.at, text.size - 22), &arena, NULL),
                     ERR_INPUT);
    read.outcomes[OUTCOME_DISPUTED] = 0; /* said in the time line, and not so in the text */
    assert_int_equal(minutes_fit(&read, TEXT(SPOKEN_MATTER), text, &arena, NULL), ERR_INPUT);
    read.outcomes[OUTCOME_DISPUTED] = MEMBER_NO_NUMBER;
    read.undertakings = 1;
    assert_int_equal(minutes_fit(&read, TEXT(SPOKEN_MATTER), text, &arena, NULL), ERR_INPUT);
    read.undertakings = 2;
    assert_int_equal(minutes_fit(&read, TEXT(SPOKEN_MATTER), text, &arena, NULL), OK);
    struct message unattached = spoken(&bare, &body);
    assert_int_equal(minutes_from_message(&unattached, &arena, &read, NULL), OK);
    assert_int_equal(read.settlement.size, 0);
    buf_clear(&body);
    struct head agreeing = spoken_head("agree");
    struct agree g = {.settlement = o.settlement, .text = TEXT("Agreed.")}, back, nothing = {0};
    assert_int_equal(agree_write(&nothing, &agreeing, SPOKEN_AT, &body, NULL), ERR_INPUT);
    assert_int_equal(agree_write(&g, &agreeing, SPOKEN_AT, &body, NULL), OK);
    said = spoken(&agreeing, &body);
    assert_int_equal(agree_from_message(&said, &arena, &back, NULL), OK);
    assert_true(text_equal(back.settlement, g.settlement) && text_equal(back.text, g.text));
    buf_free(&body);
}

static void a_meeting_is_understood(void **state) {
    (void)state;
    struct meeting_time times[] = {{SPOKEN_AT, SPOKEN_AT + INSTANT_HOUR}, {SPOKEN_AT + INSTANT_DAY, INSTANT_NONE}};
    struct delegate people[] = {{TEXT("A. Officer"), TEXT("incident response")}, {{0}, TEXT("interpreter")}};
    struct text agenda[] = {TEXT("Facts 0 to 12"), TEXT("What to publish")}, others[] = {TEXT("cert.south.example/7")};
    struct consult c = {.title = TEXT("Consultation"),
                        .text = TEXT("Any of these."),
                        .times = {times, 2},
                        .place = TEXT("Room 7"),
                        .link = TEXT("https://meet.north.example/7"),
                        .agenda = {agenda, 2},
                        .delegation = {people, 2},
                        .matters = {others, 1},
                        .languages = TEXT("en,fr")};
    struct consult read;
    struct head h = spoken_head("consult");
    struct buf body = {.max = BODY_MAX_BYTES};
    assert_int_equal(consult_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    struct message m = spoken(&h, &body);
    assert_int_equal(consult_from_message(&m, &arena, &read, NULL), OK);
    assert_int_equal(read.times.count, 2);
    assert_memory_equal(read.times.at, times, sizeof times);
    assert_int_equal(read.delegation.count, 2);
    assert_true(text_is(((struct delegate *)read.delegation.at)[0].role, "incident response"));
    assert_true(text_is(((struct text *)read.agenda.at)[1], "What to publish"));
    assert_int_equal(read.matters.count, 1);
    assert_true(text_equal(read.link, c.link) && text_equal(read.languages, c.languages));
    people[1] = (struct delegate){.name = TEXT("B. Officer")}; /* of no role */
    assert_int_equal(consult_write(&c, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    people[1].role = TEXT("interpreter");
    c.cancelled = true; /* and names times */
    assert_int_equal(consult_write(&c, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    c.times.count = 0;
    buf_clear(&body);
    assert_int_equal(consult_write(&c, &h, SPOKEN_AT, &body, NULL), OK);
    m = spoken(&h, &body);
    assert_int_equal(consult_from_message(&m, &arena, &read, NULL), OK);
    assert_true(read.cancelled);
    people[0].name = TEXT("two\nlines");
    assert_int_equal(consult_write(&c, &h, SPOKEN_AT, &body, NULL), ERR_INPUT);
    buf_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_come_back_byte_for_byte),
        cmocka_unit_test(the_least_that_minutes_can_be),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(what_is_not_canonical_is_refused),
        cmocka_unit_test(no_text_can_play_the_form),
        cmocka_unit_test(a_text_is_offered_and_agreed_to),
        cmocka_unit_test(a_meeting_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

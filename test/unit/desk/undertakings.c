/* What was undertaken: whose words count, in which order, and when a thing lapses. */
#include "both.h"

#include "claim/claim.h"
#include "desk/say.h"
#include "desk/undertakings.h"
#include "matter/dialogue.h"

static struct talk *look_of(struct both *b, unsigned party) {
    return look(b, party ? b->south : b->north, party ? "cert.north.example" : "cert.south.example");
}

static void say_of(struct both *b, unsigned party, struct say what, struct said_at *at) {
    struct talk *t = look_of(b, party);
    must(&b->k, say(t, &what, at, &b->k.diag));
    at->matter = arena_text(&b->k.arena, at->matter);
    talk_close(t);
    rest(b);
}

static struct text ask(struct both *b) {
    struct inquiry question = INQUIRY_EMPTY;
    struct said_at at;
    question.title = TEXT("A question");
    question.question = TEXT("Do you know this host?");
    say_of(b, 0,
           (struct say){
               .kind = KIND_INQUIRY, .to = TEXT("incident"), .tlp = TLP_AMBER, .body = say_inquiry, .what = &question},
           &at);
    return at.matter;
}

/* Both agree to a text of two undertakings, the first of South, the second of North. */
static struct text settle(struct both *b, struct text matter, struct text supersedes) {
    const struct minutes_text what = {TEXT("en"), TEXT("Block it.")}, text = {TEXT("en"), TEXT("Both act.")};
    const struct undertaking all[] = {{TEXT("cert.south.example/incident"), NOON + INSTANT_DAY, &what, 1},
                                      {TEXT("cert.north.example"), NOON + 2 * INSTANT_DAY, &what, 1}};
    struct minutes m = {.matter = matter,
                        .between = {TEXT("cert.north.example"), TEXT("cert.south.example")},
                        .held = INSTANT_NONE,
                        .supersedes = supersedes,
                        .undertakings = all,
                        .undertaking_count = 2,
                        .texts = &text,
                        .text_count = 1};
    struct buf plain = {.max = MINUTES_MAX_BYTES};
    struct said_at at;
    must(&b->k, minutes_write(&m, &plain, &b->k.diag));
    struct offered_minutes offer = offered_minutes_of(&m, buf_as_bytes(&plain), &b->k.arena);
    struct say_attach attach = {ROLE_TEXT, TEXT("text/plain"), TEXT("minutes.txt"), buf_as_bytes(&plain)};
    say_of(b, 0,
           (struct say){.kind = KIND_MINUTES,
                        .matter = matter,
                        .attach = &attach,
                        .attach_count = 1,
                        .body = say_minutes_offer,
                        .what = &offer},
           &at);
    struct agree agree = {.settlement = offer.settlement};
    for (unsigned p = 0; p < 2; p++)
        say_of(b, p, (struct say){.kind = KIND_AGREE, .matter = matter, .body = say_agree, .what = &agree}, &at);
    buf_free(&plain);
    return offer.settlement;
}

static void tell(struct both *b, unsigned party, struct text matter, struct text settlement, uint64_t number,
                 const char *word) {
    struct dialogue d = DIALOGUE_EMPTY;
    struct said_at at;
    d.settlement = settlement;
    d.undertaking = number;
    d.progress = text_of(word);
    say_of(b, party, (struct say){.kind = KIND_REMARK, .matter = matter, .body = say_dialogue, .what = &d}, &at);
}

/* "1 open, 2 done late", the same on both sides. */
static void stand(struct both *b, struct text matter, const char *expected) {
    for (unsigned p = 0; p < 2; p++) {
        struct talk *t = look_of(b, p);
        struct undertaken *all;
        size_t count = 0;
        struct text found = {0};
        must(&b->k, case_undertakings(t, matter_find(&t->state, matter), &all, &count, &b->k.diag));
        for (size_t i = 0; i < count; i++)
            found = arena_format(&t->arena, "%.*s%s%llu %s%s", TEXT_ARG(found), i ? ", " : "",
                                 (unsigned long long)all[i].number, undertaking_word_text(all[i].word),
                                 all[i].lapsed ? " late" : "");
        if (!text_is(found, expected)) print_error("%.*s\n", TEXT_ARG(found));
        assert_true(text_is(found, expected));
        talk_close(t);
    }
}

static void words_count_of_whom_they_are_and_in_their_turn(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "turns");
    struct text matter = ask(&b), text = settle(&b, matter, (struct text){0});
    stand(&b, matter, "1 open, 2 open");
    tell(&b, 0, matter, text, 1, "accepted"); /* before it is done */
    tell(&b, 0, matter, text, 1, "done");     /* not its owner */
    tell(&b, 1, matter, text, 3, "done");     /* there is none */
    tell(&b, 1, matter, TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 1,
         "done"); /* of no text here */
    stand(&b, matter, "1 open, 2 open");
    tell(&b, 1, matter, text, 1, "done");
    tell(&b, 1, matter, text, 1, "accepted"); /* by its owner */
    stand(&b, matter, "1 done, 2 open");
    tell(&b, 0, matter, text, 1, "disputed");
    stand(&b, matter, "1 disputed, 2 open");
    tell(&b, 1, matter, text, 1, "done");
    tell(&b, 0, matter, text, 1, "accepted");
    tell(&b, 1, matter, text, 1, "done"); /* says nothing new */
    stand(&b, matter, "1 accepted, 2 open");
    end(&b.k);
}

static void what_is_late_is_marked(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "late");
    struct text matter = ask(&b), text = settle(&b, matter, (struct text){0});
    tell_time(&b, NOON + INSTANT_DAY);
    stand(&b, matter, "1 open, 2 open"); /* the moment itself is in time */
    tell(&b, 1, matter, text, 1, "done");
    tell_time(&b, NOON + 3 * INSTANT_DAY);
    stand(&b, matter, "1 done, 2 open late");
    tell(&b, 0, matter, text, 2, "done");
    tell(&b, 1, matter, text, 2, "accepted");
    tell(&b, 0, matter, text, 1, "disputed");
    stand(&b, matter, "1 disputed late, 2 accepted late");
    end(&b.k);
}

static void a_text_that_is_replaced_binds_nobody(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "replaced");
    struct text matter = ask(&b), first = settle(&b, matter, (struct text){0});
    tell(&b, 1, matter, first, 1, "done");
    stand(&b, matter, "1 done, 2 open");
    settle(&b, matter, first);
    stand(&b, matter, "1 open, 2 open");
    end(&b.k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_count_of_whom_they_are_and_in_their_turn),
        cmocka_unit_test(what_is_late_is_marked),
        cmocka_unit_test(a_text_that_is_replaced_binds_nobody),
    };
    return cmocka_run_group_tests_name("desk/undertakings", tests, NULL, NULL);
}

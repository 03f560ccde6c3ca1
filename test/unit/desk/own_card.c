/* The working copy, signed cards and their order in the records; homes that are made, or refused. */
#include "homes.h"

static void a_home_begins_with_a_signed_card(void **state) {
    (void)state;
    struct kit k = begin("own card");
    struct desk *desk = open_home(&k, "n", "cert.north.example");
    struct card card, working;
    struct bytes note, again;
    bool same = false;
    must(&k, own_card_signed(desk, &note, &card, &k.diag));
    assert_int_equal(card.serial, 0);
    assert_int_equal(card.previous.size, 0);
    assert_true(text_is(card.date, "2026-03-01"));
    assert_int_equal(card.officer_count, 1);
    assert_true(names_have(card.officers[0].roles, TEXT("lead")));
    assert_int_equal(card.recipient_count, 1);
    must(&k, own_card_load(desk, &working, &k.diag));
    must(&k, own_card_is_signed(desk, &same, &k.diag));
    assert_true(same);
    must(&k, own_card_sign(desk, &again, &card, &k.diag)); /* nothing to sign */
    assert_true(again.size == note.size && !memcmp(again.at, note.at, note.size));
    end(&k);
}

static void a_bad_wish_makes_nothing(void **state) {
    (void)state;
    struct kit k = begin("wishes");
    struct text root, remit = TEXT("class:no-such-class");
    struct desk_wanted good = wanted(&k, "n", "cert.north.example"), w;
    w = good, w.home.party = TEXT("North CERT");
    assert_int_equal(desk_create(&w, &k.arena, &root, NULL), ERR_INPUT);
    w = good, w.home.officer = TEXT("A Officer");
    assert_int_equal(desk_create(&w, &k.arena, &root, NULL), ERR_INPUT);
    w = good, w.title = TEXT("two\nlines");
    assert_int_equal(desk_create(&w, &k.arena, &root, NULL), ERR_INPUT);
    w = good, w.remits = (struct names){&remit, 1};
    assert_int_equal(desk_create(&w, &k.arena, &root, NULL), ERR_INPUT);
    w = good, w.home.lang = TEXT("english");
    assert_int_equal(desk_create(&w, &k.arena, &root, NULL), ERR_INPUT);
    assert_false(os_exists(good.home.path));
    must(&k, desk_create(&good, &k.arena, &root, &k.diag));
    assert_int_equal(desk_create(&good, &k.arena, &root, NULL), ERR_CONFLICT);
    end(&k);
}

static void each_change_is_the_next_serial(void **state) {
    (void)state;
    struct kit k = begin("serials");
    struct desk *desk = open_home(&k, "n", "cert.north.example");
    struct card first, card;
    struct bytes note;
    struct text hours = TEXT("always"), remits[] = {TEXT("class:malicious-code"), TEXT("network:2001:db8::/32")};
    must(&k, own_card_signed(desk, &note, &first, &k.diag));
    must(&k, own_card_load(desk, &card, &k.diag));
    must(&k, own_card_say(desk, &card, TEXT("incident"), SAY_HOURS, (struct names){&hours, 1}, &k.diag));
    must(&k, own_card_say(desk, &card, TEXT("incident"), SAY_REMIT, (struct names){remits, 2}, &k.diag));
    must(&k, own_card_save(desk, &card, &k.diag));
    must(&k, own_card_sign(desk, &note, &card, &k.diag));
    assert_int_equal(card.serial, 1);
    assert_true(text_equal(card.previous, first.id));
    assert_int_equal(card.remit_count, 2);
    must(&k, own_card_say(desk, &card, TEXT("incident"), SAY_REMIT, (struct names){remits + 1, 1}, &k.diag));
    assert_int_equal(card.remit_count, 1);
    assert_true(text_equal(card.remits[0].value, remits[1]));
    end(&k);
}

/* Signing stopped after the card was written and before the working copy was: the next signature is not a third one. */
static void a_stop_in_the_middle_of_signing_is_nothing(void **state) {
    (void)state;
    struct kit k = begin("stop");
    struct desk *desk = open_home(&k, "n", "cert.north.example");
    struct card before, card;
    struct bytes note;
    struct text hours = TEXT("always");
    must(&k, own_card_load(desk, &before, &k.diag));
    must(&k, own_card_say(desk, &before, TEXT("incident"), SAY_HOURS, (struct names){&hours, 1}, &k.diag));
    must(&k, own_card_save(desk, &before, &k.diag));
    must(&k, own_card_sign(desk, &note, &card, &k.diag));
    must(&k, own_card_save(desk, &before, &k.diag)); /* as it stood */
    must(&k, own_card_sign(desk, &note, &card, &k.diag));
    assert_int_equal(card.serial, 1);
    end(&k);
}

static void officers_are_checked(void **state) {
    (void)state;
    struct kit k = begin("officers");
    struct desk *desk = open_home(&k, "n", "cert.north.example");
    struct card card;
    struct text roles[] = {TEXT("officer"), TEXT("lead")}, bad_role = TEXT("Lead");
    struct text of_another = TEXT("cert.south.example/root+00000000+AAAA");
    must(&k, own_card_load(desk, &card, &k.diag));
    struct officer o = {.name = TEXT("b.lead"), .department = TEXT("incident"), .roles = {roles, 2}}, bad;
    bad = o, bad.roles.count = 0;
    assert_int_equal(own_card_add_officer(desk, &card, &bad, NULL), ERR_INPUT);
    bad = o, bad.roles = (struct names){&bad_role, 1};
    assert_int_equal(own_card_add_officer(desk, &card, &bad, NULL), ERR_INPUT);
    bad = o, bad.department = TEXT("nowhere");
    assert_int_equal(own_card_add_officer(desk, &card, &bad, NULL), ERR_MISSING);
    bad = o, bad.key = of_another;
    assert_int_equal(own_card_add_officer(desk, &card, &bad, NULL), ERR_INPUT);
    assert_int_equal(card.officer_count, 1);
    must(&k, own_card_add_officer(desk, &card, &o, &k.diag));
    assert_int_equal(own_card_add_officer(desk, &card, &o, NULL), ERR_CONFLICT);
    must(&k, own_card_add_department(desk, &card, TEXT("abuse"), TEXT("Abuse"), &k.diag));
    o.department = TEXT("abuse");
    must(&k, own_card_add_officer(desk, &card, &o, &k.diag));
    assert_true(text_equal(card.officers[1].key, card.officers[2].key));
    must(&k, own_card_remove_officer(&card, TEXT("b.lead"), TEXT("incident"), &k.diag));
    assert_int_equal(card.officer_count, 2);
    must(&k, own_card_remove_officer(&card, TEXT("b.lead"), TEXT(""), &k.diag));
    assert_int_equal(card.officer_count, 1);
    assert_int_equal(own_card_remove_officer(&card, TEXT("b.lead"), TEXT(""), NULL), ERR_MISSING);
    assert_int_equal(own_card_add_officer(desk, &card, &o, NULL), ERR_CONFLICT); /* its key was dropped */
    end(&k);
}

/* What a counterparty does with cards: entry 0 carries any, each later one the next (sync/cards.h). */
static void publishing_leaves_no_serial_out(void **state) {
    (void)state;
    struct kit k = begin("publish");
    struct desk *desk = open_home(&k, "n", "cert.north.example");
    struct card card;
    struct bytes note, *leaves;
    struct link_channel *list;
    size_t count, size;
    struct published made;
    must(&k, own_card_publish(desk, &made, &k.diag)); /* no channel yet */
    assert_int_equal(made.count, 0);
    struct link_opening o = {.own = {TEXT("cert.north.example"), TEXT("cert.south.example"), 1, false}};
    random_fill(&k.random, o.own_secret, sizeof o.own_secret);
    struct text origin = channel_origin(channel_name_write(&o.own, &k.arena), o.own_secret, &k.arena);
    must(&k, own_card_with_log(desk, origin, &o.own_card, &card, &k.diag));
    assert_int_equal(card.serial, 1);
    must(&k, own_card_with_log(desk, origin, &o.own_card, &card, &k.diag));
    assert_int_equal(card.serial, 1); /* the key is named already */
    must(&k, link_open_channel(desk->link, &o, NOON, &k.diag));
    for (unsigned i = 0; i < 3; i++) { /* two that are signed and not published, and one that is neither */
        struct text hours = arena_format(&desk->arena, "version %u", i);
        must(&k, own_card_say(desk, &card, TEXT("incident"), SAY_HOURS, (struct names){&hours, 1}, &k.diag));
        must(&k, own_card_save(desk, &card, &k.diag));
        if (i < 2) must(&k, own_card_sign(desk, &note, &card, &k.diag));
    }
    must(&k, own_card_publish(desk, &made, &k.diag));
    assert_int_equal(made.entries, 3);
    assert_int_equal(made.rows[0].what, PUBLISH_SENT);
    must(&k, own_card_publish(desk, &made, &k.diag));
    assert_int_equal(made.entries, 0);
    assert_int_equal(made.rows[0].what, PUBLISH_THERE);
    must(&k, link_channels(desk->link, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 1);
    must(&k, link_leaves(desk->link, list[0].own_origin, 0, &k.arena, &leaves, &size, &k.diag));
    assert_int_equal(size, 4);
    end(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_home_begins_with_a_signed_card),
        cmocka_unit_test(a_bad_wish_makes_nothing),
        cmocka_unit_test(each_change_is_the_next_serial),
        cmocka_unit_test(a_stop_in_the_middle_of_signing_is_nothing),
        cmocka_unit_test(officers_are_checked),
        cmocka_unit_test(publishing_leaves_no_serial_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Invitations of two homes: one side, both sides, in any order; what is refused and then leaves nothing behind. */
#include "homes.h"

#include "desk/invite.h"

struct both {
    struct kit k;
    struct desk *north, *south;
};

/* In place: the homes keep the address of the kit's randomness. */
static void two(struct both *b, const char *seed) {
    b->k = begin(seed);
    b->north = open_home(&b->k, "n", "cert.north.example");
    b->south = open_home(&b->k, "s", "cert.south.example");
}

static struct bytes invitation_of(struct both *b, struct desk *from, const char *to, const char *proposal) {
    struct buf out = {.max = 1 << 20};
    must(&b->k, invite(from, text_of(to), text_of(proposal), TEXT(""), &out, &b->k.diag));
    struct bytes file = arena_bytes(&b->k.arena, buf_as_bytes(&out));
    buf_free(&out);
    return file;
}

static struct invitation read_file(struct both *b, struct bytes file) {
    struct invitation i;
    must(&b->k, invitation_read(file, &b->k.arena, &i, &b->k.diag));
    return i;
}

static struct text number_of(struct both *b, struct desk *desk, struct bytes file) {
    char digits[SAFETY_NUMBER_SIZE];
    struct invitation i = read_file(b, file);
    must(&b->k, invite_compare(desk, &i, digits, &b->k.diag));
    return arena_text(&b->k.arena, text_of(digits));
}

static void accept_file(struct both *b, struct desk *desk, struct bytes file) {
    must(&b->k, invite_accept(desk, file, number_of(b, desk, file), &b->k.diag));
}

static struct link_channel channel_of(struct both *b, struct desk *desk, const char *party) {
    struct link_channel c;
    must(&b->k, desk_channel(desk, text_of(party), false, &c, &b->k.diag));
    return c;
}

static void both_open_the_same_two_records(void **state) {
    (void)state;
    struct both b;
    two(&b, "both");
    struct bytes from_north = invitation_of(&b, b.north, NULL, NULL),
                 from_south = invitation_of(&b, b.south, NULL, NULL);
    assert_true(text_equal(number_of(&b, b.north, from_south), number_of(&b, b.south, from_north)));
    accept_file(&b, b.north, from_south);
    accept_file(&b, b.south, from_north);
    struct link_channel n = channel_of(&b, b.north, "cert.south.example");
    struct link_channel s = channel_of(&b, b.south, "cert.north.example");
    assert_int_equal(n.state, CHANNEL_OPEN);
    assert_int_equal(s.state, CHANNEL_OPEN);
    assert_true(text_equal(n.own_origin, s.their_origin) && text_equal(s.own_origin, n.their_origin));
    assert_true(text_is(n.own_name, "cert.north.example/to/cert.south.example/1"));
    struct invitation kept;
    must(&b.k, invite_peer(b.north, TEXT("cert.south.example"), &kept, &b.k.diag));
    assert_true(text_equal(kept.card.root, n.their_root));
    assert_int_equal(invite_peer(b.north, TEXT("cert.west.example"), &kept, NULL), ERR_MISSING);
    end(&b.k);
}

static void one_sided_start_is_completed(void **state) {
    (void)state;
    struct both b;
    two(&b, "one-sided");
    struct message m;
    struct dialogue says;
    struct bytes start = invitation_of(&b, b.north, "cert.south.example", "Let us talk.\nAbout what happened.");
    struct invitation i = read_file(&b, start);
    assert_true(text_is(i.channel, "cert.north.example/to/cert.south.example/1"));
    must(&b.k, invite_proposal(&i, &b.k.arena, &m, &says, &b.k.diag));
    assert_true(text_is(says.title, "Let us talk.") && text_is(says.about, "dialogue"));
    assert_true(text_is(says.text, "Let us talk.\nAbout what happened."));
    assert_true(text_is(m.head.to, "cert.south.example") && text_is(m.head.tlp, "AMBER") && m.head.own == 1);
    assert_true(text_starts(m.head.matter, TEXT("cert.north.example/")));
    assert_int_equal(channel_of(&b, b.north, "cert.south.example").state, CHANNEL_OFFERED);
    struct bytes again = invitation_of(&b, b.north, "cert.south.example", "Other words.");
    assert_true(again.size == start.size && !memcmp(again.at, start.at, start.size));
    accept_file(&b, b.south, start);
    assert_int_equal(channel_of(&b, b.south, "cert.north.example").state, CHANNEL_OPEN);
    accept_file(&b, b.north, invitation_of(&b, b.south, "cert.north.example", NULL));
    struct link_channel n = channel_of(&b, b.north, "cert.south.example");
    struct link_channel s = channel_of(&b, b.south, "cert.north.example");
    assert_int_equal(n.state, CHANNEL_OPEN);
    assert_int_equal(n.own_size, 2);
    assert_true(text_equal(n.own_origin, s.their_origin) && text_equal(s.own_origin, n.their_origin));
    end(&b.k);
}

/* Both begin at once, each with a record of its own. */
static void two_one_sided_starts_meet(void **state) {
    (void)state;
    struct both b;
    two(&b, "two starts");
    struct bytes from_north = invitation_of(&b, b.north, "cert.south.example", "From the North.");
    struct bytes from_south = invitation_of(&b, b.south, "cert.north.example", "From the South.");
    accept_file(&b, b.north, from_south);
    accept_file(&b, b.south, from_north);
    struct link_channel n = channel_of(&b, b.north, "cert.south.example");
    struct link_channel s = channel_of(&b, b.south, "cert.north.example");
    assert_int_equal(n.state, CHANNEL_OPEN);
    assert_int_equal(s.state, CHANNEL_OPEN);
    assert_true(text_equal(n.own_origin, s.their_origin) && text_equal(s.own_origin, n.their_origin));
    end(&b.k);
}

static void a_wrong_number_leaves_nothing(void **state) {
    (void)state;
    struct both b;
    two(&b, "wrong");
    struct link_channel c;
    struct bytes file = invitation_of(&b, b.south, NULL, NULL);
    struct text digits = number_of(&b, b.north, file);
    assert_int_equal(invite_accept(b.north, file, TEXT(""), NULL), ERR_NO);
    assert_int_equal(invite_accept(b.north, file, text_sub(digits, 0, digits.size - 1), &b.k.diag), ERR_NO);
    assert_non_null(strstr(b.k.diag.text, "parley compare"));
    assert_int_equal(desk_channel(b.north, TEXT("cert.south.example"), false, &c, NULL), ERR_MISSING);
    assert_false(os_exists(home_path(&b.north->home, &b.k.arena, "desk/peers/cert.south.example")));
    end(&b.k);
}

static void another_root_changes_nothing(void **state) {
    (void)state;
    struct both b;
    two(&b, "roots");
    struct invitation kept;
    accept_file(&b, b.north, invitation_of(&b, b.south, NULL, NULL));
    struct desk *other = open_home(&b.k, "s2", "cert.south.example");
    struct bytes changed = invitation_of(&b, other, NULL, NULL);
    assert_int_equal(invite_accept(b.north, changed, number_of(&b, b.north, changed), &b.k.diag), ERR_CONFLICT);
    assert_non_null(strstr(b.k.diag.text, "successor"));
    must(&b.k, invite_peer(b.north, TEXT("cert.south.example"), &kept, &b.k.diag));
    assert_false(text_equal(kept.card.root, read_file(&b, changed).card.root));
    assert_true(text_equal(kept.card.root, channel_of(&b, b.north, "cert.south.example").their_root));
    end(&b.k);
}

static void invitations_of_oneself_and_for_others_are_refused(void **state) {
    (void)state;
    struct both b;
    two(&b, "others");
    struct buf out = {.max = 1 << 20};
    struct bytes own = invitation_of(&b, b.north, NULL, NULL);
    assert_int_equal(invite_accept(b.north, own, TEXT("1"), NULL), ERR_INPUT);
    struct bytes elsewhere = invitation_of(&b, b.north, "cert.west.example", "Let us talk.");
    assert_int_equal(invite_accept(b.south, elsewhere, number_of(&b, b.south, elsewhere), &b.k.diag), ERR_INPUT);
    assert_non_null(strstr(b.k.diag.text, "cert.west.example"));
    assert_int_equal(invite(b.north, TEXT("cert.north.example"), TEXT(""), TEXT(""), &out, NULL), ERR_INPUT);
    assert_int_equal(invite(b.north, TEXT("../etc"), TEXT(""), TEXT(""), &out, NULL), ERR_INPUT);
    assert_int_equal(out.size, 0);
    end(&b.k);
}

/* A first proposal bears one signature; where the card asks for a lead's, too, it would be void. */
static void clearance_forbids_a_first_proposal(void **state) {
    (void)state;
    struct both b;
    two(&b, "clearance");
    struct card card;
    struct buf out = {.max = 1 << 20};
    struct link_channel c;
    struct text kind = TEXT("proposal"), role = TEXT("lead");
    struct clearance rule = {.kinds = {&kind, 1}, .tlp = TLP_GREEN, .number = 1, .roles = {&role, 1}};
    must(&b.k, own_card_load(b.north, &card, &b.k.diag));
    card.clearances = &rule;
    card.clearance_count = 1;
    must(&b.k, own_card_save(b.north, &card, &b.k.diag));
    assert_int_equal(invite(b.north, TEXT("cert.south.example"), TEXT("Let us talk."), TEXT(""), &out, NULL), ERR_NO);
    assert_int_equal(desk_channel(b.north, TEXT("cert.south.example"), false, &c, NULL), ERR_MISSING);
    rule.tlp = TLP_RED; /* only where more restricted */
    must(&b.k, own_card_save(b.north, &card, &b.k.diag));
    must(&b.k, invite(b.north, TEXT("cert.south.example"), TEXT("Let us talk."), TEXT(""), &out, &b.k.diag));
    buf_free(&out);
    end(&b.k);
}

static void a_long_title_ends_between_characters(void **state) {
    (void)state;
    struct both b;
    two(&b, "title");
    struct message m;
    struct dialogue says;
    char words[400] = "a";
    for (int i = 0; i < 150; i++) strcat(words, "é");
    struct invitation i = read_file(&b, invitation_of(&b, b.north, "cert.south.example", words));
    must(&b.k, invite_proposal(&i, &b.k.arena, &m, &says, &b.k.diag));
    assert_true(says.title.size <= 100 && says.title.size >= 98 && text_is_utf8(says.title));
    assert_true(text_is(says.text, words));
    end(&b.k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_open_the_same_two_records),
        cmocka_unit_test(one_sided_start_is_completed),
        cmocka_unit_test(two_one_sided_starts_meet),
        cmocka_unit_test(a_wrong_number_leaves_nothing),
        cmocka_unit_test(another_root_changes_nothing),
        cmocka_unit_test(invitations_of_oneself_and_for_others_are_refused),
        cmocka_unit_test(clearance_forbids_a_first_proposal),
        cmocka_unit_test(a_long_title_ends_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

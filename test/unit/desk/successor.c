/* Successors of two homes: what is proposed, what is refused, and a counterparty that opens another than it agreed to.
 */
#include "homes.h"

#include "claim/claim.h"
#include "desk/invite.h"
#include "desk/say.h"

struct both {
    struct kit k;
    struct desk *desks[2]; /* north, south */
};

static const char *const parties[] = {"cert.north.example", "cert.south.example"};

static void carry(struct both *b, int from) {
    struct link_channel c;
    struct folder_report report;
    struct link_sync_row row;
    must(&b->k, desk_channel(b->desks[from], text_of(parties[1 - from]), false, &c, &b->k.diag));
    const char *folder = arena_format(&b->k.arena, "%s/%d-%llu", b->k.folder, from, (unsigned long long)c.number).at;
    must(&b->k, link_export(b->desks[from]->link, c.own_origin, folder, &report, &b->k.diag));
    must(&b->k, desk_link(b->desks[1 - from], &b->k.diag));
    must(&b->k, link_import(b->desks[1 - from]->link, folder, NOON, &b->k.arena, &row, &b->k.diag));
}

static void rest(struct both *b) {
    for (int i = 0; i < 6; i++) carry(b, i % 2);
}

static struct bytes invitation_as(struct both *b, int from, const struct invite_wish *w) {
    struct buf out = {.max = 1 << 20};
    must(&b->k, invite_as(b->desks[from], w, &out, &b->k.diag));
    struct bytes file = arena_bytes(&b->k.arena, buf_as_bytes(&out));
    buf_free(&out);
    return file;
}

static struct bytes successor_of(struct both *b, int from, const struct cut *at) {
    return invitation_as(b, from,
                         &(struct invite_wish){.party = text_of(parties[1 - from]), .successor = true, .at = at});
}

static enum error accept_file(struct both *b, int by, struct bytes file) {
    struct invitation i;
    char digits[SAFETY_NUMBER_SIZE];
    must(&b->k, invitation_read(file, &b->k.arena, &i, &b->k.diag));
    must(&b->k, invite_compare(b->desks[by], &i, digits, &b->k.diag));
    return invite_accept(b->desks[by], file, text_of(digits), &b->k.diag);
}

static void open_both(struct both *b, const char *seed) {
    b->k = begin(seed);
    b->desks[0] = open_home(&b->k, "n", parties[0]);
    b->desks[1] = open_home(&b->k, "s", parties[1]);
    for (int i = 0; i < 2; i++) must(&b->k, accept_file(b, 1 - i, invitation_as(b, i, &(struct invite_wish){0})));
    rest(b);
}

static enum error ask(struct both *b, int by) {
    struct talk *t;
    struct said_at at;
    struct inquiry what = {.title = TEXT("Who?"), .question = TEXT("Who was it?"), .by = INSTANT_NONE};
    must(&b->k,
         talk_open(b->desks[by], text_of(parties[1 - by]), false, &(struct talk_at){.as_of = NOON}, &t, &b->k.diag));
    enum error result =
        say(t,
            &(struct say){
                .kind = KIND_INQUIRY, .to = TEXT("incident"), .tlp = TLP_AMBER, .body = say_inquiry, .what = &what},
            &at, &b->k.diag);
    talk_close(t);
    return result;
}

static size_t cases_of(struct both *b, int of) {
    struct talk *t;
    must(&b->k,
         talk_open(b->desks[of], text_of(parties[1 - of]), false, &(struct talk_at){.as_of = NOON}, &t, &b->k.diag));
    size_t count = t->state.matter_count;
    talk_close(t);
    return count;
}

/* Every cut that is closed can be followed; what lies beyond it is not seen any more, on both sides alike. */
static void every_closed_cut_can_be_followed(void **state) {
    (void)state;
    size_t followed = 0;
    for (uint64_t n = 0; n <= 3; n++)
        for (uint64_t s = 0; s <= 3; s++) {
            struct both b;
            struct entry_follows lines[2];
            struct link_channel before;
            struct cut at = {{n, s}};
            char seed[32];
            snprintf(seed, sizeof seed, "cut %d %d", (int)n, (int)s);
            open_both(&b, seed);
            must(&b.k, ask(&b, 0));
            rest(&b);
            must(&b.k, successor_find(b.desks[0], text_of(parties[1]), false, 0, &before, &b.k.diag));
            enum error result = successor_propose(b.desks[0], &before, &at, lines, NULL);
            assert_true(result == OK || result == ERR_USAGE);
            if (!result) {
                must(&b.k, accept_file(&b, 1, successor_of(&b, 0, &at)));
                must(&b.k,
                     accept_file(&b, 0, invitation_as(&b, 1, &(struct invite_wish){.party = text_of(parties[0])})));
                rest(&b);
                must(&b.k, ask(&b, 1));
                rest(&b);
                assert_int_equal(cases_of(&b, 0), cases_of(&b, 1));
                assert_true(cases_of(&b, 0) >= 1);
                followed++;
            }
            end(&b.k);
        }
    assert_true(followed >= 3 && followed < 16);
}

/* South agreed to the lines of the invitation, and opens its record with others. */
static void other_lines_than_agreed_do_not_count(void **state) {
    (void)state;
    struct both b;
    struct entry_follows lines[2];
    struct link_channel before;
    struct cut none = {{0, 0}};
    struct invitation i, reply;
    struct card card;
    open_both(&b, "other lines");
    must(&b.k, ask(&b, 0));
    rest(&b);
    must(&b.k, invitation_read(successor_of(&b, 0, NULL), &b.k.arena, &i, &b.k.diag));
    must(&b.k, successor_find(b.desks[1], text_of(parties[0]), false, 0, &before, &b.k.diag));
    must(&b.k, successor_propose(b.desks[1], &before, &none, lines, &b.k.diag));
    must(&b.k, invitation_read(successor_of(&b, 1, NULL), &b.k.arena, &reply, &b.k.diag));
    struct link_opening o = {.own = {text_of(parties[1]), text_of(parties[0]), 2, false},
                             .theirs_known = true,
                             .their_root = i.card.root,
                             .their_card = i.card_note,
                             .follows = lines,
                             .follows_count = 2};
    memcpy(o.own_secret, reply.secret, sizeof o.own_secret);
    memcpy(o.their_secret, i.secret, sizeof o.their_secret);
    struct text origin = channel_origin(reply.channel, reply.secret, &b.k.arena);
    must(&b.k, own_card_with_log(b.desks[1], origin, &o.own_card, &card, &b.k.diag));
    must(&b.k, link_open_channel(b.desks[1]->link, &o, NOON, &b.k.diag));
    struct buf agreed = {.max = 1 << 20}; /* what South shows, and does not do */
    memcpy(reply.follows, i.follows, sizeof reply.follows);
    invitation_write(&reply, &agreed);
    must(&b.k, accept_file(&b, 0, buf_as_bytes(&agreed)));
    rest(&b);
    assert_int_equal(ask(&b, 0), ERR_CONFLICT);
    assert_non_null(strstr(b.k.diag.text, "other lines"));
    assert_int_equal(cases_of(&b, 0), 1); /* the old records stand */
    buf_free(&agreed);
    end(&b.k);
}

/* South lost everything but its name: North goes on with the new home, following nothing. */
static void a_home_made_anew_follows_nothing(void **state) {
    (void)state;
    struct both b;
    struct cut none = {{0, 0}};
    open_both(&b, "anew");
    must(&b.k, ask(&b, 0));
    rest(&b);
    b.desks[1] = open_home(&b.k, "s2", parties[1]);
    assert_int_equal(accept_file(&b, 0, invitation_as(&b, 1, &(struct invite_wish){0})), ERR_CONFLICT);
    assert_int_equal(accept_file(&b, 1, successor_of(&b, 0, NULL)), ERR_MISSING);
    assert_non_null(strstr(b.k.diag.text, "--at 0,0"));
    must(&b.k, accept_file(&b, 1, successor_of(&b, 0, &none)));
    must(&b.k, accept_file(&b, 0, invitation_as(&b, 1, &(struct invite_wish){.party = text_of(parties[0])})));
    rest(&b);
    must(&b.k, ask(&b, 0));
    rest(&b);
    assert_int_equal(cases_of(&b, 0), 1);
    assert_int_equal(cases_of(&b, 1), 1);
    end(&b.k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_closed_cut_can_be_followed),
        cmocka_unit_test(other_lines_than_agreed_do_not_count),
        cmocka_unit_test(a_home_made_anew_follows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

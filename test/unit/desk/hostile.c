/* A counterparty that signs whatever it likes: what it attaches, and how it names its cases. */
#include "both.h"

#include <sqlite3.h>

#include "claim/from_fact.h"
#include "desk/dossier.h"
#include "desk/inbox.h"
#include "desk/joint.h"
#include "desk/notice.h"
#include "desk/possible.h"
#include "desk/say.h"
#include "desk/settle.h"
#include "matter/dialogue.h"
#include "message/recipients.h"

#define SHEET                                                                                                          \
    "# parley facts v1\n"                                                                                              \
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n"                      \
    "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,\n"

static struct claim claim_of_sheet(struct both *b) {
    struct claim claim;
    must(&b->k, claim_from_fact(bytes_from_text(TEXT(SHEET)), NULL, &b->k.arena, &claim, &b->k.diag));
    claim.title = TEXT("Guessed passwords");
    return claim;
}

/* Signs and submits a message whose head is as given, with an attachment that the head may tell lies about. */
static void submit(struct both *b, struct talk *t, struct head *h, struct text body, struct bytes attachment) {
    struct kit *k = &b->k;
    struct buf note = {.max = MESSAGE_MAX_BYTES}, sealed[2] = {{.max = 1 << 20}, {.max = 1 << 20}};
    struct signer *officer;
    struct names recipients = message_recipients(h, talk_card(t, 1 - t->own), talk_card(t, t->own), &k->arena);
    must(k, message_seal(attachment, recipients, &k->random, &sealed[1], &k->diag));
    if (h->attach_count) {
        h->attach[0].sealed = sha256_of(buf_as_bytes(&sealed[1]));
        h->attach[0].sealed_size = sealed[1].size;
    }
    must(k, desk_officer(t->desk, TEXT("a.officer"), &officer, &k->diag));
    must(k, message_sign(h, body, &(const struct signer *){officer}, 1, &note, &k->diag));
    must(k, message_seal(buf_as_bytes(&note), recipients, &k->random, &sealed[0], &k->diag));
    struct bytes blobs[] = {buf_as_bytes(&sealed[0]), buf_as_bytes(&sealed[1])};
    struct link_submission s = {
        .origin = talk_channel(t)->own_origin, .blobs = blobs, .blob_count = 1 + h->attach_count};
    uint64_t index;
    must(k, link_submit(t->desk->link, &s, NOON, &index, &k->diag));
    signer_free(officer);
    buf_free(&note);
    buf_free(&sealed[0]);
    buf_free(&sealed[1]);
}

static struct head head_of(const struct talk *t, const char *kind, struct text matter) {
    const struct link_channel *c = talk_channel(t);
    return (struct head){.record = c->own_origin,
                         .id = TEXT("000102030405060708090a0b0c0d0e0f"),
                         .own = c->own_size,
                         .read = c->their_size,
                         .kind = text_of(kind),
                         .matter = matter,
                         .from = t->own ? TEXT("cert.south.example/incident") : TEXT("cert.north.example/incident"),
                         .by = TEXT("a.officer"),
                         .to = t->own ? TEXT("cert.north.example") : TEXT("cert.south.example"),
                         .tlp = TEXT("AMBER"),
                         .lang = TEXT("en")};
}

/* Raises that claim with the other side, and gives the name of the case. */
static struct text claim_to(struct both *b, struct desk *desk, const char *party, const struct claim *claim) {
    struct talk *t = look(b, desk, party);
    struct say_attach facts = {ROLE_FACTS, TEXT("text/csv"), TEXT("facts.csv"), bytes_from_text(TEXT(SHEET))};
    struct said_at at;
    must(&b->k, say(t,
                    &(struct say){.kind = KIND_CLAIM,
                                  .to = TEXT("incident"),
                                  .tlp = TLP_AMBER,
                                  .attach = &facts,
                                  .attach_count = 1,
                                  .body = say_claim,
                                  .what = claim},
                    &at, &b->k.diag));
    struct text matter = arena_text(&b->k.arena, at.matter);
    talk_close(t);
    return matter;
}

/* North names the sheet of South's claim, and attaches something else: South still opens its own. */
static void a_sheet_is_not_hidden_by_another_of_its_name(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "shadow");
    struct claim claim = claim_of_sheet(&b);
    struct text matter = claim_to(&b, b.south, "cert.north.example", &claim);
    rest(&b);
    struct talk *t = look(&b, b.north, "cert.south.example");
    struct head h = head_of(t, "remark", matter);
    struct attach lie = {.role = TEXT("facts"), .media_type = TEXT("text/csv"), .name = TEXT("facts.csv")};
    struct dialogue says = DIALOGUE_EMPTY;
    struct buf body = {.max = 1 << 20}, plain = {.max = 1 << 20};
    assert_true(sha256_read_hex(claim.sheet, &lie.plain));
    lie.plain_size = 5;
    h.attach = &lie;
    h.attach_count = 1;
    says.text = TEXT("Here it is.");
    must(&b.k, dialogue_write(&says, &h, NOON, &body, &b.k.diag));
    submit(&b, t, &h, buf_as_text(&body), bytes_of("wrong", 5));
    talk_close(t);
    rest(&b);
    t = look(&b, b.south, "cert.north.example");
    assert_int_equal(t->said_count, 2);
    must(&b.k, talk_sheet(t, claim.sheet, &plain, &b.k.diag));
    assert_true(text_is(buf_as_text(&plain), SHEET));
    talk_close(t);
    buf_free(&body);
    buf_free(&plain);
    end(&b.k);
}

/* How many of the cases that came have names that a hook is told. */
static size_t plainly_named(struct talk *t) {
    struct notice_memory memory = {0};
    struct notice *list;
    size_t count, plain = 0;
    memory.seen.arena = memory.told.arena = memory.active.arena = &memory.arena;
    assert_int_equal(notice_list(t, &memory, INSTANT_DAY, &list, &count, NULL), OK);
    for (size_t i = 0; i < count; i++)
        plain += list[i].what == NOTICE_ARRIVED && !text_is(matter_typed(list[i].matter), "CASE");
    notice_forget(&memory);
    return plain;
}

/* The inbox suggests a command for people to copy: never one that the other side has spelled. */
static void no_command_is_told_for_a_case_that_is_named_for_a_shell(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "named");
    static const char *const ids[] = {";reboot", "$(id)", "--help", "x", "0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"};
    struct talk *t = look(&b, b.north, "cert.south.example");
    struct claim claim = claim_of_sheet(&b);
    struct buf body = {.max = 1 << 20};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct head h = head_of(t, "claim", arena_format(&b.k.arena, "cert.north.example/%s", ids[i]));
        struct attach facts = {.role = TEXT("facts"), .media_type = TEXT("text/csv"), .name = TEXT("facts.csv")};
        facts.plain = sha256_of(bytes_from_text(TEXT(SHEET)));
        facts.plain_size = sizeof SHEET - 1;
        h.id = arena_format(&b.k.arena, "%032zx", i);
        h.attach = &facts;
        h.attach_count = 1;
        buf_clear(&body);
        must(&b.k, claim_write(&claim, &h, NOON, &body, &b.k.diag));
        submit(&b, t, &h, buf_as_text(&body), bytes_from_text(TEXT(SHEET)));
    }
    talk_close(t);
    rest(&b);
    t = look(&b, b.south, "cert.north.example");
    struct waiting *list;
    size_t count, told = 0;
    inbox_waiting(t, &list, &count);
    assert_int_equal(count, COUNT(ids));
    for (size_t i = 0; i < count; i++) {
        struct text command = wait_command(t, &list[i]);
        assert_true(!command.size || text_is(command, "parley acknowledge 0b0e9b6c"));
        told += command.size > 0;
    }
    assert_int_equal(told, 1);
    assert_int_equal(plainly_named(t), 3); /* --help, x and the last */
    talk_close(t);
    buf_free(&body);
    end(&b.k);
}

#define ORIGINS                                                                                                        \
    "{\"$kind\":\"parley origins v1\",\"by\":\"country\",\"rows\":[],\"sheet\":\"" EIGHT "\",\"table\":{\"basis\":"    \
    "\"registry\",\"hash\":\"" EIGHT "\",\"name\":\"t\"},\"unit\":\"sources\"}\n"
#define EIGHT "abababababababababababababababababababababababababababababababab"

/* North names the document that South sent, calls it something else and attaches something else: South still opens its
 * own, under its own words. */
static void a_document_of_origins_is_not_hidden_by_another_of_its_name(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "origins");
    char hex[SHA256_HEX];
    struct sha256 sha = sha256_of(bytes_from_text(TEXT(ORIGINS)));
    struct dialogue says = DIALOGUE_EMPTY;
    says.document = sha256_hex(&sha, hex);
    says.sheet = says.table = TEXT(EIGHT);
    says.basis = TEXT("attacks, says North");
    struct talk *t = look(&b, b.north, "cert.south.example");
    struct head h = head_of(t, "origins", (struct text){0});
    struct attach lie = {.role = TEXT("origins"), .media_type = TEXT("application/json"), .name = TEXT("origins.json")};
    struct buf body = {.max = 1 << 20};
    lie.plain = sha;
    lie.plain_size = 5;
    h.attach = &lie;
    h.attach_count = 1;
    must(&b.k, dialogue_write(&says, &h, NOON, &body, &b.k.diag));
    submit(&b, t, &h, buf_as_text(&body), bytes_of("wrong", 5));
    talk_close(t);
    rest(&b);
    t = look(&b, b.south, "cert.north.example");
    struct say_attach attach = {ROLE_ORIGINS, TEXT("application/json"), TEXT("origins.json"),
                                bytes_from_text(TEXT(ORIGINS))};
    struct said_at at;
    says.basis = TEXT("sources, by the table t");
    must(&b.k, say(t,
                   &(struct say){.kind = KIND_ORIGINS,
                                 .to = TEXT("incident"),
                                 .tlp = TLP_AMBER,
                                 .attach = &attach,
                                 .attach_count = 1,
                                 .body = say_dialogue,
                                 .what = &says},
                   &at, &b.k.diag));
    talk_close(t);
    t = look(&b, b.south, "cert.north.example");
    struct joint_document *all;
    struct origins_document of;
    size_t count;
    must(&b.k, joint_documents(t, NULL, &all, &count, &b.k.diag));
    assert_int_equal(count, 1);
    assert_true(joint_alike(all) && text_is(all->basis, "sources, by the table t"));
    must(&b.k, joint_open(t, all, &of, &b.k.diag));
    talk_close(t);
    buf_free(&body);
    end(&b.k);
}

static void offer_text(struct both *b, struct text matter, const char *other) {
    struct talk *t = look(b, b->north, "cert.south.example");
    struct minutes_text words = {TEXT("en"), TEXT("It was so.")};
    struct minutes m = {.matter = matter,
                        .between = {TEXT("cert.north.example"), text_of(other)},
                        .held = INSTANT_NONE,
                        .texts = &words,
                        .text_count = 1};
    struct buf text = {.max = MINUTES_MAX_BYTES};
    struct said_at at;
    must(&b->k, minutes_write(&m, &text, &b->k.diag));
    struct offered_minutes o = offered_minutes_of(&m, buf_as_bytes(&text), &b->k.arena);
    struct say_attach attach = {ROLE_TEXT, TEXT("text/plain"), TEXT("minutes.txt"), buf_as_bytes(&text)};
    must(&b->k, say(t,
                    &(struct say){.kind = KIND_MINUTES,
                                  .matter = matter,
                                  .tlp = TLP_NONE,
                                  .attach = &attach,
                                  .attach_count = 1,
                                  .body = say_minutes_offer,
                                  .what = &o},
                    &at, &b->k.diag));
    talk_close(t);
    buf_free(&text);
    rest(b);
}

/* South is shown, and can agree to, a text between the two parties of the channel and no other. */
static void a_text_between_others_is_not_agreed_to(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "between");
    struct claim claim = claim_of_sheet(&b);
    struct text matter = claim_to(&b, b.north, "cert.south.example", &claim);
    struct talk *t;
    static const char *const others[] = {"cert.west.example", "cert.south.example"};
    for (size_t i = 0; i < COUNT(others); i++) {
        const struct matter *m;
        struct offered_text *all;
        struct text text;
        size_t count;
        offer_text(&b, matter, others[i]);
        t = look(&b, b.south, "cert.north.example");
        must(&b.k, talk_find_matter(t, matter, &m, &b.k.diag));
        must(&b.k, settle_texts(t, m, &all, &count, &b.k.diag));
        assert_int_equal(count, i + 1);
        enum error result = settle_open_text(t, m, &all[i], &text, &b.k.diag);
        assert_int_equal(result, i ? OK : ERR_INPUT);
        if (result) assert_true(text_search(text_of(b.k.diag.text), TEXT("cert.west.example")) != SIZE_MAX);
        talk_close(t);
    }
    end(&b.k);
}

/* North attaches what nobody can open: South's dossier of all is written, and leaves that closed. */
static void what_nobody_can_open_keeps_no_dossier_from_being_written(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "closed");
    struct talk *t = look(&b, b.north, "cert.south.example");
    struct head h = head_of(t, "inquiry", TEXT("cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"));
    struct attach lie = {.role = TEXT("file"), .media_type = TEXT("text/plain"), .name = TEXT("a")};
    struct inquiry asks = {.title = TEXT("Who?"), .question = TEXT("Who was it?"), .by = INSTANT_NONE};
    struct buf body = {.max = 1 << 20}, file = {.max = 1 << 24};
    lie.plain_size = 100; /* of five bytes */
    h.attach = &lie;
    h.attach_count = 1;
    must(&b.k, inquiry_write(&asks, &h, NOON, &body, &b.k.diag));
    submit(&b, t, &h, buf_as_text(&body), bytes_of("wrong", 5));
    talk_close(t);
    rest(&b);
    t = look(&b, b.south, "cert.north.example");
    const struct said *said;
    must(&b.k, talk_find_said(t, h.id, &said, &b.k.diag));
    struct dossier_attachment attached = {said, &said->message.head.attach[0]};
    struct dossier_choice c = {.said = &said, .said_count = 1, .attachments = &attached, .attachment_count = 1};
    assert_int_not_equal(talk_dossier(t, &c, tar_sink_buf(&file), NULL), OK);
    buf_clear(&file);
    c.all = true;
    must(&b.k, talk_dossier(t, &c, tar_sink_buf(&file), &b.k.diag));
    assert_int_equal(c.left_closed, 1);
    assert_true(file.size > 0);
    talk_close(t);
    buf_free(&body);
    buf_free(&file);
    end(&b.k);
}

/* A node in other hands serves other bytes of the same length under the name of a blob: nothing of them is opened. */
static void another_blob_than_the_one_named_is_not_taken(void **state) {
    (void)state;
    struct both b;
    open_both(&b, "swapped");
    struct talk *t = look(&b, b.north, "cert.south.example");
    struct head h = head_of(t, "inquiry", TEXT("cert.north.example/0b0e9b6c-6f5c-4a47-8f0e-5d6a3f1c2b01"));
    struct inquiry asks = {.title = TEXT("Who?"), .question = TEXT("Who was it?"), .by = INSTANT_NONE};
    struct buf body = {.max = 1 << 20};
    must(&b.k, inquiry_write(&asks, &h, NOON, &body, &b.k.diag));
    submit(&b, t, &h, buf_as_text(&body), bytes_of("", 0));
    talk_close(t);
    rest(&b);
    t = look(&b, b.south, "cert.north.example");
    assert_int_equal(t->said_count, 1);
    struct sha256 blob = t->said[0].blob;
    struct buf out = {.max = 1 << 20};
    must(&b.k, link_blob(b.south->link, talk_channel(t)->own_origin, blob, out.max, &out, &b.k.diag));
    talk_close(t);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(home_path(&b.south->home, &b.k.arena, "node/parley.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE blob SET bytes = zeroblob(length(bytes))", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    struct link_channel c;
    size_t before = out.size;
    must(&b.k, desk_channel(b.south, TEXT("cert.north.example"), false, &c, &b.k.diag));
    assert_int_equal(link_blob(b.south->link, c.own_origin, blob, out.max, &out, NULL), ERR_PROOF);
    assert_int_equal(out.size, before);
    buf_free(&body);
    buf_free(&out);
    end(&b.k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_is_not_hidden_by_another_of_its_name),
        cmocka_unit_test(a_text_between_others_is_not_agreed_to),
        cmocka_unit_test(what_nobody_can_open_keeps_no_dossier_from_being_written),
        cmocka_unit_test(a_document_of_origins_is_not_hidden_by_another_of_its_name),
        cmocka_unit_test(another_blob_than_the_one_named_is_not_taken),
        cmocka_unit_test(no_command_is_told_for_a_case_that_is_named_for_a_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Mails: what is written comes back, other people's feedback reports are understood, what is too large is refused. */
#include "unit.h"

#include "interop/mail.h"
#include "interop/xarf.h"
#include "random_sheet.h"
#include "trial.h"

enum { MIB = 1 << 20 };

static enum error read_text(struct trial *b, struct text t) {
    const struct case_reading how = {.arena = &b->arena, .losses = &b->losses};
    return arf_case_read(bytes_from_text(t), &how, &b->got, &b->diag);
}

static struct report north(struct sheet facts) {
    struct report r = REPORT_EMPTY;
    r.id = TEXT("cert.north.example/5b2c4c0e-0000-4000-8000-000000000001");
    r.title = TEXT("Connexions répétées");
    r.text = TEXT("Beaucoup.\nÀ voir.");
    r.from = TEXT("cert.north.example/incident");
    r.from_mail = TEXT("incident@cert.north.example");
    r.to = TEXT("abuse@host.example");
    r.lang = TEXT("fr");
    r.tlp = TLP_GREEN;
    r.facts = facts;
    return r;
}

static struct sheet random_sources(uint64_t seed, struct arena *a) {
    struct sheet all = random_sheet(seed, 1 + seed, a);
    struct fact *kept = ARENA_ARRAY(a, struct fact, all.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (xarf_source(&all.at[i], a).size) kept[count++] = all.at[i];
    return (struct sheet){kept, count};
}

/* The facts of all mails, in order. */
static struct sheet facts_of(struct trial *b) {
    struct collect c = collect_in(&b->arena, &b->losses);
    struct sheet sheet = {0};
    for (size_t i = 0; i < b->got.count; i++)
        for (size_t k = 0; k < b->got.at[i].facts.count; k++) collect_fact(&c, &b->got.at[i].facts.at[k], "x");
    assert_int_equal(collect_end(&c, &sheet, NULL), OK);
    return sheet;
}

static void facts_come_back_to_the_bit(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct trial *b = trial_new();
        const struct case_writing how = {&b->arena, &b->losses, 1700000000 * INSTANT_SECOND};
        struct sheet facts = random_sources(seed, &b->arena);
        struct report r = north(facts);
        assert_int_equal(arf_case_write(&r, &how, &b->out, &b->diag), facts.count ? OK : ERR_INPUT);
        if (facts.count) {
            assert_true(arf_case_seen(buf_as_bytes(&b->out)));
            assert_int_equal(read_text(b, buf_as_text(&b->out)), OK);
            assert_true(same_sheet(facts_of(b), facts));
            assert_true(text_starts(b->got.at[0].title, r.title));
            assert_int_equal(b->got.at[0].tlp, TLP_GREEN);
            assert_true(text_equal(b->got.at[0].from, r.from_mail));
            assert_true(text_search(b->got.at[0].text, r.text) != SIZE_MAX);
        }
        trial_end(b);
    }
}

static void the_sender_complained_about_is_named(void **state) {
    static const char *const objects[] = {"mail:a@x.example", "url:http://x.example/"};
    (void)state;
    for (size_t i = 0; i < COUNT(objects); i++) {
        struct trial *b = trial_new();
        const struct case_writing how = {&b->arena, &b->losses, 1700000000 * INSTANT_SECOND};
        struct fact f = fact_unknown();
        f.first = f.last = 1700000000 * INSTANT_SECOND;
        f.object = text_of(objects[i]);
        f.event = TEXT("spam");
        struct report r = north((struct sheet){&f, 1});
        assert_int_equal(arf_case_write(&r, &how, &b->out, &b->diag), OK);
        assert_true(text_search(buf_as_text(&b->out), i ? TEXT("\nFrom: <>\n") : TEXT("\nFrom: <a@x.example>\n")) !=
                    SIZE_MAX);
        trial_end(b);
    }
}

static void x_arf_in_a_letter_comes_back(void **state) {
    struct trial *b = trial_new(), *c = trial_new();
    const struct case_writing how = {&b->arena, &b->losses, 1700000000 * INSTANT_SECOND};
    struct sheet facts = random_sources(20, &b->arena);
    struct report r = north(facts);
    (void)state;
    assert_int_equal(xarf_mail_case_write(&r, &how, &b->out, &b->diag), OK);
    assert_int_equal(xarf_mail_case_write(&r, &how, &c->out, &b->diag), OK);
    assert_true(text_equal(buf_as_text(&b->out), buf_as_text(&c->out)));
    assert_true(text_search(buf_as_text(&b->out), TEXT("\nTLP: GREEN\n")) != SIZE_MAX);
    assert_int_equal(read_text(b, buf_as_text(&b->out)), OK);
    assert_int_equal(b->got.count, 1);
    assert_true(same_sheet(b->got.at[0].facts, facts));
    trial_end(b);
    trial_end(c);
}

/* ---- what others write */

#define MAIL_HEAD(subject)                                                                                             \
    "From: N <abuse@n.example>\nDate: Sun, 1 Mar 2026 12:00:00 +0100\nSubject: " subject "\nMIME-Version: 1.0\n"
#define REPORT_HEAD MAIL_HEAD("x") "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
#define FEEDBACK "--b\nContent-Type: message/feedback-report\n\n"

static void a_report_of_others_is_understood(void **state) {
    struct trial *b = trial_new();
    (void)state;
    assert_int_equal(
        read_text(
            b, TEXT(MAIL_HEAD(
                   "=?utf-8?B?w4k=?=") "Content-Type: multipart/report; boundary=b\n\n"
                                       "--b\nContent-Type: text/plain\n\nwords\n" FEEDBACK
                                       "Feedback-Type: Fraud\r\nSource-IP: 2001:db8::1\r\nSource-Port: "
                                       "25\r\nIncidents: 7\r\n"
                                       "Arrival-Date: Sun, 1 Mar\r\n 2026 10:00:00 +0000\r\nReported-URI: "
                                       "<http://x.example/>\r\n"
                                       "Reported-URI: http://y.example/\r\nReported-Domain: x.example\r\nOther: y\r\n"
                                       "--b\nContent-Type: message/rfc822\n\nFrom: a@x.example\n\nbody\n--b--\n")),
        OK);
    assert_int_equal(b->got.count, 1);
    const struct report *r = &b->got.at[0];
    assert_int_equal(r->facts.count, 3);
    assert_true(text_is(r->title, "É"));
    assert_true(text_is(r->text, "words"));
    assert_true(text_is(r->from, "abuse@n.example"));
    bool mail = false;
    for (size_t i = 0; i < r->facts.count; i++) {
        const struct fact *f = &r->facts.at[i];
        assert_true(text_is(f->event, "phishing"));
        assert_int_equal(f->src_port, 25);
        assert_true(f->first == INT64_C(1772359200) * INSTANT_SECOND);
        if (text_is(f->object, "mail:a@x.example")) mail = f->count == 7;
    }
    assert_true(mail);
    trial_end(b);
}

static void transfer_encodings_are_undone(void **state) {
    static const char *const parts[] = {
        "Content-Transfer-Encoding: base64\n\nRmVlZGJhY2stVHlwZTogYWJ1c2UKU291cmNlLUlQOiAxOTIuMC4yLjkK\n",
        "Content-Transfer-Encoding: quoted-printable\n\nFeedback-Type: =61buse\nSource-IP: 192.0.=\n2.9\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(parts); i++) {
        struct trial *b = trial_new();
        struct text mail =
            arena_format(&b->arena, REPORT_HEAD "--b\nContent-Type: message/feedback-report\n%s--b--\n", parts[i]);
        assert_int_equal(read_text(b, mail), OK);
        assert_int_equal(b->got.at[0].facts.count, 1);
        assert_true(ip_v4(b->got.at[0].facts.at[0].src) == 0xc0000209);
        assert_true(text_is(b->got.at[0].facts.at[0].event, "spam"));
        trial_end(b);
    }
}

static void a_mailbox_is_read_mail_by_mail(void **state) {
    struct trial *b = trial_new();
    (void)state;
    assert_int_equal(
        read_text(b, TEXT("From a Thu\n" REPORT_HEAD FEEDBACK "Feedback-Type: abuse\nSource-IP: 192.0.2.1\n"
                          "\n--b--\n\nFrom b Thu\n" MAIL_HEAD("lunch") "\nFrom here on, words.\n\n"
                                                                       "From c Thu\n" REPORT_HEAD FEEDBACK
                                                                       "Feedback-Type: virus\n"
                                                                       "Source-IP: 192.0.2.2\n\n--b--\n")),
        OK);
    assert_int_equal(b->got.count, 2);
    assert_true(text_is(b->got.at[1].facts.at[0].event, "malware-distribution"));
    assert_int_equal(b->losses.at[0].kind, LOSS_DROPPED);
    trial_end(b);
}

/* ---- bounds */

static void refuses(struct trial *b, const struct buf *mail) {
    assert_int_equal(read_text(b, buf_as_text(mail)), ERR_LIMIT);
    assert_true(b->diag.text[0] != 0);
}

static void what_is_too_large_is_refused_soon(void **state) {
    struct trial *b = trial_new();
    struct buf mail = {.max = 128 * MIB};
    (void)state;
    buf_string(&mail, REPORT_HEAD);
    for (size_t i = 0; i < 10000; i++) buf_string(&mail, "--b\n\nx\n");
    refuses(b, &mail);
    buf_clear(&mail);
    buf_string(&mail, REPORT_HEAD);
    for (size_t i = 0; i < 1000000; i++) buf_string(&mail, "--b\n\nx\n");
    refuses(b, &mail);
    buf_clear(&mail);
    buf_string(&mail, MAIL_HEAD("x"));
    for (size_t i = 0; i < 200; i++)
        buf_format(&mail, "Content-Type: multipart/mixed; boundary=\"b%zu\"\n\n--b%zu\n", i, i);
    refuses(b, &mail);
    buf_clear(&mail);
    buf_string(&mail, MAIL_HEAD("x"));
    for (size_t i = 0; i < 100000; i++) buf_string(&mail, "Content-Type: message/rfc822\n\n");
    refuses(b, &mail);
    buf_clear(&mail);
    buf_string(&mail, "From: a@n.example\nSubject: ");
    memset(buf_extend(&mail, 100 * MIB), 'x', 100 * MIB);
    refuses(b, &mail);
    buf_clear(&mail);
    buf_string(&mail, "From: a@n.example\n");
    for (size_t i = 0; i < 100000; i++) buf_format(&mail, "X-%zu: 12345678\n", i);
    refuses(b, &mail);
    buf_free(&mail);
    trial_end(b);
}

static void what_no_program_wrote_does_no_harm(void **state) {
    static const char *const mails[] = {"\n",
                                        "From \n",
                                        "From: \xff\xfe\nSubject: \xff\n\n\xff",
                                        REPORT_HEAD,
                                        REPORT_HEAD FEEDBACK,
                                        REPORT_HEAD FEEDBACK "Source-IP: x\nSource-Port: 99999\nIncidents: -1\n"
                                                             "Arrival-Date: never\nReported-URI:\n Parley-Fact: %\n",
                                        REPORT_HEAD FEEDBACK MAIL_FACT_FIELD ": %4\n" MAIL_FACT_FIELD ": ,,,\n"};
    (void)state;
    for (size_t i = 0; i < COUNT(mails); i++) {
        struct trial *b = trial_new();
        enum error result = read_text(b, text_of(mails[i]));
        assert_true(result == OK || (i < 2 && result == ERR_INPUT));
        assert_true(b->got.count < 2);
        trial_end(b);
    }
}

static void of_the_levels_of_a_mail_the_most_restricted_counts(void **state) {
    static const struct {
        const char *header, *tag;
        enum tlp level;
    } rows[] = {{"TLP: RED\nSubject: [TLP:GREEN] x\n", "tlp:clear", TLP_RED},
                {"TLP: GREEN\nSubject: [TLP:RED] x\n", "x", TLP_RED},
                {"Subject: [TLP:Amber] x\n", "tlp:green", TLP_AMBER},
                {"TLP: WHITE\nSubject: x\n", "tlp:amber", TLP_AMBER}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial *b = trial_new();
        struct text mail = arena_format(
            &b->arena,
            "From: a@cert.north.example\nDate: Sun, 1 Mar 2026 09:00:00 +0000\n%sContent-Type: application/json\n\n"
            "{\"xarf_version\":\"4.2.0\",\"category\":\"messaging\",\"type\":\"spam\",\"tags\":[\"%s\"],"
            "\"timestamp\":\"2026-03-01T09:00:00Z\",\"source_identifier\":\"192.0.2.1\"}\n",
            rows[i].header, rows[i].tag);
        assert_int_equal(read_text(b, mail), OK);
        assert_int_equal(b->got.count, 1);
        assert_int_equal(b->got.at[0].tlp, rows[i].level);
        trial_end(b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sender_complained_about_is_named),
        cmocka_unit_test(facts_come_back_to_the_bit),
        cmocka_unit_test(x_arf_in_a_letter_comes_back),
        cmocka_unit_test(a_report_of_others_is_understood),
        cmocka_unit_test(transfer_encodings_are_undone),
        cmocka_unit_test(a_mailbox_is_read_mail_by_mail),
        cmocka_unit_test(what_is_too_large_is_refused_soon),
        cmocka_unit_test(what_no_program_wrote_does_no_harm),
        cmocka_unit_test(of_the_levels_of_a_mail_the_most_restricted_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

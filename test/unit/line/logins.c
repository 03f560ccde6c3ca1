/* The users that lines name: by the words around, by <USER> in rules, by their column or member. */
#include "real.h"

#include "line/fields.h"
#include "line/map.h"
#include "line/rules.h"

static const struct stamp_options options = {.year = 2026, .until = INSTANT_NONE};

static void assert_users(struct reader *r, const char *line, const char *expected) {
    struct observation o;
    struct buf told = {.max = 1 << 16};
    reader_line(r, text_of(line), &o);
    for (size_t i = 0; i < r->logins.count; i++) {
        buf_string(&told, i ? "|" : "");
        buf_text(&told, r->logins.at[i]);
    }
    if (r->logins.more) buf_string(&told, "|…");
    if (!text_is(buf_as_text(&told), expected)) broken("%s: %.*s", line, TEXT_ARG(buf_as_text(&told)));
    buf_free(&told);
}

static void start_users(struct reader *r, const char *format, const char *header, const struct field_map *map) {
    static struct rules rules;
    static struct arena arena;
    const struct format *f = format_find(text_of(format));
    struct columns columns = {.map = strcmp(format, "mapped") ? NULL : map};
    if (!rules.count) rules_add_own(&rules, &arena);
    if (header && f->head) assert_int_equal(f->head(text_of(header), &columns, NULL), OK);
    if (header && f->note) f->note(text_of(header), &columns);
    reader_start(r, f, &columns, &options, (struct chain){0}, TEXT("scanner"));
    r->logins.asked = true;
    r->rules = &rules;
    assert_true(logins_are_told(f, &columns));
}

#define GATE "Mar  1 06:55:46 gate "
#define SSHD GATE "sshd[1]: "

static void users_stand_where_the_program_puts_them(void **state) {
    (void)state;
    static const struct {
        const char *format, *line, *users;
    } rows[] = {
        {"sshd", SSHD "Failed password for invalid user admin x from 192.0.2.1 port 1 ssh2", "admin x"},
        {"sshd", SSHD "Failed password for root from 192.0.2.1 port 1 ssh2", "root"},
        {"sshd", SSHD "Invalid user  from 192.0.2.1", ""},
        {"sshd", SSHD "Connection closed by invalid user a b 192.0.2.1 port 5 [preauth]", "a b"},
        {"sshd", SSHD "pam_unix(sshd:auth): authentication failure; rhost=192.0.2.1  user=eve", "eve"},
        {"sshd", SSHD "User eve from 192.0.2.1 not allowed because x", "eve"},
        {"sshd", SSHD "Did not receive identification string from 192.0.2.1", ""},
        {"syslog", SSHD "User eve from 192.0.2.1 not allowed because x", "eve"},
        {"syslog",
         GATE "su[1]: pam_unix(su:auth): authentication failure; logname= uid=0 euid=0 tty=x ruser=al rhost=192.0.2.1  "
              "user=eve",
         "al|eve"},
        {"syslog", GATE "cron[1]: (root) CMD (x)", ""},
        {"syslog",
         "{\"__REALTIME_TIMESTAMP\":\"1772348146000000\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"Invalid user "
         "r\\u00e9mi from 192.0.2.1\"}",
         "r\xc3\xa9mi"},
        {"postfix",
         GATE "postfix/smtpd[1]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFz, "
              "sasl_username=eve@mail.example",
         "eve@mail.example"},
        {"dovecot",
         GATE "dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<e>v>, method=PLAIN, "
              "rip=192.0.2.1, lip=198.51.100.1, session=<x>",
         "e>v"},
        {"dovecot", GATE "dovecot: auth-worker(1): pam(eve,192.0.2.1): unknown user", "eve"},
        {"vsftpd", "Sun Mar  1 06:55:46 2026 [pid 1] [eve] FAIL LOGIN: Client \"192.0.2.1\"", "eve"},
        {"proftpd",
         GATE "proftpd[1] gate (host.example[192.0.2.1]): USER a b: no such user found from host.example [192.0.2.1] "
              "to 198.51.100.1:21",
         "a b"},
        {"mysqld",
         GATE "mysqld[1]: 2026-03-01 06:55:46 0 [Warning] Access denied for user 'a'b'@'192.0.2.1' (using "
              "password: YES)",
         "a'b"},
        {"combined", "192.0.2.1 - eve m [17/May/2015:10:05:03 +0000] \"GET /~eve HTTP/1.1\" 401 1 \"-\" \"-\"",
         "eve m"},
        {"combined", "192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 401 1 \"-\" \"-\"", ""},
        {"error", "2012/04/09 11:53:29 [error] 2#0: *6 user \"eve\": password mismatch, client: 192.0.2.1", "eve"},
        {"error", "[Sat Jul 20 21:34:49 2013] [error] [client 192.0.2.1] user eve not found: /x", "eve"},
    };
    struct reader *r = calloc(1, sizeof *r);
    assert_non_null(r);
    for (size_t i = 0; i < COUNT(rows); i++) {
        start_users(r, rows[i].format, NULL, NULL);
        assert_users(r, rows[i].line, rows[i].users);
    }
    free(r);
    static const char *const silent[] = {"eve", "fast", "iptables", "nfdump", "recidive"};
    for (size_t i = 0; i < COUNT(silent); i++)
        assert_false(logins_are_told(format_find(text_of(silent[i])), &(struct columns){0}));
}

static void users_stand_in_their_column(void **state) {
    (void)state;
    static const struct {
        const char *format, *header, *line, *users;
    } rows[] = {
        {"zeek", "#fields\tts\tid.orig_h\tuser\targ", "1772348146.25\t192.0.2.17\teve\tx", "eve"},
        {"zeek", "#fields\tts\tid.orig_h\tusername\tmethod\turi", "1772348146.25\t192.0.2.17\t-\tGET\t/", ""},
        {"zeek", NULL, "{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"username\":\"e\\\"v\"}", "e\"v"},
        {"cowrie", NULL,
         "{\"eventid\":\"cowrie.login.failed\",\"timestamp\":\"2026-03-01T06:55:46Z\",\"src_ip\":\"192.0.2.17\","
         "\"username\":\"root\"}",
         "root"},
        {"heralding", NULL,
         "{\"timestamp\":\"2026-03-01 06:55:46\",\"source_ip\":\"192.0.2.17\",\"num_auth_attempts\":3,"
         "\"auth_attempts\":[{\"username\":\"a\"},{\"username\":\"b\"},{\"username\":\"a\"},\"c\"]}",
         "a|b"},
        {"heralding", "timestamp,auth_id,source_ip,username", "2026-03-01 06:55:46,1,192.0.2.17,eve", "eve"},
        {"csv", "first_seen,src_ip,user,event", "2026-03-01T06:00:00Z,192.0.2.17,eve,dos", "eve"},
        {"csv", "first_seen,object,event", "2026-03-01T06:00:00Z,account:eve,dos", "eve"},
        {"flow", "ts,src,user,username", "2026-03-01T06:00:00Z,192.0.2.17,eve,adam", "eve|adam"},
        {"jsonl", NULL, "{\"ts\":1772348146.25,\"src_ip\":\"192.0.2.17\",\"user\":1001}", "1001"},
        {"nat", "start,inside_ip,outside_ip,subscriber", "1772348140,10.0.0.9,192.0.2.17,eve", "eve"},
        {"mapped", "t,a,who", "1772348140,192.0.2.17,eve", "eve"},
        {"mapped", "{", "{\"t\":1772348140,\"a\":\"192.0.2.17\",\"who\":\"eve\"}", "eve"},
    };
    struct field_map map;
    struct reader *r = calloc(1, sizeof *r);
    assert_non_null(r);
    assert_int_equal(map_read(TEXT("time=t,src=a,user=who"), &map, NULL), OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        start_users(r, rows[i].format, rows[i].header, &map);
        assert_users(r, rows[i].line, rows[i].users);
    }
    free(r);
}

static void without_such_a_column_nothing_is_told(void **state) {
    (void)state;
    static const struct {
        const char *format, *header;
    } rows[] = {{"csv", "first_seen,src_ip,event"},
                {"flow", "ts,src,dst"},
                {"nat", "start,inside_ip,outside_ip"},
                {"heralding", "timestamp,duration,session_id,source_ip,num_auth_attempts"},
                {"mapped", "t,a"}};
    struct field_map map;
    assert_int_equal(map_read(TEXT("time=t,src=a"), &map, NULL), OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct format *f = format_find(text_of(rows[i].format));
        struct columns c = {.map = &map};
        assert_int_equal(f->head(text_of(rows[i].header), &c, NULL), OK);
        assert_false(logins_are_told(f, &c));
    }
}

static void of_many_users_it_is_told_that_there_are_more(void **state) {
    (void)state;
    struct reader *r = calloc(1, sizeof *r);
    struct buf line = {.max = 1 << 16};
    assert_non_null(r);
    for (unsigned count = LOGINS_MAX; count < 300; count += 283) {
        buf_clear(&line);
        buf_string(&line, "{\"timestamp\":\"2026-03-01 06:55:46\",\"source_ip\":\"192.0.2.17\",\"auth_attempts\":[");
        for (unsigned i = 0; i < count; i++) buf_format(&line, "%s{\"username\":\"u%u\"}", i ? "," : "", i % 4 ? i : 0);
        buf_string(&line, "],\"num_auth_attempts\":3}");
        start_users(r, "heralding", NULL, NULL);
        struct observation o;
        assert_int_equal(reader_line(r, buf_as_text(&line), &o), REASON_FACT);
        assert_int_equal(o.count, 3);
        assert_int_equal(r->logins.more, count > LOGINS_MAX);
    }
    buf_free(&line);
    free(r);
}

/* What the authors of fail2ban's filters say of some lines. */
static void annotated_users_are_found(void **state) {
    (void)state;
    static const struct {
        const char *name, *format;
    } files[] = {{"sshd", "sshd"}, {"pam-generic", "syslog"}, {"mysqld-auth", "mysqld"}, {"lighttpd-auth", "lighttpd"}};
    struct reader *r = calloc(1, sizeof *r);
    size_t found = 0;
    real_folder();
    for (size_t i = 0; i < COUNT(files); i++) {
        struct arena a = {0};
        struct text log = real_file(arena_format(&a, "fail2ban/%s.log", files[i].name).at, &a), line;
        struct text rows = real_file(arena_format(&a, "fail2ban/%s.csv", files[i].name).at, &a), row;
        struct text *lines = ARENA_ARRAY(&a, struct text, 1000);
        size_t count = 0;
        while (text_line(&log, &line)) lines[count++] = line;
        text_line(&rows, &row);
        start_users(r, files[i].format, NULL, NULL);
        while (text_line(&rows, &row)) {
            struct text fields[COLUMNS_MAX];
            char scratch[4096];
            size_t n;
            uint64_t number;
            struct observation o;
            if (fields_split(row, ',', scratch, sizeof scratch, fields, &n) || n < 11 || !fields[10].size) continue;
            assert_true(text_u64(fields[0], &number) && number <= count);
            if (reader_line(r, lines[number - 1], &o) != REASON_FACT) continue; /* as those with a host name */
            bool same = r->logins.count == 1 && text_equal(r->logins.at[0], fields[10]);
            if (!same) broken("%.*s: expected %.*s", TEXT_ARG(lines[number - 1]), TEXT_ARG(fields[10]));
            found++;
        }
        arena_free(&a);
    }
    assert_int_equal(found, 10);
    free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_stand_where_the_program_puts_them),
        cmocka_unit_test(users_stand_in_their_column),
        cmocka_unit_test(without_such_a_column_nothing_is_told),
        cmocka_unit_test(of_many_users_it_is_told_that_there_are_more),
        cmocka_unit_test(annotated_users_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

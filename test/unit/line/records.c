/* Records with named parts: Zeek, Cowrie, Heralding, nfdump, translations.  What each line tells, and on real logs the
 * same as other programs counted. */
#include "real.h"

#include "base/map.h"
#include "line/fields.h"

static const struct stamp_options utc = {.until = INSTANT_NONE};
static struct reader reader;

/* ---- one line */

struct expected { /* empty: not known, or no event */
    const char *line;
    enum reason reason;
    const char *event, *src, *dst, *upstream, *object;
    int src_port, dst_port; /* 0: not known */
    uint64_t count;         /* 0: not looked at */
};

#define NOBODY NULL, NULL, NULL, NULL, NULL, 0, 0, 0

static void start(const char *format, const char *header) {
    const struct format *f = format_find(text_of(format));
    struct columns c = {0};
    struct text t = text_of(header), line;
    assert_non_null(f);
    if (f->head && header) assert_int_equal(f->head(t, &c, NULL), OK);
    while (f->note && text_line(&t, &line)) f->note(line, &c);
    reader_start(&reader, f, &c, &utc, (struct chain){0}, (struct text){0});
}

static bool same_ip(bool known, struct ip a, const char *expected) {
    char text[IP_TEXT_MAX] = "";
    if (known) ip_write(a, text);
    return !strcmp(text, expected ? expected : "");
}

static bool is_as(const struct observation *o, const struct expected *e) {
    return same_ip(o->known & KNOWN_SRC, o->src, e->src) && same_ip(o->known & KNOWN_DST, o->dst, e->dst) &&
           same_ip(o->known & KNOWN_UPSTREAM, o->upstream, e->upstream) &&
           (o->known & KNOWN_SRC_PORT ? o->src_port : 0) == e->src_port &&
           (o->known & KNOWN_DST_PORT ? o->dst_port : 0) == e->dst_port &&
           text_is(o->event, e->event ? e->event : "") && text_is(o->object, e->object ? e->object : "") &&
           (!e->count || o->count == e->count);
}

static void assert_lines(const struct expected *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct observation o;
        enum reason reason = reader_line(&reader, text_of(rows[i].line), &o);
        if (reason != rows[i].reason) broken("%s: %s", rows[i].line, reasons[reason].name);
        if (reasons[reason].verdict != VERDICT_REJECT && !is_as(&o, &rows[i])) broken("%s: otherwise", rows[i].line);
    }
}

static void assert_times(const char *line, const char *first, const char *last) {
    struct observation o;
    char text[INSTANT_TEXT_MAX];
    reader_line(&reader, text_of(line), &o);
    assert_true(text_is(instant_write(o.first, text), first));
    assert_true(text_is(instant_write(o.last, text), last));
}

/* ---- Zeek */

#define SSH_HEAD                                                                                                       \
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tssh\n"                        \
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tauth_success\tclient\n"                             \
    "#types\ttime\tstring\taddr\tport\taddr\tport\tbool\tstring\n"

static void zeek_tells_who_failed_to_log_in(void **state) {
    (void)state;
    static const struct expected rows[] = {
        {"1772348146.250000\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\tF\tSSH-2.0-x", REASON_FACT, "brute-force",
         "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"1772348146.250000\tCa\t2001:db8::17\t4242\t2001:db8::1\t22\tT\tSSH-2.0-x", REASON_RULE, NULL, "2001:db8::17",
         "2001:db8::1", NULL, NULL, 4242, 22, 1},
        {"1772348146.250000\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\t-\t(empty)", REASON_KIND, NULL, "192.0.2.17",
         "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"1772348146.250000\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\tF", REASON_COLUMNS, NOBODY},
        {"1772348146.250000\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\tF\ta\tb", REASON_COLUMNS, NOBODY},
        {"1772348146.250000\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\tF\t", REASON_FACT, "brute-force", "192.0.2.17",
         "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"-\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\tF\ta", REASON_STAMP, NOBODY},
        {"1772348146.250000\tCa\thost.example\t4242\t198.51.100.1\t22\tF\ta", REASON_NAME, NOBODY},
        {"#close\t2026-03-01-07-00-00", REASON_COMMENT, NOBODY},
    };
    start("zeek", SSH_HEAD);
    assert_lines(rows, COUNT(rows));
    assert_times(rows[0].line, "2026-03-01T06:55:46.25Z", "2026-03-01T06:55:46.25Z");
}

/* A name of a column may have anything in it but what ends a line. */
static void a_header_with_nul_names_nothing(void **state) {
    (void)state;
    struct columns c = {0};
    struct observation o;
    start("zeek", NULL);
    reader_line(&reader, TEXT("#fields\tts\0\tid.orig_h\0x\tuid"), &o);
    assert_int_equal(reader.columns.count, 3);
    assert_false(columns_have(&reader.columns, FIELD_FIRST) || columns_have(&reader.columns, FIELD_SRC));
    assert_int_equal(reader_line(&reader, TEXT("1772348146.25\t192.0.2.17\tC"), &o), REASON_STAMP);
    assert_int_equal(format_find(TEXT("nat"))->head(TEXT("start\0,outside_ip\0"), &c, NULL), ERR_INPUT);
}

static void zeek_in_json_tells_the_same(void **state) {
    (void)state;
    static const struct expected rows[] = {
        {"{\"ts\":1772348146.25,\"uid\":\"Ca\",\"id.orig_h\":\"192.0.2.17\",\"id.orig_p\":4242,\"id.resp_h\":"
         "\"198.51.100.1\",\"id.resp_p\":22,\"auth_success\":false}",
         REASON_FACT, "brute-force", "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"{\"ts\":\"2026-03-01T06:55:46.250000Z\",\"id\":{\"orig_h\":\"192.0.2.17\",\"orig_p\":4242,\"resp_h\":"
         "\"198.51.100.1\",\"resp_p\":22},\"auth_success\":true}",
         REASON_RULE, NULL, "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"{\"ts\":1772348146250,\"id.orig_h\":\"192.0.2.17\",\"conn_state\":\"S0\",\"duration\":4.5}", REASON_EVENT,
         NULL, "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"id.orig_h\":\"192.0.2.18\"}", REASON_FORM, NOBODY},
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"id\":{\"orig_h\":\"192.0.2.18\"}}", REASON_FORM, NOBODY},
        {"{\"ts\":1772348146.25", REASON_FORM, NOBODY},
        {"[", REASON_COMMENT, NOBODY},
        {"1772348146.25\t-", REASON_FORM, NOBODY},
    };
    start("zeek", NULL);
    assert_lines(rows, COUNT(rows));
    assert_times(rows[2].line, "2026-03-01T06:55:46.25Z", "2026-03-01T06:55:50.75Z");
}

static void notices_are_events_by_their_name(void **state) {
    (void)state;
    static const struct expected rows[] = {
        {"{\"ts\":1772348146.25,\"note\":\"Scan::Port_Scan\",\"src\":\"192.0.2.17\",\"dst\":\"198.51.100.1\"}",
         REASON_FACT, "scanner", "192.0.2.17", "198.51.100.1", NULL, NULL, 0, 0, 1},
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"id.orig_p\":4242,\"id.resp_h\":\"198.51.100.1\","
         "\"id.resp_p\":443,\"note\":\"SSL::Invalid_Server_Cert\",\"src\":\"192.0.2.17\",\"p\":443}",
         REASON_RULE, NULL, "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 443, 1},
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.18\",\"id.orig_p\":4242,\"note\":\"SSH::Password_Guessing\","
         "\"src\":\"192.0.2.17\"}",
         REASON_FACT, "brute-force", "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
        {"{\"ts\":1772348146.25,\"note\":\"SSH::Password_Guessing\",\"src\":\"nobody\"}", REASON_NAME, NOBODY},
    };
    start("zeek", NULL);
    assert_lines(rows, COUNT(rows));
}

#define HTTP_HEAD                                                                                                      \
    "#separator \\x09\n"                                                                                               \
    "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\turi\treferrer\tuser_agent\tstatus_code\n"

static void requests_are_judged_as_in_access_logs(void **state) {
    (void)state;
    static const struct expected tsv[] = {
        {"1772348146.25\t192.0.2.17\t4242\t198.51.100.1\t80\tGET\t/?a=1'\\x09union\\x09select\t-\tcurl/8\t200",
         REASON_RULE, NULL, "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 80, 1},
        {"1772348146.25\t192.0.2.17\t4242\t198.51.100.1\t80\tGET\t/../../etc/passwd\t-\tcurl/8\t404", REASON_FACT,
         "exploit", "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 80, 1},
        {"1772348146.25\t192.0.2.17\t4242\t198.51.100.1\t80\tGET\t/\t-\t() { :;}; /bin/x\t200", REASON_FACT,
         "ids-alert", "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 80, 1},
        {"1772348146.25\t192.0.2.17\t4242\t198.51.100.1\t80\tGET\t/\t-\tMozilla/5.0\t200", REASON_RULE, NULL,
         "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 80, 1},
    };
    static const struct expected json[] = {
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"id.resp_h\":\"198.51.100.1\",\"method\":\"GET\",\"uri\":"
         "\"/../../etc/passwd\",\"status_code\":404}",
         REASON_FACT, "exploit", "192.0.2.17", "198.51.100.1", NULL, NULL, 0, 0, 1},
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"method\":\"REGISTER\",\"uri\":\"sip:../../etc/passwd\","
         "\"call_id\":\"a\"}",
         REASON_KIND, NULL, "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
    };
    start("zeek", HTTP_HEAD);
    assert_lines(tsv, COUNT(tsv));
    start("zeek", NULL);
    assert_lines(json, COUNT(json));
}

/* Logs that were put together have a header each. */
static void a_header_holds_until_the_next(void **state) {
    (void)state;
    static const struct expected rows[] = {
        {"1772348146.25\tCa\t192.0.2.17\t4242\t198.51.100.1\t22\tF\tx", REASON_FACT, "brute-force", "192.0.2.17",
         "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"#separator \\x7c", REASON_COMMENT, NOBODY},
        {"#fields|ts|id.orig_h|auth_success", REASON_COMMENT, NOBODY},
        {"1772348146.25|192.0.2.17|F", REASON_FACT, "brute-force", "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
    };
    struct columns c = {0};
    start("zeek", SSH_HEAD);
    assert_lines(rows, COUNT(rows));
    columns_lines(reader.format, TEXT(SSH_HEAD "x\n#separator \\x7c\n#fields|ts|id.orig_h|auth_success\n"), &c);
    assert_int_equal(c.count, 3);
    assert_int_equal(c.separator, '|');
    char many[16 + 3 * (COLUMNS_MAX + 1)] = "#fields";
    for (size_t i = 0; i <= COLUMNS_MAX; i++) strcat(many, "|a");
    reader.format->note(text_of(many), &c);
    assert_int_equal(c.count, 0);
}

/* ---- honeypots */

static void cowrie_is_judged_by_its_events(void **state) {
    (void)state;
#define COWRIE(id)                                                                                                     \
    "{\"eventid\":\"cowrie." id "\",\"timestamp\":\"2026-03-01T06:55:46.123456Z\",\"src_ip\":\"192.0.2.17\""
    static const struct expected rows[] = {
        {COWRIE("login.failed") ",\"username\":\"root\",\"password\":\"a\"}", REASON_FACT, "brute-force", "192.0.2.17",
         NULL, NULL, NULL, 0, 0, 1},
        {COWRIE("login.success") ",\"username\":\"src_ip\",\"password\":\"198.51.100.9\"}", REASON_FACT,
         "system-compromise", "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
        {COWRIE("command.input") ",\"input\":\"uname -a\"}", REASON_FACT, "system-compromise", "192.0.2.17", NULL, NULL,
         NULL, 0, 0, 1},
        {COWRIE("command.failed") ",\"input\":\"x\"}", REASON_KIND, NULL, "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
        {COWRIE("session.connect") ",\"src_port\":4242,\"dst_ip\":\"198.51.100.1\",\"dst_port\":2222,\"protocol\":"
                                   "\"ssh\"}",
         REASON_KIND, NULL, "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 2222, 1},
        {COWRIE("direct-tcpip.request") ",\"src_port\":4242,\"dst_ip\":\"203.0.113.1\",\"dst_port\":25}", REASON_KIND,
         NULL, "192.0.2.17", NULL, NULL, NULL, 4242, 0, 1},
        {COWRIE("session.file_download") ",\"url\":\"http://a.example/x\",\"shasum\":\"ab\"}", REASON_FACT,
         "malware-distribution", "192.0.2.17", NULL, NULL, "url:http://a.example/x", 0, 0, 1},
        {COWRIE("session.file_upload") ",\"shasum\":"
                                       "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}",
         REASON_FACT, "malware-distribution", "192.0.2.17", NULL, NULL,
         "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0, 0, 1},
        {COWRIE("session.file_upload") ",\"shasum\":\"ab\"}", REASON_FACT, "malware-distribution", "192.0.2.17", NULL,
         NULL, NULL, 0, 0, 1},
        {"{\"timestamp\":\"2026-03-01T06:55:46Z\",\"src_ip\":\"192.0.2.17\"}", REASON_FORM, NOBODY},
        {"{\"eventid\":\"cowrie.login.failed\",\"src_ip\":\"192.0.2.17\"}", REASON_STAMP, NOBODY},
        {"{\"eventid\":\"cowrie.login.failed\",\"timestamp\":\"2026-03-01T06:55:46Z\"}", REASON_SUBJECT, NOBODY},
        {"{\"eventid\":\"cowrie.login.failed\",\"timestamp\":\"2026-03-01T06:55:46Z\",\"src_ip\":\"here\"}",
         REASON_NAME, NOBODY},
    };
    start("cowrie", NULL);
    assert_lines(rows, COUNT(rows));
}

static void heralding_counts_attempts(void **state) {
    (void)state;
#define HERALDING(rest)                                                                                                \
    "{\"timestamp\": \"2026-03-01 06:55:46.5\", \"duration\": 3, \"source_ip\": \"192.0.2.17\", \"source_port\": "     \
    "4242, "                                                                                                           \
    "\"destination_ip\": \"198.51.100.1\", \"destination_port\": 5900, \"protocol\": \"vnc\"" rest "}"
    static const struct expected json[] = {
        {HERALDING(", \"num_auth_attempts\": 2, \"auth_attempts\": [{\"username\": \"a\"}, {}]"), REASON_FACT,
         "brute-force", "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 5900, 2},
        {HERALDING(", \"num_auth_attempts\": 0, \"session_ended\": true"), REASON_RULE, NULL, "192.0.2.17",
         "198.51.100.1", NULL, NULL, 4242, 5900, 1},
        {HERALDING(", \"num_auth_attempts\": 2, \"session_ended\": false"), REASON_KIND, NULL, "192.0.2.17",
         "198.51.100.1", NULL, NULL, 4242, 5900, 1},
        {HERALDING(""), REASON_FORM, NOBODY},
        {HERALDING(", \"num_auth_attempts\": -1"), REASON_VALUE, NOBODY},
    };
    static const struct expected csv[] = {
        {"2026-03-01 06:55:46.5,id,sid,192.0.2.17,4242,198.51.100.1,22,ssh,root,\"a,\"\"b\",", REASON_FACT,
         "brute-force", "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"2026-03-01 06:55:46.5,id,sid,192.0.2.17,4242,198.51.100.1,22,ssh,root", REASON_COLUMNS, NOBODY},
        {"timestamp,auth_id,session_id,source_ip,source_port,destination_ip,destination_port,protocol,username,"
         "password,password_hash",
         REASON_COMMENT, NOBODY},
    };
    start("heralding", json[0].line);
    assert_lines(json, COUNT(json));
    assert_times(json[0].line, "2026-03-01T06:55:46.5Z", "2026-03-01T06:55:49.5Z");
    start("heralding", csv[2].line);
    assert_lines(csv, COUNT(csv));
    struct columns c;
    assert_int_equal(reader.format->head(TEXT("timestamp,source_ip"), &c, NULL), ERR_INPUT);
}

/* ---- flows and translations */

static void nfdump_is_read_old_and_new(void **state) {
    (void)state;
    static const struct expected old[] = {
        {"2026-03-01 06:55:46,2026-03-01 06:55:50,4.000,192.0.2.17,198.51.100.1,4242,22,TCP,....S.,0,0,3,180",
         REASON_EVENT, NULL, "192.0.2.17", "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"2026-03-01 06:55:46,2026-03-01 06:55:46,0.000,192.0.2.17,198.51.100.1,0,8.0,ICMP,......,0,0,1,60",
         REASON_EVENT, NULL, "192.0.2.17", "198.51.100.1", NULL, NULL, 0, 0, 1},
        {"Summary", REASON_COMMENT, NOBODY},
        {"flows,bytes,packets,avg_bps,avg_pps,avg_bpp", REASON_COMMENT, NOBODY},
        {"2,240,4,480,1,60", REASON_COMMENT, NOBODY},
        {"2026-03-01 06:55:46,x", REASON_COLUMNS, NOBODY},
    };
    static const struct expected new[] = {
        {"2026-03-01 06:55:46.250,00:01:04.500,TCP,2001:db8::17,4242,2001:db8::1,22,3,180,2", REASON_EVENT, NULL,
         "2001:db8::17", "2001:db8::1", NULL, NULL, 4242, 22, 2},
        {"1772348146250,0.000,6,192.0.2.17,4242,198.51.100.1,22,3,180,0", REASON_EVENT, NULL, "192.0.2.17",
         "198.51.100.1", NULL, NULL, 4242, 22, 1},
        {"2026-03-01 06:55:46.250,soon,TCP,192.0.2.17,4242,198.51.100.1,22,3,180,2", REASON_VALUE, NOBODY},
    };
    start("nfdump", "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt");
    assert_lines(old, COUNT(old));
    assert_times(old[0].line, "2026-03-01T06:55:46Z", "2026-03-01T06:55:50Z");
    start("nfdump", "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows,");
    assert_lines(new, COUNT(new));
    assert_times(new[0].line, "2026-03-01T06:55:46.25Z", "2026-03-01T06:56:50.75Z");
    assert_times(new[1].line, "2026-03-01T06:55:46.25Z", "2026-03-01T06:55:46.25Z");
}

static void nfdump_in_json_may_be_a_translation(void **state) {
    (void)state;
#define NFDUMP(rest)                                                                                                   \
    "{\"type\":\"FLOW\",\"t_first\":\"2026-03-01T06:55:46.250\",\"t_last\":\"2026-03-01T06:55:50.250\",\"proto\":6,"   \
    "\"src4_addr\":\"10.0.0.9\",\"dst4_addr\":\"198.51.100.1\",\"src_port\":51000,\"dst_port\":22" rest "}"
    static const struct expected rows[] = {
        {NFDUMP(""), REASON_EVENT, NULL, "10.0.0.9", "198.51.100.1", NULL, NULL, 51000, 22, 1},
        {NFDUMP(",\"src4_xlt_ip\":\"192.0.2.17\",\"src_xlt_port\":\"4242\"") ",", REASON_EVENT, NULL, "192.0.2.17",
         "198.51.100.1", "10.0.0.9", NULL, 4242, 22, 1},
        {NFDUMP(",\"src4_xlt_ip\":\"0.0.0.0\",\"src_xlt_port\":\"0\""), REASON_EVENT, NULL, "10.0.0.9", "198.51.100.1",
         NULL, NULL, 51000, 22, 1},
        {NFDUMP(",\"src4_xlt_ip\":\"192.0.2.17\",\"pblock_start\":\"1024\""), REASON_PORTS, NOBODY},
        {"]", REASON_COMMENT, NOBODY},
        {"," NFDUMP(""), REASON_EVENT, NULL, "10.0.0.9", "198.51.100.1", NULL, NULL, 51000, 22, 1},
        {"[" NFDUMP("") "]", REASON_FORM, NOBODY},
    };
    start("nfdump", rows[0].line);
    assert_lines(rows, COUNT(rows));
}

static void the_outside_of_a_translation_is_the_source(void **state) {
    (void)state;
    static const struct expected rows[] = {
        {"2026-03-01T06:55:40Z,2026-03-01T06:58:00Z,10.0.0.9,51000,192.0.2.17,4242,198.51.100.1,22,tcp", REASON_EVENT,
         NULL, "192.0.2.17", "198.51.100.1", "10.0.0.9", NULL, 4242, 22, 1},
        {"1772348140,,10.0.0.9,51000,192.0.2.17,4242,,,tcp", REASON_EVENT, NULL, "192.0.2.17", NULL, "10.0.0.9", NULL,
         4242, 0, 1},
        {"1772348140,,192.0.2.17,51000,192.0.2.17,,,,tcp", REASON_EVENT, NULL, "192.0.2.17", NULL, NULL, NULL, 0, 0, 1},
    };
    struct columns c;
    start("nat", "start,end,inside_ip,inside_port,outside_ip,outside_port,dst_ip,dst_port,proto");
    assert_lines(rows, COUNT(rows));
    assert_times(rows[0].line, "2026-03-01T06:55:40Z", "2026-03-01T06:58:00Z");
    assert_int_equal(reader.format->head(TEXT("start,inside_ip"), &c, NULL), ERR_INPUT);
    static const struct expected blocks[] = {
        {"2026-03-01T06:55:40Z,100.64.0.9,192.0.2.17,1024,2047", REASON_PORTS, NOBODY},
    };
    start("nat", "time,subscriber_ip,public_ip,port_block_start,port_block_end");
    assert_lines(blocks, COUNT(blocks));
}

/* ---- real logs */

struct told {
    uint64_t lines, facts, events, counts[REASON_COUNT];
    struct map sources;
    instant first, last;
    uint64_t sum; /* of what each line told, whatever the order */
};

static uint64_t add(uint64_t hash, const void *at, size_t size) {
    for (size_t i = 0; i < size; i++) hash = (hash ^ ((const uint8_t *)at)[i]) * UINT64_C(1099511628211);
    return hash;
}

static void tell_line(struct told *t, const struct observation *o, enum reason reason, struct arena *a) {
    t->counts[reason]++;
    if (reason == REASON_COMMENT) return;
    t->lines++;
    uint64_t hash = add(1, &o->first, sizeof o->first);
    hash = add(hash, &o->last, sizeof o->last);
    hash = add(hash, o->src.at, sizeof o->src.at);
    hash = add(hash, o->dst.at, sizeof o->dst.at);
    hash = add(hash, &o->known, sizeof o->known);
    hash = add(hash, o->event.at, o->event.size);
    t->sum += hash + reason;
    if (t->first == INSTANT_NONE || o->first < t->first) t->first = o->first;
    if (t->last == INSTANT_NONE || o->first > t->last) t->last = o->first;
    if (reason != REASON_FACT) return;
    t->facts++;
    t->events += o->count;
    map_put(&t->sources, arena_text(a, text_from_bytes(bytes_of(o->src.at, sizeof o->src.at))));
}

/* Every line is read, or counted by its reason. */
static struct told tell_file(const char *file, const char *format, struct text event, struct arena *a) {
    struct text log = real_file(file, a), line;
    const struct format *f = format_find(text_of(format));
    struct columns c = {0};
    struct told t = {.sources = {.arena = a}, .first = INSTANT_NONE, .last = INSTANT_NONE};
    assert_ptr_equal(format_detect(log), f);
    reader_start(&reader, f, &c, &utc, (struct chain){0}, event);
    while (text_line(&log, &line)) {
        struct observation o;
        enum reason reason = reader_line(&reader, line, &o);
        if (reasons[reason].verdict == VERDICT_REJECT) broken("%.*s: %s", TEXT_ARG(line), reasons[reason].name);
        tell_line(&t, &o, reason, a);
    }
    return t;
}

static void real_zeek_tells_the_same_in_both_forms(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t lines, facts; /* counted by another program; facts: auth_success is F, by hand */
    } files[] = {{"ssh", 22, 2},          {"notice", 207, 0}, {"ftp", 93, 0},   {"dpd", 77, 0},  {"software", 376, 0},
                 {"known_hosts", 253, 0}, {"smtp", 1188, 0},  {"rdp", 4122, 0}, {"ntlm", 422, 0}};
    real_folder();
    for (size_t i = 0; i < COUNT(files); i++) {
        struct arena a = {0};
        struct text none = {0};
        struct told tsv = tell_file(arena_format(&a, "zeek/tsv/%s.log", files[i].name).at, "zeek", none, &a);
        struct told json = tell_file(arena_format(&a, "zeek/json/%s.json", files[i].name).at, "zeek", none, &a);
        if (tsv.sum != json.sum) broken("%s differs", files[i].name);
        assert_int_equal(tsv.lines, files[i].lines);
        assert_int_equal(json.lines, files[i].lines);
        assert_int_equal(tsv.facts, files[i].facts);
        arena_free(&a);
    }
}

static void real_heralding_is_counted_as_it_was(void **state) {
    (void)state;
    struct arena a = {0};
    char text[INSTANT_TEXT_MAX];
    struct told t = tell_file("honeypot/heralding_first8000.ndjson", "heralding", (struct text){0}, &a);
    assert_int_equal(t.lines, 8000);
    assert_int_equal(t.events, 648);
    assert_true(text_is(instant_write(t.first, text), "2025-02-22T08:05:15.141628Z"));
    assert_true(text_is(instant_write(t.last, text), "2025-02-22T22:06:44.742408Z"));
    t = tell_file("honeypot/heralding_first8000.ndjson", "heralding", TEXT("scanner"), &a);
    assert_int_equal(t.facts, 8000);
    assert_int_equal(t.sources.count, 173);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeek_tells_who_failed_to_log_in),
        cmocka_unit_test(a_header_with_nul_names_nothing),
        cmocka_unit_test(zeek_in_json_tells_the_same),
        cmocka_unit_test(notices_are_events_by_their_name),
        cmocka_unit_test(requests_are_judged_as_in_access_logs),
        cmocka_unit_test(a_header_holds_until_the_next),
        cmocka_unit_test(cowrie_is_judged_by_its_events),
        cmocka_unit_test(heralding_counts_attempts),
        cmocka_unit_test(nfdump_is_read_old_and_new),
        cmocka_unit_test(nfdump_in_json_may_be_a_translation),
        cmocka_unit_test(the_outside_of_a_translation_is_the_source),
        cmocka_unit_test(real_zeek_tells_the_same_in_both_forms),
        cmocka_unit_test(real_heralding_is_counted_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

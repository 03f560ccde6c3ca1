/* Formats with a header, and EVE: what is read of them, and what is refused. */
#include "real.h"

#include "base/csv.h"
#include "base/map.h"

static const struct stamp_options utc = {.until = INSTANT_NONE};
static struct reader reader;

static void start(const char *format, const char *header) {
    const struct format *f = format_find(text_of(format));
    struct columns c = {0};
    assert_non_null(f);
    if (header) assert_int_equal(f->head(text_of(header), &c, NULL), OK);
    reader_start(&reader, f, &c, &utc, (struct chain){0}, (struct text){0});
}

static void assert_ip(struct ip a, const char *expected) {
    char text[IP_TEXT_MAX];
    ip_write(a, text);
    assert_string_equal(text, expected);
}

static void assert_time(instant i, const char *expected) {
    char text[INSTANT_TEXT_MAX];
    instant_write(i, text);
    assert_string_equal(text, expected);
}

static void facts_are_read_in_any_order_of_columns(void **state) {
    (void)state;
    struct observation o;
    start("csv", "event,src_ip,Src Port,first_seen,last_seen,count,protocol,dst_ip,dst_port,object");
    assert_int_equal(reader_line(&reader,
                                 TEXT("dos,192.0.2.17,42,2026-03-01T07:00:00+01:00,2026-03-01T08:00:00.5Z,7,UDP,"
                                      "2001:DB8::1,53,\"url:http://a.example/\"\"x\"\",y\""),
                                 &o),
                     REASON_FACT);
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT);
    assert_ip(o.src, "192.0.2.17");
    assert_ip(o.dst, "2001:db8::1");
    assert_int_equal(o.src_port, 42);
    assert_int_equal(o.dst_port, 53);
    assert_time(o.first, "2026-03-01T06:00:00Z");
    assert_time(o.last, "2026-03-01T08:00:00.5Z");
    assert_int_equal(o.count, 7);
    assert_true(text_is(o.event, "dos") && text_is(o.protocol, "udp"));
    assert_true(text_is(o.object, "url:http://a.example/\"x\",y"));
    assert_true(reader.format->keeps_port);
}

static void a_fact_sheet_is_a_csv_of_facts(void **state) {
    (void)state;
    struct observation o;
    struct text header =
        TEXT("first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence");
    struct text row = TEXT("2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2");
    char sheet[512];
    int size = snprintf(sheet, sizeof sheet, "# parley facts v1\n%.*s\n%.*s\n", TEXT_ARG(header), TEXT_ARG(row));
    assert_ptr_equal(format_detect((struct text){sheet, (size_t)size}), format_find(TEXT("csv")));
    start("csv", header.at);
    assert_int_equal(reader_line(&reader, TEXT("# parley facts v1"), &o), REASON_COMMENT);
    assert_int_equal(reader_line(&reader, header, &o), REASON_COMMENT);
    assert_int_equal(reader_line(&reader, row, &o), REASON_FACT);
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST_PORT);
    assert_int_equal(o.count, 2);
}

static void wrong_values_have_their_reason(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum reason reason;
    } rows[] = {
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,dos,1", REASON_FACT},
        {"2026-03-01 06:00:00,192.0.2.17,-,-,-,dos,", REASON_FACT},
        {"1772344800,192.0.2.17,,,,dos,", REASON_FACT},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,,1", REASON_EVENT},
        {"2026-03-01T06:00:00Z,,42,,tcp,dos,1", REASON_SUBJECT},
        {",192.0.2.17,42,,tcp,dos,1", REASON_STAMP},
        {"yesterday,192.0.2.17,42,,tcp,dos,1", REASON_STAMP},
        {"2026-03-01T06:00:00Zx,192.0.2.17,42,,tcp,dos,1", REASON_STAMP},
        {"177234480,x,,,,dos,", REASON_NAME},
        {"2026-03-01T06:00:00Z,192.0.2.1.7,42,,tcp,dos,1", REASON_ADDRESS},
        {"2026-03-01T06:00:00Z,host.example,42,,tcp,dos,1", REASON_NAME},
        {"2026-03-01T06:00:00Z,192.0.2.17,65536,,tcp,dos,1", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,042,,tcp,dos,1", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,path:/a,tcp,dos,1", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,url:\xff,tcp,dos,1", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,t/c,dos,1", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,hacking,1", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,dos,0", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,dos,9007199254740993", REASON_VALUE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,dos", REASON_COLUMNS},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,,tcp,dos,1,", REASON_COLUMNS},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,\"url:x,tcp,dos,1", REASON_QUOTE},
        {"2026-03-01T06:00:00Z,192.0.2.17,42,\"url:x\"y,tcp,dos,1", REASON_QUOTE},
        {"first_seen,src_ip,src_port,object,protocol,event,count", REASON_COMMENT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        start("csv", "first_seen,src_ip,src_port,object,protocol,event,count");
        enum reason reason = reader_line(&reader, text_of(rows[i].line), &o);
        if (reason != rows[i].reason) broken("%s: %s", rows[i].line, reasons[reason].name);
    }
}

static void a_stretch_does_not_end_before_it_begins(void **state) {
    (void)state;
    struct observation o;
    start("csv", "first_seen,last_seen,src_ip,event");
    assert_int_equal(reader_line(&reader, TEXT("2026-03-01T06:00:00Z,2026-03-01T05:00:00Z,192.0.2.1,dos"), &o),
                     REASON_VALUE);
    assert_int_equal(reader_line(&reader, TEXT(",2026-03-01T05:00:00Z,192.0.2.1,dos"), &o), REASON_FACT);
    assert_int_equal(o.first, o.last);
}

/* What --follow --evidence keeps: the row counts, and the line is what evidence is of. */
static void kept_lines_are_what_they_say(void **state) {
    (void)state;
    static const struct {
        const char *line, *kept;
        enum reason reason;
    } rows[] = {
        {"73 2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,192.0.2.1,5,,22,,tcp,scanner,1, a, b  c", "a, b  c",
         REASON_FACT},
        {"73 2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,192.0.2.1,5,,22,,tcp,scanner,1, ", "", REASON_FACT},
        {"72 2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,192.0.2.1,5,,22,,tcp,scanner,1, a", NULL, REASON_FORM},
        {"73 2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,192.0.2.1,5,,22,,tcp,scanner,1,", NULL, REASON_FORM},
        {"75 2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,192.0.2.999,5,,22,,tcp,scanner,1, a", "a", REASON_ADDRESS},
        {"9999999999999999999999 x", NULL, REASON_FORM},
        {"9 2026-03-0 a", NULL, REASON_COLUMNS},
        {"0  a", NULL, REASON_FORM},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        struct text line = text_of(rows[i].line);
        start("kept", NULL);
        enum reason reason = reader_line(&reader, line, &o);
        if (reason != rows[i].reason) broken("%s: %s", rows[i].line, reasons[reason].name);
        if (rows[i].kept) assert_true(text_is(kept_line(reader.format, line), rows[i].kept));
        if (reason != REASON_FACT) continue;
        assert_ip(o.src, "192.0.2.1");
        assert_time(o.first, "2026-03-01T08:00:00Z");
        assert_ptr_equal(format_detect(line), reader.format);
    }
}

static void headers_are_refused_with_a_reason(void **state) {
    (void)state;
    static const char *const bad[] = {"first_seen,src_ip,colour", "first_seen,src_ip,src_ip",
                                      "first_seen,event",         "src_ip,event",
                                      "first_seen,\"src_ip",      ""};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct columns c;
        struct diag d = {0};
        assert_int_equal(format_find(TEXT("csv"))->head(text_of(bad[i]), &c, &d), ERR_INPUT);
        assert_true(d.text[0]);
    }
    char many[COLUMNS_MAX * 2 + 2];
    memset(many, ',', sizeof many);
    struct columns c;
    assert_int_equal(format_find(TEXT("flow"))->head((struct text){many, sizeof many}, &c, NULL), ERR_INPUT);
}

static void flows_have_many_names_and_no_event(void **state) {
    (void)state;
    struct observation o;
    start("flow", "ts,te,td,sa,da,sp,dp,pr,flg,ipkt,upstream");
    assert_int_equal(
        reader_line(&reader,
                    TEXT("2026-03-01 06:55:46,2026-03-01 06:55:50,4.0, 192.0.2.17,198.51.100.1,42,22,6,S,3,10.0.0.9"),
                    &o),
        REASON_EVENT);
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT | KNOWN_UPSTREAM);
    assert_ip(o.upstream, "10.0.0.9");
    assert_true(text_is(o.protocol, "tcp"));
    assert_time(o.first, "2026-03-01T06:55:46Z");
    assert_time(o.last, "2026-03-01T06:55:50Z");
    assert_int_equal(o.count, 1);
    start("flow", "Time,Source,Src Port,Destination,id.resp_p,Protocol,Count");
    assert_int_equal(reader_line(&reader, TEXT("1772348146.25,192.0.2.17,42,198.51.100.1,22,TCP,9"), &o), REASON_EVENT);
    assert_time(o.first, "2026-03-01T06:55:46.25Z");
    assert_int_equal(o.count, 9);
    assert_int_equal(o.src_port, 42);
    assert_int_equal(o.dst_port, 22);
    reader.event = TEXT("ddos");
    assert_int_equal(reader_line(&reader, TEXT("1772348146.25,192.0.2.17,42,198.51.100.1,22,TCP,9"), &o), REASON_FACT);
}

#define ALERT(category)                                                                                                \
    "{\"timestamp\":\"2026-03-01T06:55:46.123456-0600\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.17\","           \
    "\"src_port\":42,\"dest_ip\":\"198.51.100.1\",\"dest_port\":22,\"proto\":\"TCP\",\"alert\":{\"category\":"         \
    "\"" category "\"}}"

static void alerts_are_events_by_their_category(void **state) {
    (void)state;
    struct observation o;
    start("eve", NULL);
    assert_int_equal(reader_line(&reader, TEXT(ALERT("Detection of a Network Scan")), &o), REASON_FACT);
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT);
    assert_ip(o.src, "192.0.2.17");
    assert_ip(o.dst, "198.51.100.1");
    assert_int_equal(o.src_port, 42);
    assert_int_equal(o.dst_port, 22);
    assert_time(o.first, "2026-03-01T12:55:46.123456Z");
    assert_true(text_is(o.event, "scanner") && text_is(o.protocol, "tcp"));
    assert_int_equal(reader_line(&reader, TEXT(ALERT("a network trojan was detected")), &o), REASON_FACT);
    assert_true(text_is(o.event, "infected-system"));
    assert_int_equal(reader_line(&reader, TEXT(ALERT("Misc activity")), &o), REASON_RULE);
    assert_true(o.known & KNOWN_SRC);
}

static void other_records_say_who_spoke_with_whom(void **state) {
    (void)state;
    struct observation o;
    start("eve", NULL);
    assert_int_equal(
        reader_line(
            &reader,
            TEXT("{\"timestamp\":\"2026-03-01T07:00:00+0000\",\"event_type\":\"flow\",\"src_ip\":\"192.0.2.17\","
                 "\"dest_ip\":\"198.51.100.1\",\"proto\":\"ICMP\",\"flow\":{\"start\":\"2026-03-01T06:55:46+0000\","
                 "\"end\":\"2026-03-01T06:55:50+0000\"}}"),
            &o),
        REASON_KIND);
    assert_time(o.first, "2026-03-01T06:55:46Z");
    assert_time(o.last, "2026-03-01T06:55:50Z");
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST);
    assert_true(text_is(o.protocol, "icmp"));
}

static void hostile_records_are_refused(void **state) {
    (void)state;
    static const struct {
        struct text line;
        enum reason reason;
    } rows[] = {
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2"), REASON_FORM},
        {TEXT("{}"), REASON_FORM},
        {TEXT("[]"), REASON_FORM},
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"alert\",\"src_ip\":\"\xc3"), REASON_FORM},
        {TEXT("{\"event_type\":\"alert\",\"event_type\":\"flow\"}"), REASON_FORM},
        {TEXT("{\"event_type\":\"alert\"}"), REASON_STAMP},
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"stats\"}"), REASON_KIND},
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"alert\",\"alert\":{\"category\":\"Misc "
              "Attack\"}}"),
         REASON_SUBJECT},
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"dns\",\"src_ip\":\"192.0.2.300\"}"),
         REASON_ADDRESS},
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"dns\",\"src_port\":65536}"), REASON_VALUE},
        {TEXT("{\"timestamp\":\"2026-03-01T06:55:46Z\",\"event_type\":\"dns\",\"src_port\":\"22\"}"), REASON_VALUE},
    };
    struct observation o;
    start("eve", NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum reason reason = reader_line(&reader, rows[i].line, &o);
        if (reason != rows[i].reason) broken("%.*s: %s", TEXT_ARG(rows[i].line), reasons[reason].name);
    }
    static char deep[LINE_BYTES_MAX];
    for (size_t i = 0; i < sizeof deep; i++) deep[i] = "{\"a\":"[i % 5];
    assert_int_equal(reader_line(&reader, (struct text){deep, sizeof deep}, &o), REASON_FORM);
}

/* The list beside the sensors' files has been made by another program. */
static void real_alerts_are_those_of_the_list(void **state) {
    (void)state;
    enum { FILE_NAME, STAMP = 2, SRC = 4, SRC_PORT, DST, DST_PORT, COLUMNS = 12 };
    struct arena a = {0};
    struct text csv = real_file("suricata/FACTS.csv", &a), log = {0}, line, fields[COLUMNS], last = {0};
    uint64_t csv_line = 0, seen = 0, facts = 0;
    size_t count;
    start("eve", NULL);
    assert_int_equal(csv_row(&csv, &a, fields, COLUMNS, &count, &csv_line, NULL), OK);
    while (csv_row(&csv, &a, fields, COLUMNS, &count, &csv_line, NULL) == OK) {
        struct observation o;
        struct stamp stamp;
        struct ip src = {0}, dst = {0};
        uint64_t port;
        if (!text_equal(last, fields[FILE_NAME])) {
            last = fields[FILE_NAME];
            size_t stem = last.size - strlen(".json");
            log = real_file(arena_format(&a, "suricata/%.*s.eve.ndjson", (int)stem, last.at).at, &a);
        }
        assert_true(text_line(&log, &line));
        facts += reader_line(&reader, line, &o) == REASON_FACT;
        assert_true(ip_read(fields[SRC], &src) && ip_read(fields[DST], &dst));
        assert_int_equal(ip_compare(o.src, src), 0);
        assert_int_equal(ip_compare(o.dst, dst), 0);
        assert_int_equal(!(o.known & KNOWN_SRC_PORT), !text_u64(fields[SRC_PORT], &port) || port != o.src_port);
        assert_int_equal(!(o.known & KNOWN_DST_PORT), !text_u64(fields[DST_PORT], &port) || port != o.dst_port);
        assert_int_equal(stamp_iso(&reader.stamper, &fields[STAMP], &stamp), REASON_FACT);
        assert_int_equal(o.first, stamp.at);
        seen++;
    }
    assert_int_equal(seen, 548);
    assert_int_equal(facts, 296); /* the alerts of the twelve categories that have an event, counted by jq */
    arena_free(&a);
}

static void json_records_have_the_names_of_flows(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum reason reason;
    } rows[] = {
        {"{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"id.orig_p\":42,\"id.resp_h\":\"198.51.100.1\",\"id.resp_"
         "p\":22,"
         "\"proto\":\"tcp\",\"tags\":[1],\"inner\":{\"src\":\"x\"}}",
         REASON_EVENT},
        {"{\"timestamp\": \"2026-03-01 06:55:46\", \"source_ip\": \"192.0.2.17\"}", REASON_EVENT},
        {"{\"timestamp\": \"2026-03-01 06:55:46\", \"source_ip\": \"192.0.2.17\", \"src\": \"192.0.2.1\"}",
         REASON_FORM},
        {"{\"timestamp\": \"2026-03-01 06:55:46\", \"source_ip\": \"host.example\"}", REASON_NAME},
        {"{\"timestamp\": \"2026-03-01 06:55:46\", \"src_port\": -1}", REASON_VALUE},
        {"{\"timestamp\": 1e300, \"source_ip\": \"192.0.2.17\"}", REASON_STAMP},
        {"{\"timestamp\": \"2026-03-01 06:55:46\"}", REASON_SUBJECT},
        {"{\"source_ip\": \"192.0.2.17\"}", REASON_STAMP},
        {"{\"timestamp\": \"2026-03-01 06:55:46\", \"source_ip\": \"192.0.2", REASON_FORM},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct observation o;
        start("jsonl", NULL);
        enum reason reason = reader_line(&reader, text_of(rows[i].line), &o);
        if (reason != rows[i].reason) broken("%s: %s", rows[i].line, reasons[reason].name);
        if (!i) assert_int_equal(o.known, KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT);
        if (!i) assert_time(o.first, "2026-03-01T06:55:46.25Z");
    }
}

/* Sessions of honeypots, counted by another program: lines with a source, and different sources. */
static void real_sessions_are_counted_as_they_were(void **state) {
    (void)state;
    static const struct {
        const char *file, *format, *seen_as;
        unsigned lines, sources;
    } files[] = {{"honeypot/cowrie_sessions_20k.csv", "flow", "flow", 19997, 1955},
                 {"honeypot/heralding_first8000.ndjson", "jsonl", "heralding", 8000, 173},
                 {"zeek/json/rdp.json", "jsonl", "zeek", 4122, 0}};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct arena a = {0};
        struct text log = real_file(files[i].file, &a), line, header = log;
        struct map sources = {.arena = &a};
        unsigned lines = 0;
        assert_ptr_equal(format_detect(log), format_find(text_of(files[i].seen_as)));
        assert_true(text_line(&header, &line));
        start(files[i].format, format_find(text_of(files[i].format))->has_header ? arena_string(&a, line) : NULL);
        while (text_line(&log, &line)) {
            struct observation o;
            if (reader_line(&reader, line, &o) != REASON_EVENT) continue;
            map_put(&sources, arena_text(&a, text_from_bytes(bytes_of(o.src.at, sizeof o.src.at))));
            lines++;
        }
        assert_int_equal(lines, files[i].lines);
        if (files[i].sources) assert_int_equal(sources.count, files[i].sources);
        arena_free(&a);
    }
}

static void files_are_known_by_their_lines(void **state) {
    (void)state;
    static const struct {
        const char *sample, *format;
    } rows[] = {
        {"Mar  1 06:55:46 host CRON[1]: x\nMar  1 06:55:46 host sshd[1]: x\n", "sshd"},
        {"192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\r\n", "combined"},
        {"192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1", "common"},
        {ALERT("x") "\n", "eve"},
        {"# by hand\n\nsrc_ip,first_seen,event\n192.0.2.1,2026-03-01T06:55:46Z,dos\n", "csv"},
        {"time,src,dst,dport\n", "flow"},
        {"first_seen,src_ip,dst_ip\n", "flow"},
        {"{\"ts\":1772348146,\"src\":\"192.0.2.1\"}\n", "jsonl"},
        {"{\"ts\":1772348146,\"id.orig_h\":\"192.0.2.1\"}\n", "zeek"},
        {"#separator \\x09\n#fields\tts\tuid\n", "zeek"},
        {"{\"eventid\":\"cowrie.session.closed\",\"timestamp\":\"2026-03-01T06:55:46Z\"}\n", "cowrie"},
        {"{\"timestamp\": \"2026-03-01 06:55:46\", \"num_auth_attempts\": 0}\n", "heralding"},
        {"timestamp,auth_id,session_id,source_ip,source_port,destination_ip,destination_port,protocol,username,"
         "password,password_hash\n",
         "heralding"},
        {"ts,te,td,sa,da,sp,dp,pr,flg\n", "nfdump"},
        {"firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n", "nfdump"},
        {"{\"type\":\"FLOW\",\"t_first\":\"2026-03-01T06:55:46.000\",\"src4_addr\":\"192.0.2.1\"}\n", "nfdump"},
        {"start,end,inside_ip,outside_ip,outside_port\n", "nat"},
        {"{\"time\":1772348146,\"private_ip\":\"10.0.0.9\",\"public_ip\":\"192.0.2.1\"}\n", "nat"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct format *f = format_detect(text_of(rows[i].sample));
        if (!f || strcmp(f->name, rows[i].format)) broken("%s: %s", rows[i].sample, f ? f->name : "none");
    }
    assert_null(format_detect(TEXT("")));
    assert_null(format_detect(TEXT("[{\n[\n]\n,\n")));
    assert_null(format_detect(TEXT("#fields\tts\0\ttime\0\n")));
    assert_null(format_detect(TEXT("hello\n\xff\xfe\n\n")));
    assert_null(format_find(TEXT("none")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_read_in_any_order_of_columns),
        cmocka_unit_test(a_fact_sheet_is_a_csv_of_facts),
        cmocka_unit_test(wrong_values_have_their_reason),
        cmocka_unit_test(a_stretch_does_not_end_before_it_begins),
        cmocka_unit_test(kept_lines_are_what_they_say),
        cmocka_unit_test(headers_are_refused_with_a_reason),
        cmocka_unit_test(flows_have_many_names_and_no_event),
        cmocka_unit_test(alerts_are_events_by_their_category),
        cmocka_unit_test(other_records_say_who_spoke_with_whom),
        cmocka_unit_test(hostile_records_are_refused),
        cmocka_unit_test(real_alerts_are_those_of_the_list),
        cmocka_unit_test(json_records_have_the_names_of_flows),
        cmocka_unit_test(real_sessions_are_counted_as_they_were),
        cmocka_unit_test(files_are_known_by_their_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Columns as the user names them: what is understood, what is refused, and the lines read by it. */
#include "real.h"

#include "base/map.h"
#include "line/map.h"

static const struct stamp_options utc = {.until = INSTANT_NONE};
static struct reader reader;
static struct field_map map;

static enum error start(const char *spec, const char *header, struct text event) {
    const struct format *f = format_find(TEXT("mapped"));
    struct diag d = {0};
    if (map_read(text_of(spec), &map, &d)) broken("%s: %s", spec, d.text);
    struct columns c = {.map = &map};
    enum error result = f->head(text_of(header), &c, &d);
    reader_start(&reader, f, &c, &utc, (struct chain){0}, event);
    return result;
}

static enum reason read_line(const char *line, struct observation *o) { return reader_line(&reader, text_of(line), o); }

static bool is_ip(struct ip a, const char *expected) {
    char text[IP_TEXT_MAX];
    ip_write(a, text);
    return !strcmp(text, expected);
}

static void maps_are_lists_or_files(void **state) {
    (void)state;
    assert_int_equal(map_read(TEXT("time=ts, src = client ip ,count=tries"), &map, NULL), OK);
    assert_int_equal(map.count, 3);
    assert_true(text_is(map.rows[1].name, "client ip"));
    assert_int_equal(map.separator, ',');
    assert_false(map.traffic || map.numbered);
    assert_int_equal(map_read(TEXT("# of our proxy\r\n\nstart=1\r\nend=2\ninside=3\noutside=4,outside-port=5\n"
                                   "separator=tab\nrecords=traffic"),
                              &map, NULL),
                     OK);
    assert_true(map.traffic && map.numbered && map.separator == '\t' && map.count == 5);
}

static void maps_are_refused_with_a_reason(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "time",
        "time=",
        "time=ts",
        "src=a",
        "time=ts,src=a,colour=b",
        "time=ts,src=a,src=b",
        "time=ts,start=a,src=b",
        "time=ts,url=a,domain=b",
        "time=ts,src=a,separator=space",
        "time=ts,src=a,records=all",
        "time=1,src=a",
        "time=0,src=1",
        "time=1,src=65",
        "time=ts,src=a.b.c.d.e.f.g.h.i",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct diag d = {0};
        if (map_read(text_of(bad[i]), &map, &d) == OK) broken("%s was taken", bad[i]);
        assert_true(d.text[0]);
    }
    assert_int_equal(map_read(TEXT("ti\0me=ts,src=a"), &map, NULL), ERR_INPUT);
    assert_int_equal(map_read(TEXT("time\0=ts,src=a"), &map, NULL), ERR_INPUT);
    char large[MAP_BYTES_MAX + 1];
    memset(large, '\n', sizeof large);
    assert_int_equal(map_read((struct text){large, sizeof large}, &map, NULL), ERR_LIMIT);
}

static void members_are_found_by_their_paths(void **state) {
    (void)state;
    struct observation o;
    const char *line =
        "{\"@timestamp\":\"2026-03-01T07:55:46+01:00\",\"client.ip\":\"192.0.2.17\",\"client\":{\"port\":"
        "4242},\"hosts\":[{\"ip\":\"198.51.100.1\"}],\"a\":{\"b.c\":{\"d\":7}},\"user\":\"x@a.example\"}";
    assert_int_equal(start("time=@timestamp,src=client.ip,src-port=client.port,dst=hosts.0.ip,count=a.b.c.d,mail=user",
                           line, TEXT("phishing")),
                     OK);
    assert_int_equal(read_line(line, &o), REASON_FACT);
    assert_int_equal(o.known, KNOWN_SRC | KNOWN_SRC_PORT | KNOWN_DST);
    assert_true(is_ip(o.src, "192.0.2.17") && is_ip(o.dst, "198.51.100.1"));
    assert_int_equal(o.src_port, 4242);
    assert_int_equal(o.count, 7);
    assert_true(text_is(o.object, "mail:x@a.example"));
    assert_false(o.traffic);
    assert_int_equal(read_line("{\"@timestamp\":\"2026-03-01T07:55:46+01:00\",\"client\":\"x\",\"hosts\":[]}", &o),
                     REASON_SUBJECT);
    assert_int_equal(read_line("{\"client\":{\"ip\":\"192.0.2.17\"}}", &o), REASON_STAMP);
    assert_int_equal(read_line("{\"@timestamp\":1772348146250,\"client\":{\"ip\":\"name.example\"}}", &o), REASON_NAME);
}

static void columns_are_found_by_name_or_number(void **state) {
    (void)state;
    struct observation o;
    char text[INSTANT_TEXT_MAX];
    assert_int_equal(start("start=von,end=bis,inside=innen,outside=außen,outside-port=Port,separator=semicolon,"
                           "records=traffic",
                           "von;bis;innen;außen;Port;x", (struct text){0}),
                     OK);
    assert_int_equal(read_line("1772348146;1772348206250;10.0.0.9;192.0.2.17;4242;\"a;b\"", &o), REASON_EVENT);
    assert_true(is_ip(o.src, "192.0.2.17") && is_ip(o.upstream, "10.0.0.9"));
    assert_int_equal(o.src_port, 4242);
    assert_true(o.traffic);
    assert_true(text_is(instant_write(o.last, text), "2026-03-01T06:56:46.25Z"));
    assert_int_equal(read_line("von;bis;innen;außen;Port;x", &o), REASON_COMMENT);
    assert_int_equal(read_line("1;2", &o), REASON_COLUMNS);

    assert_int_equal(start("time=2,src=1,count=3", "192.0.2.17,1772348146123456,4", TEXT("scanner")), OK);
    assert_int_equal(read_line("192.0.2.17,1772348146123456,4", &o), REASON_FACT);
    assert_true(text_is(instant_write(o.first, text), "2026-03-01T06:55:46.123456Z"));
    assert_int_equal(o.count, 4);
    assert_int_equal(read_line("192.0.2.17,1772348146123456,0", &o), REASON_ZERO);
    assert_int_equal(read_line("192.0.2.17,1772348146123456,-1", &o), REASON_VALUE);
    assert_int_equal(read_line("here,1772348146123456,1", &o), REASON_NAME);
    assert_int_equal(start("time=2,src=4", "a,b,c", (struct text){0}), ERR_INPUT);
    assert_int_equal(start("time=ts,src=ip", "ts,ip,ip", (struct text){0}), ERR_INPUT);
    assert_int_equal(start("time=ts,src=ip", "ts,address", (struct text){0}), ERR_INPUT);
    struct columns none = {0};
    assert_int_equal(format_find(TEXT("mapped"))->head(TEXT("ts,ip"), &none, NULL), ERR_USAGE);
}

/* Attempts to log in that another program summed up: 13,921, by sessions of 1,955 sources and three of nobody. */
static void real_sessions_are_counted_by_a_column(void **state) {
    (void)state;
    struct arena a = {0};
    struct map sources = {.arena = &a};
    struct text log = real_file("honeypot/cowrie_sessions_20k.csv", &a), line;
    uint64_t events = 0, counts[REASON_COUNT] = {0};
    text_line(&log, &line);
    assert_int_equal(start("start=start_time,end=end_time,src=src_ip,src-port=src_port,dst-port=dst_port,count="
                           "login_failed",
                           arena_string(&a, line), TEXT("brute-force")),
                     OK);
    while (text_line(&log, &line)) {
        struct observation o;
        enum reason reason = reader_line(&reader, line, &o);
        counts[reason]++;
        if (reason == REASON_FACT) events += o.count;
        if (o.known & KNOWN_SRC)
            map_put(&sources, arena_text(&a, text_from_bytes(bytes_of(o.src.at, sizeof o.src.at))));
    }
    assert_int_equal(events, 13921);
    assert_int_equal(counts[REASON_FACT] + counts[REASON_ZERO] + counts[REASON_SUBJECT], 20000);
    assert_int_equal(sources.count, 1955);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_are_lists_or_files),
        cmocka_unit_test(maps_are_refused_with_a_reason),
        cmocka_unit_test(members_are_found_by_their_paths),
        cmocka_unit_test(columns_are_found_by_name_or_number),
        cmocka_unit_test(real_sessions_are_counted_by_a_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

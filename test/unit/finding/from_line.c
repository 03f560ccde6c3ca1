/* Which lines are sightings, and of what: by lines of real formats. */
#include "unit.h"

#include "finding/from_line.h"

struct one {
    struct reader reader;
    struct observation observation;
    enum reason reason;
    struct sighting sighting;
    bool sighted;
};

static void read_line(struct one *o, const char *format, const char *header, const char *line) {
    static const struct stamp_options stamps = {.year = 2026, .until = INSTANT_NONE};
    const struct format *f = format_find(text_of(format));
    struct columns columns = {0};
    struct diag d = {0};
    assert_non_null(f);
    if (header) assert_int_equal(f->head(text_of(header), &columns, &d), OK);
    reader_start(&o->reader, f, &columns, &stamps, (struct chain){0}, (struct text){0});
    o->reason = reader_line(&o->reader, text_of(line), &o->observation);
    o->sighted = sighting_of(&o->observation, o->reason, format_sees_traffic(f), &o->sighting);
}

static struct ip ip(const char *t) {
    struct ip a = {{0}};
    assert_true(ip_read(text_of(t), &a));
    return a;
}

static instant at(const char *t) {
    instant i = INSTANT_NONE;
    assert_true(instant_read(text_of(t), &i));
    return i;
}

static void an_attempt_in_a_log_is_a_sighting(void **state) {
    (void)state;
    struct one o;
    read_line(
        &o, "sshd", NULL,
        "Mar  1 06:55:46 host sshd[24200]: Failed password for invalid user admin from 192.0.2.17 port 38926 ssh2");
    assert_true(o.sighted);
    assert_int_equal(o.reason, REASON_FACT);
    assert_true(o.sighting.at == at("2026-03-01T06:55:46Z") && written_at(&o.observation) == o.sighting.at);
    assert_true(o.sighting.trace.known & TRACE_SRC);
    assert_int_equal(ip_compare(o.sighting.trace.src, ip("192.0.2.17")), 0);
    assert_true(text_is(o.sighting.trace.event, "brute-force"));
    assert_false(o.sighting.has_upstream);
    assert_true(o.sighting.count >= 1);
}

/* Who logged in is not shown to have tried to break in; the line still has its time, so the log covers it. */
static void a_line_that_tells_of_no_event_is_none(void **state) {
    (void)state;
    struct one o;
    read_line(&o, "sshd", NULL,
              "Mar  1 06:55:46 host sshd[24200]: Accepted publickey for admin from 192.0.2.17 port 38926 ssh2");
    assert_false(o.sighted);
    assert_true(written_at(&o.observation) == at("2026-03-01T06:55:46Z"));
    read_line(&o, "sshd", NULL, "Mar  1 06:55:46 host cron[1]: something else");
    assert_false(o.sighted);
    read_line(&o, "sshd", NULL, "not a line of this format");
    assert_false(o.sighted);
}

static void a_flow_is_a_sighting_though_it_names_no_event(void **state) {
    (void)state;
    struct one o;
    read_line(&o, "flow", "start,end,src,sport,dst,dport,proto,upstream",
              "2026-03-01T06:00:00Z,2026-03-01T06:30:00Z,192.0.2.17,4242,203.0.113.5,22,tcp,10.0.0.9");
    assert_true(o.sighted);
    assert_true(o.sighting.at == at("2026-03-01T06:00:00Z") && o.sighting.until == at("2026-03-01T06:30:00Z"));
    assert_true(written_at(&o.observation) == at("2026-03-01T06:30:00Z"));
    assert_int_equal(o.sighting.trace.known, TRACE_SRC | TRACE_DST | TRACE_SRC_PORT | TRACE_DST_PORT | TRACE_PROTOCOL);
    assert_int_equal(o.sighting.trace.src_port, 4242);
    assert_int_equal(o.sighting.trace.dst_port, 22);
    assert_true(o.sighting.has_upstream);
    assert_int_equal(ip_compare(o.sighting.upstream, ip("10.0.0.9")), 0);
    read_line(&o, "flow", "start,src,dst,upstream", "2026-03-01T06:00:00Z,192.0.2.17,203.0.113.5,");
    assert_true(o.sighted);
    assert_false(o.sighting.has_upstream);
}

/* A sensor sees traffic, whatever it thinks of it. */
static void a_sensor_shows_traffic(void **state) {
    (void)state;
    struct one o;
    read_line(&o, "eve", NULL,
              "{\"timestamp\":\"2026-03-01T06:55:46.000000+0000\",\"event_type\":\"http\",\"src_ip\":\"192.0.2.17\","
              "\"src_port\":4242,\"dest_ip\":\"203.0.113.5\",\"dest_port\":80,\"proto\":\"TCP\"}");
    assert_int_equal(reasons[o.reason].verdict, VERDICT_OTHER);
    assert_true(o.sighted);
    assert_true(text_is(o.sighting.trace.protocol, "tcp"));
    read_line(&o, "eve", NULL, "{\"timestamp\":\"2026-03-01T06:55:46.000000+0000\",\"event_type\":\"stats\"}");
    assert_false(o.sighted); /* of nobody */
    read_line(&o, "eve", NULL, "{\"event_type\":\"http\",\"src_ip\":\"192.0.2.17\"}");
    assert_false(o.sighted); /* at no time */
}

/* Alerts alone say nothing of what gave no alarm, so "not seen" may not rest on them. */
static void a_sensor_covers_traffic_where_it_records_flows(void **state) {
    (void)state;
    const struct observation none = {0};
    const struct format *eve = format_find(TEXT("eve"));
    assert_false(line_covers_traffic(eve, TEXT("{\"event_type\":\"alert\",\"flow_id\":1}"), &none));
    assert_false(line_covers_traffic(eve, TEXT("{\"event_type\":\"ssh\"}"), &none));
    assert_true(line_covers_traffic(eve, TEXT("{\"event_type\":\"flow\"}"), &none));
    assert_true(line_covers_traffic(eve, TEXT("{\"event_type\": \"netflow\"}"), &none));
    assert_true(line_covers_traffic(format_find(TEXT("flow")), TEXT(""), &none));
    assert_false(line_covers_traffic(format_find(TEXT("sshd")), TEXT(""), &none));
}

/* Each line of these says for itself whether its log records all traffic. */
static void some_lines_cover_traffic_and_others_do_not(void **state) {
    (void)state;
    static const struct {
        const char *format, *header, *line;
        bool covers, sighted;
    } rows[] = {
        {"zeek", NULL, "{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"conn_state\":\"SF\"}", true, true},
        {"zeek", NULL, "{\"ts\":1772348146.25,\"id.orig_h\":\"192.0.2.17\",\"auth_success\":true}", false, true},
        {"zeek", NULL, "{\"ts\":1772348146.25,\"note\":\"Scan::Port_Scan\",\"src\":\"192.0.2.17\"}", false, true},
        {"nat", "start,inside_ip,outside_ip,outside_port,port_start", "1772348146,10.0.0.9,192.0.2.17,4242,", true,
         true},
        {"nat", "start,inside_ip,outside_ip,outside_port,port_start", "1772348146,10.0.0.9,192.0.2.17,,4096", false,
         false},
        {"nat", "start,inside_ip,outside_ip,outside_port,port_start", "soon,10.0.0.9,192.0.2.17,4242,", false, false},
        {"nfdump", "ts,te,sa,da", "2026-03-01 06:55:46,2026-03-01 06:55:50,192.0.2.17,198.51.100.1", true, true},
        {"cowrie", NULL,
         "{\"eventid\":\"cowrie.login.failed\",\"timestamp\":\"2026-03-01T06:55:46Z\",\"src_ip\":\"192.0.2.17\"}",
         false, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct one o;
        read_line(&o, rows[i].format, rows[i].header, rows[i].line);
        if (o.sighted != rows[i].sighted) print_error("%s\n", rows[i].line);
        assert_int_equal(o.sighted, rows[i].sighted);
        assert_int_equal(
            line_covers_traffic(format_find(text_of(rows[i].format)), text_of(rows[i].line), &o.observation),
            rows[i].covers);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attempt_in_a_log_is_a_sighting),
        cmocka_unit_test(a_line_that_tells_of_no_event_is_none),
        cmocka_unit_test(a_flow_is_a_sighting_though_it_names_no_event),
        cmocka_unit_test(a_sensor_shows_traffic),
        cmocka_unit_test(a_sensor_covers_traffic_where_it_records_flows),
        cmocka_unit_test(some_lines_cover_traffic_and_others_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Reading 200,000 log lines of each format, or of the one that is named, against finding where they end. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "bench.h"
#include "line/formats.h"
#include "line/map.h"
#include "line/rules.h"

enum { LINES = 200000 };

struct state {
    const struct format *format;
    struct columns columns;
    struct text event;
    bool plain; /* searched as every processor can */
    const struct rules *rules;
    struct buf file;
    struct reader reader;
};

static const struct stamp_options in_2026 = {.year = 2026, .until = INSTANT_NONE};

static void line_ends(void *of) {
    struct state *s = of;
    struct text t = buf_as_text(&s->file), line;
    uint64_t sum = 0;
    while (text_line(&t, &line)) sum += line.size;
    bench_keep(sum);
}

static void read_all(struct state *s) {
    struct text t = buf_as_text(&s->file), line;
    uint64_t facts = 0;
    reader_start(&s->reader, s->format, &s->columns, &in_2026, (struct chain){0}, s->event);
    s->reader.rules = s->rules;
    s->reader.no_nul = true;
    if (s->plain) s->reader.search.sift = &sifts[sift_count - 1];
    while (text_line(&t, &line)) {
        struct observation o;
        facts += reader_line(&s->reader, line, &o) == REASON_FACT;
    }
    bench_need(facts > LINES / 100, "finding facts");
    bench_keep(facts);
}

static void read_lines(void *of) {
    struct state *s = of;
    s->plain = false;
    read_all(s);
}

static void read_lines_plainly(void *of) {
    struct state *s = of;
    s->plain = true;
    read_all(s);
}

/* What a server on the Internet writes: mostly failures. */
static void sshd_line(struct buf *out, unsigned i) {
    unsigned host = i * 7 % 250, port = 1024 + i * 31 % 60000;
    buf_format(out, "Mar %2u %02u:%02u:%02u host sshd[%u]: ", 1 + i / 10000, i / 3600 % 24, i / 60 % 60, i % 60, i);
    if (i % 4 == 0)
        buf_format(out, "Failed password for invalid user u%u from 192.0.2.%u port %u ssh2\n", i, host, port);
    if (i % 4 == 1) buf_format(out, "Invalid user u%u from 2001:db8::%x port %u\n", i, host, port);
    if (i % 4 == 2)
        buf_format(out, "Connection closed by authenticating user root 198.51.100.%u port %u [preauth]\n", host, port);
    if (i % 4 == 3)
        buf_format(out, "Accepted publickey for git from 192.0.2.%u port %u ssh2: RSA SHA256:x\n", host, port);
}

/* One request in fifty is for what is not there. */
static void combined_line(struct buf *out, unsigned i) {
    static const char agent[] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const char *path = i % 50 ? "/presentations/2026/images/kibana-search.png?size=large" : "/blog/wp-login.php";
    buf_format(out, "192.0.2.%u - - [%02u/Mar/2026:%02u:%02u:%02u +0000] \"GET %s HTTP/1.1\" %u %u \"%s\" \"%s\"\n",
               i * 7 % 250, 1 + i / 10000, i / 3600 % 24, i / 60 % 60, i % 60, path, i % 50 ? 200 : 404, i,
               "https://www.example/presentations/2026/", agent);
}

static void common_line(struct buf *out, unsigned i) {
    buf_format(out, "192.0.2.%u - - [%02u/Mar/2026:%02u:%02u:%02u +0000] \"GET %s HTTP/1.1\" %u %u\n", i * 7 % 250,
               1 + i / 10000, i / 3600 % 24, i / 60 % 60, i % 60, i % 50 ? "/news?page=2" : "/blog/wp-login.php",
               i % 50 ? 200 : 404, i);
}

static void postfix_line(struct buf *out, unsigned i) {
    unsigned host = i * 7 % 250;
    buf_format(out, "Mar %2u %02u:%02u:%02u mail postfix/smtpd[%u]: ", 1 + i / 10000, i / 3600 % 24, i / 60 % 60,
               i % 60, i);
    if (i % 3 == 0) buf_format(out, "connect from unknown[192.0.2.%u]\n", host);
    if (i % 3 == 1)
        buf_format(out, "warning: unknown[192.0.2.%u]: SASL LOGIN authentication failed: UGFzc3dvcmQ6\n", host);
    if (i % 3 == 2) buf_format(out, "disconnect from unknown[192.0.2.%u] ehlo=1 auth=0/1 quit=1 commands=2/3\n", host);
}

static void dovecot_line(struct buf *out, unsigned i) {
    const char *said = i % 2 ? "Login" : "Disconnected (auth failed, 1 attempts in 2 secs)";
    buf_format(out,
               "Mar %2u %02u:%02u:%02u mail dovecot: imap-login: %s: user=<a%u>, method=PLAIN, rip=192.0.2.%u, "
               "lip=198.51.100.1, TLS\n",
               1 + i / 10000, i / 3600 % 24, i / 60 % 60, i % 60, said, i, i * 7 % 250);
}

static void error_line(struct buf *out, unsigned i) {
    buf_format(out,
               "[Sun Mar %02u %02u:%02u:%02u.%06u 2026] [auth_basic:error] [pid %u] [client 192.0.2.%u:51380] AH01617: "
               "user a%u: authentication failure for \"/\": Password Mismatch\n",
               1 + i / 10000, i / 3600 % 24, i / 60 % 60, i % 60, i, 100 + i % 9, i * 7 % 250, i);
}

static void eve_line(struct buf *out, unsigned i) {
    buf_format(
        out,
        "{\"timestamp\":\"2026-03-01T%02u:%02u:%02u.123456+0000\",\"flow_id\":%u,\"event_type\":\"alert\","
        "\"src_ip\":\"192.0.2.%u\",\"src_port\":%u,\"dest_ip\":\"198.51.100.1\",\"dest_port\":22,\"proto\":\"TCP\","
        "\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":2001219,\"rev\":20,\"signature\":"
        "\"SCAN Potential SSH Scan\",\"category\":\"Attempted Information Leak\",\"severity\":2},\"flow\":"
        "{\"pkts_toserver\":1,\"bytes_toserver\":66,\"start\":\"2026-03-01T00:00:00.000000+0000\"}}\n",
        i / 3600 % 24, i / 60 % 60, i % 60, i, i * 7 % 250, i % 60000);
}

static void conn_line(struct buf *out, unsigned i) {
    buf_format(out,
               "{\"ts\":%u.%06u,\"uid\":\"CMdzit1AMNsmfA%u\",\"id.orig_h\":\"192.0.2.%u\",\"id.orig_p\":%u,"
               "\"id.resp_h\":\"198.51.100.%u\",\"id.resp_p\":443,\"proto\":\"tcp\",\"service\":\"ssl\",\"duration\":"
               "0.0%u79749298095703,\"orig_bytes\":%u,\"resp_bytes\":5120,\"conn_state\":\"SF\",\"local_orig\":false,"
               "\"local_resp\":true,\"missed_bytes\":0,\"history\":\"ShADadFf\",\"orig_pkts\":12,\"orig_ip_bytes\":%u,"
               "\"resp_pkts\":11,\"resp_ip_bytes\":5704,\"tunnel_parents\":[]}\n",
               1772323200 + i, i, i, i * 7 % 250, i % 60000, i % 200, i, i, i + 640);
}

static void cowrie_line(struct buf *out, unsigned i) {
    buf_format(
        out,
        "{\"eventid\":\"cowrie.login.failed\",\"username\":\"r\\u00e9seau\",\"password\":\"p%u\\\"x\",\"message\":"
        "\"login attempt [r\\u00e9seau/p%u\\\"x] failed\",\"sensor\":\"trap.example\",\"timestamp\":"
        "\"2026-03-01T%02u:%02u:%02u.123456Z\",\"src_ip\":\"192.0.2.%u\",\"session\":\"c%07x\",\"protocol\":"
        "\"ssh\"}\n",
        i, i, i / 3600 % 24, i / 60 % 60, i % 60, i * 7 % 250, i);
}

static void heralding_line(struct buf *out, unsigned i) {
    buf_format(out,
               "{\"timestamp\": \"2026-03-01 %02u:%02u:%02u.123456\", \"duration\": %u, \"session_id\": "
               "\"5b7d0f4e-8a55-4b6a-9a0e-%012u\", \"source_ip\": \"192.0.2.%u\", \"source_port\": %u, "
               "\"destination_ip\": \"198.51.100.1\", \"destination_port\": 22, \"protocol\": \"ssh\", "
               "\"num_auth_attempts\": 1, \"auth_attempts\": [{\"timestamp\": \"2026-03-01 00:00:00.123456\", "
               "\"username\": \"root\", \"password\": \"p%u\"}], \"session_ended\": true, \"auxiliary_data\": "
               "{\"client_version\": \"SSH-2.0-Go\", \"recv_cipher\": \"aes128-ctr\"}}\n",
               i / 3600 % 24, i / 60 % 60, i % 60, i % 30, i, i * 7 % 250, i % 60000, i);
}

static void proxy_line(struct buf *out, unsigned i) {
    buf_format(
        out,
        "{\"@timestamp\":\"2026-03-01T%02u:%02u:%02u.123Z\",\"event\":{\"kind\":\"event\",\"outcome\":\"failure\"},"
        "\"client\":{\"ip\":\"192.0.2.%u\",\"port\":%u,\"geo\":{\"name\":\"x\"}},\"server\":{\"ip\":\"198.51.100.1\","
        "\"port\":443},\"user\":{\"name\":\"u%u\"},\"hosts\":[{\"ip\":\"203.0.113.7\"},{\"ip\":\"203.0.113.8\"}]}\n",
        i / 3600 % 24, i / 60 % 60, i % 60, i * 7 % 250, i % 60000, i);
}

static void nfdump_line(struct buf *out, unsigned i) {
    buf_format(
        out,
        "{\"type\":\"FLOW\",\"sampled\":0,\"export_sysid\":1,\"first\":\"2026-03-01T%02u:%02u:%02u.123\",\"last\":"
        "\"2026-03-01T23:59:59.500\",\"received\":\"2026-03-02T00:00:00.000\",\"in_packets\":3,\"in_bytes\":%u,"
        "\"proto\":6,\"tcp_flags\":\"...AP.SF\",\"src_port\":%u,\"dst_port\":22,\"src_tos\":0,\"src4_addr\":"
        "\"192.0.2.%u\",\"dst4_addr\":\"198.51.100.1\",\"input_snmp\":0,\"output_snmp\":0,\"label\":\"<none>\"}\n",
        i / 3600 % 24, i / 60 % 60, i % 60, i, i % 60000, i * 7 % 250);
}

static void nat_line(struct buf *out, unsigned i) {
    buf_format(out,
               "{\"start\":\"2026-03-01T%02u:%02u:%02uZ\",\"end\":\"2026-03-01T23:59:59Z\",\"inside_ip\":\"10.0.%u.9\","
               "\"inside_port\":%u,\"outside_ip\":\"192.0.2.%u\",\"outside_port\":%u,\"dst_ip\":\"198.51.100.1\","
               "\"dst_port\":22,\"proto\":\"tcp\"}\n",
               i / 3600 % 24, i / 60 % 60, i % 60, i % 250, i % 60000, i * 7 % 250, i % 50000);
}

static void session_line(struct buf *out, unsigned i) {
    buf_format(out,
               "{\"ts\":%u.5,\"src_ip\":\"192.0.2.%u\",\"src_port\":%u,\"dst_ip\":\"198.51.100.1\",\"dst_port\":22,"
               "\"proto\":\"tcp\",\"bytes\":%u,\"tags\":[\"a\",\"b\"],\"meta\":{\"sensor\":\"x\"}}\n",
               1772323200 + i, i * 7 % 250, i % 60000, i);
}

static void journal_line(struct buf *out, unsigned i) {
    buf_format(
        out,
        "{\"__CURSOR\":\"s=0639aa;i=%x;b=1\",\"__REALTIME_TIMESTAMP\":\"%u000000\",\"_BOOT_ID\":"
        "\"c2f1a0d45f8b4d4fa20d6d1b0d3a7c11\",\"PRIORITY\":\"6\",\"_UID\":\"0\",\"_COMM\":\"sshd\","
        "\"SYSLOG_IDENTIFIER\":\"sshd\",\"_TRANSPORT\":\"syslog\",\"_PID\":\"%u\",\"MESSAGE\":\"Failed password "
        "for invalid user u%u from 192.0.2.%u port %u ssh2\",\"_HOSTNAME\":\"host\",\"_SOURCE_REALTIME_TIMESTAMP\":"
        "\"%u000001\"}\n",
        i, 1772323200 + i, i, i, i * 7 % 250, i % 60000, 1772323200 + i);
}

static const char mapping[] = "time=@timestamp,src=client.ip,src-port=client.port,dst=server.ip,dst-port=server.port";

static const struct {
    const char *format, *work, *event;
    void (*line)(struct buf *out, unsigned i);
} works[] = {{"sshd", "200,000 lines of sshd", "", sshd_line},
             {"combined", "200,000 lines of an access log", "", combined_line},
             {"combined", "the same, an event asserted", "ddos", combined_line},
             {"common", "200,000 lines of a common log", "", common_line},
             {"error", "200,000 lines of Apache's errors", "", error_line},
             {"postfix", "200,000 lines of Postfix", "", postfix_line},
             {"dovecot", "200,000 lines of Dovecot", "", dovecot_line},
             {"eve", "200,000 alerts of EVE", "", eve_line},
             {"zeek", "200,000 connections of Zeek, JSON", "scanner", conn_line},
             {"cowrie", "200,000 lines of Cowrie", "", cowrie_line},
             {"heralding", "200,000 sessions of Heralding, JSON", "", heralding_line},
             {"mapped", "200,000 lines of JSON with a map", "scanner", proxy_line},
             {"nfdump", "200,000 flows of nfdump, JSON", "scanner", nfdump_line},
             {"nat", "200,000 translations, JSON", "scanner", nat_line},
             {"jsonl", "200,000 sessions, JSON", "scanner", session_line},
             {"syslog", "200,000 records of the journal, JSON", "", journal_line}};

int main(int count, char **words) {
    static const struct way ways[] = {{"finding the line ends", line_ends},
                                      {"parley", read_lines},
                                      {"parley, as every processor can", read_lines_plainly}};
    static struct field_map map;
    static struct rules rules;
    static struct arena arena;
    bench_need(!map_read(TEXT(mapping), &map, NULL), "reading the map");
    rules_add_own(&rules, &arena);
    for (size_t k = 0; k < COUNT(works); k++) {
        static struct state s;
        if (count > 1 && strcmp(words[1], works[k].format) != 0) continue;
        s.format = format_find(text_of(works[k].format));
        s.columns = (struct columns){.map = &map};
        s.event = text_of(works[k].event);
        s.rules = &rules;
        s.file = (struct buf){.max = (size_t)LINES * 1024};
        for (unsigned i = 0; i < LINES; i++) works[k].line(&s.file, i);
        bench_need(!s.file.failed, "making lines");
        bench_compare(works[k].work, LINES, "lines", ways, COUNT(ways), &s);
        buf_free(&s.file);
    }
    arena_free(&arena);
    return 0;
}

/* Reading 200,000 log lines of a format, against finding where they end. */
#include <stdio.h>

#include "base/buf.h"
#include "bench.h"
#include "line/formats.h"

enum { LINES = 200000 };

struct state {
    const struct format *format;
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

static void read_lines(void *of) {
    struct state *s = of;
    struct text t = buf_as_text(&s->file), line;
    uint64_t facts = 0;
    reader_start(&s->reader, s->format, NULL, &in_2026, (struct chain){0}, (struct text){0});
    while (text_line(&t, &line)) {
        struct observation o;
        facts += reader_line(&s->reader, line, &o) == REASON_FACT;
    }
    bench_need(facts > LINES / 100, "finding facts");
    bench_keep(facts);
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

static const struct {
    const char *format, *work;
    void (*line)(struct buf *out, unsigned i);
} works[] = {{"sshd", "200,000 lines of sshd", sshd_line},
             {"combined", "200,000 lines of an access log", combined_line},
             {"eve", "200,000 alerts of EVE", eve_line}};

int main(void) {
    static const struct way ways[] = {{"finding the line ends", line_ends}, {"parley", read_lines}};
    for (size_t k = 0; k < COUNT(works); k++) {
        static struct state s;
        s.format = format_find(text_of(works[k].format));
        s.file = (struct buf){.max = (size_t)LINES * 1024};
        for (unsigned i = 0; i < LINES; i++) works[k].line(&s.file, i);
        bench_need(!s.file.failed, "making lines");
        bench_compare(works[k].work, LINES, "lines", ways, COUNT(ways), &s);
        buf_free(&s.file);
    }
    return 0;
}

/* A load of requests over TLS 1.3 on loopback, with a client certificate, as wrk makes them without one.
 *
 *     bench-load PORT CERTIFICATE KEY SECONDS CONNECTIONS PATH [HEADER]
 *
 * CONNECTIONS that stay open, one request after the other on each, all on one thread (epoll and OpenSSL).  An answer
 * counts where its status is 200; one of another status, of another size than the first, or a connection that ends, is
 * an error.  Prints: requests a second, the median and the 99th percentile in microseconds, bytes of a body, errors.
 * With SECONDS 0 it asks once, and writes the body to standard output. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, HEAD_MAX = 8192, PIECE = 65536, SLOTS = 1000000 /* microseconds */ };

struct connection {
    int socket;
    SSL *ssl;
    char head[HEAD_MAX];
    size_t got; /* of the head */
    bool in_body;
    uint64_t size, left; /* of the body */
    uint64_t since_us;
};

struct load {
    char request[2048];
    int request_size;
    bool show; /* the body, once */
    int poll;
    uint64_t answers, errors, size;
    uint32_t *times; /* how often an answer took so many microseconds */
};

static void die(const char *what) {
    fprintf(stderr, "bench-load: %s\n", what);
    exit(3);
}

static uint64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void ask(struct load *l, struct connection *c) {
    c->got = 0;
    c->in_body = false;
    c->since_us = now_us();
    if (SSL_write(c->ssl, l->request, l->request_size) != l->request_size) l->errors++;
}

static void begin(struct load *l, struct connection *c, SSL_CTX *context, unsigned port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->socket < 0 || connect(c->socket, (struct sockaddr *)&to, sizeof to)) die("no connection");
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->ssl = SSL_new(context);
    SSL_set_fd(c->ssl, c->socket);
    if (SSL_connect(c->ssl) != 1) die("the handshake failed");
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(l->poll, EPOLL_CTL_ADD, c->socket, &e);
    ask(l, c);
}

/* The head is whole at `end`: its status and the size of the body. */
static void read_head(struct load *l, struct connection *c, const char *end) {
    unsigned status = 0;
    c->left = 0;
    if (sscanf(c->head, "HTTP/1.1 %u", &status) != 1 || status != 200) l->errors++;
    for (const char *line = c->head; line && line < end; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (!strncasecmp(line, "Content-Length:", 15)) c->left = strtoull(line + 15, NULL, 10);
    if (!l->size) l->size = c->left;
    if (l->size != c->left) l->errors++;
    c->size = c->left;
    c->in_body = true;
}

static void take_body(struct load *l, struct connection *c, const char *at, size_t size) {
    if (size > c->left) die("more than one answer");
    if (l->show) fwrite(at, 1, size, stdout);
    c->left -= size;
}

static void take(struct load *l, struct connection *c, const char *at, size_t size) {
    if (c->in_body) {
        take_body(l, c, at, size);
        return;
    }
    size_t before = c->got, room = HEAD_MAX - 1 - before;
    memcpy(c->head + before, at, size < room ? size : room);
    c->got += size < room ? size : room;
    c->head[c->got] = 0;
    const char *end = strstr(c->head, "\r\n\r\n");
    if (!end && size >= room) die("a head that does not end");
    if (!end) return;
    size_t in_head = (size_t)(end + 4 - c->head) - before;
    read_head(l, c, end);
    take_body(l, c, at + in_head, size - in_head);
}

/* Reads what there is; the next request follows the end of an answer at once. */
static void hear(struct load *l, struct connection *c, bool go_on) {
    static char piece[PIECE];
    for (;;) {
        int got = SSL_read(c->ssl, piece, sizeof piece);
        if (got <= 0) {
            if (SSL_get_error(c->ssl, got) != SSL_ERROR_WANT_READ) die("a connection ended");
            return;
        }
        take(l, c, piece, (size_t)got);
        if (!c->in_body || c->left) continue;
        uint64_t took = now_us() - c->since_us;
        l->times[took < SLOTS ? took : SLOTS - 1]++;
        l->answers++;
        if (!go_on) return;
        ask(l, c);
    }
}

static unsigned percentile(const struct load *l, unsigned percent) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < SLOTS; i++)
        if ((sum += l->times[i]) * 100 >= l->answers * percent) return i;
    return SLOTS;
}

static SSL_CTX *identity(const char *certificate, const char *key) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, PIECE);
    if (SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        die("the certificate or its key can't be read");
    return context;
}

int main(int count, char **words) {
    static struct connection all[CONNECTIONS_MAX];
    static struct load l;
    if (count < 7) die("expected PORT CERTIFICATE KEY SECONDS CONNECTIONS PATH [HEADER]");
    unsigned port = (unsigned)atoi(words[1]), seconds = (unsigned)atoi(words[4]), many = (unsigned)atoi(words[5]);
    l.show = !seconds;
    if (l.show) many = 1;
    if (!many || many > CONNECTIONS_MAX) die("how many connections?");
    l.request_size = snprintf(l.request, sizeof l.request, "GET %s HTTP/1.1\r\nHost: node\r\n%s%s\r\n", words[6],
                              count > 7 ? words[7] : "", count > 7 ? "\r\n" : "");
    if (l.request_size >= (int)sizeof l.request) die("the request is too long");
    signal(SIGPIPE, SIG_IGN);
    l.times = calloc(SLOTS, sizeof *l.times);
    l.poll = epoll_create1(EPOLL_CLOEXEC);
    SSL_CTX *context = identity(words[2], words[3]);
    if (!l.times || l.poll < 0) die("out of memory");
    for (unsigned i = 0; i < many; i++) begin(&l, &all[i], context, port);
    for (unsigned i = 0; i < many && !l.show; i++) fcntl(all[i].socket, F_SETFL, O_NONBLOCK);
    uint64_t start = now_us(), end = start + (uint64_t)seconds * 1000000, now = start;
    while (l.show ? !l.answers : now < end) {
        struct epoll_event ready[64];
        int some = epoll_wait(l.poll, ready, 64, 100);
        for (int i = 0; i < some; i++) hear(&l, ready[i].data.ptr, !l.show);
        now = now_us();
    }
    if (!l.show)
        printf("%.0f %u %u %llu %llu\n", (double)l.answers * 1e6 / (double)(now - start), percentile(&l, 50),
               percentile(&l, 99), (unsigned long long)l.size, (unsigned long long)l.errors);
    if (l.errors && l.show) die("the answer is none");
    free(l.times);
    return l.errors ? 1 : 0;
}

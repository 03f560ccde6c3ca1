/* Real TLS over loopback: who is let in, what is refused, and who is thrown out. */
#include "unit.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "node/client.h"
#include "node/listener.h"
#include "node/tls.h"

enum { PEER_CONNECTIONS = 8 /* as the settings have it by default */ };

struct identity {
    struct buf key, certificate;
    char pin[SHA256_HEX];
};

static struct identity server, friend, stranger;
static atomic_uint answered;

static void make(struct identity *who, const char *name) {
    struct sha256 spki;
    who->key.max = who->certificate.max = TLS_PEM_MAX;
    assert_int_equal(tls_make(text_of(name), 20000 * INSTANT_DAY, &who->key, &who->certificate, NULL), OK);
    assert_int_equal(tls_spki(buf_as_bytes(&who->certificate), &spki, NULL), OK);
    sha256_hex(&spki, who->pin);
    buf_char(&who->key, 0);
    buf_char(&who->certificate, 0);
}

static int make_all(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN); /* for what is written by hand below */
    make(&server, "server");
    make(&friend, "friend");
    make(&stranger, "stranger");
    return 0;
}

static int free_all(void **state) {
    (void)state;
    struct identity *all[] = {&server, &friend, &stranger};
    for (size_t i = 0; i < COUNT(all); i++) {
        buf_free(&all[i]->key);
        buf_free(&all[i]->certificate);
    }
    return 0;
}

static bool knows_friend(void *state, struct text pin) {
    (void)state;
    return text_is(pin, friend.pin);
}

/* Gives the body back, and says whose request it was. */
static void echo(void *state, const struct request *q, struct response *r) {
    (void)state;
    atomic_fetch_add(&answered, 1);
    response_start(r, 200, "text/plain");
    buf_format(&r->body, "%.*s %.*s %.*s ", TEXT_ARG(q->method), TEXT_ARG(q->path), TEXT_ARG(q->pin));
    buf_bytes(&r->body, q->body);
}

static struct listener *open_listener(unsigned patience_percent) {
    struct listener *l;
    struct diag d = {0};
    struct listener_options o = {.address = "127.0.0.1:0",
                                 .key = bytes_of(server.key.at, server.key.size - 1),
                                 .certificate = bytes_of(server.certificate.at, server.certificate.size - 1),
                                 .pin_known = knows_friend,
                                 .answer = echo,
                                 .patience_percent = patience_percent};
    enum error result = listener_open(&o, &l, &d);
    if (result) fprintf(stderr, "%s\n", d.text);
    assert_int_equal(result, OK);
    atomic_store(&answered, 0);
    return l;
}

static enum error call_as(struct listener *l, const struct identity *who, const char *pin, const struct request *q,
                          struct response *r) {
    char url[64];
    struct client *c;
    struct text pins = text_of(pin);
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", listener_port(l));
    struct client_options o = {.url = text_of(url),
                               .pins = {&pins, 1},
                               .key = bytes_of(who->key.at, who->key.size - 1),
                               .certificate = bytes_of(who->certificate.at, who->certificate.size - 1)};
    assert_int_equal(client_open(&o, &c, NULL), OK);
    r->body.max = RESPONSE_BODY_MAX;
    struct diag d = {0};
    enum error result = client_remote(c)->call(client_remote(c), q, r, &d);
    if (getenv("TRACE")) fprintf(stderr, "%d %u %s\n", result, r->status, d.text);
    client_close(c);
    return result;
}

static void a_friend_is_answered(void **state) {
    (void)state;
    struct listener *l = open_listener(0);
    struct response r = {0};
    struct buf body = {.max = REQUEST_BODY_MAX};
    uint8_t *room = buf_extend(&body, 5 << 20);
    memset(room, 'x', 5 << 20);
    struct request q = {.method = TEXT("PUT"), .path = TEXT("/a/b"), .body = buf_as_bytes(&body)};
    assert_int_equal(call_as(l, &friend, server.pin, &q, &r), OK);
    assert_int_equal(r.status, 200);
    assert_true(text_starts(buf_as_text(&r.body), TEXT("PUT /a/b ")));
    assert_true(text_search(text_sub(buf_as_text(&r.body), 0, 100), text_of(friend.pin)) != SIZE_MAX);
    assert_true(r.body.size > 5 << 20);
    response_free(&r);
    buf_free(&body);
    listener_close(l);
}

static void a_stranger_is_refused_before_http(void **state) {
    (void)state;
    struct listener *l = open_listener(0);
    struct response r = {0};
    struct request q = {.method = TEXT("GET"), .path = TEXT("/")};
    assert_int_equal(call_as(l, &stranger, server.pin, &q, &r), ERR_NETWORK);
    assert_int_equal(atomic_load(&answered), 0);
    response_free(&r);
    listener_close(l);
}

static void an_impostor_gets_no_request(void **state) {
    (void)state;
    struct listener *l = open_listener(0);
    struct response r = {0};
    struct request q = {.method = TEXT("GET"), .path = TEXT("/")};
    assert_int_equal(call_as(l, &friend, stranger.pin, &q, &r), ERR_NETWORK);
    assert_int_equal(atomic_load(&answered), 0);
    response_free(&r);
    listener_close(l);
}

static void without_a_pin_there_is_no_client(void **state) {
    (void)state;
    struct client *c;
    struct client_options o = {
        .url = TEXT("https://127.0.0.1:1"), .key = bytes_of("", 0), .certificate = bytes_of("", 0)};
    assert_int_equal(client_open(&o, &c, NULL), ERR_NO_KEY);
    struct text pin = text_of(server.pin);
    o.pins = (struct names){&pin, 1};
    o.url = TEXT("http://127.0.0.1:1");
    assert_int_equal(client_open(&o, &c, NULL), ERR_INPUT);
}

/* ---- by hand */

struct hand {
    int socket;
    SSL_CTX *context;
    SSL *ssl;
};

static int connect_tcp(struct listener *l) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(l))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(s, (struct sockaddr *)&to, sizeof to), 0);
    struct timeval patience = {20, 0};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return s;
}

/* False where the handshake, or the alert that follows it in TLS 1.3, says no. */
static bool take_hand(struct listener *l, const struct identity *who, int version, struct hand *h) {
    h->socket = connect_tcp(l);
    h->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(h->context, version);
    SSL_CTX_set_max_proto_version(h->context, version);
    if (who) {
        BIO *key = BIO_new_mem_buf(who->key.at, -1), *certificate = BIO_new_mem_buf(who->certificate.at, -1);
        X509 *x = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
        EVP_PKEY *k = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
        SSL_CTX_use_certificate(h->context, x);
        SSL_CTX_use_PrivateKey(h->context, k);
        X509_free(x);
        EVP_PKEY_free(k);
        BIO_free(key);
        BIO_free(certificate);
    }
    h->ssl = SSL_new(h->context);
    SSL_set_fd(h->ssl, h->socket);
    return SSL_connect(h->ssl) == 1;
}

static void leave(struct hand *h) {
    SSL_free(h->ssl);
    SSL_CTX_free(h->context);
    close(h->socket);
}

/* Sends text and reads the status of the answer; 0: closed without one. */
static unsigned status_of(struct hand *h, const char *text) {
    char answer[64] = "";
    unsigned status = 0;
    if (SSL_write(h->ssl, text, (int)strlen(text)) <= 0) return 0;
    if (SSL_read(h->ssl, answer, sizeof answer - 1) <= 0) return 0;
    return sscanf(answer, "HTTP/1.1 %u", &status) == 1 ? status : 0;
}

#define REQUEST(line, headers) line " HTTP/1.1\r\nHost: node\r\n" headers "\r\n"

static void no_certificate_and_no_old_version(void **state) {
    (void)state;
    struct listener *l = open_listener(0);
    struct hand h;
    bool connected = take_hand(l, NULL, TLS1_3_VERSION, &h);
    assert_true(!connected || status_of(&h, REQUEST("GET /", "")) == 0);
    leave(&h);
    assert_false(take_hand(l, &friend, TLS1_2_VERSION, &h));
    leave(&h);
    assert_int_equal(atomic_load(&answered), 0);
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &h));
    assert_int_equal(status_of(&h, REQUEST("GET /", "")), 200);
    leave(&h);
    listener_close(l);
}

static void ambiguous_requests_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *request;
        unsigned status; /* 0: closed, or any refusal */
    } rows[] = {
        {REQUEST("POST /", "Content-Length: 3\r\nContent-Length: 4\r\n"), 400},
        {REQUEST("POST /", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 0},
        {REQUEST("POST /", "Transfer-Encoding: gzip\r\n"), 0},
        {REQUEST("POST /", "Transfer-Encoding: chunked\r\n"), 411},
        {REQUEST("POST /", "Content-Length: 99999999999\r\n"), 413},
        {REQUEST("POST /", "Content-Length: 3\r\nContent-Encoding: br\r\n"), 415},
        {REQUEST("GET /a?b=c", ""), 400},
        {REQUEST("GET /a%00b", ""), 400},
        {REQUEST("GET /", "Range: bytes=0-1\r\nRange: bytes=2-3\r\n"), 400},
        {"GET / HTTP/1.1\r\n\r\n", 0}, /* without Host */
        {"nonsense\r\n\r\n", 0},
    };
    struct listener *l = open_listener(0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hand h;
        assert_true(take_hand(l, &friend, TLS1_3_VERSION, &h));
        unsigned status = status_of(&h, rows[i].request);
        if (rows[i].status)
            assert_int_equal(status, rows[i].status);
        else
            assert_true(status == 0 || status >= 400);
        leave(&h);
    }
    assert_int_equal(atomic_load(&answered), 0);
    listener_close(l);
}

static bool closes_within(int socket, int milliseconds) {
    char byte;
    struct pollfd at = {.fd = socket, .events = POLLIN};
    return poll(&at, 1, milliseconds) == 1 && recv(socket, &byte, 1, MSG_DONTWAIT) <= 0;
}

static void who_hangs_is_thrown_out(void **state) {
    (void)state;
    struct listener *l = open_listener(3); /* handshake 0.6 s, idle 1.8 s */
    int silent = connect_tcp(l), half = connect_tcp(l);
    static const unsigned char hello_begins[] = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01};
    assert_int_equal(send(half, hello_begins, sizeof hello_begins, 0), sizeof hello_begins);
    assert_true(closes_within(silent, 5000));
    assert_true(closes_within(half, 5000));
    close(silent);
    close(half);
    /* A body that comes by drops, each soon after the last. */
    struct hand h;
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &h));
    static const char head[] = REQUEST("POST /", "Content-Length: 1000\r\n");
    assert_true(SSL_write(h.ssl, head, sizeof head - 1) > 0);
    unsigned drops = 0;
    while (drops < 100 && SSL_write(h.ssl, "x", 1) > 0) {
        drops++;
        usleep(100000);
    }
    assert_true(drops < 60);
    leave(&h);
    assert_int_equal(atomic_load(&answered), 0);
    listener_close(l);
}

/* ---- peers that hang while one calls them */

/* A GET of what hears at that port, by a client of little patience; gives the seconds that it took. */
static unsigned seconds_until_given_up(unsigned port) {
    char url[64];
    struct client *c;
    struct response r = {.body = {.max = 1000}};
    struct request q = {.method = TEXT("GET"), .path = TEXT("/x")};
    struct text pin = text_of(server.pin);
    struct timespec from, to;
    struct diag d = {0};
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", port);
    struct client_options o = {.url = text_of(url),
                               .pins = {&pin, 1},
                               .key = bytes_of(friend.key.at, friend.key.size - 1),
                               .certificate = bytes_of(friend.certificate.at, friend.certificate.size - 1),
                               .patience_percent = 4};
    assert_int_equal(client_open(&o, &c, NULL), OK);
    clock_gettime(CLOCK_MONOTONIC, &from);
    assert_int_equal(client_remote(c)->call(client_remote(c), &q, &r, &d), ERR_NETWORK);
    clock_gettime(CLOCK_MONOTONIC, &to);
    assert_true(d.text[0]);
    client_close(c);
    response_free(&r);
    return (unsigned)(to.tv_sec - from.tv_sec);
}

/* It takes the connection and never says a word. */
static void who_says_nothing_is_given_up(void **state) {
    (void)state;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int silent = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(silent, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(silent, 8), 0);
    assert_int_equal(getsockname(silent, (struct sockaddr *)&at, &size), 0);
    assert_true(seconds_until_given_up(ntohs(at.sin_port)) < 5);
    close(silent);
}

static atomic_bool hung;
static void hang(void *state, const struct request *q, struct response *r) {
    while (atomic_load(&hung)) usleep(20000);
    echo(state, q, r);
}

/* It takes the request and never answers. */
static void who_never_answers_is_given_up(void **state) {
    (void)state;
    struct listener *l;
    struct listener_options o = {.address = "127.0.0.1:0",
                                 .key = bytes_of(server.key.at, server.key.size - 1),
                                 .certificate = bytes_of(server.certificate.at, server.certificate.size - 1),
                                 .pin_known = knows_friend,
                                 .answer = hang};
    atomic_store(&hung, true);
    assert_int_equal(listener_open(&o, &l, NULL), OK);
    assert_true(seconds_until_given_up(listener_port(l)) < 8);
    atomic_store(&hung, false);
    listener_close(l);
}

static void one_peer_has_no_more_than_its_share(void **state) {
    (void)state;
    struct listener *l = open_listener(0);
    struct hand hands[PEER_CONNECTIONS + 1];
    unsigned let_in = 0;
    for (size_t i = 0; i < COUNT(hands); i++)
        if (take_hand(l, &friend, TLS1_3_VERSION, &hands[i]) && status_of(&hands[i], REQUEST("GET /", "")) == 200)
            let_in++;
    assert_int_equal(let_in, PEER_CONNECTIONS);
    for (size_t i = 0; i < COUNT(hands); i++) leave(&hands[i]);
    listener_close(l);
}

static struct listener *open_with(const struct node_settings *s) {
    struct listener *l = open_listener(0);
    listener_set(l, s);
    return l;
}

static uint64_t refusals(struct listener *l, enum refusal why) {
    struct listener_counts counts;
    listener_count(l, &counts);
    return counts.refusals[why];
}

/* The same, and takes the rest of the answer off, so that the connection can be asked again. */
static unsigned whole_status_of(struct hand *h, const char *text) {
    char rest[4096];
    unsigned status = status_of(h, text);
    struct pollfd at = {.fd = h->socket, .events = POLLIN};
    while (status && (SSL_pending(h->ssl) || poll(&at, 1, 100) == 1))
        if (SSL_read(h->ssl, rest, sizeof rest) <= 0) break;
    return status;
}

static void a_minute_of_requests_is_refused_beyond_its_share(void **state) {
    (void)state;
    struct node_settings s = node_settings_default();
    s.requests_minute = 2;
    struct listener *l = open_with(&s);
    struct hand h;
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &h));
    assert_int_equal(whole_status_of(&h, REQUEST("GET /", "")), 200);
    assert_int_equal(whole_status_of(&h, REQUEST("GET /", "")), 200);
    assert_int_equal(whole_status_of(&h, REQUEST("GET /", "")), 429);
    leave(&h);
    assert_int_equal(refusals(l, REFUSED_RATE), 1);
    assert_int_equal(atomic_load(&answered), 2);
    listener_close(l);
}

/* The body of the first does not come; what it announced counts. */
static void bodies_under_way_share_a_counterpartys_memory(void **state) {
    (void)state;
    struct node_settings s = node_settings_default();
    s.peer_bytes = 1500000;
    struct listener *l = open_with(&s);
    struct hand first, second;
    static const char head[] = REQUEST("POST /", "Content-Length: 1000000\r\n");
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &first));
    assert_true(SSL_write(first.ssl, head, sizeof head - 1) > 0);
    usleep(300000);
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &second));
    assert_int_equal(whole_status_of(&second, head), 503);
    leave(&second);
    leave(&first);
    usleep(300000);
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &second)); /* and is free again with the connection */
    assert_int_equal(whole_status_of(&second, REQUEST("GET /", "")), 200);
    leave(&second);
    assert_int_equal(refusals(l, REFUSED_MEMORY), 1);
    listener_close(l);
}

static void the_oldest_of_a_silent_crowd_goes(void **state) {
    (void)state;
    struct node_settings s = node_settings_default();
    s.handshakes = 4;
    struct listener *l = open_with(&s);
    int crowd[6];
    struct hand h;
    for (size_t i = 0; i < COUNT(crowd); i++) {
        crowd[i] = connect_tcp(l);
        usleep(50000); /* so that each is older than the next */
    }
    assert_true(closes_within(crowd[0], 2000));
    assert_true(closes_within(crowd[1], 2000));
    assert_false(closes_within(crowd[5], 200));
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &h));
    assert_int_equal(whole_status_of(&h, REQUEST("GET /", "")), 200);
    assert_true(closes_within(crowd[2], 2000));
    assert_int_equal(refusals(l, REFUSED_HANDSHAKES), 3);
    leave(&h);
    for (size_t i = 0; i < COUNT(crowd); i++) close(crowd[i]);
    listener_close(l);
}

static void server_pin(struct hand *h, char out[static SHA256_HEX]) {
    X509 *x = SSL_get1_peer_certificate(h->ssl);
    unsigned char *der = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
    struct sha256 spki = sha256_of(bytes_of(der, (size_t)size));
    sha256_hex(&spki, out);
    OPENSSL_free(der);
    X509_free(x);
}

static void a_new_certificate_is_shown_and_open_connections_go_on(void **state) {
    (void)state;
    struct listener *l = open_listener(0);
    struct hand before, after;
    char pin[SHA256_HEX];
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &before));
    assert_int_equal(whole_status_of(&before, REQUEST("GET /", "")), 200);
    struct bytes none = bytes_of("none", 4);
    assert_int_equal(listener_set_tls(l, none, none, NULL), ERR_INPUT);
    assert_int_equal(listener_set_tls(l, bytes_of(stranger.key.at, stranger.key.size - 1),
                                      bytes_of(stranger.certificate.at, stranger.certificate.size - 1), NULL),
                     OK);
    assert_int_equal(whole_status_of(&before, REQUEST("GET /", "")), 200);
    assert_true(take_hand(l, &friend, TLS1_3_VERSION, &after));
    assert_int_equal(whole_status_of(&after, REQUEST("GET /", "")), 200);
    server_pin(&before, pin);
    assert_string_equal(pin, server.pin);
    server_pin(&after, pin);
    assert_string_equal(pin, stranger.pin);
    leave(&before);
    leave(&after);
    listener_close(l);
}

/* ---- turns */

static atomic_uint at_work, most_at_work;

static bool knows_two(void *state, struct text pin) {
    (void)state;
    return text_is(pin, friend.pin) || text_is(pin, stranger.pin);
}

static bool answer_at_once(void *state, const struct request *q, struct response *r) {
    (void)state;
    if (!text_is(q->path, "/kept")) return false;
    response_start(r, 200, "text/plain");
    return true;
}

static void answer_slowly(void *state, const struct request *q, struct response *r) {
    (void)state, (void)q;
    unsigned now = atomic_fetch_add(&at_work, 1) + 1, most = atomic_load(&most_at_work);
    while (now > most && !atomic_compare_exchange_weak(&most_at_work, &most, now)) {
    }
    usleep(200000);
    atomic_fetch_sub(&at_work, 1);
    response_start(r, 201, "text/plain");
}

static void send_text(struct hand *h, const char *text) {
    assert_int_equal(SSL_write(h->ssl, text, (int)strlen(text)), (int)strlen(text));
}

static unsigned status_heard(struct hand *h) {
    char answer[256] = "";
    unsigned status = 0;
    assert_true(SSL_read(h->ssl, answer, sizeof answer - 1) > 0);
    assert_int_equal(sscanf(answer, "HTTP/1.1 %u", &status), 1);
    return status;
}

/* However many connections a counterparty has, one of its requests is at work at a time; others go beside it, and what
 * needs no work does not wait. */
static void a_counterparty_takes_turns_with_itself(void **state) {
    (void)state;
    struct listener *l;
    struct hand h[4];
    const struct identity *const who[] = {&friend, &friend, &friend, &stranger};
    struct listener_options o = {.address = "127.0.0.1:0",
                                 .key = bytes_of(server.key.at, server.key.size - 1),
                                 .certificate = bytes_of(server.certificate.at, server.certificate.size - 1),
                                 .pin_known = knows_two,
                                 .answer_kept = answer_at_once,
                                 .answer = answer_slowly};
    assert_int_equal(listener_open(&o, &l, NULL), OK);
    for (int i = 0; i < 4; i++) assert_true(take_hand(l, who[i], TLS1_3_VERSION, &h[i]));
    for (int i = 0; i < 2; i++) send_text(&h[i], REQUEST("GET /", ""));
    usleep(50000);
    send_text(&h[2], REQUEST("GET /kept", ""));
    assert_int_equal(status_heard(&h[2]), 200);
    assert_int_equal(atomic_load(&at_work), 1);
    for (int i = 0; i < 2; i++) assert_int_equal(status_heard(&h[i]), 201);
    assert_int_equal(atomic_load(&most_at_work), 1);
    for (int i = 0; i < 4; i++) send_text(&h[i], REQUEST("GET /", ""));
    for (int i = 0; i < 4; i++) assert_int_equal(status_heard(&h[i]), 201);
    assert_int_equal(atomic_load(&most_at_work), 2);
    for (int i = 0; i < 4; i++) leave(&h[i]);
    listener_close(l);
}

static void a_unix_socket_is_its_owners_alone(void **state) {
    (void)state;
    struct listener *l;
    struct client *c;
    struct stat about;
    struct response r = {.body = {.max = 1000}};
    struct listener_options o = {.socket = "parley-test-socket", .answer = echo};
    assert_int_equal(listener_open(&o, &l, NULL), OK);
    assert_int_equal(stat("parley-test-socket", &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    struct client_options to = {.socket = "parley-test-socket"};
    struct request q = {.method = TEXT("GET"), .path = TEXT("/desk/public")};
    assert_int_equal(client_open(&to, &c, NULL), OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(client_remote(c)->call(client_remote(c), &q, &r, NULL), OK);
        assert_true(text_starts(buf_as_text(&r.body), TEXT("GET /desk/public  ")));
    }
    client_close(c);
    response_free(&r);
    listener_close(l);
    assert_int_not_equal(stat("parley-test-socket", &about), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_friend_is_answered),
        cmocka_unit_test(a_stranger_is_refused_before_http),
        cmocka_unit_test(an_impostor_gets_no_request),
        cmocka_unit_test(without_a_pin_there_is_no_client),
        cmocka_unit_test(no_certificate_and_no_old_version),
        cmocka_unit_test(ambiguous_requests_are_refused),
        cmocka_unit_test(who_hangs_is_thrown_out),
        cmocka_unit_test(who_says_nothing_is_given_up),
        cmocka_unit_test(who_never_answers_is_given_up),
        cmocka_unit_test(one_peer_has_no_more_than_its_share),
        cmocka_unit_test(a_minute_of_requests_is_refused_beyond_its_share),
        cmocka_unit_test(bodies_under_way_share_a_counterpartys_memory),
        cmocka_unit_test(the_oldest_of_a_silent_crowd_goes),
        cmocka_unit_test(a_new_certificate_is_shown_and_open_connections_go_on),
        cmocka_unit_test(a_counterparty_takes_turns_with_itself),
        cmocka_unit_test(a_unix_socket_is_its_owners_alone),
    };
    return cmocka_run_group_tests(tests, make_all, free_all);
}

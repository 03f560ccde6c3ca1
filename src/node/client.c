#include "node/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/codec.h"
#include "base/os.h"
#include "node/date.h"

enum {
    CONNECT_SECONDS = 10,
    STALL_SECONDS = 30, /* below STALL_BYTES a second for so long: given up */
    STALL_BYTES = 1024,
    WHOLE_SECONDS = 600,     /* of one request */
    OWN_NODE_SECONDS = 3600, /* of one request to one's own node, which may exchange with many meanwhile */
    URL_MAX = 2048,
    PINS_MAX = 16,
};

struct client {
    CURL *curl;
    struct remote remote;
    char base[URL_MAX];
    struct text authorization, accept;
    const atomic_bool *stop;
    uint64_t until_ms;         /* of the clock that only goes forward; 0: without end */
    struct response *response; /* of the request under way */
    char words[CURL_ERROR_SIZE];
};

static pthread_once_t started = PTHREAD_ONCE_INIT;
static void start_curl(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

/* ---- what comes back */

static size_t take_body(char *at, size_t size, size_t count, void *state) {
    struct client *c = state;
    buf_bytes(&c->response->body, bytes_of(at, size * count));
    return c->response->body.failed ? 0 : size * count;
}

static void take_value(struct text line, const char *name, char out[static HEADER_VALUE_MAX]) {
    size_t size = strlen(name);
    if (line.size <= size || strncasecmp(line.at, name, size) != 0) return;
    struct text value = text_sub(line, size, line.size);
    while (value.size && (unsigned char)value.at[value.size - 1] <= ' ') value.size--;
    value = text_trim(value);
    if (value.size < HEADER_VALUE_MAX) snprintf(out, HEADER_VALUE_MAX, "%.*s", TEXT_ARG(value));
}

/* The other clock, by what its HTTP says: to a second, and late by the way of the answer. */
static void take_date(struct response *r, struct text line) {
    char date[HEADER_VALUE_MAX] = "";
    take_value(line, "Date:", date);
    if (http_date_ahead(date, os_now(), &r->ahead)) r->dated = true;
}

static size_t take_header(char *at, size_t size, size_t count, void *state) {
    struct client *c = state;
    struct text line = {at, size * count};
    take_value(line, "Content-Type:", c->response->content_type);
    take_value(line, "Content-Range:", c->response->content_range);
    take_date(c->response, line);
    return line.size;
}

static uint64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int look_up(void *state, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    const struct client *client = state;
    return (client->stop && atomic_load(client->stop)) || (client->until_ms && clock_ms() > client->until_ms);
}

/* ---- one request */

/* A connection that the other side closed raises SIGPIPE under OpenSSL.  It is held back in this thread alone, so that
 * the rest of the program keeps its own way with it. */
static CURLcode perform(CURL *curl) {
    sigset_t pipe, before, pending;
    struct timespec none = {0, 0};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    CURLcode code = curl_easy_perform(curl);
    if (!was_pending) sigtimedwait(&pipe, NULL, &none);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, struct text value) {
    char line[HEADER_VALUE_MAX + 64];
    if (!value.size) return list;
    snprintf(line, sizeof line, "%s: %.*s", name, TEXT_ARG(value));
    struct curl_slist *more = curl_slist_append(list, line);
    return more ? more : list;
}

static enum error call(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct client *c = self->state;
    char url[URL_MAX + REQUEST_PATH_MAX], method[16], date[HTTP_DATE_MAX];
    struct curl_slist *headers = NULL;
    response_start(r, 0, "");
    if (c->until_ms && clock_ms() > c->until_ms)
        return fail(d, ERR_NETWORK, _("%s: this exchange has taken its time; what is left goes on with the next"),
                    c->base);
    snprintf(url, sizeof url, "%s%.*s", c->base, TEXT_ARG(q->path));
    snprintf(method, sizeof method, "%.*s", TEXT_ARG(q->method));
    headers = add_header(headers, "Date", text_of(http_date_write(os_now(), date)));
    headers = add_header(headers, "Content-Type", q->content_type);
    headers = add_header(headers, "Content-Range", q->content_range);
    headers = add_header(headers, "Content-Encoding", q->content_encoding);
    headers = add_header(headers, "Range", q->range);
    headers = add_header(headers, "Authorization", c->authorization);
    headers = add_header(headers, "Accept", c->accept);
    c->response = r;
    bool get = text_is(q->method, "GET");
    curl_easy_setopt(c->curl, CURLOPT_URL, url);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c->curl, get ? CURLOPT_HTTPGET : CURLOPT_POST, 1L);
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
    if (!get) {
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, q->body.size ? (const char *)q->body.at : "");
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.size);
    }
    c->words[0] = 0;
    CURLcode code = perform(c->curl);
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    r->status = (unsigned)status;
    if (code == CURLE_OK) return OK;
    return fail(d, ERR_NETWORK, "%s: %s", c->base, c->words[0] ? c->words : curl_easy_strerror(code));
}

/* ---- opening */

/* "sha256//<base64>;…": any one of them fits. */
static enum error write_pins(struct names pins, struct buf *out, struct diag *d) {
    for (size_t i = 0; i < pins.count && i < PINS_MAX; i++) {
        struct sha256 pin;
        if (!sha256_read_hex(pins.at[i], &pin))
            return fail(d, ERR_INPUT, _("expected a SHA-256 in hexadecimal as pin"));
        buf_string(out, i ? ";sha256//" : "sha256//");
        buf_base64(out, sha256_bytes(&pin), BASE64_PADDED);
    }
    buf_char(out, 0);
    return buf_check(out, d);
}

static enum error set_tls(struct client *c, const struct client_options *o, struct diag *d) {
    if (!o->pins.count) return fail(d, ERR_NO_KEY, _("no TLS pin of the counterparty is known"));
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);
    if (!about->ssl_version || strncmp(about->ssl_version, "OpenSSL", 7) != 0)
        return fail(d, ERR_INTERNAL, _("this libcurl was not built with OpenSSL"));
    struct buf pins = {.max = PINS_MAX * 64};
    enum error result = write_pins(o->pins, &pins, d);
    struct curl_blob key = {(void *)(uintptr_t)o->key.at, o->key.size, CURL_BLOB_NOCOPY};
    struct curl_blob certificate = {(void *)(uintptr_t)o->certificate.at, o->certificate.size, CURL_BLOB_NOCOPY};
    bool set = !result && !curl_easy_setopt(c->curl, CURLOPT_PINNEDPUBLICKEY, (const char *)pins.at) &&
               !curl_easy_setopt(c->curl, CURLOPT_SSLKEY_BLOB, &key) &&
               !curl_easy_setopt(c->curl, CURLOPT_SSLCERT_BLOB, &certificate) &&
               !curl_easy_setopt(c->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3) &&
               !curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYPEER, 0L) &&
               !curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYHOST, 0L) &&
               !curl_easy_setopt(c->curl, CURLOPT_ACCEPT_ENCODING, "gzip") &&
               !curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "https");
    buf_free(&pins);
    return result ? result : set ? OK : fail(d, ERR_INTERNAL, _("libcurl refused an option"));
}

/* One's own node may be silent for long, as it waits for others. */
static bool set_patience(struct client *c, const struct client_options *o) {
    long percent = o->patience_percent ? (long)o->patience_percent : 100;
    long stall = STALL_SECONDS * percent / 100, whole = o->socket ? OWN_NODE_SECONDS : WHOLE_SECONDS;
    if (!stall) stall = 1; /* libcurl counts it in seconds, and 0 as for ever */
    return !curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_SECONDS * percent * 10) &&
           !curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, whole * percent * 10) &&
           !curl_easy_setopt(c->curl, CURLOPT_LOW_SPEED_LIMIT, (long)(o->socket ? 0 : STALL_BYTES)) &&
           !curl_easy_setopt(c->curl, CURLOPT_LOW_SPEED_TIME, o->socket ? 0 : stall);
}

static bool set_common(struct client *c, const struct client_options *o) {
    return set_patience(c, o) && !curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->words) &&
           !curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L) && !curl_easy_setopt(c->curl, CURLOPT_FOLLOWLOCATION, 0L) &&
           !curl_easy_setopt(c->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           !curl_easy_setopt(c->curl, CURLOPT_PROXY, "") && !curl_easy_setopt(c->curl, CURLOPT_NETRC, 0L) &&
           !curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body) &&
           !curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c) &&
           !curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_header) &&
           !curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c) && !curl_easy_setopt(c->curl, CURLOPT_NOPROGRESS, 0L) &&
           !curl_easy_setopt(c->curl, CURLOPT_XFERINFOFUNCTION, look_up) &&
           !curl_easy_setopt(c->curl, CURLOPT_XFERINFODATA, c);
}

/* Names and chains are checked, as libcurl does unless it is told otherwise. */
static enum error set_authorities(struct client *c, const struct client_options *o, struct text url, struct diag *d) {
    struct curl_blob trusted = {(void *)(uintptr_t)o->authorities.at, o->authorities.size, CURL_BLOB_COPY};
    if (!text_starts(url, TEXT("https://")) || url.size >= URL_MAX)
        return fail(d, ERR_INPUT, _("expected an address https://…, found “%.*s”"), TEXT_ARG(text_first(url, 200)));
    snprintf(c->base, sizeof c->base, "%.*s", TEXT_ARG(url));
    bool set = !curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "https") &&
               !curl_easy_setopt(c->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (set && o->authorities.size)
        set = !curl_easy_setopt(c->curl, CURLOPT_CAINFO_BLOB, &trusted) &&
              !curl_easy_setopt(c->curl, CURLOPT_CAPATH, NULL);
    return set ? OK : fail(d, ERR_INTERNAL, _("libcurl refused an option"));
}

static enum error set_place(struct client *c, const struct client_options *o, struct diag *d) {
    struct text url = o->url;
    if (o->socket) {
        snprintf(c->base, sizeof c->base, "http://node");
        return curl_easy_setopt(c->curl, CURLOPT_UNIX_SOCKET_PATH, o->socket)
                   ? fail(d, ERR_INTERNAL, _("libcurl refused an option"))
                   : OK;
    }
    while (url.size && url.at[url.size - 1] == '/') url.size--;
    if (o->anybody && o->encrypted) return set_authorities(c, o, url, d);
    if (o->anybody) {
        snprintf(c->base, sizeof c->base, "%.*s", TEXT_ARG(url));
        return url.size < URL_MAX && !curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "http,https")
                   ? OK
                   : fail(d, ERR_INPUT, _("expected an address http://… or https://…, found “%.*s”"), TEXT_ARG(url));
    }
    if (!text_starts(url, TEXT("https://")) || url.size >= URL_MAX)
        return fail(d, ERR_INPUT, _("expected an address https://…, found “%.*s”"), TEXT_ARG(url));
    snprintf(c->base, sizeof c->base, "%.*s", TEXT_ARG(url));
    return set_tls(c, o, d);
}

enum error client_open(const struct client_options *o, struct client **out, struct diag *d) {
    pthread_once(&started, start_curl);
    struct client *c = calloc(1, sizeof *c);
    if (!c || !(c->curl = curl_easy_init())) {
        free(c);
        return fail(d, ERR_MEMORY, _("out of memory"));
    }
    c->remote = (struct remote){call, c};
    c->stop = o->stop;
    c->authorization = o->authorization;
    c->accept = o->accept;
    if (o->whole_s) c->until_ms = clock_ms() + (uint64_t)o->whole_s * 1000;
    enum error result = set_common(c, o) ? set_place(c, o, d) : fail(d, ERR_INTERNAL, _("libcurl refused an option"));
    if (result)
        client_close(c);
    else
        *out = c;
    return result;
}

void client_close(struct client *c) {
    if (!c) return;
    curl_easy_cleanup(c->curl);
    free(c);
}

struct remote *client_remote(struct client *c) {
    return &c->remote;
}

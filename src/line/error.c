/* The error logs of Apache and nginx.
 *
 *     [Sat Jul 20 21:34:49.453232 2013] [auth_basic:error] [pid 17] [client 192.0.2.17:51380] AH01617: user a: …
 *     2012/04/09 11:53:29 [error] 28#0: *6 user "a": password mismatch, client: 192.0.2.17, server: x, request: "…"
 *
 * Apache's lines may also come through syslog, without their time.  A failed login is `brute-force`; a missing or
 * denied file that only scanners ask for, and a request that is none, are `scanner`; what the rules of access logs know
 * of an attempt holds here, too.
 *
 * Apache puts the client before the message.  nginx puts it behind, before what the client asked, and what is logged of
 * users and requests is a stranger's and not escaped: two places that differ are REASON_SOURCES. */
#include <string.h>
#include <strings.h>

#include "line/combined.h"
#include "line/host.h"
#include "line/readers.h"
#include "line/syslog.h"

struct told { /* by a line */
    struct text client, message;
};

struct rule {
    const char *start, *also; /* the message begins with one and holds the other, if there is one */
    bool path;                /* it is an event only where the path is a scanner's */
    const char *event;        /* NULL: none */
};
static const char login[] = "brute-force", probe[] = "scanner", known[] = "ids-alert", flood[] = "dos";
static const struct rule apache_rules[] = {
    {"user ", " not found", false, login},
    {"user ", ": authentication failure for ", false, login},
    {"user ", ": password mismatch", false, login},
    {"user ", ": authorization failure for ", false, login},
    {"Authorization of user ", " failed", false, login},
    {"client used wrong authentication scheme", NULL, false, login},
    {"invalid qop ", " received", false, login},
    {"invalid nonce ", " received - length is not ", false, login},
    {"invalid nonce ", " received - user attempted time travel", false, login},
    {"realm mismatch - got ", " but expected ", false, login},
    {"unknown algorithm ", " received", false, login},
    {"File does not exist: ", NULL, true, probe},
    {"script ", "not found or unable to stat", true, probe},
    {"client denied by server configuration: ", "/.ht", false, NULL}, /* what a page refers to by mistake */
    {"client denied by server configuration: ", NULL, false, probe},
    {"Hostname ", " provided via SNI", false, probe},
    {"No hostname was provided via SNI", NULL, false, probe},
    {"Got error 'Primary script unknown", NULL, false, probe},
    {"request failed: URI too long", NULL, false, probe},
    {"Invalid URI in request ", NULL, false, probe},
    {"Invalid method in request ", NULL, false, probe},
    {"request failed: erroneous characters", NULL, false, probe},
    {"/", "ignoring function definition attempt", false, known}, /* Shellshock, as bash says */
    {"/", "error importing function definition", false, known},
};
static const struct rule nginx_rules[] = {
    {"user \"", "password mismatch", false, login},
    {"user \"", "was not found in", false, login},
    {"open() \"", "(2: No such file or directory)", true, probe},
    {"access forbidden by rule", NULL, true, probe},
    {"SSL_do_handshake() failed (SSL: error:", " too long)", false, probe},
    {"SSL_do_handshake() failed (SSL: error:", " too short)", false, probe},
    {"limiting requests, excess: ", NULL, false, flood},
};

/* The end of a path that scanners try, in a folder of a server's files: a mailer, a database's page.  A script of that
 * name is more likely to be one that was there. */
static bool is_looked_for(struct text path) {
    static const char *const names[] = {"pma",     "phpmyadmin", "myadmin",   "webmail", "vwebmail", "v-webmail",
                                        "extmail", "mail",       "roundcube", "horde",   "azenv.php"};
    struct text whole = text_sub(path, 0, text_find(path, '\''));
    if (!whole.size && path.size) whole = text_sub(path, 1, 1 + text_find(text_sub(path, 1, path.size), '\''));
    size_t at = whole.size;
    while (at && whole.at[at - 1] != '/') at--;
    struct text last = text_sub(whole, at, whole.size);
    for (size_t i = 0; i < COUNT(names); i++) {
        struct text name = text_of(names[i]);
        if (last.size >= name.size && !strncasecmp(last.at, names[i], name.size) &&
            (!text_ends(last, TEXT(".php")) || last.size == name.size))
            return true;
    }
    return false;
}

static const char *find_event(const struct visit_search *v, struct text message, const struct rule *rules,
                              size_t count) {
    text_skip(&message, TEXT("Digest: ")); /* as Apache 2.2 begins what its later versions number */
    for (size_t i = 0; i < count; i++) {
        struct text rest = message;
        if (!text_skip(&rest, text_of(rules[i].start))) continue;
        if (rules[i].also && text_search(rest, text_of(rules[i].also)) == SIZE_MAX) continue;
        const char *tried = rules[i].event == login ? NULL : target_event(v, rest);
        if (tried) return tried;
        if (!rules[i].path || target_is_well_known(v, rest) || is_looked_for(rest)) return rules[i].event;
    }
    return NULL;
}

/* `[…]`, in which an address may have brackets of its own. */
static bool take_brackets(struct text *t, struct text *inside) {
    struct text rest = *t;
    if (!text_skip(&rest, TEXT("["))) return false;
    size_t end = text_find(rest, ']');
    if (text_starts(rest, TEXT("client [")) && end + 1 < rest.size) {
        struct text more = text_sub(rest, end + 1, rest.size);
        end += 1 + text_find(more, ']');
    }
    if (end >= rest.size) return false;
    *inside = text_sub(rest, 0, end);
    *t = text_sub(rest, end + 1, rest.size);
    text_skip(t, TEXT(" "));
    return true;
}

/* `AH01617: ` */
static void skip_number(struct text *t) {
    size_t digits = 2;
    if (!text_starts(*t, TEXT("AH"))) return;
    while (digits < t->size && t->at[digits] >= '0' && t->at[digits] <= '9') digits++;
    struct text rest = text_sub(*t, digits, t->size);
    if (text_skip(&rest, TEXT(": "))) *t = rest;
}

/* What follows the time.  A bracket behind the client's is the message's. */
static enum reason read_apache(struct text t, struct told *out) {
    struct text inside;
    if (!t.size || t.at[0] != '[') return REASON_FORM;
    while (!out->client.size && take_brackets(&t, &inside))
        if (text_skip(&inside, TEXT("client "))) out->client = inside;
    skip_number(&t);
    size_t referer = text_search(t, TEXT(", referer: "));
    out->message = referer == SIZE_MAX ? t : text_sub(t, 0, referer);
    return REASON_FACT;
}

static enum reason add_client(struct told *out, struct text client) {
    if (out->client.size && !text_equal(out->client, client)) return REASON_SOURCES;
    out->client = client;
    return REASON_FACT;
}

/* ` [error] 28#0: *6 MESSAGE, client: H, server: …` */
static enum reason read_nginx(struct text t, struct told *out) {
    static const struct text mark = {", client: ", 10};
    struct text level, process;
    if (!text_skip(&t, TEXT(" [")) || !text_cut(&t, ']', &level) || !text_skip(&t, TEXT(" ")) ||
        !text_cut(&t, ' ', &process) || !text_ends(process, TEXT(":")))
        return REASON_FORM;
    struct text connection, rest = t;
    if (text_skip(&rest, TEXT("*")) && text_cut(&rest, ' ', &connection)) t = rest;
    out->message = t;
    rest = t;
    for (size_t at; (at = text_search(rest, mark)) != SIZE_MAX;) {
        if (!out->client.size) out->message = text_sub(rest, 0, at);
        rest = text_sub(rest, at + mark.size, rest.size);
        if (add_client(out, text_sub(rest, 0, text_find(rest, ',')))) return REASON_SOURCES;
    }
    return REASON_FACT;
}

/* `192.0.2.17`, `192.0.2.17:51380`, `[2001:db8::1]:51548` or a bare IPv6 address. */
static enum reason keep_client(struct text t, struct observation *out) {
    size_t colon = t.size;
    while (colon && t.at[colon - 1] != ':') colon--;
    bool split = colon > 1 && (t.at[0] == '[' || text_find(t, ':') == colon - 1);
    if (split && port_read(text_sub(t, colon, t.size), &out->src_port)) {
        out->known |= KNOWN_SRC_PORT;
        t.size = colon - 1;
    }
    enum reason reason = host_read(t, &out->src);
    out->known = reason ? 0 : out->known | KNOWN_SRC;
    out->protocol = TEXT("tcp");
    return reason;
}

static void keep_time(const struct stamp *s, struct observation *out) {
    out->first = out->last = s->at;
    out->twice = s->twice;
}

static bool is_web_server(struct text program) {
    program.size = text_find(program, '/'); /* httpd/backend1 */
    return text_is(program, "httpd") || text_is(program, "apache2") || text_is(program, "apache");
}

/* A line of Apache, whose time is its own or that of syslog. */
static enum reason take_apache(struct reader *r, struct text line, struct told *told, struct observation *out) {
    struct stamp s;
    struct syslog log;
    struct text t = line;
    if (!text_skip(&t, TEXT("["))) {
        enum reason reason = syslog_read(&r->stamper, &r->tags, line, &log);
        if (log.stamped) keep_time(&log.stamp, out);
        if (reason) return reason;
        return is_web_server(log.program) ? read_apache(log.message, told) : REASON_PROGRAM;
    }
    enum reason reason = stamp_apache(&r->stamper, &t, &s);
    if (reason) return reason;
    keep_time(&s, out);
    return text_skip(&t, TEXT("] ")) ? read_apache(t, told) : REASON_FORM;
}

static enum reason take_nginx(struct reader *r, struct text line, struct told *told, struct observation *out) {
    struct stamp s;
    enum reason reason = stamp_nginx(&r->stamper, &line, &s);
    if (reason) return reason;
    keep_time(&s, out);
    return read_nginx(line, told);
}

enum reason error_parse(struct reader *r, struct text line, struct observation *out) {
    struct told told = {0};
    bool nginx = line.size > 4 && line.at[4] == '/';
    enum reason reason = nginx ? take_nginx(r, line, &told, out) : take_apache(r, line, &told, out);
    if (reason) return reason;
    const char *event = nginx ? find_event(&r->search, told.message, nginx_rules, COUNT(nginx_rules))
                              : find_event(&r->search, told.message, apache_rules, COUNT(apache_rules));
    if (!told.client.size) return REASON_RULE;
    reason = keep_client(told.client, out);
    enum reason users = r->rules && !reason ? service_format_rules(r, told.message, out) : REASON_RULE;
    if (users != REASON_RULE) return users;
    if (!event) return REASON_RULE;
    if (!reason) out->event = text_of(event);
    return reason;
}

/* A line through syslog is of this format where a web server wrote it. */
unsigned error_detect(struct text line) {
    static const struct stamp_options any = {.year = 2024, .until = INSTANT_NONE};
    struct reader r = {0};
    struct observation o;
    stamper_start(&r.stamper, &any, (struct chain){0});
    struct told told = {0};
    bool nginx = line.size > 4 && line.at[4] == '/';
    enum reason reason = nginx ? take_nginx(&r, line, &told, &o) : take_apache(&r, line, &told, &o);
    return reason == REASON_FACT || reason == REASON_SOURCES ? 10 : 0;
}

/* Zeek's logs: as it writes them, with `#fields` before the lines and a separator between values, or as JSON.  Both
 * give the same facts.
 *
 *     #separator \x09
 *     #path	ssh
 *     #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	version	auth_success
 * …
 *
 * Which log a line is of shows in what it tells, whatever the file is called:
 *   note            a notice is an event by its name; its source is the notice's own `src`, where it has one
 *   auth_success    ssh: a connection whose attempts to log in all failed is `brute-force`
 *   method, uri     http: the rules of access logs (combined.h)
 *   conn_state      conn: flows, which are no events
 * Others (dns, files, software, …) have no rule.  A record of a connection counts once, however often it tried.
 *
 * Source: Zeek's book of logs; base/frameworks/logging/writers/ascii. */
#include <string.h>

#include "line/combined.h"
#include "line/readers.h"
#include "line/record.h"

enum {
    KEPT_NOTE = FIELD_KEPT,
    KEPT_SRC,
    KEPT_DST,
    KEPT_PORT,
    KEPT_AUTH,
    KEPT_STATE,
    KEPT_METHOD,
    KEPT_URI,
    KEPT_REFERRER,
    KEPT_AGENT,
    KEPT_STATUS,
    KEPT_USER,
    KEPT_CALL
};

static const struct column columns[] = {
    {"ts", FIELD_FIRST},        {"duration", FIELD_DURATION},
    {"id_orig_h", FIELD_SRC},   {"id_orig_p", FIELD_SRC_PORT},
    {"id_resp_h", FIELD_DST},   {"id_resp_p", FIELD_DST_PORT},
    {"proto", FIELD_PROTOCOL},  {"note", KEPT_NOTE},
    {"src", KEPT_SRC},          {"dst", KEPT_DST},
    {"p", KEPT_PORT},           {"auth_success", KEPT_AUTH},
    {"conn_state", KEPT_STATE}, {"method", KEPT_METHOD},
    {"uri", KEPT_URI},          {"referrer", KEPT_REFERRER},
    {"user_agent", KEPT_AGENT}, {"status_code", KEPT_STATUS},
    {"username", KEPT_USER},    {"call_id", KEPT_CALL},
    {"user", FIELD_USER},
};

static const struct {
    const char *note, *event;
} notices[] = {
    {"FTP::Bruteforcing", "brute-force"},
    {"HTTP::SQL_Injection_Attacker", "exploit"},
    {"Heartbleed::SSL_Heartbeat_Attack", "ids-alert"},
    {"Heartbleed::SSL_Heartbeat_Attack_Success", "ids-alert"},
    {"Heartbleed::SSL_Heartbeat_Many_Requests", "ids-alert"},
    {"Heartbleed::SSL_Heartbeat_Odd_Length", "ids-alert"},
    {"SSH::Login_By_Password_Guesser", "unprivileged-account-compromise"},
    {"SSH::Password_Guessing", "brute-force"},
    {"Scan::Address_Scan", "scanner"},
    {"Scan::Port_Scan", "scanner"},
    {"Scan::Random_Scan", "scanner"},
    {"Traceroute::Detected", "scanner"},
};

static struct text kept(const struct reader *r, unsigned field) { return r->beside.kept[field - FIELD_KEPT]; }

/* ---- events */

/* An address or port that a notice names takes the place of the connection's. */
static enum reason of_notice(struct reader *r, struct observation *out) {
    const struct ip orig = out->src;
    const unsigned known = out->known;
    struct text src = kept(r, KEPT_SRC), dst = kept(r, KEPT_DST), port = kept(r, KEPT_PORT);
    enum reason reason = fields_value(r, FIELD_SRC, src, out);
    if (!reason) reason = fields_value(r, FIELD_DST, dst, out);
    if (!reason) reason = fields_value(r, FIELD_DST_PORT, port, out);
    if (reason) return reason;
    if (src.size && (!(known & KNOWN_SRC) || ip_compare(orig, out->src))) out->known &= ~(unsigned)KNOWN_SRC_PORT;
    for (size_t i = 0; i < COUNT(notices); i++)
        if (text_is(kept(r, KEPT_NOTE), notices[i].note)) {
            out->event = text_of(notices[i].event);
            return REASON_FACT;
        }
    return REASON_RULE;
}

static enum reason of_ssh(struct reader *r, struct observation *out) {
    out->protocol = TEXT("tcp");
    if ((kept(r, KEPT_AUTH).at[0] | 32) != 'f') return REASON_RULE;
    out->event = TEXT("brute-force");
    return REASON_FACT;
}

/* The reader's scratch: the protocol, a line as a server's log would have it, and room for visit_event. */
static enum reason of_http(struct reader *r, struct observation *out) {
    enum { AT = PROTOCOL_MAX + 1, LINE = 2048, DECODED = AT + LINE };
    struct text method = text_first(kept(r, KEPT_METHOD), LINE / 2), uri = kept(r, KEPT_URI);
    char *at = r->scratch + AT;
    uint64_t status;
    memcpy(at, method.at, method.size);
    at[method.size] = ' ';
    uri = text_first(uri, LINE - method.size - 1);
    memcpy(at + method.size + 1, uri.at, uri.size);
    struct visit visit = {.line = {at, method.size + 1 + uri.size},
                          .user = kept(r, KEPT_USER),
                          .referer = kept(r, KEPT_REFERRER),
                          .agent = kept(r, KEPT_AGENT)};
    if (text_u64(kept(r, KEPT_STATUS), &status) && status < 1000) visit.status = (unsigned)status;
    const char *event = visit_event(&r->search, &visit, r->scratch + DECODED, LINE);
    out->protocol = TEXT("tcp");
    if (!event) return REASON_RULE;
    out->event = text_of(event);
    return REASON_FACT;
}

/* What a line tells says of which log it is.  SIP has methods and URIs, too. */
static enum reason finish(struct reader *r, struct observation *out) {
    out->traffic = kept(r, KEPT_STATE).size > 0;
    logins_add(&r->logins, kept(r, KEPT_USER));
    if (kept(r, KEPT_NOTE).size) return of_notice(r, out);
    if (kept(r, KEPT_AUTH).size) return of_ssh(r, out);
    if (kept(r, KEPT_METHOD).size && kept(r, KEPT_URI).size && !kept(r, KEPT_CALL).size) return of_http(r, out);
    return out->traffic ? REASON_FACT : REASON_KIND;
}

/* ---- lines with separators */

/* The value of `#key value`: between them stands the separator, or a space behind `#separator`. */
static bool note_value(struct text line, struct text key, struct text *value) {
    if (!text_skip(&line, key) || line.size < 2) return false;
    *value = text_sub(line, 1, line.size);
    return true;
}

static int hex(char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static void note_separator(struct text t, struct columns *io) {
    io->separator = t.at[0];
    if (t.size == 4 && t.at[0] == '\\' && t.at[1] == 'x' && hex(t.at[2]) >= 0 && hex(t.at[3]) >= 0)
        io->separator = (char)(hex(t.at[2]) * 16 + hex(t.at[3]));
}

/* False where nothing is left; the last value of a line may be empty. */
static bool next_value(struct text *t, char separator, struct text *value) {
    if (!t->at) return false;
    size_t end = text_find(*t, separator);
    *value = text_sub(*t, 0, end);
    *t = end < t->size ? text_sub(*t, end + 1, t->size) : (struct text){0};
    return true;
}

static void note_fields(struct text t, struct columns *io) {
    struct columns c = {.separator = io->separator, .map = io->map};
    struct text name;
    while (c.count < COLUMNS_MAX && next_value(&t, c.separator, &name)) {
        enum field field = fields_find(name, columns, COUNT(columns));
        c.field[c.count++] = (uint8_t)(columns_have(&c, field) ? FIELD_IGNORED : field);
    }
    *io = c;
    if (t.at) io->count = 0; /* lines of so many columns are not read */
}

void zeek_note(struct text line, struct columns *io) {
    struct text value;
    if (note_value(line, TEXT("#separator"), &value)) note_separator(value, io);
    if (!io->separator) io->separator = '\t';
    if (note_value(line, TEXT("#fields"), &value)) note_fields(value, io);
}

/* Zeek escapes what is not printable, separators and backslashes, as \x09 and \\.  JSON keeps \x of bytes that are not
 * ASCII, so these stay here, too. */
static struct text unescape(struct text t, char *out) {
    size_t size = 0;
    for (size_t i = 0; i < t.size; i++) {
        bool code = t.at[i] == '\\' && i + 3 < t.size && t.at[i + 1] == 'x';
        int high = code ? hex(t.at[i + 2]) : -1, low = code ? hex(t.at[i + 3]) : -1;
        if (high >= 0 && high < 8 && low >= 0) {
            out[size++] = (char)(high * 16 + low);
            i += 3;
        } else {
            out[size++] = t.at[i];
            if (t.at[i] == '\\' && i + 1 < t.size && t.at[i + 1] == '\\') i++;
        }
    }
    return (struct text){out, size};
}

/* What is kept of a stranger's words comes behind of_http's part of the scratch. */
static void unescape_kept(struct reader *r) {
    enum { AT = PROTOCOL_MAX + 1 + 2 * 2048, EACH = 2048 };
    static const unsigned fields[] = {KEPT_URI, KEPT_REFERRER, KEPT_AGENT, KEPT_USER};
    _Static_assert(AT + COUNT(fields) * EACH <= sizeof r->scratch, "each has its room");
    for (size_t i = 0; i < COUNT(fields); i++) {
        struct text *t = &r->beside.kept[fields[i] - FIELD_KEPT];
        if (memchr(t->at ? t->at : "", '\\', t->size)) *t = unescape(text_first(*t, EACH), r->scratch + AT + i * EACH);
    }
}

static enum reason parse_values(struct reader *r, struct text line, struct observation *out) {
    const struct columns *c = &r->columns;
    struct text value;
    r->beside = (struct beside){.duration = INSTANT_NONE};
    if (!c->count) return REASON_FORM;
    for (size_t i = 0; i < c->count; i++) {
        if (!next_value(&line, c->separator, &value)) return REASON_COLUMNS;
        if (c->field[i] == FIELD_IGNORED || text_is(value, "(empty)") || text_is(value, "-")) continue;
        enum reason reason = fields_value(r, (enum field)c->field[i], value, out);
        if (reason) return reason;
    }
    if (line.at) return REASON_COLUMNS;
    unescape_kept(r);
    enum reason reason = fields_settle(r, out);
    return reason ? reason : finish(r, out);
}

enum reason zeek_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct record_form form = {columns, COUNT(columns), true, NULL, NULL, finish};
    return record_is_json(line) ? record_json(r, line, &form, out) : parse_values(r, line, out);
}

/* A header is surer than any number of lines; its JSON has the names of connections, or says of which log it is. */
unsigned zeek_detect(struct text line) {
    if (text_starts(line, TEXT("#separator ")) || text_starts(line, TEXT("#fields\tts\t"))) return 2000;
    bool fits = line.at[0] == '{' && text_search(line, TEXT("\"ts\"")) != SIZE_MAX &&
                (text_search(line, TEXT("orig_h\"")) != SIZE_MAX || text_search(line, TEXT("\"_path\"")) != SIZE_MAX);
    return fits ? 10 : 0;
}

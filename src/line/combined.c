/* The access logs of Apache and nginx, in the Common Log Format or with referer and agent behind it ("combined").
 *
 *     192.0.2.17 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 404 292 "-" "agent"
 *
 * What a client sent (user, request, referer, agent) stands quoted, with its quotes escaped, or between the address and
 * the time.  So the first quote of a line begins the request, the time is right before it, and the source is the first
 * word, whatever else a client writes.  Behind a proxy that word is the proxy.
 *
 * Which port and name were asked is not in the log: dst and dst_port are unknown, and the path alone, which may hold
 * what is private to visitors, is no object; the lines behind a fact show it.  The rules are in combined_rules.c. */
#include "line/combined.h"

#include <string.h>

#include "line/host.h"
#include "line/readers.h"

/* Up to the next quote that no backslash escapes, which is taken too; false where there is none. */
static bool take_quoted(struct text *t, struct text *inside) {
    for (size_t from = 0; from < t->size;) {
        size_t at = from + text_find(text_sub(*t, from, t->size), '"'), slashes = 0;
        if (at == t->size) return false;
        while (slashes < at && t->at[at - 1 - slashes] == '\\') slashes++;
        if (slashes % 2 == 0) {
            *inside = text_sub(*t, 0, at);
            *t = text_sub(*t, at + 1, t->size);
            return true;
        }
        from = at + 1;
    }
    return false;
}

/* ` 404 292`: the size may be `-`. */
static bool take_status(struct text *t, unsigned *status) {
    if (t->size < 6 || t->at[0] != ' ' || t->at[4] != ' ') return false;
    unsigned sum = 0;
    for (size_t i = 1; i < 4; i++) {
        if (t->at[i] < '0' || t->at[i] > '9') return false;
        sum = sum * 10 + (unsigned)(t->at[i] - '0');
    }
    *t = text_sub(*t, 5, t->size);
    size_t end = text_find(*t, ' ');
    for (size_t i = 0; i < end; i++)
        if ((t->at[i] < '0' || t->at[i] > '9') && !(end == 1 && t->at[0] == '-')) return false;
    *t = text_sub(*t, end, t->size);
    *status = sum;
    return end > 0;
}

/* ` "referer" "agent"`; what follows is the administrator's own. */
static enum reason take_client(struct text t, struct visit *q) {
    if (!text_skip(&t, TEXT(" \""))) return t.size && t.at[0] != ' ' ? REASON_FORM : REASON_FACT;
    if (!take_quoted(&t, &q->referer)) return REASON_QUOTE;
    if (!text_skip(&t, TEXT(" \""))) return REASON_FACT;
    return take_quoted(&t, &q->agent) ? REASON_FACT : REASON_QUOTE;
}

/* `HOST IDENT USER [TIME] `, of which the user may hold anything but a quote. */
static enum reason read_start(struct reader *r, struct text t, struct visit *q, struct observation *out) {
    enum { WITH_OFFSET = sizeof "[17/May/2015:10:05:03 +0000] " - 1, WITHOUT = WITH_OFFSET - 6 };
    struct stamp s;
    size_t size = t.size > WITH_OFFSET && t.at[t.size - WITH_OFFSET] == '[' ? WITH_OFFSET : WITHOUT;
    if (t.size <= size || t.at[t.size - size] != '[' || !text_ends(t, TEXT("] "))) return REASON_FORM;
    struct text time = text_sub(t, t.size - size + 1, t.size - 2), ident;
    t.size -= size;
    enum reason reason = stamp_clf(&r->stamper, &time, &s);
    if (reason) return reason;
    if (time.size) return REASON_STAMP;
    out->first = out->last = s.at;
    out->twice = s.twice;
    if (!text_cut(&t, ' ', &q->host) || !text_cut(&t, ' ', &ident) || !t.size || t.at[t.size - 1] != ' ')
        return REASON_FORM;
    q->user = text_sub(t, 0, t.size - 1);
    return REASON_FACT;
}

static enum reason read_line(struct reader *r, struct text line, struct visit *q, struct observation *out) {
    size_t quote = text_find(line, '"');
    if (quote == line.size) return REASON_FORM;
    enum reason reason = read_start(r, text_sub(line, 0, quote), q, out);
    if (reason) return reason;
    struct text t = text_sub(line, quote + 1, line.size);
    if (!take_quoted(&t, &q->line)) return REASON_QUOTE;
    if (!take_status(&t, &q->status)) return REASON_FORM;
    return take_client(t, q);
}

enum reason combined_parse(struct reader *r, struct text line, struct observation *out) {
    struct visit q = {0};
    enum reason reason = read_line(r, line, &q, out);
    if (reason) return reason;
    reason = host_read(q.host, &out->src);
    if (reason) return reason;
    out->known |= KNOWN_SRC;
    out->protocol = TEXT("tcp");
    if (r->event.size && !r->where) return REASON_RULE; /* which is asserted, whatever the rules say */
    reason = r->rules ? service_format_rules(r, text_sub(line, text_find(line, '"'), line.size), out) : REASON_RULE;
    if (reason != REASON_RULE) return reason;
    const char *event = visit_event(&q, r->scratch, sizeof r->scratch);
    if (!event) return REASON_RULE;
    out->event = text_of(event);
    return REASON_FACT;
}

/* How many quoted parts a line of either form has; 0 where it is neither. */
static unsigned parts(struct text line) {
    static const struct stamp_options any = {.until = INSTANT_NONE};
    struct reader r = {.stamper.options = &any};
    struct visit q = {0};
    struct observation o;
    if (read_line(&r, line, &q, &o)) return 0;
    return q.agent.at ? 3 : 1;
}

unsigned combined_detect(struct text line) { return parts(line) == 3 ? 10 : 0; }
unsigned common_detect(struct text line) { return parts(line) == 1 ? 10 : 0; }

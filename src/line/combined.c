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

#include "base/digits.h"
#include "line/host.h"
#include "line/readers.h"

/* A line and its quotes, one after the other. */
struct quotes {
    const struct sift *sift;
    struct text line;
    size_t next;   /* the block that is searched next */
    uint64_t mask; /* quotes that are left of the one before */
};

/* Where the next quote stands; false where there is none. */
static bool next_quote(struct quotes *q, size_t *at) {
    while (!q->mask) {
        if (q->next >= q->line.size) return false;
        q->mask = q->sift->either(text_sub(q->line, q->next, q->line.size), '"', '"');
        q->next += SIFT_BLOCK;
    }
    *at = q->next - SIFT_BLOCK + (size_t)__builtin_ctzll(q->mask);
    q->mask &= q->mask - 1;
    return true;
}

/* From `*from`, behind a quote, up to the next that no backslash escapes, which is taken too; false where there is
 * none. */
static bool take_quoted(struct quotes *q, size_t *from, struct text *inside) {
    for (size_t at; next_quote(q, &at);) {
        size_t slashes = 0;
        while (q->line.at[at - 1 - slashes] == '\\') slashes++; /* it ends at the quote before, at the latest */
        if (slashes % 2) continue;
        *inside = text_sub(q->line, *from, at);
        *from = at + 1;
        return true;
    }
    return false;
}

/* ` "` at `*from`: an opening quote. */
static bool open_quote(struct quotes *q, size_t *from) {
    size_t at;
    if (!text_starts(text_sub(q->line, *from, q->line.size), TEXT(" \""))) return false;
    bool found = next_quote(q, &at);
    ASSERT(found && at == *from + 1);
    *from += 2;
    return true;
}

/* More digits than fit into a word. */
static bool is_long_number(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] < '0' || t.at[i] > '9') return false;
    return t.size > WORD_SIZE;
}

/* ` 404 292`: the size may be `-`. */
static bool take_status(struct text line, size_t *from, unsigned *status) {
    struct text t = text_sub(line, *from, line.size);
    uint32_t number, bytes;
    if (t.size < 6 || t.at[0] != ' ' || t.at[4] != ' ' || !text_digits(text_sub(t, 1, 4), &number)) return false;
    t = text_sub(t, 5, t.size);
    struct text size = text_sub(t, 0, text_find(t, ' '));
    if (!text_digits(size, &bytes) && !text_equal(size, TEXT("-")) && !is_long_number(size)) return false;
    *from += 5 + size.size;
    *status = number;
    return true;
}

/* ` "referer" "agent"`; what follows is the administrator's own. */
static enum reason take_client(struct quotes *in, size_t from, struct visit *q) {
    if (!open_quote(in, &from)) return from < in->line.size && in->line.at[from] != ' ' ? REASON_FORM : REASON_FACT;
    if (!take_quoted(in, &from, &q->referer)) return REASON_QUOTE;
    if (!open_quote(in, &from)) return REASON_FACT;
    return take_quoted(in, &from, &q->agent) ? REASON_FACT : REASON_QUOTE;
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
    struct quotes in = {.sift = r->search.sift, .line = line};
    if (!next_quote(&in, &q->quote)) return REASON_FORM;
    enum reason reason = read_start(r, text_sub(line, 0, q->quote), q, out);
    if (reason) return reason;
    size_t from = q->quote + 1;
    if (!take_quoted(&in, &from, &q->line)) return REASON_QUOTE;
    if (!take_status(line, &from, &q->status)) return REASON_FORM;
    return take_client(&in, from, q);
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
    reason = r->rules ? service_format_rules(r, text_sub(line, q.quote, line.size), out) : REASON_RULE;
    if (reason != REASON_RULE) return reason;
    const char *event = visit_event(&r->search, &q, r->scratch, sizeof r->scratch);
    if (!event) return REASON_RULE;
    out->event = text_of(event);
    return REASON_FACT;
}

/* How many quoted parts a line of either form has; 0 where it is neither. */
static unsigned parts(struct text line) {
    static const struct stamp_options any = {.until = INSTANT_NONE};
    struct reader r = {.stamper.options = &any, .search.sift = sift_best()};
    struct visit q = {0};
    struct observation o;
    if (read_line(&r, line, &q, &o)) return 0;
    return q.agent.at ? 3 : 1;
}

unsigned combined_detect(struct text line) { return parts(line) == 3 ? 10 : 0; }
unsigned common_detect(struct text line) { return parts(line) == 1 ? 10 : 0; }

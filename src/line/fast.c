/* Suricata's fast.log: one alert a line.
 *
 *     08/23/2026-12:34:56.123456  [**] [1:2001219:20] ET SCAN x [**] [Classification: Attempted Information Leak]
 *         [Priority: 2] {TCP} 192.0.2.17:4711 -> 198.51.100.2:22
 *
 * An alert is an event by its category, as in EVE.  What stands between the marks is the rule's author's; nothing in a
 * line is a stranger's.  IPv6 addresses have their port behind one more colon; of ICMP, the numbers are no ports.
 * Times are local: they are read in the zone of the options. */
#include "line/host.h"
#include "line/readers.h"

/* `ADDRESS:PORT`. */
static enum reason take_end(struct text t, bool ports, unsigned bits, struct ip *ip, uint16_t *port,
                            struct observation *out) {
    size_t colon = t.size;
    while (colon && t.at[colon - 1] != ':') colon--;
    if (!colon) return REASON_ADDRESS;
    enum reason reason = host_read(text_sub(t, 0, colon - 1), ip);
    if (reason) return reason;
    if (!port_read(text_sub(t, colon, t.size), port)) return REASON_VALUE;
    out->known |= bits & (KNOWN_SRC | KNOWN_DST);
    if (ports) out->known |= bits & (KNOWN_SRC_PORT | KNOWN_DST_PORT);
    return REASON_FACT;
}

/* `{TCP} A:1 -> B:2` */
static enum reason take_ends(struct reader *r, struct text t, struct observation *out) {
    struct text protocol, source;
    size_t arrow = text_search(t, TEXT(" -> "));
    if (!text_skip(&t, TEXT("{")) || !text_cut(&t, '}', &protocol) || !text_skip(&t, TEXT(" ")) || arrow == SIZE_MAX)
        return REASON_FORM;
    arrow = text_search(t, TEXT(" -> "));
    if (arrow == SIZE_MAX) return REASON_FORM;
    source = text_sub(t, 0, arrow);
    t = text_trim(text_sub(t, arrow + 4, t.size));
    protocol_read(protocol, r->scratch, &out->protocol);
    bool ports = !text_starts(out->protocol, TEXT("icmp")) && !text_starts(out->protocol, TEXT("ipv6-icmp"));
    enum reason reason = take_end(source, ports, KNOWN_SRC | KNOWN_SRC_PORT, &out->src, &out->src_port, out);
    if (!reason) reason = take_end(t, ports, KNOWN_DST | KNOWN_DST_PORT, &out->dst, &out->dst_port, out);
    if (!(out->known & KNOWN_SRC_PORT)) out->src_port = 0;
    if (!(out->known & KNOWN_DST_PORT)) out->dst_port = 0;
    return reason;
}

/* The last of the two marks ends what a rule's author wrote, who may write anything but marks. */
static enum reason read_alert(struct reader *r, struct text t, struct observation *out) {
    static const struct text mark = {" [**] ", 6}, class_mark = {"[Classification: ", 17};
    struct text category = {0};
    size_t first = text_search(t, mark);
    if (first == SIZE_MAX) return REASON_FORM;
    t = text_sub(t, first + mark.size, t.size);
    for (size_t at; (at = text_search(t, mark)) != SIZE_MAX;) t = text_sub(t, at + mark.size, t.size);
    if (text_skip(&t, class_mark) && !text_cut(&t, ']', &category)) return REASON_FORM;
    size_t brace = text_find(t, '{');
    if (brace == t.size) return REASON_FORM;
    enum reason reason = take_ends(r, text_sub(t, brace, t.size), out);
    if (reason) return reason;
    const char *event = eve_category_event(category);
    if (!event) return REASON_RULE;
    out->event = text_of(event);
    return REASON_FACT;
}

enum reason fast_parse(struct reader *r, struct text line, struct observation *out) {
    struct stamp s;
    enum reason reason = stamp_american(&r->stamper, &line, &s);
    if (reason) return reason;
    out->first = out->last = s.at;
    out->twice = s.twice;
    return read_alert(r, line, out);
}

unsigned fast_detect(struct text line) {
    static const struct stamp_options any = {.until = INSTANT_NONE};
    struct stamper stamper;
    struct stamp s;
    stamper_start(&stamper, &any, (struct chain){0});
    return !stamp_american(&stamper, &line, &s) && text_search(line, TEXT(" [**] ")) != SIZE_MAX ? 10 : 0;
}

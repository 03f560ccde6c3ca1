/* Suricata's EVE: one JSON object a line.
 *
 * An alert is an event by its category, as Suricata's classification.config names it; categories that tell of no attack
 * (policy, protocol anomalies, anything "misc") have no rule.  The source is the sender of the packet that raised the
 * alert, which an answer of a victim may also do: who asserts such alerts should look at them.  Other records (flow,
 * ssh, http, …) are no events, and say who spoke with whom; those of flows say from when to when.
 *
 * The stamps of some sensors lack the offset: they are read in the zone of the options. */
#include <string.h>

#include "line/host.h"
#include "line/readers.h"
#include "json/json.h"

static const struct {
    const char *category, *event;
} categories[] = {
    {"A Network Trojan was Detected", "infected-system"},
    {"access to a potentially vulnerable web application", "scanner"},
    {"An attempted login using a suspicious username was detected", "brute-force"},
    {"Attempt to login by a default username and password", "brute-force"},
    {"Attempted Administrator Privilege Gain", "ids-alert"},
    {"Attempted Denial of Service", "dos"},
    {"Attempted Information Leak", "scanner"},
    {"Attempted User Privilege Gain", "ids-alert"},
    {"Crypto Currency Mining Activity Detected", "unauthorised-use-of-resources"},
    {"Denial of Service", "dos"},
    {"Detection of a Denial of Service Attack", "dos"},
    {"Detection of a Network Scan", "scanner"},
    {"Domain Observed Used for C2 Detected", "infected-system"},
    {"Executable code was detected", "ids-alert"},
    {"Exploit Kit Activity Detected", "malware-distribution"},
    {"Information Leak", "data-leak"},
    {"Large Scale Information Leak", "data-leak"},
    {"Malware Command and Control Activity Detected", "infected-system"},
    {"Misc Attack", "ids-alert"},
    {"Possible Social Engineering Attempted", "social-engineering"},
    {"Possibly Unwanted Program Detected", "infected-system"},
    {"Successful Administrator Privilege Gain", "privileged-account-compromise"},
    {"Successful Credential Theft Detected", "phishing"},
    {"Successful User Privilege Gain", "unprivileged-account-compromise"},
    {"Targeted Malicious Activity was Detected", "infected-system"},
    {"Unsuccessful User Privilege Gain", "ids-alert"},
    {"Web Application Attack", "ids-alert"},
};

/* Versions differ in capitals. */
static bool same_words(struct text t, const char *words) {
    return t.size == strlen(words) && !strncasecmp(t.at, words, t.size);
}

const char *eve_category_event(struct text category) {
    for (size_t i = 0; i < COUNT(categories); i++)
        if (same_words(category, categories[i].category)) return categories[i].event;
    return NULL;
}

static enum reason alert_event(const json_t *alert, struct observation *out) {
    const char *event = eve_category_event(json_text(alert, "category"));
    if (!event) return REASON_RULE;
    out->event = text_of(event);
    return REASON_FACT;
}

static enum reason read_time(struct reader *r, struct text t, instant *at, struct observation *out) {
    struct stamp s;
    enum reason reason = stamp_iso(&r->stamper, &t, &s);
    if (reason) return reason;
    if (t.size) return REASON_STAMP;
    *at = s.at;
    out->twice = out->twice || s.twice;
    return REASON_FACT;
}

/* A record of a flow is printed when it has ended; alerts and others tell of the moment. */
static enum reason read_times(struct reader *r, const json_t *record, struct observation *out) {
    struct text type = json_text(record, "event_type");
    const json_t *flow = text_is(type, "flow") || text_is(type, "netflow")
                             ? json_child(record, text_is(type, "flow") ? "flow" : "netflow")
                             : NULL;
    struct text start = json_text(flow, "start"), end = json_text(flow, "end");
    enum reason reason = read_time(r, json_text(record, "timestamp"), &out->first, out);
    out->last = out->first;
    if (reason || !start.size || !end.size) return reason;
    reason = read_time(r, start, &out->first, out);
    if (!reason) reason = read_time(r, end, &out->last, out);
    return !reason && out->last < out->first ? REASON_VALUE : reason;
}

static enum reason read_address(const json_t *record, const char *key, unsigned bit, struct ip *ip,
                                struct observation *out) {
    struct text t = json_text(record, key);
    if (!t.size) return REASON_FACT;
    enum reason reason = host_read(t, ip);
    if (!reason) out->known |= bit;
    return reason;
}

static enum reason read_port(const json_t *record, const char *key, unsigned bit, uint16_t *port,
                             struct observation *out) {
    uint64_t value;
    if (!json_object_get(record, key)) return REASON_FACT;
    if (!json_u64(record, key, &value) || value > UINT16_MAX) return REASON_VALUE;
    *port = (uint16_t)value;
    out->known |= bit;
    return REASON_FACT;
}

static enum reason read_ends(struct reader *r, const json_t *record, struct observation *out) {
    struct text protocol = json_text(record, "proto");
    enum reason reason = read_address(record, "src_ip", KNOWN_SRC, &out->src, out);
    if (!reason) reason = read_address(record, "dest_ip", KNOWN_DST, &out->dst, out);
    if (!reason) reason = read_port(record, "src_port", KNOWN_SRC_PORT, &out->src_port, out);
    if (!reason) reason = read_port(record, "dest_port", KNOWN_DST_PORT, &out->dst_port, out);
    if (!reason && protocol.size) protocol_read(protocol, r->scratch, &out->protocol);
    return reason;
}

static enum reason read_record(struct reader *r, const json_t *record, struct observation *out) {
    struct text type = json_text(record, "event_type");
    if (!json_is_object(record) || !type.size) return REASON_FORM;
    enum reason reason = read_times(r, record, out);
    if (!reason) reason = read_ends(r, record, out);
    if (reason) return reason;
    return text_is(type, "alert") ? alert_event(json_child(record, "alert"), out) : REASON_KIND;
}

enum reason eve_parse(struct reader *r, struct text line, struct observation *out) {
    json_t *record;
    if (line.at[0] != '{' || json_read(bytes_from_text(line), &record, NULL)) return REASON_FORM;
    enum reason reason = read_record(r, record, out);
    json_decref(record);
    return reason;
}

unsigned eve_detect(struct text line) {
    bool fits = line.at[0] == '{' && text_search(line, TEXT("\"event_type\"")) != SIZE_MAX &&
                text_search(line, TEXT("\"timestamp\"")) != SIZE_MAX;
    return fits ? 10 : 0;
}

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
#include "json/fields.h"

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

/* What is asked of a record. */
enum member {
    MEMBER_TYPE,
    MEMBER_TIME,
    MEMBER_SRC,
    MEMBER_DST,
    MEMBER_SRC_PORT,
    MEMBER_DST_PORT,
    MEMBER_PROTOCOL,
    MEMBER_FLOW_START,
    MEMBER_FLOW_END,
    MEMBER_NETFLOW_START,
    MEMBER_NETFLOW_END,
    MEMBER_CATEGORY,
    MEMBER_COUNT
};
static const struct json_wanted members[MEMBER_COUNT] = {
    [MEMBER_TYPE] = {NULL, "event_type"},      [MEMBER_TIME] = {NULL, "timestamp"},
    [MEMBER_SRC] = {NULL, "src_ip"},           [MEMBER_DST] = {NULL, "dest_ip"},
    [MEMBER_SRC_PORT] = {NULL, "src_port"},    [MEMBER_DST_PORT] = {NULL, "dest_port"},
    [MEMBER_PROTOCOL] = {NULL, "proto"},       [MEMBER_FLOW_START] = {"flow", "start"},
    [MEMBER_FLOW_END] = {"flow", "end"},       [MEMBER_NETFLOW_START] = {"netflow", "start"},
    [MEMBER_NETFLOW_END] = {"netflow", "end"}, [MEMBER_CATEGORY] = {"alert", "category"},
};

static enum reason alert_event(struct text category, struct observation *out) {
    const char *event = eve_category_event(category);
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
static enum reason read_times(struct reader *r, const struct json_field *record, struct observation *out) {
    struct text type = record[MEMBER_TYPE].text, start = {0}, end = {0};
    if (text_is(type, "flow")) start = record[MEMBER_FLOW_START].text, end = record[MEMBER_FLOW_END].text;
    if (text_is(type, "netflow")) start = record[MEMBER_NETFLOW_START].text, end = record[MEMBER_NETFLOW_END].text;
    enum reason reason = read_time(r, record[MEMBER_TIME].text, &out->first, out);
    out->last = out->first;
    if (reason || !start.size || !end.size) return reason;
    reason = read_time(r, start, &out->first, out);
    if (!reason) reason = read_time(r, end, &out->last, out);
    return !reason && out->last < out->first ? REASON_VALUE : reason;
}

static enum reason read_address(const struct json_field *f, unsigned bit, struct ip *ip, struct observation *out) {
    if (!f->text.size) return REASON_FACT;
    enum reason reason = host_read(f->text, ip);
    if (!reason) out->known |= bit;
    return reason;
}

static enum reason read_port(const struct json_field *f, unsigned bit, uint16_t *port, struct observation *out) {
    if (!f->there) return REASON_FACT;
    if (!f->is_number || f->number > UINT16_MAX) return REASON_VALUE;
    *port = (uint16_t)f->number;
    out->known |= bit;
    return REASON_FACT;
}

static enum reason read_ends(struct reader *r, const struct json_field *record, struct observation *out) {
    struct text protocol = record[MEMBER_PROTOCOL].text;
    enum reason reason = read_address(&record[MEMBER_SRC], KNOWN_SRC, &out->src, out);
    if (!reason) reason = read_address(&record[MEMBER_DST], KNOWN_DST, &out->dst, out);
    if (!reason) reason = read_port(&record[MEMBER_SRC_PORT], KNOWN_SRC_PORT, &out->src_port, out);
    if (!reason) reason = read_port(&record[MEMBER_DST_PORT], KNOWN_DST_PORT, &out->dst_port, out);
    if (!reason && protocol.size) protocol_read(protocol, r->scratch, &out->protocol);
    return reason;
}

static enum reason read_record(struct reader *r, const struct json_field *record, struct observation *out) {
    if (!record[MEMBER_TYPE].text.size) return REASON_FORM;
    enum reason reason = read_times(r, record, out);
    if (!reason) reason = read_ends(r, record, out);
    if (reason) return reason;
    return text_is(record[MEMBER_TYPE].text, "alert") ? alert_event(record[MEMBER_CATEGORY].text, out) : REASON_KIND;
}

enum reason eve_parse(struct reader *r, struct text line, struct observation *out) {
    struct json_field fields[MEMBER_COUNT];
    json_t *record;
    if (line.at[0] != '{') return REASON_FORM;
    if (json_fields_scan(line, members, MEMBER_COUNT, fields)) return read_record(r, fields, out);
    if (json_read(bytes_from_text(line), &record, NULL)) return REASON_FORM;
    json_fields_of(record, members, MEMBER_COUNT, fields);
    enum reason reason = read_record(r, fields, out);
    json_decref(record);
    return reason;
}

unsigned eve_detect(struct text line) {
    bool fits = line.at[0] == '{' && text_search(line, TEXT("\"event_type\"")) != SIZE_MAX &&
                text_search(line, TEXT("\"timestamp\"")) != SIZE_MAX;
    return fits ? 10 : 0;
}

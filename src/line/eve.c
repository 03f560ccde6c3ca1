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
#include "line/record.h"

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
static const struct {
    const char *name;
    bool nested; /* its dot stands between the name of an object and that of its member */
} members[MEMBER_COUNT] = {
    [MEMBER_TYPE] = {"event_type", false},
    [MEMBER_TIME] = {"timestamp", false},
    [MEMBER_SRC] = {"src_ip", false},
    [MEMBER_DST] = {"dest_ip", false},
    [MEMBER_SRC_PORT] = {"src_port", false},
    [MEMBER_DST_PORT] = {"dest_port", false},
    [MEMBER_PROTOCOL] = {"proto", false},
    [MEMBER_FLOW_START] = {"flow.start", true},
    [MEMBER_FLOW_END] = {"flow.end", true},
    [MEMBER_NETFLOW_START] = {"netflow.start", true},
    [MEMBER_NETFLOW_END] = {"netflow.end", true},
    [MEMBER_CATEGORY] = {"alert.category", true},
};

static struct json_answer find_member(const void *of, const struct json_path *path) {
    (void)of;
    struct json_answer answer = {JSON_NOT_ASKED, false, false};
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const struct text name = text_of(members[i].name);
        if (text_equal(path->name, name) && path->depth == members[i].nested) answer.which = (uint16_t)i;
        if (members[i].nested && !path->depth && text_starts(name, path->name) && name.at[path->name.size] == '.')
            answer.into_object = true;
    }
    return answer;
}

struct eve_field {
    bool there;
    struct text text; /* of a string */
    bool is_number;   /* an integer, not negative */
    uint64_t number;
};

static void keep_member(const struct json_member *m, struct eve_field *out) {
    out->there = true;
    if (m->kind == JSON_KIND_TEXT) out->text = m->text;
    out->is_number = m->kind == JSON_KIND_INTEGER && text_u64(m->text, &out->number);
}

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
static enum reason read_times(struct reader *r, const struct eve_field *record, struct observation *out) {
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

static enum reason read_address(const struct eve_field *f, unsigned bit, struct ip *ip, struct observation *out) {
    if (!f->text.size) return REASON_FACT;
    enum reason reason = host_read(f->text, ip);
    if (!reason) out->known |= bit;
    return reason;
}

static enum reason read_port(const struct eve_field *f, unsigned bit, uint16_t *port, struct observation *out) {
    if (!f->there) return REASON_FACT;
    if (!f->is_number || f->number > UINT16_MAX) return REASON_VALUE;
    *port = (uint16_t)f->number;
    out->known |= bit;
    return REASON_FACT;
}

static enum reason read_ends(struct reader *r, const struct eve_field *record, struct observation *out) {
    struct text protocol = record[MEMBER_PROTOCOL].text;
    enum reason reason = read_address(&record[MEMBER_SRC], KNOWN_SRC, &out->src, out);
    if (!reason) reason = read_address(&record[MEMBER_DST], KNOWN_DST, &out->dst, out);
    if (!reason) reason = read_port(&record[MEMBER_SRC_PORT], KNOWN_SRC_PORT, &out->src_port, out);
    if (!reason) reason = read_port(&record[MEMBER_DST_PORT], KNOWN_DST_PORT, &out->dst_port, out);
    if (!reason && protocol.size) protocol_read(protocol, r->scratch, &out->protocol);
    return reason;
}

static enum reason read_record(struct reader *r, const struct eve_field *record, struct observation *out) {
    if (!record[MEMBER_TYPE].text.size) return REASON_FORM;
    enum reason reason = read_times(r, record, out);
    if (!reason) reason = read_ends(r, record, out);
    if (reason) return reason;
    return text_is(record[MEMBER_TYPE].text, "alert") ? alert_event(record[MEMBER_CATEGORY].text, out) : REASON_KIND;
}

enum reason eve_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct json_asked asked = {find_member, NULL};
    struct eve_field fields[MEMBER_COUNT] = {0};
    struct json_members found;
    json_t *held;
    enum reason reason = line.at[0] == '{' ? record_members(r, line, &asked, &found, &held) : REASON_FORM;
    if (reason) return reason;
    for (size_t i = 0; i < found.count; i++) keep_member(&found.at[i], &fields[found.at[i].which]);
    reason = read_record(r, fields, out);
    json_decref(held);
    return reason;
}

unsigned eve_detect(struct text line) {
    bool fits = line.at[0] == '{' && text_search(line, TEXT("\"event_type\"")) != SIZE_MAX &&
                text_search(line, TEXT("\"timestamp\"")) != SIZE_MAX;
    return fits ? 10 : 0;
}

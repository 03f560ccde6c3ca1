/* The honeypot Cowrie: one JSON object for each thing that happens (docs.cowrie.org, "Output Event Code Reference").
 *
 * Only Cowrie itself puts src_ip into a record; what the visitor wrote is in other members.  Only session.connect says
 * where to: dst_ip and dst_port are the honeypot's then; in direct-tcpip.* they are what the visitor wanted to reach
 * through it, and are not read.  Both its protocols, ssh and telnet, are of TCP. */
#include "line/readers.h"
#include "line/record.h"

enum { KEPT_ID = FIELD_KEPT, KEPT_URL, KEPT_SHA };

static const struct column columns[] = {
    {"timestamp", FIELD_FIRST}, {"src_ip", FIELD_SRC},        {"src_port", FIELD_SRC_PORT},
    {"dst_ip", FIELD_DST},      {"dst_port", FIELD_DST_PORT}, {"eventid", KEPT_ID},
    {"url", KEPT_URL},          {"shasum", KEPT_SHA},         {"username", FIELD_USER},
};

/* RSIT counts attempts to compromise honeypots as a compromise.  A command is told twice, as its input and by what
 * became of it: the first counts. */
static const struct {
    const char *id, *event;
    enum field object;
    unsigned kept;
} rules[] = {
    {"cowrie.login.failed", "brute-force", FIELD_IGNORED, 0},
    {"cowrie.login.success", "system-compromise", FIELD_IGNORED, 0},
    {"cowrie.command.input", "system-compromise", FIELD_IGNORED, 0},
    {"cowrie.session.file_download", "malware-distribution", FIELD_URL, KEPT_URL},
    {"cowrie.session.file_upload", "malware-distribution", FIELD_SHA256, KEPT_SHA},
};

static struct text kept(const struct reader *r, unsigned field) { return r->beside.kept[field - FIELD_KEPT]; }

static enum reason finish(struct reader *r, struct observation *out) {
    struct text id = kept(r, KEPT_ID);
    if (!id.size) return REASON_FORM;
    if (text_starts(id, TEXT("cowrie.direct-tcpip."))) out->known &= ~(unsigned)(KNOWN_DST | KNOWN_DST_PORT);
    out->protocol = TEXT("tcp");
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (!text_is(id, rules[i].id)) continue;
        out->event = text_of(rules[i].event);
        /* An address that no object can hold is a stranger's text; the fact stands without it. */
        if (rules[i].object) fields_value(r, rules[i].object, kept(r, rules[i].kept), out);
        return REASON_FACT;
    }
    return REASON_KIND;
}

enum reason cowrie_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct record_form form = {columns, COUNT(columns), false, NULL, NULL, finish};
    return record_json(r, line, &form, out);
}

unsigned cowrie_detect(struct text line) {
    bool fits = line.at[0] == '{' && text_search(line, TEXT("\"eventid\"")) != SIZE_MAX &&
                text_search(line, TEXT("\"cowrie.")) != SIZE_MAX;
    return fits ? 11 : 0;
}

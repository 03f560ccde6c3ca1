/* From IntelMQ's events to reports: each event is a fact. */
#include <string.h>

#include "interop/foreign.h"
#include "interop/intelmq.h"
#include "line/host.h"
#include "vocab/rsit.h"
#include "vocab/words.h"

struct taking {
    struct intelmq_reading *r;
    const struct intelmq_event *e;
    struct fact fact;
};

static struct text value(const struct taking *t, enum intelmq_field f) { return t->e->value[f]; }

static void lose(const struct taking *t, enum loss_kind kind, enum intelmq_field f, const char *why) {
    losses_add(t->r->how->losses, kind, intelmq_names[f], value(t, f), why);
}

/* ---- times and numbers */

static instant time_of(const struct taking *t, enum intelmq_field f) {
    instant at = INSTANT_NONE;
    if (value(t, f).size && !foreign_time(value(t, f), &at)) lose(t, LOSS_DROPPED, f, N_("no time that can be read"));
    return at;
}

static void take_times(struct taking *t) {
    struct fact *f = &t->fact;
    f->first = time_of(t, INTELMQ_FIRST);
    if (!value(t, INTELMQ_LAST).size)
        f->last = f->first;
    else if (!text_is(value(t, INTELMQ_LAST), "unknown"))
        f->last = time_of(t, INTELMQ_LAST);
}

static void take_number(struct taking *t, enum intelmq_field f, uint64_t *out) {
    struct text v = value(t, f);
    uint64_t number;
    if (!v.size) return;
    if (text_is(v, "unknown"))
        *out = SHEET_NO_COUNT;
    else if (text_u64(v, &number) && number && number <= SHEET_COUNT_MAX)
        *out = number;
    else
        lose(t, LOSS_DROPPED, f, N_("expected a count from 1 to 2^53"));
}

/* ---- addresses */

static void take_ip(struct taking *t, enum intelmq_field f, unsigned bit, struct ip *out) {
    if (!value(t, f).size) return;
    if (ip_read(value(t, f), out))
        t->fact.known |= bit;
    else
        lose(t, LOSS_DROPPED, f, N_("no IP address"));
}

static void take_port(struct taking *t, enum intelmq_field f, unsigned bit, uint16_t *out) {
    if (!value(t, f).size) return;
    if (port_read(value(t, f), out))
        t->fact.known |= bit;
    else
        lose(t, LOSS_DROPPED, f, N_("no port"));
}

static void take_protocol(struct taking *t) {
    static const enum intelmq_field from[] = {INTELMQ_TRANSPORT, INTELMQ_APPLICATION};
    char lower[PROTOCOL_MAX];
    struct text protocol;
    for (size_t i = 0; i < COUNT(from); i++) {
        if (!value(t, from[i]).size) continue;
        if (t->fact.protocol.size)
            lose(t, LOSS_DROPPED, from[i], N_("a fact has one protocol"));
        else if (protocol_read(value(t, from[i]), lower, &protocol))
            t->fact.protocol = arena_text(t->r->how->arena, protocol);
        else
            lose(t, LOSS_DROPPED, from[i], N_("no protocol"));
    }
}

/* ---- what it was about */

/* A fact has one object: the first of these. */
static void take_object(struct taking *t) {
    static const struct {
        enum intelmq_field from;
        const char *kind;
        bool far; /* of the other side */
    } rows[] = {{INTELMQ_SRC_URL, "url", false},         {INTELMQ_SHA256, "sha256", false},
                {INTELMQ_SRC_FQDN, "domain", false},     {INTELMQ_MAIL, "mail", false},
                {INTELMQ_SRC_ACCOUNT, "account", false}, {INTELMQ_DST_URL, "url", true},
                {INTELMQ_DST_FQDN, "domain", true},      {INTELMQ_DST_ACCOUNT, "account", true}};
    struct arena *a = t->r->how->arena;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text v = value(t, rows[i].from);
        if (!v.size) continue;
        if (rows[i].from == INTELMQ_SHA256) v = foreign_lower(a, v);
        if (t->fact.object.size) {
            /* parley writes a mail address as the account, too. */
            if (rows[i].from != INTELMQ_SRC_ACCOUNT || !text_equal(v, value(t, INTELMQ_MAIL)))
                lose(t, LOSS_DROPPED, rows[i].from, N_("a fact has one object"));
            continue;
        }
        t->fact.object = object_of(a, rows[i].kind, v);
        if (!t->fact.object.size)
            lose(t, LOSS_DROPPED, rows[i].from, N_("no value that a fact can hold"));
        else if (rows[i].far)
            lose(t, LOSS_GUESSED, rows[i].from, N_("taken as the object: a fact does not say of which side it is"));
    }
}

/* The types of IntelMQ that the taxonomy does not have, and those of its version 2. */
static const struct {
    const char *name, *event;
} other_types[] = {
    {"blacklist", "other"},
    {"dga-domain", "other"},
    {"dga domain", "other"},
    {"malware", "other"},
    {"proxy", "other"},
    {"tor", "other"},
    {"unauthorized-use-of-resources", "unauthorised-use-of-resources"},
    {"backdoor", "system-compromise"},
    {"botnet drone", "infected-system"},
    {"c&c", "c2-server"},
    {"c2server", "c2-server"},
    {"compromised", "system-compromise"},
    {"defacement", "unauthorised-information-modification"},
    {"ids alert", "ids-alert"},
    {"infected system", "infected-system"},
    {"leak", "data-leak"},
    {"malware configuration", "malware-configuration"},
    {"ransomware", "infected-system"},
    {"unauthorized-login", "unprivileged-account-compromise"},
    {"unknown", "undetermined"},
    {"vulnerable client", "vulnerable-system"},
    {"vulnerable service", "vulnerable-system"},
};

static struct text event_of(const struct taking *t) {
    struct text v = value(t, INTELMQ_TYPE);
    const struct rsit_type *type = rsit_find(v);
    if (type) return text_of(type->value);
    for (size_t i = 0; i < COUNT(other_types); i++)
        if (text_is(v, other_types[i].name)) {
            lose(t, LOSS_GUESSED, INTELMQ_TYPE, N_("no type of the incident taxonomy; the nearest one was put"));
            return text_of(other_types[i].event);
        }
    if (v.size) lose(t, LOSS_DROPPED, INTELMQ_TYPE, N_("no type of the incident taxonomy"));
    return (struct text){0};
}

static void take_event(struct taking *t) {
    struct text class_value = value(t, INTELMQ_CLASS), put = t->r->how->event;
    t->fact.event = event_of(t);
    const struct rsit_type *type = rsit_find(t->fact.event);
    if (class_value.size && (!type || !text_is(class_value, type->class_value)))
        lose(t, LOSS_DROPPED, INTELMQ_CLASS, N_("a fact has the type, and its class follows from that"));
    if (t->fact.event.size || !put.size) return;
    t->fact.event = put;
    losses_add(t->r->how->losses, LOSS_GUESSED, intelmq_names[INTELMQ_TYPE], put, N_("the source says none"));
}

/* ---- the report around it */

static enum tlp level_in(const struct taking *t, enum intelmq_field f) {
    enum tlp level = TLP_NONE;
    struct text v = value(t, f);
    text_skip(&v, TEXT("TLP:"));
    if (text_is(v, "WHITE")) return TLP_CLEAR; /* as TLP 1.0 called it */
    if (v.size && !tlp_read(v, &level)) lose(t, LOSS_DROPPED, f, N_("no level of TLP 2.0"));
    return level;
}

/* The more restricted of the two, but that `RED` is how the level below it is written for those who have TLP 1.0. */
static enum tlp level_of(const struct taking *t) {
    enum tlp one = level_in(t, INTELMQ_TLP), two = level_in(t, INTELMQ_TLP2);
    return two == TLP_AMBER_STRICT || two > one ? two : one;
}

/* What all events of a report say alike. */
static void take_same(const struct taking *t, enum intelmq_field f, struct text *kept) {
    struct text v = value(t, f);
    if (!v.size || text_equal(v, *kept)) return;
    if (kept->size)
        lose(t, LOSS_DROPPED, f, N_("a report has it once, and events before this one say another"));
    else
        *kept = v;
}

static void take_about(struct taking *t, struct report *r) {
    instant observed = time_of(t, INTELMQ_OBSERVED);
    take_same(t, INTELMQ_TITLE, &r->title);
    take_same(t, INTELMQ_COMMENT, &r->text);
    take_same(t, INTELMQ_CASE, &r->id);
    take_same(t, INTELMQ_LANG, &r->lang);
    take_same(t, INTELMQ_TO, &r->to);
    take_same(t, INTELMQ_NUMBER, &r->own_number);
    take_same(t, value(t, INTELMQ_PROVIDER).size ? INTELMQ_PROVIDER : INTELMQ_FEED, &r->from);
    if (value(t, INTELMQ_SEVERITY).size && !word_find(&words_severity, value(t, INTELMQ_SEVERITY)))
        lose(t, LOSS_DROPPED, INTELMQ_SEVERITY, N_("no word of parley's"));
    else
        take_same(t, INTELMQ_SEVERITY, &r->severity);
    if (observed != INSTANT_NONE && (r->created == INSTANT_NONE || observed > r->created)) r->created = observed;
}

static void take_finding(const struct taking *t, struct intelmq_part *part) {
    enum finding_word word;
    if (!value(t, INTELMQ_FINDING).size) return;
    if (finding_read(value(t, INTELMQ_FINDING), &word))
        found_add(&part->found, &t->fact, word);
    else
        lose(t, LOSS_DROPPED, INTELMQ_FINDING, N_("no word of parley's"));
}

/* A sheet has whole seconds. */
static void tell_fractions(const struct taking *t) {
    static const char why[] = N_("a fact has whole seconds");
    if (t->fact.first != INSTANT_NONE && t->fact.first % INSTANT_SECOND) lose(t, LOSS_DROPPED, INTELMQ_FIRST, why);
    if (value(t, INTELMQ_LAST).size && t->fact.last != INSTANT_NONE && t->fact.last % INSTANT_SECOND)
        lose(t, LOSS_DROPPED, INTELMQ_LAST, why);
}

void intelmq_reading_start(struct intelmq_reading *r, const struct case_reading *how) {
    *r = (struct intelmq_reading){.how = how, .lost = lost_fields_in(how->arena)};
}

void intelmq_take(struct intelmq_reading *r, const struct intelmq_event *e) {
    struct taking t = {r, e, fact_unknown()};
    enum tlp level = level_of(&t);
    struct intelmq_part *part = &r->part[level == TLP_NONE ? TLP_COUNT : (int)level];
    if (!part->used) {
        part->used = true;
        part->report = REPORT_EMPTY;
        part->report.tlp = level;
        part->facts = collect_in(r->how->arena, r->how->losses);
        part->facts.first = part->facts.last = NULL; /* of a last time that only follows nothing is lost */
        found_start(&part->found, r->how->arena);
    }
    take_times(&t);
    tell_fractions(&t);
    take_ip(&t, INTELMQ_SRC_IP, KNOWN_SRC, &t.fact.src);
    take_ip(&t, INTELMQ_DST_IP, KNOWN_DST, &t.fact.dst);
    take_port(&t, INTELMQ_SRC_PORT, KNOWN_SRC_PORT, &t.fact.src_port);
    take_port(&t, INTELMQ_DST_PORT, KNOWN_DST_PORT, &t.fact.dst_port);
    take_protocol(&t);
    take_object(&t);
    take_event(&t);
    take_number(&t, INTELMQ_COUNT, &t.fact.count);
    take_number(&t, INTELMQ_EVIDENCE, &t.fact.evidence);
    take_about(&t, &part->report);
    collect_fact(&part->facts, &t.fact, "event");
    take_finding(&t, part);
}

enum error intelmq_reading_end(struct intelmq_reading *r, struct reports *out, struct diag *d) {
    struct report *list = ARENA_ARRAY(r->how->arena, struct report, COUNT(r->part));
    size_t count = 0;
    enum error result = OK;
    lost_fields_end(&r->lost, r->how->losses, N_("parley has no place for it"));
    for (size_t i = 0; i < COUNT(r->part) && !result; i++) {
        if (!r->part[i].used) continue;
        struct intelmq_part *part = &r->part[i];
        result = collect_end(&part->facts, &part->report.facts, d);
        if (!result) result = found_end(&part->found, part->report.facts, r->how->losses, &part->report.findings, d);
        list[count++] = r->part[i].report;
    }
    if (!result) *out = (struct reports){list, count};
    return result;
}

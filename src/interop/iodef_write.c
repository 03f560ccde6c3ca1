/* A case as an IODEF 2.0 document (RFC 7970): an incident, an EventData a fact, what was said as its history, and, of
 * what was answered, RID's request status (RFC 6545). */
#include <libxml/xmlwriter.h>

#include "base/codec.h"
#include "interop/iodef.h"
#include "vocab/rsit.h"

struct writing {
    xmlTextWriterPtr to;
    const struct case_writing *how;
    bool failed;
};

/* ---- elements */

static const xmlChar *chars(const char *t) { return (const xmlChar *)t; }
static void note(struct writing *w, int result) { w->failed = w->failed || result < 0; }
static void open_element(struct writing *w, const char *name) {
    note(w, xmlTextWriterStartElement(w->to, chars(name)));
}
static void close_element(struct writing *w) { note(w, xmlTextWriterEndElement(w->to)); }

/* XML 1.0 has no place for control characters, not even as references: they are left out, and that is told. */
static const char *holds(struct writing *w, const char *field, struct text t) {
    char *copy = arena_string(w->how->arena, t), *end = copy;
    uint64_t left = 0;
    for (const char *c = copy; *c; c++) {
        bool good = (unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t';
        if (good) *end++ = *c;
        left += !good;
    }
    *end = '\0';
    losses_add_many(w->how->losses, LOSS_DROPPED, field, (struct text){0}, N_("XML holds no control characters"), left);
    return copy;
}

static void attribute(struct writing *w, const char *name, const char *value) {
    note(w, xmlTextWriterWriteAttribute(w->to, chars(name), chars(value)));
}

static void element(struct writing *w, const char *name, struct text value) {
    open_element(w, name);
    note(w, xmlTextWriterWriteString(w->to, chars(holds(w, name, value))));
    close_element(w);
}

static void element_if(struct writing *w, const char *name, struct text value) {
    if (value.size) element(w, name, value);
}

static void time_if(struct writing *w, const char *name, instant i) {
    char written[INSTANT_TEXT_MAX];
    if (i != INSTANT_NONE) element(w, name, instant_write(i, written));
}

static void words(struct writing *w, const char *name, struct text value, struct text lang) {
    if (!value.size) return;
    open_element(w, name);
    if (lang.size) attribute(w, "xml:lang", holds(w, "lang", lang));
    note(w, xmlTextWriterWriteString(w->to, chars(holds(w, name, value))));
    close_element(w);
}

static void ours(struct writing *w, const char *name, struct text value) {
    if (!value.size) return;
    open_element(w, "AdditionalData");
    attribute(w, "dtype", "string");
    attribute(w, "name", name);
    attribute(w, "meaning", IODEF_OURS);
    note(w, xmlTextWriterWriteString(w->to, chars(holds(w, name, value))));
    close_element(w);
}

/* ---- a fact */

/* Where the object of a fact goes. */
struct placed {
    const struct fact *of;
    enum { PLACED_NOWHERE, PLACED_DOMAIN, PLACED_MAIL, PLACED_URL, PLACED_HASH } how;
    struct text value;
};
static struct placed place_of(const struct fact *f) {
    struct placed p = {.of = f};
    struct text trimmed = text_trim(f->object);
    if (trimmed.size != f->object.size) return p; /* white space around a value is not kept by readers */
    if (object_is(f->object, "domain", &p.value)) p.how = PLACED_DOMAIN;
    if (object_is(f->object, "mail", &p.value)) p.how = PLACED_MAIL;
    if (object_is(f->object, "url", &p.value)) p.how = PLACED_URL;
    if (object_is(f->object, "sha256", &p.value)) p.how = PLACED_HASH;
    return p;
}

static struct text number(struct writing *w, uint64_t n) {
    return arena_format(w->how->arena, "%llu", (unsigned long long)n);
}

static void put_address(struct writing *w, struct ip a) {
    char written[IP_TEXT_MAX];
    open_element(w, "Address");
    attribute(w, "category", ip_is_v4(a) ? "ipv4-addr" : "ipv6-addr");
    note(w, xmlTextWriterWriteString(w->to, chars(holds(w, "Address", ip_write(a, written)))));
    close_element(w);
}

static void put_service(struct writing *w, const struct fact *f, bool has_port, uint16_t port) {
    int protocol = iodef_protocol_number(f->protocol);
    if (!has_port && protocol < 0) return;
    open_element(w, "Service");
    if (protocol >= 0) attribute(w, "ip-protocol", number(w, (uint64_t)protocol).at);
    if (has_port) element(w, "Port", number(w, port));
    close_element(w);
}

static void put_count(struct writing *w, const struct fact *f) {
    if (f->count == SHEET_NO_COUNT) return;
    open_element(w, "Counter");
    attribute(w, "type", "count");
    attribute(w, "unit", "event");
    note(w, xmlTextWriterWriteString(w->to, chars(number(w, f->count).at)));
    close_element(w);
}

static void put_system(struct writing *w, const struct fact *f, bool source, bool counts) {
    unsigned port = source ? KNOWN_SRC_PORT : KNOWN_DST_PORT;
    open_element(w, "System");
    attribute(w, "category", source ? "source" : "target");
    open_element(w, "Node");
    put_address(w, source ? f->src : f->dst);
    close_element(w);
    put_service(w, f, f->known & port, source ? f->src_port : f->dst_port);
    if (counts) put_count(w, f);
    close_element(w);
}

/* An object as other tools read it, where IODEF has a place for its kind. */
static void put_object(struct writing *w, const struct placed *p, bool counts) {
    bool domain = p->how == PLACED_DOMAIN;
    open_element(w, "System");
    open_element(w, "Node");
    open_element(w, domain ? "DomainData" : "Address");
    if (domain) {
        attribute(w, "system-status", "unknown");
        attribute(w, "domain-status", "unknown");
        element(w, "Name", p->value);
    } else {
        attribute(w, "category", p->how == PLACED_MAIL ? "e-mail" : "site-uri");
        note(w, xmlTextWriterWriteString(w->to, chars(holds(w, "Address", p->value))));
    }
    close_element(w);
    close_element(w);
    if (counts) put_count(w, p->of);
    close_element(w);
}

static bool has_flow(const struct placed *p) {
    return p->of->known & (KNOWN_SRC | KNOWN_DST) || p->how == PLACED_DOMAIN || p->how == PLACED_MAIL ||
           p->how == PLACED_URL;
}

static void put_flow(struct writing *w, const struct placed *p) {
    const struct fact *f = p->of;
    bool source = f->known & KNOWN_SRC, target = f->known & KNOWN_DST;
    if (!has_flow(p)) return;
    open_element(w, "Flow");
    if (source) put_system(w, f, true, true);
    if (target) put_system(w, f, false, !source);
    if (p->how == PLACED_DOMAIN || p->how == PLACED_MAIL || p->how == PLACED_URL) put_object(w, p, !source && !target);
    close_element(w);
}

/* What happened, as RSIT has it; an assessment needs an impact, and none is known. */
static void put_event(struct writing *w, const struct fact *f) {
    const struct rsit_type *type = f->event.size ? rsit_find(f->event) : NULL;
    if (!type) return;
    open_element(w, "Assessment");
    attribute(w, "occurrence", "actual");
    element(w, "IncidentCategory", arena_format(w->how->arena, "%s:%s", type->class_value, type->value));
    open_element(w, "SystemImpact");
    attribute(w, "type", "unknown");
    close_element(w);
    close_element(w);
}

static void put_hash(struct writing *w, const struct placed *p) {
    struct sha256 sha;
    struct buf coded = {.max = 64};
    if (p->how != PLACED_HASH || !sha256_read_hex(p->value, &sha)) return;
    buf_base64(&coded, sha256_bytes(&sha), BASE64_PADDED);
    static const char *const around[] = {"Record", "RecordData", "FileData", "File", "HashData"};
    for (size_t i = 0; i < COUNT(around); i++) {
        open_element(w, around[i]);
        if (i == COUNT(around) - 1) attribute(w, "scope", "file-contents");
    }
    open_element(w, "Hash");
    note(w, xmlTextWriterStartElementNS(w->to, chars("ds"), chars("DigestMethod"), chars(DSIG_NAMESPACE)));
    attribute(w, "Algorithm", DSIG_SHA256);
    close_element(w);
    note(w, xmlTextWriterStartElementNS(w->to, chars("ds"), chars("DigestValue"), chars(DSIG_NAMESPACE)));
    note(w, xmlTextWriterWriteString(w->to, chars(holds(w, "DigestValue", buf_as_text(&coded)))));
    close_element(w);
    close_element(w);
    for (size_t i = 0; i < COUNT(around); i++) close_element(w);
    buf_free(&coded);
}

/* What IODEF has no place for. */
static void put_rest(struct writing *w, const struct placed *p, const struct finding *found) {
    const struct fact *f = p->of;
    bool served = f->known & (KNOWN_SRC | KNOWN_DST);
    if (f->known & KNOWN_SRC_PORT && !(f->known & KNOWN_SRC)) ours(w, IODEF_SRC_PORT, number(w, f->src_port));
    if (f->known & KNOWN_DST_PORT && !(f->known & KNOWN_DST)) ours(w, IODEF_DST_PORT, number(w, f->dst_port));
    if (p->how == PLACED_NOWHERE) ours(w, IODEF_OBJECT, f->object);
    if (!served || iodef_protocol_number(f->protocol) < 0) ours(w, IODEF_PROTOCOL, f->protocol);
    if (!has_flow(p) && f->count != SHEET_NO_COUNT) ours(w, IODEF_COUNT, number(w, f->count));
    if (f->evidence != SHEET_NO_COUNT) ours(w, IODEF_EVIDENCE, number(w, f->evidence));
    if (found && found->word != FINDING_COUNT) ours(w, IODEF_FINDING, text_of(finding_name(found->word)));
}

static void put_fact(struct writing *w, const struct fact *f, const struct finding *found) {
    const struct placed p = place_of(f);
    open_element(w, "EventData");
    time_if(w, "StartTime", f->first);
    time_if(w, "EndTime", f->last);
    put_event(w, f);
    put_flow(w, &p);
    put_hash(w, &p);
    put_rest(w, &p, found);
    close_element(w);
}

/* ---- the incident */

static void put_contact(struct writing *w, const char *role, struct text name, struct text mail) {
    if (!name.size && !mail.size) return;
    open_element(w, "Contact");
    attribute(w, "role", role);
    attribute(w, "type", "organization");
    element_if(w, "ContactName", name);
    if (mail.size) {
        open_element(w, "Email");
        element(w, "EmailTo", mail);
        close_element(w);
    }
    close_element(w);
}

static void put_history(struct writing *w, const struct report *r) {
    if (!r->said_count) return;
    open_element(w, "History");
    for (size_t i = 0; i < r->said_count; i++) {
        const struct report_said *s = &r->said[i];
        open_element(w, "HistoryItem");
        attribute(w, "action", "other");
        time_if(w, "DateTime", s->time);
        put_contact(w, "creator", s->author, (struct text){0});
        words(w, "Description", s->kind, (struct text){0});
        words(w, "Description", s->title, s->lang);
        words(w, "Description", s->text, s->lang);
        close_element(w);
    }
    close_element(w);
}

static void put_status(struct writing *w, const struct report *r) {
    const char *why, *status = iodef_request_status(r, &why);
    if (!status) return;
    open_element(w, "AdditionalData");
    attribute(w, "dtype", "xml");
    attribute(w, "meaning", "RID request status");
    note(w, xmlTextWriterStartElementNS(w->to, chars("iodef-rid"), chars("RequestStatus"), chars(RID_NAMESPACE)));
    attribute(w, "AuthorizationStatus", status);
    if (why) attribute(w, "Justification", why);
    close_element(w);
    close_element(w);
}

static const char *status_of(const struct report *r) {
    const char *ignored, *status = iodef_request_status(r, &ignored);
    return !status || r->said_count < 2 ? "new" : text_is(text_of(status), "Pending") ? "in-progress" : "resolved";
}

/* The name of the CSIRT is the domain of the party; what stands behind it in the name of a case is its number. */
static void put_id(struct writing *w, const struct report *r) {
    struct text number = r->id, name = {0};
    if (!text_cut(&number, '/', &name)) number = r->id;
    open_element(w, "IncidentID");
    attribute(w, "name", holds(w, "IncidentID", name.size ? name : r->from));
    note(w, xmlTextWriterWriteString(w->to, chars(holds(w, "IncidentID", number.size ? number : TEXT("0")))));
    close_element(w);
}

static void put_expectation(struct writing *w, const struct report *r) {
    open_element(w, "EventData");
    open_element(w, "Expectation");
    attribute(w, "action", r->action.size ? holds(w, "action", r->action) : "investigate");
    close_element(w);
    close_element(w);
}

static void put_incident(struct writing *w, const struct report *r) {
    const char *ext, *restriction = iodef_restriction(r->tlp, &ext);
    open_element(w, "Incident");
    attribute(w, "purpose", r->action.size ? "mitigation" : "reporting");
    attribute(w, "status", status_of(r));
    attribute(w, "xml:lang", r->lang.size ? holds(w, "lang", r->lang) : "en");
    attribute(w, "restriction", restriction);
    if (ext) attribute(w, "ext-restriction", ext);
    put_id(w, r);
    time_if(w, "ReportTime", r->created);
    time_if(w, "GenerationTime", r->changed != INSTANT_NONE ? r->changed : w->how->now);
    words(w, "Description", r->title, r->lang);
    words(w, "Description", r->text, r->lang);
    put_contact(w, "creator", r->from, r->from_mail);
    put_contact(w, "irt", r->to, (struct text){0});
    for (size_t i = 0; i < r->facts.count; i++) put_fact(w, &r->facts.at[i], r->findings ? &r->findings[i] : NULL);
    put_expectation(w, r);
    put_history(w, r);
    put_status(w, r);
    close_element(w);
}

static void tell_rest(const struct report *r, struct losses *l) {
    static const char why[] = N_("IODEF has no place for it");
    if (r->severity.size) losses_add(l, LOSS_DROPPED, "severity", r->severity, why);
    losses_add_many(l, LOSS_DROPPED, "states", r->states.count ? r->states.at[0] : (struct text){0}, why,
                    r->states.count);
    losses_add_many(l, LOSS_DROPPED, "sectors", r->sectors.count ? r->sectors.at[0] : (struct text){0}, why,
                    r->sectors.count);
    losses_add_many(l, LOSS_DROPPED, "coverage", r->coverage_count ? r->coverage[0].source : (struct text){0}, why,
                    r->coverage_count);
    losses_add_many(l, LOSS_AS_WORDS, "message", r->said_count ? r->said[0].kind : (struct text){0},
                    N_("what was said stands in the history, as text"), r->said_count);
}

enum error iodef_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    xmlBufferPtr page = xmlBufferCreate();
    struct writing w = {.to = page ? xmlNewTextWriterMemory(page, 0) : NULL, .how = how};
    if (!w.to) {
        if (page) xmlBufferFree(page);
        return fail(d, ERR_MEMORY, _("out of memory"));
    }
    note(&w, xmlTextWriterSetIndent(w.to, 1));
    note(&w, xmlTextWriterStartDocument(w.to, "1.0", "UTF-8", NULL));
    note(&w, xmlTextWriterStartElementNS(w.to, NULL, chars("IODEF-Document"), chars(IODEF_NAMESPACE)));
    attribute(&w, "version", "2.00");
    attribute(&w, "xml:lang", r->lang.size ? holds(&w, "lang", r->lang) : "en");
    put_incident(&w, r);
    note(&w, xmlTextWriterEndDocument(w.to));
    xmlFreeTextWriter(w.to);
    buf_bytes(out, bytes_of(xmlBufferContent(page), (size_t)xmlBufferLength(page)));
    xmlBufferFree(page);
    tell_rest(r, how->losses);
    return w.failed ? fail(d, ERR_MEMORY, _("out of memory")) : buf_check(out, d);
}

/* IODEF 2.0 (RFC 7970): each incident a report, each EventData its facts.
 *
 * libxml2 reads the document, with entities and the network off; a DTD is refused before a byte of it is read, so that
 * nothing can be declared that grows.  Depth is bounded by the library and by EVENTS_DEEP here. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>

#include "base/codec.h"
#include "interop/foreign.h"
#include "interop/iodef.h"
#include "party/profile.h"
#include "vocab/rsit.h"
#include "vocab/words.h"

enum { IODEF_BYTES_MAX = 64 << 20, TAGS_MAX = 4 << 20, NAMES_MAX = 128, NAME_MAX_BYTES = 64, EVENTS_DEEP = 16 };

struct iodef_reading {
    const struct case_reading *how;
    struct collect facts;
    struct report *report;
    struct buf text; /* of the incident */
    struct diag *d;
};

/* ---- elements */

static struct text view(const xmlChar *t) { return t ? text_of((const char *)t) : (struct text){0}; }

static bool is(const xmlNode *n, const char *name) {
    return n->type == XML_ELEMENT_NODE && n->ns && text_is(view(n->ns->href), IODEF_NAMESPACE) &&
           text_is(view(n->name), name);
}

static const xmlNode *child(const xmlNode *of, const char *name) {
    const xmlNode *n = of ? of->children : NULL;
    while (n && !is(n, name)) n = n->next;
    return n;
}

/* The text in an element, without that of elements in it; in the arena. */
static struct text whole_content(struct iodef_reading *r, const xmlNode *of) {
    struct buf whole = {.max = IODEF_BYTES_MAX};
    for (const xmlNode *n = of ? of->children : NULL; n; n = n->next)
        if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) buf_text(&whole, view(n->content));
    struct text kept = arena_text(r->how->arena, buf_as_text(&whole));
    buf_free(&whole);
    return kept;
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* The same without white space around it: documents are indented. */
static struct text content(struct iodef_reading *r, const xmlNode *of) {
    struct text t = whole_content(r, of);
    while (t.size && is_space(t.at[0])) t = text_sub(t, 1, t.size);
    while (t.size && is_space(t.at[t.size - 1])) t.size--;
    return t;
}

static struct text attribute(struct iodef_reading *r, const xmlNode *of, const char *name) {
    xmlChar *value = xmlGetNoNsProp(of, (const xmlChar *)name);
    struct text kept = arena_text(r->how->arena, view(value));
    xmlFree(value);
    return kept;
}

static enum error refuse(struct iodef_reading *r, const xmlNode *at, const char *expected, struct text found) {
    return fail_at(r->d, (uint64_t)xmlGetLineNo(at), ERR_INPUT, _("%s: expected %s, found “%.*s”"),
                   (const char *)at->name, expected, TEXT_ARG(found));
}

static void lose(struct iodef_reading *r, enum loss_kind kind, const char *field, struct text value, const char *why) {
    losses_add(r->how->losses, kind, field, value, why);
}

/* By its own name, or all that an element has no place for would be one loss; of very many names, by that of where they
 * stand. */
static void lose_element(struct iodef_reading *r, const char *in, const xmlNode *n, const char *why) {
    struct text name = view(n->name);
    bool few = r->how->losses->count < NAMES_MAX && name.size <= NAME_MAX_BYTES;
    if (few)
        lose(r, LOSS_DROPPED, arena_string(r->how->arena, arena_format(r->how->arena, "%s.%.*s", in, TEXT_ARG(name))),
             (struct text){0}, why);
    else
        lose(r, LOSS_DROPPED, in, name, why);
}

/* RFC 3339 as XML Schema has it. */
static enum error take_time(struct iodef_reading *r, const xmlNode *of, const char *name, instant *out) {
    const xmlNode *n = child(of, name);
    struct text t = content(r, n);
    instant whole, precise;
    if (!n) return OK;
    if (!rfc3339_read(t, &whole)) return refuse(r, n, _("a time as 2026-03-01T12:00:00Z"), t);
    *out = foreign_time(t, &precise) ? precise : whole; /* with its fraction, which is told as lost */
    return OK;
}

/* ---- a fact */

struct event { /* what an EventData says, and those around it */
    struct fact fact;
    bool placed; /* it has said who or what */
};

static void take_address(struct iodef_reading *r, const xmlNode *n, bool target, struct event *e) {
    struct text category = attribute(r, n, "category"), value = content(r, n);
    struct ip ip;
    struct fact *f = &e->fact;
    if (text_is(category, "site-uri") || text_is(category, "e-mail")) {
        struct text object = object_of(r->how->arena, text_is(category, "e-mail") ? "mail" : "url", value);
        if (!object.size || f->object.size)
            lose(r, LOSS_DROPPED, "Address", value, N_("a fact holds one object of one line"));
        else
            f->object = object, e->placed = true;
    } else if (!ip_read(value, &ip)) {
        lose(r, LOSS_DROPPED, "Address", value, N_("only single addresses, URLs and mail addresses are taken"));
    } else if (f->known & (target ? KNOWN_DST : KNOWN_SRC)) {
        lose(r, LOSS_DROPPED, "Address", value, N_("a fact holds one source and one target"));
    } else {
        *(target ? &f->dst : &f->src) = ip;
        f->known |= target ? KNOWN_DST : KNOWN_SRC;
        e->placed = true;
    }
}

static void take_domain(struct iodef_reading *r, const xmlNode *n, struct event *e) {
    struct text name = content(r, child(n, "Name")), object = object_of(r->how->arena, "domain", name);
    if (!object.size || e->fact.object.size)
        lose(r, LOSS_DROPPED, "DomainData", name, N_("a fact holds one object of one line"));
    else
        e->fact.object = object, e->placed = true;
}

static void take_port(struct iodef_reading *r, struct text t, bool target, struct fact *f) {
    uint64_t port;
    if (!text_u64(t, &port) || port > UINT16_MAX) {
        lose(r, LOSS_DROPPED, "Port", t, N_("it is no port"));
        return;
    }
    *(target ? &f->dst_port : &f->src_port) = (uint16_t)port;
    f->known |= target ? KNOWN_DST_PORT : KNOWN_SRC_PORT;
}

static void take_service(struct iodef_reading *r, const xmlNode *n, bool target, struct fact *f) {
    struct text number = attribute(r, n, "ip-protocol"), name = iodef_protocol_name(number);
    if (name.size) f->protocol = name;
    if (number.size && !name.size) lose(r, LOSS_DROPPED, "ip-protocol", number, N_("its name is not known here"));
    for (const xmlNode *c = n->children; c; c = c->next) {
        if (is(c, "Port"))
            take_port(r, content(r, c), target, f);
        else if (c->type == XML_ELEMENT_NODE)
            lose_element(r, "Service", c, N_("a fact has no place for it"));
    }
}

static void take_counter(struct iodef_reading *r, const xmlNode *n, struct fact *f) {
    struct text unit = attribute(r, n, "unit"), t = content(r, n);
    uint64_t count;
    if (text_is(attribute(r, n, "type"), "count") && text_is(unit, "event") && text_u64(t, &count) && count)
        f->count = count;
    else
        lose(r, LOSS_DROPPED, "Counter", t, N_("only a count of events is taken"));
}

static void take_node(struct iodef_reading *r, const xmlNode *n, bool target, struct event *e) {
    for (const xmlNode *c = n->children; c; c = c->next) {
        if (is(c, "Address"))
            take_address(r, c, target, e);
        else if (is(c, "DomainData"))
            take_domain(r, c, e);
        else if (is(c, "Counter"))
            take_counter(r, c, &e->fact);
        else if (c->type == XML_ELEMENT_NODE)
            lose_element(r, "Node", c, N_("a fact has no place for it"));
    }
}

static void take_system(struct iodef_reading *r, const xmlNode *n, struct event *e) {
    struct text category = attribute(r, n, "category");
    bool target = text_is(category, "target");
    if (category.size && !target && !text_is(category, "source")) {
        lose(r, LOSS_DROPPED, "System", category, N_("a fact holds a source and a target alone"));
        return;
    }
    for (const xmlNode *c = n->children; c; c = c->next) {
        if (is(c, "Node"))
            take_node(r, c, target, e);
        else if (is(c, "Service"))
            take_service(r, c, target, &e->fact);
        else if (is(c, "Counter"))
            take_counter(r, c, &e->fact);
        else if (c->type == XML_ELEMENT_NODE)
            lose_element(r, "System", c, N_("a fact has no place for it"));
    }
}

static void take_words(struct iodef_reading *r, const xmlNode *n) {
    struct text t = content(r, n);
    if (!t.size) return;
    if (r->text.size) buf_string(&r->text, "\n\n");
    buf_text(&r->text, t);
}

/* An assessment needs an impact, and may say that none is known. */
static bool is_needed(struct iodef_reading *r, const xmlNode *n) {
    return is(n, "SystemImpact") && text_is(attribute(r, n, "type"), "unknown") &&
           !content(r, child(n, "Description")).size;
}

static void take_category(struct iodef_reading *r, const xmlNode *assessment, struct fact *f) {
    for (const xmlNode *c = assessment->children; c; c = c->next) {
        struct text t = is(c, "IncidentCategory") ? content(r, c) : (struct text){0};
        const struct rsit_type *type = t.size ? rsit_find_pair(t) : NULL;
        if (t.size && !type) type = rsit_find(t);
        if (type)
            f->event = text_of(type->value);
        else if (t.size)
            lose(r, LOSS_AS_WORDS, "IncidentCategory", t, N_("it is no type of the RSIT")), take_words(r, c);
        else if (c->type == XML_ELEMENT_NODE && !is_needed(r, c))
            lose_element(r, "Assessment", c, N_("a fact has no place for it"));
    }
}

/* DigestValue and DigestMethod stand in a namespace of their own. */
static const xmlNode *in_hash(const xmlNode *hash, const char *name) {
    const xmlNode *n = hash->children;
    while (n && !(n->type == XML_ELEMENT_NODE && n->ns && text_is(view(n->ns->href), DSIG_NAMESPACE) &&
                  text_is(view(n->name), name)))
        n = n->next;
    return n;
}

static void take_hash(struct iodef_reading *r, const xmlNode *hash, struct event *e) {
    const xmlNode *method = in_hash(hash, "DigestMethod"), *value = in_hash(hash, "DigestValue");
    struct sha256 sha;
    char hex[SHA256_HEX];
    struct text t = content(r, value);
    bool known = method && text_is(attribute(r, method, "Algorithm"), DSIG_SHA256) &&
                 base64_read_exact(t, sha.at, sizeof sha.at, BASE64_PADDED);
    if (known && !e->fact.object.size)
        e->fact.object = object_of(r->how->arena, "sha256", sha256_hex(&sha, hex)), e->placed = true;
    else
        lose(r, LOSS_DROPPED, "Hash", t, N_("a fact holds one object, and of hashes SHA-256 alone"));
}

/* The hashes of files in a record, wherever they stand. */
static void take_record(struct iodef_reading *r, const xmlNode *n, int deep, struct event *e) {
    for (const xmlNode *c = n->children; c && deep < EVENTS_DEEP; c = c->next) {
        if (is(c, "Hash"))
            take_hash(r, c, e);
        else if (is(c, "RecordData") || is(c, "FileData") || is(c, "File") || is(c, "HashData"))
            take_record(r, c, deep + 1, e);
        else if (c->type == XML_ELEMENT_NODE)
            lose_element(r, "Record", c, N_("a fact has no place for it"));
    }
}

static void take_ours(struct iodef_reading *r, const xmlNode *n, struct event *e) {
    struct text name = attribute(r, n, "name"), value = whole_content(r, n);
    struct fact *f = &e->fact;
    uint64_t number = 0;
    bool counts = text_u64(value, &number) && number;
    if (!text_is(attribute(r, n, "meaning"), IODEF_OURS))
        lose(r, LOSS_DROPPED, "AdditionalData", value, N_("it is another program's own"));
    else if (text_is(name, IODEF_OBJECT) && object_holds(value))
        f->object = value, e->placed = true;
    else if (text_is(name, IODEF_PROTOCOL) && protocol_holds(value))
        f->protocol = value;
    else if (text_is(name, IODEF_COUNT) && counts)
        f->count = number;
    else if (text_is(name, IODEF_EVIDENCE) && counts)
        f->evidence = number;
    else if (text_is(name, IODEF_SRC_PORT) || text_is(name, IODEF_DST_PORT))
        take_port(r, value, text_is(name, IODEF_DST_PORT), f);
    else
        lose(r, LOSS_DROPPED, "AdditionalData", value, N_("an imported finding is not one's own answer"));
}

static void take_part(struct iodef_reading *r, const xmlNode *n, struct event *e) {
    if (is(n, "Flow")) {
        for (const xmlNode *c = n->children; c; c = c->next)
            if (is(c, "System"))
                take_system(r, c, e);
            else if (c->type == XML_ELEMENT_NODE)
                lose_element(r, "Flow", c, N_("a fact has no place for it"));
    } else if (is(n, "Assessment")) {
        take_category(r, n, &e->fact);
    } else if (is(n, "Record")) {
        take_record(r, n, 0, e);
    } else if (is(n, "AdditionalData")) {
        take_ours(r, n, e);
    } else if (is(n, "Description")) {
        lose(r, LOSS_AS_WORDS, "EventData.Description", content(r, n), N_("it stands in the text of the claim"));
        take_words(r, n);
    } else if (n->type == XML_ELEMENT_NODE && !is(n, "StartTime") && !is(n, "EndTime") && !is(n, "DetectTime") &&
               !is(n, "EventData") && !is(n, "Expectation")) {
        lose_element(r, "EventData", n, N_("a fact has no place for it"));
    }
}

static enum error take_times(struct iodef_reading *r, const xmlNode *n, struct fact *f) {
    instant detected = INSTANT_NONE;
    enum error result = take_time(r, n, "DetectTime", &detected);
    if (!result) result = take_time(r, n, "StartTime", &f->first);
    if (!result) result = take_time(r, n, "EndTime", &f->last);
    if (detected == INSTANT_NONE) return result;
    if (f->first == INSTANT_NONE && f->last == INSTANT_NONE) {
        f->first = f->last = detected;
        lose(r, LOSS_GUESSED, "DetectTime", (struct text){0}, N_("taken as the time of the event"));
    } else {
        lose(r, LOSS_DROPPED, "DetectTime", (struct text){0}, N_("a fact has no place for it"));
    }
    return result;
}

/* An EventData in another has what that one says, unless it says otherwise. */
static enum error take_event(struct iodef_reading *r, const xmlNode *n, const struct event *around, int deep) {
    struct event e = *around;
    const xmlNode *within = child(n, "EventData");
    if (deep > EVENTS_DEEP) return refuse(r, n, _("fewer EventData in each other"), (struct text){0});
    enum error result = take_times(r, n, &e.fact);
    e.placed = false;
    for (const xmlNode *c = n->children; c && !result; c = c->next) take_part(r, c, &e);
    for (const xmlNode *c = within; c && !result; c = c->next)
        if (is(c, "EventData")) result = take_event(r, c, &e, deep + 1);
    if (result || !e.placed) return result;
    if (!e.fact.event.size) e.fact.event = r->how->event;
    collect_fact(&r->facts, &e.fact, "EventData");
    return OK;
}

/* ---- an incident */

static void take_id(struct iodef_reading *r, const xmlNode *incident) {
    const xmlNode *n = child(incident, "IncidentID");
    struct text number = content(r, n), name = n ? attribute(r, n, "name") : (struct text){0};
    r->report->id = name.size ? arena_format(r->how->arena, "%.*s/%.*s", TEXT_ARG(name), TEXT_ARG(number)) : number;
    r->report->own_number = number;
}

static void take_contact(struct iodef_reading *r, const xmlNode *n) {
    struct text role = attribute(r, n, "role"), name = content(r, child(n, "ContactName"));
    struct text mail = content(r, child(child(n, "Email"), "EmailTo"));
    if (text_is(role, "creator")) {
        r->report->from = name.size ? name : mail;
        r->report->from_mail = mail;
    } else if (text_is(role, "irt") && !r->report->to.size) {
        r->report->to = name.size ? name : mail;
    } else {
        lose(r, LOSS_DROPPED, "Contact", name.size ? name : mail, N_("of contacts the creator alone is taken"));
    }
}

static void take_expectation(struct iodef_reading *r, const xmlNode *event) {
    const xmlNode *n = child(event, "Expectation");
    struct text action = n ? attribute(r, n, "action") : (struct text){0};
    if (action.size && word_find(&words_action, action)) r->report->action = action;
}

/* What a report takes, or what is told by itself. */
static bool is_member(const xmlNode *n) {
    static const char *const names[] = {"IncidentID",  "ReportTime", "GenerationTime", "Contact",
                                        "Description", "EventData",  "History"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (is(n, names[i])) return true;
    return false;
}

static enum error take_member(struct iodef_reading *r, const xmlNode *c) {
    struct event unknown = {.fact = fact_unknown()};
    unknown.fact.count = SHEET_NO_COUNT;
    if (is(c, "Contact")) take_contact(r, c);
    if (is(c, "Description") && !r->report->title.size)
        r->report->title = content(r, c);
    else if (is(c, "Description"))
        take_words(r, c);
    if (is(c, "EventData")) take_expectation(r, c);
    if (is(c, "EventData")) return take_event(r, c, &unknown, 0);
    if (is(c, "History"))
        lose(r, LOSS_DROPPED, "History", (struct text){0}, N_("what others did about it is no part of a claim"));
    if (c->type == XML_ELEMENT_NODE && !is_member(c)) lose_element(r, "Incident", c, N_("a claim has no place for it"));
    return OK;
}

/* What of an incident is told as a loss: how restricted that is does not matter any more. */
static bool is_left_out(const xmlNode *n) {
    static const char *const names[] = {"History",   "IndicatorData",   "Method",
                                        "Discovery", "RelatedActivity", "AlternativeID"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (is(n, names[i])) return true;
    return false;
}

/* A part may be more restricted than the whole (RFC 7970, 3.3.1), and a report has one level; libxml2 bounds the
 * levels. */
static void raise_level(struct iodef_reading *r, const xmlNode *n) {
    for (const xmlNode *c = n->children; c; c = c->next) {
        if (c->type != XML_ELEMENT_NODE || is_left_out(c)) continue;
        enum tlp level = iodef_level(attribute(r, c, "restriction"), attribute(r, c, "ext-restriction"));
        if (level > r->report->tlp) {
            lose(r, LOSS_GUESSED, "restriction", text_of(tlp_name(level)),
                 N_("a report has one level: the most restricted one"));
            r->report->tlp = level;
        }
        raise_level(r, c);
    }
}

static enum error take_incident(struct iodef_reading *r, const xmlNode *n) {
    struct report *report = r->report;
    *report = REPORT_EMPTY;
    r->facts = collect_in(r->how->arena, r->how->losses);
    r->facts.first = "StartTime";
    r->facts.last = "EndTime";
    report->tlp = iodef_level(attribute(r, n, "restriction"), attribute(r, n, "ext-restriction"));
    raise_level(r, n);
    report->lang = attribute(r, n, "lang");
    if (!report->lang.size) {
        xmlChar *lang = xmlNodeGetLang(n);
        report->lang = arena_text(r->how->arena, view(lang));
        xmlFree(lang);
    }
    take_id(r, n);
    enum error result = take_time(r, n, "ReportTime", &report->created);
    if (!result) result = take_time(r, n, "GenerationTime", &report->changed);
    for (const xmlNode *c = n->children; c && !result; c = c->next) result = take_member(r, c);
    if (!result) result = collect_end(&r->facts, &report->facts, r->d);
    report->text = arena_text(r->how->arena, buf_as_text(&r->text));
    buf_free(&r->text);
    return result;
}

/* ---- the document */

static void refuse_dtd(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    xmlParserCtxtPtr c = context;
    (void)name, (void)external, (void)system;
    c->_private = (void *)(uintptr_t)1;
    xmlStopParser(c);
}

static void say_nothing(void *context, xmlErrorPtr e) { (void)context, (void)e; }

static enum error parse(struct bytes file, xmlDocPtr *out, struct diag *d) {
    xmlParserCtxtPtr c = xmlNewParserCtxt();
    if (!c) return fail(d, ERR_MEMORY, _("out of memory"));
    c->sax->internalSubset = refuse_dtd;
    c->sax->serror = say_nothing;
    *out = xmlCtxtReadMemory(c, (const char *)file.at, (int)file.size, NULL, "UTF-8",
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    enum error result = OK;
    if (c->_private)
        result = fail(d, ERR_INPUT, _("a document type (DTD) is not taken: it could declare anything"));
    else if (!*out) {
        struct text words = c->lastError.message ? text_trim(text_of(c->lastError.message)) : (struct text){0};
        result = fail_at(d, (uint64_t)(c->lastError.line > 0 ? c->lastError.line : 0), ERR_INPUT,
                         _("it is not well-formed XML: %.*s"), TEXT_ARG(words));
    }
    if (result && *out) {
        xmlFreeDoc(*out);
        *out = NULL;
    }
    xmlFreeParserCtxt(c);
    return result;
}

bool iodef_case_seen(struct bytes start) {
    struct text t = {(const char *)start.at, start.size};
    return text_search(t, TEXT("IODEF-Document")) < t.size &&
           text_search(t, TEXT("urn:ietf:params:xml:ns:iodef-")) < t.size;
}

static enum error take_document(struct iodef_reading *r, const xmlNode *root, struct reports *out) {
    size_t room = 0;
    enum error result = OK;
    if (!root || !is(root, "IODEF-Document") || !text_is(attribute(r, root, "version"), "2.00"))
        return fail(r->d, ERR_INPUT, _("expected an IODEF-Document of version 2.00 (RFC 7970)"));
    for (const xmlNode *n = root->children; n && !result; n = n->next) {
        if (!is(n, "Incident")) {
            if (n->type == XML_ELEMENT_NODE) lose_element(r, "IODEF-Document", n, N_("incidents alone are taken"));
            continue;
        }
        if (out->count == CASE_FORMAT_REPORTS_MAX)
            return fail(r->d, ERR_LIMIT, _("more than %d incidents"), CASE_FORMAT_REPORTS_MAX);
        out->at = arena_grow(r->how->arena, out->at, out->count, &room, sizeof *out->at);
        r->report = &out->at[out->count++];
        result = take_incident(r, n);
    }
    return result;
}

/* A node of libxml2's takes many times the bytes that spell it. */
static enum error check_tags(struct bytes file, struct diag *d) {
    size_t tags = 0;
    for (size_t i = 0; i < file.size; i++)
        if (file.at[i] == '<' && ++tags > TAGS_MAX)
            return fail(d, ERR_LIMIT, _("offset %zu: more than %d tags"), i, TAGS_MAX);
    return OK;
}

enum error iodef_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct iodef_reading r = {.how = how, .text = {.max = IODEF_BYTES_MAX}, .d = d};
    struct reports all = {0};
    xmlDocPtr document = NULL;
    if (file.size > IODEF_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("an IODEF document of more than %d MiB"), IODEF_BYTES_MAX >> 20);
    enum error result = check_tags(file, d);
    if (!result) result = parse(file, &document, d);
    if (!result) result = take_document(&r, xmlDocGetRootElement(document), &all);
    if (document) xmlFreeDoc(document);
    if (!result) *out = all;
    buf_free(&r.text);
    return result;
}

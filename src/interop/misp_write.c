/* A case as a MISP event: an object each fact, or an attribute where that is enough; findings as sightings, what was
 * said as event reports.  It is written piece by piece: only one object is in memory as JSON. */
#include <stdlib.h>

#include "interop/foreign.h"
#include "interop/misp.h"
#include "stix/stix.h"
#include "vocab/words.h"

struct giving {
    const struct report *r;
    const struct case_writing *how;
    struct buf *out;
    struct text stamp; /* seconds since 1970 */
    char uuid[37];     /* of the event */
    bool more;         /* a piece of the list stands there already */
};

/* ---- pieces */

static void begin_list(struct giving *g, const char *before) {
    buf_string(g->out, before);
    g->more = false;
}

static void put_piece(struct giving *g, json_t *taken) {
    if (g->more) buf_char(g->out, ',');
    g->more = true;
    json_canonical(taken, g->out);
    json_decref(taken);
}

/* The same thing has the same id, wherever and whenever it is written. */
static void put_uuid(const struct giving *g, json_t *o, struct text name, const char *part) {
    char uuid[37];
    struct text of = arena_format(g->how->arena, "misp/%s/%.*s/%s", g->uuid, TEXT_ARG(name), part);
    stix_uuid5(STIX_PARLEY_NAMESPACE, bytes_from_text(of), uuid);
    json_put_text(o, "uuid", text_of(uuid));
}

static void put_tag(json_t *list, struct text name) {
    json_t *tag = json_object();
    json_put_text(tag, "name", name);
    json_add(list, tag);
}

static struct text rsit_tag(struct arena *a, struct text event) {
    const struct rsit_type *type = rsit_find(event);
    return type ? arena_format(a, "rsit:%s=\"%s\"", type->class_value, type->value) : (struct text){0};
}

static json_t *attribute(const struct giving *g, const char *type, const char *category, struct text value) {
    json_t *o = json_object();
    json_put_text(o, "type", text_of(type));
    json_put_text(o, "category", text_of(category));
    json_put_text(o, "value", json_is_text(value) ? value : (struct text){0});
    json_put_text(o, "distribution", TEXT("5")); /* as the event's */
    json_put_text(o, "timestamp", g->stamp);
    json_put_bool(o, "to_ids", false);
    return o;
}

/* ---- facts */

static const struct value_form {
    const char *relation, *type, *category;
    const char *kind; /* of an object of parley's */
    bool uncorrelated;
} forms[MISP_SLOTS] = {
    [MISP_SRC] = {"ip-src", "ip-src", "Network activity", NULL, false},
    [MISP_DST] = {"ip-dst", "ip-dst", "Network activity", NULL, false},
    [MISP_SRC_PORT] = {"src-port", "port", "Network activity", NULL, true},
    [MISP_DST_PORT] = {"dst-port", "port", "Network activity", NULL, true},
    [MISP_PROTOCOL] = {"layer4-protocol", "text", "Other", NULL, true},
    [MISP_URL] = {"url", "url", "Network activity", "url", false},
    [MISP_SHA256] = {"sha256", "sha256", "Payload delivery", "sha256", false},
    [MISP_DOMAIN] = {"domain", "domain", "Network activity", "domain", false},
    [MISP_MAIL] = {"email", "email", "Social network", "mail", false},
    [MISP_ACCOUNT] = {"username", "target-user", "Targeting data", "account", false},
    [MISP_COUNTED] = {"count", "counter", "Other", NULL, true},
    [MISP_EVIDENCE] = {"evidence-lines", "counter", "Other", NULL, true},
};

static struct text number(struct arena *a, uint64_t n) { return arena_format(a, "%llu", (unsigned long long)n); }

static struct text address(struct arena *a, struct ip ip) {
    char at[IP_TEXT_MAX];
    return arena_text(a, ip_write(ip, at));
}

static void spell(const struct fact *f, struct arena *a, struct text v[static MISP_SLOTS]) {
    if (f->known & KNOWN_SRC) v[MISP_SRC] = address(a, f->src);
    if (f->known & KNOWN_DST) v[MISP_DST] = address(a, f->dst);
    if (f->known & KNOWN_SRC_PORT) v[MISP_SRC_PORT] = number(a, f->src_port);
    if (f->known & KNOWN_DST_PORT) v[MISP_DST_PORT] = number(a, f->dst_port);
    v[MISP_PROTOCOL] = f->protocol;
    for (int i = MISP_URL; i <= MISP_ACCOUNT; i++) object_is(f->object, forms[i].kind, &v[i]);
    if (f->count != 1) v[MISP_COUNTED] = f->count == SHEET_NO_COUNT ? TEXT("unknown") : number(a, f->count);
    if (f->evidence != SHEET_NO_COUNT) v[MISP_EVIDENCE] = number(a, f->evidence);
}

static void put_times(const struct giving *g, json_t *o, const struct fact *f) {
    json_put_text_if(o, "first_seen", foreign_time_text(g->how->arena, f->first, ".000000"));
    json_put_text_if(o, "last_seen", foreign_time_text(g->how->arena, f->last, ".000000"));
}

static instant written_at(const struct giving *g) {
    const struct report *r = g->r;
    return r->changed != INSTANT_NONE ? r->changed : r->created != INSTANT_NONE ? r->created : g->how->now;
}

static const struct finding *finding_of(const struct giving *g, size_t row) {
    const struct finding *f = g->r->findings ? &g->r->findings[row] : NULL;
    return f && f->word != FINDING_COUNT ? f : NULL;
}

/* Type 0 is a sighting, 1 a false positive; what neither supports nor contradicts is a note (see the reports). */
static json_t *sighting(const struct giving *g, const struct finding *f, struct text row) {
    enum finding_class class = finding_class_of(f->word);
    json_t *o;
    if (class == FINDING_SILENT) return NULL;
    instant at = f->last_seen != INSTANT_NONE ? f->last_seen : written_at(g);
    o = json_object();
    json_put_text(o, "type", class == FINDING_SUPPORTS ? TEXT("0") : TEXT("1"));
    json_put_text(o, "source",
                  arena_format(g->how->arena, "%.*s: %s", TEXT_ARG(g->r->findings_author), finding_name(f->word)));
    json_put_text(o, "date_sighting", arena_format(g->how->arena, "%lld", (long long)(at / INSTANT_SECOND)));
    put_uuid(g, o, row, "sighting");
    return o;
}

/* What goes for the fact as a whole stands on its first attribute: objects have neither tags nor sightings. */
static void put_judged(const struct giving *g, json_t *o, const struct fact *f, size_t row_number, struct text row) {
    const struct finding *found = finding_of(g, row_number);
    struct text event = rsit_tag(g->how->arena, f->event);
    json_t *tags = json_array(), *seen = found ? sighting(g, found, row) : NULL;
    if (event.size) put_tag(tags, event);
    if (seen)
        put_tag(tags, finding_class_of(found->word) == FINDING_SUPPORTS
                          ? TEXT("estimative-language:likelihood-probability=\"very-likely\"")
                          : TEXT("estimative-language:likelihood-probability=\"very-unlikely\""));
    json_put(o, "Tag", tags);
    if (!seen) return;
    json_t *list = json_array();
    json_add(list, seen);
    json_put(o, "Sighting", list);
}

static const char *relation_of(int slot, struct text value) {
    return slot == MISP_PROTOCOL && !foreign_transport(value) ? "layer7-protocol" : forms[slot].relation;
}

static json_t *value_attribute(const struct giving *g, int slot, struct text value, bool alone, struct text row) {
    const struct value_form *form = &forms[slot];
    const char *relation = relation_of(slot, value), *type = form->type, *category = form->category;
    if (slot == MISP_ACCOUNT && !alone) type = "text", category = "Other";
    if (slot == MISP_MAIL && !alone) relation = "from", type = "email-src", category = "Payload delivery";
    json_t *o = attribute(g, type, category, value);
    put_uuid(g, o, row, relation);
    if (form->uncorrelated) json_put_bool(o, "disable_correlation", true);
    if (!alone) json_put_text(o, "object_relation", text_of(relation));
    return o;
}

/* The object alone, once: an attribute is enough. */
static bool is_simple(const struct fact *f) {
    return !f->known && f->object.size && !f->protocol.size && f->count == 1 && f->evidence == SHEET_NO_COUNT;
}

static struct text row_of(const struct giving *g, size_t row) {
    struct buf b = {.max = SHEET_ROW_MAX};
    fact_write(&g->r->facts.at[row], &b);
    struct text t = arena_text(g->how->arena, buf_as_text(&b));
    buf_free(&b);
    return t;
}

static void put_simple(struct giving *g, size_t row_number) {
    const struct fact *f = &g->r->facts.at[row_number];
    struct text v[MISP_SLOTS] = {{0}}, row = row_of(g, row_number);
    spell(f, g->how->arena, v);
    for (int i = MISP_URL; i <= MISP_ACCOUNT; i++) {
        if (!v[i].size) continue;
        json_t *o = value_attribute(g, i, v[i], true, row);
        put_times(g, o, f);
        put_judged(g, o, f, row_number, row);
        put_piece(g, o);
    }
}

static const struct misp_template {
    const char *name, *category, *uuid, *version;
    enum misp_slot of; /* an object of parley's; MISP_NOTHING: traffic */
} templates[] = {
    {"network-connection", "network", "af16764b-f8e5-4603-9de1-de34d272f80b", "7", MISP_NOTHING},
    {"url", "network", "60efb77b-40b5-4c46-871b-ed1ed999fce5", "10", MISP_URL},
    {"domain-ip", "network", "43b3b146-77eb-4931-b4cc-b66c60f28734", "11", MISP_DOMAIN},
    {"file", "file", "688c46fb-5edb-40a3-8273-1af7923e2215", "25", MISP_SHA256},
    {"email", "network", "a0c666e0-fc65-4be8-b48f-3423d788b552", "19", MISP_MAIL},
    {"user-account", "misc", "49606b06-22f0-4ac8-8eee-2f12ad46f3d3", "6", MISP_ACCOUNT},
};

static const struct misp_template *template_of(const struct fact *f, const struct text v[static MISP_SLOTS]) {
    for (size_t i = 1; i < COUNT(templates) && !f->known; i++)
        if (v[templates[i].of].size) return &templates[i];
    return &templates[0];
}

/* Whether the template has a place for it. */
static bool has_place(const struct misp_template *t, int slot, struct text value) {
    if (t->of != MISP_NOTHING) return slot == (int)t->of;
    return slot <= MISP_PROTOCOL || (slot == MISP_COUNTED && !text_is(value, "unknown"));
}

static bool is_object(int slot) { return slot >= MISP_URL && slot <= MISP_ACCOUNT; }

static json_t *object_of_template(const struct giving *g, const struct misp_template *t, json_t *attributes,
                                  struct text row, const char *part) {
    json_t *o = json_object();
    json_put_text(o, "name", text_of(t->name));
    json_put_text(o, "meta-category", text_of(t->category));
    json_put_text(o, "template_uuid", text_of(t->uuid));
    json_put_text(o, "template_version", text_of(t->version));
    json_put_text(o, "distribution", TEXT("5"));
    json_put_text(o, "timestamp", g->stamp);
    put_uuid(g, o, row, part);
    json_put(o, "Attribute", attributes);
    return o;
}

/* What the template has no place for and is no object of parley's: in the comment of the object. */
static void put_beside(json_t *o, const struct misp_template *t, const struct text v[static MISP_SLOTS]) {
    struct buf words = {.max = 4096};
    for (int i = 0; i < MISP_SLOTS; i++)
        if (v[i].size && !is_object(i) && !has_place(t, i, v[i]))
            buf_format(&words, "%s %s=%.*s", words.size ? "" : MISP_BESIDE, relation_of(i, v[i]), TEXT_ARG(v[i]));
    if (words.size) json_put_text(o, "comment", buf_as_text(&words));
    buf_free(&words);
}

/* The object of a fact with addresses: an object of its own, and the reference to it. */
static void put_companion(struct giving *g, json_t *main, const struct text v[static MISP_SLOTS], struct text row) {
    json_t *references = json_array();
    for (size_t i = 1; i < COUNT(templates); i++) {
        int slot = (int)templates[i].of;
        if (!v[slot].size) continue;
        json_t *list = json_array(), *reference = json_object();
        json_add(list, value_attribute(g, slot, v[slot], false, row));
        json_t *o = object_of_template(g, &templates[i], list, row, "companion");
        put_uuid(g, reference, row, "ObjectReference");
        json_put_text(reference, "object_uuid", json_text(main, "uuid"));
        json_put_text(reference, "referenced_uuid", json_text(o, "uuid"));
        json_put_text(reference, "relationship_type", TEXT("related-to"));
        json_put_text(reference, "comment", TEXT(MISP_SAME_FACT));
        json_add(references, reference);
        put_piece(g, o);
    }
    json_put(main, "ObjectReference", references);
}

static void put_object(struct giving *g, size_t row_number) {
    const struct fact *f = &g->r->facts.at[row_number];
    struct text v[MISP_SLOTS] = {{0}}, row = row_of(g, row_number);
    json_t *list = json_array();
    spell(f, g->how->arena, v);
    const struct misp_template *template = template_of(f, v);
    for (int i = 0; i < MISP_SLOTS; i++) {
        if (!v[i].size || !has_place(template, i, v[i])) continue;
        json_t *one = value_attribute(g, i, v[i], false, row);
        if (!json_array_size(list)) put_judged(g, one, f, row_number, row);
        json_add(list, one);
    }
    json_t *o = object_of_template(g, template, list, row, "object");
    put_beside(o, template, v);
    put_times(g, o, f);
    if (template->of == MISP_NOTHING && f->object.size) put_companion(g, o, v, row);
    put_piece(g, o);
}

/* ---- around the facts */

static void put_references(struct giving *g) {
    const struct {
        struct text value;
        const char *comment;
    } rows[] = {
#define X(member, words) {g->r->member, (words)},
        MISP_REFERENCES(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!rows[i].value.size) continue;
        json_t *o = attribute(g, "text", "Internal reference", rows[i].value);
        put_uuid(g, o, text_of(rows[i].comment), "reference");
        json_put_text(o, "comment", text_of(rows[i].comment));
        json_put_bool(o, "disable_correlation", true);
        put_piece(g, o);
    }
}

static void put_report(struct giving *g, struct text name, struct text content, struct text id) {
    json_t *o = json_object();
    json_put_text(o, "name", name);
    json_put_text(o, "content", json_is_text(content) ? content : (struct text){0});
    json_put_text(o, "distribution", TEXT("5"));
    json_put_text(o, "timestamp", g->stamp);
    put_uuid(g, o, id, "report");
    put_piece(g, o);
}

static void put_said(struct giving *g, const struct report_said *s) {
    char at[INSTANT_TEXT_MAX];
    struct buf page = {.max = 1 << 24};
    struct text name = arena_format(g->how->arena, "%.*s, %.*s, %.*s", TEXT_ARG(s->kind), TEXT_ARG(s->author),
                                    TEXT_ARG(instant_write(s->time, at)));
    const struct text parts[] = {s->title, s->text, s->request, s->why};
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!parts[i].size) continue;
        if (page.size) buf_string(&page, "\n\n");
        buf_text(&page, parts[i]);
    }
    put_report(g, name, buf_as_text(&page), s->id);
    buf_free(&page);
}

/* What was found, in words: the notes to facts, and all that is no sighting. */
static void put_findings(struct giving *g) {
    struct buf page = {.max = CASE_FORMAT_BYTES_MAX};
    for (size_t i = 0; i < g->r->facts.count; i++) {
        const struct finding *f = finding_of(g, i);
        if (!f) continue;
        buf_format(&page, "- %.*s: %s", TEXT_ARG(row_of(g, i)), finding_name(f->word));
        if (f->note.size) buf_format(&page, " (%.*s)", TEXT_ARG(f->note));
        buf_char(&page, '\n');
    }
    if (page.size)
        put_report(g, arena_format(g->how->arena, "Findings of %.*s", TEXT_ARG(g->r->findings_author)),
                   buf_as_text(&page), TEXT("findings"));
    buf_free(&page);
}

/* Tags of the event: its level, and its type where all facts are of one. */
static json_t *event_tags(const struct giving *g) {
    json_t *tags = json_array();
    const struct sheet *s = &g->r->facts;
    bool same = s->count && s->at[0].event.size;
    if (g->r->tlp != TLP_NONE)
        put_tag(tags, arena_format(g->how->arena, "tlp:%.*s",
                                   TEXT_ARG(foreign_lower(g->how->arena, text_of(tlp_name(g->r->tlp))))));
    for (size_t i = 1; i < s->count && same; i++) same = text_equal(s->at[i].event, s->at[0].event);
    if (same) put_tag(tags, rsit_tag(g->how->arena, s->at[0].event));
    return tags;
}

static void put_member(struct giving *g, const char *name, json_t *taken) {
    buf_format(g->out, ",\"%s\":", name);
    json_canonical(taken, g->out);
    json_decref(taken);
}

static void put_about(struct giving *g) {
    const struct report *r = g->r;
    char at[INSTANT_TEXT_MAX];
    json_t *by = json_object(), *o;
    put_uuid(g, by, r->from, "organisation");
    json_put_text(by, "name", r->from.size ? r->from : TEXT("unknown"));
    put_member(g, "Orgc", by);
    put_member(g, "Tag", event_tags(g));
    o = json_object();
    json_put_text(o, "analysis", r->findings ? TEXT("2") : TEXT("0")); /* complete, or begun */
    json_put_text(o, "date", text_first(instant_write(r->created != INSTANT_NONE ? r->created : g->how->now, at), 10));
    json_put_text(o, "distribution", TEXT("0")); /* who may see it is for the receiving side to say */
    json_put_text(o, "info", r->title.size ? r->title : TEXT("parley"));
    json_put_bool(o, "published", false);
    json_put_text(o, "threat_level_id", misp_threat_level(r->severity));
    json_put_text(o, "timestamp", g->stamp);
    json_put_text(o, "uuid", text_of(g->uuid));
    struct buf rest = {.max = 1 << 24};
    json_canonical(o, &rest);
    buf_char(g->out, ',');
    buf_text(g->out, text_sub(buf_as_text(&rest), 1, rest.size)); /* its members, and the end of the event */
    buf_free(&rest);
    json_decref(o);
}

static void tell_losses(const struct report *r, struct losses *l) {
    static const char why[] = N_("MISP has no place for it"), words[] = N_("an event report has it, as text");
    static const struct text none = {0};
    if (!r->title.size) losses_add(l, LOSS_GUESSED, "Event.info", TEXT("parley"), N_("MISP wants one"));
    if (text_is(r->severity, "critical"))
        losses_add(l, LOSS_GUESSED, "Event.threat_level_id", r->severity, N_("MISP's highest is high"));
    if (r->from_mail.size) losses_add(l, LOSS_DROPPED, "from_mail", r->from_mail, why);
    if (r->action.size) losses_add(l, LOSS_DROPPED, "action", r->action, why);
    losses_add_many(l, LOSS_DROPPED, "state", r->states.count ? r->states.at[0] : none, why, r->states.count);
    losses_add_many(l, LOSS_DROPPED, "sector", r->sectors.count ? r->sectors.at[0] : none, why, r->sectors.count);
    losses_add_many(l, LOSS_DROPPED, "coverage", none, why, r->coverage_count);
    losses_add_many(l, LOSS_AS_WORDS, "message", none, words, r->said_count);
    for (size_t i = 0; r->findings && i < r->facts.count; i++) {
        const struct finding *f = &r->findings[i];
        if (f->word == FINDING_COUNT) continue;
        if (finding_class_of(f->word) == FINDING_SILENT)
            losses_add(l, LOSS_AS_WORDS, "finding", text_of(finding_name(f->word)), words);
        if (f->note.size) losses_add(l, LOSS_AS_WORDS, "finding.note", f->note, words);
        if (f->has_upstream) losses_add(l, LOSS_DROPPED, "finding.upstream_ip", none, why);
    }
}

enum error misp_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    struct giving g = {.r = r, .how = how, .out = out};
    misp_event_uuid(r, how->arena, g.uuid);
    g.stamp = arena_format(how->arena, "%lld", (long long)(written_at(&g) / INSTANT_SECOND));
    begin_list(&g, "{\"Event\":{\"Attribute\":[");
    put_references(&g);
    for (size_t i = 0; i < r->facts.count && !out->failed; i++)
        if (is_simple(&r->facts.at[i])) put_simple(&g, i);
    begin_list(&g, "],\"EventReport\":[");
    if (r->text.size) put_report(&g, TEXT(MISP_SUMMARY), r->text, TEXT("summary"));
    for (size_t i = 0; i < r->said_count; i++) put_said(&g, &r->said[i]);
    put_findings(&g);
    begin_list(&g, "],\"Object\":[");
    for (size_t i = 0; i < r->facts.count && !out->failed; i++)
        if (!is_simple(&r->facts.at[i])) put_object(&g, i);
    buf_char(out, ']');
    put_about(&g);
    buf_string(out, "}\n");
    tell_losses(r, how->losses);
    return buf_check(out, d);
}

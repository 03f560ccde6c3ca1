/* MISP events to reports: each attribute that says something of a fact is one, and so is each object. */
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "interop/foreign.h"
#include "interop/found.h"
#include "interop/lost_fields.h"
#include "interop/misp.h"
#include "line/host.h"

struct reading {
    const struct case_reading *how;
    struct lost_fields lost;
    struct report *at;
    size_t count, room;
    bool over;
};

struct part {
    const json_t *object;
    bool taken;
};

struct event { /* under reading */
    struct reading *g;
    struct report r;
    struct collect facts;
    struct found found;
    struct text rsit; /* of the event as a whole; empty: none */
    bool many;        /* several of them */
    struct map parts; /* UUIDs of objects that another one names as of its fact, each a struct part */
};

struct filling { /* a fact under reading */
    struct event *e;
    struct fact fact;
    struct text object[MISP_SLOTS];
    struct text where;        /* "Attribute", or "Object.url" */
    bool tagged;              /* its event is said */
    bool said[FINDING_COUNT]; /* of it by sightings */
};

bool misp_case_seen(struct bytes start) {
    static const char *const signs[] = {"\"Event\"", "\"threat_level_id\"", "\"Orgc\"", "\"object_relation\"",
                                        "\"to_ids\""};
    struct text t = text_from_bytes(start);
    for (size_t i = 0; i < COUNT(signs) && t.size && (t.at[0] == '{' || t.at[0] == '['); i++)
        if (text_search(t, text_of(signs[i])) != SIZE_MAX) return true;
    return false;
}

static struct arena *arena_of(const struct event *e) { return e->g->how->arena; }
static struct losses *losses_of(const struct event *e) { return e->g->how->losses; }

static struct text member(const struct event *e, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value ? foreign_text(value, arena_of(e)) : (struct text){0};
}

/* One that outlives the JSON. */
static struct text kept_member(const struct event *e, const json_t *object, const char *key) {
    return arena_text(arena_of(e), member(e, object, key));
}

/* ---- what has no place */

static void lose(struct event *e, struct text where, struct text field, struct text value) {
    char name[LOST_NAME_MAX + 1];
    where = text_first_whole(where, LOST_NAME_MAX / 2);
    field = text_first_whole(field, LOST_NAME_MAX / 2 - 1);
    int size = snprintf(name, sizeof name, "%.*s.%.*s", TEXT_ARG(where), TEXT_ARG(field));
    lost_fields_add(&e->g->lost, (struct text){name, (size_t)size}, value);
}

/* Empty values say nothing, and what is in `known` is read or the server's own housekeeping. */
static void lose_members(struct event *e, struct text where, const json_t *object, const char *const *known,
                         size_t count) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        struct text v = foreign_text(value, arena_of(e));
        bool skip = json_is_null(value) || text_is(v, "") || text_is(v, "0") || text_is(v, "false");
        if (json_is_array(value) || json_is_object(value)) skip = !json_array_size(value) && !json_object_size(value);
        for (size_t i = 0; i < count && !skip; i++) skip = !strcmp(key, known[i]);
        if (!strcmp(key, "distribution")) skip = skip || text_is(v, "5"); /* as the event's */
        if (!skip) lose(e, where, text_of(key), v);
    }
}

/* ---- tags */

static void take_level(struct event *e, struct text tag, bool of_event) {
    enum tlp level = TLP_NONE;
    char upper[16];
    struct text word = text_sub(tag, 4, tag.size);
    for (size_t i = 0; i < word.size && i < sizeof upper; i++)
        upper[i] = (char)(word.at[i] >= 'a' && word.at[i] <= 'z' ? word.at[i] & ~32 : word.at[i]);
    struct text t = {upper, word.size < sizeof upper ? word.size : 0};
    if (text_is(t, "WHITE")) level = TLP_CLEAR; /* as TLP 1.0 called it */
    if (level == TLP_NONE && !tlp_read(t, &level)) {
        lose(e, TEXT("Tag"), TEXT("name"), tag);
        return;
    }
    if (level <= e->r.tlp) return;
    if (!of_event || e->r.tlp != TLP_NONE)
        losses_add(losses_of(e), LOSS_GUESSED, "Tag", tag, N_("a report has one level: the most restricted one"));
    e->r.tlp = level;
}

/* rsit:intrusion-attempts="brute-force"; empty: it is none. */
static struct text rsit_of(struct event *e, struct text tag) {
    struct text rest = tag, class_value;
    if (!text_skip(&rest, TEXT("rsit:")) || !text_cut(&rest, '=', &class_value)) return (struct text){0};
    if (rest.size < 2 || rest.at[0] != '"' || rest.at[rest.size - 1] != '"') return (struct text){0};
    struct text pair = arena_format(arena_of(e), "%.*s:%.*s", TEXT_ARG(class_value), (int)rest.size - 2, rest.at + 1);
    const struct rsit_type *type = rsit_find_pair(pair);
    return type ? text_of(type->value) : (struct text){0};
}

static bool is_level(struct text tag) {
    return tag.size > 4 && tag.at[3] == ':' && (tag.at[0] | 32) == 't' && (tag.at[1] | 32) == 'l' &&
           (tag.at[2] | 32) == 'p';
}

static void append_words(struct event *e, struct text tag) {
    e->r.text = arena_format(arena_of(e), "%.*s%s%.*s", TEXT_ARG(e->r.text), e->r.text.size ? "\n" : "", TEXT_ARG(tag));
    losses_add(losses_of(e), LOSS_AS_WORDS, "Tag", tag, N_("it is in the text: a claim has no estimate"));
}

static void take_event_tags(struct event *e, const json_t *object) {
    json_t *list = json_list(object, "Tag");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct text tag = json_text(json_array_get(list, i), "name"), event = rsit_of(e, tag);
        if (is_level(tag))
            take_level(e, tag, true);
        else if (event.size) {
            e->many = e->many || (e->rsit.size && !text_equal(event, e->rsit));
            e->rsit = event;
        } else if (text_starts(tag, TEXT("estimative-language:")) && i < 16)
            append_words(e, tag);
        else
            lose(e, TEXT("Event"), TEXT("Tag"), tag);
    }
}

static void take_tags(struct filling *f, const json_t *attribute) {
    json_t *list = json_list(attribute, "Tag");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct text tag = json_text(json_array_get(list, i), "name"), event = rsit_of(f->e, tag);
        if (is_level(tag))
            take_level(f->e, tag, false);
        else if (event.size && (!f->tagged || text_equal(event, f->fact.event))) {
            f->fact.event = event;
            f->tagged = true;
        } else
            lose(f->e, f->where, TEXT("Tag"), tag);
    }
}

/* ---- values */

static const struct type_row {
    const char *name;
    enum misp_slot one, other; /* other: of a composite, behind its `|` */
} types[] = {
    {"ip-src", MISP_SRC, MISP_NOTHING},
    {"ip-dst", MISP_DST, MISP_NOTHING},
    {"ip-src|port", MISP_SRC, MISP_SRC_PORT},
    {"ip-dst|port", MISP_DST, MISP_DST_PORT},
    {"domain", MISP_DOMAIN, MISP_NOTHING},
    {"hostname", MISP_DOMAIN, MISP_NOTHING},
    {"domain|ip", MISP_DOMAIN, MISP_DST},
    {"hostname|port", MISP_DOMAIN, MISP_DST_PORT},
    {"url", MISP_URL, MISP_NOTHING},
    {"sha256", MISP_SHA256, MISP_NOTHING},
    {"filename|sha256", MISP_NOTHING, MISP_SHA256},
    {"email", MISP_MAIL, MISP_NOTHING},
    {"email-src", MISP_MAIL, MISP_NOTHING},
    {"email-dst", MISP_MAIL, MISP_NOTHING},
    {"target-email", MISP_MAIL, MISP_NOTHING},
    {"target-user", MISP_ACCOUNT, MISP_NOTHING},
};

/* What attributes of objects are, where their type does not say it. */
static const struct {
    const char *name;
    enum misp_slot slot;
} relations[] = {
    {"src-port", MISP_SRC_PORT},        {"dst-port", MISP_DST_PORT}, {"layer4-protocol", MISP_PROTOCOL},
    {"layer7-protocol", MISP_PROTOCOL}, {"protocol", MISP_PROTOCOL}, {"first-packet-seen", MISP_FIRST},
    {"last-packet-seen", MISP_LAST},    {"first-seen", MISP_FIRST},  {"last-seen", MISP_LAST},
    {"username", MISP_ACCOUNT},         {"count", MISP_COUNTED},     {"evidence-lines", MISP_EVIDENCE},
};

static bool take_ip(struct filling *f, struct text v, unsigned bit, struct ip *out) {
    if ((f->fact.known & bit) || !ip_read(v, out)) return false;
    f->fact.known |= bit;
    return true;
}

static bool take_port(struct filling *f, struct text v, unsigned bit, uint16_t *out) {
    if ((f->fact.known & bit) || !port_read(v, out)) return false;
    f->fact.known |= bit;
    return true;
}

static bool take_number(struct text v, uint64_t *out) {
    if (text_is(v, "unknown")) return *out = SHEET_NO_COUNT, true;
    uint64_t number;
    if (!text_u64(v, &number) || !number || number > SHEET_COUNT_MAX) return false;
    *out = number;
    return true;
}

static bool take_protocol(struct filling *f, struct text v) {
    char lower[PROTOCOL_MAX];
    struct text protocol;
    if (f->fact.protocol.size || !protocol_read(v, lower, &protocol)) return false;
    f->fact.protocol = arena_text(arena_of(f->e), protocol);
    return true;
}

static bool take_time(struct text v, instant *out) { return *out == INSTANT_NONE && foreign_time(v, out); }

static bool take_object(struct filling *f, enum misp_slot slot, struct text v) {
    static const char *const kinds[MISP_SLOTS] = {[MISP_URL] = "url",
                                                  [MISP_SHA256] = "sha256",
                                                  [MISP_DOMAIN] = "domain",
                                                  [MISP_MAIL] = "mail",
                                                  [MISP_ACCOUNT] = "account"};
    struct arena *a = arena_of(f->e);
    if (f->object[slot].size) return false;
    f->object[slot] = object_of(a, kinds[slot], slot == MISP_SHA256 ? foreign_lower(a, v) : v);
    return f->object[slot].size > 0;
}

/* False: it can't be read, or the fact has one already. */
static bool take_slot(struct filling *f, enum misp_slot slot, struct text v) {
    struct fact *fact = &f->fact;
    switch (slot) {
    case MISP_SRC: return take_ip(f, v, KNOWN_SRC, &fact->src);
    case MISP_DST: return take_ip(f, v, KNOWN_DST, &fact->dst);
    case MISP_SRC_PORT: return take_port(f, v, KNOWN_SRC_PORT, &fact->src_port);
    case MISP_DST_PORT: return take_port(f, v, KNOWN_DST_PORT, &fact->dst_port);
    case MISP_PROTOCOL: return take_protocol(f, v);
    case MISP_URL:
    case MISP_SHA256:
    case MISP_DOMAIN:
    case MISP_MAIL:
    case MISP_ACCOUNT: return take_object(f, slot, v);
    case MISP_COUNTED: return take_number(v, &fact->count);
    case MISP_EVIDENCE: return take_number(v, &fact->evidence);
    case MISP_FIRST: return take_time(v, &fact->first);
    case MISP_LAST: return take_time(v, &fact->last);
    case MISP_SLOTS: break;
    }
    return false;
}

static const struct type_row *type_of(struct text type) {
    for (size_t i = 0; i < COUNT(types); i++)
        if (text_is(type, types[i].name)) return &types[i];
    return NULL;
}

/* False: the type says nothing of a fact. */
static bool take_typed(struct filling *f, struct text type, struct text value) {
    const struct type_row *row = type_of(type);
    struct text first = value, second = value;
    if (!row) return false;
    if (row->other == MISP_NOTHING) {
        if (!take_slot(f, row->one, value)) lose(f->e, f->where, type, value);
        return true;
    }
    if (!text_cut(&second, '|', &first)) {
        lose(f->e, f->where, type, value);
        return true;
    }
    if (!take_slot(f, row->one, first)) lose(f->e, f->where, type, first);
    if (!take_slot(f, row->other, second)) lose(f->e, f->where, type, second);
    if (row->one == MISP_DOMAIN && row->other == MISP_DST)
        losses_add(losses_of(f->e), LOSS_GUESSED, "domain|ip", second,
                   N_("the address of a name is put as destination"));
    return true;
}

static void take_related(struct filling *f, const json_t *attribute) {
    struct text relation = json_text(attribute, "object_relation"), value = member(f->e, attribute, "value");
    for (size_t i = 0; i < COUNT(relations); i++) {
        if (!text_is(relation, relations[i].name)) continue;
        if (!take_slot(f, relations[i].slot, value)) lose(f->e, f->where, relation, value);
        return;
    }
    if (!take_typed(f, json_text(attribute, "type"), value))
        lose(f->e, f->where, relation.size ? relation : json_text(attribute, "type"), value);
}

/* ---- sightings */

/* "cert.south.example/abuse: remediated", as parley writes the source. */
static bool said_by_parley(struct text source, enum finding_word *out) {
    size_t at = text_behind_last(source, ' ');
    return at >= 2 && source.at[at - 2] == ':' && finding_read(text_sub(source, at, source.size), out);
}

static void take_sightings(struct filling *f, const json_t *attribute) {
    json_t *list = json_list(attribute, "Sighting");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct text type = member(f->e, one, "type"), source = json_text(one, "source");
        const bool seen = text_is(type, "0"), false_positive = text_is(type, "1");
        enum finding_word word = seen ? FINDING_CONFIRMED : FINDING_REFUTED;
        if (!seen && !false_positive) {
            lose(f->e, TEXT("Sighting"), TEXT("type"), type);
            continue;
        }
        enum finding_word exact;
        if (said_by_parley(source, &exact) && (finding_class_of(exact) == FINDING_SUPPORTS) == seen)
            word = exact;
        else
            losses_add(losses_of(f->e), LOSS_GUESSED, "Sighting", source,
                       seen ? N_("taken as confirmed") : N_("a false positive, taken as refuted"));
        f->said[word] = true;
    }
}

/* ---- facts */

static bool is_deleted(const json_t *o) {
    const json_t *value = json_object_get(o, "deleted");
    return json_is_true(value) || json_integer_value(value) == 1 || text_is(json_as_text(value), "1");
}

static void take_seen(struct filling *f, const json_t *o) {
    static const char *const names[] = {"first_seen", "last_seen"};
    instant *to[] = {&f->fact.first, &f->fact.last};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct text v = member(f->e, o, names[i]);
        if (v.size && !take_time(v, to[i])) lose(f->e, f->where, text_of(names[i]), v);
    }
}

/* The object that says most; then it is a fact. */
static void end_fact(struct filling *f) {
    struct event *e = f->e;
    for (int i = MISP_URL; i <= MISP_ACCOUNT; i++) {
        if (f->object[i].size && f->fact.object.size)
            lose(e, f->where, TEXT("value"), f->object[i]);
        else if (f->object[i].size)
            f->fact.object = f->object[i];
    }
    if (!f->tagged && e->rsit.size && !e->many) {
        f->fact.event = e->rsit;
        losses_add(losses_of(e), LOSS_GUESSED, "Event.Tag", e->rsit,
                   N_("a tag of the event is put to each of its facts"));
    } else if (!f->tagged && e->g->how->event.size) {
        f->fact.event = e->g->how->event;
        losses_add(losses_of(e), LOSS_GUESSED, "event", f->fact.event, N_("the source says none"));
    }
    collect_fact(&e->facts, &f->fact, "fact");
    for (int i = 0; i < FINDING_COUNT; i++)
        if (f->said[i]) found_add(&e->found, &f->fact, (enum finding_word)i);
}

static void lose_attribute_members(struct event *e, struct text where, const json_t *o) {
    static const char *const known[] = {"id",
                                        "event_id",
                                        "object_id",
                                        "sharing_group_id",
                                        "timestamp",
                                        "uuid",
                                        "category",
                                        "type",
                                        "value",
                                        "value1",
                                        "value2",
                                        "object_relation",
                                        "Tag",
                                        "deleted",
                                        "first_seen",
                                        "last_seen",
                                        "disable_correlation",
                                        "Event",
                                        "Object",
                                        "org_id",
                                        "RelatedAttribute"};
    lose_members(e, where, o, known, COUNT(known));
}

/* What parley writes of a report's members. */
static bool take_reference(struct event *e, const json_t *o) {
    const struct {
        struct text *to;
        const char *comment;
    } rows[] = {
#define X(member_name, words) {&e->r.member_name, (words)},
        MISP_REFERENCES(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (text_is(json_text(o, "comment"), rows[i].comment)) {
            *rows[i].to = kept_member(e, o, "value");
            return true;
        }
    return false;
}

static void take_attribute(struct event *e, const json_t *o) {
    struct filling f = {.e = e, .fact = fact_unknown(), .where = TEXT("Attribute")};
    struct text type = json_text(o, "type");
    if (is_deleted(o)) {
        lose(e, TEXT("Attribute"), TEXT("deleted"), member(e, o, "value"));
        return;
    }
    if (take_reference(e, o)) return;
    if (!take_typed(&f, type, member(e, o, "value"))) {
        lose(e, TEXT("Attribute"), type, member(e, o, "value"));
        return;
    }
    take_seen(&f, o);
    take_tags(&f, o);
    take_sightings(&f, o);
    lose_attribute_members(e, f.where, o);
    end_fact(&f);
}

/* "parley: count=5 evidence-lines=7", as parley writes what a template lacks. */
static bool take_beside(struct filling *f, struct text comment) {
    struct text pair, name;
    if (!text_skip(&comment, TEXT(MISP_BESIDE " "))) return false;
    while (comment.size) {
        if (!text_cut(&comment, ' ', &pair)) pair = comment, comment = (struct text){0};
        bool taken = false;
        struct text value = pair;
        if (text_cut(&value, '=', &name))
            for (size_t i = 0; i < COUNT(relations) && !taken; i++)
                taken = text_is(name, relations[i].name) && take_slot(f, relations[i].slot, value);
        if (!taken) lose(f->e, f->where, TEXT("comment"), pair);
    }
    return true;
}

static void take_attributes_of(struct filling *f, const json_t *o) {
    json_t *list = json_list(o, "Attribute");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        if (is_deleted(one)) {
            lose(f->e, f->where, TEXT("deleted"), member(f->e, one, "value"));
            continue;
        }
        take_related(f, one);
        take_tags(f, one);
        take_sightings(f, one);
        lose_attribute_members(f->e, f->where, one);
    }
}

static void lose_object_members(struct filling *f, const json_t *o) {
    static const char *const known[] = {
        "id",        "event_id",       "sharing_group_id", "timestamp",   "uuid",
        "name",      "meta-category",  "template_uuid",    "description", "template_version",
        "Attribute", "deleted",        "first_seen",       "last_seen",   "Event",
        "comment",   "ObjectReference"};
    struct text comment = json_text(o, "comment");
    if (comment.size && !take_beside(f, comment)) lose(f->e, f->where, TEXT("comment"), comment);
    lose_members(f->e, f->where, o, known, COUNT(known));
}

static bool is_same_fact(const json_t *reference) {
    return text_is(json_text(reference, "comment"), MISP_SAME_FACT) && !is_deleted(reference);
}

/* What the object names as of its fact goes into it, once: who names it first has it. */
static void take_companions(struct filling *f, const json_t *o) {
    json_t *list = json_list(o, "ObjectReference");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *reference = json_array_get(list, i);
        struct text uuid = json_text(reference, "referenced_uuid");
        struct part *part = is_same_fact(reference) ? map_get(&f->e->parts, uuid) : NULL;
        if (!part || part->taken) {
            lose(f->e, f->where, TEXT("ObjectReference"), json_text(reference, "relationship_type"));
            continue;
        }
        part->taken = true;
        take_attributes_of(f, part->object);
        lose_object_members(f, part->object);
    }
}

static bool says_enough(const struct filling *f) {
    for (int i = MISP_URL; i <= MISP_ACCOUNT; i++)
        if (f->object[i].size) return true;
    return f->fact.known & (KNOWN_SRC | KNOWN_DST);
}

static void take_object_of_event(struct event *e, const json_t *o) {
    struct filling f = {.e = e, .fact = fact_unknown()};
    f.where = arena_format(arena_of(e), "Object.%.*s", TEXT_ARG(text_first_whole(json_text(o, "name"), 60)));
    if (is_deleted(o)) {
        lose(e, f.where, TEXT("deleted"), (struct text){0});
        return;
    }
    take_seen(&f, o);
    take_attributes_of(&f, o);
    lose_object_members(&f, o);
    take_companions(&f, o);
    if (says_enough(&f))
        end_fact(&f);
    else
        lose(e, TEXT("Object"), json_text(o, "name"), member(e, o, "comment"));
}

static void note_companions(struct event *e, json_t *objects) {
    for (size_t i = 0; i < json_array_size(objects); i++) {
        json_t *list = json_list(json_array_get(objects, i), "ObjectReference");
        for (size_t k = 0; k < json_array_size(list); k++)
            if (is_same_fact(json_array_get(list, k)))
                map_put(&e->parts, json_text(json_array_get(list, k), "referenced_uuid"));
    }
    for (size_t i = 0; i < json_array_size(objects); i++) {
        json_t *o = json_array_get(objects, i);
        struct text uuid = json_text(o, "uuid");
        if (!map_has(&e->parts, uuid) || is_deleted(o) || map_get(&e->parts, uuid)) continue;
        struct part *part = ARENA_NEW(arena_of(e), struct part);
        part->object = o;
        *map_put(&e->parts, uuid) = part;
    }
}

/* First those that no other one names; then what is left, as two may name each other. */
static void take_objects(struct event *e, json_t *objects) {
    note_companions(e, objects);
    for (size_t i = 0; i < json_array_size(objects); i++) {
        const json_t *o = json_array_get(objects, i);
        const struct part *part = map_get(&e->parts, json_text(o, "uuid"));
        if (!part || part->object != o) take_object_of_event(e, o);
    }
    for (size_t i = 0; i < json_array_size(objects); i++) {
        const json_t *o = json_array_get(objects, i);
        struct part *part = map_get(&e->parts, json_text(o, "uuid"));
        if (!part || part->object != o || part->taken) continue;
        part->taken = true;
        take_object_of_event(e, o);
    }
}

/* ---- events */

static void take_reports(struct event *e, const json_t *o) {
    json_t *list = json_list(o, "EventReport");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (text_is(json_text(one, "name"), MISP_SUMMARY) && !e->r.text.size)
            e->r.text = kept_member(e, one, "content");
        else
            lose(e, TEXT("Event"), TEXT("EventReport"), json_text(one, "name"));
    }
}

static void take_about(struct event *e, const json_t *o) {
    struct text date = json_text(o, "date");
    uint64_t stamp;
    e->r.id = kept_member(e, o, "uuid");
    e->r.title = kept_member(e, o, "info");
    e->r.severity = misp_severity(member(e, o, "threat_level_id"));
    e->r.from = arena_text(arena_of(e), json_text(json_child(o, "Orgc"), "name"));
    if (!e->r.from.size) e->r.from = arena_text(arena_of(e), json_text(json_child(o, "Org"), "name"));
    if (date.size == 10) foreign_time(arena_format(arena_of(e), "%.*sT00:00:00Z", TEXT_ARG(date)), &e->r.created);
    if (text_u64(member(e, o, "timestamp"), &stamp) && stamp < UINT32_MAX)
        e->r.changed = (instant)stamp * INSTANT_SECOND;
}

static void lose_event_members(struct event *e, const json_t *o) {
    static const char *const known[] = {"id",
                                        "org_id",
                                        "orgc_id",
                                        "attribute_count",
                                        "proposal_email_lock",
                                        "locked",
                                        "publish_timestamp",
                                        "sharing_group_id",
                                        "disable_correlation",
                                        "event_creator_email",
                                        "protected",
                                        "published",
                                        "timestamp",
                                        "uuid",
                                        "Org",
                                        "Orgc",
                                        "analysis",
                                        "info",
                                        "date",
                                        "threat_level_id",
                                        "Tag",
                                        "Attribute",
                                        "Object",
                                        "EventReport"};
    lose_members(e, TEXT("Event"), o, known, COUNT(known));
}

static enum error take_event(struct reading *g, const json_t *o, struct diag *d) {
    struct event e = {.g = g,
                      .r = REPORT_EMPTY,
                      .facts = collect_in(g->how->arena, g->how->losses),
                      .parts = {.arena = g->how->arena}};
    json_t *attributes = json_list(o, "Attribute"), *objects = json_list(o, "Object");
    if (g->count == CASE_FORMAT_REPORTS_MAX)
        return fail(d, ERR_LIMIT, _("more than %d events"), CASE_FORMAT_REPORTS_MAX);
    found_start(&e.found, g->how->arena);
    take_about(&e, o);
    take_reports(&e, o);
    take_event_tags(&e, o);
    for (size_t i = 0; i < json_array_size(attributes); i++) take_attribute(&e, json_array_get(attributes, i));
    take_objects(&e, objects);
    lose_event_members(&e, o);
    enum error result = collect_end(&e.facts, &e.r.facts, d);
    if (!result) result = found_end(&e.found, e.r.facts, g->how->losses, &e.r.findings, d);
    if (result) return result;
    g->at = arena_grow(g->how->arena, g->at, g->count, &g->room, sizeof *g->at);
    g->at[g->count++] = e.r;
    return OK;
}

/* One attribute, object or several of them without an event around them. */
static enum error take_parts(struct reading *g, const json_t *o, bool *is, struct diag *d) {
    static const char *const names[] = {"Attribute", "Object"};
    json_t *event = json_object();
    *is = false;
    for (size_t i = 0; i < COUNT(names); i++) {
        json_t *part = json_object_get(o, names[i]), *list = part;
        if (!json_is_object(part) && !json_is_array(part)) continue;
        *is = true;
        if (json_is_object(part)) {
            list = json_array();
            json_array_append(list, part);
            json_put(event, names[i], list);
        } else
            json_put(event, names[i], json_incref(part));
    }
    enum error result = *is ? take_event(g, event, d) : OK;
    json_decref(event);
    return result;
}

/* An event, or what a server wraps it in: {"Event": …}, {"response": …}, a list. */
static enum error take_value(struct reading *g, const json_t *value, unsigned depth, struct diag *d) {
    json_t *inner = json_object_get(value, "response");
    enum error result = OK;
    bool parts;
    if (json_is_array(value) && depth < 4) {
        for (size_t i = 0; i < json_array_size(value) && !result; i++)
            result = take_value(g, json_array_get(value, i), depth + 1, d);
        return result;
    }
    if (inner && depth < 4) return take_value(g, inner, depth + 1, d);
    if (json_child(value, "Event") && !json_object_get(value, "Attribute"))
        return take_event(g, json_child(value, "Event"), d);
    if (json_is_object(value) && json_object_get(value, "info")) return take_event(g, value, d);
    result = take_parts(g, value, &parts, d);
    if (result || parts) return result;
    if (json_is_object(value) && json_object_get(value, "Sighting")) {
        losses_add(g->how->losses, LOSS_DROPPED, "Sighting", (struct text){0},
                   N_("a sighting alone says not of what it is"));
        return OK;
    }
    return fail(d, ERR_INPUT, _("expected an event of MISP, or a list of them, found other JSON"));
}

enum error misp_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct reading g = {.how = how, .lost = lost_fields_in(how->arena)};
    json_t *root = NULL;
    enum error result = foreign_check_values(file, d);
    if (!result) result = json_read(file, &root, d);
    if (!result) result = take_value(&g, root, 0, d);
    json_decref(root);
    lost_fields_end(&g.lost, how->losses, N_("parley has no place for it, or it can't be read"));
    if (!result) *out = (struct reports){g.at, g.count};
    return result;
}

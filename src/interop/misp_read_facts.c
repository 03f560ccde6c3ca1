/* MISP events to reports: each attribute that says something of a fact is one, and so is each object. */
#include "interop/foreign.h"
#include "interop/misp_event.h"
#include "line/host.h"

struct part {
    const json_t *object;
    bool taken;
};

struct filling { /* a fact under reading */
    struct misp_event *e;
    struct fact fact;
    struct text object[MISP_SLOTS];
    struct text where;        /* "Attribute", or "Object.url" */
    bool tagged;              /* its event is said */
    bool said[FINDING_COUNT]; /* of it by sightings */
};

static void take_tags(struct filling *f, const json_t *attribute) {
    json_t *list = json_list(attribute, "Tag");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct text tag = json_text(json_array_get(list, i), "name"), event = misp_rsit_of(f->e, tag);
        if (misp_is_level(tag))
            misp_take_level(f->e, tag, false);
        else if (event.size && (!f->tagged || text_equal(event, f->fact.event))) {
            f->fact.event = event;
            f->tagged = true;
        } else
            misp_lose(f->e, f->where, TEXT("Tag"), tag);
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
    f->fact.protocol = arena_text(misp_arena(f->e), protocol);
    return true;
}

static bool take_time(struct text v, instant *out) { return *out == INSTANT_NONE && foreign_time(v, out); }

static bool take_object(struct filling *f, enum misp_slot slot, struct text v) {
    static const char *const kinds[MISP_SLOTS] = {[MISP_URL] = "url",
                                                  [MISP_SHA256] = "sha256",
                                                  [MISP_DOMAIN] = "domain",
                                                  [MISP_MAIL] = "mail",
                                                  [MISP_ACCOUNT] = "account"};
    struct arena *a = misp_arena(f->e);
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
        if (!take_slot(f, row->one, value)) misp_lose(f->e, f->where, type, value);
        return true;
    }
    if (!text_cut(&second, '|', &first)) {
        misp_lose(f->e, f->where, type, value);
        return true;
    }
    if (!take_slot(f, row->one, first)) misp_lose(f->e, f->where, type, first);
    if (!take_slot(f, row->other, second)) misp_lose(f->e, f->where, type, second);
    if (row->one == MISP_DOMAIN && row->other == MISP_DST)
        losses_add(misp_losses(f->e), LOSS_GUESSED, "domain|ip", second,
                   N_("the address of a name is put as destination"));
    return true;
}

static void take_related(struct filling *f, const json_t *attribute) {
    struct text relation = json_text(attribute, "object_relation"), value = misp_member(f->e, attribute, "value");
    for (size_t i = 0; i < COUNT(relations); i++) {
        if (!text_is(relation, relations[i].name)) continue;
        if (!take_slot(f, relations[i].slot, value)) misp_lose(f->e, f->where, relation, value);
        return;
    }
    if (!take_typed(f, json_text(attribute, "type"), value))
        misp_lose(f->e, f->where, relation.size ? relation : json_text(attribute, "type"), value);
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
        struct text type = misp_member(f->e, one, "type"), source = json_text(one, "source");
        const bool seen = text_is(type, "0"), false_positive = text_is(type, "1");
        enum finding_word word = seen ? FINDING_CONFIRMED : FINDING_REFUTED;
        if (!seen && !false_positive) {
            misp_lose(f->e, TEXT("Sighting"), TEXT("type"), type);
            continue;
        }
        enum finding_word exact;
        if (said_by_parley(source, &exact) && (finding_class_of(exact) == FINDING_SUPPORTS) == seen)
            word = exact;
        else
            losses_add(misp_losses(f->e), LOSS_GUESSED, "Sighting", source,
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
        struct text v = misp_member(f->e, o, names[i]);
        if (v.size && !take_time(v, to[i])) misp_lose(f->e, f->where, text_of(names[i]), v);
    }
}

/* The object that says most; then it is a fact. */
static void end_fact(struct filling *f) {
    struct misp_event *e = f->e;
    for (int i = MISP_URL; i <= MISP_ACCOUNT; i++) {
        if (f->object[i].size && f->fact.object.size)
            misp_lose(e, f->where, TEXT("value"), f->object[i]);
        else if (f->object[i].size)
            f->fact.object = f->object[i];
    }
    if (!f->tagged && e->rsit.size && !e->many) {
        f->fact.event = e->rsit;
        losses_add(misp_losses(e), LOSS_GUESSED, "Event.Tag", e->rsit,
                   N_("a tag of the event is put to each of its facts"));
    } else if (!f->tagged && e->g->how->event.size) {
        f->fact.event = e->g->how->event;
        losses_add(misp_losses(e), LOSS_GUESSED, "event", f->fact.event, N_("the source says none"));
    }
    collect_fact(&e->facts, &f->fact, "fact");
    for (int i = 0; i < FINDING_COUNT; i++)
        if (f->said[i]) found_add(&e->found, &f->fact, (enum finding_word)i);
}

static void lose_attribute_members(struct misp_event *e, struct text where, const json_t *o) {
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
    misp_lose_members(e, where, o, known, COUNT(known));
}

/* What parley writes of a report's members. */
static bool take_reference(struct misp_event *e, const json_t *o) {
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
            *rows[i].to = misp_kept_member(e, o, "value");
            return true;
        }
    return false;
}

void misp_take_attribute(struct misp_event *e, const json_t *o) {
    struct filling f = {.e = e, .fact = fact_unknown(), .where = TEXT("Attribute")};
    struct text type = json_text(o, "type");
    if (is_deleted(o)) {
        misp_lose(e, TEXT("Attribute"), TEXT("deleted"), misp_member(e, o, "value"));
        return;
    }
    if (take_reference(e, o)) return;
    if (!take_typed(&f, type, misp_member(e, o, "value"))) {
        misp_lose(e, TEXT("Attribute"), type, misp_member(e, o, "value"));
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
        if (!taken) misp_lose(f->e, f->where, TEXT("comment"), pair);
    }
    return true;
}

static void take_attributes_of(struct filling *f, const json_t *o) {
    json_t *list = json_list(o, "Attribute");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        if (is_deleted(one)) {
            misp_lose(f->e, f->where, TEXT("deleted"), misp_member(f->e, one, "value"));
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
    if (comment.size && !take_beside(f, comment)) misp_lose(f->e, f->where, TEXT("comment"), comment);
    misp_lose_members(f->e, f->where, o, known, COUNT(known));
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
            misp_lose(f->e, f->where, TEXT("ObjectReference"), json_text(reference, "relationship_type"));
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

static void take_object_of_event(struct misp_event *e, const json_t *o) {
    struct filling f = {.e = e, .fact = fact_unknown()};
    f.where = arena_format(misp_arena(e), "Object.%.*s", TEXT_ARG(text_first_whole(json_text(o, "name"), 60)));
    if (is_deleted(o)) {
        misp_lose(e, f.where, TEXT("deleted"), (struct text){0});
        return;
    }
    take_seen(&f, o);
    take_attributes_of(&f, o);
    lose_object_members(&f, o);
    take_companions(&f, o);
    if (says_enough(&f))
        end_fact(&f);
    else
        misp_lose(e, TEXT("Object"), json_text(o, "name"), misp_member(e, o, "comment"));
}

static void note_companions(struct misp_event *e, json_t *objects) {
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
        struct part *part = ARENA_NEW(misp_arena(e), struct part);
        part->object = o;
        *map_put(&e->parts, uuid) = part;
    }
}

/* First those that no other one names; then what is left, as two may name each other. */
void misp_take_objects(struct misp_event *e, json_t *objects) {
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

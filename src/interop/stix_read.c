/* A STIX bundle to a report.
 *
 * What carries parley's extension gives the same facts to the bit; of everything else facts are made of observed data,
 * of indicators with their sightings, and of observables that none of these names.  The title is that of the report,
 * the incident or the grouping, the level the most restricted of all.  Each other member and object is a loss. */
#include <stdio.h>
#include <string.h>

#include "interop/foreign.h"
#include "interop/stix_in.h"
#include "vocab/rsit.h"

/* ---- losses */

void stix_lose(struct stix_in *in, enum loss_kind kind, const char *type, const char *member, struct text value,
               const char *why) {
    char field[160];
    int size = snprintf(field, sizeof field, "%s%s%s", type ? type : "?", member ? "." : "", member ? member : "");
    struct text name = {field, (size_t)size < sizeof field ? (size_t)size : sizeof field - 1};
    for (size_t i = 0; i < in->losses->count; i++) { /* no second copy of a name that is known */
        const struct loss *l = &in->losses->at[i];
        if (l->kind == kind && l->why == why && text_equal(l->field, name)) {
            losses_add(in->losses, kind, l->field.at, value, why);
            return;
        }
    }
    losses_add(in->losses, kind, text_is_utf8(name) ? arena_string(in->arena, name) : "?", value, why);
}

static bool is_in(const char *name, const char *const *list) {
    for (; list && *list; list++)
        if (!strcmp(name, *list)) return true;
    return false;
}

void stix_lose_members(struct stix_in *in, const json_t *object, const char *const *known) {
    static const char *const common[] = {
        "type",       "spec_version", "id",      "created_by_ref", "created", "lang", "object_marking_refs",
        "extensions", "modified",     "revoked", "defanged",       NULL};
    const char *type = json_string_value(json_object_get(object, "type")), *name;
    json_t *value, *extensions = json_child(object, "extensions");
    json_object_foreach((json_t *)(uintptr_t)object, name, value) if (!is_in(name, common) && !is_in(name, known))
        stix_lose(in, LOSS_DROPPED, type, name, json_as_text(value), N_("a report has no place for it"));
    json_object_foreach(extensions, name, value) if (strcmp(name, STIX_PARLEY_EXTENSION) != 0)
        stix_lose(in, LOSS_DROPPED, type, "extensions", text_of(name), N_("not known here"));
}

struct text stix_kept(struct stix_in *in, struct text t) {
    return arena_text(in->arena, t);
}

/* ---- times and events */

instant stix_time_of(struct stix_in *in, const json_t *object, const char *member) {
    struct text t = json_text(object, member), whole = t;
    instant read = INSTANT_NONE;
    size_t dot = text_find(t, '.');
    if (!t.size) return INSTANT_NONE;
    if (instant_read(t, &read)) return read;
    /* STIX allows more digits of a fraction than an instant has. */
    if (dot < t.size && t.at[t.size - 1] == 'Z') whole = arena_format(in->arena, "%.*sZ", (int)dot, t.at);
    if (instant_read(whole, &read)) return read;
    stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), member, t,
              N_("it is no time as RFC 3339 writes it, with Z"));
    return INSTANT_NONE;
}

/* A label as MISP's machine tags write RSIT: rsit:intrusion-attempts="brute-force". */
struct text stix_event(struct stix_in *in, const json_t *object) {
    const json_t *labels = json_list(object, "labels");
    struct text event = {0};
    for (size_t i = 0; i < json_array_size(labels); i++) {
        struct text label = json_as_text(json_array_get(labels, i)), rest = label, before;
        const struct rsit_type *type = NULL;
        if (text_skip(&rest, TEXT("rsit:")) && text_cut(&rest, '"', &before) && rest.size) {
            rest.size--;
            type = rsit_find(rest);
        }
        if (type && !event.size)
            event = text_of(type->value);
        else
            stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), "labels", label,
                      N_("a report has no place for it"));
    }
    return event;
}

void stix_collect(struct stix_in *in, struct fact f, const struct stix_seen *seen, const char *field) {
    if (in->facts.count >= STIX_FACTS_MAX) {
        in->too_many = true;
        return;
    }
    if (seen->first != INSTANT_NONE) f.first = seen->first;
    if (seen->last != INSTANT_NONE) f.last = seen->last;
    if (seen->count != SHEET_NO_COUNT) f.count = seen->count;
    if (!f.event.size) f.event = seen->event.size ? seen->event : in->how->event;
    const bool observed = !strcmp(field, "observed-data");
    in->facts.first = observed ? "observed-data.first_observed" : "first_seen";
    in->facts.last = observed ? "observed-data.last_observed" : "last_seen";
    collect_fact(&in->facts, &f, field);
}

/* ---- levels */

static const struct {
    const char *name, *id; /* TLP 1, STIX 2.1, 7.2.1.4 */
    enum tlp level;
} tlp_one[] = {
    {"white", "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", TLP_CLEAR},
    {"green", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", TLP_GREEN},
    {"amber", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", TLP_AMBER},
    {"red", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", TLP_RED},
};

static bool is_level(struct text spelled, enum tlp *out) {
    char upper[16];
    for (size_t i = 0; i < COUNT(tlp_one); i++)
        if (text_is(spelled, tlp_one[i].name)) {
            *out = tlp_one[i].level;
            return true;
        }
    if (spelled.size >= sizeof upper) return false;
    for (size_t i = 0; i < spelled.size; i++)
        upper[i] = (char)(spelled.at[i] >= 'a' && spelled.at[i] <= 'z' ? spelled.at[i] - 'a' + 'A' : spelled.at[i]);
    return tlp_read((struct text){upper, spelled.size}, out);
}

static bool level_of(struct stix_in *in, struct text ref, enum tlp *out) {
    for (int level = 0; level < TLP_COUNT; level++)
        if (text_is(ref, tlp_marking_id((enum tlp)level))) return *out = (enum tlp)level, true;
    for (size_t i = 0; i < COUNT(tlp_one); i++)
        if (text_is(ref, tlp_one[i].id)) return *out = tlp_one[i].level, true;
    const json_t *marking = map_get(&in->ids, ref);
    json_t *extension;
    const char *name;
    if (is_level(json_text(json_child(marking, "definition"), "tlp"), out)) return true;
    json_object_foreach(json_child(marking, "extensions"), name,
                        extension) if (is_level(json_text(extension, "tlp_2_0"), out)) return true;
    return false;
}

static void take_level(struct stix_in *in, struct text ref) {
    enum tlp level;
    if (!level_of(in, ref, &level))
        losses_add(in->losses, LOSS_DROPPED, "object_marking_refs", ref, N_("it is no TLP marking"));
    else if (level > in->report->tlp)
        in->report->tlp = level;
}

static void take_levels(struct stix_in *in, const json_t *object) {
    json_t *one;
    size_t i;
    json_array_foreach(json_list(object, "object_marking_refs"), i, one) take_level(in, json_as_text(one));
    json_array_foreach(json_list(object, "granular_markings"), i, one) if (json_text(one, "marking_ref").size)
        take_level(in, json_text(one, "marking_ref"));
}

/* ---- what the report says of itself */

static void take_title(struct stix_in *in, const json_t *object, unsigned rank) {
    static const char *const known[] = {"name", "description", "object_refs", "context", "published", NULL};
    struct report *r = in->report;
    stix_lose_members(in, object, known);
    if (rank <= in->title_rank) {
        if (!text_equal(json_text(object, "name"), r->title))
            stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), "name",
                      json_text(object, "name"), N_("a report has one title"));
        return;
    }
    in->title_rank = rank;
    in->title_by = json_text(object, "created_by_ref");
    r->id = stix_kept(in, stix_id_text(object));
    r->title = stix_kept(in, json_text(object, "name"));
    r->text = stix_kept(in, json_text(object, "description"));
    r->lang = stix_kept(in, json_text(object, "lang"));
    r->created = stix_time_of(in, object, "created");
    r->changed = stix_time_of(in, object, "modified");
}

static void read_report(struct stix_in *in, const json_t *object) { take_title(in, object, 3); }
static void read_incident(struct stix_in *in, const json_t *object) { take_title(in, object, 2); }
static void read_grouping(struct stix_in *in, const json_t *object) { take_title(in, object, 1); }
static void read_nothing(struct stix_in *in, const json_t *object) { (void)in, (void)object; }

static void take_author(struct stix_in *in) {
    struct report *r = in->report;
    const json_t *identity = map_get(&in->ids, in->title_by);
    for (size_t i = 0; !in->title_by.size && i < json_array_size(in->objects); i++) {
        in->title_by = json_text(json_array_get(in->objects, i), "created_by_ref");
        identity = map_get(&in->ids, in->title_by);
    }
    if (r->from.size || !identity || !stix_is(identity, "identity")) return;
    r->from = stix_kept(in, json_text(identity, "name"));
    struct text contact = json_text(identity, "contact_information");
    if (stix_is_mail(contact))
        r->from_mail = stix_kept(in, contact);
    else if (contact.size)
        stix_lose(in, LOSS_DROPPED, "identity", "contact_information", contact, N_("it is no mail address"));
}

/* Who is neither who reports nor to whom is lost, and so is what else is known of these. */
static void tell_identity(struct stix_in *in, const json_t *object) {
    static const char *const known[] = {"name", "identity_class", "contact_information", NULL};
    struct stix_id own = stix_id_of("identity", TEXT("parley"));
    struct text name = json_text(object, "name");
    if (!stix_is(object, "identity") || text_is(stix_id_text(object), own.at)) return;
    if (text_equal(name, in->report->from) || text_equal(name, in->report->to))
        stix_lose_members(in, object, known);
    else
        stix_lose(in, LOSS_DROPPED, "identity", NULL, name, N_("a report has no place for it"));
}

/* ---- parley's own */

/* The order of a report's lists: texts, for as long as the arena. */
static struct names names_of(struct member_list l) { return (struct names){l.at, l.count}; }

static bool read_own_fact(struct stix_in *in, const json_t *object) {
    struct stix_fact said = {0};
    struct fact f;
    json_t *one;
    size_t i;
    if (members_read(&stix_fact_members, stix_extension(object), in->arena, &said, NULL)) return false;
    if (fact_read(said.fact, in->arena, &f, NULL)) return false;
    json_array_foreach(json_list(object, "object_refs"), i, one) if (map_has(&in->ids, json_as_text(one)))
        map_put(&in->used, json_as_text(one));
    if (in->facts.count >= STIX_FACTS_MAX) return in->too_many = true;
    collect_fact(&in->facts, &f, "fact");
    return true;
}

static bool read_own_facts(struct stix_in *in, const json_t *object) {
    struct stix_facts said = {0};
    struct report *r = in->report;
    if (members_read(&stix_facts_members, stix_extension(object), in->arena, &said, NULL)) return false;
    take_title(in, object, 4);
    r->id = said.matter;
    r->from = said.from;
    r->to = said.to;
    r->from_mail = said.from_mail;
    r->severity = said.severity;
    r->action = said.action;
    r->own_number = said.own_number;
    r->states = names_of(said.states);
    r->sectors = names_of(said.sectors);
    return true;
}

/* True: it was read, and is no object as others write it. */
static bool read_own(struct stix_in *in, const json_t *object) {
    const json_t *extension = stix_extension(object);
    struct text kind = json_text(extension, "kind");
    if (!extension) return false;
    if (text_is(kind, "fact") && stix_is(object, "observed-data")) return read_own_fact(in, object);
    if (text_is(kind, "facts")) return read_own_facts(in, object);
    losses_add(in->losses, LOSS_DROPPED, text_is(kind, "finding") || text_is(kind, "standing") ? "finding" : "message",
               kind, N_("a draft is made of facts: what was said of them stays where it was said"));
    return true;
}

/* ---- all objects */

typedef void (*reader)(struct stix_in *in, const json_t *object);
static const struct {
    const char *type;
    reader note, read; /* first of all objects, then of each */
} readers[] = {
    {"observed-data", NULL, stix_read_observed},
    {"indicator", NULL, stix_read_indicator},
    {"sighting", stix_note_sighting, read_nothing},
    {"network-traffic", stix_note_traffic, NULL},
    {"report", NULL, read_report},
    {"incident", NULL, read_incident},
    {"grouping", NULL, read_grouping},
    {"identity", NULL, read_nothing},
    {"marking-definition", NULL, read_nothing},
};

static int reader_of(const json_t *object) {
    for (size_t i = 0; i < COUNT(readers); i++)
        if (stix_is(object, readers[i].type)) return (int)i;
    return -1;
}

static bool is_own_definition(const json_t *object) { return text_is(stix_id_text(object), STIX_PARLEY_EXTENSION); }

/* Of several versions of one object the newest counts. */
static bool is_live(struct stix_in *in, const json_t *object) {
    struct text id = stix_id_text(object);
    return !id.size || map_get(&in->ids, id) == object;
}

static bool is_revoked(struct stix_in *in, const json_t *object) {
    if (!json_bool(object, "revoked")) return false;
    stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), "revoked", stix_id_text(object),
              N_("its author took it back"));
    return true;
}

static void read_other(struct stix_in *in, const json_t *object) {
    struct text name = json_text(object, "name");
    if (is_own_definition(object)) return;
    stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), NULL,
              name.size ? name : stix_id_text(object), N_("a report has no place for it"));
}

static void read_one(struct stix_in *in, const json_t *object) {
    int which = reader_of(object);
    take_levels(in, object);
    if (is_revoked(in, object) || read_own(in, object) || stix_is_observable(object)) return;
    if (which >= 0)
        readers[which].read(in, object);
    else
        read_other(in, object);
}

static void each(struct stix_in *in, void (*what)(struct stix_in *in, const json_t *object)) {
    json_t *object;
    size_t i;
    json_array_foreach(in->objects, i, object) if (json_text(object, "type").size && is_live(in, object))
        what(in, object);
}

static void note_one(struct stix_in *in, const json_t *object) {
    int which = reader_of(object);
    if (which >= 0 && readers[which].note && !json_bool(object, "revoked")) readers[which].note(in, object);
}

static void read_left(struct stix_in *in, const json_t *object) {
    if (stix_is_observable(object) && !json_bool(object, "revoked") && !map_has(&in->used, stix_id_text(object)))
        stix_read_observable(in, object);
}

static void take_id(struct stix_in *in, json_t *object) {
    struct text id = stix_id_text(object);
    if (!json_text(object, "type").size) {
        losses_add(in->losses, LOSS_DROPPED, "objects", id, N_("it is no object of STIX: it has no type"));
        return;
    }
    if (!id.size) return;
    void **place = map_put(&in->ids, id);
    if (*place && !json_equal(*place, object))
        stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), "id", id,
                  N_("of several versions the newest counts"));
    if (!*place || text_compare(json_text(*place, "modified"), json_text(object, "modified")) < 0) *place = object;
}

static enum error read_objects(struct stix_in *in, struct diag *d) {
    json_t *object;
    size_t i;
    json_array_foreach(in->objects, i, object) take_id(in, object);
    each(in, note_one);
    each(in, read_one);
    each(in, read_left);
    take_author(in);
    each(in, tell_identity);
    if (in->too_many) return fail(d, ERR_LIMIT, _("more than %d facts in one bundle"), STIX_FACTS_MAX);
    return collect_end(&in->facts, &in->report->facts, d);
}

/* ---- the file */

/* A bundle, an envelope of TAXII, a list of objects, or one object. */
static json_t *objects_of(json_t *top) {
    if (json_is_array(top)) return json_incref(top);
    if (json_list(top, "objects") && (stix_is(top, "bundle") || !json_text(top, "type").size))
        return json_incref(json_list(top, "objects"));
    json_t *list = json_array();
    if (!stix_is(top, "bundle") && json_text(top, "type").size) json_add(list, json_incref(top));
    return list;
}

static enum error check_kind(const json_t *top, struct diag *d) {
    if (json_is_array(top) || stix_is(top, "bundle") || json_list(top, "objects") || json_text(top, "type").size)
        return OK;
    return fail(d, ERR_INPUT, _("expected a STIX bundle, found another thing"));
}

enum error stix_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    json_t *top = NULL;
    struct report *report = ARENA_NEW(how->arena, struct report);
    enum error result = foreign_check_values(file, d);
    if (!result) result = json_read(file, &top, d);
    if (!result) result = check_kind(top, d);
    if (!result) {
        struct arena *a = how->arena;
        struct stix_in in = {.how = how,
                             .arena = a,
                             .losses = how->losses,
                             .objects = objects_of(top),
                             .ids = {.arena = a},
                             .used = {.arena = a},
                             .sightings = {.arena = a},
                             .facts = collect_in(a, how->losses),
                             .report = report};
        *report = REPORT_EMPTY;
        result = read_objects(&in, d);
        json_decref(in.objects);
    }
    json_decref(top);
    if (!result) *out = (struct reports){report, 1};
    return result;
}

/* An object alone may have no spec_version (observables of STIX 2.0): its id begins with its type. */
static bool has_typed_id(struct text t) {
    static const struct text key = {"\"type\"", 6};
    struct text left = t;
    for (size_t at; (at = text_search(left, key)) != SIZE_MAX;) {
        left = text_sub(left, at + key.size, left.size);
        struct text rest = text_trim(left), type;
        char id[80];
        if (!text_skip(&rest, TEXT(":"))) continue;
        rest = text_trim(rest);
        if (!text_skip(&rest, TEXT("\"")) || !text_cut(&rest, '"', &type) || !type.size) continue;
        int size = type.size < sizeof id - 8 ? snprintf(id, sizeof id, "\"%.*s--", TEXT_ARG(type)) : 0;
        return size && text_search(t, (struct text){id, (size_t)size}) != SIZE_MAX;
    }
    return false;
}

bool stix_case_seen(struct bytes start) {
    struct text t = text_trim((struct text){(const char *)start.at, start.size});
    bool json = t.size && (t.at[0] == '{' || t.at[0] == '[');
    return json && (text_search(t, TEXT("\"bundle--")) != SIZE_MAX ||
                    text_search(t, TEXT("\"spec_version\"")) != SIZE_MAX || has_typed_id(t));
}

/* Observed data, indicators, sightings and observables of a bundle to facts. */
#include <string.h>

#include "interop/stix_in.h"

static struct fact fact_of(void) {
    struct fact f = fact_unknown();
    f.count = SHEET_NO_COUNT;
    return f;
}

static const struct stix_seen unknown = {INSTANT_NONE, INSTANT_NONE, SHEET_NO_COUNT, {0}};

/* ---- observables */

enum what { WHAT_OTHER, WHAT_ADDRESS, WHAT_TRAFFIC, WHAT_OBJECT };
static const struct observable {
    const char *type;
    enum what what;
    const char *kind, *member; /* of an object: its kind in a fact, and where its value stands */
    const char *const *known;  /* members that say no more, or that are read */
} observables[] = {
    {"ipv4-addr", WHAT_ADDRESS, NULL, "value", (const char *const[]){"value", NULL}},
    {"ipv6-addr", WHAT_ADDRESS, NULL, "value", (const char *const[]){"value", NULL}},
    {"network-traffic", WHAT_TRAFFIC, NULL, NULL,
     (const char *const[]){"src_ref", "dst_ref", "src_port", "dst_port", "protocols", "start", "end", NULL}},
    {"domain-name", WHAT_OBJECT, "domain", "value", (const char *const[]){"value", NULL}},
    {"url", WHAT_OBJECT, "url", "value", (const char *const[]){"value", NULL}},
    {"email-addr", WHAT_OBJECT, "mail", "value", (const char *const[]){"value", NULL}},
    {"user-account", WHAT_OBJECT, "account", "account_login", (const char *const[]){"account_login", NULL}},
    {"file", WHAT_OBJECT, "sha256", NULL, (const char *const[]){"hashes", NULL}},
    {"artifact", WHAT_OTHER, NULL, NULL, NULL},
    {"autonomous-system", WHAT_OTHER, NULL, NULL, NULL},
    {"directory", WHAT_OTHER, NULL, NULL, NULL},
    {"email-message", WHAT_OTHER, NULL, NULL, NULL},
    {"mac-addr", WHAT_OTHER, NULL, NULL, NULL},
    {"mutex", WHAT_OTHER, NULL, NULL, NULL},
    {"process", WHAT_OTHER, NULL, NULL, NULL},
    {"software", WHAT_OTHER, NULL, NULL, NULL},
    {"windows-registry-key", WHAT_OTHER, NULL, NULL, NULL},
    {"x509-certificate", WHAT_OTHER, NULL, NULL, NULL},
};

static const struct observable *observable_of(const json_t *object) {
    struct text type = json_text(object, "type");
    for (size_t i = 0; i < COUNT(observables); i++)
        if (text_is(type, observables[i].type)) return &observables[i];
    return NULL;
}

bool stix_is_observable(const json_t *object) { return observable_of(object); }

static void use(struct stix_in *in, struct text id) {
    if (id.size && map_has(&in->ids, id)) map_put(&in->used, id);
}

/* In the bundle, or in the dictionary of an observed-data as STIX 2.0 has it. */
static const json_t *resolve(struct stix_in *in, const json_t *local, struct text ref) {
    const json_t *found = NULL;
    if (local && ref.size && !memchr(ref.at, 0, ref.size)) found = json_object_get(local, ref.at);
    return found ? found : map_get(&in->ids, ref);
}

static bool read_address(struct stix_in *in, const json_t *object, struct ip *out) {
    struct text value = json_text(object, "value");
    if (stix_read_address(value, out)) return true;
    stix_lose(in, LOSS_DROPPED, json_string_value(json_object_get(object, "type")), "value", value,
              N_("it is no single address"));
    return false;
}

/* ---- traffic */

static void take_end(struct stix_in *in, const json_t *local, const json_t *traffic, const char *member, unsigned bit,
                     struct fact *f) {
    struct text ref = json_text(traffic, member);
    const json_t *end = ref.size ? resolve(in, local, ref) : NULL;
    const struct observable *o = end ? observable_of(end) : NULL;
    struct ip *to = bit == KNOWN_SRC ? &f->src : &f->dst;
    if (!ref.size) return;
    if (o && o->what == WHAT_ADDRESS) {
        use(in, ref);
        if (read_address(in, end, to)) f->known |= bit;
        stix_lose_members(in, end, o->known);
        return;
    }
    if (o && !strcmp(o->type, "domain-name") && !f->object.size) {
        use(in, ref);
        f->object = object_of(in->arena, "domain", json_text(end, "value"));
        return;
    }
    stix_lose(in, LOSS_DROPPED, "network-traffic", member, ref, N_("it names no address that is in the bundle"));
}

static void take_port(struct stix_in *in, const json_t *traffic, const char *member, unsigned bit, struct fact *f) {
    uint64_t port;
    if (!json_object_get(traffic, member)) return;
    if (!json_u64(traffic, member, &port) || port > UINT16_MAX) {
        stix_lose(in, LOSS_DROPPED, "network-traffic", member, (struct text){0}, N_("it is no port"));
        return;
    }
    *(bit == KNOWN_SRC_PORT ? &f->src_port : &f->dst_port) = (uint16_t)port;
    f->known |= bit;
}

/* The first that is no version of IP; parley's facts have one. */
static void take_protocol(struct stix_in *in, const json_t *traffic, struct fact *f) {
    json_t *list = json_list(traffic, "protocols"), *one;
    size_t i;
    json_array_foreach(list, i, one) {
        struct text name = json_as_text(one);
        if (text_is(name, "ipv4") || text_is(name, "ipv6")) continue;
        if (!f->protocol.size && protocol_holds(name))
            f->protocol = stix_kept(in, name);
        else
            stix_lose(in, LOSS_DROPPED, "network-traffic", "protocols", name, N_("a fact has one protocol"));
    }
}

static struct fact read_traffic(struct stix_in *in, const json_t *local, const json_t *traffic) {
    struct fact f = fact_of();
    take_end(in, local, traffic, "src_ref", KNOWN_SRC, &f);
    take_end(in, local, traffic, "dst_ref", KNOWN_DST, &f);
    take_port(in, traffic, "src_port", KNOWN_SRC_PORT, &f);
    take_port(in, traffic, "dst_port", KNOWN_DST_PORT, &f);
    take_protocol(in, traffic, &f);
    f.first = stix_time_of(in, traffic, "start");
    f.last = stix_time_of(in, traffic, "end");
    stix_lose_members(in, traffic, observable_of(traffic)->known);
    return f;
}

/* ---- objects */

static struct text read_digest(struct stix_in *in, const json_t *object) {
    json_t *hashes = json_child(object, "hashes"), *value;
    const char *name;
    struct text found = {0};
    json_object_foreach(hashes, name, value) {
        bool fits = !strcmp(name, "SHA-256") || !strcmp(name, "SHA256");
        if (!fits)
            stix_lose(in, LOSS_DROPPED, "file.hashes", name, json_as_text(value), N_("a fact names files by SHA-256"));
        else
            found = json_as_text(value);
    }
    char *lower = arena_string(in->arena, found);
    for (size_t i = 0; i < found.size; i++)
        if (lower[i] >= 'A' && lower[i] <= 'F') lower[i] = (char)(lower[i] - 'A' + 'a');
    return (struct text){lower, found.size};
}

static struct text read_object(struct stix_in *in, const json_t *object) {
    const struct observable *o = observable_of(object);
    struct text value = o->member ? json_text(object, o->member) : read_digest(in, object);
    if (!strcmp(o->type, "user-account") && !value.size) {
        value = json_text(object, "user_id");
    } else if (!strcmp(o->type, "user-account") && json_object_get(object, "user_id")) {
        stix_lose(in, LOSS_DROPPED, o->type, "user_id", json_text(object, "user_id"), N_("a fact has one object"));
    }
    struct text made = object_of(in->arena, o->kind, value);
    if (!made.size)
        stix_lose(in, LOSS_DROPPED, o->type, o->member ? o->member : "hashes", value,
                  N_("there is no value that a fact can hold"));
    stix_lose_members(in, object, o->known);
    return made;
}

/* ---- observed data */

struct graph { /* of one observation */
    const json_t *local;
    struct fact *traffic;
    struct text *objects;
    struct text *addresses; /* ids, or keys */
    size_t traffic_count, object_count, address_count;
};

static void take_observable(struct stix_in *in, struct graph *g, struct text ref, const json_t *object) {
    const struct observable *o = object ? observable_of(object) : NULL;
    if (!o || o->what == WHAT_OTHER) {
        const char *type = object ? json_string_value(json_object_get(object, "type")) : NULL;
        stix_lose(in, LOSS_DROPPED, "observed-data", "object_refs", type ? text_of(type) : ref,
                  N_("a fact can't hold what it names, or it is not in the bundle"));
        use(in, ref);
        return;
    }
    if (o->what == WHAT_TRAFFIC) g->traffic[g->traffic_count++] = read_traffic(in, g->local, object);
    if (o->what == WHAT_OBJECT) {
        struct text made = read_object(in, object);
        if (made.size) g->objects[g->object_count++] = made;
    }
    if (o->what == WHAT_ADDRESS)
        g->addresses[g->address_count++] = ref;
    else
        use(in, ref);
}

static void take_refs(struct stix_in *in, struct graph *g, const json_t *observed) {
    json_t *list = json_list(observed, "object_refs"), *one;
    const char *key;
    size_t i;
    json_array_foreach(list, i, one) {
        struct text ref = json_as_text(one);
        take_observable(in, g, ref, map_get(&in->ids, ref));
    }
    json_object_foreach((json_t *)(uintptr_t)g->local, key, one) take_observable(in, g, text_of(key), one);
}

/* Whether traffic of this observation has the address at an end: then it says no more. */
static bool is_end(const struct graph *g, struct ip address) {
    for (size_t i = 0; i < g->traffic_count && i < 64; i++) {
        const struct fact *f = &g->traffic[i];
        if ((f->known & KNOWN_SRC && !ip_compare(f->src, address)) ||
            (f->known & KNOWN_DST && !ip_compare(f->dst, address)))
            return true;
    }
    return false;
}

static void collect_address(struct stix_in *in, const json_t *object, const struct stix_seen *seen, const char *field) {
    struct fact f = fact_of();
    if (!read_address(in, object, &f.src)) return;
    f.known |= KNOWN_SRC;
    stix_lose(in, LOSS_GUESSED, field, "source", json_text(object, "value"),
              N_("it is not said whether the address is the source or the target: source was put"));
    stix_lose_members(in, object, observable_of(object)->known);
    stix_collect(in, f, seen, field);
}

static void collect_graph(struct stix_in *in, struct graph *g, const struct stix_seen *seen) {
    bool one = g->traffic_count == 1 && g->object_count == 1 && !g->traffic[0].object.size;
    if (one) g->traffic[0].object = g->objects[0];
    for (size_t i = 0; i < g->traffic_count; i++) stix_collect(in, g->traffic[i], seen, "observed-data");
    for (size_t i = 0; i < g->object_count && !one; i++) {
        struct fact f = fact_of();
        f.object = g->objects[i];
        stix_collect(in, f, seen, "observed-data");
    }
    for (size_t i = 0; i < g->address_count; i++) {
        const json_t *object = resolve(in, g->local, g->addresses[i]);
        struct ip ip;
        bool end = stix_read_address(json_text(object, "value"), &ip) && is_end(g, ip);
        if (!end && !map_has(&in->used, g->addresses[i])) collect_address(in, object, seen, "observed-data");
        use(in, g->addresses[i]);
    }
}

void stix_read_observed(struct stix_in *in, const json_t *object) {
    static const char *const known[] = {
        "first_observed", "last_observed", "number_observed", "object_refs", "objects", "labels", NULL};
    struct graph g = {.local = json_child(object, "objects")};
    size_t count = json_array_size(json_list(object, "object_refs")) + json_object_size(g.local);
    struct stix_seen seen = {stix_time_of(in, object, "first_observed"), stix_time_of(in, object, "last_observed"),
                             SHEET_NO_COUNT, stix_event(in, object)};
    g.traffic = ARENA_ARRAY(in->arena, struct fact, count);
    g.objects = ARENA_ARRAY(in->arena, struct text, count);
    g.addresses = ARENA_ARRAY(in->arena, struct text, count);
    if (!json_u64(object, "number_observed", &seen.count) || !seen.count) seen.count = SHEET_NO_COUNT;
    take_refs(in, &g, object);
    collect_graph(in, &g, &seen);
    stix_lose_members(in, object, known);
}

void stix_note_traffic(struct stix_in *in, const json_t *object) {
    use(in, json_text(object, "src_ref"));
    use(in, json_text(object, "dst_ref"));
}

void stix_read_observable(struct stix_in *in, const json_t *object) {
    const struct observable *o = observable_of(object);
    struct fact f = fact_of();
    struct stix_seen seen = unknown;
    seen.event = stix_event(in, object);
    if (o->what == WHAT_OTHER) {
        stix_lose(in, LOSS_DROPPED, o->type, NULL, json_text(object, "value"), N_("a fact can't hold it"));
        return;
    }
    if (o->what == WHAT_ADDRESS) {
        collect_address(in, object, &seen, o->type);
        return;
    }
    if (o->what == WHAT_TRAFFIC)
        f = read_traffic(in, NULL, object);
    else
        f.object = read_object(in, object);
    if (f.known || f.object.size) stix_collect(in, f, &seen, o->type);
}

/* ---- indicators and sightings */

void stix_note_sighting(struct stix_in *in, const json_t *object) {
    static const char *const known[] = {"sighting_of_ref",    "first_seen", "last_seen", "count",
                                        "observed_data_refs", "labels",     NULL};
    struct text of = json_text(object, "sighting_of_ref");
    const json_t *target = map_get(&in->ids, of);
    stix_lose_members(in, object, known);
    if (!target || !stix_is(target, "indicator")) {
        if (!json_list(object, "observed_data_refs"))
            stix_lose(in, LOSS_DROPPED, "sighting", "sighting_of_ref", of,
                      N_("what was seen is no indicator of the bundle"));
        return;
    }
    void **place = map_put(&in->sightings, of);
    struct stix_sightings *list = *place;
    if (!list) *place = list = ARENA_NEW(in->arena, struct stix_sightings);
    list->at = arena_grow(in->arena, (void *)(uintptr_t)list->at, list->count, &list->room, sizeof *list->at);
    list->at[list->count++] = object;
}

static void collect_pattern(struct stix_in *in, const struct stix_pattern *p, const struct stix_seen *seen) {
    for (size_t i = 0; i < p->count; i++) stix_collect(in, p->facts[i], seen, "indicator");
}

static void collect_sighting(struct stix_in *in, const struct stix_pattern *p, const json_t *sighting,
                             struct text event) {
    struct stix_seen seen = {stix_time_of(in, sighting, "first_seen"), stix_time_of(in, sighting, "last_seen"),
                             SHEET_NO_COUNT, event};
    if (json_list(sighting, "observed_data_refs")) return; /* they are facts themselves */
    if (json_object_get(sighting, "count") && (!json_u64(sighting, "count", &seen.count) || !seen.count)) {
        stix_lose(in, LOSS_DROPPED, "sighting", "count", TEXT("0"), N_("what was not seen is no fact"));
        return;
    }
    collect_pattern(in, p, &seen);
}

static bool is_stix_pattern(const json_t *object) {
    struct text type = json_text(object, "pattern_type");
    return !type.size || text_is(type, "stix");
}

void stix_read_indicator(struct stix_in *in, const json_t *object) {
    static const char *const known[] = {"pattern", "pattern_type", "name", "labels", NULL};
    struct stix_pattern p;
    struct stix_seen seen = unknown;
    struct text pattern = json_text(object, "pattern");
    const struct stix_sightings *sightings = map_get(&in->sightings, stix_id_text(object));
    seen.event = stix_event(in, object);
    stix_lose_members(in, object, known);
    if (!is_stix_pattern(object) || !stix_pattern_read(pattern, in->arena, STIX_FACTS_MAX - in->facts.count, &p)) {
        stix_lose(in, LOSS_DROPPED, "indicator", "pattern", pattern,
                  N_("not of the simple kind: values compared by = and IN, joined by AND and OR"));
        return;
    }
    if (p.side_guessed)
        stix_lose(in, LOSS_GUESSED, "indicator", "source", pattern,
                  N_("it is not said whether the address is the source or the target: source was put"));
    if (!sightings) collect_pattern(in, &p, &seen);
    for (size_t i = 0; sightings && i < sightings->count; i++) collect_sighting(in, &p, sightings->at[i], seen.event);
}

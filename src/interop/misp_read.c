/* MISP events to reports: what an event says of itself. */
#include <stdio.h>
#include <string.h>

#include "interop/foreign.h"
#include "interop/misp_event.h"

bool misp_case_seen(struct bytes start) {
    static const char *const signs[] = {"\"Event\"", "\"threat_level_id\"", "\"Orgc\"", "\"object_relation\"",
                                        "\"to_ids\""};
    struct text t = text_from_bytes(start);
    for (size_t i = 0; i < COUNT(signs) && t.size && (t.at[0] == '{' || t.at[0] == '['); i++)
        if (text_search(t, text_of(signs[i])) != SIZE_MAX) return true;
    return false;
}

struct text misp_member(const struct misp_event *e, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value ? foreign_text(value, misp_arena(e)) : (struct text){0};
}

/* One that outlives the JSON. */
struct text misp_kept_member(const struct misp_event *e, const json_t *object, const char *key) {
    return arena_text(misp_arena(e), misp_member(e, object, key));
}

/* ---- what has no place */

void misp_lose(struct misp_event *e, struct text where, struct text field, struct text value) {
    char name[LOST_NAME_MAX + 1];
    where = text_first_whole(where, LOST_NAME_MAX / 2);
    field = text_first_whole(field, LOST_NAME_MAX / 2 - 1);
    int size = snprintf(name, sizeof name, "%.*s.%.*s", TEXT_ARG(where), TEXT_ARG(field));
    lost_fields_add(&e->g->lost, (struct text){name, (size_t)size}, value);
}

/* Empty values say nothing, and what is in `known` is read or the server's own housekeeping. */
void misp_lose_members(struct misp_event *e, struct text where, const json_t *object, const char *const *known,
                       size_t count) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        struct text v = foreign_text(value, misp_arena(e));
        bool skip = json_is_null(value) || text_is(v, "") || text_is(v, "0") || text_is(v, "false");
        if (json_is_array(value) || json_is_object(value)) skip = !json_array_size(value) && !json_object_size(value);
        for (size_t i = 0; i < count && !skip; i++) skip = !strcmp(key, known[i]);
        if (!strcmp(key, "distribution")) skip = skip || text_is(v, "5"); /* as the event's */
        if (!skip) misp_lose(e, where, text_of(key), v);
    }
}

/* ---- tags */

void misp_take_level(struct misp_event *e, struct text tag, bool of_event) {
    enum tlp level = TLP_NONE;
    char upper[16];
    struct text word = text_sub(tag, 4, tag.size);
    for (size_t i = 0; i < word.size && i < sizeof upper; i++)
        upper[i] = (char)(word.at[i] >= 'a' && word.at[i] <= 'z' ? word.at[i] & ~32 : word.at[i]);
    struct text t = {upper, word.size < sizeof upper ? word.size : 0};
    if (text_is(t, "WHITE")) level = TLP_CLEAR; /* as TLP 1.0 called it */
    if (level == TLP_NONE && !tlp_read(t, &level)) {
        misp_lose(e, TEXT("Tag"), TEXT("name"), tag);
        return;
    }
    if (level <= e->r.tlp) return;
    if (!of_event || e->r.tlp != TLP_NONE)
        losses_add(misp_losses(e), LOSS_GUESSED, "Tag", tag, N_("a report has one level: the most restricted one"));
    e->r.tlp = level;
}

/* rsit:intrusion-attempts="brute-force"; empty: it is none. */
struct text misp_rsit_of(struct misp_event *e, struct text tag) {
    struct text rest = tag, class_value;
    if (!text_skip(&rest, TEXT("rsit:")) || !text_cut(&rest, '=', &class_value)) return (struct text){0};
    if (rest.size < 2 || rest.at[0] != '"' || rest.at[rest.size - 1] != '"') return (struct text){0};
    struct text pair = arena_format(misp_arena(e), "%.*s:%.*s", TEXT_ARG(class_value), (int)rest.size - 2, rest.at + 1);
    const struct rsit_type *type = rsit_find_pair(pair);
    return type ? text_of(type->value) : (struct text){0};
}

bool misp_is_level(struct text tag) {
    return tag.size > 4 && tag.at[3] == ':' && (tag.at[0] | 32) == 't' && (tag.at[1] | 32) == 'l' &&
           (tag.at[2] | 32) == 'p';
}

static void append_words(struct misp_event *e, struct text tag) {
    e->r.text =
        arena_format(misp_arena(e), "%.*s%s%.*s", TEXT_ARG(e->r.text), e->r.text.size ? "\n" : "", TEXT_ARG(tag));
    losses_add(misp_losses(e), LOSS_AS_WORDS, "Tag", tag, N_("it is in the text: a claim has no estimate"));
}

static void take_event_tags(struct misp_event *e, const json_t *object) {
    json_t *list = json_list(object, "Tag");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct text tag = json_text(json_array_get(list, i), "name"), event = misp_rsit_of(e, tag);
        if (misp_is_level(tag))
            misp_take_level(e, tag, true);
        else if (event.size) {
            e->many = e->many || (e->rsit.size && !text_equal(event, e->rsit));
            e->rsit = event;
        } else if (text_starts(tag, TEXT("estimative-language:")) && i < 16)
            append_words(e, tag);
        else
            misp_lose(e, TEXT("Event"), TEXT("Tag"), tag);
    }
}

/* ---- events */

static void take_reports(struct misp_event *e, const json_t *o) {
    json_t *list = json_list(o, "EventReport");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (text_is(json_text(one, "name"), MISP_SUMMARY) && !e->r.text.size)
            e->r.text = misp_kept_member(e, one, "content");
        else
            misp_lose(e, TEXT("Event"), TEXT("EventReport"), json_text(one, "name"));
    }
}

static void take_about(struct misp_event *e, const json_t *o) {
    struct text date = json_text(o, "date");
    uint64_t stamp;
    e->r.id = misp_kept_member(e, o, "uuid");
    e->r.title = misp_kept_member(e, o, "info");
    e->r.severity = misp_severity(misp_member(e, o, "threat_level_id"));
    e->r.from = arena_text(misp_arena(e), json_text(json_child(o, "Orgc"), "name"));
    if (!e->r.from.size) e->r.from = arena_text(misp_arena(e), json_text(json_child(o, "Org"), "name"));
    if (date.size == 10) foreign_time(arena_format(misp_arena(e), "%.*sT00:00:00Z", TEXT_ARG(date)), &e->r.created);
    if (text_u64(misp_member(e, o, "timestamp"), &stamp) && stamp < UINT32_MAX)
        e->r.changed = (instant)stamp * INSTANT_SECOND;
}

static void lose_event_members(struct misp_event *e, const json_t *o) {
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
    misp_lose_members(e, TEXT("Event"), o, known, COUNT(known));
}

static enum error take_event(struct misp_reading *g, const json_t *o, struct diag *d) {
    struct misp_event e = {.g = g,
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
    for (size_t i = 0; i < json_array_size(attributes); i++) misp_take_attribute(&e, json_array_get(attributes, i));
    misp_take_objects(&e, objects);
    lose_event_members(&e, o);
    enum error result = collect_end(&e.facts, &e.r.facts, d);
    if (!result) result = found_end(&e.found, e.r.facts, g->how->losses, &e.r.findings, d);
    if (result) return result;
    g->at = arena_grow(g->how->arena, g->at, g->count, &g->room, sizeof *g->at);
    g->at[g->count++] = e.r;
    return OK;
}

/* One attribute, object or several of them without an event around them. */
static enum error take_parts(struct misp_reading *g, const json_t *o, bool *is, struct diag *d) {
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
static enum error take_value(struct misp_reading *g, const json_t *value, unsigned depth, struct diag *d) {
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
    struct misp_reading g = {.how = how, .lost = lost_fields_in(how->arena)};
    json_t *root = NULL;
    enum error result = foreign_check_values(file, d);
    if (!result) result = json_read(file, &root, d);
    if (!result) result = take_value(&g, root, 0, d);
    json_decref(root);
    lost_fields_end(&g.lost, how->losses, N_("parley has no place for it, or it can't be read"));
    if (!result) *out = (struct reports){g.at, g.count};
    return result;
}

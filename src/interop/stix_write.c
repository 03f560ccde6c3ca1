/* A report to a STIX 2.1 bundle: all objects of its messages, its facts, what was found of them, and the definitions
 * that these refer to.  Each is marked at least with the level of the message that it is from. */
#include <string.h>

#include "interop/stix_case.h"
#include "interop/stix_objects.h"

struct text stix_sound(struct stix_out *w, const char *field, struct text t) {
    if (json_is_text(t)) return t;
    losses_add(w->losses, LOSS_DROPPED, field, t, N_("it is no text that JSON can hold"));
    return (struct text){0};
}

/* ---- markings */

static int level_of(struct text id) {
    for (int level = 0; level < TLP_COUNT; level++)
        if (text_is(id, tlp_marking_id((enum tlp)level))) return level;
    return TLP_NONE;
}

static bool takes_no_mark(const json_t *object) {
    return stix_is(object, "marking-definition") || stix_is(object, "extension-definition");
}

static void mark(json_t *object, enum tlp level) {
    json_t *marks = json_list(object, "object_marking_refs");
    if (level == TLP_NONE || takes_no_mark(object)) return;
    if (!marks) {
        marks = json_array();
        json_put(object, "object_marking_refs", marks);
    }
    for (size_t i = json_array_size(marks); i-- > 0;) {
        int stands = level_of(json_as_text(json_array_get(marks, i)));
        if (stands == TLP_NONE) continue;
        if (stands >= (int)level) return;
        json_array_remove(marks, i);
    }
    json_add_text(marks, text_of(tlp_marking_id(level)));
}

void stix_put(struct stix_out *w, json_t *taken, enum tlp level) {
    mark(taken, level);
    stix_add(&w->s, taken);
}

enum error stix_extend(json_t *object, const struct member_table *table, const void *from, struct diag *d) {
    json_t *extensions = json_object(), *extension = json_object();
    json_put_text(extension, "extension_type", TEXT("property-extension"));
    enum error result = members_write(table, from, extension, d);
    json_put(extensions, STIX_PARLEY_EXTENSION, extension);
    json_put(object, "extensions", extensions);
    return result;
}

/* ---- messages */

static enum error put_message(struct stix_out *w, const struct report_said *said, struct diag *d) {
    json_t *bundle = NULL, *object;
    size_t i;
    enum error result = json_read(said->body, &bundle, d);
    if (result) return result;
    json_array_foreach(json_list(bundle, "objects"), i, object) stix_put(w, json_incref(object), said->tlp);
    json_decref(bundle);
    return OK;
}

static enum error put_messages(struct stix_out *w, struct diag *d) {
    const struct report *r = w->report;
    enum error result = OK;
    for (size_t i = 0; i < r->said_count && !result; i++) result = put_message(w, &r->said[i], d);
    if (!r->said_count)
        losses_add_many(w->losses, LOSS_DROPPED, "coverage", (struct text){0},
                        N_("it stands in the message of an answer, and there is none"), r->coverage_count);
    return result;
}

/* ---- what is referred to */

static void put_definitions(struct stix_out *w) {
    bool levels[TLP_COUNT] = {false}, extended = false;
    json_t *object, *ref;
    size_t i, k;
    json_array_foreach(w->s.objects, i, object) {
        extended = extended || stix_extension(object);
        json_array_foreach(json_list(object, "object_marking_refs"), k, ref) {
            int level = level_of(json_as_text(ref));
            if (level != TLP_NONE) levels[level] = true;
        }
    }
    if (extended) {
        stix_add(&w->s, stix_extension_author());
        stix_add(&w->s, stix_extension_definition());
    }
    for (int level = 0; level < TLP_COUNT; level++)
        if (levels[level]) stix_add(&w->s, stix_tlp_marking((enum tlp)level));
}

static enum error name_sheet(struct stix_out *w, struct diag *d) {
    struct buf file = {.max = SHEET_BYTES_MAX};
    if (!w->report->facts.count) return OK;
    enum error result = sheet_write(w->report->facts, &file, d);
    if (!result) {
        struct sha256 name = sheet_hash(buf_as_bytes(&file));
        sha256_hex(&name, w->sheet);
    }
    buf_free(&file);
    return result;
}

static enum error fill(struct stix_out *w, const struct report *r, const struct case_writing *how, struct diag *d) {
    instant created = r->created == INSTANT_NONE ? how->now : r->created;
    *w = (struct stix_out){
        .s = stix_begin(created, r->tlp, (struct text){0}), .arena = how->arena, .losses = how->losses, .report = r};
    enum error result = name_sheet(w, d);
    if (!result) result = put_messages(w, d);
    if (!result) result = stix_put_facts(w, d);
    if (!result) result = stix_put_findings(w, d);
    if (!result) put_definitions(w);
    return result;
}

enum error stix_case_objects(const struct report *r, const struct case_writing *how, json_t **out, struct diag *d) {
    struct stix_out w;
    enum error result = fill(&w, r, how, d);
    if (!result) *out = json_incref(w.s.objects);
    stix_free(&w.s);
    return result;
}

enum error stix_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    struct stix_out w;
    enum error result = fill(&w, r, how, d);
    if (!result) {
        stix_write(&w.s, out);
        result = buf_check(out, d);
    }
    stix_free(&w.s);
    return result;
}

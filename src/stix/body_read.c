/* A STIX bundle to what the message says.  Only the object that carries parley's extension, the identity that made it
 * and an opinion are read; other objects are left to whoever asked for them. */
#include <string.h>

#include "stix/body_form.h"

/* The one object with parley's extension; NULL and a reason where there is none or a second. */
static json_t *main_object(const json_t *bundle, struct diag *d) {
    json_t *found = NULL, *object;
    size_t i;
    json_array_foreach(json_list(bundle, "objects"), i, object) {
        if (!stix_extension(object)) continue;
        if (found) {
            fail(d, ERR_INPUT, _("expected one object with parley's extension, found a second: object %zu"), i);
            return NULL;
        }
        found = object;
    }
    if (!found) fail(d, ERR_INPUT, _("expected an object with parley's extension, found none"));
    return found;
}

static struct text author_name(const json_t *bundle, struct text id) {
    size_t at = 0;
    for (json_t *identity; (identity = stix_find(bundle, "identity", &at));)
        if (text_equal(stix_id_text(identity), id)) return json_text(identity, "name");
    return (struct text){0};
}

static enum error read_tlp(const json_t *object, enum tlp *out, struct diag *d) {
    const json_t *marks = json_list(object, "object_marking_refs");
    *out = TLP_NONE;
    for (size_t i = 0; i < json_array_size(marks); i++) {
        struct text mark = json_as_text(json_array_get(marks, i));
        for (int level = 0; level < TLP_COUNT; level++) {
            if (!text_is(mark, tlp_marking_id((enum tlp)level))) continue;
            if (*out != TLP_NONE) return fail(d, ERR_INPUT, _("expected one TLP marking, found two"));
            *out = (enum tlp)level;
        }
    }
    return OK;
}

static enum body_opinion read_opinion(const json_t *bundle, struct text author_id) {
    size_t at = 0;
    for (json_t *object; (object = stix_find(bundle, "opinion", &at));) {
        if (!text_equal(json_text(object, "created_by_ref"), author_id)) continue;
        for (int o = BODY_AGREE; o <= BODY_NEUTRAL; o++)
            if (text_is(json_text(object, "opinion"), body_opinion_word((enum body_opinion)o)))
                return (enum body_opinion)o;
    }
    return BODY_NO_OPINION;
}

static enum error bad_member(const char *member, struct diag *d) {
    return fail(d, ERR_INPUT, _("the body's member “%s” is missing or is not as it must be"), member);
}

static enum error read_parts(const json_t *bundle, const json_t *object, struct body *out, struct diag *d) {
    const json_t *extension = stix_extension(object);
    struct text author_id = json_text(object, "created_by_ref");
    out->kind = json_text(extension, "kind");
    out->matter = json_text(extension, "case");
    const struct body_form *form = body_form_of(out->kind);
    out->title = json_text(object, form->title);
    out->text = json_text(object, form->text);
    out->lang = json_text(object, "lang");
    out->author = author_name(bundle, author_id);
    if (!out->kind.size) return bad_member("kind", d);
    if (!text_is(json_text(extension, "extension_type"), "property-extension")) return bad_member("extension_type", d);
    if (!stix_is(object, form->type)) return bad_member("type", d);
    if (!text_is(json_text(object, "spec_version"), "2.1")) return bad_member("spec_version", d);
    if (!out->author.size) return bad_member("created_by_ref", d);
    if (!stix_read_time(json_text(object, "created"), &out->created)) return bad_member("created", d);
    if (form->context && !out->matter.size) return bad_member("case", d);
    bool incident = !strcmp(form->type, "incident");
    if (incident ? !out->title.size : !out->text.size) return bad_member(incident ? form->title : form->text, d);
    if (!incident && text_equal(out->text, out->kind)) out->text = (struct text){0};
    out->opinion = read_opinion(bundle, author_id);
    return read_tlp(object, &out->tlp, d);
}

enum error body_read(struct bytes bytes, struct body *out, struct diag *d) {
    struct body read = {0};
    if (bytes.size > BODY_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("the message's body is larger than %d bytes"), BODY_MAX_BYTES);
    enum error result = json_read_canonical(bytes, &read.bundle, d);
    if (result) return result;
    if (!stix_is(read.bundle, "bundle")) result = fail(d, ERR_INPUT, _("expected a STIX bundle, found another thing"));
    json_t *object = result ? NULL : main_object(read.bundle, d);
    if (!result) result = object ? read_parts(read.bundle, object, &read, d) : ERR_INPUT;
    if (result) {
        json_decref(read.bundle);
        return result;
    }
    read.extension = stix_extension(object);
    read.objects = json_list(read.bundle, "objects");
    *out = read;
    return OK;
}

void body_free(struct body *b) {
    json_decref(b->bundle);
    *b = (struct body){0};
}

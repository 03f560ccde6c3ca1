/* What a message says, to a STIX bundle. */
#include <string.h>

#include "stix/body_form.h"

/* The kinds that do not have the plain form of a note about something. */
static const struct body_form forms[] = {
    {"claim", "incident", "suspicious-activity", "name", "description"},
    {"inquiry", "note", "unspecified", "abstract", "content"},
    {"proposal", "note", "unspecified", "abstract", "content"},
};
static const struct body_form plain = {NULL, "note", NULL, "abstract", "content"};

const struct body_form *body_form_of(struct text kind) {
    for (size_t i = 0; i < COUNT(forms); i++)
        if (text_is(kind, forms[i].kind)) return &forms[i];
    return &plain;
}

static const char *const opinions[] = {
    [BODY_NO_OPINION] = NULL, [BODY_AGREE] = "agree", [BODY_DISAGREE] = "disagree", [BODY_NEUTRAL] = "neutral"};

const char *body_opinion_word(enum body_opinion o) { return opinions[o]; }

/* Lower-case letters, digits and inner dashes, as a kind is written. */
static bool is_kind(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        bool letter = t.at[i] >= 'a' && t.at[i] <= 'z', digit = t.at[i] >= '0' && t.at[i] <= '9';
        if (!letter && !(i && (digit || t.at[i] == '-'))) return false;
    }
    return t.size > 0 && t.size <= 40;
}

static enum error check_text(const char *what, struct text t, size_t max, struct diag *d) {
    if (t.size > max) return fail(d, ERR_LIMIT, _("%s: expected at most %zu bytes, found %zu"), what, max, t.size);
    if (!json_is_text(t) || text_find(t, '\r') < t.size)
        return fail(d, ERR_INPUT, _("%s: expected UTF-8 text with LF line ends and without NUL"), what);
    return OK;
}

static bool is_member_name(struct text name) {
    if (name.size < 3 || name.size > 250 || text_ends(name, TEXT("_bin")) || text_ends(name, TEXT("_hex")))
        return false;
    for (size_t i = 0; i < name.size; i++) {
        bool letter = name.at[i] >= 'a' && name.at[i] <= 'z', digit = name.at[i] >= '0' && name.at[i] <= '9';
        if (!letter && !(i && (digit || name.at[i] == '_'))) return false;
    }
    return true;
}

/* What STIX allows of an extension's members (STIX 2.1, 3.1 and 7.3).  The writer's own members may be there already,
 * as they are in a body that was read, but only with the values that it would write. */
static enum error check_extension(const struct body *b, struct diag *d) {
    const struct {
        const char *name;
        struct text value;
    } own[] = {{"kind", b->kind}, {"case", b->matter}, {"extension_type", TEXT("property-extension")}};
    const char *key;
    json_t *value;
    if (b->extension && !json_is_object(b->extension)) return fail(d, ERR_INTERNAL, _("an extension is a JSON object"));
    json_object_foreach(b->extension, key, value) {
        bool bad = json_is_null(value) || (json_is_array(value) && !json_array_size(value));
        for (size_t i = 0; i < COUNT(own); i++)
            bad = bad || (!strcmp(key, own[i].name) && !text_equal(json_as_text(value), own[i].value));
        if (bad || !is_member_name(text_of(key)))
            return fail(d, ERR_INTERNAL, _("“%.80s” can't be a member of an extension, or not with that value"), key);
    }
    return OK;
}

static enum error check(const struct body *b, struct diag *d) {
    const struct body_form *form = body_form_of(b->kind);
    enum error result = check_text(_("title"), b->title, BODY_TITLE_MAX, d);
    if (!result) result = check_text(_("text"), b->text, BODY_TEXT_MAX, d);
    if (!result) result = check_text(_("author"), b->author, BODY_TITLE_MAX, d);
    if (!result) result = check_text(_("language"), b->lang, BODY_TITLE_MAX, d);
    if (!result) result = check_text(_("case"), b->matter, BODY_TITLE_MAX, d);
    if (!result) result = check_extension(b, d);
    if (result) return result;
    if (!is_kind(b->kind)) return fail(d, ERR_INPUT, _("“%.*s” is no kind of message"), TEXT_ARG(b->kind));
    if (!b->author.size) return fail(d, ERR_INPUT, _("a message needs an author"));
    if (!b->title.size && !strcmp(form->type, "incident")) return fail(d, ERR_INPUT, _("a claim needs a title"));
    if (form->context && !b->matter.size) return fail(d, ERR_INPUT, _("what opens a case needs the case's name"));
    return OK;
}

/* Everything that tells one message from another, canonically: the name from which ids follow. */
static struct stix_id id_from_content(const char *type, const struct body *b, json_t *extension) {
    char time[STIX_TIME_MAX];
    json_t *content = json_object();
    json_put_text(content, "author", b->author);
    json_put_text(content, "created", stix_time(b->created, time));
    json_put_text(content, "title", b->title);
    json_put_text(content, "text", b->text);
    json_put(content, "extension", json_incref(extension));
    struct buf canonical = {.max = JSON_MAX_BYTES};
    json_canonical(content, &canonical);
    ASSERT(!canonical.failed);
    struct stix_id id = stix_id_of(type, buf_as_text(&canonical));
    buf_free(&canonical);
    json_decref(content);
    return id;
}

static json_t *one_ref(struct stix_id id) {
    json_t *refs = json_array();
    json_add_text(refs, text_of(id.at));
    return refs;
}

/* The object that says it: the incident or the note. */
static json_t *said(const struct stix *s, const struct body *b, json_t *extension) {
    const struct body_form *form = body_form_of(b->kind);
    bool incident = !strcmp(form->type, "incident");
    struct stix_id id = incident ? stix_id_of("incident", b->matter) : id_from_content(form->type, b, extension);
    json_t *object = stix_object(s, form->type, id), *extensions = json_object();
    json_put_text_if(object, form->title, b->title);
    /* A note must have content: the kind's own name stands for no text. */
    json_put_text_if(object, form->text, b->text.size || incident ? b->text : b->kind);
    struct stix_id about = b->matter.size ? stix_id_of("grouping", b->matter) : s->author;
    if (!incident) json_put(object, "object_refs", one_ref(about));
    json_put(extensions, STIX_PARLEY_EXTENSION, json_incref(extension));
    json_put(object, "extensions", extensions);
    return object;
}

/* The grouping that stands for the case, made by the message that opens it. */
static json_t *grouping(const struct stix *s, const struct body *b, const json_t *main_object) {
    const struct body_form *form = body_form_of(b->kind);
    json_t *object = stix_object(s, "grouping", stix_id_of("grouping", b->matter)), *refs = json_array(), *other;
    size_t i;
    json_put_text_if(object, "name", b->title);
    json_put_text(object, "context", text_of(form->context));
    json_add_text(refs, stix_id_text(main_object));
    json_array_foreach(b->objects, i, other) {
        struct text id = stix_id_text(other);
        bool own = text_equal(id, stix_id_text(main_object)) || text_equal(id, stix_id_text(object)) ||
                   text_is(id, s->author.at);
        if (id.size && !own) json_add_text(refs, id);
    }
    json_put(object, "object_refs", refs);
    return object;
}

static json_t *opinion(const struct stix *s, const struct body *b, json_t *extension) {
    json_t *object = stix_object(s, "opinion", id_from_content("opinion", b, extension));
    json_put_text(object, "opinion", text_of(opinions[b->opinion]));
    json_put(object, "object_refs", one_ref(b->matter.size ? stix_id_of("grouping", b->matter) : s->author));
    return object;
}

static void fill(struct stix *s, const struct body *b, json_t *extension) {
    json_t *other;
    size_t i;
    stix_author(s, b->author);
    json_t *main_object = said(s, b, extension);
    json_incref(main_object);
    stix_add(s, main_object);
    if (body_form_of(b->kind)->context) stix_add(s, grouping(s, b, main_object));
    if (b->opinion != BODY_NO_OPINION) stix_add(s, opinion(s, b, extension));
    json_array_foreach(b->objects, i, other) stix_add(s, json_incref(other));
    json_decref(main_object);
}

enum error body_write(struct body *b, struct buf *out, struct diag *d) {
    enum error result = check(b, d);
    if (!result) {
        /* A copy: the views in `b` may point into what was given. */
        json_t *extension = b->extension ? json_copy(b->extension) : json_object();
        ASSERT(extension);
        json_put_text(extension, "extension_type", TEXT("property-extension"));
        json_put_text(extension, "kind", b->kind);
        json_put_text_if(extension, "case", b->matter);
        struct stix s = stix_begin(b->created, b->tlp, b->lang);
        fill(&s, b, extension);
        stix_write(&s, out);
        stix_free(&s);
        json_decref(extension);
        result = buf_check(out, d);
        if (!result && out->size > BODY_MAX_BYTES)
            result = fail(d, ERR_LIMIT, _("the message's body is larger than %d bytes"), BODY_MAX_BYTES);
    }
    json_decref(b->extension);
    json_decref(b->objects);
    b->extension = b->objects = NULL;
    return result;
}

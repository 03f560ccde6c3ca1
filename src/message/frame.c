#include "message/frame.h"

static enum tlp level_of(const struct head *h) {
    enum tlp level;
    return tlp_read(h->tlp, &level) ? level : TLP_NONE;
}

enum error frame_write(const struct head *h, instant created, const struct wording *what, struct buf *out,
                       struct diag *d) {
    struct body b = {.kind = h->kind,
                     .title = what->title,
                     .text = what->text,
                     .lang = h->lang,
                     .author = h->from,
                     .matter = h->matter,
                     .tlp = level_of(h),
                     .created = created,
                     .opinion = what->opinion,
                     .extension = json_object(),
                     .objects = what->objects};
    enum error result = what->members ? members_write(what->members, what->from, b.extension, d) : OK;
    if (!result) return body_write(&b, out, d);
    json_decref(b.extension);
    json_decref(b.objects);
    return result;
}

/* What stands in both head and body stands there once for people's tools and once for the rules: it must be the same.
 */
static enum error check_frame(const struct head *h, const struct body *b, uint64_t kinds, struct diag *d) {
    enum kind kind;
    const struct {
        const char *what;
        struct text head, body;
    } pairs[] = {{"kind", h->kind, b->kind},
                 {"case", h->matter, b->matter},
                 {"from", h->from, b->author},
                 {"lang", h->lang, b->lang}};
    for (size_t i = 0; i < COUNT(pairs); i++)
        if (!text_equal(pairs[i].head, pairs[i].body))
            return fail(d, ERR_INPUT, _("the body does not repeat the head's line “%s”"), pairs[i].what);
    if (level_of(h) != b->tlp) return fail(d, ERR_INPUT, _("the body does not repeat the head's line “%s”"), "tlp");
    if (kinds != FRAME_ANY_KIND && !(kind_read(h->kind, &kind) && (kinds & FRAME_KIND(kind))))
        return fail(d, ERR_INPUT, _("a message of another kind: “%.*s”"), TEXT_ARG(h->kind));
    return OK;
}

enum error frame_read(const struct message *m, uint64_t kinds, const struct member_table *members, struct arena *a,
                      void *into, struct text *title, struct text *text, struct diag *d) {
    struct body b;
    enum error result = body_read(bytes_from_text(m->body), &b, d);
    if (result) return result;
    result = check_frame(&m->head, &b, kinds, d);
    if (!result && members) result = members_read(members, b.extension, a, into, d);
    if (!result && title) *title = arena_text(a, b.title);
    if (!result && text) *text = arena_text(a, b.text);
    body_free(&b);
    return result;
}

const struct attach *head_attachment(const struct head *h, const char *role, struct text plain) {
    struct sha256 wanted;
    if (plain.size && !sha256_read_hex(plain, &wanted)) return NULL;
    for (size_t i = 0; i < h->attach_count; i++)
        if (text_is(h->attach[i].role, role) && (!plain.size || sha256_equal(h->attach[i].plain, wanted)))
            return &h->attach[i];
    return NULL;
}

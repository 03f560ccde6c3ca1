/* A draft as it is shown to whoever is to clear it: what will be said, to whom, on what it rests, what is missing. */
#include "base/codec.h"
#include "desk/case_view.h"
#include "desk/draft.h"
#include "stix/body.h"

static void label(struct buf *out, const char *words) { buf_pad(out, text_of(words), 12); }

static void line(struct buf *out, const char *words, struct text value) {
    if (!value.size) return;
    label(out, words);
    buf_line(out, value);
    buf_char(out, '\n');
}

static void names_line(struct buf *out, const char *words, struct names names) {
    if (!names.count) return;
    label(out, words);
    for (size_t i = 0; i < names.count; i++) buf_format(out, "%s%.*s", i ? ", " : "", TEXT_ARG(names.at[i]));
    buf_char(out, '\n');
}

static void attachment_lines(struct buf *out, const struct head *head) {
    for (size_t i = 0; i < head->attach_count; i++) {
        const struct attach *a = &head->attach[i];
        label(out, i ? "" : _("attached"));
        buf_line(out, a->role);
        buf_string(out, ": ");
        buf_line(out, a->name);
        buf_format(out, " (%llu, SHA-256 ", (unsigned long long)a->plain_size);
        buf_hex(out, sha256_bytes(&a->plain));
        buf_string(out, ")\n");
    }
}

/* All that parley computes on, whatever else is shown of it: nothing is signed that was not to be seen. */
static void member_lines(struct buf *out, const struct message *m) {
    static const char *const elsewhere[] = {"kind", "case", "extension_type"};
    struct body body;
    const char *name;
    json_t *value;
    bool again = false;
    if (body_read(bytes_from_text(m->body), &body, NULL)) return;
    for (size_t i = 0; i < COUNT(elsewhere); i++) (void)json_object_del(body.extension, elsewhere[i]);
    json_object_foreach(body.extension, name, value) {
        struct buf written = {.max = BODY_MAX_BYTES};
        json_canonical(value, &written);
        label(out, again ? "" : _("states"));
        buf_line(out, text_of(name));
        buf_string(out, ": ");
        buf_line(out, json_is_string(value) ? json_as_text(value) : buf_as_text(&written));
        buf_char(out, '\n');
        buf_free(&written);
        again = true;
    }
    body_free(&body);
}

static void hash_line(struct buf *out, const struct message *m) {
    label(out, _("hash"));
    buf_hex(out, sha256_bytes(&m->identity));
    buf_char(out, '\n');
}

void draft_missing(const struct draft_view *v, struct buf *out) {
    struct diag why = {0};
    if (draft_stale(v, &why)) {
        buf_string(out, why.text);
    } else if (v->unmet) {
        buf_format(out, _("signatures asked for: %llu of "), (unsigned long long)v->missing);
        for (size_t i = 0; i < v->unmet->roles.count; i++)
            buf_format(out, "%s%.*s", i ? ", " : "", TEXT_ARG(v->unmet->roles.at[i]));
    } else {
        buf_string(out, _("the card asks for no other signature"));
    }
}

static void state_lines(struct buf *out, const struct kept_draft *kept, const struct draft_view *v) {
    const struct draft_refusal *refused = &kept->draft.refused;
    names_line(out, _("signed by"), v->signers);
    label(out, _("missing"));
    draft_missing(v, out);
    buf_char(out, '\n');
    if (v->since) {
        label(out, _("since then"));
        buf_format(out, _("messages that came in this case: %llu\n"), (unsigned long long)v->since);
    }
    if (refused->at == INSTANT_NONE) return;
    label(out, _("sent back"));
    buf_instant(out, refused->at);
    buf_format(out, " %.*s: ", TEXT_ARG(refused->by));
    buf_line(out, refused->reason);
    buf_char(out, '\n');
}

void draft_page(const struct talk *t, const struct kept_draft *kept, const struct draft_view *v, struct buf *page) {
    struct arena a = {0};
    const struct said said = {.message = kept->draft.message, .understood = true};
    const struct head *head = &said.message.head;
    const struct matter *m = matter_find(&t->state, head->matter);
    struct text title, text;
    said_text(&said, &a, &title, &text);
    line(page, _("draft"), kept->id);
    line(page, _("kind"), text_of(word_shown("kind", kind_rules[v->kind].name)));
    line(page, _("case"), head->matter);
    if (m) line(page, "", matter_title((struct talk *)(uintptr_t)t, m));
    line(page, _("from"), head->from);
    line(page, _("by"), head->by);
    line(page, _("to"), head->to);
    line(page, "TLP", text_of(tlp_name(v->level)));
    line(page, _("language"), head->lang);
    label(page, _("written"));
    buf_instant(page, kept->draft.made);
    buf_char(page, '\n');
    line(page, _("title"), title);
    struct buf says = {.max = 1 << 20};
    said_line(&said, &a, &says);
    line(page, _("says"), buf_as_text(&says));
    buf_free(&says);
    member_lines(page, &said.message);
    attachment_lines(page, head);
    hash_line(page, &said.message);
    state_lines(page, kept, v);
    if (text.size) {
        buf_char(page, '\n');
        buf_lines(page, text);
        buf_char(page, '\n');
    }
    arena_free(&a);
}

/* ---- for programs */

static json_t *names_json(struct names names) {
    json_t *list = json_array();
    for (size_t i = 0; i < names.count; i++) json_add_text(list, names.at[i]);
    return list;
}

static json_t *attachments_json(const struct head *head) {
    json_t *list = json_array();
    for (size_t i = 0; i < head->attach_count; i++) {
        char hex[SHA256_HEX];
        json_t *one = json_object();
        json_put_text(one, "role", head->attach[i].role);
        json_put_text(one, "name", head->attach[i].name);
        json_put_u64(one, "bytes", head->attach[i].plain_size);
        json_put_text(one, "sha256", sha256_hex(&head->attach[i].plain, hex));
        json_add(list, one);
    }
    return list;
}

static void put_refusal(json_t *o, const struct draft_refusal *refused) {
    if (refused->at == INSTANT_NONE) return;
    json_t *r = json_object();
    json_put(r, "time", json_from_instant(refused->at));
    json_put_text(r, "by", refused->by);
    json_put_text(r, "reason", refused->reason);
    json_put(o, "refused", r);
}

json_t *draft_json(const struct talk *t, const struct kept_draft *kept, const struct draft_view *v) {
    struct arena a = {0};
    struct diag why = {0};
    const struct said said = {.message = kept->draft.message, .understood = true};
    const struct head *head = &said.message.head;
    struct text title, text;
    json_t *o = json_object(), *members = said_members(&said);
    char hex[SHA256_HEX];
    said_text(&said, &a, &title, &text);
    json_put_text(o, "id", kept->id);
    json_put_text(o, "kind", head->kind);
    json_put_text_if(o, "case", head->matter);
    json_put_text(o, "party", t->parties[1 - t->own]);
    json_put_text(o, "from", head->from);
    json_put_text(o, "by", head->by);
    json_put_text(o, "to", head->to);
    json_put_text(o, "tlp", text_of(tlp_name(v->level)));
    json_put(o, "written", json_from_instant(kept->draft.made));
    json_put_text_if(o, "title", title);
    json_put_text_if(o, "text", text);
    if (members) json_put(o, "states", members);
    json_put_text(o, "hash", sha256_hex(&said.message.identity, hex));
    json_put(o, "attachments", attachments_json(head));
    json_put(o, "signed_by", names_json(v->signers));
    json_put_u64(o, "missing", v->missing);
    json_put(o, "roles", names_json(v->unmet ? v->unmet->roles : (struct names){0}));
    json_put_u64(o, "since", v->since);
    if (draft_stale(v, &why)) json_put_text(o, "stale", text_of(why.text));
    put_refusal(o, &kept->draft.refused);
    arena_free(&a);
    return o;
}

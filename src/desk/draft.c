#include "desk/draft.h"

#include <string.h>

#include "desk/limits.h"
#include "matter/clearance.h"
#include "message/recipients.h"
#include "party/officers.h"

enum { PART_BYTES = 16 << 20, DRAFT_SEALED_MAX = DRAFT_MAX_BYTES + DRAFT_MAX_BYTES / 8 + (1 << 20) };

/* ---- on the node */

static struct text part_name(struct arena *a, struct text id, size_t attachment, size_t part) {
    return arena_format(a, "%.*s.%zu.%zu", TEXT_ARG(id), attachment, part);
}

static size_t part_count(uint64_t size) { return (size_t)((size + PART_BYTES - 1) / PART_BYTES); }

static enum error put_attachments(struct talk *t, struct text id, const struct bytes *blobs, size_t count,
                                  struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < part_count(blobs[i].size) && !result; p++) {
            size_t from = p * PART_BYTES, left = blobs[i].size - from;
            struct bytes part = bytes_of(blobs[i].at + from, left < PART_BYTES ? left : PART_BYTES);
            result = link_put_draft(t->desk->link, part_name(&t->arena, id, i, p), part, d);
        }
    return result;
}

static enum error get_attachment(struct talk *t, struct text id, size_t number, const struct attach *a,
                                 struct bytes *out, struct diag *d) {
    struct buf whole = {.max = a->sealed_size};
    enum error result = OK;
    for (size_t p = 0; p < part_count(a->sealed_size) && !result; p++)
        result = link_draft(t->desk->link, part_name(&t->arena, id, number, p), &whole, d);
    if (!result && !sha256_equal(sha256_of(buf_as_bytes(&whole)), a->sealed))
        result = fail(d, ERR_INPUT, _("the attachment “%.*s” of the draft is not the one that was signed"),
                      TEXT_ARG(a->name));
    if (!result) *out = arena_bytes(&t->arena, buf_as_bytes(&whole));
    buf_free(&whole);
    return result;
}

static enum error open_attachment(struct talk *t, const struct attach *a, struct bytes sealed, struct buf *out,
                                  struct diag *d) {
    struct opener with;
    uint8_t key[SEAL_FILE_KEY_SIZE];
    enum error result = desk_opener(t->desk, &with, d);
    if (!result) result = message_unseal(sealed, &with, a->plain_size, out, key, d);
    if (!result && !sha256_equal(sha256_of(buf_as_bytes(out)), a->plain))
        result =
            fail(d, ERR_INPUT, _("the attachment “%.*s” is not the one that its message names"), TEXT_ARG(a->name));
    return result;
}

enum error draft_attachment(struct talk *t, const struct kept_draft *kept, size_t number, struct buf *out,
                            struct diag *d) {
    const struct attach *a = &kept->draft.message.head.attach[number];
    struct bytes sealed;
    enum error result = get_attachment(t, kept->id, number, a, &sealed, d);
    return result ? result : open_attachment(t, a, sealed, out, d);
}

/* The draft itself goes in one piece, and last: what is there is whole. */
static enum error put_draft(struct talk *t, const struct draft *draft, struct diag *d) {
    struct buf plain = {.max = DRAFT_MAX_BYTES}, sealed = {.max = DRAFT_SEALED_MAX};
    const struct head *head = &draft->message.head;
    struct names own = message_recipients(head, NULL, talk_card(t, t->own), &t->arena);
    draft_write(draft, &plain);
    enum error result = buf_check(&plain, d);
    if (!result) result = message_seal(buf_as_bytes(&plain), own, t->desk->random, &sealed, d);
    if (!result) result = link_put_draft(t->desk->link, head->id, buf_as_bytes(&sealed), d);
    buf_wipe(&plain);
    buf_free(&sealed);
    return result;
}

enum error draft_drop(struct desk *k, struct text id, struct diag *d) {
    struct names names;
    const struct bytes nothing = bytes_of("", 0);
    enum error result = desk_link(k, d);
    if (!result) result = link_drafts(k->link, &k->arena, &names, d);
    if (!result) result = link_put_draft(k->link, id, nothing, d);
    for (size_t i = 0; !result && i < names.count; i++) {
        struct text rest = names.at[i];
        if (text_skip(&rest, id) && text_starts(rest, TEXT(".")))
            result = link_put_draft(k->link, names.at[i], nothing, d);
    }
    return result;
}

/* ---- keeping */

static const struct clearance *unmet(const struct message_verdict *m, uint64_t *missing) {
    const struct statement *s = m->statement;
    if (m->why != VOID_CLEARANCE) return NULL;
    return clearance_unmet(m->entry->card, s->head, m->tlp, s->signatures, missing);
}

/* What is asked for besides: where no rule of the card does, one who may speak. */
static void tell_missing(const struct message_verdict *m, struct said_at *at) {
    const struct clearance *rule = unmet(m, &at->missing);
    at->draft = true;
    if (rule) at->roles = rule->roles;
}

enum error draft_keep(struct saying *s, const struct message_verdict *m, struct said_at *at, struct diag *d) {
    struct talk *t = s->talk;
    struct draft draft = {.party = t->parties[1 - t->own],
                          .drill = talk_channel(t)->drill,
                          .made = t->desk->now,
                          .refused = {.at = INSTANT_NONE},
                          .message = s->message};
    if (s->head.attach_count) draft.recipients = s->recipients;
    enum error result = put_attachments(t, s->head.id, s->blobs + 1, s->head.attach_count, d);
    if (!result) result = put_draft(t, &draft, d);
    if (!result) tell_missing(m, at);
    return result;
}

/* ---- finding */

static void open_draft(struct desk *k, const struct opener *with, struct kept_draft *out) {
    struct diag why = {0};
    uint8_t key[SEAL_FILE_KEY_SIZE];
    struct buf sealed = {.max = DRAFT_SEALED_MAX}, plain = {.max = DRAFT_SEALED_MAX};
    out->error = link_draft(k->link, out->id, &sealed, &why);
    if (!out->error) out->error = message_unseal(buf_as_bytes(&sealed), with, UINT64_MAX, &plain, key, &why);
    if (!out->error)
        out->error = draft_read(arena_bytes(&k->arena, buf_as_bytes(&plain)), &k->arena, &out->draft, &why);
    if (!out->error && !text_equal(out->draft.message.head.id, out->id))
        out->error = fail(&why, ERR_INPUT, _("the draft has the name of another"));
    out->why = arena_text(&k->arena, text_of(out->error ? why.text : ""));
    buf_free(&sealed);
    buf_wipe(&plain);
}

/* Ids, each once, also of drafts whose author was stopped before the end. */
static struct names ids_of(struct names names, struct arena *a) {
    struct text *ids = ARENA_ARRAY(a, struct text, names.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < names.count; i++) {
        struct text id = text_sub(names.at[i], 0, text_find(names.at[i], '.'));
        if (!count || !text_equal(ids[count - 1], id)) ids[count++] = id;
    }
    return (struct names){ids, count};
}

static enum error list_starting(struct desk *k, struct text front, struct kept_draft **out, size_t *count,
                                struct diag *d) {
    struct names names;
    struct opener with;
    enum error result = desk_link(k, d);
    if (!result) result = desk_opener(k, &with, d);
    if (!result) result = link_drafts(k->link, &k->arena, &names, d);
    if (result) return result;
    names = ids_of(names, &k->arena);
    struct kept_draft *list = ARENA_ARRAY(&k->arena, struct kept_draft, names.count + 1);
    *count = 0;
    for (size_t i = 0; i < names.count; i++) {
        if (!text_starts(names.at[i], front)) continue;
        list[*count].id = names.at[i];
        open_draft(k, &with, &list[(*count)++]);
    }
    *out = list;
    return OK;
}

enum error draft_list(struct desk *k, struct kept_draft **out, size_t *count, struct diag *d) {
    return list_starting(k, TEXT(""), out, count, d);
}

enum error draft_count(struct desk *k, size_t *count, struct diag *d) {
    struct names names;
    enum error result = desk_link(k, d);
    if (!result) result = link_drafts(k->link, &k->arena, &names, d);
    if (!result) *count = ids_of(names, &k->arena).count;
    return result;
}

enum error draft_find(struct desk *k, struct text id, struct kept_draft *out, struct diag *d) {
    struct kept_draft *list;
    size_t count;
    enum error result = list_starting(k, id, &list, &count, d);
    if (result) return result;
    if (!id.size || !count)
        return fail(d, ERR_MISSING, _("there is no draft “%.*s”; `parley drafts` lists them"), TEXT_ARG(id));
    if (count > 1) return fail(d, ERR_USAGE, _("several drafts begin with “%.*s”"), TEXT_ARG(id));
    *out = *list;
    return OK;
}

enum error draft_talk(struct desk *k, const struct kept_draft *kept, struct talk **out, struct diag *d) {
    struct talk_at now = {.as_of = k->now};
    if (kept->error) return fail(d, kept->error, "%.*s", TEXT_ARG(kept->why));
    return talk_open(k, kept->draft.party, kept->draft.drill, &now, out, d);
}

/* ---- as things stand */

static enum error resume(struct talk *t, const struct kept_draft *kept, struct say *what, struct saying *out,
                         struct diag *d) {
    const struct message *m = &kept->draft.message;
    *out = (struct saying){.talk = t, .what = what, .head = m->head, .message = *m, .note = m->whole};
    if (!kind_read(m->head.kind, &what->kind)) return fail(d, ERR_INPUT, _("a message of a kind that is not known"));
    enum error result = saying_begin(out, d);
    if (!result) out->recipients = message_recipients(&out->head, out->theirs, out->own, &t->arena);
    return result;
}

static bool same_names(struct names a, struct names b) {
    for (size_t i = 0; i < a.count; i++)
        if (!names_have(b, a.at[i])) return false;
    return a.count == b.count;
}

/* What came in its case since it was written, which the author had not read. */
static void look_since(const struct talk *t, const struct head *head, struct draft_view *v) {
    v->raised = TLP_NONE;
    for (size_t i = 0; i < t->state.message_count && head->matter.size; i++) {
        const struct message_verdict *m = &t->state.messages[i];
        bool own = m->entry->party == t->own;
        bool late = m->entry->generation + 1 == t->channel_count && m->entry->index >= (own ? head->own : head->read);
        if (!late || m->why || !text_equal(m->statement->head->matter, head->matter)) continue;
        v->since++;
        if (!own && m->statement->head->tlp.size && m->tlp > v->raised) v->raised = m->tlp;
    }
}

static enum error look(struct saying *s, const struct kept_draft *kept, struct draft_view *out, struct diag *d) {
    struct draft_view v = {0};
    struct arena *a = &s->talk->arena;
    enum error result = saying_judge(s, &v.verdict, d);
    if (result) return result;
    const struct matter *m = matter_find(&s->talk->state, s->head.matter);
    v.kind = s->what->kind; /* the verdict may have been reached before kind and level were looked at */
    if (!tlp_read(s->head.tlp, &v.level)) v.level = m ? m->tlp : TLP_CLEAR;
    v.unmet = unmet(v.verdict, &v.missing);
    v.signers = officer_names(s->own, message_signers(&s->message, s->own, a), TEXT(""), a);
    look_since(s->talk, &s->head, &v);
    v.keys_changed = s->head.attach_count && !same_names(s->recipients, kept->draft.recipients);
    *out = v;
    return OK;
}

enum error draft_look(struct talk *t, const struct kept_draft *kept, struct draft_view *out, struct diag *d) {
    struct say what = {0};
    struct saying s;
    enum error result = resume(t, kept, &what, &s, d);
    return result ? result : look(&s, kept, out, d);
}

enum error draft_stale(const struct draft_view *v, struct diag *d) {
    struct diag why = {0};
    if (v->keys_changed)
        return fail(d, ERR_NO,
                    _("keys have changed since its attachments were sealed: `parley drafts renew` signs it anew"));
    /* The rules let it count, for its author had not read that; the gate does not let it out. */
    if (v->raised > v->verdict->tlp)
        return fail(d, ERR_NO,
                    _("the other side has stated TLP:%s in this case since: `parley drafts renew` signs it anew, where "
                      "its own level allows it"),
                    tlp_name(v->raised));
    if (v->verdict->why == VOID_DUPLICATE)
        return fail(d, ERR_NO, _("it has been sent already: `parley drafts drop` takes it away"));
    if (v->verdict->why == VOID_CLEARANCE || saying_refuse(v->verdict, &why) == OK) return OK;
    return fail(d, ERR_NO, _("%s; `parley drafts renew` signs it anew on what stands now"), why.text);
}

/* ---- clearing */

static enum error may_clear(const struct saying *s, const struct draft_view *v, struct text officer, struct text key,
                            struct diag *d) {
    const struct officer *author = clearance_author(s->own, &s->head);
    if (author && text_equal(author->key, key))
        return fail(d, ERR_NO, _("%.*s wrote it: somebody else clears it"), TEXT_ARG(officer));
    if (names_have(message_signers(&s->message, s->own, &s->talk->arena), key))
        return fail(d, ERR_NO, _("%.*s has signed it already"), TEXT_ARG(officer));
    if (officer_key_part(s->own, key) != PART_SPEAKS) /* by the key: two departments may each have one of that name */
        return fail(d, ERR_NO, _("%.*s is not, by the card, one who clears"), TEXT_ARG(officer));
    if (v->unmet && !clearance_key_has_role(s->own, key, v->unmet->roles))
        return fail(d, ERR_NO, _("the card asks for another role than %.*s has; `parley clearance` lists them"),
                    TEXT_ARG(officer));
    return OK;
}

static enum error add_signature(struct saying *s, const struct draft_view *v, struct text officer, struct diag *d) {
    struct signer *signer = NULL;
    struct buf note = {.max = MESSAGE_MAX_BYTES};
    enum error result = desk_officer(s->talk->desk, officer, &signer, d);
    if (!result) result = may_clear(s, v, officer, signer_vkey_text(signer, &s->talk->arena), d);
    if (!result) {
        buf_bytes(&note, s->note);
        note_add_signature(s->message.note.text, signer, &note);
        result = buf_check(&note, d);
    }
    if (!result) s->note = arena_bytes(&s->talk->arena, buf_as_bytes(&note));
    if (!result) result = message_read(s->note, &s->talk->arena, &s->message, d);
    signer_free(signer);
    buf_free(&note);
    return result;
}

/* What can't be opened here can't be opened there, and what is too large for the other side keeps all that comes after
 * it: neither goes out. */
static enum error get_blobs(struct saying *s, const struct kept_draft *kept, struct diag *d) {
    struct channel_limits limits;
    enum error result = limits_in_force(s->talk, &limits, d);
    s->blobs = ARENA_ARRAY(&s->talk->arena, struct bytes, 1 + s->head.attach_count);
    for (size_t i = 0; i < s->head.attach_count && !result; i++) {
        const struct attach *a = &s->head.attach[i];
        struct buf plain = {.max = a->sealed_size};
        result = get_attachment(s->talk, kept->id, i, a, &s->blobs[1 + i], d);
        if (!result) result = open_attachment(s->talk, a, s->blobs[1 + i], &plain, d);
        if (!result && a->sealed_size > limits.blob_bytes_max)
            result = fail(d, ERR_LIMIT, _("not sent: “%.*s” is %zu bytes sealed, and the other side takes %llu"),
                          TEXT_ARG(a->name), (size_t)a->sealed_size, (unsigned long long)limits.blob_bytes_max);
        buf_wipe(&plain);
    }
    return result;
}

static enum error keep_again(struct saying *s, const struct kept_draft *kept, const struct message_verdict *m,
                             struct said_at *at, struct diag *d) {
    struct draft draft = kept->draft;
    draft.message = s->message;
    draft.refused = (struct draft_refusal){.at = INSTANT_NONE};
    enum error result = put_draft(s->talk, &draft, d);
    if (!result) tell_missing(m, at);
    return result;
}

static enum error send(struct saying *s, const struct kept_draft *kept, struct said_at *at, struct diag *d) {
    enum error result = get_blobs(s, kept, d);
    if (!result) result = saying_submit(s, &at->index, d);
    return result ? result : draft_drop(s->talk->desk, kept->id, d);
}

enum error draft_clear(struct talk *t, const struct kept_draft *kept, struct text officer, struct said_at *out,
                       struct diag *d) {
    struct say what = {0};
    struct saying s;
    struct draft_view v;
    struct said_at at = {.matter = kept->draft.message.head.matter, .id = kept->draft.message.head.id};
    enum error result = resume(t, kept, &what, &s, d);
    if (!result) result = look(&s, kept, &v, d);
    if (!result) result = draft_stale(&v, d);
    if (!result && officer.size) result = add_signature(&s, &v, officer, d);
    if (!result) result = saying_judge(&s, &v.verdict, d);
    if (result) return result;
    if (v.verdict->why == VOID_CLEARANCE)
        result = officer.size ? keep_again(&s, kept, v.verdict, &at, d) : saying_refuse(v.verdict, d);
    else if (!(result = saying_refuse(v.verdict, d)))
        result = send(&s, kept, &at, d);
    if (!result) *out = at;
    return result;
}

enum error draft_refuse(struct talk *t, const struct kept_draft *kept, struct text officer, struct text reason,
                        struct diag *d) {
    struct draft draft = kept->draft;
    if (!reason.size || reason.size > DRAFT_REASON_MAX || !text_is_note_text(reason))
        return fail(d, ERR_INPUT, _("a reason has 1 to %d bytes of text"), (int)DRAFT_REASON_MAX);
    enum error result = officer_may_sign(talk_card(t, t->own), officer, TEXT(""), d);
    draft.refused = (struct draft_refusal){t->desk->now, officer, reason};
    return result ? result : put_draft(t, &draft, d);
}

/* ---- renewing */

static enum error same_body(const void *what, const struct head *h, instant created, struct buf *out, struct diag *d) {
    (void)h;
    (void)created;
    buf_text(out, *(const struct text *)what);
    return buf_check(out, d);
}

static enum error open_attachments(struct talk *t, const struct kept_draft *kept, struct say_attach **out,
                                   struct diag *d) {
    const struct head *head = &kept->draft.message.head;
    struct say_attach *list = ARENA_ARRAY(&t->arena, struct say_attach, head->attach_count);
    enum error result = OK;
    for (size_t i = 0; i < head->attach_count && !result; i++) {
        const struct attach *a = &head->attach[i];
        struct buf plain = {.max = a->sealed_size};
        result = draft_attachment(t, kept, i, &plain, d);
        if (!result)
            list[i] = (struct say_attach){arena_string(&t->arena, a->role), a->media_type, a->name,
                                          arena_bytes(&t->arena, buf_as_bytes(&plain))};
        buf_wipe(&plain);
    }
    if (!result) *out = list;
    return result;
}

/* What was sent would be said twice. */
static enum error not_sent_yet(struct talk *t, const struct kept_draft *kept, struct diag *d) {
    struct draft_view v;
    enum error result = draft_look(t, kept, &v, d);
    return !result && v.verdict->why == VOID_DUPLICATE ? draft_stale(&v, d) : result;
}

enum error draft_renew(struct talk *t, const struct kept_draft *kept, struct said_at *out, struct diag *d) {
    const struct head *head = &kept->draft.message.head;
    struct say_attach *attach = NULL;
    struct say what = {.matter = head->matter,
                       .to = head->to,
                       .tlp = TLP_NONE,
                       .by = head->by,
                       .lang = head->lang,
                       .draft = true,
                       .attach_count = head->attach_count,
                       .body = same_body,
                       .what = &kept->draft.message.body};
    if (!kind_read(head->kind, &what.kind)) return fail(d, ERR_INPUT, _("a message of a kind that is not known"));
    if (head->tlp.size && !tlp_read(head->tlp, &what.tlp)) return fail(d, ERR_INPUT, _("a level that is not known"));
    enum error result = not_sent_yet(t, kept, d);
    if (!result) result = open_attachments(t, kept, &attach, d);
    what.attach = attach;
    if (!result) result = say(t, &what, out, d);
    return result ? result : draft_drop(t->desk, kept->id, d);
}

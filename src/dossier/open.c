/* Opening what was chosen, and only that. */
#include "dossier/open.h"

#include <string.h>

#include "claim/from_fact.h"
#include "finding/answer.h"
#include "matter/from_message.h"
#include "message/recipients.h"
#include "settlement/settlement.h"

struct opening {
    struct proving *p;
    size_t message_room, statement_room;
};

static enum error cant_open(struct proving *p, struct text name) {
    struct diag why = p->diag ? *p->diag : (struct diag){0};
    return fail(p->diag, ERR_NO, _("the file key given does not open blob %.*s: %s"), TEXT_ARG(name), why.text);
}

/* The plain bytes of a sealed blob by its file key, in the arena. */
static enum error unseal(struct proving *p, struct text name, const struct dossier_opened *key, uint64_t size,
                         struct bytes *plain) {
    const struct bytes *sealed = map_get(&p->of->blobs, name);
    struct buf out = {.max = sealed->size + 1024};
    uint8_t again[SEAL_FILE_KEY_SIZE];
    struct opener with = {.file_key = key->file_key};
    map_put(&p->used, name);
    enum error result = message_unseal(*sealed, &with, size, &out, again, p->diag);
    if (!result) *plain = arena_bytes(p->arena, buf_as_bytes(&out));
    buf_wipe(&out);
    return result ? cant_open(p, name) : OK;
}

/* ---- to whom */

static const struct card *card_seen_by(const struct channel_verdict *c, const struct entry_verdict *e) {
    const struct entry_chain *theirs = &c->chains[1 - e->party];
    if (e->position == POSITION_NONE || !e->seen || e->seen > theirs->count) return NULL;
    return theirs->entries[e->seen - 1].card_after;
}

static bool sealed_as_cards_say(struct proving *p, const struct entry_verdict *e, const struct message *m,
                                struct bytes sealed, const struct dossier_opened *key) {
    const struct card *theirs = card_seen_by(&p->report->verdict, e);
    struct names names = message_recipients(&m->head, theirs, e->card, p->arena);
    struct seal_recipient *to = ARENA_ARRAY(p->arena, struct seal_recipient, names.count);
    if (!message_recipients_theirs(&m->head, theirs)) return false;
    for (size_t i = 0; i < names.count; i++)
        if (seal_recipient_read(names.at[i], &to[i], NULL)) return false;
    return seal_header_is(sealed, key->file_key, to, names.count);
}

/* ---- attachments */

struct text dossier_flaw(struct arena *a, const struct diag *d) {
    if (!d->line) return arena_text(a, text_of(d->text));
    return arena_format(a, _("line %llu: %s"), (unsigned long long)d->line, d->text);
}

/* ---- what an attachment should be, by its role and the kind of its message */

static enum error facts_fit(const struct message *m, struct bytes plain, struct arena *a, struct diag *d) {
    struct claim claim;
    enum error result = claim_from_message(m, a, &claim, d);
    return result ? result : claim_fits(&claim, plain, a, d);
}

static enum error findings_fit(const struct message *m, struct bytes plain, struct arena *a, struct diag *d) {
    struct findings sheet;
    struct answer answer;
    enum error result = findings_read(plain, a, &sheet, d);
    if (!result) result = answer_from_message(m, a, &answer, d);
    return result ? result : answer_fits(&answer, sheet, d);
}

static enum error text_fits(const struct message *m, struct bytes plain, struct arena *a, struct diag *d) {
    struct offered_minutes minutes;
    enum error result = minutes_from_message(m, a, &minutes, d);
    return result ? result : minutes_fit(&minutes, m->head.matter, plain, a, d);
}

struct text attachment_flaw(const struct message *m, const struct proved_attachment *attachment, struct arena *a) {
    static const struct {
        const char *role, *kind;
        enum error (*fits)(const struct message *m, struct bytes plain, struct arena *a, struct diag *d);
    } rules[] = {{ROLE_FACTS, "claim", facts_fit},
                 {ROLE_FACTS, "correct", facts_fit},
                 {ROLE_FINDINGS, "answer", findings_fit},
                 {ROLE_TEXT, "minutes", text_fits}};
    const struct attach *line = attachment->attach;
    struct diag d = {0};
    if (!sha256_equal(sha256_of(attachment->plain), line->plain))
        return TEXT("it is not what the message says: the hash of the plain bytes is another");
    for (size_t i = 0; i < COUNT(rules); i++)
        if (text_is(line->role, rules[i].role) && text_is(m->head.kind, rules[i].kind) &&
            rules[i].fits(m, attachment->plain, a, &d))
            return dossier_flaw(a, &d);
    return (struct text){0};
}

static enum error open_attachment(struct proving *p, const struct message *m, const struct attach *line,
                                  struct proved_attachment *out) {
    struct text name = proving_hex(p, line->sealed);
    const struct dossier_opened *key = map_get(&p->keys, name);
    *out = (struct proved_attachment){.attach = line};
    if (!key) {
        bool erased = map_has(&p->erased, name);
        out->state = erased ? ATTACHED_ERASED : ATTACHED_CLOSED;
        p->report->closed_attachments += !erased;
        return OK;
    }
    enum error result = unseal(p, name, key, line->plain_size, &out->plain);
    if (result) return result;
    out->state = ATTACHED_OPEN;
    out->flaw = attachment_flaw(m, out, p->arena);
    return OK;
}

static enum error open_attachments(struct proving *p, struct proved_message *out) {
    const struct head *head = &out->message->head;
    out->attachments = ARENA_ARRAY(p->arena, struct proved_attachment, head->attach_count);
    out->attachment_count = head->attach_count;
    for (size_t i = 0; i < head->attach_count; i++) {
        enum error result = open_attachment(p, out->message, &head->attach[i], &out->attachments[i]);
        if (result) return result;
    }
    return OK;
}

/* ---- messages */

static struct names officers_of(struct proving *p, const struct entry_verdict *e, const struct message *m) {
    if (!e->card) return (struct names){0};
    struct names keys = message_signers(m, e->card, p->arena);
    struct text *names = ARENA_ARRAY(p->arena, struct text, e->card->officer_count);
    size_t count = 0;
    for (size_t i = 0; i < e->card->officer_count; i++)
        if (names_have(keys, e->card->officers[i].key)) names[count++] = e->card->officers[i].name;
    return (struct names){names, count};
}

static void add_statement(struct opening *o, struct proved_message *out) {
    struct dossier_report *r = o->p->report;
    struct diag d = {0};
    struct statement s;
    if (statement_from_message(out->message, out->entry, o->p->arena, &s, &d)) {
        out->flaw = dossier_flaw(o->p->arena, &d);
        return;
    }
    r->statements = arena_grow(o->p->arena, r->statements, r->statement_count, &o->statement_room, sizeof s);
    r->statements[r->statement_count++] = s;
}

/* What the entry's first blob says; `key` NULL: it is not sealed.  Where it is no message at all, that is its sender's
 * fault and it stays among the closed ones. */
static enum error open_message(struct opening *o, const struct entry_verdict *e, struct text name,
                               const struct dossier_opened *key) {
    struct proving *p = o->p;
    const struct bytes *blob = map_get(&p->of->blobs, name);
    struct proved_message out = {.entry = e, .sealed = key != NULL};
    struct message *m = ARENA_NEW(p->arena, struct message);
    struct bytes plain = *blob;
    enum error result = key ? unseal(p, name, key, UINT64_MAX, &plain) : OK;
    if (result) return result;
    if (message_read(plain, p->arena, m, NULL)) {
        p->report->closed_messages++;
        return OK;
    }
    out.message = m;
    out.signed_by = officers_of(p, e, m);
    out.to_addressee = key && sealed_as_cards_say(p, e, m, *blob, key);
    result = open_attachments(p, &out);
    if (result) return result;
    add_statement(o, &out);
    struct dossier_report *r = p->report;
    r->messages = arena_grow(p->arena, r->messages, r->message_count, &o->message_room, sizeof out);
    r->messages[r->message_count++] = out;
    return OK;
}

static enum error open_entry(struct opening *o, unsigned party, size_t generation, uint64_t index) {
    struct proving *p = o->p;
    struct dossier_report *r = p->report;
    const struct leaf *leaf = &r->channel.view.parties[party].records[generation].leaves[index];
    const struct entry *entry = &r->channel.records[party][generation].entries[index];
    const struct entry_verdict *e = channel_entry(&r->verdict, party, generation, index);
    if (!leaf->has_message || !e) return OK;
    struct text name = proving_hex(p, entry->blobs[0].sha);
    const struct dossier_opened *key = map_get(&p->keys, name);
    const struct bytes *blob = map_get(&p->of->blobs, name);
    bool bare = blob && !text_starts(text_from_bytes(*blob), TEXT("age-encryption.org/"));
    uint64_t closed = r->closed_messages;
    if (key || bare) {
        enum error result = open_message(o, e, name, bare ? NULL : key);
        if (result) return result;
        if (closed == r->closed_messages) return OK;
    } else {
        r->closed_messages++;
    }
    r->records[party][generation].closed++;
    r->closed_attachments += leaf->attachments.count;
    return OK;
}

static void note_erased(struct proving *p) {
    for (unsigned i = 0; i < 2; i++) {
        const struct entry_chain *chain = &p->report->verdict.chains[i];
        for (uint64_t k = 0; k < chain->count; k++)
            for (size_t n = 0; n < chain->entries[k].erased_count; n++)
                map_put(&p->erased, chain->entries[k].erased[n]);
    }
}

enum error dossier_open(struct proving *p) {
    struct opening o = {.p = p};
    const struct channel_view *v = &p->report->channel.view;
    for (size_t i = 0; i < p->of->opened_count; i++) {
        struct text name = proving_hex(p, p->of->opened[i].blob);
        if (!map_has(&p->of->blobs, name))
            return fail(p->diag, ERR_INPUT, _("the dossier lacks blob %.*s, which it is to open"), TEXT_ARG(name));
        *map_put(&p->keys, name) = (void *)(uintptr_t)&p->of->opened[i];
    }
    note_erased(p);
    for (unsigned i = 0; i < 2; i++)
        for (size_t g = 0; g < v->parties[i].count; g++)
            for (uint64_t k = 0; k < v->parties[i].records[g].count; k++) {
                enum error result = open_entry(&o, i, g, k);
                if (result) return result;
            }
    for (size_t i = 0; i < p->of->opened_count; i++) {
        struct text name = proving_hex(p, p->of->opened[i].blob);
        if (!map_has(&p->used, name))
            return fail(p->diag, ERR_INPUT, _("blob %.*s is to be opened, but no opened message names it"),
                        TEXT_ARG(name));
    }
    return OK;
}

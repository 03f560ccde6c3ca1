#include "desk/publication.h"

#include "desk/gate.h"
#include "desk/offers.h"
#include "desk/possible.h"
#include "dossier/verify.h"
#include "note/fingerprint.h"
#include "settlement/settlement.h"

/* ---- what both have accepted */

/* The last offer of the case that carries a statement: an accepted one before others. */
static const struct offer *find_offer(const struct offer *all, size_t count, const struct matter *m) {
    const struct offer *found = NULL;
    for (size_t i = 0; i < count; i++) {
        if (all[i].matter != m || !all[i].says.statement.size) continue;
        if (!found || all[i].word == PROPOSAL_ACCEPTED || found->word != PROPOSAL_ACCEPTED) found = &all[i];
    }
    return found;
}

static bool no_press(struct talk *t) {
    struct dialogue offer;
    const struct said *said = t->state.terms ? talk_said(t, t->state.terms) : NULL;
    return said && !dialogue_from_message(&said->message, &t->arena, &offer, NULL) && offer.terms.no_press;
}

static enum error not_accepted(struct talk *t, const struct offer *o, struct diag *d) {
    struct text other = t->parties[1 - o->said->entry->party];
    if (no_press(t))
        return fail(
            d, ERR_NO,
            _("not published: %.*s has not accepted the statement, and by the terms in force nothing is published "
              "before both agree"),
            TEXT_ARG(other));
    return fail(d, ERR_NO, _("not published: %.*s has not accepted the statement, so it is not a joint one"),
                TEXT_ARG(other));
}

static enum error check_level(const struct talk *t, const struct offer *o, struct diag *d) {
    enum tlp level = gate_level(t, o->said);
    const struct gate gate = {.level = level, .to = GATE_PUBLIC};
    if (!gate_pass(&gate, d)) return OK;
    return fail(
        d, ERR_NO,
        _("not published: the statement was agreed on at TLP:%s; offer it anew: `parley propose %.*s --statement "
          "FILE --tlp CLEAR`"),
        tlp_name(level), TEXT_ARG(t->parties[1 - t->own]));
}

static enum error read_statement(struct talk *t, const struct offer *o, struct joint_statement *out, struct diag *d) {
    struct buf plain = {.max = JOINT_STATEMENT_MAX_BYTES};
    const struct attach *attach = head_attachment(&o->said->message.head, ROLE_TEXT, o->says.statement);
    enum error result = attach ? talk_attachment(t, attach, &plain, d) : fail(d, ERR_INPUT, _("no text is attached"));
    if (!result) result = joint_statement_read(arena_bytes(&t->arena, buf_as_bytes(&plain)), &t->arena, out, d);
    buf_free(&plain);
    return result;
}

enum error publication_of(struct talk *t, const struct matter *m, struct publication *out, struct diag *d) {
    struct offer *all;
    size_t count = 0;
    struct publication p = {.talk = t, .matter = m};
    enum error result = offers_list(t, &all, &count, d);
    const struct offer *o = result ? NULL : find_offer(all, count, m);
    if (result) return result;
    if (!o)
        return fail(d, ERR_MISSING,
                    _("the case offers no joint statement: `parley propose PARTY --statement FILE` offers one"));
    if (t->state.channel.drill) return fail(d, ERR_NO, _("not published: this is a drill"));
    if (o->word != PROPOSAL_ACCEPTED || !o->reply) return not_accepted(t, o, d);
    result = check_level(t, o, d);
    if (!result) result = read_statement(t, o, &p.statement, d);
    if (!result) result = talk_roots(t, &p.roots, &p.root_count, d);
    if (result) return result;
    p.sha = o->says.statement;
    p.message = o->said->message.head.id;
    p.offered_by = o->said->entry->party;
    p.offered = o->said->entry->leaf->time;
    p.accepted = o->reply->entry->leaf->time;
    *out = p;
    return OK;
}

/* ---- what proves it */

static bool opens_text(const struct publication *p, const struct proved_message *m) {
    char hex[SHA256_HEX];
    if (!text_equal(m->message->head.id, p->message) || !m->verdict || m->verdict->why) return false;
    for (size_t i = 0; i < m->attachment_count; i++) {
        const struct proved_attachment *a = &m->attachments[i];
        if (a->state == ATTACHED_OPEN && text_equal(sha256_hex(&a->attach->plain, hex), p->sha)) return true;
    }
    return false;
}

static bool shows_acceptance(const struct publication *p, const struct dossier_report *r) {
    const struct matter *m = matter_find(&r->state, p->matter->name);
    for (size_t i = 0; m && i < m->proposal.accepted_count; i++)
        if (text_equal(m->proposal.accepted[i], p->message)) return true;
    return false;
}

/* A level that can't be told counts as the most restricted one. */
static enum tlp level_of(const struct proved_message *m) {
    enum tlp level;
    if (m->verdict && !m->verdict->why) return m->verdict->tlp;
    return tlp_read(m->message->head.tlp, &level) ? level : TLP_RED;
}

static enum error check_report(struct publication *p, const struct dossier_report *r, struct diag *d) {
    bool opened = false;
    for (size_t i = 0; i < r->message_count; i++) {
        const struct proved_message *m = &r->messages[i];
        enum tlp level = level_of(m);
        opened = opened || opens_text(p, m);
        if (gate_answer(level, GATE_PUBLIC) == GATE_PASSES) continue;
        if (m->sealed)
            return fail(d, ERR_NO, _("the dossier opens the message %.8s, which is TLP:%s: write one that opens less"),
                        m->message->head.id.at, tlp_name(level));
        p->opens_unsealed = true;
    }
    if (opened && shows_acceptance(p, r)) return OK;
    return fail(d, ERR_NO,
                _("the dossier does not show that both have accepted this text: `parley dossier %.*s --all -o FILE` "
                  "writes one that does"),
                TEXT_ARG(matter_typed(p->matter)));
}

enum error publication_prove(struct publication *p, struct bytes file, struct text name, struct diag *d) {
    struct dossier of;
    struct dossier_report report;
    struct arena *a = &p->talk->arena;
    struct dossier_root *roots = ARENA_ARRAY(a, struct dossier_root, p->root_count);
    for (size_t i = 0; i < p->root_count; i++) {
        char digits[FINGERPRINT_SIZE];
        roots[i] = (struct dossier_root){p->roots[i].party, arena_text(a, fingerprint_write(p->roots[i].root, digits))};
    }
    enum error result = dossier_read(file, a, &of, d);
    if (!result) result = dossier_verify(&of, roots, p->root_count, INSTANT_NONE, a, &report, d);
    if (!result) result = check_report(p, &report, d);
    if (result) return result;
    p->dossier = sha256_of(file);
    p->dossier_bytes = file.size;
    p->dossier_name = name;
    return OK;
}

/* ---- what is published */

static void put_verify(const struct publication *p, struct buf *out) {
    buf_format(out, "parley verify %.*s", TEXT_ARG(p->dossier_name));
    for (size_t i = 0; i < p->root_count; i++) {
        char digits[FINGERPRINT_SIZE];
        buf_format(out, " --root '%.*s=%.*s'", TEXT_ARG(p->roots[i].party),
                   TEXT_ARG(fingerprint_write(p->roots[i].root, digits)));
    }
}

void publication_proof(const struct publication *p, struct buf *out) {
    char hex[SHA256_HEX];
    const struct text *parties = p->talk->parties;
    buf_format(out, _("Offered by %.*s on "), TEXT_ARG(parties[p->offered_by]));
    buf_instant(out, p->offered);
    buf_format(out, _(", accepted by %.*s on "), TEXT_ARG(parties[1 - p->offered_by]));
    buf_instant(out, p->accepted);
    buf_string(out, ".\n");
    buf_format(out, _("SHA-256 of the statement as both accepted it: %.*s\n"), TEXT_ARG(p->sha));
    buf_format(out, _("SHA-256 of the dossier that proves it (%.*s, %llu bytes): %s\n"), TEXT_ARG(p->dossier_name),
               (unsigned long long)p->dossier_bytes, sha256_hex(&p->dossier, hex).at);
    buf_format(out, "%s\n  sha256sum %.*s\n  ", _("Verify it, with fingerprints from both parties:"),
               TEXT_ARG(p->dossier_name));
    put_verify(p, out);
    buf_char(out, '\n');
}

void publication_page(const struct publication *p, struct buf *out) {
    const struct text *parties = p->talk->parties;
    buf_format(out, _("Joint statement of %.*s and %.*s\n"), TEXT_ARG(parties[0]), TEXT_ARG(parties[1]));
    buf_string(out, "TLP:CLEAR\n");
    for (size_t i = 0; i < p->statement.text_count; i++) {
        buf_format(out, "\n[%.*s]\n", TEXT_ARG(p->statement.texts[i].lang));
        buf_lines(out, p->statement.texts[i].lines);
        buf_char(out, '\n');
    }
    buf_char(out, '\n');
    publication_proof(p, out);
}

static json_t *parties_json(const struct publication *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->root_count; i++) {
        char digits[FINGERPRINT_SIZE];
        json_t *one = json_object();
        json_put_text(one, "party", p->roots[i].party);
        json_put_text(one, "fingerprint", fingerprint_write(p->roots[i].root, digits));
        json_add(list, one);
    }
    return list;
}

json_t *publication_json(const struct publication *p) {
    json_t *whole = json_object(), *texts = json_array(), *dossier = json_object();
    struct buf verify = {.max = 1 << 16};
    char hex[SHA256_HEX];
    for (size_t i = 0; i < p->statement.text_count; i++) {
        json_t *one = json_object();
        json_put_text(one, "lang", p->statement.texts[i].lang);
        json_put_text(one, "text", p->statement.texts[i].lines);
        json_add(texts, one);
    }
    put_verify(p, &verify);
    json_put_text(dossier, "name", p->dossier_name);
    json_put_text(dossier, "sha256", sha256_hex(&p->dossier, hex));
    json_put_u64(dossier, "bytes", p->dossier_bytes);
    json_put_text(dossier, "verify", buf_as_text(&verify));
    buf_free(&verify);
    json_put_text(whole, "$kind", TEXT("parley joint statement v1"));
    json_put_text(whole, "tlp", TEXT("CLEAR"));
    json_put_text(whole, "case", p->matter->name);
    json_put_text(whole, "statement", p->sha);
    json_put(whole, "texts", texts);
    json_put_text(whole, "offered_by", p->talk->parties[p->offered_by]);
    json_put(whole, "offered", json_from_instant(p->offered));
    json_put_text(whole, "accepted_by", p->talk->parties[1 - p->offered_by]);
    json_put(whole, "accepted", json_from_instant(p->accepted));
    json_put(whole, "roots", parties_json(p));
    json_put(whole, "dossier", dossier);
    return whole;
}

/* A dossier against the fingerprints of two roots. */
#include "dossier/verify.h"

#include "dossier/open.h"
#include "dossier/tail.h"
#include "note/fingerprint.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"

struct text proving_hex(struct proving *p, struct sha256 sha) {
    char hex[SHA256_HEX];
    return arena_text(p->arena, sha256_hex(&sha, hex));
}

/* ---- roots */

/* The root that signed the card of a record's entry 0; people say whether it is the party's. */
static enum error read_root(struct proving *p, const struct dossier_record *r, struct text party, struct text *root) {
    struct entry e;
    struct card card;
    const struct bytes *blob = NULL;
    if (r->count && !entry_read(r->leaves[0], p->arena, &e, NULL) && e.blob_count)
        blob = map_get(&p->of->blobs, proving_hex(p, e.blobs[0].sha));
    if (!blob || card_read(*blob, p->arena, &card, NULL) || !text_equal(card.party, party))
        return fail(p->diag, ERR_NO, _("the record %.*s does not begin with a card of its party: a card is missing"),
                    TEXT_ARG(r->channel));
    *root = card.root;
    return OK;
}

static enum error check_root(struct proving *p, struct text party, struct text root, const struct dossier_root *roots,
                             size_t count, struct text *fingerprint) {
    char digits[FINGERPRINT_SIZE];
    bool named = false;
    *fingerprint = arena_text(p->arena, fingerprint_write(root, digits));
    for (size_t i = 0; i < count; i++) {
        if (!text_equal(roots[i].party, party)) continue;
        if (digits_equal(roots[i].fingerprint, *fingerprint)) return OK;
        named = true;
    }
    return named ? fail(p->diag, ERR_NO, _("the root of %.*s in the dossier is another: its fingerprint is %.*s"),
                        TEXT_ARG(party), TEXT_ARG(*fingerprint))
                 : fail(p->diag, ERR_NO,
                        _("nobody vouches for the root of %.*s: give its fingerprint, --root %.*s=FINGERPRINT"),
                        TEXT_ARG(party), TEXT_ARG(party));
}

static enum error begin_raw(struct proving *p, const struct dossier_root *roots, size_t count,
                            struct raw_channel *raw) {
    *raw = (struct raw_channel){.blobs = dossier_blobs(p->of)};
    for (unsigned i = 0; i < 2; i++) {
        const struct dossier_party *party = &p->of->parties[i];
        struct raw_record *records = ARENA_ARRAY(p->arena, struct raw_record, party->count);
        p->report->parties[i] = party->party;
        for (size_t g = 0; g < party->count; g++) {
            const struct dossier_record *r = &party->records[g];
            records[g] = (struct raw_record){r->channel, r->origin, {0}, r->leaves, r->count};
            enum error result = read_root(p, r, party->party, &records[g].root);
            if (!result)
                result = check_root(p, party->party, records[g].root, roots, count, &p->report->fingerprints[i]);
            if (result) return result;
        }
        raw->parties[i] = (struct raw_party){party->party, records, party->count};
    }
    return OK;
}

/* ---- nothing left out, nothing added */

static enum error left_out(struct proving *p, const struct record_view *r, uint64_t index) {
    return fail(p->diag, ERR_NO, _("%.*s, entry %llu: its blob is left out, and it may be a card"),
                TEXT_ARG(r->channel), (unsigned long long)index);
}

/* "A card is the sole blob of its entry": where that blob could be one, it is here, or shown to be none. */
static enum error check_complete(struct proving *p, const struct record_view *r, const struct verified_record *v,
                                 struct map *named) {
    for (uint64_t i = 0; i < r->count; i++) {
        const struct entry *e = &v->entries[i];
        for (size_t b = 0; b < e->blob_count; b++) map_put(named, proving_hex(p, e->blobs[b].sha));
        if (e->blob_count != 1 || e->blobs[0].size > CARD_MAX_BYTES) continue;
        struct text name = proving_hex(p, e->blobs[0].sha);
        const struct tail *t = map_get(&p->of->tails, name);
        if (!map_has(&p->of->blobs, name) && !(t && tail_is_no_note(t))) return left_out(p, r, i);
    }
    return OK;
}

static enum error check_named(struct proving *p, const struct map *held, const struct map *named) {
    struct text *names = ARENA_ARRAY(p->arena, struct text, held->count);
    map_list(held, names, NULL);
    for (size_t i = 0; i < held->count; i++)
        if (!map_has(named, names[i]))
            return fail(p->diag, ERR_INPUT, _("no entry names the blob %.*s"), TEXT_ARG(names[i]));
    return OK;
}

static enum error check_blobs(struct proving *p) {
    struct map named = {.arena = p->arena};
    const struct channel_view *v = &p->report->channel.view;
    enum error result = OK;
    for (unsigned i = 0; i < 2; i++)
        for (size_t g = 0; g < v->parties[i].count && !result; g++)
            result = check_complete(p, &v->parties[i].records[g], &p->report->channel.records[i][g], &named);
    if (!result) result = check_named(p, &p->of->blobs, &named);
    return result ? result : check_named(p, &p->of->tails, &named);
}

/* ---- checkpoints */

struct keys {
    struct vkey *at;
    struct text *spelled;
    size_t count, key_room, spelled_room;
};

static void add_key(struct proving *p, struct keys *keys, struct text spelled) {
    struct vkey key;
    if (vkey_read(spelled, &key, NULL)) return;
    for (size_t i = 0; i < keys->count; i++)
        if (vkey_equal(&keys->at[i], &key)) return;
    keys->at = arena_grow(p->arena, keys->at, keys->count, &keys->key_room, sizeof *keys->at);
    keys->spelled = arena_grow(p->arena, keys->spelled, keys->count, &keys->spelled_room, sizeof *keys->spelled);
    keys->at[keys->count] = key;
    keys->spelled[keys->count++] = spelled;
}

/* The log keys of a record by the last card that names any, or by all cards. */
static struct keys log_keys(struct proving *p, unsigned party, struct text origin, bool all) {
    const struct entry_chain *chain = &p->report->verdict.chains[party];
    struct keys keys = {0};
    for (uint64_t i = 0; i < chain->count; i++) {
        const struct card *card = chain->entries[i].card_takes_effect ? chain->entries[i].card_after : NULL;
        bool fresh = !all;
        for (size_t k = 0; card && k < card->log_count; k++) {
            if (!text_equal(card->logs[k].origin, origin)) continue;
            if (fresh) keys.count = 0;
            fresh = false;
            add_key(p, &keys, card->logs[k].key);
        }
    }
    return keys;
}

static struct keys mirror_keys(struct proving *p, unsigned party) {
    const struct entry_chain *chain = &p->report->verdict.chains[party];
    struct keys keys = {0};
    for (uint64_t i = 0; i < chain->count; i++) {
        const struct card *card = chain->entries[i].card_takes_effect ? chain->entries[i].card_after : NULL;
        for (size_t k = 0; card && k < card->mirrors.count; k++) add_key(p, &keys, card->mirrors.at[k]);
    }
    return keys;
}

static size_t find_key(const struct keys *keys, const struct note_signature *s) {
    size_t i = 0;
    while (i < keys->count && !(keys->at[i].id == s->id && text_equal(keys->at[i].name, s->name))) i++;
    return i;
}

/* Each line is the log's, by a key it has or had, or a receipt of the counterparty; and each verifies. */
static enum error check_line(struct proving *p, unsigned party, const struct note *n, const struct note_signature *s,
                             struct proved_record *out, size_t *room) {
    struct keys logs = log_keys(p, party, out->origin, true), mirrors = mirror_keys(p, 1 - party);
    size_t log = find_key(&logs, s), mirror = find_key(&mirrors, s);
    struct proved_receipt receipt;
    if (log < logs.count) return note_verify(n, &logs.at[log], 1, NULL, p->diag);
    if (mirror == mirrors.count) { /* a witness's, if the terms say so */
        p->unjudged = arena_grow(p->arena, p->unjudged, p->unjudged_count, &p->unjudged_room, sizeof *p->unjudged);
        p->unjudged[p->unjudged_count++] = (struct unjudged){n, s, out};
        return OK;
    }
    enum error result = cosignature_verify(s, &mirrors.at[mirror], n->text, &receipt.stamp, p->diag);
    if (result) return result;
    receipt.key = mirrors.spelled[mirror];
    struct proved_receipt *receipts = (struct proved_receipt *)(uintptr_t)out->receipts;
    receipts = arena_grow(p->arena, receipts, out->receipt_count, room, sizeof *receipts);
    receipts[out->receipt_count++] = receipt;
    out->receipts = receipts;
    return OK;
}

static enum error check_checkpoint(struct proving *p, unsigned party, const struct dossier_record *r,
                                   struct proved_record *out) {
    struct signed_checkpoint *opened = ARENA_NEW(p->arena, struct signed_checkpoint); /* looked at again by the terms */
    struct keys logs = log_keys(p, party, r->origin, false);
    enum error result = checkpoint_open(r->checkpoint, r->origin, logs.at, logs.count, p->arena, opened, p->diag);
    if (!result && (opened->at.size != out->size || !sha256_equal(opened->at.root, out->root)))
        result = fail(p->diag, ERR_NO, _("the entries are not those that the log signed"));
    size_t room = 0;
    for (size_t i = 0; i < opened->note.signature_count && !result; i++) {
        result = check_line(p, party, &opened->note, &opened->note.signatures[i], out, &room);
        size_t by = find_key(&logs, &opened->note.signatures[i]);
        if (by < logs.count) out->log = logs.spelled[by];
    }
    if (!result) return OK;
    /* What does not verify is an answer, not a broken file. */
    struct diag why = p->diag ? *p->diag : (struct diag){0};
    return fail(p->diag, ERR_NO, _("the checkpoint of %.*s does not hold: %s"), TEXT_ARG(r->channel), why.text);
}

static void count_blobs(const struct proving *p, unsigned party, size_t generation, struct proved_record *out) {
    const struct record_view *r = &p->report->channel.view.parties[party].records[generation];
    for (uint64_t i = 0; i < r->count; i++) {
        const struct entry_verdict *e = channel_entry(&p->report->verdict, party, generation, i);
        out->cards += e && e->card_takes_effect;
    }
}

static enum error check_records(struct proving *p, const struct raw_channel *raw) {
    for (unsigned i = 0; i < 2; i++) {
        const struct dossier_party *party = &p->of->parties[i];
        struct proved_record *out = ARENA_ARRAY(p->arena, struct proved_record, party->count);
        p->report->records[i] = out;
        for (size_t g = 0; g < party->count; g++) {
            const struct dossier_record *r = &party->records[g];
            out[g] = (struct proved_record){.channel = r->channel,
                                            .origin = r->origin,
                                            .root_vkey = raw->parties[i].records[g].root,
                                            .size = r->count,
                                            .root = p->report->channel.records[i][g].root};
            enum error result = check_checkpoint(p, i, r, &out[g]);
            if (result) return result;
            count_blobs(p, i, g, &out[g]);
        }
    }
    return OK;
}

/* ---- cases */

static instant latest_time(const struct channel_view *v) {
    instant latest = INSTANT_NONE;
    for (unsigned i = 0; i < 2; i++)
        for (size_t g = 0; g < v->parties[i].count; g++)
            for (uint64_t k = 0; k < v->parties[i].records[g].count; k++) {
                const struct leaf *leaf = &v->parties[i].records[g].leaves[k];
                if (!leaf->malformed && leaf->time > latest) latest = leaf->time;
            }
    return latest;
}

static enum error judge_cases(struct proving *p, instant as_of) {
    struct dossier_report *r = p->report;
    if (as_of == INSTANT_NONE) as_of = latest_time(&r->channel.view);
    enum error result =
        matter_fold(&r->channel.view, NULL, r->statements, r->statement_count, as_of, p->arena, &r->state, p->diag);
    struct proved_message **said = ARENA_ARRAY(p->arena, struct proved_message *, r->statement_count);
    size_t count = 0;
    for (size_t i = 0; i < r->message_count; i++)
        if (!r->messages[i].flaw.size) said[count++] = &r->messages[i]; /* those have a statement, in the same order */
    for (size_t i = 0; i < r->state.message_count && !result; i++)
        said[r->state.messages[i].statement - r->statements]->verdict = &r->state.messages[i];
    return result;
}

enum error dossier_verify(const struct dossier *of, const struct dossier_root *roots, size_t root_count, instant as_of,
                          struct arena *a, struct dossier_report *out, struct diag *d) {
    struct dossier_report *report = ARENA_NEW(a, struct dossier_report); /* verdicts point into it */
    struct map empty = {.arena = a};
    struct proving p = {
        .of = of, .arena = a, .diag = d, .report = report, .keys = empty, .used = empty, .erased = empty};
    struct raw_channel raw;
    enum error result = begin_raw(&p, roots, root_count, &raw);
    if (!result) result = channel_verify(&raw, a, &report->channel, d);
    if (!result) result = check_blobs(&p);
    if (!result) result = channel_judge(&report->channel.view, NULL, a, &report->verdict, d);
    if (!result) result = check_records(&p, &raw);
    if (!result) result = dossier_open(&p);
    if (!result) dossier_hold(&p);
    if (!result) result = judge_cases(&p, as_of);
    if (!result) result = dossier_judge_witnesses(&p);
    if (!result) *out = *report;
    return result;
}

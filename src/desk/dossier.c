#include "desk/dossier.h"

#include <string.h>

#include "base/secret.h"
#include "desk/own_card.h"
#include "matter/dialogue.h"

struct gathering {
    struct talk *talk;
    struct dossier_choice *choice;
    struct dossier_source source;
    struct dossier_record *records[2];
    struct dossier_opened *opened; /* secret memory */
    struct sha256 held;            /* the blob that was fetched last, of size `whole.size` */
    struct buf whole;
    bool holds;
};

/* ---- blobs */

static enum error fetch(struct gathering *g, struct sha256 name, struct diag *d) {
    struct talk *t = g->talk;
    if (g->holds && sha256_equal(g->held, name)) return OK;
    g->holds = false;
    enum error result = ERR_MISSING;
    for (size_t i = t->channel_count; i-- > 0 && result == ERR_MISSING;) {
        buf_clear(&g->whole);
        result = link_blob(t->desk->link, t->channels[i].own_origin, name, g->whole.max, &g->whole, d);
    }
    g->held = name;
    g->holds = !result;
    return result;
}

static enum error blob_front(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                             uint64_t *size, struct diag *d) {
    struct gathering *g = state;
    enum error result = fetch(g, name, d);
    if (result) return result;
    *size = g->whole.size;
    *front = arena_bytes(a, bytes_of(g->whole.at, max < g->whole.size ? max : g->whole.size));
    return OK;
}

/* ---- records */

/* How much of a record must be there for what is opened of it. */
static uint64_t opened_size(const struct gathering *g, unsigned party, size_t generation) {
    uint64_t size = 1;
    for (size_t i = 0; i < g->choice->said_count; i++) {
        const struct entry_verdict *e = g->choice->said[i]->entry;
        if (e->party == party && e->generation == generation && e->index >= size) size = e->index + 1;
    }
    return size;
}

/* How much of one's own record must be there: all that is opened of it, and all of it that they have truly seen. */
static uint64_t needed_size(const struct gathering *g, size_t generation) {
    const struct talk *t = g->talk;
    const struct party_view *theirs = &t->verified.view.parties[1 - t->own];
    uint64_t size = opened_size(g, t->own, generation);
    if (generation >= theirs->count) return size;
    const struct record_view *record = &theirs->records[generation];
    for (size_t i = 0; i < record->count; i++)
        if (record->leaves[i].seen.ok && record->leaves[i].seen.size > size) size = record->leaves[i].seen.size;
    return size;
}

static enum error add_record(struct gathering *g, unsigned party, struct text channel, struct text origin,
                             uint64_t size, struct diag *d) {
    struct talk *t = g->talk;
    struct bytes *leaves;
    struct buf note = {.max = 1 << 20};
    struct dossier_record *r = &g->records[party][g->source.parties[party].count];
    *r = (struct dossier_record){.channel = channel, .origin = origin};
    enum error result = link_leaves(t->desk->link, origin, 0, &t->arena, &leaves, &r->count, d);
    if (!result) result = link_checkpoint(t->desk->link, origin, size, &note, d);
    if (!result) {
        r->leaves = leaves;
        r->checkpoint = arena_bytes(&t->arena, buf_as_bytes(&note));
        g->source.parties[party].count++;
    }
    buf_free(&note);
    return result;
}

/* The node signs checkpoints as it exchanges: what was said since is under none, and no dossier could open it. */
static enum error check_covers(const struct gathering *g, unsigned party, size_t generation, struct diag *d) {
    const struct dossier_party *of = &g->source.parties[party];
    struct text rest = text_from_bytes(of->records[of->count - 1].checkpoint), line;
    uint64_t size = 0;
    if (text_line(&rest, &line) && text_line(&rest, &line) && text_u64(line, &size) &&
        size >= opened_size(g, party, generation))
        return OK;
    return fail(
        d, ERR_MISSING,
        _("no checkpoint is signed yet that covers all that is to be opened: run `parley sync`, then write it"));
}

static enum error add_records(struct gathering *g, struct diag *d) {
    struct talk *t = g->talk;
    enum error result = OK;
    for (unsigned p = 0; p < 2; p++) {
        g->records[p] = ARENA_ARRAY(&t->arena, struct dossier_record, t->channel_count);
        g->source.parties[p] = (struct dossier_party){t->parties[p], g->records[p], 0};
    }
    for (size_t i = 0; i < t->channel_count && !result; i++) {
        const struct link_channel *c = &t->channels[i];
        bool receipted = c->receipted_size >= needed_size(g, i);
        result = add_record(g, t->own, c->own_name, c->own_origin, receipted ? c->receipted_size : 0, d);
        if (!result) result = check_covers(g, t->own, i, d);
        if (!result && c->their_size) result = add_record(g, 1 - t->own, c->their_name, c->their_origin, 0, d);
        if (!result && c->their_size) result = check_covers(g, 1 - t->own, i, d);
    }
    return result;
}

/* ---- witnesses */

static bool accepts(struct gathering *g, const struct said *s, struct text offer) {
    struct dialogue said;
    return text_is(s->message.head.kind, "reply") &&
           dialogue_from_message(&s->message, &g->talk->arena, &said, NULL) == OK && text_is(said.reply, "accept") &&
           text_equal(said.offer, offer);
}

/* Their lines say something to a reader who sees that both agreed on them: where the terms in force are opened. */
static void add_witnesses(struct gathering *g) {
    struct talk *t = g->talk;
    const struct said *offer = t->state.terms ? talk_said(t, t->state.terms) : NULL;
    struct dialogue terms;
    bool offered = false, accepted = false;
    for (size_t i = 0; i < g->choice->said_count && offer; i++) {
        offered = offered || g->choice->said[i] == offer;
        accepted = accepted || accepts(g, g->choice->said[i], offer->message.head.id);
    }
    if (offered && accepted && dialogue_from_message(&offer->message, &t->arena, &terms, NULL) == OK)
        g->source.witnesses = (struct names){terms.terms.witnesses.at, terms.terms.witnesses.count};
}

/* ---- file keys */

static enum error open_attachment(struct gathering *g, const struct opener *with, const struct attach *attach,
                                  struct dossier_opened *out, struct diag *d) {
    struct buf plain = {.max = attach->sealed_size + 1024}; /* with its padding */
    enum error result = fetch(g, attach->sealed, d);
    if (!result) result = message_unseal(buf_as_bytes(&g->whole), with, attach->plain_size, &plain, out->file_key, d);
    out->blob = attach->sealed;
    buf_wipe(&plain);
    diag_where(d, result ? arena_string(&g->talk->arena, attach->name) : NULL);
    return result;
}

/* Whether it is the blob that does not open, whoever tries, and not this desk or its node. */
static bool is_of_the_blob(enum error e) {
    return e == ERR_INPUT || e == ERR_LIMIT || e == ERR_SIGNATURE || e == ERR_PROOF || e == ERR_NO_KEY;
}

static enum error add_keys(struct gathering *g, struct diag *d) {
    struct dossier_choice *c = g->choice;
    struct opener with;
    size_t count = 0;
    enum error result = desk_opener(g->talk->desk, &with, d);
    for (size_t i = 0; i < c->said_count && !result; i++) {
        if (!c->said[i]->sealed) continue;
        g->opened[count].blob = c->said[i]->blob;
        memcpy(g->opened[count++].file_key, c->said[i]->file_key, SEAL_FILE_KEY_SIZE);
    }
    for (size_t i = 0; i < c->attachment_count && !result; i++) {
        result = open_attachment(g, &with, c->attachments[i].attach, &g->opened[count], d);
        bool closed = c->all && is_of_the_blob(result);
        count += !closed;
        c->left_closed += closed;
        if (closed) result = OK;
    }
    g->source.opened = g->opened;
    g->source.opened_count = count;
    return result;
}

enum error talk_dossier(struct talk *t, struct dossier_choice *choice, struct tar_sink into, struct diag *d) {
    struct gathering g = {.talk = t, .choice = choice, .whole = {.max = (size_t)1 << 32}};
    g.source.blobs = (struct blob_source){blob_front, &g};
    g.opened = secret_new((choice->said_count + choice->attachment_count + 1) * sizeof *g.opened);
    enum error result = add_records(&g, d);
    if (!result) result = add_keys(&g, d);
    if (!result) add_witnesses(&g);
    if (!result) result = dossier_write(&g.source, into, d);
    secret_free(g.opened);
    buf_free(&g.whole);
    return result;
}

/* ---- whose roots verify it */

enum error talk_roots(struct talk *t, struct talk_root **out, size_t *count, struct diag *d) {
    struct talk_root *roots = ARENA_ARRAY(&t->arena, struct talk_root, t->channel_count + 1);
    struct bytes note;
    struct card own;
    size_t found = 0;
    enum error result = own_card_signed(t->desk, &note, &own, d);
    if (result) return result;
    roots[found++] = (struct talk_root){t->parties[t->own], own.root};
    for (size_t i = 0; i < t->channel_count; i++) {
        struct text root = t->channels[i].their_root;
        if (!root.size || (i && text_equal(root, t->channels[i - 1].their_root))) continue;
        roots[found++] = (struct talk_root){t->parties[1 - t->own], root};
    }
    *out = roots;
    *count = found;
    return OK;
}

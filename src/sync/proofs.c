/* Proofs that a log signed two histories, handed over: so both sides know, and both are frozen. */
#include "sync/cards.h"
#include "sync/contradiction.h"
#include "sync/serve.h"
#include "sync/step.h"
#include "tlog/equivocation.h"

enum error serve_equivocation(struct serving *s, struct diag *d) {
    struct kept_contradiction *list;
    size_t count = 0;
    enum error result = store_contradictions(s->node->store, s->channel.of[s->side].id, &s->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (!list[i].proves) continue;
        response_start(s->response, 200, TYPE_TEXT);
        buf_text(&s->response->body, list[i].text);
        return OK;
    }
    return result ? result : fail(d, ERR_MISSING, _("nothing is here"));
}

static bool proves(struct exchange *x, enum side side, struct bytes text) {
    struct vkey keys[LOG_KEYS_MAX];
    size_t count = 0;
    struct equivocation e;
    struct equivocated proved;
    return cards_log_keys(x->node->store, &x->channel, side, &x->arena, keys, &count, NULL) == OK && count &&
           equivocation_read(text, &e, NULL) == OK &&
           equivocation_verify(&e, x->channel.of[side].origin, keys, count, &x->arena, &proved, NULL) == OK;
}

/* What does not verify proves nothing, and is left. */
static enum error take_proof(struct exchange *x, enum side side, struct diag *d) {
    struct response r = {.body = {.max = EQUIVOCATION_MAX_BYTES}};
    struct asked q = {.method = "GET", .side = (int)side, .what = "equivocation"};
    enum error result = exchange_call(x, &q, &r, d);
    bool proved = !result && r.status == 200 && proves(x, side, buf_as_bytes(&r.body));
    if (proved) {
        struct kept_contradiction found = {true, x->now, buf_as_text(&r.body)};
        const char *why = side == SIDE_OWN ? _("the counterparty holds the proof that one's own log key signed two "
                                               "histories: who else has that key? Nothing is signed: open a successor")
                                           : _("the counterparty signed two histories of its record");
        result = sync_contradict(x->node, &x->channel, side, &found, why, d);
        if (!result) result = fail(d, ERR_FROZEN, "%s", why);
    }
    response_free(&r);
    return result;
}

enum error exchange_take_proofs(struct exchange *x, struct diag *d) {
    enum error result = OK;
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !result; side++)
        if (x->channel.of[side].id) result = take_proof(x, side, d);
    return result;
}

/* ---- what froze a channel, and is not proved yet */

/* Of what is kept without a proof the checkpoint that was shown: behind the one held, and an empty line. */
static struct bytes shown_of(struct text kept) {
    struct text rest = kept, line;
    for (unsigned empty = 0; empty < 2;) {
        if (!text_line(&rest, &line)) return bytes_from_text(kept);
        if (!line.size) empty++;
    }
    return bytes_from_text(rest.size ? rest : kept);
}

static enum error lacking(const struct sync_node *n, const struct channel *c, struct arena *a, struct text *kept) {
    struct kept_contradiction *list;
    size_t count = 0;
    enum error result = c->state == CHANNEL_FROZEN && c->of[SIDE_THEIRS].id ? OK : ERR_MISSING;
    if (!result) result = store_contradictions(n->store, c->of[SIDE_THEIRS].id, a, &list, &count, NULL);
    for (size_t i = 0; i < count && !result; i++)
        if (list[i].proves) result = ERR_MISSING;
    if (!result && count) *kept = list[0].text;
    return result || count ? result : ERR_MISSING;
}

bool sync_lacks_proof(const struct sync_node *n, const struct channel *c) {
    struct arena a = {0};
    struct text kept;
    bool lacks = lacking(n, c, &a, &kept) == OK;
    arena_free(&a);
    return lacks;
}

static enum error keep_proof(struct exchange *x, const struct contradicting *shown, struct text proof, struct diag *d) {
    struct kept_contradiction found = {true, x->now, proof};
    struct text why = text_of(_("the counterparty signed two histories of its record"));
    uint64_t index;
    if (contradiction_parting(x->node, &x->channel, SIDE_THEIRS, shown, &index))
        why = arena_format(&x->arena, _("%.*s; the histories part at entry %llu"), TEXT_ARG(why),
                           (unsigned long long)index);
    const char *words = arena_format(&x->arena, "%.*s%c", TEXT_ARG(why), 0).at;
    enum error result = sync_contradict(x->node, &x->channel, SIDE_THEIRS, &found, words, d);
    return result ? result : store_set_state(x->node->store, x->channel.id, CHANNEL_FROZEN, why, d);
}

/* By the tree that the other side serves under a checkpoint: its hashes rebuild the root signed there, and at the size
 * held another one than was signed before. */
static enum error prove_by(struct exchange *x, struct bytes note, bool *proved, struct diag *d) {
    struct vkey keys[LOG_KEYS_MAX];
    size_t count = 0;
    struct signed_checkpoint at;
    struct buf text = {.max = EQUIVOCATION_MAX_BYTES};
    struct remote_tree *tree = ARENA_NEW(&x->arena, struct remote_tree);
    enum error result = cards_log_keys(x->node->store, &x->channel, SIDE_THEIRS, &x->arena, keys, &count, d);
    if (!result) result = checkpoint_open(note, x->channel.of[SIDE_THEIRS].origin, keys, count, &x->arena, &at, d);
    if (result) return result;
    *tree = (struct remote_tree){.exchange = x, .side = SIDE_THEIRS, .size = at.at.size};
    const struct tree_reader reader = remote_tree_reader(tree);
    const struct contradicting shown = {.shown = &at, .tree = &reader};
    result = contradiction_text(x->node, &x->channel, SIDE_THEIRS, &shown, keys, count, &x->arena, &text, proved, d);
    if (!result && *proved) result = keep_proof(x, &shown, buf_as_text(&text), d);
    buf_free(&text);
    return result;
}

/* The checkpoint that froze the channel first, then the one that they serve now. */
enum error exchange_prove(struct exchange *x, bool *moved, struct diag *d) {
    struct text kept;
    struct bytes now;
    bool proved = false;
    *moved = false;
    if (lacking(x->node, &x->channel, &x->arena, &kept)) return OK;
    enum error result = prove_by(x, shown_of(kept), &proved, d);
    if (proved || exchange_fetch_checkpoint(x, &now, d)) return result;
    return prove_by(x, now, &proved, d);
}

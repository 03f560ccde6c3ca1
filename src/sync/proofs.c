/* Proofs that a log signed two histories, handed over: so both sides know, and both are frozen. */
#include "sync/cards.h"
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

#include "sync/server.h"

#include "sync/answers.h"
#include "sync/cards.h"
#include "sync/pins.h"
#include "sync/serve.h"

static const struct route {
    const char *method, *front; /* of what follows the hash, or of the whole path where there is none */
    bool whole;                 /* nothing may follow the front */
    bool hashed;                /* the path begins with an origin's hash */
    serve *run;
} routes[] = {
    {"GET", "checkpoint", true, true, serve_checkpoint},
    {"GET", "tile/", false, true, serve_tile},
    {"GET", "blob/", false, true, serve_blob},
    {"GET", "equivocation", true, true, serve_equivocation},
    {"PUT", "blob/", false, true, take_blob},
    {"POST", "receipt", true, true, take_receipt},
    {"POST", "shown", true, true, take_shown},
    {"POST", "add-checkpoint", true, false, take_checkpoint},
    {"POST", "add-entries", true, false, take_entries},
};

static enum error pin_fits(const struct serving *s, bool *fits, struct diag *d) {
    struct arena a = {0};
    struct card card;
    struct text pin = s->request->pin;
    if (s->node->pins) return pins_fit(s->node->pins, s->channel.party, pin, fits, d);
    enum error result = cards_newest(s->node->store, s->channel.party, &a, &card, d);
    *fits = !result && pin.size && names_have(card.tls, pin);
    arena_free(&a);
    return result == ERR_MISSING ? OK : result;
}

/* A neutral mirror lets who it stands in for read what it holds, and nothing else. */
static bool may_read(const struct serving *s) {
    struct arena a = {0};
    struct card card;
    bool may = text_is(s->request->method, "GET") && s->request->pin.size &&
               cards_current(s->node->store, &s->channel, SIDE_OWN, &a, &card, NULL) == OK &&
               names_have(card.tls, s->request->pin);
    arena_free(&a);
    return may;
}

enum error serve_find(struct serving *s, struct text origin_or_hash, struct diag *d) {
    bool fits = false;
    enum error result = store_find_channel(s->node->store, origin_or_hash, &s->arena, &s->channel, &s->side, d);
    if (!result) result = pin_fits(s, &fits, d);
    if (!result && s->node->neutral) fits = s->side == SIDE_THEIRS && (fits || may_read(s));
    return result || fits ? result : fail(d, ERR_MISSING, _("no such channel"));
}

static const struct route *find_route(struct text method, struct text rest, bool hashed) {
    for (size_t i = 0; i < COUNT(routes); i++) {
        const struct route *r = &routes[i];
        struct text front = text_of(r->front);
        if (r->hashed == hashed && text_is(method, r->method) &&
            (r->whole ? text_equal(rest, front) : text_starts(rest, front)))
            return r;
    }
    return NULL;
}

static enum error dispatch(struct serving *s, struct diag *d) {
    struct text rest = s->request->path, hash = {NULL, 0};
    if (!text_skip(&rest, TEXT("/"))) return fail(d, ERR_INPUT, _("expected a path"));
    bool hashed = rest.size > SHA256_HEX && rest.at[SHA256_HEX - 1] == '/';
    if (hashed) {
        hash = text_sub(rest, 0, SHA256_HEX - 1);
        rest = text_sub(rest, SHA256_HEX, rest.size);
    }
    const struct route *route = find_route(s->request->method, rest, hashed);
    if (!route) return fail(d, ERR_MISSING, _("nothing is here"));
    enum error result = hashed ? serve_find(s, hash, d) : OK;
    s->rest = text_sub(rest, text_of(route->front).size, rest.size);
    return result ? result : route->run(s, d);
}

bool server_answer_kept(const struct sync_node *n, const struct request *q, struct response *r) {
    return n->answers && answers_find(n->answers, store_generation(n->store), q, r);
}

void server_answer(const struct sync_node *n, const struct request *q, instant now, struct response *r) {
    uint64_t generation = store_generation(n->store); /* before anything is read */
    struct serving s = {.node = n, .request = q, .response = r, .now = now};
    struct diag d = {0};
    enum error result = dispatch(&s, &d);
    if (!result && r->body.failed) result = fail(&d, ERR_LIMIT, _("the answer is too large"));
    /* What does not concern the peer is not told: absent and forbidden look the same. */
    if (result == ERR_MISSING) d.text[0] = 0;
    if (result) response_refuse(r, result == ERR_FROZEN ? 403 : (unsigned)error_http_status(result), &d);
    if (!result && n->answers) answers_keep(n->answers, generation, q, r);
    arena_free(&s.arena);
}

/* The network between two nodes: what becomes of a request and of its answer. */
#include <string.h>

#include "world.h"

enum { DEPTH_MAX = 3 };
enum fate { FATE_WELL, FATE_LOST, FATE_ANSWER_LOST, FATE_TWICE, FATE_CUT, FATE_LATE, FATES };

static const char *const words[FATES] = {"", "lost", "answer lost", "twice", "cut", "late"};

static bool is_dead(const struct party *p) { return !p->store || disk_at(p->number)->dead; }

static bool ends_with(struct text path, const char *end) {
    struct text t = text_of(end);
    return path.size >= t.size && text_equal(text_sub(path, path.size - t.size, path.size), t);
}

/* What a request gives away, whether it arrives or not. */
static void look_at_request(struct seat *from, const struct request *q) {
    struct text body = text_from_bytes(q->body);
    size_t note = text_find(body, '\n');
    if (ends_with(q->path, "/receipt")) check_promised(from);
    if (!ends_with(q->path, "/add-checkpoint")) return;
    while (note + 1 < body.size && body.at[note + 1] != '\n')
        note += 1 + text_find(text_sub(body, note + 1, body.size), '\n');
    if (note + 2 < body.size) check_left(from, bytes_of(body.at + note + 2, body.size - note - 2));
}

static void look_at_answer(struct seat *by, const struct request *q, const struct response *r) {
    if (r->status != 200) return;
    if (ends_with(q->path, "/add-entries")) check_promised(by);
    if (ends_with(q->path, "/checkpoint") && text_find(q->path, '/') == 0 &&
        text_equal(text_sub(q->path, 1, 1 + by->hash.size), by->hash))
        check_left(by, buf_as_bytes(&r->body));
}

/* A malicious party keeps the receipts that it owes to itself: what it took, it took. */
static bool withholds(const struct seat *s) {
    const struct world *w = s->who->world;
    return s->who->malicious && !w->calm && w->now < s->withholds_until;
}

/* The other side answers; false where it died before the answer left. */
static bool answer(struct seat *from, const struct request *q, struct response *r, struct rng *chance) {
    struct party *you = from->other->who;
    struct request asked = *q;
    asked.pin = from->who->pin;
    struct buf body = {.max = 32 << 20};
    if (is_dead(you)) return false;
    if (from->who->malicious) {
        buf_bytes(&body, q->body);
        if (corrupt(from, &body, chance)) asked.body = buf_as_bytes(&body);
    }
    party_enter(you);
    if (!server_answer_kept(&you->node, &asked, r)) server_answer(&you->node, &asked, party_now(you), r);
    bool alive = !is_dead(you);
    if (alive && withholds(from->other) && ends_with(q->path, "/add-entries")) alive = false;
    if (alive) look_at_answer(from->other, q, r);
    (void)corrupt(from->other, &r->body, chance);
    party_leave(you);
    buf_free(&body);
    trace(from->who->world, "%u > %u %.*s %.*s -> %u %s", from->who->number, you->number, TEXT_ARG(q->method),
          TEXT_ARG(text_sub(q->path, q->path.size > 40 ? 60 : 0, q->path.size)), r->status, alive ? "" : "dies");
    return alive;
}

void net_send(struct seat *from, const struct request *q) {
    struct response r = {.body = {.max = 128 << 20}};
    (void)answer(from, q, &r, NULL);
    response_free(&r);
}

static void copy_word(char *out, size_t room, struct text t) {
    size_t size = t.size < room - 1 ? t.size : room - 1;
    if (size) memcpy(out, t.at, size);
    out[size] = 0;
}

static struct late *places_of(const struct seat *s) {
    const struct world *w = s->who->world;
    return w->late[w->set.parts ? s->number : 0];
}

static void set_aside(struct seat *from, const struct request *q, struct rng *r) {
    struct late *l = &places_of(from)[rng_below(r, PLACES_MAX)];
    l->from = from;
    l->starts = from->other->who->starts;
    struct bytes of[2] = {bytes_from_text(q->path), q->body};
    for (int i = 0; i < 2; i++) {
        l->bytes[i].max = 32 << 20;
        buf_clear(&l->bytes[i]);
        buf_bytes(&l->bytes[i], of[i]);
    }
    copy_word(l->method, sizeof l->method, q->method);
    copy_word(l->type, sizeof l->type, q->content_type);
    copy_word(l->range, sizeof l->range, q->content_range);
}

void net_deliver_late(struct seat *s, uint64_t which) {
    struct late *l = &places_of(s)[which % PLACES_MAX];
    if (!l->from || l->starts != l->from->other->who->starts) return;
    struct request q = {.method = text_of(l->method),
                        .path = buf_as_text(&l->bytes[0]),
                        .content_type = text_of(l->type),
                        .content_range = text_of(l->range),
                        .body = buf_as_bytes(&l->bytes[1])};
    net_send(l->from, &q); /* and again, perhaps: whoever called may do so twice */
    check_seat(l->from->other);
}

/* Only packages may come cut off: of anything else the transport sees that it is not whole. */
static void send_front(struct seat *from, const struct request *q, struct rng *r) {
    struct request front = *q;
    if (!ends_with(q->path, "/add-entries") || !q->body.size) return;
    front.body.size = (size_t)rng_below(r, q->body.size);
    net_send(from, &front);
}

static enum error pass(struct seat *s, const struct request *q, enum fate fate, struct rng *chance, struct response *r,
                       struct diag *d) {
    struct response answered = {.body = {.max = 128 << 20}};
    size_t max = r->body.max;
    if (fate == FATE_LOST || fate == FATE_LATE) return fail(d, ERR_NETWORK, "the request was lost");
    if (fate == FATE_TWICE) net_send(s, q);
    bool came = answer(s, q, &answered, chance) && fate != FATE_ANSWER_LOST && answered.body.size <= max;
    response_free(r);
    *r = answered;
    r->body.max = max;
    return came ? OK : fail(d, ERR_NETWORK, "the answer was lost");
}

static enum fate draw(struct world *w, struct rng *r) {
    bool fails = !w->calm && rng_chance(r, w->set.call_fails);
    return fails ? (enum fate)(1 + rng_below(r, FATES - 1)) : FATE_WELL;
}

/* Time passes, and others act meanwhile. */
static void wait(struct world *w, struct rng *r) {
    if (w->calm || w->depth >= DEPTH_MAX || !rng_chance(r, w->set.call_fails)) return;
    w->depth++;
    world_run_until(w, w->now + (instant)rng_below(r, 120) * INSTANT_SECOND);
    w->depth--;
}

enum error net_call(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct seat *s = self->state;
    struct world *w = s->who->world;
    struct rng *chance = s->chance;
    w->counts.calls++;
    if (is_dead(s->who)) return fail(d, ERR_NETWORK, "the caller is dead");
    if (withholds(s) && ends_with(q->path, "/receipt")) return fail(d, ERR_NETWORK, "the receipt is withheld");
    look_at_request(s, q);
    enum fate fate = draw(w, chance);
    if (fate) {
        w->counts.faults++;
        trace(w, "%u > %u %.*s: %s", s->who->number, s->other->who->number, TEXT_ARG(q->method), words[fate]);
    }
    if (fate == FATE_LATE || (fate == FATE_TWICE && rng_chance(chance, 500))) set_aside(s, q, chance);
    if (fate == FATE_CUT) send_front(s, q, chance);
    wait(w, chance);
    if (w->now < w->cut_until[s->number]) fate = FATE_LOST;
    enum error result = pass(s, q, fate == FATE_CUT ? FATE_LOST : fate, chance, r, d);
    wait(w, chance);
    return is_dead(s->who) ? fail(d, ERR_NETWORK, "the caller is dead") : result;
}

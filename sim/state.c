/* Same cut, same state: both sides of a channel fold what they hold, and print the same. */
#include <string.h>

#include "book.h"

enum { SHORT = 300 };

static bool is_up(const struct party *p) { return p->store && !disk_at(p->number)->dead; }

static bool may_compare(struct seat *first) {
    struct seat *s = seat_latest(first);
    return is_up(s->who) && is_up(s->other->who) && s->own && s->other->own && !s->restored && !s->other->restored;
}

/* What both have read; of a channel that has a successor, what is followed of it: false where one of them, come from a
 * backup since, does not hold so much. */
static bool find_cuts(struct seat *s, struct cut cuts[static GENERATIONS_MAX]) {
    (void)book_common(s, s->other, cuts);
    for (struct seat *g = s->first; g->after; g = g->after)
        for (unsigned i = 0; i < 2; i++) {
            const struct entry_follows *line = &g->after->follows[i];
            unsigned party = text_equal(line->channel, g->name) ? seat_party(g) : 1 - seat_party(g);
            uint64_t *size = &cuts[g->generation].of[party];
            if (*size < line->at.size) return false;
            *size = line->at.size;
        }
    return true;
}

static bool sum_sizes(struct seat *s, uint64_t *out) {
    uint64_t own, theirs;
    *out = 0;
    for (; s && s->own; s = s->after) {
        if (store_size(s->who->store, s->own, &own, NULL) || store_size(s->who->store, s->theirs, &theirs, NULL))
            return false;
        *out += own + theirs;
    }
    return true;
}

static enum error fold(struct seat *s, const struct reading *how, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct matter_state state;
    enum error result = book_fold(s, how, &a, &state, d);
    if (!result) matter_write_json(&state, out);
    arena_free(&a);
    return result;
}

static void say_difference(struct world *w, unsigned channel, const char *when, const struct buf said[2]) {
    size_t at = 0, from;
    while (at < said[0].size && at < said[1].size && said[0].at[at] == said[1].at[at]) at++;
    from = at > 60 ? at - 60 : 0;
    violated(w, "channel %u: same cut, and another state %s: “%.*s” or “%.*s”", channel, when,
             TEXT_ARG(text_sub(buf_as_text(&said[0]), from, at + 80 < said[0].size ? at + 80 : said[0].size)),
             TEXT_ARG(text_sub(buf_as_text(&said[1]), from, at + 80 < said[1].size ? at + 80 : said[1].size)));
}

/* Both at one cut; one of them is handed the messages in another order. */
static bool compare(struct seat *s, struct reading how, const char *when, struct sha256 *hash) {
    struct buf said[2] = {{.max = 256 << 20}, {.max = 256 << 20}};
    struct diag d = {0};
    how.with = s->other;
    enum error result = fold(s, &how, &said[0], &d);
    how.with = s;
    how.shuffle = (uint64_t)how.as_of | 1;
    if (!result) result = fold(s->other, &how, &said[1], &d);
    if (result) violated(s->who->world, "channel %u can't be folded: %s", s->number, d.text);
    bool same = !result && text_equal(buf_as_text(&said[0]), buf_as_text(&said[1]));
    if (!result && !same) say_difference(s->who->world, s->number, when, said);
    *hash = sha256_of(buf_as_bytes(&said[0]));
    s->who->world->counts.folded++;
    buf_free(&said[0]);
    buf_free(&said[1]);
    return same;
}

/* What was the state at a cut stays it, whatever comes later. */
static void remember(struct world *w, unsigned channel, const struct cut *cuts, instant as_of, struct sha256 hash) {
    struct known_state *k = &w->known[channel][w->seats[2 * channel]->remembered++ % KNOWN_STATES_MAX];
    memcpy(k->cuts, cuts, sizeof k->cuts);
    k->as_of = as_of;
    k->hash = hash;
}

static bool read_both(struct seat *s) {
    struct diag d = {0};
    enum error result = book_read(s, &d);
    if (!result) result = book_read(s->other, &d);
    if (result && s->who->world->calm)
        violated(s->who->world, "channel %u: all is calm, and can't be read: %s", s->number, d.text);
    /* A state tells how many generations it knows of: they compare once both know of the last one. */
    struct cut cuts[GENERATIONS_MAX];
    size_t generations = seat_latest(s)->generation + 1;
    return !result && book_common(s, s->other, cuts) == generations;
}

void check_state(struct seat *of) {
    struct world *w = of->who->world;
    struct seat *s = w->seats[2 * of->first->number];
    struct cut cuts[GENERATIONS_MAX] = {0};
    struct sha256 hash;
    uint64_t size;
    if (!may_compare(s) || !sum_sizes(s, &size) || !book_is_worth(size, s->compared_at)) return;
    if (!read_both(s)) return;
    s->compared_at = size;
    if (!find_cuts(s, cuts)) return;
    if (compare(s, (struct reading){.cuts = cuts, .as_of = w->now}, "on the two sides", &hash))
        remember(w, s->number, cuts, w->now, hash);
}

static void compare_known(struct seat *s) {
    struct world *w = s->who->world;
    for (size_t i = 0; i < KNOWN_STATES_MAX; i++) {
        const struct known_state *k = &w->known[s->number][i];
        struct sha256 hash;
        if (k->as_of && compare(s, (struct reading){.cuts = k->cuts, .as_of = k->as_of}, "as it was", &hash) &&
            !sha256_equal(hash, k->hash))
            violated(w, "channel %u: the state at an earlier cut is another one now", s->number);
    }
}

/* Books that went on give what books that are made anew give. */
static void check_at_rest(struct world *w, struct seat *s) {
    struct cut cuts[GENERATIONS_MAX] = {0};
    struct reading how = {.cuts = cuts, .as_of = w->now};
    struct sha256 hash[2];
    if (!may_compare(s) || !read_both(s) || !find_cuts(s, cuts)) return;
    if (!compare(s, how, "at rest", &hash[0])) return;
    compare_known(s);
    book_forget(s);
    book_forget(s->other);
    if (!read_both(s)) return;
    if (compare(s, how, "read anew", &hash[1]) && !sha256_equal(hash[0], hash[1]))
        violated(w, "channel %u: read anew, its state is another one", s->number);
    if (!s->lied && !s->other->lied && book_size(s) < SHORT) compare_known(s);
}

void check_states_at_rest(struct world *w) { each_channel(w, check_at_rest); }

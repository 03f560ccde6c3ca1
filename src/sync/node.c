#include "sync/node.h"

#include <stdio.h>

void sync_note_skew(const struct sync_node *n, const struct channel *c, instant ahead) {
    char name[64], value[32];
    snprintf(name, sizeof name, "skew %lld", (long long)c->id);
    int size = snprintf(value, sizeof value, "%lld", (long long)(ahead / INSTANT_SECOND));
    (void)(store_set_meta(n->store, name, bytes_of(value, (size_t)size), NULL) == OK);
}

enum error sync_is_open(const struct channel *c, struct diag *d) {
    if (c->state == CHANNEL_OPEN || c->state == CHANNEL_MIRRORED) return OK;
    if (c->state == CHANNEL_OFFERED)
        return fail(d, ERR_MISSING, _("the invitation of %.*s is not known yet"), TEXT_ARG(c->party));
    if (c->state == CHANNEL_FOLLOWED) return fail(d, ERR_FROZEN, _("a successor took the place of this channel"));
    return fail(d, ERR_FROZEN, "%.*s", TEXT_ARG(c->why));
}

enum error sync_may_take(const struct channel *c, struct diag *d) {
    return c->state == CHANNEL_RESTORED ? OK : sync_is_open(c, d);
}

static enum error now(const struct sync_node *n, const struct channel *c,
                      enum error (*judge)(const struct channel *c, struct diag *d), struct diag *d) {
    struct arena a = {0};
    struct channel as_it_is;
    enum error result = store_channel(n->store, c->id, &a, &as_it_is, d);
    if (!result) result = judge(&as_it_is, d);
    arena_free(&a);
    return result;
}

enum error sync_may_still_take(const struct sync_node *n, const struct channel *c, struct diag *d) {
    return now(n, c, sync_may_take, d);
}

enum error sync_still_open(const struct sync_node *n, const struct channel *c, struct diag *d) {
    return now(n, c, sync_is_open, d);
}

/* Of a channel that signs nothing any more another contradiction says nothing new, unless it is the first that proves
 * it: else who signs roots without end fills the disk with them. */
static enum error says_more(const struct sync_node *n, const struct channel *c, enum side side, bool proves, bool *more,
                            struct diag *d) {
    struct arena a = {0};
    struct kept_contradiction *list;
    size_t count = 0;
    enum error result = store_contradictions(n->store, c->of[side].id, &a, &list, &count, d);
    *more = !result && (!count || proves);
    for (size_t i = 0; i < count && !result; i++) *more = *more && !list[i].proves;
    arena_free(&a);
    return result;
}

enum error sync_contradict(const struct sync_node *n, const struct channel *c, enum side side,
                           const struct kept_contradiction *found, const char *why, struct diag *d) {
    enum error result = store_begin(n->store, d);
    if (result) return result;
    bool open = sync_still_open(n, c, NULL) == OK, more = true;
    if (!open) result = says_more(n, c, side, found->proves, &more, d);
    if (!result && more) result = store_put_contradiction(n->store, c->of[side].id, found, d);
    if (!result && open) result = store_set_state(n->store, c->id, CHANNEL_FROZEN, text_of(why), d);
    return store_end(n->store, result, d);
}

/* Where that can't be read, nothing is to be signed either. */
bool sync_is_contradicted(const struct sync_node *n, const struct channel *c) {
    struct arena a = {0};
    bool any = false;
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !any; side++) {
        struct kept_contradiction *list;
        size_t count = 0;
        if (!c->of[side].id) continue;
        any = store_contradictions(n->store, c->of[side].id, &a, &list, &count, NULL) != OK || count;
    }
    arena_free(&a);
    return any;
}

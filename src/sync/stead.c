#include "sync/stead.h"

#include "sync/cards.h"
#include "sync/own.h"
#include "sync/step.h"

enum { ROUNDS_MAX = 3 };

static enum error run(struct exchange *x, int64_t channel, exchange_run *step, bool *moved, struct diag *d) {
    x->channel.id = channel;
    enum error result = exchange_step(x, step, moved, d);
    return result;
}

enum error stead_push(const struct sync_node *n, int64_t channel, struct text name, struct remote *r, instant now,
                      struct sync_report *report, struct diag *d) {
    struct exchange x = {.node = n, .remote = r, .now = now, .report = report, .stead = name};
    bool moved = true;
    enum error result = OK;
    for (unsigned round = 0; !result && moved && round < ROUNDS_MAX; round++) {
        moved = false;
        result = run(&x, channel, exchange_push, &moved, d);
        if (!result && moved) result = run(&x, channel, exchange_settle, &moved, d);
        if (result == ERR_BUSY) result = OK, moved = false; /* the receipt is kept, and recorded with the next entry */
    }
    arena_free(&x.arena);
    return result;
}

enum error stead_pull(const struct sync_node *n, int64_t channel, struct text name, struct remote *r, instant now,
                      struct sync_report *report, struct diag *d) {
    struct exchange x = {.node = n, .remote = r, .now = now, .report = report, .stead = name, .carried = true};
    bool moved = false;
    enum error result = run(&x, channel, exchange_pull, &moved, d);
    if (!result && moved) result = run(&x, channel, exchange_settle, &moved, d);
    arena_free(&x.arena);
    return result == ERR_BUSY ? OK : result;
}

/* ---- holding */

static bool names_log(const struct card *c, struct text origin) {
    for (size_t i = 0; i < c->log_count; i++)
        if (text_equal(c->logs[i].origin, origin)) return true;
    return false;
}

static enum error next_number(struct store *s, struct text party, struct arena *a, uint64_t *out, struct diag *d) {
    struct channel *list;
    size_t count;
    *out = 1;
    enum error result = store_channels_with(s, party, a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++)
        if (list[i].number >= *out) *out = list[i].number + 1;
    return result;
}

/* What stands in the place of a record of its own is never written; its name and origin are nobody's. */
static enum error add(struct store *s, const struct stead_offer *o, const struct card *from, const struct card *to,
                      struct arena *a, struct channel *out, struct diag *d) {
    struct channel c = {
        .own_party = to->party,
        .party = from->party,
        .limits = CHANNEL_LIMITS_DEFAULT,
        .invited_card = o->sender,
        .of = {{.name = arena_format(a, "in the stead of %.*s: %.*s", TEXT_ARG(to->party), TEXT_ARG(o->origin)),
                .root = to->root},
               {.name = o->origin, .origin = o->origin, .root = from->root}}};
    c.of[SIDE_OWN].origin = c.of[SIDE_OWN].name;
    enum error result = next_number(s, from->party, a, &c.number, d);
    if (!result) result = store_add_channel(s, &c, &c.id, d);
    if (!result) result = store_set_state(s, c.id, CHANNEL_MIRRORED, TEXT(""), d);
    return result ? result : store_channel(s, c.id, a, out, d);
}

static enum error fits(const struct channel *c, const struct card *from, const struct card *to, struct diag *d) {
    if (!text_equal(c->party, from->party) || !text_equal(c->own_party, to->party))
        return fail(d, ERR_CONFLICT, _("this record is held already, of %.*s and in the stead of %.*s"),
                    TEXT_ARG(c->party), TEXT_ARG(c->own_party));
    if (!text_equal(c->of[SIDE_THEIRS].root, from->root) || !text_equal(c->of[SIDE_OWN].root, to->root))
        return fail(d, ERR_SIGNATURE, _("the card is signed by another root than the accepted one"));
    return OK;
}

static enum error hold(struct store *s, const struct stead_offer *o, struct arena *a, bool *added, struct diag *d) {
    struct card from, to, kept;
    struct channel c;
    enum error result = card_read(o->sender, a, &from, d);
    if (!result) result = card_read(o->receiver, a, &to, d);
    if (!result && !names_log(&from, o->origin))
        result = fail(d, ERR_INPUT, _("the card of %.*s names no log of the origin %.*s"), TEXT_ARG(from.party),
                      TEXT_ARG(o->origin));
    if (result) return result;
    result = store_find_channel(s, o->origin, a, &c, NULL, NULL);
    *added = result == ERR_MISSING;
    result = *added ? add(s, o, &from, &to, a, &c, d) : result ? fail(d, result, _("the store can't be read")) : OK;
    if (!result) result = fits(&c, &from, &to, d);
    if (!result && (card_read_again(c.invited_card, a, &kept, NULL) || from.serial > kept.serial))
        result = store_set_invited_card(s, c.id, o->sender, d);
    if (!result)
        result = store_put_card(s, c.of[SIDE_OWN].id, &(struct kept_card){to.serial, to.serial, o->receiver}, d);
    return result;
}

enum error stead_hold(struct store *s, const struct stead_offer *o, bool *added, struct diag *d) {
    struct arena a = {0};
    enum error result = store_begin(s, d);
    if (!result) result = store_end(s, hold(s, o, &a, added, d), d);
    arena_free(&a);
    return result;
}

bool stead_knows(struct store *s, struct text pin) {
    struct arena a = {0};
    struct channel *list;
    size_t count;
    bool known = false;
    if (store_channels(s, &a, &list, &count, NULL)) count = 0;
    for (size_t i = 0; i < count && !known; i++)
        for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !known; side++) {
            struct card card;
            known = cards_current(s, &list[i], side, &a, &card, NULL) == OK && names_have(card.tls, pin);
        }
    arena_free(&a);
    return known;
}

/* Opening channels: what two invitations say, into a record that begins with a card. */
#include <string.h>

#include "node/opened.h"
#include "sync/own.h"

struct opening {
    struct engine *engine;
    const struct link_opening *asked;
    instant now;
    struct arena arena;
    struct channel channel; /* as it is to be */
    struct card own_card;
};

static struct channel_name turned(struct channel_name own) {
    return (struct channel_name){own.to, own.from, own.number, own.drill};
}

static void name_record(struct opening *o, enum side side, struct channel_name name,
                        const uint8_t secret[static CHANNEL_SECRET_SIZE], struct text root) {
    struct channel_record *r = &o->channel.of[side];
    r->name = channel_name_write(&name, &o->arena);
    r->origin = channel_origin(r->name, secret, &o->arena);
    r->root = root;
    memcpy(r->secret, secret, CHANNEL_SECRET_SIZE);
}

static enum error read_asked(struct opening *o, struct diag *d) {
    const struct link_opening *q = o->asked;
    struct card theirs;
    enum error result = card_read(q->own_card, &o->arena, &o->own_card, d);
    if (result) return result;
    if (!text_equal(o->own_card.party, q->own.from)) return fail(d, ERR_INPUT, _("the own card is another party's"));
    o->channel = (struct channel){.own_party = q->own.from,
                                  .party = q->own.to,
                                  .number = q->own.number,
                                  .drill = q->own.drill,
                                  .limits = CHANNEL_LIMITS_DEFAULT};
    name_record(o, SIDE_OWN, q->own, q->own_secret, o->own_card.root);
    if (!q->theirs_known) return OK;
    result = card_read(q->their_card, &o->arena, &theirs, d);
    if (result) return result;
    if (!text_equal(theirs.party, q->own.to) || !text_equal(theirs.root, q->their_root))
        return fail(d, ERR_SIGNATURE, _("the card is not one of %.*s by the accepted root"), TEXT_ARG(q->own.to));
    name_record(o, SIDE_THEIRS, turned(q->own), q->their_secret, q->their_root);
    o->channel.invited_card = q->their_card;
    return OK;
}

/* A record whose card does not name its log key could never be verified by anyone. */
static enum error check_log_key(struct opening *o, struct diag *d) {
    const struct signer *log;
    struct text origin = o->channel.of[SIDE_OWN].origin;
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    bool named = false;
    enum error result = node_keys_make_log(o->engine->keys, origin, o->engine->random, &log, d);
    if (!result) vkey_write(signer_vkey(log), &vkey);
    for (size_t i = 0; i < o->own_card.log_count && !result; i++)
        named = named || (text_equal(o->own_card.logs[i].origin, origin) &&
                          text_equal(o->own_card.logs[i].key, buf_as_text(&vkey)));
    buf_free(&vkey);
    return result || named ? result : fail(d, ERR_NO_KEY, _("the own card does not name the log key of the record"));
}

static enum error say(struct opening *o, struct bytes content, const struct entry_follows *follows, size_t count,
                      struct diag *d) {
    uint64_t index;
    struct entry_blob blob = {sha256_of(content), content.size};
    struct own_entry entry = {
        .blobs = &blob, .contents = &content, .blob_count = 1, .follows = follows, .follows_count = count};
    return own_append(&o->engine->sync, &o->channel, &entry, o->now, &index, d);
}

/* The channel before this one is over. */
static enum error end_predecessor(struct opening *o, struct diag *d) {
    struct channel *list;
    size_t count;
    enum error result = o->channel.number > 1 ? store_channels(o->engine->store, &o->arena, &list, &count, d) : OK;
    if (result || o->channel.number < 2) return result;
    for (size_t i = 0; i < count && !result; i++)
        if (text_equal(list[i].party, o->channel.party) && list[i].drill == o->channel.drill &&
            list[i].number == o->channel.number - 1)
            result = store_set_state(o->engine->store, list[i].id, CHANNEL_FOLLOWED, list[i].why, d);
    return result;
}

static enum error open_new(struct opening *o, struct diag *d) {
    const struct link_opening *q = o->asked;
    enum error result = store_add_channel(o->engine->store, &o->channel, &o->channel.id, d);
    if (!result) result = store_channel(o->engine->store, o->channel.id, &o->arena, &o->channel, d);
    if (!result) result = say(o, q->own_card, q->follows, q->follows_count, d);
    if (!result && q->proposal.size) result = say(o, q->proposal, NULL, 0, d);
    return result ? result : end_predecessor(o, d);
}

/* An invitation that came later, before anything of their record did, may name another secret or a newer address. */
static enum error renew(struct opening *o, const struct channel *there, struct diag *d) {
    const struct channel_record *had = &there->of[SIDE_THEIRS], *theirs = &o->channel.of[SIDE_THEIRS];
    struct card before, now;
    uint64_t size;
    enum error result = store_size(o->engine->store, had->id, &size, d);
    if (result || (size && text_equal(had->origin, theirs->origin))) return result;
    if (card_read(there->invited_card, &o->arena, &before, NULL) == OK &&
        card_read(o->channel.invited_card, &o->arena, &now, d) == OK && now.serial < before.serial)
        return fail(d, ERR_CONFLICT, _("the card of %.*s is older than the one that was accepted before"),
                    TEXT_ARG(there->party));
    result = store_renew_channel(o->engine->store, there->id, theirs, o->channel.invited_card, d);
    if (result != ERR_CONFLICT) return result;
    if (text_equal(had->origin, theirs->origin)) return OK;
    return fail(d, ERR_CONFLICT, _("this channel is open with another secret of %.*s: open a successor"),
                TEXT_ARG(there->party));
}

static enum error complete(struct opening *o, const struct channel *there, struct diag *d) {
    const struct channel_record *had = &there->of[SIDE_THEIRS], *theirs = &o->channel.of[SIDE_THEIRS];
    if (!theirs->origin.size) return OK;
    if (!had->id) return store_complete_channel(o->engine->store, there->id, theirs, o->channel.invited_card, d);
    if (text_equal(had->root, theirs->root)) return renew(o, there, d);
    return fail(d, ERR_CONFLICT, _("this channel is open with another root of %.*s: open a successor"),
                TEXT_ARG(there->party));
}

static enum error find_same(struct opening *o, struct channel *out, bool *found, struct diag *d) {
    struct channel *list;
    size_t count;
    *found = false;
    enum error result = store_channels(o->engine->store, &o->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result && !*found; i++) {
        *found = text_equal(list[i].of[SIDE_OWN].name, o->channel.of[SIDE_OWN].name);
        *out = list[i];
    }
    if (!result && *found && !text_equal(out->of[SIDE_OWN].origin, o->channel.of[SIDE_OWN].origin))
        result = fail(d, ERR_CONFLICT, _("this channel is open with another secret of one's own"));
    return result;
}

enum error engine_open_channel(struct engine *e, const struct link_opening *asked, instant now, struct diag *d) {
    struct opening o = {.engine = e, .asked = asked, .now = now};
    struct channel there;
    bool found = false;
    enum error result = engine_is_lost(e, d);
    if (!result) result = read_asked(&o, d);
    if (!result) result = find_same(&o, &there, &found, d);
    if (!result && !found) result = check_log_key(&o, d);
    if (!result) result = store_begin(e->store, d);
    if (!result) result = store_end(e->store, found ? complete(&o, &there, d) : open_new(&o, d), d);
    if (!result) opened_keep(e);
    if (!result && e->woken) e->woken(e->woken_state);
    arena_free(&o.arena);
    return result;
}

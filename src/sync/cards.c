#include "sync/cards.h"

#include <string.h>

#include "record/entry.h"

/* A card of that party by that root, whatever else it says. */
static enum error read_card(struct store *s, struct bytes note, struct text party, struct text root, struct arena *a,
                            struct card *out, struct diag *d) {
    struct card card;
    struct sha256 id = sha256_of(note);
    bool known = store_knows_card(s, id);
    enum error result = known ? card_read_again(note, a, &card, d) : card_read(note, a, &card, d);
    if (result) return result;
    if (!known) store_know_card(s, id);
    if (!text_equal(card.party, party)) return fail(d, ERR_INPUT, _("the card is not one of %.*s"), TEXT_ARG(party));
    if (!text_equal(card.root, root))
        return fail(d, ERR_SIGNATURE, _("the card is signed by another root than the accepted one"));
    *out = card;
    return OK;
}

static struct text party_of(const struct channel *c, enum side side) {
    return side == SIDE_OWN ? c->own_party : c->party;
}

enum error cards_current(struct store *s, const struct channel *c, enum side side, struct arena *a, struct card *out,
                         struct diag *d) {
    const struct channel_record *record = &c->of[side];
    struct kept_card kept;
    if (!record->id) return fail(d, ERR_MISSING, _("the invitation of %.*s is not known yet"), TEXT_ARG(c->party));
    enum error result = store_card(s, record->id, UINT64_MAX, a, &kept, NULL);
    if (result == ERR_MISSING) result = store_early_card(s, record->id, a, &kept.note, NULL);
    if (result == ERR_MISSING && side == SIDE_THEIRS && c->invited_card.size) {
        kept.note = c->invited_card;
        result = OK;
    }
    if (result) return fail(d, result, _("no card of %.*s is held"), TEXT_ARG(party_of(c, side)));
    return read_card(s, kept.note, party_of(c, side), record->root, a, out, d);
}

/* The root that people accepted last: that of the channel that was opened last. */
static struct text newest_root(const struct channel *list, size_t count, struct text party) {
    const struct channel *last = NULL;
    for (size_t i = 0; i < count; i++)
        if (text_equal(list[i].party, party) && list[i].of[SIDE_THEIRS].id && (!last || list[i].id > last->id))
            last = &list[i];
    return last ? last->of[SIDE_THEIRS].root : TEXT("");
}

/* What a root signed that is not accepted any more pins nobody, whatever its serial. */
enum error cards_newest(struct store *s, struct text party, struct arena *a, struct card *out, struct diag *d) {
    struct channel *list;
    size_t count;
    bool found = false;
    enum error result = store_channels(s, a, &list, &count, d);
    struct text root = result ? TEXT("") : newest_root(list, count, party);
    for (size_t i = 0; i < count && !result; i++) {
        struct card card;
        if (!text_equal(list[i].party, party) || !text_equal(list[i].of[SIDE_THEIRS].root, root) ||
            cards_current(s, &list[i], SIDE_THEIRS, a, &card, NULL))
            continue;
        if (!found || card.serial > out->serial) *out = card;
        found = true;
    }
    if (result || found) return result;
    return fail(d, ERR_MISSING, _("no card of %.*s is held"), TEXT_ARG(party));
}

/* ---- what takes effect */

static bool follows(const struct card *next, uint64_t index, const struct kept_card *before) {
    if (!index) return true;
    struct sha256 id = sha256_of(before->note);
    char hex[SHA256_HEX];
    return before->note.size && next->serial == before->serial + 1 && text_equal(next->previous, sha256_hex(&id, hex));
}

/* The sole blob of an entry, in the arena; size 0 where there is none that can be a card. */
static enum error sole_blob(struct store *s, int64_t channel, struct bytes leaf, struct arena *a, struct bytes *out,
                            struct diag *d) {
    struct entry e;
    struct buf blob = {.max = CARD_MAX_BYTES};
    *out = bytes_of(NULL, 0);
    if (entry_read(leaf, a, &e, NULL) || e.blob_count != 1 || e.blobs[0].size > CARD_MAX_BYTES) return OK;
    enum error result = store_get_blob(s, channel, e.blobs[0].sha, 0, e.blobs[0].size, &blob, d);
    if (!result && blob.size == e.blobs[0].size) *out = arena_bytes(a, buf_as_bytes(&blob));
    buf_free(&blob);
    return result == ERR_MISSING ? OK : result;
}

static enum error apply_one(struct store *s, const struct channel *c, enum side side, uint64_t index, struct bytes leaf,
                            struct arena *a, struct diag *d) {
    const struct channel_record *record = &c->of[side];
    struct kept_card before = {0};
    struct bytes note;
    struct card card;
    enum error result = sole_blob(s, c->id, leaf, a, &note, d);
    if (result || !note.size || read_card(s, note, party_of(c, side), record->root, a, &card, NULL)) return result;
    result = store_card(s, record->id, index, a, &before, NULL);
    if (result && result != ERR_MISSING) return fail(d, result, _("could not read a card"));
    if (!follows(&card, index, &before)) return OK;
    return store_put_card(s, record->id, &(struct kept_card){index, card.serial, note}, d);
}

enum error cards_apply(struct store *s, const struct channel *c, enum side side, uint64_t from, uint64_t to,
                       struct diag *d) {
    enum error result = OK;
    for (uint64_t index = from; index < to && !result; index++) {
        struct arena a = {0};
        struct bytes *leaves;
        size_t got;
        result = store_leaves(s, c->of[side].id, index, 1, UINT64_MAX, &a, &leaves, &got, d);
        if (!result && got) result = apply_one(s, c, side, index, leaves[0], &a, d);
        arena_free(&a);
    }
    return result;
}

enum error cards_early(struct store *s, const struct channel *c, struct bytes blob, struct diag *d) {
    const struct channel_record *theirs = &c->of[SIDE_THEIRS];
    struct arena a = {0};
    struct card card;
    uint64_t size = 0;
    bool names = false;
    enum error result = blob.size > CARD_MAX_BYTES ? OK : store_size(s, theirs->id, &size, d);
    if (!result && !size && blob.size <= CARD_MAX_BYTES &&
        read_card(s, blob, c->party, theirs->root, &a, &card, NULL) == OK)
        for (size_t i = 0; i < card.log_count && !names; i++) names = text_equal(card.logs[i].origin, theirs->origin);
    if (!result && names) result = store_put_early_card(s, theirs->id, blob, d);
    arena_free(&a);
    return result;
}

/* ---- keys and pins */

enum error cards_log_keys(struct store *s, const struct channel *c, enum side side, struct arena *a,
                          struct vkey out[static LOG_KEYS_MAX], size_t *count, struct diag *d) {
    struct card card;
    size_t found = 0;
    enum error result = cards_current(s, c, side, a, &card, d);
    if (result && result != ERR_MISSING) return result;
    for (size_t i = 0; !result && i < card.log_count && found < LOG_KEYS_MAX; i++)
        if (text_equal(card.logs[i].origin, c->of[side].origin) && vkey_read(card.logs[i].key, &out[found], NULL) == OK)
            found++;
    *count = found;
    return OK;
}

static enum error pin_fits(struct store *s, struct text party, struct text pin, struct arena *a, bool *fits,
                           struct diag *d) {
    struct card card;
    enum error result = cards_newest(s, party, a, &card, d);
    *fits = !result && pin.size && names_have(card.tls, pin);
    return result == ERR_MISSING ? OK : result;
}

enum error cards_pin_fits(struct store *s, const struct channel *c, struct text pin, bool *fits, struct diag *d) {
    struct arena a = {0};
    enum error result = pin_fits(s, c->party, pin, &a, fits, d);
    arena_free(&a);
    return result;
}

enum error cards_pin_known(struct store *s, struct text pin, bool *known, struct diag *d) {
    struct arena a = {0};
    struct channel *list;
    size_t count = 0;
    bool found = false;
    enum error result = store_channels(s, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result && !found; i++)
        if (!i || !text_equal(list[i].party, list[i - 1].party))
            result = pin_fits(s, list[i].party, pin, &a, &found, d);
    if (!result) *known = found;
    arena_free(&a);
    return result;
}

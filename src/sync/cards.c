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

/* Who runs a mirror is handed cards as well: of the record's and of those the one with the higher serial speaks. */
static struct bytes later(struct bytes kept, struct bytes handed, struct arena *a) {
    struct card one, other;
    bool is = card_read_again(kept, a, &one, NULL) == OK && card_read_again(handed, a, &other, NULL) == OK &&
              other.serial > one.serial;
    return is ? handed : kept;
}

/* The card that speaks for one side of a channel, as it is kept. */
static enum error current_note(struct store *s, const struct channel *c, enum side side, struct arena *a,
                               struct bytes *out, struct diag *d) {
    const struct channel_record *record = &c->of[side];
    struct kept_card kept;
    if (!record->id) return fail(d, ERR_MISSING, _("the invitation of %.*s is not known yet"), TEXT_ARG(c->party));
    enum error result = store_card(s, record->id, UINT64_MAX, a, &kept, NULL);
    if (result == ERR_MISSING) result = store_early_card(s, record->id, a, &kept.note, NULL);
    if (!result && c->state == CHANNEL_MIRRORED && side == SIDE_THEIRS)
        kept.note = later(kept.note, c->invited_card, a);
    if (result == ERR_MISSING && side == SIDE_THEIRS && c->invited_card.size) {
        kept.note = c->invited_card;
        result = OK;
    }
    if (result) return fail(d, result, _("no card of %.*s is held"), TEXT_ARG(party_of(c, side)));
    *out = kept.note;
    return OK;
}

enum error cards_current(struct store *s, const struct channel *c, enum side side, struct arena *a, struct card *out,
                         struct diag *d) {
    struct bytes note;
    enum error result = current_note(s, c, side, a, &note, d);
    return result ? result : read_card(s, note, party_of(c, side), c->of[side].root, a, out, d);
}

/* The root that people accepted last: that of the channel that was opened last. */
static struct text newest_root(const struct channel *list, size_t count) {
    const struct channel *last = NULL;
    for (size_t i = 0; i < count; i++)
        if (list[i].of[SIDE_THEIRS].id && (!last || list[i].id > last->id)) last = &list[i];
    return last ? last->of[SIDE_THEIRS].root : TEXT("");
}

/* What a root signed that is not accepted any more pins nobody, whatever its serial. */
enum error cards_shown(struct store *s, struct text party, struct arena *a, struct shown_cards *out, struct diag *d) {
    struct channel *list;
    size_t count;
    struct hasher *h;
    enum error result = store_channels_with(s, party, a, &list, &count, d);
    if (result) return result;
    *out = (struct shown_cards){s, party, newest_root(list, count), ARENA_ARRAY(a, struct bytes, count), 0, {{0}}};
    h = hasher_new();
    hasher_add(h, bytes_of(out->root.at, out->root.size));
    for (size_t i = 0; i < count; i++) {
        struct bytes note;
        if (!text_equal(list[i].of[SIDE_THEIRS].root, out->root) ||
            current_note(s, &list[i], SIDE_THEIRS, a, &note, NULL))
            continue;
        struct sha256 id = sha256_of(note);
        hasher_add(h, sha256_bytes(&id));
        out->notes[out->count++] = note;
    }
    out->hash = hasher_end(h);
    return OK;
}

enum error cards_newest_of(const struct shown_cards *shown, struct arena *a, struct card *out, struct diag *d) {
    bool found = false;
    for (size_t i = 0; i < shown->count; i++) {
        struct card card;
        if (read_card(shown->store, shown->notes[i], shown->party, shown->root, a, &card, NULL)) continue;
        if (!found || card.serial > out->serial) *out = card;
        found = true;
    }
    return found ? OK : fail(d, ERR_MISSING, _("no card of %.*s is held"), TEXT_ARG(shown->party));
}

enum error cards_newest(struct store *s, struct text party, struct arena *a, struct card *out, struct diag *d) {
    struct shown_cards shown;
    enum error result = cards_shown(s, party, a, &shown, d);
    return result ? result : cards_newest_of(&shown, a, out, d);
}

/* ---- what takes effect */

static bool follows(const struct card *next, uint64_t index, const struct kept_card *before) {
    if (!index) return true;
    struct sha256 id = sha256_of(before->note);
    char hex[SHA256_HEX];
    return before->note.size && next->serial == before->serial + 1 && text_equal(next->previous, sha256_hex(&id, hex));
}

bool cards_may_be(struct bytes blob) { return text_starts(text_from_bytes(blob), TEXT("parley card v")); }

bool cards_takes_effect(struct store *s, const struct channel *c, enum side side, uint64_t index, struct bytes note,
                        const struct kept_card *before, struct arena *a, struct card *out) {
    return read_card(s, note, party_of(c, side), c->of[side].root, a, out, NULL) == OK && follows(out, index, before);
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
    if (result || !note.size) return result;
    result = store_card(s, record->id, index, a, &before, NULL);
    if (result && result != ERR_MISSING) return fail(d, result, _("could not read a card"));
    if (!cards_takes_effect(s, c, side, index, note, &before, a, &card)) return OK;
    return store_put_card(s, record->id, &(struct kept_card){index, card.serial, note}, d);
}

/* The entries of one block from the first on that carries a blob; *index is then that of the next which does. */
static enum error apply_some(struct store *s, const struct channel *c, enum side side, uint64_t *index, uint64_t to,
                             struct diag *d) {
    enum { AT_ONCE = 256, BYTES_AT_ONCE = 1 << 20 };
    const uint64_t from = *index, left = AT_ONCE - from % AT_ONCE;
    struct arena a = {0};
    struct bytes *leaves;
    size_t got = 0;
    enum error result =
        store_leaves(s, c->of[side].id, from, to - from < left ? to - from : left, BYTES_AT_ONCE, &a, &leaves, &got, d);
    if (!result && !got) result = store_next_with_blob(s, c->of[side].id, from + 1, index, d); /* it is missing */
    while (!result && *index < from + got) {
        struct arena one = {0};
        result = apply_one(s, c, side, *index, leaves[*index - from], &one, d);
        arena_free(&one);
        if (!result) result = store_next_with_blob(s, c->of[side].id, *index + 1, index, d);
    }
    arena_free(&a);
    return result;
}

enum error cards_apply(struct store *s, const struct channel *c, enum side side, uint64_t from, uint64_t to,
                       struct diag *d) {
    uint64_t index;
    enum error result = store_next_with_blob(s, c->of[side].id, from, &index, d); /* mostly few have one */
    while (!result && index < to) result = apply_some(s, c, side, &index, to, d);
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

/* ---- keys */

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

#include "sync/fsck.h"

#include "record/entry.h"
#include "sync/cards.h"
#include "tlog/cosignature.h"

enum { KEYS_MAX = 4096 };

struct keys {
    struct vkey *at;
    size_t count, room;
};

struct signatures {
    struct store *store;
    const struct channel *channel;
    struct fsck *fsck;
    struct arena arena;
    struct keys logs[2], mirrors[2]; /* by side, over all cards */
};

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

/* ---- keys */

static void add_key(struct signatures *g, struct keys *list, struct text vkey) {
    struct vkey key;
    if (list->count == KEYS_MAX || vkey_read(vkey, &key, NULL)) return;
    for (size_t i = 0; i < list->count; i++)
        if (vkey_equal(&list->at[i], &key)) return;
    list->at = arena_grow(&g->arena, list->at, list->count, &list->room, sizeof *list->at);
    list->at[list->count++] = key;
}

static void add_card(struct signatures *g, enum side side, const struct card *card) {
    for (size_t i = 0; i < card->mirrors.count; i++) add_key(g, &g->mirrors[side], card->mirrors.at[i]);
    for (size_t i = 0; i < card->log_count; i++)
        if (text_equal(card->logs[i].origin, g->channel->of[side].origin))
            add_key(g, &g->logs[side], card->logs[i].key);
}

/* ---- cards */

/* Whether a kept card is the blob that its entry names. */
static bool is_of_entry(struct signatures *g, enum side side, const struct kept_card *kept) {
    struct bytes *leaves;
    size_t got;
    struct entry e;
    struct sha256 sha = sha256_of(kept->note);
    return store_leaves(g->store, g->channel->of[side].id, kept->index, 1, UINT64_MAX, &g->arena, &leaves, &got,
                        NULL) == OK &&
           got && entry_read(leaves[0], &g->arena, &e, NULL) == OK && e.blob_count == 1 &&
           sha256_equal(e.blobs[0].sha, sha);
}

static void check_card(struct signatures *g, enum side side, const struct kept_card *kept) {
    const struct channel *c = g->channel;
    struct card card;
    bool good = card_read(kept->note, &g->arena, &card, NULL) == OK && text_equal(card.root, c->of[side].root) &&
                text_equal(card.party, side == SIDE_OWN ? c->own_party : c->party) && card.serial == kept->serial;
    if (!good || !is_of_entry(g, side, kept))
        fsck_tell(g->fsck, FAULT_CARD, side, c->of[side].name,
                  _("the card of entry %llu, as it is kept, is not the one that its entry carries, signed by the root"),
                  number(kept->index));
    if (good) add_card(g, side, &card);
}

static enum error check_cards(struct signatures *g, enum side side, struct diag *d) {
    struct kept_card *list;
    size_t count = 0;
    struct card current;
    enum error result = fsck_cards(g->store, g->channel->of[side].id, &g->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) check_card(g, side, &list[i]);
    /* One that came ahead of its entry, or that of the invitation. */
    if (!result && cards_current(g->store, g->channel, side, &g->arena, &current, NULL) == OK)
        add_card(g, side, &current);
    if (!result && side == SIDE_THEIRS && card_read(g->channel->invited_card, &g->arena, &current, NULL) == OK &&
        text_equal(current.root, g->channel->of[side].root))
        add_card(g, side, &current);
    return result;
}

/* ---- checkpoints */

static const char *kind_words(enum checkpoint_kind k) {
    switch (k) {
    case CHECKPOINT_SIGNED: return _("the signed checkpoint");
    case CHECKPOINT_PENDING: return _("the pending checkpoint");
    case CHECKPOINT_MIRROR: return _("the mirrored checkpoint");
    case CHECKPOINT_COSIGNED: return _("the witnessed checkpoint");
    case CHECKPOINT_SHOWN: break;
    }
    return _("the checkpoint that was shown");
}

static void check_checkpoint(struct signatures *g, enum side side, const struct any_checkpoint *c) {
    const struct channel_record *r = &g->channel->of[side];
    struct signed_checkpoint at;
    struct diag why = {0};
    enum error result =
        checkpoint_open(c->at.note, r->origin, g->logs[side].at, g->logs[side].count, &g->arena, &at, &why);
    g->fsck->checkpoints++;
    if (result)
        fsck_tell(g->fsck, FAULT_CHECKPOINT, side, r->name, "%s, %llu: %s", kind_words(c->kind), number(c->at.size),
                  why.text);
    else if (at.at.size != c->at.size || !sha256_equal(at.at.root, c->at.root))
        fsck_tell(g->fsck, FAULT_CHECKPOINT, side, r->name, _("%s, %llu: it is kept under another size or root"),
                  kind_words(c->kind), number(c->at.size));
}

/* ---- cosignatures */

/* The text that was cosigned: that of the checkpoint where it is kept, as it may have lines of its own. */
static struct text cosigned_text(struct signatures *g, enum side side, const struct kept_receipt *r) {
    struct kept_checkpoint kept;
    struct note note;
    enum checkpoint_kind kind = side == SIDE_OWN ? CHECKPOINT_SIGNED : CHECKPOINT_MIRROR;
    const struct channel_record *record = &g->channel->of[side];
    if (store_checkpoint(g->store, record->id, kind, PICK_AT, r->size, &g->arena, &kept, NULL) == OK &&
        sha256_equal(kept.root, r->root) && note_read(kept.note, &g->arena, &note, NULL) == OK)
        return note.text;
    struct buf text = {.max = CHECKPOINT_MAX_BYTES};
    checkpoint_write(&(struct checkpoint){record->origin, r->size, r->root}, &text);
    struct text made = arena_text(&g->arena, buf_as_text(&text));
    buf_free(&text);
    return made;
}

static bool receipt_holds(struct signatures *g, enum side side, const struct kept_receipt *r) {
    const struct keys *keys = &g->mirrors[side == SIDE_OWN ? SIDE_THEIRS : SIDE_OWN];
    struct note_signature signature;
    instant stamp;
    if (note_read_signature(r->line, &g->arena, &signature, NULL)) return false;
    struct text text = cosigned_text(g, side, r);
    for (size_t i = 0; i < keys->count; i++)
        if (cosignature_verify(&signature, &keys->at[i], text, &stamp, NULL) == OK) return stamp == r->stamp;
    return false;
}

static enum error check_receipts(struct signatures *g, enum side side, struct diag *d) {
    struct kept_receipt *list;
    size_t count = 0;
    const struct channel_record *record = &g->channel->of[side];
    enum error result = fsck_receipts(g->store, record->id, &g->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        g->fsck->receipts++;
        if (!receipt_holds(g, side, &list[i]))
            fsck_tell(g->fsck, FAULT_RECEIPT, side, record->name,
                      _n("the receipt for %llu entry is not a cosignature by a mirror key of a card",
                         "the receipt for %llu entries is not a cosignature by a mirror key of a card", list[i].size),
                      number(list[i].size));
    }
    return result;
}

static enum error check_checkpoints(struct signatures *g, enum side side, struct diag *d) {
    struct any_checkpoint *list;
    size_t count = 0;
    enum error result = fsck_checkpoints(g->store, g->channel->of[side].id, &g->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) check_checkpoint(g, side, &list[i]);
    return result;
}

static enum error check_signatures(struct signatures *g, struct diag *d) {
    enum error result = OK;
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !result; side++)
        if (g->channel->of[side].id) result = check_cards(g, side, d);
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS && !result; side++) {
        if (!g->channel->of[side].id) continue;
        result = check_checkpoints(g, side, d);
        if (!result) result = check_receipts(g, side, d);
    }
    return result;
}

/* ---- all of it */

/* What SQLite itself calls damaged is a fault like others. */
static enum error or_fault(enum error result, const struct channel *c, struct fsck *f, struct diag *d) {
    if (result != ERR_INPUT || !d) return result;
    fsck_tell(f, FAULT_DATABASE, SIDE_OWN, c->of[SIDE_OWN].name, "%s", d->text);
    *d = (struct diag){0};
    return OK;
}

enum error fsck_channel(struct store *s, const struct channel *c, struct text mirror, struct fsck *f, struct diag *d) {
    struct signatures g = {.store = s, .channel = c, .fsck = f};
    add_key(&g, &g.mirrors[SIDE_OWN], mirror);
    enum error result = or_fault(fsck_record(s, c, SIDE_OWN, f, d), c, f, d);
    if (!result) result = or_fault(fsck_record(s, c, SIDE_THEIRS, f, d), c, f, d);
    if (!result) result = or_fault(fsck_blobs(s, c, f, d), c, f, d);
    if (!result) result = or_fault(check_signatures(&g, d), c, f, d);
    arena_free(&g.arena);
    return result;
}

#include "sync/fsck.h"

#include "record/entry.h"
#include "sync/cards.h"
#include "tlog/cosignature.h"

enum { KEYS_MAX = 4096 };

struct keys {
    struct vkey *at;
    uint64_t *since; /* the entry of the first card that names it */
    size_t count, room, since_room;
};

struct signatures {
    struct store *store;
    const struct channel *channel;
    struct fsck *fsck;
    struct arena arena;
    struct keys logs[2], mirrors[2]; /* by side, over all cards */
    struct vkey *some;               /* as many as any of them has */
    size_t some_room;
};

static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

/* ---- keys */

static void add_key(struct signatures *g, struct keys *list, struct text vkey, uint64_t since) {
    struct vkey key;
    if (list->count == KEYS_MAX || vkey_read(vkey, &key, NULL)) return;
    for (size_t i = 0; i < list->count; i++)
        if (vkey_equal(&list->at[i], &key)) return;
    list->at = arena_grow(&g->arena, list->at, list->count, &list->room, sizeof *list->at);
    list->since = arena_grow(&g->arena, list->since, list->count, &list->since_room, sizeof *list->since);
    list->since[list->count] = since;
    list->at[list->count++] = key;
}

static void add_card(struct signatures *g, enum side side, const struct card *card, uint64_t since) {
    for (size_t i = 0; i < card->mirrors.count; i++) add_key(g, &g->mirrors[side], card->mirrors.at[i], since);
    for (size_t i = 0; i < card->log_count; i++)
        if (text_equal(card->logs[i].origin, g->channel->of[side].origin))
            add_key(g, &g->logs[side], card->logs[i].key, since);
}

/* Those that cards in the first `size` entries name. */
static size_t keys_before(struct signatures *g, const struct keys *list, uint64_t size) {
    size_t count = 0;
    if (g->some_room < list->count) {
        g->some_room = list->count;
        g->some = ARENA_ARRAY(&g->arena, struct vkey, g->some_room);
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->since[i] < size) g->some[count++] = list->at[i];
    return count;
}

/* ---- cards: those that take effect, by the bytes of entries and blobs, against those that are kept as such */

struct walk {
    struct signatures *all;
    enum side side;
    const struct kept_card *kept; /* by entry */
    size_t kept_count, next;      /* the first of them that was not looked at */
    struct kept_card before;      /* the one in force so far */
};

static void tell_another(const struct walk *w, uint64_t index) {
    fsck_tell(w->all->fsck, FAULT_CARD, w->side, w->all->channel->of[w->side].name,
              _("the card of entry %llu, as it is kept, is not the one that its entry carries, signed by the root"),
              number(index));
}

/* A card that no entry carries, or that takes no effect in its entry. */
static void pass_over(struct walk *w, uint64_t before) {
    for (; w->next < w->kept_count && w->kept[w->next].index < before; w->next++)
        tell_another(w, w->kept[w->next].index);
}

/* The card that an entry may carry, as it is kept or as its blob has it; none where neither is what the entry names. */
static struct bytes card_of(struct walk *w, uint64_t index, struct arena *a, const struct kept_card **kept) {
    struct store *s = w->all->store;
    const struct channel *c = w->all->channel;
    struct bytes *leaves, none = {0}, found = {0};
    struct entry e;
    size_t got;
    pass_over(w, index);
    *kept = w->next < w->kept_count && w->kept[w->next].index == index ? &w->kept[w->next++] : NULL;
    if (store_leaves(s, c->of[w->side].id, index, 1, UINT64_MAX, a, &leaves, &got, NULL) || !got ||
        entry_read(leaves[0], a, &e, NULL) || e.blob_count != 1 || e.blobs[0].size > CARD_MAX_BYTES)
        return none;
    if (*kept && sha256_equal(e.blobs[0].sha, sha256_of((*kept)->note))) return (*kept)->note;
    struct buf blob = {.max = CARD_MAX_BYTES};
    if (!*kept && store_get_blob(s, c->id, e.blobs[0].sha, 0, CARD_MAX_BYTES, &blob, NULL) == OK &&
        sha256_equal(e.blobs[0].sha, sha256_of(buf_as_bytes(&blob))))
        found = arena_bytes(a, buf_as_bytes(&blob));
    buf_free(&blob);
    return found;
}

static void look_at_card(struct walk *w, uint64_t index) {
    struct arena a = {0}, *kept_in = &w->all->arena;
    struct card card;
    const struct kept_card *kept;
    struct bytes note = card_of(w, index, &a, &kept);
    bool counts =
        note.size && cards_takes_effect(w->all->store, w->all->channel, w->side, index, note, &w->before, &a, &card);
    if (kept && (!counts || kept->serial != card.serial)) tell_another(w, index);
    if (!kept && counts)
        fsck_tell(w->all->fsck, FAULT_CARD, w->side, w->all->channel->of[w->side].name,
                  _("the card of entry %llu takes effect, and is not kept as such"), number(index));
    note = counts ? arena_bytes(kept_in, note) : note;
    if (counts && card_read_again(note, kept_in, &card, NULL) == OK) add_card(w->all, w->side, &card, index);
    if (counts) w->before = (struct kept_card){index, card.serial, note};
    arena_free(&a);
}

static enum error walk_cards(struct walk *w, uint64_t to, struct diag *d) {
    struct store *s = w->all->store;
    uint64_t index;
    int64_t record = w->all->channel->of[w->side].id;
    enum error result = store_next_with_blob(s, record, 0, &index, d);
    while (!result && index < to) {
        look_at_card(w, index);
        result = store_next_with_blob(s, record, index + 1, &index, d);
    }
    if (!result) pass_over(w, UINT64_MAX);
    return result;
}

static enum error check_cards(struct signatures *g, enum side side, struct diag *d) {
    struct walk w = {.all = g, .side = side};
    struct kept_card *list = NULL;
    struct card current;
    uint64_t to = 0;
    int64_t record = g->channel->of[side].id;
    enum error result = fsck_cards(g->store, record, &g->arena, &list, &w.kept_count, d);
    w.kept = list;
    if (!result && side == SIDE_OWN) result = store_size(g->store, record, &to, d);
    if (!result && side == SIDE_THEIRS) result = store_checkpoint_size(g->store, record, CHECKPOINT_MIRROR, &to, d);
    if (!result) result = walk_cards(&w, to, d);
    /* One that came ahead of its entry, or that of the invitation. */
    if (!result && cards_current(g->store, g->channel, side, &g->arena, &current, NULL) == OK)
        add_card(g, side, &current, 0);
    if (!result && side == SIDE_THEIRS && card_read(g->channel->invited_card, &g->arena, &current, NULL) == OK &&
        text_equal(current.root, g->channel->of[side].root))
        add_card(g, side, &current, 0);
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
    size_t count = keys_before(g, &g->logs[side], c->at.size);
    enum error result = checkpoint_open(c->at.note, r->origin, g->some, count, &g->arena, &at, &why);
    g->fsck->checkpoints++;
    g->fsck->place = (struct fault_place){.number = c->at.size, .of = c->kind};
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
        g->fsck->place = (struct fault_place){.number = list[i].size, .line = list[i].line};
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
    struct tree right[2] = {0};
    add_key(&g, &g.mirrors[SIDE_OWN], mirror, 0);
    f->place = (struct fault_place){0};
    enum error result = or_fault(fsck_record(s, c, SIDE_THEIRS, right, f, d), c, f, d);
    if (!result) result = or_fault(fsck_record(s, c, SIDE_OWN, right, f, d), c, f, d);
    for (int side = 0; side < 2; side++) tree_free(&right[side]);
    if (!result) result = or_fault(fsck_state(s, c, f, d), c, f, d);
    if (!result) result = or_fault(fsck_blobs(s, c, f, d), c, f, d);
    if (!result) result = or_fault(check_signatures(&g, d), c, f, d);
    arena_free(&g.arena);
    return result;
}

/* Raw leaves to leaves: three passes.  Entries are read and their first blobs looked at; then the trees stand, and what
 * speaks of a tree is compared; then cosignatures are verified by the keys of all good cards. */
#include "record/verify.h"

#include <inttypes.h>
#include <string.h>

#include "base/map.h"
#include "record/cut.h"
#include "tlog/cosignature.h"

static const struct text card_front = {"parley card v1\n", 15};

struct mirror_key {
    struct text spelled; /* as the card spells it */
    struct vkey key;
    struct mirror_key *next; /* of the same name and id */
};

struct working_record {
    const struct raw_record *raw;
    const struct record_before *before; /* NULL: all leaves are given */
    struct leaf *leaves;
    struct entry *entries;
    struct tree made; /* where no tree was given */
    struct tree_reader reader;
    uint64_t size; /* of the whole record */
};

struct work {
    const struct raw_channel *raw;
    struct arena *arena;
    struct working_record *records[2];
    struct map mirrors[2]; /* "<id> <name>" to struct mirror_key, of the good cards of each party */
    enum error broken;     /* a tree that was given could not be read */
    struct diag *diag;
};

bool blob_is_card(struct bytes front) { return text_starts(text_from_bytes(front), card_front); }

/* ---- entries */

static struct text hex_of(struct sha256 sha, struct arena *a) {
    char hex[SHA256_HEX];
    return arena_text(a, sha256_hex(&sha, hex));
}

static struct names hex_names(const struct sha256 *at, size_t count, struct arena *a) {
    struct text *names = ARENA_ARRAY(a, struct text, count);
    for (size_t i = 0; i < count; i++) names[i] = hex_of(at[i], a);
    return (struct names){names, count};
}

static struct names attachment_names(const struct entry *e, struct arena *a) {
    if (e->blob_count < 2) return (struct names){NULL, 0};
    struct text *names = ARENA_ARRAY(a, struct text, e->blob_count - 1);
    for (size_t i = 1; i < e->blob_count; i++) names[i - 1] = hex_of(e->blobs[i].sha, a);
    return (struct names){names, e->blob_count - 1};
}

/* What only entry 0 may say, it alone says; and it says which record it begins. */
static bool in_its_place(const struct entry *e, uint64_t index, struct text channel) {
    return index ? !e->channel.size && !e->follows_count : text_equal(e->channel, channel);
}

static void read_leaf(struct work *w, struct working_record *r, uint64_t index) {
    struct leaf *leaf = &r->leaves[index];
    struct entry *e = &r->entries[index];
    if (entry_read(r->raw->leaves[index], w->arena, e, NULL) ||
        !in_its_place(e, index + (r->before ? r->before->from : 0), r->raw->channel)) {
        *e = (struct entry){.time = INSTANT_NONE};
        *leaf = (struct leaf){.time = INSTANT_NONE, .malformed = true, .blob_ok = true};
        return;
    }
    *leaf = (struct leaf){.time = e->time,
                          .erase = hex_names(e->erase, e->erase_count, w->arena),
                          .attachments = attachment_names(e, w->arena),
                          .has_message = e->blob_count > 0,
                          .blob_ok = true};
}

/* ---- first blobs */

static void add_mirrors(struct map *mirrors, const struct card *card) {
    for (size_t i = 0; i < card->mirrors.count; i++) {
        struct mirror_key *new = ARENA_NEW(mirrors->arena, struct mirror_key), **same;
        new->spelled = card->mirrors.at[i];
        if (vkey_read(new->spelled, &new->key, NULL)) continue;
        same = (struct mirror_key **)map_put(
            mirrors, arena_format(mirrors->arena, "%08" PRIx32 " %.*s", new->key.id, TEXT_ARG(new->key.name)));
        struct mirror_key *at = *same;
        while (at && !vkey_equal(&at->key, &new->key)) at = at->next;
        if (at) continue;
        new->next = *same;
        *same = new;
    }
}

/* A card that can't be read is one all the same: it is named, and not verified. */
static void read_card(struct work *w, unsigned party, const struct working_record *r, struct leaf *leaf,
                      struct sha256 name, struct bytes whole) {
    struct card *card = ARENA_NEW(w->arena, struct card);
    leaf->has_message = false;
    leaf->card = card;
    if (card_read(arena_bytes(w->arena, whole), w->arena, card, NULL)) {
        *card = (struct card){.id = hex_of(name, w->arena)};
        return;
    }
    leaf->card_ok = r->raw->root.size && text_equal(card->root, r->raw->root) &&
                    text_equal(card->party, w->raw->parties[party].party);
    if (leaf->card_ok) add_mirrors(&w->mirrors[party], card);
}

/* Sealed messages are not read, only measured; the front tells them from cards. */
static enum error look_at_blob(struct work *w, unsigned party, struct working_record *r, uint64_t index,
                               struct diag *d) {
    const struct entry *e = &r->entries[index];
    struct leaf *leaf = &r->leaves[index];
    const struct blob_source *blobs = &w->raw->blobs;
    if (!e->blob_count) return OK;
    struct bytes front = {0};
    uint64_t size = 0;
    enum error result = blobs->front(blobs->state, e->blobs[0].sha, card_front.size, w->arena, &front, &size, d);
    if (result) return result == ERR_MISSING ? OK : result;
    leaf->blob_ok = size == e->blobs[0].size;
    if (!blob_is_card(front)) return OK;
    if (size <= CARD_MAX_BYTES) result = blobs->front(blobs->state, e->blobs[0].sha, size, w->arena, &front, &size, d);
    if (!result) read_card(w, party, r, leaf, e->blobs[0].sha, front);
    return result;
}

/* ---- what speaks of a tree */

/* Roots are asked for in growing sizes, mostly the same one over and over. */
struct root_cache {
    struct work *work;
    const struct working_record *record; /* NULL: of a record without entries, if `mirrored` is false; else of none */
    bool mirrored, known;
    uint64_t size;
    struct sha256 root;
};

static bool is_root(struct root_cache *c, struct entry_size at) {
    struct work *w = c->work;
    uint64_t held = c->record ? c->record->size : 0;
    if ((!c->record && c->mirrored) || at.size > held || w->broken) return false;
    if (!c->known || at.size != c->size) {
        struct tree_reader none = {0};
        w->broken = tree_root(c->record ? &c->record->reader : &none, at.size, &c->root, w->diag);
    }
    c->known = !w->broken;
    c->size = at.size;
    return c->known && sha256_equal(c->root, at.root);
}

static const struct working_record *record_of_channel(const struct work *w, struct text channel) {
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < w->raw->parties[p].count; g++)
            if (text_equal(w->records[p][g].raw->channel, channel)) return &w->records[p][g];
    return NULL;
}

static void check_follows(struct work *w, const struct entry *e, struct leaf *leaf) {
    struct leaf_follows *follows = ARENA_ARRAY(w->arena, struct leaf_follows, e->follows_count);
    for (size_t i = 0; i < e->follows_count; i++) {
        const struct entry_follows *f = &e->follows[i];
        struct root_cache cache = {.work = w, .record = record_of_channel(w, f->channel), .mirrored = true};
        follows[i] = (struct leaf_follows){f->channel, f->at.size, is_root(&cache, f->at)};
    }
    leaf->follows = follows;
    leaf->follows_count = e->follows_count;
}

/* ---- receipts */

/* By name and id it is the key's; whether it is the key's signature is then asked. */
static void check_cosignature(struct work *w, const struct map *mirrors, const struct working_record *r,
                              const struct entry_receipt *receipt, struct leaf_receipt *out) {
    struct note_signature s;
    struct buf text = {.max = CHECKPOINT_MAX_BYTES};
    if (note_read_signature(receipt->line, w->arena, &s, NULL)) return;
    char *wanted = arena_string(w->arena, arena_format(w->arena, "%08" PRIx32 " %.*s", s.id, TEXT_ARG(s.name)));
    const struct mirror_key *mirror = map_get(mirrors, text_of(wanted));
    checkpoint_write(&(struct checkpoint){r->raw->origin, receipt->at.size, receipt->at.root}, &text);
    for (; mirror && !out->ok && !text.failed; mirror = mirror->next) {
        out->key = mirror->spelled;
        out->ok = cosignature_verify(&s, &mirror->key, buf_as_text(&text), &out->stamp, NULL) == OK;
    }
    buf_free(&text);
}

static void check_receipts(struct work *w, unsigned party, struct working_record *r, uint64_t index,
                           struct root_cache *roots) {
    const struct entry *e = &r->entries[index];
    struct leaf_receipt *receipts = ARENA_ARRAY(w->arena, struct leaf_receipt, e->receipt_count);
    for (size_t i = 0; i < e->receipt_count; i++) {
        receipts[i] = (struct leaf_receipt){.size = e->receipts[i].at.size, .stamp = INSTANT_NONE};
        if (is_root(roots, e->receipts[i].at))
            check_cosignature(w, &w->mirrors[1 - party], r, &e->receipts[i], &receipts[i]);
    }
    r->leaves[index].receipts = receipts;
    r->leaves[index].receipt_count = e->receipt_count;
}

static void check_record(struct work *w, unsigned party, size_t generation) {
    struct working_record *r = &w->records[party][generation];
    bool mirrored = generation < w->raw->parties[1 - party].count;
    struct root_cache own = {.work = w, .record = r};
    struct root_cache theirs = {.work = w, .record = mirrored ? &w->records[1 - party][generation] : NULL};
    for (uint64_t i = 0; i < r->raw->count; i++) {
        const struct entry *e = &r->entries[i];
        if (r->leaves[i].malformed) continue;
        r->leaves[i].seen = (struct leaf_seen){e->seen.size, is_root(&theirs, e->seen)};
        if (e->follows_count) check_follows(w, e, &r->leaves[i]);
        if (e->receipt_count) check_receipts(w, party, r, i, &own);
    }
}

/* ---- all of it */

static void read_record(struct work *w, struct working_record *r, const struct raw_record *raw,
                        const struct record_before *before) {
    *r = (struct working_record){.raw = raw,
                                 .before = before,
                                 .leaves = ARENA_ARRAY(w->arena, struct leaf, raw->count),
                                 .entries = ARENA_ARRAY(w->arena, struct entry, raw->count)};
    if (!before) tree_add_leaves(&r->made, raw->leaves, raw->count);
    for (uint64_t i = 0; i < raw->count; i++) read_leaf(w, r, i);
    r->reader = before ? before->tree : tree_reader(&r->made);
    r->size = before ? before->size : raw->count;
}

static enum error read_records(struct work *w, struct diag *d) {
    const struct channel_before *before = w->raw->before;
    enum error result = OK;
    for (unsigned p = 0; p < 2; p++) {
        const struct raw_party *party = &w->raw->parties[p];
        for (size_t i = 0; before && i < before->card_count[p]; i++) add_mirrors(&w->mirrors[p], before->cards[p][i]);
        for (size_t g = 0; g < party->count && !result; g++) {
            struct working_record *r = &w->records[p][g];
            read_record(w, r, &party->records[g], before ? &before->records[p][g] : NULL);
            for (uint64_t i = 0; i < r->raw->count && !result; i++) result = look_at_blob(w, p, r, i, d);
        }
    }
    return result;
}

static struct party_view party_view_of(struct work *w, unsigned party, struct verified_record **verified) {
    const struct raw_party *raw = &w->raw->parties[party];
    struct record_view *views = ARENA_ARRAY(w->arena, struct record_view, raw->count);
    *verified = ARENA_ARRAY(w->arena, struct verified_record, raw->count);
    for (size_t g = 0; g < raw->count; g++) {
        struct working_record *r = &w->records[party][g];
        views[g] = (struct record_view){r->raw->channel, r->raw->origin, r->leaves, r->raw->count};
        (*verified)[g].entries = r->entries;
        if (!w->broken) w->broken = tree_root(&r->reader, r->size, &(*verified)[g].root, w->diag);
    }
    return (struct party_view){raw->party, views, raw->count};
}

enum error channel_verify(const struct raw_channel *raw, struct arena *a, struct verified_channel *out,
                          struct diag *d) {
    struct work w = {.raw = raw, .arena = a, .diag = d};
    struct verified_channel v = {0};
    for (unsigned p = 0; p < 2; p++) {
        w.mirrors[p] = (struct map){.arena = a};
        w.records[p] = ARENA_ARRAY(a, struct working_record, raw->parties[p].count);
    }
    enum error result = read_records(&w, d);
    for (unsigned p = 0; p < 2 && !result; p++)
        for (size_t g = 0; g < raw->parties[p].count; g++) check_record(&w, p, g);
    for (unsigned p = 0; p < 2 && !result; p++) {
        struct verified_record *verified;
        v.view.parties[p] = party_view_of(&w, p, &verified);
        v.records[p] = verified;
    }
    if (!result) result = w.broken;
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < raw->parties[p].count; g++) tree_free(&w.records[p][g].made);
    if (!result) *out = v;
    return result;
}

/* What must hold, whatever happened. */
#include <stdlib.h>
#include <string.h>

#include "note/note.h"
#include "record/judge.h"
#include "record/verify.h"
#include "tlog/checkpoint.h"
#include "world.h"

enum { MARKS_LOOKED_AT = 4, LOOKS_A_ROOT = 4 };

static bool is_up(const struct party *p) { return p->store && !disk_at(p->number)->dead; }
static unsigned long long llu(uint64_t n) { return n; }

/* Whether the record holds that many entries with that root; false, too, where the disk fails just now. */
static void must_hold(struct seat *s, int64_t record, const struct mark *m, const char *what) {
    struct sha256 root;
    struct world *w = s->who->world;
    if (!m->size) return;
    enum error result = store_root(s->who->store, record, m->size, &root, NULL);
    w->counts.checks++;
    if (result == ERR_MISSING)
        violated(w, "party %u, channel %u: %s up to %llu is lost", s->who->number, s->number, what, llu(m->size));
    else if (!result && !sha256_equal(root, m->root))
        violated(w, "party %u, channel %u: %s up to %llu has another root", s->who->number, s->number, what,
                 llu(m->size));
}

/* No event of this world is a reason to freeze an honest party's channel. */
static void must_be_open(struct seat *s) {
    struct arena a = {0};
    struct channel c;
    if (!store_channel(s->who->store, s->channel, &a, &c, NULL) && c.state != CHANNEL_OPEN &&
        c.state != CHANNEL_FOLLOWED && !s->lied && !s->restored && !s->other->lied)
        violated(s->who->world, "party %u, channel %u: %s is blamed: %s", s->who->number, s->number,
                 channel_state_word(c.state), c.why.size ? c.why.at : "");
    arena_free(&a);
}

static void take(struct seat *s, int64_t record, struct mark *m) {
    uint64_t size;
    struct sha256 root;
    if (store_size(s->who->store, record, &size, NULL) || store_root(s->who->store, record, size, &root, NULL)) return;
    *m = (struct mark){size, root};
}

/* A root costs more than it should at each step of a long run: only the size is looked at each time. */
static void must_not_shrink(struct seat *s, int64_t record, int side) {
    uint64_t size;
    if (store_size(s->who->store, record, &size, NULL)) return;
    if (size < s->sizes[side])
        violated(s->who->world, "party %u, channel %u: a record fell from %llu to %llu entries", s->who->number,
                 s->number, llu(s->sizes[side]), llu(size));
    s->sizes[side] = size;
}

void check_seat(struct seat *s) {
    if (!s->own || !is_up(s->who) || s->lied || s->restored) return;
    int64_t record[2] = {s->own, s->theirs};
    bool thorough = s->looked++ % LOOKS_A_ROOT == 0;
    must_be_open(s);
    for (int side = 0; side < 2; side++) {
        must_not_shrink(s, record[side], side);
        if (!thorough) continue;
        must_hold(s, record[side], &s->held[side], side ? "what was held of theirs" : "what was said");
        take(s, record[side], &s->held[side]);
    }
    if (!thorough) return;
    must_hold(s, s->theirs, &s->promised, "what was cosigned of theirs");
    for (size_t i = 0; i < MARKS_LOOKED_AT && i < s->left_count; i++)
        must_hold(s, s->own, &s->left[s->left_count - 1 - i], "what was signed");
}

/* After a backup was put back, what left before it may be signed otherwise where the other side never kept it, as on a
 * full disk: then nothing was promised.  Where it did keep it, must_be_open sees at the other side that it is blamed.
 */
void check_left(struct seat *owner, struct bytes whole) {
    struct arena a = {0};
    struct note note;
    struct checkpoint at;
    struct world *w = owner->who->world;
    size_t i = owner->left_count;
    if (!note_read(whole, &a, &note, NULL) && !checkpoint_read(note.text, &at, NULL) && !owner->lied &&
        !owner->restored) {
        while (i && owner->left[i - 1].size > at.size) i--;
        bool known = i && owner->left[i - 1].size == at.size;
        if (known && !sha256_equal(owner->left[i - 1].root, at.root))
            violated(w, "party %u, channel %u: two roots were signed at %llu", owner->who->number, owner->number,
                     llu(at.size));
        if (!known) {
            if (owner->left_count == owner->left_room) {
                owner->left_room = owner->left_room ? 2 * owner->left_room : 16;
                owner->left = realloc(owner->left, owner->left_room * sizeof *owner->left);
                ASSERT(owner->left);
            }
            memmove(owner->left + i + 1, owner->left + i, (owner->left_count++ - i) * sizeof *owner->left);
            owner->left[i] = (struct mark){at.size, at.root};
            must_hold(owner, owner->own, &owner->left[i], "what is signed");
        }
    }
    arena_free(&a);
}

void check_promised(struct seat *s) {
    struct arena a = {0};
    struct kept_checkpoint at;
    enum error result = store_checkpoint(s->who->store, s->theirs, CHECKPOINT_MIRROR, PICK_NEWEST, 0, &a, &at, NULL);
    if (!result && at.size > s->promised.size) s->promised = (struct mark){at.size, at.root};
    arena_free(&a);
}

/* ---- the rules, asked at both sides */

static enum error front_of(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                           uint64_t *size, struct diag *d) {
    struct seat *s = state;
    struct buf blob = {.max = max};
    struct blob_about about;
    enum error result = store_blob_about(s->who->store, s->channel, name, &about, d);
    if (!result) result = store_get_blob(s->who->store, s->channel, name, 0, max, &blob, d);
    if (!result) {
        *front = arena_bytes(a, buf_as_bytes(&blob));
        *size = about.size;
    }
    buf_free(&blob);
    return result;
}

static void write_text(struct buf *out, struct text t) {
    buf_text(out, t);
    buf_char(out, '\n');
}

static void write_entry(const struct entry_verdict *e, struct buf *out) {
    buf_format(out, "%llu %d %llu %d %s", llu(e->position), (int)e->void_for, llu(e->seen), (int)e->card_takes_effect,
               e->card ? "" : "no card");
    if (e->card_after) write_text(out, e->card_after->id);
    for (size_t i = 0; i < e->line_count; i++) buf_format(out, " %d", (int)e->lines[i]);
    for (size_t i = 0; i < e->erased_count; i++) write_text(out, e->erased[i]);
    for (size_t i = 0; i < e->receipt_count; i++) {
        buf_format(out, " %llu %lld ", llu(e->receipts[i].size), (long long)e->receipts[i].stamp);
        write_text(out, e->receipts[i].key);
    }
}

static void write_verdict(const struct channel_verdict *v, struct buf *out) {
    for (int party = 0; party < 2; party++)
        for (uint64_t i = 0; i < v->chains[party].count; i++) write_entry(&v->chains[party].entries[i], out);
    buf_format(out, "%zu\n", v->contradiction_count);
}

/* The record of `whose`, as `s` holds it, up to `size`. */
static enum error read_record(struct seat *s, const struct seat *whose, uint64_t size, struct arena *a,
                              struct raw_party *out, struct diag *d) {
    struct bytes *leaves;
    size_t got;
    struct raw_record *r = ARENA_NEW(a, struct raw_record);
    enum error result =
        store_leaves(s->who->store, s == whose ? s->own : s->theirs, 0, size, UINT64_MAX, a, &leaves, &got, d);
    if (result) return result;
    *r = (struct raw_record){whose->name, whose->origin, signer_vkey_text(whose->who->root, a), leaves, got};
    *out = (struct raw_party){whose->who->name, r, 1};
    return OK;
}

/* The card in force is found twice, by the rules and by the exchange: they must agree. */
static void compare_cards(struct seat *s, const struct channel_verdict *v, bool even) {
    for (int side = 0; side < 2; side++) {
        const struct entry_chain *chain = &v->chains[even ? side : !side];
        struct arena a = {0};
        struct kept_card kept;
        char hex[SHA256_HEX];
        if (!chain->count) continue;
        const struct card *card = chain->entries[chain->count - 1].card_after;
        enum error result = store_card(s->who->store, side ? s->theirs : s->own, chain->count, &a, &kept, NULL);
        struct sha256 id = sha256_of(kept.note);
        if (!result && card && !text_equal(card->id, sha256_hex(&id, hex)))
            violated(s->who->world, "party %u, channel %u: a card counts that the rules refuse", s->who->number,
                     s->number);
        arena_free(&a);
    }
}

static enum error judge_at(struct seat *s, const uint64_t sizes[2], struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct seat *even = s->who->world->seats[2 * s->number];
    struct raw_channel raw = {.blobs = {front_of, s}};
    struct verified_channel channel;
    struct channel_verdict verdict;
    enum error result = read_record(s, even, sizes[0], &a, &raw.parties[0], d);
    if (!result) result = read_record(s, even->other, sizes[1], &a, &raw.parties[1], d);
    if (!result) result = channel_verify(&raw, &a, &channel, d);
    if (!result) result = channel_judge(&channel.view, NULL, &a, &verdict, d);
    if (!result) write_verdict(&verdict, out);
    if (!result) compare_cards(s, &verdict, s == even);
    if (!result && verdict.contradiction_count && !s->lied && !s->other->lied)
        violated(s->who->world, "channel %u: the rules see a contradiction between honest parties", s->number);
    arena_free(&a);
    return result;
}

static bool sizes_of(struct seat *s, uint64_t out[2]) {
    bool even = s == s->who->world->seats[2 * s->number];
    uint64_t mirrored, own;
    if (store_size(s->who->store, s->own, &own, NULL) ||
        store_checkpoint_size(s->who->store, s->theirs, CHECKPOINT_MIRROR, &mirrored, NULL))
        return false;
    out[!even] = own;
    out[even] = mirrored;
    return true;
}

static void check_judged(struct world *w, struct seat *even) {
    unsigned channel = even->number;
    uint64_t sizes[2][2];
    struct buf said[2] = {{.max = 256 << 20}, {.max = 256 << 20}};
    struct diag d = {0};
    if (even->restored || even->other->restored) return; /* what waits unsigned there is not what was signed */
    if (!is_up(even->who) || !is_up(even->other->who) || !sizes_of(even, sizes[0]) || !sizes_of(even->other, sizes[1]))
        return;
    for (int i = 0; i < 2; i++)
        if (sizes[1][i] < sizes[0][i]) sizes[0][i] = sizes[1][i];
    enum error result = judge_at(even, sizes[0], &said[0], &d);
    if (!result) result = judge_at(even->other, sizes[0], &said[1], &d);
    w->counts.judged++;
    if (result && w->calm) violated(w, "channel %u can't be judged: %s", channel, d.text);
    if (!result && !text_equal(buf_as_text(&said[0]), buf_as_text(&said[1])))
        violated(w, "channel %u: same cut, and the two sides judge differently", channel);
    buf_free(&said[0]);
    buf_free(&said[1]);
}

/* ---- at rest */

static void check_delivered(struct seat *s) {
    struct world *w = s->who->world;
    struct arena a = {0};
    uint64_t own, theirs, with_blob = 0;
    struct kept_receipt receipt = {0};
    if (store_size(s->who->store, s->own, &own, NULL) ||
        store_size(s->other->who->store, s->other->theirs, &theirs, NULL))
        violated(w, "channel %u can't be read at rest", s->number);
    else if (own != theirs)
        violated(w, "channel %u: all is calm, and party %u holds %llu of %llu entries", s->number,
                 s->other->who->number, llu(theirs), llu(own));
    (void)!store_size_with_blob(s->who->store, s->own, own, &with_blob, NULL);
    (void)!store_newest_receipt(s->who->store, s->own, &a, &receipt, NULL);
    if (receipt.size < with_blob)
        violated(w, "channel %u: all is calm, and party %u has a receipt for %llu of %llu", s->number, s->who->number,
                 llu(receipt.size), llu(with_blob));
    arena_free(&a);
}

void check_rest(struct world *w) {
    for (size_t i = 0; i < w->seat_count && !w->violation[0]; i++) {
        struct seat *s = w->seats[i];
        if (s->after || s->lied || s->other->lied || s->restored || s->other->restored) continue;
        check_seat(s);
        check_delivered(s);
    }
    each_channel(w, check_judged);
}

/* Which entries were delivered by new ones, and when; their cases are touched.
 *
 * An entry is delivered at the smallest stamp of the counted receipts that cover it, or at the `time` of the first of
 * their entries that has seen it, whichever is earlier (matter/clock.c).  Receipts cover a front of a record, so the
 * smallest stamp never falls from one entry to the next: where a new stamp changes nothing, it changes nothing before
 * either. */
#include "desk/index_pack.h"
#include "desk/index_parts.h"

/* ---- by what their entries have seen */

static enum error deliver_by_seen(struct step *s, unsigned party, struct diag *d) {
    struct index_side *side = &s->index->meta.sides[party];
    const struct entry_chain *theirs = &s->more.chains[1 - party];
    for (uint64_t i = 0; i < theirs->count; i++) {
        const struct entry_verdict *e = &theirs->entries[i];
        if (e->void_for) continue; /* its time is nobody's */
        for (; side->covered < e->seen; side->covered++) {
            struct index_entry *at;
            enum error result = index_entry_at(&s->entries, party, side->covered, true, &at, d);
            if (result) return result;
            at->covered = e->leaf->time;
            step_touch(s, at->matter);
        }
    }
    return OK;
}

/* ---- by receipts */

static enum error stamp(struct step *s, unsigned party, uint64_t size, instant stamp_at, struct diag *d) {
    while (size--) {
        struct index_entry *at;
        enum error result = index_entry_at(&s->entries, party, size, false, &at, d);
        if (result) return result;
        if (at->stamp != INSTANT_NONE && at->stamp <= stamp_at) return OK;
        result = index_entry_at(&s->entries, party, size, true, &at, d);
        if (result) return result;
        at->stamp = stamp_at;
        step_touch(s, at->matter);
    }
    return OK;
}

/* "A stamp before the `time` of the debtor's own entries that the receipted prefix has seen does not count." */
static enum error counts(struct step *s, unsigned party, const struct counted_receipt *r, bool *out, struct diag *d) {
    struct index_entry *last, *seen = NULL;
    enum error result = index_entry_at(&s->entries, party, r->size - 1, false, &last, d);
    if (!result && last->seen) result = index_entry_at(&s->entries, 1 - party, last->seen - 1, false, &seen, d);
    if (!result) *out = !seen || r->stamp >= seen->latest;
    return result;
}

static void pack_receipt(struct pack *p, const struct counted_receipt *r) {
    pack_u64(p, r->size);
    pack_instant(p, r->stamp);
    pack_text(p, r->key);
}

static enum error deliver_by_receipts(struct step *s, unsigned party, const struct entry_verdict *e, struct diag *d) {
    struct arena a = {0};
    struct buf row = {.max = ROW_BYTES_MAX};
    struct pack p = {.out = &row, .texts = {.arena = &a}};
    enum error result = OK;
    for (size_t i = 0; i < e->receipt_count && !result; i++) {
        bool good = false;
        result = counts(s, party, &e->receipts[i], &good, d);
        if (!good) continue;
        pack_receipt(&p, &e->receipts[i]);
        result = stamp(s, party, e->receipts[i].size, e->receipts[i].stamp, d);
    }
    if (!result && row.size) /* kept for the day when a card drops the key */
        result = rows_put(s->index->rows, row_number(ROW_RECEIPT, (uint64_t)party << 48 | e->position),
                          buf_as_bytes(&row), d);
    buf_free(&row);
    arena_free(&a);
    return result;
}

/* ---- where a key was dropped */

struct receipts_left {
    const struct step *step;
    unsigned party; /* whose record they are of */
    const struct dropped_key *dropped;
    struct arena arena;
    instant *by_size;
    uint64_t count;
    uint64_t *rows; /* those to be written again */
    struct bytes *left;
    size_t row_count, row_room, left_room;
};

static bool is_dropped(const struct receipts_left *l, const struct counted_receipt *r) {
    return text_equal(r->key, l->dropped->key) && r->size > l->dropped->seen;
}

static enum error take_receipts(void *state, uint64_t low, struct bytes plain, struct diag *d) {
    struct receipts_left *l = state;
    struct unpack u = {.rest = arena_bytes(&l->arena, plain), .arena = &l->arena};
    struct buf kept = {.max = ROW_BYTES_MAX};
    struct pack p = {.out = &kept, .texts = {.arena = &l->arena}};
    bool changed = false;
    if (low >> 48 != l->party) return OK;
    while (u.rest.size && !u.failed) {
        struct counted_receipt r;
        r.size = unpack_u64(&u);
        r.stamp = unpack_instant(&u);
        r.key = unpack_text(&u);
        changed |= is_dropped(l, &r);
        if (u.failed || r.size > l->count || is_dropped(l, &r)) continue;
        pack_receipt(&p, &r);
        instant *best = &l->by_size[r.size];
        if (*best == INSTANT_NONE || r.stamp < *best) *best = r.stamp;
    }
    if (changed) {
        l->rows = arena_grow(&l->arena, l->rows, l->row_count, &l->row_room, sizeof *l->rows);
        l->left = arena_grow(&l->arena, l->left, l->row_count, &l->left_room, sizeof *l->left);
        l->rows[l->row_count] = row_number(ROW_RECEIPT, low);
        l->left[l->row_count++] = arena_bytes(&l->arena, buf_as_bytes(&kept));
    }
    buf_free(&kept);
    return u.failed ? fail(d, ERR_INPUT, _("the index is damaged")) : OK;
}

static enum error stamp_anew(struct step *s, struct receipts_left *l, struct diag *d) {
    instant smallest = INSTANT_NONE;
    enum error result = OK;
    for (uint64_t i = l->count; i-- > 0 && !result;) {
        struct index_entry *at;
        instant here = l->by_size[i + 1];
        if (here != INSTANT_NONE && (smallest == INSTANT_NONE || here < smallest)) smallest = here;
        result = index_entry_at(&s->entries, l->party, i, false, &at, d);
        if (result || at->stamp == smallest) continue;
        result = index_entry_at(&s->entries, l->party, i, true, &at, d);
        if (!result) at->stamp = smallest;
        if (!result) step_touch(s, at->matter);
    }
    for (size_t i = 0; i < l->row_count && !result; i++)
        result = l->left[i].size ? rows_put(s->index->rows, l->rows[i], l->left[i], d)
                                 : rows_remove(s->index->rows, l->rows[i], d);
    return result;
}

/* "Once B's entry p dropped the key, only for sizes up to p's `seen`": goes through all of that record's receipts. */
static enum error drop_key(struct step *s, const struct dropped_key *dropped, struct diag *d) {
    unsigned party = 1 - dropped->party;
    struct receipts_left l = {.step = s, .party = party, .dropped = dropped};
    l.arena.max_bytes = SIZE_MAX / 2;
    l.count = step_offset(s, party) + s->index->meta.sides[party].done;
    l.by_size = ARENA_ARRAY(&l.arena, instant, l.count + 1);
    for (uint64_t i = 0; i <= l.count; i++) l.by_size[i] = INSTANT_NONE;
    enum error result = rows_each(s->index->rows, ROW_RECEIPT, 0, take_receipts, &l, d);
    if (!result) result = stamp_anew(s, &l, d);
    arena_free(&l.arena);
    return result;
}

enum error step_deliver(struct step *s, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < s->more.dropped_count && !result; i++) result = drop_key(s, &s->more.dropped[i], d);
    for (unsigned p = 0; p < 2 && !result; p++) {
        const struct entry_chain *chain = &s->more.chains[p];
        result = deliver_by_seen(s, p, d);
        for (uint64_t i = 0; i < chain->count && !result; i++)
            result = deliver_by_receipts(s, p, &chain->entries[i], d);
    }
    return result;
}

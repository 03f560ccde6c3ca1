/* "A cosignature by B on A's record, recorded in A's entry i, counts if a card of B that i has seen names the key and,
 * once B's entry p dropped the key, only for sizes up to p's `seen`." */
#include "record/judge_parts.h"

#include "base/map.h"

/* The life of one mirror key.  It is sought in the whole cut, seen by i or not; and a key once dropped stays dropped,
 * though a later card names it again. */
struct key_life {
    uint64_t named;                      /* position of the first effective card that names it */
    const struct entry_verdict *dropped; /* the first later one that does not; NULL: none */
    const struct card *last;             /* the last one that names it */
};

static void name_key(struct map *keys, struct text key, const struct entry_verdict *e) {
    struct key_life **life = (struct key_life **)map_put(keys, key);
    if (!*life) {
        *life = ARENA_NEW(keys->arena, struct key_life);
        (*life)->named = e->position;
    }
    (*life)->last = e->card_after;
}

/* A key that a card drops was named by the card before it. */
static void drop_keys(struct map *keys, const struct card *before, const struct entry_verdict *e) {
    for (size_t k = 0; k < before->mirrors.count; k++) {
        struct key_life *life = map_get(keys, before->mirrors.at[k]);
        if (life->last != e->card_after && !life->dropped) life->dropped = e;
    }
}

static struct map follow_keys(const struct entry_chain *chain, struct arena *a) {
    struct map keys = {.arena = a};
    const struct card *before = NULL;
    for (uint64_t i = 0; i < chain->count; i++) {
        const struct entry_verdict *e = &chain->entries[i];
        if (!e->card_takes_effect) continue;
        for (size_t k = 0; k < e->card_after->mirrors.count; k++) name_key(&keys, e->card_after->mirrors.at[k], e);
        if (before) drop_keys(&keys, before, e);
        before = e->card_after;
    }
    return keys;
}

static enum void_reason why_receipt_not(const struct entry_verdict *e, const struct leaf_receipt *r, uint64_t size,
                                        const struct key_life *life) {
    if (!r->ok) return VOID_RECEIPT_NOT_VERIFIED;
    if (r->size < 1 || r->size > e->index) return VOID_RECEIPT_NOT_EARLIER;
    if (!life || life->named >= e->seen) return VOID_RECEIPT_KEY_UNSEEN;
    return life->dropped && size > life->dropped->seen ? VOID_RECEIPT_KEY_DROPPED : VOID_NONE;
}

static void judge_receipts_of(struct entry_verdict *e, uint64_t offset, const struct map *keys, struct arena *a) {
    if (e->leaf->receipt_count) e->receipts = ARENA_ARRAY(a, struct counted_receipt, e->leaf->receipt_count);
    for (size_t i = 0; i < e->leaf->receipt_count; i++) {
        const struct leaf_receipt *r = &e->leaf->receipts[i];
        uint64_t size = offset + r->size; /* meant only where it is an earlier prefix */
        enum void_reason why = why_receipt_not(e, r, size, map_get(keys, r->key));
        if (why)
            entry_add_line(e, why, a);
        else
            e->receipts[e->receipt_count++] = (struct counted_receipt){.size = size, .stamp = r->stamp, .key = r->key};
    }
}

void judge_receipts(struct entry_chain *mine, const struct entry_chain *theirs, struct arena *a) {
    struct map keys = follow_keys(theirs, a);
    for (uint64_t i = 0; i < mine->count; i++) {
        struct entry_verdict *e = &mine->entries[i];
        if (!e->void_for) judge_receipts_of(e, mine->places[e->generation].offset, &keys, a);
    }
}

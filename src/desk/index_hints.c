#include "desk/index_hints.h"

#include <stdlib.h>

#include "base/secret.h"
#include "desk/index_parts.h"

struct index_hints {
    struct arena arena;
    struct rows *rows;
    struct index_meta meta;
    struct index_entries entries;
};

/* Whether the tree of a record that the index was made of is that of the first leaves at hand. */
static bool same_record(struct index_hints *h, unsigned party, size_t generation, const struct raw_record *r) {
    const struct index_record *known = &h->meta.sides[party].records[generation];
    struct arena a = {0};
    struct index_tree t = {.rows = h->rows,
                           .arena = &a,
                           .slot = (unsigned)(2 * generation + party),
                           .size = known->size,
                           .tiles = {.arena = &a}};
    struct tree_reader reader = index_tree_reader(&t);
    struct frontier f = {0};
    struct sha256 root;
    bool same = text_equal(known->origin, r->origin) && known->size <= r->count;
    if (same) frontier_add_leaves(&f, r->leaves, (size_t)known->size);
    same = same && tree_root(&reader, known->size, &root, NULL) == OK && sha256_equal(root, frontier_root(&f));
    arena_free(&a);
    return same;
}

static bool same_records(struct index_hints *h, const struct raw_channel *raw) {
    for (unsigned p = 0; p < 2; p++) {
        if (h->meta.sides[p].record_count > raw->parties[p].count) return false;
        for (size_t g = 0; g < h->meta.sides[p].record_count; g++)
            if (!same_record(h, p, g, &raw->parties[p].records[g])) return false;
    }
    return true;
}

struct index_hints *index_hints_open(struct desk *k, struct text party, bool drill, const struct raw_channel *raw) {
    struct index_hints *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    h->arena.max_bytes = SIZE_MAX / 2;
    bool good = index_rows_open(k, party, drill, false, &h->rows, NULL) == OK &&
                rows_begin_reading(h->rows, NULL) == OK && index_meta_get(h->rows, &h->arena, &h->meta, NULL) == OK &&
                same_records(h, raw);
    h->entries = (struct index_entries){.rows = h->rows, .arena = &h->arena};
    if (good) return h;
    index_hints_close(h);
    return NULL;
}

void index_hints_close(struct index_hints *h) {
    if (!h) return;
    index_entries_forget(&h->entries);
    rows_close(h->rows);
    arena_free(&h->arena);
    free(h);
}

/* How many entries of a record are judged in the index. */
static uint64_t known_of(const struct index_side *side, size_t generation, size_t last) {
    if (generation >= side->record_count || generation > last) return 0;
    if (generation == last) return side->done;
    return generation + 1 < side->record_count ? side->records[generation + 1].offset - side->records[generation].offset
                                               : 0;
}

bool index_hint(struct index_hints *h, unsigned party, size_t generation, uint64_t index, struct index_hint *out) {
    const struct index_side *side = &h->meta.sides[party];
    struct index_entry *at;
    if (index >= known_of(side, generation, h->meta.generation)) return false;
    if (index_entry_at(&h->entries, party, side->records[generation].offset + index, false, &at, NULL)) return false;
    if (!(at->flags & ENTRY_OPENED)) return false;
    *out = (struct index_hint){.signers = at->signers, .signers_told = at->flags & ENTRY_SIGNERS};
    memcpy(out->file_key, at->file_key, sizeof out->file_key);
    return true;
}

/* A record: its entries against the hashes over them, the hashes against each other, and both against signed roots. */
#include <string.h>

#include "record/entry.h"
#include "store/fsck.h"
#include "store/rows.h"

struct examined {
    struct store *store;
    struct fsck *fsck;
    int64_t record;
    enum side side;
    struct text name;
    uint64_t size;           /* by the record's row */
    struct tree *right;      /* of the leaf hashes that are right, by leaf or by what is kept above it */
    struct frontier before;  /* the same, for roots at its edge */
    struct tree *theirs;     /* of one's own record: what its entries have seen; NULL: nothing of it is known */
    struct entry_size seen;  /* by the last entry */
    uint64_t receipts_found; /* in entries, each where it was first recorded */
};

#define TELL(x, kind, ...) fsck_tell((x)->fsck, kind, (x)->side, (x)->name, __VA_ARGS__)
static unsigned long long number(uint64_t value) { return (unsigned long long)value; }

static enum error hash_at(struct examined *x, unsigned level, uint64_t place, struct sha256 *out, bool *there,
                          struct diag *d) {
    enum error result = hash_row(x->store, x->record, level, place, out, d);
    *there = !result;
    return result == ERR_MISSING || result == ERR_INPUT ? OK : result; /* not there, or no hash */
}

/* ---- entries */

/* Whether a root that was signed at the end of this leaf follows from one of the two hashes: 1 from the leaf's, -1 from
 * the one that is kept, 0 where none says. */
static enum error judge_by_root(struct examined *x, struct sha256 leaf, struct sha256 kept, int *verdict,
                                struct diag *d) {
    struct query q;
    struct sha256 root, candidates[2];
    uint64_t size = x->before.size + 1;
    for (int i = 0; i < 2; i++) {
        struct frontier f = x->before;
        frontier_add(&f, 0, i ? kept : leaf);
        candidates[i] = frontier_root(&f);
    }
    enum error result = sql_first(x->store, &q, d,
                                  "SELECT root FROM intent WHERE record = ?1 AND size = ?2 UNION ALL"
                                  " SELECT root FROM checkpoint WHERE record = ?1 AND size = ?2 AND kind IN (0, 1, 2)",
                                  "iu", x->record, size);
    if (result == ERR_MISSING) return OK;
    if (result) return result;
    if (sql_sha(&q, 0, &root, NULL) == OK)
        *verdict = sha256_equal(root, candidates[0]) ? 1 : sha256_equal(root, candidates[1]) ? -1 : 0;
    sql_stop(&q);
    return OK;
}

/* The same by the hash above both. */
static enum error judge_by_parent(struct examined *x, uint64_t place, struct sha256 leaf, struct sha256 kept,
                                  int *verdict, struct diag *d) {
    struct sha256 sibling, parent;
    bool there[2] = {false, false};
    enum error result = hash_at(x, 0, place ^ 1, &sibling, &there[0], d);
    if (!result) result = hash_at(x, 1, place / 2, &parent, &there[1], d);
    if (result || !there[0] || !there[1]) return result;
    struct sha256 by_leaf = place % 2 ? tree_node_hash(sibling, leaf) : tree_node_hash(leaf, sibling);
    struct sha256 by_kept = place % 2 ? tree_node_hash(sibling, kept) : tree_node_hash(kept, sibling);
    *verdict = sha256_equal(parent, by_leaf) ? 1 : sha256_equal(parent, by_kept) ? -1 : 0;
    return OK;
}

/* In a tile what lies above follows from it, and says nothing: the next that is kept by itself stands above all. */
static enum error judge_by_tile(struct examined *x, uint64_t place, struct sha256 leaf, bool *is_tile, int *verdict,
                                struct diag *d) {
    struct sha256 tile[TILE_WIDTH], above;
    bool there;
    enum error result = hash_tile(x->store, x->record, 0, place / TILE_WIDTH, tile, d);
    *is_tile = !result;
    if (result) return result == ERR_MISSING || result == ERR_INPUT ? OK : result;
    result = hash_at(x, TILE_HEIGHT, place / TILE_WIDTH, &above, &there, d);
    if (result || !there) return result;
    const bool by_kept = sha256_equal(above, tree_fold(tile, TILE_WIDTH));
    tile[place % TILE_WIDTH] = leaf;
    *verdict = by_kept ? -1 : sha256_equal(above, tree_fold(tile, TILE_WIDTH)) ? 1 : 0;
    return OK;
}

/* Tells which of a leaf and its hash is at fault, and gives the right hash. */
static enum error judge_leaf(struct examined *x, uint64_t place, struct sha256 leaf, struct sha256 *right,
                             struct diag *d) {
    struct sha256 kept;
    bool there;
    int verdict = 0;
    *right = leaf;
    enum error result = hash_at(x, 0, place, &kept, &there, d);
    if (result || !there || sha256_equal(kept, leaf)) return result; /* a missing hash is told among the hashes */
    bool is_tile;
    result = judge_by_tile(x, place, leaf, &is_tile, &verdict, d);
    if (!result && !is_tile) result = judge_by_parent(x, place, leaf, kept, &verdict, d);
    if (!result && !verdict) result = judge_by_root(x, leaf, kept, &verdict, d);
    if (result || verdict >= 0) return result; /* the hash is at fault, and told among the hashes */
    *right = kept;
    x->fsck->place.number = place;
    TELL(x, FAULT_ENTRY, _("entry %llu: its bytes are not those that were hashed when it was added"), number(place));
    return OK;
}

/* What stands beside an entry must be what it says. */
static enum error compare_named(struct examined *x, uint64_t place, const struct entry *e, struct diag *d) {
    struct query q;
    struct sha256 sha;
    bool row = true, same = true;
    size_t at = 0;
    enum error result =
        sql_start(x->store, &q, d, "SELECT part, sha, size FROM named WHERE record = ? AND place = ? ORDER BY part",
                  "iu", x->record, place);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        same = same && at < e->blob_count && sql_u64(&q, 0) == at && sql_sha(&q, 1, &sha, NULL) == OK &&
               sha256_equal(sha, e->blobs[at].sha) && sql_u64(&q, 2) == e->blobs[at].size;
        at++;
    }
    if (!result && (!same || at != e->blob_count))
        TELL(x, FAULT_INDEX, _("entry %llu: the list of its blobs is not what it says"), number(place));
    return result;
}

static enum error compare_erased(struct examined *x, uint64_t place, const struct entry *e, struct diag *d) {
    uint64_t found = 0, all = 0;
    enum error result = sql_number(x->store, &all, d, "SELECT count(*) FROM erased WHERE record = ? AND place = ?",
                                   "iu", x->record, place);
    for (size_t i = 0; i < e->erase_count && !result; i++) {
        uint64_t one;
        bool again = false;
        for (size_t k = 0; k < i; k++) again = again || sha256_equal(e->erase[k], e->erase[i]);
        if (again) continue;
        result = sql_number(x->store, &one, d, "SELECT count(*) FROM erased WHERE record = ? AND place = ? AND sha = ?",
                            "iuh", x->record, place, &e->erase[i]);
        found += one;
        if (!result && !one) all = UINT64_MAX;
    }
    if (!result && found != all)
        TELL(x, FAULT_INDEX, _("entry %llu: the list of what it erases is not what it says"), number(place));
    return result;
}

/* Each entry of one's own was composed after the one before it, with the counterparty's record as it is held. */
static void check_seen(struct examined *x, uint64_t place, const struct entry *e) {
    const struct entry_size *seen = &e->seen;
    uint64_t held = x->theirs ? x->theirs->size : 0;
    struct sha256 empty = tree_empty_root();
    bool again = seen->size == x->seen.size && sha256_equal(seen->root, x->seen.root), less = seen->size < x->seen.size;
    if (place && again) return;
    x->seen = *seen;
    if (less)
        TELL(x, FAULT_SEEN, _("entry %llu: it has seen less of their record than an entry before it"), number(place));
    else if (seen->size > held)
        TELL(x, FAULT_SEEN, _("entry %llu: it has seen %llu entries of their record, and %llu are there"),
             number(place), number(seen->size), number(held));
    else if (!sha256_equal(seen->root, seen->size ? tree_root_at(x->theirs, seen->size) : empty))
        TELL(x, FAULT_SEEN, _("entry %llu: what it has seen of their record, up to %llu, is not what is there"),
             number(place), number(seen->size));
}

/* A receipt that an entry holds is kept beside it, with the entry that was the first to do so. */
static enum error compare_receipts(struct examined *x, uint64_t place, const struct entry *e, struct diag *d) {
    enum error result = OK;
    bool same = true;
    for (size_t i = 0; i < e->receipt_count && !result; i++) {
        struct query q;
        const struct entry_receipt *r = &e->receipts[i];
        result = sql_first(x->store, &q, d,
                           "SELECT recorded FROM receipt WHERE record = ? AND size = ? AND line = ? AND root = ?",
                           "iuth", x->record, r->at.size, r->line, &r->at.root);
        bool there = !result && !sql_null(&q, 0) && sql_u64(&q, 0) <= place;
        x->receipts_found += there && sql_u64(&q, 0) == place;
        if (!result) sql_stop(&q);
        if (result == ERR_MISSING) result = OK;
        same = same && there;
    }
    if (!result && !same)
        TELL(x, FAULT_INDEX, _("entry %llu: a receipt that it holds is not kept beside it"), number(place));
    return result;
}

static enum error check_words(struct examined *x, uint64_t place, struct bytes leaf, struct diag *d) {
    struct arena a = {0};
    struct entry e = {0};
    enum error result = entry_read(leaf, &a, &e, NULL);
    bool malformed = result || (place ? e.channel.size || e.follows_count : !text_equal(e.channel, x->name));
    /* A counterparty's entry may say what it likes: it is in its tree, and nothing in it counts. */
    if (malformed && x->side == SIDE_OWN)
        TELL(x, FAULT_MALFORMED, _("entry %llu does not parse as one"), number(place));
    if (malformed) e = (struct entry){0};
    if (!malformed && x->side == SIDE_OWN) check_seen(x, place, &e);
    result = compare_named(x, place, &e, d);
    if (!result) result = compare_erased(x, place, &e, d);
    if (!result && x->side == SIDE_OWN) result = compare_receipts(x, place, &e, d);
    arena_free(&a);
    return result;
}

static void add_right(struct examined *x, struct sha256 hash) {
    tree_add(x->right, hash);
    frontier_add(&x->before, 0, hash);
}

/* Entries up to `place` that are not there: the hashes that are kept take their part. */
static enum error fill_gap(struct examined *x, uint64_t place, struct diag *d) {
    enum error result = OK;
    while (x->right->size < place && !result) {
        struct sha256 kept = {{0}};
        bool there;
        x->fsck->place.number = x->right->size;
        TELL(x, FAULT_ENTRY, _("entry %llu is missing"), number(x->right->size));
        result = hash_at(x, 0, x->right->size, &kept, &there, d);
        if (!result) add_right(x, kept);
    }
    return result;
}

static enum error check_leaf(struct examined *x, uint64_t place, struct bytes leaf, struct diag *d) {
    struct sha256 hash = tree_leaf_hash(leaf), right;
    enum error result = fill_gap(x, place, d);
    if (!result) result = judge_leaf(x, place, hash, &right, d);
    if (!result) add_right(x, right);
    if (!result && sha256_equal(right, hash)) result = check_words(x, place, leaf, d);
    x->fsck->entries++;
    return result;
}

static enum error check_each_leaf(struct examined *x, uint64_t *bytes, struct diag *d) {
    struct entry_rows rows;
    struct bytes leaf;
    uint64_t place;
    bool more = true;
    enum error result = entry_rows_start(x->store, &rows, x->record, 0, d);
    while (!result && !(result = entry_rows_next(&rows, &more, &place, &leaf, d)) && more) {
        *bytes += leaf.size;
        result = check_leaf(x, place, leaf, d);
        if (result) entry_rows_stop(&rows);
    }
    if (!result && rows.odd)
        TELL(x, FAULT_INDEX,
             _n("%llu bundle does not hold 256 entries", "%llu bundles do not hold 256 entries", rows.odd),
             number(rows.odd));
    return result;
}

static enum error check_leaves(struct examined *x, struct diag *d) {
    uint64_t bytes = 0, told = 0, before = x->fsck->faults;
    enum error result = check_each_leaf(x, &bytes, d);
    if (!result) result = fill_gap(x, x->size, d);
    if (!result && x->right->size > x->size)
        TELL(x, FAULT_INDEX,
             _n("%llu entry is there, and the record counts %llu", "%llu entries are there, and the record counts %llu",
                x->right->size),
             number(x->right->size), number(x->size));
    if (!result) result = sql_number(x->store, &told, d, "SELECT bytes FROM record WHERE id = ?", "i", x->record);
    if (!result && told != bytes && x->fsck->faults == before)
        TELL(x, FAULT_INDEX, _("the entries have %llu bytes, and the record counts %llu"), number(bytes), number(told));
    return result;
}

/* Where entries are at fault, so is what was counted in them. */
static enum error count_receipts(struct examined *x, uint64_t faults_before, struct diag *d) {
    uint64_t told = 0;
    if (x->side != SIDE_OWN || x->fsck->faults != faults_before) return OK;
    enum error result = sql_number(
        x->store, &told, d, "SELECT count(*) FROM receipt WHERE record = ? AND recorded IS NOT NULL", "i", x->record);
    if (!result && told != x->receipts_found)
        TELL(x, FAULT_INDEX, _("%llu receipts are kept as recorded, and the entries hold %llu"), number(told),
             number(x->receipts_found));
    return result;
}

/* ---- hashes */

static enum error right_hash(struct examined *x, unsigned level, uint64_t place, struct sha256 *out) {
    struct tree_reader r = tree_reader(x->right);
    if (level >= TREE_LEVELS_MAX || place >= x->right->size >> level) return ERR_MISSING;
    return r.hash(r.state, level, place, out, NULL);
}

static void compare_hash(struct examined *x, unsigned level, uint64_t place, const struct sha256 *kept) {
    struct sha256 right;
    if (right_hash(x, level, place, &right))
        TELL(x, FAULT_HASH, _("hash %llu at level %llu is of entries that are not there"), number(place),
             number(level));
    else if (!kept || !sha256_equal(*kept, right))
        TELL(x, FAULT_HASH, _("hash %llu at level %llu is not that of the entries below it"), number(place),
             number(level));
}

/* Of those between the levels of tiles only what lies above no full one is kept. */
static bool is_due(const struct examined *x, uint64_t level, uint64_t place) {
    if (level >= TREE_LEVELS_MAX || place >= x->right->size >> level) return false;
    const unsigned above = level % TILE_HEIGHT;
    return !above || place >> (TILE_HEIGHT - above) >= x->right->size >> (level - above) >> TILE_HEIGHT;
}

static enum error check_singles(struct examined *x, uint64_t *found, struct diag *d) {
    struct query q;
    bool row = true;
    enum error result = sql_start(
        x->store, &q, d, "SELECT level, place, hash FROM node WHERE record = ? ORDER BY level, place", "i", x->record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        struct sha256 kept;
        uint64_t level = sql_u64(&q, 0), place = sql_u64(&q, 1);
        bool read = sql_sha(&q, 2, &kept, NULL) == OK;
        compare_hash(x, level < TREE_LEVELS_MAX ? (unsigned)level : TREE_LEVELS_MAX, place, read ? &kept : NULL);
        *found += is_due(x, level, place);
    }
    return result;
}

static enum error check_tiles(struct examined *x, uint64_t *found, struct diag *d) {
    struct query q;
    bool row = true;
    enum error result =
        sql_start(x->store, &q, d, "SELECT level, place, hashes FROM tile WHERE record = ? ORDER BY level, place", "i",
                  x->record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        const struct bytes hashes = sql_bytes(&q, 2);
        const unsigned level = (unsigned)sql_u64(&q, 0);
        const uint64_t first = sql_u64(&q, 1) * TILE_WIDTH;
        struct sha256 kept[TILE_WIDTH];
        const bool whole = hashes.size == sizeof kept;
        if (whole) memcpy(kept, hashes.at, sizeof kept);
        for (size_t i = 0; i < (whole ? TILE_WIDTH : 0); i++) {
            compare_hash(x, level, first + i, &kept[i]);
            *found += is_due(x, level, first + i);
        }
    }
    return result;
}

/* A full tile says what lies between its level and that of the next. */
static uint64_t hashes_due(uint64_t size) {
    uint64_t due = 0;
    for (unsigned level = 0; level < TREE_LEVELS_MAX; level++) {
        const unsigned above = level % TILE_HEIGHT;
        const uint64_t tiles = size >> (level - above) >> TILE_HEIGHT;
        due += (size >> level) - (above ? tiles << (TILE_HEIGHT - above) : 0);
    }
    return due;
}

static enum error check_hashes(struct examined *x, struct diag *d) {
    uint64_t found = 0, due = hashes_due(x->right->size);
    enum error result = check_singles(x, &found, d);
    if (!result) result = check_tiles(x, &found, d);
    x->fsck->hashes += found;
    if (!result && found != due)
        TELL(x, FAULT_HASH, _n("%llu hash is missing", "%llu hashes are missing", due > found ? due - found : 0),
             number(due > found ? due - found : 0));
    return result;
}

/* ---- roots */

static void check_root(struct examined *x, uint64_t size, const struct sha256 *root, const char *of) {
    if (size > x->right->size)
        TELL(x, FAULT_ROOT,
             _n("%s: it is of %llu entry, and %llu are there", "%s: it is of %llu entries, and %llu are there", size),
             of, number(size), number(x->right->size));
    else if (!root || !sha256_equal(*root, tree_root_at(x->right, size)))
        TELL(x, FAULT_ROOT,
             _n("%s: its root at %llu entry is not that of the entries",
                "%s: its root at %llu entries is not that of the entries", size),
             of, number(size));
}

static enum error check_intents(struct examined *x, struct diag *d) {
    struct query q;
    bool row = true;
    enum error result =
        sql_start(x->store, &q, d, "SELECT size, root FROM intent WHERE record = ? ORDER BY size", "i", x->record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        struct sha256 root;
        bool read = sql_sha(&q, 1, &root, NULL) == OK;
        check_root(x, sql_u64(&q, 0), read ? &root : NULL, _("what was to be signed"));
    }
    return result;
}

/* A pending checkpoint may be ahead of the entries; what was shown may be another history, which is told elsewhere. */
static enum error check_checkpoints(struct examined *x, struct diag *d) {
    struct arena a = {0};
    struct any_checkpoint *list;
    size_t count = 0;
    enum error result = fsck_checkpoints(x->store, x->record, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        const struct any_checkpoint *c = &list[i];
        bool ahead = c->kind == CHECKPOINT_PENDING && c->at.size > x->right->size;
        if (!ahead && c->kind != CHECKPOINT_SHOWN) check_root(x, c->at.size, &c->at.root, _("a checkpoint"));
    }
    arena_free(&a);
    return result;
}

enum error fsck_record(struct store *s, const struct channel *c, enum side side, struct tree right[static 2],
                       struct fsck *f, struct diag *d) {
    struct examined x = {.store = s,
                         .fsck = f,
                         .record = c->of[side].id,
                         .side = side,
                         .name = c->of[side].name,
                         .right = &right[side],
                         .theirs = side == SIDE_OWN && c->of[SIDE_THEIRS].id ? &right[SIDE_THEIRS] : NULL};
    uint64_t before = f->faults;
    if (!x.record) return OK;
    enum error result = store_size(s, x.record, &x.size, d);
    if (!result) result = check_leaves(&x, d);
    if (!result) result = count_receipts(&x, before, d);
    if (!result) result = check_hashes(&x, d);
    if (!result) result = check_intents(&x, d);
    if (!result) result = check_checkpoints(&x, d);
    f->records++;
    return result;
}

/* ---- the channel */

enum error fsck_state(struct store *s, const struct channel *c, struct fsck *f, struct diag *d) {
    uint64_t found = 0;
    int64_t theirs = c->of[SIDE_THEIRS].id;
    if (!theirs || c->state != CHANNEL_OPEN) return OK;
    enum error result = sql_number(s, &found, d, "SELECT count(*) FROM contradiction WHERE record = ?", "i", theirs);
    if (!result && found)
        fsck_tell(f, FAULT_STATE, SIDE_THEIRS, c->of[SIDE_THEIRS].name,
                  _("a contradiction of theirs is kept, and the channel is open"));
    return result;
}

/* Adding leaves to a record: the complete subtrees over them, and what their entries name. */
#include <string.h>

#include "note/note.h"
#include "record/entry.h"
#include "store/leaf.h"
#include "store/rows.h"

enum error leaf_look(struct store *s, int64_t record, struct arena *a, struct leaf_run *out, struct diag *d) {
    struct query q;
    enum error result = sql_first(s, &q, d, "SELECT side, size, name FROM record WHERE id = ?", "i", record);
    if (result) return result;
    *out = (struct leaf_run){s, record, (enum side)sql_i64(&q, 0), sql_u64(&q, 1), sql_text(&q, 2, a)};
    sql_stop(&q);
    return OK;
}

/* Leaves are taken in pieces that lie in one block. */
static size_t next_piece(uint64_t from, size_t count) {
    const size_t left = TILE_WIDTH - (size_t)(from % TILE_WIDTH);
    return count < left ? count : left;
}

/* ---- what an entry names */

static enum error note_blobs(struct store *s, int64_t record, uint64_t index, const struct entry *e, struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < e->blob_count && !result; i++)
        result = sql_run(s, d, "INSERT INTO named(record, place, part, sha, size) VALUES(?, ?, ?, ?, ?)", "iuuhu",
                         record, index, (uint64_t)i, &e->blobs[i].sha, e->blobs[i].size);
    for (size_t i = 0; i < e->erase_count && !result; i++)
        result = sql_run(s, d, "INSERT OR IGNORE INTO erased(record, place, sha) VALUES(?, ?, ?)", "iuh", record, index,
                         &e->erase[i]);
    return result;
}

/* The time in a cosignature: its first eight bytes are seconds (c2sp.org/tlog-cosignature). */
static instant line_stamp(struct text line, struct arena *a) {
    struct note_signature signature;
    uint64_t seconds;
    if (note_read_signature(line, a, &signature, NULL) || !bytes_be64(&signature.raw, &seconds)) return INSTANT_NONE;
    return seconds > (uint64_t)INT64_MAX / (uint64_t)INSTANT_SECOND ? INSTANT_NONE : (instant)seconds * INSTANT_SECOND;
}

/* Where one is kept otherwise already, what the entry says is right: that is signed. */
static enum error note_receipts(struct store *s, int64_t record, uint64_t index, const struct entry *e, struct arena *a,
                                struct diag *d) {
    enum error result = OK;
    for (size_t i = 0; i < e->receipt_count && !result; i++) {
        const struct entry_receipt *r = &e->receipts[i];
        result = sql_run(s, d,
                         "INSERT INTO receipt(record, size, line, root, stamp, recorded) VALUES(?, ?, ?, ?, ?, ?)"
                         " ON CONFLICT DO UPDATE SET recorded = coalesce(recorded, excluded.recorded),"
                         " root = excluded.root, stamp = excluded.stamp",
                         "iuthiu", record, r->at.size, r->line, &r->at.root, line_stamp(r->line, a), index);
    }
    return result;
}

/* What record/verify.h calls malformed says nothing: it does not parse, or names a channel where it may not. */
static bool well_formed(struct bytes leaf, uint64_t index, struct text name, struct arena *a, struct entry *e) {
    if (entry_read(leaf, a, e, NULL)) return false;
    return index ? !e->channel.size && !e->follows_count : text_equal(e->channel, name);
}

/* Whether a line begins as those do of which anything is noted: most have none, and need not be read. */
static bool may_say_something(struct bytes leaf) {
    struct text rest = text_from_bytes(leaf), line;
    while (text_line(&rest, &line))
        if (line.size && (line.at[0] == 'b' || line.at[0] == 'e' || line.at[0] == 'r')) return true;
    return rest.size > 0;
}

static enum error note_entries(const struct leaf_run *r, uint64_t from, const struct bytes *leaves, size_t count,
                               struct diag *d) {
    struct arena a = {0};
    enum error result = OK;
    for (size_t i = 0; i < count && !result; i++) {
        struct entry e;
        if (!may_say_something(leaves[i]) || !well_formed(leaves[i], from + i, r->name, &a, &e)) continue;
        result = note_blobs(r->store, r->record, from + i, &e, d);
        if (!result && r->side == SIDE_OWN) result = note_receipts(r->store, r->record, from + i, &e, &a, d);
    }
    arena_free(&a);
    return result;
}

enum error leaf_note(const struct leaf_run *r, uint64_t from, const struct bytes *leaves, const struct sha256 *hashes,
                     size_t count, struct diag *d) {
    struct sha256 made[TILE_WIDTH];
    enum error result = OK;
    for (size_t piece, done = 0; done < count && !result; done += piece) {
        piece = next_piece(from + done, count - done);
        if (!hashes) tree_leaf_hashes(leaves + done, piece, made);
        result = hash_rows_add(r->store, r->record, from + done, hashes ? hashes + done : made, piece, d);
        if (!result) result = note_entries(r, from + done, leaves + done, piece, d);
    }
    return result;
}

/* ---- adding */

static enum error compare_leaves(const struct leaf_run *r, uint64_t from, const struct bytes *leaves, size_t count,
                                 struct diag *d) {
    struct entry_rows rows;
    enum error result = count ? entry_rows_start(r->store, &rows, r->record, from, d) : OK;
    for (size_t i = 0; i < count && !result; i++) {
        bool more;
        uint64_t place;
        struct bytes held;
        result = entry_rows_next(&rows, &more, &place, &held, d);
        if (result || (more && place == from + i && text_equal(text_from_bytes(held), text_from_bytes(leaves[i]))))
            continue;
        if (more) entry_rows_stop(&rows);
        return fail(d, ERR_CONFLICT, _("another entry stands at %llu"), (unsigned long long)(from + i));
    }
    if (count && !result) entry_rows_stop(&rows);
    return result;
}

static enum error keep_leaves(const struct leaf_run *r, const struct bytes *leaves, const struct sha256 *hashes,
                              size_t count, struct diag *d) {
    uint64_t bytes = 0;
    enum error result = OK;
    for (size_t i = 0; i < count; i++) {
        if (leaves[i].size > ENTRY_MAX_BYTES) return fail(d, ERR_LIMIT, _("an entry of %zu bytes"), leaves[i].size);
        bytes += leaves[i].size;
    }
    for (size_t piece, done = 0; done < count && !result; done += piece) {
        piece = next_piece(r->size + done, count - done);
        result = entry_rows_add(r->store, r->record, r->size + done, leaves + done, piece, d);
    }
    if (!result) result = leaf_note(r, r->size, leaves, hashes, count, d);
    if (!result)
        result = sql_run(r->store, d, "UPDATE record SET size = ?, bytes = bytes + ? WHERE id = ?", "uui",
                         r->size + count, bytes, r->record);
    return result;
}

static enum error add_leaves(const struct leaf_run *r, uint64_t from, const struct bytes *leaves,
                             const struct sha256 *hashes, size_t count, struct diag *d) {
    if (from > r->size) return fail(d, ERR_MISSING, _("entry %llu is not there yet"), (unsigned long long)r->size);
    const size_t held = r->size - from < count ? (size_t)(r->size - from) : count;
    enum error result = compare_leaves(r, from, leaves, held, d);
    if (result || held == count) return result;
    return keep_leaves(r, leaves + held, hashes ? hashes + held : NULL, count - held, d);
}

enum error store_add_hashed_leaves(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves,
                                   const struct sha256 *hashes, size_t count, struct diag *d) {
    struct arena a = {0};
    struct leaf_run r;
    enum error result = store_begin(s, d);
    if (result) return result;
    result = leaf_look(s, record, &a, &r, d);
    if (!result) result = add_leaves(&r, from, leaves, hashes, count, d);
    arena_free(&a);
    return store_end(s, result, d);
}

enum error store_add_leaves(struct store *s, int64_t record, uint64_t from, const struct bytes *leaves, size_t count,
                            struct diag *d) {
    return store_add_hashed_leaves(s, record, from, leaves, NULL, count, d);
}

enum error store_add_leaf(struct store *s, int64_t record, uint64_t index, struct bytes leaf, struct diag *d) {
    return store_add_leaves(s, record, index, &leaf, 1, d);
}

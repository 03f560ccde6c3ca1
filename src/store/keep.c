/* Cards, contradictions, drafts, settings. */
#include "store/sql.h"

static struct sha256 *place_of(struct store *s, struct sha256 note) {
    return &s->known_cards[(note.at[0] << 8 | note.at[1]) % STORE_CARDS_KNOWN];
}

bool store_knows_card(struct store *s, struct sha256 note) {
    sql_lock(s);
    bool known = sha256_equal(*place_of(s, note), note);
    sql_unlock(s);
    return known;
}

void store_know_card(struct store *s, struct sha256 note) {
    sql_lock(s);
    *place_of(s, note) = note;
    sql_unlock(s);
}

enum error store_put_card(struct store *s, int64_t record, const struct kept_card *c, struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "INSERT OR REPLACE INTO card(record, place, serial, note) VALUES(?, ?, ?, ?)",
                                "iuub", record, c->index, c->serial, c->note);
    sql_unlock(s);
    return result;
}

enum error store_card(struct store *s, int64_t record, uint64_t before, struct arena *a, struct kept_card *out,
                      struct diag *d) {
    struct query q;
    if (before > INT64_MAX) before = INT64_MAX;
    sql_lock(s);
    enum error result = sql_first(s, &q, d,
                                  "SELECT place, serial, note FROM card WHERE record = ? AND place < ?"
                                  " ORDER BY place DESC LIMIT 1",
                                  "iu", record, before);
    if (!result) {
        *out = (struct kept_card){sql_u64(&q, 0), sql_u64(&q, 1), sql_copy(&q, 2, a)};
        sql_stop(&q);
    }
    sql_unlock(s);
    return result;
}

enum error store_put_early_card(struct store *s, int64_t record, struct bytes note, struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "UPDATE record SET early_card = ? WHERE id = ?", "bi", note, record);
    sql_unlock(s);
    return result;
}

enum error store_early_card(struct store *s, int64_t record, struct arena *a, struct bytes *note, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result =
        sql_first(s, &q, d, "SELECT early_card FROM record WHERE id = ? AND early_card IS NOT NULL", "i", record);
    if (!result) {
        *note = sql_copy(&q, 0, a);
        sql_stop(&q);
    }
    sql_unlock(s);
    return result;
}

enum error store_put_contradiction(struct store *s, int64_t record, const struct kept_contradiction *c,
                                   struct diag *d) {
    sql_lock(s);
    enum error result =
        sql_run(s, d, "INSERT OR IGNORE INTO contradiction(record, proves, found_at, text) VALUES(?, ?, ?, ?)", "iiit",
                record, (int64_t)c->proves, c->found_at, c->text);
    sql_unlock(s);
    return result;
}

enum error store_contradictions(struct store *s, int64_t record, struct arena *a, struct kept_contradiction **out,
                                size_t *count, struct diag *d) {
    struct query q;
    struct kept_contradiction *list = NULL;
    size_t room = 0, got = 0;
    bool row = true;
    sql_lock(s);
    enum error result = sql_start(
        s, &q, d, "SELECT proves, found_at, text FROM contradiction WHERE record = ? ORDER BY id", "i", record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = (struct kept_contradiction){sql_i64(&q, 0) != 0, sql_i64(&q, 1), sql_text(&q, 2, a)};
    }
    sql_unlock(s);
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

enum error store_drafts(struct store *s, struct arena *a, struct names *out, struct diag *d) {
    struct query q;
    struct text *list = NULL;
    size_t room = 0, count = 0;
    bool row = true;
    sql_lock(s);
    enum error result = sql_start(s, &q, d, "SELECT name FROM draft ORDER BY name", "");
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        list = arena_grow(a, list, count, &room, sizeof *list);
        list[count++] = sql_text(&q, 0, a);
    }
    sql_unlock(s);
    if (!result) *out = (struct names){list, count};
    return result;
}

static enum error append(struct store *s, struct query *q, struct buf *out, enum error result, struct diag *d) {
    if (!result) {
        buf_bytes(out, sql_bytes(q, 0));
        sql_stop(q);
        result = buf_check(out, d);
    }
    sql_unlock(s);
    return result;
}

enum error store_draft(struct store *s, struct text name, struct buf *out, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error found = sql_first(s, &q, d, "SELECT content FROM draft WHERE name = ?", "t", name);
    return append(s, &q, out, found, d);
}

/* Whoever holds an officer's key could fill the disk by them, and nobody but people takes them away. */
static enum error has_room(struct store *s, struct text name, uint64_t size, struct diag *d) {
    struct query q;
    uint64_t count = 0, bytes = 0;
    enum error result =
        sql_first(s, &q, d, "SELECT COUNT(*), COALESCE(SUM(LENGTH(content)), 0) FROM draft WHERE name <> ?", "t", name);
    if (result) return result;
    count = sql_u64(&q, 0);
    bytes = sql_u64(&q, 1);
    sql_stop(&q);
    if (count < STORE_DRAFTS_MAX && bytes <= STORE_DRAFTS_BYTES_MAX && size <= STORE_DRAFTS_BYTES_MAX - bytes)
        return OK;
    return fail(d, ERR_FULL, _("the node keeps no more drafts: clear some, or `parley drafts drop` them"));
}

enum error store_put_draft(struct store *s, struct text name, struct bytes content, struct diag *d) {
    sql_lock(s);
    enum error result = content.size ? has_room(s, name, content.size, d) : OK;
    if (!result)
        result = content.size
                     ? sql_run(s, d, "INSERT OR REPLACE INTO draft(name, content) VALUES(?, ?)", "tb", name, content)
                     : sql_run(s, d, "DELETE FROM draft WHERE name = ?", "t", name);
    sql_unlock(s);
    return result;
}

enum error store_meta(struct store *s, const char *name, struct buf *out, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error found = sql_first(s, &q, d, "SELECT value FROM meta WHERE name = ?", "z", name);
    return append(s, &q, out, found, d);
}

enum error store_set_meta(struct store *s, const char *name, struct bytes value, struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", "zb", name, value);
    sql_unlock(s);
    return result;
}

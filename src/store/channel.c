/* Channels and their records. */
#include <string.h>

#include "store/sql.h"

const char *channel_state_word(enum channel_state s) {
    static const char *const words[] = {
        [CHANNEL_OFFERED] = N_("offered"),   [CHANNEL_OPEN] = N_("open"),         [CHANNEL_FROZEN] = N_("frozen"),
        [CHANNEL_RESTORED] = N_("restored"), [CHANNEL_FOLLOWED] = N_("followed"), [CHANNEL_MIRRORED] = N_("mirrored")};
    ASSERT((size_t)s < COUNT(words));
    return words[s];
}

static enum error add_record(struct store *s, int64_t channel, enum side side, const struct channel_record *r,
                             struct diag *d) {
    struct arena a = {0};
    enum error result =
        sql_run(s, d, "INSERT INTO record(channel, side, name, origin, hash, root, secret) VALUES(?, ?, ?, ?, ?, ?, ?)",
                "iittttb", channel, (int64_t)side, r->name, r->origin, origin_hash(r->origin, &a), r->root,
                bytes_of(r->secret, sizeof r->secret));
    arena_free(&a);
    return result;
}

static enum error add_channel(struct store *s, const struct channel *c, int64_t *id, struct diag *d) {
    bool both = c->of[SIDE_THEIRS].origin.size > 0;
    enum error result =
        sql_run(s, d,
                "INSERT INTO channel(own_party, party, number, drill, invited_card, state, blob_bytes_max,"
                " total_bytes_max, window_entries) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                "ttuibiuuu", c->own_party, c->party, c->number, (int64_t)c->drill, c->invited_card,
                (int64_t)(both ? CHANNEL_OPEN : CHANNEL_OFFERED), c->limits.blob_bytes_max, c->limits.total_bytes_max,
                c->limits.window_entries);
    int64_t added = sqlite3_last_insert_rowid(s->db);
    if (!result) result = add_record(s, added, SIDE_OWN, &c->of[SIDE_OWN], d);
    if (!result && both) result = add_record(s, added, SIDE_THEIRS, &c->of[SIDE_THEIRS], d);
    if (!result) *id = added;
    return result;
}

enum error store_add_channel(struct store *s, const struct channel *c, int64_t *id, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    return store_end(s, add_channel(s, c, id, d), d);
}

enum error store_complete_channel(struct store *s, int64_t id, const struct channel_record *theirs,
                                  struct bytes invited_card, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    result = add_record(s, id, SIDE_THEIRS, theirs, d);
    if (!result)
        result = sql_run(s, d, "UPDATE channel SET invited_card = ?, state = ? WHERE id = ?", "bii", invited_card,
                         (int64_t)CHANNEL_OPEN, id);
    return store_end(s, result, d);
}

static enum error renew_record(struct store *s, int64_t channel, const struct channel_record *r, struct diag *d) {
    struct arena a = {0};
    enum error result =
        sql_run(s, d,
                "UPDATE record SET origin = ?, hash = ?, secret = ?, early_card = NULL WHERE channel = ? AND side = 1"
                " AND size = 0 AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE record = record.id)",
                "ttbi", r->origin, origin_hash(r->origin, &a), bytes_of(r->secret, sizeof r->secret), channel);
    arena_free(&a);
    if (!result && !sqlite3_changes(s->db))
        result = fail(d, ERR_CONFLICT, _("entries of this record are held already"));
    return result;
}

enum error store_renew_channel(struct store *s, int64_t id, const struct channel_record *theirs,
                               struct bytes invited_card, struct diag *d) {
    enum error result = store_begin(s, d);
    if (result) return result;
    result = renew_record(s, id, theirs, d);
    if (!result) result = sql_run(s, d, "UPDATE channel SET invited_card = ? WHERE id = ?", "bi", invited_card, id);
    return store_end(s, result, d);
}

#define CHANNEL_COLUMNS                                                                                                \
    "SELECT c.id, c.own_party, c.party, c.number, c.drill, c.invited_card, c.state, c.why, c.contacted_at, "           \
    "c.tried_at,"                                                                                                      \
    " c.trouble, c.blob_bytes_max, c.total_bytes_max, c.window_entries,"                                               \
    " o.id, o.name, o.origin, o.hash, o.root, o.secret, t.id, t.name, t.origin, t.hash, t.root, t.secret"              \
    " FROM channel c JOIN record o ON o.channel = c.id AND o.side = 0"                                                 \
    " LEFT JOIN record t ON t.channel = c.id AND t.side = 1 "

static instant sql_instant(const struct query *q, int column) {
    return sql_null(q, column) ? INSTANT_NONE : sql_i64(q, column);
}

static enum error read_record(const struct query *q, int column, struct arena *a, struct channel_record *out,
                              struct diag *d) {
    *out = (struct channel_record){.id = sql_i64(q, column)};
    if (!out->id) return OK;
    out->name = sql_text(q, column + 1, a);
    out->origin = sql_text(q, column + 2, a);
    out->hash = sql_text(q, column + 3, a);
    out->root = sql_text(q, column + 4, a);
    struct bytes secret = sql_bytes(q, column + 5);
    if (secret.size != CHANNEL_SECRET_SIZE) return fail(d, ERR_INPUT, _("the store is damaged: a secret"));
    memcpy(out->secret, secret.at, CHANNEL_SECRET_SIZE);
    return OK;
}

static uint64_t capped(uint64_t limit, uint64_t cap) { return cap && limit > cap ? cap : limit; }

static enum error read_channel(const struct query *q, struct arena *a, struct channel *out, struct diag *d) {
    *out = (struct channel){
        .id = sql_i64(q, 0),
        .own_party = sql_text(q, 1, a),
        .party = sql_text(q, 2, a),
        .number = sql_u64(q, 3),
        .drill = sql_i64(q, 4) != 0,
        .invited_card = sql_copy(q, 5, a),
        .state = (enum channel_state)sql_i64(q, 6),
        .why = sql_text(q, 7, a),
        .contacted_at = sql_instant(q, 8),
        .tried_at = sql_instant(q, 9),
        .trouble = sql_text(q, 10, a),
        .limits = {capped(sql_u64(q, 11), q->store->blob_cap), capped(sql_u64(q, 12), q->store->total_cap),
                   sql_u64(q, 13)},
    };
    enum error result = read_record(q, 14, a, &out->of[SIDE_OWN], d);
    return result ? result : read_record(q, 20, a, &out->of[SIDE_THEIRS], d);
}

static enum error read_channels(struct query *q, struct arena *a, struct channel **out, size_t *count, struct diag *d) {
    struct channel *list = NULL;
    size_t room = 0, got = 0;
    bool row = true;
    enum error result = OK;
    while (!result && !(result = sql_next(q, &row, d)) && row) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        result = read_channel(q, a, &list[got++], d);
        if (result) sql_stop(q);
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

enum error store_channels(struct store *s, struct arena *a, struct channel **out, size_t *count, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_start(s, &q, d, CHANNEL_COLUMNS "ORDER BY c.party, c.drill, c.number", "");
    if (!result) result = read_channels(&q, a, out, count, d);
    sql_unlock(s);
    return result;
}

enum error store_channels_with(struct store *s, struct text party, struct arena *a, struct channel **out, size_t *count,
                               struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_start(s, &q, d, CHANNEL_COLUMNS "WHERE c.party = ? ORDER BY c.drill, c.number", "t", party);
    if (!result) result = read_channels(&q, a, out, count, d);
    sql_unlock(s);
    return result;
}

static enum error one_channel(struct query *q, struct arena *a, struct channel *out, struct diag *d) {
    enum error result = read_channel(q, a, out, d);
    sql_stop(q);
    return result;
}

enum error store_channel(struct store *s, int64_t id, struct arena *a, struct channel *out, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result = sql_first(s, &q, d, CHANNEL_COLUMNS "WHERE c.id = ?", "i", id);
    if (!result) result = one_channel(&q, a, out, d);
    sql_unlock(s);
    return result;
}

enum error store_find_channel(struct store *s, struct text origin_or_hash, struct arena *a, struct channel *out,
                              enum side *side, struct diag *d) {
    struct query q;
    sql_lock(s);
    enum error result =
        sql_first(s, &q, d, CHANNEL_COLUMNS "WHERE c.id = (SELECT channel FROM record WHERE origin = ?1 OR hash = ?1)",
                  "t", origin_or_hash);
    if (!result) result = one_channel(&q, a, out, d);
    sql_unlock(s);
    if (result == ERR_MISSING) return fail(d, ERR_MISSING, _("no such channel"));
    if (!result && side) {
        const struct channel_record *own = &out->of[SIDE_OWN];
        bool is_own = text_equal(own->origin, origin_or_hash) || text_equal(own->hash, origin_or_hash);
        *side = is_own ? SIDE_OWN : SIDE_THEIRS;
    }
    return result;
}

static enum error run_locked(struct store *s, enum error result) {
    sql_unlock(s);
    return result;
}

enum error store_set_state(struct store *s, int64_t channel, enum channel_state state, struct text why,
                           struct diag *d) {
    sql_lock(s);
    return run_locked(
        s, sql_run(s, d, "UPDATE channel SET state = ?, why = ? WHERE id = ?", "iti", (int64_t)state, why, channel));
}

enum error store_set_invited_card(struct store *s, int64_t id, struct bytes card, struct diag *d) {
    sql_lock(s);
    return run_locked(s, sql_run(s, d, "UPDATE channel SET invited_card = ? WHERE id = ?", "bi", card, id));
}

enum error store_set_contact(struct store *s, int64_t channel, instant now, struct text trouble, struct diag *d) {
    sql_lock(s);
    return run_locked(s, sql_run(s, d,
                                 "UPDATE channel SET tried_at = ?1, trouble = ?2,"
                                 " contacted_at = CASE ?2 WHEN '' THEN ?1 ELSE contacted_at END WHERE id = ?3",
                                 "iti", now, trouble, channel));
}

void store_set_caps(struct store *s, uint64_t blob_bytes, uint64_t total_bytes) {
    sql_lock(s);
    s->blob_cap = blob_bytes;
    s->total_cap = total_bytes;
    sql_unlock(s);
}

enum error store_set_limits(struct store *s, int64_t channel, const struct channel_limits *limits, struct diag *d) {
    sql_lock(s);
    return run_locked(
        s, sql_run(s, d, "UPDATE channel SET blob_bytes_max = ?, total_bytes_max = ?, window_entries = ? WHERE id = ?",
                   "uuui", limits->blob_bytes_max, limits->total_bytes_max, limits->window_entries, channel));
}

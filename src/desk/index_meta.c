#include "desk/index_meta.h"

#include "desk/index_pack.h"

/* What is derived may differ with the program, so each version of it makes its own. */
static const char version[] = "parley index v2 of parley " PARLEY_VERSION;

struct index_meta index_meta_new(void) {
    struct index_meta m = {.doubted_beyond = UINT64_MAX, .updated = INSTANT_NONE};
    for (unsigned p = 0; p < 2; p++) m.sides[p].latest = INSTANT_NONE;
    return m;
}

/* ---- writing */

static void pack_side(struct pack *p, const struct index_side *s) {
    pack_u64(p, s->record_count);
    for (size_t i = 0; i < s->record_count; i++) {
        pack_text(p, s->records[i].origin);
        pack_u64(p, s->records[i].size);
        pack_u64(p, s->records[i].offset);
    }
    const uint64_t numbers[] = {s->done, s->seen, s->covered, s->erased};
    for (size_t i = 0; i < COUNT(numbers); i++) pack_u64(p, numbers[i]);
    pack_instant(p, s->latest);
    pack_u64(p, s->card_count);
    for (size_t i = 0; i < s->card_count; i++) {
        pack_u64(p, s->cards[i].position);
        pack_u64(p, s->cards[i].seen);
        pack_text(p, text_from_bytes(s->cards[i].note));
    }
}

static void pack_recent(struct pack *p, const struct recent_message *m) {
    pack_instant(p, m->time);
    pack_text(p, m->kind);
    pack_text(p, m->title);
    pack_text(p, m->broken);
    pack_u64(p, m->understood);
}

static void pack_doubt(struct pack *p, const struct index_doubt *d) {
    pack_u64(p, d->party);
    pack_u64(p, d->generation);
    pack_u64(p, d->size);
    pack_bytes(p, d->root.at, sizeof d->root.at);
}

enum error index_meta_put(struct rows *r, const struct index_meta *m, struct diag *d) {
    struct arena a = {0};
    struct buf out = {.max = ROW_BYTES_MAX};
    struct pack p = {.out = &out, .texts = {.arena = &a}};
    pack_text(&p, text_of(version));
    pack_bytes(&p, m->identities.at, sizeof m->identities.at);
    pack_u64(&p, m->generation);
    pack_u64(&p, m->unfollowed);
    for (unsigned q = 0; q < 2; q++) pack_side(&p, &m->sides[q]);
    pack_u64(&p, m->doubt_count);
    for (size_t i = 0; i < m->doubt_count; i++) pack_doubt(&p, &m->doubts[i]);
    const uint64_t numbers[] = {
        m->doubted_beyond, m->matter_count,          m->message_count,          m->closed_count,
        m->limited,        m->limits.blob_bytes_max, m->limits.total_bytes_max, m->limits.window_entries};
    for (size_t i = 0; i < COUNT(numbers); i++) pack_u64(&p, numbers[i]);
    pack_u64(&p, m->missing_count);
    pack_bytes(&p, m->missing, m->missing_count * sizeof *m->missing);
    pack_u64(&p, m->terms_count);
    for (size_t i = 0; i < m->terms_count; i++) pack_u64(&p, m->terms[i]);
    pack_u64(&p, m->recent_count);
    for (size_t i = 0; i < m->recent_count; i++) pack_recent(&p, &m->recent[i]);
    pack_text(&p, m->asked);
    pack_u64(&p, m->answered);
    pack_instant(&p, m->updated);
    enum error result = buf_check(&out, d);
    if (!result) result = rows_put(r, row_number(ROW_META, 0), buf_as_bytes(&out), d);
    buf_wipe(&out);
    arena_free(&a);
    return result;
}

/* ---- reading */

static void unpack_side(struct unpack *u, struct index_side *s) {
    s->record_count = unpack_count(u);
    s->records = ARENA_ARRAY(u->arena, struct index_record, s->record_count);
    for (size_t i = 0; i < s->record_count; i++) {
        s->records[i].origin = unpack_text(u);
        s->records[i].size = unpack_u64(u);
        s->records[i].offset = unpack_u64(u);
    }
    s->done = unpack_u64(u);
    s->seen = unpack_u64(u);
    s->covered = unpack_u64(u);
    s->erased = unpack_u64(u);
    s->latest = unpack_instant(u);
    s->card_count = s->card_room = unpack_count(u);
    s->cards = ARENA_ARRAY(u->arena, struct index_card, s->card_count);
    for (size_t i = 0; i < s->card_count; i++) {
        s->cards[i].position = unpack_u64(u);
        s->cards[i].seen = unpack_u64(u);
        s->cards[i].note = bytes_from_text(unpack_text(u));
    }
}

static void unpack_recent(struct unpack *u, struct recent_message *m) {
    m->time = unpack_instant(u);
    m->kind = unpack_text(u);
    m->title = unpack_text(u);
    m->broken = unpack_text(u);
    m->understood = unpack_u64(u);
}

static void unpack_doubts(struct unpack *u, struct index_meta *m) {
    m->doubt_count = m->doubt_room = unpack_count(u);
    m->doubts = ARENA_ARRAY(u->arena, struct index_doubt, m->doubt_count);
    for (size_t i = 0; i < m->doubt_count; i++) {
        struct index_doubt *doubt = &m->doubts[i];
        doubt->party = unpack_u64(u) & 1;
        doubt->generation = (size_t)unpack_u64(u);
        doubt->size = unpack_u64(u);
        unpack_bytes(u, doubt->root.at, sizeof doubt->root.at);
    }
}

static void unpack_meta(struct unpack *u, struct index_meta *m) {
    unpack_bytes(u, m->identities.at, sizeof m->identities.at);
    m->generation = (size_t)unpack_u64(u);
    m->unfollowed = unpack_u64(u);
    for (unsigned q = 0; q < 2; q++) unpack_side(u, &m->sides[q]);
    unpack_doubts(u, m);
    m->doubted_beyond = unpack_u64(u);
    m->matter_count = unpack_u64(u);
    m->message_count = unpack_u64(u);
    m->closed_count = unpack_u64(u);
    m->limited = unpack_u64(u);
    m->limits.blob_bytes_max = unpack_u64(u);
    m->limits.total_bytes_max = unpack_u64(u);
    m->limits.window_entries = unpack_u64(u);
    m->missing_count = unpack_count(u);
    if (m->missing_count > INDEX_MISSING_MAX) u->failed = true, m->missing_count = 0;
    unpack_bytes(u, m->missing, m->missing_count * sizeof *m->missing);
    m->terms_count = m->terms_room = unpack_count(u);
    m->terms = ARENA_ARRAY(u->arena, uint64_t, m->terms_count);
    for (size_t i = 0; i < m->terms_count; i++) m->terms[i] = unpack_u64(u);
    m->recent_count = unpack_count(u);
    if (m->recent_count > INDEX_RECENT) u->failed = true;
    for (size_t i = 0; i < m->recent_count && !u->failed; i++) unpack_recent(u, &m->recent[i]);
    m->asked = unpack_text(u);
    m->answered = unpack_u64(u);
    m->updated = unpack_instant(u);
    if (m->generation >= m->sides[0].record_count && m->generation >= m->sides[1].record_count) u->failed = true;
}

enum error index_meta_get(struct rows *r, struct arena *a, struct index_meta *out, struct diag *d) {
    struct buf plain = {.max = ROW_BYTES_MAX};
    struct index_meta m = index_meta_new();
    enum error result = rows_get(r, row_number(ROW_META, 0), &plain, d);
    struct unpack u = {.rest = arena_bytes(a, buf_as_bytes(&plain)), .arena = a};
    buf_wipe(&plain);
    if (result) return result;
    if (!text_equal(unpack_text(&u), text_of(version))) return fail(d, ERR_INPUT, _("the index is of another version"));
    unpack_meta(&u, &m);
    if (u.failed || u.rest.size) return fail(d, ERR_INPUT, _("the index is damaged"));
    *out = m;
    return OK;
}

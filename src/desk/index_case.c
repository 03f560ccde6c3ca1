#include "desk/index_case.h"

void kept_add(struct kept_list *l, const struct kept *k, struct arena *a) {
    l->at = arena_grow(a, l->at, l->count, &l->room, sizeof *l->at);
    l->at[l->count++] = *k;
}

/* ---- writing */

static void pack_names(struct pack *p, struct names names) {
    pack_u64(p, names.count);
    for (size_t i = 0; i < names.count; i++) pack_text(p, names.at[i]);
}

static void pack_head(struct pack *p, const struct head *h) {
    const struct text texts[] = {h->record, h->id, h->kind, h->matter, h->from, h->by, h->to, h->tlp};
    for (size_t i = 0; i < COUNT(texts); i++) pack_text(p, texts[i]);
    pack_u64(p, h->own);
    pack_u64(p, h->read);
}

static void pack_findings(struct pack *p, const struct meaning *m) {
    uint64_t last = 0;
    pack_u64(p, m->finding_count);
    for (size_t i = 0; i < m->finding_count; i++) { /* mostly by row, one after the other: two bytes each */
        pack_u64(p, m->findings[i].row - last);
        pack_u64(p, m->findings[i].word);
        last = m->findings[i].row;
    }
}

static void pack_meaning(struct pack *p, const struct meaning *m) {
    const struct text texts[] = {m->sheet, m->text, m->supersedes, m->to, m->about, m->relation, m->matter};
    /* What is mostly "none" is written one higher, so that it takes a byte. */
    const uint64_t numbers[] = {m->rows,
                                m->reply,
                                m->terms.given,
                                m->terms.answer_within_hours + 1,
                                m->terms.acknowledge_within_hours + 1,
                                m->entry + 1,
                                (uint64_t)(m->consent + 1)};
    for (size_t i = 0; i < COUNT(texts); i++) pack_text(p, texts[i]);
    for (size_t i = 0; i < COUNT(numbers); i++) pack_u64(p, numbers[i]);
    pack_instant(p, m->until);
    pack_findings(p, m);
}

static void pack_kept(struct pack *p, const struct kept *k) {
    const struct statement *s = &k->statement;
    const uint64_t numbers[] = {s->generation, s->index, k->position, k->seen, k->card, k->limits_given};
    for (size_t i = 0; i < COUNT(numbers); i++) pack_u64(p, numbers[i]);
    pack_instant(p, k->time);
    pack_head(p, s->head);
    pack_bytes(p, s->identity.at, sizeof s->identity.at);
    pack_names(p, s->attached);
    pack_names(p, s->signatures);
    pack_meaning(p, &s->meaning);
    if (!k->limits_given) return;
    pack_u64(p, k->limits.blob_bytes_max);
    pack_u64(p, k->limits.total_bytes_max);
    pack_u64(p, k->limits.window_entries);
}

void index_case_write(const struct index_case *c, struct buf *out) {
    struct arena a = {0};
    struct pack p = {.out = out, .texts = {.arena = &a}};
    pack_text(&p, c->name);
    pack_text(&p, c->title);
    pack_text(&p, c->action);
    for (unsigned q = 0; q < 2; q++) {
        pack_text(&p, c->numbers[q]);
        pack_u64(&p, c->sides[q].count);
        for (size_t i = 0; i < c->sides[q].count; i++) pack_kept(&p, &c->sides[q].at[i]);
    }
    arena_free(&a);
}

/* ---- reading */

static struct names unpack_names(struct unpack *u) {
    size_t count = unpack_count(u);
    struct text *names = ARENA_ARRAY(u->arena, struct text, count);
    for (size_t i = 0; i < count; i++) names[i] = unpack_text(u);
    return (struct names){names, count};
}

static const struct head *unpack_head(struct unpack *u) {
    struct head *h = ARENA_NEW(u->arena, struct head);
    struct text *const texts[] = {&h->record, &h->id, &h->kind, &h->matter, &h->from, &h->by, &h->to, &h->tlp};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = unpack_text(u);
    h->own = unpack_u64(u);
    h->read = unpack_u64(u);
    return h;
}

static void unpack_findings(struct unpack *u, struct meaning *m) {
    uint64_t last = 0;
    m->finding_count = unpack_count(u);
    struct row_finding *findings = ARENA_ARRAY(u->arena, struct row_finding, m->finding_count);
    for (size_t i = 0; i < m->finding_count; i++) {
        findings[i].row = last + unpack_u64(u);
        findings[i].word = (enum finding_word)unpack_u64(u);
        if (findings[i].word >= FINDING_COUNT) u->failed = true;
        last = findings[i].row;
    }
    m->findings = findings;
}

static void unpack_meaning(struct unpack *u, struct meaning *m) {
    struct text *const texts[] = {&m->sheet, &m->text, &m->supersedes, &m->to, &m->about, &m->relation, &m->matter};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = unpack_text(u);
    m->rows = unpack_u64(u);
    m->reply = (enum reply_word)unpack_u64(u);
    m->terms.given = unpack_u64(u);
    m->terms.answer_within_hours = unpack_u64(u) - 1;
    m->terms.acknowledge_within_hours = unpack_u64(u) - 1;
    m->entry = unpack_u64(u) - 1;
    uint64_t consent = unpack_u64(u);
    m->consent = consent <= TLP_COUNT ? (enum tlp)((int)consent - 1) : TLP_NONE;
    m->until = unpack_instant(u);
    unpack_findings(u, m);
}

static void unpack_kept(struct unpack *u, unsigned party, struct kept *k) {
    struct statement *s = &k->statement;
    s->party = party;
    s->generation = (size_t)unpack_u64(u);
    s->index = unpack_u64(u);
    k->position = unpack_u64(u);
    k->seen = unpack_u64(u);
    k->card = unpack_u64(u);
    k->limits_given = unpack_u64(u);
    k->time = unpack_instant(u);
    s->head = unpack_head(u);
    unpack_bytes(u, s->identity.at, sizeof s->identity.at);
    s->attached = unpack_names(u);
    s->signatures = unpack_names(u);
    unpack_meaning(u, &s->meaning);
    if (!k->limits_given) return;
    k->limits.blob_bytes_max = unpack_u64(u);
    k->limits.total_bytes_max = unpack_u64(u);
    k->limits.window_entries = unpack_u64(u);
}

enum error index_case_read(struct bytes row, struct arena *a, struct index_case *out, struct diag *d) {
    struct unpack u = {.rest = row, .arena = a};
    struct index_case c = {0};
    c.name = unpack_text(&u);
    c.title = unpack_text(&u);
    c.action = unpack_text(&u);
    for (unsigned q = 0; q < 2; q++) {
        struct kept_list *side = &c.sides[q];
        c.numbers[q] = unpack_text(&u);
        side->count = side->room = unpack_count(&u);
        side->at = ARENA_ARRAY(a, struct kept, side->count);
        for (size_t i = 0; i < side->count && !u.failed; i++) unpack_kept(&u, q, &side->at[i]);
    }
    if (u.failed || u.rest.size) return fail(d, ERR_INPUT, _("the index is damaged"));
    *out = c;
    return OK;
}

/* Briefs on disk: pages of them, in the order of the cases' numbers. */
#include "desk/index_pack.h"
#include "desk/index_parts.h"

enum { PAGE_BRIEFS = 64 };

/* ---- one */

static void pack_proposal(struct pack *p, const struct proposal_state *s) {
    pack_u64(p, s->accepted_count);
    pack_instant(p, s->no_reply_since);
    pack_u64(p, s->first_open);
    pack_u64(p, s->counter_open);
    pack_instant(p, s->first_until);
    pack_instant(p, s->counter_until);
}

static void pack_wait(struct pack *p, const struct wait_for *w) {
    pack_u64(p, w->what);
    pack_u64(p, w->party);
    pack_instant(p, w->since);
    pack_instant(p, w->due);
    pack_instant(p, w->met);
    pack_text(p, w->text);
}

static void pack_brief(struct pack *p, const struct case_brief *b) {
    const struct text texts[] = {b->name, b->title, b->action, b->numbers[0], b->numbers[1]};
    const uint64_t numbers[] = {b->number,
                                b->kind,
                                b->opener,
                                b->words[0],
                                b->words[1],
                                b->words[2],
                                b->sort,
                                b->inadmissible,
                                b->late,
                                b->facts,
                                b->answered,
                                b->standing,
                                (uint64_t)(b->tlp - TLP_NONE)};
    for (size_t i = 0; i < COUNT(texts); i++) pack_text(p, texts[i]);
    for (size_t i = 0; i < COUNT(numbers); i++) pack_u64(p, numbers[i]);
    pack_instant(p, b->opened);
    pack_instant(p, b->due);
    if (b->kind == KIND_PROPOSAL) pack_proposal(p, &b->proposal);
    pack_u64(p, b->wait_count);
    for (size_t i = 0; i < b->wait_count; i++) pack_wait(p, &b->waits[i]);
}

static void unpack_proposal(struct unpack *u, struct proposal_state *s) {
    s->accepted_count = (size_t)unpack_u64(u);
    s->no_reply_since = unpack_instant(u);
    s->first_open = unpack_u64(u);
    s->counter_open = unpack_u64(u);
    s->first_until = unpack_instant(u);
    s->counter_until = unpack_instant(u);
}

/* A number that names one of `count` things. */
static unsigned unpack_one(struct unpack *u, unsigned count) {
    uint64_t n = unpack_u64(u);
    if (n < count) return (unsigned)n;
    u->failed = true;
    return 0;
}

static void unpack_wait(struct unpack *u, struct wait_for *w) {
    w->what = (enum wait)unpack_one(u, WAIT_COUNT);
    w->party = unpack_one(u, 2);
    w->since = unpack_instant(u);
    w->due = unpack_instant(u);
    w->met = unpack_instant(u);
    w->text = unpack_text(u);
}

static void unpack_brief(struct unpack *u, struct case_brief *b) {
    struct text *const texts[] = {&b->name, &b->title, &b->action, &b->numbers[0], &b->numbers[1]};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = unpack_text(u);
    b->number = unpack_u64(u);
    b->kind = (enum kind)unpack_one(u, KIND_COUNT);
    b->opener = unpack_one(u, 2);
    for (size_t i = 0; i < COUNT(b->words); i++) b->words[i] = (enum state_word)unpack_one(u, STATE_COUNT);
    b->sort = (enum state_word)unpack_one(u, STATE_COUNT);
    b->inadmissible = unpack_u64(u);
    b->late = unpack_u64(u);
    b->facts = unpack_u64(u);
    b->answered = unpack_u64(u);
    b->standing = (enum standing_word)unpack_one(u, STANDING_COUNT);
    b->tlp = (enum tlp)((int)unpack_one(u, TLP_COUNT + 1) + TLP_NONE);
    b->opened = unpack_instant(u);
    b->due = unpack_instant(u);
    if (b->kind == KIND_PROPOSAL) unpack_proposal(u, &b->proposal);
    b->wait_count = unpack_one(u, WAITS_MAX + 1);
    for (size_t i = 0; i < b->wait_count; i++) unpack_wait(u, &b->waits[i]);
}

/* ---- pages */

/* The parts of a page, one a brief, as they were written. */
static bool next_part(struct bytes *rest, struct bytes *part) {
    uint64_t size;
    return bytes_be64(rest, &size) && bytes_take(rest, (size_t)size, part);
}

static void add_part(struct buf *page, const struct case_brief *b) {
    struct arena a = {0};
    struct buf part = {.max = 1 << 20};
    struct pack p = {.out = &part, .texts = {.arena = &a}};
    pack_brief(&p, b);
    buf_be64(page, part.size);
    buf_bytes(page, buf_as_bytes(&part));
    page->failed |= part.failed;
    buf_free(&part);
    arena_free(&a);
}

enum error index_brief_put(struct rows *r, const struct case_brief *b, struct diag *d) {
    uint64_t number = row_number(ROW_BRIEFS, b->number / PAGE_BRIEFS);
    struct buf old = {.max = ROW_BYTES_MAX}, new = {.max = ROW_BYTES_MAX};
    size_t place = b->number % PAGE_BRIEFS, at = 0;
    enum error result = rows_get(r, number, &old, d);
    if (result == ERR_MISSING) result = OK;
    struct bytes rest = buf_as_bytes(&old), part;
    for (; next_part(&rest, &part); at++) {
        if (at == place) {
            add_part(&new, b);
            continue;
        }
        buf_be64(&new, part.size);
        buf_bytes(&new, part);
    }
    for (; at < place; at++) buf_be64(&new, 0); /* of the number 0, and of none other */
    if (at == place) add_part(&new, b);
    if (!result) result = buf_check(&new, d);
    if (!result) result = rows_put(r, number, buf_as_bytes(&new), d);
    buf_free(&old);
    buf_free(&new);
    return result;
}

static enum error take_page(void *state, uint64_t low, struct bytes plain, struct diag *d) {
    struct index *x = state;
    struct bytes rest = arena_bytes(&x->brief_arena, plain), part;
    (void)low;
    while (next_part(&rest, &part)) {
        struct unpack u = {.rest = part, .arena = &x->brief_arena};
        if (!part.size) continue;
        if (x->brief_count == x->meta.matter_count) return fail(d, ERR_INPUT, _("the index is damaged"));
        unpack_brief(&u, &x->briefs[x->brief_count++]);
        if (u.failed || u.rest.size) return fail(d, ERR_INPUT, _("the index is damaged"));
    }
    return OK;
}

enum error index_briefs_get(struct index *x, struct diag *d) {
    x->brief_arena.max_bytes = SIZE_MAX / 2;
    x->brief_count = 0;
    x->briefs = ARENA_ARRAY(&x->brief_arena, struct case_brief, x->meta.matter_count);
    enum error result = rows_each(x->rows, ROW_BRIEFS, 0, take_page, x, d);
    if (!result && x->brief_count != x->meta.matter_count) result = fail(d, ERR_INPUT, _("the index is damaged"));
    return result;
}

#include "desk/evidence.h"

#include <stdlib.h>

/* ---- what a claim commits to */

struct sheet_evidence evidence_commitment(struct talk *t, const struct sheet_state *s) {
    struct sheet_evidence out = {0};
    struct claim claim;
    const struct said *said = talk_said(t, s->message);
    bool sheet = s->message->kind == KIND_CLAIM || s->message->kind == KIND_CORRECT;
    if (!sheet || !said || claim_from_message(&said->message, &t->arena, &claim, NULL)) return out;
    out.committed = sha256_read_hex(claim.evidence_root, &out.root);
    out.size = claim.evidence_size;
    return out;
}

/* The claim commits to the facts by their rows: a root over other rows than those of its sheet shows nothing of it. */
static enum error check_fact(const struct disclosed *shown, struct sheet facts, struct diag *d) {
    struct buf here = {.max = 2 * SHEET_ROW_MAX}, there = {.max = 2 * SHEET_ROW_MAX};
    fact_write(&shown->fact, &here);
    fact_write(&facts.at[shown->row], &there);
    bool same = !here.failed && !there.failed && text_equal(buf_as_text(&here), buf_as_text(&there));
    buf_free(&here);
    buf_free(&there);
    if (same) return OK;
    return fail(d, ERR_PROOF, _("fact %llu: the lines were committed to behind another fact than that of the sheet"),
                (unsigned long long)shown->row);
}

enum error evidence_open(struct talk *t, const struct sheet_evidence *s, struct sheet facts, struct bytes file,
                         struct disclosure *out, struct diag *d) {
    struct disclosure shown = {0};
    if (!s->committed) return fail(d, ERR_PROOF, _("the claim commits to no evidence, so nothing can be proved by it"));
    if (facts.count && facts.count != s->size)
        return fail(d, ERR_PROOF,
                    _n("the claim commits to evidence of %llu fact, and its sheet has %zu",
                       "the claim commits to evidence of %llu facts, and its sheet has %zu", s->size),
                    (unsigned long long)s->size, facts.count);
    enum error result = disclosure_open(file, s->root, s->size, &t->arena, &shown, d);
    for (size_t i = 0; i < shown.count && !result && facts.count; i++) result = check_fact(&shown.at[i], facts, d);
    if (!result) *out = shown;
    return result;
}

/* ---- what was asked for */

/* Sets `asked` of all facts that an ask names.  Ranges are counted up and down at their ends, so that no number of asks
 * makes the sheet gone through more than once. */
static void gather_asked(struct talk *t, const struct said_by *answerer, struct text sheet, struct sheet facts,
                         struct sheet_evidence *out) {
    struct arena a = {.max_bytes = SIZE_MAX / 2};
    int64_t *ends = ARENA_ARRAY(&a, int64_t, facts.count + 1), depth = 0;
    for (size_t i = 0; i < answerer->count; i++) {
        const struct message_verdict *m = answerer->at[i];
        const struct said *said = m->kind == KIND_ASK ? talk_said(t, m) : NULL;
        struct ask ask;
        if (!said || ask_from_message(&said->message, &a, &ask, NULL) || !text_equal(ask.sheet, sheet)) continue;
        for (size_t k = 0; k < ask.rows.count && ask.rows.at[k].first < facts.count; k++) {
            const struct row_range *r = &ask.rows.at[k];
            ends[r->first]++;
            ends[r->last < facts.count ? r->last + 1 : facts.count]--;
        }
    }
    for (size_t i = 0; i < facts.count; i++) {
        depth += ends[i];
        out->facts[i].asked = depth > 0;
    }
    arena_free(&a);
}

/* ---- what was shown */

struct gathering {
    struct talk *talk;
    const struct matter *matter;
    const struct sheet *facts;
    struct case_evidence *out;
    size_t left;       /* of EVIDENCE_SHOWN_MAX */
    size_t *line_room; /* one a sheet */
    size_t part_room;
};

static size_t sheet_place(const struct matter *m, struct text sheet) {
    size_t i = 0;
    while (i < m->sheet_count && (!sheet.size || !text_equal(m->sheets[i].message->statement->meaning.sheet, sheet)))
        i++;
    return i;
}

static struct shown_part *add_part(struct gathering *g, const struct message_verdict *by, const struct attach *attach) {
    struct case_evidence *e = g->out;
    e->parts = arena_grow(&g->talk->arena, e->parts, e->part_count, &g->part_room, sizeof *e->parts);
    struct shown_part *part = &e->parts[e->part_count++];
    *part = (struct shown_part){.by = by, .attach = attach};
    return part;
}

static void take_shown(struct gathering *g, size_t place, const struct disclosure *shown, struct shown_part *part) {
    struct sheet_evidence *s = &g->out->sheets[place];
    for (size_t i = 0; i < shown->count; i++) {
        const struct disclosed *fact = &shown->at[i];
        if (s->facts && fact->row < g->facts[place].count) s->facts[fact->row].shown = true;
        for (size_t k = 0; k < fact->line_count; k++) {
            s->lines = arena_grow(&g->talk->arena, s->lines, s->line_count, &g->line_room[place], sizeof *s->lines);
            s->lines[s->line_count++] = (struct shown_line){fact->row, fact->lines[k].number, fact->lines[k].line};
        }
        part->lines += fact->line_count;
    }
    part->facts = shown->count;
}

static enum error open_part(struct gathering *g, size_t place, struct shown_part *part, struct diag *d) {
    struct talk *t = g->talk;
    struct buf plain = {.max = DISCLOSURE_BYTES_MAX};
    struct disclosure shown;
    if (part->attach->plain_size > DISCLOSURE_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("a disclosure of more than %d bytes"), DISCLOSURE_BYTES_MAX);
    if (part->attach->plain_size > g->left)
        return fail(d, ERR_LIMIT, _("the disclosures of the case are too large to be shown together"));
    enum error result = talk_attachment(t, part->attach, &plain, d);
    if (!result) {
        g->left -= plain.size;
        result = evidence_open(t, &g->out->sheets[place], g->facts[place], arena_bytes(&t->arena, buf_as_bytes(&plain)),
                               &shown, d);
    }
    if (!result) take_shown(g, place, &shown, part);
    buf_free(&plain);
    return result;
}

static struct text words_of(const struct diag *d, struct arena *a) {
    if (!d->line) return arena_text(a, text_of(d->text));
    return arena_format(a, _("line %llu: %s"), (unsigned long long)d->line, d->text);
}

static void gather_part(struct gathering *g, const struct message_verdict *by, const struct attach *attach,
                        size_t place) {
    struct diag why = {0};
    struct shown_part *part = add_part(g, by, attach);
    if (place < g->matter->sheet_count) part->sheet = &g->matter->sheets[place];
    if (!part->sheet)
        part->why = text_of(_("it is of a sheet that the case does not have"));
    else if (!attach)
        part->why = text_of(_("it shows nothing: no evidence is attached"));
    else if (open_part(g, place, part, &why))
        part->why = words_of(&why, &g->talk->arena);
}

static void gather_disclosure(struct gathering *g, const struct message_verdict *by) {
    const struct head *head = by->statement->head;
    size_t place = sheet_place(g->matter, by->statement->meaning.sheet), before = g->out->part_count;
    for (size_t i = 0; i < head->attach_count; i++)
        if (text_is(head->attach[i].role, ROLE_EVIDENCE)) gather_part(g, by, &head->attach[i], place);
    if (g->out->part_count == before) gather_part(g, by, NULL, place);
}

static int by_place(const void *a, const void *b) {
    const struct shown_line *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* A line that was shown twice is one line. */
static void order_lines(struct sheet_evidence *s, struct sheet facts) {
    size_t kept = 0;
    if (s->line_count) qsort(s->lines, s->line_count, sizeof *s->lines, by_place);
    for (size_t i = 0; i < s->line_count; i++) {
        if (kept && !by_place(&s->lines[kept - 1], &s->lines[i])) continue;
        s->lines[kept++] = s->lines[i];
        if (s->facts && s->lines[i].row < facts.count) s->facts[s->lines[i].row].line_count++;
    }
    s->line_count = kept;
}

static bool has_kind(const struct said_by *said, enum kind kind) {
    for (size_t i = 0; i < said->count; i++)
        if (said->at[i]->kind == kind) return true;
    return false;
}

void evidence_gather(struct talk *t, const struct matter *m, const struct sheet *facts, struct case_evidence *out) {
    struct arena *a = &t->arena;
    struct case_evidence e = {.sheets = ARENA_ARRAY(a, struct sheet_evidence, m->sheet_count)};
    struct gathering g = {t, m, facts, &e, EVIDENCE_SHOWN_MAX, ARENA_ARRAY(a, size_t, m->sheet_count), 0};
    const struct said_by *opener = &m->said[m->opener], *answerer = &m->said[1 - m->opener];
    bool any = has_kind(answerer, KIND_ASK) || has_kind(opener, KIND_DISCLOSE);
    for (size_t i = 0; i < m->sheet_count; i++) {
        e.sheets[i] = evidence_commitment(t, &m->sheets[i]);
        if (!any || !facts[i].count) continue;
        e.sheets[i].facts = ARENA_ARRAY(a, struct fact_evidence, facts[i].count);
        gather_asked(t, answerer, m->sheets[i].message->statement->meaning.sheet, facts[i], &e.sheets[i]);
    }
    for (size_t i = 0; i < opener->count; i++)
        if (opener->at[i]->kind == KIND_DISCLOSE) gather_disclosure(&g, opener->at[i]);
    for (size_t i = 0; i < m->sheet_count; i++) order_lines(&e.sheets[i], facts[i]);
    *out = e;
}

/* ---- showing one's own */

static enum error check_tree(const struct sheet_state *s, const struct sheet_evidence *claimed,
                             const struct evidence *e, struct diag *d) {
    char hex[SHA256_HEX];
    struct text sheet = s->message->statement->meaning.sheet, of = sha256_hex(&e->sheet, hex);
    if (!claimed->committed) return fail(d, ERR_USAGE, _("the claim commits to no evidence: nothing can be shown"));
    if (!text_equal(of, sheet))
        return fail(d, ERR_PROOF, _("the evidence tree is of the sheet %.12s…, and not of %.12s…"), of.at, sheet.at);
    if (e->count != claimed->size || !sha256_equal(evidence_root(e), claimed->root))
        return fail(d, ERR_PROOF, _("the evidence tree does not give the root that the claim committed to"));
    return OK;
}

enum error evidence_disclose(struct talk *t, const struct sheet_state *s, struct sheet facts, const struct evidence *e,
                             const struct chosen *chosen, size_t count, struct buf *out, struct disclosure *shown,
                             struct diag *d) {
    struct sheet_evidence claimed = evidence_commitment(t, s);
    enum error result = check_tree(s, &claimed, e, d);
    if (!result) result = disclosure_write(e, chosen, count, out, d);
    if (!result) result = evidence_open(t, &claimed, facts, arena_bytes(&t->arena, buf_as_bytes(out)), shown, d);
    return result;
}

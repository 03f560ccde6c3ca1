/* What was asked for and shown of the evidence of a case, as people and machines look at it. */
#include "desk/case_view.h"

/* ---- of one fact */

struct text evidence_cell(const struct case_sheet *s, size_t row, struct arena *a) {
    const struct fact_evidence *of = s->evidence->facts ? &s->evidence->facts[row] : NULL;
    if (!of || (!of->asked && !of->shown)) return (struct text){0};
    if (!of->shown) return text_of(_("asked for"));
    return arena_format(a, _("%llu of %llu verified"), (unsigned long long)of->line_count,
                        (unsigned long long)s->facts.at[row].evidence);
}

void evidence_json_fact(const struct case_sheet *s, size_t row, json_t *into) {
    const struct fact_evidence *of = s->evidence->facts ? &s->evidence->facts[row] : NULL;
    json_t *object = json_object();
    uint64_t committed = s->facts.at[row].evidence;
    if (s->evidence->committed && committed != SHEET_NO_COUNT) json_put_u64(object, "committed", committed);
    if (of) json_put_bool(object, "asked", of->asked);
    if (of) json_put_bool(object, "shown", of->shown);
    if (of && of->shown) json_put_u64(object, "lines_verified", of->line_count);
    json_put(into, "evidence", object);
}

/* ---- of a sheet */

/* Disclosures of a sheet that the case does not have stand with its first sheet, so that they are not passed over. */
static bool is_of(const struct case_view *v, const struct shown_part *p, const struct case_sheet *s) {
    return p->sheet ? p->sheet == s->state : s == &v->sheets[0];
}

static void put_part(const struct shown_part *p, struct buf *out) {
    buf_format(out, "  %s %.8s", p->why.size ? "!" : " ", p->by->statement->head->id.at);
    if (p->why.size) {
        buf_format(out, ": %s: ", _("what it discloses does not count"));
        buf_line(out, p->why);
    } else {
        buf_format(out, _(": facts disclosed: %zu; lines: %zu, each verified"), p->facts, p->lines);
    }
    buf_char(out, '\n');
}

/* ---- what was committed to */

static const char *order_words(enum commit_order o) {
    static const char *const words[] = {
        [COMMIT_NOTHING_SHOWN] = N_("nothing is disclosed yet"),
        [COMMIT_FIRST] = N_("before anything was disclosed"),
        [COMMIT_CROSSED] = N_("neither it nor a disclosure had seen the other"),
        [COMMIT_AFTER] = N_("after lines were disclosed"),
    };
    return words[o];
}

static void put_commitment(const struct commitment *c, struct buf *out) {
    const struct message_verdict *first = c->commit ? c->commit : c->reveal;
    buf_format(out, "  %s %.8s: ", c->why.size ? "!" : " ", first->statement->head->id.at);
    if (c->commit) buf_format(out, _("findings committed to: %s"), gettext(order_words(c->order)));
    if (c->commit) buf_string(out, "; ");
    if (c->reveal) buf_format(out, _("revealed by %.8s"), c->reveal->statement->head->id.at);
    if (c->reveal && !c->why.size) buf_format(out, ", %s", _("they are what was committed to"));
    if (c->why.size) {
        buf_format(out, ", %s: ", _("which does not count"));
        buf_line(out, c->why);
    }
    if (!c->reveal) buf_string(out, _("not revealed yet"));
    buf_char(out, '\n');
}

static bool is_commitment_of(const struct case_view *v, const struct commitment *c, const struct case_sheet *s) {
    return c->sheet ? c->sheet == s->state : s == &v->sheets[0];
}

static json_t *commitment_json(const struct commitment *c) {
    static const char *const words[] = {[COMMIT_NOTHING_SHOWN] = "nothing-disclosed",
                                        [COMMIT_FIRST] = "before-disclosure",
                                        [COMMIT_CROSSED] = "crossed",
                                        [COMMIT_AFTER] = "after-disclosure"};
    json_t *one = json_object();
    json_put_text(one, "commitment", c->says.commitment);
    if (c->commit) json_put_text(one, "id", c->commit->statement->head->id);
    if (c->commit) json_put_text(one, "order", text_of(words[c->order]));
    if (c->reveal) json_put_text(one, "revealed_by", c->reveal->statement->head->id);
    if (c->reveal) json_put_bool(one, "matches", !c->why.size);
    json_put_text_if(one, "why", c->why);
    return one;
}

/* ---- of a sheet, together */

void evidence_lines(const struct case_view *v, const struct case_sheet *s, struct buf *out) {
    for (size_t i = 0; i < v->evidence.part_count; i++)
        if (is_of(v, &v->evidence.parts[i], s)) put_part(&v->evidence.parts[i], out);
    for (size_t i = 0; i < v->commitments.count; i++)
        if (is_commitment_of(v, &v->commitments.at[i], s)) put_commitment(&v->commitments.at[i], out);
}

void evidence_json_sheet(const struct case_view *v, const struct case_sheet *s, json_t *into) {
    json_t *list = json_array(), *commitments = json_array();
    char hex[SHA256_HEX];
    if (s->evidence->committed) json_put_text(into, "evidence_root", sha256_hex(&s->evidence->root, hex));
    for (size_t i = 0; i < v->evidence.part_count; i++) {
        const struct shown_part *p = &v->evidence.parts[i];
        if (!is_of(v, p, s)) continue;
        json_t *one = json_object();
        json_put_text(one, "id", p->by->statement->head->id);
        json_put_bool(one, "verified", !p->why.size);
        json_put_text_if(one, "why", p->why);
        json_put_u64(one, "facts", p->facts);
        json_put_u64(one, "lines", p->lines);
        json_add(list, one);
    }
    json_put(into, "disclosures", list);
    for (size_t i = 0; i < v->commitments.count; i++)
        if (is_commitment_of(v, &v->commitments.at[i], s))
            json_add(commitments, commitment_json(&v->commitments.at[i]));
    json_put(into, "commitments", commitments);
}

/* ---- the lines themselves */

static void put_shown(const struct shown_line *line, struct buf *out) {
    struct buf shown = {.max = 2 * line->line.size + 16};
    buf_line(&shown, line->line);
    buf_format(out, "  %6llu  ", (unsigned long long)line->number);
    buf_text(out, buf_as_text(&shown));
    if (shown.size != line->line.size) buf_format(out, "  (%s)", _("bytes left out that can't be shown"));
    buf_char(out, '\n');
    buf_free(&shown);
}

static void put_fact(const struct case_sheet *s, uint64_t row, struct buf *out) {
    struct buf cells = {.max = 2 * SHEET_ROW_MAX};
    buf_format(out, _("\nFact %llu"), (unsigned long long)row);
    if (row < s->facts.count) {
        const struct fact *f = &s->facts.at[row];
        fact_write(f, &cells);
        buf_string(out, ": ");
        buf_line(out, buf_as_text(&cells));
        if (s->evidence->facts)
            buf_format(out, _("\n  lines shown: %llu of %llu, verified\n"),
                       (unsigned long long)s->evidence->facts[row].line_count, (unsigned long long)f->evidence);
    } else {
        buf_char(out, '\n');
    }
    buf_free(&cells);
}

static void put_sheet(const struct case_view *v, const struct case_sheet *s, struct buf *out) {
    buf_format(out, "%s %.*s\n", _("Evidence of sheet"), TEXT_ARG(s->state->message->statement->meaning.sheet));
    evidence_lines(v, s, out);
    for (size_t i = 0; i < s->evidence->line_count; i++) {
        const struct shown_line *line = &s->evidence->lines[i];
        if (!i || line->row != line[-1].row) put_fact(s, line->row, out);
        put_shown(line, out);
    }
}

void evidence_page(const struct case_view *v, struct buf *out) {
    for (size_t i = 0; i < v->sheet_count; i++) {
        if (v->sheets[i].state->message->kind == KIND_INQUIRY) continue;
        if (out->size) buf_char(out, '\n');
        put_sheet(v, &v->sheets[i], out);
    }
    if (!v->evidence.part_count) buf_format(out, "%s\n", _("No lines were disclosed."));
}

void evidence_bytes(const struct case_view *v, struct buf *out) {
    for (size_t i = 0; i < v->sheet_count; i++)
        for (size_t k = 0; k < v->sheets[i].evidence->line_count; k++) {
            buf_text(out, v->sheets[i].evidence->lines[k].line);
            buf_char(out, '\n');
        }
}

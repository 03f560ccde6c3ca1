#include "desk/joint.h"

#include "base/map.h"
#include "base/random.h"
#include "desk/told.h"
#include "finding/finding.h"
#include "matter/dialogue.h"

/* ---- counting what a case holds */

static enum error find_sheet(const struct matter *m, struct text typed, const struct sheet_state **out,
                             struct diag *d) {
    for (size_t i = m->sheet_count; i-- > 0;) {
        struct text sheet = m->sheets[i].message->statement->meaning.sheet;
        if (!sheet.size || !text_starts(sheet, typed)) continue;
        *out = &m->sheets[i];
        return OK;
    }
    if (typed.size) return fail(d, ERR_MISSING, _("the case has no sheet %.*s"), TEXT_ARG(typed));
    return fail(d, ERR_MISSING, _("the case “%.*s” rests on no sheet of facts"), TEXT_ARG(m->name));
}

/* The last finding on each fact, as a findings sheet of words alone: both sides have the same bytes of it. */
static enum error take_findings(const struct standing *s, struct arena *a, struct joint_facts *f, struct diag *d) {
    struct buf file = {.max = FINDINGS_MAX_BYTES};
    struct finding *all = ARENA_ARRAY(a, struct finding, s->answered + 1);
    enum finding_word *words = ARENA_ARRAY(a, enum finding_word, f->sheet.count + 1);
    for (size_t i = 0; i < f->sheet.count; i++) words[i] = (enum finding_word)ORIGINS_NO_FINDING;
    for (size_t i = 0; i < s->answered; i++) {
        const struct row_finding *said = &s->findings[i];
        if (said->row < f->sheet.count) words[said->row] = said->word;
        all[i] = (struct finding){.row = said->row,
                                  .word = said->word,
                                  .count = FINDING_NO_COUNT,
                                  .first_seen = INSTANT_NONE,
                                  .last_seen = INSTANT_NONE};
    }
    enum error result = findings_write((struct findings){all, s->answered}, &file, d);
    f->options.words = words;
    f->options.word_count = f->sheet.count;
    f->options.findings = sha256_of(buf_as_bytes(&file));
    buf_free(&file);
    return result;
}

static const struct origins_cut *cut_of(const struct talk *t, const struct matter *m, struct arena *a) {
    struct origins_cut *cut = ARENA_NEW(a, struct origins_cut);
    const struct channel_verdict *c = &t->state.channel;
    cut->matter = arena_text(a, m->name);
    for (unsigned p = 0; p < 2; p++) {
        cut->parties[p] = arena_text(a, t->parties[p]);
        cut->sizes[p] = c->generations ? c->cuts[c->generations - 1].of[p] : 0;
    }
    return cut;
}

enum error joint_facts(struct talk *t, const struct matter *m, struct text sheet, struct arena *a,
                       struct joint_facts *out, struct diag *d) {
    struct joint_facts f = {.tlp = m->tlp};
    const struct sheet_state *state = NULL;
    struct buf plain = {.max = SHEET_BYTES_MAX};
    enum error result = find_sheet(m, sheet, &state, d);
    if (!result) result = talk_sheet(t, state->message->statement->meaning.sheet, &plain, d);
    f.hash = sheet_hash(buf_as_bytes(&plain));
    if (!result) result = sheet_read(arena_bytes(a, buf_as_bytes(&plain)), a, &f.sheet, d);
    buf_free(&plain);
    if (!result) result = take_findings(&state->standing, a, &f, d);
    if (result) return result;
    f.options.cut = cut_of(t, m, a);
    *out = f;
    return OK;
}

/* ---- documents that were sent */

bool joint_concerns(const struct joint_document *j, const struct matter *m) {
    for (size_t i = 0; i < m->sheet_count; i++)
        if (j->sheet.size && text_equal(m->sheets[i].message->statement->meaning.sheet, j->sheet)) return true;
    return false;
}

static struct told of_party(const struct talk *t, unsigned party, struct arena *a) {
    const struct matter_state *s = &t->state;
    struct told all = {.at = ARENA_ARRAY(a, const struct message_verdict *, s->message_count + 1)};
    for (size_t i = 0; i < s->message_count; i++)
        if (s->messages[i].kind == KIND_ORIGINS && !s->messages[i].why && s->messages[i].entry->party == party)
            all.at[all.count++] = &s->messages[i];
    return all;
}

struct joint_list {
    struct talk *talk;
    const struct matter *matter; /* NULL: of all */
    struct joint_document *at;
    size_t count;
    struct map known; /* by document, sheet and table */
};

static enum error add_document(struct joint_list *l, const struct message_verdict *v, struct diag *d) {
    struct dialogue says;
    const struct said *s = talk_said(l->talk, v);
    enum error result = s ? dialogue_from_message(&s->message, &l->talk->arena, &says, d) : OK;
    if (result || !s || !says.document.size || !head_attachment(&s->message.head, ROLE_ORIGINS, says.document))
        return result;
    struct joint_document one = {
        .document = says.document, .sheet = says.sheet, .table = says.table, .basis = says.basis};
    if (l->matter && !joint_concerns(&one, l->matter)) return OK;
    /* By all that a message says: whoever says something else of a document does not hide what is true of it. */
    struct text said = arena_format(&l->talk->arena, "%.*s %.*s %.*s", TEXT_ARG(one.document), TEXT_ARG(one.sheet),
                                    TEXT_ARG(one.table));
    struct joint_document **known = (struct joint_document **)map_put(&l->known, said);
    if (!*known) {
        *known = &l->at[l->count++];
        **known = one;
    }
    if (v->entry->party == l->talk->own) (*known)->basis = one.basis; /* of two wordings one's own is no surprise */
    if (!(*known)->by[v->entry->party]) (*known)->by[v->entry->party] = s;
    return OK;
}

enum error joint_documents(struct talk *t, const struct matter *m, struct joint_document **out, size_t *count,
                           struct diag *d) {
    struct told sent = told_together(of_party(t, 0, &t->arena), of_party(t, 1, &t->arena), &t->arena);
    struct joint_list l = {.talk = t, .matter = m, .known = {.arena = &t->arena}};
    enum error result = OK;
    l.at = ARENA_ARRAY(&t->arena, struct joint_document, sent.count + 1);
    for (size_t i = 0; i < sent.count && !result; i++) result = add_document(&l, sent.at[i], d);
    if (result) return result;
    *out = l.at;
    *count = l.count;
    return OK;
}

enum error joint_find(struct talk *t, struct text sha, struct joint_document *out, struct diag *d) {
    struct joint_document *all;
    const struct joint_document *found = NULL;
    size_t count = 0;
    enum error result = joint_documents(t, NULL, &all, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (!text_starts(all[i].document, sha)) continue;
        if (found && !text_equal(found->document, all[i].document))
            return fail(d, ERR_USAGE, _("several documents of origins begin with %.*s"), TEXT_ARG(sha));
        if (!found || all[i].by[t->own]) found = &all[i];
    }
    if (!result && !found)
        result = fail(d, ERR_MISSING, _("no document of origins %.*s was sent: `parley origins CASE --send` sends one"),
                      TEXT_ARG(sha));
    if (!result) *out = *found;
    return result;
}

static enum error open_of(struct talk *t, const struct joint_document *j, const struct said *s, struct buf *plain,
                          struct diag *d) {
    buf_clear(plain);
    return s ? talk_attachment(t, head_attachment(&s->message.head, ROLE_ORIGINS, j->document), plain, d)
             : fail(d, ERR_MISSING, _("the document of origins is not held"));
}

/* One's own copy first: whoever names a document may attach something else. */
enum error joint_open(struct talk *t, const struct joint_document *j, struct origins_document *out, struct diag *d) {
    struct buf plain = {.max = ORIGINS_MAX_BYTES};
    enum error result = open_of(t, j, j->by[t->own], &plain, NULL);
    if (result) result = open_of(t, j, j->by[1 - t->own], &plain, d);
    if (!result) result = origins_read(buf_as_bytes(&plain), &t->arena, out, d);
    if (!result && (!text_equal(out->sheet, j->sheet) || !text_equal(out->table, j->table)))
        result = fail(d, ERR_INPUT, _("the document of origins is not what its message says of it"));
    buf_free(&plain);
    return result;
}

/* ---- recomputing one */

static enum error count_at(struct talk *then, const struct origins_document *of, const struct territory *table,
                           struct buf *out, struct diag *d) {
    const struct matter *m = matter_find(&then->state, of->cut.matter);
    struct joint_facts f = {0};
    struct origins counted;
    struct random random = random_system();
    if (!m) return fail(d, ERR_MISSING, _("at that cut there is no case %.*s"), TEXT_ARG(of->cut.matter));
    enum error result = joint_facts(then, m, of->sheet, &then->arena, &f, d);
    f.options.by = of->by;
    f.options.unit = of->unit;
    random_fill(&random, (uint8_t *)&f.options.seed, sizeof f.options.seed);
    if (!result) result = origins_count(f.sheet, f.hash, table, &f.options, &then->arena, &counted, d);
    if (!result) origins_write(&counted, out);
    return result ? result : buf_check(out, d);
}

enum error joint_recount(struct talk *t, const struct origins_document *of, const struct territory *table,
                         struct buf *out, struct diag *d) {
    struct talk *then = NULL;
    struct talk_at at = {.given = true, .sizes = {{of->cut.sizes[0], of->cut.sizes[1]}}, .as_of = t->state.as_of};
    if (!of->has_cut)
        return fail(d, ERR_INPUT, _("the document of origins names no case and no cut: it can't be recomputed"));
    enum error result = talk_open(t->desk, t->parties[1 - t->own], t->state.channel.drill, &at, &then, d);
    if (!result) result = count_at(then, of, table, out, d);
    talk_close(then);
    return result;
}

enum error joint_check(struct talk *t, struct text sha, struct diag *d) {
    struct joint_document j;
    struct origins_document of;
    struct table table;
    struct sha256 hash;
    char hex[SHA256_HEX];
    struct buf again = {.max = ORIGINS_MAX_BYTES};
    enum error result = joint_find(t, sha, &j, d);
    if (!result) result = joint_open(t, &j, &of, d);
    if (!result && !sha256_read_hex(of.table, &hash)) result = fail(d, ERR_INPUT, _("no table is named"));
    if (!result) result = table_find(t->desk->home.path, hash, &table, d);
    if (result) return result;
    result = joint_recount(t, &of, &table.of, &again, d);
    table_close(&table);
    struct sha256 counted = sha256_of(buf_as_bytes(&again));
    if (!result && !text_equal(sha256_hex(&counted, hex), j.document))
        result = fail(d, ERR_PROOF, _("the origins %.12s recomputed here are not the same"), j.document.at);
    buf_free(&again);
    return result;
}

/* ---- what is shown */

static void put_document(const struct talk *t, const struct joint_document *j, struct buf *out) {
    buf_format(out, "  %.12s  ", j->document.at);
    buf_line(out, j->basis);
    buf_string(out, "\n    ");
    if (joint_alike(j))
        buf_string(out, _("computed alike by both"));
    else
        buf_format(out, _("sent by %.*s alone"), TEXT_ARG(t->parties[j->by[0] ? 0 : 1]));
    buf_char(out, '\n');
}

void joint_page(struct talk *t, const struct matter *m, struct buf *out) {
    struct joint_document *all;
    size_t count = 0;
    if (joint_documents(t, m, &all, &count, NULL) || !count) return;
    buf_format(out, "\n%s\n", _("Origins"));
    for (size_t i = 0; i < count; i++) put_document(t, &all[i], out);
}

json_t *joint_json(struct talk *t, const struct matter *m) {
    struct joint_document *all;
    json_t *list = json_array();
    size_t count = 0;
    if (joint_documents(t, m, &all, &count, NULL)) return list;
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object(), *by = json_array();
        json_put_text(one, "document", all[i].document);
        json_put_text_if(one, "sheet", all[i].sheet);
        json_put_text_if(one, "territory_table", all[i].table);
        json_put_text_if(one, "basis", all[i].basis);
        json_put_bool(one, "alike", joint_alike(&all[i]));
        for (unsigned p = 0; p < 2; p++)
            if (all[i].by[p]) json_add_text(by, t->parties[p]);
        json_put(one, "sent_by", by);
        json_add(list, one);
    }
    return list;
}

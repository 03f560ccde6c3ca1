#include "desk/settle.h"

#include "desk/told.h"

/* ---- outcomes */

/* The facts that share an outcome: those agreed, those disputed, those that people call unverifiable, and those that
 * are so by each finding that is silent. */
enum { GROUP_AGREED, GROUP_DISPUTED, GROUP_UNVERIFIABLE, GROUP_BY_FINDING };
enum { GROUPS = GROUP_BY_FINDING + FINDING_COUNT };

struct group {
    struct row_range *at;
    size_t count, room;
};

struct settling {
    struct talk *talk;
    const struct matter *matter;
    const struct sheet_state *sheet;
    const struct outcome_wish *wish;
    struct group groups[GROUPS], open, doubled;
};

static void add_row(struct settling *s, struct group *g, uint64_t row) {
    if (g->count && g->at[g->count - 1].last + 1 == row) {
        g->at[g->count - 1].last = row;
        return;
    }
    g->at = arena_grow(&s->talk->arena, g->at, g->count, &g->room, sizeof *g->at);
    g->at[g->count++] = (struct row_range){row, row};
}

static struct group *group_of_finding(struct settling *s, enum finding_word word) {
    switch (finding_class_of(word)) {
    case FINDING_SUPPORTS: return &s->groups[GROUP_AGREED];
    case FINDING_AGAINST: return &s->groups[GROUP_DISPUTED];
    case FINDING_SILENT: break;
    }
    return s->wish->why.size ? &s->groups[GROUP_UNVERIFIABLE] : &s->groups[GROUP_BY_FINDING + word];
}

static void sort_row(struct settling *s, uint64_t row, const struct row_finding *finding) {
    unsigned named = 0;
    struct group *into = finding ? group_of_finding(s, finding->word) : &s->open;
    for (int w = 0; w < OUTCOME_COUNT; w++) {
        if (!row_set_has(s->wish->rows[w], row)) continue;
        into = &s->groups[w];
        named++;
    }
    add_row(s, named > 1 ? &s->doubled : into, row);
}

static struct text rows_text(struct settling *s, const struct group *g) {
    struct buf rows = {.max = 400};
    row_set_write((struct row_set){g->at, g->count}, &rows);
    struct text t = rows.failed ? TEXT("…") : arena_text(&s->talk->arena, buf_as_text(&rows));
    buf_free(&rows);
    return t;
}

static enum error check_groups(struct settling *s, struct diag *d) {
    const struct talk *t = s->talk;
    const struct group *disputed = &s->groups[GROUP_DISPUTED];
    if (s->doubled.count)
        return fail(d, ERR_USAGE, _("two outcomes for the facts %.*s"), TEXT_ARG(rows_text(s, &s->doubled)));
    if (s->open.count)
        return fail(
            d, ERR_USAGE,
            _("no finding suggests an outcome for the facts %.*s: name them as agreed, disputed or unverifiable"),
            TEXT_ARG(rows_text(s, &s->open)));
    if (disputed->count && (!s->wish->says[0].size || !s->wish->says[1].size))
        return fail(d, ERR_USAGE, _("the facts %.*s are disputed: give the wording of %.*s and that of %.*s"),
                    TEXT_ARG(rows_text(s, disputed)), TEXT_ARG(t->parties[0]), TEXT_ARG(t->parties[1]));
    if (s->groups[GROUP_UNVERIFIABLE].count && !s->wish->why.size)
        return fail(d, ERR_USAGE, _("the facts %.*s are unverifiable: say why"),
                    TEXT_ARG(rows_text(s, &s->groups[GROUP_UNVERIFIABLE])));
    return OK;
}

static struct outcome outcome_of(struct settling *s, size_t group) {
    struct talk *t = s->talk;
    const struct group *g = &s->groups[group];
    struct outcome o = {.sheet = s->sheet->message->statement->meaning.sheet,
                        .rows = {g->at, g->count},
                        .word = group == GROUP_AGREED     ? OUTCOME_AGREED
                                : group == GROUP_DISPUTED ? OUTCOME_DISPUTED
                                                          : OUTCOME_UNVERIFIABLE,
                        .says = {s->wish->says[0], s->wish->says[1]},
                        .why = s->wish->why};
    if (group >= GROUP_BY_FINDING)
        o.why = arena_format(&t->arena, "%.*s: %s", TEXT_ARG(t->parties[1 - s->matter->opener]),
                             finding_name((enum finding_word)(group - GROUP_BY_FINDING)));
    return o;
}

static enum error check_wish(const struct outcome_wish *wish, uint64_t rows, struct diag *d) {
    if (rows > SETTLE_ROWS_MAX)
        return fail(d, ERR_LIMIT, _("a sheet of more than %d facts can't be settled fact by fact"), SETTLE_ROWS_MAX);
    for (int w = 0; w < OUTCOME_COUNT; w++) {
        struct row_set named = wish->rows[w];
        if (named.count && named.at[named.count - 1].last >= rows)
            return fail(d, ERR_USAGE, _("the sheet has no fact %llu: facts are numbered from 0 to %llu"),
                        (unsigned long long)named.at[named.count - 1].last, (unsigned long long)(rows ? rows - 1 : 0));
    }
    return OK;
}

enum error settle_outcomes(struct talk *t, const struct matter *m, const struct sheet_state *sheet,
                           const struct outcome_wish *wish, struct outcome **out, size_t *count, struct diag *d) {
    struct settling s = {.talk = t, .matter = m, .sheet = sheet, .wish = wish};
    uint64_t rows = sheet->message->statement->meaning.rows;
    const struct standing *standing = &sheet->standing;
    enum error result = check_wish(wish, rows, d);
    if (result) return result;
    for (uint64_t row = 0, next = 0; row < rows; row++) {
        while (next < standing->answered && standing->findings[next].row < row) next++;
        bool found = next < standing->answered && standing->findings[next].row == row;
        sort_row(&s, row, found ? &standing->findings[next] : NULL);
    }
    result = check_groups(&s, d);
    if (result) return result;
    struct outcome *all = ARENA_ARRAY(&t->arena, struct outcome, GROUPS);
    size_t made = 0;
    for (size_t i = 0; i < GROUPS; i++)
        if (s.groups[i].count) all[made++] = outcome_of(&s, i);
    *out = all;
    *count = made;
    return OK;
}

/* ---- texts */

static struct offered_text *find(struct offered_text *all, size_t count, struct text sha) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(all[i].offer.settlement, sha)) return &all[i];
    return NULL;
}

static enum error add_minutes(struct talk *t, const struct message_verdict *v, struct offered_text *all, size_t *count,
                              struct diag *d) {
    struct offered_text one = {.said = talk_said(t, v)};
    enum error result = minutes_from_message(&one.said->message, &t->arena, &one.offer, d);
    if (result || !one.offer.settlement.size || find(all, *count, one.offer.settlement)) return result;
    one.attach = head_attachment(&one.said->message.head, ROLE_TEXT, one.offer.settlement);
    all[(*count)++] = one;
    return OK;
}

static void note_agreements(const struct matter *m, struct offered_text *all, size_t count) {
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            const struct meaning *says = &v->statement->meaning;
            struct offered_text *old = v->kind == KIND_MINUTES ? find(all, count, says->supersedes) : NULL;
            struct offered_text *agreed = v->kind == KIND_AGREE ? find(all, count, says->text) : NULL;
            if (old && !text_equal(says->text, says->supersedes)) old->superseded = true;
            if (agreed) agreed->agreed[p] = true;
        }
}

enum error settle_texts(struct talk *t, const struct matter *m, struct offered_text **out, size_t *count,
                        struct diag *d) {
    struct told minutes = told_of(t, m, FRAME_KIND(KIND_MINUTES));
    struct offered_text *all = ARENA_ARRAY(&t->arena, struct offered_text, minutes.count + 1);
    size_t found = 0;
    enum error result = OK;
    for (size_t i = 0; i < minutes.count && !result; i++) result = add_minutes(t, minutes.at[i], all, &found, d);
    if (result) return result;
    note_agreements(m, all, found);
    *out = all;
    *count = found;
    return OK;
}

static enum error several(struct talk *t, const struct offered_text *all, size_t count, struct text sha,
                          struct diag *d) {
    struct text list = {0};
    for (size_t i = 0; i < count; i++)
        if (text_starts(all[i].offer.settlement, sha) && (sha.size || !all[i].superseded))
            list = arena_format(&t->arena, "%.*s%s%.12s", TEXT_ARG(list), list.size ? ", " : "",
                                all[i].offer.settlement.at);
    return fail(d, ERR_USAGE,
                _("several texts could be meant (%.*s): name one, `parley agree CASE SHA256`; `parley show` says who "
                  "offered which"),
                TEXT_ARG(list));
}

enum error settle_find_text(struct talk *t, const struct matter *m, struct text sha, struct offered_text *out,
                            struct diag *d) {
    struct offered_text *all;
    const struct offered_text *found = NULL;
    size_t count;
    enum error result = settle_texts(t, m, &all, &count, d);
    if (result) return result;
    for (size_t i = 0; i < count; i++) {
        if (!text_starts(all[i].offer.settlement, sha) || (!sha.size && all[i].superseded)) continue;
        if (found) return several(t, all, count, sha, d);
        found = &all[i];
    }
    if (!found && sha.size) return fail(d, ERR_MISSING, _("no minutes of this case offer a text %.*s"), TEXT_ARG(sha));
    if (!found) return fail(d, ERR_MISSING, _("no minutes of this case offer a text"));
    *out = *found;
    return OK;
}

/* A text between others would bind two parties that are not the two who sign it. */
static enum error is_between(const struct talk *t, struct bytes text, struct arena *a, struct diag *d) {
    struct minutes m;
    enum error result = minutes_read(text, a, &m, d);
    if (result || (text_equal(m.between[0], t->parties[0]) && text_equal(m.between[1], t->parties[1]))) return result;
    return fail(d, ERR_INPUT, _("the attached text is between %.*s and %.*s"), TEXT_ARG(m.between[0]),
                TEXT_ARG(m.between[1]));
}

enum error settle_open_text(struct talk *t, const struct matter *m, const struct offered_text *of, struct text *out,
                            struct diag *d) {
    struct buf plain = {.max = MINUTES_MAX_BYTES};
    enum error result = talk_attachment(t, of->attach, &plain, d);
    if (!result) result = minutes_fit(&of->offer, m->name, buf_as_bytes(&plain), &t->arena, d);
    if (!result) result = is_between(t, buf_as_bytes(&plain), &t->arena, d);
    if (!result) *out = arena_text(&t->arena, buf_as_text(&plain));
    buf_free(&plain);
    return result;
}

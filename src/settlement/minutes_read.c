/* A canonical text to minutes: line by line, each after what may stand before it; then it is written again and must be
 * the same. */
#include <stdlib.h>

#include "base/map.h"
#include "settlement/spell.h"

enum { OUTCOMES_MAX = 65536, UNDERTAKINGS_MAX = 1000, ORIGINS_MAX = 100 };

struct reading {
    struct text rest;
    uint64_t line;
    struct arena *arena;
    struct diag *diag;
    struct minutes m;
    struct outcome *outcomes;
    struct undertaking *undertakings;
    struct text *origins;
    struct minutes_text *texts;
    size_t outcome_room, undertaking_room, origins_room;
};

static enum error expected(const struct reading *r, const char *what) {
    return fail_at(r->diag, r->line + 1, ERR_INPUT, _("minutes: expected %s"), what);
}

/* Takes `<word> <value>` off the front; false where another line stands there. */
static bool take(struct reading *r, const char *word, struct text *value) {
    struct text rest = r->rest, line;
    if (!text_line(&rest, &line) || !text_skip(&line, text_of(word)) || !text_skip(&line, TEXT(" ")) || !line.size)
        return false;
    *value = line;
    r->rest = rest;
    r->line++;
    return true;
}

static bool is_word(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if ((unsigned char)t.at[i] <= ' ') return false;
    return t.size > 0 && t.size <= 1024;
}

static enum error read_top(struct reading *r) {
    struct minutes *m = &r->m;
    struct text between, held;
    if (!text_skip(&r->rest, TEXT("parley minutes v1\n"))) return expected(r, "“parley minutes v1”");
    r->line++;
    if (!take(r, "case", &m->matter) || !is_word(m->matter)) return expected(r, _("“case” and the name of a case"));
    if (!take(r, "between", &between) || !text_cut(&between, ' ', &m->between[0]) || !is_word(m->between[0]) ||
        !is_word(between) || text_compare(m->between[0], between) >= 0)
        return expected(r, _("“between” and two parties in bytewise order"));
    m->between[1] = between;
    if (take(r, "held", &held) && !instant_read(held, &m->held)) return expected(r, _("“held” and a time with Z"));
    if (take(r, "supersedes", &m->supersedes) && !sha256_is_hex(m->supersedes))
        return expected(r, _("“supersedes” and 64 hexadecimal digits"));
    return OK;
}

static bool outcome_word(struct text t, enum outcome_word *out) {
    for (int w = 0; w < OUTCOME_COUNT; w++)
        if (text_is(t, outcome_name((enum outcome_word)w))) {
            *out = (enum outcome_word)w;
            return true;
        }
    return false;
}

static enum error read_wordings(struct reading *r, struct outcome *o) {
    for (unsigned p = 0; p < 2 && o->word == OUTCOME_DISPUTED; p++) {
        struct text party;
        if (!take(r, "says", &o->says[p]) || !text_cut(&o->says[p], ' ', &party) || !o->says[p].size ||
            !text_equal(party, r->m.between[p]))
            return expected(r, _("“says” and the wording of each party"));
    }
    if (o->word == OUTCOME_UNVERIFIABLE && !take(r, "why", &o->why)) return expected(r, _("“why” and a reason"));
    return OK;
}

static enum error read_outcome(struct reading *r, struct text value, struct text sheet) {
    struct outcome o = {.sheet = sheet};
    struct text rows;
    if (!sheet.size || !text_cut(&value, ' ', &rows) || row_set_read(rows, r->arena, &o.rows, NULL) || !o.rows.count ||
        !outcome_word(value, &o.word))
        return fail_at(r->diag, r->line, ERR_INPUT,
                       _("minutes: expected “outcome”, rows of a sheet, and agreed, disputed or unverifiable"));
    enum error result = read_wordings(r, &o);
    if (result) return result;
    if (r->m.outcome_count == OUTCOMES_MAX)
        return fail(r->diag, ERR_LIMIT, _("minutes of more than %d outcomes"), OUTCOMES_MAX);
    r->outcomes = arena_grow(r->arena, r->outcomes, r->m.outcome_count, &r->outcome_room, sizeof o);
    r->outcomes[r->m.outcome_count++] = o;
    return OK;
}

static enum error read_outcomes(struct reading *r) {
    struct text value, sheet = {0};
    for (enum error result = OK;;) {
        if (take(r, "sheet", &value)) {
            if (!sha256_is_hex(value)) return expected(r, _("“sheet” and 64 hexadecimal digits"));
            sheet = value;
        } else if (take(r, "outcome", &value)) {
            result = read_outcome(r, value, sheet);
        } else {
            return OK;
        }
        if (result) return result;
    }
}

/* Lines of one language each, no language twice. */
static enum error read_what(struct reading *r, struct undertaking *u) {
    struct minutes_text *all = NULL, t;
    size_t room = 0;
    for (; take(r, "what", &t.lines); all[u->what_count++] = t) {
        if (!text_cut(&t.lines, ' ', &t.lang) || !text_lang_valid(t.lang) || !t.lines.size ||
            u->what_count == TEXTS_MAX)
            return expected(r, _("“what”, a language, and what is undertaken"));
        for (size_t i = 0; i < u->what_count; i++)
            if (text_equal(all[i].lang, t.lang)) return expected(r, _("each language once"));
        all = arena_grow(r->arena, all, u->what_count, &room, sizeof t);
    }
    u->what = all;
    return u->what_count ? OK : expected(r, _("“what”, a language, and what is undertaken"));
}

static bool is_owner(const struct minutes *m, struct text t) {
    struct text party = text_sub(t, 0, text_find(t, '/'));
    bool department = party.size < t.size;
    return is_word(t) && (!department || t.size > party.size + 1) &&
           (text_equal(party, m->between[0]) || text_equal(party, m->between[1]));
}

static enum error read_undertakings(struct reading *r) {
    struct text value, number;
    uint64_t n;
    while (take(r, "undertaking", &value)) {
        struct undertaking u = {0};
        if (!text_cut(&value, ' ', &number) || !text_u64(number, &n) || n != r->m.undertaking_count + 1 ||
            !text_cut(&value, ' ', &u.owner) || !is_owner(&r->m, u.owner) || !instant_read(value, &u.due))
            return fail_at(r->diag, r->line, ERR_INPUT,
                           _("minutes: expected “undertaking”, its number, one of the parties and a time with Z"));
        if (n > UNDERTAKINGS_MAX)
            return fail(r->diag, ERR_LIMIT, _("minutes of more than %d undertakings"), UNDERTAKINGS_MAX);
        enum error result = read_what(r, &u);
        if (result) return result;
        r->undertakings = arena_grow(r->arena, r->undertakings, r->m.undertaking_count, &r->undertaking_room, sizeof u);
        r->undertakings[r->m.undertaking_count++] = u;
    }
    return OK;
}

static enum error read_origins(struct reading *r) {
    struct text value;
    while (take(r, "origins", &value)) {
        size_t count = r->m.origins_count;
        if (!sha256_is_hex(value) || count == ORIGINS_MAX || (count && text_compare(r->origins[count - 1], value) >= 0))
            return expected(r, _("“origins” and 64 hexadecimal digits, ascending"));
        r->origins = arena_grow(r->arena, r->origins, count, &r->origins_room, sizeof value);
        r->origins[r->m.origins_count++] = value;
    }
    return OK;
}

static enum error read_texts(struct reading *r) {
    struct texts_reading texts = {r->rest, r->line, r->arena, r->diag};
    return texts_read(&texts, &r->texts, &r->m.text_count);
}

/* "A row of a sheet has one outcome at most": ranges of one sheet, sorted, must not meet. */
struct sheet_rows {
    struct row_range *at;
    size_t count, room;
};

static int by_first(const void *left, const void *right) {
    const struct row_range *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

static enum error check_once(struct reading *r) {
    struct map sheets = {.arena = r->arena};
    for (size_t i = 0; i < r->m.outcome_count; i++) {
        struct sheet_rows **all = (struct sheet_rows **)map_put(&sheets, r->outcomes[i].sheet);
        if (!*all) *all = ARENA_NEW(r->arena, struct sheet_rows);
        for (size_t k = 0; k < r->outcomes[i].rows.count; k++) {
            (*all)->at = arena_grow(r->arena, (*all)->at, (*all)->count, &(*all)->room, sizeof *(*all)->at);
            (*all)->at[(*all)->count++] = r->outcomes[i].rows.at[k];
        }
    }
    struct sheet_rows **all = ARENA_ARRAY(r->arena, struct sheet_rows *, sheets.count);
    map_list(&sheets, NULL, (void **)all);
    for (size_t i = 0; i < sheets.count; i++) {
        qsort(all[i]->at, all[i]->count, sizeof *all[i]->at, by_first);
        for (size_t k = 1; k < all[i]->count; k++)
            if (all[i]->at[k].first <= all[i]->at[k - 1].last)
                return fail(r->diag, ERR_INPUT, _("minutes: two outcomes for row %llu of a sheet"),
                            (unsigned long long)all[i]->at[k].first);
    }
    return OK;
}

static enum error check_spelling(struct reading *r, struct text t) {
    struct buf again = {.max = MINUTES_MAX_BYTES};
    minutes_spell(&r->m, &again);
    bool same = !again.failed && text_equal(buf_as_text(&again), t);
    buf_free(&again);
    return same ? OK : fail(r->diag, ERR_INPUT, _("minutes: a line stands where it says nothing"));
}

enum error minutes_read(struct bytes b, struct arena *a, struct minutes *out, struct diag *d) {
    struct reading r = {.rest = text_from_bytes(b), .arena = a, .diag = d, .m = {.held = INSTANT_NONE}};
    if (b.size > MINUTES_MAX_BYTES) return fail(d, ERR_LIMIT, _("minutes of more than %d bytes"), MINUTES_MAX_BYTES);
    if (!text_is_note_text(r.rest)) return fail(d, ERR_INPUT, _("minutes are UTF-8 without control characters"));
    enum error result = read_top(&r);
    if (!result) result = read_outcomes(&r);
    if (!result) result = read_undertakings(&r);
    if (!result) result = read_origins(&r);
    if (!result) result = read_texts(&r);
    if (!result) result = check_once(&r);
    r.m.outcomes = r.outcomes;
    r.m.undertakings = r.undertakings;
    r.m.origins = r.origins;
    r.m.texts = r.texts;
    if (!result) result = check_spelling(&r, text_from_bytes(b));
    if (!result) *out = r.m;
    return result;
}

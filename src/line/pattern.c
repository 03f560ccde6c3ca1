#include "line/pattern.h"

#include <string.h>

#include "line/host.h"

enum step_kind { STEP_LITERAL, STEP_CHOICE, STEP_GAP, STEP_WORD, STEP_NUMBER, STEP_SPACE, STEP_ADDRESS, STEP_PROTOCOL };

enum { IS_USER = -2 };
struct step {
    enum step_kind kind;
    int capture;           /* -1: none; IS_USER, of gaps alone */
    size_t count;          /* of the literals */
    const struct text *at; /* one, or those of a choice */
};

/* ---- reading */

static const struct {
    const char *name;
    enum step_kind kind;
    int capture;
} fields[] = {
    {"*", STEP_GAP, -1},
    {"USER", STEP_GAP, IS_USER},
    {"WORD", STEP_WORD, -1},
    {"NUMBER", STEP_NUMBER, -1},
    {"SPACE", STEP_SPACE, -1},
    {"ADDR", STEP_ADDRESS, CAPTURE_ADDR},
    {"DST", STEP_ADDRESS, CAPTURE_DST},
    {"PORT", STEP_NUMBER, CAPTURE_PORT},
    {"DPORT", STEP_NUMBER, CAPTURE_DPORT},
    {"PROTOCOL", STEP_PROTOCOL, CAPTURE_PROTOCOL},
    {"COUNT", STEP_NUMBER, CAPTURE_COUNT},
};

struct compiler {
    struct text rest;
    struct arena *arena;
    struct diag *diag;
    struct step *steps;
    size_t count;
};

/* Literal text up to one of `ends`, with the backslashes taken out. */
static enum error read_literal(struct compiler *c, const char *ends, struct text *out) {
    char bytes[PATTERN_BYTES_MAX];
    size_t size = 0;
    while (c->rest.size && !strchr(ends, c->rest.at[0])) {
        if (c->rest.at[0] == '\\') {
            c->rest = text_sub(c->rest, 1, c->rest.size);
            if (!c->rest.size) return fail(c->diag, ERR_INPUT, _("expected a character behind the last \\"));
        }
        bytes[size++] = c->rest.at[0];
        c->rest = text_sub(c->rest, 1, c->rest.size);
    }
    *out = arena_text(c->arena, (struct text){bytes, size});
    return OK;
}

static enum error read_text(struct compiler *c, struct step *out) {
    struct text *literal = ARENA_NEW(c->arena, struct text);
    enum error result = read_literal(c, "<>{}|", literal);
    if (!result && !literal->size)
        result = fail(c->diag, ERR_INPUT, _("expected \\ before %c where it stands for itself"), c->rest.at[0]);
    if (!result) *out = (struct step){STEP_LITERAL, -1, 1, literal};
    return result;
}

static enum error read_choice(struct compiler *c, struct step *out) {
    struct text *literals = ARENA_ARRAY(c->arena, struct text, PATTERN_CHOICES_MAX);
    size_t count = 0;
    for (char end = '|'; end == '|'; count++) {
        if (count == PATTERN_CHOICES_MAX)
            return fail(c->diag, ERR_INPUT, _("expected at most %d choices in braces"), PATTERN_CHOICES_MAX);
        enum error result = read_literal(c, "{}|", &literals[count]);
        if (result) return result;
        end = c->rest.size ? c->rest.at[0] : 0;
        if (!end || end == '{') return fail(c->diag, ERR_INPUT, _("expected } after the choices"));
        c->rest = text_sub(c->rest, 1, c->rest.size);
    }
    *out = (struct step){STEP_CHOICE, -1, count, literals};
    return OK;
}

static enum error read_field(struct compiler *c, struct step *out) {
    struct text name;
    if (!text_cut(&c->rest, '>', &name)) return fail(c->diag, ERR_INPUT, _("expected > after the name of a field"));
    for (size_t i = 0; i < COUNT(fields); i++)
        if (text_is(name, fields[i].name)) {
            *out = (struct step){.kind = fields[i].kind, .capture = fields[i].capture};
            return OK;
        }
    return fail(c->diag, ERR_INPUT, _("expected the name of a field, as <ADDR>, found <%.*s>"),
                TEXT_ARG(text_first(name, 40)));
}

static enum error read_step(struct compiler *c, struct step *out) {
    if (text_skip(&c->rest, TEXT("<"))) return read_field(c, out);
    if (text_skip(&c->rest, TEXT("{"))) return read_choice(c, out);
    return read_text(c, out);
}

/* What ends a <*> must be something that can be looked for. */
static bool can_be_found(const struct step *s) {
    bool empty = s->kind != STEP_LITERAL && s->kind != STEP_CHOICE;
    for (size_t i = 0; i < s->count; i++) empty = empty || !s->at[i].size;
    return !empty;
}

/* How the literals of a choice begin, for looking for them. */
static const struct needles_begin *begin_of(const struct step *s, struct arena *a) {
    if (s->kind != STEP_CHOICE) return NULL;
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].size < NEEDLE_SIZE || text_find(text_first(s->at[i], NEEDLE_SIZE), 0) < NEEDLE_SIZE) return NULL;
    struct needles_begin *begin = ARENA_NEW(a, struct needles_begin);
    for (size_t i = 0; i < s->count; i++) needles_add(begin, s->at[i].at);
    return begin;
}

static enum error end_piece(struct compiler *c, struct pattern *p, size_t from, size_t to) {
    if (p->count == PATTERN_PIECES_MAX)
        return fail(c->diag, ERR_INPUT, _("expected at most %d times <*>"), PATTERN_PIECES_MAX - 1);
    struct piece *piece = &p->pieces[p->count++];
    *piece = (struct piece){.steps = c->steps + from, .count = to - from};
    if (p->count > 1 && piece->count) piece->begin = begin_of(&piece->steps[0], c->arena);
    bool last = to == c->count;
    if (p->count > 1 && !piece->count && !last) return fail(c->diag, ERR_INPUT, _("expected text between two <*>"));
    if (p->count > 1 && piece->count && !can_be_found(&piece->steps[0]))
        return fail(c->diag, ERR_INPUT, _("expected text behind <*>, so that its end can be found"));
    for (size_t i = from; i < to; i++) {
        if (c->steps[i].capture < 0) continue;
        unsigned bit = 1U << c->steps[i].capture;
        if (p->captures & bit) return fail(c->diag, ERR_INPUT, _("expected each field that is kept once"));
        piece->captures |= bit;
        p->captures |= bit;
    }
    return OK;
}

static enum error cut_pieces(struct compiler *c, struct pattern *p) {
    size_t from = 0;
    enum error result = OK;
    for (size_t i = 0; !result && i < c->count; i++) {
        if (c->steps[i].kind != STEP_GAP) continue;
        result = end_piece(c, p, from, i);
        if (c->steps[i].capture == IS_USER) p->users |= 1U << p->count;
        from = i + 1;
    }
    return result ? result : end_piece(c, p, from, c->count);
}

enum error pattern_read(struct text t, struct arena *a, struct pattern *out, struct diag *d) {
    struct compiler c = {t, a, d, ARENA_ARRAY(a, struct step, PATTERN_STEPS_MAX), 0};
    struct pattern p = {.sift = sift_best()};
    enum error result = OK;
    if (!t.size || t.size > PATTERN_BYTES_MAX)
        return fail(d, ERR_INPUT, _("expected a pattern of 1 to %d bytes"), PATTERN_BYTES_MAX);
    while (!result && c.rest.size) {
        if (c.count == PATTERN_STEPS_MAX)
            return fail(d, ERR_INPUT, _("expected at most %d fields and texts"), PATTERN_STEPS_MAX);
        result = read_step(&c, &c.steps[c.count]);
        if (!result) c.count++;
    }
    if (!result) result = cut_pieces(&c, &p);
    if (!result) *out = p;
    return result;
}

static bool choice_may_begin(const struct step *s, uint8_t byte) {
    for (size_t i = 0; i < s->count; i++)
        if (!s->at[i].size || (uint8_t)s->at[i].at[0] == byte) return true;
    return false;
}

bool pattern_may_begin(const struct pattern *p, uint8_t byte) {
    const struct piece *first = &p->pieces[0];
    if (!first->count) return p->count > 1;
    return first->steps[0].count ? choice_may_begin(&first->steps[0], byte) : true;
}

/* ---- matching */

enum byte_kind { IS_SPACE = 1, IS_DIGIT = 2, IS_HOST = 4, IS_PROTOCOL = 8 };
static const uint8_t byte_kinds[256] = {
    [' '] = IS_SPACE,
    ['\t'] = IS_SPACE,
    ['0' ... '9'] = IS_DIGIT | IS_HOST | IS_PROTOCOL,
    ['a' ... 'z'] = IS_HOST | IS_PROTOCOL,
    ['A' ... 'Z'] = IS_HOST | IS_PROTOCOL,
    ['.'] = IS_HOST | IS_PROTOCOL,
    ['-'] = IS_HOST | IS_PROTOCOL,
    [':'] = IS_HOST,
    ['_'] = IS_HOST,
    ['%'] = IS_HOST,
};

static bool is_space(char c) { return byte_kinds[(uint8_t)c] & IS_SPACE; }

static size_t run_of(struct text t, enum byte_kind kind) {
    size_t size = 0, most = t.size < PATTERN_WORD_MAX ? t.size : PATTERN_WORD_MAX;
    while (size < most && byte_kinds[(uint8_t)t.at[size]] & kind) size++;
    return size;
}

/* Bytes that the first of the literals takes that fits at the front; SIZE_MAX: none does. */
static size_t literal_at(const struct step *s, struct text t) {
    for (size_t i = 0; i < s->count; i++)
        if (text_starts(t, s->at[i])) return s->at[i].size;
    return SIZE_MAX;
}

static bool is_address(struct text t) {
    struct ip ip;
    return host_read(t, &ip) == REASON_FACT;
}

/* What behind a host is not its own: the end of a sentence, or a colon and a port. */
static size_t host_size(struct text t) {
    size_t whole = t.size, colon;
    if (is_address(t)) return whole;
    while (t.size && strchr(".:-_", t.at[t.size - 1])) t.size--;
    if (is_address(t)) return t.size;
    for (colon = t.size; colon && t.at[colon - 1] != ':';) colon--;
    if (colon && is_address(text_sub(t, 0, colon - 1))) return colon - 1;
    return text_find(t, ':');
}

/* An address, perhaps in brackets.  What is none is taken all the same: the line is about some host. */
static size_t address_at(struct text t) {
    if (!t.size || t.at[0] != '[') return host_size(text_sub(t, 0, run_of(t, IS_HOST)));
    size_t inside = run_of(text_sub(t, 1, t.size), IS_HOST);
    return inside && inside + 1 < t.size && t.at[inside + 1] == ']' ? inside + 2 : 0;
}

/* One byte or more, up to where `next` fits, or a space stands. */
static size_t word_at(struct text t, const struct step *next) {
    size_t size = 0, most = t.size < PATTERN_WORD_MAX ? t.size : PATTERN_WORD_MAX;
    while (size < most && !is_space(t.at[size])) {
        if (size && next && next->count && literal_at(next, text_sub(t, size, t.size)) + 1 > 1) return size;
        size++;
    }
    return size;
}

/* Bytes that a step takes off the front; SIZE_MAX where it does not fit. */
static size_t step_at(const struct step *s, const struct step *next, struct text t) {
    size_t size = 0;
    switch (s->kind) {
    case STEP_LITERAL:
    case STEP_CHOICE: return literal_at(s, t);
    case STEP_WORD: size = word_at(t, next); break;
    case STEP_NUMBER: size = run_of(t, IS_DIGIT); break;
    case STEP_SPACE: size = run_of(t, IS_SPACE); break;
    case STEP_ADDRESS: size = address_at(t); break;
    case STEP_PROTOCOL: size = run_of(t, IS_PROTOCOL); break;
    case STEP_GAP: break;
    }
    return size ? size : SIZE_MAX;
}

/* Where a piece that begins at `from` ends; SIZE_MAX where it does not fit there. */
static size_t piece_at(const struct piece *p, struct text t, size_t from, struct text *taken) {
    size_t at = from;
    for (size_t i = 0; i < p->count; i++) {
        const struct step *s = &p->steps[i];
        size_t size = step_at(s, i + 1 < p->count ? s + 1 : NULL, text_sub(t, at, t.size));
        if (size == SIZE_MAX) return SIZE_MAX;
        if (s->capture >= 0) taken[s->capture] = text_sub(t, at, at + size);
        at += size;
    }
    return at;
}

struct place {
    size_t start, end;
};
struct match {
    const struct pattern *pattern;
    struct text text;
    struct place first[PATTERN_PIECES_MAX]; /* as far to the left as it can be */
    size_t until[PATTERN_PIECES_MAX];       /* where it must have ended */
    struct text *taken;
};

static bool ends_well(const struct match *m, size_t piece, size_t end, size_t until) {
    return end != SIZE_MAX && (piece + 1 == m->pattern->count ? end == m->text.size : end <= until);
}

/* The next place from `*at` on, and before `until`, where what a piece begins with may stand. */
static bool next_begin(const struct match *m, const struct piece *p, struct sifted *places, size_t *at, size_t until) {
    const struct step *first = &p->steps[0];
    if (*at >= until) return false;
    if (p->begin) return sift_next_needle(m->pattern->sift, p->begin, places, at) && *at < until;
    if (first->kind != STEP_LITERAL) return true;
    struct text literal = first->at[0];
    size_t most = m->text.size - until < literal.size ? m->text.size : until + literal.size - 1;
    size_t found = text_search(text_sub(m->text, *at, most), literal);
    *at += found == SIZE_MAX ? 0 : found;
    return found != SIZE_MAX;
}

/* The next place of a piece from `from` on: it begins with a literal or one of several. */
static bool next_place(const struct match *m, size_t piece, size_t from, size_t until, struct text *taken,
                       struct place *out) {
    const struct piece *p = &m->pattern->pieces[piece];
    struct sifted places = {.text = m->text, .next = from};
    for (size_t at = from; next_begin(m, p, &places, &at, until); at++) {
        size_t end = piece_at(p, m->text, at, taken);
        if (!ends_well(m, piece, end, until)) continue;
        *out = (struct place){at, end};
        return true;
    }
    return false;
}

static bool last_place(const struct match *m, size_t piece, size_t from, size_t until, struct place *out) {
    struct text unused[CAPTURES];
    const struct step *first = &m->pattern->pieces[piece].steps[0]; /* a literal, or several */
    for (size_t at = until; at-- > from;) {
        if (at < m->text.size && !choice_may_begin(first, (uint8_t)m->text.at[at])) continue;
        size_t end = piece_at(&m->pattern->pieces[piece], m->text, at, unused);
        if (!ends_well(m, piece, end, until)) continue;
        *out = (struct place){at, end};
        return true;
    }
    return false;
}

/* From the left: whether it fits at all, and how far to the left each piece can be. */
static bool place_all(struct match *m) {
    const struct pattern *p = m->pattern;
    size_t end = piece_at(&p->pieces[0], m->text, 0, m->taken);
    if (end == SIZE_MAX) return false;
    if (p->count == 1) return end == m->text.size;
    m->first[0] = (struct place){0, end};
    for (size_t i = 1; i < p->count; i++) {
        if (!p->pieces[i].count) { /* the pattern ends in <*> */
            m->first[i] = (struct place){m->text.size, m->text.size};
            return true;
        }
        if (!next_place(m, i, m->first[i - 1].end, m->text.size, m->taken, &m->first[i])) return false;
    }
    return true;
}

/* From the right: where each piece must have ended, so that those behind it still fit. */
static void bound_all(struct match *m) {
    size_t until = m->text.size;
    struct place last;
    for (size_t i = m->pattern->count - 1; i > 0; i--) {
        m->until[i] = until;
        if (!m->pattern->pieces[i].count) continue;
        bool found = last_place(m, i, m->first[i].start, until, &last);
        ASSERT(found); /* the first place is one */
        until = last.start;
    }
}

static bool same_taken(const struct piece *p, const struct text *a, const struct text *b) {
    for (size_t i = 0; i < CAPTURES; i++)
        if (p->captures & 1U << i && !text_equal(a[i], b[i])) return false;
    return true;
}

/* Whether a piece that takes something can be in several places, and takes something else there. */
static bool differs_elsewhere(const struct match *m, size_t piece) {
    struct text other[CAPTURES] = {{0}};
    struct place at = m->first[piece];
    while (next_place(m, piece, at.start + 1, m->until[piece], other, &at))
        if (!same_taken(&m->pattern->pieces[piece], m->taken, other)) return true;
    return false;
}

enum fit pattern_match(const struct pattern *p, struct text t, struct text taken[static CAPTURES]) {
    struct match m; /* what place_all and bound_all don't fill of it is not read */
    m.pattern = p;
    m.text = t;
    m.taken = taken;
    bool open = false;
    for (size_t i = 0; i < CAPTURES; i++) taken[i] = (struct text){0};
    if (!place_all(&m)) return FIT_NOT;
    for (size_t i = 1; i < p->count; i++) open = open || p->pieces[i].captures;
    if (!open) return FIT;
    bound_all(&m);
    for (size_t i = 1; i < p->count; i++)
        if (p->pieces[i].captures && differs_elsewhere(&m, i)) return FIT_TWICE;
    return FIT;
}

bool pattern_user(const struct pattern *p, struct text t, struct text *out) {
    struct text taken[CAPTURES];
    struct match m = {.pattern = p, .text = t, .taken = taken};
    struct place last;
    size_t piece = 1;
    if (!p->users || !place_all(&m)) return false;
    while (!(p->users >> piece & 1)) piece++;
    bound_all(&m);
    size_t from = m.first[piece - 1].end, end = t.size;
    if (p->pieces[piece].count) {
        bool found = last_place(&m, piece, m.first[piece].start, m.until[piece], &last);
        ASSERT(found); /* the first place is one */
        end = last.start;
    }
    *out = text_sub(t, from, end);
    return true;
}

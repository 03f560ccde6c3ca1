/* Minutes to their canonical text. */
#include "settlement/spell.h"

static const char *const names[OUTCOME_COUNT] = {
    [OUTCOME_AGREED] = "agreed", [OUTCOME_DISPUTED] = "disputed", [OUTCOME_UNVERIFIABLE] = "unverifiable"};

const char *outcome_name(enum outcome_word w) { return names[w]; }

unsigned undertaking_party(const struct minutes *m, const struct undertaking *u) {
    struct text party = text_sub(u->owner, 0, text_find(u->owner, '/'));
    return text_equal(party, m->between[1]) ? 1 : 0;
}

struct text undertaking_what(const struct undertaking *u, struct text lang) {
    for (size_t i = 0; i < u->what_count; i++)
        if (text_equal(u->what[i].lang, lang)) return u->what[i].lines;
    return u->what[0].lines;
}

static void write_outcome(const struct minutes *m, const struct outcome *o, struct buf *out) {
    buf_string(out, "outcome ");
    row_set_write(o->rows, out);
    buf_format(out, " %s\n", outcome_name(o->word));
    for (unsigned p = 0; p < 2 && o->word == OUTCOME_DISPUTED; p++)
        buf_format(out, "says %.*s %.*s\n", TEXT_ARG(m->between[p]), TEXT_ARG(o->says[p]));
    if (o->word == OUTCOME_UNVERIFIABLE) buf_format(out, "why %.*s\n", TEXT_ARG(o->why));
}

static void write_undertaking(const struct undertaking *u, size_t number, struct buf *out) {
    char due[INSTANT_TEXT_MAX];
    buf_format(out, "undertaking %zu %.*s %.*s\n", number, TEXT_ARG(u->owner), TEXT_ARG(instant_write(u->due, due)));
    for (size_t i = 0; i < u->what_count; i++)
        buf_format(out, "what %.*s %.*s\n", TEXT_ARG(u->what[i].lang), TEXT_ARG(u->what[i].lines));
}

void minutes_spell(const struct minutes *m, struct buf *out) {
    char held[INSTANT_TEXT_MAX];
    struct text sheet = {0};
    buf_format(out, "parley minutes v1\ncase %.*s\nbetween %.*s %.*s\n", TEXT_ARG(m->matter), TEXT_ARG(m->between[0]),
               TEXT_ARG(m->between[1]));
    if (m->held != INSTANT_NONE) buf_format(out, "held %.*s\n", TEXT_ARG(instant_write(m->held, held)));
    if (m->supersedes.size) buf_format(out, "supersedes %.*s\n", TEXT_ARG(m->supersedes));
    for (size_t i = 0; i < m->outcome_count; i++) {
        if (!text_equal(m->outcomes[i].sheet, sheet)) buf_format(out, "sheet %.*s\n", TEXT_ARG(m->outcomes[i].sheet));
        sheet = m->outcomes[i].sheet;
        write_outcome(m, &m->outcomes[i], out);
    }
    for (size_t i = 0; i < m->undertaking_count; i++) write_undertaking(&m->undertakings[i], i + 1, out);
    for (size_t i = 0; i < m->origins_count; i++) buf_format(out, "origins %.*s\n", TEXT_ARG(m->origins[i]));
    texts_spell(m->texts, m->text_count, out);
}

/* What is written must be what a reader takes: the rules of the form stand there, once. */
enum error minutes_write(const struct minutes *m, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct buf written = {.max = MINUTES_MAX_BYTES};
    struct minutes read;
    minutes_spell(m, &written);
    enum error result = buf_check(&written, d);
    if (!result) result = minutes_read(buf_as_bytes(&written), &a, &read, d);
    if (!result && (read.outcome_count != m->outcome_count || read.undertaking_count != m->undertaking_count ||
                    read.origins_count != m->origins_count || read.text_count != m->text_count))
        result = fail(d, ERR_INPUT, _("a text of the minutes holds what only their form may hold"));
    if (!result) buf_bytes(out, buf_as_bytes(&written));
    if (!result) result = buf_check(out, d);
    buf_free(&written);
    arena_free(&a);
    return result;
}

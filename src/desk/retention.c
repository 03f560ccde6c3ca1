#include "desk/retention.h"

#include "desk/erasures.h"
#include "matter/dialogue.h"

enum { ERASED_AT_ONCE = 256 }; /* by one message */

const char *retention_words(enum retention_word w) {
    static const char *const words[] = {[RETENTION_PAST] = N_("past the days of the terms"),
                                        [RETENTION_DEADLINE] = N_("a deadline of the case still runs"),
                                        [RETENTION_RECORD] = N_("it stands in a record that has ended")};
    return words[w];
}

struct gathering {
    struct talk *talk;
    instant as_of;
    struct arena *arena;
    struct erasures erasures;
    struct retention *out;
    size_t room;
    const struct message_verdict *known; /* the terms that were read last */
    const struct said *offer;
    uint64_t days; /* HOURS_NONE: they state none */
};

/* ---- what is past */

static enum error read_terms(struct gathering *g, const struct message_verdict *terms, struct diag *d) {
    struct dialogue says;
    if (terms == g->known) return OK;
    g->known = terms;
    g->days = HOURS_NONE;
    g->offer = terms ? talk_said(g->talk, terms) : NULL;
    if (!g->offer) return OK;
    enum error result = dialogue_from_message(&g->offer->message, g->arena, &says, d);
    if (!result) g->days = says.terms.retain_days;
    return result;
}

static instant last_word(const struct matter *m, const struct said *said) {
    instant last = said->entry->leaf->time;
    for (unsigned p = 0; p < 2 && m; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            instant time = m->said[p].at[i]->entry->leaf->time;
            if (time > last) last = time;
        }
    return last;
}

static bool runs(const struct deadline *d, instant as_of) {
    return d->due != INSTANT_NONE && d->met == INSTANT_NONE && !deadline_lapsed(d, as_of);
}

static enum retention_word word_of(const struct gathering *g, const struct matter *m, const struct said *said) {
    if (said->entry->generation + 1 != g->talk->channel_count) return RETENTION_RECORD;
    bool deadline = m && runs(&m->acknowledge, g->as_of);
    for (size_t i = 0; m && i < m->sheet_count; i++) deadline = deadline || runs(&m->sheets[i].deadline, g->as_of);
    return deadline ? RETENTION_DEADLINE : RETENTION_PAST;
}

static bool is_agreed_text(const struct matter *m, const struct attach *a) {
    char hex[SHA256_HEX];
    struct text plain = sha256_hex(&a->plain, hex);
    for (size_t i = 0; m && i < m->settled_count; i++)
        if (text_equal(m->settled[i], plain)) return true;
    return false;
}

static void add(struct gathering *g, const struct retained *one) {
    struct retention *r = g->out;
    r->own = arena_grow(g->arena, r->own, r->count, &g->room, sizeof *r->own);
    r->own[r->count++] = *one;
}

static enum error look_at(struct gathering *g, const struct said *said, struct diag *d) {
    const struct matter *m = matter_find(&g->talk->state, said->message.head.matter);
    enum error result = read_terms(g, m ? m->terms : g->talk->state.terms, d);
    if (result || g->days == HOURS_NONE) return result;
    g->out->agreed = true;
    struct retained one = {.said = said, .matter = m, .terms = g->offer, .days = g->days, .last = last_word(m, said)};
    if ((uint64_t)((g->as_of - one.last) / (24 * INSTANT_HOUR)) < g->days || g->as_of < one.last) return OK;
    one.word = word_of(g, m, said);
    for (size_t i = 0; i < said->message.head.attach_count; i++) {
        one.attach = &said->message.head.attach[i];
        if (erasure_of(&g->erasures, said->entry->party, one.attach->sealed) || is_agreed_text(m, one.attach)) continue;
        if (said->entry->party == g->talk->own)
            add(g, &one);
        else
            g->out->theirs++;
    }
    return OK;
}

enum error retention_gather(struct talk *t, instant as_of, struct arena *a, struct retention *out, struct diag *d) {
    struct gathering g = {.talk = t, .as_of = as_of, .arena = a, .out = out, .days = HOURS_NONE};
    enum error result = OK;
    *out = (struct retention){0};
    erasures_gather(t, a, &g.erasures);
    for (size_t i = 0; i < t->said_count && !result; i++)
        if (t->said[i].message.head.attach_count) result = look_at(&g, &t->said[i], d);
    return result;
}

/* ---- erasing */

static bool goes_with(const struct retained *first, const struct retained *next) {
    return next->word == RETENTION_PAST && next->matter == first->matter && next->terms == first->terms &&
           text_equal(next->said->message.head.to, first->said->message.head.to);
}

/* All that goes with the first one; each attachment once. */
static size_t collect(struct talk *t, const struct retention *r, bool *done, size_t first, struct text *names) {
    size_t count = 0;
    for (size_t i = first; i < r->count && count < ERASED_AT_ONCE; i++) {
        char hex[SHA256_HEX];
        if (done[i] || !goes_with(&r->own[first], &r->own[i])) continue;
        done[i] = true;
        struct text name = sha256_hex(&r->own[i].attach->sealed, hex);
        bool again = false;
        for (size_t k = 0; k < count; k++) again = again || text_equal(names[k], name);
        if (!again) names[count++] = arena_text(&t->arena, name);
    }
    return count;
}

static enum error erase_some(struct talk *t, const struct retained *first, struct text *names, size_t count,
                             struct said_at *at, struct diag *d) {
    struct dialogue says = DIALOGUE_EMPTY;
    struct say what = {.kind = KIND_ERASE,
                       .body = say_dialogue,
                       .what = &says,
                       .to = first->said->message.head.to,
                       .tlp = first->matter ? first->matter->tlp : TLP_NONE};
    says.blobs = (struct member_list){names, count};
    says.text = arena_format(&t->arena, _("Kept for %llu days, as the terms say (offer %.8s)."),
                             (unsigned long long)first->days, first->terms->message.head.id.at);
    return say(t, &what, at, d);
}

enum error retention_erase(struct talk *t, const struct retention *r,
                           void (*with)(void *state, const struct said_at *at), void *state, struct diag *d) {
    bool *done = ARENA_ARRAY(&t->arena, bool, r->count ? r->count : 1);
    enum error result = OK;
    for (size_t i = 0; i < r->count && !result; i++) {
        struct text *names = ARENA_ARRAY(&t->arena, struct text, ERASED_AT_ONCE);
        struct said_at at;
        if (r->own[i].word != RETENTION_PAST) continue;
        size_t count = collect(t, r, done, i, names);
        if (!count) continue;
        result = erase_some(t, &r->own[i], names, count, &at, d);
        if (!result && with) with(state, &at);
    }
    return result;
}

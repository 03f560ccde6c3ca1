/* The three words of a case: what the opener's side, the answerer's side and both together come to.  "Each party writes
 * only its own side, so concurrent messages commute." */
#include "matter/fold.h"

static const struct {
    const char *text;
    enum state_word sorts;
} state_words[STATE_COUNT] = {
#define X(code, text, sorts) [code] = {text, sorts},
    STATE_WORDS(X)
#undef X
};

const char *state_word_text(enum state_word w) { return state_words[w].text; }

/* Raised, corrected, withdrawn, closed: a `correct` does not undo a withdraw or close. */
static enum state_word opener_word(const struct side *s) {
    const struct message_verdict *end = side_progress(s, POSITION_NONE).end;
    if (end) return end->kind == KIND_WITHDRAW ? STATE_WITHDRAWN : STATE_CLOSED;
    for (size_t i = 0; i < s->count; i++)
        if (s->said[i]->kind == KIND_CORRECT) return STATE_CORRECTED;
    return STATE_RAISED;
}

/* Partial or answered is said of the sheet that the answer names; no finding on it changes nothing. */
static enum state_word word_of_answer(const struct message_verdict *m, enum state_word before,
                                      const struct map *standings) {
    const struct sheet_state *sheet = map_get(standings, m->statement->meaning.sheet);
    if (!sheet) return STATE_ANSWERED;
    if (sheet->standing.word == STANDING_UNANSWERED) return before;
    return sheet->standing.word == STANDING_PARTIAL ? STATE_PARTIAL : STATE_ANSWERED;
}

/* The last of decline, transfer and answer decides, `acknowledge` only where there is none of them; a reply accepts or
 * counters, which is an answer, or declines. */
static enum state_word word_after(enum state_word before, const struct message_verdict *m,
                                  const struct map *standings) {
    bool silent = before == STATE_SENT || before == STATE_DELIVERED;
    if (m->kind == KIND_ACKNOWLEDGE && silent) return STATE_ACKNOWLEDGED;
    if (m->kind == KIND_DECLINE) return STATE_DECLINED;
    if (m->kind == KIND_TRANSFER) return STATE_TRANSFERRED;
    if (m->kind == KIND_ANSWER) return word_of_answer(m, before, standings);
    if (m->kind != KIND_REPLY) return before;
    return m->statement->meaning.reply == REPLY_DECLINE ? STATE_DECLINED : STATE_ANSWERED;
}

static enum state_word answerer_word(const struct fold *f, const struct thread *t, const struct side *s,
                                     const struct map *standings) {
    if (side_progress(s, POSITION_NONE).end) return STATE_CLOSED;
    bool delivered = fold_delivered(f, t->opening->entry) != INSTANT_NONE;
    enum state_word word = delivered ? STATE_DELIVERED : STATE_SENT;
    for (size_t i = 0; i < s->count; i++) word = word_after(word, s->said[i], standings);
    return word;
}

/* ---- what both agree to */

static struct map agreed_texts(const struct side *s, struct arena *a) {
    struct map texts = {.arena = a};
    for (size_t i = 0; i < s->count; i++)
        if (s->said[i]->kind == KIND_AGREE) map_put(&texts, s->said[i]->statement->meaning.text);
    return texts;
}

/* "Settled on a text once both have agreed to it, whatever either says later." */
static struct map settled_texts(const struct thread *t, struct arena *a) {
    struct map left = agreed_texts(&t->sides[0], a), right = agreed_texts(&t->sides[1], a), both = {.arena = a};
    struct text *names = ARENA_ARRAY(a, struct text, left.count);
    map_list(&left, names, NULL);
    for (size_t i = 0; i < left.count; i++)
        if (map_has(&right, names[i])) map_put(&both, names[i]);
    return both;
}

/* "A later text names what it supersedes": told where both texts are settled. */
static struct map superseded_texts(const struct thread *t, const struct map *settled, struct arena *a) {
    struct map texts = {.arena = a};
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < t->sides[p].count; i++) {
            const struct meaning *m = &t->sides[p].said[i]->statement->meaning;
            bool minutes = t->sides[p].said[i]->kind == KIND_MINUTES;
            if (minutes && map_has(settled, m->text) && map_has(settled, m->supersedes)) map_put(&texts, m->supersedes);
        }
    return texts;
}

static struct text *list_texts(const struct map *texts, size_t *count, struct arena *a) {
    struct text *list = ARENA_ARRAY(a, struct text, texts->count);
    map_list(texts, list, NULL);
    *count = texts->count;
    return list;
}

static bool consults(const struct side *s) {
    for (size_t i = 0; i < s->count; i++)
        if (s->said[i]->kind == KIND_CONSULT) return true;
    return false;
}

/* Settled; else in consultation once both have said `consult`. */
static enum state_word judge_joint(const struct fold *f, const struct thread *t, struct matter *m) {
    struct map settled = settled_texts(t, f->arena), superseded = superseded_texts(t, &settled, f->arena);
    m->settled = list_texts(&settled, &m->settled_count, f->arena);
    m->superseded = list_texts(&superseded, &m->superseded_count, f->arena);
    if (settled.count) return STATE_SETTLED;
    return consults(&t->sides[0]) && consults(&t->sides[1]) ? STATE_IN_CONSULTATION : STATE_NONE;
}

/* ---- the state */

/* Of sheets with one name the last says the standing. */
static struct map standings_of(const struct matter *m, struct arena *a) {
    struct map standings = {.arena = a};
    for (size_t i = 0; i < m->sheet_count; i++)
        if (m->sheets[i].message->kind != KIND_INQUIRY)
            *map_put(&standings, m->sheets[i].message->statement->meaning.sheet) = &m->sheets[i];
    return standings;
}

void case_state(const struct fold *f, const struct thread *t, struct matter *m) {
    struct map standings = standings_of(m, f->arena);
    m->state.opener = opener_word(&t->sides[m->opener]);
    m->state.answerer = answerer_word(f, t, &t->sides[1 - m->opener], &standings);
    m->state.joint = judge_joint(f, t, m);
    const enum state_word words[] = {m->state.opener, m->state.answerer, m->state.joint};
    m->sort = STATE_RAISED;
    for (size_t i = 0; i < COUNT(words); i++)
        if (state_words[words[i]].sorts < m->sort) m->sort = state_words[words[i]].sorts;
}

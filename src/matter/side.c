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

/* ---- what moves a side */

#define SET(word) (1u << STATE_##word)
enum {
    OPENER_OPEN = SET(RAISED) | SET(CORRECTED),
    ANSWERER_SILENT = SET(SENT) | SET(DELIVERED),
    ANSWERER_OPEN =
        ANSWERER_SILENT | SET(ACKNOWLEDGED) | SET(PARTIAL) | SET(ANSWERED) | SET(DECLINED) | SET(TRANSFERRED),
};

/* A `correct` does not undo a withdraw or close.  Of the answerer the last of decline, transfer and answer decides,
 * `acknowledge` only where there is none of them; a reply accepts or counters, which is an answer, or declines. */
const struct state_move state_moves[STATE_MOVES] = {
    {SIDE_OPENER, KIND_CORRECT, MOVE_ALWAYS, SET(RAISED), STATE_CORRECTED},
    {SIDE_OPENER, KIND_WITHDRAW, MOVE_ALWAYS, OPENER_OPEN | SET(CLOSED), STATE_WITHDRAWN},
    {SIDE_OPENER, KIND_CLOSE, MOVE_ALWAYS, OPENER_OPEN | SET(WITHDRAWN), STATE_CLOSED},
    {SIDE_OPENER, KIND_REOPEN, MOVE_ALWAYS, SET(WITHDRAWN) | SET(CLOSED), STATE_NONE},
    {SIDE_ANSWERER, KIND_COUNT, MOVE_ALWAYS, SET(SENT), STATE_DELIVERED},
    {SIDE_ANSWERER, KIND_ACKNOWLEDGE, MOVE_ALWAYS, ANSWERER_SILENT, STATE_ACKNOWLEDGED},
    {SIDE_ANSWERER, KIND_DECLINE, MOVE_ALWAYS, ANSWERER_OPEN, STATE_DECLINED},
    {SIDE_ANSWERER, KIND_TRANSFER, MOVE_ALWAYS, ANSWERER_OPEN, STATE_TRANSFERRED},
    {SIDE_ANSWERER, KIND_ANSWER, MOVE_IN_PART, ANSWERER_OPEN, STATE_PARTIAL},
    {SIDE_ANSWERER, KIND_ANSWER, MOVE_WHOLLY, ANSWERER_OPEN, STATE_ANSWERED},
    {SIDE_ANSWERER, KIND_REPLY, MOVE_DECLINING, ANSWERER_OPEN, STATE_DECLINED},
    {SIDE_ANSWERER, KIND_REPLY, MOVE_ACCEPTING, ANSWERER_OPEN, STATE_ANSWERED},
    {SIDE_ANSWERER, KIND_CLOSE, MOVE_ALWAYS, ANSWERER_OPEN, STATE_CLOSED},
    {SIDE_ANSWERER, KIND_REOPEN, MOVE_ALWAYS, SET(CLOSED), STATE_NONE},
    {SIDE_JOINT, KIND_CONSULT, MOVE_BOTH, SET(NONE), STATE_IN_CONSULTATION},
    {SIDE_JOINT, KIND_AGREE, MOVE_BOTH, SET(NONE) | SET(IN_CONSULTATION), STATE_SETTLED},
};

/* How an answer or a reply moves.  Partial or answered is said of the sheet that the answer names; where that has no
 * finding, nothing moves. */
static enum move_when manner(const struct message_verdict *m, const struct map *standings) {
    if (m->kind == KIND_REPLY) return m->statement->meaning.reply == REPLY_DECLINE ? MOVE_DECLINING : MOVE_ACCEPTING;
    if (m->kind != KIND_ANSWER) return MOVE_ALWAYS;
    const struct sheet_state *sheet = map_get(standings, m->statement->meaning.sheet);
    if (sheet && sheet->standing.word == STANDING_UNANSWERED) return MOVE_NEVER;
    return sheet && sheet->standing.word == STANDING_PARTIAL ? MOVE_IN_PART : MOVE_WHOLLY;
}

static enum state_word word_after(enum state_side side, enum state_word before, const struct message_verdict *m,
                                  const struct map *standings) {
    enum move_when when = manner(m, standings);
    for (size_t i = 0; i < STATE_MOVES; i++) {
        const struct state_move *move = &state_moves[i];
        if (move->side == side && move->kind == m->kind && move->when == when && move->from >> before & 1u)
            return move->to;
    }
    return before;
}

static bool ends_or_reopens(enum kind k) { return k == KIND_WITHDRAW || k == KIND_CLOSE || k == KIND_REOPEN; }

/* The word of a side that nobody ended, or the word of its end: what is said after an end shows once it is undone. */
static enum state_word side_word(enum state_side side, enum state_word first, const struct side *s,
                                 const struct map *standings) {
    const struct message_verdict *end = side_progress(s, POSITION_NONE).end;
    enum state_word word = first;
    for (size_t i = 0; i < s->count; i++)
        if (!ends_or_reopens(s->said[i]->kind)) word = word_after(side, word, s->said[i], standings);
    return end ? word_after(side, word, end, standings) : word;
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
    bool delivered = fold_delivered(f, t->opening->entry) != INSTANT_NONE;
    m->state.opener = side_word(SIDE_OPENER, STATE_RAISED, &t->sides[m->opener], &standings);
    m->state.answerer =
        side_word(SIDE_ANSWERER, delivered ? STATE_DELIVERED : STATE_SENT, &t->sides[1 - m->opener], &standings);
    m->state.joint = judge_joint(f, t, m);
    const enum state_word words[] = {m->state.opener, m->state.answerer, m->state.joint};
    m->sort = STATE_RAISED;
    for (size_t i = 0; i < COUNT(words); i++)
        if (state_words[words[i]].sorts < m->sort) m->sort = state_words[words[i]].sorts;
}

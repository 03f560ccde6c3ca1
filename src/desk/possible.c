#include "desk/possible.h"

#include <string.h>

#include "desk/case_view.h"

uint64_t say_possible(struct talk *t, const struct matter *m) {
    return matter_possible(&t->state, m, t->own, &t->arena);
}

bool say_is_now(const struct talk *t) {
    const struct channel_verdict *at = &t->state.channel, *all = &t->whole;
    if (at->generations != all->generations) return false;
    for (size_t g = 0; g < at->generations; g++)
        for (unsigned p = 0; p < 2; p++)
            if (at->cuts[g].of[p] != all->cuts[g].of[p]) return false;
    return true;
}

/* ---- what would change something */

#define SET(word) (1u << STATE_##word)
#define ANY (~0u)
enum {
    OPEN = SET(RAISED) | SET(CORRECTED),
    SILENT = SET(SENT) | SET(DELIVERED),
    UNANSWERED = SILENT | SET(ACKNOWLEDGED) | SET(PARTIAL),
    TALKING = UNANSWERED | SET(ANSWERED) | SET(DECLINED) | SET(TRANSFERRED),
};

/* The words of both sides as which a kind still does something.  A kind that is not here does so whenever it counts. */
static const struct {
    enum kind kind;
    unsigned opener, answerer;
} useful[] = {
    {KIND_ACKNOWLEDGE, OPEN, SILENT},
    {KIND_DECLINE, OPEN, UNANSWERED | SET(TRANSFERRED)},
    {KIND_TRANSFER, OPEN, UNANSWERED | SET(DECLINED)},
    {KIND_ANSWER, OPEN, TALKING},
    {KIND_ASK, OPEN, TALKING},
    {KIND_COMMIT, OPEN, UNANSWERED | SET(TRANSFERRED)},
    {KIND_REVEAL, ANY, TALKING},
    {KIND_DISCLOSE, OPEN, ANY},
    {KIND_CORRECT, OPEN, ANY},
    {KIND_WITHDRAW, OPEN, ANY},
    {KIND_CONSULT, OPEN, TALKING},
    {KIND_MINUTES, OPEN, TALKING},
    {KIND_REPLY, OPEN, ANY},
};

/* What is not waited for once both have agreed to a text. */
static const uint64_t settled_by_now = KIND_BIT(KIND_ACKNOWLEDGE) | KIND_BIT(KIND_DECLINE) | KIND_BIT(KIND_TRANSFER) |
                                       KIND_BIT(KIND_ANSWER) | KIND_BIT(KIND_ASK) | KIND_BIT(KIND_COMMIT);

static const struct message_verdict *last_of(const struct said_by *s, enum kind kind) {
    for (size_t i = s->count; i-- > 0;)
        if (s->at[i]->kind == kind) return s->at[i];
    return NULL;
}

static bool agreed_to(const struct said_by *s, struct text text) {
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i]->kind == KIND_AGREE && text_equal(s->at[i]->statement->meaning.text, text)) return true;
    return false;
}

/* A text that was offered and that we have not agreed to. */
static bool text_waits(const struct matter *m, unsigned own) {
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) {
            const struct message_verdict *v = m->said[p].at[i];
            struct text text = v->statement->meaning.text;
            if (v->kind == KIND_MINUTES && text.size && !agreed_to(&m->said[own], text)) return true;
        }
    return false;
}

static bool is_useful(const struct matter *m, unsigned own, enum kind kind) {
    const struct said_by *said = &m->said[own];
    enum state_word mine = m->opener == own ? m->state.opener : m->state.answerer;
    const struct message_verdict *commit = last_of(said, KIND_COMMIT), *reveal = last_of(said, KIND_REVEAL);
    for (size_t i = 0; i < COUNT(useful); i++)
        if (useful[i].kind == kind &&
            (!(useful[i].opener >> m->state.opener & 1u) || !(useful[i].answerer >> m->state.answerer & 1u)))
            return false;
    if (m->state.joint == STATE_SETTLED && (settled_by_now & KIND_BIT(kind))) return false;
    if (kind == KIND_CLOSE) return mine != STATE_CLOSED && mine != STATE_WITHDRAWN;
    if (kind == KIND_REVEAL) return !reveal || reveal->entry->position < commit->entry->position;
    if (kind == KIND_AGREE) return text_waits(m, own);
    if (kind == KIND_REPLY) return m->proposal.word == PROPOSAL_OFFERED || m->proposal.word == PROPOSAL_COUNTERED;
    return true;
}

uint64_t say_useful(struct talk *t, const struct matter *m) {
    uint64_t kinds = say_possible(t, m);
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        if ((kinds & KIND_BIT(kind)) && !is_useful(m, t->own, kind)) kinds &= ~KIND_BIT(kind);
    return kinds;
}

/* Of the answerer the last of decline, transfer and answer decides. */
static const struct {
    enum kind kind;
    enum state_word answerer;
    const char *sentence;
} odd[] = {
    {KIND_ANSWER, STATE_DECLINED, N_("You declined this case: the answer takes the place of that.")},
    {KIND_ANSWER, STATE_TRANSFERRED, N_("You passed this case on: the answer takes the place of that.")},
    {KIND_TRANSFER, STATE_DECLINED, N_("You declined this case: passing it on takes the place of that.")},
    {KIND_TRANSFER, STATE_ANSWERED, N_("You answered this case: it counts as passed on from here; the findings stay.")},
    {KIND_DECLINE, STATE_ANSWERED, N_("You answered this case: it counts as declined from here; the findings stay.")},
    {KIND_DECLINE, STATE_PARTIAL,
     N_("You answered a part of this case: it counts as declined from here; the findings "
        "stay.")},
    {KIND_ACKNOWLEDGE, STATE_COUNT, N_("It changes nothing any more: you have said more than that already.")},
};

const char *say_oddly(struct talk *t, const struct matter *m, enum kind kind) {
    uint64_t bit = KIND_BIT(kind);
    if (!(say_possible(t, m) & bit)) return NULL;
    if (m->state.opener == STATE_WITHDRAWN || m->state.opener == STATE_CLOSED)
        return say_useful(t, m) & bit ? NULL
                                      : _("Its opener has ended this case: it is on record, and nobody waits for it.");
    for (size_t i = 0; i < COUNT(odd); i++)
        if (odd[i].kind == kind && (odd[i].answerer == m->state.answerer ||
                                    (odd[i].answerer == STATE_COUNT && !(SILENT >> m->state.answerer & 1u))))
            return gettext(odd[i].sentence);
    return NULL;
}

/* ---- as people type it */

struct text matter_short(const struct matter *m) {
    struct text id = case_start(m->name);
    for (size_t i = 0; i < id.size; i++)
        if (!(id.at[i] >= '0' && id.at[i] <= '9') && !(id.at[i] >= 'a' && id.at[i] <= 'f')) return TEXT("");
    return id;
}

struct text matter_typed(const struct matter *m) {
    for (size_t i = 0; i < m->name.size; i++) {
        char c = m->name.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '-' && c != '_' && c != '/') return TEXT("CASE");
    }
    return m->name;
}

struct text possible_commands(struct talk *t, const struct matter *m, uint64_t kinds) {
    struct text all = {0}, id = matter_short(m);
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        if (kinds & KIND_BIT(kind))
            all = arena_format(&t->arena, "%.*s%s%s", TEXT_ARG(all), all.size ? "|" : "", kind_rules[kind].name);
    if (!all.size) return all;
    return arena_format(&t->arena, "parley %.*s %.*s", TEXT_ARG(all), TEXT_ARG(id.size ? id : TEXT("CASE")));
}

/* ---- refusals */

/* Where nothing stands before it that it must come after: why, and what leads there. */
static const char *const instead[KIND_COUNT] = {
    [KIND_REPLY] = N_("no offer of the other side stands here; `parley propose` makes one of yours"),
    [KIND_ACKNOWLEDGE] = N_("a proposal is replied to, not acknowledged"),
    [KIND_DECLINE] = N_("a proposal is declined by `parley reply CASE decline`"),
    [KIND_TRANSFER] = N_("a proposal is replied to; only an inquiry or a claim is passed on"),
    [KIND_ANSWER] = N_("an answer is to an inquiry, or to a sheet that the other side sent; a proposal is replied to"),
    [KIND_ASK] = N_("one asks about an inquiry, or about a sheet that the other side sent"),
    [KIND_COMMIT] = N_("one commits to findings on an inquiry, or on a sheet that the other side sent"),
    [KIND_DISCLOSE] = N_("nobody has asked to see evidence of it yet"),
    [KIND_CORRECT] = N_("only a claim has facts to correct; say it in a remark"),
    [KIND_REVEAL] = N_("this side has committed to nothing here; commit first, or answer at once"),
    [KIND_REOPEN] = N_("this side is neither withdrawn nor closed"),
    [KIND_AGREE] = N_("no minutes of the case offer that text; `parley minutes` offers one"),
};

static const char *why_not(enum kind kind, enum void_reason why) {
    if (why == VOID_SECOND_OPENING) return _("it opens a case of its own: name none");
    if (why == VOID_CASE) return _("it belongs to no case: name none");
    if (why == VOID_TLP_LOWERED)
        return _(
            "the other side has stated a more restricted level, and only a remark of theirs that names a lower one "
            "lets you lower it");
    if (kind == KIND_COUNT) return NULL;
    if (why == VOID_NOTHING_BEFORE) return gettext(instead[kind] ? instead[kind] : kind_rules[kind].after);
    if (why != VOID_NOT_TO_SAY) return NULL;
    return kind_rules[kind].sender == OPENER ? _("it is for the side that opened the case")
                                             : _("it is for the side that was addressed");
}

/* Appends to what a diagnostic says, within its bounds. */
static void add(struct diag *d, const char *format, ...) FORMAT(2, 3);
static void add(struct diag *d, const char *format, ...) {
    size_t size = strlen(d->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(d->text + size, sizeof d->text - size, format, arguments);
    va_end(arguments);
}

enum error say_instead(struct talk *t, const struct matter *m, enum error result, struct diag *d) {
    struct buf state = {.max = 4096};
    struct text commands = m ? possible_commands(t, m, say_useful(t, m)) : TEXT("");
    if (!result || !d || !m) return result;
    case_state_line(m, &state);
    add(d, _(". The case stands at: %.*s"), TEXT_ARG(buf_as_text(&state)));
    if (commands.size) add(d, _("; what counts now: `%.*s`"), TEXT_ARG(commands));
    buf_free(&state);
    return result;
}

enum error say_refuse(enum kind kind, enum void_reason why, struct diag *d) {
    const char *sentence = why_not(kind, why), *words = gettext(void_words(why));
    return sentence ? fail(d, ERR_USAGE, _("not sent: it would not count (%s): %s"), words, sentence)
                    : fail(d, ERR_USAGE, _("not sent: it would not count (%s)"), words);
}

enum error say_may(struct talk *t, const struct matter *m, enum kind kind, struct diag *d) {
    enum void_reason why[KIND_COUNT];
    matter_ask(&t->state, m, t->own, &t->arena, why);
    return why[kind] ? say_instead(t, m, say_refuse(kind, why[kind], d), d) : OK;
}

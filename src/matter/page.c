#include "matter/page.h"

#include "matter/fold.h"

/* ---- the table of kinds */

static const char *const senders[] = {
    [OPENER] = N_("who opens the case"), [ANSWERER] = N_("who answers"), [EITHER] = N_("either")};

const char *kind_sender(enum sender sender) { return senders[sender]; }

static const char *yes(bool truth) { return truth ? _("yes") : _("no"); }

void page_write_kinds(struct buf *out) {
    buf_format(out, "| %s | %s | %s | %s | %s |\n", _("kind"), _("opens a case"), _("belongs to a case"),
               _("who may send it"), _("after what"));
    buf_string(out, "|---|---|---|---|---|\n");
    for (size_t k = 0; k < KIND_COUNT; k++) {
        const struct kind_rule *rule = &kind_rules[k];
        buf_format(out, "| `%s` | %s | %s | %s | %s |\n", rule->name, yes(rule->opens), yes(rule->belongs),
                   gettext(kind_sender(rule->sender)), gettext(rule->after));
    }
}

/* ---- the diagram of states */

static const struct {
    const char *id, *title;
    enum state_word first;
} sides[SIDE_COUNT] = {
    [SIDE_OPENER] = {"opener", N_("the opener's side"), STATE_RAISED},
    [SIDE_ANSWERER] = {"answerer", N_("the answerer's side"), STATE_SENT},
    [SIDE_JOINT] = {"joint", N_("the joint side"), STATE_NONE},
};

static const char *const manners[] = {
    [MOVE_ALWAYS] = NULL,
    [MOVE_NEVER] = NULL,
    [MOVE_IN_PART] = N_("some facts"),
    [MOVE_WHOLLY] = N_("all facts, or a question"),
    [MOVE_ACCEPTING] = N_("accept or counter"),
    [MOVE_DECLINING] = N_("decline"),
    [MOVE_BOTH] = N_("by both"),
};

/* What names a word of a side inside the diagram. */
static void write_id(struct buf *out, enum state_side side, unsigned word) {
    buf_format(out, "%s_", sides[side].id);
    for (const char *c = state_word_text((enum state_word)word); *c; c++) buf_char(out, *c == ' ' ? '_' : *c);
}

static void write_state(struct buf *out, const char *indent, enum state_side side, unsigned word) {
    buf_format(out, "%sstate \"%s\" as ", indent, gettext(state_word_text((enum state_word)word)));
    write_id(out, side, word);
    buf_char(out, '\n');
}

/* All words that a move of the side leaves or reaches. */
static unsigned words_of(enum state_side side) {
    unsigned words = 0;
    for (size_t i = 0; i < STATE_MOVES; i++)
        if (state_moves[i].side == side)
            words |= state_moves[i].from | (state_moves[i].kind == KIND_REOPEN ? 0 : 1u << state_moves[i].to);
    return words;
}

static void write_label(struct buf *out, const struct state_move *m) {
    buf_string(out, m->kind == KIND_COUNT ? _("receipt, or first entry that saw it") : kind_rules[m->kind].name);
    if (manners[m->when]) buf_format(out, " (%s)", gettext(manners[m->when]));
}

/* One arrow for all moves from one word to another. */
static void write_arrow(struct buf *out, enum state_side side, unsigned from, unsigned to) {
    size_t labels = 0;
    for (size_t i = 0; i < STATE_MOVES; i++) {
        const struct state_move *m = &state_moves[i];
        if (m->side != side || m->kind == KIND_REOPEN || m->to != to || !(m->from >> from & 1u)) continue;
        if (labels++) {
            buf_string(out, ", ");
        } else {
            buf_string(out, "        ");
            write_id(out, side, from);
            buf_string(out, " --> ");
            write_id(out, side, to);
            buf_string(out, ": ");
        }
        write_label(out, m);
    }
    if (labels) buf_char(out, '\n');
}

/* The words that stand while nobody ended the side; a `reopen` goes back to the one of them that stood last. */
static void write_open_side(struct buf *out, enum state_side side, unsigned words) {
    buf_format(out, "    state \"%s\" as %s {\n", gettext(sides[side].title), sides[side].id);
    for (unsigned w = 0; w < STATE_COUNT; w++)
        if (words >> w & 1u) write_state(out, "        ", side, w);
    buf_string(out, "        [*] --> ");
    write_id(out, side, sides[side].first);
    buf_char(out, '\n');
    for (unsigned from = 0; from < STATE_COUNT; from++)
        for (unsigned to = 0; to < STATE_COUNT; to++)
            if (from != to && words >> from & 1u && words >> to & 1u) write_arrow(out, side, from, to);
    buf_string(out, "    }\n");
}

/* An arrow between a whole side (STATE_COUNT) and its end, or between two ends. */
static void write_end_arrow(struct buf *out, enum state_side side, unsigned from, unsigned to, enum kind kind) {
    const unsigned words[] = {from, to};
    for (size_t i = 0; i < COUNT(words); i++) {
        buf_string(out, i ? " --> " : "    ");
        if (words[i] == STATE_COUNT)
            buf_string(out, sides[side].id);
        else
            write_id(out, side, words[i]);
    }
    buf_format(out, ": %s\n", kind_rules[kind].name);
}

/* A withdrawn or closed side: what leads there, and back. */
static void write_end(struct buf *out, enum state_side side, unsigned end) {
    write_state(out, "    ", side, end);
    for (size_t i = 0; i < STATE_MOVES; i++) {
        const struct state_move *m = &state_moves[i];
        if (m->side != side) continue;
        if (m->kind == KIND_REOPEN) write_end_arrow(out, side, end, STATE_COUNT, m->kind);
        if (m->to == end) write_end_arrow(out, side, STATE_COUNT, end, m->kind);
    }
}

/* From one end to another. */
static void write_between_ends(struct buf *out, enum state_side side, unsigned ends) {
    for (size_t i = 0; i < STATE_MOVES; i++)
        for (unsigned from = 0; from < STATE_COUNT; from++) {
            const struct state_move *m = &state_moves[i];
            if (m->side == side && m->kind != KIND_REOPEN && ends & m->from & 1u << from)
                write_end_arrow(out, side, from, m->to, m->kind);
        }
}

void page_write_states(struct buf *out) {
    const unsigned ends = 1u << STATE_WITHDRAWN | 1u << STATE_CLOSED;
    buf_string(out, "```mermaid\nstateDiagram-v2\n");
    for (enum state_side side = 0; side < SIDE_COUNT; side++) {
        unsigned words = words_of(side);
        write_open_side(out, side, words & ~ends);
        for (unsigned w = 0; w < STATE_COUNT; w++)
            if (words & ends & 1u << w) write_end(out, side, w);
        write_between_ends(out, side, ends);
    }
    buf_string(out, "```\n");
}

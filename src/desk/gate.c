#include "desk/gate.h"

static const char answers[GATE_AUDIENCE_COUNT][TLP_COUNT + 1] = {
    /*                    CLEAR, GREEN, AMBER, AMBER+STRICT, RED: passes, asks, refuses */
    [GATE_DEPARTMENT] = "ppppp", [GATE_PARTY] = "ppppr",  [GATE_HOUSE] = "ppppa",
    [GATE_BEARER] = "ppaaa",     [GATE_PUBLIC] = "prrrr",
};

static const char *const audiences[GATE_AUDIENCE_COUNT] = {
    [GATE_DEPARTMENT] = N_("one department"),
    [GATE_PARTY] = N_("all departments of a party"),
    [GATE_HOUSE] = N_("other programs of the house"),
    [GATE_BEARER] = N_("whoever holds the file"),
    [GATE_PUBLIC] = N_("everybody"),
};

enum gate_answer gate_answer(enum tlp level, enum gate_audience to) {
    char answer = answers[to][level == TLP_NONE ? TLP_CLEAR : level];
    return answer == 'p' ? GATE_PASSES : answer == 'a' ? GATE_ASKS : GATE_REFUSES;
}

enum error gate_pass(const struct gate *g, struct diag *d) {
    enum gate_answer answer = gate_answer(g->level, g->to);
    if (answer == GATE_PASSES || (answer == GATE_ASKS && g->agreed)) return OK;
    const char *level = tlp_name(g->level), *audience = gettext(audiences[g->to]);
    if (answer == GATE_ASKS)
        return fail(d, ERR_USAGE, _("this is TLP:%s, and it would open to %s: --yes agrees to that"), level, audience);
    if (g->to == GATE_PARTY)
        return fail(d, ERR_NO, _("not sent: TLP:%s is for named recipients: name a department, as PARTY/DEPARTMENT"),
                    level);
    return fail(d, ERR_NO, _("this is TLP:%s, which does not go to %s"), level, audience);
}

const char *gate_level_name(enum tlp level) { return tlp_name(level == TLP_NONE ? TLP_CLEAR : level); }

enum tlp gate_level(const struct talk *t, const struct said *said) {
    enum tlp level;
    const struct matter *m = matter_find(&t->state, said->message.head.matter);
    if (tlp_read(said->message.head.tlp, &level)) return level;
    return m ? m->tlp : TLP_CLEAR;
}

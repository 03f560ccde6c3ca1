/* Within `origins`: what it does with the sheet of a case, and with what the other side computed of it. */
#ifndef PARLEY_CLI_JOINT_H
#define PARLEY_CLI_JOINT_H

#include "cli/speech.h"
#include "desk/joint.h"

struct joint_options { /* as typed */
    struct state_options state;
    const char *sheet, *document;
    bool send, compare, joint;
    struct speech speech; /* its options alone */
};
#define JOINT_ROWS(o)                                                                                                  \
    {"--sheet", OPTION_WORD, &(o).sheet, "SHA256", N_("of a case: which of its sheets (else: the last one)")},         \
        STATE_ROWS(&(o).state),                                                                                        \
        {"--send", OPTION_FLAG, &(o).send, NULL,                                                                       \
         N_("of a case: send what was counted, at the last cut that both records confirm unless --at names one")},     \
        {"--compare", OPTION_FLAG, &(o).compare, NULL,                                                                 \
         N_("of a case: recompute what the other side sent, by the same tables at the same cut")},                     \
        {"--joint", OPTION_FLAG, &(o).joint, NULL,                                                                     \
         N_("of a case: what both computed alike, or else both, with the difference")},                                \
        {"--document", OPTION_WORD, &(o).document, "SHA256", N_("with --compare: only this document")},                \
        {"--tlp", OPTION_WORD, &(o).speech.tlp, "LEVEL", N_("with --send: another level than the case's")}, {          \
        "--officer", OPTION_WORD, &(o).speech.officer, "NAME", N_("with --send: who signs")                            \
    }

/* The facts and findings of a case; in the command's arena. */
enum error joint_take(struct cli *c, struct joint_options *o, struct joint_facts *out) MUST_USE;
/* Sends a document for each table, unless it was sent before. */
enum error joint_send(struct cli *c, struct joint_options *o, const struct origins *of, size_t count) MUST_USE;
/* Recomputes what the other side sent, by tables at hand or by `tables`; ERR_NO where something else comes out. */
enum error joint_compare(struct cli *c, struct joint_options *o, const struct words *tables) MUST_USE;
/* What is joint; ERR_NO where nothing is. */
enum error joint_list(struct cli *c) MUST_USE;

#endif

/* What `claim` and `correct` share: a sheet of facts, the evidence behind it, and what the claimant says of both. */
#ifndef PARLEY_CLI_CLAIMING_H
#define PARLEY_CLI_CLAIMING_H

#include "claim/checklist.h"
#include "claim/from_fact.h"
#include "cli/speech.h"
#include "cli/waiver.h"

struct claiming { /* as typed; NULL: not given */
    const char *facts, *evidence, *severity, *class;
    struct words attach, states, sectors;
    struct waiver waiver;
};
#define CLAIMING_ROWS(q)                                                                                               \
    {"--facts", OPTION_WORD, &(q).facts, "SHEET", N_("the fact sheet that `parley facts` made")},                      \
        {"--evidence", OPTION_WORD, &(q).evidence, "TREE", N_("the evidence behind it: only its root is sent")},       \
        {"--attach", OPTION_WORDS, &(q).attach, "FILE",                                                                \
         N_("a further file, sealed like the claim; any number of times")},                                            \
        {"--severity", OPTION_WORD, &(q).severity, "WORD", N_("what it means for you, by your own word")},             \
        {"--class", OPTION_WORD, &(q).class, "WORD", N_("what it is beyond the classes of its events")},               \
        {"--state", OPTION_WORDS, &(q).states, "CC",                                                                   \
         N_("a state affected, by its code of ISO 3166; any number of times")},                                        \
        {"--sector", OPTION_WORDS, &(q).sectors, "WORD", N_("a critical sector affected; any number of times")},       \
        WAIVER_ROWS((q).waiver),                                                                                       \
        {"", OPTION_MEANINGS, &(const struct word_list *){&words_severity}, "--severity", ""},                         \
        {"", OPTION_MEANINGS, &(const struct word_list *){&words_claim_class}, "--class", ""}, {                       \
        "", OPTION_MEANINGS, &(const struct word_list *){&words_sector}, "--sector", ""                                \
    }

/* Reads the files, and fills what follows from them and from the options; the sheet's bytes live in the arena. */
enum error claiming_read(struct cli *c, const struct claiming *q, struct bytes *sheet, struct claim *out) MUST_USE;
/* Tells what the other side would miss when it checks the claim: nothing is refused for it.  `alone`: the whole list,
 * as the product; ERR_NO where something is missing. */
enum error claiming_check(struct cli *c, const struct claim *claim, struct bytes sheet, bool alone) MUST_USE;
/* The sheet and the further files, as attachments. */
enum error claiming_attach(struct cli *c, const struct claiming *q, struct bytes sheet, struct say_attach **out,
                           size_t *count) MUST_USE;

#endif

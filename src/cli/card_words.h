/* Within cli/: what the commands about cards have in common. */
#ifndef PARLEY_CLI_CARD_WORDS_H
#define PARLEY_CLI_CARD_WORDS_H

#include "cli/cli.h"
#include "desk/own_card.h"

/* A card, its departments, officers and clearance, for programs.  `now` INSTANT_NONE: whether they are open is left
 * out. */
json_t *card_json(const struct card *c, instant now);
json_t *card_departments_json(const struct card *c, instant now);
json_t *card_officers_json(const struct card *c);
json_t *card_clearances_json(const struct card *c);

/* On standard error: what became of the card in each channel; else only where something was done, or was not. */
void card_tell_published(struct cli *c, const struct published *p, bool all);
json_t *card_published_json(const struct published *p);

/* Words that are typed with commas between them, and such words as they are shown; in the arena.  Nothing typed is no
 * word. */
struct names card_split(struct cli *c, struct text typed);
struct text card_joined(struct cli *c, struct names names);

/* The first word of a command that lists or changes the working copy of one's own card; none is the first verb. */
struct card_verb {
    const char *name;
    size_t words; /* with the verb's own */
    bool changes; /* the card is saved afterwards */
    enum error (*run)(struct cli *c, struct desk *desk, struct card *card, const void *wishes);
};
/* Runs it, and says how counterparties get what changed.  `expected`: the names of the verbs, for people. */
enum error card_verb_run(struct cli *c, const struct card_verb *verbs, size_t count, const char *expected,
                         const void *wishes) MUST_USE;

#endif

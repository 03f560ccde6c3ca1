/* clearance: lists and changes what needs a second signature, by one's own card. */
#include "cli/card_words.h"
#include "cli/speak.h"
#include "desk/clearance_rules.h"

struct wishes {
    const char *roles;
    uint64_t number;
};

static enum error list(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    (void)wishes;
    (void)desk;
    if (c->json) {
        json_t *whole = json_object();
        json_put(whole, "clearances", card_clearances_json(card));
        return cli_print_json(c, whole);
    }
    struct grid t = grid_new(&c->arena, 4);
    const struct text head[] = {text_of(_("KINDS")), text_of(_("FROM LEVEL")), text_of(_("SIGNATURES")),
                                text_of(_("ROLES"))};
    grid_row(&t, head);
    for (size_t i = 0; i < card->clearance_count; i++) {
        const struct clearance *r = &card->clearances[i];
        const struct text row[] = {card_joined(c, r->kinds), text_of(tlp_name(r->tlp)),
                                   arena_format(&c->arena, "%llu", (unsigned long long)r->number),
                                   card_joined(c, r->roles)};
        grid_row(&t, row);
    }
    if (card->clearance_count)
        grid_print(&t, stdout);
    else if (!c->quiet)
        fprintf(stderr, "%s\n", _("The card asks for no second signature on anything."));
    return OK;
}

static enum error read_rule(struct cli *c, struct clearance *out) {
    *out = (struct clearance){.kinds = card_split(c, text_of(c->words.at[1])), .tlp = TLP_NONE};
    return cli_tlp(c, c->words.at[2], &out->tlp);
}

static enum error add(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    struct clearance rule;
    enum error result = read_rule(c, &rule);
    rule.number = w->number;
    rule.roles = card_split(c, text_of(w->roles));
    return result ? result : clearance_add(desk, card, &rule, &c->diag);
}

static enum error drop(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    struct clearance rule;
    (void)wishes;
    (void)desk;
    enum error result = read_rule(c, &rule);
    return result ? result : clearance_remove(card, rule.kinds, rule.tlp, &c->diag);
}

static const struct card_verb verbs[] = {{"list", 1, false, list}, {"add", 3, true, add}, {"remove", 3, true, drop}};

enum error cli_clearance(struct cli *c) {
    struct wishes w = {.roles = "lead", .number = 1};
    const struct option_row rows[] = {
        {"--number", OPTION_NUMBER, &w.number, "N", N_("how many keys besides the author's (else: 1)")},
        {"--roles", OPTION_WORD, &w.roles, "ROLES", N_("of officers with one of these roles (else: lead)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 3);
    return result ? result : card_verb_run(c, verbs, COUNT(verbs), _("list, add or remove"), &w);
}

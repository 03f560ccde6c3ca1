/* officer: lists and changes the officers that one's own card names. */
#include "base/os.h"
#include "cli/card_words.h"
#include "cli/speak.h"

struct wishes {
    const char *department, *roles, *key;
};

static bool key_is_here(struct desk *desk, const struct officer *o) {
    return keyring_has(desk->keyring, arena_format(&desk->arena, "officer-%.*s.key", TEXT_ARG(o->name)).at);
}

static enum error list_json(struct cli *c, struct desk *desk, const struct card *card) {
    json_t *whole = json_object(), *list = card_officers_json(card);
    for (size_t i = 0; i < card->officer_count; i++)
        json_put_bool(json_array_get(list, i), "key_is_here", key_is_here(desk, &card->officers[i]));
    json_put(whole, "officers", list);
    return cli_print_json(c, whole);
}

static enum error list(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    (void)wishes;
    if (c->json) return list_json(c, desk, card);
    struct grid t = grid_new(&c->arena, 4);
    const struct text head[] = {text_of(_("OFFICER")), text_of(_("DEPARTMENT")), text_of(_("ROLES")),
                                text_of(_("KEY"))};
    grid_row(&t, head);
    for (size_t i = 0; i < card->officer_count; i++) {
        const struct officer *of = &card->officers[i];
        const struct text row[] = {of->name, of->department, card_joined(c, of->roles),
                                   text_of(key_is_here(desk, of) ? _("on this desk") : _("elsewhere"))};
        grid_row(&t, row);
    }
    grid_print(&t, stdout);
    return OK;
}

static enum error add(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    struct text department = w->department ? text_of(w->department) : desk->home.department;
    struct officer o = {.name = text_of(c->words.at[1]),
                        .department = department,
                        .roles = card_split(c, text_of(w->roles ? w->roles : "officer")),
                        .key = text_of(w->key)};
    return own_card_add_officer(desk, card, &o, &c->diag);
}

static enum error drop(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    (void)desk;
    return own_card_remove_officer(card, text_of(c->words.at[1]), text_of(w->department), &c->diag);
}

/* The old key signs until a signed card names the new one. */
static enum error rotate(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    return own_card_rotate_officer(desk, card, text_of(c->words.at[1]), text_of(w->key), &c->diag);
}

static const struct card_verb verbs[] = {
    {"list", 1, false, list}, {"add", 2, true, add}, {"remove", 2, true, drop}, {"rotate", 2, true, rotate}};

enum error cli_officer(struct cli *c) {
    struct wishes w = {0};
    const struct option_row rows[] = {
        {"--department", OPTION_WORD, &w.department, "ID", N_("the officer's department (else: that of this desk)")},
        {"--roles", OPTION_WORD, &w.roles, "ROLES", N_("as officer,lead (else: officer)")},
        {"--key", OPTION_WORD, &w.key, "VKEY", N_("a public key made elsewhere (else: a key is made here)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 2);
    return result ? result : card_verb_run(c, verbs, COUNT(verbs), _("list, add, remove or rotate"), &w);
}

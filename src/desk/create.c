#include "desk/create.h"

#include "desk/own_card.h"

static enum error check(const struct desk_wanted *w, struct diag *d) {
    struct text language = w->home.lang;
    if (!party_name_valid(w->home.party)) return fail(d, ERR_INPUT, _("expected a host name as the party's name"));
    if (!card_word_valid(w->home.department) || !card_word_valid(w->home.officer))
        return fail(d, ERR_INPUT, _("department and officer: expected at most 64 of a-z, 0-9, “-”, “.” and “_”"));
    enum error result = own_card_check_saying(SAY_TITLE, (struct names){&w->title, 1}, d);
    if (!result) result = own_card_check_saying(SAY_REMIT, w->remits, d);
    if (!result) result = own_card_check_saying(SAY_LANGUAGES, (struct names){&language, 1}, d);
    return result;
}

static enum error repeat(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)folder;
    buf_text(out, *(struct text *)state);
    return buf_check(out, d);
}

static enum error make_folders(const struct desk_wanted *w, struct diag *d) {
    char folder[OS_PATH_MAX];
    enum error result = home_create(&w->home, d);
    if (!result) result = keyring_create(os_path(folder, w->home.path, "desk"), w->passphrase, w->random, d);
    if (!result)
        result = node_create(os_path(folder, w->home.path, "node"), w->home.party, w->passphrase, w->random, w->now, d);
    return result;
}

/* ---- the card */

static enum error say(struct desk *k, struct card *card, const struct desk_wanted *w, struct diag *d) {
    static const struct text roles[] = {TEXT("officer"), TEXT("lead")};
    struct text department = w->home.department, language = w->home.lang;
    struct officer officer = {.name = w->home.officer, .department = department, .roles = {roles, COUNT(roles)}};
    enum error result = own_card_add_department(k, card, department, w->title, d);
    if (!result) result = own_card_say(k, card, department, SAY_LANGUAGES, (struct names){&language, 1}, d);
    if (!result) result = own_card_say(k, card, department, SAY_REMIT, w->remits, d);
    return result ? result : own_card_add_officer(k, card, &officer, d);
}

static enum error first_card(struct desk *k, const struct desk_wanted *w, struct card *out, struct diag *d) {
    struct node_public node;
    struct bytes note;
    struct card card = {.party = w->home.party};
    enum error result = desk_link(k, d);
    if (!result) result = link_public(k->link, &k->arena, &node, d);
    if (!result) result = desk_make_root(k, &card.root, d);
    if (result) return result;
    card.mirrors = (struct names){&node.mirror, 1};
    card.tls = (struct names){&node.tls_spki, 1};
    card.urls = (struct names){&w->home.url, w->home.url.size ? 1 : 0};
    result = say(k, &card, w, d);
    if (!result) result = own_card_save(k, &card, d);
    return result ? result : own_card_sign(k, &note, out, d);
}

static enum error fill(const struct desk_wanted *w, struct arena *a, struct text *root, struct diag *d) {
    struct desk *desk = NULL;
    struct card card;
    struct text passphrase = w->passphrase;
    struct desk_options o = {
        .home = w->home.path, .passphrase = {repeat, &passphrase}, .random = w->random, .now = w->now};
    enum error result = make_folders(w, d);
    if (!result) result = desk_open(&o, &desk, d);
    if (!result) result = first_card(desk, w, &card, d);
    if (!result) result = home_finish(&w->home, d);
    if (!result) *root = arena_text(a, card.root);
    desk_close(desk);
    return result;
}

enum error desk_create(const struct desk_wanted *w, struct arena *a, struct text *root, struct diag *d) {
    if (home_is_there(w->home.path)) return fail(d, ERR_CONFLICT, _("there is a home at %s already"), w->home.path);
    enum error result = check(w, d);
    if (result) return result;
    struct diag why = {0};
    result = fill(w, a, root, &why);
    if (!result) return OK;
    return fail(d, result, _("%s%s%s; the home at %s is not whole: give the same command again"), why.where,
                why.where[0] ? ": " : "", why.text, w->home.path);
}

/* join: a desk on another machine: its request, the answer to it, and which desks the node takes. */
#include <string.h>

#include "base/os.h"
#include "cli/card_words.h"
#include "cli/speak.h"
#include "desk/enrol.h"
#include "note/fingerprint.h"
#include "party/officers.h"

struct wishes {
    const char *party, *department, *officer, *lang, *fingerprint, *root, *roles, *node, *out;
    bool no_passphrase;
};

/* ---- the new desk */

static enum error request(struct cli *c, const struct wishes *w) {
    char digits[FINGERPRINT_SIZE];
    struct text passphrase = TEXT("");
    struct buf note = {.max = ENROLMENT_MAX_BYTES};
    if (!w->party || !w->department || !w->officer || !w->out)
        return cli_usage(c, _("--party, --department, --officer and -o are needed"));
    enum error result = w->no_passphrase ? OK : cli_new_passphrase(c, &passphrase);
    const struct enrol_wanted wanted = {.home = {.path = c->home,
                                                 .party = text_of(w->party),
                                                 .department = text_of(w->department),
                                                 .officer = text_of(w->officer),
                                                 .lang = text_of(w->lang)},
                                        .passphrase = passphrase,
                                        .random = &c->random,
                                        .now = c->now};
    if (!result) result = enrol_request(&wanted, &note, &c->diag);
    if (!result) result = os_write(w->out, buf_as_bytes(&note), 0600, &c->diag);
    if (!result) result = home_finish(&wanted.home, &c->diag);
    if (!result) {
        printf("%.*s\n", TEXT_ARG(enrol_fingerprint(buf_as_bytes(&note), digits)));
        fflush(stdout);
        if (!c->quiet)
            fprintf(stderr,
                    _("Hand over %s, and read out these digits where the card is kept: there, `parley join admit` "
                      "asks for them.\n"),
                    w->out);
    }
    buf_free(&note);
    return result;
}

static enum error open_answer(struct cli *c, const struct wishes *w) {
    struct desk *k = NULL;
    struct bytes answer;
    if (!w->root) return cli_usage(c, _("--root is needed: the fingerprint of the party's root, read out where it is"));
    enum error result = cli_file(c, c->words.at[1], 2 * ENROLMENT_ANSWER_MAX_BYTES, &answer);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = enrol_open(k, answer, text_of(w->root), &c->diag);
    if (!result && !c->quiet)
        fprintf(stderr, _("This desk is one of %.*s; its node is %.*s.  `parley status` says whether it answers.\n"),
                TEXT_ARG(k->home.party), TEXT_ARG(k->home.node));
    desk_close(k);
    return result;
}

/* ---- where the card is kept */

/* Whoever is let in reads the department's messages: by a file that was put in the place of another, anybody could. */
static enum error compare(struct cli *c, const struct wishes *w, struct bytes note) {
    char digits[FINGERPRINT_SIZE];
    enrol_fingerprint(note, digits);
    if (!w->fingerprint)
        return cli_usage(c, _("--fingerprint is needed: the digits that `parley join request` printed there"));
    if (digits_equal(text_of(digits), text_of(w->fingerprint))) return OK;
    return fail(&c->diag, ERR_NO, _("the request has the fingerprint %s, and not the one that was typed"), digits);
}

static void tell_admitted(struct cli *c, struct desk *k, const char *out) {
    struct bytes note;
    struct card card;
    char digits[FINGERPRINT_SIZE];
    if (own_card_signed(k, &note, &card, NULL)) return;
    printf("parley join open %s --root '%.*s'\n", out, TEXT_ARG(fingerprint_write(card.root, digits)));
    fflush(stdout);
    if (!c->quiet)
        fprintf(
            stderr, "%s\n",
            _("`parley card publish` tells counterparties of the officer, and the node takes the desk from then on.  "
              "There, with the fingerprint of the root, they type the line above."));
}

static enum error admit(struct cli *c, const struct wishes *w) {
    struct desk *k = NULL;
    struct bytes note;
    struct buf answer = {.max = 2 * ENROLMENT_ANSWER_MAX_BYTES};
    if (!w->node || !w->out) return cli_usage(c, _("--node and -o are needed"));
    enum error result = cli_file(c, c->words.at[1], ENROLMENT_MAX_BYTES, &note);
    if (!result) result = compare(c, w, note);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = enrol_admit(k, note, card_split(c, text_of(w->roles)), text_of(w->node), &answer, &c->diag);
    if (!result) result = os_write(w->out, buf_as_bytes(&answer), 0600, &c->diag);
    if (!result) tell_admitted(c, k, w->out);
    buf_free(&answer);
    desk_close(k);
    return result;
}

static const char *part_words(enum part part) {
    static const char *const words[] = {[PART_NONE] = N_("not on the card"),
                                        [PART_READS] = N_("reads"),
                                        [PART_DRAFTS] = N_("drafts"),
                                        [PART_SPEAKS] = N_("speaks")};
    return words[part];
}

static enum error print_list(struct cli *c, const struct card *card, const struct bytes *notes, size_t count) {
    json_t *object = json_object(), *rows = json_array();
    struct grid t = grid_new(&c->arena, 4);
    const struct text titles[] = {text_of(_("OFFICER")), text_of(_("DEPARTMENT")), text_of(_("MAY")),
                                  text_of(_("PIN"))};
    grid_row(&t, titles);
    for (size_t i = 0; i < count; i++) {
        struct enrolment e;
        if (enrolment_read(notes[i], &c->arena, &e, NULL)) continue;
        const char *may = part_words(officer_key_part(card, e.key));
        const struct text row[] = {e.name, e.department, text_of(gettext(may)), text_first(e.tls, 16)};
        json_t *one = json_object();
        grid_row(&t, row);
        json_put_text(one, "officer", e.name);
        json_put_text(one, "department", e.department);
        json_put_text(one, "may", text_of(may));
        json_put_text(one, "pin", e.tls);
        json_add(rows, one);
    }
    json_put(object, "desks", rows);
    if (c->json) return cli_print_json(c, object);
    json_decref(object);
    if (count)
        grid_print(&t, stdout);
    else if (!c->quiet)
        fprintf(stderr, "%s\n", _("The node takes no desk on another machine."));
    return OK;
}

/* By the first characters of just one. */
static enum error find_pin(struct cli *c, const struct bytes *notes, size_t count, struct text *pin) {
    struct text typed = text_of(c->words.at[1]);
    size_t found = 0;
    for (size_t i = 0; i < count && typed.size; i++) {
        struct enrolment e;
        if (enrolment_read(notes[i], &c->arena, &e, NULL) || !text_starts(e.tls, typed)) continue;
        *pin = e.tls;
        found++;
    }
    if (found == 1) return OK;
    return fail(&c->diag, found ? ERR_USAGE : ERR_MISSING,
                found ? _("several desks begin with “%.*s”")
                      : _("there is no desk “%.*s”; `parley join list` lists them"),
                TEXT_ARG(typed));
}

static enum error list_or_drop(struct cli *c, bool drops) {
    struct desk *k = NULL;
    struct bytes *notes, note;
    struct card card;
    struct text pin;
    size_t count = 0;
    enum error result = cli_open_desk(c, &k);
    if (!result) result = own_card_signed(k, &note, &card, &c->diag);
    if (!result) result = desk_link(k, &c->diag);
    if (!result) result = link_desks(k->link, &c->arena, &notes, &count, &c->diag);
    if (!result && !drops) result = print_list(c, &card, notes, count);
    if (!result && drops) result = find_pin(c, notes, count, &pin);
    if (!result && drops) result = link_drop_desk(k->link, pin, &c->diag);
    desk_close(k);
    return result;
}

static enum error list(struct cli *c, const struct wishes *w) {
    (void)w;
    return list_or_drop(c, false);
}
static enum error drop(struct cli *c, const struct wishes *w) {
    (void)w;
    return list_or_drop(c, true);
}

static const struct {
    const char *name;
    size_t words;
    enum error (*run)(struct cli *c, const struct wishes *w);
} verbs[] = {
    {"request", 1, request}, {"admit", 2, admit}, {"open", 2, open_answer}, {"list", 1, list}, {"drop", 2, drop}};

enum error cli_join(struct cli *c) {
    struct wishes w = {0};
    const struct option_row rows[] = {
        {"--party", OPTION_WORD, &w.party, "NAME", N_("request: the party's name")},
        {"--department", OPTION_WORD, &w.department, "ID", N_("request: for which this desk speaks")},
        {"--officer", OPTION_WORD, &w.officer, "NAME", N_("request: who speaks here")},
        {"--lang", OPTION_WORD, &w.lang, "en|fr|ru", N_("request: the language of what is written here")},
        {"--no-passphrase", OPTION_FLAG, &w.no_passphrase, NULL, N_("request: leave the keys without a passphrase")},
        {"--fingerprint", OPTION_WORD, &w.fingerprint, "DIGITS", N_("admit: what the request printed there")},
        {"--roles", OPTION_WORD, &w.roles, "ROLES", N_("admit: as officer,lead, or analyst, or auditor")},
        {"--node", OPTION_WORD, &w.node, "URL", N_("admit: where the node listens for desks, as https://host:7444")},
        {"--root", OPTION_WORD, &w.root, "DIGITS", N_("open: the fingerprint of the party's root key")},
        {"-o", OPTION_WORD, &w.out, "FILE", N_("request, admit: where the request or the answer is written")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (result) return result;
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (strcmp(c->words.at[0], verbs[i].name)) continue;
        if (c->words.count == verbs[i].words) return verbs[i].run(c, &w);
        return cli_usage(c, "%s", c->words.count < verbs[i].words ? _("something is missing") : _("too many words"));
    }
    return cli_usage(c, _("expected request, admit, open, list or drop, found “%s”"), c->words.at[0]);
}

/* init: a home, its keys, and the first card.  Asks on the terminal for what no option says. */
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "desk/create.h"
#include "desk/own_card.h"
#include "note/fingerprint.h"
#include "record/channel.h"
#include "vocab/iso3166.h"

struct wanted {
    struct home home;
    struct text title;
    const char *typed[8]; /* by enum typed */
    struct names remits;
    bool no_passphrase;
};
enum typed { PARTY, DEPARTMENT, OFFICER, TITLE, LISTEN, URL, COUNTRY, LANG };

static bool any(struct text t) { return t.size > 0; }
static bool is_address(struct text t) {
    size_t colon = text_find(t, ':');
    return colon < t.size && colon + 1 < t.size && text_find(t, ' ') == t.size;
}
static bool is_url(struct text t) { return text_starts(t, TEXT("https://")) && text_find(t, ' ') == t.size; }
static bool is_country(struct text t) {
    struct country ignored;
    return iso3166_read(t, &ignored);
}
static bool is_language(struct text t) { return text_is(t, "en") || text_is(t, "fr") || text_is(t, "ru"); }

/* Everything that is asked, in this order.  Empty is fine only where it is not needed. */
static const struct question {
    const char *option, *question, *standard, *expected;
    size_t at;
    bool needed, asked;
    bool (*fits)(struct text t);
} questions[] = {
#define AT(place) offsetof(struct wanted, place)
    [PARTY] = {"--party", N_("Name of your party, a host name that is yours (cert.north.example)"), "",
               N_("a host name in lower case, as cert.north.example"), AT(home.party), true, true, party_name_valid},
    [DEPARTMENT] = {"--department", N_("Department for which this desk speaks"), "incident",
                    N_("a word of a-z, 0-9, “-”, “.” and “_”"), AT(home.department), true, true, card_word_valid},
    [OFFICER] = {"--officer", N_("Officer who speaks here, a person or a role"), "duty.officer",
                 N_("a word of a-z, 0-9, “-”, “.” and “_”"), AT(home.officer), true, true, card_word_valid},
    [TITLE] = {"--title", N_("Title of the department, for people"), "", N_("one line"), AT(title), false, true, any},
    [LISTEN] = {"--listen", N_("Address and port on which this node listens (empty: it only calls)"), "",
                N_("an address and a port, as 192.0.2.1:7443"), AT(home.listen), false, true, is_address},
    [URL] = {"--url", N_("Address under which counterparties reach it (empty: they can't)"), "",
             N_("an address as https://node.north.example:7443"), AT(home.url), false, true, is_url},
    [COUNTRY] = {"--country", "", "", N_("an ISO 3166 code, as CH"), AT(home.country), false, false, is_country},
    [LANG] = {"--lang", "", "en", N_("en, fr or ru"), AT(home.lang), true, false, is_language},
#undef AT
};

static struct text *place(struct wanted *w, const struct question *q) {
    return (struct text *)(void *)((char *)w + q->at);
}

/* Again and again, until the answer fits: a slip at the sixth question must not cost the first five. */
static enum error ask(struct cli *c, const struct question *q, struct text *t) {
    for (;;) {
        enum error result = cli_question(c, gettext(q->question), text_of(q->standard), t);
        if (result || (!t->size && !q->needed) || q->fits(*t)) return result;
        fprintf(stderr, _("%s: expected %s, found “%.*s”"), q->option, gettext(q->expected), TEXT_ARG(*t));
        fputc('\n', stderr);
    }
}

static enum error answer(struct cli *c, struct wanted *w, size_t i) {
    const struct question *q = &questions[i];
    struct text *t = place(w, q);
    if (!w->typed[i] && q->asked && cli_can_ask()) return ask(c, q, t);
    if (!w->typed[i] && q->asked && q->needed)
        return cli_usage(c, _("%s is missing, and there is no terminal to ask on"), q->option);
    *t = text_of(w->typed[i] ? w->typed[i] : q->standard);
    if ((!t->size && !q->needed && !w->typed[i]) || q->fits(*t)) return OK;
    return cli_usage(c, _("%s: expected %s, found “%.*s”"), q->option, gettext(q->expected), TEXT_ARG(*t));
}

static enum error answers(struct cli *c, struct wanted *w) {
    w->home.path = c->home;
    if (home_is_there(c->home)) return fail(&c->diag, ERR_CONFLICT, _("there is a home at %s already"), c->home);
    for (size_t i = 0; i < COUNT(questions); i++) {
        enum error result = answer(c, w, i);
        if (result) return result;
    }
    if (!w->title.size) w->title = w->home.department;
    enum error result = own_card_check_saying(SAY_TITLE, (struct names){&w->title, 1}, &c->diag);
    return result ? result : own_card_check_saying(SAY_REMIT, w->remits, &c->diag);
}

static void what_next(const struct cli *c, const struct wanted *w, struct text root) {
    char fingerprint[FINGERPRINT_SIZE];
    if (c->quiet) return;
    fingerprint_write(root, fingerprint);
    printf(_("The home of %.*s is at %s.\n"), TEXT_ARG(w->home.party), c->home);
    printf(_("Fingerprint of its root key: %s\n"), fingerprint);
    printf("\n%s\n", _("What comes next:"));
    printf("  parley invite -o INVITATION            %s\n", _("write the file that a counterparty needs"));
    printf("  parley compare THEIR-INVITATION        %s\n", _("the number to read to each other over a telephone"));
    printf("  parley accept THEIR-INVITATION         %s\n", _("open the channel"));
    printf("  parley serve                           %s\n", _("run the node"));
    printf("\n%s\n", _("Keep a copy of the desk's folder, which holds the root key, where no network reaches it."));
}

enum error cli_init(struct cli *c) {
    struct wanted w = {0};
    struct text passphrase = TEXT(""), root;
    struct words remits = {0};
    const struct option_row rows[] = {
        {"--party", OPTION_WORD, &w.typed[PARTY], "NAME", N_("a host name that is the party's")},
        {"--department", OPTION_WORD, &w.typed[DEPARTMENT], "ID", N_("for which this desk speaks")},
        {"--officer", OPTION_WORD, &w.typed[OFFICER], "NAME", N_("who speaks here: a person or a role")},
        {"--no-passphrase", OPTION_FLAG, &w.no_passphrase, NULL, N_("leave the keys without a passphrase")},
        {"--title", OPTION_WORD, &w.typed[TITLE], "TEXT", N_("the title of the department, for people")},
        {"--listen", OPTION_WORD, &w.typed[LISTEN], "ADDRESS:PORT", N_("where the node listens")},
        {"--url", OPTION_WORD, &w.typed[URL], "URL", N_("under which counterparties reach it")},
        {"--country", OPTION_WORD, &w.typed[COUNTRY], "CC", N_("the party's territory, an ISO 3166 code")},
        {"--lang", OPTION_WORD, &w.typed[LANG], "en|fr|ru", N_("the language of what is written here")},
        {"--remit", OPTION_WORDS, &remits, "class:CLASS…",
         N_("what the department takes care of: class:, sector:, network:, domain:; may be repeated")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result) w.remits = cli_names(c, &remits);
    if (!result) result = answers(c, &w);
    if (!result && !w.no_passphrase) result = cli_new_passphrase(c, &passphrase);
    struct desk_wanted wanted = {w.home, w.title, w.remits, passphrase, &c->random, c->now};
    if (!result) result = desk_create(&wanted, &c->arena, &root, &c->diag);
    if (!result) what_next(c, &w, root);
    return result;
}

/* department: lists and changes what one's own card says of departments. */
#include "base/os.h"
#include "cli/card_words.h"
#include "cli/speak.h"
#include "desk/opening.h"

struct wishes {
    const char *title, *languages, *rfc2350, *security_txt;
    struct words remits, hours, holidays, abouts;
};

static struct text joined(struct cli *c, const struct card_line *lines, size_t count, struct text department) {
    struct text all = TEXT("");
    for (size_t i = 0; i < count; i++)
        if (text_equal(lines[i].department, department))
            all = arena_format(&c->arena, "%.*s%s%.*s", TEXT_ARG(all), all.size ? "; " : "", TEXT_ARG(lines[i].value));
    return all.size ? all : TEXT("-");
}

static struct text now_word(struct cli *c, const struct card *card, struct text department) {
    struct opening o = opening_of(card, department, c->now, &c->arena);
    return !o.known ? TEXT("-") : text_of(o.open ? _("open") : _("closed"));
}

static enum error list_json(struct cli *c, const struct card *card) {
    json_t *whole = json_object();
    json_put(whole, "departments", card_departments_json(card, c->now));
    return cli_print_json(c, whole);
}

static enum error list(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    (void)desk, (void)wishes;
    if (c->json) return list_json(c, card);
    struct grid t = grid_new(&c->arena, 6);
    const struct text head[] = {text_of(_("DEPARTMENT")), text_of(_("TITLE")), text_of(_("LANGUAGES")),
                                text_of(_("HOURS")),      text_of(_("NOW")),   text_of(_("REMIT"))};
    grid_row(&t, head);
    for (size_t i = 0; i < card->department_count; i++) {
        struct text id = card->departments[i].department;
        const struct text row[] = {id,
                                   card->departments[i].value,
                                   joined(c, card->languages, card->language_count, id),
                                   joined(c, card->hours, card->hours_count, id),
                                   now_word(c, card, id),
                                   joined(c, card->remits, card->remit_count, id)};
        grid_row(&t, row);
    }
    grid_print(&t, stdout);
    return OK;
}

/* Lines, or none where the option was empty: then what was said is taken back. */
static enum error say_lines(struct cli *c, struct desk *desk, struct card *card, enum department_say what,
                            const struct words *typed) {
    struct names values = cli_names(c, typed);
    if (!typed->count) return OK;
    if (values.count == 1 && !values.at[0].size) values.count = 0;
    return own_card_say(desk, card, text_of(c->words.at[1]), what, values, &c->diag);
}

static enum error say_one(struct cli *c, struct desk *desk, struct card *card, enum department_say what,
                          const char *typed) {
    const struct words words = {&typed, typed ? 1 : 0};
    return say_lines(c, desk, card, what, &words);
}

/* What a text says that a card can't is told line by line, so that nothing is lost silently. */
static void tell_left(struct cli *c, const char *path, const struct profile *p) {
    for (size_t i = 0; i < p->left_count && !c->quiet; i++)
        fprintf(stderr, _("%s: line %llu is left out: %s\n"), path, (unsigned long long)p->left[i].line,
                gettext(p->left[i].why));
    if (p->expires != INSTANT_NONE && p->expires < c->now && !c->quiet)
        fprintf(stderr, _("%s: it expired; set a new time with --about expires=TIME\n"), path);
}

static enum error take_file(struct cli *c, struct desk *desk, struct card *card, const char *path,
                            enum error (*read)(struct text t, struct arena *a, struct profile *out, struct diag *d)) {
    struct bytes file;
    struct profile p;
    if (!path) return OK;
    enum error result = cli_file(c, path, PROFILE_MAX_BYTES, &file);
    if (!result) {
        result = read(text_from_bytes(file), &desk->arena, &p, &c->diag);
        diag_where(&c->diag, result ? path : NULL);
    }
    if (!result) result = own_card_take_profile(desk, card, text_of(c->words.at[1]), &p, &c->diag);
    if (!result) tell_left(c, path, &p);
    return result;
}

static enum error say_all(struct cli *c, struct desk *desk, struct card *card, const struct wishes *w) {
    struct text department = text_of(c->words.at[1]);
    enum error result = take_file(c, desk, card, w->rfc2350, rfc2350_read);
    if (!result) result = take_file(c, desk, card, w->security_txt, security_txt_read);
    if (!result) result = say_lines(c, desk, card, SAY_REMIT, &w->remits);
    if (!result) result = say_one(c, desk, card, SAY_LANGUAGES, w->languages);
    if (!result) result = say_lines(c, desk, card, SAY_HOURS, &w->hours);
    if (!result) result = say_lines(c, desk, card, SAY_HOLIDAY, &w->holidays);
    if (!result && w->abouts.count)
        result = own_card_say_about(desk, card, department, cli_names(c, &w->abouts), &c->diag);
    if (!result) result = say_one(c, desk, card, SAY_TITLE, w->title);
    return result;
}

static enum error add(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    enum error result = own_card_add_department(desk, card, text_of(c->words.at[1]), text_of(c->words.at[2]), &c->diag);
    return result ? result : say_all(c, desk, card, w);
}

static enum error set(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    if (!w->title && !w->languages && !w->rfc2350 && !w->security_txt && !w->hours.count && !w->holidays.count &&
        !w->remits.count && !w->abouts.count)
        return cli_usage(c, _("give what is to be set, as --title, --remit, --languages, --hours or --about"));
    return say_all(c, desk, card, w);
}

static enum error rotate(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    (void)wishes;
    return own_card_rotate(desk, card, text_of(c->words.at[1]), &c->diag);
}

static const struct card_verb verbs[] = {
    {"list", 1, false, list}, {"add", 3, true, add}, {"set", 2, true, set}, {"rotate", 2, true, rotate}};

enum error cli_department(struct cli *c) {
    struct wishes w = {0};
    const struct option_row rows[] = {
        {"--title", OPTION_WORD, &w.title, "TEXT", N_("its title, for people")},
        {"--remit", OPTION_WORDS, &w.remits, "REMIT…",
         N_("what it takes care of: class:, sector:, network:, domain:; may be repeated; empty: nothing stated")},
        {"--languages", OPTION_WORD, &w.languages, "CODES", N_("as en,fr")},
        {"--hours", OPTION_WORDS, &w.hours, "HOURS…",
         N_("as “Mo-Fr 08:00-18:00 Europe/Paris”, or a text; may be repeated")},
        {"--holiday", OPTION_WORDS, &w.holidays, "DAY…",
         N_("closed: as “2026-12-24/2027-01-02 Year's end”; may be repeated")},
        {"--about", OPTION_WORDS, &w.abouts, "KEY=TEXT…",
         N_("a section of RFC 2350 as 3.1=TEXT, a field of security.txt as contact=mailto:…; ID * is the party")},
        {"--rfc2350", OPTION_WORD, &w.rfc2350, "FILE", N_("take what a document by RFC 2350 says")},
        {"--security-txt", OPTION_WORD, &w.security_txt, "FILE", N_("take what a security.txt says (RFC 9116)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 3);
    return result ? result : card_verb_run(c, verbs, COUNT(verbs), _("list, add, set or rotate"), &w);
}

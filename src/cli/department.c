/* department: lists and changes what one's own card says of departments. */
#include "base/os.h"
#include "cli/card_words.h"
#include "cli/speak.h"

struct wishes {
    const char *title, *languages, *hours;
    struct words remits;
};

static struct text joined(struct cli *c, const struct card_line *lines, size_t count, struct text department) {
    struct text all = TEXT("");
    for (size_t i = 0; i < count; i++)
        if (text_equal(lines[i].department, department))
            all = arena_format(&c->arena, "%.*s%s%.*s", TEXT_ARG(all), all.size ? " " : "", TEXT_ARG(lines[i].value));
    return all.size ? all : TEXT("-");
}

static enum error list_json(struct cli *c, const struct card *card) {
    json_t *whole = json_object();
    json_put(whole, "departments", card_departments_json(card));
    return cli_print_json(c, whole);
}

static enum error list(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    (void)desk, (void)wishes;
    if (c->json) return list_json(c, card);
    struct grid t = grid_new(&c->arena, 5);
    const struct text head[] = {text_of(_("DEPARTMENT")), text_of(_("TITLE")), text_of(_("LANGUAGES")),
                                text_of(_("HOURS")), text_of(_("REMIT"))};
    grid_row(&t, head);
    for (size_t i = 0; i < card->department_count; i++) {
        struct text id = card->departments[i].department;
        const struct text row[] = {id, card->departments[i].value, joined(c, card->languages, card->language_count, id),
                                   joined(c, card->hours, card->hours_count, id),
                                   joined(c, card->remits, card->remit_count, id)};
        grid_row(&t, row);
    }
    grid_print(&t, stdout);
    return OK;
}

/* One line, or none where the option was empty: then what was said is taken back. */
static enum error say_one(struct cli *c, struct desk *desk, struct card *card, enum department_say what,
                          const char *typed) {
    struct text value = text_of(typed);
    return own_card_say(desk, card, text_of(c->words.at[1]), what, (struct names){&value, value.size ? 1 : 0},
                        &c->diag);
}

static enum error say_all(struct cli *c, struct desk *desk, struct card *card, const struct wishes *w) {
    enum error result = OK;
    struct names remits = cli_names(c, &w->remits);
    if (remits.count == 1 && !remits.at[0].size) remits.count = 0;
    if (w->remits.count) result = own_card_say(desk, card, text_of(c->words.at[1]), SAY_REMIT, remits, &c->diag);
    if (!result && w->languages) result = say_one(c, desk, card, SAY_LANGUAGES, w->languages);
    if (!result && w->hours) result = say_one(c, desk, card, SAY_HOURS, w->hours);
    if (!result && w->title) result = say_one(c, desk, card, SAY_TITLE, w->title);
    return result;
}

static enum error add(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    enum error result = own_card_add_department(desk, card, text_of(c->words.at[1]), text_of(c->words.at[2]), &c->diag);
    return result ? result : say_all(c, desk, card, w);
}

static enum error set(struct cli *c, struct desk *desk, struct card *card, const void *wishes) {
    const struct wishes *w = wishes;
    if (!w->title && !w->languages && !w->hours && !w->remits.count)
        return cli_usage(c, _("give what is to be set: --title, --remit, --languages or --hours"));
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
        {"--hours", OPTION_WORD, &w.hours, "TEXT", N_("days, times and zone")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 3);
    return result ? result : card_verb_run(c, verbs, COUNT(verbs), _("list, add, set or rotate"), &w);
}

/* mailed: the claims that went out by mail, and what came of them, noted by hand. */
#include "desk/mailed.h"

#include <string.h>

#include "base/os.h"
#include "cli/speech.h"

static enum error print_list(struct cli *c, const struct mailed *list, size_t count) {
    struct grid table = grid_new(&c->arena, 6);
    const struct text head[] = {text_of(_("ID")),    text_of(_("WRITTEN")), text_of(_("TLP")),
                                text_of(_("STATE")), text_of(_("TO")),      text_of(_("TITLE"))};
    char room[INSTANT_TEXT_MAX];
    grid_row(&table, head);
    for (size_t i = 0; i < count; i++) {
        const struct mailed *m = &list[i];
        const struct text closed[] = {text_first(m->id, 8), TEXT("-"), TEXT("-"), TEXT("-"), TEXT("-"),
                                      cli_shown(c, m->why)};
        if (m->error) {
            grid_row(&table, closed);
            continue;
        }
        const struct text row[] = {
            text_first(m->id, 8),      arena_text(&c->arena, instant_write(m->steps[0].time, room)),
            text_of(tlp_name(m->tlp)), word_text("mailed", m->steps[m->step_count - 1].word),
            cli_shown(c, m->to),       cli_shown(c, m->title)};
        grid_row(&table, row);
    }
    if (count)
        grid_print(&table, stdout);
    else
        puts(_("no claim was mailed"));
    return OK;
}

static enum error list_all(struct cli *c, struct desk *k) {
    struct mailed *list;
    size_t count;
    enum error result = mailed_list(k, &list, &count, &c->diag);
    if (result) return result;
    if (!c->json) return print_list(c, list, count);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) json_add(array, mailed_json(&list[i], false));
    return cli_print_json(c, array);
}

static enum error show_one(struct cli *c, const struct mailed *m, const char *out) {
    struct buf page = {.max = 1 << 22};
    if (out) return os_write(out, bytes_from_text(m->mail), 0600, &c->diag);
    if (c->json) return cli_print_json(c, mailed_json(m, false));
    buf_format(&page, "%.*s\n", TEXT_ARG(m->id));
    buf_line(&page, m->title);
    buf_format(&page, "\nTLP:%s  %s: ", tlp_name(m->tlp), _("to"));
    buf_line(&page, m->to);
    buf_char(&page, '\n');
    for (size_t i = 0; i < m->step_count; i++) {
        const struct mailed_step *s = &m->steps[i];
        struct text word = word_text("mailed", s->word);
        buf_instant(&page, s->time);
        buf_format(&page, "  %.*s  ", TEXT_ARG(word));
        buf_line(&page, s->by);
        if (s->text.size) buf_string(&page, ": ");
        buf_line(&page, s->text);
        buf_char(&page, '\n');
    }
    return cli_print_page(c, &page);
}

static enum error note_step(struct cli *c, struct desk *k, struct mailed *m, struct text word, const char *words,
                            const char *file) {
    struct mailed_step step = {.time = c->now, .word = word, .by = k->home.officer};
    enum error result = cli_text(c, words, file, &step.text);
    if (!result && !json_is_text(step.text)) result = cli_usage(c, _("the text is no UTF-8"));
    if (!result && text_is(word, "written")) result = cli_usage(c, _("expected answered, bounced or closed"));
    return result ? result : mailed_step(k, m, &step, &c->diag);
}

enum error cli_mailed(struct cli *c) {
    const char *out = NULL, *file = NULL;
    const struct option_row rows[] = {
        {"-o", OPTION_WORD, &out, "FILE", N_("write the mail there once more")},
        {"--text-file", OPTION_WORD, &file, "FILE", N_("take the text from a file, or - for standard input")},
        {"", OPTION_MEANINGS, &(const struct word_list *){&words_mailed}, "STATE", ""},
    };
    struct desk *k = NULL;
    struct mailed m;
    struct text word = {0};
    enum error result = cli_options(c, rows, COUNT(rows), 0, 3);
    if (result) return result;
    if (out && c->words.count != 1) return cli_usage(c, _("-o writes one mail: name it"));
    if (c->words.count > 1) result = cli_word(c, "STATE", c->words.at[1], &words_mailed, &word);
    if (!result) result = cli_open_desk(c, &k);
    if (!result && !c->words.count) result = list_all(c, k);
    if (!result && c->words.count) result = mailed_find(k, text_of(c->words.at[0]), &m, &c->diag);
    if (!result && c->words.count == 1) result = show_one(c, &m, out);
    if (!result && c->words.count > 1) {
        result = note_step(c, k, &m, word, c->words.count > 2 ? c->words.at[2] : NULL, file);
        if (!result && c->json) result = cli_print_json(c, mailed_json(&m, false));
    }
    desk_close(k);
    return result;
}

/* show: a case as a page that one would print, or as JSON. */
#include "cli/speak.h"
#include "desk/case_view.h"

static enum error print(struct cli *c, struct talk *t, const struct matter *m, bool all) {
    struct case_view view;
    enum error result = case_view(t, m, &view, &c->diag);
    if (result) return result;
    if (c->json) return cli_print_json(c, case_json(&view));
    struct buf page = {.max = (size_t)1 << 30};
    case_page(&view, all, &page);
    return cli_print_page(c, &page);
}

enum error cli_show(struct cli *c) {
    struct state_options state = {0};
    bool all = false;
    const struct option_row rows[] = {
        STATE_ROWS(&state),
        {"--all", OPTION_FLAG, &all, NULL, N_("show every fact, however many there are")},
    };
    struct desk *k = NULL;
    struct talk *t = NULL;
    struct talk_at at;
    const struct matter *m;
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result) result = cli_talk_at(c, &state, &at);
    if (!result) result = cli_desk(c, &k);
    if (!result) result = talk_open_case(k, text_of(c->words.at[0]), &at, &t, &m, &c->diag);
    if (!result) result = print(c, t, m, all);
    talk_close(t);
    desk_close(k);
    return result;
}

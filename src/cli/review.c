/* review: how one's party and another have dealt with each other, in numbers that both compute alike. */
#include "desk/review.h"
#include "cli/speak.h"

enum { PAGE_MAX = 1 << 26 };

struct review_options {
    struct state_options state;
    bool html, drill;
};

static enum error print(struct cli *c, struct talk *t, bool html) {
    struct review r;
    struct buf page = {.max = PAGE_MAX};
    review_of(&t->state, &t->arena, &r);
    if (c->json) return cli_print_json(c, review_json(&r));
    if (html) {
        review_html(&r, &page);
        return cli_print(c, &page);
    }
    review_page(&r, &page);
    buf_format(&page, "\n%s", _("Both sides get these numbers at the same cut and time: "));
    const struct channel_verdict *v = &t->state.channel;
    if (v->generations)
        buf_format(&page, "--at %llu,%llu ", (unsigned long long)v->cuts[v->generations - 1].of[0],
                   (unsigned long long)v->cuts[v->generations - 1].of[1]);
    buf_string(&page, "--as-of ");
    buf_instant(&page, t->state.as_of);
    buf_char(&page, '\n');
    return cli_print_page(c, &page);
}

enum error cli_review(struct cli *c) {
    struct review_options o = {0};
    const struct option_row rows[] = {
        STATE_ROWS(&o.state),
        {"--html", OPTION_FLAG, &o.html, NULL, N_("a page for browsers, with plots")},
        {"--drill", OPTION_FLAG, &o.drill, NULL, N_("of the channel for drills, which enters no other review")},
    };
    struct desk *k = NULL;
    struct talk *t = NULL;
    struct talk_at at;
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result && c->json && o.html) result = cli_usage(c, _("--json and --html: one of the two"));
    if (!result) result = cli_talk_at(c, &o.state, &at);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = desk_link(k, &c->diag);
    if (!result) result = talk_open(k, text_of(c->words.at[0]), o.drill, &at, &t, &c->diag);
    if (!result) result = print(c, t, o.html);
    talk_close(t);
    desk_close(k);
    return result;
}

/* cases: every case with every party, as the records say. */
#include <stdlib.h>

#include "cli/cases_first.h"
#include "cli/lists.h"
#include "cli/speak.h"
#include "desk/brief.h"

struct list { /* one channel's */
    struct text parties[2];
    unsigned own;
    bool drill;
    instant as_of;
    struct cut cut;
    struct case_brief *briefs;
    size_t count;
    struct talk *talk; /* where these are of a talk; else of the index */
    struct index *index;
};

struct listing {
    struct talk_at at;
    const char *find;
    bool drill; /* these alone */
    bool brief;
    uint64_t first;
    struct first_cases *firsts; /* NULL: all are listed */
    json_t *array;              /* NULL: a page */
    struct buf page, drills;
};

/* ---- which */

static bool holds(struct text text, const char *find) { return text_search(text, text_of(find)) != SIZE_MAX; }

static enum error fits(const struct list *l, const struct case_brief *b, const char *find, bool *out, struct diag *d) {
    *out = !find || holds(b->name, find) || holds(b->title, find) || text_equal(b->numbers[0], text_of(find)) ||
           text_equal(b->numbers[1], text_of(find)) || text_equal(text_of(state_word_text(b->sort)), text_of(find));
    return *out || !l->index ? OK : index_has_words(l->index, b, text_of(find), out, d);
}

static enum error pick(const struct list *l, const char *find, struct case_brief ***out, size_t *count,
                       struct diag *d) {
    struct case_brief **all = calloc(l->count + 1, sizeof *all);
    enum error result = all ? OK : fail(d, ERR_MEMORY, _("out of memory"));
    *count = 0;
    for (size_t i = 0; i < l->count && !result; i++) {
        bool good;
        result = fits(l, &l->briefs[i], find, &good, d);
        if (!result && good) all[(*count)++] = &l->briefs[i];
    }
    if (!result) brief_sort(all, *count);
    *out = all;
    return result;
}

/* ---- how they are shown */

static void put_page(const struct list *l, struct case_brief *const *all, size_t count, struct buf *page) {
    buf_format(page, "%.*s%s  (", TEXT_ARG(l->parties[1 - l->own]), l->drill ? _(" (drill)") : "");
    cut_line(l->parties, l->cut, l->as_of, page);
    buf_string(page, ")\n");
    brief_rows(all, count, l->as_of, page);
    if (!count) buf_format(page, "  %s\n", _("no cases"));
}

static enum error row_json(const struct list *l, const struct case_brief *b, json_t **out, struct diag *d) {
    json_t *row = json_object(), *state = NULL;
    enum error result = OK;
    if (l->index)
        result = index_case_json(l->index, b, l->as_of, &state, d);
    else
        state = matter_json_case(&l->talk->state, matter_find(&l->talk->state, b->name));
    json_put_text(row, "case", b->name);
    json_put_text(row, "with", l->parties[1 - l->own]);
    json_put_text_if(row, "title", b->title);
    json_put_text_if(row, "action", b->action);
    json_put(row, "numbers", numbers_json(l->parties, b->numbers));
    if (result)
        json_decref(row);
    else
        json_put(row, "state", state);
    *out = row;
    return result;
}

static enum error show(const struct list *l, struct listing *into, struct diag *d) {
    struct case_brief **all;
    size_t count;
    if (into->drill && !l->drill) return OK;
    enum error result = pick(l, into->find, &all, &count, d);
    if (!result && !into->array) put_page(l, all, count, l->drill ? &into->drills : &into->page);
    /* Programs that count cases must not count what was only played. */
    bool listed = into->array && l->drill == into->drill;
    for (size_t i = 0; i < count && !result && listed; i++) {
        json_t *row;
        if (into->firsts) {
            first_add(into->firsts, all[i], l->parties, l->own);
            continue;
        }
        if (into->brief)
            row = brief_json(all[i], l->parties, l->own, l->as_of);
        else
            result = row_json(l, all[i], &row, d);
        if (!result) json_add(into->array, row);
    }
    free(all);
    return result;
}

/* ---- from where */

static enum error show_index(struct index *x, void *state, bool *keep, struct diag *d) {
    struct listing *into = state;
    struct index_view v = index_view(x);
    struct list l = {.parties = {v.parties[0], v.parties[1]},
                     .own = v.own,
                     .drill = v.drill,
                     .as_of = into->at.as_of,
                     .cut = v.cut,
                     .index = x};
    (void)keep;
    enum error result = index_briefs(x, &l.briefs, &l.count, d);
    return result ? result : show(&l, into, d);
}

static enum error show_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    const struct channel_verdict *c = &t->state.channel;
    struct list l = {.parties = {t->parties[0], t->parties[1]},
                     .own = t->own,
                     .drill = c->drill,
                     .as_of = t->state.as_of,
                     .cut = c->generations ? c->cuts[c->generations - 1] : (struct cut){{0, 0}},
                     .briefs = brief_list(t),
                     .count = t->state.matter_count,
                     .talk = t};
    (void)keep;
    return show(&l, state, d);
}

enum error cli_cases(struct cli *c) {
    struct state_options state = {0};
    struct listing l = {.page = {.max = (size_t)1 << 30}, .drills = {.max = (size_t)1 << 30}};
    struct desk *k = NULL;
    size_t count = 0;
    const struct option_row rows[] = {
        STATE_ROWS(&state),
        {"--drill", OPTION_FLAG, &l.drill, NULL, N_("only the cases of drills")},
        {"--brief", OPTION_FLAG, &l.brief, NULL, N_("with --json: what lists show of a case, without its facts")},
        {"--first", OPTION_NUMBER, &l.first, "N",
         N_("with --brief: the N newest, and the first N that wait for each side, in an object that counts all")},
        {"--find", OPTION_WORD, &l.find, "X",
         N_("only cases whose name, title, number or state holds X, or whose facts do: an address, a domain")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result && l.first && (!c->json || !l.brief || l.first > FIRST_MAX))
        result = cli_usage(c, _("--first goes with --json --brief, and is at most %d"), FIRST_MAX);
    if (!result) result = cli_talk_at(c, &state, &l.at);
    if (!result) result = cli_open_desk(c, &k);
    if (!result && l.first && !(l.firsts = first_new(l.first, l.at.as_of)))
        result = fail(&c->diag, ERR_MEMORY, _("out of memory"));
    if (c->json) l.array = json_array();
    if (!result && (l.at.given || l.at.shared))
        result = talk_each(k, &l.at, show_talk, &l, &count, &c->diag);
    else if (!result)
        result = cli_index_each(c, k, show_index, &l, &count);
    if (!count) buf_format(&l.page, "%s\n", _("no channel is open yet: `parley invite` begins one"));
    cli_add_drills(&l.page, &l.drills);
    if (!result && l.firsts)
        result = cli_print_json(c, first_json(l.firsts));
    else if (!result)
        result = l.array ? cli_print_json(c, json_incref(l.array)) : cli_print_page(c, &l.page);
    first_free(l.firsts);
    json_decref(l.array);
    buf_free(&l.page);
    buf_free(&l.drills);
    desk_close(k);
    return result;
}

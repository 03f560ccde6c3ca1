/* cases: every case with every party, as the records say. */
#include <stdlib.h>

#include "cli/speak.h"
#include "desk/case_view.h"

static bool has_number(struct talk *t, const struct matter *m, struct text find) {
    struct text numbers[2];
    matter_numbers(t, m, numbers);
    return text_equal(numbers[0], find) || text_equal(numbers[1], find);
}

static bool fits(struct talk *t, const struct matter *m, const char *find) {
    return !find || text_search(m->name, text_of(find)) != SIZE_MAX ||
           text_search(matter_title(t, m), text_of(find)) != SIZE_MAX || has_number(t, m, text_of(find)) ||
           text_equal(text_of(state_word_text(m->sort)), text_of(find));
}

/* Lists sort by the word of the state, then by name. */
static int compare(const void *a, const void *b) {
    const struct matter *x = *(const struct matter *const *)a, *y = *(const struct matter *const *)b;
    if (x->sort != y->sort) return x->sort < y->sort ? 1 : -1;
    return text_compare(x->name, y->name);
}

static void put_row(struct talk *t, const struct matter *m, struct buf *out) {
    struct buf state = {.max = 4096};
    case_state_line(m, &state);
    buf_string(out, "  ");
    buf_pad(out, text_of(word_shown("kind", kind_rules[m->opening->kind].name)), KIND_COLUMNS);
    buf_pad(out, m->name, 58);
    buf_char(out, ' ');
    buf_pad(out, buf_as_text(&state), 36);
    buf_char(out, ' ');
    buf_line(out, matter_line(t, m));
    buf_char(out, '\n');
    buf_free(&state);
}

static json_t *row_json(struct talk *t, const struct matter *m) {
    json_t *row = json_object();
    json_put_text(row, "case", m->name);
    json_put_text(row, "with", t->parties[1 - t->own]);
    json_put_text_if(row, "title", matter_title(t, m));
    json_put_text_if(row, "action", matter_action(t, m));
    json_put(row, "numbers", matter_numbers_json(t, m));
    json_put(row, "state", matter_json_case(&t->state, m));
    return row;
}

static void list(struct talk *t, const char *find, json_t *array, struct buf *page) {
    const struct matter **all = ARENA_ARRAY(&t->arena, const struct matter *, t->state.matter_count);
    size_t count = 0;
    for (size_t i = 0; i < t->state.matter_count; i++)
        if (fits(t, &t->state.matters[i], find)) all[count++] = &t->state.matters[i];
    qsort(all, count, sizeof *all, compare);
    buf_format(page, "%.*s%s  (", TEXT_ARG(t->parties[1 - t->own]), t->state.channel.drill ? _(" (drill)") : "");
    talk_cut_line(t, page);
    buf_string(page, ")\n");
    for (size_t i = 0; i < count; i++) {
        put_row(t, all[i], page);
        if (array) json_add(array, row_json(t, all[i]));
    }
    if (!count) buf_format(page, "  %s\n", _("no cases"));
}

struct listing {
    struct talk_at at;
    const char *find;
    bool drill; /* these alone */
    json_t *array;
    struct buf page, drills;
};

static enum error list_one(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct listing *l = state;
    (void)keep;
    (void)d;
    bool drill = t->state.channel.drill;
    /* Programs that count cases must not count what was only played. */
    if (!l->drill || drill) list(t, l->find, drill == l->drill ? l->array : NULL, drill ? &l->drills : &l->page);
    return OK;
}

enum error cli_cases(struct cli *c) {
    struct state_options state = {0};
    struct listing l = {.array = json_array(), .page = {.max = (size_t)1 << 28}, .drills = {.max = (size_t)1 << 28}};
    struct desk *k = NULL;
    size_t count = 0;
    const struct option_row rows[] = {
        STATE_ROWS(&state),
        {"--drill", OPTION_FLAG, &l.drill, NULL, N_("only the cases of drills")},
        {"--find", OPTION_WORD, &l.find, "X", N_("only cases whose name, title, number or state holds X")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result) result = cli_talk_at(c, &state, &l.at);
    if (!result) result = cli_desk(c, &k);
    if (!result) result = talk_each(k, &l.at, list_one, &l, &count, &c->diag);
    if (!count) buf_format(&l.page, "%s\n", _("no channel is open yet: `parley invite` begins one"));
    cli_add_drills(&l.page, &l.drills);
    if (!result) result = c->json ? cli_print_json(c, json_incref(l.array)) : cli_print_page(c, &l.page);
    json_decref(l.array);
    buf_free(&l.page);
    buf_free(&l.drills);
    desk_close(k);
    return result;
}

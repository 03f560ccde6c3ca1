/* consult without a case: the meetings and the texts of every case that has any. */
#include "cli/lists.h"
#include "cli/speak.h"
#include "desk/case_view.h"

struct listing {
    json_t *array;
    struct buf page;
    bool any;
};

static bool has_any(const json_t *row) {
    return json_array_size(json_object_get(row, "consultations")) || json_array_size(json_object_get(row, "texts"));
}

/* Meetings and texts hang on the case alone: its sheets are not opened. */
static void take(struct listing *l, struct talk *t, const struct matter *m) {
    const struct case_view v = {.talk = t, .matter = m};
    json_t *row = json_object();
    settlement_json(&v, row);
    if (has_any(row)) {
        json_put_text(row, "case", m->name);
        json_put_text(row, "with", t->parties[1 - t->own]);
        json_put_text_if(row, "title", matter_title(t, m));
        json_put(row, "numbers", matter_numbers_json(t, m));
        if (m->tlp != TLP_NONE) json_put_text(row, "tlp", text_of(tlp_name(m->tlp)));
        buf_format(&l->page, "%s%.*s  ", l->any ? "\n" : "", TEXT_ARG(m->name));
        buf_line(&l->page, matter_title(t, m));
        buf_char(&l->page, '\n');
        settlement_page(&v, &l->page);
        json_add(l->array, json_incref(row));
        l->any = true;
    }
    json_decref(row);
}

static enum error look(struct talk *t, void *state, bool *keep, struct diag *d) {
    (void)keep;
    (void)d;
    for (size_t i = 0; i < t->state.matter_count && !t->state.channel.drill; i++) take(state, t, &t->state.matters[i]);
    return OK;
}

enum error list_consultations(struct cli *c) {
    struct listing l = {.array = json_array(), .page = {.max = 1 << 28}};
    struct desk *k = NULL;
    size_t count = 0;
    enum error result = cli_open_desk(c, &k);
    if (!result) result = talk_each(k, &(struct talk_at){.as_of = c->now}, look, &l, &count, &c->diag);
    if (!l.any) buf_format(&l.page, "%s\n", _("no meeting and no text was offered in any case"));
    if (!result) result = c->json ? cli_print_json(c, json_incref(l.array)) : cli_print_page(c, &l.page);
    json_decref(l.array);
    buf_free(&l.page);
    desk_close(k);
    return result;
}

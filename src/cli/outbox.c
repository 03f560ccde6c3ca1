/* outbox: what one has said and how far it came: queued here, sent, receipted. */
#include "cli/speak.h"
#include "desk/case_view.h"

enum { SHOWN = 20 };

struct outbox {
    bool all;
    json_t *list;
    struct buf page;
};

static const char *const stages[] = {N_("queued"), N_("sent, no receipt yet"), N_("receipted")};
static const char *const words[] = {"queued", "sent", "receipted"};

/* A receipt makes it receipted; an exchange that came to its end in a later second than it was said has carried it off.
 */
static unsigned stage_of(const struct talk *t, const struct message_verdict *v) {
    const struct link_channel *c = &t->channels[v->entry->generation];
    if (v->delivered != INSTANT_NONE || v->entry->index < c->receipted_size) return 2;
    return c->contacted_at != INSTANT_NONE && c->contacted_at > v->entry->leaf->time;
}

static void put_row(struct talk *t, const struct message_verdict *v, unsigned stage, struct buf *out) {
    const struct matter *m =
        v->statement->head->matter.size ? matter_find(&t->state, v->statement->head->matter) : NULL;
    buf_string(out, "  ");
    buf_instant(out, v->entry->leaf->time);
    buf_string(out, "  ");
    buf_pad(out, word_text("kind", v->statement->head->kind), KIND_COLUMNS);
    buf_format(out, " %.8s  ", v->statement->head->id.at);
    buf_pad(out, case_start(v->statement->head->matter), 10);
    buf_string(out, gettext(stages[stage]));
    if (v->delivered != INSTANT_NONE) {
        buf_char(out, ' ');
        buf_instant(out, v->delivered);
    }
    if (m) {
        buf_string(out, "  ");
        buf_line(out, matter_title(t, m));
    }
    buf_char(out, '\n');
}

static json_t *row_json(struct talk *t, const struct message_verdict *v, unsigned stage) {
    json_t *row = json_object();
    json_put_text(row, "with", t->parties[1 - t->own]);
    json_put_text(row, "message", v->statement->head->id);
    json_put_text(row, "kind", v->statement->head->kind);
    json_put_text_if(row, "case", v->statement->head->matter);
    json_put_u64(row, "entry", v->entry->index);
    json_put(row, "said", json_from_instant(v->entry->leaf->time));
    json_put_text(row, "stage", text_of(words[stage]));
    json_put(row, "receipted", json_from_instant(v->delivered));
    return row;
}

static enum error list(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct outbox *o = state;
    size_t shown = 0, left_out = 0;
    (void)keep;
    (void)d;
    buf_format(&o->page, "%.*s%s\n", TEXT_ARG(t->parties[1 - t->own]), t->state.channel.drill ? _(" (drill)") : "");
    /* The newest first; what is receipted is of less interest than what is not. */
    for (size_t i = t->state.message_count; i-- > 0;) {
        const struct message_verdict *v = &t->state.messages[i];
        if (v->statement->party != t->own) continue;
        unsigned stage = stage_of(t, v);
        if (stage == 2 && !o->all && shown >= SHOWN) {
            left_out++;
            continue;
        }
        shown++;
        put_row(t, v, stage, &o->page);
        json_add(o->list, row_json(t, v, stage));
    }
    if (!shown) buf_format(&o->page, "  %s\n", _("nothing was said yet"));
    if (left_out)
        buf_format(&o->page,
                   _n("  and %zu older message, receipted: --all shows it\n",
                      "  and %zu older messages, receipted: --all shows them\n", left_out),
                   left_out);
    return OK;
}

enum error cli_outbox(struct cli *c) {
    struct outbox o = {.list = json_array(), .page = {.max = (size_t)1 << 28}};
    struct desk *k = NULL;
    size_t count = 0;
    const struct option_row rows[] = {{"--all", OPTION_FLAG, &o.all, NULL, N_("also what was receipted long ago")}};
    struct talk_at at = {.as_of = c->now};
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = talk_each(k, &at, list, &o, &count, &c->diag);
    if (!count) buf_format(&o.page, "%s\n", _("no channel is open yet: `parley invite` begins one"));
    if (!result) result = c->json ? cli_print_json(c, json_incref(o.list)) : cli_print_page(c, &o.page);
    json_decref(o.list);
    buf_free(&o.page);
    desk_close(k);
    return result;
}

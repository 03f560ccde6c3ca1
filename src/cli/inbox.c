/* inbox: what waits for whom, what came last, what could not be opened. */
#include "desk/inbox.h"
#include "cli/speak.h"
#include "desk/case_view.h"
#include "desk/check_in.h"
#include "desk/draft.h"
#include "desk/limits.h"

enum { ARRIVED = 10 };

static void put_waiting(struct talk *t, const struct waiting *w, struct buf *out) {
    buf_string(out, "  ");
    buf_pad(out, word_text("kind", text_of(wait_word(w->what))), KIND_COLUMNS);
    buf_string(out, "  ");
    buf_line(out, matter_line(t, w->matter));
    buf_format(out, "\n  %*s  ", KIND_COLUMNS, "");
    if (w->due != INSTANT_NONE) {
        buf_format(out, "%s ", w->lapsed ? _("lapsed at") : _("until"));
        buf_instant(out, w->due);
    } else {
        buf_format(out, "%s ", _("no deadline; since"));
        buf_instant(out, w->since);
    }
    struct text command = w->party == t->own ? wait_command(t, w) : TEXT("");
    if (command.size) buf_format(out, "   `%.*s`", TEXT_ARG(command));
    buf_char(out, '\n');
}

static json_t *waiting_json(struct talk *t, const struct waiting *w) {
    char written[INSTANT_TEXT_MAX];
    json_t *object = json_object();
    json_put_text(object, "case", w->matter->name);
    json_put_text(object, "what", text_of(wait_word(w->what)));
    json_put_text_if(object, "action", matter_action(t, w->matter));
    json_put_text(object, "waits_for", t->parties[w->party]);
    json_put_text(object, "since", arena_text(&t->arena, instant_write(w->since, written)));
    if (w->due != INSTANT_NONE) json_put_text(object, "due", instant_write(w->due, written));
    json_put_bool(object, "lapsed", w->lapsed);
    return object;
}

static void put_side(struct talk *t, unsigned party, const struct waiting *list, size_t count, struct buf *out) {
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (list[i].party != party) continue;
        if (!any) buf_format(out, " %s %.*s\n", _("Waits for"), TEXT_ARG(t->parties[party]));
        any = true;
        put_waiting(t, &list[i], out);
    }
}

/* The newest messages of theirs, last first. */
static void put_arrived(struct talk *t, struct buf *out) {
    size_t shown = 0;
    for (size_t i = t->said_count; i-- > 0 && shown < ARRIVED;) {
        const struct said *s = &t->said[i];
        struct text title, text;
        if (s->entry->party == t->own) continue;
        if (!shown++) buf_format(out, " %s\n", _("Came last"));
        said_text(s, &t->arena, &title, &text);
        buf_string(out, "  ");
        buf_instant(out, s->entry->leaf->time);
        buf_string(out, "  ");
        if (!title.size) title = text_sub(text, 0, text_find(text, '\n'));
        buf_pad(out, word_text("kind", s->message.head.kind), title.size ? KIND_COLUMNS : 0);
        buf_string(out, title.size ? "  " : "");
        buf_line(out, title);
        if (!s->understood) {
            buf_format(out, "  ! %s: ", _("not understood"));
            buf_line(out, s->broken);
        }
        buf_char(out, '\n');
    }
}

static void put_closed(struct talk *t, struct buf *out) {
    bool any = false;
    for (size_t i = 0; i < t->closed_count; i++) {
        const struct closed *k = &t->closed[i];
        if (k->entry->party == t->own) continue;
        if (!any) buf_format(out, " %s\n", _("Could not be opened here"));
        any = true;
        buf_format(out, _("  entry %llu: "), (unsigned long long)k->entry->index);
        buf_line(out, k->why);
        buf_char(out, '\n');
    }
}

struct looking {
    bool drill; /* these alone */
    json_t *array;
    struct buf page, drills;
};

static void put_talk(struct talk *t, const struct waiting *list, size_t count, struct buf *page) {
    buf_format(page, "%.*s%s  (", TEXT_ARG(t->parties[1 - t->own]), t->state.channel.drill ? _(" (drill)") : "");
    talk_cut_line(t, page);
    buf_string(page, ")\n");
    put_side(t, t->own, list, count, page);
    put_side(t, 1 - t->own, list, count, page);
    if (!count) buf_format(page, " %s\n", _("Nothing waits for anybody."));
    check_in_waiting_line(t, page);
    put_arrived(t, page);
    put_closed(t, page);
}

static enum error look(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct looking *l = state;
    (void)keep;
    struct waiting *list;
    size_t count;
    bool drill = t->state.channel.drill;
    if (l->drill && !drill) return OK;
    inbox_waiting(t, &list, &count);
    put_talk(t, list, count, drill ? &l->drills : &l->page);
    /* Programs that count what waits must not count what was only played. */
    for (size_t i = 0; i < count && drill == l->drill; i++) json_add(l->array, waiting_json(t, &list[i]));
    return limits_hand_over(t, d);
}

/* What one's own people wait for from each other. */
static enum error add_drafts(struct desk *k, struct buf *page, struct diag *d) {
    size_t count = 0;
    enum error result = draft_count(k, &count, d);
    if (count) buf_format(page, _("Drafts that wait to be cleared: %zu; `parley drafts` lists them\n"), count);
    return result;
}

enum error cli_inbox(struct cli *c) {
    struct desk *k = NULL;
    struct looking l = {.array = json_array(), .page = {.max = (size_t)1 << 28}, .drills = {.max = (size_t)1 << 28}};
    struct talk_at at = {.as_of = c->now};
    size_t count = 0;
    const struct option_row rows[] = {
        {"--drill", OPTION_FLAG, &l.drill, NULL, N_("only what waits in drills")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result) result = cli_desk(c, &k);
    if (!result) result = talk_each(k, &at, look, &l, &count, &c->diag);
    if (!count) buf_format(&l.page, "%s\n", _("no channel is open yet: `parley invite` begins one"));
    if (!result) result = add_drafts(k, &l.page, &c->diag);
    cli_add_drills(&l.page, &l.drills);
    if (!result) result = c->json ? cli_print_json(c, json_incref(l.array)) : cli_print_page(c, &l.page);
    json_decref(l.array);
    buf_free(&l.page);
    buf_free(&l.drills);
    desk_close(k);
    return result;
}

/* inbox: what waits for whom, what came last, what could not be opened. */
#include <stdlib.h>

#include "cli/lists.h"
#include "cli/speak.h"
#include "desk/brief.h"
#include "desk/check_in.h"
#include "desk/draft.h"
#include "desk/index_meta.h"

struct looking {
    instant as_of;
    bool drill; /* these alone */
    bool told;  /* for programs, also what came last and what could not be opened */
    json_t *array, *came, *closed;
    struct buf page, drills;
};

struct view { /* one channel's */
    struct index *index;
    struct index_view head;
    instant as_of;
    struct brief_wait *waits;
    size_t count;
    struct arena arena;
};

static void put_waiting(struct view *v, const struct brief_wait *w, struct buf *out) {
    buf_string(out, "  ");
    buf_pad(out, word_text("kind", text_of(wait_word(w->wait->what))), KIND_COLUMNS);
    buf_string(out, "  ");
    buf_line(out, title_shown(w->brief->title, w->brief->action, &v->arena));
    buf_format(out, "\n  %*s  ", KIND_COLUMNS, "");
    if (w->wait->due != INSTANT_NONE) {
        buf_format(out, "%s ", wait_lapsed(w->wait, v->as_of) ? _("lapsed at") : _("until"));
        buf_instant(out, w->wait->due);
    } else {
        buf_format(out, "%s ", _("no deadline; since"));
        buf_instant(out, w->wait->since);
    }
    struct text command = w->wait->party == v->head.own ? brief_wait_command(w, &v->arena) : TEXT("");
    if (command.size) buf_format(out, "   `%.*s`", TEXT_ARG(command));
    buf_char(out, '\n');
}

static json_t *waiting_json(const struct view *v, const struct brief_wait *w) {
    json_t *object = wait_json(w->wait, v->head.parties, v->as_of);
    json_put_text(object, "case", w->brief->name);
    json_put_text_if(object, "action", w->brief->action);
    return object;
}

static void put_side(struct view *v, unsigned party, struct buf *out) {
    bool any = false;
    for (size_t i = 0; i < v->count; i++) {
        if (v->waits[i].wait->party != party) continue;
        if (!any) buf_format(out, " %s %.*s\n", _("Waits for"), TEXT_ARG(v->head.parties[party]));
        any = true;
        put_waiting(v, &v->waits[i], out);
    }
}

/* The newest messages of theirs, last first. */
static void put_arrived(const struct view *v, struct buf *out) {
    const struct recent_message *recent;
    size_t count = index_recent(v->index, &recent);
    if (count) buf_format(out, " %s\n", _("Came last"));
    while (count-- > 0) {
        const struct recent_message *m = &recent[count];
        buf_string(out, "  ");
        buf_instant(out, m->time);
        buf_string(out, "  ");
        buf_pad(out, word_text("kind", m->kind), m->title.size ? KIND_COLUMNS : 0);
        buf_string(out, m->title.size ? "  " : "");
        buf_line(out, m->title);
        if (!m->understood) {
            buf_format(out, "  ! %s: ", _("not understood"));
            buf_line(out, m->broken);
        }
        buf_char(out, '\n');
    }
}

struct telling_closed {
    struct buf *out;
    bool any;
};

static void put_closed(void *state, uint64_t entry, struct text why) {
    struct telling_closed *t = state;
    if (!t->any) buf_format(t->out, " %s\n", _("Could not be opened here"));
    t->any = true;
    buf_format(t->out, _("  entry %llu: "), (unsigned long long)entry);
    buf_line(t->out, why);
    buf_char(t->out, '\n');
}

/* What does not come through waits longer than it seems. */
static void put_link(const struct link_channel *c, struct buf *out) {
    if (c->state != CHANNEL_OPEN && c->state != CHANNEL_OFFERED) {
        buf_format(out, " %s: %s", _("Link"), gettext(channel_state_word(c->state)));
        if (c->why.size) buf_string(out, ", ");
        buf_line(out, c->why);
        buf_char(out, '\n');
    }
    buf_format(out, " %s ", _("Last contact"));
    if (c->contacted_at == INSTANT_NONE)
        buf_string(out, _("never"));
    else
        buf_instant(out, c->contacted_at);
    if (c->own_size > c->receipted_size) {
        uint64_t waits = c->own_size - c->receipted_size;
        buf_format(out,
                   _n("; %llu entry of ours has no receipt yet", "; %llu entries of ours have no receipt yet", waits),
                   (unsigned long long)waits);
    }
    if (c->trouble.size) {
        buf_format(out, "; %s ", _("the last attempt failed:"));
        buf_line(out, c->trouble);
    }
    buf_char(out, '\n');
}

/* ---- the same for programs */

static void add_came(const struct view *v, json_t *list) {
    const struct recent_message *recent;
    size_t count = index_recent(v->index, &recent);
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object();
        json_put_text(one, "with", v->head.parties[1 - v->head.own]);
        json_put(one, "time", json_from_instant(recent[i].time));
        json_put_text(one, "kind", recent[i].kind);
        json_put_text_if(one, "title", recent[i].title);
        if (!recent[i].understood) json_put_text(one, "not_understood", recent[i].broken);
        json_add(list, one);
    }
}

struct listing_closed {
    const struct view *view;
    json_t *list;
};

static void add_closed(void *state, uint64_t entry, struct text why) {
    const struct listing_closed *l = state;
    json_t *one = json_object();
    json_put_text(one, "with", l->view->head.parties[1 - l->view->head.own]);
    json_put_u64(one, "entry", entry);
    json_put_text(one, "why", why);
    json_add(l->list, one);
}

static enum error tell_all(struct view *v, struct looking *l, struct diag *d) {
    struct listing_closed closed = {v, l->closed};
    add_came(v, l->came);
    return index_closed(v->index, add_closed, &closed, d);
}

/* ---- a channel */

static enum error put_view(struct view *v, struct buf *page, struct diag *d) {
    struct telling_closed closed = {.out = page};
    buf_format(page, "%.*s%s  (", TEXT_ARG(v->head.parties[1 - v->head.own]), v->head.drill ? _(" (drill)") : "");
    cut_line(v->head.parties, v->head.cut, v->as_of, page);
    buf_string(page, ")\n");
    put_link(v->head.link, page);
    put_side(v, v->head.own, page);
    put_side(v, 1 - v->head.own, page);
    if (!v->count) buf_format(page, " %s\n", _("Nothing waits for anybody."));
    if (v->head.check_in.size) check_in_waiting_words(v->head.check_in, v->head.parties[1 - v->head.own], page);
    put_arrived(v, page);
    return index_closed(v->index, put_closed, &closed, d);
}

static enum error look_at(struct view *v, struct looking *l, struct diag *d) {
    bool drill = v->head.drill;
    struct case_brief *briefs;
    size_t count;
    enum error result = index_briefs(v->index, &briefs, &count, d);
    if (result) return result;
    v->waits = calloc(WAITS_MAX * count + 1, sizeof *v->waits);
    if (!v->waits) return fail(d, ERR_MEMORY, _("out of memory"));
    v->count = brief_waits(briefs, count, v->as_of, v->waits);
    if (!l->array) return put_view(v, drill ? &l->drills : &l->page, d);
    /* Programs that count what waits must not count what was only played. */
    for (size_t i = 0; i < v->count && drill == l->drill; i++) json_add(l->array, waiting_json(v, &v->waits[i]));
    return l->told && drill == l->drill ? tell_all(v, l, d) : OK;
}

static enum error look(struct index *x, void *state, bool *keep, struct diag *d) {
    struct looking *l = state;
    struct view v = {.index = x, .head = index_view(x), .as_of = l->as_of};
    (void)keep;
    if (l->drill && !v.head.drill) return OK;
    enum error result = look_at(&v, l, d);
    free(v.waits);
    arena_free(&v.arena);
    return result ? result : index_hand_over_limits(x, d);
}

/* What one's own people wait for from each other. */
static enum error add_drafts(struct desk *k, struct buf *page, struct diag *d) {
    size_t count = 0;
    enum error result = draft_count(k, &count, d);
    if (count) buf_format(page, _("Drafts that wait to be cleared: %zu; `parley drafts` lists them\n"), count);
    return result;
}

/* A list of what waits, or an object that has it beside the rest. */
static enum error print_json(struct cli *c, const struct looking *l) {
    if (!l->told) return cli_print_json(c, json_incref(l->array));
    json_t *whole = json_object();
    json_put(whole, "waits", json_incref(l->array));
    json_put(whole, "came", json_incref(l->came));
    json_put(whole, "closed", json_incref(l->closed));
    return cli_print_json(c, whole);
}

enum error cli_inbox(struct cli *c) {
    struct desk *k = NULL;
    struct looking l = {.as_of = c->now, .page = {.max = (size_t)1 << 30}, .drills = {.max = (size_t)1 << 30}};
    size_t count = 0;
    const struct option_row rows[] = {
        {"--drill", OPTION_FLAG, &l.drill, NULL, N_("only what waits in drills")},
        {"--came", OPTION_FLAG, &l.told, NULL,
         N_("with --json: an object that has, beside what waits, what came last and what could not be opened")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result && l.told && !c->json) result = cli_usage(c, _("--came goes with --json"));
    if (!result) result = cli_open_desk(c, &k);
    if (c->json) l.array = json_array();
    l.came = json_array();
    l.closed = json_array();
    if (!result) result = cli_index_each(c, k, look, &l, &count);
    if (!count) buf_format(&l.page, "%s\n", _("no channel is open yet: `parley invite` begins one"));
    if (!result) result = add_drafts(k, &l.page, &c->diag);
    cli_add_drills(&l.page, &l.drills);
    if (!result) result = l.array ? print_json(c, &l) : cli_print_page(c, &l.page);
    json_decref(l.array);
    json_decref(l.came);
    json_decref(l.closed);
    buf_free(&l.page);
    buf_free(&l.drills);
    desk_close(k);
    return result;
}

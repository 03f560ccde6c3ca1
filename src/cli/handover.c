/* handover: for who comes next: what changed since a time, what is due, what is promised. */
#include "cli/speak.h"
#include "desk/case_view.h"
#include "desk/draft.h"
#include "desk/duty.h"

struct handover {
    instant since;
    json_t *changed, *due, *unopened;
    struct buf news, duties;
};

/* ---- what changed */

/* The state as both records stood then, by the times that their entries state. */
static enum error state_then(struct talk *t, instant then, struct matter_state *out, struct diag *d) {
    const struct channel_view *v = &t->verified.view;
    size_t generations = view_generations(v);
    struct cut *cuts = ARENA_ARRAY(&t->arena, struct cut, generations);
    for (size_t g = 0; g < generations; g++)
        for (unsigned p = 0; p < 2; p++) {
            uint64_t held = view_held(v, p, g), size = 0;
            while (size < held && v->parties[p].records[g].leaves[size].time <= then) size++;
            cuts[g].of[p] = size;
        }
    return matter_fold(v, cuts, t->statements, t->statement_count, then, &t->arena, out, d);
}

static void state_words(const struct matter *m, struct buf *out) {
    buf_clear(out);
    if (m) case_state_line(m, out);
}

static void put_message(struct talk *t, const struct message_verdict *v, struct buf *out) {
    const struct said *s = talk_said(t, v);
    struct buf line = {.max = 1 << 20};
    buf_string(out, "      ");
    buf_instant(out, v->entry->leaf->time);
    buf_string(out, "  ");
    buf_pad(out, t->parties[v->entry->party], 22);
    buf_string(out, "  ");
    buf_pad(out, word_text("kind", v->statement->head->kind), KIND_COLUMNS);
    buf_char(out, ' ');
    if (s) said_line(s, &t->arena, &line);
    buf_text(out, buf_as_text(&line));
    buf_char(out, '\n');
    buf_free(&line);
}

static size_t news_of(const struct matter *m, instant since) {
    size_t count = 0;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < m->said[p].count; i++) count += m->said[p].at[i]->entry->leaf->time > since;
    return count;
}

static json_t *case_json_of(struct talk *t, const struct matter *m, const struct text states[2], size_t news) {
    json_t *object = json_object();
    json_put_text(object, "case", m->name);
    json_put_text(object, "with", t->parties[1 - t->own]);
    json_put_text_if(object, "title", matter_title(t, m));
    json_put_text_if(object, "before", states[0]);
    json_put_text(object, "now", states[1]);
    json_put_u64(object, "messages", news);
    return object;
}

static void put_case(struct talk *t, struct handover *h, const struct matter *m, const struct text states[2],
                     size_t news) {
    struct buf *out = &h->news;
    buf_string(out, "  ");
    buf_pad(out, word_text("kind", m->opening->statement->head->kind), KIND_COLUMNS);
    buf_char(out, ' ');
    buf_line(out, m->name);
    buf_string(out, "  ");
    buf_line(out, matter_title(t, m));
    buf_format(out, "\n      %.*s%s%.*s\n", TEXT_ARG(states[0]), states[0].size ? " → " : "", TEXT_ARG(states[1]));
    /* In the order of their times; of each record in its own. */
    size_t next[2] = {0, 0};
    for (size_t left = news; left;) {
        const struct message_verdict *pick = NULL;
        for (unsigned p = 0; p < 2; p++) {
            while (next[p] < m->said[p].count && m->said[p].at[next[p]]->entry->leaf->time <= h->since) next[p]++;
            if (next[p] == m->said[p].count) continue;
            const struct message_verdict *v = m->said[p].at[next[p]];
            if (!pick || v->entry->leaf->time < pick->entry->leaf->time) pick = v;
        }
        next[pick->entry->party]++;
        left--;
        put_message(t, pick, out);
    }
}

static enum error tell_changes(struct talk *t, struct handover *h, struct diag *d) {
    struct matter_state then;
    struct buf words[2] = {{.max = 4096}, {.max = 4096}};
    enum error result = state_then(t, h->since, &then, d);
    for (size_t i = 0; i < t->state.matter_count && !result; i++) {
        const struct matter *m = &t->state.matters[i], *before = matter_find(&then, m->name);
        size_t news = news_of(m, h->since);
        state_words(before, &words[0]);
        state_words(m, &words[1]);
        const struct text states[2] = {buf_as_text(&words[0]), buf_as_text(&words[1])};
        if (!news && text_equal(states[0], states[1])) continue;
        put_case(t, h, m, states, news);
        json_add(h->changed, case_json_of(t, m, states, news));
    }
    buf_free(&words[0]);
    buf_free(&words[1]);
    return result;
}

/* ---- what is due and promised */

static enum error tell_duties(struct talk *t, struct handover *h, struct diag *d) {
    struct duty *list;
    size_t count;
    enum error result = duty_list(t, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        buf_string(&h->duties, "  ");
        duty_line(t, &list[i], &h->duties);
        buf_char(&h->duties, '\n');
        json_add(h->due, duty_json(t, &list[i]));
    }
    for (size_t i = 0; i < t->closed_count && !result; i++) {
        const struct closed *k = &t->closed[i];
        if (k->entry->party == t->own || k->entry->leaf->time <= h->since) continue;
        buf_format(&h->news, _("  entry %llu of the record of %.*s could not be opened here: "),
                   (unsigned long long)k->entry->index, TEXT_ARG(t->parties[1 - t->own]));
        buf_line(&h->news, k->why);
        buf_char(&h->news, '\n');
        json_t *object = json_object();
        json_put_text(object, "with", t->parties[1 - t->own]);
        json_put_u64(object, "entry", k->entry->index);
        json_put_text(object, "why", k->why);
        json_add(h->unopened, object);
    }
    return result;
}

static enum error tell(struct talk *t, void *state, bool *keep, struct diag *d) {
    (void)keep;
    if (t->state.channel.drill) return OK; /* nothing of a drill is handed over as real */
    enum error result = tell_changes(t, state, d);
    return result ? result : tell_duties(t, state, d);
}

/* ---- drafts, which wait for someone of one's own */

static enum error tell_drafts(struct desk *k, json_t *list, struct buf *out, struct diag *d) {
    struct kept_draft *drafts;
    size_t count;
    enum error result = draft_list(k, &drafts, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        json_t *object = json_object();
        json_put_text(object, "draft", drafts[i].id);
        json_put_text_if(object, "why_closed", drafts[i].why);
        json_add(list, object);
        buf_format(out, "  %.8s  %s\n", drafts[i].id.at, _("`parley drafts` shows what is missing"));
    }
    return result;
}

static void put_section(const char *title, const struct buf *lines, const char *none, struct buf *out) {
    buf_format(out, "%s\n", title);
    if (lines->size)
        buf_text(out, buf_as_text(lines));
    else
        buf_format(out, "  %s\n", none);
}

static enum error read_since(struct cli *c, const char *typed, instant *out) {
    instant length = INSTANT_DAY;
    struct text t = text_of(typed);
    if (typed && instant_read(t, out)) return *out <= c->now ? OK : cli_usage(c, _("--since: %s lies ahead"), typed);
    if (typed && !instant_length_read(t, &length))
        return cli_usage(
            c, _("--since: expected a time as 2026-03-01T12:00:00Z, or a length of time as 12h, found “%s”"), typed);
    *out = c->now - length;
    return OK;
}

static enum error print(struct cli *c, struct handover *h, json_t *drafts, struct buf *kept) {
    struct buf page = {.max = (size_t)1 << 28};
    if (c->json) {
        json_t *object = json_object();
        json_put(object, "since", json_from_instant(h->since));
        json_put(object, "until", json_from_instant(c->now));
        json_put(object, "changed", json_incref(h->changed));
        json_put(object, "due", json_incref(h->due));
        json_put(object, "unopened", json_incref(h->unopened));
        json_put(object, "drafts", json_incref(drafts));
        return cli_print_json(c, object);
    }
    buf_format(&page, "%s ", _("Since"));
    buf_instant(&page, h->since);
    buf_char(&page, '\n');
    put_section(_("Changed"), &h->news, _("nothing"), &page);
    put_section(_("Due and promised"), &h->duties, _("nothing"), &page);
    if (kept->size) put_section(_("Drafts"), kept, "", &page);
    return cli_print_page(c, &page);
}

enum error cli_handover(struct cli *c) {
    struct handover h = {.changed = json_array(),
                         .due = json_array(),
                         .unopened = json_array(),
                         .news = {.max = (size_t)1 << 27},
                         .duties = {.max = (size_t)1 << 26}};
    const char *since = NULL;
    struct desk *k = NULL;
    json_t *drafts = json_array();
    struct buf kept = {.max = 1 << 20};
    size_t channels;
    const struct option_row rows[] = {
        {"--since", OPTION_WORD, &since, "TIME|SPAN", N_("from when on; a length of time counts back from now (24h)")},
    };
    struct talk_at at = {.as_of = c->now};
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (!result) result = read_since(c, since, &h.since);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = talk_each(k, &at, tell, &h, &channels, &c->diag);
    if (!result) result = tell_drafts(k, drafts, &kept, &c->diag);
    if (!result) result = print(c, &h, drafts, &kept);
    json_decref(h.changed);
    json_decref(h.due);
    json_decref(h.unopened);
    json_decref(drafts);
    buf_free(&h.news);
    buf_free(&h.duties);
    buf_free(&kept);
    desk_close(k);
    return result;
}

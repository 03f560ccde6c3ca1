/* proposals: everything that was ever offered, either way, in all channels, and what became of it. */
#include "cli/speak.h"
#include "desk/case_view.h"
#include "desk/limits.h"
#include "desk/offers.h"
#include "desk/terms.h"

enum { SHORT_ID = 8, TEXT_COLUMNS = 100 };

static void write_time(instant t, struct buf *out, size_t columns) {
    char written[INSTANT_TEXT_MAX];
    buf_pad(out, t == INSTANT_NONE ? TEXT("-") : instant_write(t, written), columns);
}

static void write_state(const struct offer *o, struct buf *out) {
    if (o->word == PROPOSAL_OFFERED && o->withdrawn)
        buf_string(out, _("withdrawn"));
    else
        buf_string(out, gettext(proposal_word_text(o->word)));
    if (o->word == PROPOSAL_DECLINED && o->answer && o->answer->reason.size) {
        buf_string(out, ": ");
        buf_line(out, word_text("decline", o->answer->reason));
    }
    if (o->no_reply_since == INSTANT_NONE) return;
    buf_format(out, ", %s ", _("no reply since"));
    write_time(o->no_reply_since, out, 0);
}

/* The first words of a text, cut between two characters. */
static struct text cut_short(struct text t) {
    size_t columns = 0, at = 0;
    for (; at < t.size && t.at[at] != '\n'; at++)
        if (((unsigned char)t.at[at] & 0xc0) != 0x80 && columns++ == TEXT_COLUMNS) break;
    return text_sub(t, 0, at);
}

/* What a counter changes of the offer that it takes the place of. */
static void write_changes(const struct offer *o, struct buf *out) {
    buf_format(out, "    %s %.*s: ", _("instead of"), SHORT_ID, o->counters->said->message.head.id.at);
    size_t from = out->size;
    terms_changes_line(&o->counters->says.terms, &o->says.terms, out);
    buf_format(out, "%s\n", out->size == from ? _("the same terms") : "");
}

static void write_row(const struct talk *t, const struct offer *o, struct buf *out) {
    const struct head *h = &o->said->message.head;
    struct text says = o->says.title.size ? o->says.title : o->says.text;
    buf_pad(out, text_first(h->id, SHORT_ID), SHORT_ID + 2);
    buf_pad(out, case_start(o->matter->name), SHORT_ID + 2);
    buf_pad(out, t->parties[o->said->entry->party], 24);
    buf_pad(out, t->parties[1 - o->said->entry->party], 24);
    buf_pad(out, word_text("about", o->about), 13);
    write_time(o->said->entry->leaf->time, out, 22);
    write_time(o->says.until, out, 22);
    write_state(o, out);
    buf_char(out, '\n');
    if (says.size) {
        buf_string(out, "    ");
        buf_line(out, cut_short(says));
        buf_string(out, cut_short(says).size < says.size ? " …\n" : "\n");
    }
    if (!offered_terms_empty(&o->says.terms)) {
        buf_string(out, "    ");
        terms_line(&o->says.terms, out->size, out);
        buf_char(out, '\n');
    }
    if (o->counters && !(offered_terms_empty(&o->says.terms) && offered_terms_empty(&o->counters->says.terms)))
        write_changes(o, out);
    if (t->state.terms && talk_said(t, t->state.terms) == o->said) buf_format(out, "    %s\n", _("in force"));
}

static void write_title(struct buf *out) {
    const struct {
        const char *title;
        size_t columns;
    } columns[] = {{N_("OFFER"), SHORT_ID + 2}, {N_("CASE"), SHORT_ID + 2}, {N_("FROM"), 24}, {N_("TO"), 24},
                   {N_("ABOUT"), 13},           {N_("OFFERED"), 22},        {N_("UNTIL"), 22}};
    for (size_t i = 0; i < COUNT(columns); i++) buf_pad(out, text_of(gettext(columns[i].title)), columns[i].columns);
    buf_format(out, "%s\n", _("STATE"));
}

/* ---- the terms in force */

static void write_terms(const struct talk *t, const struct offer *o, struct buf *out) {
    buf_format(out, "%.*s: ", TEXT_ARG(t->parties[1 - t->own]));
    if (!o) {
        buf_format(out, "%s\n", _("no terms are in force: nothing has a deadline"));
        return;
    }
    buf_string(out, _("terms in force since "));
    buf_instant(out, offers_since(o));
    buf_format(out, _(", offered by %.*s (offer %.*s)\n"), TEXT_ARG(t->parties[o->said->entry->party]), SHORT_ID,
               o->said->message.head.id.at);
    terms_page(&o->says.terms, "  ", out);
}

/* ---- all channels */

struct listing {
    struct text party; /* this one alone; empty: each */
    bool terms;
    size_t rows;
    json_t *array;
    struct buf page, drills;
};

static enum error list_talk(struct talk *t, void *state, bool *keep, struct diag *d) {
    struct listing *l = state;
    struct offer *offers;
    size_t count;
    bool drill = t->state.channel.drill;
    struct buf *out = drill ? &l->drills : &l->page;
    (void)keep;
    if (l->party.size && !text_equal(l->party, t->parties[1 - t->own])) return OK;
    /* What was accepted elsewhere concerns this node from now on. */
    enum error result = limits_hand_over(t, d);
    if (!result) result = offers_list(t, &offers, &count, d);
    if (result) return result;
    const struct offer *in_force = offers_in_force(t, offers, count);
    l->rows += l->terms ? 1 : count;
    if (l->terms) {
        json_add(l->array, offers_terms_json(t, in_force));
        write_terms(t, in_force, out);
        return OK;
    }
    if (count && !out->size) write_title(out);
    for (size_t i = 0; i < count; i++) {
        json_add(l->array, offers_json(t, &offers[i]));
        write_row(t, &offers[i], out);
    }
    return OK;
}

enum error cli_proposals(struct cli *c) {
    struct listing l = {.array = json_array(), .page = {.max = (size_t)1 << 28}, .drills = {.max = (size_t)1 << 28}};
    struct talk_at now = {.as_of = c->now};
    struct desk *k = NULL;
    size_t count = 0;
    const struct option_row rows[] = {
        {"--terms", OPTION_FLAG, &l.terms, NULL, N_("the terms in force, since when, and who holds to each")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (!result && c->words.count) l.party = text_of(c->words.at[0]);
    if (!result) result = cli_open_desk(c, &k);
    if (!result) result = talk_each(k, &now, list_talk, &l, &count, &c->diag);
    if (!result && l.party.size && !l.rows && l.terms)
        result = fail(&c->diag, ERR_MISSING, _("there is no channel with %.*s"), TEXT_ARG(l.party));
    if (!result && !l.rows)
        buf_format(&l.page, "%s\n",
                   l.terms ? _("no channel is open yet: `parley invite` begins one") : _("nothing was ever offered"));
    cli_add_drills(&l.page, &l.drills);
    if (!result) result = c->json ? cli_print_json(c, json_incref(l.array)) : cli_print_page(c, &l.page);
    json_decref(l.array);
    buf_free(&l.page);
    buf_free(&l.drills);
    desk_close(k);
    return result;
}

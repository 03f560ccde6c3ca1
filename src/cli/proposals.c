/* proposals: everything that was ever offered, either way, in all channels, and what became of it. */
#include "cli/speak.h"
#include "desk/case_view.h"
#include "desk/offers.h"

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

static void write_row(const struct talk *t, const struct offer *o, struct buf *out) {
    const struct head *h = &o->said->message.head;
    struct text matter = o->matter->name, says = o->says.title.size ? o->says.title : o->says.text, party;
    (void)text_cut(&matter, '/', &party);
    buf_pad(out, text_first(h->id, SHORT_ID), SHORT_ID + 2);
    buf_pad(out, text_first(matter, SHORT_ID), SHORT_ID + 2);
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

static enum error list_talk(struct cli *c, struct talk *t, json_t *list, struct buf *out) {
    struct offer *offers;
    size_t count;
    enum error result = offers_list(t, &offers, &count, &c->diag);
    for (size_t i = 0; i < count && !result; i++) {
        if (c->json)
            json_add(list, offers_json(t, &offers[i]));
        else
            write_row(t, &offers[i], out);
    }
    return result;
}

static enum error list_all(struct cli *c, struct desk *k, json_t *list, struct buf *out) {
    struct link_channel *channels;
    size_t count = 0;
    enum error result = desk_link(k, &c->diag);
    if (!result) result = link_channels(k->link, &k->arena, &channels, &count, &c->diag);
    for (size_t i = 0; i < count && !result; i++) {
        struct talk *t;
        struct talk_at now = {.as_of = c->now};
        const struct link_channel *at = &channels[i];
        if (i && text_equal(at->party, at[-1].party) && at->drill == at[-1].drill) continue;
        result = talk_open(k, at->party, at->drill, &now, &t, &c->diag);
        if (result) break;
        result = list_talk(c, t, list, out);
        talk_close(t);
    }
    return result;
}

enum error cli_proposals(struct cli *c) {
    struct desk *k = NULL;
    struct buf page = {.max = (size_t)1 << 28};
    json_t *list = json_array();
    enum error result = cli_options(c, NULL, 0, 0, 0);
    write_title(&page);
    size_t title = page.size;
    if (!result) result = cli_desk(c, &k);
    if (!result) result = list_all(c, k, list, &page);
    if (!result && page.size == title) {
        buf_clear(&page);
        buf_format(&page, "%s\n", _("nothing was ever offered"));
    }
    if (!result) result = c->json ? cli_print_json(c, json_incref(list)) : cli_print_page(c, &page);
    json_decref(list);
    buf_free(&page);
    desk_close(k);
    return result;
}

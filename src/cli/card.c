/* card: shows one's own card or a counterparty's; names neutral mirrors; signs the working copy and appends it to each
 * channel. */
#include <string.h>

#include "base/os.h"
#include "cli/card_words.h"
#include "cli/cli.h"
#include "cli/peer.h"
#include "cli/speak.h"
#include "desk/card_page.h"

struct looking {
    bool departments, own, rfc2350, security_txt;
    const char *on, *department, *drop;
};

/* ---- show */

/* As it is signed: the note itself, which others can verify. */
static enum error print_note(struct cli *c, struct bytes note, const struct card *card) {
    if (c->json) return cli_print_json(c, card_json(card, c->now));
    fwrite(note.at, 1, note.size, stdout);
    return OK;
}

/* The clock of whoever looks: that of the home's department. */
static struct wall_clock own_clock(struct cli *c, struct desk *desk) {
    struct card own = {0};
    if (own_card_load(desk, &own, NULL)) own = (struct card){0};
    return clock_of(&own, desk->home.department, &c->arena);
}

static enum error print_page(struct cli *c, struct desk *desk, const struct card *card) {
    struct buf page = {.max = 1 << 24};
    struct wall_clock own = own_clock(c, desk);
    if (c->json) return cli_print_json(c, card_json(card, c->now));
    buf_format(&page, _("%.*s, card %llu of %.*s\n"), TEXT_ARG(card->party), (unsigned long long)card->serial,
               TEXT_ARG(card->date));
    card_page(card, &own, c->now, &page);
    return cli_print_page(c, &page);
}

static enum error check_department(struct cli *c, const struct card *card, struct text id) {
    if (!id.size || own_card_has_department(card, id)) return OK;
    return fail(&c->diag, ERR_MISSING, _("%.*s has no department “%.*s”; `parley card show --departments` lists them"),
                TEXT_ARG(card->party), TEXT_ARG(id));
}

static enum error print_text(struct cli *c, const struct card *card, const struct looking *l) {
    struct buf page = {.max = 1 << 24};
    struct text id = text_of(l->department);
    instant expires = INSTANT_NONE;
    enum error result = check_department(c, card, id);
    if (!result && l->rfc2350) rfc2350_write(card, id, &page);
    if (!result && l->security_txt) result = security_txt_write(card, id, &page, &expires, &c->diag);
    if (result) buf_free(&page);
    if (!result) result = cli_print_page(c, &page);
    if (!result && expires != INSTANT_NONE && expires < c->now && !c->quiet)
        fprintf(stderr, "%s\n", _("It has expired: do not rely on it, and do not publish it."));
    return result;
}

static enum error print_card(struct cli *c, struct desk *desk, struct bytes note, const struct card *card,
                             const struct looking *l) {
    if (l->rfc2350 || l->security_txt) return print_text(c, card, l);
    return l->departments ? print_page(c, desk, card) : print_note(c, note, card);
}

/* The card in force, or that of the invitation that was accepted. */
static enum error their_card(struct cli *c, struct desk *desk, struct text party, struct bytes *note,
                             struct card *card) {
    struct link_channel channel;
    struct invitation invited;
    enum error result = desk_link(desk, &c->diag);
    if (!result && desk_channel(desk, party, false, &channel, NULL) == OK && channel.their_card.size) {
        *note = channel.their_card;
        return card_read(*note, &c->arena, card, &c->diag);
    }
    if (!result) result = invite_peer(desk, party, &invited, &c->diag);
    if (result) return result;
    *note = invited.card_note;
    *card = invited.card;
    return OK;
}

static enum error show(struct cli *c, struct desk *desk, const struct looking *l) {
    struct bytes note;
    struct card card;
    bool same = true, own = c->words.count == 1;
    enum error result = own ? own_card_signed(desk, &note, &card, &c->diag)
                            : their_card(c, desk, text_of(c->words.at[1]), &note, &card);
    if (!result && own) result = own_card_is_signed(desk, &same, &c->diag);
    if (!result) result = print_card(c, desk, note, &card, l);
    if (!result && !same && !c->quiet)
        fprintf(stderr, "%s\n",
                _("The card on the desk differs from this one, which is the last that was signed: "
                  "`parley card publish` signs it and tells counterparties."));
    return result;
}

/* ---- on a date */

/* A time, or a whole day in UTC. */
static enum error read_when(struct cli *c, const char *typed, instant *from, instant *until) {
    struct text t = text_of(typed);
    instant at;
    if (t.size == 10 && instant_read(arena_format(&c->arena, "%sT00:00:00Z", typed), &at)) {
        *from = at;
        *until = at + INSTANT_DAY;
        return OK;
    }
    enum error result = cli_time(c, "--on", typed, &at);
    if (result) return result;
    *from = at;
    *until = at + 1;
    return OK;
}

static void put_span(const struct talk *t, const struct card_span *s, json_t *list, struct buf *page) {
    static const struct wall_clock none = {0};
    json_t *one = card_span_json(t, s);
    json_put(one, "card", card_json(s->card, INSTANT_NONE));
    json_add(list, one);
    card_span_lines(t, s, page);
    card_page(s->card, &none, INSTANT_NONE, page);
}

static enum error print_spans(struct cli *c, struct talk *t, unsigned party, const char *on) {
    struct card_span *all;
    size_t count, met = 0;
    instant from, until;
    struct buf page = {.max = 1 << 26};
    enum error result = read_when(c, on, &from, &until);
    if (result) return result;
    json_t *list = json_array(), *whole = json_object();
    card_spans(t, party, &all, &count);
    for (size_t i = 0; i < count; i++)
        if (card_span_meets(&all[i], from, until)) put_span(t, &all[i], list, &page), met++;
    json_put_text(whole, "party", t->parties[party]);
    json_put(whole, "cards", list);
    if (!met)
        result = fail(&c->diag, ERR_NO, _("no card of %.*s was in force then, by its record here"),
                      TEXT_ARG(t->parties[party]));
    else if (c->json)
        result = cli_print_json(c, json_incref(whole));
    else
        result = cli_print_page(c, &page);
    json_decref(whole);
    buf_free(&page);
    return result;
}

static enum error show_on(struct cli *c, struct desk *desk, const struct looking *l) {
    struct talk *t = NULL;
    if (c->words.count != 2) return cli_usage(c, _("--on asks for the PARTY in whose channel the card stands"));
    enum error result =
        talk_open(desk, text_of(c->words.at[1]), false, &(struct talk_at){.as_of = c->now}, &t, &c->diag);
    if (!result) result = print_spans(c, t, l->own ? t->own : 1 - t->own, l->on);
    talk_close(t);
    return result;
}

/* ---- publish */

static enum error publish(struct cli *c, struct desk *desk) {
    struct bytes note;
    struct card card;
    struct published done;
    if (c->words.count > 1) return cli_usage(c, _("too many words: “%s”"), c->words.at[1]);
    enum error result = own_card_publish(desk, &done, &c->diag);
    if (!result) result = own_card_signed(desk, &note, &card, &c->diag);
    if (result) return result;
    if (c->json) {
        json_t *whole = json_object();
        json_put_u64(whole, "serial", card.serial);
        json_put(whole, "channels", card_published_json(&done));
        result = cli_print_json(c, whole);
    }
    if (!c->quiet) fprintf(stderr, _("Card %llu.\n"), (unsigned long long)card.serial);
    card_tell_published(c, &done, true);
    if (!done.count && !c->quiet) fprintf(stderr, "%s\n", _("No channel is open yet: invitations carry it."));
    if (!result && done.failed)
        result = fail(&c->diag, ERR_CONFLICT, _("the card is not in every channel; the lines above say why"));
    return result;
}

/* ---- neutral */

static enum error neutral(struct cli *c, struct desk *desk, const struct looking *l) {
    struct card card;
    if ((c->words.count == 2) == (l->drop != NULL))
        return cli_usage(c, _("expected the line that `parley mirror init` printed, or --drop with a mirror's name"));
    enum error result = own_card_load(desk, &card, &c->diag);
    if (!result)
        result = l->drop ? own_card_drop_neutral(desk, &card, text_of(l->drop), &c->diag)
                         : own_card_add_neutral(desk, &card, text_trim(text_of(c->words.at[1])), &c->diag);
    if (!result) result = own_card_save(desk, &card, &c->diag);
    if (!result && !c->quiet)
        fprintf(stderr, "%s\n",
                _("The card is changed on the desk: `parley card publish` signs it and tells counterparties."));
    return result;
}

/* `show` stands apart: with --on it reads a record. */
static enum error look(struct cli *c, struct desk *desk, const struct looking *l) {
    return l->on ? show_on(c, desk, l) : show(c, desk, l);
}

static enum error sign_and_tell(struct cli *c, struct desk *desk, const struct looking *l) {
    (void)l;
    return publish(c, desk);
}

enum error cli_card(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c, struct desk *desk, const struct looking *l);
    } verbs[] = {{"show", look}, {"publish", sign_and_tell}, {"neutral", neutral}};
    struct desk *desk = NULL;
    struct looking l = {0};
    const struct option_row rows[] = {
        {"--departments", OPTION_FLAG, &l.departments, NULL,
         N_("show: departments, whether they are open, remits and officers, for people")},
        {"--on", OPTION_WORD, &l.on, "DATE", N_("show: which card was in force on a date, by the record")},
        {"--own", OPTION_FLAG, &l.own, NULL, N_("with --on: one's own card in the channel with PARTY")},
        {"--rfc2350", OPTION_FLAG, &l.rfc2350, NULL, N_("show: as a document by RFC 2350")},
        {"--security-txt", OPTION_FLAG, &l.security_txt, NULL, N_("show: as a security.txt (RFC 9116)")},
        {"--department", OPTION_WORD, &l.department, "ID", N_("with these two: of one department")},
        {"--drop", OPTION_WORD, &l.drop, "NAME", N_("neutral: take a mirror off the card, by the name of its key")},
        ROOT_KEY_ROW(c),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (result) return result;
    size_t verb = 0;
    while (verb < COUNT(verbs) && strcmp(c->words.at[0], verbs[verb].name)) verb++;
    if (verb == COUNT(verbs)) return cli_usage(c, _("expected show, publish or neutral, found “%s”"), c->words.at[0]);
    result = cli_open_desk(c, &desk);
    if (!result) result = verbs[verb].run(c, desk, &l);
    desk_close(desk);
    return result;
}

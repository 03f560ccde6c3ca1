/* route: which department of the other side a fact or a sheet of facts belongs to, and why. */
#include "desk/route.h"
#include "cli/peer.h"
#include "cli/speech.h"

struct asking {
    const char *to, *source, *destination, *object, *event;
    struct words sectors;
    struct sheet facts;
    bool of_sheet, named; /* of a file; a department was found for something */
    json_t *list;
    struct buf page;
};

/* ---- what is asked about */

static enum error take_address(struct cli *c, const char *option, const char *typed, enum known bit, struct ip *into,
                               struct fact *f) {
    if (!typed) return OK;
    if (!ip_read(text_of(typed), into)) return cli_usage(c, _("%s: expected an address, found “%s”"), option, typed);
    f->known |= bit;
    return OK;
}

static enum error take_words(struct cli *c, const struct asking *q, struct fact *f) {
    enum error result = take_address(c, "--source", q->source, KNOWN_SRC, &f->src, f);
    if (!result) result = take_address(c, "--destination", q->destination, KNOWN_DST, &f->dst, f);
    f->object = text_of(q->object);
    f->event = text_of(q->event);
    if (!result && q->object && !object_holds(f->object))
        result = cli_usage(c, _("--object: expected url:, domain:, mail:, account: or sha256: and a value, found “%s”"),
                           q->object);
    if (!result && q->event && !rsit_find(f->event))
        result = cli_usage(c, _("--event: expected a type of the RSIT as brute-force, found “%s”"), q->event);
    return result;
}

static enum error take_facts(struct cli *c, struct asking *q) {
    enum error result = OK;
    bool words = q->source || q->destination || q->object || q->event;
    struct bytes file;
    q->of_sheet = c->words.count;
    if (q->of_sheet ? words : !words && !q->sectors.count)
        return cli_usage(c, _("give a sheet, or one fact by --source, --destination, --object, --event or --sector"));
    for (size_t i = 0; i < q->sectors.count && !result; i++) {
        struct text ignored;
        result = cli_word(c, "--sector", q->sectors.at[i], &words_sector, &ignored);
    }
    if (result) return result;
    if (q->of_sheet) {
        result = cli_file(c, c->words.at[0], SHEET_BYTES_MAX, &file);
        if (!result) result = sheet_read(file, &c->arena, &q->facts, &c->diag);
        diag_where(&c->diag, result ? c->words.at[0] : NULL);
        return result;
    }
    struct fact *one = ARENA_NEW(&c->arena, struct fact);
    *one =
        (struct fact){.first = INSTANT_NONE, .last = INSTANT_NONE, .count = SHEET_NO_COUNT, .evidence = SHEET_NO_COUNT};
    q->facts = (struct sheet){one, 1};
    return take_words(c, q, one);
}

/* ---- whom */

static void ask_card(struct cli *c, struct asking *q, const struct card *theirs) {
    struct routes r = route_facts(theirs, q->facts, cli_names(c, &q->sectors), &c->arena);
    for (size_t i = 0; i < r.count; i++) q->named |= r.at[i].department.size > 0;
    json_add(q->list, route_json(theirs, &r));
    buf_format(&q->page, "%.*s\n", TEXT_ARG(theirs->party));
    route_page(theirs, &r, q->of_sheet, &q->page);
}

static enum error ask_all(struct cli *c, struct desk *desk, struct asking *q) {
    struct link_channel *list;
    size_t count, asked = 0;
    enum error result = desk_link(desk, &c->diag);
    if (!result) result = link_channels(desk->link, &c->arena, &list, &count, &c->diag);
    for (size_t i = 0; !result && i < count; i++) {
        struct card card;
        if (q->to && !text_is(list[i].party, q->to)) continue;
        if (!list[i].their_card.size || list[i].drill || list[i].state == CHANNEL_FOLLOWED) continue;
        result = card_read(list[i].their_card, &c->arena, &card, &c->diag);
        if (!result) ask_card(c, q, &card), asked++;
    }
    if (result || asked) return result;
    if (q->to) return fail(&c->diag, ERR_MISSING, _("no card of %s is known; `parley peers` lists the parties"), q->to);
    return fail(&c->diag, ERR_MISSING, _("no card of another party is known: `parley invite` begins a channel"));
}

enum error cli_route(struct cli *c) {
    struct asking q = {.page = {.max = 1 << 26}};
    struct desk *desk = NULL;
    const struct option_row rows[] = {
        {"--to", OPTION_WORD, &q.to, "PARTY", N_("of this party (else: of each with whom there is a channel)")},
        {"--source", OPTION_WORD, &q.source, "ADDRESS", N_("one fact: where it came from")},
        {"--destination", OPTION_WORD, &q.destination, "ADDRESS", N_("one fact: where it went to")},
        {"--object", OPTION_WORD, &q.object, "OBJECT",
         N_("one fact: url:, domain:, mail:, account:, sha256: and a value")},
        {"--event", OPTION_WORD, &q.event, "TYPE", N_("one fact: a type of the RSIT, as brute-force")},
        {"--sector", OPTION_WORDS, &q.sectors, "WORD", N_("a critical sector that is concerned; also beside a sheet")},
        {"", OPTION_MEANINGS, &(const struct word_list *){&words_sector}, "--sector", ""},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 1);
    if (result) return result;
    q.list = json_array();
    result = take_facts(c, &q);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = ask_all(c, desk, &q);
    if (!result && c->json) {
        json_t *whole = json_object();
        json_put(whole, "parties", json_incref(q.list));
        result = cli_print_json(c, whole);
    } else if (!result) {
        result = cli_print_page(c, &q.page);
    }
    if (!result && !q.named) result = ERR_NO;
    json_decref(q.list);
    buf_free(&q.page);
    desk_close(desk);
    return result;
}

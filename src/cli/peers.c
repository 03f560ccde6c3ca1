/* peers: with whom there is a channel, or was an invitation accepted. */
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "cli/peer.h"
#include "cli/speak.h"
#include "desk/own_card.h"
#include "desk/successor.h"

static struct text departments_of(struct cli *c, const struct card *card) {
    struct text list = TEXT("");
    for (size_t i = 0; i < card->department_count; i++)
        list = arena_format(&c->arena, "%.*s%s%.*s", TEXT_ARG(list), i ? "," : "",
                            TEXT_ARG(card->departments[i].department));
    return list;
}

/* The card in force, or that of the invitation; false where neither is known. */
static bool card_of(struct cli *c, const struct link_channel *channel, struct card *out) {
    return channel->their_card.size && card_read(channel->their_card, &c->arena, out, NULL) == OK;
}

static struct text contact_words(struct cli *c, const struct link_channel *channel) {
    char written[INSTANT_TEXT_MAX];
    if (channel->contacted_at == INSTANT_NONE) return text_of(_("never"));
    return arena_text(&c->arena, instant_write(channel->contacted_at, written));
}

static struct text fingerprint_of(struct cli *c, const struct link_channel *channel) {
    char written[FINGERPRINT_SIZE];
    return channel->their_root.size ? arena_text(&c->arena, fingerprint_write(channel->their_root, written)) : TEXT("");
}

/* The last channel of its kind with that party: the others were followed. */
static bool is_last(const struct link_channel *list, size_t count, size_t i) {
    return i + 1 == count || !text_equal(list[i + 1].party, list[i].party) || list[i + 1].drill != list[i].drill;
}

static enum error print_json(struct cli *c, const struct link_channel *list, size_t count, struct text root) {
    json_t *peers = json_array(), *whole = json_object();
    for (size_t i = 0; i < count; i++) {
        struct card card;
        json_t *peer = json_object(), *departments = json_array();
        json_put_text(peer, "party", list[i].party);
        json_put_text(peer, "channel", list[i].own_name);
        json_put_u64(peer, "number", list[i].number);
        json_put_bool(peer, "drill", list[i].drill);
        json_put_text(peer, "state", text_of(channel_state_word(list[i].state)));
        json_put_text_if(peer, "fingerprint", fingerprint_of(c, &list[i]));
        if (card_of(c, &list[i], &card))
            for (size_t n = 0; n < card.department_count; n++)
                json_add_text(departments, card.departments[n].department);
        json_put(peer, "departments", departments);
        json_put(peer, "contacted_at", json_from_instant(list[i].contacted_at));
        json_put_text_if(peer, "trouble", list[i].trouble);
        if (is_last(list, count, i) && successor_needed(&list[i], root))
            json_put_text(peer, "what_to_do", successor_command(&list[i], &c->arena));
        json_add(peers, peer);
    }
    json_put(whole, "peers", peers);
    return cli_print_json(c, whole);
}

/* Real channels first, then what is a drill, plainly apart. */
static void print_table(struct cli *c, const struct link_channel *list, size_t count, bool drill) {
    struct grid t = grid_new(&c->arena, 5);
    const struct text head[] = {text_of(drill ? _("DRILL WITH") : _("PARTY")), text_of(_("DEPARTMENTS")),
                                text_of(_("FINGERPRINT")), text_of(_("CHANNEL")), text_of(_("CONTACT"))};
    size_t rows = 0;
    grid_row(&t, head);
    for (size_t i = 0; i < count; i++) {
        struct card card = {0};
        if (list[i].drill != drill || !is_last(list, count, i)) continue;
        bool known = card_of(c, &list[i], &card);
        const struct text row[] = {list[i].party, known ? departments_of(c, &card) : TEXT("-"),
                                   list[i].their_root.size ? fingerprint_of(c, &list[i]) : TEXT("-"),
                                   text_of(gettext(channel_state_word(list[i].state))), contact_words(c, &list[i])};
        grid_row(&t, row);
        rows++;
    }
    if (rows && drill) putchar('\n');
    if (rows) grid_print(&t, stdout);
}

static void print_tables(struct cli *c, const struct link_channel *list, size_t count, struct text root) {
    print_table(c, list, count, false);
    print_table(c, list, count, true);
    for (size_t i = 0; i < count; i++) {
        const char *why = is_last(list, count, i) ? successor_needed(&list[i], root) : NULL;
        if (why)
            printf("\n%.*s: %s:\n  %.*s\n", TEXT_ARG(list[i].own_name), why,
                   TEXT_ARG(successor_command(&list[i], &c->arena)));
    }
}

enum error cli_peers(struct cli *c) {
    struct desk *desk = NULL;
    struct link_channel *list;
    struct bytes note;
    struct card card = {0};
    size_t count = 0;
    enum error result = cli_options(c, NULL, 0, 0, 0);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = desk_link(desk, &c->diag);
    if (!result) result = link_channels(desk->link, &c->arena, &list, &count, &c->diag);
    if (!result && own_card_signed(desk, &note, &card, NULL)) card.root = TEXT("");
    if (!result && c->json)
        result = print_json(c, list, count, card.root);
    else if (!result && count)
        print_tables(c, list, count, card.root);
    else if (!result && !c->quiet)
        fprintf(stderr, "%s\n", _("No channel is open yet: `parley invite`, then `parley accept` open one."));
    desk_close(desk);
    return result;
}

/* card: shows one's own card or a counterparty's; signs the working copy and appends it to each channel. */
#include <string.h>

#include "base/os.h"
#include "cli/card_words.h"
#include "cli/cli.h"
#include "cli/peer.h"
#include "cli/speak.h"

/* ---- show */

/* As it is signed: the note itself, which others can verify. */
static enum error print_card(struct cli *c, struct bytes note, const struct card *card) {
    if (c->json) return cli_print_json(c, card_json(card));
    fwrite(note.at, 1, note.size, stdout);
    return OK;
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

static enum error show(struct cli *c, struct desk *desk) {
    struct bytes note;
    struct card card;
    bool same = true, own = c->words.count == 1;
    enum error result = own ? own_card_signed(desk, &note, &card, &c->diag)
                            : their_card(c, desk, text_of(c->words.at[1]), &note, &card);
    if (!result && own) result = own_card_is_signed(desk, &same, &c->diag);
    if (!result) result = print_card(c, note, &card);
    if (!result && !same && !c->quiet)
        fprintf(stderr, "%s\n",
                _("The card on the desk differs from this one, which is the last that was signed: "
                  "`parley card publish` signs it and tells counterparties."));
    return result;
}

/* ---- publish */

static enum error publish(struct cli *c, struct desk *desk) {
    struct bytes note;
    struct card card;
    uint64_t count;
    if (c->words.count > 1) return cli_usage(c, _("too many words: “%s”"), c->words.at[1]);
    enum error result = own_card_publish(desk, &count, &c->diag);
    if (!result) result = own_card_signed(desk, &note, &card, &c->diag);
    if (result || c->quiet) return result;
    if (count)
        fprintf(stderr,
                _("The card %llu is in force here: %llu entries were made; counterparties take it with the next "
                  "exchange.\n"),
                (unsigned long long)card.serial, (unsigned long long)count);
    else
        fprintf(stderr, _("The card %llu stands in each channel already.\n"), (unsigned long long)card.serial);
    return OK;
}

enum error cli_card(struct cli *c) {
    struct desk *desk = NULL;
    enum error result = cli_options(c, NULL, 0, 1, 2);
    if (result) return result;
    bool shows = !strcmp(c->words.at[0], "show");
    if (!shows && strcmp(c->words.at[0], "publish"))
        return cli_usage(c, _("expected show or publish, found “%s”"), c->words.at[0]);
    result = cli_desk(c, &desk);
    if (!result) result = shows ? show(c, desk) : publish(c, desk);
    desk_close(desk);
    return result;
}

/* accept: opens the channel with the party of an invitation, once people have compared the safety number. */
#include "base/os.h"
#include "cli/card_words.h"
#include "cli/peer.h"

enum { FILE_MAX_BYTES = 1 << 20 };

/* On a terminal: shows the number, and asks whether people compared it.  Else the option must be there. */
static enum error ask_number(struct cli *c, struct desk *desk, const struct invitation *i,
                             char out[static SAFETY_NUMBER_SIZE]) {
    if (!cli_can_ask()) return cli_usage(c, _("--safety-number is missing: `parley compare` shows it"));
    enum error result = invite_compare(desk, i, out, &c->diag);
    if (result) return result;
    cli_peer_words(c, i);
    fprintf(stderr, _("Safety number: %s\n"), out);
    return cli_confirm(c, _("Did you and they read it to each other, and was it the same on both sides? Type “yes”"));
}

/* What is to be done next: they need the other half, unless it is there already. */
static void tell(struct cli *c, const struct invitation *i, bool shown) {
    fprintf(stderr,
            i->name.drill      ? _("The drill channel with %.*s is open.\n")
            : i->follows_count ? _("The successor channel with %.*s is open; the one before it can still be read.\n")
                               : _("The channel with %.*s is open.\n"),
            TEXT_ARG(i->party));
    if (!shown) cli_peer_words(c, i);
    if (!i->name.drill)
        fprintf(stderr, _("They need your invitation, too: parley invite --to %.*s -o FILE\n"), TEXT_ARG(i->party));
}

static enum error accept_file(struct cli *c, struct desk *desk, struct bytes file, const char *digits) {
    struct invitation i;
    struct published cards;
    char number[SAFETY_NUMBER_SIZE] = "";
    enum error result = invitation_read(file, &c->arena, &i, &c->diag);
    bool asks = !result && !digits && invite_needs_number(&i);
    if (asks) result = ask_number(c, desk, &i, number);
    if (!result) result = invite_accept(desk, file, text_of(digits ? digits : number), &c->diag);
    /* A new record has a key of its own, so there is a new card, which the others are to have, too. */
    if (!result) result = own_card_publish(desk, &cards, &c->diag);
    if (result || c->quiet) return result;
    tell(c, &i, asks);
    card_tell_published(c, &cards, false);
    return OK;
}

enum error cli_accept(struct cli *c) {
    const char *digits = NULL;
    struct desk *desk = NULL;
    struct buf file = {.max = FILE_MAX_BYTES};
    const struct option_row rows[] = {
        {"--safety-number", OPTION_WORD, &digits, "DIGITS", N_("the number that both sides saw with `parley compare`")},
        ROOT_KEY_ROW(c),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = os_read(c->words.at[0], FILE_MAX_BYTES, &file, &c->diag);
    if (!result) result = accept_file(c, desk, buf_as_bytes(&file), digits);
    buf_free(&file);
    desk_close(desk);
    return result;
}

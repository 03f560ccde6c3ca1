/* invite: the file that a counterparty needs before a channel can open. */
#include "desk/invite.h"
#include "base/os.h"
#include "cli/card_words.h"
#include "cli/speak.h"
#include "record/channel.h"

static enum error write_out(struct cli *c, struct desk *desk, const struct invite_wish *w, const char *path) {
    struct buf out = {.max = 1 << 20};
    struct published cards = {0};
    enum error result = invite_as(desk, w, &out, &c->diag);
    if (!result) result = os_write(path, buf_as_bytes(&out), 0600, &c->diag);
    /* Where a record was opened, there is a new card with its key, which the other channels are to have, too. */
    if (!result && w->party.size) result = own_card_publish(desk, &cards, &c->diag);
    if (!result && cards.entries) card_tell_published(c, &cards, false);
    buf_wipe(&out);
    return result;
}

static void tell(struct cli *c, const struct desk *desk, const struct invite_wish *w, const char *path) {
    if (c->quiet) return;
    if (path[0] != '-' || path[1]) fprintf(stderr, _("The invitation is in %s.\n"), path);
    if (w->drill && !w->successor)
        fprintf(stderr,
                _("The drill channel with %.*s is open here.  They open it with `parley accept` and this file, or with "
                  "`parley invite --to %.*s --drill`; nobody needs to compare anything again.\n"),
                TEXT_ARG(w->party), TEXT_ARG(desk->home.party));
    else if (w->successor)
        fprintf(stderr,
                _("Give it to %.*s alone: they accept it, and write `parley invite --to %.*s` for you, which you "
                  "accept.  Both compare the safety number again.\n"),
                TEXT_ARG(w->party), TEXT_ARG(desk->home.party));
    else if (w->party.size)
        fprintf(stderr,
                _("Give it to %.*s alone, and take theirs; then both run `parley compare` and `parley accept`.\n"),
                TEXT_ARG(w->party));
    else
        fprintf(stderr, "%s\n",
                _("Give it to those with whom you want a channel, and take theirs; then both run `parley compare` and "
                  "`parley accept`."));
}

static enum error check(struct cli *c, struct invite_wish *w, const char *proposal, const char *sizes,
                        struct talk_at *at) {
    bool beside = w->successor || w->drill;
    if (proposal && !w->party.size) return cli_usage(c, _("--propose needs --to PARTY"));
    if (beside && !w->party.size) return cli_usage(c, _("--successor and --drill need --to PARTY"));
    if (beside && proposal) return cli_usage(c, _("--propose begins a channel: not a successor, and not a drill"));
    if (sizes && !w->successor) return cli_usage(c, _("--at needs --successor"));
    if (w->party.size && !party_name_valid(w->party))
        return cli_usage(c, _("expected the host name of a party, found “%.*s”"), TEXT_ARG(w->party));
    if (proposal && !*proposal) return cli_usage(c, _("the proposal is empty"));
    if (!sizes) return OK;
    struct state_options typed = {.at = sizes};
    enum error result = cli_talk_at(c, &typed, at);
    w->at = &at->sizes;
    return result;
}

enum error cli_invite(struct cli *c) {
    const char *party = NULL, *proposal = NULL, *lang = NULL, *sizes = NULL, *path = "-";
    struct invite_wish w = {0};
    struct talk_at at = {0};
    struct desk *desk = NULL;
    const struct option_row rows[] = {
        {"--to", OPTION_WORD, &party, "PARTY", N_("for this party alone")},
        {"--propose", OPTION_WORD, &proposal, "TEXT",
         N_("open one's own record at once, with a proposal to open the dialogue (signed, not sealed)")},
        {"--lang", OPTION_WORD, &lang, "LANGUAGE", N_("of the proposal")},
        {"--successor", OPTION_FLAG, &w.successor, NULL,
         N_("for the channel after the last one: after a fork, a lost log key, a changed root, a restored backup")},
        {"--at", OPTION_WORD, &sizes, "A,B",
         N_("the sizes of both old records that it follows, in the order of the names (else: what both surely have)")},
        {"--drill", OPTION_FLAG, &w.drill, NULL, N_("open a channel for drills beside the one there is")},
        ROOT_KEY_ROW(c),
        {"-o", OPTION_WORD, &path, "FILE", N_("where to write it (else: standard output)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (party && !*party) return cli_usage(c, _("--to names a party"));
    w.party = text_of(party);
    w.proposal = text_of(proposal);
    w.lang = text_of(lang);
    result = check(c, &w, proposal, sizes, &at);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = write_out(c, desk, &w, path);
    if (!result) tell(c, desk, &w, path);
    desk_close(desk);
    return result;
}

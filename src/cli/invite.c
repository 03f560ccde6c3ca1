/* invite: the file that a counterparty needs before a channel can open. */
#include "desk/invite.h"
#include "base/os.h"
#include "cli/cli.h"

static enum error write_out(struct cli *c, struct desk *desk, struct text party, struct text proposal, const char *lang,
                            const char *path) {
    struct buf out = {.max = 1 << 20};
    enum error result = invite(desk, party, proposal, text_of(lang), &out, &c->diag);
    if (!result) result = os_write(path, buf_as_bytes(&out), 0600, &c->diag);
    buf_wipe(&out);
    return result;
}

static void tell(struct cli *c, struct text party, const char *path) {
    if (c->quiet) return;
    if (path[0] != '-' || path[1]) fprintf(stderr, _("The invitation is in %s.\n"), path);
    if (party.size)
        fprintf(stderr,
                _("Give it to %.*s alone, and take theirs; then both run `parley compare` and `parley accept`.\n"),
                TEXT_ARG(party));
    else
        fprintf(stderr, "%s\n",
                _("Give it to those with whom you want a channel, and take theirs; then both run `parley compare` and "
                  "`parley accept`."));
}

enum error cli_invite(struct cli *c) {
    const char *party = NULL, *proposal = NULL, *lang = NULL, *path = "-";
    struct desk *desk = NULL;
    const struct option_row rows[] = {
        {"--to", OPTION_WORD, &party, "PARTY", N_("for this party alone")},
        {"--propose", OPTION_WORD, &proposal, "TEXT",
         N_("open one's own record at once, with a proposal to open the dialogue (signed, not sealed)")},
        {"--lang", OPTION_WORD, &lang, "LANGUAGE", N_("of the proposal")},
        {"-o", OPTION_WORD, &path, "FILE", N_("where to write it (else: standard output)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (proposal && !party) return cli_usage(c, _("--propose needs --to PARTY"));
    if (party && !*party) return cli_usage(c, _("--to names a party"));
    if (party && !party_name_valid(text_of(party)))
        return cli_usage(c, _("expected the host name of a party, found “%.*s”"), TEXT_ARG(text_of(party)));
    if (proposal && !*proposal) return cli_usage(c, _("the proposal is empty"));
    result = cli_desk(c, &desk);
    if (!result) result = write_out(c, desk, text_of(party), text_of(proposal), lang, path);
    if (!result) tell(c, text_of(party), path);
    desk_close(desk);
    return result;
}

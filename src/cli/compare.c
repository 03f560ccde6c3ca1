/* compare: the safety number with a party.  The number alone on standard output; what to do with it on standard error.
 */
#include "base/os.h"
#include "cli/cli.h"
#include "cli/peer.h"
#include "cli/speak.h"

static enum error print_object(struct cli *c, const struct invitation *of, const char *number) {
    json_t *object = json_object();
    json_put_text(object, "party", of->party);
    json_put_text(object, "safety_number", text_of(number));
    return cli_print_json(c, object);
}

enum error cli_compare(struct cli *c) {
    struct desk *desk = NULL;
    struct invitation of;
    char number[SAFETY_NUMBER_SIZE];
    enum error result = cli_options(c, NULL, 0, 1, 1);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = cli_peer(c, desk, c->words.at[0], &of);
    if (!result) result = invite_compare(desk, &of, number, &c->diag);
    if (!result && c->json) {
        result = print_object(c, &of, number);
    } else if (!result) {
        printf("%s\n", number);
        cli_peer_words(c, &of);
        if (!c->quiet)
            fprintf(stderr,
                    _("Read this number and that of %.*s to each other over a way that you trust, as a telephone call "
                      "to someone whose voice you know.  Only where they are the same:\n"
                      "  parley accept FILE --safety-number DIGITS\n"),
                    TEXT_ARG(of.party));
    }
    desk_close(desk);
    return result;
}

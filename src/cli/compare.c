/* compare: the safety number with a party.  The number alone on standard output; what to do with it on standard error.
 * What people found is kept, and where the numbers differ nothing is sent until they have compared again. */
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "cli/peer.h"
#include "cli/speak.h"
#include "desk/compared.h"

struct finding { /* as typed */
    bool matched, differ;
    const char *by, *how;
};

static enum error print_object(struct cli *c, struct desk *desk, const struct invitation *of, const char *number) {
    struct compared last;
    enum error result = compared_last(desk, of->party, &last, &c->diag);
    if (result) return result;
    json_t *object = json_object();
    json_put_text(object, "party", of->party);
    json_put_text(object, "safety_number", text_of(number));
    if (last.time != INSTANT_NONE) json_put(object, "compared", compared_json(&last, text_of(number)));
    return cli_print_json(c, object);
}

static void say_what_to_do(struct cli *c, const struct invitation *of) {
    cli_peer_words(c, of);
    if (c->quiet) return;
    fprintf(stderr,
            _("Read this number and that of %.*s to each other over a way that you trust, as a telephone call "
              "to someone whose voice you know.  Only where they are the same:\n"
              "  parley accept FILE --safety-number DIGITS\n"),
            TEXT_ARG(of->party));
}

/* An invitation that is not accepted yet can differ; that it matches is said by accepting it. */
static enum error check_finding(struct cli *c, const struct finding *f) {
    if (f->matched && f->differ) return cli_usage(c, _("either --matched or --differ"));
    if ((f->by || f->how) && !f->matched && !f->differ) return cli_usage(c, _("--by and --how go with what was found"));
    if (f->matched && (os_exists(c->words.at[0]) || !party_name_valid(text_of(c->words.at[0]))))
        return cli_usage(c,
                         _("--matched: expected a party; an invitation is taken by `parley accept --safety-number`"));
    return OK;
}

static enum error keep(struct cli *c, struct desk *desk, const struct finding *f, const struct invitation *of,
                       const char *number) {
    const struct compared found = {
        .time = c->now, .differ = f->differ, .number = text_of(number), .by = text_of(f->by), .how = text_of(f->how)};
    enum error result = compared_add(desk, of->party, &found, &c->diag);
    if (!result && f->differ && !c->quiet)
        fprintf(stderr,
                _("Nothing is sent to %.*s from this desk until people have compared again: parley compare %.*s "
                  "--matched\n"),
                TEXT_ARG(of->party), TEXT_ARG(of->party));
    return result;
}

enum error cli_compare(struct cli *c) {
    struct desk *desk = NULL;
    struct invitation of;
    struct finding f = {0};
    char number[SAFETY_NUMBER_SIZE];
    const struct option_row rows[] = {
        {"--matched", OPTION_FLAG, &f.matched, NULL,
         N_("people read both numbers to each other, and they are the same")},
        {"--differ", OPTION_FLAG, &f.differ, NULL,
         N_("they are not: nothing is sent until people have compared again")},
        {"--by", OPTION_WORD, &f.by, "NAME", N_("the officer who compared (else: that of this home)")},
        {"--how", OPTION_WORD, &f.how, "LINE", N_("over which way, as “by telephone, with their duty officer”")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result) result = check_finding(c, &f);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = cli_peer(c, desk, c->words.at[0], &of);
    if (!result) result = invite_compare(desk, &of, number, &c->diag);
    bool found = f.matched || f.differ;
    if (!result && found) result = keep(c, desk, &f, &of, number);
    if (!result && c->json) {
        result = print_object(c, desk, &of, number);
    } else if (!result && !found) {
        printf("%s\n", number);
        say_what_to_do(c, &of);
    }
    desk_close(desk);
    return result;
}

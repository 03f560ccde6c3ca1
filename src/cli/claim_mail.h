/* Within `claim`: a claim to a department that only has a mailbox. */
#ifndef PARLEY_CLI_CLAIM_MAIL_H
#define PARLEY_CLI_CLAIM_MAIL_H

#include "cli/claiming.h"
#include "cli/exchanged.h"

struct claim_mail { /* as typed; NULL: not given */
    const char *format, *out, *from;
    bool yes;
    struct exchanged told;
};
#define CLAIM_MAIL_ROWS(m)                                                                                             \
    {"--format", OPTION_WORD, &(m).format, "FORMAT",                                                                   \
     N_("of a mail: arf (a feedback report a source), else xarf (a letter with X-ARF)")},                              \
        {"-o", OPTION_WORD, &(m).out, "FILE", N_("write the mail there (else to standard output)")},                   \
        {"--mail-from", OPTION_WORD, &(m).from, "ADDRESS", N_("its sender, if not the address on one's own card")},    \
        {"--yes", OPTION_FLAG, &(m).yes, NULL, N_("agree that what is more restricted than TLP:GREEN leaves in it")},  \
        EXCHANGED_ROWS((m).told)

/* Whether `--to` names a mailbox. */
bool claim_mail_is(const char *to);
/* Writes the mail, and keeps the claim on the desk. */
enum error claim_mail(struct speech *s, const struct claiming *q, struct claim_mail *m, const char *to, enum tlp tlp,
                      struct claim *claim, struct bytes sheet) MUST_USE;

#endif

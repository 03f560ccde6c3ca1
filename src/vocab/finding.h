/* Findings: what one may answer to one fact, and which way each speaks.
 *
 * Source: the design, sections 2 and 5.  Names and classes are fixed; the sentences are translated where they are
 * printed. */
#ifndef PARLEY_VOCAB_FINDING_H
#define PARLEY_VOCAB_FINDING_H

#include "base/error.h"
#include "base/text.h"

enum finding_class { FINDING_SUPPORTS, FINDING_AGAINST, FINDING_SILENT };

/*   code          name            class             meaning */
#define FINDING_LIST(X)                                                                                                \
    X(CONFIRMED, NC_("finding", "confirmed"), FINDING_SUPPORTS, N_("our records show it"))                             \
    X(REMEDIATED, NC_("finding", "remediated"), FINDING_SUPPORTS, N_("our records show it, and it has been stopped"))  \
    X(RELAYED, NC_("finding", "relayed"), FINDING_SUPPORTS,                                                            \
      N_("our records show it passing through us from elsewhere"))                                                     \
    X(REFUTED, NC_("finding", "refuted"), FINDING_AGAINST, N_("our records cover it and show otherwise"))              \
    X(NOT_SEEN, NC_("finding", "not-seen"), FINDING_SILENT, N_("our records cover it and show nothing"))               \
    X(NO_RECORDS, NC_("finding", "no-records"), FINDING_SILENT, N_("our records do not cover it"))                     \
    X(NOT_OURS, NC_("finding", "not-ours"), FINDING_SILENT, N_("it is not in our territory or network"))               \
    X(INSUFFICIENT, NC_("finding", "insufficient"), FINDING_SILENT, N_("the fact lacks what a check needs"))

enum finding_word {
#define X(code, name, class, meaning) FINDING_##code,
    FINDING_LIST(X)
#undef X
        FINDING_COUNT
};

bool finding_read(struct text t, enum finding_word *out);
const char *finding_name(enum finding_word f);
enum finding_class finding_class_of(enum finding_word f);
const char *finding_meaning(enum finding_word f); /* untranslated */

#endif

/* Why something in a record does not count: a closed list, which the program, the vectors and the screens share.
 *
 * The words are stable (they are what `--json` prints); people see them through gettext().  Entries and lines are
 * judged here; messages in matter/, by the reasons in the second half, in the order in which they are sought. */
#ifndef PARLEY_RECORD_REASON_H
#define PARLEY_RECORD_REASON_H

#include "base/error.h"

#define REASON_LIST(X)                                                                                                 \
    /* a whole entry */                                                                                                \
    X(REASON_MALFORMED, N_("malformed blob line"))                                                                     \
    X(REASON_AFTER_FOLLOWS, N_("after follows"))                                                                       \
    X(REASON_SUCCESSOR, N_("successor does not count"))                                                                \
    /* a line of an entry, or the card that it carries */                                                              \
    X(REASON_CARD_NOT_ALONE, N_("card not alone"))                                                                     \
    X(REASON_CARD_NOT_VERIFIED, N_("card not verified"))                                                               \
    X(REASON_CARD_NOT_NEXT, N_("card not next"))                                                                       \
    X(REASON_SEEN_FALSE, N_("seen false"))                                                                             \
    X(REASON_ERASE_NOTHING, N_("erase names no earlier attachment"))                                                   \
    X(REASON_RECEIPT_NOT_VERIFIED, N_("receipt not verified"))                                                         \
    X(REASON_RECEIPT_NOT_EARLIER, N_("receipt not of an earlier prefix"))                                              \
    X(REASON_RECEIPT_KEY_UNSEEN, N_("receipt key in no card seen"))                                                    \
    X(REASON_RECEIPT_KEY_DROPPED, N_("receipt key dropped"))                                                           \
    /* a message */                                                                                                    \
    X(REASON_BLOB_LENGTH, N_("blob length"))                                                                           \
    X(REASON_ATTACHMENTS, N_("attachments"))                                                                           \
    X(REASON_OTHER_RECORD, N_("other record"))                                                                         \
    X(REASON_FROM_OR_TO, N_("from or to"))                                                                             \
    X(REASON_NO_CARD, N_("no card in force"))                                                                          \
    X(REASON_AUTHOR, N_("author"))                                                                                     \
    X(REASON_OWN, N_("own"))                                                                                           \
    X(REASON_READ, N_("read"))                                                                                         \
    X(REASON_RESEND, N_("resend"))                                                                                     \
    X(REASON_DUPLICATE, N_("duplicate"))                                                                               \
    X(REASON_KIND, N_("kind"))                                                                                         \
    X(REASON_CASE, N_("case"))                                                                                         \
    X(REASON_NOT_TO_SAY, N_("not this party's to say"))                                                                \
    X(REASON_SECOND_OPENING, N_("second opening"))                                                                     \
    X(REASON_NOTHING_BEFORE, N_("nothing before it"))                                                                  \
    X(REASON_TLP, N_("tlp"))                                                                                           \
    X(REASON_TLP_MISSING, N_("tlp missing"))                                                                           \
    X(REASON_TLP_LOWERED, N_("tlp lowered"))                                                                           \
    X(REASON_CLEARANCE, N_("clearance"))

enum reason {
    REASON_NONE, /* it counts */
#define X(code, words) code,
    REASON_LIST(X)
#undef X
        REASON_COUNT
};

/* The words, untranslated; NULL for REASON_NONE. */
const char *reason_words(enum reason r);

#endif

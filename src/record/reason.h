/* Why something in a record does not count: a closed list, which the program, the vectors and the screens share.
 *
 * The words are stable (they are what `--json` prints); people see them through gettext().  Entries and lines are
 * judged here; messages in matter/, by the reasons in the second half, in the order in which they are sought. */
#ifndef PARLEY_RECORD_REASON_H
#define PARLEY_RECORD_REASON_H

#include "base/error.h"

#define VOID_LIST(X)                                                                                                   \
    /* a whole entry */                                                                                                \
    X(VOID_MALFORMED, N_("malformed blob line"))                                                                       \
    X(VOID_AFTER_FOLLOWS, N_("after follows"))                                                                         \
    X(VOID_SUCCESSOR, N_("successor does not count"))                                                                  \
    /* a line of an entry, or the card that it carries */                                                              \
    X(VOID_CARD_NOT_ALONE, N_("card not alone"))                                                                       \
    X(VOID_CARD_NOT_VERIFIED, N_("card not verified"))                                                                 \
    X(VOID_CARD_NOT_NEXT, N_("card not next"))                                                                         \
    X(VOID_SEEN_FALSE, N_("seen false"))                                                                               \
    X(VOID_ERASE_NOTHING, N_("erase names no earlier attachment"))                                                     \
    X(VOID_RECEIPT_NOT_VERIFIED, N_("receipt not verified"))                                                           \
    X(VOID_RECEIPT_NOT_EARLIER, N_("receipt not of an earlier prefix"))                                                \
    X(VOID_RECEIPT_KEY_UNSEEN, N_("receipt key in no card seen"))                                                      \
    X(VOID_RECEIPT_KEY_DROPPED, N_("receipt key dropped"))                                                             \
    /* a message */                                                                                                    \
    X(VOID_BLOB_LENGTH, N_("blob length"))                                                                             \
    X(VOID_ATTACHMENTS, N_("attachments"))                                                                             \
    X(VOID_OTHER_RECORD, N_("other record"))                                                                           \
    X(VOID_FROM_OR_TO, N_("from or to"))                                                                               \
    X(VOID_NO_CARD, N_("no card in force"))                                                                            \
    X(VOID_AUTHOR, N_("author"))                                                                                       \
    X(VOID_OWN, N_("own"))                                                                                             \
    X(VOID_READ, N_("read"))                                                                                           \
    X(VOID_RESEND, N_("resend"))                                                                                       \
    X(VOID_DUPLICATE, N_("duplicate"))                                                                                 \
    X(VOID_KIND, N_("kind"))                                                                                           \
    X(VOID_CASE, N_("case"))                                                                                           \
    X(VOID_NOT_TO_SAY, N_("not this party's to say"))                                                                  \
    X(VOID_SECOND_OPENING, N_("second opening"))                                                                       \
    X(VOID_NOTHING_BEFORE, N_("nothing before it"))                                                                    \
    X(VOID_TLP, N_("tlp"))                                                                                             \
    X(VOID_TLP_MISSING, N_("tlp missing"))                                                                             \
    X(VOID_TLP_LOWERED, N_("tlp lowered"))                                                                             \
    X(VOID_CLEARANCE, N_("clearance"))

enum void_reason {
    VOID_NONE, /* it counts */
#define X(code, words) code,
    VOID_LIST(X)
#undef X
        VOID_COUNT
};

/* The words, untranslated; NULL for VOID_NONE. */
const char *void_words(enum void_reason r);

#endif

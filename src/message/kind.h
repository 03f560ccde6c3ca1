/* The kinds of messages: one table, which the program, the manual's page and the tests read.
 *
 * opens: the message opens a case.  belongs: it belongs to one.  sender: who of the two may say it. */
#ifndef PARLEY_MESSAGE_KIND_H
#define PARLEY_MESSAGE_KIND_H

#include "base/error.h"
#include "base/text.h"

enum sender { OPENER, ANSWERER, EITHER };

/*  kind         name           opens  belongs sender    after what */
#define KIND_LIST(X)                                                                                                   \
    X(PROPOSAL, "proposal", true, true, OPENER, N_("nothing"))                                                         \
    X(INQUIRY, "inquiry", true, true, OPENER, N_("nothing"))                                                           \
    X(CLAIM, "claim", true, true, OPENER, N_("nothing"))                                                               \
    X(REPLY, "reply", false, true, EITHER, N_("an offer of the other side, neither withdrawn nor closed"))             \
    X(ACKNOWLEDGE, "acknowledge", false, true, ANSWERER, N_("an inquiry or a claim"))                                  \
    X(DECLINE, "decline", false, true, ANSWERER, N_("an inquiry or a claim"))                                          \
    X(TRANSFER, "transfer", false, true, ANSWERER, N_("an inquiry or a claim"))                                        \
    X(ANSWER, "answer", false, true, ANSWERER, N_("an inquiry, or the sheet that it answers"))                         \
    X(ASK, "ask", false, true, ANSWERER, N_("an inquiry, or the sheet that it asks about"))                            \
    X(DISCLOSE, "disclose", false, true, OPENER, N_("an ask"))                                                         \
    X(REMARK, "remark", false, true, EITHER, N_("any message of the case"))                                            \
    X(LINK, "link", false, true, EITHER, N_("any message of the case"))                                                \
    X(CORRECT, "correct", false, true, OPENER, N_("a claim"))                                                          \
    X(WITHDRAW, "withdraw", false, true, OPENER, N_("any message of the case"))                                        \
    X(REOPEN, "reopen", false, true, EITHER, N_("one's own withdraw or close"))                                        \
    X(CLOSE, "close", false, true, EITHER, N_("any message of the case"))                                              \
    X(CONSULT, "consult", false, true, EITHER, N_("any message of the case"))                                          \
    X(MINUTES, "minutes", false, true, EITHER, N_("any message of the case"))                                          \
    X(AGREE, "agree", false, true, EITHER, N_("minutes with that text"))                                               \
    X(COMMIT, "commit", false, true, ANSWERER, N_("an inquiry, or the sheet that it is about"))                        \
    X(REVEAL, "reveal", false, true, ANSWERER, N_("one's own commit"))                                                 \
    X(UNREADABLE, "unreadable", false, false, EITHER, N_("the entry that it names"))                                   \
    X(ORIGINS, "origins", false, false, EITHER, N_("nothing"))                                                         \
    X(CONTACTS, "contacts", false, false, EITHER, N_("nothing"))                                                       \
    X(CHECK_IN, "check-in", false, false, EITHER, N_("nothing"))                                                       \
    X(ERASE, "erase", false, false, EITHER, N_("nothing"))

enum kind {
#define X(code, name, opens, belongs, sender, after) KIND_##code,
    KIND_LIST(X)
#undef X
        KIND_COUNT
};

struct kind_rule {
    const char *name;
    bool opens, belongs;
    enum sender sender;
    const char *after; /* untranslated */
};

extern const struct kind_rule kind_rules[KIND_COUNT];
/* False where the word names no kind. */
bool kind_read(struct text t, enum kind *out);

#endif

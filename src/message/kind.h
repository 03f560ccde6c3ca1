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
    X(PROPOSAL, NC_("kind", "proposal"), true, true, OPENER, N_("nothing"))                                            \
    X(INQUIRY, NC_("kind", "inquiry"), true, true, OPENER, N_("nothing"))                                              \
    X(CLAIM, NC_("kind", "claim"), true, true, OPENER, N_("nothing"))                                                  \
    X(REPLY, NC_("kind", "reply"), false, true, EITHER,                                                                \
      N_("an offer of the other side, neither withdrawn nor closed"))                                                  \
    X(ACKNOWLEDGE, NC_("kind", "acknowledge"), false, true, ANSWERER, N_("an inquiry or a claim"))                     \
    X(DECLINE, NC_("kind", "decline"), false, true, ANSWERER, N_("an inquiry or a claim"))                             \
    X(TRANSFER, NC_("kind", "transfer"), false, true, ANSWERER, N_("an inquiry or a claim"))                           \
    X(ANSWER, NC_("kind", "answer"), false, true, ANSWERER, N_("an inquiry, or the sheet that it answers"))            \
    X(ASK, NC_("kind", "ask"), false, true, ANSWERER, N_("an inquiry, or the sheet that it asks about"))               \
    X(DISCLOSE, NC_("kind", "disclose"), false, true, OPENER, N_("an ask"))                                            \
    X(REMARK, NC_("kind", "remark"), false, true, EITHER, N_("any message of the case"))                               \
    X(LINK, NC_("kind", "link"), false, true, EITHER, N_("any message of the case"))                                   \
    X(CORRECT, NC_("kind", "correct"), false, true, OPENER, N_("a claim"))                                             \
    X(WITHDRAW, NC_("kind", "withdraw"), false, true, OPENER, N_("any message of the case"))                           \
    X(REOPEN, NC_("kind", "reopen"), false, true, EITHER, N_("one's own withdraw or close"))                           \
    X(CLOSE, NC_("kind", "close"), false, true, EITHER, N_("any message of the case"))                                 \
    X(CONSULT, NC_("kind", "consult"), false, true, EITHER, N_("any message of the case"))                             \
    X(MINUTES, NC_("kind", "minutes"), false, true, EITHER, N_("any message of the case"))                             \
    X(AGREE, NC_("kind", "agree"), false, true, EITHER, N_("minutes with that text"))                                  \
    X(COMMIT, NC_("kind", "commit"), false, true, ANSWERER, N_("an inquiry, or the sheet that it is about"))           \
    X(REVEAL, NC_("kind", "reveal"), false, true, ANSWERER, N_("one's own commit"))                                    \
    X(UNREADABLE, NC_("kind", "unreadable"), false, false, EITHER, N_("the entry that it names"))                      \
    X(ORIGINS, NC_("kind", "origins"), false, false, EITHER, N_("nothing"))                                            \
    X(CONTACTS, NC_("kind", "contacts"), false, false, EITHER, N_("nothing"))                                          \
    X(CHECK_IN, NC_("kind", "check-in"), false, false, EITHER, N_("nothing"))                                          \
    X(ERASE, NC_("kind", "erase"), false, false, EITHER, N_("nothing"))

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

/* Checklists: what a claim needs so that the other side can check it, by the classes of its events (RSIT) and by what
 * it says it is (words_claim_class).
 *
 * No rule asks for any of it, and nothing is refused for it: it is told to who claims before the claim leaves, and to
 * who has to check it.  Part of a checklist is computed from the sheet and the members of the claim; what only words
 * can say (how clocks are kept, on what law a claim rests) is a reminder.  doc/claims.md is printed from the table.
 * Limits: O(n) in the facts. */
#ifndef PARLEY_CLAIM_CHECKLIST_H
#define PARLEY_CLAIM_CHECKLIST_H

#include "claim/claim.h"
#include "fact/sheet.h"

/*  code            name            what it asks for */
#define CHECK_FACTS(X) /* of each fact to which it applies */                                                          \
    X(TIMES, NC_("checklist", "times"), N_("first_seen and last_seen"))                                                \
    X(SPAN, NC_("checklist", "span"),                                                                                  \
      N_("no more than a day between first_seen and last_seen, for logs are searched by time"))                        \
    X(EVENT, NC_("checklist", "event"), N_("the type of the event, of the RSIT"))                                      \
    X(EVENTS, NC_("checklist", "count"), N_("how many events it stands for"))                                          \
    X(SOURCE, NC_("checklist", "source"), N_("the address from which it came"))                                        \
    X(SOURCE_PORT, NC_("checklist", "source-port"),                                                                    \
      N_("the port of the source: many may share an address (RFC 6302)"))                                              \
    X(TARGET, NC_("checklist", "target"), N_("the address or the object that was reached"))                            \
    X(TARGET_PORT, NC_("checklist", "target-port"), N_("the port that was reached"))                                   \
    X(PROTOCOL, NC_("checklist", "protocol"), N_("the protocol"))                                                      \
    X(ANY_PLACE, NC_("checklist", "place"), N_("a url: or domain:, or the address, where it is to be found"))          \
    X(REACH, NC_("checklist", "reach"), N_("a url:, domain:, mail: or account: by which people were reached"))         \
    X(ACCOUNT_OR_PLACE, NC_("checklist", "account-or-place"), N_("an account:, url: or domain: that speaks"))          \
    X(TRACE, NC_("checklist", "trace"), N_("a trace of the tool: a sha256:, domain:, url: or an address"))
#define CHECK_CLAIM(X) /* of the claim */                                                                              \
    X(SUMMARY, NC_("checklist", "summary"), N_("what happened, in words"))                                             \
    X(EVIDENCE, NC_("checklist", "evidence"),                                                                          \
      N_("the root of an evidence tree, so that lines can be shown one by one"))                                       \
    X(STATES, NC_("checklist", "states"), N_("the states affected"))                                                   \
    X(SECTORS, NC_("checklist", "sectors"), N_("the critical sectors affected"))                                       \
    X(SEVERITY, NC_("checklist", "severity"), N_("the severity, by one's own word"))
#define CHECK_WORDS(X) /* what only words can say */                                                                   \
    X(CLOCK, NC_("checklist", "clock"), N_("how the clocks behind the times are kept, and how far they may be off"))   \
    X(UPSTREAM, NC_("checklist", "upstream"),                                                                          \
      N_("the question from where the source itself was reached: origin is not authorship"))                           \
    X(SPOOFING, NC_("checklist", "spoofing"),                                                                          \
      N_("whether the sources may be forged, as they are without a connection"))                                       \
    X(USUAL, NC_("checklist", "usual"), N_("how much is usual, beside what is claimed"))                               \
    X(ACCOUNTS, NC_("checklist", "accounts"), N_("which accounts were used, if that may be told"))                     \
    X(TAKEN, NC_("checklist", "taken"), N_("what was read, changed or taken"))                                         \
    X(FOUND_HOW, NC_("checklist", "found-how"), N_("how it was found and when it was last seen open"))                 \
    X(COORDINATION, NC_("checklist", "coordination"), N_("what the accounts have in common beyond what they say"))     \
    X(AUTHORSHIP, NC_("checklist", "authorship"), N_("what speaks for one hand behind them, and what against"))        \
    X(LEGAL_BASIS, NC_("checklist", "legal-basis"),                                                                    \
      N_("on what law it rests that persons are named, and an answer about them"))                                     \
    X(PROTECTION, NC_("checklist", "protection"),                                                                      \
      N_("how persons at risk stay unrecognised, or who alone may read of them"))                                      \
    X(EFFECT, NC_("checklist", "effect"), N_("what no longer worked, for how many, from when until when"))
#define CHECK_LIST(X) CHECK_FACTS(X) CHECK_CLAIM(X) CHECK_WORDS(X)

enum check {
#define X(code, name, meaning) CHECK_##code,
    CHECK_LIST(X)
#undef X
        CHECK_COUNT
};
enum check_state { CHECK_MET, CHECK_MISSING, CHECK_IN_WORDS };

struct checklist_item {
    enum check what;
    enum check_state state;
    uint64_t facts, lacking; /* to how many facts it applies, and how many of them lack it; 0: of the claim */
};

struct checklist { /* in the order of the table */
    struct checklist_item at[CHECK_COUNT];
    size_t count, missing;
};

void checklist_of(const struct claim *c, struct sheet s, struct checklist *out);
/* "source-port"; and what it asks for, untranslated. */
const char *check_name(enum check what);
const char *check_meaning(enum check what);
/* An array of objects: item, state (met, missing, in words), facts, lacking; the caller frees it. */
json_t *checklist_json(const struct checklist *l);
/* Two Markdown tables: what each class asks for, and what each item means. */
void checklist_write_page(struct buf *out);

#endif

/* What became of a line: it is a fact, or it is counted by the reason why it is none.
 *
 * OTHER lines were understood and say nothing that a rule is about; REJECT lines could not be read. */
#ifndef PARLEY_LINE_REASON_H
#define PARLEY_LINE_REASON_H

#include "base/error.h"

enum verdict { VERDICT_FACT, VERDICT_OTHER, VERDICT_REJECT };

/*       code            verdict          name            sentence */
#define REASON_LIST(X)                                                                                                 \
    X(REASON_FACT, VERDICT_FACT, "fact", N_("a fact"))                                                                 \
    X(REASON_RULE, VERDICT_OTHER, "no-rule", N_("no rule matched"))                                                    \
    X(REASON_PROGRAM, VERDICT_OTHER, "other-program", N_("written by another program"))                                \
    X(REASON_KIND, VERDICT_OTHER, "other-kind", N_("tells of something else than an event"))                           \
    X(REASON_EVENT, VERDICT_OTHER, "no-event", N_("names no event; --event would assert one"))                         \
    X(REASON_ZERO, VERDICT_OTHER, "zero", N_("counts no event"))                                                       \
    X(REASON_PORTS, VERDICT_OTHER, "port-block", N_("gives out a block of ports: which were used, it does not tell"))  \
    X(REASON_WHERE, VERDICT_OTHER, "not-selected", N_("not selected by --where"))                                      \
    X(REASON_EMPTY, VERDICT_OTHER, "empty", N_("empty"))                                                               \
    X(REASON_COMMENT, VERDICT_OTHER, "comment", N_("a header or a comment"))                                           \
    X(REASON_FORM, VERDICT_REJECT, "form", N_("not a line of this format"))                                            \
    X(REASON_STAMP, VERDICT_REJECT, "time", N_("no time that can be read"))                                            \
    X(REASON_YEAR, VERDICT_REJECT, "year", N_("a time without a year"))                                                \
    X(REASON_SKIPPED, VERDICT_REJECT, "time-skipped", N_("a local time that the clock skipped"))                       \
    X(REASON_NAME, VERDICT_REJECT, "host-name", N_("a host name where an address must stand"))                         \
    X(REASON_ADDRESS, VERDICT_REJECT, "address", N_("no IP address where one must stand"))                             \
    X(REASON_SOURCES, VERDICT_REJECT, "ambiguous", N_("more than one address could be the source"))                    \
    X(REASON_QUOTE, VERDICT_REJECT, "quote", N_("a quote is not closed: cut off?"))                                    \
    X(REASON_COLUMNS, VERDICT_REJECT, "columns", N_("more or fewer columns than the header names"))                    \
    X(REASON_VALUE, VERDICT_REJECT, "value", N_("a value that can't be read"))                                         \
    X(REASON_SUBJECT, VERDICT_REJECT, "subject", N_("neither an address nor an object"))                               \
    X(REASON_NUL, VERDICT_REJECT, "nul", N_("NUL bytes"))                                                              \
    X(REASON_LONG, VERDICT_REJECT, "too-long", N_("longer than a line may be"))

enum reason {
#define X(code, verdict, name, sentence) code,
    REASON_LIST(X)
#undef X
        REASON_COUNT
};

struct reason_row {
    enum verdict verdict;
    const char *name, *sentence; /* the sentence is untranslated */
};
extern const struct reason_row reasons[REASON_COUNT];

#endif

/* Within interop/: IntelMQ's events as both of their forms have them: values by the names of IntelMQ's data format.
 *
 * Source: IntelMQ's data format, version 3.  `extra` is a part of it that everybody fills as they like: the names there
 * that begin with it below are parley's. */
#ifndef PARLEY_INTEROP_INTELMQ_H
#define PARLEY_INTEROP_INTELMQ_H

#include "interop/case_format.h"
#include "interop/found.h"
#include "interop/lost_fields.h"

/* In the order in which a CSV has them. */
#define INTELMQ_LIST(X)                                                                                                \
    X(CLASS, "classification.taxonomy")                                                                                \
    X(TYPE, "classification.type")                                                                                     \
    X(COMMENT, "comment")                                                                                              \
    X(DST_ACCOUNT, "destination.account")                                                                              \
    X(DST_FQDN, "destination.fqdn")                                                                                    \
    X(DST_IP, "destination.ip")                                                                                        \
    X(DST_PORT, "destination.port")                                                                                    \
    X(DST_URL, "destination.url")                                                                                      \
    X(TITLE, "event_description.text")                                                                                 \
    X(CASE, "extra.case")                                                                                              \
    X(COUNT, "extra.count")                                                                                            \
    X(EVIDENCE, "extra.evidence")                                                                                      \
    X(FINDING, "extra.finding")                                                                                        \
    X(LANG, "extra.lang")                                                                                              \
    X(LAST, "extra.last_seen")                                                                                         \
    X(MAIL, "extra.mail")                                                                                              \
    X(NUMBER, "extra.own_number")                                                                                      \
    X(SEVERITY, "extra.severity")                                                                                      \
    X(TLP2, "extra.tlp")                                                                                               \
    X(TO, "extra.to")                                                                                                  \
    X(FEED, "feed.name")                                                                                               \
    X(PROVIDER, "feed.provider")                                                                                       \
    X(SHA256, "malware.hash.sha256")                                                                                   \
    X(APPLICATION, "protocol.application")                                                                             \
    X(TRANSPORT, "protocol.transport")                                                                                 \
    X(SRC_ACCOUNT, "source.account")                                                                                   \
    X(SRC_FQDN, "source.fqdn")                                                                                         \
    X(SRC_IP, "source.ip")                                                                                             \
    X(SRC_PORT, "source.port")                                                                                         \
    X(SRC_URL, "source.url")                                                                                           \
    X(OBSERVED, "time.observation")                                                                                    \
    X(FIRST, "time.source")                                                                                            \
    X(TLP, "tlp")

enum intelmq_field {
#define X(code, name) INTELMQ_##code,
    INTELMQ_LIST(X)
#undef X
        INTELMQ_COUNT_OF,
    INTELMQ_IGNORED = INTELMQ_COUNT_OF
};

struct intelmq_event {
    struct text value[INTELMQ_COUNT_OF]; /* empty: not there */
};

extern const char *const intelmq_names[INTELMQ_COUNT_OF];
/* INTELMQ_IGNORED: it is none that parley reads. */
enum intelmq_field intelmq_field_of(struct text name);

/* What a file of events comes to: a report for each TLP level. */
struct intelmq_reading {
    const struct case_reading *how;
    struct lost_fields lost;
    struct intelmq_part {
        bool used;
        struct report report;
        struct collect facts;
        struct found found;
    } part[TLP_COUNT + 1]; /* the last: no level */
};
void intelmq_reading_start(struct intelmq_reading *r, const struct case_reading *how);
/* The event's texts live as long as the arena. */
void intelmq_take(struct intelmq_reading *r, const struct intelmq_event *e);
enum error intelmq_reading_end(struct intelmq_reading *r, struct reports *out, struct diag *d) MUST_USE;

/* The events of a report: `put` is called for each fact, in order. */
void intelmq_give(const struct report *r, const struct case_writing *how,
                  void (*put)(void *to, const struct intelmq_event *e), void *to);

#endif

/* What parley's extension states on the objects of an exported bundle that are no messages. */
#include <stddef.h>

#include "interop/stix_case.h"

#define IN(type, name, kind, member, needed)                                                                           \
    { name, kind, needed, offsetof(type, member), 0, NULL, NULL }
#define COMMON(type)                                                                                                   \
    IN(type, "kind", MEMBER_LINE, kind, true), IN(type, "case", MEMBER_LINE, matter, false),                           \
        IN(type, "sheet", MEMBER_SHA256, sheet, false)

static const struct member fact_rows[] = {
    COMMON(struct stix_fact),
    IN(struct stix_fact, "row", MEMBER_NUMBER, row, true),
    {"fact", MEMBER_TEXT, true, offsetof(struct stix_fact, fact), SHEET_ROW_MAX, NULL, NULL},
};
const struct member_table stix_fact_members = {fact_rows, COUNT(fact_rows), sizeof(struct stix_fact)};

static const struct member finding_rows[] = {
    COMMON(struct stix_finding),
    IN(struct stix_finding, "row", MEMBER_NUMBER, row, true),
    IN(struct stix_finding, "finding", MEMBER_LINE, finding, true),
    IN(struct stix_finding, "count", MEMBER_NUMBER, count, false),
    IN(struct stix_finding, "first_seen", MEMBER_TIME, first_seen, false),
    IN(struct stix_finding, "last_seen", MEMBER_TIME, last_seen, false),
    IN(struct stix_finding, "upstream", MEMBER_LINE, upstream, false),
    {"note", MEMBER_TEXT, false, offsetof(struct stix_finding, note), FINDING_NOTE_MAX, NULL, NULL},
};
const struct member_table stix_finding_members = {finding_rows, COUNT(finding_rows), sizeof(struct stix_finding)};

static const struct member total_rows[] = {
    IN(struct stix_total, "finding", MEMBER_LINE, finding, true),
    IN(struct stix_total, "count", MEMBER_NUMBER, count, true),
};
static const struct member_table totals = {total_rows, COUNT(total_rows), sizeof(struct stix_total)};
static const struct member standing_rows[] = {
    COMMON(struct stix_standing),
    {"findings", MEMBER_LIST, true, offsetof(struct stix_standing, findings), FINDING_COUNT, NULL, &totals},
};
const struct member_table stix_standing_members = {standing_rows, COUNT(standing_rows), sizeof(struct stix_standing)};

static const struct member facts_rows[] = {
    COMMON(struct stix_facts),
    IN(struct stix_facts, "rows", MEMBER_NUMBER, rows, true),
    IN(struct stix_facts, "reported_by", MEMBER_TEXT, from, false),
    IN(struct stix_facts, "addressee", MEMBER_TEXT, to, false),
    IN(struct stix_facts, "from_mail", MEMBER_TEXT, from_mail, false),
    IN(struct stix_facts, "severity", MEMBER_LINE, severity, false),
    IN(struct stix_facts, "action", MEMBER_LINE, action, false),
    IN(struct stix_facts, "own_number", MEMBER_TEXT, own_number, false),
    {"states", MEMBER_LINES, false, offsetof(struct stix_facts, states), 256, NULL, NULL},
    {"sectors", MEMBER_LINES, false, offsetof(struct stix_facts, sectors), 64, NULL, NULL},
};
const struct member_table stix_facts_members = {facts_rows, COUNT(facts_rows), sizeof(struct stix_facts)};

#include "interop/case_format.h"

enum { SEEN_BYTES = 8192 };

const struct case_format case_formats[] = {
    {"sheet", ".csv", "text/csv", N_("the fact sheet itself"), sheet_case_seen, sheet_case_read, sheet_case_write},
    {"iodef", ".xml", "application/iodef+xml", N_("IODEF 2.0, with RID's request status (RFC 7970, RFC 6545)"),
     iodef_case_seen, iodef_case_read, iodef_case_write},
    {"stix", ".json", "application/stix+json", N_("STIX 2.1 bundles (OASIS)"), stix_case_seen, stix_case_read,
     stix_case_write},
    {"intelmq", ".jsonl", "application/x-ndjson", N_("IntelMQ's events, one JSON object a line"), intelmq_case_seen,
     intelmq_case_read, intelmq_case_write},
    {"intelmq-csv", ".csv", "text/csv", N_("IntelMQ's events, as CSV with a header of field names"),
     intelmq_csv_case_seen, intelmq_csv_case_read, intelmq_csv_case_write},
    {"csv", ".csv", "text/csv", N_("facts as CSV, with columns as --map names them, or those of a fact sheet"),
     csv_case_seen, csv_case_read, csv_case_write},
    {"xarf", ".json", "application/json", N_("X-ARF 4 (xarf.org); version 3 is read, too"), xarf_case_seen,
     xarf_case_read, xarf_case_write},
    {"misp", ".json", "application/json", N_("MISP's events, as its REST interface has them"), misp_case_seen,
     misp_case_read, misp_case_write},
    {"arf", ".eml", "message/rfc822",
     N_("mails with a feedback report (ARF, RFC 5965), a fact sheet or X-ARF; mailboxes"), arf_case_seen, arf_case_read,
     arf_case_write},
    {"xarf-mail", ".eml", "message/rfc822", N_("a mail with X-ARF attached"), NULL, arf_case_read,
     xarf_mail_case_write},
};
const size_t case_format_count = COUNT(case_formats);

const struct case_format *case_format_named(struct text name) {
    for (size_t i = 0; i < COUNT(case_formats); i++)
        if (text_is(name, case_formats[i].name)) return &case_formats[i];
    return NULL;
}

const struct case_format *case_format_seen(struct bytes file) {
    struct bytes start = {file.at, file.size < SEEN_BYTES ? file.size : SEEN_BYTES};
    for (size_t i = 0; i < COUNT(case_formats); i++)
        if (case_formats[i].seen && case_formats[i].seen(start)) return &case_formats[i];
    return NULL;
}

bool case_format_marks_parts(const struct case_format *f) { return f->write == stix_case_write; }

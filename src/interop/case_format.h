/* The formats of the neighbours: one table, one line a format, one file for each direction.
 *
 * A format is pure: bytes to reports, a report to bytes; files, networks and drafts are for the doors.
 * Readers are total and bounded by CASE_FORMAT_BYTES_MAX: bad input gives ERR_INPUT with line or offset, what was
 * expected and what was found; what is well-formed and not understood is a loss.  Deterministic: the same report gives
 * the same bytes. */
#ifndef PARLEY_INTEROP_CASE_FORMAT_H
#define PARLEY_INTEROP_CASE_FORMAT_H

#include "interop/report.h"

enum { CASE_FORMAT_BYTES_MAX = 512 << 20, CASE_FORMAT_REPORTS_MAX = 65536 };

struct case_reading {
    struct bytes map;  /* of a CSV: which column is what (line/map.h); empty: the names that parley knows */
    struct text event; /* the RSIT type of facts of which the source does not say it; empty: it stays unknown */
    struct arena *arena;
    struct losses *losses;
};

struct case_writing {
    struct arena *arena;
    struct losses *losses;
    instant now; /* of what a format states of its own making; the same gives the same bytes */
};

struct case_format {
    const char *name;       /* "misp" */
    const char *ending;     /* of a file: ".json" */
    const char *media_type; /* "application/json" */
    const char *meaning;    /* for people; untranslated */
    /* Whether a file that begins so (some KiB) may be of this format; NULL: only where it is named. */
    bool (*seen)(struct bytes start);
    /* NULL: it is not read, or not written. */
    enum error (*read)(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d);
    enum error (*write)(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d);
};

extern const struct case_format case_formats[];
extern const size_t case_format_count;

/* NULL: there is none of that name. */
const struct case_format *case_format_named(struct text name);
/* By its content: the first whose `seen` says so; NULL: none does. */
const struct case_format *case_format_seen(struct bytes file);

/* Whether each part that it writes bears a level of its own; else the whole has one: that of the report. */
bool case_format_marks_parts(const struct case_format *f);

/* ---- readers and writers, each in a file of its own */

#define CASE_READ(name)                                                                                                \
    enum error name##_case_read(struct bytes file, const struct case_reading *how, struct reports *out,                \
                                struct diag *d) MUST_USE
#define CASE_WRITE(name)                                                                                               \
    enum error name##_case_write(const struct report *r, const struct case_writing *how, struct buf *out,              \
                                 struct diag *d) MUST_USE
#define CASE_SEEN(name) bool name##_case_seen(struct bytes start)

CASE_SEEN(sheet);
CASE_READ(sheet);
CASE_WRITE(sheet);
CASE_SEEN(iodef);
CASE_READ(iodef);
CASE_WRITE(iodef);
CASE_SEEN(intelmq);
CASE_READ(intelmq);
CASE_WRITE(intelmq);
CASE_SEEN(intelmq_csv);
CASE_READ(intelmq_csv);
CASE_WRITE(intelmq_csv);
CASE_SEEN(csv);
CASE_READ(csv);
CASE_WRITE(csv);
CASE_SEEN(misp);
CASE_READ(misp);
CASE_WRITE(misp);

CASE_SEEN(stix);
CASE_READ(stix);
CASE_WRITE(stix);
CASE_SEEN(xarf);
CASE_READ(xarf);
CASE_WRITE(xarf);
CASE_SEEN(arf);
CASE_READ(arf);
CASE_WRITE(arf);
CASE_WRITE(xarf_mail);

#endif

/* Formats that are CSV with a header: the format says what the columns are called, the rest is the same for all. */
#ifndef PARLEY_LINE_FIELDS_H
#define PARLEY_LINE_FIELDS_H

#include "line/formats.h"

/* Splits a line at its commas, or at another separator (RFC 4180): fields are views of it, trimmed of spaces, or of
 * `scratch` where a quoted one holds quotes.  REASON_QUOTE, REASON_COLUMNS for more than COLUMNS_MAX, REASON_VALUE
 * where the scratch is too small. */
enum reason fields_split(struct text line, char separator, char *scratch, size_t room,
                         struct text fields[static COLUMNS_MAX], size_t *count);

enum field { /* what a column holds */
             FIELD_IGNORED,
             FIELD_FIRST,
             FIELD_LAST,
             FIELD_DURATION, /* of seconds, or as 1d 02:03:04.567 */
             FIELD_SRC,
             FIELD_SRC_PORT,
             FIELD_DST,
             FIELD_DST_PORT,
             FIELD_UPSTREAM,
             FIELD_OUTSIDE, /* what a translation makes of the source: see fields_settle */
             FIELD_OUTSIDE_PORT,
             FIELD_PORT_BLOCK,      /* where a block of ports begins that a translation may use, */
             FIELD_PORT_BLOCK_LAST, /* the last of them, */
             FIELD_PORT_BLOCK_SIZE, /* or how many there are */
             FIELD_OBJECT,
             FIELD_URL, /* objects by their value alone */
             FIELD_DOMAIN,
             FIELD_SHA256,
             FIELD_ACCOUNT,
             FIELD_MAIL,
             FIELD_PROTOCOL,
             FIELD_EVENT,
             FIELD_COUNT,
             FIELD_USER, /* may come several times */
             FIELD_KEPT  /* and up to KEPT_MAX more: kept as they stand, for the format's own rules */
};
struct column { /* several names may be of one field */
    const char *name;
    unsigned field; /* enum field, or what a format keeps */
};
/* Which field each column of a header is, by its name: in lower case, with `_` for spaces, dots and hyphens.  A name
 * that is not in the table is passed over where `open`, else refused; a field that comes twice is refused, and so is a
 * header without a time, or with neither an address nor an object. */
enum error fields_head(struct text line, const struct column *table, size_t table_count, bool open, struct columns *out,
                       struct diag *d);
/* The same rules for columns that are known: a time, and an address or an object. */
enum error fields_check(const struct columns *c, struct diag *d);
bool columns_have(const struct columns *c, unsigned field);

/* The field of a column of that name; FIELD_IGNORED where the table has none. */
enum field fields_find(struct text name, const struct column *table, size_t table_count);

/* Reads one value.  Times are those of stamp_iso, or seconds since 1970 in UTC; a protocol may be its number; an empty
 * value and `-` are unknown. */
enum reason fields_value(struct reader *r, enum field field, struct text t, struct observation *out);
/* Reads the values of a line by the reader's columns. */
enum reason fields_read(struct reader *r, struct text line, struct observation *out);
/* After all values: one time stands for both; they must be there, in order. */
enum reason fields_times(struct observation *o);
/* The same with what the reader took beside the observation: how long it lasted; and a translation, whose outside is
 * the source as the other side sees it, and the source as it was the upstream of that. */
enum reason fields_settle(struct reader *r, struct observation *o);

/* Reads a line by the reader's columns.  A line that is a header is a comment. */
enum reason fields_parse(struct reader *r, struct text line, struct observation *out);

/* What flow records call their columns. */
extern const struct column flow_columns[];
extern const size_t flow_column_count;

#endif

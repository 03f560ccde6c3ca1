/* What the user says of the columns of a log that no format knows: which of them is what.
 *
 *     time=ts,src=client.ip,dst=server.ip,dst-port=server.port,count=tries
 *
 * One `what=column` each, with commas or line ends between them; a line that begins with `#` is a comment.  A column is
 * named as the header has it, or by its number, from 1, where there is no header; a member of JSON by its name, or by
 * those of the objects and lists around it with dots.  Beside columns, `separator` is `comma`, `tab`, `semicolon` or
 * `pipe`, and `records=traffic` says that the log records all traffic, so that what it lacks was not there.
 * Limits: MAP_ROWS_MAX columns, MAP_BYTES_MAX bytes, names of MAP_DOTS_MAX dots.  Ownership: names are views of the
 * text. */
#ifndef PARLEY_LINE_MAP_H
#define PARLEY_LINE_MAP_H

#include "line/fields.h"

enum { MAP_ROWS_MAX = 24, MAP_BYTES_MAX = 4096, MAP_DOTS_MAX = 7 };

struct map_row {
    struct text name;
    enum field field;
    size_t number; /* of the column; 0: by its name */
};
struct field_map {
    struct map_row rows[MAP_ROWS_MAX];
    size_t count;
    bool numbered; /* no header names the columns */
    bool traffic;
    char separator;
};

/* ERR_INPUT with what is wrong. */
enum error map_read(struct text t, struct field_map *out, struct diag *d) MUST_USE;

#endif

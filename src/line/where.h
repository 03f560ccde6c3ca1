/* Which observations are meant: a small language over what a line says.
 *
 *     port = 22 and not (src in 192.0.2.0/24 or user = root)
 *     event in (brute-force, scanner) and time >= 2026-03-01T00:00:00Z
 *     text contains "Failed password"
 *
 *     any        = all *( "or" all )
 *     all        = one *( "and" one )
 *     one        = "not" one / "(" any ")" / field test
 *     test       = ( "=" / "!=" / "<" / "<=" / ">" / ">=" / "contains" ) value
 *                / "in" ( value / "(" value *( "," value ) ")" )
 *     value      = a word of letters, digits and . : / _ @ + -, or anything in quotes, with \" and \\
 *
 * Fields: src, dst (addresses; `in` takes networks, too), port, src_port, count (numbers), time (as
 * 2026-03-01T12:00:00Z; when it was first seen), event, protocol, object, user, text (the line).  `<` and the like are
 * for numbers and times, `contains` for texts and distinguishes case.  What a line does not say fits no test but `!=`;
 * of several users one must fit. `event` is what the rules say, before another is asserted.  A `#` begins a comment
 * that ends with the line. Limits: WHERE_BYTES_MAX, WHERE_TESTS_MAX, WHERE_DEPTH_MAX.  Errors: ERR_INPUT with line and
 * column; ERR_LIMIT. */
#ifndef PARLEY_LINE_WHERE_H
#define PARLEY_LINE_WHERE_H

#include "base/arena.h"
#include "line/formats.h"

enum { WHERE_BYTES_MAX = 1 << 16, WHERE_TESTS_MAX = 4096, WHERE_DEPTH_MAX = 64 };

struct where_node;
struct where { /* in the arena; read by any number of threads */
    const struct where_node *root;
    bool asks_user; /* so a format that does not tell users can't answer, and `asked` must be set of the logins */
};
enum error where_read(struct text t, struct arena *a, struct where *out, struct diag *d) MUST_USE;
bool where_holds(const struct where *w, const struct logins *l, struct text line, const struct observation *o);

#endif

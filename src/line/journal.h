/* The journal of systemd, as `journalctl -o json` prints it: one JSON object a line.
 *
 * Source: "Journal JSON Format" and "Native Journal Fields" (systemd.io, systemd.journal-fields(7)).  A value is a
 * string, a list of numbers where it is not UTF-8, null where it is too long, or a list of these where it came twice.
 */
#ifndef PARLEY_LINE_JOURNAL_H
#define PARLEY_LINE_JOURNAL_H

#include "base/instant.h"
#include "line/reason.h"

struct journal {
    instant at;
    struct text program, message; /* in the room given */
};
/* Names without a slash; the message is cut where the room ends: then REASON_LONG. */
enum reason journal_read(struct text line, char *room, size_t size, struct journal *out);

#endif

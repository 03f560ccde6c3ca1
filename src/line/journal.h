/* The journal of systemd, as `journalctl -o json` prints it: one JSON object a line.
 *
 * Source: "Journal JSON Format" and "Native Journal Fields" (systemd.io, systemd.journal-fields(7)).  A value is a
 * string, a list of numbers where it is not UTF-8, null where it is too long, or a list of these where it came twice.
 */
#ifndef PARLEY_LINE_JOURNAL_H
#define PARLEY_LINE_JOURNAL_H

#include "base/instant.h"
#include "line/reason.h"
#include "json/fields.h"

enum { JOURNAL_VALUE_MAX = 256, JOURNAL_MESSAGE_MAX = 16384 }; /* bytes */
enum { JOURNAL_ROOM = 5 * JOURNAL_VALUE_MAX + JOURNAL_MESSAGE_MAX };

struct journal {
    instant at;
    struct text program, message; /* views of the line, or of the room: JOURNAL_ROOM bytes */
};
/* The first line of a message.  Other values that are longer are none; REASON_VALUE for a longer message, REASON_LONG
 * for one that the journal left out.  `names` are for records of the journal alone. */
enum reason journal_read(struct text line, struct json_names *names, char *room, struct journal *out);

#endif

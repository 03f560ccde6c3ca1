/* From log lines to sightings.
 *
 * In: what one line of one's own logs says, and what became of it.  Out: when it was written, and whom and what it
 * shows. Refused: lines that could not be read, or that show nobody; and, of the log of a service, lines that tell of
 * no event: that somebody logged in does not confirm that he tried to break in.  Who sees traffic shows a fact by each
 * of its lines.  Proved after it: a sighting has a time, and an address or an object.
 *
 * Ownership: texts are those of the observation, and live as long. */
#ifndef PARLEY_FINDING_FROM_LINE_H
#define PARLEY_FINDING_FROM_LINE_H

#include "finding/check.h"
#include "line/formats.h"

/* Whether a log of this format sees traffic, whatever the service: flows, translations, firewalls, sensors. */
bool format_sees_traffic(const struct format *f);
/* Whether a line shows that its log covers traffic.  A sensor (EVE, Zeek) covers all of it only where it records flows:
 * one that writes alerts alone says nothing of what it was not alarmed by, and a translator that gives out blocks of
 * ports nothing of who used them. */
bool line_covers_traffic(const struct format *f, struct text line, const struct observation *o);
/* False where the line is no sighting. */
bool sighting_of(const struct observation *o, enum reason reason, bool traffic, struct sighting *out);
/* When the line was written: a record of a stretch is written at its end. */
static inline instant written_at(const struct observation *o) { return o->last; }

#endif

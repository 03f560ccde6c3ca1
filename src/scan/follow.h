/* Logs that are still written to: facts as their windows close, from a position that is kept.
 *
 * A step reads what is new, appends the facts whose windows have closed to a file, and keeps where it stands: position
 * in each log, open facts, bytes of the file of facts.  The lines behind facts, and those that can't be read, are
 * appended to files of their own, as they are read.  Facts come first and the state after them; who starts again
 * cuts off what stands behind the state, so a process that is killed at any time loses no line and counts none twice.
 *
 * A window has closed when the newest line of all logs is later than the fact's end by the window and the slack.  Lines
 * that come later than that begin a fact of their own, and are counted.
 *
 * A log that was rotated is read to its end before the new one is begun, also where it was compressed or moved on while
 * nobody followed: by its number in the file system, or else by its first bytes, among the files of its source
 * (set.h).  One that was cut off is begun anew, after the copy that was made of it.  Where the rest of an old file is
 * found nowhere it is counted as lost, and told.
 *
 * The state is a text:
 *
 *     parley follow v1
 *     asked <sha256>                          (what was asked for: a state of something else is refused)
 *     out <bytes>
 *     kept <bytes>, rejects <bytes>           (where there are such files, and something is in them)
 *     newest <time, or ->
 *     log <device> <number> <offset> <lines> <within a long line> <chain> <years> <format, or -> <bytes of its start>
 *         <their sha256> <name>               (one line a log, in the order of the names)
 *     open <its source port must agree> <row> (one a fact that is open)
 *     end
 *
 * Limits: FOLLOW_LOGS_MAX logs.  Errors: those of scan_files; ERR_CONFLICT where state and facts don't belong together.
 */
#ifndef PARLEY_SCAN_FOLLOW_H
#define PARLEY_SCAN_FOLLOW_H

#include "scan/facts.h"

enum { FOLLOW_LOGS_MAX = 256, FOLLOW_STATE_MAX = 1 << 30 };

struct follow_options {
    struct facts_options facts; /* lines are not kept; one thread reads */
    instant slack;
    struct sha256 asked;
    const char *state;   /* NULL: nothing is kept */
    const char *out;     /* "-": standard output, without a state */
    const char *kept;    /* where lines behind facts are kept, in the format `kept`; NULL: they are not */
    const char *rejects; /* where lines that can't be read are listed; NULL: nowhere */
};
struct follow_told { /* since the start */
    uint64_t counts[REASON_COUNT];
    uint64_t lines, rows, late, rotated, truncated, lost;
    bool busy; /* another step would have something to do now */
};

struct follow;
/* All of it must live as long as what comes out.  Whatever it returns, the caller calls follow_free. */
enum error follow_new(const char *const *names, size_t count, const struct follow_options *o, struct follow **out,
                      struct diag *d) MUST_USE;
enum error follow_step(struct follow *f, struct diag *d) MUST_USE;
const struct follow_told *follow_told(const struct follow *f);
void follow_free(struct follow *f); /* NULL is fine */

#endif

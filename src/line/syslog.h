/* What stands before the message of a syslog line: when, and by which program.
 *
 *     Jun 21 16:47:48 host sshd[13709]: message                           (RFC 3164)
 *     2015-04-16T18:02:50.321974+00:00 host sshd[2716]: message           (rsyslog, systemd)
 *     <38>1 2019-07-08T17:40:16.954167-04:00 host sshd 57915 - - message  (RFC 5424)
 *     @400000004c91b044077a9e94 program: message                          (multilog)
 *
 * A priority in angle brackets may stand before any of them; the host may be missing.  None of it is a stranger's text.
 */
#ifndef PARLEY_LINE_SYSLOG_H
#define PARLEY_LINE_SYSLOG_H

#include "line/stamp.h"

struct syslog {
    struct stamp stamp;
    bool stamped;        /* `stamp` was read, be the rest wrong */
    struct text program; /* without path, pid and colon */
    struct text message; /* without what Solaris puts before it: [ID 800047 auth.info] */
};

/* How the names of a line began, up to the `[` before the pid: that of the next line mostly begins with the same bytes,
 * which then say the same. {0}: of no line. */
struct syslog_names {
    uint8_t size, program_at; /* the program is what stands between the latter and the `[` */
    char bytes[62];
};
/* `names` is that of the line before, and becomes that of this one. */
enum reason syslog_read(struct stamper *s, struct syslog_names *names, struct text line, struct syslog *out);

/* `message repeated 3 times: [ … ]`, as rsyslog writes it: the message, and how often. */
void syslog_unfold(struct text *message, uint64_t *count);

#endif

/* What a node tells the service manager that started it: sd_notify(3), by its protocol alone.
 *
 * One datagram of "NAME=value" lines to the Unix socket that $NOTIFY_SOCKET names (an abstract one begins with "@").
 * Without that variable nothing is told, and nothing fails. */
#ifndef PARLEY_NODE_SERVICE_H
#define PARLEY_NODE_SERVICE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* "READY=1", "STOPPING=1", "WATCHDOG=1", …; whether it was taken. */
bool service_tell(const char *lines);
/* "RELOADING=1" with the time at which it began, as systemd asks for it. */
bool service_tell_reloading(void);
/* Before any thread begins: SIGTERM and SIGINT, which are in `set` then, come to nobody but who waits for them, and a
 * peer that is gone ends nothing (SIGPIPE). */
enum error service_hold_signals(sigset_t *set, struct diag *d) MUST_USE;
/* Tells that it is ready, waits until it is to end, and tells that. */
void service_until_ended(const sigset_t *set);
/* Milliseconds in which the manager wants to hear "WATCHDOG=1"; 0: it does not. */
uint64_t service_watchdog_ms(void);
/* Whether standard error goes to the journal, which writes the time itself and takes "<3>" and such before a line. */
bool service_has_journal(void);

#endif

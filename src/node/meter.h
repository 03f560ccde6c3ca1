/* How much each counterparty has asked for of late: requests and bytes, by pin.
 *
 * A token bucket for either (what a minute allows may come at once, and refills evenly).  There is a bucket only for
 * pins that passed the handshake, METER_PINS_MAX of them; of more than that the one that was longest unheard of goes,
 * and with it nothing but the memory of what it asked for.  Thread-safe. */
#ifndef PARLEY_NODE_METER_H
#define PARLEY_NODE_METER_H

#include "base/text.h"
#include "node/settings.h"

enum { METER_PINS_MAX = 1024 };

struct meter;
struct meter *meter_new(void);
void meter_free(struct meter *m); /* NULL is fine */
/* Counts a request: false where the pin has asked for too much by these settings, and then it is not counted. */
bool meter_ask(struct meter *m, const struct node_settings *s, struct text pin, uint64_t now_ms);
/* Counts bytes that came or go, after the fact: what is beyond a minute's share is waited for by later requests. */
void meter_bytes(struct meter *m, const struct node_settings *s, struct text pin, uint64_t bytes, uint64_t now_ms);

#endif

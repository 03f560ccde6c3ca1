/* The watchdog of a listener: a connection that takes longer than its phase allows is shut.  The time-out of the HTTP
 * library only counts idleness, so one byte a second would live for ever. */
#include <sys/socket.h>
#include <time.h>

#include "node/peer.h"

enum { TICK_MS = 200 };

uint64_t peer_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void peer_enter(struct peer *p, enum peer_phase phase, uint64_t bytes) {
    pthread_mutex_lock(&p->listener->lock);
    p->phase = phase;
    p->since_ms = peer_clock_ms();
    p->bytes = bytes;
    pthread_mutex_unlock(&p->listener->lock);
}

/* Seconds that a connection may be at its phase. */
static uint64_t patience_ms(const struct peer *p) {
    const struct node_settings *s = &p->listener->settings;
    uint64_t seconds = p->phase == PEER_HANDSHAKE ? s->handshake_s
                       : p->phase == PEER_IDLE    ? s->idle_s
                       : p->phase == PEER_WORK    ? UINT32_MAX /* ours, not the peer's */
                                                  : s->grace_s + p->bytes / s->rate;
    unsigned percent = p->listener->options.patience_percent;
    return seconds * 10 * (percent ? percent : 100);
}

void peer_refused_locked(struct listener *l, enum refusal why) {
    if (why < REFUSALS) l->counts.refusals[why]++;
}

void peer_refused(struct listener *l, enum refusal why) {
    pthread_mutex_lock(&l->lock);
    peer_refused_locked(l, why);
    pthread_mutex_unlock(&l->lock);
}

void peer_shut(struct peer *p, enum refusal why) {
    if (p->shut) return;
    p->shut = true;
    shutdown(p->socket, SHUT_RDWR);
    pthread_cond_broadcast(&p->listener->turns);
    peer_refused_locked(p->listener, why);
}

struct node_settings peer_settings(struct listener *l) {
    pthread_mutex_lock(&l->lock);
    struct node_settings s = l->settings;
    pthread_mutex_unlock(&l->lock);
    return s;
}

static void look(struct listener *l) {
    pthread_mutex_lock(&l->lock);
    uint64_t now = peer_clock_ms(); /* under the lock: nobody's phase began later */
    l->watched_ms = now;
    for (struct peer *p = l->peers; p; p = p->next) {
        if (p->shut || now - p->since_ms <= patience_ms(p)) continue;
        peer_shut(p, p->phase == PEER_IDLE ? REFUSALS : REFUSED_SLOW); /* who waits too long has done nothing wrong */
    }
    pthread_mutex_unlock(&l->lock);
}

static void *watch(void *state) {
    struct listener *l = state;
    struct timespec tick = {0, TICK_MS * 1000000};
    while (!atomic_load(&l->stopping)) {
        nanosleep(&tick, NULL);
        look(l);
    }
    return NULL;
}

enum error watchdog_start(struct listener *l, struct diag *d) {
    l->watched_ms = peer_clock_ms();
    l->watching = pthread_create(&l->watchdog, NULL, watch, l) == 0;
    return l->watching ? OK : fail(d, ERR_MEMORY, _("could not start a thread"));
}

void watchdog_stop(struct listener *l) {
    atomic_store(&l->stopping, true);
    if (l->watching) pthread_join(l->watchdog, NULL);
    l->watching = false;
}

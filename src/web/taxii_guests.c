#include "web/taxii_guests.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "node/peer.h"

enum { BODY_EXCUSED_MAX = 16 << 20 }; /* of longer bodies nothing is kept, and they excuse nothing */

void guests_init(struct guests *g, unsigned patience_percent) {
    *g = (struct guests){.settings = node_settings_default(), .patience_percent = patience_percent};
    pthread_mutex_init(&g->lock, NULL);
}

void guests_free(struct guests *g) { pthread_mutex_destroy(&g->lock); }

/* ---- how many */

static struct guest_address address_of(const struct sockaddr *from) {
    struct guest_address a = {{0}};
    if (from && from->sa_family == AF_INET) {
        memcpy(a.at + 8, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    } else if (from && from->sa_family == AF_INET6) {
        const struct in6_addr *in = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(in))
            memcpy(a.at + 8, in->s6_addr + 12, 4);
        else
            memcpy(a.at, in->s6_addr, 8);
    }
    return a;
}

struct bound {
    bool of_address, of_strangers;
    unsigned most;
};
static const struct bound bounds[] = {
    {true, true, GUEST_STRANGERS_OF_ADDRESS_MAX},
    {true, false, GUESTS_OF_ADDRESS_MAX},
    {false, true, GUEST_STRANGERS_MAX},
    {false, false, GUESTS_MAX},
};

static bool counts(const struct guest *g, const struct bound *b, const struct guest *newest) {
    return !g->shut && (!b->of_strangers || !g->known) &&
           (!b->of_address || !memcmp(&g->address, &newest->address, sizeof g->address));
}

/* A stranger, however busy, else who is idle, by who came or idles for longest; else the newest itself. */
static struct guest *who_goes(struct guests *g, const struct bound *b, struct guest *newest) {
    struct guest *goes = newest;
    for (struct guest *one = g->first; one; one = one->next) {
        if (!counts(one, b, newest) || (one->known && one->phase > GUEST_IDLE)) continue;
        uint64_t time = one->known ? one->since_ms : one->came_ms, best = goes->known ? goes->since_ms : goes->came_ms;
        if (goes == newest || (goes->known && !one->known) || (goes->known == one->known && time <= best)) goes = one;
    }
    return goes;
}

static void shut(struct guest *one) {
    one->shut = true;
    shutdown(one->socket, SHUT_RDWR);
}

static void make_room(struct guests *g, struct guest *newest) {
    for (size_t i = 0; i < COUNT(bounds) && !newest->shut; i++) {
        unsigned count = 0;
        for (const struct guest *one = g->first; one; one = one->next) count += counts(one, &bounds[i], newest);
        if (count > bounds[i].most) shut(who_goes(g, &bounds[i], newest));
    }
}

struct guest *guests_take(struct guests *g, int socket, const struct sockaddr *address) {
    struct guest *one = calloc(1, sizeof *one);
    if (!one) {
        shutdown(socket, SHUT_RDWR);
        return NULL;
    }
    *one = (struct guest){.socket = socket, .address = address_of(address), .phase = GUEST_COMES};
    pthread_mutex_lock(&g->lock);
    one->came_ms = one->since_ms = peer_clock_ms();
    one->next = g->first;
    g->first = one;
    make_room(g, one);
    pthread_mutex_unlock(&g->lock);
    return one;
}

void guests_drop(struct guests *g, struct guest *one) {
    pthread_mutex_lock(&g->lock);
    for (struct guest **at = &g->first; *at; at = &(*at)->next)
        if (*at == one) {
            *at = one->next;
            break;
        }
    pthread_mutex_unlock(&g->lock);
    free(one);
}

/* ---- how long */

void guest_enter(struct guests *g, struct guest *one, enum guest_phase phase, uint64_t bytes) {
    if (!one) return;
    pthread_mutex_lock(&g->lock);
    one->phase = phase;
    one->since_ms = peer_clock_ms();
    one->bytes = bytes;
    pthread_mutex_unlock(&g->lock);
}

void guest_sends(struct guests *g, struct guest *one, uint64_t bytes) {
    if (!one) return;
    pthread_mutex_lock(&g->lock);
    one->bytes = bytes < BODY_EXCUSED_MAX - one->bytes ? one->bytes + bytes : BODY_EXCUSED_MAX;
    pthread_mutex_unlock(&g->lock);
}

void guest_know(struct guests *g, struct guest *one, bool known) {
    if (!one) return;
    pthread_mutex_lock(&g->lock);
    one->known = known;
    pthread_mutex_unlock(&g->lock);
}

static bool is_late(const struct guests *g, const struct guest *one, uint64_t now) {
    const struct node_settings *s = &g->settings;
    uint64_t seconds = one->phase == GUEST_COMES  ? s->handshake_s
                       : one->phase == GUEST_IDLE ? s->idle_s
                                                  : s->grace_s + one->bytes / s->rate;
    unsigned percent = g->patience_percent ? g->patience_percent : 100;
    return one->phase != GUEST_WORK && now - one->since_ms > seconds * 10 * percent;
}

void guests_watch(struct guests *g) {
    pthread_mutex_lock(&g->lock);
    uint64_t now = peer_clock_ms(); /* under the lock: nobody's phase began later */
    for (struct guest *one = g->first; one; one = one->next)
        if (!one->shut && is_late(g, one, now)) shut(one);
    pthread_mutex_unlock(&g->lock);
}

#include "sync/pins.h"

#include <pthread.h>
#include <stdlib.h>

#include "sync/cards.h"

struct pinned { /* a party */
    struct pinned *next;
    char *party;
    uint64_t generation; /* of the store in which this was so */
    struct sha256 shown; /* the cards that it was judged by */
    struct arena arena;  /* of the pins */
    struct names pins;
};

struct pins {
    struct store *store;
    pthread_mutex_t lock;
    struct pinned *parties;
    uint64_t scanned; /* the generation in which `parties` were all that there are */
    bool complete;    /* there was such a generation */
};

struct pins *pins_new(struct store *s) {
    struct pins *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->store = s;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void pins_free(struct pins *p) {
    if (!p) return;
    for (struct pinned *at = p->parties, *next; at; at = next) {
        next = at->next;
        arena_free(&at->arena);
        free(at->party);
        free(at);
    }
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* ---- under the lock */

static struct pinned *find(struct pins *p, struct text party) {
    for (struct pinned *at = p->parties; at; at = at->next)
        if (text_equal(text_of(at->party), party)) return at;
    return NULL;
}

static struct pinned *find_or_add(struct pins *p, struct text party) {
    struct pinned *at = find(p, party);
    if (at) return at;
    at = calloc(1, sizeof *at);
    char *name = strndup(party.at, party.size);
    if (!at || !name) {
        free(at);
        free(name);
        return NULL;
    }
    *at = (struct pinned){.next = p->parties, .party = name, .generation = UINT64_MAX};
    p->parties = at;
    return at;
}

static void take_pins(struct pinned *at, const struct card *card) {
    struct text *list = ARENA_ARRAY(&at->arena, struct text, card->tls.count);
    for (size_t i = 0; i < card->tls.count; i++) list[i] = arena_text(&at->arena, card->tls.at[i]);
    at->pins = (struct names){list, card->tls.count};
}

/* Reads the party's cards, unless nothing was written since, and judges them, unless they are the ones judged. */
static enum error refresh(struct pins *p, struct pinned *at, struct diag *d) {
    uint64_t generation = store_generation(p->store);
    if (at->generation == generation) return OK;
    struct arena a = {0};
    struct shown_cards shown;
    struct card card;
    enum error result = cards_shown(p->store, text_of(at->party), &a, &shown, d);
    if (!result && (at->generation == UINT64_MAX || !sha256_equal(at->shown, shown.hash))) {
        arena_free(&at->arena);
        at->pins = (struct names){NULL, 0};
        if (cards_newest_of(&shown, &a, &card, NULL) == OK) take_pins(at, &card);
        at->shown = shown.hash;
    }
    if (!result) at->generation = generation;
    arena_free(&a);
    return result;
}

static enum error fits_now(struct pins *p, struct pinned *at, struct text pin, bool *fits, struct diag *d) {
    enum error result = refresh(p, at, d);
    *fits = !result && names_have(at->pins, pin);
    return result;
}

static enum error fit(struct pins *p, struct text party, struct text pin, bool *fits, struct diag *d) {
    struct pinned *at = find_or_add(p, party);
    *fits = false;
    return at ? fits_now(p, at, pin, fits, d) : fail(d, ERR_MEMORY, _("out of memory"));
}

/* Those who had it when last looked at come first: mostly it is one of them. */
static enum error seek_known(struct pins *p, struct text pin, bool *found, struct diag *d) {
    enum error result = OK;
    *found = false;
    for (struct pinned *at = p->parties; at && !result && !*found; at = at->next)
        if (names_have(at->pins, pin)) result = fits_now(p, at, pin, found, d);
    return result;
}

static enum error seek_all(struct pins *p, struct text pin, bool *found, struct diag *d) {
    struct arena a = {0};
    struct channel *list;
    size_t count = 0;
    uint64_t generation = store_generation(p->store);
    if (p->complete && p->scanned == generation) return OK;
    enum error result = store_channels(p->store, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        bool fits = false;
        if (!i || !text_equal(list[i].party, list[i - 1].party)) result = fit(p, list[i].party, pin, &fits, d);
        *found = *found || fits;
    }
    if (!result) {
        p->scanned = generation;
        p->complete = true;
    }
    arena_free(&a);
    return result;
}

/* ---- from outside */

enum error pins_fit(struct pins *p, struct text party, struct text pin, bool *fits, struct diag *d) {
    pthread_mutex_lock(&p->lock);
    enum error result = pin.size ? fit(p, party, pin, fits, d) : OK;
    pthread_mutex_unlock(&p->lock);
    if (!pin.size) *fits = false;
    return result;
}

enum error pins_known(struct pins *p, struct text pin, bool *known, struct diag *d) {
    bool found = false;
    pthread_mutex_lock(&p->lock);
    enum error result = seek_known(p, pin, &found, d);
    if (!result && !found) result = seek_all(p, pin, &found, d);
    pthread_mutex_unlock(&p->lock);
    if (!result) *known = found;
    return result;
}

/* Within fact/: observations as they are gathered.
 *
 * A group holds what agrees in its key, as fragments: stretches of time with what was counted in them.  Fragments of a
 * group may touch; they are made one now and then, and at the end.  What comes out are the connected parts of all
 * observations, so neither their order nor their division over gathers shows. */
#ifndef PARLEY_FACT_GATHER_H
#define PARLEY_FACT_GATHER_H

#include <sodium.h>
#include <stdatomic.h>

#include "base/map.h"
#include "base/pool.h"
#include "fact/from_line.h"
#include "fact/spill.h"

enum { PORT_UNKNOWN = -1 };

struct kept { /* a line */
    struct kept *next;
    struct place_in_input at;
    uint32_t size;
    char bytes[];
};

struct fragment {
    instant first, last; /* whole seconds */
    uint64_t count;
    int32_t port;  /* of the source; PORT_UNKNOWN: not of all observations, or not the same */
    uint32_t kept; /* lines */
    union {
        struct kept *lines;  /* where they are held in memory: the last, whose next is the first; NULL: none */
        uint64_t line_bytes; /* where they are put aside */
    };
};

/* Hashed and compared as bytes: no padding, all zero where not known. */
struct group_key {
    uint8_t src[16], dst[16];
    uint16_t src_port, dst_port; /* the source's only where it must agree */
    uint16_t protocol, event;    /* numbers of words */
    uint16_t known;              /* KNOWN_SRC_PORT only where it must agree */
    uint16_t object_size;
    uint32_t object_hash;
};

/* Two lines of a processor's cache: what tells whether it is the one, and what is added to. */
struct group {
    _Alignas(POOL_ALIGN) struct group *next;
    struct group_key key;
    uint32_t number;                          /* in its run */
    uint32_t count;                           /* of `more` */
    _Alignas(POOL_ALIGN) struct fragment now; /* the one that was added to last; a count of 0: none */
    struct fragment *more;
    const char *object; /* of key.object_size bytes */
    uint32_t room;      /* of `more`: 0, or FIRST_FRAGMENTS times a power of two */
};
enum { FIRST_FRAGMENTS = 3 /* which fill two lines */, FRAGMENT_SIZES = 32 };
_Static_assert(sizeof(struct group) == 2 * POOL_ALIGN, "no more than two");

struct slot {
    uint64_t hash;
    struct group *group; /* NULL: empty */
};

/* What was added last, and has no object, waits here while the places that it needs come out of memory: there are too
 * many groups for a processor's caches, and one line after the other would wait for each. */
enum { WAITING = 16 };
struct waiting {
    struct group_key key;
    uint64_t hash;
    struct fragment fragment;
    size_t line; /* where the line stands in line_buf, if lines are put aside */
};

struct words_known { /* protocols, or events: few, and the same from line to line */
    struct map numbers;
    struct text *at;
    size_t count, room;
    uint16_t last;    /* found last */
    uint16_t *joined; /* their numbers in the gather that this one is joined to */
};

/* Groups of some sources: what is in two shards never meets, so threads may have a shard each. */
struct shard {
    struct arena arena; /* of objects */
    struct slot *slots;
    size_t slot_count, group_count; /* the first a power of two */
    struct group *groups;
    struct group *unused; /* memory for so many of them */
    size_t unused_count;
    struct free_fragments { /* that were given back, by the power of two */
        struct free_fragments *next;
    } * fragments[FRAGMENT_SIZES];
    size_t facts, sources; /* once it is settled, as what follows */
    instant *samples;      /* of the first times of facts */
    size_t sample_count;
};

struct gather {
    struct gather_options options;
    uint8_t hash_key[crypto_shorthash_KEYBYTES];
    uint64_t hash_words[sizeof(struct group_key) / sizeof(uint64_t)];
    struct arena arena;        /* of words and lines */
    struct pool groups, slots; /* of all shards; the fragments of groups, too */
    struct shard shards[GATHER_SHARDS];
    atomic_size_t taken; /* bytes: threads may have a shard each */
    struct words_known protocols, events;
    uint64_t line_count;
    struct waiting waiting[WAITING];
    size_t waiting_count;
    uint32_t group_count; /* in all shards */
    struct spilled *runs; /* that were put aside */
    size_t run_count, run_room;
    struct buf line_buf; /* lines on their way to where they are put aside */
    uint64_t last_place;
};

/* One number of two, for places in a hash table. */
static inline uint64_t gather_fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Makes one of all fragments of a group that belong together.  They are then `now` alone, or all in `more`. */
enum error group_settle(struct gather *g, struct shard *s, struct group *of, struct diag *d) MUST_USE;
/* Whether two fragments are of one fact: with a window of 0 they must be equal in time, else no silence between them is
 * longer than it. */
static inline bool belong_together(instant window, const struct fragment *a, const struct fragment *b) {
    if (!window) return a->first == b->first && a->last == b->last;
    return b->first - a->last <= window && a->first - b->last <= window;
}

static inline void fragment_add(struct fragment *into, const struct fragment *f, bool lines_aside) {
    if (f->first < into->first) into->first = f->first;
    if (f->last > into->last) into->last = f->last;
    if (__builtin_add_overflow(into->count, f->count, &into->count)) into->count = UINT64_MAX - 1;
    if (f->port != into->port) into->port = PORT_UNKNOWN;
    into->kept += f->kept;
    if (lines_aside) {
        into->line_bytes += f->line_bytes;
    } else if (!into->lines) {
        into->lines = f->lines;
    } else if (f->lines) {
        struct kept *first = into->lines->next;
        into->lines->next = f->lines->next;
        f->lines->next = first;
        into->lines = f->lines;
    }
}

/* The fragments of a settled group. */
static inline size_t fragments_of(struct group *group, struct fragment **first) {
    *first = group->now.count ? &group->now : group->more;
    return group->now.count ? 1 : group->count;
}

/* Puts aside all groups, as a run, and is empty then; nothing waits. */
enum error gather_spill(struct gather *g, struct diag *d) MUST_USE;
/* Puts the held lines aside, whose groups are known; nothing waits. */
enum error gather_flush_lines(struct gather *g, struct diag *d) MUST_USE;

#endif

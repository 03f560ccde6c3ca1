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
#include "fact/from_line.h"

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
    struct kept *lines, *lines_end;
};

/* Hashed and compared as bytes: no padding, all zero where not known. */
struct group_key {
    uint8_t src[16], dst[16];
    uint16_t src_port, dst_port; /* the source's only where it must agree */
    uint16_t protocol, event;    /* numbers of words */
    uint32_t known;              /* KNOWN_SRC_PORT only where it must agree */
    uint32_t object_size;
    uint64_t object_hash;
};

struct group {
    struct group *next;
    struct group_key key;
    const char *object;  /* of key.object_size bytes */
    struct fragment now; /* the one that was added to last; a count of 0: none */
    struct fragment *more;
    size_t count, room;
};

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
};

struct words_known { /* protocols, or events: few, and the same from line to line */
    struct map numbers;
    struct text *at;
    size_t count, room;
    uint16_t last; /* found last */
};

/* Groups of some sources: what is in two shards never meets, so threads may have a shard each. */
struct shard {
    struct arena arena;
    struct slot *slots;
    size_t slot_count, group_count; /* the first a power of two */
    struct group *groups;
    size_t facts, sources; /* once it is settled */
};

struct gather {
    struct gather_options options;
    uint8_t hash_key[crypto_shorthash_KEYBYTES];
    uint64_t hash_words[sizeof(struct group_key) / sizeof(uint64_t)];
    struct arena arena; /* of words and lines */
    struct shard shards[GATHER_SHARDS];
    atomic_size_t taken; /* bytes: threads may have a shard each */
    struct words_known protocols, events;
    uint64_t line_count;
    struct waiting waiting[WAITING];
    size_t waiting_count;
};

/* Makes one of all fragments of a group that belong together.  They are then `now` alone, or all in `more`. */
enum error group_settle(struct gather *g, struct group *of, struct diag *d) MUST_USE;
static inline void fragment_add(struct fragment *into, const struct fragment *f) {
    if (f->first < into->first) into->first = f->first;
    if (f->last > into->last) into->last = f->last;
    if (__builtin_add_overflow(into->count, f->count, &into->count)) into->count = UINT64_MAX - 1;
    if (f->port != into->port) into->port = PORT_UNKNOWN;
    into->kept += f->kept;
    if (!f->lines) return;
    if (into->lines)
        into->lines_end->next = f->lines;
    else
        into->lines = f->lines;
    into->lines_end = f->lines_end;
}

#endif

/* Arenas: memory that is freed all at once.
 *
 * Inputs are bounded before they reach an arena, so running past `max` is a mistake of ours: the program ends with a
 * message (ASSERT), never with a NULL that nobody checks.  Memory is zeroed.  Not thread-safe. */
#ifndef PARLEY_BASE_ARENA_H
#define PARLEY_BASE_ARENA_H

#include "base/error.h"
#include "base/text.h"

struct arena_block;
struct arena {
    struct arena_block *last;
    size_t used_bytes; /* over all blocks */
    size_t max_bytes;  /* 0: ARENA_MAX */
};

enum { ARENA_MAX_MIB = 4096 };

/* `struct arena a = {0};` is an empty arena.  Frees everything taken; the arena is empty and may be used again. */
void arena_free(struct arena *a);
/* Makes all that was taken from `from` live as long as what is taken from `a`; `from` is empty then. */
void arena_join(struct arena *a, struct arena *from);
/* Zeroed memory for `count` items of `size` bytes, aligned for any type. */
void *arena_take(struct arena *a, size_t count, size_t size);
#define ARENA_NEW(a, type) ((type *)arena_take((a), 1, sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_take((a), (count), sizeof(type)))
/* A copy; the copy of a text is also NUL-terminated. */
struct text arena_text(struct arena *a, struct text t);
struct bytes arena_bytes(struct arena *a, struct bytes b);
char *arena_string(struct arena *a, struct text t);
struct text arena_format(struct arena *a, const char *format, ...) FORMAT(2, 3);

/* Makes room for one more item in an array that lives in an arena, doubling it: returns the array (perhaps moved).
 * `*room` starts at 0 with a NULL array. */
void *arena_grow(struct arena *a, void *array, size_t count, size_t *room, size_t item_size);

#endif

#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *before;
    size_t used, room;
    max_align_t at[];
};

enum { FIRST_BLOCK_BYTES = 4096, LARGEST_BLOCK_BYTES = 1 << 22 };

void arena_free(struct arena *a) {
    while (a->last) {
        struct arena_block *before = a->last->before;
        free(a->last);
        a->last = before;
    }
    a->used_bytes = 0;
}

void arena_join(struct arena *a, struct arena *from) {
    struct arena_block *oldest = from->last;
    if (!oldest) return;
    while (oldest->before) oldest = oldest->before;
    if (a->last) { /* below the block that is being taken from */
        oldest->before = a->last->before;
        a->last->before = from->last;
    } else {
        a->last = from->last;
    }
    a->used_bytes += from->used_bytes;
    from->last = NULL;
    from->used_bytes = 0;
}

static void add_block(struct arena *a, size_t needed) {
    size_t room = a->last ? a->last->room * 2 : FIRST_BLOCK_BYTES;
    if (room > LARGEST_BLOCK_BYTES) room = LARGEST_BLOCK_BYTES;
    if (room < needed) room = needed;
    size_t total;
    ASSERT(!__builtin_add_overflow(room, sizeof(struct arena_block), &total));
    struct arena_block *block = calloc(1, total);
    ASSERT(block && "memory is left");
    block->before = a->last;
    block->room = room;
    a->last = block;
}

void *arena_take(struct arena *a, size_t count, size_t size) {
    size_t bytes, aligned, max = a->max_bytes ? a->max_bytes : (size_t)ARENA_MAX_MIB << 20;
    ASSERT(!__builtin_mul_overflow(count, size, &bytes));
    ASSERT(!__builtin_add_overflow(bytes, alignof(max_align_t) - 1, &aligned));
    aligned &= ~(alignof(max_align_t) - 1);
    ASSERT(aligned <= max && a->used_bytes <= max - aligned);
    if (!a->last || a->last->room - a->last->used < aligned) add_block(a, aligned);
    void *taken = (char *)a->last->at + a->last->used;
    a->last->used += aligned;
    a->used_bytes += aligned;
    return taken;
}

char *arena_string(struct arena *a, struct text t) {
    char *copy = arena_take(a, t.size + 1, 1);
    if (t.size) memcpy(copy, t.at, t.size);
    return copy;
}

struct text arena_text(struct arena *a, struct text t) {
    return (struct text){arena_string(a, t), t.size};
}

struct bytes arena_bytes(struct arena *a, struct bytes b) {
    return bytes_from_text(arena_text(a, text_from_bytes(b)));
}

struct text arena_format(struct arena *a, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    ASSERT(size >= 0);
    char *at = arena_take(a, (size_t)size + 1, 1);
    vsnprintf(at, (size_t)size + 1, format, again);
    va_end(again);
    va_end(arguments);
    return (struct text){at, (size_t)size};
}

void *arena_grow(struct arena *a, void *array, size_t count, size_t *room, size_t item_size) {
    if (count < *room) return array;
    size_t larger = *room ? *room * 2 : 8;
    void *moved = arena_take(a, larger, item_size);
    if (count) memcpy(moved, array, count * item_size);
    *room = larger;
    return moved;
}

#include "base/pool.h"

#include <stdint.h>
#include <sys/mman.h>

struct pool_block {
    struct pool_block *before;
    size_t bytes; /* in all */
};

/* The first is small, for what has little to keep. */
enum { FIRST_BYTES = 1 << 18, LARGE_PAGE = 1 << 21, LATER_BYTES = 2 * LARGE_PAGE };

static size_t rounded_up(size_t bytes, size_t to) { return (bytes + to - 1) & ~(to - 1); }

/* Of zeros, and aligned to a large page where it is as large. */
static void *new_pages(size_t bytes) {
    const size_t spare = bytes >= LARGE_PAGE ? LARGE_PAGE : 0;
    char *at = mmap(NULL, bytes + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return NULL;
    if (!spare) return at;
    const size_t before = rounded_up((uintptr_t)at, LARGE_PAGE) - (uintptr_t)at;
    if (before) (void)munmap(at, before);
    if (spare - before) (void)munmap(at + before + bytes, spare - before);
    (void)madvise(at + before, bytes, MADV_HUGEPAGE); /* where there are none, it goes without */
    return at + before;
}

static void *take(struct pool *p, size_t bytes) {
    const size_t needed = rounded_up(bytes, POOL_ALIGN);
    if (needed < bytes || needed > SIZE_MAX / 2) return NULL;
    if (!p->last || p->last->bytes - p->used < needed) {
        size_t block = p->last ? LATER_BYTES : FIRST_BYTES;
        if (block < needed + POOL_ALIGN) block = rounded_up(needed + POOL_ALIGN, LARGE_PAGE);
        struct pool_block *new = new_pages(block);
        if (!new) return NULL;
        *new = (struct pool_block){p->last, block};
        p->last = new;
        p->used = POOL_ALIGN;
    }
    void *taken = (char *)p->last + p->used;
    p->used += needed;
    return taken;
}

void *pool_take(struct pool *p, size_t bytes) {
    while (atomic_flag_test_and_set_explicit(&p->busy, memory_order_acquire)) continue;
    void *taken = take(p, bytes);
    atomic_flag_clear_explicit(&p->busy, memory_order_release);
    return taken;
}

void pool_free(struct pool *p) {
    while (p->last) {
        struct pool_block *before = p->last->before;
        (void)munmap(p->last, p->last->bytes);
        p->last = before;
    }
    p->used = 0;
}

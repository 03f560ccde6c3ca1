/* Memory for tables that are looked up at random places: in large pages, where the system has them, so that finding a
 * place's page costs little.  It is given back all at once.
 *
 * Zeroed, and aligned to POOL_ALIGN.  For any number of threads at once, but for pool_free. */
#ifndef PARLEY_BASE_POOL_H
#define PARLEY_BASE_POOL_H

#include <stdatomic.h>
#include <stddef.h>

enum { POOL_ALIGN = 64 /* a line of a processor's cache */ };

struct pool_block;
struct pool { /* {0}: an empty one */
    struct pool_block *last;
    size_t used; /* of the last block */
    atomic_flag busy;
};
/* NULL: out of memory. */
void *pool_take(struct pool *p, size_t bytes);
/* Gives all of it back; the pool is empty and may be used again. */
void pool_free(struct pool *p);

#endif

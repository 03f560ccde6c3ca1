/* Bytes of a kind, sought 64 at a time by the widest instructions that the processor has.
 *
 * A mask has a bit for each byte of a block, that of the first one lowest.  All ways give the same masks, and none
 * reads a byte beyond the text. */
#ifndef PARLEY_BASE_SIFT_H
#define PARLEY_BASE_SIFT_H

#include "base/text.h"

enum { SIFT_BLOCK = 64, NEEDLE_SIZE = 3 };

/* How needles begin, as bits by the halves of each byte: a place may be the start of one where some bit stands in all
 * six.  There are places where that is so and none begins: who asks looks closer. {0}: no needles. */
struct needles_begin {
    uint8_t low[NEEDLE_SIZE][16], high[NEEDLE_SIZE][16];
};
/* `start` is NEEDLE_SIZE bytes or more; letters among the first of them stand for both cases. */
void needles_add(struct needles_begin *n, const char *start);

struct sift {
    const char *name;
    bool (*supported)(void);
    /* Which bytes are LF, 64 in each word of `out`, which has one for each block begun; returns whether any is NUL. */
    bool (*lines)(struct text t, uint64_t *out);
    /* Which of the first 64 bytes are one of two. */
    uint64_t (*either)(struct text t, char a, char b);
    /* At which of the first 64 bytes a needle may begin; behind the text stand zeros. */
    uint64_t (*needles)(const struct needles_begin *n, struct text t);
};
/* From the widest to that which all processors have. */
extern const struct sift sifts[];
extern const size_t sift_count;
/* The widest that is supported. */
const struct sift *sift_best(void);

/* The offset of the first byte that is one of two, or t.size. */
static inline size_t sift_find(const struct sift *s, struct text t, char a, char b) {
    for (size_t i = 0; i < t.size; i += SIFT_BLOCK) {
        uint64_t found = s->either(text_sub(t, i, t.size), a, b);
        if (found) return i + (size_t)__builtin_ctzll(found);
    }
    return t.size;
}

/* Places one after the other: struct sifted s = {.text = t, …}. */
struct sifted {
    struct text text;
    size_t next;   /* the block that comes next */
    uint64_t mask; /* what is left of the one before */
};
static inline bool sift_next_needle(const struct sift *s, const struct needles_begin *n, struct sifted *of,
                                    size_t *place) {
    while (!of->mask) {
        if (of->next >= of->text.size) return false;
        of->mask = s->needles(n, text_sub(of->text, of->next, of->text.size));
        of->next += SIFT_BLOCK;
    }
    *place = of->next - SIFT_BLOCK + (size_t)__builtin_ctzll(of->mask);
    of->mask &= of->mask - 1;
    return true;
}

#endif

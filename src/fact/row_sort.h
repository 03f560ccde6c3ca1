/* Within fact/: the rows of facts, put in the order of a sheet in pieces that fit in memory. */
#ifndef PARLEY_FACT_ROW_SORT_H
#define PARLEY_FACT_ROW_SORT_H

#include "fact/run.h"
#include "fact/spill.h"

static inline size_t row_bytes(const struct row_head *h) { return sizeof *h + (((size_t)h->size + 7) & ~(size_t)7); }
static inline struct text row_rest(const struct row_head *h) { return (struct text){(const char *)(h + 1), h->size}; }

static inline int row_compare(const struct row_head *a, const struct row_head *b) {
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    if (a->last != b->last) return a->last < b->last ? -1 : 1;
    return text_compare(row_rest(a), row_rest(b));
}

enum error row_sorter_add(struct row_sorter *s, const struct row_head *head, const char *rest, struct diag *d) MUST_USE;
/* Puts aside what is held. */
enum error row_sorter_end(struct row_sorter *s, struct diag *d) MUST_USE;

/* Without what was counted. */
struct fact fact_of_key(const struct run_key *key, int32_t port);
enum error fail_too_many_facts(struct diag *d);

#endif

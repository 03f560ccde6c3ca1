#include "cli/lists.h"

static void tell(void *state, struct text party, uint64_t done, uint64_t all) {
    progress_tell(state, _("reading what was said with %.*s: %llu of %llu entries"), TEXT_ARG(party),
                  (unsigned long long)done, (unsigned long long)all);
}

enum error cli_index_each(struct cli *c, struct desk *k,
                          enum error (*with)(struct index *x, void *state, bool *keep, struct diag *d), void *state,
                          size_t *count) {
    struct progress progress;
    progress_start(&progress, c);
    enum error result = index_each(k, (struct index_progress){tell, &progress}, with, state, count, &c->diag);
    progress_end(&progress);
    return result;
}

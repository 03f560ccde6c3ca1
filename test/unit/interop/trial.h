/* What a test of a format has beside its samples: what is read, what is written, and what was told of both. */
#ifndef PARLEY_TEST_TRIAL_H
#define PARLEY_TEST_TRIAL_H

#include "interop/case_format.h"

struct trial {
    struct arena arena;
    struct losses losses;
    struct buf out;
    struct reports got;
    struct diag diag;
};

static inline struct trial *trial_new(void) {
    struct trial *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->losses = losses_in(&t->arena);
    t->out.max = (size_t)256 << 20;
    return t;
}

static inline void trial_end(struct trial *t) {
    buf_free(&t->out);
    arena_free(&t->arena);
    free(t);
}

static inline bool trial_lost(const struct trial *t, enum loss_kind kind, const char *field) {
    for (size_t i = 0; i < t->losses.count; i++)
        if (t->losses.at[i].kind == kind && text_is(t->losses.at[i].field, field)) return true;
    return false;
}

#endif

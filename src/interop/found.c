#include "interop/found.h"

void found_start(struct found *f, struct arena *a) {
    *f = (struct found){.unfit = losses_in(a)};
    for (int i = 0; i < FINDING_COUNT; i++) f->by[i] = collect_in(a, &f->unfit);
}

void found_add(struct found *f, const struct fact *fact, enum finding_word word) {
    f->by[word].losses = &f->unfit; /* who has moved since */
    f->any = true;
    collect_fact(&f->by[word], fact, "fact");
}

/* Both are in the same order, and what is in `some` is in `all`. */
static void mark(struct sheet all, struct sheet some, enum finding_word word, struct finding *out, struct losses *l) {
    for (size_t i = 0, k = 0; i < all.count && k < some.count; i++) {
        if (!fact_same(&all.at[i], &some.at[k])) continue;
        k++;
        if (out[i].word == FINDING_COUNT)
            out[i].word = word;
        else
            losses_add(l, LOSS_DROPPED, "finding", text_of(finding_name(word)),
                       N_("another finding is said of the same fact"));
    }
}

enum error found_end(struct found *f, struct sheet s, struct losses *l, const struct finding **out, struct diag *d) {
    struct arena *a = f->unfit.arena;
    struct finding *list = f->any ? ARENA_ARRAY(a, struct finding, s.count) : NULL;
    enum error result = OK;
    for (size_t i = 0; list && i < s.count; i++)
        list[i] = (struct finding){.row = i,
                                   .word = FINDING_COUNT,
                                   .count = FINDING_NO_COUNT,
                                   .first_seen = INSTANT_NONE,
                                   .last_seen = INSTANT_NONE};
    for (int i = 0; list && i < FINDING_COUNT && !result; i++) {
        struct sheet some;
        result = collect_end(&f->by[i], &some, d);
        if (!result) mark(s, some, (enum finding_word)i, list, l);
    }
    if (!result) *out = list;
    return result;
}

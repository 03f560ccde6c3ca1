/* Homes in a folder of their own, for the tests of the desk's room. */
#ifndef PARLEY_TEST_UNIT_DESK_HOMES_H
#define PARLEY_TEST_UNIT_DESK_HOMES_H

#include "unit.h"

#include <stdio.h>

#include "desk/create.h"
#include "desk/own_card.h"

#define NOON ((instant)1772366400 * INSTANT_SECOND) /* 2026-03-01T12:00:00Z */

struct kit {
    char folder[64];
    struct arena arena;
    struct random random;
    struct diag diag;
    struct desk *desks[4];
    size_t count;
};

static inline void must(struct kit *k, enum error result) {
    if (result) fprintf(stderr, "%s: %s (%s)\n", error_name(result), k->diag.text, k->diag.where);
    assert_int_equal(result, OK);
}

static inline struct kit begin(const char *seed) {
    struct kit k = {.random = random_seeded(text_of(seed))};
    strcpy(k.folder, "parley-desk-XXXXXX");
    assert_non_null(mkdtemp(k.folder));
    return k;
}

static inline struct desk_wanted wanted(struct kit *k, const char *name, const char *party) {
    return (struct desk_wanted){.home = {.path = arena_format(&k->arena, "%s/%s", k->folder, name).at,
                                         .party = text_of(party),
                                         .department = TEXT("incident"),
                                         .officer = TEXT("a.officer"),
                                         .lang = TEXT("en")},
                                .title = TEXT("Incident response"),
                                .random = &k->random,
                                .now = NOON};
}

/* An open desk in a home without a passphrase; closed by end. */
static inline struct desk *open_home(struct kit *k, const char *name, const char *party) {
    struct desk_wanted w = wanted(k, name, party);
    struct desk_options o = {.home = w.home.path, .random = &k->random, .now = NOON};
    struct text root;
    must(k, desk_create(&w, &k->arena, &root, &k->diag));
    must(k, desk_open(&o, &k->desks[k->count], &k->diag));
    return k->desks[k->count++];
}

static inline void end(struct kit *k) {
    char command[128];
    for (size_t i = 0; i < k->count; i++) desk_close(k->desks[i]);
    snprintf(command, sizeof command, "rm -rf %s", k->folder);
    assert_int_equal(system(command), 0);
    arena_free(&k->arena);
}

#endif

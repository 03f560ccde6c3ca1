/* parley's own rules, for a group of tests: make_rules before it, drop_rules after it. */
#ifndef PARLEY_TEST_LINE_OWN_RULES_H
#define PARLEY_TEST_LINE_OWN_RULES_H

#include "line/rules.h"

static struct rules rules;
static struct arena arena;

static int make_rules(void **state) {
    (void)state;
    rules_add_own(&rules, &arena);
    return 0;
}

static int drop_rules(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#endif

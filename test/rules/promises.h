/* What must hold from one world of a course to the next, whoever tricks: one named check each. */
#ifndef PARLEY_TEST_RULES_PROMISES_H
#define PARLEY_TEST_RULES_PROMISES_H

#include "course.h"

struct passage {
    const struct course_world *world; /* after it */
    unsigned party;                   /* who made the entry, or entries, that are new */
    const struct matter_state *before, *after;
};

struct promise {
    const char *name;
    bool (*holds)(const struct passage *p);
};
extern const struct promise promises[];
extern const size_t promise_count;

#endif

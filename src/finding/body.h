/* Within finding/: the members of the bodies, by which they are written and read. */
#ifndef PARLEY_FINDING_BODY_H
#define PARLEY_FINDING_BODY_H

#include "finding/answer.h"

/* Words of facts that follow each other, one letter each. */
struct finding_run {
    uint64_t first_row;
    struct text words;
};

/* An answer as its body spells it. */
struct spelled_answer {
    struct text sheet, findings_sheet, territory_table, done, reason, own_number;
    struct member_list runs; /* of struct finding_run */
    struct member_list coverage;
};

extern const struct member_table answer_members, coverage_members, commit_members, reveal_members;

#endif

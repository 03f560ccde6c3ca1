/* What a check looked at, as a file: from `check` to the person who answers.
 *
 *     {"coverage":[{"from":"2026-03-01T00:00:00Z","source":"auth.log","until":"2026-03-02T00:00:00Z"}],"version":1}
 *
 * JSON with the members of an answer's coverage; people may change it.  Limits: COVERAGE_FILE_MAX_BYTES. */
#ifndef PARLEY_FINDING_COVERAGE_FILE_H
#define PARLEY_FINDING_COVERAGE_FILE_H

#include "finding/answer.h"

enum { COVERAGE_FILE_MAX_BYTES = 4 << 20 };

struct coverage_file {
    struct member_list coverage; /* of struct coverage */
    struct text territory_table; /* the SHA-256 of the table that `not-ours` rests on, hex; empty: none */
    uint64_t version;            /* the writer's */
};

/* What is read lives in the arena. */
enum error coverage_file_read(struct bytes b, struct arena *a, struct coverage_file *out, struct diag *d) MUST_USE;
enum error coverage_file_write(const struct coverage_file *f, struct buf *out, struct diag *d) MUST_USE;

#endif

/* Measuring ways of doing one piece of work against each other.
 *
 * Each way does the whole work once a round; the rounds of all ways are interleaved, so that a busy machine slows all
 * of them alike.  The first way is the measure: a limit of the machine, or what a user would pick instead.  Printed as
 * rows of a Markdown table: work, way, median time, amount a second, ratio of the times to the first way. */
#ifndef PARLEY_BENCH_BENCH_H
#define PARLEY_BENCH_BENCH_H

#include "base/text.h"

struct way {
    const char *name;
    void (*run)(void *state); /* does the whole work once */
};

enum { BENCH_WAYS_MAX = 8, BENCH_ROUNDS = 5 };

/* `amount` of `unit` (B, records, look-ups) is what one run does. */
void bench_compare(const char *work, double amount, const char *unit, const struct way *ways, size_t count,
                   void *state);

/* A result that the compiler must not leave out. */
void bench_keep(uint64_t value);
/* Ends the program with a sentence where `good` is false: a measurement of something broken is none. */
void bench_need(bool good, const char *what);

#endif

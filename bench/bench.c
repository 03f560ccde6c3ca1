#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b) {
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* 76.8 and "M" for 76,800,000. */
static const char *prefix_of(double *rate) {
    static const char *const prefixes[] = {"", "k", "M", "G"};
    size_t i = 0;
    while (*rate >= 1000 && i + 1 < COUNT(prefixes)) *rate /= 1000, i++;
    return prefixes[i];
}

void bench_compare(const char *work, double amount, const char *unit, const struct way *ways, size_t count,
                   void *state) {
    double took[BENCH_WAYS_MAX][BENCH_ROUNDS];
    for (size_t round = 0; round < BENCH_ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            double started = seconds_now();
            ways[i].run(state);
            took[i][round] = seconds_now() - started;
        }
    }
    double first = 0;
    for (size_t i = 0; i < count; i++) {
        qsort(took[i], BENCH_ROUNDS, sizeof took[i][0], by_size);
        double median = took[i][BENCH_ROUNDS / 2];
        if (!i) first = median;
        double rate = amount / median;
        const char *prefix = prefix_of(&rate);
        printf("| %s | %s | %.3f s | %.3g %s%s%s/s | %.2f |\n", work, ways[i].name, median, rate, prefix,
               *prefix && unit[1] ? " " : "", unit, median / first);
    }
    fflush(stdout);
}

static volatile uint64_t kept;

void bench_keep(uint64_t value) { kept = value; }

void bench_need(bool good, const char *what) {
    if (good) return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

/* script/sim: runs of the simulator, one a seed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shrink.h"
#include "world.h"

enum { PARTED = 8 }; /* so many parties have things to do at once */

struct wish {
    uint64_t from, to; /* seeds */
    double minutes;    /* of real time; 0: as long as it takes */
    bool shrinks, quiet;
    struct settings set; /* zero: drawn by the seed */
};

static uint64_t running; /* the seed, for whoever is killed by an assertion */

static void tell_seed(int number) {
    char words[64];
    int size = snprintf(words, sizeof words, "died with signal %d in seed %llu\n", number, (unsigned long long)running);
    if (write(2, words, (size_t)size) < 0) _exit(3);
    _exit(3);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Small worlds of every shape, unless told otherwise. */
static struct settings settings_of(const struct wish *w, uint64_t seed) {
    struct settings s = w->set;
    struct rng r = {seed ^ 0x5eed};
    s.seed = seed;
    unsigned parties = 2 + (unsigned)rng_below(&r, 3), minutes = 60 + 60 * (unsigned)rng_below(&r, 4),
             says = 4 + (unsigned)rng_below(&r, 8), faults = (unsigned)rng_below(&r, 24),
             fails = (unsigned)rng_below(&r, 3) * 40;
    if (!s.parties) s.parties = parties;
    if (!s.channels) s.channels = s.parties == 2 ? 1 : s.parties;
    if (!s.minutes) s.minutes = minutes;
    if (!s.says) s.says = says;
    if (s.faults == UINT32_MAX) s.faults = faults;
    if (s.call_fails == UINT32_MAX) s.call_fails = fails;
    if (s.liars == UINT32_MAX) s.liars = s.parties > 2 && rng_chance(&r, 400);
    if (s.restores == UINT32_MAX) s.restores = rng_chance(&r, 250);
    s.parts = s.parties >= PARTED && !s.liars && !s.restores;
    if (!s.threads) s.threads = 2;
    if (s.trace) s.threads = 1;
    return s;
}

static void add(struct counts *sum, const struct counts *more) {
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)more;
    for (size_t i = 0; i < sizeof *sum / sizeof *to; i++) to[i] += from[i];
}

static void report(const struct counts *c, uint64_t seeds, double took) {
    printf("%llu seeds: %llu events, %llu messages, %llu exchanges, %llu calls (%llu faulty), %llu crashes, "
           "%llu checks, %llu judgements, %llu states compared, %llu contradictions proved, %llu failovers, %llu "
           "successors, %.1f s\n",
           (unsigned long long)seeds, (unsigned long long)c->events, (unsigned long long)c->said,
           (unsigned long long)c->exchanges, (unsigned long long)c->calls, (unsigned long long)c->faults,
           (unsigned long long)c->crashes, (unsigned long long)c->checks, (unsigned long long)c->judged,
           (unsigned long long)c->folded, (unsigned long long)c->proofs, (unsigned long long)c->recovered,
           (unsigned long long)c->succeeded, took);
}

static int run_all(const struct wish *w) {
    struct counts sum = {0};
    double began = seconds();
    uint64_t seed = w->from;
    for (; seed <= w->to && (w->minutes <= 0 || seconds() - began < 60 * w->minutes); seed++) {
        struct settings set = settings_of(w, seed);
        struct counts counts;
        char violation[512];
        running = seed;
        run(&set, NULL, &counts, violation, NULL, NULL);
        add(&sum, &counts);
        if (!violation[0]) continue;
        printf("seed %llu: %s\n", (unsigned long long)seed, violation);
        if (w->shrinks) shrink(&set, violation);
        report(&sum, seed - w->from + 1, seconds() - began);
        return 1;
    }
    report(&sum, seed - w->from, seconds() - began);
    return 0;
}

static int usage(void) {
    fputs(
        "usage: sim [--seeds A-B | --seed S] [--minutes N] [--parties N] [--channels N] [--hours N] [--liars N]\n"
        "           [--says N] [--restores 0|1] [--faults N] [--call-fails N] [--trace] [--no-shrink] [--drop-syncs]\n",
        stderr);
    return 2;
}

static bool read_seeds(const char *value, struct wish *w) {
    char *end;
    w->from = w->to = strtoull(value, &end, 10);
    if (*end == '-') w->to = strtoull(end + 1, &end, 10);
    return !*end;
}

static bool read_number(const char *name, const char *value, struct wish *w) {
    const struct {
        const char *name;
        unsigned *to;
        unsigned times;
    } numbers[] = {{"--parties", &w->set.parties, 1},      {"--channels", &w->set.channels, 1},
                   {"--hours", &w->set.minutes, 60},       {"--says", &w->set.says, 1},
                   {"--liars", &w->set.liars, 1},          {"--restores", &w->set.restores, 1},
                   {"--threads", &w->set.threads, 1},      {"--faults", &w->set.faults, 1},
                   {"--call-fails", &w->set.call_fails, 1}};
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (!strcmp(name, numbers[i].name)) {
            *numbers[i].to = (unsigned)strtoul(value, NULL, 10) * numbers[i].times;
            return true;
        }
    return false;
}

static bool read_options(int count, char **words, struct wish *w) {
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "--trace"))
            w->set.trace = true;
        else if (!strcmp(words[i], "--no-shrink"))
            w->shrinks = false;
        else if (!strcmp(words[i], "--drop-syncs"))
            w->set.drops_syncs = true;
        else if (i + 1 == count)
            return false;
        else if (!strcmp(words[i], "--seeds") || !strcmp(words[i], "--seed")) {
            if (!read_seeds(words[++i], w)) return false;
        } else if (!strcmp(words[i], "--minutes"))
            w->minutes = strtod(words[++i], NULL);
        else if (!read_number(words[i], words[i + 1], w))
            return false;
        else
            i++;
    }
    return w->set.parties <= PARTIES_MAX && w->set.channels <= CHANNELS_MAX;
}

int main(int count, char **words) {
    struct wish w = {.from = 1, .to = UINT64_MAX - 1, .shrinks = true};
    w.set.faults = w.set.call_fails = w.set.liars = w.set.restores = UINT32_MAX;
    if (!read_options(count, words, &w)) return usage();
    if (w.minutes <= 0 && w.to == UINT64_MAX - 1) w.to = 100;
    if (w.set.trace) w.shrinks = false;
    signal(SIGABRT, tell_seed);
    signal(SIGSEGV, tell_seed);
    return run_all(&w);
}

/* Chance by a seed: splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).  The
 * same seed gives the same run, whatever machine it runs on. */
#ifndef PARLEY_SIM_RNG_H
#define PARLEY_SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *r) {
    uint64_t z = r->state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* A number below `n`, which is not 0. */
static inline uint64_t rng_below(struct rng *r, uint64_t n) { return rng_next(r) % n; }
/* True in `n` of 1000 cases. */
static inline bool rng_chance(struct rng *r, unsigned n) { return rng_below(r, 1000) < n; }

#endif

#include "record/cut.h"

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

size_t view_generations(const struct channel_view *v) { return larger(v->parties[0].count, v->parties[1].count); }

uint64_t view_held(const struct channel_view *v, unsigned party, size_t generation) {
    const struct party_view *p = &v->parties[party];
    return generation < p->count ? p->records[generation].count : 0;
}

/* Tested on the raw leaves before anything else: a `seen` beyond all that one holds is false, and so is any in an
 * entry in which nothing counts. */
bool view_seen_true(const struct channel_view *v, unsigned party, size_t generation, uint64_t index) {
    const struct leaf *leaf = &v->parties[party].records[generation].leaves[index];
    return leaf->seen.ok && !leaf->malformed && leaf->seen.size <= view_held(v, 1 - party, generation);
}

void cut_held(const struct channel_view *v, struct cut *cuts) {
    for (size_t g = 0; g < view_generations(v); g++) cuts[g] = (struct cut){{view_held(v, 0, g), view_held(v, 1, g)}};
}

static uint64_t largest_seen_by(const struct channel_view *v, unsigned party, size_t generation) {
    uint64_t largest = 0;
    for (uint64_t i = 0; i < view_held(v, party, generation); i++)
        if (view_seen_true(v, party, generation, i))
            largest = larger(largest, v->parties[party].records[generation].leaves[i].seen.size);
    return largest;
}

void cut_shared(const struct channel_view *v, struct cut *cuts) {
    size_t generations = view_generations(v);
    cut_held(v, cuts);
    for (size_t g = generations; g-- > 0;) {
        struct cut old = {{0, 0}}; /* before the cuts of this and the older generation become smaller */
        if (g + 1 < generations && !cut_follows(v, cuts, g + 1, &old)) old = (struct cut){{0, 0}};
        for (unsigned p = 0; p < 2; p++) cuts[g].of[p] = larger(old.of[p], largest_seen_by(v, 1 - p, g));
    }
}

/* How many entries of one record can be taken, beginning at `done`, before one has seen more of the other's. */
static uint64_t take_ready(const struct channel_view *v, unsigned party, size_t generation, uint64_t done, uint64_t end,
                           uint64_t theirs) {
    while (done < end && (!view_seen_true(v, party, generation, done) ||
                          v->parties[party].records[generation].leaves[done].seen.size <= theirs))
        done++;
    return done;
}

/* Entries are taken in an order in which each comes after all that it has truly seen; those that can't be taken have
 * seen something outside.  (Two entries that had seen each other would be left out: no two true roots allow that.) */
struct cut cut_reduce(const struct channel_view *v, size_t generation, struct cut cut) {
    struct cut done = {{0, 0}}, before;
    do {
        before = done;
        for (unsigned p = 0; p < 2; p++)
            done.of[p] = take_ready(v, p, generation, done.of[p], cut.of[p], done.of[1 - p]);
    } while (done.of[0] != before.of[0] || done.of[1] != before.of[1]);
    return done;
}

/* The size at which entry 0 of a successor follows that channel; false unless the line is there and verifies. */
static bool followed_size(const struct leaf *first, struct text channel, uint64_t *size) {
    for (size_t i = 0; i < first->follows_count; i++)
        if (first->follows[i].ok && text_equal(first->follows[i].channel, channel)) {
            *size = first->follows[i].size;
            return true;
        }
    return false;
}

/* "Each entry 0 carries the same two `follows` lines, one for each old record, or it does not count." */
bool cut_followed(const struct channel_view *v, size_t generation, struct cut *old) {
    for (unsigned p = 0; p < 2; p++) {
        const struct leaf *first = v->parties[p].records[generation].leaves;
        if (first->malformed || first->follows_count != 2) return false;
        struct cut given;
        for (unsigned q = 0; q < 2; q++)
            if (!followed_size(first, v->parties[q].records[generation - 1].channel, &given.of[q])) return false;
        if (p && (given.of[0] != old->of[0] || given.of[1] != old->of[1])) return false;
        *old = given;
    }
    return true;
}

bool cut_follows(const struct channel_view *v, const struct cut *cuts, size_t generation, struct cut *old) {
    struct cut given;
    if (!cuts[generation].of[0] || !cuts[generation].of[1]) return false;
    if (!cut_followed(v, generation, &given)) return false;
    for (unsigned p = 0; p < 2; p++)
        if (given.of[p] > cuts[generation - 1].of[p]) return false;
    struct cut closed = cut_reduce(v, generation - 1, given);
    if (closed.of[0] != given.of[0] || closed.of[1] != given.of[1]) return false;
    *old = given;
    return true;
}

/* rules-interleavings [--steps N] [--trick-steps N] [--whole] [--write EVERY [--skip N]]: every order in which the
 * messages of two parties may come about.
 *
 * Goes through all worlds that a course of N messages a side can reach: every order of the entries, and for each entry
 * everything that it may have seen.  --whole has the records travel, receipts get lost and nodes write at any time
 * besides.  Each world is looked at once, as both parties see it:
 *   - who holds more gives the same state, byte for byte, at the cut of both, in whatever order it read;
 *   - the state at a cut is the one that was computed there before more arrived;
 *   - the promises of promises.c hold from each world to the next;
 *   - when nobody has anything to say any more, the nodes fall silent, and all that counts is delivered.
 * Then the same with every trick, by either party, at each of the first M steps (--trick-steps).
 * --write checks nothing, and prints every so manieth world, from the Nth, as a vector of the rules, a line each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "promises.h"

enum { FAILURES_SHOWN = 10, ROUNDS_MAX = 6 };

struct options {
    uint64_t steps, trick_steps, every, skip; /* every 0: check, and write nothing */
    bool whole;
};

struct walk {
    const struct options *options;
    const struct play *play;
    struct map known; /* worlds that were met, by key */
    uint64_t worlds, passages, states, ends, failures;
};

/* A world, its state as one sees it who holds all, and that state as it is printed. */
struct look {
    const struct course_world *world;
    struct arena arena;
    struct matter_state state;
    struct buf json;
};

static void print_vector(const struct course_world *w) {
    struct buf vector = {.max = 1 << 24};
    course_write(w, &vector);
    ASSERT(!vector.failed);
    fwrite(vector.at, 1, vector.size, stdout);
    buf_free(&vector);
}

static void complain(struct walk *k, const struct course_world *w, const char *what) {
    if (k->failures++ >= FAILURES_SHOWN) return;
    printf("broken: %s\n    in “%s”, %s by %s at step %zu\n    ", what, k->play->course->name,
           trick_names[k->play->trick], k->play->party ? "South" : "North", k->play->at);
    print_vector(w);
}

static void keep(struct walk *k, bool holds, const struct course_world *w, const char *what) {
    if (!holds) complain(k, w, what);
}

static struct cut all_of(const struct course_world *w) { return (struct cut){{w->size[0], w->size[1]}}; }

static struct buf print_state(struct walk *k, const struct matter_state *s) {
    struct buf out = {.max = 1 << 24};
    matter_write_json(s, &out);
    ASSERT(!out.failed);
    k->states++;
    return out;
}

static bool prints(struct walk *k, const struct matter_state *s, const struct buf *expected) {
    struct buf found = print_state(k, s);
    bool same = text_equal(buf_as_text(&found), buf_as_text(expected));
    buf_free(&found);
    return same;
}

static void look_at(struct walk *k, const struct course_world *w, struct look *out) {
    *out = (struct look){.world = w};
    out->state = course_state(w, all_of(w), NULL, false, &out->arena);
    out->json = print_state(k, &out->state);
}

static void look_away(struct look *l) {
    buf_free(&l->json);
    arena_free(&l->arena);
}

/* What each of the two holds: its own record, and so much of theirs as has arrived. */
static struct cut view_of(const struct course_world *w, unsigned party) {
    struct cut held;
    held.of[party] = w->size[party];
    held.of[1 - party] = w->held[party];
    return held;
}

static struct cut smaller(struct cut a, struct cut b) {
    for (unsigned p = 0; p < 2; p++)
        if (b.of[p] < a.of[p]) a.of[p] = b.of[p];
    return a;
}

/* Both sides, same cut, same state. */
static void compare_sides(struct walk *k, const struct course_world *w) {
    struct arena a = {0};
    struct cut north = view_of(w, 0), south = view_of(w, 1), both = smaller(north, south);
    struct matter_state by_north = course_state(w, north, &both, false, &a);
    struct matter_state by_south = course_state(w, south, &both, true, &a);
    struct buf expected = print_state(k, &by_north);
    keep(k, prints(k, &by_south, &expected), w, "both sides compute the same state at the same cut");
    buf_free(&expected);
    arena_free(&a);
}

/* From one world to the next, in which `party` has said more. */
static void compare_looks(struct walk *k, const struct look *before, const struct look *after, unsigned party) {
    struct arena a = {0};
    struct cut old = all_of(before->world);
    struct matter_state still = course_state(after->world, all_of(after->world), &old, true, &a);
    struct passage passage = {after->world, party, &before->state, &after->state};
    keep(k, prints(k, &still, &before->json), after->world, "a state at a cut stays as it is, whatever comes later");
    for (size_t i = 0; i < promise_count; i++) keep(k, promises[i].holds(&passage), after->world, promises[i].name);
    k->passages++;
    arena_free(&a);
}

static bool all_delivered(const struct matter_state *s) {
    for (size_t i = 0; i < s->message_count; i++)
        if (!s->messages[i].why && s->messages[i].delivered == INSTANT_NONE) return false;
    return true;
}

/* One round in which each node does what there is to do; false: there is nothing. */
static bool round_of_nodes(struct course_world *w) {
    struct course_world next;
    bool moved = false;
    for (unsigned i = 0; i < 4; i++) {
        unsigned party = i % 2;
        bool moves = i < 2 ? course_arrive(w, party, w->size[1 - party], false, &next) : course_note(w, party, &next);
        if (moves) *w = next;
        moved |= moves;
    }
    return moved;
}

/* Nobody says more: the nodes exchange until nothing is left to do. */
static void come_to_rest(struct walk *k, const struct course_world *w) {
    struct arena a = {0};
    struct course_world rest = *w;
    size_t rounds = 0;
    while (rounds < ROUNDS_MAX && round_of_nodes(&rest)) rounds++;
    keep(k, rounds < ROUNDS_MAX, &rest, "two nodes with nothing to say fall silent");
    struct matter_state s = course_state(&rest, all_of(&rest), NULL, false, &a);
    keep(k, k->play->trick != TRICK_NONE || all_delivered(&s), &rest, "at rest all is delivered");
    k->ends++;
    arena_free(&a);
}

static bool first_time(struct walk *k, const struct course_world *w) {
    struct sha256 key = course_key(w);
    struct text name = arena_text(k->known.arena, text_from_bytes(sha256_bytes(&key)));
    if (map_has(&k->known, name)) return false;
    map_put(&k->known, name);
    return true;
}

static void go(struct walk *k, const struct look *at);

/* On from a world that was reached by something that `party` wrote, or by nothing that anybody wrote. */
static void go_on(struct walk *k, const struct look *from, const struct course_world *w, unsigned party) {
    struct look next;
    if (!first_time(k, w)) return;
    k->worlds++;
    if (k->options->every) {
        if (k->worlds % k->options->every == k->options->skip) print_vector(w);
        if (ferror(stdout)) return; /* enough was read */
        go(k, &(struct look){.world = w});
        return;
    }
    look_at(k, w, &next);
    compare_sides(k, w);
    if (!text_equal(buf_as_text(&next.json), buf_as_text(&from->json))) compare_looks(k, from, &next, party);
    go(k, &next);
    look_away(&next);
}

/* What is said next has seen any number of the entries that it may have seen. */
static bool go_saying(struct walk *k, const struct look *at, unsigned party) {
    const struct course_world *w = at->world;
    struct course_world held, next;
    bool said = false;
    for (uint64_t seen = w->held[party]; seen <= w->size[1 - party]; seen++) {
        bool arrives = course_arrive(w, party, seen, false, &held);
        if (!course_say(arrives ? &held : w, party, &next)) continue;
        said = true;
        go_on(k, at, &next, party);
    }
    return said;
}

static void go_otherwise(struct walk *k, const struct look *at, unsigned party) {
    const struct course_world *w = at->world;
    struct course_world next;
    for (unsigned lost = 0; lost < 2; lost++)
        if (course_arrive(w, party, w->size[1 - party], lost, &next)) go_on(k, at, &next, party);
    if (course_note(w, party, &next)) go_on(k, at, &next, party);
}

static void go(struct walk *k, const struct look *at) {
    bool said = false;
    for (unsigned party = 0; party < 2; party++) {
        said |= go_saying(k, at, party);
        if (k->options->whole) go_otherwise(k, at, party);
    }
    if (!said && !k->options->every) come_to_rest(k, at->world);
}

static void play(struct walk *k, struct play p) {
    struct arena a = {0};
    struct course_world w;
    struct look begin;
    p.arena = &a;
    k->play = &p;
    k->known = (struct map){.arena = &a};
    course_begin(&p, &w);
    look_at(k, &w, &begin);
    go(k, &begin);
    look_away(&begin);
    arena_free(&a);
}

/* A trick before the first step would have nothing to be made of. */
static void play_tricks(struct walk *k, const struct course *c) {
    for (enum trick t = TRICK_NONE + 1; t < TRICK_COUNT; t++)
        for (unsigned party = 0; party < 2; party++)
            for (size_t at = t >= TRICK_REPLAY && t <= TRICK_UNREADABLE ? 1 : 0; at < k->options->trick_steps; at++) {
                play(k, (struct play){c, t, party, at, k->options->trick_steps, NULL});
                if (t > TRICK_UNREADABLE) break; /* it is of all steps */
            }
}

static bool read_options(struct options *o, int argc, char **argv) {
    const struct {
        const char *name;
        uint64_t *value;
    } numbers[] = {
        {"--steps", &o->steps}, {"--trick-steps", &o->trick_steps}, {"--write", &o->every}, {"--skip", &o->skip}};
    for (int i = 1; i < argc; i++) {
        size_t n = 0;
        while (n < COUNT(numbers) && strcmp(argv[i], numbers[n].name)) n++;
        if (!strcmp(argv[i], "--whole"))
            o->whole = true;
        else if (n == COUNT(numbers) || ++i == argc || !text_u64(text_of(argv[i]), numbers[n].value))
            return false;
    }
    return o->steps <= COURSE_STEPS_MAX && o->trick_steps <= COURSE_STEPS_MAX;
}

int main(int argc, char **argv) {
    struct options options = {.steps = 3, .trick_steps = 2};
    struct walk k = {.options = &options};
    if (!read_options(&options, argc, argv)) {
        fputs("usage: rules-interleavings [--steps N] [--trick-steps N] [--whole] [--write EVERY [--skip N]]\n",
              stderr);
        return 2;
    }
    for (size_t c = 0; c < course_count; c++) {
        play(&k, (struct play){&courses[c], TRICK_NONE, 0, 0, options.steps, NULL});
        if (options.trick_steps) play_tricks(&k, &courses[c]);
    }
    if (!options.every)
        printf(
            "%zu interleavings of %zu courses came to their end, through %zu worlds; %zu states compared, %zu promises "
            "looked at %zu times each, %zu broken\n",
            (size_t)k.ends, course_count, (size_t)k.worlds, (size_t)k.states, promise_count, (size_t)k.passages,
            (size_t)k.failures);
    return k.failures || fflush(stdout) ? 1 : 0;
}

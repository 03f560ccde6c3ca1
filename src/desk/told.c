#include "desk/told.h"

struct telling {
    struct told of;
    size_t next;
};

static const struct entry_verdict *next_entry(const struct telling *t) { return t->of.at[t->next]->entry; }

/* Whether all that the next message of `t` has seen of the other's is told already. */
static bool may_come(const struct telling *t, const struct telling *other) {
    return other->next == other->of.count || next_entry(other)->position >= next_entry(t)->seen;
}

static bool comes_first(const struct telling *t, const struct telling *other) {
    if (t->next == t->of.count || other->next == other->of.count) return other->next == other->of.count;
    if (may_come(t, other) != may_come(other, t)) return may_come(t, other);
    return next_entry(t)->leaf->time <= next_entry(other)->leaf->time;
}

struct told told_together(struct told first, struct told second, struct arena *a) {
    struct telling of[2] = {{first, 0}, {second, 0}};
    struct told all = {.at = ARENA_ARRAY(a, const struct message_verdict *, first.count + second.count + 1)};
    while (all.count < first.count + second.count) {
        struct telling *t = comes_first(&of[0], &of[1]) ? &of[0] : &of[1];
        all.at[all.count++] = t->of.at[t->next++];
    }
    return all;
}

static struct told of_party(struct talk *t, const struct said_by *said, uint64_t kinds) {
    struct told one = {.at = ARENA_ARRAY(&t->arena, const struct message_verdict *, said->count + 1)};
    for (size_t i = 0; i < said->count; i++)
        if (kinds & FRAME_KIND(said->at[i]->kind)) one.at[one.count++] = said->at[i];
    return one;
}

struct told told_of(struct talk *t, const struct matter *m, uint64_t kinds) {
    return told_together(of_party(t, &m->said[0], kinds), of_party(t, &m->said[1], kinds), &t->arena);
}

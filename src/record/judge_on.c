/* From what is known of a channel's entries to the verdicts on the next ones. */
#include "record/judge_on.h"

#include "base/map.h"
#include "record/judge_parts.h"

/* By the raw leaves alone, as view_seen_true. */
static bool seen_true(const struct judging *j, unsigned party, uint64_t place) {
    const struct leaf *leaf = &j->leaves[party].at[place];
    return leaf->seen.ok && !leaf->malformed && leaf->seen.size <= j->leaves[1 - party].held;
}

static bool is_ready(const struct judging *j, unsigned party, uint64_t place, uint64_t theirs) {
    return !seen_true(j, party, place) || j->leaves[party].at[place].seen.size <= theirs;
}

/* As cut_reduce: entries in an order in which each comes after all that it has truly seen. */
static void reduce(const struct judging *j, uint64_t taken[2]) {
    uint64_t before;
    taken[0] = taken[1] = 0;
    do {
        before = taken[0] + taken[1];
        for (unsigned p = 0; p < 2; p++) {
            const struct more_leaves *leaves = &j->leaves[p];
            uint64_t theirs = j->before[1 - p].done + taken[1 - p];
            while (taken[p] < leaves->count && j->before[p].done + taken[p] < leaves->end &&
                   is_ready(j, p, taken[p], theirs))
                taken[p]++;
        }
    } while (taken[0] + taken[1] > before);
}

static struct entry_chain lay_chain(const struct judging *j, unsigned party, uint64_t count, struct arena *a) {
    const struct judged_side *side = &j->before[party];
    struct entry_chain chain = {.entries = ARENA_ARRAY(a, struct entry_verdict, count),
                                .count = count,
                                .places = ARENA_ARRAY(a, struct generation_place, j->generation + 1)};
    chain.places[j->generation].offset = side->offset;
    for (uint64_t i = 0; i < count; i++) {
        const struct leaf *leaf = &j->leaves[party].at[i];
        chain.entries[i] = (struct entry_verdict){.leaf = leaf,
                                                  .party = party,
                                                  .generation = j->generation,
                                                  .index = side->done + i,
                                                  .position = side->offset + side->done + i,
                                                  .void_for = leaf->malformed ? VOID_MALFORMED : VOID_NONE};
    }
    return chain;
}

static void judge_seen(const struct judging *j, unsigned party, struct entry_chain *chain, struct arena *a) {
    uint64_t largest = j->before[party].seen;
    for (uint64_t i = 0; i < chain->count; i++) {
        struct entry_verdict *e = &chain->entries[i];
        uint64_t seen = j->before[1 - party].offset;
        if (seen_true(j, party, i))
            seen += e->leaf->seen.size;
        else if (!e->void_for)
            entry_add_line(e, VOID_SEEN_FALSE, a);
        if (seen > largest) largest = seen;
        e->seen = largest;
    }
}

struct attachments {
    const struct judging *judging;
    unsigned party;
    struct map new;
};

static bool is_attached(void *state, struct text name) {
    const struct attachments *at = state;
    return map_has(&at->new, name) || at->judging->attached(at->judging->state, at->party, name);
}

static void judge_erasures(const struct judging *j, unsigned party, struct entry_chain *chain, struct arena *a) {
    struct attachments at = {.judging = j, .party = party, .new = {.arena = a}};
    for (uint64_t i = 0; i < chain->count; i++) {
        struct entry_verdict *e = &chain->entries[i];
        judge_erase(e, is_attached, &at, a);
        for (size_t n = 0; n < e->leaf->attachments.count && !e->void_for; n++)
            map_put(&at.new, e->leaf->attachments.at[n]);
    }
}

/* ---- cards, and the keys that they drop */

static void drop_key(struct judged_more *more, size_t *room, struct dropped_key k, struct arena *a) {
    more->dropped = arena_grow(a, more->dropped, more->dropped_count, room, sizeof k);
    more->dropped[more->dropped_count++] = k;
}

static const struct card *card_before(const struct judged_side *side) {
    return side->card_count ? side->cards[side->card_count - 1].card : NULL;
}

static void judge_cards(const struct judging *j, unsigned party, struct entry_chain *chain, struct arena *a) {
    const struct card *force = card_before(&j->before[party]);
    for (uint64_t i = 0; i < chain->count; i++) force = judge_card(&chain->entries[i], force, a);
}

static void find_dropped(const struct judging *j, unsigned party, struct judged_more *more, size_t *room,
                         struct arena *a) {
    const struct card *before = card_before(&j->before[party]);
    for (uint64_t i = 0; i < more->chains[party].count; i++) {
        const struct entry_verdict *e = &more->chains[party].entries[i];
        for (size_t k = 0; e->card_takes_effect && before && k < before->mirrors.count; k++)
            if (!names_have(e->card_after->mirrors, before->mirrors.at[k]))
                drop_key(more, room, (struct dropped_key){party, before->mirrors.at[k], e->seen}, a);
        before = e->card_after;
    }
}

/* All entries with a card that took effect, old and new: what receipts are judged by. */
static struct entry_chain with_cards(const struct judged_side *side, const struct entry_chain *new, struct arena *a) {
    struct entry_chain chain = {.entries = ARENA_ARRAY(a, struct entry_verdict, side->card_count + new->count)};
    for (size_t i = 0; i < side->card_count; i++)
        chain.entries[chain.count++] = (struct entry_verdict){.position = side->cards[i].position,
                                                              .seen = side->cards[i].seen,
                                                              .card_after = side->cards[i].card,
                                                              .card_takes_effect = true};
    for (uint64_t i = 0; i < new->count; i++)
        if (new->entries[i].card_takes_effect) chain.entries[chain.count++] = new->entries[i];
    return chain;
}

void judge_on(const struct judging *j, struct arena *a, struct judged_more *out) {
    struct judged_more more = {0};
    uint64_t taken[2];
    size_t room = 0;
    reduce(j, taken);
    for (unsigned p = 0; p < 2; p++) {
        more.chains[p] = lay_chain(j, p, taken[p], a);
        judge_cards(j, p, &more.chains[p], a);
        judge_seen(j, p, &more.chains[p], a);
        find_dropped(j, p, &more, &room, a);
        judge_erasures(j, p, &more.chains[p], a);
    }
    for (unsigned p = 0; p < 2; p++) {
        struct entry_chain cards = with_cards(&j->before[1 - p], &more.chains[1 - p], a);
        judge_receipts(&more.chains[p], &cards, a);
    }
    *out = more;
}

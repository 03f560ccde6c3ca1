/* Entries: from leaves and a cut to what each entry is worth.  Messages are judged by matter/. */
#include "record/judge.h"

#include "base/map.h"
#include "record/channel.h"
#include "record/judge_parts.h"

/* "A channel name is `<from>/to/<to>/<n>`, drills `<from>/to/<to>/drill/<n>`"; a drill and a real record are no
 * channel. */
static enum error read_names(const struct channel_view *v, bool *drill, struct diag *d) {
    const struct record_view *first = NULL;
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < v->parties[p].count; g++) {
            const struct record_view *record = &v->parties[p].records[g];
            struct channel_name name;
            enum error e = channel_name_read(record->channel, &name, d);
            if (e) return e;
            if (!text_equal(name.from, v->parties[p].party) || !text_equal(name.to, v->parties[1 - p].party))
                return fail(d, ERR_INPUT, _("expected a channel from %.*s to %.*s, found %.*s"),
                            TEXT_ARG(v->parties[p].party), TEXT_ARG(v->parties[1 - p].party),
                            TEXT_ARG(record->channel));
            if (first && *drill != name.drill)
                return fail(d, ERR_INPUT, _("expected a pair of records, found a drill and a real one: %.*s and %.*s"),
                            TEXT_ARG(first->channel), TEXT_ARG(record->channel));
            *drill = name.drill;
            first = record;
        }
    return OK;
}

/* ---- cuts and places */

static struct cut smaller_cut(struct cut a, struct cut b) {
    for (unsigned p = 0; p < 2; p++)
        if (b.of[p] < a.of[p]) a.of[p] = b.of[p];
    return a;
}

/* Reduces each generation by itself, then finds how much of it is judged: what its successors follow, where they do.
 * "Until then the old records stand": from the first successors that do not, `*alive` counts generations. */
static void settle_cuts(struct channel_verdict *c, const struct cut *given, struct cut *used, size_t *alive) {
    cut_held(c->view, c->cuts);
    for (size_t g = 0; g < c->generations; g++) {
        if (given) c->cuts[g] = smaller_cut(c->cuts[g], given[g]);
        used[g] = c->cuts[g] = cut_reduce(c->view, g, c->cuts[g]);
    }
    *alive = c->generations ? 1 : 0;
    while (*alive < c->generations && cut_follows(c->view, c->cuts, *alive, &used[*alive - 1])) ++*alive;
    for (size_t g = *alive; g < c->generations; g++) used[g] = (struct cut){{0, 0}};
}

static void place_entry(const struct channel_view *v, struct entry_verdict *e, unsigned party, size_t generation,
                        uint64_t index) {
    *e = (struct entry_verdict){.leaf = &v->parties[party].records[generation].leaves[index],
                                .party = party,
                                .generation = generation,
                                .index = index,
                                .position = POSITION_NONE};
}

/* The judged entries of one party, in order over its record and the successors that count. */
static void lay_chain(struct channel_verdict *c, unsigned party, const struct cut *used, struct arena *a) {
    struct entry_chain *chain = &c->chains[party];
    chain->places = ARENA_ARRAY(a, struct generation_place, c->generations);
    for (size_t g = 0; g < c->generations; g++) {
        chain->places[g] = (struct generation_place){.offset = chain->count, .used = used[g].of[party]};
        chain->count += used[g].of[party];
    }
    chain->entries = ARENA_ARRAY(a, struct entry_verdict, chain->count);
    for (size_t g = 0; g < c->generations; g++)
        for (uint64_t i = 0; i < chain->places[g].used; i++) {
            struct entry_verdict *e = &chain->entries[chain->places[g].offset + i];
            place_entry(c->view, e, party, g, i);
            e->position = chain->places[g].offset + i;
            if (e->leaf->malformed) e->void_for = VOID_MALFORMED;
        }
}

/* Entries inside the cut that nothing is said by: after `follows`, or in a successor that does not count. */
static void lay_outside(struct channel_verdict *c, size_t alive, struct arena *a) {
    uint64_t count = 0;
    for (size_t g = 0; g < c->generations; g++)
        for (unsigned p = 0; p < 2; p++) count += c->cuts[g].of[p] - c->chains[p].places[g].used;
    c->outside = ARENA_ARRAY(a, struct entry_verdict, count);
    for (size_t g = 0; g < c->generations; g++)
        for (unsigned p = 0; p < 2; p++) {
            struct generation_place *place = &c->chains[p].places[g];
            place->outside = c->outside + c->outside_count;
            for (uint64_t i = place->used; i < c->cuts[g].of[p]; i++) {
                struct entry_verdict *e = &c->outside[c->outside_count++];
                place_entry(c->view, e, p, g, i);
                e->void_for = g < alive ? VOID_AFTER_FOLLOWS : VOID_SUCCESSOR;
            }
        }
}

/* ---- lines */

void entry_add_line(struct entry_verdict *e, enum void_reason r, struct arena *a) {
    e->lines = arena_grow(a, e->lines, e->line_count, &e->line_room, sizeof *e->lines);
    e->lines[e->line_count++] = r;
}

/* "Only serial + 1 over the card in force takes effect."  Entry 0 may carry any serial; a successor's carries the card
 * in force at `follows` or a later serial. */
static bool card_fits(const struct entry_verdict *e, const struct card *force) {
    const struct card *new = e->leaf->card;
    if (e->index == 0) return !force || text_equal(new->id, force->id) || new->serial > force->serial;
    return force && force->serial != UINT64_MAX && new->serial == force->serial + 1 &&
           text_equal(new->previous, force->id);
}

static enum void_reason why_card_not(const struct entry_verdict *e, const struct card *force) {
    if (e->leaf->has_message || e->leaf->attachments.count) return VOID_CARD_NOT_ALONE;
    if (!e->leaf->card_ok || !e->leaf->blob_ok) return VOID_CARD_NOT_VERIFIED;
    return card_fits(e, force) ? VOID_NONE : VOID_CARD_NOT_NEXT;
}

/* "Entry i of A's record is judged by the last effective card in A's entries 0 to i - 1 (entry 0 by its own)." */
const struct card *judge_card(struct entry_verdict *e, const struct card *force, struct arena *a) {
    e->card = force;
    if (e->leaf->card && !e->void_for) {
        enum void_reason why = why_card_not(e, force);
        if (why)
            entry_add_line(e, why, a);
        else
            force = e->leaf->card;
        e->card_takes_effect = !why;
    }
    if (e->index == 0) e->card = force;
    e->card_after = force;
    return force;
}

static void judge_cards(struct entry_chain *chain, struct arena *a) {
    const struct card *force = NULL;
    for (uint64_t i = 0; i < chain->count; i++) force = judge_card(&chain->entries[i], force, a);
}

/* "The effective `seen` is the largest true one so far"; all that a successor follows counts as seen by its entry 0.
 * A false one is told as a contradiction and takes nothing from the message beside it. */
static void judge_seen(struct channel_verdict *c, unsigned party, size_t *room, struct arena *a) {
    uint64_t largest = 0;
    for (uint64_t i = 0; i < c->chains[party].count; i++) {
        struct entry_verdict *e = &c->chains[party].entries[i];
        uint64_t seen = c->chains[1 - party].places[e->generation].offset;
        if (view_seen_true(c->view, party, e->generation, e->index)) {
            seen += e->leaf->seen.size;
        } else if (!e->void_for) {
            entry_add_line(e, VOID_SEEN_FALSE, a);
            c->contradictions =
                arena_grow(a, c->contradictions, c->contradiction_count, room, sizeof(struct entry_verdict *));
            c->contradictions[c->contradiction_count++] = e;
        }
        if (seen > largest) largest = seen;
        e->seen = largest;
    }
}

/* "erase <sha256> (an attachment of an earlier entry of one's own, deleted)": so a card can't be erased. */
void judge_erase(struct entry_verdict *e, bool (*attached)(void *state, struct text name), void *state,
                 struct arena *a) {
    const struct names *erase = &e->leaf->erase;
    if (e->void_for || !erase->count) return;
    e->erased = ARENA_ARRAY(a, struct text, erase->count);
    for (size_t n = 0; n < erase->count; n++)
        if (attached(state, erase->at[n]))
            e->erased[e->erased_count++] = erase->at[n];
        else
            entry_add_line(e, VOID_ERASE_NOTHING, a);
}

static bool is_in_map(void *state, struct text name) { return map_has(state, name); }

static void judge_erasures(struct entry_chain *chain, struct arena *a) {
    struct map attachments = {.arena = a};
    for (uint64_t i = 0; i < chain->count; i++) {
        struct entry_verdict *e = &chain->entries[i];
        judge_erase(e, is_in_map, &attachments, a);
        for (size_t n = 0; n < e->leaf->attachments.count && !e->void_for; n++)
            map_put(&attachments, e->leaf->attachments.at[n]);
    }
}

/* ---- all of it */

enum error channel_judge(const struct channel_view *v, const struct cut *cuts, struct arena *a,
                         struct channel_verdict *out, struct diag *d) {
    struct channel_verdict c = {.view = v, .generations = view_generations(v)};
    enum error e = read_names(v, &c.drill, d);
    if (e) return e;
    c.cuts = ARENA_ARRAY(a, struct cut, c.generations);
    struct cut *used = ARENA_ARRAY(a, struct cut, c.generations);
    size_t alive, room = 0;
    settle_cuts(&c, cuts, used, &alive);
    for (unsigned p = 0; p < 2; p++) lay_chain(&c, p, used, a);
    lay_outside(&c, alive, a);
    for (unsigned p = 0; p < 2; p++) {
        judge_cards(&c.chains[p], a);
        judge_seen(&c, p, &room, a);
        judge_erasures(&c.chains[p], a);
    }
    for (unsigned p = 0; p < 2; p++) judge_receipts(&c.chains[p], &c.chains[1 - p], a);
    *out = c;
    return OK;
}

struct entry_verdict *channel_entry(const struct channel_verdict *c, unsigned party, size_t generation,
                                    uint64_t index) {
    if (generation >= c->generations || index >= c->cuts[generation].of[party]) return NULL;
    const struct generation_place *place = &c->chains[party].places[generation];
    if (index < place->used) return &c->chains[party].entries[place->offset + index];
    return &place->outside[index - place->used];
}

struct text entry_channel(const struct channel_verdict *c, const struct entry_verdict *e) {
    return c->view->parties[e->party].records[e->generation].channel;
}

uint64_t entry_seen_size(const struct channel_verdict *c, const struct entry_verdict *e) {
    uint64_t offset = c->chains[1 - e->party].places[e->generation].offset;
    return e->seen > offset ? e->seen - offset : 0;
}

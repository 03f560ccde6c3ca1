/* Two parties that say anything, for the property tests and for the fuzz target of the rules.
 *
 * Every choice is one throw of a die, which rolls by a seed or by bytes that someone else chose.  What no two true
 * roots allow does not come up: two entries that have seen each other, or a true `seen` beyond the record. */
#ifndef PARLEY_TEST_MATTER_WORLD_H
#define PARLEY_TEST_MATTER_WORLD_H

#include "base/arena.h"
#include "matter/matter.h"

enum { WORLD_ENTRIES_MAX = 400 }; /* a party */

struct die {
    uint64_t seed;
    struct bytes bytes; /* taken first to last, then zeros; NULL: by the seed */
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t die_bits(struct die *d) {
    uint64_t z = d->seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static inline size_t throw(struct die * d, size_t sides) {
    struct bytes one;
    if (!d->bytes.at) return (size_t)(die_bits(d) % sides);
    return bytes_take(&d->bytes, 1, &one) ? one.at[0] % sides : 0;
}

struct world {
    struct arena *arena;
    struct die die;
    struct leaf leaves[2][WORLD_ENTRIES_MAX];
    struct statement statements[2 * WORLD_ENTRIES_MAX];
    size_t statement_count, step;
    struct card cards[2]; /* in force, as an honest reader sees it */
    struct record_view records[2];
    struct channel_view view;
};

static const char *const world_parties[2] = {"cert.north.example", "cert.south.example"};

static inline struct names world_names(struct world *w, size_t count, const struct text *names) {
    struct text *at = ARENA_ARRAY(w->arena, struct text, count);
    for (size_t i = 0; i < count; i++) at[i] = names[i];
    return (struct names){at, count};
}

static inline struct text world_key(struct world *w, unsigned party, const char *what, size_t n) {
    return arena_format(w->arena, "%s/%s/%zu", world_parties[party], what, n);
}

static inline struct officer *world_officers(struct world *w, unsigned party) {
    struct officer *officers = ARENA_ARRAY(w->arena, struct officer, 2);
    const struct text roles[] = {TEXT("officer"), TEXT("lead")};
    for (size_t i = 0; i < 2; i++)
        officers[i] = (struct officer){.name = roles[i],
                                       .department = TEXT("incident"),
                                       .key = world_key(w, party, "officer", i),
                                       .roles = world_names(w, i + 1, roles)};
    return officers;
}

/* The next card of a party: another mirror key now and then, clearance asked for now and then. */
static inline const struct card *world_card(struct world *w, unsigned party, bool first) {
    struct card *card = ARENA_NEW(w->arena, struct card), *force = &w->cards[party];
    const struct text mirrors[] = {world_key(w, party, "mirror", throw(&w->die, 2))};
    const struct text kinds[] = {text_of(kind_rules[throw(&w->die, KIND_COUNT)].name)}, roles[] = {TEXT("lead")};
    *card = (struct card){.id = world_key(w, party, "card", w->step),
                          .serial = first ? 0 : force->serial + 1,
                          .previous = force->id,
                          .mirrors = world_names(w, 1, mirrors),
                          .officers = world_officers(w, party),
                          .officer_count = 2};
    if (throw(&w->die, 4) == 3) {
        card->clearances = ARENA_NEW(w->arena, struct clearance);
        card->clearances[0] = (struct clearance){world_names(w, 1, kinds), TLP_AMBER, 1, world_names(w, 1, roles)};
        card->clearance_count = 1;
    }
    *force = *card;
    return card;
}

static inline struct text world_named(struct world *w, const char *what, size_t sides) {
    return arena_format(w->arena, "%s-%zu", what, throw(&w->die, sides));
}

static inline struct meaning world_meaning(struct world *w, unsigned party) {
    struct meaning m = MEANING_EMPTY;
    struct row_finding *findings = ARENA_ARRAY(w->arena, struct row_finding, 2);
    for (size_t i = 0; i < 2; i++)
        findings[i] = (struct row_finding){throw(&w->die, 3), (enum finding_word) throw(&w->die, FINDING_COUNT)};
    m.sheet = world_named(w, "sheet", 2);
    m.rows = throw(&w->die, 3);
    m.findings = findings;
    m.finding_count = throw(&w->die, 3);
    m.text = world_named(w, "text", 2);
    m.supersedes = world_named(w, "text", 2);
    m.reply = (enum reply_word) throw(&w->die, 4);
    if (w->statement_count) m.to = w->statements[throw(&w->die, w->statement_count)].head->id;
    m.terms = (struct terms){throw(&w->die, 2) == 0, 3, 1};
    if (throw(&w->die, 4) == 3) m.until = (instant)(w->step + throw(&w->die, 4)) * INSTANT_HOUR;
    m.entry = throw(&w->die, w->records[1 - party].count + 1);
    if (throw(&w->die, 8) == 7) m.consent = (enum tlp) throw(&w->die, TLP_COUNT);
    return m;
}

static inline const struct head *world_head(struct world *w, unsigned party, uint64_t seen, enum kind kind) {
    struct head *head = ARENA_NEW(w->arena, struct head);
    const struct kind_rule *rule = &kind_rules[kind];
    unsigned opener = rule->sender == OPENER     ? party
                      : rule->sender == ANSWERER ? 1 - party
                                                 : (unsigned) throw(&w->die, 2);
    *head = (struct head){.record = w->records[party].origin,
                          .id = world_key(w, party, "id", w->step),
                          .own = w->records[party].count,
                          .read = throw(&w->die, 8) ? seen : throw(&w->die, seen + 2),
                          .kind = text_of(rule->name),
                          .from = arena_format(w->arena, "%s/incident", world_parties[party]),
                          .by = TEXT("officer"),
                          .to = text_of(world_parties[1 - party])};
    if (rule->belongs) head->matter = world_key(w, opener, "case", throw(&w->die, 2));
    if (rule->opens || !throw(&w->die, 8)) head->tlp = text_of(tlp_name((enum tlp) throw(&w->die, TLP_COUNT)));
    return head;
}

/* A new message, or one of the party's own over again. */
static inline void world_say(struct world *w, unsigned party, const struct leaf *leaf) {
    struct statement *s = &w->statements[w->statement_count], *old;
    old = w->statement_count ? &w->statements[throw(&w->die, w->statement_count)] : NULL;
    if (old && old->party == party && throw(&w->die, 8) == 7) {
        *s = *old;
    } else {
        const struct text keys[] = {world_key(w, party, "officer", 0), world_key(w, party, "officer", 1)};
        *s = (struct statement){.party = party, .signatures = world_names(w, 1 + throw(&w->die, 2), keys)};
        s->head = world_head(w, party, leaf->seen.size, (enum kind) throw(&w->die, KIND_COUNT));
        s->meaning = world_meaning(w, party);
        s->identity = sha256_of(bytes_from_text(s->head->id));
    }
    s->index = w->records[party].count;
    s->attached = leaf->attachments;
    w->statement_count++;
}

static inline void world_receipt(struct world *w, unsigned party, struct leaf *leaf) {
    struct leaf_receipt *receipt = ARENA_NEW(w->arena, struct leaf_receipt);
    *receipt = (struct leaf_receipt){.size = throw(&w->die, w->records[party].count + 1),
                                     .stamp = leaf->time - (instant) throw(&w->die, 4) * INSTANT_HOUR,
                                     .key = world_key(w, 1 - party, "mirror", throw(&w->die, 2)),
                                     .ok = throw(&w->die, 16) != 15};
    leaf->receipts = receipt;
    leaf->receipt_count = 1;
}

static inline void world_attach(struct world *w, struct leaf *leaf) {
    const struct text name[] = {world_named(w, "blob", 4)};
    if (throw(&w->die, 2))
        leaf->attachments = world_names(w, 1, name);
    else
        leaf->erase = world_names(w, 1, name);
}

/* Appends one entry to one of the records. */
static inline void world_step(struct world *w) {
    unsigned party = (unsigned) throw(&w->die, 2);
    uint64_t mine = w->records[party].count, theirs = w->records[1 - party].count;
    if (mine == WORLD_ENTRIES_MAX) return;
    w->step++;
    struct leaf *leaf = &w->leaves[party][mine];
    *leaf = (struct leaf){.time = (instant)(w->step + throw(&w->die, 2)) * INSTANT_HOUR,
                          .seen = {throw(&w->die, 4) ? theirs : throw(&w->die, theirs + 1), throw(&w->die, 32) != 31},
                          .malformed = throw(&w->die, 64) == 63,
                          .blob_ok = throw(&w->die, 64) != 63};
    if (!throw(&w->die, 8)) world_attach(w, leaf);
    if (!throw(&w->die, 2)) world_receipt(w, party, leaf);
    if (!mine || !throw(&w->die, 16)) {
        leaf->card = world_card(w, party, !mine);
        leaf->card_ok = true;
    } else if (throw(&w->die, 8)) {
        leaf->has_message = true;
        world_say(w, party, leaf);
    }
    w->records[party].count++;
}

static inline struct world *world_new(struct arena *a, struct die die) {
    struct world *w = ARENA_NEW(a, struct world);
    w->arena = a;
    w->die = die;
    for (unsigned p = 0; p < 2; p++) {
        struct text channel = arena_format(a, "%s/to/%s/1", world_parties[p], world_parties[1 - p]);
        w->records[p] = (struct record_view){.channel = channel, .origin = channel, .leaves = w->leaves[p]};
        w->view.parties[p] = (struct party_view){text_of(world_parties[p]), &w->records[p], 1};
    }
    return w;
}

#endif

#include "desk/erasures.h"

#include "matter/dialogue.h"

static void take_entry(const struct entry_verdict *e, struct arena *a, struct map *into) {
    for (size_t i = 0; i < e->erased_count; i++) {
        void **place = map_put(into, e->erased[i]);
        if (*place) continue; /* erased twice: the first counts */
        struct erasure *one = ARENA_NEW(a, struct erasure);
        *one = (struct erasure){.entry = e};
        *place = one;
    }
}

/* The reason stands in a message of the same entry. */
static void take_reason(const struct said *s, struct arena *a, struct map *into) {
    struct dialogue says;
    if (!s->understood || !text_is(s->message.head.kind, kind_rules[KIND_ERASE].name) || !s->entry->erased_count ||
        dialogue_from_message(&s->message, a, &says, NULL))
        return;
    const struct text *blobs = says.blobs.at;
    for (size_t i = 0; i < says.blobs.count; i++) {
        struct erasure *one = map_get(into, blobs[i]);
        if (one && one->entry == s->entry) one->reason = says.text;
    }
}

void erasures_gather(struct talk *t, struct arena *a, struct erasures *out) {
    struct erasures e = {{{.arena = a}, {.arena = a}}};
    for (unsigned p = 0; p < 2; p++)
        for (uint64_t i = 0; i < t->whole.chains[p].count; i++) take_entry(&t->whole.chains[p].entries[i], a, &e.of[p]);
    for (size_t i = 0; i < t->said_count && (e.of[0].count || e.of[1].count); i++)
        take_reason(&t->said[i], a, &e.of[t->said[i].entry->party]);
    *out = e;
}

const struct erasure *erasure_of(const struct erasures *e, unsigned party, struct sha256 sealed) {
    char hex[SHA256_HEX];
    return map_get(&e->of[party], sha256_hex(&sealed, hex));
}

void erasure_words(const struct erasure *e, struct buf *out) {
    buf_string(out, _("erased by its sender on "));
    buf_instant(out, e->entry->leaf->time);
    if (!e->reason.size) return;
    buf_string(out, ": ");
    buf_line(out, e->reason);
}

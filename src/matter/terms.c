/* Offers that were accepted, and the terms that a case holds by them. */
#include "matter/fold.h"

/* A reply names the `id` of its offer. */
const struct message_verdict *reply_offer(const struct fold *f, const struct message_verdict *reply) {
    const struct thread *t = map_get(&f->threads, reply->statement->head->matter);
    return map_get(&t->sides[1 - reply->entry->party].ids, reply->statement->meaning.to);
}

bool reply_too_late(const struct message_verdict *reply, const struct message_verdict *offer) {
    instant until = offer->statement->meaning.until;
    return until != INSTANT_NONE && reply->entry->leaf->time > until;
}

static bool accepts_terms(const struct fold *f, const struct message_verdict *m) {
    if (m->kind != KIND_REPLY || m->statement->meaning.reply != REPLY_ACCEPT) return false;
    const struct message_verdict *offer = reply_offer(f, m);
    return offer->statement->meaning.terms.given && !reply_too_late(m, offer);
}

void terms_collect(struct fold *f) {
    for (unsigned p = 0; p < 2; p++)
        for (uint64_t i = 0; i < f->channel->chains[p].count; i++) {
            const struct message_verdict *m = f->at[p][i];
            struct acceptances *list = &f->acceptances[p];
            if (!m || m->why || !accepts_terms(f, m)) continue;
            list->at = arena_grow(f->arena, list->at, list->count, &list->room, sizeof(struct message_verdict *));
            list->at[list->count++] = m;
        }
}

static const struct message_verdict *last_before(const struct acceptances *list, uint64_t end) {
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->at[middle]->entry->position < end)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? list->at[low - 1] : NULL;
}

/* Of two acceptances the later is the one whose entry has seen the other; of two that have not seen each other, the one
 * in the record of the party whose name comes last bytewise. */
static const struct message_verdict *later_of(const struct fold *f, const struct message_verdict *const last[2]) {
    if (!last[0] || !last[1]) return last[0] ? last[0] : last[1];
    for (unsigned p = 0; p < 2; p++)
        if (last[p]->entry->seen > last[1 - p]->entry->position) return last[p];
    const struct party_view *parties = f->channel->view->parties;
    return last[text_compare(parties[1].party, parties[0].party) > 0];
}

const struct message_verdict *terms_now(const struct fold *f) {
    const struct message_verdict *last[2];
    for (unsigned p = 0; p < 2; p++) last[p] = last_before(&f->acceptances[p], UINT64_MAX);
    const struct message_verdict *acceptance = later_of(f, last);
    return acceptance ? reply_offer(f, acceptance) : NULL;
}

/* "A case keeps the terms in force when it opened: the latest whose acceptance its entry has seen."  In one record the
 * later entry has seen the earlier, so only the last of each party can be the latest. */
const struct message_verdict *terms_at(const struct fold *f, const struct message_verdict *opening) {
    const struct message_verdict *last[2];
    for (unsigned p = 0; p < 2; p++) {
        uint64_t end = p == opening->entry->party ? opening->entry->position : opening->entry->seen;
        last[p] = last_before(&f->acceptances[p], end);
    }
    const struct message_verdict *acceptance = later_of(f, last);
    return acceptance ? reply_offer(f, acceptance) : NULL;
}

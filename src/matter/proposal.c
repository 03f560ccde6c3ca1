/* Proposals: offered, countered, accepted, declined, lapsed. */
#include "matter/fold.h"

struct talk {                      /* what has been said of the offers of one case */
    struct map answered, accepted; /* sets of ids */
    size_t replies;
    bool open, countered; /* an offer has no answer; one that counters has none, and its `until` is not past */
};

/* "An acceptance dated after the offer's `until` accepts nothing"; no other reply answers it then either. */
static void hear(const struct fold *f, const struct message_verdict *m, struct talk *talk) {
    if (m->kind != KIND_REPLY) return;
    talk->replies++;
    if (reply_too_late(m, reply_offer(f, m))) return;
    map_put(&talk->answered, m->statement->meaning.to);
    if (m->statement->meaning.reply == REPLY_ACCEPT) map_put(&talk->accepted, m->statement->meaning.to);
}

/* Whether an offer still waits for an answer. */
static bool waits(const struct fold *f, const struct message_verdict *offer, struct talk *talk) {
    instant until = offer->statement->meaning.until;
    if (map_has(&talk->answered, offer->statement->head->id)) return false;
    talk->open = true;
    return until == INSTANT_NONE || f->as_of <= until;
}

/* "Accepted once an offer was accepted before its `until`, whatever is said later"; else an offer that waits says what
 * stands, the first one before those that counter it; with none waiting, it lapsed or was declined. */
static enum proposal_word proposal_word(const struct fold *f, const struct thread *t, struct talk *talk) {
    if (talk->accepted.count) return PROPOSAL_ACCEPTED;
    if (waits(f, t->opening, talk)) return PROPOSAL_OFFERED;
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < t->sides[p].count; i++) {
            const struct message_verdict *m = t->sides[p].said[i];
            bool counters = m->kind == KIND_REPLY && m->statement->meaning.reply == REPLY_COUNTER;
            if (counters && waits(f, m, talk)) talk->countered = true;
        }
    return talk->countered ? PROPOSAL_COUNTERED : talk->open ? PROPOSAL_LAPSED : PROPOSAL_DECLINED;
}

struct proposal_state proposal_judge(const struct fold *f, const struct thread *t) {
    struct talk talk = {.answered.arena = f->arena, .accepted.arena = f->arena};
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < t->sides[p].count; i++) hear(f, t->sides[p].said[i], &talk);
    struct proposal_state s = {.word = proposal_word(f, t, &talk), .accepted_count = talk.accepted.count};
    s.accepted = ARENA_ARRAY(f->arena, struct text, s.accepted_count);
    map_list(&talk.accepted, s.accepted, NULL);
    /* "Until the other side accepts, the case stands at *offered, no reply since T*." */
    s.no_reply_since = talk.replies ? INSTANT_NONE : t->opening->entry->leaf->time;
    return s;
}

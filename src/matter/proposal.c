/* Proposals: offered, countered, accepted, declined, lapsed. */
#include "matter/fold.h"

struct talk {                      /* what has been said of the offers of one case */
    struct map answered, accepted; /* sets of ids */
    size_t replies;
};

/* "An acceptance dated after the offer's `until` accepts nothing"; no other reply answers it then either. */
static void hear(const struct fold *f, const struct message_verdict *m, struct talk *talk) {
    if (m->kind != KIND_REPLY) return;
    talk->replies++;
    if (reply_too_late(m, reply_offer(f, m))) return;
    map_put(&talk->answered, m->statement->meaning.to);
    if (m->statement->meaning.reply == REPLY_ACCEPT) map_put(&talk->accepted, m->statement->meaning.to);
}

static bool holds(bool open, instant until, instant as_of) { return open && (until == INSTANT_NONE || as_of <= until); }

/* "Accepted once an offer was accepted before its `until`, whatever is said later"; else an offer that waits says what
 * stands, the first one before those that counter it; with none waiting, it lapsed or was declined. */
enum proposal_word proposal_word_at(const struct proposal_state *p, instant as_of) {
    if (p->accepted_count) return PROPOSAL_ACCEPTED;
    if (holds(p->first_open, p->first_until, as_of)) return PROPOSAL_OFFERED;
    if (holds(p->counter_open, p->counter_until, as_of)) return PROPOSAL_COUNTERED;
    return p->first_open || p->counter_open ? PROPOSAL_LAPSED : PROPOSAL_DECLINED;
}

static bool is_open(const struct message_verdict *offer, const struct talk *talk) {
    return !map_has(&talk->answered, offer->statement->head->id);
}

/* Of those that counter and have no answer, the one that holds longest. */
static void find_counters(const struct side *s, const struct talk *talk, struct proposal_state *p) {
    for (size_t i = 0; i < s->count; i++) {
        const struct message_verdict *m = s->said[i];
        instant until = m->statement->meaning.until;
        if (m->kind != KIND_REPLY || m->statement->meaning.reply != REPLY_COUNTER || !is_open(m, talk)) continue;
        bool longer = until == INSTANT_NONE || (p->counter_until != INSTANT_NONE && until > p->counter_until);
        if (!p->counter_open || longer) p->counter_until = until;
        p->counter_open = true;
    }
}

struct proposal_state proposal_judge(const struct fold *f, const struct thread *t) {
    struct talk talk = {.answered.arena = f->arena, .accepted.arena = f->arena};
    for (unsigned p = 0; p < 2; p++)
        for (size_t i = 0; i < t->sides[p].count; i++) hear(f, t->sides[p].said[i], &talk);
    struct proposal_state s = {.accepted_count = talk.accepted.count,
                               .first_open = is_open(t->opening, &talk),
                               .first_until = t->opening->statement->meaning.until,
                               .counter_until = INSTANT_NONE};
    for (unsigned p = 0; p < 2; p++) find_counters(&t->sides[p], &talk, &s);
    s.word = proposal_word_at(&s, f->as_of);
    s.accepted = ARENA_ARRAY(f->arena, struct text, s.accepted_count);
    map_list(&talk.accepted, s.accepted, NULL);
    /* "Until the other side accepts, the case stands at *offered, no reply since T*." */
    s.no_reply_since = talk.replies ? INSTANT_NONE : t->opening->entry->leaf->time;
    return s;
}

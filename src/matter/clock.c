/* The silence clock: when a message was delivered, and what is due when. */
#include "matter/fold.h"

/* The last second of year 9999: deadlines go no further. */
#define LAST_INSTANT (INT64_C(253402300799) * INSTANT_SECOND)

/* ---- delivery */

/* "… and the `time` of the first counterparty entry whose `seen` covers it", by its effective value. */
static void deliver_by_seen(const struct entry_chain *theirs, instant *delivered, uint64_t count) {
    uint64_t covered = 0;
    for (uint64_t i = 0; i < theirs->count; i++) {
        const struct entry_verdict *e = &theirs->entries[i];
        ASSERT(e->seen <= count);
        if (e->void_for) continue; /* its time is nobody's */
        while (covered < e->seen) delivered[covered++] = e->leaf->time;
    }
}

/* The latest time of the first n entries that are not void, for each n. */
static instant *latest_times(const struct entry_chain *chain, struct arena *a) {
    instant *latest = ARENA_ARRAY(a, instant, chain->count + 1);
    latest[0] = INSTANT_NONE; /* before all times */
    for (uint64_t i = 0; i < chain->count; i++) {
        const struct entry_verdict *e = &chain->entries[i];
        latest[i + 1] = !e->void_for && e->leaf->time > latest[i] ? e->leaf->time : latest[i];
    }
    return latest;
}

/* "A stamp before the `time` of the debtor's own entries that the receipted prefix has seen does not count."  For each
 * size, the earliest stamp that does. */
static instant *stamps_by_size(const struct entry_chain *mine, const struct entry_chain *theirs, struct arena *a) {
    instant *stamps = ARENA_ARRAY(a, instant, mine->count + 1), *latest = latest_times(theirs, a);
    for (uint64_t size = 0; size <= mine->count; size++) stamps[size] = INSTANT_NONE;
    for (uint64_t i = 0; i < mine->count; i++)
        for (size_t r = 0; r < mine->entries[i].receipt_count; r++) {
            const struct counted_receipt *receipt = &mine->entries[i].receipts[r];
            uint64_t seen = mine->entries[receipt->size - 1].seen;
            if (receipt->stamp >= latest[seen]) stamps[receipt->size] = earlier(stamps[receipt->size], receipt->stamp);
        }
    return stamps;
}

/* "A message is *delivered* at the smallest of all counted receipt stamps that cover it and …" */
void clock_deliver(struct fold *f) {
    for (unsigned p = 0; p < 2; p++) {
        const struct entry_chain *mine = &f->channel->chains[p], *theirs = &f->channel->chains[1 - p];
        instant *delivered = ARENA_ARRAY(f->arena, instant, mine->count), stamp = INSTANT_NONE;
        for (uint64_t i = 0; i < mine->count; i++) delivered[i] = INSTANT_NONE;
        deliver_by_seen(theirs, delivered, mine->count);
        const instant *stamps = stamps_by_size(mine, theirs, f->arena);
        for (uint64_t i = mine->count; i-- > 0;) {
            stamp = earlier(stamp, stamps[i + 1]);
            delivered[i] = earlier(delivered[i], stamp);
        }
        f->delivered[p] = delivered;
    }
}

instant fold_delivered(const struct fold *f, const struct entry_verdict *e) {
    return e->position == POSITION_NONE ? INSTANT_NONE : f->delivered[e->party][fold_place(f, e)];
}

/* ---- deadlines */

/* "First position for meaning, last delivery for the clock": the last copy that was delivered; NULL: none. */
static const struct entry_verdict *last_delivered(const struct fold *f, const struct message_verdict *m) {
    for (size_t i = m->copy_count; i-- > 0;)
        if (fold_delivered(f, m->copies[i]) != INSTANT_NONE) return m->copies[i];
    return fold_delivered(f, m->entry) != INSTANT_NONE ? m->entry : NULL;
}

/* After a withdraw or close that the opener undid, the clock runs anew from the delivery of the `reopen`. */
static instant clock_start(const struct fold *f, const struct clock *c, const struct entry_verdict *copy) {
    if (!copy) return INSTANT_NONE;
    instant start = fold_delivered(f, copy);
    if (!c->reopened) return start;
    instant again = fold_delivered(f, c->reopened->entry);
    return again == INSTANT_NONE || again > start ? again : start;
}

static instant hours_later(instant start, uint64_t hours) {
    if (start > LAST_INSTANT || hours > (uint64_t)((LAST_INSTANT - start) / INSTANT_HOUR)) return LAST_INSTANT;
    return start + (instant)hours * INSTANT_HOUR;
}

/* `unreadable` "pauses the clock", but not when dated after the deadline, or when its sender has already replied to
 * that message. */
static bool paused(const struct fold *f, const struct clock *c, const struct entry_verdict *copy, instant due) {
    const struct message_verdict *complaint = fold_complaint(f, copy);
    return complaint && complaint->entry->position < c->replied && complaint->entry->leaf->time <= due;
}

/* "Without terms there is no deadline"; without a delivery none is late; none runs while the opener's side is withdrawn
 * or closed.  Met late keeps the mark: "a lapse is a mark, never an agreement". */
struct deadline clock_deadline(const struct fold *f, const struct clock *c, const struct message_verdict *m,
                               uint64_t hours, instant met) {
    const struct entry_verdict *copy = last_delivered(f, m);
    instant start = clock_start(f, c, copy);
    struct deadline d = {.due = INSTANT_NONE, .met = met};
    if (start == INSTANT_NONE || hours == HOURS_NONE || !c->running) return d;
    instant due = hours_later(start, hours);
    if (paused(f, c, copy, due)) {
        d.paused = true;
        return d;
    }
    d.due = due;
    d.lapsed = deadline_lapsed(&d, f->as_of);
    return d;
}

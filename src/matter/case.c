/* One case at a cut and an as-of time. */
#include "matter/fold.h"

#define BIT(kind) (1u << KIND_##kind)
_Static_assert(KIND_COUNT <= 32, "a set of kinds is one word");

static bool is_one_of(const struct message_verdict *m, unsigned kinds) { return kinds >> m->kind & 1u; }

/* ---- finding in a side */

static const struct message_verdict *first_of(const struct side *s, unsigned kinds) {
    for (size_t i = 0; i < s->count; i++)
        if (is_one_of(s->said[i], kinds)) return s->said[i];
    return NULL;
}

static const struct message_verdict *last_of(const struct side *s, unsigned kinds) {
    for (size_t i = s->count; i-- > 0;)
        if (is_one_of(s->said[i], kinds)) return s->said[i];
    return NULL;
}

static size_t count_of(const struct side *s, unsigned kinds) {
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) count += is_one_of(s->said[i], kinds);
    return count;
}

/* The smallest `time` of their entries, which may differ from that of the first. */
static instant earliest_of(const struct side *s, unsigned kinds) {
    instant time = INSTANT_NONE;
    for (size_t i = 0; i < s->count; i++)
        if (is_one_of(s->said[i], kinds)) time = earlier(time, s->said[i]->entry->leaf->time);
    return time;
}

/* ---- sheets and their deadlines */

/* "A sheet that its sender erased has no deadline." */
static bool erased(const struct fold *f, const struct message_verdict *m) {
    const struct names *attachments = &m->entry->leaf->attachments;
    for (size_t i = 0; i < attachments->count; i++)
        if (map_has(&f->erased[m->entry->party], attachments->at[i])) return true;
    return false;
}

struct replies { /* of the answerer, to all sheets of a case */
    struct map findings;
    instant declined; /* "a decline meets the deadlines of all sheets of its case" */
    instant answered; /* by the first answer: what an inquiry waits for */
    uint64_t hours;   /* to answer within */
};

/* "The deadline is met when every fact of the sheet as delivered has a finding, or by `decline`."  What has no fact has
 * no deadline. */
static struct sheet_state judge_sheet(const struct fold *f, const struct clock *c, const struct replies *r,
                                      const struct message_verdict *m) {
    const struct meaning *meaning = &m->statement->meaning;
    struct sheet_state s = {.message = m};
    s.standing = findings_standing(map_get(&r->findings, meaning->sheet), meaning->rows);
    uint64_t hours = meaning->rows && !erased(f, m) ? r->hours : HOURS_NONE;
    s.deadline = clock_deadline(f, c, m, hours, earlier(r->declined, s.standing.complete));
    return s;
}

static struct sheet_state judge_inquiry(const struct fold *f, const struct clock *c, const struct replies *r,
                                        const struct message_verdict *m) {
    instant met = earlier(r->declined, r->answered);
    return (struct sheet_state){.message = m, .deadline = clock_deadline(f, c, m, r->hours, met)};
}

static struct replies replies_of(const struct side *answerer, uint64_t hours, struct arena *a) {
    const struct message_verdict *answer = first_of(answerer, BIT(ANSWER));
    return (struct replies){.findings = findings_collect(answerer, a),
                            .declined = earliest_of(answerer, BIT(DECLINE)),
                            .answered = answer ? answer->entry->leaf->time : INSTANT_NONE,
                            .hours = hours};
}

static void judge_sheets(const struct fold *f, const struct thread *t, const struct clock *c, struct matter *m) {
    const unsigned sheets = BIT(CLAIM) | BIT(CORRECT) | BIT(INQUIRY);
    const struct side *mine = &t->sides[m->opener];
    uint64_t hours = m->terms ? m->terms->statement->meaning.terms.answer_within_hours : HOURS_NONE;
    struct replies r = replies_of(&t->sides[1 - m->opener], hours, f->arena);
    m->sheets = ARENA_ARRAY(f->arena, struct sheet_state, count_of(mine, sheets));
    for (size_t i = 0; i < mine->count; i++) {
        if (!is_one_of(mine->said[i], sheets)) continue;
        bool inquiry = mine->said[i]->kind == KIND_INQUIRY;
        struct sheet_state s = (inquiry ? judge_inquiry : judge_sheet)(f, c, &r, mine->said[i]);
        m->sheets[m->sheet_count++] = s;
        m->lapsed |= s.deadline.lapsed;
    }
}

/* Acknowledge, decline, transfer or answer meets acknowledge-within; "a claim received without facts … is shown as
 * inadmissible, and has no deadline". */
static void judge_acknowledge(const struct fold *f, const struct thread *t, const struct clock *c, struct matter *m) {
    const unsigned meets = BIT(ACKNOWLEDGE) | BIT(DECLINE) | BIT(TRANSFER) | BIT(ANSWER);
    m->inadmissible = t->opening->kind == KIND_CLAIM && !t->opening->statement->meaning.rows;
    bool timed = m->terms && !m->inadmissible;
    uint64_t hours = timed ? m->terms->statement->meaning.terms.acknowledge_within_hours : HOURS_NONE;
    m->acknowledge = clock_deadline(f, c, t->opening, hours, earliest_of(&t->sides[1 - m->opener], meets));
    m->lapsed = m->acknowledge.lapsed;
}

static struct clock clock_of(const struct thread *t, unsigned opener) {
    const unsigned replies = BIT(ACKNOWLEDGE) | BIT(DECLINE) | BIT(TRANSFER) | BIT(ANSWER) | BIT(ASK);
    const struct message_verdict *replied = first_of(&t->sides[1 - opener], replies);
    return (struct clock){.running = !side_progress(&t->sides[opener], POSITION_NONE).end,
                          .reopened = last_of(&t->sides[opener], BIT(REOPEN)),
                          .replied = replied ? replied->entry->position : POSITION_NONE};
}

/* ---- the rest */

static void collect_links(const struct fold *f, const struct thread *t, struct matter *m) {
    size_t count = count_of(&t->sides[0], BIT(LINK)) + count_of(&t->sides[1], BIT(LINK));
    m->links = ARENA_ARRAY(f->arena, const struct message_verdict *, count);
    for (unsigned turn = 0; turn < 2; turn++) {
        const struct side *s = &t->sides[turn ? 1 - m->opener : m->opener];
        for (size_t i = 0; i < s->count; i++)
            if (s->said[i]->kind == KIND_LINK) m->links[m->link_count++] = s->said[i];
    }
}

static enum tlp level_of(const struct thread *t) {
    enum tlp left = side_progress(&t->sides[0], POSITION_NONE).level;
    enum tlp right = side_progress(&t->sides[1], POSITION_NONE).level;
    return left > right ? left : right;
}

/* "State of a case is a pure function of a *cut* and an as-of time"; "*lapsed* is a mark beside it". */
void case_fill(const struct fold *f, const struct thread *t, struct matter *m) {
    *m = (struct matter){.name = t->name, .opening = t->opening, .opener = t->opening->entry->party};
    m->terms = terms_at(f, t->opening);
    m->tlp = level_of(t);
    for (unsigned p = 0; p < 2; p++) m->said[p] = (struct said_by){t->sides[p].said, t->sides[p].count};
    if (t->opening->kind == KIND_PROPOSAL) {
        m->proposal = proposal_judge(f, t);
    } else {
        struct clock c = clock_of(t, m->opener);
        judge_acknowledge(f, t, &c, m);
        judge_sheets(f, t, &c, m);
    }
    case_state(f, t, m);
    collect_links(f, t, m);
}

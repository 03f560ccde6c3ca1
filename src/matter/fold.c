/* The fold: entries, then messages in an order in which each comes after all it has seen, then cases. */
#include "matter/fold.h"

/* ---- statements, put where their entries stand */

struct places { /* the statement of each entry of the cut; NULL: none */
    const struct statement *const *judged[2], *const *outside;
};

static struct places place_statements(const struct channel_verdict *c, const struct statement *statements, size_t count,
                                      struct arena *a) {
    const struct statement **judged[2], **outside = ARENA_ARRAY(a, const struct statement *, c->outside_count);
    for (unsigned p = 0; p < 2; p++) judged[p] = ARENA_ARRAY(a, const struct statement *, c->chains[p].count);
    for (size_t i = 0; i < count; i++) {
        const struct statement *s = &statements[i];
        const struct entry_verdict *e = channel_entry(c, s->party, s->generation, s->index);
        if (e) *(e->position == POSITION_NONE ? &outside[e - c->outside] : &judged[e->party][e->position]) = s;
    }
    return (struct places){{judged[0], judged[1]}, outside};
}

/* Adds the message of an entry, if it has one that was opened. */
static struct message_verdict *list_message(struct matter_state *s, const struct statement *statement,
                                            const struct entry_verdict *e) {
    if (!statement) {
        s->closed += e->leaf->has_message;
        return NULL;
    }
    struct message_verdict *m = &s->messages[s->message_count++];
    *m = (struct message_verdict){.statement = statement,
                                  .entry = e,
                                  .why = e->void_for,
                                  .kind = KIND_COUNT,
                                  .tlp = TLP_NONE,
                                  .delivered = INSTANT_NONE};
    return m;
}

/* By record and entry: first those judged, then those outside. */
static void list_messages(struct fold *f, struct matter_state *s, const struct places *places, size_t count) {
    const struct channel_verdict *c = &s->channel;
    s->messages = ARENA_ARRAY(f->arena, struct message_verdict, count);
    for (unsigned p = 0; p < 2; p++) {
        f->at[p] = ARENA_ARRAY(f->arena, struct message_verdict *, c->chains[p].count);
        for (uint64_t i = 0; i < c->chains[p].count; i++)
            f->at[p][i] = list_message(s, places->judged[p][i], &c->chains[p].entries[i]);
    }
    for (uint64_t i = 0; i < c->outside_count; i++) list_message(s, places->outside[i], &c->outside[i]);
}

/* ---- judging in order */

static void judge_at(struct fold *f, unsigned party, uint64_t place) {
    struct message_verdict *m = f->at[party][place];
    if (!m) return;
    m->why = message_judge(f, m);
    if (!m->why) fold_add(f, m);
}

/* Whether all that the next entry of a chain has seen of the other's is done. */
static bool may_come(const struct entry_chain *mine, uint64_t done, const struct entry_chain *theirs,
                     uint64_t theirs_done) {
    return theirs_done == theirs->count || theirs->entries[theirs_done].position >= mine->entries[done].seen;
}

/* Entries are taken in an order in which each comes after all that it has seen; the outcome does not depend on which.
 * There always is one, since a cut holds no two entries that have seen each other (cut_reduce). */
static void judge_messages(struct fold *f) {
    const struct entry_chain *chains = f->channel->chains;
    uint64_t done[2] = {0, 0};
    while (done[0] < chains[0].count || done[1] < chains[1].count) {
        uint64_t before = done[0] + done[1];
        for (unsigned p = 0; p < 2; p++)
            while (done[p] < chains[p].count && may_come(&chains[p], done[p], &chains[1 - p], done[1 - p]))
                judge_at(f, p, done[p]++);
        ASSERT(done[0] + done[1] > before);
    }
}

/* ---- what stands when all are judged */

static struct fold fold_begin(const struct channel_verdict *c, instant as_of, struct arena *a) {
    struct map empty = {.arena = a};
    struct fold f = {.arena = a, .channel = c, .as_of = as_of, .threads = empty};
    for (unsigned p = 0; p < 2; p++) {
        const struct entry_chain *chain = &c->chains[p];
        f.by_identity[p] = f.erased[p] = empty;
        f.complaints[p] = ARENA_ARRAY(a, const struct message_verdict *, chain->count);
    }
    return f;
}

static void collect_erased(struct fold *f) {
    for (unsigned p = 0; p < 2; p++) {
        const struct entry_chain *chain = &f->channel->chains[p];
        for (uint64_t i = 0; i < chain->count; i++)
            for (size_t n = 0; n < chain->entries[i].erased_count; n++)
                map_put(&f->erased[p], chain->entries[i].erased[n]);
    }
}

/* A message "shows as unopened" where its last copy was declared unreadable. */
static void finish_message(const struct fold *f, struct message_verdict *m) {
    if (m->why && m->why != VOID_RESEND) return;
    m->delivered = fold_delivered(f, m->entry);
    if (m->why) return;
    const struct entry_verdict *last = m->copy_count ? m->copies[m->copy_count - 1] : m->entry;
    m->unopened = fold_complaint(f, last) != NULL;
}

static void list_matters(const struct fold *f, struct matter_state *s) {
    s->matter_count = f->threads.count;
    s->matters = ARENA_ARRAY(f->arena, struct matter, s->matter_count);
    void **threads = ARENA_ARRAY(f->arena, void *, s->matter_count);
    map_list(&f->threads, NULL, threads);
    for (size_t i = 0; i < s->matter_count; i++) case_fill(f, threads[i], &s->matters[i]);
}

/* From messages that are listed to cases. */
static void fold_on(struct fold *f, struct matter_state *s) {
    judge_messages(f);
    terms_collect(f);
    for (size_t i = 0; i < s->message_count; i++) finish_message(f, &s->messages[i]);
    list_matters(f, s);
    s->terms = terms_now(f);
}

enum error matter_fold(const struct channel_view *v, const struct cut *cuts, const struct statement *statements,
                       size_t count, instant as_of, struct arena *a, struct matter_state *out, struct diag *d) {
    struct matter_state s = {.as_of = as_of};
    enum error e = channel_judge(v, cuts, a, &s.channel, d);
    if (e) return e;
    struct fold f = fold_begin(&s.channel, as_of, a);
    struct places places = place_statements(&s.channel, statements, count, a);
    list_messages(&f, &s, &places, count);
    collect_erased(&f);
    clock_deliver(&f);
    fold_on(&f, &s);
    *out = s;
    return OK;
}

void matter_fold_part(const struct matter_part *p, instant as_of, struct arena *a, struct matter_state *out) {
    struct matter_state *s = out; /* messages and cases point to its channel */
    *s = (struct matter_state){
        .as_of = as_of,
        .channel = {.view = p->view, .generations = view_generations(p->view), .chains = {p->chains[0], p->chains[1]}}};
    struct fold f = fold_begin(&s->channel, as_of, a);
    struct places places = {{p->statements[0], p->statements[1]}, NULL};
    for (unsigned q = 0; q < 2; q++) {
        f.delivered[q] = p->delivered[q];
        for (size_t i = 0; i < p->erased[q].count; i++) map_put(&f.erased[q], p->erased[q].at[i]);
    }
    list_messages(&f, s, &places, p->chains[0].count + p->chains[1].count);
    fold_on(&f, s);
}

const struct matter *matter_find(const struct matter_state *s, struct text name) {
    size_t low = 0, high = s->matter_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(name, s->matters[middle].name);
        if (!order) return &s->matters[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

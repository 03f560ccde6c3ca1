#include "course.h"

#include <stdio.h>
#include <string.h>

static const struct text parties[2] = {{"cert.north.example", 18}, {"cert.south.example", 18}};

/* ---- what is wanted */

#define CLAIM(c, s, n)                                                                                                 \
    { .kind = KIND_CLAIM, .matter = c, .sheet = s, .rows = n }
#define CORRECT(c, s, n)                                                                                               \
    { .kind = KIND_CORRECT, .matter = c, .sheet = s, .rows = n }
#define ANSWER(c, s, w, after)                                                                                         \
    { .kind = KIND_ANSWER, .matter = c, .sheet = s, .words = w, .needs = after }
#define AFTER(k, c, after)                                                                                             \
    { .kind = KIND_##k, .matter = c, .needs = after }
#define PLAIN(k, c)                                                                                                    \
    { .kind = KIND_##k, .matter = c }
#define MINUTES(c, t)                                                                                                  \
    { .kind = KIND_MINUTES, .matter = c, .text = t }
#define AGREE(c, t, after)                                                                                             \
    { .kind = KIND_AGREE, .matter = c, .text = t, .needs = after }
#define TERMS(c, h)                                                                                                    \
    { .kind = KIND_PROPOSAL, .matter = c, .hours = h }
#define REPLY(c, w, after)                                                                                             \
    { .kind = KIND_REPLY, .matter = c, .reply = REPLY_##w, .needs = after }
#define COUNTER(c, h, after)                                                                                           \
    { .kind = KIND_REPLY, .matter = c, .reply = REPLY_COUNTER, .hours = h, .needs = after }

/* An id is the letter of the party and the number of its step. */
const struct course courses[] = {
    {"claim, answers, withdrawal",
     {{CLAIM("n1", "sheet-1", 2), PLAIN(REMARK, "n1"), PLAIN(WITHDRAW, "n1"), PLAIN(REOPEN, "n1")},
      {AFTER(ACKNOWLEDGE, "n1", "n0"), ANSWER("n1", "sheet-1", "c-", "n0"), ANSWER("n1", "sheet-1", "-r", "n0"),
       PLAIN(REMARK, "n1")}}},
    {"correction while it is answered",
     {{CLAIM("n1", "sheet-1", 1), CORRECT("n1", "sheet-2", 2), PLAIN(CLOSE, "n1"), PLAIN(REOPEN, "n1")},
      {ANSWER("n1", "sheet-1", "r", "n0"), ANSWER("n1", "sheet-2", "cs", "n1"), PLAIN(CLOSE, "n1"),
       PLAIN(REOPEN, "n1")}}},
    {"texts agreed to",
     {{CLAIM("n1", "sheet-1", 1), MINUTES("n1", "text-1"), AGREE("n1", "text-1", NULL), AGREE("n1", "text-2", "s1")},
      {PLAIN(CONSULT, "n1"), MINUTES("n1", "text-2"), AGREE("n1", "text-1", "n1"), AGREE("n1", "text-2", NULL)}}},
    {"terms, then a claim",
     {{TERMS("n1", 4), CLAIM("n2", "sheet-1", 1), PLAIN(WITHDRAW, "n2"), TERMS("n3", 1)},
      {REPLY("n1", ACCEPT, "n0"), AFTER(ACKNOWLEDGE, "n2", "n1"), ANSWER("n2", "sheet-1", "c", "n1"),
       REPLY("n3", ACCEPT, "n3")}}},
    {"offers that cross",
     {{TERMS("n1", 4), REPLY("s1", ACCEPT, "s0"), REPLY("n1", ACCEPT, "s1"), CLAIM("n2", "sheet-1", 1)},
      {TERMS("s1", 2), COUNTER("n1", 6, "n0"), CLAIM("s2", "sheet-1", 1), REPLY("n1", ACCEPT, "n0")}}},
    {"accepted, then countered and declined",
     {{TERMS("n1", 4), PLAIN(REMARK, "n1"), PLAIN(CONSULT, "n1"), CLAIM("n2", "sheet-1", 1)},
      {REPLY("n1", ACCEPT, "n0"), COUNTER("n1", 6, "n0"), REPLY("n1", DECLINE, "n0"), PLAIN(REMARK, "n1")}}},
    {"a claim each way",
     {{CLAIM("n1", "sheet-1", 1), ANSWER("s1", "sheet-2", "r", "s0"), PLAIN(CLOSE, "n1"), PLAIN(CONSULT, "s1")},
      {CLAIM("s1", "sheet-2", 1), ANSWER("n1", "sheet-1", "l", "n0"), PLAIN(WITHDRAW, "s1"), PLAIN(CONSULT, "s1")}}},
    {"an inquiry, declined and transferred",
     {{PLAIN(INQUIRY, "n1"), PLAIN(REMARK, "n1"), PLAIN(INQUIRY, "n2"), PLAIN(CLOSE, "n2")},
      {AFTER(TRANSFER, "n1", "n0"), AFTER(DECLINE, "n1", "n0"), AFTER(ACKNOWLEDGE, "n1", "n1"),
       AFTER(ANSWER, "n2", "n2")}}},
    {"asked, disclosed, committed, revealed",
     {{CLAIM("n1", "sheet-1", 1), AFTER(DISCLOSE, "n1", "s0"), PLAIN(LINK, "n1"), PLAIN(WITHDRAW, "n1")},
      {{.kind = KIND_ASK, .matter = "n1", .sheet = "sheet-1", .needs = "n0"},
       {.kind = KIND_COMMIT, .matter = "n1", .sheet = "sheet-1", .needs = "n0"},
       PLAIN(REVEAL, "n1"),
       ANSWER("n1", "sheet-1", "c", "n0")}}},
};
const size_t course_count = COUNT(courses);

const char *const trick_names[TRICK_COUNT] = {
    [TRICK_NONE] = "both honest",
    [TRICK_FALSE_SEEN] = "a false seen",
    [TRICK_OLD_SEEN] = "a seen of long ago",
    [TRICK_MALFORMED] = "a malformed entry",
    [TRICK_CLOCK_BEHIND] = "a clock behind",
    [TRICK_CLOCK_AHEAD] = "a clock ahead",
    [TRICK_FOREIGN] = "a message of another record",
    [TRICK_FORGED] = "a message in the other's name",
    [TRICK_REPLAY] = "a replayed text",
    [TRICK_SECOND] = "a second opening",
    [TRICK_VOID_CARD] = "a void card",
    [TRICK_DROP_KEY] = "a dropped key",
    [TRICK_UNREADABLE] = "a lie of being unable to read",
    [TRICK_STAMP_BEHIND] = "receipts stamped in the past",
    [TRICK_STAMP_AHEAD] = "receipts stamped in the future",
    [TRICK_TWO_RECEIPTS] = "contradicting receipts",
    [TRICK_FALSE_RECEIPTS] = "receipts that were never given",
};

/* ---- entries */

static instant hour(uint64_t n) {
    instant begin = INSTANT_NONE;
    ASSERT(instant_read(TEXT("2026-03-01T00:00:00Z"), &begin));
    return begin + (instant)n * INSTANT_HOUR;
}

static uint64_t now(const struct course_world *w) { return w->size[0] + w->size[1]; }

static bool tricks(const struct course_world *w, unsigned party, enum trick trick) {
    return w->play->trick == trick && w->play->party == party;
}

static struct text key_of(struct arena *a, unsigned party, const char *what, unsigned n) {
    return arena_format(a, "%.*s/%s/%u", TEXT_ARG(parties[party]), what, n);
}

static struct names one_name(struct arena *a, struct text name) {
    struct text *at = ARENA_NEW(a, struct text);
    *at = name;
    return (struct names){at, 1};
}

static const struct card *card_of(struct arena *a, unsigned party, unsigned serial, unsigned mirror) {
    struct card *card = ARENA_NEW(a, struct card);
    struct officer *officer = ARENA_NEW(a, struct officer);
    *officer = (struct officer){.name = TEXT("officer"),
                                .department = TEXT("incident"),
                                .key = key_of(a, party, "officer", 1),
                                .roles = one_name(a, TEXT("lead"))};
    *card = (struct card){.id = key_of(a, party, "card", serial),
                          .serial = serial,
                          .previous = serial ? key_of(a, party, "card", serial - 1) : (struct text){NULL, 0},
                          .mirrors = one_name(a, key_of(a, party, "mirror", mirror)),
                          .officers = officer,
                          .officer_count = 1};
    return card;
}

/* The next entry: it has seen all that is held, and records the receipts that came. */
static struct leaf *append(struct course_world *w, unsigned party) {
    ASSERT(w->size[party] < COURSE_ENTRIES_MAX);
    struct arena *a = w->play->arena;
    struct post *post = &w->post[party];
    struct leaf_receipt *receipts = ARENA_ARRAY(a, struct leaf_receipt, 2);
    struct leaf *leaf = &w->leaves[party][w->size[party]];
    memcpy(receipts, post->at, sizeof post->at);
    *leaf = (struct leaf){.time = hour(now(w)), .seen = {w->held[party], true}, .blob_ok = true, .receipts = receipts};
    leaf->receipt_count = post->count;
    if (tricks(w, party, TRICK_FALSE_RECEIPTS) && w->size[party] && !post->count) {
        receipts[0] = (struct leaf_receipt){w->size[party], hour(0), key_of(a, 1 - party, "mirror", 1), false};
        receipts[1] = (struct leaf_receipt){w->size[party] + 1, hour(0), key_of(a, 1 - party, "mirror", 1), true};
        leaf->receipt_count = 2;
    }
    post->count = 0;
    w->size[party]++;
    return leaf;
}

/* ---- messages */

static struct text id_of(struct arena *a, unsigned party, size_t step) {
    return arena_format(a, "%c%zu", party ? 's' : 'n', step);
}

static struct text matter_of(struct arena *a, const char *name) {
    return arena_format(a, "%.*s/%s", TEXT_ARG(parties[*name == 's']), name);
}

static struct row_finding *findings_of(struct arena *a, const char *words, size_t *count) {
    static const struct {
        char letter;
        enum finding_word word;
    } letters[] = {{'c', FINDING_CONFIRMED}, {'r', FINDING_REFUTED}, {'l', FINDING_RELAYED}, {'s', FINDING_NOT_SEEN}};
    struct row_finding *list = ARENA_ARRAY(a, struct row_finding, strlen(words) + 1);
    for (size_t row = 0; words[row]; row++)
        for (size_t i = 0; i < COUNT(letters); i++)
            if (letters[i].letter == words[row]) list[(*count)++] = (struct row_finding){row, letters[i].word};
    return list;
}

static struct meaning meaning_of(struct arena *a, const struct step *s) {
    struct meaning m = MEANING_EMPTY;
    m.sheet = text_of(s->sheet);
    m.rows = s->rows;
    if (s->words) m.findings = findings_of(a, s->words, &m.finding_count);
    m.text = text_of(s->text);
    m.reply = s->reply;
    if (s->kind == KIND_REPLY) m.to = text_of(s->needs);
    if (s->kind == KIND_PROPOSAL) m.about = TEXT("terms");
    if (s->hours) m.terms = (struct terms){true, s->hours, s->hours / 2};
    if (s->kind == KIND_LINK) {
        m.relation = TEXT("continues");
        m.matter = matter_of(a, "n9");
    }
    return m;
}

static void add_statement(struct course_world *w, unsigned party, struct statement s) {
    w->leaves[party][w->size[party] - 1].has_message = true;
    s.party = party;
    s.index = w->size[party] - 1;
    w->statements[w->statement_count++] = s;
}

/* A message in the entry that was appended last. */
static struct head *say(struct course_world *w, unsigned party, struct text id, enum kind kind, const char *matter,
                        struct meaning meaning) {
    struct arena *a = w->play->arena;
    const struct kind_rule *rule = &kind_rules[kind];
    struct head *head = ARENA_NEW(a, struct head);
    *head = (struct head){.record = arena_format(a, "origin-%u", party),
                          .id = id,
                          .own = w->size[party] - 1,
                          .read = w->leaves[party][w->size[party] - 1].seen.size,
                          .kind = text_of(rule->name),
                          .matter = matter ? matter_of(a, matter) : (struct text){NULL, 0},
                          .from = arena_format(a, "%.*s/incident", TEXT_ARG(parties[party])),
                          .by = TEXT("officer"),
                          .to = arena_format(a, "%.*s/incident", TEXT_ARG(parties[1 - party])),
                          .tlp = rule->opens ? TEXT("AMBER") : (struct text){NULL, 0}};
    add_statement(w, party,
                  (struct statement){.head = head,
                                     .identity = sha256_of(bytes_from_text(id)),
                                     .signatures = one_name(a, key_of(a, party, "officer", 1)),
                                     .meaning = meaning});
    return head;
}

/* ---- tricks */

static const struct statement *last_of(const struct course_world *w, unsigned party, bool opening) {
    for (size_t i = w->statement_count; i--;) {
        enum kind kind;
        const struct statement *s = &w->statements[i];
        if (s->party == party && kind_read(s->head->kind, &kind) && (!opening || kind_rules[kind].opens)) return s;
    }
    return NULL;
}

static bool put_card(struct course_world *w, unsigned party, unsigned serial, unsigned mirror) {
    struct leaf *leaf = append(w, party);
    leaf->card = card_of(w->play->arena, party, serial, mirror);
    leaf->card_ok = true;
    return true;
}

/* An entry of its own before the step; false: there is nothing to make it of. */
static bool trick_before(struct course_world *w, unsigned party) {
    struct arena *a = w->play->arena;
    bool second = w->play->trick == TRICK_SECOND;
    const struct statement *old = last_of(w, second || w->play->trick == TRICK_REPLAY ? party : 1 - party, second);
    struct meaning m = MEANING_EMPTY;
    if (w->play->trick == TRICK_VOID_CARD) return put_card(w, party, 5, 2);
    if (w->play->trick == TRICK_DROP_KEY) return put_card(w, party, 1, 2);
    if (!old || (w->play->trick == TRICK_UNREADABLE && old->index >= w->held[party])) return false;
    struct statement copy = *old;
    append(w, party);
    m.entry = copy.index;
    if (w->play->trick == TRICK_UNREADABLE)
        say(w, party, arena_format(a, "u%u", party), KIND_UNREADABLE, NULL, m);
    else
        add_statement(w, party, copy);
    if (!second) return true;
    struct statement *again = &w->statements[w->statement_count - 1];
    struct head *head = ARENA_NEW(a, struct head);
    *head = *copy.head;
    head->id = arena_format(a, "d%u", party);
    head->own = again->index;
    again->head = head;
    again->identity = sha256_of(bytes_from_text(head->id));
    return true;
}

static void trick_entry(struct leaf *leaf, enum trick trick) {
    if (trick == TRICK_FALSE_SEEN) leaf->seen.ok = false;
    if (trick == TRICK_OLD_SEEN) leaf->seen.size = 0;
    if (trick == TRICK_MALFORMED) leaf->malformed = true;
    if (trick == TRICK_CLOCK_BEHIND) leaf->time = hour(0);
    if (trick == TRICK_CLOCK_AHEAD) leaf->time = hour(500);
}

static void trick_head(struct head *head, enum trick trick, unsigned party, struct arena *a) {
    if (trick == TRICK_FOREIGN) head->record = TEXT("origin-9");
    if (trick == TRICK_FORGED) head->from = arena_format(a, "%.*s/incident", TEXT_ARG(parties[1 - party]));
}

/* ---- steps */

void course_begin(const struct play *p, struct course_world *out) {
    *out = (struct course_world){.play = p};
    for (unsigned q = 0; q < 2; q++) put_card(out, q, 0, 1);
    for (unsigned q = 0; q < 2; q++) out->leaves[q][0].time = hour(0);
}

static bool holds(const struct course_world *w, unsigned party, const char *id) {
    for (size_t i = 0; id && i < w->statement_count; i++) {
        const struct statement *s = &w->statements[i];
        if (s->party != party && text_is(s->head->id, id)) return s->index < w->held[party];
    }
    return !id;
}

/* A case of the other party is spoken in once its opening is held. */
static bool may_say(const struct course_world *w, unsigned party, const struct step *s) {
    bool opens = kind_rules[s->kind].opens;
    if (!s->matter || !holds(w, party, s->needs)) return false;
    for (size_t i = 0; i < w->statement_count; i++) {
        const struct statement *t = &w->statements[i];
        if (text_equal(t->head->matter, matter_of(w->play->arena, s->matter)) &&
            (t->party == party || t->index < w->held[party]))
            return true;
    }
    return opens;
}

static bool step_say(struct course_world *w, unsigned party) {
    if (w->done[party] == w->play->steps) return false;
    size_t number = w->done[party];
    struct arena *a = w->play->arena;
    const struct step *s = &w->play->course->steps[party][number];
    bool here = w->play->party == party && w->play->at == number;
    enum trick trick = here ? w->play->trick : TRICK_NONE;
    if (!may_say(w, party, s)) return false;
    if (trick >= TRICK_REPLAY && trick <= TRICK_UNREADABLE && !w->tricked) {
        w->tricked = trick_before(w, party);
        if (!w->tricked) trick = TRICK_NONE;
    }
    struct leaf *leaf = append(w, party);
    trick_entry(leaf, trick);
    trick_head(say(w, party, id_of(a, party, number), s->kind, s->matter, meaning_of(a, s)), trick, party, a);
    w->done[party]++;
    return true;
}

/* The other party's record arrives at `party`, whose receipt goes back. */
static bool step_arrive(struct course_world *w, unsigned party, uint64_t size, bool lost) {
    unsigned other = 1 - party;
    if (size <= w->held[party] || size > w->size[other]) return false;
    w->held[party] = size;
    if (lost) return true;
    uint64_t at = tricks(w, party, TRICK_STAMP_BEHIND) ? 0 : tricks(w, party, TRICK_STAMP_AHEAD) ? 500 : now(w);
    unsigned key = 1;
    for (uint64_t i = 1; i < w->size[party]; i++)
        if (w->leaves[party][i].card && w->leaves[party][i].card->serial == 1) key = 2;
    struct post *post = &w->post[other];
    struct leaf_receipt receipt = {w->held[party], hour(at), key_of(w->play->arena, party, "mirror", key), true};
    /* One that names a key whose card is not held yet could not be relied on. */
    post->count = 0;
    for (uint64_t i = 0; i < w->held[other]; i++)
        if (w->leaves[party][i].card && names_have(w->leaves[party][i].card->mirrors, receipt.key)) post->count = 1;
    post->at[0] = post->at[1] = receipt;
    post->at[1].stamp = hour(at + 3);
    if (post->count && tricks(w, party, TRICK_TWO_RECEIPTS)) post->count = 2;
    return true;
}

static bool blobs(const struct course_world *w, unsigned party, uint64_t from, uint64_t to) {
    for (uint64_t i = from; i < to; i++)
        if (w->leaves[party][i].has_message || w->leaves[party][i].card) return true;
    return false;
}

static bool step_note(struct course_world *w, unsigned party) {
    uint64_t seen = 0, receipted = 0;
    const struct post *post = &w->post[party];
    for (uint64_t i = 0; i < w->size[party]; i++) {
        const struct leaf *leaf = &w->leaves[party][i];
        if (leaf->seen.size > seen) seen = leaf->seen.size;
        for (size_t r = 0; r < leaf->receipt_count; r++)
            if (leaf->receipts[r].size > receipted) receipted = leaf->receipts[r].size;
    }
    bool sees = blobs(w, 1 - party, seen, w->held[party]);
    bool records = post->count && blobs(w, party, receipted, post->at[0].size);
    if (sees || records) append(w, party);
    return sees || records;
}

bool course_say(const struct course_world *w, unsigned party, struct course_world *out) {
    *out = *w;
    return step_say(out, party);
}

bool course_arrive(const struct course_world *w, unsigned party, uint64_t size, bool lost, struct course_world *out) {
    *out = *w;
    return step_arrive(out, party, size, lost);
}

bool course_note(const struct course_world *w, unsigned party, struct course_world *out) {
    *out = *w;
    return step_note(out, party);
}

/* ---- looking at it */

struct sha256 course_key(const struct course_world *w) {
    struct buf key = {.max = 1 << 16};
    for (unsigned p = 0; p < 2; p++) {
        buf_format(&key, "|%zu %zu %d", w->done[p], (size_t)w->held[p], w->tricked);
        for (size_t i = 0; i < w->post[p].count; i++)
            buf_format(&key, " %zu@%lld", (size_t)w->post[p].at[i].size, (long long)w->post[p].at[i].stamp);
        for (uint64_t i = 0; i < w->size[p]; i++) {
            const struct leaf *leaf = &w->leaves[p][i];
            buf_format(&key, ";%zu,%lld,%d", (size_t)leaf->seen.size, (long long)leaf->time, leaf->has_message);
            for (size_t r = 0; r < leaf->receipt_count; r++)
                buf_format(&key, ",%zu@%lld", (size_t)leaf->receipts[r].size, (long long)leaf->receipts[r].stamp);
        }
    }
    ASSERT(!key.failed);
    struct sha256 hash = sha256_of(buf_as_bytes(&key));
    buf_free(&key);
    return hash;
}

struct view_of_course { /* the channel's parties point to the records */
    struct record_view records[2];
    struct channel_view channel;
};

static const struct channel_view *look(const struct course_world *w, struct cut held, struct arena *a) {
    struct view_of_course *view = ARENA_NEW(a, struct view_of_course);
    for (unsigned p = 0; p < 2; p++) {
        struct text channel = arena_format(a, "%.*s/to/%.*s/1", TEXT_ARG(parties[p]), TEXT_ARG(parties[1 - p]));
        struct text origin = arena_format(a, "origin-%u", p);
        view->records[p] = (struct record_view){channel, origin, w->leaves[p], held.of[p]};
        view->channel.parties[p] = (struct party_view){parties[p], &view->records[p], 1};
    }
    return &view->channel;
}

struct matter_state course_state(const struct course_world *w, struct cut held, const struct cut *asked, bool reversed,
                                 struct arena *a) {
    struct matter_state s;
    struct statement *statements = ARENA_ARRAY(a, struct statement, w->statement_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < w->statement_count; i++) {
        const struct statement *one = &w->statements[reversed ? w->statement_count - 1 - i : i];
        if (one->index < held.of[one->party]) statements[count++] = *one;
    }
    enum error e = matter_fold(look(w, held, a), asked, statements, count, hour(COURSE_HOURS), a, &s, NULL);
    ASSERT(e == OK);
    return s;
}

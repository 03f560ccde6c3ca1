#include "book.h"

#include <stdlib.h>
#include <string.h>

#include "matter/from_message.h"

struct book_record {
    struct leaf *leaves;
    struct sha256 *messages; /* the first blob of each entry */
    bool *opened;            /* whether it could be */
    size_t count, leaf_room, message_room, opened_room;
    size_t looked; /* so many of them were opened, as far as they could be */
    struct tree tree;
};

enum { SHORT = 80, PARTS = 10 };

struct closed { /* a message that could not be opened */
    size_t generation;
    uint64_t index;
};

struct book {
    struct arena arena;
    struct book_record records[2][GENERATIONS_MAX];
    size_t generations;
    const struct card **cards[2]; /* good ones */
    size_t card_count[2], card_room[2];
    struct statement *statements;
    size_t statement_count, statement_room;
    struct closed *closed; /* of theirs */
    size_t closed_count, closed_room;
    struct arena kept; /* of the state */
    struct matter_state *state;
    uint64_t state_size;
    bool ahead;    /* an entry has seen more than was held: whether truly, more of it will tell */
    bool doubtful; /* a receipt may prove good once more cards are known */
};

unsigned seat_party(const struct seat *s) { return text_compare(s->who->name, s->other->who->name) < 0 ? 0 : 1; }

/* One book a channel, whatever its generations. */
static struct book *book_of(struct seat *s) {
    if (!s->first->book) s->first->book = calloc(1, sizeof *s->book);
    ASSERT(s->first->book);
    return s->first->book;
}

static struct seat *generation_of(const struct seat *s, size_t generation) {
    struct seat *at = s->first;
    while (generation--) at = at->after;
    return at;
}

void book_forget(struct seat *s) {
    s = s->first;
    if (!s->book) return;
    for (size_t g = 0; g < GENERATIONS_MAX; g++)
        for (unsigned p = 0; p < 2; p++) tree_free(&s->book->records[p][g].tree);
    arena_free(&s->book->arena);
    arena_free(&s->book->kept);
    free(s->book);
    s->book = NULL;
}

/* ---- reading records */

static enum error held(struct seat *s, bool own, uint64_t *size, struct diag *d) {
    return own ? store_size(s->who->store, s->own, size, d)
               : store_checkpoint_size(s->who->store, s->theirs, CHECKPOINT_MIRROR, size, d);
}

/* A blob of the channel, in whichever of its generations it stands. */
static enum error get_blob(struct seat *s, struct sha256 name, uint64_t max, struct buf *out, uint64_t *size,
                           struct diag *d) {
    struct blob_about about;
    enum error result = ERR_MISSING;
    for (struct seat *g = s->first; g && g->own && result == ERR_MISSING; g = g->after) {
        result = store_get_blob(g->who->store, g->channel, name, 0, max, out, d);
        if (!result) result = store_blob_about(g->who->store, g->channel, name, &about, d);
    }
    if (!result) *size = about.size;
    return result;
}

static enum error front_of(void *state, struct sha256 name, size_t max, struct arena *a, struct bytes *front,
                           uint64_t *size, struct diag *d) {
    struct buf blob = {.max = max};
    enum error result = get_blob(state, name, max, &blob, size, d);
    if (!result) *front = arena_bytes(a, buf_as_bytes(&blob));
    buf_free(&blob);
    return result;
}

struct more { /* what is read at once */
    struct book *book;
    unsigned own;
    size_t generations, count; /* leaves in all */
    struct store_tree trees[2][GENERATIONS_MAX];
    struct record_before before[2][GENERATIONS_MAX];
    struct raw_record raw[2][GENERATIONS_MAX];
    struct bytes *leaves[2][GENERATIONS_MAX];
};

/* The leaves of one record from where the book ends; ERR_CONFLICT where what was read does not stand any more. */
static enum error read_leaves(struct more *m, struct seat *s, unsigned party, struct diag *d) {
    size_t g = s->generation, got = 0;
    struct seat *whose = party == m->own ? s : s->other;
    struct book_record *r = &m->book->records[party][g];
    int64_t record = party == m->own ? s->own : s->theirs;
    struct sha256 root;
    uint64_t size;
    enum error result = held(s, party == m->own, &size, d);
    if (!result && size < r->count) return ERR_CONFLICT;
    if (!result) result = store_root(s->who->store, record, r->count, &root, d);
    if (!result && r->count && !sha256_equal(root, tree_root_at(&r->tree, r->count))) return ERR_CONFLICT;
    if (!result && size > r->count)
        result = store_leaves(s->who->store, record, r->count, size - r->count, UINT64_MAX, &m->book->arena,
                              &m->leaves[party][g], &got, d);
    if (result) return result;
    m->trees[party][g] = (struct store_tree){s->who->store, record};
    m->before[party][g] = (struct record_before){r->count, store_tree_reader(&m->trees[party][g]), size};
    m->raw[party][g] = (struct raw_record){
        whose->name, whose->origin, signer_vkey_text(whose->who->root, &m->book->arena), m->leaves[party][g], got};
    m->count += got;
    return OK;
}

static void take_card(struct book *b, unsigned party, const struct card *card) {
    b->cards[party] = arena_grow(&b->arena, (void *)b->cards[party], b->card_count[party], &b->card_room[party],
                                 sizeof *b->cards[party]);
    b->cards[party][b->card_count[party]++] = card;
}

static void take_leaf(struct book *b, struct book_record *r, unsigned party, const struct leaf *leaf,
                      const struct entry *e, struct bytes raw) {
    r->leaves = arena_grow(&b->arena, r->leaves, r->count, &r->leaf_room, sizeof *r->leaves);
    r->messages = arena_grow(&b->arena, r->messages, r->count, &r->message_room, sizeof *r->messages);
    r->opened = arena_grow(&b->arena, r->opened, r->count, &r->opened_room, sizeof *r->opened);
    r->leaves[r->count] = *leaf;
    r->messages[r->count] = leaf->has_message ? e->blobs[0].sha : (struct sha256){0};
    r->opened[r->count++] = false;
    tree_add(&r->tree, tree_leaf_hash(raw));
    if (leaf->card_ok) take_card(b, party, leaf->card);
    for (size_t i = 0; i < leaf->receipt_count; i++) b->doubtful = b->doubtful || !leaf->receipts[i].ok;
    for (size_t i = 0; i < leaf->follows_count; i++) b->ahead = b->ahead || !leaf->follows[i].ok;
}

static void take_leaves(struct more *m, const struct verified_channel *v) {
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < m->generations; g++)
            for (size_t i = 0; i < m->raw[p][g].count; i++) {
                const struct leaf *leaf = &v->view.parties[p].records[g].leaves[i];
                m->book->ahead = m->book->ahead || (!leaf->malformed && leaf->seen.size > m->before[1 - p][g].size);
                take_leaf(m->book, &m->book->records[p][g], p, leaf, &v->records[p][g].entries[i], m->leaves[p][g][i]);
            }
}

static enum error verify(struct more *m, struct seat *s, struct diag *d) {
    struct book *b = m->book;
    struct channel_before before = {.records = {m->before[0], m->before[1]}};
    struct raw_channel raw = {.blobs = {front_of, s}, .before = &before};
    struct verified_channel v;
    for (unsigned p = 0; p < 2; p++) {
        before.cards[p] = b->cards[p];
        before.card_count[p] = b->card_count[p];
        raw.parties[p] =
            (struct raw_party){p == m->own ? s->who->name : s->other->who->name, m->raw[p], m->generations};
    }
    enum error result = channel_verify(&raw, &b->arena, &v, d);
    if (!result) take_leaves(m, &v);
    return result;
}

static enum error read_more(struct seat *s, struct diag *d) {
    struct book *b = book_of(s);
    struct more m = {.book = b, .own = seat_party(s)};
    enum error result = OK;
    for (struct seat *g = s->first; g && g->own && !result; g = g->after) {
        result = read_leaves(&m, g, 0, d);
        if (!result) result = read_leaves(&m, g, 1, d);
        m.generations++;
    }
    if (!result && m.generations < b->generations) return ERR_CONFLICT;
    if (result || !m.count) return result;
    bool first = !b->generations, doubtful = b->doubtful;
    size_t cards = b->card_count[0] + b->card_count[1];
    if (b->ahead) return ERR_CONFLICT;
    result = verify(&m, s, d);
    b->generations = m.generations;
    if (!result && !first && doubtful && b->card_count[0] + b->card_count[1] > cards) return ERR_CONFLICT;
    return result;
}

/* ---- opening messages */

static struct channel_view view_of(const struct seat *s, struct arena *a) {
    const struct book *b = s->first->book;
    struct channel_view v;
    unsigned own = seat_party(s);
    for (unsigned p = 0; p < 2; p++) {
        struct record_view *records = ARENA_ARRAY(a, struct record_view, b->generations);
        for (size_t g = 0; g < b->generations; g++) {
            const struct seat *at = generation_of(s, g), *whose = p == own ? at : at->other;
            records[g] =
                (struct record_view){whose->name, whose->origin, b->records[p][g].leaves, b->records[p][g].count};
        }
        v.parties[p] = (struct party_view){(p == own ? s : s->other)->who->name, records, b->generations};
    }
    return v;
}

static enum error unseal(struct seat *s, struct bytes blob, struct bytes *out, struct diag *d) {
    struct party *p = s->who;
    uint8_t key[SEAL_FILE_KEY_SIZE];
    struct buf plain = {.max = blob.size + 1024};
    struct opener with = {.identities = p->identities, .count = p->identity_count};
    *out = blob;
    if (!text_starts(text_from_bytes(blob), TEXT("age-encryption.org/"))) return OK;
    enum error result = message_unseal(blob, &with, UINT64_MAX, &plain, key, d);
    if (!result) *out = arena_bytes(&s->first->book->arena, buf_as_bytes(&plain));
    buf_free(&plain);
    return result;
}

static enum error read_statement(struct seat *s, const struct entry_verdict *e, struct bytes blob,
                                 struct statement *out) {
    struct message *m = ARENA_NEW(&s->first->book->arena, struct message);
    struct bytes plain;
    enum error result = unseal(s, blob, &plain, NULL);
    if (!result) result = message_read(plain, &s->first->book->arena, m, NULL);
    return result ? result : statement_from_message(m, e, &s->first->book->arena, out, NULL);
}

/* An attachment that an honest party sealed opens, and is what its message names. */
static void open_attachments(struct seat *s, const struct entry_verdict *e, const struct message *m) {
    struct opener with = {.identities = s->who->identities, .count = s->who->identity_count};
    for (size_t i = 0; i < m->head.attach_count; i++) {
        const struct attach *line = &m->head.attach[i];
        struct buf sealed = {.max = line->sealed_size}, plain = {.max = line->sealed_size + 1024};
        uint8_t key[SEAL_FILE_KEY_SIZE];
        uint64_t size;
        if (!get_blob(s, line->sealed, line->sealed_size, &sealed, &size, NULL) &&
            (message_unseal(buf_as_bytes(&sealed), &with, line->plain_size, &plain, key, NULL) ||
             !sha256_equal(sha256_of(buf_as_bytes(&plain)), line->plain)))
            violated(s->who->world, "party %u, channel %u: an attachment of entry %llu is not what was sealed",
                     s->who->number, s->number, (unsigned long long)e->index);
        buf_free(&sealed);
        buf_free(&plain);
    }
}

static void take_statement(struct seat *s, const struct entry_verdict *e, struct bytes blob) {
    struct book *b = s->first->book;
    struct statement statement;
    bool own = e->party == seat_party(s), honest = !(own ? s : s->other)->who->malicious;
    if (read_statement(s, e, blob, &statement) == OK) {
        b->statements =
            arena_grow(&b->arena, b->statements, b->statement_count, &b->statement_room, sizeof *b->statements);
        b->statements[b->statement_count++] = statement;
        b->records[e->party][e->generation].opened[e->index] = true;
        if (honest && !own) open_attachments(s, e, book_message(s, &statement));
        return;
    }
    if (honest)
        violated(s->who->world, "party %u, channel %u: the message in entry %llu can't be opened", s->who->number,
                 s->number, (unsigned long long)e->index);
    if (own) return;
    b->closed = arena_grow(&b->arena, b->closed, b->closed_count, &b->closed_room, sizeof *b->closed);
    b->closed[b->closed_count++] = (struct closed){e->generation, e->index};
}

/* False where it has seen what is not held: it is judged later. */
static enum error open_entry(struct seat *s, const struct entry_verdict *e, struct diag *d) {
    const struct book_record *r = &s->first->book->records[e->party][e->generation];
    struct buf blob = {.max = 16 << 20};
    if (!r->leaves[e->index].has_message) return OK;
    uint64_t size;
    enum error result = get_blob(s, r->messages[e->index], blob.max, &blob, &size, d);
    if (!result) take_statement(s, e, arena_bytes(&s->first->book->arena, buf_as_bytes(&blob)));
    buf_free(&blob);
    return result == ERR_MISSING ? OK : result;
}

static enum error open_new(struct seat *s, struct diag *d) {
    struct arena a = {0};
    struct book *b = s->first->book;
    struct channel_view view = view_of(s, &a);
    struct channel_verdict v;
    enum error result = channel_judge(&view, NULL, &a, &v, d);
    for (unsigned p = 0; p < 2; p++)
        for (size_t g = 0; g < b->generations; g++) {
            struct book_record *r = &b->records[p][g];
            while (!result && r->looked < r->count) {
                const struct entry_verdict *e = channel_entry(&v, p, g, r->looked);
                if (!e) break; /* it has seen what is not held: later */
                result = open_entry(s, e, d);
                if (!result) r->looked++;
            }
        }
    arena_free(&a);
    return result;
}

enum error book_read(struct seat *s, struct diag *d) {
    enum error result = read_more(s, d);
    if (result == ERR_CONFLICT) {
        book_forget(s);
        result = read_more(s, d);
    }
    if (!result && s->first->book->generations) result = open_new(s, d);
    return result;
}

/* ---- asking */

size_t book_size(const struct seat *s) {
    size_t sum = 0;
    for (size_t g = 0; s->first->book && g < s->first->book->generations; g++)
        sum += s->first->book->records[0][g].count + s->first->book->records[1][g].count;
    return sum;
}

size_t book_common(const struct seat *s, const struct seat *other, struct cut cuts[static GENERATIONS_MAX]) {
    const struct book *b = s->first->book, *c = other->first->book;
    for (size_t g = 0; g < GENERATIONS_MAX; g++)
        for (unsigned p = 0; p < 2; p++) {
            uint64_t x = b->records[p][g].count, y = c->records[p][g].count;
            cuts[g].of[p] = x < y ? x : y;
        }
    return b->generations < c->generations ? b->generations : c->generations;
}

bool book_close(const struct seat *s, struct cut *cut) {
    struct arena a = {0};
    const struct book *b = s->first->book;
    bool held = !b->ahead && b->generations == s->generation + 1 && cut->of[0] <= b->records[0][s->generation].count &&
                cut->of[1] <= b->records[1][s->generation].count;
    struct channel_view view = view_of(s, &a);
    if (held) *cut = cut_reduce(&view, s->generation, *cut);
    arena_free(&a);
    return held;
}

static bool opened_by(const struct seat *s, const struct statement *t) {
    const struct book_record *r = &s->first->book->records[t->party][t->generation];
    return t->index < r->count && r->opened[t->index];
}

static void shuffle(struct statement *at, size_t count, uint64_t seed) {
    struct rng r = {seed};
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)rng_below(&r, i);
        struct statement moved = at[i - 1];
        at[i - 1] = at[other];
        at[other] = moved;
    }
}

enum error book_fold(struct seat *s, const struct reading *how, struct arena *a, struct matter_state *out,
                     struct diag *d) {
    const struct book *b = s->first->book;
    struct channel_view *view = ARENA_NEW(a, struct channel_view);
    struct statement *statements = ARENA_ARRAY(a, struct statement, b->statement_count);
    size_t count = 0;
    *view = view_of(s, a);
    for (size_t i = 0; i < b->statement_count; i++)
        if (!how->with || opened_by(how->with, &b->statements[i])) statements[count++] = b->statements[i];
    if (how->shuffle) shuffle(statements, count, how->shuffle);
    return matter_fold(view, how->cuts, statements, count, how->as_of, a, out, d);
}

bool book_is_worth(uint64_t size, uint64_t before) {
    return size > before && (size <= SHORT || size >= before + before / PARTS);
}

static enum error size_now(struct seat *s, uint64_t *out, struct diag *d) {
    uint64_t own, theirs = 0;
    enum error result = OK;
    *out = 0;
    for (struct seat *g = s->first; g && g->own && !result; g = g->after) {
        result = held(g, true, &own, d);
        if (!result) result = held(g, false, &theirs, d);
        if (!result) *out += own + theirs;
    }
    return result;
}

enum error book_state(struct seat *s, const struct matter_state **out, bool *fresh, struct diag *d) {
    struct book *b = book_of(s);
    uint64_t size;
    enum error result = size_now(s, &size, d);
    *fresh = false;
    if (!result && b->state && size >= b->state_size && !book_is_worth(size, b->state_size)) {
        *out = b->state;
        return OK;
    }
    if (!result) result = book_read(s, d);
    if (result) return result;
    b = s->first->book; /* it may have been read anew */
    arena_free(&b->kept);
    struct matter_state *state = ARENA_NEW(&b->kept, struct matter_state);
    b->state = NULL;
    result = book_fold(s, &(struct reading){.as_of = party_now(s->who)}, &b->kept, state, d);
    if (result) return result;
    *out = b->state = state;
    b->state_size = size;
    *fresh = true;
    return OK;
}

uint64_t book_read_of_theirs(const struct seat *s) {
    const struct book *b = s->first->book;
    return b->records[1 - seat_party(s)][s->generation].count;
}

bool book_closed(const struct seat *s, uint64_t which, uint64_t *index) {
    const struct book *b = s->first->book;
    if (!b || !b->closed_count) return false;
    const struct closed *c = &b->closed[which % b->closed_count];
    *index = c->index;
    return c->generation == s->generation;
}

const struct message *book_message(const struct seat *s, const struct statement *statement) {
    (void)s;
    return (const struct message *)((uintptr_t)statement->head - offsetof(struct message, head));
}

/* Speaking, carrying, reading. */
#include "side.h"

#include "matter/from_message.h"
#include "tlog/proof.h"

struct diag walk_diag;

void holds(enum error result, const char *file, int line) {
    if (result) print_error("%s:%d: %s: %s\n", file, line, error_name(result), walk_diag.text);
    assert_int_equal(result, OK);
}

void walk_begin(struct walk *w, const char *matter) {
    *w = (struct walk){.matter = text_of(matter)};
    pair_begin(&w->pair);
    (void)mirror(w, NORTH);
    (void)mirror(w, SOUTH);
}

void walk_end(struct walk *w) {
    tree_free(&w->sides[NORTH].mirror);
    tree_free(&w->sides[SOUTH].mirror);
    pair_end(&w->pair);
}

struct bytes walk_keep(struct walk *w, struct buf *b) {
    struct bytes kept = arena_bytes(&w->pair.arena, buf_as_bytes(b));
    assert_false(b->failed);
    buf_free(b);
    return kept;
}

struct text walk_hex(struct walk *w, struct sha256 sha) {
    char written[SHA256_HEX];
    return arena_text(&w->pair.arena, sha256_hex(&sha, written));
}

/* ---- speaking */

struct saying say_begin(struct walk *w, unsigned who, const char *kind) {
    struct head head = pair_head(&w->pair, who, kind, "");
    head.matter = w->matter;
    head.read = w->sides[who].mirror.size; /* it opens all that it holds */
    head.attach = ARENA_ARRAY(&w->pair.arena, struct attach, ATTACH_MAX);
    return (struct saying){.who = who, .head = head, .body = {.max = BODY_MAX_BYTES}};
}

void say_attach(struct walk *w, struct saying *s, const char *role, const char *name, struct bytes plain) {
    struct pair_blob *sealed = pair_seal(&w->pair, s->who, plain);
    assert_true(s->head.attach_count < ATTACH_MAX);
    s->blobs[1 + s->head.attach_count] = sealed;
    s->head.attach[s->head.attach_count++] = (struct attach){.role = text_of(role),
                                                             .sealed = sealed->sha,
                                                             .sealed_size = sealed->content.size,
                                                             .plain = sha256_of(plain),
                                                             .plain_size = plain.size,
                                                             .media_type = TEXT("text/plain"),
                                                             .name = text_of(name)};
}

/* Every entry says how much of the other's record its writer holds, under which root: what was seen can't be denied. */
static uint64_t append(struct walk *w, unsigned who, struct entry e) {
    struct tree *held = &w->sides[who].mirror;
    e.seen = (struct entry_size){held->size, tree_root_at(held, held->size)};
    return pair_append(&w->pair, who, e);
}

/* An officer signs head and body as one note.  Note and attachments are sealed to both departments; the entry names
 * the sealed blobs by hash and size, and nothing else. */
uint64_t say_end(struct walk *w, struct saying *s) {
    struct buf note = {.max = MESSAGE_MAX_BYTES};
    const struct signer *officer = w->pair.of[s->who].officer;
    HOLDS(message_sign(&s->head, buf_as_text(&s->body), &officer, 1, &note, &walk_diag));
    buf_free(&s->body);
    s->blobs[0] = pair_seal(&w->pair, s->who, walk_keep(w, &note));

    size_t count = 1 + s->head.attach_count;
    struct entry_blob *lines = ARENA_ARRAY(&w->pair.arena, struct entry_blob, count);
    for (size_t i = 0; i < count; i++) lines[i] = (struct entry_blob){s->blobs[i]->sha, s->blobs[i]->content.size};
    return append(w, s->who, (struct entry){.blobs = lines, .blob_count = count});
}

/* ---- carrying */

/* The owner's checkpoint: a size and a root, signed by the log key that its card names. */
static struct signed_checkpoint checkpoint_of(struct walk *w, unsigned owner) {
    struct signed_checkpoint signed_one;
    struct vkey log;
    HOLDS(vkey_read(w->pair.of[owner].card.logs[0].key, &log, &walk_diag));
    HOLDS(checkpoint_open(pair_checkpoint(&w->pair, owner), pair_now(&w->pair, owner)->origin, &log, 1, &w->pair.arena,
                          &signed_one, &walk_diag));
    return signed_one;
}

/* An entry is held when all of its blobs are. */
static void hold_entry(struct walk *w, struct tree *held, struct bytes leaf) {
    struct entry e;
    HOLDS(entry_read(leaf, &w->pair.arena, &e, &walk_diag));
    for (size_t i = 0; i < e.blob_count; i++) {
        struct pair_blob *blob = pair_find(&w->pair, e.blobs[i].sha);
        assert_non_null(blob);
        assert_int_equal(blob->content.size, e.blobs[i].size);
    }
    tree_add(held, tree_leaf_hash(leaf));
}

/* What is held already must be the beginning of what is signed now; with the new entries it must give the root. */
static void take_entries(struct walk *w, struct tree *held, struct pair_record *record, const struct checkpoint *at) {
    struct proof proof;
    struct tree_reader owners = tree_reader(&record->tree);
    uint64_t old = held->size;
    HOLDS(consistency_make(&owners, old, at->size, &proof, &walk_diag));
    HOLDS(consistency_verify(&proof, old, tree_root_at(held, old), at->size, at->root, &walk_diag));
    for (uint64_t i = old; i < at->size; i++) hold_entry(w, held, record->leaves[i]);
    assert_true(sha256_equal(tree_root_at(held, held->size), at->root));
}

struct entry_receipt mirror(struct walk *w, unsigned owner) {
    struct signed_checkpoint c = checkpoint_of(w, owner);
    struct buf line = {.max = 1024};
    take_entries(w, &w->sides[1 - owner].mirror, pair_now(&w->pair, owner), &c.at);
    cosignature_make(w->pair.of[1 - owner].mirror, c.note.text, w->pair.now, &line);
    struct text cosigned = text_from_bytes(walk_keep(w, &line));
    return (struct entry_receipt){{c.at.size, c.at.root}, text_sub(cosigned, 0, cosigned.size - 1)};
}

void deliver(struct walk *w, unsigned owner) {
    struct entry_receipt receipt = mirror(w, owner);
    append(w, owner, (struct entry){.receipts = &receipt, .receipt_count = 1});
    (void)mirror(w, 1 - owner);
}

/* ---- reading */

static void remember(struct side *side, const struct dossier_opened *opened) {
    for (size_t i = 0; i < side->opened_count; i++)
        if (sha256_equal(side->opened[i].blob, opened->blob)) return;
    assert_true(side->opened_count < OPENED_MAX);
    side->opened[side->opened_count++] = *opened;
}

/* Opens a sealed blob with the department's identity.  The blob's own key, which opens nothing else, is what a dossier
 * will show. */
static struct bytes unseal(struct walk *w, unsigned who, struct sha256 name, uint64_t size) {
    struct buf plain = {.max = MESSAGE_MAX_BYTES};
    struct dossier_opened opened = {.blob = name};
    struct opener with = {.identities = &w->pair.of[who].identity, .count = 1};
    HOLDS(message_unseal(pair_find(&w->pair, name)->content, &with, size, &plain, opened.file_key, &walk_diag));
    remember(&w->sides[who], &opened);
    return walk_keep(w, &plain);
}

struct bytes open_attachment(struct walk *w, unsigned who, const struct message *m, const char *role) {
    const struct attach *line = head_attachment(&m->head, role, (struct text){0});
    assert_non_null(line);
    struct bytes plain = unseal(w, who, line->sealed, line->plain_size);
    assert_true(sha256_equal(sha256_of(plain), line->plain));
    return plain;
}

/* One's own record whole, the other's as far as it was mirrored. */
static struct raw_channel held_by(struct walk *w, unsigned who) {
    struct raw_channel raw = pair_raw(&w->pair);
    struct raw_record *theirs = ARENA_NEW(&w->pair.arena, struct raw_record);
    *theirs = raw.parties[1 - who].records[0];
    theirs->count = w->sides[who].mirror.size;
    raw.parties[1 - who].records = theirs;
    return raw;
}

static void open_entry(struct walk *w, unsigned who, struct reading *r, unsigned party, uint64_t index) {
    const struct leaf *leaf = &r->channel.view.parties[party].records[0].leaves[index];
    struct message *m = &r->messages[r->count];
    if (!leaf->has_message) return; /* a card, or a receipt alone */
    struct sha256 blob = r->channel.records[party][0].entries[index].blobs[0].sha;
    HOLDS(message_read(unseal(w, who, blob, UINT64_MAX), &w->pair.arena, m, &walk_diag));
    HOLDS(statement_from_message(m, channel_entry(&r->verdict, party, 0, index), &w->pair.arena,
                                 &r->statements[r->count++], &walk_diag));
}

struct reading *read_as(struct walk *w, unsigned who) {
    struct arena *a = &w->pair.arena;
    struct reading *r = ARENA_NEW(a, struct reading);
    r->raw = held_by(w, who);
    HOLDS(channel_verify(&r->raw, a, &r->channel, &walk_diag));
    HOLDS(channel_judge(&r->channel.view, NULL, a, &r->verdict, &walk_diag));
    assert_int_equal(r->verdict.contradiction_count, 0);
    r->messages = ARENA_ARRAY(a, struct message, PAIR_ENTRIES_MAX);
    r->statements = ARENA_ARRAY(a, struct statement, PAIR_ENTRIES_MAX);
    for (unsigned party = 0; party < 2; party++)
        for (uint64_t i = 0; i < r->raw.parties[party].records[0].count; i++) open_entry(w, who, r, party, i);
    return r;
}

const struct message *find(const struct reading *r, const char *kind) {
    const struct message *last = NULL;
    for (size_t i = 0; i < r->count; i++)
        if (text_is(r->messages[i].head.kind, kind)) last = &r->messages[i];
    assert_non_null(last);
    return last;
}

const struct matter *fold(struct walk *w, const struct reading *r, const struct cut *at, struct matter_state *state) {
    HOLDS(matter_fold(&r->channel.view, at, r->statements, r->count, w->pair.now, &w->pair.arena, state, &walk_diag));
    const struct matter *m = matter_find(state, w->matter);
    assert_non_null(m);
    return m;
}

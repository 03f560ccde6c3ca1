#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "record/entry.h"
#include "store/sql.h"
#include "store/store.h"

enum { LARGE = 200000 };

struct kit {
    struct store *store;
    struct arena arena;
    char folder[64]; /* empty: in memory */
    int64_t channel, own, theirs;
    struct diag diag;
};

static void must(struct kit *k, enum error result) {
    if (result) fprintf(stderr, "%s: %s\n", error_name(result), k->diag.text);
    assert_int_equal(result, OK);
}

static void open_store(struct kit *k) {
    struct store_options o = {.folder = k->folder[0] ? k->folder : NULL};
    must(k, store_open(&o, &k->store, &k->diag));
}

static struct channel sample(struct kit *k, uint64_t number, bool both) {
    struct channel c = {.own_party = TEXT("cert.north.example"),
                        .party = TEXT("cert.south.example"),
                        .number = number,
                        .limits = CHANNEL_LIMITS_DEFAULT};
    for (int side = 0; side < (both ? 2 : 1); side++) {
        c.of[side].name = arena_format(&k->arena, "%s/%d", side ? "south/to/north" : "north/to/south", (int)number);
        c.of[side].origin = channel_origin(c.of[side].name, c.of[side].secret, &k->arena);
        c.of[side].root = TEXT("a root");
    }
    return c;
}

static void start(struct kit *k, bool on_disk) {
    *k = (struct kit){0};
    if (on_disk) {
        strcpy(k->folder, "parley-store-XXXXXX");
        assert_non_null(mkdtemp(k->folder));
    }
    open_store(k);
    struct channel c = sample(k, 1, true);
    must(k, store_add_channel(k->store, &c, &k->channel, &k->diag));
    must(k, store_channel(k->store, k->channel, &k->arena, &c, &k->diag));
    k->own = c.of[SIDE_OWN].id;
    k->theirs = c.of[SIDE_THEIRS].id;
}

static void end(struct kit *k) {
    store_close(k->store);
    arena_free(&k->arena);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", k->folder);
    if (k->folder[0]) assert_int_equal(system(command), 0);
}

static struct bytes leaf(struct kit *k, struct text channel, const struct entry_blob *blobs, size_t count,
                         const struct sha256 *erase) {
    struct entry e = {.time = INSTANT_DAY, .channel = channel, .seen = {0, tree_empty_root()}};
    struct entry_blob copies[4];
    struct sha256 erased;
    struct buf out = {.max = ENTRY_MAX_BYTES};
    for (size_t i = 0; i < count; i++) copies[i] = blobs[i];
    e.blobs = copies;
    e.blob_count = count;
    if (erase) {
        erased = *erase;
        e.erase = &erased;
        e.erase_count = 1;
    }
    must(k, entry_write(&e, &out, &k->diag));
    struct bytes kept = arena_bytes(&k->arena, buf_as_bytes(&out));
    buf_free(&out);
    return kept;
}

static void channels_come_back(void **state) {
    (void)state;
    struct kit k;
    struct channel c, *list;
    struct channel_record theirs;
    size_t count;
    int64_t id;
    enum side side;
    start(&k, true);
    c = sample(&k, 2, false);
    must(&k, store_add_channel(k.store, &c, &id, &k.diag));
    assert_int_equal(store_add_channel(k.store, &c, &id, NULL), ERR_CONFLICT);
    theirs = sample(&k, 2, true).of[SIDE_THEIRS];
    must(&k, store_complete_channel(k.store, id, &theirs, bytes_of("card", 4), &k.diag));
    const struct channel_record same = theirs;
    theirs.origin = TEXT("parley/another");
    must(&k, store_renew_channel(k.store, id, &theirs, bytes_of("newer card", 10), &k.diag));
    assert_int_equal(store_find_channel(k.store, same.origin, &k.arena, &c, &side, NULL), ERR_MISSING);
    must(&k, store_find_channel(k.store, theirs.origin, &k.arena, &c, &side, &k.diag));
    assert_true(c.id == id && c.invited_card.size == 10);
    must(&k, store_renew_channel(k.store, id, &same, bytes_of("card", 4), &k.diag));
    must(&k, store_add_leaf(k.store, c.of[SIDE_THEIRS].id, 0, bytes_of("entry", 5), &k.diag));
    assert_int_equal(store_renew_channel(k.store, id, &theirs, bytes_of("newer card", 10), NULL), ERR_CONFLICT);
    theirs = same;
    must(&k, store_set_contact(k.store, id, INSTANT_DAY, TEXT("refused"), &k.diag));
    store_close(k.store);
    open_store(&k);
    must(&k, store_channels(k.store, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 2);
    assert_int_equal(list[1].state, CHANNEL_OPEN);
    assert_true(list[1].tried_at == INSTANT_DAY && list[1].contacted_at == INSTANT_NONE);
    assert_true(text_is(list[1].trouble, "refused") && list[1].invited_card.size == 4);
    assert_true(list[0].limits.window_entries == UINT64_MAX);
    must(&k, store_find_channel(k.store, theirs.origin, &k.arena, &c, &side, &k.diag));
    assert_true(c.id == id && side == SIDE_THEIRS);
    must(&k, store_find_channel(k.store, list[0].of[SIDE_OWN].hash, &k.arena, &c, &side, &k.diag));
    assert_true(c.id == k.channel && side == SIDE_OWN);
    assert_int_equal(store_find_channel(k.store, TEXT("parley/none"), &k.arena, &c, &side, NULL), ERR_MISSING);
    end(&k);
}

static void roots_are_those_of_a_tree_in_memory(void **state) {
    (void)state;
    struct kit k;
    struct tree tree = {0};
    struct sha256 root;
    struct bytes *leaves;
    size_t got;
    start(&k, false);
    for (uint64_t i = 0; i < 300; i++) {
        struct text content = arena_format(&k.arena, "leaf %d", (int)i); /* no entry: malformed, held all the same */
        must(&k, store_add_leaf(k.store, k.own, i, bytes_from_text(content), &k.diag));
        tree_add(&tree, tree_leaf_hash(bytes_from_text(content)));
    }
    for (uint64_t size = 0; size <= 300; size++) {
        must(&k, store_root(k.store, k.own, size, &root, &k.diag));
        assert_true(sha256_equal(root, tree_root_at(&tree, size)));
    }
    assert_int_equal(store_root(k.store, k.own, 301, &root, NULL), ERR_MISSING);
    must(&k, store_leaves(k.store, k.own, 290, 100, UINT64_MAX, &k.arena, &leaves, &got, &k.diag));
    assert_int_equal(got, 10);
    assert_true(text_is(text_from_bytes(leaves[9]), "leaf 299"));
    must(&k, store_leaves(k.store, k.own, 0, 100, 20, &k.arena, &leaves, &got, &k.diag));
    assert_int_equal(got, 3);
    assert_int_equal(store_add_leaf(k.store, k.own, 5, bytes_of("leaf 5", 6), NULL), OK);
    assert_int_equal(store_add_leaf(k.store, k.own, 5, bytes_of("other", 5), NULL), ERR_CONFLICT);
    assert_int_equal(store_add_leaf(k.store, k.own, 301, bytes_of("gap", 3), NULL), ERR_MISSING);
    tree_free(&tree);
    end(&k);
}

static void an_unsigned_tail_can_be_taken_off(void **state) {
    (void)state;
    struct kit k;
    struct sha256 at_seven, root;
    uint64_t size;
    start(&k, false);
    for (uint64_t i = 0; i < 12; i++) must(&k, store_add_leaf(k.store, k.own, i, bytes_of(&i, 1), &k.diag));
    must(&k, store_root(k.store, k.own, 7, &at_seven, &k.diag));
    must(&k, store_intend(k.store, k.own, 7, at_seven, &k.diag));
    assert_int_equal(store_cut_leaves(k.store, k.own, 6, NULL), ERR_CONFLICT);
    must(&k, store_cut_leaves(k.store, k.own, 7, &k.diag));
    must(&k, store_size(k.store, k.own, &size, &k.diag));
    assert_int_equal(size, 7);
    must(&k, store_root(k.store, k.own, 7, &root, &k.diag));
    assert_true(sha256_equal(root, at_seven));
    for (uint64_t i = 7; i < 20; i++) must(&k, store_add_leaf(k.store, k.own, i, bytes_of(&i, 2), &k.diag));
    end(&k);
}

static void another_root_is_never_intended(void **state) {
    (void)state;
    struct kit k;
    struct sha256 one = sha256_of(bytes_of("1", 1)), two = sha256_of(bytes_of("2", 1));
    uint64_t size;
    start(&k, true);
    must(&k, store_intend(k.store, k.own, 3, one, &k.diag));
    must(&k, store_intend(k.store, k.own, 3, one, &k.diag));
    store_close(k.store);
    open_store(&k);
    assert_int_equal(store_intend(k.store, k.own, 3, two, NULL), ERR_CONFLICT);
    must(&k, store_intended_size(k.store, k.own, &size, &k.diag));
    assert_int_equal(size, 3);
    end(&k);
}

static void blobs_are_wanted_until_held_or_erased(void **state) {
    (void)state;
    struct kit k;
    struct wanted_blob *wanted;
    size_t count;
    uint64_t size;
    struct sha256 sha;
    bool attachment;
    start(&k, false);
    struct sha256 message = sha256_of(bytes_of("message", 7)), file = sha256_of(bytes_of("file", 4));
    struct entry_blob blobs[2] = {{message, 7}, {file, 4}};
    must(&k, store_add_leaf(k.store, k.theirs, 0, leaf(&k, TEXT("south/to/north/1"), blobs, 2, NULL), &k.diag));
    must(&k, store_add_leaf(k.store, k.theirs, 1, leaf(&k, TEXT(""), NULL, 0, &message),
                            &k.diag)); /* false: no attachment */
    must(&k, store_missing_blobs(k.store, k.theirs, 0, 2, &k.arena, &wanted, &count, &k.diag));
    assert_int_equal(count, 2);
    must(&k, store_put_blob(k.store, k.channel, SIDE_THEIRS, bytes_of("message", 7), &sha, &k.diag));
    must(&k, store_missing_blobs(k.store, k.theirs, 0, 2, &k.arena, &wanted, &count, &k.diag));
    assert_true(count == 1 && sha256_equal(wanted[0].sha, file) && wanted[0].size == 4);
    must(&k, store_add_leaf(k.store, k.theirs, 2, leaf(&k, TEXT(""), NULL, 0, &file), &k.diag)); /* true */
    must(&k, store_missing_blobs(k.store, k.theirs, 0, 2, &k.arena, &wanted, &count, &k.diag));
    assert_int_equal(count, 1); /* the erasure lies outside */
    must(&k, store_missing_blobs(k.store, k.theirs, 0, 3, &k.arena, &wanted, &count, &k.diag));
    assert_int_equal(count, 0);
    must(&k, store_size_with_blob(k.store, k.theirs, 3, &size, &k.diag));
    assert_int_equal(size, 1);
    must(&k, store_size_with_erase(k.store, k.theirs, 2, &size, &k.diag));
    assert_int_equal(size, 2);
    must(&k, store_is_attachment(k.store, k.theirs, file, 1, &attachment, &k.diag));
    assert_true(attachment);
    end(&k);
}

static int count_steps(void *state) {
    ++*(unsigned *)state;
    return 0;
}

/* A record may name one blob and erase it, again and again: each naming costs a few look-ups, not a walk over all. */
static void a_blob_named_and_erased_without_end_costs_little(void **state) {
    (void)state;
    enum { TIMES = 20000, STEPS_AT_ONCE = 1000, STEPS_MAX = TIMES * 200 };
    struct kit k;
    struct wanted_blob *list;
    size_t count;
    unsigned steps = 0;
    char sql[1024];
    start(&k, false);
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)"
             " INSERT INTO named SELECT %lld, i, i >= %d, zeroblob(32), 1 FROM n;"
             "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)"
             " INSERT INTO erased SELECT %lld, i, zeroblob(32) FROM n;",
             TIMES, (long long)k.theirs, TIMES / 2, TIMES, (long long)k.theirs);
    assert_int_equal(sqlite3_exec(k.store->db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_progress_handler(k.store->db, STEPS_AT_ONCE, count_steps, &steps);
    must(&k, store_missing_blobs(k.store, k.theirs, 0, TIMES, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 1); /* the last naming: no erasure follows it */
    must(&k, store_named_blobs(k.store, k.theirs, 0, TIMES, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 1);
    must(&k, store_missing_blobs(k.store, k.theirs, 0, TIMES / 2, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, TIMES / 2); /* none is an attachment's before */
    must(&k, store_erased_blobs(k.store, k.theirs, &k.arena, &list, &count, &k.diag));
    assert_true(steps && steps < STEPS_MAX / STEPS_AT_ONCE);
    sqlite3_progress_handler(k.store->db, 0, NULL, NULL);
    end(&k);
}

static void what_one_side_erases_stays_where_the_other_names_it(void **state) {
    (void)state;
    struct kit k;
    struct wanted_blob *list;
    size_t count;
    struct sha256 sha;
    start(&k, false);
    struct sha256 message = sha256_of(bytes_of("message", 7)), file = sha256_of(bytes_of("file", 4));
    struct entry_blob blobs[2] = {{message, 7}, {file, 4}};
    must(&k, store_put_blob(k.store, k.channel, SIDE_OWN, bytes_of("file", 4), &sha, &k.diag));
    must(&k, store_add_leaf(k.store, k.theirs, 0, leaf(&k, TEXT("south/to/north/1"), blobs, 2, NULL), &k.diag));
    must(&k, store_add_leaf(k.store, k.theirs, 1, leaf(&k, TEXT(""), NULL, 0, &file), &k.diag));
    must(&k, store_erased_blobs(k.store, k.theirs, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 1);
    must(&k, store_add_leaf(k.store, k.own, 0, leaf(&k, TEXT("north/to/south/1"), blobs, 2, NULL), &k.diag));
    must(&k, store_erased_blobs(k.store, k.theirs, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 0);
    must(&k, store_add_leaf(k.store, k.own, 1, leaf(&k, TEXT(""), NULL, 0, &file), &k.diag));
    must(&k, store_erased_blobs(k.store, k.theirs, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 1);
    must(&k, store_add_leaf(k.store, k.theirs, 2, leaf(&k, TEXT(""), blobs, 2, NULL), &k.diag)); /* once more */
    must(&k, store_erased_blobs(k.store, k.theirs, &k.arena, &list, &count, &k.diag));
    assert_int_equal(count, 0);
    end(&k);
}

static void fill(struct bytes *b, struct arena *a, size_t size) {
    uint8_t *at = ARENA_ARRAY(a, uint8_t, size);
    for (size_t i = 0; i < size; i++) at[i] = (uint8_t)(i * 31 >> 3);
    *b = bytes_of(at, size);
}

static void blobs_come_in_parts(struct kit *k, size_t size) {
    struct bytes whole;
    struct blob_about about;
    struct buf out = {.max = LARGE};
    fill(&whole, &k->arena, size);
    struct sha256 sha = sha256_of(whole);
    size_t half = size / 2;
    enum error result =
        store_put_blob_part(k->store, k->channel, SIDE_THEIRS, sha, 1, size, bytes_of(whole.at, half), NULL);
    assert_int_equal(result, ERR_CONFLICT);
    must(k, store_put_blob_part(k->store, k->channel, SIDE_THEIRS, sha, 0, size, bytes_of(whole.at, half), &k->diag));
    must(k, store_blob_about(k->store, k->channel, sha, &about, &k->diag));
    assert_true(about.state == BLOB_PARTIAL && about.have == half && about.size == size);
    if (k->folder[0]) {
        store_close(k->store);
        open_store(k);
    }
    result = store_get_blob(k->store, k->channel, sha, 0, size, &out, NULL);
    assert_int_equal(result, ERR_MISSING);
    must(k, store_put_blob_part(k->store, k->channel, SIDE_THEIRS, sha, half, size,
                                bytes_of(whole.at + half, size - half), &k->diag));
    must(k, store_get_blob(k->store, k->channel, sha, 3, size, &out, &k->diag));
    assert_int_equal(out.size, size - 3);
    assert_memory_equal(out.at, whole.at + 3, size - 3);
    /* Wrong bytes are dropped, and the next try begins anew. */
    sha.at[0] ^= 1;
    result = store_put_blob_part(k->store, k->channel, SIDE_THEIRS, sha, 0, size, whole, NULL);
    assert_int_equal(result, ERR_PROOF);
    must(k, store_blob_about(k->store, k->channel, sha, &about, &k->diag));
    assert_int_equal(about.state, BLOB_ABSENT);
    buf_free(&out);
}

static void parts_small_and_large_in_memory_and_on_disk(void **state) {
    (void)state;
    for (int on_disk = 0; on_disk < 2; on_disk++) {
        struct kit k;
        start(&k, on_disk);
        blobs_come_in_parts(&k, 1000);
        blobs_come_in_parts(&k, LARGE);
        uint64_t bytes;
        must(&k, store_bytes_from(k.store, k.channel, SIDE_THEIRS, &bytes, &k.diag));
        assert_int_equal(bytes, 1000 + LARGE);
        end(&k);
    }
}

/* Four threads, a blob each, and room for one of them: whoever counts it first has it. */
struct crowd {
    struct kit *kit;
    size_t size;
    atomic_uint next, put, refused;
};

static void *put_one_of_many(void *state) {
    struct crowd *w = state;
    uint8_t *at = calloc(1, w->size);
    assert_non_null(at);
    at[0] = (uint8_t)atomic_fetch_add(&w->next, 1);
    struct bytes blob = bytes_of(at, w->size);
    enum error result = store_put_blob_part_within(w->kit->store, w->kit->channel, SIDE_THEIRS, w->size + w->size / 2,
                                                   sha256_of(blob), 0, w->size, blob, NULL);
    atomic_fetch_add(result ? &w->refused : &w->put, !result || result == ERR_LIMIT);
    free(at);
    return NULL;
}

static void what_comes_at_once_stays_within_its_room(void **state) {
    (void)state;
    static const size_t sizes[] = {1000, LARGE};
    for (size_t n = 0; n < COUNT(sizes); n++) {
        struct kit k;
        struct crowd w = {.kit = &k, .size = sizes[n]};
        pthread_t threads[4];
        uint64_t bytes;
        start(&k, true);
        for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, put_one_of_many, &w), 0);
        for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
        assert_int_equal(atomic_load(&w.put), 1);
        assert_int_equal(atomic_load(&w.refused), 3);
        must(&k, store_bytes_from(k.store, k.channel, SIDE_THEIRS, &bytes, &k.diag));
        assert_int_equal(bytes, sizes[n]);
        end(&k);
    }
}

/* Four threads that put the same file at once: each part is taken once, and the whole is right. */
struct putting {
    struct kit *kit;
    struct sha256 sha;
    struct bytes whole;
    atomic_uint conflicts, others;
};

static void *put_all(void *state) {
    struct putting *p = state;
    for (uint64_t at = 0; at < p->whole.size; at += 10000) {
        uint64_t size = p->whole.size - at < 10000 ? p->whole.size - at : 10000;
        enum error result = store_put_blob_part(p->kit->store, p->kit->channel, SIDE_THEIRS, p->sha, at, p->whole.size,
                                                bytes_of(p->whole.at + at, (size_t)size), NULL);
        if (result == ERR_CONFLICT)
            atomic_fetch_add(&p->conflicts, 1);
        else if (result)
            atomic_fetch_add(&p->others, 1);
    }
    return NULL;
}

static void parts_from_many_threads_make_one_file(void **state) {
    (void)state;
    struct kit k;
    struct putting p = {.kit = &k};
    struct buf out = {.max = LARGE};
    pthread_t threads[4];
    start(&k, true);
    fill(&p.whole, &k.arena, LARGE);
    p.sha = sha256_of(p.whole);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, put_all, &p), 0);
        for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
        put_all(&p); /* where all of them met a conflict at the same place */
    }
    assert_int_equal(atomic_load(&p.others), 0);
    must(&k, store_get_blob(k.store, k.channel, p.sha, 0, LARGE, &out, &k.diag));
    assert_int_equal(out.size, LARGE);
    assert_memory_equal(out.at, p.whole.at, LARGE);
    buf_free(&out);
    end(&k);
}

static void the_generation_is_another_one_after_each_commit(void **state) {
    (void)state;
    struct kit k;
    struct arena a = {0};
    struct channel c;
    start(&k, true);
    uint64_t before = store_generation(k.store);
    must(&k, store_channel(k.store, k.channel, &a, &c, &k.diag));
    assert_int_equal(store_generation(k.store), before); /* reading changes nothing */
    must(&k, store_set_state(k.store, k.channel, CHANNEL_OPEN, TEXT(""), &k.diag));
    assert_int_not_equal(store_generation(k.store), before);
    before = store_generation(k.store);
    must(&k, store_begin(k.store, &k.diag));
    must(&k, store_set_state(k.store, k.channel, CHANNEL_FROZEN, TEXT("why"), &k.diag));
    assert_int_equal(store_end(k.store, OK, &k.diag), OK);
    assert_int_not_equal(store_generation(k.store), before);
    arena_free(&a);
    end(&k);
}

static void assert_counted(struct kit *k, uint64_t expected) {
    uint64_t bytes;
    must(k, store_bytes_from(k->store, k->channel, SIDE_THEIRS, &bytes, &k->diag));
    assert_int_equal(bytes, expected);
}

/* What counts towards the quota is kept up to date by what comes and goes, and by what is undone. */
static void bytes_are_counted_as_blobs_come_and_go(void **state) {
    (void)state;
    struct kit k;
    struct bytes whole;
    struct sha256 sha;
    start(&k, true);
    fill(&whole, &k.arena, 1000);
    must(&k, store_begin(k.store, &k.diag));
    must(&k, store_put_blob(k.store, k.channel, SIDE_THEIRS, whole, &sha, &k.diag));
    assert_counted(&k, 1000); /* begins to count in what is undone */
    assert_int_equal(store_end(k.store, ERR_NO, &k.diag), ERR_NO);
    assert_counted(&k, 0);
    must(&k, store_put_blob(k.store, k.channel, SIDE_THEIRS, whole, &sha, &k.diag));
    assert_counted(&k, 1000);
    must(&k, store_begin(k.store, &k.diag));
    must(&k, store_erase_blob(k.store, k.channel, sha, &k.diag));
    assert_int_equal(store_end(k.store, ERR_NO, &k.diag), ERR_NO);
    assert_counted(&k, 1000);
    must(&k, store_erase_blob(k.store, k.channel, sha, &k.diag));
    assert_counted(&k, 0);
    must(&k, store_put_blob(k.store, k.channel, SIDE_OWN, bytes_of("ours", 4), &sha, &k.diag));
    assert_counted(&k, 0);
    fill(&whole, &k.arena, LARGE);
    sha = sha256_of(whole);
    must(&k, store_put_blob_part(k.store, k.channel, SIDE_THEIRS, sha, 0, LARGE, bytes_of(whole.at, 10), &k.diag));
    assert_counted(&k, LARGE);
    store_close(k.store);
    open_store(&k);
    assert_counted(&k, LARGE);
    must(&k, store_put_blob_part(k.store, k.channel, SIDE_THEIRS, sha, 10, LARGE, bytes_of(whole.at + 10, LARGE - 10),
                                 &k.diag));
    assert_counted(&k, LARGE);
    end(&k);
}

/* Else who begins large blobs and goes on as if they were small fills the disk with what nothing counts. */
static void a_blob_begun_anew_as_a_small_one_leaves_no_file(void **state) {
    (void)state;
    struct kit k;
    struct bytes whole;
    struct blob_about about;
    char command[128];
    start(&k, true);
    fill(&whole, &k.arena, LARGE);
    struct sha256 sha = sha256_of(bytes_of("small", 5));
    must(&k, store_put_blob_part(k.store, k.channel, SIDE_THEIRS, sha, 0, LARGE + 1, whole, &k.diag));
    assert_counted(&k, LARGE + 1);
    must(&k, store_put_blob_part(k.store, k.channel, SIDE_THEIRS, sha, 0, 5, bytes_of("sma", 3), &k.diag));
    assert_counted(&k, 5);
    snprintf(command, sizeof command, "test -z \"$(find %s/blobs -type f)\"", k.folder);
    assert_int_equal(system(command), 0);
    must(&k, store_put_blob_part(k.store, k.channel, SIDE_THEIRS, sha, 3, 5, bytes_of("ll", 2), &k.diag));
    must(&k, store_blob_about(k.store, k.channel, sha, &about, &k.diag));
    assert_int_equal(about.state, BLOB_HELD);
    end(&k);
}

static void erasing_deletes_the_file_that_no_other_channel_holds(void **state) {
    (void)state;
    struct kit k;
    struct bytes whole;
    struct sha256 sha;
    struct blob_about about;
    struct buf out = {.max = LARGE};
    int64_t other;
    char hex[SHA256_HEX], path[256];
    start(&k, true);
    struct channel c = sample(&k, 2, true);
    must(&k, store_add_channel(k.store, &c, &other, &k.diag));
    fill(&whole, &k.arena, LARGE);
    must(&k, store_put_blob(k.store, k.channel, SIDE_OWN, whole, &sha, &k.diag));
    must(&k, store_put_blob(k.store, other, SIDE_OWN, whole, &sha, &k.diag));
    sha256_hex(&sha, hex);
    snprintf(path, sizeof path, "%s/blobs/%.2s/%s", k.folder, hex, hex);
    must(&k, store_erase_blob(k.store, k.channel, sha, &k.diag));
    assert_true(os_exists(path));
    assert_int_equal(store_get_blob(k.store, k.channel, sha, 0, LARGE, &out, NULL), ERR_MISSING);
    must(&k, store_get_blob(k.store, other, sha, 0, LARGE, &out, &k.diag));
    must(&k, store_erase_blob(k.store, other, sha, &k.diag));
    assert_false(os_exists(path));
    must(&k, store_blob_about(k.store, other, sha, &about, &k.diag));
    assert_int_equal(about.state, BLOB_ERASED);
    assert_int_equal(store_put_blob(k.store, other, SIDE_OWN, whole, &sha, NULL), ERR_CONFLICT);
    buf_free(&out);
    end(&k);
}

static enum blob_state state_of(struct kit *k, struct sha256 sha) {
    struct blob_about about;
    must(k, store_blob_about(k->store, k->channel, sha, &about, &k->diag));
    return about.state;
}

/* Somebody's process died, or the disk was full, between the blobs of an entry and the entry. */
static void blobs_of_entries_that_never_came_are_dropped(void **state) {
    (void)state;
    struct kit k;
    struct bytes blobs[4];
    struct sha256 sha[4];
    start(&k, true);
    for (size_t i = 0; i < 4; i++) {
        fill(&blobs[i], &k.arena, i % 2 ? LARGE + i : 100 + i);
        must(&k, store_put_blob(k.store, k.channel, i < 3 ? SIDE_OWN : SIDE_THEIRS, blobs[i], &sha[i], &k.diag));
    }
    struct entry_blob named = {sha[2], blobs[2].size};
    must(&k, store_add_leaf(k.store, k.own, 0, leaf(&k, TEXT("north/to/south/1"), &named, 1, NULL), &k.diag));
    struct sha256 part = sha256_of(bytes_from_text(TEXT("of a part")));
    must(&k, store_put_blob_part(k.store, k.channel, SIDE_OWN, part, 0, LARGE, blobs[0], &k.diag));
    must(&k, store_drop_unnamed(k.store, k.channel, sha[2], &k.diag));
    must(&k, store_drop_unnamed(k.store, k.channel, sha[0], &k.diag));
    assert_int_equal(state_of(&k, sha[0]), BLOB_ABSENT);
    assert_int_equal(state_of(&k, sha[1]), BLOB_HELD);
    must(&k, store_drop_all_unnamed(k.store, &k.diag));
    assert_int_equal(state_of(&k, sha[1]), BLOB_ABSENT);
    assert_int_equal(state_of(&k, part), BLOB_ABSENT);
    assert_int_equal(state_of(&k, sha[2]), BLOB_HELD); /* an entry names it */
    assert_int_equal(state_of(&k, sha[3]), BLOB_HELD); /* theirs */
    end(&k);
}

static void what_failed_leaves_nothing(void **state) {
    (void)state;
    struct kit k;
    uint64_t size;
    struct sha256 sha;
    struct blob_about about;
    start(&k, false);
    must(&k, store_begin(k.store, &k.diag));
    must(&k, store_add_leaf(k.store, k.own, 0, bytes_of("x", 1), &k.diag));
    must(&k, store_put_blob(k.store, k.channel, SIDE_OWN, bytes_of("y", 1), &sha, &k.diag));
    assert_int_equal(store_end(k.store, ERR_NO, &k.diag), ERR_NO);
    must(&k, store_size(k.store, k.own, &size, &k.diag));
    assert_int_equal(size, 0);
    must(&k, store_blob_about(k.store, k.channel, sha, &about, &k.diag));
    assert_int_equal(about.state, BLOB_ABSENT);
    end(&k);
}

static void checkpoints_and_receipts_are_picked_by_size(void **state) {
    (void)state;
    struct kit k;
    struct kept_checkpoint c = {.note = bytes_of("note", 4)}, found;
    struct kept_receipt r = {.line = TEXT("line"), .stamp = INSTANT_DAY}, got;
    start(&k, false);
    for (c.size = 2; c.size <= 8; c.size += 2)
        must(&k, store_put_checkpoint(k.store, k.theirs, CHECKPOINT_PENDING, &c, &k.diag));
    must(&k, store_checkpoint(k.store, k.theirs, CHECKPOINT_PENDING, PICK_NEWEST, 0, &k.arena, &found, &k.diag));
    assert_int_equal(found.size, 8);
    must(&k, store_checkpoint(k.store, k.theirs, CHECKPOINT_PENDING, PICK_AT_LEAST, 3, &k.arena, &found, &k.diag));
    assert_int_equal(found.size, 4);
    must(&k, store_checkpoint(k.store, k.theirs, CHECKPOINT_PENDING, PICK_AT_MOST, 7, &k.arena, &found, &k.diag));
    assert_int_equal(found.size, 6);
    c.size = 4;
    must(&k, store_put_checkpoint(k.store, k.theirs, CHECKPOINT_MIRROR, &c, &k.diag));
    enum error result = store_checkpoint(k.store, k.theirs, CHECKPOINT_PENDING, PICK_AT, 2, &k.arena, &found, NULL);
    assert_int_equal(result, ERR_MISSING);
    for (r.size = 3; r.size <= 9; r.size += 3) must(&k, store_put_receipt(k.store, k.own, &r, &k.diag));
    must(&k, store_newest_receipt(k.store, k.own, &k.arena, &got, &k.diag));
    assert_int_equal(got.size, 9);
    must(&k, store_receipt_covering(k.store, k.own, 4, &k.arena, &got, &k.diag));
    assert_true(got.size == 6 && !got.recorded && got.stamp == INSTANT_DAY);
    end(&k);
}

static void drafts_are_kept_until_there_are_too_many(void **state) {
    (void)state;
    struct kit k;
    struct names names;
    start(&k, false);
    for (unsigned i = 0; i < STORE_DRAFTS_MAX; i++)
        must(&k, store_put_draft(k.store, arena_format(&k.arena, "%u", i), bytes_of("x", 1), &k.diag));
    assert_int_equal(store_put_draft(k.store, TEXT("more"), bytes_of("x", 1), NULL), ERR_FULL);
    must(&k, store_put_draft(k.store, TEXT("7"), bytes_of("yy", 2), &k.diag)); /* in its place */
    must(&k, store_put_draft(k.store, TEXT("8"), bytes_of("", 0), &k.diag));
    must(&k, store_put_draft(k.store, TEXT("more"), bytes_of("x", 1), &k.diag));
    must(&k, store_drafts(k.store, &k.arena, &names, &k.diag));
    assert_int_equal(names.count, STORE_DRAFTS_MAX);
    end(&k);
}

static void cards_are_known_by_all_of_their_bytes(void **state) {
    (void)state;
    struct kit k;
    start(&k, false);
    struct sha256 card = sha256_of(bytes_of("card", 4)), other = card;
    other.at[SHA256_SIZE - 1] ^= 1; /* the same place */
    assert_false(store_knows_card(k.store, card));
    store_know_card(k.store, card);
    assert_true(store_knows_card(k.store, card));
    assert_false(store_knows_card(k.store, other));
    store_know_card(k.store, other);
    assert_false(store_knows_card(k.store, card)); /* forgotten, and to be verified again */
    end(&k);
}

static void a_later_version_is_refused(void **state) {
    (void)state;
    struct kit k;
    start(&k, true);
    store_close(k.store);
    char command[256];
    snprintf(command, sizeof command, "sqlite3 %s/parley.db 'PRAGMA user_version = 99' 2>/dev/null", k.folder);
    bool changed = system(command) == 0;
    struct store_options o = {.folder = k.folder};
    if (changed) assert_int_equal(store_open(&o, &k.store, NULL), ERR_INPUT);
    k.store = NULL;
    end(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_come_back),
        cmocka_unit_test(roots_are_those_of_a_tree_in_memory),
        cmocka_unit_test(an_unsigned_tail_can_be_taken_off),
        cmocka_unit_test(another_root_is_never_intended),
        cmocka_unit_test(blobs_are_wanted_until_held_or_erased),
        cmocka_unit_test(a_blob_named_and_erased_without_end_costs_little),
        cmocka_unit_test(what_one_side_erases_stays_where_the_other_names_it),
        cmocka_unit_test(parts_small_and_large_in_memory_and_on_disk),
        cmocka_unit_test(what_comes_at_once_stays_within_its_room),
        cmocka_unit_test(parts_from_many_threads_make_one_file),
        cmocka_unit_test(the_generation_is_another_one_after_each_commit),
        cmocka_unit_test(bytes_are_counted_as_blobs_come_and_go),
        cmocka_unit_test(a_blob_begun_anew_as_a_small_one_leaves_no_file),
        cmocka_unit_test(erasing_deletes_the_file_that_no_other_channel_holds),
        cmocka_unit_test(blobs_of_entries_that_never_came_are_dropped),
        cmocka_unit_test(what_failed_leaves_nothing),
        cmocka_unit_test(checkpoints_and_receipts_are_picked_by_size),
        cmocka_unit_test(drafts_are_kept_until_there_are_too_many),
        cmocka_unit_test(cards_are_known_by_all_of_their_bytes),
        cmocka_unit_test(a_later_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

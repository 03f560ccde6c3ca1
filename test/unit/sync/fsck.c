/* A store in which one thing is changed at a time: just that is told, and what would mend it. */
#include "pair.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "store/mend.h"
#include "sync/fsck.h"
#include "sync/mend.h"
#include "sync/own.h"

enum { TOLD_MAX = 600 };

struct bench {
    struct pair p;
    char folder[32];
    struct fsck fsck;
    struct {
        enum fault_kind kind;
        enum side side;
        char where[128], what[256];
    } told[TOLD_MAX];
    struct fault faults[TOLD_MAX]; /* the same, for who mends */
    size_t count;
};

static void open_store(struct bench *b) {
    struct store_options o = {.folder = b->folder};
    pair_must(&b->p, store_open(&o, &b->p.of[0].store, &b->p.diag));
    pair_took_store(&b->p.of[0]);
}

static void close_store(struct bench *b) {
    store_close(b->p.of[0].store);
    b->p.of[0].store = NULL;
}

/* North, on disk, after an exchange in which both said things, large and small, and North erased one. */
static void begin(struct bench *b) {
    *b = (struct bench){0};
    strcpy(b->folder, "parley-fsck-XXXXXX");
    assert_non_null(mkdtemp(b->folder));
    pair_start(&b->p);
    close_store(b);
    b->p.of[0].folder = b->folder;
    open_store(b);
    pair_open(&b->p);
    for (int i = 0; i < 5; i++) {
        pair_say(&b->p, i % 2, i == 2 ? 100000 : 600);
        pair_must(&b->p, pair_sync(&b->p, 0, NULL));
    }
    pair_say(&b->p, 1, 90000);
    uint64_t index = pair_say(&b->p, 0, 500);
    struct wanted_blob *named;
    size_t count;
    struct channel c = pair_channel(&b->p, 0);
    pair_must(&b->p, store_named_blobs(b->p.of[0].store, c.of[SIDE_OWN].id, index, index + 1, &b->p.arena, &named,
                                       &count, &b->p.diag));
    pair_erase(&b->p, 0, named[1].sha);
    pair_must(&b->p, pair_sync(&b->p, 0, NULL));
}

static void end(struct bench *b) {
    char command[64];
    pair_end(&b->p);
    snprintf(command, sizeof command, "rm -rf %s", b->folder);
    assert_int_equal(system(command), 0);
}

/* ---- checking */

static void tell(void *state, const struct fault *f) {
    struct bench *b = state;
    assert_true(b->count < TOLD_MAX);
    b->told[b->count].kind = f->kind;
    b->told[b->count].side = f->side;
    snprintf(b->told[b->count].where, sizeof b->told[0].where, "%.*s", TEXT_ARG(f->where));
    snprintf(b->told[b->count].what, sizeof b->told[0].what, "%.*s", TEXT_ARG(f->what));
    struct fault *kept = &b->faults[b->count];
    *kept = *f;
    kept->where = arena_text(&b->p.arena, f->where);
    kept->what = arena_text(&b->p.arena, f->what);
    kept->place.line = arena_text(&b->p.arena, f->place.line);
    assert_true(fault_word(f->kind)[0] && fault_mend(f->kind, f->side)[0]);
    b->count++;
}

/* On a connection of its own, as a node does it. */
static void check(struct bench *b) {
    struct store *s;
    struct store_options o = {.folder = b->folder};
    struct channel c = pair_channel(&b->p, 0);
    struct buf mirror = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(b->p.of[0].mirror), &mirror);
    b->count = 0;
    b->fsck = (struct fsck){.tell = tell, .state = b};
    pair_must(&b->p, store_open(&o, &s, &b->p.diag));
    pair_must(&b->p, fsck_begin(s, &b->p.diag));
    pair_must(&b->p, fsck_database(s, &b->fsck, &b->p.diag));
    pair_must(&b->p, fsck_channel(s, &c, buf_as_text(&mirror), &b->fsck, &b->p.diag));
    store_close(s);
    buf_free(&mirror);
    assert_int_equal(b->count, b->fsck.faults);
}

static void print_told(const struct bench *b) {
    for (size_t i = 0; i < b->count; i++)
        print_error("%s (%s): %s\n", fault_word(b->told[i].kind), b->told[i].where, b->told[i].what);
}

static void finds_nothing(struct bench *b) {
    check(b);
    print_told(b);
    assert_int_equal(b->count, 0);
}

/* Just one fault, of that kind, whose words have `what`. */
static void finds(struct bench *b, enum fault_kind kind, enum side side, const char *what) {
    check(b);
    bool found = b->count == 1 && b->told[0].kind == kind && b->told[0].side == side && strstr(b->told[0].what, what);
    if (!found) {
        print_error("expected %s: %s\n", fault_word(kind), what);
        print_told(b);
    }
    assert_true(found);
    assert_string_equal(b->told[0].where, side ? "cert.south.example/to/cert.north.example/1"
                                               : "cert.north.example/to/cert.south.example/1");
}

/* ---- damage */

/* Changes the closed database by a statement that touches rows. */
static void change(struct bench *b, const char *sql) {
    sqlite3 *db;
    char path[OS_PATH_MAX], *why = NULL;
    close_store(b);
    assert_int_equal(sqlite3_open(os_path(path, b->folder, "parley.db"), &db), SQLITE_OK);
    int result = sqlite3_exec(db, sql, NULL, NULL, &why);
    if (result) print_error("%s: %s\n", sql, why);
    assert_int_equal(result, SQLITE_OK);
    assert_true(sqlite3_changes(db) > 0);
    sqlite3_close(db);
    open_store(b);
}

/* Flips the last bit of one byte in a file, `into` bytes after the first place where `pattern` stands. */
static void flip(struct bench *b, const char *path, struct bytes pattern, size_t into) {
    struct buf file = {.max = 64 << 20};
    close_store(b);
    pair_must(&b->p, os_read(path, 64 << 20, &file, &b->p.diag));
    size_t at = text_search(buf_as_text(&file), text_from_bytes(pattern));
    assert_true(at != SIZE_MAX && at + into < file.size);
    file.at[at + into] ^= 1;
    pair_must(&b->p, os_write(path, buf_as_bytes(&file), 0600, &b->p.diag));
    buf_free(&file);
    open_store(b);
}

static int64_t record(struct bench *b, enum side side) { return pair_channel(&b->p, 0).of[side].id; }

static struct bytes leaf_of(struct bench *b, enum side side, uint64_t index) {
    struct bytes *leaves;
    size_t got;
    pair_must(&b->p, store_leaves(b->p.of[0].store, record(b, side), index, 1, UINT64_MAX, &b->p.arena, &leaves, &got,
                                  &b->p.diag));
    assert_int_equal(got, 1);
    return leaves[0];
}

/* The first blob held of entries of a side with at least, or at most, that many bytes; its file where it is large. */
static struct wanted_blob blob_of(struct bench *b, enum side side, bool large, char file[OS_PATH_MAX]) {
    struct wanted_blob *named;
    size_t count;
    uint64_t size = pair_size(&b->p, 0, side);
    char hex[SHA256_HEX];
    pair_must(&b->p,
              store_named_blobs(b->p.of[0].store, record(b, side), 1, size, &b->p.arena, &named, &count, &b->p.diag));
    for (size_t i = 0; i < count; i++) {
        if ((named[i].size >= STORE_INLINE_MAX) != large || named[i].size == 48) continue;
        sha256_hex(&named[i].sha, hex);
        snprintf(file, OS_PATH_MAX, "%s/blobs/%.2s/%s", b->folder, hex, hex);
        return named[i];
    }
    abort(); /* the bench has one of each */
    return named[0];
}

/* ---- tests */

static void a_sound_store_has_no_fault(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    finds_nothing(&b);
    assert_int_equal(b.fsck.records, 2);
    assert_int_equal(b.fsck.entries, pair_size(&b.p, 0, SIDE_OWN) + pair_size(&b.p, 0, SIDE_THEIRS));
    assert_true(b.fsck.hashes > b.fsck.entries && b.fsck.checkpoints > 4 && b.fsck.receipts > 4 && b.fsck.blobs > 10);
    pair_restart(&b.p, 0);
    pair_say(&b.p, 0, 70000); /* waits unsigned */
    finds_nothing(&b);
    /* South's next entries came, and their blobs did not: pending is no fault. */
    pair_say(&b.p, 1, 200000);
    struct channel_limits small = {100000, UINT64_MAX, UINT64_MAX};
    pair_must(&b.p, store_set_limits(b.p.of[0].store, b.p.of[0].channel, &small, &b.p.diag));
    assert_int_not_equal(pair_sync(&b.p, 0, NULL), OK);
    finds_nothing(&b);
    end(&b);
}

/* Each entry of both records, one byte of it: in the database's file, by hand. */
static void a_changed_entry_is_named(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    char path[OS_PATH_MAX], what[64];
    os_path(path, b.folder, "parley.db");
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS; side++) {
        uint64_t size = pair_size(&b.p, 0, side);
        for (uint64_t i = 0; i < size; i += i + 2 < size ? 2 : 1) {
            struct bytes leaf = leaf_of(&b, side, i);
            flip(&b, path, leaf, 24);
            snprintf(what, sizeof what, "entry %llu: its bytes are not those", (unsigned long long)i);
            finds(&b, FAULT_ENTRY, side, what);
            uint8_t *changed = arena_take(&b.p.arena, leaf.size, 1);
            memcpy(changed, leaf.at, leaf.size);
            changed[24] ^= 1;
            flip(&b, path, bytes_of(changed, leaf.size), 24);
        }
    }
    finds_nothing(&b);
    change(&b, "DELETE FROM leaf WHERE record = 1 AND place = 3");
    finds(&b, FAULT_ENTRY, SIDE_OWN, "entry 3 is missing");
    end(&b);
}

static void a_changed_hash_is_named_alone(void **state) {
    (void)state;
    struct bench b;
    static const char *const places[][2] = {{"level = 0 AND place = 0", "hash 0 at level 0"},
                                            {"level = 0 AND place = 5", "hash 5 at level 0"},
                                            {"level = 1 AND place = 1", "hash 1 at level 1"},
                                            {"level = 2 AND place = 0", "hash 0 at level 2"}};
    begin(&b);
    for (size_t i = 0; i < COUNT(places); i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "CREATE TABLE kept AS SELECT * FROM node;"
                 "UPDATE node SET hash = zeroblob(32) WHERE record = 2 AND %s",
                 places[i][0]);
        change(&b, sql);
        finds(&b, FAULT_HASH, SIDE_THEIRS, places[i][1]);
        change(&b, "DELETE FROM node; INSERT INTO node SELECT * FROM kept; DROP TABLE kept");
    }
    finds_nothing(&b);
    change(&b, "DELETE FROM node WHERE record = 2 AND level = 1 AND place = 0");
    finds(&b, FAULT_HASH, SIDE_THEIRS, "1 hash is missing");
    end(&b);
}

static void a_changed_blob_is_named(void **state) {
    (void)state;
    struct bench b;
    char db[OS_PATH_MAX], file[OS_PATH_MAX], hex[SHA256_HEX];
    begin(&b);
    os_path(db, b.folder, "parley.db");
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS; side++) {
        struct wanted_blob small = blob_of(&b, side, false, file);
        struct buf content = {.max = STORE_INLINE_MAX};
        sha256_hex(&small.sha, hex);
        pair_must(&b.p, store_get_blob(b.p.of[0].store, b.p.of[0].channel, small.sha, 0, 64, &content, &b.p.diag));
        flip(&b, db, buf_as_bytes(&content), 10);
        finds(&b, FAULT_BLOB, side, hex);
        assert_non_null(strstr(b.told[0].what, "its bytes do not hash to its name"));
        content.at[10] ^= 1;
        flip(&b, db, buf_as_bytes(&content), 10);
        buf_free(&content);
        struct wanted_blob large = blob_of(&b, side, true, file);
        sha256_hex(&large.sha, hex);
        flip(&b, file, bytes_of("", 0), 60000);
        finds(&b, FAULT_BLOB, side, hex);
        assert_non_null(strstr(b.told[0].what, "its bytes do not hash to its name"));
        assert_int_equal(truncate(file, 5000), 0);
        finds(&b, FAULT_BLOB, side, "its file is cut off");
        assert_int_equal(unlink(file), 0);
        finds(&b, FAULT_BLOB, side, "its file is missing");
        char sql[256];
        snprintf(sql, sizeof sql, "DELETE FROM blob WHERE sha = x'%s'", hex);
        change(&b, sql);
        finds(&b, FAULT_BLOB, side, "it is not held, and no entry erases it");
        end(&b);
        begin(&b);
        os_path(db, b.folder, "parley.db");
    }
    end(&b);
}

static void what_is_beside_the_entries_is_compared_with_them(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    change(&b, "UPDATE named SET size = size + 1 WHERE record = 1 AND place = 0 AND part = 0");
    finds(&b, FAULT_INDEX, SIDE_OWN, "entry 0: the list of its blobs");
    change(&b, "UPDATE named SET size = size - 1 WHERE record = 1 AND place = 0 AND part = 0");
    change(&b, "UPDATE erased SET sha = zeroblob(32) WHERE record = 1");
    check(&b);
    assert_true(b.count >= 1 && b.told[0].kind == FAULT_INDEX && strstr(b.told[0].what, "what it erases"));
    end(&b);
    begin(&b);
    change(&b, "UPDATE record SET bytes = bytes + 7 WHERE side = 1");
    finds(&b, FAULT_INDEX, SIDE_THEIRS, "bytes, and the record counts");
    end(&b);
}

static void signed_roots_are_compared_with_the_entries(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    change(&b, "CREATE TABLE kept AS SELECT * FROM intent;"
               "UPDATE intent SET root = zeroblob(32) WHERE record = 1 AND size = (SELECT max(size) FROM intent WHERE "
               "record = 1)");
    finds(&b, FAULT_ROOT, SIDE_OWN, "what was to be signed: its root at ");
    change(&b, "INSERT OR REPLACE INTO intent SELECT * FROM kept");
    finds_nothing(&b);
    /* Its last entries are lost, with all that stands beside them. */
    uint64_t size = pair_size(&b.p, 0, SIDE_THEIRS);
    char sql[512];
    snprintf(sql, sizeof sql,
             "DELETE FROM named WHERE record = 2 AND place = %llu; DELETE FROM leaf WHERE record = 2 AND place = %llu;"
             "DELETE FROM node WHERE record = 2 AND (place + 1) << level > %llu;"
             "UPDATE record SET size = %llu, bytes = (SELECT sum(length(bytes)) FROM leaf WHERE record = 2) "
             "WHERE id = 2",
             (unsigned long long)size - 1, (unsigned long long)size - 1, (unsigned long long)size - 1,
             (unsigned long long)size - 1);
    change(&b, sql);
    check(&b);
    assert_true(b.count > 0 && b.told[0].kind == FAULT_ROOT);
    assert_non_null(strstr(b.told[0].what, "entries, and "));
    end(&b);
}

static void signatures_are_verified(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    /* A letter of the signature's Base 64. */
    static const char swap[] = "CREATE TABLE kept AS SELECT * FROM checkpoint;"
                               "UPDATE checkpoint SET note = CAST(substr(note, 1, length(note) - 20) || "
                               "CASE substr(note, length(note) - 19, 1) WHEN x'41' THEN x'42' ELSE x'41' END || "
                               "substr(note, length(note) - 18) AS BLOB) WHERE record = 1 AND kind = 0 AND size = "
                               "(SELECT max(size) FROM checkpoint WHERE record = 1 AND kind = 0)";
    change(&b, swap);
    finds(&b, FAULT_CHECKPOINT, SIDE_OWN, "the signed checkpoint, ");
    change(&b, "INSERT OR REPLACE INTO checkpoint SELECT * FROM kept");
    finds_nothing(&b);
    change(&b, "UPDATE receipt SET stamp = stamp + 1000000 WHERE record = 2 AND size = (SELECT min(size) FROM "
               "receipt WHERE record = 2)");
    finds(&b, FAULT_RECEIPT, SIDE_THEIRS, "is not a cosignature by a mirror key of a card");
    change(&b, "UPDATE receipt SET stamp = stamp - 1000000 WHERE record = 2 AND size = (SELECT min(size) FROM "
               "receipt WHERE record = 2)");
    change(&b, "UPDATE receipt SET root = zeroblob(32) WHERE record = 1 AND size = (SELECT max(size) FROM receipt "
               "WHERE record = 1)");
    finds(&b, FAULT_RECEIPT, SIDE_OWN, "is not a cosignature");
    end(&b);
}

static void kept_cards_are_those_of_their_entries(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    change(&b, "UPDATE card SET serial = serial + 1 WHERE record = 2");
    check(&b);
    assert_true(b.count >= 1 && b.told[0].kind == FAULT_CARD && b.told[0].side == SIDE_THEIRS);
    assert_non_null(strstr(b.told[0].what, "the card of entry 0"));
    end(&b);
}

/* By position: what takes effect is found in entries and blobs, whatever the table of cards says. */
static void a_card_that_takes_effect_is_missed(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    change(&b, "CREATE TABLE kept AS SELECT * FROM card; DELETE FROM card WHERE record = 2");
    check(&b);
    assert_true(b.count >= 1 && b.told[0].kind == FAULT_CARD && b.told[0].side == SIDE_THEIRS);
    assert_non_null(strstr(b.told[0].what, "the card of entry 0 takes effect, and is not kept"));
    change(&b, "INSERT INTO card SELECT * FROM kept WHERE record = 2");
    finds_nothing(&b);
    /* The same card once more, of an entry that carries none. */
    change(&b, "INSERT INTO card SELECT record, 2, serial + 1, note FROM card WHERE record = 1");
    finds(&b, FAULT_CARD, SIDE_OWN, "the card of entry 2, as it is kept");
    end(&b);
}

static void what_own_entries_have_seen_is_compared_with_what_is_there(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    struct channel c = pair_channel(&b.p, 0);
    struct store *s = b.p.of[0].store;
    uint64_t size = pair_size(&b.p, 0, SIDE_OWN), theirs = pair_size(&b.p, 0, SIDE_THEIRS);
    struct sha256 root;
    struct buf leaf = {.max = ENTRY_MAX_BYTES};
    pair_must(&b.p, store_root(s, c.of[SIDE_THEIRS].id, theirs, &root, &b.p.diag));
    root.at[0] ^= 1;
    struct entry e = {.time = INSTANT_SECOND, .seen = {theirs, root}};
    pair_must(&b.p, entry_write(&e, &leaf, &b.p.diag));
    pair_must(&b.p, store_add_leaf(s, c.of[SIDE_OWN].id, size, buf_as_bytes(&leaf), &b.p.diag));
    finds(&b, FAULT_SEEN, SIDE_OWN, "what it has seen of their record");
    pair_must(&b.p, store_cut_leaves(s, c.of[SIDE_OWN].id, size, &b.p.diag));
    e.seen.size = theirs + 5;
    buf_clear(&leaf);
    pair_must(&b.p, entry_write(&e, &leaf, &b.p.diag));
    pair_must(&b.p, store_add_leaf(s, c.of[SIDE_OWN].id, size, buf_as_bytes(&leaf), &b.p.diag));
    finds(&b, FAULT_SEEN, SIDE_OWN, "are there");
    pair_must(&b.p, store_cut_leaves(s, c.of[SIDE_OWN].id, size, &b.p.diag));
    e.seen = (struct entry_size){0, tree_empty_root()};
    buf_clear(&leaf);
    pair_must(&b.p, entry_write(&e, &leaf, &b.p.diag));
    pair_must(&b.p, store_add_leaf(s, c.of[SIDE_OWN].id, size, buf_as_bytes(&leaf), &b.p.diag));
    finds(&b, FAULT_SEEN, SIDE_OWN, "it has seen less");
    buf_free(&leaf);
    end(&b);
}

static void receipts_and_contradictions_are_compared_too(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    change(&b,
           "CREATE TABLE kept AS SELECT * FROM receipt;"
           "DELETE FROM receipt WHERE record = 1 AND recorded = (SELECT min(recorded) FROM receipt WHERE record = 1)");
    finds(&b, FAULT_INDEX, SIDE_OWN, "a receipt that it holds is not kept");
    change(&b, "INSERT OR IGNORE INTO receipt SELECT * FROM kept");
    finds_nothing(&b);
    change(&b, "UPDATE receipt SET recorded = 1 WHERE record = 1 AND recorded IS NULL");
    finds(&b, FAULT_INDEX, SIDE_OWN, "receipts are kept as recorded");
    change(&b, "UPDATE receipt SET recorded = NULL WHERE record = 1 AND recorded = 1 AND (size, line) IN "
               "(SELECT size, line FROM kept WHERE recorded IS NULL)");
    struct kept_contradiction found = {false, INSTANT_SECOND, TEXT("two histories\n")};
    pair_must(&b.p, store_put_contradiction(b.p.of[0].store, record(&b, SIDE_THEIRS), &found, &b.p.diag));
    finds(&b, FAULT_STATE, SIDE_THEIRS, "a contradiction of theirs is kept");
    pair_must(&b.p, store_set_state(b.p.of[0].store, b.p.of[0].channel, CHANNEL_FROZEN, TEXT("so"), &b.p.diag));
    finds_nothing(&b);
    end(&b);
}

static void an_own_entry_that_does_not_parse_is_told(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    uint64_t size = pair_size(&b.p, 0, SIDE_OWN);
    pair_must(&b.p, store_add_leaf(b.p.of[0].store, record(&b, SIDE_OWN), size, bytes_of("nonsense\n", 9), &b.p.diag));
    finds(&b, FAULT_MALFORMED, SIDE_OWN, "does not parse");
    end(&b);
    begin(&b);
    /* A counterparty may say what it likes. */
    size = pair_size(&b.p, 0, SIDE_THEIRS);
    pair_must(&b.p,
              store_add_leaf(b.p.of[0].store, record(&b, SIDE_THEIRS), size, bytes_of("nonsense\n", 9), &b.p.diag));
    finds_nothing(&b);
    end(&b);
}

/* ---- long records: bundles and tiles */

/* 300 entries more in North's record, which South has, too. */
static void begin_long(struct bench *b) {
    struct buf leaf = {.max = ENTRY_MAX_BYTES};
    struct bytes leaves[300];
    begin(b);
    const struct channel c = pair_channel(&b->p, 0);
    struct entry e = {.time = b->p.now, .seen = {pair_size(&b->p, 0, SIDE_THEIRS), {{0}}}};
    struct store *s = b->p.of[0].store;
    pair_must(&b->p, store_root(s, record(b, SIDE_THEIRS), e.seen.size, &e.seen.root, &b->p.diag));
    for (size_t i = 0; i < COUNT(leaves); i++) {
        e.time += INSTANT_SECOND; /* so that no two are equal */
        buf_clear(&leaf);
        pair_must(&b->p, entry_write(&e, &leaf, &b->p.diag));
        leaves[i] = arena_bytes(&b->p.arena, buf_as_bytes(&leaf));
    }
    pair_must(&b->p, store_add_leaves(s, record(b, SIDE_OWN), pair_size(&b->p, 0, SIDE_OWN), leaves, COUNT(leaves),
                                      &b->p.diag));
    buf_free(&leaf);
    b->p.now += 400 * INSTANT_SECOND;
    pair_must(&b->p, own_sign(&b->p.of[0].node, &c, &b->p.diag));
    pair_must(&b->p, pair_sync(&b->p, 0, NULL));
    finds_nothing(b);
}

static void what_lies_in_bundles_and_tiles_is_named_alone(void **state) {
    (void)state;
    static const char damage[] =
        "CREATE TABLE kept_bundle AS SELECT * FROM bundle; CREATE TABLE kept_tile AS SELECT * FROM tile;";
    static const char repair[] =
        "DELETE FROM bundle; INSERT INTO bundle SELECT * FROM kept_bundle; DROP TABLE kept_bundle;"
        "DELETE FROM tile; INSERT INTO tile SELECT * FROM kept_tile; DROP TABLE kept_tile;";
    static const struct {
        const char *sql, *what;
        enum fault_kind kind;
    } cases[] = {
        {"UPDATE tile SET hashes = CAST(substr(hashes, 1, 3200) || zeroblob(32) || substr(hashes, 3233) AS BLOB)",
         "hash 100 at level 0 is not that", FAULT_HASH},
        {"DELETE FROM tile", "256 hashes are missing", FAULT_HASH},
        {"UPDATE tile SET hashes = zeroblob(7)", "256 hashes are missing", FAULT_HASH},
        {"UPDATE bundle SET bytes = CAST(bytes || zeroblob(1) AS BLOB)", "does not hold 256 entries", FAULT_INDEX},
        {"UPDATE bundle SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'20' AS BLOB)",
         "entry 255: its bytes are not those", FAULT_ENTRY},
    };
    struct bench b;
    begin_long(&b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char sql[512];
        snprintf(sql, sizeof sql, "%s%s", damage, cases[i].sql);
        change(&b, sql);
        finds(&b, cases[i].kind, SIDE_OWN, cases[i].what);
        change(&b, repair);
        finds_nothing(&b);
    }
    end(&b);
}

/* ---- mending */

/* Mends what the last check told, and returns what was in the way. */
static const char *mend(struct bench *b, bool asks) {
    static struct diag trouble;
    struct mending m = {&b->p.of[0].node, b->p.of[0].channel, asks ? &b->p.of[0].to : NULL, b->p.now};
    pair_must(&b->p, mend_channel(&m, b->faults, b->count, &trouble, &b->p.diag));
    return trouble.text;
}

static void mends(struct bench *b, bool asks, const char *sql) {
    change(b, sql);
    check(b);
    if (!b->count) print_error("%s: no fault\n", sql);
    assert_true(b->count > 0);
    const char *why = mend(b, asks);
    if (asks && why[0]) print_error("%s: %s\n", sql, why);
    check(b);
    print_told(b);
    assert_int_equal(b->count, 0);
    if (asks) assert_string_equal(why, ""); /* else nothing is signed, before what was shown was compared */
}

static void what_is_derived_is_made_anew(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    static const char *const damage[] = {
        "UPDATE node SET hash = zeroblob(32) WHERE record = 1 AND level = 0 AND place = 2",
        "UPDATE node SET hash = zeroblob(32) WHERE record = 2 AND level = 1 AND place = 0",
        "DELETE FROM node WHERE record = 2",
        "DELETE FROM named WHERE record = 1 AND place = (SELECT max(place) FROM named WHERE record = 1)",
        "UPDATE erased SET sha = zeroblob(32) WHERE record = 1",
        "UPDATE record SET bytes = bytes + 7, size = size - 1 WHERE side = 1",
        "DELETE FROM card WHERE record = 2",
        "UPDATE card SET serial = serial + 1 WHERE record = 1",
        "DELETE FROM receipt WHERE record = 1 AND recorded = (SELECT min(recorded) FROM receipt WHERE record = 1)",
        "UPDATE receipt SET stamp = stamp + 1000000 WHERE record = 2",
        "UPDATE checkpoint SET note = zeroblob(100) WHERE record = 1 AND kind = 0 AND size < 4",
    };
    for (size_t i = 0; i < COUNT(damage); i++) mends(&b, false, damage[i]);
    end(&b);
}

static void bundles_and_tiles_are_mended(void **state) {
    (void)state;
    struct bench b;
    begin_long(&b);
    static const char *const damage[] = {
        "DELETE FROM tile",
        "UPDATE tile SET hashes = zeroblob(8192)",
        "UPDATE bundle SET bytes = CAST(bytes || zeroblob(1) AS BLOB)",
        "DELETE FROM node WHERE record = 1 AND level = 8",
    };
    for (size_t i = 0; i < COUNT(damage); i++) mends(&b, false, damage[i]);
    static const char *const asks[] = {
        "UPDATE bundle SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'20' AS BLOB)",
        "UPDATE bundle SET bytes = CAST(substr(bytes, 1, length(bytes) - 300) AS BLOB)",
        "DELETE FROM leaf WHERE record = 1 AND place >= 256",
    };
    for (size_t i = 0; i < COUNT(asks); i++) mends(&b, true, asks[i]);
    end(&b);
}

static void entries_and_blobs_come_back_from_the_other_side(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    static const char *const damage[] = {
        "UPDATE leaf SET bytes = CAST('parley entry v1' AS BLOB) WHERE record = 1 AND place = 2",
        "DELETE FROM leaf WHERE record = 1 AND place IN (0, 3)",
        "UPDATE leaf SET bytes = zeroblob(90) WHERE record = 2 AND place > 1",
        "DELETE FROM leaf WHERE record = 2",
        "UPDATE leaf SET bytes = zeroblob(90) WHERE record = 1 AND place < 3; DELETE FROM node WHERE record = 1",
        ("DELETE FROM leaf WHERE record = 2; DELETE FROM node WHERE record = 2; DELETE FROM named WHERE record = 2;"
         "UPDATE record SET size = 0, bytes = 0 WHERE id = 2"),
        "UPDATE blob SET bytes = zeroblob(length(bytes)) WHERE length(bytes) > 0",
        "DELETE FROM blob WHERE state = 2 AND size > 100",
    };
    for (size_t i = 0; i < COUNT(damage); i++) mends(&b, true, damage[i]);
    char file[OS_PATH_MAX];
    for (enum side side = SIDE_OWN; side <= SIDE_THEIRS; side++) {
        blob_of(&b, side, true, file);
        assert_int_equal(truncate(file, 5000), 0);
        check(&b);
        assert_int_equal(b.count, 1);
        assert_string_equal(mend(&b, true), "");
        finds_nothing(&b);
    }
    /* Nobody's word is taken: an entry of another record is none. */
    pair_must(&b.p, pair_sync(&b.p, 0, NULL));
    finds_nothing(&b);
    end(&b);
}

/* What nobody can vouch for stays as it is, and stays a fault. */
static void nothing_is_invented(void **state) {
    (void)state;
    struct bench b;
    begin(&b);
    uint64_t size = pair_size(&b.p, 0, SIDE_OWN);
    pair_restart(&b.p, 0);
    pair_say(&b.p, 0, 300); /* waits unsigned: nobody was shown it */
    char sql[256];
    snprintf(sql, sizeof sql,
             "UPDATE leaf SET bytes = CAST('parley entry v1' AS BLOB) WHERE record = 1 AND place = %llu;"
             "UPDATE node SET hash = zeroblob(32) WHERE record = 1 AND level = 0 AND place = %llu",
             (unsigned long long)size, (unsigned long long)size);
    change(&b, sql);
    check(&b);
    size_t before = b.count;
    assert_true(before > 0);
    assert_non_null(strstr(mend(&b, true), "nothing that was signed tells"));
    check(&b);
    assert_int_equal(b.count, before);
    end(&b);
    /* The other side has lost the same entry: what it gives instead is not taken. */
    begin(&b);
    change(&b, "UPDATE leaf SET bytes = zeroblob(90) WHERE record = 1 AND place = 2");
    struct channel south = pair_channel(&b.p, 1);
    struct bytes other = bytes_of("parley entry v1\ntime 2026-03-01T12:00:00Z\n", 43);
    pair_must(&b.p, store_mend_leaf(b.p.of[1].store, south.of[SIDE_THEIRS].id, 2, other, &b.p.diag));
    check(&b);
    assert_non_null(strstr(mend(&b, true), "does not follow from the entries that came"));
    finds(&b, FAULT_ENTRY, SIDE_OWN, "entry 2: its bytes are not those");
    end(&b);
}

/* Pages of the database that SQLite itself can't read: told, and nothing worse. */
static void a_damaged_database_is_told(void **state) {
    (void)state;
    struct bench b;
    char path[OS_PATH_MAX];
    struct buf file = {.max = 64 << 20};
    begin(&b);
    os_path(path, b.folder, "parley.db");
    close_store(&b);
    pair_must(&b.p, os_read(path, 64 << 20, &file, &b.p.diag));
    assert_true(file.size > 20 * 4096);
    size_t told = 0, opened = 0;
    for (size_t page = 2; page < file.size / 4096; page += 3) {
        struct buf changed = {.max = 64 << 20};
        buf_bytes(&changed, buf_as_bytes(&file));
        memset(changed.at + page * 4096, 0xa5, 64); /* the page's own header */
        pair_must(&b.p, os_write(path, buf_as_bytes(&changed), 0600, &b.p.diag));
        buf_free(&changed);
        struct store *s;
        struct store_options o = {.folder = b.folder};
        struct diag d = {0};
        b.count = 0;
        b.fsck = (struct fsck){.tell = tell, .state = &b};
        if (store_open(&o, &s, &d)) continue;
        opened++;
        struct channel c;
        enum error result = fsck_begin(s, &d);
        if (!result) result = fsck_database(s, &b.fsck, &d);
        if (!result) result = store_channel(s, b.p.of[0].channel, &b.p.arena, &c, &d);
        if (!result) result = fsck_channel(s, &c, TEXT(""), &b.fsck, &d);
        told += result || b.fsck.faults;
        store_close(s);
    }
    pair_must(&b.p, os_write(path, buf_as_bytes(&file), 0600, &b.p.diag));
    open_store(&b);
    finds_nothing(&b);
    assert_true(opened > 5);
    assert_int_equal(told, opened);
    buf_free(&file);
    end(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_has_no_fault),
        cmocka_unit_test(a_changed_entry_is_named),
        cmocka_unit_test(a_changed_hash_is_named_alone),
        cmocka_unit_test(a_changed_blob_is_named),
        cmocka_unit_test(what_is_beside_the_entries_is_compared_with_them),
        cmocka_unit_test(signed_roots_are_compared_with_the_entries),
        cmocka_unit_test(signatures_are_verified),
        cmocka_unit_test(kept_cards_are_those_of_their_entries),
        cmocka_unit_test(a_card_that_takes_effect_is_missed),
        cmocka_unit_test(what_own_entries_have_seen_is_compared_with_what_is_there),
        cmocka_unit_test(receipts_and_contradictions_are_compared_too),
        cmocka_unit_test(an_own_entry_that_does_not_parse_is_told),
        cmocka_unit_test(what_is_derived_is_made_anew),
        cmocka_unit_test(what_lies_in_bundles_and_tiles_is_named_alone),
        cmocka_unit_test(bundles_and_tiles_are_mended),
        cmocka_unit_test(entries_and_blobs_come_back_from_the_other_side),
        cmocka_unit_test(nothing_is_invented),
        cmocka_unit_test(a_damaged_database_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Two nodes that exchange by folders alone; and folders that must not be taken. */
#include "pair.h"

#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "sync/folder.h"
#include "sync/own.h"
#include "tlog/tile.h"

struct carrier {
    struct pair p;
    char root[32]; /* of the folders: <root>/<name> */
    struct folder_report written;
    struct sync_report taken;
};

static const char *at(const struct carrier *c, const char *name) {
    static char path[OS_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", c->root, name);
    return path;
}

FORMAT(1, 2)
static void run(const char *format, ...) {
    char command[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0);
}

static void begin(struct carrier *c) {
    *c = (struct carrier){0};
    strcpy(c->root, "parley-folder-XXXXXX");
    assert_non_null(mkdtemp(c->root));
    pair_start(&c->p);
    pair_open(&c->p);
}

static void end(struct carrier *c) {
    pair_end(&c->p);
    run("rm -rf %s", c->root);
}

/* As a command does it that starts, writes or reads a folder, and ends. */
static enum error write_as(struct carrier *c, int i, enum side side, const char *name) {
    struct channel channel = pair_channel(&c->p, i);
    c->p.diag = (struct diag){0};
    pair_restart(&c->p, i);
    return folder_write(&c->p.of[i].node, &channel, side, at(c, name), &c->written, &c->p.diag);
}

static enum error take(struct carrier *c, int i, const char *name) {
    struct folder f;
    struct channel channel;
    enum side side;
    c->p.now += INSTANT_SECOND;
    c->p.diag = (struct diag){0};
    pair_restart(&c->p, i);
    enum error result = folder_open(at(c, name), &f, &c->p.diag);
    if (result) return result;
    result = store_find_channel(c->p.of[i].store, f.origin, &c->p.arena, &channel, &side, &c->p.diag);
    if (!result) result = sync_folder(&c->p.of[i].node, c->p.of[i].channel, side, &f, c->p.now, &c->taken, &c->p.diag);
    folder_close(&f);
    return result;
}

static void write_own(struct carrier *c, int i, const char *name) { pair_must(&c->p, write_as(c, i, SIDE_OWN, name)); }

/* Party `from` writes, the other one takes. */
static void carry(struct carrier *c, int from) {
    write_own(c, from, from ? "south" : "north");
    pair_must(&c->p, take(c, !from, from ? "south" : "north"));
}

static void assert_in_step(struct carrier *c) {
    for (int i = 0; i < 2; i++) {
        uint64_t size = pair_size(&c->p, i, SIDE_OWN);
        assert_int_equal(size, pair_size(&c->p, !i, SIDE_THEIRS));
        assert_int_equal(pair_receipted(&c->p, i), size);
        assert_int_equal(pair_channel(&c->p, i).state, CHANNEL_OPEN);
    }
}

/* Every entry with a blob is covered by a receipt that an entry of the record holds. */
static void assert_receipts_recorded(struct carrier *c) {
    for (int i = 0; i < 2; i++) {
        uint64_t recorded, index;
        struct channel channel = pair_channel(&c->p, i);
        int64_t own = channel.of[SIDE_OWN].id;
        pair_must(&c->p, store_recorded_size(c->p.of[i].store, own, &recorded, &c->p.diag));
        pair_must(&c->p, store_next_with_blob(c->p.of[i].store, own, recorded, &index, &c->p.diag));
        assert_true(recorded > 0);
        assert_int_equal(index, UINT64_MAX);
    }
}

static void two_nodes_come_to_rest_by_folders_alone(void **state) {
    (void)state;
    struct carrier c;
    begin(&c);
    uint64_t said = pair_say(&c.p, 0, 100);
    write_own(&c, 0, "north");
    assert_int_equal(c.written.size, 0); /* nothing is signed before anything was heard */
    assert_int_equal(c.written.waiting, 2);
    for (int i = 0; i < 8; i++) carry(&c, i % 2);
    assert_in_step(&c);
    assert_receipts_recorded(&c);
    assert_int_equal(pair_size(&c.p, 1, SIDE_THEIRS) > said, true);
    uint64_t sizes[2] = {pair_size(&c.p, 0, SIDE_OWN), pair_size(&c.p, 1, SIDE_OWN)};
    for (int i = 0; i < 4; i++) {
        carry(&c, i % 2);
        assert_int_equal(c.taken.got_entries + c.taken.got_blobs, 0);
    }
    assert_int_equal(pair_size(&c.p, 0, SIDE_OWN), sizes[0]); /* they fall silent */
    assert_int_equal(pair_size(&c.p, 1, SIDE_OWN), sizes[1]);
    end(&c);
}

/* What is said later waits until the newest folder of theirs was read again: a start is a start. */
static void the_newest_folder_read_again_lets_one_sign(void **state) {
    (void)state;
    struct carrier c;
    begin(&c);
    for (int i = 0; i < 8; i++) carry(&c, i % 2);
    pair_restart(&c.p, 0);
    pair_say(&c.p, 0, 5 << 20);
    write_own(&c, 0, "north");
    assert_int_equal(c.written.waiting, 1);
    pair_must(&c.p, take(&c, 0, "south"));
    write_own(&c, 0, "north");
    assert_int_equal(c.written.waiting, 0);
    pair_must(&c.p, take(&c, 1, "north"));
    assert_int_equal(c.taken.got_entries, 1);
    assert_int_equal(c.taken.got_blobs, 2);
    end(&c);
}

static void what_goes_by_folder_and_by_wire_is_the_same(void **state) {
    (void)state;
    struct carrier c;
    begin(&c);
    pair_must(&c.p, pair_sync(&c.p, 0, NULL));
    for (int i = 0; i < 300; i++) pair_say(&c.p, 0, 40);
    pair_restart(&c.p, 0);
    carry(&c, 1);
    carry(&c, 0);
    assert_int_equal(c.taken.got_entries, 300);
    pair_must(&c.p, pair_sync(&c.p, 0, NULL));
    assert_in_step(&c);
    pair_say(&c.p, 1, 10);
    pair_must(&c.p, pair_sync(&c.p, 1, NULL));
    assert_in_step(&c);
    end(&c);
}

static void the_mirror_of_ones_own_record_carries_the_receipt(void **state) {
    (void)state;
    struct carrier c;
    begin(&c);
    assert_int_equal(write_as(&c, 1, SIDE_THEIRS, "mirror"), ERR_MISSING);
    carry(&c, 0);
    carry(&c, 1);
    carry(&c, 0);
    assert_int_equal(pair_receipted(&c.p, 0), 0);
    pair_must(&c.p, write_as(&c, 1, SIDE_THEIRS, "mirror"));
    pair_must(&c.p, take(&c, 0, "mirror"));
    assert_true(pair_receipted(&c.p, 0) > 0);
    run("mv %s/mirror %s/old", c.root, c.root);
    pair_say(&c.p, 0, 10);
    for (int i = 0; i < 4; i++) carry(&c, i % 2);
    assert_int_equal(take(&c, 0, "old"), ERR_CONFLICT);
    assert_non_null(strstr(c.p.diag.text, "the folder is an old one"));
    end(&c);
}

static void an_export_over_an_earlier_one_is_as_a_fresh_one(void **state) {
    (void)state;
    struct carrier c;
    begin(&c);
    for (int i = 0; i < 4; i++) carry(&c, i % 2);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 90; i++) pair_say(&c.p, 0, 70 + 70000 * (i == 3));
        pair_restart(&c.p, 0);
        pair_must(&c.p, take(&c, 0, "south"));
        write_own(&c, 0, "north");
        assert_int_equal(c.written.waiting, 0);
        run("rm -rf %s/fresh", c.root);
        write_own(&c, 0, "fresh");
        run("diff -r %s/north %s/fresh", c.root, c.root);
    }
    assert_true(os_is_file(at(&c, "north/tile/entries/000")));
    assert_false(os_exists(at(&c, "north/tile/entries/000.p")));
    assert_int_equal(write_as(&c, 1, SIDE_OWN, "north"), ERR_CONFLICT); /* of another record */
    run("mkdir %s/else && touch %s/else/thing", c.root, c.root);
    assert_int_equal(write_as(&c, 0, SIDE_OWN, "else"), ERR_CONFLICT);
    end(&c);
}

/* ---- what must not be taken */

static void flip(struct carrier *c, const char *name, size_t offset) {
    char path[OS_PATH_MAX];
    struct buf file = {.max = 1 << 20};
    snprintf(path, sizeof path, "%s", at(c, name));
    pair_must(&c->p, os_read(path, 1 << 20, &file, &c->p.diag));
    assert_true(offset < file.size);
    file.at[offset] ^= 1;
    pair_must(&c->p, os_write(path, buf_as_bytes(&file), 0644, &c->p.diag));
    buf_free(&file);
}

/* South refuses the folder for that reason, has cosigned nothing new, and holds nothing against North. */
static void refuses(struct carrier *c, enum error error, const char *reason) {
    uint64_t before, after;
    struct channel channel = pair_channel(&c->p, 1);
    int64_t theirs = channel.of[SIDE_THEIRS].id;
    struct diag d;
    pair_must(&c->p, store_checkpoint_size(c->p.of[1].store, theirs, CHECKPOINT_MIRROR, &before, &d));
    enum error result = take(c, 1, "north");
    if (result != error || !strstr(c->p.diag.text, reason))
        print_error("found %s: %s\n", error_name(result), c->p.diag.text);
    assert_int_equal(result, error);
    assert_non_null(strstr(c->p.diag.text, reason));
    pair_must(&c->p, store_checkpoint_size(c->p.of[1].store, theirs, CHECKPOINT_MIRROR, &after, &d));
    assert_int_equal(before, after);
    assert_int_equal(pair_channel(&c->p, 1).state, CHANNEL_OPEN);
    run("rm -rf %s/north && cp -r %s/good %s/north", c->root, c->root, c->root);
}

/* North has said five things that South has not taken yet: a good folder, and a copy of it to be damaged. */
static void begin_damage(struct carrier *c) {
    begin(c);
    for (int i = 0; i < 4; i++) carry(c, i % 2);
    for (int i = 0; i < 5; i++) pair_say(&c->p, 0, 100);
    pair_must(&c->p, take(c, 0, "south"));
    run("cp -r %s/north %s/old", c->root, c->root);
    write_own(c, 0, "north");
    run("cp -r %s/north %s/good", c->root, c->root);
}

static uint64_t north_size(struct carrier *c) { return c->written.size; }

static void partial(struct carrier *c, const char *front, char out[static 64]) {
    snprintf(out, 64, "north/%s/000.p/%llu", front, (unsigned long long)north_size(c));
}

/* Exchanges the first two entries of equal length after entry `from` in the bundle, and if asked their hashes. */
static void swap_entries(struct carrier *c, bool hashes) {
    char bundle[64], tile[64], path[OS_PATH_MAX];
    struct buf file = {.max = 1 << 20}, swapped = {.max = 1 << 20};
    struct bytes rest, entries[64];
    size_t count = 0, i = 1;
    partial(c, "tile/entries", bundle);
    partial(c, "tile/0", tile);
    snprintf(path, sizeof path, "%s", at(c, bundle));
    pair_must(&c->p, os_read(path, 1 << 20, &file, &c->p.diag));
    rest = buf_as_bytes(&file);
    while (bundle_next(&rest, &entries[count])) count++;
    assert_true(count > i + 1);
    struct bytes kept = entries[i];
    entries[i] = entries[i + 1];
    entries[i + 1] = kept;
    for (size_t k = 0; k < count; k++) pair_must(&c->p, bundle_add(&swapped, entries[k], &c->p.diag));
    pair_must(&c->p, os_write(path, buf_as_bytes(&swapped), 0644, &c->p.diag));
    if (hashes) {
        snprintf(path, sizeof path, "%s", at(c, tile));
        buf_clear(&swapped);
        for (size_t k = 0; k < count; k++) {
            struct sha256 hash = tree_leaf_hash(entries[k]);
            buf_bytes(&swapped, sha256_bytes(&hash));
        }
        pair_must(&c->p, os_write(path, buf_as_bytes(&swapped), 0644, &c->p.diag));
    }
    buf_free(&file);
    buf_free(&swapped);
}

static void a_damaged_folder_is_refused_with_the_reason(void **state) {
    (void)state;
    struct carrier c;
    char bundle[64], tile[64];
    begin_damage(&c);
    partial(&c, "tile/entries", bundle);
    partial(&c, "tile/0", tile);
    flip(&c, bundle, 30);
    refuses(&c, ERR_PROOF, "entry 0 is not the one whose hash tile/0/000.p/");
    flip(&c, bundle, 0);
    refuses(&c, ERR_PROOF, "is cut off in entry 1");
    swap_entries(&c, false);
    refuses(&c, ERR_PROOF, "entry 1 is not the one whose hash");
    swap_entries(&c, true);
    refuses(&c, ERR_PROOF, "the root that the checkpoint states is not that of the entries");
    flip(&c, tile, 33);
    refuses(&c, ERR_PROOF, "entry 1 is not the one whose hash");
    run("rm -r %s/north/tile/0", c.root);
    refuses(&c, ERR_MISSING, "the folder holds no tile/0/000.p/");
    run("rm %s/north/%s && mkfifo %s/north/%s", c.root, bundle + 6, c.root, bundle + 6);
    refuses(&c, ERR_INPUT, "is no regular file");
    pair_must(&c.p, take(&c, 1, "north"));
    end(&c);
}

static void a_changed_checkpoint_is_refused_with_the_reason(void **state) {
    (void)state;
    struct carrier c;
    begin_damage(&c);
    struct bytes forged = {0};
    struct folder f;
    pair_must(&c.p, folder_open(at(&c, "north"), &f, &c.p.diag));
    /* Another key has signed it. */
    const struct signer *stranger = signer_new(c.p.of[0].origin, KEY_ED25519, &c.p.random);
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    pair_must(&c.p, checkpoint_sign(&f.at, &stranger, 1, &note, &c.p.diag));
    forged = buf_as_bytes(&note);
    pair_must(&c.p, os_write(at(&c, "north/checkpoint"), forged, 0644, &c.p.diag));
    refuses(&c, ERR_SIGNATURE, "");
    flip(&c, "north/checkpoint", 200);
    refuses(&c, ERR_SIGNATURE, "");
    flip(&c, "north/checkpoint", 4);
    assert_int_equal(take(&c, 1, "north"), ERR_MISSING); /* no such channel */
    signer_free((struct signer *)(uintptr_t)stranger);
    buf_free(&note);
    folder_close(&f);
    end(&c);
}

static void blobs_are_held_against_their_names(void **state) {
    (void)state;
    struct carrier c;
    char name[SHA256_HEX + 16], hex[SHA256_HEX];
    struct wanted_blob *named;
    size_t count;
    begin_damage(&c);
    struct channel channel = pair_channel(&c.p, 0);
    pair_must(&c.p, store_named_blobs(c.p.of[0].store, channel.of[SIDE_OWN].id, north_size(&c) - 1, north_size(&c),
                                      &c.p.arena, &named, &count, &c.p.diag));
    sha256_hex(&named[1].sha, hex);
    snprintf(name, sizeof name, "north/blobs/%s", hex);
    flip(&c, name, 50);
    refuses(&c, ERR_PROOF, "");
    run("rm %s", at(&c, name));
    refuses(&c, ERR_MISSING, hex);
    run("truncate -s 60 %s", at(&c, name));
    refuses(&c, ERR_PROOF, "");
    pair_must(&c.p, take(&c, 1, "north")); /* the good one goes through after all of these */
    assert_int_equal(pair_channel(&c.p, 1).state, CHANNEL_OPEN);
    end(&c);
}

/* A courier's wrong file, of another length, was taken in part when the program was killed. */
static void a_blob_begun_wrongly_is_begun_anew(void **state) {
    (void)state;
    static const uint64_t lengths[] = {50, 9 << 20}; /* bytes held of it; the true one has 100 */
    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct carrier c;
        struct wanted_blob *named;
        size_t count;
        begin_damage(&c);
        struct channel channel = pair_channel(&c.p, 0);
        pair_must(&c.p, store_named_blobs(c.p.of[0].store, channel.of[SIDE_OWN].id, north_size(&c) - 1, north_size(&c),
                                          &c.p.arena, &named, &count, &c.p.diag));
        uint8_t *wrong = ARENA_ARRAY(&c.p.arena, uint8_t, lengths[i]);
        pair_must(&c.p, store_put_blob_part(c.p.of[1].store, c.p.of[1].channel, SIDE_THEIRS, named[1].sha, 0,
                                            lengths[i] + 1, bytes_of(wrong, lengths[i]), &c.p.diag));
        pair_must(&c.p, take(&c, 1, "north"));
        end(&c);
    }
}

static void an_old_folder_is_refused(void **state) {
    (void)state;
    struct carrier c;
    begin_damage(&c);
    pair_must(&c.p, take(&c, 1, "north"));
    pair_must(&c.p, take(&c, 1, "north")); /* the same again is none */
    assert_int_equal(take(&c, 1, "old"), ERR_CONFLICT);
    assert_non_null(strstr(c.p.diag.text, "the folder is an old one"));
    assert_false(store_compared(c.p.of[1].store, c.p.of[1].channel)); /* what it says was shown does not count */
    run("rm %s/north/checkpoint", c.root);
    assert_int_equal(take(&c, 1, "north"), ERR_CONFLICT); /* nor does a greeting */
    end(&c);
}

static void open_store(struct carrier *c, const char *folder) {
    struct store_options o = {.folder = folder};
    store_close(c->p.of[0].store);
    c->p.of[0].folder = folder;
    pair_must(&c->p, store_open(&o, &c->p.of[0].store, &c->p.diag));
    pair_took_store(&c->p.of[0]);
}

/* North's store comes from a backup: the folder in which South says what it was shown is what tells it. */
static void a_restored_store_is_told_by_a_folder(void **state) {
    (void)state;
    struct carrier c;
    char folder[64], backup[64];
    begin(&c);
    pair_end(&c.p);
    snprintf(folder, sizeof folder, "%s/store", c.root);
    snprintf(backup, sizeof backup, "%s/backup", c.root);
    run("mkdir %s", folder);
    pair_start(&c.p);
    open_store(&c, folder);
    pair_open(&c.p);
    for (int i = 0; i < 8; i++) carry(&c, i % 2);
    store_close(c.p.of[0].store);
    c.p.of[0].store = NULL;
    run("cp -r %s %s", folder, backup);
    open_store(&c, folder);
    pair_must(&c.p, take(&c, 0, "south"));
    pair_say(&c.p, 0, 100);
    carry(&c, 0);
    write_own(&c, 1, "south");
    pair_must(&c.p, write_as(&c, 1, SIDE_THEIRS, "mirror"));
    open_store(&c, backup);
    assert_int_equal(take(&c, 0, "south"), ERR_FROZEN);
    assert_int_equal(pair_channel(&c.p, 0).state, CHANNEL_RESTORED);
    struct channel channel = pair_channel(&c.p, 0);
    pair_must(&c.p, own_declare_failover(&c.p.of[0].node, &channel, &c.p.diag));
    pair_must(&c.p, take(&c, 0, "mirror")); /* what is missing comes from there */
    assert_int_equal(pair_channel(&c.p, 0).state, CHANNEL_OPEN);
    for (int i = 0; i < 6; i++) carry(&c, i % 2);
    assert_in_step(&c);
    end(&c);
}

/* The log key of North signs another history. */
static void another_history_in_a_folder_freezes(void **state) {
    (void)state;
    struct carrier c;
    begin_damage(&c);
    pair_must(&c.p, take(&c, 1, "north"));
    struct folder f;
    pair_must(&c.p, folder_open(at(&c, "north"), &f, &c.p.diag));
    swap_entries(&c, true);
    struct tree tree = {0};
    struct buf bundle = {.max = 1 << 20}, note = {.max = CHECKPOINT_MAX_BYTES};
    char name[64];
    partial(&c, "tile/entries", name);
    pair_must(&c.p, os_read(at(&c, name), 1 << 20, &bundle, &c.p.diag));
    struct bytes rest = buf_as_bytes(&bundle), entry;
    while (bundle_next(&rest, &entry)) tree_add(&tree, tree_leaf_hash(entry));
    f.at.root = tree_root_at(&tree, f.at.size);
    const struct signer *log = c.p.of[0].log;
    pair_must(&c.p, checkpoint_sign(&f.at, &log, 1, &note, &c.p.diag));
    pair_must(&c.p, os_write(at(&c, "north/checkpoint"), buf_as_bytes(&note), 0644, &c.p.diag));
    assert_int_not_equal(take(&c, 1, "north"), OK);
    assert_int_equal(pair_channel(&c.p, 1).state, CHANNEL_FROZEN);
    tree_free(&tree);
    buf_free(&bundle);
    buf_free(&note);
    folder_close(&f);
    end(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_nodes_come_to_rest_by_folders_alone),
        cmocka_unit_test(the_newest_folder_read_again_lets_one_sign),
        cmocka_unit_test(what_goes_by_folder_and_by_wire_is_the_same),
        cmocka_unit_test(the_mirror_of_ones_own_record_carries_the_receipt),
        cmocka_unit_test(an_export_over_an_earlier_one_is_as_a_fresh_one),
        cmocka_unit_test(a_damaged_folder_is_refused_with_the_reason),
        cmocka_unit_test(a_changed_checkpoint_is_refused_with_the_reason),
        cmocka_unit_test(blobs_are_held_against_their_names),
        cmocka_unit_test(a_blob_begun_wrongly_is_begun_anew),
        cmocka_unit_test(an_old_folder_is_refused),
        cmocka_unit_test(a_restored_store_is_told_by_a_folder),
        cmocka_unit_test(another_history_in_a_folder_freezes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

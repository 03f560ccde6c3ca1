/* A process that appends is killed at any moment, again and again: whatever it said was committed is there, and what
 * is there is whole. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "store/store.h"

enum { ROUNDS = 25, LARGE = STORE_INLINE_MAX + 4096 };

static int64_t own_record(struct store *s, int64_t *channel) {
    struct arena a = {0};
    struct channel *list;
    size_t count;
    assert_int_equal(store_channels(s, &a, &list, &count, NULL), OK);
    if (!count) {
        struct channel c = {.own_party = TEXT("cert.north.example"),
                            .party = TEXT("cert.south.example"),
                            .number = 1,
                            .limits = CHANNEL_LIMITS_DEFAULT};
        c.of[SIDE_OWN].name = TEXT("north");
        c.of[SIDE_OWN].origin = TEXT("parley/north");
        int64_t id;
        assert_int_equal(store_add_channel(s, &c, &id, NULL), OK);
        assert_int_equal(store_channels(s, &a, &list, &count, NULL), OK);
    }
    *channel = list[0].id;
    int64_t record = list[0].of[SIDE_OWN].id;
    arena_free(&a);
    return record;
}

/* Leaf i is the hash of a blob that is held; every eighth is large. */
static void append_for_ever(struct store *s, int64_t channel, int64_t record, int told) {
    static uint8_t content[LARGE];
    uint64_t size;
    for (;;) {
        struct sha256 sha;
        if (store_size(s, record, &size, NULL)) _exit(1);
        memcpy(content, &size, sizeof size);
        if (store_begin(s, NULL)) _exit(1);
        enum error result =
            store_put_blob(s, channel, SIDE_OWN, bytes_of(content, size % 8 ? 4096 : LARGE), &sha, NULL);
        if (!result) result = store_add_leaf(s, record, size, sha256_bytes(&sha), NULL);
        if (store_end(s, result, NULL)) _exit(1);
        size++;
        if (write(told, &size, sizeof size) != sizeof size) _exit(1);
    }
}

/* Runs the appender for a moment and kills it: the last size that it told. */
static uint64_t run_and_kill(const char *folder, unsigned after_us) {
    int pipes[2];
    uint64_t told = 0, size;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (!child) {
        struct store_options o = {.folder = folder};
        struct store *s;
        int64_t channel;
        close(pipes[0]);
        if (store_open(&o, &s, NULL)) _exit(1);
        int64_t record = own_record(s, &channel);
        append_for_ever(s, channel, record, pipes[1]);
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], &told, sizeof told), sizeof told);
    usleep(after_us);
    kill(child, SIGKILL);
    while (read(pipes[0], &size, sizeof size) == sizeof size) told = size;
    close(pipes[0]);
    waitpid(child, NULL, 0);
    return told;
}

static void check_all(const char *folder, uint64_t told) {
    struct store_options o = {.folder = folder};
    struct store *s;
    struct arena a = {0};
    struct tree tree = {0};
    struct bytes *leaves;
    size_t got;
    uint64_t size;
    int64_t channel;
    struct sha256 root;
    assert_int_equal(store_open(&o, &s, NULL), OK);
    int64_t record = own_record(s, &channel);
    assert_int_equal(store_size(s, record, &size, NULL), OK);
    assert_true(size >= told && size <= told + 1);
    assert_int_equal(store_leaves(s, record, 0, UINT64_MAX, UINT64_MAX, &a, &leaves, &got, NULL), OK);
    assert_int_equal(got, size);
    for (size_t i = 0; i < got; i++) {
        struct buf blob = {.max = LARGE};
        struct sha256 sha;
        memcpy(sha.at, leaves[i].at, SHA256_SIZE);
        assert_int_equal(store_get_blob(s, channel, sha, 0, LARGE, &blob, NULL), OK);
        assert_true(sha256_equal(sha256_of(buf_as_bytes(&blob)), sha));
        buf_free(&blob);
        tree_add(&tree, tree_leaf_hash(leaves[i]));
    }
    assert_int_equal(store_root(s, record, size, &root, NULL), OK);
    assert_true(sha256_equal(root, tree_root_at(&tree, size)));
    tree_free(&tree);
    arena_free(&a);
    store_close(s);
}

static void nothing_committed_is_lost(void **state) {
    (void)state;
    char folder[] = "parley-crash-XXXXXX", command[64];
    struct random r = random_seeded(TEXT("crash"));
    assert_non_null(mkdtemp(folder));
    for (int round = 0; round < ROUNDS; round++) {
        uint16_t after;
        random_fill(&r, (uint8_t *)&after, sizeof after);
        check_all(folder, run_and_kill(folder, after % 30000));
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_committed_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

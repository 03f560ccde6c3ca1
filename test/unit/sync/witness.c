/* The witness from within: what it keeps is kept before it answers, and two requests at once never turn it back. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os.h"
#include "sync/wire.h"
#include "sync/witness.h"
#include "tlog/cosignature.h"

enum { LEAVES = 40, THREADS = 4 };
#define NOW ((instant)1772000000 * INSTANT_SECOND)

struct world {
    char folder[64];
    struct random random;
    struct signer *log, *key;
    struct witness *witness;
    struct tree tree;
    struct buf notes[LEAVES + 1];
};

static void begin(struct world *w) {
    struct diag d = {0};
    bool added;
    *w = (struct world){.random = random_system()};
    strcpy(w->folder, "/tmp/parley-witness-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    w->log = signer_new(TEXT("log.example/one"), KEY_ED25519, &w->random);
    w->key = signer_new(TEXT("witness.example/w1"), KEY_COSIGNATURE, &w->random);
    assert_int_equal(witness_add_log(w->folder, signer_vkey(w->log), &added, &d), OK);
    assert_true(added);
    assert_int_equal(witness_open(w->folder, w->key, &w->witness, &d), OK);
    for (size_t i = 0; i <= LEAVES; i++) {
        const struct checkpoint at = {TEXT("log.example/one"), i, tree_root_at(&w->tree, i)};
        const struct signer *by = w->log;
        char leaf[32];
        w->notes[i].max = CHECKPOINT_MAX_BYTES;
        assert_int_equal(checkpoint_sign(&at, &by, 1, &w->notes[i], &d), OK);
        struct bytes bytes = bytes_of(leaf, (size_t)snprintf(leaf, sizeof leaf, "leaf %zu", i));
        tree_add_leaves(&w->tree, &bytes, 1);
    }
}

static void end(struct world *w) {
    char command[128];
    witness_close(w->witness);
    signer_free(w->log);
    signer_free(w->key);
    tree_free(&w->tree);
    for (size_t i = 0; i <= LEAVES; i++) buf_free(&w->notes[i]);
    snprintf(command, sizeof command, "rm -r %s", w->folder);
    assert_int_equal(system(command), 0);
}

static unsigned submit(struct world *w, uint64_t old, uint64_t size, instant now, struct response *r) {
    struct tree_reader reader = tree_reader(&w->tree);
    struct add_checkpoint c = {.old = old, .note = buf_as_bytes(&w->notes[size])};
    struct buf body = {.max = WITNESS_BODY_MAX};
    if (old <= size) assert_int_equal(consistency_make(&reader, old, size, &c.proof, NULL), OK);
    add_checkpoint_write(&c, &body);
    struct request q = {.method = TEXT("POST"), .path = TEXT("/add-checkpoint"), .body = buf_as_bytes(&body)};
    witness_answer(w->witness, &q, now, r);
    buf_free(&body);
    return r->status;
}

static uint64_t seen_size(struct world *w) {
    struct arena a = {0};
    struct witness_log *logs;
    size_t count;
    assert_int_equal(witness_logs(w->folder, &a, &logs, &count, NULL), OK);
    assert_int_equal(count, 1);
    uint64_t size = logs[0].size;
    arena_free(&a);
    return size;
}

/* ---- */

struct worker {
    struct world *world;
    pthread_t thread;
    uint64_t highest;
    bool turned_back;
};

/* Goes on from whatever size it is told, to each size in turn: of two at once, one is told where the other went. */
static void *climb(void *state) {
    struct worker *me = state;
    struct response r = {.body = {.max = 65536}};
    uint64_t old = 0;
    for (uint64_t size = 1; size <= LEAVES;) {
        unsigned status = submit(me->world, old, size, NOW, &r);
        uint64_t told = size;
        if (status == 409 && !number_line_read(buf_as_bytes(&r.body), &told)) break;
        if (status != 200 && status != 409) break;
        if (told < me->highest) me->turned_back = true;
        me->highest = old = told;
        if (size <= told) size = told + 1;
    }
    response_free(&r);
    return NULL;
}

static void requests_at_once(void **state) {
    struct world w;
    struct worker workers[THREADS];
    (void)state;
    begin(&w);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.world = &w};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, climb, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].highest, LEAVES);
        assert_false(workers[i].turned_back);
    }
    assert_int_equal(seen_size(&w), LEAVES);
    end(&w);
}

static void every_step(void **state) {
    struct world w;
    struct response r = {.body = {.max = 65536}};
    (void)state;
    begin(&w);
    for (uint64_t from = 0; from < LEAVES; from += 7) {
        assert_int_equal(submit(&w, from, from + 7 > LEAVES ? LEAVES : from + 7, NOW, &r), 200);
        assert_int_equal(seen_size(&w), from + 7 > LEAVES ? LEAVES : from + 7);
    }
    response_free(&r);
    end(&w);
}

static void clock_set_back(void **state) {
    struct world w;
    struct arena a = {0};
    struct response r = {.body = {.max = 65536}};
    struct note note;
    struct note_signature s;
    instant stamp;
    (void)state;
    begin(&w);
    assert_int_equal(submit(&w, 0, 1, NOW, &r), 200);
    assert_int_equal(submit(&w, 1, 2, NOW - INSTANT_DAY, &r), 200);
    struct text line = buf_as_text(&r.body);
    assert_int_equal(note_read_signature(text_sub(line, 0, line.size - 1), &a, &s, NULL), OK);
    assert_int_equal(note_read(buf_as_bytes(&w.notes[2]), &a, &note, NULL), OK);
    assert_int_equal(cosignature_verify(&s, signer_vkey(w.key), note.text, &stamp, NULL), OK);
    assert_true(stamp == NOW);
    response_free(&r);
    arena_free(&a);
    end(&w);
}

/* Where what it saw last was changed, or can't be written, it signs nothing. */
static void no_durable_state(void **state) {
    struct world w;
    struct response r = {.body = {.max = 65536}};
    char path[OS_PATH_MAX], hash[SHA256_HEX], beside[OS_PATH_MAX];
    struct sha256 sha = sha256_of(bytes_from_text(TEXT("log.example/one")));
    (void)state;
    begin(&w);
    sha256_hex(&sha, hash);
    assert_int_equal(submit(&w, 0, 3, NOW, &r), 200);
    os_path(path, os_path(beside, w.folder, "seen"), hash);
    /* A smaller checkpoint of the log in its place, as from a backup of another kind: it bears no cosignature. */
    assert_int_equal(os_write(path, buf_as_bytes(&w.notes[1]), 0600, NULL), OK);
    assert_int_equal(submit(&w, 1, 4, NOW, &r), 500);
    assert_int_equal(os_write(path, bytes_from_text(TEXT("\n")), 0600, NULL), OK);
    assert_int_equal(submit(&w, 0, 4, NOW, &r), 500);
    assert_int_equal(os_remove(path, NULL), OK);
    assert_int_equal(os_remove_folder(os_path(beside, w.folder, "seen"), NULL), OK);
    assert_int_equal(os_write(os_path(beside, w.folder, "seen"), bytes_from_text(TEXT("")), 0600, NULL), OK);
    assert_int_equal(submit(&w, 0, 4, NOW, &r), 500);
    assert_false(text_search(buf_as_text(&r.body), TEXT("\xe2\x80\x94")) != SIZE_MAX);
    response_free(&r);
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(requests_at_once), cmocka_unit_test(every_step),
                                       cmocka_unit_test(clock_set_back), cmocka_unit_test(no_durable_state)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "pair.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include "sync/own.h"
#include "sync/wire.h"
#include "tlog/checkpoint.h"
#include "tlog/tile.h"

static void assert_in_step(struct pair *p) {
    for (int i = 0; i < 2; i++) {
        uint64_t size = pair_size(p, i, SIDE_OWN);
        assert_int_equal(size, pair_size(p, !i, SIDE_THEIRS));
        assert_int_equal(pair_receipted(p, i), size);
    }
}

static void two_records_open_and_fall_silent(void **state) {
    (void)state;
    struct pair p;
    struct sync_report report;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, &report));
    assert_in_step(&p);
    uint64_t sizes[2] = {pair_size(&p, 0, SIDE_OWN), pair_size(&p, 1, SIDE_OWN)};
    for (int i = 0; i < 4; i++) {
        pair_must(&p, pair_sync(&p, i % 2, &report));
        assert_int_equal(report.sent_entries + report.got_entries, 0);
    }
    assert_int_equal(pair_size(&p, 0, SIDE_OWN), sizes[0]);
    assert_int_equal(pair_size(&p, 1, SIDE_OWN), sizes[1]);
    assert_true(sizes[0] <= 4 && sizes[1] <= 4);
    pair_end(&p);
}

/* Only one side ever calls; both talk. */
static void only_one_needs_to_be_reachable(void **state) {
    (void)state;
    for (int caller = 0; caller < 2; caller++) {
        struct pair p;
        pair_start(&p);
        pair_open(&p);
        for (int i = 0; i < 6; i++) {
            pair_say(&p, i % 2, 100);
            pair_must(&p, pair_sync(&p, caller, NULL));
            assert_in_step(&p);
        }
        pair_end(&p);
    }
}

static void large_blobs_go_in_parts(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    pair_say(&p, 0, 9 << 20);
    pair_say(&p, 1, 10 << 20);
    pair_must(&p, pair_sync(&p, 0, NULL));
    assert_in_step(&p);
    pair_end(&p);
}

static void many_entries_go_in_packages(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    for (int i = 0; i < 700; i++) pair_say(&p, 0, 64);
    pair_must(&p, pair_sync(&p, 0, NULL));
    for (int i = 0; i < 600; i++) pair_say(&p, 0, 64);
    pair_must(&p, pair_sync(&p, 1, NULL));
    assert_in_step(&p);
    pair_end(&p);
}

/* Who sends bundles of entries that are cut off. */
static enum error cut_off(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct remote *line = self->state;
    enum error result = line->call(line, q, r, d);
    char path[512];
    snprintf(path, sizeof path, "%.*s", TEXT_ARG(q->path));
    if (!result && strstr(path, "/tile/entries/") && r->body.size) r->body.size--;
    return result;
}

/* What came of a package that is not kept is given back (the sanitizers tell). */
static void a_bundle_that_is_cut_off_leaves_no_memory_behind(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 1, NULL));
    for (int i = 0; i < 20; i++) pair_say(&p, 0, 16);
    struct remote line = p.of[1].to;
    p.of[1].to = (struct remote){cut_off, &line};
    assert_int_equal(pair_sync(&p, 1, NULL), ERR_NETWORK);
    assert_non_null(strstr(p.diag.text, "cut off"));
    p.of[1].to = line;
    pair_must(&p, pair_sync(&p, 1, NULL));
    assert_in_step(&p);
    pair_end(&p);
}

static void talk(struct pair *p) {
    pair_start(p);
    pair_open(p);
    pair_say(p, 0, 5 << 20);
    pair_say(p, 1, 6 << 20);
    pair_say(p, 1, 10);
}

/* Each call of an exchange breaks once, before or after it was answered; what follows ends in the same state. */
static void an_exchange_interrupted_anywhere_resumes(void **state) {
    (void)state;
    struct pair p;
    talk(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    uint64_t calls = p.calls;
    pair_end(&p);
    assert_true(calls > 10);
    for (uint64_t at = 1; at <= calls; at++) {
        for (enum break_where where = BEFORE; where <= AFTER; where++) {
            talk(&p);
            p.break_at = at;
            p.where = where;
            enum error result = pair_sync(&p, 0, NULL);
            assert_true(result == ERR_NETWORK || result == OK);
            pair_restart(&p, 0);
            pair_restart(&p, 1);
            pair_must(&p, pair_sync(&p, at % 2 ? 0 : 1, NULL));
            assert_in_step(&p);
            pair_end(&p);
        }
    }
}

/* ---- both call each other at once */

static void assert_at_rest(struct pair *p) {
    uint64_t sizes[2] = {pair_size(p, 0, SIDE_OWN), pair_size(p, 1, SIDE_OWN)};
    for (int i = 0; i < 2; i++) {
        struct kept_contradiction *found;
        size_t count;
        struct channel c = pair_channel(p, i);
        struct sync_report report;
        pair_must(p, pair_sync(p, i, &report));
        assert_int_equal(report.sent_entries + report.got_entries, 0);
        assert_int_equal(c.state, CHANNEL_OPEN);
        for (int side = 0; side < 2; side++) {
            pair_must(p, store_contradictions(p->of[i].store, c.of[side].id, &p->arena, &found, &count, &p->diag));
            assert_int_equal(count, 0);
        }
    }
    assert_true(sizes[0] == pair_size(p, 0, SIDE_OWN) && sizes[1] == pair_size(p, 1, SIDE_OWN));
    assert_in_step(p);
}

static void come_to_rest(struct pair *p) {
    pair_must(p, pair_sync(p, 0, NULL));
    pair_must(p, pair_sync(p, 1, NULL));
    assert_at_rest(p);
}

/* How two nodes stand before they meet: new to each other, or after exchanges, with something to say. */
static void prepare(struct pair *p, bool opened) {
    pair_start(p);
    pair_open(p);
    if (opened) come_to_rest(p);
    for (int i = 0; i < 2; i++) {
        pair_say(p, i, 100);
        pair_say(p, i, 100);
    }
}

/* Party i exchanges, and at its call `at` the other one does.  False where it makes no such call. */
static bool meet_at(struct pair *p, int i, uint64_t at) {
    p->calls = p->met_calls = 0;
    p->meet_at = at;
    enum error result = pair_sync(p, i, NULL);
    if (result) fprintf(stderr, "party %d, call %d\n", i, (int)at);
    pair_must(p, result);
    bool met = !p->meet_at;
    p->meet_at = 0;
    return met;
}

/* At each call of an exchange the other side makes a whole one first, saying nothing, or something; or this side does
 * (its desk), or both.  Neither fails. */
static void exchanges_that_cross_anywhere_come_to_rest(void **state) {
    (void)state;
    for (unsigned variant = 0; variant < 16; variant++) {
        bool met = true;
        for (uint64_t at = 1; met; at++) {
            struct pair p;
            prepare(&p, variant & 1);
            p.meet_says = variant >> 2;
            met = meet_at(&p, variant >> 1 & 1, at);
            come_to_rest(&p);
            pair_end(&p);
            assert_true(met || at > 8);
        }
    }
}

/* The same where the other side's exchange breaks off at one call of four: it leaves checkpoints without their
 * entries, entries without their blobs, and receipts that did not arrive. */
static void exchanges_that_cross_and_break_come_to_rest(void **state) {
    (void)state;
    for (unsigned variant = 0; variant < 4; variant++) {
        bool met = true;
        for (uint64_t at = 1; met; at++) {
            bool broke = true;
            for (uint64_t breaks = 1 + (at + variant) % 4; met && broke; breaks += 4) {
                struct pair p;
                prepare(&p, variant & 1);
                p.meet_says = 3;
                p.meet_breaks_at = breaks;
                p.where = variant >> 1 ? BEFORE : AFTER;
                met = meet_at(&p, 0, at);
                broke = p.met_calls == breaks;
                come_to_rest(&p);
                pair_end(&p);
            }
        }
    }
}

/* Blobs of several parts: at each call, the other side has put some parts of those that are fetched, or all. */
static void a_blob_pushed_while_it_is_pulled_arrives(void **state) {
    (void)state;
    bool met = true;
    for (uint64_t at = 1; met; at++) {
        for (uint64_t breaks = at % 7; breaks < 14; breaks += 7) {
            struct pair p;
            prepare(&p, true);
            pair_say(&p, 1, 9 << 20);
            p.meet_breaks_at = breaks;
            met = meet_at(&p, 0, at);
            come_to_rest(&p);
            pair_end(&p);
        }
    }
}

/* A later checkpoint that the other side says it knows explains itself only where one has signed it. */
static void a_checkpoint_that_was_never_signed_is_no_crossing(void **state) {
    (void)state;
    struct pair p;
    prepare(&p, true);
    struct channel c = pair_channel(&p, 1);
    struct kept_checkpoint none = {pair_size(&p, 0, SIDE_OWN) + 5, sha256_of(bytes_of("?", 1)), bytes_of("?", 1)};
    pair_must(&p, store_put_checkpoint(p.of[1].store, c.of[SIDE_THEIRS].id, CHECKPOINT_PENDING, &none, &p.diag));
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_NETWORK);
    assert_non_null(strstr(p.diag.text, "409"));
    pair_end(&p);
}

static struct response ask_with(struct pair *p, int server, const char *method, const char *path, struct text pin,
                                struct bytes body) {
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    struct request q = {.method = text_of(method), .path = text_of(path), .pin = pin, .body = body};
    server_answer(&p->of[server].node, &q, p->now, &r);
    return r;
}

/* The North puts a part of a blob to the South. */
static unsigned put(struct pair *p, const char *range, struct sha256 sha, struct bytes part, char told[static 32]) {
    char path[256], hex[SHA256_HEX];
    struct channel c = pair_channel(p, 0);
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    snprintf(path, sizeof path, "/%.*s/blob/%.*s", TEXT_ARG(c.of[SIDE_OWN].hash), TEXT_ARG(sha256_hex(&sha, hex)));
    struct request q = {.method = TEXT("PUT"),
                        .path = text_of(path),
                        .pin = p->of[0].pin,
                        .content_range = text_of(range),
                        .body = part};
    server_answer(&p->of[1].node, &q, p->now, &r);
    snprintf(told, 32, "%.*s", TEXT_ARG(text_first(buf_as_text(&r.body), 31)));
    unsigned status = r.status;
    response_free(&r);
    return status;
}

/* Begun as two bytes it took no room; what it grows to does. */
static void a_blob_begun_anew_counts_for_the_quota(void **state) {
    (void)state;
    struct pair p;
    char told[32];
    uint64_t bytes;
    pair_start(&p);
    pair_open(&p);
    struct channel_limits small = {1 << 20, 100000, UINT64_MAX};
    pair_must(&p, store_set_limits(p.of[1].store, p.of[1].channel, &small, &p.diag));
    uint8_t *part = ARENA_ARRAY(&p.arena, uint8_t, 30000);
    for (uint8_t i = 0; i < 10; i++) {
        struct sha256 sha = sha256_of(bytes_of(&i, 1));
        assert_int_equal(put(&p, "bytes 0-0/2", sha, bytes_of("x", 1), told), 202);
        unsigned status = put(&p, "bytes 0-29999/30001", sha, bytes_of(part, 30000), told);
        assert_int_equal(status, i < 3 ? 202 : 413);
    }
    pair_must(&p, store_bytes_from(p.of[1].store, p.of[1].channel, SIDE_THEIRS, &bytes, &p.diag));
    assert_true(bytes <= 100000);
    pair_end(&p);
}

/* A mirror that lies about a length must not keep the blob itself away. */
static void a_blob_begun_with_another_length_can_be_put(void **state) {
    (void)state;
    struct pair p;
    struct wanted_blob *named;
    size_t count;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    uint64_t index = pair_say(&p, 0, 200000);
    struct channel c = pair_channel(&p, 0);
    pair_must(&p,
              store_named_blobs(p.of[0].store, c.of[SIDE_OWN].id, index, index + 1, &p.arena, &named, &count, &p.diag));
    for (size_t i = 0; i < count; i++)
        pair_must(&p, store_put_blob_part(p.of[1].store, p.of[1].channel, SIDE_THEIRS, named[i].sha, 0, 300000,
                                          bytes_of("not this one", 12), &p.diag));
    pair_must(&p, pair_sync(&p, 0, NULL));
    assert_in_step(&p);
    pair_end(&p);
}

static void a_stranger_sees_nothing(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    pair_say(&p, 0, 100);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel c = pair_channel(&p, 0);
    static const char *const paths[][2] = {{"GET", "checkpoint"},
                                           {"GET", "tile/entries/000.p/1"},
                                           {"GET", "tile/0/000.p/1"},
                                           {"POST", "receipt"},
                                           {"POST", "shown"}};
    static const char stranger[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    for (size_t i = 0; i < COUNT(paths); i++) {
        for (int side = 0; side < 2; side++) {
            char path[REQUEST_PATH_MAX];
            snprintf(path, sizeof path, "/%.*s/%s", TEXT_ARG(c.of[side].hash), paths[i][1]);
            struct response strange = ask_with(&p, 0, paths[i][0], path, text_of(stranger), bytes_of("", 0));
            path[3] = path[3] == '0' ? '1' : '0';
            struct response absent = ask_with(&p, 0, paths[i][0], path, p.of[1].pin, bytes_of("", 0));
            assert_int_equal(strange.status, 404);
            assert_int_equal(absent.status, 404);
            assert_true(text_equal(buf_as_text(&strange.body), buf_as_text(&absent.body)));
            response_free(&strange);
            response_free(&absent);
        }
    }
    p.of[1].calls_as = text_of(stranger);
    pair_say(&p, 1, 10);
    assert_int_equal(pair_sync(&p, 1, NULL), ERR_NETWORK);
    pair_end(&p);
}

static void entries_without_their_blobs_stay_pending(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    uint64_t receipted = pair_receipted(&p, 0);
    uint64_t index = pair_say(&p, 0, 200000);
    /* The blob is lost on the sender's side (a damaged disk): it can't be sent, and no receipt is given. */
    struct wanted_blob *named;
    size_t count;
    struct channel c = pair_channel(&p, 0);
    pair_must(&p,
              store_named_blobs(p.of[0].store, c.of[SIDE_OWN].id, index, index + 1, &p.arena, &named, &count, &p.diag));
    assert_int_equal(count, 2);
    pair_must(&p, store_erase_blob(p.of[0].store, c.id, named[1].sha, &p.diag));
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_PENDING);
    assert_int_equal(pair_receipted(&p, 0), receipted);
    assert_true(pair_size(&p, 1, SIDE_THEIRS) > index); /* held, and not cosigned */
    /* Once the sender erases it in its record, the receipt comes. */
    pair_erase(&p, 0, named[1].sha);
    pair_must(&p, pair_sync(&p, 0, NULL));
    assert_in_step(&p);
    pair_end(&p);
}

static void quotas_hold(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    struct channel_limits small = {100000, 1 << 20, UINT64_MAX};
    pair_must(&p, store_set_limits(p.of[1].store, p.of[1].channel, &small, &p.diag));
    pair_say(&p, 0, 200000);
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_NETWORK);
    assert_non_null(strstr(p.diag.text, "413"));
    assert_int_equal(pair_sync(&p, 1, NULL), ERR_LIMIT);
    small.blob_bytes_max = UINT64_MAX;
    pair_must(&p, store_set_limits(p.of[1].store, p.of[1].channel, &small, &p.diag));
    for (int i = 0; i < 8; i++) pair_say(&p, 0, 200000);
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_NETWORK);
    uint64_t bytes;
    pair_must(&p, store_bytes_from(p.of[1].store, p.of[1].channel, SIDE_THEIRS, &bytes, &p.diag));
    assert_true(bytes <= 1 << 20);
    pair_end(&p);
}

static void beyond_the_window_nothing_is_served_but_what_erases(void **state) {
    (void)state;
    struct pair p;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 1, NULL));
    struct channel_limits window = CHANNEL_LIMITS_DEFAULT;
    window.window_entries = 2;
    pair_must(&p, store_set_limits(p.of[0].store, p.of[0].channel, &window, &p.diag));
    uint64_t receipted = pair_receipted(&p, 0), first = 0;
    struct kept_checkpoint at;
    struct channel c;
    for (int i = 0; i < 6; i++) first = i ? (pair_say(&p, 0, 100), first) : pair_say(&p, 0, 100);
    c = pair_channel(&p, 0);
    pair_must(&p, own_served(&p.of[0].node, &c, &p.arena, &at, &p.diag));
    assert_int_equal(at.size, receipted + 2);
    uint64_t written = store_generation(p.of[0].store);
    pair_must(&p, own_served(&p.of[0].node, &c, &p.arena, &at, &p.diag));
    assert_int_equal(store_generation(p.of[0].store), written); /* whoever asks again costs no wait for the disk */
    struct wanted_blob *named;
    size_t count;
    pair_must(&p,
              store_named_blobs(p.of[0].store, c.of[SIDE_OWN].id, first, first + 1, &p.arena, &named, &count, &p.diag));
    pair_erase(&p, 0, named[1].sha);
    pair_must(&p, own_served(&p.of[0].node, &c, &p.arena, &at, &p.diag));
    assert_int_equal(at.size, pair_size(&p, 0, SIDE_OWN));
    pair_must(&p, pair_sync(&p, 1, NULL));
    assert_in_step(&p);
    pair_end(&p);
}

/* ---- contradictions and backups */

static void copy_store(struct pair *p, int i, const char *to) {
    char command[512];
    store_close(p->of[i].store);
    p->of[i].store = NULL;
    snprintf(command, sizeof command, "rm -rf %s && cp -r %s %s", to, p->of[i].folder, to);
    assert_int_equal(system(command), 0);
}

struct disk {
    char folder[32], backup[32];
};

static void start_on_disk(struct pair *p, struct disk *disk) {
    strcpy(disk->folder, "parley-sync-XXXXXX");
    assert_non_null(mkdtemp(disk->folder));
    snprintf(disk->backup, sizeof disk->backup, "%s-b", disk->folder);
    pair_start(p);
    store_close(p->of[0].store);
    p->of[0].store = NULL;
    p->of[0].folder = disk->folder;
    struct store_options o = {.folder = disk->folder};
    pair_must(p, store_open(&o, &p->of[0].store, &p->diag));
    pair_took_store(&p->of[0]);
    pair_open(p);
    pair_must(p, pair_sync(p, 0, NULL));
}

static void reopen_from(struct pair *p, const char *folder) {
    p->of[0].folder = folder;
    struct store_options o = {.folder = folder};
    pair_must(p, store_open(&o, &p->of[0].store, &p->diag));
    pair_took_store(&p->of[0]);
}

static void end_on_disk(struct pair *p, struct disk *disk) {
    char command[128];
    pair_end(p);
    snprintf(command, sizeof command, "rm -rf %s %s", disk->folder, disk->backup);
    assert_int_equal(system(command), 0);
}

/* North's store comes from a backup that is older than what South holds. */
static void restore_backup_behind(struct pair *p, struct disk *disk, int entries) {
    start_on_disk(p, disk);
    copy_store(p, 0, disk->backup);
    reopen_from(p, disk->folder);
    pair_must(p, pair_sync(p, 0, NULL)); /* a start: compared again */
    pair_say(p, 0, 300000);
    for (int i = 1; i < entries; i++) pair_say(p, 0, 10);
    pair_must(p, pair_sync(p, 0, NULL));
    assert_in_step(p);
    store_close(p->of[0].store);
    reopen_from(p, disk->backup);
}

static void restore_backup(struct pair *p, struct disk *disk) { restore_backup_behind(p, disk, 2); }

static void a_restored_store_signs_nothing(void **state) {
    (void)state;
    for (int caller = 0; caller < 2; caller++) {
        struct pair p;
        struct disk disk;
        restore_backup(&p, &disk);
        uint64_t intended, signed_before;
        struct channel c = pair_channel(&p, 0);
        pair_must(&p, store_intended_size(p.of[0].store, c.of[SIDE_OWN].id, &signed_before, &p.diag));
        pair_say(&p, 0, 20); /* waits unsigned */
        enum error result = pair_sync(&p, caller, NULL);
        assert_int_equal(result, caller ? ERR_PENDING : ERR_FROZEN);
        c = pair_channel(&p, 0);
        assert_int_equal(c.state, CHANNEL_RESTORED);
        pair_must(&p, store_intended_size(p.of[0].store, c.of[SIDE_OWN].id, &intended, &p.diag));
        assert_int_equal(intended, signed_before);
        assert_int_equal(pair_channel(&p, 1).state, CHANNEL_OPEN);
        uint64_t index;
        result = own_append(&p.of[0].node, &c, &(struct own_entry){0}, p.now, &index, NULL);
        assert_int_equal(result, ERR_FROZEN);
        end_on_disk(&p, &disk);
    }
}

/* North's log key changes, in two steps. */
static void change_log_key(struct pair *p) {
    struct player *w = &p->of[0];
    w->next_log = signer_new(w->origin, KEY_ED25519, &p->random);
    struct bytes both = pair_card(w, 2, w->card, true);
    pair_publish(p, 0, both);
    pair_must(p, pair_sync(p, 0, NULL));
    signer_free(w->log);
    w->log = w->next_log;
    w->next_log = NULL;
    pair_publish(p, 0, pair_card(w, 3, both, true));
    pair_must(p, pair_sync(p, 0, NULL));
}

/* The cards of the backup don't name the key that signed what South holds: it is one's own all the same. */
static void a_store_from_before_a_change_of_the_log_key_signs_nothing(void **state) {
    (void)state;
    for (int caller = 0; caller < 2; caller++) {
        struct pair p;
        struct disk disk;
        start_on_disk(&p, &disk);
        copy_store(&p, 0, disk.backup);
        reopen_from(&p, disk.folder);
        pair_must(&p, pair_sync(&p, 0, NULL));
        change_log_key(&p);
        pair_say(&p, 0, 10);
        pair_must(&p, pair_sync(&p, 0, NULL));
        assert_in_step(&p);
        store_close(p.of[0].store);
        reopen_from(&p, disk.backup);
        pair_say(&p, 0, 20);
        assert_int_equal(pair_sync(&p, caller, NULL), caller ? ERR_PENDING : ERR_FROZEN);
        assert_int_equal(pair_channel(&p, 0).state, CHANNEL_RESTORED);
        assert_int_equal(pair_channel(&p, 1).state, CHANNEL_OPEN);
        end_on_disk(&p, &disk);
    }
}

static void a_declared_failover_recovers_and_goes_on(void **state) {
    (void)state;
    struct pair p;
    struct disk disk;
    restore_backup(&p, &disk);
    uint64_t lost = pair_size(&p, 1, SIDE_THEIRS);
    pair_say(&p, 0, 2000); /* said before anybody noticed: waits unsigned, and is said again after what was lost */
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_FROZEN);
    struct channel c = pair_channel(&p, 0);
    pair_must(&p, own_declare_failover(&p.of[0].node, &c, &p.diag));
    pair_must(&p, pair_sync(&p, 0, NULL));
    assert_in_step(&p);
    assert_true(pair_size(&p, 0, SIDE_OWN) > lost);
    assert_int_equal(pair_channel(&p, 0).state, CHANNEL_OPEN);
    assert_int_equal(pair_channel(&p, 1).state, CHANNEL_OPEN);
    struct wanted_blob *missing;
    size_t count;
    pair_must(&p, store_missing_blobs(p.of[0].store, c.of[SIDE_OWN].id, 0, lost, &p.arena, &missing, &count, &p.diag));
    assert_int_equal(count, 0); /* its own blobs came back, too */
    end_on_disk(&p, &disk);
}

struct forgetful { /* who answers what was shown by nothing that was signed, or by less (size 0: by garbage) */
    struct remote as, line;
    struct bytes older;
};

static enum error forget(struct remote *self, const struct request *q, struct response *r, struct diag *d) {
    struct forgetful *f = self->state;
    enum error result = f->line.call(&f->line, q, r, d);
    struct text shown = TEXT("/shown");
    if (result || q->path.size < shown.size ||
        !text_equal(text_sub(q->path, q->path.size - shown.size, q->path.size), shown))
        return result;
    if (!f->older.size) {
        r->body.at[10] ^= 1;
        return OK;
    }
    buf_clear(&r->body);
    buf_bytes(&r->body, f->older);
    return OK;
}

/* Once it knows that it was behind, an answer that tells of less does not let it sign a second history. */
static void a_failover_recalls_what_was_shown(void **state) {
    (void)state;
    for (int older = 0; older < 2; older++) {
        struct pair p;
        struct disk disk;
        struct kept_checkpoint at;
        restore_backup(&p, &disk);
        pair_say(&p, 0, 20); /* waits unsigned */
        assert_int_equal(pair_sync(&p, 0, NULL), ERR_FROZEN);
        struct channel c = pair_channel(&p, 0);
        pair_must(&p, store_checkpoint(p.of[0].store, c.of[SIDE_OWN].id, CHECKPOINT_SIGNED, PICK_NEWEST, 0, &p.arena,
                                       &at, &p.diag));
        pair_must(&p, own_declare_failover(&p.of[0].node, &c, &p.diag));
        struct forgetful f = {.line = p.of[0].to, .older = older ? at.note : bytes_of(NULL, 0)};
        f.as = (struct remote){forget, &f};
        p.of[0].to = f.as;
        pair_must(&p, pair_sync(&p, 0, NULL));
        p.of[0].to = f.line;
        pair_must(&p, pair_sync(&p, 0, NULL));
        assert_in_step(&p);
        assert_int_equal(pair_channel(&p, 1).state, CHANNEL_OPEN);
        end_on_disk(&p, &disk);
    }
}

/* A store put back after a loss counts as restored, though nothing was compared: where the answer tells of nothing, a
 * declared failover has nothing to go on from. */
static void a_failover_does_not_go_on_where_nothing_is_shown(void **state) {
    (void)state;
    struct pair p;
    struct disk disk;
    uint64_t intended, signed_before;
    restore_backup(&p, &disk);
    struct channel c = pair_channel(&p, 0);
    pair_must(&p, store_intended_size(p.of[0].store, c.of[SIDE_OWN].id, &signed_before, &p.diag));
    pair_must(&p, store_set_state(p.of[0].store, c.id, CHANNEL_RESTORED, TEXT("the store was lost"), &p.diag));
    c = pair_channel(&p, 0);
    pair_must(&p, own_declare_failover(&p.of[0].node, &c, &p.diag));
    struct forgetful f = {.line = p.of[0].to};
    f.as = (struct remote){forget, &f};
    p.of[0].to = f.as;
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_FROZEN);
    assert_int_equal(pair_channel(&p, 0).state, CHANNEL_RESTORED);
    pair_must(&p, store_intended_size(p.of[0].store, c.of[SIDE_OWN].id, &intended, &p.diag));
    assert_int_equal(intended, signed_before);
    p.of[0].to = f.line;
    pair_must(&p, pair_sync(&p, 0, NULL)); /* the word stands: it recovers from who does show it */
    assert_in_step(&p);
    assert_int_equal(pair_channel(&p, 1).state, CHANNEL_OPEN);
    end_on_disk(&p, &disk);
}

/* Whichever came first, the declaration or the proof: what froze an open channel is not opened by a failover. */
static void a_failover_opens_nothing_that_a_proof_froze(void **state) {
    (void)state;
    for (int side = 0; side < 2; side++) {
        struct pair p;
        struct disk disk;
        restore_backup(&p, &disk);
        assert_int_equal(pair_sync(&p, 0, NULL), ERR_FROZEN);
        struct channel c = pair_channel(&p, 0);
        pair_must(&p, own_declare_failover(&p.of[0].node, &c, &p.diag));
        const struct kept_contradiction found = {true, p.now, TEXT("a proof\n")};
        pair_must(&p, sync_contradict(&p.of[0].node, &c, (enum side)side, &found, "two histories", &p.diag));
        for (int i = 0; i < 2; i++) {
            uint64_t intended, before = pair_size(&p, 0, SIDE_OWN);
            assert_int_equal(pair_sync(&p, 0, NULL), ERR_FROZEN);
            c = pair_channel(&p, 0);
            assert_int_equal(c.state, CHANNEL_RESTORED);
            assert_int_equal(own_declare_failover(&p.of[0].node, &c, NULL), ERR_FROZEN);
            pair_must(&p, store_intended_size(p.of[0].store, c.of[SIDE_OWN].id, &intended, &p.diag));
            assert_true(intended <= before);
        }
        end_on_disk(&p, &disk);
    }
}

/* South took an entry and broke off before its blob came; then North lost its disk. */
static struct wanted_blob lose_a_blob(struct pair *p, struct disk *disk, struct bytes *lost) {
    struct wanted_blob *missing;
    struct buf blob = {.max = 1 << 20};
    size_t count = 0;
    start_on_disk(p, disk);
    copy_store(p, 0, disk->backup);
    reopen_from(p, disk->folder);
    pair_must(p, pair_sync(p, 0, NULL));
    uint64_t index = pair_say(p, 0, 300000);
    struct channel north = pair_channel(p, 0), south = pair_channel(p, 1);
    pair_must(p, own_sign(&p->of[0].node, &north, &p->diag));
    for (uint64_t at = 1; pair_size(p, 1, SIDE_THEIRS) <= index; at++) {
        p->calls = 0;
        p->break_at = at;
        p->where = BEFORE;
        assert_int_equal(pair_sync(p, 1, NULL), ERR_NETWORK);
    }
    p->break_at = 0;
    pair_must(p, store_missing_blobs(p->of[1].store, south.of[SIDE_THEIRS].id, index, index + 1, &p->arena, &missing,
                                     &count, &p->diag));
    assert_int_equal(count, 1);
    pair_must(p, store_get_blob(p->of[0].store, north.id, missing[0].sha, 0, 1 << 20, &blob, &p->diag));
    *lost = arena_bytes(&p->arena, buf_as_bytes(&blob));
    buf_free(&blob);
    store_close(p->of[0].store);
    reopen_from(p, disk->backup);
    return missing[0];
}

/* It is told each time and holds up nothing else; once the blob can be had it comes, and all is receipted. */
static void a_blob_that_a_failover_lacks_comes_once_it_can_be_had(void **state) {
    (void)state;
    struct pair p;
    struct disk disk;
    struct bytes lost;
    struct sha256 sha;
    struct blob_about about;
    struct wanted_blob blob = lose_a_blob(&p, &disk, &lost);
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_FROZEN);
    struct channel c = pair_channel(&p, 0);
    pair_must(&p, own_declare_failover(&p.of[0].node, &c, &p.diag));
    for (int i = 0; i < 2; i++) {
        uint64_t said = pair_say(&p, 1, 50);
        assert_int_not_equal(pair_sync(&p, 0, NULL), OK);
        assert_non_null(strstr(p.diag.text, "was lost"));
        assert_int_equal(pair_channel(&p, 0).state, CHANNEL_OPEN);
        assert_true(pair_receipted(&p, 1) > said);
    }
    pair_must(&p, store_put_blob(p.of[1].store, p.of[1].channel, SIDE_THEIRS, lost, &sha, &p.diag));
    assert_true(sha256_equal(sha, blob.sha));
    pair_must(&p, pair_sync(&p, 0, NULL));
    pair_must(&p, store_blob_about(p.of[0].store, c.id, sha, &about, &p.diag));
    assert_int_equal(about.state, BLOB_HELD);
    pair_must(&p, pair_sync(&p, 0, NULL));
    assert_in_step(&p);
    end_on_disk(&p, &disk);
}

/* A dishonest North signs another history: it goes back to the backup and never compares. */
static void fork_north_behind(struct pair *p, struct disk *disk, int behind, int entries) {
    restore_backup_behind(p, disk, behind);
    store_set_compared(p->of[0].store, p->of[0].channel, true);
    for (int i = 0; i < entries; i++) pair_say(p, 0, 77);
    struct channel c = pair_channel(p, 0);
    pair_must(p, own_sign(&p->of[0].node, &c, &p->diag));
}

static void fork_north(struct pair *p, struct disk *disk, int entries) { fork_north_behind(p, disk, 2, entries); }

static void another_history_freezes_the_channel(void **state) {
    (void)state;
    for (int entries = 1; entries <= 4; entries++) {
        struct pair p;
        struct disk disk;
        struct kept_contradiction *found;
        size_t count;
        fork_north(&p, &disk, entries);
        store_set_compared(p.of[1].store, p.of[1].channel, true);
        assert_int_not_equal(pair_sync(&p, 1, NULL), OK);
        struct channel c = pair_channel(&p, 1);
        if (c.state != CHANNEL_FROZEN) { /* North saw itself first, and said so */
            assert_int_equal(pair_channel(&p, 0).state, CHANNEL_RESTORED);
        } else {
            pair_must(&p, store_contradictions(p.of[1].store, c.of[SIDE_THEIRS].id, &p.arena, &found, &count, &p.diag));
            assert_int_equal(count, 1);
        }
        end_on_disk(&p, &disk);
    }
}

/* The same, brought by hand: North's add-checkpoint, whatever North's node would say of itself. */
static void a_signed_fork_is_kept_as_proof(void **state) {
    (void)state;
    struct pair p;
    struct disk disk;
    struct kept_checkpoint at;
    struct kept_contradiction *found;
    size_t count;
    fork_north(&p, &disk, 2);
    struct channel north = pair_channel(&p, 0), south = pair_channel(&p, 1);
    uint64_t held = pair_size(&p, 1, SIDE_THEIRS);
    while (pair_size(&p, 0, SIDE_OWN) < held) pair_say(&p, 0, 50);
    pair_must(&p, store_checkpoint(p.of[0].store, north.of[SIDE_OWN].id, CHECKPOINT_SIGNED, PICK_AT, held, &p.arena,
                                   &at, &p.diag));
    struct buf body = {.max = 65536};
    buf_format(&body, "old %llu\n\n", (unsigned long long)held);
    buf_bytes(&body, at.note);
    struct response r = ask_with(&p, 1, "POST", "/add-checkpoint", p.of[0].pin, buf_as_bytes(&body));
    assert_int_equal(r.status, 409);
    assert_int_equal(pair_channel(&p, 1).state, CHANNEL_FROZEN);
    pair_must(&p, store_contradictions(p.of[1].store, south.of[SIDE_THEIRS].id, &p.arena, &found, &count, &p.diag));
    assert_true(count == 1 && found[0].proves);
    response_free(&r);
    r = ask_with(&p, 1, "POST", "/add-checkpoint", p.of[0].pin, buf_as_bytes(&body));
    assert_int_equal(r.status, 403);
    response_free(&r);
    buf_free(&body);
    end_on_disk(&p, &disk);
}

/* A store that came from a backup still takes what it had, but not one root after the other. */
static void contradictions_without_end_are_not_kept(void **state) {
    (void)state;
    struct pair p;
    struct kept_contradiction *found;
    size_t count;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel south = pair_channel(&p, 1);
    uint64_t held = pair_size(&p, 1, SIDE_THEIRS);
    pair_must(&p, store_set_state(p.of[1].store, south.id, CHANNEL_RESTORED, TEXT("a backup"), &p.diag));
    for (int i = 0; i < 5; i++) {
        const struct signer *log = p.of[0].log;
        struct checkpoint other = {.origin = p.of[0].origin, .size = held, .root = sha256_of(bytes_of(&i, sizeof i))};
        struct buf note = {.max = CHECKPOINT_MAX_BYTES}, body = {.max = 65536};
        pair_must(&p, checkpoint_sign(&other, &log, 1, &note, &p.diag));
        buf_format(&body, "old %llu\n\n", (unsigned long long)held);
        buf_bytes(&body, buf_as_bytes(&note));
        struct response r = ask_with(&p, 1, "POST", "/add-checkpoint", p.of[0].pin, buf_as_bytes(&body));
        assert_int_equal(r.status, 409);
        response_free(&r);
        buf_free(&body);
        buf_free(&note);
    }
    pair_must(&p, store_contradictions(p.of[1].store, south.of[SIDE_THEIRS].id, &p.arena, &found, &count, &p.diag));
    assert_true(count == 1 && found[0].proves);
    pair_end(&p);
}

/* A larger checkpoint that does not extend the one held: the consistency proof that comes with it proves the fork by
 * itself, unless the size held is a power of two, of whose root such a proof says nothing: then one's next exchange
 * asks for the hashes that do. */
static void a_fork_at_a_larger_size_is_proved_by_what_came_with_it(void **state) {
    (void)state;
    bool proved[2] = {false, false};
    for (int more = 1; more <= 9 && !(proved[0] && proved[1]); more++) {
        struct pair p;
        struct disk disk;
        struct kept_contradiction *found;
        size_t count;
        fork_north_behind(&p, &disk, more, 6 + more);
        struct channel north = pair_channel(&p, 0), south = pair_channel(&p, 1);
        struct store_tree tree = {p.of[0].store, north.of[SIDE_OWN].id};
        struct tree_reader reader = store_tree_reader(&tree);
        struct kept_checkpoint at;
        struct add_checkpoint asked = {.old = pair_size(&p, 1, SIDE_THEIRS)};
        pair_must(&p, own_sign(&p.of[0].node, &north, &p.diag));
        pair_must(&p, store_checkpoint(p.of[0].store, north.of[SIDE_OWN].id, CHECKPOINT_SIGNED, PICK_NEWEST, 0,
                                       &p.arena, &at, &p.diag));
        assert_true(at.size > asked.old);
        pair_must(&p, consistency_make(&reader, asked.old, at.size, &asked.proof, &p.diag));
        asked.note = at.note;
        struct buf body = {.max = 1 << 20};
        add_checkpoint_write(&asked, &body);
        struct response r = ask_with(&p, 1, "POST", "/add-checkpoint", p.of[0].pin, buf_as_bytes(&body));
        assert_int_equal(r.status, 422);
        assert_int_equal(pair_channel(&p, 1).state, CHANNEL_FROZEN);
        pair_must(&p, store_contradictions(p.of[1].store, south.of[SIDE_THEIRS].id, &p.arena, &found, &count, &p.diag));
        assert_int_equal(count, 1);
        bool tells = asked.old & (asked.old - 1);
        assert_int_equal(found[0].proves, tells);
        proved[tells] = true;
        response_free(&r);
        assert_int_equal(sync_lacks_proof(&p.of[1].node, &(struct channel[]){pair_channel(&p, 1)}[0]), !tells);
        assert_int_not_equal(pair_sync(&p, 1, NULL), OK);
        pair_must(&p, store_contradictions(p.of[1].store, south.of[SIDE_THEIRS].id, &p.arena, &found, &count, &p.diag));
        assert_true(count == (tells ? 1 : 2) && found[count - 1].proves);
        assert_int_equal(pair_channel(&p, 1).state, CHANNEL_FROZEN);
        assert_non_null(
            strstr(arena_format(&p.arena, "%.*s%c", TEXT_ARG(pair_channel(&p, 1).why), 0).at, "two histories"));
        /* The proof goes over to the North. */
        r = ask_with(&p, 1, "GET",
                     arena_format(&p.arena, "/%.*s/equivocation%c", TEXT_ARG(south.of[SIDE_THEIRS].hash), 0).at,
                     p.of[0].pin, bytes_of("", 0));
        assert_int_equal(r.status, 200);
        response_free(&r);
        buf_free(&body);
        end_on_disk(&p, &disk);
    }
    assert_true(proved[true] && proved[false]);
}

static void new_pins_count_from_the_moment_the_card_is_stored(void **state) {
    (void)state;
    struct pair p;
    struct kept_card card;
    static const char fresh[] = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct text old = p.of[0].pin;
    p.of[0].pin = text_of(fresh);
    struct bytes skipping = pair_card(&p.of[0], 3, p.of[0].card, true),
                 next = pair_card(&p.of[0], 2, p.of[0].card, true);
    pair_publish(&p, 0, skipping);     /* void: not the next serial */
    pair_publish(&p, 0, p.of[0].card); /* void: an old card again */
    pair_publish(&p, 0, next);
    pair_must(&p, pair_sync(&p, 1, NULL));
    struct channel c = pair_channel(&p, 1);
    pair_must(&p, store_card(p.of[1].store, c.of[SIDE_THEIRS].id, UINT64_MAX, &p.arena, &card, &p.diag));
    assert_int_equal(card.serial, 2);
    p.of[0].calls_as = old;
    assert_int_equal(pair_sync(&p, 0, NULL), ERR_NETWORK);
    p.of[0].calls_as = text_of(fresh);
    pair_must(&p, pair_sync(&p, 0, NULL));
    pair_end(&p);
}

/* A checkpoint signed by the log key that does not follow from what is held proves nothing, and freezes all the same.
 */
static void what_does_not_follow_is_a_contradiction_without_proof(void **state) {
    (void)state;
    struct pair p;
    struct kept_contradiction *found;
    size_t count;
    pair_start(&p);
    pair_open(&p);
    pair_must(&p, pair_sync(&p, 0, NULL));
    uint64_t held = pair_size(&p, 1, SIDE_THEIRS);
    struct checkpoint at = {p.of[0].origin, held + 1, sha256_of(bytes_of("?", 1))};
    const struct signer *log = p.of[0].log;
    struct buf body = {.max = 65536};
    buf_format(&body, "old %llu\n\n", (unsigned long long)held);
    pair_must(&p, checkpoint_sign(&at, &log, 1, &body, &p.diag));
    struct response r = ask_with(&p, 1, "POST", "/add-checkpoint", p.of[1].pin, buf_as_bytes(&body));
    assert_int_equal(r.status, 404); /* by a stranger to this channel: nothing happens */
    assert_int_equal(pair_channel(&p, 1).state, CHANNEL_OPEN);
    response_free(&r);
    r = ask_with(&p, 1, "POST", "/add-checkpoint", p.of[0].pin, buf_as_bytes(&body));
    assert_int_equal(r.status, 422);
    assert_int_equal(pair_channel(&p, 1).state, CHANNEL_FROZEN);
    struct channel c = pair_channel(&p, 1);
    pair_must(&p, store_contradictions(p.of[1].store, c.of[SIDE_THEIRS].id, &p.arena, &found, &count, &p.diag));
    assert_true(count == 1 && !found[0].proves);
    /* What is there can still be read. */
    pair_say(&p, 0, 10);
    assert_int_not_equal(pair_sync(&p, 0, NULL), OK);
    char path[REQUEST_PATH_MAX];
    snprintf(path, sizeof path, "/%.*s/checkpoint", TEXT_ARG(c.of[SIDE_OWN].hash));
    response_free(&r);
    r = ask_with(&p, 1, "GET", path, p.of[0].pin, bytes_of("", 0));
    assert_int_equal(r.status, 200);
    response_free(&r);
    buf_free(&body);
    pair_end(&p);
}

/* ---- answers kept in memory */

static unsigned kept_or_asked(struct pair *p, const char *path, struct text pin, bool *kept) {
    struct response r = {.body = {.max = RESPONSE_BODY_MAX}};
    struct request q = {.method = TEXT("GET"), .path = text_of(path), .pin = pin};
    *kept = server_answer_kept(&p->of[1].node, &q, &r);
    if (!*kept) server_answer(&p->of[1].node, &q, p->now, &r);
    response_free(&r);
    return r.status;
}

static void an_answer_is_kept_until_anything_changes(void **state) {
    (void)state;
    struct pair p;
    struct wanted_blob *named;
    size_t count;
    bool kept;
    char checkpoint[REQUEST_PATH_MAX], blob[REQUEST_PATH_MAX], hex[SHA256_HEX];
    pair_start(&p);
    pair_open(&p);
    uint64_t index = pair_say(&p, 0, 500);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel c = pair_channel(&p, 1), own = pair_channel(&p, 0);
    pair_must(
        &p, store_named_blobs(p.of[0].store, own.of[SIDE_OWN].id, index, index + 1, &p.arena, &named, &count, &p.diag));
    snprintf(checkpoint, sizeof checkpoint, "/%.*s/checkpoint", TEXT_ARG(c.of[SIDE_OWN].hash));
    snprintf(blob, sizeof blob, "/%.*s/blob/%s", TEXT_ARG(c.of[SIDE_THEIRS].hash), sha256_hex(&named[1].sha, hex).at);
    const char *const paths[] = {checkpoint, blob};
    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_int_equal(kept_or_asked(&p, paths[i], p.of[0].pin, &kept), 200);
        assert_int_equal(kept_or_asked(&p, paths[i], p.of[0].pin, &kept), 200);
        assert_true(kept);
        assert_int_equal(kept_or_asked(&p, paths[i], p.of[1].pin, &kept), 404); /* what another one was answered */
        assert_false(kept);
    }
    pair_must(&p, store_set_contact(p.of[1].store, c.id, p.now, TEXT(""), &p.diag)); /* any commit will do */
    assert_int_equal(kept_or_asked(&p, blob, p.of[0].pin, &kept), 200);
    assert_false(kept);
    assert_int_equal(kept_or_asked(&p, blob, p.of[0].pin, &kept), 200);
    assert_true(kept);
    pair_must(&p, store_erase_blob(p.of[1].store, c.id, named[1].sha, &p.diag));
    assert_int_equal(kept_or_asked(&p, blob, p.of[0].pin, &kept), 404);
    assert_false(kept);
    pair_end(&p);
}

static void a_bundle_in_gzip_form_holds_the_same(void **state) {
    (void)state;
    struct pair p;
    char path[REQUEST_PATH_MAX];
    pair_start(&p);
    pair_open(&p);
    for (unsigned i = 0; i < TILE_WIDTH; i++) pair_say(&p, 1, 10);
    pair_must(&p, pair_sync(&p, 0, NULL));
    struct channel c = pair_channel(&p, 1);
    snprintf(path, sizeof path, "/%.*s/tile/entries/000", TEXT_ARG(c.of[SIDE_OWN].hash));
    struct request q = {.method = TEXT("GET"), .path = text_of(path), .pin = p.of[0].pin};
    for (int again = 0; again < 2; again++) {
        struct response plain = {.body = {.max = RESPONSE_BODY_MAX}}, packed = plain;
        q.takes_gzip = false;
        if (!again || !server_answer_kept(&p.of[1].node, &q, &plain)) server_answer(&p.of[1].node, &q, p.now, &plain);
        q.takes_gzip = true;
        if (!again || !server_answer_kept(&p.of[1].node, &q, &packed)) server_answer(&p.of[1].node, &q, p.now, &packed);
        assert_int_equal(plain.status, 200);
        assert_false(plain.gzip);
        assert_true(packed.gzip);
        uint8_t *out = test_malloc(plain.body.size);
        z_stream z = {.next_in = packed.body.at,
                      .avail_in = (uInt)packed.body.size,
                      .next_out = out,
                      .avail_out = (uInt)plain.body.size};
        assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, plain.body.size);
        assert_memory_equal(out, plain.body.at, plain.body.size);
        inflateEnd(&z);
        test_free(out);
        response_free(&plain);
        response_free(&packed);
    }
    pair_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_records_open_and_fall_silent),
        cmocka_unit_test(only_one_needs_to_be_reachable),
        cmocka_unit_test(large_blobs_go_in_parts),
        cmocka_unit_test(many_entries_go_in_packages),
        cmocka_unit_test(a_bundle_that_is_cut_off_leaves_no_memory_behind),
        cmocka_unit_test(an_exchange_interrupted_anywhere_resumes),
        cmocka_unit_test(exchanges_that_cross_anywhere_come_to_rest),
        cmocka_unit_test(exchanges_that_cross_and_break_come_to_rest),
        cmocka_unit_test(a_blob_pushed_while_it_is_pulled_arrives),
        cmocka_unit_test(a_checkpoint_that_was_never_signed_is_no_crossing),
        cmocka_unit_test(a_stranger_sees_nothing),
        cmocka_unit_test(entries_without_their_blobs_stay_pending),
        cmocka_unit_test(quotas_hold),
        cmocka_unit_test(contradictions_without_end_are_not_kept),
        cmocka_unit_test(a_blob_begun_anew_counts_for_the_quota),
        cmocka_unit_test(a_blob_begun_with_another_length_can_be_put),
        cmocka_unit_test(beyond_the_window_nothing_is_served_but_what_erases),
        cmocka_unit_test(a_restored_store_signs_nothing),
        cmocka_unit_test(a_store_from_before_a_change_of_the_log_key_signs_nothing),
        cmocka_unit_test(a_declared_failover_recovers_and_goes_on),
        cmocka_unit_test(a_failover_recalls_what_was_shown),
        cmocka_unit_test(a_failover_does_not_go_on_where_nothing_is_shown),
        cmocka_unit_test(a_failover_opens_nothing_that_a_proof_froze),
        cmocka_unit_test(a_blob_that_a_failover_lacks_comes_once_it_can_be_had),
        cmocka_unit_test(another_history_freezes_the_channel),
        cmocka_unit_test(a_signed_fork_is_kept_as_proof),
        cmocka_unit_test(a_fork_at_a_larger_size_is_proved_by_what_came_with_it),
        cmocka_unit_test(an_answer_is_kept_until_anything_changes),
        cmocka_unit_test(a_bundle_in_gzip_form_holds_the_same),
        cmocka_unit_test(new_pins_count_from_the_moment_the_card_is_stored),
        cmocka_unit_test(what_does_not_follow_is_a_contradiction_without_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

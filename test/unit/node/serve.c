/* Two homes, one of which runs a node: opening a channel, talking both ways over TLS, the desk over the Unix socket. */
#include "unit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "node/link.h"
#include "node/run.h"
#include "note/note.h"
#include "party/card.h"

struct home {
    char folder[64];
    struct text party, root_vkey, url;
    struct signer *root;
    uint8_t secret[CHANNEL_SECRET_SIZE];
    struct channel_name name;
    struct text origin;
    struct bytes invited, card;
    struct node_link *link;
    unsigned port;
    pid_t node; /* 0: none runs */
};

static struct random seeded;
static struct arena arena;
static struct diag diag;
static struct home north, south;

static void must(enum error result) {
    if (result) fprintf(stderr, "%s: %s (%s)\n", error_name(result), diag.text, diag.where);
    assert_int_equal(result, OK);
}

static void open_link(struct home *h) {
    struct link_options o = {.folder = h->folder, .random = &seeded};
    must(link_open(&o, &h->link, &diag));
}

static struct bytes make_card(struct home *h, uint64_t serial, struct text log) {
    struct node_public node;
    char hex[SHA256_HEX];
    struct sha256 id = sha256_of(h->invited);
    struct card_log line = {h->origin, log};
    must(link_public(h->link, &arena, &node, &diag));
    assert_true(text_equal(node.party, h->party));
    struct card c = {.party = h->party,
                     .serial = serial,
                     .previous = serial ? sha256_hex(&id, hex) : TEXT(""),
                     .root = h->root_vkey,
                     .mirrors = {&node.mirror, 1},
                     .logs = &line,
                     .log_count = serial ? 1 : 0,
                     .tls = {&node.tls_spki, 1},
                     .urls = {&h->url, h->url.size ? 1 : 0}};
    struct buf text = {.max = CARD_MAX_BYTES}, note = {.max = CARD_MAX_BYTES};
    const struct signer *root = h->root;
    card_write(&c, &text);
    must(note_sign(buf_as_text(&text), &root, 1, &note, &diag));
    struct bytes made = arena_bytes(&arena, buf_as_bytes(&note));
    buf_free(&text);
    buf_free(&note);
    return made;
}

static void make_home(struct home *h, const char *party, const char *other, const char *url) {
    char name[64];
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    strcpy(h->folder, "parley-node-XXXXXX");
    assert_non_null(mkdtemp(h->folder));
    h->party = text_of(party);
    h->url = arena_text(&arena, text_of(url));
    snprintf(name, sizeof name, "%s/root", party);
    h->root = signer_new(text_of(name), KEY_ED25519, &seeded);
    vkey_write(signer_vkey(h->root), &vkey);
    h->root_vkey = arena_text(&arena, buf_as_text(&vkey));
    buf_free(&vkey);
    random_fill(&seeded, h->secret, sizeof h->secret);
    h->name = (struct channel_name){text_of(party), text_of(other), 1, false};
    h->origin = channel_origin(channel_name_write(&h->name, &arena), h->secret, &arena);
    must(node_create(h->folder, h->party, TEXT(""), &seeded, os_now(), &diag));
    assert_int_equal(node_create(h->folder, h->party, TEXT(""), &seeded, os_now(), NULL), ERR_CONFLICT);
    open_link(h);
    assert_false(link_is_remote(h->link));
    h->invited = make_card(h, 0, TEXT(""));
}

static void open_channel(struct home *h, const struct home *other, bool both) {
    struct text log, again;
    must(link_log_key(h->link, h->origin, &arena, &log, &diag));
    must(link_log_key(h->link, h->origin, &arena, &again, &diag));
    assert_true(text_equal(log, again));
    if (!h->card.size) h->card = make_card(h, 1, log);
    struct link_opening o = {.own = h->name, .own_card = h->card, .theirs_known = both};
    memcpy(o.own_secret, h->secret, sizeof o.own_secret);
    if (!both) o.proposal = bytes_of("a first proposal, signed", 24);
    if (both) {
        memcpy(o.their_secret, other->secret, sizeof o.their_secret);
        o.their_root = other->root_vkey;
        o.their_card = other->invited;
    }
    must(link_open_channel(h->link, &o, os_now(), &diag));
}

static struct link_channel only_channel(struct home *h) {
    struct link_channel *list;
    size_t count;
    must(link_channels(h->link, &arena, &list, &count, &diag));
    assert_int_equal(count, 1);
    return list[0];
}

static unsigned free_port(void) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&at, &size), 0);
    close(s);
    return ntohs(at.sin_port);
}

/* Gives the lock up to a node of its own, and links to that. */
static void start_node(struct home *h) {
    char address[64], path[OS_PATH_MAX];
    link_close(h->link);
    h->link = NULL;
    snprintf(address, sizeof address, "127.0.0.1:%u", h->port);
    os_path(path, h->folder, "socket");
    if (os_exists(path)) must(os_remove(path, &diag)); /* of a node that was killed: no sign of the next one */
    h->node = fork();
    if (!h->node) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no node behind */
        close_range(3, ~0u, 0);           /* nor does this one hold the lock that the parent has on another home */
        struct random r = random_system();
        struct diag d = {0};
        struct node_options o = {.folder = h->folder, .listen = address, .random = &r, .interval_s = 1};
        enum error result = node_run(&o, &d);
        if (result) fprintf(stderr, "serve: %s\n", d.text);
        _exit(error_exit_status(result));
    }
    for (int i = 0; i < 200 && !h->link; i++) { /* until it answers */
        struct link_options o = {.folder = h->folder, .random = &seeded};
        usleep(50000);
        if (os_exists(path)) must(link_open(&o, &h->link, &diag));
    }
    assert_true(h->link && link_is_remote(h->link));
}

static void stop_node(struct home *h) {
    int status;
    link_close(h->link);
    h->link = NULL;
    assert_int_equal(kill(h->node, SIGTERM), 0);
    assert_int_equal(waitpid(h->node, &status, 0), h->node);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    h->node = 0;
    open_link(h);
    assert_false(link_is_remote(h->link));
}

static int begin(void **state) {
    (void)state;
    char url[64];
    seeded = random_seeded(TEXT("serve"));
    south.port = free_port();
    snprintf(url, sizeof url, "https://127.0.0.1:%u", south.port);
    make_home(&north, "cert.north.example", "cert.south.example", "");
    make_home(&south, "cert.south.example", "cert.north.example", url);
    return 0;
}

static int end(void **state) {
    (void)state;
    struct home *all[] = {&north, &south};
    for (size_t i = 0; i < COUNT(all); i++) {
        char command[128];
        link_close(all[i]->link);
        signer_free(all[i]->root);
        snprintf(command, sizeof command, "rm -rf %s", all[i]->folder);
        assert_int_equal(system(command), 0);
    }
    arena_free(&arena);
    return 0;
}

static uint64_t say(struct home *h, size_t bytes) {
    uint8_t *content = ARENA_ARRAY(&arena, uint8_t, bytes);
    random_fill(&seeded, content, 32);
    struct bytes blobs[2] = {bytes_of(content, 32), bytes_of(content, bytes)};
    struct link_submission s = {.origin = h->origin, .blobs = blobs, .blob_count = 2};
    uint64_t index;
    must(link_submit(h->link, &s, os_now(), &index, &diag));
    return index;
}

static void a_one_sided_start_waits_for_the_other(void **state) {
    (void)state;
    struct link_sync_row *rows;
    size_t count;
    open_channel(&north, &south, false);
    struct link_channel c = only_channel(&north);
    assert_int_equal(c.state, CHANNEL_OFFERED);
    assert_int_equal(c.own_size, 2);
    assert_int_equal(c.their_origin.size, 0);
    must(link_sync(north.link, TEXT(""), os_now(), &arena, &rows, &count, &diag));
    assert_int_equal(count, 0);
    struct buf note = {.max = 65536};
    must(link_checkpoint(north.link, north.origin, 0, &note, &diag)); /* signed: nobody was shown anything */
    buf_free(&note);
    open_channel(&south, &north, true);
    open_channel(&north, &south, true);
    c = only_channel(&north);
    assert_int_equal(c.state, CHANNEL_OPEN);
    assert_int_equal(c.own_size, 2);
    assert_true(c.their_card.size > 0 && text_equal(c.their_root, south.root_vkey));
}

static void what_is_said_is_there_at_once(void **state) {
    (void)state;
    struct bytes *leaves;
    size_t count;
    struct buf blob = {.max = 10 << 20};
    uint64_t index = say(&north, 9 << 20);
    assert_int_equal(index, 2);
    must(link_leaves(north.link, north.origin, 1, &arena, &leaves, &count, &diag));
    assert_int_equal(count, 2);
    struct entry e;
    must(entry_read(leaves[1], &arena, &e, &diag));
    assert_int_equal(e.blob_count, 2);
    must(link_blob(north.link, north.origin, e.blobs[1].sha, 10 << 20, &blob, &diag));
    assert_int_equal(blob.size, 9 << 20);
    assert_true(sha256_equal(sha256_of(buf_as_bytes(&blob)), e.blobs[1].sha));
    buf_clear(&blob);
    assert_int_equal(link_blob(north.link, north.origin, e.blobs[1].sha, 1000, &blob, NULL), ERR_LIMIT);
    assert_int_equal(link_blob(north.link, north.origin, sha256_of(bytes_of("", 0)), 1000, &blob, NULL), ERR_MISSING);
    buf_free(&blob);
}

static void drafts_and_limits_are_kept(void **state) {
    (void)state;
    struct names names;
    struct buf out = {.max = 1000};
    struct channel_limits limits = {1 << 20, UINT64_MAX, 100};
    must(link_put_draft(north.link, TEXT("claim-1.age"), bytes_of("\0sealed", 7), &diag));
    must(link_drafts(north.link, &arena, &names, &diag));
    assert_true(names.count == 1 && text_is(names.at[0], "claim-1.age"));
    must(link_draft(north.link, TEXT("claim-1.age"), &out, &diag));
    assert_int_equal(out.size, 7);
    assert_int_equal(link_put_draft(north.link, TEXT("../x"), bytes_of("x", 1), NULL), ERR_INPUT);
    must(link_put_draft(north.link, TEXT("claim-1.age"), bytes_of("", 0), &diag));
    assert_int_equal(link_draft(north.link, TEXT("claim-1.age"), &out, NULL), ERR_MISSING);
    must(link_set_limits(north.link, north.origin, &limits, &diag));
    assert_int_equal(link_declare_failover(north.link, north.origin, NULL), ERR_NO);
    limits = CHANNEL_LIMITS_DEFAULT;
    must(link_set_limits(north.link, north.origin, &limits, &diag));
    buf_free(&out);
}

static void second_process_waits_and_gives_up(void **state) {
    (void)state;
    struct link_options o = {.folder = north.folder, .random = &seeded};
    struct node_link *second;
    assert_int_equal(link_open(&o, &second, NULL), ERR_BUSY);
}

static struct link_sync_row sync_north(void) {
    struct link_sync_row *rows;
    size_t count;
    must(link_sync(north.link, TEXT("cert.south.example"), os_now(), &arena, &rows, &count, &diag));
    assert_int_equal(count, 1);
    return rows[0];
}

static void a_node_that_is_not_there_is_told(void **state) {
    (void)state;
    struct link_sync_row row = sync_north();
    assert_int_equal(row.error, ERR_NETWORK);
    assert_true(row.words.size > 0);
    struct link_channel c = only_channel(&north);
    assert_true(c.trouble.size > 0 && c.contacted_at == INSTANT_NONE && c.tried_at != INSTANT_NONE);
}

/* The node that runs writes a folder, the other takes it; and it checks itself meanwhile. */
static void folders_and_checks_go_through_a_running_node(void) {
    struct folder_report written;
    struct link_sync_row row;
    struct link_fsck checked;
    char folder[96], command[128];
    snprintf(folder, sizeof folder, "%s-record", south.folder);
    say(&south, 70000);
    must(link_export(south.link, south.origin, folder, &written, &diag));
    assert_true(written.size == only_channel(&south).own_size && !written.waiting && !written.blobs_absent);
    must(link_import(north.link, folder, os_now(), &arena, &row, &diag));
    assert_true(text_equal(row.party, south.party) && row.their_size == written.size);
    must(link_export(north.link, south.origin, folder, &written, &diag)); /* the mirror of it, over the same folder */
    must(link_import(south.link, folder, os_now(), &arena, &row, &diag));
    assert_true(row.receipted_size >= written.size);
    assert_int_equal(link_import(south.link, "nowhere", os_now(), &arena, &row, NULL), ERR_MISSING);
    must(link_fsck(south.link, &arena, &checked, &diag));
    assert_true(checked.checked.records == 2 && checked.checked.blobs > 3 && !checked.checked.faults && !checked.count);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void both_talk_through_a_running_node(void **state) {
    (void)state;
    start_node(&south);
    say(&south, 5 << 20);
    struct link_sync_row row = sync_north();
    if (row.error) fprintf(stderr, "%.*s\n", TEXT_ARG(row.words));
    assert_int_equal(row.error, OK);
    assert_int_equal(row.receipted_size, row.own_size);
    assert_true(row.receipted_at != INSTANT_NONE && row.got_entries >= 2 && row.sent_blobs >= 3);
    struct link_channel a = only_channel(&north), b = only_channel(&south);
    assert_int_equal(a.own_size, b.their_size);
    assert_int_equal(a.their_size, b.own_size);
    assert_int_equal(b.receipted_size, b.own_size);
    assert_int_equal(b.cosigned_size, b.their_size);
    assert_true(a.contacted_at != INSTANT_NONE && !a.trouble.size);
    struct buf note = {.max = 65536};
    must(link_checkpoint(south.link, south.origin, 1, &note, &diag));
    must(link_checkpoint(north.link, south.origin, 0, &note, &diag));
    buf_free(&note);
    folders_and_checks_go_through_a_running_node();
    stop_node(&south);
}

static void a_killed_node_keeps_what_it_receipted(void **state) {
    (void)state;
    for (unsigned round = 0; round < 12; round++) {
        start_node(&south);
        for (int i = 0; i < 5; i++) say(&north, 70000);
        pid_t killer = fork();
        if (!killer) {
            usleep(3000 + round * 7000);
            kill(south.node, SIGKILL);
            _exit(0);
        }
        struct link_sync_row row = sync_north(); /* breaks off somewhere, or just came through */
        waitpid(killer, NULL, 0);
        waitpid(south.node, NULL, 0);
        link_close(south.link);
        open_link(&south);
        assert_true(only_channel(&south).cosigned_size >= row.receipted_size);
    }
    start_node(&south);
    struct link_sync_row row = sync_north();
    assert_int_equal(row.error, OK);
    assert_int_equal(row.receipted_size, row.own_size);
    stop_node(&south);
}

static void publish_address(struct home *h) {
    struct text log;
    char url[64];
    uint64_t index;
    h->port = free_port();
    snprintf(url, sizeof url, "https://127.0.0.1:%u", h->port);
    h->url = arena_text(&arena, text_of(url));
    must(link_log_key(h->link, h->origin, &arena, &log, &diag));
    h->invited = h->card; /* the one before */
    struct bytes card = make_card(h, 2, log);
    struct link_submission s = {.origin = h->origin, .blobs = &card, .blob_count = 1};
    must(link_submit(h->link, &s, os_now(), &index, &diag));
}

static bool in_step(struct link_channel *a, struct link_channel *b) {
    *a = only_channel(&north);
    *b = only_channel(&south);
    return a->own_size == b->their_size && b->own_size == a->their_size && a->receipted_size == a->own_size &&
           b->receipted_size == b->own_size;
}

/* Both listen, both call, both say things at once; then they fall silent. */
static void two_running_nodes_come_to_rest(void **state) {
    (void)state;
    struct link_channel a, b, later_a, later_b;
    publish_address(&north);
    start_node(&south);
    assert_int_equal(sync_north().error, OK); /* South learns where to call */
    start_node(&north);
    for (int i = 0; i < 10; i++) {
        say(&north, 1000);
        say(&south, 100000);
    }
    bool rested = false;
    for (int i = 0; i < 100 && !rested; i++) {
        usleep(200000);
        rested = in_step(&a, &b);
    }
    assert_true(rested);
    sleep(3); /* some rounds of both */
    assert_true(in_step(&later_a, &later_b));
    assert_true(later_a.own_size <= a.own_size + 1 && later_b.own_size <= b.own_size + 1);
    assert_int_equal(later_a.state, CHANNEL_OPEN);
    assert_int_equal(later_b.state, CHANNEL_OPEN);
    stop_node(&north);
    stop_node(&south);
}

struct exchanging {
    const char *folder;
    atomic_bool *ends;
    unsigned rounds;
    enum error error;
    struct diag diag;
};

static void *exchange_on(void *state) {
    struct exchanging *x = state;
    struct random random = random_system();
    struct link_options o = {.folder = x->folder, .random = &random};
    struct node_link *link = NULL;
    struct arena a = {0};
    x->error = link_open(&o, &link, &x->diag);
    for (; !x->error && !atomic_load(x->ends); x->rounds++) {
        struct link_sync_row *rows;
        size_t count = 0;
        x->error = link_sync(link, TEXT(""), os_now(), &a, &rows, &count, &x->diag);
        for (size_t i = 0; i < count && !x->error; i++)
            if (rows[i].error) x->error = fail(&x->diag, rows[i].error, "%.*s", TEXT_ARG(rows[i].words));
    }
    link_close(link);
    arena_free(&a);
    return NULL;
}

/* Both exchange all the time, while both say things: no exchange fails because the other one was faster. */
static void two_nodes_that_sync_at_once_do_not_fail(void **state) {
    (void)state;
    struct link_channel a, b;
    atomic_bool ends = false;
    start_node(&south);
    start_node(&north);
    struct exchanging all[2] = {{.folder = north.folder, .ends = &ends}, {.folder = south.folder, .ends = &ends}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, exchange_on, &all[i]), 0);
    for (int i = 0; i < 60; i++) {
        say(&north, 200);
        say(&south, 5000);
    }
    atomic_store(&ends, true);
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < 2; i++) {
        if (all[i].error) fprintf(stderr, "%s, round %u: %s\n", i ? "south" : "north", all[i].rounds, all[i].diag.text);
        assert_int_equal(all[i].error, OK);
        assert_true(all[i].rounds > 0);
    }
    for (int i = 0; i < 50 && !in_step(&a, &b); i++) usleep(100000); /* the nodes exchange by themselves, too */
    assert_true(in_step(&a, &b));
    assert_true(a.state == CHANNEL_OPEN && b.state == CHANNEL_OPEN);
    stop_node(&north);
    stop_node(&south);
}

static void a_successor_takes_the_place(void **state) {
    (void)state;
    struct link_channel *list;
    size_t count;
    struct link_channel before = only_channel(&north);
    struct home next = north;
    next.name.number = 2;
    next.card = (struct bytes){0};
    next.origin = channel_origin(channel_name_write(&next.name, &arena), next.secret, &arena);
    struct entry_follows follows[2] = {{before.own_name, {before.own_size, sha256_of(bytes_of("a", 1))}},
                                       {before.their_name, {before.their_size, sha256_of(bytes_of("b", 1))}}};
    struct text log;
    must(link_log_key(north.link, next.origin, &arena, &log, &diag));
    next.card = make_card(&next, 3, log);
    struct link_opening o = {
        .own = next.name, .own_card = next.card, .theirs_known = true, .follows = follows, .follows_count = 2};
    memcpy(o.own_secret, next.secret, sizeof o.own_secret);
    memcpy(o.their_secret, south.secret, sizeof o.their_secret);
    o.their_root = south.root_vkey;
    o.their_card = south.invited;
    must(link_open_channel(north.link, &o, os_now(), &diag));
    must(link_channels(north.link, &arena, &list, &count, &diag));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].state, CHANNEL_FOLLOWED);
    assert_int_equal(list[1].state, CHANNEL_OPEN);
    struct bytes *leaves, blob = bytes_of("x", 1);
    must(link_leaves(north.link, next.origin, 0, &arena, &leaves, &count, &diag));
    struct entry e;
    must(entry_read(leaves[0], &arena, &e, &diag));
    assert_int_equal(e.follows_count, 2);
    assert_true(text_equal(e.follows[0].channel, before.own_name) && e.follows[0].at.size == before.own_size);
    uint64_t index;
    struct link_submission s = {.origin = north.origin, .blobs = &blob, .blob_count = 1};
    assert_int_equal(link_submit(north.link, &s, os_now(), &index, NULL), ERR_FROZEN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_one_sided_start_waits_for_the_other),
        cmocka_unit_test(what_is_said_is_there_at_once),
        cmocka_unit_test(drafts_and_limits_are_kept),
        cmocka_unit_test(second_process_waits_and_gives_up),
        cmocka_unit_test(a_node_that_is_not_there_is_told),
        cmocka_unit_test(both_talk_through_a_running_node),
        cmocka_unit_test(a_killed_node_keeps_what_it_receipted),
        cmocka_unit_test(two_running_nodes_come_to_rest),
        cmocka_unit_test(two_nodes_that_sync_at_once_do_not_fail),
        cmocka_unit_test(a_successor_takes_the_place),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

/* Two homes, one of which runs a node: opening a channel, talking both ways over TLS, the desk over the Unix socket. */
#include "unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
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
};

static struct random seeded;
static struct arena arena;
static struct diag diag;
static struct home north, south;
static pid_t serving;
static unsigned port;

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

static void serve_south(void) {
    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    serving = fork();
    if (serving) return;
    struct random r = random_system();
    struct diag d = {0};
    struct node_options o = {.folder = south.folder, .listen = address, .random = &r, .interval_s = 1};
    enum error result = node_run(&o, &d);
    if (result) fprintf(stderr, "serve: %s\n", d.text);
    _exit(error_exit_status(result));
}

static int begin(void **state) {
    (void)state;
    char url[64];
    seeded = random_seeded(TEXT("serve"));
    port = free_port();
    snprintf(url, sizeof url, "https://127.0.0.1:%u", port);
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

static void both_talk_through_a_running_node(void **state) {
    (void)state;
    link_close(south.link);
    south.link = NULL;
    serve_south();
    for (int i = 0; i < 100; i++) { /* until it listens */
        char path[OS_PATH_MAX];
        if (os_exists(os_path(path, south.folder, "socket"))) break;
        usleep(100000);
    }
    open_link(&south);
    assert_true(link_is_remote(south.link));
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
    kill(serving, SIGTERM);
    int status;
    assert_int_equal(waitpid(serving, &status, 0), serving);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    link_close(south.link);
    open_link(&south);
    assert_false(link_is_remote(south.link));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_one_sided_start_waits_for_the_other),
        cmocka_unit_test(what_is_said_is_there_at_once),
        cmocka_unit_test(drafts_and_limits_are_kept),
        cmocka_unit_test(second_process_waits_and_gives_up),
        cmocka_unit_test(a_node_that_is_not_there_is_told),
        cmocka_unit_test(both_talk_through_a_running_node),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

/* Connections to the TAXII server: how many of one address and of strangers, and how long each may take. */
#include "unit.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "web/taxii_guests.h"

enum { MANY = 300 };

struct caller {
    int ends[2];
    struct guest *guest;
};

static struct caller come(struct guests *g, uint8_t host) {
    struct caller c;
    struct sockaddr_in from = {.sin_family = AF_INET};
    const uint8_t address[] = {192, 0, 2, host};
    memcpy(&from.sin_addr, address, sizeof address);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, c.ends), 0);
    c.guest = guests_take(g, c.ends[0], (const struct sockaddr *)&from);
    assert_non_null(c.guest);
    return c;
}

static struct caller come_known(struct guests *g, uint8_t host) {
    struct caller c = come(g, host);
    guest_know(g, c.guest, true);
    guest_enter(g, c.guest, GUEST_IDLE, 0);
    return c;
}

static void go(struct guests *g, struct caller *c) {
    guests_drop(g, c->guest);
    close(c->ends[0]);
    close(c->ends[1]);
}

/* As the other side sees it. */
static bool is_open(const struct caller *c) {
    struct pollfd at = {.fd = c->ends[1], .events = POLLIN};
    return poll(&at, 1, 0) == 0;
}

static size_t open_of(const struct caller *c, size_t count) {
    size_t open = 0;
    for (size_t i = 0; i < count; i++) open += is_open(&c[i]);
    return open;
}

static void strangers_cost_strangers_their_place(void **state) {
    struct guests g;
    static struct caller one[MANY], all[MANY];
    (void)state;
    guests_init(&g, 0);
    struct caller known = come_known(&g, 7);
    for (size_t i = 0; i < MANY; i++) one[i] = come(&g, 7);
    assert_int_equal(open_of(one, MANY), GUEST_STRANGERS_OF_ADDRESS_MAX);
    assert_true(is_open(&one[MANY - 1])); /* who came last is let in */
    assert_true(is_open(&known));
    for (size_t i = 0; i < MANY; i++) all[i] = come(&g, (uint8_t)i);
    assert_int_equal(open_of(one, MANY) + open_of(all, MANY), GUEST_STRANGERS_MAX);
    assert_true(is_open(&all[MANY - 1]));
    assert_true(is_open(&known));
    for (size_t i = 0; i < MANY; i++) {
        go(&g, &one[i]);
        go(&g, &all[i]);
    }
    go(&g, &known);
    guests_free(&g);
}

static void who_is_known_is_bounded_too_and_the_idlest_goes(void **state) {
    struct guests g;
    static struct caller one[MANY];
    (void)state;
    guests_init(&g, 0);
    for (size_t i = 0; i < MANY; i++) {
        one[i] = come_known(&g, 7);
        if (!i) guest_enter(&g, one[i].guest, GUEST_WORK, 0);
    }
    assert_int_equal(open_of(one, MANY), GUESTS_OF_ADDRESS_MAX);
    assert_true(is_open(&one[0])); /* it is at work */
    assert_false(is_open(&one[1]));
    for (size_t i = 0; i < MANY; i++) go(&g, &one[i]);
    for (size_t i = 0; i < MANY; i++) {
        one[i] = come_known(&g, (uint8_t)i);
        guest_enter(&g, one[i].guest, GUEST_WORK, 0);
    }
    assert_int_equal(open_of(one, MANY), GUESTS_MAX);
    assert_false(is_open(&one[MANY - 1])); /* all others are at work: nobody else can go */
    for (size_t i = 0; i < MANY; i++) go(&g, &one[i]);
    guests_free(&g);
}

static void each_phase_has_its_patience(void **state) {
    struct guests g;
    static const struct {
        enum guest_phase phase;
        uint64_t bytes;
        bool ends;
    } rows[] = {{GUEST_COMES, 0, true},         {GUEST_IDLE, 0, true},  {GUEST_BODY, 0, true},
                {GUEST_BODY, 16 << 20, false},  {GUEST_WORK, 0, false}, {GUEST_ANSWER, 0, true},
                {GUEST_ANSWER, 16 << 20, false}};
    struct caller callers[COUNT(rows)];
    const struct timespec rest = {0, 50000000};
    (void)state;
    guests_init(&g, 0);
    g.settings.handshake_s = g.settings.idle_s = g.settings.grace_s = 2;
    g.patience_percent = 1; /* 20 ms */
    for (size_t i = 0; i < COUNT(rows); i++) {
        callers[i] = come(&g, (uint8_t)i);
        guest_enter(&g, callers[i].guest, rows[i].phase, rows[i].phase == GUEST_ANSWER ? rows[i].bytes : 0);
        if (rows[i].phase == GUEST_BODY) guest_sends(&g, callers[i].guest, rows[i].bytes);
    }
    nanosleep(&rest, NULL);
    guests_watch(&g);
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("row %zu\n", i);
        assert_int_equal(is_open(&callers[i]), !rows[i].ends);
        go(&g, &callers[i]);
    }
    guests_free(&g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_cost_strangers_their_place),
        cmocka_unit_test(who_is_known_is_bounded_too_and_the_idlest_goes),
        cmocka_unit_test(each_phase_has_its_patience),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

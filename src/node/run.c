#include "node/run.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/os.h"
#include "node/desks.h"
#include "node/engine.h"
#include "node/listener.h"
#include "sync/cards.h"
#include "sync/server.h"

struct running {
    const struct node_options *options;
    struct engine *engine;
    struct listener *peers, *desk, *desks; /* the last for desks on other machines */
    int wake, signals;                     /* eventfd of submissions; signalfd */
    atomic_bool ended;
    pthread_t waiter;
    bool waiting;
};

/* ---- what listeners ask */

static bool pin_known(void *state, struct text pin) {
    const struct running *r = state;
    bool known;
    return cards_pin_known(r->engine->store, pin, &known, NULL) == OK && known;
}

static void answer_peer(void *state, const struct request *q, struct response *response) {
    const struct running *r = state;
    server_answer(&r->engine->sync, q, os_now(), response);
}

static void answer_desk(void *state, const struct request *q, struct response *response) {
    const struct running *r = state;
    engine_answer_desk(r->engine, q, os_now(), response);
}

static bool desk_known(void *state, struct text pin) {
    const struct running *r = state;
    return desks_part(r->engine, pin) != PART_NONE;
}

static void answer_remote_desk(void *state, const struct request *q, struct response *response) {
    const struct running *r = state;
    engine_answer_remote_desk(r->engine, q, os_now(), response);
}

static void wake(void *state) {
    const struct running *r = state;
    uint64_t one = 1;
    ssize_t written = write(r->wake, &one, sizeof one);
    (void)written; /* a full counter is awake already */
}

/* ---- the loop */

static void tell(const struct running *r, enum node_event event, const char *words) {
    if (r->options->told) r->options->told(r->options->state, event, words);
}

static void exchange(struct running *r) {
    struct arena a = {0};
    struct link_sync_row *rows;
    size_t count = 0;
    struct diag d = {0};
    char words[1024];
    enum error result = engine_sync(r->engine, TEXT(""), os_now(), &a, &rows, &count, &d);
    if (result) tell(r, NODE_FAILED, d.text);
    for (size_t i = 0; i < count && !result; i++) {
        const struct link_sync_row *row = &rows[i];
        bool moved = row->sent_entries || row->got_entries;
        if (!row->error && !moved) continue;
        if (row->error)
            snprintf(words, sizeof words, "%.*s: %.*s", TEXT_ARG(row->party), TEXT_ARG(row->words));
        else
            snprintf(words, sizeof words, _("%.*s: entries sent: %llu, got: %llu; receipted to %llu of %llu"),
                     TEXT_ARG(row->party), (unsigned long long)row->sent_entries, (unsigned long long)row->got_entries,
                     (unsigned long long)row->receipted_size, (unsigned long long)row->own_size);
        tell(r, row->error ? NODE_FAILED : NODE_SYNCED, words);
    }
    arena_free(&a);
}

/* A signal must end an exchange that waits for a slow counterparty, so a thread of its own waits for signals. */
static void *wait_for_signal(void *state) {
    struct running *r = state;
    struct signalfd_siginfo info;
    struct pollfd at = {.fd = r->signals, .events = POLLIN};
    while (!atomic_load(&r->ended)) {
        if (poll(&at, 1, 200) <= 0) continue;
        if (read(r->signals, &info, sizeof info) != sizeof info) continue;
        atomic_store(&r->engine->stop, true);
        wake(r);
        break;
    }
    return NULL;
}

static void loop(struct running *r) {
    unsigned interval = r->options->interval_s ? r->options->interval_s : NODE_INTERVAL_SECONDS;
    struct pollfd at = {.fd = r->wake, .events = POLLIN};
    while (!atomic_load(&r->engine->stop)) {
        uint64_t ignored;
        exchange(r);
        if (poll(&at, 1, (int)interval * 1000) > 0 && read(r->wake, &ignored, sizeof ignored) < 0 && errno != EINTR)
            break;
    }
}

/* ---- starting and stopping */

static enum error take_signals(struct running *r, struct diag *d) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL)) return fail(d, ERR_INTERNAL, _("could not take signals"));
    signal(SIGPIPE, SIG_IGN);
    r->signals = signalfd(-1, &set, SFD_CLOEXEC);
    r->wake = eventfd(0, EFD_CLOEXEC);
    return r->signals >= 0 && r->wake >= 0 ? OK : fail_errno(d, "signalfd", _("opening"));
}

/* Port 0 lets the system choose, so that the port chosen has to be said. */
static bool any_port(const char *address) {
    size_t size = strlen(address);
    return size >= 2 && !strcmp(address + size - 2, ":0");
}

static void tell_listening(const struct running *r, const struct listener *l, const char *address, bool desks) {
    char words[256];
    size_t size =
        (size_t)(desks ? snprintf(words, sizeof words, _("listens on %s for desks on other machines"), address)
                       : snprintf(words, sizeof words, _("listens on %s"), address));
    if (any_port(address) && size < sizeof words)
        snprintf(words + size, sizeof words - size, _(" (port %u)"), listener_port(l));
    tell(r, NODE_LISTENS, words);
}

static enum error listen_tls(struct running *r, const char *address, const struct listener_options *how,
                             struct listener **out, struct diag *d) {
    struct bytes key;
    struct listener_options o = *how;
    enum error result = node_keys_tls(r->engine->keys, &key, d);
    if (result || !address) return result;
    o.address = address;
    o.key = key;
    o.certificate = buf_as_bytes(&r->engine->certificate);
    o.state = r;
    result = listener_open(&o, out, d);
    if (!result) tell_listening(r, *out, address, out == &r->desks);
    return result;
}

static enum error listen_all(struct running *r, struct diag *d) {
    char path[OS_PATH_MAX];
    const struct node_options *o = r->options;
    const struct listener_options peers = {.pin_known = pin_known, .answer = answer_peer},
                                  desks = {.pin_known = desk_known, .answer = answer_remote_desk},
                                  desk = {
                                      .socket = os_path(path, o->folder, "socket"), .answer = answer_desk, .state = r};
    enum error result = listener_open(&desk, &r->desk, d);
    if (!result) result = listen_tls(r, o->listen, &peers, &r->peers, d);
    if (!result) result = listen_tls(r, o->desk_listen, &desks, &r->desks, d);
    if (!result && !o->listen)
        tell(r, NODE_LISTENS, _("listens for the desk alone: it calls counterparties, and none can call it"));
    return result;
}

static enum error start(struct running *r, struct diag *d) {
    const struct node_options *o = r->options;
    enum error result = take_signals(r, d);
    if (!result) result = engine_open(o->folder, o->passphrase, o->random, &r->engine, d);
    if (!result) result = store_drop_all_unnamed(r->engine->store, d); /* the lock is held, so nobody speaks */
    if (!result) result = node_keys_warm(r->engine->keys, d);
    if (!result) {
        r->engine->woken = wake;
        r->engine->woken_state = r;
        r->waiting = pthread_create(&r->waiter, NULL, wait_for_signal, r) == 0;
        result = r->waiting ? listen_all(r, d) : fail(d, ERR_MEMORY, _("could not start a thread"));
    }
    return result;
}

static void stop(struct running *r) {
    atomic_store(&r->ended, true);
    listener_close(r->desk);
    listener_close(r->desks);
    listener_close(r->peers);
    if (r->waiting) pthread_join(r->waiter, NULL);
    engine_close(r->engine);
    if (r->signals >= 0) close(r->signals);
    if (r->wake >= 0) close(r->wake);
}

enum error node_run(const struct node_options *o, struct diag *d) {
    struct running r = {.options = o, .wake = -1, .signals = -1};
    enum error result = start(&r, d);
    if (!result) loop(&r);
    tell(&r, NODE_STOPS, result ? _("could not start") : _("stops"));
    stop(&r);
    return result;
}

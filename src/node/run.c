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
#include "node/exchanges.h"
#include "node/listener.h"
#include "node/monitor.h"
#include "node/service.h"
#include "node/tls.h"
#include "sync/pins.h"
#include "sync/server.h"

struct running {
    const struct node_options *options;
    struct engine *engine;
    struct exchanges *exchanges;
    struct listener *peers, *desk, *desks; /* the last for desks on other machines */
    struct monitor *monitor;
    instant started;
    int wake, signals; /* eventfd of submissions; signalfd */
    atomic_bool ended;
    pthread_t waiter;
    bool waiting;
    pthread_mutex_t lock; /* over what follows */
    struct node_settings settings;
};

/* ---- what listeners ask */

static bool pin_known(void *state, struct text pin) {
    const struct running *r = state;
    bool known;
    return pins_known(r->engine->sync.pins, pin, &known, NULL) == OK && known;
}

static bool answer_kept(void *state, const struct request *q, struct response *response) {
    const struct running *r = state;
    return server_answer_kept(&r->engine->sync, q, response);
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

static void tell_of(const struct running *r, enum node_event event, const char *words, struct text party) {
    if (r->options->told) r->options->told(r->options->state, &(struct node_told){event, words, party});
}

static void tell(const struct running *r, enum node_event event, const char *words) {
    tell_of(r, event, words, TEXT(""));
}

static struct node_settings settings_now(struct running *r) {
    pthread_mutex_lock(&r->lock);
    struct node_settings s = r->settings;
    pthread_mutex_unlock(&r->lock);
    return s;
}

static void exchanged(void *state, const struct link_sync_row *row) {
    const struct running *r = state;
    char words[1024];
    bool moved = row->sent_entries || row->got_entries;
    if (!row->error && !moved) return;
    if (atomic_load(&r->engine->stop) && row->error) return; /* it was we who ended it */
    if (row->error)
        snprintf(words, sizeof words, "%.*s: %.*s", TEXT_ARG(row->party), TEXT_ARG(row->words));
    else
        snprintf(words, sizeof words, _("%.*s: entries sent: %llu, got: %llu; receipted to %llu of %llu"),
                 TEXT_ARG(row->party), (unsigned long long)row->sent_entries, (unsigned long long)row->got_entries,
                 (unsigned long long)row->receipted_size, (unsigned long long)row->own_size);
    size_t size = strlen(words);
    if (!row->error && row->words.size) snprintf(words + size, sizeof words - size, "; %.*s", TEXT_ARG(row->words));
    tell_of(r, row->error ? NODE_FAILED : NODE_SYNCED, words, row->party);
}

static void loop(struct running *r) {
    struct pollfd at = {.fd = r->wake, .events = POLLIN};
    while (!atomic_load(&r->engine->stop)) {
        uint64_t ignored;
        struct diag d = {0};
        unsigned interval = r->options->interval_s ? r->options->interval_s : (unsigned)settings_now(r).interval_s;
        if (exchanges_round(r->exchanges, &d)) tell(r, NODE_FAILED, d.text);
        if (poll(&at, 1, (int)interval * 1000) > 0 && read(r->wake, &ignored, sizeof ignored) < 0 && errno != EINTR)
            break;
    }
}

/* ---- settings and keys that change while it runs */

static void apply(struct running *r) {
    const struct node_settings s = settings_now(r);
    struct listener *all[] = {r->peers, r->desk, r->desks};
    store_set_caps(r->engine->store, s.quota_blob, s.quota_total);
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i]) listener_set(all[i], &s);
}

static enum error show_tls(struct running *r, struct diag *d) {
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    struct listener *all[] = {r->peers, r->desks};
    enum error result = engine_tls(r->engine, &key, &certificate, d);
    for (size_t i = 0; i < COUNT(all) && !result; i++)
        if (all[i])
            result = listener_set_tls(all[i], bytes_of(key.at, key.size - 1),
                                      bytes_of(certificate.at, certificate.size - 1), d);
    buf_wipe(&key);
    buf_free(&certificate);
    return result;
}

static void rekeyed(void *state) {
    struct running *r = state;
    struct diag d = {0};
    if (show_tls(r, &d))
        tell(r, NODE_FAILED, d.text);
    else
        tell(r, NODE_RELOADED, _("has a new TLS key"));
}

static void reload(struct running *r) {
    struct diag d = {0};
    struct node_settings s;
    char words[sizeof d.text + 128];
    service_tell_reloading();
    enum error result = r->options->reload ? r->options->reload(r->options->state, &s, &d) : ERR_NO;
    if (!result) {
        pthread_mutex_lock(&r->lock);
        r->settings = s;
        pthread_mutex_unlock(&r->lock);
        apply(r);
        wake(r); /* the interval may be another one */
    }
    if (result == ERR_NO) result = OK;
    if (!result) result = engine_read_tls(r->engine, &d);
    if (!result) result = show_tls(r, &d);
    snprintf(words, sizeof words, _("goes on as before, for what was to be read again is wrong: %s"), d.text);
    if (result)
        tell(r, NODE_FAILED, words);
    else
        tell(r, NODE_RELOADED, _("has read its settings and its TLS key again"));
    service_tell("READY=1\n");
}

/* ---- the thread that waits for signals, since a signal must end an exchange that waits for a slow counterparty */

static bool is_well(struct running *r) {
    struct buf party = {.max = VKEY_TEXT_MAX};
    struct listener *all[] = {r->peers, r->desk, r->desks};
    bool well = store_meta(r->engine->store, "party", &party, NULL) == OK;
    for (size_t i = 0; i < COUNT(all); i++) well = well && (!all[i] || listener_alive(all[i]));
    buf_free(&party);
    return well;
}

/* The manager hears of it only where the store answers and each listener's watchdog is awake. */
static void feed_watchdog(struct running *r, instant *last) {
    uint64_t every_ms = service_watchdog_ms() / 3;
    instant now = os_now_precise();
    if (!every_ms || now - *last < (instant)every_ms * (INSTANT_SECOND / 1000) || !is_well(r)) return;
    *last = now;
    service_tell("WATCHDOG=1\n");
}

static void *wait_for_signal(void *state) {
    struct running *r = state;
    struct signalfd_siginfo info;
    struct pollfd at = {.fd = r->signals, .events = POLLIN};
    instant fed = 0;
    while (!atomic_load(&r->ended)) {
        feed_watchdog(r, &fed);
        if (poll(&at, 1, 200) <= 0) continue;
        if (read(r->signals, &info, sizeof info) != sizeof info) continue;
        if (info.ssi_signo == SIGHUP) {
            reload(r);
            continue;
        }
        service_tell("STOPPING=1\n");
        atomic_store(&r->engine->stop, true);
        wake(r);
        break;
    }
    return NULL;
}

/* ---- starting and stopping */

static enum error take_signals(struct running *r, struct diag *d) {
    sigset_t set;
    enum error result = service_hold_signals(&set, d);
    if (result) return result;
    sigaddset(&set, SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL)) return fail(d, ERR_INTERNAL, _("could not take signals"));
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
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    struct listener_options o = *how;
    if (!address) return OK;
    enum error result = engine_tls(r->engine, &key, &certificate, d);
    if (!result) {
        o.address = address;
        o.key = bytes_of(key.at, key.size - 1);
        o.certificate = bytes_of(certificate.at, certificate.size - 1);
        o.settings = &r->settings;
        o.state = r;
        result = listener_open(&o, out, d);
    }
    buf_wipe(&key);
    buf_free(&certificate);
    if (!result) tell_listening(r, *out, address, out == &r->desks);
    return result;
}

static struct monitored monitored(void *state) {
    struct running *r = state;
    return (struct monitored){.engine = r->engine,
                              .exchanges = r->exchanges,
                              .listeners = {r->peers, r->desk, r->desks},
                              .started = r->started,
                              .names = r->options->metrics_names,
                              .receipt_age_s = settings_now(r).receipt_age_s};
}

static enum error open_monitor(struct running *r, struct diag *d) {
    char words[256];
    const char *address = r->options->metrics;
    enum error result = address ? monitor_open(address, monitored, r, &r->monitor, d) : OK;
    if (result || !address) return result;
    snprintf(words, sizeof words, _("tells its numbers on port %u of this machine"), monitor_port(r->monitor));
    tell(r, NODE_LISTENS, words);
    return OK;
}

static enum error listen_all(struct running *r, struct diag *d) {
    char path[OS_PATH_MAX];
    const struct node_options *o = r->options;
    const struct listener_options peers = {.pin_known = pin_known, .answer_kept = answer_kept, .answer = answer_peer},
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
        store_set_caps(r->engine->store, r->settings.quota_blob, r->settings.quota_total);
        result = listen_all(r, d);
    }
    if (!result) r->engine->rekeyed = rekeyed;
    const struct exchanges_options x = {
        .engine = r->engine, .threads = (unsigned)r->settings.exchanges, .done = exchanged, .state = r};
    if (!result) result = exchanges_start(&x, &r->exchanges, d);
    if (!result) result = open_monitor(r, d);
    if (!result) {
        r->waiting = pthread_create(&r->waiter, NULL, wait_for_signal, r) == 0;
        if (!r->waiting) result = fail(d, ERR_MEMORY, _("could not start a thread"));
    }
    return result;
}

static void stop(struct running *r) {
    atomic_store(&r->ended, true);
    if (r->waiting) pthread_join(r->waiter, NULL);
    monitor_close(r->monitor);
    listener_close(r->desk);
    listener_close(r->desks);
    listener_close(r->peers);
    exchanges_stop(r->exchanges);
    engine_close(r->engine);
    pthread_mutex_destroy(&r->lock);
    if (r->signals >= 0) close(r->signals);
    if (r->wake >= 0) close(r->wake);
}

enum error node_run(const struct node_options *o, struct diag *d) {
    struct running r = {.options = o, .wake = -1, .signals = -1, .settings = o->settings, .started = os_now()};
    pthread_mutex_init(&r.lock, NULL);
    if (!r.settings.connections) r.settings = node_settings_default();
    enum error result = start(&r, d);
    if (!result) service_tell("READY=1\n");
    if (!result) loop(&r);
    tell(&r, NODE_STOPS, result ? _("could not start") : _("stops"));
    stop(&r);
    return result;
}

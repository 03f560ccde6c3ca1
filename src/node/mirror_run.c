#include "node/mirror_run.h"

#include "base/os.h"
#include "node/engine.h"
#include "node/listener.h"
#include "node/service.h"
#include "node/tls.h"
#include "sync/server.h"
#include "sync/stead.h"

/* Records are added by another process while this one runs, so nothing of who is known is kept in memory. */
struct mirror {
    struct engine *engine;
    struct sync_node node;
    struct listener *listener;
};

static bool pin_known(void *state, struct text pin) {
    const struct mirror *m = state;
    return stead_knows(m->engine->store, pin);
}

static void answer(void *state, const struct request *q, struct response *r) {
    const struct mirror *m = state;
    server_answer(&m->node, q, os_now(), r);
}

static enum error listen_at(struct mirror *m, const struct mirror_run_options *o, struct diag *d) {
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    enum error result = engine_tls(m->engine, &key, &certificate, d);
    const struct listener_options how = {.address = o->address,
                                         .key = bytes_of(key.at, key.size - 1),
                                         .certificate = bytes_of(certificate.at, certificate.size - 1),
                                         .pin_known = pin_known,
                                         .answer = answer,
                                         .state = m};
    if (!result) result = listener_open(&how, &m->listener, d);
    buf_wipe(&key);
    buf_free(&certificate);
    return result;
}

static enum error start(struct mirror *m, const struct mirror_run_options *o, struct diag *d) {
    enum error result = engine_open(o->folder, o->passphrase, o->random, &m->engine, d);
    if (!result) result = node_keys_warm(m->engine->keys, d);
    if (result) return result;
    store_set_caps(m->engine->store, o->quota_blob, o->quota_total);
    m->node = (struct sync_node){.store = m->engine->store, .keys = m->engine->sync.keys, .neutral = true};
    return listen_at(m, o, d);
}

enum error mirror_run(const struct mirror_run_options *o, struct diag *d) {
    struct mirror m = {.engine = NULL};
    sigset_t set;
    enum error result = service_hold_signals(&set, d);
    if (!result) result = start(&m, o, d);
    if (!result) {
        o->listens(o->state, listener_port(m.listener));
        service_until_ended(&set);
    }
    listener_close(m.listener);
    engine_close(m.engine);
    return result;
}

#include "node/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "node/client.h"
#include "node/opened.h"
#include "node/tls.h"
#include "sync/answers.h"
#include "sync/cards.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/pins.h"

enum { EXCHANGE_SECONDS = 900 /* of one exchange with one counterparty: what is left goes on with the next */ };

/* ---- making a node */

static enum error make_tls(struct keyring *k, const char *folder, struct text party, struct random *r, instant now,
                           struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    enum error result = tls_make(party, now, &key, &certificate, d);
    if (!result) result = keyring_put(k, "tls.key", buf_as_bytes(&key), r, d);
    if (!result) result = os_write_new(os_path(path, folder, "tls.crt"), buf_as_bytes(&certificate), 0600, d);
    buf_wipe(&key);
    buf_free(&certificate);
    return result;
}

/* What is public of the keys stands in the store, so that telling it asks for no passphrase. */
static enum error make_mirror(struct keyring *k, struct store *s, struct text party, struct random *r, struct diag *d) {
    char name[KEY_NAME_MAX];
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    snprintf(name, sizeof name, "%.*s/mirror", TEXT_ARG(party));
    struct signer *mirror = signer_new(text_of(name), KEY_COSIGNATURE, r);
    vkey_write(signer_vkey(mirror), &vkey);
    enum error result = keyring_put_signer(k, "mirror.key", mirror, r, d);
    if (!result) result = store_set_meta(s, "mirror", buf_as_bytes(&vkey), d);
    if (!result) result = store_set_meta(s, "party", bytes_from_text(party), d);
    buf_free(&vkey);
    signer_free(mirror);
    return result;
}

/* The passphrase is at hand: it is not asked for again. */
static enum error repeat(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)folder;
    buf_text(out, *(const struct text *)state);
    return buf_check(out, d);
}

enum error node_create(const char *folder, struct text party, struct text passphrase, struct random *r, instant now,
                       struct diag *d) {
    struct keyring *k = NULL;
    struct store *s = NULL;
    struct store_options o = {.folder = folder};
    if (!party_name_valid(party)) return fail(d, ERR_INPUT, _("expected a host name as the party's name"));
    enum error result = os_make_folders(folder, 0700, d);
    if (!result) result = keyring_create(folder, passphrase, r, d);
    if (!result) result = keyring_open(folder, (struct passphrase_source){repeat, &passphrase}, &k, d);
    if (!result) result = store_open(&o, &s, d);
    if (!result) result = make_tls(k, folder, party, r, now, d);
    if (!result) result = make_mirror(k, s, party, r, d);
    store_close(s);
    keyring_close(k);
    return result;
}

/* ---- opening */

static enum error read_certificate(struct engine *e, struct buf *out, struct diag *d) {
    char path[OS_PATH_MAX];
    out->max = TLS_PEM_MAX;
    os_path(path, e->folder, "tls.crt");
    /* A lost one must not keep the node from being opened: it is what `keys replace tls` makes anew. */
    enum error result = os_exists(path) ? os_read(path, TLS_PEM_MAX - 1, out, d) : OK;
    buf_char(out, 0);
    return result ? result : buf_check(out, d);
}

static enum error open_parts(struct engine *e, struct passphrase_source passphrase, struct diag *d) {
    char path[OS_PATH_MAX];
    struct store_options o = {.folder = e->folder};
    if (!os_is_folder(e->folder)) return fail(d, ERR_MISSING, _("there is no node in %s"), e->folder);
    enum error result = os_lock(os_path(path, e->folder, "lock"), &e->lock, d);
    if (result == ERR_BUSY)
        result = fail(d, ERR_BUSY, _("another process has this node in hand; `parley status` says whether it runs"));
    if (!result) result = keyring_open(e->folder, passphrase, &e->keyring, d);
    if (!result) result = store_open(&o, &e->store, d);
    if (!result) result = node_keys_mend_tls(e->keyring, e->folder, d);
    if (!result) result = read_certificate(e, &e->certificate, d);
    if (result) return result;
    e->keys = node_keys_new(e->keyring);
    e->sync = (struct sync_node){
        .store = e->store, .keys = node_keys_sync(e->keys), .pins = pins_new(e->store), .answers = answers_new()};
    if (!e->sync.pins || !e->sync.answers) return fail(d, ERR_MEMORY, _("out of memory"));
    atomic_store(&e->lost, opened_are_lost(e));
    opened_keep(e);
    enum error cleaned = engine_clean_packs(e, NULL);
    (void)cleaned; /* what is left is only in the way; the next start tries again */
    return OK;
}

enum error engine_open(const char *folder, struct passphrase_source passphrase, struct random *r, struct engine **out,
                       struct diag *d) {
    struct engine *e = calloc(1, sizeof *e);
    if (!e || !(e->folder = strdup(folder))) {
        free(e);
        return fail(d, ERR_MEMORY, _("out of memory"));
    }
    e->lock = -1;
    e->random = r;
    pthread_mutex_init(&e->exchanging, NULL);
    pthread_mutex_init(&e->tls_lock, NULL);
    pthread_mutex_init(&e->busy_lock, NULL);
    pthread_cond_init(&e->freed, NULL);
    enum error result = open_parts(e, passphrase, d);
    if (result)
        engine_close(e);
    else
        *out = e;
    return result;
}

/* Whoever comes next would have to compare before it could be signed. */
static void sign_all(struct engine *e) {
    struct arena a = {0};
    struct channel *list;
    size_t count = 0;
    struct diag d = {0};
    if (store_channels(e->store, &a, &list, &count, &d)) count = 0;
    for (size_t i = 0; i < count; i++) own_sign_if_allowed(&e->sync, &list[i]);
    arena_free(&a);
}

void engine_close(struct engine *e) {
    if (!e) return;
    if (e->store && e->keys) sign_all(e);
    node_keys_free(e->keys);
    keyring_close(e->keyring);
    pins_free(e->sync.pins);
    answers_free(e->sync.answers);
    store_close(e->store);
    buf_free(&e->certificate);
    pthread_mutex_destroy(&e->exchanging);
    pthread_mutex_destroy(&e->tls_lock);
    pthread_mutex_destroy(&e->busy_lock);
    pthread_cond_destroy(&e->freed);
    if (e->lock >= 0) os_unlock(e->lock);
    free(e->folder);
    free(e);
}

static enum error meta(struct engine *e, const char *name, struct arena *a, struct text *out, struct diag *d) {
    struct buf value = {.max = VKEY_TEXT_MAX};
    enum error result = store_meta(e->store, name, &value, d);
    if (!result) *out = arena_text(a, buf_as_text(&value));
    buf_free(&value);
    return result;
}

enum error engine_public(struct engine *e, struct arena *a, struct node_public *out, struct diag *d) {
    struct sha256 spki;
    char hex[SHA256_HEX];
    enum error result = meta(e, "party", a, &out->party, d);
    if (!result) result = meta(e, "mirror", a, &out->mirror, d);
    pthread_mutex_lock(&e->tls_lock);
    if (!result) result = tls_spki(bytes_of(e->certificate.at, e->certificate.size - 1), &spki, d);
    pthread_mutex_unlock(&e->tls_lock);
    if (!result) out->tls_spki = arena_text(a, sha256_hex(&spki, hex));
    return result;
}

enum error engine_tls(struct engine *e, struct buf *key, struct buf *certificate, struct diag *d) {
    pthread_mutex_lock(&e->tls_lock);
    enum error result = node_keys_tls(e->keys, key, d);
    if (!result) buf_bytes(certificate, buf_as_bytes(&e->certificate));
    pthread_mutex_unlock(&e->tls_lock);
    return result ? result : buf_check(certificate, d);
}

enum error engine_read_tls(struct engine *e, struct diag *d) {
    struct buf certificate = {0};
    pthread_mutex_lock(&e->tls_lock);
    enum error result = read_certificate(e, &certificate, d);
    if (!result) result = node_keys_read_tls(e->keys, d);
    if (!result) {
        struct buf before = e->certificate;
        e->certificate = certificate;
        certificate = before;
    }
    pthread_mutex_unlock(&e->tls_lock);
    buf_free(&certificate);
    return result;
}

/* What was cosigned by the old key is cosigned by the new one, where anything may be signed now; else with the next
 * exchange. */
static enum error cosign_again(struct engine *e, instant now, struct diag *d) {
    struct arena a = {0};
    struct channel *list;
    size_t count;
    enum error result = store_channels(e->store, &a, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        struct buf line = {.max = 65536};
        uint64_t size = 0;
        if (list[i].of[SIDE_THEIRS].id)
            result = store_checkpoint_size(e->store, list[i].of[SIDE_THEIRS].id, CHECKPOINT_MIRROR, &size, d);
        bool said = !result && size && mirror_commit(&e->sync, &list[i], size, now, &line, NULL) == OK;
        (void)said;
        buf_free(&line);
    }
    arena_free(&a);
    return result;
}

enum error engine_change_key(struct engine *e, enum node_key which, enum key_step step, struct text origin, instant now,
                             struct arena *a, struct key_pair *out, struct diag *d) {
    struct text party;
    enum error result = meta(e, "party", a, &party, d);
    if (!result) result = node_keys_change(e->keys, which, step, origin, party, e->random, now, a, out, d);
    if (!result && which == NODE_MIRROR && step == KEY_END)
        result = store_set_meta(e->store, "mirror", bytes_from_text(out->next), d);
    if (!result && which == NODE_TLS && step == KEY_END && e->rekeyed) {
        result = engine_read_tls(e, d);
        if (!result) e->rekeyed(e->woken_state);
    }
    return result || which != NODE_MIRROR || step != KEY_END ? result : cosign_again(e, now, d);
}

/* ---- saying something */

enum error engine_submit(struct engine *e, const struct channel *c, const struct own_entry *entry, instant now,
                         uint64_t *index, struct diag *d) {
    if (!entry->blob_count && !entry->erase_count) return fail(d, ERR_USAGE, _("an entry without blobs says nothing"));
    enum error result = own_append(&e->sync, c, entry, now, index, d);
    if (!result && e->woken) e->woken(e->woken_state);
    return result;
}

/* ---- exchanging */

struct call { /* its key must live as long as its client */
    struct client *client;
    struct buf key, certificate;
};

static void hang_up(struct call *c) {
    client_close(c->client);
    buf_wipe(&c->key);
    buf_free(&c->certificate);
}

/* No client where their card gives no address: then it is they who call. */
static enum error dial(struct engine *e, const struct channel *c, struct call *out, struct diag *d) {
    struct arena a = {0};
    struct card card;
    enum error result = cards_newest(e->store, c->party, &a, &card, d);
    if (!result && !card.urls.count) {
        arena_free(&a);
        return OK;
    }
    if (!result) result = engine_tls(e, &out->key, &out->certificate, d);
    if (!result) {
        struct client_options o = {.url = card.urls.at[0],
                                   .pins = card.tls,
                                   .key = bytes_of(out->key.at, out->key.size - 1),
                                   .certificate = bytes_of(out->certificate.at, out->certificate.size - 1),
                                   .stop = &e->stop,
                                   .whole_s = EXCHANGE_SECONDS};
        result = client_open(&o, &out->client, d);
    }
    arena_free(&a);
    return result;
}

static enum error exchange(struct engine *e, const struct channel *c, instant now, struct sync_report *report,
                           bool *waits, struct diag *d) {
    struct call call = {.key = {.max = TLS_PEM_MAX}, .certificate = {.max = TLS_PEM_MAX}};
    if (c->state == CHANNEL_FROZEN && !sync_lacks_proof(&e->sync, c))
        return fail(d, ERR_FROZEN, "%.*s", TEXT_ARG(c->why));
    own_sign_if_allowed(&e->sync, c); /* also where the other side can't be reached now */
    enum error result = dial(e, c, &call, d);
    *waits = !result && !call.client;
    if (!result && call.client) result = sync_channel(&e->sync, c->id, client_remote(call.client), now, report, d);
    hang_up(&call);
    return result;
}

enum error engine_fill_row(struct engine *e, const struct channel *c, struct arena *a, struct link_sync_row *row,
                           struct diag *d) {
    struct kept_receipt receipt;
    row->party = c->party;
    row->own_origin = c->of[SIDE_OWN].origin;
    enum error result = store_size(e->store, c->of[SIDE_OWN].id, &row->own_size, d);
    if (!result) result = store_size(e->store, c->of[SIDE_THEIRS].id, &row->their_size, d);
    row->receipted_at = INSTANT_NONE;
    if (!result && store_newest_receipt(e->store, c->of[SIDE_OWN].id, a, &receipt, NULL) == OK) {
        row->receipted_size = receipt.size;
        row->receipted_at = receipt.stamp;
    }
    return result;
}

static enum error sync_one(struct engine *e, const struct channel *c, instant now, struct arena *a,
                           struct link_sync_row *row, struct diag *d) {
    struct sync_report report = {0};
    struct diag trouble = {0};
    row->error = exchange(e, c, now, &report, &row->waits, &trouble);
    row->words = arena_text(a, text_of(row->error ? trouble.text : ""));
    row->sent_entries = report.sent_entries;
    row->sent_blobs = report.sent_blobs;
    row->got_entries = report.got_entries;
    row->got_blobs = report.got_blobs;
    if (report.got_blobs) opened_keep(e); /* there may be a card among them */
    enum error result = row->waits ? OK : store_set_contact(e->store, c->id, now, row->words, d);
    return result ? result : engine_fill_row(e, c, a, row, d);
}

static bool is_busy(const struct engine *e, int64_t channel) {
    for (const struct engine_busy *b = e->busy; b; b = b->next)
        if (b->channel == channel) return true;
    return false;
}

static bool begin(struct engine *e, struct engine_busy *b, bool skip) {
    pthread_mutex_lock(&e->busy_lock);
    while (!skip && is_busy(e, b->channel)) pthread_cond_wait(&e->freed, &e->busy_lock);
    bool begun = !is_busy(e, b->channel);
    if (begun) {
        b->next = e->busy;
        e->busy = b;
    }
    pthread_mutex_unlock(&e->busy_lock);
    return begun;
}

static void end(struct engine *e, const struct engine_busy *b) {
    pthread_mutex_lock(&e->busy_lock);
    for (struct engine_busy **at = &e->busy; *at; at = &(*at)->next)
        if (*at == b) {
            *at = b->next;
            break;
        }
    pthread_cond_broadcast(&e->freed);
    pthread_mutex_unlock(&e->busy_lock);
}

enum error engine_sync_channel(struct engine *e, const struct channel *c, bool skip, instant now, struct arena *a,
                               struct link_sync_row *row, struct diag *d) {
    struct engine_busy b = {.channel = c->id};
    if (!begin(e, &b, skip)) return fail(d, ERR_BUSY, _("this channel is being exchanged"));
    enum error result = sync_one(e, c, now, a, row, d);
    if (!result) result = engine_ask_neutrals(e, c, now, a, row, d);
    if (!result) result = engine_ask_witnesses(e, c, now, d);
    end(e, &b);
    return result;
}

enum error engine_with_remote(struct engine *e, const struct channel *c, engine_asks *with, void *state,
                              struct diag *d) {
    struct engine_busy b = {.channel = c->id};
    struct call call = {.key = {.max = TLS_PEM_MAX}, .certificate = {.max = TLS_PEM_MAX}};
    if (!begin(e, &b, false)) return fail(d, ERR_BUSY, _("this channel is being exchanged"));
    enum error result = c->of[SIDE_THEIRS].id ? dial(e, c, &call, d) : OK;
    if (!result) result = with(state, call.client ? client_remote(call.client) : NULL, d);
    hang_up(&call);
    end(e, &b);
    return result;
}

bool engine_exchanges(const struct channel *c) { return c->state != CHANNEL_OFFERED && c->state != CHANNEL_FOLLOWED; }

enum error engine_sync(struct engine *e, struct text party, instant now, struct arena *a, struct link_sync_row **rows,
                       size_t *count, struct diag *d) {
    struct channel *list;
    size_t channels, tried = 0;
    enum error result = store_channels(e->store, a, &list, &channels, d);
    if (result) return result;
    struct link_sync_row *made = ARENA_ARRAY(a, struct link_sync_row, channels ? channels : 1);
    for (size_t i = 0; i < channels && !result && !atomic_load(&e->stop); i++) {
        if (party.size && !text_equal(list[i].party, party)) continue;
        if (engine_exchanges(&list[i])) result = engine_sync_channel(e, &list[i], false, now, a, &made[tried++], d);
    }
    if (result) return result;
    *rows = made;
    *count = tried;
    return OK;
}

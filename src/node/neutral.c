/* Neutral mirrors, where the counterparty can't be reached or has no address: its mirrors take and receipt what is for
 * it, and what it left with one's own comes from there.  A mirror that does not answer holds up nothing. */
#include "node/client.h"
#include "node/engine.h"
#include "node/tls.h"
#include "sync/cards.h"
#include "sync/stead.h"

enum { ASK_SECONDS = 300 /* of all requests to one mirror */ };

typedef enum error stead_run(const struct sync_node *n, int64_t channel, struct text name, struct remote *r,
                             instant now, struct sync_report *report, struct diag *d);

static enum error ask(struct engine *e, const struct channel *c, const struct card_neutral *m, stead_run *run,
                      instant now, struct sync_report *report, struct diag *d) {
    struct buf key = {.max = TLS_PEM_MAX}, certificate = {.max = TLS_PEM_MAX};
    struct client *client = NULL;
    enum error result = engine_tls(e, &key, &certificate, d);
    const struct client_options o = {.url = m->url,
                                     .pins = {&m->tls, 1},
                                     .key = bytes_of(key.at, key.size - 1),
                                     .certificate = bytes_of(certificate.at, certificate.size - 1),
                                     .stop = &e->stop,
                                     .whole_s = ASK_SECONDS};
    if (!result) result = client_open(&o, &client, d);
    if (!result) result = run(&e->sync, c->id, m->name, client_remote(client), now, report, d);
    client_close(client);
    buf_wipe(&key);
    buf_free(&certificate);
    return result;
}

static void add_words(struct link_sync_row *row, struct arena *a, const char *words) {
    row->words =
        row->words.size ? arena_format(a, "%.*s; %s", TEXT_ARG(row->words), words) : arena_text(a, text_of(words));
}

/* Up to where the mirror has receipted one's own record; 0: nowhere. */
static uint64_t receipted(struct engine *e, const struct channel *c, struct text name, struct arena *a) {
    struct kept_receipt r;
    return store_newest_receipt_by(e->store, c->of[SIDE_OWN].id, name, a, &r, NULL) == OK ? r.size : 0;
}

static void tell(struct link_sync_row *row, struct arena *a, const struct card_neutral *m, enum error result,
                 uint64_t held, uint64_t got, const struct diag *why) {
    struct diag words = {0};
    if (result)
        (void)fail(&words, result, _("the mirror %.*s: %s"), TEXT_ARG(m->name),
                   why->text[0] ? why->text : gettext(error_sentence(result)));
    else if (held)
        (void)fail(&words, OK, _("the mirror %.*s receipts in their stead, up to %llu"), TEXT_ARG(m->name),
                   (unsigned long long)held);
    else
        (void)fail(&words, OK, _("entries that our mirror %.*s held for us: %llu"), TEXT_ARG(m->name),
                   (unsigned long long)got);
    if (result || held || got) add_words(row, a, words.text);
}

static void go_over(struct engine *e, const struct channel *c, const struct card *card, enum side side, instant now,
                    struct arena *a, struct link_sync_row *row) {
    for (size_t i = 0; i < card->neutral_count && !atomic_load(&e->stop); i++) {
        const struct card_neutral *m = &card->neutrals[i];
        struct sync_report report = {0};
        struct diag why = {0};
        enum error result = ask(e, c, m, side == SIDE_THEIRS ? stead_push : stead_pull, now, &report, &why);
        tell(row, a, m, result, side == SIDE_THEIRS ? receipted(e, c, m->name, a) : 0, report.got_entries, &why);
        row->sent_entries += report.sent_entries;
        row->sent_blobs += report.sent_blobs;
        row->got_entries += report.got_entries;
        row->got_blobs += report.got_blobs;
    }
}

enum error engine_ask_neutrals(struct engine *e, const struct channel *c, instant now, struct arena *a,
                               struct link_sync_row *row, struct diag *d) {
    struct card theirs, own;
    struct channel as_it_is;
    if (row->error != ERR_NETWORK && !row->waits) return OK;
    enum error result = store_channel(e->store, c->id, a, &as_it_is, d);
    if (result || as_it_is.state != CHANNEL_OPEN) return result;
    if (cards_newest(e->store, c->party, a, &theirs, NULL) == OK)
        go_over(e, &as_it_is, &theirs, SIDE_THEIRS, now, a, row);
    if (cards_current(e->store, &as_it_is, SIDE_OWN, a, &own, NULL) == OK)
        go_over(e, &as_it_is, &own, SIDE_OWN, now, a, row);
    if (row->error) result = store_set_contact(e->store, c->id, now, row->words, d);
    return result ? result : engine_fill_row(e, &as_it_is, a, row, d);
}

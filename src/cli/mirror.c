/* mirror: a neutral third party that holds records in somebody's stead, and receipts them (c2sp.org/tlog-mirror).
 *
 *     mirror init FOLDER NAME --url URL     its folder and keys; what the party's card names goes to standard output
 *     mirror add FOLDER CARD CARD           a record, by the cards of who says it and of who it stands in for
 *     mirror list FOLDER                    its records, and how far it holds each
 *     mirror serve FOLDER                   takes and receipts until it is stopped
 */
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "cli/speak.h"
#include "node/engine.h"
#include "node/mirror_run.h"
#include "node/tls.h"
#include "sync/stead.h"
#include "json/json.h"

#define LINE_NAME "neutral"

struct wishes {
    const char *listen, *url, *origin;
    uint64_t quota_file, quota_all;
    bool no_passphrase;
};

/* ---- init */

static enum error write_line(struct cli *c, const char *folder, const char *url) {
    char path[OS_PATH_MAX];
    struct engine *e = NULL;
    struct node_public p;
    struct buf line = {.max = 8192};
    enum error result = engine_open(folder, cli_passphrase(c), &c->random, &e, &c->diag);
    if (!result) result = engine_public(e, &c->arena, &p, &c->diag);
    engine_close(e);
    if (result) return result;
    buf_format(&line, "%.*s %.*s %s\n", TEXT_ARG(p.mirror), TEXT_ARG(p.tls_spki), url);
    result = os_write_new(os_path(path, folder, LINE_NAME), buf_as_bytes(&line), 0644, &c->diag);
    if (!result) printf("%.*s", TEXT_ARG(buf_as_text(&line)));
    buf_free(&line);
    return result;
}

static enum error init(struct cli *c, const struct wishes *w) {
    struct text passphrase = TEXT("");
    if (c->words.count != 3) return cli_usage(c, _("expected a folder and a host name for the mirror"));
    if (!w->url || strncmp(w->url, "https://", 8) || strchr(w->url, ' '))
        return cli_usage(c, _("say with --url where it is reached, as https://mirror.example:7445"));
    enum error result = w->no_passphrase ? OK : cli_new_passphrase(c, &passphrase);
    if (!result)
        result = node_create(c->words.at[1], text_of(c->words.at[2]), passphrase, &c->random, c->now, &c->diag);
    return result ? result : write_line(c, c->words.at[1], w->url);
}

/* ---- records */

static enum error open_store(struct cli *c, struct store **out) {
    const struct store_options o = {.folder = c->words.at[1]};
    char path[OS_PATH_MAX];
    if (!os_exists(os_path(path, o.folder, LINE_NAME)))
        return fail(&c->diag, ERR_MISSING, _("there is no mirror in %s: `parley mirror init` makes one"), o.folder);
    return store_open(&o, out, &c->diag);
}

static enum error read_card(struct cli *c, const char *path, struct bytes *out, struct card *card) {
    struct buf file = {.max = CARD_MAX_BYTES};
    enum error result = os_read(path, CARD_MAX_BYTES, &file, &c->diag);
    if (!result) *out = arena_bytes(&c->arena, buf_as_bytes(&file));
    if (!result) result = card_read(*out, &c->arena, card, &c->diag);
    if (result) diag_where(&c->diag, path);
    buf_free(&file);
    return result;
}

/* Where a card names the logs of several records, it has to be said which. */
static enum error choose_origin(struct cli *c, const struct wishes *w, const struct card *from, struct text *out) {
    struct text origin = text_of(w->origin);
    for (size_t i = 0; i < from->log_count && !w->origin; i++) {
        if (i && !text_equal(from->logs[i].origin, origin))
            return cli_usage(c,
                             _("the card of %.*s names the logs of several records: say with --origin which; the "
                               "first line of `checkpoint` of `parley record export --theirs` is it"),
                             TEXT_ARG(from->party));
        origin = from->logs[i].origin;
    }
    *out = origin;
    return OK;
}

static enum error add(struct cli *c, const struct wishes *w) {
    struct stead_offer o;
    struct card from, to;
    struct store *s = NULL;
    bool added = false;
    if (c->words.count != 4)
        return cli_usage(c, _("expected a folder, the card of who says the record, and that of who it stands in for"));
    enum error result = read_card(c, c->words.at[2], &o.sender, &from);
    if (!result) result = read_card(c, c->words.at[3], &o.receiver, &to);
    if (!result) result = choose_origin(c, w, &from, &o.origin);
    if (!result) result = open_store(c, &s);
    if (!result) result = stead_hold(s, &o, &added, &c->diag);
    if (!result && !c->quiet)
        fprintf(stderr, added ? _("holds what %.*s says to %.*s\n") : _("holds what %.*s says to %.*s already\n"),
                TEXT_ARG(from.party), TEXT_ARG(to.party));
    store_close(s);
    return result;
}

struct held {
    struct channel channel;
    uint64_t size, receipted;
};

static json_t *held_json(const struct held *h) {
    const struct channel *c = &h->channel;
    json_t *o = json_object();
    json_put_text(o, "origin", c->of[SIDE_THEIRS].origin);
    json_put_text(o, "from", c->party);
    json_put_text(o, "to", c->own_party);
    json_put_text(o, "state", text_of(channel_state_word(c->state)));
    json_put_text_if(o, "why", c->why);
    json_put_u64(o, "size", h->size);
    json_put_u64(o, "receipted", h->receipted);
    return o;
}

static enum error look_at(struct cli *c, struct store *s, const struct channel *channel, struct held *out) {
    *out = (struct held){.channel = *channel};
    enum error result = store_size(s, channel->of[SIDE_THEIRS].id, &out->size, &c->diag);
    return result ? result
                  : store_checkpoint_size(s, channel->of[SIDE_THEIRS].id, CHECKPOINT_MIRROR, &out->receipted, &c->diag);
}

static void print_held(struct cli *c, const struct held *h) {
    const struct channel *at = &h->channel;
    printf(_("%.*s to %.*s: entries held: %llu, receipted to %llu"), TEXT_ARG(cli_shown(c, at->party)),
           TEXT_ARG(cli_shown(c, at->own_party)), (unsigned long long)h->size, (unsigned long long)h->receipted);
    if (at->state == CHANNEL_FROZEN) printf(_("; frozen: %.*s"), TEXT_ARG(at->why));
    printf("\n");
}

static enum error list(struct cli *c, const struct wishes *w) {
    struct store *s = NULL;
    struct channel *channels;
    size_t count = 0;
    (void)w;
    if (c->words.count != 2) return cli_usage(c, _("expected a folder"));
    enum error result = open_store(c, &s);
    json_t *all = json_array();
    if (!result) result = store_channels(s, &c->arena, &channels, &count, &c->diag);
    for (size_t i = 0; i < count && !result; i++) {
        struct held h;
        result = look_at(c, s, &channels[i], &h);
        if (!result && c->json) json_add(all, held_json(&h));
        if (!result && !c->json) print_held(c, &h);
    }
    store_close(s);
    if (!result && c->json) return cli_print_json(c, all);
    json_decref(all);
    return result;
}

/* ---- serve */

static void tell_port(void *state, unsigned port) {
    const struct cli *c = state;
    if (!c->quiet) fprintf(stderr, _("listens on port %u\n"), port);
}

static enum error serve(struct cli *c, const struct wishes *w) {
    if (c->words.count != 2) return cli_usage(c, _("expected a folder"));
    if (!w->listen) return cli_usage(c, _("say with --listen where it is reached"));
    return mirror_run(&(struct mirror_run_options){.folder = c->words.at[1],
                                                   .address = w->listen,
                                                   .passphrase = cli_passphrase(c),
                                                   .random = &c->random,
                                                   .quota_blob = w->quota_file,
                                                   .quota_total = w->quota_all,
                                                   .listens = tell_port,
                                                   .state = c},
                      &c->diag);
}

enum error cli_mirror(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c, const struct wishes *w);
    } verbs[] = {{"init", init}, {"add", add}, {"list", list}, {"serve", serve}};
    struct wishes w = {.listen = NULL};
    const struct option_row rows[] = {
        {"--url", OPTION_WORD, &w.url, "URL", N_("init: where parties reach it, https://…")},
        {"--no-passphrase", OPTION_FLAG, &w.no_passphrase, NULL, N_("init: keep the keys in the clear")},
        {"--origin", OPTION_WORD, &w.origin, "ORIGIN",
         N_("add: which record, where the first card names several logs")},
        {"--listen", OPTION_WORD, &w.listen, "ADDRESS:PORT", N_("serve: where it listens")},
        {"--quota-file-bytes", OPTION_NUMBER, &w.quota_file, "N",
         N_("serve: bytes of one file at most (else: 268435456)")},
        {"--quota-bytes", OPTION_NUMBER, &w.quota_all, "N",
         N_("serve: bytes of all that is held of one record at most (else: 17179869184)")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 4);
    if (result) return result;
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (!strcmp(c->words.at[0], verbs[i].name)) return verbs[i].run(c, &w);
    return cli_usage(c, _("expected init, add, list or serve, found “%s”"), c->words.at[0]);
}

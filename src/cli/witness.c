/* witness: a neutral third party, which cosigns checkpoints and sees sizes and hashes alone (c2sp.org/tlog-witness).
 *
 *     witness init FOLDER NAME       its folder and key; the vkey goes to standard output
 *     witness add FOLDER VKEY…       logs whose checkpoints it cosigns, by their keys
 *     witness drop FOLDER ORIGIN…    logs that it cosigns no more
 *     witness list FOLDER            its logs, and how far it has seen each
 *     witness serve FOLDER           cosigns until it is stopped
 */
#include <string.h>

#include "base/os.h"
#include "cli/cli.h"
#include "cli/speak.h"
#include "node/witness_run.h"
#include "json/json.h"

#define KEY_NAME "witness.key"
#define VKEY_NAME "vkey"

enum { VKEYS_FILE_MAX = 1 << 20, PEM_MAX = 1 << 20 };

struct wishes {
    const char *listen, *key, *certificate, *vkeys;
    uint64_t requests_minute;
    bool no_passphrase;
};

/* ---- init */

static enum error make_key(struct cli *c, const char *folder, struct text name, struct text passphrase) {
    char path[OS_PATH_MAX];
    struct keyring *k = NULL;
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    struct signer *s = signer_new(name, KEY_COSIGNATURE, &c->random);
    vkey_write(signer_vkey(s), &vkey);
    buf_char(&vkey, '\n');
    enum error result = keyring_create(folder, passphrase, &c->random, &c->diag);
    if (!result) result = keyring_open(folder, cli_passphrase(c), &k, &c->diag);
    if (!result) result = keyring_put_signer(k, KEY_NAME, s, &c->random, &c->diag);
    if (!result) result = os_write_new(os_path(path, folder, VKEY_NAME), buf_as_bytes(&vkey), 0644, &c->diag);
    if (!result) printf("%.*s", TEXT_ARG(buf_as_text(&vkey)));
    keyring_close(k);
    signer_free(s);
    buf_free(&vkey);
    return result;
}

static enum error init(struct cli *c, const struct wishes *w) {
    struct text passphrase = TEXT("");
    if (c->words.count != 3) return cli_usage(c, _("expected a folder and a name for the key"));
    struct text name = text_of(c->words.at[2]);
    if (!key_name_valid(name) || name.size > KEY_NAME_MAX)
        return fail(&c->diag, ERR_INPUT, _("the name of a key has no spaces, no plus signs, and at most %d bytes"),
                    KEY_NAME_MAX);
    enum error result = w->no_passphrase ? OK : cli_new_passphrase(c, &passphrase);
    if (!result) result = os_make_folders(c->words.at[1], 0700, &c->diag);
    return result ? result : make_key(c, c->words.at[1], name, passphrase);
}

/* ---- logs */

static enum error add_one(struct cli *c, struct text vkey) {
    struct vkey key;
    bool added = false;
    enum error result = vkey_read(vkey, &key, &c->diag);
    if (!result) result = witness_add_log(c->words.at[1], &key, &added, &c->diag);
    if (!result && !c->quiet)
        fprintf(stderr, added ? _("cosigns %.*s\n") : _("cosigns %.*s already\n"), TEXT_ARG(cli_shown(c, key.name)));
    return result;
}

/* The file `vkeys` that `record export` writes: keys that cosign are not a log's, and are passed over. */
static enum error add_file(struct cli *c, const char *path) {
    struct buf file = {.max = VKEYS_FILE_MAX};
    struct text rest, line;
    enum error result = os_read(path, VKEYS_FILE_MAX, &file, &c->diag);
    rest = result ? TEXT("") : buf_as_text(&file);
    while (!result && text_line(&rest, &line)) {
        struct vkey key;
        result = vkey_read(line, &key, &c->diag);
        if (!result && key.type == KEY_ED25519) result = add_one(c, line);
    }
    if (result) diag_where(&c->diag, path);
    buf_free(&file);
    return result;
}

static enum error add(struct cli *c, const struct wishes *w) {
    if (c->words.count < 2 || (c->words.count < 3 && !w->vkeys))
        return cli_usage(c, _("expected a folder and the vkeys of logs"));
    enum error result = w->vkeys ? add_file(c, w->vkeys) : OK;
    for (size_t i = 2; i < c->words.count && !result; i++) result = add_one(c, text_of(c->words.at[i]));
    return result;
}

static enum error drop(struct cli *c, const struct wishes *w) {
    (void)w;
    if (c->words.count < 3) return cli_usage(c, _("expected a folder and the origins of logs"));
    enum error result = OK;
    for (size_t i = 2; i < c->words.count && !result; i++)
        result = witness_drop_log(c->words.at[1], text_of(c->words.at[i]), &c->diag);
    return result;
}

static enum error print_logs(struct cli *c, const struct witness_log *logs, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct witness_log *l = &logs[i];
        json_t *o = json_object();
        json_put_text(o, "origin", l->origin);
        json_put_text(o, "hash", l->hash);
        json_put_u64(o, "keys", l->keys);
        json_put_u64(o, "size", l->size);
        json_put_bool(o, "equivocated", l->forked);
        json_add(list, o);
    }
    return cli_print_json(c, list);
}

static enum error list(struct cli *c, const struct wishes *w) {
    struct witness_log *logs = NULL;
    size_t count = 0;
    (void)w;
    if (c->words.count != 2) return cli_usage(c, _("expected a folder"));
    enum error result = witness_logs(c->words.at[1], &c->arena, &logs, &count, &c->diag);
    if (result) return result;
    if (c->json) return print_logs(c, logs, count);
    for (size_t i = 0; i < count; i++) {
        printf(_("%.*s: seen to size %llu"), TEXT_ARG(cli_shown(c, logs[i].origin)), (unsigned long long)logs[i].size);
        printf("%s\n", logs[i].forked ? _("; it signed two roots at one size: the proof is kept") : "");
    }
    return OK;
}

/* ---- serve */

static void tell_port(void *state, unsigned port) {
    const struct cli *c = state;
    if (!c->quiet) fprintf(stderr, _("listens on port %u\n"), port);
}

/* A PEM file with a NUL at its end; `secret` is wiped by the caller. */
static enum error read_pem(struct cli *c, const char *path, struct buf *out) {
    out->max = PEM_MAX;
    if (!path) return OK;
    enum error result = os_read(path, PEM_MAX - 1, out, &c->diag);
    buf_char(out, 0);
    return result;
}

static enum error serve_with(struct cli *c, const struct wishes *w, const struct signer *key) {
    struct witness *witness = NULL;
    struct buf tls_key = {0}, certificate = {0};
    enum error result = read_pem(c, w->key, &tls_key);
    if (!result) result = read_pem(c, w->certificate, &certificate);
    if (!result) result = witness_open(c->words.at[1], key, &witness, &c->diag);
    const struct witness_server_options o = {.witness = witness,
                                             .address = w->listen,
                                             .key = (const char *)tls_key.at,
                                             .certificate = (const char *)certificate.at,
                                             .requests_minute = w->requests_minute};
    if (!result) result = witness_run(&o, tell_port, c, &c->diag);
    witness_close(witness);
    buf_wipe(&tls_key);
    buf_free(&certificate);
    return result;
}

static enum error serve(struct cli *c, const struct wishes *w) {
    struct keyring *k = NULL;
    struct signer *key = NULL;
    if (c->words.count != 2) return cli_usage(c, _("expected a folder"));
    if (!w->listen) return cli_usage(c, _("say with --listen where it is reached"));
    if (!w->key != !w->certificate) return cli_usage(c, _("--tls-key and --tls-certificate go together"));
    enum error result = keyring_open(c->words.at[1], cli_passphrase(c), &k, &c->diag);
    if (!result) result = keyring_get_signer(k, KEY_NAME, &key, &c->diag);
    keyring_close(k);
    if (!result) result = serve_with(c, w, key);
    signer_free(key);
    return result;
}

enum error cli_witness(struct cli *c) {
    static const struct {
        const char *name;
        enum error (*run)(struct cli *c, const struct wishes *w);
    } verbs[] = {{"init", init}, {"add", add}, {"drop", drop}, {"list", list}, {"serve", serve}};
    struct wishes w = {.requests_minute = WITNESS_REQUESTS_MINUTE};
    const struct option_row rows[] = {
        {"--listen", OPTION_WORD, &w.listen, "ADDRESS:PORT", N_("serve: where it is reached")},
        {"--tls-key", OPTION_WORD, &w.key, "FILE", N_("serve: its TLS key, PEM (else: plain HTTP)")},
        {"--tls-certificate", OPTION_WORD, &w.certificate, "FILE", N_("serve: the certificate with its chain, PEM")},
        {"--requests-per-minute", OPTION_NUMBER, &w.requests_minute, "N",
         N_("serve: of one address; 0: any, for one behind a proxy that counts (else: 600)")},
        {"--vkeys", OPTION_WORD, &w.vkeys, "FILE", N_("add: the file `vkeys` that `record export` writes")},
        {"--no-passphrase", OPTION_FLAG, &w.no_passphrase, NULL, N_("init: keep the key in the clear")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1000);
    if (result) return result;
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (!strcmp(c->words.at[0], verbs[i].name)) return verbs[i].run(c, &w);
    return cli_usage(c, _("expected init, add, drop, list or serve, found “%s”"), c->words.at[0]);
}

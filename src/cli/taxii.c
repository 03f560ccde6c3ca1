/* taxii: a TAXII 2.1 server for the tools of one's own house.
 *
 * Three kinds of processes: the server, which only has the store of objects and never a case; one that looks after it;
 * and for each thing to do, as long as that takes, one that opens the desk. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/os.h"
#include "base/secret.h"
#include "cli/taxii_fill.h"
#include "cli/waiver.h"
#include "desk/desk.h"
#include "node/address.h"
#include "node/tls.h"
#include "web/child.h"
#include "web/taxii.h"

enum {
    SAID_MAX = 1 << 16,
    LOOK_MS = 20,
    EVERY_MAX = 86400,
    DRAFT_TRIES = 4, /* with 1, 2 and 4 seconds between them */
    REQUEST_ID_MAX = 64,
    SIGNALLED = 128 /* of a status: ended by the signal beyond it, as shells have it */
};

struct serving {
    struct cli *c;
    struct home home;
    struct keyring *keyring;
    uint8_t *key; /* secret_new: of the store */
    const char *listen, *up_to, *to, *tlp, *certificate, *key_file, *add, *remove;
    bool tls;
    uint64_t every;
    enum tlp level;
    const char *store, *access;
    struct buf pem_key, pem_certificate;
    struct child keeper;
};

/* ---- a process for each thing to do */

static struct cli line_of(const struct serving *s) {
    struct cli c = {.command = "taxii",
                    .home = s->c->home,
                    .passphrase_file = s->c->passphrase_file,
                    .quiet = true,
                    .now = os_now(),
                    .random = random_system(),
                    .unlocked = s->keyring};
    if (s->c->passphrase) {
        c.passphrase = secret_new(PASSPHRASE_MAX);
        memcpy(c.passphrase, s->c->passphrase, PASSPHRASE_MAX);
    }
    return c;
}

typedef enum error (*task)(struct taxii_filling *f, struct diag *d);

static int run_task(const struct serving *s, task what) {
    struct cli c = line_of(s);
    struct taxii_filling f = {&c, s->store, s->key, s->level, s->to, s->tlp};
    struct diag d = {0};
    enum error result = what(&f, &d);
    const char *why = d.text[0] ? d.text : c.diag.text;
    if (result && result != ERR_MISSING) fprintf(stderr, "parley taxii: %s\n", *why ? why : error_sentence(result));
    arena_free(&c.arena);
    secret_free(c.passphrase);
    return (int)result;
}

static int fill(const void *with) { return run_task(with, taxii_fill); }
static int draft(const void *with) { return run_task(with, taxii_draft); }

/* Tells what it said once, however often it says it.  The exit status of the process. */
static int do_task(const struct serving *s, int (*what)(const void *with), struct buf *told) {
    struct child child = {0};
    const struct timespec tick = {0, LOOK_MS * 1000000};
    struct diag d = {0};
    if (child_start(&child, what, s, SAID_MAX, &d)) return (int)d.code;
    while (!child_look(&child)) nanosleep(&tick, NULL);
    if (child.said.size && !text_equal(buf_as_text(&child.said), buf_as_text(told))) {
        buf_clear(told);
        buf_text(told, buf_as_text(&child.said));
        fprintf(stderr, "%.*s", TEXT_ARG(buf_as_text(told)));
        fflush(stderr);
    }
    int status = child.status;
    child_end(&child);
    return status;
}

struct keeping {
    const struct serving *s;
    struct buf told;
    uint64_t second;
    /* The request that is tried: whatever ends its process would end it again, so it is not tried for ever. */
    char id[REQUEST_ID_MAX];
    unsigned tries;
    uint64_t not_before; /* second */
};

/* Whether a request waits, and is to be tried now. */
static bool waits(struct keeping *k) {
    struct arena a = {0};
    struct taxii_store *store = NULL;
    struct text id = {0};
    bool found = !taxii_store_open(k->s->store, k->s->key, &store, NULL) && !taxii_store_next(store, &a, &id, NULL) &&
                 id.size < sizeof k->id;
    if (found && !text_equal(id, text_of(k->id))) {
        snprintf(k->id, sizeof k->id, "%.*s", TEXT_ARG(id));
        k->tries = 0;
        k->not_before = 0;
    }
    taxii_store_close(store);
    arena_free(&a);
    return found && k->second >= k->not_before;
}

static void give_up(struct keeping *k, int status) {
    char why[256];
    struct diag d = {0};
    if (status > SIGNALLED)
        snprintf(why, sizeof why,
                 _("the process that makes drafts of it was ended by signal %d, however often it was tried; `parley "
                   "drafts` shows whether there is one"),
                 status - SIGNALLED);
    else
        snprintf(why, sizeof why,
                 _("drafts could not be made of it, however often it was tried; the TAXII server has said why"));
    if (taxii_give_up(k->s->store, k->s->key, text_of(k->id), why, &d)) fprintf(stderr, "parley taxii: %s\n", d.text);
}

/* True: it is worked off. */
static bool try_draft(struct keeping *k) {
    int status = do_task(k->s, draft, &k->told);
    if (!status) return true;
    if (++k->tries >= DRAFT_TRIES) give_up(k, status);
    k->not_before = k->second + (1U << (k->tries - 1));
    return false;
}

static int keep(const void *with) {
    const struct timespec rest = {1, 0};
    struct keeping k = {.s = with, .told.max = 2 * SAID_MAX};
    while (!nanosleep(&rest, NULL)) {
        k.second++;
        while (waits(&k) && try_draft(&k)) continue;
        if (k.second % k.s->every == 0) (void)do_task(k.s, fill, &k.told);
    }
    buf_free(&k.told);
    return error_exit_status(ERR_IO);
}

/* ---- the server */

static bool tick(void *state) {
    struct serving *s = state;
    bool ended = child_look(&s->keeper);
    if (s->keeper.said.size) {
        fprintf(stderr, "%.*s", TEXT_ARG(buf_as_text(&s->keeper.said)));
        buf_clear(&s->keeper.said);
    }
    return !ended;
}

static void told(void *state, const char *url) {
    (void)state;
    printf("%s\n", url);
    fflush(stdout);
}

static enum error open_keys(struct serving *s) {
    static const char file[] = "taxii.key";
    struct cli *c = s->c;
    struct buf secret = {.max = KEYRING_SECRET_MAX};
    const char *folder = home_path(&s->home, &c->arena, "desk");
    enum error result = keyring_open(folder, cli_passphrase(c), &s->keyring, &c->diag);
    if (!result) result = keyring_unlock(s->keyring, &c->diag);
    if (!result && !keyring_has(s->keyring, file)) {
        uint8_t *made = buf_extend(&secret, TAXII_KEY_SIZE);
        random_fill(&c->random, made, TAXII_KEY_SIZE);
        result = keyring_put(s->keyring, file, buf_as_bytes(&secret), &c->random, &c->diag);
        buf_wipe(&secret);
    }
    if (!result) result = keyring_get(s->keyring, file, &secret, &c->diag);
    if (!result && secret.size != TAXII_KEY_SIZE)
        result = fail(&c->diag, ERR_INPUT, _("the key “%s” is not as it must be"), file);
    s->key = secret_new(TAXII_KEY_SIZE);
    if (!result) memcpy(s->key, secret.at, TAXII_KEY_SIZE);
    buf_wipe(&secret);
    return result;
}

/* Made once, and kept: clients know it by its certificate. */
static enum error own_certificate(struct serving *s, const struct address *at) {
    static const char file[] = "taxii-tls.key";
    struct cli *c = s->c;
    const char *path = home_path(&s->home, &c->arena, "desk/taxii/certificate.pem");
    enum error result = OK;
    if (!keyring_has(s->keyring, file) || !os_exists(path)) {
        result = tls_make_for(at->host, s->home.party, c->now, &s->pem_key, &s->pem_certificate, &c->diag);
        if (!result && keyring_has(s->keyring, file)) result = keyring_remove(s->keyring, file, &c->diag);
        if (!result) result = keyring_put(s->keyring, file, buf_as_bytes(&s->pem_key), &c->random, &c->diag);
        if (!result) result = os_write(path, buf_as_bytes(&s->pem_certificate), 0644, &c->diag);
    } else {
        result = keyring_get(s->keyring, file, &s->pem_key, &c->diag);
        if (!result) result = os_read(path, TLS_PEM_MAX, &s->pem_certificate, &c->diag);
    }
    if (!result && !c->quiet) fprintf(stderr, _("its certificate, for clients to trust: %s\n"), path);
    return result;
}

static enum error read_tls(struct serving *s) {
    struct cli *c = s->c;
    struct address at;
    enum error result = address_read(s->listen, &at, &c->diag);
    if (!s->certificate != !s->key_file) return cli_usage(c, _("--certificate and --key belong together"));
    if (!result && s->certificate) {
        result = os_read(s->certificate, s->pem_certificate.max, &s->pem_certificate, &c->diag);
        if (!result) result = os_read(s->key_file, s->pem_key.max, &s->pem_key, &c->diag);
    } else if (!result && (s->tls || !at.loopback)) {
        result = own_certificate(s, &at);
    }
    if (s->pem_key.size) buf_char(&s->pem_key, 0);
    if (s->pem_certificate.size) buf_char(&s->pem_certificate, 0);
    return result ? result : buf_check(&s->pem_certificate, &c->diag);
}

static enum error serve(struct serving *s) {
    struct cli *c = s->c;
    struct buf said = {.max = 2 * SAID_MAX};
    enum error result = open_keys(s);
    if (!result) result = read_tls(s);
    if (!result && !os_exists(s->access))
        fprintf(stderr, "%s\n", _("nobody may ask yet: parley taxii --add NAME makes a name and its secret"));
    if (!result) (void)do_task(s, fill, &said); /* what is there by then is there from the start */
    if (!result) result = child_start(&s->keeper, keep, s, SAID_MAX, &c->diag);
    if (result) return result;
    const struct taxii_options o = {.listen = s->listen,
                                    .key = buf_as_bytes(&s->pem_key),
                                    .certificate = buf_as_bytes(&s->pem_certificate),
                                    .store = s->store,
                                    .store_key = s->key,
                                    .access = s->access,
                                    .title = arena_string(&c->arena, s->home.party),
                                    .drafts = s->to,
                                    .random = &c->random,
                                    .told = told,
                                    .tick = tick,
                                    .state = s};
    result = taxii_run(&o, &c->diag);
    child_end(&s->keeper);
    buf_free(&said);
    return result;
}

static enum error change_access(struct serving *s) {
    struct cli *c = s->c;
    char secret[TAXII_SECRET_SIZE + 1];
    if (s->remove) return taxii_access_remove(s->access, text_of(s->remove), &c->diag);
    enum error result = taxii_access_add(s->access, text_of(s->add), &c->random, secret, &c->diag);
    if (!result) printf("%s\n", secret);
    secret_wipe(secret, sizeof secret);
    return result;
}

enum error cli_taxii(struct cli *c) {
    struct serving s = {.c = c,
                        .listen = "127.0.0.1:7454",
                        .up_to = "AMBER+STRICT",
                        .every = 5,
                        .pem_key.max = 1 << 16,
                        .pem_certificate.max = 1 << 16};
    const struct option_row rows[] = {
        {"--listen", OPTION_WORD, &s.listen, "ADDRESS:PORT", N_("where tools reach it (else: 127.0.0.1:7454)")},
        {"--up-to", OPTION_WORD, &s.up_to, "LEVEL", N_("serve no case above this level (else: AMBER+STRICT)")},
        {"--to", OPTION_WORD, &s.to, "PARTY/DEPARTMENT", N_("make drafts of claims to it of what tools add")},
        {"--tlp", OPTION_WORD, &s.tlp, "LEVEL", N_("the level of such drafts where the objects state none")},
        {"--tls", OPTION_FLAG, &s.tls, NULL, N_("TLS on loopback, too, with a certificate made for it")},
        {"--certificate", OPTION_WORD, &s.certificate, "FILE", N_("the certificate of the server, in PEM")},
        {"--key", OPTION_WORD, &s.key_file, "FILE", N_("its key, in PEM")},
        {"--every", OPTION_NUMBER, &s.every, "SECONDS", N_("look for what is new that often (else: 5)")},
        {"--add", OPTION_WORD, &s.add, "NAME", N_("let a tool in: prints its secret, once")},
        {"--remove", OPTION_WORD, &s.remove, "NAME", N_("take a tool's secret back")},
    };
    enum tlp ignored;
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (!s.every || s.every > EVERY_MAX) return cli_usage(c, _("--every: expected 1 to %d"), EVERY_MAX);
    if (!tlp_read(text_of(s.up_to), &s.level)) return cli_usage(c, _("--up-to: expected a TLP level"));
    if (s.tlp && !tlp_read(text_of(s.tlp), &ignored)) return cli_usage(c, _("--tlp: expected a TLP level"));
    result = home_open(c->home, &c->arena, &s.home, &c->diag);
    if (result) return result;
    s.store = home_path(&s.home, &c->arena, "desk/taxii/objects");
    s.access = home_path(&s.home, &c->arena, "desk/taxii/access");
    result = os_make_folders(home_path(&s.home, &c->arena, "desk/taxii"), 0700, &c->diag);
    if (!result) result = s.add || s.remove ? change_access(&s) : serve(&s);
    keyring_close(s.keyring);
    secret_free(s.key);
    buf_wipe(&s.pem_key);
    buf_free(&s.pem_certificate);
    return result;
}

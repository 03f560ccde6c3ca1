/* The home of a command, and where the passphrase of its keys comes from. */
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "base/secret.h"
#include "cli/cli.h"
#include "desk/desk.h"

/* Of the service manager: the file is there where the administrator has put one (share/systemd). */
static const char *credential(struct cli *c) {
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    const char *path = folder && *folder ? arena_format(&c->arena, "%s/parley-passphrase", folder).at : NULL;
    return path && os_exists(path) ? path : NULL;
}

static const char *given_file(struct cli *c) {
    const char *environment = getenv("PARLEY_PASSPHRASE_FILE");
    if (c->passphrase_file) return c->passphrase_file;
    return environment && *environment ? environment : credential(c);
}

static enum error no_passphrase(struct diag *d) {
    return fail(d, ERR_NO_KEY,
                _("the keys are under a passphrase, and there is no terminal to ask for it: give --passphrase-file "
                  "FILE, or set PARLEY_PASSPHRASE_FILE"));
}

/* Called where the keys turn out to be under a passphrase: once for the desk's, once for the node's. */
static enum error ask_passphrase(void *state, const char *folder, struct buf *out, struct diag *d) {
    struct cli *c = state;
    const char *file = given_file(c);
    if (file) {
        struct passphrase_source source = passphrase_file(file);
        return source.ask(source.state, folder, out, d);
    }
    if (!c->passphrase) {
        if (!cli_can_ask()) return no_passphrase(d);
        c->passphrase = secret_new(PASSPHRASE_MAX);
        enum error result = cli_ask_secret(c, _("Passphrase of the keys"), c->passphrase, PASSPHRASE_MAX);
        if (result) return fail(d, result, "%s", arena_format(&c->arena, "%s", c->diag.text).at);
    }
    buf_string(out, c->passphrase);
    return buf_check(out, d);
}

struct passphrase_source cli_passphrase(struct cli *c) {
    return (struct passphrase_source){ask_passphrase, c};
}

static enum error read_new(struct cli *c, const char *file) {
    struct buf typed = {.max = PASSPHRASE_MAX - 1};
    struct passphrase_source source = passphrase_file(file);
    enum error result = source.ask(source.state, "", &typed, &c->diag);
    if (!result && typed.size) memcpy(c->passphrase, typed.at, typed.size);
    buf_wipe(&typed);
    return result;
}

static enum error type_new(struct cli *c) {
    char *again = secret_new(PASSPHRASE_MAX);
    enum error result =
        cli_ask_secret(c, _("A new passphrase for the keys of this home"), c->passphrase, PASSPHRASE_MAX);
    if (!result) result = cli_ask_secret(c, _("The same once more"), again, PASSPHRASE_MAX);
    if (!result && strcmp(c->passphrase, again)) result = fail(&c->diag, ERR_NO, _("the two differ: nothing was done"));
    secret_free(again);
    return result;
}

enum error cli_new_passphrase(struct cli *c, struct text *out) {
    const char *file = given_file(c);
    if (!file && !cli_can_ask()) return no_passphrase(&c->diag);
    c->passphrase = secret_new(PASSPHRASE_MAX);
    enum error result = file ? read_new(c, file) : type_new(c);
    if (!result && !c->passphrase[0])
        result = fail(&c->diag, ERR_USAGE, _("the passphrase is empty; --no-passphrase leaves the keys without one"));
    if (!result) *out = text_of(c->passphrase);
    return result;
}

enum error cli_open_desk(struct cli *c, struct desk **out) {
    struct desk_options o = {.home = c->home,
                             .passphrase = cli_passphrase(c),
                             .keyring = c->unlocked,
                             .random = &c->random,
                             .now = c->now,
                             .root_file = c->root_file};
    if (home_is_begun(c->home))
        return fail(&c->diag, ERR_MISSING,
                    _("the making of the home at %s was cut off: give that command again (`parley init`)"), c->home);
    return desk_open(&o, out, &c->diag);
}

/* desk: the page in which an analyst works, in a browser of this machine. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/os.h"
#include "base/run.h"
#include "base/secret.h"
#include "cli/page_calls.h"
#include "desk/desk.h"
#include "web/web.h"

enum { LOOK_SECONDS = 2, HOURS_MAX = 24, BROWSER_SECONDS = 10 };

struct page {
    struct cli *c;
    struct home home;
    struct keyring *keyring; /* of the desk; NULL: locked */
    instant opened;
    uint64_t hours;
    bool no_browser, openapi;
};

/* ---- commands, each in a process of its own */

static struct cli line_of(const struct page *p, const struct web_line *line) {
    struct cli c = {.command = line->command,
                    .home = p->c->home,
                    .passphrase_file = p->c->passphrase_file,
                    .now = os_now(),
                    .random = random_system(),
                    .tells_progress = true,
                    .unlocked = p->keyring};
    if (p->c->passphrase) {
        c.passphrase = secret_new(PASSPHRASE_MAX);
        memcpy(c.passphrase, p->c->passphrase, PASSPHRASE_MAX);
    }
    return c;
}

static int run_line(struct page *p, const struct web_line *line) {
    struct cli c = line_of(p, line);
    const struct command *command = page_command(line->command);
    char **words = ARENA_ARRAY(&c.arena, char *, line->count + 2);
    if (!command) return error_exit_status(ERR_USAGE);
    if (*line->language) {
        setenv("LANGUAGE", line->language, 1);
        if (!setlocale(LC_ALL, "C.UTF-8")) return error_exit_status(ERR_IO);
    }
    if (!strcmp(page_prints(command, line->words), "application/json"))
        words[c.argc++] = arena_string(&c.arena, TEXT("--json"));
    for (size_t i = 0; i < line->count; i++) words[c.argc++] = arena_string(&c.arena, text_of(line->words[i]));
    c.argv = words;
    return cli_invoke(&c);
}

/* ---- what changes */

static void tell_channel(const struct link_channel *l) {
    struct buf line = {.max = 1 << 16};
    json_t *object = json_object();
    json_put_text(object, "party", l->party);
    json_put_bool(object, "drill", l->drill);
    json_put_u64(object, "own", l->own_size);
    json_put_u64(object, "theirs", l->their_size);
    json_put_u64(object, "receipted", l->receipted_size);
    json_put_text_if(object, "trouble", l->trouble);
    json_canonical(object, &line);
    json_decref(object);
    printf("%.*s\n", TEXT_ARG(buf_as_text(&line)));
    buf_free(&line);
}

/* One number for how a channel stands. */
static uint64_t mark_of(const struct link_channel *l) {
    return l->own_size * 0x9e3779b97f4a7c15 ^ l->their_size * 0xbf58476d1ce4e5b9 ^ l->receipted_size << 8 ^
           (uint64_t)l->state << 2 ^ (l->trouble.size > 0);
}

static enum error look(struct page *p, uint64_t *marks, size_t room, struct diag *d) {
    struct cli c = line_of(p, &(struct web_line){.command = "desk"});
    struct desk *k = NULL;
    struct link_channel *list;
    size_t count = 0;
    enum error result = cli_open_desk(&c, &k);
    if (!result) result = desk_link(k, d);
    if (!result) result = link_channels(k->link, &k->arena, &list, &count, d);
    for (size_t i = 0; i < count && i < room; i++) {
        uint64_t mark = mark_of(&list[i]);
        if (marks[i] && marks[i] != mark) tell_channel(&list[i]);
        marks[i] = mark;
    }
    fflush(stdout);
    desk_close(k);
    secret_free(c.passphrase);
    arena_free(&c.arena);
    return result;
}

/* Without a node nothing comes but by one's own commands, and to look would keep others out. */
static int follow(struct page *p) {
    enum { CHANNELS = 4096 };
    uint64_t *marks = calloc(CHANNELS, sizeof *marks);
    char path[OS_PATH_MAX];
    const struct timespec rest = {LOOK_SECONDS, 0};
    bool begun = false;
    if (!marks) return error_exit_status(ERR_MEMORY);
    for (;;) {
        bool node = p->home.node.size || os_exists(os_path(path, p->c->home, "node/socket"));
        struct diag d = {0};
        if (node && look(p, marks, CHANNELS, &d)) break;
        if (!begun) printf("{}\n");
        if (!begun) fflush(stdout);
        begun = true;
        nanosleep(&rest, NULL);
    }
    free(marks);
    return error_exit_status(ERR_NETWORK);
}

static int run(void *state, const struct web_line *line) {
    return line->follows ? follow(state) : run_line(state, line);
}

static const char *prints(void *state, const char *name, const char *const *words) {
    const struct command *command = page_command(name);
    (void)state;
    return command ? page_prints(command, words) : NULL;
}

/* ---- keys */

static enum error lock(void *state, struct diag *d) {
    struct page *p = state;
    (void)d;
    keyring_close(p->keyring);
    p->keyring = NULL;
    secret_free(p->c->passphrase);
    p->c->passphrase = NULL;
    return OK;
}

static enum error unlock_by(struct page *p, struct passphrase_source source, struct diag *d) {
    struct keyring *k = NULL;
    enum error result = keyring_open(home_path(&p->home, &p->c->arena, "desk"), source, &k, d);
    if (!result) result = keyring_unlock(k, d);
    if (result) {
        keyring_close(k);
        return result;
    }
    keyring_close(p->keyring);
    p->keyring = k;
    p->opened = os_now();
    return OK;
}

static enum error give_passphrase(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)folder;
    buf_text(out, *(const struct text *)state);
    return buf_check(out, d);
}

static enum error unlock(void *state, struct text passphrase, struct diag *d) {
    struct page *p = state;
    if (passphrase.size >= PASSPHRASE_MAX) return fail(d, ERR_NO_KEY, _("wrong passphrase"));
    if (!passphrase.size || os_exists(home_path(&p->home, &p->c->arena, "desk/unlock.txt")))
        return fail(d, ERR_NO_KEY, _("a desk without a passphrase is opened by a new link: start parley desk again"));
    enum error result = unlock_by(p, (struct passphrase_source){give_passphrase, &passphrase}, d);
    if (result) return result;
    secret_free(p->c->passphrase);
    p->c->passphrase = secret_new(PASSPHRASE_MAX);
    memcpy(p->c->passphrase, passphrase.at, passphrase.size);
    return OK;
}

/* ---- what the page asks of the desk itself */

static enum error session(void *state, struct buf *out, struct diag *d) {
    const struct page *p = state;
    json_t *object = json_object();
    json_put_text(object, "party", p->home.party);
    json_put_text(object, "department", p->home.department);
    json_put_text(object, "officer", p->home.officer);
    json_put_text(object, "language", p->home.lang);
    json_put_text(object, "version", TEXT(PARLEY_VERSION));
    json_put(object, "now", json_from_instant(os_now()));
    json_put_u64(object, "idle_hours", p->hours);
    json_canonical(object, out);
    json_decref(object);
    return buf_check(out, d);
}

static enum error openapi(void *state, struct buf *out, struct diag *d) {
    json_t *whole = page_openapi();
    (void)state;
    json_canonical(whole, out);
    json_decref(whole);
    return buf_check(out, d);
}

static bool has_display(void) {
    const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    return (x && *x) || (wayland && *wayland);
}

static void told(void *state, const char *link) {
    const struct page *p = state;
    const char *const words[] = {"xdg-open", link, NULL};
    int status;
    printf("%s\n", link);
    fflush(stdout);
    if (p->no_browser || !has_display()) return;
    if (run_program(&(struct run){.words = words, .quiet = true, .seconds = BROWSER_SECONDS}, &status, NULL)) return;
}

static enum error print_openapi(struct cli *c) {
    struct buf out = {.max = 16 << 20};
    enum error result = openapi(NULL, &out, &c->diag);
    if (!result) printf("%.*s\n", TEXT_ARG(buf_as_text(&out)));
    buf_free(&out);
    return result;
}

static enum error serve_page(struct cli *c, struct page *p, const char *listen) {
    enum error result = home_open(c->home, &c->arena, &p->home, &c->diag);
    if (!result) result = unlock_by(p, cli_passphrase(c), &c->diag);
    if (result) return result;
    const struct web_options o = {.listen = listen,
                                  .open_for = (instant)p->hours * 3600 * INSTANT_SECOND,
                                  .files = web_page_files,
                                  .file_count = web_page_file_count,
                                  .random = &c->random,
                                  .told = told,
                                  .desk = {.run = run,
                                           .prints = prints,
                                           .lock = lock,
                                           .unlock = unlock,
                                           .session = session,
                                           .openapi = openapi,
                                           .follow = "desk",
                                           .state = p}};
    result = web_run(&o, &c->diag);
    keyring_close(p->keyring);
    return result;
}

enum error cli_desk(struct cli *c) {
    struct page p = {.c = c, .hours = 8};
    const char *listen = "127.0.0.1:0";
    const struct option_row rows[] = {
        {"--listen", OPTION_WORD, &listen, "ADDRESS:PORT", N_("an address of this machine alone (else: 127.0.0.1:0)")},
        {"--hours", OPTION_NUMBER, &p.hours, "N", N_("forget the keys when nothing was asked for so long (else: 8)")},
        {"--no-browser", OPTION_FLAG, &p.no_browser, NULL, N_("print the link, and open nothing")},
        {"--openapi", OPTION_FLAG, &p.openapi, NULL, N_("print what the page and programs may ask, as OpenAPI")},
    };
    enum error result = cli_options(c, rows, COUNT(rows), 0, 0);
    if (result) return result;
    if (p.openapi) return print_openapi(c);
    if (!p.hours || p.hours > HOURS_MAX) return cli_usage(c, _("--hours: expected 1 to %d"), HOURS_MAX);
    return serve_page(c, &p, listen);
}

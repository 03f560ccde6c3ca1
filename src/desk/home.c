#include "desk/home.h"

#include <stdio.h>

#include "node/address.h"
#include "record/channel.h"

enum { CONFIG_MAX_BYTES = 65536, SOCKET_PATH_MAX = 108 /* of sockaddr_un */ };

/* The lines of the config that are text: one table for reading, writing, checking and explaining. */
#define HOME_WORDS(X)                                                                                                  \
    X("party", party, true, check_party, "cert.north.example", N_("who we are: the party's name, a host name"))        \
    X("department", department, true, NULL, "incident", N_("for which department this desk speaks"))                   \
    X("officer", officer, true, NULL, "a.officer", N_("who speaks, unless --officer says otherwise"))                  \
    X("listen", listen, false, check_listen, "192.0.2.10:7443",                                                        \
      N_("where counterparties reach the node; without it, the node only calls"))                                      \
    X("url", url, false, check_url, "https://parley.north.example:7443",                                               \
      N_("under what address counterparties reach it; it stands in the card"))                                         \
    X("country", country, false, check_country, "NL", N_("the party's territory, by its code of ISO 3166"))            \
    X("lang", lang, false, check_lang, "en", N_("the language of what is written here: en, fr or ru"))                 \
    X("desk-listen", desk_listen, false, check_listen, "192.0.2.10:7444",                                              \
      N_("where desks on other machines reach the node"))                                                              \
    X("node", node, false, check_url, "https://parley.north.example:7444",                                             \
      N_("the node of a desk that has none of its own; written by `parley join`"))                                     \
    X("metrics", metrics, false, check_metrics, "127.0.0.1:9464",                                                      \
      N_("where the node tells Prometheus its numbers, and whether it is well; on this machine alone"))                \
    X("metrics-names", metrics_names, false, check_yes, "no", N_("yes: those numbers name parties"))                   \
    X("log", log, false, check_log, "text", N_("json: each line of the node's log is an object"))

typedef enum error check_value(const char *value, struct diag *d);
static check_value check_party, check_listen, check_url, check_country, check_lang, check_metrics, check_yes, check_log;

const struct home_word home_words[] = {
#define X(word, member, needed, check, example, meaning) {word, example, meaning, needed},
    HOME_WORDS(X)
#undef X
};
const size_t home_word_count = COUNT(home_words);

static const struct {
    size_t at;
    check_value *check;
} lines[] = {
#define X(word, member, needed, check, example, meaning) {offsetof(struct home, member), check},
    HOME_WORDS(X)
#undef X
};

static struct text *place(struct home *h, size_t line) { return (struct text *)(void *)((char *)h + lines[line].at); }

struct text home_value(const struct home *h, size_t word) {
    return *(const struct text *)(const void *)((const char *)h + lines[word].at);
}

const char *home_path(const struct home *h, struct arena *a, const char *format, ...) {
    char name[OS_PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    ASSERT(size > 0 && (size_t)size < sizeof name);
    return arena_format(a, "%s/%s", h->path, name).at;
}

/* ---- reading */

static bool find_word(struct text word, size_t *out) {
    for (size_t i = 0; i < home_word_count; i++)
        if (text_is(word, home_words[i].word)) {
            *out = i;
            return true;
        }
    return false;
}

static bool find_setting(struct text word, size_t *out) {
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++)
        if (text_is(word, node_settings_rows[i].word)) {
            *out = i;
            return true;
        }
    return false;
}

static enum error read_line(struct home *h, struct arena *a, struct text line, uint64_t number, struct diag *d) {
    struct text word;
    size_t at;
    line = text_trim(line);
    if (!line.size || line.at[0] == '#') return OK;
    if (!text_cut(&line, ' ', &word)) return fail_at(d, number, ERR_INPUT, _("expected a word and its value"));
    if (find_word(word, &at)) {
        *place(h, at) = arena_text(a, text_trim(line));
        return OK;
    }
    if (!find_setting(word, &at)) return fail_at(d, number, ERR_INPUT, _("no such setting: “%.*s”"), TEXT_ARG(word));
    enum error result = node_setting_read(&h->settings, at, text_trim(line), d);
    if (result && d) d->line = number;
    return result;
}

static enum error read_first(struct text *t, struct diag *d) {
    struct text line;
    if (text_line(t, &line) && text_is(line, "parley config v1")) return OK;
    return fail_at(d, 1, ERR_INPUT, _("expected “parley config v1”"));
}

static enum error read_config(struct home *h, struct arena *a, struct text t, struct diag *d) {
    struct text line;
    uint64_t number = 1;
    enum error result = read_first(&t, d);
    while (!result && text_line(&t, &line)) result = read_line(h, a, line, ++number, d);
    for (size_t i = 0; i < home_word_count && !result; i++)
        if (home_words[i].needed && !place(h, i)->size)
            result = fail(d, ERR_INPUT, _("the setting “%s” is missing"), home_words[i].word);
    return result;
}

static enum error read_file(const struct home *h, struct arena *a, struct buf *out, struct diag *d) {
    const char *config = home_path(h, a, "config");
    if (!os_exists(config)) return fail(d, ERR_MISSING, _("there is no home at %s; `parley init` makes one"), h->path);
    return os_read(config, CONFIG_MAX_BYTES, out, d);
}

enum error home_open(const char *path, struct arena *a, struct home *out, struct diag *d) {
    struct home h = {.path = path, .settings = node_settings_default()};
    struct buf content = {.max = CONFIG_MAX_BYTES};
    enum error result = read_file(&h, a, &content, d);
    if (!result) result = read_config(&h, a, buf_as_text(&content), d);
    diag_where(d, result && result != ERR_MISSING ? home_path(&h, a, "config") : NULL);
    buf_free(&content);
    if (!result) *out = h;
    return result;
}

/* ---- writing */

static void write_word(struct home *h, size_t i, struct buf *out) {
    if (place(h, i)->size) buf_format(out, "%s %.*s\n", home_words[i].word, TEXT_ARG(*place(h, i)));
}

/* What stands there, each line that the program keeps in its place; words that are new come at the end. */
static void write_over(struct home *h, struct text before, struct buf *out) {
    bool written[COUNT(home_words)] = {0};
    struct text line;
    while (text_line(&before, &line)) {
        struct text rest = text_trim(line), word;
        size_t at;
        bool ours = text_cut(&rest, ' ', &word) && find_word(word, &at);
        if (!ours) buf_format(out, "%.*s\n", TEXT_ARG(line));
        if (ours && !written[at]) write_word(h, at, out);
        if (ours) written[at] = true;
    }
    for (size_t i = 0; i < home_word_count; i++)
        if (!written[i]) write_word(h, i, out);
}

enum error home_save(const struct home *h, struct diag *d) {
    struct arena a = {0};
    struct home copy = *h;
    struct buf content = {.max = CONFIG_MAX_BYTES}, before = {.max = CONFIG_MAX_BYTES};
    const char *config = home_path(h, &a, "config");
    enum error result = os_exists(config) ? os_read(config, CONFIG_MAX_BYTES, &before, d) : OK;
    write_over(&copy, before.size ? buf_as_text(&before) : TEXT("parley config v1\n"), &content);
    if (!result) result = buf_check(&content, d);
    if (!result) result = os_write(config, buf_as_bytes(&content), 0600, d);
    buf_free(&content);
    buf_free(&before);
    arena_free(&a);
    return result;
}

/* ---- making */

static const char *const begun_name = "making"; /* a file that is there until the home is whole */

static bool has(const char *home, const char *name) {
    char path[OS_PATH_MAX];
    return os_exists(os_path(path, home, name));
}

bool home_is_begun(const char *path) { return has(path, begun_name); }
bool home_is_there(const char *path) { return has(path, "config") && !home_is_begun(path); }

/* What a killed process left of a home that nobody was told of. */
static enum error clear(const struct home *h, struct arena *a, struct diag *d) {
    static const char *const made[] = {"config", "desk", "node"};
    enum error result = OK;
    for (size_t i = 0; home_is_begun(h->path) && i < COUNT(made) && !result; i++)
        result = os_remove_tree(home_path(h, a, "%s", made[i]), d);
    return result;
}

static enum error begin(const struct home *h, struct arena *a, struct diag *d) {
    if (home_is_there(h->path)) return fail(d, ERR_CONFLICT, _("there is a home at %s already"), h->path);
    enum error result = clear(h, a, d);
    if (!result) result = os_make_folders(h->path, 0700, d);
    return result ? result : os_write(home_path(h, a, "%s", begun_name), bytes_of("", 0), 0600, d);
}

enum error home_finish(const struct home *h, struct diag *d) {
    char path[OS_PATH_MAX];
    return os_remove(os_path(path, h->path, begun_name), d);
}

enum error home_create(const struct home *h, struct diag *d) {
    struct arena a = {0};
    enum error result = begin(h, &a, d);
    static const char *const folders[] = {"desk", "desk/peers", "node", "territory"};
    for (size_t i = 0; !result && i < COUNT(folders); i++)
        result = os_make_folders(home_path(h, &a, "%s", folders[i]), 0700, d);
    if (!result) result = home_save(h, d);
    arena_free(&a);
    return result;
}

/* ---- checking: what is of the right form, and yet not right */

static enum error check_party(const char *value, struct diag *d) {
    return party_name_valid(text_of(value)) ? OK : fail(d, ERR_INPUT, _("expected a host name as the party's name"));
}

static enum error check_listen(const char *value, struct diag *d) {
    struct address address;
    return address_read(value, &address, d);
}

static enum error check_metrics(const char *value, struct diag *d) {
    struct address address;
    enum error result = address_read(value, &address, d);
    if (result || address.loopback) return result;
    return fail(d, ERR_INPUT, _("the numbers are for this machine alone: expected 127.0.0.1 or [::1], found “%s”"),
                value);
}

static enum error check_url(const char *value, struct diag *d) {
    struct text rest = text_of(value);
    return text_skip(&rest, TEXT("https://")) && rest.size
               ? OK
               : fail(d, ERR_INPUT, _("expected an address https://…, found “%s”"), value);
}

static enum error check_country(const char *value, struct diag *d) {
    bool two = strlen(value) == 2 && value[0] >= 'A' && value[0] <= 'Z' && value[1] >= 'A' && value[1] <= 'Z';
    return two ? OK : fail(d, ERR_INPUT, _("expected two capital letters of ISO 3166, found “%s”"), value);
}

static enum error check_among(const char *value, const char *const *words, size_t count, struct diag *d) {
    struct buf all = {.max = 256};
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(value, words[i])) {
            buf_free(&all);
            return OK;
        }
        buf_format(&all, "%s%s", i ? ", " : "", words[i]);
    }
    enum error result = fail(d, ERR_INPUT, _("expected one of %.*s, found “%s”"), TEXT_ARG(buf_as_text(&all)), value);
    buf_free(&all);
    return result;
}

static enum error check_lang(const char *value, struct diag *d) {
    return check_among(value, (const char *const[]){"en", "fr", "ru"}, 3, d);
}
static enum error check_yes(const char *value, struct diag *d) {
    return check_among(value, (const char *const[]){"yes", "no"}, 2, d);
}
static enum error check_log(const char *value, struct diag *d) {
    return check_among(value, (const char *const[]){"text", "json"}, 2, d);
}

struct checking {
    struct home *home;
    struct arena *arena;
    void (*fault)(void *state, const struct diag *d);
    void *state;
    const char *config;
    uint64_t at[COUNT(home_words) + NODE_SETTING_COUNT]; /* the line of each word; 0: none yet */
};

static void tell_fault(struct checking *k, uint64_t line, struct diag *d) {
    d->line = line;
    d->where[0] = 0;
    diag_where(d, k->config);
    k->fault(k->state, d);
}

static void check_line(struct checking *k, struct text line, uint64_t number) {
    struct diag d = {0};
    struct text rest = text_trim(line), word;
    size_t at;
    if (read_line(k->home, k->arena, line, number, &d)) {
        tell_fault(k, number, &d);
        return;
    }
    if (!rest.size || rest.at[0] == '#' || !text_cut(&rest, ' ', &word)) return;
    bool is_text = find_word(word, &at);
    if (!is_text) {
        if (!find_setting(word, &at)) return;
        at += home_word_count;
    }
    if (k->at[at]) {
        fail(&d, ERR_INPUT, _("“%.*s” stands in line %llu already"), TEXT_ARG(word), (unsigned long long)k->at[at]);
        tell_fault(k, number, &d);
    }
    k->at[at] = number;
    if (is_text && lines[at].check && lines[at].check(arena_string(k->arena, *place(k->home, at)), &d))
        tell_fault(k, number, &d);
}

static uint64_t line_of(const struct checking *k, const char *word) {
    size_t at = 0;
    return find_word(text_of(word), &at) ? k->at[at] : 0;
}

/* Two of them can't have one port, but port 0, which the system chooses. */
static void check_ports(struct checking *k) {
    const struct {
        const char *word;
        struct text value;
    } all[] = {{"listen", k->home->listen}, {"desk-listen", k->home->desk_listen}, {"metrics", k->home->metrics}};
    struct address read[COUNT(all)];
    bool there[COUNT(all)];
    for (size_t i = 0; i < COUNT(all); i++) {
        there[i] = all[i].value.size && !address_read(arena_string(k->arena, all[i].value), &read[i], NULL);
        for (size_t n = 0; n < i && there[i]; n++) {
            struct diag d = {0};
            if (!there[n] || strcmp(read[i].port, read[n].port) != 0 || !strcmp(read[i].port, "0")) continue;
            fail(&d, ERR_INPUT, _("%s and %s have the same port, %s"), all[n].word, all[i].word, read[i].port);
            tell_fault(k, line_of(k, all[i].word), &d);
        }
    }
}

static void check_folders(struct checking *k) {
    static const char *const folders[] = {"desk", "node"};
    struct diag d = {0};
    for (size_t i = 0; i < COUNT(folders); i++) {
        const char *path = home_path(k->home, k->arena, "%s", folders[i]);
        if (os_is_folder(path) || (k->home->node.size && !strcmp(folders[i], "node"))) continue;
        fail(&d, ERR_INPUT, _("there is no folder %s"), path);
        tell_fault(k, 0, &d);
    }
    const char *socket = home_path(k->home, k->arena, "node/socket");
    if (strlen(socket) < SOCKET_PATH_MAX) return;
    fail(&d, ERR_INPUT, _("the path of the node's socket is too long: %s"), socket);
    tell_fault(k, 0, &d);
}

enum error home_check(const char *path, struct arena *a, void (*fault)(void *state, const struct diag *d), void *state,
                      struct home *out, struct diag *d) {
    struct home h = {.path = path, .settings = node_settings_default()};
    struct checking k = {.home = &h, .arena = a, .fault = fault, .state = state};
    struct buf content = {.max = CONFIG_MAX_BYTES};
    struct diag found = {0};
    k.config = home_path(&h, a, "config");
    enum error result = read_file(&h, a, &content, d);
    struct text rest = buf_as_text(&content), line;
    if (!result && read_first(&rest, &found)) tell_fault(&k, 1, &found);
    for (uint64_t number = 2; !result && text_line(&rest, &line); number++) check_line(&k, line, number);
    for (size_t i = 0; !result && i < home_word_count; i++) {
        if (!home_words[i].needed || place(&h, i)->size) continue;
        fail(&found, ERR_INPUT, _("the setting “%s” is missing"), home_words[i].word);
        tell_fault(&k, 0, &found);
    }
    if (!result) check_ports(&k);
    if (!result) check_folders(&k);
    buf_free(&content);
    if (!result) *out = h;
    return result;
}

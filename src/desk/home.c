#include "desk/home.h"

#include <stdio.h>

enum { CONFIG_MAX_BYTES = 65536 };

/* The lines of the config: one table for reading and writing. */
static const struct {
    const char *word;
    size_t at;
    bool needed;
} lines[] = {
    {"party", offsetof(struct home, party), true},     {"department", offsetof(struct home, department), true},
    {"officer", offsetof(struct home, officer), true}, {"listen", offsetof(struct home, listen), false},
    {"url", offsetof(struct home, url), false},        {"country", offsetof(struct home, country), false},
    {"lang", offsetof(struct home, lang), false},      {"desk-listen", offsetof(struct home, desk_listen), false},
    {"node", offsetof(struct home, node), false},
};

static struct text *place(struct home *h, size_t line) { return (struct text *)(void *)((char *)h + lines[line].at); }

const char *home_path(const struct home *h, struct arena *a, const char *format, ...) {
    char name[OS_PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    ASSERT(size > 0 && (size_t)size < sizeof name);
    return arena_format(a, "%s/%s", h->path, name).at;
}

static enum error read_line(struct home *h, struct arena *a, struct text line, uint64_t number, struct diag *d) {
    struct text word;
    if (!line.size || line.at[0] == '#') return OK;
    if (!text_cut(&line, ' ', &word)) return fail_at(d, number, ERR_INPUT, _("expected a word and its value"));
    for (size_t i = 0; i < COUNT(lines); i++) {
        if (!text_is(word, lines[i].word)) continue;
        *place(h, i) = arena_text(a, text_trim(line));
        return OK;
    }
    return fail_at(d, number, ERR_INPUT, _("no such setting: “%.*s”"), TEXT_ARG(word));
}

static enum error read_config(struct home *h, struct arena *a, struct text t, struct diag *d) {
    struct text line;
    uint64_t number = 1;
    if (!text_line(&t, &line) || !text_is(line, "parley config v1"))
        return fail_at(d, 1, ERR_INPUT, _("expected “parley config v1”"));
    while (text_line(&t, &line)) {
        enum error result = read_line(h, a, line, ++number, d);
        if (result) return result;
    }
    for (size_t i = 0; i < COUNT(lines); i++)
        if (lines[i].needed && !place(h, i)->size)
            return fail(d, ERR_INPUT, _("the setting “%s” is missing"), lines[i].word);
    return OK;
}

enum error home_open(const char *path, struct arena *a, struct home *out, struct diag *d) {
    struct home h = {.path = path};
    struct buf content = {.max = CONFIG_MAX_BYTES};
    const char *config = home_path(&h, a, "config");
    if (!os_exists(config)) return fail(d, ERR_MISSING, _("there is no home at %s; `parley init` makes one"), path);
    enum error result = os_read(config, CONFIG_MAX_BYTES, &content, d);
    if (!result) result = read_config(&h, a, buf_as_text(&content), d);
    diag_where(d, result ? config : NULL);
    buf_free(&content);
    if (!result) *out = h;
    return result;
}

enum error home_save(const struct home *h, struct diag *d) {
    struct arena a = {0};
    struct home copy = *h;
    struct buf content = {.max = CONFIG_MAX_BYTES};
    buf_string(&content, "parley config v1\n");
    for (size_t i = 0; i < COUNT(lines); i++)
        if (place(&copy, i)->size) buf_format(&content, "%s %.*s\n", lines[i].word, TEXT_ARG(*place(&copy, i)));
    enum error result = buf_check(&content, d);
    if (!result) result = os_write(home_path(h, &a, "config"), buf_as_bytes(&content), 0600, d);
    buf_free(&content);
    arena_free(&a);
    return result;
}

enum error home_create(const struct home *h, struct diag *d) {
    struct arena a = {0};
    enum error result = OK;
    if (os_exists(home_path(h, &a, "config")))
        result = fail(d, ERR_CONFLICT, _("there is a home at %s already"), h->path);
    static const char *const folders[] = {"desk", "desk/peers", "node", "territory"};
    for (size_t i = 0; !result && i < COUNT(folders); i++)
        result = os_make_folders(home_path(h, &a, "%s", folders[i]), 0700, d);
    if (!result) result = home_save(h, d);
    arena_free(&a);
    return result;
}

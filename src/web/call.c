#include "web/call.h"

#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/os.h"
#include "json/json.h"

static enum error add(struct call *c, const char *word, struct diag *d) {
    if (c->count == CALL_WORDS_MAX) return fail(d, ERR_LIMIT, _("more than %d words"), CALL_WORDS_MAX);
    c->words[c->count++] = word;
    return OK;
}

/* As a path that the command can open. */
static enum error hold_file(struct call *c, struct bytes content, struct arena *a, const char **path, struct diag *d) {
    if (c->file_count == CALL_FILES_MAX) return fail(d, ERR_LIMIT, _("more than %d files"), CALL_FILES_MAX);
    enum error result = os_memory_file(content, &c->files[c->file_count], d);
    if (!result) *path = arena_format(a, "/proc/self/fd/%d", c->files[c->file_count++]).at;
    return result;
}

static enum error file_value(struct call *c, const json_t *value, struct arena *a, const char **out, struct diag *d) {
    struct buf decoded = {.max = JSON_MAX_BYTES};
    const json_t *base64 = json_object_get(value, "base64"), *content = json_object_get(value, "content");
    const json_t *language = json_object_get(value, "language");
    bool good = json_object_size(value) == (language ? 2 : 1) && json_is_string(base64 ? base64 : content) &&
                (!language || json_is_string(language));
    if (good && base64) good = base64_read(json_as_text(base64), &decoded, BASE64_PADDED);
    enum error result =
        good ? hold_file(c, base64 ? buf_as_bytes(&decoded) : bytes_from_text(json_as_text(content)), a, out, d)
             : fail(d, ERR_USAGE, _("a file is an object with “content”, a text, or with “base64”"));
    if (!result && language) *out = arena_format(a, "%.*s=%s", TEXT_ARG(json_as_text(language)), *out).at;
    buf_wipe(&decoded);
    return result;
}

/* A text, a number or a file, as a word. */
static enum error value_word(struct call *c, const json_t *value, struct arena *a, const char **out, struct diag *d) {
    if (json_is_object(value)) return file_value(c, value, a, out, d);
    if (json_is_integer(value)) {
        *out = arena_format(a, "%lld", (long long)json_integer_value(value)).at;
        return OK;
    }
    if (!json_is_string(value)) return fail(d, ERR_USAGE, _("expected a text, a number or a file"));
    *out = arena_format(a, "%.*s", TEXT_ARG(json_as_text(value))).at;
    return OK;
}

static bool is_name(const char *name) {
    static const char *const own[] = {"home", "passphrase-file", "json", "quiet", "help", "h"};
    if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name) || *name == '-') return false;
    for (size_t i = 0; i < COUNT(own); i++)
        if (!strcmp(name, own[i])) return false;
    return true;
}

static enum error add_option(struct call *c, const char *name, const json_t *value, struct arena *a, struct diag *d) {
    const char *word = NULL;
    if (!is_name(name)) return fail(d, ERR_USAGE, _("the page gives no option “%s”"), name);
    if (json_is_false(value) || json_is_null(value)) return OK;
    enum error result = add(c, arena_format(a, "%s%s", name[1] ? "--" : "-", name).at, d);
    if (result || json_is_true(value)) return result;
    result = value_word(c, value, a, &word, d);
    return result ? result : add(c, word, d);
}

static enum error add_options(struct call *c, json_t *options, struct arena *a, struct diag *d) {
    const char *name;
    json_t *value, *item;
    size_t i;
    enum error result = OK;
    json_object_foreach(options, name, value) {
        if (!json_is_array(value)) {
            if (!result) result = add_option(c, name, value, a, d);
            continue;
        }
        json_array_foreach(value, i, item) {
            if (!result) result = add_option(c, name, item, a, d);
        }
    }
    return result;
}

static enum error add_words(struct call *c, const json_t *words, struct arena *a, struct diag *d) {
    enum error result = add(c, "--", d);
    for (size_t i = 0; !result && i < json_array_size(words); i++) {
        const char *word;
        result = value_word(c, json_array_get(words, i), a, &word, d);
        if (!result) result = add(c, word, d);
    }
    return result;
}

static enum error check_members(json_t *body, struct diag *d) {
    const char *name;
    json_t *value;
    if (!json_is_object(body)) return fail(d, ERR_USAGE, _("expected an object"));
    json_object_foreach(body, name, value) {
        bool words = !strcmp(name, "words") && json_is_array(value);
        bool options = !strcmp(name, "options") && json_is_object(value);
        if (!words && !options)
            return fail(d, ERR_USAGE, _("expected “words”, a list, and “options”, an object; found “%s”"), name);
    }
    return OK;
}

enum error call_read(struct bytes body, struct arena *a, struct call *out, struct diag *d) {
    json_t *whole = NULL;
    *out = (struct call){.words = ARENA_ARRAY(a, const char *, CALL_WORDS_MAX + 1)};
    enum error result = body.size ? json_read(body, &whole, d) : OK;
    if (!result && whole) result = check_members(whole, d);
    if (!result) result = add_options(out, json_child(whole, "options"), a, d);
    if (!result) result = add_words(out, json_list(whole, "words"), a, d);
    json_decref(whole);
    return result;
}

void call_close(struct call *c) {
    for (size_t i = 0; i < c->file_count; i++) close(c->files[i]);
    c->file_count = 0;
}

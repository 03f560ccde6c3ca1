#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_status;
    int http_status;
    const char *sentence;
} errors[] = {
#define X(code, exit, http, sentence) {#code, exit, http, sentence},
    ERROR_LIST(X)
#undef X
};

/* A character that was cut in two is left out: text that is not UTF-8 can be told in no JSON. */
static void end_whole(char *text, size_t size) {
    size_t lead = size;
    while (lead && ((unsigned char)text[lead - 1] & 0xc0) == 0x80) lead--;
    if (!lead || !((unsigned char)text[lead - 1] & 0x80)) return;
    unsigned char first = (unsigned char)text[lead - 1];
    size_t whole = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (size - (lead - 1) < whole) text[lead - 1] = 0;
}

FORMAT(4, 0)
static void fill(struct diag *d, uint64_t line, enum error code, const char *format, va_list arguments) {
    if (!d) return;
    d->code = code;
    d->line = line;
    d->where[0] = 0;
    int size = vsnprintf(d->text, sizeof d->text, format, arguments);
    if (size >= (int)sizeof d->text) end_whole(d->text, sizeof d->text - 1);
}

enum error fail(struct diag *d, enum error code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fill(d, 0, code, format, arguments);
    va_end(arguments);
    return code;
}

enum error fail_at(struct diag *d, uint64_t line, enum error code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fill(d, line, code, format, arguments);
    va_end(arguments);
    return code;
}

enum error fail_errno(struct diag *d, const char *path, const char *doing) {
    int number = errno;
    enum error code = number == ENOSPC || number == EDQUOT ? ERR_FULL : number == ENOENT ? ERR_MISSING : ERR_IO;
    enum error result = fail(d, code, "%s: %s", doing, strerror(number));
    diag_where(d, path);
    return result;
}

void diag_where(struct diag *d, const char *where) {
    if (d && !d->where[0] && where) snprintf(d->where, sizeof d->where, "%s", where);
}

int error_exit_status(enum error code) { return errors[code].exit_status; }
int error_http_status(enum error code) { return errors[code].http_status; }
const char *error_sentence(enum error code) { return errors[code].sentence; }
const char *error_name(enum error code) { return errors[code].name; }

const char *word_shown(const char *list, const char *word) {
    char id[128]; /* as gettext spells a context, and as msgfmt compiles it */
    if ((size_t)snprintf(id, sizeof id, "%s\004%s", list, word) >= sizeof id) return word;
    const char *shown = gettext(id);
    return shown == id ? word : shown;
}

_Noreturn void assert_failed(const char *truth, const char *file, int line) {
    fprintf(stderr, "parley: internal error: %s (%s:%d)\n", truth, file, line);
    abort();
}

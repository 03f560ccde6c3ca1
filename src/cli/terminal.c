/* What a terminal shows: columns and progress. */
#include <stdarg.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/cli.h"

void cli_pad(FILE *to, struct text t, size_t width) {
    size_t used = text_columns(t);
    fprintf(to, "%.*s%*s", TEXT_ARG(t), used < width ? (int)(width - used) : 0, "");
}

void progress_start(struct progress *p, const struct cli *c) {
    *p = (struct progress){.shown = !c->quiet && isatty(2), .started = os_now_precise()};
}

FORMAT(2, 3)
void progress_tell(struct progress *p, const char *format, ...) {
    instant now = os_now_precise();
    if (!p->shown || now - p->last < INSTANT_SECOND / 10) return;
    p->last = now;
    va_list arguments;
    va_start(arguments, format);
    fputs("\r\033[K", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

void progress_end(struct progress *p) {
    if (p->shown && p->last) fputs("\r\033[K", stderr);
}

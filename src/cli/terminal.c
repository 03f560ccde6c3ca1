/* What a terminal shows: columns and progress. */
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/cli.h"

struct text cli_shown(struct cli *c, struct text t) {
    struct buf line = {.max = t.size + 1};
    buf_line(&line, t);
    struct text shown = arena_text(&c->arena, buf_as_text(&line));
    buf_free(&line);
    return shown;
}

struct text cli_shown_lines(struct cli *c, struct text t, const char *before) {
    struct buf lines = {.max = SIZE_MAX / 2};
    for (struct text rest = t; rest.size;) {
        size_t end = text_find(rest, '\n');
        buf_string(&lines, before);
        buf_line(&lines, text_sub(rest, 0, end));
        buf_char(&lines, '\n');
        rest = text_sub(rest, end < rest.size ? end + 1 : end, rest.size);
    }
    struct text shown = arena_text(&c->arena, buf_as_text(&lines));
    buf_free(&lines);
    return shown;
}

void cli_pad(FILE *to, struct text t, size_t width) {
    size_t used = text_columns(t);
    fprintf(to, "%.*s%*s", TEXT_ARG(t), used < width ? (int)(width - used) : 0, "");
}

void progress_start(struct progress *p, const struct cli *c) {
    *p = (struct progress){.shown = !c->quiet && (c->tells_progress || isatty(2)),
                           .lines = c->tells_progress,
                           .started = os_now_precise()};
}

FORMAT(2, 3)
void progress_tell(struct progress *p, const char *format, ...) {
    instant now = os_now_precise();
    if (!p->shown || now - p->last < INSTANT_SECOND / 10) return;
    p->last = now;
    va_list arguments;
    va_start(arguments, format);
    fputs(p->lines ? "\x1e" : "\r\033[K", stderr);
    vfprintf(stderr, format, arguments);
    if (p->lines) fputc('\n', stderr);
    va_end(arguments);
}

void progress_end(struct progress *p) {
    if (p->shown && !p->lines && p->last) fputs("\r\033[K", stderr);
}

size_t terminal_columns(void) {
    struct winsize size;
    return isatty(1) && !ioctl(1, TIOCGWINSZ, &size) ? size.ws_col : 0;
}

struct grid grid_new(struct arena *a, size_t count) {
    return (struct grid){.arena = a, .count = count};
}

void grid_row(struct grid *t, const struct text *cells) {
    for (size_t i = 0; i < t->count; i++) {
        t->cells = arena_grow(t->arena, t->cells, t->rows * t->count + i, &t->room, sizeof *cells);
        t->cells[t->rows * t->count + i] = cells[i];
    }
    t->rows++;
}

static size_t column_width(const struct grid *t, size_t column) {
    size_t width = 0;
    for (size_t row = 0; row < t->rows; row++) {
        size_t cell = text_columns(t->cells[row * t->count + column]);
        if (cell > width) width = cell;
    }
    return width;
}

static void print_row(const struct grid *t, const struct text *cells, const size_t *widths, FILE *to) {
    size_t count = t->count;
    while (count && !cells[count - 1].size) count--; /* no spaces at the end of a line */
    for (size_t i = 0; i < count; i++) {
        size_t width = widths[i];
        if (t->right & 1u << i) {
            fprintf(to, "%*s", (int)(width - text_columns(cells[i])), "");
            width = text_columns(cells[i]);
        }
        cli_pad(to, cells[i], i + 1 == count ? 0 : width + 2);
    }
    fputc('\n', to);
}

void grid_print(const struct grid *t, FILE *to) {
    size_t *widths = ARENA_ARRAY(t->arena, size_t, t->count);
    for (size_t i = 0; i < t->count; i++) widths[i] = column_width(t, i);
    for (size_t row = 0; row < t->rows; row++) print_row(t, t->cells + row * t->count, widths, to);
}

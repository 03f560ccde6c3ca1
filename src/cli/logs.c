#include "cli/logs.h"

#include <unistd.h>

#include "cli/speak.h"
#include "scan/timezone.h"
#include "vocab/rsit.h"

static enum error read_format(struct cli *c, const char *name, struct scan_options *out) {
    if (!name) return OK;
    out->format = format_find(text_of(name));
    if (out->format) return OK;
    struct buf known = {.max = 4096};
    for (size_t i = 0; i < line_format_count; i++) buf_format(&known, "%s%s", i ? " " : "", line_formats[i].name);
    enum error result = cli_usage(c, _("--format: no such format: “%s”; there are %.*s"), name, (int)known.size,
                                  (const char *)known.at);
    buf_free(&known);
    return result;
}

static enum error read_event(struct cli *c, const char *event, struct scan_options *out) {
    if (!event) return OK;
    const struct rsit_type *type = rsit_find(text_of(event));
    if (!type)
        return cli_usage(c, _("--event: expected an event of the incident taxonomy, as brute-force, found “%s”"),
                         event);
    out->event = text_of(type->value);
    return OK;
}

static enum error read_stamps(struct cli *c, const struct log_options *typed, struct stamp_options *out) {
    if (typed->year && typed->until)
        return cli_usage(c, _("--year and --until both say of which year a time is: give one of them"));
    if (typed->year > 9999) return cli_usage(c, _("--year: expected a year up to 9999"));
    out->year = (int64_t)typed->year;
    out->until = INSTANT_NONE;
    enum error result = cli_time(c, "--until", typed->until, &out->until);
    if (result || !typed->timezone) return result;
    return timezone_load(text_of(typed->timezone), &c->arena, &out->zone, &c->diag);
}

static enum error read_threads(struct cli *c, uint64_t typed, struct scan_options *out) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (typed > SCAN_THREADS_MAX) return cli_usage(c, _("--threads: expected at most %d"), SCAN_THREADS_MAX);
    if (!typed) typed = processors < 1 ? 1 : processors > SCAN_THREADS_MAX ? SCAN_THREADS_MAX : (uint64_t)processors;
    out->threads = (unsigned)typed;
    return OK;
}

enum error cli_log_options(struct cli *c, const struct log_options *typed, struct scan_options *out) {
    enum error result = read_format(c, typed->format, out);
    if (!result) result = read_event(c, typed->event, out);
    if (!result) result = read_stamps(c, typed, &out->stamps);
    return result ? result : read_threads(c, typed->threads, out);
}

static void tell_progress(void *state, size_t file, uint64_t bytes, uint64_t lines) {
    (void)file;
    progress_tell(state, _n("%llu MiB, %llu line", "%llu MiB, %llu lines", lines), (unsigned long long)(bytes >> 20),
                  (unsigned long long)lines);
}

void cli_log_progress(struct cli *c, struct progress *p, struct scan_options *scan) {
    progress_start(p, c);
    scan->progress = tell_progress;
    scan->progress_state = p;
}

void cli_log_report(const struct log_options *typed, const struct scan_report *r, struct buf *out) {
    scan_report_page(r, out);
    if (r->zoneless && !typed->timezone)
        buf_format(out, "%s\n", _("some times name no zone: they are read as UTC; --timezone names another"));
}

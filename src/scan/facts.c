#include "scan/facts.h"

#include <unistd.h>

static enum error take_line(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    struct facts_scanned *f = state;
    if (s->reason != REASON_FACT) return OK;
    struct place_in_input at = {s->part, s->line_number};
    return gather_add(f->gathers[thread], s->observation, s->format->keeps_port, s->line, at, d);
}

static size_t memory_max(const struct facts_options *o) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (o->max_bytes) return o->max_bytes;
    return pages > 0 && size > 0 ? (size_t)pages / 4 * 3 * (size_t)size : (size_t)1 << 32;
}

enum error facts_from_files(const char *const *names, size_t count, const struct facts_options *o, struct arena *a,
                            struct facts_scanned *out, struct diag *d) {
    struct scan_options scan = o->scan;
    const struct gather_options options = {.window = o->window,
                                           .keep_lines = o->keep_lines,
                                           .seed = o->seed,
                                           .max_bytes = memory_max(o) / (scan.threads + 1)};
    *out = (struct facts_scanned){0};
    for (unsigned i = 0; i < scan.threads; i++) out->gathers[i] = gather_new(&options);
    scan.line = take_line;
    scan.state = out;
    enum error result = scan_files(names, count, &scan, a, &out->report, d);
    for (unsigned i = 1; !result && i < scan.threads; i++) result = gather_join(out->gathers[0], out->gathers[i], d);
    if (!result) result = gather_end(out->gathers[0], a, &out->facts, d);
    return result;
}

void facts_scanned_free(struct facts_scanned *f) {
    for (size_t i = 0; i < SCAN_THREADS_MAX; i++) gather_free(f->gathers[i]);
    *f = (struct facts_scanned){0};
}

bool facts_nothing_read(const struct scan_report *r) {
    uint64_t understood = 0;
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        bool says_something = reason != REASON_EMPTY && reason != REASON_COMMENT;
        if (says_something && reasons[reason].verdict != VERDICT_REJECT) understood += r->counts[reason];
    }
    return r->lines && !understood;
}

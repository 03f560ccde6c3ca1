/* Threads that take parts, one after the other, and read their lines; what they found, put together in input order. */
#include "scan/scan.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "line/rules.h"
#include "scan/order.h"
#include "scan/source.h"

struct found { /* a line of a part, to be shown */
    uint64_t part, line;
    enum reason reason;
    struct text text; /* in a worker's arena */
};

struct part_done {
    size_t file;
    uint64_t lines;
    const struct found *rejects; /* in a worker's arena */
    size_t reject_count;
    struct order order;
};

struct failure {
    enum error code; /* OK: none */
    struct diag diag;
    uint64_t part, line; /* where it was */
    bool at_line;
};

struct scan {
    const struct scan_options *options;
    const struct rules *rules;
    pthread_mutex_t lock; /* of all below */
    struct source source;
    struct part_done *parts;
    size_t part_room;
    uint64_t lines, bytes;
    uint64_t size; /* of all files; 0: not known */
    size_t rejects_bytes;
    bool stop;
};

struct worker {
    struct scan *scan;
    unsigned number;
    pthread_t thread;
    bool started;
    char *buffer;
    uint64_t *line_ends;
    struct reader reader;
    struct arena arena;
    uint64_t counts[REASON_COUNT], twice;
    bool zoneless;
    struct found examples[REASON_COUNT];
    struct found *rejects; /* of the part in work */
    size_t reject_count, reject_room, rejects_bytes;
    struct order order; /* of the part in work */
    struct failure failure;
};

/* ---- one line */

static struct found found_of(struct worker *w, const struct scanned *s) {
    size_t size = s->line.size < SCAN_TEXT_MAX ? s->line.size : SCAN_TEXT_MAX;
    return (struct found){s->part, s->line_number, s->reason, arena_text(&w->arena, text_sub(s->line, 0, size))};
}

static void keep(struct worker *w, const struct scanned *s) {
    if (!w->counts[s->reason]++) w->examples[s->reason] = found_of(w, s);
    if (!w->scan->options->keep_rejects || reasons[s->reason].verdict != VERDICT_REJECT) return;
    w->rejects = arena_grow(&w->arena, w->rejects, w->reject_count, &w->reject_room, sizeof *w->rejects);
    w->rejects[w->reject_count] = found_of(w, s);
    w->rejects_bytes += SCAN_REJECT_BYTES + w->rejects[w->reject_count++].text.size;
}

static enum error take_line(struct worker *w, const struct scanned *s, struct diag *d) {
    const struct scan_options *o = w->scan->options;
    if (s->reason == REASON_FACT) {
        w->counts[REASON_FACT]++;
        w->twice += s->observation->twice;
        order_add(&w->order, o->slack, s->observation, s->part, s->line_number, s->line, &w->arena);
    } else {
        keep(w, s);
    }
    if (s->reason == REASON_YEAR)
        return fail(d, ERR_USAGE,
                    _("the times of this log don't name their year: say that of its first line with --year, or with "
                      "--until a time that none of them is after"));
    return o->line ? o->line(o->state, w->number, s, d) : OK;
}

/* ---- one part */

static void start_reader(struct worker *w, const struct part *p) {
    const struct scan_options *o = w->scan->options;
    reader_start(&w->reader, p->format, &p->columns, &o->stamps, p->chain, o->event);
    if (o->sift) w->reader.search.sift = o->sift;
    w->reader.no_nul = !p->nul;
    w->reader.rules = w->scan->rules;
    w->reader.where = o->where;
    w->reader.logins.asked = o->asks_user;
}

static enum error read_part(struct worker *w, const struct part *p, uint64_t *lines) {
    struct observation observation;
    struct scanned s = {.observation = &observation,
                        .format = p->format,
                        .file = p->file,
                        .part = p->number,
                        .logins = &w->reader.logins};
    enum error result = OK;
    if (p->hashing) hashings_try(&w->scan->source.hashings, p->hashing);
    start_reader(w, p);
    struct part_lines rest = part_lines(p);
    for (; !result && next_line(&rest, &s.line); s.line_number++) {
        s.reason = reader_line(&w->reader, s.line, &observation);
        if (s.line.size && s.line.at[s.line.size - 1] == '\r') s.line.size--;
        result = take_line(w, &s, &w->failure.diag);
    }
    w->zoneless = w->zoneless || stamper_asked_zone(&w->reader.stamper);
    *lines = s.line_number;
    if (p->hashing) hashings_finish(&w->scan->source.hashings, p->hashing);
    if (result) {
        w->failure.code = result;
        w->failure.part = p->number;
        w->failure.line = s.line_number - 1;
        w->failure.at_line = true;
    }
    return result;
}

/* With the lock held: whoever writes the log chooses how much of it can't be read, so not all of that is kept. */
static bool too_many_rejects(struct worker *w, const struct part *p) {
    struct scan *scan = w->scan;
    size_t max = scan->options->rejects_bytes_max ? scan->options->rejects_bytes_max : SCAN_REJECTS_BYTES_MAX;
    scan->rejects_bytes += w->rejects_bytes;
    w->rejects_bytes = 0;
    if (scan->rejects_bytes <= max || w->failure.code) return w->failure.code != OK;
    w->failure.part = p->number;
    w->failure.code =
        fail(&w->failure.diag, ERR_LIMIT,
             _("more than %zu MiB of lines that could not be read: list those of fewer files"), max >> 20);
    return true;
}

static void tell_progress(const struct scan *scan) {
    const struct source *s = &scan->source;
    struct scan_progress p = {scan->bytes, scan->lines, s->taken + s->input.taken, scan->size};
    if (scan->options->progress) scan->options->progress(scan->options->progress_state, &p);
}

/* With the lock held: what became of a part.  False: it is the last that is read. */
static bool note_part(struct worker *w, const struct part *p, uint64_t lines) {
    struct scan *scan = w->scan;
    scan->parts[p->number] = (struct part_done){p->file, lines, w->rejects, w->reject_count, w->order};
    w->order = (struct order){0};
    w->rejects = NULL;
    w->reject_count = w->reject_room = 0;
    scan->lines += lines;
    scan->bytes += p->bytes.size;
    tell_progress(scan);
    return !too_many_rejects(w, p);
}

/* With the lock held: the next part, and a place for what becomes of it.  False: there is none, or it failed. */
static bool take_part(struct worker *w, struct part *out) {
    struct scan *scan = w->scan;
    if (scan->stop) return false;
    uint64_t number = scan->source.parts;
    enum error result = source_next(&scan->source, w->buffer, w->line_ends, out, &w->failure.diag);
    if (result) {
        w->failure.code = result;
        w->failure.part = number;
        return false;
    }
    if (number == scan->part_room) {
        size_t room = scan->part_room ? scan->part_room * 2 : 64;
        struct part_done *parts = realloc(scan->parts, room * sizeof *parts);
        ASSERT(parts && "memory is left");
        scan->parts = parts;
        scan->part_room = room;
    }
    return out->bytes.size > 0;
}

static void *work(void *state) {
    struct worker *w = state;
    struct scan *scan = w->scan;
    struct part part;
    uint64_t lines;
    pthread_mutex_lock(&scan->lock);
    for (bool good = true; good && take_part(w, &part);) {
        pthread_mutex_unlock(&scan->lock);
        good = read_part(w, &part, &lines) == OK;
        pthread_mutex_lock(&scan->lock);
        good = note_part(w, &part, lines) && good;
    }
    scan->stop = true; /* at the end of the files, too */
    pthread_mutex_unlock(&scan->lock);
    return NULL;
}

static void work_all(struct worker *workers, unsigned count) {
    for (unsigned i = 1; i < count; i++)
        workers[i].started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    work(&workers[0]); /* so one is always there */
    for (unsigned i = 1; i < count; i++)
        if (workers[i].started) pthread_join(workers[i].thread, NULL);
}

/* ---- the report */

/* The number of the first line of each part within its file, from 1. */
static uint64_t *first_lines(const struct scan *s, struct arena *a) {
    uint64_t *first = ARENA_ARRAY(a, uint64_t, s->source.parts + 1);
    for (uint64_t i = 0; i < s->source.parts; i++)
        first[i] = i && s->parts[i].file == s->parts[i - 1].file ? first[i - 1] + s->parts[i - 1].lines : 1;
    return first;
}

static const struct scan_part *parts_of(const struct scan *s, const uint64_t *first, struct arena *a) {
    struct scan_part *parts = ARENA_ARRAY(a, struct scan_part, s->source.parts + 1);
    for (uint64_t i = 0; i < s->source.parts; i++) parts[i] = (struct scan_part){s->parts[i].file, first[i]};
    return parts;
}

static struct line_at line_at(const struct scan *s, const uint64_t *first, const struct found *f, struct arena *a) {
    return (struct line_at){s->parts[f->part].file, first[f->part] + f->line, arena_text(a, f->text)};
}

static void put_examples(const struct scan *s, const struct worker *workers, unsigned count, const uint64_t *first,
                         struct arena *a, struct scan_report *out) {
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        const struct found *earliest = NULL;
        for (unsigned i = 0; i < count; i++) {
            const struct found *f = &workers[i].examples[reason];
            out->counts[reason] += workers[i].counts[reason];
            if (reason == REASON_FACT || !workers[i].counts[reason]) continue;
            if (!earliest || f->part < earliest->part) earliest = f; /* a part is one worker's */
        }
        if (earliest) out->examples[reason] = line_at(s, first, earliest, a);
    }
}

static void put_rejects(const struct scan *s, const uint64_t *first, struct arena *a, struct scan_report *out) {
    size_t count = 0;
    for (uint64_t i = 0; i < s->source.parts; i++) count += s->parts[i].reject_count;
    out->rejects = ARENA_ARRAY(a, struct scan_reject, count);
    for (uint64_t i = 0; i < s->source.parts; i++)
        for (size_t j = 0; j < s->parts[i].reject_count; j++) {
            const struct found *f = &s->parts[i].rejects[j];
            out->rejects[out->reject_count++] = (struct scan_reject){f->reason, line_at(s, first, f, a)};
        }
}

static void put_order(const struct scan *s, const uint64_t *first, struct arena *a, struct scan_report *out) {
    struct order all = {0};
    for (uint64_t i = 0; i < s->source.parts; i++) {
        size_t file = s->parts[i].file, before = i ? s->parts[i - 1].file : file;
        bool follows = file == before || (file == before + 1 && s->source.files[file].continues);
        order_join(&all, &s->parts[i].order, follows, s->options->slack);
    }
    out->order = (struct scan_order){
        .within = all.within, .beyond = all.beyond, .most_within = all.most_within, .most_beyond = all.most_beyond};
    const struct order_line *l = &all.example;
    if (all.beyond)
        out->order.example = (struct line_at){s->parts[l->part].file, first[l->part] + l->line, arena_text(a, l->text)};
}

static void put_sums(const struct scan *s, const struct worker *workers, unsigned count, struct scan_report *out) {
    for (uint64_t i = 0; i < s->source.parts; i++) out->files[s->parts[i].file].lines += s->parts[i].lines;
    for (size_t i = 0; i < out->file_count; i++) {
        out->lines += out->files[i].lines;
        out->bytes += out->files[i].bytes;
    }
    for (unsigned i = 0; i < count; i++) {
        out->twice += workers[i].twice;
        out->zoneless = out->zoneless || workers[i].zoneless;
    }
}

/* The failure that stands first in the input: all parts before it were read, so it is the same for any number of
 * threads. */
static enum error first_failure(const struct scan *s, const struct worker *workers, unsigned count, struct diag *d) {
    const struct failure *first = NULL;
    for (unsigned i = 0; i < count; i++) {
        const struct failure *f = &workers[i].failure;
        if (f->code && (!first || f->part < first->part)) first = f;
    }
    if (!first) return OK;
    if (!d) return first->code;
    *d = first->diag;
    if (!first->at_line) return first->code;
    struct arena a = {0};
    d->line = first_lines(s, &a)[first->part] + first->line;
    diag_where(d, s->source.names[s->parts[first->part].file]);
    arena_free(&a);
    return first->code;
}

static enum error scan_all(struct scan *s, struct worker *workers, unsigned count, struct arena *a,
                           struct scan_report *out, struct diag *d) {
    struct scan_report report = {.files = s->source.files, .file_count = s->source.count};
    work_all(workers, count);
    enum error result = first_failure(s, workers, count, d);
    if (result) return result;
    hashings_flush(&s->source.hashings); /* the end of the last file */
    const uint64_t *first = first_lines(s, a);
    put_examples(s, workers, count, first, a, &report);
    put_rejects(s, first, a, &report);
    put_order(s, first, a, &report);
    put_sums(s, workers, count, &report);
    report.parts = parts_of(s, first, a);
    report.part_count = s->source.parts;
    *out = report;
    return OK;
}

/* 0 where one is no regular file: nobody knows how much will come. */
static uint64_t size_of_all(const char *const *names, size_t count) {
    uint64_t sum = 0, size;
    for (size_t i = 0; i < count; i++) {
        const char *name = strcmp(names[i], "-") ? names[i] : "/dev/stdin"; /* which may be a file */
        if (!os_is_file(name) || os_size(name, &size, NULL)) return 0;
        sum += size;
    }
    return sum;
}

static const struct rules *own_rules(struct arena *a) {
    struct rules *rules = ARENA_NEW(a, struct rules);
    rules_add_own(rules, a);
    return rules;
}

enum error scan_files(const char *const *names, size_t count, const struct scan_options *o, struct arena *a,
                      struct scan_report *out, struct diag *d) {
    ASSERT(o->threads >= 1 && o->threads <= SCAN_THREADS_MAX);
    if (count > SCAN_FILES_MAX) return fail(d, ERR_LIMIT, _("more than %d files"), SCAN_FILES_MAX);
    struct scan scan = {.options = o, .rules = o->rules, .lock = PTHREAD_MUTEX_INITIALIZER};
    if (!scan.rules) scan.rules = own_rules(a);
    struct worker *workers = calloc(o->threads, sizeof *workers);
    ASSERT(workers && "memory is left");
    if (o->progress) scan.size = size_of_all(names, count);
    source_start(&scan.source, names, count, o, ARENA_ARRAY(a, struct scan_file, count));
    for (unsigned i = 0; i < o->threads; i++) {
        workers[i].scan = &scan;
        workers[i].number = i;
        workers[i].buffer = malloc(SCAN_PART_SIZE);
        workers[i].line_ends = malloc(PART_ENDS * sizeof *workers[i].line_ends);
        ASSERT(workers[i].buffer && workers[i].line_ends && "memory is left");
    }
    enum error result = scan_all(&scan, workers, o->threads, a, out, d);
    for (unsigned i = 0; i < o->threads; i++) {
        free(workers[i].buffer);
        free(workers[i].line_ends);
        arena_free(&workers[i].arena);
    }
    source_end(&scan.source);
    free(scan.parts);
    free(workers);
    return result;
}

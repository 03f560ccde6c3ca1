#include "scan/check_logs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "finding/from_claim.h"
#include "finding/from_line.h"

/* ---- sources */

enum { NAME_MAX_BYTES = 200 };

struct source_name {
    struct text stem;
    size_t same;                 /* how many of this stem came before */
    const struct format *format; /* NULL: nothing in it */
};

struct span { /* of the stamps of a file */
    bool any;
    instant first, last;
};

struct seer { /* a thread's */
    struct check *check;
    const struct format *format; /* of the line before, */
    bool traffic;                /* and whether it sees traffic */
    size_t file;                 /* of the line before, */
    instant stamp;               /* and its time; INSTANT_NONE: none */
    bool *covers;                /* by source: it was seen to cover traffic */
    struct span *spans;          /* by file */
};

struct checking {
    const struct check_logs_options *options;
    struct check_options check;
    pthread_mutex_t lock; /* of what the checks share */
    struct seer seers[SCAN_THREADS_MAX];
    size_t *source_of; /* of each file */
    struct source_name *sources;
    size_t source_count;
};

/* A place for each source, and its number for each file. */
static void find_sources(struct checking *k, const char *const *names, size_t count, struct arena *a) {
    struct map paths = {.arena = a}, stems = {.arena = a};
    k->source_of = ARENA_ARRAY(a, size_t, count + 1);
    k->sources = ARENA_ARRAY(a, struct source_name, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct source_name **at = (struct source_name **)map_put(&paths, log_name_read(text_of(names[i])).source);
        if (!*at) {
            struct text stem = log_stem(text_of(names[i]));
            size_t **same = (size_t **)map_put(&stems, stem);
            if (!*same) *same = ARENA_NEW(a, size_t);
            *at = &k->sources[k->source_count++];
            **at = (struct source_name){.stem = stem, .same = (**same)++};
        }
        k->source_of[i] = (size_t)(*at - k->sources);
    }
}

/* The name of a file is whatever its maker liked; what can't stand in a line is left out. */
static struct text name_source(const struct source_name *s, size_t number, struct arena *a) {
    bool plain = text_is_note_text(s->stem) && text_find(s->stem, '\n') == s->stem.size;
    struct text name = text_is(s->stem, "-") ? TEXT("standard input") : s->stem;
    if (!plain) name = arena_format(a, "source %zu", number + 1);
    if (s->same) name = arena_format(a, "%.*s [%zu]", TEXT_ARG(name), s->same + 1);
    return s->format ? arena_format(a, "%.*s (%s)", TEXT_ARG(name), s->format->name) : name;
}

/* ---- lines */

/* Parts count through all files and lines through a part, so places are in the order of the input. */
enum { PLACE_LINE_BITS = 32 };
static uint64_t place_of(const struct scanned *s) { return s->part << PLACE_LINE_BITS | (s->line_number & UINT32_MAX); }

static void widen(struct span *s, instant at) {
    if (at == INSTANT_NONE) return;
    if (!s->any || at < s->first) s->first = at;
    if (!s->any || at > s->last) s->last = at;
    s->any = true;
}

/* Many lines have the time of the line before, of which all is known then. */
static enum error see_stamp(const struct checking *k, struct seer *seer, const struct scanned *s, struct diag *d) {
    instant at = written_at(s->observation);
    if (at == INSTANT_NONE || (at == seer->stamp && s->file == seer->file)) return OK;
    seer->stamp = at;
    seer->file = s->file;
    widen(&seer->spans[s->file], at);
    return check_stamp(seer->check, k->source_of[s->file], at, d);
}

static enum error see_line(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    const struct checking *k = state;
    struct seer *seer = &((struct checking *)state)->seers[thread];
    const struct observation *o = s->observation;
    size_t source = k->source_of[s->file];
    struct sighting sighting;
    enum error result = see_stamp(k, seer, s, d);
    if (result) return result;
    if (reasons[s->reason].verdict == VERDICT_REJECT) check_unread(seer->check, source);
    if (seer->format != s->format) seer->traffic = format_sees_traffic(s->format);
    seer->format = s->format;
    bool traffic = seer->traffic || o->traffic;
    if (traffic && !seer->covers[source] && line_covers_traffic(s->format, s->line, o)) {
        seer->covers[source] = true;
        check_sees_traffic(seer->check, source);
    }
    if (!sighting_of(o, s->reason, traffic, &sighting)) return OK;
    sighting.place = place_of(s);
    check_see(seer->check, source, &sighting);
    return OK;
}

/* ---- evidence */

/* "nat.log.1, line 42": the file without its folders, as its maker called it where that can stand in a line. */
static struct text line_words(const struct checking *k, const struct scan_report *r, uint64_t place, struct arena *a) {
    const struct scan_part *part = &r->parts[place >> PLACE_LINE_BITS];
    const struct source_name *source = &k->sources[k->source_of[part->file]];
    struct text name = text_of(r->files[part->file].name), folder;
    while (text_cut(&name, '/', &folder)) continue;
    if (!text_is_note_text(name) || text_find(name, '\n') < name.size || name.size > NAME_MAX_BYTES)
        name = arena_format(a, "file %zu", part->file + 1);
    if (source->same) name = arena_format(a, "%.*s [%zu]", TEXT_ARG(name), source->same + 1);
    uint64_t line = part->first_line + (place & UINT32_MAX);
    return arena_format(a, "%.*s, line %llu", TEXT_ARG(name), (unsigned long long)line);
}

static struct text note_of(const struct checking *k, const struct scan_report *r, const struct trail *t,
                           struct arena *a) {
    struct text line = line_words(k, r, t->place, a);
    char of[IP_TEXT_MAX], other[IP_TEXT_MAX];
    ip_write(t->of, of);
    switch (t->kind) {
    case TRAIL_TRANSLATED: return arena_format(a, "upstream by %.*s", TEXT_ARG(line));
    case TRAIL_HELD: return arena_format(a, "the port was given out to %s: %.*s", of, TEXT_ARG(line));
    case TRAIL_SEVERAL:
        return arena_format(a, "several upstreams: %s by %.*s, %s by %.*s", of, TEXT_ARG(line),
                            (ip_write(t->other, other), other), TEXT_ARG(line_words(k, r, t->other_place, a)));
    case TRAIL_SESSION: return arena_format(a, "upstream had a session to the source: %.*s", TEXT_ARG(line));
    case TRAIL_SESSIONS:
        return arena_format(a, "several had a session to the source, %s among them: %.*s", of, TEXT_ARG(line));
    case TRAIL_NONE: break;
    }
    return (struct text){0};
}

/* What names an upstream is named itself, so that a person looks at the very line. */
static void put_notes(const struct checking *k, struct logs_checked *done, struct arena *a) {
    const struct findings suggested = done->checked.findings;
    bool any = false;
    for (size_t i = 0; i < suggested.count; i++) any = any || done->checked.trails[i].kind;
    if (!any) return;
    struct finding *findings = ARENA_ARRAY(a, struct finding, suggested.count + 1);
    for (size_t i = 0; i < suggested.count; i++) {
        const struct trail *t = &done->checked.trails[i];
        findings[i] = suggested.at[i];
        if (t->kind) findings[i].note = note_of(k, &done->report, t, a);
    }
    done->checked.findings.at = findings;
}

/* ---- all of it */

static void enter(void *state) { pthread_mutex_lock(state); }
static void leave(void *state) { pthread_mutex_unlock(state); }

static enum error start_seer(struct checking *k, struct seer *s, size_t files, struct diag *d) {
    enum error result = OK;
    s->covers = calloc(k->source_count + 1, sizeof *s->covers);
    s->spans = calloc(files + 1, sizeof *s->spans);
    s->stamp = INSTANT_NONE;
    ASSERT(s->covers && s->spans && "memory is left");
    for (size_t i = 0; !result && i < k->source_count; i++) {
        size_t number;
        result = check_source(s->check, k->sources[i].stem, false, &number, d);
        ASSERT(result || number == i);
    }
    return result;
}

static enum error start(struct checking *k, const struct check_fact *facts, size_t count, size_t files,
                        struct diag *d) {
    enum error result = OK;
    k->check.guard = (struct check_guard){enter, leave, &k->lock};
    for (unsigned i = 0; !result && i < k->options->scan.threads; i++) {
        struct check *first = k->seers[0].check;
        k->seers[i].check = first ? check_beside(first) : check_new(facts, count, &k->check, k->options->random);
        result = start_seer(k, &k->seers[i], files, d);
    }
    return result;
}

static void stop(struct checking *k) {
    for (unsigned i = k->options->scan.threads; i-- > 0;) { /* the first one is shared by the others */
        check_free(k->seers[i].check);
        free(k->seers[i].covers);
        free(k->seers[i].spans);
    }
}

/* Whether lines are known to be lost between two files of a source. */
static bool is_hole(const struct scan_file *older, const struct scan_file *newer) {
    return older->cut_at || log_lacks(older->name, newer->name);
}

/* From the last stamp before a hole to the first behind it nothing is covered, be that shorter than the gap. */
static void find_holes(struct checking *k, const struct scan_report *r) {
    bool hole = false;
    struct span before = {0};
    for (size_t i = 0; i < r->file_count; i++) {
        bool same = i && k->source_of[i - 1] == k->source_of[i];
        struct span here = {0};
        for (unsigned t = 0; t < k->options->scan.threads; t++) {
            const struct span *part = &k->seers[t].spans[i];
            if (part->any) widen(&here, part->first), widen(&here, part->last);
        }
        if (!same) before = (struct span){0};
        hole = same && (hole || is_hole(&r->files[i - 1], &r->files[i]));
        if (!here.any) continue;
        if (hole && before.any) check_hole(k->seers[0].check, k->source_of[i], before.last, here.first);
        hole = false;
        widen(&before, here.first), widen(&before, here.last);
    }
}

static enum error finish(struct checking *k, struct logs_checked *out, struct arena *a, struct diag *d) {
    struct check *first = k->seers[0].check;
    enum error result = OK;
    for (unsigned i = 1; !result && i < k->options->scan.threads; i++)
        result = check_merge(first, k->seers[i].check, d);
    if (!result) result = check_settle(first, d);
    if (result) return result;
    find_holes(k, &out->report);
    for (size_t i = 0; i < out->report.file_count; i++) {
        struct source_name *s = &k->sources[k->source_of[i]];
        if (!s->format) s->format = out->report.files[i].format;
    }
    out->checked = check_end(first, a);
    for (size_t i = 0; i < out->checked.source_count; i++)
        out->checked.coverage[i].source = name_source(&k->sources[i], i, a);
    put_notes(k, out, a);
    return OK;
}

/* Files of one source stand together, oldest first: years go on from one to the next. */
static int by_name(const void *left, const void *right) {
    const char *const *a = left, *const *b = right;
    struct log_name one = log_name_read(text_of(*a)), other = log_name_read(text_of(*b));
    int order = text_compare(one.source, other.source);
    if (!order) order = log_name_order(&one, &other);
    return order ? order : strcmp(*a, *b);
}

static const char *const *in_order(const char *const *names, size_t count, struct arena *a) {
    const char **sorted = ARENA_ARRAY(a, const char *, count + 1);
    for (size_t i = 0; i < count; i++) sorted[i] = names[i];
    qsort(sorted, count, sizeof *sorted, by_name);
    return sorted;
}

enum error check_logs(struct bytes sheet, const char *const *typed, size_t count, const struct check_logs_options *o,
                      struct arena *a, struct logs_checked *out, struct diag *d) {
    struct checking k = {.options = o, .check = o->check, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct logs_checked done = {.sheet_hash = sheet_hash(sheet)};
    struct scan_options scan = o->scan;
    enum error result = sheet_read(sheet, a, &done.sheet, d);
    if (result) return result;
    const char *const *names = in_order(typed, count, a);
    scan.line = see_line;
    scan.hash_files = true; /* who repeats a check must know that it is of the same logs */
    scan.state = &k;
    find_sources(&k, names, count, a);
    result = start(&k, check_facts_of(done.sheet, a), done.sheet.count, count, d);
    if (!result) result = scan_files(names, count, &scan, a, &done.report, d);
    if (!result) result = finish(&k, &done, a, d);
    stop(&k);
    if (!result) *out = done;
    return result;
}

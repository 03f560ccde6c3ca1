#include "scan/check_logs.h"

#include "base/map.h"
#include "finding/from_claim.h"
#include "finding/from_line.h"

/* ---- sources */

struct source_name {
    struct text stem;
    size_t same;                 /* how many of this stem came before */
    const struct format *format; /* NULL: nothing in it */
};

struct checking {
    const struct check_logs_options *options;
    struct check *checks[SCAN_THREADS_MAX];
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

static enum error see_line(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    struct checking *k = state;
    struct check *c = k->checks[thread];
    size_t source = k->source_of[s->file];
    bool traffic = format_sees_traffic(s->format);
    struct sighting sighting;
    enum error result = check_stamp(c, source, written_at(s->observation), d);
    if (result) return result;
    if (line_covers_traffic(s->format, s->line)) check_sees_traffic(c, source);
    if (sighting_of(s->observation, s->reason, traffic, &sighting)) check_see(c, source, &sighting);
    return OK;
}

/* ---- all of it */

static enum error start(struct checking *k, const struct check_fact *facts, size_t count, struct diag *d) {
    enum error result = OK;
    for (unsigned i = 0; i < k->options->scan.threads; i++) {
        k->checks[i] = check_new(facts, count, &k->options->check, k->options->random);
        for (size_t s = 0; !result && s < k->source_count; s++) {
            size_t number;
            result = check_source(k->checks[i], k->sources[s].stem, false, &number, d);
            ASSERT(result || number == s);
        }
    }
    return result;
}

static enum error finish(struct checking *k, struct logs_checked *out, struct arena *a, struct diag *d) {
    enum error result = OK;
    for (unsigned i = 1; !result && i < k->options->scan.threads; i++)
        result = check_merge(k->checks[0], k->checks[i], d);
    if (!result) result = check_settle(k->checks[0], d);
    if (result) return result;
    for (size_t i = 0; i < out->report.file_count; i++) {
        struct source_name *s = &k->sources[k->source_of[i]];
        if (!s->format) s->format = out->report.files[i].format;
    }
    out->checked = check_end(k->checks[0], a);
    for (size_t i = 0; i < out->checked.source_count; i++)
        out->checked.coverage[i].source = name_source(&k->sources[i], i, a);
    return OK;
}

enum error check_logs(struct bytes sheet, const char *const *names, size_t count, const struct check_logs_options *o,
                      struct arena *a, struct logs_checked *out, struct diag *d) {
    struct checking k = {.options = o};
    struct logs_checked done = {.sheet_hash = sheet_hash(sheet)};
    struct scan_options scan = o->scan;
    enum error result = sheet_read(sheet, a, &done.sheet, d);
    if (result) return result;
    scan.line = see_line;
    scan.state = &k;
    find_sources(&k, names, count, a);
    result = start(&k, check_facts_of(done.sheet, a), done.sheet.count, d);
    if (!result) result = scan_files(names, count, &scan, a, &done.report, d);
    if (!result) result = finish(&k, &done, a, d);
    for (unsigned i = 0; i < o->scan.threads; i++) check_free(k.checks[i]);
    if (!result) *out = done;
    return result;
}

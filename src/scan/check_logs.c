#include "scan/check_logs.h"

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

/* Parts count through all files and lines through a part, so places are in the order of the input. */
enum { PLACE_LINE_BITS = 32 };
static uint64_t place_of(const struct scanned *s) { return s->part << PLACE_LINE_BITS | (s->line_number & UINT32_MAX); }

static enum error see_line(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    struct checking *k = state;
    struct check *c = k->checks[thread];
    size_t source = k->source_of[s->file];
    bool traffic = format_sees_traffic(s->format) || s->observation->traffic;
    struct sighting sighting;
    enum error result = check_stamp(c, source, written_at(s->observation), d);
    if (result) return result;
    if (line_covers_traffic(s->format, s->line, s->observation)) check_sees_traffic(c, source);
    if (!sighting_of(s->observation, s->reason, traffic, &sighting)) return OK;
    sighting.place = place_of(s);
    check_see(c, source, &sighting);
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

static struct text note_of(const struct trail *t, struct text line, struct arena *a) {
    char ip[IP_TEXT_MAX];
    if (t->kind == TRAIL_TRANSLATED) return arena_format(a, "upstream by %.*s", TEXT_ARG(line));
    if (t->kind == TRAIL_SESSION) return arena_format(a, "upstream had a session to the source: %.*s", TEXT_ARG(line));
    return arena_format(a, "several had a session to the source, %.*s among them: %.*s", TEXT_ARG(ip_write(t->of, ip)),
                        TEXT_ARG(line));
}

/* What names an upstream is named itself, so that a person looks at the very line. */
static void put_notes(const struct checking *k, struct logs_checked *done, struct arena *a) {
    const struct findings suggested = done->checked.findings;
    struct finding *findings = ARENA_ARRAY(a, struct finding, suggested.count + 1);
    for (size_t i = 0; i < suggested.count; i++) {
        const struct trail *t = &done->checked.trails[i];
        findings[i] = suggested.at[i];
        if (t->kind) findings[i].note = note_of(t, line_words(k, &done->report, t->place, a), a);
    }
    done->checked.findings.at = findings;
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
    struct checking k = {.options = o};
    struct logs_checked done = {.sheet_hash = sheet_hash(sheet)};
    struct scan_options scan = o->scan;
    enum error result = sheet_read(sheet, a, &done.sheet, d);
    if (result) return result;
    const char *const *names = in_order(typed, count, a);
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

#include "scan/facts.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/secret.h"
#include "fact/form.h"
#include "scan/jobs.h"
static enum error take_hidden(struct facts_scanned *f, unsigned thread, const struct scanned *s,
                              struct place_in_input at, struct diag *d) {
    struct hidden *h = f->hidden[thread];
    hidden_make(h, f->hide, s->logins, s->observation, kept_line(s->format, s->line));
    return gather_add(f->gathers[thread], &h->observation, s->format->keeps_port, h->line, at, d);
}

static enum error take_line(void *state, unsigned thread, const struct scanned *s, struct diag *d) {
    struct facts_scanned *f = state;
    if (s->reason != REASON_FACT) return OK;
    struct place_in_input at = {s->part, s->line_number};
    if (f->hide) return take_hidden(f, thread, s, at, d);
    struct text line = f->keep_lines ? kept_line(s->format, s->line) : s->line;
    return gather_add(f->gathers[thread], s->observation, s->format->keeps_port, line, at, d);
}

static size_t memory_max(const struct facts_options *o) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (o->max_bytes) return o->max_bytes;
    return pages > 0 && size > 0 ? (size_t)pages / 4 * 3 * (size_t)size : (size_t)1 << 32;
}

/* ---- the end, on all threads */

struct ending {
    struct facts_scanned *f;
    unsigned threads;
    struct hasher *sheet;
};

static enum error end_shard(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    struct gather *into = e->f->gathers[0];
    enum error result = OK;
    for (unsigned i = 1; !result && i < e->threads; i++) result = gather_join_shard(into, e->f->gathers[i], number, d);
    return result ? result : gather_settle_shard(into, number, d);
}

static enum error write_range(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    return gather_write_range(e->f->gathers[0], &e->f->rows, &e->f->rows.ranges[number], d);
}

static void hash_range(void *state, size_t number) {
    const struct ending *e = state;
    struct bytes text = buf_as_bytes(&e->f->rows.ranges[number].text);
    hasher_add(e->sheet, text);
    e->f->sheet_bytes += text.size;
}

static enum error put_lines(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    return gather_put_lines(&e->f->rows, number, &e->f->facts, d);
}

static enum error end_all(struct ending *e, struct diag *d) {
    struct facts_scanned *f = e->f;
    enum error result = OK;
    for (unsigned i = 1; !result && i < e->threads; i++) result = gather_join_begin(f->gathers[0], f->gathers[i], d);
    if (!result) result = gather_settle(f->gathers[0], d);
    const struct jobs shards = {GATHER_SHARDS, end_shard, e, NULL};
    if (!result) result = jobs_run(&shards, e->threads, d);
    if (!result) result = gather_rows(f->gathers[0], &f->rows, d);
    const struct jobs ranges = {f->rows.range_count, write_range, e, hash_range};
    if (!result) result = jobs_run(&ranges, e->threads, d);
    if (!result && f->sheet_bytes > SHEET_BYTES_MAX)
        result = fail(d, ERR_LIMIT, _("a sheet of more than %d bytes"), SHEET_BYTES_MAX);
    return result;
}

static enum error end(struct facts_scanned *f, unsigned threads, struct arena *a, struct diag *d) {
    struct ending e = {f, threads, hasher_new()};
    f->sheet_bytes = SHEET_HEADER.size;
    hasher_add(e.sheet, bytes_from_text(SHEET_HEADER));
    enum error result = end_all(&e, d);
    f->sheet = hasher_end(e.sheet);
    if (result) return result;
    f->facts = gather_sums(&f->rows);
    if (!f->keep_lines) return OK;
    const struct jobs lines = {f->rows.range_count, put_lines, &e, NULL};
    result = gather_facts(f->gathers[0], &f->rows, a, &f->facts, d);
    return result ? result : jobs_run(&lines, threads, d);
}

/* ---- evidence */

struct proving {
    const struct facts_scanned *f;
    struct hmac_key key;
    struct evidence_row *rows;
    const size_t *first; /* row of each range */
};

static enum error prove_range(void *state, size_t number, struct diag *d) {
    const struct proving *p = state;
    struct text rest = buf_as_text(&p->f->rows.ranges[number].text), line;
    const size_t first = p->first[number];
    size_t i = first;
    (void)d;
    for (; text_line(&rest, &line); i++) {
        const struct fact_lines *lines = &p->f->facts.lines[i];
        p->rows[i] = (struct evidence_row){.row = line, .lines = lines->at, .count = lines->count};
    }
    evidence_roots(&p->key, first, p->rows + first, i - first);
    return OK;
}

enum error facts_evidence(const struct facts_scanned *f, const uint8_t key[static EVIDENCE_KEY_SIZE], unsigned threads,
                          struct arena *a, struct evidence *out, struct diag *d) {
    struct proving p = {.f = f, .rows = ARENA_ARRAY(a, struct evidence_row, f->facts.count)};
    size_t *first = ARENA_ARRAY(a, size_t, f->rows.range_count + 1);
    for (size_t i = 0; i < f->rows.range_count; i++) first[i + 1] = first[i] + f->rows.ranges[i].count;
    p.first = first;
    hmac_key_make(&p.key, bytes_of(key, EVIDENCE_KEY_SIZE));
    const struct jobs ranges = {f->rows.range_count, prove_range, &p, NULL};
    enum error result = jobs_run(&ranges, threads, d);
    secret_wipe(&p.key, sizeof p.key);
    if (result) return result;
    *out = (struct evidence){.sheet = f->sheet, .rows = p.rows, .count = f->facts.count};
    memcpy(out->key, key, sizeof out->key);
    return OK;
}

enum error facts_write_sheet(const struct facts_scanned *f,
                             enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to,
                             struct diag *d) {
    enum error result = write(to, bytes_from_text(SHEET_HEADER), d);
    for (size_t i = 0; !result && i < f->rows.range_count; i++)
        result = write(to, buf_as_bytes(&f->rows.ranges[i].text), d);
    return result;
}

/* ---- all of it */

static void start_hiding(const struct facts_options *o, struct facts_scanned *out, struct scan_options *scan) {
    out->hide = &o->hide;
    scan->asks_user = scan->asks_user || (o->hide.what & HIDE_USER);
    for (unsigned i = 0; i < scan->threads; i++) {
        out->hidden[i] = calloc(1, sizeof *out->hidden[i]);
        ASSERT(out->hidden[i] && "memory is left");
    }
}

enum error facts_from_files(const char *const *names, size_t count, const struct facts_options *o, struct arena *a,
                            struct facts_scanned *out, struct diag *d) {
    struct scan_options scan = o->scan;
    const struct gather_options options = {.window = o->window,
                                           .keep_lines = o->keep_lines,
                                           .seed = o->seed,
                                           .max_bytes = memory_max(o) / (scan.threads + 1)};
    *out = (struct facts_scanned){.keep_lines = o->keep_lines};
    for (unsigned i = 0; i < scan.threads; i++) out->gathers[i] = gather_new(&options);
    if (o->hide.what) start_hiding(o, out, &scan);
    scan.line = take_line;
    scan.state = out;
    enum error result = scan_files(names, count, &scan, a, &out->report, d);
    for (unsigned i = 0; i < scan.threads; i++) out->whole += out->hidden[i] ? out->hidden[i]->whole_count : 0;
    return result ? result : end(out, scan.threads, a, d);
}

void facts_scanned_free(struct facts_scanned *f) {
    gather_rows_free(&f->rows);
    for (size_t i = 0; i < SCAN_THREADS_MAX; i++) {
        gather_free(f->gathers[i]);
        if (f->hidden[i]) hidden_free(f->hidden[i]);
        free(f->hidden[i]);
    }
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

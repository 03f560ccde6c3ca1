#include "scan/facts.h"

#include <stdlib.h>

#include "base/secret.h"
#include "fact/form.h"
#include "fact/prove.h"
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

/* ---- the end, where all fits in memory */

enum { HELD_MAX = 1 << 20 }; /* of what is put aside, before there is a file */

struct ending {
    struct facts_scanned *f;
    struct gather_rows rows;
    size_t from, end; /* the ranges that are worked on */
    struct hasher *sheet;
};

/* The sheet, piece by piece. */
static enum error put_rows(void *state, struct bytes piece, struct diag *d) {
    struct ending *e = state;
    hasher_add(e->sheet, piece);
    e->f->sheet_bytes += piece.size;
    return scratch_append(&e->f->rows, piece, d);
}

static enum error end_shard(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    struct gather *into = e->f->gathers[0];
    enum error result = OK;
    for (unsigned i = 1; !result && i < e->f->threads; i++)
        result = gather_join_shard(into, e->f->gathers[i], number, d);
    return result ? result : gather_settle_shard(into, number, d);
}

static enum error list_shard(void *state, size_t number, struct diag *d) {
    struct ending *e = state;
    return gather_list_shard(e->f->gathers[0], &e->rows, number, e->from, e->end, d);
}

static enum error write_range(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    return gather_write_range(e->f->gathers[0], &e->rows, &e->rows.ranges[e->from + number], d);
}

static enum error put_range(void *state, size_t number, struct diag *d) {
    struct ending *e = state;
    struct buf *text = &e->rows.ranges[e->from + number].text;
    enum error result = put_rows(e, buf_as_bytes(text), d);
    buf_free(text);
    return result;
}

/* As many ranges as fit into a sixth of the memory, half of which the facts may have. */
static enum error write_some(struct ending *e, struct diag *d) {
    const struct facts_scanned *f = e->f;
    const size_t left = e->rows.range_count - e->from, fit = f->max_bytes / 6 / GATHER_RANGE_BYTES + 1;
    e->end = e->from + (left < fit ? left : fit);
    const struct jobs lists = {GATHER_SHARDS, list_shard, e, NULL},
                      ranges = {e->end - e->from, write_range, e, put_range};
    enum error result = jobs_run(&lists, f->threads, d);
    return result ? result : jobs_run(&ranges, f->threads, d);
}

static enum error end_in_memory(struct ending *e, struct diag *d) {
    struct facts_scanned *f = e->f;
    enum error result = OK;
    for (unsigned i = 1; !result && i < f->threads; i++) result = gather_join_begin(f->gathers[0], f->gathers[i], d);
    if (!result) result = gather_settle(f->gathers[0], d);
    const struct jobs shards = {GATHER_SHARDS, end_shard, e, NULL};
    if (!result) result = jobs_run(&shards, f->threads, d);
    if (!result) result = gather_rows(f->gathers[0], &e->rows, d);
    if (!result) result = put_rows(e, bytes_from_text(SHEET_HEADER), d);
    for (; !result && e->from < e->rows.range_count; e->from = e->end) result = write_some(e, d);
    if (!result && f->sheet_bytes > SHEET_BYTES_MAX) result = fail_large_sheet(d);
    if (!result) f->sums = gather_sums(&e->rows);
    gather_rows_free(&e->rows);
    return result;
}

/* ---- the end, where something was put aside */

/* Small enough that some fit into memory at once, and large enough that each thread can have a buffer for each. */
static uint64_t bucket_bytes(const struct facts_scanned *f) {
    enum { BUFFER_BYTES = 1 << 14 };
    uint64_t all = 0, most = f->max_bytes / 4 / f->threads / BUFFER_BYTES / 2, few = f->max_bytes / 24 / f->threads;
    for (unsigned i = 0; i < f->threads; i++) all += f->lines[i].size;
    return all / (most + 1) > few ? all / (most + 1) : few;
}

struct merging {
    struct facts_scanned *f;
    struct shard_merge shards[GATHER_SHARDS];
    struct scratch rows[GATHER_SHARDS];
};

static enum error put_aside(void *state, size_t number, struct diag *d) {
    const struct merging *m = state;
    return gather_put_aside(m->f->gathers[number], d);
}

static enum error merge_shard(void *state, size_t number, struct diag *d) {
    struct merging *m = state;
    const struct facts_scanned *f = m->f;
    struct shard_merge *shard = &m->shards[number];
    *shard = (struct shard_merge){.gathers = f->gathers,
                                  .gather_count = f->threads,
                                  .number = number,
                                  .buffer_bytes = f->max_bytes / 4 / f->threads,
                                  .rows = {.into = &m->rows[number], .max_bytes = f->max_bytes / 4 / f->threads}};
    enum error result = os_scratch_open(f->folder, HELD_MAX / 4, &m->rows[number], d);
    if (!result) result = shard_merge(shard, d);
    row_sorter_shrink(&shard->rows);
    return result;
}

static enum error merge_stretch(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    return sheet_merge_stretch(&e->f->merge, number, d);
}

static enum error put_stretch(void *state, size_t number, struct diag *d) {
    const struct ending *e = state;
    return sheet_merge_put(&e->f->merge, number, d);
}

static enum error merge_sheet(struct ending *e, struct diag *d) {
    struct facts_scanned *f = e->f;
    enum error result = sheet_merge_begin(&f->merge, d);
    const struct jobs stretches = {f->merge.stretch_count, merge_stretch, e, put_stretch};
    return result ? result : jobs_run(&stretches, f->threads, d);
}

static enum error end_aside(struct ending *e, struct diag *d) {
    struct facts_scanned *f = e->f;
    struct merging m = {.f = f};
    const struct jobs aside = {f->threads, put_aside, &m, NULL}, shards = {GATHER_SHARDS, merge_shard, &m, NULL};
    enum error result = jobs_run(&aside, f->threads, d);
    for (unsigned i = 0; i < f->threads; i++) gather_shrink(f->gathers[i]);
    if (!result) result = jobs_run(&shards, f->threads, d);
    f->merge = (struct sheet_merge){.shards = m.shards,
                                    .buffer_bytes = f->max_bytes / 4,
                                    .threads = f->threads,
                                    .write = put_rows,
                                    .to = e,
                                    .keep_lines = f->keep_lines,
                                    .bucket_bytes = bucket_bytes(f)};
    if (!result) result = merge_sheet(e, d);
    f->sums = f->merge.sums;
    for (size_t i = 0; i < GATHER_SHARDS; i++) {
        row_sorter_free(&m.shards[i].rows);
        os_scratch_close(&m.rows[i]);
    }
    f->merge.shards = NULL;
    return result;
}

/* Before the work of merging is done. */
static enum error check_lines(const struct facts_scanned *f, struct diag *d) {
    uint64_t lines = 0;
    for (unsigned i = 0; f->keep_lines && i < f->threads; i++) lines += gather_lines(f->gathers[i]);
    if (lines <= EVIDENCE_LINES_MAX) return OK;
    return fail(d, ERR_LIMIT,
                _("more than %llu lines of evidence in one tree: make one for each part of the logs, or of --where"),
                (unsigned long long)EVIDENCE_LINES_MAX);
}

static enum error end(struct facts_scanned *f, struct diag *d) {
    struct ending e = {.f = f};
    bool aside = f->keep_lines;
    for (unsigned i = 0; i < f->threads; i++) aside = aside || gather_spilled(f->gathers[i]);
    enum error result = check_lines(f, d);
    if (!result)
        result = f->sheet_path ? os_scratch_open_for(f->sheet_path, 0644, f->folder, HELD_MAX, &f->rows, d)
                               : os_scratch_open(f->folder, HELD_MAX, &f->rows, d);
    if (result) return result;
    e.sheet = hasher_new();
    result = aside ? end_aside(&e, d) : end_in_memory(&e, d);
    f->sheet = hasher_end(e.sheet);
    return result;
}

/* ---- evidence */

struct sorting {
    struct facts_scanned *f;
    struct lines_sorted sorted[SCAN_THREADS_MAX];
    struct proving proving;
    struct proved *proved;
    struct frontier tree;
    enum error (*write)(void *to, struct bytes piece, struct diag *d);
    void *to;
};

static enum error sort_lines(void *state, size_t number, struct diag *d) {
    struct sorting *s = state;
    const struct facts_scanned *f = s->f;
    enum error result = lines_sort(f->gathers[number], &f->merge, f->max_bytes / 4 / f->threads, &s->sorted[number], d);
    if (!result) prove_begin(&s->sorted[number]);
    return result;
}

static enum error prove(void *state, size_t number, struct diag *d) {
    const struct sorting *s = state;
    return prove_bucket(&s->proving, number, &s->proved[number], d);
}

static enum error put_proved(void *state, size_t number, struct diag *d) {
    struct sorting *s = state;
    struct proved *p = &s->proved[number];
    for (size_t i = 0; i < p->rows; i++) frontier_add(&s->tree, 0, p->leaves[i]);
    enum error result = prove_write(&s->proving, number, p, s->write, s->to, d);
    proved_free(p);
    return result;
}

static enum error write_head(const struct sorting *s, const uint8_t key[static EVIDENCE_KEY_SIZE], struct diag *d) {
    struct evidence head = {.sheet = s->f->sheet, .count = s->f->sums.count};
    struct buf text = {.max = 1 << 12};
    memcpy(head.key, key, sizeof head.key);
    evidence_put_head(&head, &text);
    enum error result = s->write(s->to, buf_as_bytes(&text), d);
    secret_wipe(&head, sizeof head);
    buf_wipe(&text);
    return result;
}

static enum error prove_all(struct sorting *s, const uint8_t key[static EVIDENCE_KEY_SIZE], struct diag *d) {
    struct facts_scanned *f = s->f;
    const struct jobs lines = {f->threads, sort_lines, s, NULL},
                      buckets = {f->merge.bucket_count, prove, s, put_proved};
    struct hmac_key made;
    hmac_key_make(&made, bytes_of(key, EVIDENCE_KEY_SIZE));
    s->proving = (struct proving){&f->merge, s->sorted, f->threads, &f->rows, &made};
    enum error result = write_head(s, key, d);
    if (!result) result = jobs_run(&lines, f->threads, d);
    if (!result) result = jobs_run(&buckets, f->threads, d);
    secret_wipe(&made, sizeof made);
    return result;
}

enum error facts_write_evidence(struct facts_scanned *f, const uint8_t key[static EVIDENCE_KEY_SIZE],
                                enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to,
                                struct sha256 *root, struct diag *d) {
    struct sorting s = {.f = f, .write = write, .to = to};
    s.proved = calloc(f->merge.bucket_count + 1, sizeof *s.proved);
    enum error result = s.proved ? prove_all(&s, key, d) : fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; s.proved && i < f->merge.bucket_count; i++) proved_free(&s.proved[i]);
    for (unsigned i = 0; i < f->threads; i++) {
        os_scratch_close(&f->lines[i]);
        free(s.sorted[i].pieces);
    }
    free(s.proved);
    if (!result) *root = frontier_root(&s.tree);
    return result;
}

enum error facts_keep_sheet(const struct facts_scanned *f, bool *kept, struct diag *d) {
    return os_scratch_keep(&f->rows, kept, d);
}

enum error facts_write_sheet(const struct facts_scanned *f,
                             enum error (*write)(void *to, struct bytes piece, struct diag *d), void *to,
                             struct diag *d) {
    enum { PIECE = 1 << 18 };
    struct scratch_reader in;
    enum error result = scratch_reader_open(&f->rows, 0, f->rows.size, PIECE, false, &in, d);
    for (uint64_t left = f->rows.size; !result && left;) {
        uint8_t *at;
        size_t size = left < PIECE ? (size_t)left : PIECE;
        result = scratch_next(&in, size, &at, d);
        if (!result) result = write(to, bytes_of(at, size), d);
        left -= size;
    }
    return scratch_reader_close(&in, result, d);
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

/* Half of the memory is for what is gathered: what comes after it needs its share while that is still there. */
static enum error start_gathering(const struct facts_options *o, struct facts_scanned *out, struct diag *d) {
    size_t parts = ((size_t)out->threads + 1) * SCAN_PART_SIZE;
    size_t rest = out->max_bytes > 2 * parts ? out->max_bytes - parts : out->max_bytes / 2;
    enum error result = OK;
    for (unsigned i = 0; !result && i < out->threads; i++) {
        const struct gather_options options = {.window = o->window,
                                               .keep_lines = o->keep_lines,
                                               .seed = o->seed,
                                               .max_bytes = rest / 2 / out->threads,
                                               .runs = &out->runs[i],
                                               .lines = o->keep_lines ? &out->lines[i] : NULL};
        out->gathers[i] = gather_new(&options);
        result = os_scratch_open(out->folder, HELD_MAX / 4, &out->runs[i], d);
        if (!result && o->keep_lines) result = os_scratch_open(out->folder, HELD_MAX / 4, &out->lines[i], d);
    }
    return result;
}

enum error facts_from_files(const char *const *names, size_t count, const struct facts_options *o, struct arena *a,
                            struct facts_scanned *out, struct diag *d) {
    struct scan_options scan = o->scan;
    *out = (struct facts_scanned){.keep_lines = o->keep_lines,
                                  .threads = scan.threads,
                                  .max_bytes = o->max_bytes ? o->max_bytes : FACTS_MEMORY,
                                  .folder = o->folder ? o->folder : "/var/tmp",
                                  .sheet_path = o->sheet};
    enum error result = start_gathering(o, out, d);
    if (result) return result;
    if (o->hide.what) start_hiding(o, out, &scan);
    scan.line = take_line;
    scan.state = out;
    result = scan_files(names, count, &scan, a, &out->report, d);
    for (unsigned i = 0; i < scan.threads; i++) out->whole += out->hidden[i] ? out->hidden[i]->whole_count : 0;
    return result ? result : end(out, d);
}

void facts_scanned_free(struct facts_scanned *f) {
    sheet_merge_free(&f->merge);
    os_scratch_close(&f->rows);
    for (size_t i = 0; i < SCAN_THREADS_MAX; i++) {
        gather_free(f->gathers[i]);
        os_scratch_close(&f->runs[i]);
        os_scratch_close(&f->lines[i]);
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

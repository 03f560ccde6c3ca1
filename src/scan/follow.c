#include "scan/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "fact/form.h"
#include "line/rules.h"
#include "scan/follow_state.h"
#include "scan/report.h"

struct appended {     /* a file that grows beside the facts */
    const char *path; /* NULL: there is none */
    uint64_t *size;   /* of it, in the state */
    uint64_t ahead;   /* bytes behind that, which are written and not yet in the state */
    struct buf waiting;
};
enum { WAITING_MAX = 1 << 22 };

struct follow {
    const struct follow_options *options;
    struct following shared;
    struct follow_state state; /* `open` as it was kept last */
    struct arena arena, open_arena;
    struct gather *gathers[2]; /* by whether a source port must agree */
    struct hidden *hidden;
    struct buf rows; /* closed and not yet written */
    bool changed;    /* since the state was kept */
    struct appended kept, rejects;
};

static struct gather *new_gather(const struct follow_options *o) {
    const struct gather_options options = {.window = o->facts.window,
                                           .seed = o->facts.seed,
                                           .max_bytes = o->facts.max_bytes ? o->facts.max_bytes : (size_t)1 << 32};
    return gather_new(&options);
}

/* ---- files beside the facts */

/* What stands beyond the state's size is cut off by who starts again, so it may be written at any time. */
static enum error flush(struct appended *a, struct diag *d) {
    enum error result = buf_check(&a->waiting, d);
    if (!result) result = os_write_part(a->path, *a->size + a->ahead, buf_as_bytes(&a->waiting), 0600, d);
    if (result) return result;
    a->ahead += a->waiting.size;
    buf_clear(&a->waiting);
    return OK;
}

static enum error settle(struct appended *a, struct diag *d) {
    if (!a->path) return OK;
    enum error result = flush(a, d);
    if (!result) result = os_publish(a->path, a->path, d);
    if (result) return result;
    *a->size += a->ahead;
    a->ahead = 0;
    return OK;
}

static enum error keep_reject(struct follow *f, const struct followed *l, struct text line, enum reason reason,
                              struct diag *d) {
    struct appended *a = &f->rejects;
    if (!a->path || reasons[reason].verdict != VERDICT_REJECT) return OK;
    scan_reject_write(l->name, l->lines, reason, text_first(line, SCAN_TEXT_MAX), &a->waiting);
    return a->waiting.size > WAITING_MAX ? flush(a, d) : OK;
}

/* As a sheet has it. */
static instant whole_second(instant i) {
    instant within = i % INSTANT_SECOND;
    return i - within - (within < 0 ? INSTANT_SECOND : 0);
}

/* What a line says by itself, as a fact, and the line. */
static enum error keep_line(struct follow *f, const struct observation *o, struct text line, struct diag *d) {
    struct appended *a = &f->kept;
    if (!a->path) return OK;
    const struct fact fact = {.first = whole_second(o->first),
                              .last = whole_second(o->last),
                              .known = o->known,
                              .src = o->src,
                              .dst = o->dst,
                              .src_port = o->src_port,
                              .dst_port = o->dst_port,
                              .object = o->object,
                              .protocol = o->protocol,
                              .event = o->event,
                              .count = o->count,
                              .evidence = SHEET_NO_COUNT};
    struct buf row = {.max = SHEET_ROW_MAX};
    fact_write(&fact, &row);
    enum error result = buf_check(&row, d);
    buf_format(&a->waiting, "%zu ", row.size);
    buf_text(&a->waiting, buf_as_text(&row));
    buf_char(&a->waiting, ' ');
    buf_text(&a->waiting, line);
    buf_char(&a->waiting, '\n');
    buf_free(&row);
    return !result && a->waiting.size > WAITING_MAX ? flush(a, d) : result;
}

/* ---- lines */

static enum error take_line(void *state, const struct followed *l, struct text line, struct diag *d) {
    struct follow *f = state;
    struct observation o;
    const struct observation *kept = &o;
    enum reason reason = reader_line(l->reader, line, &o);
    f->shared.told.counts[reason]++;
    f->shared.told.lines++;
    f->changed = true;
    if (reason == REASON_YEAR)
        return fail(d, ERR_USAGE,
                    _("the times of this log don't name their year: say that of its first line with --year"));
    if (line.size && line.at[line.size - 1] == '\r') line.size--;
    if (reason != REASON_FACT) return keep_reject(f, l, line, reason, d);
    if (f->state.newest != INSTANT_NONE && o.last < f->state.newest - f->options->slack) f->shared.told.late++;
    if (f->state.newest == INSTANT_NONE || o.last > f->state.newest) f->state.newest = o.last;
    if (f->hidden) {
        hidden_make(f->hidden, &f->options->facts.hide, &l->reader->logins, &o, line);
        kept = &f->hidden->observation;
        line = f->hidden->line;
    }
    enum error result = keep_line(f, kept, line, d);
    if (result) return result;
    return gather_add(f->gathers[l->format->keeps_port], kept, l->format->keeps_port, line, (struct place_in_input){0},
                      d);
}

/* ---- windows */

static enum error add_open(struct gather *g, const struct follow_open *open, struct diag *d) {
    const struct fact *f = &open->fact;
    const struct observation o = {.first = f->first,
                                  .last = f->last,
                                  .known = f->known,
                                  .src = f->src,
                                  .dst = f->dst,
                                  .src_port = f->src_port,
                                  .dst_port = f->dst_port,
                                  .object = f->object,
                                  .protocol = f->protocol,
                                  .event = f->event,
                                  .count = f->count};
    return gather_add(g, &o, open->keeps_port, (struct text){0}, (struct place_in_input){0}, d);
}

/* The rows of facts that have closed; the others go on in a gather of their own. */
static enum error part_facts(struct follow *f, int keeps_port, const struct gathered *all, struct arena *a,
                             size_t *room, struct diag *d) {
    struct gather *next = new_gather(f->options);
    struct follow_state *s = &f->state;
    enum error result = OK;
    for (size_t i = 0; !result && i < all->count; i++) {
        if (all->facts[i].last + f->options->facts.window < s->newest - f->options->slack) {
            fact_write(&all->facts[i], &f->rows);
            buf_char(&f->rows, '\n');
            f->shared.told.rows++;
            continue;
        }
        struct follow_open open = {.fact = all->facts[i], .keeps_port = keeps_port};
        result = add_open(next, &open, d);
        open.fact.object = arena_text(a, open.fact.object);
        open.fact.protocol = arena_text(a, open.fact.protocol);
        open.fact.event = arena_text(a, open.fact.event);
        s->open = arena_grow(a, s->open, s->open_count, room, sizeof *s->open);
        s->open[s->open_count++] = open;
    }
    gather_free(f->gathers[keeps_port]);
    f->gathers[keeps_port] = next;
    return result;
}

static enum error close_windows(struct follow *f, struct diag *d) {
    struct arena facts = {0}, open = {0};
    size_t room = 0;
    enum error result = OK;
    f->state.open = NULL;
    f->state.open_count = 0;
    for (int i = 0; !result && i < 2; i++) {
        struct gathered all;
        result = gather_end(f->gathers[i], &facts, &all, d);
        if (!result) result = part_facts(f, i, &all, &open, &room, d);
    }
    arena_free(&facts);
    arena_free(&f->open_arena);
    f->open_arena = open;
    return result ? result : buf_check(&f->rows, d);
}

/* ---- what is kept */

/* Facts first: what stands behind the size that the state names is cut off by who starts again. */
static enum error write_rows(struct follow *f, struct diag *d) {
    const char *path = f->options->out;
    struct follow_state *s = &f->state;
    struct buf all = {.max = SIZE_MAX / 2};
    if (!s->out_size) buf_text(&all, SHEET_HEADER);
    buf_bytes(&all, buf_as_bytes(&f->rows));
    enum error result = buf_check(&all, d);
    if (!result && !strcmp(path, "-")) {
        if (all.size) result = os_write(path, buf_as_bytes(&all), 0644, d);
    } else if (!result) {
        result = os_write_part(path, s->out_size, buf_as_bytes(&all), 0644, d);
        if (!result) result = os_publish(path, path, d);
    }
    if (!result) {
        s->out_size += all.size;
        buf_clear(&f->rows);
    }
    buf_free(&all);
    return result;
}

static enum error write_state(struct follow *f, struct diag *d) {
    struct buf text = {.max = FOLLOW_STATE_MAX};
    enum error kept = settle(&f->kept, d);
    if (!kept) kept = settle(&f->rejects, d);
    if (kept || !f->options->state) return kept;
    follow_state_write(&f->state, &text);
    enum error result = buf_check(&text, d);
    if (!result) result = os_write(f->options->state, buf_as_bytes(&text), 0600, d);
    buf_free(&text);
    return result;
}

/* ---- starting */

static enum error same_logs(const struct follow *f, const char *const *names, size_t count, struct diag *d) {
    bool same = sha256_equal(f->state.asked, f->options->asked) && f->state.log_count == count;
    for (size_t i = 0; same && i < count; i++) same = !strcmp(f->state.logs[i].name, names[i]);
    if (same) return OK;
    enum error result = fail(d, ERR_CONFLICT,
                             _("this state was kept with other logs or options: go on with those, or begin "
                               "with another state and other facts"));
    diag_where(d, f->options->state);
    return result;
}

static enum error read_state(struct follow *f, const char *const *names, size_t count, struct diag *d) {
    struct buf text = {.max = FOLLOW_STATE_MAX};
    enum error result = os_read(f->options->state, FOLLOW_STATE_MAX, &text, d);
    struct text kept = arena_text(&f->arena, buf_as_text(&text));
    if (!result) result = follow_state_read(kept, &f->arena, &f->state, d);
    buf_free(&text);
    diag_where(d, result ? f->options->state : NULL);
    if (!result) result = same_logs(f, names, count, d);
    for (size_t i = 0; !result && i < f->state.open_count; i++)
        result = add_open(f->gathers[f->state.open[i].keeps_port], &f->state.open[i], d);
    return result;
}

static enum error start_new(struct follow *f, const char *const *names, size_t count, struct diag *d) {
    f->state = (struct follow_state){.asked = f->options->asked, .newest = INSTANT_NONE, .log_count = count};
    f->state.logs = ARENA_ARRAY(&f->arena, struct followed, count);
    for (size_t i = 0; i < count; i++) f->state.logs[i] = (struct followed){.name = names[i], .file = -1};
    f->changed = true;
    const char *const files[] = {f->options->out, f->options->kept, f->options->rejects};
    for (size_t i = 0; i < COUNT(files); i++) {
        if (!files[i] || !strcmp(files[i], "-") || !os_exists(files[i])) continue;
        enum error result = fail(d, ERR_CONFLICT,
                                 _("this file is there, and no state that says where it ends: remove it, "
                                   "or name another"));
        diag_where(d, files[i]);
        return result;
    }
    return write_state(f, d); /* before any facts */
}

static enum error start(struct follow *f, const char *const *names, size_t count, struct diag *d) {
    if (count > FOLLOW_LOGS_MAX) return fail(d, ERR_LIMIT, _("more than %d logs"), FOLLOW_LOGS_MAX);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], "-") || strchr(names[i], '\n'))
            return fail(d, ERR_USAGE, _("only files can be followed, whose names are one line"));
    bool kept = f->options->state && os_exists(f->options->state);
    return kept ? read_state(f, names, count, d) : start_new(f, names, count, d);
}

enum error follow_new(const char *const *names, size_t count, const struct follow_options *o, struct follow **out,
                      struct diag *d) {
    struct follow *f = calloc(1, sizeof *f);
    ASSERT(f && "memory is left");
    *out = f;
    f->options = o;
    f->rows.max = SIZE_MAX / 2;
    f->kept = (struct appended){o->kept, &f->state.kept_size, 0, {.max = SIZE_MAX / 2}};
    f->rejects = (struct appended){o->rejects, &f->state.rejects_size, 0, {.max = SIZE_MAX / 2}};
    f->shared = (struct following){.options = o, .line = take_line, .state = f, .piece = malloc(FOLLOW_PIECE)};
    ASSERT(f->shared.piece && "memory is left");
    for (int i = 0; i < 2; i++) f->gathers[i] = new_gather(o);
    if (o->facts.hide.what) f->hidden = calloc(1, sizeof *f->hidden);
    ASSERT((f->hidden || !o->facts.hide.what) && "memory is left");
    f->shared.rules = o->facts.scan.rules;
    if (!f->shared.rules) {
        struct rules *own = ARENA_NEW(&f->arena, struct rules);
        rules_add_own(own, &f->arena);
        f->shared.rules = own;
    }
    return start(f, names, count, d);
}

enum error follow_step(struct follow *f, struct diag *d) {
    enum error result = OK;
    f->shared.told.busy = false;
    for (size_t i = 0; !result && i < f->state.log_count; i++) result = followed_step(&f->state.logs[i], &f->shared, d);
    if (result || !(f->changed || f->shared.told.busy)) return result;
    result = close_windows(f, d);
    if (!result) result = write_rows(f, d);
    if (!result) result = write_state(f, d);
    f->changed = false;
    return result;
}

const struct follow_told *follow_told(const struct follow *f) { return &f->shared.told; }

void follow_free(struct follow *f) {
    if (!f) return;
    for (size_t i = 0; i < f->state.log_count; i++) followed_end(&f->state.logs[i]);
    for (int i = 0; i < 2; i++) gather_free(f->gathers[i]);
    if (f->hidden) hidden_free(f->hidden);
    free(f->hidden);
    free(f->shared.piece);
    buf_free(&f->rows);
    buf_free(&f->kept.waiting);
    buf_free(&f->rejects.waiting);
    arena_free(&f->open_arena);
    arena_free(&f->arena);
    free(f);
}

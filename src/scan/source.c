#include "scan/source.h"

#include <stdlib.h>
#include <string.h>

#include "scan/set.h"

void source_start(struct source *s, const char *const *names, size_t count, const struct scan_options *o,
                  struct scan_file *files) {
    *s = (struct source){.names = names, .count = count, .options = o, .files = files, .carry = malloc(SCAN_PART_SIZE)};
    ASSERT(s->carry && "memory is left");
    s->sift = o->sift ? o->sift : sift_best();
    hashings_start(&s->hashings);
    for (size_t i = 0; i < count; i++) files[i] = (struct scan_file){.name = names[i]};
}

/* Of a file that was not read to its end there is no hash. */
static void close_file(struct source *s, bool ended) {
    if (s->hasher && ended)
        hashings_put(&s->hashings, &(struct hashing){.hasher = s->hasher, .ended = &s->files[s->file]});
    else
        hasher_free(s->hasher);
    s->hasher = NULL;
    s->taken += s->input.taken;
    input_close(&s->input);
    s->open = false;
}

void source_end(struct source *s) {
    hashings_flush(&s->hashings);
    close_file(s, false);
    free(s->carry);
}

static const char *name_of(const struct source *s) {
    return strcmp(s->names[s->file], "-") ? s->names[s->file] : _("standard input");
}

/* The years go on from file to file of one source. */
static enum error open_file(struct source *s, struct diag *d) {
    enum error result = input_open(s->names[s->file], &s->input, d);
    if (result) {
        diag_where(d, name_of(s));
        return result;
    }
    s->open = true;
    s->hasher = s->options->hash_files ? hasher_new() : NULL;
    s->begun = false;
    s->carry_size = 0;
    s->files[s->file].continues = s->file && log_follows(s->names[s->file - 1], s->names[s->file]);
    if (!s->files[s->file].continues) s->chain = (struct chain){0};
    return OK;
}

/* Reads up to `size` bytes, fewer only where the file ends; one that is compressed and cut short ends there, too. */
static enum error read_some(struct source *s, char *at, size_t size, size_t *got, struct diag *d) {
    struct scan_file *file = &s->files[s->file];
    enum error result = input_read(&s->input, at, size, got, d);
    if (result) {
        diag_where(d, name_of(s));
        return result;
    }
    file->bytes += *got;
    if (!s->input.cut) return OK;
    file->cut = true;
    file->cut_at = input_at(&s->input);
    return OK;
}

/* What is not given out. */
static void hash_now(struct source *s, const char *at, size_t size) {
    if (!s->hasher) return;
    hashings_flush(&s->hashings);
    hasher_add(s->hasher, bytes_of(at, size));
    s->hashed = true;
}

/* A line that fills the whole part: its start is enough to tell that it is too long, and what to show of it. */
static enum error pass_over_rest(struct source *s, char *buffer, size_t *size, bool *ended, struct diag *d) {
    enum { KEPT = LINE_BYTES_MAX + 1, ROOM = SCAN_PART_SIZE - KEPT - 1 };
    hash_now(s, buffer, *size);
    *size = KEPT;
    for (;;) {
        char *rest = buffer + KEPT + 1, *end;
        size_t got;
        enum error result = read_some(s, rest, ROOM, &got, d);
        if (result) return result;
        end = memchr(rest, '\n', got);
        hash_now(s, rest, end ? (size_t)(end + 1 - rest) : got);
        if (end) {
            buffer[(*size)++] = '\n';
            s->carry_size = got - (size_t)(end + 1 - rest);
            memcpy(s->carry, end + 1, s->carry_size);
            return OK;
        }
        if (got < ROOM) {
            *ended = true;
            return OK;
        }
    }
}

/* Fills the buffer and cuts it after its last LF. */
static enum error fill(struct source *s, char *buffer, size_t *size, bool *ended, struct diag *d) {
    size_t got, before = s->carry_size;
    memcpy(buffer, s->carry, before);
    s->carry_size = 0;
    enum error result = read_some(s, buffer + before, SCAN_PART_SIZE - before, &got, d);
    if (result) return result;
    *size = before + got;
    *ended = *size < SCAN_PART_SIZE;
    if (*ended) return OK;
    const char *last = memrchr(buffer, '\n', *size);
    if (!last) return pass_over_rest(s, buffer, size, ended, d);
    size_t whole = (size_t)(last + 1 - buffer);
    s->carry_size = *size - whole;
    memcpy(s->carry, buffer + whole, s->carry_size);
    *size = whole;
    return OK;
}

/* The first line that is no comment names the columns. */
static enum error read_header(struct source *s, const struct format *f, struct text sample, struct diag *d) {
    struct text line;
    for (uint64_t number = 1; sample.size; number++) {
        if (!text_line(&sample, &line)) {
            line = sample;
            sample = (struct text){0};
        }
        if (line.size && line.at[line.size - 1] == '\r') line.size--;
        if (!line.size || line.at[0] == '#') continue;
        enum error result = f->head(line, &s->columns, d);
        if (result && d) d->line = number;
        return result;
    }
    return fail(d, ERR_INPUT, _("expected a line that names the columns"));
}

static enum error begin(struct source *s, struct text sample, struct diag *d) {
    const struct format *f = s->options->format ? s->options->format : format_detect(sample);
    enum error result = OK;
    if (!f && s->options->takes_any) f = &line_unknown;
    s->begun = true;
    s->files[s->file].format = f;
    s->columns = (struct columns){.map = s->options->map};
    if (!f) result = fail(d, ERR_INPUT, _("no log format fits its first lines; --format would name one"));
    if (!result && f->has_header) result = read_header(s, f, sample, d);
    if (!result && s->options->asks_user && f != &line_unknown && !logins_are_told(f, &s->columns))
        result = fail(d, ERR_USAGE, _("these lines of the format %s name no user, or it is not known where"), f->name);
    if (result) diag_where(d, name_of(s));
    return result;
}

/* Where the years stand at the start of the next part, and what its columns are. */
static void move_on(struct source *s, const struct part *p) {
    const struct stamp_options *stamps = &s->options->stamps;
    const bool brackets = format_is_own_log(p->format);
    struct part_lines lines = part_lines(p);
    struct text line;
    uint64_t day = 0;
    columns_lines(p->format, p->bytes, &s->columns);
    if (!p->format->years || !stamps->year || stamps->until != INSTANT_NONE) return;
    while (next_line(&lines, &line)) chain_line(&s->chain, &day, line, brackets);
}

static enum error give_out(struct source *s, struct text bytes, uint64_t *ends, struct part *out, struct diag *d) {
    enum error result = s->begun ? OK : begin(s, bytes, d);
    if (result) return result;
    *out = (struct part){.bytes = bytes,
                         .ends = ends,
                         .nul = s->sift->lines(bytes, ends),
                         .file = s->file,
                         .number = s->parts++,
                         .format = s->files[s->file].format,
                         .columns = s->columns,
                         .chain = s->chain};
    if (s->hasher && !s->hashed)
        out->hashing = hashings_put(&s->hashings, &(struct hashing){.hasher = s->hasher, .bytes = bytes});
    s->hashed = false;
    move_on(s, out);
    return OK;
}

enum error source_next(struct source *s, char *buffer, uint64_t *ends, struct part *out, struct diag *d) {
    while (s->file < s->count) {
        size_t size = 0;
        bool ended = false;
        enum error result = s->open ? OK : open_file(s, d);
        if (!result) result = fill(s, buffer, &size, &ended, d);
        if (!result && size) result = give_out(s, (struct text){buffer, size}, ends, out, d);
        if (result) return result;
        if (ended) {
            if (size && buffer[size - 1] != '\n') s->files[s->file].cut = true;
            close_file(s, true);
            s->file++;
        }
        if (size) return OK;
    }
    *out = (struct part){0};
    return OK;
}

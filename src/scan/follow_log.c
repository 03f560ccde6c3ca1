#include "scan/follow_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/input.h"
#include "scan/set.h"

/* ---- lines */

struct chain followed_chain(const struct followed *l) {
    return l->reader ? l->reader->stamper.chain : l->chain;
}

/* The format is seen from the first whole lines there are. */
static enum error begin(struct followed *l, const struct following *w, struct text sample, struct diag *d) {
    const struct scan_options *o = &w->options->facts.scan;
    const bool asks_user = o->asks_user || (w->options->facts.hide.what & HIDE_USER);
    if (!l->format) l->format = o->format ? o->format : format_detect(sample);
    const struct columns none = {0};
    enum error result = OK;
    if (!l->format)
        result = fail(d, ERR_INPUT, _("no log format fits its first lines; --format would name one"));
    else if (l->format->has_header || l->format->note)
        result =
            fail(d, ERR_USAGE, _("a log of this format says in a header what stands where, and can't be followed"));
    else if (asks_user && !logins_are_told(l->format, &none))
        result = fail(d, ERR_USAGE, _("these lines of the format %s name no user, or it is not known where"),
                      l->format->name);
    if (result) {
        diag_where(d, l->name);
        return result;
    }
    l->reader = calloc(1, sizeof *l->reader);
    ASSERT(l->reader && "memory is left");
    reader_start(l->reader, l->format, NULL, &o->stamps, l->chain, o->event);
    l->reader->where = o->where;
    l->reader->rules = w->rules;
    l->reader->logins.asked = asks_user;
    return OK;
}

static enum error take_line(struct followed *l, struct following *w, struct text line, struct diag *d) {
    l->lines++;
    enum error result = w->line(w->state, l, line, d);
    if (!result) return OK;
    if (d && !d->line) d->line = l->lines;
    diag_where(d, l->name);
    return result;
}

/* Takes whole lines; at the end of a file (`last`) what is left is one, too.  *taken: bytes. */
static enum error take_lines(struct followed *l, struct following *w, struct text t, bool last, size_t *taken,
                             struct diag *d) {
    struct text rest = t, line;
    enum error result = OK;
    *taken = 0;
    if (l->skipping && !text_line(&rest, &line)) return *taken = t.size, OK;
    l->skipping = false;
    if (!l->reader && rest.size && (last || text_find(rest, '\n') < rest.size)) result = begin(l, w, rest, d);
    while (!result && text_line(&rest, &line)) result = take_line(l, w, line, d);
    if (!result && last && rest.size) {
        result = take_line(l, w, rest, d);
        rest.size = 0;
    }
    *taken = t.size - rest.size;
    return result;
}

/* A piece without any line end: its start is enough to tell that the line is too long. */
static enum error take_long(struct followed *l, struct following *w, struct text t, struct diag *d) {
    enum error result = l->reader ? OK : begin(l, w, t, d);
    if (!result) result = take_line(l, w, t, d);
    l->skipping = true;
    return result;
}

/* ---- the file that is open */

static struct file_number number_of(const struct stat *s) {
    return (struct file_number){(uint64_t)s->st_dev, (uint64_t)s->st_ino};
}
static bool same_number(struct file_number a, struct file_number b) {
    return a.device == b.device && a.number == b.number;
}

static enum error read_at(const struct followed *l, const struct following *w, uint64_t offset, size_t max, size_t *got,
                          struct diag *d) {
    for (*got = 0; *got < max;) {
        ssize_t size = pread(l->file, w->piece + *got, max - *got, (off_t)(offset + *got));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return fail_errno(d, l->name, _("reading"));
        if (!size) break;
        *got += (size_t)size;
    }
    return OK;
}

/* Whether the file still begins as it did. */
static bool head_holds(const struct followed *l, const struct following *w) {
    size_t got;
    if (!l->head_size) return true;
    if (read_at(l, w, 0, l->head_size, &got, NULL) || got != l->head_size) return false;
    return sha256_equal(sha256_of(bytes_of(w->piece, got)), l->head);
}

static enum error note_head(struct followed *l, const struct following *w, struct diag *d) {
    size_t size = l->offset < FOLLOW_HEAD_MAX ? (size_t)l->offset : FOLLOW_HEAD_MAX, got;
    if (l->head_size == size) return OK;
    enum error result = read_at(l, w, 0, size, &got, d);
    if (result) return result;
    l->head = sha256_of(bytes_of(w->piece, got));
    l->head_size = got;
    return OK;
}

static enum error read_new(struct followed *l, struct following *w, bool last, struct diag *d) {
    enum error result = OK;
    for (bool more = true; !result && more;) {
        size_t got, taken = 0;
        result = read_at(l, w, l->offset, FOLLOW_PIECE, &got, d);
        struct text piece = {w->piece, got};
        if (!result && got) result = take_lines(l, w, piece, last && got < FOLLOW_PIECE, &taken, d);
        if (!result && !taken && got == FOLLOW_PIECE) {
            result = take_long(l, w, piece, d);
            taken = got;
        }
        l->offset += taken;
        more = taken > 0;
        w->told.busy = w->told.busy || taken;
    }
    return result ? result : note_head(l, w, d);
}

/* ---- files that were rotated away */

/* Other files of the log's source, oldest first. */
static enum error find_members(const struct followed *l, struct arena *a, struct logs *out, struct diag *d) {
    struct text source = log_name_read(text_of(l->name)).source;
    const char *slash = strrchr(l->name, '/');
    const char *folder = slash ? arena_string(a, text_sub(text_of(l->name), 0, (size_t)(slash - l->name) + 1)) : ".";
    struct buf names = {.max = 1 << 26};
    const char **typed = NULL;
    size_t count = 0, room = 0;
    enum error result = os_list(folder, &names, d);
    for (size_t at = 0; !result && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        struct text path = arena_format(a, "%s%s", slash ? folder : "", (const char *)names.at + at);
        if (!text_equal(log_name_read(path).source, source) || text_is(path, l->name) || !os_is_file(path.at)) continue;
        typed = arena_grow(a, typed, count, &room, sizeof *typed);
        typed[count++] = path.at;
    }
    buf_free(&names);
    return result ? result : logs_find(typed, count, a, out, d);
}

static bool has_number(const struct followed *l, const char *path) {
    struct stat s;
    return !stat(path, &s) && same_number(number_of(&s), l->number);
}

static bool has_head(const struct followed *l, const char *path) {
    struct input in = {0};
    char head[FOLLOW_HEAD_MAX];
    size_t got = 0;
    bool same = l->head_size && !input_open(path, &in, NULL) && !input_read(&in, head, l->head_size, &got, NULL) &&
                got == l->head_size && sha256_equal(sha256_of(bytes_of(head, got)), l->head);
    input_close(&in);
    return same;
}

/* Which member is the file that was read; `count` where none is. */
static size_t find_member(const struct followed *l, const struct logs *members) {
    for (size_t i = members->count; i-- > 0;)
        if (has_number(l, members->names[i]) && (!l->head_size || has_head(l, members->names[i]))) return i;
    for (size_t i = members->count; i-- > 0;)
        if (has_head(l, members->names[i])) return i;
    return members->count;
}

static enum error pass_over(struct input *in, struct following *w, uint64_t size, struct diag *d) {
    enum error result = OK;
    for (size_t got = 1; !result && size && got; size -= got) {
        size_t part = size < FOLLOW_PIECE ? (size_t)size : FOLLOW_PIECE;
        result = input_read(in, w->piece, part, &got, d);
    }
    return result;
}

static enum error read_lines(struct followed *l, struct following *w, struct input *in, struct diag *d) {
    size_t held = 0;
    enum error result = OK;
    for (bool last = false; !result && !last;) {
        size_t got, taken;
        result = input_read(in, w->piece + held, FOLLOW_PIECE - held, &got, d);
        if (result) break;
        last = got < FOLLOW_PIECE - held;
        struct text piece = {w->piece, held + got};
        result = take_lines(l, w, piece, last, &taken, d);
        if (!result && !taken && !last) {
            result = take_long(l, w, piece, d);
            taken = piece.size;
        }
        held = piece.size - taken;
        memmove(w->piece, w->piece + taken, held);
    }
    return result;
}

static enum error read_member(struct followed *l, struct following *w, const char *path, uint64_t from,
                              struct diag *d) {
    struct input in = {0};
    enum error result = input_open(path, &in, d);
    if (!result) result = pass_over(&in, w, from, d);
    if (!result) result = read_lines(l, w, &in, d);
    input_close(&in);
    if (result) diag_where(d, path);
    return result;
}

static void start_anew(struct followed *l) {
    l->offset = 0;
    l->lines = 0;
    l->head_size = 0;
    l->skipping = l->leaving = false;
}

/* The rest of the file that was read, and those that came after it, but for the one that has the name now. */
static enum error catch_up(struct followed *l, struct following *w, bool drained, struct diag *d) {
    struct arena a = {0};
    struct logs members = {0};
    enum error result = find_members(l, &a, &members, d);
    size_t at = result ? 0 : find_member(l, &members);
    if (!result && at == members.count && l->offset && !drained) w->told.lost++;
    for (size_t i = at; !result && i < members.count; i++) {
        if (i > at) l->lines = 0;
        result = read_member(l, w, members.names[i], i == at ? l->offset : 0, d);
        l->skipping = false;
    }
    arena_free(&a);
    if (!result) start_anew(l);
    w->told.busy = true;
    return result;
}

/* ---- which file it is */

static void close_file(struct followed *l) {
    if (l->file >= 0) close(l->file);
    l->file = -1;
}

static enum error open_path(struct followed *l, const char *path, struct stat *s, struct diag *d) {
    l->file = open(path, O_RDONLY | O_CLOEXEC);
    if (l->file < 0 || fstat(l->file, s)) return fail_errno(d, path, _("opening"));
    if (S_ISREG(s->st_mode)) return OK;
    close_file(l);
    enum error result = fail(d, ERR_USAGE, _("only a regular file can be followed"));
    diag_where(d, path);
    return result;
}

/* The file that was read has another name now, and may still be written to. */
static bool open_renamed(struct followed *l, struct following *w) {
    struct arena a = {0};
    struct logs members;
    struct stat s;
    bool found = false;
    if (!find_members(l, &a, &members, NULL))
        for (size_t i = members.count; i-- > 0 && !found;)
            if (has_number(l, members.names[i]) && !open_path(l, members.names[i], &s, NULL)) {
                found = (uint64_t)s.st_size >= l->offset && head_holds(l, w);
                if (!found) close_file(l);
            }
    arena_free(&a);
    return found;
}

static enum error open_log(struct followed *l, struct following *w, struct diag *d) {
    struct stat s;
    bool known = l->number.device || l->number.number;
    if (!os_exists(l->name) && known) {
        open_renamed(l, w); /* or it is waited for */
        return OK;
    }
    enum error result = open_path(l, l->name, &s, d);
    if (result) return result;
    bool same = same_number(number_of(&s), l->number) && (uint64_t)s.st_size >= l->offset && head_holds(l, w);
    if (!known || same) return l->number = number_of(&s), OK;
    w->told.truncated += same_number(number_of(&s), l->number);
    close_file(l);
    if (open_renamed(l, w)) return OK;
    result = catch_up(l, w, false, d);
    if (!result) result = open_path(l, l->name, &s, d);
    if (!result) l->number = number_of(&s);
    return result;
}

/* It was cut off, and perhaps written to again: what was copied from it is read first. */
static enum error look_for_cut(struct followed *l, struct following *w, struct diag *d) {
    struct stat s;
    if (fstat(l->file, &s)) return fail_errno(d, l->name, _("reading"));
    if ((uint64_t)s.st_size >= l->offset && head_holds(l, w)) return OK;
    w->told.truncated++;
    struct file_number number = l->number;
    l->number = (struct file_number){0};
    enum error result = catch_up(l, w, false, d);
    l->number = number;
    return result;
}

/* Where its name is another file's, the old one is left once nothing more came to it for a step. */
static enum error look_for_rotation(struct followed *l, struct following *w, uint64_t before, struct diag *d) {
    struct stat s;
    if (stat(l->name, &s) || same_number(number_of(&s), l->number)) return OK;
    w->told.busy = true;
    if (!l->leaving || l->offset != before) return l->leaving = true, OK;
    enum error result = read_new(l, w, true, d);
    if (!result) result = catch_up(l, w, true, d);
    if (result) return result;
    w->told.rotated++;
    close_file(l);
    result = open_path(l, l->name, &s, d);
    if (!result) l->number = number_of(&s);
    return result ? result : read_new(l, w, false, d);
}

enum error followed_step(struct followed *l, struct following *w, struct diag *d) {
    enum error result = l->file >= 0 ? OK : open_log(l, w, d);
    if (result || l->file < 0) return result;
    uint64_t before = l->offset;
    result = look_for_cut(l, w, d);
    if (!result) result = read_new(l, w, false, d);
    return result ? result : look_for_rotation(l, w, before, d);
}

void followed_end(struct followed *l) {
    close_file(l);
    free(l->reader);
    l->reader = NULL;
}

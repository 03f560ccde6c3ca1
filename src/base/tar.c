#include "base/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

enum { BLOCK = 512 };

static enum error to_buf(void *state, struct bytes b, struct diag *d) {
    struct buf *out = state;
    buf_bytes(out, b);
    return buf_check(out, d);
}

struct tar_sink tar_sink_buf(struct buf *out) {
    return (struct tar_sink){to_buf, out};
}

static bool is_part(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '_' && c != '-') return false;
    }
    return t.size && !text_is(t, ".") && !text_is(t, "..");
}

static bool is_name(struct text t) {
    struct text part;
    if (t.size > TAR_NAME_MAX) return false;
    while (text_cut(&t, '/', &part))
        if (!is_part(part)) return false;
    return is_part(t);
}

/* ---- writing */

struct tar_writer {
    struct archive *archive;
    struct tar_sink into;
    struct diag why; /* of a sink that failed within libarchive */
};

/* A sink that fails is not told to libarchive, which then leaks (3.6.2): what follows is dropped, and the failure is
 * ours to return. */
static la_ssize_t pass_on(struct archive *archive, void *state, const void *at, size_t size) {
    struct tar_writer *w = state;
    (void)archive;
    if (!w->why.code) w->why.code = w->into.write(w->into.state, bytes_of(at, size), &w->why);
    return (la_ssize_t)size;
}

struct tar_writer *tar_writer_new(struct tar_sink into) {
    struct tar_writer *w = calloc(1, sizeof *w);
    ASSERT(w);
    w->into = into;
    w->archive = archive_write_new();
    ASSERT(w->archive && archive_write_set_format_ustar(w->archive) == ARCHIVE_OK);
    ASSERT(archive_write_set_bytes_per_block(w->archive, BLOCK) == ARCHIVE_OK);
    ASSERT(archive_write_set_bytes_in_last_block(w->archive, 1) == ARCHIVE_OK);
    ASSERT(archive_write_open(w->archive, w, NULL, pass_on, NULL) == ARCHIVE_OK);
    return w;
}

static enum error written(struct tar_writer *w, bool good, struct diag *d) {
    if (w->why.code && d) *d = w->why;
    if (w->why.code) return w->why.code;
    return good ? OK : fail(d, ERR_INTERNAL, "tar: %s", archive_error_string(w->archive));
}

enum error tar_add(struct tar_writer *w, struct text name, struct bytes content, struct diag *d) {
    char path[TAR_NAME_MAX + 1] = {0};
    if (!is_name(name)) return fail(d, ERR_INTERNAL, _("“%.*s” is no name in an archive"), TEXT_ARG(name));
    memcpy(path, name.at, name.size);
    struct archive_entry *entry = archive_entry_new();
    ASSERT(entry);
    archive_entry_set_pathname(entry, path);
    archive_entry_set_size(entry, (la_int64_t)content.size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 0, 0);
    int status = archive_write_header(w->archive, entry);
    archive_entry_free(entry);
    bool good = status == ARCHIVE_OK &&
                archive_write_data(w->archive, content.at, content.size) == (la_ssize_t)content.size &&
                archive_write_finish_entry(w->archive) == ARCHIVE_OK;
    return written(w, good, d);
}

enum error tar_end(struct tar_writer *w, struct diag *d) {
    return written(w, archive_write_close(w->archive) == ARCHIVE_OK, d);
}

void tar_writer_free(struct tar_writer *w) {
    if (!w) return;
    archive_write_free(w->archive);
    free(w);
}

/* ---- reading */

static enum error bad_archive(struct archive *archive, struct diag *d) {
    const char *why = archive_error_string(archive);
    return fail(d, ERR_INPUT, _("expected a tar archive, and at offset %lld: %s"),
                (long long)archive_filter_bytes(archive, -1), why ? why : _("something else"));
}

/* The whole content of the entry that was just read.  libarchive hands out parts of what it was given. */
static enum error read_content(struct archive *archive, struct bytes whole, size_t size, struct arena *a,
                               struct bytes *out, struct diag *d) {
    uint8_t *copy = NULL;
    size_t got = 0;
    struct bytes content = {0};
    for (;;) {
        const void *at;
        size_t part;
        la_int64_t offset;
        int status = archive_read_data_block(archive, &at, &part, &offset);
        if (status == ARCHIVE_EOF) break;
        if (status != ARCHIVE_OK || offset != (la_int64_t)got || part > size - got) return bad_archive(archive, d);
        bool view = (uintptr_t)at >= (uintptr_t)whole.at && (uintptr_t)at + part <= (uintptr_t)whole.at + whole.size;
        if (!got && part == size && view) content = bytes_of(at, part);
        if (!content.at && part) {
            if (!copy) copy = arena_take(a, size, 1);
            memcpy(copy + got, at, part);
        }
        got += part;
    }
    if (got != size) return fail(d, ERR_INPUT, _("the archive is cut off"));
    *out = content.at ? content : bytes_of(copy, size);
    return OK;
}

static enum error read_file(struct archive *archive, struct archive_entry *entry, struct bytes whole, struct arena *a,
                            struct tar_file *out, struct diag *d) {
    struct text name = text_of(archive_entry_pathname(entry));
    la_int64_t size = archive_entry_size(entry);
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) || !is_name(name) || size < 0 ||
        (uint64_t)size > whole.size)
        return fail(d, ERR_INPUT, _("the archive holds something else than plain files, or a name that is none"));
    out->name = arena_text(a, name);
    return read_content(archive, whole, (size_t)size, a, &out->content, d);
}

struct comparison {
    struct bytes expected; /* what is left of it */
    size_t offset;
};

static enum error compare(void *state, struct bytes b, struct diag *d) {
    struct comparison *c = state;
    size_t same = 0;
    while (same < b.size && same < c->expected.size && b.at[same] == c->expected.at[same]) same++;
    c->offset += same;
    c->expected = bytes_of(c->expected.at + same, c->expected.size - same);
    return same == b.size ? OK : fail(d, ERR_INPUT, _("the archive is damaged at offset %zu"), c->offset);
}

static enum error each_file(struct archive *archive, struct bytes whole, tar_file_run *with, void *state,
                            struct diag *d) {
    struct comparison c = {.expected = whole}; /* what is written again must be what was read, to the last byte */
    struct tar_writer *w = tar_writer_new((struct tar_sink){compare, &c});
    enum error result = OK;
    for (size_t count = 0; !result; count++) {
        struct archive_entry *entry;
        struct arena a = {0};
        struct tar_file file = {.offset = c.offset};
        int status = archive_read_next_header(archive, &entry);
        if (status == ARCHIVE_EOF) break;
        if (status != ARCHIVE_OK)
            result = bad_archive(archive, d);
        else if (count == TAR_FILES_MAX)
            result = fail(d, ERR_LIMIT, _("an archive of more than %d files"), TAR_FILES_MAX);
        if (!result) result = read_file(archive, entry, whole, &a, &file, d);
        if (!result) result = tar_add(w, file.name, file.content, d);
        if (!result) result = with(state, &file, d);
        arena_free(&a);
    }
    if (!result) result = tar_end(w, d);
    tar_writer_free(w);
    if (!result && c.expected.size)
        result = fail(d, ERR_INPUT, _("something follows the archive at offset %zu"), c.offset);
    return result;
}

enum error tar_each(struct bytes whole, tar_file_run *with, void *state, struct diag *d) {
    struct archive *archive = archive_read_new();
    ASSERT(archive && archive_read_support_format_tar(archive) == ARCHIVE_OK);
    enum error result = archive_read_open_memory(archive, whole.at, whole.size) == ARCHIVE_OK
                            ? each_file(archive, whole, with, state, d)
                            : bad_archive(archive, d);
    archive_read_free(archive);
    return result;
}

/* ---- all files at once */

struct gathering {
    struct bytes whole;
    struct arena *arena;
    struct tar_file *files;
    size_t count, room;
    struct map names;
};

static enum error gather(void *state, const struct tar_file *f, struct diag *d) {
    struct gathering *g = state;
    bool view = (uintptr_t)f->content.at >= (uintptr_t)g->whole.at &&
                (uintptr_t)f->content.at + f->content.size <= (uintptr_t)g->whole.at + g->whole.size;
    g->files = arena_grow(g->arena, g->files, g->count, &g->room, sizeof *g->files);
    struct tar_file *kept = &g->files[g->count++];
    *kept = (struct tar_file){arena_text(g->arena, f->name), f->content, f->offset};
    if (!view) kept->content = arena_bytes(g->arena, f->content);
    if (map_has(&g->names, kept->name))
        return fail(d, ERR_INPUT, _("the archive holds “%.*s” twice"), TEXT_ARG(kept->name));
    map_put(&g->names, kept->name);
    return OK;
}

enum error tar_read(struct bytes whole, struct arena *a, struct tar_file **files, size_t *count, struct diag *d) {
    struct gathering g = {.whole = whole, .arena = a, .names = {.arena = a}};
    enum error result = tar_each(whole, gather, &g, d);
    if (result) return result;
    *files = g.files;
    *count = g.count;
    return OK;
}

/* What the desk asks its node to do with folders, with archives and with all that it keeps: see api.c for the requests.
 */
#include <string.h>

#include "base/os.h"
#include "node/api.h"
#include "node/fields.h"

/* ---- folders and packs */

/* A path is the desk's own word: whoever may speak to this socket is the user whose files these are. */
static enum error read_path(struct asking *q, struct text path, const char **out, struct diag *d) {
    if (!path.size || path.at[0] != '/' || path.size >= OS_PATH_MAX / 2 || memchr(path.at, 0, path.size))
        return fail(d, ERR_INPUT, _("expected a path from the root of the file system"));
    *out = arena_string(&q->arena, path);
    return OK;
}

static void write_report(struct asking *q, const struct folder_report *r) {
    field_u64(q->body, "size", r->size);
    field_u64(q->body, "blobs", r->blobs);
    field_u64(q->body, "blobs-absent", r->blobs_absent);
    field_u64(q->body, "waiting", r->waiting);
}

enum error api_export(struct asking *q, struct diag *d) {
    struct folder_report report;
    const char *path = NULL;
    enum error result = read_path(q, asking_text(q), &path, d);
    if (!result) result = engine_export(q->engine, &q->channel, q->side, path, &report, d);
    if (!result) write_report(q, &report);
    return result;
}

enum error api_pack(struct asking *q, struct diag *d) {
    struct text block = asking_text(q);
    struct pack_report report;
    struct pack_wish wish = {.part_bytes = fields_u64(block, "part-bytes"), .whole = fields_u64(block, "whole") != 0};
    enum error result = read_path(q, fields_text(block, "path"), &wish.path, d);
    if (!result) result = engine_pack(q->engine, &q->channel, q->side, &wish, &report, d);
    if (result) return result;
    write_report(q, &report.record);
    field_u64(q->body, "from", report.from);
    field_u64(q->body, "parts", report.parts);
    return OK;
}

enum error api_import(struct asking *q, struct diag *d) {
    struct link_sync_row row;
    const char *path = NULL;
    enum error result = read_path(q, asking_text(q), &path, d);
    if (!result) result = engine_import(q->engine, path, q->now, &q->arena, &row, d);
    if (!result) api_write_row(q, &row);
    return result;
}

enum error api_unpack(struct asking *q, struct diag *d) {
    struct link_unpacked u;
    const char *path = NULL;
    enum error result = read_path(q, asking_text(q), &path, d);
    if (!result) result = engine_unpack(q->engine, path, q->now, &q->arena, &u, d);
    if (result) return result;
    field_u64(q->body, "part", u.part);
    field_u64(q->body, "held", u.held);
    field_u64(q->body, "parts", u.parts);
    field_u64(q->body, "all", u.whole);
    api_write_row(q, &u.row);
    return OK;
}

/* ---- checking */

enum { FAULTS_TOLD_MAX = 10000 };

struct telling {
    struct buf *faults;
    uint64_t told;
};

static void tell_fault(void *state, const struct fault *f) {
    struct telling *t = state;
    if (t->told++ == FAULTS_TOLD_MAX) return;
    field_u64(t->faults, "kind", (uint64_t)f->kind);
    field_u64(t->faults, "side", (uint64_t)f->side);
    field_text(t->faults, "where", f->where);
    field_text(t->faults, "what", f->what);
    buf_char(t->faults, '\n');
}

static void write_checked(struct asking *q, const struct fsck *f, const struct buf *faults) {
    field_u64(q->body, "records", f->records);
    field_u64(q->body, "entries", f->entries);
    field_u64(q->body, "hashes", f->hashes);
    field_u64(q->body, "checkpoints", f->checkpoints);
    field_u64(q->body, "receipts", f->receipts);
    field_u64(q->body, "blobs", f->blobs);
    field_u64(q->body, "blob-bytes", f->blob_bytes);
    field_u64(q->body, "faults", f->faults);
    buf_char(q->body, '\n');
    buf_bytes(q->body, buf_as_bytes(faults));
}

enum error api_fsck(struct asking *q, struct diag *d) {
    struct buf faults = {.max = RESPONSE_BODY_MAX};
    struct telling t = {.faults = &faults};
    struct fsck f = {.tell = tell_fault, .state = &t};
    enum error result = engine_fsck(q->engine, &f, d);
    if (!result) write_checked(q, &f, &faults);
    buf_free(&faults);
    return result;
}

enum error api_repair(struct asking *q, struct diag *d) {
    struct buf faults[2] = {{.max = RESPONSE_BODY_MAX / 2}, {.max = RESPONSE_BODY_MAX / 2}},
               troubles = {.max = 1 << 16};
    struct telling t[2] = {{.faults = &faults[0]}, {.faults = &faults[1]}};
    struct fsck before = {.tell = tell_fault, .state = &t[0]}, after = {.tell = tell_fault, .state = &t[1]};
    struct engine_repair report = {.troubles = &troubles};
    const char *folder = NULL;
    enum error result = q->request->body.size ? read_path(q, asking_text(q), &folder, d) : OK;
    if (!result) result = engine_repair(q->engine, folder, q->now, &before, &after, &report, d);
    if (!result) {
        struct text lines = buf_as_text(&troubles), line;
        field_u64(q->body, "put-back", report.put_back);
        while (text_line(&lines, &line)) field_text(q->body, "trouble", line);
        buf_char(q->body, '\n');
        write_checked(q, &before, &faults[0]);
        write_checked(q, &after, &faults[1]);
    }
    for (int i = 0; i < 2; i++) buf_free(&faults[i]);
    buf_free(&troubles);
    return result;
}

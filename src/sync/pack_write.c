/* Writing a record into a tar archive, or several. */
#include <stdio.h>

#include "base/os.h"
#include "base/tar.h"
#include "sync/export.h"
#include "sync/own.h"
#include "sync/pack.h"

enum { FILE_MODE = 0644, HEADER_BYTES = 1024 /* what a file takes beside its content, at most */ };

struct packing {
    struct export x;
    const struct pack_wish *wish;
    char path[OS_PATH_MAX];
    struct os_writer file;
    struct tar_writer *tar; /* NULL: no part is begun */
    struct hasher *hash;
    uint64_t written; /* to the part, all that is not the file `pack` */
    unsigned part;
};

/* ---- parts */

static enum error pass_on(void *state, struct bytes b, struct diag *d) {
    struct packing *p = state;
    hasher_add(p->hash, b);
    p->written += b.size;
    return os_writer_write(&p->file, b, d);
}

static enum error begin_part(struct packing *p, struct diag *d) {
    int size = p->wish->part_bytes ? snprintf(p->path, sizeof p->path, "%s.%u", p->wish->path, ++p->part)
                                   : snprintf(p->path, sizeof p->path, "%s", p->wish->path);
    if (size < 0 || (size_t)size >= sizeof p->path) return fail(d, ERR_INPUT, _("the path is too long"));
    if (!p->wish->part_bytes) p->part++;
    if (p->part > PACK_PARTS_MAX) return fail(d, ERR_LIMIT, _("more parts than a pack may have: give a larger size"));
    enum error result = os_writer_open(p->path, FILE_MODE, &p->file, d);
    if (result) return result;
    p->tar = tar_writer_new((struct tar_sink){pass_on, p});
    p->hash = hasher_new();
    p->written = 0;
    return OK;
}

/* Writes what the part is, and gives it its name where `result` is OK. */
static enum error end_part(struct packing *p, bool last, enum error result, struct diag *d) {
    struct buf head = {.max = 1 << 12};
    char hex[SHA256_HEX];
    buf_format(&head, "parley pack v1\norigin %.*s\nsize %llu\nfrom %llu\npart %u %s\nhash ",
               TEXT_ARG(p->x.channel->of[p->x.side].origin), (unsigned long long)p->x.at.size,
               (unsigned long long)p->x.from, p->part, last ? "last" : "more");
    hasher_add(p->hash, buf_as_bytes(&head));
    struct sha256 hash = hasher_peek(p->hash);
    buf_format(&head, "%.*s\n", TEXT_ARG(sha256_hex(&hash, hex)));
    if (!result) result = buf_check(&head, d);
    if (!result) result = tar_add(p->tar, TEXT("pack"), buf_as_bytes(&head), d);
    if (!result) result = tar_end(p->tar, d);
    tar_writer_free(p->tar);
    p->tar = NULL;
    hasher_free(p->hash);
    buf_free(&head);
    return os_writer_end(&p->file, result, d);
}

static enum error put(void *state, const char *name, struct bytes content, struct diag *d) {
    struct packing *p = state;
    enum error result = OK;
    bool full = p->wish->part_bytes && p->written && p->written + content.size + HEADER_BYTES > p->wish->part_bytes;
    if (p->tar && full) result = end_part(p, false, OK, d);
    if (!result && !p->tar) result = begin_part(p, d);
    return result ? result : tar_add(p->tar, text_of(name), content, d);
}

/* ---- all of it */

/* Where what the other side has not receipted begins. */
static enum error begin_at(struct packing *p, struct diag *d) {
    struct kept_receipt receipt;
    struct export *x = &p->x;
    enum error result = OK;
    if (x->side == SIDE_THEIRS || p->wish->whole) return OK;
    result = own_held_by_them(x->node, x->channel, &x->arena, &receipt, NULL);
    if (!result) x->from = receipt.size < x->at.size ? receipt.size : x->at.size;
    return result && result != ERR_MISSING ? fail(d, result, _("could not read a receipt")) : OK;
}

static enum error put_checkpoint(struct packing *p, struct diag *d) {
    struct buf note = {.max = CHECKPOINT_MAX_BYTES};
    enum error result = export_checkpoint(&p->x, &note, d);
    if (!result && note.size) result = put(p, "checkpoint", buf_as_bytes(&note), d);
    buf_free(&note);
    return result;
}

enum error pack_write(const struct sync_node *n, const struct channel *c, enum side side, const struct pack_wish *w,
                      struct pack_report *out, struct diag *d) {
    struct packing p = {.x = {.node = n, .channel = c, .side = side, .report = &out->record}, .wish = w};
    struct export_sink to = {.file = put, .state = &p};
    *out = (struct pack_report){0};
    if (w->part_bytes && w->part_bytes < PACK_PART_BYTES_MIN)
        return fail(d, ERR_INPUT, _("a part is of a MiB or more"));
    enum error result = export_begin(&p.x, d);
    if (!result) result = begin_at(&p, d);
    if (!result) result = put_checkpoint(&p, d);
    if (!result) result = export_files(&p.x, &to, d);
    if (p.tar) result = end_part(&p, true, result, d);
    out->from = p.x.from;
    out->parts = p.part;
    arena_free(&p.x.arena);
    return result;
}

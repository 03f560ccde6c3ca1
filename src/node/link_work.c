/* What a desk has its node do: exchange, carry folders, check, keep drafts. */
#include "base/os.h"
#include "node/fields.h"
#include "node/link_call.h"

/* ---- the exchange */

static struct link_sync_row read_row(struct text t) {
    return (struct link_sync_row){.party = fields_text(t, "party"),
                                  .own_origin = fields_text(t, "own-origin"),
                                  .error = link_named_error(fields_text(t, "error")),
                                  .words = fields_text(t, "words"),
                                  .waits = fields_u64(t, "waits") != 0,
                                  .sent_entries = fields_u64(t, "sent-entries"),
                                  .sent_blobs = fields_u64(t, "sent-blobs"),
                                  .got_entries = fields_u64(t, "got-entries"),
                                  .got_blobs = fields_u64(t, "got-blobs"),
                                  .own_size = fields_u64(t, "own-size"),
                                  .receipted_size = fields_u64(t, "receipted-size"),
                                  .receipted_at = fields_instant(t, "receipted-at"),
                                  .their_size = fields_u64(t, "their-size")};
}

enum error link_sync(struct node_link *l, struct text party, instant now, struct arena *a, struct link_sync_row **rows,
                     size_t *count, struct diag *d) {
    struct text rest, t;
    struct link_sync_row *list = NULL;
    size_t got = 0, room = 0;
    l->now = now;
    enum error result = link_ask_text(l, "POST", TEXT("/desk/sync"), bytes_from_text(party), a, &rest, d);
    while (!result && fields_next(&rest, &t)) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = read_row(t);
    }
    if (result) return result;
    *rows = list;
    *count = got;
    return OK;
}

/* ---- folders and packs */

static struct folder_report read_report(struct text t) {
    return (struct folder_report){fields_u64(t, "size"), fields_u64(t, "blobs"), fields_u64(t, "blobs-absent"),
                                  fields_u64(t, "waiting")};
}

enum error link_export(struct node_link *l, struct text origin, const char *path, struct folder_report *out,
                       struct diag *d) {
    struct arena a = {0};
    struct buf whole = {.max = OS_PATH_MAX};
    struct text t;
    enum error result = os_absolute(path, &whole, d);
    if (!result) result = link_ask_channel(l, "POST", origin, "export", buf_as_bytes(&whole), &a, &t, d);
    if (!result) *out = read_report(t);
    buf_free(&whole);
    arena_free(&a);
    return result;
}

enum error link_import(struct node_link *l, const char *path, instant now, struct arena *a, struct link_sync_row *out,
                       struct diag *d) {
    struct buf whole = {.max = OS_PATH_MAX};
    struct text t;
    l->now = now;
    enum error result = os_absolute(path, &whole, d);
    if (!result) result = link_ask_text(l, "POST", TEXT("/desk/import"), buf_as_bytes(&whole), a, &t, d);
    if (!result) *out = read_row(t);
    buf_free(&whole);
    return result;
}

enum error link_pack(struct node_link *l, struct text origin, const struct pack_wish *w, struct pack_report *out,
                     struct diag *d) {
    struct arena a = {0};
    struct buf whole = {.max = OS_PATH_MAX}, body = {.max = 2 * OS_PATH_MAX};
    struct text t;
    enum error result = os_absolute(w->path, &whole, d);
    field_text(&body, "path", buf_as_text(&whole));
    field_u64(&body, "part-bytes", w->part_bytes);
    field_u64(&body, "whole", w->whole);
    if (!result) result = link_ask_channel(l, "POST", origin, "pack", buf_as_bytes(&body), &a, &t, d);
    if (!result)
        *out = (struct pack_report){
            .record = read_report(t), .from = fields_u64(t, "from"), .parts = (unsigned)fields_u64(t, "parts")};
    buf_free(&whole);
    buf_free(&body);
    arena_free(&a);
    return result;
}

enum error link_unpack(struct node_link *l, const char *path, instant now, struct arena *a, struct link_unpacked *out,
                       struct diag *d) {
    struct buf whole = {.max = OS_PATH_MAX};
    struct text t;
    l->now = now;
    enum error result = os_absolute(path, &whole, d);
    if (!result) result = link_ask_text(l, "POST", TEXT("/desk/unpack"), buf_as_bytes(&whole), a, &t, d);
    if (!result)
        *out = (struct link_unpacked){.part = (unsigned)fields_u64(t, "part"),
                                      .held = (unsigned)fields_u64(t, "held"),
                                      .parts = (unsigned)fields_u64(t, "parts"),
                                      .whole = fields_u64(t, "all") != 0,
                                      .row = read_row(t)};
    buf_free(&whole);
    return result;
}

/* ---- checking */

/* What was checked, then its faults, up to the next block that is none. */
static enum error read_checked(struct text *rest, struct arena *a, struct link_fsck *out, struct diag *d) {
    struct text t, ahead;
    struct fault *list = NULL;
    size_t got = 0, room = 0;
    if (!fields_next(rest, &t)) return fail(d, ERR_NETWORK, _("the node told nothing of what it checked"));
    struct fsck checked = {.records = fields_u64(t, "records"),
                           .entries = fields_u64(t, "entries"),
                           .hashes = fields_u64(t, "hashes"),
                           .checkpoints = fields_u64(t, "checkpoints"),
                           .receipts = fields_u64(t, "receipts"),
                           .blobs = fields_u64(t, "blobs"),
                           .blob_bytes = fields_u64(t, "blob-bytes"),
                           .faults = fields_u64(t, "faults")};
    for (ahead = *rest; fields_next(&ahead, &t) && fields_text(t, "kind").size; *rest = ahead) {
        uint64_t kind = fields_u64(t, "kind");
        if (kind >= FAULT_COUNT) return fail(d, ERR_NETWORK, _("the node told of a fault in an unknown way"));
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = (struct fault){.kind = (enum fault_kind)kind,
                                     .side = fields_u64(t, "side") ? SIDE_THEIRS : SIDE_OWN,
                                     .where = fields_text(t, "where"),
                                     .what = fields_text(t, "what")};
    }
    *out = (struct link_fsck){checked, list, got};
    return OK;
}

enum error link_fsck(struct node_link *l, struct arena *a, struct link_fsck *out, struct diag *d) {
    struct text rest;
    enum error result = link_ask_text(l, "GET", TEXT("/desk/fsck"), bytes_of("", 0), a, &rest, d);
    return result ? result : read_checked(&rest, a, out, d);
}

enum error link_repair(struct node_link *l, const char *folder, instant now, struct arena *a, struct link_repair *out,
                       struct diag *d) {
    struct buf path = {.max = OS_PATH_MAX};
    struct text rest, t, line, *list = NULL;
    size_t got = 0, room = 0;
    l->now = now;
    enum error result = folder ? os_absolute(folder, &path, d) : OK;
    if (!result) result = link_ask_text(l, "POST", TEXT("/desk/repair"), buf_as_bytes(&path), a, &rest, d);
    buf_free(&path);
    if (!result && !fields_next(&rest, &t))
        result = fail(d, ERR_NETWORK, _("the node told nothing of what it repaired"));
    if (result) return result;
    out->put_back = fields_u64(t, "put-back");
    while (fields_each(&t, "trouble", &line)) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = line;
    }
    out->troubles = (struct names){list, got};
    result = read_checked(&rest, a, &out->before, d);
    return result ? result : read_checked(&rest, a, &out->after, d);
}

/* ---- settings and drafts */

/* A call about a channel, whose answer is a number or nothing. */
static enum error tell_channel(struct node_link *l, struct text origin, const char *what, struct bytes body,
                               uint64_t *number, struct diag *d) {
    struct arena a = {0};
    struct text told;
    enum error result = link_ask_channel(l, "POST", origin, what, body, &a, &told, d);
    if (!result && number && !text_u64(told, number)) result = fail(d, ERR_NETWORK, _("the node told no number"));
    arena_free(&a);
    return result;
}

enum error link_set_limits(struct node_link *l, struct text origin, const struct channel_limits *limits,
                           struct diag *d) {
    struct buf body = {.max = 256};
    field_u64(&body, "blob-bytes", limits->blob_bytes_max);
    field_u64(&body, "total-bytes", limits->total_bytes_max);
    field_u64(&body, "window-entries", limits->window_entries);
    enum error result = tell_channel(l, origin, "limits", buf_as_bytes(&body), NULL, d);
    buf_free(&body);
    return result;
}

enum error link_set_witnesses(struct node_link *l, struct text origin, struct names lines, uint64_t quorum,
                              struct diag *d) {
    struct buf body = {.max = 1 << 17};
    if (quorum != UINT64_MAX) field_u64(&body, "quorum", quorum);
    for (size_t i = 0; i < lines.count; i++) field_text(&body, "witness", lines.at[i]);
    enum error result = buf_check(&body, d);
    if (!result) result = tell_channel(l, origin, "witnesses", buf_as_bytes(&body), NULL, d);
    buf_free(&body);
    return result;
}

enum error link_declare_failover(struct node_link *l, struct text origin, struct diag *d) {
    return tell_channel(l, origin, "failover", bytes_of("", 0), NULL, d);
}

enum error link_declare_restored(struct node_link *l, struct text origin, struct diag *d) {
    return tell_channel(l, origin, "restored", bytes_of("", 0), NULL, d);
}

enum error link_drop_erased(struct node_link *l, struct text origin, uint64_t *count, struct diag *d) {
    return tell_channel(l, origin, "drop-erased", bytes_of("", 0), count, d);
}

enum error link_drafts(struct node_link *l, struct arena *a, struct names *out, struct diag *d) {
    struct text rest, name, *list = NULL;
    size_t got = 0, room = 0;
    enum error result = link_ask_text(l, "GET", TEXT("/desk/drafts"), bytes_of("", 0), a, &rest, d);
    while (!result && fields_each(&rest, "draft", &name)) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = name;
    }
    if (!result) *out = (struct names){list, got};
    return result;
}

enum error link_draft(struct node_link *l, struct text name, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct text content;
    struct text path = arena_format(&a, "/desk/draft/%.*s", TEXT_ARG(name));
    enum error result = link_ask_text(l, "GET", path, bytes_of("", 0), &a, &content, d);
    if (!result) buf_text(out, content);
    arena_free(&a);
    return result ? result : buf_check(out, d);
}

enum error link_put_draft(struct node_link *l, struct text name, struct bytes content, struct diag *d) {
    struct arena a = {0};
    struct text path = arena_format(&a, "/desk/draft/%.*s", TEXT_ARG(name));
    enum error result = link_ask_text(l, "PUT", path, content, &a, NULL, d);
    arena_free(&a);
    return result;
}

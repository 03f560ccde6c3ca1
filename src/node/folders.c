/* Records in folders and packs, where there is no wire. */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "node/engine.h"
#include "sync/own.h"

enum error engine_export(struct engine *e, const struct channel *c, enum side side, const char *path,
                         struct folder_report *out, struct diag *d) {
    pthread_mutex_lock(&e->exchanging); /* no two write into one folder */
    enum error result = folder_write(&e->sync, c, side, path, out, d);
    pthread_mutex_unlock(&e->exchanging);
    return result;
}

enum error engine_pack(struct engine *e, const struct channel *c, enum side side, const struct pack_wish *w,
                       struct pack_report *out, struct diag *d) {
    pthread_mutex_lock(&e->exchanging);
    enum error result = pack_write(&e->sync, c, side, w, out, d);
    pthread_mutex_unlock(&e->exchanging);
    return result;
}

static enum error exchange(struct engine *e, struct folder *f, instant now, struct arena *a, struct link_sync_row *row,
                           struct diag *d) {
    struct channel c;
    enum side side;
    struct sync_report report;
    enum error result = store_find_channel(e->store, f->origin, a, &c, &side, NULL);
    if (result == ERR_MISSING)
        return fail(d, ERR_MISSING, _("the folder is of a record that belongs to no channel of this home"));
    if (result) return fail(d, result, _("could not look for the channel"));
    result = sync_folder(&e->sync, c.id, side, f, now, &report, d);
    if (!result) result = store_set_contact(e->store, c.id, now, TEXT(""), d);
    if (result) return result;
    *row = (struct link_sync_row){.got_entries = report.got_entries, .got_blobs = report.got_blobs};
    return engine_fill_row(e, &c, a, row, d);
}

enum error engine_import(struct engine *e, const char *path, instant now, struct arena *a, struct link_sync_row *row,
                         struct diag *d) {
    struct folder f;
    enum error result = folder_open(path, &f, d);
    if (result) return result;
    pthread_mutex_lock(&e->exchanging);
    result = exchange(e, &f, now, a, row, d);
    pthread_mutex_unlock(&e->exchanging);
    folder_close(&f);
    return result;
}

/* ---- packs */

enum { ASIDE_NAME = 32 }; /* characters of the hash of an origin */

/* Where what comes of one record is put aside, and of one pack, so that none of another comes between. */
struct aside {
    char record[OS_PATH_MAX / 2], pack[OS_PATH_MAX];
};
static enum error find_aside(const struct engine *e, const struct pack_head *h, struct aside *out, struct diag *d) {
    char hex[SHA256_HEX];
    struct sha256 name = sha256_of(bytes_from_text(h->origin));
    int size =
        snprintf(out->record, sizeof out->record, "%s/packs/%.*s", e->folder, ASIDE_NAME, sha256_hex(&name, hex).at);
    if (size < 0 || (size_t)size >= sizeof out->record) return fail(d, ERR_INPUT, _("the path is too long"));
    snprintf(out->pack, sizeof out->pack, "%s/%llu-%llu", out->record, (unsigned long long)h->from,
             (unsigned long long)h->size);
    return OK;
}

/* ---- parts of which the rest never came: of no use once the record came another way */

/* Up to where a record needs no pack any more: theirs is cosigned, one's own receipted. */
static uint64_t done_size(struct engine *e, const struct channel *c, enum side side, struct arena *a) {
    struct kept_receipt receipt;
    uint64_t size = 0;
    if (side == SIDE_OWN) return own_held_by_them(&e->sync, c, a, &receipt, NULL) ? 0 : receipt.size;
    return store_checkpoint_size(e->store, c->of[side].id, CHECKPOINT_MIRROR, &size, NULL) ? 0 : size;
}

/* `pack`: as find_aside names it. */
static bool is_over(const char *pack, uint64_t done) {
    struct text size = text_of(pack), from;
    uint64_t number;
    return text_cut(&size, '-', &from) && text_u64(size, &number) && number <= done;
}

static enum error clean_record(const char *record, uint64_t done, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf names = {.max = 1 << 20};
    size_t left = 0;
    enum error result = os_list(record, &names, d);
    for (size_t i = 0; i < names.size && !result; i += strlen((const char *)names.at + i) + 1) {
        const char *pack = (const char *)names.at + i;
        bool over = is_over(pack, done);
        left += !over;
        if (over) result = os_remove_tree(os_path(path, record, pack), d);
    }
    buf_free(&names);
    return result || left ? result : os_remove_folder(record, d);
}

enum error engine_clean_packs(struct engine *e, struct diag *d) {
    char packs[OS_PATH_MAX], record[OS_PATH_MAX];
    struct arena a = {0};
    struct channel *list;
    size_t count;
    if (!os_is_folder(os_path(packs, e->folder, "packs"))) return OK;
    enum error result = store_channels(e->store, &a, &list, &count, d);
    for (size_t i = 0; i < (result ? 0 : count) && !result; i++)
        for (int side = 0; side < 2 && !result; side++) {
            struct channel_record *of = &list[i].of[side];
            if (!of->id) continue;
            os_path(record, packs, arena_string(&a, text_sub(of->hash, 0, ASIDE_NAME)));
            if (os_is_folder(record)) result = clean_record(record, done_size(e, &list[i], (enum side)side, &a), d);
        }
    arena_free(&a);
    return result;
}

/* What comes before the pack must be held here. */
static enum error is_joined(struct engine *e, const struct pack_head *h, struct arena *a, struct diag *d) {
    struct channel c;
    enum side side;
    uint64_t held = 0;
    enum error result = store_find_channel(e->store, h->origin, a, &c, &side, NULL);
    if (result == ERR_MISSING)
        return fail(d, ERR_MISSING, _("the pack is of a record that belongs to no channel of this home"));
    if (!result) result = store_size(e->store, c.of[side].id, &held, d);
    if (result) return fail(d, result, _("could not look for the channel"));
    if (side == SIDE_OWN || h->from <= held) return OK;
    return fail(d, ERR_MISSING,
                _("the pack begins at entry %llu, and %llu are held: ask for a whole one (`parley pack --whole`)"),
                (unsigned long long)h->from, (unsigned long long)held);
}

static enum error take_all(struct engine *e, const struct pack_head *h, const char *path, instant now, struct arena *a,
                           struct link_sync_row *row, struct diag *d) {
    struct folder f;
    enum error result = folder_open(path, &f, d);
    if (result) return result;
    f.from = h->from;
    result = text_equal(f.origin, h->origin) && f.at.size == h->size
                 ? exchange(e, &f, now, a, row, d)
                 : fail(d, ERR_PROOF, _("the pack holds another record than it says"));
    folder_close(&f);
    return result;
}

/* First that its parts are there, then the parts: who is killed in between begins with the first part again. */
static enum error remove_aside(const struct aside *at, struct diag *d) {
    char parts[OS_PATH_MAX];
    enum error result = os_remove_tree(os_path(parts, at->pack, "parts"), d);
    if (!result) result = os_sync_folder(at->pack, d);
    return result ? result : os_remove_tree(at->record, d);
}

/* What was put aside of a record goes once a pack of it was tried: the parts are still where they came from. */
static enum error take_part(struct engine *e, struct bytes archive, instant now, struct arena *a,
                            struct link_unpacked *out, struct diag *d) {
    struct pack_head h;
    struct aside at;
    unsigned all = 0;
    enum error result = pack_read(archive, a, &h, d);
    if (!result) result = is_joined(e, &h, a, d);
    if (!result) result = find_aside(e, &h, &at, d);
    if (result) return result;
    out->part = h.part;
    result = pack_put_aside(archive, &h, at.pack, &out->held, &all, d);
    out->parts = all;
    out->whole = !result && all && out->held == all;
    if (result || !out->whole) return result;
    result = take_all(e, &h, at.pack, now, a, &out->row, d);
    enum error removed = remove_aside(&at, result ? NULL : d);
    return result ? result : removed;
}

enum error engine_unpack(struct engine *e, const char *path, instant now, struct arena *a, struct link_unpacked *out,
                         struct diag *d) {
    struct bytes archive;
    *out = (struct link_unpacked){0};
    enum error result = os_map(path, &archive, d);
    if (result) return result;
    pthread_mutex_lock(&e->exchanging);
    result = engine_clean_packs(e, d);
    if (!result) result = take_part(e, archive, now, a, out, d);
    pthread_mutex_unlock(&e->exchanging);
    os_unmap(archive);
    return result;
}

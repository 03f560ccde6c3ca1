/* Reading a part of a pack, and putting its files aside. */
#include "sync/pack.h"

#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "base/tar.h"
#include "tlog/tile.h"

enum { FOLDER_MODE = 0700, FILE_MODE = 0600, NAME_MAX_BYTES = TAR_NAME_MAX + 1, PASS_BYTES = 4 << 20 };

static enum error no_pack(struct diag *d) { return fail(d, ERR_INPUT, _("this is no part of a pack")); }

/* An archive is mapped, and may be larger than memory: what was gone through is given back by and by. */
struct passing {
    struct bytes archive;
    size_t done;
};
static void pass_over(struct passing *p, size_t to) {
    if (to - p->done < PASS_BYTES) return;
    os_map_forget(bytes_of(p->archive.at + p->done, to - p->done));
    p->done = to;
}

/* ---- what a part says of itself */

struct finding {
    struct passing pass;
    struct arena *arena;
    struct text said;
    size_t files, offset;
};

static enum error find_head(void *state, const struct tar_file *f, struct diag *d) {
    struct finding *w = state;
    if (w->said.at) return fail(d, ERR_INPUT, _("something follows the file “pack”, which is the last of a part"));
    w->files++;
    pass_over(&w->pass, f->offset);
    if (!text_is(f->name, "pack")) return OK;
    w->said = arena_text(w->arena, text_from_bytes(f->content));
    w->offset = f->offset;
    return OK;
}

/* `key value LF`, off the front. */
static bool take(struct text *t, const char *key, struct text *value) {
    return text_skip(t, text_of(key)) && text_skip(t, TEXT(" ")) && text_line(t, value);
}

static bool read_head(struct text t, struct pack_head *h, struct sha256 *hash) {
    struct text size, from, part, number, hex;
    uint64_t place;
    if (!text_skip(&t, TEXT("parley pack v1\n")) || !take(&t, "origin", &h->origin) || !take(&t, "size", &size) ||
        !take(&t, "from", &from) || !take(&t, "part", &part) || !take(&t, "hash", &hex) || t.size ||
        !text_cut(&part, ' ', &number))
        return false;
    h->last = text_is(part, "last");
    if (!text_u64(number, &place) || !place || place > PACK_PARTS_MAX || (!h->last && !text_is(part, "more")))
        return false;
    h->part = (unsigned)place;
    return h->origin.size && text_u64(size, &h->size) && text_u64(from, &h->from) && h->from <= h->size &&
           sha256_read_hex(hex, hash);
}

/* Of all before the file “pack”, and of that up to the hash itself. */
static struct sha256 hash_covered(struct bytes archive, const struct finding *w) {
    struct hasher *h = hasher_new();
    struct passing pass = {.archive = archive};
    for (size_t at = 0, step; at < w->offset; at += step) {
        step = w->offset - at < PASS_BYTES ? w->offset - at : PASS_BYTES;
        hasher_add(h, bytes_of(archive.at + at, step));
        pass_over(&pass, at);
    }
    hasher_add(h, bytes_of(w->said.at, w->said.size - SHA256_HEX));
    return hasher_end(h);
}

enum error pack_read(struct bytes archive, struct arena *a, struct pack_head *out, struct diag *d) {
    struct finding w = {.pass = {.archive = archive}, .arena = a};
    struct sha256 hash;
    enum error result = tar_each(archive, find_head, &w, d);
    if (result) return result;
    if (!w.said.at) return no_pack(d);
    if (!read_head(w.said, out, &hash)) return fail(d, ERR_INPUT, _("its file “pack” is not of a kind known here"));
    if (!sha256_equal(hash_covered(archive, &w), hash))
        return fail(d, ERR_PROOF, _("part %u is damaged: its bytes are not those that it had when it was written"),
                    out->part);
    return OK;
}

/* ---- putting aside */

struct putting {
    struct passing pass;
    const char *folder;
};

static bool belongs(struct text name) {
    static const char *const plain[] = {"checkpoint", "vkeys", "shown", "receipt"};
    struct tile tile;
    for (size_t i = 0; i < COUNT(plain); i++)
        if (text_is(name, plain[i])) return true;
    return tile_path_read(name, &tile) || (text_skip(&name, TEXT("blobs/")) && sha256_is_hex(name));
}

static enum error put_file(void *state, const struct tar_file *f, struct diag *d) {
    struct putting *p = state;
    char name[NAME_MAX_BYTES], path[OS_PATH_MAX];
    if (text_is(f->name, "pack")) return OK;
    if (!belongs(f->name)) return fail(d, ERR_INPUT, _("“%.*s” is no file of a record"), TEXT_ARG(f->name));
    snprintf(name, sizeof name, "%.*s", TEXT_ARG(f->name));
    os_path(path, p->folder, name);
    enum error result = os_make_folder_of(path, FOLDER_MODE, d);
    if (!result) result = os_write_part(path, 0, f->content, FILE_MODE, d);
    pass_over(&p->pass, f->offset);
    return result;
}

/* `parts/<number>` says that the part is there, and whether it is the last. */
static enum error note_part(const struct pack_head *h, const char *folder, struct diag *d) {
    char name[64], path[OS_PATH_MAX];
    snprintf(name, sizeof name, "parts/%u", h->part);
    return os_write(os_path(path, folder, name), bytes_from_text(h->last ? TEXT("last\n") : TEXT("more\n")), FILE_MODE,
                    d);
}

static enum error count_parts(const char *folder, unsigned *held, unsigned *all, struct diag *d) {
    char parts[OS_PATH_MAX], path[OS_PATH_MAX];
    struct buf names = {.max = PACK_PARTS_MAX * 8};
    enum error result = os_list(os_path(parts, folder, "parts"), &names, d);
    *held = *all = 0;
    for (size_t at = 0; at < names.size && !result; at += strlen((const char *)names.at + at) + 1) {
        const char *name = (const char *)names.at + at;
        struct buf said = {.max = 16};
        uint64_t number;
        result = os_read(os_path(path, parts, name), 16, &said, d);
        if (!result && text_u64(text_of(name), &number)) {
            ++*held;
            if (text_is(buf_as_text(&said), "last\n")) *all = (unsigned)number;
        }
        buf_free(&said);
    }
    buf_free(&names);
    return result;
}

enum error pack_put_aside(struct bytes archive, const struct pack_head *h, const char *folder, unsigned *held,
                          unsigned *all, struct diag *d) {
    struct putting p = {.pass = {.archive = archive}, .folder = folder};
    char parts[OS_PATH_MAX];
    enum error result = os_make_folders(os_path(parts, folder, "parts"), FOLDER_MODE, d);
    if (!result) result = tar_each(archive, put_file, &p, d);
    if (!result) result = os_sync_all(folder, d);
    if (!result) result = note_part(h, folder, d);
    return result ? result : count_parts(folder, held, all, d);
}

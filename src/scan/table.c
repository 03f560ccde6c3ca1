#include "scan/table.h"

#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "scan/mmdb.h"

/* ---- sources */

static struct text name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return strcmp(path, "-") ? text_of(slash ? slash + 1 : path) : TEXT("standard-input");
}

static enum error read_text(struct bytes file, struct rows *r, struct territory_source *out, struct diag *d) {
    out->hash = sha256_of(file);
    return rows_read(r, text_from_bytes(file), &out->rows, d);
}

static enum error read_stream(const char *path, struct rows *r, struct territory_source *out, struct diag *d) {
    struct buf content = {.max = TERRITORY_SOURCE_MAX_BYTES};
    enum error result = os_read(path, TERRITORY_SOURCE_MAX_BYTES, &content, d);
    if (!result) result = read_text(buf_as_bytes(&content), r, out, d);
    buf_free(&content);
    return result;
}

static enum error read_file(const char *path, struct rows *r, struct territory_source *out, struct diag *d) {
    struct bytes file;
    enum error result = os_map(path, &file, d);
    if (result) return result;
    bool mmdb = mmdb_is(file);
    if (!mmdb && file.size > TERRITORY_SOURCE_MAX_BYTES)
        result = fail(d, ERR_LIMIT, _("larger than %zu bytes"), (size_t)TERRITORY_SOURCE_MAX_BYTES);
    else if (!mmdb)
        result = read_text(file, r, out, d);
    os_unmap(file);
    return mmdb ? mmdb_read(path, r, out, d) : result;
}

enum error table_read_source(const char *path, struct rows *r, struct territory_source *out, struct diag *d) {
    r->date = r->vendor = r->license = (struct text){0};
    out->name = arena_text(&r->arena, name_of(path));
    enum error result = strcmp(path, "-") ? read_file(path, r, out, d) : read_stream(path, r, out, d);
    if (result) diag_where(d, path);
    return result;
}

/* ---- tables */

/* The file that `typed` means; false where there is none. */
static bool find(const char *home, const char *typed, char path[static OS_PATH_MAX]) {
    static const char *const ends[] = {"", ".table"};
    if (strlen(home) + strlen(typed) + 32 > OS_PATH_MAX) return false;
    snprintf(path, OS_PATH_MAX, "%s", typed);
    if (os_exists(path) && !os_is_folder(path)) return true;
    for (size_t i = 0; i < COUNT(ends) && !strchr(typed, '/'); i++) {
        snprintf(path, OS_PATH_MAX, "%s/territory/%s%s", home, typed, ends[i]);
        if (os_exists(path) && !os_is_folder(path)) return true;
    }
    return false;
}

enum error table_open(const char *home, const char *typed, struct table *out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct table t = {0};
    if (!find(home, typed, path))
        return fail(d, ERR_MISSING, _("no territory table “%.200s”, neither as a file nor in %.200s/territory"), typed,
                    home);
    enum error result = os_map(path, &t.file, d);
    if (result) return result;
    result = territory_open(t.file, &t.of, d);
    if (!result) result = territory_verify(&t.of, d);
    if (result) {
        os_unmap(t.file);
        diag_where(d, path);
        return result;
    }
    territory_prepare(&t.of, &t.arena);
    *out = t;
    return OK;
}

enum error table_each(const char *home, enum error (*each)(void *of, const char *file, const struct territory *t),
                      void *of, struct diag *d) {
    char folder[OS_PATH_MAX], path[OS_PATH_MAX];
    struct buf names = {.max = 1 << 20};
    enum error result = OK;
    os_path(folder, home, "territory");
    if (os_is_folder(folder)) result = os_list(folder, &names, d);
    for (size_t at = 0; !result && at < names.size;) {
        const char *name = (const char *)names.at + at;
        struct bytes file;
        struct territory t;
        at += strlen(name) + 1;
        if (!os_is_file(os_path(path, folder, name)) || os_map(path, &file, NULL)) continue;
        if (!territory_open(file, &t, NULL)) result = each(of, name, &t);
        os_unmap(file);
    }
    buf_free(&names);
    return result;
}

struct sought {
    struct sha256 hash;
    char file[OS_PATH_MAX]; /* empty: not found */
};

/* Whether a file says to be the table of that hash; whether it is, table_open finds out. */
static enum error names_hash(void *of, const char *file, const struct territory *t) {
    struct sought *s = of;
    if (!*s->file && sha256_equal(t->meta.hash, s->hash)) snprintf(s->file, sizeof s->file, "%s", file);
    return OK;
}

enum error table_find(const char *home, struct sha256 hash, struct table *out, struct diag *d) {
    char folder[OS_PATH_MAX], path[OS_PATH_MAX], hex[SHA256_HEX];
    struct sought s = {.hash = hash};
    os_path(folder, home, "territory");
    enum error result = table_each(home, names_hash, &s, NULL);
    if (!result && *s.file) return table_open(home, os_path(path, folder, s.file), out, d);
    return fail(d, ERR_MISSING, _("the territory table %.12s is not in %.200s"), sha256_hex(&hash, hex).at, folder);
}

void table_close(struct table *t) {
    os_unmap(t->file);
    arena_free(&t->arena);
    *t = (struct table){0};
}

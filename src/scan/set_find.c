/* What was typed, to files in the order in which they are read. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/os.h"
#include "scan/scan.h"
#include "scan/set.h"

struct finding_logs {
    struct arena *arena;
    const char **names;
    size_t count, room, repeated;
    struct map seen; /* files, by device and number */
};

/* ---- names */

/* The same file under two names is read once; a pipe has no number to know it by. */
static bool seen_before(struct finding_logs *f, const char *name) {
    struct stat s;
    if (stat(name, &s) || !S_ISREG(s.st_mode)) return false;
    struct text key = arena_format(f->arena, "%llx:%llx", (unsigned long long)s.st_dev, (unsigned long long)s.st_ino);
    if (map_has(&f->seen, key)) return true;
    map_put(&f->seen, key);
    return false;
}

static enum error add(struct finding_logs *f, const char *name, struct diag *d) {
    if (strcmp(name, "-") && seen_before(f, name)) return f->repeated++, OK;
    if (f->count == SCAN_FILES_MAX) return fail(d, ERR_LIMIT, _("more than %d files"), SCAN_FILES_MAX);
    f->names = arena_grow(f->arena, f->names, f->count, &f->room, sizeof *f->names);
    f->names[f->count++] = arena_string(f->arena, text_of(name));
    return OK;
}

static enum error add_folder(struct finding_logs *f, const char *folder, struct diag *d) {
    enum { NAMES_BYTES_MAX = 1 << 26 };
    struct buf names = {.max = NAMES_BYTES_MAX};
    char path[OS_PATH_MAX];
    size_t before = f->count + f->repeated;
    enum error result = os_list(folder, &names, d);
    for (size_t at = 0; !result && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        const char *name = (const char *)names.at + at;
        if (name[0] == '.' || strlen(folder) + strlen(name) + 2 > sizeof path) continue;
        if (os_is_file(os_path(path, folder, name))) result = add(f, path, d);
    }
    buf_free(&names);
    if (result || f->count + f->repeated > before) return result;
    result = fail(d, ERR_MISSING, _("no files in this folder"));
    diag_where(d, folder);
    return result;
}

static enum error add_pattern(struct finding_logs *f, const char *pattern, struct diag *d) {
    glob_t found;
    enum error result = OK;
    int code = glob(pattern, 0, NULL, &found);
    if (code) {
        result = code == GLOB_NOMATCH ? fail(d, ERR_MISSING, _("no file fits this pattern"))
                                      : fail(d, ERR_IO, _("the pattern could not be followed"));
        diag_where(d, pattern);
        return result;
    }
    for (size_t i = 0; !result && i < found.gl_pathc; i++)
        if (!os_is_folder(found.gl_pathv[i])) result = add(f, found.gl_pathv[i], d);
    globfree(&found);
    return result;
}

static enum error add_typed(struct finding_logs *f, const char *typed, struct diag *d) {
    if (!strcmp(typed, "-") || (os_exists(typed) && !os_is_folder(typed))) return add(f, typed, d);
    if (os_is_folder(typed)) return add_folder(f, typed, d);
    return strpbrk(typed, "*?[") ? add_pattern(f, typed, d) : add(f, typed, d);
}

/* ---- order */

struct placed {
    struct log_name name;
    const char *path;
    size_t set, place; /* of the first file of its source; its own */
};

static int by_place(const void *a, const void *b) {
    const struct placed *x = a, *y = b;
    if (x->set != y->set) return x->set < y->set ? -1 : 1;
    int order = log_name_order(&x->name, &y->name);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static void put_in_order(const char **names, size_t count, struct arena *a) {
    struct placed *all = ARENA_ARRAY(a, struct placed, count);
    struct map sets = {.arena = a};
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct placed){log_name_read(text_of(names[i])), names[i], i, i};
        struct placed **first = (struct placed **)map_put(&sets, all[i].name.source);
        if (!*first) *first = &all[i];
        all[i].set = (*first)->place;
    }
    if (count) qsort(all, count, sizeof *all, by_place);
    for (size_t i = 0; i < count; i++) names[i] = all[i].path;
}

enum error logs_find(const char *const *typed, size_t count, struct arena *a, struct logs *out, struct diag *d) {
    struct finding_logs f = {.arena = a, .seen = {.arena = a}};
    enum error result = OK;
    for (size_t i = 0; !result && i < count; i++) result = add_typed(&f, typed[i], d);
    if (result) return result;
    put_in_order(f.names, f.count, a);
    *out = (struct logs){f.names, f.count, f.repeated};
    return OK;
}

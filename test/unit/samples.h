/* The samples of each log format: those of fuzz/corpus/line_reader that people wrote, one folder a format.  Inputs that
 * fuzzing found are called by their hash, and are asked for with PARLEY_SAMPLES=all. */
#ifndef PARLEY_TEST_UNIT_SAMPLES_H
#define PARLEY_TEST_UNIT_SAMPLES_H

#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "line/formats.h"

static inline bool sample_is_found(const char *name) {
    const char *all = getenv("PARLEY_SAMPLES");
    return strlen(name) == 40 && strspn(name, "0123456789abcdef") == 40 && !(all && !strcmp(all, "all"));
}

/* Calls for each sample of a format; fails where there is none. */
static inline void samples_each(const char *format,
                                void (*each)(void *state, const struct format *f, const char *path, struct text sample),
                                void *state) {
    struct arena a = {0};
    const char *folder = arena_format(&a, "%s/%s", PARLEY_SAMPLES_FOLDER, format).at;
    size_t count = 0;
    DIR *open = opendir(folder);
    for (struct dirent *e; open && (e = readdir(open));) {
        struct buf content = {.max = 1 << 20};
        if (e->d_name[0] == '.' || sample_is_found(e->d_name)) continue;
        const char *path = arena_format(&a, "%s/%s", folder, e->d_name).at;
        assert_int_equal(os_read(path, content.max, &content, NULL), OK);
        each(state, format_find(text_of(format)), path, buf_as_text(&content));
        buf_free(&content);
        count++;
    }
    if (open) closedir(open);
    if (!count) print_error("%s has no sample\n", folder);
    assert_true(count);
    arena_free(&a);
}

#endif

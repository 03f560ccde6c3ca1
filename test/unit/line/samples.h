/* The samples of each format: those of fuzz/corpus/line_reader that people wrote, one folder a format.  Inputs that
 * fuzzing found are called by their hash, and are asked for with PARLEY_SAMPLES=all. */
#ifndef PARLEY_TEST_UNIT_LINE_SAMPLES_H
#define PARLEY_TEST_UNIT_LINE_SAMPLES_H

#include "real.h"

#include <dirent.h>

static inline bool sample_is_found(const char *name) {
    const char *all = getenv("PARLEY_SAMPLES");
    return strlen(name) == 40 && strspn(name, "0123456789abcdef") == 40 && !(all && !strcmp(all, "all"));
}

/* Calls for each sample of a format; fails where there is none. */
static inline void samples_each(const char *format, void (*each)(const struct format *f, struct text sample)) {
    struct arena a = {0};
    const char *folder = arena_format(&a, "%s/%s", PARLEY_SAMPLES_FOLDER, format).at;
    size_t count = 0;
    DIR *open = opendir(folder);
    for (struct dirent *e; open && (e = readdir(open));) {
        if (e->d_name[0] == '.' || sample_is_found(e->d_name)) continue;
        each(format_find(text_of(format)), real_path(arena_format(&a, "%s/%s", folder, e->d_name).at, &a));
        count++;
    }
    if (open) closedir(open);
    arena_free(&a);
    if (!count) broken("%s has no sample", folder);
}

#endif

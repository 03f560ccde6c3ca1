/* A test's own folder and arena: a `struct world *` is the state of each test between `start` and `end`. */
#ifndef PARLEY_TEST_SCAN_FOLDER_H
#define PARLEY_TEST_SCAN_FOLDER_H

#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/os.h"

struct world {
    char folder[64];
    struct arena arena;
};

static int start(void **state) {
    struct world *w = calloc(1, sizeof *w);
    strcpy(w->folder, "/tmp/parley-scan-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    *state = w;
    return 0;
}

/* Removes the files and empty folders that the test left. */
static int end(void **state) {
    struct world *w = *state;
    struct buf names = {.max = 1 << 16};
    char path[OS_PATH_MAX];
    assert_int_equal(os_list(w->folder, &names, NULL), OK);
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.at + at) + 1)
        assert_int_equal(remove(os_path(path, w->folder, (const char *)names.at + at)), 0);
    assert_int_equal(rmdir(w->folder), 0);
    buf_free(&names);
    arena_free(&w->arena);
    free(w);
    return 0;
}

#endif

/* What the tests of formats share: reading one line, and real logs, which the project does not hold.  They are in the
 * folder that PARLEY_DATA names; a test that wants them is skipped, saying so, where there is none. */
#ifndef PARLEY_TEST_UNIT_LINE_REAL_H
#define PARLEY_TEST_UNIT_LINE_REAL_H

#include "unit.h"

#include <stdio.h>

#include "base/os.h"
#include "line/formats.h"

/* As cmocka's fail_msg, which calls its `fail`. */
#define broken(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

enum { REAL_BYTES_MAX = 64 << 20 };

static inline struct text real_path(const char *path, struct arena *a) {
    struct buf b = {.max = REAL_BYTES_MAX};
    struct diag d = {0};
    if (os_read(path, REAL_BYTES_MAX, &b, &d)) broken("%s: %s", path, d.text);
    struct text copy = arena_text(a, buf_as_text(&b));
    buf_free(&b);
    return copy;
}

/* To be called before a test takes memory. */
static inline const char *real_folder(void) {
    const char *folder = getenv("PARLEY_DATA");
    if (!folder) {
        print_message("PARLEY_DATA names no folder with real logs\n");
        skip();
    }
    return folder;
}

static inline struct text real_file(const char *name, struct arena *a) {
    const char *folder = real_folder();
    return real_path(arena_format(a, "%s/%s", folder, name).at, a);
}

/* The zone of the fail2ban samples, and their now. */
static inline struct stamp_options real_zurich(struct arena *a) {
    struct stamp_options o = {0};
    struct text tz = real_path("/usr/share/zoneinfo/Europe/Zurich", a);
    if (zone_read(bytes_from_text(tz), a, &o.zone, NULL)) broken("can't read the zone");
    if (!instant_read(TEXT("2005-08-14T10:00:00Z"), &o.until)) broken("can't read a time");
    return o;
}

#endif

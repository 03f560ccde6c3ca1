/* The map that was made: a place for each country of ISO 3166-1, once, and shapes within the frame. */
#include "unit.h"

#include <stdlib.h>

#include "territory/atlas.h"
#include "vocab/iso3166.h"

static void each_country_has_one_place(void **state) {
    (void)state;
    if (!atlas_count) skip(); /* built without npm's world-atlas */
    for (size_t i = 0; i < iso3166_count; i++) {
        size_t found = 0;
        for (size_t n = 0; n < atlas_count; n++) found += !strncmp(atlas_shapes[n].code, iso3166_rows[i].code, 2);
        if (found != 1) print_error("%.2s: %zu\n", iso3166_rows[i].code, found);
        assert_int_equal(found, 1);
    }
    for (size_t n = 0; n < atlas_count; n++) {
        assert_true(atlas_shapes[n].x <= atlas_width && atlas_shapes[n].y <= atlas_height);
        assert_true(*atlas_shapes[n].path || atlas_shapes[n].small);
        assert_true(*atlas_shapes[n].code || *atlas_shapes[n].path);
    }
}

/* Walks a path of M, l and z; every point must be on the map, and every ring be closed. */
static void follow(const char *path) {
    long x = 0, y = 0;
    bool moved = false;
    while (*path) {
        if (*path == 'z' || *path == 'l') {
            path++;
            continue;
        }
        char *end;
        moved = *path == 'M';
        path += moved;
        long one = strtol(path, &end, 10), other = strtol(end, &end, 10);
        assert_true(end > path);
        x = moved ? one : x + one;
        y = moved ? other : y + other;
        assert_true(x >= 0 && x <= (long)atlas_width && y >= 0 && y <= (long)atlas_height);
        path = end;
    }
}

static void shapes_lie_on_the_map(void **state) {
    (void)state;
    for (size_t n = 0; n < atlas_count; n++) {
        follow(atlas_shapes[n].path);
        size_t size = strlen(atlas_shapes[n].path);
        if (size) assert_true(*atlas_shapes[n].path == 'M' && atlas_shapes[n].path[size - 1] == 'z');
    }
    follow(atlas_sphere);
}

/* Equal areas: the frame is about half as tall as it is wide (Šavrič, Patterson and Jenny give 0.487). */
static void the_frame_is_that_of_equal_earth(void **state) {
    (void)state;
    assert_int_equal(atlas_height * 1000 / atlas_width, 487);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_country_has_one_place),
        cmocka_unit_test(shapes_lie_on_the_map),
        cmocka_unit_test(the_frame_is_that_of_equal_earth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

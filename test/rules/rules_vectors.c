/* rules-vectors DIR: runs every vector of the rules in a folder and compares what comes out with its `expect`.
 *
 * Prints each file that differs, with the first place that does and both values, and ends with how many passed and
 * failed.  Exit status: 0 all passed, 1 one differs, 2 wrong usage, 3 the folder can't be read. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vector.h"

/* ---- the first difference of two values */

struct difference {
    char path[512];
    const json_t *expected, *found; /* NULL: absent */
};

static bool differ(const json_t *expected, const json_t *found, size_t length, struct difference *d);

static bool differ_here(const json_t *expected, const json_t *found, struct difference *d) {
    d->expected = expected;
    d->found = found;
    return true;
}

/* Adds a step to the path; returns its new length. */
static size_t step(struct difference *d, size_t length, const char *name) {
    int written = snprintf(d->path + length, sizeof d->path - length, "/%s", name);
    size_t end = length + (size_t)(written < 0 ? 0 : written);
    return end < sizeof d->path ? end : sizeof d->path - 1;
}

static bool differ_in_objects(json_t *expected, json_t *found, size_t length, struct difference *d) {
    const char *name;
    json_t *value;
    json_object_foreach(expected, name, value) {
        size_t deeper = step(d, length, name);
        if (differ(value, json_object_get(found, name), deeper, d)) return true;
    }
    json_object_foreach(found, name, value) {
        if (json_object_get(expected, name)) continue;
        step(d, length, name);
        return differ_here(NULL, value, d);
    }
    return false;
}

static bool differ_in_arrays(const json_t *expected, const json_t *found, size_t length, struct difference *d) {
    size_t count =
        json_array_size(expected) > json_array_size(found) ? json_array_size(expected) : json_array_size(found);
    for (size_t i = 0; i < count; i++) {
        char at[24];
        snprintf(at, sizeof at, "%zu", i);
        if (differ(json_array_get(expected, i), json_array_get(found, i), step(d, length, at), d)) return true;
    }
    return false;
}

static bool differ(const json_t *expected, const json_t *found, size_t length, struct difference *d) {
    if (!expected || !found || json_typeof(expected) != json_typeof(found)) return differ_here(expected, found, d);
    if (json_is_object(expected))
        return differ_in_objects((json_t *)(uintptr_t)expected, (json_t *)(uintptr_t)found, length, d);
    if (json_is_array(expected)) return differ_in_arrays(expected, found, length, d);
    return json_equal(expected, found) ? false : differ_here(expected, found, d);
}

static void print_value(const char *what, const json_t *value) {
    char *written = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS) : NULL;
    printf("    %s %s\n", what, written ? written : "nothing");
    free(written);
}

/* ---- one vector */

static bool compare(const char *path, const json_t *expected, const json_t *found) {
    struct difference d = {.path = ""};
    if (!differ(expected, found, 0, &d)) return true;
    printf("differs: %s\n    at %s\n", path, d.path);
    print_value("expected", d.expected);
    print_value("found", d.found);
    return false;
}

static bool run_vector(const char *path, const json_t *json) {
    struct arena a = {0};
    struct diag d = {0};
    struct vector v;
    struct matter_state state;
    enum error e = vector_read(json, &a, &v, &d);
    if (!e) e = matter_fold(&v.view, v.cuts, v.statements, v.count, v.as_of, &a, &state, &d);
    bool same = false;
    if (e) {
        printf("differs: %s\n    %s: %s\n", path, error_name(e), d.text);
    } else {
        json_t *found = matter_json(&state);
        same = compare(path, json_object_get(json, "expect"), found);
        json_decref(found);
    }
    arena_free(&a);
    return same;
}

static bool run_file(const char *path) {
    json_error_t where;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (!json) {
        printf("differs: %s\n    line %d: %s\n", path, where.line, where.text);
        return false;
    }
    bool same = run_vector(path, json);
    json_decref(json);
    return same;
}

/* ---- the folder */

static int is_vector(const struct dirent *file) { return text_ends(text_of(file->d_name), TEXT(".json")); }

int main(int count, char **arguments) {
    if (count != 2) {
        fputs("usage: rules-vectors DIR\n", stderr);
        return 2;
    }
    struct dirent **files;
    int found = scandir(arguments[1], &files, is_vector, alphasort), passed = 0;
    if (found < 0) {
        perror(arguments[1]);
        return 3;
    }
    for (int i = 0; i < found; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", arguments[1], files[i]->d_name);
        passed += run_file(path);
        free(files[i]);
    }
    free(files);
    printf("%d passed, %d failed\n", passed, found - passed);
    return passed == found ? 0 : 1;
}

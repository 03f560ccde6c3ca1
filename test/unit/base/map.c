/* Maps: what was put is found, in order, however the names arrive. */
#include "unit.h"

#include "base/map.h"

enum { MANY = 20000 };

static struct text name_of(struct arena *a, unsigned n) { return arena_format(a, "name-%05u", n); }

static void check_all(const struct map *m, struct arena *a) {
    struct text *names = ARENA_ARRAY(a, struct text, MANY);
    void **things = ARENA_ARRAY(a, void *, MANY);
    assert_int_equal(m->count, MANY);
    map_list(m, names, things);
    for (unsigned i = 0; i < MANY; i++) {
        assert_true(text_equal(names[i], name_of(a, i)));
        assert_ptr_equal(map_get(m, names[i]), things[i]);
    }
    for (unsigned i = 1; i < MANY; i++) assert_true(text_compare(names[i - 1], names[i]) < 0);
}

static void names_are_found_in_any_order_of_arrival(void **state) {
    (void)state;
    static const unsigned steps[] = {1, MANY - 1, 7919};
    for (size_t s = 0; s < COUNT(steps); s++) {
        struct arena a = {0};
        struct map m = {.arena = &a};
        for (unsigned i = 0, n = 0; i < MANY; i++, n = (n + steps[s]) % MANY) {
            struct text name = name_of(&a, n);
            *map_put(&m, name) = (void *)(uintptr_t)name.at;
        }
        check_all(&m, &a);
        assert_null(map_get(&m, TEXT("name")));
        assert_null(map_get(&m, TEXT("")));
        arena_free(&a);
    }
}

static void a_name_has_one_place(void **state) {
    (void)state;
    struct arena a = {0};
    struct map m = {.arena = &a};
    int first = 1;
    *map_put(&m, TEXT("")) = &first;
    void **again = map_put(&m, TEXT(""));
    assert_ptr_equal(*again, &first);
    for (unsigned i = 0; i < 100; i++) map_put(&m, name_of(&a, i));
    assert_ptr_equal(map_put(&m, TEXT("")), again);
    assert_int_equal(m.count, 101);
    assert_true(map_has(&m, name_of(&a, 99)) && !map_get(&m, name_of(&a, 99)));
    assert_false(map_has(&m, name_of(&a, 100)));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_in_any_order_of_arrival),
        cmocka_unit_test(a_name_has_one_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

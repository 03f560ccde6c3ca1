/* Numbers of keys, against a plain search. */
#include "unit.h"

#include "base/random.h"
#include "territory/ids.h"

static void keys_are_numbered_as_they_come(void **state) {
    (void)state;
    enum { ASKED = 6000, DIFFERENT = 1500 };
    struct random random = random_seeded(TEXT("ids"));
    uint32_t of[2][ASKED];
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct ids s = {.key_size = 9, .seed = seed * 77};
        uint32_t number_of[DIFFERENT];
        memset(number_of, 0xff, sizeof number_of);
        random = random_seeded(TEXT("ids"));
        for (size_t i = 0; i < ASKED; i++) {
            uint16_t drawn;
            uint8_t key[9] = {0};
            random_fill(&random, (uint8_t *)&drawn, sizeof drawn);
            drawn %= DIFFERENT;
            memcpy(key + 7, &drawn, sizeof drawn);
            size_t before = s.count;
            of[seed][i] = ids_put(&s, key);
            if (number_of[drawn] == UINT32_MAX) number_of[drawn] = (uint32_t)before;
            assert_int_equal(of[seed][i], number_of[drawn]);
            assert_memory_equal(ids_key(&s, of[seed][i]), key, sizeof key);
        }
        assert_true(s.count <= DIFFERENT);
        ids_free(&s);
        assert_int_equal(s.count, 0);
    }
    assert_memory_equal(of[0], of[1], sizeof of[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_are_numbered_as_they_come)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

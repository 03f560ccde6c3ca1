/* Sifting: each way that this processor has gives the masks of the plain one, which are those of a loop over bytes. */
#include "unit.h"

#include "base/random.h"
#include "base/sift.h"

static const char *const needles[] = {"() {", "${jndi", "/.env", "map", "/wp-", "\\think"};

static const struct sift *plain(void) { return &sifts[sift_count - 1]; }

/* Bytes that often are what is sought. */
static void draw_text(struct random *r, char *at, size_t size) {
    static const char bytes[] = "\n\n\"\"%+(){$/.wpmaMAjn\\t \xff\x8a";
    random_fill(r, (uint8_t *)at, size);
    for (size_t i = 0; i < size; i++) at[i] = bytes[(uint8_t)at[i] % (sizeof bytes - 1)];
}

static void check_lines(const struct sift *s, struct text t, uint64_t *out) {
    bool nul = s->lines(t, out), any = false;
    for (size_t i = 0; i < t.size; i++) {
        assert_int_equal(out[i / SIFT_BLOCK] >> i % SIFT_BLOCK & 1, t.at[i] == '\n');
        any = any || !t.at[i];
    }
    if (t.size % SIFT_BLOCK) assert_int_equal(out[t.size / SIFT_BLOCK] >> t.size % SIFT_BLOCK, 0);
    assert_int_equal(nul, any);
}

static void check_either(const struct sift *s, struct text t) {
    uint64_t mask = s->either(t, '"', '+');
    for (size_t i = 0; i < SIFT_BLOCK; i++)
        assert_int_equal(mask >> i & 1, i < t.size && (t.at[i] == '"' || t.at[i] == '+'));
    size_t first = 0;
    while (first < t.size && t.at[first] != '%' && t.at[first] != '(') first++;
    assert_int_equal(sift_find(s, t, '%', '('), first);
}

static bool begins(struct text t, const char *needle) {
    return t.size >= NEEDLE_SIZE && !strncasecmp(t.at, needle, NEEDLE_SIZE);
}

static void check_needles(const struct sift *s, const struct needles_begin *n, struct text t) {
    uint64_t mask = s->needles(n, t);
    assert_int_equal(mask, plain()->needles(n, t));
    for (size_t i = 0; i < t.size && i < SIFT_BLOCK; i++)
        for (size_t k = 0; k < COUNT(needles); k++)
            if (begins(text_sub(t, i, t.size), needles[k])) assert_true(mask >> i & 1);
    if (t.size < SIFT_BLOCK) assert_int_equal(mask >> t.size, 0);
}

/* Of memory that is as long as the text, so that the sanitizer sees a byte too far. */
static void all_ways_give_the_same(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("sift"));
    struct needles_begin n = {0};
    for (size_t k = 0; k < COUNT(needles); k++) needles_add(&n, needles[k]);
    for (size_t round = 0; round < 6000; round++) {
        size_t size = round % 200;
        uint64_t masks[4];
        char *at = malloc(size ? size : 1);
        assert_non_null(at);
        draw_text(&r, at, size);
        if (size && round % 3 == 0) at[round * 7 % size] = 0;
        for (size_t i = 0; i < sift_count; i++) {
            if (!sifts[i].supported()) continue;
            check_lines(&sifts[i], (struct text){at, size}, masks);
            check_either(&sifts[i], (struct text){at, size});
            check_needles(&sifts[i], &n, (struct text){at, size});
        }
        free(at);
    }
}

static void places_come_in_their_order(void **state) {
    (void)state;
    struct needles_begin n = {0};
    char at[300];
    size_t place, last = 0, found = 0;
    memset(at, 'x', sizeof at);
    needles_add(&n, "map");
    for (size_t i = 60; i + 3 < sizeof at; i += 61) memcpy(at + i, "Map", 3);
    for (struct sifted s = {.text = {at, sizeof at}}; sift_next_needle(sift_best(), &n, &s, &place); found++) {
        assert_true(!found || place > last);
        assert_int_equal(place % 61, 60);
        last = place;
    }
    assert_int_equal(found, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_give_the_same),
        cmocka_unit_test(places_come_in_their_order),
    };
    for (size_t i = 0; i < sift_count; i++)
        print_message("%s: %s\n", sifts[i].name, sifts[i].supported() ? "tried" : "not on this processor");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

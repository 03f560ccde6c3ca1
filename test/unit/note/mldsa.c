/* ML-DSA-44: what others signed verifies (test/vector/mldsa, made by @noble/post-quantum through
 * test/interop/mldsa_vectors.mjs), nothing near it does; and the arithmetic by itself, whose functions are in the file
 * that is included.
 *
 * PARLEY_MLDSA_VECTORS names another file of that form; PARLEY_WYCHEPROOF a folder with mldsa_44_verify_test.json of
 * C2SP/wycheproof, without which that test is skipped. */
#include "unit.h"

#include <jansson.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/codec.h"
#include "base/os.h"
#include "note/mldsa.c"

enum { FILE_MAX = 64 << 20, MANY = 200000 };

/* ---- arithmetic */

static int64_t modulo(int64_t a) { return (a % Q + Q) % Q; }

/* A number from 0 on and below 2^32 that looks random. */
static uint32_t next(uint64_t *state) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*state >> 32);
}

static void reductions_keep_their_bounds(void **state) {
    (void)state;
    uint64_t random = 1;
    const int64_t edge = ((int64_t)1 << 31) * Q - 1;
    for (int i = 0; i < MANY; i++) {
        int64_t wide = (int64_t)((uint64_t)next(&random) << 32 | next(&random)) % (edge + 1);
        int64_t a = i == 0 ? edge : i == 1 ? -edge : wide;
        int32_t r = reduce(a);
        assert_true(r > -Q && r < Q && modulo(r * (R % Q)) == modulo(a));
        int32_t b = i == 0 ? INT32_MAX - (1 << 22) : i == 1 ? INT32_MIN : (int32_t)next(&random);
        if (b > INT32_MAX - (1 << 22)) continue;
        assert_true(abs(shrink(b)) <= 6283008 && modulo(shrink(b)) == modulo(b) && normal(b) == modulo(b));
    }
}

static void rounding_is_that_of_each_residue(void **state) {
    (void)state;
    for (int32_t r = 0; r < Q; r++) {
        int32_t low, high = high_bits(r, &low);
        assert_true(high >= 0 && high < STEPS && low >= -GAMMA2 && low <= GAMMA2);
        assert_int_equal(modulo((int64_t)high * 2 * GAMMA2 + low), r);
        assert_int_equal(use_hint(false, r), high);
        assert_int_equal(use_hint(true, r), (high + (low > 0 ? 1 : STEPS - 1)) % STEPS);
    }
    int32_t low; /* the example of C2SP/CCTV, ML-DSA/accumulated */
    assert_int_equal(high_bits(6010000, &low), 32);
    assert_int_equal(low, -84848);
    assert_int_equal(use_hint(true, 6010000), 31);
}

/* a * b modulo x^256 + 1 and Q, as one learns it at school. */
static void school(const poly a, const poly b, int64_t *out) {
    memset(out, 0, N * sizeof *out);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            int64_t product = (int64_t)a[i] * b[j] % Q, sign = i + j < N ? 1 : -1;
            out[(i + j) % N] = modulo(out[(i + j) % N] + sign * product);
        }
}

/* The greatest values that come, and random ones. */
static void transforms_multiply(void **state) {
    (void)state;
    poly roots;
    uint64_t random = 2;
    make_roots(roots);
    for (int round = 0; round < 8; round++) {
        poly a, b;
        int64_t expected[N];
        for (size_t i = 0; i < N; i++) {
            a[i] = round == 0 ? Q - 1 : round == 1 ? 1 - Q : (int32_t)(next(&random) % Q);
            b[i] = round < 2 ? Q - 1 : round == 2 ? GAMMA1 : GAMMA1 - (int32_t)(next(&random) % (2 * GAMMA1));
        }
        school(a, b, expected);
        transform(a, roots);
        transform(b, roots);
        for (size_t i = 0; i < N; i++) a[i] = shrink(multiply(a[i], b[i]));
        transform_back(a, roots);
        for (size_t i = 0; i < N; i++) assert_int_equal(normal(a[i]), expected[i]);
    }
}

static void bits_come_back(void **state) {
    (void)state;
    static const unsigned bits[] = {W1_BITS, T1_BITS, Z_BITS};
    for (size_t k = 0; k < COUNT(bits); k++) {
        poly a, b;
        uint8_t packed[Z_BITS * POLY_BYTES_PER_BIT];
        uint64_t random = k;
        for (size_t i = 0; i < N; i++) a[i] = (int32_t)(next(&random) >> (32 - bits[k]));
        pack(a, bits[k], packed);
        unpack(packed, bits[k], b);
        assert_memory_equal(a, b, sizeof a);
    }
}

static void hints_have_one_writing(void **state) {
    (void)state;
    static const struct {
        uint8_t at[6], ends[ROWS];
        bool good;
    } tries[] = {
        {{0}, {0, 0, 0, 0}, true},           {{3, 7, 255}, {2, 2, 3, 3}, true},
        {{7, 3, 255}, {2, 2, 3, 3}, false},  {{3, 3, 255}, {2, 2, 3, 3}, false},
        {{7, 3, 255}, {1, 2, 3, 3}, true},   {{3, 7, 255}, {2, 1, 3, 3}, false},
        {{3, 7, 255}, {2, 2, 2, 2}, false},  {{3, 7, 255, 1}, {2, 2, 3, 3}, false},
        {{3, 7}, {2, 2, 2, 81}, false},      {{3, 7}, {255, 2, 2, 2}, false},
        {{0, 0, 0, 0}, {1, 2, 3, 4}, true},  {{0, 1, 2, 3, 4, 5}, {0, 0, 0, 6}, true},
        {{0, 1, 2, 3}, {4, 4, 4, 0}, false},
    };
    uint8_t bytes[OMEGA + ROWS], out[ROWS][N];
    for (size_t i = 0; i < COUNT(tries); i++) {
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, tries[i].at, sizeof tries[i].at);
        memcpy(bytes + OMEGA, tries[i].ends, ROWS);
        assert_int_equal(unpack_hints(bytes, out), tries[i].good);
    }
    for (unsigned i = 0; i < OMEGA; i++) bytes[i] = (uint8_t)i; /* as many as there may be */
    memset(bytes + OMEGA, OMEGA, ROWS);
    assert_true(unpack_hints(bytes, out) && out[0][OMEGA - 1] && !out[0][OMEGA] && !out[1][0]);
}

/* ---- vectors */

struct vector {
    struct bytes public, message, context, signature;
};

static struct bytes from_hex(struct arena *a, struct text hex) {
    if (text_is(hex, "-")) hex = TEXT("");
    uint8_t *out = arena_take(a, hex.size / 2 + 1, 1);
    assert_true(hex_read(hex, out, hex.size / 2));
    return bytes_of(out, hex.size / 2);
}

static bool holds(const struct vector *v) { return mldsa_verify(v->public, v->message, v->context, v->signature); }

/* Calls for each line of the file. */
static void each_vector(void (*each)(struct arena *a, struct vector *v)) {
    const char *path = getenv("PARLEY_MLDSA_VECTORS");
    struct arena all = {0};
    struct buf in = {.max = FILE_MAX};
    size_t count = 0;
    assert_int_equal(os_read(path ? path : PARLEY_MLDSA_FILE, FILE_MAX, &in, NULL), OK);
    struct text rest = buf_as_text(&in), line, word;
    for (; text_line(&rest, &line); count++) {
        struct arena a = {0};
        struct vector v;
        struct bytes *const parts[] = {&v.public, &v.message, &v.context};
        for (size_t i = 0; i < COUNT(parts); i++) {
            assert_true(text_cut(&line, ' ', &word));
            *parts[i] = from_hex(&a, word);
        }
        v.signature = from_hex(&a, line);
        each(&a, &v);
        arena_free(&a);
    }
    assert_true(count > 0 && !rest.size);
    buf_free(&in);
    arena_free(&all);
}

static void expect(struct arena *a, struct vector *v) {
    (void)a;
    assert_true(holds(v));
}

static void what_others_sign_verifies(void **state) {
    (void)state;
    each_vector(expect);
}

/* Nothing of it may be another by one bit: each `step`th octet. */
static void refuse_flips(struct arena *a, const struct vector *v, struct bytes *part, size_t step) {
    const struct bytes kept = *part;
    struct bytes copy = arena_bytes(a, kept);
    uint8_t *at = (uint8_t *)(uintptr_t)copy.at;
    *part = copy;
    for (size_t i = 0; i < kept.size; i += step) {
        at[i] ^= (uint8_t)(1U << (i % 8));
        assert_false(holds(v));
        at[i] ^= (uint8_t)(1U << (i % 8));
    }
    assert_true(holds(v));
    *part = kept;
}

static void refuse_others(struct arena *a, struct vector *v) {
    refuse_flips(a, v, &v->signature, 17);
    refuse_flips(a, v, &v->public, 41);
    refuse_flips(a, v, &v->message, 1);
    refuse_flips(a, v, &v->context, 3);
    struct bytes *const sized[] = {&v->signature, &v->public, &v->message, &v->context};
    for (size_t i = 0; i < COUNT(sized); i++) {
        struct bytes kept = *sized[i];
        uint8_t *more = arena_take(a, kept.size + 1, 1);
        if (kept.size) memcpy(more, kept.at, kept.size);
        *sized[i] = bytes_of(more, kept.size + 1);
        assert_false(holds(v));
        if (kept.size) *sized[i] = bytes_of(more, kept.size - 1);
        assert_false(holds(v));
        *sized[i] = kept;
    }
    uint8_t long_context[MLDSA_CONTEXT_MAX + 1] = {0};
    v->context = bytes_of(long_context, sizeof long_context);
    assert_false(holds(v));
}

static void nothing_near_it_verifies(void **state) {
    (void)state;
    each_vector(refuse_others);
}

/* ---- Wycheproof */

static struct bytes member(struct arena *a, const json_t *of, const char *name) {
    const char *hex = json_string_value(json_object_get(of, name));
    return from_hex(a, text_of(hex ? hex : ""));
}

static size_t judge_group(const json_t *group) {
    size_t i;
    const json_t *test, *tests = json_object_get(group, "tests");
    json_array_foreach(tests, i, test) {
        struct arena a = {0};
        struct vector v = {member(&a, group, "publicKey"), member(&a, test, "msg"), member(&a, test, "ctx"),
                           member(&a, test, "sig")};
        bool good = !strcmp(json_string_value(json_object_get(test, "result")), "valid");
        if (holds(&v) != good) print_error("tcId %lld\n", json_integer_value(json_object_get(test, "tcId")));
        assert_int_equal(holds(&v), good);
        arena_free(&a);
    }
    return json_array_size(tests);
}

static void wycheproof_agrees(void **state) {
    (void)state;
    const char *folder = getenv("PARLEY_WYCHEPROOF");
    char path[4096];
    size_t i, count = 0;
    json_error_t error;
    const json_t *group;
    if (!folder) {
        print_message("skipped: PARLEY_WYCHEPROOF does not name a folder with mldsa_44_verify_test.json\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/mldsa_44_verify_test.json", folder);
    json_t *file = json_load_file(path, 0, &error);
    assert_non_null(file);
    json_array_foreach(json_object_get(file, "testGroups"), i, group) count += judge_group(group);
    assert_int_equal(count, json_integer_value(json_object_get(file, "numberOfTests")));
    json_decref(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reductions_keep_their_bounds), cmocka_unit_test(rounding_is_that_of_each_residue),
        cmocka_unit_test(transforms_multiply),          cmocka_unit_test(bits_come_back),
        cmocka_unit_test(hints_have_one_writing),       cmocka_unit_test(what_others_sign_verifies),
        cmocka_unit_test(nothing_near_it_verifies),     cmocka_unit_test(wycheproof_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

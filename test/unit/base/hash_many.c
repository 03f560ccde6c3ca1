/* Many hashes at once: each way gives what libcrypto gives one at a time. */
#include "unit.h"

#include "base/hash_many.h"
#include "base/random.h"

enum { WAYS = SHA256_PORTABLE + 1, MANY = 700 };

static struct sha256_input in_parts(const uint8_t *at, size_t size, size_t first, size_t second) {
    if (first > size) first = size;
    if (second > size - first) second = size - first;
    return (struct sha256_input){
        {bytes_of(at, first), bytes_of(at + first, second), bytes_of(at + first + second, size - first - second)}};
}

/* Of each way that this processor has; the portable one it has always. */
static void each_way_gives(const struct sha256_input *inputs, size_t count, const struct sha256 *expected) {
    struct sha256 *out = test_calloc(count + 1, sizeof *out);
    for (int way = 0; way < WAYS; way++) {
        memset(out, 0, (count + 1) * sizeof *out);
        bool here = sha256_many_by((enum sha256_way)way, inputs, count, out);
        assert_true(here || way != SHA256_PORTABLE);
        if (here) assert_memory_equal(out, expected, count * sizeof *out);
        assert_int_equal(out[count].at[0], 0);
    }
    sha256_many(inputs, count, out);
    assert_memory_equal(out, expected, count * sizeof *out);
    test_free(out);
}

/* The examples of NIST for FIPS 180-4. */
static void the_examples_of_the_standard(void **state) {
    static const struct {
        const char *message, *hash;
    } examples[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopq"
         "rstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    enum { REPEATED = 5 };
    struct sha256_input inputs[COUNT(examples) * REPEATED];
    struct sha256 expected[COUNT(inputs)];
    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        const char *message = examples[i % COUNT(examples)].message;
        inputs[i] = in_parts((const uint8_t *)message, strlen(message), i, 2 * i);
        assert_true(sha256_read_hex(text_of(examples[i % COUNT(examples)].hash), &expected[i]));
    }
    for (size_t count = 0; count <= COUNT(inputs); count++) each_way_gives(inputs, count, expected);
}

static void every_size(void **state) {
    enum { SIZES = 301 };
    static uint8_t bytes[SIZES];
    static struct sha256_input inputs[SIZES];
    static struct sha256 expected[SIZES];
    struct random r = random_seeded(TEXT("sizes"));
    (void)state;
    random_fill(&r, bytes, sizeof bytes);
    for (size_t i = 0; i < SIZES; i++) {
        inputs[i] = in_parts(bytes, i, i / 3, i / 2);
        expected[i] = sha256_of(bytes_of(bytes, i));
    }
    each_way_gives(inputs, SIZES, expected);
    for (size_t i = 0; i < SIZES; i++) each_way_gives(&inputs[i], 1, &expected[i]);
}

static size_t random_below(struct random *r, size_t limit) {
    uint32_t n;
    random_fill(r, (uint8_t *)&n, sizeof n);
    return n % limit;
}

/* Sizes around the end of what a lane holds are among them, and far longer ones. */
static size_t some_size(struct random *r) {
    static const size_t below[] = {8, 70, 200, 200, 1100, 5000};
    return random_below(r, below[random_below(r, COUNT(below))]);
}

struct many {
    uint8_t bytes[8192];
    struct sha256_input inputs[MANY];
    struct sha256 expected[MANY];
};

static void batches_of_any_sizes(void **state) {
    static struct many m;
    struct random r = random_seeded(TEXT("batches"));
    (void)state;
    random_fill(&r, m.bytes, sizeof m.bytes);
    for (size_t round = 0; round < 40; round++) {
        const size_t count = random_below(&r, round % 2 ? MANY : 40);
        for (size_t i = 0; i < count; i++) {
            const size_t size = some_size(&r), at = random_below(&r, sizeof m.bytes - size);
            m.inputs[i] = in_parts(m.bytes + at, size, random_below(&r, 100), random_below(&r, 100));
            m.expected[i] = sha256_of(bytes_of(m.bytes + at, size));
        }
        each_way_gives(m.inputs, count, m.expected);
    }
}

static void keyed_ones(void **state) {
    static struct many m;
    static struct sha256 out[MANY];
    struct random r = random_seeded(TEXT("keyed"));
    struct hmac_key key;
    (void)state;
    random_fill(&r, m.bytes, sizeof m.bytes);
    hmac_key_make(&key, bytes_of(m.bytes, 32));
    for (size_t i = 0; i < MANY; i++) {
        const size_t size = some_size(&r);
        m.inputs[i] = in_parts(m.bytes + i, size, 25, 16);
        m.expected[i] = hmac_sha256(bytes_of(m.bytes, 32), bytes_of(m.bytes + i, size));
    }
    for (size_t count = 0; count <= MANY; count = count * 2 + 1 < MANY || count == MANY ? count * 2 + 1 : MANY) {
        for (int way = 0; way < WAYS; way++) {
            memset(out, 0, sizeof out);
            if (hmac_many_by((enum sha256_way)way, &key, m.inputs, count, out))
                assert_memory_equal(out, m.expected, count * sizeof *out);
        }
        hmac_many(&key, m.inputs, count, out);
        assert_memory_equal(out, m.expected, count * sizeof *out);
    }
}

/* RFC 4231, cases 1 and 2. */
static void the_examples_of_hmac(void **state) {
    static const uint8_t first_key[20] = {11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
                                          11, 11, 11, 11, 11, 11, 11, 11, 11, 11};
    static const struct {
        struct bytes key;
        const char *message, *hash;
    } examples[] = {
        {{first_key, sizeof first_key}, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {{(const uint8_t *)"Jefe", 4},
         "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(examples); i++) {
        struct sha256_input inputs[20];
        struct sha256 expected, out[COUNT(inputs)];
        struct hmac_key key;
        const char *message = examples[i].message;
        hmac_key_make(&key, examples[i].key);
        assert_true(sha256_read_hex(text_of(examples[i].hash), &expected));
        for (size_t j = 0; j < COUNT(inputs); j++)
            inputs[j] = in_parts((const uint8_t *)message, strlen(message), j, 1);
        hmac_many(&key, inputs, COUNT(inputs), out);
        for (size_t j = 0; j < COUNT(inputs); j++) assert_true(sha256_equal(out[j], expected));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard), cmocka_unit_test(every_size),
        cmocka_unit_test(batches_of_any_sizes),         cmocka_unit_test(keyed_ones),
        cmocka_unit_test(the_examples_of_hmac),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Compressed logs: read as what they hold, in pieces of any size; cut short or damaged, told with the byte. */
#include "unit.h"

#include <lzma.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "scan/input.h"

enum { CONTENT = 300000, PACKED_MAX = 1 << 20 };

struct packed {
    uint8_t at[PACKED_MAX];
    size_t size;
};

static void pack_gzip(struct bytes plain, struct packed *out) {
    z_stream z = {.next_in = (uint8_t *)(uintptr_t)plain.at,
                  .avail_in = (unsigned)plain.size,
                  .next_out = out->at + out->size,
                  .avail_out = (unsigned)(PACKED_MAX - out->size)};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->size += z.total_out;
    deflateEnd(&z);
}

static void pack_zstd(struct bytes plain, struct packed *out) {
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    size_t size = ZSTD_compress2(z, out->at + out->size, PACKED_MAX - out->size, plain.at, plain.size);
    assert_false(ZSTD_isError(size));
    out->size += size;
    ZSTD_freeCCtx(z);
}

static void pack_xz(struct bytes plain, struct packed *out) {
    assert_int_equal(
        lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, plain.at, plain.size, out->at, &out->size, PACKED_MAX),
        LZMA_OK);
}

static void pack_plain(struct bytes plain, struct packed *out) {
    memcpy(out->at + out->size, plain.at, plain.size);
    out->size += plain.size;
}

struct world {
    char path[64];
    uint8_t content[CONTENT];
    struct packed packed;
    char got[2 * CONTENT + 16];
};

static int start(void **state) {
    struct world *w = calloc(1, sizeof *w);
    uint32_t seed = 7;
    strcpy(w->path, "/tmp/parley-input-XXXXXX");
    int file = mkstemp(w->path);
    assert_true(file >= 0);
    close(file);
    for (size_t i = 0; i < CONTENT; i++) { /* it packs, but not to nothing */
        seed = seed * 1103515245 + 12345;
        w->content[i] = (uint8_t)(i % 3 ? (unsigned)"abc\n"[i % 4] : (seed >> 24) % 16 + 97);
    }
    *state = w;
    return 0;
}

static int end(void **state) {
    struct world *w = *state;
    unlink(w->path);
    free(w);
    return 0;
}

static void save(struct world *w, size_t size) {
    assert_int_equal(os_write(w->path, bytes_of(w->packed.at, size), 0600, NULL), OK);
}

/* Reads all in pieces of one size; what is read before a failure counts. */
static enum error read_all(struct world *w, size_t piece, size_t *size, bool *cut, uint64_t *at, struct diag *d) {
    struct input in;
    enum error result = input_open(w->path, &in, d);
    *size = 0;
    for (bool more = !result; more;) {
        size_t room = sizeof w->got - *size, asked = piece < room ? piece : room, got = 0;
        assert_true(room > 0);
        result = input_read(&in, w->got + *size, asked, &got, d);
        *size += got;
        more = !result && got == asked;
    }
    *cut = in.cut;
    *at = input_at(&in);
    input_close(&in);
    return result;
}

static void (*const packers[])(struct bytes plain, struct packed *out) = {pack_plain, pack_gzip, pack_zstd, pack_xz};
enum { PLAIN = 0 };

static void pack(struct world *w, size_t which, size_t times) {
    w->packed.size = 0;
    for (size_t i = 0; i < times; i++) packers[which](bytes_of(w->content, CONTENT), &w->packed);
}

static void what_was_packed_comes_out(void **state) {
    struct world *w = *state;
    static const size_t pieces[] = {100, 4096, 1 << 20};
    for (size_t i = 0; i < COUNT(packers); i++)
        for (size_t times = 1; times <= 2; times++)
            for (size_t j = 0; j < COUNT(pieces); j++) {
                size_t size;
                bool cut;
                uint64_t at;
                pack(w, i, times);
                save(w, w->packed.size);
                assert_int_equal(read_all(w, pieces[j], &size, &cut, &at, NULL), OK);
                assert_int_equal(size, times * CONTENT);
                assert_false(cut);
                assert_int_equal(at, w->packed.size);
                for (size_t k = 0; k < times; k++) assert_memory_equal(w->got + k * CONTENT, w->content, CONTENT);
            }
}

static void padding_is_passed_over_and_other_bytes_are_not(void **state) {
    struct world *w = *state;
    for (size_t i = PLAIN + 1; i < COUNT(packers); i++) {
        struct diag d = {0};
        size_t size;
        bool cut;
        uint64_t at;
        pack(w, i, 1);
        size_t packed = w->packed.size;
        memset(w->packed.at + packed, 0, 1000);
        save(w, packed + 1000);
        assert_int_equal(read_all(w, 4096, &size, &cut, &at, &d), OK);
        assert_int_equal(size, CONTENT);
        memcpy(w->packed.at + packed, "more of it", 10);
        save(w, packed + 10);
        assert_int_equal(read_all(w, 4096, &size, &cut, &at, &d), ERR_INPUT);
        assert_int_equal(at, packed);
        assert_non_null(strstr(d.text, "damaged at byte"));
    }
}

static void what_ends_too_soon_is_told_with_the_byte(void **state) {
    struct world *w = *state;
    for (size_t i = PLAIN + 1; i < COUNT(packers); i++) {
        pack(w, i, 1);
        for (size_t kept = 8; kept < w->packed.size; kept += w->packed.size / 7) {
            struct diag d = {0};
            size_t size;
            bool cut;
            uint64_t at;
            save(w, kept);
            assert_int_equal(read_all(w, 1 << 16, &size, &cut, &at, &d), OK);
            assert_true(cut);
            assert_int_equal(at, kept);
            assert_true(size < CONTENT);
            assert_memory_equal(w->got, w->content, size);
        }
    }
}

static void damage_is_told(void **state) {
    struct world *w = *state;
    for (size_t i = PLAIN + 1; i < COUNT(packers); i++) {
        struct diag d = {0};
        size_t size;
        bool cut;
        uint64_t at;
        pack(w, i, 1);
        for (size_t j = 0; j < 64; j++) w->packed.at[w->packed.size / 2 + j] ^= 0x55;
        save(w, w->packed.size);
        assert_int_equal(read_all(w, 1 << 16, &size, &cut, &at, &d), ERR_INPUT);
        assert_non_null(strstr(d.text, "compressed"));
        assert_non_null(strstr(d.text, "at byte"));
    }
}

/* A frame that asks for a window of 1 GiB, and an xz header that asks for a dictionary of 1.5 GiB. */
static void what_asks_for_too_much_memory_is_refused(void **state) {
    struct world *w = *state;
    static const uint8_t frame[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00};
    struct diag d = {0};
    size_t size;
    bool cut;
    uint64_t at;
    memcpy(w->packed.at, frame, sizeof frame);
    save(w, sizeof frame);
    assert_int_equal(read_all(w, 4096, &size, &cut, &at, &d), ERR_LIMIT);
    assert_non_null(strstr(d.text, "MiB of memory"));

    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 0));
    options.dict_size = 1536U << 20;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    lzma_block block = {.check = LZMA_CHECK_NONE,
                        .filters = filters,
                        .compressed_size = LZMA_VLI_UNKNOWN,
                        .uncompressed_size = LZMA_VLI_UNKNOWN};
    lzma_stream_flags flags = {.check = LZMA_CHECK_NONE};
    assert_int_equal(lzma_stream_header_encode(&flags, w->packed.at), LZMA_OK);
    assert_int_equal(lzma_block_header_size(&block), LZMA_OK);
    assert_int_equal(lzma_block_header_encode(&block, w->packed.at + LZMA_STREAM_HEADER_SIZE), LZMA_OK);
    save(w, LZMA_STREAM_HEADER_SIZE + block.header_size);
    assert_int_equal(read_all(w, 4096, &size, &cut, &at, &d), ERR_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_was_packed_comes_out),
        TEST(padding_is_passed_over_and_other_bytes_are_not),
        TEST(what_ends_too_soon_is_told_with_the_byte),
        TEST(damage_is_told),
        TEST(what_asks_for_too_much_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

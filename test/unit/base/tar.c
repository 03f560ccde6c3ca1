/* tar archives: bytes that repeat, and nothing in them that is not read. */
#include "unit.h"

#include <stdio.h>

#include "base/tar.h"

static struct arena arena;
static struct buf sample;

static void write_sample(struct buf *out) {
    struct tar_writer *w = tar_writer_new(tar_sink_buf(out));
    static char large[100000];
    memset(large, 'x', sizeof large);
    assert_int_equal(tar_add(w, TEXT("hello"), bytes_from_text(TEXT("world\n")), NULL), OK);
    assert_int_equal(tar_add(w, TEXT("a/b-c/d_e.f"), bytes_of(large, sizeof large), NULL), OK);
    assert_int_equal(tar_add(w, TEXT("empty"), bytes_of(NULL, 0), NULL), OK);
    assert_int_equal(tar_add(w, TEXT("block"), bytes_of(large, 512), NULL), OK);
    assert_int_equal(tar_end(w, NULL), OK);
    tar_writer_free(w);
}

static int begin(void **state) {
    (void)state;
    sample.max = 1 << 20;
    write_sample(&sample);
    return 0;
}

static int end(void **state) {
    (void)state;
    buf_free(&sample);
    arena_free(&arena);
    return 0;
}

static enum error read(struct bytes b, struct tar_file **files, size_t *count, struct diag *d) {
    arena_free(&arena);
    return tar_read(b, &arena, files, count, d);
}

static void what_is_written_is_read(void **state) {
    (void)state;
    struct tar_file *files;
    size_t count;
    struct buf again = {.max = 1 << 20};
    assert_int_equal(read(buf_as_bytes(&sample), &files, &count, NULL), OK);
    assert_int_equal(count, 4);
    assert_true(text_is(files[0].name, "hello"));
    assert_true(text_is(text_from_bytes(files[0].content), "world\n"));
    assert_int_equal(files[1].content.size, 100000);
    assert_int_equal(files[2].content.size, 0);
    write_sample(&again);
    assert_true(text_equal(buf_as_text(&again), buf_as_text(&sample)));
    buf_free(&again);
}

static void every_changed_byte_outside_of_a_file_is_refused(void **state) {
    (void)state;
    struct tar_file *files;
    size_t count, taken = 0;
    for (size_t i = 0; i < sample.size; i += i < 2048 ? 1 : 37) {
        sample.at[i] ^= 1;
        if (read(buf_as_bytes(&sample), &files, &count, NULL) == OK) taken++;
        sample.at[i] ^= 1;
    }
    /* What was taken is what a file holds; that is for whoever knows its hash. */
    assert_true(taken >= 6 && taken < 100000 / 37 + 600);
}

static void every_cut_is_refused(void **state) {
    (void)state;
    struct tar_file *files;
    size_t count;
    for (size_t size = 0; size < sample.size; size += 101)
        assert_int_not_equal(read(bytes_of(sample.at, size), &files, &count, NULL), OK);
    struct buf longer = {.max = 1 << 20};
    buf_bytes(&longer, buf_as_bytes(&sample));
    buf_char(&longer, '\0');
    assert_int_equal(read(buf_as_bytes(&longer), &files, &count, NULL), ERR_INPUT);
    buf_free(&longer);
}

static void names_that_lead_elsewhere_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".", "a b", "é", "a\n"};
    struct buf out = {.max = 1 << 20};
    struct tar_writer *w = tar_writer_new(tar_sink_buf(&out));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(tar_add(w, text_of(bad[i]), bytes_of("x", 1), NULL), ERR_INTERNAL);
    char longest[TAR_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    assert_int_equal(tar_add(w, (struct text){longest, TAR_NAME_MAX + 1}, bytes_of("x", 1), NULL), ERR_INTERNAL);
    assert_int_equal(tar_add(w, (struct text){longest, TAR_NAME_MAX}, bytes_of("x", 1), NULL), OK);
    assert_int_equal(tar_end(w, NULL), OK);
    tar_writer_free(w);
    struct tar_file *files;
    size_t count;
    assert_int_equal(read(buf_as_bytes(&out), &files, &count, NULL), OK);
    /* The same, but for its first letter, by hand and with the checksum that fits. */
    out.at[0] = '/';
    unsigned sum = 0;
    memset(out.at + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++) sum += out.at[i];
    snprintf((char *)out.at + 148, 8, "%06o", sum);
    assert_int_equal(read(buf_as_bytes(&out), &files, &count, NULL), ERR_INPUT);
    buf_free(&out);
}

static void one_name_stands_once(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 20};
    struct tar_writer *w = tar_writer_new(tar_sink_buf(&out));
    for (int i = 0; i < 2; i++) assert_int_equal(tar_add(w, TEXT("a"), bytes_of("x", 1), NULL), OK);
    assert_int_equal(tar_end(w, NULL), OK);
    tar_writer_free(w);
    struct tar_file *files;
    size_t count;
    assert_int_equal(read(buf_as_bytes(&out), &files, &count, NULL), ERR_INPUT);
    buf_free(&out);
}

static void a_full_sink_says_so(void **state) {
    (void)state;
    struct buf small = {.max = 700};
    struct diag d = {0};
    struct tar_writer *w = tar_writer_new(tar_sink_buf(&small));
    enum error result = tar_add(w, TEXT("a"), bytes_of(sample.at, 5000), &d);
    if (!result) result = tar_end(w, &d);
    assert_int_equal(result, ERR_LIMIT);
    tar_writer_free(w);
    buf_free(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read), cmocka_unit_test(every_changed_byte_outside_of_a_file_is_refused),
        cmocka_unit_test(every_cut_is_refused),    cmocka_unit_test(names_that_lead_elsewhere_are_refused),
        cmocka_unit_test(one_name_stands_once),    cmocka_unit_test(a_full_sink_says_so),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

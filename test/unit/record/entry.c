/* Entries, channel names and origins: one spelling each, and every other refused with its line. */
#include "unit.h"

#include "record/channel.h"
#include "record/entry.h"

static const char root[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

static struct text entry_text(struct arena *a) {
    return arena_format(
        a,
        "parley entry v1\ntime 2026-03-01T12:00:00Z\nchannel cert.north.example/to/cert.south.example/1\n"
        "follows cert.north.example/to/cert.south.example/1 7 %s\nseen 3 %s\n"
        "receipt 2 %s — cert.south.example/mirror AAAA\n"
        "erase %064d\nblob %064d 1234\nblob %064d 0\n",
        root, root, root, 1, 2, 3);
}

static void an_entry_comes_back_byte_for_byte(void **state) {
    (void)state;
    struct arena a = {0};
    struct entry e;
    struct diag d = {0};
    struct text t = entry_text(&a);
    assert_int_equal(entry_read(bytes_from_text(t), &a, &e, &d), OK);
    assert_int_equal(e.seen.size, 3);
    assert_int_equal(e.follows_count, 1);
    assert_int_equal(e.receipt_count, 1);
    assert_true(text_is(e.receipts[0].line, "— cert.south.example/mirror AAAA"));
    assert_int_equal(e.blob_count, 2);
    struct buf again = {.max = ENTRY_MAX_BYTES};
    assert_int_equal(entry_write(&e, &again, &d), OK);
    assert_true(text_equal(buf_as_text(&again), t));
    buf_free(&again);
    arena_free(&a);
}

static void every_cut_or_swap_is_refused(void **state) {
    (void)state;
    struct arena a = {0};
    struct entry e;
    struct text t = entry_text(&a);
    for (size_t size = 0; size < t.size; size++) {
        struct diag d = {0};
        bool whole_lines = size > 0 && t.at[size - 1] == '\n' && size >= text_search(t, TEXT("receipt"));
        enum error result = entry_read(bytes_of(t.at, size), &a, &e, &d);
        assert_int_equal(result == OK, whole_lines);
    }
    static const char *const bad[] = {
        "parley entry v2\ntime 2026-03-01T12:00:00Z\nseen 0 %s\n",
        "parley entry v1\nseen 0 %s\ntime 2026-03-01T12:00:00Z\n",
        "parley entry v1\ntime 2026-03-01T12:00:00Z\nseen 00 %s\n",
        "parley entry v1\ntime 2026-03-01T12:00:00Z\nseen 0 %s\nseen 0 x\n",
        "parley entry v1\ntime 2026-03-01T12:00:00Z\nseen 0 %s\nblob 12 3\n",
        "parley entry v1\ntime 2026-03-01T12:00:00Z\nseen 0 %s\n\n",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct text entry = arena_format(&a, "%s", bad[i]);
        size_t at = text_search(entry, TEXT("%s"));
        struct text filled =
            arena_format(&a, "%.*s%s%.*s", (int)at, entry.at, root, TEXT_ARG(text_sub(entry, at + 2, entry.size)));
        struct diag d = {0};
        assert_int_equal(entry_read(bytes_from_text(filled), &a, &e, &d), ERR_INPUT);
        assert_true(d.line > 0);
    }
    arena_free(&a);
}

static void channel_names_are_strict(void **state) {
    (void)state;
    struct arena a = {0};
    struct channel_name c;
    static const char *const good[] = {"cert.north.example/to/cert.south.example/1", "a.b/to/c.d/drill/12"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_int_equal(channel_name_read(text_of(good[i]), &c, NULL), OK);
        assert_true(text_is(channel_name_write(&c, &a), good[i]));
    }
    static const char *const bad[] = {"",
                                      "a.b/to/a.b/1",
                                      "a.b/to/c.d/0",
                                      "a.b/to/c.d/01",
                                      "A.b/to/c.d/1",
                                      "a.b/c.d/1",
                                      "a.b/to/c.d/1/",
                                      "a.b/to/c.d",
                                      "a/to/c.d/1",
                                      "a..b/to/c.d/1",
                                      "-a.b/to/c.d/1",
                                      "a.b/to/c.d/drill/"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_int_equal(channel_name_read(text_of(bad[i]), &c, NULL), ERR_INPUT);
    arena_free(&a);
}

/* Computed by hand with sha256sum: the name, LF, 32 zero bytes. */
static void an_origin_tells_nobody_the_name(void **state) {
    (void)state;
    struct arena a = {0};
    uint8_t secret[CHANNEL_SECRET_SIZE] = {0};
    struct text origin = channel_origin(TEXT("a.b/to/c.d/1"), secret, &a);
    assert_true(text_is(origin, "parley/9275334938140756b67c4a87a5d6e0fd760f97fd31b18078d4b1a0b61fea2a1d"));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_comes_back_byte_for_byte),
        cmocka_unit_test(every_cut_or_swap_is_refused),
        cmocka_unit_test(channel_names_are_strict),
        cmocka_unit_test(an_origin_tells_nobody_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

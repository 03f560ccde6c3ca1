/* Evidence: salts and leaves as the header spells them, roots as a transparency log has them, the file and its form. */
#include "unit.h"

#include "base/codec.h"
#include "shown_evidence.h"

/* A salt by the text of the header, put together by hand. */
static void salts_are_what_the_header_says(void **state) {
    (void)state;
    uint8_t message[256];
    static const char domain[] = "parley evidence line v1\n";
    size_t size = sizeof domain - 1;
    memcpy(message, domain, size);
    const uint8_t numbers[] = {0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 5};
    memcpy(message + size, numbers, sizeof numbers);
    size += sizeof numbers;
    memcpy(message + size, "a line", 6);
    size += 6;
    struct sha256 expected = hmac_sha256(bytes_of(evidence_key, sizeof evidence_key), bytes_of(message, size));
    struct salt salt = evidence_salt(evidence_key, 0x102, 5, TEXT("a line"));
    assert_memory_equal(salt.at, expected.at, EVIDENCE_SALT_SIZE);

    memcpy(message, salt.at, EVIDENCE_SALT_SIZE);
    memcpy(message + EVIDENCE_SALT_SIZE, "a line", 6);
    struct sha256 leaf = evidence_line_leaf(salt, TEXT("a line"));
    assert_true(sha256_equal(leaf, tree_leaf_hash(bytes_of(message, EVIDENCE_SALT_SIZE + 6))));
}

/* RFC 4231, test cases 1 and 6: a short key, and one longer than a block; in any parts. */
static void hmac_takes_parts(void **state) {
    (void)state;
    uint8_t key[131], out[SHA256_SIZE];
    memset(key, 0x0b, 20);
    assert_true(hex_read(TEXT("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"), out, sizeof out));
    const struct bytes parts[] = {bytes_of("Hi", 2), {0}, bytes_of(" There", 6)};
    assert_memory_equal(hmac_sha256_of_parts(bytes_of(key, 20), parts, COUNT(parts)).at, out, sizeof out);
    memset(key, 0xaa, sizeof key);
    assert_true(hex_read(TEXT("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"), out, sizeof out));
    struct text message = TEXT("Test Using Larger Than Block-Size Key - Hash Key First");
    assert_memory_equal(hmac_sha256(bytes_of(key, sizeof key), bytes_from_text(message)).at, out, sizeof out);
}

static void roots_are_those_of_a_transparency_log(void **state) {
    (void)state;
    struct shown s;
    shown_make(&s);
    struct tree rows = {0};
    for (uint64_t i = 0; i < s.evidence.count; i++) {
        struct tree lines = {0};
        const struct evidence_row *row = &s.evidence.rows[i];
        for (uint64_t j = 0; j < row->count; j++)
            tree_add(&lines, evidence_line_leaf(evidence_salt(evidence_key, i, j, row->lines[j]), row->lines[j]));
        assert_true(sha256_equal(tree_root_at(&lines, row->count), row->root));
        struct buf leaf = {.max = 8192};
        buf_format(&leaf, "parley evidence fact v1\n%.*s\n%llu ", TEXT_ARG(row->row), (unsigned long long)row->count);
        buf_base64(&leaf, sha256_bytes(&row->root), BASE64_PADDED);
        buf_char(&leaf, '\n');
        tree_add(&rows, tree_leaf_hash(buf_as_bytes(&leaf)));
        buf_free(&leaf);
        tree_free(&lines);
    }
    assert_true(sha256_equal(tree_root_at(&rows, rows.size), evidence_root(&s.evidence)));
    tree_free(&rows);
    shown_free(&s);
}

/* Rows of none, of a few, and of far more lines than are hashed at once; each by its definition. */
static void rows_of_any_length_have_their_roots(void **state) {
    (void)state;
    enum { ROWS = 60, FIRST = 1000, LINES = 700 };
    static const uint64_t counts[] = {1, 2, 3, 1, 0, 1, 128, 5, 127, 2, 129, 256, 257, 1, LINES};
    static char bytes[LINES][8];
    struct text lines[LINES];
    struct evidence_row rows[ROWS];
    struct sha256 leaves[ROWS], lines_leaves[LINES];
    struct hmac_key key;
    for (size_t i = 0; i < LINES; i++)
        lines[i] = (struct text){bytes[i], (size_t)(u64_write(i * i % 9973, bytes[i]) - bytes[i])};
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (struct evidence_row){.row = TEXT("a row"), .lines = lines, .count = counts[i % COUNT(counts)]};
    hmac_key_make(&key, bytes_of(evidence_key, sizeof evidence_key));
    evidence_roots(&key, FIRST, rows, ROWS);
    evidence_row_leaves(rows, ROWS, leaves);
    for (size_t i = 0; i < ROWS; i++) {
        struct frontier tree = {0};
        evidence_leaves(&key, FIRST + i, 0, lines, (size_t)rows[i].count, lines_leaves);
        for (uint64_t j = 0; j < rows[i].count; j++) {
            struct sha256 leaf = evidence_line_leaf(evidence_salt(evidence_key, FIRST + i, j, lines[j]), lines[j]);
            assert_true(sha256_equal(leaf, lines_leaves[j]));
            frontier_add(&tree, 0, leaf);
        }
        assert_true(sha256_equal(frontier_root(&tree), rows[i].root));
        assert_true(sha256_equal(evidence_row_leaf(rows[i].row, rows[i].count, rows[i].root), leaves[i]));
    }
    evidence_leaves(&key, FIRST, 3, lines + 3, 1, lines_leaves);
    struct sha256 fourth = evidence_line_leaf(evidence_salt(evidence_key, FIRST, 3, lines[3]), lines[3]);
    assert_true(sha256_equal(fourth, lines_leaves[0]));
}

static void the_file_comes_back_byte_for_byte(void **state) {
    (void)state;
    struct shown s;
    struct evidence back;
    struct arena a = {0};
    struct buf file = {.max = 1 << 20}, again = {.max = 1 << 20};
    shown_make(&s);
    assert_int_equal(evidence_write(&s.evidence, &file, NULL), OK);
    assert_int_equal(evidence_read(buf_as_bytes(&file), &a, &back, NULL), OK);
    assert_int_equal(evidence_check(&back, NULL), OK);
    assert_true(sha256_equal(evidence_root(&back), evidence_root(&s.evidence)));
    assert_int_equal(back.count, 4);
    struct row_lines at = row_lines(&back.rows[2]);
    for (size_t i = 0; i < 7; i++) assert_true(text_equal(row_next(&at), shown_line(2, i)));
    assert_int_equal(evidence_write(&back, &again, NULL), OK);
    assert_true(text_equal(buf_as_text(&file), buf_as_text(&again)));
    buf_free(&file);
    buf_free(&again);
    arena_free(&a);
    shown_free(&s);
}

static void a_file_that_is_cut_off_anywhere_is_refused(void **state) {
    (void)state;
    struct shown s;
    struct evidence back;
    struct buf file = {.max = 1 << 20};
    shown_make(&s);
    assert_int_equal(evidence_write(&s.evidence, &file, NULL), OK);
    for (size_t size = 0; size < file.size; size++) {
        struct arena a = {0};
        struct diag d = {0};
        assert_int_equal(evidence_read(bytes_of(file.at, size), &a, &back, &d), ERR_INPUT);
        assert_true(d.line > 0);
        arena_free(&a);
    }
    buf_free(&file);
    shown_free(&s);
}

/* The file with one text put in the place of another. */
static enum error read_changed(const struct buf *file, const char *from, const char *to, struct evidence *out,
                               struct arena *a, struct diag *d) {
    struct text whole = buf_as_text(file);
    size_t at = text_search(whole, text_of(from));
    assert_true(at != SIZE_MAX);
    struct text changed = arena_format(a, "%.*s%s%.*s", (int)at, whole.at, to, (int)(whole.size - at - strlen(from)),
                                       whole.at + at + strlen(from));
    return evidence_read(bytes_from_text(changed), a, out, d);
}

static void other_forms_are_refused_and_changes_found(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        enum error read, check;
    } changes[] = {
        {"parley evidence v1", "parley evidence v2", ERR_INPUT, OK},
        {"sheet ", "sheet F", ERR_INPUT, OK},
        {"key 0", "key 00", ERR_INPUT, OK},
        {"rows 4", "rows 04", ERR_INPUT, OK},
        {"rows 4", "rows 5", ERR_INPUT, OK},
        {"rows 4", "rows 3", ERR_INPUT, OK},
        {"rows 4", "rows 99999999999", ERR_INPUT, OK},
        {"row 1 ", "row 2 ", ERR_INPUT, OK},
        {"5 plain", "6 plain", ERR_INPUT, OK},
        {"5 plain", "05 plain", ERR_INPUT, OK},
        {"192.0.2.1,", "192.0.2.01,", ERR_INPUT, OK},
        {"192.0.2.0,", "192.0.2.9,", OK, ERR_PROOF}, /* another fact */
        {"key 010203", "key 010204", OK, ERR_PROOF}, /* another key */
        {"5 plain", "5 plane", OK, ERR_PROOF},       /* another line */
        {"0 \n1 a\n", "1 a\n0 \n", OK, ERR_PROOF},   /* another order */
    };
    struct shown s;
    struct buf file = {.max = 1 << 20};
    shown_make(&s);
    assert_int_equal(evidence_write(&s.evidence, &file, NULL), OK);
    /* NUL can't pass through a format; the lines of this file hold none. */
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct evidence back;
        struct arena a = {0};
        struct diag d = {0};
        assert_int_equal(read_changed(&file, changes[i].from, changes[i].to, &back, &a, &d), changes[i].read);
        if (!changes[i].read) assert_int_equal(evidence_check(&back, &d), changes[i].check);
        arena_free(&a);
    }
    buf_free(&file);
    shown_free(&s);
}

static void the_key_alone_decides_the_salts(void **state) {
    (void)state;
    struct shown s;
    struct evidence same, other;
    static const uint8_t other_key[EVIDENCE_KEY_SIZE] = {4};
    shown_make(&s);
    assert_int_equal(evidence_build(&s.facts, s.hash, evidence_key, &s.arena, &same, NULL), OK);
    assert_int_equal(evidence_build(&s.facts, s.hash, other_key, &s.arena, &other, NULL), OK);
    assert_true(sha256_equal(evidence_root(&same), evidence_root(&s.evidence)));
    assert_false(sha256_equal(evidence_root(&other), evidence_root(&s.evidence)));
    shown_free(&s);
}

static void lines_that_were_not_kept_give_no_evidence(void **state) {
    (void)state;
    struct gather *g = gather_of(INSTANT_HOUR, false);
    struct observation o = seen(0, 1);
    struct gathered facts;
    struct evidence e;
    struct arena a = {0};
    assert_int_equal(gather_add(g, &o, false, TEXT("line"), (struct place_in_input){0}, NULL), OK);
    assert_int_equal(gather_end(g, &a, &facts, NULL), OK);
    assert_int_equal(evidence_build(&facts, (struct sha256){{0}}, evidence_key, &a, &e, NULL), ERR_USAGE);
    arena_free(&a);
    gather_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(salts_are_what_the_header_says),
        cmocka_unit_test(hmac_takes_parts),
        cmocka_unit_test(rows_of_any_length_have_their_roots),
        cmocka_unit_test(roots_are_those_of_a_transparency_log),
        cmocka_unit_test(the_file_comes_back_byte_for_byte),
        cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_refused),
        cmocka_unit_test(other_forms_are_refused_and_changes_found),
        cmocka_unit_test(the_key_alone_decides_the_salts),
        cmocka_unit_test(lines_that_were_not_kept_give_no_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Fact sheets: one spelling, one order, and every other refused with its line. */
#include "unit.h"

#include "base/random.h"
#include "fact/sheet.h"

static struct arena arena;

static int end(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

#define HEADER                                                                                                         \
    "# parley facts v1\n"                                                                                              \
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n"

static struct bytes sheet_of(const char *rows) { return bytes_from_text(arena_format(&arena, "%s%s", HEADER, rows)); }

/* ---- streaming */

struct streamed {
    struct bytes left;
    size_t at_once; /* bytes that one reading gives at most */
    struct buf again;
};

static enum error give(void *from, uint8_t *out, size_t room, size_t *got, struct diag *d) {
    struct streamed *s = from;
    struct bytes taken;
    (void)d;
    *got = s->at_once < room ? s->at_once : room;
    if (*got > s->left.size) *got = s->left.size;
    bool good = bytes_take(&s->left, *got, &taken);
    if (good && taken.size) memcpy(out, taken.at, taken.size);
    return good ? OK : ERR_INPUT;
}

static enum error keep(void *of, const struct fact *f, struct diag *d) {
    struct streamed *s = of;
    (void)d;
    fact_write(f, &s->again);
    buf_char(&s->again, '\n');
    return OK;
}

/* What streaming says of a sheet must be what reading says, and its facts and name the same. */
static void stream_is_as_read(struct bytes b, size_t at_once, enum error result, const struct diag *read) {
    struct streamed s = {.left = b, .at_once = at_once, .again = {.max = SHEET_BYTES_MAX}};
    const struct sheet_stream stream = {.read = give, .from = &s, .each = keep, .of = &s};
    struct sha256 hash, expected = sheet_hash(b);
    struct diag d = {0};
    buf_string(&s.again, HEADER);
    assert_int_equal(sheet_stream(&stream, &hash, &d), result);
    if (result) {
        assert_string_equal(d.text, read->text);
        assert_int_equal(d.line, read->line);
    } else {
        assert_true(sha256_equal(hash, expected));
        assert_true(text_equal(buf_as_text(&s.again), text_from_bytes(b)));
    }
    buf_free(&s.again);
}

/* The example of the design, and a row of every kind. */
static const char rows[] =
    ",,,,,,\"url:http://www.south.example/a,b?c=\"\"d\"\"\",,phishing,,\n"
    ",,,,2001:db8::7,0,,,,9007199254740992,\n"
    "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2\n"
    "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.2,50022,198.51.100.1,22,,tcp,brute-force,1,1\n"
    "2026-03-01T07:00:00Z,,192.0.2.17,,,,account:root,,,1,\n";

static void a_sheet_comes_back_byte_for_byte(void **state) {
    (void)state;
    struct sheet s;
    struct diag d = {0};
    struct buf again = {.max = SHEET_BYTES_MAX};
    struct bytes b = sheet_of(rows);
    assert_int_equal(sheet_read(b, &arena, &s, &d), OK);
    assert_int_equal(s.count, 5);
    assert_true(s.at[0].first == INSTANT_NONE && s.at[0].known == 0 && s.at[0].count == SHEET_NO_COUNT);
    assert_true(text_is(s.at[0].object, "url:http://www.south.example/a,b?c=\"d\""));
    assert_true(s.at[1].known == (KNOWN_DST | KNOWN_DST_PORT) && s.at[1].dst_port == 0);
    assert_true(s.at[1].count == SHEET_COUNT_MAX);
    assert_true(s.at[2].known == (KNOWN_SRC | KNOWN_DST_PORT) && s.at[2].count == 2 && s.at[2].evidence == 2);
    assert_true(text_is(s.at[2].event, "brute-force") && text_is(s.at[2].protocol, "tcp"));
    assert_int_equal(s.at[3].src_port, 50022);
    assert_true(s.at[4].last == INSTANT_NONE && s.at[4].first != INSTANT_NONE);
    assert_int_equal(sheet_write(s, &again, &d), OK);
    assert_true(text_equal(buf_as_text(&again), text_from_bytes(b)));
    buf_free(&again);
    assert_int_equal(sheet_read(sheet_of(""), &arena, &s, &d), OK);
    assert_int_equal(s.count, 0);
    assert_int_equal(sheet_write(s, &again, &d), OK);
    assert_true(text_is(buf_as_text(&again), HEADER));
    buf_free(&again);
}

#define A "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2\n"

static void other_spellings_are_refused_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *rows;
        uint64_t line;
        const char *says;
    } bad[] = {
        {A A, 4, "found the one before it again"},
        {A "2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,3,3\n", 4,
         "found the one before it again"},
        {A "2026-03-01T06:55:45Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,2\n", 4, "bytewise order"},
        {A "\n", 4, "empty line"},
        {A "2026", 4, "cut off"},
        {A "2026-03-02T06:55:46Z,2026-03-02T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2\n", 4, "11 columns, found 10"},
        {",,192.0.2.17,,,,,,,1,,\n", 3, "at most 11 fields"},
        {"2026-03-01 06:55:46,,192.0.2.17,,,,,,,1,\n", 3, "“first_seen”"},
        {"2026-03-01T06:55:46.5Z,,192.0.2.17,,,,,,,1,\n", 3, "whole seconds"},
        {"2026-03-01T06:55:46Z,2026-03-01T06:55:45Z,192.0.2.17,,,,,,,1,\n", 3, "before it was seen first"},
        {",,192.0.2.017,,,,,,,1,\n", 3, "“src_ip”"},
        {",,2001:DB8::1,,,,,,,1,\n", 3, "written otherwise"},
        {",,::ffff:192.0.2.1,,,,,,,1,\n", 3, "written otherwise"},
        {",,192.0.2.17,022,,,,,,1,\n", 3, "“src_port”"},
        {",,192.0.2.17,65536,,,,,,1,\n", 3, "“src_port”"},
        {",,192.0.2.17,,,-1,,,,1,\n", 3, "“dst_port”"},
        {",,,22,,22,,tcp,brute-force,1,\n", 3, "a source, a destination or an object"},
        {",,192.0.2.17,,,,thing:x,,,1,\n", 3, "an object as"},
        {",,192.0.2.17,,,,,TCP,,1,\n", 3, "a protocol as"},
        {",,192.0.2.17,,,,,,bruteforce,1,\n", 3, "taxonomy"},
        {",,192.0.2.17,,,,,,,0,\n", 3, "a count from 1"},
        {",,192.0.2.17,,,,,,,9007199254740993,\n", 3, "“count”"},
        {",,192.0.2.17,,,,,,,1,0\n", 3, "a number of lines from 1"},
        {",,192.0.2.17,,,,,\"tcp\",,1,\n", 3, "written otherwise"},
        {",,192.0.2.17,,,,,,,1,\r\n", 3, "0x0d"},
        {",,,,,,\"url:http://a/\nb\",,,1,\n", 3, "closing quote"},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct sheet s;
        struct diag d = {0};
        assert_int_equal(sheet_read(sheet_of(bad[i].rows), &arena, &s, &d), ERR_INPUT);
        assert_int_equal(d.line, bad[i].line);
        if (!strstr(d.text, bad[i].says)) print_error("%zu: %s\n", i, d.text);
        assert_non_null(strstr(d.text, bad[i].says));
        stream_is_as_read(sheet_of(bad[i].rows), 1 + i * 7, ERR_INPUT, &d);
    }
    static const char *const heads[] = {"", "# parley facts v1\n", ("# parley facts v2\n" A), "# parley facts v1\r\n"};
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct sheet s;
        struct diag d = {0};
        assert_int_equal(sheet_read(bytes_from_text(text_of(heads[i])), &arena, &s, &d), ERR_INPUT);
        assert_int_equal(d.line, 1);
        stream_is_as_read(bytes_from_text(text_of(heads[i])), 5, ERR_INPUT, &d);
    }
}

/* Rows of all lengths over many windows. */
static void a_stream_gives_what_reading_gives(void **state) {
    (void)state;
    struct buf b = {.max = SHEET_BYTES_MAX};
    struct diag d = {0};
    struct sheet s;
    stream_is_as_read(sheet_of(rows), 1, OK, NULL);
    stream_is_as_read(sheet_of(""), 1000, OK, NULL);
    buf_string(&b, HEADER);
    for (unsigned i = 0; i < 3000; i++) {
        buf_format(&b, ",,,,,,\"url:http://www.south.example/%05u?\"\"", i);
        for (unsigned n = 0; n < i * 37 % 900; n++) buf_string(&b, "a,");
        buf_string(&b, "\",,phishing,1,\n");
    }
    static const size_t at_once[] = {997, 65536, SIZE_MAX};
    for (size_t i = 0; i < COUNT(at_once); i++) stream_is_as_read(buf_as_bytes(&b), at_once[i], OK, NULL);
    buf_char(&b, 'x');
    assert_int_equal(sheet_read(buf_as_bytes(&b), &arena, &s, &d), ERR_INPUT);
    stream_is_as_read(buf_as_bytes(&b), 4096, ERR_INPUT, &d);
    for (unsigned n = 0; n < SHEET_ROW_MAX; n++) buf_char(&b, 'x');
    buf_char(&b, '\n');
    assert_int_equal(sheet_read(buf_as_bytes(&b), &arena, &s, &d), ERR_INPUT);
    stream_is_as_read(buf_as_bytes(&b), 4096, ERR_INPUT, &d);
    buf_free(&b);
}

static struct fact plain_fact(void) {
    return (struct fact){.first = 0,
                         .last = INSTANT_SECOND,
                         .known = KNOWN_SRC,
                         .src = ip_from_v4(0xc0000211),
                         .count = 1,
                         .evidence = SHEET_NO_COUNT};
}

static void what_would_not_read_back_is_not_written(void **state) {
    (void)state;
    struct fact good = plain_fact(), bad[9];
    for (size_t i = 0; i < COUNT(bad); i++) bad[i] = good;
    bad[0].first = 1;
    bad[1].last = -INSTANT_SECOND;
    bad[2].known = KNOWN_SRC_PORT;
    bad[3].object = TEXT("url:two\nlines");
    bad[4].protocol = TEXT("t p");
    bad[5].event = TEXT("mischief");
    bad[6].count = 0;
    bad[7].evidence = SHEET_COUNT_MAX + 1;
    bad[8].last = INT64_MAX / INSTANT_SECOND * INSTANT_SECOND;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct buf out = {.max = SHEET_BYTES_MAX};
        assert_non_null(fact_fault(&bad[i]));
        assert_int_equal(sheet_write((struct sheet){&bad[i], 1}, &out, NULL), ERR_INPUT);
        buf_free(&out);
    }
    assert_null(fact_fault(&good));
    struct fact twice[] = {good, good}, unsorted[] = {good, good};
    twice[1].count = 2;
    unsorted[0].src = ip_from_v4(0xc0000212);
    struct buf out = {.max = SHEET_BYTES_MAX};
    assert_int_equal(sheet_write((struct sheet){twice, 2}, &out, NULL), ERR_INPUT);
    assert_int_equal(sheet_write((struct sheet){unsorted, 2}, &out, NULL), ERR_INPUT);
    buf_free(&out);
    struct buf small = {.max = 100};
    assert_int_equal(sheet_write((struct sheet){&good, 1}, &small, NULL), ERR_LIMIT);
    buf_free(&small);
}

static void the_longest_object_fits_into_a_row(void **state) {
    (void)state;
    char object[OBJECT_MAX];
    memset(object, '"', sizeof object);
    memcpy(object, "url:", 4);
    struct fact f = plain_fact(), back;
    f.known = KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT;
    memset(f.src.at, 0xab, sizeof f.src.at);
    f.dst = f.src;
    f.src_port = f.dst_port = 65535;
    f.object = (struct text){object, sizeof object};
    f.protocol = TEXT("abcdefghijklmno");
    f.event = TEXT("unauthorised-information-modification");
    f.count = f.evidence = SHEET_COUNT_MAX;
    struct buf row = {.max = SHEET_ROW_MAX};
    assert_null(fact_fault(&f));
    fact_write(&f, &row);
    assert_false(row.failed);
    assert_int_equal(fact_read(buf_as_text(&row), &arena, &back, NULL), OK);
    assert_true(fact_same(&f, &back));
    buf_free(&row);
}

/* ---- the order */

static uint64_t draw(struct random *r, uint64_t below) {
    uint64_t n;
    random_fill(r, (uint8_t *)&n, sizeof n);
    return n % below;
}

/* Few values a column, so that many facts agree in some of them; years on both sides of 1970. */
static struct fact random_fact(struct random *r) {
    static const char *const objects[] = {"", "url:a,b", "url:\"", "domain:a", "account:a b"};
    struct fact f = {.first = draw(r, 5) ? ((instant)draw(r, 3) - 1) * 40000 * INSTANT_DAY : INSTANT_NONE,
                     .known = KNOWN_SRC | (unsigned)draw(r, 16),
                     .src = ip_from_v4(0xc0000200 + (uint32_t)draw(r, 20)),
                     .src_port = (uint16_t)draw(r, 12),
                     .dst_port = (uint16_t)draw(r, 120),
                     .object = text_of(objects[draw(r, COUNT(objects))]),
                     .protocol = draw(r, 2) ? TEXT("tcp") : TEXT("udp"),
                     .count = 1 + draw(r, 12),
                     .evidence = SHEET_NO_COUNT};
    f.last = draw(r, 2) || f.first == INSTANT_NONE ? INSTANT_NONE : f.first + (instant)draw(r, 3) * INSTANT_SECOND;
    memset(f.dst.at, (int)draw(r, 3), sizeof f.dst.at);
    return f;
}

static struct text row_of(const struct fact *f) {
    struct buf row = {.max = SHEET_ROW_MAX};
    fact_write(f, &row);
    struct text kept = arena_text(&arena, buf_as_text(&row));
    buf_free(&row);
    return kept;
}

static void check_sorting(struct fact *facts, size_t count) {
    size_t *order;
    bool *seen = ARENA_ARRAY(&arena, bool, count);
    assert_int_equal(sheet_order(facts, count, &arena, &order, NULL), OK);
    for (size_t i = 0; i < count; i++) {
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
        if (i) assert_true(text_compare(row_of(&facts[order[i - 1]]), row_of(&facts[order[i]])) <= 0);
    }
}

/* Few facts, some without a time; many, all of which have one. */
static void facts_sort_as_their_rows_do(void **state) {
    (void)state;
    enum { FEW = 2000, MANY = 5000 };
    struct random r = random_seeded(TEXT("order"));
    struct fact *facts = ARENA_ARRAY(&arena, struct fact, MANY);
    size_t *order;
    for (size_t i = 0; i < FEW; i++) facts[i] = random_fact(&r);
    check_sorting(facts, FEW);
    for (size_t i = 0; i < MANY; i++) {
        facts[i] = random_fact(&r);
        if (i % 2 || facts[i].first == INSTANT_NONE) facts[i].first = (instant)draw(&r, 1 << 30) * INSTANT_SECOND;
        if (facts[i].last < facts[i].first) facts[i].last = facts[i].first;
    }
    check_sorting(facts, MANY);
    assert_int_equal(sheet_order(NULL, 0, &arena, &order, NULL), OK);
}

static void sameness_is_of_all_columns_before_count(void **state) {
    (void)state;
    struct random r = random_seeded(TEXT("same"));
    size_t same = 0;
    for (int i = 0; i < 20000; i++) {
        struct fact a = random_fact(&r), b = random_fact(&r);
        if (i % 2) b.known = a.known, b.first = a.first, b.last = a.last, b.src = a.src, b.object = a.object;
        if (i % 2) b.dst_port = a.dst_port, b.src_port = a.src_port;
        struct text x = row_of(&a), y = row_of(&b);
        while (x.at[--x.size] != ',') {
        }
        while (y.at[--y.size] != ',') {
        }
        while (x.at[--x.size] != ',') {
        }
        while (y.at[--y.size] != ',') {
        }
        assert_int_equal(fact_same(&a, &b), text_equal(x, y));
        same += fact_same(&a, &b);
    }
    assert_true(same > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_comes_back_byte_for_byte),
        cmocka_unit_test(a_stream_gives_what_reading_gives),
        cmocka_unit_test(other_spellings_are_refused_with_their_line),
        cmocka_unit_test(what_would_not_read_back_is_not_written),
        cmocka_unit_test(the_longest_object_fits_into_a_row),
        cmocka_unit_test(facts_sort_as_their_rows_do),
        cmocka_unit_test(sameness_is_of_all_columns_before_count),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}

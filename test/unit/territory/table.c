/* Compiling, opening and looking up, against a plain search through the rows. */
#include "unit.h"

#include "base/random.h"
#include "territory/compile.h"
#include "territory/special.h"

static struct ip ip(const char *t) {
    struct ip a = {{0}};
    if (!ip_read(text_of(t), &a)) print_error("no address: %s\n", t);
    return a;
}

struct made {
    struct buf file;
    struct territory table;
    struct rows rows;
};

static void compile_rows(struct made *m) {
    struct territory_meta meta = {.name = TEXT("test"),
                                  .date = 1772366400 * INSTANT_SECOND,
                                  .basis = TEXT("registry"),
                                  .sources = {{.rows = m->rows.count, .name = TEXT("rows.csv")}},
                                  .source_count = 1,
                                  .credits = {TEXT("A vendor, CC0 1.0")},
                                  .credit_count = 1};
    struct diag d = {0};
    m->file.max = 1 << 26;
    enum error result = territory_compile(&m->rows, &meta, &m->file, &d);
    if (result) print_error("%s\n", d.text);
    assert_int_equal(result, OK);
    assert_int_equal(territory_open(buf_as_bytes(&m->file), &m->table, &d), OK);
    assert_true(sha256_equal(meta.hash, m->table.meta.hash));
    assert_int_equal(territory_verify(&m->table, &d), OK);
}

static void compile_text(struct made *m, const char *const *sources, size_t count) {
    struct diag d = {0};
    *m = (struct made){0};
    for (size_t i = 0; i < count; i++) {
        uint64_t added;
        enum error result = rows_read(&m->rows, text_of(sources[i]), &added, &d);
        if (result) print_error("%llu: %s\n", (unsigned long long)d.line, d.text);
        assert_int_equal(result, OK);
    }
    compile_rows(m);
}

static void drop(struct made *m) {
    rows_free(&m->rows);
    buf_free(&m->file);
}

static void place_is(const struct made *m, const char *address, const char *country, uint32_t as) {
    struct place p = territory_lookup(&m->table, ip(address));
    char found[3] = {p.country.at[0], p.country.at[1], 0};
    if (strcmp(found, country) || p.as != as) print_error("%s: %s %u\n", address, found, p.as);
    assert_string_equal(found, country);
    assert_int_equal(p.as, as);
}

static void collect(void *of, struct bytes b) { buf_bytes(of, b); }

static void canonical_is(const struct made *m, const char *expected) {
    struct buf out = {.max = 1 << 20};
    territory_canonical(&m->table, collect, &out);
    buf_char(&out, 0);
    assert_string_equal((const char *)out.at, expected);
    buf_free(&out);
}

static void the_smallest_range_speaks(void **state) {
    (void)state;
    struct made m;
    const char *sources[] = {"1.0.0.0,1.255.255.255,AQ\n"
                             "1.16.0.0,1.31.255.255,BV\n"
                             "1.16.5.0,1.16.5.255,EU\n"
                             "1.16.5.7,1.16.5.7,HM\n"
                             "1.32.0.0,1.32.0.255,BV\n"
                             "1.32.0.0,1.32.0.255,TF\n"
                             "2a00::,2a0f:ffff:ffff:ffff:ffff:ffff:ffff:ffff,AQ\n"
                             "2a01:100::,2a01:1ff:ffff:ffff:ffff:ffff:ffff:ffff,GS\n"};
    compile_text(&m, sources, 1);
    place_is(&m, "0.255.255.255", "", 0);
    place_is(&m, "1.0.0.0", "AQ", 0);
    place_is(&m, "1.16.0.0", "BV", 0);
    place_is(&m, "1.16.4.255", "BV", 0);
    place_is(&m, "1.16.5.6", "", 0); /* EU is no country, and said so */
    place_is(&m, "1.16.5.7", "HM", 0);
    place_is(&m, "1.16.5.8", "", 0);
    place_is(&m, "1.31.255.255", "BV", 0);
    place_is(&m, "1.32.0.1", "TF", 0); /* of equal ranges the last */
    place_is(&m, "1.255.255.255", "AQ", 0);
    place_is(&m, "2.0.0.0", "", 0);
    place_is(&m, "2a00::", "AQ", 0);
    place_is(&m, "2a01:100::1", "GS", 0);
    place_is(&m, "2a01:200::", "AQ", 0);
    place_is(&m, "2a10::", "", 0);
    assert_int_equal(m.rows.unassigned, 1);
    assert_string_equal(m.rows.codes, "EU ");
    assert_int_equal(m.rows.repeated, 1);
    assert_true(m.rows.overlapping > 3);
    drop(&m);
}

static void countries_and_networks_are_laid_over_each_other(void **state) {
    (void)state;
    struct made m;
    const char *sources[] = {"1.0.0.0,1.0.255.255,AQ\n1.2.0.0,1.2.255.255,BV\n",
                             "1.0.128.0,1.2.127.255,64500,\"A, network\"\n1.0.192.0,1.0.192.255,64499,Other\n"};
    compile_text(&m, sources, 2);
    place_is(&m, "1.0.0.0", "AQ", 0);
    place_is(&m, "1.0.128.0", "AQ", 64500);
    place_is(&m, "1.0.192.1", "AQ", 64499);
    place_is(&m, "1.1.0.0", "", 64500);
    place_is(&m, "1.2.127.255", "BV", 64500);
    place_is(&m, "1.2.128.0", "BV", 0);
    assert_true(text_is(territory_as_name(&m.table, 64500), "A, network"));
    assert_true(text_is(territory_as_name(&m.table, 64499), "Other"));
    assert_int_equal(territory_as_name(&m.table, 1).size, 0);
    static const char canonical[] = "start,end,country,asn,as_name\n"
                                    "1.0.0.0,1.0.127.255,AQ,,\n"
                                    "1.0.128.0,1.0.191.255,AQ,64500,\"A, network\"\n"
                                    "1.0.192.0,1.0.192.255,AQ,64499,Other\n"
                                    "1.0.193.0,1.0.255.255,AQ,64500,\"A, network\"\n"
                                    "1.1.0.0,1.1.255.255,,64500,\"A, network\"\n"
                                    "1.2.0.0,1.2.127.255,BV,64500,\"A, network\"\n"
                                    "1.2.128.0,1.2.255.255,BV,,\n";
    canonical_is(&m, canonical);
    /* Compiled from its canonical source it is the same table. */
    struct made again;
    const char *one[] = {canonical};
    compile_text(&again, one, 1);
    assert_true(sha256_equal(m.table.meta.hash, again.table.meta.hash));
    struct sha256 expected = sha256_of(bytes_from_text(text_of(canonical)));
    assert_true(sha256_equal(m.table.meta.hash, expected));
    struct territory_range r = territory_range_of(&m.table, ip("1.1.3.4"));
    assert_int_equal(ip_compare(r.start, ip("1.1.0.0")), 0);
    assert_int_equal(ip_compare(r.end, ip("1.1.255.255")), 0);
    drop(&m);
    drop(&again);
}

static void special_addresses_have_no_territory(void **state) {
    (void)state;
    struct made m;
    const char *sources[] = {
        "0.0.0.0,255.255.255.255,AQ\n192.0.2.7,192.0.2.7,BV\n::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,HM\n"
        "2001:db8::7,2001:db8::7,BV\n"};
    compile_text(&m, sources, 1);
    static const char *none[] = {"0.0.0.0",
                                 "10.1.2.3",
                                 "100.64.0.1",
                                 "127.0.0.1",
                                 "169.254.0.1",
                                 "172.16.0.1",
                                 "172.31.255.255",
                                 "192.0.2.7",
                                 "192.168.0.1",
                                 "198.19.255.255",
                                 "198.51.100.1",
                                 "203.0.113.1",
                                 "224.0.0.1",
                                 "240.0.0.1",
                                 "255.255.255.255",
                                 "::",
                                 "::1",
                                 "2001:db8::7",
                                 "2002::1",
                                 "2001::1",
                                 "fc00::1",
                                 "fe80::1",
                                 "ff02::1",
                                 "64:ff9b::1",
                                 "3fff::1",
                                 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
    for (size_t i = 0; i < COUNT(none); i++) {
        place_is(&m, none[i], "", 0);
        assert_non_null(special_find(ip(none[i])));
    }
    static const struct {
        const char *address, *country;
    } some[] = {{"1.1.1.1", "AQ"},         {"100.63.255.255", "AQ"}, {"100.128.0.0", "AQ"}, {"172.32.0.0", "AQ"},
                {"223.255.255.255", "AQ"}, {"192.0.1.0", "AQ"},      {"::2", "HM"},         {"2001:200::", "HM"},
                {"2001:db9::", "HM"},      {"2003::", "HM"},         {"fbff::", "HM"},      {"::ffff:1.1.1.1", "AQ"},
                {"::1:0:0:0", "HM"},       {"::fffe:1.2.3.4", "HM"}};
    for (size_t i = 0; i < COUNT(some); i++) {
        place_is(&m, some[i].address, some[i].country, 0);
        assert_null(special_find(ip(some[i].address)));
    }
    assert_string_equal(special_find(ip("192.0.2.1"))->name, "documentation");
    assert_string_equal(special_find(ip("255.255.255.255"))->name, "limited broadcast");
    /* The canonical source reads back to the same table, though an IPv6 range goes around the IPv4 addresses. */
    struct buf out = {.max = 1 << 20};
    territory_canonical(&m.table, collect, &out);
    buf_char(&out, 0);
    struct made again;
    const char *one[] = {(const char *)out.at};
    compile_text(&again, one, 1);
    assert_true(sha256_equal(m.table.meta.hash, again.table.meta.hash));
    buf_free(&out);
    drop(&m);
    drop(&again);
}

/* The address `n` after `base`. */
static struct ip after(struct ip base, uint32_t n) {
    for (size_t i = sizeof base.at; n && i-- > 0; n >>= 8) {
        n += base.at[i];
        base.at[i] = (uint8_t)n;
    }
    return base;
}

struct drawn { /* a row at random, as offsets from a base */
    uint32_t from, to;
    size_t row;
    struct row_says says;
};

static struct drawn draw(struct random *random, uint32_t space, size_t row) {
    static const char codes[][3] = {"AQ", "BV", "HM"};
    uint16_t n[4];
    random_fill(random, (uint8_t *)n, sizeof n);
    uint32_t from = n[0] % space, size = n[1] % (n[2] % 3 ? 40 : space);
    struct drawn d = {.from = from, .to = from + size < space ? from + size : space - 1, .row = row};
    d.says = (struct row_says){.country_is_said = n[3] % 4 != 0, .as_is_said = n[3] % 5 == 0};
    if (d.says.country_is_said && n[3] % 7) memcpy(d.says.country.at, codes[n[3] % 3], 2);
    if (d.says.as_is_said) d.says.as = 64500u + n[3] % 4u;
    return d;
}

/* True where `a` speaks rather than `b`, both holding an address. */
static bool speaks(const struct drawn *a, const struct drawn *b) {
    if (a->to - a->from != b->to - b->from) return a->to - a->from < b->to - b->from;
    return a->from != b->from ? a->from < b->from : a->row > b->row;
}

/* The rule itself, by a plain search through all rows. */
static struct place by_the_rule(const struct drawn *rows, size_t count, struct ip base, uint32_t n) {
    const struct drawn *country = NULL, *as = NULL;
    if (special_find(after(base, n))) return (struct place){0};
    for (size_t i = 0; i < count; i++) {
        if (rows[i].from > n || n > rows[i].to) continue;
        if (rows[i].says.country_is_said && (!country || speaks(&rows[i], country))) country = &rows[i];
        if (rows[i].says.as_is_said && (!as || speaks(&rows[i], as))) as = &rows[i];
    }
    return (struct place){.country = country ? country->says.country : (struct country){{0, 0}},
                          .as = as ? as->says.as : 0,
                          .code = country ? country->says.code : (struct country){{0, 0}}};
}

static void flattening_is_as_the_rule_says(void **state) {
    (void)state;
    enum { ROWS = 60, SPACE = 1 << 12 };
    struct random random = random_seeded(TEXT("territory"));
    for (int round = 0; round < 60; round++) {
        /* Half of the IPv4 addresses are special: 100.64.0.0/10. */
        struct ip base = ip(round % 2 ? "2a00::f801" : "100.63.248.0");
        struct made m = {0};
        struct drawn rows[ROWS];
        for (size_t i = 0; i < ROWS; i++) {
            rows[i] = draw(&random, SPACE, i);
            assert_int_equal(rows_add(&m.rows, after(base, rows[i].from), after(base, rows[i].to), &rows[i].says, NULL),
                             OK);
        }
        compile_rows(&m);
        for (uint32_t n = 0; n < SPACE; n++) {
            struct place expected = by_the_rule(rows, ROWS, base, n);
            struct place found = territory_lookup(&m.table, after(base, n));
            assert_memory_equal(expected.country.at, found.country.at, 2);
            assert_int_equal(expected.as, found.as);
        }
        drop(&m);
    }
}

static void comments_and_numbers_are_read(void **state) {
    (void)state;
    struct made m;
    const char *sources[] = {
        "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n# Vendor:    A vendor\n# License:   CC0 1.0\n#\n"
        "16777216,16777471,AQ\n16777472,16778239,??\n"};
    compile_text(&m, sources, 1);
    place_is(&m, "1.0.0.255", "AQ", 0);
    place_is(&m, "1.0.1.0", "", 0);
    assert_true(text_is(m.rows.vendor, "A vendor"));
    assert_true(text_is(m.rows.license, "CC0 1.0"));
    instant date;
    char text[INSTANT_TEXT_MAX];
    assert_true(territory_read_date(m.rows.date, &date));
    assert_true(text_is(instant_write(date, text), "2026-06-25T04:33:59Z"));
    assert_true(territory_read_date(TEXT("2026-06-25"), &date));
    assert_true(text_is(instant_write(date, text), "2026-06-25T00:00:00Z"));
    static const char *bad[] = {"",
                                "25 Jun 2026",
                                "Thu, 25 Yun 2026 04:33:59 GMT",
                                "Thu, 25 Jun 2026 04:33:59 CET",
                                "2026-6-25",
                                "Thu, 31 Jun 2026 04:33:59 GMT",
                                "Thu, 25 Jun 2026 04:33:59 GMTx"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(territory_read_date(text_of(bad[i]), &date));
    drop(&m);
}

static void bad_sources_name_their_line(void **state) {
    (void)state;
    static const struct {
        const char *source;
        uint64_t line;
    } rows[] = {{"1.0.0.0,1.0.0.255,AQ\n1.0.0.0,1.0.0.256,AQ\n", 2},
                {"1.0.0.255,1.0.0.0,AQ\n", 1},
                {"# x\n1.0.0.0,::1,AQ\n", 2},
                {"1.0.0.0,1.0.0.1\n", 1},
                {"1.0.0.0,1.0.0.1,AQ\n1.0.0.0,1.0.0.1,64500,x\n", 2},
                {"1.0.0.0,1.0.0.1,AS64500,x\n", 1},
                {"1.0.0.0,1.0.0.1,4294967296,x\n", 1},
                {"1.0.0.0,1.0.0.1,64500,\"x\ny\"\n", 2},
                {"4294967296,4294967297,AQ\n", 1},
                {"\"1.0.0.0,1.0.0.1,AQ\n", 1},
                {"1.0.0.0,1.0.0.1,64500,\xff\n", 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rows r = {0};
        struct diag d = {0};
        uint64_t added;
        assert_int_equal(rows_read(&r, text_of(rows[i].source), &added, &d), ERR_INPUT);
        if (d.line != rows[i].line) print_error("%s: line %llu\n", d.text, (unsigned long long)d.line);
        assert_int_equal(d.line, rows[i].line);
        rows_free(&r);
    }
}

static void a_table_without_a_place_is_none(void **state) {
    (void)state;
    struct rows r = {0};
    struct territory_meta meta = {
        .name = TEXT("test"), .basis = TEXT("registry"), .sources = {{.name = TEXT("x")}}, .source_count = 1};
    struct buf out = {.max = 1 << 20};
    uint64_t added;
    assert_int_equal(rows_read(&r, TEXT("10.0.0.0,10.0.0.255,AQ\n1.0.0.0,1.0.0.255,EU\n"), &added, NULL), OK);
    assert_int_equal(territory_compile(&r, &meta, &out, NULL), ERR_INPUT);
    buf_free(&out);
    meta.date = INSTANT_NONE;
    assert_int_equal(territory_compile(&r, &meta, &out, NULL), ERR_INPUT);
    meta.date = 0;
    meta.basis = TEXT("guess");
    assert_int_equal(territory_compile(&r, &meta, &out, NULL), ERR_INPUT);
    buf_free(&out);
    rows_free(&r);
}

/* Every byte of the head and of the arrays' beginnings and ends changed in turn: refused, or a table that can be used;
 * the hash tells the difference. */
static void damage_is_found(void **state) {
    (void)state;
    struct made m;
    const char *sources[] = {"1.0.0.0,1.0.255.255,AQ\n2a00::,2a00::ffff,BV\n", "1.0.0.0,1.0.255.255,64500,Name\n"};
    compile_text(&m, sources, 2);
    struct buf copy = {.max = 1 << 26};
    buf_bytes(&copy, buf_as_bytes(&m.file));
    size_t refused = 0, different = 0, same = 0;
    for (size_t i = 0; i < copy.size; i += i < 1000 || i + 2000 > copy.size ? 1 : 997) {
        struct territory t;
        struct diag d = {0};
        copy.at[i] ^= 0x11;
        if (territory_open(buf_as_bytes(&copy), &t, &d)) {
            assert_true(d.text[0]);
            refused++;
        } else if (territory_verify(&t, &d)) {
            different++;
        } else {
            same++; /* a name, a credit or a date: the table's content is not touched */
        }
        copy.at[i] ^= 0x11;
    }
    assert_true(refused > different && different > 0 && same < 300);
    for (size_t size = 0; size < copy.size; size += size < 2000 || size + 300 > copy.size ? 1 : 4999) {
        struct territory t;
        assert_int_equal(territory_open(bytes_of(copy.at, size), &t, NULL), ERR_INPUT);
    }
    buf_free(&copy);
    drop(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_range_speaks),
        cmocka_unit_test(countries_and_networks_are_laid_over_each_other),
        cmocka_unit_test(special_addresses_have_no_territory),
        cmocka_unit_test(flattening_is_as_the_rule_says),
        cmocka_unit_test(comments_and_numbers_are_read),
        cmocka_unit_test(bad_sources_name_their_line),
        cmocka_unit_test(a_table_without_a_place_is_none),
        cmocka_unit_test(damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* MMDB files, written here byte by byte as the format's specification says, and read back as rows. */
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "scan/mmdb.h"
#include "scan/table.h"

/* ---- a small writer of MMDB files: records of 24 bits */

enum { NODES_MAX = 512, EMPTY = -1, DATA = 1000000 /* and the offset within the data section */ };

struct made {
    int nodes[NODES_MAX][2];
    int node_count;
    unsigned ip_version;
    struct buf data;
    char path[64];
};

/* The byte before each value: its type and size, in up to three bytes. */
static void control(struct buf *out, unsigned type, size_t size) {
    size_t small = size < 29 ? size : 29;
    assert_true(size < 29 + 256);
    buf_char(out, (char)(type > 7 ? small : type << 5 | small));
    if (type > 7) buf_char(out, (char)(type - 7));
    if (small == 29) buf_char(out, (char)(size - 29));
}

static void put_text(struct buf *out, const char *t) {
    control(out, 2, strlen(t));
    buf_string(out, t);
}

static void put_u32(struct buf *out, uint32_t n) {
    control(out, 6, 4);
    for (int shift = 24; shift >= 0; shift -= 8) buf_char(out, (char)(n >> shift));
}

static void put_u16(struct buf *out, uint16_t n) {
    control(out, 5, 2);
    buf_be16(out, n);
}

static void begin(struct made *m, unsigned ip_version) {
    *m = (struct made){.nodes = {{EMPTY, EMPTY}}, .node_count = 1, .ip_version = ip_version, .data = {.max = 4096}};
}

/* {"country": {"iso_code": CC}} */
static int country_of(struct made *m, const char *key, const char *code) {
    int at = (int)m->data.size;
    control(&m->data, 7, 1);
    put_text(&m->data, key);
    control(&m->data, 7, 1);
    put_text(&m->data, "iso_code");
    put_text(&m->data, code);
    return DATA + at;
}

static int network_of(struct made *m, uint32_t as, const char *name) {
    int at = (int)m->data.size;
    control(&m->data, 7, 2);
    put_text(&m->data, "autonomous_system_number");
    put_u32(&m->data, as);
    put_text(&m->data, "autonomous_system_organization");
    put_text(&m->data, name);
    return DATA + at;
}

/* {"country_code": CC, "asn": "AS…"} */
static int flat_of(struct made *m, const char *code, const char *asn) {
    int at = (int)m->data.size;
    control(&m->data, 7, 2);
    put_text(&m->data, "country_code");
    put_text(&m->data, code);
    put_text(&m->data, "asn");
    put_text(&m->data, asn);
    return DATA + at;
}

/* Puts a record at the end of a prefix; returns the node that holds it. */
static int put(struct made *m, const char *address, unsigned bits, int record) {
    struct ip a;
    int node = 0;
    assert_true(ip_read(text_of(address), &a));
    unsigned from = m->ip_version == 4 ? 96 : 0;
    if (m->ip_version == 6 && ip_is_v4(a)) memset(a.at + 10, 0, 2);
    for (unsigned bit = from; bit < from + bits; bit++) {
        int *side = &m->nodes[node][a.at[bit / 8] >> (7 - bit % 8) & 1];
        if (bit + 1 == from + bits) {
            *side = record;
            return node;
        }
        if (*side == EMPTY) {
            assert_true(m->node_count < NODES_MAX);
            *side = m->node_count++;
            m->nodes[*side][0] = m->nodes[*side][1] = EMPTY;
        }
        node = *side;
    }
    return node;
}

/* The node where a prefix ends. */
static int node_at(const struct made *m, const char *address, unsigned bits) {
    struct ip a;
    int node = 0;
    assert_true(ip_read(text_of(address), &a));
    for (unsigned bit = 0; bit < bits; bit++) node = m->nodes[node][a.at[bit / 8] >> (7 - bit % 8) & 1];
    return node;
}

static void put_record(const struct made *m, int record, struct buf *out) {
    int value = record == EMPTY ? m->node_count : record < DATA ? record : m->node_count + 16 + record - DATA;
    for (int shift = 16; shift >= 0; shift -= 8) buf_char(out, (char)(value >> shift));
}

static void put_metadata(const struct made *m, struct buf *out) {
    buf_string(out, "\xab\xcd\xefMaxMind.com");
    control(out, 7, 9);
    put_text(out, "languages");
    control(out, 11, 0);
    put_text(out, "description");
    control(out, 7, 0);
    put_text(out, "node_count");
    put_u32(out, (uint32_t)m->node_count);
    put_text(out, "record_size");
    put_u16(out, 24);
    put_text(out, "ip_version");
    put_u16(out, (uint16_t)m->ip_version);
    put_text(out, "database_type");
    put_text(out, "example");
    put_text(out, "binary_format_major_version");
    put_u16(out, 2);
    put_text(out, "binary_format_minor_version");
    put_u16(out, 0);
    put_text(out, "build_epoch");
    control(out, 9, 8);
    buf_be64(out, 1772366400);
}

static void write_file(struct made *m) {
    struct buf file = {.max = 1 << 20};
    for (int i = 0; i < m->node_count; i++) {
        put_record(m, m->nodes[i][0], &file);
        put_record(m, m->nodes[i][1], &file);
    }
    for (int i = 0; i < 16; i++) buf_char(&file, 0);
    buf_bytes(&file, buf_as_bytes(&m->data));
    put_metadata(m, &file);
    snprintf(m->path, sizeof m->path, "/tmp/parley-mmdb-%d.mmdb", (int)getpid());
    assert_int_equal(os_write(m->path, buf_as_bytes(&file), 0600, NULL), OK);
    buf_free(&file);
    buf_free(&m->data);
}

/* ---- what comes out */

struct read {
    struct rows rows;
    struct buf file;
    struct territory table;
    struct territory_source source;
};

static enum error read_back(struct made *m, struct read *r, struct diag *d) {
    *r = (struct read){.file = {.max = 1 << 24}};
    write_file(m);
    enum error result = table_read_source(m->path, &r->rows, &r->source, d);
    unlink(m->path);
    return result;
}

static void compile(struct read *r) {
    struct diag d = {0};
    struct territory_meta meta = {.name = TEXT("mmdb"), .basis = TEXT("geolocation"), .source_count = 1};
    meta.sources[0] = r->source;
    assert_true(territory_read_date(r->rows.date, &meta.date));
    assert_int_equal(meta.date, 1772366400 * INSTANT_SECOND);
    enum error result = territory_compile(&r->rows, &meta, &r->file, &d);
    if (result) print_error("%s\n", d.text);
    assert_int_equal(result, OK);
    assert_int_equal(territory_open(buf_as_bytes(&r->file), &r->table, &d), OK);
}

static void drop(struct read *r) {
    rows_free(&r->rows);
    buf_free(&r->file);
}

static void place_is(const struct read *r, const char *address, const char *country, uint32_t as) {
    struct ip a;
    assert_true(ip_read(text_of(address), &a));
    struct place p = territory_lookup(&r->table, a);
    char found[3] = {p.country.at[0], p.country.at[1], 0};
    if (strcmp(found, country) || p.as != as) print_error("%s: “%s” %u\n", address, found, p.as);
    assert_string_equal(found, country);
    assert_int_equal(p.as, as);
}

/* IPv4 stands below ::/96; two other places lead to the same networks, as in the vendors' files. */
static void both_families_are_read_once(void **state) {
    (void)state;
    struct made m;
    struct read r;
    struct diag d = {0};
    begin(&m, 6);
    put(&m, "11.0.0.0", 96 + 8, country_of(&m, "country", "AQ"));
    put(&m, "12.128.0.0", 96 + 9, country_of(&m, "country", "BV"));
    put(&m, "13.0.0.0", 96 + 8, country_of(&m, "registered_country", "TF"));
    put(&m, "2a00::", 12, country_of(&m, "country", "GS"));
    put(&m, "2b00::", 16, network_of(&m, 64500, "A network"));
    put(&m, "2c00::", 16, flat_of(&m, "HM", "AS64501"));
    int v4 = node_at(&m, "::", 96);
    put(&m, "2002::", 16, v4);
    put(&m, "64:ff9b::", 96, v4);
    assert_int_equal(read_back(&m, &r, &d), OK);
    assert_int_equal(r.source.rows, 5);
    compile(&r);
    place_is(&r, "11.255.255.255", "AQ", 0);
    place_is(&r, "::ffff:11.0.0.0", "AQ", 0);
    place_is(&r, "12.0.0.0", "", 0);
    place_is(&r, "12.128.0.0", "BV", 0);
    place_is(&r, "13.0.0.1", "", 0); /* registered there is not being there */
    place_is(&r, "2a0f:ffff::", "GS", 0);
    place_is(&r, "2a10::", "", 0);
    place_is(&r, "2b00::1", "", 64500);
    place_is(&r, "2c00::1", "HM", 64501);
    place_is(&r, "2002:0b00::1", "", 0);
    assert_true(text_is(territory_as_name(&r.table, 64500), "A network"));
    drop(&r);
}

static void a_file_of_ipv4_alone_is_read(void **state) {
    (void)state;
    struct made m;
    struct read r;
    struct diag d = {0};
    begin(&m, 4);
    put(&m, "11.0.0.0", 8, country_of(&m, "country", "AQ"));
    put(&m, "12.1.2.3", 32, country_of(&m, "country", "BV"));
    assert_int_equal(read_back(&m, &r, &d), OK);
    compile(&r);
    place_is(&r, "11.1.1.1", "AQ", 0);
    place_is(&r, "12.1.2.3", "BV", 0);
    place_is(&r, "12.1.2.4", "", 0);
    drop(&r);
}

/* One network wider than ::/96 is that of all IPv4 addresses, too. */
static void a_wide_network_holds_ipv4(void **state) {
    (void)state;
    struct made m;
    struct read r;
    struct diag d = {0};
    begin(&m, 6);
    put(&m, "::", 3, country_of(&m, "country", "AQ"));
    assert_int_equal(read_back(&m, &r, &d), OK);
    compile(&r);
    place_is(&r, "11.1.1.1", "AQ", 0);
    place_is(&r, "1000::", "AQ", 0);
    place_is(&r, "2a00::", "", 0);
    drop(&r);
}

static void branches_that_join_are_refused(void **state) {
    (void)state;
    struct made m;
    struct read r;
    struct diag d = {0};
    begin(&m, 6);
    put(&m, "2a00::", 60, country_of(&m, "country", "AQ"));
    for (int i = 1; i < m.node_count - 1; i++) m.nodes[i][0] = m.nodes[i][1] = i + 1;
    assert_int_equal(read_back(&m, &r, &d), ERR_INPUT);
    drop(&r);
    begin(&m, 6);
    put(&m, "2a00::", 3, 0); /* a loop */
    assert_int_equal(read_back(&m, &r, &d), ERR_INPUT);
    drop(&r);
}

static void what_is_no_data_is_refused(void **state) {
    (void)state;
    struct made m;
    struct read r;
    struct diag d = {0};
    begin(&m, 4);
    put(&m, "11.0.0.0", 8, DATA + 4000);
    assert_int_equal(read_back(&m, &r, &d), ERR_INPUT);
    assert_non_null(strstr(d.where, "parley-mmdb"));
    drop(&r);
    begin(&m, 4);
    put(&m, "11.0.0.0", 8, network_of(&m, 1, "a\tb"));
    assert_int_equal(read_back(&m, &r, &d), ERR_INPUT);
    drop(&r);
}

static void the_marker_tells_the_format(void **state) {
    (void)state;
    const struct text csv = TEXT("11.0.0.0,11.0.0.255,AQ\n");
    assert_false(mmdb_is(bytes_from_text(csv)));
    assert_false(mmdb_is((struct bytes){NULL, 0}));
    assert_true(mmdb_is(bytes_from_text(TEXT("…\xab\xcd\xefMaxMind.com…"))));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_families_are_read_once), cmocka_unit_test(a_file_of_ipv4_alone_is_read),
        cmocka_unit_test(a_wide_network_holds_ipv4),   cmocka_unit_test(branches_that_join_are_refused),
        cmocka_unit_test(what_is_no_data_is_refused),  cmocka_unit_test(the_marker_tells_the_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

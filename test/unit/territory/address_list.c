/* Lists of addresses: what is read, and which entry speaks for an address. */
#include "unit.h"

#include "territory/address_list.h"

static struct arena arena;

static int drop_all(void **state) {
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct address_list read_list(const char *lines) {
    struct address_list l = {0};
    struct diag d = {0};
    enum error result = address_list_read(bytes_from_text(text_of(lines)), &arena, &l, &d);
    assert_string_equal(d.text, "");
    assert_int_equal(result, OK);
    return l;
}

static const char *words_for(const struct address_list *l, const char *address) {
    struct ip ip;
    assert_true(ip_read(text_of(address), &ip));
    const struct listed *found = address_list_find(l, ip);
    return found ? arena_string(&arena, found->words) : "nothing";
}

static void entries_are_addresses_blocks_and_ranges(void **state) {
    (void)state;
    struct address_list l = read_list("# a comment\r\n\n  192.0.2.1\tone address\r\n198.51.100.0/25 a block\n"
                                      "203.0.113.5-203.0.113.9 a range\n2001:db8::/32 of IPv6\n0.0.0.0/0 all of IPv4");
    assert_int_equal(l.count, 5);
    assert_string_equal(words_for(&l, "192.0.2.1"), "one address");
    assert_string_equal(words_for(&l, "192.0.2.2"), "all of IPv4");
    assert_string_equal(words_for(&l, "198.51.100.127"), "a block");
    assert_string_equal(words_for(&l, "198.51.100.128"), "all of IPv4");
    assert_string_equal(words_for(&l, "203.0.113.9"), "a range");
    assert_string_equal(words_for(&l, "203.0.113.10"), "all of IPv4");
    assert_string_equal(words_for(&l, "2001:db8:ffff::"), "of IPv6");
    assert_string_equal(words_for(&l, "2001:db9::"), "nothing");
    assert_null(address_list_find(NULL, l.at[0].first));
}

static void the_inner_entry_speaks(void **state) {
    (void)state;
    struct address_list l = read_list("192.0.2.0/24 outer\n192.0.2.64/26 middle\n192.0.2.64/28 inner\n"
                                      "192.0.2.70-192.0.3.9 across\n192.0.2.64/28 inner twice\n");
    assert_string_equal(words_for(&l, "192.0.2.1"), "outer");
    assert_string_equal(words_for(&l, "192.0.2.65"), "inner twice");
    assert_string_equal(words_for(&l, "192.0.2.75"), "across");
    assert_string_equal(words_for(&l, "192.0.3.9"), "across");
    assert_string_equal(words_for(&l, "192.0.3.10"), "nothing");
    assert_string_equal(words_for(&l, "192.0.2.69"), "inner twice");
}

static void the_list_of_tors_exits_is_read(void **state) {
    (void)state;
    struct address_list l = read_list("ExitNode 0011\nPublished 2026-03-01 00:00:00\nLastStatus 2026-03-01 01:00:00\n"
                                      "ExitAddress 192.0.2.7 2026-03-01 01:02:03\n");
    assert_int_equal(l.count, 1);
    assert_string_equal(words_for(&l, "192.0.2.7"), "Tor exit");
}

static void lists_as_others_publish_them_are_read(void **state) {
    (void)state;
    struct address_list l =
        read_list("; a header\n192.0.2.0/25 ; SBL1\n198.51.100.0/24,XX,North\n203.0.113.1 # note\n");
    assert_string_equal(words_for(&l, "192.0.2.1"), "SBL1");
    assert_string_equal(words_for(&l, "198.51.100.9"), "XX,North");
    assert_string_equal(words_for(&l, "203.0.113.1"), "note");
}

static struct address_list read_json(const char *json) {
    struct buf lines = {.max = 1 << 16};
    assert_true(address_list_is_json(bytes_from_text(text_of(json))));
    assert_int_equal(address_list_lines(bytes_from_text(text_of(json)), &lines, NULL), OK);
    struct address_list l = {0};
    assert_int_equal(address_list_read(buf_as_bytes(&lines), &arena, &l, NULL), OK);
    buf_free(&lines);
    return l;
}

static void json_is_read_for_what_is_a_place(void **state) {
    (void)state;
    struct address_list l =
        read_json(" {\"syncToken\":\"1\",\"prefixes\":[{\"ip_prefix\":\"192.0.2.0/24\",\"service\":\"NORTH\"},"
                  "{\"ipv6Prefix\":\"2001:db8::/"
                  "32\",\"name\":\"south\"}],\"name\":\"outer\",\"list\":[\"198.51.100.7\",\"no\"]}");
    assert_int_equal(l.count, 3);
    assert_string_equal(words_for(&l, "192.0.2.9"), "NORTH");
    assert_string_equal(words_for(&l, "2001:db8::1"), "south");
    assert_string_equal(words_for(&l, "198.51.100.7"), "outer");
    l = read_json(
        "{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\"}\n{\"cidr\":\"198.51.100.0/24\"}\n\n{\"type\":\"metadata\"}");
    assert_int_equal(l.count, 2);
}

static void json_without_a_place_is_no_list(void **state) {
    (void)state;
    static const char *const rows[] = {"{}", "[]", "[\"192.0.2.0/99\"]", "{\"a\":", "{}\n{", "[1]\n[\"192.0.2.1\"]\nx"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf lines = {.max = 1 << 16};
        struct diag d = {0};
        assert_int_equal(address_list_lines(bytes_from_text(text_of(rows[i])), &lines, &d), ERR_INPUT);
        assert_true(d.text[0]);
        buf_free(&lines);
    }
    assert_false(address_list_is_json(bytes_from_text(TEXT("192.0.2.1 {"))));
}

static void faults_name_their_line(void **state) {
    (void)state;
    static const char *const bad[] = {
        "192.0.2.0/33",   "192.0.2.1/24", "192.0.2.9-192.0.2.1",  "192.0.2.1-2001:db8::1", "host.north.example",
        "2001:db8::/129", "192.0.2.0/",   "192.0.2.1, 192.0.2.2", "192.0.2.1 \x01"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct diag d = {0};
        struct address_list l;
        struct text lines = arena_format(&arena, "192.0.2.1\n%s\n", bad[i]);
        assert_int_equal(address_list_read(bytes_from_text(lines), &arena, &l, &d), ERR_INPUT);
        assert_int_equal(d.line, 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_addresses_blocks_and_ranges),
        cmocka_unit_test(the_inner_entry_speaks),
        cmocka_unit_test(the_list_of_tors_exits_is_read),
        cmocka_unit_test(lists_as_others_publish_them_are_read),
        cmocka_unit_test(json_is_read_for_what_is_a_place),
        cmocka_unit_test(json_without_a_place_is_no_list),
        cmocka_unit_test(faults_name_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, drop_all);
}

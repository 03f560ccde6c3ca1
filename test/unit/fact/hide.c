/* What is hidden: in facts and lines alike, the same token for the same value, and nothing left of it. */
#include "unit.h"

#include "fact/hide.h"

static struct hidden *make(unsigned what, uint8_t key, const char *format, const char *line,
                           const struct observation *o) {
    struct hide hide = {.what = what, .key = {key}};
    struct hidden *h = calloc(1, sizeof *h);
    assert_non_null(h);
    hidden_make(h, &hide, format_find(text_of(format)), o, text_of(line));
    return h;
}

static void drop(struct hidden *h) {
    hidden_free(h);
    free(h);
}

static struct ip ip(const char *t) {
    struct ip out;
    assert_true(ip_read(text_of(t), &out));
    return out;
}

static bool holds(const struct hidden *h, const char *what) { return text_search(h->line, text_of(what)) != SIZE_MAX; }

#define START "Mar  1 06:55:46 gate sshd[14]: Failed password for "

static void users_become_tokens(void **state) {
    (void)state;
    const struct observation o = {.count = 1};
    struct hidden *one = make(HIDE_USER, 1, "sshd", START "eve from 192.0.2.1 port 5 ssh2", &o);
    struct hidden *two = make(HIDE_USER, 1, "sshd", START "eve from 192.0.2.9 port 7 ssh2", &o);
    struct hidden *other = make(HIDE_USER, 2, "sshd", START "eve from 192.0.2.1 port 5 ssh2", &o);
    struct hidden *within = make(HIDE_USER, 1, "sshd", START "eve from 192.0.2.1 port 5 ssh2: steven eve-x", &o);
    struct text token = text_sub(one->line, strlen(START), strlen(START) + 27);
    assert_true(text_starts(token, TEXT("hidden-")));
    assert_true(text_starts(text_sub(one->line, strlen(START) + 27, one->line.size), TEXT(" from 192.0.2.1 port 5")));
    assert_false(holds(one, "eve"));
    assert_true(text_search(two->line, token) != SIZE_MAX);
    assert_true(text_search(other->line, token) == SIZE_MAX);
    assert_true(holds(within, "steven") && !holds(within, " eve"));
    assert_false(one->whole || within->whole);
    drop(one);
    drop(two);
    drop(other);
    drop(within);
}

static void addresses_become_addresses_that_nobody_has(void **state) {
    (void)state;
    static const struct {
        const char *dst, *line;
        bool whole;
    } rows[] = {
        {"192.0.2.7", "to 192.0.2.7 and 192.0.2.7:22, 192.0.2.77 too", false},
        {"192.0.2.7", "\"dst\":\"192.0.2.7\"", false},
        {"192.0.2.7", "to ::ffff:192.0.2.7.", false},
        {"192.0.2.7", "to 192.0.2.70", true},
        {"192.0.2.7", "to c0000207", true},
        {"2001:db8::7", "to 2001:DB8:0::7 or [2001:db8::7]:22 or 2001:db8::7:22.", false},
        {"2001:db8::7", "to 2001:db8::77", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct observation o = {.count = 1, .known = KNOWN_DST | KNOWN_SRC, .dst = ip(rows[i].dst)};
        struct hidden *h = make(HIDE_DST, 1, "flow", rows[i].line, &o);
        assert_int_equal(h->whole, rows[i].whole);
        assert_true(hidden_is_address(h->observation.dst));
        char text[IP_TEXT_MAX];
        assert_int_equal(text_search(h->line, ip_write(h->observation.dst, text)) != SIZE_MAX, !rows[i].whole);
        if (rows[i].whole) assert_true(text_starts(h->line, TEXT("hidden-line-")));
        assert_false(holds(h, "192.0.2.7 ") || holds(h, "192.0.2.7:") || holds(h, "2001:db8::7]") ||
                     holds(h, "DB8:0::7"));
        drop(h);
    }
    const struct observation none = {.count = 1, .known = KNOWN_SRC};
    struct hidden *h = make(HIDE_DST, 1, "flow", "192.0.2.7", &none);
    assert_true(text_is(h->line, "192.0.2.7") && !(h->observation.known & KNOWN_DST));
    drop(h);
}

static void objects_keep_their_kind(void **state) {
    (void)state;
    const struct observation account = {.count = 1, .object = {"account:eve", 11}};
    const struct observation url = {.count = 1, .object = {"url:http://a.example/x", 22}};
    const struct observation hash = {.count = 1, .object = {"sha256:ab", 9}};
    struct hidden *h = make(HIDE_USER, 1, "jsonl", "{\"user\":\"eve\"}", &account);
    assert_true(text_starts(h->observation.object, TEXT("account:hidden-")) && hidden_is_object(h->observation.object));
    assert_false(holds(h, "eve"));
    drop(h);
    h = make(HIDE_OBJECT, 1, "jsonl", "{\"url\":\"http:\\/\\/a.example/x\"}", &url);
    assert_true(h->whole && text_starts(h->observation.object, TEXT("url:hidden-")));
    drop(h);
    h = make(HIDE_OBJECT, 1, "jsonl", "ab", &hash);
    assert_true(text_is(h->observation.object, "sha256:ab") && text_is(h->line, "ab"));
    drop(h);
}

static void lists_of_fields_are_read_strictly(void **state) {
    (void)state;
    unsigned what = 0;
    assert_true(hide_read(TEXT("user,dst_ip,object"), &what));
    assert_int_equal(what, HIDE_USER | HIDE_DST | HIDE_OBJECT);
    assert_true(hide_read(TEXT("dst_ip"), &what));
    assert_int_equal(what, HIDE_DST);
    static const char *const wrong[] = {"", "src_ip", "user,", "user,user", "user, dst_ip"};
    for (size_t i = 0; i < COUNT(wrong); i++) assert_false(hide_read(text_of(wrong[i]), &what));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_become_tokens),
        cmocka_unit_test(addresses_become_addresses_that_nobody_has),
        cmocka_unit_test(objects_keep_their_kind),
        cmocka_unit_test(lists_of_fields_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

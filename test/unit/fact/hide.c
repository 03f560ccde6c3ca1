/* What is hidden: in facts and lines alike, the same token for the same value, and nothing left of it. */
#include "unit.h"

#include "base/random.h"
#include "fact/hide.h"

static struct hidden *make(unsigned what, uint8_t key, const char *format, const char *line,
                           const struct observation *o) {
    static const struct stamp_options in_2026 = {.year = 2026, .until = INSTANT_NONE};
    static struct reader reader;
    struct observation unused;
    struct hide hide = {.what = what, .key = {key}};
    struct hidden *h = calloc(1, sizeof *h);
    assert_non_null(h);
    reader_start(&reader, format_find(text_of(format)), NULL, &in_2026, (struct chain){0}, TEXT("scanner"));
    reader.logins.asked = true;
    reader_line(&reader, text_of(line), &unused);
    hidden_make(h, &hide, &reader.logins, o, text_of(line));
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

/* ---- the same as byte by byte */

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

static bool in_run(char c) { return strchr("0123456789abcdefABCDEF:.", c) != NULL; }

static bool stands(struct text line, size_t at, struct text value) {
    size_t end = at + value.size;
    if (end > line.size || memcmp(line.at + at, value.at, value.size)) return false;
    bool open = at && is_letter(line.at[at - 1]) && is_letter(value.at[0]);
    return !open && !(end < line.size && is_letter(line.at[end]) && is_letter(value.at[value.size - 1]));
}

static size_t address_at(struct text line, size_t at, struct ip hidden, bool *unsure) {
    size_t size = 0, colons = 0;
    struct ip found;
    if (at && in_run(line.at[at - 1])) return 0;
    for (; at + size < line.size && in_run(line.at[at + size]) && size <= 64; size++)
        colons += line.at[at + size] == ':';
    if (colons < 2) return 0;
    *unsure = *unsure || size > 64;
    for (size_t end = size; end > 1; end--) {
        bool edge = end == size || line.at[at + end] == ':' || line.at[at + end] == '.';
        if (edge && ip_read(text_sub(line, at, at + end), &found) && !ip_compare(found, hidden)) return end;
    }
    return 0;
}

/* Whether all that is hidden is found. */
static bool replace_slowly(struct text line, struct text user, struct text token, struct ip dst, struct text dst_token,
                           struct buf *out) {
    bool found_user = false, found_dst = false, unsure = false;
    for (size_t at = 0; at < line.size;) {
        bool is_user = stands(line, at, user);
        size_t size = is_user ? user.size : address_at(line, at, dst, &unsure);
        if (is_user) buf_text(out, token);
        if (!is_user && size) buf_text(out, dst_token);
        if (!size) buf_char(out, line.at[at]);
        found_user = found_user || is_user;
        found_dst = found_dst || (!is_user && size);
        at += size ? size : 1;
    }
    return found_user && found_dst && !unsure;
}

static void lines_are_as_byte_by_byte(void **state) {
    (void)state;
    static const char *const words[] = {
        "eve",        "eve ", "2001:db8::7", "2001:DB8:0::7", "2001:db8::7:22", "x", ":", "::", "steve", " ", "-",
        "2001:db8::", "7",    "e",           "eveve"};
    const struct hide hide = {.what = HIDE_USER | HIDE_DST, .key = {7}};
    const struct observation o = {.count = 1, .known = KNOWN_DST, .dst = ip("2001:db8::7")};
    struct logins *l = calloc(1, sizeof *l);
    struct hidden *h = calloc(1, sizeof *h);
    struct random r = random_seeded(TEXT("hide"));
    struct buf line = {.max = 1 << 16}, expected = {.max = 1 << 16};
    char token_room[64], dst_room[IP_TEXT_MAX];
    assert_true(l && h);
    l->asked = true;
    logins_add(l, TEXT("eve"));
    hidden_make(h, &hide, l, &o, TEXT("eve 2001:db8::7"));
    memcpy(token_room, h->line.at, 27);
    const struct text token = {token_room, 27}, dst = ip_write(h->observation.dst, dst_room);
    for (size_t round = 0; round < 20000; round++) {
        uint8_t draw[12];
        random_fill(&r, draw, sizeof draw);
        buf_clear(&line);
        buf_clear(&expected);
        for (size_t i = 0; i < sizeof draw; i++) buf_string(&line, words[draw[i] % COUNT(words)]);
        hidden_make(h, &hide, l, &o, buf_as_text(&line));
        bool all = replace_slowly(buf_as_text(&line), l->at[0], token, o.dst, dst, &expected);
        assert_int_equal(h->whole, !all);
        assert_true(h->whole || text_equal(h->line, buf_as_text(&expected)));
    }
    buf_free(&line);
    buf_free(&expected);
    drop(h);
    free(l);
}

/* Of more users than are kept one may stand anywhere. */
static void a_line_with_more_users_is_hidden_as_a_whole(void **state) {
    (void)state;
    const struct hide hide = {.what = HIDE_USER, .key = {7}};
    const struct observation o = {.count = 1};
    struct logins *l = calloc(1, sizeof *l);
    struct hidden *h = calloc(1, sizeof *h);
    assert_true(l && h);
    l->asked = true;
    logins_add(l, TEXT("eve"));
    logins_add(l, TEXT("adam"));
    hidden_make(h, &hide, l, &o, TEXT("eve, adam"));
    assert_false(h->whole);
    assert_false(holds(h, "eve") || holds(h, "adam"));
    l->more = true;
    hidden_make(h, &hide, l, &o, TEXT("eve, adam"));
    assert_true(h->whole);
    drop(h);
    free(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_become_tokens),       cmocka_unit_test(addresses_become_addresses_that_nobody_has),
        cmocka_unit_test(objects_keep_their_kind),   cmocka_unit_test(lists_of_fields_are_read_strictly),
        cmocka_unit_test(lines_are_as_byte_by_byte), cmocka_unit_test(a_line_with_more_users_is_hidden_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

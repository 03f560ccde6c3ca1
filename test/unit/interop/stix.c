/* STIX: facts come back to the bit, patterns of the simple kind are facts, hostile bundles are refused in bounds. */
#include "unit.h"

#include <stdlib.h>

#include "interop/foreign.h"
#include "interop/stix_in.h"
#include "vocab/rsit.h"

/* ---- random sheets */

static unsigned draw(struct random *r, unsigned below) {
    uint8_t at[4];
    random_fill(r, at, sizeof at);
    return (unsigned)(at[0] | at[1] << 8 | at[2] << 16) % below;
}

static struct text some_object(struct random *r, struct arena *a) {
    static const char *const kinds[] = {"url", "domain", "account", "mail"};
    static const char *const values[] = {"https://x.example/é?q=[1]#a#b", "x.example", "a,\"b\"", "who@x.example",
                                         "//x.example:port/%zz",          "a b@c",     "::",      "http://[::1]:8080/"};
    if (!draw(r, 5)) return arena_format(a, "sha256:%064u", draw(r, 1000));
    return arena_format(a, "%s:%s", kinds[draw(r, COUNT(kinds))], values[draw(r, COUNT(values))]);
}

static struct fact some_fact(struct random *r, struct arena *a) {
    struct fact f = fact_unknown();
    const instant start = 1772366400 * INSTANT_SECOND;
    if (draw(r, 4)) f.first = start + draw(r, 100) * INSTANT_SECOND;
    if (draw(r, 4)) f.last = start + (100 + draw(r, 100)) * INSTANT_SECOND;
    f.known = draw(r, 16);
    f.src = ip_from_v4(0xc0000200 + draw(r, 256));
    f.dst = ip_from_v4(0xcb007100 + draw(r, 256));
    if (!draw(r, 3)) ip_read(TEXT("2001:db8::7"), &f.dst);
    f.src_port = (uint16_t)draw(r, 65536), f.dst_port = (uint16_t)draw(r, 65536);
    if (!draw(r, 3) || !(f.known & (KNOWN_SRC | KNOWN_DST))) f.object = some_object(r, a);
    if (draw(r, 2)) f.protocol = TEXT("tcp");
    if (draw(r, 2)) f.event = text_of(rsit_types[draw(r, (unsigned)rsit_type_count)].value);
    f.count = draw(r, 4) ? 1 + draw(r, 1000) : draw(r, 2) ? SHEET_NO_COUNT : SHEET_COUNT_MAX;
    f.evidence = draw(r, 2) ? SHEET_NO_COUNT : draw(r, 3);
    return f;
}

static struct text sheet_text(struct arena *a, struct sheet s) {
    struct buf out = {.max = SHEET_BYTES_MAX};
    assert_int_equal(sheet_write(s, &out, NULL), OK);
    struct text t = arena_text(a, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static void facts_come_back_to_the_bit(void **state) {
    struct random r = random_seeded(TEXT("stix"));
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct arena a = {0};
        struct losses losses = losses_in(&a);
        struct collect c = collect_in(&a, &losses);
        struct report report = REPORT_EMPTY;
        struct reports back;
        struct buf out = {.max = 1 << 24};
        for (unsigned i = 0, count = 1 + draw(&r, 40); i < count; i++) {
            struct fact f = some_fact(&r, &a);
            if (!fact_fault(&f)) collect_fact(&c, &f, "fact");
        }
        assert_int_equal(collect_end(&c, &report.facts, NULL), OK);
        report.id = TEXT("cert.north.example/1");
        report.title = TEXT("Título");
        report.from = TEXT("cert.north.example/incident");
        report.tlp = TLP_AMBER_STRICT;
        report.created = 1772366400 * INSTANT_SECOND;
        assert_int_equal(stix_case_write(&report, &(struct case_writing){&a, &losses, 0}, &out, NULL), OK);
        assert_true(stix_case_seen(buf_as_bytes(&out)));
        assert_int_equal(
            stix_case_read(buf_as_bytes(&out), &(struct case_reading){.arena = &a, .losses = &losses}, &back, NULL),
            OK);
        struct text before = sheet_text(&a, report.facts), after = sheet_text(&a, back.at[0].facts);
        assert_true(text_equal(before, after));
        assert_true(!report.facts.count || text_equal(back.at[0].title, report.title));
        assert_true(!report.facts.count || text_equal(back.at[0].id, report.id));
        assert_true(!report.facts.count || back.at[0].tlp == TLP_AMBER_STRICT);
        buf_free(&out);
        arena_free(&a);
    }
}

/* ---- patterns */

static void patterns_of_the_simple_kind_are_facts(void **state) {
    static const struct {
        const char *pattern;
        size_t count; /* 0: not of that kind */
        const char *row;
    } rows[] = {
        {"[ipv4-addr:value = '192.0.2.1']", 1, ",,192.0.2.1,,,,,,,,"},
        {" [ ipv4-addr:value='192.0.2.1/32' ] ", 1, ",,192.0.2.1,,,,,,,,"},
        {"[domain-name:value = 'a.example' OR url:value = 'http://a.example/\\'x']", 2, ",,,,,,domain:a.example,,,,"},
        {"[url:value = 'http://a.example/\\'x\\\\']", 1, ",,,,,,url:http://a.example/'x\\,,,,"},
        {"[domain-name:value IN ('a.example', 'b.example')] OR [ipv6-addr:value = '2001:db8::1']", 3,
         ",,,,,,domain:a.example,,,,"},
        {"[network-traffic:src_ref.value = '192.0.2.1' AND network-traffic:dst_port = 22 AND "
         "network-traffic:protocols[*] = 'tcp']",
         1, ",,192.0.2.1,,,22,,tcp,,,"},
        {"[network-traffic:dst_port IN (22, 23) AND network-traffic:dst_ref.value IN ('192.0.2.1', '192.0.2.2')]", 4,
         ",,,,192.0.2.1,22,,,,,"},
        {"[file:hashes.'SHA-256' = 'EF537F25C895BFA782526529A9B63D97AA631564D5D789C2B765448C8635FB6C']", 1,
         ",,,,,,sha256:ef537f25c895bfa782526529a9b63d97aa631564d5d789c2b765448c8635fb6c,,,,"},
        {"[ipv4-addr:value = '192.0.2.0/24']", 0, NULL},
        {"[file:hashes.MD5 = 'ef537f25c895bfa782526529a9b63d97']", 0, NULL},
        {"[domain-name:value LIKE '%.example']", 0, NULL},
        {"[domain-name:value != 'a.example']", 0, NULL},
        {"[domain-name:value = 'a.example' AND domain-name:value = 'b.example']", 0, NULL},
        {"[domain-name:value = 'a.example'] AND [domain-name:value = 'b.example']", 0, NULL},
        {"[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']", 0, NULL},
        {"[domain-name:value = 'a.example'] WITHIN 5 SECONDS", 0, NULL},
        {"[network-traffic:dst_port = 22]", 0, NULL},
        {"[(domain-name:value = 'a.example')]", 0, NULL},
        {"[domain-name:value = 'a.example", 0, NULL},
        {"[domain-name:value = 'a.example'", 0, NULL},
        {"[domain-name:value = 'a\\", 0, NULL},
        {"[]", 0, NULL},
        {"", 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct stix_pattern p = {0};
        struct buf row = {.max = SHEET_ROW_MAX};
        print_message("%s\n", rows[i].pattern);
        assert_int_equal(stix_pattern_read(text_of(rows[i].pattern), &a, 100, &p), rows[i].count > 0);
        assert_int_equal(p.count, rows[i].count);
        if (p.count) fact_write(&p.facts[0], &row);
        assert_true(!p.count || text_is(buf_as_text(&row), rows[i].row));
        buf_free(&row);
        arena_free(&a);
    }
}

static void a_pattern_has_no_more_facts_than_it_may(void **state) {
    struct arena a = {0};
    struct buf pattern = {.max = 1 << 20};
    struct stix_pattern p;
    (void)state;
    buf_string(&pattern, "[");
    for (int part = 0; part < 2; part++) {
        buf_string(&pattern, part ? " AND network-traffic:src_port IN (" : "network-traffic:dst_port IN (");
        for (int i = 0; i < 1000; i++) buf_format(&pattern, "%s%d", i ? "," : "", i);
        buf_string(&pattern, ")");
    }
    buf_string(&pattern, "]");
    assert_false(stix_pattern_read(buf_as_text(&pattern), &a, 1 << 20, &p));
    assert_true(a.used_bytes < 4 << 20);
    buf_free(&pattern);
    arena_free(&a);
}

/* ---- values */

static void values_are_as_validators_take_them(void **state) {
    static const char *const uris[][2] = {
        {"https://x.example/a?b#c", "https://x.example/a?b#c"},
        {"https://x.example/é", "https://x.example/%C3%A9"},
        {"https://[2001:db8::1]:80/", "https://[2001:db8::1]:80/"},
        {"https://[x]/", "https://%5Bx%5D/"},
        {"https://a@b@c:80/", "https://a%40b@c:80/"},
        {"https://a:b:c/", "https://a%3Ab%3Ac/"},
        {"https://x/%zz%41", "https://x/%25zz%41"},
        {"mailto:a@b", "mailto:a@b"},
        {"x.example/a", "http://x.example/a"},
        {"//x.example/a", "http://x.example/a"},
        {"urn:a#b#c", "urn:a#b%23c"},
    };
    struct arena a = {0};
    bool guessed;
    (void)state;
    for (size_t i = 0; i < COUNT(uris); i++) {
        print_message("%s\n", uris[i][0]);
        assert_true(text_is(stix_uri(&a, text_of(uris[i][0]), &guessed), uris[i][1]));
    }
    assert_true(stix_is_mail(TEXT("a.b+c@x.example")));
    assert_false(stix_is_mail(TEXT("a@b")));
    assert_false(stix_is_mail(TEXT("a@b@x.example")));
    assert_false(stix_is_mail(TEXT("a..b@x.example")));
    assert_false(stix_is_mail(TEXT("a@-x.example")));
    arena_free(&a);
}

/* ---- hostile */

static enum error read_of(struct bytes file, struct arena *a, struct reports *out, struct diag *d) {
    struct losses losses = losses_in(a);
    return stix_case_read(file, &(struct case_reading){.arena = a, .losses = &losses}, out, d);
}

static void one_object_alone_is_seen_as_stix(void **state) {
    static const char *const seen[] = {
        "{\n  \"type\": \"directory\",\n  \"id\": \"directory--93c0a9b0-520d-545d-9094-1a08ddf46b05\",\n  \"path\": "
        "\"x\"}",
        "{\"extra\":{\"type\":1},\"id\":\"url--93c0a9b0-520d-545d-9094-1a08ddf46b05\",\"type\":\"url\"}"};
    static const char *const others[] = {"{\"type\":\"directory\",\"id\":7}", "{\"type\":\"",
                                         "{\"type\":\"\",\"id\":\"--\"}",
                                         "{\"type\":\"ip-src\",\"value\":\"192.0.2.1\"}"};
    (void)state;
    for (size_t i = 0; i < COUNT(seen); i++) assert_true(stix_case_seen(bytes_from_text(text_of(seen[i]))));
    for (size_t i = 0; i < COUNT(others); i++) assert_false(stix_case_seen(bytes_from_text(text_of(others[i]))));
}

static void hostile_bundles_are_refused_in_bounds(void **state) {
    struct arena a = {0};
    struct buf file = {.max = 128 << 20};
    struct reports out;
    struct diag d;
    (void)state;
    buf_string(&file, "{\"type\":\"bundle\",\"objects\":[\"");
    memset(buf_extend(&file, 100 << 20), 'x', 100 << 20);
    buf_string(&file, "\"]}");
    assert_int_equal(read_of(buf_as_bytes(&file), &a, &out, &d), ERR_LIMIT);
    buf_clear(&file);
    for (int i = 0; i < 100000; i++) buf_char(&file, '[');
    assert_int_equal(read_of(buf_as_bytes(&file), &a, &out, &d), ERR_LIMIT);
    buf_clear(&file);
    buf_string(&file, "{\"type\":\"bundle\",\"objects\":[{}");
    for (int i = 0; i < FOREIGN_VALUES_MAX; i++) buf_string(&file, ",{}");
    buf_string(&file, "]}");
    assert_int_equal(read_of(buf_as_bytes(&file), &a, &out, &d), ERR_LIMIT);
    assert_non_null(strstr(d.text, "offset"));
    assert_int_equal(read_of(bytes_from_text(TEXT("{\"type\":\"bundle\xff\"}")), &a, &out, &d), ERR_INPUT);
    assert_int_equal(read_of(bytes_from_text(TEXT("{\"a\":1}")), &a, &out, &d), ERR_INPUT);
    assert_int_equal(read_of(bytes_from_text(TEXT("")), &a, &out, &d), ERR_INPUT);
    assert_int_equal(
        read_of(bytes_from_text(TEXT("{\"type\":\"bundle\",\"objects\":[1,null,\"x\",{}]}")), &a, &out, &d), OK);
    assert_int_equal(out.at[0].facts.count, 0);
    buf_free(&file);
    arena_free(&a);
}

static void json_of_too_many_values_is_refused_by_all_who_read_it(void **state) {
    static const char *const formats[] = {"stix", "misp", "intelmq", "xarf"};
    struct buf file = {.max = 1 << 26};
    (void)state;
    buf_string(&file, "[{}");
    for (int i = 0; i < FOREIGN_VALUES_MAX; i++) buf_string(&file, ",{}");
    buf_char(&file, ']');
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct arena a = {0};
        struct losses losses = losses_in(&a);
        struct reports reports;
        const struct case_reading how = {.arena = &a, .losses = &losses};
        assert_int_equal(case_format_named(text_of(formats[i]))->read(buf_as_bytes(&file), &how, &reports, NULL),
                         ERR_LIMIT);
        arena_free(&a);
    }
    buf_free(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back_to_the_bit),
        cmocka_unit_test(patterns_of_the_simple_kind_are_facts),
        cmocka_unit_test(a_pattern_has_no_more_facts_than_it_may),
        cmocka_unit_test(values_are_as_validators_take_them),
        cmocka_unit_test(one_object_alone_is_seen_as_stix),
        cmocka_unit_test(hostile_bundles_are_refused_in_bounds),
        cmocka_unit_test(json_of_too_many_values_is_refused_by_all_who_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which remit a fact belongs to: the most specific one. */
#include "card_lines.h"

#include "party/remit.h"

#define CARD                                                                                                           \
    "department a A\ndepartment b B\ndepartment c C\n"                                                                 \
    "remit a network:192.0.2.0/24\nremit b network:192.0.2.16/28\nremit c network:2001:db8::/32\n"                     \
    "remit a domain:north.example\nremit b domain:mail.north.example\nremit c sector:energy\n"                         \
    "remit a class:intrusion-attempts\nremit b class:intrusion-attempts:brute-force\n"                                 \
    "remit c class:of-a-later-version\nremit a network:192.0.2.0/33\nremit c class:fraud\nremit a class:fraud\n"

static struct ip address(const char *typed) {
    struct ip ip;
    assert_true(ip_read(text_of(typed), &ip));
    return ip;
}

static void goes_to(struct concern what, const char *department, const char *remit, enum remit_by by) {
    struct arena a = {0};
    struct card c = card_of(CARD, &a);
    struct remit_match m;
    struct remit_list all = remits_of(&c, &a);
    bool found = remit_find(all, &what, &m);
    assert_int_equal(all.count, 10); /* two say nothing that can be matched */
    assert_int_equal(found, department != NULL);
    if (found) {
        assert_true(text_is(m.remit->department, department));
        assert_true(text_is(m.remit->whole, remit));
        assert_int_equal(m.by, by);
    }
    arena_free(&a);
}

static void networks_come_first_and_the_longest_prefix_wins(void **state) {
    (void)state;
    struct concern what = {.has_src = true, .src = address("192.0.2.17"), .event = TEXT("brute-force")};
    goes_to(what, "b", "network:192.0.2.16/28", BY_SOURCE);
    what.src = address("192.0.2.32");
    goes_to(what, "a", "network:192.0.2.0/24", BY_SOURCE);
    what.has_dst = true;
    what.dst = address("192.0.2.17");
    goes_to(what, "a", "network:192.0.2.0/24", BY_SOURCE); /* the source before the destination */
    what.src = address("198.51.100.1");
    goes_to(what, "b", "network:192.0.2.16/28", BY_DESTINATION);
    what.dst = address("2001:db8:1::1");
    goes_to(what, "c", "network:2001:db8::/32", BY_DESTINATION);
    what.dst = address("2001:db9::1");
    goes_to(what, "b", "class:intrusion-attempts:brute-force", BY_EVENT);
}

static void domains_hold_the_names_below_them(void **state) {
    (void)state;
    struct concern what = {.object = TEXT("domain:www.North.example")};
    goes_to(what, "a", "domain:north.example", BY_OBJECT);
    what.object = TEXT("mail:who@mail.north.example");
    goes_to(what, "b", "domain:mail.north.example", BY_OBJECT);
    what.object = TEXT("url:https://u:p@www.north.example:8443/x?y#z");
    goes_to(what, "a", "domain:north.example", BY_OBJECT);
    static const char *const others[] = {"domain:outnorth.example",
                                         "domain:example",
                                         "account:north.example",
                                         "url:/north.example",
                                         "url:https://",
                                         "mail:north.example",
                                         ""};
    for (size_t i = 0; i < COUNT(others); i++) {
        what.object = text_of(others[i]);
        goes_to(what, NULL, NULL, BY_OBJECT);
    }
}

static void sectors_come_before_classes_and_types_before_their_class(void **state) {
    (void)state;
    struct text energy = TEXT("energy");
    goes_to((struct concern){.event = TEXT("exploit")}, "a", "class:intrusion-attempts", BY_EVENT);
    goes_to((struct concern){.event = TEXT("exploit"), .sectors = {&energy, 1}}, "c", "sector:energy", BY_SECTOR);
    goes_to((struct concern){.event = TEXT("ddos")}, NULL, NULL, BY_EVENT);
    goes_to((struct concern){.event = TEXT("of-a-later-version")}, NULL, NULL, BY_EVENT);
    goes_to((struct concern){0}, NULL, NULL, BY_EVENT);
}

static void of_equals_the_first_is_named_and_the_other_told(void **state) {
    (void)state;
    struct arena a = {0};
    struct card c = card_of(CARD, &a);
    struct remit_match m;
    struct remit_list all = remits_of(&c, &a);
    assert_true(remit_find(all, &(struct concern){.event = TEXT("phishing")}, &m));
    assert_true(text_is(m.remit->department, "c"));
    assert_non_null(m.also);
    assert_true(text_is(m.also->department, "a"));
    assert_true(remit_find(all, &(struct concern){.event = TEXT("exploit")}, &m));
    assert_null(m.also);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_come_first_and_the_longest_prefix_wins),
        cmocka_unit_test(domains_hold_the_names_below_them),
        cmocka_unit_test(sectors_come_before_classes_and_types_before_their_class),
        cmocka_unit_test(of_equals_the_first_is_named_and_the_other_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

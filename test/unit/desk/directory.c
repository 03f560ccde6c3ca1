/* What North sees of South: whether a department is open, which card was in force when, whom to call. */
#include "both.h"

#include "desk/card_page.h"
#include "desk/contacts.h"
#include "desk/route.h"

static struct text open_line(const struct card *c, instant now, struct arena *a) {
    struct buf line = {.max = 4096};
    struct opening o = opening_of(c, TEXT("abuse"), now, a);
    struct wall_clock own = {.name = TEXT("UTC")};
    opening_line(&o, &own, &line);
    struct text t = arena_text(a, buf_as_text(&line));
    buf_free(&line);
    return t;
}

static instant when(const char *typed) {
    instant i;
    assert_true(instant_read(text_of(typed), &i));
    return i;
}

static void opening_follows_the_clock_of_the_zone(void **state) {
    (void)state;
    struct arena a = {0};
    struct card_line hours[] = {{TEXT("abuse"), TEXT("Mo-Fr 08:00-18:00 Europe/Paris")},
                                {TEXT("abuse"), TEXT("Su 02:30-04:00 Europe/Paris")},
                                {TEXT("law"), TEXT("Mo-Su 00:00-24:00 UTC")}};
    struct card_line holidays[] = {{TEXT("abuse"), TEXT("2026-03-30 A feast")}};
    struct card c = {.hours = hours, .hours_count = 3, .holidays = holidays, .holiday_count = 1};
    static const struct {
        const char *now, *line;
    } rows[] = {
        {"2026-03-25T12:00:00Z", "open, closes at 2026-03-25 18:00 Europe/Paris (2026-03-25 17:00 UTC)"},
        {"2026-03-25T17:00:00Z", "closed, opens at 2026-03-26 08:00 Europe/Paris (2026-03-26 07:00 UTC)"},
        /* The clock goes from 02:00 to 03:00 on Sunday; Monday is a holiday; from then on it is summer. */
        {"2026-03-29T01:15:00Z", "open, closes at 2026-03-29 04:00 Europe/Paris (2026-03-29 02:00 UTC)"},
        {"2026-03-29T12:00:00Z", "closed, opens at 2026-03-31 08:00 Europe/Paris (2026-03-31 06:00 UTC)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) assert_string_equal(open_line(&c, when(rows[i].now), &a).at, rows[i].line);
    hours[1].value = TEXT("by telephone");
    hours[0].value = TEXT("Mo-Fr 08:00-18:00 Europe/Atlantis");
    assert_int_equal(open_line(&c, NOON, &a).size, 0);
    assert_true(text_is(opening_of(&c, TEXT("abuse"), NOON, &a).not_known, "Europe/Atlantis"));
    struct opening law = opening_of(&c, TEXT("law"), NOON, &a);
    assert_true(law.known && law.open && law.changes == INSTANT_NONE); /* always */
    arena_free(&a);
}

static bool names_officer(const struct card *c, const char *name) {
    for (size_t i = 0; i < c->officer_count; i++)
        if (text_is(c->officers[i].name, name)) return true;
    return false;
}

static void a_date_is_answered_by_the_record(void **state) {
    (void)state;
    struct both b;
    struct card card;
    struct published done;
    struct text lead = TEXT("lead");
    struct card_span *all;
    size_t count;
    open_both(&b, "spans");
    tell_time(&b, NOON + INSTANT_DAY);
    must(&b.k, own_card_load(b.south, &card, &b.k.diag));
    struct officer o = {.name = TEXT("c.lead"), .department = TEXT("incident"), .roles = {&lead, 1}};
    must(&b.k, own_card_add_officer(b.south, &card, &o, &b.k.diag));
    must(&b.k, own_card_remove_officer(&card, TEXT("a.officer"), TEXT(""), &b.k.diag));
    must(&b.k, own_card_save(b.south, &card, &b.k.diag));
    must(&b.k, own_card_publish(b.south, &done, &b.k.diag));
    assert_int_equal(done.count, 1);
    assert_int_equal(done.rows[0].what, PUBLISH_SENT);
    tell_time(&b, NOON + INSTANT_DAY + INSTANT_HOUR);
    rest(&b);
    struct talk *t = look(&b, b.north, "cert.south.example");
    card_spans(t, 1 - t->own, &all, &count);
    assert_int_equal(count, 2);
    assert_int_equal(all[0].carried->index, 0);
    assert_ptr_equal(all[0].next, all[1].carried);
    assert_true(names_officer(all[0].card, "a.officer") && !names_officer(all[0].card, "c.lead"));
    assert_true(names_officer(all[1].card, "c.lead") && !names_officer(all[1].card, "a.officer"));
    assert_int_equal(all[1].carried->leaf->time, NOON + INSTANT_DAY);      /* South's word */
    assert_int_equal(all[1].receipted, NOON + INSTANT_DAY + INSTANT_HOUR); /* North's */
    assert_int_equal(all[0].receipted, NOON);
    assert_null(all[1].next);
    assert_true(card_span_meets(&all[0], NOON, NOON + 1) && !card_span_meets(&all[1], NOON, NOON + 1));
    assert_true(card_span_meets(&all[1], NOON + INSTANT_DAY, NOON + INSTANT_DAY + 1));
    assert_false(card_span_meets(&all[0], NOON + INSTANT_DAY, NOON + INSTANT_DAY + 1));
    assert_false(card_span_meets(&all[0], NOON - INSTANT_DAY, NOON)); /* nothing was said yet */
    struct buf lines = {.max = 4096};
    card_span_lines(t, &all[1], &lines);
    assert_true(text_search(buf_as_text(&lines), TEXT("2026-03-02T13:00:00Z")) != SIZE_MAX);
    buf_free(&lines);
    talk_close(t);
    end(&b.k);
}

static void contacts_come_in_the_order_of_what_they_are_for(void **state) {
    (void)state;
    static const char *const points[] = {"legal", "", "duty", "of-a-later-version", "technical", "duty"};
    struct contact all[COUNT(points)];
    char names[COUNT(points)][2];
    for (size_t i = 0; i < COUNT(points); i++) {
        names[i][0] = (char)('a' + i), names[i][1] = 0;
        all[i] = CONTACT_EMPTY;
        all[i].name = text_of(names[i]);
        all[i].point = text_of(points[i]);
    }
    contacts_sort(all, COUNT(points));
    static const char *const sorted[] = {"e", "c", "f", "a", "b", "d"};
    for (size_t i = 0; i < COUNT(points); i++) assert_true(text_is(all[i].name, sorted[i]));
}

static void who_is_on_duty_is_said_by_the_times(void **state) {
    (void)state;
    struct contact one = CONTACT_EMPTY;
    assert_false(contact_on_duty(&one, NOON));
    one.from = NOON;
    assert_true(contact_on_duty(&one, NOON) && !contact_on_duty(&one, NOON - 1));
    one.until = NOON + INSTANT_HOUR;
    assert_true(contact_on_duty(&one, NOON) && !contact_on_duty(&one, NOON + INSTANT_HOUR));
    one.from = INSTANT_NONE;
    assert_true(contact_on_duty(&one, NOON - INSTANT_DAY));
}

/* Two thousand facts go to three places; what no department is named for comes last, wherever it stands. */
static void rows_are_grouped_by_department(void **state) {
    (void)state;
    struct arena a = {0};
    struct card_line departments[] = {{TEXT("a"), TEXT("A")}, {TEXT("b"), TEXT("B")}};
    struct card_line remits[] = {{TEXT("a"), TEXT("network:192.0.2.0/24")}, {TEXT("b"), TEXT("class:fraud")}};
    struct card c = {.party = TEXT("cert.south.example"),
                     .departments = departments,
                     .department_count = 2,
                     .remits = remits,
                     .remit_count = 2};
    struct fact *facts = ARENA_ARRAY(&a, struct fact, 2000);
    struct ip inside, outside;
    assert_true(ip_read(TEXT("192.0.2.1"), &inside) && ip_read(TEXT("198.51.100.1"), &outside));
    for (size_t i = 0; i < 2000; i++)
        facts[i] = (struct fact){.known = KNOWN_SRC,
                                 .src = i % 3 == 1 ? inside : outside,
                                 .event = i % 3 == 2 ? TEXT("phishing") : TEXT("ddos")};
    struct routes r = route_facts(&c, (struct sheet){facts, 2000}, (struct names){NULL, 0}, &a);
    assert_int_equal(r.count, 3);
    assert_true(text_is(r.at[0].department, "a") && text_is(r.at[1].department, "b") && !r.at[2].department.size);
    assert_int_equal(r.at[0].rows + r.at[1].rows + r.at[2].rows, 2000);
    assert_int_equal(r.at[0].reason_count, 1);
    assert_int_equal(r.at[0].reasons[0].rows, r.at[0].rows);
    assert_int_equal(route_only(&r).size, 0);
    r = route_facts(&c, (struct sheet){facts + 1, 1}, (struct names){NULL, 0}, &a);
    assert_true(text_is(route_only(&r), "a"));
    struct buf page = {.max = 1 << 20};
    route_page(&c, &r, true, &page);
    assert_true(text_is(buf_as_text(&page), "  cert.south.example/a, A (rows 0)\n"
                                            "    network:192.0.2.0/24, by the source: 1 fact\n"));
    buf_free(&page);
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_follows_the_clock_of_the_zone),
        cmocka_unit_test(a_date_is_answered_by_the_record),
        cmocka_unit_test(contacts_come_in_the_order_of_what_they_are_for),
        cmocka_unit_test(who_is_on_duty_is_said_by_the_times),
        cmocka_unit_test(rows_are_grouped_by_department),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

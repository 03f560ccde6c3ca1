/* iCalendar: bytes as RFC 5545 asks for them, whatever is put in. */
#include "unit.h"

#include "base/ical.h"

#define TEN (INSTANT_HOUR * 24 * 22000 + 10 * INSTANT_HOUR) /* 2030-03-27T10:00:00Z */

static void an_event_and_a_thing_to_do(void **state) {
    (void)state;
    const instant before[] = {24 * INSTANT_HOUR, INSTANT_HOUR / 4};
    struct buf out = {.max = 1 << 16};
    ical_begin(TEXT("parley"), &out);
    ical_item(&(struct ical_item){.kind = ICAL_EVENT,
                                  .uid = TEXT("1@parley"),
                                  .sequence = 2,
                                  .stamp = TEN - INSTANT_DAY + 1,
                                  .start = TEN,
                                  .end = TEN + INSTANT_HOUR,
                                  .summary = TEXT("A; b, c\\d\ne"),
                                  .url = TEXT("https://meet.north.example/a;b,c"),
                                  .status = ICAL_CONFIRMED,
                                  .is_private = true},
              &out);
    ical_item(&(struct ical_item){.kind = ICAL_TODO,
                                  .uid = TEXT("2@parley"),
                                  .stamp = TEN,
                                  .start = INSTANT_NONE,
                                  .end = TEN,
                                  .summary = TEXT("answer"),
                                  .url = TEXT("no address"),
                                  .status = ICAL_NEEDS_ACTION,
                                  .remind = before,
                                  .remind_count = 2},
              &out);
    ical_end(&out);
    buf_char(&out, 0);
    assert_string_equal((const char *)out.at,
                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//parley//parley//EN\r\nCALSCALE:GREGORIAN\r\n"
                        "NAME:parley\r\n"
                        "BEGIN:VEVENT\r\nUID:1@parley\r\nDTSTAMP:20300326T100000Z\r\nSEQUENCE:2\r\n"
                        "DTSTART:20300327T100000Z\r\nDTEND:20300327T110000Z\r\nSUMMARY:A\\; b\\, c\\\\d\\ne\r\n"
                        "URL:https://meet.north.example/a;b,c\r\nCLASS:CONFIDENTIAL\r\nSTATUS:CONFIRMED\r\n"
                        "END:VEVENT\r\n"
                        "BEGIN:VTODO\r\nUID:2@parley\r\nDTSTAMP:20300327T100000Z\r\nSEQUENCE:0\r\n"
                        "DUE:20300327T100000Z\r\nSUMMARY:answer\r\nSTATUS:NEEDS-ACTION\r\n"
                        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:answer\r\nTRIGGER;RELATED=END:-PT1440M\r\n"
                        "END:VALARM\r\n"
                        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:answer\r\nTRIGGER;RELATED=END:-PT15M\r\n"
                        "END:VALARM\r\n"
                        "END:VTODO\r\nEND:VCALENDAR\r\n");
    buf_free(&out);
}

/* No line is longer than 75 bytes, none divides a character, and unfolded they are what was said. */
static void lines_are_folded_between_characters(void **state) {
    (void)state;
    static const char *const letters[] = {"a", "é", "中", "😀"};
    for (size_t shift = 0; shift < 80; shift++)
        for (size_t l = 0; l < COUNT(letters); l++) {
            struct buf text = {.max = 4096}, out = {.max = 1 << 16}, whole = {.max = 1 << 16};
            for (size_t i = 0; i < shift; i++) buf_char(&text, 'x');
            for (size_t i = 0; i < 100; i++) buf_string(&text, letters[l]);
            ical_item(
                &(struct ical_item){
                    .uid = TEXT("1"), .stamp = TEN, .start = TEN, .end = INSTANT_NONE, .summary = buf_as_text(&text)},
                &out);
            assert_false(out.failed);
            for (struct text rest = buf_as_text(&out), line; text_line(&rest, &line);) {
                assert_true(text_ends(line, TEXT("\r")));
                line = text_sub(line, 0, line.size - 1);
                assert_true(line.size <= ICAL_LINE_MAX && text_is_utf8(line));
                bool folded = text_skip(&line, TEXT(" "));
                if (!folded && whole.size) buf_char(&whole, '\n');
                buf_text(&whole, line);
            }
            buf_string(&text, "\nEND");
            size_t at = text_search(buf_as_text(&whole), TEXT("SUMMARY:"));
            struct text summary = text_sub(buf_as_text(&whole), at + 8, whole.size);
            assert_true(text_starts(summary, buf_as_text(&text)));
            buf_free(&text);
            buf_free(&out);
            buf_free(&whole);
        }
}

/* Nobody's title begins a line of the calendar. */
static void no_text_can_play_the_form(void **state) {
    (void)state;
    struct buf out = {.max = 1 << 16};
    ical_item(&(struct ical_item){.uid = TEXT("1"),
                                  .stamp = TEN,
                                  .start = TEN,
                                  .end = INSTANT_NONE,
                                  .summary = TEXT("x\r\nATTENDEE:mailto:a@b.example\x07"),
                                  .location = TEXT("x\nEND:VEVENT"),
                                  .url = TEXT("x:y\r\nEND:VEVENT")},
              &out);
    assert_int_equal(text_search(buf_as_text(&out), TEXT("\nATTENDEE")), SIZE_MAX);
    assert_int_equal(text_search(buf_as_text(&out), TEXT("URL")), SIZE_MAX);
    assert_true(text_search(buf_as_text(&out), TEXT("SUMMARY:x\\nATTENDEE:mailto:a@b.example\r\n")) != SIZE_MAX);
    assert_true(text_search(buf_as_text(&out), TEXT("\nEND:VEVENT")) == out.size - sizeof("\nEND:VEVENT\r\n") + 1);
    buf_free(&out);
}

static void what_does_not_fit_is_told(void **state) {
    (void)state;
    struct buf out = {.max = 60};
    ical_begin(TEXT("A calendar whose name alone is longer than what there is room for"), &out);
    assert_true(out.failed);
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_and_a_thing_to_do),
        cmocka_unit_test(lines_are_folded_between_characters),
        cmocka_unit_test(no_text_can_play_the_form),
        cmocka_unit_test(what_does_not_fit_is_told),
    };
    return cmocka_run_group_tests_name("base/ical", tests, NULL, NULL);
}

/* Any bytes as hours, as a holiday and as a remit, as the card of a counterparty may hold them. */
#include "party/hours.h"
#include "party/remit.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct text t = text_from_bytes(bytes_of(at, size));
    struct card_line line = {TEXT("abuse"), t};
    struct card c = {.holidays = &line, .holiday_count = 1, .remits = &line, .remit_count = 1};
    struct closed_days closed = closed_from(&c, line.department, -2);
    struct shift s;
    struct holiday h;
    struct arena a = {0};
    struct remit_match m;
    if (shift_read(t, &s)) {
        ASSERT(s.days && s.from < s.to && s.to < 2 * DAY_MINUTES);
        for (int64_t local = -DAY_SECONDS; local < 8 * DAY_SECONDS; local += 3600) (void)shift_runs(&s, closed, local);
    }
    if (holiday_read(t, &h)) ASSERT(h.first <= h.last);
    struct concern what = {.has_src = true, .object = t, .event = t, .sectors = {&t, 1}};
    (void)remit_find(remits_of(&c, &a), &what, &m);
    arena_free(&a);
    return 0;
}

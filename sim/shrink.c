#include "shrink.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_same(const char *a, const char *b) {
    for (; *a && *b; a++, b++) {
        while (isdigit((unsigned char)*a)) a++;
        while (isdigit((unsigned char)*b)) b++;
        if (*a != *b) return false;
        if (!*a) return true;
    }
    return *a == *b;
}

static bool still_fails(const struct settings *set, const bool *kept, const char *violation) {
    struct counts counts;
    char found[512];
    run(set, kept, &counts, found, NULL, NULL);
    return found[0] && is_same(found, violation);
}

/* Leaves out each part of that many kept events in turn; whether any could go. */
static bool leave_out(const struct settings *set, bool *kept, size_t count, size_t part, const char *violation) {
    bool any = false;
    for (size_t at = 0; at < count;) {
        size_t left = 0;
        bool *tried = malloc(count + 1);
        ASSERT(tried);
        memcpy(tried, kept, count);
        for (; at < count && left < part; at++) {
            left += kept[at];
            tried[at] = false;
        }
        if (left && still_fails(set, tried, violation)) {
            memcpy(kept, tried, count);
            any = true;
        }
        free(tried);
    }
    return any;
}

void shrink(const struct settings *set, const char *violation) {
    struct counts counts;
    char found[512];
    struct event *events;
    size_t count, left = 0;
    run(set, NULL, &counts, found, &events, &count);
    bool *kept = malloc(count + 1);
    ASSERT(kept);
    memset(kept, 1, count);
    if (strcmp(found, violation) != 0) printf("the seed does not repeat: %s\n", found);
    for (size_t part = (count + 1) / 2; part;
         part = part > 1 || !leave_out(set, kept, count, 1, violation) ? part / 2 : 1)
        (void)leave_out(set, kept, count, part, violation);
    for (size_t i = 0; i < count; i++) {
        if (!kept[i]) continue;
        left++;
        printf("  %8.1f s  seat %u  %s  (event %zu)\n", (double)(events[i].at - 20000 * INSTANT_DAY) / INSTANT_SECOND,
               events[i].seat, event_word(events[i].kind), i);
    }
    printf("  %zu of %zu events are enough\n", left, count);
    free(kept);
    free(events);
}

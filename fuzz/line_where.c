/* Selections: any text is read or refused, and what was read can be asked of any line. */
#include "line/where.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    static const struct columns none;
    static const struct stamp_options stamps = {.year = 2026, .until = INSTANT_NONE};
    struct arena a = {0};
    struct where w;
    struct diag d = {0};
    struct observation o = {.known = KNOWN_SRC | KNOWN_DST_PORT, .dst_port = 22, .count = 1, .event = TEXT("scanner")};
    struct text t = {(const char *)at, size};
    if (!where_read(t, &a, &w, &d))
        for (size_t i = 0; i < line_format_count; i++) {
            struct reader r = {.logins.asked = true};
            reader_start(&r, &line_formats[i], &none, &stamps, (struct chain){0}, (struct text){0});
            logins_of_line(&r, t);
            (void)where_holds(&w, &r.logins, t, &o);
        }
    else
        ASSERT(d.code == ERR_INPUT || d.code == ERR_LIMIT);
    arena_free(&a);
    return 0;
}

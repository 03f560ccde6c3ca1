/* The fact sheet itself, as parley writes it: facts to the bit, and nothing of the case around them. */
#include "interop/case_format.h"

static const char magic[] = "# parley facts v1\n";

bool sheet_case_seen(struct bytes start) {
    return text_starts((struct text){(const char *)start.at, start.size}, text_of(magic));
}

enum error sheet_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct report *one = ARENA_NEW(how->arena, struct report);
    *one = REPORT_EMPTY;
    enum error result = sheet_read(file, how->arena, &one->facts, d);
    if (!result) *out = (struct reports){one, 1};
    return result;
}

enum error sheet_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    report_lose_around(r, how->losses, N_("a sheet holds facts alone"));
    return sheet_write(r->facts, out, d);
}

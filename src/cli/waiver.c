#include "cli/waiver.h"

#include "cli/address_lists.h"
#include "party/remit.h"

/* The networks of one's own card, each with its department.  A remit that is no block is one for the rules alone. */
static void read_own(struct cli *c, const struct card *own, struct address_list *out) {
    struct remit_list remits = remits_of(own, &c->arena);
    struct buf lines = {.max = 1 << 20};
    for (size_t i = 0; i < remits.count; i++) {
        const struct remit *r = &remits.at[i];
        struct address_list alone;
        if (r->kind != REMIT_NETWORK) continue;
        struct text line = arena_format(&c->arena, "%.*s %.*s\n", TEXT_ARG(r->value), TEXT_ARG(r->department));
        if (!address_list_read(bytes_from_text(line), &c->arena, &alone, NULL)) buf_text(&lines, line);
    }
    enum error result = address_list_read(buf_as_bytes(&lines), &c->arena, out, NULL);
    ASSERT(result == OK);
    buf_free(&lines);
}

enum error waiver_read(struct cli *c, const struct waiver *w, const struct card *own, struct waiver_lists *out) {
    *out = (struct waiver_lists){0};
    enum error result = cli_address_list(c, &w->known, &out->known);
    if (!result && own) read_own(c, own, &out->own);
    return result;
}

static void tell(const struct doubts *doubts) {
    struct buf page = {.max = 1 << 16};
    buf_format(&page, "%s\n", _("Look at these addresses once more:"));
    doubts_put(*doubts, &page);
    fwrite(page.at, 1, page.size, stderr);
    buf_free(&page);
}

enum error waiver_settle(struct cli *c, const struct waiver *w, struct doubts doubts, struct text *text) {
    if (doubts.to_waive || (doubts.count && !c->quiet)) tell(&doubts);
    if (!doubts.to_waive) return OK;
    if (!w->why || !*w->why)
        return cli_usage(c, _("some addresses are doubtful; --waive \"why\" sends it all the same, with these words"));
    struct buf whole = {.max = 1 << 20};
    buf_text(&whole, *text);
    if (text->size) buf_string(&whole, "\n\n");
    doubts_put_waived(doubts, text_of(w->why), &whole);
    enum error result = buf_check(&whole, &c->diag);
    if (!result) *text = arena_text(&c->arena, buf_as_text(&whole));
    buf_free(&whole);
    return result;
}

enum error waiver_claim(struct cli *c, const struct waiver *w, const struct card *own, struct bytes file,
                        struct text *text) {
    struct arena a = {.max_bytes = SIZE_MAX / 2}; /* as large as a sheet may be */
    struct waiver_lists lists;
    struct sheet sheet;
    enum error result = waiver_read(c, w, own, &lists);
    if (!result) result = sheet_read(file, &a, &sheet, &c->diag);
    const struct sanity_lists look = waiver_sanity(&lists);
    if (!result) result = waiver_settle(c, w, sanity_claim(sheet, &look, &a), text);
    arena_free(&a);
    return result;
}

enum error waiver_findings(struct cli *c, const struct waiver *w, const struct card *own, struct bytes file,
                           struct findings findings, struct text *text) {
    struct arena a = {.max_bytes = SIZE_MAX / 2};
    struct waiver_lists lists;
    struct sheet sheet;
    enum error result = waiver_read(c, w, own, &lists);
    if (!result) result = sheet_read(file, &a, &sheet, &c->diag);
    const struct sanity_lists look = waiver_sanity(&lists);
    if (!result) result = waiver_settle(c, w, sanity_findings(sheet, findings, &look, &a), text);
    arena_free(&a);
    return result;
}

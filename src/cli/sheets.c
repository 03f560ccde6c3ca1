#include "cli/sheets.h"

#include "cli/speak.h"

enum error cli_sheet(struct cli *c, const struct matter *m, const char *typed, const struct sheet_state **out) {
    const struct sheet_state *found = NULL;
    for (size_t i = m->sheet_count; i-- > 0 && !found;) {
        struct text sheet = m->sheets[i].message->statement->meaning.sheet;
        if (sheet.size && text_starts(sheet, text_of(typed))) found = &m->sheets[i];
    }
    if (!found && typed) return fail(&c->diag, ERR_MISSING, _("the case has no sheet %s"), typed);
    *out = found;
    return OK;
}

enum error cli_sheet_facts(struct cli *c, struct talk *t, const struct sheet_state *s, struct sheet *out) {
    struct buf plain = {.max = SHEET_BYTES_MAX};
    enum error result = talk_sheet(t, s->message->statement->meaning.sheet, &plain, &c->diag);
    if (!result) result = sheet_read(arena_bytes(&c->arena, buf_as_bytes(&plain)), &c->arena, out, &c->diag);
    buf_free(&plain);
    return result;
}

static enum error whole_sheet(struct cli *c, uint64_t count, struct row_set *out) {
    struct row_range *all = ARENA_NEW(&c->arena, struct row_range);
    *all = (struct row_range){0, count - 1};
    *out = (struct row_set){all, 1};
    return OK;
}

enum error cli_rows(struct cli *c, const char *option, const char *typed, uint64_t count, struct row_set *out) {
    struct row_set rows;
    if (!typed) return OK;
    if (text_is(text_of(typed), "all") && count) return whole_sheet(c, count, out);
    if (row_set_read(text_of(typed), &c->arena, &rows, &c->diag) || !rows.count)
        return cli_usage(c, _("%s: expected facts as 0-3,7, ascending, or all; found “%s”"), option, typed);
    if (rows.at[rows.count - 1].last >= count)
        return fail(&c->diag, ERR_USAGE, _("%s: the sheet has no fact %llu: facts are numbered from 0 to %llu"), option,
                    (unsigned long long)rows.at[rows.count - 1].last, (unsigned long long)(count ? count - 1 : 0));
    *out = rows;
    return OK;
}

enum error cli_findings(struct cli *c, const char *path, uint64_t rows, struct bytes *file, struct findings *out) {
    struct findings findings = {0};
    enum error result = cli_file(c, path, FINDINGS_MAX_BYTES, file);
    if (!result) result = findings_read(*file, &c->arena, &findings, &c->diag);
    if (!result && findings.count && findings.at[findings.count - 1].row >= rows)
        result = fail(&c->diag, ERR_INPUT, _("a finding of fact %llu, and the sheet has only %llu"),
                      (unsigned long long)findings.at[findings.count - 1].row, (unsigned long long)rows);
    diag_where(&c->diag, result ? path : NULL);
    if (!result) *out = findings;
    return result;
}

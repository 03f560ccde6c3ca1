/* correct: puts another sheet of facts in the place of a claim's, and shows what that changes. */
#include "claim/difference.h"
#include "cli/claiming.h"
#include "cli/sheets.h"

enum { SHOWN_ROWS = 40 };

struct correcting {
    struct speech *speech;
    struct text corrects; /* the sheet that is corrected, hex */
    struct bytes file;    /* the new sheet */
    struct claim claim;
    struct sheet before, after;
    struct sheet_difference difference;
    struct arena arena; /* of both sheets: as large as they may be */
};

/* The last sheet that one's own side stated, or the one named. */
static enum error pick_sheet(struct correcting *q, const char *typed) {
    const struct sheet_state *s;
    enum error result = cli_sheet(q->speech->cli, q->speech->matter, typed, &s);
    if (!result && s) q->corrects = s->message->statement->meaning.sheet;
    return result;
}

static enum error compare(struct correcting *q) {
    struct cli *c = q->speech->cli;
    struct buf plain = {.max = SHEET_BYTES_MAX};
    enum error result = sheet_read(q->file, &q->arena, &q->after, &c->diag);
    if (!result && q->corrects.size) result = talk_sheet(q->speech->talk, q->corrects, &plain, &c->diag);
    if (!result && q->corrects.size)
        result = sheet_read(arena_bytes(&q->arena, buf_as_bytes(&plain)), &q->arena, &q->before, &c->diag);
    buf_free(&plain);
    if (result) return result;
    sheet_compare(q->before, q->after, &q->arena, &q->difference);
    if (!q->difference.count && q->corrects.size)
        return fail(&c->diag, ERR_USAGE, _("the sheet is the one that stands: there is nothing to correct"));
    return OK;
}

/* ---- what differs */

static void put_row(char sign, const struct fact *f, struct buf *out) {
    buf_format(out, "  %c ", sign);
    fact_write(f, out);
    buf_char(out, '\n');
}

static void write_page(const struct correcting *q, struct buf *out) {
    const struct sheet_difference *d = &q->difference;
    buf_format(out, _("same %zu, changed %zu, gone %zu, new %zu\n"), d->same, d->changed, d->gone, d->added);
    for (size_t i = 0; i < d->count && i < SHOWN_ROWS; i++) {
        if (d->at[i].before != DIFFERENCE_NO_ROW) put_row('-', &q->before.at[d->at[i].before], out);
        if (d->at[i].after != DIFFERENCE_NO_ROW) put_row('+', &q->after.at[d->at[i].after], out);
    }
    if (d->count > SHOWN_ROWS) buf_format(out, "  … %zu\n", d->count - SHOWN_ROWS);
}

static json_t *difference_json(const struct correcting *q) {
    const struct sheet_difference *d = &q->difference;
    json_t *object = json_object(), *rows = json_array();
    json_put_text_if(object, "corrects", q->corrects);
    json_put_text(object, "sheet", q->claim.sheet);
    json_put_u64(object, "same", d->same);
    json_put_u64(object, "changed", d->changed);
    json_put_u64(object, "gone", d->gone);
    json_put_u64(object, "new", d->added);
    for (size_t i = 0; i < d->count; i++) {
        json_t *row = json_object();
        if (d->at[i].before != DIFFERENCE_NO_ROW) json_put_u64(row, "before", d->at[i].before);
        if (d->at[i].after != DIFFERENCE_NO_ROW) json_put_u64(row, "after", d->at[i].after);
        json_add(rows, row);
    }
    json_put(object, "rows", rows);
    return object;
}

/* Alone it is the product; before a message it is talk. */
static enum error show(const struct correcting *q, bool alone) {
    struct cli *c = q->speech->cli;
    if (alone && c->json) return cli_print_json(c, difference_json(q));
    if (!alone && c->quiet) return OK;
    struct buf page = {.max = 1 << 20}, shown = {.max = 1 << 22};
    write_page(q, &page);
    if (alone) return cli_print_page(c, &page);
    buf_lines(&shown, buf_as_text(&page));
    fwrite(shown.at, 1, shown.size, stderr);
    buf_free(&page);
    buf_free(&shown);
    return OK;
}

static enum error say_correction(struct correcting *q, const struct claiming *typed) {
    struct speech *s = q->speech;
    struct say_attach *attach;
    size_t count;
    q->claim.corrects = q->corrects;
    q->claim.summary = s->text;
    q->claim.own_number = text_of(s->own_number);
    enum error result = claiming_attach(s->cli, typed, q->file, &attach, &count);
    if (!result)
        result = waiver_claim(s->cli, &typed->waiver, talk_card(s->talk, s->talk->own), q->file, &q->claim.summary);
    if (result) return result;
    return speech_say(s, &(struct say){.kind = KIND_CORRECT,
                                       .tlp = TLP_NONE,
                                       .attach = attach,
                                       .attach_count = count,
                                       .body = say_claim,
                                       .what = &q->claim});
}

enum error cli_correct(struct cli *c) {
    struct speech s = {.cli = c};
    struct claiming typed = {0};
    struct correcting q = {.speech = &s, .arena = {.max_bytes = SIZE_MAX / 2}};
    const char *title = NULL, *sheet = NULL;
    bool check_only = false;
    const struct option_row rows[] = {
        CLAIMING_ROWS(typed),
        {"--title", OPTION_WORD, &title, "T", N_("another line for lists")},
        {"--sheet", OPTION_WORD, &sheet, "SHA256", N_("the sheet that is corrected (else the last one)")},
        {"--check-only", OPTION_FLAG, &check_only, NULL, N_("show what differs, and say nothing")},
        SPEECH_NUMBER(s),
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result && !typed.facts) result = cli_usage(c, _("--facts is needed"));
    if (!result) result = speech_text(&s, 1);
    if (!result) result = claiming_read(c, &typed, &q.file, &q.claim);
    q.claim.title = text_of(title);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_CORRECT);
    if (!result) result = pick_sheet(&q, sheet);
    if (!result) result = compare(&q);
    if (!result) result = show(&q, check_only);
    if (!result && !check_only) {
        q.claim.summary = s.text;
        result = claiming_check(c, &q.claim, q.file, false);
    }
    if (!result && !check_only) result = say_correction(&q, &typed);
    speech_end(&s);
    arena_free(&q.arena);
    return result;
}

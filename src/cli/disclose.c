/* disclose: shows facts, and chosen lines behind them, with what proves that both were committed to. */
#include "base/os.h"
#include "base/secret.h"
#include "cli/sheets.h"
#include "cli/speech.h"
#include "desk/evidence.h"

struct disclosing { /* as typed */
    const char *tree, *ask, *rows, *sheet;
    struct words lines;
    uint64_t first;
    bool preview;
    /* what follows from it */
    const struct sheet_state *of;
    struct sheet facts;
    struct disclose says;
    struct evidence evidence;
};

/* ---- the ask that is answered */

static bool is_ask_of(const struct message_verdict *m, const struct disclosing *q) {
    return m->kind == KIND_ASK && text_equal(m->statement->meaning.sheet, q->of->message->statement->meaning.sheet);
}

/* The ask that is named, else the last one about the sheet; none where rows are named and nothing was asked. */
static enum error find_ask(struct speech *s, const struct disclosing *q, struct ask *out, struct text *id) {
    const struct said_by *answerer = &s->matter->said[1 - s->matter->opener];
    for (size_t i = answerer->count; i-- > 0;) {
        const struct message_verdict *m = answerer->at[i];
        const struct said *said = is_ask_of(m, q) ? talk_said(s->talk, m) : NULL;
        if (!said || !text_starts(said->message.head.id, text_of(q->ask))) continue;
        *id = said->message.head.id;
        return ask_from_message(&said->message, &s->cli->arena, out, &s->cli->diag);
    }
    if (q->ask) return fail(&s->cli->diag, ERR_MISSING, _("no ask about that sheet begins with %s"), q->ask);
    return fail(&s->cli->diag, ERR_USAGE,
                _("not sent: it would not count: nobody has asked for evidence of the sheet %.12s…"),
                q->of->message->statement->meaning.sheet.at);
}

static enum error take_rows(struct speech *s, struct disclosing *q) {
    struct cli *c = s->cli;
    struct ask ask = {0};
    uint64_t count = q->of->message->statement->meaning.rows;
    enum error result = find_ask(s, q, &ask, &q->says.ask);
    if (!result) result = cli_rows(c, "--rows", q->rows, count, &q->says.rows);
    if (result || q->rows) return result;
    q->says.rows = ask.rows;
    if (ask.rows.count && ask.rows.at[ask.rows.count - 1].last < count) return OK;
    return cli_usage(c, _("the ask names no facts of the sheet: say by --rows which ones are shown"));
}

/* ---- which lines */

/* FACT:NUMBERS, FACT:none: a fact that is named so shows these of its lines. */
static enum error find_lines(struct cli *c, const struct disclosing *q, uint64_t row, const char **numbers) {
    *numbers = NULL;
    for (size_t i = 0; i < q->lines.count; i++) {
        struct text rest = text_of(q->lines.at[i]), fact;
        uint64_t number;
        if (!text_cut(&rest, ':', &fact) || !text_u64(fact, &number) || !rest.size)
            return cli_usage(c, _("--lines: expected FACT:LINES as 3:0-4,9 or 3:none, found “%s”"), q->lines.at[i]);
        if (!row_set_has(q->says.rows, number))
            return cli_usage(c, _("--lines: the fact %llu is not among those that are shown"),
                             (unsigned long long)number);
        if (number == row) *numbers = rest.at;
    }
    return OK;
}

static enum error spread(struct cli *c, const char *typed, struct row_set lines, uint64_t count, struct chosen *out) {
    uint64_t all = row_set_count(lines);
    if (lines.count && lines.at[lines.count - 1].last >= count)
        return cli_usage(c, _("--lines %s: the fact %llu has lines 0 to %llu"), typed, (unsigned long long)out->row,
                         (unsigned long long)(count ? count - 1 : 0));
    uint64_t *numbers = ARENA_ARRAY(&c->arena, uint64_t, all);
    for (size_t i = 0; i < lines.count; i++)
        for (uint64_t n = lines.at[i].first; n <= lines.at[i].last; n++) numbers[out->count++] = n;
    out->lines = numbers;
    return OK;
}

static enum error choose_lines(struct cli *c, const struct disclosing *q, struct chosen *out) {
    uint64_t count = q->evidence.rows[out->row].count, shown = count < q->first ? count : q->first;
    struct row_range range = {0, shown - 1};
    struct row_set lines = {&range, shown > 0};
    const char *typed;
    enum error result = find_lines(c, q, out->row, &typed);
    if (!result && typed && text_is(text_of(typed), "none"))
        lines = (struct row_set){0};
    else if (!result && typed && row_set_read(text_of(typed), &c->arena, &lines, NULL))
        result = cli_usage(c, _("--lines: expected FACT:LINES as 3:0-4,9 or 3:none, found “%s”"), typed);
    return result ? result : spread(c, typed, lines, count, out);
}

static enum error choose(struct cli *c, const struct disclosing *q, struct chosen **out, size_t *count) {
    struct row_set rows = q->says.rows;
    struct chosen *all = ARENA_ARRAY(&c->arena, struct chosen, row_set_count(rows));
    size_t made = 0;
    for (size_t i = 0; i < rows.count; i++)
        for (uint64_t row = rows.at[i].first; row <= rows.at[i].last; row++) {
            all[made] = (struct chosen){.row = row};
            enum error result = choose_lines(c, q, &all[made++]);
            if (result) return result;
        }
    *out = all;
    *count = made;
    return OK;
}

/* ---- out */

static void tell(struct cli *c, const struct disclosure *shown) {
    uint64_t lines = 0, all = 0;
    for (size_t i = 0; i < shown->count; i++) {
        lines += shown->at[i].line_count;
        all += shown->at[i].count;
    }
    if (c->quiet) return;
    fprintf(stderr, _("facts shown: %zu; lines shown: %llu of %llu, verified as the reader will\n"), shown->count,
            (unsigned long long)lines, (unsigned long long)all);
}

static enum error send(struct speech *s, struct disclosing *q, struct bytes file) {
    struct say_attach attach = {ROLE_EVIDENCE, TEXT("text/plain"), TEXT("evidence.txt"), file};
    q->says.sheet = q->of->message->statement->meaning.sheet;
    q->says.text = s->text;
    return speech_say(s, &(struct say){.kind = KIND_DISCLOSE,
                                       .tlp = TLP_NONE,
                                       .attach = &attach,
                                       .attach_count = 1,
                                       .body = say_disclose,
                                       .what = &q->says});
}

static enum error compose(struct speech *s, struct disclosing *q) {
    struct cli *c = s->cli;
    struct buf file = {.max = DISCLOSURE_BYTES_MAX + (1 << 20)};
    struct chosen *chosen = NULL;
    struct disclosure shown;
    size_t count = 0;
    enum error result = q->evidence.count == q->facts.count
                            ? choose(c, q, &chosen, &count)
                            : fail(&c->diag, ERR_PROOF, _("the evidence tree is of another sheet"));
    if (!result)
        result = evidence_disclose(s->talk, q->of, q->facts, &q->evidence, chosen, count, &file, &shown, &c->diag);
    diag_where(&c->diag, result == ERR_PROOF ? q->tree : NULL);
    if (!result) tell(c, &shown);
    if (!result && q->preview) return cli_print(c, &file);
    if (!result) result = send(s, q, buf_as_bytes(&file));
    buf_free(&file);
    return result;
}

static enum error disclose(struct speech *s, struct disclosing *q) {
    struct cli *c = s->cli;
    struct bytes tree;
    enum error result = cli_sheet(c, s->matter, q->sheet, &q->of);
    if (!result && !q->of) result = cli_usage(c, _("the case has no facts, and so no evidence to show"));
    if (!result) result = take_rows(s, q);
    if (!result) result = cli_sheet_facts(c, s->talk, q->of, &q->facts);
    if (!result) result = os_map(q->tree, &tree, &c->diag);
    if (result) return result;
    result = evidence_read(tree, &c->arena, &q->evidence, &c->diag);
    diag_where(&c->diag, result ? q->tree : NULL);
    if (!result) result = compose(s, q);
    secret_wipe(q->evidence.key, sizeof q->evidence.key);
    os_unmap(tree);
    return result;
}

enum error cli_disclose(struct cli *c) {
    struct speech s = {.cli = c};
    struct disclosing q = {.first = UINT64_MAX};
    const struct option_row rows[] = {
        {"--evidence", OPTION_WORD, &q.tree, "TREE", N_("the evidence tree, as `parley facts` wrote it (needed)")},
        {"--ask", OPTION_WORD, &q.ask, "ID", N_("the ask that is answered (else: the last one)")},
        {"--rows", OPTION_WORD, &q.rows, "FACTS", N_("the facts that are shown, as 0-3,7 (else: those asked for)")},
        {"--lines", OPTION_WORDS, &q.lines, "FACT:LINES",
         N_("show only these lines of a fact, as 3:0-4,9, or 3:none; may be repeated")},
        {"--first", OPTION_NUMBER, &q.first, "N", N_("show at most the first N lines of each fact")},
        {"--sheet", OPTION_WORD, &q.sheet, "SHA256", N_("the sheet of the facts (else: the last one)")},
        {"--preview", OPTION_FLAG, &q.preview, NULL, N_("print what would be shown and send nothing")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result && !q.tree) result = cli_usage(c, _("--evidence is needed: the tree that `parley facts` wrote"));
    if (!result) result = speech_text(&s, 1);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = speech_may(&s, KIND_DISCLOSE);
    if (!result) result = speech_may(&s, KIND_DISCLOSE);
    if (!result) result = disclose(&s, &q);
    speech_end(&s);
    return result;
}

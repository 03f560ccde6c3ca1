/* minutes: offers a settlement text with an outcome for each fact.  It agrees to nothing: `agree` does. */
#include "cli/sheets.h"
#include <stdlib.h>

#include "cli/speech.h"
#include "desk/joint.h"
#include "desk/possible.h"
#include "desk/settle.h"

struct taking { /* as typed */
    const char *held, *agreed, *disputed, *unverifiable, *why, *supersedes, *sheet, *title;
    struct words texts, says, undertakings, whats, origins;
    bool preview, diff, read;
};

static enum error read_texts(struct cli *c, const struct words *typed, struct minutes *m) {
    struct minutes_text *all = ARENA_ARRAY(&c->arena, struct minutes_text, typed->count);
    for (size_t i = 0; i < typed->count; i++) {
        struct text lang, file = text_of(typed->at[i]);
        if (!text_cut(&file, '=', &lang) || !text_lang_valid(lang) || !file.size)
            return cli_usage(c, _("--text: expected LANGUAGE=FILE as en=minutes.txt, found “%s”"), typed->at[i]);
        all[i].lang = lang;
        enum error result = cli_text(c, NULL, file.at, &all[i].lines);
        if (result) return result;
        if (!all[i].lines.size) return fail(&c->diag, ERR_INPUT, _("%s is empty"), file.at);
    }
    m->texts = all;
    m->text_count = typed->count;
    return OK;
}

static enum error read_wordings(struct speech *s, const struct words *typed, struct outcome_wish *wish) {
    for (size_t i = 0; i < typed->count; i++) {
        struct text party, wording = text_of(typed->at[i]);
        unsigned p = 2;
        if (text_cut(&wording, '=', &party) && wording.size)
            for (p = 0; p < 2 && !text_equal(party, s->talk->parties[p]);) p++;
        if (p == 2 || wish->says[p].size)
            return cli_usage(s->cli, _("--says: expected PARTY=WORDING, once for each of the two; found “%s”"),
                             typed->at[i]);
        wish->says[p] = wording;
    }
    return OK;
}

static enum error take_outcomes(struct speech *s, const struct taking *q, struct minutes *m) {
    struct cli *c = s->cli;
    const struct sheet_state *sheet;
    struct outcome_wish wish = {.why = text_of(q->why)};
    struct outcome *outcomes = NULL;
    enum error result = cli_sheet(c, s->matter, q->sheet, &sheet);
    if (result) return result;
    if (!sheet && (q->agreed || q->disputed || q->unverifiable || q->says.count || q->why))
        return cli_usage(c, _("the case has no facts, and so no outcomes"));
    if (!sheet) return OK;
    uint64_t rows = sheet->message->statement->meaning.rows;
    result = cli_rows(c, "--agreed", q->agreed, rows, &wish.rows[OUTCOME_AGREED]);
    if (!result) result = cli_rows(c, "--disputed", q->disputed, rows, &wish.rows[OUTCOME_DISPUTED]);
    if (!result) result = cli_rows(c, "--unverifiable", q->unverifiable, rows, &wish.rows[OUTCOME_UNVERIFIABLE]);
    if (!result) result = read_wordings(s, &q->says, &wish);
    if (!result) result = settle_outcomes(s->talk, s->matter, sheet, &wish, &outcomes, &m->outcome_count, &c->diag);
    m->outcomes = outcomes;
    return result;
}

/* ---- undertakings */

/* A date means the end of that day, in UTC. */
static bool read_due(struct cli *c, struct text typed, instant *out) {
    if (instant_read(typed, out)) return true;
    return instant_read(arena_format(&c->arena, "%.*sT23:59:59Z", TEXT_ARG(typed)), out);
}

static enum error read_undertaking(struct cli *c, const char *typed, const struct minutes *m, struct undertaking *out) {
    struct text rest = text_of(typed), due;
    struct minutes_text *what = ARENA_NEW(&c->arena, struct minutes_text);
    if (!text_cut(&rest, ' ', &out->owner) || !text_cut(&rest, ' ', &due) || !read_due(c, due, &out->due) ||
        !text_trim(rest).size)
        return cli_usage(c, _("--undertaking: expected “PARTY DATE WHAT”, found “%s”"), typed);
    *what = (struct minutes_text){m->texts[0].lang, text_trim(rest)};
    out->what = what;
    out->what_count = 1;
    return OK;
}

/* "2 fr …": what the second undertaking is in French. */
static enum error add_what(struct cli *c, const char *typed, struct undertaking *all, size_t count) {
    struct text rest = text_of(typed), number, lang;
    uint64_t n;
    if (!text_cut(&rest, ' ', &number) || !text_u64(number, &n) || !n || n > count || !text_cut(&rest, ' ', &lang) ||
        !text_lang_valid(lang) || !text_trim(rest).size)
        return cli_usage(c, _("--undertaking-in: expected “NUMBER LANGUAGE WHAT”, found “%s”"), typed);
    struct undertaking *u = &all[n - 1];
    struct minutes_text *what = ARENA_ARRAY(&c->arena, struct minutes_text, u->what_count + 1);
    memcpy(what, u->what, u->what_count * sizeof *what);
    what[u->what_count] = (struct minutes_text){lang, text_trim(rest)};
    u->what = what;
    u->what_count++;
    return OK;
}

static enum error read_undertakings(struct cli *c, const struct taking *q, struct minutes *m) {
    struct undertaking *all = ARENA_ARRAY(&c->arena, struct undertaking, q->undertakings.count + 1);
    enum error result = OK;
    for (size_t i = 0; i < q->undertakings.count && !result; i++)
        result = read_undertaking(c, q->undertakings.at[i], m, &all[i]);
    for (size_t i = 0; i < q->whats.count && !result; i++)
        result = add_what(c, q->whats.at[i], all, q->undertakings.count);
    m->undertakings = all;
    m->undertaking_count = q->undertakings.count;
    return result;
}

static enum error take_old(struct speech *s, const char *typed, struct minutes *m) {
    struct offered_text old;
    if (!typed) return OK;
    if (!*typed) return cli_usage(s->cli, _("--supersedes: expected the SHA-256 of a text"));
    enum error result = settle_find_text(s->talk, s->matter, text_of(typed), &old, &s->cli->diag);
    if (!result) m->supersedes = old.offer.settlement;
    return result;
}

static int by_text(const void *a, const void *b) {
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* Documents that were sent in the channel, by their whole names, ascending. */
static enum error take_origins(struct speech *s, const struct words *typed, struct minutes *m) {
    struct text *all = ARENA_ARRAY(&s->cli->arena, struct text, typed->count + 1);
    enum error result = OK;
    for (size_t i = 0; i < typed->count && !result; i++) {
        struct joint_document j;
        if (!typed->at[i][0]) return cli_usage(s->cli, _("--origins: expected the SHA-256 of a document"));
        result = joint_find(s->talk, text_of(typed->at[i]), &j, &s->cli->diag);
        if (result) return result;
        all[i] = j.document;
        if (!joint_alike(&j) && !s->cli->quiet)
            fprintf(stderr, _("The origins %.12s were sent by one side alone so far.\n"), j.document.at);
    }
    qsort(all, typed->count, sizeof *all, by_text);
    m->origins = all;
    m->origins_count = typed->count;
    return result;
}

static enum error offer(struct speech *s, const struct taking *q, const struct minutes *m, struct bytes text) {
    struct offered_minutes o = offered_minutes_of(m, text, &s->cli->arena);
    struct say_attach attach = {ROLE_TEXT, TEXT("text/plain"), TEXT("minutes.txt"), text};
    o.title = text_of(q->title);
    o.text = s->text;
    enum error result = speech_say(s, &(struct say){.kind = KIND_MINUTES,
                                                    .tlp = TLP_NONE,
                                                    .attach = &attach,
                                                    .attach_count = 1,
                                                    .body = say_minutes_offer,
                                                    .what = &o});
    if (!result && !s->cli->quiet && !s->kept)
        fprintf(stderr, _("The text is %.*s; it is settled once both have agreed to it: parley agree %.*s %.12s\n"),
                TEXT_ARG(o.settlement), TEXT_ARG(matter_typed(s->matter)), o.settlement.at);
    return result;
}

/* What an offered text changes in the one that it supersedes. */
static enum error show_change(struct speech *s) {
    struct cli *c = s->cli;
    struct offered_text of;
    struct settle_change change;
    struct buf page = {.max = 1 << 24};
    struct text sha = text_of(c->words.count > 1 ? c->words.at[1] : NULL);
    enum error result = settle_find_text(s->talk, s->matter, sha, &of, &c->diag);
    if (!result) result = settle_amended(s->talk, s->matter, &of, &change, &c->diag);
    if (result) return result;
    if (c->json) return cli_print_json(c, settle_change_json(&change));
    settle_change_page(&change, &page);
    return cli_print_page(c, &page);
}

/* The bytes that a signature is of. */
static enum error show_text(struct speech *s) {
    struct cli *c = s->cli;
    struct offered_text of;
    struct text whole;
    struct buf page = {.max = MINUTES_MAX_BYTES};
    struct text sha = text_of(c->words.count > 1 ? c->words.at[1] : NULL);
    enum error result = settle_find_text(s->talk, s->matter, sha, &of, &c->diag);
    if (!result) result = settle_open_text(s->talk, s->matter, &of, &whole, &c->diag);
    if (result) return result;
    if (c->json) {
        json_t *object = json_object();
        json_put_text(object, "settlement", of.offer.settlement);
        json_put_text(object, "text", whole);
        return cli_print_json(c, object);
    }
    buf_text(&page, whole);
    result = cli_print(c, &page);
    buf_free(&page);
    return result;
}

static enum error look(struct speech *s, bool diff) {
    enum error result = speech_in(s, s->cli->words.at[0]);
    if (!result) result = diff ? show_change(s) : show_text(s);
    speech_end(s);
    return result;
}

static enum error compose(struct speech *s, const struct taking *q, struct minutes *m) {
    struct cli *c = s->cli;
    struct buf text = {.max = MINUTES_MAX_BYTES};
    m->matter = s->matter->name;
    for (unsigned p = 0; p < 2; p++) m->between[p] = s->talk->parties[p];
    enum error result = take_outcomes(s, q, m);
    if (!result) result = take_old(s, q->supersedes, m);
    if (!result) result = take_origins(s, &q->origins, m);
    if (!result) result = minutes_write(m, &text, &c->diag);
    if (!result && q->preview) return cli_print(c, &text);
    if (!result) result = offer(s, q, m, arena_bytes(&c->arena, buf_as_bytes(&text)));
    buf_free(&text);
    return result;
}

enum error cli_minutes(struct cli *c) {
    struct speech s = {.cli = c};
    struct taking q = {0};
    struct minutes m = {.held = INSTANT_NONE};
    const struct option_row rows[] = {
        {"--text", OPTION_WORDS, &q.texts, "LANGUAGE=FILE", N_("the text in a language, as en=FILE; one for each")},
        {"--held", OPTION_WORD, &q.held, "TIME", N_("when the meeting was held")},
        {"--sheet", OPTION_WORD, &q.sheet, "SHA256", N_("the sheet of the facts (else: the last one)")},
        {"--agreed", OPTION_WORD, &q.agreed, "FACTS", N_("facts that both say the same of, as 0-3,7 or all")},
        {"--disputed", OPTION_WORD, &q.disputed, "FACTS", N_("facts on which both wordings stand")},
        {"--says", OPTION_WORDS, &q.says, "PARTY=WORDING", N_("the wording of each party on what is disputed")},
        {"--unverifiable", OPTION_WORD, &q.unverifiable, "FACTS", N_("facts that neither side can check")},
        {"--why", OPTION_WORD, &q.why, "LINE", N_("why they can't be checked (else: what the findings say)")},
        {"--undertaking", OPTION_WORDS, &q.undertakings, "“PARTY DATE WHAT”",
         N_("what a party, or a department of it, will do until when; any number of times")},
        {"--undertaking-in", OPTION_WORDS, &q.whats, "“N LANGUAGE WHAT”", N_("the same in another language")},
        {"--origins", OPTION_WORDS, &q.origins, "SHA256",
         N_("a document of origins that was sent, which both agree on; any number of times")},
        {"--supersedes", OPTION_WORD, &q.supersedes, "SHA256", N_("the earlier text that this one takes the place of")},
        {"--title", OPTION_WORD, &q.title, "LINE", N_("one line for lists")},
        {"--diff", OPTION_FLAG, &q.diff, NULL,
         N_("CASE [SHA256]: say nothing; show what an offered text changes in the one it supersedes")},
        {"--read", OPTION_FLAG, &q.read, NULL,
         N_("CASE [SHA256]: say nothing; print an offered text as it would be signed")},
        {"--preview", OPTION_FLAG, &q.preview, NULL, N_("print the text and send nothing")},
        SPEECH_ROWS(s),
    };
    enum error result = cli_options(c, rows, COUNT(rows), 1, 2);
    if (!result && (q.diff || q.read)) return look(&s, q.diff);
    if (!result && !q.texts.count) result = cli_usage(c, _("--text is needed, once for each language"));
    if (!result) result = cli_time(c, "--held", q.held, &m.held);
    if (!result) result = read_texts(c, &q.texts, &m);
    if (!result) result = read_undertakings(c, &q, &m);
    if (!result) result = speech_text(&s, 1);
    if (!result) result = speech_in(&s, c->words.at[0]);
    if (!result) result = compose(&s, &q, &m);
    speech_end(&s);
    return result;
}

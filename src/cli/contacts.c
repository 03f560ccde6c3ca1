/* contacts: tells the other side whom to call, sealed, at AMBER; or lists whom they named. */
#include "desk/contacts.h"
#include "base/csv.h"
#include "cli/speech.h"
#include "desk/check_in.h"

enum { CONTACTS_MAX = 1000, FILE_MAX = 1 << 20 };

/* ---- telling */

static struct text column_names(struct cli *c) {
    struct text all = {0};
    for (size_t f = 0; f < CONTACT_FIELDS; f++)
        all = arena_format(&c->arena, "%.*s%s%s", TEXT_ARG(all), f ? ", " : "", contact_fields[f].name);
    return all;
}

static enum error read_title(struct cli *c, const struct text *row, size_t count, size_t *columns) {
    for (size_t i = 0; i < count; i++) {
        columns[i] = CONTACT_FIELDS;
        for (size_t f = 0; f < CONTACT_FIELDS; f++)
            if (text_is(row[i], contact_fields[f].name)) columns[i] = f;
        if (columns[i] == CONTACT_FIELDS)
            return fail_at(&c->diag, 1, ERR_INPUT, _("expected columns of %.*s; found “%.*s”"),
                           TEXT_ARG(column_names(c)), TEXT_ARG(row[i]));
    }
    return OK;
}

static enum error read_row(struct cli *c, const struct text *row, const size_t *columns, size_t count, uint64_t line,
                           struct contact *out) {
    enum error result = OK;
    *out = CONTACT_EMPTY;
    for (size_t i = 0; i < count && !result; i++) result = contact_set(out, columns[i], row[i], &c->diag);
    if (result) c->diag.line = line;
    return result;
}

/* A CSV file, whose first row names its columns. */
static enum error read_contacts(struct cli *c, const char *path, struct member_list *out) {
    struct text row[CONTACT_FIELDS], rest;
    struct bytes whole;
    size_t count, titles, columns[CONTACT_FIELDS], room = 0;
    uint64_t line = 0;
    struct contact *all = NULL;
    enum error result = cli_file(c, path, FILE_MAX, &whole);
    rest = text_from_bytes(whole);
    if (!result) result = csv_row(&rest, &c->arena, row, CONTACT_FIELDS, &titles, &line, &c->diag);
    if (!result) result = read_title(c, row, titles, columns);
    while (!result && out->count <= CONTACTS_MAX) {
        result = csv_row(&rest, &c->arena, row, CONTACT_FIELDS, &count, &line, &c->diag);
        if (result == ERR_MISSING) break;
        if (!result && count != titles)
            result = fail_at(&c->diag, line, ERR_INPUT, _("expected %zu fields, found %zu"), titles, count);
        all = arena_grow(&c->arena, all, out->count, &room, sizeof *all);
        if (!result) result = read_row(c, row, columns, count, line, &all[out->count]);
        out->count++;
    }
    out->at = all;
    if (result == ERR_MISSING && out->count) return OK;
    if (result == ERR_MISSING || !result)
        result = fail(&c->diag, ERR_INPUT, _("expected one to %d contacts"), CONTACTS_MAX);
    diag_where(&c->diag, path);
    return result;
}

static enum error read_typed(struct cli *c, const char *const typed[CONTACT_FIELDS], struct contact *one, bool *any) {
    enum error result = OK;
    *one = CONTACT_EMPTY;
    for (size_t i = 0; i < CONTACT_FIELDS && !result; i++) {
        *any |= typed[i] != NULL;
        result = contact_set(one, i, text_of(typed[i]), &c->diag);
    }
    return result;
}

/* ---- listing */

static enum error list_theirs(struct speech *s) {
    struct cli *c = s->cli;
    struct talk *t = s->talk;
    struct dialogue d;
    struct check_in check;
    struct buf page = {.max = 1 << 22};
    const struct said *said = contacts_said(t, 1 - t->own);
    if (!said) return fail(&c->diag, ERR_NO, _("%.*s has named no contacts"), TEXT_ARG(t->parties[1 - t->own]));
    enum error result = dialogue_from_message(&said->message, &c->arena, &d, &c->diag);
    if (!result) result = check_in_state(t, &check, &c->diag);
    if (result) return result;
    struct contact *all = d.contacts.at;
    if (c->json) {
        json_t *whole = contacts_json(said, all, d.contacts.count, c->now);
        json_put(whole, "check_in", check_in_json(t, &check));
        return cli_print_json(c, whole);
    }
    contacts_sort(all, d.contacts.count);
    contacts_page(said, all, d.contacts.count, c->now, &page);
    size_t before = page.size;
    buf_format(&page, "%s\n", _("Check-ins"));
    size_t after = page.size;
    check_in_lines(t, &check, &page);
    if (page.size == after) page.size = before;
    return cli_print_page(c, &page);
}

enum error cli_contacts(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const char *file = NULL, *typed[CONTACT_FIELDS] = {0};
    struct contact one;
    const struct option_row rows[] = {
        {"--file", OPTION_WORD, &file, "CSV", N_("tell those of a file whose first row names its columns")},
        {"--name", OPTION_WORD, &typed[0], "NAME", N_("tell one: the name")},
        {"--role", OPTION_WORD, &typed[1], "ROLE", N_("the office, as head of incident response")},
        {"--department", OPTION_WORD, &typed[2], "ID", N_("the department")},
        {"--phone", OPTION_WORD, &typed[3], "NUMBER", N_("the telephone, as +00 0000 0000")},
        {"--mail", OPTION_WORD, &typed[4], "ADDRESS", N_("the address for mail")},
        {"--hours", OPTION_WORD, &typed[5], "HOURS", N_("when, and in which zone")},
        {"--languages", OPTION_WORD, &typed[6], "CODES", N_("as en,fr")},
        {"--note", OPTION_WORD, &typed[7], "LINE", N_("what else is to be known")},
        {"--point", OPTION_WORD, &typed[8], "WORD", N_("what for")},
        {"", OPTION_MEANINGS, &(const struct word_list *){&words_contact}, "--point", ""},
        {"--from", OPTION_WORD, &typed[9], "TIME", N_("on duty from")},
        {"--until", OPTION_WORD, &typed[10], "TIME", N_("on duty until")},
        {"--step", OPTION_WORD, &typed[11], "N", N_("place in the escalation ladder, 1 first")},
        {"--after", OPTION_WORD, &typed[12], "SPAN", N_("called after so long without an answer, as 24h")},
        SPEECH_ROWS(s),
        SPEECH_DRILL(s),
    };
    bool tells = false;
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    if (!result) result = read_typed(c, typed, &one, &tells);
    if (!result && tells && (file || !one.name.size)) result = cli_usage(c, _("one contact with a name, or a file"));
    d.contacts = (struct member_list){&one, 1};
    if (!result && file) d.contacts.count = 0;
    if (!result && file) result = read_contacts(c, file, &d.contacts);
    if (!result) result = speech_text(&s, 1);
    if (!result) result = speech_with(&s, c->words.at[0]);
    if (!result && !file && !tells)
        result = list_theirs(&s);
    else if (!result) {
        if (!s.tlp) s.tlp = "AMBER";
        result = speech_dialogue(&s, KIND_CONTACTS, &d);
    }
    speech_end(&s);
    return result;
}

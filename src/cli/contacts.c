/* contacts: tells the other side whom to call, sealed, at AMBER; or lists whom they named. */
#include "base/csv.h"
#include "cli/speech.h"

enum { CONTACTS_MAX = 1000, FILE_MAX = 1 << 20 };

static const struct {
    const char *name, *title;
    size_t offset;
} fields[] = {
#define FIELD(member, title)                                                                                           \
    { #member, title, offsetof(struct contact, member) }
    FIELD(name, N_("NAME")), FIELD(role, N_("ROLE")),   FIELD(department, N_("DEPARTMENT")), FIELD(phone, N_("PHONE")),
    FIELD(mail, N_("MAIL")), FIELD(hours, N_("HOURS")), FIELD(languages, N_("LANGUAGES")),   FIELD(note, N_("NOTE")),
#undef FIELD
};

static struct text *field_of(struct contact *one, size_t i) {
    return (struct text *)(void *)((char *)one + fields[i].offset);
}

/* ---- telling */

static enum error read_title(struct cli *c, const struct text *row, size_t count, size_t *columns) {
    for (size_t i = 0; i < count; i++) {
        columns[i] = COUNT(fields);
        for (size_t f = 0; f < COUNT(fields); f++)
            if (text_is(row[i], fields[f].name)) columns[i] = f;
        if (columns[i] == COUNT(fields))
            return fail_at(&c->diag, 1, ERR_INPUT,
                           _("expected columns of name, role, department, phone, mail, hours, languages, note; found "
                             "“%.*s”"),
                           TEXT_ARG(row[i]));
    }
    return OK;
}

/* A CSV file, whose first row names its columns. */
static enum error read_contacts(struct cli *c, const char *path, struct member_list *out) {
    struct text row[COUNT(fields)], rest;
    struct bytes whole;
    size_t count, titles, columns[COUNT(fields)], room = 0;
    uint64_t line = 0;
    struct contact *all = NULL;
    enum error result = cli_file(c, path, FILE_MAX, &whole);
    rest = text_from_bytes(whole);
    if (!result) result = csv_row(&rest, &c->arena, row, COUNT(fields), &titles, &line, &c->diag);
    if (!result) result = read_title(c, row, titles, columns);
    while (!result && out->count <= CONTACTS_MAX) {
        result = csv_row(&rest, &c->arena, row, COUNT(fields), &count, &line, &c->diag);
        if (result == ERR_MISSING) break;
        if (!result && count != titles)
            result = fail_at(&c->diag, line, ERR_INPUT, _("expected %zu fields, found %zu"), titles, count);
        all = arena_grow(&c->arena, all, out->count, &room, sizeof *all);
        for (size_t i = 0; i < count && !result; i++) *field_of(&all[out->count], columns[i]) = row[i];
        out->count++;
    }
    out->at = all;
    if (result == ERR_MISSING && out->count) return OK;
    if (result == ERR_MISSING || !result)
        result = fail(&c->diag, ERR_INPUT, _("expected one to %d contacts"), CONTACTS_MAX);
    diag_where(&c->diag, path);
    return result;
}

/* ---- listing */

static const struct said *last_of_theirs(const struct talk *t) {
    const struct said *last = NULL;
    for (size_t i = 0; i < t->state.message_count; i++) {
        const struct message_verdict *m = &t->state.messages[i];
        if (m->kind == KIND_CONTACTS && !m->why && m->entry->party != t->own) last = talk_said(t, m);
    }
    return last;
}

static json_t *contacts_json(const struct said *said, struct contact *all, size_t count) {
    char written[INSTANT_TEXT_MAX];
    json_t *object = json_object(), *list = json_array();
    json_put_text(object, "from", said->message.head.from);
    json_put_text(object, "by", said->message.head.by);
    json_put_text(object, "tlp", said->message.head.tlp);
    json_put_text(object, "time", instant_write(said->entry->leaf->time, written));
    for (size_t i = 0; i < count; i++) {
        json_t *one = json_object();
        for (size_t f = 0; f < COUNT(fields); f++) json_put_text_if(one, fields[f].name, *field_of(&all[i], f));
        json_add(list, one);
    }
    json_put(object, "contacts", list);
    return object;
}

static void write_contacts(const struct said *said, struct contact *all, size_t count, struct buf *page) {
    char written[INSTANT_TEXT_MAX];
    buf_format(page, "%.*s, %.*s, TLP:%.*s\n", TEXT_ARG(said->message.head.from),
               TEXT_ARG(instant_write(said->entry->leaf->time, written)), TEXT_ARG(said->message.head.tlp));
    for (size_t i = 0; i < count; i++) {
        buf_line(page, all[i].name);
        buf_char(page, '\n');
        for (size_t f = 1; f < COUNT(fields); f++) {
            if (!field_of(&all[i], f)->size) continue;
            buf_string(page, "    ");
            buf_pad(page, text_of(gettext(fields[f].title)), 12);
            buf_line(page, *field_of(&all[i], f));
            buf_char(page, '\n');
        }
    }
}

static enum error list_theirs(struct speech *s) {
    struct cli *c = s->cli;
    struct dialogue d;
    struct buf page = {.max = 1 << 22};
    const struct said *said = last_of_theirs(s->talk);
    if (!said)
        return fail(&c->diag, ERR_NO, _("%.*s has named no contacts"), TEXT_ARG(s->talk->parties[1 - s->talk->own]));
    enum error result = dialogue_from_message(&said->message, &c->arena, &d, &c->diag);
    if (result) return result;
    if (c->json) return cli_print_json(c, contacts_json(said, d.contacts.at, d.contacts.count));
    write_contacts(said, d.contacts.at, d.contacts.count, &page);
    return cli_print_page(c, &page);
}

enum error cli_contacts(struct cli *c) {
    struct speech s = {.cli = c};
    struct dialogue d = DIALOGUE_EMPTY;
    const char *file = NULL, *typed[COUNT(fields)] = {0};
    struct contact one = {0};
    const struct option_row rows[] = {
        {"--file", OPTION_WORD, &file, "CSV", N_("tell those of a file whose first row names its columns")},
        {"--name", OPTION_WORD, &typed[0], "NAME", N_("tell one: the name")},
        {"--role", OPTION_WORD, &typed[1], "ROLE", N_("what for, as duty officer")},
        {"--department", OPTION_WORD, &typed[2], "ID", N_("the department")},
        {"--phone", OPTION_WORD, &typed[3], "NUMBER", N_("the telephone, as +00 0000 0000")},
        {"--mail", OPTION_WORD, &typed[4], "ADDRESS", N_("the address for mail")},
        {"--hours", OPTION_WORD, &typed[5], "HOURS", N_("when, and in which zone")},
        {"--languages", OPTION_WORD, &typed[6], "CODES", N_("as en,fr")},
        {"--note", OPTION_WORD, &typed[7], "LINE", N_("what else is to be known")},
        SPEECH_ROWS(s),
        SPEECH_DRILL(s),
    };
    bool tells = false;
    enum error result = cli_options(c, rows, COUNT(rows), 1, 1);
    for (size_t i = 0; i < COUNT(fields); i++) {
        *field_of(&one, i) = text_of(typed[i]);
        tells |= typed[i] != NULL;
    }
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

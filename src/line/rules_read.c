/* Files of rules: one statement a line. */
#include <string.h>

#include "line/host.h"
#include "line/rules.h"
#include "vocab/rsit.h"

struct rules_file_reader {
    struct rules *rules;
    const char *service;
    struct arena *arena;
    struct section *section; /* in work; NULL: none yet */
    struct rule *list;       /* of it */
    size_t room;
    uint64_t line;
    struct diag *diag;
};

/* One word off the front, with the spaces before it. */
static bool take_word(struct text *t, struct text *word) {
    *t = text_trim(*t);
    size_t end = 0;
    while (end < t->size && t->at[end] != ' ' && t->at[end] != '\t') end++;
    *word = text_sub(*t, 0, end);
    *t = text_sub(*t, end, t->size);
    return end > 0;
}

/* The rules of a section by the first byte of a message, in their order. */
static void end_section(struct rules_file_reader *f) {
    struct section *s = f->section;
    if (!s) return;
    uint32_t *at = ARENA_ARRAY(f->arena, uint32_t, 257);
    size_t total = 0;
    for (unsigned byte = 0; byte < 256; byte++)
        for (size_t i = 0; i < s->count; i++) total += pattern_may_begin(&f->list[i].pattern, (uint8_t)byte);
    uint16_t *order = ARENA_ARRAY(f->arena, uint16_t, total);
    total = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        at[byte] = (uint32_t)total;
        for (size_t i = 0; i < s->count; i++)
            if (pattern_may_begin(&f->list[i].pattern, (uint8_t)byte)) order[total++] = (uint16_t)i;
    }
    at[256] = (uint32_t)total;
    s->by_byte = at;
    s->in_order = order;
    s->rules = f->list;
    f->section = NULL;
    f->list = NULL;
    f->room = 0;
}

static bool is_web_format(struct text name) {
    return text_is(name, "combined") || text_is(name, "common") || text_is(name, "error");
}

static enum error add_name(struct rules_file_reader *f, struct section *s, struct text name) {
    size_t star = text_find(name, '*');
    if (s->name_count == SECTION_NAMES_MAX)
        return fail_at(f->diag, f->line, ERR_LIMIT, _("expected at most %d names"), SECTION_NAMES_MAX);
    if (s->is_format && !is_web_format(name))
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected combined, common or error, found \"%.*s\""),
                       TEXT_ARG(text_first(name, 80)));
    if (star < name.size && text_find(text_sub(name, star + 1, name.size), '*') < name.size - star - 1)
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected one * in a name at most"));
    s->names[s->name_count++] = arena_text(f->arena, name);
    return OK;
}

static enum error start_section(struct rules_file_reader *f, struct text rest, bool is_format) {
    struct text name;
    enum error result = OK;
    end_section(f);
    size_t most = SECTIONS_MAX - (f->service ? 0 : OWN_SECTIONS_MAX);
    if (f->rules->count >= most)
        return fail_at(f->diag, f->line, ERR_LIMIT, _("expected at most %zu times program or format"), most);
    struct section s = {.service = f->service, .is_format = is_format};
    while (!result && take_word(&rest, &name)) result = add_name(f, &s, name);
    if (!result && !s.name_count) result = fail_at(f->diag, f->line, ERR_INPUT, _("expected a name"));
    if (result) return result;
    uint64_t bit = (uint64_t)1 << f->rules->count;
    if (!f->service) f->rules->of_users |= bit;
    if (is_format) f->rules->of_formats |= bit;
    f->section = &f->rules->sections[f->rules->count++];
    *f->section = s;
    return OK;
}

static enum error on_program(struct rules_file_reader *f, struct text rest) { return start_section(f, rest, false); }
static enum error on_format(struct rules_file_reader *f, struct text rest) { return start_section(f, rest, true); }

static enum error on_protocol(struct rules_file_reader *f, struct text rest) {
    struct text name = text_trim(rest);
    if (!protocol_holds(name))
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected a protocol in lower case, as tcp"));
    f->section->protocol = arena_text(f->arena, name);
    return OK;
}

static enum error on_port(struct rules_file_reader *f, struct text rest) {
    if (!port_read(text_trim(rest), &f->section->port) || !f->section->port)
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected a port: 1 to 65535"));
    return OK;
}

static enum error on_log(struct rules_file_reader *f, struct text rest) {
    if (text_trim(rest).size || f->section->is_format)
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected nothing behind log, in a section of a program"));
    f->section->own_log = true;
    return OK;
}

/* `"…"`; the backslashes in it are the pattern's. */
static enum error take_pattern(struct rules_file_reader *f, struct text rest, struct rule *rule) {
    struct text t = text_trim(rest), inside;
    struct diag d = {0};
    if (t.size < 2 || t.at[0] != '"' || t.at[t.size - 1] != '"')
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected a pattern in double quotes"));
    inside = text_sub(t, 1, t.size - 1);
    for (size_t i = 0; i < inside.size; i++) {
        if (inside.at[i] == '\\')
            i++;
        else if (inside.at[i] == '"')
            return fail_at(f->diag, f->line, ERR_INPUT, _("expected \\ before %c where it stands for itself"), '"');
    }
    enum error result = pattern_read(inside, f->arena, &rule->pattern, &d);
    return result ? fail_at(f->diag, f->line, result, "%s", d.text) : OK;
}

static enum error check_source(struct rules_file_reader *f, const struct rule *rule) {
    bool source = rule->pattern.captures & 1U << CAPTURE_ADDR;
    if (f->section->is_format && source)
        return fail_at(f->diag, f->line, ERR_INPUT,
                       _("expected no <ADDR>: the log of a web server says who the client "
                         "is"));
    if (!f->section->is_format && !source && rule->kind != RULE_IGNORE)
        return fail_at(f->diag, f->line, ERR_INPUT, _("expected <ADDR> in the pattern: who did it"));
    return OK;
}

static enum error add_rule(struct rules_file_reader *f, struct text rest, struct rule rule) {
    enum error result = take_pattern(f, rest, &rule);
    if (!result) result = check_source(f, &rule);
    size_t most = RULES_MAX - (f->service ? 0 : OWN_RULES_MAX);
    if (!result && f->rules->rule_count >= most)
        result = fail_at(f->diag, f->line, ERR_LIMIT, _("expected at most %zu rules"), most);
    if (result) return result;
    f->list = arena_grow(f->arena, f->list, f->section->count, &f->room, sizeof *f->list);
    f->list[f->section->count++] = rule;
    f->rules->rule_count++;
    return OK;
}

static enum error on_event(struct rules_file_reader *f, struct text rest) {
    struct text name;
    take_word(&rest, &name);
    const struct rsit_type *type = rsit_find(name);
    if (!type)
        return fail_at(f->diag, f->line, ERR_INPUT,
                       _("expected an event of the incident taxonomy, as brute-force, found \"%.*s\""),
                       TEXT_ARG(text_first(name, 80)));
    return add_rule(f, rest, (struct rule){.kind = RULE_EVENT, .event = text_of(type->value)});
}

static enum error on_record(struct rules_file_reader *f, struct text rest) {
    return add_rule(f, rest, (struct rule){.kind = RULE_RECORD});
}

static enum error on_ignore(struct rules_file_reader *f, struct text rest) {
    return add_rule(f, rest, (struct rule){.kind = RULE_IGNORE});
}

static const struct {
    const char *word;
    bool in_section;
    enum error (*read)(struct rules_file_reader *f, struct text rest);
} statements[] = {
    {"program", false, on_program}, {"format", false, on_format}, {"protocol", true, on_protocol},
    {"port", true, on_port},        {"log", true, on_log},        {"event", true, on_event},
    {"record", true, on_record},    {"ignore", true, on_ignore},
};

static enum error read_statement(struct rules_file_reader *f, struct text line) {
    struct text word;
    if (!take_word(&line, &word) || word.at[0] == '#') return OK;
    for (size_t i = 0; i < COUNT(statements); i++) {
        if (!text_is(word, statements[i].word)) continue;
        if (statements[i].in_section && !f->section)
            return fail_at(f->diag, f->line, ERR_INPUT, _("expected program or format before the first rule"));
        return statements[i].read(f, line);
    }
    return fail_at(f->diag, f->line, ERR_INPUT,
                   _("expected program, format, protocol, port, log, event, record or ignore, found \"%.*s\""),
                   TEXT_ARG(text_first(word, 80)));
}

enum error rules_read(struct rules *r, struct text file, const char *service, struct arena *a, struct diag *d) {
    struct rules_file_reader f = {.rules = r, .service = service, .arena = a, .diag = d};
    enum error result = OK;
    if (file.size > RULES_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("a file of rules has at most %d bytes"), RULES_BYTES_MAX);
    if (!text_is_utf8(file)) return fail(d, ERR_INPUT, _("expected UTF-8"));
    while (!result && file.size) {
        struct text line;
        if (!text_line(&file, &line)) {
            line = file;
            file = (struct text){0};
        }
        f.line++;
        if (line.size && line.at[line.size - 1] == '\r') line.size--;
        result = read_statement(&f, line);
    }
    end_section(&f);
    return result;
}

void rules_add_own(struct rules *r, struct arena *a) {
    for (size_t i = 0; i < rules_own_count; i++) {
        struct diag d = {0};
        enum error result = rules_read(r, text_of(rules_own[i].text), rules_own[i].service, a, &d);
        ASSERT(!result && "parley's own rules are well-formed, and a user's leave room for them");
    }
}

bool rules_own_name(const char *service, struct text program) {
    struct text name;
    for (size_t i = 0; i < rules_own_count; i++) {
        struct text rest = text_of(rules_own[i].names);
        if (strcmp(rules_own[i].service, service)) continue;
        while (text_cut(&rest, ' ', &name))
            if (rules_name_fits(name, program)) return true;
    }
    return false;
}

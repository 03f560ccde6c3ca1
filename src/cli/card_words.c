/* Cards for programs, and the frame of the commands that change one's own. */
#include "cli/card_words.h"

#include <string.h>

#include "base/os.h"
#include "desk/opening.h"
#include "note/fingerprint.h"

static json_t *names_json(struct names names) {
    json_t *list = json_array();
    for (size_t i = 0; i < names.count; i++) json_add_text(list, names.at[i]);
    return list;
}

/* What a department says, under one member: the values of its lines. */
static void put_lines(json_t *department, const char *key, struct text of, const struct card_line *lines,
                      size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (text_equal(lines[i].department, of)) json_add_text(list, lines[i].value);
    json_put(department, key, list);
}

/* One object a line, as the lines stand in the card. */
static json_t *abouts_json(const struct card *c, struct text of) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->about_count; i++) {
        if (!text_equal(c->abouts[i].department, of)) continue;
        json_t *line = json_object();
        json_put_text(line, "key", c->abouts[i].key);
        json_put_text(line, "text", c->abouts[i].value);
        json_add(list, line);
    }
    return list;
}

static void put_opening(json_t *department, const struct card *c, struct text id, instant now) {
    struct arena a = {0};
    struct opening o = opening_of(c, id, now, &a);
    json_t *words = now == INSTANT_NONE ? NULL : opening_json(&o);
    if (words) json_put(department, "now", words);
    arena_free(&a);
}

json_t *card_departments_json(const struct card *c, instant now) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->department_count; i++) {
        struct text id = c->departments[i].department;
        json_t *o = json_object();
        json_put_text(o, "id", id);
        json_put_text(o, "title", c->departments[i].value);
        put_lines(o, "remit", id, c->remits, c->remit_count);
        put_lines(o, "languages", id, c->languages, c->language_count);
        put_lines(o, "hours", id, c->hours, c->hours_count);
        put_lines(o, "holidays", id, c->holidays, c->holiday_count);
        json_put(o, "about", abouts_json(c, id));
        put_opening(o, c, id, now);
        put_lines(o, "recipients", id, c->recipients, c->recipient_count);
        json_add(list, o);
    }
    return list;
}

json_t *card_officers_json(const struct card *c) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->officer_count; i++) {
        json_t *o = json_object();
        json_put_text(o, "name", c->officers[i].name);
        json_put_text(o, "department", c->officers[i].department);
        json_put(o, "roles", names_json(c->officers[i].roles));
        json_put_text(o, "key", c->officers[i].key);
        json_add(list, o);
    }
    return list;
}

json_t *card_clearances_json(const struct card *c) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->clearance_count; i++) {
        json_t *o = json_object();
        json_put(o, "kinds", names_json(c->clearances[i].kinds));
        json_put_text(o, "tlp", text_of(tlp_name(c->clearances[i].tlp)));
        json_put_u64(o, "number", c->clearances[i].number);
        json_put(o, "roles", names_json(c->clearances[i].roles));
        json_add(list, o);
    }
    return list;
}

static json_t *neutrals_json(const struct card *c) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->neutral_count; i++) {
        json_t *o = json_object();
        json_put_text(o, "name", c->neutrals[i].name);
        json_put_text(o, "tls", c->neutrals[i].tls);
        json_put_text(o, "url", c->neutrals[i].url);
        json_add(list, o);
    }
    return list;
}

json_t *card_json(const struct card *c, instant now) {
    char fingerprint[FINGERPRINT_SIZE];
    json_t *o = json_object(), *logs = json_array();
    json_put_text(o, "party", c->party);
    json_put_u64(o, "serial", c->serial);
    json_put_text_if(o, "id", c->id);
    json_put_text_if(o, "previous", c->previous);
    json_put_text(o, "root", c->root);
    json_put_text(o, "fingerprint", fingerprint_write(c->root, fingerprint));
    json_put(o, "mirrors", names_json(c->mirrors));
    for (size_t i = 0; i < c->log_count; i++) {
        json_t *log = json_object();
        json_put_text(log, "origin", c->logs[i].origin);
        json_put_text(log, "key", c->logs[i].key);
        json_add(logs, log);
    }
    json_put(o, "logs", logs);
    json_put(o, "tls", names_json(c->tls));
    json_put(o, "urls", names_json(c->urls));
    if (c->neutral_count) json_put(o, "neutrals", neutrals_json(c));
    json_put(o, "about", abouts_json(c, TEXT("*")));
    json_put(o, "departments", card_departments_json(c, now));
    json_put(o, "officers", card_officers_json(c));
    json_put(o, "clearances", card_clearances_json(c));
    json_put_text_if(o, "date", c->date);
    return o;
}

/* ---- publishing */

static const char *const published_words[] = {
    [PUBLISH_SENT] = N_("the card is in force here; they take it with the next exchange"),
    [PUBLISH_THERE] = N_("the card stands there already"),
    [PUBLISH_NOT] = N_("nothing is appended"),
    [PUBLISH_FOLLOWED] = N_("a successor took its place, and takes the cards"),
    [PUBLISH_FAILED] = N_("the card could not be appended"),
};

void card_tell_published(struct cli *c, const struct published *p, bool all) {
    for (size_t i = 0; i < p->count && !c->quiet; i++) {
        const struct publish_row *row = &p->rows[i];
        const char *state = channel_state_word(row->channel.state);
        if (!all && (row->what == PUBLISH_THERE || row->what == PUBLISH_FOLLOWED)) continue;
        fprintf(stderr, "%.*s (%s): %s", TEXT_ARG(row->channel.own_name), gettext(state),
                gettext(published_words[row->what]));
        if (row->words.size) fprintf(stderr, ": %.*s", TEXT_ARG(cli_shown(c, row->words)));
        fprintf(stderr, "\n");
    }
}

json_t *card_published_json(const struct published *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->count; i++) {
        const struct publish_row *row = &p->rows[i];
        json_t *o = json_object();
        json_put_text(o, "party", row->channel.party);
        json_put_text(o, "channel", row->channel.own_name);
        json_put_text(o, "state", text_of(channel_state_word(row->channel.state)));
        json_put_text(o, "card", text_of(publish_word_text(row->what)));
        json_put_u64(o, "entries", row->entries);
        json_put_text_if(o, "why", row->words);
        json_add(list, o);
    }
    return list;
}

/* ---- lists of words */

struct names card_split(struct cli *c, struct text typed) {
    struct text *list = ARENA_ARRAY(&c->arena, struct text, typed.size + 1);
    size_t count = 0;
    if (!typed.size) return (struct names){0};
    while (text_cut(&typed, ',', &list[count])) count++;
    list[count++] = typed;
    return (struct names){list, count};
}

struct text card_joined(struct cli *c, struct names names) {
    struct text all = TEXT("");
    for (size_t i = 0; i < names.count; i++)
        all = arena_format(&c->arena, "%.*s%s%.*s", TEXT_ARG(all), i ? "," : "", TEXT_ARG(names.at[i]));
    return all;
}

/* ---- verbs */

static enum error find_verb(struct cli *c, const struct card_verb *verbs, size_t count, const char *expected,
                            const struct card_verb **out) {
    const char *word = c->words.count ? c->words.at[0] : verbs[0].name;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, verbs[i].name)) continue;
        *out = &verbs[i];
        if (!c->words.count || c->words.count == verbs[i].words) return OK;
        return cli_usage(c, "%s", c->words.count < verbs[i].words ? _("something is missing") : _("too many words"));
    }
    return cli_usage(c, _("expected %s, found “%s”"), expected, word);
}

static enum error save(struct cli *c, struct desk *desk, const struct card *card) {
    enum error result = own_card_save(desk, card, &c->diag);
    if (!result && !c->quiet)
        fprintf(stderr, "%s\n", _("Noted on the desk: `parley card publish` signs the card and tells counterparties."));
    return result;
}

enum error card_verb_run(struct cli *c, const struct card_verb *verbs, size_t count, const char *expected,
                         const void *wishes) {
    struct desk *desk = NULL;
    struct card card;
    const struct card_verb *verb = NULL;
    enum error result = find_verb(c, verbs, count, expected, &verb);
    if (!result) result = cli_open_desk(c, &desk);
    if (!result) result = own_card_load(desk, &card, &c->diag);
    if (!result) result = verb->run(c, desk, &card, wishes);
    if (!result && verb->changes) result = save(c, desk, &card);
    desk_close(desk);
    return result;
}

/* Changes of one's own card: each is checked here, so that no counterparty is the first to find a mistake. */
#include <string.h>

#include "desk/own_card.h"
#include "party/hours.h"
#include "party/remit.h"
#include "vocab/words.h"

bool own_card_has_department(const struct card *c, struct text department) {
    for (size_t i = 0; i < c->department_count; i++)
        if (text_equal(c->departments[i].department, department)) return true;
    return false;
}

static enum error need_department(const struct card *c, struct text department, struct diag *d) {
    if (own_card_has_department(c, department)) return OK;
    return fail(d, ERR_MISSING, _("the card names no department “%.*s”; `parley department` lists them"),
                TEXT_ARG(department));
}

static enum error need_word(struct text word, const char *what, struct diag *d) {
    if (card_word_valid(word)) return OK;
    return fail(d, ERR_INPUT, _("%s: expected at most 64 of a-z, 0-9, “-”, “.” and “_”, found “%.*s”"), what,
                TEXT_ARG(word));
}

/* ---- what a department says */

static bool is_line(struct text t) { return t.size > 0 && text_is_note_text(t) && text_find(t, '\n') == t.size; }

/* A sector is one that a claim can name; a later version may know more of them, so that readers take any. */
static bool is_remit(struct text t) {
    struct remit r;
    return remit_read(t, &r) && (r.kind != REMIT_SECTOR || word_find(&words_sector, r.value));
}

static bool is_holiday(struct text t) {
    struct holiday ignored;
    return is_line(t) && holiday_read(t, &ignored);
}

static bool is_languages(struct text t) {
    bool good = t.size > 0;
    for (struct text code; good && t.size;) {
        if (!text_cut(&t, ',', &code)) code = t, t.size = 0;
        good = code.size == 2 && code.at[0] >= 'a' && code.at[0] <= 'z' && code.at[1] >= 'a' && code.at[1] <= 'z';
    }
    return good;
}

/* By enum department_say. */
static const struct {
    bool (*fits)(struct text value);
    size_t list, count, max; /* places in struct card; how many lines a department may have */
    const char *expected;
} sayings[] = {
    [SAY_TITLE] = {is_line, offsetof(struct card, departments), offsetof(struct card, department_count), 1,
                   N_("title: expected one line")},
    [SAY_REMIT] = {is_remit, offsetof(struct card, remits), offsetof(struct card, remit_count), 1000,
                   N_("remit: expected class: with a class of RSIT, sector: with one that claims name, network: with "
                      "an address range, or domain:")},
    [SAY_LANGUAGES] = {is_languages, offsetof(struct card, languages), offsetof(struct card, language_count), 1,
                       N_("languages: expected codes as en,fr")},
    [SAY_HOURS] = {is_line, offsetof(struct card, hours), offsetof(struct card, hours_count), 64,
                   N_("hours: expected one line")},
    [SAY_HOLIDAY] = {is_holiday, offsetof(struct card, holidays), offsetof(struct card, holiday_count), 1000,
                     N_("holiday: expected a date as 2026-12-25, or two as 2026-12-24/2027-01-02, and a name")},
};

static struct card_line **list_of(struct card *c, enum department_say what) {
    return (struct card_line **)(void *)((char *)c + sayings[what].list);
}
static size_t *count_of(struct card *c, enum department_say what) {
    return (size_t *)(void *)((char *)c + sayings[what].count);
}

/* The lines of one department change where they stand; new ones go to the end. */
static void replace(struct arena *a, struct card_line **list, size_t *count, struct text department,
                    struct names values) {
    struct card_line *lines = ARENA_ARRAY(a, struct card_line, *count + values.count);
    size_t kept = 0, used = 0;
    for (size_t i = 0; i < *count; i++) {
        bool same = text_equal((*list)[i].department, department);
        if (same && used == values.count) continue;
        lines[kept++] = same ? (struct card_line){department, values.at[used++]} : (*list)[i];
    }
    while (used < values.count) lines[kept++] = (struct card_line){department, values.at[used++]};
    *list = lines;
    *count = kept;
}

enum error own_card_check_saying(enum department_say what, struct names values, struct diag *d) {
    if (values.count > sayings[what].max || (what == SAY_TITLE && !values.count))
        return fail(d, ERR_INPUT, "%s", gettext(sayings[what].expected));
    for (size_t i = 0; i < values.count; i++)
        if (!sayings[what].fits(values.at[i]))
            return fail(d, ERR_INPUT, _("%s, found “%.*s”"), gettext(sayings[what].expected), TEXT_ARG(values.at[i]));
    return OK;
}

enum error own_card_say(struct desk *k, struct card *c, struct text department, enum department_say what,
                        struct names values, struct diag *d) {
    enum error result = need_department(c, department, d);
    if (!result) result = own_card_check_saying(what, values, d);
    if (!result) replace(&k->arena, list_of(c, what), count_of(c, what), department, values);
    return result;
}

/* ---- sections of RFC 2350, fields of security.txt */

static enum error check_about(const struct about_key *key, struct text value, struct diag *d) {
    instant ignored;
    if (!is_line(value) || value.size > PROFILE_LINE_MAX)
        return fail(d, ERR_INPUT, _("%s: expected lines of at most %d bytes"), key->key, PROFILE_LINE_MAX);
    if (!key->field) return OK;
    if (!strcmp(key->key, "expires")) {
        if (rfc3339_read(value, &ignored)) return OK;
        return fail(d, ERR_INPUT, _("expires: expected a time as 2027-01-01T00:00:00Z, found “%.*s”"), TEXT_ARG(value));
    }
    if (uri_fits(value)) return OK;
    return fail(d, ERR_INPUT, _("%s: expected an address as mailto:…, tel:… or https://…, found “%.*s”"), key->key,
                TEXT_ARG(value));
}

/* Takes the lines of a key out; NULL: those of all keys that are, or are not, fields. */
static void drop_abouts(struct card *c, struct text department, const struct about_key *key, bool fields) {
    size_t kept = 0;
    for (size_t i = 0; i < c->about_count; i++) {
        const struct about_key *of = about_find(c->abouts[i].key);
        bool same = key ? of == key : of && of->field == fields;
        if (!same || !text_equal(c->abouts[i].department, department)) c->abouts[kept++] = c->abouts[i];
    }
    c->about_count = kept;
}

static void add_about(struct desk *k, struct card *c, struct card_about line) {
    struct card_about *all = ARENA_ARRAY(&k->arena, struct card_about, c->about_count + 1);
    if (c->about_count) memcpy(all, c->abouts, c->about_count * sizeof *all);
    all[c->about_count++] = line;
    c->abouts = all;
}

/* One KEY=TEXT of several lines. */
static enum error say_lines(struct desk *k, struct card *c, struct text department, const struct about_key *key,
                            struct text rest, struct diag *d) {
    enum error result = OK;
    while (rest.size && !result) {
        struct text line;
        if (!text_cut(&rest, '\n', &line)) line = rest, rest.size = 0;
        if (!line.size) continue; /* a card has no empty lines */
        result = check_about(key, line, d);
        if (!result) add_about(k, c, (struct card_about){department, text_of(key->key), line});
    }
    return result;
}

static enum error find_key(struct text *word, const struct about_key **out, struct diag *d) {
    struct text key;
    *out = text_cut(word, '=', &key) ? about_find(key) : NULL;
    if (*out) return OK;
    return fail(d, ERR_INPUT,
                _("expected a section of RFC 2350 as 3.1=TEXT, or a field of security.txt as contact=mailto:…, found "
                  "“%.*s”"),
                TEXT_ARG(*word));
}

enum error own_card_say_about(struct desk *k, struct card *c, struct text department, struct names words,
                              struct diag *d) {
    enum error result = text_is(department, "*") ? OK : need_department(c, department, d);
    const struct about_key *key;
    for (size_t i = 0; i < words.count && !result; i++) {
        struct text rest = words.at[i];
        result = find_key(&rest, &key, d);
        if (!result) drop_abouts(c, department, key, false);
    }
    for (size_t i = 0; i < words.count && !result; i++) {
        struct text rest = words.at[i];
        result = find_key(&rest, &key, d);
        if (!result) result = say_lines(k, c, department, key, rest, d);
    }
    return result;
}

enum error own_card_take_profile(struct desk *k, struct card *c, struct text department, const struct profile *p,
                                 struct diag *d) {
    const struct {
        enum department_say what;
        struct names values;
    } says[] = {{SAY_TITLE, {&p->title, p->title.size > 0}},
                {SAY_LANGUAGES, {&p->languages, p->languages.size > 0}},
                {SAY_REMIT, p->remits},
                {SAY_HOURS, p->hours},
                {SAY_HOLIDAY, p->holidays}};
    enum error result = need_department(c, department, d);
    for (size_t i = 0; i < COUNT(says) && !result; i++)
        if (says[i].values.count) result = own_card_say(k, c, department, says[i].what, says[i].values, d);
    if (result) return result;
    drop_abouts(c, department, NULL, p->fields);
    for (size_t i = 0; i < p->about_count; i++)
        add_about(k, c, (struct card_about){department, p->abouts[i].key, p->abouts[i].value});
    return OK;
}

/* ---- departments and their recipients */

static enum error new_recipient(struct desk *k, struct card *c, struct text department, struct diag *d) {
    struct text recipient;
    enum error result = desk_make_identity(k, department, &recipient, d);
    if (!result) replace(&k->arena, &c->recipients, &c->recipient_count, department, (struct names){&recipient, 1});
    return result;
}

enum error own_card_add_department(struct desk *k, struct card *c, struct text department, struct text title,
                                   struct diag *d) {
    enum error result = need_word(department, _("department"), d);
    if (result) return result;
    if (own_card_has_department(c, department))
        return fail(d, ERR_CONFLICT, _("the card names a department “%.*s” already"), TEXT_ARG(department));
    result = own_card_check_saying(SAY_TITLE, (struct names){&title, 1}, d);
    if (!result) result = new_recipient(k, c, department, d);
    if (!result) replace(&k->arena, &c->departments, &c->department_count, department, (struct names){&title, 1});
    return result;
}

enum error own_card_rotate(struct desk *k, struct card *c, struct text department, struct diag *d) {
    enum error result = need_department(c, department, d);
    return result ? result : new_recipient(k, c, department, d);
}

/* ---- officers */

static enum error check_key(struct desk *k, struct text officer, struct text key, struct diag *d) {
    struct vkey given;
    struct text name = arena_format(&k->arena, "%.*s/officer/%.*s", TEXT_ARG(k->home.party), TEXT_ARG(officer));
    enum error result = vkey_read(key, &given, d);
    if (!result && (given.type != KEY_ED25519 || !text_equal(given.name, name)))
        result = fail(d, ERR_INPUT, _("expected a key named %.*s"), TEXT_ARG(name));
    return result;
}

static enum error key_of(struct desk *k, const struct card *c, const struct officer *o, struct text *key,
                         struct diag *d) {
    for (size_t i = 0; i < c->officer_count; i++) {
        if (!text_equal(c->officers[i].name, o->name)) continue;
        *key = c->officers[i].key;
        if (!o->key.size || text_equal(o->key, *key)) return OK;
        return fail(d, ERR_CONFLICT, _("the card names another key of the officer %.*s"), TEXT_ARG(o->name));
    }
    if (!o->key.size) {
        enum error result = desk_make_officer(k, o->name, key, d);
        if (result != ERR_CONFLICT) return result;
        return fail(d, ERR_CONFLICT,
                    _("a key of an officer %.*s was made before and taken off the card: choose another name"),
                    TEXT_ARG(o->name));
    }
    enum error result = check_key(k, o->name, o->key, d);
    if (!result) *key = o->key;
    return result;
}

enum error own_card_add_officer(struct desk *k, struct card *c, const struct officer *o, struct diag *d) {
    struct officer added = *o;
    enum error result = need_word(o->name, _("officer"), d);
    if (!result) result = need_department(c, o->department, d);
    for (size_t i = 0; i < o->roles.count && !result; i++) result = need_word(o->roles.at[i], _("role"), d);
    if (!result && !o->roles.count) result = fail(d, ERR_INPUT, _("an officer has at least one role"));
    for (size_t i = 0; i < c->officer_count && !result; i++)
        if (text_equal(c->officers[i].name, o->name) && text_equal(c->officers[i].department, o->department))
            result = fail(d, ERR_CONFLICT, _("%.*s is an officer of %.*s already"), TEXT_ARG(o->name),
                          TEXT_ARG(o->department));
    if (!result) result = key_of(k, c, o, &added.key, d);
    if (result) return result;
    struct officer *list = ARENA_ARRAY(&k->arena, struct officer, c->officer_count + 1);
    if (c->officer_count) memcpy(list, c->officers, c->officer_count * sizeof *list);
    list[c->officer_count++] = added;
    c->officers = list;
    return OK;
}

enum error own_card_rotate_officer(struct desk *k, struct card *c, struct text name, struct text key, struct diag *d) {
    bool found = false;
    enum error result = OK;
    for (size_t i = 0; i < c->officer_count; i++) found = found || text_equal(c->officers[i].name, name);
    if (!found) return fail(d, ERR_MISSING, _("the card names no such officer; `parley officer` lists them"));
    result = key.size ? check_key(k, name, key, d) : desk_make_officer_next(k, name, &key, d);
    for (size_t i = 0; i < c->officer_count && !result; i++)
        if (text_equal(c->officers[i].name, name)) c->officers[i].key = key;
    return result;
}

enum error own_card_remove_officer(struct card *c, struct text name, struct text department, struct diag *d) {
    size_t kept = 0, before = c->officer_count;
    for (size_t i = 0; i < before; i++) {
        const struct officer *o = &c->officers[i];
        bool leaves = text_equal(o->name, name) && (!department.size || text_equal(o->department, department));
        if (!leaves) c->officers[kept++] = *o;
    }
    c->officer_count = kept;
    if (kept < before) return OK;
    return fail(d, ERR_MISSING, _("the card names no such officer; `parley officer` lists them"));
}

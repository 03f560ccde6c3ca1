/* Cards to documents by RFC 2350, and such documents to what a card can say. */
#include "note/key.h"
#include "party/hours.h"
#include "party/profile.h"
#include "party/remit.h"

/* ---- writing */

struct writing {
    const struct card *card;
    struct text department; /* empty: the party, and so all departments */
    struct arena arena;
    struct buf *out;
};

static bool speaks_of(const struct writing *w, struct text department) {
    return !w->department.size || text_equal(w->department, department);
}

static void put(struct writing *w, const char *before, struct text line) {
    buf_format(w->out, "    %s%.*s\n", before, TEXT_ARG(line));
}

static void put_lines(struct writing *w, const char *before, const struct card_line *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (speaks_of(w, list[i].department)) put(w, before, list[i].value);
}

static void put_remits(struct writing *w, bool classes) {
    const struct card *c = w->card;
    for (size_t i = 0; i < c->remit_count; i++)
        if (speaks_of(w, c->remits[i].department) && text_starts(c->remits[i].value, TEXT("class:")) == classes)
            put(w, "", c->remits[i].value);
}

/* Each zone once. */
static void put_zones(struct writing *w) {
    const struct card *c = w->card;
    struct text *seen = ARENA_ARRAY(&w->arena, struct text, c->hours_count);
    size_t count = 0;
    for (size_t i = 0; i < c->hours_count; i++) {
        struct shift s;
        if (!speaks_of(w, c->hours[i].department) || !shift_read(c->hours[i].value, &s)) continue;
        if (names_have((struct names){seen, count}, s.zone)) continue;
        put(w, "", seen[count++] = s.zone);
    }
}

static void put_officers(struct writing *w) {
    const struct card *c = w->card;
    for (size_t i = 0; i < c->officer_count; i++) {
        const struct officer *o = &c->officers[i];
        if (!speaks_of(w, o->department)) continue;
        buf_string(w->out, "    ");
        for (size_t n = 0; n < o->roles.count; n++)
            buf_format(w->out, "%s%.*s", n ? "," : "", TEXT_ARG(o->roles.at[n]));
        buf_format(w->out, " %.*s\n", TEXT_ARG(o->key));
    }
}

static void put_date(struct writing *w) {
    if (w->card->date.size) put(w, "", w->card->date);
}

static void put_name(struct writing *w) {
    if (!w->department.size) put(w, "", w->card->party);
    for (size_t i = 0; w->department.size && i < w->card->department_count; i++)
        if (speaks_of(w, w->card->departments[i].department)) put(w, "", w->card->departments[i].value);
}

static void put_keys(struct writing *w) { put_lines(w, "", w->card->recipients, w->card->recipient_count); }
static void put_languages(struct writing *w) {
    put_lines(w, "Languages: ", w->card->languages, w->card->language_count);
}
static void put_hours(struct writing *w) {
    put_lines(w, "Hours: ", w->card->hours, w->card->hours_count);
    put_lines(w, "Closed: ", w->card->holidays, w->card->holiday_count);
}
static void put_constituency(struct writing *w) { put_remits(w, false); }
static void put_types(struct writing *w) { put_remits(w, true); }

/* What the card says elsewhere, by section. */
static const struct {
    const char *key;
    void (*put)(struct writing *w);
} derived[] = {{"1.1", put_date},   {"2.1", put_name},         {"2.3", put_zones},
               {"2.8", put_keys},   {"2.9", put_officers},     {"2.10", put_languages},
               {"2.11", put_hours}, {"3.2", put_constituency}, {"4.1", put_types}};

static void put_body(struct writing *w, const struct about_key *key) {
    struct names said = about_lines(w->card, w->department, key->key, &w->arena);
    for (size_t i = 0; i < COUNT(derived); i++)
        if (!strcmp(derived[i].key, key->key)) derived[i].put(w);
    for (size_t i = 0; i < said.count; i++) put(w, "", said.at[i]);
}

void rfc2350_write(const struct card *c, struct text department, struct buf *out) {
    struct writing w = {.card = c, .department = department, .out = out};
    for (size_t i = 0; i < about_key_count && !about_keys[i].field; i++) {
        struct buf body = {.max = out->max};
        w.out = &body;
        if (!about_keys[i].group) put_body(&w, &about_keys[i]);
        if (about_keys[i].group || body.size)
            buf_format(out, "%s%s %s\n\n", i && about_keys[i].group ? "\n" : "", about_keys[i].key,
                       about_keys[i].title);
        if (body.size) buf_format(out, "%.*s\n", TEXT_ARG(buf_as_text(&body)));
        if (body.failed) out->failed = true;
        buf_free(&body);
    }
    arena_free(&w.arena);
}

/* ---- reading */

struct document {
    struct arena *arena;
    struct profile profile;
    struct card_about *abouts;
    struct profile_left *left;
    size_t room, left_room, remit_room, hours_room, holiday_room;
    size_t section, lines; /* place in about_keys, SIZE_MAX before the first; lines of text so far */
    uint64_t line;
};

static void leave(struct document *t, const char *why) {
    t->left = arena_grow(t->arena, t->left, t->profile.left_count, &t->left_room, sizeof *t->left);
    t->left[t->profile.left_count++] = (struct profile_left){t->line, why};
}

static void add(struct document *t, struct names *list, size_t *room, struct text value) {
    struct text *grown = arena_grow(t->arena, (void *)(uintptr_t)list->at, list->count, room, sizeof *grown);
    grown[list->count] = value;
    *list = (struct names){grown, list->count + 1};
}

/* The section whose number stands at the front of a line: `2.1 Name`, `2.1. Name`, `## 2.1 Name`. */
static size_t heading_of(struct text line) {
    struct text number;
    while (text_skip(&line, TEXT("#"))) continue;
    size_t indent = 0;
    while (text_skip(&line, TEXT(" "))) indent++;
    line = text_trim(line);
    if (indent > 3 || !text_cut(&line, ' ', &number) || !text_trim(line).size) return SIZE_MAX;
    if (text_ends(number, TEXT("."))) number.size--;
    for (size_t i = 0; i < about_key_count && !about_keys[i].field; i++)
        if (text_is(number, about_keys[i].key)) return i;
    return SIZE_MAX;
}

/* Sections come in their order, so a number further down in a text is no heading.  A table of contents comes before
 * them all: it has no text between its lines, and is begun anew by the first heading that goes back. */
static bool take_heading(struct document *t, struct text line) {
    size_t found = heading_of(line);
    bool begins = t->section == SIZE_MAX || found > t->section;
    if (found == SIZE_MAX || (!begins && t->lines)) return false;
    t->section = found;
    return true;
}

static bool take_prefixed(struct document *t, const char *prefix, struct text line, struct names *list, size_t *room) {
    if (!text_skip(&line, text_of(prefix)) || !line.size) return false;
    add(t, list, room, line);
    return true;
}

static bool take_key(struct document *t, struct text line) {
    struct vkey key;
    struct text last = line, before;
    while (text_cut(&last, ' ', &before)) continue;
    if (!text_starts(line, TEXT("age1")) && vkey_read(last, &key, NULL)) return false;
    leave(t, N_("keys are not taken from a text"));
    return true;
}

static bool take_remit(struct document *t, struct text line) {
    struct remit ignored;
    if (!remit_read(line, &ignored)) return false;
    add(t, &t->profile.remits, &t->remit_room, line);
    return true;
}

/* What the card has a line of its own for. */
static bool take_derived(struct document *t, const char *key, struct text line) {
    struct profile *p = &t->profile;
    struct holiday day;
    struct text languages = line, closed = line;
    if (!strcmp(key, "1.1")) return leave(t, N_("the card has a date of its own")), true;
    if (!strcmp(key, "2.1") && !p->title.size) return p->title = line, true;
    if (!strcmp(key, "2.8") || !strcmp(key, "2.9")) return take_key(t, line);
    if (!strcmp(key, "2.10") && !p->languages.size && text_skip(&languages, TEXT("Languages: ")))
        return p->languages = languages, languages.size > 0;
    if (!strcmp(key, "2.11") && text_skip(&closed, TEXT("Closed: ")) && holiday_read(closed, &day))
        return add(t, &p->holidays, &t->holiday_room, closed), true;
    if (!strcmp(key, "2.11")) return take_prefixed(t, "Hours: ", line, &p->hours, &t->hours_room);
    if (!strcmp(key, "3.2") || !strcmp(key, "4.1")) return take_remit(t, line);
    return false;
}

/* Tabs are spaces: texts that were set in columns have them. */
static struct text without_tabs(struct document *t, struct text line) {
    if (text_find(line, '\t') == line.size) return line;
    char *copy = ARENA_ARRAY(t->arena, char, line.size);
    for (size_t i = 0; i < line.size; i++) copy[i] = line.at[i] == '\t' ? ' ' : line.at[i];
    return (struct text){copy, line.size};
}

static void take_line(struct document *t, struct text whole) {
    whole = without_tabs(t, whole);
    struct text line = text_trim(whole);
    if (!line.size || take_heading(t, whole)) return;
    if (t->section == SIZE_MAX) return leave(t, N_("it stands before the first section"));
    if (about_keys[t->section].group) return leave(t, N_("it stands in no section"));
    t->lines++;
    if (line.size > PROFILE_LINE_MAX) return leave(t, N_("the line is too long"));
    if (!text_is_note_text(line)) return leave(t, N_("it is not UTF-8, or holds control characters"));
    const char *key = about_keys[t->section].key;
    if (take_derived(t, key, line)) return;
    struct profile *p = &t->profile;
    t->abouts = arena_grow(t->arena, t->abouts, p->about_count, &t->room, sizeof *t->abouts);
    t->abouts[p->about_count++] = (struct card_about){.key = text_of(key), .value = line};
}

/* A time zone that only repeats that of the hours is not said twice. */
static void drop_zones(struct document *t) {
    size_t kept = 0;
    for (size_t i = 0; i < t->profile.about_count; i++) {
        bool repeats = false;
        for (size_t n = 0; n < t->profile.hours.count && text_is(t->abouts[i].key, "2.3"); n++) {
            struct shift s;
            repeats |= shift_read(t->profile.hours.at[n], &s) && text_equal(s.zone, t->abouts[i].value);
        }
        if (!repeats) t->abouts[kept++] = t->abouts[i];
    }
    t->profile.about_count = kept;
}

enum error rfc2350_read(struct text t, struct arena *a, struct profile *out, struct diag *d) {
    struct document doc = {.arena = a, .section = SIZE_MAX, .profile = {.expires = INSTANT_NONE}};
    struct text line;
    if (t.size > PROFILE_MAX_BYTES) return fail(d, ERR_LIMIT, _("more than %d bytes"), PROFILE_MAX_BYTES);
    (void)text_skip(&t, TEXT("\xef\xbb\xbf"));
    while (t.size) {
        if (!text_line(&t, &line)) line = t, t.size = 0;
        if (++doc.line > PROFILE_LINES_MAX) return fail(d, ERR_LIMIT, _("more than %d lines"), PROFILE_LINES_MAX);
        if (text_ends(line, TEXT("\r"))) line.size--;
        take_line(&doc, line);
    }
    if (doc.section == SIZE_MAX)
        return fail(d, ERR_INPUT, _("no section of RFC 2350 was found: expected headings as “2.1 Name of the Team”"));
    drop_zones(&doc);
    doc.profile.abouts = doc.abouts;
    doc.profile.left = doc.left;
    *out = doc.profile;
    return OK;
}

/* Signed note to card: each line by a table of what may stand there; then the card is written again and must be the
 * same. */
#include <string.h>

#include "note/key.h"
#include "note/note.h"
#include "party/card.h"

struct reading {
    struct card *card;
    struct arena *arena;
    struct {
        size_t mirrors, logs, tls, urls, neutrals, departments, remits, languages, hours, holidays, abouts, recipients,
            officers, clearances;
    } room;
};

bool names_have(struct names list, struct text word) {
    for (size_t i = 0; i < list.count; i++)
        if (text_equal(list.at[i], word)) return true;
    return false;
}

static bool add_name(struct reading *r, struct names *list, size_t *room, struct text value) {
    struct text *grown = arena_grow(r->arena, (void *)(uintptr_t)list->at, list->count, room, sizeof *grown);
    grown[list->count] = value;
    *list = (struct names){grown, list->count + 1};
    return value.size > 0;
}

static bool split_names(struct reading *r, struct text value, struct names *out) {
    size_t room = 0;
    struct names list = {NULL, 0};
    struct text word;
    while (text_cut(&value, ',', &word))
        if (!add_name(r, &list, &room, word)) return false;
    if (!add_name(r, &list, &room, value)) return false;
    *out = list;
    return true;
}

bool card_word_valid(struct text t) {
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')) return false;
    }
    return t.size > 0 && t.size <= 64;
}

static bool is_vkey(struct text t, enum key_type type) {
    struct vkey key;
    return vkey_read(t, &key, NULL) == OK && key.type == type;
}

static bool read_party(struct reading *r, struct text v) {
    return !r->card->party.size && (r->card->party = v).size > 0;
}
static bool read_serial(struct reading *r, struct text v) { return text_u64(v, &r->card->serial); }
static bool read_previous(struct reading *r, struct text v) { return sha256_is_hex(r->card->previous = v); }
static bool read_root(struct reading *r, struct text v) { return is_vkey(r->card->root = v, KEY_ED25519); }
static bool read_date(struct reading *r, struct text v) { return (r->card->date = v).size > 0; }

static bool read_mirror(struct reading *r, struct text v) {
    return is_vkey(v, KEY_COSIGNATURE) && add_name(r, &r->card->mirrors, &r->room.mirrors, v);
}

static bool read_log(struct reading *r, struct text v) {
    struct card *c = r->card;
    struct card_log log;
    if (!text_cut(&v, ' ', &log.origin) || !is_vkey(v, KEY_ED25519)) return false;
    log.key = v;
    c->logs = arena_grow(r->arena, c->logs, c->log_count, &r->room.logs, sizeof log);
    c->logs[c->log_count++] = log;
    return true;
}

static bool read_tls(struct reading *r, struct text v) {
    return sha256_is_hex(v) && add_name(r, &r->card->tls, &r->room.tls, v);
}

static bool read_url(struct reading *r, struct text v) {
    return text_starts(v, TEXT("https://")) && text_find(v, ' ') == v.size &&
           add_name(r, &r->card->urls, &r->room.urls, v);
}

const struct text *card_mirror_named(const struct card *c, struct text name) {
    struct vkey key;
    for (size_t i = 0; i < c->mirrors.count; i++)
        if (vkey_read(c->mirrors.at[i], &key, NULL) == OK && text_equal(key.name, name)) return &c->mirrors.at[i];
    return NULL;
}

/* Its key stands above it, for what a receipt counts by is the `mirror` line. */
static bool read_neutral(struct reading *r, struct text v) {
    struct card *c = r->card;
    struct card_neutral n;
    if (c->neutral_count == CARD_NEUTRALS_MAX) return false;
    if (!text_cut(&v, ' ', &n.name) || !text_cut(&v, ' ', &n.tls) || !sha256_is_hex(n.tls)) return false;
    if (!text_starts(v, TEXT("https://")) || text_find(v, ' ') != v.size || !card_mirror_named(c, n.name)) return false;
    n.url = v;
    c->neutrals = arena_grow(r->arena, c->neutrals, c->neutral_count, &r->room.neutrals, sizeof n);
    c->neutrals[c->neutral_count++] = n;
    return true;
}

static bool add_line(struct reading *r, struct card_line **list, size_t *count, size_t *room, struct text v) {
    struct card_line line;
    if (!text_cut(&v, ' ', &line.department) || !card_word_valid(line.department) || !v.size) return false;
    line.value = v;
    *list = arena_grow(r->arena, *list, *count, room, sizeof line);
    (*list)[(*count)++] = line;
    return true;
}

#define LINES(word, list, count)                                                                                       \
    static bool read_##word(struct reading *r, struct text v) {                                                        \
        return add_line(r, &r->card->list, &r->card->count, &r->room.list, v);                                         \
    }
LINES(department, departments, department_count)
LINES(remit, remits, remit_count)
LINES(languages, languages, language_count)
LINES(hours, hours, hours_count)
LINES(holiday, holidays, holiday_count)
LINES(recipient, recipients, recipient_count)
#undef LINES

static bool read_about(struct reading *r, struct text v) {
    struct card *c = r->card;
    struct card_about line;
    if (!text_cut(&v, ' ', &line.department) || !text_cut(&v, ' ', &line.key) || !v.size) return false;
    if (!text_is(line.department, "*") && !card_word_valid(line.department)) return false;
    if (!card_word_valid(line.key)) return false;
    line.value = v;
    c->abouts = arena_grow(r->arena, c->abouts, c->about_count, &r->room.abouts, sizeof line);
    c->abouts[c->about_count++] = line;
    return true;
}

static bool read_officer(struct reading *r, struct text v) {
    struct card *c = r->card;
    struct officer o;
    struct text roles;
    if (!text_cut(&v, ' ', &o.name) || !text_cut(&v, ' ', &o.department) || !text_cut(&v, ' ', &roles)) return false;
    if (!card_word_valid(o.name) || !card_word_valid(o.department) || !split_names(r, roles, &o.roles) ||
        !is_vkey(v, KEY_ED25519))
        return false;
    o.key = v;
    for (size_t i = 0; i < c->officer_count; i++)
        if (text_equal(c->officers[i].name, o.name) && text_equal(c->officers[i].department, o.department))
            return false;
    c->officers = arena_grow(r->arena, c->officers, c->officer_count, &r->room.officers, sizeof o);
    c->officers[c->officer_count++] = o;
    return true;
}

static bool read_clearance(struct reading *r, struct text v) {
    struct card *c = r->card;
    struct clearance rule;
    struct text kinds, level, number;
    if (!text_cut(&v, ' ', &kinds) || !text_cut(&v, ' ', &level) || !text_cut(&v, ' ', &number)) return false;
    if (!split_names(r, kinds, &rule.kinds) || !tlp_read(level, &rule.tlp) || !text_u64(number, &rule.number))
        return false;
    if (!split_names(r, v, &rule.roles) || !rule.number || rule.number > 16) return false;
    c->clearances = arena_grow(r->arena, c->clearances, c->clearance_count, &r->room.clearances, sizeof rule);
    c->clearances[c->clearance_count++] = rule;
    return true;
}

static const struct {
    const char *word;
    bool (*read)(struct reading *r, struct text value);
    const char *expected;
} items[] = {
    {"party", read_party, N_("a host name")},
    {"serial", read_serial, N_("a number")},
    {"previous", read_previous, N_("64 hexadecimal digits")},
    {"root", read_root, N_("an Ed25519 vkey")},
    {"mirror", read_mirror, N_("a cosignature vkey")},
    {"log", read_log, N_("an origin and an Ed25519 vkey")},
    {"tls", read_tls, N_("64 hexadecimal digits")},
    {"url", read_url, N_("an https:// address")},
    {"neutral", read_neutral, N_("the name of a mirror key above, 64 hexadecimal digits and an https:// address")},
    {"department", read_department, N_("a department and its title")},
    {"remit", read_remit, N_("a department and what it takes care of")},
    {"languages", read_languages, N_("a department and language codes")},
    {"hours", read_hours, N_("a department and its hours")},
    {"holiday", read_holiday, N_("a department and a day on which it is closed")},
    {"about", read_about, N_("a department or “*”, a section and a line of text")},
    {"recipient", read_recipient, N_("a department and an age recipient")},
    {"officer", read_officer, N_("a new name, a department, roles and an Ed25519 vkey")},
    {"clearance", read_clearance, N_("kinds, a TLP level, a number from 1 to 16 and roles")},
    {"date", read_date, N_("a date")},
};

static enum error read_line(struct reading *r, struct text line, uint64_t number, struct diag *d) {
    struct text word, rest = line;
    if (!text_cut(&rest, ' ', &word)) return fail_at(d, number, ERR_INPUT, _("expected a word and its value"));
    for (size_t i = 0; i < COUNT(items); i++) {
        if (!text_is(word, items[i].word)) continue;
        if (items[i].read(r, rest)) return OK;
        return fail_at(d, number, ERR_INPUT, _("card line “%s”: expected %s"), items[i].word,
                       gettext(items[i].expected));
    }
    return fail_at(d, number, ERR_INPUT, _("no such card line: “%.*s”"), TEXT_ARG(word));
}

static enum error check_spelling(const struct card *c, struct text t, struct diag *d) {
    struct buf again = {.max = CARD_MAX_BYTES};
    card_write(c, &again);
    bool same = !again.failed && text_equal(buf_as_text(&again), t);
    buf_free(&again);
    return same ? OK : fail(d, ERR_INPUT, _("the lines of the card are not in their order, or stand twice"));
}

enum error card_read_text(struct text t, struct arena *a, struct card *out, struct diag *d) {
    struct card c = {0};
    struct reading r = {.card = &c, .arena = a};
    struct text rest = t, line;
    uint64_t number = 1;
    if (!text_line(&rest, &line) || !text_is(line, "parley card v1"))
        return fail_at(d, 1, ERR_INPUT, _("expected “parley card v1”"));
    while (text_line(&rest, &line)) {
        if (++number > CARD_LINES_MAX) return fail(d, ERR_LIMIT, _("a card of more than %d lines"), CARD_LINES_MAX);
        enum error result = read_line(&r, line, number, d);
        if (result) return result;
    }
    if (rest.size) return fail_at(d, number + 1, ERR_INPUT, _("the last line does not end"));
    if (!c.party.size || !c.root.size || !c.mirrors.count)
        return fail(d, ERR_INPUT, _("a card names a party, a root and a mirror"));
    enum error result = check_spelling(&c, t, d);
    if (!result) *out = c;
    return result;
}

/* The root's key name says whose root it is; else any root could sign any party's card. */
static bool root_fits(const struct card *c, const struct vkey *root) {
    struct text name = root->name;
    return text_skip(&name, c->party) && text_is(name, "/root");
}

static enum error read_note(struct bytes whole, bool verifies, struct arena *a, struct card *out, struct diag *d) {
    struct note n;
    struct card c;
    struct vkey root;
    if (whole.size > CARD_MAX_BYTES) return fail(d, ERR_LIMIT, _("a card of more than %d bytes"), CARD_MAX_BYTES);
    enum error result = note_read(whole, a, &n, d);
    if (!result) result = card_read_text(n.text, a, &c, d);
    if (!result) result = vkey_read(c.root, &root, d);
    if (!result && !root_fits(&c, &root))
        result = fail(d, ERR_INPUT, _("expected a root key named %.*s/root"), TEXT_ARG(c.party));
    if (!result && verifies) result = note_verify(&n, &root, 1, NULL, d);
    if (result) return result;
    struct sha256 id = sha256_of(whole);
    char hex[SHA256_HEX];
    c.id = arena_text(a, sha256_hex(&id, hex));
    *out = c;
    return OK;
}

enum error card_read(struct bytes note, struct arena *a, struct card *out, struct diag *d) {
    return read_note(note, true, a, out, d);
}

enum error card_read_again(struct bytes note, struct arena *a, struct card *out, struct diag *d) {
    return read_note(note, false, a, out, d);
}

/* Cards to security.txt (RFC 9116), and such a file to what a card can say. */
#include "party/profile.h"

/* ---- times and addresses */

static bool two(struct text t, size_t at, unsigned *out) {
    if (at + 2 > t.size || t.at[at] < '0' || t.at[at] > '9' || t.at[at + 1] < '0' || t.at[at + 1] > '9') return false;
    *out = (unsigned)(t.at[at] - '0') * 10 + (unsigned)(t.at[at + 1] - '0');
    return true;
}

/* `+01:30` as seconds east; `Z`. */
static bool read_offset(struct text t, instant *out) {
    unsigned hours, minutes;
    *out = 0;
    if (text_is(t, "Z") || text_is(t, "z")) return true;
    if (t.size != 6 || (t.at[0] != '+' && t.at[0] != '-') || t.at[3] != ':') return false;
    if (!two(t, 1, &hours) || !two(t, 4, &minutes) || hours > 23 || minutes > 59) return false;
    *out = (instant)(hours * 60 + minutes) * 60 * INSTANT_SECOND * (t.at[0] == '-' ? -1 : 1);
    return true;
}

bool rfc3339_read(struct text t, instant *out) {
    char civil[20];
    size_t end = 19;
    instant at, offset;
    if (t.size < 20 || (t.at[10] != 'T' && t.at[10] != 't' && t.at[10] != ' ')) return false;
    memcpy(civil, t.at, 19);
    civil[10] = 'T';
    civil[19] = 'Z';
    if (t.at[end] == '.')
        for (end++; end < t.size && t.at[end] >= '0' && t.at[end] <= '9';) end++;
    if (end == 20 || !instant_read((struct text){civil, 20}, &at)) return false;
    if (!read_offset(text_sub(t, end, t.size), &offset)) return false;
    *out = at - offset;
    return true;
}

bool uri_fits(struct text t) {
    struct text scheme = t;
    if (!text_is_note_text(t) || text_find(t, ' ') != t.size || text_find(t, '\n') != t.size) return false;
    if (!text_cut(&t, ':', &scheme) || !scheme.size || !t.size) return false;
    for (size_t i = 0; i < scheme.size; i++) {
        char c = scheme.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (!i || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) return false;
    }
    return !text_is(scheme, "http");
}

/* ---- writing */

static void put_field(const struct card *c, struct text department, const struct about_key *key, struct arena *a,
                      struct buf *out) {
    struct names values = about_lines(c, department, key->key, a);
    for (size_t i = 0; i < values.count; i++) buf_format(out, "%s: %.*s\n", key->title, TEXT_ARG(values.at[i]));
}

/* The languages of the department, or of all, each once. */
static void put_languages(const struct card *c, struct text department, struct arena *a, struct buf *out) {
    size_t count = 0, room = 0;
    struct text *codes = NULL;
    for (size_t i = 0; i < c->language_count; i++) {
        struct text rest = c->languages[i].value, code;
        if (department.size && !text_equal(c->languages[i].department, department)) continue;
        while (rest.size) {
            if (!text_cut(&rest, ',', &code)) code = rest, rest.size = 0;
            if (names_have((struct names){codes, count}, code)) continue;
            codes = arena_grow(a, codes, count, &room, sizeof *codes);
            codes[count++] = code;
        }
    }
    for (size_t i = 0; i < count; i++)
        buf_format(out, "%s%.*s", i ? ", " : "Preferred-Languages: ", TEXT_ARG(codes[i]));
    if (count) buf_char(out, '\n');
}

enum error security_txt_write(const struct card *c, struct text department, struct buf *out, instant *expires,
                              struct diag *d) {
    struct arena a = {0};
    struct names contacts = about_lines(c, department, "contact", &a);
    struct names until = about_lines(c, department, "expires", &a);
    instant at = INSTANT_NONE;
    enum error result = OK;
    if (!contacts.count)
        result = fail(
            d, ERR_MISSING,
            _("the card states no contact for security.txt: `parley department set ID --about contact=mailto:…` does"));
    else if (until.count != 1 || !rfc3339_read(until.at[0], &at))
        result = fail(d, ERR_MISSING,
                      _("the card does not state when security.txt expires: `parley department set ID --about "
                        "expires=TIME` does"));
    if (!result) {
        buf_format(out, "# %.*s%s%.*s, card %llu\n", TEXT_ARG(c->party), department.size ? "/" : "",
                   TEXT_ARG(department), (unsigned long long)c->serial);
        for (size_t i = 0; i < about_key_count; i++)
            if (about_keys[i].field) put_field(c, department, &about_keys[i], &a, out);
        put_languages(c, department, &a, out);
        *expires = at;
    }
    arena_free(&a);
    return result;
}

/* ---- reading */

struct file { /* while it is read */
    struct arena *arena;
    struct profile profile;
    struct card_about *abouts;
    struct profile_left *left;
    size_t room, left_room;
    uint64_t line;
    bool contact, languages;
};

static void leave(struct file *f, const char *why) {
    f->left = arena_grow(f->arena, f->left, f->profile.left_count, &f->left_room, sizeof *f->left);
    f->left[f->profile.left_count++] = (struct profile_left){f->line, why};
}

static void keep(struct file *f, const char *key, struct text value) {
    f->abouts = arena_grow(f->arena, f->abouts, f->profile.about_count, &f->room, sizeof *f->abouts);
    f->abouts[f->profile.about_count++] = (struct card_about){.key = text_of(key), .value = value};
}

static bool same_name(struct text t, const char *name) {
    size_t size = strlen(name);
    for (size_t i = 0; i < size && i < t.size; i++) {
        char a = t.at[i], b = name[i];
        if (a >= 'A' && a <= 'Z') a = (char)(a - 'A' + 'a');
        if (b >= 'A' && b <= 'Z') b = (char)(b - 'A' + 'a');
        if (a != b) return false;
    }
    return t.size == size;
}

static enum error take_expires(struct file *f, struct text value, struct diag *d) {
    char written[INSTANT_TEXT_MAX];
    if (f->profile.expires != INSTANT_NONE) return fail_at(d, f->line, ERR_INPUT, _("a second Expires"));
    if (!rfc3339_read(value, &f->profile.expires))
        return fail_at(d, f->line, ERR_INPUT, _("Expires: expected a time as 2027-01-01T00:00:00Z"));
    keep(f, "expires", arena_text(f->arena, instant_write(f->profile.expires, written)));
    return OK;
}

/* A card has codes of two letters. */
static enum error take_languages(struct file *f, struct text value, struct diag *d) {
    struct text code, all = {0};
    if (f->languages) return fail_at(d, f->line, ERR_INPUT, _("a second Preferred-Languages"));
    f->languages = true;
    while (value.size) {
        if (!text_cut(&value, ',', &code)) code = value, value.size = 0;
        code = text_trim(code);
        bool fits = code.size == 2 && code.at[0] >= 'a' && code.at[0] <= 'z' && code.at[1] >= 'a' && code.at[1] <= 'z';
        if (fits)
            all = arena_format(f->arena, "%.*s%s%.*s", TEXT_ARG(all), all.size ? "," : "", TEXT_ARG(code));
        else
            leave(f, N_("a card has languages of two letters"));
    }
    f->profile.languages = all;
    return OK;
}

static enum error take_field(struct file *f, struct text name, struct text value, struct diag *d) {
    if (same_name(name, "expires")) return take_expires(f, value, d);
    if (same_name(name, "preferred-languages")) return take_languages(f, value, d);
    const struct about_key *key = NULL;
    for (size_t i = 0; i < about_key_count && !key; i++)
        if (about_keys[i].field && same_name(name, about_keys[i].key)) key = &about_keys[i];
    if (!key) return leave(f, N_("no field that a card has a place for")), OK;
    if (value.size > PROFILE_LINE_MAX || !uri_fits(value))
        return leave(f, N_("expected an address as mailto:…, tel:… or https://…")), OK;
    f->contact |= !strcmp(key->key, "contact");
    return keep(f, key->key, value), OK;
}

/* A signature is not checked: whose key would it be?  What stands around the signed text is passed over. */
static bool armor(struct file *f, struct text *line, struct text *rest) {
    if (text_is(*line, "-----BEGIN PGP SIGNED MESSAGE-----")) {
        leave(f, N_("the signature is not checked"));
        while (text_line(rest, line) && text_trim(*line).size && !text_is(*line, "\r")) f->line++;
        f->line++;
        return true;
    }
    if (text_is(*line, "-----BEGIN PGP SIGNATURE-----")) {
        *rest = text_sub(*rest, rest->size, rest->size);
        return true;
    }
    (void)text_skip(line, TEXT("- "));
    return false;
}

static enum error take_line(struct file *f, struct text line, struct text *rest, struct diag *d) {
    struct text name;
    if (text_ends(line, TEXT("\r"))) line.size--;
    if (armor(f, &line, rest)) return OK;
    line = text_trim(line);
    if (!line.size || line.at[0] == '#') return OK;
    if (!text_is_note_text(line)) return leave(f, N_("it is not UTF-8, or holds control characters")), OK;
    if (!text_cut(&line, ':', &name)) return leave(f, N_("it is no field")), OK;
    return take_field(f, text_trim(name), text_trim(line), d);
}

enum error security_txt_read(struct text t, struct arena *a, struct profile *out, struct diag *d) {
    struct file f = {.arena = a, .profile = {.fields = true, .expires = INSTANT_NONE}};
    struct text line;
    enum error result = OK;
    if (t.size > PROFILE_MAX_BYTES) return fail(d, ERR_LIMIT, _("more than %d bytes"), PROFILE_MAX_BYTES);
    (void)text_skip(&t, TEXT("\xef\xbb\xbf"));
    while (t.size && !result) {
        if (!text_line(&t, &line)) line = t, t.size = 0;
        if (++f.line > PROFILE_LINES_MAX) return fail(d, ERR_LIMIT, _("more than %d lines"), PROFILE_LINES_MAX);
        result = take_line(&f, line, &t, d);
    }
    if (!result && !f.contact) result = fail(d, ERR_INPUT, _("a security.txt states a Contact"));
    if (!result && f.profile.expires == INSTANT_NONE) result = fail(d, ERR_INPUT, _("a security.txt states Expires"));
    if (result) return result;
    f.profile.abouts = f.abouts;
    f.profile.left = f.left;
    *out = f.profile;
    return OK;
}

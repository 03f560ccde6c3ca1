#include "desk/compared.h"

#include "base/os.h"

enum { COMPARED_MAX_BYTES = 1 << 20, HOW_MAX = 200 };

static const char *path_of(struct desk *k, struct text party) {
    return home_path(&k->home, &k->arena, "desk/compared/%.*s", TEXT_ARG(party));
}

static void add_digits(struct buf *out, struct text number) {
    for (size_t i = 0; i < number.size; i++)
        if (number.at[i] != ' ') buf_char(out, number.at[i]);
}

static enum error check(const struct compared *c, struct text by, struct diag *d) {
    if (!by.size || text_find(by, ' ') < by.size || !text_is_note_text(by))
        return fail(d, ERR_USAGE, _("expected the name of an officer, found “%.*s”"), TEXT_ARG(by));
    if (c->how.size > HOW_MAX || text_find(c->how, '\n') < c->how.size || !text_is_note_text(c->how))
        return fail(d, ERR_USAGE, _("expected one line of at most %d bytes on how it was compared"), HOW_MAX);
    return OK;
}

enum error compared_add(struct desk *k, struct text party, const struct compared *c, struct diag *d) {
    struct buf file = {.max = COMPARED_MAX_BYTES};
    struct text by = c->by.size ? c->by : k->home.officer;
    const char *path = path_of(k, party);
    enum error result = check(c, by, d);
    if (!result) result = os_make_folders(home_path(&k->home, &k->arena, "desk/compared"), 0700, d);
    if (!result && os_exists(path)) result = os_read(path, COMPARED_MAX_BYTES, &file, d);
    buf_instant(&file, c->time);
    buf_string(&file, c->differ ? " differ " : " matched ");
    add_digits(&file, c->number);
    buf_format(&file, " %.*s %.*s\n", TEXT_ARG(by), TEXT_ARG(c->how));
    if (!result) result = buf_check(&file, d);
    if (!result) result = os_write(path, buf_as_bytes(&file), 0600, d);
    buf_free(&file);
    return result;
}

static bool line_read(struct text line, struct compared *out) {
    struct text time, word;
    if (!text_cut(&line, ' ', &time) || !instant_read(time, &out->time) || !text_cut(&line, ' ', &word)) return false;
    out->differ = text_is(word, "differ");
    if (!out->differ && !text_is(word, "matched")) return false;
    if (!text_cut(&line, ' ', &out->number) || !text_cut(&line, ' ', &out->by)) return false;
    out->how = line;
    return true;
}

enum error compared_last(struct desk *k, struct text party, struct compared *out, struct diag *d) {
    struct buf file = {.max = COMPARED_MAX_BYTES};
    const char *path = path_of(k, party);
    struct text lines, line;
    *out = (struct compared){.time = INSTANT_NONE};
    if (!os_exists(path)) return OK;
    enum error result = os_read(path, COMPARED_MAX_BYTES, &file, d);
    lines = arena_text(&k->arena, buf_as_text(&file));
    while (!result && text_line(&lines, &line))
        if (!line_read(line, out)) result = fail(d, ERR_INPUT, _("expected when and how a number was compared"));
    diag_where(d, result ? path : NULL);
    buf_free(&file);
    return result;
}

enum error compared_allows(struct desk *k, struct text party, struct diag *d) {
    char at[INSTANT_TEXT_MAX];
    struct compared last;
    enum error result = compared_last(k, party, &last, d);
    if (result || last.time == INSTANT_NONE || !last.differ) return result;
    return fail(
        d, ERR_FROZEN,
        _("not sent: %.*s found on %.*s that the safety numbers with %.*s differ, so someone may stand between. "
          "Compare again over a way that you trust; where they are alike: parley compare %.*s --matched"),
        TEXT_ARG(last.by), TEXT_ARG(instant_write(last.time, at)), TEXT_ARG(party), TEXT_ARG(party));
}

/* Whether both have the same digits. */
static bool alike(struct text kept, struct text number) {
    struct buf digits = {.max = 256};
    add_digits(&digits, number);
    bool same = text_equal(kept, buf_as_text(&digits));
    buf_free(&digits);
    return same;
}

json_t *compared_json(const struct compared *c, struct text number) {
    json_t *o = json_object();
    json_put(o, "time", json_from_instant(c->time));
    json_put_text(o, "result", c->differ ? TEXT("differ") : TEXT("matched"));
    json_put_text(o, "by", c->by);
    json_put_text_if(o, "how", c->how);
    json_put_bool(o, "current", alike(c->number, number));
    return o;
}

/* Neutral mirrors on one's own card: the key by which their receipts count, and where they are reached. */
#include <string.h>

#include "desk/own_card.h"

/* Takes both lines of a mirror out; whether there was one. */
static bool drop(struct desk *k, struct card *c, struct text name) {
    const struct text *key = card_mirror_named(c, name);
    struct text *mirrors = ARENA_ARRAY(&k->arena, struct text, c->mirrors.count + 1);
    size_t kept = 0, kept_mirrors = 0, before = c->neutral_count;
    for (size_t i = 0; i < before; i++)
        if (!text_equal(c->neutrals[i].name, name)) c->neutrals[kept++] = c->neutrals[i];
    c->neutral_count = kept;
    if (kept == before) return false; /* one's own key is no neutral mirror's */
    for (size_t i = 0; i < c->mirrors.count; i++)
        if (!key || !text_equal(c->mirrors.at[i], *key)) mirrors[kept_mirrors++] = c->mirrors.at[i];
    c->mirrors = (struct names){mirrors, kept_mirrors};
    return true;
}

static enum error check_line(const struct card *c, struct text line, struct text *vkey, struct card_neutral *out,
                             struct diag *d) {
    struct vkey key;
    struct text rest = line;
    bool whole = text_cut(&rest, ' ', vkey) && text_cut(&rest, ' ', &out->tls) && sha256_is_hex(out->tls) &&
                 text_starts(rest, TEXT("https://")) && text_find(rest, ' ') == rest.size;
    if (!whole || vkey_read(*vkey, &key, NULL) || key.type != KEY_COSIGNATURE)
        return fail(d, ERR_INPUT,
                    _("expected the line that `parley mirror init` prints: a key that cosigns, 64 "
                      "hexadecimal digits and an https:// address"));
    struct text own = key.name;
    if (text_skip(&own, c->party) && text_is(own, "/mirror"))
        return fail(d, ERR_INPUT, _("this is a key of one's own mirror: a neutral one is somebody else's"));
    out->name = key.name;
    out->url = rest;
    return OK;
}

enum error own_card_add_neutral(struct desk *k, struct card *c, struct text line, struct diag *d) {
    struct card_neutral added;
    struct text vkey;
    enum error result = check_line(c, line, &vkey, &added, d);
    if (result) return result;
    drop(k, c, added.name);
    if (c->neutral_count == CARD_NEUTRALS_MAX)
        return fail(d, ERR_LIMIT, _("a card names at most %d neutral mirrors"), CARD_NEUTRALS_MAX);
    struct text *mirrors = ARENA_ARRAY(&k->arena, struct text, c->mirrors.count + 1);
    struct card_neutral *list = ARENA_ARRAY(&k->arena, struct card_neutral, c->neutral_count + 1);
    if (c->mirrors.count) memcpy(mirrors, c->mirrors.at, c->mirrors.count * sizeof *mirrors);
    if (c->neutral_count) memcpy(list, c->neutrals, c->neutral_count * sizeof *list);
    mirrors[c->mirrors.count] = vkey;
    list[c->neutral_count++] = added;
    c->mirrors = (struct names){mirrors, c->mirrors.count + 1};
    c->neutrals = list;
    return OK;
}

enum error own_card_drop_neutral(struct desk *k, struct card *c, struct text name, struct diag *d) {
    return drop(k, c, name) ? OK
                            : fail(d, ERR_MISSING, _("the card names no such neutral mirror: %.*s"), TEXT_ARG(name));
}

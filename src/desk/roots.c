#include "desk/roots.h"

#include "note/fingerprint.h"
#include "note/key.h"
#include "record/channel.h"

enum { ROOTS_MAX_BYTES = 1 << 20 };

static const char *roots_path(struct desk *k) { return home_path(&k->home, &k->arena, "desk/roots"); }

struct roots {
    struct desk *desk;
    struct buf before, added; /* what was known, and what is shown for the first time */
};

static bool has_line(struct text lines, struct text party, struct text root, bool *party_known) {
    struct text line, name;
    while (text_line(&lines, &line)) {
        if (!text_cut(&line, ' ', &name) || !text_equal(name, party)) continue;
        *party_known = true;
        if (text_equal(line, root)) return true;
    }
    return false;
}

static enum error check_one(struct roots *r, struct text party, struct text root, struct diag *d) {
    struct vkey key;
    char digits[FINGERPRINT_SIZE];
    bool known = false, ignored;
    if (!root.size) return OK;
    if (!party_name_valid(party) || vkey_read(root, &key, NULL))
        return fail(d, ERR_INPUT, _("the node shows a channel without a party or a root"));
    if (has_line(buf_as_text(&r->before), party, root, &known)) return OK;
    if (known)
        return fail(
            d, ERR_SIGNATURE,
            _("the node shows another root of %.*s than this desk has seen, with the fingerprint %s.  Ask where "
              "the card is kept whether `parley fingerprint %.*s` prints the same there; if it does, `parley "
              "join open` with the answer makes this desk take it"),
            TEXT_ARG(party), fingerprint_write(root, digits).at, TEXT_ARG(party));
    if (!has_line(buf_as_text(&r->added), party, root, &ignored))
        buf_format(&r->added, "%.*s %.*s\n", TEXT_ARG(party), TEXT_ARG(root));
    return OK;
}

static enum error keep(struct roots *r, struct diag *d) {
    if (!r->added.size) return OK;
    buf_bytes(&r->before, buf_as_bytes(&r->added));
    enum error result = buf_check(&r->before, d);
    return result ? result : os_write(roots_path(r->desk), buf_as_bytes(&r->before), 0600, d);
}

enum error roots_check(struct desk *k, struct text own, const struct link_channel *list, size_t count, struct diag *d) {
    struct roots r = {.desk = k, .before = {.max = ROOTS_MAX_BYTES}, .added = {.max = ROOTS_MAX_BYTES}};
    const char *path = roots_path(k);
    enum error result = os_exists(path) ? os_read(path, ROOTS_MAX_BYTES, &r.before, d) : OK;
    if (!result) result = check_one(&r, k->home.party, own, d);
    for (size_t i = 0; i < count && !result; i++) {
        result = check_one(&r, k->home.party, list[i].own_root, d);
        if (!result) result = check_one(&r, list[i].party, list[i].their_root, d);
    }
    if (!result) result = keep(&r, d);
    buf_free(&r.before);
    buf_free(&r.added);
    return result;
}

enum error roots_forget(struct desk *k, struct diag *d) {
    const char *path = roots_path(k);
    return os_exists(path) ? os_remove(path, d) : OK;
}

/* Changing keys of the node, and the root. */
#include "desk/rotation.h"

#include <stdio.h>

#include "desk/own_card.h"
#include "record/entry.h"

static struct text origin_of(const struct key_wish *w) { return w->channel ? w->channel->own_origin : TEXT(""); }

static enum error step_of(struct desk *k, const struct key_wish *w, enum key_step step, struct key_pair *out,
                          struct diag *d) {
    enum error result = desk_link(k, d);
    return result ? result : link_key(k->link, w->which, step, origin_of(w), k->now, &k->arena, out, d);
}

/* ---- what a card names */

static bool card_names(const struct card *c, const struct key_wish *w, struct text key) {
    if (w->which == NODE_MIRROR) return names_have(c->mirrors, key);
    if (w->which == NODE_TLS) return names_have(c->tls, key);
    for (size_t i = 0; i < c->log_count; i++)
        if (text_equal(c->logs[i].origin, origin_of(w)) && text_equal(c->logs[i].key, key)) return true;
    return false;
}

static struct names changed(struct desk *k, struct names list, struct text drop, struct text add) {
    struct text *made = ARENA_ARRAY(&k->arena, struct text, list.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        if (!text_equal(list.at[i], drop) && !text_equal(list.at[i], add)) made[count++] = list.at[i];
    if (add.size) made[count++] = add;
    return (struct names){made, count};
}

static void change_logs(struct desk *k, struct card *c, struct text origin, struct text drop, struct text add) {
    struct card_log *made = ARENA_ARRAY(&k->arena, struct card_log, c->log_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < c->log_count; i++) {
        bool same = text_equal(c->logs[i].origin, origin);
        if (!same || (!text_equal(c->logs[i].key, drop) && !text_equal(c->logs[i].key, add)))
            made[count++] = c->logs[i];
    }
    if (add.size) made[count++] = (struct card_log){origin, add};
    c->logs = made;
    c->log_count = count;
}

/* The working copy, without `drop` and with `add` (each may be empty). */
static enum error change_card(struct desk *k, const struct key_wish *w, struct text drop, struct text add,
                              struct diag *d) {
    struct card c;
    enum error result = own_card_load(k, &c, d);
    if (result) return result;
    if (w->which == NODE_MIRROR)
        c.mirrors = changed(k, c.mirrors, drop, add);
    else if (w->which == NODE_TLS)
        c.tls = changed(k, c.tls, drop, add);
    else
        change_logs(k, &c, origin_of(w), drop, add);
    return own_card_save(k, &c, d);
}

/* ---- whether they have it */

static bool blob_names(struct desk *k, const struct link_channel *c, const struct key_wish *w, struct sha256 blob,
                       struct text key) {
    struct buf note = {.max = CARD_MAX_BYTES};
    struct card card;
    bool names = link_blob(k->link, c->own_origin, blob, CARD_MAX_BYTES, &note, NULL) == OK &&
                 card_read(arena_bytes(&k->arena, buf_as_bytes(&note)), &k->arena, &card, NULL) == OK &&
                 card_names(&card, w, key);
    buf_free(&note);
    return names;
}

/* The size of one's own record with the first card that names the key; 0: none does. */
static enum error size_with_key(struct desk *k, const struct link_channel *c, const struct key_wish *w, struct text key,
                                uint64_t *size, struct diag *d) {
    struct bytes *leaves;
    size_t count;
    enum error result = link_leaves(k->link, c->own_origin, 0, &k->arena, &leaves, &count, d);
    *size = 0;
    for (size_t i = 0; i < count && !result && !*size; i++) {
        struct entry e;
        if (entry_read(leaves[i], &k->arena, &e, NULL) || e.blob_count != 1 || e.blobs[0].size > CARD_MAX_BYTES)
            continue;
        if (blob_names(k, c, w, e.blobs[0].sha, key)) *size = i + 1;
    }
    return result;
}

static enum error check_receipted(struct desk *k, const struct link_channel *c, const struct key_wish *w,
                                  struct text key, struct diag *d) {
    uint64_t size;
    enum error result = size_with_key(k, c, w, key, &size, d);
    if (!result && !size)
        result = fail(d, ERR_NO, _("%.*s has no card with the new key yet: `parley card publish`, then `parley sync`"),
                      TEXT_ARG(c->party));
    if (!result && c->receipted_size < size)
        result =
            fail(d, ERR_NO,
                 _("%.*s has not receipted the card with the new key yet (entry %llu of one's own record): `parley "
                   "sync %.*s` first.  Where the old key is lost or stolen, `parley keys replace` does not wait"),
                 TEXT_ARG(c->party), (unsigned long long)size - 1, TEXT_ARG(c->party));
    return result;
}

static enum error check_all(struct desk *k, const struct key_wish *w, struct text key, struct diag *d) {
    struct link_channel *list;
    size_t count;
    enum error result = link_channels(k->link, &k->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (list[i].state != CHANNEL_OPEN) continue;
        if (w->channel && !text_equal(w->channel->own_origin, list[i].own_origin)) continue;
        result = check_receipted(k, &list[i], w, key, d);
    }
    return result;
}

/* ---- the steps */

enum error rotation_look(struct desk *k, const struct key_wish *w, struct key_pair *out, unsigned *named,
                         struct diag *d) {
    struct bytes note;
    struct card card;
    enum error result = step_of(k, w, KEY_LOOK, out, d);
    if (!result) result = own_card_signed(k, &note, &card, d);
    if (result) return result;
    *named = (out->current.size && card_names(&card, w, out->current) ? 1u : 0u) +
             (out->next.size && card_names(&card, w, out->next) ? 2u : 0u);
    return OK;
}

enum error rotation_begin(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d) {
    enum error result = step_of(k, w, KEY_BEGIN, out, d);
    return result ? result : change_card(k, w, TEXT(""), out->next, d);
}

enum error rotation_end(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d) {
    enum error result = step_of(k, w, KEY_LOOK, out, d);
    if (!result && !out->next.size)
        result = fail(d, ERR_NO, _("no change of this key was begun: `parley keys rotate` begins one"));
    if (!result) result = check_all(k, w, out->next, d);
    if (!result) result = step_of(k, w, KEY_END, out, d);
    return result ? result : change_card(k, w, out->current, out->next, d);
}

/* Alone: what was lost can't be looked up, and is dropped all the same. */
static enum error name_alone(struct desk *k, const struct key_wish *w, struct text key, struct diag *d) {
    struct card c;
    enum error result = own_card_load(k, &c, d);
    if (result) return result;
    struct names kept = {NULL, 0};
    for (size_t i = 0; i < c.neutral_count && w->which == NODE_MIRROR; i++) /* theirs are not lost */
        kept = changed(k, kept, TEXT(""), *card_mirror_named(&c, c.neutrals[i].name));
    *(w->which == NODE_MIRROR ? &c.mirrors : &c.tls) = changed(k, kept, TEXT(""), key);
    return own_card_save(k, &c, d);
}

enum error rotation_replace(struct desk *k, const struct key_wish *w, struct key_pair *out, struct diag *d) {
    if (w->which == NODE_LOG)
        return fail(d, ERR_USAGE,
                    _("what was signed by a log key stays bound to it: where one is lost or stolen, a successor begins "
                      "with a key of its own: parley invite --to PARTY --successor -o FILE"));
    enum error result = step_of(k, w, KEY_BEGIN, out, d);
    if (!result) result = step_of(k, w, KEY_END, out, d);
    return result ? result : name_alone(k, w, out->next, d);
}

/* ---- the root */

enum error rotation_root(struct desk *k, struct text *vkey, struct diag *d) {
    struct card c, signed_card;
    struct bytes note;
    enum error result = own_card_load(k, &c, d);
    if (!result && keyring_has(k->keyring, "root.key")) result = keyring_remove(k->keyring, "root.key", d);
    k->root_file = NULL;
    if (!result) result = desk_make_root(k, vkey, d);
    if (result) return result;
    c.root = *vkey;
    result = own_card_save(k, &c, d);
    return result ? result : own_card_sign(k, &note, &signed_card, d);
}

static enum error write_root(struct desk *k, const char *path, struct bytes plain, struct text passphrase,
                             struct diag *d) {
    if (!passphrase.size) return os_write_new(path, plain, 0600, d);
    struct buf sealed = {.max = KEYRING_SECRET_MAX};
    enum error result = seal_bytes(&(struct sealer){.passphrase = passphrase}, plain, k->random, &sealed, d);
    if (!result) result = os_write_new(path, buf_as_bytes(&sealed), 0600, d);
    buf_free(&sealed);
    return result;
}

enum error rotation_take_out_root(struct desk *k, const char *path, struct text passphrase, struct diag *d) {
    struct buf secret = {.max = KEYRING_SECRET_MAX};
    enum error result = keyring_get(k->keyring, "root.key", &secret, d);
    buf_char(&secret, '\n');
    if (!result) result = write_root(k, path, buf_as_bytes(&secret), passphrase, d);
    buf_wipe(&secret);
    return result ? result : keyring_remove(k->keyring, "root.key", d);
}

/* The keys of a desk: names in its keyring, one a key. */
#include <stdio.h>
#include <string.h>

#include "desk/own_card.h"

static const char *officer_file(struct desk *k, struct text name) {
    return arena_format(&k->arena, "officer-%.*s.key", TEXT_ARG(name)).at;
}

/* A department's identities are numbered in the order in which they were made. */
static const char *identity_file(struct desk *k, struct text department, unsigned number) {
    return arena_format(&k->arena, "department-%.*s.%u.key", TEXT_ARG(department), number).at;
}

static enum error make_signer(struct desk *k, const char *file, struct text name, struct text *vkey, struct diag *d) {
    struct signer *s = signer_new(name, KEY_ED25519, k->random);
    enum error result = keyring_put_signer(k->keyring, file, s, k->random, d);
    if (!result) *vkey = signer_vkey_text(s, &k->arena);
    signer_free(s);
    return result;
}

enum error desk_make_root(struct desk *k, struct text *vkey, struct diag *d) {
    return make_signer(k, "root.key", arena_format(&k->arena, "%.*s/root", TEXT_ARG(k->home.party)), vkey, d);
}

enum error desk_make_officer(struct desk *k, struct text name, struct text *vkey, struct diag *d) {
    struct text key = arena_format(&k->arena, "%.*s/officer/%.*s", TEXT_ARG(k->home.party), TEXT_ARG(name));
    return make_signer(k, officer_file(k, name), key, vkey, d);
}

enum error desk_make_identity(struct desk *k, struct text department, struct text *recipient, struct diag *d) {
    unsigned number = 0;
    while (keyring_has(k->keyring, identity_file(k, department, number))) number++;
    struct seal_identity *identity = seal_identity_new(k->random);
    struct seal_recipient to = seal_identity_recipient(identity);
    struct buf secret = {.max = KEYRING_SECRET_MAX}, out = {.max = 256};
    seal_identity_write(identity, &secret);
    seal_recipient_write(&to, &out);
    enum error result =
        keyring_put(k->keyring, identity_file(k, department, number), buf_as_bytes(&secret), k->random, d);
    if (!result) *recipient = arena_text(&k->arena, buf_as_text(&out));
    buf_wipe(&secret);
    buf_free(&out);
    seal_identity_free(identity);
    return result;
}

/* ---- the root, which may be kept elsewhere */

static enum error open_root_file(struct desk *k, struct bytes file, struct buf *out, struct diag *d) {
    struct buf passphrase = {.max = PASSPHRASE_MAX};
    if (!k->passphrase.ask) return fail(d, ERR_NO_KEY, _("the root key is under a passphrase, and none was given"));
    enum error result = k->passphrase.ask(k->passphrase.state, k->root_file, &passphrase, d);
    if (!result) result = seal_open_bytes(&(struct opener){.passphrase = buf_as_text(&passphrase)}, file, out, NULL, d);
    buf_wipe(&passphrase);
    return result;
}

static enum error read_root_file(struct desk *k, struct signer **out, struct diag *d) {
    struct buf file = {.max = KEYRING_SECRET_MAX}, opened = {.max = KEYRING_SECRET_MAX};
    enum error result = os_read(k->root_file, KEYRING_SECRET_MAX, &file, d);
    bool sealed = !result && text_starts(buf_as_text(&file), TEXT("age-encryption.org/"));
    if (sealed) result = open_root_file(k, buf_as_bytes(&file), &opened, d);
    struct text t = buf_as_text(sealed ? &opened : &file);
    if (!result) result = signer_read(text_sub(t, 0, text_find(t, '\n')), out, d);
    diag_where(d, result ? k->root_file : NULL);
    buf_wipe(&file);
    buf_wipe(&opened);
    return result;
}

enum error desk_root(struct desk *k, struct signer **out, struct diag *d) {
    if (k->root_file) return read_root_file(k, out, d);
    if (!keyring_has(k->keyring, "root.key"))
        return fail(d, ERR_NO_KEY, _("the root key is not on this desk: --root-key FILE says where it is"));
    return keyring_get_signer(k->keyring, "root.key", out, d);
}

/* ---- officers */

static const char *officer_next(struct desk *k, struct text name) {
    return arena_format(&k->arena, "officer-%.*s.next.key", TEXT_ARG(name)).at;
}

enum error desk_make_officer_next(struct desk *k, struct text name, struct text *vkey, struct diag *d) {
    struct signer *s = NULL;
    const char *file = officer_next(k, name);
    struct text key = arena_format(&k->arena, "%.*s/officer/%.*s", TEXT_ARG(k->home.party), TEXT_ARG(name));
    if (!keyring_has(k->keyring, file)) return make_signer(k, file, key, vkey, d);
    enum error result = keyring_get_signer(k->keyring, file, &s, d);
    if (!result) *vkey = signer_vkey_text(s, &k->arena);
    signer_free(s);
    return result;
}

static bool signed_card_names(struct desk *k, struct text vkey) {
    struct bytes note;
    struct card card;
    if (own_card_signed(k, &note, &card, NULL)) return false;
    for (size_t i = 0; i < card.officer_count; i++)
        if (text_equal(card.officers[i].key, vkey)) return true;
    return false;
}

/* Once a signed card names the next key, it takes the place of the old one, which is gone then. */
static enum error take_next(struct desk *k, struct text name, const char *file, struct diag *d) {
    struct text vkey;
    const char *next = officer_next(k, name);
    if (!keyring_has(k->keyring, next)) return OK;
    enum error result = desk_make_officer_next(k, name, &vkey, d);
    return result || !signed_card_names(k, vkey) ? result : keyring_move(k->keyring, next, file, d);
}

enum error desk_officer(struct desk *k, struct text name, struct signer **out, struct diag *d) {
    const char *file = officer_file(k, name);
    enum error result = take_next(k, name, file, d);
    if (!result && !keyring_has(k->keyring, file))
        result = fail(d, ERR_NO_KEY, _("there is no key of the officer %.*s on this desk"), TEXT_ARG(name));
    return result ? result : keyring_get_signer(k->keyring, file, out, d);
}

/* ---- identities */

static enum error read_identity(struct desk *k, const char *file, struct diag *d) {
    struct buf secret = {.max = KEYRING_SECRET_MAX};
    if (k->identity_count == DESK_IDENTITIES_MAX)
        return fail(d, ERR_LIMIT, _("more than %d identities on one desk"), DESK_IDENTITIES_MAX);
    enum error result = keyring_get(k->keyring, file, &secret, d);
    if (!result) result = seal_identity_read(buf_as_text(&secret), &k->identities[k->identity_count], d);
    if (!result) k->identity_count++;
    buf_wipe(&secret);
    return result;
}

static enum error read_identities(struct desk *k, struct diag *d) {
    struct buf names = {.max = 1 << 20};
    enum error result = os_list(home_path(&k->home, &k->arena, "desk"), &names, d);
    for (size_t at = 0; !result && at < names.size; at += strlen((const char *)names.at + at) + 1) {
        struct text name = text_of((const char *)names.at + at);
        if (text_starts(name, TEXT("department-")) && text_ends(name, TEXT(".key")))
            result = read_identity(k, name.at, d);
    }
    buf_free(&names);
    return result;
}

enum error desk_opener(struct desk *k, struct opener *out, struct diag *d) {
    enum error result = k->identities_read ? OK : read_identities(k, d);
    if (result) return result;
    k->identities_read = true;
    *out = (struct opener){.identities = k->identities, .count = k->identity_count};
    return OK;
}

#include "node/keyring.h"

#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "base/secret.h"
#include "seal/seal.h"

struct keyring {
    char *folder;
    struct passphrase_source source;
    struct seal_identity *unlock; /* NULL until first needed */
};

static const char *const sealed_name = "unlock.age", *const clear_name = "unlock.txt";

static enum error ask_file(void *state, const char *folder, struct buf *out, struct diag *d) {
    (void)folder;
    struct buf whole = {.max = PASSPHRASE_MAX};
    enum error result = os_read(state, PASSPHRASE_MAX, &whole, d);
    if (!result) {
        struct text t = buf_as_text(&whole);
        buf_text(out, text_sub(t, 0, text_find(t, '\n')));
        result = buf_check(out, d);
    }
    buf_wipe(&whole);
    return result;
}

struct passphrase_source passphrase_file(const char *path) {
    return (struct passphrase_source){ask_file, (void *)(uintptr_t)path};
}

/* ---- making one */

static enum error write_unlock(const char *folder, struct text passphrase, struct bytes identity, struct random *r,
                               struct diag *d) {
    char path[OS_PATH_MAX];
    if (!passphrase.size) return os_write_new(os_path(path, folder, clear_name), identity, 0600, d);
    struct buf sealed = {.max = KEYRING_SECRET_MAX};
    struct sealer to = {.passphrase = passphrase};
    enum error result = seal_bytes(&to, identity, r, &sealed, d);
    if (!result) result = os_write_new(os_path(path, folder, sealed_name), buf_as_bytes(&sealed), 0600, d);
    buf_free(&sealed);
    return result;
}

static bool has(const char *folder, const char *name) {
    char path[OS_PATH_MAX];
    return os_exists(os_path(path, folder, name));
}

enum error keyring_create(const char *folder, struct text passphrase, struct random *r, struct diag *d) {
    if (has(folder, sealed_name) || has(folder, clear_name))
        return fail(d, ERR_CONFLICT, _("there are keys already in %s"), folder);
    struct seal_identity *unlock = seal_identity_new(r);
    struct buf text = {.max = KEYRING_SECRET_MAX};
    seal_identity_write(unlock, &text);
    buf_char(&text, '\n');
    enum error result = write_unlock(folder, passphrase, buf_as_bytes(&text), r, d);
    buf_wipe(&text);
    seal_identity_free(unlock);
    return result;
}

/* ---- opening it */

enum error keyring_open(const char *folder, struct passphrase_source source, struct keyring **out, struct diag *d) {
    if (!has(folder, sealed_name) && !has(folder, clear_name))
        return fail(d, ERR_MISSING, _("there are no keys in %s"), folder);
    struct keyring *k = calloc(1, sizeof *k);
    char *copy = strdup(folder);
    if (!k || !copy) {
        free(k);
        free(copy);
        return fail(d, ERR_MEMORY, _("out of memory"));
    }
    *k = (struct keyring){.folder = copy, .source = source};
    *out = k;
    return OK;
}

void keyring_close(struct keyring *k) {
    if (!k) return;
    seal_identity_free(k->unlock);
    free(k->folder);
    free(k);
}

static enum error open_sealed(struct keyring *k, struct bytes sealed, struct buf *identity, struct diag *d) {
    struct buf passphrase = {.max = PASSPHRASE_MAX};
    if (!k->source.ask)
        return fail(d, ERR_NO_KEY, _("the keys in %s are under a passphrase, and none was given"), k->folder);
    enum error result = k->source.ask(k->source.state, k->folder, &passphrase, d);
    if (!result) {
        struct opener with = {.passphrase = buf_as_text(&passphrase)};
        result = seal_open_bytes(&with, sealed, identity, NULL, d);
        if (result == ERR_NO_KEY) result = fail(d, ERR_NO_KEY, _("wrong passphrase for the keys in %s"), k->folder);
    }
    buf_wipe(&passphrase);
    return result;
}

enum error keyring_unlock(struct keyring *k, struct diag *d) {
    if (k->unlock) return OK;
    char path[OS_PATH_MAX];
    bool clear = has(k->folder, clear_name);
    struct buf file = {.max = KEYRING_SECRET_MAX}, opened = {.max = KEYRING_SECRET_MAX};
    struct buf *identity = clear ? &file : &opened;
    enum error result =
        os_read(os_path(path, k->folder, clear ? clear_name : sealed_name), KEYRING_SECRET_MAX, &file, d);
    if (!result && !clear) result = open_sealed(k, buf_as_bytes(&file), &opened, d);
    if (!result)
        result = seal_identity_read(
            text_trim(text_sub(buf_as_text(identity), 0, text_find(buf_as_text(identity), '\n'))), &k->unlock, d);
    buf_wipe(&file);
    buf_wipe(&opened);
    return result;
}

enum error keyring_copy(const struct keyring *k, struct passphrase_source source, struct keyring **out,
                        struct diag *d) {
    struct buf text = {.max = KEYRING_SECRET_MAX};
    enum error result = keyring_open(k->folder, source, out, d);
    if (result || !k->unlock) return result;
    seal_identity_write(k->unlock, &text);
    result = seal_identity_read(buf_as_text(&text), &(*out)->unlock, d);
    buf_wipe(&text);
    if (result) keyring_close(*out);
    return result;
}

/* ---- secrets */

const char *keyring_folder(const struct keyring *k) { return k->folder; }
bool keyring_has(const struct keyring *k, const char *name) { return has(k->folder, name); }

enum error keyring_put(struct keyring *k, const char *name, struct bytes secret, struct random *r, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf sealed = {.max = 2 * KEYRING_SECRET_MAX};
    enum error result = keyring_unlock(k, d);
    if (result) return result;
    struct seal_recipient recipient = seal_identity_recipient(k->unlock);
    struct sealer to = {.recipients = &recipient, .count = 1};
    result = seal_bytes(&to, secret, r, &sealed, d);
    if (!result) result = os_write_new(os_path(path, k->folder, name), buf_as_bytes(&sealed), 0600, d);
    buf_free(&sealed);
    return result;
}

enum error keyring_move(struct keyring *k, const char *from, const char *to, struct diag *d) {
    char old[OS_PATH_MAX], new[OS_PATH_MAX];
    return os_publish(os_path(old, k->folder, from), os_path(new, k->folder, to), d);
}

enum error keyring_remove(struct keyring *k, const char *name, struct diag *d) {
    char path[OS_PATH_MAX];
    return os_remove(os_path(path, k->folder, name), d);
}

enum error keyring_get(struct keyring *k, const char *name, struct buf *out, struct diag *d) {
    char path[OS_PATH_MAX];
    struct buf sealed = {.max = 2 * KEYRING_SECRET_MAX};
    if (!keyring_has(k, name)) return fail(d, ERR_MISSING, _("there is no key %s in %s"), name, k->folder);
    enum error result = keyring_unlock(k, d);
    if (!result) result = os_read(os_path(path, k->folder, name), 2 * KEYRING_SECRET_MAX, &sealed, d);
    if (!result) {
        struct opener with = {.identities = &k->unlock, .count = 1};
        result = seal_open_bytes(&with, buf_as_bytes(&sealed), out, NULL, d);
        if (result) diag_where(d, path);
    }
    buf_free(&sealed);
    return result;
}

enum error keyring_put_signer(struct keyring *k, const char *name, const struct signer *s, struct random *r,
                              struct diag *d) {
    struct buf text = {.max = KEYRING_SECRET_MAX};
    signer_write(s, &text);
    enum error result = keyring_put(k, name, buf_as_bytes(&text), r, d);
    buf_wipe(&text);
    return result;
}

enum error keyring_get_signer(struct keyring *k, const char *name, struct signer **out, struct diag *d) {
    struct buf text = {.max = KEYRING_SECRET_MAX};
    enum error result = keyring_get(k, name, &text, d);
    if (!result) result = signer_read(buf_as_text(&text), out, d);
    buf_wipe(&text);
    return result;
}

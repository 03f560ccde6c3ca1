/* A keyring: the private keys of one folder, each an age file, all opened by one unlock identity.
 *
 *     <folder>/unlock.age      the unlock identity, under a passphrase; or
 *     <folder>/unlock.txt      the same in the clear (--no-passphrase)
 *     <folder>/<name>          a secret, sealed to the unlock identity: `mirror.key`, `officer-a.officer.key`, …
 *
 * So one passphrase a folder opens all of its keys, at the price of one scrypt.  Files have mode 0600.  The node's
 * folder and the desk's have one keyring each.  Not thread-safe while it is being opened. */
#ifndef PARLEY_NODE_KEYRING_H
#define PARLEY_NODE_KEYRING_H

#include "base/buf.h"
#include "base/random.h"
#include "note/key.h"

enum { KEYRING_SECRET_MAX = 65536, PASSPHRASE_MAX = 4096 };

/* Where a passphrase comes from when one is needed: a terminal, a file, a systemd credential.  Appends it to `out`,
 * which the caller wipes.  A NULL `ask` has none: ERR_NO_KEY. */
struct passphrase_source {
    enum error (*ask)(void *state, const char *folder, struct buf *out, struct diag *d);
    void *state;
};
/* A source that reads the first line of a file; `path` must live as long as it does. */
struct passphrase_source passphrase_file(const char *path);

struct keyring;
/* Makes the unlock identity of a folder that exists (ERR_CONFLICT where there is one).  Empty passphrase: in the
 * clear. */
enum error keyring_create(const char *folder, struct text passphrase, struct random *r, struct diag *d) MUST_USE;
/* Cheap: asks for no passphrase until a secret is read or written.  `folder` is copied; `source.state` must outlive
 * the keyring.  ERR_MISSING where the folder has no unlock identity. */
enum error keyring_open(const char *folder, struct passphrase_source source, struct keyring **out,
                        struct diag *d) MUST_USE;
/* Reads the unlock identity now: what follows asks for no passphrase. */
enum error keyring_unlock(struct keyring *k, struct diag *d) MUST_USE;
/* Another keyring of the same folder, as open as `k` is. */
enum error keyring_copy(const struct keyring *k, struct passphrase_source source, struct keyring **out,
                        struct diag *d) MUST_USE;
void keyring_close(struct keyring *k); /* wipes; NULL is fine */

const char *keyring_folder(const struct keyring *k);
bool keyring_has(const struct keyring *k, const char *name);
/* Seals a secret into a new file: ERR_CONFLICT where the name is taken. */
enum error keyring_put(struct keyring *k, const char *name, struct bytes secret, struct random *r,
                       struct diag *d) MUST_USE;
/* Puts a secret in the place of another, which is gone then, or in a free one: durable at OK. */
enum error keyring_move(struct keyring *k, const char *from, const char *to, struct diag *d) MUST_USE;
enum error keyring_remove(struct keyring *k, const char *name, struct diag *d) MUST_USE;
/* Appends the secret to `out`; the caller wipes it. */
enum error keyring_get(struct keyring *k, const char *name, struct buf *out, struct diag *d) MUST_USE;
/* The same for signing keys, in the text form of note/key.h. */
enum error keyring_put_signer(struct keyring *k, const char *name, const struct signer *s, struct random *r,
                              struct diag *d) MUST_USE;
enum error keyring_get_signer(struct keyring *k, const char *name, struct signer **out, struct diag *d) MUST_USE;

#endif

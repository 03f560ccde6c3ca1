/* Who may ask the TAXII server.  Secrets are random and long, so that a salted hash of one tells nobody what it is. */
#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "base/codec.h"
#include "base/hash.h"
#include "base/os.h"
#include "base/secret.h"
#include "web/taxii.h"

enum { SALT_SIZE = 16, SALT_HEX = 2 * SALT_SIZE, FILE_MAX = 1 << 20, HEADER_MAX = 512, LOCK_TRIES = 500, LOCK_MS = 20 };

static bool is_name(struct text name) {
    for (size_t i = 0; i < name.size; i++)
        if (!(name.at[i] >= 'a' && name.at[i] <= 'z') && !(name.at[i] >= '0' && name.at[i] <= '9') &&
            !(i && strchr("-._", name.at[i])))
            return false;
    return name.size && name.size <= TAXII_NAME_MAX;
}

static struct sha256 hash_of(struct text salt, struct text secret) {
    const struct bytes parts[] = {bytes_from_text(salt), bytes_from_text(secret)};
    return sha256_of_parts(parts, COUNT(parts));
}

static enum error read_file(const char *path, struct buf *out, struct diag *d) {
    return os_exists(path) ? os_read(path, FILE_MAX, out, d) : OK;
}

/* All lines but those of a name. */
static bool without(struct text file, struct text name, struct buf *out) {
    struct text line, rest, first;
    bool found = false;
    while (text_line(&file, &line)) {
        rest = line;
        if (text_cut(&rest, ' ', &first) && text_equal(first, name)) {
            found = true;
            continue;
        }
        buf_text(out, line);
        buf_char(out, '\n');
    }
    return found;
}

/* Base 64 as it stands in URLs, without padding. */
static void spell(const uint8_t *random, char out[static TAXII_SECRET_SIZE + 1]) {
    char padded[4 * 11 + 1];
    base64_write(bytes_of(random, 32), padded);
    for (size_t i = 0; i < TAXII_SECRET_SIZE; i++) out[i] = padded[i] == '+' ? '-' : padded[i] == '/' ? '_' : padded[i];
    out[TAXII_SECRET_SIZE] = 0;
    secret_wipe(padded, sizeof padded);
}

/* ---- changing the file: one process at a time, or what one of two adds would be lost */

static enum error lock_file(const char *path, int *lock, struct diag *d) {
    const struct timespec rest = {0, LOCK_MS * 1000000};
    struct buf name = {.max = OS_PATH_MAX};
    buf_string(&name, path);
    buf_string(&name, ".lock");
    buf_char(&name, 0);
    enum error result = buf_check(&name, d);
    for (unsigned i = 0; !result && i < LOCK_TRIES; i++) {
        result = os_lock((const char *)name.at, lock, d);
        if (result != ERR_BUSY || i + 1 == LOCK_TRIES) break;
        nanosleep(&rest, NULL);
        result = OK;
    }
    buf_free(&name);
    return result;
}

/* `line`: that of the name from now on; NULL: it goes, and ERR_MISSING where it is not there. */
static enum error change(const char *path, struct text name, const struct buf *line, struct diag *d) {
    struct buf old = {.max = FILE_MAX}, new = {.max = FILE_MAX};
    int lock = -1;
    enum error result = lock_file(path, &lock, d);
    if (result) return result;
    result = read_file(path, &old, d);
    bool found = !result && without(buf_as_text(&old), name, &new);
    if (!result && !line && !found) result = fail(d, ERR_MISSING, _("there is no “%.*s”"), TEXT_ARG(name));
    if (line) buf_text(&new, buf_as_text(line));
    if (!result) result = buf_check(&new, d);
    if (!result) result = os_write(path, buf_as_bytes(&new), 0600, d);
    buf_free(&old);
    buf_free(&new);
    os_unlock(lock);
    return result;
}

enum error taxii_access_add(const char *path, struct text name, struct random *r,
                            char secret[static TAXII_SECRET_SIZE + 1], struct diag *d) {
    struct buf line = {.max = 1024};
    uint8_t random[32], salt[SALT_SIZE];
    char salt_hex[SALT_HEX + 1], hex[SHA256_HEX];
    if (!is_name(name))
        return fail(d, ERR_USAGE, _("expected a name of a-z, 0-9, “-”, “.” and “_”, found “%.*s”"), TEXT_ARG(name));
    random_fill(r, random, sizeof random);
    random_fill(r, salt, sizeof salt);
    spell(random, secret);
    secret_wipe(random, sizeof random);
    hex_write(bytes_of(salt, sizeof salt), salt_hex);
    struct sha256 hash = hash_of(text_of(salt_hex), text_of(secret));
    buf_text(&line, name);
    buf_format(&line, " %s %s\n", salt_hex, sha256_hex(&hash, hex).at);
    enum error result = buf_check(&line, d);
    if (!result) result = change(path, name, &line, d);
    buf_free(&line);
    return result;
}

enum error taxii_access_remove(const char *path, struct text name, struct diag *d) {
    return change(path, name, NULL, d);
}

/* ---- who asks */

/* `name` empty: whoever has the secret. */
static bool find(struct text file, struct text name, struct text secret, char who[static TAXII_NAME_MAX + 1]) {
    struct text line, first, salt;
    bool found = false;
    while (text_line(&file, &line)) {
        struct sha256 known;
        if (!text_cut(&line, ' ', &first) || !text_cut(&line, ' ', &salt) || !sha256_read_hex(line, &known)) continue;
        struct sha256 given = hash_of(salt, secret);
        if (!sha256_equal(given, known) || (name.size && !text_equal(name, first)) || first.size > TAXII_NAME_MAX)
            continue;
        memcpy(who, first.at, first.size);
        who[first.size] = 0;
        found = true;
    }
    return found;
}

static bool scheme(struct text *header, const char *word) {
    size_t size = strlen(word);
    if (header->size <= size || strncasecmp(header->at, word, size) || header->at[size] != ' ') return false;
    *header = text_trim(text_sub(*header, size, header->size));
    return true;
}

bool taxii_access_admits(const char *path, struct text header, char who[static TAXII_NAME_MAX + 1]) {
    struct buf file = {.max = FILE_MAX}, decoded = {.max = HEADER_MAX};
    struct text name = {0}, secret = header;
    bool admits = false;
    if (header.size > HEADER_MAX || read_file(path, &file, NULL)) return false;
    if (scheme(&secret, "Bearer")) {
        admits = find(buf_as_text(&file), name, secret, who);
    } else if (scheme(&secret, "Basic") && base64_read(secret, &decoded, BASE64_PADDED)) {
        secret = buf_as_text(&decoded);
        admits = text_cut(&secret, ':', &name) && name.size && find(buf_as_text(&file), name, secret, who);
    }
    buf_wipe(&decoded);
    buf_free(&file);
    return admits;
}

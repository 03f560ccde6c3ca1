#include "note/key.h"

#include <sodium.h>
#include <string.h>

#include "base/codec.h"
#include "base/secret.h"

struct signer {
    uint8_t secret[crypto_sign_SECRETKEYBYTES]; /* seed, then public key, as libsodium wants it */
    struct vkey public;
    char name[KEY_NAME_MAX];
};

/* The code points of Unicode's White_Space property above ASCII, as UTF-8. */
static const char *const wide_spaces[] = {"\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                          "\u2004",   "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                          "\u2028",   "\u2029", "\u202f", "\u205f", "\u3000"};

bool key_name_valid(struct text name) {
    if (!name.size || name.size > KEY_NAME_MAX || !text_is_utf8(name)) return false;
    for (size_t i = 0; i < name.size; i++)
        if ((unsigned char)name.at[i] <= ' ' || name.at[i] == '+' || name.at[i] == 0x7f) return false;
    for (size_t i = 0; i < COUNT(wide_spaces); i++)
        if (text_search(name, text_of(wide_spaces[i])) != SIZE_MAX) return false;
    return true;
}

static uint32_t key_id(struct text name, enum key_type type, struct bytes public) {
    uint8_t lead[2] = {'\n', (uint8_t)type};
    struct hasher *h = hasher_new();
    hasher_add(h, bytes_from_text(name));
    hasher_add(h, bytes_of(lead, sizeof lead));
    hasher_add(h, public);
    struct sha256 hash = hasher_end(h);
    return (uint32_t)hash.at[0] << 24 | (uint32_t)hash.at[1] << 16 | (uint32_t)hash.at[2] << 8 | hash.at[3];
}

/* "<name>+<id>+<base64>" to its parts. */
static bool read_parts(struct text t, struct text *name, uint32_t *id, struct text *base64) {
    struct text hex;
    uint8_t be[4];
    if (!text_cut(&t, '+', name) || !text_cut(&t, '+', &hex) || !key_name_valid(*name) || !hex_read(hex, be, sizeof be))
        return false;
    *id = (uint32_t)be[0] << 24 | (uint32_t)be[1] << 16 | (uint32_t)be[2] << 8 | be[3];
    *base64 = t;
    return true;
}

/* The type byte and 32 bytes. */
static bool read_raw(struct text base64, uint8_t raw[static 1 + KEY_PUBLIC_SIZE]) {
    return base64_read_exact(base64, raw, 1 + KEY_PUBLIC_SIZE, BASE64_PADDED) &&
           (raw[0] == KEY_ED25519 || raw[0] == KEY_COSIGNATURE);
}

/* The type byte and 1,312 bytes. */
static bool read_mldsa(struct text base64, uint8_t raw[static 1 + MLDSA_PUBLIC_SIZE]) {
    return base64_read_exact(base64, raw, 1 + MLDSA_PUBLIC_SIZE, BASE64_PADDED) && raw[0] == KEY_COSIGNATURE_MLDSA;
}

enum error vkey_read(struct text t, struct vkey *out, struct diag *d) {
    struct vkey k = {0};
    struct text base64;
    uint8_t raw[1 + MLDSA_PUBLIC_SIZE];
    struct bytes public = {raw + 1, KEY_PUBLIC_SIZE};
    bool shaped = read_parts(t, &k.name, &k.id, &base64), is_long = shaped && read_mldsa(base64, raw);
    if (!shaped || (!is_long && !read_raw(base64, raw)))
        return fail(d, ERR_INPUT, _("expected a verifier key <name>+<id>+<base64> of type 1, 4 or 6"));
    if (is_long) {
        public.size = MLDSA_PUBLIC_SIZE;
        k.spelled = base64;
    }
    struct sha256 hash = sha256_of(public);
    k.type = (enum key_type)raw[0];
    memcpy(k.public, is_long ? hash.at : raw + 1, KEY_PUBLIC_SIZE);
    if (k.id != key_id(k.name, k.type, public))
        return fail(d, ERR_INPUT, _("the id in a verifier key is not that of its key"));
    *out = k;
    return OK;
}

static void write_parts(struct text name, uint32_t id, enum key_type type, const uint8_t raw[static KEY_PUBLIC_SIZE],
                        struct buf *out) {
    uint8_t typed[1 + KEY_PUBLIC_SIZE] = {(uint8_t)type};
    memcpy(typed + 1, raw, KEY_PUBLIC_SIZE);
    buf_format(out, "%.*s+%08x+", TEXT_ARG(name), id);
    buf_base64(out, bytes_of(typed, sizeof typed), BASE64_PADDED);
    secret_wipe(typed, sizeof typed);
}

void vkey_write(const struct vkey *k, struct buf *out) {
    if (k->type == KEY_COSIGNATURE_MLDSA)
        buf_format(out, "%.*s+%08x+%.*s", TEXT_ARG(k->name), k->id, TEXT_ARG(k->spelled));
    else
        write_parts(k->name, k->id, k->type, k->public, out);
}

bool vkey_equal(const struct vkey *a, const struct vkey *b) {
    return a->type == b->type && text_equal(a->name, b->name) && !memcmp(a->public, b->public, KEY_PUBLIC_SIZE);
}

static struct signer *from_seed(struct text name, enum key_type type,
                                const uint8_t seed[static crypto_sign_SEEDBYTES]) {
    struct signer *s = secret_new(sizeof *s);
    memcpy(s->name, name.at, name.size);
    s->public = (struct vkey){.name = {s->name, name.size}, .type = type};
    crypto_sign_seed_keypair(s->public.public, s->secret, seed);
    s->public.id = key_id(s->public.name, type, bytes_of(s->public.public, KEY_PUBLIC_SIZE));
    return s;
}

struct signer *signer_new(struct text name, enum key_type type, struct random *r) {
    uint8_t seed[crypto_sign_SEEDBYTES];
    ASSERT(key_name_valid(name));
    random_fill(r, seed, sizeof seed);
    struct signer *s = from_seed(name, type, seed);
    secret_wipe(seed, sizeof seed);
    return s;
}

const struct vkey *signer_vkey(const struct signer *s) { return &s->public; }

struct text signer_vkey_text(const struct signer *s, struct arena *a) {
    struct buf vkey = {.max = VKEY_TEXT_MAX};
    vkey_write(signer_vkey(s), &vkey);
    ASSERT(!vkey.failed);
    struct text t = arena_text(a, buf_as_text(&vkey));
    buf_free(&vkey);
    return t;
}

void signer_free(struct signer *s) { secret_free(s); }

enum error signer_read(struct text t, struct signer **out, struct diag *d) {
    struct text name, base64;
    uint32_t id;
    uint8_t raw[1 + KEY_PUBLIC_SIZE];
    if (!text_skip(&t, TEXT("PRIVATE+KEY+")) || !read_parts(t, &name, &id, &base64) || !read_raw(base64, raw))
        return fail(d, ERR_INPUT, _("expected a private key PRIVATE+KEY+<name>+<id>+<base64>"));
    struct signer *s = from_seed(name, (enum key_type)raw[0], raw + 1);
    secret_wipe(raw, sizeof raw);
    if (s->public.id != id) {
        signer_free(s);
        return fail(d, ERR_INPUT, _("the id in a private key is not that of its key"));
    }
    *out = s;
    return OK;
}

void signer_write(const struct signer *s, struct buf *out) {
    buf_string(out, "PRIVATE+KEY+");
    write_parts(s->public.name, s->public.id, s->public.type, s->secret, out);
}

void key_sign(const struct signer *s, struct bytes message, uint8_t out[static KEY_SIGNATURE_SIZE]) {
    crypto_sign_detached(out, NULL, message.at, message.size, s->secret);
}

bool key_verify(const struct vkey *k, struct bytes message, const uint8_t signature[static KEY_SIGNATURE_SIZE]) {
    return k->type != KEY_COSIGNATURE_MLDSA &&
           crypto_sign_verify_detached(signature, message.at, message.size, k->public) == 0;
}

bool key_verify_mldsa(const struct vkey *k, struct bytes message, struct bytes signature) {
    uint8_t raw[1 + MLDSA_PUBLIC_SIZE];
    return k->type == KEY_COSIGNATURE_MLDSA && read_mldsa(k->spelled, raw) &&
           mldsa_verify(bytes_of(raw + 1, MLDSA_PUBLIC_SIZE), message, bytes_of(NULL, 0), signature);
}

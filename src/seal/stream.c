#include "seal/stream.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/secret.h"

enum { TAG_SIZE = 16, NONCE_SIZE = 16, SEALED_CHUNK = SEAL_CHUNK_SIZE + TAG_SIZE };

struct cipher {
    EVP_CIPHER_CTX *context;
    uint8_t nonce[12]; /* 11 bytes of counter, then 1 for the last chunk */
    bool sealing;
};

enum error source_fill(struct seal_source from, uint8_t *out, size_t size, size_t *got, struct diag *d) {
    *got = 0;
    while (*got < size) {
        size_t now = 0;
        enum error result = from.read(from.state, out + *got, size - *got, &now, d);
        if (result) return result;
        if (!now) return OK;
        *got += now;
    }
    return OK;
}

static void cipher_begin(struct cipher *c, const uint8_t *file_key, const uint8_t nonce[static NONCE_SIZE],
                         bool sealing) {
    uint8_t key[32];
    hkdf_sha256(bytes_of(file_key, SEAL_FILE_KEY_SIZE), bytes_of(nonce, NONCE_SIZE), bytes_from_text(TEXT("payload")),
                key, sizeof key);
    *c = (struct cipher){.context = EVP_CIPHER_CTX_new(), .sealing = sealing};
    ASSERT(c->context && EVP_CipherInit_ex(c->context, EVP_chacha20_poly1305(), NULL, key, NULL, sealing));
    secret_wipe(key, sizeof key);
}

static void count_up(struct cipher *c) {
    for (int i = 10; i >= 0 && !++c->nonce[i]; i--) continue;
}

/* One chunk from `in` to `out`, in one direction; false where a sealed chunk does not verify. */
static bool cipher_chunk(struct cipher *c, const uint8_t *in, size_t size, bool last, uint8_t *out, size_t *out_size) {
    int written = 0, more = 0;
    size_t plain = c->sealing ? size : size - TAG_SIZE;
    c->nonce[11] = last;
    ASSERT(EVP_CipherInit_ex(c->context, NULL, NULL, NULL, c->nonce, c->sealing));
    if (!c->sealing) {
        uint8_t tag[TAG_SIZE];
        memcpy(tag, in + plain, TAG_SIZE);
        ASSERT(EVP_CIPHER_CTX_ctrl(c->context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag));
    }
    ASSERT(EVP_CipherUpdate(c->context, out, &written, in, (int)plain));
    if (EVP_CipherFinal_ex(c->context, out + written, &more) != 1) return false;
    if (c->sealing) ASSERT(EVP_CIPHER_CTX_ctrl(c->context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, out + plain));
    *out_size = c->sealing ? plain + TAG_SIZE : plain;
    return true;
}

/* Two chunks' room: sealing reads one ahead, since only the end tells which chunk is the last. */
struct room {
    uint8_t in[2][SEALED_CHUNK], out[SEALED_CHUNK];
};

static struct room *room_new(void) {
    struct room *room = malloc(sizeof *room);
    ASSERT(room && "memory is left");
    return room;
}

static void room_free(struct room *room) {
    secret_wipe(room, sizeof *room);
    free(room);
}

enum error stream_seal(const uint8_t file_key[static SEAL_FILE_KEY_SIZE], struct seal_source from,
                       struct seal_sink into, struct random *r, struct diag *d) {
    uint8_t nonce[NONCE_SIZE];
    struct cipher c;
    random_fill(r, nonce, sizeof nonce);
    enum error result = into.write(into.state, bytes_of(nonce, sizeof nonce), d);
    if (result) return result;
    cipher_begin(&c, file_key, nonce, true);
    struct room *room = room_new();
    size_t held = 0, next = 0, size = 0;
    result = source_fill(from, room->in[0], SEAL_CHUNK_SIZE, &held, d);
    for (unsigned at = 0; !result; at ^= 1, held = next) {
        if (held == SEAL_CHUNK_SIZE)
            result = source_fill(from, room->in[at ^ 1], SEAL_CHUNK_SIZE, &next, d);
        else
            next = 0;
        if (result) break;
        cipher_chunk(&c, room->in[at], held, !next, room->out, &size);
        count_up(&c);
        result = into.write(into.state, bytes_of(room->out, size), d);
        if (!next) break;
    }
    EVP_CIPHER_CTX_free(c.context);
    room_free(room);
    return result;
}

static enum error broken(struct diag *d, uint64_t chunk) {
    return fail(d, ERR_PROOF, _("the sealed content is damaged or cut off at offset %llu"),
                (unsigned long long)(chunk * SEAL_CHUNK_SIZE));
}

/* A chunk of full length may be any or the last; a shorter one is the last.  `last` tells which it was. */
static bool open_chunk(struct cipher *c, const uint8_t *in, size_t held, uint8_t *out, size_t *size, bool *last) {
    *last = held < SEALED_CHUNK;
    if (cipher_chunk(c, in, held, *last, out, size)) return true;
    if (*last) return false;
    *last = true;
    return cipher_chunk(c, in, held, true, out, size);
}

static enum error open_chunks(struct cipher *c, struct room *room, struct seal_source from, struct seal_sink into,
                              struct diag *d) {
    bool last = false;
    for (uint64_t chunk = 0; !last; chunk++) {
        size_t held, size;
        enum error result = source_fill(from, room->in[0], SEALED_CHUNK, &held, d);
        if (result) return result;
        bool misplaced = held < TAG_SIZE || (held == TAG_SIZE && chunk); /* cut off, or an empty chunk after others */
        if (misplaced || !open_chunk(c, room->in[0], held, room->out, &size, &last)) return broken(d, chunk);
        count_up(c);
        result = size ? into.write(into.state, bytes_of(room->out, size), d) : OK;
        if (result) return result;
    }
    size_t more;
    enum error result = source_fill(from, room->in[0], 1, &more, d);
    return result || !more ? result : fail(d, ERR_PROOF, _("something follows the end of the sealed content"));
}

enum error stream_open(const uint8_t file_key[static SEAL_FILE_KEY_SIZE], struct seal_source from,
                       struct seal_sink into, struct diag *d) {
    uint8_t nonce[NONCE_SIZE];
    struct cipher c;
    size_t got;
    enum error result = source_fill(from, nonce, sizeof nonce, &got, d);
    if (result) return result;
    if (got != sizeof nonce) return fail(d, ERR_INPUT, _("the age file ends before its content begins"));
    cipher_begin(&c, file_key, nonce, false);
    struct room *room = room_new();
    result = open_chunks(&c, room, from, into, d);
    EVP_CIPHER_CTX_free(c.context);
    room_free(room);
    return result;
}

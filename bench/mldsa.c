/* 2,000 cosignatures by ML-DSA-44 verified, against as many by Ed25519, which most witnesses have.  The keys and
 * signatures are those of test/vector/mldsa/noble; run it at the root of the sources. */
#include <sodium.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/codec.h"
#include "base/os.h"
#include "bench.h"
#include "note/mldsa.h"

enum { TIMES = 2000, VECTORS_MAX = 64, FILE_MAX = 1 << 20 };

struct vector {
    struct bytes parts[4]; /* public key, message, context, signature */
};
struct state {
    struct vector of[VECTORS_MAX];
    size_t count;
    uint8_t public[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES], message[200];
};

static struct bytes from_hex(struct arena *a, struct text hex) {
    size_t size = text_is(hex, "-") ? 0 : hex.size / 2;
    uint8_t *out = arena_take(a, size + 1, 1);
    bench_need(!size || hex_read(hex, out, size), "reading the vectors");
    return bytes_of(out, size);
}

static void read_vectors(struct arena *a, struct state *s) {
    struct buf in = {.max = FILE_MAX};
    bench_need(os_read("test/vector/mldsa/noble", FILE_MAX, &in, NULL) == OK, "reading the vectors");
    struct text rest = buf_as_text(&in), line, word;
    for (; s->count < VECTORS_MAX && text_line(&rest, &line); s->count++)
        for (size_t i = 0; i < COUNT(s->of->parts); i++) {
            if (!text_cut(&line, ' ', &word)) word = line;
            s->of[s->count].parts[i] = from_hex(a, word);
        }
    bench_need(s->count, "reading the vectors");
    buf_free(&in);
}

static void ed25519(void *of) {
    struct state *s = of;
    size_t good = 0;
    for (int i = 0; i < TIMES; i++)
        good += !crypto_sign_verify_detached(s->signature, s->message, sizeof s->message, s->public);
    bench_need(good == TIMES, "verifying");
}

static void mldsa(void *of) {
    struct state *s = of;
    size_t good = 0;
    for (size_t i = 0; i < TIMES; i++) {
        const struct bytes *v = s->of[i % s->count].parts;
        good += mldsa_verify(v[0], v[1], v[2], v[3]);
    }
    bench_need(good == TIMES, "verifying");
}

int main(void) {
    static const struct way ways[] = {{"libsodium, Ed25519", ed25519}, {"parley, ML-DSA-44", mldsa}};
    struct state *s = calloc(1, sizeof *s);
    struct arena a = {0};
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    bench_need(s && sodium_init() >= 0, "starting");
    crypto_sign_keypair(s->public, secret);
    crypto_sign_detached(s->signature, NULL, s->message, sizeof s->message, secret);
    read_vectors(&a, s);
    bench_compare("verifying cosignatures", TIMES, "signatures", ways, COUNT(ways), s);
    arena_free(&a);
    free(s);
    return 0;
}

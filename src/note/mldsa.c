#include "note/mldsa.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/error.h"

/* Section 4, table 1: ML-DSA-44. */
enum {
    N = 256,               /* coefficients of a polynomial */
    Q = 8380417,           /* their modulus */
    Q_INVERSE = 58728449,  /* of Q, modulo 2^32 */
    D = 13,                /* bits dropped from t */
    TAU = 39,              /* coefficients of c that are not 0 */
    GAMMA1 = 1 << 17,      /* range of the coefficients of y */
    GAMMA2 = (Q - 1) / 88, /* range of the low-order rounding */
    STEPS = (Q - 1) / (2 * GAMMA2),
    ROWS = 4,                 /* k */
    COLUMNS = 4,              /* l */
    BETA = 78,                /* tau * eta */
    OMEGA = 80,               /* hints at most */
    ROOT = 1753,              /* a 512th root of unity */
    R_SQUARED_OVER_N = 41978, /* R^2 / N, modulo Q */
    CHALLENGE_SIZE = 32,      /* lambda / 4 */
    T1_BITS = 10,
    Z_BITS = 18,
    W1_BITS = 6,
    POLY_BYTES_PER_BIT = N / 8,
    SEED_SIZE = 32,
    HASH_SIZE = 64 /* of a public key, of a message */
};
/* Appendix C, table 3: what may be taken of a stream so that too little comes with a probability below 2^-256. */
enum { UNIFORM_STREAM = 3 * 298, BALL_STREAM = 8 + 121 };

#define R ((int64_t)1 << 32) /* Montgomery's, which a product loses */

typedef int32_t poly[N]; /* coefficients, or their NTT */

_Static_assert((uint32_t)Q *(uint32_t)Q_INVERSE == 1, "modulo 2^32");
_Static_assert(R_SQUARED_OVER_N *(int64_t)N % Q == (R % Q) * (R % Q) % Q, "modulo Q");
_Static_assert(SEED_SIZE + ROWS * T1_BITS * POLY_BYTES_PER_BIT == MLDSA_PUBLIC_SIZE, "a public key: rho, t1");
_Static_assert(CHALLENGE_SIZE + COLUMNS * Z_BITS * POLY_BYTES_PER_BIT + OMEGA + ROWS == MLDSA_SIGNATURE_SIZE,
               "a signature: c, z, h");

/* ---- SHAKE128 and SHAKE256 (section 3.7: G and H) */

static void shake(const EVP_MD *kind, const struct bytes *parts, size_t count, uint8_t *out, size_t size) {
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    bool good = state && EVP_DigestInit_ex(state, kind, NULL);
    for (size_t i = 0; i < count && good; i++) good = EVP_DigestUpdate(state, parts[i].at, parts[i].size);
    good = good && EVP_DigestFinalXOF(state, out, size);
    EVP_MD_CTX_free(state);
    ASSERT(good && "libcrypto has SHAKE");
}

/* ---- arithmetic modulo Q, in Montgomery's form (appendix A) */

/* a / R modulo Q, between -Q and Q; |a| below 2^31 * Q. */
static int32_t reduce(int64_t a) {
    int32_t factor = (int32_t)((uint32_t)a * (uint32_t)Q_INVERSE);
    return (int32_t)((a - (int64_t)factor * Q) >> 32);
}

static int32_t multiply(int32_t a, int32_t b) { return reduce((int64_t)a * b); }

/* Congruent to a, and at most 6283008 off 0; a below 2^31 - 2^22. */
static int32_t shrink(int32_t a) { return a - ((a + (1 << 22)) >> 23) * Q; }

/* From 0 on and below Q. */
static int32_t normal(int32_t a) {
    a = shrink(a);
    return a < 0 ? a + Q : a;
}

/* ---- the number-theoretic transform (section 7.5) */

/* The powers ROOT^BitRev8(i), times R. */
static void make_roots(poly out) {
    int64_t power = R % Q;
    for (unsigned i = 0; i < N; i++) {
        unsigned reversed = 0;
        for (unsigned bit = 0; bit < 8; bit++) reversed |= (i >> bit & 1) << (7 - bit);
        out[reversed] = (int32_t)power;
        power = power * ROOT % Q;
    }
}

/* Algorithm 41.  Each of the eight layers adds less than Q: of coefficients below Q come such below 9 * Q. */
static void transform(poly w, const poly roots) {
    for (size_t length = N / 2, m = 1; length; length /= 2)
        for (size_t start = 0; start < N; start += 2 * length, m++)
            for (size_t j = start; j < start + length; j++) {
                int32_t t = multiply(roots[m], w[j + length]);
                w[j + length] = w[j] - t;
                w[j] += t;
            }
}

/* Algorithm 42, of coefficients at most 6283008 off 0, which each layer doubles at most: they stay below 2^31.  What
 * was multiplied once lacks a factor R, which the last step restores. */
static void transform_back(poly w, const poly roots) {
    size_t m = N;
    for (size_t length = 1; length < N; length *= 2)
        for (size_t start = 0; start < N; start += 2 * length) {
            int32_t root = -roots[--m];
            for (size_t j = start; j < start + length; j++) {
                int32_t t = w[j];
                w[j] = t + w[j + length];
                w[j + length] = multiply(root, t - w[j + length]);
            }
        }
    for (size_t j = 0; j < N; j++) w[j] = multiply(R_SQUARED_OVER_N, w[j]);
}

/* ---- bits to coefficients and back (section 7.1) */

/* Algorithm 18, SimpleBitUnpack: `bits` a coefficient, the lowest first. */
static void unpack(const uint8_t *bytes, unsigned bits, poly out) {
    uint32_t window = 0;
    unsigned held = 0;
    for (size_t i = 0; i < N; i++) {
        for (; held < bits; held += 8) window |= (uint32_t)*bytes++ << held;
        out[i] = (int32_t)(window & ((1U << bits) - 1));
        window >>= bits;
        held -= bits;
    }
}

/* Algorithm 16, SimpleBitPack. */
static void pack(const poly w, unsigned bits, uint8_t *out) {
    uint32_t window = 0;
    unsigned held = 0;
    for (size_t i = 0; i < N; i++) {
        window |= (uint32_t)w[i] << held;
        for (held += bits; held >= 8; held -= 8, window >>= 8) *out++ = (uint8_t)window;
    }
}

/* Algorithm 19, BitUnpack, and the norm: each coefficient of z must be less than GAMMA1 - BETA off 0 (algorithm 8, line
 * 13). */
static bool unpack_z(const uint8_t *bytes, poly out) {
    bool small = true;
    unpack(bytes, Z_BITS, out);
    for (size_t i = 0; i < N; i++) {
        out[i] = GAMMA1 - out[i];
        small &= out[i] < GAMMA1 - BETA && out[i] > BETA - GAMMA1;
    }
    return small;
}

/* Algorithm 21, HintBitUnpack: which coefficients of each row have a hint.  One set of hints has one writing: positions
 * rise within a row, the rows' ends do not fall, what is left over is 0. */
static bool unpack_hints(const uint8_t *bytes, uint8_t out[static ROWS][N]) {
    size_t at = 0;
    memset(out, 0, ROWS * sizeof *out);
    for (size_t row = 0; row < ROWS; row++) {
        size_t first = at, end = bytes[OMEGA + row];
        if (end < at || end > OMEGA) return false;
        for (; at < end; at++) {
            if (at > first && bytes[at - 1] >= bytes[at]) return false;
            out[row][bytes[at]] = 1;
        }
    }
    for (; at < OMEGA; at++)
        if (bytes[at]) return false;
    return true;
}

/* ---- polynomials from streams (section 7.3) */

/* Algorithm 29, SampleInBall: TAU coefficients of 1 or -1.  False with a probability below 2^-256. */
static bool sample_in_ball(const uint8_t *challenge, poly out) {
    uint8_t stream[BALL_STREAM];
    struct bytes seed = bytes_of(challenge, CHALLENGE_SIZE);
    size_t at = 8;
    shake(EVP_shake256(), &seed, 1, stream, sizeof stream);
    memset(out, 0, sizeof(poly));
    for (size_t i = N - TAU, sign = 0; i < N; i++, sign++) {
        while (at < sizeof stream && stream[at] > i) at++;
        if (at == sizeof stream) return false;
        uint8_t j = stream[at++];
        out[i] = out[j];
        out[j] = stream[sign / 8] >> (sign % 8) & 1 ? -1 : 1;
    }
    return true;
}

/* Algorithm 30, RejNTTPoly, with algorithm 14, CoeffFromThreeBytes: an entry of the matrix A (algorithm 32, ExpandA),
 * which is an NTT as it comes.  False with a probability below 2^-256. */
static bool sample_entry(const uint8_t *rho, uint8_t row, uint8_t column, poly out) {
    uint8_t stream[UNIFORM_STREAM], place[2] = {column, row};
    const struct bytes seed[] = {bytes_of(rho, SEED_SIZE), bytes_of(place, sizeof place)};
    size_t count = 0;
    shake(EVP_shake128(), seed, COUNT(seed), stream, sizeof stream);
    for (size_t at = 0; at < sizeof stream && count < N; at += 3) {
        int32_t z = (stream[at + 2] & 0x7f) << 16 | stream[at + 1] << 8 | stream[at];
        if (z < Q) out[count++] = z;
    }
    return count == N;
}

/* ---- high bits and hints (section 7.4) */

/* Algorithm 36, Decompose, of r from 0 on and below Q. */
static int32_t high_bits(int32_t r, int32_t *low) {
    *low = r % (2 * GAMMA2);
    if (*low > GAMMA2) *low -= 2 * GAMMA2;
    if (r - *low != Q - 1) return (r - *low) / (2 * GAMMA2);
    --*low;
    return 0;
}

/* Algorithm 40, UseHint. */
static int32_t use_hint(bool hint, int32_t r) {
    int32_t low, high = high_bits(r, &low);
    if (!hint) return high;
    return low > 0 ? (high + 1) % STEPS : (high + STEPS - 1) % STEPS;
}

/* ---- verification */

struct opened {
    poly roots;
    poly challenge, z[COLUMNS]; /* their NTTs */
    uint8_t hints[ROWS][N];
};

/* Algorithm 27, sigDecode, and what of algorithm 8 needs the signature alone. */
static bool open_signature(const uint8_t *signature, struct opened *o) {
    const uint8_t *z = signature + CHALLENGE_SIZE;
    make_roots(o->roots);
    for (size_t i = 0; i < COLUMNS; i++, z += Z_BITS * POLY_BYTES_PER_BIT) {
        if (!unpack_z(z, o->z[i])) return false;
        transform(o->z[i], o->roots);
    }
    if (!unpack_hints(z, o->hints) || !sample_in_ball(signature, o->challenge)) return false;
    transform(o->challenge, o->roots);
    return true;
}

/* One row of A * z - c * t1 * 2^D, hints used on it, as bytes (algorithm 8, lines 9 and 10; algorithm 28). */
static bool make_row(const struct opened *o, const uint8_t *public, uint8_t row, uint8_t *out) {
    poly w = {0}, other;
    for (uint8_t column = 0; column < COLUMNS; column++) {
        if (!sample_entry(public, row, column, other)) return false;
        for (size_t i = 0; i < N; i++) w[i] += multiply(other[i], o->z[column][i]);
    }
    unpack(public + SEED_SIZE + row * T1_BITS * POLY_BYTES_PER_BIT, T1_BITS, other);
    for (size_t i = 0; i < N; i++) other[i] <<= D;
    transform(other, o->roots);
    for (size_t i = 0; i < N; i++) w[i] = shrink(w[i] - multiply(o->challenge[i], other[i]));
    transform_back(w, o->roots);
    for (size_t i = 0; i < N; i++) w[i] = use_hint(o->hints[row][i], normal(w[i]));
    pack(w, W1_BITS, out);
    return true;
}

/* Algorithm 3, line 5, and algorithm 8, lines 6 and 7: mu, which stands for key, context and message. */
static void represent(struct bytes public, struct bytes message, struct bytes context, uint8_t out[static HASH_SIZE]) {
    uint8_t hash[HASH_SIZE], lead[2] = {0, (uint8_t)context.size};
    const struct bytes parts[] = {bytes_of(hash, sizeof hash), bytes_of(lead, sizeof lead), context, message};
    shake(EVP_shake256(), &public, 1, hash, sizeof hash);
    shake(EVP_shake256(), parts, COUNT(parts), out, HASH_SIZE);
}

bool mldsa_verify(struct bytes public, struct bytes message, struct bytes context, struct bytes signature) {
    struct opened o;
    uint8_t mu[HASH_SIZE], w1[ROWS][W1_BITS * POLY_BYTES_PER_BIT], challenge[CHALLENGE_SIZE];
    if (public.size != MLDSA_PUBLIC_SIZE || signature.size != MLDSA_SIGNATURE_SIZE ||
        context.size > MLDSA_CONTEXT_MAX || !open_signature(signature.at, &o))
        return false;
    for (uint8_t row = 0; row < ROWS; row++)
        if (!make_row(&o, public.at, row, w1[row])) return false;
    represent(public, message, context, mu);
    const struct bytes parts[] = {bytes_of(mu, sizeof mu), bytes_of(w1, sizeof w1)};
    shake(EVP_shake256(), parts, COUNT(parts), challenge, sizeof challenge);
    return !memcmp(challenge, signature.at, sizeof challenge);
}

/* The rounds of SHA-256 for 4 and for 16 messages at once, by instructions that not every processor has. */
#include "base/hash_lanes.h"

#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<sys/platform/x86.h>)
#define HAS_LANES
#endif
#endif

#ifndef HAS_LANES

struct lanes_way lanes_by_avx512(void) {
    return (struct lanes_way){0};
}
struct lanes_way lanes_by_sha_ni(void) {
    return (struct lanes_way){0};
}

#else

#include <immintrin.h>
#include <sys/platform/x86.h>

enum { ROUNDS = 64 };

static const _Alignas(64) uint32_t round_words[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* The bytes of each word are big-endian. */
#define WORD_ORDER _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203)

#define UNROLLED _Pragma("GCC unroll 64")

/* ---- SHA-NI, four lanes
 *
 * For SSE alone: where the same was compiled for AVX-512 it was measured 180 times slower (doc/measured.md). */

#define BY_SHA_NI __attribute__((target("sha,sse4.1")))
#define PART_OF_SHA_NI __attribute__((target("sha,sse4.1"), always_inline)) static inline

enum { NI_LANES = 4 };

/* Rows to columns. */
PART_OF_SHA_NI void transpose4(__m128i r[static 4]) {
    __m128i low = _mm_unpacklo_epi32(r[0], r[1]), high = _mm_unpackhi_epi32(r[0], r[1]);
    __m128i low2 = _mm_unpacklo_epi32(r[2], r[3]), high2 = _mm_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm_unpacklo_epi64(low, low2);
    r[1] = _mm_unpackhi_epi64(low, low2);
    r[2] = _mm_unpacklo_epi64(high, high2);
    r[3] = _mm_unpackhi_epi64(high, high2);
}

/* The instructions want the words f, e, b, a of a state in one register and h, g, d, c in the other. */
static const uint8_t ni_places[2][4] = {{5, 4, 1, 0}, {7, 6, 3, 2}};

PART_OF_SHA_NI void ni_load(const struct lane_words *words, size_t half, __m128i out[static NI_LANES]) {
    for (size_t i = 0; i < 4; i++) out[i] = _mm_load_si128((const void *)words->at[ni_places[half][i]]);
    transpose4(out);
}

PART_OF_SHA_NI void ni_store(struct lane_words *words, size_t half, __m128i from[static NI_LANES]) {
    transpose4(from);
    for (size_t i = 0; i < 4; i++) _mm_store_si128((void *)words->at[ni_places[half][i]], from[i]);
}

/* The next four words of the message schedule, in the place of the oldest. */
PART_OF_SHA_NI __m128i ni_schedule(__m128i w[static 4], size_t group) {
    __m128i oldest = w[group % 4], last = w[(group + 3) % 4];
    __m128i sum =
        _mm_add_epi32(_mm_sha256msg1_epu32(oldest, w[(group + 1) % 4]), _mm_alignr_epi8(last, w[(group + 2) % 4], 4));
    return w[group % 4] = _mm_sha256msg2_epu32(sum, last);
}

PART_OF_SHA_NI void ni_block(__m128i low[static NI_LANES], __m128i high[static NI_LANES],
                             const uint8_t *const at[static LANES_MAX], size_t offset) {
    __m128i w[NI_LANES][4];
    for (size_t l = 0; l < NI_LANES; l++)
        for (size_t i = 0; i < 4; i++)
            w[l][i] = _mm_shuffle_epi8(_mm_loadu_si128((const void *)(at[l] + offset + 16 * i)), WORD_ORDER);
    UNROLLED for (size_t group = 0; group < ROUNDS / 4; group++) {
        UNROLLED for (size_t l = 0; l < NI_LANES; l++) {
            __m128i x = group < 4 ? w[l][group] : ni_schedule(w[l], group);
            x = _mm_add_epi32(x, _mm_load_si128((const void *)(round_words + 4 * group)));
            high[l] = _mm_sha256rnds2_epu32(high[l], low[l], x);
            low[l] = _mm_sha256rnds2_epu32(low[l], high[l], _mm_shuffle_epi32(x, 0x0e));
        }
    }
}

BY_SHA_NI static void ni_compress(struct lane_words *words, const uint8_t *const at[static LANES_MAX], size_t blocks) {
    __m128i low[NI_LANES], high[NI_LANES], low_before[NI_LANES], high_before[NI_LANES];
    ni_load(words, 0, low);
    ni_load(words, 1, high);
    for (size_t i = 0; i < blocks; i++) {
        for (size_t l = 0; l < NI_LANES; l++) low_before[l] = low[l], high_before[l] = high[l];
        ni_block(low, high, at, i * SHA256_BLOCK);
        for (size_t l = 0; l < NI_LANES; l++) {
            low[l] = _mm_add_epi32(low[l], low_before[l]);
            high[l] = _mm_add_epi32(high[l], high_before[l]);
        }
    }
    ni_store(words, 0, low);
    ni_store(words, 1, high);
}

struct lanes_way lanes_by_sha_ni(void) {
    return CPU_FEATURE_PRESENT(SHA) && CPU_FEATURE_ACTIVE(SSE4_1) ? (struct lanes_way){NI_LANES, ni_compress}
                                                                  : (struct lanes_way){0};
}

/* ---- AVX-512, sixteen lanes */

#define BY_AVX512 __attribute__((target("avx512f,avx512bw")))
#define PART_OF_AVX512 __attribute__((target("avx512f,avx512bw"), always_inline)) static inline

/* Rows to columns: within groups of 4 by 4 words first, then the groups. */
PART_OF_AVX512 void transpose16(__m512i r[static 16]) {
    __m512i t[16];
    UNROLLED for (size_t i = 0; i < 16; i += 4) {
        __m512i low = _mm512_unpacklo_epi32(r[i], r[i + 1]), high = _mm512_unpackhi_epi32(r[i], r[i + 1]);
        __m512i low2 = _mm512_unpacklo_epi32(r[i + 2], r[i + 3]), high2 = _mm512_unpackhi_epi32(r[i + 2], r[i + 3]);
        t[i] = _mm512_unpacklo_epi64(low, low2);
        t[i + 1] = _mm512_unpackhi_epi64(low, low2);
        t[i + 2] = _mm512_unpacklo_epi64(high, high2);
        t[i + 3] = _mm512_unpackhi_epi64(high, high2);
    }
    UNROLLED for (size_t i = 0; i < 4; i++) {
        __m512i even = _mm512_shuffle_i32x4(t[i], t[i + 4], 0x88), odd = _mm512_shuffle_i32x4(t[i], t[i + 4], 0xdd);
        __m512i even2 = _mm512_shuffle_i32x4(t[i + 8], t[i + 12], 0x88);
        __m512i odd2 = _mm512_shuffle_i32x4(t[i + 8], t[i + 12], 0xdd);
        r[i] = _mm512_shuffle_i32x4(even, even2, 0x88);
        r[i + 4] = _mm512_shuffle_i32x4(odd, odd2, 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(even, even2, 0xdd);
        r[i + 12] = _mm512_shuffle_i32x4(odd, odd2, 0xdd);
    }
}

/* FIPS 180-4, 4.1.2: three turned or shifted words, exclusive-or'd; a choice; a majority. */
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define TURNED(x, i, j, k) XOR3(_mm512_ror_epi32(x, i), _mm512_ror_epi32(x, j), _mm512_ror_epi32(x, k))
#define SHIFTED(x, i, j, k) XOR3(_mm512_ror_epi32(x, i), _mm512_ror_epi32(x, j), _mm512_srli_epi32(x, k))
#define CHOICE(e, f, g) _mm512_ternarylogic_epi32(e, f, g, 0xca)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xe8)
#define ADD(a, b) _mm512_add_epi32(a, b)

PART_OF_AVX512 __m512i wide_schedule(__m512i w[static 16], size_t i) {
    __m512i old = ADD(w[i % 16], w[(i + 9) % 16]);
    __m512i turned = ADD(SHIFTED(w[(i + 1) % 16], 7, 18, 3), SHIFTED(w[(i + 14) % 16], 17, 19, 10));
    return w[i % 16] = ADD(old, turned);
}

/* Words a to h of the state are s[-i % 8] to s[(7 - i) % 8] at round i: none moves but the two that change. */
PART_OF_AVX512 void wide_round(__m512i s[static 8], __m512i x, size_t i) {
#define WORD(n) s[((n) + ROUNDS - i) % 8]
    __m512i first = ADD(ADD(WORD(7), x), ADD(TURNED(WORD(4), 6, 11, 25), CHOICE(WORD(4), WORD(5), WORD(6))));
    __m512i second = ADD(TURNED(WORD(0), 2, 13, 22), MAJORITY(WORD(0), WORD(1), WORD(2)));
    WORD(3) = ADD(WORD(3), first);
    WORD(7) = ADD(first, second);
#undef WORD
}

BY_AVX512 static void wide_compress(struct lane_words *words, const uint8_t *const at[static LANES_MAX],
                                    size_t blocks) {
    const __m512i order = _mm512_broadcast_i32x4(WORD_ORDER);
    __m512i before[SHA256_WORDS], s[SHA256_WORDS], w[16];
    for (size_t i = 0; i < SHA256_WORDS; i++) s[i] = _mm512_load_si512(words->at[i]);
    for (size_t block = 0; block < blocks; block++) {
        UNROLLED for (size_t l = 0; l < LANES_MAX; l++) w[l] =
            _mm512_shuffle_epi8(_mm512_loadu_si512(at[l] + block * SHA256_BLOCK), order);
        transpose16(w);
        for (size_t i = 0; i < SHA256_WORDS; i++) before[i] = s[i];
        UNROLLED for (size_t i = 0; i < ROUNDS; i++) {
            __m512i x = i < 16 ? w[i] : wide_schedule(w, i);
            wide_round(s, ADD(x, _mm512_set1_epi32((int)round_words[i])), i);
        }
        for (size_t i = 0; i < SHA256_WORDS; i++) s[i] = ADD(s[i], before[i]);
    }
    for (size_t i = 0; i < SHA256_WORDS; i++) _mm512_store_si512(words->at[i], s[i]);
}

struct lanes_way lanes_by_avx512(void) {
    return CPU_FEATURE_ACTIVE(AVX512F) && CPU_FEATURE_ACTIVE(AVX512BW) ? (struct lanes_way){LANES_MAX, wide_compress}
                                                                       : (struct lanes_way){0};
}

#endif

#include "base/sift.h"

#include <string.h>

#include "base/digits.h"
#include "base/error.h"
#ifdef __x86_64__
#include <immintrin.h>
#endif

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c); }

static void add_byte(struct needles_begin *n, size_t i, char c, uint8_t bit) {
    n->low[i][(uint8_t)c & 15] |= bit;
    n->high[i][(uint8_t)c >> 4] |= bit;
}

/* The bit is one of eight by the first two bytes, so that few needles share one. */
void needles_add(struct needles_begin *n, const char *start) {
    uint8_t bit = (uint8_t)(1U << ((uint8_t)(lower(start[0]) + lower(start[1])) & 7));
    for (size_t i = 0; i < NEEDLE_SIZE; i++) {
        char c = lower(start[i]);
        ASSERT(c && "a needle is not shorter");
        add_byte(n, i, c, bit);
        if (c >= 'a' && c <= 'z') add_byte(n, i, (char)(c & ~32), bit);
    }
}

/* ---- plain: what every processor can */

static bool always(void) { return true; }

/* The high bits of a word's bytes, as the lowest eight. */
static uint64_t high_bits(uint64_t word) { return (word >> 7) * UINT64_C(0x0102040810204080) >> 56; }

/* 1 in the high bit of each byte that is `c`. */
static uint64_t equal_bytes(uint64_t word, char c) {
    uint64_t other = word ^ WORD_BYTES((uint8_t)c);
    return ~(((other & WORD_BYTES(0x7f)) + WORD_BYTES(0x7f)) | other) & WORD_BYTES(0x80);
}

static uint64_t either_plain(struct text t, char a, char b) {
    uint64_t mask = 0;
    size_t size = t.size < SIFT_BLOCK ? t.size : SIFT_BLOCK, i = 0;
    for (; i + WORD_SIZE <= size; i += WORD_SIZE) {
        uint64_t word = word_at(t.at + i);
        mask |= high_bits(equal_bytes(word, a) | equal_bytes(word, b)) << i;
    }
    for (; i < size; i++) mask |= (uint64_t)(t.at[i] == a || t.at[i] == b) << i;
    return mask;
}

static bool lines_plain(struct text t, uint64_t *out) {
    for (size_t i = 0; i < t.size; i += SIFT_BLOCK)
        out[i / SIFT_BLOCK] = either_plain(text_sub(t, i, t.size), '\n', '\n');
    return t.size && memchr(t.at, 0, t.size);
}

static uint64_t needles_plain(const struct needles_begin *n, struct text t) {
    uint64_t mask = 0;
    for (size_t i = 0; i < t.size && i < SIFT_BLOCK; i++) {
        unsigned bits = 0xff;
        for (size_t k = 0; bits && k < NEEDLE_SIZE; k++) {
            uint8_t c = i + k < t.size ? (uint8_t)t.at[i + k] : 0;
            bits &= n->low[k][c & 15] & n->high[k][c >> 4];
        }
        mask |= (uint64_t)(bits != 0) << i;
    }
    return mask;
}

#ifdef __x86_64__

/* ---- AVX2 */

#define AVX2 __attribute__((target("avx2")))
enum { HALF = SIFT_BLOCK / 2 };

static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }

/* A block and what of it is read with it; zeros behind the text. */
struct padded {
    char at[SIFT_BLOCK + NEEDLE_SIZE];
};
static inline const char *pad(struct text t, size_t size, struct padded *room) {
    if (t.size >= size) return t.at;
    memset(room, 0, sizeof *room);
    memcpy(room->at, t.at, t.size);
    return room->at;
}
static inline uint64_t within(struct text t) { return t.size < SIFT_BLOCK ? (UINT64_C(1) << t.size) - 1 : UINT64_MAX; }

AVX2 static inline __m256i load(const char *at) { return _mm256_loadu_si256((const __m256i *)(const void *)at); }
AVX2 static inline uint64_t mask_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << HALF;
}

/* The halves of a block that is not whole overlap. */
AVX2 static uint64_t either_avx2(struct text t, char a, char b) {
    if (t.size < HALF) return either_plain(t, a, b);
    size_t second = t.size < SIFT_BLOCK ? t.size - HALF : HALF;
    __m256i low = load(t.at), high = load(t.at + second), x = _mm256_set1_epi8(a), y = _mm256_set1_epi8(b);
    low = _mm256_or_si256(_mm256_cmpeq_epi8(low, x), _mm256_cmpeq_epi8(low, y));
    high = _mm256_or_si256(_mm256_cmpeq_epi8(high, x), _mm256_cmpeq_epi8(high, y));
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << second;
}

AVX2 static bool lines_avx2(struct text t, uint64_t *out) {
    const __m256i end = _mm256_set1_epi8('\n');
    __m256i least = _mm256_set1_epi8(-1);
    size_t i = 0;
    for (; i + SIFT_BLOCK <= t.size; i += SIFT_BLOCK) {
        __m256i low = load(t.at + i), high = load(t.at + i + HALF);
        least = _mm256_min_epu8(least, _mm256_min_epu8(low, high));
        out[i / SIFT_BLOCK] = mask_of(_mm256_cmpeq_epi8(low, end), _mm256_cmpeq_epi8(high, end));
    }
    bool nul = _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256())) != 0;
    return lines_plain(text_sub(t, i, t.size), out + i / SIFT_BLOCK) || nul;
}

/* The bits of both halves of each byte at `at`, of 32. */
AVX2 static inline __m256i begins_avx2(const struct needles_begin *n, size_t k, const char *at) {
    const __m256i half = _mm256_set1_epi8(15);
    __m256i text = load(at);
    __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)n->low[k]));
    __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)n->high[k]));
    low = _mm256_shuffle_epi8(low, _mm256_and_si256(text, half));
    high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(text, 4), half));
    return _mm256_and_si256(low, high);
}

AVX2 static uint64_t needles_avx2(const struct needles_begin *n, struct text t) {
    struct padded room;
    const char *at = pad(t, SIFT_BLOCK + NEEDLE_SIZE - 1, &room);
    __m256i low = begins_avx2(n, 0, at), high = begins_avx2(n, 0, at + HALF), none = _mm256_setzero_si256();
    for (size_t k = 1; k < NEEDLE_SIZE; k++) {
        low = _mm256_and_si256(low, begins_avx2(n, k, at + k));
        high = _mm256_and_si256(high, begins_avx2(n, k, at + k + HALF));
    }
    return ~mask_of(_mm256_cmpeq_epi8(low, none), _mm256_cmpeq_epi8(high, none)) & within(t);
}

/* ---- AVX-512: loads that leave out what is beyond the text */

#define AVX512 __attribute__((target("avx512f,avx512bw")))

static bool has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"); }

AVX512 static uint64_t either_avx512(struct text t, char a, char b) {
    __mmask64 in = within(t);
    __m512i text = _mm512_maskz_loadu_epi8(in, t.at);
    return _mm512_mask_cmpeq_epi8_mask(in, text, _mm512_set1_epi8(a)) |
           _mm512_mask_cmpeq_epi8_mask(in, text, _mm512_set1_epi8(b));
}

AVX512 static bool lines_avx512(struct text t, uint64_t *out) {
    const __m512i end = _mm512_set1_epi8('\n');
    __mmask64 nul = 0;
    for (size_t i = 0; i < t.size; i += SIFT_BLOCK) {
        __mmask64 in = within(text_sub(t, i, t.size));
        __m512i text = _mm512_maskz_loadu_epi8(in, t.at + i);
        nul |= _mm512_mask_testn_epi8_mask(in, text, text);
        out[i / SIFT_BLOCK] = _mm512_cmpeq_epi8_mask(text, end);
    }
    return nul != 0;
}

AVX512 static inline __m512i begins_avx512(const struct needles_begin *n, size_t k, __m512i text) {
    const __m512i half = _mm512_set1_epi8(15);
    __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)n->low[k]));
    __m512i high = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)n->high[k]));
    low = _mm512_shuffle_epi8(low, _mm512_and_si512(text, half));
    high = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(text, 4), half));
    return _mm512_and_si512(low, high);
}

AVX512 static uint64_t needles_avx512(const struct needles_begin *n, struct text t) {
    __mmask64 in = within(t);
    __m512i all = _mm512_set1_epi8(-1);
    for (size_t k = 0; k < NEEDLE_SIZE && k < t.size; k++) {
        struct text rest = text_sub(t, k, t.size);
        all = _mm512_and_si512(all, begins_avx512(n, k, _mm512_maskz_loadu_epi8(within(rest), rest.at)));
    }
    for (size_t k = t.size; k < NEEDLE_SIZE; k++)
        all = _mm512_and_si512(all, begins_avx512(n, k, _mm512_setzero_si512()));
    return _mm512_mask_test_epi8_mask(in, all, all);
}
#endif

const struct sift sifts[] = {
#ifdef __x86_64__
    {"avx512", has_avx512, lines_avx512, either_avx512, needles_avx512},
    {"avx2", has_avx2, lines_avx2, either_avx2, needles_avx2},
#endif
    {"plain", always, lines_plain, either_plain, needles_plain},
};
const size_t sift_count = COUNT(sifts);

const struct sift *sift_best(void) {
    const struct sift *s = sifts;
    while (!s->supported()) s++;
    return s;
}

#include "base/ip.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/digits.h"
#ifdef __x86_64__
#include <immintrin.h>
#endif

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool ip_is_v4(struct ip a) { return !memcmp(a.at, mapped, sizeof mapped); }

uint32_t ip_v4(struct ip a) {
    return (uint32_t)a.at[12] << 24 | (uint32_t)a.at[13] << 16 | (uint32_t)a.at[14] << 8 | (uint32_t)a.at[15];
}

struct ip ip_from_v4(uint32_t v4) {
    struct ip out;
    memcpy(out.at, mapped, sizeof mapped);
    for (int i = 0; i < 4; i++) out.at[12 + i] = (uint8_t)(v4 >> (24 - 8 * i));
    return out;
}

int ip_compare(struct ip a, struct ip b) { return memcmp(a.at, b.at, sizeof a.at); }

enum { V4_SHORTEST = sizeof "0.0.0.0" - 1, V4_LONGEST = sizeof "255.255.255.255" - 1 };

/* Sixteen bytes in two words, zeros behind the text. */
static inline void words_of(struct text t, uint64_t *low, uint64_t *high) {
    bool longer = t.size >= WORD_SIZE;
    *low = longer ? word_at(t.at) : word_of(t);
    *high = longer ? word_at(t.at + t.size - WORD_SIZE) >> 1 >> (63 - 8 * (t.size - WORD_SIZE)) : 0;
}

/* Each decimal is a few operations without a branch, whatever its length. */
static bool read_v4_plain(struct text t, uint32_t *out) {
    uint64_t low, high;
    uint32_t sum = 0;
    size_t taken = 0;
    bool good = true;
    words_of(t, &low, &high);
    for (int part = 0; part < 4; part++) {
        uint32_t digits = (uint32_t)low ^ 0x30303030, others = (uint32_t)word_no_digits(low);
        unsigned bits = others ? (unsigned)__builtin_ctz(others) & 24 : 0; /* 8 for each digit: 8, 16 or 24 */
        uint32_t v = bits ? digits << (32 - bits) : 0; /* hundreds, tens and ones in the upper three bytes */
        uint32_t value = (v >> 8 & 0xff) * 100 + (v >> 16 & 0xff) * 10 + (v >> 24);
        good = good && bits && value <= 255 && (bits == 8 || (digits & 0xff));
        good = good && (part == 3 || (low >> bits & 0xff) == '.');
        sum = sum << 8 | value;
        taken += bits / 8 + 1;
        low = low >> (bits + 8) | high << (56 - bits);
        high >>= bits + 8;
    }
    *out = sum;
    return good && taken == t.size + 1;
}

#ifdef __x86_64__
/* Where the hundreds, tens and ones of each decimal stand, by the lengths of all four, and from where on a value has no
 * leading zero. */
struct v4_form {
    int8_t from[16];
    int16_t least[8];
};
#define V4_PART(at, size) -1, (size) > 2 ? (at) + (size)-3 : -1, (size) > 1 ? (at) + (size)-2 : -1, (at) + (size)-1
#define V4_LEAST(size) (size) > 2 ? 100 : (size) > 1 ? 10 : 0, 0
#define V4_FORM(a, b, c, d)                                                                                            \
    {                                                                                                                  \
        {V4_PART(0, a), V4_PART((a) + 1, b), V4_PART((a) + (b) + 2, c), V4_PART((a) + (b) + (c) + 3, d)}, {            \
            V4_LEAST(a), V4_LEAST(b), V4_LEAST(c), V4_LEAST(d)                                                         \
        }                                                                                                              \
    }
#define V4_FORMS_1(a, b, c) V4_FORM(a, b, c, 1), V4_FORM(a, b, c, 2), V4_FORM(a, b, c, 3)
#define V4_FORMS_2(a, b) V4_FORMS_1(a, b, 1), V4_FORMS_1(a, b, 2), V4_FORMS_1(a, b, 3)
#define V4_FORMS_3(a) V4_FORMS_2(a, 1), V4_FORMS_2(a, 2), V4_FORMS_2(a, 3)
static const struct v4_form v4_forms[81] = {V4_FORMS_3(1), V4_FORMS_3(2), V4_FORMS_3(3)};

/* All four at once (after D. Lemire, "Parsing IP addresses crazily fast"). */
__attribute__((target("sse4.1,popcnt"))) static bool read_v4_wide(struct text t, uint32_t *out) {
    uint64_t low, high;
    words_of(t, &low, &high);
    __m128i text = _mm_set_epi64x((int64_t)high, (int64_t)low);
    unsigned dots = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('.')));
    if (__builtin_popcount(dots) != 3) return false;
    unsigned first = (unsigned)__builtin_ctz(dots), third = 31 - (unsigned)__builtin_clz(dots);
    unsigned second = (unsigned)__builtin_ctz(dots & (dots - 1));
    unsigned a = first - 1, b = second - first - 2, c = third - second - 2, d = (unsigned)t.size - third - 2;
    if (a > 2 || b > 2 || c > 2 || d > 2) return false;
    const struct v4_form *form = &v4_forms[((a * 3 + b) * 3 + c) * 3 + d];
    __m128i digits = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    unsigned in_text = (1U << t.size) - 1;
    __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    __m128i parts = _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(const void *)form->from));
    __m128i pairs = _mm_maddubs_epi16(parts, _mm_set1_epi32(0x010a6400));
    __m128i values = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010001)); /* below 1000, so each fills 16 bits of 32 */
    __m128i least = _mm_loadu_si128((const __m128i *)(const void *)form->least);
    __m128i wrong = _mm_or_si128(_mm_cmpgt_epi32(values, _mm_set1_epi32(255)), _mm_cmpgt_epi32(least, values));
    if (((unsigned)_mm_movemask_epi8(is_digit) | dots) != in_text) return false;
    __m128i order = _mm_setr_epi8(12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    *out = (uint32_t)_mm_cvtsi128_si32(_mm_shuffle_epi8(values, order));
    return !_mm_movemask_epi8(wrong);
}

static bool has_wide(void) { return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("popcnt"); }
#else
static bool read_v4_wide(struct text t, uint32_t *out) { return read_v4_plain(t, out); }
static bool has_wide(void) { return false; }
#endif

enum { GROUPS = 8, V6_LONGEST = 39, V6_ROOM = 48 };

/* Which bytes are colons, in the bits of a word. */
static uint64_t colons_of(const char at[static V6_ROOM]) {
    uint64_t colons = 0;
#ifdef __SSE2__
    for (size_t i = 0; i < V6_ROOM; i += TEXT_BLOCK) colons |= (uint64_t)text_block_equal(at + i, ':') << i;
#else
    for (size_t i = 0; i < V6_ROOM; i++) colons |= (uint64_t)(at[i] == ':') << i;
#endif
    return colons;
}

/* The values of the hexadecimal digits; false where a byte is neither that nor a colon.  A loop that compilers make
 * one of whole blocks. */
static bool values_of(const char at[static V6_ROOM], uint8_t values[static V6_ROOM]) {
    uint8_t bad = 0;
    for (size_t i = 0; i < V6_ROOM; i++) {
        uint8_t c = (uint8_t)at[i], digit = (uint8_t)(c - '0'), letter = (uint8_t)((c | 32) - 'a');
        bad |= (digit > 9) & (letter > 5) & (c != ':');
        values[i] = (uint8_t)(digit > 9 ? letter + 10 : digit);
    }
    return !bad;
}

/* Groups of one to four digits with colons between them, and `::` once for one zero or more. */
static bool read_groups(struct text t, struct ip *out) {
    uint8_t values[V6_ROOM], groups[2 * GROUPS] = {0};
    char copy[V6_ROOM];
    size_t count = 0, gap = GROUPS, from = 0;
    if (t.size > V6_LONGEST) return false;
    memset(copy, '0', sizeof copy);
    memcpy(copy, t.at, t.size);
    if (!values_of(copy, values)) return false;
    for (uint64_t ends = colons_of(copy) | UINT64_C(1) << t.size; ends; ends &= ends - 1) {
        size_t at = (size_t)__builtin_ctzll(ends), size = at - from;
        if (size > 4 || count == GROUPS) return false;
        if (!size && at && at < t.size) { /* the second colon of a pair, or none before it */
            if (gap < GROUPS || t.at[at - 1] != ':') return false;
            gap = count;
        } else if (!size && (at ? count != gap : t.at[1] != ':')) {
            return false;
        }
        uint32_t v = size ? word_half_at((const char *)values + from) << (32 - 8 * size) : 0;
        groups[2 * count] = (uint8_t)(v << 4 | v >> 8);
        groups[2 * count + 1] = (uint8_t)(v >> 12 | v >> 24);
        count += size > 0;
        from = at + 1;
    }
    if (gap == GROUPS ? count < GROUPS : count == GROUPS) return false;
    size_t behind = gap == GROUPS ? 0 : count - gap;
    memset(out->at, 0, sizeof out->at);
    memcpy(out->at, groups, 2 * (count - behind));
    memcpy(out->at + 2 * (GROUPS - behind), groups + 2 * (count - behind), 2 * behind);
    return true;
}

/* IPv4's notation within IPv6's is rare. */
static bool read_v6(struct text t, struct ip *out) {
    char copy[IP_TEXT_MAX];
    struct in6_addr v6;
    if (t.size >= sizeof copy || t.size < 2 || text_find(t, ':') == t.size) return false;
    if (text_find(t, '.') == t.size) return read_groups(t, out);
    if (text_find(t, 0) != t.size) return false;
    memcpy(copy, t.at, t.size);
    copy[t.size] = 0;
    if (inet_pton(AF_INET6, copy, &v6) != 1) return false;
    memcpy(out->at, v6.s6_addr, sizeof out->at);
    return true;
}

static bool read_either(struct text t, bool wide, struct ip *out) {
    uint32_t v4;
    bool may_be_v4 = t.size >= V4_SHORTEST && t.size <= V4_LONGEST;
    if (!may_be_v4 || !(wide ? read_v4_wide(t, &v4) : read_v4_plain(t, &v4))) return read_v6(t, out);
    *out = ip_from_v4(v4);
    return true;
}

bool ip_read(struct text t, struct ip *out) { return read_either(t, has_wide(), out); }
bool ip_read_plain(struct text t, struct ip *out) { return read_either(t, false, out); }

static struct text write_v4(const uint8_t *parts, char *out) {
    char *at = out;
    for (size_t i = 0; i < 4; i++) {
        unsigned value = parts[i];
        if (i) *at++ = '.';
        if (value >= 100) *at++ = (char)('0' + value / 100);
        if (value >= 10) *at++ = (char)('0' + value / 10 % 10);
        *at++ = (char)('0' + value % 10);
    }
    *at = 0;
    return (struct text){out, (size_t)(at - out)};
}

/* Lower case, without leading zeros. */
static size_t write_hex(unsigned value, char *out) {
    size_t size = 0;
    for (unsigned shift = 12; shift; shift -= 4)
        if (size || value >> shift) out[size++] = "0123456789abcdef"[value >> shift & 15];
    out[size++] = "0123456789abcdef"[value & 15];
    return size;
}

struct text ip_write(struct ip a, char out[static IP_TEXT_MAX]) {
    if (ip_is_v4(a)) return write_v4(a.at + 12, out);
    unsigned groups[8], best = 8,
                        best_length = 1; /* RFC 5952, 4.2: the longest run of two or more zeros, the first of equals */
    for (unsigned i = 0; i < 8; i++) groups[i] = (unsigned)a.at[2 * i] << 8 | a.at[2 * i + 1];
    for (unsigned i = 0; i < 8; i++) {
        unsigned length = 0;
        while (i + length < 8 && !groups[i + length]) length++;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    size_t size = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (i == best) {
            out[size++] = ':';
            i += best_length - 1;
            if (i == 7) out[size++] = ':';
            continue;
        }
        if (i) out[size++] = ':';
        size += write_hex(groups[i], out + size);
    }
    out[size] = 0;
    return (struct text){out, size};
}

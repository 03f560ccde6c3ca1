#include "base/text.h"

#include <string.h>

#include "base/digits.h"

struct text text_of(const char *c_string) {
    return (struct text){c_string, c_string ? strlen(c_string) : 0};
}

int text_compare(struct text a, struct text b) {
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared ? memcmp(a.at, b.at, shared) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

bool text_is(struct text a, const char *c_string) { return text_equal(a, text_of(c_string)); }

size_t text_search_plain(struct text t, struct text needle) {
    const char *found = t.size ? memmem(t.at, t.size, needle.at, needle.size) : NULL;
    return found ? (size_t)(found - t.at) : SIZE_MAX;
}

/* Log lines are short, and a needle is sought in each: memmem's preparations cost more than the search.  The first and
 * the last byte are looked at first, at many places at once (W. Mula, "SIMD-friendly algorithms for substring
 * searching"). */
struct block {
    uint64_t both; /* places, `1 << shift` bits each */
    unsigned shift;
};

/* Where among the places of a block the needle begins; SIZE_MAX: not there. */
static inline size_t check_places(struct block b, const char *at, struct text needle) {
    for (; b.both; b.both &= b.both - 1) {
        size_t place = (size_t)__builtin_ctzll(b.both) >> b.shift;
        if (text_same(at + place + 1, needle.at + 1, needle.size - 1)) return place;
    }
    return SIZE_MAX;
}

/* The high bit of each zero byte. */
static inline uint64_t zero_bytes(uint64_t word) {
    return ~(((word & WORD_BYTES(0x7f)) + WORD_BYTES(0x7f)) | word) & WORD_BYTES(0x80);
}

static inline struct block block_of_8(const char *at, struct text needle) {
    uint64_t first = word_at(at) ^ WORD_BYTES((uint8_t)needle.at[0]);
    uint64_t last = word_at(at + needle.size - 1) ^ WORD_BYTES((uint8_t)needle.at[needle.size - 1]);
    return (struct block){zero_bytes(first) & zero_bytes(last), 3};
}

static size_t search_8(struct text t, struct text needle, size_t places) {
    for (size_t i = 0; i < places; i += WORD_SIZE) {
        if (i + WORD_SIZE > places) i = places - WORD_SIZE; /* the last ones once more */
        size_t place = check_places(block_of_8(t.at + i, needle), t.at + i, needle);
        if (place != SIZE_MAX) return i + place;
    }
    return SIZE_MAX;
}

#ifdef __SSE2__
static inline struct block block_of_16(const char *at, struct text needle) {
    return (struct block){
        text_block_equal(at, needle.at[0]) & text_block_equal(at + needle.size - 1, needle.at[needle.size - 1]), 0};
}

static size_t search_16(struct text t, struct text needle, size_t places) {
    for (size_t i = 0; i < places; i += TEXT_BLOCK) {
        if (i + TEXT_BLOCK > places) i = places - TEXT_BLOCK;
        size_t place = check_places(block_of_16(t.at + i, needle), t.at + i, needle);
        if (place != SIZE_MAX) return i + place;
    }
    return SIZE_MAX;
}
#endif

size_t text_search(struct text t, struct text needle) {
    if (needle.size < 2 || t.size < needle.size) return text_search_plain(t, needle);
    size_t places = t.size - needle.size + 1;
#ifdef __SSE2__
    if (places >= TEXT_BLOCK) return search_16(t, needle, places);
#endif
    if (places >= WORD_SIZE) return search_8(t, needle, places);
    for (size_t i = 0; i < places; i++)
        if (t.at[i] == needle.at[0] && text_same(t.at + i + 1, needle.at + 1, needle.size - 1)) return i;
    return SIZE_MAX;
}

struct text text_first(struct text t, size_t max) {
    return text_sub(t, 0, t.size < max ? t.size : max);
}

struct text text_first_whole(struct text t, size_t max) {
    size_t size = t.size < max ? t.size : max;
    while (size && size < t.size && ((unsigned char)t.at[size] & 0xc0) == 0x80) size--;
    return text_sub(t, 0, size);
}

struct text text_trim(struct text t) {
    while (t.size && (t.at[0] == ' ' || t.at[0] == '\t')) t = text_sub(t, 1, t.size);
    while (t.size && (t.at[t.size - 1] == ' ' || t.at[t.size - 1] == '\t')) t.size--;
    return t;
}

bool text_u64(struct text t, uint64_t *value) {
    uint64_t sum = 0;
    if (!t.size || (t.at[0] == '0' && t.size > 1)) return false;
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') return false;
        if (__builtin_mul_overflow(sum, (uint64_t)10, &sum)) return false;
        if (__builtin_add_overflow(sum, (uint64_t)(t.at[i] - '0'), &sum)) return false;
    }
    *value = sum;
    return true;
}

/* Length of the well-formed UTF-8 sequence at `p` (0: none), by the table of RFC 3629, section 4. */
static size_t utf8_length(const uint8_t *p, size_t left) {
    uint8_t first = p[0], low = 0x80, high = 0xbf;
    size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || length > left) return 0;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
    for (size_t i = 1; i < length; i++) {
        if (p[i] < low || p[i] > high) return 0;
        low = 0x80;
        high = 0xbf;
    }
    return length;
}

bool text_is_utf8(struct text t) {
    struct bytes b = bytes_from_text(t);
    for (size_t i = 0; i < b.size;) {
        uint64_t eight;
        if (b.size - i >= sizeof eight) { /* mostly ASCII */
            memcpy(&eight, b.at + i, sizeof eight);
            if (!(eight & 0x8080808080808080)) {
                i += sizeof eight;
                continue;
            }
        }
        size_t length = utf8_length(b.at + i, b.size - i);
        if (!length) return false;
        i += length;
    }
    return true;
}

/* Embeddings, overrides and isolates (UAX #9), and the separators of lines and paragraphs. */
static bool turns_text(const uint8_t *p) {
    if (p[0] != 0xe2) return false;
    return (p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) || (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

size_t text_shown(struct text t) {
    const uint8_t *p = bytes_from_text(t).at;
    size_t size = t.size ? utf8_length(p, t.size) : 0;
    if (size == 1) return p[0] >= ' ' && p[0] != 0x7f;
    if (size == 2 && p[0] == 0xc2 && p[1] < 0xa0) return 0;
    return size == 3 && turns_text(p) ? 0 : size;
}

bool text_is_note_text(struct text t) {
    bool control = false; /* without a way out, so that many are compared at once */
    for (size_t i = 0; i < t.size; i++) control |= ((uint8_t)t.at[i] < 0x20) & (t.at[i] != '\n');
    return !control && text_is_utf8(t);
}

size_t text_columns(struct text t) {
    size_t columns = 0;
    for (size_t i = 0; i < t.size; i++) columns += ((unsigned char)t.at[i] & 0xc0) != 0x80;
    return columns;
}

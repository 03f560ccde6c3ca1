/* Views of text and of bytes: a pointer and a length, owning nothing.
 *
 * A view lives as long as what it points into.  Text is not NUL-terminated: print it with "%.*s", TEXT_ARG(t).
 * Parsers take the front off a view: they move `*t` past what they read, and leave it alone when they refuse. */
#ifndef PARLEY_BASE_TEXT_H
#define PARLEY_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct text {
    const char *at;
    size_t size;
};

struct bytes {
    const uint8_t *at;
    size_t size;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})
#define TEXT_ARG(t) (int)(t).size, (t).at /* for "%.*s" */
#define COUNT(array) (sizeof(array) / sizeof *(array))

#ifdef __SSE2__ /* of every processor that runs 64-bit x86 programs */
enum { TEXT_BLOCK = sizeof(__m128i) };
/* Which of TEXT_BLOCK bytes are `c`, the first one lowest. */
static inline unsigned text_block_equal(const char *at, char c) {
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(c)));
}
#endif

struct text text_of(const char *c_string); /* NULL gives the empty text */
static inline struct text text_from_bytes(struct bytes b) { return (struct text){(const char *)b.at, b.size}; }
static inline struct bytes bytes_from_text(struct text t) { return (struct bytes){(const uint8_t *)t.at, t.size}; }
static inline struct bytes bytes_of(const void *at, size_t size) { return (struct bytes){at, size}; }

/* The smallest ones stand here: a log line takes dozens of them, and the call costs more than what they do.  Most
 * compare with a constant, of which the compiler makes an instruction or two once they stand where they are used. */
#define TEXT_INLINE static inline __attribute__((always_inline))

/* Whether `size` bytes are the same: eight at a time, the last ones once more. */
TEXT_INLINE bool text_same(const char *a, const char *b, size_t size) {
    uint64_t x, y;
    if (__builtin_constant_p(size)) return !size || !memcmp(a, b, size);
    if (size < sizeof x) {
        for (size_t i = 0; i < size; i++)
            if (a[i] != b[i]) return false;
        return true;
    }
    for (size_t i = 0;; i += sizeof x) {
        if (i + sizeof x > size) i = size - sizeof x;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        if (x != y) return false;
        if (i + sizeof x == size) return true;
    }
}
TEXT_INLINE bool text_equal(struct text a, struct text b) { return a.size == b.size && text_same(a.at, b.at, b.size); }
bool text_is(struct text a, const char *c_string);
/* Bytewise order: negative, 0 or positive; a prefix comes first. */
int text_compare(struct text a, struct text b);
TEXT_INLINE bool text_starts(struct text t, struct text prefix) {
    return t.size >= prefix.size && text_same(t.at, prefix.at, prefix.size);
}
TEXT_INLINE bool text_ends(struct text t, struct text suffix) {
    return t.size >= suffix.size && (!suffix.size || text_same(t.at + (t.size - suffix.size), suffix.at, suffix.size));
}
static inline size_t text_find_far(struct text t, char c) {
    const char *found = t.size ? (const char *)memchr(t.at, c, t.size) : NULL;
    return found ? (size_t)(found - t.at) : t.size;
}
/* The offset of the first `c`, or t.size.  Most words are short: their end is sought here, that of others by memchr. */
static inline size_t text_find(struct text t, char c) {
#ifdef __SSE2__
    if (t.size >= TEXT_BLOCK) {
        unsigned found = text_block_equal(t.at, c);
        if (found) return (size_t)__builtin_ctz(found);
    }
#endif
    return text_find_far(t, c);
}
/* Behind the last `c`, or 0. */
static inline size_t text_behind_last(struct text t, char c) {
    size_t at = t.size;
#ifdef __SSE2__
    for (; at >= TEXT_BLOCK; at -= TEXT_BLOCK) {
        unsigned found = text_block_equal(t.at + at - TEXT_BLOCK, c);
        if (found) return at - TEXT_BLOCK + 32 - (size_t)__builtin_clz(found);
    }
#endif
    while (at && t.at[at - 1] != c) at--;
    return at;
}
/* The offset of the first `needle`, or SIZE_MAX where there is none. */
size_t text_search(struct text t, struct text needle);
/* The same, without what only some processors have: what text_search does on the others. */
size_t text_search_plain(struct text t, struct text needle);
static inline struct text text_sub(struct text t, size_t from, size_t to) {
    return (struct text){from ? t.at + from : t.at, to - from}; /* C17 knows no NULL + 0 */
}
struct text text_trim(struct text t); /* without spaces and tabs at both ends */

/* Takes everything before the next `c` off the front, and the `c` too.  False where there is no `c`. */
static inline bool text_cut(struct text *t, char c, struct text *before) {
    size_t at = text_find(*t, c);
    if (at == t->size) return false;
    *before = text_sub(*t, 0, at);
    *t = text_sub(*t, at + 1, t->size);
    return true;
}
/* Takes one line that ends in LF off the front (without its LF).  False where no LF is left. */
static inline bool text_line(struct text *t, struct text *line) {
    size_t at = text_find_far(*t, '\n');
    if (at == t->size) return false;
    *line = text_sub(*t, 0, at);
    *t = text_sub(*t, at + 1, t->size);
    return true;
}
/* The first bytes, at most `max`. */
struct text text_first(struct text t, size_t max);
/* The same of UTF-8, and no character is cut in two. */
struct text text_first_whole(struct text t, size_t max);
/* Takes `prefix` off the front. */
TEXT_INLINE bool text_skip(struct text *t, struct text prefix) {
    if (!text_starts(*t, prefix)) return false;
    *t = text_sub(*t, prefix.size, t->size);
    return true;
}
/* A whole text as a decimal number: digits only, no leading zero but "0" itself, no overflow. */
bool text_u64(struct text t, uint64_t *value);
/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(struct text t);
/* Columns of a text in a terminal: code points; wide and combining ones are not told apart. */
size_t text_columns(struct text t);
/* The bytes of the character at the front, where a terminal shows it and does nothing else; 0: none.  What is not UTF-8
 * may not be shown, nor control characters (C0, DEL, C1), nor what turns the direction of the text around it: with
 * these, what one party wrote could pass for what the program says. */
size_t text_shown(struct text t);
/* UTF-8 without control characters but LF: what a signed note may hold. */
bool text_is_note_text(struct text t);

#endif

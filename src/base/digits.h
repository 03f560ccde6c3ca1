/* Decimal digits, eight bytes at a time: most fields of a log line are shorter, and a loop over their bytes costs more
 * in wrong guesses of its end than in work.
 *
 * A word holds bytes in the order of the text, the first one lowest, whatever the machine's own order. */
#ifndef PARLEY_BASE_DIGITS_H
#define PARLEY_BASE_DIGITS_H

#include <endian.h>

#include "base/text.h"

enum { WORD_SIZE = 8 };

static inline uint64_t word_at(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

static inline uint32_t word_half_at(const char *at) {
    uint32_t half;
    memcpy(&half, at, sizeof half);
    return le32toh(half);
}

/* A text of 1 to 8 bytes, zeros behind them; no byte beyond it is read. */
static inline uint64_t word_of(struct text t) {
    if (t.size >= 4) {
        uint64_t last = word_half_at(t.at + t.size - 4);
        return word_half_at(t.at) | last << (8 * (t.size - 4));
    }
    const uint8_t *p = (const uint8_t *)t.at;
    return p[0] | (uint64_t)p[t.size / 2] << (8 * (t.size / 2)) | (uint64_t)p[t.size - 1] << (8 * (t.size - 1));
}

#define WORD_BYTES(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

/* The high bit of each byte that is no digit, and of no other. */
static inline uint64_t word_no_digits(uint64_t word) {
    uint64_t values = word ^ WORD_BYTES('0');
    return (((values & WORD_BYTES(0x7f)) + WORD_BYTES(0x80 - 10)) | values) & WORD_BYTES(0x80);
}

/* Digits at the front of a word: 0 to 8. */
static inline size_t word_digits(uint64_t word) {
    uint64_t others = word_no_digits(word);
    return others ? (size_t)__builtin_ctzll(others) / 8 : WORD_SIZE;
}

/* What the first `size` bytes of a word, 1 to 8 that are digits, say. */
static inline uint32_t word_decimal(uint64_t word, size_t size) {
    uint64_t v = (word ^ WORD_BYTES('0')) << (8 * (WORD_SIZE - size)); /* zeros before them */
    v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(v * 10000 + (v >> 32));
}

/* A whole text of 1 to 8 digits. */
static inline bool text_digits(struct text t, uint32_t *value) {
    if (!t.size || t.size > WORD_SIZE) return false;
    uint64_t word = word_of(t);
    if (word_digits(word) < t.size) return false;
    *value = word_decimal(word, t.size);
    return true;
}

#endif

#include "base/codec.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void hex_write(struct bytes b, char *out) {
    for (size_t i = 0; i < b.size; i++) {
        out[2 * i] = hex_digits[b.at[i] >> 4];
        out[2 * i + 1] = hex_digits[b.at[i] & 15];
    }
    out[2 * b.size] = 0;
}

void buf_hex(struct buf *out, struct bytes b) {
    for (size_t i = 0; i < b.size; i++) {
        buf_char(out, hex_digits[b.at[i] >> 4]);
        buf_char(out, hex_digits[b.at[i] & 15]);
    }
}

static int hex_value(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

bool hex_read(struct text t, uint8_t *out, size_t count) {
    if (t.size != 2 * count) return false;
    for (size_t i = 0; i < t.size; i++)
        if (hex_value(t.at[i]) < 0) return false;
    for (size_t i = 0; i < count; i++) out[i] = (uint8_t)(hex_value(t.at[2 * i]) << 4 | hex_value(t.at[2 * i + 1]));
    return true;
}

char *base64_write(struct bytes b, char *out) {
    for (size_t i = 0; i < b.size; i += 3) {
        const size_t left = b.size - i;
        const uint32_t three =
            (uint32_t)b.at[i] << 16 | (left > 1 ? (uint32_t)b.at[i + 1] << 8 : 0) | (left > 2 ? b.at[i + 2] : 0);
        *out++ = base64_digits[three >> 18];
        *out++ = base64_digits[three >> 12 & 63];
        *out++ = left > 1 ? base64_digits[three >> 6 & 63] : '=';
        *out++ = left > 2 ? base64_digits[three & 63] : '=';
    }
    return out;
}

void buf_base64(struct buf *out, struct bytes b, enum base64_form form) {
    enum { PIECE = 48 };
    for (size_t i = 0; i < b.size; i += PIECE) {
        const size_t some = b.size - i < PIECE ? b.size - i : PIECE;
        char digits[PIECE / 3 * 4];
        size_t size = (size_t)(base64_write(bytes_of(b.at + i, some), digits) - digits);
        if (form == BASE64_RAW) size -= (3 - some % 3) % 3;
        buf_text(out, (struct text){digits, size});
    }
}

/* Branch-free over the character, as keys pass through here: -1 where it is no digit. */
static int base64_value(int c) {
    int value = -1;
    value += ((('A' - 1 - c) & (c - 'Z' - 1)) >> 8) & (c - 'A' + 1);
    value += ((('a' - 1 - c) & (c - 'z' - 1)) >> 8) & (c - 'a' + 27);
    value += ((('0' - 1 - c) & (c - '9' - 1)) >> 8) & (c - '0' + 53);
    value += ((('+' - 1 - c) & (c - '+' - 1)) >> 8) & 63;
    value += ((('/' - 1 - c) & (c - '/' - 1)) >> 8) & 64;
    return value;
}

/* The digits alone: how many, or SIZE_MAX where there can't be so many. */
static size_t base64_digit_count(struct text t, enum base64_form form) {
    if (form == BASE64_PADDED) {
        if (t.size % 4) return SIZE_MAX;
        for (size_t i = 0; i < 2 && t.size && t.at[t.size - 1] == '='; i++) t.size--;
    }
    return t.size % 4 == 1 ? SIZE_MAX : t.size;
}

/* Four digits, or the last two or three, into `out`; false where one is none, or bits are left over. */
static bool base64_group(const char *digits, size_t count, uint8_t *out) {
    uint32_t bits = 0;
    int bad = 0;
    for (size_t j = 0; j < count; j++) {
        const int value = base64_value((unsigned char)digits[j]);
        bad |= value;
        bits = bits << 6 | (uint32_t)(value & 63);
    }
    bits <<= 6 * (4 - count);
    for (size_t j = 0; j + 1 < count; j++) out[j] = (uint8_t)(bits >> (16 - 8 * j));
    return bad >= 0 && (count == 4 || !(uint8_t)(bits >> (16 - 8 * (count - 1))));
}

static bool base64_decode(const char *digits, size_t count, uint8_t *out) {
    size_t i = 0;
    bool good = true;
    for (; i + 4 <= count && good; i += 4, out += 3) good = base64_group(digits + i, 4, out);
    return good && (i == count || base64_group(digits + i, count - i, out));
}

bool base64_read(struct text t, struct buf *out, enum base64_form form) {
    const size_t digits = base64_digit_count(t, form), before = out->size;
    if (digits == SIZE_MAX) return false;
    if (!digits) return !out->failed;
    uint8_t *to = buf_extend(out, digits / 4 * 3 + digits % 4 * 3 / 4);
    if (!to) return false;
    if (!base64_decode(t.at, digits, to)) out->size = before;
    return out->size > before;
}

bool base64_read_exact(struct text t, uint8_t *out, size_t count, enum base64_form form) {
    uint8_t small[64];
    const size_t digits = base64_digit_count(t, form);
    if (digits == SIZE_MAX || digits / 4 * 3 + digits % 4 * 3 / 4 != count) return false;
    struct buf large = {.max = count};
    uint8_t *to = count <= sizeof small ? small : buf_extend(&large, count);
    const bool fits = to && base64_decode(t.at, digits, to);
    if (fits && count) memcpy(out, to, count);
    explicit_bzero(small, sizeof small); /* it may have been a key */
    buf_wipe(&large);
    return fits;
}

#include "seal/bech32.h"

#include <string.h>

#include "base/secret.h"

static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
enum { CHECKSUM_DIGITS = 6, DATA_MAX = 64 };

static uint32_t step(uint32_t sum, uint32_t value) {
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        if (top >> i & 1) sum ^= generator[i];
    return sum;
}

static uint32_t start(struct text hrp) {
    uint32_t sum = 1;
    for (size_t i = 0; i < hrp.size; i++) sum = step(sum, (uint32_t)(unsigned char)hrp.at[i] >> 5);
    sum = step(sum, 0);
    for (size_t i = 0; i < hrp.size; i++) sum = step(sum, (uint32_t)(unsigned char)hrp.at[i] & 31);
    return sum;
}

void bech32_write(struct text hrp, struct bytes data, struct buf *out) {
    uint32_t sum = start(hrp), bits = 0;
    unsigned held = 0;
    buf_text(out, hrp);
    buf_char(out, '1');
    for (size_t i = 0; i <= data.size; i++) {
        if (i < data.size) {
            bits = bits << 8 | data.at[i];
            held += 8;
        } else if (held) { /* the last digit is filled up with zero bits */
            bits <<= 5 - held;
            held = 5;
        }
        for (; held >= 5; held -= 5) {
            uint32_t value = bits >> (held - 5) & 31;
            sum = step(sum, value);
            buf_char(out, digits[value]);
        }
    }
    for (unsigned i = 0; i < CHECKSUM_DIGITS; i++) sum = step(sum, 0);
    sum ^= 1;
    for (unsigned i = 0; i < CHECKSUM_DIGITS; i++) buf_char(out, digits[sum >> (5 * (CHECKSUM_DIGITS - 1 - i)) & 31]);
}

/* The value of a digit of either case; sets the flag of its case. */
static int digit_value(char c, bool *lower, bool *upper) {
    *lower |= c >= 'a' && c <= 'z';
    *upper |= c >= 'A' && c <= 'Z';
    const char *found = c ? strchr(digits, c >= 'A' && c <= 'Z' ? c + 32 : c) : NULL;
    return found ? (int)(found - digits) : -1;
}

static bool skip_hrp(struct text *t, struct text hrp, bool *lower, bool *upper) {
    if (t->size < hrp.size + 1 + CHECKSUM_DIGITS) return false;
    for (size_t i = 0; i < hrp.size; i++) {
        char c = t->at[i], small = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        *lower |= c >= 'a' && c <= 'z';
        *upper |= c >= 'A' && c <= 'Z';
        if (small != hrp.at[i]) return false;
    }
    *t = text_sub(*t, hrp.size, t->size);
    return text_skip(t, TEXT("1"));
}

bool bech32_read(struct text t, struct text hrp, uint8_t *out, size_t count) {
    uint8_t data[DATA_MAX];
    uint32_t sum = start(hrp), bits = 0;
    unsigned held = 0;
    size_t size = 0;
    bool lower = false, upper = false, good = count <= DATA_MAX && skip_hrp(&t, hrp, &lower, &upper);
    for (size_t i = 0; good && i < t.size; i++) {
        int value = digit_value(t.at[i], &lower, &upper);
        good = value >= 0;
        if (!good) break;
        sum = step(sum, (uint32_t)value);
        if (i + CHECKSUM_DIGITS >= t.size) continue;
        bits = bits << 5 | (uint32_t)value;
        held += 5;
        if (held < 8) continue;
        good = size < count;
        if (good) data[size++] = (uint8_t)(bits >> (held - 8));
        held -= 8;
    }
    good = good && sum == 1 && size == count && held < 5 && !(bits & ((1u << held) - 1)) && !(lower && upper);
    if (good) memcpy(out, data, count);
    secret_wipe(data, sizeof data);
    return good;
}

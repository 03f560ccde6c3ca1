#include "note/fingerprint.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"

enum { DIGITS = 30 };

struct text fingerprint_write(struct text vkey, char out[static FINGERPRINT_SIZE]) {
    struct sha256 hash = sha256_of(bytes_from_text(vkey));
    unsigned __int128 number = 0, limit = 1;
    for (int i = 0; i < 16; i++) number = number << 8 | hash.at[i];
    for (int i = 0; i < DIGITS; i++) limit *= 10;
    number %= limit;
    char digits[DIGITS];
    for (int i = DIGITS - 1; i >= 0; i--, number /= 10) digits[i] = (char)('0' + (int)(number % 10));
    size_t size = 0;
    for (size_t i = 0; i < sizeof digits; i++) {
        if (i && i % 5 == 0) out[size++] = ' ';
        out[size++] = digits[i];
    }
    out[size] = 0;
    return (struct text){out, size};
}

bool fingerprint_shaped(struct text typed) {
    size_t digits = 0;
    for (size_t i = 0; i < typed.size; i++) {
        bool digit = typed.at[i] >= '0' && typed.at[i] <= '9';
        if (!digit && typed.at[i] != ' ' && typed.at[i] != '-') return false;
        digits += digit;
    }
    return digits == DIGITS;
}

struct text safety_number_write(struct text party, struct text vkey, struct text other_party, struct text other_vkey,
                                char out[static SAFETY_NUMBER_SIZE]) {
    bool first = text_compare(party, other_party) < 0;
    char a[FINGERPRINT_SIZE], b[FINGERPRINT_SIZE];
    fingerprint_write(first ? vkey : other_vkey, a);
    fingerprint_write(first ? other_vkey : vkey, b);
    int size = snprintf(out, SAFETY_NUMBER_SIZE, "%s %s", a, b);
    return (struct text){out, (size_t)size};
}

static bool next_digit(struct text t, size_t *at, char *digit) {
    while (*at < t.size && (t.at[*at] < '0' || t.at[*at] > '9')) ++*at;
    if (*at == t.size) return false;
    *digit = t.at[(*at)++];
    return true;
}

bool digits_equal(struct text a, struct text b) {
    size_t at = 0, bt = 0, count = 0;
    for (;; count++) {
        char x, y;
        bool more_a = next_digit(a, &at, &x), more_b = next_digit(b, &bt, &y);
        if (!more_a || !more_b) return more_a == more_b && count > 0;
        if (x != y) return false;
    }
}

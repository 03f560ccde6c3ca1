/* The canonical form of RFC 8785. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"

/* The order of UTF-16 code units (RFC 8785, 3.2.3), of two UTF-8 texts.  It is the order of bytes but for one thing:
 * what UTF-16 writes in surrogates (D800 to DFFF; in UTF-8 a first byte of F0 or more) comes before E000 to FFFF (a
 * first byte of EE or EF). */
static int utf16_order(struct text a, struct text b) {
    size_t shared = a.size < b.size ? a.size : b.size, i = 0;
    while (i < shared && a.at[i] == b.at[i]) i++;
    if (i == shared) return (a.size > b.size) - (a.size < b.size);
    unsigned x = (unsigned char)a.at[i], y = (unsigned char)b.at[i];
    if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0)) return x >= 0xf0 ? -1 : 1;
    return x < y ? -1 : 1;
}

struct pair {
    struct text key;
    const json_t *value;
};

static int pair_order(const void *a, const void *b) {
    return utf16_order(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

/* What follows the backslash for a character that has a short escape; 0: none (RFC 8785, 3.2.2.2). */
static char short_escape(char c) {
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
    }
}

static void put_string(struct text t, struct buf *out) {
    buf_char(out, '"');
    for (size_t plain = 0, i = 0; i <= t.size; i++) {
        bool special = i < t.size && ((unsigned char)t.at[i] < 0x20 || t.at[i] == '"' || t.at[i] == '\\');
        if (i < t.size && !special) continue;
        buf_text(out, text_sub(t, plain, i));
        plain = i + 1;
        if (!special) break;
        char escape = short_escape(t.at[i]);
        if (escape) {
            buf_char(out, '\\');
            buf_char(out, escape);
        } else {
            buf_format(out, "\\u%04x", (unsigned)(unsigned char)t.at[i]);
        }
    }
    buf_char(out, '"');
}

/* A positive decimal: digits d1 d2 … dk, and where the point stands, counted from before d1. */
struct decimal {
    char digits[24];
    int count, point;
};

/* strtod without a decimal point, so that no locale matters: digits e exponent. */
static bool is_value(const struct decimal *n, double value) {
    char spelled[48];
    snprintf(spelled, sizeof spelled, "%.*se%d", n->count, n->digits, n->point - n->count);
    return strtod(spelled, NULL) == value;
}

/* Adds one to the last digit. */
static void step_up(struct decimal *n) {
    int i = n->count - 1;
    while (i >= 0 && n->digits[i] == '9') n->digits[i--] = '0';
    if (i >= 0) {
        n->digits[i]++;
        return;
    }
    n->digits[0] = '1';
    n->point++;
}

/* `value` rounded to `count` digits. */
static void round_to(double value, int count, struct decimal *n) {
    char spelled[48];
    snprintf(spelled, sizeof spelled, "%.*e", count - 1, value);
    n->digits[0] = spelled[0];
    if (count > 1) memcpy(n->digits + 1, spelled + 2, (size_t)count - 1);
    n->count = count;
    n->point = atoi(strchr(spelled, 'e') + 1) + 1;
}

/* The fewest digits that read back as `value`; of those the nearest (ECMA-262, Number::toString, step 5).  At a power
 * of two the doubles below are closer together than those above, so that the nearest number of k digits may lie below
 * and miss, while the next one above reads back. */
static void shortest(double value, struct decimal *n) {
    for (int count = 1; count <= 17; count++) {
        round_to(value, count, n);
        if (is_value(n, value)) break;
        step_up(n);
        if (count < 17 && is_value(n, value)) break;
    }
    while (n->count > 1 && n->digits[n->count - 1] == '0') n->count--;
}

static void put_zeros(struct buf *out, int count) {
    for (int i = 0; i < count; i++) buf_char(out, '0');
}

static void put_decimal(const struct decimal *n, struct buf *out) {
    struct text digits = {n->digits, (size_t)n->count};
    if (n->count <= n->point && n->point <= 21) {
        buf_text(out, digits);
        put_zeros(out, n->point - n->count);
    } else if (0 < n->point && n->point <= 21) {
        buf_text(out, text_sub(digits, 0, (size_t)n->point));
        buf_char(out, '.');
        buf_text(out, text_sub(digits, (size_t)n->point, digits.size));
    } else if (-6 < n->point && n->point <= 0) {
        buf_string(out, "0.");
        put_zeros(out, -n->point);
        buf_text(out, digits);
    } else {
        buf_char(out, n->digits[0]);
        if (n->count > 1) buf_char(out, '.');
        buf_text(out, text_sub(digits, 1, digits.size));
        buf_format(out, "e%+d", n->point - 1);
    }
}

void json_number(double value, struct buf *out) {
    ASSERT(isfinite(value));
    struct decimal n;
    if (value == 0) { /* also -0 */
        buf_char(out, '0');
        return;
    }
    if (value < 0) buf_char(out, '-');
    shortest(fabs(value), &n);
    put_decimal(&n, out);
}

static void put_integer(json_int_t value, struct buf *out) {
    const json_int_t safe = (json_int_t)1 << 53;
    if (value < -safe || value > safe) {
        json_number((double)value, out);
        return;
    }
    if (value < 0) buf_char(out, '-');
    buf_u64(out, (uint64_t)(value < 0 ? -value : value));
}

static void put_value(const json_t *value, struct buf *out);

static void put_array(const json_t *array, struct buf *out) {
    buf_char(out, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i) buf_char(out, ',');
        put_value(json_array_get(array, i), out);
    }
    buf_char(out, ']');
}

static void put_object(const json_t *object, struct buf *out) {
    size_t count = json_object_size(object), filled = 0;
    struct pair few[32], *pairs = count > COUNT(few) ? calloc(count, sizeof *pairs) : few;
    if (!pairs) {
        out->failed = true;
        return;
    }
    /* jansson walks an object through a pointer that is not const and changes nothing. */
    json_t *walked = (json_t *)(uintptr_t)object;
    for (void *at = json_object_iter(walked); at; at = json_object_iter_next(walked, at))
        pairs[filled++] =
            (struct pair){{json_object_iter_key(at), json_object_iter_key_len(at)}, json_object_iter_value(at)};
    qsort(pairs, filled, sizeof *pairs, pair_order);
    buf_char(out, '{');
    for (size_t i = 0; i < filled; i++) {
        if (i) buf_char(out, ',');
        put_string(pairs[i].key, out);
        buf_char(out, ':');
        put_value(pairs[i].value, out);
    }
    buf_char(out, '}');
    if (pairs != few) free(pairs);
}

static void put_value(const json_t *value, struct buf *out) {
    switch (json_typeof(value)) {
    case JSON_OBJECT: put_object(value, out); return;
    case JSON_ARRAY: put_array(value, out); return;
    case JSON_STRING: put_string(json_as_text(value), out); return;
    case JSON_INTEGER: put_integer(json_integer_value(value), out); return;
    case JSON_REAL: json_number(json_real_value(value), out); return;
    case JSON_TRUE: buf_string(out, "true"); return;
    case JSON_FALSE: buf_string(out, "false"); return;
    case JSON_NULL: buf_string(out, "null"); return;
    }
}

void json_canonical(const json_t *value, struct buf *out) { put_value(value, out); }

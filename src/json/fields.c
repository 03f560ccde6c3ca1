#include "json/fields.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json/fields_names.h"
#include "json/fields_number.h"

enum {
    DEPTH = 12,
    INTEGER_DIGITS = 18, /* of which any number fits */
    REAL_DIGITS = 40,    /* with which, and two digits of an exponent, no double overflows */
    EXPONENT_DIGITS = 2,
    OBJECTS_MAX = 1 << 30
};

struct scan {
    const char *at, *end;
    const struct json_asked *asked;
    struct json_names *names;
    struct json_members *out;
    char *room;
    size_t left;
    uint16_t last; /* the name that was taken last */
};

static bool take(struct scan *s, char c) {
    if (s->at == s->end || *s->at != c) return false;
    s->at++;
    return true;
}

static void skip_space(struct scan *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t')) s->at++;
}

/* ---- strings */

/* Where the first byte stands that ends a string, or is no plain ASCII: a quote, a backslash, a control character, a
 * byte of 0x80 and more; `end` where there is none. */
static const char *skip_plain(const char *at, const char *end) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
    for (; end - at >= (ptrdiff_t)sizeof(__m128i); at += sizeof(__m128i)) {
        __m128i v;
        memcpy(&v, at, sizeof v);
        __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash));
        /* As signed numbers, bytes of 0x80 and more are below the space, too. */
        int mask = _mm_movemask_epi8(_mm_or_si128(stops, _mm_cmplt_epi8(v, space)));
        if (mask) return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (at < end && *at != '"' && *at != '\\' && (uint8_t)*at >= ' ' && (uint8_t)*at < 0x80) at++;
    return at;
}

struct string {
    struct text text; /* as it stands there */
    bool escaped;
};

/* Escapes are looked at where the string is asked for and elsewhere alike: all must be right. */
static int hex(char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The code behind \u; -1: none. */
static int32_t code_at(const char *at, const char *end) {
    int32_t code = 0;
    if (end - at < 4) return -1;
    for (size_t i = 0; i < 4; i++) {
        int digit = hex(at[i]);
        if (digit < 0) return -1;
        code = code * 16 + digit;
    }
    return code;
}

/* An escape, from its backslash on: its size, and what it stands for; 0: it is none, or NUL. */
static size_t escape_at(const char *at, const char *end, uint32_t *out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (end - at < 2) return 0;
    const char *simple = at[1] ? strchr(from, at[1]) : NULL;
    if (simple) return *out = (uint8_t)to[simple - from], 2;
    int32_t code = at[1] == 'u' ? code_at(at + 2, end) : -1, low = -1;
    if (code <= 0 || (code & 0xfc00) == 0xdc00) return 0;
    *out = (uint32_t)code;
    if ((code & 0xfc00) != 0xd800) return 6;
    if (end - at >= 12 && at[6] == '\\' && at[7] == 'u') low = code_at(at + 8, end);
    if (low < 0 || (low & 0xfc00) != 0xdc00) return 0;
    *out = 0x10000 + ((uint32_t)(code & 0x3ff) << 10) + (uint32_t)(low & 0x3ff);
    return 12;
}

static bool take_string(struct scan *s, struct string *out) {
    bool wide = false;
    out->escaped = false;
    if (!take(s, '"')) return false;
    const char *from = s->at, *at = from;
    for (;;) {
        at = skip_plain(at, s->end);
        if (at == s->end || (uint8_t)*at < ' ') return false;
        if (*at == '"') break;
        uint32_t code;
        size_t size = *at == '\\' ? escape_at(at, s->end, &code) : 1;
        if (!size) return false;
        if (*at == '\\')
            out->escaped = true;
        else
            wide = true;
        at += size;
    }
    out->text = (struct text){from, (size_t)(at - from)};
    s->at = at + 1;
    return !wide || text_is_utf8(out->text);
}

static char *put_code(uint32_t code, char *at) {
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint8_t first[] = {0, 0xc0, 0xe0, 0xf0};
    *at++ = (char)(first[more] | code >> 6 * more);
    while (more--) *at++ = (char)(0x80 | (code >> 6 * more & 0x3f));
    return at;
}

/* Never longer than it stands there. */
static bool unescape(struct scan *s, struct text *t) {
    char *to = s->room;
    const char *at = t->at, *end = t->at + t->size;
    if (t->size > s->left) return false;
    while (at < end) {
        uint32_t code;
        if (*at != '\\') {
            *to++ = *at++;
        } else {
            at += escape_at(at, end, &code);
            to = put_code(code, to);
        }
    }
    *t = (struct text){s->room, (size_t)(to - s->room)};
    s->left -= t->size;
    s->room = to;
    return true;
}

/* ---- numbers */

struct number {
    struct text text;         /* as it stands there */
    size_t whole, fraction;   /* digits */
    bool minus, real, raised; /* with an exponent */
};

static size_t take_digits(struct scan *s) {
    const char *from = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') s->at++;
    return (size_t)(s->at - from);
}

static bool take_number(struct scan *s, struct number *out) {
    const char *from = s->at;
    *out = (struct number){.minus = take(s, '-')};
    bool zero = s->at < s->end && *s->at == '0';
    out->whole = take_digits(s);
    if (!out->whole || (zero && out->whole > 1)) return false;
    out->real = take(s, '.');
    if (out->real && !(out->fraction = take_digits(s))) return false;
    if (s->at < s->end && (*s->at | 32) == 'e') {
        s->at++;
        if (!take(s, '-')) take(s, '+');
        size_t digits = take_digits(s);
        if (!digits || digits > EXPONENT_DIGITS) return false;
        out->real = out->raised = true;
    }
    out->text = (struct text){from, (size_t)(s->at - from)};
    return out->real ? out->whole + out->fraction <= REAL_DIGITS : out->whole <= INTEGER_DIGITS;
}

/* A number below 2^33 is within 2^-21 of the double next to it, so with six digits behind the dot printf gives those
 * back that stand there. */
static bool is_as_printed(const struct number *n) {
    enum { DIGITS_BELOW = 9, PLACES = 6 };
    static const struct text now_max = TEXT("8589934591"); /* times since 1970 have ten digits, too */
    struct text digits = text_sub(n->text, n->minus, n->minus + n->whole);
    return !n->raised && n->fraction <= PLACES &&
           (n->whole <= DIGITS_BELOW || (n->whole == now_max.size && text_compare(digits, now_max) < 0));
}

/* The digits that printf rounds to, where the double next to the number can't be on the other side of the half: it is
 * within 2^-24 of it below 2^30, and within 2^-23 below 2^31. */
static bool round_real(const struct number *n, char *at, struct text *out) {
    enum { PLACES = 6, DIGITS_BELOW = 9, ROOM = 20 };
    static const uint64_t million = 1000000, largest = INT32_MAX;
    const struct text digits = text_sub(n->text, n->minus, n->text.size);
    uint64_t value = 0;
    if (n->raised || n->fraction <= PLACES || n->whole > DIGITS_BELOW + 1) return false;
    for (size_t i = 0; i < n->whole + 1 + PLACES; i++)
        if (i != n->whole) value = value * 10 + (uint64_t)(digits.at[i] - '0');
    const int next = digits.at[n->whole + 1 + PLACES] - '0', unsure = n->whole > DIGITS_BELOW ? 2 : 1;
    if (value / million > largest || (next >= 5 - unsure && next < 5 + unsure)) return false;
    value += next >= 5;
    char written[ROOM];
    size_t size = 0;
    for (; size <= PLACES + 1 || value; size++) {
        written[size] = size == PLACES ? '.' : (char)('0' + value % 10);
        if (size != PLACES) value /= 10;
    }
    *out = (struct text){at, size + n->minus};
    at[0] = '-';
    for (size_t i = 0; i < size; i++) at[n->minus + i] = written[size - 1 - i];
    return true;
}

static bool print_real(struct scan *s, const struct number *n, struct text *out) {
    enum { PLACES = 6 };
    char copy[REAL_DIGITS + 8];
    if (s->left < JSON_NUMBER_MAX) return false;
    if (is_as_printed(n)) {
        *out = (struct text){s->room, n->text.size + PLACES - n->fraction};
        memcpy(s->room, n->text.at, n->text.size);
        memset(s->room + n->text.size, '0', PLACES - n->fraction);
    } else if (!round_real(n, s->room, out)) {
        memcpy(copy, n->text.at, n->text.size);
        copy[n->text.size] = 0;
        *out = json_real_text(strtod(copy, NULL), s->room);
    }
    s->room += out->size;
    s->left -= out->size;
    return true;
}

/* ---- values */

static bool put(struct scan *s, unsigned which, enum json_kind kind, struct text text) {
    if (which == JSON_NOT_ASKED) return true;
    if (s->out->count == JSON_MEMBERS_MAX) return false;
    s->out->at[s->out->count++] = (struct json_member){which, kind, text};
    return true;
}

static bool take_word(struct scan *s, struct text word, unsigned which, enum json_kind kind) {
    if ((size_t)(s->end - s->at) < word.size || memcmp(s->at, word.at, word.size)) return false;
    s->at += word.size;
    return put(s, which, kind, (struct text){0});
}

static bool take_text(struct scan *s, unsigned which) {
    struct string string;
    if (!take_string(s, &string)) return false;
    if (which == JSON_NOT_ASKED) return true;
    if (string.escaped && !unescape(s, &string.text)) return false;
    return put(s, which, JSON_KIND_TEXT, string.text);
}

static bool take_figure(struct scan *s, unsigned which) {
    struct number n;
    if (!take_number(s, &n)) return false;
    if (which == JSON_NOT_ASKED) return true;
    if (!n.real) {
        struct text t = n.minus && text_is(n.text, "-0") ? TEXT("0") : n.text;
        return put(s, which, JSON_KIND_INTEGER, t);
    }
    struct text printed;
    return print_real(s, &n, &printed) && put(s, which, JSON_KIND_REAL, printed);
}

static bool take_members(struct scan *s, uint16_t around, unsigned depth);
static bool take_items(struct scan *s, uint16_t around, unsigned depth);

/* `name` is that of the value: NAME_OUTSIDE where nothing is asked of it. */
static bool take_value(struct scan *s, uint16_t name, unsigned depth) {
    static const struct json_answer none = {JSON_NOT_ASKED, false, false};
    const struct json_answer answer = name == NAME_OUTSIDE ? none : s->names->at[name].answer;
    skip_space(s);
    if (s->at == s->end || depth > DEPTH) return false;
    switch (*s->at) {
    case '"': return take_text(s, answer.which);
    case '{':
        return put(s, answer.which, JSON_KIND_OBJECT, (struct text){0}) &&
               take_members(s, answer.into_object ? name : NAME_OUTSIDE, depth + 1);
    case '[':
        return put(s, answer.which, JSON_KIND_LIST, (struct text){0}) &&
               take_items(s, answer.into_list ? name : NAME_OUTSIDE, depth + 1);
    case 't': return take_word(s, TEXT("true"), answer.which, JSON_KIND_TRUE);
    case 'f': return take_word(s, TEXT("false"), answer.which, JSON_KIND_FALSE);
    case 'n': return take_word(s, TEXT("null"), answer.which, JSON_KIND_NULL);
    default: return take_figure(s, answer.which);
    }
}

/* The name that came behind the last one in the line before, if it stands here. */
static bool take_known_name(struct scan *s, uint16_t around, unsigned depth, uint16_t *out) {
    const uint16_t next = s->last == NAME_NONE ? 0 : s->names->at[s->last].next;
    if (next >= s->names->count) return false;
    const struct json_name *name = &s->names->at[next];
    if (name->around != around || name->depth != depth || name->item) return false;
    if (s->end - s->at < name->size + 2 || s->at[0] != '"' || s->at[name->size + 1] != '"') return false;
    if (!text_same(s->names->text + name->text, s->at + 1, name->size)) return false;
    s->at += name->size + 2;
    *out = next;
    return true;
}

static bool take_name(struct scan *s, uint16_t around, unsigned depth, uint32_t object, uint16_t *out) {
    struct string string;
    if (!take_known_name(s, around, depth, out)) {
        if (!take_string(s, &string) || string.escaped) return false;
        const struct named name = {string.text, around, (uint8_t)depth, false};
        *out = json_names_find(s->names, &name, s->asked);
        if (*out == NAME_NONE) return false;
        if (s->last != NAME_NONE) s->names->at[s->last].next = *out;
    }
    s->last = *out;
    struct json_name *name = &s->names->at[*out];
    if (name->object == object) return false; /* twice in one object */
    name->object = object;
    return true;
}

static bool take_members(struct scan *s, uint16_t around, unsigned depth) {
    const uint32_t object = ++s->names->objects;
    s->at++;
    skip_space(s);
    if (take(s, '}')) return true;
    do {
        uint16_t name;
        skip_space(s);
        if (!take_name(s, around, depth, object, &name)) return false;
        skip_space(s);
        if (!take(s, ':') || !take_value(s, around == NAME_OUTSIDE ? NAME_OUTSIDE : name, depth)) return false;
        skip_space(s);
    } while (take(s, ','));
    return take(s, '}');
}

static struct text write_decimal(size_t number, char *end) {
    char *at = end;
    do *--at = (char)('0' + number % 10);
    while (number /= 10);
    return (struct text){at, (size_t)(end - at)};
}

/* Of many items only those in which something is asked for have names. */
static bool name_item(struct scan *s, uint16_t around, unsigned depth, size_t number, uint16_t *out) {
    enum { FEW = 8 };
    char digits[24];
    struct json_answer answer;
    *out = NAME_OUTSIDE;
    if (around == NAME_OUTSIDE) return true;
    const struct named name = {write_decimal(number, digits + sizeof digits), around, (uint8_t)depth, true};
    if (number >= FEW) {
        if (!json_names_ask(s->names, &name, s->asked, &answer)) return false;
        if (answer.which == JSON_NOT_ASKED && !answer.into_object && !answer.into_list) return true;
    }
    *out = json_names_find(s->names, &name, s->asked);
    return *out != NAME_NONE;
}

static bool take_items(struct scan *s, uint16_t around, unsigned depth) {
    s->at++;
    skip_space(s);
    if (take(s, ']')) return true;
    size_t number = 0;
    do {
        uint16_t name;
        if (!name_item(s, around, depth, number++, &name) || !take_value(s, name, depth)) return false;
        skip_space(s);
    } while (take(s, ','));
    return take(s, ']');
}

bool json_members_scan(struct text t, const struct json_asked *asked, struct json_names *names, char *room, size_t size,
                       struct json_members *out) {
    struct scan s = {.at = t.at,
                     .end = t.at + t.size,
                     .asked = asked,
                     .names = names,
                     .out = out,
                     .room = room,
                     .left = size,
                     .last = NAME_NONE};
    out->count = 0;
    /* Full names make room at the next line: within one they hold what was there twice. */
    if (names->count == JSON_NAMES_MAX || names->bytes > JSON_NAMES_BYTES - JSON_NAME_MAX ||
        names->objects > OBJECTS_MAX)
        json_names_start(names);
    if (!t.size || t.at[0] != '{' || !take_members(&s, NAME_NONE, 0)) return false;
    skip_space(&s);
    return s.at == s.end;
}

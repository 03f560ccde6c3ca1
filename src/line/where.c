#include "line/where.h"

#include <string.h>

enum value_kind { VALUE_ADDRESS, VALUE_NUMBER, VALUE_TIME, VALUE_TEXT };
enum asked {
    OF_SRC,
    OF_DST,
    OF_PORT,
    OF_SRC_PORT,
    OF_COUNT,
    OF_TIME,
    OF_EVENT,
    OF_PROTOCOL,
    OF_OBJECT,
    OF_USER,
    OF_TEXT
};
static const struct named {
    const char *name;
    enum value_kind kind;
} fields[] = {
    [OF_SRC] = {"src", VALUE_ADDRESS},    [OF_DST] = {"dst", VALUE_ADDRESS},
    [OF_PORT] = {"port", VALUE_NUMBER},   [OF_SRC_PORT] = {"src_port", VALUE_NUMBER},
    [OF_COUNT] = {"count", VALUE_NUMBER}, [OF_TIME] = {"time", VALUE_TIME},
    [OF_EVENT] = {"event", VALUE_TEXT},   [OF_PROTOCOL] = {"protocol", VALUE_TEXT},
    [OF_OBJECT] = {"object", VALUE_TEXT}, [OF_USER] = {"user", VALUE_TEXT},
    [OF_TEXT] = {"text", VALUE_TEXT},
};

enum test { TEST_IN, TEST_NOT_IN, TEST_LESS, TEST_MOST, TEST_MORE, TEST_LEAST, TEST_CONTAINS };
static const struct sign {
    const char *sign;
    enum test test;
    bool ordered; /* for numbers and times alone */
} signs[] = {
    {"=", TEST_IN, false},  {"!=", TEST_NOT_IN, false}, {"<", TEST_LESS, true}, {"<=", TEST_MOST, true},
    {">", TEST_MORE, true}, {">=", TEST_LEAST, true},   {"in", TEST_IN, false}, {"contains", TEST_CONTAINS, false}};

struct value {
    struct text text;
    struct ip first, last; /* of a network; of one address both */
    int64_t number;
};
enum shape { SHAPE_ANY, SHAPE_ALL, SHAPE_NOT, SHAPE_TEST };
struct where_node {
    enum shape shape;
    const struct where_node *inner, *next; /* the first of those that are joined; the one beside it */
    enum asked of;
    enum test test;
    const struct value *values;
    size_t count;
};

/* ---- asking */

/* What a line says of a field: false where nothing. */
static bool number_of(enum asked of, const struct observation *o, int64_t *out) {
    if (of == OF_PORT) return *out = o->dst_port, (o->known & KNOWN_DST_PORT) != 0;
    if (of == OF_SRC_PORT) return *out = o->src_port, (o->known & KNOWN_SRC_PORT) != 0;
    if (of == OF_TIME) return *out = o->first, o->first != INSTANT_NONE;
    return *out = o->count > INT64_MAX ? INT64_MAX : (int64_t)o->count, true;
}

static struct text text_of_field(enum asked of, struct text line, const struct observation *o) {
    if (of == OF_EVENT) return o->event;
    if (of == OF_PROTOCOL) return o->protocol;
    return of == OF_OBJECT ? o->object : line;
}

static bool number_fits(const struct where_node *n, int64_t said) {
    int64_t value = n->values[0].number;
    if (n->test == TEST_LESS) return said < value;
    if (n->test == TEST_MOST) return said <= value;
    if (n->test == TEST_MORE) return said > value;
    if (n->test == TEST_LEAST) return said >= value;
    for (size_t i = 0; i < n->count; i++)
        if (n->values[i].number == said) return true;
    return false;
}

static bool address_fits(const struct where_node *n, struct ip said) {
    for (size_t i = 0; i < n->count; i++)
        if (ip_compare(n->values[i].first, said) <= 0 && ip_compare(said, n->values[i].last) <= 0) return true;
    return false;
}

static bool text_fits(const struct where_node *n, struct text said) {
    for (size_t i = 0; i < n->count; i++) {
        if (n->test == TEST_CONTAINS && text_search(said, n->values[i].text) != SIZE_MAX) return true;
        if (n->test != TEST_CONTAINS && text_equal(said, n->values[i].text)) return true;
    }
    return false;
}

static bool user_fits(const struct where_node *n, const struct logins *l) {
    for (size_t i = 0; i < l->count; i++)
        if (text_fits(n, l->at[i])) return true;
    return false;
}

static bool fits(const struct where_node *n, const struct logins *l, struct text line, const struct observation *o) {
    int64_t number;
    enum value_kind kind = fields[n->of].kind;
    if (n->of == OF_USER) return user_fits(n, l);
    if (kind == VALUE_TEXT) {
        struct text said = text_of_field(n->of, line, o);
        return said.size && text_fits(n, said);
    }
    if (kind != VALUE_ADDRESS) return number_of(n->of, o, &number) && number_fits(n, number);
    unsigned known = n->of == OF_SRC ? KNOWN_SRC : KNOWN_DST;
    return (o->known & known) && address_fits(n, n->of == OF_SRC ? o->src : o->dst);
}

static bool holds(const struct where_node *n, const struct logins *l, struct text line, const struct observation *o) {
    if (n->shape == SHAPE_TEST) return fits(n, l, line, o) != (n->test == TEST_NOT_IN);
    if (n->shape == SHAPE_NOT) return !holds(n->inner, l, line, o);
    for (const struct where_node *each = n->inner; each; each = each->next)
        if (holds(each, l, line, o) == (n->shape == SHAPE_ANY)) return n->shape == SHAPE_ANY;
    return n->shape == SHAPE_ALL;
}

bool where_holds(const struct where *w, const struct logins *l, struct text line, const struct observation *o) {
    return holds(w->root, l, line, o);
}

/* ---- reading: words */

struct where_reading {
    struct text whole, rest;
    struct arena *arena;
    struct diag *diag;
    size_t tests, depth;
    bool asks_user;
};

static enum error refuse_at(const struct where_reading *r, const char *at, enum error code, const char *expected) {
    uint64_t line = 1;
    const char *start = r->whole.at;
    for (const char *c = start; c < at; c++)
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
    size_t columns = at > start ? text_columns((struct text){start, (size_t)(at - start)}) : 0;
    return fail_at(r->diag, line, code, _("column %zu: %s"), columns + 1, expected);
}

static enum error refuse(const struct where_reading *r, const char *expected) {
    return refuse_at(r, r->rest.at, ERR_INPUT, expected);
}

static void skip_space(struct where_reading *r) {
    struct text *t = &r->rest;
    while (t->size && (t->at[0] == '#' || strchr(" \t\r\n", t->at[0] ? t->at[0] : 'x')))
        *t = text_sub(*t, t->at[0] == '#' ? text_find(*t, '\n') : 1, t->size);
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr(".:/_@+-", c));
}

static struct text next_word(struct where_reading *r) {
    size_t size = 0;
    skip_space(r);
    while (size < r->rest.size && is_word(r->rest.at[size])) size++;
    return text_sub(r->rest, 0, size);
}

static void pass(struct where_reading *r, size_t size) { r->rest = text_sub(r->rest, size, r->rest.size); }

static bool take_keyword(struct where_reading *r, const char *word) {
    if (!text_is(next_word(r), word)) return false;
    return pass(r, strlen(word)), true;
}

static bool take_char(struct where_reading *r, char c) {
    skip_space(r);
    if (!r->rest.size || r->rest.at[0] != c) return false;
    return pass(r, 1), true;
}

/* "…": \" and \\ stand for what they end in. */
static enum error take_quoted(struct where_reading *r, struct text *out) {
    const char *start = r->rest.at;
    char *copy = arena_take(r->arena, 1, r->rest.size);
    size_t size = 0, at = 1;
    for (; at < r->rest.size && r->rest.at[at] != '"'; at++) {
        if (r->rest.at[at] == '\\' && at + 1 < r->rest.size) at++;
        copy[size++] = r->rest.at[at];
    }
    if (at >= r->rest.size) return refuse_at(r, start, ERR_INPUT, _("this quote is not closed"));
    pass(r, at + 1);
    *out = (struct text){copy, size};
    return OK;
}

/* ---- reading: values */

static bool read_network(struct text t, struct value *v) {
    struct text address = t;
    uint64_t bits = 128;
    if (text_find(t, '/') < t.size) {
        struct text rest = t;
        if (!text_cut(&rest, '/', &address) || !text_u64(rest, &bits)) return false;
        if (!ip_read(address, &v->first) || bits > (ip_is_v4(v->first) ? 32U : 128U)) return false;
        bits += ip_is_v4(v->first) ? 96 : 0;
    }
    if (!ip_read(address, &v->first)) return false;
    v->last = v->first;
    for (size_t i = bits; i < 128; i++) {
        uint8_t bit = (uint8_t)(0x80 >> i % 8);
        v->first.at[i / 8] &= (uint8_t)~bit;
        v->last.at[i / 8] |= bit;
    }
    return true;
}

static bool read_number(struct text t, struct value *v) {
    uint64_t number;
    if (!text_u64(t, &number) || number > INT64_MAX) return false;
    v->number = (int64_t)number;
    return true;
}

static enum error read_value(struct where_reading *r, enum value_kind kind, struct value *v) {
    skip_space(r);
    const char *start = r->rest.at;
    bool quoted = r->rest.size && r->rest.at[0] == '"', good = true;
    struct text t = quoted ? (struct text){0} : next_word(r);
    enum error result = quoted ? take_quoted(r, &t) : OK;
    if (result) return result;
    if (!t.size) return refuse_at(r, start, ERR_INPUT, _("expected a value"));
    if (!quoted) pass(r, t.size);
    static const char *const expected[] = {[VALUE_ADDRESS] = N_("expected an address, or a network as 192.0.2.0/24"),
                                           [VALUE_NUMBER] = N_("expected a number"),
                                           [VALUE_TIME] = N_("expected a time as 2026-03-01T12:00:00Z"),
                                           [VALUE_TEXT] = N_("expected a text")};
    *v = (struct value){.text = t};
    if (kind == VALUE_ADDRESS) good = read_network(t, v);
    if (kind == VALUE_NUMBER) good = read_number(t, v);
    if (kind == VALUE_TIME) good = instant_read(t, &v->number);
    return good ? OK : refuse_at(r, start, ERR_INPUT, gettext(expected[kind]));
}

/* One value, or several in parentheses where `many`. */
static enum error read_values(struct where_reading *r, bool many, struct where_node *n) {
    struct value *values = NULL;
    size_t room = 0;
    bool list = many && take_char(r, '(');
    enum error result = OK;
    do {
        if (++r->tests > WHERE_TESTS_MAX) return refuse_at(r, r->rest.at, ERR_LIMIT, _("more tests than fit"));
        values = arena_grow(r->arena, values, n->count, &room, sizeof *values);
        result = read_value(r, fields[n->of].kind, &values[n->count++]);
    } while (!result && list && take_char(r, ','));
    if (!result && list && !take_char(r, ')')) result = refuse(r, _("expected “,” or “)”"));
    n->values = values;
    return result;
}

/* ---- reading: tests */

/* The longest sign that stands there. */
static const struct sign *take_sign(struct where_reading *r) {
    const struct sign *best = NULL;
    struct text word = next_word(r);
    for (size_t i = 0; i < COUNT(signs); i++) {
        struct text sign = text_of(signs[i].sign);
        bool there = is_word(sign.at[0]) ? text_equal(word, sign) : text_starts(r->rest, sign);
        if (there && (!best || sign.size > strlen(best->sign))) best = &signs[i];
    }
    if (best) pass(r, strlen(best->sign));
    return best;
}

static enum error read_test(struct where_reading *r, const struct where_node **out) {
    struct text word = next_word(r);
    struct where_node *n = ARENA_NEW(r->arena, struct where_node);
    size_t of = 0;
    while (of < COUNT(fields) && !text_is(word, fields[of].name)) of++;
    if (of == COUNT(fields))
        return refuse(r, _("expected a field: src, dst, port, src_port, count, time, event, protocol, object, user or "
                           "text"));
    pass(r, word.size);
    *n = (struct where_node){.shape = SHAPE_TEST, .of = (enum asked)of};
    r->asks_user = r->asks_user || of == OF_USER;
    skip_space(r);
    const char *at = r->rest.at;
    const struct sign *sign = take_sign(r);
    if (!sign) return refuse(r, _("expected =, !=, <, <=, >, >=, in or contains"));
    bool counted = fields[of].kind == VALUE_NUMBER || fields[of].kind == VALUE_TIME;
    if (sign->ordered && !counted) return refuse_at(r, at, ERR_INPUT, _("only numbers and times are more or less"));
    if (sign->test == TEST_CONTAINS && fields[of].kind != VALUE_TEXT)
        return refuse_at(r, at, ERR_INPUT, _("only a text contains something"));
    n->test = sign->test;
    *out = n;
    return read_values(r, text_is(text_of(sign->sign), "in"), n);
}

static enum error read_any(struct where_reading *r, const struct where_node **out);

static enum error read_one(struct where_reading *r, const struct where_node **out) {
    enum error result;
    if (++r->depth > WHERE_DEPTH_MAX) return refuse_at(r, r->rest.at, ERR_LIMIT, _("nested more deeply than fits"));
    if (take_keyword(r, "not")) {
        struct where_node *n = ARENA_NEW(r->arena, struct where_node);
        n->shape = SHAPE_NOT;
        result = read_one(r, &n->inner);
        *out = n;
    } else if (take_char(r, '(')) {
        result = read_any(r, out);
        if (!result && !take_char(r, ')')) result = refuse(r, _("expected “and”, “or” or “)”"));
    } else {
        result = read_test(r, out);
    }
    r->depth--;
    return result;
}

/* Several, joined by one word; a single one stays what it is. */
static enum error read_joined(struct where_reading *r, enum shape shape, const char *word,
                              enum error (*read)(struct where_reading *r, const struct where_node **out),
                              const struct where_node **out) {
    struct where_node *all = NULL, *last = NULL;
    enum error result = OK;
    do {
        const struct where_node *one = NULL;
        result = read(r, &one);
        if (result) return result;
        struct where_node *kept = ARENA_NEW(r->arena, struct where_node);
        *kept = *one;
        if (last) last->next = kept;
        if (!all) all = kept;
        last = kept;
    } while (take_keyword(r, word));
    struct where_node *joined = ARENA_NEW(r->arena, struct where_node);
    *joined = (struct where_node){.shape = shape, .inner = all};
    *out = all->next ? joined : all;
    return OK;
}

static enum error read_all(struct where_reading *r, const struct where_node **out) {
    return read_joined(r, SHAPE_ALL, "and", read_one, out);
}

static enum error read_any(struct where_reading *r, const struct where_node **out) {
    return read_joined(r, SHAPE_ANY, "or", read_all, out);
}

enum error where_read(struct text t, struct arena *a, struct where *out, struct diag *d) {
    struct where_reading r = {.whole = t, .rest = t, .arena = a, .diag = d};
    const struct where_node *root = NULL;
    if (t.size > WHERE_BYTES_MAX) return fail(d, ERR_LIMIT, _("longer than %d bytes"), WHERE_BYTES_MAX);
    enum error result = read_any(&r, &root);
    if (result) return result;
    skip_space(&r);
    if (r.rest.size) return refuse(&r, _("expected “and”, “or” or the end"));
    *out = (struct where){root, r.asks_user};
    return OK;
}

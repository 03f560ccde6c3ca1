#include "stix/members.h"

#include <string.h>

#include "base/hash.h"

enum { LIST_MAX = 65536, TEXT_BYTES_MAX = 3 << 20, NUMBER_BITS = 53 };

static bool is_line(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if ((unsigned char)t.at[i] < ' ' || t.at[i] == 0x7f) return false;
    return true;
}

/* What a word of a later version may look like. */
static bool is_word(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if (!((t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= '0' && t.at[i] <= '9') || t.at[i] == '-')) return false;
    return t.size > 0 && t.size <= 64;
}

static bool text_holds(const struct member *m, struct text t) {
    struct sha256 ignored;
    size_t max = m->max ? m->max : m->type == MEMBER_TEXT ? TEXT_BYTES_MAX : MEMBER_LINE_MAX;
    if (t.size > max || !json_is_text(t)) return false;
    if (m->type == MEMBER_SHA256) return sha256_read_hex(t, &ignored);
    if (m->type == MEMBER_WORD) return is_word(t);
    return m->type == MEMBER_TEXT ? text_find(t, '\r') == t.size : is_line(t);
}

static enum error refuse(const struct member *m, struct diag *d) {
    static const char *const expected[] = {
        [MEMBER_TEXT] = N_("text with LF line ends, not too long"),
        [MEMBER_LINE] = N_("one line of text, not too long"),
        [MEMBER_SHA256] = N_("64 lower-case hexadecimal digits"),
        [MEMBER_WORD] = N_("one of its words"),
        [MEMBER_NUMBER] = N_("a whole number up to 2^53"),
        [MEMBER_TRUTH] = N_("true or false"),
        [MEMBER_TIME] = N_("an RFC 3339 time with Z"),
        [MEMBER_TLP] = N_("a TLP level"),
        [MEMBER_LINES] = N_("a list of lines, not too long"),
        [MEMBER_LIST] = N_("a list of objects, not too long"),
    };
    return fail(d, ERR_INPUT, _("“%s”: expected %s"), m->name, gettext(expected[m->type]));
}

/* ---- the struct's side: the value of a member, by its type */

static const void *place(const void *of, const struct member *m) { return (const char *)of + m->offset; }
static struct text text_at(const void *at) { return *(const struct text *)at; }
static uint64_t number_at(const void *at) { return *(const uint64_t *)at; }
static instant time_at(const void *at) { return *(const instant *)at; }
static enum tlp tlp_at(const void *at) { return *(const enum tlp *)at; }
static struct member_list list_at(const void *at) { return *(const struct member_list *)at; }

/* ---- writing: NULL and OK for what says nothing */

static enum error write_text(const struct member *m, const void *at, json_t **out, struct diag *d) {
    struct text t = text_at(at);
    if (!t.size) return OK;
    if (!text_holds(m, t) || (m->type == MEMBER_WORD && !word_find(m->words, t))) return refuse(m, d);
    *out = json_from_text(t);
    return OK;
}

static enum error write_number(const struct member *m, const void *at, json_t **out, struct diag *d) {
    uint64_t n = number_at(at);
    if (n == MEMBER_NO_NUMBER) return OK;
    if (n > (uint64_t)1 << NUMBER_BITS) return refuse(m, d);
    *out = json_integer((json_int_t)n);
    return OK;
}

static enum error write_truth(const struct member *m, const void *at, json_t **out, struct diag *d) {
    (void)m, (void)d;
    if (*(const bool *)at) *out = json_true();
    return OK;
}

static enum error write_time(const struct member *m, const void *at, json_t **out, struct diag *d) {
    char written[INSTANT_TEXT_MAX];
    if (time_at(at) == INSTANT_NONE) return OK;
    struct text t = instant_write(time_at(at), written);
    if (!t.size) return refuse(m, d);
    *out = json_from_text(t);
    return OK;
}

static enum error write_tlp(const struct member *m, const void *at, json_t **out, struct diag *d) {
    (void)m, (void)d;
    if (tlp_at(at) != TLP_NONE) *out = json_from_text(text_of(tlp_name(tlp_at(at))));
    return OK;
}

static enum error write_lines(const struct member *m, const void *at, json_t **out, struct diag *d) {
    struct member_list list = list_at(at);
    const struct text *lines = list.at;
    struct member line = {.name = m->name, .type = MEMBER_LINE};
    if (!list.count) return OK;
    if (list.count > (m->max ? m->max : LIST_MAX)) return refuse(m, d);
    json_t *array = json_array();
    for (size_t i = 0; i < list.count; i++) {
        if (!text_holds(&line, lines[i])) {
            json_decref(array);
            return refuse(m, d);
        }
        json_add_text(array, lines[i]);
    }
    *out = array;
    return OK;
}

static enum error write_list(const struct member *m, const void *at, json_t **out, struct diag *d) {
    struct member_list list = list_at(at);
    if (!list.count) return OK;
    if (list.count > (m->max ? m->max : LIST_MAX)) return refuse(m, d);
    json_t *array = json_array();
    enum error result = OK;
    for (size_t i = 0; i < list.count && !result; i++) {
        json_t *item = json_object();
        result = members_write(m->items, (const char *)list.at + i * m->items->size, item, d);
        json_add(array, item);
    }
    if (result)
        json_decref(array);
    else
        *out = array;
    return result;
}

/* ---- reading: `value` is NULL where the member is absent */

static enum error read_text(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d) {
    struct text t = json_as_text(value);
    if (value && (!t.size || !text_holds(m, t))) return refuse(m, d);
    *(struct text *)into = value ? arena_text(a, t) : (struct text){0};
    return OK;
}

static enum error read_number(const struct member *m, const json_t *value, struct arena *a, void *into,
                              struct diag *d) {
    (void)a;
    json_int_t n = json_integer_value(value);
    if (value && (!json_is_integer(value) || n < 0 || n > (json_int_t)1 << NUMBER_BITS)) return refuse(m, d);
    *(uint64_t *)into = value ? (uint64_t)n : MEMBER_NO_NUMBER;
    return OK;
}

static enum error read_truth(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d) {
    (void)a;
    if (value && !json_is_boolean(value)) return refuse(m, d);
    *(bool *)into = json_is_true(value);
    return OK;
}

static enum error read_time(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d) {
    (void)a;
    instant i = INSTANT_NONE;
    if (value && !instant_read(json_as_text(value), &i)) return refuse(m, d);
    *(instant *)into = i;
    return OK;
}

static enum error read_tlp(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d) {
    (void)a;
    enum tlp level = TLP_NONE;
    if (value && !tlp_read(json_as_text(value), &level)) return refuse(m, d);
    *(enum tlp *)into = level;
    return OK;
}

static enum error read_lines(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d) {
    struct member line = {.name = m->name, .type = MEMBER_LINE};
    size_t count = json_array_size(value);
    if (value && (!json_is_array(value) || !count || count > (m->max ? m->max : LIST_MAX))) return refuse(m, d);
    struct text *lines = ARENA_ARRAY(a, struct text, count);
    for (size_t i = 0; i < count; i++) {
        struct text t = json_as_text(json_array_get(value, i));
        if (!json_is_string(json_array_get(value, i)) || !text_holds(&line, t)) return refuse(m, d);
        lines[i] = arena_text(a, t);
    }
    *(struct member_list *)into = (struct member_list){count ? lines : NULL, count};
    return OK;
}

static enum error read_list(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d) {
    size_t count = json_array_size(value);
    if (value && (!json_is_array(value) || !count || count > (m->max ? m->max : LIST_MAX))) return refuse(m, d);
    char *items = arena_take(a, count, m->items->size);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        if (!json_is_object(item)) return refuse(m, d);
        enum error result = members_read(m->items, item, a, items + i * m->items->size, d);
        if (result) return result;
    }
    *(struct member_list *)into = (struct member_list){count ? items : NULL, count};
    return OK;
}

/* ---- both */

static const struct {
    enum error (*write)(const struct member *m, const void *at, json_t **out, struct diag *d);
    enum error (*read)(const struct member *m, const json_t *value, struct arena *a, void *into, struct diag *d);
} types[] = {
    [MEMBER_TEXT] = {write_text, read_text},       [MEMBER_LINE] = {write_text, read_text},
    [MEMBER_SHA256] = {write_text, read_text},     [MEMBER_WORD] = {write_text, read_text},
    [MEMBER_NUMBER] = {write_number, read_number}, [MEMBER_TRUTH] = {write_truth, read_truth},
    [MEMBER_TIME] = {write_time, read_time},       [MEMBER_TLP] = {write_tlp, read_tlp},
    [MEMBER_LINES] = {write_lines, read_lines},    [MEMBER_LIST] = {write_list, read_list},
};

static enum error missing(const struct member *m, struct diag *d) {
    return fail(d, ERR_INPUT, _("expected the member “%s”, found none"), m->name);
}

enum error members_write(const struct member_table *table, const void *from, json_t *object, struct diag *d) {
    for (size_t i = 0; i < table->count; i++) {
        const struct member *m = &table->at[i];
        json_t *value = NULL;
        enum error result = types[m->type].write(m, place(from, m), &value, d);
        if (result) return result;
        if (!value && m->needed) return missing(m, d);
        if (value) json_put(object, m->name, value);
    }
    return OK;
}

enum error members_read(const struct member_table *table, const json_t *object, struct arena *a, void *into,
                        struct diag *d) {
    for (size_t i = 0; i < table->count; i++) {
        const struct member *m = &table->at[i];
        const json_t *value = json_object_get(object, m->name);
        if (!value && m->needed) return missing(m, d);
        enum error result = types[m->type].read(m, value, a, (char *)into + m->offset, d);
        if (result) return result;
    }
    return OK;
}

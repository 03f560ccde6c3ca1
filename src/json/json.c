#include "json/json.h"

#include <string.h>

enum { SAFE_INTEGER = 53 }; /* bits: every integer up to 2^53 is exactly a double */

static json_t *member(const json_t *object, const char *key) { return json_object_get(object, key); }

struct text json_as_text(const json_t *value) {
    if (!json_is_string(value)) return (struct text){0};
    return (struct text){json_string_value(value), json_string_length(value)};
}

struct text json_text(const json_t *object, const char *key) {
    return json_as_text(member(object, key));
}

bool json_u64(const json_t *object, const char *key, uint64_t *out) {
    const json_t *value = member(object, key);
    if (!json_is_integer(value)) return false;
    json_int_t number = json_integer_value(value);
    if (number < 0 || number > (json_int_t)1 << SAFE_INTEGER) return false;
    *out = (uint64_t)number;
    return true;
}

bool json_bool(const json_t *object, const char *key) { return json_is_true(member(object, key)); }

json_t *json_list(const json_t *object, const char *key) {
    json_t *value = member(object, key);
    return json_is_array(value) ? value : NULL;
}

json_t *json_child(const json_t *object, const char *key) {
    json_t *value = member(object, key);
    return json_is_object(value) ? value : NULL;
}

bool json_is_text(struct text t) { return text_is_utf8(t) && text_find(t, '\0') == t.size; }

json_t *json_from_text(struct text t) {
    ASSERT(json_is_text(t));
    json_t *value = json_stringn_nocheck(t.size ? t.at : "", t.size);
    ASSERT(value);
    return value;
}

void json_put(json_t *object, const char *key, json_t *taken) {
    int failed = json_object_set_new(object, key, taken);
    ASSERT(!failed);
}

void json_put_text(json_t *object, const char *key, struct text value) { json_put(object, key, json_from_text(value)); }

void json_put_text_if(json_t *object, const char *key, struct text value) {
    if (value.size) json_put_text(object, key, value);
}

void json_put_u64(json_t *object, const char *key, uint64_t value) {
    ASSERT(value <= (uint64_t)1 << SAFE_INTEGER);
    json_put(object, key, json_integer((json_int_t)value));
}

void json_put_bool(json_t *object, const char *key, bool value) { json_put(object, key, json_boolean(value)); }

void json_add(json_t *array, json_t *taken) {
    int failed = json_array_append_new(array, taken);
    ASSERT(!failed);
}

void json_add_text(json_t *array, struct text value) { json_add(array, json_from_text(value)); }

json_t *json_from_instant(instant i) {
    char written[INSTANT_TEXT_MAX];
    return i == INSTANT_NONE ? json_null() : json_from_text(instant_write(i, written));
}

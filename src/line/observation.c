#include "line/observation.h"

/* One line of UTF-8: no control character, which a sheet could not show. */
static bool value_holds(struct text value) {
    for (size_t i = 0; i < value.size; i++)
        if ((uint8_t)value.at[i] < 0x20 || value.at[i] == 0x7f) return false;
    return value.size && text_is_utf8(value);
}

static bool is_digest(struct text value) {
    for (size_t i = 0; i < value.size; i++) {
        char c = value.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) return false;
    }
    return value.size == 64;
}

bool object_holds(struct text object) {
    static const char *const kinds[] = {"url", "domain", "sha256", "account", "mail"};
    struct text value = object, kind;
    if (object.size > OBJECT_MAX || !text_cut(&value, ':', &kind) || !value_holds(value)) return false;
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (text_is(kind, kinds[i])) return !text_is(kind, "sha256") || is_digest(value);
    return false;
}

bool protocol_holds(struct text protocol) {
    for (size_t i = 0; i < protocol.size; i++) {
        char c = protocol.at[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
        if (!fits) return false;
    }
    return protocol.size && protocol.size <= PROTOCOL_MAX;
}

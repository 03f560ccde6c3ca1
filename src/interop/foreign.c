#include "interop/foreign.h"

#include "line/stamp.h"

bool foreign_time(struct text t, instant *out) {
    static const struct stamp_options utc = {.until = INSTANT_NONE};
    struct stamper s;
    struct stamp stamp;
    stamper_start(&s, &utc, (struct chain){0});
    if (stamp_iso(&s, &t, &stamp) || t.size) return false;
    *out = stamp.at;
    return true;
}

struct text foreign_time_text(struct arena *a, instant i, const char *fraction) {
    char at[INSTANT_TEXT_MAX];
    struct text t = instant_write(i, at);
    if (!t.size) return t;
    return arena_format(a, "%.*s%s+00:00", (int)t.size - 1, t.at, fraction);
}

struct text foreign_text(const json_t *value, struct arena *a) {
    switch (json_typeof(value)) {
    case JSON_STRING: return json_as_text(value);
    case JSON_INTEGER: return arena_format(a, "%lld", (long long)json_integer_value(value));
    case JSON_REAL: return arena_format(a, "%.17g", json_real_value(value));
    case JSON_TRUE: return TEXT("true");
    case JSON_FALSE: return TEXT("false");
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY: break;
    }
    return (struct text){0};
}

struct text foreign_lower(struct arena *a, struct text t) {
    char *copy = arena_string(a, t);
    for (size_t i = 0; i < t.size; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] = (char)(copy[i] | 32);
    return (struct text){copy, t.size};
}

bool foreign_transport(struct text protocol) {
    static const char *const names[] = {"tcp", "udp", "icmp", "ipv6-icmp", "sctp", "gre", "esp", "ah", "igmp"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (text_is(protocol, names[i])) return true;
    return false;
}

enum error foreign_check_values(struct bytes file, struct diag *d) {
    size_t end = json_values_end(file, FOREIGN_VALUES_MAX);
    if (end == file.size) return OK;
    return fail(d, ERR_LIMIT, _("offset %zu: more than %d values of JSON"), end, FOREIGN_VALUES_MAX);
}

/* Bytes to values: what jansson does not refuse by itself is refused here. */
#include <string.h>

#include "json/json.h"

/* jansson's own limit is 2,048 levels, too deep for the stacks of those who walk the value.  Brackets outside of
 * strings are counted before it parses. */
static enum error check_depth(struct text t, struct diag *d) {
    bool quoted = false;
    size_t depth = 0;
    for (size_t i = 0; i < t.size; i++) {
        char c = t.at[i];
        if (quoted) {
            if (c == '\\') i++;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return fail(d, ERR_LIMIT, _("offset %zu: more than %d levels of JSON"), i, JSON_DEPTH_MAX);
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        }
    }
    return OK;
}

size_t json_values_end(struct bytes b, size_t max) {
    size_t values = 0;
    bool quoted = false;
    for (size_t i = 0; i < b.size; i++) {
        char c = (char)b.at[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == ',' || c == '[' || c == '{') && ++values > max)
            return i;
    }
    return b.size;
}

enum error json_read(struct bytes b, json_t **out, struct diag *d) {
    if (b.size > JSON_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("expected JSON of at most %d bytes, found %zu"), JSON_MAX_BYTES, b.size);
    enum error result = check_depth(text_from_bytes(b), d);
    if (result) return result;
    json_error_t error;
    json_t *value = json_loadb(b.size ? (const char *)b.at : "", b.size, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        return fail(d, ERR_INPUT, _("offset %d: expected JSON, found: %s"), error.position < 0 ? 0 : error.position,
                    error.text);
    *out = value;
    return OK;
}

/* Like text_equal, but tells where. */
static size_t first_difference(struct bytes a, struct bytes b) {
    size_t shared = a.size < b.size ? a.size : b.size, i = 0;
    while (i < shared && a.at[i] == b.at[i]) i++;
    return i;
}

enum error json_read_canonical(struct bytes b, json_t **out, struct diag *d) {
    json_t *value;
    enum error result = json_read(b, &value, d);
    if (result) return result;
    /* Longer than the input means different from it; the one byte more lets first_difference see that. */
    struct buf canonical = {.max = b.size + 64};
    json_canonical(value, &canonical);
    size_t at = first_difference(b, buf_as_bytes(&canonical));
    bool same = !canonical.failed && at == b.size && canonical.size == b.size;
    buf_free(&canonical);
    if (!same) {
        json_decref(value);
        return fail(d, ERR_INPUT, _("offset %zu: expected the canonical form of RFC 8785, found another spelling"), at);
    }
    *out = value;
    return OK;
}

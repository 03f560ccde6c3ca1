#include "record/channel.h"

#include <string.h>

bool party_name_valid(struct text name) {
    char before = '.';
    if (!name.size || name.size > 253 || text_find(name, '.') == name.size) return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '-') return false;
        if ((c == '.' || c == '-') && before == '.') return false;
        if (c == '.' && before == '-') return false;
        before = c;
    }
    return before != '.' && before != '-';
}

enum error channel_name_read(struct text t, struct channel_name *out, struct diag *d) {
    struct channel_name c = {0};
    struct text rest = t, word, number;
    bool shaped = text_cut(&rest, '/', &c.from) && text_cut(&rest, '/', &word) && text_is(word, "to") &&
                  text_cut(&rest, '/', &c.to);
    if (shaped && text_skip(&rest, TEXT("drill/"))) c.drill = true;
    number = rest;
    if (!shaped || !party_name_valid(c.from) || !party_name_valid(c.to) || text_equal(c.from, c.to) ||
        !text_u64(number, &c.number) || !c.number)
        return fail(d, ERR_INPUT, _("expected a channel name <from>/to/<to>/<n>, found “%.*s”"), TEXT_ARG(t));
    *out = c;
    return OK;
}

struct text channel_name_write(const struct channel_name *c, struct arena *a) {
    return arena_format(a, "%.*s/to/%.*s/%s%llu", TEXT_ARG(c->from), TEXT_ARG(c->to), c->drill ? "drill/" : "",
                        (unsigned long long)c->number);
}

struct text channel_origin(struct text channel, const uint8_t secret[static CHANNEL_SECRET_SIZE], struct arena *a) {
    struct hasher *h = hasher_new();
    hasher_add(h, bytes_from_text(channel));
    hasher_add(h, bytes_of("\n", 1));
    hasher_add(h, bytes_of(secret, CHANNEL_SECRET_SIZE));
    struct sha256 hash = hasher_end(h);
    char hex[SHA256_HEX];
    return arena_format(a, "parley/%.*s", TEXT_ARG(sha256_hex(&hash, hex)));
}

struct text origin_hash(struct text origin, struct arena *a) {
    struct sha256 hash = sha256_of(bytes_from_text(origin));
    char hex[SHA256_HEX];
    return arena_text(a, sha256_hex(&hash, hex));
}

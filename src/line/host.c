#include "line/host.h"

#include "base/digits.h"

static bool letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool digit(char c) { return c >= '0' && c <= '9'; }

/* Letters, digits, `.`, `-` and `_`, with a letter: an address with a wrong part has none, or has colons.  `UNKNOWN` is
 * what programs print that could not tell. */
static bool is_name(struct text t) {
    bool letters = false;
    for (size_t i = 0; i < t.size; i++) {
        if (!letter(t.at[i]) && !digit(t.at[i]) && t.at[i] != '.' && t.at[i] != '-' && t.at[i] != '_') return false;
        letters = letters || letter(t.at[i]);
    }
    return letters && !text_is(t, "UNKNOWN");
}

enum reason host_read(struct text t, struct ip *out) {
    if (ip_read(t, out)) return REASON_FACT;
    if (t.size > 2 && t.at[0] == '[' && t.at[t.size - 1] == ']') t = text_sub(t, 1, t.size - 1);
    struct text address = text_sub(t, 0, text_find(t, '%'));
    if (ip_read(address, out) && (address.size == t.size || !ip_is_v4(*out))) return REASON_FACT;
    return is_name(t) ? REASON_NAME : REASON_ADDRESS;
}

bool port_read(struct text t, uint16_t *out) {
    uint32_t value;
    if (!text_digits(t, &value) || value > UINT16_MAX || (t.at[0] == '0' && t.size > 1)) return false;
    *out = (uint16_t)value;
    return true;
}

bool protocol_read(struct text t, char *out, struct text *protocol) {
    if (t.size > PROTOCOL_MAX) return false;
    for (size_t i = 0; i < t.size; i++) out[i] = (char)(t.at[i] >= 'A' && t.at[i] <= 'Z' ? t.at[i] | 32 : t.at[i]);
    struct text lower = {out, t.size};
    if (!protocol_holds(lower)) return false;
    *protocol = lower;
    return true;
}

static const struct {
    const char *number, *name;
} protocols[] = {{"1", "icmp"}, {"6", "tcp"}, {"17", "udp"},       {"41", "ipv6"}, {"47", "gre"},
                 {"50", "esp"}, {"51", "ah"}, {"58", "ipv6-icmp"}, {"132", "sctp"}};

struct text protocol_by_number(struct text number) {
    for (size_t i = 0; i < COUNT(protocols); i++)
        if (text_is(number, protocols[i].number)) return text_of(protocols[i].name);
    return (struct text){0};
}

int protocol_number(struct text name) {
    uint64_t number;
    for (size_t i = 0; i < COUNT(protocols); i++)
        if (text_is(name, protocols[i].name) && text_u64(text_of(protocols[i].number), &number)) return (int)number;
    return -1;
}

#include "base/ip.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool ip_is_v4(struct ip a) { return !memcmp(a.at, mapped, sizeof mapped); }

uint32_t ip_v4(struct ip a) {
    return (uint32_t)a.at[12] << 24 | (uint32_t)a.at[13] << 16 | (uint32_t)a.at[14] << 8 | (uint32_t)a.at[15];
}

struct ip ip_from_v4(uint32_t v4) {
    struct ip out;
    memcpy(out.at, mapped, sizeof mapped);
    for (int i = 0; i < 4; i++) out.at[12 + i] = (uint8_t)(v4 >> (24 - 8 * i));
    return out;
}

int ip_compare(struct ip a, struct ip b) { return memcmp(a.at, b.at, sizeof a.at); }

static bool read_v4(struct text t, uint32_t *out) {
    uint32_t sum = 0;
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        uint32_t value = 0;
        size_t start = at;
        while (at < t.size && at - start < 4 && t.at[at] >= '0' && t.at[at] <= '9')
            value = value * 10 + (uint32_t)(t.at[at++] - '0');
        if (at == start || at - start > 3 || value > 255 || (at - start > 1 && t.at[start] == '0')) return false;
        sum = sum << 8 | value;
        if (part < 3 && (at >= t.size || t.at[at++] != '.')) return false;
    }
    *out = sum;
    return at == t.size;
}

bool ip_read(struct text t, struct ip *out) {
    uint32_t v4;
    if (read_v4(t, &v4)) {
        *out = ip_from_v4(v4);
        return true;
    }
    char copy[IP_TEXT_MAX];
    struct in6_addr v6;
    if (t.size >= sizeof copy || !t.size || text_find(t, ':') == t.size || text_find(t, 0) != t.size) return false;
    memcpy(copy, t.at, t.size);
    copy[t.size] = 0;
    if (inet_pton(AF_INET6, copy, &v6) != 1) return false;
    memcpy(out->at, v6.s6_addr, sizeof out->at);
    return true;
}

static struct text write_v4(const uint8_t *parts, char *out) {
    char *at = out;
    for (size_t i = 0; i < 4; i++) {
        unsigned value = parts[i];
        if (i) *at++ = '.';
        if (value >= 100) *at++ = (char)('0' + value / 100);
        if (value >= 10) *at++ = (char)('0' + value / 10 % 10);
        *at++ = (char)('0' + value % 10);
    }
    *at = 0;
    return (struct text){out, (size_t)(at - out)};
}

/* Lower case, without leading zeros. */
static size_t write_hex(unsigned value, char *out) {
    size_t size = 0;
    for (unsigned shift = 12; shift; shift -= 4)
        if (size || value >> shift) out[size++] = "0123456789abcdef"[value >> shift & 15];
    out[size++] = "0123456789abcdef"[value & 15];
    return size;
}

struct text ip_write(struct ip a, char out[static IP_TEXT_MAX]) {
    if (ip_is_v4(a)) return write_v4(a.at + 12, out);
    unsigned groups[8], best = 8,
                        best_length = 1; /* RFC 5952, 4.2: the longest run of two or more zeros, the first of equals */
    for (unsigned i = 0; i < 8; i++) groups[i] = (unsigned)a.at[2 * i] << 8 | a.at[2 * i + 1];
    for (unsigned i = 0; i < 8; i++) {
        unsigned length = 0;
        while (i + length < 8 && !groups[i + length]) length++;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    size_t size = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (i == best) {
            out[size++] = ':';
            i += best_length - 1;
            if (i == 7) out[size++] = ':';
            continue;
        }
        if (i) out[size++] = ':';
        size += write_hex(groups[i], out + size);
    }
    out[size] = 0;
    return (struct text){out, size};
}

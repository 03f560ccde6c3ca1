/* Facts of every shape that a sheet can hold, by a seed: for round trips through a format. */
#ifndef PARLEY_TEST_RANDOM_SHEET_H
#define PARLEY_TEST_RANDOM_SHEET_H

#include "interop/report.h"
#include "vocab/rsit.h"

struct dice {
    uint64_t state;
};
static inline uint64_t roll(struct dice *d, uint64_t below) { /* xorshift64* */
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return (d->state * UINT64_C(2685821657736338717) >> 24) % below;
}

static inline struct ip random_ip(struct dice *d) {
    struct ip ip = ip_from_v4((uint32_t)(UINT32_C(0xcb007100) + roll(d, 256))); /* 203.0.113.0/24 */
    if (roll(d, 3)) return ip;
    ip = (struct ip){{0x20, 0x01, 0x0d, 0xb8}};
    ip.at[15] = (uint8_t)roll(d, 256);
    ip.at[7] = (uint8_t)roll(d, 2);
    return ip;
}

static inline struct text random_object(struct dice *d, struct arena *a) {
    static const struct {
        const char *kind, *value;
    } rows[] = {
        {"url", "https://login.example/a?b=\"c\",d&e='f'#%C3%A9"},
        {"url", "http://[2001:db8::1]:8080/x|y"},
        {"domain", "www.north.example"},
        {"domain", "xn--bcher-kva.example"},
        {"account", "root"},
        {"account", "j\xc3\xa9r\xc3\xb4me, \"the second\""},
        {"account", "someone@south.example"},
        {"mail", "billing@north.example"},
        {"sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    };
    size_t at = roll(d, 2 * COUNT(rows));
    return at < COUNT(rows) ? object_of(a, rows[at].kind, text_of(rows[at].value)) : (struct text){0};
}

static inline struct fact random_fact(struct dice *d, struct arena *a) {
    static const char *const protocols[] = {"", "tcp", "udp", "ssh", "ipv6-icmp", "http2", "x.y+z"};
    struct fact f = fact_unknown();
    if (roll(d, 6)) f.first = (instant)(1700000000 + roll(d, 100000)) * INSTANT_SECOND;
    f.last = f.first;
    if (f.first != INSTANT_NONE && !roll(d, 2)) f.last = f.first + (instant)roll(d, 5000) * INSTANT_SECOND;
    if (!roll(d, 6)) f.last = INSTANT_NONE;
    if (f.first == INSTANT_NONE && !roll(d, 2)) f.last = -62135596800 * INSTANT_SECOND; /* the year 1 */
    f.known = (unsigned)roll(d, 16);
    if (f.known & KNOWN_SRC) f.src = random_ip(d);
    if (f.known & KNOWN_DST) f.dst = random_ip(d);
    if (f.known & KNOWN_SRC_PORT) f.src_port = (uint16_t)roll(d, 65536);
    if (f.known & KNOWN_DST_PORT) f.dst_port = (uint16_t)roll(d, 65536);
    f.object = random_object(d, a);
    f.protocol = text_of(protocols[roll(d, COUNT(protocols))]);
    if (roll(d, 4)) f.event = text_of(rsit_types[roll(d, rsit_type_count)].value);
    f.count = roll(d, 3) ? 1 + roll(d, 1000) : roll(d, 2) ? SHEET_NO_COUNT : SHEET_COUNT_MAX;
    if (!roll(d, 3)) f.evidence = 1 + roll(d, 99);
    return f;
}

/* In order, and none twice. */
static inline struct sheet random_sheet(uint64_t seed, size_t count, struct arena *a) {
    struct dice d = {seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    struct losses unfit = losses_in(a);
    struct collect c = collect_in(a, &unfit);
    struct sheet sheet = {0};
    for (size_t i = 0; i < count; i++) {
        struct fact f = random_fact(&d, a);
        collect_fact(&c, &f, "random");
    }
    assert_int_equal(collect_end(&c, &sheet, NULL), OK);
    return sheet;
}

static inline bool same_sheet(struct sheet a, struct sheet b) {
    bool same = a.count == b.count;
    for (size_t i = 0; i < a.count && same; i++)
        same = fact_same(&a.at[i], &b.at[i]) && a.at[i].count == b.at[i].count && a.at[i].evidence == b.at[i].evidence;
    return same;
}

#endif

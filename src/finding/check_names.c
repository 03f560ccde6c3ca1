/* Addresses and texts of facts to numbers.  An address's number is its place in a table of open addressing; before it
 * stands a set of bits, small enough for the cache nearest to the processor. */
#include <sodium.h>
#include <stdlib.h>

#include "finding/check_parts.h"

enum { SEEN_BITS_EACH = 16, SEEN_BITS_MIN = 1 << 9, SEEN_BITS_MAX = 1 << 23 };

struct named_text {
    uint64_t hash;
    struct text text; /* NULL: none */
};

struct fact_names {
    uint64_t secret[2];
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct ip *addresses; /* all zero: none */
    size_t address_count, address_slots;
    bool has_zero; /* `::` is named by the number behind all others */
    uint64_t *seen;
    unsigned seen_shift; /* a hash shifted by it is a bit of `seen` */
    struct named_text *texts;
    size_t text_count, text_slots;
};

void *take_zeroed(size_t count, size_t size) {
    void *at = calloc(count ? count : 1, size);
    ASSERT(at && "memory is left");
    return at;
}

/* Both halves of a product: with secret factors nobody outside can make many of them meet. */
static uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_of(const struct fact_names *n, struct ip ip) {
    uint64_t words[2];
    memcpy(words, ip.at, sizeof words);
    return fold(fold(words[0] ^ n->secret[0], words[1] ^ n->secret[1]) ^ n->secret[0], n->secret[1] | 1);
}

static bool is_zero(const struct ip *ip) {
    static const struct ip zero;
    return !memcmp(ip, &zero, sizeof zero);
}

/* Where an address is, or would be. */
static size_t place_of(const struct fact_names *n, const struct ip *ip, uint64_t hash) {
    size_t at = hash & (n->address_slots - 1);
    while (!is_zero(&n->addresses[at]) && memcmp(&n->addresses[at], ip, sizeof *ip))
        at = (at + 1) & (n->address_slots - 1);
    return at;
}

static void put_address(struct fact_names *n, const struct ip *ip) {
    size_t at = place_of(n, ip, hash_of(n, *ip));
    if (!is_zero(&n->addresses[at])) return;
    n->addresses[at] = *ip;
    n->address_count++;
}

static void add_address(struct fact_names *n, struct ip ip) {
    if (is_zero(&ip)) {
        n->has_zero = true;
        return;
    }
    if (2 * n->address_count >= n->address_slots) {
        struct ip *old = n->addresses;
        size_t slots = n->address_slots;
        n->address_slots = slots ? 2 * slots : 64;
        n->addresses = take_zeroed(n->address_slots, sizeof *n->addresses);
        n->address_count = 0;
        for (size_t i = 0; i < slots; i++)
            if (!is_zero(&old[i])) put_address(n, &old[i]);
        free(old);
    }
    put_address(n, &ip);
}

/* The bit is chosen by the hash's other end than the place in the table. */
static void make_seen(struct fact_names *n) {
    size_t bits = SEEN_BITS_MIN;
    unsigned log = 9;
    for (; bits < SEEN_BITS_MAX && bits < SEEN_BITS_EACH * n->address_count; bits *= 2) log++;
    n->seen_shift = 64 - log;
    n->seen = take_zeroed(bits / 64, sizeof *n->seen);
    for (size_t i = 0; i < n->address_slots; i++) {
        uint64_t bit = hash_of(n, n->addresses[i]) >> n->seen_shift;
        if (!is_zero(&n->addresses[i])) n->seen[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    uint64_t zero = hash_of(n, (struct ip){{0}}) >> n->seen_shift;
    if (n->has_zero) n->seen[zero / 64] |= UINT64_C(1) << zero % 64;
}

/* ---- texts */

static uint64_t text_hash(const struct fact_names *n, struct text t) {
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, (const uint8_t *)t.at, t.size, n->key);
    memcpy(&number, hash, sizeof number);
    return number;
}

static size_t text_place(const struct fact_names *n, struct text t, uint64_t hash) {
    size_t at = hash & (n->text_slots - 1);
    while (n->texts[at].text.at && (n->texts[at].hash != hash || !text_equal(n->texts[at].text, t)))
        at = (at + 1) & (n->text_slots - 1);
    return at;
}

static void put_text(struct fact_names *n, struct named_text t) {
    size_t at = text_place(n, t.text, t.hash);
    if (n->texts[at].text.at) return;
    n->texts[at] = t;
    n->text_count++;
}

static void add_text(struct fact_names *n, struct text t) {
    if (2 * n->text_count >= n->text_slots) {
        struct named_text *old = n->texts;
        size_t slots = n->text_slots;
        n->text_slots = slots ? 2 * slots : 16;
        n->texts = take_zeroed(n->text_slots, sizeof *n->texts);
        n->text_count = 0;
        for (size_t i = 0; i < slots; i++)
            if (old[i].text.at) put_text(n, old[i]);
        free(old);
    }
    put_text(n, (struct named_text){text_hash(n, t), t});
}

/* ---- all of them */

struct fact_names *names_new(const struct check_fact *facts, size_t count, struct random *r) {
    struct fact_names *n = take_zeroed(1, sizeof *n);
    random_fill(r, (uint8_t *)n->secret, sizeof n->secret);
    random_fill(r, n->key, sizeof n->key);
    for (size_t i = 0; i < count; i++) {
        const struct trace *t = &facts[i].trace;
        if (t->known & TRACE_SRC) add_address(n, t->src);
        if (t->known & TRACE_DST) add_address(n, t->dst);
        if (t->known & TRACE_PROTOCOL) add_text(n, t->protocol);
        if (t->known & TRACE_OBJECT) add_text(n, t->object);
    }
    make_seen(n);
    return n;
}

void names_free(struct fact_names *n) {
    free(n->addresses);
    free(n->seen);
    free(n->texts);
    free(n);
}

bool names_may_have(const struct fact_names *n, struct ip ip, uint64_t *hash) {
    *hash = hash_of(n, ip);
    uint64_t bit = *hash >> n->seen_shift;
    return n->seen[bit / 64] >> bit % 64 & 1;
}

void names_fetch(const struct fact_names *n, uint64_t hash) {
    if (n->address_slots) __builtin_prefetch(&n->addresses[hash & (n->address_slots - 1)]);
}

uint32_t names_address(const struct fact_names *n, struct ip ip, uint64_t hash) {
    if (is_zero(&ip)) return n->has_zero ? (uint32_t)n->address_slots + 1 : 0;
    if (!n->address_slots) return 0;
    size_t at = place_of(n, &ip, hash);
    return is_zero(&n->addresses[at]) ? 0 : (uint32_t)at + 1;
}

uint32_t names_address_of(const struct fact_names *n, struct ip ip) {
    uint64_t hash;
    return names_may_have(n, ip, &hash) ? names_address(n, ip, hash) : 0;
}

size_t names_address_max(const struct fact_names *n) { return n->address_slots + 1; }

uint32_t names_text(const struct fact_names *n, struct text t) {
    if (!n->text_slots) return 0;
    size_t at = text_place(n, t, text_hash(n, t));
    return n->texts[at].text.at ? (uint32_t)at + 1 : 0;
}

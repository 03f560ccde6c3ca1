#include "base/hash_many.h"

#include <string.h>

#include "base/error.h"
#include "base/hash_lanes.h"
#include "base/secret.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* as in hash.c */
#include <openssl/sha.h>

/* What is longer goes by itself; PADDING_MAX bytes follow a message at most. */
enum { LANE_BYTES = 1024, PADDING_MAX = SHA256_BLOCK + 8 };

struct batch {
    const uint32_t *from; /* the state that each begins with, after `before` bytes */
    uint64_t before;
    const struct sha256_input *inputs;
    size_t count, next;
    struct sha256 *out;
};

struct lanes {
    struct lane_words words;
    const uint8_t *at[LANES_MAX];
    size_t blocks[LANES_MAX]; /* still to be taken; IDLE: none is here */
    size_t number[LANES_MAX]; /* of the message */
    size_t count, most;       /* lanes; bytes that any of them held */
    uint8_t held[LANES_MAX][LANE_BYTES];
};
#define IDLE SIZE_MAX

static const uint32_t first_state[SHA256_WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static void put_be(uint8_t *out, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) out[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

/* The message, padded (FIPS 180-4, 5.1.1), and its blocks; 0 where it is too long. */
static size_t lay_out(const struct sha256_input *in, uint64_t before, uint8_t to[static LANE_BYTES]) {
    size_t size = 0;
    for (size_t i = 0; i < SHA256_PARTS; i++) {
        const struct bytes part = in->parts[i];
        if (part.size > LANE_BYTES - PADDING_MAX - 1 - size) return 0;
        if (part.size) memcpy(to + size, part.at, part.size);
        size += part.size;
    }
    const size_t blocks = (size + 9 + SHA256_BLOCK - 1) / SHA256_BLOCK;
    to[size] = 0x80;
    memset(to + size + 1, 0, PADDING_MAX);
    put_be(to + blocks * SHA256_BLOCK - 8, (before + size) * 8, 8);
    return blocks;
}

/* False where nothing is left; the lane then goes over old bytes, and nobody looks at what comes out. */
static bool take(struct lanes *l, size_t lane, struct batch *b) {
    l->at[lane] = l->held[lane];
    while (b->next < b->count) {
        const size_t number = b->next++, blocks = lay_out(&b->inputs[number], b->before, l->held[lane]);
        if (!blocks) {
            b->out[number] = sha256_go_on(b->from, b->before, b->inputs[number].parts, SHA256_PARTS);
            continue;
        }
        for (size_t i = 0; i < SHA256_WORDS; i++) l->words.at[i][lane] = b->from[i];
        l->blocks[lane] = blocks;
        l->number[lane] = number;
        if (blocks * SHA256_BLOCK > l->most) l->most = blocks * SHA256_BLOCK;
        return true;
    }
    l->blocks[lane] = IDLE;
    return false;
}

static void give(const struct lanes *l, size_t lane, const struct batch *b) {
    uint8_t *out = b->out[l->number[lane]].at;
    for (size_t i = 0; i < SHA256_WORDS; i++) put_be(out + 4 * i, l->words.at[i][lane], 4);
}

/* One step of all lanes, as far as the first end of a message; gives back how many messages are still under way. */
static size_t step(struct lanes *l, lanes_compress *compress, size_t busy, struct batch *b) {
    size_t blocks = IDLE;
    for (size_t i = 0; i < l->count; i++)
        if (l->blocks[i] < blocks) blocks = l->blocks[i];
    compress(&l->words, l->at, blocks);
    for (size_t i = 0; i < l->count; i++) {
        if (l->blocks[i] == IDLE) continue;
        l->at[i] += blocks * SHA256_BLOCK;
        l->blocks[i] -= blocks;
        if (l->blocks[i]) continue;
        give(l, i, b);
        busy -= !take(l, i, b);
    }
    return busy;
}

/* Most lanes are idle: what is left goes one after the other. */
static void end_alone(struct lanes *l, size_t lane, const struct batch *b) {
    SHA256_CTX state;
    SHA256_Init(&state);
    for (size_t i = 0; i < SHA256_WORDS; i++) state.h[i] = l->words.at[i][lane];
    for (size_t i = 0; i < l->blocks[lane]; i++) SHA256_Transform(&state, l->at[lane] + i * SHA256_BLOCK);
    for (size_t i = 0; i < SHA256_WORDS; i++) l->words.at[i][lane] = state.h[i];
    give(l, lane, b);
    secret_wipe(&state, sizeof state);
}

static void run_lanes(struct lanes_way way, struct batch *b) {
    struct lanes l;
    size_t busy = 0;
    l.count = way.lanes;
    l.most = 0;
    memset(&l.words, 0, sizeof l.words);
    for (size_t i = 0; i < LANES_MAX; i++) l.at[i] = l.held[i];
    for (size_t i = 0; i < l.count; i++) busy += take(&l, i, b);
    while (busy > l.count / 2) busy = step(&l, way.compress, busy, b);
    for (size_t i = 0; i < l.count; i++)
        if (l.blocks[i] != IDLE) end_alone(&l, i, b);
    for (size_t i = 0; i < l.count; i++) secret_wipe(l.held[i], l.most);
    secret_wipe(&l.words, sizeof l.words);
}

static struct lanes_way lanes_by(enum sha256_way way) {
    if (way == SHA256_BY_AVX512) return lanes_by_avx512();
    return way == SHA256_BY_SHA_NI ? lanes_by_sha_ni() : (struct lanes_way){0};
}

static struct lanes_way best(void) {
    struct lanes_way way = lanes_by_avx512();
    return way.lanes ? way : lanes_by_sha_ni();
}

/* Of few messages most lanes would be idle. */
static void run(struct lanes_way way, struct batch *b) {
    if (b->count > way.lanes / 2 && way.lanes) {
        run_lanes(way, b);
        return;
    }
    for (size_t i = 0; i < b->count; i++)
        b->out[i] = sha256_go_on(b->from, b->before, b->inputs[i].parts, SHA256_PARTS);
}

static void hash_many(struct lanes_way way, const struct sha256_input *inputs, size_t count, struct sha256 *out) {
    run(way, &(struct batch){.from = first_state, .inputs = inputs, .count = count, .out = out});
}

/* RFC 2104: the inner hash of each, then the outer hash of these. */
static void hmac_some(struct lanes_way way, const struct hmac_key *key, const struct sha256_input *inputs, size_t count,
                      struct sha256 *out) {
    enum { AT_ONCE = 128 };
    struct sha256 inner[AT_ONCE];
    struct sha256_input outer[AT_ONCE];
    for (size_t i = 0; i < AT_ONCE && i < count; i++) outer[i] = (struct sha256_input){{sha256_bytes(&inner[i])}};
    for (size_t done = 0; done < count; done += AT_ONCE) {
        const size_t some = count - done < AT_ONCE ? count - done : AT_ONCE;
        struct batch b = {key->inner, SHA256_BLOCK, inputs + done, some, 0, inner};
        run(way, &b);
        b = (struct batch){key->outer, SHA256_BLOCK, outer, some, 0, out + done};
        run(way, &b);
    }
    secret_wipe(inner, (count < AT_ONCE ? count : AT_ONCE) * sizeof *inner);
}

void sha256_many(const struct sha256_input *inputs, size_t count, struct sha256 *out) {
    hash_many(best(), inputs, count, out);
}

void hmac_many(const struct hmac_key *key, const struct sha256_input *inputs, size_t count, struct sha256 *out) {
    hmac_some(best(), key, inputs, count, out);
}

bool sha256_many_by(enum sha256_way way, const struct sha256_input *inputs, size_t count, struct sha256 *out) {
    const struct lanes_way lanes = lanes_by(way);
    if (!lanes.lanes && way != SHA256_PORTABLE) return false;
    hash_many(lanes, inputs, count, out);
    return true;
}

bool hmac_many_by(enum sha256_way way, const struct hmac_key *key, const struct sha256_input *inputs, size_t count,
                  struct sha256 *out) {
    const struct lanes_way lanes = lanes_by(way);
    if (!lanes.lanes && way != SHA256_PORTABLE) return false;
    hmac_some(lanes, key, inputs, count, out);
    return true;
}

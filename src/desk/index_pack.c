#include "desk/index_pack.h"

/* Shorter ones are not worth looking up. */
enum { TEXT_REPEATED_MIN = 8 };

void pack_u64(struct pack *p, uint64_t value) {
    for (; value >= 128; value >>= 7) buf_char(p->out, (char)(value | 128));
    buf_char(p->out, (char)value);
}

/* Nearly all are whole seconds.  0: none; else the low bit says whether it is one of microseconds. */
void pack_instant(struct pack *p, instant value) {
    bool whole = value % INSTANT_SECOND == 0;
    if (value == INSTANT_NONE) {
        pack_u64(p, 0);
        return;
    }
    instant n = whole ? value / INSTANT_SECOND : value;
    uint64_t turned = (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0); /* small for small numbers of either sign */
    pack_u64(p, 1 + (turned << 1 | !whole));
}

void pack_bytes(struct pack *p, const void *at, size_t size) { buf_bytes(p->out, bytes_of(at, size)); }

void pack_text(struct pack *p, struct text t) {
    if (t.size >= TEXT_REPEATED_MIN) {
        void **place = map_put(&p->texts, t);
        if (*place) {
            pack_u64(p, (uint64_t)(uintptr_t)*place << 1 | 1);
            return;
        }
        *place = (void *)(uintptr_t)++p->text_count;
    }
    pack_u64(p, (uint64_t)t.size << 1);
    buf_text(p->out, t);
}

uint64_t unpack_u64(struct unpack *u) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && u->rest.size; shift += 7) {
        uint8_t byte = *u->rest.at;
        u->rest = bytes_of(u->rest.at + 1, u->rest.size - 1);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return value;
    }
    u->failed = true;
    return 0;
}

size_t unpack_count(struct unpack *u) {
    uint64_t count = unpack_u64(u);
    if (count <= u->rest.size) return (size_t)count;
    u->failed = true;
    return 0;
}

instant unpack_instant(struct unpack *u) {
    uint64_t n = unpack_u64(u);
    if (!n) return INSTANT_NONE;
    uint64_t turned = (n - 1) >> 1;
    instant value = (instant)(turned >> 1 ^ (turned & 1 ? UINT64_MAX : 0));
    if ((n - 1) & 1) return value;
    return value > INT64_MAX / INSTANT_SECOND || value < INT64_MIN / INSTANT_SECOND ? INSTANT_NONE
                                                                                    : value * INSTANT_SECOND;
}

void unpack_bytes(struct unpack *u, void *at, size_t size) {
    struct bytes taken;
    memset(at, 0, size);
    if (bytes_take(&u->rest, size, &taken))
        memcpy(at, taken.at, size);
    else
        u->failed = true;
}

struct text unpack_text(struct unpack *u) {
    uint64_t n = unpack_u64(u);
    struct bytes taken = {0};
    if (n & 1) {
        if (n >> 1 && n >> 1 <= u->text_count) return u->texts[(n >> 1) - 1];
        u->failed = true;
        return (struct text){0};
    }
    if (!bytes_take(&u->rest, (size_t)(n >> 1), &taken)) u->failed = true;
    if (taken.size >= TEXT_REPEATED_MIN) {
        u->texts = arena_grow(u->arena, u->texts, u->text_count, &u->text_room, sizeof *u->texts);
        u->texts[u->text_count++] = text_from_bytes(taken);
    }
    return text_from_bytes(taken);
}

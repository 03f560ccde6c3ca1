#include "tlog/tile.h"

#include <stdio.h>
#include <string.h>

void tile_path_write(const struct tile *t, char out[static TILE_PATH_MAX]) {
    char groups[32] = "", level[8];
    unsigned count = 1;
    for (uint64_t rest = t->index; rest >= 1000; rest /= 1000) count++;
    size_t size = 0;
    for (unsigned i = count; i-- > 0;) {
        uint64_t part = t->index;
        for (unsigned j = 0; j < i; j++) part /= 1000;
        size += (size_t)snprintf(groups + size, sizeof groups - size, "%s%03u%s", i ? "x" : "", (unsigned)(part % 1000),
                                 i ? "/" : "");
    }
    snprintf(level, sizeof level, "%u", t->level);
    int written = snprintf(out, TILE_PATH_MAX, "tile/%s/%s", t->entries ? "entries" : level, groups);
    ASSERT(written > 0 && written < TILE_PATH_MAX - 8);
    if (t->width < TILE_WIDTH) snprintf(out + written, TILE_PATH_MAX - (size_t)written, ".p/%u", t->width);
}

static bool read_index(struct text t, uint64_t *index) {
    uint64_t sum = 0;
    for (unsigned groups = 0;; groups++) {
        bool more = t.size && t.at[0] == 'x';
        if (more) t = text_sub(t, 1, t.size);
        if (groups == 6 || t.size < 3) return false;
        for (size_t i = 0; i < 3; i++) {
            if (t.at[i] < '0' || t.at[i] > '9') return false;
            sum = sum * 10 + (uint64_t)(t.at[i] - '0');
        }
        t = text_sub(t, 3, t.size);
        if (!more) break;
        if (!text_skip(&t, TEXT("/"))) return false;
    }
    *index = sum;
    return !t.size;
}

bool tile_path_read(struct text path, struct tile *out) {
    struct tile t = {.width = TILE_WIDTH};
    struct text rest = path, level, index;
    uint64_t number = 0;
    if (!text_skip(&rest, TEXT("tile/")) || !text_cut(&rest, '/', &level)) return false;
    t.entries = text_is(level, "entries");
    if (!t.entries && (!text_u64(level, &number) || number >= TILE_LEVELS_MAX)) return false;
    t.level = (unsigned)number;
    size_t partial = text_search(rest, TEXT(".p/"));
    index = partial == SIZE_MAX ? rest : text_sub(rest, 0, partial);
    if (partial != SIZE_MAX) {
        if (!text_u64(text_sub(rest, partial + 3, rest.size), &number) || !number || number >= TILE_WIDTH) return false;
        t.width = (unsigned)number;
    }
    char again[TILE_PATH_MAX];
    if (!read_index(index, &t.index)) return false;
    tile_path_write(&t, again);
    if (!text_is(path, again)) return false; /* leading zero groups */
    *out = t;
    return true;
}

unsigned tile_width(uint64_t size, unsigned level, uint64_t index) {
    uint64_t hashes = level < TILE_LEVELS_MAX ? size >> (TILE_HEIGHT * level) : 0;
    if (index >= (uint64_t)1 << 56 || hashes <= index * TILE_WIDTH) return 0;
    uint64_t left = hashes - index * TILE_WIDTH;
    return left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
}

bool tile_is_before(const struct tile *t, uint64_t entry) {
    return entry >> (TILE_HEIGHT * t->level) >= (t->index + 1) * TILE_WIDTH;
}

enum error tile_write(const struct tree_reader *r, const struct tile *t, struct buf *out, struct diag *d) {
    for (unsigned i = 0; i < t->width; i++) {
        struct sha256 hash;
        enum error result = r->hash(r->state, TILE_HEIGHT * t->level, t->index * TILE_WIDTH + i, &hash, d);
        if (result) return result;
        buf_bytes(out, sha256_bytes(&hash));
    }
    return buf_check(out, d);
}

/* Of the tile's hashes 2^above make the one that is wanted, those from `first` on. */
static enum error read_tile(const struct tile_source *s, unsigned level, uint64_t first, struct sha256 *out,
                            struct diag *d) {
    struct bytes content;
    struct tile t = {.level = level / TILE_HEIGHT, .index = first / TILE_WIDTH};
    t.width = tile_width(s->size, t.level, t.index);
    enum error result = s->get(s->state, &t, &content, d);
    if (!result && content.size != (size_t)t.width * SHA256_SIZE)
        result = fail(d, ERR_INPUT, _("a tile of %zu bytes, expected %u hashes"), content.size, t.width);
    if (result) return result;
    struct sha256 hashes[TILE_WIDTH];
    const size_t count = (size_t)1 << level % TILE_HEIGHT;
    memcpy(hashes, content.at + first % TILE_WIDTH * SHA256_SIZE, count * SHA256_SIZE);
    *out = tree_fold(hashes, count);
    return OK;
}

static enum error hash_in_tiles(void *state, unsigned level, uint64_t index, struct sha256 *out, struct diag *d) {
    struct tile_source *s = state;
    if (level >= TREE_LEVELS_MAX || index >= s->size >> level)
        return fail(d, ERR_MISSING, _("the tree has no hash %llu at level %u"), (unsigned long long)index, level);
    if (!s->made[level].known || s->made[level].index != index) {
        struct sha256 hash;
        enum error result = read_tile(s, level, index << level % TILE_HEIGHT, &hash, d);
        if (result) return result;
        s->made[level].known = true;
        s->made[level].index = index;
        s->made[level].hash = hash;
    }
    *out = s->made[level].hash;
    return OK;
}

struct tree_reader tile_reader(struct tile_source *s) {
    return (struct tree_reader){hash_in_tiles, s};
}

static enum error each_of(uint64_t size, struct tile kind,
                          enum error (*each)(void *, const struct tile *, struct diag *), void *state, struct diag *d) {
    for (kind.index = 0; (kind.width = tile_width(size, kind.level, kind.index)); kind.index++) {
        enum error result = each(state, &kind, d);
        if (result) return result;
    }
    return OK;
}

enum error tile_each(uint64_t size, enum error (*each)(void *state, const struct tile *t, struct diag *d), void *state,
                     struct diag *d) {
    enum error result = each_of(size, (struct tile){.entries = true}, each, state, d);
    for (unsigned level = 0; !result && level < TILE_LEVELS_MAX; level++)
        result = each_of(size, (struct tile){.level = level}, each, state, d);
    return result;
}

enum error bundle_add(struct buf *out, struct bytes entry, struct diag *d) {
    if (entry.size > UINT16_MAX) return fail(d, ERR_LIMIT, _("an entry of more than %d bytes"), UINT16_MAX);
    buf_be16(out, (uint16_t)entry.size);
    buf_bytes(out, entry);
    return buf_check(out, d);
}

bool bundle_next(struct bytes *bundle, struct bytes *entry) {
    struct bytes rest = *bundle;
    uint16_t size;
    if (!bytes_be16(&rest, &size) || !bytes_take(&rest, size, entry)) return false;
    *bundle = rest;
    return true;
}

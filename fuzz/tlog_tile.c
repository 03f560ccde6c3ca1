/* Any bytes as the path of a tile, as a bundle of entries and as the tiles of a tree. */
#include <string.h>

#include "tlog/proof.h"
#include "tlog/tile.h"

static void path(struct text t) {
    struct tile tile;
    char again[TILE_PATH_MAX];
    if (!tile_path_read(t, &tile)) return;
    ASSERT(tile.width >= 1 && tile.width <= TILE_WIDTH && tile.level < TILE_LEVELS_MAX);
    tile_path_write(&tile, again);
    ASSERT(text_is(t, again));
}

static void bundle(struct bytes b) {
    struct buf out = {.max = b.size};
    struct bytes rest = b, entry;
    while (bundle_next(&rest, &entry)) ASSERT(bundle_add(&out, entry, NULL) == OK);
    ASSERT(out.size == b.size - rest.size && (!out.size || !memcmp(out.at, b.at, out.size)));
    buf_free(&out);
}

/* Each tile is the front of the input, be it as long as it should or not. */
static enum error get(void *state, const struct tile *t, struct bytes *content, struct diag *d) {
    const struct bytes *input = state;
    size_t size = (size_t)t->width * SHA256_SIZE;
    (void)d;
    *content = bytes_of(input->at, size < input->size ? size : input->size);
    return OK;
}

static void tiles(struct bytes b) {
    uint64_t size, index;
    struct proof p;
    if (!bytes_be64(&b, &size) || !bytes_be64(&b, &index)) return;
    struct tile_source source = {.get = get, .state = &b, .size = size};
    struct tree_reader r = tile_reader(&source);
    if (inclusion_make(&r, index, size, &p, NULL) == OK) ASSERT(index < size && p.count <= PROOF_MAX);
    if (consistency_make(&r, index, size, &p, NULL) == OK) ASSERT(index <= size && p.count <= PROOF_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct bytes b = bytes_of(data, size);
    path(text_from_bytes(b));
    bundle(b);
    tiles(b);
    return 0;
}

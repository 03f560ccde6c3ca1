/* Fills one's own record of a home with entries, each with one file, as a node would have appended them, but in one
 * transaction and with bytes that are nobody's message: for measuring what long records cost.
 *
 *     bench-fill HOME/node COUNT [BYTES]      (of each file: 200)
 *
 * No node may run on the home.  The last entry is not signed: the next exchange does that. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "record/entry.h"
#include "store/store.h"

enum { STEP = 10000 };

struct filling {
    struct store *store;
    struct channel channel;
    struct entry last;
    struct random random;
    uint64_t at, count;
    size_t bytes;
};

static enum error begin(struct filling *f, struct arena *a, struct diag *d) {
    struct channel *list;
    struct bytes *leaves;
    size_t count = 0, got = 0;
    enum error result = store_channels(f->store, a, &list, &count, d);
    if (!result && !count) return fail(d, ERR_MISSING, "no channel is open");
    if (result) return result;
    f->channel = list[0];
    result = store_size(f->store, f->channel.of[SIDE_OWN].id, &f->at, d);
    if (!result && f->at)
        result = store_leaves(f->store, f->channel.of[SIDE_OWN].id, f->at - 1, 1, UINT64_MAX, a, &leaves, &got, d);
    if (!result && !got) return fail(d, ERR_MISSING, "the record has no entry yet");
    return result ? result : entry_read(leaves[0], a, &f->last, d);
}

static enum error add(struct filling *f, uint8_t *content, struct diag *d) {
    struct buf leaf = {.max = ENTRY_MAX_BYTES};
    struct entry_blob blob = {.size = f->bytes};
    random_fill(&f->random, content, f->bytes);
    enum error result = store_put_blob(f->store, f->channel.id, SIDE_OWN, bytes_of(content, f->bytes), &blob.sha, d);
    struct entry e = {.time = f->last.time, .seen = f->last.seen, .blobs = &blob, .blob_count = 1};
    if (!result) result = entry_write(&e, &leaf, d);
    if (!result) result = store_add_leaf(f->store, f->channel.of[SIDE_OWN].id, f->at++, buf_as_bytes(&leaf), d);
    buf_free(&leaf);
    return result;
}

static enum error fill(struct filling *f, uint8_t *content, struct diag *d) {
    enum error result = OK;
    while (f->count && !result) {
        result = store_begin(f->store, d);
        if (result) return result;
        for (int i = 0; i < STEP && f->count && !result; i++, f->count--) result = add(f, content, d);
        result = store_end(f->store, result, d);
    }
    return result;
}

int main(int argc, char **argv) {
    struct diag d = {0};
    struct arena a = {0};
    struct filling f = {.random = random_system(), .bytes = argc > 3 ? strtoul(argv[3], NULL, 10) : 200};
    if (argc < 3 || !f.bytes) return 2;
    f.count = strtoull(argv[2], NULL, 10);
    uint8_t *content = calloc(f.bytes, 1);
    struct store_options o = {.folder = argv[1]};
    enum error result = content ? store_open(&o, &f.store, &d) : ERR_MEMORY;
    if (!result) result = begin(&f, &a, &d);
    if (!result) result = fill(&f, content, &d);
    if (result) fprintf(stderr, "%s\n", d.text);
    store_close(f.store);
    arena_free(&a);
    free(content);
    return result ? 1 : 0;
}

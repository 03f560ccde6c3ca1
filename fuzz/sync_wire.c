/* Any bytes as a body or a header of the exchange: read or refused; what is read writes back to the same bytes. */
#include <string.h>

#include "sync/wire.h"

enum { OUT_MAX = 64 << 20 };

static void same(const struct buf *out, struct bytes in) {
    ASSERT(!out->failed && out->size == in.size && (!in.size || !memcmp(out->at, in.at, in.size)));
}

static void add_checkpoint(struct bytes b, struct buf *out) {
    struct add_checkpoint c;
    struct diag d;
    if (add_checkpoint_read(b, &c, &d)) return;
    add_checkpoint_write(&c, out);
    same(out, b);
}

static void add_entries(struct bytes b, struct buf *out) {
    static struct package p;
    struct add_entries head;
    struct diag d;
    struct bytes rest = b;
    if (add_entries_read(&rest, &head, &d)) return;
    add_entries_write(&head, out);
    for (uint64_t start = head.start; start < head.end; start = p.end) {
        package_bounds(start, head.end, &p);
        ASSERT(p.aligned <= start && p.start == start && p.end > start && p.end <= head.end &&
               p.end - p.aligned <= 256);
        if (!package_read(&rest, &p)) break;
        ASSERT(package_write(&p, out, &d) == OK);
    }
    same(out, bytes_of(b.at, b.size - rest.size));
}

static void mirror_info(struct bytes b, struct buf *out) {
    struct arena a = {0};
    struct mirror_info i;
    struct diag d;
    if (mirror_info_read(b, &a, &i, &d) == OK) {
        mirror_info_write(&i, out);
        same(out, b);
    }
    arena_free(&a);
}

static void ranges(struct bytes b, struct buf *out) {
    struct content_range r;
    char text[128];
    uint64_t first, last, number;
    if (content_range_read(text_from_bytes(b), &r)) {
        content_range_write(&r, text, sizeof text);
        buf_string(out, text);
        same(out, b);
    }
    if (range_read(text_from_bytes(b), 1000, &first, &last)) ASSERT(first <= last && last < 1000);
    if (number_line_read(b, &number)) ASSERT(b.at[b.size - 1] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static void (*const readers[])(struct bytes, struct buf *) = {add_checkpoint, add_entries, mirror_info, ranges};
    if (!size) return 0;
    struct buf out = {.max = OUT_MAX};
    readers[data[0] % COUNT(readers)](bytes_of(data + 1, size - 1), &out);
    buf_free(&out);
    return 0;
}

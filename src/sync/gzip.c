#include "sync/gzip.h"

#include <zlib.h>

enum { PART = 65536, GZIP_FORM = 16 /* added to the window's bits: zlib's word for gzip */, MEMORY_LEVEL = 8 };

/* Runs either way until the end of the stream or of the room. */
static int run(z_stream *z, int (*step)(z_stream *z, int flush), int flush, struct buf *out) {
    int state = Z_OK;
    while (state == Z_OK) {
        uint8_t *room = buf_extend(out, PART);
        if (!room) break;
        z->next_out = room;
        z->avail_out = PART;
        state = step(z, flush);
        out->size -= z->avail_out;
    }
    return state;
}

enum error gzip_pack(struct bytes plain, struct buf *out, struct diag *d) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)plain.at, .avail_in = (uInt)plain.size};
    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, GZIP_FORM + MAX_WBITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return fail(d, ERR_MEMORY, _("out of memory"));
    int state = run(&z, deflate, Z_FINISH, out);
    deflateEnd(&z);
    enum error result = buf_check(out, d);
    return result || state == Z_STREAM_END ? result : fail(d, ERR_INTERNAL, _("zlib could not pack a body"));
}

enum error gzip_unpack(struct bytes packed, struct buf *out, struct diag *d) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.at, .avail_in = (uInt)packed.size};
    if (inflateInit2(&z, GZIP_FORM + MAX_WBITS) != Z_OK) return fail(d, ERR_MEMORY, _("out of memory"));
    int state = run(&z, inflate, Z_NO_FLUSH, out);
    bool whole = state == Z_STREAM_END && !z.avail_in;
    inflateEnd(&z);
    if (out->failed) return fail(d, ERR_LIMIT, _("the unpacked body is too large"));
    return whole ? OK : fail(d, ERR_INPUT, _("the body is not in gzip form"));
}

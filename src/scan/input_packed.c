/* The ways of compressing that are read: one table of them. */
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "line/export.h"
#include "scan/input.h"

static bool starts(struct bytes b, const char *magic, size_t size) {
    return b.size >= size && !memcmp(b.at, magic, size);
}

static unsigned small(size_t size) { return size < INPUT_MEMORY_MAX ? (unsigned)size : INPUT_MEMORY_MAX; }

/* ---- gzip */

enum { GZIP_ONLY = 15 + 16 }; /* window bits, as inflateInit2 has them */

static bool gzip_begins(struct bytes b) { return starts(b, "\x1f\x8b\x08", 3); }

static void *gzip_start(void) {
    z_stream *z = calloc(1, sizeof *z);
    ASSERT(z && inflateInit2(z, GZIP_ONLY) == Z_OK && "memory is left");
    return z;
}

static void gzip_restart(void *state) { ASSERT(inflateReset(state) == Z_OK); }

static void gzip_end(void *state) {
    inflateEnd(state);
    free(state);
}

static enum unpacked gzip_step(void *state, struct view *in, struct view *out, const char **why) {
    z_stream *z = state;
    z->next_in = in->at;
    z->next_out = out->at;
    const unsigned in_size = z->avail_in = small(in->size), out_size = z->avail_out = small(out->size);
    int code = inflate(z, Z_NO_FLUSH);
    *in = (struct view){z->next_in, in->size - (in_size - z->avail_in)};
    *out = (struct view){z->next_out, out->size - (out_size - z->avail_out)};
    if (code == Z_STREAM_END) return UNPACKED_END;
    if (code == Z_OK || code == Z_BUF_ERROR) return UNPACKED_MORE;
    *why = z->msg ? z->msg : zError(code);
    return UNPACKED_DAMAGED;
}

/* ---- zstd */

static bool zstd_begins(struct bytes b) {
    bool skippable = b.size >= 4 && (b.at[0] & 0xf0) == 0x50 && starts(bytes_of(b.at + 1, 3), "\x2a\x4d\x18", 3);
    return skippable || starts(b, "\x28\xb5\x2f\xfd", 4);
}

static void *zstd_start(void) {
    enum { WINDOW_LOG_MAX = 27 };
    _Static_assert(1 << WINDOW_LOG_MAX == INPUT_MEMORY_MAX, "the window is what takes the memory");
    ZSTD_DStream *z = ZSTD_createDStream();
    ASSERT(z && !ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)) && "memory is left");
    return z;
}

static void zstd_restart(void *state) { ASSERT(!ZSTD_isError(ZSTD_DCtx_reset(state, ZSTD_reset_session_only))); }

static void zstd_end(void *state) { ZSTD_freeDStream(state); }

static enum unpacked zstd_step(void *state, struct view *in, struct view *out, const char **why) {
    ZSTD_inBuffer from = {in->at, in->size, 0};
    ZSTD_outBuffer to = {out->at, out->size, 0};
    size_t code = ZSTD_decompressStream(state, &to, &from);
    *in = (struct view){in->at + from.pos, in->size - from.pos};
    *out = (struct view){out->at + to.pos, out->size - to.pos};
    if (!code) return UNPACKED_END;
    if (!ZSTD_isError(code)) return UNPACKED_MORE;
    *why = ZSTD_getErrorName(code);
    return strstr(*why, "too much memory") ? UNPACKED_TOO_LARGE : UNPACKED_DAMAGED;
}

/* ---- xz */

static bool xz_begins(struct bytes b) { return starts(b, "\xfd\x37zXZ\0", 6); }

static void xz_restart(void *state) {
    ASSERT(lzma_stream_decoder(state, INPUT_MEMORY_MAX, 0) == LZMA_OK && "memory is left");
}

static void *xz_start(void) {
    lzma_stream *z = calloc(1, sizeof *z);
    ASSERT(z && "memory is left");
    xz_restart(z);
    return z;
}

static void xz_end(void *state) {
    lzma_end(state);
    free(state);
}

static const char *xz_fault(lzma_ret code) {
    return code == LZMA_OPTIONS_ERROR ? "an option that is not known" : "the data does not fit its checks";
}

static enum unpacked xz_step(void *state, struct view *in, struct view *out, const char **why) {
    lzma_stream *z = state;
    z->next_in = in->at;
    z->avail_in = in->size;
    z->next_out = out->at;
    z->avail_out = out->size;
    lzma_ret code = lzma_code(z, LZMA_RUN);
    *in = (struct view){in->at + (in->size - z->avail_in), z->avail_in};
    *out = (struct view){z->next_out, z->avail_out};
    if (code == LZMA_STREAM_END) return UNPACKED_END;
    if (code == LZMA_OK || code == LZMA_BUF_ERROR) return UNPACKED_MORE;
    *why = xz_fault(code);
    return code == LZMA_MEMLIMIT_ERROR || code == LZMA_MEM_ERROR ? UNPACKED_TOO_LARGE : UNPACKED_DAMAGED;
}

/* ---- the journal of systemd, as it is exported: each record is a file of its own, which becomes a line */

static bool journal_begins(struct bytes b) { return starts(b, "__CURSOR=", INPUT_MAGIC); }

static void *journal_start(void) { return export_new(); }

static void journal_restart(void *state) { export_restart(state); }

static void journal_end(void *state) { export_free(state); }

static enum unpacked journal_step(void *state, struct view *in, struct view *out, const char **why) {
    struct text from = {(const char *)in->at, in->size};
    char *to = (char *)out->at;
    enum export_step step = export_step(state, &from, &to, &out->size, why);
    *in = (struct view){in->at + (in->size - from.size), from.size};
    out->at = (uint8_t *)to;
    return step == EXPORT_RECORD ? UNPACKED_END : step == EXPORT_MORE ? UNPACKED_MORE : UNPACKED_DAMAGED;
}

const struct packing packings[] = {
    {"gzip", gzip_begins, gzip_start, gzip_restart, gzip_end, gzip_step},
    {"zstd", zstd_begins, zstd_start, zstd_restart, zstd_end, zstd_step},
    {"xz", xz_begins, xz_start, xz_restart, xz_end, xz_step},
    {"journalctl -o export", journal_begins, journal_start, journal_restart, journal_end, journal_step},
};
const size_t packing_count = COUNT(packings);

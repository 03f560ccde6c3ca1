/* Serving records and mirrors as tlog-tiles, and blobs. */
#include <stdio.h>
#include <zlib.h>

#include "sync/cards.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/serve.h"
#include "tlog/tile.h"

enum { BLOB_ANSWER_MAX = 64 << 20 /* bytes: more is to be asked for in ranges */ };

static int64_t record_of(const struct serving *s) { return s->channel.of[s->side].id; }

enum error serve_checkpoint(struct serving *s, struct diag *d) {
    struct kept_checkpoint at;
    struct names lines = {NULL, 0};
    enum error result;
    if (s->side == SIDE_OWN) {
        result = own_served(s->node, &s->channel, &s->arena, &at, d);
    } else {
        result = store_checkpoint(s->node->store, record_of(s), CHECKPOINT_MIRROR, PICK_NEWEST, 0, &s->arena, &at, d);
        if (!result) result = store_receipts_at(s->node->store, record_of(s), at.size, &s->arena, &lines, d);
    }
    if (result) return result;
    response_start(s->response, 200, TYPE_TEXT);
    buf_bytes(&s->response->body, at.note);
    for (size_t i = 0; i < lines.count; i++) buf_format(&s->response->body, "%.*s\n", TEXT_ARG(lines.at[i]));
    return OK;
}

/* How many entries may be read: of one's own record what is signed and within the window, of theirs all that is held.
 */
static enum error readable_size(struct serving *s, uint64_t *size, struct diag *d) {
    struct kept_checkpoint at;
    if (s->side == SIDE_THEIRS) return store_size(s->node->store, record_of(s), size, d);
    enum error result = own_served(s->node, &s->channel, &s->arena, &at, d);
    if (!result) *size = at.size;
    return result;
}

/* Entries shrink to about half; hashes do not.  Where it fails the answer stays as it is. */
static void pack(struct response *r) {
    z_stream z = {.next_in = r->body.at, .avail_in = (uInt)r->body.size};
    struct buf out = {.max = r->body.max};
    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return;
    uLong room = deflateBound(&z, (uLong)r->body.size);
    z.next_out = buf_extend(&out, room);
    z.avail_out = (uInt)room;
    bool packed = !out.failed && deflate(&z, Z_FINISH) == Z_STREAM_END;
    if (packed) {
        out.size = z.total_out;
        buf_free(&r->body);
        r->body = out;
        r->gzip = true;
    } else {
        buf_free(&out);
    }
    deflateEnd(&z);
}

static enum error write_tile(struct serving *s, const struct tile *t, struct diag *d) {
    struct buf *body = &s->response->body;
    response_start(s->response, 200, TYPE_BYTES);
    if (!t->entries)
        return store_hashes(s->node->store, record_of(s), TILE_HEIGHT * t->level, t->index * TILE_WIDTH, t->width, body,
                            d);
    enum error result = store_bundle(s->node->store, record_of(s), t->index, t->width, body, d);
    if (!result && !body->failed && t->width == TILE_WIDTH && s->request->takes_gzip) pack(s->response);
    return result;
}

enum error serve_tile(struct serving *s, struct diag *d) {
    char path[TILE_PATH_MAX + 8];
    struct tile tile;
    uint64_t size;
    int written = snprintf(path, sizeof path, "tile/%.*s", TEXT_ARG(s->rest));
    if (written < 0 || written >= (int)sizeof path || !tile_path_read(text_of(path), &tile))
        return fail(d, ERR_MISSING, _("no such tile"));
    enum error result = readable_size(s, &size, d);
    if (result) return result;
    if (tile_width(size, tile.level, tile.index) < tile.width) return fail(d, ERR_MISSING, _("no such tile"));
    return write_tile(s, &tile, d);
}

/* ---- blobs */

enum error serve_blob(struct serving *s, struct diag *d) {
    struct sha256 sha;
    struct blob_about about;
    if (!sha256_read_hex(s->rest, &sha)) return fail(d, ERR_MISSING, _("no such blob"));
    enum error result = store_blob_about(s->node->store, s->channel.id, sha, &about, d);
    if (result) return result;
    if (about.state != BLOB_HELD) return fail(d, ERR_MISSING, _("no such blob"));
    struct content_range range = {.first = 0, .last = about.size ? about.size - 1 : 0, .size = about.size};
    bool part = s->request->range.size > 0;
    if (part && !range_read(s->request->range, about.size, &range.first, &range.last)) {
        response_start(s->response, 416, TYPE_TEXT);
        return OK;
    }
    uint64_t count = about.size ? range.last - range.first + 1 : 0;
    if (part && count > WIRE_PART_BYTES) { /* a server may send less than was asked for */
        count = WIRE_PART_BYTES;
        range.last = range.first + count - 1;
    }
    if (count > BLOB_ANSWER_MAX) return fail(d, ERR_LIMIT, _("the blob is large: ask for ranges"));
    response_start(s->response, part ? 206 : 200, TYPE_BYTES);
    if (part) content_range_write(&range, s->response->content_range, sizeof s->response->content_range);
    return store_get_blob(s->node->store, s->channel.id, sha, range.first, count, &s->response->body, d);
}

static void answer_have(struct serving *s, unsigned status, uint64_t have) {
    response_start(s->response, status, TYPE_HAVE);
    buf_u64(&s->response->body, have);
    buf_char(&s->response->body, '\n');
}

/* The card that announces the log key comes as a blob, ahead of the first checkpoint. */
static enum error look_for_card(struct serving *s, struct sha256 sha, uint64_t size, struct diag *d) {
    struct buf blob = {.max = CARD_MAX_BYTES};
    if (size > CARD_MAX_BYTES) return OK;
    enum error result = store_get_blob(s->node->store, s->channel.id, sha, 0, size, &blob, d);
    if (!result) result = cards_early(s->node->store, &s->channel, buf_as_bytes(&blob), d);
    buf_free(&blob);
    return result;
}

/* What was begun under the same name, but of another length (by who lied about it), is begun anew. */
static uint64_t held_of(const struct blob_about *about, uint64_t size) {
    return about->state == BLOB_PARTIAL && about->size != size ? 0 : about->have;
}

static enum error put_part(struct serving *s, struct sha256 sha, const struct content_range *part, struct diag *d) {
    struct blob_about about;
    struct store *store = s->node->store;
    enum error result = store_put_blob_part_within(store, s->channel.id, SIDE_THEIRS, s->channel.limits.total_bytes_max,
                                                   sha, part->first, part->size, s->request->body, d);
    if (result && result != ERR_CONFLICT) return result;
    enum error looked = store_blob_about(store, s->channel.id, sha, &about, d);
    if (looked) return looked;
    if (result && about.state == BLOB_ERASED) return fail(d, ERR_NO, _("the blob was erased"));
    if (result || about.state != BLOB_HELD) {
        answer_have(s, result ? 409 : 202, held_of(&about, part->size));
        return OK;
    }
    response_start(s->response, 200, TYPE_TEXT);
    return look_for_card(s, sha, about.size, d);
}

/* Whether there is room for it; of what was begun as a shorter one, for the rest. */
static enum error fits_quota(struct serving *s, const struct blob_about *about, uint64_t size, struct diag *d) {
    uint64_t counted = about->state == BLOB_PARTIAL ? about->size : 0;
    if (about->state == BLOB_PARTIAL && size <= counted) return OK;
    return about->state == BLOB_ERASED ? OK : mirror_quota(s->node, &s->channel, size - counted, d);
}

enum error take_blob(struct serving *s, struct diag *d) {
    struct sha256 sha;
    struct blob_about about;
    struct content_range part = {.size = s->request->body.size};
    bool ranged = s->request->content_range.size > 0;
    if (!sha256_read_hex(s->rest, &sha)) return fail(d, ERR_MISSING, _("no such blob"));
    if (ranged && !content_range_read(s->request->content_range, &part))
        return fail(d, ERR_INPUT, _("expected a Content-Range “bytes <first>-<last>/<size>”"));
    if (ranged && !part.asks && part.last - part.first + 1 != s->request->body.size)
        return fail(d, ERR_INPUT, _("the Content-Range is not that of the body"));
    enum error result = sync_is_open(&s->channel, d);
    if (!result) result = store_blob_about(s->node->store, s->channel.id, sha, &about, d);
    if (!result && about.state == BLOB_HELD) {
        response_start(s->response, 200, TYPE_TEXT);
        return OK;
    }
    if (!result && part.size > s->channel.limits.blob_bytes_max)
        result =
            fail(d, ERR_LIMIT,
                 _n("a blob of %llu byte is beyond the limit", "a blob of %llu bytes is beyond the limit", part.size),
                 (unsigned long long)part.size);
    if (!result) result = fits_quota(s, &about, part.size, d);
    if (result) return result;
    if (!part.asks) return put_part(s, sha, &part, d);
    answer_have(s, 202, held_of(&about, part.size));
    return OK;
}

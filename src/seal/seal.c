#include "seal/seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "seal/armor.h"
#include "seal/header.h"
#include "seal/recipient.h"
#include "seal/stream.h"

static enum error read_bytes(void *state, uint8_t *out, size_t room, size_t *got, struct diag *d) {
    struct bytes *rest = state, taken;
    (void)d;
    *got = rest->size < room ? rest->size : room;
    if (bytes_take(rest, *got, &taken) && *got) memcpy(out, taken.at, *got);
    return OK;
}

struct seal_source seal_source_bytes(struct bytes *rest) {
    return (struct seal_source){read_bytes, rest};
}

static enum error write_buf(void *state, struct bytes b, struct diag *d) {
    buf_bytes(state, b);
    return buf_check(state, d);
}

struct seal_sink seal_sink_buf(struct buf *out) {
    return (struct seal_sink){write_buf, out};
}

static enum error make_header(const struct sealer *to, const uint8_t *file_key, struct random *r, struct buf *out,
                              struct diag *d) {
    size_t from = out->size;
    enum error result = OK;
    if (to->count > SEAL_RECIPIENTS_MAX) return fail(d, ERR_LIMIT, _("more than %d recipients"), SEAL_RECIPIENTS_MAX);
    if (!to->count == !to->passphrase.size)
        return fail(d, ERR_USAGE, _("seal to recipients or to a passphrase, one of the two"));
    header_begin(out);
    for (size_t i = 0; !result && i < to->count; i++) result = wrap_x25519(&to->recipients[i], file_key, out, d);
    if (!result && to->passphrase.size)
        result = wrap_scrypt(to->passphrase, to->log_n ? to->log_n : SEAL_SCRYPT_LOG_N, file_key, r, out, d);
    header_end(out, from, file_key);
    return result ? result : buf_check(out, d);
}

static enum error seal_into(const struct sealer *to, struct seal_source from, struct seal_sink into, struct random *r,
                            struct diag *d) {
    uint8_t file_key[SEAL_FILE_KEY_SIZE];
    struct buf header = {.max = SEAL_HEADER_MAX};
    random_fill(r, file_key, sizeof file_key);
    enum error result = make_header(to, file_key, r, &header, d);
    if (!result) result = into.write(into.state, buf_as_bytes(&header), d);
    if (!result) result = stream_seal(file_key, from, into, r, d);
    secret_wipe(file_key, sizeof file_key);
    buf_free(&header);
    return result;
}

enum error seal_stream(const struct sealer *to, struct seal_source from, struct seal_sink into, struct random *r,
                       struct diag *d) {
    if (!to->armor) return seal_into(to, from, into, r, d);
    struct armor_writer *w = armor_writer_new(into);
    enum error result = seal_into(to, from, armor_sink(w), r, d);
    if (!result) result = armor_finish(w, d);
    armor_writer_free(w);
    return result;
}

/* Reads until the header's last line is there; what was read beyond it stays in `front`, after `*header` bytes. */
static enum error read_header(struct seal_source from, struct buf *front, size_t *header, struct diag *d) {
    for (;;) {
        size_t got = 0;
        uint8_t block[4096];
        enum error result = from.read(from.state, block, sizeof block, &got, d);
        if (result) return result;
        buf_bytes(front, bytes_of(block, got));
        *header = header_size(buf_as_text(front));
        if (*header) return OK;
        if (front->failed) return fail(d, ERR_INPUT, _("an age header of more than %d bytes"), SEAL_HEADER_MAX);
        if (!got) return fail(d, ERR_INPUT, _("not an age file, or its header is cut off"));
    }
}

struct joined { /* bytes in hand, then the rest of a source */
    struct bytes front;
    struct seal_source then;
};

static enum error read_joined(void *state, uint8_t *out, size_t room, size_t *got, struct diag *d) {
    struct joined *j = state;
    return j->front.size ? read_bytes(&j->front, out, room, got, d) : j->then.read(j->then.state, out, room, got, d);
}

static enum error find_file_key(const struct header *h, const struct opener *with, uint8_t *file_key,
                                enum seal_layer *layer, struct diag *d) {
    enum error result = OK;
    if (with->file_key)
        memcpy(file_key, with->file_key, SEAL_FILE_KEY_SIZE);
    else
        result = unwrap(h, with, file_key, d);
    if (result) {
        *layer = result == ERR_NO_KEY ? SEAL_MATCH : SEAL_HEADER;
        return result;
    }
    if (header_mac_holds(h, file_key)) return OK;
    *layer = SEAL_MAC;
    return fail(d, ERR_SIGNATURE, _("the header of the age file was changed: its MAC does not hold"));
}

static enum error open_from(const struct opener *with, struct seal_source from, struct seal_sink into,
                            uint8_t *file_key, enum seal_layer *layer, struct diag *d) {
    struct arena a = {0};
    struct buf front = {.max = SEAL_HEADER_MAX};
    struct header h;
    size_t size = 0;
    *layer = SEAL_HEADER;
    enum error result = read_header(from, &front, &size, d);
    if (!result) result = header_read(text_sub(buf_as_text(&front), 0, size), &a, &h, d);
    if (!result) result = find_file_key(&h, with, file_key, layer, d);
    if (!result) {
        struct joined rest = {bytes_of(front.at + size, front.size - size), from};
        *layer = SEAL_PAYLOAD;
        result = stream_open(file_key, (struct seal_source){read_joined, &rest}, into, d);
        if (result == ERR_INPUT) *layer = SEAL_HEADER; /* the nonce is cut off: no content has begun */
    }
    buf_free(&front);
    arena_free(&a);
    return result;
}

enum error seal_open_stream(const struct opener *with, struct seal_source from, struct seal_sink into,
                            uint8_t *file_key, enum seal_layer *layer, struct diag *d) {
    uint8_t key[SEAL_FILE_KEY_SIZE];
    enum seal_layer where = SEAL_NO_LAYER;
    struct armor_reader *armor = armor_reader_new(from);
    enum error result = open_from(with, armor_source(armor), into, key, &where, d);
    if (!result) result = armor_end(armor, d);
    if (!result) where = SEAL_NO_LAYER;
    if (armor_failed(armor)) where = SEAL_ARMOR;
    armor_reader_free(armor);
    if (!result && file_key) memcpy(file_key, key, sizeof key);
    secret_wipe(key, sizeof key);
    if (layer) *layer = where;
    return result;
}

enum error seal_bytes(const struct sealer *to, struct bytes plain, struct random *r, struct buf *out, struct diag *d) {
    size_t before = out->size;
    enum error result = seal_stream(to, seal_source_bytes(&plain), seal_sink_buf(out), r, d);
    if (result) out->size = before;
    return result;
}

enum error seal_open_bytes(const struct opener *with, struct bytes sealed, struct buf *out, uint8_t *file_key,
                           struct diag *d) {
    size_t before = out->size;
    enum error result = seal_open_stream(with, seal_source_bytes(&sealed), seal_sink_buf(out), file_key, NULL, d);
    if (result && out->at) {
        secret_wipe(out->at + before, out->size - before);
        out->size = before;
    }
    return result;
}

bool seal_header_is(struct bytes sealed, const uint8_t file_key[static SEAL_FILE_KEY_SIZE],
                    const struct seal_recipient *recipients, size_t count) {
    struct sealer to = {.recipients = recipients, .count = count};
    struct random unused = {0}; /* X25519 stanzas take none */
    struct buf header = {.max = SEAL_HEADER_MAX};
    bool same = count > 0 && make_header(&to, file_key, &unused, &header, NULL) == OK &&
                text_starts(text_from_bytes(sealed), buf_as_text(&header));
    buf_free(&header);
    return same;
}

/* Entry to text. */
#include "base/codec.h"
#include "record/entry.h"

static void size_write(struct entry_size s, struct buf *out) {
    buf_u64(out, s.size);
    buf_char(out, ' ');
    buf_base64(out, sha256_bytes(&s.root), BASE64_PADDED);
}

void follows_write(const struct entry_follows *f, struct buf *out) {
    buf_format(out, "%.*s ", TEXT_ARG(f->channel));
    size_write(f->at, out);
}

enum error entry_write(const struct entry *e, struct buf *out, struct diag *d) {
    char time[INSTANT_TEXT_MAX];
    size_t start = out->size;
    buf_format(out, "parley entry v1\ntime %.*s\n", TEXT_ARG(instant_write(e->time, time)));
    if (e->channel.size) buf_format(out, "channel %.*s\n", TEXT_ARG(e->channel));
    for (size_t i = 0; i < e->follows_count; i++) {
        buf_string(out, "follows ");
        follows_write(&e->follows[i], out);
        buf_char(out, '\n');
    }
    buf_string(out, "seen ");
    size_write(e->seen, out);
    buf_char(out, '\n');
    for (size_t i = 0; i < e->receipt_count; i++) {
        buf_string(out, "receipt ");
        size_write(e->receipts[i].at, out);
        buf_format(out, " %.*s\n", TEXT_ARG(e->receipts[i].line));
    }
    for (size_t i = 0; i < e->erase_count; i++) {
        buf_string(out, "erase ");
        buf_hex(out, sha256_bytes(&e->erase[i]));
        buf_char(out, '\n');
    }
    for (size_t i = 0; i < e->blob_count; i++) {
        buf_string(out, "blob ");
        buf_hex(out, sha256_bytes(&e->blobs[i].sha));
        buf_format(out, " %llu\n", (unsigned long long)e->blobs[i].size);
    }
    if (out->size - start > ENTRY_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("an entry of more than %d bytes"), ENTRY_MAX_BYTES);
    return buf_check(out, d);
}

/* Head to text. */
#include "base/codec.h"
#include "message/head.h"

static void line(struct buf *out, const char *word, struct text value) {
    if (value.size) buf_format(out, "%s %.*s\n", word, TEXT_ARG(value));
}

static void attach_write(const struct attach *a, struct buf *out) {
    buf_format(out, "attach %.*s ", TEXT_ARG(a->role));
    buf_hex(out, sha256_bytes(&a->sealed));
    buf_format(out, " %llu ", (unsigned long long)a->sealed_size);
    buf_hex(out, sha256_bytes(&a->plain));
    buf_format(out, " %llu %.*s %.*s\n", (unsigned long long)a->plain_size, TEXT_ARG(a->media_type), TEXT_ARG(a->name));
}

void head_write(const struct head *h, struct buf *out) {
    buf_string(out, "parley message v1\n");
    line(out, "record", h->record);
    line(out, "id", h->id);
    buf_format(out, "own %llu\nread %llu\n", (unsigned long long)h->own, (unsigned long long)h->read);
    line(out, "kind", h->kind);
    line(out, "case", h->matter);
    line(out, "from", h->from);
    line(out, "by", h->by);
    line(out, "to", h->to);
    line(out, "tlp", h->tlp);
    line(out, "lang", h->lang);
    for (size_t i = 0; i < h->attach_count; i++) attach_write(&h->attach[i], out);
    buf_char(out, '\n');
}

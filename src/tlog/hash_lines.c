#include "tlog/hash_lines.h"

#include "base/codec.h"

void hash_lines_write(const struct sha256 *at, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++) {
        buf_base64(out, sha256_bytes(&at[i]), BASE64_PADDED);
        buf_char(out, '\n');
    }
    buf_char(out, '\n');
}

enum error hash_lines_read(struct text *rest, uint64_t *line, struct sha256 *at, size_t max, size_t *count,
                           struct diag *d) {
    struct text left = *rest, t;
    size_t got = 0;
    uint64_t number = *line;
    for (;; number++) {
        if (!text_line(&left, &t)) return fail_at(d, number, ERR_INPUT, _("expected an empty line after the hashes"));
        if (!t.size) break;
        if (got == max) return fail_at(d, number, ERR_LIMIT, _("more than %zu hashes"), max);
        if (!base64_read_exact(t, at[got++].at, SHA256_SIZE, BASE64_PADDED))
            return fail_at(d, number, ERR_INPUT, _("expected a hash in Base 64"));
    }
    *rest = left;
    *line = number + 1;
    *count = got;
    return OK;
}

#include "node/fields.h"

#include "base/codec.h"

enum { FIELD_BYTES_MAX = 32 << 20 };

void field_text(struct buf *out, const char *word, struct text value) {
    if (!value.size) return;
    buf_format(out, "%s ", word);
    for (size_t i = 0; i < value.size; i++) buf_char(out, value.at[i] == '\n' ? ' ' : value.at[i]);
    buf_char(out, '\n');
}

void field_u64(struct buf *out, const char *word, uint64_t value) {
    buf_format(out, "%s ", word);
    buf_u64(out, value);
    buf_char(out, '\n');
}

void field_instant(struct buf *out, const char *word, instant value) {
    char text[INSTANT_TEXT_MAX];
    field_text(out, word, instant_write(value, text));
}

void field_bytes(struct buf *out, const char *word, struct bytes value) {
    if (!value.size) return;
    buf_format(out, "%s ", word);
    buf_base64(out, value, BASE64_PADDED);
    buf_char(out, '\n');
}

void field_hex(struct buf *out, const char *word, struct bytes value) {
    buf_format(out, "%s ", word);
    buf_hex(out, value);
    buf_char(out, '\n');
}

bool fields_next(struct text *rest, struct text *block) {
    if (!rest->size) return false;
    size_t end = text_search(*rest, TEXT("\n\n"));
    if (end == SIZE_MAX) end = rest->size;
    *block = text_sub(*rest, 0, end < rest->size ? end + 1 : end);
    *rest = text_sub(*rest, end + 2 < rest->size ? end + 2 : rest->size, rest->size);
    return true;
}

bool fields_each(struct text *block, const char *word, struct text *value) {
    struct text line, first;
    while (text_line(block, &line)) {
        if (!text_cut(&line, ' ', &first) || !text_is(first, word)) continue;
        *value = line;
        return true;
    }
    return false;
}

struct text fields_text(struct text block, const char *word) {
    struct text value;
    return fields_each(&block, word, &value) ? value : TEXT("");
}

uint64_t fields_u64(struct text block, const char *word) {
    uint64_t value;
    return text_u64(fields_text(block, word), &value) ? value : 0;
}

instant fields_instant(struct text block, const char *word) {
    instant value;
    return instant_read(fields_text(block, word), &value) ? value : INSTANT_NONE;
}

bool fields_bytes(struct text block, const char *word, struct arena *a, struct bytes *out) {
    struct text value = fields_text(block, word);
    struct buf decoded = {.max = FIELD_BYTES_MAX};
    bool read = !value.size || base64_read(value, &decoded, BASE64_PADDED);
    if (read) *out = arena_bytes(a, buf_as_bytes(&decoded));
    buf_free(&decoded);
    return read;
}

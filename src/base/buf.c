#include "base/buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_free(struct buf *b) {
    free(b->at);
    *b = (struct buf){.max = b->max};
}

void buf_wipe(struct buf *b) {
    if (b->at) explicit_bzero(b->at, b->room);
    buf_free(b);
}

void buf_clear(struct buf *b) {
    b->size = 0;
    b->failed = false;
}

/* Grows by a copy and wipes the old place, so that buf_wipe leaves nothing of a secret behind. */
static bool reserve(struct buf *b, size_t more) {
    if (b->failed || more > b->max - b->size) {
        b->failed = true;
        return false;
    }
    size_t needed = b->size + more;
    if (needed <= b->room) return true;
    size_t room = b->room > b->max / 2 ? b->max : b->room * 2;
    if (room < 256) room = b->max < 256 ? b->max : 256;
    if (room < needed) room = needed;
    uint8_t *at = malloc(room);
    if (!at) {
        b->failed = true;
        return false;
    }
    if (b->size) memcpy(at, b->at, b->size);
    if (b->at) explicit_bzero(b->at, b->room);
    free(b->at);
    b->at = at;
    b->room = room;
    return true;
}

uint8_t *buf_extend(struct buf *b, size_t count) {
    if (!reserve(b, count)) return NULL;
    uint8_t *at = b->size ? b->at + b->size : b->at;
    b->size += count;
    return at;
}

void buf_bytes(struct buf *b, struct bytes more) {
    if (more.size && reserve(b, more.size)) {
        memcpy(b->at + b->size, more.at, more.size);
        b->size += more.size;
    }
}

void buf_text(struct buf *b, struct text more) { buf_bytes(b, bytes_from_text(more)); }
void buf_string(struct buf *b, const char *more) { buf_text(b, text_of(more)); }
void buf_char(struct buf *b, char more) { buf_text(b, (struct text){&more, 1}); }

void buf_u64(struct buf *b, uint64_t value) {
    char digits[U64_DIGITS];
    buf_text(b, (struct text){digits, (size_t)(u64_write(value, digits) - digits)});
}

char *u64_write(uint64_t value, char *out) {
    char digits[U64_DIGITS];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    memcpy(out, digits + at, sizeof digits - at);
    return out + (sizeof digits - at);
}

void buf_format_list(struct buf *b, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    if (size >= 0 && reserve(b, (size_t)size + 1)) { /* + 1: vsnprintf ends with a NUL, which is not counted */
        vsnprintf((char *)b->at + b->size, (size_t)size + 1, format, again);
        b->size += (size_t)size;
    }
    va_end(again);
}

void buf_format(struct buf *b, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    buf_format_list(b, format, arguments);
    va_end(arguments);
}

void buf_be16(struct buf *b, uint16_t value) {
    uint8_t be[2] = {(uint8_t)(value >> 8), (uint8_t)value};
    buf_bytes(b, bytes_of(be, sizeof be));
}

void buf_be64(struct buf *b, uint64_t value) {
    uint8_t be[8];
    for (size_t i = 0; i < 8; i++) be[i] = (uint8_t)(value >> (56 - 8 * i));
    buf_bytes(b, bytes_of(be, sizeof be));
}

enum error buf_check(const struct buf *b, struct diag *d) {
    return b->failed ? fail(d, ERR_LIMIT, _("larger than the limit of %zu bytes"), b->max) : OK;
}

bool bytes_take(struct bytes *b, size_t count, struct bytes *taken) {
    if (b->size < count) return false;
    *taken = bytes_of(b->at, count);
    if (count) *b = bytes_of(b->at + count, b->size - count); /* C17 knows no NULL + 0 */
    return true;
}

static bool big_endian(struct bytes *b, size_t count, uint64_t *value) {
    struct bytes taken;
    if (!bytes_take(b, count, &taken)) return false;
    *value = 0;
    for (size_t i = 0; i < count; i++) *value = *value << 8 | taken.at[i];
    return true;
}

bool bytes_be16(struct bytes *b, uint16_t *value) {
    uint64_t wide;
    if (!big_endian(b, 2, &wide)) return false;
    *value = (uint16_t)wide;
    return true;
}

bool bytes_be64(struct bytes *b, uint64_t *value) { return big_endian(b, 8, value); }

/* Nearly all is ASCII that may be shown: as many bytes of it as there are. */
static size_t plain_front(struct text t) {
    size_t size = 0;
    while (size < t.size && t.at[size] >= ' ' && t.at[size] < 0x7f) size++;
    return size;
}

static void show(struct buf *b, struct text more, char line_end) {
    for (size_t size; more.size; more = text_sub(more, size, more.size)) {
        size = plain_front(more);
        if (!size) size = text_shown(more);
        if (size) buf_text(b, text_sub(more, 0, size));
        if (!size && more.at[0] == '\n') buf_char(b, line_end);
        if (!size && more.at[0] == '\t') buf_char(b, ' ');
        if (!size) size = 1;
        /* A character that is left out is so with all its bytes: none of those that follow its first begins one. */
    }
}

void buf_line(struct buf *b, struct text more) { show(b, more, ' '); }

void buf_lines(struct buf *b, struct text more) { show(b, more, '\n'); }

void buf_markup(struct buf *b, struct text more) {
    static const struct {
        char c;
        const char *spelled;
    } own[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}};
    for (size_t from = 0, at = 0; at <= more.size; at++) {
        const char *spelled = NULL;
        for (size_t i = 0; at < more.size && i < COUNT(own); i++)
            if (more.at[at] == own[i].c) spelled = own[i].spelled;
        if (at < more.size && !spelled) continue;
        buf_line(b, text_sub(more, from, at));
        if (spelled) buf_string(b, spelled);
        from = at + 1;
    }
}

void buf_pad(struct buf *b, struct text more, size_t columns) {
    size_t start = b->size;
    buf_line(b, more);
    buf_fill(b, start, columns);
}

void buf_fill(struct buf *b, size_t from, size_t columns) {
    size_t used = text_columns(text_sub(buf_as_text(b), from, b->size));
    uint8_t *spaces = used < columns ? buf_extend(b, columns - used) : NULL;
    if (spaces) memset(spaces, ' ', columns - used);
}

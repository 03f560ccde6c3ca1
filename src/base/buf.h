/* Growing bytes with a maximum.
 *
 * A buffer is born with its maximum: `struct buf b = {.max = 1 << 20};`.  What does not fit, or can't be allocated,
 * sets `failed` and is dropped, so that a writer appends freely and asks once at the end.  The owner calls buf_free. */
#ifndef PARLEY_BASE_BUF_H
#define PARLEY_BASE_BUF_H

#include "base/error.h"
#include "base/text.h"

struct buf {
    uint8_t *at;
    size_t size, room;
    size_t max; /* bytes; 0: nothing fits */
    bool failed;
};

void buf_free(struct buf *b);  /* also resets it; keeps max */
void buf_wipe(struct buf *b);  /* overwrites what it held, then frees */
void buf_clear(struct buf *b); /* size 0, keeps the memory */
void buf_bytes(struct buf *b, struct bytes more);
void buf_text(struct buf *b, struct text more);
void buf_string(struct buf *b, const char *more);
void buf_char(struct buf *b, char more);
void buf_u64(struct buf *b, uint64_t value); /* decimal */
/* The same into memory, at most U64_DIGITS characters; gives back their end. */
enum { U64_DIGITS = 20 };
char *u64_write(uint64_t value, char *out);
void buf_format(struct buf *b, const char *format, ...) FORMAT(2, 3);
void buf_format_list(struct buf *b, const char *format, va_list arguments) FORMAT(2, 0);
void buf_be16(struct buf *b, uint16_t value);
void buf_be64(struct buf *b, uint64_t value);
/* What others wrote, as one line for a page or a terminal: what may not be shown (text_shown) is left out, line ends
 * are spaces. */
void buf_line(struct buf *b, struct text more);
/* The same, and lines stay lines. */
void buf_lines(struct buf *b, struct text more);
/* As buf_line, with what HTML and XML read as their own spelled out: for text, and for attributes in double quotes. */
void buf_markup(struct buf *b, struct text more);
/* As buf_line, and spaces up to `columns`. */
void buf_pad(struct buf *b, struct text more, size_t columns);
/* Spaces, until what stands since `from` has so many columns. */
void buf_fill(struct buf *b, size_t from, size_t columns);
/* Room for `count` more bytes, written by the caller: their address, or NULL (and failed). */
uint8_t *buf_extend(struct buf *b, size_t count);

static inline struct text buf_as_text(const struct buf *b) { return (struct text){(const char *)b->at, b->size}; }
static inline struct bytes buf_as_bytes(const struct buf *b) { return (struct bytes){b->at, b->size}; }
/* ERR_LIMIT with a sentence where the buffer has failed, else OK. */
enum error buf_check(const struct buf *b, struct diag *d) MUST_USE;

/* Reading big-endian numbers off the front of bytes; false where too few are left. */
bool bytes_take(struct bytes *b, size_t count, struct bytes *taken);
bool bytes_be16(struct bytes *b, uint16_t *value);
bool bytes_be64(struct bytes *b, uint64_t *value);

#endif

/* Within scan/: the bytes of one file, unpacked where it is compressed.
 *
 * gzip (RFC 1952), zstd (RFC 8878), xz (the .xz file format) and exported records of the journal (line/export.h) are
 * recognised by their first bytes, whatever the file is called.  Compressed files put one behind the other are read as
 * one; NUL bytes behind them are padding, anything else there is damage.  What is read is a function of the file's
 * bytes alone, whatever a single read gives. Limits: INPUT_MEMORY_MAX for unpacking, whatever the file asks for; what
 * comes out is never held as a whole. Errors: those of os_reader; ERR_INPUT names the byte at which the compressed data
 * is damaged, ERR_LIMIT that it asks for more memory.  Data that ends too soon is no error: `cut` says so, and `taken`
 * where. */
#ifndef PARLEY_SCAN_INPUT_H
#define PARLEY_SCAN_INPUT_H

#include "base/os.h"

enum { INPUT_BUFFER = 1 << 17, INPUT_MEMORY_MAX = 128 << 20 };

struct view { /* moves as it is read or filled */
    uint8_t *at;
    size_t size;
};
enum unpacked { UNPACKED_MORE, UNPACKED_END, UNPACKED_DAMAGED, UNPACKED_TOO_LARGE };
struct packing {
    const char *name;
    bool (*begins)(struct bytes b); /* at least INPUT_MAGIC bytes, fewer at the end of the file */
    void *(*start)(void);
    void (*restart)(void *state); /* for another compressed file behind the one that ended */
    void (*end)(void *state);
    /* Moves both views.  UNPACKED_DAMAGED: *why says how, untranslated. */
    enum unpacked (*step)(void *state, struct view *in, struct view *out, const char **why);
};
enum { INPUT_MAGIC = 6 };
extern const struct packing packings[];
extern const size_t packing_count;

struct input {
    struct os_reader reader;
    const struct packing *packing; /* NULL: plain */
    void *state;
    uint8_t *held; /* INPUT_BUFFER bytes */
    struct view waiting;
    uint64_t taken; /* bytes of the file, waiting ones included */
    bool file_ended, between;
    bool cut; /* the compressed data ends too soon */
};
/* "-" is standard input; the name must live as long. */
enum error input_open(const char *name, struct input *out, struct diag *d) MUST_USE;
/* Reads up to `size` bytes, fewer only where the file ends. */
enum error input_read(struct input *in, char *at, size_t size, size_t *got, struct diag *d) MUST_USE;
/* {0} is fine, too. */
void input_close(struct input *in);
/* Where the next byte to unpack stands in the file. */
static inline uint64_t input_at(const struct input *in) { return in->taken - in->waiting.size; }

#endif

/* Disclosures: facts, and chosen lines behind them, with what proves that both were committed to.
 *
 *     parley disclosure v1
 *     size <rows of the sheet>
 *     fact <row> <number of lines> <root of its lines' tree, base64> <the row, as in the sheet>
 *     hash <base64>                                   (the proof of the row; RFC 6962, 2.1.1)
 *     line <number> <salt, hexadecimal> text <the line>       (or: base64 <the line>, where it is no plain text)
 *     hash <base64>                                   (the proof of the line)
 *
 * Rows ascend, lines within a row ascend; a fact may stand without any of its lines.  A text has one spelling. */
#ifndef PARLEY_FACT_DISCLOSURE_H
#define PARLEY_FACT_DISCLOSURE_H

#include "fact/evidence.h"

enum { DISCLOSURE_BYTES_MAX = 64 << 20 };

struct chosen { /* a row, and the numbers of its lines to show, both from 0 and ascending */
    uint64_t row;
    const uint64_t *lines;
    size_t count;
};
/* ERR_USAGE for a row or line that there is not; ERR_PROOF where the evidence is damaged. */
enum error disclosure_write(const struct evidence *e, const struct chosen *chosen, size_t count, struct buf *out,
                            struct diag *d) MUST_USE;

struct disclosed_line {
    uint64_t number;
    struct text line;
};
struct disclosed { /* only disclosure_open makes one: each is proved to be in the evidence tree */
    uint64_t row;
    struct fact fact;
    uint64_t count; /* of the lines that were committed to */
    const struct disclosed_line *lines;
    size_t line_count;
};
struct disclosure {
    const struct disclosed *at;
    size_t count;
};
/* Against the root and size that a claim carries.  ERR_INPUT for the form, ERR_PROOF for what does not follow. */
enum error disclosure_open(struct bytes b, struct sha256 root, uint64_t size, struct arena *a, struct disclosure *out,
                           struct diag *d) MUST_USE;

#endif

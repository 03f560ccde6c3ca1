/* Evidence: the log lines behind the facts of a sheet, committed to as a whole and shown line by line.
 *
 * Each fact has an RFC 6962 tree over its lines in input order.  The leaf of a line is its salt (16 bytes) and its
 * bytes, without LF; the salt is the first half of HMAC-SHA-256(key of the sheet, "parley evidence line v1" LF, number
 * of the row and number of the line within it as 8 bytes each, big-endian, the line).  So a shown salt tells nothing of
 * any other line, and the same sheet, lines and key give the same tree, however they were scanned.
 *
 * The evidence tree of the sheet has one leaf a row, which lets one fact be shown without the others:
 *
 *     parley evidence fact v1
 *     <the row, as in the sheet>
 *     <number of lines> <root of its lines' tree, base64>
 *
 * The file is text and raw lines; whoever holds it and the key can show anything in it, so it is kept as a secret:
 *
 *     parley evidence v1
 *     sheet <sha256>
 *     key <64 hexadecimal digits>
 *     rows <number>
 *     row <number of lines> <root, base64> <the row>
 *     <bytes> <the line>                                        (for each line of the row, ended by LF)
 *
 * Limits: EVIDENCE_BYTES_MAX, EVIDENCE_LINES_MAX.  Ownership: texts are views of what was read or built from. */
#ifndef PARLEY_FACT_EVIDENCE_H
#define PARLEY_FACT_EVIDENCE_H

#include "fact/from_line.h"
#include "tlog/tree.h"

enum { EVIDENCE_KEY_SIZE = 32, EVIDENCE_SALT_SIZE = 16 };
#define EVIDENCE_BYTES_MAX ((size_t)1 << 36)
#define EVIDENCE_LINES_MAX ((uint64_t)UINT32_MAX)

struct evidence_row {
    struct text row;
    const struct text *lines; /* NULL: they stand in `file` */
    uint64_t count;
    struct sha256 root; /* of the lines' tree */
    struct text file;   /* the lines as a file has them, which evidence_read has looked at */
};
struct evidence {
    struct sha256 sheet;
    uint8_t key[EVIDENCE_KEY_SIZE];
    const struct evidence_row *rows;
    uint64_t count;
};
struct salt {
    uint8_t at[EVIDENCE_SALT_SIZE];
};

/* The lines of a row from the first on, wherever they stand; no more of them than there are. */
struct row_lines {
    const struct evidence_row *of;
    uint64_t next; /* its number */
    struct text rest;
};
static inline struct row_lines row_lines(const struct evidence_row *of) { return (struct row_lines){of, 0, of->file}; }
struct text row_next(struct row_lines *at);

/* From gathered facts, whose `evidence` says how many lines each has, and the hash of their sheet. */
enum error evidence_build(const struct gathered *g, struct sha256 sheet, const uint8_t key[static EVIDENCE_KEY_SIZE],
                          struct arena *a, struct evidence *out, struct diag *d) MUST_USE;
/* Puts in the roots of rows that follow one another in the sheet, from their lines; `first_row` is the number of the
 * first.  Many hashes are made at once, of short rows and of long ones. */
void evidence_roots(const struct hmac_key *key, uint64_t first_row, struct evidence_row *rows, size_t count);
/* The leaves of the next lines of a row, `count` of them, as in its tree. */
void row_next_leaves(const struct hmac_key *key, uint64_t row, struct row_lines *at, size_t count, struct sha256 *out);
/* The leaves of a row's lines from number `first` on, as in its tree: for who has not all of them in memory. */
void evidence_leaves(const struct hmac_key *key, uint64_t row, uint64_t first, const struct text *lines, size_t count,
                     struct sha256 *out);
/* The leaves of rows in the evidence tree. */
void evidence_row_leaves(const struct evidence_row *rows, size_t count, struct sha256 *out);
/* The file, in pieces of some size: a tree may be as large as the logs.  What `write` returns ends it. */
enum error evidence_stream(const struct evidence *e, enum error (*write)(void *to, struct bytes piece, struct diag *d),
                           void *to, struct diag *d) MUST_USE;
/* The file as a whole. */
enum error evidence_write(const struct evidence *e, struct buf *out, struct diag *d) MUST_USE;
/* Its parts, for who has no tree in memory: what stands before the rows, what before a row's lines, and a line. */
void evidence_put_head(const struct evidence *e, struct buf *out);
void evidence_put_row(const struct evidence_row *row, struct buf *out);
void evidence_put_line(struct text line, struct buf *out);
/* Checks the form.  Rows take memory, lines take none: they are looked up in `b` when they are wanted, so a mapped file
 * may be as large as it likes.  Whether lines and roots agree is seen where lines are shown (disclosure_write) or by
 * evidence_check. */
enum error evidence_read(struct bytes b, struct arena *a, struct evidence *out, struct diag *d) MUST_USE;
/* ERR_PROOF where a row's lines don't give its root, or the rows are not those of the sheet. */
enum error evidence_check(const struct evidence *e, struct diag *d) MUST_USE;
/* The root of the evidence tree; its size is e->count. */
struct sha256 evidence_root(const struct evidence *e);
/* The same tree with all its hashes, onto an empty one. */
void evidence_tree(const struct evidence *e, struct tree *out);

struct salt evidence_salt(const uint8_t key[static EVIDENCE_KEY_SIZE], uint64_t row, uint64_t line, struct text bytes);
struct sha256 evidence_line_leaf(struct salt salt, struct text line);
struct sha256 evidence_row_leaf(struct text row, uint64_t count, struct sha256 root);

#endif

/* Documents of origins that came from somewhere, and how two of them differ.
 *
 * A document is what origins_write writes: canonical JSON and a LF, named by its SHA-256.  Reading takes what comparing
 * and recomputing need; members that a later version may add are passed over, and are part of a row all the same.
 * Limits: ORIGINS_MAX_BYTES, ORIGINS_ROWS_MAX.  Ownership: what is read lives in the arena. */
#ifndef PARLEY_TERRITORY_ORIGINS_DOCUMENT_H
#define PARLEY_TERRITORY_ORIGINS_DOCUMENT_H

#include "territory/origins.h"

enum { ORIGINS_MAX_BYTES = 32 << 20, ORIGINS_ROWS_MAX = 1 << 18 };
#define ROLE_ORIGINS "origins"

struct origins_row {
    struct text name; /* of the origin */
    uint64_t rank;    /* 0: none */
    uint64_t counts[ORIGINS_UNITS];
    struct text whole; /* the row in canonical form */
};

struct origins_document {
    enum origins_by by;
    enum origins_unit unit;
    struct text sheet, table; /* SHA-256, hex */
    struct text findings;     /* of the findings sheet; empty: no split by findings */
    struct text table_name, table_date, basis;
    bool has_cut;
    struct origins_cut cut;
    struct origins_row *rows; /* by rank, as they stand */
    size_t row_count;
    struct text rest; /* all but the rows, in canonical form */
};

/* ERR_INPUT with what is missing or otherwise than it must be. */
enum error origins_read(struct bytes b, struct arena *a, struct origins_document *out, struct diag *d) MUST_USE;

#define ORIGINS_REASONS(X)                                                                                             \
    X(SHEET, N_("another sheet of facts was counted"))                                                                 \
    X(CUT, N_("the findings are those of another cut"))                                                                \
    X(FINDINGS, N_("the findings differ"))                                                                             \
    X(TABLE, N_("another territory table was used"))                                                                   \
    X(QUESTION, N_("something else was counted: another unit, or networks instead of countries"))                      \
    X(COUNTING, N_("the same was counted by the same table, and gave something else"))

enum origins_reason {
#define X(code, sentence) ORIGINS_##code##_DIFFERS,
    ORIGINS_REASONS(X)
#undef X
        ORIGINS_REASON_COUNT
};
extern const char *const origins_reasons[ORIGINS_REASON_COUNT]; /* untranslated */

struct origins_difference { /* an origin whose rows differ; NULL: there is none */
    struct text name;
    const struct origins_row *of[2];
};

struct origins_compared {
    bool same;                           /* the documents say the same, byte for byte */
    unsigned reasons;                    /* a set: 1 << enum origins_reason; why they may differ */
    const struct origins_difference *at; /* in the order of the first, then of the second */
    size_t count;
};

struct origins_compared origins_compare(const struct origins_document *first, const struct origins_document *second,
                                        struct arena *a);

#endif

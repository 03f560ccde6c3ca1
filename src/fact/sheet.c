/* Facts: whether one can stand in a sheet, when two are the same, and in which order a sheet has them. */
#include "fact/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "fact/form.h"
#include "vocab/rsit.h"

#define YEAR_1 (-62135596800 * INSTANT_SECOND)
#define YEAR_10000 (253402300800 * INSTANT_SECOND)

static bool time_holds(instant i) {
    return i == INSTANT_NONE || (i >= YEAR_1 && i < YEAR_10000 && i % INSTANT_SECOND == 0);
}

static bool number_holds(uint64_t n) { return n == SHEET_NO_COUNT || (n && n <= SHEET_COUNT_MAX); }

const char *fact_fault(const struct fact *f) {
    bool both = f->first != INSTANT_NONE && f->last != INSTANT_NONE;
    if (!time_holds(f->first) || !time_holds(f->last))
        return N_("expected times in whole seconds of the years 1 to 9999");
    if (both && f->last < f->first) return N_("it was seen last before it was seen first");
    if (!(f->known & (KNOWN_SRC | KNOWN_DST)) && !f->object.size)
        return N_("expected a source, a destination or an object");
    if (f->object.size && !object_holds(f->object)) return N_("expected an object as “domain:www.north.example”");
    if (f->protocol.size && !protocol_holds(f->protocol)) return N_("expected a protocol as “tcp”");
    if (f->event.size && !rsit_find(f->event))
        return N_("expected an event of the incident taxonomy, as “brute-force”");
    if (!number_holds(f->count)) return N_("expected a count from 1 to 2^53");
    if (!number_holds(f->evidence)) return N_("expected a number of lines from 1 to 2^53");
    return NULL;
}

static bool same_address(unsigned known, struct ip a, struct ip b) { return !known || !ip_compare(a, b); }

bool fact_same(const struct fact *a, const struct fact *b) {
    unsigned known = a->known;
    return a->first == b->first && a->last == b->last && known == b->known &&
           same_address(known & KNOWN_SRC, a->src, b->src) && same_address(known & KNOWN_DST, a->dst, b->dst) &&
           (!(known & KNOWN_SRC_PORT) || a->src_port == b->src_port) &&
           (!(known & KNOWN_DST_PORT) || a->dst_port == b->dst_port) && text_equal(a->object, b->object) &&
           text_equal(a->protocol, b->protocol) && text_equal(a->event, b->event);
}

/* ---- the order: times sort as numbers as they do as text, an empty column first; only rows that agree in both are
 * compared as they are written. */

struct timed {
    instant first, last;
    size_t at;
};

static int by_times(const void *a, const void *b) {
    const struct timed *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    if (x->last != y->last) return x->last < y->last ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

struct written {
    struct text row;
    size_t from, at;
};

static int by_row(const void *a, const void *b) {
    const struct written *x = a, *y = b;
    int order = text_compare(x->row, y->row);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Puts facts of the same times in order; `rows` and `written` are memory that is used again. */
static enum error order_equal(const struct fact *facts, struct timed *timed, size_t count, struct buf *rows,
                              struct written *written, struct diag *d) {
    buf_clear(rows);
    for (size_t i = 0; i < count; i++) {
        written[i] = (struct written){.from = rows->size, .at = timed[i].at};
        fact_write_rest(&facts[timed[i].at], rows);
        written[i].row.size = rows->size - written[i].from;
    }
    if (rows->failed) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < count; i++) written[i].row.at = (const char *)rows->at + written[i].from;
    qsort(written, count, sizeof *written, by_row);
    for (size_t i = 0; i < count; i++) timed[i].at = written[i].at;
    return OK;
}

/* The number of facts from the first of `timed` on that have its times. */
static size_t run_of(const struct timed *timed, size_t count) {
    size_t n = 1;
    while (n < count && timed[n].first == timed->first && timed[n].last == timed->last) n++;
    return n;
}

static size_t longest_run(const struct timed *timed, size_t count) {
    size_t longest = 0;
    for (size_t i = 0, n; i < count; i += n) {
        n = run_of(timed + i, count - i);
        if (n > longest) longest = n;
    }
    return longest;
}

static enum error order_all(const struct fact *facts, struct timed *timed, size_t count, struct diag *d) {
    enum error result = OK;
    qsort(timed, count, sizeof *timed, by_times);
    struct buf rows = {.max = SIZE_MAX / 2};
    struct written *written = calloc(longest_run(timed, count), sizeof *written);
    if (!written) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0, n; !result && i < count; i += n) {
        n = run_of(timed + i, count - i);
        if (n > 1) result = order_equal(facts, timed + i, n, &rows, written, d);
    }
    free(written);
    buf_free(&rows);
    return result;
}

enum error sheet_order(const struct fact *facts, size_t count, struct arena *a, size_t **order, struct diag *d) {
    struct timed *timed = count ? calloc(count, sizeof *timed) : NULL;
    if (count && !timed) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < count; i++) timed[i] = (struct timed){facts[i].first, facts[i].last, i};
    enum error result = count ? order_all(facts, timed, count, d) : OK;
    if (!result) {
        *order = ARENA_ARRAY(a, size_t, count);
        for (size_t i = 0; i < count; i++) (*order)[i] = timed[i].at;
    }
    free(timed);
    return result;
}

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

const char *fact_counts_fault(uint64_t count, uint64_t evidence) {
    if (!number_holds(count)) return N_("expected a count from 1 to 2^53");
    return number_holds(evidence) ? NULL : N_("expected a number of lines from 1 to 2^53");
}

const char *fact_times_fault(instant first, instant last) {
    bool both = first != INSTANT_NONE && last != INSTANT_NONE;
    if (!time_holds(first) || !time_holds(last)) return N_("expected times in whole seconds of the years 1 to 9999");
    return both && last < first ? N_("it was seen last before it was seen first") : NULL;
}

const char *fact_fault(const struct fact *f) {
    const char *fault = fact_times_fault(f->first, f->last);
    if (fault) return fault;
    if (!(f->known & (KNOWN_SRC | KNOWN_DST)) && !f->object.size)
        return N_("expected a source, a destination or an object");
    if (f->object.size && !object_holds(f->object)) return N_("expected an object as “domain:www.north.example”");
    if (f->protocol.size && !protocol_holds(f->protocol)) return N_("expected a protocol as “tcp”");
    if (f->event.size && !rsit_find(f->event))
        return N_("expected an event of the incident taxonomy, as “brute-force”");
    return fact_counts_fault(f->count, f->evidence);
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

/* ---- the order */

static int by_second(const void *a, const void *b) {
    const struct timed *x = a, *y = b;
    if (x->second != y->second) return x->second < y->second ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* One pass of a radix sort from the least digit (Knuth, vol. 3, 5.2.5), which keeps the order of what is equal in it.
 */
static void sort_by_digit(const struct timed *from, struct timed *to, size_t count, int64_t least, unsigned shift) {
    size_t places[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++) places[(uint64_t)(from[i].second - least) >> shift & (DIGITS - 1)]++;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t here = places[i];
        places[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[(uint64_t)(from[i].second - least) >> shift & (DIGITS - 1)]++] = from[i];
}

/* A log is of days or years: two or three digits. */
enum error timed_sort(struct timed **timed, size_t count, struct diag *d) {
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if ((*timed)[i].second < least) least = (*timed)[i].second;
        if ((*timed)[i].second > most) most = (*timed)[i].second;
    }
    if (count < DIGITS || least == INSTANT_NONE) {
        qsort(*timed, count, sizeof **timed, by_second);
        return OK;
    }
    struct timed *other = calloc(count, sizeof *other);
    if (!other) return fail(d, ERR_MEMORY, _("out of memory"));
    for (unsigned shift = 0; shift < 64 && (uint64_t)(most - least) >> shift; shift += DIGIT_BITS) {
        struct timed *sorted = other;
        sort_by_digit(*timed, sorted, count, least, shift);
        other = *timed;
        *timed = sorted;
    }
    free(other);
    return OK;
}

static int by_row(const void *a, const void *b) {
    const struct written *x = a, *y = b;
    if (x->last != y->last) return x->last < y->last ? -1 : 1;
    int order = text_compare(x->rest, y->rest);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* Mostly few: an insertion into what is in order takes no memory. */
void written_sort(struct written *at, size_t count) {
    enum { FEW = 12 };
    if (count > FEW) {
        qsort(at, count, sizeof *at, by_row);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct written now = at[i];
        size_t to = i;
        for (; to && by_row(&at[to - 1], &now) > 0; to--) at[to] = at[to - 1];
        at[to] = now;
    }
}

/* Puts facts of the same first time in order; `rows` and `written` are memory that is used again. */
static enum error order_equal(const struct fact *facts, struct timed *timed, size_t count, struct buf *rows,
                              struct written *written, struct diag *d) {
    buf_clear(rows);
    for (size_t i = 0; i < count; i++) {
        const struct fact *f = &facts[timed[i].at];
        written[i] = (struct written){.last = f->last, .from = rows->size, .at = timed[i].at};
        fact_write_rest(f, rows);
        written[i].rest.size = rows->size - written[i].from;
    }
    if (rows->failed) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < count; i++) written[i].rest.at = (const char *)rows->at + written[i].from;
    written_sort(written, count);
    for (size_t i = 0; i < count; i++) timed[i].at = written[i].at;
    return OK;
}

size_t timed_run(const struct timed *timed, size_t count) {
    size_t n = 1;
    while (n < count && timed[n].second == timed->second) n++;
    return n;
}

static size_t longest_run(const struct timed *timed, size_t count) {
    size_t longest = 0;
    for (size_t i = 0, n; i < count; i += n) {
        n = timed_run(timed + i, count - i);
        if (n > longest) longest = n;
    }
    return longest;
}

static enum error order_runs(const struct fact *facts, struct timed *timed, size_t count, struct diag *d) {
    enum error result = OK;
    struct buf rows = {.max = SIZE_MAX / 2};
    struct written *written = calloc(longest_run(timed, count), sizeof *written);
    if (!written) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0, n; !result && i < count; i += n) {
        n = timed_run(timed + i, count - i);
        if (n > 1) result = order_equal(facts, timed + i, n, &rows, written, d);
    }
    free(written);
    buf_free(&rows);
    return result;
}

enum error sheet_order(const struct fact *facts, size_t count, struct arena *a, size_t **order, struct diag *d) {
    struct timed *timed = calloc(count + 1, sizeof *timed);
    if (!timed) return fail(d, ERR_MEMORY, _("out of memory"));
    for (size_t i = 0; i < count; i++) {
        instant first = facts[i].first;
        timed[i] = (struct timed){first == INSTANT_NONE ? INSTANT_NONE : first / INSTANT_SECOND, i};
    }
    enum error result = timed_sort(&timed, count, d);
    if (!result && count) result = order_runs(facts, timed, count, d);
    if (!result) {
        *order = ARENA_ARRAY(a, size_t, count);
        for (size_t i = 0; i < count; i++) (*order)[i] = timed[i].at;
    }
    free(timed);
    return result;
}

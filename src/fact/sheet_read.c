/* A sheet to facts: each column by its rule, and each row must be its own spelling. */
#include "base/csv.h"
#include "fact/form.h"

static bool read_first(struct text t, struct fact *f) { return instant_read(t, &f->first); }
static bool read_last(struct text t, struct fact *f) { return instant_read(t, &f->last); }

static bool read_ip(struct text t, struct ip *ip, unsigned bit, struct fact *f) {
    f->known |= bit;
    return ip_read(t, ip);
}
static bool read_port(struct text t, uint16_t *port, unsigned bit, struct fact *f) {
    uint64_t number;
    if (!text_u64(t, &number) || number > UINT16_MAX) return false;
    f->known |= bit;
    *port = (uint16_t)number;
    return true;
}
static bool read_src(struct text t, struct fact *f) { return read_ip(t, &f->src, KNOWN_SRC, f); }
static bool read_dst(struct text t, struct fact *f) { return read_ip(t, &f->dst, KNOWN_DST, f); }
static bool read_src_port(struct text t, struct fact *f) { return read_port(t, &f->src_port, KNOWN_SRC_PORT, f); }
static bool read_dst_port(struct text t, struct fact *f) { return read_port(t, &f->dst_port, KNOWN_DST_PORT, f); }

/* What the three may hold is told by fact_fault. */
static bool read_object(struct text t, struct fact *f) { return f->object = t, true; }
static bool read_protocol(struct text t, struct fact *f) { return f->protocol = t, true; }
static bool read_event(struct text t, struct fact *f) { return f->event = t, true; }

static bool read_number(struct text t, uint64_t *number) { return text_u64(t, number) && *number <= SHEET_COUNT_MAX; }
static bool read_count(struct text t, struct fact *f) { return read_number(t, &f->count); }
static bool read_evidence(struct text t, struct fact *f) { return read_number(t, &f->evidence); }

/* Each reads a column that is not empty. */
static const struct {
    const char *name, *expected;
    bool (*read)(struct text t, struct fact *f);
} columns[SHEET_COLUMNS] = {
    {"first_seen", N_("an RFC 3339 time with Z or nothing"), read_first},
    {"last_seen", N_("an RFC 3339 time with Z or nothing"), read_last},
    {"src_ip", N_("an IP address or nothing"), read_src},
    {"src_port", N_("a port or nothing"), read_src_port},
    {"dst_ip", N_("an IP address or nothing"), read_dst},
    {"dst_port", N_("a port or nothing"), read_dst_port},
    {"object", N_("an object or nothing"), read_object},
    {"protocol", N_("a protocol or nothing"), read_protocol},
    {"event", N_("an event or nothing"), read_event},
    {"count", N_("a number or nothing"), read_count},
    {"evidence", N_("a number or nothing"), read_evidence},
};

static enum error read_columns(const struct text *fields, struct fact *f, struct diag *d) {
    for (size_t i = 0; i < SHEET_COLUMNS; i++)
        if (fields[i].size && !columns[i].read(fields[i], f))
            return fail(d, ERR_INPUT, _("column “%s”: expected %s, found “%.*s”"), columns[i].name,
                        gettext(columns[i].expected), (int)(fields[i].size < 60 ? fields[i].size : 60), fields[i].at);
    const char *fault = fact_fault(f);
    return fault ? fail(d, ERR_INPUT, "%s", gettext(fault)) : OK;
}

static enum error check_spelling(const struct fact *f, struct text row, struct buf *again, struct diag *d) {
    buf_clear(again);
    fact_write(f, again);
    if (text_equal(buf_as_text(again), row)) return OK;
    if (again->failed) return fail(d, ERR_MEMORY, _("out of memory"));
    return fail(d, ERR_INPUT, _("expected the row as “%.*s”: a value or a quote is written otherwise"),
                (int)(again->size < 300 ? again->size : 300), (const char *)again->at);
}

enum error sheet_read_row(struct text row, struct arena *a, struct buf *again, struct fact *out, struct diag *d) {
    struct text rest = row, fields[SHEET_COLUMNS];
    struct fact f = {.first = INSTANT_NONE, .last = INSTANT_NONE, .count = SHEET_NO_COUNT, .evidence = SHEET_NO_COUNT};
    size_t found;
    uint64_t line = 0;
    if (row.size > SHEET_ROW_MAX) return fail(d, ERR_INPUT, _("a row of more than %d bytes"), SHEET_ROW_MAX);
    if (!row.size) return fail(d, ERR_INPUT, _("expected a fact, found an empty line"));
    enum error result = csv_row(&rest, a, fields, SHEET_COLUMNS, &found, &line, d);
    if (!result && (found != SHEET_COLUMNS || rest.size))
        result = fail(d, ERR_INPUT, _("expected %d columns, found %zu"), SHEET_COLUMNS, found);
    if (!result) result = read_columns(fields, &f, d);
    if (!result) result = check_spelling(&f, row, again, d);
    if (!result) *out = f;
    return result;
}

enum error fact_read(struct text row, struct arena *a, struct fact *out, struct diag *d) {
    struct buf again = {.max = SIZE_MAX / 2};
    enum error result = sheet_read_row(row, a, &again, out, d);
    buf_free(&again);
    return result;
}

/* All columns but the last two, which are numbers and never quoted. */
static struct text before_count(struct text row) {
    for (size_t commas = 0; row.size && commas < 2;) commas += row.at[--row.size] == ',';
    return row;
}

/* Each value has one spelling, so rows that say the same are written the same. */
enum error sheet_check_order(struct text before, struct text row, struct diag *d) {
    if (!before.size) return OK;
    if (text_equal(before_count(before), before_count(row)))
        return fail(d, ERR_INPUT, _("expected each fact once, found the one before it again"));
    return text_compare(before, row) > 0 ? fail(d, ERR_INPUT, _("expected rows in bytewise order")) : OK;
}

/* Counted before memory is taken for them. */
static enum error count_rows(struct text rest, size_t *count, struct diag *d) {
    struct text line;
    for (*count = 0; text_line(&rest, &line); ++*count)
        if (*count == SHEET_ROWS_MAX) return fail(d, ERR_LIMIT, _("more than %d facts"), SHEET_ROWS_MAX);
    if (!rest.size) return OK;
    return fail_at(d, *count + SHEET_HEADER_LINES + 1, ERR_INPUT, _("expected the line to end: is the sheet cut off?"));
}

enum error sheet_read(struct bytes b, struct arena *a, struct sheet *out, struct diag *d) {
    struct text rest = text_from_bytes(b), row, before = {0};
    size_t count = 0;
    if (b.size > SHEET_BYTES_MAX) return fail(d, ERR_LIMIT, _("a sheet of more than %d bytes"), SHEET_BYTES_MAX);
    if (!text_skip(&rest, SHEET_HEADER))
        return fail_at(d, 1, ERR_INPUT, _("expected “# parley facts v1” and the names of the columns"));
    enum error result = count_rows(rest, &count, d);
    if (result) return result;
    struct fact *facts = ARENA_ARRAY(a, struct fact, count);
    struct buf again = {.max = SIZE_MAX / 2};
    for (size_t i = 0; !result && text_line(&rest, &row); i++, before = row) {
        result = sheet_read_row(row, a, &again, &facts[i], d);
        if (!result) result = sheet_check_order(before, row, d);
        if (result && d) d->line = i + SHEET_HEADER_LINES + 1;
    }
    buf_free(&again);
    if (!result) *out = (struct sheet){facts, count};
    return result;
}

/* Facts to a sheet. */
#include <string.h>

#include "base/csv.h"
#include "fact/form.h"

enum { EVENT_MAX = 64 };

static char *put_text(char *at, struct text t) {
    if (t.size) memcpy(at, t.at, t.size);
    return at + t.size;
}

static char *put_u64(char *at, uint64_t value) {
    char digits[20];
    size_t size = 0;
    do digits[size++] = (char)('0' + value % 10);
    while (value /= 10);
    while (size) *at++ = digits[--size];
    return at;
}

static char *put_end(char *at, bool ip_known, struct ip ip, bool port_known, uint16_t port) {
    if (ip_known) at += ip_write(ip, at).size;
    *at++ = ',';
    if (port_known) at = put_u64(at, port);
    *at++ = ',';
    return at;
}

void fact_write_rest(const struct fact *f, struct buf *out) {
    char row[512], *at = row; /* but for an object, which most facts have not */
    at = put_end(at, f->known & KNOWN_SRC, f->src, f->known & KNOWN_SRC_PORT, f->src_port);
    at = put_end(at, f->known & KNOWN_DST, f->dst, f->known & KNOWN_DST_PORT, f->dst_port);
    if (f->object.size || f->protocol.size > PROTOCOL_MAX || f->event.size > EVENT_MAX) {
        buf_text(out, (struct text){row, (size_t)(at - row)});
        csv_field(out, f->object);
        buf_char(out, ',');
        buf_text(out, f->protocol);
        buf_char(out, ',');
        buf_text(out, f->event);
        at = row;
    } else {
        *at++ = ',';
        at = put_text(at, f->protocol);
        *at++ = ',';
        at = put_text(at, f->event);
    }
    *at++ = ',';
    if (f->count != SHEET_NO_COUNT) at = put_u64(at, f->count);
    *at++ = ',';
    if (f->evidence != SHEET_NO_COUNT) at = put_u64(at, f->evidence);
    buf_text(out, (struct text){row, (size_t)(at - row)});
}

void fact_write(const struct fact *f, struct buf *out) {
    char times[2 * INSTANT_TEXT_MAX];
    size_t size = instant_write(f->first, times).size;
    times[size++] = ',';
    if (f->last == f->first) {
        memcpy(times + size, times, size);
        size *= 2;
    } else {
        size += instant_write(f->last, times + size).size;
        times[size++] = ',';
    }
    buf_text(out, (struct text){times, size});
    fact_write_rest(f, out);
}

enum error sheet_write(struct sheet s, struct buf *out, struct diag *d) {
    const size_t start = out->size;
    size_t before = 0;
    if (s.count > SHEET_ROWS_MAX) return fail(d, ERR_LIMIT, _("more than %d facts"), SHEET_ROWS_MAX);
    enum { HEAD = 128, USUAL_ROW = 96 };
    size_t usual = HEAD + s.count * USUAL_ROW;
    if (usual <= out->max - out->size && buf_extend(out, usual)) out->size -= usual; /* memory at once */
    buf_text(out, SHEET_HEADER);
    for (size_t i = 0; i < s.count && !out->failed; i++) {
        const char *fault = fact_fault(&s.at[i]);
        size_t from = out->size;
        if (!fault) fact_write(&s.at[i], out);
        struct text row = text_sub(buf_as_text(out), from, out->size);
        if (!fault && row.size > SHEET_ROW_MAX) fault = N_("longer than a row may be");
        if (!fault && i && text_compare(text_sub(buf_as_text(out), before, from - 1), row) >= 0)
            fault = N_("it does not sort after the fact before it");
        if (!fault && i && fact_same(&s.at[i - 1], &s.at[i])) fault = N_("it is the same as the fact before it");
        if (fault)
            return fail(d, ERR_INPUT, _("fact %llu can't be written: %s"), (unsigned long long)i, gettext(fault));
        buf_char(out, '\n');
        before = from;
    }
    if (!out->failed && out->size - start > SHEET_BYTES_MAX)
        return fail(d, ERR_LIMIT, _("a sheet of more than %d bytes"), SHEET_BYTES_MAX);
    return buf_check(out, d);
}

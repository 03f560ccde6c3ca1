/* Facts to a sheet. */
#include "base/csv.h"
#include "fact/form.h"

static void write_time(instant i, struct buf *out) {
    char written[INSTANT_TEXT_MAX];
    buf_text(out, instant_write(i, written));
    buf_char(out, ',');
}

static void write_end(bool ip_known, struct ip ip, bool port_known, uint16_t port, struct buf *out) {
    char written[IP_TEXT_MAX];
    if (ip_known) buf_text(out, ip_write(ip, written));
    buf_char(out, ',');
    if (port_known) buf_u64(out, port);
    buf_char(out, ',');
}

void fact_write(const struct fact *f, struct buf *out) {
    write_time(f->first, out);
    write_time(f->last, out);
    write_end(f->known & KNOWN_SRC, f->src, f->known & KNOWN_SRC_PORT, f->src_port, out);
    write_end(f->known & KNOWN_DST, f->dst, f->known & KNOWN_DST_PORT, f->dst_port, out);
    csv_field(out, f->object);
    buf_char(out, ',');
    buf_text(out, f->protocol);
    buf_char(out, ',');
    buf_text(out, f->event);
    buf_char(out, ',');
    if (f->count != SHEET_NO_COUNT) buf_u64(out, f->count);
    buf_char(out, ',');
    if (f->evidence != SHEET_NO_COUNT) buf_u64(out, f->evidence);
}

enum error sheet_write(struct sheet s, struct buf *out, struct diag *d) {
    const size_t start = out->size;
    size_t before = 0;
    if (s.count > SHEET_ROWS_MAX) return fail(d, ERR_LIMIT, _("more than %d facts"), SHEET_ROWS_MAX);
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

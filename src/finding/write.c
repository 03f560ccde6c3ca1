/* Findings to a sheet. */
#include "finding/sheet.h"

static bool is_note(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if ((unsigned char)t.at[i] < ' ' || t.at[i] == 0x7f) return false;
    return t.size <= FINDING_NOTE_MAX && text_is_utf8(t);
}

bool finding_holds(const struct finding *f) {
    bool times = f->first_seen == INSTANT_NONE || f->last_seen == INSTANT_NONE || f->first_seen <= f->last_seen;
    return times && (unsigned)f->word < FINDING_COUNT && is_note(f->note);
}

static void write_time(instant i, struct buf *out) {
    buf_char(out, ',');
    buf_instant(out, i);
}

void finding_row_write(const struct finding *f, const char *mark, struct buf *out) {
    char ip[IP_TEXT_MAX];
    buf_u64(out, f->row);
    buf_char(out, ',');
    buf_string(out, mark);
    buf_string(out, finding_name(f->word));
    buf_char(out, ',');
    if (f->count != FINDING_NO_COUNT) buf_u64(out, f->count);
    write_time(f->first_seen, out);
    write_time(f->last_seen, out);
    buf_char(out, ',');
    if (f->has_upstream) buf_text(out, ip_write(f->upstream, ip));
    buf_char(out, ',');
    csv_field(out, f->note);
    buf_char(out, '\n');
}

enum error findings_write(struct findings f, struct buf *out, struct diag *d) {
    buf_text(out, findings_header);
    for (size_t i = 0; i < f.count; i++) {
        if (!finding_holds(&f.at[i]) || (i && f.at[i].row <= f.at[i - 1].row))
            return fail(d, ERR_INPUT,
                        _("the finding on fact %llu can't be written: expected rows that ascend, times in their order "
                          "and a note of one line"),
                        (unsigned long long)f.at[i].row);
        finding_row_write(&f.at[i], "", out);
    }
    return buf_check(out, d);
}

struct finding_totals findings_total(struct findings f) {
    struct finding_totals totals = {{0}};
    for (size_t i = 0; i < f.count; i++) totals.of[f.at[i].word]++;
    return totals;
}

/* Lines that `facts --follow --evidence` kept: what each says, and the line itself as it stood in its log.
 *
 *     85 2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,192.0.2.1,5,,22,,tcp,brute-force,1, Mar  1 08:00:00 gate sshd[1]: …
 *
 * The number is how many bytes the row of the fact has, which this line alone would be.  The sheet and the evidence
 * made of such a file are those that its logs would give. */
#include "line/fields.h"
#include "line/readers.h"

static bool split(struct text line, struct text *row, struct text *kept) {
    struct text digits;
    uint64_t size;
    if (!line.size || line.at[0] < '1' || line.at[0] > '9') return false;
    if (!text_cut(&line, ' ', &digits) || !text_u64(digits, &size) || size > KEPT_ROW_MAX || size >= line.size ||
        line.at[size] != ' ')
        return false;
    *row = text_sub(line, 0, (size_t)size);
    *kept = text_sub(line, (size_t)size + 1, line.size);
    return true;
}

unsigned kept_detect(struct text line) {
    struct text row, kept;
    return split(line, &row, &kept) && row.size > 20 && row.at[10] == 'T' && row.at[19] == 'Z' ? 1000 : 0;
}

enum reason kept_parse(struct reader *r, struct text line, struct observation *out) {
    struct text row, kept;
    if (!split(line, &row, &kept)) return REASON_FORM;
    if (!r->columns.count && csv_head(TEXT("first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,"
                                           "count,evidence"),
                                      &r->columns, NULL))
        return REASON_FORM;
    enum reason reason = fields_read(r, row, out);
    return reason ? reason : fields_times(out);
}

struct text kept_line(const struct format *f, struct text line) {
    struct text row, kept;
    return f->parse == kept_parse && split(line, &row, &kept) ? kept : line;
}

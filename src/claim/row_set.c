#include "claim/row_set.h"

#define ROW_MAX ((uint64_t)1 << 53)

static bool read_range(struct text t, struct row_range *out) {
    struct text first;
    if (!text_cut(&t, '-', &first)) {
        if (!text_u64(t, &out->first)) return false;
        out->last = out->first;
        return out->last <= ROW_MAX;
    }
    return text_u64(first, &out->first) && text_u64(t, &out->last) && out->first < out->last && out->last <= ROW_MAX;
}

enum error row_set_read(struct text t, struct arena *a, struct row_set *out, struct diag *d) {
    struct row_range *ranges = NULL;
    size_t count = 0, room = 0;
    for (bool more = t.size > 0; more; count++) {
        struct text one;
        more = text_cut(&t, ',', &one);
        if (!more) one = t;
        if (count == ROW_RANGES_MAX) return fail(d, ERR_LIMIT, _("more than %d ranges of rows"), ROW_RANGES_MAX);
        ranges = arena_grow(a, ranges, count, &room, sizeof *ranges);
        if (!read_range(one, &ranges[count]) || (count && ranges[count].first <= ranges[count - 1].last + 1))
            return fail(d, ERR_INPUT, _("expected rows as in “0-3,7”, ascending, found “%.*s”"),
                        (int)(one.size < 60 ? one.size : 60), one.at);
    }
    *out = (struct row_set){ranges, count};
    return OK;
}

void row_set_write(struct row_set rows, struct buf *out) {
    for (size_t i = 0; i < rows.count; i++) {
        if (i) buf_char(out, ',');
        buf_u64(out, rows.at[i].first);
        if (rows.at[i].last == rows.at[i].first) continue;
        buf_char(out, '-');
        buf_u64(out, rows.at[i].last);
    }
}

bool row_set_has(struct row_set rows, uint64_t row) {
    size_t low = 0, high = rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows.at[middle].last < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rows.count && rows.at[low].first <= row;
}

uint64_t row_set_count(struct row_set rows) {
    uint64_t count = 0;
    for (size_t i = 0; i < rows.count; i++) count += rows.at[i].last - rows.at[i].first + 1;
    return count;
}

/* Logs that no format knows, as CSV or as JSON: the user says which column is what (map.h).
 *
 * An event is what a column says, or what --event asserts.  A count of 0 is no event.  With an inside and an outside
 * address it is the log of a translation. */
#include "line/map.h"
#include "line/readers.h"
#include "line/record.h"

/* By its number; or by its name, which the header must have once. */
static bool find_column(const struct map_row *row, const struct text *header, size_t count, size_t *out) {
    size_t found = 0;
    *out = row->number;
    if (row->number) return row->number <= count;
    for (size_t i = 0; i < count; i++)
        if (text_equal(header[i], row->name)) {
            *out = i + 1;
            found++;
        }
    return found == 1;
}

enum error mapped_head(struct text line, struct columns *out, struct diag *d) {
    const struct field_map *map = out->map;
    struct text header[COLUMNS_MAX];
    char scratch[4096];
    size_t at;
    if (!map) return fail(d, ERR_USAGE, _("the format “mapped” needs --map: which of its columns is what"));
    struct columns c = {.separator = map->separator, .map = map};
    if (record_is_json(line)) return OK;
    if (text_find(line, 0) < line.size || fields_split(line, c.separator, scratch, sizeof scratch, header, &c.count))
        return fail(d, ERR_INPUT, _("expected a line of at most %d columns, found something else"), (int)COLUMNS_MAX);
    for (size_t i = 0; i < map->count; i++) {
        if (!find_column(&map->rows[i], header, c.count, &at))
            return fail(d, ERR_INPUT, _("expected one column “%.*s”, found none or several"),
                        TEXT_ARG(text_first(map->rows[i].name, 80)));
        if (c.field[at - 1]) return fail(d, ERR_INPUT, _("the same column twice"));
        c.field[at - 1] = (uint8_t)map->rows[i].field;
    }
    *out = c;
    return OK;
}

enum reason mapped_parse(struct reader *r, struct text line, struct observation *out) {
    static const struct record_form columns = {0};
    const struct field_map *map = r->columns.map;
    if (!map) return REASON_FORM;
    enum reason reason = record_is_json(line) ? record_mapped(r, line, map, out) : record_csv(r, line, &columns, out);
    out->traffic = map->traffic && record_is_read(reason);
    return reason;
}

unsigned mapped_detect(struct text line) {
    (void)line;
    return 0;
}

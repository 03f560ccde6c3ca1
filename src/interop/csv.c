/* A CSV of facts: columns that a map names (line/map.h), or those of a fact sheet in any order.
 *
 * It is read by the reader of logs, so a row means here what it means to `parley facts`. */
#include <string.h>

#include "interop/case_format.h"
#include "interop/lost_fields.h"
#include "line/map.h"
#include "line/record.h"

static const char head[] =
    "first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n";

struct table { /* of the file that is read */
    const struct case_reading *how;
    struct reader reader;
    struct field_map map;
    struct columns columns;
    struct collect facts;
    struct lost_fields lost;
    struct text names[COLUMNS_MAX], cells[COLUMNS_MAX];
    size_t count; /* of names; 0: none were read */
    char name_scratch[OBJECT_MAX], scratch[LINE_BYTES_MAX];
};

static bool next_line(struct text *rest, struct text *line) {
    if (!rest->size) return false;
    if (!text_line(rest, line)) {
        *line = *rest;
        rest->size = 0;
    }
    if (line->size && line->at[line->size - 1] == '\r') line->size--;
    return true;
}

/* The first line that is no comment. */
static bool first_row(struct text rest, struct text *line) {
    while (next_line(&rest, line))
        if (line->size && line->at[0] != '#') return true;
    return false;
}

bool csv_case_seen(struct bytes start) {
    struct text line;
    return first_row(text_from_bytes(start), &line) && format_find(TEXT("csv"))->detect(line) > 0;
}

/* ---- what the columns are */

static enum error read_head(struct table *t, struct text file, struct diag *d) {
    static const struct stamp_options utc = {.until = INSTANT_NONE};
    const struct format *format = format_find(t->how->map.size ? TEXT("mapped") : TEXT("csv"));
    struct text line = {0};
    enum error result = OK;
    if (t->how->map.size) {
        result = map_read(text_from_bytes(t->how->map), &t->map, d);
        diag_where(d, result ? "--map" : NULL);
        t->columns.map = &t->map;
    }
    if (!result && !first_row(file, &line))
        return fail_at(d, 1, ERR_INPUT, _("expected a header of column names, found nothing"));
    if (!result) result = format->head(line, &t->columns, d);
    if (!result && !record_is_json(line) && !t->map.numbered &&
        fields_split(line, t->columns.separator, t->name_scratch, sizeof t->name_scratch, t->names, &t->count))
        t->count = 0;
    if (!result) reader_start(&t->reader, format, &t->columns, &utc, (struct chain){0}, (struct text){0});
    return result;
}

/* ---- what has no place */

static bool is_mapped(const struct field_map *m, struct text name) {
    for (size_t i = 0; i < m->count; i++) {
        struct text rest = m->rows[i].name;
        if (text_skip(&rest, name) && (!rest.size || rest.at[0] == '.')) return true;
    }
    return false;
}

static void lose_members(struct table *t, struct text line) {
    json_t *object = NULL, *value;
    const char *key;
    if (json_read(bytes_from_text(line), &object, NULL)) return;
    json_object_foreach(object, key, value) if (!is_mapped(&t->map, text_of(key)))
        lost_fields_add(&t->lost, text_of(key), json_as_text(value));
    json_decref(object);
}

static void lose_columns(struct table *t, struct text line) {
    size_t count;
    if (record_is_json(line)) {
        lose_members(t, line);
        return;
    }
    if (fields_split(line, t->columns.separator, t->scratch, sizeof t->scratch, t->cells, &count)) return;
    for (size_t i = 0; i < count && i < t->columns.count; i++) {
        char number[U64_DIGITS];
        struct text name = {number, (size_t)(u64_write(i + 1, number) - number)};
        if (t->columns.field[i] == FIELD_IGNORED && t->cells[i].size)
            lost_fields_add(&t->lost, i < t->count && json_is_text(t->names[i]) ? t->names[i] : name,
                            json_is_text(t->cells[i]) ? t->cells[i] : (struct text){0});
    }
}

/* ---- rows */

static void take_row(struct table *t, const struct observation *o, struct text line) {
    struct arena *a = t->how->arena;
    struct fact f = fact_unknown();
    f.first = o->first;
    f.last = o->last;
    f.known = o->known & (KNOWN_SRC | KNOWN_DST | KNOWN_SRC_PORT | KNOWN_DST_PORT);
    f.src = o->src;
    f.dst = o->dst;
    f.src_port = o->src_port;
    f.dst_port = o->dst_port;
    f.object = arena_text(a, o->object);
    f.protocol = arena_text(a, o->protocol);
    f.event = arena_text(a, o->event);
    f.count = o->count;
    if (!f.event.size && t->how->event.size) {
        f.event = t->how->event;
        losses_add(t->how->losses, LOSS_GUESSED, "event", f.event, N_("the source says none"));
    }
    if (o->known & KNOWN_UPSTREAM)
        losses_add(t->how->losses, LOSS_DROPPED, "upstream", (struct text){0}, N_("a fact has a source alone"));
    collect_fact(&t->facts, &f, "row");
    lose_columns(t, line);
}

static void take_line(struct table *t, struct text line) {
    struct observation o;
    enum reason reason = reader_line(&t->reader, line, &o);
    if (reason == REASON_FACT || reason == REASON_EVENT)
        take_row(t, &o, line);
    else if (reason != REASON_COMMENT && reason != REASON_EMPTY)
        losses_add(t->how->losses, LOSS_DROPPED, "row", json_is_text(line) ? line : (struct text){0},
                   reasons[reason].sentence);
}

enum error csv_case_read(struct bytes file, const struct case_reading *how, struct reports *out, struct diag *d) {
    struct table *t = ARENA_NEW(how->arena, struct table);
    struct report *one = ARENA_NEW(how->arena, struct report);
    struct text rest = text_from_bytes(file), line;
    *one = REPORT_EMPTY;
    t->how = how;
    t->facts = collect_in(how->arena, how->losses);
    t->lost = lost_fields_in(how->arena);
    enum error result = read_head(t, rest, d);
    if (result) return result;
    while (next_line(&rest, &line)) take_line(t, line);
    if (stamper_asked_zone(&t->reader.stamper))
        losses_add(how->losses, LOSS_GUESSED, "time", TEXT("UTC"), N_("no zone is named"));
    lost_fields_end(&t->lost, how->losses, N_("parley has no place for it"));
    result = collect_end(&t->facts, &one->facts, d);
    if (!result) *out = (struct reports){one, 1};
    return result;
}

/* ---- writing */

static void tell_losses(const struct fact *f, struct losses *l) {
    static const struct text none = {0};
    if (f->first == INSTANT_NONE && f->last == INSTANT_NONE)
        losses_add(l, LOSS_DROPPED, "first_seen", none, N_("it is unknown, and a row without a time is not read back"));
    else if (f->first == INSTANT_NONE || f->last == INSTANT_NONE)
        losses_add(l, LOSS_GUESSED, f->first == INSTANT_NONE ? "first_seen" : "last_seen", none,
                   N_("one of the times is unknown, and is read back as the other"));
    if (f->count == SHEET_NO_COUNT)
        losses_add(l, LOSS_GUESSED, "count", none, N_("it is unknown, and is read back as 1"));
    if (f->evidence != SHEET_NO_COUNT) losses_add(l, LOSS_DROPPED, "evidence", none, N_("it is not read back"));
}

enum error csv_case_write(const struct report *r, const struct case_writing *how, struct buf *out, struct diag *d) {
    report_lose_around(r, how->losses, N_("a CSV of facts holds facts alone"));
    buf_string(out, head);
    for (size_t i = 0; i < r->facts.count; i++) {
        struct fact f = r->facts.at[i];
        tell_losses(&f, how->losses);
        f.evidence = SHEET_NO_COUNT;
        fact_write(&f, out);
        buf_char(out, '\n');
    }
    return buf_check(out, d);
}

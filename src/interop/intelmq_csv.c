/* IntelMQ's events as CSV: a header of field names, a row an event. */
#include "base/csv.h"
#include "interop/intelmq.h"

enum { COLUMNS_OF_EVENT_MAX = 512 };

struct table {
    struct intelmq_reading reading;
    struct text cells[COLUMNS_OF_EVENT_MAX];
    enum intelmq_field field[COLUMNS_OF_EVENT_MAX];
    struct text names[COLUMNS_OF_EVENT_MAX];
    size_t columns;
};

bool intelmq_csv_case_seen(struct bytes start) {
    static const char *const signs[] = {"classification.type", "time.source", "time.observation", "source.ip"};
    struct text t = text_from_bytes(start), head = t;
    text_line(&t, &head);
    for (size_t i = 0; i < COUNT(signs) && head.size && head.at[0] != '{' && head.at[0] != '['; i++)
        if (text_search(head, text_of(signs[i])) != SIZE_MAX) return true;
    return false;
}

/* Python's writers end lines in CR LF: the CR goes, but for those in quotes. */
static struct text without_cr(struct text t, struct arena *a) {
    bool quoted = false;
    size_t size = 0;
    if (text_find(t, '\r') == t.size) return t;
    char *copy = arena_take(a, t.size, 1);
    for (size_t i = 0; i < t.size; i++) {
        if (t.at[i] == '"') quoted = !quoted;
        if (!quoted && t.at[i] == '\r' && i + 1 < t.size && t.at[i + 1] == '\n') continue;
        copy[size++] = t.at[i];
    }
    return (struct text){copy, size};
}

static enum error read_head(struct table *t, struct text *rest, uint64_t *line, struct diag *d) {
    enum error result = csv_row(rest, t->reading.how->arena, t->names, COUNT(t->names), &t->columns, line, d);
    bool known = false;
    if (result == ERR_MISSING) return fail_at(d, 1, ERR_INPUT, _("expected a header of field names, found nothing"));
    for (size_t i = 0; i < t->columns && !result; i++) {
        t->field[i] = intelmq_field_of(t->names[i]);
        known = known || t->field[i] != INTELMQ_IGNORED;
        for (size_t k = 0; k < i && !result; k++)
            if (text_equal(t->names[i], t->names[k]))
                result =
                    fail_at(d, 1, ERR_INPUT, _("the same column twice: “%.*s”"), TEXT_ARG(text_first(t->names[i], 80)));
    }
    if (!result && !known)
        return fail_at(d, 1, ERR_INPUT, _("expected a header of IntelMQ's field names, as source.ip, found none"));
    return result;
}

static void take_row(struct table *t) {
    struct intelmq_event e = {{{0}}};
    for (size_t i = 0; i < t->columns; i++) {
        if (!t->cells[i].size) continue;
        if (t->field[i] == INTELMQ_IGNORED)
            lost_fields_add(&t->reading.lost, t->names[i], t->cells[i]);
        else
            e.value[t->field[i]] = t->cells[i];
    }
    intelmq_take(&t->reading, &e);
}

enum error intelmq_csv_case_read(struct bytes file, const struct case_reading *how, struct reports *out,
                                 struct diag *d) {
    struct table *t = ARENA_NEW(how->arena, struct table);
    struct text rest = text_from_bytes(file);
    uint64_t line = 0;
    size_t count;
    text_skip(&rest, TEXT("\xef\xbb\xbf"));
    if (!json_is_text(rest)) return fail(d, ERR_INPUT, _("expected UTF-8 without NUL, found other bytes"));
    rest = without_cr(rest, how->arena);
    intelmq_reading_start(&t->reading, how);
    enum error result = read_head(t, &rest, &line, d);
    while (!result) {
        uint64_t from = line + 1;
        result = csv_row(&rest, how->arena, t->cells, COUNT(t->cells), &count, &line, d);
        if (!result && count == 1 && !t->cells[0].size && t->columns > 1) continue; /* an empty line */
        if (!result && count != t->columns)
            result =
                fail_at(d, from, ERR_INPUT, _("expected %zu fields, as the header has, found %zu"), t->columns, count);
        if (!result) take_row(t);
    }
    return result == ERR_MISSING ? intelmq_reading_end(&t->reading, out, d) : result;
}

/* ---- writing */

static void put_row(void *to, const struct intelmq_event *e) {
    struct buf *out = to;
    for (int i = 0; i < INTELMQ_COUNT_OF; i++) {
        if (i) buf_char(out, ',');
        csv_field(out, e->value[i]);
    }
    buf_char(out, '\n');
}

enum error intelmq_csv_case_write(const struct report *r, const struct case_writing *how, struct buf *out,
                                  struct diag *d) {
    for (int i = 0; i < INTELMQ_COUNT_OF; i++) {
        if (i) buf_char(out, ',');
        buf_string(out, intelmq_names[i]);
    }
    buf_char(out, '\n');
    intelmq_give(r, how, put_row, out);
    return buf_check(out, d);
}

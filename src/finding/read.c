/* A sheet to findings: each column by its rule, and the whole must be its own spelling. */
#include "finding/sheet.h"

static bool read_row(struct text t, struct finding *f) { return text_u64(t, &f->row) && f->row <= (uint64_t)1 << 53; }
static bool read_word(struct text t, struct finding *f) { return finding_read(t, &f->word); }
static bool read_count(struct text t, struct finding *f) {
    return !t.size || (text_u64(t, &f->count) && f->count != FINDING_NO_COUNT);
}
static bool read_first(struct text t, struct finding *f) { return !t.size || instant_read(t, &f->first_seen); }
static bool read_last(struct text t, struct finding *f) { return !t.size || instant_read(t, &f->last_seen); }
static bool read_upstream(struct text t, struct finding *f) {
    f->has_upstream = t.size > 0;
    return !t.size || ip_read(t, &f->upstream);
}
static bool read_note(struct text t, struct finding *f) {
    f->note = t;
    return true;
}

static const struct {
    const char *name, *expected;
    bool (*read)(struct text t, struct finding *f);
} columns[FINDING_COLUMNS] = {
    {"fact", N_("the number of a fact"), read_row},
    {"finding", N_("a finding, as “not-seen”"), read_word},
    {"count", N_("a number or nothing"), read_count},
    {"first_seen", N_("an RFC 3339 time with Z or nothing"), read_first},
    {"last_seen", N_("an RFC 3339 time with Z or nothing"), read_last},
    {"upstream_ip", N_("an IP address or nothing"), read_upstream},
    {"note", N_("a text"), read_note},
};

enum error finding_row_read(const struct text *fields, uint64_t line, struct finding *out, struct diag *d) {
    struct finding f = {.count = FINDING_NO_COUNT, .first_seen = INSTANT_NONE, .last_seen = INSTANT_NONE};
    for (size_t i = 0; i < FINDING_COLUMNS; i++)
        if (!columns[i].read(fields[i], &f))
            return fail_at(d, line, ERR_INPUT, _("column “%s”: expected %s, found “%.*s”"), columns[i].name,
                           gettext(columns[i].expected), (int)(fields[i].size < 60 ? fields[i].size : 60),
                           fields[i].at);
    if (!finding_holds(&f))
        return fail_at(d, line, ERR_INPUT, _("expected times in their order and a note of one line"));
    *out = f;
    return OK;
}

/* One spelling: what is read is written again and compared. */
static enum error check_spelling(struct findings f, struct bytes b, struct diag *d) {
    struct buf again = {.max = FINDINGS_MAX_BYTES};
    enum error result = findings_write(f, &again, d);
    if (!result && !text_equal(buf_as_text(&again), text_from_bytes(b)))
        result = fail(d, ERR_INPUT,
                      _("the findings are not in their own spelling: a value or a quote is written otherwise"));
    buf_free(&again);
    return result;
}

enum error findings_read(struct bytes b, struct arena *a, struct findings *out, struct diag *d) {
    struct text rest = text_from_bytes(b), fields[FINDING_COLUMNS];
    struct finding *all = NULL;
    size_t count = 0, room = 0, found;
    uint64_t line = 2;
    if (b.size > FINDINGS_MAX_BYTES) return fail(d, ERR_LIMIT, _("findings of more than %d bytes"), FINDINGS_MAX_BYTES);
    if (!text_skip(&rest, findings_header))
        return fail_at(d, 1, ERR_INPUT, _("expected “# parley findings v1” and the names of the columns"));
    for (;;) {
        enum error result = csv_row(&rest, a, fields, FINDING_COLUMNS, &found, &line, d);
        if (result == ERR_MISSING) break;
        if (!result && found != FINDING_COLUMNS)
            result = fail_at(d, line, ERR_INPUT, _("expected %d columns, found %zu"), FINDING_COLUMNS, found);
        if (result) return result;
        all = arena_grow(a, all, count, &room, sizeof *all);
        result = finding_row_read(fields, line, &all[count], d);
        if (!result && count && all[count].row <= all[count - 1].row)
            result = fail_at(d, line, ERR_INPUT, _("expected facts that ascend"));
        if (result) return result;
        count++;
    }
    enum error result = check_spelling((struct findings){all, count}, b, d);
    if (!result) *out = (struct findings){all, count};
    return result;
}

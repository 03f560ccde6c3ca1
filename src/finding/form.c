#include "finding/form.h"

#include "finding/sheet.h"

/* ---- writing */

static void put_guide(const struct blank_form *f, struct buf *out) {
    static const char *const lines[] = {
        N_("Write a finding into the second column; a fact without one stays unanswered."),
        N_("Count, times, upstream address and a note of one line may follow, or stay empty."),
        N_("Lines that begin with # are not sent."),
    };
    for (size_t i = 0; i < COUNT(lines); i++) buf_format(out, "# %s\n", gettext(lines[i]));
    if (f->suggested)
        buf_format(out, "# %s\n",
                   _("What stands after a question mark is a suggestion: take the mark away to make it your answer."));
    buf_string(out, "#\n");
    for (enum finding_word w = 0; w < FINDING_COUNT; w++)
        buf_format(out, "#   %-12s  %s\n", finding_name(w), gettext(finding_meaning(w)));
}

static void put_address(const char *word, bool known, struct ip ip, bool has_port, unsigned port, struct buf *out) {
    char written[IP_TEXT_MAX];
    if (!known && !has_port) return;
    buf_format(out, "; %s ", word);
    if (known) buf_text(out, ip_write(ip, written));
    if (has_port) buf_format(out, known && !ip_is_v4(ip) ? " port %u" : ":%u", port);
}

static void put_fact(const struct fact *f, size_t row, struct buf *out) {
    const struct text words[] = {f->object, f->protocol, f->event};
    buf_format(out, "#\n# %zu: ", row);
    if (f->first == INSTANT_NONE) buf_string(out, _("time unknown"));
    buf_instant(out, f->first);
    if (f->last != f->first && f->last != INSTANT_NONE) {
        buf_format(out, " %s ", _("to"));
        buf_instant(out, f->last);
    }
    put_address(_("from"), f->known & KNOWN_SRC, f->src, f->known & KNOWN_SRC_PORT, f->src_port, out);
    put_address(_("to"), f->known & KNOWN_DST, f->dst, f->known & KNOWN_DST_PORT, f->dst_port, out);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!words[i].size) continue;
        buf_string(out, "; ");
        buf_line(out, words[i]);
    }
    if (f->count != SHEET_NO_COUNT) buf_format(out, "; %s %llu", _("count"), (unsigned long long)f->count);
    buf_char(out, '\n');
}

void findings_form_write(const struct blank_form *f, struct buf *out) {
    size_t next = 0;
    buf_text(out, findings_header);
    put_guide(f, out);
    for (size_t row = 0; row < f->facts.count; row++) {
        put_fact(&f->facts.at[row], row, out);
        if (f->said && f->said[row] != FINDING_COUNT)
            buf_format(out, "# %s: %s\n", _("answered before"), finding_name(f->said[row]));
        while (next < f->given.count && f->given.at[next].row < row) next++;
        if (next < f->given.count && f->given.at[next].row == row)
            finding_row_write(&f->given.at[next], f->suggested ? "?" : "", out);
        else
            buf_format(out, "%zu,,,,,,\n", row);
    }
}

/* ---- reading */

struct reading {
    struct arena *arena;
    uint64_t rows, line;
    struct finding *all;
    size_t count, room;
    struct filled_form *out;
};

static void fault(struct reading *r, const char *words) {
    struct filled_form *f = r->out;
    if (f->fault_count == FORM_FAULTS_MAX) return;
    f->faults[f->fault_count++] = (struct form_fault){r->line, arena_text(r->arena, text_of(words))};
}

/* Into the columns of one row; false, and the fault is told, where it has no such form. */
static bool split(struct reading *r, struct text line, struct text *fields) {
    uint64_t lines = 0;
    size_t count = 0;
    struct diag why = {0};
    struct text rest = line;
    if (csv_row(&rest, r->arena, fields, FINDING_COLUMNS, &count, &lines, &why)) {
        fault(r, why.text);
        return false;
    }
    for (size_t i = count; i < FINDING_COLUMNS; i++) fields[i] = (struct text){0};
    for (size_t i = 0; i < FINDING_COLUMNS; i++) fields[i] = text_trim(fields[i]);
    return true;
}

static void keep(struct reading *r, const struct finding *f) {
    if (f->row >= r->rows) {
        fault(r, arena_format(r->arena, _("the sheet has no fact %llu"), (unsigned long long)f->row).at);
        return;
    }
    if (r->count && f->row <= r->all[r->count - 1].row) {
        fault(r, arena_format(r->arena, _("fact %llu stands after fact %llu: expected facts that ascend"),
                              (unsigned long long)f->row, (unsigned long long)r->all[r->count - 1].row)
                     .at);
        return;
    }
    r->all = arena_grow(r->arena, r->all, r->count, &r->room, sizeof *r->all);
    r->all[r->count++] = *f;
}

static bool says_nothing(const struct text *fields) {
    for (size_t i = 1; i < FINDING_COLUMNS; i++)
        if (fields[i].size) return false;
    return true;
}

static void read_line(struct reading *r, struct text line) {
    struct text fields[FINDING_COLUMNS];
    struct finding f;
    struct diag why = {0};
    uint64_t row;
    if (text_ends(line, TEXT("\r"))) line.size--;
    if (!text_trim(line).size || line.at[0] == '#' || text_is(line, FINDINGS_COLUMNS)) return;
    if (!split(r, line, fields)) return;
    if (text_u64(fields[0], &row) && says_nothing(fields)) return;
    if (text_starts(fields[1], TEXT("?"))) {
        r->out->unconfirmed++;
        return;
    }
    if (finding_row_read(fields, r->line, &f, &why))
        fault(r, why.text);
    else
        keep(r, &f);
}

enum error findings_form_read(struct bytes b, uint64_t rows, struct arena *a, struct filled_form *out, struct diag *d) {
    struct filled_form filled = {0};
    struct reading r = {.arena = a, .rows = rows, .out = &filled};
    struct text rest = text_from_bytes(b), line;
    if (b.size > FINDINGS_MAX_BYTES) return fail(d, ERR_LIMIT, _("findings of more than %d bytes"), FINDINGS_MAX_BYTES);
    while (rest.size) {
        if (!text_line(&rest, &line)) {
            line = rest;
            rest.size = 0;
        }
        r.line++;
        read_line(&r, line);
    }
    filled.findings = (struct findings){r.all, r.count};
    *out = filled;
    return OK;
}

/* What the numbers of a report are to be read with, as letters behind them and as the list that ends the page.
 *
 *     a        the unit, the period, the sheet
 *     b        what holds of all numbers by every table
 *     c, d, …  the marks that any row has
 *     A, B, …  the tables, and what holds of the numbers by that one alone */
#include "territory/origins_svg.h"

enum { LETTER_UNIT = 'a', LETTER_ALL, LETTER_MARKS, TEXT_AT = SVG_MARGIN + 16 };

static char mark_letter(const struct plot *p, unsigned mark) {
    char letter = LETTER_MARKS;
    for (unsigned i = 0; i < mark; i++)
        if (p->marks & 1u << i) letter++;
    return letter;
}

void svg_letters(const struct plot *p, const struct origin *row, size_t table, struct buf *out) {
    buf_char(out, LETTER_UNIT);
    buf_char(out, LETTER_ALL);
    for (unsigned i = 0; row && i < MARK_COUNT; i++)
        if (row->marks & 1u << i) buf_char(out, mark_letter(p, i));
    buf_char(out, svg_letter(table));
}

static bool holds_of_all(const struct plot *p, unsigned caveat) {
    for (size_t t = 0; t < p->count; t++)
        if (!(p->of[t].caveats & 1u << caveat)) return false;
    return true;
}

static void put_item(struct plot *p, char letter, struct buf *line) {
    const char at[] = {letter};
    svg_text(p, SVG_MARGIN, "small strong", (struct text){at, 1});
    svg_built(p, TEXT_AT, "small", line);
}

static void put_unit(struct plot *p) {
    static const char *const words[ORIGINS_UNITS] = {
        N_("Unit: sources, which are different source addresses"),
        N_("Unit: events, which are the sum of the counts of facts"),
        N_("Unit: targets, which are different destination addresses, or objects where a fact names none")};
    char hex[SHA256_HEX];
    struct buf line = {.max = 4096};
    buf_string(&line, gettext(words[p->of->options.unit]));
    if (p->of->total.first != INSTANT_NONE && p->of->total.last != INSTANT_NONE) {
        buf_format(&line, "; %s: ", _("period"));
        buf_instant(&line, p->of->total.first);
        buf_char(&line, '/');
        buf_instant(&line, p->of->total.last);
    }
    buf_format(&line, "; %s: %s.", _("sheet"), sha256_hex(&p->of->sheet, hex).at);
    put_item(p, LETTER_UNIT, &line);
}

/* The first line has said what CAVEAT_AUTHOR says. */
static void put_all(struct plot *p) {
    struct buf line = {.max = 1 << 14};
    buf_string(&line, _("Machines are rented, shared and taken over."));
    for (unsigned i = CAVEAT_AUTHOR + 1; i < CAVEAT_COUNT; i++)
        if (holds_of_all(p, i)) buf_format(&line, " %s", gettext(origins_caveats[i].sentence));
    put_item(p, LETTER_ALL, &line);
}

static void put_marks(struct plot *p) {
    for (unsigned i = 0; i < MARK_COUNT; i++) {
        struct buf line = {.max = 4096};
        if (!(p->marks & 1u << i)) continue;
        buf_format(&line, "%s: %s", gettext(origin_marks[i].word), gettext(origin_marks[i].sentence));
        put_item(p, mark_letter(p, i), &line);
    }
}

static void put_credits(const struct territory_meta *m, struct buf *line) {
    struct buf credits = {.max = 1 << 14};
    for (size_t i = 0; i < m->credit_count; i++) {
        if (i) buf_string(&credits, "; ");
        buf_line(&credits, m->credits[i]);
    }
    if (m->credit_count) {
        buf_char(line, ' ');
        buf_format(line, _("Data of the table %.*s: %.*s"), TEXT_ARG(m->name), TEXT_ARG(buf_as_text(&credits)));
    }
    buf_free(&credits);
}

/* "name, basis registry, of 2026-03-01T00:00:00Z, <sha256>", its caveats, and whose data it is made of */
static void put_table(struct plot *p, size_t table) {
    char hex[SHA256_HEX], time[INSTANT_TEXT_MAX];
    const struct territory_meta *m = &p->of[table].table->meta;
    struct buf line = {.max = 1 << 16};
    buf_line(&line, m->name);
    buf_string(&line, ", ");
    buf_format(&line, _("basis %.*s, of %.*s, %s"), TEXT_ARG(m->basis), TEXT_ARG(instant_write(m->date, time)),
               sha256_hex(&m->hash, hex).at);
    buf_char(&line, '.');
    for (unsigned i = 0; i < CAVEAT_COUNT; i++)
        if (p->of[table].caveats & 1u << i && !holds_of_all(p, i))
            buf_format(&line, " %s", gettext(origins_caveats[i].sentence));
    if (p->of->options.below) {
        buf_char(&line, ' ');
        origins_put_few(&p->of[table], &line);
        buf_char(&line, '.');
    }
    put_credits(m, &line);
    put_item(p, svg_letter(table), &line);
}

static void put_lists(struct plot *p) {
    const struct address_list *lists[] = {p->of->options.relays, p->of->options.shared};
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct buf line = {.max = 1 << 17};
        if (!lists[i]) continue;
        origins_put_list(p->of, i == 0, &line);
        svg_built(p, TEXT_AT, "small", &line);
    }
}

void svg_caveats(struct plot *p) {
    p->y += SVG_LINE;
    buf_format(p->out, "<path d=\"M%d %uH%d\" class=\"ink\"/>\n", SVG_MARGIN, p->y, SVG_RIGHT);
    p->y += SVG_LINE + 2;
    svg_open_text(p, SVG_MARGIN, p->y, "first");
    buf_string(p->out, "<tspan class=\"strong\">");
    buf_markup(p->out, text_of(_("The origin of traffic is not its author.")));
    buf_string(p->out, "</tspan> ");
    buf_markup(p->out, text_of(_("Read every number with the letters behind it:")));
    buf_string(p->out, "</text>\n");
    p->y += SVG_LINE + 2;
    put_unit(p);
    put_all(p);
    put_marks(p);
    for (size_t t = 0; t < p->count; t++) put_table(p, t);
    put_lists(p);
}

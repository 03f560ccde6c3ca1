/* Origins as SVG 1.1: rankings, and all that no number is shown without. */
#include "territory/origins_svg.h"

#include <string.h>

enum {
    SHOWN = 20, /* ranks in a ranking */
    LABEL_AT = 76,
    BAR_AT = 290,
    BAR_MAX = 300,
    COUNT_AT = 655,
    SHARE_AT = 715,
    LABEL_COLUMNS = 32,
    /* of text, in the width of the page */
    BOLD_COLUMNS = 114,
    LINE_COLUMNS = 122,
    SMALL_COLUMNS = 140
};

/* ---- text */

static const char *unit_words(enum origins_unit unit) {
    static const char *const words[ORIGINS_UNITS] = {N_("sources"), N_("events"), N_("targets")};
    return gettext(words[unit]);
}

static void put_share(uint64_t ppm, struct buf *out) {
    buf_format(out, "%u.%u %%", (unsigned)(ppm / 10000), (unsigned)(ppm / 1000 % 10));
}

void svg_open_text(struct plot *p, unsigned x, const char *class) {
    buf_format(p->out, "<text x=\"%u\" y=\"%u\"%s%s%s>", x, p->y, class ? " class=\"" : "", class ? class : "",
               class ? "\"" : "");
}

void svg_text(struct plot *p, unsigned x, const char *class, struct text t) {
    svg_open_text(p, x, class);
    buf_markup(p->out, t);
    buf_string(p->out, "</text>\n");
}

/* The longest front of words that fits so many columns; a longer word is cut at a character. */
static struct text take_line(struct text *rest, size_t most) {
    size_t end = 0, columns = 0, blank = 0;
    for (; end < rest->size && columns < most; columns++) {
        if (rest->at[end] == ' ') blank = end;
        for (end++; end < rest->size && ((uint8_t)rest->at[end] & 0xc0) == 0x80; end++) continue;
    }
    if (end < rest->size && blank) end = blank;
    struct text line = text_sub(*rest, 0, end);
    *rest = text_trim(text_sub(*rest, end, rest->size));
    return line;
}

static void svg_lines(struct plot *p, const char *class, struct text t) {
    bool small = class && !strcmp(class, "small"), bold = class && !strcmp(class, "table");
    while (t.size) {
        p->y += SVG_LINE;
        svg_text(p, SVG_MARGIN, class, take_line(&t, small ? SMALL_COLUMNS : bold ? BOLD_COLUMNS : LINE_COLUMNS));
    }
}

void svg_built(struct plot *p, const char *class, struct buf *line) {
    svg_lines(p, class, buf_as_text(line));
    buf_free(line);
}

/* ---- what stands above */

/* "A: name, basis registry, of 2026-03-01T00:00:00Z, <sha256>" */
static void name_table(const struct plot *p, struct buf *line) {
    char hex[SHA256_HEX], time[INSTANT_TEXT_MAX];
    const struct territory_meta *m = &p->of->table->meta;
    if (p->count > 1) buf_format(line, "%c: ", (int)('A' + p->table));
    buf_line(line, m->name);
    buf_string(line, ", ");
    buf_format(line, _("basis %.*s, of %.*s, %s"), TEXT_ARG(m->basis), TEXT_ARG(instant_write(m->date, time)),
               sha256_hex(&m->hash, hex).at);
}

void svg_what(const struct plot *p, struct buf *line) {
    buf_format(line, "%s: %s", _("unit counted"), unit_words(p->of->options.unit));
    buf_format(line, "; %s: ", _("table"));
    name_table(p, line);
}

static const char *heading(const struct origins *o) {
    return o->options.by == ORIGINS_BY_AS ? _("Origins by network") : _("Origins by country");
}

static void put_head(struct plot *p) {
    char hex[SHA256_HEX];
    struct buf line = {.max = 4096};
    const uint64_t *total = p->of->total.counts;
    p->y = SVG_MARGIN + SVG_LINE;
    svg_text(p, SVG_MARGIN, "head", text_of(heading(p->of)));
    buf_format(&line, _("sources: %llu, events: %llu, targets: %llu; facts: %llu"),
               (unsigned long long)total[ORIGINS_SOURCES], (unsigned long long)total[ORIGINS_EVENTS],
               (unsigned long long)total[ORIGINS_TARGETS], (unsigned long long)p->of->total.facts);
    if (p->of->total.first != INSTANT_NONE && p->of->total.last != INSTANT_NONE) {
        buf_format(&line, "; %s: ", _("period"));
        buf_instant(&line, p->of->total.first);
        buf_char(&line, '/');
        buf_instant(&line, p->of->total.last);
    }
    svg_built(p, NULL, &line);
    buf_format(&line, "%s: %s", _("sheet"), sha256_hex(&p->of->sheet, hex).at);
    svg_built(p, "small", &line);
}

/* ---- a ranking */

static void put_marks(struct plot *p, const struct origin *row) {
    bool first = true;
    if (!row->marks) return;
    svg_open_text(p, SVG_WIDTH - SVG_MARGIN, "marks");
    for (unsigned i = 0; i < MARK_COUNT; i++) {
        if (!(row->marks & 1u << i)) continue;
        if (!first) buf_string(p->out, ", ");
        first = false;
        buf_markup(p->out, text_of(gettext(origin_marks[i].word)));
    }
    buf_string(p->out, "</text>\n");
}

/* What a screen reader says of a row, and a pointer over it shows. */
static void put_row_title(struct plot *p, const struct origin *row) {
    struct buf line = {.max = 4096};
    buf_string(p->out, "<title>");
    buf_line(&line, origin_label(p->of, row));
    buf_format(&line, ": %llu (", (unsigned long long)row->counts[p->of->options.unit]);
    put_share(row->share_ppm, &line);
    buf_string(&line, "); ");
    svg_what(p, &line);
    buf_markup(p->out, buf_as_text(&line));
    buf_string(p->out, "</title>\n");
    buf_free(&line);
}

static void put_row(struct plot *p, const struct origin *row, uint64_t most) {
    char name[ORIGIN_NAME_MAX];
    uint64_t count = row->counts[p->of->options.unit];
    double width = most ? (double)count * BAR_MAX / (double)most : 0;
    p->y += SVG_ROW;
    buf_string(p->out, "<g>");
    put_row_title(p, row);
    if (row->rank) {
        svg_open_text(p, SVG_MARGIN + 24, "right");
        buf_format(p->out, "%llu</text>\n", (unsigned long long)row->rank);
        svg_text(p, SVG_MARGIN + 30, "code", row->as ? (struct text){0} : origin_name(row, name));
    }
    struct text label = origin_label(p->of, row);
    svg_text(p, LABEL_AT + 6, NULL, take_line(&label, LABEL_COLUMNS));
    buf_format(p->out, "<rect x=\"%d\" y=\"%u\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n", BAR_AT, p->y - 12,
               width > 0.5 || !count ? width : 0.5, SVG_ROW - 6, row->rank ? "bar" : "other");
    svg_open_text(p, COUNT_AT, "right");
    buf_format(p->out, "%llu</text>\n", (unsigned long long)count);
    svg_open_text(p, SHARE_AT, "right");
    put_share(row->share_ppm, p->out);
    buf_string(p->out, "</text>\n");
    put_marks(p, row);
    buf_string(p->out, "</g>\n");
}

static uint64_t most_of(const struct origins *o) {
    uint64_t most = 0;
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].counts[o->options.unit] > most) most = o->at[i].counts[o->options.unit];
    return most;
}

static void put_table(struct plot *p) {
    struct buf line = {.max = 4096};
    p->y += SVG_LINE;
    svg_what(p, &line);
    svg_built(p, "table", &line);
}

/* The first ranks, and all that has none. */
static void put_ranking(struct plot *p) {
    const struct origins *o = p->of;
    struct buf line = {.max = 4096};
    p->y += SVG_LINE / 2;
    for (size_t i = 0; i < o->count; i++)
        if (i < SHOWN || i >= o->ranked) put_row(p, &o->at[i], most_of(o));
    if (o->ranked <= SHOWN) return;
    buf_format(&line, _n("and %zu more with a rank", "and %zu more with ranks", o->ranked - SHOWN),
               (size_t)(o->ranked - SHOWN));
    svg_built(p, "small", &line);
}

/* ---- what stands below */

static void put_caveats(struct plot *p, const struct origins *of) {
    p->y += SVG_LINE;
    for (unsigned i = 0; i < CAVEAT_COUNT; i++) {
        struct buf line = {.max = 4096};
        size_t holds = 0;
        for (size_t t = 0; t < p->count; t++) holds += (of[t].caveats & 1u << i) != 0;
        if (!holds) continue;
        buf_format(&line, "• %s", gettext(origins_caveats[i].sentence));
        for (size_t t = 0; t < p->count && holds < p->count; t++)
            if (of[t].caveats & 1u << i) buf_format(&line, " (%c)", (int)('A' + t));
        svg_built(p, NULL, &line);
    }
}

static void put_legend(struct plot *p, const struct origins *of) {
    unsigned marks = 0;
    for (size_t t = 0; t < p->count; t++)
        for (size_t i = 0; i < of[t].count; i++) marks |= of[t].at[i].marks;
    for (unsigned i = 0; i < MARK_COUNT; i++) {
        struct buf line = {.max = 4096};
        if (!(marks & 1u << i)) continue;
        buf_format(&line, "%s: %s", gettext(origin_marks[i].word), gettext(origin_marks[i].sentence));
        svg_built(p, "small", &line);
    }
}

/* What the marks rest on, and what was put together. */
static void put_lists(struct plot *p) {
    const struct origins_options *o = &p->of->options;
    const struct address_list *lists[] = {o->relays, o->shared};
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct buf line = {.max = 1 << 17};
        if (!lists[i]) continue;
        origins_put_list(p->of, i == 0, &line);
        svg_built(p, "small", &line);
    }
    for (size_t t = 0; o->below && t < p->count; t++) {
        struct buf line = {.max = 4096};
        origins_put_few(&p->of[t], &line);
        if (p->count > 1) buf_format(&line, " (%c)", (int)('A' + t));
        svg_built(p, "small", &line);
    }
}

static void put_credits(struct plot *p, const struct origins *of) {
    for (size_t t = 0; t < p->count; t++)
        for (size_t i = 0; i < of[t].table->meta.credit_count; i++) {
            struct buf line = {.max = 4096};
            const struct territory_meta *m = &of[t].table->meta;
            buf_format(&line, _("Data of the table %.*s: %.*s"), TEXT_ARG(m->name), TEXT_ARG(m->credits[i]));
            svg_built(p, "small", &line);
        }
}

static void describe(struct plot *p) {
    enum { NAMED = 5 };
    struct buf line = {.max = 4096};
    svg_what(p, &line);
    for (size_t i = 0; i < p->of->ranked && i < NAMED; i++) {
        buf_format(&line, "; %llu: ", (unsigned long long)p->of->at[i].rank);
        buf_line(&line, origin_label(p->of, &p->of->at[i]));
        buf_format(&line, " %llu", (unsigned long long)p->of->at[i].counts[p->of->options.unit]);
    }
    buf_format(&line, ". %s", gettext(origins_caveats[CAVEAT_AUTHOR].sentence));
    buf_markup(p->out, buf_as_text(&line));
    buf_free(&line);
}

/* How tall it is comes first in the file, and is known last. */
void origins_svg(const struct origins *of, size_t count, struct buf *out) {
    static const char style[] =
        "<style>text{font:13px sans-serif;fill:#1a1a1a}.head{font-size:20px;font-weight:bold}.table{font-weight:bold}"
        ".small,.marks{font-size:12px;fill:#333}.marks,.right{text-anchor:end}.code{font-weight:bold}"
        ".bar{fill:#35699c}.other{fill:#9a9a9a}.sea{fill:#fff;stroke:#999}.land{stroke:#777;stroke-width:1}"
        ".no{fill:#fff}.s0{fill:#d3e2f0}.s1{fill:#a6c4e0}.s2{fill:#6d9dc8}.s3{fill:#35699c}.s4{fill:#0f3358}"
        ".hatch{fill:url(#hatch)}.dot{stroke:#333;stroke-width:1.5}.way{stroke:#1a1a1a;stroke-width:.7}"
        ".place{fill:#fff;stroke:#1a1a1a}.number{font-size:10px;font-weight:bold;text-anchor:middle}"
        ".key{stroke:#777}</style>\n";
    struct buf body = {.max = out->max};
    struct plot p = {.of = of, .count = count, .out = &body};
    put_head(&p);
    for (; p.table < count; p.table++) {
        p.of = &of[p.table];
        put_table(&p);
        if (p.of->options.by == ORIGINS_BY_COUNTRY) svg_map(&p);
        put_ranking(&p);
    }
    put_caveats(&p, of);
    put_legend(&p, of);
    p.of = of;
    p.table = 0;
    put_lists(&p);
    put_credits(&p, of);
    p = (struct plot){.of = of, .count = count, .y = p.y, .out = out};
    buf_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 "
               "%d %u\" width=\"%d\" height=\"%u\" role=\"img\" "
               "aria-labelledby=\"title desc\">\n<title id=\"title\">",
               SVG_WIDTH, p.y + SVG_MARGIN, SVG_WIDTH, p.y + SVG_MARGIN);
    buf_markup(out, text_of(heading(of)));
    buf_string(out, "</title>\n<desc id=\"desc\">");
    describe(&p);
    buf_format(out, "</desc>\n%s", style);
    if (of->options.by == ORIGINS_BY_COUNTRY) svg_map_shapes(out);
    buf_string(out, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    buf_bytes(out, buf_as_bytes(&body));
    buf_string(out, "</svg>\n");
    out->failed |= body.failed;
    buf_free(&body);
}

/* Origins as SVG 1.1, a page for a report: map, ranking, small multiples, and all that no number is shown without. */
#include "territory/origins_svg.h"

enum {
    LINE_COLUMNS = 112, /* of text, in the width of the page */
    PAGE_WIDTH = 190,   /* mm: what A4 leaves between margins of 10 */
    PAGE_HEIGHT = 277
};

/* ---- text */

uint64_t svg_count(const struct plot *p, const struct origin *row) {
    return row ? row->counts[p->of->options.unit] : 0;
}

const struct origin *svg_same(const struct origins *o, const struct origin *row) {
    char name[ORIGIN_NAME_MAX];
    return o ? origins_find(o, origin_name(row, name)) : NULL;
}

bool svg_is_asked(const struct plot *p, struct origin_pair pair) {
    char name[ORIGIN_NAME_MAX];
    return p->asked.size && text_equal(p->asked, origin_name(pair.a ? pair.a : pair.b, name));
}

void svg_open_text(struct plot *p, double x, double y, const char *class) {
    buf_format(p->out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
}

void svg_text(struct plot *p, double x, const char *class, struct text t) {
    svg_open_text(p, x, p->y, class);
    buf_markup(p->out, t);
    buf_string(p->out, "</text>\n");
}

/* The end of the front that has so many columns. */
static size_t front_of(struct text t, size_t columns) {
    size_t end = 0;
    while (end < t.size) {
        size_t next = end + 1;
        while (next < t.size && ((uint8_t)t.at[next] & 0xc0) == 0x80) next++;
        if (text_columns(text_sub(t, 0, next)) > columns) break;
        end = next;
    }
    return end;
}

static void put_cut(struct text t, size_t columns, struct buf *out) {
    if (text_columns(t) <= columns) {
        buf_line(out, t);
        return;
    }
    buf_line(out, text_trim(text_sub(t, 0, front_of(t, columns - 1))));
    buf_string(out, "…");
}

/* A page says "no territory" where a table of the terminal has room for more words. */
void svg_label(const struct plot *p, struct origin_pair pair, size_t columns, struct buf *name) {
    const struct origin *row = pair.a ? pair.a : pair.b;
    const struct origins *o = pair.a ? p->of : svg_b(p);
    struct buf whole = {.max = 4096};
    buf_clear(name);
    if (!country_is_none(row->code))
        buf_format(&whole, _("%.2s, no country"), row->code.at);
    else if (row->kind == ORIGIN_NONE && p->of->options.by == ORIGINS_BY_COUNTRY)
        buf_string(&whole, _("no territory"));
    else {
        if (row->as) buf_format(&whole, "AS%u ", row->as);
        buf_line(&whole, origin_label(o, row));
    }
    put_cut(buf_as_text(&whole), columns, name);
    buf_free(&whole);
}

/* The longest front of words that fits so many columns; a longer word is cut at a character. */
static struct text take_line(struct text *rest, size_t columns) {
    size_t end = front_of(*rest, columns);
    for (size_t i = end; end < rest->size && i-- > 0;)
        if (rest->at[i] == ' ') {
            end = i;
            break;
        }
    struct text line = text_sub(*rest, 0, end);
    *rest = text_trim(text_sub(*rest, end, rest->size));
    return line;
}

void svg_built(struct plot *p, unsigned x, const char *class, struct buf *line) {
    struct text rest = buf_as_text(line);
    while (rest.size) {
        svg_text(p, x, class, take_line(&rest, LINE_COLUMNS));
        p->y += SVG_LINE - 2;
    }
    p->y += 2;
    buf_free(line);
}

void svg_number(struct plot *p, double x, const struct origin *row, size_t table, const char *class) {
    struct buf letters = {.max = 64};
    svg_open_text(p, x, p->y, class);
    buf_format(p->out, "%llu</text>", (unsigned long long)svg_count(p, row));
    svg_letters(p, row, table, &letters);
    svg_open_text(p, x + 1, p->y - 4, "up");
    buf_text(p->out, buf_as_text(&letters));
    buf_string(p->out, "</text>\n");
    buf_free(&letters);
}

/* ---- the page */

const char *origins_heading(const struct origins *o) {
    return o->options.by == ORIGINS_BY_AS ? _("Origins by network") : _("Origins by country");
}

static void put_head(struct plot *p) {
    struct buf line = {.max = 4096};
    const uint64_t *total = p->of->total.counts;
    p->y = SVG_MARGIN + 16;
    svg_text(p, SVG_MARGIN, "head", text_of(origins_heading(p->of)));
    buf_format(&line, _("sources: %llu, events: %llu, targets: %llu; facts: %llu"),
               (unsigned long long)total[ORIGINS_SOURCES], (unsigned long long)total[ORIGINS_EVENTS],
               (unsigned long long)total[ORIGINS_TARGETS], (unsigned long long)p->of->total.facts);
    p->y += 22;
    svg_text(p, SVG_MARGIN, "less", buf_as_text(&line));
    buf_free(&line);
}

static void put_body(struct plot *p) {
    put_head(p);
    for (p->other = p->count > 1; p->other < p->count; p->other++) {
        if (p->of->options.by == ORIGINS_BY_COUNTRY) svg_map(p);
        svg_ranking(p);
        if (!p->other) break;
    }
    p->other = p->count > 1;
    svg_multiples(p);
    svg_caveats(p);
}

/* For those who don't see it, and first in the file. */
static void describe(const struct plot *p, struct buf *out) {
    enum { NAMED = 8, COLUMNS = 60 };
    struct buf line = {.max = 1 << 16}, name = {.max = 4096};
    for (size_t i = 0; i < p->of->ranked && i < NAMED; i++) {
        const struct origin *row = &p->of->at[i];
        svg_label(p, (struct origin_pair){row, NULL}, COLUMNS, &name);
        buf_line(&line, buf_as_text(&name));
        for (size_t t = 0; t < p->count; t++) {
            const struct origin *same = t ? svg_same(&p->of[t], row) : row;
            buf_string(&line, t ? "; " : ": ");
            if (!same || !same->rank)
                buf_format(&line, _("no rank by table %c"), svg_letter(t));
            else
                buf_format(&line, _("rank %llu by table %c with %llu"), (unsigned long long)same->rank, svg_letter(t),
                           (unsigned long long)svg_count(p, same));
        }
        buf_string(&line, ". ");
    }
    buf_string(&line, gettext(origins_caveats[CAVEAT_AUTHOR].sentence));
    buf_markup(out, buf_as_text(&line));
    buf_free(&line);
    buf_free(&name);
}

/* In millimetres, so that it prints on one sheet of A4; more than two tables may take several. */
static void put_size(const struct plot *p, unsigned height, struct buf *out) {
    double width = PAGE_WIDTH, fits = (double)PAGE_HEIGHT * SVG_WIDTH / height;
    if (fits < width && p->count <= 2) width = fits;
    buf_format(out, "viewBox=\"0 0 %d %u\" width=\"%.2fmm\" height=\"%.2fmm\"", SVG_WIDTH, height, width,
               width * height / SVG_WIDTH);
}

static unsigned marks_of(const struct plot *p) {
    unsigned marks = 0;
    for (size_t t = 0; t < p->count; t++)
        for (size_t i = 0; i < p->of[t].count; i++) marks |= p->of[t].at[i].marks;
    return marks;
}

static const char style[] =
    "text{font:12px system-ui,\"Noto Sans\",\"Liberation Sans\",\"DejaVu Sans\",sans-serif;fill:#16191d}"
    ".head{font-size:20px;font-weight:600}.part{font-size:14px;font-weight:600}.asked,.strong{font-weight:600}"
    ".small,.up,.name{font-size:11px}.up{font-size:9px;fill:#43494f}.less{fill:#5c636a}.end{text-anchor:end}"
    ".name{font-weight:600;text-anchor:middle;stroke:#fff;stroke-width:3;stroke-linejoin:round;paint-order:stroke}"
    ".left{text-anchor:start}.right{text-anchor:end}"
    ".sea{fill:#f9f9f6;stroke:#b7bbb6;stroke-width:2}.land,.islet{fill:#e6e8e2;stroke:#fff;stroke-width:2}"
    ".coast{stroke:#b7bbb6;stroke-width:5}.islet{stroke:#b7bbb6;stroke-width:.8}"
    ".a{fill:#43494f;fill-opacity:.82}.b{fill:none;stroke:#fff}.differ{stroke:#8a4700}"
    ".way{fill:none;stroke:#b7bbb6;stroke-width:1.4}.moved{stroke:#16191d;stroke-width:1.8}"
    ".way.asked{stroke:#16191d;stroke-width:3}.knot{fill:#737a81}.knot.moved,.knot.asked{fill:#16191d;stroke:none}"
    ".rule{stroke:#e0e2dd}.ink{stroke:#16191d;stroke-width:2}.bar{fill:#9aa09f}.bar.asked{fill:#16191d}";

/* How tall it is comes first in the file, and is known last. */
static void put_svg(const struct origins *of, size_t count, struct text asked, bool alone, struct buf *out) {
    struct buf body = {.max = out->max};
    struct plot p = {.of = of, .count = count, .asked = asked, .out = &body};
    p.marks = marks_of(&p);
    put_body(&p);
    buf_string(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" ");
    put_size(&p, p.y + SVG_MARGIN, out);
    buf_string(out, " role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">");
    buf_markup(out, text_of(origins_heading(of)));
    buf_string(out, "</title>\n<desc id=\"desc\">");
    describe(&p, out);
    buf_format(out, "</desc>\n<style>%s%s</style>\n", alone ? "@page{size:A4;margin:10mm}" : "", style);
    if (of->options.by == ORIGINS_BY_COUNTRY) svg_map_shapes(out);
    buf_string(out, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    buf_bytes(out, buf_as_bytes(&body));
    buf_string(out, "</svg>\n");
    out->failed |= body.failed;
    buf_free(&body);
}

void origins_svg(const struct origins *of, size_t count, struct text asked, struct buf *out) {
    put_svg(of, count, asked, true, out);
}

void origins_figure(const struct origins *of, size_t count, struct text asked, struct buf *out) {
    put_svg(of, count, asked, false, out);
}

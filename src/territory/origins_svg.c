/* Origins as SVG 1.1: rankings, maps of equal squares, and all that no number is shown without. */
#include "territory/origins.h"
#include "territory/origins_tiles.h"

enum {
    WIDTH = 900,
    MARGIN = 20,
    LINE = 18,
    ROW = 20,
    SHOWN = 20, /* ranks in a ranking */
    LABEL_AT = 70,
    BAR_AT = 290,
    BAR_MAX = 300,
    COUNT_AT = 655,
    SHARE_AT = 715,
    LABEL_COLUMNS = 32,
    TILE = 30,
    LINE_COLUMNS = 122 /* of text, in the width of the page */
};

struct plot {
    const struct origins *of; /* the one that is drawn */
    size_t count, table;      /* how many there are, and which it is */
    unsigned y;
    struct buf *out;
};

/* ---- text */

static const char *unit_words(enum origins_unit unit) {
    static const char *const words[ORIGINS_UNITS] = {N_("sources"), N_("events"), N_("targets")};
    return gettext(words[unit]);
}

static void put_share(uint64_t ppm, struct buf *out) {
    buf_format(out, "%u.%u %%", (unsigned)(ppm / 10000), (unsigned)(ppm / 1000 % 10));
}

static void open_text(struct plot *p, unsigned x, const char *class) {
    buf_format(p->out, "<text x=\"%u\" y=\"%u\"%s%s%s>", x, p->y, class ? " class=\"" : "", class ? class : "",
               class ? "\"" : "");
}

static void put_text(struct plot *p, unsigned x, const char *class, struct text t) {
    open_text(p, x, class);
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

static void put_lines(struct plot *p, const char *class, struct text t) {
    while (t.size) {
        p->y += LINE;
        put_text(p, MARGIN, class, take_line(&t, LINE_COLUMNS));
    }
}

static void put_built(struct plot *p, const char *class, struct buf *line) {
    put_lines(p, class, buf_as_text(line));
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

static void put_what(const struct plot *p, struct buf *line) {
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
    p->y = MARGIN + LINE;
    put_text(p, MARGIN, "head", text_of(heading(p->of)));
    buf_format(&line, _("sources: %llu, events: %llu, targets: %llu; facts: %llu"),
               (unsigned long long)total[ORIGINS_SOURCES], (unsigned long long)total[ORIGINS_EVENTS],
               (unsigned long long)total[ORIGINS_TARGETS], (unsigned long long)p->of->total.facts);
    if (p->of->total.first != INSTANT_NONE && p->of->total.last != INSTANT_NONE) {
        buf_format(&line, "; %s: ", _("period"));
        buf_instant(&line, p->of->total.first);
        buf_char(&line, '/');
        buf_instant(&line, p->of->total.last);
    }
    put_built(p, NULL, &line);
    buf_format(&line, "%s: %s", _("sheet"), sha256_hex(&p->of->sheet, hex).at);
    put_built(p, "small", &line);
}

/* ---- a ranking */

static void put_marks(struct plot *p, const struct origin *row) {
    bool first = true;
    if (!row->marks) return;
    open_text(p, WIDTH - MARGIN, "marks");
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
    put_what(p, &line);
    buf_markup(p->out, buf_as_text(&line));
    buf_string(p->out, "</title>\n");
    buf_free(&line);
}

static void put_row(struct plot *p, const struct origin *row, uint64_t most) {
    char name[ORIGIN_NAME_MAX];
    uint64_t count = row->counts[p->of->options.unit];
    double width = most ? (double)count * BAR_MAX / (double)most : 0;
    p->y += ROW;
    buf_string(p->out, "<g>");
    put_row_title(p, row);
    if (row->rank) {
        open_text(p, MARGIN + 24, "right");
        buf_format(p->out, "%llu</text>\n", (unsigned long long)row->rank);
        put_text(p, MARGIN + 30, "code", row->as ? (struct text){0} : origin_name(row, name));
    }
    struct text label = origin_label(p->of, row);
    put_text(p, LABEL_AT + 6, NULL, take_line(&label, LABEL_COLUMNS));
    buf_format(p->out, "<rect x=\"%d\" y=\"%u\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n", BAR_AT, p->y - 12,
               width > 0.5 || !count ? width : 0.5, ROW - 6, row->rank ? "bar" : "other");
    open_text(p, COUNT_AT, "right");
    buf_format(p->out, "%llu</text>\n", (unsigned long long)count);
    open_text(p, SHARE_AT, "right");
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

/* The first ranks, and all that has none. */
static void put_ranking(struct plot *p) {
    const struct origins *o = p->of;
    struct buf line = {.max = 4096};
    p->y += LINE;
    put_what(p, &line);
    put_built(p, "table", &line);
    for (size_t i = 0; i < o->count; i++)
        if (i < SHOWN || i >= o->ranked) put_row(p, &o->at[i], most_of(o));
    if (o->ranked <= SHOWN) return;
    buf_format(&line, _n("and %zu more with a rank", "and %zu more with ranks", o->ranked - SHOWN),
               (size_t)(o->ranked - SHOWN));
    put_built(p, "small", &line);
}

/* ---- a map */

/* By share of what was counted: the same in every report, so that two can be laid side by side. */
static const struct step {
    uint64_t from_ppm;
    const char *words;
} steps[] = {{0, "< 0.1 %"}, {1000, "< 1 %"}, {10000, "< 5 %"}, {50000, "< 20 %"}, {200000, "≥ 20 %"}};

static unsigned step_of(const struct origin *row) {
    unsigned step = 0;
    while (step + 1 < COUNT(steps) && row->share_ppm >= steps[step + 1].from_ppm) step++;
    return step;
}

static const struct origin *row_of(const struct origins *o, struct country c) {
    for (size_t i = 0; i < o->ranked; i++)
        if (country_equal(o->at[i].country, c)) return &o->at[i];
    return NULL;
}

static void put_tile(struct plot *p, unsigned row, unsigned column) {
    struct country c = tile_country(row, column);
    unsigned x = MARGIN + column * TILE, y = p->y + row * TILE;
    if (country_is_none(c)) return;
    const struct origin *counted = row_of(p->of, c);
    buf_string(p->out, "<g>");
    if (counted) put_row_title(p, counted);
    buf_format(p->out, "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" class=\"", x, y, TILE - 2, TILE - 2);
    buf_format(p->out, counted ? "s%u" : "none", counted ? step_of(counted) : 0);
    buf_format(p->out, "\"/><text x=\"%u\" y=\"%u\" class=\"tile%s\">%.2s</text></g>\n", x + TILE / 2 - 1, y + 18,
               counted && step_of(counted) > 2 ? " light"
               : counted                       ? ""
                                               : " pale",
               c.at);
}

static void put_key(struct plot *p) {
    unsigned x = MARGIN;
    p->y += LINE;
    for (unsigned i = 0; i < COUNT(steps); i++, x += 90) {
        buf_format(p->out, "<rect x=\"%u\" y=\"%u\" width=\"14\" height=\"14\" class=\"s%u\"/>\n", x, p->y - 12, i);
        put_text(p, x + 20, "small", text_of(steps[i].words));
    }
    buf_format(p->out, "<rect x=\"%u\" y=\"%u\" width=\"14\" height=\"14\" class=\"none\"/>\n", x, p->y - 12);
    put_text(p, x + 20, "small", text_of(_("none counted")));
}

static void put_map(struct plot *p) {
    struct buf line = {.max = 4096};
    p->y += LINE;
    buf_format(&line, "%s ", _("Shares on a map of equal squares, without borders;"));
    put_what(p, &line);
    put_built(p, "table", &line);
    p->y += LINE / 2;
    for (unsigned row = 0; row < TILE_ROWS; row++)
        for (unsigned column = 0; column < TILE_COLUMNS; column++) put_tile(p, row, column);
    p->y += TILE_ROWS * TILE;
    put_key(p);
}

/* ---- what stands below */

static void put_caveats(struct plot *p, const struct origins *of) {
    p->y += LINE;
    for (unsigned i = 0; i < CAVEAT_COUNT; i++) {
        struct buf line = {.max = 4096};
        size_t holds = 0;
        for (size_t t = 0; t < p->count; t++) holds += (of[t].caveats & 1u << i) != 0;
        if (!holds) continue;
        buf_format(&line, "• %s", gettext(origins_caveats[i].sentence));
        for (size_t t = 0; t < p->count && holds < p->count; t++)
            if (of[t].caveats & 1u << i) buf_format(&line, " (%c)", (int)('A' + t));
        put_built(p, NULL, &line);
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
        put_built(p, "small", &line);
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
        put_built(p, "small", &line);
    }
    for (size_t t = 0; o->below && t < p->count; t++) {
        struct buf line = {.max = 4096};
        origins_put_few(&p->of[t], &line);
        if (p->count > 1) buf_format(&line, " (%c)", (int)('A' + t));
        put_built(p, "small", &line);
    }
}

static void put_credits(struct plot *p, const struct origins *of) {
    for (size_t t = 0; t < p->count; t++)
        for (size_t i = 0; i < of[t].table->meta.credit_count; i++) {
            struct buf line = {.max = 4096};
            const struct territory_meta *m = &of[t].table->meta;
            buf_format(&line, _("Data of the table %.*s: %.*s"), TEXT_ARG(m->name), TEXT_ARG(m->credits[i]));
            put_built(p, "small", &line);
        }
}

static void describe(struct plot *p) {
    enum { NAMED = 5 };
    struct buf line = {.max = 4096};
    put_what(p, &line);
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
        ".small,.marks{font-size:11px;fill:#444}.marks,.right{text-anchor:end}.code{font-weight:bold}"
        ".tile{font-size:11px;text-anchor:middle}.pale{fill:#8a8a8a}.light{fill:#fff}.bar{fill:#2b5c8a}"
        ".other{fill:#9a9a9a}.none{fill:#f4f4f4;stroke:#d0d0d0}.s0{fill:#dce9f5}.s1{fill:#a9cce8}.s2{fill:#6aa3d0}"
        ".s3{fill:#2b6ca5}.s4{fill:#123d66}</style>\n";
    struct buf body = {.max = out->max};
    struct plot p = {.of = of, .count = count, .out = &body};
    put_head(&p);
    for (; p.table < count; p.table++) {
        p.of = &of[p.table];
        put_ranking(&p);
        if (p.of->options.by == ORIGINS_BY_COUNTRY) put_map(&p);
    }
    put_caveats(&p, of);
    put_legend(&p, of);
    p.of = of;
    p.table = 0;
    put_lists(&p);
    put_credits(&p, of);
    p = (struct plot){.of = of, .count = count, .y = p.y, .out = out};
    buf_format(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %u\" width=\"%d\" height=\"%u\" role=\"img\" "
        "aria-labelledby=\"title desc\">\n<title id=\"title\">",
        WIDTH, p.y + MARGIN, WIDTH, p.y + MARGIN);
    buf_markup(out, text_of(heading(of)));
    buf_string(out, "</title>\n<desc id=\"desc\">");
    describe(&p);
    buf_format(out, "</desc>\n%s<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", style);
    buf_bytes(out, buf_as_bytes(&body));
    buf_string(out, "</svg>\n");
    out->failed |= body.failed;
    buf_free(&body);
}

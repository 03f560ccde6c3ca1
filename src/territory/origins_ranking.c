/* The rankings of a report: a slope between two tables, bars by one, and the same origins by each unit. */
#include "territory/origins_svg.h"

enum {
    FIRST = 10, /* ranks by each table */
    BARS = 16,
    LINES = 2 * FIRST + 1,
    OTHERS = 32, /* rows without a rank */
    RANK_AT = 38,
    NAME_AT = 46,
    NAME_COLUMNS = 23,
    OTHER_COLUMNS = 28,
    A_AT = 272,
    FROM = 326,
    TO = 412,
    B_AT = 474,
    OTHER_NAME_AT = 526,
    BAR_AT = 262,
    BAR_MAX = 290,
    COUNT_AT = 634,
    BAR_NAME_COLUMNS = 32
};

struct lines {
    struct origin_pair at[LINES];
    size_t count;
    size_t place[LINES]; /* by the other table, from the top */
};

/* ---- which are shown */

static void add_line(struct lines *l, struct origin_pair pair, size_t room) {
    for (size_t i = 0; i < l->count; i++)
        if (l->at[i].a == pair.a && l->at[i].b == pair.b) return;
    if (l->count < room) l->at[l->count++] = pair;
}

static struct origin_pair pair_of(const struct plot *p, const struct origin *row, bool is_a) {
    return is_a ? (struct origin_pair){row, svg_same(svg_b(p), row)} : (struct origin_pair){svg_same(p->of, row), row};
}

/* Those that a table has stand in its order above those it lacks. */
static bool is_after(const struct origin *one, const struct origin *other) {
    return !one ? other != NULL : other && one > other;
}

static void sort_by_a(struct lines *l) {
    for (size_t i = 1; i < l->count; i++)
        for (size_t at = i; at && is_after(l->at[at - 1].a, l->at[at].a); at--) {
            struct origin_pair pair = l->at[at];
            l->at[at] = l->at[at - 1];
            l->at[at - 1] = pair;
        }
}

static void place_by_b(struct lines *l) {
    for (size_t i = 0; i < l->count; i++) {
        l->place[i] = 0;
        for (size_t other = 0; other < l->count; other++)
            l->place[i] += is_after(l->at[i].b, l->at[other].b) || (!l->at[i].b && !l->at[other].b && other < i);
    }
}

/* The first by either table, and the one that was asked for. */
static void find_lines(const struct plot *p, size_t first, struct lines *l) {
    const struct origins *b = svg_b(p);
    for (size_t i = 0; i < p->of->ranked && i < first; i++) add_line(l, pair_of(p, &p->of->at[i], true), LINES);
    for (size_t i = 0; b && i < b->ranked && i < first; i++) add_line(l, pair_of(p, &b->at[i], false), LINES);
    const struct origin *asked = p->asked.size ? origins_find(p->of, p->asked) : NULL;
    if (asked && asked->rank) add_line(l, pair_of(p, asked, true), LINES);
    const struct origin *other = p->asked.size && b && !asked ? origins_find(b, p->asked) : NULL;
    if (other && other->rank) add_line(l, pair_of(p, other, false), LINES);
    sort_by_a(l);
    place_by_b(l);
}

static const struct origin nowhere = {.kind = ORIGIN_NONE};

/* What has no rank is told too, and what has no territory even where that is nothing. */
static size_t find_others(const struct plot *p, struct origin_pair others[OTHERS]) {
    const struct origins *b = svg_b(p);
    size_t count = 0;
    others[count++] = (struct origin_pair){svg_same(p->of, &nowhere), svg_same(b, &nowhere)};
    if (!others[0].a) others[0].a = &nowhere;
    for (size_t i = p->of->ranked; i < p->of->count && count < OTHERS; i++)
        if (&p->of->at[i] != others[0].a) others[count++] = pair_of(p, &p->of->at[i], true);
    for (size_t i = b ? b->ranked : 0; b && i < b->count && count < OTHERS; i++)
        if (&b->at[i] != others[0].b && !svg_same(p->of, &b->at[i])) others[count++] = pair_of(p, &b->at[i], false);
    return count;
}

static void put_rest(struct plot *p, size_t shown) {
    if (p->of->ranked <= shown) return;
    struct buf line = {.max = 4096};
    size_t more = (size_t)(p->of->ranked - shown);
    buf_format(&line, _n("and %zu more with a rank", "and %zu more with ranks", more), more);
    p->y += SVG_ROW;
    svg_text(p, NAME_AT, "less", buf_as_text(&line));
    buf_free(&line);
}

static void put_rule(struct plot *p) {
    p->y += 7;
    buf_format(p->out, "<path d=\"M%d %uH%d\" class=\"rule\"/>\n", SVG_MARGIN, p->y, SVG_RIGHT);
    p->y -= 2;
}

static const char *unit_words(enum origins_unit unit) {
    static const char *const words[ORIGINS_UNITS] = {N_("sources"), N_("events"), N_("targets")};
    return gettext(words[unit]);
}

static void put_name(struct plot *p, double x, struct origin_pair pair, size_t columns, const char *class) {
    struct buf name = {.max = 4096};
    svg_label(p, pair, columns, &name);
    svg_text(p, x, class, buf_as_text(&name));
    buf_free(&name);
}

static void put_rank(struct plot *p, const struct origin *row) {
    svg_open_text(p, RANK_AT, p->y, "end less");
    buf_format(p->out, row && row->rank ? "%llu</text>" : "–</text>", row ? (unsigned long long)row->rank : 0);
}

/* ---- two tables */

static bool has_moved(struct origin_pair pair) { return !pair.a || !pair.b || pair.a->rank != pair.b->rank; }

static void put_head(struct plot *p, double x, size_t table) {
    struct buf words = {.max = 4096};
    buf_format(&words, _("Table %c"), svg_letter(table));
    svg_text(p, x, "end strong", buf_as_text(&words));
    buf_free(&words);
    p->y += SVG_LINE - 2;
    svg_text(p, x, "end small less", text_of(unit_words(p->of->options.unit)));
    p->y -= SVG_LINE - 2;
}

static void put_heads(struct plot *p) {
    p->y += SVG_LINE;
    put_head(p, A_AT, 0);
    put_head(p, B_AT, p->other);
    p->y += SVG_LINE - 2;
    svg_text(p, SVG_RIGHT, "end small less", text_of(_("change")));
}

static void put_way(struct plot *p, struct origin_pair pair, unsigned from, unsigned to) {
    const char *class = svg_is_asked(p, pair) ? " asked" : has_moved(pair) ? " moved" : "";
    buf_format(p->out, "<path d=\"M%d %uC%d %u %d %u %d %u\" class=\"way%s\"/>", FROM, from, FROM + 38, from, TO - 38,
               to, TO, to, class);
    buf_format(p->out, "<circle cx=\"%d\" cy=\"%u\" r=\"3\" class=\"knot%s\"/>", FROM, from, class);
    buf_format(p->out, "<circle cx=\"%d\" cy=\"%u\" r=\"3\" class=\"knot%s\"/>\n", TO, to, class);
}

static void put_change(struct plot *p, struct origin_pair pair) {
    struct buf words = {.max = 64};
    const char *class = svg_is_asked(p, pair) ? "end asked" : has_moved(pair) ? "end" : "end less";
    if (!has_moved(pair))
        buf_string(&words, _("same"));
    else if (!pair.a)
        buf_format(&words, "– → %llu", (unsigned long long)pair.b->rank);
    else if (!pair.b)
        buf_format(&words, "%llu → –", (unsigned long long)pair.a->rank);
    else
        buf_format(&words, "%llu → %llu", (unsigned long long)pair.a->rank, (unsigned long long)pair.b->rank);
    svg_text(p, SVG_RIGHT, class, buf_as_text(&words));
    buf_free(&words);
}

static void put_line(struct plot *p, struct origin_pair pair, unsigned from, unsigned to) {
    bool asked = svg_is_asked(p, pair);
    put_way(p, pair, from - 4, to - 4);
    p->y = from;
    put_rank(p, pair.a);
    put_name(p, NAME_AT, pair, NAME_COLUMNS, asked ? "asked" : "");
    svg_number(p, A_AT, pair.a, 0, asked ? "end asked" : "end");
    p->y = to;
    svg_number(p, B_AT, pair.b, p->other, asked ? "end asked" : "end");
    put_name(p, OTHER_NAME_AT, pair, NAME_COLUMNS, asked ? "asked" : "");
    put_change(p, pair);
}

static void put_slope(struct plot *p) {
    struct lines l = {.count = 0};
    struct origin_pair others[OTHERS];
    find_lines(p, FIRST, &l);
    put_heads(p);
    unsigned top = p->y + SVG_ROW;
    for (size_t i = 0; i < l.count; i++)
        put_line(p, l.at[i], top + (unsigned)i * SVG_ROW, top + (unsigned)l.place[i] * SVG_ROW);
    p->y = top + (unsigned)l.count * SVG_ROW - SVG_ROW;
    size_t of_a = 0;
    for (size_t i = 0; i < l.count; i++) of_a += l.at[i].a != NULL;
    put_rest(p, of_a);
    put_rule(p);
    size_t count = find_others(p, others);
    for (size_t i = 0; i < count; i++) {
        p->y += SVG_ROW;
        put_name(p, NAME_AT, others[i], OTHER_COLUMNS, "less");
        svg_number(p, A_AT, others[i].a, 0, "end less");
        svg_number(p, B_AT, others[i].b, p->other, "end less");
        put_name(p, OTHER_NAME_AT, others[i], OTHER_COLUMNS, "less");
    }
    p->y += SVG_LINE / 2;
}

/* ---- one table */

static uint64_t most_of(const struct origins *o) {
    uint64_t most = 0;
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].counts[o->options.unit] > most) most = o->at[i].counts[o->options.unit];
    return most;
}

static void put_bar(struct plot *p, double x, double width, const char *class) {
    buf_format(p->out, "<rect x=\"%.1f\" y=\"%u\" width=\"%.2f\" height=\"9\" class=\"%s\"/>\n", x, p->y - 9, width,
               class);
}

static void put_bar_row(struct plot *p, const struct origin *row, uint64_t most) {
    struct origin_pair pair = {row, NULL};
    bool asked = svg_is_asked(p, pair);
    uint64_t count = svg_count(p, row);
    p->y += SVG_ROW;
    if (row->rank) put_rank(p, row);
    put_name(p, NAME_AT, pair, BAR_NAME_COLUMNS, asked ? "asked" : row->rank ? "" : "less");
    put_bar(p, BAR_AT, most ? (double)count * BAR_MAX / (double)most : 0, asked ? "bar asked" : "bar");
    svg_number(p, COUNT_AT, row, 0, asked ? "end asked" : "end");
    svg_open_text(p, SVG_RIGHT, p->y, "end less");
    buf_format(p->out, "%u.%u %%</text>\n", (unsigned)(row->share_ppm / 10000), (unsigned)(row->share_ppm / 1000 % 10));
}

static void put_bars(struct plot *p) {
    struct lines l = {.count = 0};
    struct origin_pair others[OTHERS];
    find_lines(p, BARS, &l);
    p->y += SVG_LINE;
    svg_text(p, COUNT_AT, "end small less", text_of(unit_words(p->of->options.unit)));
    svg_text(p, SVG_RIGHT, "end small less", text_of(_("share")));
    for (size_t i = 0; i < l.count; i++) put_bar_row(p, l.at[i].a, most_of(p->of));
    put_rest(p, l.count);
    put_rule(p);
    size_t count = find_others(p, others);
    for (size_t i = 0; i < count; i++) put_bar_row(p, others[i].a, most_of(p->of));
    p->y += SVG_LINE / 2;
}

void svg_ranking(struct plot *p) {
    p->y += SVG_LINE / 2;
    if (p->other)
        put_slope(p);
    else
        put_bars(p);
}

/* ---- by each unit */

enum {
    MULTIPLES = 8,
    ACROSS = 244,
    MULTIPLE_BAR_AT = 112,
    MULTIPLE_BAR = 64,
    MULTIPLE_ROW = 16,
    MULTIPLE_COLUMNS = 15
};

static void put_multiple(struct plot *p, double x, const struct lines *l, enum origins_unit unit) {
    uint64_t most = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->at[i].a->counts[unit] > most) most = l->at[i].a->counts[unit];
    svg_text(p, x, "small strong", text_of(unit_words(unit)));
    for (size_t i = 0; i < l->count; i++) {
        bool asked = svg_is_asked(p, l->at[i]);
        uint64_t count = l->at[i].a->counts[unit];
        double width = most ? (double)count * MULTIPLE_BAR / (double)most : 0;
        p->y += MULTIPLE_ROW;
        put_name(p, x, l->at[i], MULTIPLE_COLUMNS, asked ? "small asked" : "small");
        put_bar(p, x + MULTIPLE_BAR_AT, width, asked ? "bar asked" : "bar");
        svg_open_text(p, x + MULTIPLE_BAR_AT + width + 4, p->y, asked ? "small asked" : "small");
        buf_format(p->out, "%llu</text>\n", (unsigned long long)count);
    }
}

static void put_multiples_head(struct plot *p) {
    struct buf words = {.max = 4096}, letters = {.max = 64};
    p->y += SVG_LINE + 8;
    svg_text(p, SVG_MARGIN, "part", text_of(_("Does the rank depend on what is counted?")));
    svg_letters(p, NULL, 0, &letters);
    buf_format(&words, _("table %c, in the order of the ranking, caveats %.*s"), svg_letter(0),
               TEXT_ARG(buf_as_text(&letters)));
    svg_text(p, SVG_RIGHT, "end small less", buf_as_text(&words));
    buf_free(&letters);
    buf_free(&words);
    p->y += SVG_LINE + 4;
}

void svg_multiples(struct plot *p) {
    struct lines l = {.count = 0};
    struct plot alone = *p;
    alone.other = 0;
    find_lines(&alone, MULTIPLES, &l);
    if (!l.count) return;
    put_multiples_head(&alone);
    unsigned top = alone.y;
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++, alone.y = u < ORIGINS_UNITS ? top : alone.y)
        put_multiple(&alone, SVG_MARGIN + (double)((unsigned)u * ACROSS), &l, u);
    p->y = alone.y;
}

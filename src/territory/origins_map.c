/* The map of a report: all land in one grey, for area is not guilt, and circles whose areas are the counts. */
#include <math.h>

#include "territory/atlas.h"
#include "territory/origins_svg.h"

enum {
    MAP_WIDTH = 660,
    MAP_LEFT = (SVG_WIDTH - MAP_WIDTH) / 2,
    SPOTS = 26 * 26, /* codes of two letters */
    NAMED = 12,      /* of each table */
    NAME_COLUMNS = 22,
    NAME_HEIGHT = 12
};

static const double radius_max = 22, name_column = 6.7, key_column = 6; /* of their letters */

struct box {
    double left, top, right, bottom;
};

struct spot { /* an origin on the map */
    struct origin_pair of;
    const struct atlas_shape *shape;
    double x, y, radius; /* of the larger circle */
};

struct world {
    struct spot at[SPOTS]; /* the larger first, so that the smaller lie on them */
    size_t count;
    uint64_t most;
    struct box names[2 * NAMED + 1];
    size_t name_count;
};

static double scale(void) { return (double)MAP_WIDTH / atlas_width; }

/* ---- shapes */

void svg_map_shapes(struct buf *out) {
    if (!atlas_count) return;
    buf_string(out, "<defs><g id=\"shapes\">\n");
    for (size_t i = 0; i < atlas_count; i++)
        if (*atlas_shapes[i].path) buf_format(out, "<path d=\"%s\"/>\n", atlas_shapes[i].path);
    buf_format(out,
               "</g><g id=\"world\"><path d=\"%s\" class=\"sea\"/><use xlink:href=\"#shapes\" class=\"coast\"/>"
               "<use xlink:href=\"#shapes\" class=\"land\"/></g></defs>\n",
               atlas_sphere);
}

static const struct atlas_shape *shape_of(struct country c) {
    for (size_t i = 0; i < atlas_count; i++)
        if (atlas_shapes[i].code[0] == c.at[0] && atlas_shapes[i].code[1] == c.at[1]) return &atlas_shapes[i];
    return NULL;
}

/* ---- where the origins lie */

static uint64_t larger_of(const struct plot *p, struct origin_pair of) {
    uint64_t a = svg_count(p, of.a), b = svg_count(p, of.b);
    return a > b ? a : b;
}

/* The area of a circle is its count, by one measure for both tables. */
static double radius_of(uint64_t count, uint64_t most) {
    return most ? radius_max * sqrt((double)count / (double)most) : 0;
}

static void add_spot(const struct plot *p, struct origin_pair of, struct world *w) {
    struct spot s = {.of = of, .shape = shape_of(of.a ? of.a->country : of.b->country)};
    uint64_t count = larger_of(p, of);
    if (!s.shape || !count || w->count == SPOTS) return;
    if (count > w->most) w->most = count;
    s.x = MAP_LEFT + s.shape->x * scale();
    s.y = p->y + s.shape->y * scale();
    size_t at = w->count++;
    for (; at && larger_of(p, w->at[at - 1].of) < count; at--) w->at[at] = w->at[at - 1];
    w->at[at] = s;
}

static void find_spots(const struct plot *p, struct world *w) {
    const struct origins *b = svg_b(p);
    for (size_t i = 0; i < p->of->ranked; i++)
        add_spot(p, (struct origin_pair){&p->of->at[i], b ? svg_same(b, &p->of->at[i]) : NULL}, w);
    for (size_t i = 0; b && i < b->ranked; i++)
        if (!svg_same(p->of, &b->at[i])) add_spot(p, (struct origin_pair){NULL, &b->at[i]}, w);
    for (size_t i = 0; i < w->count; i++) w->at[i].radius = radius_of(larger_of(p, w->at[i].of), w->most);
}

/* ---- circles */

/* By more than a fifth of the smaller, whichever table that is. */
static bool differ(uint64_t a, uint64_t b) {
    uint64_t less = a < b ? a : b, more = a < b ? b : a;
    return (double)(more - less) * 5 > (double)less;
}

/* What a pointer over it shows. */
static void put_title(struct plot *p, const struct spot *s) {
    enum { COLUMNS = 60 };
    struct buf name = {.max = 4096};
    svg_label(p, s->of, COLUMNS, &name);
    buf_format(&name, ": %s %c %llu", _("table"), svg_letter(0), (unsigned long long)svg_count(p, s->of.a));
    if (p->other)
        buf_format(&name, ", %s %c %llu", _("table"), svg_letter(p->other), (unsigned long long)svg_count(p, s->of.b));
    buf_string(p->out, "<title>");
    buf_markup(p->out, buf_as_text(&name));
    buf_string(p->out, "</title>");
    buf_free(&name);
}

static void put_circle(struct plot *p, const struct spot *s, double radius, double stroke, const char *class) {
    if (radius <= 0) return;
    buf_format(p->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.4f\" class=\"%s\"", s->x, s->y, radius, class);
    if (stroke > 0) buf_format(p->out, " stroke-width=\"%.2f\"", stroke);
    buf_char(p->out, '>');
    put_title(p, s);
    buf_string(p->out, "</circle>\n");
}

/* A country too small for a shape has land to stand on. */
static void put_land(struct plot *p, const struct spot *s) {
    if (s->shape->small)
        buf_format(p->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" class=\"islet\"/>\n", s->x, s->y);
}

static double least(double one, double other) { return one < other ? one : other; }

/* White where the tables tell the same, brown between white where they don't, so that grey print shows it too. */
static void put_ring(struct plot *p, const struct spot *s, double radius, bool differs) {
    double width = least(differs ? 1.6 : 2, radius / (differs ? 3 : 6));
    if (differs)
        buf_format(p->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.4f\" class=\"b\" stroke-width=\"%.2f\"/>\n", s->x,
                   s->y, radius, 2 * width);
    put_circle(p, s, radius, width, differs ? "b differ" : "b");
}

static void put_spot(struct plot *p, const struct world *w, const struct spot *s) {
    uint64_t a = svg_count(p, s->of.a), b = svg_count(p, s->of.b);
    put_land(p, s);
    put_circle(p, s, radius_of(a, w->most), 0, "a");
    if (b) put_ring(p, s, radius_of(b, w->most), differ(a, b));
}

/* ---- names */

static bool meet(const struct box *a, const struct box *b) {
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

static bool is_free(const struct world *w, const struct spot *own, const struct box *box) {
    for (size_t i = 0; i < w->name_count; i++)
        if (meet(&w->names[i], box)) return false;
    for (size_t i = 0; i < w->count; i++) {
        const struct spot *s = &w->at[i];
        double r = s->radius;
        if (s != own && r > 3 && meet(&(struct box){s->x - r, s->y - r, s->x + r, s->y + r}, box)) return false;
    }
    return box->left > 0 && box->right < SVG_WIDTH;
}

/* Below, above, right or left of its circle, where it touches nothing else; else the ranking alone has it. */
static void put_name(struct plot *p, struct world *w, const struct spot *s) {
    static const struct {
        int across, down;
        const char *class;
    } ways[] = {{0, 1, "name"}, {0, -1, "name"}, {1, 0, "name left"}, {-1, 0, "name right"}};
    struct buf name = {.max = 4096};
    svg_label(p, s->of, NAME_COLUMNS, &name);
    double width = (double)text_columns(buf_as_text(&name)) * name_column, far = s->radius + 3;
    for (size_t i = 0; i < COUNT(ways); i++) {
        double x = s->x + ways[i].across * far, middle = s->y + ways[i].down * (far + NAME_HEIGHT / 2.0);
        double left = ways[i].across ? (ways[i].across > 0 ? x : x - width) : x - width / 2;
        struct box box = {left, middle - NAME_HEIGHT / 2.0, left + width, middle + NAME_HEIGHT / 2.0};
        if (!is_free(w, s, &box)) continue;
        w->names[w->name_count++] = box;
        svg_open_text(p, x, middle + 4, ways[i].class);
        buf_markup(p->out, buf_as_text(&name));
        buf_string(p->out, "</text>\n");
        break;
    }
    buf_free(&name);
}

static void put_names(struct plot *p, struct world *w) {
    for (size_t i = 0; i < w->count; i++)
        if (svg_is_asked(p, w->at[i].of)) put_name(p, w, &w->at[i]);
    for (size_t i = 0; i < w->count && i < NAMED; i++)
        if (!svg_is_asked(p, w->at[i].of)) put_name(p, w, &w->at[i]);
}

/* ---- the key */

static unsigned put_key(struct plot *p, unsigned x, const char *class, struct text words) {
    buf_format(p->out, "<circle cx=\"%u\" cy=\"%u\" r=\"5\" class=\"%s\" stroke-width=\"2\"/>", x, p->y - 4, class);
    svg_text(p, x + 12, "small", words);
    return x + 28 + (unsigned)(key_column * (double)text_columns(words));
}

static void put_keys(struct plot *p) {
    struct buf words = {.max = 4096};
    unsigned x = SVG_MARGIN + 8;
    p->y += SVG_LINE;
    buf_format(&words, _("table %c"), svg_letter(0));
    x = put_key(p, x, "a", buf_as_text(&words));
    buf_clear(&words);
    if (p->other) {
        buf_format(&words, _("table %c"), svg_letter(p->other));
        buf_format(p->out, "<circle cx=\"%u\" cy=\"%u\" r=\"8\" class=\"a\"/>", x, p->y - 4);
        x = put_key(p, x, "b", buf_as_text(&words));
        buf_clear(&words);
        buf_format(&words, _("table %c, differs by over a fifth"), svg_letter(p->other));
        x = put_key(p, x, "b differ", buf_as_text(&words));
    }
    svg_text(p, x, "small less", text_of(_("the area of a circle is its count")));
    buf_free(&words);
}

static void put_notes(struct plot *p) {
    struct buf line = {.max = 4096};
    p->y += SVG_LINE;
    buf_string(&line,
               _("Equal Earth projection: areas are true. Shapes and borders are as Natural Earth draws them, at a "
                 "scale of 1:110 million, and say nothing about whose a territory is."));
    svg_built(p, SVG_MARGIN, "small less", &line);
}

void svg_map(struct plot *p) {
    struct world w = {.count = 0};
    if (!atlas_count) return;
    p->y += SVG_LINE / 2;
    find_spots(p, &w);
    buf_format(p->out, "<use xlink:href=\"#world\" transform=\"translate(%d %u) scale(%.4f)\"/>\n", MAP_LEFT, p->y,
               scale());
    for (size_t i = 0; i < w.count; i++) put_spot(p, &w, &w.at[i]);
    put_names(p, &w);
    p->y += (unsigned)(atlas_height * scale());
    put_keys(p);
    put_notes(p);
}

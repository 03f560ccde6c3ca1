/* The map of a report: each country in the shade of its share, small ones with a dot, the first ten with their ranks.
 */
#include "territory/atlas.h"
#include "territory/layout.h"
#include "territory/origins_svg.h"

enum { MAP_WIDTH = SVG_WIDTH - 2 * SVG_MARGIN, PLACES = 10, PLACE_RADIUS = 8, KEY_WIDTH = 92, LETTERS = 26 };

static double scale(void) { return (double)MAP_WIDTH / atlas_width; }

/* ---- shades */

/* By share of what was counted: the same in every report, so that two can be laid side by side. */
static const struct step {
    uint64_t from_ppm;
    const char *class, *words;
} steps[] = {{0, "s0", "< 0.1 %"},
             {1000, "s1", "< 1 %"},
             {10000, "s2", "< 5 %"},
             {50000, "s3", "< 20 %"},
             {200000, "s4", "≥ 20 %"}};

static const char *shade_of(const struct origin *row) {
    size_t step = 0;
    while (step + 1 < COUNT(steps) && row->share_ppm >= steps[step + 1].from_ppm) step++;
    return steps[step].class;
}

struct shaded {
    const struct origin *rows[LETTERS][LETTERS]; /* by the letters of a code */
    bool known[LETTERS][LETTERS];                /* the table places addresses there */
};

static bool letters_of(struct country c, unsigned at[2]) {
    at[0] = (unsigned)(uint8_t)c.at[0] - 'A';
    at[1] = (unsigned)(uint8_t)c.at[1] - 'A';
    return at[0] < LETTERS && at[1] < LETTERS;
}

static struct shaded shaded_of(const struct origins *o) {
    struct shaded s = {0};
    unsigned at[2];
    for (size_t i = 0; i < o->ranked; i++)
        if (letters_of(o->at[i].country, at)) s.rows[at[0]][at[1]] = &o->at[i];
    for (uint32_t i = 0; i < o->table->value_count; i++)
        if (letters_of(layout_place(o->table->values, i).country, at)) s.known[at[0]][at[1]] = true;
    return s;
}

static const struct origin *row_of(const struct shaded *s, const struct atlas_shape *shape) {
    unsigned at[2];
    return *shape->code && letters_of((struct country){{shape->code[0], shape->code[1]}}, at) ? s->rows[at[0]][at[1]]
                                                                                              : NULL;
}

/* Nothing was counted there, or nothing can be said: hatched. */
static const char *class_of(const struct plot *p, const struct shaded *s, const struct atlas_shape *shape) {
    const struct origin *row = row_of(s, shape);
    unsigned at[2];
    if (row) return shade_of(row);
    if (!*shape->code || p->of->few) return "hatch";
    bool known = letters_of((struct country){{shape->code[0], shape->code[1]}}, at) && s->known[at[0]][at[1]];
    return known ? "no" : "hatch";
}

/* ---- shapes */

void svg_map_shapes(struct buf *out) {
    buf_string(out, "<defs>\n<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                    "patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"#fff\"/>"
                    "<path d=\"M0 0v5\" stroke=\"#888\" stroke-width=\"1.6\"/></pattern>\n");
    for (size_t i = 0; i < atlas_count; i++)
        if (*atlas_shapes[i].path) buf_format(out, "<path id=\"l%zu\" d=\"%s\"/>\n", i, atlas_shapes[i].path);
    buf_string(out, "</defs>\n");
}

/* What a pointer over it shows; unit and table stand above the map. */
static void put_title(struct plot *p, const struct origin *row) {
    struct buf line = {.max = 4096};
    buf_line(&line, origin_label(p->of, row));
    buf_format(&line, ": %llu (%u.%u %%)", (unsigned long long)row->counts[p->of->options.unit],
               (unsigned)(row->share_ppm / 10000), (unsigned)(row->share_ppm / 1000 % 10));
    buf_string(p->out, "<title>");
    buf_markup(p->out, buf_as_text(&line));
    buf_string(p->out, "</title>");
    buf_free(&line);
}

static void put_land(struct plot *p, const struct shaded *s, size_t i) {
    const struct origin *row = row_of(s, &atlas_shapes[i]);
    if (!*atlas_shapes[i].path) return;
    buf_format(p->out, "<use xlink:href=\"#l%zu\" class=\"land %s\"", i, class_of(p, s, &atlas_shapes[i]));
    if (!row) {
        buf_string(p->out, "/>\n");
        return;
    }
    buf_char(p->out, '>');
    put_title(p, row);
    buf_string(p->out, "</use>\n");
}

/* Of small ones where nothing was counted there is none: they would be the most of the map. */
static void put_dot(struct plot *p, const struct shaded *s, size_t i) {
    const struct atlas_shape *shape = &atlas_shapes[i];
    const struct origin *row = row_of(s, shape);
    if (!shape->small || !row) return;
    buf_format(p->out, "<circle cx=\"%u\" cy=\"%u\" r=\"7\" class=\"dot %s\">", shape->x, shape->y, shade_of(row));
    put_title(p, row);
    buf_string(p->out, "</circle>\n");
}

static void put_world(struct plot *p, const struct shaded *s) {
    buf_format(p->out, "<g transform=\"translate(%d %u) scale(%.4f)\">\n", SVG_MARGIN, p->y, scale());
    buf_format(p->out, "<path d=\"%s\" class=\"sea\"/>\n", atlas_sphere);
    for (size_t i = 0; i < atlas_count; i++) put_land(p, s, i);
    for (size_t i = 0; i < atlas_count; i++) put_dot(p, s, i);
    buf_string(p->out, "</g>\n");
}

/* ---- ranks on the map */

struct spot {
    int x, y;
};

static const struct atlas_shape *shape_of(struct country c) {
    for (size_t i = 0; i < atlas_count; i++)
        if (atlas_shapes[i].code[0] == c.at[0] && atlas_shapes[i].code[1] == c.at[1]) return &atlas_shapes[i];
    return NULL;
}

static bool is_free(const struct spot *taken, size_t count, struct spot at) {
    for (size_t i = 0; i < count; i++) {
        int x = taken[i].x - at.x, y = taken[i].y - at.y;
        if (x * x + y * y < (2 * PLACE_RADIUS + 2) * (2 * PLACE_RADIUS + 2)) return false;
    }
    return at.x > PLACE_RADIUS && at.x < MAP_WIDTH - PLACE_RADIUS && at.y > PLACE_RADIUS;
}

/* Where it belongs, or the nearest place around it that is free. */
static struct spot free_spot(const struct spot *taken, size_t count, struct spot wanted) {
    static const struct spot ways[] = {{4, 0}, {-4, 0}, {0, -4}, {0, 4}, {3, -3}, {-3, -3}, {3, 3}, {-3, 3}};
    for (int far = 0; far < 30; far++)
        for (size_t i = 0; i < COUNT(ways); i++) {
            struct spot at = {wanted.x + far * ways[i].x, wanted.y + far * ways[i].y};
            if (is_free(taken, count, at)) return at;
        }
    return wanted;
}

static void put_place(struct plot *p, const struct origin *row, struct spot from, struct spot at) {
    int x = at.x + SVG_MARGIN, y = at.y + (int)p->y;
    if (from.x != at.x || from.y != at.y)
        buf_format(p->out, "<path d=\"M%d %dL%d %d\" class=\"way\"/>\n", from.x + SVG_MARGIN, from.y + (int)p->y, x, y);
    buf_format(p->out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" class=\"place\"/>", x, y, PLACE_RADIUS);
    buf_format(p->out, "<text x=\"%d\" y=\"%d\" class=\"number\">%llu</text>\n", x, y + 4,
               (unsigned long long)row->rank);
}

static void put_places(struct plot *p) {
    struct spot taken[PLACES];
    size_t count = 0;
    for (size_t i = 0; i < p->of->ranked && i < PLACES; i++) {
        const struct atlas_shape *shape = shape_of(p->of->at[i].country);
        if (!shape) continue;
        struct spot wanted = {(int)(shape->x * scale()), (int)(shape->y * scale())};
        taken[count] = free_spot(taken, count, wanted);
        put_place(p, &p->of->at[i], wanted, taken[count++]);
    }
}

/* ---- the key */

static void put_key_box(struct plot *p, unsigned x, const char *class, const char *words) {
    buf_format(p->out, "<rect x=\"%u\" y=\"%u\" width=\"14\" height=\"14\" class=\"key %s\"/>\n", x, p->y - 12, class);
    svg_text(p, x + 20, "small", text_of(words));
}

static void put_key(struct plot *p) {
    unsigned x = SVG_MARGIN;
    p->y += SVG_LINE;
    put_key_box(p, x, "no", _("none counted"));
    x += 40 + 7 * (unsigned)text_columns(text_of(_("none counted")));
    for (size_t i = 0; i < COUNT(steps); i++, x += KEY_WIDTH) put_key_box(p, x, steps[i].class, steps[i].words);
    p->y += SVG_LINE;
    put_key_box(p, SVG_MARGIN, "hatch",
                p->of->few ? _("nothing said: no code of ISO 3166, not in the table, none counted or put together")
                           : _("nothing said: no code of ISO 3166, or not in the table"));
}

static void put_notes(struct plot *p) {
    struct buf line = {.max = 4096};
    buf_string(&line, _("Numbers are ranks. Equal Earth projection: areas are true. Shapes and borders are as Natural "
                        "Earth draws them, at a scale of 1:110 million, and say nothing about whose a territory is."));
    svg_built(p, "small", &line);
}

void svg_map(struct plot *p) {
    struct shaded s = shaded_of(p->of);
    if (!atlas_count) return;
    p->y += SVG_LINE / 2;
    put_world(p, &s);
    put_places(p);
    p->y += (unsigned)(atlas_height * scale());
    put_key(p);
    put_notes(p);
}

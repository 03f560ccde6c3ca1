#include "finding/html.h"

enum { OPEN = FINDING_COUNT, BAR_WIDTH = 900, BAR_HEIGHT = 13, BAR_GAP = 2, PART_OPEN = FINDING_SILENT + 1, PARTS };

static const char part_class[PARTS] = {[FINDING_SUPPORTS] = 's', [FINDING_AGAINST] = 'x', [FINDING_SILENT] = 'q', 'n'};

static unsigned part_of(unsigned word) { return word == OPEN ? PART_OPEN : finding_class_of((enum finding_word)word); }

/* By the page of the desk; hatches, so that paper without colour tells the parts apart. */
const char finding_style[] =
    ".f{white-space:nowrap}.f.s{color:#0c5d75;font-weight:600}.f.x{color:#8a4700;font-weight:600}"
    ".f.q,.f.n{color:#5c636a}.sprite{position:absolute}"
    ".bar{margin:0 0 6px}.bar rect{stroke-width:1}.bar .s{fill:#0c5d75}.bar .x{fill:url(#hatch)}"
    ".bar .q{fill:#eeefec;stroke:#5c636a}.bar .n{fill:url(#lines);stroke:#737a81}"
    ".counts{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 8px}.counts .f b{color:#16191d}"
    "@media print{.f.q,.f.n{color:#333}}";

void finding_shapes(struct buf *out) {
    static const char ring[] = "<circle cx=\"7\" cy=\"7\" r=\"4.9\" fill=\"none\" stroke=\"currentColor\" "
                               "stroke-width=\"1.4\"";
    static const char disc[] = "<circle cx=\"7\" cy=\"7\" r=\"5.5\" fill=\"currentColor\"/>";
    static const char open[] = "<symbol id=\"f%u\" viewBox=\"0 0 14 14\">";
    static const char *const inside[OPEN + 1] = {
        [FINDING_CONFIRMED] = "",
        [FINDING_REMEDIATED] = "<rect x=\"3.6\" y=\"6\" width=\"6.8\" height=\"2\" fill=\"#fff\"/>",
        [FINDING_RELAYED] = "<path d=\"M3.8 7h5M6.8 4.6 9.4 7 6.8 9.4\" fill=\"none\" stroke=\"#fff\" "
                            "stroke-width=\"1.5\"/>",
        [FINDING_REFUTED] = "<path d=\"M7 .8 13.2 7 7 13.2.8 7z\" fill=\"currentColor\"/>",
        [FINDING_NOT_SEEN] = "/>",
        [FINDING_NO_RECORDS] = " stroke-dasharray=\"2.2 1.65\"/>",
        [FINDING_NOT_OURS] = "/><path d=\"M3.6 10.4l6.8-6.8\" stroke=\"currentColor\" stroke-width=\"1.4\"/>",
        [FINDING_INSUFFICIENT] = "/><path d=\"M7 4v3.6\" stroke=\"currentColor\" stroke-width=\"1.5\"/>"
                                 "<circle cx=\"7\" cy=\"9.7\" r=\".9\" fill=\"currentColor\"/>",
        [OPEN] = "<path d=\"M3 7h8\" stroke=\"currentColor\" stroke-width=\"1.4\"/>",
    };
    buf_string(out, "<svg class=\"sprite\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n");
    for (unsigned w = 0; w <= OPEN; w++) {
        unsigned part = part_of(w);
        buf_format(out, open, w);
        if (part == FINDING_SUPPORTS) buf_string(out, disc);
        if (part == FINDING_SILENT) buf_string(out, ring);
        buf_format(out, "%s</symbol>\n", inside[w]);
    }
    buf_string(out, "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                    "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#8a4700\"/>"
                    "<rect width=\"2\" height=\"6\" fill=\"#fff\"/></pattern>\n"
                    "<pattern id=\"lines\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
                    "<rect width=\"5\" height=\"5\" fill=\"#fff\"/><rect width=\"1.5\" height=\"5\" "
                    "fill=\"#9aa09f\"/></pattern>\n</defs></svg>\n");
}

static const char *shown(unsigned w) {
    return w == OPEN ? _("unanswered") : word_shown("finding", finding_name((enum finding_word)w));
}

static void open_mark(struct buf *out, unsigned w) {
    buf_format(out,
               "<span class=\"f %c\"><svg class=\"mark\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><use "
               "href=\"#f%u\"/></svg>",
               part_class[part_of(w)], w);
    buf_markup(out, text_of(shown(w)));
}

void finding_mark(struct buf *out, enum finding_word w) {
    open_mark(out, w);
    buf_string(out, "</span>");
}

static void put_parts(struct buf *out, const uint64_t parts[PARTS], uint64_t facts) {
    double x = 0.5, unit = facts ? (BAR_WIDTH - 1 - BAR_GAP * (PARTS - 1)) / (double)facts : 0;
    buf_format(out, "<svg class=\"bar\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", BAR_WIDTH, BAR_HEIGHT + 1);
    struct buf words = {.max = 4096};
    buf_format(&words, _("support: %llu, against: %llu, silent: %llu, unanswered: %llu"),
               (unsigned long long)parts[FINDING_SUPPORTS], (unsigned long long)parts[FINDING_AGAINST],
               (unsigned long long)parts[FINDING_SILENT], (unsigned long long)parts[PART_OPEN]);
    buf_markup(out, buf_as_text(&words));
    buf_free(&words);
    buf_string(out, "\">");
    for (unsigned p = 0; p < PARTS; p++) {
        double width = (double)parts[p] * unit;
        if (!parts[p]) continue;
        buf_format(out, "<rect class=\"%c\" x=\"%.1f\" y=\".5\" width=\"%.1f\" height=\"%d\"/>", part_class[p], x,
                   width, BAR_HEIGHT);
        x += width + BAR_GAP;
    }
    buf_string(out, "</svg>\n");
}

void finding_bar(struct buf *out, const uint64_t totals[static FINDING_COUNT], uint64_t facts) {
    uint64_t parts[PARTS] = {0}, answered = 0;
    for (unsigned w = 0; w < FINDING_COUNT; w++) {
        parts[part_of(w)] += totals[w];
        answered += totals[w];
    }
    parts[PART_OPEN] = facts > answered ? facts - answered : 0;
    put_parts(out, parts, facts);
    buf_string(out, "<p class=\"counts\">");
    for (unsigned w = 0; w <= OPEN; w++) {
        uint64_t count = w == OPEN ? parts[PART_OPEN] : totals[w];
        if (!count) continue;
        open_mark(out, w);
        buf_format(out, " <b>%llu</b></span>\n", (unsigned long long)count);
    }
    buf_string(out, "</p>\n");
}

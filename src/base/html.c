#include "base/html.h"

/* By the page of the desk (console/src/desk.css): the same inks, sizes and shapes.  Paper gets the size that is in the
 * printer: only which side is up is said. */
static const char style_all[] =
    "*{box-sizing:border-box}"
    "html{-webkit-text-size-adjust:100%}"
    "body{margin:0 auto;padding:24px 16px 48px;max-width:54rem;background:#fff;color:#16191d;"
    "font:400 14px/20px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",\"DejaVu "
    "Sans\",sans-serif;"
    "font-variant-numeric:tabular-nums lining-nums;font-synthesis:none;overflow-wrap:break-word}"
    "body.wide{max-width:80rem}"
    "h1,h2,h3,p,dl,dd,figure,ul,ol,table,pre{margin:0;padding:0}"
    "h1{font-size:22px;line-height:28px;font-weight:600}h2{font-size:16px;line-height:22px;font-weight:600;"
    "margin:24px 0 8px}h3{font-size:14px;line-height:20px;font-weight:600;margin:16px 0 4px}p{margin:0 0 8px}"
    "b{font-weight:600}ul{padding-left:18px}li{margin:0 0 4px}"
    ".top{display:flex;flex-direction:row-reverse;justify-content:space-between;align-items:flex-start;gap:16px;"
    "border-bottom:1px solid #b7bbb6;padding:0 0 8px;margin:0 0 12px}.top>div{min-width:0}"
    ".level{flex:none;display:inline-block;background:#000;color:#fff;font-weight:700;font-size:12px;line-height:16px;"
    "letter-spacing:.02em;padding:2px 6px;border-radius:2px;white-space:nowrap;-webkit-print-color-adjust:exact;"
    "print-color-adjust:exact}.level.R{color:#ff2b2b}.level.A{color:#ffc000}.level.G{color:#33ff00}"
    ".quiet{color:#5c636a}.fine{font-size:12px;line-height:16px}.attn{color:#9e2019;font-weight:600}"
    ".keep,time,.address{white-space:nowrap}.said{unicode-bidi:plaintext;max-width:46rem}"
    "code,.log{font-family:ui-monospace,SFMono-Regular,\"Cascadia Mono\",\"Noto Sans Mono\",\"Liberation "
    "Mono\",\"DejaVu Sans Mono\",monospace;font-size:11px;line-height:16px}code{overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}pre.words{font:inherit;max-width:60rem}"
    "pre.command{border:1px solid #e0e2dd;padding:6px 8px;margin:0 0 8px}"
    ".note{border-left:4px solid #737a81;padding:6px 12px;margin:12px 0}.note.bad{border-left-color:#9e2019}"
    ".note>:last-child{margin-bottom:0}"
    ".pairs{display:grid;grid-template-columns:minmax(8em,max-content) minmax(0,1fr);gap:2px 16px;margin:0 0 8px}"
    ".pairs dt{color:#5c636a}"
    ".scroll{overflow-x:auto;margin:0 0 8px}"
    "table{border-collapse:collapse;width:100%;font-size:13px;line-height:18px}"
    "th{font-weight:600;font-size:12px;line-height:16px;color:#43494f;text-align:left;vertical-align:bottom;"
    "padding:4px 8px;border-bottom:1px solid #b7bbb6}"
    "td,tbody th{padding:4px 8px;border-bottom:1px solid #e0e2dd;vertical-align:top;text-align:left}"
    "td bdi,tbody th bdi{overflow-wrap:anywhere}.target{min-width:13em}tbody "
    "th{font-weight:400;font-size:13px;line-height:18px;color:#16191d}tbody tr.part th{font-weight:600}"
    "th.number,td.number,tbody th.number{text-align:right;white-space:nowrap}"
    ".sides{border-left:2px solid #16191d}.onpaper{display:none}"
    "figure{margin:0 0 16px}svg{display:block;max-width:100%}"
    ".mark{display:inline-block;width:14px;height:14px;vertical-align:-2px;margin-right:5px}"
    "@media screen and (max-width:760px){body{padding:12px 12px 32px}h1{font-size:20px;line-height:24px}"
    ".top{display:block}.top .level{margin:0 0 8px}.pairs{display:block}.pairs dd{margin:0 0 6px}}"
    "@media(forced-colors:active){.level{forced-color-adjust:none}}"
    "@media print{body{padding:0;max-width:none!important;font-size:9.5pt;line-height:1.35}table{font-size:8.5pt;"
    "line-height:1.3}"
    "tbody th{font-size:8.5pt;line-height:1.3}th{font-size:8pt;line-height:1.25}td,tbody th,th{padding:2pt 5pt}"
    "h1{font-size:16pt;line-height:1.25}h2{font-size:12pt;line-height:1.3;margin:12pt 0 4pt}h3{font-size:9.5pt}"
    ".fine{font-size:8pt;line-height:1.3}code,.log{font-size:7.5pt;line-height:1.35}"
    ".quiet,.pairs dt{color:#444}td,tbody th{border-bottom-color:#bbb}a{color:inherit}"
    ".scroll{overflow:visible}thead{display:table-header-group}.onpaper{display:table-row}"
    ".onpaper th{font-size:8pt;font-weight:400;color:#222;border:0;padding:0 0 3pt}"
    "tr,figure,.whole,dd,li{break-inside:avoid}h2,h3{break-after:avoid}p{orphans:3;widows:3}}";

/* Where a browser draws boxes in margins, each sheet says which of how many it is; in any language. */
static const char style_paper[] =
    "@page{size:%s;margin:16mm 14mm 16mm;@bottom-right{content:counter(page) \" / \" counter(pages);"
    "font:8pt system-ui,\"Noto Sans\",\"Liberation Sans\",\"DejaVu Sans\",sans-serif;color:#444}}";

const char *html_language(void) { return /* translators: the code of this language, as fr */ _("en"); }

static void put_head(struct buf *out, const struct html_page *p) {
    buf_format(out,
               "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
               "base-uri 'none'; form-action 'none'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n",
               html_language());
    html_text(out, "title", NULL, p->title);
    buf_format(out, "<style>%s", style_all);
    buf_format(out, style_paper, p->wide ? "landscape" : "portrait");
    for (size_t i = 0; i < COUNT(p->style); i++) buf_string(out, p->style[i] ? p->style[i] : "");
    buf_string(out, "</style>\n</head>\n");
}

void html_open(struct buf *out, const struct html_page *p) {
    put_head(out, p);
    buf_format(out, "<body%s data-report=\"%s\">\n<header class=\"top\">", p->wide ? " class=\"wide\"" : "", p->name);
    if (p->tlp) html_tlp(out, p->tlp);
    buf_string(out, "<div>\n");
    if (p->above.size) html_text(out, "p", "class=\"quiet fine\"", p->above);
    html_text(out, "h1", NULL, p->title);
    buf_string(out, "</div></header>\n<main>\n");
}

void html_close(struct buf *out) { buf_string(out, "</main>\n</body>\n</html>\n"); }

/* ---- elements */

void html_start(struct buf *out, const char *tag, const char *attributes) {
    buf_format(out, "<%s%s%s>", tag, attributes ? " " : "", attributes ? attributes : "");
}

void html_end(struct buf *out, const char *tag) { buf_format(out, "</%s>\n", tag); }

void html_text(struct buf *out, const char *tag, const char *attributes, struct text t) {
    html_start(out, tag, attributes);
    buf_markup(out, t);
    html_end(out, tag);
}

FORMAT(4, 0)
static void put_format(struct buf *out, const char *tag, const char *attributes, const char *format, va_list list) {
    struct buf words = {.max = out->max};
    buf_format_list(&words, format, list);
    html_text(out, tag, attributes, buf_as_text(&words));
    out->failed |= words.failed;
    buf_free(&words);
}

void html_format(struct buf *out, const char *tag, const char *attributes, const char *format, ...) {
    va_list list;
    va_start(list, format);
    put_format(out, tag, attributes, format, list);
    va_end(list);
}

void html_others(struct buf *out, struct text t) {
    buf_string(out, "<bdi>");
    buf_markup(out, t);
    buf_string(out, "</bdi>");
}

/* A blank line ends a paragraph; one line end is one in it. */
void html_lines(struct buf *out, const char *attributes, struct text t) {
    bool inside = false;
    while (t.size) {
        size_t end = text_find(t, '\n');
        struct text line = text_trim(text_sub(t, 0, end));
        t = text_sub(t, end < t.size ? end + 1 : end, t.size);
        if (!line.size) {
            if (inside) html_end(out, "p");
            inside = false;
            continue;
        }
        if (inside)
            buf_string(out, "<br>\n");
        else
            html_start(out, "p", attributes);
        buf_markup(out, line);
        inside = true;
    }
    if (inside) html_end(out, "p");
}

void html_instant(struct buf *out, instant i) {
    char written[INSTANT_TEXT_MAX];
    struct text t = instant_write(i, written), date = {0};
    if (i == INSTANT_NONE) {
        buf_string(out, "–");
        return;
    }
    buf_format(out, "<time datetime=\"%.*s\">", TEXT_ARG(t));
    text_cut(&t, 'T', &date);
    buf_format(out, "%.*s %.*s UTC</time>", TEXT_ARG(date), (int)t.size - 1, t.at);
}

void html_tlp(struct buf *out, const char *level) {
    buf_format(out, "<strong class=\"level %c\">TLP:%s</strong>", level[0], level);
}

/* ---- terms */

void html_pair(struct buf *out, const char *term, struct text t) {
    html_text(out, "dt", NULL, text_of(term));
    html_text(out, "dd", NULL, t);
}

void html_pair_format(struct buf *out, const char *term, const char *format, ...) {
    va_list list;
    va_start(list, format);
    html_text(out, "dt", NULL, text_of(term));
    put_format(out, "dd", NULL, format, list);
    va_end(list);
}

/* ---- tables */

/* What scrolls is reached by the keyboard, too. */
void html_table(struct buf *out, const char *attributes) {
    buf_string(out, "<div class=\"scroll\" tabindex=\"0\">");
    html_start(out, "table", attributes);
    buf_string(out, "<thead>\n");
}

void html_table_body(struct buf *out) { buf_string(out, "</thead>\n<tbody>\n"); }

void html_table_end(struct buf *out) { buf_string(out, "</tbody></table></div>\n"); }

void html_table_line(struct buf *out, unsigned columns, struct text t) {
    buf_format(out, "<tr class=\"onpaper\"><th colspan=\"%u\">", columns);
    buf_markup(out, t);
    buf_string(out, "</th></tr>\n");
}

void html_column(struct buf *out, const char *attributes, const char *words) {
    buf_format(out, "<th scope=\"col\"%s%s>", attributes ? " " : "", attributes ? attributes : "");
    buf_markup(out, text_of(words));
    buf_string(out, "</th>\n");
}

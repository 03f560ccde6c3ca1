#include "fact/html.h"

#include "vocab/words.h"

void fact_html_heads(struct buf *out) {
    html_column(out, "class=\"number\"", "#");
    html_column(out, NULL, _("first seen, and for how long"));
    html_column(out, NULL, _("source"));
    html_column(out, NULL, _("target"));
    html_column(out, NULL, _("event"));
    html_column(out, "class=\"number\"", _("count"));
}

void fact_html_number(struct buf *out, bool known, uint64_t n) {
    buf_string(out, "<td class=\"number\">");
    if (known) buf_u64(out, n);
    buf_string(out, "</td>");
}

static void put_times(struct buf *out, const struct fact *f) {
    buf_string(out, "<td class=\"keep\">");
    if (f->first != INSTANT_NONE) html_instant(out, f->first);
    if (f->first != INSTANT_NONE && f->last > f->first) {
        buf_string(out, " <span class=\"quiet\">");
        buf_length(out, f->last - f->first);
        buf_string(out, "</span>");
    }
    buf_string(out, "</td>");
}

static void put_address(struct buf *out, bool known, struct ip ip, bool has_port, unsigned port) {
    char written[IP_TEXT_MAX];
    if (known) buf_format(out, "<span class=\"address\">%.*s</span>", TEXT_ARG(ip_write(ip, written)));
    if (has_port) buf_format(out, "<span class=\"quiet address\"> :%u</span>", port);
}

static void put_target(struct buf *out, const struct fact *f) {
    buf_string(out, "<td class=\"target\">");
    if (f->object.size) html_others(out, f->object);
    if (f->object.size && f->known & (KNOWN_DST | KNOWN_DST_PORT)) buf_string(out, "<br>");
    put_address(out, f->known & KNOWN_DST, f->dst, f->known & KNOWN_DST_PORT, f->dst_port);
    if (f->protocol.size) {
        buf_string(out, " <span class=\"quiet\">");
        html_others(out, f->protocol);
        buf_string(out, "</span>");
    }
    buf_string(out, "</td>");
}

void fact_html_cells(const struct fact *f, uint64_t row, struct buf *out) {
    buf_format(out, "<th scope=\"row\" class=\"number\">%llu</th>", (unsigned long long)row);
    put_times(out, f);
    buf_string(out, "<td>");
    put_address(out, f->known & KNOWN_SRC, f->src, f->known & KNOWN_SRC_PORT, f->src_port);
    buf_string(out, "</td>");
    put_target(out, f);
    html_text(out, "td", NULL, word_text("event", f->event));
    fact_html_number(out, f->count != SHEET_NO_COUNT, f->count);
}

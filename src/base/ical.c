#include "base/ical.h"

/* ---- lines: written whole, then folded */

/* The bytes of the character at the front: continuation bytes stay with the one that begins it. */
static size_t character(struct text t) {
    size_t size = 1;
    while (size < t.size && ((unsigned char)t.at[size] & 0xc0) == 0x80) size++;
    return size;
}

static void put_folded(struct text line, struct buf *out) {
    size_t used = 0;
    while (line.size) {
        size_t size = character(line);
        if (used + size > ICAL_LINE_MAX) {
            buf_string(out, "\r\n ");
            used = 1;
        }
        buf_text(out, text_sub(line, 0, size));
        used += size;
        line = text_sub(line, size, line.size);
    }
    buf_string(out, "\r\n");
}

static void put_line(const char *name, struct text value, struct buf *out) {
    struct buf line = {.max = out->max};
    buf_format(&line, "%s:", name);
    buf_text(&line, value);
    put_folded(buf_as_text(&line), out);
    if (line.failed) out->failed = true;
    buf_free(&line);
}

static void put_word(const char *name, const char *value, struct buf *out) { put_line(name, text_of(value), out); }

static bool is_control(char c) { return ((unsigned char)c < ' ' && c != '\t' && c != '\n') || c == 0x7f; }

static void put_text(const char *name, struct text value, struct buf *out) {
    struct buf escaped = {.max = out->max};
    if (!value.size) return;
    for (size_t i = 0; i < value.size; i++) {
        char c = value.at[i];
        if (is_control(c)) continue;
        if (c == '\\' || c == ';' || c == ',') buf_char(&escaped, '\\');
        if (c == '\n')
            buf_string(&escaped, "\\n");
        else
            buf_char(&escaped, c);
    }
    put_line(name, buf_as_text(&escaped), out);
    if (escaped.failed) out->failed = true;
    buf_free(&escaped);
}

/* A URI is not escaped (3.3.13), so one that could break its line is left out. */
static void put_uri(const char *name, struct text value, struct buf *out) {
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.at[i] <= ' ' || value.at[i] == 0x7f) return;
    if (value.size && text_find(value, ':') < value.size) put_line(name, value, out);
}

static void put_time(const char *name, instant at, struct buf *out) {
    char written[INSTANT_TEXT_MAX];
    struct buf basic = {.max = INSTANT_TEXT_MAX};
    if (at == INSTANT_NONE) return;
    struct text t = instant_write(at - ((at % INSTANT_SECOND) + INSTANT_SECOND) % INSTANT_SECOND, written);
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] != '-' && t.at[i] != ':') buf_char(&basic, t.at[i]);
    put_line(name, buf_as_text(&basic), out);
    buf_free(&basic);
}

/* ---- items */

static const char *const kinds[] = {[ICAL_EVENT] = "VEVENT", [ICAL_TODO] = "VTODO"};
static const char *const statuses[] = {NULL, "TENTATIVE", "CONFIRMED", "CANCELLED", "NEEDS-ACTION", "COMPLETED"};

static void put_reminder(const struct ical_item *i, instant before, struct buf *out) {
    struct buf value = {.max = 48};
    put_word("BEGIN", "VALARM", out);
    put_word("ACTION", "DISPLAY", out);
    put_text("DESCRIPTION", i->summary.size ? i->summary : TEXT("-"), out);
    buf_format(&value, "-PT%lldM", (long long)(before / (60 * INSTANT_SECOND)));
    put_line(i->kind == ICAL_TODO ? "TRIGGER;RELATED=END" : "TRIGGER", buf_as_text(&value), out);
    put_word("END", "VALARM", out);
    buf_free(&value);
}

void ical_begin(struct text name, struct buf *out) {
    put_word("BEGIN", "VCALENDAR", out);
    put_word("VERSION", "2.0", out);
    put_word("PRODID", "-//parley//parley//EN", out);
    put_word("CALSCALE", "GREGORIAN", out);
    put_text("NAME", name, out);
}

void ical_item(const struct ical_item *i, struct buf *out) {
    struct buf number = {.max = 24};
    buf_u64(&number, i->sequence);
    put_word("BEGIN", kinds[i->kind], out);
    put_text("UID", i->uid, out);
    put_time("DTSTAMP", i->stamp, out);
    put_line("SEQUENCE", buf_as_text(&number), out);
    put_time("DTSTART", i->start, out);
    put_time(i->kind == ICAL_TODO ? "DUE" : "DTEND", i->end, out);
    put_text("SUMMARY", i->summary, out);
    put_text("DESCRIPTION", i->description, out);
    put_text("LOCATION", i->location, out);
    put_uri("URL", i->url, out);
    put_text("CATEGORIES", i->categories, out);
    if (i->is_private) put_word("CLASS", "CONFIDENTIAL", out);
    if (statuses[i->status]) put_word("STATUS", statuses[i->status], out);
    for (size_t k = 0; k < i->remind_count; k++) put_reminder(i, i->remind[k], out);
    put_word("END", kinds[i->kind], out);
    buf_free(&number);
}

void ical_end(struct buf *out) { put_word("END", "VCALENDAR", out); }

#include "scan/report.h"

#include <string.h>

enum { EXAMPLE_BYTES = 160, FILES_SHOWN = 20, NAME_COLUMNS = 9 };

void scan_show_text(struct text t, size_t max, struct buf *out) {
    for (size_t at = 0; at < t.size;) {
        struct text rest = text_sub(t, at, t.size);
        size_t size = text_shown(rest);
        if (at + (size ? size : 1) > max) {
            buf_string(out, "…");
            return;
        }
        if (size && rest.at[0] == '\\')
            buf_string(out, "\\\\");
        else if (size)
            buf_text(out, text_sub(rest, 0, size));
        else
            buf_format(out, "\\x%02x", (uint8_t)rest.at[0]);
        at += size ? size : 1;
    }
}

static void show_name(const struct scan_report *r, size_t file, struct buf *out) {
    const char *name = r->files[file].name;
    scan_show_text(text_of(strcmp(name, "-") ? name : _("standard input")), SIZE_MAX, out);
}

/* ---- for people */

static void put_file(const struct scan_report *r, size_t file, struct buf *out) {
    const struct scan_file *f = &r->files[file];
    buf_string(out, "  ");
    show_name(r, file, out);
    if (f->format == &line_unknown)
        buf_format(out,
                   _n(": no log format fits its first lines, %llu line is not read",
                      ": no log format fits its first lines, %llu lines are not read", f->lines),
                   (unsigned long long)f->lines);
    else if (f->format)
        buf_format(out, _n(": %s, %llu line", ": %s, %llu lines", f->lines), f->format->name,
                   (unsigned long long)f->lines);
    else
        buf_string(out, _(": empty"));
    if (f->continues) buf_string(out, _("; goes on where the file before it ends"));
    if (f->cut_at)
        buf_format(out, _("; the compressed data ends too soon, at byte %llu"), (unsigned long long)f->cut_at);
    else if (f->cut)
        buf_string(out, _("; the end is cut off"));
    buf_char(out, '\n');
}

static void put_files(const struct scan_report *r, struct buf *out) {
    size_t shown = 0;
    for (size_t i = 0; i < r->file_count; i++) {
        if (shown >= FILES_SHOWN && !r->files[i].cut && r->files[i].format != &line_unknown) continue;
        put_file(r, i, out);
        shown++;
    }
    if (shown < r->file_count) buf_format(out, _("  … and %zu more files\n"), r->file_count - shown);
}

static void put_reason(const struct scan_report *r, enum reason reason, struct buf *out) {
    const struct line_at *at = &r->examples[reason];
    buf_format(out, "  %*llu  %s\n", NAME_COLUMNS, (unsigned long long)r->counts[reason],
               gettext(reasons[reason].sentence));
    buf_format(out, "  %*s  ", NAME_COLUMNS, "");
    show_name(r, at->file, out);
    buf_format(out, ":%llu: ", (unsigned long long)at->line);
    scan_show_text(at->text, EXAMPLE_BYTES, out);
    buf_char(out, '\n');
}

static void put_reasons(const struct scan_report *r, enum verdict verdict, const char *title, struct buf *out) {
    uint64_t sum = 0;
    for (int i = 0; i < REASON_COUNT; i++)
        if (reasons[i].verdict == verdict) sum += r->counts[i];
    if (!sum) return;
    buf_format(out, "%s\n", title);
    for (int i = 0; i < REASON_COUNT; i++)
        if (reasons[i].verdict == verdict && r->counts[i]) put_reason(r, (enum reason)i, out);
}

static void put_order(const struct scan_report *r, struct buf *out) {
    const struct scan_order *o = &r->order;
    if (o->within) {
        buf_format(out,
                   _n("%llu event stands behind a later one, by ", "%llu events stand behind later ones, by up to ",
                      o->within),
                   (unsigned long long)o->within);
        buf_length(out, o->most_within);
        buf_char(out, '\n');
    }
    if (!o->beyond) return;
    buf_format(out,
               _n("ATTENTION: %llu event stands behind a later one by more than the slack, by ",
                  "ATTENTION: %llu events stand behind later ones by more than the slack, by up to ", o->beyond),
               (unsigned long long)o->beyond);
    buf_length(out, o->most_beyond);
    buf_format(out, "%s\n  %*s  ", _("; their times are taken as they are"), NAME_COLUMNS, "");
    show_name(r, o->example.file, out);
    buf_format(out, ":%llu: ", (unsigned long long)o->example.line);
    scan_show_text(o->example.text, EXAMPLE_BYTES, out);
    buf_char(out, '\n');
}

void scan_report_page(const struct scan_report *r, struct buf *out) {
    put_files(r, out);
    if (r->twice)
        buf_format(out,
                   _n("%llu fact has a local time that came twice, when clocks were set back; it is read as the "
                      "first\n",
                      "%llu facts have a local time that came twice, when clocks were set back; it is read as the "
                      "first\n",
                      r->twice),
                   (unsigned long long)r->twice);
    put_order(r, out);
    put_reasons(r, VERDICT_REJECT, _("lines that could not be read:"), out);
    put_reasons(r, VERDICT_OTHER, _("lines that are no facts:"), out);
}

void scan_reject_write(const char *name, uint64_t line, enum reason reason, struct text text, struct buf *out) {
    scan_show_text(text_of(name), SIZE_MAX, out);
    buf_format(out, ":%llu: %s: ", (unsigned long long)line, reasons[reason].name);
    scan_show_text(text, SIZE_MAX, out);
    buf_char(out, '\n');
}

void scan_rejects_write(const struct scan_report *r, struct buf *out) {
    for (size_t i = 0; i < r->reject_count; i++) {
        const struct scan_reject *reject = &r->rejects[i];
        const char *name = r->files[reject->at.file].name;
        scan_reject_write(strcmp(name, "-") ? name : _("standard input"), reject->at.line, reject->reason,
                          reject->at.text, out);
    }
}

/* ---- for programs */

static void put_shown(json_t *object, const char *key, struct text t, size_t max) {
    struct buf shown = {.max = 1 << 20};
    scan_show_text(t, max, &shown);
    json_put_text(object, key, buf_as_text(&shown));
    buf_free(&shown);
}

static json_t *file_json(const struct scan_file *f) {
    json_t *file = json_object();
    put_shown(file, "name", text_of(f->name), SIZE_MAX);
    json_put_text_if(file, "format", text_of(f->format ? f->format->name : NULL));
    json_put_u64(file, "lines", f->lines);
    json_put_u64(file, "bytes", f->bytes);
    char hex[SHA256_HEX];
    if (f->hashed) json_put_text(file, "sha256", sha256_hex(&f->hash, hex));
    json_put_bool(file, "continues", f->continues);
    json_put_bool(file, "cut", f->cut);
    if (f->cut_at) json_put_u64(file, "cut_at", f->cut_at);
    return file;
}

static json_t *example_json(const struct scan_report *r, const struct line_at *at) {
    json_t *example = json_object();
    put_shown(example, "file", text_of(r->files[at->file].name), SIZE_MAX);
    json_put_u64(example, "line", at->line);
    put_shown(example, "text", at->text, EXAMPLE_BYTES);
    return example;
}

static json_t *reason_json(const struct scan_report *r, enum reason reason) {
    static const char *const verdicts[] = {
        [VERDICT_FACT] = "fact", [VERDICT_OTHER] = "other", [VERDICT_REJECT] = "reject"};
    const struct line_at *at = &r->examples[reason];
    json_t *object = json_object();
    json_put_text(object, "reason", text_of(reasons[reason].name));
    json_put_text(object, "verdict", text_of(verdicts[reasons[reason].verdict]));
    json_put_u64(object, "count", r->counts[reason]);
    json_put(object, "example", example_json(r, at));
    return object;
}

/* Lengths in milliseconds. */
static json_t *order_json(const struct scan_report *r) {
    const struct scan_order *o = &r->order;
    json_t *order = json_object();
    json_put_u64(order, "within", o->within);
    json_put_u64(order, "within_ms", (uint64_t)(o->most_within / 1000));
    json_put_u64(order, "beyond", o->beyond);
    json_put_u64(order, "beyond_ms", (uint64_t)(o->most_beyond / 1000));
    if (o->beyond) json_put(order, "example", example_json(r, &o->example));
    return order;
}

void scan_report_put(const struct scan_report *r, json_t *object) {
    json_t *files = json_array(), *list = json_array();
    for (size_t i = 0; i < r->file_count; i++) json_add(files, file_json(&r->files[i]));
    for (int i = 0; i < REASON_COUNT; i++)
        if (i != REASON_FACT && r->counts[i]) json_add(list, reason_json(r, (enum reason)i));
    json_put(object, "files", files);
    json_put_u64(object, "lines", r->lines);
    json_put_u64(object, "bytes", r->bytes);
    json_put_u64(object, "twice", r->twice);
    json_put_bool(object, "zoneless", r->zoneless);
    json_put(object, "out_of_order", order_json(r));
    json_put(object, "reasons", list);
}

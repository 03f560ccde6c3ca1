/* What the fuzz targets of single formats share: lines of one, the first of them a header where it has one.  A fact has
 * what is promised of one; lines read the same a second time, and after a cut. */
#ifndef PARLEY_FUZZ_LINE_RECORD_H
#define PARLEY_FUZZ_LINE_RECORD_H

#include "line/formats.h"
#include "vocab/rsit.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static uint64_t read_one(struct reader *r, struct text line) {
    struct observation o;
    enum reason reason = reader_line(r, line, &o);
    ASSERT(reason < REASON_COUNT);
    if (reason == REASON_FACT) {
        ASSERT(o.first != INSTANT_NONE && o.first <= o.last && o.count);
        ASSERT((o.known & (KNOWN_SRC | KNOWN_DST)) || o.object.size);
        ASSERT(rsit_find(o.event));
    }
    ASSERT(!o.object.size || object_holds(o.object));
    ASSERT(!o.protocol.size || protocol_holds(o.protocol));
    return (uint64_t)reason * 31 + (uint64_t)o.first + o.known;
}

static uint64_t read_lines(struct reader *r, struct text t) {
    uint64_t sum = 0;
    struct text line;
    while (text_line(&t, &line)) sum = sum * 31 + read_one(r, line);
    return sum;
}

static inline void record_fuzz(const char *name, struct columns columns, struct text t) {
    static struct reader r;
    const struct stamp_options o = {.until = INSTANT_NONE};
    const struct format *f = format_find(text_of(name));
    struct text head = t, header;
    format_detect(t);
    if (f->has_header && (!text_line(&head, &header) || f->head(header, &columns, NULL))) return;
    reader_start(&r, f, &columns, &o, (struct chain){0}, (struct text){0});
    uint64_t first = read_lines(&r, t);
    struct columns moved = columns;
    columns_lines(f, t, &moved);
    ASSERT(moved.count == r.columns.count && moved.separator == r.columns.separator);
    reader_start(&r, f, &columns, &o, (struct chain){0}, (struct text){0});
    ASSERT(read_lines(&r, t) == first);
    reader_start(&r, f, &columns, &o, (struct chain){0}, TEXT("scanner"));
    read_lines(&r, t);
}

#endif

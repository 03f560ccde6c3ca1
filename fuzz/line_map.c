/* Maps of columns, and lines read by them: the first line is the map, the others the log.  A fact has what is promised
 * of one; lines read the same a second time. */
#include "line/formats.h"
#include "line/map.h"
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

static void read_file(struct columns columns, struct text t) {
    static struct reader r;
    const struct stamp_options o = {.until = INSTANT_NONE};
    const struct format *f = format_find(TEXT("mapped"));
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

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct text t = text_from_bytes(bytes_of(at, size)), spec;
    struct field_map map;
    if (map_read(t, &map, NULL) == OK) ASSERT(map.count && map.count <= MAP_ROWS_MAX);
    if (!text_line(&t, &spec) || map_read(spec, &map, NULL)) return 0;
    read_file((struct columns){.map = &map}, t);
    return 0;
}

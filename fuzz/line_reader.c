/* Log lines: a file of one format, or of the format that is seen from its lines.
 *
 *     fuzz-line_reader [--format=NAME] …     as any fuzz target
 *     fuzz-line_reader --list                prints the names of the formats: script/fuzz runs the target for each
 *
 * The size of the input chooses the options.  A fact has what is promised of one; a file reads the same a second time
 * and by every way of searching that the processor has, and cut into two parts as it does in one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line/formats.h"
#include "line/map.h"
#include "line/rules.h"
#include "vocab/rsit.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);
int LLVMFuzzerInitialize(int *count, char ***words);

static const struct format *chosen; /* NULL: seen from the lines */

int LLVMFuzzerInitialize(int *count, char ***words) {
    for (int i = 1; i < *count; i++) {
        struct text word = text_of((*words)[i]);
        if (text_is(word, "--list")) {
            for (size_t k = 0; k < line_format_count; k++) puts(line_formats[k].name);
            exit(0);
        }
        if (!text_skip(&word, TEXT("--format="))) continue;
        chosen = format_find(word);
        if (!chosen) exit(2);
    }
    return 0;
}

static void check_fact(const struct observation *o) {
    ASSERT(o->first != INSTANT_NONE && o->first <= o->last && o->count);
    ASSERT((o->known & (KNOWN_SRC | KNOWN_DST)) || o->object.size);
    ASSERT(rsit_find(o->event));
}

static void check(enum reason reason, const struct observation *o) {
    ASSERT(reason < REASON_COUNT);
    if (reason == REASON_FACT) check_fact(o);
    ASSERT(!o->object.size || object_holds(o->object));
    ASSERT(!o->protocol.size || protocol_holds(o->protocol));
}

static uint64_t add_text(uint64_t sum, struct text t) {
    for (size_t i = 0; i < t.size; i++) sum = sum * 31 + (uint8_t)t.at[i];
    return sum;
}

static uint64_t add_ip(uint64_t sum, bool known, struct ip ip) {
    return known ? add_text(sum, (struct text){(const char *)ip.at, sizeof ip.at}) : sum;
}

/* Of all that a line says. */
static uint64_t add_line(uint64_t sum, enum reason reason, const struct observation *o) {
    sum = (sum * 31 + reason) * 31 + (uint64_t)o->first;
    if (reason != REASON_FACT) return sum;
    sum = (sum * 31 + (uint64_t)o->last) * 31 + o->known;
    sum = add_ip(sum, o->known & KNOWN_SRC, o->src);
    sum = add_ip(sum, o->known & KNOWN_DST, o->dst);
    sum = add_ip(sum, o->known & KNOWN_UPSTREAM, o->upstream);
    if (o->known & KNOWN_SRC_PORT) sum = sum * 31 + o->src_port;
    if (o->known & KNOWN_DST_PORT) sum = sum * 31 + o->dst_port;
    sum = add_text(add_text(add_text(sum, o->object), o->protocol), o->event);
    return sum * 31 + o->count;
}

/* Reads a part; returns a sum of what was read, and of where the years stand. */
static uint64_t read_part(struct reader *r, struct text part) {
    struct observation o;
    struct text line;
    uint64_t sum = 0;
    while (text_line(&part, &line)) {
        enum reason reason = reader_line(r, line, &o);
        check(reason, &o);
        sum = add_line(sum, reason, &o);
    }
    return sum * 31 + (uint64_t)r->stamper.chain.position + (uint64_t)r->stamper.chain.years;
}

static const struct rules *own_rules(void) {
    static struct rules rules;
    static struct arena arena;
    if (!rules.count) rules_add_own(&rules, &arena);
    return &rules;
}

static const struct field_map *own_map(void) {
    static const char spec[] = "time=ts,end=te,src=src.ip,src-port=sp,dst=dst,dst-port=dp,protocol=proto,"
                               "count=n,url=u,upstream=up,event=event";
    static struct field_map map;
    if (!map.count) ASSERT(map_read(text_of(spec), &map, NULL) == OK);
    return &map;
}

static struct text until_line_end(struct text t, size_t from) {
    size_t more = text_find(text_sub(t, from, t.size), '\n');
    return text_sub(t, 0, from + more < t.size ? from + more + 1 : t.size);
}

struct file {
    const struct format *format;
    struct columns columns; /* by its header */
    struct stamp_options stamps;
    struct text event, lines;
};

static void start(struct reader *r, const struct file *f, const struct columns *columns, struct chain chain) {
    reader_start(r, f->format, columns, &f->stamps, chain, f->event);
    r->logins.asked = true;
    r->rules = own_rules();
}

/* As one part, and as two. */
static void read_file(const struct file *f, size_t cut) {
    static struct reader r;
    struct text first = until_line_end(f->lines, cut), second = text_sub(f->lines, first.size, f->lines.size);
    struct columns columns = f->columns;
    struct chain chain = {0};
    start(&r, f, &columns, chain);
    uint64_t begun = read_part(&r, first);
    columns_lines(f->format, first, &columns);
    if (f->format->note) ASSERT(columns.count == r.columns.count && columns.separator == r.columns.separator);
    if (f->format->years) chain_lines(&chain, first, format_is_own_log(f->format));
    if (f->format->years) ASSERT(chain.position == r.stamper.chain.position && chain.years == r.stamper.chain.years);
    uint64_t ended = read_part(&r, second);
    for (size_t i = 0; i < sift_count; i++) {
        if (!sifts[i].supported()) continue;
        start(&r, f, &columns, chain);
        r.search.sift = &sifts[i];
        ASSERT(read_part(&r, second) == ended);
    }
    start(&r, f, &f->columns, (struct chain){0});
    ASSERT(read_part(&r, first) == begun);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    struct file f = {.stamps = {.year = 2024, .until = INSTANT_NONE}, .lines = text_from_bytes(bytes_of(at, size))};
    struct text header;
    if (size % 4 == 1) f.stamps = (struct stamp_options){.until = 1124013600 * INSTANT_SECOND};
    if (size % 4 == 2) f.event = TEXT("dos");
    if (size % 16 == 3) f.stamps.year = 0;
    f.format = chosen ? chosen : format_detect(f.lines);
    if (!f.format) return 0;
    if (text_is(text_of(f.format->name), "mapped")) f.columns.map = own_map();
    if (f.format->has_header && (!text_line(&f.lines, &header) || f.format->head(header, &f.columns, NULL))) return 0;
    read_file(&f, size ? f.lines.size * (at[size / 2] % 8) / 8 : 0);
    return 0;
}

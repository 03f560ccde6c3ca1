/* Log lines.  The first byte chooses the format, or that it be seen from the lines; the second the options; the rest
 * are lines.  A fact has what is promised of one, and a file cut into two parts reads as it does in one, by every
 * way of searching that the processor has. */
#include <string.h>

#include "line/formats.h"
#include "line/rules.h"
#include "vocab/rsit.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

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

/* Reads a part; returns a sum of what was read, which tells parts apart. */
static uint64_t read_part(struct reader *r, struct text part) {
    struct observation o;
    struct text line;
    uint64_t sum = 0;
    while (text_line(&part, &line)) {
        enum reason reason = reader_line(r, line, &o);
        check(reason, &o);
        sum = (sum * 31 + (uint64_t)o.first) * 31 + reason * 64 + o.event.size;
    }
    return sum * 31 + (uint64_t)r->stamper.chain.position + (uint64_t)r->stamper.chain.years;
}

static const struct rules *own_rules(void) {
    static struct rules rules;
    static struct arena arena;
    if (!rules.count) rules_add_own(&rules, &arena);
    return &rules;
}

static struct text until_line_end(struct text t, size_t from) {
    size_t more = text_find(text_sub(t, from, t.size), '\n');
    return text_sub(t, 0, from + more < t.size ? from + more + 1 : t.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    static struct reader r;
    struct stamp_options o = {.year = 2024, .until = INSTANT_NONE};
    struct columns columns = {0};
    struct text header, t = text_from_bytes(bytes_of(at, size));
    if (size < 2) return 0;
    if (at[1] & 1) o.until = 1124013600 * INSTANT_SECOND;
    if (at[1] & 2) o.year = 0;
    struct text event = at[1] & 4 ? TEXT("dos") : (struct text){0};
    t = text_sub(t, 2, t.size);
    const struct format *seen = format_detect(t), *f = at[0] < line_format_count ? &line_formats[at[0]] : seen;
    if (!f) return 0;
    if (f->has_header && (!text_line(&t, &header) || f->head(header, &columns, NULL))) return 0;

    struct text first = until_line_end(t, t.size / 2), second = text_sub(t, first.size, t.size);
    reader_start(&r, f, &columns, &o, (struct chain){0}, event);
    r.rules = own_rules();
    read_part(&r, first);
    struct chain chain = {0};
    columns_lines(f, first, &columns);
    if (f->years) chain_lines(&chain, first, format_is_own_log(f));
    if (f->years) ASSERT(chain.position == r.stamper.chain.position && chain.years == r.stamper.chain.years);
    uint64_t whole = read_part(&r, second);
    for (size_t i = 0; i < sift_count; i++) {
        if (!sifts[i].supported()) continue;
        reader_start(&r, f, &columns, &o, chain, event);
        r.rules = own_rules();
        r.search.sift = &sifts[i];
        ASSERT(read_part(&r, second) == whole);
    }
    return 0;
}

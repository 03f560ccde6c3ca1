/* Files of rules, and messages that are judged by them: what stands before the first NUL is the file, each line behind
 * it a message.  What a field takes is of the message, and an event has a source. */
#include <string.h>

#include "line/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size);

static void check_pattern(const struct pattern *p, struct text message) {
    struct text taken[CAPTURES];
    enum fit fit = pattern_match(p, message, taken);
    if (fit != FIT_NOT && message.size) ASSERT(pattern_may_begin(p, (uint8_t)message.at[0]));
    for (size_t i = 0; fit == FIT && i < CAPTURES; i++) {
        if (!(p->captures >> i & 1)) ASSERT(!taken[i].size);
        if (taken[i].size)
            ASSERT(taken[i].at >= message.at && taken[i].at + taken[i].size <= message.at + message.size);
    }
}

static void check_message(const struct rules *r, struct text message) {
    char scratch[PROTOCOL_MAX];
    struct observation o = {.count = 1};
    for (size_t i = 0; i < r->count; i++) {
        for (size_t k = 0; k < r->sections[i].count; k++) check_pattern(&r->sections[i].rules[k].pattern, message);
        enum reason reason = rules_apply(r, (uint64_t)1 << i, message, scratch, &o);
        if (reason == REASON_FACT) ASSERT(r->sections[i].is_format || (o.known & KNOWN_SRC));
        ASSERT(!o.protocol.size || protocol_holds(o.protocol));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size) {
    static struct rules r;
    struct arena a = {0};
    struct text file, message, rest = text_from_bytes(bytes_of(at, size));
    r.count = r.rule_count = 0;
    if (!text_cut(&rest, 0, &file)) return 0;
    if (rules_read(&r, file, NULL, &a, NULL) == OK)
        while (text_line(&rest, &message)) check_message(&r, message);
    arena_free(&a);
    return 0;
}

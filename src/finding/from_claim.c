/* Facts to what a check seeks. */
#include "finding/from_claim.h"

#include "fact/hide.h"

static unsigned traced(const struct fact *f) {
    static const struct {
        enum known known;
        enum trace_known trace;
    } same[] = {
        {KNOWN_SRC, TRACE_SRC},
        {KNOWN_DST, TRACE_DST},
        {KNOWN_SRC_PORT, TRACE_SRC_PORT},
        {KNOWN_DST_PORT, TRACE_DST_PORT},
    };
    unsigned known = 0;
    for (size_t i = 0; i < COUNT(same); i++)
        if (f->known & same[i].known) known |= same[i].trace;
    if (f->protocol.size) known |= TRACE_PROTOCOL;
    if (hidden_is_address(f->dst)) known &= ~(unsigned)TRACE_DST;
    if (f->object.size && !hidden_is_object(f->object)) known |= TRACE_OBJECT;
    return known;
}

static instant second_end(instant at) { return at == INSTANT_NONE ? at : at + INSTANT_SECOND - 1; }

struct check_fact check_fact_of(const struct fact *f) {
    return (struct check_fact){.trace = {.known = traced(f),
                                         .src = f->src,
                                         .dst = f->dst,
                                         .src_port = f->src_port,
                                         .dst_port = f->dst_port,
                                         .protocol = f->protocol,
                                         .object = f->object,
                                         .event = f->event},
                               .first = f->first,
                               .last = second_end(f->last)};
}

const struct check_fact *check_facts_of(struct sheet sheet, struct arena *a) {
    struct check_fact *facts = ARENA_ARRAY(a, struct check_fact, sheet.count);
    for (size_t i = 0; i < sheet.count; i++) facts[i] = check_fact_of(&sheet.at[i]);
    return facts;
}

/* Observations to sightings. */
#include "finding/from_line.h"

bool format_sees_traffic(const struct format *f) {
    static const char *const names[] = {"eve", "flow", "iptables", "nat", "nfdump", "zeek"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (text_is(text_of(f->name), names[i])) return true;
    return false;
}

bool line_covers_traffic(const struct format *f, struct text line, const struct observation *o) {
    static const struct text flows[] = {TEXT("\"event_type\":\"flow\""), TEXT("\"event_type\": \"flow\""),
                                        TEXT("\"event_type\":\"netflow\""), TEXT("\"event_type\": \"netflow\"")};
    static const char *const told[] = {"nat", "nfdump", "zeek"}; /* whose lines say it each for itself */
    for (size_t i = 0; i < COUNT(told); i++)
        if (text_is(text_of(f->name), told[i])) return o->traffic;
    if (!text_is(text_of(f->name), "eve")) return o->traffic || format_sees_traffic(f);
    for (size_t i = 0; i < COUNT(flows); i++)
        if (text_search(line, flows[i]) != SIZE_MAX) return true;
    return false;
}

static unsigned traced(const struct observation *o) {
    unsigned known = 0;
    if (o->known & KNOWN_SRC) known |= TRACE_SRC;
    if (o->known & KNOWN_DST) known |= TRACE_DST;
    if (o->known & KNOWN_SRC_PORT) known |= TRACE_SRC_PORT;
    if (o->known & KNOWN_DST_PORT) known |= TRACE_DST_PORT;
    if (o->protocol.size) known |= TRACE_PROTOCOL;
    if (o->object.size) known |= TRACE_OBJECT;
    return known;
}

/* A line that names no event may still be the event that is sought: a flow never says what it is for. */
static bool shows(enum reason reason, bool traffic) {
    if (reason == REASON_FACT || reason == REASON_EVENT) return true;
    return traffic && reasons[reason].verdict == VERDICT_OTHER;
}

static bool block_of(const struct observation *o, struct sighting *out) {
    if (!o->block_last || o->first == INSTANT_NONE) return false;
    *out = (struct sighting){.trace = {.src = o->src, .src_port = o->src_port},
                             .at = o->first,
                             .until = o->last,
                             .block_last = o->block_last,
                             .has_upstream = true,
                             .upstream = o->upstream};
    return true;
}

bool sighting_of(const struct observation *o, enum reason reason, bool traffic, struct sighting *out) {
    unsigned known = traced(o);
    if (reason == REASON_PORTS) return block_of(o, out);
    if (!shows(reason, traffic) || o->first == INSTANT_NONE) return false;
    if (!(known & (TRACE_SRC | TRACE_DST | TRACE_OBJECT))) return false;
    *out = (struct sighting){.trace = {.known = known,
                                       .src = o->src,
                                       .dst = o->dst,
                                       .src_port = o->src_port,
                                       .dst_port = o->dst_port,
                                       .protocol = o->protocol,
                                       .object = o->object,
                                       .event = o->event},
                             .at = o->first,
                             .until = o->last,
                             .count = o->count,
                             .has_upstream = o->known & KNOWN_UPSTREAM,
                             .upstream = o->upstream,
                             .is_session = traffic && o->last > o->first};
    return true;
}

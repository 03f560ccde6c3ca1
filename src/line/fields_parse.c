/* The values of a line, by the columns that its header named. */
#include "line/fields.h"
#include "line/host.h"
#include "vocab/rsit.h"

#define COUNT_MAX ((uint64_t)1 << 53)

/* Seconds since 1970, of 9 to 11 digits: the years 1973 to 5138. */
static bool read_epoch(struct text t, instant *out) {
    size_t dot = text_find(t, '.');
    uint64_t seconds;
    int64_t micros = 0, unit = INSTANT_SECOND / 10;
    if (dot < 9 || dot > 11 || !text_u64(text_sub(t, 0, dot), &seconds) || dot + 1 == t.size) return false;
    for (size_t i = dot + 1; i < t.size; i++, unit /= 10) {
        if (t.at[i] < '0' || t.at[i] > '9') return false;
        micros += (t.at[i] - '0') * unit;
    }
    *out = (instant)seconds * INSTANT_SECOND + micros;
    return true;
}

static enum reason read_time(struct reader *r, struct text t, instant *at, struct observation *out) {
    struct stamp s;
    if (read_epoch(t, at)) return REASON_FACT;
    enum reason reason = stamp_iso(&r->stamper, &t, &s);
    if (reason) return reason;
    if (t.size) return REASON_STAMP;
    *at = s.at;
    out->twice = out->twice || s.twice;
    return REASON_FACT;
}

static enum reason read_address(struct text t, unsigned bit, struct ip *ip, struct observation *out) {
    enum reason reason = host_read(t, ip);
    if (!reason) out->known |= bit;
    return reason;
}

static enum reason read_port(struct text t, unsigned bit, uint16_t *port, struct observation *out) {
    if (!port_read(t, port)) return REASON_VALUE;
    out->known |= bit;
    return REASON_FACT;
}

static enum reason read_object(struct text t, struct observation *out) {
    if (!object_holds(t)) return REASON_VALUE;
    out->object = t;
    return REASON_FACT;
}

/* By its name, or by its number (IANA's protocol numbers). */
static enum reason read_protocol(struct reader *r, struct text t, struct observation *out) {
    static const struct {
        const char *number, *name;
    } rows[] = {{"1", "icmp"}, {"6", "tcp"}, {"17", "udp"},       {"41", "ipv6"}, {"47", "gre"},
                {"50", "esp"}, {"51", "ah"}, {"58", "ipv6-icmp"}, {"132", "sctp"}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (text_is(t, rows[i].number)) {
            out->protocol = text_of(rows[i].name);
            return REASON_FACT;
        }
    return protocol_read(t, r->scratch, &out->protocol) ? REASON_FACT : REASON_VALUE;
}

static enum reason read_event(struct text t, struct observation *out) {
    const struct rsit_type *type = rsit_find(t);
    if (!type) return REASON_VALUE;
    out->event = text_of(type->value);
    return REASON_FACT;
}

static enum reason read_count(struct text t, struct observation *out) {
    uint64_t count;
    if (!text_u64(t, &count) || !count || count > COUNT_MAX) return REASON_VALUE;
    out->count = count;
    return REASON_FACT;
}

enum reason fields_value(struct reader *r, enum field field, struct text t, struct observation *out) {
    if (!t.size || text_is(t, "-")) return REASON_FACT;
    switch (field) {
    case FIELD_FIRST: return read_time(r, t, &out->first, out);
    case FIELD_LAST: return read_time(r, t, &out->last, out);
    case FIELD_SRC: return read_address(t, KNOWN_SRC, &out->src, out);
    case FIELD_DST: return read_address(t, KNOWN_DST, &out->dst, out);
    case FIELD_UPSTREAM: return read_address(t, KNOWN_UPSTREAM, &out->upstream, out);
    case FIELD_SRC_PORT: return read_port(t, KNOWN_SRC_PORT, &out->src_port, out);
    case FIELD_DST_PORT: return read_port(t, KNOWN_DST_PORT, &out->dst_port, out);
    case FIELD_OBJECT: return read_object(t, out);
    case FIELD_PROTOCOL: return read_protocol(r, t, out);
    case FIELD_EVENT: return read_event(t, out);
    case FIELD_COUNT: return read_count(t, out);
    case FIELD_IGNORED: break;
    }
    return REASON_FACT;
}

static enum reason read_values(struct reader *r, struct text line, struct observation *out) {
    struct text fields[COLUMNS_MAX];
    size_t count, kept = PROTOCOL_MAX + 1; /* of the scratch, for the protocol */
    enum reason reason = fields_split(line, r->scratch + kept, sizeof r->scratch - kept, fields, &count);
    if (reason) return reason;
    if (count != r->columns.count) return REASON_COLUMNS;
    for (size_t i = 0; i < count && !reason; i++)
        reason = fields_value(r, (enum field)r->columns.field[i], fields[i], out);
    return reason;
}

enum reason fields_times(struct observation *o) {
    if (o->first == INSTANT_NONE) o->first = o->last;
    if (o->last == INSTANT_NONE) o->last = o->first;
    if (o->first == INSTANT_NONE) return REASON_STAMP;
    return o->last < o->first ? REASON_VALUE : REASON_FACT;
}

enum reason fields_parse(struct reader *r, struct text line, struct observation *out) {
    struct columns again;
    enum reason reason = read_values(r, line, out);
    if (reason) return r->format->head(line, &again, NULL) ? reason : REASON_COMMENT;
    return fields_times(out);
}

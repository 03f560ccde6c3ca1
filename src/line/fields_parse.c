/* The values of a line, by the columns that its header named. */
#include "line/fields.h"

#include <string.h>

#include "line/host.h"
#include "vocab/rsit.h"

#define COUNT_MAX ((uint64_t)1 << 53)

/* Since 1970, by the number of digits: seconds have 9 to 11 (the years 1973 to 5138), milliseconds 12 to 14,
 * microseconds 15 to 17, nanoseconds 18 and 19.  Only seconds have a fraction. */
static bool read_epoch(struct text t, instant *out) {
    size_t dot = text_find(t, '.');
    uint64_t number;
    int64_t micros = 0, unit = INSTANT_SECOND / 10;
    if (dot < 9 || dot > 19 || !text_u64(text_sub(t, 0, dot), &number) || dot + 1 == t.size) return false;
    if (dot > 11 && dot < t.size) return false;
    for (size_t i = dot + 1; i < t.size; i++, unit /= 10) {
        if (t.at[i] < '0' || t.at[i] > '9') return false;
        micros += (t.at[i] - '0') * unit;
    }
    *out = dot <= 11   ? (instant)number * INSTANT_SECOND + micros
           : dot <= 14 ? (instant)number * 1000
           : dot <= 17 ? (instant)number
                       : (instant)(number / 1000);
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

/* Into the reader's own memory: a member of JSON goes when it has been read. */
static enum reason read_object(struct reader *r, const char *kind, struct text t, struct observation *out) {
    size_t size = strlen(kind);
    if (t.size > OBJECT_MAX - size) return REASON_VALUE;
    memcpy(r->object, kind, size);
    memcpy(r->object + size, t.at, t.size);
    const struct text object = {r->object, size + t.size};
    if (!object_holds(object)) return REASON_VALUE;
    out->object = object;
    return REASON_FACT;
}

/* Seconds with a fraction, or hours, minutes and seconds, perhaps with days before them. */
static enum reason read_duration(struct text t, instant *out) {
    static const int64_t units[] = {1, 60, 3600};
    struct text part;
    uint64_t number, seconds = 0;
    int64_t micros = 0, unit = INSTANT_SECOND / 10;
    size_t dot = text_find(t, '.');
    for (size_t i = dot + 1; i < t.size; i++, unit /= 10) {
        if (t.at[i] < '0' || t.at[i] > '9') return REASON_VALUE;
        micros += (t.at[i] - '0') * unit;
    }
    t.size = dot;
    if (text_cut(&t, 'd', &part)) {
        if (!text_u64(part, &number) || number > 36500) return REASON_VALUE;
        seconds = number * 86400;
        t = text_trim(t);
    }
    for (size_t i = 0; i < COUNT(units); i++) {
        size_t at = t.size;
        while (at && t.at[at - 1] != ':') at--;
        part = text_sub(t, at, t.size);
        while (part.size > 1 && part.at[0] == '0') part = text_sub(part, 1, part.size);
        if (!text_u64(part, &number) || number > UINT32_MAX) return REASON_VALUE;
        seconds += number * (uint64_t)units[i];
        t.size = at ? at - 1 : 0;
        if (!at) break;
    }
    if (t.size) return REASON_VALUE;
    *out = (instant)seconds * INSTANT_SECOND + micros;
    return REASON_FACT;
}

/* Where nothing was translated, exporters write an address of zeros, or no port. */
static enum reason read_outside(struct reader *r, struct text t) {
    static const struct ip none;
    struct beside *b = &r->beside;
    enum reason reason = host_read(t, &b->outside);
    if (!reason && !text_is(t, "0.0.0.0") && ip_compare(b->outside, none)) b->known |= KNOWN_SRC;
    return reason;
}

static enum reason read_outside_port(struct reader *r, struct text t) {
    if (!port_read(t, &r->beside.outside_port)) return REASON_VALUE;
    if (r->beside.outside_port) r->beside.known |= KNOWN_SRC_PORT;
    return REASON_FACT;
}

/* By its name, or by its number (IANA's protocol numbers). */
static enum reason read_protocol(struct reader *r, struct text t, struct observation *out) {
    const struct text name = t.at[0] <= '9' ? protocol_by_number(t) : (struct text){0};
    if (name.size) {
        out->protocol = name;
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

/* Only where the user chose the column is a count of 0 to be expected. */
static enum reason read_count(struct reader *r, struct text t, struct observation *out) {
    uint64_t count;
    if (r->columns.map && text_is(t, "0")) {
        r->beside.none = true;
        return REASON_FACT;
    }
    if (!text_u64(t, &count) || !count || count > COUNT_MAX) return REASON_VALUE;
    out->count = count;
    return REASON_FACT;
}

/* What is no number says nothing of ports; the record says the rest all the same. */
static enum reason read_block_port(struct text t, uint64_t *out) {
    if (!text_u64(t, out) || *out > UINT16_MAX) *out = 0;
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
    case FIELD_OUTSIDE: return read_outside(r, t);
    case FIELD_OUTSIDE_PORT: return read_outside_port(r, t);
    case FIELD_PORT_BLOCK: r->beside.port_block = !text_is(t, "0"); return read_block_port(t, &r->beside.block_first);
    case FIELD_PORT_BLOCK_LAST: return read_block_port(t, &r->beside.block_last);
    case FIELD_PORT_BLOCK_SIZE: return read_block_port(t, &r->beside.block_size);
    case FIELD_DURATION: return read_duration(t, &r->beside.duration);
    case FIELD_OBJECT: return read_object(r, "", t, out);
    case FIELD_URL: return read_object(r, "url:", t, out);
    case FIELD_DOMAIN: return read_object(r, "domain:", t, out);
    case FIELD_SHA256: return read_object(r, "sha256:", t, out);
    case FIELD_ACCOUNT: return read_object(r, "account:", t, out);
    case FIELD_MAIL: return read_object(r, "mail:", t, out);
    case FIELD_PROTOCOL: return read_protocol(r, t, out);
    case FIELD_EVENT: return read_event(t, out);
    case FIELD_COUNT: return read_count(r, t, out);
    case FIELD_USER: logins_add(&r->logins, t); return REASON_FACT;
    case FIELD_IGNORED: return REASON_FACT;
    case FIELD_KEPT: break;
    }
    ASSERT(field >= FIELD_KEPT && field < FIELD_KEPT + KEPT_MAX);
    r->beside.kept[field - FIELD_KEPT] = t;
    return REASON_FACT;
}

enum reason fields_read(struct reader *r, struct text line, struct observation *out) {
    struct text fields[COLUMNS_MAX];
    size_t count, kept = PROTOCOL_MAX + 1; /* of the scratch, for the protocol */
    enum reason reason =
        fields_split(line, r->columns.separator, r->scratch + kept, sizeof r->scratch - kept, fields, &count);
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

/* Of a translation the other side sees the outside only. */
static void translate(const struct beside *b, struct observation *o) {
    if (!(b->known & KNOWN_SRC)) return;
    if ((o->known & KNOWN_SRC) && ip_compare(o->src, b->outside)) {
        o->upstream = o->src;
        o->known |= KNOWN_UPSTREAM;
    }
    o->src = b->outside;
    o->src_port = b->outside_port;
    o->known &= ~(unsigned)KNOWN_SRC_PORT;
    o->known |= b->known;
}

/* To whom the block was given, where the record says so. */
static void put_block(const struct beside *b, struct observation *o) {
    uint64_t last = b->block_last ? b->block_last : b->block_size ? b->block_first + b->block_size - 1 : 0;
    bool whole = (b->known & KNOWN_SRC) && (o->known & KNOWN_SRC) && b->block_first && last >= b->block_first;
    o->block_last = whole && last <= UINT16_MAX ? (uint16_t)last : 0;
    if (!o->block_last) return;
    o->upstream = o->src;
    o->src = b->outside;
    o->src_port = (uint16_t)b->block_first;
}

enum reason fields_settle(struct reader *r, struct observation *o) {
    const struct beside *b = &r->beside;
    if (o->last == INSTANT_NONE && o->first != INSTANT_NONE && b->duration != INSTANT_NONE)
        o->last = o->first + b->duration;
    enum reason reason = fields_times(o);
    if (reason) return reason;
    if (b->port_block && !(b->known & KNOWN_SRC_PORT)) {
        put_block(b, o);
        o->known = 0; /* many may have had the address at the time */
        return REASON_PORTS;
    }
    translate(b, o);
    return b->none ? REASON_ZERO : REASON_FACT;
}

enum reason fields_parse(struct reader *r, struct text line, struct observation *out) {
    struct columns again;
    enum reason reason = fields_read(r, line, out);
    if (reason) return r->format->head(line, &again, NULL) ? reason : REASON_COMMENT;
    return fields_times(out);
}

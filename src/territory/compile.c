/* Rows to the file of a table. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "territory/layout.h"
#include "territory/rows.h"

static uint64_t place_key(struct place p) {
    const uint8_t bytes[] = {(uint8_t)p.code.at[0], (uint8_t)p.code.at[1], (uint8_t)p.country.at[0],
                             (uint8_t)p.country.at[1]};
    uint64_t key = 0;
    for (size_t i = 0; i < COUNT(bytes); i++) key = key << 8 | bytes[i];
    return key << 32 | p.as;
}

static int by_key(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The distinct places of the segments, sorted; nothing at all (0) comes first. */
struct values {
    uint64_t *at;
    size_t count;
};

static struct values values_of(const struct segments *s, struct arena *a) {
    struct values v = {.at = ARENA_ARRAY(a, uint64_t, s->count + 1)};
    for (size_t i = 0; i < s->count; i++) v.at[i + 1] = place_key(s->at[i].place);
    qsort(v.at, s->count + 1, sizeof *v.at, by_key);
    for (size_t i = 0; i <= s->count; i++)
        if (!i || v.at[i] != v.at[v.count - 1]) v.at[v.count++] = v.at[i];
    return v;
}

/* A code that is no country locates nothing. */
static bool any_is_located(const struct values *v) {
    for (size_t i = 0; i < v->count; i++)
        if (v->at[i] << 16) return true;
    return false;
}

static uint32_t value_of(const struct values *v, struct place p) {
    uint64_t key = place_key(p);
    const uint64_t *found = bsearch(&key, v->at, v->count, sizeof key, by_key);
    ASSERT(found);
    return (uint32_t)(found - v->at);
}

struct network {
    uint32_t as;
    size_t row;
    struct text name;
};

static int by_as(const void *a, const void *b) {
    const struct network *x = a, *y = b;
    if (x->as != y->as) return x->as < y->as ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

struct networks {
    struct network *at;
    size_t count, name_bytes;
};

/* The AS numbers that the table names somewhere, sorted. */
static uint64_t *numbers_of(const struct values *v, struct arena *a, size_t *count) {
    uint64_t *at = ARENA_ARRAY(a, uint64_t, v->count);
    *count = 0;
    for (size_t i = 0; i < v->count; i++) at[i] = (uint32_t)v->at[i];
    qsort(at, v->count, sizeof *at, by_key);
    for (size_t i = 0; i < v->count; i++)
        if (at[i] && (!*count || at[i] != at[*count - 1])) at[(*count)++] = at[i];
    return at;
}

/* The name of each AS that the table speaks of: the first that a row gives. */
static struct networks networks_of(const struct rows *r, const struct values *v, struct arena *a) {
    size_t number_count;
    uint64_t *numbers = numbers_of(v, a, &number_count);
    struct networks n = {.at = ARENA_ARRAY(a, struct network, r->count)};
    size_t named = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i].as_name.size) n.at[named++] = (struct network){r->at[i].place.as, i, r->at[i].as_name};
    qsort(n.at, named, sizeof *n.at, by_as);
    for (size_t i = 0; i < named; i++) {
        uint64_t key = n.at[i].as;
        if (n.count && n.at[n.count - 1].as == n.at[i].as) continue;
        if (!bsearch(&key, numbers, number_count, sizeof key, by_key)) continue;
        n.at[n.count++] = n.at[i];
        n.name_bytes += n.at[i].name.size;
    }
    return n;
}

static void put_u32(struct buf *out, uint32_t n) {
    n = htole32(n);
    buf_bytes(out, bytes_of(&n, sizeof n));
}

static void put_u64(struct buf *out, uint64_t n) {
    n = htole64(n);
    buf_bytes(out, bytes_of(&n, sizeof n));
}

/* A family's segments as offsets within its address space. */
struct family {
    const struct segment *at;
    size_t count;
    unsigned bits; /* of the address space */
};

static address offset_of(const struct family *f, size_t i) {
    return f->bits == 32 ? f->at[i].start - ADDRESS_V4_FIRST : f->at[i].start;
}

/* For each value of the first 16 bits the last segment that starts at or below it; then the last of all. */
static void put_index(const struct family *f, struct buf *out) {
    size_t last = 0;
    for (uint32_t bucket = 0; bucket + 1 < LAYOUT_BUCKETS; bucket++) {
        address first = (address)bucket << (f->bits - 16);
        while (last + 1 < f->count && offset_of(f, last + 1) <= first) last++;
        put_u32(out, (uint32_t)last);
    }
    put_u32(out, (uint32_t)f->count - 1);
}

static void put_ranges(const struct family *f, const struct values *v, struct buf *out) {
    for (size_t i = 0; i < f->count; i++) {
        address start = offset_of(f, i);
        if (f->bits == 32) {
            put_u32(out, (uint32_t)start);
        } else {
            put_u64(out, (uint64_t)(start >> 64));
            put_u64(out, (uint64_t)start);
        }
        put_u32(out, value_of(v, f->at[i].place));
        if (f->bits == 128) put_u32(out, 0);
    }
}

static void put_values(const struct values *v, struct buf *out) {
    for (size_t i = 0; i < v->count; i++) {
        buf_char(out, (char)(v->at[i] >> 40));
        buf_char(out, (char)(v->at[i] >> 32));
        buf_char(out, (char)(v->at[i] >> 56));
        buf_char(out, (char)(v->at[i] >> 48));
        put_u32(out, (uint32_t)v->at[i]);
    }
}

static void put_networks(const struct networks *n, struct buf *out) {
    uint32_t end = 0;
    for (size_t i = 0; i < n->count; i++) {
        end += (uint32_t)n->at[i].name.size;
        put_u32(out, n->at[i].as);
        put_u32(out, end);
    }
    for (size_t i = 0; i < n->count; i++) buf_text(out, n->at[i].name);
}

static void put_head(const struct territory_meta *m, const size_t counts[5], struct buf *out) {
    char time[INSTANT_TEXT_MAX], hex[SHA256_HEX];
    const struct sha256 none = {{0}};
    buf_format(out, "%s\nhash %s\n", TERRITORY_KIND, sha256_hex(&none, hex).at);
    buf_format(out, "name %.*s\n", TEXT_ARG(m->name));
    buf_format(out, "date %.*s\n", TEXT_ARG(instant_write(m->date, time)));
    buf_format(out, "basis %.*s\n", TEXT_ARG(m->basis));
    for (size_t i = 0; i < m->source_count; i++)
        buf_format(out, "source %s %llu %.*s\n", sha256_hex(&m->sources[i].hash, hex).at,
                   (unsigned long long)m->sources[i].rows, TEXT_ARG(m->sources[i].name));
    for (size_t i = 0; i < m->credit_count; i++) buf_format(out, "credit %.*s\n", TEXT_ARG(m->credits[i]));
    buf_format(out, "counts %zu %zu %zu %zu %zu\n\n", counts[0], counts[1], counts[2], counts[3], counts[4]);
    while (out->size % LAYOUT_ALIGN && !out->failed) buf_char(out, 0);
}

static bool is_line(struct text t) {
    return t.size && t.size <= TERRITORY_LINE_MAX && text_is_note_text(t) && text_find(t, '\n') == t.size;
}

static enum error check_meta(const struct territory_meta *m, struct diag *d) {
    bool good = is_line(m->name) && m->source_count && m->source_count <= TERRITORY_SOURCES_MAX &&
                m->credit_count <= TERRITORY_SOURCES_MAX && text_find(m->name, ' ') == m->name.size;
    for (size_t i = 0; good && i < m->source_count; i++) good = is_line(m->sources[i].name);
    for (size_t i = 0; good && i < m->credit_count; i++) good = is_line(m->credits[i]);
    if (!good)
        return fail(d, ERR_INPUT, _("names, sources and credits of a table are one line each, the name one word"));
    if (!territory_basis_is(m->basis))
        return fail(d, ERR_INPUT, _("expected the basis registry, geolocation, routed or unstated, found “%.*s”"),
                    (int)(m->basis.size < 40 ? m->basis.size : 40), m->basis.at);
    return m->date == INSTANT_NONE ? fail(d, ERR_INPUT, _("the date of the data is not known")) : OK;
}

/* The IPv4 segments, and all others.  No IPv6 range ends among the IPv4 addresses: what says the same on both sides of
 * them goes through, else nothing is said there. */
static void split(const struct segments *s, struct arena *a, struct family *v4, struct family *v6) {
    struct segments six = {.at = ARENA_ARRAY(a, struct segment, s->count + 1)};
    size_t first = 0, last = 0;
    while (s->at[first].start < ADDRESS_V4_FIRST)
        segments_add(&six, s->at[first].start, s->at[first].place, false), first++;
    for (last = first; s->at[last].start <= ADDRESS_V4_LAST; last++) {
    }
    if (!place_equal(s->at[first - 1].place, s->at[last].place))
        segments_add(&six, ADDRESS_V4_FIRST, (struct place){0}, false);
    for (size_t i = last; i < s->count; i++) segments_add(&six, s->at[i].start, s->at[i].place, false);
    *v4 = (struct family){.at = s->at + first, .count = last - first, .bits = 32};
    *v6 = (struct family){.at = six.at, .count = six.count, .bits = 128};
}

static void hash_part(void *hasher, struct bytes b) { hasher_add(hasher, b); }

/* Reads the file just written, so that its hash is of what a reader finds there, and puts the hash into the head. */
static enum error put_hash(struct buf *out, struct territory_meta *meta, struct diag *d) {
    struct territory t;
    enum error result = territory_open(buf_as_bytes(out), &t, d);
    if (result) return result;
    struct hasher *hasher = hasher_new();
    territory_canonical(&t, hash_part, hasher);
    meta->hash = hasher_end(hasher);
    char hex[SHA256_HEX];
    sha256_hex(&meta->hash, hex);
    memcpy(out->at + LAYOUT_HASH_AT, hex, SHA256_HEX - 1);
    return OK;
}

enum error territory_compile(struct rows *r, struct territory_meta *meta, struct buf *out, struct diag *d) {
    struct arena a = {0};
    struct family v4, v6;
    enum error result = check_meta(meta, d);
    if (result) return result;
    ASSERT(!out->size);
    struct segments segments = rows_flatten(r, &a);
    struct values values = values_of(&segments, &a);
    struct networks networks = networks_of(r, &values, &a);
    split(&segments, &a, &v4, &v6);
    const size_t counts[5] = {v4.count, v6.count, values.count, networks.count, networks.name_bytes};
    put_head(meta, counts, out);
    put_index(&v4, out);
    put_ranges(&v4, &values, out);
    put_index(&v6, out);
    put_ranges(&v6, &values, out);
    put_values(&values, out);
    put_networks(&networks, out);
    result = !any_is_located(&values) ? fail(d, ERR_INPUT, _("the sources locate no address")) : buf_check(out, d);
    if (!result) result = put_hash(out, meta, d);
    arena_free(&a);
    return result;
}

/* Looking into a table that territory_open has checked. */
#include <stdlib.h>

#include "territory/layout.h"
#include "territory/tree.h"

/* The last range that starts at or below the address: the index narrows it to one bucket, halving does the rest, with a
 * conditional move instead of a branch that can't be predicted. */
static size_t range4(const struct territory *t, uint32_t a) {
    size_t first = layout_u32(t->index4 + (size_t)(a >> 16) * 4);
    size_t count = layout_u32(t->index4 + ((size_t)(a >> 16) + 1) * 4) - first + 1;
    while (count > 1) {
        size_t half = count / 2;
        first = layout_start4(t->ranges4, first + half) <= a ? first + half : first;
        count -= half;
    }
    return first;
}

#define VALUE_NOT_KNOWN UINT32_MAX

static unsigned __int128 number(struct ip a) {
    uint64_t halves[2];
    memcpy(halves, a.at, sizeof halves);
    return (unsigned __int128)be64toh(halves[0]) << 64 | be64toh(halves[1]);
}

static size_t range6(const struct territory *t, struct ip ip) {
    unsigned __int128 a = number(ip);
    if (t->tree6) {
        size_t i = tree_find(t->tree6, (uint64_t)(a >> 64));
        if (layout_start6(t->ranges6, i) <= a) return i;
    } /* else several ranges begin in one /64 */
    size_t bucket = (size_t)ip.at[0] << 8 | ip.at[1];
    size_t first = layout_u32(t->index6 + bucket * 4);
    size_t count = layout_u32(t->index6 + (bucket + 1) * 4) - first + 1;
    while (count > 1) {
        size_t half = count / 2;
        first = layout_start6(t->ranges6, first + half) <= a ? first + half : first;
        count -= half;
    }
    return first;
}

void territory_prepare(struct territory *t, struct arena *a) {
    uint64_t *starts = malloc(t->count6 * sizeof *starts);
    ASSERT(starts && "memory is left");
    uint32_t *values = ARENA_ARRAY(a, uint32_t, t->count6);
    for (size_t i = 0; i < t->count6; i++) {
        unsigned __int128 start = layout_start6(t->ranges6, i);
        starts[i] = (uint64_t)(start >> 64);
        values[i] = (uint64_t)start ? VALUE_NOT_KNOWN : layout_value6(t->ranges6, i);
    }
    t->tree6 = tree_make(starts, t->count6, a);
    t->values6 = values;
    free(starts);
}

/* Nearly all ranges begin where a /64 does: the last of them that begins at or below it is the one. */
static uint32_t value6(const struct territory *t, struct ip a) {
    uint32_t value = t->tree6 ? t->values6[tree_find(t->tree6, (uint64_t)(number(a) >> 64))] : VALUE_NOT_KNOWN;
    return value == VALUE_NOT_KNOWN ? layout_value6(t->ranges6, range6(t, a)) : value;
}

struct place territory_lookup(const struct territory *t, struct ip a) {
    return layout_place(t->values, ip_is_v4(a) ? layout_value4(t->ranges4, range4(t, ip_v4(a))) : value6(t, a));
}

bool territory_code_is(struct text t) {
    struct country c;
    if (text_is(t, "??")) return true;
    if (t.size != 2 || iso3166_read(t, &c)) return false;
    return t.at[0] >= 'A' && t.at[0] <= 'Z' && t.at[1] >= 'A' && t.at[1] <= 'Z';
}

static struct ip ip_of_number(unsigned __int128 n) {
    struct ip out;
    for (size_t i = sizeof out.at; i-- > 0; n >>= 8) out.at[i] = (uint8_t)n;
    return out;
}

struct territory_range territory_range_at(const struct territory *t, bool v4, size_t i) {
    struct territory_range r;
    if (v4) {
        uint32_t end = i + 1 < t->count4 ? layout_start4(t->ranges4, i + 1) - 1 : UINT32_MAX;
        r.start = ip_from_v4(layout_start4(t->ranges4, i));
        r.end = ip_from_v4(end);
        r.place = layout_place(t->values, layout_value4(t->ranges4, i));
    } else {
        unsigned __int128 last = ~(unsigned __int128)0;
        r.start = ip_of_number(layout_start6(t->ranges6, i));
        r.end = ip_of_number(i + 1 < t->count6 ? layout_start6(t->ranges6, i + 1) - 1 : last);
        r.place = layout_place(t->values, layout_value6(t->ranges6, i));
    }
    return r;
}

struct territory_range territory_range_of(const struct territory *t, struct ip a) {
    return ip_is_v4(a) ? territory_range_at(t, true, range4(t, ip_v4(a))) : territory_range_at(t, false, range6(t, a));
}

struct text territory_as_name(const struct territory *t, uint32_t as) {
    size_t from = 0, to = t->network_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const uint8_t *at = t->networks + middle * LAYOUT_NETWORK;
        uint32_t found = layout_u32(at);
        if (found == as)
            return text_sub(t->names, middle ? layout_u32(at - LAYOUT_NETWORK + 4) : 0, layout_u32(at + 4));
        if (found < as)
            from = middle + 1;
        else
            to = middle;
    }
    return (struct text){0};
}

uint64_t territory_countries(const struct territory *t) {
    uint64_t count = 0;
    for (size_t i = 0; i < iso3166_count; i++)
        for (uint32_t value = 0; value < t->value_count; value++) {
            struct country c = layout_place(t->values, value).country;
            if (c.at[0] != iso3166_rows[i].code[0] || c.at[1] != iso3166_rows[i].code[1]) continue;
            count++;
            break;
        }
    return count;
}

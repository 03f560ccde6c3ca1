/* The bytes of a table to a territory: everything that a look-up relies on is checked here. */
#include <string.h>

#include "territory/layout.h"

static const char *const bases[] = {"registry", "geolocation", "routed", "unstated"};

bool territory_basis_is(struct text basis) {
    for (size_t i = 0; i < COUNT(bases); i++)
        if (text_is(basis, bases[i])) return true;
    return false;
}

static enum error bad(const char *what, struct diag *d) {
    return fail(d, ERR_INPUT, _("the territory table is damaged: %s"), what);
}

/* Takes `key value` off the front. */
static bool take(struct text *t, const char *key, struct text *value) {
    struct text rest = *t, line;
    if (!text_line(&rest, &line) || line.size > TERRITORY_LINE_MAX + 100) return false;
    if (!text_skip(&line, text_of(key)) || !text_skip(&line, TEXT(" "))) return false;
    *value = line;
    *t = rest;
    return text_is_note_text(line);
}

static bool take_number(struct text *t, uint64_t *out) {
    struct text word;
    if (!text_cut(t, ' ', &word)) {
        word = *t;
        *t = (struct text){0};
    }
    return text_u64(word, out);
}

static bool take_source(struct text line, struct territory_source *out) {
    struct text hash, rows;
    if (!text_cut(&line, ' ', &hash) || !text_cut(&line, ' ', &rows) || !line.size) return false;
    out->name = line;
    return sha256_read_hex(hash, &out->hash) && text_u64(rows, &out->rows);
}

/* The lines of the head up to `counts`; all views into the file. */
static bool read_head(struct text *t, struct territory_meta *m, uint64_t counts[5]) {
    struct text value;
    bool good = text_skip(t, TEXT(TERRITORY_KIND "\n")) && take(t, "hash", &value) &&
                sha256_read_hex(value, &m->hash) && take(t, "name", &m->name) && m->name.size &&
                take(t, "date", &value) && instant_read(value, &m->date) && take(t, "basis", &m->basis) &&
                territory_basis_is(m->basis);
    while (good && m->source_count < TERRITORY_SOURCES_MAX && take(t, "source", &value))
        good = take_source(value, &m->sources[m->source_count++]);
    while (good && m->credit_count < TERRITORY_SOURCES_MAX && take(t, "credit", &value))
        m->credits[m->credit_count++] = value;
    good = good && m->source_count && take(t, "counts", &value);
    for (size_t i = 0; good && i < 5; i++) good = take_number(&value, &counts[i]);
    return good && !value.size && text_skip(t, TEXT("\n"));
}

/* Takes `count` items of `size` bytes off the front. */
static const uint8_t *section(struct bytes *b, uint64_t count, size_t size) {
    struct bytes taken;
    if (count > TERRITORY_RANGES_MAX || !bytes_take(b, (size_t)count * size, &taken)) return NULL;
    return taken.at;
}

static bool layout(struct bytes b, const uint64_t counts[5], struct territory *t) {
    t->count4 = (size_t)counts[0];
    t->count6 = (size_t)counts[1];
    t->value_count = (size_t)counts[2];
    t->network_count = (size_t)counts[3];
    t->names.size = (size_t)counts[4];
    const uint8_t *names;
    bool good = (t->index4 = section(&b, LAYOUT_BUCKETS, 4)) && (t->ranges4 = section(&b, counts[0], LAYOUT_RANGE4)) &&
                (t->index6 = section(&b, LAYOUT_BUCKETS, 4)) && (t->ranges6 = section(&b, counts[1], LAYOUT_RANGE6)) &&
                (t->values = section(&b, counts[2], LAYOUT_VALUE)) &&
                (t->networks = section(&b, counts[3], LAYOUT_NETWORK)) && (names = section(&b, counts[4], 1));
    if (good) t->names.at = (const char *)names;
    return good && !b.size;
}

static bool ranges4_are_good(const struct territory *t) {
    if (!t->count4 || layout_start4(t->ranges4, 0)) return false;
    for (size_t i = 0; i < t->count4; i++) {
        if (i && layout_start4(t->ranges4, i) <= layout_start4(t->ranges4, i - 1)) return false;
        if (layout_value4(t->ranges4, i) >= t->value_count) return false;
    }
    return true;
}

static bool ranges6_are_good(const struct territory *t) {
    if (!t->count6 || layout_start6(t->ranges6, 0)) return false;
    for (size_t i = 0; i < t->count6; i++) {
        if (i && layout_start6(t->ranges6, i) <= layout_start6(t->ranges6, i - 1)) return false;
        if (layout_value6(t->ranges6, i) >= t->value_count || layout_u32(t->ranges6 + i * LAYOUT_RANGE6 + 20))
            return false;
    }
    return true;
}

/* Each entry of an index is the last range at or below its bucket's first address. */
static bool index_is_good(const struct territory *t, bool v4) {
    const uint8_t *index = v4 ? t->index4 : t->index6;
    size_t count = v4 ? t->count4 : t->count6;
    for (size_t bucket = 0; bucket + 1 < LAYOUT_BUCKETS; bucket++) {
        size_t i = layout_u32(index + 4 * bucket);
        if (i >= count) return false;
        for (size_t next = 0; next < 2; next++) {
            if (i + next >= count) continue;
            bool below = v4 ? layout_start4(t->ranges4, i + next) <= (uint32_t)bucket << 16
                            : layout_start6(t->ranges6, i + next) <= (unsigned __int128)bucket << 112;
            if (below == (next == 1)) return false;
        }
    }
    return layout_u32(index + 4 * (size_t)(LAYOUT_BUCKETS - 1)) == count - 1;
}

static bool values_are_good(const struct territory *t) {
    for (size_t i = 0; i < t->value_count; i++) {
        const uint8_t *at = t->values + i * LAYOUT_VALUE;
        struct country c;
        bool none = !at[0] && !at[1], coded = at[2] || at[3];
        if (!none && (coded || !iso3166_read((struct text){(const char *)at, 2}, &c))) return false;
        if (coded && !territory_code_is((struct text){(const char *)at + 2, 2})) return false;
        if (!i && (!none || coded || layout_u32(at + 4))) return false;
    }
    return t->value_count > 0;
}

static bool networks_are_good(const struct territory *t) {
    uint32_t end = 0;
    for (size_t i = 0; i < t->network_count; i++) {
        const uint8_t *at = t->networks + i * LAYOUT_NETWORK;
        uint32_t next = layout_u32(at + 4);
        if (i && layout_u32(at) <= layout_u32(at - LAYOUT_NETWORK)) return false;
        if (next < end || next > t->names.size || next - end > TERRITORY_AS_NAME_MAX) return false;
        struct text name = text_sub(t->names, end, next);
        if (!text_is_note_text(name) || text_find(name, '\n') < name.size) return false;
        end = next;
    }
    return end == t->names.size;
}

enum error territory_open(struct bytes file, struct territory *out, struct diag *d) {
    struct territory t = {0};
    struct text head = {(const char *)file.at, file.size < LAYOUT_HEAD_MAX ? file.size : LAYOUT_HEAD_MAX};
    uint64_t counts[5] = {0};
    if (!text_starts(head, TEXT(TERRITORY_KIND "\n")))
        return fail(d, ERR_INPUT, _("expected a territory table (“%s”), found another kind of file"), TERRITORY_KIND);
    if (!read_head(&head, &t.meta, counts)) return bad(_("its head"), d);
    size_t at = (size_t)(head.at - (const char *)file.at);
    for (; at % LAYOUT_ALIGN; at++)
        if (at >= file.size || file.at[at]) return bad(_("what follows its head"), d);
    if (!layout(bytes_of(file.at + at, file.size - at), counts, &t)) return bad(_("its size"), d);
    if (!values_are_good(&t)) return bad(_("its values"), d);
    if (!networks_are_good(&t)) return bad(_("its networks"), d);
    if (!ranges4_are_good(&t) || !ranges6_are_good(&t)) return bad(_("its ranges"), d);
    if (!index_is_good(&t, true) || !index_is_good(&t, false)) return bad(_("its index"), d);
    *out = t;
    return OK;
}

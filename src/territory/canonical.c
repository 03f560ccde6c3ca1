/* The canonical source of a table, which its hash is of. */
#include "base/csv.h"
#include "territory/layout.h"

enum { PART_BYTES = 1 << 18, ROW_BYTES = 1024 };

static void put_row(const struct territory *t, const struct territory_range *r, struct buf *out) {
    char address[IP_TEXT_MAX];
    buf_text(out, ip_write(r->start, address));
    buf_char(out, ',');
    buf_text(out, ip_write(r->end, address));
    buf_char(out, ',');
    if (!country_is_none(r->place.country)) buf_text(out, (struct text){r->place.country.at, 2});
    if (!country_is_none(r->place.code)) buf_text(out, (struct text){r->place.code.at, 2});
    buf_char(out, ',');
    if (r->place.as) buf_u64(out, r->place.as);
    buf_char(out, ',');
    if (r->place.as) csv_field(out, territory_as_name(t, r->place.as));
    buf_char(out, '\n');
}

static void put_family(const struct territory *t, bool v4, struct buf *out, void (*part)(void *of, struct bytes b),
                       void *of) {
    size_t count = v4 ? t->count4 : t->count6;
    for (size_t i = 0; i < count; i++) {
        struct territory_range r = territory_range_at(t, v4, i);
        if (r.place.as || !country_is_none(r.place.country) || !country_is_none(r.place.code)) put_row(t, &r, out);
        if (out->size <= PART_BYTES) continue;
        part(of, buf_as_bytes(out));
        buf_clear(out);
    }
}

void territory_canonical(const struct territory *t, void (*part)(void *of, struct bytes b), void *of) {
    struct buf out = {.max = PART_BYTES + ROW_BYTES};
    buf_string(&out, "start,end,country,asn,as_name\n");
    put_family(t, true, &out, part, of);
    put_family(t, false, &out, part, of);
    ASSERT(!out.failed);
    part(of, buf_as_bytes(&out));
    buf_free(&out);
}

static void hash_part(void *hasher, struct bytes b) { hasher_add(hasher, b); }

enum error territory_verify(const struct territory *t, struct diag *d) {
    struct hasher *hasher = hasher_new();
    territory_canonical(t, hash_part, hasher);
    struct sha256 hash = hasher_end(hasher);
    if (sha256_equal(hash, t->meta.hash)) return OK;
    return fail(d, ERR_PROOF, _("the territory table's content is not that of its hash"));
}

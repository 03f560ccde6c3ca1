/* Names and words of origins, and what is asked of those that were counted. */
#include "territory/origins.h"

#include <stdio.h>
#include <string.h>

const struct origins_caveat_row origins_caveats[CAVEAT_COUNT] = {
#define X(code, name, sentence) [CAVEAT_##code] = {name, sentence},
    ORIGINS_CAVEATS(X)
#undef X
};

const struct origin_mark_row origin_marks[MARK_COUNT] = {
#define X(code, name, word, sentence) [MARK_##code] = {name, word, sentence},
    ORIGIN_MARKS(X)
#undef X
};

static const char *const units[ORIGINS_UNITS] = {N_("sources"), N_("events"), N_("targets")};

const char *origins_unit_name(enum origins_unit unit) { return units[unit]; }

bool origins_unit_read(struct text t, enum origins_unit *out) {
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++)
        if (text_is(t, units[u])) {
            *out = u;
            return true;
        }
    return false;
}

uint64_t origins_rank_by(const struct origins *o, const struct origin *row, enum origins_unit unit) {
    uint64_t rank = 1;
    if (row->kind != ORIGIN_PLACED || !row->counts[unit]) return 0;
    for (size_t i = 0; i < o->ranked; i++) rank += o->at[i].counts[unit] > row->counts[unit];
    return rank;
}

bool origins_rank_is_shared(const struct origins *o, const struct origin *row, enum origins_unit unit) {
    size_t same = 0;
    for (size_t i = 0; i < o->ranked; i++) same += o->at[i].counts[unit] == row->counts[unit];
    return same > 1;
}

struct text origin_name(const struct origin *o, char out[static ORIGIN_NAME_MAX]) {
    static const char *const names[] = {"", "none", "special-purpose", "no-source", "few-sources"};
    if (!country_is_none(o->code)) {
        int length = snprintf(out, ORIGIN_NAME_MAX, "none-%.2s", o->code.at);
        return (struct text){out, (size_t)length};
    }
    if (o->kind != ORIGIN_PLACED) return text_of(names[o->kind]);
    int size =
        o->as ? snprintf(out, ORIGIN_NAME_MAX, "AS%u", o->as) : snprintf(out, ORIGIN_NAME_MAX, "%.2s", o->country.at);
    return (struct text){out, (size_t)size};
}

struct text origin_label(const struct origins *o, const struct origin *row) {
    static const char *const others[ORIGIN_KINDS] = {"", N_("not placed by the table"), N_("special-purpose addresses"),
                                                     N_("facts without a source"), N_("origins with few sources")};
    if (!country_is_none(row->code)) return text_of(_("by the table a code that is no country"));
    if (row->kind != ORIGIN_PLACED) return text_of(gettext(others[row->kind]));
    if (row->as) return territory_as_name(o->table, row->as);
    return text_of(dgettext("iso_3166", iso3166_name(row->country)));
}

void origins_put_list(const struct origins *o, bool relays, struct buf *out) {
    const struct address_list *l = relays ? o->options.relays : o->options.shared;
    char hex[SHA256_HEX];
    struct text hash = sha256_hex(&l->hash, hex);
    if (relays)
        buf_format(out, _("Relays and exits by the list %.*s, %.*s"), TEXT_ARG(l->name), TEXT_ARG(hash));
    else
        buf_format(out, _("Shared addresses by the list %.*s, %.*s"), TEXT_ARG(l->name), TEXT_ARG(hash));
}

void origins_put_few(const struct origins *o, struct buf *out) {
    buf_format(out, _("Origins that were put together, asked for below %llu sources: %llu"),
               (unsigned long long)o->options.below, (unsigned long long)o->few);
}

const struct origin *origins_find(const struct origins *o, struct text name) {
    for (size_t i = 0; i < o->count; i++) {
        char written[ORIGIN_NAME_MAX];
        if (text_equal(origin_name(&o->at[i], written), name)) return &o->at[i];
    }
    return NULL;
}

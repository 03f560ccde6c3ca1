#include "party/remit.h"

/* ---- reading */

static bool read_network(struct text t, struct remit *r) {
    struct text address = t;
    uint64_t bits = 128;
    bool prefix = text_cut(&t, '/', &address);
    if (!ip_read(address, &r->network)) return false;
    if (!prefix) return r->bits = 128, true;
    bool v4 = ip_is_v4(r->network);
    if (!text_u64(t, &bits) || bits > (v4 ? 32 : 128)) return false;
    r->bits = (unsigned)bits + (v4 ? 96 : 0);
    return true;
}

static bool read_class(struct text t, struct remit *r) {
    r->type = rsit_find_pair(t);
    return r->type || rsit_class_name(t);
}

static bool read_name(struct text t, struct remit *r) {
    (void)r;
    return t.size > 0 && text_is_note_text(t) && text_find(t, '\n') == t.size && text_find(t, ' ') == t.size;
}

static const struct {
    const char *prefix;
    enum remit_kind kind;
    bool (*read)(struct text value, struct remit *r);
} forms[] = {{"network:", REMIT_NETWORK, read_network},
             {"domain:", REMIT_DOMAIN, read_name},
             {"sector:", REMIT_SECTOR, read_name},
             {"class:", REMIT_CLASS, read_class}};

bool remit_read(struct text t, struct remit *out) {
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct remit r = {.kind = forms[i].kind, .whole = t, .value = t};
        if (!text_skip(&r.value, text_of(forms[i].prefix))) continue;
        if (!forms[i].read(r.value, &r)) return false;
        *out = r;
        return true;
    }
    return false;
}

struct remit_list remits_of(const struct card *c, struct arena *a) {
    struct remit *all = ARENA_ARRAY(a, struct remit, c->remit_count);
    size_t count = 0;
    for (size_t i = 0; i < c->remit_count; i++) {
        if (!remit_read(c->remits[i].value, &all[count])) continue;
        all[count++].department = c->remits[i].department;
    }
    return (struct remit_list){all, count};
}

/* ---- matching */

static bool in_network(const struct remit *r, struct ip address) {
    for (unsigned i = 0; i < 16; i++) {
        unsigned left = r->bits > i * 8 ? r->bits - i * 8 : 0;
        uint8_t mask = left >= 8 ? 0xff : (uint8_t)(0xff00 >> left);
        if ((r->network.at[i] ^ address.at[i]) & mask) return false;
    }
    return true;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool ends_alike(struct text t, struct text end) {
    if (t.size < end.size) return false;
    for (size_t i = 0; i < end.size; i++)
        if (lower(t.at[t.size - end.size + i]) != lower(end.at[i])) return false;
    return true;
}

/* The host name that an object speaks of; empty: none. */
static struct text host_of(struct text object) {
    struct text before;
    if (text_skip(&object, TEXT("domain:"))) return object;
    if (text_skip(&object, TEXT("mail:"))) return text_cut(&object, '@', &before) ? object : TEXT("");
    if (!text_skip(&object, TEXT("url:"))) return TEXT("");
    size_t at = text_search(object, TEXT("://"));
    if (at == SIZE_MAX) return TEXT("");
    object = text_sub(object, at + 3, object.size);
    for (const char *end = "/?#"; *end; end++) object.size = text_find(object, *end);
    while (text_cut(&object, '@', &before)) continue;
    object.size = text_find(object, ':');
    return object;
}

static bool in_domain(const struct remit *r, struct text object) {
    struct text host = host_of(object), domain = r->value;
    if (domain.at[0] == '.') domain = text_sub(domain, 1, domain.size);
    if (!domain.size || !ends_alike(host, domain)) return false;
    return host.size == domain.size || host.at[host.size - domain.size - 1] == '.';
}

static bool in_class(const struct remit *r, struct text event) {
    const struct rsit_type *type = rsit_find(event);
    if (!type) return false;
    return r->type ? r->type == type : text_is(r->value, type->class_value);
}

/* How specific a remit is to the matter: 0 where it does not fit, more where it decides before others. */
static uint64_t rank(const struct remit *r, const struct concern *what, enum remit_by *by) {
    switch (r->kind) {
    case REMIT_NETWORK:
        *by = what->has_src && in_network(r, what->src) ? BY_SOURCE : BY_DESTINATION;
        if (*by == BY_SOURCE) return 5000000 + r->bits;
        return what->has_dst && in_network(r, what->dst) ? 4000000 + r->bits : 0;
    case REMIT_DOMAIN: *by = BY_OBJECT; return in_domain(r, what->object) ? 3000000 + r->value.size : 0;
    case REMIT_SECTOR: *by = BY_SECTOR; return names_have(what->sectors, r->value) ? 2000000 : 0;
    case REMIT_CLASS: *by = BY_EVENT; return in_class(r, what->event) ? (r->type ? 2 : 1) : 0;
    }
    return 0;
}

bool remit_find(struct remit_list remits, const struct concern *what, struct remit_match *out) {
    struct remit_match best = {0};
    uint64_t best_rank = 0;
    for (size_t i = 0; i < remits.count; i++) {
        enum remit_by by;
        const struct remit *r = &remits.at[i];
        uint64_t one = rank(r, what, &by);
        if (!one || one < best_rank) continue;
        if (one > best_rank) {
            best = (struct remit_match){r, by, NULL};
            best_rank = one;
        } else if (!best.also && !text_equal(r->department, best.remit->department)) {
            best.also = r;
        }
    }
    if (!best_rank) return false;
    *out = best;
    return true;
}

const char *remit_by_word(enum remit_by by) {
    static const char *const words[] = {N_("source"), N_("destination"), N_("object"), N_("sector"), N_("event")};
    return words[by];
}

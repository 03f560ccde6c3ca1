#include "finding/sanity.h"

#include <stdlib.h>

#include "territory/special.h"

/* As their operators document them. */
static const char resolvers[] = "1.0.0.1 Cloudflare\n"
                                "1.1.1.1 Cloudflare\n"
                                "2606:4700:4700::1001 Cloudflare\n"
                                "2606:4700:4700::1111 Cloudflare\n"
                                "8.8.4.4 Google Public DNS\n"
                                "8.8.8.8 Google Public DNS\n"
                                "2001:4860:4860::8844 Google Public DNS\n"
                                "2001:4860:4860::8888 Google Public DNS\n"
                                "9.9.9.9 Quad9\n"
                                "149.112.112.112 Quad9\n"
                                "2620:fe::9 Quad9\n"
                                "2620:fe::fe Quad9\n"
                                "77.88.8.1 Yandex.DNS\n"
                                "77.88.8.8 Yandex.DNS\n"
                                "114.114.114.114 114DNS\n"
                                "208.67.220.220 OpenDNS\n"
                                "208.67.222.222 OpenDNS\n"
                                "223.5.5.5 AliDNS\n"
                                "223.6.6.6 AliDNS\n";

static const char networks[] = "103.21.244.0/22 Cloudflare\n"
                               "103.22.200.0/22 Cloudflare\n"
                               "103.31.4.0/22 Cloudflare\n"
                               "104.16.0.0/13 Cloudflare\n"
                               "104.24.0.0/14 Cloudflare\n"
                               "108.162.192.0/18 Cloudflare\n"
                               "131.0.72.0/22 Cloudflare\n"
                               "141.101.64.0/18 Cloudflare\n"
                               "162.158.0.0/15 Cloudflare\n"
                               "172.64.0.0/13 Cloudflare\n"
                               "173.245.48.0/20 Cloudflare\n"
                               "188.114.96.0/20 Cloudflare\n"
                               "190.93.240.0/20 Cloudflare\n"
                               "197.234.240.0/22 Cloudflare\n"
                               "198.41.128.0/17 Cloudflare\n"
                               "2400:cb00::/32 Cloudflare\n"
                               "2405:8100::/32 Cloudflare\n"
                               "2405:b500::/32 Cloudflare\n"
                               "2606:4700::/32 Cloudflare\n"
                               "2803:f800::/32 Cloudflare\n"
                               "2a06:98c0::/29 Cloudflare\n"
                               "2c0f:f248::/32 Cloudflare\n"
                               "23.235.32.0/20 Fastly\n"
                               "146.75.0.0/17 Fastly\n"
                               "151.101.0.0/16 Fastly\n"
                               "199.232.0.0/16 Fastly\n"
                               "2a04:4e40::/32 Fastly\n"
                               "2a04:4e42::/32 Fastly\n";

static const char scanners[] = "162.142.125.0/24 Censys\n"
                               "167.94.138.0/24 Censys\n"
                               "167.94.145.0/24 Censys\n"
                               "167.94.146.0/24 Censys\n"
                               "167.248.133.0/24 Censys\n"
                               "199.45.154.0/24 Censys\n"
                               "199.45.155.0/24 Censys\n"
                               "206.168.34.0/24 Censys\n"
                               "206.168.35.0/24 Censys\n";

static const struct {
    const char *name, *sentence;
} doubts[DOUBT_COUNT] = {
#define X(code, name, sentence) [DOUBT_##code] = {name, sentence},
    DOUBT_LIST(X)
#undef X
};
static const char *const ends[] = {N_("source"), N_("target"), N_("upstream")};

/* ---- finding them */

struct looking {
    const struct sanity_lists *lists;
    struct address_list special, resolvers, networks, scanners;
    struct arena *arena;
    struct doubt *all;
    size_t count, room;
};

static struct address_list list_of(struct text lines, struct arena *a) {
    struct address_list l = {0};
    enum error result = address_list_read(bytes_from_text(lines), a, &l, NULL);
    ASSERT(result == OK);
    return l;
}

/* A look into a list is one search, where special_find reads each block anew. */
static struct address_list special_list(struct arena *a) {
    struct buf lines = {.max = 1 << 16};
    for (size_t i = 0; i < special_block_count; i++)
        buf_format(&lines, "%s/%u %s\n", special_blocks[i].address, special_blocks[i].bits, special_blocks[i].name);
    struct address_list l = list_of(buf_as_text(&lines), a);
    buf_free(&lines);
    return l;
}

static struct looking look(const struct sanity_lists *lists, struct arena *a) {
    return (struct looking){.lists = lists,
                            .arena = a,
                            .special = special_list(a),
                            .resolvers = list_of(TEXT(resolvers), a),
                            .networks = list_of(TEXT(networks), a),
                            .scanners = list_of(TEXT(scanners), a)};
}

static void add(struct looking *k, enum doubt_end end, enum doubt_why why, struct ip ip, struct text words,
                size_t row) {
    k->all = arena_grow(k->arena, k->all, k->count, &k->room, sizeof *k->all);
    k->all[k->count++] = (struct doubt){end, why, ip, words, 1, row};
}

/* The first list that holds the address speaks. */
static void look_at(struct looking *k, enum doubt_end end, const enum doubt_why *whys, size_t count, struct ip ip,
                    size_t row) {
    for (size_t i = 0; i < count; i++) {
        const struct address_list *const lists[] = {
            [DOUBT_SPECIAL] = &k->special,  [DOUBT_RESOLVER] = &k->resolvers, [DOUBT_CDN] = &k->networks,
            [DOUBT_SCANNER] = &k->scanners, [DOUBT_KNOWN] = k->lists->known,  [DOUBT_OWN] = k->lists->own};
        const struct listed *found = address_list_find(lists[whys[i]], ip);
        if (!found) continue;
        bool example = whys[i] == DOUBT_SPECIAL && text_is(found->words, "documentation");
        add(k, end, example ? DOUBT_EXAMPLE : whys[i], ip, found->words, row);
        return;
    }
}

/* ---- putting them together */

static int by_address(const void *a, const void *b) {
    const struct doubt *x = a, *y = b;
    if (x->end != y->end) return (int)x->end - (int)y->end;
    int order = ip_compare(x->ip, y->ip);
    if (!order) order = (int)x->why - (int)y->why;
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* What must be waived first, then by where it is met. */
static int by_weight(const void *a, const void *b) {
    const struct doubt *x = a, *y = b;
    bool one = x->why == DOUBT_EXAMPLE, other = y->why == DOUBT_EXAMPLE;
    if (one != other) return one ? 1 : -1;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (int)x->end - (int)y->end;
}

static struct doubts gather(struct looking *k) {
    struct doubts d = {0};
    if (!k->count) return d;
    qsort(k->all, k->count, sizeof *k->all, by_address);
    for (size_t i = 0; i < k->count; i++) {
        struct doubt *last = d.count ? &k->all[d.count - 1] : NULL, one = k->all[i];
        if (last && last->end == one.end && last->why == one.why && !ip_compare(last->ip, one.ip))
            last->facts++;
        else
            k->all[d.count++] = one;
        d.to_waive |= one.why != DOUBT_EXAMPLE;
    }
    qsort(k->all, d.count, sizeof *k->all, by_weight);
    d.at = k->all;
    return d;
}

static const enum doubt_why of_sources[] = {DOUBT_SPECIAL, DOUBT_RESOLVER, DOUBT_CDN,
                                            DOUBT_SCANNER, DOUBT_KNOWN,    DOUBT_OWN};
enum { WITHOUT_OWN = COUNT(of_sources) - 1 };
static const enum doubt_why of_targets[] = {DOUBT_SPECIAL};
static const enum doubt_why of_own[] = {DOUBT_OWN};

struct doubts sanity_claim(struct sheet sheet, const struct sanity_lists *l, struct arena *a) {
    struct looking k = look(l, a);
    for (size_t i = 0; i < sheet.count; i++) {
        const struct fact *f = &sheet.at[i];
        if (f->known & KNOWN_SRC) look_at(&k, DOUBT_SOURCE, of_sources, COUNT(of_sources), f->src, i);
        if (f->known & KNOWN_DST) look_at(&k, DOUBT_TARGET, of_targets, COUNT(of_targets), f->dst, i);
    }
    return gather(&k);
}

struct doubts sanity_findings(struct sheet sheet, struct findings f, const struct sanity_lists *l, struct arena *a) {
    struct looking k = look(l, a);
    for (size_t i = 0; i < f.count && f.at[i].row < sheet.count; i++) {
        const struct finding *said = &f.at[i];
        const struct fact *fact = &sheet.at[said->row];
        bool supports = finding_class_of(said->word) == FINDING_SUPPORTS, has_src = fact->known & KNOWN_SRC;
        if (supports && has_src) look_at(&k, DOUBT_SOURCE, of_sources, WITHOUT_OWN, fact->src, said->row);
        if (said->has_upstream) look_at(&k, DOUBT_UPSTREAM, of_sources, WITHOUT_OWN, said->upstream, said->row);
        if (said->word == FINDING_NOT_OURS && has_src)
            look_at(&k, DOUBT_SOURCE, of_own, COUNT(of_own), fact->src, said->row);
    }
    return gather(&k);
}

/* ---- telling them */

void doubts_put(struct doubts d, struct buf *out) {
    char ip[IP_TEXT_MAX];
    for (size_t i = 0; i < d.count && i < DOUBTS_TOLD; i++) {
        const struct doubt *one = &d.at[i];
        buf_format(out, "  %s %.*s: %s", gettext(ends[one->end]), TEXT_ARG(ip_write(one->ip, ip)),
                   gettext(doubts[one->why].sentence));
        if (one->words.size && one->why != DOUBT_EXAMPLE) {
            buf_string(out, " (");
            buf_line(out, one->why == DOUBT_SPECIAL ? text_of(gettext(one->words.at)) : one->words);
            buf_char(out, ')');
        }
        buf_format(out, _n("; %llu fact, first row %zu\n", "; %llu facts, first row %zu\n", one->facts),
                   (unsigned long long)one->facts, one->row);
    }
    if (d.count > DOUBTS_TOLD)
        buf_format(out, _n("  and %zu more address\n", "  and %zu more addresses\n", d.count - DOUBTS_TOLD),
                   d.count - DOUBTS_TOLD);
}

/* What the other side reads is in the words of the formats, not in the language of who waives. */
void doubts_put_waived(struct doubts d, struct text why, struct buf *out) {
    char ip[IP_TEXT_MAX];
    size_t waived = 0;
    buf_string(out, "Waived before sending: ");
    buf_text(out, why);
    for (size_t i = 0; i < d.count; i++) {
        const struct doubt *one = &d.at[i];
        if (one->why == DOUBT_EXAMPLE || waived++ >= DOUBTS_TOLD) continue;
        buf_format(out, "\n- %s %.*s, %s", ends[one->end], TEXT_ARG(ip_write(one->ip, ip)), doubts[one->why].name);
        if (one->words.size && one->why != DOUBT_OWN) buf_format(out, " (%.*s)", TEXT_ARG(one->words));
        buf_format(out, ": rows %zu and on, %llu in all", one->row, (unsigned long long)one->facts);
    }
    if (waived > DOUBTS_TOLD) buf_format(out, "\n- and %zu more", waived - DOUBTS_TOLD);
}

json_t *doubts_json(struct doubts d) {
    json_t *list = json_array();
    for (size_t i = 0; i < d.count; i++) {
        char ip[IP_TEXT_MAX];
        const struct doubt *one = &d.at[i];
        json_t *object = json_object();
        json_put_text(object, "end", text_of(ends[one->end]));
        json_put_text(object, "why", text_of(doubts[one->why].name));
        json_put_text(object, "address", ip_write(one->ip, ip));
        json_put_text_if(object, "words", one->words);
        json_put_u64(object, "facts", one->facts);
        json_put_u64(object, "row", one->row);
        json_add(list, object);
    }
    return list;
}

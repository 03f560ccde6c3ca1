/* Counting: facts are sorted by origin and source, then by origin and target, and counted in runs. */
#include "territory/origins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "territory/special.h"

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

static const char *const units[ORIGINS_UNITS] = {"sources", "events", "targets"};

const char *origins_unit_name(enum origins_unit unit) { return units[unit]; }

bool origins_unit_read(struct text t, enum origins_unit *out) {
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++)
        if (text_is(t, units[u])) {
            *out = u;
            return true;
        }
    return false;
}

/* ---- which origin a fact has */

/* A fact and its origin: the kind above, the country or AS below. */
struct item {
    uint64_t key;
    const struct fact *fact;
};

static uint64_t key_of(const struct origins *o, const struct fact *f) {
    if (!(f->known & KNOWN_SRC)) return (uint64_t)ORIGIN_UNKNOWN << 32;
    struct place place = territory_lookup(o->table, f->src);
    uint64_t code = place.as;
    if (o->options.by == ORIGINS_BY_COUNTRY)
        code = (uint64_t)(uint8_t)place.country.at[0] << 8 | (uint8_t)place.country.at[1];
    if (code) return (uint64_t)ORIGIN_PLACED << 32 | code;
    if (special_find(f->src)) return (uint64_t)ORIGIN_SPECIAL << 32;
    uint64_t other = (uint64_t)(uint8_t)place.code.at[0] << 8 | (uint8_t)place.code.at[1];
    return (uint64_t)ORIGIN_NONE << 32 | (o->options.by == ORIGINS_BY_COUNTRY ? other : 0);
}

static void name_row(const struct origins *o, uint64_t key, struct origin *row) {
    *row = (struct origin){.kind = (enum origin_kind)(key >> 32), .first = INSTANT_NONE, .last = INSTANT_NONE};
    if (row->kind == ORIGIN_NONE) row->code = (struct country){{(char)(key >> 8), (char)key}};
    if (row->kind != ORIGIN_PLACED) return;
    if (o->options.by == ORIGINS_BY_AS)
        row->as = (uint32_t)key;
    else
        row->country = (struct country){{(char)(key >> 8), (char)key}};
}

/* ---- orders */

static int compare_numbers(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int compare_source(const struct fact *a, const struct fact *b) {
    bool known_a = a->known & KNOWN_SRC, known_b = b->known & KNOWN_SRC;
    return known_a && known_b ? ip_compare(a->src, b->src) : (int)known_a - (int)known_b;
}

enum target { TARGET_NONE, TARGET_ADDRESS, TARGET_OBJECT };

static enum target target_of(const struct fact *f) {
    return f->known & KNOWN_DST ? TARGET_ADDRESS : f->object.size ? TARGET_OBJECT : TARGET_NONE;
}

static int compare_target(const struct fact *a, const struct fact *b) {
    enum target of = target_of(a);
    if (of != target_of(b)) return (int)of - (int)target_of(b);
    if (of == TARGET_ADDRESS) return ip_compare(a->dst, b->dst);
    return of == TARGET_OBJECT ? text_compare(a->object, b->object) : 0;
}

static int by_source(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    return x->key != y->key ? compare_numbers(x->key, y->key) : compare_source(x->fact, y->fact);
}

static int by_origin_and_target(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    return x->key != y->key ? compare_numbers(x->key, y->key) : compare_target(x->fact, y->fact);
}

static int by_target(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    return compare_target(x->fact, y->fact);
}

/* ---- counting */

struct counting {
    struct origins *of;
    struct origin *rows;
    const struct fact *facts; /* the first, to find a fact's number */
    struct item *items;
    size_t count;
    uint64_t most_events; /* of one source */
    bool forged, protocol_unknown, time_unknown, count_unknown, target_unknown;
};

static uint64_t events_of(const struct fact *f) { return f->count == SHEET_NO_COUNT ? 1 : f->count; }

static bool is_among(struct text t, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_is(t, names[i])) return true;
    return false;
}

static void mark(struct origin *row, enum origin_mark mark, bool holds) {
    if (holds) row->marks |= 1u << mark;
}

/* Over TCP, what takes a connection proves the address it came from; a scan or a flood takes none. */
static void note_forgery(struct counting *c, struct origin *row, const struct fact *f) {
    static const char *const answered[] = {"tcp",   "ssh",  "telnet", "ftp",   "http",  "https",
                                           "tls",   "smtp", "smtps",  "imap",  "imaps", "pop3",
                                           "pop3s", "smb",  "rdp",    "mysql", "vnc"};
    static const char *const unanswered[] = {"udp", "icmp", "icmp6", "icmpv6", "ipv6-icmp", "gre", "esp",
                                             "dns", "ntp",  "snmp",  "ssdp",   "sip",       "tftp"};
    static const char *const events[] = {"scanner", "dos", "ddos"};
    bool by_event = is_among(f->event, events, COUNT(events));
    if (by_event || is_among(f->protocol, unanswered, COUNT(unanswered)))
        c->forged = true, mark(row, MARK_FORGED, true);
    else if (!is_among(f->protocol, answered, COUNT(answered)))
        c->protocol_unknown = true;
}

static void note_lists(const struct origins_options *o, struct origin *row, const struct fact *f) {
    if (!(f->known & KNOWN_SRC)) return;
    mark(row, MARK_RELAY, address_list_find(o->relays, f->src) != NULL);
    mark(row, MARK_SHARED, !(f->known & KNOWN_SRC_PORT) && address_list_find(o->shared, f->src) != NULL);
}

static void note_gaps(struct counting *c, struct origin *row, const struct fact *f) {
    if (f->known & KNOWN_SRC) note_forgery(c, row, f);
    note_lists(&c->of->options, row, f);
    if (f->first == INSTANT_NONE || f->last == INSTANT_NONE) c->time_unknown = true;
    if (f->count == SHEET_NO_COUNT) c->count_unknown = true;
    if (target_of(f) == TARGET_NONE) c->target_unknown = true;
}

static void widen(struct origin *row, const struct fact *f) {
    if (f->first != INSTANT_NONE && (row->first == INSTANT_NONE || f->first < row->first)) row->first = f->first;
    if (f->last != INSTANT_NONE && (row->last == INSTANT_NONE || f->last > row->last)) row->last = f->last;
}

static void add_fact(struct counting *c, struct origin *row, const struct fact *f) {
    const enum finding_word *words = c->of->options.words;
    row->facts++;
    row->counts[ORIGINS_EVENTS] += events_of(f); /* bounded by the total, which is added to first */
    if (words) row->findings[words[f - c->facts]] += events_of(f);
    widen(row, f);
}

/* In the order of origins and sources: rows, facts, events, sources. */
static enum error count_sources(struct counting *c, struct diag *d) {
    struct origins *o = c->of;
    struct origin *row = NULL;
    uint64_t source_events = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct fact *f = c->items[i].fact;
        bool new_row = !i || c->items[i].key != c->items[i - 1].key;
        bool new_source = new_row || compare_source(f, c->items[i - 1].fact) != 0;
        if (new_row) name_row(o, c->items[i].key, row = &c->rows[o->count++]);
        if (new_source) source_events = 0;
        if (new_source && (f->known & KNOWN_SRC)) row->counts[ORIGINS_SOURCES]++, o->total.counts[ORIGINS_SOURCES]++;
        source_events += events_of(f);
        if ((f->known & KNOWN_SRC) && source_events > c->most_events) c->most_events = source_events;
        if (events_of(f) > SHEET_COUNT_MAX - o->total.counts[ORIGINS_EVENTS])
            return fail(d, ERR_LIMIT, _("the sheet has more events than can be counted"));
        add_fact(c, &o->total, f);
        add_fact(c, row, f);
        note_gaps(c, row, f);
    }
    return OK;
}

static void count_targets(struct counting *c) {
    struct origin *row = c->rows;
    qsort(c->items, c->count, sizeof *c->items, by_origin_and_target);
    for (size_t i = 0; i < c->count; i++) {
        bool new_row = i && c->items[i].key != c->items[i - 1].key;
        bool new_target = !i || by_origin_and_target(&c->items[i], &c->items[i - 1]) != 0;
        if (new_row) row++;
        if (new_target && target_of(c->items[i].fact) != TARGET_NONE) row->counts[ORIGINS_TARGETS]++;
    }
    qsort(c->items, c->count, sizeof *c->items, by_target);
    for (size_t i = 0; i < c->count; i++)
        if ((!i || by_target(&c->items[i], &c->items[i - 1])) && target_of(c->items[i].fact) != TARGET_NONE)
            c->of->total.counts[ORIGINS_TARGETS]++;
}

/* ---- ranks and shares */

static int by_rank(const void *a, const void *b, void *of) {
    const struct origin *x = a, *y = b;
    enum origins_unit unit = ((const struct origins *)of)->options.unit;
    if (x->kind != y->kind) return (int)x->kind - (int)y->kind;
    if (x->counts[unit] != y->counts[unit]) return compare_numbers(y->counts[unit], x->counts[unit]);
    if (x->as != y->as) return compare_numbers(x->as, y->as);
    int order = memcmp(x->country.at, y->country.at, sizeof x->country.at);
    return order ? order : memcmp(x->code.at, y->code.at, sizeof x->code.at);
}

static uint64_t share(uint64_t part, uint64_t whole) {
    return whole ? (uint64_t)((unsigned __int128)part * ORIGINS_MILLION / whole) : 0;
}

/* Rows are numbered in the order of their keys while counting; now they get the order in which they are shown. */
static void rank_rows(struct origins *o, struct origin *rows) {
    enum origins_unit unit = o->options.unit;
    qsort_r(rows, o->count, sizeof *rows, by_rank, o);
    for (size_t i = 0; i < o->count; i++) {
        rows[i].share_ppm = share(rows[i].counts[unit], o->total.counts[unit]);
        if (rows[i].kind != ORIGIN_PLACED) continue;
        o->ranked++;
        bool tied = i && rows[i].counts[unit] == rows[i - 1].counts[unit];
        rows[i].rank = tied ? rows[i - 1].rank : i + 1;
    }
    o->total.share_ppm = o->total.counts[unit] ? ORIGINS_MILLION : 0;
    o->at = rows;
}

uint64_t origins_rank_by(const struct origins *o, const struct origin *row, enum origins_unit unit) {
    uint64_t rank = 1;
    if (row->kind != ORIGIN_PLACED || !row->counts[unit]) return 0;
    for (size_t i = 0; i < o->ranked; i++) rank += o->at[i].counts[unit] > row->counts[unit];
    return rank;
}

/* ---- caveats */

static enum origins_caveat basis_caveat(struct text basis) {
    if (text_is(basis, "registry")) return CAVEAT_REGISTRY;
    if (text_is(basis, "geolocation")) return CAVEAT_GEOLOCATION;
    return text_is(basis, "routed") ? CAVEAT_ROUTED : CAVEAT_UNSTATED;
}

static bool ranks_are_shared(const struct origins *o) {
    for (size_t i = 1; i < o->ranked; i++)
        if (o->at[i].rank <= ORIGINS_FIRST_RANKS && o->at[i].rank == o->at[i - 1].rank) return true;
    return false;
}

static bool has_kind(const struct origins *o, enum origin_kind kind) {
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].kind == kind) return true;
    return false;
}

static uint64_t unplaced(const struct origins *o) {
    uint64_t sum = 0;
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].kind != ORIGIN_PLACED && o->at[i].kind != ORIGIN_FEW) sum += o->at[i].counts[o->options.unit];
    return sum;
}

/* Whether what has no territory, were it all of one origin, could lift this row past the one above, or the one below
 * past this one. */
static bool could_change(const struct origins *o, size_t i, uint64_t open) {
    const enum origins_unit unit = o->options.unit;
    uint64_t count = o->at[i].counts[unit];
    if (!open) return false;
    return (i && o->at[i - 1].counts[unit] - count <= open) ||
           (i + 1 < o->ranked && count - o->at[i + 1].counts[unit] <= open);
}

static void mark_rows(struct origins *o, struct origin *rows) {
    const instant slack = ORIGINS_DAYS * INSTANT_DAY, date = o->table->meta.date;
    uint64_t open = 0;
    for (size_t i = 0; i < o->count; i++)
        if (rows[i].kind == ORIGIN_NONE || rows[i].kind == ORIGIN_UNKNOWN) open += rows[i].counts[o->options.unit];
    for (size_t i = 0; i < o->count; i++) {
        struct origin *row = &rows[i];
        mark(row, MARK_OLDER, row->last != INSTANT_NONE && row->last - slack > date);
        if (row->kind != ORIGIN_PLACED) continue;
        mark(row, MARK_SMALL, row->counts[ORIGINS_SOURCES] < ORIGIN_SMALL);
        mark(row, MARK_UNKNOWN, could_change(o, i, open));
    }
}

static bool any_is_marked(const struct origins *o, enum origin_mark mark) {
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].marks & 1u << mark) return true;
    return false;
}

static void set(struct origins *o, enum origins_caveat caveat, bool holds) {
    if (holds) o->caveats |= 1u << caveat;
}

static void find_caveats(struct origins *o, const struct counting *c) {
    const uint64_t *total = o->total.counts;
    const instant slack = ORIGINS_DAYS * INSTANT_DAY, date = o->table->meta.date;
    set(o, CAVEAT_AUTHOR, true);
    set(o, CAVEAT_SHEET, true);
    set(o, basis_caveat(o->table->meta.basis), true);
    set(o, CAVEAT_FORGED, c->forged);
    set(o, CAVEAT_PROTOCOL, c->protocol_unknown);
    set(o, CAVEAT_SMALL, total[ORIGINS_SOURCES] < ORIGINS_SMALL);
    set(o, CAVEAT_TIED, ranks_are_shared(o));
    set(o, CAVEAT_ONE_SOURCE, c->most_events > total[ORIGINS_EVENTS] / 2);
    set(o, CAVEAT_UNKNOWN, share(unplaced(o), total[o->options.unit]) > ORIGINS_UNKNOWN_PPM);
    set(o, CAVEAT_SPECIAL, has_kind(o, ORIGIN_SPECIAL));
    set(o, CAVEAT_OLDER, o->total.last != INSTANT_NONE && o->total.last - slack > date);
    set(o, CAVEAT_NEWER, o->total.first != INSTANT_NONE && o->total.first + slack < date);
    set(o, CAVEAT_TIMES, c->time_unknown);
    set(o, CAVEAT_COUNTS, c->count_unknown);
    set(o, CAVEAT_TARGETS, c->target_unknown);
    set(o, CAVEAT_RELAYS, any_is_marked(o, MARK_RELAY));
    set(o, CAVEAT_SHARED, any_is_marked(o, MARK_SHARED));
    set(o, CAVEAT_FEW, o->few);
}

/* ---- all of it */

static size_t rows_of(const struct item *items, size_t count) {
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) rows += !i || items[i].key != items[i - 1].key;
    return rows;
}

static enum error count_rows(struct counting *c, struct arena *a, struct diag *d) {
    c->of->total = (struct origin){.first = INSTANT_NONE, .last = INSTANT_NONE};
    c->of->count = 0;
    qsort(c->items, c->count, sizeof *c->items, by_source);
    c->rows = ARENA_ARRAY(a, struct origin, rows_of(c->items, c->count) + 1);
    return count_sources(c, d);
}

/* ---- few sources */

static uint64_t row_key(const struct origins *o, const struct origin *row) {
    uint64_t code = o->options.by == ORIGINS_BY_AS
                        ? row->as
                        : (uint64_t)(uint8_t)row->country.at[0] << 8 | (uint8_t)row->country.at[1];
    return (uint64_t)row->kind << 32 | code;
}

static int by_sources(const void *a, const void *b, void *of) {
    const struct origin *x = a, *y = b;
    uint64_t one = x->counts[ORIGINS_SOURCES], other = y->counts[ORIGINS_SOURCES];
    if ((x->kind == ORIGIN_PLACED) != (y->kind == ORIGIN_PLACED)) return x->kind == ORIGIN_PLACED ? -1 : 1;
    return one != other ? compare_numbers(one, other) : compare_numbers(row_key(of, x), row_key(of, y));
}

static int by_number(const void *a, const void *b) {
    return compare_numbers(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* How many of the rows, fewest sources first, are put together: never one alone, nor fewer sources than asked, as long
 * as there are others; rows with as many sources as the last of them go along. */
static size_t few_of(const struct origin *rows, size_t placed, uint64_t below) {
    uint64_t sum = 0;
    size_t few = 0;
    for (; few < placed; few++) {
        uint64_t sources = rows[few].counts[ORIGINS_SOURCES];
        bool enough = few > 1 && sum >= below && sources != rows[few - 1].counts[ORIGINS_SOURCES];
        if (sources >= below && (!few || enough)) break;
        sum += sources;
    }
    return few;
}

/* Gives the facts of origins with few sources one key, and counts anew. */
static enum error put_together(struct counting *c, struct arena *a, struct diag *d) {
    struct origins *o = c->of;
    size_t placed = 0;
    if (!o->options.below) return OK;
    qsort_r(c->rows, o->count, sizeof *c->rows, by_sources, o);
    while (placed < o->count && c->rows[placed].kind == ORIGIN_PLACED) placed++;
    o->few = few_of(c->rows, placed, o->options.below);
    uint64_t *keys = ARENA_ARRAY(a, uint64_t, o->few + 1);
    for (size_t i = 0; i < o->few; i++) keys[i] = row_key(o, &c->rows[i]);
    qsort(keys, o->few, sizeof *keys, by_number);
    for (size_t i = 0; i < c->count; i++)
        if (bsearch(&c->items[i].key, keys, o->few, sizeof *keys, by_number))
            c->items[i].key = (uint64_t)ORIGIN_FEW << 32;
    return count_rows(c, a, d);
}

static enum error count_all(struct counting *c, struct arena *a, struct diag *d) {
    enum error result = count_rows(c, a, d);
    if (!result) result = put_together(c, a, d);
    if (result) return result;
    count_targets(c);
    rank_rows(c->of, c->rows);
    mark_rows(c->of, c->rows);
    find_caveats(c->of, c);
    return OK;
}

enum error origins_count(struct sheet sheet, struct sha256 sheet_hash, const struct territory *table,
                         const struct origins_options *o, struct arena *a, struct origins *out, struct diag *d) {
    struct origins of = {.options = *o, .sheet = sheet_hash, .table = table};
    struct counting c = {.of = &of, .facts = sheet.at, .count = sheet.count};
    c.items = malloc((sheet.count + 1) * sizeof *c.items);
    ASSERT(c.items && "memory is left");
    for (size_t i = 0; i < sheet.count; i++)
        c.items[i] = (struct item){.key = key_of(&of, &sheet.at[i]), .fact = &sheet.at[i]};
    enum error result = count_all(&c, a, d);
    free(c.items);
    if (!result) *out = of;
    return result;
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

/* Counting: each source is looked up once by each table, and a fact is added where its source stands. */
#include <stdlib.h>
#include <string.h>

#include "territory/ids.h"
#include "territory/origins.h"
#include "territory/special.h"

/* ---- what is kept while counting */

struct source {
    uint64_t events;
    bool relay, shared;
};

struct by_table {
    const struct territory *table;
    struct ids keys;     /* of rows */
    struct origin *rows; /* in the order of their first facts */
    size_t row_count, room;
    struct ids pairs; /* of a row and a target */
};

struct target_key { /* of bytes alone, so that all of them are its value */
    uint8_t kind, at[16];
};

struct block {
    struct ip first, last;
};

enum answer { ANSWER_NEEDED, ANSWER_NOT_NEEDED, ANSWER_UNKNOWN };

struct kind { /* of a fact, and what that told; most facts are of the kind of the one before */
    char event[24], protocol[24];
    size_t event_size, protocol_size;
    enum answer answer;
    bool known;
};

struct origins_counter {
    struct kind kind;
    struct origins_options options;
    struct by_table tables[ORIGINS_TABLES_MAX];
    size_t table_count, source_room;
    struct ids sources, targets;
    struct source *source; /* one a source */
    uint32_t *rows;        /* of each source by each table */
    struct block *special; /* special_find reads each block anew */
    uint64_t facts;
    struct origin total;
    bool forged, protocol_unknown, time_unknown, count_unknown, target_unknown;
};

static void *widened(void *at, size_t count, size_t size) {
    void *wider = realloc(at, count * size);
    ASSERT(wider && "memory is left");
    return wider;
}

struct origins_counter *origins_begin(const struct territory *const *tables, size_t count,
                                      const struct origins_options *o) {
    struct origins_counter *c = calloc(1, sizeof *c);
    ASSERT(c && count && count <= ORIGINS_TABLES_MAX);
    c->options = *o;
    c->table_count = count;
    c->sources = (struct ids){.key_size = sizeof(struct ip), .seed = o->seed};
    c->targets = (struct ids){.key_size = sizeof(struct target_key), .seed = o->seed};
    c->total = (struct origin){.first = INSTANT_NONE, .last = INSTANT_NONE};
    c->special = widened(NULL, special_block_count, sizeof *c->special);
    for (size_t i = 0; i < special_block_count; i++)
        special_range(&special_blocks[i], &c->special[i].first, &c->special[i].last);
    for (size_t t = 0; t < count; t++) {
        c->tables[t].table = tables[t];
        c->tables[t].keys = c->tables[t].pairs = (struct ids){.key_size = sizeof(uint64_t), .seed = o->seed};
    }
    return c;
}

void origins_drop(struct origins_counter *c) {
    for (size_t t = 0; c && t < c->table_count; t++) {
        ids_free(&c->tables[t].keys);
        ids_free(&c->tables[t].pairs);
        free(c->tables[t].rows);
    }
    if (!c) return;
    ids_free(&c->sources);
    ids_free(&c->targets);
    free(c->source);
    free(c->rows);
    free(c->special);
    free(c);
}

/* ---- which origin a source has */

static bool is_special(const struct origins_counter *c, struct ip a) {
    for (size_t i = 0; i < special_block_count; i++)
        if (ip_compare(c->special[i].first, a) <= 0 && ip_compare(a, c->special[i].last) <= 0) return true;
    return false;
}

/* The kind above, the country or AS below. */
static uint64_t key_of(const struct origins_counter *c, const struct territory *table, struct ip src) {
    struct place place = territory_lookup(table, src);
    bool by_country = c->options.by == ORIGINS_BY_COUNTRY;
    uint64_t code = place.as;
    if (by_country) code = (uint64_t)(uint8_t)place.country.at[0] << 8 | (uint8_t)place.country.at[1];
    if (code) return (uint64_t)ORIGIN_PLACED << 32 | code;
    if (is_special(c, src)) return (uint64_t)ORIGIN_SPECIAL << 32;
    uint64_t other = (uint64_t)(uint8_t)place.code.at[0] << 8 | (uint8_t)place.code.at[1];
    return (uint64_t)ORIGIN_NONE << 32 | (by_country ? other : 0);
}

static struct origin named_row(enum origins_by by, uint64_t key) {
    struct origin row = {.kind = (enum origin_kind)(key >> 32), .first = INSTANT_NONE, .last = INSTANT_NONE};
    if (row.kind == ORIGIN_NONE) row.code = (struct country){{(char)(key >> 8), (char)key}};
    if (row.kind != ORIGIN_PLACED) return row;
    if (by == ORIGINS_BY_AS)
        row.as = (uint32_t)key;
    else
        row.country = (struct country){{(char)(key >> 8), (char)key}};
    return row;
}

static uint32_t row_of(const struct origins_counter *c, struct by_table *t, uint64_t key) {
    uint32_t row = ids_put(&t->keys, &key);
    if (row < t->row_count) return row;
    if (row == t->room) t->rows = widened(t->rows, t->room = 2 * t->room + 64, sizeof *t->rows);
    t->rows[t->row_count++] = named_row(c->options.by, key);
    return row;
}

/* The number of a fact's source, which is placed where it is new. */
static uint32_t source_of(struct origins_counter *c, struct ip src) {
    size_t before = c->sources.count, n = c->table_count;
    uint32_t id = ids_put(&c->sources, src.at);
    if (c->sources.count == before) return id;
    if (id == c->source_room) {
        c->source_room += c->source_room / 2 + 64;
        c->source = widened(c->source, c->source_room, sizeof *c->source);
        c->rows = widened(c->rows, c->source_room * n, sizeof *c->rows);
    }
    c->source[id] = (struct source){.relay = address_list_find(c->options.relays, src) != NULL,
                                    .shared = address_list_find(c->options.shared, src) != NULL};
    c->total.counts[ORIGINS_SOURCES]++;
    for (size_t t = 0; t < n; t++) {
        uint32_t row = c->rows[id * n + t] = row_of(c, &c->tables[t], key_of(c, c->tables[t].table, src));
        c->tables[t].rows[row].counts[ORIGINS_SOURCES]++;
    }
    return id;
}

/* ---- adding a fact */

enum target { TARGET_NONE, TARGET_ADDRESS, TARGET_OBJECT };

/* False where it names none.  Objects are told apart by 128 bits of their SHA-256. */
static bool target_of(const struct fact *f, struct target_key *out) {
    *out = (struct target_key){.kind = f->known & KNOWN_DST ? TARGET_ADDRESS
                                       : f->object.size     ? TARGET_OBJECT
                                                            : TARGET_NONE};
    if (out->kind == TARGET_ADDRESS) memcpy(out->at, f->dst.at, sizeof out->at);
    if (out->kind == TARGET_OBJECT) {
        struct sha256 hash = sha256_of(bytes_from_text(f->object));
        memcpy(out->at, hash.at, sizeof out->at);
    }
    return out->kind != TARGET_NONE;
}

static uint64_t events_of(const struct fact *f) { return f->count == SHEET_NO_COUNT ? 1 : f->count; }

static bool is_among(struct text t, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_is(t, names[i])) return true;
    return false;
}

/* Over TCP, what takes a connection proves the address it came from; a scan or a flood takes none. */
static enum answer answer_of(const struct fact *f) {
    static const char *const answered[] = {"tcp",   "ssh",  "telnet", "ftp",   "http",  "https",
                                           "tls",   "smtp", "smtps",  "imap",  "imaps", "pop3",
                                           "pop3s", "smb",  "rdp",    "mysql", "vnc"};
    static const char *const unanswered[] = {"udp", "icmp", "icmp6", "icmpv6", "ipv6-icmp", "gre", "esp",
                                             "dns", "ntp",  "snmp",  "ssdp",   "sip",       "tftp"};
    static const char *const events[] = {"scanner", "dos", "ddos"};
    if (is_among(f->event, events, COUNT(events))) return ANSWER_NOT_NEEDED;
    if (is_among(f->protocol, unanswered, COUNT(unanswered))) return ANSWER_NOT_NEEDED;
    return is_among(f->protocol, answered, COUNT(answered)) ? ANSWER_NEEDED : ANSWER_UNKNOWN;
}

static bool is_of_kind(const struct kind *k, const struct fact *f) {
    return k->known && text_equal(f->event, (struct text){k->event, k->event_size}) &&
           text_equal(f->protocol, (struct text){k->protocol, k->protocol_size});
}

static enum answer answer_again(struct kind *k, const struct fact *f) {
    if (is_of_kind(k, f)) return k->answer;
    k->answer = answer_of(f);
    k->known = f->event.size <= sizeof k->event && f->protocol.size <= sizeof k->protocol;
    if (!k->known) return k->answer;
    k->event_size = f->event.size;
    k->protocol_size = f->protocol.size;
    if (k->event_size) memcpy(k->event, f->event.at, k->event_size);
    if (k->protocol_size) memcpy(k->protocol, f->protocol.at, k->protocol_size);
    return k->answer;
}

static bool can_be_forged(struct origins_counter *c, const struct fact *f) {
    enum answer answer = answer_again(&c->kind, f);
    c->forged |= answer == ANSWER_NOT_NEEDED;
    c->protocol_unknown |= answer == ANSWER_UNKNOWN;
    return answer == ANSWER_NOT_NEEDED;
}

/* The marks that a fact gives the row of its source. */
static unsigned marks_of(struct origins_counter *c, const struct fact *f, const struct source *s) {
    c->time_unknown |= f->first == INSTANT_NONE || f->last == INSTANT_NONE;
    c->count_unknown |= f->count == SHEET_NO_COUNT;
    if (!s) return 0;
    return (unsigned)can_be_forged(c, f) << MARK_FORGED | (unsigned)s->relay << MARK_RELAY |
           (unsigned)(s->shared && !(f->known & KNOWN_SRC_PORT)) << MARK_SHARED;
}

static void widen(struct origin *row, const struct fact *f) {
    if (f->first != INSTANT_NONE && (row->first == INSTANT_NONE || f->first < row->first)) row->first = f->first;
    if (f->last != INSTANT_NONE && (row->last == INSTANT_NONE || f->last > row->last)) row->last = f->last;
}

static void add_to_row(const struct origins_counter *c, struct origin *row, const struct fact *f) {
    const struct origins_options *o = &c->options;
    row->facts++;
    row->counts[ORIGINS_EVENTS] += events_of(f); /* bounded by the total, which is added to first */
    if (o->words) row->findings[c->facts < o->word_count ? o->words[c->facts] : ORIGINS_NO_FINDING] += events_of(f);
    widen(row, f);
}

static void add_target(struct by_table *t, uint32_t row, uint32_t target) {
    uint64_t pair = (uint64_t)row << 32 | target;
    size_t before = t->pairs.count;
    (void)ids_put(&t->pairs, &pair);
    t->rows[row].counts[ORIGINS_TARGETS] += t->pairs.count - before;
}

enum error origins_add(struct origins_counter *c, const struct fact *f, struct diag *d) {
    if (events_of(f) > SHEET_COUNT_MAX - c->total.counts[ORIGINS_EVENTS])
        return fail(d, ERR_LIMIT, _("the sheet has more events than can be counted"));
    struct target_key key;
    bool has_source = f->known & KNOWN_SRC, has_target = target_of(f, &key);
    uint32_t source = has_source ? source_of(c, f->src) : 0, target = has_target ? ids_put(&c->targets, &key) : 0;
    struct source *s = has_source ? &c->source[source] : NULL;
    unsigned marks = marks_of(c, f, s);
    if (s) s->events += events_of(f);
    c->target_unknown |= !has_target;
    add_to_row(c, &c->total, f);
    for (size_t i = 0; i < c->table_count; i++) {
        struct by_table *t = &c->tables[i];
        uint32_t row = s ? c->rows[source * c->table_count + i] : row_of(c, t, (uint64_t)ORIGIN_UNKNOWN << 32);
        add_to_row(c, &t->rows[row], f);
        t->rows[row].marks |= marks;
        if (has_target) add_target(t, row, target);
    }
    c->facts++;
    return OK;
}

/* ---- few sources */

static int compare_numbers(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

struct few_row { /* a row as it is put in order */
    uint64_t key, sources;
    uint32_t row;
};

/* Placed ones first, those with fewest sources before all. */
static int by_sources(const void *a, const void *b) {
    const struct few_row *x = a, *y = b;
    int order = compare_numbers(x->key >> 32 != ORIGIN_PLACED, y->key >> 32 != ORIGIN_PLACED);
    if (!order) order = compare_numbers(x->sources, y->sources);
    return order ? order : compare_numbers(x->key, y->key);
}

/* How many of the rows, fewest sources first, are put together: never one alone, nor fewer sources than asked, as long
 * as there are others; rows with as many sources as the last of them go along. */
static size_t few_of(const struct few_row *rows, size_t placed, uint64_t below) {
    uint64_t sum = 0;
    size_t few = 0;
    for (; few < placed; few++) {
        uint64_t sources = rows[few].sources;
        bool enough = few > 1 && sum >= below && sources != rows[few - 1].sources;
        if (sources >= below && (!few || enough)) break;
        sum += sources;
    }
    return few;
}

static void add_row(struct origin *to, const struct origin *row) {
    to->facts += row->facts;
    to->marks |= row->marks;
    to->counts[ORIGINS_SOURCES] += row->counts[ORIGINS_SOURCES];
    to->counts[ORIGINS_EVENTS] += row->counts[ORIGINS_EVENTS];
    for (size_t i = 0; i <= ORIGINS_NO_FINDING; i++) to->findings[i] += row->findings[i];
    if (row->first != INSTANT_NONE && (to->first == INSTANT_NONE || row->first < to->first)) to->first = row->first;
    if (row->last != INSTANT_NONE && (to->last == INSTANT_NONE || row->last > to->last)) to->last = row->last;
}

/* Different targets of the rows that are put together. */
static uint64_t targets_of(const struct origins_counter *c, const struct by_table *t, const bool *is_few) {
    bool *seen = calloc(c->targets.count + 1, sizeof *seen);
    uint64_t count = 0;
    ASSERT(seen && "memory is left");
    for (size_t i = 0; i < t->pairs.count; i++) {
        uint64_t pair;
        memcpy(&pair, ids_key(&t->pairs, i), sizeof pair);
        if (!is_few[pair >> 32] || seen[(uint32_t)pair]) continue;
        seen[(uint32_t)pair] = true;
        count++;
    }
    free(seen);
    return count;
}

/* Copies the rows to `rows`, those with few sources as one where that was asked for; returns how many there are. */
static size_t put_together(const struct origins_counter *c, const struct by_table *t, struct origins *o,
                           struct origin *rows) {
    struct few_row *all = calloc(t->row_count + 1, sizeof *all);
    bool *is_few = calloc(t->row_count + 1, sizeof *is_few);
    size_t placed = 0, count = 0;
    ASSERT(all && is_few && "memory is left");
    for (size_t i = 0; i < t->row_count; i++) {
        all[i] = (struct few_row){.sources = t->rows[i].counts[ORIGINS_SOURCES], .row = (uint32_t)i};
        memcpy(&all[i].key, ids_key(&t->keys, i), sizeof all[i].key);
        placed += t->rows[i].kind == ORIGIN_PLACED;
    }
    qsort(all, t->row_count, sizeof *all, by_sources);
    o->few = c->options.below ? few_of(all, placed, c->options.below) : 0;
    struct origin few = named_row(c->options.by, (uint64_t)ORIGIN_FEW << 32);
    for (size_t i = 0; i < o->few; i++) {
        is_few[all[i].row] = true;
        add_row(&few, &t->rows[all[i].row]);
    }
    for (size_t i = 0; i < t->row_count; i++)
        if (!is_few[i]) rows[count++] = t->rows[i];
    if (o->few) few.counts[ORIGINS_TARGETS] = targets_of(c, t, is_few), rows[count++] = few;
    free(all);
    free(is_few);
    return count;
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

/* Rows get the order in which they are shown. */
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

static void mark(struct origin *row, enum origin_mark mark, bool holds) {
    if (holds) row->marks |= 1u << mark;
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

static bool one_source_dominates(const struct origins_counter *c) {
    uint64_t most = 0;
    for (size_t i = 0; i < c->sources.count; i++)
        if (c->source[i].events > most) most = c->source[i].events;
    return most > c->total.counts[ORIGINS_EVENTS] / 2;
}

static void find_caveats(struct origins *o, const struct origins_counter *c, bool dominated) {
    const uint64_t *total = o->total.counts;
    const instant slack = ORIGINS_DAYS * INSTANT_DAY, date = o->table->meta.date;
    set(o, CAVEAT_AUTHOR, true);
    set(o, CAVEAT_SHEET, true);
    set(o, basis_caveat(o->table->meta.basis), true);
    set(o, CAVEAT_FORGED, c->forged);
    set(o, CAVEAT_PROTOCOL, c->protocol_unknown);
    set(o, CAVEAT_SMALL, total[ORIGINS_SOURCES] < ORIGINS_SMALL);
    set(o, CAVEAT_TIED, ranks_are_shared(o));
    set(o, CAVEAT_ONE_SOURCE, dominated);
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

void origins_end(struct origins_counter *c, struct sha256 sheet, struct arena *a, struct origins *out) {
    bool dominated = one_source_dominates(c);
    c->total.counts[ORIGINS_TARGETS] = c->targets.count;
    for (size_t t = 0; t < c->table_count; t++) {
        struct origins o = {.options = c->options, .sheet = sheet, .table = c->tables[t].table, .total = c->total};
        struct origin *rows = ARENA_ARRAY(a, struct origin, c->tables[t].row_count + 1);
        o.count = put_together(c, &c->tables[t], &o, rows);
        rank_rows(&o, rows);
        mark_rows(&o, rows);
        find_caveats(&o, c, dominated);
        out[t] = o;
    }
}

enum error origins_count(struct sheet sheet, struct sha256 sheet_hash, const struct territory *table,
                         const struct origins_options *o, struct arena *a, struct origins *out, struct diag *d) {
    struct origins_counter *c = origins_begin(&table, 1, o);
    enum error result = OK;
    for (size_t i = 0; !result && i < sheet.count; i++) result = origins_add(c, &sheet.at[i], d);
    if (!result) origins_end(c, sheet_hash, a, out);
    origins_drop(c);
    return result;
}

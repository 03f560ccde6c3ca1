/* Origins: how many sources, events and targets a fact sheet has, by the territory or network of the source.
 *
 * In: a sheet, a table, and what is to be counted.  Out: one row an origin, and the caveats that hold of these counts;
 * no count leaves this room without them, nor without the unit counted, the basis of the table, its hash and its date.
 * Two who count the same sheet by the same table get the same bytes.
 *
 *     sources   different source addresses
 *     events    the sum of the facts' counts; a fact that has none counts as one event
 *     targets   different destination addresses, or objects where a fact names no destination
 *
 * The unit ranks: more is first, equals share a rank.  Only countries (or networks) have ranks; the rest is counted
 * beside them: addresses that the table places nowhere (`none`), special-purpose addresses, and facts that name no
 * source.  Shares are of everything that was counted in that unit, in parts per million, cut off; targets may have
 * several origins, so their shares may add up to more.
 *
 * Each row has its own marks beside the caveats of the whole.  On request origins with few sources are put together:
 * all that have fewer than `below`, and where that is a single one, or all of them together have fewer, the next
 * smallest too, so that no difference gives away what was put together.  Ranks then count what is shown.
 *
 * Limits: sums below 2^53 (ERR_LIMIT).  Ownership: rows live in the arena; the table must live as long. */
#ifndef PARLEY_TERRITORY_ORIGINS_H
#define PARLEY_TERRITORY_ORIGINS_H

#include "fact/sheet.h"
#include "territory/address_list.h"
#include "territory/territory.h"
#include "vocab/finding.h"
#include "json/json.h"

enum origins_by { ORIGINS_BY_COUNTRY, ORIGINS_BY_AS };
enum origins_unit { ORIGINS_SOURCES, ORIGINS_EVENTS, ORIGINS_TARGETS, ORIGINS_UNITS };
enum origin_kind {
    ORIGIN_PLACED,
    ORIGIN_NONE,
    ORIGIN_SPECIAL,
    ORIGIN_UNKNOWN, /* the fact names no source */
    ORIGIN_FEW,     /* put together: origins with few sources */
    ORIGIN_KINDS
};

#define ORIGINS_KIND "parley origins v1"
#define ORIGINS_RANK_KIND "parley origins rank v1"
#define ORIGINS_MILLION 1000000

enum {
    ORIGINS_SMALL = 100,         /* sources: with fewer, ranks are chance */
    ORIGIN_SMALL = 10,           /* sources of one origin: with fewer, its rank is chance */
    ORIGINS_DAYS = 30,           /* between table and data before it is said */
    ORIGINS_UNKNOWN_PPM = 10000, /* share without a territory before it is said */
    ORIGINS_FIRST_RANKS = 10,    /* among which ties are said */
    ORIGINS_NO_FINDING = FINDING_COUNT
};

/*   code             name                      what is said */
#define ORIGINS_CAVEATS(X)                                                                                             \
    X(AUTHOR, "origin-is-not-author",                                                                                  \
      N_("The origin of traffic is not its author: machines are rented, shared and taken over."))                      \
    X(SHEET, "records-of-one-sheet",                                                                                   \
      N_("The counts are of one fact sheet: of what its makers recorded and chose, not of all that happened."))        \
    X(REGISTRY, "basis-registry",                                                                                      \
      N_("The table tells where addresses are registered, which need not be where the machines stand."))               \
    X(GEOLOCATION, "basis-geolocation", N_("The table rests on estimates of where the machines stand."))               \
    X(ROUTED, "basis-routed",                                                                                          \
      N_("The table tells which network announces an address, which need not be where the machine stands."))           \
    X(UNSTATED, "basis-unstated", N_("The table does not say what it rests on."))                                      \
    X(FORGED, "source-can-be-forged",                                                                                  \
      N_("Some facts are of a kind that needs no answer, such as UDP, a scan or a flood: their sources can be "        \
         "forged."))                                                                                                   \
    X(PROTOCOL, "protocol-unknown",                                                                                    \
      N_("Some facts name no protocol that is known: nothing says whether their sources can be forged."))              \
    X(SMALL, "small-numbers", N_("There are fewer than 100 sources: ranks may be chance."))                            \
    X(TIED, "ranks-are-shared", N_("Some of the first ten ranks are shared."))                                         \
    X(ONE_SOURCE, "one-source-dominates", N_("One source address makes more than half of the events."))                \
    X(UNKNOWN, "unknown-share", N_("More than one in a hundred of what is counted has no territory in the table."))    \
    X(SPECIAL, "special-purpose-sources",                                                                              \
      N_("Some sources are special-purpose addresses, which belong to no territory."))                                 \
    X(OLDER, "table-older-than-data", N_("The table is more than 30 days older than the last of the data."))           \
    X(NEWER, "table-newer-than-data", N_("The table is more than 30 days newer than the first of the data."))          \
    X(TIMES, "times-unknown", N_("Some facts have no time."))                                                          \
    X(COUNTS, "counts-unknown", N_("Some facts don't say how many events they are; each counts as one."))              \
    X(TARGETS, "targets-unknown", N_("Some facts name no target."))                                                    \
    X(RELAYS, "known-relays", N_("Some sources are known relays or exits: who used them came from elsewhere."))        \
    X(SHARED, "shared-addresses-without-port",                                                                         \
      N_("Some facts name an address that many share, and no port: they don't tell who of them it was."))              \
    X(FEW, "few-put-together", N_("Origins with few sources were put together on request; ranks count what is shown."))

enum origins_caveat {
#define X(code, name, sentence) CAVEAT_##code,
    ORIGINS_CAVEATS(X)
#undef X
        CAVEAT_COUNT
};

/* What holds of one origin.  code, name, as it stands in a row, what is said */
#define ORIGIN_MARKS(X)                                                                                                \
    X(FORGED, "source-can-be-forged", N_("forged"), N_("facts of a kind whose source can be forged"))                  \
    X(RELAY, "known-relay", N_("relay"), N_("sources that are known relays or exits, by the list given"))              \
    X(SHARED, "shared-address-without-port", N_("shared"),                                                             \
      N_("facts without a port from addresses that many share, by the list given"))                                    \
    X(SMALL, "small-numbers", N_("few"), N_("fewer than 10 sources"))                                                  \
    X(OLDER, "table-older-than-data", N_("old table"), N_("facts more than 30 days younger than the table"))           \
    X(UNKNOWN, "unknown-share", N_("unplaced"), N_("what has no territory in the table could change this rank"))

enum origin_mark {
#define X(code, name, word, sentence) MARK_##code,
    ORIGIN_MARKS(X)
#undef X
        MARK_COUNT
};
struct origin_mark_row {
    const char *name, *word, *sentence; /* word and sentence are untranslated */
};
extern const struct origin_mark_row origin_marks[MARK_COUNT];
struct origins_caveat_row {
    const char *name, *sentence; /* the sentence is untranslated */
};
extern const struct origins_caveat_row origins_caveats[CAVEAT_COUNT];

struct origin {
    enum origin_kind kind;
    struct country country; /* of ORIGIN_PLACED, by country */
    uint32_t as;            /* of ORIGIN_PLACED, by AS */
    struct country code;    /* of ORIGIN_NONE, by country: what the table has instead; none: nothing */
    uint64_t facts;
    uint64_t counts[ORIGINS_UNITS];
    uint64_t share_ppm;                        /* of the unit */
    uint64_t rank;                             /* from 1; 0: has none */
    instant first, last;                       /* INSTANT_NONE: unknown */
    uint64_t findings[ORIGINS_NO_FINDING + 1]; /* events by finding; the last: without one */
    unsigned marks;                            /* a set: 1 << enum origin_mark */
};

struct origins_cut { /* of which case the sheet is, and up to where both records were read for the findings */
    struct text matter;
    struct text parties[2]; /* bytewise order */
    uint64_t sizes[2];      /* of the records in which the two now speak */
};

struct origins_options {
    enum origins_by by;
    enum origins_unit unit;
    const enum finding_word *words;             /* of the first facts, ORIGINS_NO_FINDING: none; NULL: no findings */
    uint64_t word_count;                        /* facts behind these have none */
    struct sha256 findings;                     /* with words: of the findings sheet */
    const struct origins_cut *cut;              /* NULL: the sheet is of no case */
    const struct address_list *relays, *shared; /* NULL: none */
    uint64_t below;                             /* origins with fewer sources are put together; 0: none */
    uint64_t seed;                              /* of hash tables; no outcome depends on it */
};

struct origins {
    struct origins_options options;
    struct sha256 sheet;
    const struct territory *table;
    const struct origin *at; /* ranked ones first, by rank and then by their names; then the others */
    size_t count;
    struct origin total;
    uint64_t ranked;  /* rows with a rank */
    uint64_t few;     /* origins that were put together */
    unsigned caveats; /* a set: 1 << enum origins_caveat */
};

/* Counts facts as they come, by several tables at once, in memory for the different sources and targets alone: some 60
 * bytes a source and 40 a target, and 20 for each target of an origin by each table. */
enum { ORIGINS_TABLES_MAX = 8 };
struct origins_counter;
/* What `o` and the tables point to must live as long as what comes out. */
struct origins_counter *origins_begin(const struct territory *const *tables, size_t count,
                                      const struct origins_options *o);
/* In the order of the sheet, on which findings rest. */
enum error origins_add(struct origins_counter *c, const struct fact *f, struct diag *d) MUST_USE;
/* `out`: one for each table. */
void origins_end(struct origins_counter *c, struct sha256 sheet, struct arena *a, struct origins *out);
void origins_drop(struct origins_counter *c); /* NULL is fine */

/* All of it, for a sheet that is in memory. */
enum error origins_count(struct sheet sheet, struct sha256 sheet_hash, const struct territory *table,
                         const struct origins_options *o, struct arena *a, struct origins *out,
                         struct diag *d) MUST_USE;

enum { ORIGIN_NAME_MAX = 24 };
/* "FR", "AS64500", "none", "none-EU", "special-purpose", "no-source" or "few-sources", as a view of `out`. */
struct text origin_name(const struct origin *o, char out[static ORIGIN_NAME_MAX]);
/* The row of that name; NULL where there is none. */
const struct origin *origins_find(const struct origins *o, struct text name);
/* The rank that a row has, or would have were this the unit that ranks; 0: none. */
uint64_t origins_rank_by(const struct origins *o, const struct origin *row, enum origins_unit unit);
bool origins_rank_is_shared(const struct origins *o, const struct origin *row, enum origins_unit unit);
/* For people, translated: "France", the name of an AS, "not placed by the table". */
struct text origin_label(const struct origins *o, const struct origin *row);
/* Sentences for people: which list the marks rest on; how many origins were put together. */
void origins_put_list(const struct origins *o, bool relays, struct buf *out);
void origins_put_few(const struct origins *o, struct buf *out);
const char *origins_unit_name(enum origins_unit unit); /* the word of the formats; for people: gettext of it */
bool origins_unit_read(struct text t, enum origins_unit *out);

/* The object that is signed and published.  Its canonical form begins with its kind. */
json_t *origins_json(const struct origins *o);
/* The document that is hashed, sent and compared: the canonical form and a LF. */
void origins_write(const struct origins *o, struct buf *out);
/* A page for a report, on A4: by country a map (atlas.h) with a circle for each origin, the ranking, by two tables as a
 * slope between them, the same origins by each unit, and below them the caveats, marks and credits that no number is
 * shown without.  No script, nothing fetched; a title and a description for those who don't see it.  `count` of them,
 * of one sheet, at least one; `asked`: the name of the origin that is told apart by weight, empty: none. */
void origins_svg(const struct origins *of, size_t count, struct text asked, struct buf *out);
/* The same inside of a page of HTML, which has its own paper. */
void origins_figure(const struct origins *of, size_t count, struct text asked, struct buf *out);
const char *origins_heading(const struct origins *o); /* "Origins by country", translated */
/* One row, with all that no count may be shown without: what `--rank` asks for. */
json_t *origins_rank_json(const struct origins *o, struct text name);

#endif

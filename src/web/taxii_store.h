/* Within web/: what the TAXII server has to give, object by object, each sealed by itself.
 *
 * One SQLite file, derived from the cases and deletable at any time: it is then made anew, and objects have new times
 * of addition.  Objects of a collection are numbered as they are added, and no two were added at the same microsecond,
 * so a client that goes on by time misses nothing and gets nothing twice.  Rows are sealed as the desk's index is
 * (desk/index_rows.h); what SQLite itself must look up (ids, types, versions) stands there as keyed hashes.
 * One process writes objects; any number read.  Not thread-safe: a thread opens its own. */
#ifndef PARLEY_WEB_TAXII_STORE_H
#define PARLEY_WEB_TAXII_STORE_H

#include "base/arena.h"
#include "base/instant.h"
#include "json/json.h"

enum { TAXII_KEY_SIZE = 32, TAXII_MATCH_MAX = 64, TAXII_TIME_SIZE = 27 };

enum taxii_collection {
    TAXII_THEIRS,   /* what they claimed */
    TAXII_OURS,     /* what we claimed */
    TAXII_FINDINGS, /* what was found of it, by either */
    TAXII_FACTS,    /* the facts of all claims */
    TAXII_DRAFTS,   /* to write alone: what is added becomes drafts */
    TAXII_COLLECTIONS
};

enum taxii_versions { TAXII_LAST = 1, TAXII_FIRST = 2, TAXII_ALL = 4 }; /* a set */

struct taxii_filter {
    instant added_after; /* INSTANT_NONE */
    uint64_t after;      /* numbers up to this were given already */
    uint64_t limit;
    struct text ids[TAXII_MATCH_MAX], types[TAXII_MATCH_MAX], at[TAXII_MATCH_MAX]; /* at: versions by their time */
    size_t id_count, type_count, at_count;
    unsigned versions; /* of enum taxii_versions */
    bool nothing;      /* nothing fits, as a specification that there are no objects of */
};
struct taxii_row {
    uint64_t number;
    instant added;
    struct text id, version;
    struct bytes object; /* canonical JSON */
};
struct taxii_page {
    size_t count;
    bool more;
    uint64_t last; /* number */
    instant first_added, last_added;
};

struct taxii_store;
/* Opens the file, or makes it; what is no such file is removed first. */
enum error taxii_store_open(const char *path, const uint8_t key[static TAXII_KEY_SIZE], struct taxii_store **out,
                            struct diag *d) MUST_USE;
void taxii_store_close(struct taxii_store *s); /* NULL is fine */
/* Removes all objects, and what was kept of cases. */
enum error taxii_store_clear(struct taxii_store *s, struct diag *d) MUST_USE;
enum error taxii_store_begin(struct taxii_store *s, struct diag *d) MUST_USE;
enum error taxii_store_commit(struct taxii_store *s, struct diag *d) MUST_USE;
void taxii_store_undo(struct taxii_store *s);
/* Adds an object, unless it is there in that version; where `once`, in any. */
enum error taxii_store_put(struct taxii_store *s, enum taxii_collection c, const json_t *object, bool once, instant now,
                           struct diag *d) MUST_USE;
/* What fits, in the order in which it was added; `row` lives until `with` returns.  False from `with`: the page is full
 * before this row. */
enum error taxii_store_page(struct taxii_store *s, enum taxii_collection c, const struct taxii_filter *f,
                            bool (*with)(void *state, const struct taxii_row *row), void *state, struct taxii_page *out,
                            struct diag *d) MUST_USE;
/* Whether there is an object of that id. */
enum error taxii_store_has(struct taxii_store *s, enum taxii_collection c, struct text id, bool *out,
                           struct diag *d) MUST_USE;
uint64_t taxii_store_count(struct taxii_store *s);

/* A small thing that is kept under a name; ERR_MISSING. */
enum error taxii_store_keep(struct taxii_store *s, struct text name, struct bytes value, struct diag *d) MUST_USE;
enum error taxii_store_kept(struct taxii_store *s, struct text name, struct buf *out, struct diag *d) MUST_USE;

/* What tools added: the status of each request, as JSON, and until it is worked off its body; durable at OK.  ERR_BUSY:
 * too many wait. taxii_store_waiting: the oldest that waits, taxii_store_next: its id alone; ERR_MISSING. */
enum { TAXII_WAITING_MAX = 64, TAXII_STATUS_MAX = 1000 };
enum error taxii_store_take(struct taxii_store *s, struct text id, struct bytes status, struct bytes body,
                            struct diag *d) MUST_USE;
enum error taxii_store_waiting(struct taxii_store *s, struct arena *a, struct text *id, struct bytes *status,
                               struct bytes *body, struct diag *d) MUST_USE;
enum error taxii_store_next(struct taxii_store *s, struct arena *a, struct text *id, struct diag *d) MUST_USE;
enum error taxii_store_done(struct taxii_store *s, struct text id, struct bytes status, struct diag *d) MUST_USE;
enum error taxii_store_status(struct taxii_store *s, struct text id, struct buf *out, struct diag *d) MUST_USE;

/* "2026-03-01T12:00:00.000001Z" */
struct text taxii_time(instant i, char out[static TAXII_TIME_SIZE + 1]);

#endif

#include "store/fsck.h"

#include <stdio.h>

#include "store/sql.h"

static const struct {
    const char *word, *own, *theirs;
} faults[FAULT_COUNT] = {
#define X(kind, word, own, theirs) {word, own, theirs},
    FAULT_LIST(X)
#undef X
};

const char *fault_word(enum fault_kind k) { return faults[k].word; }

const char *fault_mend(enum fault_kind k, enum side side) {
    return side == SIDE_THEIRS && faults[k].theirs ? faults[k].theirs : faults[k].own;
}

FORMAT(5, 6)
void fsck_tell(struct fsck *f, enum fault_kind kind, enum side side, struct text where, const char *format, ...) {
    char what[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    f->faults++;
    f->tell(f->state, &(struct fault){kind, side, where, text_of(what), f->place});
    f->place = (struct fault_place){0};
}

/* A read transaction of its own, which stays open: the log of writes keeps what it sees. */
enum error fsck_begin(struct store *s, struct diag *d) {
    uint64_t unused;
    enum error result = sql_run(s, d, "BEGIN", "");
    return result ? result : sql_number(s, &unused, d, "SELECT count(*) FROM channel", "");
}

enum error fsck_database(struct store *s, struct fsck *f, struct diag *d) {
    struct query q;
    bool row = true;
    enum error result = sql_start(s, &q, d, "PRAGMA integrity_check(20)", "");
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        struct text said = text_from_bytes(sql_bytes(&q, 0));
        if (!text_is(said, "ok")) fsck_tell(f, FAULT_DATABASE, SIDE_OWN, TEXT(""), "%.*s", TEXT_ARG(said));
    }
    return result;
}

/* ---- lists */

enum error fsck_checkpoints(struct store *s, int64_t record, struct arena *a, struct any_checkpoint **out,
                            size_t *count, struct diag *d) {
    struct query q;
    struct any_checkpoint *list = NULL;
    size_t room = 0, got = 0;
    bool row = true;
    enum error result = sql_start(
        s, &q, d, "SELECT kind, size, root, note FROM checkpoint WHERE record = ? ORDER BY kind, size", "i", record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        struct any_checkpoint *c = &list[got++];
        *c =
            (struct any_checkpoint){(enum checkpoint_kind)sql_i64(&q, 0), {sql_u64(&q, 1), .note = sql_copy(&q, 3, a)}};
        if (sql_sha(&q, 2, &c->at.root, NULL)) c->at.root = (struct sha256){{0}}; /* is told as another root */
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

enum error fsck_receipts(struct store *s, int64_t record, struct arena *a, struct kept_receipt **out, size_t *count,
                         struct diag *d) {
    struct query q;
    struct kept_receipt *list = NULL;
    size_t room = 0, got = 0;
    bool row = true;
    enum error result = sql_start(
        s, &q, d, "SELECT size, root, line, stamp, recorded FROM receipt WHERE record = ? ORDER BY size, line", "i",
        record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        struct kept_receipt *r = &list[got++];
        *r = (struct kept_receipt){
            .size = sql_u64(&q, 0), .line = sql_text(&q, 2, a), .stamp = sql_i64(&q, 3), .recorded = !sql_null(&q, 4)};
        if (sql_sha(&q, 1, &r->root, NULL)) r->root = (struct sha256){{0}};
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

enum error fsck_cards(struct store *s, int64_t record, struct arena *a, struct kept_card **out, size_t *count,
                      struct diag *d) {
    struct query q;
    struct kept_card *list = NULL;
    size_t room = 0, got = 0;
    bool row = true;
    enum error result =
        sql_start(s, &q, d, "SELECT place, serial, note FROM card WHERE record = ? ORDER BY place", "i", record);
    while (!result && !(result = sql_next(&q, &row, d)) && row) {
        list = arena_grow(a, list, got, &room, sizeof *list);
        list[got++] = (struct kept_card){sql_u64(&q, 0), sql_u64(&q, 1), sql_copy(&q, 2, a)};
    }
    if (result) return result;
    *out = list;
    *count = got;
    return OK;
}

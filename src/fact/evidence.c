/* Evidence: from facts and lines, and checked against them. */
#include "fact/evidence.h"

#include <string.h>

#include "base/secret.h"
#include "fact/form.h"

static enum error build_row(const struct gathered *g, uint64_t i, struct arena *a, struct buf *row,
                            struct evidence_row *out, struct diag *d) {
    const struct fact_lines *lines = &g->lines[i];
    const char *fault = fact_fault(&g->facts[i]);
    if (fault) return fail(d, ERR_INPUT, _("fact %llu: %s"), (unsigned long long)i, gettext(fault));
    buf_clear(row);
    fact_write(&g->facts[i], row);
    if (row->failed) return fail(d, ERR_MEMORY, _("out of memory"));
    *out = (struct evidence_row){
        .row = arena_text(a, buf_as_text(row)), .lines = lines->at, .count = lines->count, .root = {{0}}};
    return OK;
}

enum error evidence_build(const struct gathered *g, struct sha256 sheet, const uint8_t key[static EVIDENCE_KEY_SIZE],
                          struct arena *a, struct evidence *out, struct diag *d) {
    if (g->count && !g->lines) return fail(d, ERR_USAGE, _("the lines behind the facts were not kept"));
    struct evidence_row *rows = ARENA_ARRAY(a, struct evidence_row, g->count);
    struct buf row = {.max = 2 * SHEET_ROW_MAX};
    struct hmac_key made;
    enum error result = OK;
    for (uint64_t i = 0; !result && i < g->count; i++) result = build_row(g, i, a, &row, &rows[i], d);
    buf_free(&row);
    if (result) return result;
    hmac_key_make(&made, bytes_of(key, EVIDENCE_KEY_SIZE));
    evidence_roots(&made, 0, rows, g->count);
    secret_wipe(&made, sizeof made);
    *out = (struct evidence){.sheet = sheet, .rows = rows, .count = g->count};
    memcpy(out->key, key, sizeof out->key);
    return OK;
}

static struct sha256 hash_of_sheet(const struct evidence *e) {
    struct hasher *h = hasher_new();
    hasher_add(h, bytes_from_text(SHEET_HEADER));
    for (uint64_t i = 0; i < e->count; i++) {
        hasher_add(h, bytes_from_text(e->rows[i].row));
        hasher_add(h, bytes_of("\n", 1));
    }
    return hasher_end(h);
}

/* Row by row, some at once: the first whose root is another, or `count`. */
static uint64_t first_wrong(const struct evidence *e, const struct hmac_key *key) {
    enum { SOME = 64 };
    struct evidence_row again[SOME];
    for (uint64_t done = 0; done < e->count; done += SOME) {
        const size_t some = e->count - done < SOME ? (size_t)(e->count - done) : SOME;
        memcpy(again, e->rows + done, some * sizeof *again);
        evidence_roots(key, done, again, some);
        for (size_t i = 0; i < some; i++)
            if (!sha256_equal(again[i].root, e->rows[done + i].root)) return done + i;
    }
    return e->count;
}

enum error evidence_check(const struct evidence *e, struct diag *d) {
    if (!sha256_equal(hash_of_sheet(e), e->sheet)) return fail(d, ERR_PROOF, _("the facts are not those of the sheet"));
    struct hmac_key key;
    hmac_key_make(&key, bytes_of(e->key, sizeof e->key));
    const uint64_t wrong = first_wrong(e, &key);
    secret_wipe(&key, sizeof key);
    if (wrong == e->count) return OK;
    return fail(d, ERR_PROOF, _("fact %llu: the lines don't give the root that was committed to"),
                (unsigned long long)wrong);
}

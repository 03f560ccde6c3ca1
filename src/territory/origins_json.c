/* Origins as the object that is signed.  Its canonical form sorts members, and `$` sorts before all others, so the text
 * begins with its kind and version. */
#include <stdio.h>

#include "territory/origins.h"

static void put_hash(json_t *object, const char *key, const struct sha256 *hash) {
    char hex[SHA256_HEX];
    json_put_text(object, key, sha256_hex(hash, hex));
}

static void put_time(json_t *object, const char *key, instant at) {
    char written[INSTANT_TEXT_MAX];
    json_put_text_if(object, key, instant_write(at, written));
}

static json_t *findings_json(const struct origin *row) {
    json_t *split = json_object();
    for (unsigned i = 0; i < FINDING_COUNT; i++)
        if (row->findings[i]) json_put_u64(split, finding_name((enum finding_word)i), row->findings[i]);
    if (row->findings[ORIGINS_NO_FINDING]) json_put_u64(split, "unanswered", row->findings[ORIGINS_NO_FINDING]);
    return split;
}

static json_t *marks_json(const struct origin *row) {
    json_t *marks = json_array();
    for (unsigned i = 0; i < MARK_COUNT; i++)
        if (row->marks & 1u << i) json_add_text(marks, text_of(origin_marks[i].name));
    return marks;
}

static json_t *row_json(const struct origins *o, const struct origin *row) {
    json_t *one = json_object();
    json_put_u64(one, "facts", row->facts);
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++) json_put_u64(one, origins_unit_name(u), row->counts[u]);
    json_put_u64(one, "share_ppm", row->share_ppm);
    put_time(one, "first", row->first);
    put_time(one, "last", row->last);
    if (o->options.words) json_put(one, "findings", findings_json(row));
    return one;
}

static json_t *named_row_json(const struct origins *o, const struct origin *row) {
    char name[ORIGIN_NAME_MAX];
    json_t *one = row_json(o, row);
    json_put_text(one, "origin", origin_name(row, name));
    if (row->as) json_put_text_if(one, "as_name", territory_as_name(o->table, row->as));
    if (row->rank) json_put_u64(one, "rank", row->rank);
    if (row->marks) json_put(one, "caveats", marks_json(row));
    return one;
}

static json_t *table_json(const struct territory_meta *m) {
    json_t *table = json_object(), *credits = json_array();
    put_hash(table, "hash", &m->hash);
    json_put_text(table, "name", m->name);
    put_time(table, "date", m->date);
    json_put_text(table, "basis", m->basis);
    for (size_t i = 0; i < m->credit_count; i++) json_add_text(credits, m->credits[i]);
    json_put(table, "credits", credits);
    return table;
}

/* Marks rest on these files, so they are named by their hashes. */
static void put_lists(json_t *frame, const struct origins_options *o) {
    const struct {
        const char *key;
        const struct address_list *list;
    } lists[] = {{"relays", o->relays}, {"shared", o->shared}};
    json_t *named = json_object();
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (!lists[i].list) continue;
        json_t *one = json_object();
        json_put_text(one, "name", lists[i].list->name);
        put_hash(one, "sha256", &lists[i].list->hash);
        json_put_u64(one, "entries", lists[i].list->count);
        json_put(named, lists[i].key, one);
    }
    json_put(frame, "lists", named);
}

static void put_few(json_t *frame, const struct origins *o) {
    json_t *few = json_object();
    json_put_u64(few, "below", o->options.below);
    json_put_u64(few, "origins", o->few);
    json_put(frame, "put_together", few);
}

static void put_cut(json_t *frame, const struct origins_cut *cut) {
    json_t *sizes = json_object();
    for (unsigned p = 0; p < 2; p++) {
        char name[256];
        snprintf(name, sizeof name, "%.*s", TEXT_ARG(cut->parties[p]));
        json_put_u64(sizes, name, cut->sizes[p]);
    }
    json_put_text(frame, "case", cut->matter);
    json_put(frame, "cut", sizes);
}

/* What no count is shown without. */
static json_t *frame_json(const struct origins *o, const char *kind) {
    json_t *frame = json_object(), *caveats = json_array();
    json_put_text(frame, "$kind", text_of(kind));
    json_put_text(frame, "by", o->options.by == ORIGINS_BY_AS ? TEXT("as") : TEXT("country"));
    json_put_text(frame, "unit", text_of(origins_unit_name(o->options.unit)));
    if (o->options.cut) put_cut(frame, o->options.cut);
    put_hash(frame, "sheet", &o->sheet);
    if (o->options.words) put_hash(frame, "findings_sheet", &o->options.findings);
    json_put(frame, "table", table_json(&o->table->meta));
    if (o->options.relays || o->options.shared) put_lists(frame, &o->options);
    if (o->options.below) put_few(frame, o);
    for (unsigned i = 0; i < CAVEAT_COUNT; i++)
        if (o->caveats & 1u << i) json_add_text(caveats, text_of(origins_caveats[i].name));
    json_put(frame, "caveats", caveats);
    json_put(frame, "total", row_json(o, &o->total));
    json_put_u64(frame, "ranked", o->ranked);
    return frame;
}

json_t *origins_json(const struct origins *o) {
    json_t *whole = frame_json(o, ORIGINS_KIND), *rows = json_array();
    for (size_t i = 0; i < o->count; i++) json_add(rows, named_row_json(o, &o->at[i]));
    json_put(whole, "rows", rows);
    return whole;
}

void origins_write(const struct origins *o, struct buf *out) {
    json_t *whole = origins_json(o);
    json_canonical(whole, out);
    buf_char(out, '\n');
    json_decref(whole);
}

json_t *origins_rank_json(const struct origins *o, struct text name) {
    json_t *whole = frame_json(o, ORIGINS_RANK_KIND);
    const struct origin *row = origins_find(o, name);
    json_put_text(whole, "asked", name);
    if (row) json_put(whole, "row", named_row_json(o, row));
    if (row && row->kind == ORIGIN_PLACED) {
        json_t *ranks = json_object();
        for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++) {
            uint64_t rank = origins_rank_by(o, row, u);
            if (rank) json_put_u64(ranks, origins_unit_name(u), rank);
        }
        json_put(whole, "ranks", ranks);
    }
    return whole;
}

#include "territory/origins_document.h"

#include "base/map.h"

const char *const origins_reasons[ORIGINS_REASON_COUNT] = {
#define X(code, sentence) [ORIGINS_##code##_DIFFERS] = sentence,
    ORIGINS_REASONS(X)
#undef X
};

/* ---- reading */

struct document_reading {
    json_t *json;
    struct arena *arena;
    struct diag *diag;
    struct origins_document of;
};

static enum error expected(struct document_reading *r, const char *what) {
    return fail(r->diag, ERR_INPUT, _("a document of origins: expected %s"), what);
}

static struct text kept(struct document_reading *r, const json_t *object, const char *key) {
    return arena_text(r->arena, json_text(object, key));
}

static struct text canonical(struct document_reading *r, const json_t *value) {
    struct buf out = {.max = ORIGINS_MAX_BYTES};
    json_canonical(value, &out);
    struct text t = arena_text(r->arena, buf_as_text(&out));
    buf_free(&out);
    return t;
}

static enum error read_question(struct document_reading *r) {
    struct text by = json_text(r->json, "by");
    if (!text_is(json_text(r->json, "$kind"), ORIGINS_KIND)) return expected(r, "“" ORIGINS_KIND "”");
    if (!text_is(by, "country") && !text_is(by, "as")) return expected(r, _("“by” and country or as"));
    r->of.by = text_is(by, "as") ? ORIGINS_BY_AS : ORIGINS_BY_COUNTRY;
    if (!origins_unit_read(json_text(r->json, "unit"), &r->of.unit))
        return expected(r, _("“unit” and what is counted"));
    r->of.sheet = kept(r, r->json, "sheet");
    r->of.findings = kept(r, r->json, "findings_sheet");
    if (!sha256_is_hex(r->of.sheet) || (r->of.findings.size && !sha256_is_hex(r->of.findings)))
        return expected(r, _("sheets by their SHA-256"));
    return OK;
}

static enum error read_table(struct document_reading *r) {
    const json_t *table = json_child(r->json, "table");
    r->of.table = kept(r, table, "hash");
    r->of.table_name = kept(r, table, "name");
    r->of.table_date = kept(r, table, "date");
    r->of.basis = kept(r, table, "basis");
    if (!sha256_is_hex(r->of.table) || !r->of.table_name.size || !territory_basis_is(r->of.basis))
        return expected(r, _("“table” with its hash, name and basis"));
    return OK;
}

static enum error read_cut(struct document_reading *r) {
    struct origins_cut *cut = &r->of.cut;
    json_t *sizes = json_child(r->json, "cut"), *value;
    const char *name;
    size_t at = 0;
    cut->matter = kept(r, r->json, "case");
    r->of.has_cut = cut->matter.size || sizes;
    if (!r->of.has_cut) return OK;
    if (!cut->matter.size || json_object_size(sizes) != 2) return expected(r, _("“case”, and “cut” with two sizes"));
    json_object_foreach(sizes, name, value) {
        cut->parties[at] = arena_text(r->arena, text_of(name));
        if (!json_u64(sizes, name, &cut->sizes[at++])) return expected(r, _("“cut” with two sizes"));
    }
    if (text_compare(cut->parties[0], cut->parties[1]) > 0) {
        struct origins_cut turned = {.matter = cut->matter,
                                     .parties = {cut->parties[1], cut->parties[0]},
                                     .sizes = {cut->sizes[1], cut->sizes[0]}};
        *cut = turned;
    }
    return OK;
}

static enum error read_row(struct document_reading *r, const json_t *row, struct map *names, struct origins_row *out) {
    out->name = kept(r, row, "origin");
    if (!out->name.size || map_has(names, out->name)) return expected(r, _("each origin once, by its name"));
    *map_put(names, out->name) = out;
    for (enum origins_unit u = 0; u < ORIGINS_UNITS; u++)
        if (!json_u64(row, origins_unit_name(u), &out->counts[u]))
            return expected(r, _("counts of sources, events and targets"));
    if (!json_u64(row, "rank", &out->rank)) out->rank = 0;
    out->whole = canonical(r, row);
    return OK;
}

static enum error read_rows(struct document_reading *r) {
    json_t *rows = json_list(r->json, "rows");
    struct map names = {.arena = r->arena};
    size_t count = json_array_size(rows);
    if (!rows) return expected(r, _("“rows”"));
    if (count > ORIGINS_ROWS_MAX)
        return fail(r->diag, ERR_LIMIT, _("a document of origins of more than %d rows"), ORIGINS_ROWS_MAX);
    struct origins_row *all = ARENA_ARRAY(r->arena, struct origins_row, count + 1);
    for (size_t i = 0; i < count; i++) {
        enum error result = read_row(r, json_array_get(rows, i), &names, &all[i]);
        if (result) return result;
    }
    r->of.rows = all;
    r->of.row_count = count;
    json_object_del(r->json, "rows");
    r->of.rest = canonical(r, r->json);
    return OK;
}

enum error origins_read(struct bytes b, struct arena *a, struct origins_document *out, struct diag *d) {
    struct document_reading r = {.arena = a, .diag = d};
    if (b.size > ORIGINS_MAX_BYTES)
        return fail(d, ERR_LIMIT, _("a document of origins of more than %d bytes"), ORIGINS_MAX_BYTES);
    if (!b.size || b.at[b.size - 1] != '\n')
        return fail(d, ERR_INPUT, _("a document of origins: expected a LF at the end"));
    enum error result = json_read_canonical(bytes_of(b.at, b.size - 1), &r.json, d);
    if (result) return result;
    result = read_question(&r);
    if (!result) result = read_table(&r);
    if (!result) result = read_cut(&r);
    if (!result) result = read_rows(&r);
    json_decref(r.json);
    if (!result) *out = r.of;
    return result;
}

/* ---- comparing */

static bool same_cut(const struct origins_document *a, const struct origins_document *b) {
    const struct origins_cut *x = &a->cut, *y = &b->cut;
    return a->has_cut == b->has_cut && text_equal(x->matter, y->matter) && text_equal(x->parties[0], y->parties[0]) &&
           text_equal(x->parties[1], y->parties[1]) && x->sizes[0] == y->sizes[0] && x->sizes[1] == y->sizes[1];
}

static unsigned reasons_of(const struct origins_document *a, const struct origins_document *b) {
    unsigned reasons = 0;
    if (!text_equal(a->sheet, b->sheet)) reasons |= 1u << ORIGINS_SHEET_DIFFERS;
    if (!same_cut(a, b)) reasons |= 1u << ORIGINS_CUT_DIFFERS;
    if (!text_equal(a->findings, b->findings)) reasons |= 1u << ORIGINS_FINDINGS_DIFFERS;
    if (!text_equal(a->table, b->table)) reasons |= 1u << ORIGINS_TABLE_DIFFERS;
    if (a->by != b->by || a->unit != b->unit) reasons |= 1u << ORIGINS_QUESTION_DIFFERS;
    return reasons ? reasons : 1u << ORIGINS_COUNTING_DIFFERS;
}

static bool same_rows(const struct origins_document *a, const struct origins_document *b) {
    if (a->row_count != b->row_count) return false;
    for (size_t i = 0; i < a->row_count; i++)
        if (!text_equal(a->rows[i].whole, b->rows[i].whole)) return false;
    return true;
}

static struct map by_name(const struct origins_document *of, struct arena *a) {
    struct map names = {.arena = a};
    for (size_t i = 0; i < of->row_count; i++) *map_put(&names, of->rows[i].name) = &of->rows[i];
    return names;
}

struct origins_compared origins_compare(const struct origins_document *first, const struct origins_document *second,
                                        struct arena *a) {
    struct origins_compared out = {.same = text_equal(first->rest, second->rest) && same_rows(first, second)};
    if (out.same) return out;
    struct map firsts = by_name(first, a), seconds = by_name(second, a);
    struct origins_difference *all =
        ARENA_ARRAY(a, struct origins_difference, first->row_count + second->row_count + 1);
    for (size_t i = 0; i < first->row_count; i++) {
        const struct origins_row *row = &first->rows[i], *other = map_get(&seconds, row->name);
        if (other && text_equal(row->whole, other->whole)) continue;
        all[out.count++] = (struct origins_difference){row->name, {row, other}};
    }
    for (size_t i = 0; i < second->row_count; i++)
        if (!map_get(&firsts, second->rows[i].name))
            all[out.count++] = (struct origins_difference){second->rows[i].name, {NULL, &second->rows[i]}};
    out.at = all;
    out.reasons = reasons_of(first, second);
    return out;
}

/* A walk over the search tree of an MMDB. */
#include "scan/mmdb.h"

#include <maxminddb.h>
#include <string.h>

#define MARKER "\xab\xcd\xefMaxMind.com"
enum { MARKER_WITHIN = 128 << 10 }; /* bytes of the end of the file, as the format says */

bool mmdb_is(struct bytes file) {
    struct text end = text_from_bytes(file);
    if (end.size > MARKER_WITHIN) end = text_sub(end, end.size - MARKER_WITHIN, end.size);
    return text_search(end, TEXT(MARKER)) != SIZE_MAX;
}

struct walk {
    MMDB_s db;
    struct rows *rows;
    struct diag *d;
    uint64_t visited;
};

static enum error damaged(const struct walk *w, int status) {
    return fail(w->d, ERR_INPUT, _("a damaged MMDB: %s"), MMDB_strerror(status));
}

/* ---- what a network says */

/* The value at a path of at most two keys; `type` 0 means absent. */
static enum error value_at(const struct walk *w, MMDB_entry_s *entry, const char *key, const char *inner,
                           MMDB_entry_data_s *out) {
    const char *const path[] = {key, inner, NULL};
    *out = (MMDB_entry_data_s){0};
    int status = MMDB_aget_value(entry, out, path);
    if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR) *out = (MMDB_entry_data_s){0};
    if (status && status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR) return damaged(w, status);
    if (!out->has_data) out->type = 0;
    return OK;
}

static struct text as_text(const MMDB_entry_data_s *v) {
    return v->type == MMDB_DATA_TYPE_UTF8_STRING ? (struct text){v->utf8_string, v->data_size} : (struct text){0};
}

/* The first text at one of the paths; the empty text where there is none. */
static enum error text_at(const struct walk *w, MMDB_entry_s *entry, const char *const (*paths)[2], size_t count,
                          struct text *out) {
    *out = (struct text){0};
    for (size_t i = 0; i < count && !out->size; i++) {
        MMDB_entry_data_s value;
        enum error result = value_at(w, entry, paths[i][0], paths[i][1], &value);
        if (result) return result;
        *out = as_text(&value);
    }
    return OK;
}

static bool number_of(const MMDB_entry_data_s *v, uint64_t *out) {
    struct text t = as_text(v);
    *out = 0;
    if (v->type == MMDB_DATA_TYPE_UINT32) *out = v->uint32;
    if (v->type == MMDB_DATA_TYPE_UINT16) *out = v->uint16;
    if (v->type == MMDB_DATA_TYPE_UINT64) *out = v->uint64;
    return *out || (text_skip(&t, TEXT("AS")) && text_u64(t, out));
}

static enum error read_as(const struct walk *w, MMDB_entry_s *entry, struct row_says *says) {
    static const char *const numbers[] = {"autonomous_system_number", "asn"};
    static const char *const names[][2] = {{"autonomous_system_organization", NULL}, {"as_name", NULL}};
    uint64_t as = 0;
    for (size_t i = 0; i < COUNT(numbers) && !as; i++) {
        MMDB_entry_data_s value;
        enum error result = value_at(w, entry, numbers[i], NULL, &value);
        if (result) return result;
        if (!number_of(&value, &as)) as = 0;
    }
    if (!as) return OK;
    struct text name;
    enum error result = text_at(w, entry, names, COUNT(names), &name);
    if (result) return result;
    if (as > UINT32_MAX) return fail(w->d, ERR_INPUT, _("expected the number of an AS, found a larger number"));
    if (name.size > TERRITORY_AS_NAME_MAX || !text_is_note_text(name) || text_find(name, '\n') < name.size)
        return fail(w->d, ERR_INPUT, _("expected the name of an AS in one line of at most %d bytes of UTF-8"),
                    TERRITORY_AS_NAME_MAX);
    says->as_is_said = true;
    says->as = (uint32_t)as;
    says->as_name = name;
    return OK;
}

static enum error read_entry(const struct walk *w, MMDB_entry_s *entry, struct row_says *says) {
    static const char *const countries[][2] = {{"country", "iso_code"}, {"country_code", NULL}, {"country", NULL}};
    struct text country;
    enum error result = text_at(w, entry, countries, COUNT(countries), &country);
    if (result) return result;
    rows_country(w->rows, country, says);
    return read_as(w, entry, says);
}

/* ---- the tree */

enum { DEPTH_V4 = 32, DEPTH_V6 = 128, V4_AT = 96, STACK_MAX = DEPTH_V6 + 1 };

struct step { /* a record still to be followed */
    uint64_t record;
    MMDB_entry_s entry;
    uint8_t type;
    unsigned depth;
    uint8_t prefix[16];
};

static struct ip last_of(const struct step *s) {
    struct ip last;
    memcpy(last.at, s->prefix, sizeof last.at);
    for (unsigned bit = s->depth; bit < DEPTH_V6; bit++) last.at[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    return last;
}

static bool starts_with_zeros(const uint8_t prefix[16], unsigned bits) {
    for (unsigned i = 0; i < bits / 8; i++)
        if (prefix[i]) return false;
    return true;
}

/* Below ::/96 stand the IPv4 addresses, and what holds all of ::/96 holds all of them. */
static enum error add_network(struct walk *w, struct step *s) {
    struct row_says says = {0};
    enum error result = read_entry(w, &s->entry, &says);
    struct ip first, last = last_of(s);
    memcpy(first.at, s->prefix, sizeof first.at);
    if (result || (!says.country_is_said && !says.as_is_said)) return result;
    bool zeros = starts_with_zeros(s->prefix, V4_AT);
    if (zeros && s->depth <= V4_AT) {
        result = rows_add(w->rows, ip_from_v4(0), ip_from_v4(UINT32_MAX), &says, w->d);
    } else if (zeros) {
        memset(first.at + 10, 0xff, 2);
        memset(last.at + 10, 0xff, 2);
    }
    if (!result && !(zeros && s->depth == V4_AT)) result = rows_add(w->rows, first, last, &says, w->d);
    return result;
}

static bool is_alias(const struct walk *w, const struct step *s) {
    return w->db.metadata.ip_version == 6 && s->type == MMDB_RECORD_TYPE_SEARCH_NODE &&
           s->record == w->db.ipv4_start_node.node_value && w->db.ipv4_start_node.netmask == V4_AT &&
           !(s->depth == V4_AT && starts_with_zeros(s->prefix, V4_AT));
}

static struct step child(const struct step *s, bool right, uint64_t record, uint8_t type, MMDB_entry_s entry) {
    struct step next = *s;
    if (right) next.prefix[s->depth / 8] |= (uint8_t)(0x80 >> s->depth % 8);
    next.depth++;
    next.record = record;
    next.type = type;
    next.entry = entry;
    return next;
}

/* A tree has each node once, so more visits than nodes mean that its branches join. */
static enum error open_node(struct walk *w, const struct step *s, struct step *left, struct step *right) {
    MMDB_search_node_s node;
    if (s->depth == DEPTH_V6 || ++w->visited > w->db.metadata.node_count)
        return damaged(w, MMDB_CORRUPT_SEARCH_TREE_ERROR);
    int status = MMDB_read_node(&w->db, (uint32_t)s->record, &node);
    if (status) return damaged(w, status);
    *left = child(s, false, node.left_record, node.left_record_type, node.left_record_entry);
    *right = child(s, true, node.right_record, node.right_record_type, node.right_record_entry);
    return OK;
}

/* In the order of addresses: the left branch first. */
static enum error walk_tree(struct walk *w) {
    struct step stack[STACK_MAX] = {{.type = MMDB_RECORD_TYPE_SEARCH_NODE}};
    size_t count = 1;
    enum error result = OK;
    if (w->db.metadata.ip_version == 4) stack[0].depth = DEPTH_V6 - DEPTH_V4;
    while (!result && count) {
        struct step s = stack[--count], left, right;
        if (is_alias(w, &s) || s.type == MMDB_RECORD_TYPE_EMPTY) continue;
        if (s.type == MMDB_RECORD_TYPE_DATA) {
            result = add_network(w, &s);
        } else if (s.type != MMDB_RECORD_TYPE_SEARCH_NODE) {
            result = damaged(w, MMDB_CORRUPT_SEARCH_TREE_ERROR);
        } else {
            result = open_node(w, &s, &left, &right);
            if (result) break;
            ASSERT(count + 2 <= STACK_MAX); /* one branch waits at each depth */
            stack[count++] = right;
            stack[count++] = left;
        }
    }
    return result;
}

#define YEAR_9999 UINT64_C(253402300799) /* its last second */

static void put_date(struct rows *r, uint64_t seconds) {
    char written[INSTANT_TEXT_MAX];
    if (seconds > YEAR_9999) return;
    r->date = arena_text(&r->arena, instant_write((instant)seconds * INSTANT_SECOND, written));
}

enum error mmdb_read(const char *path, struct rows *r, struct territory_source *out, struct diag *d) {
    struct walk w = {.rows = r, .d = d};
    size_t before = r->count;
    int status = MMDB_open(path, MMDB_MODE_MMAP, &w.db);
    if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR) return fail(d, ERR_IO, "%s", MMDB_strerror(status));
    if (status) return damaged(&w, status);
    enum error result = walk_tree(&w);
    if (!result) {
        out->hash = sha256_of(bytes_of(w.db.file_content, (size_t)w.db.file_size));
        out->rows = r->count - before;
        put_date(r, w.db.metadata.build_epoch);
    }
    MMDB_close(&w.db);
    return result;
}
